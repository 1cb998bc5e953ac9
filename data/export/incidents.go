package export

import (
	"cmp"
	"fmt"
	"slices"

	"spreewatch/geo"
)

var incidentLayer = Layer{
	File:     "incidents.geojson",
	Title:    "Incidents",
	Geometry: "Point",
	Fields: []Field{
		{"ref", kindText, "Reference", "the report's"},
		{"offence", kindText, "Offence", "name of the offence profile"},
		{"from_local", kindLocal, "From", "event interval; until = from is an instant"},
		{"to_local", kindLocal, "Until", ""},
		{"from_utc", kindUTC, "From, UTC", ""},
		{"to_utc", kindUTC, "Until, UTC", ""},
		{"level", kindText, "Match level", "address, junction, street, postcode, outcode or place"},
		{"radius_m", kindNumber, "Within, m", "the true place lies so near the point"},
		{"confidence", kindNumber, "Confidence", "of the geocode, 0 to 1"},
		{"spree_id", kindText, "Spree", ""},
		{"h3", kindText, "Cell", "H3 index, hexadecimal"},
		{"run_id", kindText, "Run", ""},
		{"marking", kindText, "Marking", ""},
	},
}

// incidentFeatures returns a feature an incident, the earliest first.
func incidentFeatures(incidents []Incident, o Options) ([]feature, error) {
	incidents = slices.Clone(incidents)
	slices.SortStableFunc(incidents, func(a, b Incident) int {
		return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To), cmp.Compare(a.ID, b.ID))
	})
	features := make([]feature, 0, len(incidents))
	for _, in := range incidents {
		cell, err := geo.CellAt(in.Point, o.Resolution)
		if err != nil {
			return nil, fmt.Errorf("incident %s: %w", in.ID, err)
		}
		features = append(features, feature{round(in.Point), []any{
			text(in.Ref), text(in.Offence),
			localTime(in.From, o.Zone), localTime(in.To, o.Zone), utcTime(in.From), utcTime(in.To),
			in.Level.String(), number(in.RadiusM, 1), number(in.Confidence, 4), text(in.SpreeID),
			cell.String(), o.RunID, o.Marking,
		}})
	}
	return features, nil
}
