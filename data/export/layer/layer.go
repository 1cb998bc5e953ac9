// Package layer says what the layers of the map hold. A layer is one list of
// fields, each with its name, kind, label, meaning and the value that a thing has
// in it; every format that is written reads that list, so that a property is
// added in one place and no two formats can disagree.
package layer

import (
	"fmt"
	"iter"
	"runtime"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster/detect"
	"spreewatch/geo"
)

// A Geometry is the one type of a layer's shapes, as GeoJSON names it.
type Geometry string

// The types of geometry.
const (
	Point        Geometry = "Point"
	LineString   Geometry = "LineString"
	Polygon      Geometry = "Polygon"
	MultiPolygon Geometry = "MultiPolygon"
)

// A Head says what a layer is.
type Head struct {
	Name     string // "patrols"; the file and the table bear it
	Title    string // in the legend
	Geometry Geometry
	Analyst  bool // holds single incidents, and is for an analyst alone
	Staff    bool // not for the public
	Ground   bool // lies under what was found, has no time, and is left out where it is empty
}

// File is the name of the layer's GeoJSON file.
func (h Head) File() string { return h.Name + ".geojson" }

// Style is the name of the file that styles it in QGIS.
func (h Head) Style() string { return h.Name + ".qml" }

// A Layer is features made of Ts, with the same properties in the same order.
// One that is not Filled has no features.
type Layer[T any] struct {
	Head
	Fields []Field[T]
	Items  []T // in the order in which they are written
	shapes []orb.Geometry
	stamp  Stamp

	shape func(T, Stamp) (orb.Geometry, error) // rounded for writing; nil where none is known
	less  func(a, b T) int
	when  func(T) (from, to time.Time)
}

// A Table is a layer of whatever its features are made of, as the writers of the
// formats read it.
type Table interface {
	About() Head
	Columns() []Column
	Len() int
	// Shape returns the geometry of feature i, nil where none is known.
	Shape(i int) orb.Geometry
	// Values yields the columns in their order and the value of feature i in each:
	// a string, an int, a Decimal, or nil where it is not known.
	Values(i int) iter.Seq2[Column, any]
	// When returns the time of feature i, zero where it is not known.
	When(i int) (from, to time.Time)
}

// filled returns the layer with the items, in the layer's own order, and their
// shapes. The items' slice is not changed.
func (l Layer[T]) filled(items []T, s Stamp) (*Layer[T], error) {
	l.Items, l.stamp = slices.Clone(items), s
	slices.SortStableFunc(l.Items, l.less)
	l.shapes = make([]orb.Geometry, len(l.Items))
	for i, item := range l.Items {
		var err error
		if l.shapes[i], err = l.shape(item, s); err != nil {
			return nil, err
		}
	}
	l.settleGeometry()
	return &l, nil
}

// settleGeometry gives every feature one geometry type: polygons become
// multipolygons where the layer says so or where one area is in several parts.
func (l *Layer[T]) settleGeometry() {
	for _, g := range l.shapes {
		if m, ok := g.(orb.MultiPolygon); ok && len(m) > 1 {
			l.Geometry = MultiPolygon
		}
	}
	if l.Geometry == MultiPolygon {
		for i, g := range l.shapes {
			if p, ok := g.(orb.Polygon); ok {
				l.shapes[i] = orb.MultiPolygon{p}
			}
		}
		return
	}
	for i, g := range l.shapes {
		if m, ok := g.(orb.MultiPolygon); ok {
			l.shapes[i] = m[0]
		}
	}
}

// About says what the layer is.
func (l *Layer[T]) About() Head { return l.Head }

// Len returns the number of features.
func (l *Layer[T]) Len() int { return len(l.Items) }

// Shape returns the geometry of feature i, nil where none is known.
func (l *Layer[T]) Shape(i int) orb.Geometry { return l.shapes[i] }

// When returns the time of feature i, zero where it is not known.
func (l *Layer[T]) When(i int) (from, to time.Time) { return l.when(l.Items[i]) }

// Columns returns the layer's properties in their order.
func (l *Layer[T]) Columns() []Column {
	out := make([]Column, len(l.Fields))
	for i, f := range l.Fields {
		out[i] = f.Column
	}
	return out
}

// Values yields each column and the value of feature i in it.
func (l *Layer[T]) Values(i int) iter.Seq2[Column, any] {
	return func(yield func(Column, any) bool) {
		for _, f := range l.Fields {
			if !yield(f.Column, f.Value(l.Items[i], l.stamp)) {
				return
			}
		}
	}
}

// Bound returns what holds every shape of the layer, rounded as they are written;
// ok is false where there is none. Where it crosses 180°, its east is over 180.
func Bound(t Table) (b orb.Bound, ok bool) {
	seen := map[*orb.Point]bool{} // areas, by their first point
	for i := range t.Len() {
		var parts []orb.Bound
		switch g := t.Shape(i).(type) {
		case nil:
		case orb.Polygon:
			if len(g) > 0 && len(g[0]) > 0 {
				if seen[&g[0][0]] {
					continue
				}
				seen[&g[0][0]] = true
			}
			parts = append(parts, g.Bound())
		case orb.MultiPolygon: // which may be one area, cut
			for _, p := range g {
				parts = append(parts, p.Bound())
			}
		default:
			parts = append(parts, g.Bound())
		}
		for _, part := range parts {
			if !ok {
				b, ok = part, true
				continue
			}
			b = JoinBounds(b, part)
		}
	}
	return b, ok
}

// JoinBounds returns the narrowest of the bounds that hold both: one that crosses
// 180°, with an east over 180, where that is narrower.
func JoinBounds(a, b orb.Bound) orb.Bound {
	if a.Min[0] > b.Min[0] {
		a, b = b, a
	}
	plain := a.Union(b)
	a.Min[0] += 360
	a.Max[0] += 360
	if over := b.Union(a); over.Max[0]-over.Min[0] < plain.Max[0]-plain.Min[0] {
		return over
	}
	return plain
}

// RoundPoints rounds to seven decimals, about a centimetre: the last bits of a
// coordinate differ between processors.
func RoundPoints(g orb.Geometry) orb.Geometry { return orb.Round(orb.Clone(g), 1e7) }

// outline returns the union of the cells, rounded for writing, nil for none.
func outline(cells []geo.Cell) (orb.Geometry, error) {
	m, err := geo.Outline(cells)
	if err != nil || len(m) == 0 {
		return nil, err
	}
	return RoundPoints(geo.CutAt180(m)), nil
}

// draw makes the hexagons of the cells ahead, on every core. One that is no cell is said
// when its layer is filled.
func (s Stamp) draw(cells []detect.CellCount) {
	made := make([]orb.Geometry, len(cells))
	geo.Each(runtime.GOMAXPROCS(0), len(cells), func(_, i int) { made[i], _ = Stamp{}.hexagon(cells[i].Cell) })
	for i, g := range made {
		if g != nil {
			s.hexagons[cells[i].Cell] = g
		}
	}
}

// hexagon returns the boundary of one cell, rounded for writing, in two parts
// where it crosses 180°. The same cell has the same one in every layer of a set.
func (s Stamp) hexagon(c geo.Cell) (orb.Geometry, error) {
	if g, ok := s.hexagons[c]; ok {
		return g, nil
	}
	if !c.Valid() {
		return nil, fmt.Errorf("%s is not an H3 cell", c)
	}
	ring := c.Polygon()
	g := RoundPoints(ring)
	if m := geo.CutAt180(orb.MultiPolygon{ring}); len(m) > 1 {
		g = RoundPoints(m)
	}
	if s.hexagons != nil {
		s.hexagons[c] = g
	}
	return g, nil
}
