package cluster

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"runtime"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// A CellBook keeps what H3 said of places and cells. It says the same every night, and to ask
// it of all that a few months know takes a tenth of one. A nil CellBook keeps nothing. It is
// asked one question at a time.
type CellBook struct {
	cells  [geo.MaxResolution + 1]map[orb.Point]geo.Cell // by resolution
	shapes map[geo.Cell]Shape
	packed []byte
	read   int // of packed
}

// A Shape is where a cell lies and, where it was asked for, how large it is.
type Shape struct {
	Centre orb.Point
	AreaM2 float64 // 0 where it is not known
}

// mostKept bounds how many places of a resolution, and how many shapes, are kept: a few
// megabytes.
const mostKept = 1 << 16

// somePlaces is as many as a county's reports of a few months have; maps of more grow.
const somePlaces = 1 << 12

// NewCellBook returns one that knows nothing yet.
func NewCellBook() *CellBook { return &CellBook{shapes: make(map[geo.Cell]Shape)} }

// Records of a packed book: a place, under the number of its resolution, and a shape.
const (
	recordShape = 1 << 7
	placeBytes  = 1 + 3*8
	shapeBytes  = 1 + 4*8
)

// Packed is all that is kept, for ReadCellBook. Nobody changes it.
func (b *CellBook) Packed() []byte { return b.packed }

// New is what of Packed was not read.
func (b *CellBook) New() []byte { return b.packed[b.read:] }

// ReadCellBook reads a packed one, whose bytes become its own.
func ReadCellBook(packed []byte) (*CellBook, error) {
	b := &CellBook{shapes: make(map[geo.Cell]Shape, len(packed)/shapeBytes), packed: packed, read: len(packed)}
	number := func(at int) uint64 { return binary.LittleEndian.Uint64(packed[at:]) }
	real := func(at int) float64 { return math.Float64frombits(number(at)) }
	for at := 0; at < len(packed); {
		kind, size := packed[at], placeBytes
		if kind == recordShape {
			size = shapeBytes
		}
		if kind > geo.MaxResolution && kind != recordShape || at+size > len(packed) {
			return nil, fmt.Errorf("packed cells: no record at byte %d", at)
		}
		if kind == recordShape {
			b.shapes[geo.Cell(number(at+1))] = Shape{orb.Point{real(at + 9), real(at + 17)}, real(at + 25)}
		} else {
			b.at(int(kind))[orb.Point{real(at + 1), real(at + 9)}] = geo.Cell(number(at + 17))
		}
		at += size
	}
	return b, nil
}

// at are the cells of places at the resolution.
func (b *CellBook) at(resolution int) map[orb.Point]geo.Cell {
	if b.cells[resolution] == nil {
		b.cells[resolution] = make(map[orb.Point]geo.Cell, somePlaces)
	}
	return b.cells[resolution]
}

// pack adds a record.
func (b *CellBook) pack(kind byte, numbers ...uint64) {
	b.packed = append(b.packed, kind)
	for _, n := range numbers {
		b.packed = binary.LittleEndian.AppendUint64(b.packed, n)
	}
}

func (b *CellBook) keepCell(at orb.Point, resolution int, c geo.Cell) {
	if cells := b.at(resolution); len(cells) < mostKept {
		cells[at] = c
		b.pack(byte(resolution), math.Float64bits(at[0]), math.Float64bits(at[1]), uint64(c))
	}
}

func (b *CellBook) keepShape(c geo.Cell, s Shape) {
	if len(b.shapes) < mostKept {
		b.shapes[c] = s
		b.pack(recordShape, uint64(c), math.Float64bits(s.Centre[0]), math.Float64bits(s.Centre[1]), math.Float64bits(s.AreaM2))
	}
}

// Cells returns by resolution the H3 cell of each incident; those that are not known are
// looked up on every core. Many share a place, a street's middle, which is looked up once.
func (b *CellBook) Cells(incidents []*Incident, resolutions ...int) ([][]geo.Cell, error) {
	at := make(map[orb.Point]int32, min(len(incidents), somePlaces)) // the number of the place
	place := make([]int32, len(incidents))                           // of each incident
	var first []*Incident                                            // of each place
	for i, in := range incidents {
		n, ok := at[in.Point]
		if !ok {
			n = int32(len(first))
			at[in.Point] = n
			first = append(first, in)
		}
		place[i] = n
	}
	cells := make([][]geo.Cell, len(resolutions))
	for k, r := range resolutions {
		of, err := b.cellsOf(first, r)
		if err != nil {
			return nil, err
		}
		cells[k] = make([]geo.Cell, len(incidents))
		for i, n := range place {
			cells[k][i] = of[n]
		}
	}
	return cells, nil
}

// cellsOf are the cells of incidents that have a place each.
func (b *CellBook) cellsOf(incidents []*Incident, resolution int) ([]geo.Cell, error) {
	cells := make([]geo.Cell, len(incidents))
	var unknown []int
	for i, in := range incidents {
		known := false
		if b != nil {
			cells[i], known = b.at(resolution)[in.Point]
		}
		if !known {
			unknown = append(unknown, i)
		}
	}
	err := inParts(len(unknown), func(from, to int) error {
		for _, i := range unknown[from:to] {
			var err error
			if cells[i], err = geo.CellAt(incidents[i].Point, resolution); err != nil {
				return fmt.Errorf("cell of incident %s: %w", incidents[i].ID, err)
			}
		}
		return nil
	})
	if err != nil || b == nil {
		return cells, err
	}
	for _, i := range unknown {
		b.keepCell(incidents[i].Point, resolution, cells[i])
	}
	return cells, nil
}

// Shapes returns where the cells lie and, if asked for, how large they are. Each is there
// once.
func (b *CellBook) Shapes(cells []geo.Cell, areas bool) []Shape {
	shapes := make([]Shape, len(cells))
	var unknown []int
	for i, c := range cells {
		if b != nil {
			shapes[i] = b.shapes[c]
		}
		if shapes[i] == (Shape{}) || areas && shapes[i].AreaM2 == 0 {
			unknown = append(unknown, i)
		}
	}
	_ = inParts(len(unknown), func(from, to int) error { // which has no error
		for _, i := range unknown[from:to] {
			shapes[i].Centre = cells[i].Centre()
			if areas {
				shapes[i].AreaM2 = cells[i].AreaM2()
			}
		}
		return nil
	})
	if b != nil {
		for _, i := range unknown {
			b.keepShape(cells[i], shapes[i])
		}
	}
	return shapes
}

// inParts calls f with the parts of 0 to n−1, each on a core, and returns the first error.
func inParts(n int, f func(from, to int) error) error {
	parts := min(runtime.GOMAXPROCS(0), 1+n/1000)
	errs := make([]error, parts)
	geo.Each(parts, parts, func(_, p int) { errs[p] = f(p*n/parts, (p+1)*n/parts) })
	return cmp.Or(errs...)
}
