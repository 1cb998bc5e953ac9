package cluster

import (
	"math"

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
	x, y, z := v[0]-o[0], v[1]-o[1], v[2]-o[2]
	return x*x + y*y + z*z
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

// slackM is how far outside a circle a point may be measured that lies on its edge: a
// thousand times the rounding of a unit vector, and far less than any gazetteer knows.
const slackM = 1e-6

// Enclosing returns the smallest circle that holds every point, which must lie
// within a hemisphere. It is that of two or three of the points: the one that lies
// farthest outside the circle of some enters it, and what of these four makes the
// smallest circle stays, until nobody lies outside (an LP-type problem: Sharir and
// Welzl 1992). Each circle is larger than the one before, so that this ends; of points
// that are all but in a line or at one place, whose circles rounding hides, none is
// left out. The answer does not depend on the order beyond its last bits.
func Enclosing(points []Vec) Circle {
	if len(points) == 0 {
		return Circle{}
	}
	basis, c := points[:1:1], Circle{Centre: points[0]}
	for {
		far, at := farthest(c.Centre, points)
		if far <= c.Metres+slackM {
			c.Metres = max(c.Metres, far)
			return c
		}
		wider, larger := smallest(append(basis, at))
		if larger.Metres <= c.Metres { // they differ by less than rounding
			c.Metres = far
			return c
		}
		basis, c = wider, larger
	}
}

// farthest returns the point that lies farthest from the centre, of equals the first,
// and how many metres that is.
func farthest(centre Vec, points []Vec) (metres float64, at Vec) {
	most := -1.0
	for _, p := range points {
		if d := centre.Chord2(p); d > most {
			most, at = d, p
		}
	}
	return centre.Angle(at) * geo.EarthRadius, at
}

// smallest returns the smallest circle that holds the two to four points, and those of
// them that it is drawn through.
func smallest(points []Vec) (through []Vec, c Circle) {
	c.Metres = math.Inf(1)
	try := func(centre Vec, of ...Vec) {
		if far, _ := farthest(centre, points); far < c.Metres {
			through, c = of, Circle{centre, far}
		}
	}
	for i, p := range points {
		for j, q := range points[:i] {
			try(CircleOf2(p, q).Centre, p, q)
			for _, r := range points[:j] {
				try(CircleOf3(p, q, r).Centre, p, q, r)
			}
		}
	}
	return through, c
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
