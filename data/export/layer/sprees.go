package layer

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
)

// sprees has a feature a spree, the earliest first.
var sprees = Layer[cluster.Spree]{
	Head: Head{Name: "sprees", Title: "Sprees", Geometry: MultiPolygon},
	Fields: stamped(
		text("id", "Spree", "the same from night to night", func(s cluster.Spree) string { return s.ID }),
		text("status", "Status", "new, growing, ongoing, returned or ended", func(s cluster.Spree) string { return string(s.Status) }),
		text("offence", "Offence", "name of the offence profile", func(s cluster.Spree) string { return s.Offence }),
		text("method", "Found by", "rule (thresholds of the profile) or scan (statistic)", func(s cluster.Spree) string { return string(s.Method) }),
		whole("n_incidents", "Incidents", "in the circle and the time that raised it last", func(s cluster.Spree) int { return len(s.Incidents) }),
		whole("n_joined", "Joined", "incidents of its life before and after, counted nowhere else", func(s cluster.Spree) int { return len(s.Joined) }),
		number("observed", "Observed", "weight of those incidents", 6, func(s cluster.Spree) float64 { return s.Observed }),
		number("expected", "Expected", "if place and time had nothing to do with each other", 6, tested(func(st *cluster.Statistic, _ float64) float64 { return st.Expected })),
		number("ratio", "Observed / expected", "", 6, tested(func(st *cluster.Statistic, observed float64) float64 { return observed / st.Expected })),
		number("llr", "Log likelihood ratio", "natural logarithm", 6, tested(func(st *cluster.Statistic, _ float64) float64 { return st.LLR })),
		small("p_value", "p", "chance of a night with one as strong, over all offences and scales; 0 < p ≤ 1", tested(func(st *cluster.Statistic, _ float64) float64 { return st.P })),
		number("ri_days", "Recurrence, days", "chance alone brings a night with one as strong about once in so many days", 4, tested(func(st *cluster.Statistic, _ float64) float64 { return st.Recurrence.Hours() / 24 })),
		local("from_local", "First event", "", func(s cluster.Spree) time.Time { return s.Window.Start }),
		local("to_local", "Last event", "", func(s cluster.Spree) time.Time { return s.Window.End }),
		utc("from_utc", "First event, UTC", "", func(s cluster.Spree) time.Time { return s.Window.Start }),
		utc("to_utc", "Last event, UTC", "", func(s cluster.Spree) time.Time { return s.Window.End }),
		number("duration_h", "Hours", "first event to last", 4, func(s cluster.Spree) float64 { return s.Window.Duration().Hours() }),
		number("radius_m", "Radius, m", "about the centre, holds every incident", 1, func(s cluster.Spree) float64 { return s.RadiusM }),
		number("centre_lon", "Centre, longitude", "WGS84 degrees", 7, func(s cluster.Spree) float64 { return s.Centre.Lon() }),
		number("centre_lat", "Centre, latitude", "WGS84 degrees", 7, func(s cluster.Spree) float64 { return s.Centre.Lat() }),
		text("place_names", "Places", "settlements, the one with most incidents first, separated by commas", func(s cluster.Spree) string { return strings.Join(s.Places, ", ") }),
		number("confidence", "Confidence", "0 to 1, from the geocodes behind it", 4, func(s cluster.Spree) float64 { return s.Confidence }),
		number("max_radius_m", "Raised within, m", "radius of the circle that raised it", 1, func(s cluster.Spree) float64 { return orNaN(s.Raised.RadiusM) }),
		number("max_window_h", "Raised within, hours", "length of the time that raised it", 4, func(s cluster.Spree) float64 { return orNaN(s.Raised.Window.Hours()) }),
		number("min_incidents", "Least incidents", "that its offence needs", 0, func(s cluster.Spree) float64 { return orNaN(float64(s.Raised.MinIncidents)) }),
		number("alerts_per_week", "Alerts a week", "false sprees a week that the threshold was set to; null where it was not calibrated", 4, func(s cluster.Spree) float64 { return orNaN(s.Raised.AlertsPerWeek) }),
		text("merged", "Merged", "ids of sprees that turned out to be this one, separated by commas", func(s cluster.Spree) string { return strings.Join(s.Merged, ", ") }),
	),
	shape: func(s cluster.Spree, _ Stamp) (orb.Geometry, error) {
		g, err := outline(s.Zone)
		if err != nil {
			return nil, fmt.Errorf("spree %s: %w", s.ID, err)
		}
		return g, nil
	},
	less: func(a, b cluster.Spree) int {
		return cmp.Or(a.Window.Start.Compare(b.Window.Start), cmp.Compare(a.ID, b.ID))
	},
	when: func(s cluster.Spree) (from, to time.Time) { return s.Window.Start, s.Window.End },
}

// orNaN is a number that is not known where it is 0.
func orNaN(v float64) float64 {
	if v == 0 {
		return math.NaN()
	}
	return v
}

// tested is a value of the statistic, not known for a spree that was not put to
// the test.
func tested(of func(st *cluster.Statistic, observed float64) float64) func(cluster.Spree) float64 {
	return func(s cluster.Spree) float64 {
		if s.Statistic == nil {
			return math.NaN()
		}
		return of(s.Statistic, s.Observed)
	}
}
