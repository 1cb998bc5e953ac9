package intake

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"spreewatch/data/table"

	"spreewatch/data"
)

func TestSources(t *testing.T) {
	sources := map[string]Source{
		"city": {Columns: map[string]string{"from": "When it was", "location": "Scene"}, DateOrder: "mdy", Timezone: "America/Chicago",
			Offences: map[string]string{"B&E": "burglary-dwelling"}, Withdrawn: []string{"no crime"}},
		"grid": {Header: []string{"gx", "gy"}, Columns: map[string]string{"x": "gx", "y": "gy"}, CRS: "EPSG:32631"},
	}
	for _, s := range sources {
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
	}
	var how table.How
	o := Options{Sources: sources, Profiles: testProfiles, Seen: func(h table.How) { how = h }}
	got := lines(t, writeFile(t, "a.csv", []byte("Ref,When it was,Scene,Offence,Status\nA,05/03/2020 10:00,Mill Street,B&E,open\nB,05/03/2020 11:00,Mill Street,B&E,No Crime\n")), o)
	want := []string{"2 Mill Street | burglary-dwelling | 2020-05-03 10:00-05:00 | exact", "3 Mill Street | burglary-dwelling | 2020-05-03 11:00-05:00 | exact"}
	if diff := cmp.Diff(want, got); diff != "" || how.Source != "city" {
		t.Errorf("source %q (-want +got):\n%s", how.Source, diff)
	}
	got = lines(t, writeFile(t, "b.csv", []byte("ref,date,gx,gy\nA,2020-05-03,448252,5411933\n")), o)
	if how.Source != "grid" || len(got) != 1 || !strings.Contains(got[0], "| 2.294") {
		t.Errorf("source %q: %q", how.Source, got)
	}
	got = lines(t, writeFile(t, "c.csv", []byte("ref,date,location\nA,05/03/2020,Mill Street\n")), o)
	if how.Source != "" || !strings.Contains(got[0], "2020-03-05") {
		t.Errorf("source %q: %q", how.Source, got)
	}
	n := 0
	for r, err := range Read(t.Context(), writeFile(t, "d.csv", []byte("Ref,When it was,Scene,Status\nA,05/03/2020 10:00,Mill Street,NO CRIME\n")), Options{Sources: sources, Today: testToday}) {
		if err != nil || !r.Withdrawn {
			t.Errorf("withdrawn %v, %v", r.Withdrawn, err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("%d reports", n)
	}
	for name, s := range map[string]Source{
		"field": {Columns: map[string]string{"adress": "x"}}, "order": {DateOrder: "ymd"}, "zone": {Timezone: "Mars"}, "crs": {CRS: "EPSG:1"},
	} {
		if s.Validate() == nil {
			t.Errorf("a wrong %s passes", name)
		}
	}
}

// Rows that are equal and have no reference are as many reports.
func TestEqualRows(t *testing.T) {
	path := writeFile(t, "a.csv", []byte("offence,location,from\n"+strings.Repeat("burglary,\"Mill Street, Elsing\",2024-04-09 20:00\n", 3)))
	refs := map[string]bool{}
	for r, err := range Read(t.Context(), path, Options{Today: testToday}) {
		if err != nil {
			t.Fatal(err)
		}
		refs[r.Ref] = true
	}
	if len(refs) != 3 {
		t.Errorf("%d references for three rows: %v", len(refs), refs)
	}
}

// A number that a spreadsheet has shortened is no reference: the reports are kept,
// each under one of its own.
func TestShortenedReferences(t *testing.T) {
	path := writeFile(t, "a.csv", []byte("ref,location,from\n3.60E+10,Mill Street,2024-04-09 20:00\n3.60E+10,Norwich Road,2024-04-09 21:00\n"))
	n := 0
	for r, err := range Read(t.Context(), path, Options{Today: testToday}) {
		if err != nil || !strings.HasPrefix(r.Ref, "R-") {
			t.Errorf("ref %q, %v", r.Ref, err)
		}
		n++
	}
	if n != 2 {
		t.Errorf("%d reports", n)
	}
}

func TestInspect(t *testing.T) {
	path := writeFile(t, "a.csv", []byte("ref,date,location,lat,lon\nA,13/05/2020,Mill Street,52.7,1.0\nB,soon,Mill Street,,\nC,14/05/2020 10:00,,,\n\"D,x\n"))
	i, err := Inspect(path, Options{Today: testToday})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := i.Write(&b, "mine"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"a.csv\n", "dates        day first: 2 rows prove it", "zone         Europe/London", "coordinates  degrees", "line 2       A  Wed 13 May 2020 00:00 to Thu 14 May 2020 00:00  (no offence)  Mill Street  (52.70000, 1.00000)",
		"line 3       refused: date: not a date", "line 4       refused: location: the row has neither", "[source.mine]\ncolumns.ref = \"ref\"", "date_order = \"dmy\""} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if f := i.MarshalFields(); f["date_order"] != "dmy" || f["rows"] != 4 {
		t.Errorf("%v", f)
	}
	taken := writeFile(t, "b.csv", []byte("ref,date,offence,location,status\nA,2020-05-13,Theft,Mill Street,Recorded\nB,2020-05-14,Theft,Mill Street,No-Crime\n"))
	for withdrawn, want := range map[string]int{"": 1, "No-Crime": 0} {
		o := Options{Today: testToday}
		if withdrawn != "" {
			o.Sources = map[string]Source{"s": {Header: []string{"ref", "status"}, Withdrawn: []string{withdrawn}}}
		}
		i, err := Inspect(taken, o)
		if err != nil || len(i.Table.Doubts) != want || want > 0 && !strings.Contains(i.Table.Doubts[0], "some words of status tell of reports that were taken back") {
			t.Errorf("withdrawn %q: %q, %v", withdrawn, i.Table.Doubts, err)
		}
	}
	var how table.How
	for range Read(t.Context(), taken, Options{Today: testToday, Seen: func(h table.How) { how = h }}) {
	}
	if !slices.ContainsFunc(how.Notes, func(n table.Note) bool { return n.Kind == table.NoteTakenBack && n.Text == "status" }) {
		t.Errorf("reading says nothing of reports that were taken back: %v", how.Notes)
	}
	text, err := Inspect(writeFile(t, "a.txt", []byte("A car was stolen.\n")), Options{Today: testToday})
	if err != nil || text.Table != nil || text.MarshalFields()["kind"] != "text" || text.Write(&b, "") != nil || !strings.Contains(b.String(), "running text") {
		t.Errorf("%+v, %v", text, err)
	}
	if _, err := Inspect("none.csv", Options{}); err == nil {
		t.Error("a file that there is not")
	}
	if _, err := Inspect(path, Options{Source: "none"}); err == nil {
		t.Error("a source that there is not")
	}
	if _, err := Inspect(path, Options{CRS: "EPSG:1"}); err == nil {
		t.Error("a system that there is not")
	}
	if _, err := Inspect(path, Options{Columns: map[string]string{"adress": "x"}}); err == nil {
		t.Error("a field that there is not")
	}
}

// A block takes the place of its own alone, and every other byte stays.
func TestReplaceBlock(t *testing.T) {
	const block = "[source.a]\ncolumns.ref = \"x\"\n"
	for _, tt := range []struct{ name, before, want string }{
		{"an empty file", "", block},
		{"no newline at the end", "k = 1", "k = 1\n\n" + block},
		{"in place", "# top\n[source.a]\ncolumns.ref = \"old\"\noffences.X = \"robbery\"\n\n[area]\nbounds = [1]\n", "# top\n" + block + "offences.X = \"robbery\"\n\n[area]\nbounds = [1]\n"},
		{"beside a longer name", "[source.ab]\nz = 1\n", "[source.ab]\nz = 1\n\n" + block},
		{"not in a text", "t = '''\n[source.a]\n'''\n", "t = '''\n[source.a]\n'''\n\n" + block},
	} {
		got, had := ReplaceBlock(tt.before, "a", block)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		if had != (tt.name == "in place") {
			t.Errorf("%s: there was a block: %v", tt.name, had)
		}
		if again, had := ReplaceBlock(got, "a", block); again != got || !had {
			t.Errorf("%s: a second time it is (in place: %v)\n%s", tt.name, had, again)
		}
	}
	if s := fmt.Sprint(tomlKey("a b"), tomlKey("a-b"), tomlText("a\"\\\n")); s != `"a b"a-b"a\"\\\n"` {
		t.Errorf("%s", s)
	}
}

// Whatever references come, each report has one of its own, and the third of a kind
// is found without looking at all before it.
func TestTellApart(t *testing.T) {
	p := repeats{}
	var got []string
	for _, ref := range []string{"X", "X", "X-2", "X", "X-2", "Y"} {
		r := data.Report{Ref: ref}
		p.tellApart(&r)
		got = append(got, r.Ref)
	}
	if diff := cmp.Diff([]string{"X", "X-2", "X-2-2", "X-3", "X-2-3", "Y"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
