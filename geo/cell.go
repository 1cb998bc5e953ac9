package geo

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"
)

// A Cell is an H3 index. It fits a SQLite INTEGER; in JSON it is written as its
// hexadecimal String, because JavaScript loses integers above 2^53.
type Cell int64

// MaxResolution is the finest H3 resolution.
const MaxResolution = 15

// CellAt returns the cell of the resolution (0 to 15) that holds the point. It
// refuses a point outside the range of longitude and latitude, which H3 itself
// would wrap without a word.
func CellAt(p orb.Point, resolution int) (Cell, error) {
	if err := CheckPoint(p); err != nil {
		return 0, err
	}
	c, err := h3.LatLngToCell(h3.NewLatLng(p.Lat(), p.Lon()), resolution)
	if err != nil {
		return 0, fmt.Errorf("cell at resolution %d: %w", resolution, err)
	}
	return Cell(c), nil
}

// ParseCell reads the hexadecimal form that String writes.
func ParseCell(s string) (Cell, error) {
	u, err := strconv.ParseUint(s, 16, 64)
	if err != nil || !h3.Cell(u).IsValid() {
		return 0, fmt.Errorf("%q is not an H3 cell", s)
	}
	return Cell(u), nil
}

// String returns the hexadecimal form, 15 digits for a valid cell.
func (c Cell) String() string { return strconv.FormatUint(uint64(c), 16) }

// Valid reports whether c is an H3 cell.
func (c Cell) Valid() bool { return h3.Cell(c).IsValid() }

// Resolution returns the resolution, 0 to 15.
func (c Cell) Resolution() int { return h3.Cell(c).Resolution() }

// Centre returns the cell's centre.
func (c Cell) Centre() orb.Point {
	ll, err := h3.Cell(c).LatLng()
	if err != nil {
		panic(fmt.Sprintf("geo: centre of invalid cell %s", c))
	}
	return orb.Point{ll.Lng, ll.Lat}
}

// AreaM2 returns the cell's area in square metres.
func (c Cell) AreaM2() float64 {
	a, err := h3.CellAreaM2(h3.Cell(c))
	if err != nil {
		panic(fmt.Sprintf("geo: area of invalid cell %s", c))
	}
	return a
}

// Parent returns the cell of a coarser resolution that holds c.
func (c Cell) Parent(resolution int) (Cell, error) {
	p, err := h3.Cell(c).Parent(resolution)
	if err != nil {
		return 0, fmt.Errorf("parent of cell %s at resolution %d: %w", c, resolution, err)
	}
	return Cell(p), nil
}

// Polygon returns the cell's boundary as a closed ring, anticlockwise.
func (c Cell) Polygon() orb.Polygon {
	b, err := h3.Cell(c).Boundary()
	if err != nil {
		panic(fmt.Sprintf("geo: boundary of invalid cell %s", c))
	}
	ring := make(orb.Ring, 0, len(b)+1)
	for _, ll := range b {
		ring = append(ring, orb.Point{ll.Lng, ll.Lat})
	}
	return orb.Polygon{closeRing(ring, orb.CCW)}
}

// Disk returns the cells within k steps of c, c among them, in ascending order.
func (c Cell) Disk(k int) []Cell {
	disk, err := h3.GridDisk(h3.Cell(c), k)
	if err != nil {
		panic(fmt.Sprintf("geo: disk of %d around cell %s: %v", k, c, err))
	}
	cells := make([]Cell, 0, len(disk))
	for _, d := range disk {
		cells = append(cells, Cell(d))
	}
	return SortCells(cells)
}

// SortCells sorts the cells in place, drops repeats and returns the rest.
func SortCells(cells []Cell) []Cell {
	slices.Sort(cells)
	return slices.Compact(cells)
}

// Outline returns the union of cells of one resolution: closed rings, outer
// ones anticlockwise and holes clockwise, in an order that depends on the set of
// cells alone. Cells may come in any order and repeated. Cells of two
// resolutions are an error, since H3 would answer with a wrong shape.
func Outline(cells []Cell) (orb.MultiPolygon, error) {
	cells = SortCells(slices.Clone(cells))
	in := make([]h3.Cell, len(cells))
	for i, c := range cells {
		if !c.Valid() {
			return nil, fmt.Errorf("outline: %s is not an H3 cell", c)
		}
		if c.Resolution() != cells[0].Resolution() {
			return nil, fmt.Errorf("outline: cells of resolution %d and %d", cells[0].Resolution(), c.Resolution())
		}
		in[i] = h3.Cell(c)
	}
	if len(in) == 0 {
		return nil, nil
	}
	polys, err := h3.CellsToMultiPolygon(in)
	if err != nil {
		return nil, fmt.Errorf("outline of %d cells: %w", len(cells), err)
	}
	out := make(orb.MultiPolygon, 0, len(polys))
	for _, p := range polys {
		poly := orb.Polygon{closeRing(ringOf(p.GeoLoop), orb.CCW)}
		for _, hole := range p.Holes {
			poly = append(poly, closeRing(ringOf(hole), orb.CW))
		}
		slices.SortFunc(poly[1:], compareRings)
		out = append(out, poly)
	}
	slices.SortFunc(out, func(a, b orb.Polygon) int { return compareRings(a[0], b[0]) })
	return out, nil
}

func ringOf(loop h3.GeoLoop) orb.Ring {
	ring := make(orb.Ring, len(loop))
	for i, ll := range loop {
		ring[i] = orb.Point{ll.Lng, ll.Lat}
	}
	return ring
}

// closeRing turns an open or closed ring to the orientation, starts it at its
// least point and closes it, so that a ring has one written form.
func closeRing(ring orb.Ring, o orb.Orientation) orb.Ring {
	if n := len(ring); n > 1 && ring[0] == ring[n-1] {
		ring = ring[:n-1]
	}
	least := 0
	for i, p := range ring {
		if ComparePoints(p, ring[least]) < 0 {
			least = i
		}
	}
	out := make(orb.Ring, 0, len(ring)+1)
	out = append(out, ring[least:]...)
	out = append(out, ring[:least]...)
	out = append(out, out[0])
	if unwrapped(out).Orientation() != o {
		out.Reverse()
	}
	return out
}

func compareRings(a, b orb.Ring) int { return slices.CompareFunc(a, b, ComparePoints) }

// ComparePoints orders points from west to east, and of equal longitude from south
// to north.
func ComparePoints(a, b orb.Point) int {
	return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
}

// Fill returns the cells whose middles lie in the polygons, ascending.
func Fill(m orb.MultiPolygon, resolution int) ([]Cell, error) {
	loop := func(r orb.Ring) h3.GeoLoop {
		out := make(h3.GeoLoop, 0, len(r))
		for _, p := range r[:max(0, len(r)-1)] {
			out = append(out, h3.NewLatLng(p.Lat(), p.Lon()))
		}
		return out
	}
	var cells []Cell
	for _, p := range m {
		if len(p) == 0 {
			continue
		}
		g := h3.GeoPolygon{GeoLoop: loop(p[0])}
		for _, hole := range p[1:] {
			g.Holes = append(g.Holes, loop(hole))
		}
		in, err := h3.PolygonToCellsExperimental(g, resolution, h3.ContainmentCenter)
		if err != nil {
			return nil, fmt.Errorf("fill with cells of resolution %d: %w", resolution, err)
		}
		for _, c := range in {
			cells = append(cells, Cell(c))
		}
	}
	return SortCells(cells), nil
}
