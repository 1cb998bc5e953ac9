package patrol

import (
	"cmp"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// An Expected is what to expect of one offence in one cell in one shift: its share
// of the mixture, and what live sprees add.
type Expected struct {
	Cell     geo.Cell
	Centre   orb.Point
	AreaM2   float64
	Shift    string
	Offence  string
	Expected float64
}

// expectedOf returns the surface of a duty, by cell and offence. Cells in which
// nothing is to be expected are missing.
func (g *ground) expectedOf(byCell map[geo.Cell][]claim, d duty) []Expected {
	most := 0
	for _, claims := range byCell {
		most += len(claims)
	}
	out := make([]Expected, 0, most)
	for _, cell := range slices.Sorted(maps.Keys(byCell)) {
		first, area := len(out), g.area(cell)
		for _, c := range byCell[cell] {
			offence := c.slot.profile.Offence
			at := slices.IndexFunc(out[first:], func(e Expected) bool { return e.Offence == offence })
			if at < 0 {
				at = len(out) - first
				out = append(out, Expected{cell, area.Centre, area.M2, d.name, offence, 0})
			}
			out[first+at].Expected += c.risk
		}
		slices.SortFunc(out[first:], func(a, b Expected) int { return cmp.Compare(a.Offence, b.Offence) })
	}
	return out
}
