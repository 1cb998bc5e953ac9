package patrol

import (
	"cmp"
	"iter"
	"slices"

	"spreewatch/geo"
)

// A Surface is what to expect in the coming shifts, one after the other.
type Surface []ShiftSurface

// A ShiftSurface is what to expect in one shift, by cell. Cells in which nothing is to be
// expected are missing.
type ShiftSurface struct {
	Shift string
	Cells []Expected
}

// An Expected is how many incidents of all offences to expect in one cell in one shift.
type Expected struct {
	Cell     geo.Cell
	Expected float64
	claims   []claim
}

// surfaceOf is the surface of a duty.
func surfaceOf(cells []claimed, d duty) ShiftSurface {
	s := ShiftSurface{d.name, make([]Expected, len(cells))}
	for i, of := range cells {
		sum := 0.0
		for _, c := range of.claims {
			sum += c.risk
		}
		s.Cells[i] = Expected{of.area.Cell, sum, of.claims}
	}
	return s
}

// Offences yields the offences by name, and what to expect of each: its share of the
// mixture, and what live sprees add.
func (e Expected) Offences() iter.Seq2[string, float64] {
	return func(yield func(string, float64) bool) {
		claims := slices.Clone(e.claims)
		slices.SortStableFunc(claims, func(a, b claim) int { return cmp.Compare(a.slot.profile.Offence, b.slot.profile.Offence) })
		for len(claims) > 0 {
			offence, sum := claims[0].slot.profile.Offence, 0.0
			for len(claims) > 0 && claims[0].slot.profile.Offence == offence {
				sum += claims[0].risk
				claims = claims[1:]
			}
			if !yield(offence, sum) {
				return
			}
		}
	}
}
