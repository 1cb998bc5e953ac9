package export

import (
	"cmp"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/cluster/patrol"
	"spreewatch/data/export/ground"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/qgis"
	"spreewatch/geo"
)

// A Grounding returns what is known of the ground in an area: its settlements and
// through roads, and the streets of the parts that are near to a patrol.
type Grounding func(area orb.Bound, near []orb.Bound) (layer.Ground, error)

const (
	// aroundM is the least that the ground reaches beyond what the map shows, and
	// nearM how far the streets do beyond a patrol area.
	aroundM = 15_000
	nearM   = 700
)

// grounded puts the ground under the layers: the land, what the gazetteer has, and
// the settlements of the sprees where that has them not. Nothing but what the
// reader sees anyway says where the ground is.
func (r Result) grounded(layers layer.Set, o Options) (layer.Set, error) {
	view, ok := qgis.View(layers)
	if !ok {
		return layers, nil
	}
	area := geo.Pad(view, max(aroundM, geo.Distance(view.Min, view.Max)/3))
	var near []orb.Bound
	for i := range layers.Patrols.Len() {
		if g := layers.Patrols.Shape(i); g != nil {
			near = append(near, geo.Pad(g.Bound(), nearM))
		}
	}
	var land []orb.Polygon
	var unpacking geo.Workers
	unpacking.Go(func() { land = ground.Land(area) })
	var g layer.Ground
	var err error
	if o.Ground != nil {
		g, err = o.Ground(area, near)
	}
	unpacking.Wait()
	if err != nil {
		return layers, err
	}
	for _, s := range placesOf(r, o) {
		named := func(known layer.Settlement) bool {
			return strings.EqualFold(known.Name, s.Name) && geo.Distance(known.Point, s.Point) < aroundM
		}
		if i := slices.IndexFunc(g.Settlements, named); i >= 0 {
			g.Settlements[i].Spree = true
		} else {
			g.Settlements = append(g.Settlements, s)
		}
	}
	if g.Land = land; len(land) > 0 {
		g.Sources = append([]string{ground.Source}, g.Sources...)
	}
	return layers.On(g, o.stamp())
}

// placesOf returns the settlements of the incidents in sprees, in the middle of
// those incidents, by name. A settlement that a patrol area is named after is
// left out, since that label names it. All but an analyst get the middle of the
// cell, since a settlement may have a single incident; for the public forPublic
// has left out such a settlement.
func placesOf(r Result, o Options) []layer.Settlement {
	points := make(map[string][]orb.Point)
	for _, in := range r.Incidents {
		if in.Member != nil && in.PlaceName != "" {
			points[in.PlaceName] = append(points[in.PlaceName], in.Point)
		}
	}
	var places []layer.Settlement
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
		places = append(places, layer.Settlement{Name: name, Spree: true, Point: middle})
	}
	slices.SortFunc(places, func(a, b layer.Settlement) int { return strings.Compare(a.Name, b.Name) })
	return places
}
