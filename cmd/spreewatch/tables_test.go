package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

// sightings are six events on two streets, of which two can only be month first
// when their dates are written so.
var sightings = []struct {
	ref, street string
	lat, lon    float64
	at          time.Time
}{
	{"A1", "Mill Street, Elsing", 52.7011, 1.0305, time.Date(2026, 3, 4, 10, 5, 0, 0, time.UTC)},
	{"A2", "Mill Street, Elsing", 52.7012, 1.0306, time.Date(2026, 3, 5, 22, 40, 0, 0, time.UTC)},
	{"A3", "Norwich Road, Dereham", 52.6811, 0.9402, time.Date(2026, 3, 5, 23, 0, 0, 0, time.UTC)},
	{"A4", "Norwich Road, Dereham", 52.6812, 0.9403, time.Date(2026, 3, 6, 1, 15, 0, 0, time.UTC)},
	{"A5", "Neville Close, Dereham", 52.6790, 0.9433, time.Date(2026, 3, 25, 7, 30, 0, 0, time.UTC)},
	{"A6", "Neville Close, Dereham", 52.6791, 0.9434, time.Date(2026, 3, 26, 9, 0, 0, 0, time.UTC)},
}

// sheetOf writes the sightings with a separator, a form of dates and a mark for
// decimals.
func sheetOf(sep, date, decimal string) string {
	var b strings.Builder
	b.WriteString(strings.Join([]string{"ref", "location", "lat", "lon", "date"}, sep) + "\n")
	number := func(v float64) string { return strings.Replace(fmt.Sprintf("%.4f", v), ".", decimal, 1) }
	for _, s := range sightings {
		street := s.street
		if sep == "," {
			street = `"` + street + `"`
		}
		b.WriteString(strings.Join([]string{s.ref, street, number(s.lat), number(s.lon), s.at.Format(date)}, sep) + "\n")
	}
	return b.String()
}

// The same events in nine dresses are the same events to every verb that reads a
// table.
func TestTablesAlike(t *testing.T) {
	iso := sheetOf(",", "2006-01-02 15:04", ".")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write([]byte(iso))
	z.Close()
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(iso)) {
		wide = binary.LittleEndian.AppendUint16(wide, u)
	}
	files := map[string][]byte{
		"year.csv":   []byte(sheetOf(",", "02/01/06 15:04", ".")),
		"pipe.csv":   []byte(sheetOf("|", "02/01/2006 15:04", ".")),
		"clock.csv":  []byte(sheetOf(",", "02/01/2006 15.04", ".")),
		"comma.csv":  []byte(sheetOf(";", "02.01.2006 15:04", ",")),
		"month.csv":  []byte(sheetOf(",", "01/02/2006 03:04 PM", ".")),
		"semi.csv":   []byte(sheetOf(";", "2006-01-02T15:04:05", ".")),
		"wide.csv":   wide,
		"sep.csv":    []byte("sep=;\r\n" + strings.ReplaceAll(sheetOf(";", "2 Jan 2006 15:04", "."), "\n", "\r\n")),
		"quoted.csv": []byte("\"sep=|\"\n" + sheetOf("|", "02-Jan-06 1504", ".")),
		"iso.csv.gz": packed.Bytes(),
	}
	dir := t.TempDir()
	put := func(name string, text []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	plain := put("iso.csv", []byte(iso))
	verbs := map[string][]string{
		"ingest":     {"ingest", "--dry-run", "--json", "--as-of", "2026-04-01T00:00", "--db", filepath.Join(dir, "none.db")},
		"scan":       {"scan", "--json", "--replicates", "9", "--min-cases", "2", "--mode", "retrospective", "--max-window", "2d"},
		"nearrepeat": {"nearrepeat", "--json", "--replicates", "9"},
		"aoristic":   {"aoristic", "--json"},
	}
	for verb, args := range verbs {
		want := outputOf(t, args, plain)
		if !strings.Contains(want, "0") || verb == "ingest" && strings.Count(want, "\n") != len(sightings) {
			t.Fatalf("%s of the plain file: %s", verb, want)
		}
		for name, text := range files {
			if diff := cmp.Diff(want, outputOf(t, args, put(name, text))); diff != "" {
				t.Errorf("%s %s (-plain +this):\n%s", verb, name, diff)
			}
		}
	}
}

// outputOf is what a verb prints of a file, without the names of the file, its
// lines and the time taken.
func outputOf(t *testing.T, args []string, path string) string {
	t.Helper()
	var out, errs bytes.Buffer
	g := &globals{in: strings.NewReader(""), out: &out, errw: &errs}
	if code := g.execute(t.Context(), append(args, path)); code != 0 {
		t.Errorf("%s %s: exit %d, %s", args[0], filepath.Base(path), code, errs.String())
	}
	var b strings.Builder
	for line := range strings.Lines(out.String()) {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		for _, k := range []string{"source", "line", "elapsed_s", "elapsed", "seconds", "date_rule"} {
			delete(v, k)
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(text, '\n'))
	}
	return b.String()
}
