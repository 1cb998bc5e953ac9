package compare

import (
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"

	"spreewatch/cluster/trial"
	"spreewatch/data"
	"spreewatch/data/export/ground"
	"spreewatch/data/export/page"
	"spreewatch/geo"
)

//go:embed compare.html.tmpl
var bodyText string

//go:embed compare.css
var bodyStyle string

//go:embed compare.js
var bodyScript string

var body = page.New(bodyText)

// mostMaps is how many settings of an offence have a map on the page; every one has a
// file.
const mostMaps = 12

// WritePage writes the page: the conclusions in plain words, the settings in a table
// that can be sorted, the curves, small maps, the overlaps, the planted sprees, and how
// it was made.
func WritePage(w io.Writer, r Result) error {
	v := view{Title: "Windows compared", Notes: r.Notes, Made: r.made()}
	for n, c := range r.Comparisons {
		v.Offences = append(v.Offences, r.offence(n, c))
	}
	return page.Write(w, page.Shell{Title: v.Title, Marking: r.Marking, RunID: r.RunID(), Style: bodyStyle, Script: bodyScript}, body, v)
}

type view struct {
	Title    string
	Offences []offenceView
	Notes    []string
	Made     []page.Pair
}

type offenceView struct {
	ID      string
	Name    string
	Period  string
	Answer  []string
	Rows    []rowView
	Own     bool // some are not at equal rate
	Curve   *page.Drawing
	Maps    []page.Drawing
	MoreMap int
	Overlap *page.Drawing
	Pairs   []pairView
	Plants  []string
	Power   []powerView
	Tests   []testView
	MoreTst int
}

type cellView struct {
	Head, Text, Sort string
	Class            template.HTMLAttr
}

type rowView struct {
	Name  string
	Cells []cellView
}

type pairView struct{ A, B, Share string }

type powerView struct {
	Name  string
	Cells []string
}

type testView struct{ Words, Difference, P string }

// mostTests and mostPairs are how many lines of a list the page shows; all are in
// compare.json.
const (
	mostTests = 40
	mostPairs = 20
)

func (r Result) offence(n int, c trial.Comparison) offenceView {
	v := offenceView{ID: fmt.Sprintf("o%d", n), Name: c.Offence, Answer: c.Answer(),
		Period: fmt.Sprintf("%s, %s to %s; %s", data.Count(c.Nights, "night"), c.From.In(r.Zone).Format("2 Jan 2006"), c.To.In(r.Zone).Format("2 Jan 2006"), data.Count(c.Incidents, "incident"))}
	for _, t := range c.Trials {
		v.Rows = append(v.Rows, row(t))
		v.Own = v.Own || !t.EqualRate
		power := powerView{Name: t.Name()}
		for _, p := range t.Power {
			power.Cells = append(power.Cells, fmt.Sprintf("%d of %d", p.Found, p.Trials))
		}
		v.Power = append(v.Power, power)
	}
	if len(c.Trials) > 0 {
		for _, p := range c.Trials[0].Power {
			v.Plants = append(v.Plants, fmt.Sprintf("%d in %g h within %s", p.Size, p.Length.Hours(), distance(p.SpreadM)))
		}
	}
	v.Curve = curves(v.ID, c)
	v.Maps, v.MoreMap = r.maps(v.ID, c)
	v.Overlap = heat(v.ID, c)
	v.Pairs = overlaps(c)
	tests := slices.Clone(c.Tests)
	slices.SortStableFunc(tests, func(a, b trial.Difference) int { return cmp.Compare(a.Holm, b.Holm) })
	for _, d := range tests[:min(mostTests, len(tests))] {
		v.Tests = append(v.Tests, testView{d.Words(), fmt.Sprintf("%+.3g", d.Difference), fmt.Sprintf("%.2g", d.Holm)})
	}
	v.MoreTst = len(tests) - len(v.Tests)
	return v
}

func row(t trial.Trial) rowView {
	v := rowView{Name: t.Name()}
	add := func(head, text string, sort float64) {
		key := ""
		if !math.IsNaN(sort) {
			key = fmt.Sprintf("%g", sort)
		}
		v.Cells = append(v.Cells, cellView{Head: head, Text: text, Sort: key})
	}
	rate := "equal"
	if !t.EqualRate {
		rate = "not at equal rate"
	}
	add("Rate", rate, map[bool]float64{true: 0, false: 1}[t.EqualRate])
	add("Sprees", fmt.Sprint(len(t.Sprees)), float64(len(t.Sprees)))
	add("A week", fmt.Sprintf("%.2f", t.Alerts), t.Alerts)
	add("False a week", fmt.Sprintf("%.2f", t.False), t.False)
	add("Delay (quartiles)", figure(t.Delay.Median, "%.0f h")+" ("+quartiles(t)+")", t.Delay.Median)
	add("Next day inside", fmt.Sprintf("%.1f %%, by chance %.1f %%", 100*t.Inside, 100*t.Chance), t.Inside)
	add("Patrol a week", fmt.Sprintf("%.0f min", t.Patrol), t.Patrol)
	add("Stable", figure(100*t.Stability, "%.0f %%"), t.Stability)
	return v
}

func distance(m float64) string {
	if m < 1000 {
		return fmt.Sprintf("%.0f m", m)
	}
	return fmt.Sprintf("%.3g km", m/1000)
}

// dashes tell the lines of a drawing apart without colour, beside their names.
const kinds = 8

// curves draws the delay against the rate of false sprees.
func curves(id string, c trial.Comparison) *page.Drawing {
	d := &page.Drawing{ID: id + "-amoc", W: 640, Title: "How soon at how many false sprees"}
	const left, right, top, height = 60.0, 20.0, 16.0, 260.0
	mostX, mostY := 0.0, 0.0
	for _, t := range c.Trials {
		for _, p := range t.Curve {
			if !math.IsNaN(p.DelayH) {
				mostX, mostY = max(mostX, p.False), max(mostY, p.DelayH)
			}
		}
	}
	if mostX == 0 || mostY == 0 {
		return nil
	}
	width := d.W - int(left+right)
	x := func(v float64) float64 { return left + v/mostX*float64(width) }
	y := func(v float64) float64 { return top + height - v/mostY*height }
	d.Add(page.Shape{Kind: "path", Class: "axis", D: fmt.Sprintf("M%s %sV%sH%s", page.Px(left), page.Px(top), page.Px(top+height), page.Px(left+float64(width)))})
	for _, v := range ticks(mostX) {
		d.Write("tick", x(v), top+height+18, "middle", fmt.Sprintf("%g", v))
	}
	for _, v := range ticks(mostY) {
		d.Write("tick", left-6, y(v)+4, "end", fmt.Sprintf("%g h", v))
	}
	d.Write("tick", left+float64(width)/2, top+height+36, "middle", "false sprees a week")
	at := top + height + 60
	var said []string
	for k, t := range c.Trials {
		path := ""
		var shown []string
		for _, p := range t.Curve {
			if math.IsNaN(p.DelayH) {
				continue
			}
			path += map[bool]string{true: "M", false: "L"}[path == ""] + page.Px(x(p.False)) + " " + page.Px(y(p.DelayH))
			shown = append(shown, fmt.Sprintf("%.0f h at %.2g", p.DelayH, p.False))
		}
		if path == "" {
			continue
		}
		kind := fmt.Sprintf("k%d", k%kinds)
		d.Add(page.Shape{Kind: "path", Class: "curve " + kind, D: path})
		for _, p := range t.Curve {
			if !math.IsNaN(p.DelayH) {
				d.Add(page.Shape{Kind: "circle", Class: "dot " + kind, X: page.Px(x(p.False)), Y: page.Px(y(p.DelayH)), R: "3.5",
					Text: fmt.Sprintf("%s: %.0f h at %.2g false a week, %.2g raised a week", t.Name(), p.DelayH, p.False, p.Alerts)})
			}
		}
		d.Add(page.Shape{Kind: "path", Class: "curve " + kind, D: fmt.Sprintf("M%s %sh40", page.Px(left), page.Px(at-4))})
		d.Write("tick", left+48, at, "start", t.Name())
		said = append(said, t.Name()+": "+strings.Join(shown, ", "))
		at += 19
	}
	d.H = int(at)
	d.Words = "Median hours from the first incident to the alert, by false sprees a week. " + page.Cut(strings.Join(said, "; "), 1500) + "."
	return d
}

// ticks are three to five round numbers from 0 to at most a value over 0.
func ticks(most float64) []float64 {
	unit := math.Pow(10, math.Floor(math.Log10(most)))
	var out []float64
	for _, step := range []float64{5, 2, 1, .5, .2} {
		out = out[:0]
		for k := 0; float64(k)*step <= most/unit*(1+1e-9); k++ {
			out = append(out, figures(float64(k)*step*unit, 3))
		}
		if len(out) >= 3 {
			break
		}
	}
	return out
}

// maps are small maps on one frame, so that settings can be held side by side.
func (r Result) maps(id string, c trial.Comparison) ([]page.Drawing, int) {
	var bound orb.Bound
	found := false
	for _, t := range c.Trials {
		for _, s := range t.Sprees {
			b := geo.Pad(s.Spree.Centre.Bound(), s.Radius)
			if !found {
				bound, found = b, true
			}
			bound = bound.Union(b)
		}
	}
	if !found {
		return nil, 0
	}
	const w, h = 300, 240
	f := page.NewFrame(bound, w-10, h-34)
	var out []page.Drawing
	more := 0
	for k, t := range c.Trials {
		if len(out) == mostMaps {
			more = len(c.Trials) - k
			break
		}
		d := page.Drawing{ID: fmt.Sprintf("%s-map%d", id, k), W: w, H: h, Title: t.Name()}
		land(&d, f, w, h)
		for _, s := range t.Sprees {
			x, y := f.At(s.Spree.Centre)
			d.Add(page.Shape{Kind: "circle", Class: "raised", X: page.Px(x + 5), Y: page.Px(y + 5), R: page.Px(max(2, f.Metres(s.Radius))),
				Text: fmt.Sprintf("%s, raised %s", data.Count(len(s.Spree.Incidents), "incident"), s.At.In(r.Zone).Format("2 Jan 2006"))})
		}
		length := page.NiceLength(90 / f.Metres(1))
		d.Add(page.Shape{Kind: "path", Class: "axis", D: fmt.Sprintf("M12 %s v6 h%s v-6", page.Px(h-18), page.Px(f.Metres(length)))})
		d.Write("tick", 20+f.Metres(length), h-8, "start", distance(length))
		d.Words = fmt.Sprintf("%s raised, each with its circle.", data.Count(len(t.Sprees), "spree"))
		out = append(out, d)
	}
	return out, more
}

// land draws land and sea, so that who knows the place sees where a circle lies.
func land(d *page.Drawing, f page.Frame, w, h float64) {
	window := f.Bound(w, h)
	polygons := ground.Land(window)
	d.Rect(map[bool]string{true: "sea", false: "ground"}[len(polygons) > 0], 0, 0, w, h)
	for _, p := range polygons {
		if path := f.Path(clip.Geometry(window, orb.Clone(p))); path != "" {
			d.Add(page.Shape{Kind: "path", Class: "land", D: path})
		}
	}
}

// heat draws how far the incidents in the sprees of two settings are the same.
func heat(id string, c trial.Comparison) *page.Drawing {
	n := len(c.Trials)
	if n < 2 {
		return nil
	}
	const left = 130.0
	cell := min(44, (640-left)/float64(n))
	d := &page.Drawing{ID: id + "-overlap", W: 640, H: int(cell*float64(n)) + 12, Title: "How far two settings see the same"}
	for i := range n {
		if cell >= 13 {
			d.Write("tick", left-8, 10+(float64(i)+.5)*cell, "end", fmt.Sprintf("%d  %s", i+1, c.Trials[i].Name()))
		}
		for j := range n {
			v := c.Overlap[i][j]
			d.Rect("cell", left+float64(j)*cell, 2+float64(i)*cell, cell-1, cell-1)
			d.Add(page.Shape{Kind: "rect", Class: "heat", X: page.Px(left + float64(j)*cell), Y: page.Px(2 + float64(i)*cell), W: page.Px(cell - 1), H: page.Px(cell - 1), Opacity: fmt.Sprintf("%.2f", v),
				Text: fmt.Sprintf("%s and %s: %.0f %%", c.Trials[i].Name(), c.Trials[j].Name(), 100*v)})
		}
	}
	d.Words = "Share of the incidents in sprees of either setting that are in sprees of both, the darker the more; columns in the order of the rows. The pairs that have most in common are listed below."
	return d
}

// overlaps lists the pairs of settings that have most in common.
func overlaps(c trial.Comparison) []pairView {
	type pair struct{ i, j int }
	var pairs []pair
	for i := range c.Trials {
		for j := i + 1; j < len(c.Trials); j++ {
			pairs = append(pairs, pair{i, j})
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(c.Overlap[b.i][b.j], c.Overlap[a.i][a.j]) })
	var out []pairView
	for _, p := range pairs[:min(mostPairs, len(pairs))] {
		out = append(out, pairView{c.Trials[p.i].Name(), c.Trials[p.j].Name(), fmt.Sprintf("%.0f %%", 100*c.Overlap[p.i][p.j])})
	}
	return out
}

// made says how it was made.
func (r Result) made() []page.Pair {
	source := r.Source
	if source == "" {
		source = "the database"
	}
	return []page.Pair{
		{Name: "Read", Text: source},
		{Name: "Replay", Text: "Every night is analysed with what had been reported by then, and of a report that was corrected later with what it said then; without a time of report an incident is known when it ended."},
		{Name: "Rate", Text: fmt.Sprintf("Each setting is held at %g false sprees a week: its threshold is found on the same past with its times shuffled over its places (seed %d). One that raises fewer even at its least number of incidents stands at its own rate and is in no test of a rate.", r.Budget, r.Seed)},
		{Name: "Threshold", Text: "One for all nights, from all nights: it knows how many incidents were still to come and where, though not which of them come together. From the past of each night alone settings would be held at rates that differ from night to night, and could not be tested in pairs. What a threshold comes to in either half of the nights is false_per_week_halves in compare.json."},
		{Name: "Delay", Text: "From the first incident of a spree to the night that raises it."},
		{Name: "Next day inside", Text: "Share of the incidents of the 24 hours after each night that lie in the circle of a spree that goes on; by chance: what those places held before."},
		{Name: "Patrol", Text: fmt.Sprintf("Minutes a week: a visit of %.0f min in each of %s a day to every cell of the sprees that go on, a cell once a night.", r.Dwell.Minutes(), data.Count(r.Shifts, "shift"))},
		{Name: "Stable", Text: "Share of a spree's incidents that are raised on the same night when the circles looked at are turned and shifted."},
		{Name: "Planted sprees", Text: "Put at places of the past, reported as late as its own reports are; found when half of one is in a spree by two days after its end."},
		{Name: "Tests", Text: "Of pairs: the same spree, the same week; Student's t, adjusted for all tests of an offence (Holm 1979)."},
	}
}

// RunID names the comparison.
func (r Result) RunID() string { return runID }

// runID tells the files of a comparison from those of a run.
const runID = "compare"
