package replay

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/cluster"
	"spreewatch/cluster/trial"
	"spreewatch/data/export/compare"
)

const day = 24 * time.Hour

// blocks are two that any past of a few days answers.
var blocks = Blocks([]string{"24h", "72h"}, []string{"500m"}, []int{3})

func TestCompareNights(t *testing.T) {
	cfg := shipped(t)
	london, kiritimati := zone(t, "Europe/London"), zone(t, "Pacific/Kiritimati") // UTC + 14 h
	for _, c := range []struct {
		name     string
		past     Past
		from, to string
		wantFrom time.Time
		wantTo   time.Time
		notes    []string
		n        int // incidents
	}{
		// 90 days: four weeks after the first, to the second midnight after the last report.
		{"after four weeks", Past{Incidents: every(day, 90, "theft"), Zone: london}, "", "", newYear.AddDate(0, 0, 28), time.Date(2026, 4, 2, 0, 0, 0, 0, london), nil, 90},
		// 29 days between the first and the last: a third is 9 d 16 h, from 10:00 on the 1st.
		{"after a third", Past{Incidents: every(day, 30, "theft")}, "", "", newYear.AddDate(0, 0, 10), newYear.AddDate(0, 0, 31), nil, 30},
		// There the 28th of February ends at 10:00 of the 28th in UTC, when the 59th is.
		{"days of a zone", Past{Incidents: every(day, 90, "theft"), Zone: kiritimati}, "2026-02-01", "2026-02-28", time.Date(2026, 2, 1, 0, 0, 0, 0, kiritimati), time.Date(2026, 3, 1, 0, 0, 0, 0, kiritimati), nil, 58},
		{"dates alone are of UTC", Past{Incidents: days(every(day, 90, "theft")), Days: true, Source: "d.csv", Zone: kiritimati}, "2026-02-01", "2026-02-28",
			newYear.AddDate(0, 1, 0), newYear.AddDate(0, 2, 0), nil, 59},
		{"cut at the last day", Past{Incidents: every(day, 90, "theft")}, "", "2026-02-28", newYear.AddDate(0, 0, 28), newYear.AddDate(0, 2, 0), nil, 59},
		{"beyond what is known", Past{Incidents: every(day, 30, "theft")}, "1926-01-01", "2126-01-01", newYear, newYear.AddDate(0, 0, 31),
			[]string{"nothing is known of before 2026-01-01: the nights are those from then on", "nothing is known of after 2026-01-31: the nights are those up to then"}, 30},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Compare{Night: cfg, Blocks: blocks, From: c.from, To: c.to}.Ready(c.past)
			if err != nil {
				t.Fatal(err)
			}
			if !got.Options.From.Equal(c.wantFrom) || !got.Options.To.Equal(c.wantTo) {
				t.Errorf("nights from %s to %s, want from %s to %s", got.Options.From, got.Options.To, c.wantFrom, c.wantTo)
			}
			if diff := cmp.Diff(got.Result.Notes, c.notes); diff != "" {
				t.Error(diff)
			}
			if len(got.Incidents) != c.n {
				t.Errorf("%d incidents, want %d", len(got.Incidents), c.n)
			}
			if got.Result.Zone != c.past.home() {
				t.Errorf("told in %s, want the force's %s", got.Result.Zone, c.past.home())
			}
		})
	}
}

// A report that came months late says nothing of the nights in between.
func TestCompareNightsEndWithTimelyReports(t *testing.T) {
	past := every(day, 30, "theft")
	past[4].Reported = cluster.At(newYear.AddDate(0, 6, 0))
	past[5].To = cluster.At(newYear.AddDate(0, 7, 0))
	got, err := Compare{Night: shipped(t), Blocks: blocks}.Ready(Past{Incidents: past})
	if want := newYear.AddDate(0, 0, 31); err != nil || !got.Options.To.Equal(want) {
		t.Errorf("to %s, want %s: %v", got.Options.To, want, err)
	}
}

func TestCompareAnswers(t *testing.T) {
	cfg := shipped(t)
	thefts := func() Past {
		return Past{Incidents: slices.Concat(every(day, 30, "theft"), every(day, 2, "arson")), Source: "thefts.csv"}
	}
	for _, c := range []struct {
		name  string
		ask   Compare
		past  Past
		want  []string // offence and name of the settings
		notes []string
	}{
		{"each that occurs", Compare{Blocks: Blocks([]string{"24h", "72h"}, []string{"500m"}, []int{2})}, thefts(), []string{"arson 24h 500m 2", "theft 24h 500m 2", "arson 72h 500m 2", "theft 72h 500m 2"}, nil},
		{"too seldom", Compare{Blocks: blocks}, thefts(), []string{"theft 24h 500m 3", "theft 72h 500m 3"}, []string{"arson occurs 2 times and is left out at a minimum of 3"}},
		{"not there", Compare{Blocks: blocks, Offences: []string{"theft,fraud"}}, thefts(), []string{"theft 24h 500m 3", "theft 72h 500m 3"}, []string{"fraud does not occur and is left out"}},
		{"longer than the past", Compare{Blocks: Blocks([]string{"24h", "72h", "31d"}, []string{"500m"}, []int{3}), Offences: []string{"theft"}}, thefts(), []string{"theft 24h 500m 3", "theft 72h 500m 3"},
			[]string{"31d is left out: it is longer than the past, which is 29 days"}},
		{"longer than a night looks back", Compare{Blocks: Blocks([]string{"24h", "72h", "61d"}, []string{"500m"}, []int{3})}, Past{Incidents: every(day, 90, "theft")},
			[]string{"theft 24h 500m 3", "theft 72h 500m 3"}, []string{"61d is left out: a night looks back 60 days"}},
		{"the same twice", Compare{Blocks: Blocks([]string{"72h", "3d"}, []string{"500m"}, []int{3}), Offences: []string{"theft"}}, thefts(), []string{"theft 72h 500m 3"},
			[]string{"3d 500m 3 is left out: 72h 500m 3 is the same", "one setting: it is replayed, and there is nothing to compare it with"}},
		{"dates alone", Compare{Blocks: Blocks([]string{"3h", "24h", "72h"}, []string{"500m"}, []int{3})}, Past{Incidents: days(every(day, 30, "theft")), Days: true, Source: "days.csv"},
			[]string{"theft 24h 500m 3", "theft 72h 500m 3"}, []string{"3h is left out: days.csv has no times of day, and the shortest window it can answer is 24h"}},
		{"hours, where there are times of day", Compare{Blocks: Blocks([]string{"3h", "24h"}, []string{"500m"}, []int{3}), Offences: []string{"theft"}}, thefts(), []string{"theft 3h 500m 3", "theft 24h 500m 3"}, nil},
		{"a block's own offence", Compare{Blocks: []Block{{"72h", "500m", 2, ""}, {"24h", "1km", 2, "arson"}}, Listed: true}, thefts(),
			[]string{"arson 72h 500m 2", "theft 72h 500m 2", "arson 24h 1km 2"}, nil},
		{"that is not asked for", Compare{Blocks: []Block{{"72h", "500m", 2, ""}, {"24h", "1km", 2, "arson"}, {"24h", "1km", 2, ""}}, Listed: true, Offences: []string{"theft"}}, thefts(),
			[]string{"theft 72h 500m 2", "theft 24h 1km 2"}, []string{"setting 2 is of arson, which --offence leaves out"}},
		{"an offence with a comma", Compare{Blocks: blocks, Offences: []string{"theft, other"}}, Past{Incidents: slices.Concat(every(day, 30, "theft, other"), every(day, 30, "theft"))},
			[]string{"theft, other 24h 500m 3", "theft, other 72h 500m 3"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.ask.Night = cfg
			got, err := c.ask.Ready(c.past)
			if err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, s := range got.Options.Settings {
				names = append(names, s.Offence+" "+s.Name())
			}
			if diff := cmp.Diff(names, c.want); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(got.Result.Notes, c.notes); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What has no time of report is counted among the offences asked about alone, and called
// what it is called where it comes from; what the reader of the past said stands behind
// it, and all that is found after them.
func TestCompareNotesInOrder(t *testing.T) {
	cfg := shipped(t)
	past := func(source string) Past {
		incidents := slices.Concat(every(day, 30, "theft"), every(day, 3, "arson"))
		incidents[0].Reported, incidents[1].Reported, incidents[31].Reported = 0, 0, 0
		incidents[2].Until = cluster.At(newYear.AddDate(0, 0, 20)) // its correction is counted in its place
		return Past{Incidents: incidents, Source: source, Notes: []string{"said before"}}
	}
	rest := []string{"said before", "nothing is known of before 2026-01-01: the nights are those from then on"}
	late := " without a time of report: each is taken as known when it ended, so that delays are the least that they can be"
	for _, c := range []struct {
		source, first string
		offences      []string
	}{{"t.csv", "2 of 29 rows" + late, []string{"theft"}}, {"", "2 of 29 reports" + late, []string{" theft"}}, {"t.csv", "3 of 32 rows" + late, nil}} {
		got, err := Compare{Night: cfg, Blocks: blocks, Offences: c.offences, From: "2025-12-01"}.Ready(past(c.source))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(got.Result.Notes, append([]string{c.first}, rest...)); diff != "" {
			t.Error(diff)
		}
	}
	dated := past("t.csv")
	dated.Days = true
	got, err := Compare{Night: cfg, Blocks: blocks, From: "2025-12-01"}.Ready(dated)
	if diff := cmp.Diff(got.Result.Notes, rest); diff != "" || err != nil {
		t.Error("of dates alone:", err, diff)
	}
}

func TestCompareTakesWhatTheForceHasSettled(t *testing.T) {
	cfg := shipped(t)
	cfg.Detect.AlertsPerWeek, cfg.Detect.Resolution, cfg.Export.Marking = 0, 8, "A MARKING"
	ask := Compare{Night: cfg, Blocks: blocks, Seed: 7}
	got, err := ask.Ready(Past{Incidents: every(day, 30, "theft"), Source: "t.csv"})
	if err != nil {
		t.Fatal(err)
	}
	o, r := got.Options, got.Result
	if o.AlertsPerWeek != trial.DefaultCompareOptions().AlertsPerWeek || o.Resolution != 8 || o.Seed != 7 || o.Shifts != len(cfg.Shifts) || o.Dwell != time.Duration(cfg.Patrol.Dwell) || len(o.Plants) != 8 ||
		len(o.Lookback) != len(cfg.Offences) {
		t.Errorf("%+v", o)
	}
	if r.Budget != o.AlertsPerWeek || r.Source != "t.csv" || r.Seed != 7 || r.Marking != "A MARKING" || string(r.Audience) != cfg.Export.Audience || r.Dwell != o.Dwell || r.Shifts != o.Shifts {
		t.Errorf("%+v", r)
	}
	cfg.Detect.AlertsPerWeek, cfg.Shifts = 3, nil
	ask.Night = cfg
	for _, c := range []struct{ asked, want float64 }{{0, 3}, {5, 5}} {
		ask.Alerts = c.asked
		got, err = ask.Ready(Past{Incidents: every(day, 30, "theft")})
		if err != nil || got.Options.AlertsPerWeek != c.want || got.Result.Budget != c.want || got.Options.Shifts != 1 {
			t.Errorf("%g asked: %+v %v", c.asked, got.Options, err)
		}
	}
}

func TestCompareRefuses(t *testing.T) {
	cfg := shipped(t)
	three := "--window 72h --radius 500m --min 3"
	for _, c := range []struct {
		name      string
		ask       Compare
		typed     bool
		before    bool // a past is read
		msg, hint string
	}{
		{"no day", Compare{Blocks: blocks, From: "soon"}, true, true, `--from: "soon" is no day`, "--from 2026-01-01"},
		{"no last day", Compare{Blocks: blocks, To: "2026-02-30"}, true, true, `--to: "2026-02-30" is no day`, "--to 2026-06-30"},
		{"no window", Compare{Blocks: []Block{blocks[0], {Radius: "500m", Min: 3}}}, true, true, "setting 2: window is not given", three},
		{"no window in a file", Compare{Blocks: []Block{{Radius: "500m", Min: 3}}, Listed: true}, true, true, "setting 1: window is not given", settingHint},
		{"finds everything", Compare{Blocks: []Block{{"72h", "500m", 1, ""}}}, true, false, "setting 1: a setting has a window of a minute to 60 days, a radius of 1 m to 200 km, and at least 2 incidents", three},
		{"backwards", Compare{Blocks: blocks, From: "2026-01-20", To: "2026-01-10"}, true, false, "--from is after --to", "--from 2026-01-01 --to 2026-06-30"},
		{"years later", Compare{Blocks: blocks, From: "2027-01-01", To: "2027-02-01"}, false, false, "no incident from 2027-01-01 to 2027-02-01: they run from 2026-01-01 to 2026-01-30", "--from 2026-01-01 --to 2026-01-30"},
		{"nothing of the kind", Compare{Blocks: blocks, Offences: []string{"fraud"}}, false, false, "no setting can be answered: fraud does not occur and is left out",
			`--window 24h,72h --radius 500m,2km --min 3 --offence "theft"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.ask.Night = cfg
			_, err := c.ask.Ready(Past{Incidents: slices.Concat(every(day, 30, "theft"), every(day, 4, "arson"))})
			refused(t, err, c.typed, c.msg, c.hint)
			if err := c.ask.Validate(); c.before {
				refused(t, err, true, c.msg, c.hint)
			} else if err != nil {
				t.Error("refused before a past was read:", err)
			}
		})
	}
	_, err := Compare{Night: cfg, Blocks: blocks}.Ready(Past{})
	refused(t, err, false, "there is no incident with a place to compare on", "spreewatch compare FILE reads a table; spreewatch geocode locates reports")
	for _, rate := range []float64{-1, 101} {
		refused(t, Compare{Alerts: rate}.Validate(), true, "--alerts-per-week must be over 0 and at most 100", "--alerts-per-week 2")
	}
	refused(t, CheckAlerts(0), true, "--alerts-per-week must be over 0 and at most 100", "--alerts-per-week 2")
}

// Where all that was reported was taken back, no setting can be compared on it, whatever is
// asked.
func TestCompareOfWhatWasTakenBack(t *testing.T) {
	cfg := shipped(t)
	for _, offences := range [][]string{nil, {"theft"}} {
		past := every(day, 30, "theft")
		for i := range past {
			past[i].Until = past[i].Reported + 3600
		}
		_, err := Compare{Night: cfg, Blocks: blocks, Offences: offences}.Ready(Past{Incidents: past})
		refused(t, err, false, "no incident up to the last day stands: each was corrected or taken back", "spreewatch report REF says what became of one")
	}
}

func TestCompareAsks(t *testing.T) {
	ask := Compare{Offences: []string{"theft, other", "arson"}}
	for offence, want := range map[string]bool{"theft, other": true, "theft": true, "other": true, "arson": true, "fraud": false} {
		if got := ask.Asks(offence); got != want {
			t.Errorf("%s: %v", offence, got)
		}
	}
	if !(Compare{}).Asks("fraud") {
		t.Error("none is named, and fraud is not asked for")
	}
	if diff := cmp.Diff(ask.Named(), []string{"theft", "other", "arson"}); diff != "" {
		t.Error(diff)
	}
}

// The order in which the incidents come does not matter, to the byte.
func TestComparisonOfAnyOrder(t *testing.T) {
	cfg := shipped(t)
	plants, err := ParsePlants([]string{"3,300m,6h"})
	if err != nil {
		t.Fatal(err)
	}
	run := func(incidents []cluster.Incident) string {
		ready, err := Compare{Night: cfg, Blocks: blocks, Plants: plants, Seed: 1, From: "2026-01-20"}.Ready(Past{Incidents: incidents, Source: "t.csv", Zone: zone(t, "Europe/London")})
		if err != nil {
			t.Fatal(err)
		}
		ready.Options.NullNights = 20
		if ready.Result.Comparisons, err = trial.Compare(context.Background(), ready.Incidents, ready.Options); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := compare.WriteJSON(&b, ready.Result); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	past := func() []cluster.Incident {
		return slices.Concat(every(7*time.Hour, 100, "theft"), every(day, 29, "arson"))
	}
	other := past()
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
	if diff := cmp.Diff(run(other), run(past())); diff != "" {
		t.Error(diff)
	}
}
