package night

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/gazetteer"
	"spreewatch/geo"
)

// The past is what was known by the moment, of one offence or of all.
func TestPast(t *testing.T) {
	o := optionsFor(t)
	o.AsOf = nightAfter
	ran(t, o, Reading{Files: []string{file(t, "calls.csv", append(calls[:5:5], "B1,robbery,\"Neville Close, Dereham\",2015-09-16T09:00")...)}})
	ids := func(incidents []cluster.Incident) string {
		var out []string
		for _, in := range incidents {
			out = append(out, in.ID)
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		offence, want string
		asOf          time.Time
	}{
		{"", "B1 C1 C2 C3 C4", nightAfter},
		{"courier-fraud", "C1 C2 C3 C4", nightAfter},
		{"robbery", "B1", nightAfter},
		{"", "B1 C1 C2", time.Date(2015, 9, 16, 11, 0, 0, 0, time.UTC)},
	} {
		o.AsOf = c.asOf
		got, err := Past(t.Context(), o, c.offence)
		if err != nil || ids(got) != c.want {
			t.Errorf("%q as of %v: %q, %v, want %q", c.offence, c.asOf, ids(got), err, c.want)
		}
	}
	if _, err := Past(t.Context(), o, "arson-at-sea"); err == nil || !strings.Contains(data.Hint(err), "courier-fraud, ") {
		t.Errorf("an offence that is none: %v, hint %q", err, data.Hint(err))
	}
	o.Settings = o.Settings.With(Change{Lookback: Span(36 * time.Hour)})
	for offence, got := range o.Settings.Lookbacks() {
		if got != 36*time.Hour {
			t.Errorf("lookback of %s: %v", offence, got)
		}
	}
}

// What is known of the past on a night is what an analysis of that night looks at:
// before a report was corrected, what it said first, and nothing of what was taken back
// since then.
func TestAsKnown(t *testing.T) {
	o := optionsFor(t)
	day := func(n int) time.Time { return nightAfter.AddDate(0, 0, n) }
	for n, rows := range [][]string{
		calls[1:5],
		{"C1,courier-fraud,\"Neville Close, Dereham\",2015-09-16T09:00", "B1,robbery,\"Mill Street, Elsing\",2015-09-17T20:00"},
		{"C1,courier-fraud,\"Norwich Road, Dereham\",2015-09-16T09:30", "C2,robbery,\"Norwich Road, Dereham\",2015-09-16T11:15"},
		{"C3,courier-fraud,Holme Hale,2015-09-16T12:30"},
	} {
		o.AsOf = day(n)
		ran(t, o, Reading{Files: []string{file(t, "night.csv", append(calls[:1:1], rows...)...)}})
	}
	o.AsOf = day(4)
	if found, err := Withdraw(t.Context(), o, "C4"); err != nil || !found {
		t.Fatalf("withdrawn: %t, %v", found, err)
	}
	says := func(incidents []cluster.Incident) string {
		var out []string
		for _, in := range incidents {
			out = append(out, fmt.Sprintf("%s %s %s %.4f", in.ID, in.Offence, in.From.Time().Format("02T15:04"), in.Point))
		}
		slices.Sort(out)
		return strings.Join(out, "\n")
	}
	o.AsOf = day(6)
	all, err := AsKnown(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 9 { // C1 three times, C2 and C3 twice, C4 and B1 once
		t.Errorf("%d tellings of five reports:\n%s", len(all), says(all))
	}
	seen := map[string]bool{}
	for at := day(0).Add(-12 * time.Hour); at.Before(day(6)); at = at.Add(6 * time.Hour) {
		o.AsOf = at
		want, err := Past(t.Context(), o, "")
		if err != nil {
			t.Fatal(err)
		}
		got := slices.DeleteFunc(slices.Clone(all), func(in cluster.Incident) bool { return !in.KnownOn(at) || !in.From.Before(at) })
		if d := cmp.Diff(says(want), says(got)); d != "" {
			t.Errorf("on %s (-looked at by detect, +by a replay):\n%s", at, d)
		}
		seen[says(got)] = true
	}
	if len(seen) < 5 {
		t.Errorf("the nights saw %d pasts", len(seen))
	}
	o.AsOf = day(2) // what was corrected later stands then
	if all, err = AsKnown(t.Context(), o); err != nil || slices.ContainsFunc(all, func(in cluster.Incident) bool { return in.ID == "C3" && !in.Until.IsZero() }) {
		t.Errorf("as of an earlier day: %v\n%s", err, says(all))
	}
}

// Addresses are found as reports are, what a person decided of one first; each in its
// own row, and nothing is stored.
func TestFind(t *testing.T) {
	o := optionsFor(t)
	texts := []string{"Norwich Road, Dereham", "", "Norwich Road, Dereham", "Nowhere Row, Atlantis", "Mill Street, Elsing"}
	incidents := make([]cluster.Incident, len(texts))
	for i := range incidents {
		incidents[i].ID = fmt.Sprint(i)
	}
	incidents[1].Point = orb.Point{0.9, 52.6}
	ids := func(incidents []cluster.Incident) string {
		var out []string
		for _, in := range incidents {
			out = append(out, fmt.Sprintf("%s %.3f", in.ID, in.Point))
		}
		return strings.Join(out, "; ")
	}
	if got, err := Find(t.Context(), o, incidents, texts); !errors.Is(err, ErrNoGazetteer) || ids(got) != "1 [0.900 52.600]" {
		t.Errorf("without a gazetteer: %s, %v", ids(got), err)
	}
	if _, err := os.Stat(o.DB); err == nil {
		t.Error("looking for one made a database")
	}
	files, err := gazetteer.Open([]string{file(t, "streets.csv", "name,locality,lat,lon,kind", "Dereham,,52.681,0.940,place", "Elsing,,52.71,1.03,place",
		"Norwich Road,Dereham,52.6810,0.9500,street", "Mill Street,Elsing,52.7100,1.0350,street")}, gazetteer.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if _, err := ImportGazetteers(t.Context(), o, files); err != nil {
		t.Fatal(err)
	}
	before := dump(t, o.DB)
	got, err := Find(t.Context(), o, incidents, texts)
	if want := "0 [0.950 52.681]; 1 [0.900 52.600]; 2 [0.950 52.681]; 4 [1.035 52.710]"; err != nil || ids(got) != want {
		t.Errorf("%s, %v, want %s", ids(got), err, want)
	}
	if got[0].Level != geo.LevelStreet || got[0].PlaceName != "Dereham" || got[0].RadiusM <= 0 || got[0].Confidence < .5 {
		t.Errorf("%+v", got[0])
	}
	if diff := cmp.Diff(before, dump(t, o.DB)); diff != "" {
		t.Errorf("the database changed:\n%s", diff)
	}
	o.Settings.Detect.MinLevel = "address"
	if got, err := Find(t.Context(), o, incidents, texts); err != nil || ids(got) != "1 [0.900 52.600]" {
		t.Errorf("under the least level: %s, %v", ids(got), err)
	}
	if got, err := Find(t.Context(), o, incidents[1:2], texts[1:2]); err != nil || len(got) != 1 {
		t.Errorf("nothing to find: %s, %v", ids(got), err)
	}
}

// Settings that are tried find what detect finds, and leave nothing behind.
func TestTry(t *testing.T) {
	o := optionsFor(t)
	o.AsOf = nightAfter
	ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}})
	before := dump(t, o.DB)
	out, err := Try(t.Context(), o)
	if err != nil || len(out.Sprees) != 1 || !slices.Contains(out.Sprees[0].Incidents, "C1") {
		t.Errorf("%d sprees, %v", len(out.Sprees), err)
	}
	early := o
	early.AsOf = nightAfter.Add(-24 * time.Hour)
	if out, err = Try(t.Context(), early); err != nil || len(out.Sprees) != 0 {
		t.Errorf("the night before: %d sprees, %v", len(out.Sprees), err)
	}
	if diff := cmp.Diff(before, dump(t, o.DB)); diff != "" {
		t.Errorf("the database changed:\n%s", diff)
	}
}

// A calibration says how much history there is, and keeps the nights that it made.
func TestCalibrate(t *testing.T) {
	o := optionsFor(t)
	o.AsOf = nightAfter
	ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}})
	c, err := Calibrate(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Calibrate(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.Calibration, again.Calibration); diff != "" {
		t.Errorf("the second time (-first +second):\n%s", diff)
	}
	if c.Calibration.Calibrated {
		t.Error("five reports are said to be history enough")
	}
}

// A gazetteer that grew old is something to see to.
func TestDoctorOfAGazetteer(t *testing.T) {
	o := optionsFor(t)
	o.AsOf, o.Now = nightAfter, nightAfter.Add(time.Hour)
	files, err := gazetteer.Open([]string{file(t, "streets.csv", "name,locality,lat,lon,kind", "Dereham,,52.681,0.940,place", "Norwich Road,Dereham,52.6810,0.9500,street")}, gazetteer.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	if _, err := ImportGazetteers(t.Context(), o, files); err != nil {
		t.Fatal(err)
	}
	says := func() string {
		for _, h := range Doctor(t.Context(), o, "") {
			if h.What == "gazetteer" {
				return h.State.String() + ": " + h.Says
			}
		}
		return ""
	}
	if got := says(); got != "well: 2 entries of 1 source" {
		t.Errorf("new: %s", got)
	}
	o.Now = o.Now.AddDate(0, 0, 201)
	if got := says(); got != "see to: 2 entries, imported 201 days ago" {
		t.Errorf("old: %s", got)
	}
	log, err := AuditLog(t.Context(), o, time.Time{}, o.Now)
	if err != nil || len(log) != 1 || log[0].What != data.Alteration || !strings.HasPrefix(log[0].Detail, "gazetteer streets") {
		t.Errorf("the import is logged as %+v, %v", log, err)
	}
}

// A verb that has nothing to put into a database makes none, and says so.
func TestNoDatabase(t *testing.T) {
	o := optionsFor(t)
	for name, verb := range map[string]func() error{
		"past":      func() error { _, err := Past(t.Context(), o, ""); return err },
		"as known":  func() error { _, err := AsKnown(t.Context(), o); return err },
		"try":       func() error { _, err := Try(t.Context(), o); return err },
		"calibrate": func() error { _, err := Calibrate(t.Context(), o); return err },
		"detect":    func() error { _, err := Detect(t.Context(), o); return err },
		"plan":      func() error { _, err := Plan(t.Context(), o); return err },
		"export":    func() error { _, err := Export(t.Context(), o, Writing{Dir: t.TempDir()}); return err },
		"review":    func() error { _, err := Review(t.Context(), o); return err },
		"verify":    func() error { _, err := Verify(t.Context(), o, ""); return err },
		"verify run": func() error {
			_, err := VerifyRun(t.Context(), o, "20150917T0200-00000000")
			return err
		},
		"audit verify": func() error { _, err := VerifyAudit(t.Context(), o, ""); return err },
		"audit export": func() error { _, err := AuditLog(t.Context(), o, time.Time{}, o.Now); return err },
		"backup":       func() error { return Backup(t.Context(), o, t.TempDir()+"/b.age", nil) },
		"purge":        func() error { _, err := PurgePreview(t.Context(), o); return err },
		"purge now":    func() error { _, err := PurgeNow(t.Context(), o, t.TempDir()+"/c.json", true); return err },
		"risk":         func() error { _, err := FitRisk(t.Context(), o, true); return err },
		"report":       func() error { _, err := Report(t.Context(), o, "C1"); return err },
		"withdraw":     func() error { _, err := Withdraw(t.Context(), o, "C1"); return err },
		"decide":       func() error { return Decide(t.Context(), o, "C1", Decision{Accept: true}, "ann") },
	} {
		if err := verb(); err == nil || err.Error() != "there is no database night.db" || data.Hint(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
