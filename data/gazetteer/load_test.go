package gazetteer

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/geo"
	"spreewatch/geo/index"
	"spreewatch/geo/locate"
	"spreewatch/geo/oracle"
)

func openDB(t testing.TB) *data.DB {
	t.Helper()
	db, err := data.Open(t.Context(), filepath.Join(t.TempDir(), "spreewatch.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func importFiles(t testing.TB, db *data.DB, paths ...string) []data.GazetteerSource {
	t.Helper()
	files, err := Open(paths, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	sources, err := files.Import(t.Context(), db, time.Unix(1442361600, 0).UTC())
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

func load(t testing.TB, db *data.DB) *index.Index {
	t.Helper()
	h := hold(t, db, nil)
	x, err := h.Load(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func hold(t testing.TB, db *data.DB, area *orb.Bound) Holding {
	t.Helper()
	h, err := Hold(t.Context(), db, area)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func compiled(t testing.TB, x *index.Index) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := x.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The seven streets of the bulletin are found in the sample, which is used while
// nothing is imported.
func TestLoadSample(t *testing.T) {
	for name, db := range map[string]*data.DB{"no database": nil, "nothing imported": openDB(t)} {
		h := hold(t, db, &orb.Bound{Max: orb.Point{1, 1}})
		if !h.Sample || len(h.Sources) != 1 || h.Sources[0].Name != SampleName || h.Sources[0].Entries() != 137 {
			t.Errorf("%s: sample %v, sources %v", name, h.Sample, h.Sources)
		}
		x, err := h.Load(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		for text, want := range bulletin {
			m := locate.New(x).Match(text, locate.Context{})
			if m.Level != geo.LevelStreet || geo.Distance(m.Point, want) > 1 {
				t.Errorf("%s: %s: %s, %.0f m off", name, text, m.Level, geo.Distance(m.Point, want))
			}
		}
	}
}

var bulletin = map[string]orb.Point{
	"Beeston Lane, Great Fransham": {0.807368, 52.689265},
	"Andrews Close, Holme Hale":    {0.790113, 52.634034},
	"Mill Street, Elsing":          {1.034762, 52.717193},
	"Norwich Road, Dereham":        {0.971254, 52.681167},
	"Shipdham Road, Dereham":       {0.939659, 52.662142},
	"Wallace Close, Dereham":       {0.927045, 52.684759},
	"Neville Close, Dereham":       {0.948117, 52.663679},
}

// The compiled index and the rows give one index.
func TestLoadIsOneIndex(t *testing.T) {
	db := openDB(t)
	dir := t.TempDir()
	importFiles(t, db, writeFile(t, dir, "beats.csv", plainText), writeFile(t, dir, "tile.csv", openNamesTile), writeFile(t, dir, "nr.csv", codeText))
	everywhere, here := hold(t, db, nil), hold(t, db, &orb.Bound{Min: orb.Point{-8, 49}, Max: orb.Point{2, 61}})
	if everywhere.Sample || len(everywhere.Sources) != 3 {
		t.Errorf("sample %v, %d sources", everywhere.Sample, len(everywhere.Sources))
	}
	if everywhere.ID != here.ID || here.area != nil {
		t.Error("so small a gazetteer is cut to the area")
	}
	// One more beside those three, then one of the three again, with a street of another name.
	for i, again := range [][2]string{{"", ""}, {"postal.txt", postalText}, {"beats.csv", strings.ReplaceAll(plainText, "Alpha", "Omega")}} {
		if i > 0 {
			importFiles(t, db, writeFile(t, dir, again[0], again[1]))
		}
		size, stored, err := db.GazetteerIndex(t.Context(), "")
		if err != nil || size == 0 {
			t.Fatalf("import %d left no compiled index: %v", i, err)
		}
		whole, err := io.ReadAll(stored)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := indexOf(db.GazetteerEntries(t.Context(), nil))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(whole, compiled(t, rows)) {
			t.Errorf("import %d: the compiled index differs from that of the rows", i)
		}
		if !bytes.Equal(whole, compiled(t, load(t, db))) {
			t.Errorf("import %d: the index that is loaded differs from the one that was stored", i)
		}
	}
}

// Past AreaPaysBytes, what lies in the area and the margin about it is loaded
// and no more.
func TestLoadArea(t *testing.T) {
	db := openDB(t)
	importFiles(t, db, writeFile(t, t.TempDir(), "beats.csv", plainText)) // Alpha Lane, 52.5 N 1.1 E
	err := db.StoreGazetteerIndex(t.Context(), "", writerOf(make([]byte, AreaPaysBytes+1)))
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{hold(t, db, nil).ID: true}
	for _, tt := range []struct {
		name string
		area orb.Bound
		want int
	}{
		{"around it", orb.Bound{Min: orb.Point{1, 52}, Max: orb.Point{2, 53}}, 1},
		{"20 km south of the edge", orb.Bound{Min: orb.Point{1, 52.68}, Max: orb.Point{1.2, 52.7}}, 1},
		{"33 km south of the edge", orb.Bound{Min: orb.Point{1, 52.8}, Max: orb.Point{1.2, 52.9}}, 0},
	} {
		h := hold(t, db, &tt.area)
		x, err := h.Load(t.Context(), db)
		if err != nil {
			t.Fatal(err)
		}
		if ways, _, _ := x.Len(); ways != tt.want {
			t.Errorf("%s: %d streets, want %d", tt.name, ways, tt.want)
		}
		again, err := h.Load(t.Context(), db)
		if err != nil || !bytes.Equal(compiled(t, x), compiled(t, again)) {
			t.Errorf("%s: the compiled index differs from that of the rows; %v", tt.name, err)
		}
		if ids[h.ID] {
			t.Errorf("%s: an ID that is taken", tt.name)
		}
		ids[h.ID] = true
	}
}

// A compiled index that is damaged, or of another version, is passed over for
// the rows.
func TestLoadWithoutCompiled(t *testing.T) {
	db := openDB(t)
	importFiles(t, db, writeFile(t, t.TempDir(), "beats.csv", plainText))
	want := compiled(t, load(t, db))
	for name, content := range map[string][]byte{"nothing": nil, "rubbish": []byte("rubbish"), "cut off": want[:len(want)/2]} {
		err := db.StoreGazetteerIndex(t.Context(), "", writerOf(content))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(compiled(t, load(t, db)), want) {
			t.Errorf("%s: another index", name)
		}
		if size, _, err := db.GazetteerIndex(t.Context(), ""); err != nil || size != int64(len(want)) {
			t.Errorf("%s: %d bytes are stored for the next time, want %d; %v", name, size, len(want), err)
		}
	}
}

func writerOf(b []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}
}

func TestLoadID(t *testing.T) {
	db := openDB(t)
	dir := t.TempDir()
	seen := map[string]string{hold(t, db, nil).ID: "sample"}
	for name, text := range map[string]string{"first": plainText, "another row": plainText + "Beta Lane,Betaham,52.5,1.1,street\n"} {
		importFiles(t, db, writeFile(t, dir, "beats.csv", text))
		id := hold(t, db, nil).ID
		if other, ok := seen[id]; ok {
			t.Errorf("%s and %s have the ID %s", name, other, id)
		}
		seen[id] = name
		importFiles(t, db, filepath.Join(dir, "beats.csv"))
		if again := hold(t, db, nil).ID; again != id {
			t.Errorf("%s: imported again, %s becomes %s", name, id, again)
		}
	}
}

// Two imports of the same files give the same rows and the same compiled bytes,
// in whatever order the files are named.
func TestImportTwice(t *testing.T) {
	dir := t.TempDir()
	paths := []string{writeFile(t, dir, "beats.csv", plainText), writeFile(t, dir, "tile.csv", openNamesTile),
		writeFile(t, dir, "p.csv", policeText), writeFile(t, dir, "GB.txt", postalText), writeFile(t, dir, "x.osm.pbf", pbfFile(t))}
	read := func(db *data.DB) ([]index.Entry, []byte) {
		var entries []index.Entry
		for e, err := range db.GazetteerEntries(t.Context(), nil) {
			if err != nil {
				t.Fatal(err)
			}
			entries = append(entries, e)
		}
		return entries, compiled(t, load(t, db))
	}
	a, b := openDB(t), openDB(t)
	importFiles(t, a, paths...)
	entries, index := read(a)
	importFiles(t, a, paths...)
	importFiles(t, b, dir)
	for _, db := range []*data.DB{a, b} {
		again, indexAgain := read(db)
		if diff := cmp.Diff(entries, again); diff != "" {
			t.Errorf("rows (-first +again):\n%s", diff)
		}
		if !bytes.Equal(index, indexAgain) {
			t.Error("compiled index differs")
		}
	}
}

// A zip that turns out to be broken half-way leaves the old rows.
func TestBrokenZipChangesNothing(t *testing.T) {
	db := openDB(t)
	dir := t.TempDir()
	importFiles(t, db, writeFile(t, dir, "beats.csv", plainText))
	before := hold(t, db, nil).ID
	text := []byte(plainText)
	for range 5000 {
		text = append(text, "Alpha Lane,Betaham,52.5,1.1,street\n"...)
	}
	b := []byte(zipped(t, map[string]string{"beats.csv": string(text)}))
	b[len(b)/3] ^= 0x55
	broken, whole := writeFile(t, dir, "a.zip", string(b)), writeFile(t, dir, "GB.txt", postalText)
	files, err := Open([]string{broken}, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if _, err := files.Import(t.Context(), db, time.Time{}); err == nil {
		t.Fatal("no error")
	}
	if after := hold(t, db, nil).ID; after != before {
		t.Errorf("ID %s becomes %s", before, after)
	}
	beside, err := Open([]string{broken, whole}, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	sources, err := beside.Import(t.Context(), db, time.Time{})
	if err != nil || len(sources) != 1 || len(beside.Bad) != 1 || !strings.Contains(beside.Bad[0].Error(), "a.zip") {
		t.Errorf("beside a whole file: %+v, %v, bad %v; want the whole one, and the broken one said", sources, err, beside.Bad)
	}
}

// The streets of the bulletin are found in the whole of Norfolk too.
func TestLoadNorfolk(t *testing.T) {
	shared := oracle.Dir(t)
	db := openDB(t)
	importFiles(t, db, filepath.Join(shared, "data", "police_norfolk"), filepath.Join(shared, "data", "geonames", "GB-postal.txt"),
		filepath.Join(shared, "data", "codepoint"))
	// Wallace Close, Dereham had no offence in the nine months.
	importFiles(t, db, writeFile(t, t.TempDir(), "own.csv", "name,kind,locality,lat,lon\nWallace Close,street,Dereham,52.684759,0.927045\n"))
	x := load(t, db)
	for text, want := range bulletin {
		m := locate.New(x).Match(text, locate.Context{})
		if m.Level != geo.LevelStreet || geo.Distance(m.Point, want) > 500 {
			t.Errorf("%s: %s %s, %.0f m off", text, m.Level, m.Name, geo.Distance(m.Point, want))
		}
	}
	// A place of interest that is only of a kind is no street.
	for _, text := range []string{"Supermarket, Dereham", "Bus/Coach Station, Norwich"} {
		if m := locate.New(x).Match(text, locate.Context{}); m.Level >= geo.LevelStreet {
			t.Errorf("%s: %s %s", text, m.Level, m.Name)
		}
	}
}
