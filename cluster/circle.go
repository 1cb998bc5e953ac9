package cluster

import (
	"math"
	"math/rand/v2"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// A Vec is a point on the unit sphere. Circles on the ground are exact in these
// coordinates, however wide and wherever they lie, as they are not on any map.
type Vec [3]float64

// VecOf returns the unit vector of a longitude and latitude in degrees.
func VecOf(p orb.Point) Vec { return OnSphere(p, 1) }

// Point returns the longitude and latitude in degrees.
func (v Vec) Point() orb.Point {
	const deg = 180 / math.Pi
	return orb.Point{math.Atan2(v[1], v[0]) * deg, math.Atan2(v[2], math.Hypot(v[0], v[1])) * deg}
}

// Dot returns the scalar product.
func (v Vec) Dot(o Vec) float64 { return v[0]*o[0] + v[1]*o[1] + v[2]*o[2] }

func (v Vec) minus(o Vec) Vec { return Vec{v[0] - o[0], v[1] - o[1], v[2] - o[2]} }

// Cross returns the vector product.
func (v Vec) Cross(o Vec) Vec {
	return Vec{v[1]*o[2] - v[2]*o[1], v[2]*o[0] - v[0]*o[2], v[0]*o[1] - v[1]*o[0]}
}

// Unit returns the vector at length 1; of the zero vector it is not a number.
func (v Vec) Unit() Vec {
	n := math.Sqrt(v.Dot(v))
	return Vec{v[0] / n, v[1] / n, v[2] / n}
}

// Chord2 returns the square of the straight distance between two unit vectors.
func (v Vec) Chord2(o Vec) float64 {
	d := v.minus(o)
	return d.Dot(d)
}

// Angle returns the angle between two unit vectors in radians, by the chord,
// which keeps its digits for points a metre apart.
func (v Vec) Angle(o Vec) float64 {
	return 2 * math.Asin(math.Min(1, math.Sqrt(v.Chord2(o))/2))
}

// A Circle is a spherical cap: everything within metres of centre.
type Circle struct {
	Centre Vec
	Metres float64
}

// slackM keeps a point that a circle was drawn through inside it. It is a
// thousand times the rounding of a unit vector and far less than any gazetteer
// knows.
const slackM = 1e-6

// A ring is a circle whose edge is measured by the chord too, which is quicker to
// tell by: only what lies at the edge itself is measured along the ground.
type ring struct {
	Circle
	within, beyond float64 // squares of chords
}

func ringOf(c Circle) ring {
	const margin = 1e-9 // of the rounding of either measure
	edge := Chord2(c.Metres + slackM)
	return ring{c, edge * (1 - margin), edge * (1 + margin)}
}

func (r ring) holds(v Vec) bool {
	switch d := r.Centre.Chord2(v); {
	case d < r.within:
		return true
	case d > r.beyond:
		return false
	}
	return r.Centre.Angle(v)*geo.EarthRadius <= r.Metres+slackM
}

// Enclosing returns the smallest circle that holds every point, which must lie
// within a hemisphere: Welzl (1991) in its iterative form, so the expected time
// is linear. The answer does not depend on the order beyond its last bits.
func Enclosing(points []Vec) Circle {
	if len(points) == 0 {
		return Circle{}
	}
	order := rand.New(rand.NewPCG(1, uint64(len(points)))).Perm(len(points))
	c := ringOf(Circle{Centre: points[order[0]]})
	for i, a := range order {
		if c.holds(points[a]) {
			continue
		}
		c = ringOf(Circle{Centre: points[a]})
		for j, b := range order[:i] {
			if c.holds(points[b]) {
				continue
			}
			c = ringOf(CircleOf2(points[a], points[b]))
			for _, k := range order[:j] {
				if !c.holds(points[k]) {
					c = ringOf(CircleOf3(points[a], points[b], points[k]))
				}
			}
		}
	}
	return c.Circle
}

// CircleOf2 returns the smallest circle that holds both points.
func CircleOf2(a, b Vec) Circle {
	m := Vec{a[0] + b[0], a[1] + b[1], a[2] + b[2]}.Unit()
	return Circle{m, m.Angle(a) * geo.EarthRadius}
}

// CircleOf3 returns the circle through three points. Of points so nearly in a
// line that rounding hides their plane, it returns the circle about the two that
// are farthest apart.
func CircleOf3(a, b, c Vec) Circle {
	n := b.minus(a).Cross(c.minus(a))
	if n.Dot(n) < 1e-44 {
		ab, bc, ca := CircleOf2(a, b), CircleOf2(b, c), CircleOf2(c, a)
		switch {
		case ab.Metres >= bc.Metres && ab.Metres >= ca.Metres:
			return ab
		case bc.Metres >= ca.Metres:
			return bc
		}
		return ca
	}
	n = n.Unit()
	if n.Dot(a) < 0 {
		n = Vec{-n[0], -n[1], -n[2]}
	}
	return Circle{n, n.Angle(a) * geo.EarthRadius}
}
