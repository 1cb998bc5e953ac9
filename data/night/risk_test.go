package night

import (
	"fmt"
	"testing"
	"time"
)

// A night takes what an earlier one learnt of the risk until that is old, none takes
// what a later one learnt, and a night done again takes what it took.
func TestNightsShareWhatTheyLearnt(t *testing.T) {
	o := optionsFor(t)
	rows := []string{"ref,offence,location,from"}
	first := time.Date(2015, 6, 1, 0, 0, 0, 0, o.Zone)
	for d := range 60 {
		rows = append(rows, fmt.Sprintf("D%d,vehicle-crime,\"Norwich Road, Dereham\",%s", d, first.AddDate(0, 0, d).Add(21*time.Hour).Format("2006-01-02T15:04")))
	}
	stored(t, o, rows...)
	night := func(days int) time.Time {
		t.Helper()
		on := o
		on.AsOf = first.AddDate(0, 0, days).Add(2 * time.Hour)
		return ran(t, on, Reading{Files: []string{file(t, "none.csv", rows[0])}}).Run.Risk.AsOf
	}
	at := func(days int) time.Time { return first.AddDate(0, 0, days).Add(2 * time.Hour).UTC() }
	for _, c := range []struct{ night, learnt int }{{60, 60}, {61, 60}, {60, 60}, {74, 60}, {76, 76}, {74, 60}, {59, 59}, {60, 60}, {77, 76}} {
		if got := night(c.night); !got.Equal(at(c.learnt)) {
			t.Errorf("night %d uses what was learnt up to %v, want night %d", c.night, got, c.learnt)
		}
	}
	on := o
	on.AsOf = at(60)
	if f, err := FitRisk(t.Context(), on, false); err != nil || !f.AsOf.Equal(at(60)) || f.Days < 59 || len(f.Offences) != 1 || f.Offences[0].Incidents != 60 {
		t.Errorf("%+v, %v", f, err)
	}
	on.AsOf = at(62)
	if f, err := FitRisk(t.Context(), on, true); err != nil || !f.AsOf.Equal(at(62)) {
		t.Errorf("learnt anew: %+v, %v", f, err)
	}
	if got := night(63); !got.Equal(at(62)) {
		t.Errorf("the next night uses %v, want what a person had learnt anew", got)
	}
	on.Settings.Shifts = on.Settings.Shifts[:1]
	on.AsOf = at(63)
	if f, err := FitRisk(t.Context(), on, false); err != nil || !f.AsOf.Equal(at(63)) {
		t.Errorf("of other shifts: %+v, %v: want one of their own", f, err)
	}
}

// What the public's plan rests on was learnt of what the public may know, though the
// store has a fit of all.
func TestPublicRiskIsOfWhatThePublicMayKnow(t *testing.T) {
	o := optionsFor(t)
	o.AsOf = nightAfter
	ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}})
	e, err := o.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer e.close()
	a, err := e.analyse(t.Context(), nightAfter, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		public bool
		want   int
	}{{false, 5}, {true, 2}} { // of all, which the store has; of the two
		b := &analysis{asOf: nightAfter, gathering: gathering{incidents: a.incidents[:2]}, public: c.public}
		if err := e.plan(t.Context(), b); err != nil {
			t.Fatal(err)
		}
		if got := b.fit.Of("courier-fraud").Incidents; got != c.want {
			t.Errorf("public %v: learnt of %d incidents, want %d", c.public, got, c.want)
		}
	}
}
