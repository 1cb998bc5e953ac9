package patrol

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/cluster"
)

func TestComing(t *testing.T) {
	zone := london(t)
	at := func(year int, month time.Month, day, hour, minute int) time.Time {
		return time.Date(year, month, day, hour, minute, 0, 0, zone)
	}
	type row struct {
		Name, From, To string
		Hours          float64
	}
	tests := []struct {
		name   string
		shifts []Shift
		asOf   time.Time
		n      int
		want   []row
	}{
		{"at two in the morning", DefaultShifts(), at(2015, 9, 17, 2, 0), 3, []row{
			{"early 2015-09-17", "17 07:00", "17 15:00", 8},
			{"late 2015-09-17", "17 15:00", "17 23:00", 8},
			{"night 2015-09-17", "17 23:00", "18 07:00", 8}}},
		{"at the start of a shift", DefaultShifts(), at(2015, 9, 17, 7, 0), 2, []row{
			{"early 2015-09-17", "17 07:00", "17 15:00", 8},
			{"late 2015-09-17", "17 15:00", "17 23:00", 8}}},
		{"at the briefing, an hour in", DefaultShifts(), at(2015, 9, 17, 8, 0), 1, []row{{"early 2015-09-17", "17 08:00", "17 15:00", 7}}},
		{"later than the briefing", DefaultShifts(), at(2015, 9, 17, 8, 1), 1, []row{{"late 2015-09-17", "17 15:00", "17 23:00", 8}}},
		{"at the briefing of the night, past midnight", []Shift{{"night", "23:30", "07:00"}}, at(2015, 9, 17, 0, 15), 2, []row{
			{"night 2015-09-16", "17 00:15", "17 07:00", 6.75},
			{"night 2015-09-17", "17 23:30", "18 07:00", 7.5}}},
		{"the night that loses an hour", DefaultShifts(), at(2026, 3, 28, 20, 0), 2, []row{
			{"night 2026-03-28", "28 23:00", "29 07:00", 7},
			{"early 2026-03-29", "29 07:00", "29 15:00", 8}}},
		{"the night that gains an hour", DefaultShifts(), at(2026, 10, 24, 20, 0), 2, []row{
			{"night 2026-10-24", "24 23:00", "25 07:00", 9},
			{"early 2026-10-25", "25 07:00", "25 15:00", 8}}},
		// 01:30 does not exist on 29 March and comes twice on 25 October; the
		// shift before ends when this one starts.
		{"a shift that starts in the lost hour", []Shift{{"a", "01:30", "13:30"}, {"b", "13:30", "01:30"}}, at(2026, 3, 28, 13, 0), 2, []row{
			{"b 2026-03-28", "28 13:30", "29 02:30", 12},
			{"a 2026-03-29", "29 02:30", "29 13:30", 11}}},
		{"a day long", []Shift{{"day", "06:00", "06:00"}}, at(2026, 10, 24, 12, 0), 2, []row{
			{"day 2026-10-25", "25 06:00", "26 06:00", 24},
			{"day 2026-10-26", "26 06:00", "27 06:00", 24}}},
		{"overlapping", []Shift{{"late", "15:00", "23:00"}, {"evening", "18:00", "02:00"}}, at(2026, 3, 2, 12, 0), 3, []row{
			{"late 2026-03-02", "02 15:00", "02 23:00", 8},
			{"evening 2026-03-02", "02 18:00", "03 02:00", 8},
			{"late 2026-03-03", "03 15:00", "03 23:00", 8}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []row
			for _, d := range coming(tt.shifts, tt.asOf, zone, tt.n) {
				got = append(got, row{d.name, d.window.Start.In(zone).Format("02 15:04"), d.window.End.In(zone).Format("02 15:04"), d.window.Duration().Hours()})
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// However the clocks turn, the default shifts follow one another without a gap.
func TestShiftsMeet(t *testing.T) {
	for _, name := range []string{"Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for day := range 366 {
			asOf := time.Date(2026, 1, 1+day, 12, 0, 0, 0, zone)
			var last time.Time
			for _, d := range coming(DefaultShifts(), asOf, zone, 4) {
				if !last.IsZero() && !d.window.Start.Equal(last) {
					t.Fatalf("%s: %s starts %v after the shift before ends", name, d.name, d.window.Start.Sub(last))
				}
				last = d.window.End
			}
		}
	}
}

func TestBand(t *testing.T) {
	zone := london(t)
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, zone) // winter: UTC
	shift := cluster.Window{Start: day.Add(7 * time.Hour), End: day.Add(15 * time.Hour)}
	o := DefaultOptions()
	o.AsOf, o.Zone = day.AddDate(0, 0, 1), zone
	event := func(from, to string) cluster.Incident {
		at := func(clock string) time.Time {
			c, err := time.Parse("15:04", clock)
			if err != nil {
				t.Fatal(err)
			}
			return day.Add(time.Duration(c.Hour())*time.Hour + time.Duration(c.Minute())*time.Minute)
		}
		return cluster.Incident{From: cluster.At(at(from)), To: cluster.At(at(to))}
	}
	tests := []struct {
		name     string
		in       []cluster.Incident
		shift    cluster.Window
		from, to string
	}{
		{"no incidents", nil, shift, "07:00", "10:00"},
		{"none in the shift", []cluster.Incident{event("20:00", "20:00")}, shift, "07:00", "10:00"},
		// One at 12:00 counts for the quarter from 12:00: its middle is 12:07:30.
		{"one", []cluster.Incident{event("12:00", "12:00")}, shift, "10:30", "13:30"},
		{"one at the end of the shift", []cluster.Incident{event("14:50", "14:50")}, shift, "12:00", "15:00"},
		{"two of three", []cluster.Incident{event("07:30", "07:30"), event("12:00", "12:00"), event("14:30", "14:30")}, shift, "11:45", "14:45"},
		// Any three hours of the six hold as much of the interval; of those that
		// hold 12:30 too, these have it in the middle.
		{"half of an interval", []cluster.Incident{event("08:00", "14:00"), event("12:30", "12:30")}, shift, "11:00", "14:00"},
		{"a shift shorter than the band", []cluster.Incident{event("12:00", "12:00")}, cluster.Window{Start: day.Add(13 * time.Hour), End: day.Add(15 * time.Hour)}, "13:00", "15:00"},
		{"an interval of a day says nothing", []cluster.Incident{{From: cluster.At(day), To: cluster.At(day.AddDate(0, 0, 1))}, event("09:00", "09:00")}, shift, "07:30", "10:30"},
		{"a shift that has begun", []cluster.Incident{event("08:00", "08:00")}, cluster.Window{Start: day.Add(7*time.Hour + 20*time.Minute), End: day.Add(15 * time.Hour)}, "07:20", "10:20"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			hours := weighHours(pointers(tt.in), o)
			got := hours.band(tt.shift, o)
			if from, to := clock(got.Start, zone), clock(got.End, zone); from != tt.from || to != tt.to {
				t.Errorf("got %s to %s, want %s to %s", from, to, tt.from, tt.to)
			}
		})
	}
}

// An incident of a whole local day leaves the band where it is, also when the
// as-of time cuts it, and on the day of 23 hours.
func TestBandWholeDay(t *testing.T) {
	zone := london(t)
	for name, c := range map[string]struct {
		day        time.Time
		asOf, hour int // hours after the day's start
	}{
		"the day is over":         {time.Date(2026, 3, 2, 0, 0, 0, 0, zone), 26, 12},
		"the day is cut":          {time.Date(2026, 3, 2, 0, 0, 0, 0, zone), 13, 12},
		"the clocks went forward": {time.Date(2026, 3, 29, 0, 0, 0, 0, zone), 26, 2},
	} {
		o := DefaultOptions()
		o.AsOf, o.Zone = c.day.Add(time.Duration(c.asOf)*time.Hour), zone
		when := c.day.Add(time.Duration(c.hour) * time.Hour)
		known := []cluster.Incident{{ID: "a", From: cluster.At(when), To: cluster.At(when)}}
		whole := cluster.Incident{ID: "b", From: cluster.At(c.day), To: cluster.At(c.day.AddDate(0, 0, 1))}
		without, with := weighHours([]*cluster.Incident{&known[0]}, o), weighHours([]*cluster.Incident{&known[0], &whole, &whole, &whole}, o)
		for _, d := range coming(o.Shifts, o.AsOf, o.Zone, 3) {
			if a, b := without.band(d.window, o), with.band(d.window, o); a != b {
				t.Errorf("%s, %s: the band went from %v to %v", name, d.name, a, b)
			}
		}
	}
}

func TestShiftValidate(t *testing.T) {
	for _, s := range []Shift{{"", "07:00", "15:00"}, {"early", "7am", "15:00"}, {"early", "07:00", "24:00"}, {"early", "", ""}} {
		if s.Validate() == nil {
			t.Errorf("%+v was accepted", s)
		}
	}
	for _, s := range DefaultShifts() {
		if err := s.Validate(); err != nil {
			t.Errorf("%+v: %v", s, err)
		}
	}
}

func pointers(incidents []cluster.Incident) []*cluster.Incident {
	out := make([]*cluster.Incident, len(incidents))
	for i := range incidents {
		out[i] = &incidents[i]
	}
	return out
}
