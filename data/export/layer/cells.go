package layer

import (
	"cmp"
	"math"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster/detect"
)

// cells has a feature a cell and window, by cell and then by time.
var cells = Layer[detect.CellCount]{
	Head: Head{Name: "cells", Title: "Incidents expected, by cell", Geometry: Polygon},
	Fields: stamped(
		text("h3", "Cell", "H3 index, hexadecimal", func(c detect.CellCount) string { return c.Cell.String() }),
		whole("resolution", "Resolution", "H3; 9 is about 9 hectares in Britain", func(c detect.CellCount) int { return c.Cell.Resolution() }),
		number("observed", "Observed", "weight of the incidents in it", 6, func(c detect.CellCount) float64 { return c.Observed }),
		number("expected", "Expected", "if place and time had nothing to do with each other; null while history is too thin", 6, cellExpected),
		small("risk", "Expected incidents", "of all offences, in the shifts that are planned", func(c detect.CellCount) float64 { return c.Risk }),
		text("spree_id", "Spree", "", func(c detect.CellCount) string { return c.SpreeID }),
		local("from_local", "From", "the window that was counted", func(c detect.CellCount) time.Time { return c.Window.Start }),
		local("to_local", "Until", "", func(c detect.CellCount) time.Time { return c.Window.End }),
	),
	shape: func(c detect.CellCount, s Stamp) (orb.Geometry, error) { return s.hexagon(c.Cell) },
	less: func(a, b detect.CellCount) int {
		return cmp.Or(cmp.Compare(a.Cell, b.Cell), a.Window.Start.Compare(b.Window.Start),
			a.Window.End.Compare(b.Window.End), cmp.Compare(a.SpreeID, b.SpreeID))
	},
	when: func(c detect.CellCount) (from, to time.Time) { return c.Window.Start, c.Window.End },
}

func cellExpected(c detect.CellCount) float64 {
	if c.Expected == nil {
		return math.NaN()
	}
	return *c.Expected
}
