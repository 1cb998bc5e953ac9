package data

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/geo"
)

// night returns an input that came in so many nights after inputA.
func night(letter string, nights int) Input {
	received := inputA.Received.AddDate(0, 0, nights)
	return Input{Source: letter + ".csv", SHA256: strings.Repeat(letter, 64), Received: received, Moment: received}
}

func ingestAll(t *testing.T, db *DB, in Input, reports ...Report) Tally {
	t.Helper()
	var rows []row
	for _, r := range reports {
		rows = append(rows, row{report: r})
	}
	got, err := db.Ingest(t.Context(), in, rowsOf(rows...))
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range unlocated(t, db, "g") {
		for _, r := range g {
			m := geo.Match{Level: geo.LevelStreet, Point: [2]float64{1, 52}, Name: r.Location, Rule: "street"}
			if err := db.StoreMatches(t.Context(), "g", []Located{{Report: r, Match: m}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	return got
}

// asOf writes what an analysis as of a moment sees: reference, place and hour.
func asOf(t *testing.T, db *DB, at time.Time) string {
	t.Helper()
	located, err := db.Located(t.Context(), time.Time{}, at)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, l := range located {
		out = append(out, l.Ref+" "+l.Match.Name+" "+l.From.Format("15:04"))
	}
	return strings.Join(out, "; ")
}

func TestCorrection(t *testing.T) {
	db := openTemp(t)
	first := testReport("R1", "Mill Street", 2)
	later, moved := first, first
	later.From, later.To = first.From.Add(time.Hour), first.To.Add(time.Hour)
	moved.Location = "Norwich Road"
	first.Source, later.Source, moved.Source = "a.csv", "b.csv", "c.csv"

	if got, want := ingestAll(t, db, night("a", 0), first), (Tally{Read: 1, Stored: 1, Added: 1}); got != want {
		t.Errorf("first: %+v, want %+v", got, want)
	}
	if got, want := ingestAll(t, db, night("b", 1), later), (Tally{Read: 1, Stored: 1, Corrected: 1, Corrections: 1}); got != want {
		t.Errorf("corrected: %+v, want %+v", got, want)
	}
	if got, want := ingestAll(t, db, night("c", 2), moved), (Tally{Read: 1, Stored: 1, Corrected: 1, Corrections: 1}); got != want {
		t.Errorf("moved: %+v, want %+v", got, want)
	}
	// A file that was read before changes nothing, and says what it said.
	if got, want := ingestAll(t, db, night("b", 9), later), (Tally{Read: 1, Stored: 1, Known: 1, Corrections: 1}); got != want {
		t.Errorf("read again: %+v, want %+v", got, want)
	}
	if got, want := ingestAll(t, db, night("a", 9), first), (Tally{Read: 1, Stored: 1, Known: 1}); got != want {
		t.Errorf("the first again: %+v, want %+v", got, want)
	}
	// What it said once, said again by a new file, stands again.
	again := first
	again.Source = "d.csv"
	if got, want := ingestAll(t, db, night("d", 3), again), (Tally{Read: 1, Stored: 1, Corrected: 1, Corrections: 1}); got != want {
		t.Errorf("said again: %+v, want %+v", got, want)
	}

	for _, c := range []struct {
		nights int
		want   string
	}{
		{0, "R1 Mill Street 10:05"},
		{1, "R1 Mill Street 11:05"},
		{2, "R1 Norwich Road 10:05"},
		{3, "R1 Mill Street 10:05"},
	} {
		if got := asOf(t, db, inputA.Received.AddDate(0, 0, c.nights).Add(2*time.Hour)); got != c.want {
			t.Errorf("as of night %d: %q, want %q", c.nights, got, c.want)
		}
	}

	h, err := db.History(t.Context(), "R1")
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, v := range h.Versions {
		said = append(said, v.Source+" "+v.Location+" "+v.From.Format("15:04")+" "+v.Known.Format("0102"))
	}
	if diff := cmp.Diff([]string{"a.csv Mill Street 10:05 0101", "b.csv Mill Street 11:05 0306", "c.csv Norwich Road 10:05 0307", "d.csv Mill Street 10:05 0308"}, said); diff != "" {
		t.Errorf("versions (-want +got):\n%s", diff)
	}
	if h.Match == nil || h.Match.Name != "Mill Street" {
		t.Errorf("match %+v, want that of the standing version", h.Match)
	}
	if _, err := db.History(t.Context(), "R9"); !errors.Is(err, ErrNoReport) {
		t.Errorf("a report that is not there: %v, want %v", err, ErrNoReport)
	}
}

// Two lines of one file with one reference do not correct each other.
func TestCorrectionWithinAFile(t *testing.T) {
	db := openTemp(t)
	a, b := testReport("R1", "Mill Street", 2), testReport("R1", "Norwich Road", 3)
	if got, want := ingestAll(t, db, night("a", 0), a, b), (Tally{Read: 2, Stored: 1, Added: 1, Refused: 1, Clashes: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := asOf(t, db, inputA.Received); got != "R1 Mill Street 10:05" {
		t.Errorf("%q stands, want the first", got)
	}
}

// A file with a line for each offence of an incident tells a report for each. What a
// later file says of one of them corrects that one, in whichever order they come.
func TestOffencesOfOneIncident(t *testing.T) {
	db := openTemp(t)
	told := func(offence string, line int, at time.Duration) Report {
		r := testReport("R1", "Mill Street", line)
		r.Offence, r.From, r.To = offence, r.From.Add(at), r.To.Add(at)
		return r
	}
	fraud, theft, damage := told("courier-fraud", 2, 0), told("theft", 3, 0), told("damage", 4, 0)
	for _, step := range []struct {
		name   string
		night  int
		rows   []Report
		want   Tally
		stands string
	}{
		{"two offences, one of them for two victims", 0, []Report{fraud, theft, theft}, Tally{Read: 3, Stored: 2, Added: 2, Known: 1}, "R1 courier-fraud 10:05; R1+2 theft 10:05"},
		{"the same file", 0, []Report{fraud, theft, theft}, Tally{Read: 3, Stored: 2, Known: 3}, "R1 courier-fraud 10:05; R1+2 theft 10:05"},
		{"a later file in another order, with one more", 1, []Report{theft, fraud, damage}, Tally{Read: 3, Stored: 1, Added: 1, Known: 2}, "R1 courier-fraud 10:05; R1+2 theft 10:05; R1+3 damage 10:05"},
		{"another time of each", 2, []Report{told("theft", 2, time.Hour), told("courier-fraud", 3, time.Hour), told("damage", 4, time.Hour)},
			Tally{Read: 3, Stored: 3, Corrected: 3, Corrections: 3}, "R1 courier-fraud 11:05; R1+2 theft 11:05; R1+3 damage 11:05"},
		{"that file again", 2, []Report{told("theft", 2, time.Hour), told("courier-fraud", 3, time.Hour), told("damage", 4, time.Hour)},
			Tally{Read: 3, Stored: 3, Corrections: 3, Known: 3}, "R1 courier-fraud 11:05; R1+2 theft 11:05; R1+3 damage 11:05"},
		{"one is another offence now", 3, []Report{told("robbery", 2, time.Hour)}, Tally{Read: 1, Stored: 1, Corrected: 1, Corrections: 1}, "R1 robbery 11:05; R1+2 theft 11:05; R1+3 damage 11:05"},
	} {
		if got := ingestAll(t, db, night(string(rune('a'+step.night)), step.night), step.rows...); got != step.want {
			t.Errorf("%s: %+v, want %+v", step.name, got, step.want)
		}
		rows, err := db.sql.QueryContext(t.Context(), "SELECT ref, offence, from_utc FROM report ORDER BY ref")
		if err != nil {
			t.Fatal(err)
		}
		var stands []string
		for rows.Next() {
			var ref, offence string
			var from int64
			if err := rows.Scan(&ref, &offence, &from); err != nil {
				t.Fatal(err)
			}
			stands = append(stands, ref+" "+offence+" "+time.Unix(from, 0).UTC().Format("15:04"))
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(stands, "; "); got != step.stands {
			t.Errorf("%s: %s stands, want %s", step.name, got, step.stands)
		}
	}
}

func TestWithdraw(t *testing.T) {
	db := openTemp(t)
	a, b := testReport("R1", "Mill Street", 2), testReport("R2", "Norwich Road", 3)
	ingestAll(t, db, night("a", 0), a, b)
	taken := b
	taken.Withdrawn = true
	if got, want := ingestAll(t, db, night("b", 1), taken), (Tally{Read: 1, Stored: 1, Corrected: 1, Corrections: 1}); got != want {
		t.Errorf("withdrawn by its source: %+v, want %+v", got, want)
	}
	since := inputA.Received.AddDate(0, 0, 2)
	if done, err := db.Withdraw(t.Context(), "R1", since); err != nil || !done {
		t.Fatalf("withdraw: %t, %v", done, err)
	}
	if done, err := db.Withdraw(t.Context(), "R1", since.Add(time.Hour)); err != nil || done {
		t.Errorf("withdraw twice: %t, %v; want false", done, err)
	}
	if _, err := db.Withdraw(t.Context(), "R9", since); !errors.Is(err, ErrNoReport) {
		t.Errorf("withdraw what is not there: %v, want %v", err, ErrNoReport)
	}
	for _, c := range []struct {
		at   time.Time
		want string
	}{
		{inputA.Received, "R1 Mill Street 10:05; R2 Norwich Road 10:05"},
		{since.Add(-time.Hour), "R1 Mill Street 10:05"},
		{since, ""},
	} {
		if got := asOf(t, db, c.at); got != c.want {
			t.Errorf("as of %s: %q, want %q", c.at, got, c.want)
		}
	}
	var n int
	if err := db.sql.QueryRow("SELECT count(*) FROM report").Scan(&n); err != nil || n != 2 {
		t.Errorf("%d reports are kept, %v; want 2", n, err)
	}
}

// The reports of a night come in the order of their begin, those that were corrected
// later in their place among them; an error ends it.
func TestEachLocated(t *testing.T) {
	db := openTemp(t)
	a, b, c := testReport("A", "Mill Street", 2), testReport("B", "Norwich Road", 3), testReport("C", "High Street", 4)
	b.Bulletin = true
	ingestAll(t, db, night("a", 0), a, b, c)
	moved := b
	moved.From, moved.To, moved.Location = b.From.Add(5*time.Hour), b.To.Add(5*time.Hour), "Theatre Street"
	ingestAll(t, db, night("b", 2), moved)
	then, now := night("b", 1).Moment, night("b", 3).Moment
	for _, tt := range []struct {
		at      time.Time
		want    string
		streets []string
	}{
		{then, "A Mill Street 10:05; B Norwich Road 10:05; C High Street 10:05", []string{"Norwich Road", "Theatre Street"}},
		{now, "A Mill Street 10:05; C High Street 10:05; B Theatre Street 15:05", []string{"Norwich Road", "Theatre Street"}},
	} {
		if got := asOf(t, db, tt.at); got != tt.want {
			t.Errorf("as of %s: %s, want %s", tt.at, got, tt.want)
		}
		briefly(t, db, tt.at)
		streets, err := db.BulletinStreets(t.Context(), time.Time{}, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.streets, streets); diff != "" {
			t.Errorf("streets of bulletins as of %s (-want +got):\n%s", tt.at, diff)
		}
	}
	stop := errors.New("stop")
	for n := range 3 {
		left := n
		err := db.EachLocated(t.Context(), time.Time{}, then, func(*Located) error {
			if left == 0 {
				return stop
			}
			left--
			return nil
		})
		if !errors.Is(err, stop) {
			t.Errorf("an error at report %d: %v", n, err)
		}
		left = n
		err = eachBrief(t.Context(), db, time.Time{}, then, func(*Brief, *Located) error {
			if left == 0 {
				return stop
			}
			left--
			return nil
		})
		if !errors.Is(err, stop) {
			t.Errorf("an error at report %d in brief: %v", n, err)
		}
	}
}

// briefly makes sure that the reports as of the moment are the same in brief: in the
// same order, and what is left out of one that stands is found by its reference.
func briefly(t *testing.T, db *DB, at time.Time) {
	t.Helper()
	want, err := db.Located(t.Context(), time.Time{}, at)
	if err != nil {
		t.Fatal(err)
	}
	var got []Brief
	whole := map[string]Located{}
	var refs []string
	err = eachBrief(t.Context(), db, time.Time{}, at, func(b *Brief, stood *Located) error {
		if got = append(got, *b); stood != nil {
			whole[b.Ref] = *stood
		} else {
			refs = append(refs, b.Ref)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	stand, err := db.LocatedOf(t.Context(), refs, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range stand {
		whole[l.Ref] = l
	}
	if len(got) != len(want) || len(whole) != len(want) {
		t.Fatalf("%d reports, %d in brief, %d of them found", len(want), len(got), len(whole))
	}
	for i, l := range want {
		if diff := cmp.Diff(l.Brief(), got[i]); diff != "" {
			t.Errorf("%s in brief (-want +got):\n%s", l.Ref, diff)
		}
		if diff := cmp.Diff(l, whole[l.Ref]); diff != "" {
			t.Errorf("%s by its reference (-want +got):\n%s", l.Ref, diff)
		}
	}
}
