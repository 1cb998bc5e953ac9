package cluster

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// A vec is a point on the unit sphere. Circles on the ground are exact in these
// coordinates, however wide and wherever they lie, as they are not on any map.
type vec [3]float64

func vecOf(p orb.Point) vec {
	const rad = math.Pi / 180
	sinLat, cosLat := math.Sincos(p.Lat() * rad)
	sinLon, cosLon := math.Sincos(p.Lon() * rad)
	return vec{cosLat * cosLon, cosLat * sinLon, sinLat}
}

func (v vec) point() orb.Point {
	const deg = 180 / math.Pi
	return orb.Point{math.Atan2(v[1], v[0]) * deg, math.Atan2(v[2], math.Hypot(v[0], v[1])) * deg}
}

func (v vec) dot(o vec) float64 { return v[0]*o[0] + v[1]*o[1] + v[2]*o[2] }

func (v vec) minus(o vec) vec { return vec{v[0] - o[0], v[1] - o[1], v[2] - o[2]} }

func (v vec) cross(o vec) vec {
	return vec{v[1]*o[2] - v[2]*o[1], v[2]*o[0] - v[0]*o[2], v[0]*o[1] - v[1]*o[0]}
}

func (v vec) unit() vec {
	n := math.Sqrt(v.dot(v))
	return vec{v[0] / n, v[1] / n, v[2] / n}
}

// chord2 returns the square of the straight distance between two unit vectors.
func (v vec) chord2(o vec) float64 {
	d := v.minus(o)
	return d.dot(d)
}

// angle returns the angle between two unit vectors in radians, by the chord,
// which keeps its digits for points a metre apart.
func (v vec) angle(o vec) float64 {
	return 2 * math.Asin(math.Min(1, math.Sqrt(v.chord2(o))/2))
}

// A circle is a spherical cap: everything within metres of centre.
type circle struct {
	centre vec
	metres float64
}

// slackM keeps a point that a circle was drawn through inside it. It is a
// thousand times the rounding of a unit vector and far less than any gazetteer
// knows.
const slackM = 1e-6

func (c circle) holds(v vec) bool {
	return c.centre.angle(v)*geo.EarthRadius <= c.metres+slackM
}

// enclosing returns the smallest circle that holds every point, which must lie
// within a hemisphere: Welzl (1991) in its iterative form, so the expected time
// is linear. The answer does not depend on the order beyond its last bits.
func enclosing(points []vec) circle {
	if len(points) == 0 {
		return circle{}
	}
	order := rand.New(rand.NewPCG(1, uint64(len(points)))).Perm(len(points))
	c := circle{centre: points[order[0]]}
	for i, a := range order {
		if c.holds(points[a]) {
			continue
		}
		c = circle{centre: points[a]}
		for j, b := range order[:i] {
			if c.holds(points[b]) {
				continue
			}
			c = circleOf2(points[a], points[b])
			for _, k := range order[:j] {
				if !c.holds(points[k]) {
					c = circleOf3(points[a], points[b], points[k])
				}
			}
		}
	}
	return c
}

func circleOf2(a, b vec) circle {
	m := vec{a[0] + b[0], a[1] + b[1], a[2] + b[2]}.unit()
	return circle{m, m.angle(a) * geo.EarthRadius}
}

// circleOf3 returns the circle through three points. Of points so nearly in a
// line that rounding hides their plane, it returns the circle about the two that
// are farthest apart.
func circleOf3(a, b, c vec) circle {
	n := b.minus(a).cross(c.minus(a))
	if n.dot(n) < 1e-44 {
		ab, bc, ca := circleOf2(a, b), circleOf2(b, c), circleOf2(c, a)
		switch {
		case ab.metres >= bc.metres && ab.metres >= ca.metres:
			return ab
		case bc.metres >= ca.metres:
			return bc
		}
		return ca
	}
	n = n.unit()
	if n.dot(a) < 0 {
		n = vec{-n[0], -n[1], -n[2]}
	}
	return circle{n, n.angle(a) * geo.EarthRadius}
}
