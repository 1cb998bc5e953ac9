package layer

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"spreewatch/data"
	"spreewatch/geo"
)

// An area is where a patrol goes, as it is drawn.
type area struct {
	shape  orb.MultiPolygon
	bound  orb.Bound
	middle orb.Point
}

// areas are the patrol areas that are drawn, each once.
func (s Set) areas() []area {
	var out []area
	if s.Patrols == nil {
		return nil
	}
	for i := range s.Patrols.Len() {
		var a area
		switch g := s.Patrols.Shape(i).(type) {
		case orb.Polygon:
			a.shape = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			a.shape = g
		default:
			continue
		}
		a.bound = a.shape.Bound()
		a.middle = a.bound.Center()
		if !slices.ContainsFunc(out, func(b area) bool { return b.bound == a.bound }) {
			out = append(out, a)
		}
	}
	return out
}

func (a area) contains(p orb.Point) bool {
	return a.bound.Contains(p) && planar.MultiPolygonContains(a.shape, p)
}

// street is a name in the area at a point in it.
func (a area) street(name string, p orb.Point) Street {
	north, east := p.Lat()-a.middle.Lat(), (p.Lon()-a.middle.Lon())*math.Cos(p.Lat()*math.Pi/180)
	side := "north"
	switch {
	case math.Abs(north) < 0.75*math.Abs(east) && east > 0:
		side = "east"
	case math.Abs(north) < 0.75*math.Abs(east):
		side = "west"
	case north < 0:
		side = "south"
	}
	return Street{Name: name, Point: p, Patrol: true, MiddleM: geo.Distance(a.middle, p), Side: side}
}

// streetsIn says of the ground's streets which are in a patrol area, and adds the
// named roads that run through one, each at a point in it: a badge is in the middle,
// and a name that runs along a line of its own would lie over it.
func (s Set) streetsIn(g Ground) []Street {
	out := slices.Clone(g.Streets)
	for _, a := range s.areas() {
		there := make(map[string]bool)
		for i, street := range out {
			if a.contains(street.Point) {
				out[i], there[street.Name] = a.street(street.Name, street.Point), true
			}
		}
		through := make(map[string][]orb.Point)
		for _, l := range g.Roads {
			if l.Name != "" && l.Class != data.ClassPath && !there[l.Name] {
				if on := a.along(l.Points); len(on) > 0 {
					through[l.Name] = append(through[l.Name], on...)
				}
			}
		}
		for _, name := range slices.Sorted(maps.Keys(through)) {
			out = append(out, a.street(name, a.clear(through[name])))
		}
	}
	return out
}

// along are points of a line in the area, some 25 m apart.
func (a area) along(line orb.LineString) (in []orb.Point) {
	const stepM = 25
	if !a.bound.Intersects(line.Bound()) {
		return nil
	}
	for i, p := range line[:max(0, len(line)-1)] {
		q := line[i+1]
		steps := math.Ceil(geo.Distance(p, q) / stepM)
		for k := 0.0; k < max(1, steps); k++ {
			at := orb.Point{p[0] + (q[0]-p[0])*k/max(1, steps), p[1] + (q[1]-p[1])*k/max(1, steps)}
			if a.contains(at) {
				in = append(in, at)
			}
		}
	}
	return in
}

// clear is the point for a name: the one half-way along, or the farthest from the
// badge where that is near it.
func (a area) clear(points []orb.Point) orb.Point {
	const nearM = 80
	half := points[len(points)/2]
	if geo.Distance(half, a.middle) >= nearM {
		return half
	}
	return slices.MaxFunc(points, func(p, q orb.Point) int {
		return cmp.Or(cmp.Compare(geo.Distance(p, a.middle), geo.Distance(q, a.middle)), geo.ComparePoints(p, q))
	})
}
