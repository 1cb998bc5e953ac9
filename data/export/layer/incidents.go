package layer

import (
	"cmp"
	"fmt"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// An Incident is an incident of the analysis, which nobody changes, with the spree that
// it belongs to. A year's are a million: they are not copied.
type Incident struct {
	*cluster.Incident
	Member *Membership // of a spree; nil for none, as most are of a year's
}

// A Membership is the spree that incidents belong to.
type Membership struct {
	SpreeID string
	Joined  bool // they came before or after what raised the spree
}

// SpreeID is the spree that it belongs to, "" for none.
func (in Incident) SpreeID() string {
	if in.Member == nil {
		return ""
	}
	return in.Member.SpreeID
}

// incidents has a feature an incident, the earliest first.
var incidents = Layer[Incident]{
	Head: Head{Name: "incidents", Title: "Incidents", Geometry: Point, Analyst: true},
	Fields: stamped(
		text("ref", "Reference", "the report's", func(in Incident) string { return in.ID }),
		text("offence", "Offence", "name of the offence profile", func(in Incident) string { return in.Offence }),
		local("from_local", "From", "event interval; until = from is an instant", func(in Incident) time.Time { return in.From.Time() }),
		local("to_local", "Until", "", func(in Incident) time.Time { return in.To.Time() }),
		utc("from_utc", "From, UTC", "", func(in Incident) time.Time { return in.From.Time() }),
		utc("to_utc", "Until, UTC", "", func(in Incident) time.Time { return in.To.Time() }),
		text("level", "Match level", "address, junction, street, postcode, outcode or place", func(in Incident) string { return in.Level.String() }),
		number("radius_m", "Within, m", "the true place lies so near the point", 1, func(in Incident) float64 { return in.RadiusM }),
		number("confidence", "Confidence", "of the geocode, 0 to 1", 4, func(in Incident) float64 { return in.Confidence }),
		text("spree_id", "Spree", "", Incident.SpreeID),
		Field[Incident]{Column{"h3", Text, "Cell", "H3 index, hexadecimal"}, func(in Incident, s Stamp) any {
			cell, err := geo.CellAt(in.Point, s.Resolution)
			if err != nil {
				return nil // its shape was refused
			}
			return cell.String()
		}},
		text("in_spree", "In the spree", "counted: of what raised it; joined: before or after", func(in Incident) string {
			switch {
			case in.Member == nil:
				return ""
			case in.Member.Joined:
				return "joined"
			}
			return "counted"
		}),
	),
	shape: func(in Incident, s Stamp) (orb.Geometry, error) {
		if _, err := geo.CellAt(in.Point, s.Resolution); err != nil {
			return nil, fmt.Errorf("incident %s: %w", in.ID, err)
		}
		return RoundPoints(in.Point), nil
	},
	less: func(a, b Incident) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.ID, b.ID))
	},
	when: func(in Incident) (from, to time.Time) { return in.From.Time(), in.To.Time() },
}
