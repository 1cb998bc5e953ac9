package data

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"spreewatch/geo/index"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
)

func entrySeq(entries ...index.Entry) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		for _, e := range entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func withError(seq iter.Seq2[index.Entry, error], err error) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		for e, err := range seq {
			if !yield(e, err) {
				return
			}
		}
		yield(index.Entry{}, err)
	}
}

func testSource(name, release string) GazetteerSource {
	return GazetteerSource{Name: name, Format: "CSV", Release: release, SHA256: strings.Repeat("ab", 32), Licence: "none", Imported: time.Unix(1442361600, 0).UTC()}
}

func gazetteerEntries(t *testing.T, db *DB, area *orb.Bound) []index.Entry {
	t.Helper()
	var out []index.Entry
	for e, err := range db.GazetteerEntries(t.Context(), area) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

var (
	alphaLane = index.Entry{ID: "a", Kind: index.KindStreet, Name: "Alpha Lane", Aliases: []string{"Alpha Loke", "Old Road"}, Locality: "Betaham",
		Outcode: "NR99", Point: orb.Point{1.1, 52.5}, ExtentM: 120.5}
	number12 = index.Entry{ID: "b", Kind: index.KindAddress, Name: "Alpha Lane", Number: "12b", Point: orb.Point{1.1001, 52.5001}}
	betaham  = index.Entry{ID: "c", Kind: index.KindPlace, Name: "Betaham", Point: orb.Point{-1.1, -52.5}, ErrorM: 3000}
)

func TestReplaceGazetteers(t *testing.T) {
	db := openTemp(t)
	rows := []error{&RowError{Source: "a.csv", Line: 3, Field: "lat", Reason: "empty"}, &LeftOutError{Reason: "a river"}, &RowError{Source: "a.csv", Line: 9, Field: "lat", Reason: "empty"}}
	mixed := func(yield func(index.Entry, error) bool) {
		for e, err := range entrySeq(alphaLane, number12) {
			if !yield(e, err) {
				return
			}
		}
		for _, err := range rows {
			if !yield(index.Entry{}, err) {
				return
			}
		}
	}
	got, err := db.ReplaceGazetteers(t.Context(), []Gazetteer{
		{Source: testSource("streets", "1"), Entries: mixed},
		{Source: testSource("places", "7"), Entries: entrySeq(betaham)},
	})
	if err != nil {
		t.Fatal(err)
	}
	streets := testSource("streets", "1")
	streets.Kinds = []GazetteerCount{{What: "address", Rows: 1}, {What: "street", Rows: 1}}
	streets.LeftOut = []GazetteerCount{{What: "a river", Rows: 1}}
	streets.Refused = []GazetteerCount{{What: "lat: empty", Rows: 2, First: "a.csv:3"}}
	places := testSource("places", "7")
	places.Kinds = []GazetteerCount{{What: "place", Rows: 1}}
	if diff := cmp.Diff([]GazetteerSource{streets, places}, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("returned (-want +got):\n%s", diff)
	}
	listed, err := db.GazetteerSources(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]GazetteerSource{places, streets}, listed, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("listed (-want +got):\n%s", diff)
	}
	want := []index.Entry{betaham, alphaLane, number12}
	want[0].Source, want[1].Source, want[2].Source = "places 7", "streets 1", "streets 1"
	if diff := cmp.Diff(want, gazetteerEntries(t, db, nil)); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}

	if _, err := db.ReplaceGazetteers(t.Context(), []Gazetteer{{Source: testSource("streets", "2"), Entries: entrySeq(number12)}}); err != nil {
		t.Fatal(err)
	}
	want = []index.Entry{want[0], want[2]}
	want[1].Source = "streets 2"
	if diff := cmp.Diff(want, gazetteerEntries(t, db, nil)); diff != "" {
		t.Errorf("after replacing (-want +got):\n%s", diff)
	}
}

// Nothing of an import that fails stays, not even of the source before it, and
// the compiled index that fits the old rows stays too.
func TestReplaceGazetteersFails(t *testing.T) {
	db := openTemp(t)
	if _, err := db.ReplaceGazetteers(t.Context(), []Gazetteer{{Source: testSource("streets", "1"), Entries: entrySeq(alphaLane)}}); err != nil {
		t.Fatal(err)
	}
	if err := db.StoreGazetteerIndex(t.Context(), "", func(w io.Writer) error { _, err := w.Write([]byte("index")); return err }); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("cut off")
	badKind := number12
	badKind.Kind = 99
	tests := []struct {
		name string
		with Gazetteer
		want string
	}{
		{"broken file", Gazetteer{Source: testSource("streets", "2"), Entries: withError(entrySeq(number12), broken)}, "cut off"},
		{"broken at once", Gazetteer{Source: testSource("streets", "2"), Entries: withError(entrySeq(), broken)}, "cut off"},
		{"nothing in it", Gazetteer{Source: testSource("streets", "2"), Entries: entrySeq()}, "streets holds no usable row, and was not imported"},
		{"only refused rows", Gazetteer{Source: testSource("streets", "2"), Entries: withError(entrySeq(), &RowError{Reason: "empty"})}, "streets holds no usable row, and was not imported"},
		{"row that the table refuses", Gazetteer{Source: testSource("streets", "2"), Entries: entrySeq(number12, badKind)}, "import streets: CHECK constraint failed: kind BETWEEN 1 AND 7"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := db.ReplaceGazetteers(t.Context(), []Gazetteer{{Source: testSource("places", "7"), Entries: entrySeq(betaham)}, tt.with})
			if err == nil || err.Error() != tt.want {
				t.Errorf("error %v, want %s", err, tt.want)
			}
			want := []index.Entry{alphaLane}
			want[0].Source = "streets 1"
			if diff := cmp.Diff(want, gazetteerEntries(t, db, nil)); diff != "" {
				t.Errorf("entries (-want +got):\n%s", diff)
			}
			if size, _, err := db.GazetteerIndex(t.Context(), ""); err != nil || size != 5 {
				t.Errorf("index of %d bytes, %v", size, err)
			}
		})
	}
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		seq := func(yield func(index.Entry, error) bool) {
			cancel()
			yield(number12, nil)
		}
		if _, err := db.ReplaceGazetteers(ctx, []Gazetteer{{Source: testSource("streets", "2"), Entries: seq}}); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
		if n := len(gazetteerEntries(t, db, nil)); n != 1 {
			t.Errorf("%d entries, want the old one", n)
		}
	})
}

// An area gives the entries that lie in it, edges included, whatever the tiles.
func TestGazetteerEntriesInArea(t *testing.T) {
	db := openTemp(t)
	rng := rand.New(rand.NewPCG(1, 2))
	var all []index.Entry
	for i := range 3000 {
		e := index.Entry{ID: fmt.Sprint(i), Kind: index.KindStreet, Name: "Alpha Lane", Source: "streets 1"}
		e.Point = orb.Point{float64(rng.IntN(800)-400) / 100, 50 + float64(rng.IntN(500))/100}
		all = append(all, e)
	}
	all = append(all, index.Entry{ID: "corner", Kind: index.KindStreet, Name: "Alpha Lane", Source: "streets 1", Point: orb.Point{180, 90}},
		index.Entry{ID: "other corner", Kind: index.KindStreet, Name: "Alpha Lane", Source: "streets 1", Point: orb.Point{-180, -90}})
	if _, err := db.ReplaceGazetteers(t.Context(), []Gazetteer{{Source: testSource("streets", "1"), Entries: entrySeq(all...)}}); err != nil {
		t.Fatal(err)
	}
	areas := []orb.Bound{
		{Min: orb.Point{0.5, 52.3}, Max: orb.Point{1.8, 53}},
		{Min: orb.Point{-0.35, 51.1}, Max: orb.Point{0.35, 51.1}},
		{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}},
		{Min: orb.Point{20, 20}, Max: orb.Point{21, 21}},
		{Min: orb.Point{-200, 89}, Max: orb.Point{200, 95}},
	}
	for _, area := range areas {
		want := slices.DeleteFunc(slices.Clone(all), func(e index.Entry) bool { return !area.Contains(e.Point) })
		if diff := cmp.Diff(want, gazetteerEntries(t, db, &area), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("area %v (-want +got):\n%s", area, diff)
		}
	}
}

func TestGazetteerIndexChunks(t *testing.T) {
	db := openTemp(t)
	if size, r, err := db.GazetteerIndex(t.Context(), ""); err != nil || size != 0 {
		t.Errorf("size %d, %v", size, err)
	} else if b, err := io.ReadAll(r); err != nil || len(b) != 0 {
		t.Errorf("%d bytes of no index, %v", len(b), err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, indexChunk - 1, indexChunk, indexChunk + 1, 3*indexChunk + 7} {
		want := make([]byte, n)
		for i := range want {
			want[i] = byte(rng.Uint32())
		}
		err := db.StoreGazetteerIndex(t.Context(), "", func(w io.Writer) error {
			for from := 0; from < n; from += 1_000_003 {
				if _, err := w.Write(want[from:min(n, from+1_000_003)]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		size, r, err := db.GazetteerIndex(t.Context(), "")
		if err != nil || size != int64(n) {
			t.Errorf("size %d, want %d; %v", size, n, err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes come back as %d, %v", n, len(got), err)
		}
	}
	stop := errors.New("stop")
	if err := db.StoreGazetteerIndex(t.Context(), "", func(io.Writer) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("error %v", err)
	}
	if size, _, _ := db.GazetteerIndex(t.Context(), ""); size == 0 {
		t.Error("an index that could not be written took the place of the old one")
	}
	if _, err := db.ReplaceGazetteers(t.Context(), []Gazetteer{{Source: testSource("streets", "1"), Entries: entrySeq(alphaLane)}}); err != nil {
		t.Fatal(err)
	}
	if size, _, _ := db.GazetteerIndex(t.Context(), ""); size != 0 {
		t.Error("the index outlives the rows that it was made of")
	}
}

// The same entries give the same file of rows, and importing again adds none.
func TestReplaceGazetteersTwice(t *testing.T) {
	db := openTemp(t)
	var first []index.Entry
	for range 2 {
		if _, err := db.ReplaceGazetteers(t.Context(), []Gazetteer{{Source: testSource("streets", "1"), Entries: entrySeq(alphaLane, number12, betaham)}}); err != nil {
			t.Fatal(err)
		}
		got := gazetteerEntries(t, db, nil)
		if first == nil {
			first = got
		}
		if diff := cmp.Diff(first, got); diff != "" || len(got) != 3 {
			t.Errorf("second import (-first +second):\n%s", diff)
		}
	}
}

func BenchmarkReplaceGazetteers(b *testing.B) {
	const n = 100_000
	for range b.N {
		path := filepath.Join(b.TempDir(), "bench.db")
		db, err := Open(context.Background(), path)
		if err != nil {
			b.Fatal(err)
		}
		seq := func(yield func(index.Entry, error) bool) {
			e := alphaLane
			for i := range n {
				e.ID = fmt.Sprint(i)
				e.Point = orb.Point{float64(i%1000)/500 - 1, 51 + float64(i/1000)/50}
				if !yield(e, nil) {
					return
				}
			}
		}
		if _, err := db.ReplaceGazetteers(context.Background(), []Gazetteer{{Source: testSource("streets", "1"), Entries: seq}}); err != nil {
			b.Fatal(err)
		}
		db.Close()
		os.Remove(path)
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
