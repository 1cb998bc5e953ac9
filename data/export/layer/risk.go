package layer

import (
	"cmp"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// A ShiftRisk is what to expect of all offences in a cell in a shift.
type ShiftRisk struct {
	Cell     geo.Cell
	Shift    string // name and date
	Window   cluster.Window
	Expected float64
}

// risks has a feature a cell and shift, the shift that begins first first and in it
// the most risk.
var risks = Layer[ShiftRisk]{
	Head: Head{Name: "risk", Title: "Incidents expected, by shift", Geometry: Polygon, Staff: true},
	Fields: stamped(
		text("h3", "Cell", "H3 index, hexadecimal", func(r ShiftRisk) string { return r.Cell.String() }),
		text("shift", "Shift", "name and date of the shift", func(r ShiftRisk) string { return r.Shift }),
		small("expected", "Expected incidents", "of all offences, in the whole of the shift", func(r ShiftRisk) float64 { return r.Expected }),
		local("from_local", "From", "the shift", func(r ShiftRisk) time.Time { return r.Window.Start }),
		local("to_local", "Until", "", func(r ShiftRisk) time.Time { return r.Window.End }),
	),
	shape: func(r ShiftRisk, s Stamp) (orb.Geometry, error) { return s.hexagon(r.Cell) },
	less: func(a, b ShiftRisk) int {
		return cmp.Or(a.Window.Start.Compare(b.Window.Start), cmp.Compare(a.Shift, b.Shift), cmp.Compare(b.Expected, a.Expected), cmp.Compare(a.Cell, b.Cell))
	},
	when: func(r ShiftRisk) (from, to time.Time) { return r.Window.Start, r.Window.End },
}
