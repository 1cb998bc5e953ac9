package patrol

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/risk"
)

// A Shift is a daily spell of duty by the local clock. One whose End is not
// after its Start ends on the next day.
type Shift struct {
	Name       string // "early"
	Start, End string // "07:00"
}

// DefaultShifts returns early 07–15, late 15–23 and night 23–07.
func DefaultShifts() []Shift {
	return []Shift{{"early", "07:00", "15:00"}, {"late", "15:00", "23:00"}, {"night", "23:00", "07:00"}}
}

// Validate refuses a shift without a name or with a time that is not HH:MM.
func (s Shift) Validate() error {
	if s.Name == "" {
		return fmt.Errorf("a shift has no name")
	}
	for _, clock := range []string{s.Start, s.End} {
		if _, err := time.Parse("15:04", clock); err != nil {
			return fmt.Errorf("shift %s: %q is not a time of day such as 07:00", s.Name, clock)
		}
	}
	return nil
}

// on returns the shift that starts on the local date. Both ends are read from
// the local clock, so a night in which the clocks change is an hour longer or
// shorter.
func (s Shift) on(date time.Time) cluster.Window {
	start, _ := time.Parse("15:04", s.Start)
	end, _ := time.Parse("15:04", s.End)
	at := func(clock time.Time, days int) time.Time {
		y, m, d := date.Date()
		return time.Date(y, m, d+days, clock.Hour(), clock.Minute(), 0, 0, date.Location())
	}
	next := 0
	if !end.After(start) {
		next = 1
	}
	return cluster.Window{Start: at(start, 0).UTC(), End: at(end, next).UTC()}
}

// A duty is one shift on one day.
type duty struct {
	name   string // "late 2015-09-17": the date it starts on
	window cluster.Window
	hours  risk.Hours
}

// briefing is how late in a shift it may still be planned: a plan is often made
// while the shift is being briefed.
const briefing = time.Hour

// coming returns the next n duties: those that start after asOf, or up to an
// hour before it. In order of start, then end, then name. One that has begun is
// cut at asOf.
func coming(shifts []Shift, asOf time.Time, zone *time.Location, n int) []duty {
	var duties []duty
	local := asOf.In(zone)
	y, m, d := local.Date()
	for day := -1; len(duties) < n+len(shifts); day++ {
		// Noon exists on every day in every zone.
		date := time.Date(y, m, d+day, 12, 0, 0, 0, zone)
		for _, s := range shifts {
			w := s.on(date)
			if w.Start.Before(asOf.Add(-briefing)) || !w.End.After(asOf) || w.Duration() <= 0 {
				continue
			}
			if w.Start.Before(asOf) {
				w.Start = asOf.UTC()
			}
			duties = append(duties, duty{s.Name + " " + date.Format("2006-01-02"), w, s.hours()})
		}
	}
	slices.SortFunc(duties, func(a, b duty) int {
		return cmp.Or(a.window.Start.Compare(b.window.Start), a.window.End.Compare(b.window.End), cmp.Compare(a.name, b.name))
	})
	return duties[:n]
}

// Ahead returns the shifts that a plan is made for, by their names with dates.
func (o Options) Ahead() map[string]cluster.Window {
	zone := o.Zone
	if zone == nil {
		zone = time.UTC
	}
	out := make(map[string]cluster.Window, o.ShiftsAhead)
	for _, d := range coming(o.Shifts, o.AsOf, zone, o.ShiftsAhead) {
		out[d.name] = d.window
	}
	return out
}
