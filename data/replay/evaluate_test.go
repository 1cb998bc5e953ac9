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
	"spreewatch/data/export/scored"
)

func TestEvaluateDays(t *testing.T) {
	cfg := shipped(t)
	kiritimati := zone(t, "Pacific/Kiritimati") // UTC + 14 h
	for _, c := range []struct {
		name     string
		past     Past
		from, to string
		wantFrom time.Time
		wantTo   time.Time
		notes    []string
	}{
		// 29 days between the first and the last: a third is 9 d 16 h, from 10:00 on the 1st;
		// and a week before the 30th.
		{"after a third", Past{Incidents: every(day, 30, "theft"), Notes: []string{"said before"}}, "", "", newYear.AddDate(0, 0, 10), newYear.AddDate(0, 0, 22), []string{"said before"}},
		{"days of a zone", Past{Incidents: every(day, 30, "theft"), Zone: kiritimati}, "2026-01-10", "2026-01-20", newYear.AddDate(0, 0, 9).Add(-14 * time.Hour), newYear.AddDate(0, 0, 19).Add(-14 * time.Hour), nil},
		{"dates alone are of UTC", Past{Incidents: days(every(day, 30, "theft")), Days: true, Zone: kiritimati}, "2026-01-10", "2026-01-20", newYear.AddDate(0, 0, 9), newYear.AddDate(0, 0, 19), nil},
		{"beyond what is known", Past{Incidents: every(day, 30, "theft"), Notes: []string{"said before"}}, "1926-01-01", "2126-01-01", newYear, newYear.AddDate(0, 0, 29),
			[]string{"said before", "--from is beyond the incidents: 2026-01-01 is taken", "--to is beyond the incidents: 2026-01-30 is taken"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			ask := DefaultEvaluate()
			ask.Night, ask.From, ask.To, ask.Seed = cfg, c.from, c.to, 7
			got, err := ask.Ready(c.past)
			if err != nil {
				t.Fatal(err)
			}
			o := got.Options
			if !o.From.Equal(c.wantFrom) || !o.To.Equal(c.wantTo) {
				t.Errorf("from %s to %s, want from %s to %s", o.From, o.To, c.wantFrom, c.wantTo)
			}
			if o.From.Location() != time.UTC || o.To.Location() != time.UTC {
				t.Error("the JSON would have the days in a zone of their own")
			}
			if diff := cmp.Diff(got.Notes, c.notes); diff != "" {
				t.Error(diff)
			}
			shifts := len(cfg.Shifts)
			if c.past.Days {
				shifts = 0
			}
			if len(o.Plan.Shifts) != shifts || o.Plan.Zone != c.past.zone() || o.Step != 3*day || o.Least != 100 || o.Seed != 7 {
				t.Errorf("%+v", o)
			}
		})
	}
}

func TestEvaluateLooksAtOneOffence(t *testing.T) {
	ask := DefaultEvaluate()
	ask.Night, ask.Offence = shipped(t), "theft"
	got, err := ask.Ready(Past{Incidents: slices.Concat(every(day, 300, "arson"), every(day, 30, "theft"))})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Incidents) != 30 || got.Incidents[0].Offence != "theft" || !got.Options.To.Equal(newYear.AddDate(0, 0, 22)) {
		t.Errorf("%d incidents, to %s", len(got.Incidents), got.Options.To)
	}
}

func TestEvaluateRefuses(t *testing.T) {
	cfg := shipped(t)
	for _, c := range []struct {
		name      string
		change    func(*Evaluate)
		n         int // days of incidents
		typed     bool
		before    bool // a past is read
		msg, hint string
	}{
		{"no day", func(e *Evaluate) { e.From = "soon" }, 30, true, true, `--from: "soon" is no day`, "--from 2022-07-01"},
		{"no last day", func(e *Evaluate) { e.To = "soon" }, 30, true, true, `--to: "soon" is no day`, "--to 2022-07-01"},
		{"least of nothing", func(e *Evaluate) { e.Least = 0 }, 30, true, true, "--least must be 1 or more", "--least 10"},
		{"never", func(e *Evaluate) { e.Every = 0 }, 30, true, true, "--every must be 1 to 30 days", "--every 3"},
		{"hardly ever", func(e *Evaluate) { e.Every = 31 }, 30, true, true, "--every must be 1 to 30 days", "--every 3"},
		{"backwards", func(e *Evaluate) { e.From, e.To = "2026-01-20", "2026-01-10" }, 30, true, false, "evaluate: the days end before they start", "spreewatch evaluate --help"},
		{"three days", func(*Evaluate) {}, 3, false, false, "the incidents span 3 days: a replay needs a past before its first day and a week after its last", "spreewatch evaluate takes the reports of a month or more"},
		{"years later", func(e *Evaluate) { e.From, e.To = "2126-01-01", "2126-02-01" }, 30, false, false, "no offence has 100 incidents from 2126-01-01 to 2126-02-01", "--least 10"},
		{"years later, of few", func(e *Evaluate) { e.From, e.To, e.Least = "2126-01-01", "2126-02-01", 10 }, 30, false, false, "no offence has 10 incidents from 2126-01-01 to 2126-02-01",
			"--from and --to take days with incidents"},
		{"another offence", func(e *Evaluate) { e.Offence = "fraud" }, 30, false, false, "there is no incident of that offence with a place to score", "leave --offence out: each offence is scored"},
		{"nothing at all", func(*Evaluate) {}, 0, false, false, "there is no incident with a place to score", "spreewatch evaluate FILE reads a table; spreewatch geocode locates reports"},
	} {
		t.Run(c.name, func(t *testing.T) {
			ask := DefaultEvaluate()
			ask.Night = cfg
			c.change(&ask)
			_, err := ask.Ready(Past{Incidents: every(day, c.n, "theft")})
			refused(t, err, c.typed, c.msg, c.hint)
			if err := ask.Validate(); c.before {
				refused(t, err, true, c.msg, c.hint)
			} else if err != nil {
				t.Error("refused before a past was read:", err)
			}
		})
	}
}

// The order in which the incidents come does not matter, to the byte.
func TestEvaluationOfAnyOrder(t *testing.T) {
	cfg := shipped(t)
	run := func(incidents []cluster.Incident) string {
		ask := DefaultEvaluate()
		ask.Night, ask.From, ask.To, ask.Least = cfg, "2026-01-20", "2026-01-24", 1
		ready, err := ask.Ready(Past{Incidents: incidents, Zone: zone(t, "Europe/London")})
		if err != nil {
			t.Fatal(err)
		}
		ready.Options.Replicates = 99
		res, err := trial.Evaluate(context.Background(), ready.Incidents, ready.Options)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := scored.WriteJSON(&b, scored.NewResult(res, 0)); err != nil {
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
