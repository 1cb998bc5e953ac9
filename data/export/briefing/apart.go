package briefing

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

// apart says how far the incidents lie from each other.
func apart(members []layer.Incident) string {
	if len(members) < 2 {
		return ""
	}
	points := make([]orb.Point, len(members))
	for i, m := range members {
		points[i] = m.Point
	}
	slices.SortFunc(points, func(a, b orb.Point) int {
		return cmp.Or(cmp.Compare(a.Lat(), b.Lat()), cmp.Compare(a.Lon(), b.Lon()))
	})
	return fmt.Sprintf("%s to the nearest other one (median), %s at most", distance(medianNearest(points)), distance(widest(slices.Compact(points))))
}

// medianNearest is the median of how far it is from each point, of two or more from
// south to north, to the nearest other one, in metres. From each it looks no further than
// to where the latitude alone is further than what it has.
func medianNearest(points []orb.Point) float64 {
	nearest := make([]float64, len(points))
	for i, p := range points {
		near := math.Inf(1)
		for step := range 2 {
			for j := i + 1 - 2*step; j >= 0 && j < len(points); j += 1 - 2*step {
				if geo.Distance(p, orb.Point{p.Lon(), points[j].Lat()}) >= near {
					break
				}
				near = min(near, geo.Distance(p, points[j]))
			}
		}
		nearest[i] = near
	}
	slices.Sort(nearest)
	return nearest[len(nearest)/2]
}

// widest is the distance between the two points that are furthest apart, in metres. Two
// are no further apart than they are from the middle together, so that those which are
// close to it are not compared. No point may come twice.
func widest(points []orb.Point) float64 {
	type ray struct {
		to orb.Point
		m  float64
	}
	middle := orb.MultiPoint(points).Bound().Center()
	rays := make([]ray, len(points))
	for i, p := range points {
		rays[i] = ray{p, geo.Distance(middle, p)}
	}
	slices.SortStableFunc(rays, func(a, b ray) int { return cmp.Compare(b.m, a.m) })
	most := 0.0
	for i, a := range rays {
		for _, b := range rays[i+1:] {
			if a.m+b.m <= most {
				break
			}
			most = max(most, geo.Distance(a.to, b.to))
		}
	}
	return most
}
