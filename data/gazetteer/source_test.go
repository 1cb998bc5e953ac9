package gazetteer

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/data"
	"spreewatch/geo/index"
)

func writeFile(t testing.TB, dir, name, content string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func zipped(t testing.TB, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(2024, 10, 3, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(files[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func gzipped(t testing.TB, content string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A result is what a set gives: entries, and the other rows by reason.
type result struct {
	entries []index.Entry
	left    map[string]int
	refused []string // "file:line: field: reason"
	err     error
}

func readSet(s *Set) result {
	r := result{left: map[string]int{}}
	for e, err := range s.Entries() {
		var left *data.LeftOutError
		var row *data.RowError
		switch {
		case errors.As(err, &left):
			r.left[left.Reason]++
		case errors.As(err, &row):
			r.refused = append(r.refused, row.Error())
		case err != nil:
			r.err = err
		default:
			r.entries = append(r.entries, e)
		}
	}
	return r
}

// readOne opens the paths, which must hold one source, and reads it.
func readOne(t testing.TB, paths ...string) (*Set, result) {
	t.Helper()
	files, err := Open(paths, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(files.Close)
	if len(files.Sets) != 1 {
		t.Fatalf("%d sources, want one", len(files.Sets))
	}
	r := readSet(files.Sets[0])
	if r.err != nil {
		t.Fatal(r.err)
	}
	return files.Sets[0], r
}

func names(entries []index.Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.Kind.String()+" "+e.Name)
	}
	return out
}

const (
	plainText  = "name,locality,lat,lon,kind\nAlpha Lane,Betaham,52.5,1.1,street\n"
	policeText = "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,Last outcome category,Context\n" +
		",2024-02,Exshire Police,Exshire Police,1.1,52.5,On or near Alpha Lane,E01,Exshire 001A,Burglary,,\n"
	postalText   = "GB\tNR99\tBetaham\tEngland\tENG\tNorfolk\t1\t\t\t52.5\t1.1\t4\n"
	geonamesText = "1\tBetaham\tBetaham\tGreat Betaham,Бета\t52.5\t1.1\tP\tPPL\tGB\t\tENG\tI9\t\t\t1000\t\t30\tEurope/London\t2020-01-01\n"
	codeText     = "\"NR99 1AA\",10,619321,309233,\"E92000001\",\"E19000001\",\"E18000006\",\"E10000020\",\"E07000143\",\"E05005751\"\n"
)

func TestFormatsAreToldByContent(t *testing.T) {
	tests := []struct {
		name, content  string
		format, source string
		release        string
	}{
		{"plain", plainText, "CSV", "mixed", ""},
		{"plain, columns in another order", "Kind,Longitude,Latitude,Street\nstreet,1.1,52.5,Alpha Lane\n", "CSV", "mixed", ""},
		{"plain, UTF-16", utf16LE(plainText), "CSV", "mixed", ""},
		{"police", policeText, "data.police.uk", "data.police.uk Exshire Police", "2024-02"},
		{"GeoNames postal", postalText, "GeoNames postal codes", "GeoNames postal codes GB", ""},
		{"GeoNames dump", geonamesText, "GeoNames", "GeoNames GB", ""},
		{"Code-Point Open", codeText, "Code-Point Open", "Code-Point Open", ""},
		{"Code-Point Open, padded", strings.Replace(codeText, "NR99 1AA", "NR991AA", 1), "Code-Point Open", "Code-Point Open", ""},
		{"OS Open Names", openNamesTile, "OS Open Names", "OS Open Names", ""},
		{"OS Open Names with its header", strings.Join(openNamesColumns, ",") + "\n" + openNamesTile, "OS Open Names", "OS Open Names", ""},
		{"gzip", gzipped(t, policeText), "data.police.uk", "data.police.uk Exshire Police", "2024-02"},
		{"zip", zipped(t, map[string]string{"2024-02/2024-02-exshire-street.csv": policeText}), "data.police.uk", "data.police.uk Exshire Police", "2024-02"},
		{"OSM", pbfFile(t), "OpenStreetMap PBF", "OpenStreetMap mixed", "2024-05-06"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, r := readOne(t, writeFile(t, t.TempDir(), "mixed.dat", tt.content))
			if s.Source.Format != tt.format || s.Source.Name != tt.source {
				t.Errorf("format %q, source %q; want %q, %q", s.Source.Format, s.Source.Name, tt.format, tt.source)
			}
			if want := cmpOr(tt.release, "sha256 "+s.Source.SHA256[:8]); s.Source.Release != want {
				t.Errorf("release %q, want %q", s.Source.Release, want)
			}
			if len(r.entries) == 0 || len(r.refused) > 0 {
				t.Errorf("%d entries, refused %v", len(r.entries), r.refused)
			}
			for _, e := range r.entries {
				if e.Source != s.Source.Label() {
					t.Errorf("entry %s has the source %q, want %q", e.ID, e.Source, s.Source.Label())
				}
			}
		})
	}
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

func utf16LE(s string) string {
	out := "\xff\xfe"
	for i := range len(s) {
		out += string(s[i]) + "\x00"
	}
	return out
}

func TestNoGazetteer(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "hollow")
	if err := os.Mkdir(empty, 0o700); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, path, want string }{
		{"missing", filepath.Join(dir, "missing.csv"), "no file missing.csv"},
		{"empty file", writeFile(t, dir, "empty.csv", ""), "empty.csv is no gazetteer that spreewatch knows"},
		{"binary", writeFile(t, dir, "binary.csv", "a,b\x00\x01\n"), "binary.csv is no gazetteer that spreewatch knows"},
		{"prose", writeFile(t, dir, "prose.txt", "Dear all,\nplease find attached\n"), "prose.txt is no gazetteer that spreewatch knows"},
		{"reports", writeFile(t, dir, "reports.csv", "ref,location\n1,Alpha Lane\n"), "reports.csv is no gazetteer that spreewatch knows"},
		{"plain without kind", writeFile(t, dir, "beats.csv", "name,lat,lon\nAlpha Lane,52.5,1.1\n"), "beats.csv has no column of each of name, kind, lat and lon"},
		{"folder with nothing", empty, "hollow holds no files"},
		{"zip with nothing of use", writeFile(t, dir, "other.zip", zipped(t, map[string]string{"readme.txt": "hello"})), "other.zip holds no gazetteer that spreewatch knows"},
		{"cut-off zip", writeFile(t, dir, "cut.zip", zipped(t, map[string]string{"a.csv": plainText})[:60]), "cut.zip is a broken or cut-off zip: zip: not a valid zip file"},
		{"cut-off gzip", writeFile(t, dir, "cut.gz", gzipped(t, plainText)[:20]), "cut.gz is broken or cut off: unexpected EOF"},
		{"one long line", writeFile(t, dir, "long.csv", strings.Repeat("x", 2<<20)), "long.csv is no gazetteer that spreewatch knows"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files, err := Open([]string{tt.path}, DefaultOptions())
			if err == nil {
				files.Close()
				t.Fatal("no error")
			}
			if err.Error() != tt.want {
				t.Errorf("got %q\nwant %q", err, tt.want)
			}
			var user *data.UserError
			if !errors.As(err, &user) {
				t.Errorf("%T is not a UserError", err)
			}
		})
	}
}

func TestFolderIsSeveralSources(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, dir, "b/2024-02-exshire-street.csv", policeText)
	writeFile(t, dir, "a/2024-03-exshire-street.csv", strings.ReplaceAll(policeText, "2024-02", "2024-03"))
	writeFile(t, dir, "c/2024-03-wyshire-street.csv", strings.ReplaceAll(policeText, "Exshire", "Wyshire"))
	writeFile(t, dir, "beats.csv", plainText)
	writeFile(t, dir, "README.md", "# Notes\n")
	writeFile(t, dir, ".hidden.csv", plainText)
	files, err := Open([]string{dir, filepath.Join(dir, "beats.csv")}, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	var got [][]string
	for _, s := range files.Sets {
		row := []string{s.Source.Name, s.Source.Release}
		for _, p := range s.parts {
			row = append(row, p.name)
		}
		got = append(got, row)
	}
	want := [][]string{
		{"beats", "sha256 " + files.Sets[0].Source.SHA256[:8], "beats.csv"},
		{"data.police.uk Exshire Police", "2024-03", "2024-03-exshire-street.csv", "2024-02-exshire-street.csv"},
		{"data.police.uk Wyshire Police", "2024-02", "2024-03-wyshire-street.csv"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"README.md"}, files.Ignored); diff != "" {
		t.Errorf("ignored (-want +got):\n%s", diff)
	}
}

func TestTwoFormatsOfOneName(t *testing.T) {
	dir := t.TempDir()
	a := writeFile(t, dir, "GeoNames GB.csv", plainText)
	b := writeFile(t, dir, "GB.txt", geonamesText)
	if files, err := Open([]string{a, b}, DefaultOptions()); err == nil {
		files.Close()
		t.Error("two sources of one name are taken for one")
	}
}

// One file's hash is the one that sha256sum prints; that of several files does
// not depend on their order.
func TestHash(t *testing.T) {
	dir := t.TempDir()
	a := writeFile(t, dir, "a.csv", codeText)
	b := writeFile(t, dir, "b.csv", strings.Replace(codeText, "1AA", "1AB", 1))
	s, _ := readOne(t, writeFile(t, dir, "abc.csv", "name,kind,lat,lon\n"))
	// printf 'name,kind,lat,lon\n' | sha256sum
	if want := "d7546b872ccd4f15d098086b4eefcf9163f5d7a37d203ce8f8df333c0d30c68a"; s.Source.SHA256 != want {
		t.Errorf("hash %s, want %s", s.Source.SHA256, want)
	}
	ab, _ := readOne(t, a, b)
	ba, _ := readOne(t, b, a)
	if ab.Source.SHA256 != ba.Source.SHA256 {
		t.Error("the hash of two files depends on their order")
	}
	alone, _ := readOne(t, a)
	if alone.Source.SHA256 == ab.Source.SHA256 {
		t.Error("the hash of two files is that of one")
	}
}

func TestZipBombs(t *testing.T) {
	dir := t.TempDir()
	want := " unpacks to over 64 MiB, more than is safe"

	// A zip that says itself that 77 MB are packed in some bytes.
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.CreateRaw(&zip.FileHeader{Name: "a.csv", Method: zip.Deflate, CompressedSize64: 5, UncompressedSize64: 77e6})
	if err != nil {
		t.Fatal(err)
	}
	f.Write([]byte("bytes"))
	w.Close()
	if _, err := Open([]string{writeFile(t, dir, "bomb.zip", b.String())}, DefaultOptions()); err == nil || err.Error() != "bomb.zip:a.csv"+want {
		t.Errorf("77 MB in a zip of 5 bytes: %v", err)
	}

	// A gzip, which does not say.
	b.Reset()
	z, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	z.Write([]byte(plainText))
	row := []byte("Alpha Lane," + strings.Repeat("x", 35_000) + ",52.5,1.1,street\n")
	for range 77_000_000 / len(row) {
		z.Write(row)
	}
	z.Close()
	files, err := Open([]string{writeFile(t, dir, "bomb.gz", b.String())}, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if r := readSet(files.Sets[0]); r.err == nil || r.err.Error() != "bomb.gz"+want {
		t.Errorf("77 MB in a gzip of %d kB: %v", b.Len()>>10, r.err)
	}

	opts := DefaultOptions()
	opts.MaxUnpacked = 1000
	small := writeFile(t, dir, "small.zip", zipped(t, map[string]string{"a.csv": plainText + string(row)}))
	if _, err := Open([]string{small}, opts); err == nil {
		t.Error("a zip over the limit that was set is opened")
	}
	if _, err := Open([]string{small}, DefaultOptions()); err != nil {
		t.Errorf("a zip well under the limit: %v", err)
	}
}

// A byte that is wrong in the middle of a zip is found by its checksum.
func TestZipWithABadByte(t *testing.T) {
	content := []byte(plainText)
	for i := range 20000 {
		content = fmt.Appendf(content, "Road %d,Betaham,52.5,1.1,street\n", i*i)
	}
	b := []byte(zipped(t, map[string]string{"a.csv": string(content)}))
	b[len(b)/2] ^= 0xff
	files, err := Open([]string{writeFile(t, t.TempDir(), "bad.zip", string(b))}, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if r := readSet(files.Sets[0]); r.err == nil || !strings.Contains(r.err.Error(), "is broken or cut off") {
		t.Errorf("error %v", r.err)
	}
}

func TestOptionsReadStops(t *testing.T) {
	opts := DefaultOptions()
	stop := errors.New("stop")
	opts.Read = func(int) error { return stop }
	files, err := Open([]string{writeFile(t, t.TempDir(), "a.csv", plainText)}, opts)
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if r := readSet(files.Sets[0]); !errors.Is(r.err, stop) {
		t.Errorf("error %v", r.err)
	}
}
