package qgis

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"spreewatch/cluster"
	"spreewatch/cluster/patrol"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/page"
	"spreewatch/geo"
)

// The map of the printed page, millimetres.
const pageMapWidth, pageMapHeight = 223.0, 160.0

// mostPinned is how many sprees' labels have a place of their own, those that matter
// most: no page has room for more, and to look for it takes with the square of them. QGIS
// places the others.
const mostPinned = 150

// A pin is where the label of a thing goes while the map shows the whole.
type pin struct {
	id  string
	at  orb.Point // lower left corner
	box page.Box  // on the printed map, millimetres
}

// Pins are the places of the labels of sprees and patrol areas on the map as it
// opens and as it is printed: none over another, over the badge of a patrol area,
// or cut. QGIS places the labels of a map at other scales by itself.
type pins struct {
	scale  float64 // of the printed map
	view   orb.Bound
	sprees []pin
	areas  []pin             // by what oneArea is of a suggestion
	ladder map[string][]rung // of both, by their ids
}

// pinned finds the places, the spree that matters most first, then the areas by
// rank.
func pinned(s layer.Set) pins {
	view, ok := View(s)
	if !ok {
		return pins{}
	}
	f := page.NewFrame(view, pageMapWidth, pageMapHeight)
	out := pins{scale: 1000 / f.Metres(1), view: view}
	var taken []page.Box
	badges, halves := make(map[string]orb.Point), make(map[string]float64)
	var areas []patrol.Suggestion
	visits := make(map[string]int)
	for i, sg := range s.Patrols.Items {
		g := s.Patrols.Shape(i)
		if g == nil {
			continue
		}
		id := areaID(sg)
		if _, seen := badges[id]; !seen {
			badges[id] = g.Bound().Center()
			halves[id] = geo.Distance(g.Bound().Min, g.Bound().Max) / 2 * math.Sqrt2 / 2
			areas = append(areas, sg)
			x, y := f.At(badges[id])
			taken = append(taken, page.Box{X: x - badgeMM/2, Y: y - badgeMM/2, W: badgeMM, H: badgeMM})
		}
		visits[id]++
	}
	free := func(b page.Box) bool {
		wide := page.Box{X: b.X - 1, Y: b.Y - 1, W: b.W + 2, H: b.H + 2}
		return wide.Inside(pageMapWidth, pageMapHeight) && !slices.ContainsFunc(taken, wide.Meets)
	}
	put := func(id string, x, y, reach, w, h float64) pin {
		b := beside(x, y, reach, w, h, free)
		taken = append(taken, b)
		return pin{id, f.Point(b.X, b.Y+b.H), b}
	}
	sprees := spreeThings(s)
	sprees = sprees[:min(len(sprees), mostPinned)]
	for _, t := range sprees {
		x, y := f.At(t.centre)
		w, h := t.size(out.scale)
		out.sprees = append(out.sprees, put(t.id, x, y, f.Metres(t.reachM), w, h))
	}
	var things []thing
	for _, sg := range areas {
		id := areaID(sg)
		t := thing{id: id, centre: badges[id], areaM: halves[id], size: func(scale float64) (w, h float64) { return areaSize(sg, visits[id], scale) }}
		things = append(things, t)
		x, y := f.At(t.centre)
		w, h := t.size(out.scale)
		out.areas = append(out.areas, put(id, x, y, badgeMM/2, w, h))
	}
	out.ladder = ladderOf(f, view, out.scale, append(things, sprees...), badgesOf(s))
	return out
}

// spreeThings are the sprees that are on the map, those that matter most first.
func spreeThings(s layer.Set) []thing {
	var out []thing
	crowded := crowdedBy(s)
	for _, sp := range inOrder(s.Sprees.Items) {
		t := thing{id: sp.ID, centre: sp.Centre, reachM: sp.RadiusM, size: func(scale float64) (w, h float64) { return spreeSize(sp, scale, crowded) }}
		if math.IsNaN(t.centre[0] + t.centre[1] + t.reachM) { // withheld: its cells stand for it
			i := slices.IndexFunc(s.Sprees.Items, func(o cluster.Spree) bool { return o.ID == sp.ID })
			g := s.Sprees.Shape(i)
			if g == nil {
				continue
			}
			t.centre, t.reachM = g.Bound().Center(), geo.Distance(g.Bound().Min, g.Bound().Max)/2
		}
		out = append(out, t)
	}
	return out
}

// areaSize is about how much room the label of a patrol area takes on paper.
func areaSize(sg patrol.Suggestion, visits int, scale float64) (w, h float64) {
	name := min(maxLetters, len([]rune(sg.PlaceName)))
	if sg.PlaceName == "" {
		name = len("place not named")
	}
	if scale > afarScale {
		return letterMM * 8 * float64(name+2+4*visits), lineMM * 8
	}
	return letterMM * 8 * float64(max(name, visitLetters)), lineMM * 8 * float64(1+visits)
}

// crowdedBy reports whether there are so many sprees that their labels say less: of
// more, a page would hold nothing else.
func crowdedBy(s layer.Set) bool { return s.Sprees.Len() > 12 }

const (
	// The width of a letter and the height of a line of bold text of one point.
	letterMM, lineMM = 0.222, 0.45
	// visitLetters is the length of a visit in the label of an area.
	visitLetters = len("10: Thu 17 Sep 10:00–13:00")
)

// spreeSize is about how much room the label of a spree takes on paper.
func spreeSize(s cluster.Spree, scale float64, crowded bool) (w, h float64) {
	name := len([]rune(s.Offence))
	if name == 0 {
		name = len("all offences")
	}
	size, lines, letters := 9.0, 2.0, len(s.Status)+name+len(" ·  · 100")
	if s.Status == cluster.StatusEnded || crowded {
		size = 7.5
	}
	far := scale > afarScale
	switch {
	case far && crowded:
		lines, letters = 1, name+len(" · 100")
	case far && s.Status == cluster.StatusEnded:
		lines = 1
	case far:
		letters = max(letters, len("16 Sep 10:00 to 17 Sep 17:30"))
	case crowded && scale > nearScale:
		lines, letters = 1, letters+len(" incidents")
	default:
		places := strings.Join(s.Places[:min(3, len(s.Places))], ", ") // as many as array_slice takes
		letters = max(letters+len(" incidents"), len("Wed 16 Sep 10:00 to Thu 17 Sep 17:30 · ")+min(maxLetters, len([]rune(places))))
	}
	return letterMM * size * float64(letters), lineMM * size * lines
}

// beside returns a box beside a disc: above it, below, right, left or at a corner,
// as near as one is free; where none is, the nearest there is.
func beside(x, y, reach, w, h float64, free func(page.Box) bool) page.Box {
	for gap := 1.0; gap < 80; gap += 4 {
		r := reach + gap
		d := r * math.Sqrt2 / 2
		for _, b := range []page.Box{
			{X: x - w/2, Y: y - r - h}, {X: x - w/2, Y: y + r}, {X: x + r, Y: y - h/2}, {X: x - r - w, Y: y - h/2},
			{X: x + d, Y: y - d - h}, {X: x - d - w, Y: y - d - h}, {X: x + d, Y: y + d}, {X: x - d - w, Y: y + d},
		} {
			b.W, b.H = w, h
			// a little to the left or right is better than another side
			if lo, hi := 2.0, pageMapWidth-2-w; hi > lo && b.X != min(max(b.X, lo), hi) && math.Abs(b.X-min(max(b.X, lo), hi)) < w/2 && (b.Y+h <= y-reach || b.Y >= y+reach) {
				b.X = min(max(b.X, lo), hi)
			}
			if free(b) {
				return b
			}
		}
	}
	return page.Place(x, y, w, h, free)
}

// inOrder are the sprees, those that are over last and the larger first.
func inOrder(sprees []cluster.Spree) []cluster.Spree {
	out := slices.Clone(sprees)
	slices.SortStableFunc(out, func(a, b cluster.Spree) int {
		over := func(s cluster.Spree) int {
			if s.Status == cluster.StatusEnded {
				return 1
			}
			return 0
		}
		return over(a) - over(b)
	})
	return out
}

// areaID is what oneArea is of a suggestion.
func areaID(s patrol.Suggestion) string {
	if s.Cell == 0 {
		return s.ID
	}
	return s.Cell.String()
}

// nearest is the largest scale at which a pinned label has the text that it was pinned
// with.
func (p pins) nearest() float64 {
	if p.scale > afarScale {
		return max(0.3*p.scale, afarScale+1)
	}
	return 0.3 * p.scale
}

// positions are the expressions of the west and the south of a pinned label, null
// where it would be somewhere else: on a map of another scale or of a part of the
// whole. Nearer QGIS has room to place it, and farther off all would lie in one heap.
// On a wide screen the whole is larger than on paper, and the labels on it smaller: what
// was apart stays apart while their texts are the same.
func (p pins) positions(of []pin, key string) (x, y string) {
	if len(of) == 0 {
		return "", ""
	}
	middle, half := p.view.Center(), [2]float64{0.49 * (p.view.Max[0] - p.view.Min[0]), 0.49 * (p.view.Max[1] - p.view.Min[1])}
	var whole orb.MultiPoint // near the corners
	for _, side := range [][2]float64{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		whole = append(whole, orb.Point{middle[0] + side[0]*half[0], middle[1] + side[1]*half[1]})
	}
	seen := fmt.Sprintf(`coalesce(@map_scale >= %.0f AND @map_scale <= %.0f AND within(transform(geom_from_wkt('%s'), 'EPSG:4326', @map_crs), @map_extent), false)`,
		p.nearest(), 1.3*p.scale, wkt.MarshalString(layer.RoundPoints(whole)))
	axis := func(n int) string {
		var b strings.Builder
		for _, pin := range of {
			fmt.Fprintf(&b, ", %s, %s", quoted(pin.id), strconv.FormatFloat(math.Round(pin.at[n]*1e7)/1e7, 'f', -1, 64))
		}
		return fmt.Sprintf(`if(%s, map_get(map(%s), %s), NULL)`, seen, b.String()[2:], key)
	}
	rungs := p.rungs(of, key)
	return fmt.Sprintf(`coalesce(%s, x(%s))`, axis(0), rungs), fmt.Sprintf(`coalesce(%s, y(%s))`, axis(1), rungs)
}
