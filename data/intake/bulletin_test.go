package intake

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/data"
	"spreewatch/data/intake/bulletin"
	"spreewatch/geo/oracle"
)

// readAll reads a file and fails the test on an error that ends it.
func readAll(t *testing.T, path string, o Options) ([]data.Report, []*data.RowError) {
	t.Helper()
	var reports []data.Report
	var rows []*data.RowError
	for r, err := range Read(t.Context(), path, o) {
		var row *data.RowError
		switch {
		case errors.As(err, &row):
			rows = append(rows, row)
		case err != nil:
			t.Fatalf("Read(%s): %v", filepath.Base(path), err)
		default:
			reports = append(reports, r)
		}
	}
	return reports, rows
}

func TestReadDerehamBulletin(t *testing.T) {
	path := filepath.Join(oracle.Dir(t), "dereham.txt")
	today := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	received := time.Date(2015, 9, 18, 0, 0, 0, 0, time.UTC)
	tests := []struct {
		name string
		o    Options
		day  string
	}{
		{"year from the date of receipt", Options{Today: today, Received: received}, "2015-09-16"},
		{"year from the weekday", Options{Today: today}, "2026-09-16"},
		{"year from the weekday, earlier clock", Options{Today: time.Date(2016, 1, 2, 0, 0, 0, 0, time.UTC)}, "2015-09-16"},
	}
	type event struct {
		Line               int
		Location, From, To string
		Precision          data.Precision
	}
	want := []event{
		{13, "Beeston Lane, Great Fransham", "T10:00:00+01:00", "T10:00:00+01:00", "around"},
		{15, "Andrews Close, Holme Hale", "T10:05:00+01:00", "T10:05:00+01:00", "around"},
		{17, "Mill Street, Elsing", "T10:15:00+01:00", "T10:15:00+01:00", "around"},
		{17, "Mill Street, Elsing", "T10:30:00+01:00", "T10:30:00+01:00", "around"},
		{19, "Norwich Road, Dereham", "T11:15:00+01:00", "T11:15:00+01:00", "around"},
		{21, "Shipdham Road, Dereham", "T13:45:00+01:00", "T13:45:00+01:00", "around"},
		{23, "Wallace Close, Dereham", "T10:00:00+01:00", "T14:30:00+01:00", "window"},
		{25, "Neville Close, Dereham", "T17:30:00+01:00", "T17:30:00+01:00", "around"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			reports, rows := readAll(t, path, tt.o)
			var got []event
			for _, r := range reports {
				got = append(got, event{r.Line, r.Location, r.From.Format(time.RFC3339), r.To.Format(time.RFC3339), r.Precision})
			}
			dated := make([]event, len(want))
			for i, e := range want {
				e.From, e.To = tt.day+e.From, tt.day+e.To
				dated[i] = e
			}
			if diff := cmp.Diff(dated, got); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			for _, row := range rows {
				t.Errorf("spurious: %v", row)
			}
		})
	}
}

// TestReadSample reads the embedded bulletin: eight calls, and nothing of its
// headline or of the sentence that counts them.
func TestReadSample(t *testing.T) {
	for _, received := range []time.Time{{}, time.Date(2015, 9, 18, 0, 0, 0, 0, time.UTC)} {
		path := writeFile(t, "bulletin.txt", SampleText())
		reports, rows := readAll(t, path, Options{Today: testToday, Received: received})
		var got []string
		for _, r := range reports {
			got = append(got, r.Location+" "+r.From.Format("2006-01-02 15:04"))
		}
		want := []string{
			"Beeston Lane, Great Fransham 2015-09-16 10:00", "Andrews Close, Holme Hale 2015-09-16 10:05",
			"Mill Street, Elsing 2015-09-16 10:15", "Mill Street, Elsing 2015-09-16 10:30",
			"Norwich Road, Dereham 2015-09-16 11:15", "Shipdham Road, Dereham 2015-09-16 13:45",
			"Wallace Close, Dereham 2015-09-16 10:00", "Neville Close, Dereham 2015-09-16 17:30",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("received %v (-want +got):\n%s", received, diff)
		}
		for _, row := range rows {
			t.Errorf("received %v: spurious: %v", received, row)
		}
	}
}

// Two cars in one street in one night, told in the same words, are two reports of
// running text, each under a reference of its own and the same on every reading.
func TestEqualTellingsAreTwoReports(t *testing.T) {
	const told = "Vehicle crime.\n- A car was broken into in Mill Street, Elsing, overnight on 3 March 2026.\n- A car was broken into in Mill Street, Elsing, overnight on 3 March 2026.\n"
	var refs [][]string
	for range 2 {
		reports, rows := readAll(t, writeFile(t, "bulletin.txt", []byte(told)), Options{Today: testToday, Received: time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)})
		if len(rows) != 0 {
			t.Errorf("unread: %v", rows)
		}
		var got []string
		for _, r := range reports {
			got = append(got, r.Ref)
			if !r.Bulletin {
				t.Errorf("%s is not marked as told in running text", r.Ref)
			}
		}
		refs = append(refs, got)
	}
	if len(refs[0]) != 2 || refs[0][1] != refs[0][0]+"-2" {
		t.Errorf("references %q, want one and the same with -2", refs[0])
	}
	if diff := cmp.Diff(refs[0], refs[1]); diff != "" {
		t.Errorf("read again (-first +second):\n%s", diff)
	}
}

// A bulletin says on request what became of its places and times, and what was set aside,
// without its words; a text of nothing is an error with a hint, and so is a gazetteer that
// cannot be read.
func TestBulletinSaysWhy(t *testing.T) {
	path := writeFile(t, "note.txt", []byte("A shed was entered in Mill Street, Holt, on 3 March 2020 at 4pm.\n\nThe council meets in Church Road at 7pm on 9 March 2020.\n"))
	var why []string
	var aside []data.RowError
	o := Options{Today: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), Received: time.Date(2020, 3, 10, 0, 0, 0, 0, time.UTC),
		Why: func(s string) { why = append(why, s) }, Aside: func(r data.RowError) { aside = append(aside, r) }}
	reports, _ := readAll(t, path, o)
	if len(reports) != 1 || reports[0].Location != "Mill Street, Holt" || !reports[0].Bulletin {
		t.Errorf("reports are %+v", reports)
	}
	all := strings.Join(why, "\n")
	if len(why) != 4 || strings.Contains(all, "Mill") || strings.Contains(all, "Church") || !strings.Contains(all, "note.txt: line 3") {
		t.Errorf("why is %q", all)
	}
	if len(aside) != 1 || aside[0].Line != 3 || aside[0].Source != "note.txt" {
		t.Errorf("set aside are %+v", aside)
	}

	for name, o := range map[string]Options{
		"the gazetteer": {Names: func() (bulletin.Names, error) { return nil, errors.New("the gazetteer is locked") }},
		"no incident":   {},
	} {
		var got error
		for _, err := range Read(t.Context(), writeFile(t, "empty.txt", []byte("Good morning to all.\n")), o) {
			got = err
		}
		if got == nil || !strings.Contains(got.Error(), name) {
			t.Errorf("Read = %v, want an error of %s", got, name)
		}
	}
}
