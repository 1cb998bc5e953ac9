package patrol

import (
	"fmt"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// An Area is one of the force's own, such as a beat or the surroundings of a
// waymarker, that a plan suggests in place of single cells.
type Area struct {
	Name    string
	Outline orb.MultiPolygon
	Cells   []geo.Cell // whose middles lie in it, ascending
	Centre  orb.Point
	Middle  geo.Cell // the cell there
	M2      float64
}

// waymarkerRings is how many rings of cells about its own a waymarker stands for.
const waymarkerRings = 1

// NewArea lays out an area of polygons, or of a point, which stands for the cell it
// lies in and those about it.
func NewArea(name string, g orb.Geometry, resolution int) (Area, error) {
	a := Area{Name: name}
	var err error
	switch g := g.(type) {
	case orb.Point:
		if a.Middle, err = geo.CellAt(g, resolution); err != nil {
			return Area{}, err
		}
		a.Centre, a.Cells = g, geo.SortCells(a.Middle.Disk(waymarkerRings))
		for _, c := range a.Cells {
			a.M2 += c.AreaM2()
		}
		a.Outline, err = geo.Outline(a.Cells)
		return a, err
	case orb.Polygon:
		a.Outline = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		a.Outline = g
	default:
		return Area{}, fmt.Errorf("a %s is no area: want Polygon, MultiPolygon or Point", g.GeoJSONType())
	}
	if a.Cells, err = geo.Fill(a.Outline, resolution); err != nil {
		return Area{}, err
	}
	a.Centre, a.M2 = geo.Middle(a.Outline)
	a.Middle, err = geo.CellAt(a.Centre, resolution)
	if err == nil && len(a.Cells) == 0 { // smaller than a cell
		a.Cells = []geo.Cell{a.Middle}
	}
	return a, err
}
