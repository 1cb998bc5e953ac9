package night

import (
	"context"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// settlements looks up the centres of the settlements that the incidents name.
// One that the gazetteer does not have by that very name is left out.
func (e *evening) settlements(ctx context.Context, incidents []cluster.Incident) (map[string]orb.Point, error) {
	points := make(map[string][]orb.Point)
	var names []string
	for _, in := range incidents {
		if in.PlaceName == "" {
			continue
		}
		if points[in.PlaceName] == nil {
			names = append(names, in.PlaceName)
		}
		points[in.PlaceName] = append(points[in.PlaceName], in.Point)
	}
	if len(names) == 0 {
		return nil, nil
	}
	slices.Sort(names)
	index, err := e.places(ctx)
	if err != nil {
		return nil, err
	}
	centres := make(map[string]orb.Point)
	for i, m := range matchAll(index, names, e.Settings.within()) {
		if p, ok := settlement(m, names[i], points[names[i]]); ok {
			centres[names[i]] = p
		}
	}
	return centres, nil
}

// settlement chooses among the match and its candidates that are a place of the
// very name: the one with the least distance to the incidents in all.
func settlement(m geo.Match, name string, incidents []orb.Point) (centre orb.Point, ok bool) {
	best := math.Inf(1)
	all := append([]geo.Candidate{{Level: m.Level, Name: m.Name, Point: m.Point}}, m.Candidates...)
	all = slices.DeleteFunc(all, func(c geo.Candidate) bool { return c.Level != geo.LevelPlace || c.Name != name })
	if len(all) == 1 {
		return all[0].Point, true
	}
	for _, c := range all {
		sum := 0.0
		for _, p := range incidents {
			sum += geo.Distance(p, c.Point)
		}
		if sum < best {
			best, centre, ok = sum, c.Point, true
		}
	}
	return centre, ok
}
