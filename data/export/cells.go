package export

import (
	"cmp"
	"slices"

	"spreewatch/cluster/detect"
)

var cellLayer = Layer{
	File:     "cells.geojson",
	Title:    "Incidents expected, by cell",
	Geometry: "Polygon",
	Fields: []Field{
		{"h3", kindText, "Cell", "H3 index, hexadecimal"},
		{"resolution", kindInteger, "Resolution", "H3; 9 is about 9 hectares in Britain"},
		{"observed", kindNumber, "Observed", "weight of the incidents in it"},
		{"expected", kindNumber, "Expected", "if place and time had nothing to do with each other; null while history is too thin"},
		{"risk", kindNumber, "Expected incidents", "in the coming shifts"},
		{"spree_id", kindText, "Spree", ""},
		{"from_local", kindLocal, "From", "the window that was counted"},
		{"to_local", kindLocal, "Until", ""},
		{"run_id", kindText, "Run", ""},
		{"marking", kindText, "Marking", ""},
	},
}

// cellFeatures returns a feature a cell and window, by cell and then by time.
func cellFeatures(cells []detect.CellCount, o Options) ([]feature, error) {
	cells = slices.Clone(cells)
	slices.SortStableFunc(cells, func(a, b detect.CellCount) int {
		return cmp.Or(cmp.Compare(a.Cell, b.Cell), a.Window.Start.Compare(b.Window.Start),
			a.Window.End.Compare(b.Window.End), cmp.Compare(a.SpreeID, b.SpreeID))
	})
	features := make([]feature, 0, len(cells))
	for _, c := range cells {
		g, err := hexagon(c.Cell)
		if err != nil {
			return nil, err
		}
		var expected any
		if c.Expected != nil {
			expected = number(*c.Expected, 6)
		}
		features = append(features, feature{g, []any{
			c.Cell.String(), c.Cell.Resolution(), number(c.Observed, 6), expected, significant(c.Risk), text(c.SpreeID),
			localTime(c.Window.Start, o.Zone), localTime(c.Window.End, o.Zone), o.RunID, o.Marking,
		}})
	}
	return features, nil
}
