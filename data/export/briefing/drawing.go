package briefing

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"

	"spreewatch/cluster"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/page"
	"spreewatch/geo"
)

const (
	mapWidth, mapHeight = 640, 460
	hoursHeight         = 190
)

// spreeMap draws a spree: the circle that holds it, its cells, the patrol areas
// that it led to with their ranks, and for an analyst its incidents.
func (p Page) spreeMap(n int, s cluster.Spree, members []layer.Incident) page.Drawing {
	t := p.timeline(s)
	d := page.Drawing{ID: fmt.Sprintf("map-%d", n), W: mapWidth, H: mapHeight, Title: fmt.Sprintf("Map of spree %d", n)}
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
	f := page.NewFrame(geo.Pad(bound, 0.06*geo.Distance(bound.Min, bound.Max)), mapWidth, mapHeight-24)
	p.ground(&d, f, mapWidth, mapHeight)
	x, y := f.At(s.Centre)
	d.Add(page.Shape{Kind: "circle", Class: "circle", X: page.Px(x), Y: page.Px(y), R: page.Px(f.Metres(s.RadiusM))})
	for i, item := range p.Layers.Sprees.Items {
		if g := p.Layers.Sprees.Shape(i); item.ID == s.ID && g != nil {
			d.Add(page.Shape{Kind: "path", Class: "zone", D: f.Path(g)})
		}
	}
	for i, sg := range patrols.Items {
		if g := patrols.Shape(i); sg.SpreeID == s.ID && g != nil {
			d.Add(page.Shape{Kind: "path", Class: "area", D: f.Path(g)})
		}
	}
	if p.Analyst {
		for _, in := range members {
			x, y := f.At(in.Point)
			d.Add(page.Shape{Kind: "circle", Class: "incident", X: page.Px(x), Y: page.Px(y), R: "3.5", Step: t.step(in.From.Time()), Text: in.ID + " · " + p.span(in.From.Time(), in.To.Time())})
		}
	}
	var taken []page.Box
	free := func(b page.Box) bool { return b.Inside(mapWidth, mapHeight-24) && !slices.ContainsFunc(taken, b.Meets) }
	var where []string
	for _, st := range stops {
		label := strings.Join(st.ranks, ", ")
		w := 12 + 8*float64(len(label))
		x, y := f.At(st.at)
		b := page.Place(x, y-20, w, 20, free) // above the area, which stays to be seen
		taken = append(taken, b)
		if cx, cy := b.Middle(); math.Hypot(cx-x, cy-y) > 1 {
			d.Add(page.Shape{Kind: "path", Class: "leader", D: "M" + page.Px(x) + " " + page.Px(y) + "L" + page.Px(cx) + " " + page.Px(cy)})
		}
		d.Rect("badge", b.X, b.Y, b.W, b.H)
		cx, cy := b.Middle()
		d.Write("rank", cx, cy+5, "middle", label)
		where = append(where, label+" at "+placeOr(st.place))
	}
	p.names(&d, f, &taken, mapWidth, mapHeight)
	scale(&d, f, mapHeight)
	d.Words = fmt.Sprintf("The dashed circle, %s in radius, holds all incidents of the spree; its cells are shaded.", distance(s.RadiusM))
	if len(where) > 0 {
		d.Words += " Patrol areas by rank: " + strings.Join(where, "; ") + "."
	}
	if p.Analyst {
		d.Words += " Dots are incidents."
	}
	return d
}

// ground draws the land and the roads that are within the drawing.
func (p Page) ground(d *page.Drawing, f page.Frame, width, height float64) {
	d.Rect(map[bool]string{true: "sea", false: "ground"}[p.Layers.Land.Len() > 0], 0, 0, width, height)
	window := f.Bound(width, height)
	for i, polygon := range p.Layers.Land.Items {
		if polygon.Bound().Intersects(window) {
			d.Add(page.Shape{Kind: "path", Class: "land", D: f.Path(clip.Geometry(window, orb.Clone(p.Layers.Land.Shape(i))))})
		}
	}
	for _, road := range p.Layers.Roads.Items {
		class := "road"
		if !road.Class.Through() {
			class = "street"
		}
		if class == "street" && f.Metres(100) < 8 || !road.Points.Bound().Intersects(window) { // a street of 100 m would be a speck
			continue
		}
		if path := f.Path(clip.Geometry(window, orb.Clone(road.Points))); path != "" {
			d.Add(page.Shape{Kind: "path", Class: class, D: path})
		}
	}
}

// maxNames is how many settlements a drawing names.
const maxNames = 16

// names writes the settlements that are on the drawing and have room, the larger
// ones first.
func (p Page) names(d *page.Drawing, f page.Frame, taken *[]page.Box, width, height float64) {
	free := func(b page.Box) bool {
		return b.Inside(width, height-24) && !slices.ContainsFunc(*taken, b.Meets)
	}
	written := 0
	for _, pl := range p.Layers.Settlements.Items { // the largest first
		x, y := f.At(pl.Point)
		if x < 0 || y < 0 || x > width || y > height-24 {
			continue
		}
		name := page.Cut(pl.Name, 40)
		w := 6 + 7.6*float64(len([]rune(name)))
		for _, b := range []page.Box{{X: x - w/2, Y: y + 4, W: w, H: 18}, {X: x - w/2, Y: y - 22, W: w, H: 18}, {X: x + 4, Y: y - 9, W: w, H: 18}, {X: x - w - 4, Y: y - 9, W: w, H: 18}} {
			if !free(b) {
				continue
			}
			*taken = append(*taken, b)
			cx, cy := b.Middle()
			d.Add(page.Shape{Kind: "circle", Class: "dot", X: page.Px(x), Y: page.Px(y), R: "1.8"})
			d.Write("place", cx, cy+4, "middle", name)
			written++
			break
		}
		if written == maxNames {
			return
		}
	}
}

// scale draws a scale bar at the foot of a drawing.
func scale(d *page.Drawing, f page.Frame, height float64) {
	length := page.NiceLength(160 / f.Metres(1))
	d.Add(page.Shape{Kind: "path", Class: "axis", D: fmt.Sprintf("M12 %s v6 h%s v-6", page.Px(height-18), page.Px(f.Metres(length)))})
	d.Write("tick", 20+f.Metres(length), height-8, "start", distance(length))
	d.Write("tick", float64(d.W)-12, height-8, "end", "north is up")
}

// A timeline is a spree's time in steps.
type timeline struct {
	origin time.Time
	length time.Duration
	n      int
	form   string // of a step's beginning
}

// timeline cuts a spree's time into hours, or into longer steps where they would be
// too many.
func (p Page) timeline(s cluster.Spree) timeline {
	t := timeline{length: time.Hour, form: "15:04"}
	switch length := s.Window.Duration(); {
	case length > 20*24*time.Hour:
		t.length, t.form = 24*time.Hour, "2 Jan"
	case length > 60*time.Hour:
		t.length, t.form = 6*time.Hour, "Mon 15:04"
	}
	local := s.Window.Start.In(p.Zone)
	t.origin = time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), 0, 0, 0, p.Zone)
	if t.length > time.Hour {
		t.origin = time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, p.Zone)
	}
	t.n = int(s.Window.End.Sub(t.origin)/t.length) + 1
	return t
}

// step is the number of the step that an instant falls in.
func (t timeline) step(at time.Time) string {
	return fmt.Sprint(min(t.n-1, max(0, int(at.Sub(t.origin)/t.length))))
}

// labels say of each step when it ends, for the slider.
func (p Page) labels(t timeline) string {
	out := make([]string, t.n)
	for i := range out {
		out[i] = "up to " + p.stamp(t.origin.Add(time.Duration(i+1)*t.length))
	}
	return strings.Join(out, "|")
}

// hours draws the aoristic weight of the spree by time: an incident whose time is
// a span is shared out over it (Ratcliffe 2000). An analyst sees the span of each
// incident above.
func (p Page) hours(n int, s cluster.Spree, members []layer.Incident) page.Drawing {
	t := p.timeline(s)
	origin, step, steps, form := t.origin, t.length, t.n, t.form
	weights := make([]float64, steps)
	for _, in := range members {
		for i, w := range cluster.StepWeights(in.Interval(), origin, step) {
			if i >= 0 && i < steps {
				weights[i] += w
			}
		}
	}
	d := page.Drawing{ID: fmt.Sprintf("hours-%d", n), W: mapWidth, Title: fmt.Sprintf("Timeline of spree %d", n)}
	const left, right, row = 34.0, 12.0, 9.0
	top := 14.0
	width := (mapWidth - left - right) / float64(steps)
	if p.Analyst {
		for _, in := range members {
			x := left + in.From.Time().Sub(origin).Hours()/step.Hours()*width
			w := max(4, in.To.Sub(in.From).Hours()/step.Hours()*width)
			x0, x1 := max(left, x), min(mapWidth-right, x+w)
			d.Add(page.Shape{Kind: "rect", Class: "span", X: page.Px(x0), Y: page.Px(top), W: page.Px(max(4, x1-x0)), H: page.Px(row - 3), Step: t.step(in.From.Time()), Text: in.ID + " · " + p.span(in.From.Time(), in.To.Time())})
			top += row
		}
		top += 8
	}
	most := slices.Max(weights)
	base := top + 110
	for i, w := range weights {
		if h := 110 * w / max(most, 1e-9); w > 0 {
			from := origin.Add(time.Duration(i) * step)
			d.Add(page.Shape{Kind: "rect", Class: "bar", X: page.Px(left + float64(i)*width + .5), Y: page.Px(base - h), W: page.Px(max(1, width-1)), H: page.Px(h), Step: fmt.Sprint(i),
				Text: fmt.Sprintf("%s: %.2g", p.span(from, from.Add(step)), w)})
		}
	}
	d.Add(page.Shape{Kind: "path", Class: "axis", D: "M" + page.Px(left) + " " + page.Px(base) + "H" + page.Px(mapWidth-right)})
	d.Write("tick", left-5, base, "end", "0")
	d.Write("tick", left-5, base-110+5, "end", strconv.FormatFloat(most, 'g', 2, 64))
	every := max(1, int(math.Ceil((8*float64(len(form))+18)/width)))
	for i := 0; i < steps; i += every {
		x := left + float64(i)*width
		d.Add(page.Shape{Kind: "path", Class: "axis", D: "M" + page.Px(x) + " " + page.Px(base) + "v5"})
		d.Write("tick", x, base+18, "start", origin.Add(time.Duration(i)*step).In(p.Zone).Format(form))
	}
	d.Write("tick", left, base+34, "start", origin.Format("Mon 2 Jan 2006"))
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
func (p Page) week() (*page.Drawing, string) {
	var weights [7 * 24]float64
	dial, total := cluster.NewDial(p.Zone, time.Hour), 0
	for _, in := range p.Incidents {
		if in.To-in.From <= 7*24*3600 { // a longer one says nothing of the hour
			dial.Add(weights[:], in.From, in.To, 1)
			total++
		}
	}
	most := slices.Max(weights[:])
	days := []string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}
	d := page.Drawing{ID: "week", W: mapWidth, H: 200, Title: "Hours of the week"}
	const left, cell = 40.0, 24.5
	for i, day := range days {
		d.Write("tick", left-6, 16+float64(i)*cell, "end", day)
		for j, w := range weights[24*i : 24*(i+1)] {
			d.Rect("cell", left+float64(j)*cell, float64(i)*cell, cell-1, cell-1)
			if w > 0 {
				d.Add(page.Shape{Kind: "rect", Class: "heat", X: page.Px(left + float64(j)*cell), Y: page.Px(float64(i) * cell), W: page.Px(cell - 1), H: page.Px(cell - 1),
					Opacity: strconv.FormatFloat(math.Round(100*(0.12+0.88*w/most))/100, 'f', -1, 64), Text: fmt.Sprintf("%s %02d:00: %.2g", day, j, w)})
			}
		}
	}
	for j := 0; j < 24; j += 3 {
		d.Write("tick", left+float64(j)*cell, 7*cell+16, "start", fmt.Sprintf("%02d:00", j))
	}
	at := slices.Index(weights[:], most)
	d.Words = fmt.Sprintf("Darker is more. The most are on %s from %02d:00 to %02d:00: %.2g of %.3g incidents.", days[at/24], at%24, (at+1)%24, most, float64(total))
	return &d, d.Words
}

// shareBar draws the share of precise reports and the line that it should meet.
func shareBar(rate, line float64) page.Drawing {
	d := page.Drawing{ID: "share", W: mapWidth, H: 54, Title: "Share of reports located to a street or better"}
	const left, width = 10.0, 600.0
	d.Rect("cell", left, 8, width, 20)
	d.Rect("bar", left, 8, width*rate, 20)
	d.Add(page.Shape{Kind: "path", Class: "line", D: "M" + page.Px(left+width*line) + " 2v32"})
	d.Write("tick", left+width*line, 48, "middle", fmt.Sprintf("the line: %.0f %%", 100*line))
	d.Words = fmt.Sprintf("%.1f %%; the line is at %.0f %%.", 100*rate, 100*line)
	return d
}
