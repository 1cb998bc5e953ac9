package geo

import "github.com/paulmach/orb"

// A Context is what is known about a location beside its text. It chooses
// between streets that the text alone leaves open, and only between those.
type Context struct {
	Area []orb.Bound // the force's area; none when empty
	Near []orb.Point // where the other reports of the same bulletin are
}
