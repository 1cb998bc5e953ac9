package export

import (
	"cmp"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/cluster/patrol"
	"spreewatch/geo"
)

// A place is a name to find one's way by on a map that has no other ground: the
// outputs must open where there is no network to fetch one from.
type place struct {
	Name  string
	Point orb.Point
}

// placesOf returns the settlements of the incidents in sprees, in the middle of
// those incidents, by name. A settlement that a patrol area is named after is
// left out, since that label names it. All but an analyst get the middle of the
// cell, since a settlement may have a single incident; for the public forPublic
// has left out such a settlement.
func placesOf(r Result, o Options) []place {
	points := make(map[string][]orb.Point)
	for _, in := range r.Incidents {
		if in.SpreeID != "" && in.PlaceName != "" {
			points[in.PlaceName] = append(points[in.PlaceName], in.Point)
		}
	}
	var places []place
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
		places = append(places, place{name, middle})
	}
	slices.SortFunc(places, func(a, b place) int { return strings.Compare(a.Name, b.Name) })
	return places
}
