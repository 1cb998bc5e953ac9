package layer

import (
	"cmp"
	"math"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
)

// A Window is a spree that a setting raised in a comparison, and when.
type Window struct {
	cluster.Spree
	Setting string    // as typed
	Raised  time.Time // the night
	Shown   time.Time // when it could first be seen
	Nth     int       // with the how manieth of its incidents
}

// Windows returns a layer of the sprees that one setting raised, in the order of the
// nights; name and title are its own.
func Windows(name, title string, items []Window, s Stamp) (*Layer[Window], error) {
	l := Layer[Window]{
		Head: Head{Name: name, Title: title, Geometry: MultiPolygon},
		Fields: stamped(
			text("id", "Spree", "", func(w Window) string { return w.ID }),
			text("setting", "Setting", "window, radius and least incidents, as typed", func(w Window) string { return w.Setting }),
			text("offence", "Offence", "", func(w Window) string { return w.Offence }),
			whole("n_incidents", "Incidents", "on the night that raised it", func(w Window) int { return len(w.Incidents) }),
			number("expected", "Expected", "if place and time had nothing to do with each other", 6, w1(func(st cluster.Statistic) float64 { return st.Expected })),
			number("llr", "Log likelihood ratio", "natural logarithm", 6, w1(func(st cluster.Statistic) float64 { return st.LLR })),
			local("from_local", "First event", "", func(w Window) time.Time { return w.Spree.Window.Start }),
			local("to_local", "Last event", "", func(w Window) time.Time { return w.Spree.Window.End }),
			local("shown_local", "First to be seen", "when the report that made it a spree was known", func(w Window) time.Time { return w.Shown }),
			local("raised_local", "Raised", "the night", func(w Window) time.Time { return w.Raised }),
			utc("from_utc", "First event, UTC", "", func(w Window) time.Time { return w.Spree.Window.Start }),
			utc("raised_utc", "Raised, UTC", "", func(w Window) time.Time { return w.Raised }),
			whole("shown_nth", "Seen with incident", "the how manieth to be known", func(w Window) int { return w.Nth }),
			number("delay_h", "Hours to the alert", "from the first event", 2, func(w Window) float64 { return w.Raised.Sub(w.Spree.Window.Start).Hours() }),
			number("radius_m", "Radius, m", "about the centre, holds every incident", 1, func(w Window) float64 { return w.RadiusM }),
		),
		shape: func(w Window, _ Stamp) (orb.Geometry, error) { return outline(w.Zone) },
		less:  func(a, b Window) int { return cmp.Or(a.Raised.Compare(b.Raised), cmp.Compare(a.ID, b.ID)) },
		when:  func(w Window) (from, to time.Time) { return w.Spree.Window.Start, w.Raised },
	}
	return l.filled(items, s)
}

// w1 is a value of the statistic, not known for a spree of the rule.
func w1(of func(cluster.Statistic) float64) func(Window) float64 {
	return func(w Window) float64 {
		if w.Statistic == nil {
			return math.NaN()
		}
		return of(*w.Statistic)
	}
}
