package events

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/scan"
	"spreewatch/geo"
)

func TestIncidents(t *testing.T) {
	london := DefaultOptions().Zone
	// The clocks of London went forward on 29 March 2026.
	date := time.Date(2026, 3, 29, 0, 0, 0, 0, london)
	clock := time.Date(2026, 3, 29, 10, 0, 0, 0, london)
	days := Table{Days: true, Events: []Event{{ID: "a", Point: orb.Point{1, 2}, From: date, To: date, Day: true}, {ID: "b", From: date.AddDate(0, 0, 1), To: date.AddDate(0, 0, 1), Day: true}}}
	mixed := Table{Events: []Event{{ID: "a", From: date, To: date, Day: true}, {ID: "b", From: clock, To: clock.Add(time.Hour)}}}
	for _, c := range []struct {
		name string
		in   Table
		want []cluster.Incident
	}{
		{"days are midnights of UTC", days, []cluster.Incident{
			{ID: "a", Point: orb.Point{1, 2}, From: cluster.At(day(2026, 3, 29)), To: cluster.At(day(2026, 3, 29))},
			{ID: "b", From: cluster.At(day(2026, 3, 30)), To: cluster.At(day(2026, 3, 30))}}},
		{"a date beside a clock is 23 hours of the day", mixed, []cluster.Incident{
			{ID: "a", From: cluster.At(date), To: cluster.At(date.Add(23 * time.Hour))},
			{ID: "b", From: cluster.At(clock), To: cluster.At(clock.Add(time.Hour))}}},
		{"no event", Table{}, []cluster.Incident{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Incidents(c.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestPlaced(t *testing.T) {
	at := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		in   Table
		want cluster.Incident
	}{
		{"reported later", Table{Events: []Event{{ID: "a", Offence: "theft", Point: orb.Point{1.5, 52.5}, From: at, To: at, Reported: at.Add(time.Hour)}}},
			cluster.Incident{ID: "a", Offence: "theft", Point: orb.Point{1.5, 52.5}, From: cluster.At(at), To: cluster.At(at), Reported: cluster.At(at.Add(time.Hour)), Level: geo.LevelStreet}},
		{"reported before it was, and of no offence", Table{Events: []Event{{ID: "a", From: at, To: at, Reported: at.Add(-time.Hour)}}},
			cluster.Incident{ID: "a", Offence: "incident", From: cluster.At(at), To: cluster.At(at), Level: geo.LevelStreet}},
		{"a day is known when it is over", Table{Days: true, Events: []Event{{ID: "a", Offence: "theft", From: day(2026, 3, 4), To: day(2026, 3, 4), Reported: at, Day: true}}},
			cluster.Incident{ID: "a", Offence: "theft", From: cluster.At(day(2026, 3, 4)), To: cluster.At(day(2026, 3, 4)), Reported: cluster.At(day(2026, 3, 5)), Level: geo.LevelStreet}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff([]cluster.Incident{c.want}, Placed(c.in)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Metres on a plane are as far apart on the globe: 3, 4 and 5 km.
func TestPlacedMetres(t *testing.T) {
	in := Table{Metres: true, Events: []Event{{ID: "a", Point: orb.Point{603000, 300000}}, {ID: "b", Point: orb.Point{600000, 300000}}, {ID: "c", Point: orb.Point{600000, 304000}}}}
	got := Placed(in)
	if got[1].Point != plane {
		t.Errorf("the least x and y is at %v, want %v", got[1].Point, plane)
	}
	for _, c := range []struct {
		a, b int
		want float64
	}{{0, 1, 3000}, {1, 2, 4000}, {0, 2, 5000}} {
		if d := geo.Distance(got[c.a].Point, got[c.b].Point); math.Abs(d-c.want) > 0.01 {
			t.Errorf("%s to %s is %.3f m, want %.0f", got[c.a].ID, got[c.b].ID, d, c.want)
		}
	}
}

func TestCases(t *testing.T) {
	london := DefaultOptions().Zone
	date := time.Date(2026, 3, 29, 0, 0, 0, 0, london) // 23 hours long
	own, of := orb.Point{1.5, 52.5}, orb.Point{1.25, 52}
	in := Table{Events: []Event{
		{ID: "a", Point: own, From: date, To: date, Day: true, Cases: 1},
		{ID: "b", Location: "L1", Point: own, From: date, To: date.Add(time.Hour), Cases: 3},
		{ID: "c", Location: "L2", Point: own, From: date, To: date, Cases: 1},
		{ID: "d", Point: own, From: date, To: date, Cases: 0},
	}}
	for _, c := range []struct {
		name string
		step time.Duration
		dayC time.Time // the end of the date alone
	}{
		{"steps of a day", 24 * time.Hour, date},
		{"steps of an hour", time.Hour, date.Add(23 * time.Hour)},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := scan.DefaultOptions()
			o.Step, o.Centres = c.step, []scan.Centre{{ID: "L1", Point: of}}
			want := []scan.Case{
				{ID: "a", Location: "a", Point: own, From: date, To: c.dayC, Count: 1},
				{ID: "b", Location: "L1", Point: of, From: date, To: date.Add(time.Hour), Count: 3},
				{ID: "c", Location: "L2", Point: own, From: date, To: date, Count: 1},
			}
			if diff := cmp.Diff(want, Cases(in, o)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
