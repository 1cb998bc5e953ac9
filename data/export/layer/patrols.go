package layer

import (
	"cmp"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster/patrol"
	"spreewatch/geo"
)

// patrols has a feature a suggestion, by rank.
var patrols = Layer[patrol.Suggestion]{
	Head: Head{Name: "patrols", Title: "Patrol areas, by rank", Geometry: Polygon},
	Fields: stamped(
		text("id", "Suggestion", "made from the content; the same suggestion keeps it", func(s patrol.Suggestion) string { return s.ID }),
		whole("rank", "Rank", "1 is the first to do, over all shifts", func(s patrol.Suggestion) int { return s.Rank }),
		text("spree_id", "Spree", "the spree behind it", func(s patrol.Suggestion) string { return s.SpreeID }),
		text("offence", "Offence", "name of the offence profile", func(s patrol.Suggestion) string { return s.Offence }),
		text("place_name", "Place", "the area in words, never a house", func(s patrol.Suggestion) string { return s.PlaceName }),
		text("h3", "Middle cell", "H3 index of the middle of the area, hexadecimal", middleCell),
		number("area_m2", "Area, m²", "", 1, func(s patrol.Suggestion) float64 { return s.AreaM2 }),
		text("shift", "Shift", "name and date of the shift", func(s patrol.Suggestion) string { return s.Shift }),
		local("from_local", "From", "when to be there, inside the shift", func(s patrol.Suggestion) time.Time { return s.Band.Start }),
		local("to_local", "Until", "", func(s patrol.Suggestion) time.Time { return s.Band.End }),
		utc("from_utc", "From, UTC", "", func(s patrol.Suggestion) time.Time { return s.Band.Start }),
		utc("to_utc", "Until, UTC", "", func(s patrol.Suggestion) time.Time { return s.Band.End }),
		whole("dwell_min", "Minutes a visit", "Koper 1995: 10 to 16", func(s patrol.Suggestion) int { return int(math.Round(s.Dwell.Minutes())) }),
		whole("visits", "Visits", "in the time band, at varied times", func(s patrol.Suggestion) int { return s.Visits }),
		text("unit", "Unit", "whose route goes there; null for none", func(s patrol.Suggestion) string { return s.Unit }),
		text("priority", "Priority", "high, medium or low", func(s patrol.Suggestion) string { return s.Priority }),
		small("risk", "Expected incidents", "in the area in the time band", func(s patrol.Suggestion) float64 { return s.Risk }),
		text("reason", "Why", "in words, without an address", func(s patrol.Suggestion) string { return s.Reason }),
		text("action", "What to do", "what suits the hours of the band", func(s patrol.Suggestion) string { return s.Action }),
		number("confidence", "Confidence", "0 to 1", 4, func(s patrol.Suggestion) float64 { return s.Confidence }),
		whole("n_incidents", "Incidents behind it", "", func(s patrol.Suggestion) int { return len(s.Incidents) }),
		local("expires_local", "Stop acting on it at", "", func(s patrol.Suggestion) time.Time { return s.Expires }),
		text("streets", "Streets", "named in the gazetteer, that run through the area, separated by commas", func(s patrol.Suggestion) string { return strings.Join(s.Streets, ", ") }),
	),
	shape: func(s patrol.Suggestion, _ Stamp) (orb.Geometry, error) {
		if s.Outline != nil {
			return RoundPoints(geo.CutAt180(woundAll(s.Outline))), nil
		}
		g, err := outline(s.Area)
		if err != nil {
			return nil, fmt.Errorf("suggestion %s: %w", s.ID, err)
		}
		return g, nil
	},
	less: ByRank,
	when: func(s patrol.Suggestion) (from, to time.Time) { return s.Band.Start, s.Band.End },
}

func middleCell(s patrol.Suggestion) string {
	if s.Cell == 0 {
		return ""
	}
	return s.Cell.String()
}

// ByRank compares suggestions by rank and ID, the order in which they are
// written.
func ByRank(a, b patrol.Suggestion) int {
	return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.ID, b.ID))
}
