package night

import (
	"database/sql"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/gazetteer"
)

// twoNights runs a night, and the next one with a correction and a late report, and
// returns the first with the options to look at it later.
func twoNights(t *testing.T, audience export.Audience) (Options, Outcome) {
	t.Helper()
	o := optionsFor(t)
	o.AsOf, o.Now, o.Who = nightAfter, nightAfter.Add(time.Hour), "ann"
	dir := t.TempDir()
	first, err := Run(t.Context(), o, Reading{Files: []string{file(t, "calls.csv", append(slices.Clone(calls), "X1,robbery,somewhere,no time at all")...)}}, Writing{Dir: dir, Audience: audience})
	if err != nil {
		t.Fatal(err)
	}
	o.AsOf, o.Now = nightAfter.Add(24*time.Hour), nightAfter.Add(25*time.Hour)
	ran(t, o, Reading{Files: []string{file(t, "late.csv", calls[0], "C4,courier-fraud,\"Neville Close, Dereham\",2015-09-16T13:45", "C6,courier-fraud,\"Norwich Road, Dereham\",2015-09-17T14:00")}})
	return o, first
}

// A past run comes out the same to the byte after later nights, under settings that
// were changed since; nothing is left beside the database.
func TestVerifyRun(t *testing.T) {
	for _, audience := range []export.Audience{export.AudienceAnalyst, export.AudienceSupervisor, export.AudiencePublic} {
		o, first := twoNights(t, audience)
		o.Settings.Detect.Lookback, o.Settings.Scan.Replicates, o.Settings.Patrol.PerShift, o.Seed, o.Zone = Span(time.Hour), 19, 1, 77, time.UTC
		v, err := VerifyRun(t.Context(), o, first.Run.RunID)
		if err != nil || len(v.Findings) > 0 || v.Outputs != len(first.Run.Outputs) || v.Outputs < 4 {
			t.Errorf("%s: %+v, %v", audience, v, err)
		}
		left, err := filepath.Glob(filepath.Join(filepath.Dir(o.DB), ".spreewatch-again-*"))
		if err != nil || len(left) > 0 {
			t.Errorf("%s: left: %v, %v", audience, left, err)
		}
	}
}

// Where a past run cannot be made again, what is gone is named.
func TestVerifyRunNames(t *testing.T) {
	for _, c := range []struct {
		name, want string
		do         func(t *testing.T, o Options)
	}{
		{"a decision", "after the run, on 2015-09-18: alteration, 1 decision on where a report is", func(t *testing.T, o Options) {
			if err := Decide(t.Context(), o, "C2", Decision{Point: &orb.Point{0.95, 52.69}}, "bob"); err != nil {
				t.Fatal(err)
			}
		}},
		{"a purge", "erasure, 6 reports past their retention (entry ", func(t *testing.T, o Options) {
			o.Settings.Retain.Keep, o.Now = Span(24*time.Hour), o.Now.AddDate(1, 0, 0)
			for name, p := range o.Settings.Offences {
				p.Keep = 0
				o.Settings.Offences[name] = p
			}
			if p, err := PurgeNow(t.Context(), o, filepath.Join(t.TempDir(), "purge.json"), true); err != nil || p.Reports != 6 {
				t.Fatalf("%+v, %v", p, err)
			}
		}},
		{"an input", "input calls.csv (", func(t *testing.T, o Options) {
			tamper(t, o.DB, "DELETE FROM refused", "UPDATE input SET sha256 = replace(hex(zeroblob(32)), '00', 'ab') WHERE source = 'calls.csv'")
		}},
		{"another program", "it was run by spreewatch ?, and this is v2", nil},
	} {
		o, first := twoNights(t, export.AudienceAnalyst)
		if o.Now = o.Now.Add(time.Hour); c.do != nil {
			c.do(t, o)
		} else {
			o.Versions.Spreewatch = "v2"
			tamper(t, o.DB, "UPDATE run SET manifest = json_set(manifest, '$.tallies.read', 99)")
		}
		o.Now = o.Now.AddDate(2, 0, 0)
		v, err := VerifyRun(t.Context(), o, first.Run.RunID)
		if err != nil || !slices.ContainsFunc(v.Findings, func(f string) bool { return strings.Contains(f, c.want) }) {
			t.Errorf("%s: %+v, %v, want %q", c.name, v, err, c.want)
		}
	}
}

// Two runs within one minute are two, and each can be done again.
func TestVerifyRunOfTheSameMinute(t *testing.T) {
	o := optionsFor(t)
	o.AsOf, o.Now = nightAfter.Add(10*time.Second), nightAfter.Add(time.Hour)
	first := ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}})
	o.AsOf = o.AsOf.Add(3 * time.Second)
	second := ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}})
	if first.Run.RunID == second.Run.RunID {
		t.Errorf("both are %s", first.Run.RunID)
	}
	for _, id := range []string{first.Run.RunID, second.Run.RunID} {
		if v, err := VerifyRun(t.Context(), o, id); err != nil || len(v.Findings) > 0 {
			t.Errorf("run %s: %+v, %v", id, v, err)
		}
	}
}

// A gazetteer that was replaced since is named.
func TestVerifyRunWithoutItsGazetteer(t *testing.T) {
	o := optionsFor(t)
	o.AsOf, o.Now = nightAfter, nightAfter.Add(time.Hour)
	rows := []string{"name,locality,lat,lon,kind", "Dereham,,52.681,0.940,place", "Norwich Road,Dereham,52.6810,0.9500,street", "Elsing,,52.71,1.03,place", "Mill Street,Elsing,52.7100,1.0350,street"}
	in := func(rows []string) {
		t.Helper()
		files, err := gazetteer.Open([]string{file(t, "streets.csv", rows...)}, gazetteer.DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		defer files.Close()
		if _, err := ImportGazetteers(t.Context(), o, files); err != nil {
			t.Fatal(err)
		}
	}
	in(rows)
	first := ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}})
	if v, err := VerifyRun(t.Context(), o, first.Run.RunID); err != nil || len(v.Findings) > 0 {
		t.Errorf("before: %+v, %v", v, err)
	}
	in(append(rows[:4:4], "Mill Street,Elsing,52.7200,1.0450,street"))
	o.AsOf = nightAfter.Add(24 * time.Hour)
	ran(t, o, Reading{Files: []string{file(t, "none.csv", calls[0])}})
	v, err := VerifyRun(t.Context(), o, first.Run.RunID)
	if err != nil || len(v.Findings) < 2 || !strings.HasPrefix(v.Findings[0], "gazetteer streets") || !strings.HasSuffix(v.Findings[0], "is gone") {
		t.Errorf("after: %+v, %v", v, err)
	}
}

func TestVerifyRunRefuses(t *testing.T) {
	o, _ := twoNights(t, export.AudienceAnalyst)
	if _, err := VerifyRun(t.Context(), o, "20150917T0200-00000000"); err == nil || data.Hint(err) == "" {
		t.Errorf("a run that is not: %v", err)
	}
	o.AsOf = nightAfter.Add(5 * time.Hour)
	if _, err := Detect(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyRun(t.Context(), o, runIDOf(t, o)); err == nil || !strings.Contains(err.Error(), "wrote no folder") {
		t.Errorf("a run without a folder: %v", err)
	}
}

// runIDOf is the name of the run that was stored last.
func runIDOf(t *testing.T, o Options) string {
	t.Helper()
	db, err := sql.Open("sqlite3", o.DB)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var id string
	if err := db.QueryRow("SELECT id FROM run ORDER BY rowid DESC LIMIT 1").Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

// tamper changes the database behind the program's back.
func tamper(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range append([]string{"DROP TRIGGER IF EXISTS audit_stays", "DROP TRIGGER IF EXISTS audit_is_as_it_was"}, statements...) {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// A log whose end was cut off is well in itself: the runs in the database show it,
// and where these were cut too, the folder.
func TestCutTail(t *testing.T) {
	night := func(audience export.Audience) (Options, string) {
		o := optionsFor(t)
		o.AsOf = nightAfter
		dir := t.TempDir()
		if _, err := Run(t.Context(), o, Reading{Files: []string{file(t, "calls.csv", calls...)}}, Writing{Dir: dir, Audience: audience, For: "the night shift"}); err != nil {
			t.Fatal(err)
		}
		return o, dir
	}
	findings := func(o Options, dir string) int {
		t.Helper()
		v, err := VerifyAudit(t.Context(), o, dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range v.Findings {
			if !strings.Contains(f, "its end was cut off") {
				t.Errorf("finding %q", f)
			}
		}
		return len(v.Findings)
	}
	for _, audience := range []export.Audience{export.AudienceSupervisor, export.AudiencePublic} {
		o, dir := night(audience)
		if n := findings(o, dir); n != 0 {
			t.Fatalf("%s: %d findings before", audience, n)
		}
		tamper(t, o.DB, "DELETE FROM audit WHERE run <> ''")
		if n := findings(o, ""); n != 1 {
			t.Errorf("%s: the end cut off: %d findings by the database alone", audience, n)
		}
		tamper(t, o.DB, "DELETE FROM run")
		if n := findings(o, ""); n != 0 {
			t.Errorf("%s: and the run: %d findings by the database alone", audience, n)
		}
		if n := findings(o, dir); n != 1 {
			t.Errorf("%s: and the run: %d findings by the folder", audience, n)
		}
	}
}
