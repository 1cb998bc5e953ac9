package night

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/data"
	"spreewatch/data/export"
)

func TestVerify(t *testing.T) {
	o := optionsFor(t)
	o.AsOf, o.Who = nightAfter, "ann"
	dir := t.TempDir()
	if _, err := Run(t.Context(), o, Reading{Files: []string{file(t, "calls.csv", calls...)}}, Writing{Dir: dir, For: "the night shift"}); err != nil {
		t.Fatal(err)
	}
	v, err := Verify(t.Context(), o, dir)
	if err != nil || len(v.Findings) != 0 || v.Outputs != 22 || v.Entries != 4 || len(v.Head) != 64 || v.Run == "" {
		t.Errorf("%+v, %v", v, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "sprees.geojson"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "review.csv")); err != nil {
		t.Fatal(err)
	}
	v, err = Verify(t.Context(), o, dir)
	if diff := cmp.Diff([]string{"sprees.geojson is not as it was written", "review.csv is missing"}, v.Findings); diff != "" || err != nil || v.Outputs != 20 {
		t.Errorf("%d outputs, %v\n%s", v.Outputs, err, diff)
	}
	if err := os.WriteFile(filepath.Join(dir, "run.json"), []byte(`{"outputs":[{"name":"../x"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if v, err := Verify(t.Context(), o, dir); err != nil || len(v.Findings) != 1 || !strings.Contains(v.Findings[0], "outside its folder") {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := Verify(t.Context(), o, t.TempDir()); err == nil {
		t.Error("a folder without a manifest is well")
	}
}

// Every act is logged with who did it, and a reader's is chained by the next
// writer.
func TestAuditOfANight(t *testing.T) {
	o := optionsFor(t)
	o.AsOf, o.Who = nightAfter, "ann"
	if _, err := Run(t.Context(), o, Reading{Files: []string{file(t, "calls.csv", calls...)}}, Writing{Dir: t.TempDir(), For: "the night shift"}); err != nil {
		t.Fatal(err)
	}
	o.Who = "bob"
	if _, err := Review(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, err := Plan(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, err := Export(t.Context(), o, Writing{Dir: t.TempDir(), Audience: "public"}); err != nil {
		t.Fatal(err)
	}
	if err := Decide(t.Context(), o, "C5", Decision{Accept: true}, "bob"); err != nil {
		t.Fatal(err)
	}
	entries, err := AuditLog(t.Context(), o, time.Time{}, o.Now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		detail, _, _ := strings.Cut(e.Detail, " of ")
		detail, _, _ = strings.Cut(detail, " as ") // the name of the public's run
		if strings.HasPrefix(detail, "input ") {
			detail = "input"
		}
		detail, _, _ = strings.Cut(detail, " in gazetteer")
		got = append(got, e.Who+": "+string(e.What)+": "+detail)
	}
	want := []string{"ann: collection: input", "ann: combination: 5 reports looked up", "ann: combination: 5 reports analysed", "ann: disclosure: for supervisor: the night shift",
		"bob: consultation: the list", "bob: consultation: the plan", "bob: disclosure: for public", "bob: alteration: 1 decision on where a report is"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
	if v, err := VerifyAudit(t.Context(), o, ""); err != nil || len(v.Findings) != 0 || v.Entries != 8 {
		t.Errorf("%+v, %v", v, err)
	}
}

func TestDoctor(t *testing.T) {
	o := optionsFor(t)
	states := func() map[string]State {
		out := map[string]State{}
		for _, h := range Doctor(t.Context(), o, "") {
			out[h.What] = h.State
		}
		return out
	}
	if got := states(); got["database"] != Unusable {
		t.Errorf("without a database: %v", got)
	}
	o.AsOf, o.Now = nightAfter, nightAfter.Add(time.Hour)
	ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}})
	want := map[string]State{"settings": Well, "disk": Well, "database": Well, "audit log": Well, "gazetteer": SeeTo, "last run": Well}
	got := states()
	got["disk"] = Well // whatever room this machine has
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("after a night (-want +got):\n%s", diff)
	}
	o.Now = nightAfter.Add(37 * time.Hour)
	if got := states(); got["last run"] != SeeTo {
		t.Errorf("a night was missed: %v", got)
	}
	o.Now = nightAfter.Add(-2 * time.Hour)
	if got := states(); got["clock"] != SeeTo {
		t.Errorf("the clock was moved back: %v", got)
	}
	if err := os.WriteFile(o.DB, []byte("something else, long enough to be told from a database that is not there yet"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := states(); got["database"] != Unusable {
		t.Errorf("a database that is none: %v", got)
	}
}

// The second night's manifest names an entry about the first; where the log does
// not have it, the folder tells. The night done again has the same bytes, and the
// public is told nothing of the log.
func TestManifestNamesAnEntryOfTheLog(t *testing.T) {
	o := optionsFor(t)
	o.AsOf, o.Who = nightAfter, "ann"
	calls := Reading{Files: []string{file(t, "calls.csv", calls...)}}
	ran(t, o, calls)
	o.AsOf = nightAfter.Add(24 * time.Hour)
	dir := t.TempDir()
	for range 2 {
		out, err := Run(t.Context(), o, calls, Writing{Dir: dir, Audience: export.AudienceAnalyst})
		if err != nil || out.Run.Audit.Entry != 3 || len(out.Run.Audit.Hash) != 64 {
			t.Fatalf("the night rests on %+v, %v; want the first entry about the night before, the third", out.Run.Audit, err)
		}
	}
	if v, err := Verify(t.Context(), o, dir); err != nil || len(v.Findings) != 0 {
		t.Errorf("%+v, %v", v, err)
	}
	public, err := Export(t.Context(), o, Writing{Dir: t.TempDir(), Audience: export.AudiencePublic})
	if err != nil || strings.Contains(string(public.Manifest), `"audit"`) {
		t.Errorf("%v: the public's manifest holds\n%s", err, public.Manifest)
	}
	text, err := os.ReadFile(filepath.Join(dir, "run.json"))
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(string(text), `"entry": 3`, `"entry": 2`, 1)
	if err := os.WriteFile(filepath.Join(dir, "run.json"), []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	v, err := Verify(t.Context(), o, dir)
	if diff := cmp.Diff([]string{"entry 2 of the audit log is not the one that run.json names"}, v.Findings); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// What alters or shows reports in any other way is logged too.
func TestAuditOfTheRest(t *testing.T) {
	o := optionsFor(t)
	o.AsOf, o.Who = nightAfter, "ann"
	ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}})
	if err := Decide(t.Context(), o, "C5", Decision{Accept: true}, "ann"); err != nil {
		t.Fatal(err)
	}
	o.Now = o.Now.Add(time.Minute)
	since := o.Now
	for want, act := range map[string]func() error{
		"consultation: the history of a report":     func() error { _, err := Report(t.Context(), o, "C1"); return err },
		"alteration: a report withdrawn":            func() error { _, err := Withdraw(t.Context(), o, "C1"); return err },
		"consultation: the decisions":               func() error { _, err := Decisions(t.Context(), o); return err },
		"alteration: decision 1 taken back":         func() error { return Undo(t.Context(), o, 1) },
		"consultation: what the reports are called": func() error { _, err := Offences(t.Context(), o); return err },
		"consultation: where the reports are":       func() error { _, _, err := Locate(t.Context(), o); return err },
		"consultation: the past as a whole":         func() error { _, err := Past(t.Context(), o, ""); return err },
		"consultation: settings tried":              func() error { _, err := Try(t.Context(), o); return err },
		"alteration: a report told from another":    func() error { return Distinguish(t.Context(), o, "C2") },
	} {
		if err := act(); err != nil {
			t.Errorf("%s: %v", want, err)
		}
		if _, err := PurgeNow(t.Context(), o, filepath.Join(t.TempDir(), "none.json"), true); err != nil { // a writer chains what waits
			t.Fatal(err)
		}
		log, err := AuditLog(t.Context(), o, since, o.Now.Add(time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(log, func(e data.Entry) bool { return string(e.What)+": "+e.Detail == want && e.Who == "ann" }) {
			t.Errorf("%s: not in the log: %v", want, log)
		}
	}
}
