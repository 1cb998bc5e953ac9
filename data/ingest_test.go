package data

import (
	"errors"
	"iter"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"spreewatch/geo"
)

// row is a report or the error in its place.
type row struct {
	report Report
	err    error
}

func rowsOf(rows ...row) iter.Seq2[Report, error] {
	return func(yield func(Report, error) bool) {
		for _, r := range rows {
			if !yield(r.report, r.err) {
				return
			}
		}
	}
}

func testReport(ref, location string, line int) Report {
	at := time.Date(2026, 3, 4, 10, 5, 0, 0, time.UTC)
	return Report{Ref: ref, Offence: "courier-fraud", Location: location, From: at, To: at.Add(time.Hour),
		Precision: PrecisionWindow, DateRule: "date in full", Reported: at.Add(2 * time.Hour), Source: "a.csv", Line: line}
}

var inputA = Input{Source: "a.csv", SHA256: strings.Repeat("a", 64), Received: time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)}

func TestIngest(t *testing.T) {
	first := testReport("R1", "Mill Street, Elsing", 2)
	respaced := testReport("R1", " mill  street, elsing", 3)
	other := testReport("R1", "Norwich Road, Dereham", 4)
	second := testReport("R2", "Mill Street, Elsing", 5)
	second.Point = &orb.Point{1.03, 52.71}
	rows := rowsOf(row{report: first}, row{report: respaced}, row{report: other}, row{report: second},
		row{err: &RowError{Source: "a.csv", Line: 6, Field: "from", Reason: "not a date"}},
		row{err: &RowError{Source: "a.csv", Line: 7, Reason: "no time", Unread: true}})
	db := openTemp(t)

	got, err := db.Ingest(t.Context(), inputA, rows)
	if err != nil {
		t.Fatal(err)
	}
	want := Tally{Read: 4, Stored: 2, Added: 2, Known: 1, Refused: 2, Unread: 1, Clashes: 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("first time (-want +got):\n%s", diff)
	}

	got, err = db.Ingest(t.Context(), inputA, rows)
	if err != nil {
		t.Fatal(err)
	}
	want = Tally{Read: 4, Stored: 2, Known: 3, Refused: 2, Unread: 1, Clashes: 1}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("second time (-want +got):\n%s", diff)
	}

	if diff := cmp.Diff([][]Report{{first, second}}, unlocated(t, db, "sample")); diff != "" {
		t.Errorf("stored reports (-want +got):\n%s", diff)
	}
	refusals, err := db.Refusals(t.Context(), []string{inputA.SHA256})
	if err != nil {
		t.Fatal(err)
	}
	var lines []int
	for _, r := range refusals {
		lines = append(lines, r.Line)
	}
	if diff := cmp.Diff([]int{4, 6, 7}, lines); diff != "" {
		t.Errorf("lines refused (-want +got):\n%s", diff)
	}
}

// An input whose reading ends with an error leaves nothing behind.
func TestIngestUndone(t *testing.T) {
	db := openTemp(t)
	broken := errors.New("disk on fire")
	if _, err := db.Ingest(t.Context(), inputA, rowsOf(row{report: testReport("R1", "Mill Street", 1)}, row{err: broken})); !errors.Is(err, broken) {
		t.Fatalf("error %v, want %v", err, broken)
	}
	for _, table := range []string{"input", "report", "refused"} {
		var n int
		if err := db.sql.QueryRow("SELECT count(*) FROM " + table).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s has %d rows, %v; want 0", table, n, err)
		}
	}
}

func TestMatches(t *testing.T) {
	db := openTemp(t)
	found, lost := testReport("R1", "Mill Street, Elsing", 1), testReport("R2", "somewhere", 2)
	if _, err := db.Ingest(t.Context(), inputA, rowsOf(row{report: found}, row{report: lost})); err != nil {
		t.Fatal(err)
	}
	want := []Located{
		{found, geo.Match{Level: geo.LevelStreet, Point: orb.Point{1.034762, 52.717193}, RadiusM: 120, Confidence: 0.97, Name: "Mill Street",
			Locality: "Elsing", Rule: "street+place", Corrections: []string{"spelling"}, Source: "sample",
			Candidates: []geo.Candidate{{Name: "Mill Street", Locality: "Necton", Point: orb.Point{0.77723, 52.650445}}}}, inputA.SHA256},
		{lost, geo.Match{Rule: "no match"}, inputA.SHA256},
	}
	if err := db.StoreMatches(t.Context(), "old", []Located{{Report: found, Match: geo.Match{Level: geo.LevelPlace, Rule: "place"}}}); err != nil {
		t.Fatal(err)
	}
	if err := db.StoreMatches(t.Context(), "sample", want); err != nil {
		t.Fatal(err)
	}
	got, err := db.Located(t.Context(), found.From, found.Reported)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("located (-want +got):\n%s", diff)
	}
	briefly(t, db, found.Reported)
	if left := unlocated(t, db, "sample"); len(left) != 0 {
		t.Errorf("%d groups left; want none", len(left))
	}
	if again := unlocated(t, db, "another"); len(again) != 1 || len(again[0]) != 2 {
		t.Errorf("with another gazetteer %v; want both reports", again)
	}
	if early, err := db.Located(t.Context(), found.From, found.Reported.Add(-time.Second)); err != nil || len(early) != 0 {
		t.Errorf("before they were reported: %d incidents, %v; want none", len(early), err)
	}
	if later, err := db.Located(t.Context(), found.From.Add(time.Second), found.Reported); err != nil || len(later) != 0 {
		t.Errorf("since after they began: %d incidents, %v; want none", len(later), err)
	}
	if err := db.StoreMatches(t.Context(), "sample", []Located{{Report: testReport("R9", "x", 1)}}); err == nil {
		t.Error("a match of a report that is not stored was taken")
	}
}

// The quick way of folding says what the plain one does.
func TestFolded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching("[ \t\n\v\f\rA-Za-z0-9'\u00c9\u00e9\u00a0\u2003-]*").Draw(t, "s")
		if got, want := folded(s), strings.ToLower(strings.Join(strings.Fields(s), " ")); got != want {
			t.Fatalf("folded(%q) = %q, want %q", s, got, want)
		}
	})
}

// unlocated are the reports not looked up in the gazetteer, by input and as they are
// handed over, which has to be as many as the groups say.
func unlocated(t *testing.T, db *DB, gazetteer string) (out [][]Report) {
	t.Helper()
	groups, err := db.Unlocated(t.Context(), gazetteer)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range groups {
		n := 0
		for reports, err := range db.UnlocatedOf(t.Context(), gazetteer, g) {
			if err != nil {
				t.Fatal(err)
			}
			out, n = append(out, reports), n+len(reports)
		}
		if n != g.Reports {
			t.Errorf("%d reports of a group of %d", n, g.Reports)
		}
	}
	return out
}

// How many metres about its point hold a report is kept, and follows a correction.
func TestWithinIsKept(t *testing.T) {
	db := openTemp(t)
	r := testReport("R1", "Mill Street, Elsing", 1)
	for _, step := range []struct {
		input  Input
		point  orb.Point
		within float64
	}{{inputA, orb.Point{1.03, 52.7}, 100}, {Input{SHA256: strings.Repeat("b", 64), Source: "again.csv", Received: inputA.Received.AddDate(0, 0, 1)}, orb.Point{1.0301, 52.7001}, 10}} {
		r.Point, r.WithinM = &step.point, step.within
		if _, err := db.Ingest(t.Context(), step.input, rowsOf(row{report: r})); err != nil {
			t.Fatal(err)
		}
		got := unlocated(t, db, "sample")
		if len(got) != 1 || len(got[0]) != 1 || *got[0][0].Point != step.point || got[0][0].WithinM != step.within {
			t.Errorf("after %s: %+v, want within %g m of %v", step.input.Source, got, step.within, step.point)
		}
	}
}

// A table is looked up some reports at a time, a bulletin at once, each report once and
// in the order of the lines.
func TestUnlocatedAtOnce(t *testing.T) {
	for _, bulletin := range []bool{false, true} {
		db := openTemp(t)
		const reports = 2*unlocatedAtOnce + 3
		if _, err := db.Ingest(t.Context(), inputA, func(yield func(Report, error) bool) {
			for i := range reports {
				r := testReport("R"+strconv.Itoa(i), "Mill Street, Elsing", i+1)
				if r.Bulletin = bulletin; !yield(r, nil) {
					return
				}
			}
		}); err != nil {
			t.Fatal(err)
		}
		var sizes []int
		line := 0
		for _, some := range unlocated(t, db, "sample") {
			sizes = append(sizes, len(some))
			for _, r := range some {
				if line++; r.Line != line {
					t.Fatalf("line %d after line %d", r.Line, line-1)
				}
			}
		}
		want := []int{unlocatedAtOnce, unlocatedAtOnce, 3}
		if bulletin {
			want = []int{reports}
		}
		if !slices.Equal(sizes, want) {
			t.Errorf("bulletin %v: %v at once, want %v", bulletin, sizes, want)
		}
	}
}
