package page

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// A Drawing is an SVG of the page: shapes in the order in which they are drawn.
// What it shows is said in words too, for who cannot see it.
type Drawing struct {
	ID     string
	W, H   int
	Title  string
	Words  string
	Shapes []Shape
}

// A Shape is a path, a circle, a rectangle, or a text, as its fields say.
type Shape struct {
	Kind    string // "path", "circle", "rect" or "text"
	Class   string
	D       string
	X, Y, R string
	W, H    string
	Anchor  string
	Text    string // of a text; of another shape, what is said under the pointer
	Opacity string
	Step    string // of time, for a slider; "" for always there
}

// Add puts a shape on top of the others.
func (d *Drawing) Add(s Shape) { d.Shapes = append(d.Shapes, s) }

// Write puts text at a place; the anchor is "start", "middle" or "end".
func (d *Drawing) Write(class string, x, y float64, anchor, text string) {
	d.Add(Shape{Kind: "text", Class: class, X: Px(x), Y: Px(y), Anchor: anchor, Text: text})
}

// Rect draws a rectangle.
func (d *Drawing) Rect(class string, x, y, w, h float64) {
	d.Add(Shape{Kind: "rect", Class: class, X: Px(x), Y: Px(y), W: Px(w), H: Px(h)})
}

// Px writes a length with a tenth.
func Px(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10+0, 'f', -1, 64) }

// A Frame puts points of the ground on a drawing: east to the right, north up,
// the same scale both ways in the middle.
type Frame struct {
	bound      orb.Bound
	scale, cos float64 // pixels a degree of latitude; degrees of latitude a degree of longitude
	w, h       float64
}

// NewFrame fits the bound into a width and a height in pixels.
func NewFrame(b orb.Bound, w, h float64) Frame {
	cos := math.Cos(b.Center().Lat() * math.Pi / 180)
	width, height := (b.Max[0]-b.Min[0])*cos, b.Max[1]-b.Min[1]
	return Frame{b, min(w/max(width, 1e-9), h/max(height, 1e-9)), cos, w, h}
}

// At returns the pixels of a point.
func (f Frame) At(p orb.Point) (x, y float64) {
	c := f.bound.Center()
	return f.w/2 + (p[0]-c[0])*f.cos*f.scale, f.h/2 - (p[1]-c[1])*f.scale
}

// Metres returns the pixels of a length on the ground.
func (f Frame) Metres(m float64) float64 { return m / metresPerDegree * f.scale }

const metresPerDegree = 2 * math.Pi * geo.EarthRadius / 360

// Point returns the point that is drawn at the pixels.
func (f Frame) Point(x, y float64) orb.Point {
	c := f.bound.Center()
	return orb.Point{c[0] + (x-f.w/2)/f.cos/f.scale, c[1] + (f.h/2-y)/f.scale}
}

// Bound returns the ground that a drawing of the size shows.
func (f Frame) Bound(w, h float64) orb.Bound {
	return orb.Bound{Min: f.Point(0, h), Max: f.Point(w, 0)}
}

// Path returns the outline of polygons, or the run of lines, as the d of a path.
func (f Frame) Path(g orb.Geometry) string {
	var b strings.Builder
	ring := func(r orb.Ring) {
		for i, p := range r[:max(0, len(r)-1)] {
			x, y := f.At(p)
			b.WriteString(map[bool]string{true: "M", false: "L"}[i == 0] + Px(x) + " " + Px(y))
		}
		b.WriteString("Z")
	}
	line := func(l orb.LineString) {
		for i, p := range l {
			x, y := f.At(p)
			b.WriteString(map[bool]string{true: "M", false: "L"}[i == 0] + Px(x) + " " + Px(y))
		}
	}
	switch g := g.(type) {
	case orb.LineString:
		line(g)
	case orb.MultiLineString:
		for _, l := range g {
			line(l)
		}
	case orb.Polygon:
		for _, r := range g {
			ring(r)
		}
	case orb.MultiPolygon:
		for _, poly := range g {
			for _, r := range poly {
				ring(r)
			}
		}
	}
	return b.String()
}

// A Box is a rectangle on a drawing.
type Box struct{ X, Y, W, H float64 }

// Middle returns the middle of the box.
func (b Box) Middle() (x, y float64) { return b.X + b.W/2, b.Y + b.H/2 }

// Meets reports whether two boxes overlap.
func (b Box) Meets(o Box) bool {
	return b.X < o.X+o.W && o.X < b.X+b.W && b.Y < o.Y+o.H && o.Y < b.Y+b.H
}

// Inside reports whether the box lies on a drawing of the size.
func (b Box) Inside(w, h float64) bool { return b.X >= 0 && b.Y >= 0 && b.X+b.W <= w && b.Y+b.H <= h }

// Place returns a box about the point or, where that is not free, as near to it
// as one is.
func Place(x, y, w, h float64, free func(Box) bool) Box {
	at := func(dx, dy float64) Box { return Box{x + dx - w/2, y + dy - h/2, w, h} }
	for r := 0.0; r < 200; r += 6 {
		for k := range 12 {
			sin, cos := math.Sincos(float64(k) * math.Pi / 6)
			if b := at(r*cos, r*sin); free(b) {
				return b
			}
		}
	}
	return at(0, 0)
}

// NiceLength is the greatest of 1, 2 and 5 times a power of ten within m metres.
func NiceLength(m float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(m)))
	for _, k := range []float64{5, 2} {
		if k*p <= m {
			return k * p
		}
	}
	return p
}

// Cut shortens text to the number of characters.
func Cut(s string, room int) string {
	r := []rune(s)
	if len(r) <= room {
		return s
	}
	return string(r[:room-1]) + "…"
}
