package briefing

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

// A drawing is an SVG of the page: shapes in the order in which they are drawn.
// What it shows is said in words too, for who cannot see it.
type drawing struct {
	ID     string
	W, H   int
	Title  string
	Words  string
	Shapes []shape
}

// A shape is a path, a circle, a rectangle, or a text, as its fields say.
type shape struct {
	Kind    string // "path", "circle", "rect" or "text"
	Class   string
	D       string
	X, Y, R string
	W, H    string
	Anchor  string
	Text    string // of a text; of another shape, what is said under the pointer
	Opacity string
}

func (d *drawing) add(s shape) { d.Shapes = append(d.Shapes, s) }

func (d *drawing) text(class string, x, y float64, anchor, text string) {
	d.add(shape{Kind: "text", Class: class, X: px(x), Y: px(y), Anchor: anchor, Text: text})
}

func (d *drawing) rect(class string, x, y, w, h float64) {
	d.add(shape{Kind: "rect", Class: class, X: px(x), Y: px(y), W: px(w), H: px(h)})
}

// px writes a length with a tenth.
func px(v float64) string { return strconv.FormatFloat(math.Round(v*10)/10+0, 'f', -1, 64) }

// A frame puts points of the ground on a drawing: east to the right, north up,
// the same scale both ways in the middle.
type frame struct {
	bound      orb.Bound
	scale, cos float64 // pixels a degree of latitude; degrees of latitude a degree of longitude
	w, h       float64
}

func newFrame(b orb.Bound, w, h float64) frame {
	cos := math.Cos(b.Center().Lat() * math.Pi / 180)
	width, height := (b.Max[0]-b.Min[0])*cos, b.Max[1]-b.Min[1]
	return frame{b, min(w/max(width, 1e-9), h/max(height, 1e-9)), cos, w, h}
}

func (f frame) at(p orb.Point) (x, y float64) {
	c := f.bound.Center()
	return f.w/2 + (p[0]-c[0])*f.cos*f.scale, f.h/2 - (p[1]-c[1])*f.scale
}

// metres returns the pixels of a length on the ground.
func (f frame) metres(m float64) float64 { return m / metresPerDegree * f.scale }

const metresPerDegree = 2 * math.Pi * geo.EarthRadius / 360

func (f frame) path(g orb.Geometry) string {
	var b strings.Builder
	ring := func(r orb.Ring) {
		for i, p := range r[:max(0, len(r)-1)] {
			x, y := f.at(p)
			b.WriteString(map[bool]string{true: "M", false: "L"}[i == 0] + px(x) + " " + px(y))
		}
		b.WriteString("Z")
	}
	switch g := g.(type) {
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

const (
	mapWidth, mapHeight = 640, 460
	hoursHeight         = 190
)

// spreeMap draws a spree: the circle that holds it, its cells, the patrol areas
// that it led to with their ranks, and for an analyst its incidents.
func (p Page) spreeMap(n int, s cluster.Spree, members []layer.Incident) drawing {
	d := drawing{ID: fmt.Sprintf("map-%d", n), W: mapWidth, H: mapHeight, Title: fmt.Sprintf("Map of spree %d", n)}
	bound := geo.Pad(s.Centre.Bound(), max(s.RadiusM, 200))
	patrols := p.Layers.Patrols
	type stop struct {
		ranks []string
		at    orb.Point
		place string
	}
	var stops []stop
	byCell := make(map[geo.Cell]int)
	for i, sg := range patrols.Items {
		if sg.SpreeID != s.ID || patrols.Shape(i) == nil {
			continue
		}
		bound = bound.Union(patrols.Shape(i).Bound())
		k, ok := byCell[sg.Cell]
		if !ok {
			k = len(stops)
			byCell[sg.Cell] = k
			stops = append(stops, stop{at: patrols.Shape(i).Bound().Center(), place: sg.PlaceName})
		}
		stops[k].ranks = append(stops[k].ranks, fmt.Sprint(sg.Rank))
	}
	f := newFrame(geo.Pad(bound, 0.06*geo.Distance(bound.Min, bound.Max)), mapWidth, mapHeight-24)
	d.rect("ground", 0, 0, mapWidth, mapHeight)
	x, y := f.at(s.Centre)
	d.add(shape{Kind: "circle", Class: "circle", X: px(x), Y: px(y), R: px(f.metres(s.RadiusM))})
	for i, item := range p.Layers.Sprees.Items {
		if g := p.Layers.Sprees.Shape(i); item.ID == s.ID && g != nil {
			d.add(shape{Kind: "path", Class: "zone", D: f.path(g)})
		}
	}
	for i, sg := range patrols.Items {
		if g := patrols.Shape(i); sg.SpreeID == s.ID && g != nil {
			d.add(shape{Kind: "path", Class: "area", D: f.path(g)})
		}
	}
	if p.Analyst {
		for _, in := range members {
			x, y := f.at(in.Point)
			d.add(shape{Kind: "circle", Class: "incident", X: px(x), Y: px(y), R: "3.5", Text: in.Ref + " · " + p.span(in.From, in.To)})
		}
	}
	var taken []box
	free := func(b box) bool { return b.inside(mapWidth, mapHeight-24) && !slices.ContainsFunc(taken, b.meets) }
	var where []string
	for _, st := range stops {
		label := strings.Join(st.ranks, ", ")
		w := 12 + 8*float64(len(label))
		x, y := f.at(st.at)
		b := place(x, y-20, w, 20, free) // above the area, which stays to be seen
		taken = append(taken, b)
		if cx, cy := b.middle(); math.Hypot(cx-x, cy-y) > 1 {
			d.add(shape{Kind: "path", Class: "leader", D: "M" + px(x) + " " + px(y) + "L" + px(cx) + " " + px(cy)})
		}
		d.rect("badge", b.x, b.y, b.w, b.h)
		cx, cy := b.middle()
		d.text("rank", cx, cy+5, "middle", label)
		where = append(where, label+" at "+placeOr(st.place))
	}
	for _, pl := range p.Places {
		x, y := f.at(pl.Point)
		name := cut(pl.Name, 40)
		if b := place(x, y+14, 7*float64(len([]rune(name))), 15, free); free(b) {
			taken = append(taken, b)
			cx, cy := b.middle()
			d.text("place", cx, cy+4, "middle", name)
		}
	}
	length := niceLength(160 / f.metres(1))
	d.add(shape{Kind: "path", Class: "axis", D: fmt.Sprintf("M12 %s v6 h%s v-6", px(mapHeight-18), px(f.metres(length)))})
	d.text("tick", 20+f.metres(length), mapHeight-8, "start", distance(length))
	d.text("tick", mapWidth-12, mapHeight-8, "end", "north is up")
	d.Words = fmt.Sprintf("The dashed circle, %s in radius, holds all incidents of the spree; its cells are shaded.", distance(s.RadiusM))
	if len(where) > 0 {
		d.Words += " Patrol areas by rank: " + strings.Join(where, "; ") + "."
	}
	if p.Analyst {
		d.Words += " Dots are incidents."
	}
	return d
}

// A box is a rectangle on a drawing.
type box struct{ x, y, w, h float64 }

func (b box) middle() (x, y float64) { return b.x + b.w/2, b.y + b.h/2 }
func (b box) meets(o box) bool {
	return b.x < o.x+o.w && o.x < b.x+b.w && b.y < o.y+o.h && o.y < b.y+b.h
}
func (b box) inside(w, h float64) bool { return b.x >= 0 && b.y >= 0 && b.x+b.w <= w && b.y+b.h <= h }

// place returns a box about the point or, where that is not free, as near to it
// as one is.
func place(x, y, w, h float64, free func(box) bool) box {
	at := func(dx, dy float64) box { return box{x + dx - w/2, y + dy - h/2, w, h} }
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

// niceLength is the greatest of 1, 2 and 5 times a power of ten within m metres.
func niceLength(m float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(m)))
	for _, k := range []float64{5, 2} {
		if k*p <= m {
			return k * p
		}
	}
	return p
}

// hours draws the aoristic weight of the spree by time: an incident whose time is
// a span is shared out over it (Ratcliffe 2000). An analyst sees the span of each
// incident above.
func (p Page) hours(n int, s cluster.Spree, members []layer.Incident) drawing {
	step, form := time.Hour, "15:04"
	switch length := s.Window.Duration(); {
	case length > 20*24*time.Hour:
		step, form = 24*time.Hour, "2 Jan"
	case length > 60*time.Hour:
		step, form = 6*time.Hour, "Mon 15:04"
	}
	local := s.Window.Start.In(p.Zone)
	origin := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), 0, 0, 0, p.Zone)
	if step > time.Hour {
		origin = time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, p.Zone)
	}
	steps := int(s.Window.End.Sub(origin)/step) + 1
	weights := make([]float64, steps)
	for _, in := range members {
		for i, w := range cluster.StepWeights(in.Interval(), origin, step) {
			if i >= 0 && i < steps {
				weights[i] += w
			}
		}
	}
	d := drawing{ID: fmt.Sprintf("hours-%d", n), W: mapWidth, Title: fmt.Sprintf("Timeline of spree %d", n)}
	const left, right, row = 34.0, 12.0, 9.0
	top := 14.0
	width := (mapWidth - left - right) / float64(steps)
	if p.Analyst {
		for _, in := range members {
			x := left + in.From.Sub(origin).Hours()/step.Hours()*width
			w := max(4, in.To.Sub(in.From).Hours()/step.Hours()*width)
			x0, x1 := max(left, x), min(mapWidth-right, x+w)
			d.add(shape{Kind: "rect", Class: "span", X: px(x0), Y: px(top), W: px(max(4, x1-x0)), H: px(row - 3), Text: in.Ref + " · " + p.span(in.From, in.To)})
			top += row
		}
		top += 8
	}
	most := slices.Max(weights)
	base := top + 110
	for i, w := range weights {
		if h := 110 * w / max(most, 1e-9); w > 0 {
			from := origin.Add(time.Duration(i) * step)
			d.add(shape{Kind: "rect", Class: "bar", X: px(left + float64(i)*width + .5), Y: px(base - h), W: px(max(1, width-1)), H: px(h),
				Text: fmt.Sprintf("%s: %.2g", p.span(from, from.Add(step)), w)})
		}
	}
	d.add(shape{Kind: "path", Class: "axis", D: "M" + px(left) + " " + px(base) + "H" + px(mapWidth-right)})
	d.text("tick", left-5, base, "end", "0")
	d.text("tick", left-5, base-110+5, "end", strconv.FormatFloat(most, 'g', 2, 64))
	every := max(1, int(math.Ceil(58/width)))
	for i := 0; i < steps; i += every {
		x := left + float64(i)*width
		d.add(shape{Kind: "path", Class: "axis", D: "M" + px(x) + " " + px(base) + "v5"})
		d.text("tick", x, base+18, "start", origin.Add(time.Duration(i)*step).In(p.Zone).Format(form))
	}
	d.text("tick", left, base+34, "start", origin.Format("Mon 2 Jan 2006"))
	d.H = int(base + 42)
	at := 0
	for i, w := range weights {
		if w > weights[at] {
			at = i
		}
	}
	peak := origin.Add(time.Duration(at) * step)
	d.Words = fmt.Sprintf("Incidents by time, those with a span of time shared out over it. The most in a bar are %.2g, %s.", most, p.span(peak, peak.Add(step)))
	return d
}

// week draws how the incidents of the analysis spread over the hours of a week,
// by aoristic weight.
func (p Page) week() (*drawing, string) {
	var weights [7][24]float64
	total := 0.0
	for _, in := range p.Incidents {
		w := in.Interval()
		if w.Duration() > 7*24*time.Hour {
			continue // says nothing of the hour
		}
		origin := w.Start.Truncate(time.Hour)
		for i, share := range cluster.StepWeights(w, origin, time.Hour) {
			t := origin.Add(time.Duration(i) * time.Hour).In(p.Zone)
			weights[(int(t.Weekday())+6)%7][t.Hour()] += share
			total += share
		}
	}
	most, day, hour := 0.0, 0, 0
	for i := range weights {
		for j, w := range weights[i] {
			if w > most {
				most, day, hour = w, i, j
			}
		}
	}
	days := []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
	d := drawing{ID: "week", W: mapWidth, H: 200, Title: "Hours of the week"}
	const left, cell = 40.0, 24.5
	for i := range weights {
		d.text("tick", left-6, 16+float64(i)*cell, "end", days[i])
		for j, w := range weights[i] {
			d.rect("cell", left+float64(j)*cell, float64(i)*cell, cell-1, cell-1)
			if w > 0 {
				d.add(shape{Kind: "rect", Class: "heat", X: px(left + float64(j)*cell), Y: px(float64(i) * cell), W: px(cell - 1), H: px(cell - 1),
					Opacity: strconv.FormatFloat(math.Round(100*(0.12+0.88*w/most))/100, 'f', -1, 64), Text: fmt.Sprintf("%s %02d:00: %.2g", days[i], j, w)})
			}
		}
	}
	for j := 0; j < 24; j += 3 {
		d.text("tick", left+float64(j)*cell, 7*cell+16, "start", fmt.Sprintf("%02d:00", j))
	}
	d.Words = fmt.Sprintf("Darker is more. The most are on %s from %02d:00 to %02d:00: %.2g of %.3g incidents.", days[day], hour, (hour+1)%24, most, total)
	return &d, d.Words
}

// shareBar draws the share of precise reports and the line that it should meet.
func shareBar(rate, line float64) drawing {
	d := drawing{ID: "share", W: mapWidth, H: 54, Title: "Share of reports located to a street or better"}
	const left, width = 10.0, 600.0
	d.rect("cell", left, 8, width, 20)
	d.rect("bar", left, 8, width*rate, 20)
	d.add(shape{Kind: "path", Class: "line", D: "M" + px(left+width*line) + " 2v32"})
	d.text("tick", left+width*line, 48, "middle", fmt.Sprintf("the line: %.0f %%", 100*line))
	d.Words = fmt.Sprintf("%.1f %%; the line is at %.0f %%.", 100*rate, 100*line)
	return d
}

// cut shortens text to the number of characters.
func cut(s string, room int) string {
	r := []rune(s)
	if len(r) <= room {
		return s
	}
	return string(r[:room-1]) + "…"
}
