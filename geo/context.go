package geo

import "github.com/paulmach/orb"

// A Context is what is known about a location beside its text. It chooses
// between streets that the text alone leaves open, and only between those.
type Context struct {
	Area []orb.Bound // the force's area; none when empty
	Near []orb.Point // where the other reports of the same bulletin are
}

// Covers reports whether the point is in the force's area; every point is when
// no area is given.
func (c Context) Covers(p orb.Point) bool {
	for _, b := range c.Area {
		if b.Contains(p) {
			return true
		}
	}
	return len(c.Area) == 0
}
