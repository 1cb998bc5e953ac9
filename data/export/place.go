package export

import (
	"cmp"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/cluster/patrol"
	"spreewatch/data/export/qgis"
	"spreewatch/geo"
)

// placesOf returns the settlements of the incidents in sprees, in the middle of
// those incidents, by name. A settlement that a patrol area is named after is
// left out, since that label names it. All but an analyst get the middle of the
// cell, since a settlement may have a single incident; for the public forPublic
// has left out such a settlement.
func placesOf(r Result, o Options) []qgis.Place {
	points := make(map[string][]orb.Point)
	for _, in := range r.Incidents {
		if in.SpreeID != "" && in.PlaceName != "" {
			points[in.PlaceName] = append(points[in.PlaceName], in.Point)
		}
	}
	var places []qgis.Place
	for name, ps := range points {
		if slices.ContainsFunc(r.Suggestions, func(s patrol.Suggestion) bool { return strings.Contains(s.PlaceName, name) }) {
			continue
		}
		slices.SortFunc(ps, func(a, b orb.Point) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
		var middle orb.Point
		for _, p := range ps {
			middle[0] += p[0] / float64(len(ps))
			middle[1] += p[1] / float64(len(ps))
		}
		if o.Audience != AudienceAnalyst {
			c, err := geo.CellAt(middle, o.snapResolution())
			if err != nil {
				continue
			}
			middle = c.Centre()
		}
		places = append(places, qgis.Place{Name: name, Point: middle})
	}
	slices.SortFunc(places, func(a, b qgis.Place) int { return strings.Compare(a.Name, b.Name) })
	return places
}
