package export

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"spreewatch/cluster"
)

var spreeLayer = Layer{
	File:     "sprees.geojson",
	Title:    "Sprees",
	Geometry: "MultiPolygon",
	Fields: []Field{
		{"id", kindText, "Spree", "the same from night to night"},
		{"status", kindText, "Status", "new, growing, ongoing or ended"},
		{"offence", kindText, "Offence", "name of the offence profile; null where the scan took all offences"},
		{"method", kindText, "Found by", "rule (thresholds of the profile) or scan (statistic)"},
		{"n_incidents", kindInteger, "Incidents", ""},
		{"observed", kindNumber, "Observed", "weight of the incidents in the area and the time"},
		{"expected", kindNumber, "Expected", "if place and time had nothing to do with each other"},
		{"ratio", kindNumber, "Observed / expected", ""},
		{"llr", kindNumber, "Log likelihood ratio", "natural logarithm"},
		{"p_value", kindNumber, "p", "chance of one as strong, 0 < p ≤ 1"},
		{"ri_days", kindNumber, "Recurrence, days", "chance alone raises one as strong about once in so many days"},
		{"from_local", kindLocal, "First event", ""},
		{"to_local", kindLocal, "Last event", ""},
		{"from_utc", kindUTC, "First event, UTC", ""},
		{"to_utc", kindUTC, "Last event, UTC", ""},
		{"duration_h", kindNumber, "Hours", "first event to last"},
		{"radius_m", kindNumber, "Radius, m", "about the centre, holds every incident"},
		{"centre_lon", kindNumber, "Centre, longitude", "WGS84 degrees"},
		{"centre_lat", kindNumber, "Centre, latitude", "WGS84 degrees"},
		{"place_names", kindText, "Places", "settlements, the one with most incidents first, separated by commas"},
		{"confidence", kindNumber, "Confidence", "0 to 1, from the geocodes behind it"},
		{"run_id", kindText, "Run", ""},
		{"marking", kindText, "Marking", ""},
	},
}

// spreeFeatures returns a feature a spree, the earliest first.
func spreeFeatures(sprees []cluster.Spree, o Options) ([]feature, error) {
	sprees = slices.Clone(sprees)
	slices.SortStableFunc(sprees, func(a, b cluster.Spree) int {
		return cmp.Or(a.Window.Start.Compare(b.Window.Start), cmp.Compare(a.ID, b.ID))
	})
	features := make([]feature, 0, len(sprees))
	for _, s := range sprees {
		g, err := outline(s.Zone)
		if err != nil {
			return nil, fmt.Errorf("spree %s: %w", s.ID, err)
		}
		var expected, ratio, llr, p, recurrence any
		if st := s.Statistic; st != nil {
			expected, llr, p = number(st.Expected, 6), number(st.LLR, 6), significant(st.P)
			ratio = number(s.Observed/st.Expected, 6)
			recurrence = number(days(st.Recurrence), 4)
		}
		features = append(features, feature{g, []any{
			s.ID, text(string(s.Status)), text(s.Offence), text(string(s.Method)), len(s.Incidents),
			number(s.Observed, 6), expected, ratio, llr, p, recurrence,
			localTime(s.Window.Start, o.Zone), localTime(s.Window.End, o.Zone), utcTime(s.Window.Start), utcTime(s.Window.End),
			number(s.Window.Duration().Hours(), 4), number(s.RadiusM, 1), number(s.Centre.Lon(), 7), number(s.Centre.Lat(), 7),
			text(strings.Join(s.Places, ", ")), number(s.Confidence, 4), o.RunID, o.Marking,
		}})
	}
	return features, nil
}

func days(d time.Duration) float64 { return d.Hours() / 24 }
