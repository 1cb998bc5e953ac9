package night

import (
	"cmp"
	"slices"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

// riskiest are the cells that the map shows: those with the most to expect in the
// coming shifts, at most so many, and those of sprees beside them. A cell that nothing
// was counted in has an observed of 0.
func riskiest(counted []detect.CellCount, surface patrol.Surface, most int) []detect.CellCount {
	expected := map[geo.Cell]float64{}
	for _, s := range surface {
		for _, e := range s.Cells {
			expected[e.Cell] += e.Expected
		}
	}
	out := make([]detect.CellCount, 0, len(expected))
	known := map[geo.Cell]bool{}
	for _, c := range counted {
		c.Risk = expected[c.Cell]
		known[c.Cell] = true
		out = append(out, c)
	}
	var window cluster.Window
	if len(counted) > 0 {
		window = counted[0].Window // one for all
	}
	for cell, x := range expected {
		if !known[cell] {
			out = append(out, detect.CellCount{Cell: cell, Window: window, Risk: x})
		}
	}
	slices.SortFunc(out, func(a, b detect.CellCount) int {
		return cmp.Or(cmp.Compare(b.Risk, a.Risk), cmp.Compare(a.Cell, b.Cell))
	})
	shown := out[:0]
	for i, c := range out {
		if i < most || c.SpreeID != "" {
			shown = append(shown, c)
		}
	}
	return shown
}

// byShift is what to expect in these cells in each of the shifts.
func byShift(cells []detect.CellCount, surface patrol.Surface, shifts map[string]cluster.Window) []layer.ShiftRisk {
	shown := make(map[geo.Cell]bool, len(cells))
	for _, c := range cells {
		shown[c.Cell] = true
	}
	out := make([]layer.ShiftRisk, 0, len(shown)*len(surface))
	for _, s := range surface {
		for _, e := range s.Cells {
			if shown[e.Cell] {
				out = append(out, layer.ShiftRisk{Cell: e.Cell, Shift: s.Shift, Window: shifts[s.Shift], Expected: e.Expected})
			}
		}
	}
	return out
}
