package layer

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster/patrol"
)

// A Stop is a visit of a unit with the area that it is to.
type Stop struct {
	patrol.Stop
	Route patrol.Route
	Area  patrol.Suggestion
	N     int // from 1 in its route
}

// RouteID names the route of a unit in a shift.
func RouteID(r patrol.Route) string { return r.Shift + " " + r.Unit.Name }

// routes has a feature a unit and shift in which it has somewhere to go, the shift
// that begins first first.
var routes = Layer[patrol.Route]{
	Head: Head{Name: "routes", Title: "Routes, by unit", Geometry: LineString, Staff: true},
	Fields: stamped(
		text("id", "Route", "shift and unit", RouteID),
		text("unit", "Unit", "", func(r patrol.Route) string { return r.Unit.Name }),
		text("shift", "Shift", "name and date of the shift", func(r patrol.Route) string { return r.Shift }),
		local("from_local", "Leaves", "its start, in time for the first stop", func(r patrol.Route) time.Time { return r.Leave }),
		local("to_local", "Is back", "at its start", func(r patrol.Route) time.Time { return r.Back }),
		utc("from_utc", "Leaves, UTC", "", func(r patrol.Route) time.Time { return r.Leave }),
		utc("to_utc", "Is back, UTC", "", func(r patrol.Route) time.Time { return r.Back }),
		whole("n_stops", "Stops", "", func(r patrol.Route) int { return len(r.Stops) }),
		number("length_m", "Length, m", "on the road: great circle times patrol.detour, from the start and back to it", 0, func(r patrol.Route) float64 { return r.Metres }),
		small("risk", "Expected incidents", "in the areas visited, in their time bands", func(r patrol.Route) float64 { return r.Risk }),
	),
	shape: func(r patrol.Route, _ Stamp) (orb.Geometry, error) {
		way := orb.LineString{r.Unit.Start}
		for _, s := range r.Stops {
			way = append(way, s.Point)
		}
		return RoundPoints(append(way, r.Unit.Start)), nil
	},
	less: compareRoutes,
	when: func(r patrol.Route) (from, to time.Time) { return r.Leave, r.Back },
}

func compareRoutes(a, b patrol.Route) int {
	return cmp.Or(a.Window.End.Compare(b.Window.End), cmp.Compare(a.Shift, b.Shift), cmp.Compare(a.Unit.Name, b.Unit.Name))
}

// stops has a feature a visit, by route and then in order.
var stops = Layer[Stop]{
	Head: Head{Name: "stops", Title: "Stops, in order", Geometry: Point, Staff: true},
	Fields: stamped(
		text("id", "Stop", "route and number", func(s Stop) string { return fmt.Sprint(RouteID(s.Route), " ", s.N) }),
		text("route_id", "Route", "", func(s Stop) string { return RouteID(s.Route) }),
		text("unit", "Unit", "", func(s Stop) string { return s.Route.Unit.Name }),
		text("shift", "Shift", "name and date of the shift", func(s Stop) string { return s.Route.Shift }),
		whole("stop", "Number", "in the route, from 1", func(s Stop) int { return s.N }),
		local("from_local", "From", "", func(s Stop) time.Time { return s.At.Start }),
		local("to_local", "Until", "", func(s Stop) time.Time { return s.At.End }),
		utc("from_utc", "From, UTC", "", func(s Stop) time.Time { return s.At.Start }),
		utc("to_utc", "Until, UTC", "", func(s Stop) time.Time { return s.At.End }),
		whole("dwell_min", "Minutes", "", func(s Stop) int { return int(math.Round(s.At.Duration().Minutes())) }),
		number("drive_m", "Drive, m", "on the road, from the stop before or the start", 0, func(s Stop) float64 { return s.Metres }),
		text("suggestion_id", "Suggestion", "the patrol area that is visited", func(s Stop) string { return s.Area.ID }),
		whole("rank", "Rank", "of that area", func(s Stop) int { return s.Area.Rank }),
		text("place_name", "Place", "the area in words, never a house", func(s Stop) string { return s.Area.PlaceName }),
		text("h3", "Cell", "H3 index of the middle of the area, hexadecimal", func(s Stop) string { return middleCell(s.Area) }),
		text("priority", "Priority", "high, medium or low", func(s Stop) string { return s.Area.Priority }),
		text("action", "What to do", "at that hour", func(s Stop) string { return s.Area.ActAt(s.At.Start) }),
	),
	shape: func(s Stop, _ Stamp) (orb.Geometry, error) { return RoundPoints(s.Point), nil },
	less:  func(a, b Stop) int { return cmp.Or(compareRoutes(a.Route, b.Route), cmp.Compare(a.N, b.N)) },
	when:  func(s Stop) (from, to time.Time) { return s.At.Start, s.At.End },
}

// driven returns the routes that have a stop, and their stops.
func driven(all []patrol.Route, suggestions []patrol.Suggestion) (some []patrol.Route, visits []Stop) {
	byID := make(map[string]patrol.Suggestion, len(suggestions))
	for _, s := range suggestions {
		byID[s.ID] = s
	}
	for _, r := range all {
		if len(r.Stops) == 0 {
			continue
		}
		some = append(some, r)
		for i, s := range r.Stops {
			visits = append(visits, Stop{s, r, byID[s.Suggestion], i + 1})
		}
	}
	return some, visits
}
