package events

import (
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/scan"
	"spreewatch/geo"
)

// Incidents are the events as incidents for a count of lags, in their order: ID,
// point and interval, and nothing else. Where no event has a time of day, lags are
// whole days: each is the midnight of its date in UTC, which has no clock changes.
// Beside events with a time of day, a date alone is the whole local day.
func Incidents(t Table) []cluster.Incident {
	incidents := make([]cluster.Incident, len(t.Events))
	for i, e := range t.Events {
		from, to := e.From, e.To
		switch {
		case t.Days:
			year, month, day := from.Date()
			from = time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
			to = from
		case e.Day:
			to = from.AddDate(0, 0, 1)
		}
		incidents[i] = cluster.Incident{ID: e.ID, Point: e.Point, From: cluster.At(from), To: cluster.At(to)}
	}
	return incidents
}

// plane is where x and y in metres are laid: at the equator, where a degree is as
// long in each direction.
var plane = orb.Point{20, 0}

// Placed are the events as incidents with a place on the globe, in their order, which
// are known when they are reported: a report that is earlier than the event is none. A
// date without a time is known when the day is over. An event that names no offence is
// an "incident". Metres are laid at the equator, the least x and y of all events at its
// corner, so that distances stay what they are.
func Placed(t Table) []cluster.Incident {
	incidents := Incidents(t)
	var low orb.Point
	for i, e := range t.Events {
		for axis, v := range e.Point {
			if i == 0 || v < low[axis] {
				low[axis] = v
			}
		}
	}
	const metres = 180 / (3.141592653589793 * geo.EarthRadius)
	for i, e := range t.Events {
		in := &incidents[i]
		in.Offence, in.Level = e.Offence, geo.LevelStreet
		if in.Offence == "" {
			in.Offence = "incident"
		}
		if at := cluster.At(e.Reported); at >= in.From {
			in.Reported = at
		}
		if t.Days && in.Reported.Sub(in.From) < 24*time.Hour {
			in.Reported = cluster.At(in.From.Time().Add(24 * time.Hour)) // the day has to be over
		}
		if t.Metres {
			in.Point = orb.Point{plane[0] + (e.Point[0]-low[0])*metres, plane[1] + (e.Point[1]-low[1])*metres}
		}
	}
	return incidents
}

// Cases are the events as cases of a scan, in their order, but those that count for
// nothing. An event whose place is among the centres by name is where the centre is,
// so that cases of one place are together however their own coordinates were rounded.
// A place without a name has that of its first event. A date alone is the whole of
// that day where steps are shorter. The points are as the table has them: the scan
// wants degrees, so that the caller refuses a table of metres.
func Cases(t Table, o scan.Options) []scan.Case {
	centres := make(map[string]scan.Centre, len(o.Centres))
	for _, c := range o.Centres {
		centres[c.ID] = c
	}
	cases := make([]scan.Case, 0, len(t.Events))
	for _, e := range t.Events {
		if e.Cases == 0 {
			continue
		}
		c := scan.Case{ID: e.ID, Point: e.Point, Location: e.Location, From: e.From, To: e.To, Count: e.Cases}
		if e.Location == "" {
			c.Location = e.ID
		} else if centre, ok := centres[e.Location]; ok {
			c.Point = centre.Point
		}
		if e.Day && o.Step < 24*time.Hour {
			c.To = e.From.AddDate(0, 0, 1)
		}
		cases = append(cases, c)
	}
	return cases
}
