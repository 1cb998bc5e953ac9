package night

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/intake"
	"spreewatch/geo"
	"spreewatch/geo/index"
	"spreewatch/geo/locate"
)

// optionsFor are those of a night with a database of its own, the settings that
// ship and the clock at noon of 20 September 2015.
func optionsFor(t testing.TB) Options {
	t.Helper()
	var settings Settings
	if err := decodeSettings(DefaultSettings, &settings); err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return Options{DB: filepath.Join(t.TempDir(), "night.db"), Settings: settings, Zone: zone, Seed: 1, Now: time.Date(2015, 9, 20, 11, 0, 0, 0, time.UTC)}
}

// file writes the lines to a file.
func file(t *testing.T, name string, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// calls are five invented calls about a bogus courier, of which the last is
// located to its village alone.
var calls = []string{
	"ref,offence,location,from",
	"C1,courier-fraud,\"Mill Street, Elsing\",2015-09-16T10:15",
	"C2,courier-fraud,\"Norwich Road, Dereham\",2015-09-16T11:15",
	"C3,courier-fraud,\"Wallace Close, Dereham\",2015-09-16T12:30",
	"C4,courier-fraud,\"Shipdham Road, Dereham\",2015-09-16T13:45",
	"C5,courier-fraud,Holme Hale,2015-09-16T14:15",
}

func ran(t *testing.T, o Options, r Reading) Outcome {
	t.Helper()
	out, err := Run(t.Context(), o, r, Writing{Dir: t.TempDir(), Audience: export.AudienceAnalyst})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var nightAfter = time.Date(2015, 9, 17, 1, 0, 0, 0, time.UTC)

// matchOf returns where the report was found.
func matchOf(t *testing.T, o Options, ref string) geo.Match {
	t.Helper()
	all, _, err := Locate(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		if l.Ref == ref {
			return l.Match
		}
	}
	t.Fatalf("no report %s", ref)
	return geo.Match{}
}

// namesakes is a gazetteer with a street of one name in two towns 40 km apart,
// and a second street in the first.
func namesakes(t *testing.T) *locate.Locator {
	t.Helper()
	street := func(id, name, town string, lon, lat float64) index.Entry {
		return index.Entry{ID: id, Kind: index.KindStreet, Name: name, Locality: town, Point: orb.Point{lon, lat}, Source: "test"}
	}
	place := func(id, name string, lon, lat float64) index.Entry {
		return index.Entry{ID: id, Kind: index.KindPlace, Name: name, Point: orb.Point{lon, lat}, ExtentM: 1500, Source: "test"}
	}
	entries := []index.Entry{
		place("p1", "Westham", 0.4, 52.7), place("p2", "Eastham", 1.0, 52.7),
		street("s1", "Tanner Lane", "Westham", 0.401, 52.7), street("s2", "Tanner Lane", "Eastham", 1.001, 52.7),
		street("s3", "Fuller Row", "Eastham", 1.003, 52.701),
	}
	x, err := index.New(func(yield func(index.Entry) bool) {
		for _, e := range entries {
			if !yield(e) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return locate.New(x)
}

func TestReportsOfABulletinSettleEachOther(t *testing.T) {
	x := namesakes(t)
	reports := []data.Report{{Ref: "a", Location: "Fuller Row, Eastham"}, {Ref: "b", Location: "Tanner Lane"}}
	if got := locateGroup(x, reports, locate.Context{}, nil)[1].Match; got.Level != geo.LevelAmbiguous {
		t.Errorf("rows of a table: %s at %v, want ambiguous", got.Level, got.Point)
	}
	for i := range reports {
		reports[i].Bulletin = true
	}
	if got := locateGroup(x, reports, locate.Context{}, nil)[1].Match; got.Level != geo.LevelStreet || got.Locality != "Eastham" {
		t.Errorf("beside a street of Eastham: %s in %q, want the street in Eastham", got.Level, got.Locality)
	}
	alone := []data.Report{{Ref: "b", Location: "Tanner Lane", Bulletin: true}}
	if got := locateGroup(x, alone, locate.Context{}, nil)[0].Match; got.Level != geo.LevelAmbiguous {
		t.Errorf("alone in its bulletin: %s, want ambiguous", got.Level)
	}
}

// A person's decision goes before the source's coordinates, and these before the
// gazetteer.
func TestWhoDecidesWhereAReportIs(t *testing.T) {
	x := namesakes(t)
	given, decided := orb.Point{0.5, 52.5}, orb.Point{0.6, 52.6}
	reports := []data.Report{{Ref: "a", Location: "Fuller Row, Eastham"}, {Ref: "b", Location: "Fuller Row, Eastham", Point: &given}}
	for i, want := range []orb.Point{{1.003, 52.701}, given} {
		if got := locateGroup(x, reports, locate.Context{}, nil)[i].Match.Point; geo.Distance(got, want) > 1 {
			t.Errorf("report %d without a decision at %v, want %v", i, got, want)
		}
	}
	// A source that says how well it knows the place is believed.
	for within, want := range map[float64]float64{0: geo.GivenRadiusM, 10: 10, 1: 1} {
		reports[1].WithinM = within
		if got := locateGroup(x, reports, locate.Context{}, nil)[1].Match; got.RadiusM != want || got.Level != geo.LevelAddress {
			t.Errorf("within %g m: %s within %g m, want %g", within, got.Level, got.RadiusM, want)
		}
	}
	overrides := map[string]data.Override{"fuller row eastham": {Match: geo.Match{Level: geo.LevelAddress, Point: decided, Rule: ruleDecided}}}
	for i := range reports {
		if got := locateGroup(x, reports, locate.Context{}, overrides)[i].Match; got.Point != decided {
			t.Errorf("report %d with a decision at %v by %q, want %v", i, got.Point, got.Rule, decided)
		}
	}
}

func TestDecisionHoldsForEveryReportOfTheText(t *testing.T) {
	o := optionsFor(t)
	path := file(t, "rows.csv", "ref,location,from", "A1,Neville Close,2015-09-16T10:00", "A2,NEVILLE  CLOSE,2015-09-16T11:00", "A3,\"Mill Street, Elsing\",2015-09-16T12:00")
	if _, err := Ingest(t.Context(), o, Reading{Files: []string{path}}); err != nil {
		t.Fatal(err)
	}
	before := matchOf(t, o, "A3")
	at := orb.Point{0.948, 52.6636}
	if err := Decide(t.Context(), o, "A1", Decision{Point: &at}, "ann"); err != nil {
		t.Fatal(err)
	}
	for _, ref := range []string{"A1", "A2"} {
		if m := matchOf(t, o, ref); m.Point != at || m.Rule != ruleDecided {
			t.Errorf("%s at %v by %q", ref, m.Point, m.Rule)
		}
	}
	if after := matchOf(t, o, "A3"); after.Point != before.Point || after.Rule != before.Rule {
		t.Errorf("another text was moved to %v by %q", after.Point, after.Rule)
	}
}

func TestDecisionOutsideTheArea(t *testing.T) {
	o := optionsFor(t)
	o.Settings.Area.Bounds = []float64{0.15, 52.35, 1.75, 52.99}
	path := file(t, "rows.csv", "ref,location,from", "A1,nowhere known,2015-09-16T10:00")
	if _, err := Ingest(t.Context(), o, Reading{Files: []string{path}}); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		d     Decision
		wrong string
	}{
		{"outside", Decision{Point: &orb.Point{-0.12, 51.5}}, "outside the force area"},
		{"off the globe", Decision{Point: &orb.Point{0.5, 95}}, "out of range"},
		{"nothing to accept", Decision{Accept: true}, "nothing was found"},
		{"no candidate", Decision{Candidate: 1}, "no candidate 1"},
		{"none", Decision{}, "want one of"},
		{"two", Decision{Reject: true, Accept: true}, "want one of"},
		{"inside", Decision{Point: &orb.Point{0.94, 52.68}}, ""},
	} {
		err := Decide(t.Context(), o, "A1", tt.d, "ann")
		if tt.wrong == "" && err != nil || tt.wrong != "" && (err == nil || !strings.Contains(err.Error(), tt.wrong)) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.wrong)
		}
	}
	if err := Decide(t.Context(), o, "A9", Decision{Reject: true}, "ann"); err == nil || !strings.Contains(err.Error(), `no report "A9"`) {
		t.Errorf("a report that there is not: %v", err)
	}
}

func TestReadRefusesWhatLiesOutsideTheArea(t *testing.T) {
	o := optionsFor(t)
	o.Settings.Area.Bounds = []float64{0.15, 52.35, 1.75, 52.99}
	path := file(t, "rows.csv", "ref,location,from,lat,lon", "A1,here,2015-09-16T10:00,52.68,0.94", "A2,there,2015-09-16T10:00,51.5,-0.12")
	in, err := Ingest(t.Context(), o, Reading{Files: []string{path}})
	if err != nil || in[0].Added != 1 || in[0].Refused != 1 {
		t.Errorf("%+v, %v: want one taken and one refused", in, err)
	}
}

// Who is matched less well than the least level enters neither spree nor plan.
func TestLeastLevelOfThePlan(t *testing.T) {
	for _, level := range []string{"place", "street"} {
		o := optionsFor(t)
		o.AsOf, o.Settings = nightAfter, o.Settings.With(Change{MinLevel: level})
		o.Settings.Geocode.MinConfidence = 0.6 // the dropped saint of Andrews Close counts
		out := ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}})
		if len(out.Sprees) != 1 || len(out.Suggestions) == 0 {
			t.Fatalf("%s: %d sprees, %d suggestions", level, len(out.Sprees), len(out.Suggestions))
		}
		behind := map[string]bool{}
		for _, s := range out.Suggestions {
			for _, id := range s.Incidents {
				behind[id] = true
			}
		}
		if behind["C5"] != (level == "place") || !behind["C1"] {
			t.Errorf("%s: %v are behind the plan", level, behind)
		}
	}
}

func TestMoment(t *testing.T) {
	o := optionsFor(t)
	received := func(day int) Reading {
		return Reading{Intake: intake.Options{Received: time.Date(2015, 9, day, 0, 0, 0, 0, o.Zone)}}
	}
	for _, tt := range []struct {
		name string
		r    Reading
		want string
	}{
		{"now", Reading{}, "2015-09-20T11:00:00Z"},
		{"the end of the day of receipt", received(17), "2015-09-17T23:00:00Z"},
		{"received today, which has not ended", received(20), "2015-09-20T11:00:00Z"},
		{"the sample's own night", Reading{Sample: true}, "2015-09-17T01:00:00Z"},
	} {
		if got := o.moment(tt.r).UTC().Format(time.RFC3339); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
	out := ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}, Intake: received(16).Intake})
	if got := out.AsOf.Format(time.RFC3339); got != "2015-09-16T23:00:00Z" {
		t.Errorf("a run of reports received on the 16th is as of %s", got)
	}
	if o.AsOf = nightAfter; o.asOf(o.Now) != nightAfter {
		t.Error("the options' moment does not go first")
	}
}

func TestStale(t *testing.T) {
	for _, tt := range []struct {
		name string
		asOf time.Time
		want Stale
	}{
		{"its own night", nightAfter, Stale{History: 365 * 24 * time.Hour}},
		{"two days on", nightAfter.AddDate(0, 0, 2), Stale{History: 365 * 24 * time.Hour, Age: 58*time.Hour + 45*time.Minute, Try: nightAfter}},
		{"before it", nightAfter.AddDate(0, 0, -1), Stale{History: 365 * 24 * time.Hour, After: true, Try: nightAfter}},
		{"years on", nightAfter.AddDate(2, 0, 0), Stale{History: 365 * 24 * time.Hour, Older: 1, Age: (365+366)*24*time.Hour + 10*time.Hour + 45*time.Minute, Try: nightAfter}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := optionsFor(t)
			o.AsOf, o.Now = tt.asOf, nightAfter.AddDate(3, 0, 0)
			o.Settings.Detect.History = Span(365 * 24 * time.Hour)
			for name, p := range o.Settings.Offences {
				p.Lookback = Span(24 * time.Hour)
				o.Settings.Offences[name] = p
			}
			got := ran(t, o, Reading{Files: []string{file(t, "one.csv", calls[0], "C4,courier-fraud,\"Shipdham Road, Dereham\",2015-09-16T15:15")}}).Stale
			if !got.Try.Equal(tt.want.Try) {
				t.Errorf("try %v, want %v", got.Try, tt.want.Try)
			}
			got.Try, tt.want.Try = time.Time{}, time.Time{}
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
	o := optionsFor(t)
	o.AsOf = nightAfter
	if out := ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}}); len(out.Sprees) != 1 || out.Stale != (Stale{}) {
		t.Errorf("%d sprees and %+v: a night with a spree needs no such word", len(out.Sprees), out.Stale)
	}
}

// The tallies count what each file held: a repeat in the file and a report that
// the night before brought are duplicates, a clash is refused.
func TestTallies(t *testing.T) {
	o := optionsFor(t)
	o.AsOf = nightAfter
	first := ran(t, o, Reading{Files: []string{file(t, "calls.csv", append(calls, calls[1], "C2,courier-fraud,\"Mill Street, Elsing\",2015-09-16T11:15")...)}})
	tallies := first.Run.Tallies
	if tallies.Read != 7 || tallies.Duplicates != 1 || tallies.Rejected != 1 || tallies.Levels.Total() != 5 || tallies.Located != 5 || tallies.Incidents != 5 {
		t.Errorf("the first night: %+v", tallies)
	}
	again := ran(t, o, Reading{Files: []string{file(t, "more.csv", calls[0], calls[1], "D1,courier-fraud,nowhere known,2015-09-16T16:00")}})
	tallies = again.Run.Tallies
	if tallies.Read != 2 || tallies.Duplicates != 1 || tallies.Incidents != 5 || tallies.Levels.Total() != 1 || tallies.Levels[geo.LevelNone] != 1 {
		t.Errorf("the file after: %+v", tallies)
	}
	if tallies.Review != 2 { // the village is unsure, "unknown" is nowhere; the clash was the other file's
		t.Errorf("%d rows to review", tallies.Review)
	}
}

// A run is named by its moment, reports and settings: what shapes the answer
// changes the name, and nothing else does.
func TestRunID(t *testing.T) {
	path := file(t, "calls.csv", calls...)
	id := func(change func(*Options)) string {
		o := optionsFor(t)
		o.AsOf = nightAfter
		if change != nil {
			change(&o)
		}
		return ran(t, o, Reading{Files: []string{path}}).Run.RunID
	}
	want := id(nil)
	if got := id(func(o *Options) { o.Now = o.Now.Add(time.Hour) }); got != want {
		t.Errorf("the clock changes the name: %s, %s", got, want)
	}
	seen := map[string]string{want: "as it is"}
	for name, change := range map[string]func(*Options){
		"seed":           func(o *Options) { o.Seed = 2 },
		"moment":         func(o *Options) { o.AsOf = o.AsOf.Add(time.Minute) },
		"zone":           func(o *Options) { o.Zone = time.UTC },
		"min_confidence": func(o *Options) { o.Settings.Geocode.MinConfidence = 0.5 },
		"min_level":      func(o *Options) { o.Settings = o.Settings.With(Change{MinLevel: "street"}) },
		"lookback":       func(o *Options) { o.Settings = o.Settings.With(Change{Lookback: Span(time.Hour)}) },
		"replicates":     func(o *Options) { n := 99; o.Settings = o.Settings.With(Change{Replicates: &n}) },
		"per_shift":      func(o *Options) { o.Settings.Patrol.PerShift++ },
		"area":           func(o *Options) { o.Settings.Area.Bounds = []float64{0, 52, 2, 53} },
		"min_incidents": func(o *Options) {
			p := o.Settings.Offences["courier-fraud"]
			p.MinIncidents++
			o.Settings.Offences["courier-fraud"] = p
		},
	} {
		got := id(change)
		if other, taken := seen[got]; taken {
			t.Errorf("%s: the name is that of %s", name, other)
		}
		seen[got] = name
	}
}

// With the lookback of a run, the settings that it was made from stay.
func TestWithLeavesTheSettingsAlone(t *testing.T) {
	o := optionsFor(t)
	was := o.Settings.Offences["courier-fraud"].Lookback
	changed := o.Settings.With(Change{Lookback: Span(time.Hour)})
	if got := changed.Offences["courier-fraud"].Lookback; got != Span(time.Hour) || changed.Detect.Lookback != Span(time.Hour) {
		t.Errorf("lookback %s", got)
	}
	if got := o.Settings.Offences["courier-fraud"].Lookback; got != was {
		t.Errorf("the settings have %s, had %s", got, was)
	}
}

// An event may lie a day ahead of the clock, since zones and clocks differ, and no
// further.
func TestFutureDates(t *testing.T) {
	o := optionsFor(t)
	for from, taken := range map[string]bool{"2015-09-21T12:00": true, "2015-09-21T12:01": false, "2016-09-16T10:00": false} {
		path := file(t, "rows.csv", "ref,location,from", "A1,nowhere known,"+from)
		for r, err := range Preview(t.Context(), o, Reading{Files: []string{path}}) {
			if (err == nil) != taken || err != nil && !strings.Contains(err.Error(), "in the future") {
				t.Errorf("%s: %+v, %v", from, r, err)
			}
		}
	}
}

// What a setting of the columns says holds where the reading does not say
// otherwise.
func TestColumns(t *testing.T) {
	o := optionsFor(t)
	o.Settings.Columns = map[string]string{"location": "Scene", "from": "When"}
	path := file(t, "rows.csv", "Scene,Other,When", "\"Mill Street, Elsing\",\"Norwich Road, Dereham\",2015-09-16T10:00")
	for field, want := range map[string]string{"": "Mill Street, Elsing", "Other": "Norwich Road, Dereham"} {
		r := Reading{Files: []string{path}}
		if field != "" {
			r.Intake.Columns = map[string]string{"location": field}
		}
		for report, err := range Preview(t.Context(), o, r) {
			if err != nil || report.Location != want {
				t.Errorf("with %q: %q, %v", field, report.Location, err)
			}
		}
	}
}

func TestPlanAndExportAreOfTheLastRun(t *testing.T) {
	o := optionsFor(t)
	o.AsOf = nightAfter
	out := ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}})
	o.AsOf = time.Time{}
	plan, err := Plan(t.Context(), o)
	if err != nil || !plan.AsOf.Equal(nightAfter) || len(plan.Suggestions) != len(out.Suggestions) {
		t.Errorf("plan as of %v with %d suggestions, %v", plan.AsOf, len(plan.Suggestions), err)
	}
	again, err := Export(t.Context(), o, Writing{Dir: t.TempDir()})
	if err != nil || again.Run.RunID != out.Run.RunID || again.Run.Audience != export.AudienceSupervisor {
		t.Errorf("export of run %s for %s, %v; the run was %s", again.Run.RunID, again.Run.Audience, err, out.Run.RunID)
	}
	found, err := Detect(t.Context(), o)
	if err != nil || !found.AsOf.Equal(o.Now) {
		t.Errorf("detect as of %v, %v: want now", found.AsOf, err)
	}
	o.DB += "x"
	for name, verb := range map[string]func(context.Context, Options) (Outcome, error){"plan": Plan, "detect": Detect} {
		if _, err := verb(t.Context(), o); err == nil || !strings.Contains(err.Error(), "there is no database") {
			t.Errorf("%s without a database: %v", name, err)
		}
	}
}

func TestSampleForgetsItsDatabase(t *testing.T) {
	o := optionsFor(t)
	out, err := Run(t.Context(), o, Reading{Sample: true}, Writing{Dir: t.TempDir()})
	if err != nil || len(out.Sprees) != 1 || len(out.Sprees[0].Incidents) != 8 || out.Run.Audience != export.AudienceAnalyst {
		t.Fatalf("%+v, %v: want one spree of eight, for an analyst", out.Sprees, err)
	}
	if _, err := os.Stat(o.DB); err == nil {
		t.Error("the sample is in the force's own database")
	}
	if _, err := Run(t.Context(), o, Reading{Sample: true, KeepSample: true}, Writing{Dir: t.TempDir(), Audience: export.AudiencePublic}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(o.DB); err != nil {
		t.Errorf("the database that was named: %v", err)
	}
}

// A bulletin that says when the police were told is not known before that.
func TestReportedTimeOfABulletin(t *testing.T) {
	path := file(t, "bulletin.txt", "Police in Dereham are looking for witnesses.", "",
		"A purse was stolen in Norwich Road, Dereham, on Wednesday 16 September 2015 at 10am and reported to police at 1pm.")
	o := optionsFor(t)
	for r, err := range Preview(t.Context(), o, Reading{Files: []string{path}}) {
		if err != nil || r.Reported.UTC() != time.Date(2015, 9, 16, 12, 0, 0, 0, time.UTC) {
			t.Errorf("reported at %v, %v", r.Reported, err)
		}
	}
	for hour, known := range map[int]int{11: 0, 12: 1} {
		o := optionsFor(t)
		o.AsOf = time.Date(2015, 9, 16, hour, 0, 0, 0, time.UTC)
		if got := ran(t, o, Reading{Files: []string{path}}).Run.Tallies.Incidents; got != known {
			t.Errorf("at %d UTC %d incidents are known, want %d", hour, got, known)
		}
	}
}

func TestReview(t *testing.T) {
	o := optionsFor(t)
	path := file(t, "rows.csv", "ref,location,from", "A1,Neville Close,2015-09-16T10:00", "A2,nowhere known,2015-09-16T11:00",
		"A3,\"Mill Street, Elsing\",2015-09-16T12:00", "A4,\"Andrews Close, Holme Hale\",2015-09-16T12:00")
	if _, err := Ingest(t.Context(), o, Reading{Files: []string{path}}); err != nil {
		t.Fatal(err)
	}
	why := func() map[string]export.Why {
		t.Helper()
		open, err := Review(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]export.Why{}
		for _, w := range open {
			found[w.Ref] = w.Reason.Why
		}
		return found
	}
	want := map[string]export.Why{"A1": export.WhyAmbiguous, "A2": export.WhyNotFound, "A4": export.WhyUnsure}
	if diff := cmp.Diff(want, why()); diff != "" {
		t.Errorf("waiting (-want +got):\n%s", diff)
	}
	if err := Decide(t.Context(), o, "A2", Decision{Reject: true}, "ann"); err != nil {
		t.Fatal(err)
	}
	delete(want, "A2")
	if diff := cmp.Diff(want, why()); diff != "" {
		t.Errorf("a text that was rejected waits on (-want +got):\n%s", diff)
	}
}

func TestSheet(t *testing.T) {
	o := optionsFor(t)
	rows := file(t, "rows.csv", "ref,location,from", "A1,Neville Close,2015-09-16T10:00", "A2,nowhere known,2015-09-16T11:00", "A3,nowhere,2015-09-16T11:30", "A4,=cmd,2015-09-16T11:40")
	if _, err := Ingest(t.Context(), o, Reading{Files: []string{rows}}); err != nil {
		t.Fatal(err)
	}
	open, err := Review(t.Context(), o)
	if err != nil || len(open) != 4 {
		t.Fatalf("%d wait, %v", len(open), err)
	}
	var sheet strings.Builder
	if err := WriteSheet(&sheet, open); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(sheet.String()), "\n")
	if len(lines) != 5 || !strings.HasPrefix(lines[1], "A1,rows.csv,2,,Neville Close,ambiguous,") || !strings.Contains(lines[4], ",'=cmd,") {
		t.Fatalf("the sheet:\n%s", sheet.String())
	}
	// as an analyst fills it in: a candidate, a point, a rejection, nonsense
	filled := file(t, "filled.csv", "ref,decision,decision_lat,decision_lon",
		"A1,candidate 1,,", "A2,,52.68,0.94", "A3,no,,", "A4,,,", "A9,accept,,", "A1,perhaps,,", "A2,,north,0.9", "A2,accept,52.68,0.94", "A3,7,,")
	in, err := intake.OpenRows(filled, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	taken, err := TakeSheet(t.Context(), o, in, "ann")
	if err != nil || taken.Decisions != 3 {
		t.Errorf("%d decisions taken, %v", taken.Decisions, err)
	}
	var refused []string
	for _, r := range taken.Refused {
		refused = append(refused, fmt.Sprintf("%d: %v", r.Line, r.Err))
	}
	want := []string{`6: no report "A9"`, "7: the decision is not accept, reject or the number of a candidate",
		"8: decision_lat and decision_lon are not two numbers", "9: report A2: want one of accept, reject, a candidate, or a latitude and longitude",
		"10: report A3: no candidate 7: there are 0"}
	if diff := cmp.Diff(want, refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
	if m := matchOf(t, o, "A1"); m.Level != geo.LevelStreet || m.Confidence != 1 {
		t.Errorf("A1: %+v", m)
	}
	if m := matchOf(t, o, "A2"); m.Point != (orb.Point{0.94, 52.68}) || m.Level != geo.LevelAddress {
		t.Errorf("A2: %+v", m)
	}
	if m := matchOf(t, o, "A3"); m.Rule != ruleRejected {
		t.Errorf("A3: %+v", m)
	}
	other, err := intake.OpenRows(rows, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if _, err := TakeSheet(t.Context(), o, other, "ann"); err == nil || !strings.Contains(err.Error(), "no columns ref and decision") {
		t.Errorf("a file that is no such sheet: %v", err)
	}
}

func TestLookup(t *testing.T) {
	o := optionsFor(t)
	lookup, err := NewLookup(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(o.DB); err == nil {
		t.Error("a look-up made a database")
	}
	m := lookup.Match("Mill Street, Elsing", "nowhere at all")
	if len(m) != 2 || m[0].Level != geo.LevelStreet || m[0].Locality != "Elsing" || m[1].Level != geo.LevelNone {
		t.Errorf("%+v", m)
	}
	if m := lookup.Match("Mill Street")[0]; m.Level != geo.LevelAmbiguous {
		t.Errorf("without a town: %+v", m)
	}
	o.Settings.Area.Bounds = []float64{1.0, 52.70, 1.06, 52.73} // about Elsing
	if _, err := Ingest(t.Context(), o, Reading{Files: []string{file(t, "calls.csv", calls...)}}); err != nil {
		t.Fatal(err)
	}
	if lookup, err = NewLookup(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if m := lookup.Match("Mill Street")[0]; m.Level != geo.LevelStreet || m.Locality != "Elsing" {
		t.Errorf("without a town, in an area: %+v", m)
	}
}

func TestRowsOfWhatWasFound(t *testing.T) {
	o := optionsFor(t)
	o.AsOf = nightAfter
	out := ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}})
	var sprees, suggestions strings.Builder
	if err := out.WriteSprees(&sprees); err != nil {
		t.Fatal(err)
	}
	if err := out.WriteSuggestions(&suggestions); err != nil {
		t.Fatal(err)
	}
	if strings.Count(sprees.String(), "\n") != 1 || !strings.Contains(sprees.String(), `"n_incidents":5`) {
		t.Errorf("sprees: %s", sprees.String())
	}
	if n := strings.Count(suggestions.String(), "\n"); n != len(out.Suggestions) || !strings.HasPrefix(suggestions.String(), `{"id":`) {
		t.Errorf("%d lines of %d suggestions", n, len(out.Suggestions))
	}
}

func TestDetectSaysWhatWasNeverLookedUp(t *testing.T) {
	o := optionsFor(t)
	o.AsOf = nightAfter
	if _, err := Ingest(t.Context(), o, Reading{Files: []string{file(t, "calls.csv", calls...)}}); err != nil {
		t.Fatal(err)
	}
	out, err := Detect(t.Context(), o)
	if err != nil || out.Waiting != 5 || len(out.Sprees) != 0 {
		t.Errorf("%d wait, %d sprees, %v", out.Waiting, len(out.Sprees), err)
	}
}
