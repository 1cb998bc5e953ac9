package export

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"spreewatch/cluster/patrol"
)

var patrolLayer = Layer{
	File:     "patrols.geojson",
	Title:    "Patrol areas, by rank",
	Geometry: "Polygon",
	Fields: []Field{
		{"id", kindText, "Suggestion", "made from the content; the same suggestion keeps it"},
		{"rank", kindInteger, "Rank", "1 is the first to do, over all shifts"},
		{"spree_id", kindText, "Spree", "the spree behind it"},
		{"offence", kindText, "Offence", "name of the offence profile"},
		{"place_name", kindText, "Place", "the area in words, never a house"},
		{"h3", kindText, "Middle cell", "H3 index of the middle of the area, hexadecimal"},
		{"area_m2", kindNumber, "Area, m²", ""},
		{"shift", kindText, "Shift", "name and date of the shift"},
		{"from_local", kindLocal, "From", "when to be there, inside the shift"},
		{"to_local", kindLocal, "Until", ""},
		{"from_utc", kindUTC, "From, UTC", ""},
		{"to_utc", kindUTC, "Until, UTC", ""},
		{"dwell_min", kindInteger, "Minutes a visit", "Koper 1995: 10 to 16"},
		{"visits", kindInteger, "Visits", "in the time band, at varied times"},
		{"unit", kindText, "Unit", "null until routes are made"},
		{"priority", kindText, "Priority", "high, medium or low"},
		{"risk", kindNumber, "Expected incidents", "in the area in the time band"},
		{"reason", kindText, "Why", "in words, without an address"},
		{"action", kindText, "What to do", ""},
		{"confidence", kindNumber, "Confidence", "0 to 1"},
		{"n_incidents", kindInteger, "Incidents behind it", ""},
		{"expires_local", kindLocal, "Stop acting on it at", ""},
		{"run_id", kindText, "Run", ""},
		{"marking", kindText, "Marking", ""},
	},
}

// patrolFeatures returns a feature a suggestion, by rank.
func patrolFeatures(suggestions []patrol.Suggestion, o Options) ([]feature, error) {
	suggestions = slices.Clone(suggestions)
	slices.SortStableFunc(suggestions, compareSuggestions)
	features := make([]feature, 0, len(suggestions))
	for _, s := range suggestions {
		g, err := outline(s.Area)
		if err != nil {
			return nil, fmt.Errorf("suggestion %s: %w", s.ID, err)
		}
		var cell any
		if s.Cell != 0 {
			cell = s.Cell.String()
		}
		features = append(features, feature{g, []any{
			s.ID, s.Rank, text(s.SpreeID), text(s.Offence), text(s.PlaceName), cell, number(s.AreaM2, 1), text(s.Shift),
			localTime(s.Band.Start, o.Zone), localTime(s.Band.End, o.Zone), utcTime(s.Band.Start), utcTime(s.Band.End),
			int(math.Round(s.Dwell.Minutes())), s.Visits, text(s.Unit), text(s.Priority), significant(s.Risk),
			text(s.Reason), text(s.Action), number(s.Confidence, 4), len(s.Incidents),
			localTime(s.Expires, o.Zone), o.RunID, o.Marking,
		}})
	}
	return features, nil
}

func compareSuggestions(a, b patrol.Suggestion) int {
	return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.ID, b.ID))
}
