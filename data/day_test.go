package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
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

// A day is packed and read again as it was, and damage to it is noticed or reads as
// another row, but never beyond its end.
func TestDayPacks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"", "street", "Dereham", "null", `["saint dropped"]`, "Ærøskøbing"})
		number := rapid.Float64Range(-1e6, 1e6)
		var want []dayRow
		from := rapid.Int64Range(1e9, 2e9).Draw(t, "begin")
		for i := range rapid.IntRange(0, 5).Draw(t, "rows") {
			from += rapid.Int64Range(0, 1000).Draw(t, "after")
			r := dayRow{ref: "R" + strconv.Itoa(i), offence: text.Draw(t, "offence"), level: text.Draw(t, "level"), name: text.Draw(t, "name"), locality: text.Draw(t, "locality"),
				source: text.Draw(t, "source"), changes: text.Draw(t, "changes"), from: from, to: from + rapid.Int64Range(0, 1e6).Draw(t, "length"), input: rapid.Int64Range(1, 1e6).Draw(t, "input"),
				bulletin: rapid.Bool().Draw(t, "bulletin"), withdrawn: rapid.Bool().Draw(t, "withdrawn"), radiusM: number.Draw(t, "radius"), confidence: number.Draw(t, "confidence")}
			if rapid.Bool().Draw(t, "is reported") {
				r.reported = sql.NullInt64{Int64: from + rapid.Int64Range(-1e6, 1e6).Draw(t, "reported"), Valid: true}
			}
			if rapid.Bool().Draw(t, "is corrected") {
				r.known = sql.NullInt64{Int64: from + rapid.Int64Range(-1e6, 1e6).Draw(t, "known"), Valid: true}
			}
			if rapid.Bool().Draw(t, "placed") {
				r.lon, r.lat = sql.NullFloat64{Float64: number.Draw(t, "lon"), Valid: true}, sql.NullFloat64{Float64: number.Draw(t, "lat"), Valid: true}
			}
			want = append(want, r)
		}
		var p dayPacker
		for i := range want {
			p.add(&want[i])
		}
		packed := p.pack()
		var got []dayRow
		day := readDay(packed, words{})
		for day.next() {
			got = append(got, day.row)
		}
		if d := cmp.Diff(want, got, cmp.AllowUnexported(dayRow{})); d != "" || day.bad {
			t.Fatalf("bad %v: %s", day.bad, d)
		}
		cut := readDay(packed[:rapid.IntRange(0, len(packed)-1).Draw(t, "cut")], words{})
		for cut.next() {
		}
		if !cut.bad {
			t.Fatal("a day that was cut is taken for whole")
		}
	})
}

// Whatever is done to the reports, they read as they are.
func TestDaysFollowTheReports(t *testing.T) {
	packed, named := 0, 0
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 0))
		db := openTemp(t)
		for step := range 12 {
			if err := change(t.Context(), db, r, step); err != nil {
				t.Fatalf("seed %d, step %d: %v", seed, step, err)
			}
			begin := testReport("R", "", 1).From
			if err := sameBriefs(t.Context(), db, begin, begin.AddDate(0, 0, 1+r.IntN(20))); err != nil {
				t.Fatalf("seed %d, step %d: %v", seed, step, err)
			}
			packed += packedIn(t, db)
			for _, gazetteer := range []string{"g0", "g1", "another"} {
				var n int
				if err := db.sql.QueryRow("SELECT count(*) FROM day WHERE gazetteer = ?", gazetteer).Scan(&n); err != nil {
					t.Fatal(err)
				}
				named += n
				got, err := db.Unlocated(t.Context(), gazetteer)
				if err != nil {
					t.Fatal(err)
				}
				if want := unlocatedByHand(t, db, gazetteer); !slices.Equal(got, want) {
					t.Fatalf("seed %d, step %d: %v are not looked up in %s, want %v", seed, step, got, gazetteer, want)
				}
			}
		}
		if findings, err := db.Verify(t.Context()); err != nil || len(findings) > 0 {
			t.Fatalf("seed %d: %v %v", seed, findings, err)
		}
		db.Close()
	}
	if packed == 0 || named == 0 {
		t.Errorf("%d days were ever packed, %d of them name their gazetteer", packed, named)
	}
}

// change does to the store one thing that there is to do.
func change(ctx context.Context, db *DB, r *rand.Rand, step int) error {
	report := testReport("R"+strconv.Itoa(1+r.IntN(6)), []string{"Mill Street, Elsing", "Norwich Road, Dereham"}[r.IntN(2)], 1)
	moment := report.From.AddDate(0, 0, step)
	report.From = report.From.AddDate(0, 0, r.IntN(4))
	report.To, report.Reported, report.Bulletin = report.From, report.From.Add(time.Duration(r.IntN(50))*time.Hour), r.IntN(2) == 0
	var err error
	switch r.IntN(6) {
	case 0:
		_, err = db.Withdraw(ctx, report.Ref, moment)
	case 1:
		err = db.Distinguish(ctx, report.Ref)
	case 2:
		_, err = db.Erase(ctx, []string{report.Ref}, nil)
	case 3:
		m := geo.Match{Level: geo.LevelStreet, Point: orb.Point{.9, 52.6}, RadiusM: float64(100 + step), Confidence: .9, Name: "Mill Street", Locality: "Elsing", Source: "s", Corrections: []string{"street spelling"}}
		var n int
		if err = db.sql.QueryRow("SELECT count(*) FROM report WHERE ref = ?", report.Ref).Scan(&n); err == nil && n == 1 {
			err = db.StoreMatches(ctx, "g"+strconv.Itoa(step%2), []Located{{Report: report, Match: m}})
		}
	default:
		_, err = db.Ingest(ctx, Input{Source: "a.csv", SHA256: fmt.Sprintf("%064d", step), Received: moment, Moment: moment}, rowsOf(row{report: report}))
	}
	if errors.Is(err, ErrNoReport) {
		return nil
	}
	return err
}

// sameBriefs compares the briefs of a span with the reports.
func sameBriefs(ctx context.Context, db *DB, since, before time.Time) error {
	located, err := db.Located(ctx, since, before)
	if err != nil {
		return err
	}
	var want, got []Brief
	for i := range located {
		want = append(want, located[i].Brief())
	}
	err = eachBrief(ctx, db, since, before, func(b *Brief, _ *Located) error {
		got = append(got, *b)
		return nil
	})
	if d := cmp.Diff(want, got); err == nil && d != "" {
		err = errors.New(d)
	}
	return err
}

// unlocatedByHand walks all reports.
func unlocatedByHand(t *testing.T, db *DB, gazetteer string) []Group {
	t.Helper()
	rows, err := db.sql.Query("SELECT report.input_id, bulletin, coalesce(gazetteer, '') FROM report LEFT JOIN match ON report_id = report.id ORDER BY 1")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []Group
	for rows.Next() {
		var g Group
		var in string
		if err := rows.Scan(&g.input, &g.bulletin, &in); err != nil {
			t.Fatal(err)
		}
		if in == gazetteer {
			continue
		}
		if k := len(out) - 1; k < 0 || out[k].input != g.input {
			out = append(out, Group{input: g.input})
		}
		k := len(out) - 1
		out[k].Reports++
		out[k].bulletin = out[k].bulletin || g.bulletin
	}
	return out
}

// A day names the gazetteer only where all of its reports were looked up in that one.
func TestDaysNameTheirGazetteer(t *testing.T) {
	db, before := packedStore(t)
	named := func() (gazetteer string) {
		t.Helper()
		if err := sameBriefs(t.Context(), db, time.Time{}, before); err != nil {
			t.Fatal(err)
		}
		if err := db.sql.QueryRow("SELECT gazetteer FROM day").Scan(&gazetteer); err != nil {
			t.Fatal(err)
		}
		return gazetteer
	}
	if got := named(); got != "g" {
		t.Errorf("all in one: %q", got)
	}
	r := testReport("R2", "Mill Street, Elsing", 2)
	if _, err := db.Ingest(t.Context(), night("b", 1), rowsOf(row{report: r})); err != nil {
		t.Fatal(err)
	}
	if n := packedIn(t, db); n != 0 {
		t.Errorf("%d days are packed as they were before a report came", n)
	}
	if got := named(); got != "" {
		t.Errorf("one not looked up: %q", got)
	}
	if err := db.StoreMatches(t.Context(), "h", []Located{{Report: r, Match: geo.Match{Level: geo.LevelStreet, Rule: "x"}}}); err != nil {
		t.Fatal(err)
	}
	if got := named(); got != "" {
		t.Errorf("in two gazetteers: %q", got)
	}
	if _, err := db.sql.Exec("UPDATE day SET gazetteer = 'g'"); err != nil {
		t.Fatal(err)
	}
	if findings, err := db.Verify(t.Context()); err != nil || len(findings) != 1 || !strings.Contains(findings[0], "gazetteer") {
		t.Errorf("a day that names a gazetteer wrongly: %v, %v", findings, err)
	}
}

// packedStore is a store with a report of a day that is packed.
func packedStore(t *testing.T) (db *DB, before time.Time) {
	t.Helper()
	db = openTemp(t)
	r := testReport("R1", "Mill Street, Elsing", 1)
	if _, err := db.Ingest(t.Context(), inputA, rowsOf(row{report: r})); err != nil {
		t.Fatal(err)
	}
	if err := db.StoreMatches(t.Context(), "g", []Located{{Report: r, Match: geo.Match{Level: geo.LevelStreet, Rule: "x"}}}); err != nil {
		t.Fatal(err)
	}
	before = r.From.AddDate(0, 0, 9)
	if err := sameBriefs(t.Context(), db, time.Time{}, before); err != nil {
		t.Fatal(err)
	}
	if n := packedIn(t, db); n != 1 {
		t.Fatalf("%d packed days, want 1", n)
	}
	return db, before
}

func packedIn(t *testing.T, db *DB) (n int) {
	t.Helper()
	if err := db.sql.QueryRow("SELECT count(*) FROM day").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// A packed day is dropped by whatever changes what it holds, as no verb does it too.
func TestEveryChangeDropsTheDay(t *testing.T) {
	for _, statement := range []string{
		"UPDATE report SET offence = 'robbery'",
		"UPDATE report SET from_utc = from_utc + 86400, to_utc = to_utc + 86400",
		"DELETE FROM report",
		"DELETE FROM match",
		"UPDATE match SET radius_m = 70",
		"CREATE TEMP TABLE old AS SELECT * FROM match; DELETE FROM match; UPDATE old SET radius_m = 80; INSERT INTO match SELECT * FROM old",
	} {
		db, before := packedStore(t)
		if _, err := db.sql.Exec(statement); err != nil {
			t.Fatal(err)
		}
		if n := packedIn(t, db); n != 0 {
			t.Errorf("%s: %d packed days", statement, n)
		}
		if err := sameBriefs(t.Context(), db, time.Time{}, before); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	db, before := packedStore(t) // and one day is packed beside another
	r := testReport("R2", "Mill Street, Elsing", 2)
	if _, err := db.Ingest(t.Context(), night("b", 1), rowsOf(row{report: r})); err != nil {
		t.Fatal(err)
	}
	if err := db.StoreMatches(t.Context(), "g", []Located{{Report: r, Match: geo.Match{Level: geo.LevelStreet, Rule: "x"}}}); err != nil {
		t.Fatal(err)
	}
	if err := sameBriefs(t.Context(), db, time.Time{}, before); err != nil {
		t.Errorf("a report that came later: %v", err)
	}
}

// A day is not packed where the store was changed after it was read.
func TestKeepAfterChange(t *testing.T) {
	db, before := packedStore(t)
	if err := db.Distinguish(t.Context(), "R1"); err != nil {
		t.Fatal(err)
	}
	if n := packedIn(t, db); n != 0 {
		t.Fatalf("%d days are packed after a change", n)
	}
	b, err := db.Briefs(t.Context(), time.Time{}, before)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.Each(t.Context(), func(*Brief, *Located) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Withdraw(t.Context(), "R1", before); err != nil {
		t.Fatal(err)
	}
	if err := b.Keep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := packedIn(t, db); n != 0 {
		t.Errorf("%d days are packed as they were before a change", n)
	}
}

// A day of another format is read from its reports and packed anew, and one that is
// damaged is an error and found by a check.
func TestDayDamaged(t *testing.T) {
	db, before := packedStore(t)
	if _, err := db.sql.Exec("UPDATE day SET format = 0, briefs = x'ff'"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := sameBriefs(t.Context(), db, time.Time{}, before); err != nil {
			t.Fatal(err)
		}
	}
	var format int
	if err := db.sql.QueryRow("SELECT format FROM day").Scan(&format); err != nil || format != dayFormat {
		t.Errorf("format %d, want %d (%v)", format, dayFormat, err)
	}
	if _, err := db.sql.Exec("UPDATE day SET briefs = substr(briefs, 1, length(briefs) - 1)"); err != nil {
		t.Fatal(err)
	}
	if err := sameBriefs(t.Context(), db, time.Time{}, before); !errors.Is(err, errDay) {
		t.Errorf("error %v, want %v", err, errDay)
	}
	findings, err := db.Verify(t.Context())
	if err != nil || len(findings) != 1 || !strings.Contains(findings[0], "2026-03-04") {
		t.Errorf("findings %v, %v; want one of 2026-03-04", findings, err)
	}
}
