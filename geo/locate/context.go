package locate

import (
	"math"

	"spreewatch/geo"

	"github.com/paulmach/orb"
)

// A Context is what is known about a location beside its text. It chooses
// between answers that the text alone leaves open, and only between those.
type Context struct {
	Area []orb.Bound // the force's area; none when empty
	Edge *geo.Region // the boundary of it within these bounds; nil for the bounds themselves
	Near []orb.Point // where the other reports of the same bulletin are
}

// Covers reports whether the point is in the force's area; every point is when
// no area is given.
func (c Context) Covers(p orb.Point) bool {
	for _, b := range c.Area {
		if b.Contains(p) {
			return c.Edge == nil || c.Edge.Contains(p)
		}
	}
	return len(c.Area) == 0
}

const (
	outsideArea = 8.0    // natural logarithm of how much rarer reports from outside the area are
	nearM       = 3000.0 // metres over which the chance of another report of the bulletin falls to 1/e
)

// distrust returns by how much the context speaks against a point, in natural
// logarithms.
func (c *Context) distrust(p orb.Point) float64 {
	sum := 0.0
	if !c.Covers(p) {
		sum += outsideArea
	}
	if len(c.Near) > 0 {
		least := math.Inf(1)
		for _, q := range c.Near {
			least = min(least, geo.Distance(p, q))
		}
		sum += least / nearM
	}
	return sum
}
