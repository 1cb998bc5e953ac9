package patrol

import (
	"cmp"
	"slices"

	"spreewatch/geo"
)

// An Expected is what to expect of one offence in one cell in one shift: its share
// of the mixture, and what live sprees add.
type Expected struct {
	Cell     geo.Cell
	Shift    string
	Offence  string
	Expected float64
}

// mostExpected is how long the surface of a duty may be.
func mostExpected(cells []claimed) (most int) {
	for _, c := range cells {
		most += len(c.claims)
	}
	return most
}

// expectedOf adds to a list, which has room for it, the surface of a duty, by cell and
// offence. Cells in which nothing is to be expected are missing.
func expectedOf(out []Expected, cells []claimed, d duty) []Expected {
	for _, of := range cells {
		first := len(out)
		for _, c := range of.claims {
			offence := c.slot.profile.Offence
			at := slices.IndexFunc(out[first:], func(e Expected) bool { return e.Offence == offence })
			if at < 0 {
				at = len(out) - first
				out = append(out, Expected{of.area.Cell, d.name, offence, 0})
			}
			out[first+at].Expected += c.risk
		}
		slices.SortFunc(out[first:], func(a, b Expected) int { return cmp.Compare(a.Offence, b.Offence) })
	}
	return out
}
