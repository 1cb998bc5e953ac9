package data

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"spreewatch/cluster/risk"
	"spreewatch/geo"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

// A correction that was taken in by a clock years ahead is known to no night; once the
// clock is set it is, and so is each version before it. Setting it again changes nothing.
func TestSetClock(t *testing.T) {
	db := openTemp(t)
	ctx := t.Context()
	ahead, now := time.Date(2046, 3, 6, 2, 0, 0, 0, time.UTC), time.Date(2026, 3, 7, 2, 0, 0, 0, time.UTC)
	for n, location := range []string{"Mill Street, Elsing", "Mill Lane, Elsing", "Mill Road, Elsing"} {
		in := inputA
		if n > 0 {
			in = Input{Source: "b.csv", SHA256: strings.Repeat("bc"[n-1:n], 64), Moment: ahead.AddDate(0, 0, n)}
		}
		r := testReport("R1", location, 1)
		if _, err := db.Ingest(ctx, in, rowsOf(row{report: r})); err != nil {
			t.Fatal(err)
		}
		if err := db.StoreMatches(ctx, "g", []Located{{Report: r, Match: geo.Match{Level: geo.LevelStreet, Point: orb.Point{1, 52}, Rule: "x"}}}); err != nil {
			t.Fatal(err)
		}
	}
	stands := func() string {
		t.Helper()
		located, err := db.Located(ctx, time.Time{}, now)
		if err != nil || len(located) != 1 {
			t.Fatalf("%v, %v", located, err)
		}
		return located[0].Location
	}
	if got := stands(); got != "Mill Street, Elsing" {
		t.Errorf("before: %q", got)
	}
	for _, want := range []int{2, 0} { // the standing version, and the one between
		if n, err := db.SetClock(ctx, now, now); n != want || err != nil {
			t.Errorf("%d were mended, want %d, %v", n, want, err)
		}
	}
	if got := stands(); got != "Mill Road, Elsing" {
		t.Errorf("after: %q", got)
	}
	if stood, err := db.Corrected(ctx, now); err != nil || len(stood) == 0 || stood[len(stood)-1].Location != "Mill Road, Elsing" || !stood[len(stood)-1].Known.Equal(now) {
		t.Errorf("%+v, %v", stood, err)
	}
}

// What was refused as of the future is read as if for the first time once the clock
// has come to it, be it new or a correction; where it is refused still, that is said
// once, and a line refused for another reason stays so.
func TestFutureIsReadAgain(t *testing.T) {
	db := openTemp(t)
	ctx := t.Context()
	if _, err := db.Ingest(ctx, inputA, rowsOf(row{report: testReport("R1", "Mill Street, Elsing", 1)})); err != nil {
		t.Fatal(err)
	}
	late := func(line int) row {
		return row{err: &RowError{Source: "b.csv", Line: line, Field: "from", Reason: Future}}
	}
	broken := row{err: &RowError{Source: "b.csv", Line: 4, Field: "from", Reason: "no date"}}
	corrected, fresh := row{report: testReport("R1", "Mill Lane, Elsing", 2)}, row{report: testReport("R2", "Norwich Road", 3)}
	in := Input{Source: "b.csv", SHA256: strings.Repeat("b", 64), Moment: inputA.Received}
	for n, tt := range []struct {
		rows                              []row
		added, corrected, known, refusals int
	}{
		{[]row{late(2), late(3), broken}, 0, 0, 0, 3},
		{[]row{late(2), late(3), broken}, 0, 0, 0, 3},
		{[]row{corrected, fresh, broken}, 1, 1, 0, 1},
		{[]row{corrected, fresh, broken}, 0, 0, 2, 1},
	} {
		tally, err := db.Ingest(ctx, in, rowsOf(tt.rows...))
		if err != nil || tally.Added != tt.added || tally.Corrected != tt.corrected || tally.Known != tt.known || tally.Clashes != 0 {
			t.Errorf("reading %d: %+v, %v", n+1, tally, err)
		}
		if refused, err := db.Refusals(ctx, []string{in.SHA256}); err != nil || len(refused) != tt.refusals {
			t.Errorf("reading %d: %v, %v", n+1, refused, err)
		}
	}
}

// A run is found by its name, an input by its hash, and the entries that wait stand
// behind those that are chained.
func TestWhatVerifyLooksUp(t *testing.T) {
	db := openTemp(t)
	ctx := t.Context()
	night := time.Date(2026, 3, 5, 2, 0, 0, 0, time.UTC)
	if err := db.StoreRun(ctx, Run{ID: "r1", AsOf: night, Manifest: []byte(`{"seed":1}`)}); err != nil {
		t.Fatal(err)
	}
	run, known, err := db.FindRun(ctx, "r1")
	if diff := cmp.Diff(Run{ID: "r1", AsOf: night, Manifest: []byte(`{"seed":1}`)}, run); diff != "" || !known || err != nil {
		t.Errorf("%v, %v\n%s", known, err, diff)
	}
	if _, known, err := db.FindRun(ctx, "r2"); known || err != nil {
		t.Errorf("a run that there is not: %v, %v", known, err)
	}
	if _, err := db.Ingest(ctx, inputA, rowsOf()); err != nil {
		t.Fatal(err)
	}
	for hash, want := range map[string]bool{inputA.SHA256: true, strings.Repeat("9", 64): false} {
		if has, err := db.HasInput(ctx, hash); has != want || err != nil {
			t.Errorf("input %.4s: %v, %v", hash, has, err)
		}
	}
	if err := db.AuditLater(ctx, entryAt(2, Consultation, "waits")); err != nil {
		t.Fatal(err)
	}
	waits := func() (details []string) {
		t.Helper()
		all, err := db.AuditLogAndWaiting(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range all {
			details = append(details, e.Detail)
		}
		return details
	}
	if diff := cmp.Diff([]string{"waits"}, waits()); diff != "" {
		t.Error(diff)
	}
	if err := db.Audit(ctx, entryAt(3, Collection, "a file")); err != nil {
		t.Fatal(err)
	}
	if err := db.AuditLater(ctx, entryAt(4, Consultation, "waits too")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"waits", "a file", "waits too"}, waits()); diff != "" {
		t.Error(diff)
	}
}

// Each look into a store whose tables are gone says so, and none takes what it cannot
// read for nothing.
func TestEveryLookSaysWhatItCannotRead(t *testing.T) {
	db := openTemp(t)
	ctx := t.Context()
	at := time.Date(2026, 3, 5, 2, 0, 0, 0, time.UTC)
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.ExecContext(ctx, "PRAGMA foreign_keys = off"); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables(t, db) {
		if _, err := conn.ExecContext(ctx, "DROP TABLE "+table); err != nil {
			t.Fatal(table, err)
		}
	}
	conn.Close()
	for name, look := range map[string]func(context.Context) error{
		"AuditLog":           func(ctx context.Context) error { _, err := db.AuditLog(ctx, at, at); return err },
		"AuditMark":          func(ctx context.Context) error { _, err := db.AuditMark(ctx, at); return err },
		"Marked":             func(ctx context.Context) error { _, err := db.Marked(ctx, Mark{Entry: 1, Hash: noHash}); return err },
		"VerifyAudit":        func(ctx context.Context) error { _, _, _, err := db.VerifyAudit(ctx); return err },
		"AuditLogAndWaiting": func(ctx context.Context) error { _, err := db.AuditLogAndWaiting(ctx); return err },
		"NullNights":         func(ctx context.Context) error { _, err := db.NullNights(ctx, at); return err },
		"RiskFit":            func(ctx context.Context) error { _, err := db.RiskFit(ctx, "x", at); return err },
		"StoreRiskFit":       func(ctx context.Context) error { return db.StoreRiskFit(ctx, "x", &risk.Fit{AsOf: at}) },
		"GazetteerNames":     func(ctx context.Context) error { _, err := db.GazetteerNames(ctx, orb.Bound{}); return err },
		"GazetteerSources":   func(ctx context.Context) error { _, err := db.GazetteerSources(ctx); return err },
		"GazetteerIndex":     func(ctx context.Context) error { _, _, err := db.GazetteerIndex(ctx, ""); return err },
		"History":            func(ctx context.Context) error { _, err := db.History(ctx, "R1"); return err },
		"Withdraw":           func(ctx context.Context) error { _, err := db.Withdraw(ctx, "R1", at); return err },
		"Distinguish":        func(ctx context.Context) error { return db.Distinguish(ctx, "R1") },
		"Ingest":             func(ctx context.Context) error { _, err := db.Ingest(ctx, inputA, rowsOf()); return err },
		"SetClock":           func(ctx context.Context) error { _, err := db.SetClock(ctx, at, at); return err },
		"Refusals":           func(ctx context.Context) error { _, err := db.Refusals(ctx, nil); return err },
		"Lines":              func(ctx context.Context) error { _, err := db.Lines(ctx, orb.Bound{}, true); return err },
		"Unlocated":          func(ctx context.Context) error { _, err := db.Unlocated(ctx, "g"); return err },
		"UnlocatedOf":        func(ctx context.Context) error { return lastError(db.UnlocatedOf(ctx, "g", Group{})) },
		"StoreEachMatch": func(ctx context.Context) error {
			return db.StoreEachMatch(ctx, "g", func(func([]Located, error) bool) {})
		},
		"NotLookedUp": func(ctx context.Context) error { _, err := db.NotLookedUp(ctx); return err },
		"EachBrief": func(ctx context.Context) error {
			return eachBrief(ctx, db, at, at, func(*Brief, *Located) error { return nil })
		},
		"LocatedOf":       func(ctx context.Context) error { _, err := db.LocatedOf(ctx, []string{"R1"}, true); return err },
		"Located":         func(ctx context.Context) error { _, err := db.Located(ctx, at, at); return err },
		"BulletinStreets": func(ctx context.Context) error { _, err := db.BulletinStreets(ctx, at, at); return err },
		"Corrected":       func(ctx context.Context) error { _, err := db.Corrected(ctx, at); return err },
		"Older":           func(ctx context.Context) error { _, _, err := db.Older(ctx, at); return err },
		"Offences":        func(ctx context.Context) error { _, err := db.Offences(ctx, nil); return err },
		"Overrides":       func(ctx context.Context) error { _, err := db.Overrides(ctx); return err },
		"UndoOverride":    func(ctx context.Context) error { _, err := db.UndoOverride(ctx, 1, at); return err },
		"Forget":          func(ctx context.Context) error { return db.Forget(ctx, []string{"R1"}) },
		"Kept":            func(ctx context.Context) error { _, err := db.Kept(ctx); return err },
		"Erase":           func(ctx context.Context) error { _, err := db.Erase(ctx, []string{"R1"}, nil); return err },
		"PastSprees":      func(ctx context.Context) error { _, err := db.PastSprees(ctx, at); return err },
		"StoreRun":        func(ctx context.Context) error { return db.StoreRun(ctx, Run{ID: "r", AsOf: at}) },
		"FindRun":         func(ctx context.Context) error { _, _, err := db.FindRun(ctx, "r"); return err },
		"HasInput":        func(ctx context.Context) error { _, err := db.HasInput(ctx, "a"); return err },
		"SpreesBefore":    func(ctx context.Context) error { _, err := db.SpreesBefore(ctx, at); return err },
		"LastRun":         func(ctx context.Context) error { _, err := db.LastRun(ctx); return err },
	} {
		if err := look(ctx); err == nil || !strings.Contains(err.Error(), "no such table") {
			t.Errorf("%s: error %v, want one that says what is not there", name, err)
		}
	}
}

// lastError is the error that a sequence ends with.
func lastError[T any](rows iter.Seq2[T, error]) (err error) {
	for _, err = range rows {
	}
	return err
}
