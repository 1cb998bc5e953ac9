package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// unwrapped returns a ring that crosses 180° in one piece, its western points
// east of 180°; another ring as it is. A ring of cells is never half as wide as
// the earth.
func unwrapped(r orb.Ring) orb.Ring {
	b := r.Bound()
	if b.Max[0]-b.Min[0] <= 180 {
		return r
	}
	r = slices.Clone(r)
	for i := range r {
		if r[i][0] < 0 {
			r[i][0] += 360
		}
	}
	return r
}

// CutAt180 cuts the areas that cross 180° there, as RFC 7946, section 3.1.9, asks:
// no part of what it returns crosses. Rings are closed, outer ones anticlockwise
// and holes clockwise, as they have to be given. Areas that do not cross are
// returned as they are.
func CutAt180(m orb.MultiPolygon) orb.MultiPolygon {
	var out orb.MultiPolygon
	for _, p := range m {
		if len(p) == 0 || unwrapped(p[0]).Bound().Max[0] <= 180 {
			out = append(out, p)
			continue
		}
		whole := make(orb.Polygon, len(p))
		for i, r := range p {
			whole[i] = slices.Clone(unwrapped(r))
			if whole[i].Bound().Max[0] < 0 { // a hole in the western part
				for j := range whole[i] {
					whole[i][j][0] += 360
				}
			}
		}
		out = append(out, side(whole, func(lon float64) bool { return lon <= 180 }, 0)...)
		out = append(out, side(whole, func(lon float64) bool { return lon > 180 }, -360)...)
	}
	slices.SortFunc(out, func(a, b orb.Polygon) int { return compareRings(a[0], b[0]) })
	return out
}

// side returns what of a polygon lies on one side of 180°, moved by shift. The
// crossings of all rings in order of latitude bound, two by two, what is inside
// the polygon; a chain of points on the side that ends at one goes on at the
// other.
func side(p orb.Polygon, on func(lon float64) bool, shift float64) orb.MultiPolygon {
	type chain struct {
		points   orb.Ring
		from, to int // crossings
	}
	var lats []float64 // of the crossings
	cross := func(a, b orb.Point) int {
		lats = append(lats, a[1]+(b[1]-a[1])*(180-a[0])/(b[0]-a[0]))
		return len(lats) - 1
	}
	var chains []chain
	var rings []orb.Ring
	for _, r := range p {
		r = r[:len(r)-1]
		start := slices.IndexFunc(r, func(q orb.Point) bool { return !on(q[0]) })
		if start < 0 {
			rings = append(rings, append(slices.Clone(r), r[0]))
			continue
		}
		for i := range r {
			a, b := r[(start+i)%len(r)], r[(start+i+1)%len(r)]
			if !on(a[0]) && on(b[0]) {
				k := cross(a, b)
				chains = append(chains, chain{points: orb.Ring{{180, lats[k]}}, from: k})
			}
			if on(b[0]) {
				c := &chains[len(chains)-1]
				c.points = append(c.points, b)
			}
			if on(a[0]) && !on(b[0]) {
				c := &chains[len(chains)-1]
				c.to = cross(a, b)
				c.points = append(c.points, orb.Point{180, lats[c.to]})
			}
		}
	}
	order := make([]int, len(lats))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(lats[a], lats[b]) })
	other := make([]int, len(lats))
	for i := 0; i+1 < len(order); i += 2 {
		other[order[i]], other[order[i+1]] = order[i+1], order[i]
	}
	done := make([]bool, len(chains))
	for i := range chains {
		var ring orb.Ring
		for at := i; at >= 0 && !done[at]; {
			done[at] = true
			ring = append(ring, chains[at].points...)
			next := other[chains[at].to]
			at = slices.IndexFunc(chains, func(c chain) bool { return c.from == next })
		}
		if len(ring) > 0 {
			rings = append(rings, append(ring, ring[0]))
		}
	}
	return assembled(rings, shift)
}

// assembled puts each hole into the outer ring about it, all moved by shift.
func assembled(rings []orb.Ring, shift float64) orb.MultiPolygon {
	var out orb.MultiPolygon
	var holes []orb.Ring
	for _, r := range rings {
		for i := range r {
			r[i][0] += shift
		}
		r = slices.Compact(r)
		if len(r) < 4 || math.Abs(planar.Area(r)) < 1e-16 { // a point or a line on 180° itself
			continue
		}
		switch r.Orientation() {
		case orb.CCW:
			out = append(out, orb.Polygon{closeRing(r, orb.CCW)})
		case orb.CW:
			holes = append(holes, closeRing(r, orb.CW))
		}
	}
	for _, h := range holes {
		for i := range out {
			if planar.RingContains(out[i][0], h[0]) {
				out[i] = append(out[i], h)
				break
			}
		}
	}
	for _, p := range out {
		slices.SortFunc(p[1:], compareRings)
	}
	return out
}
