package qgis

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"spreewatch/data/export/page"
)

// crowd is a town's worth of things within a few kilometres, every other one with a
// circle about it.
func crowd() (things []thing, badges orb.MultiPoint) {
	for i := range 24 {
		t := thing{id: fmt.Sprint("t", i), centre: orb.Point{1.29 + .004*float64(i%6), 52.62 + .003*float64(i/6)}, size: func(float64) (w, h float64) { return 60, 8 }}
		if i%2 == 0 {
			t.reachM = 400 * float64(i)
		} else {
			badges = append(badges, t.centre)
		}
		things = append(things, t)
	}
	return things, badges
}

// At every scale from a rung's coarse end to its fine one, no label that has a place
// lies over another or over a badge, and near by every one has a place.
func TestLadder(t *testing.T) {
	things, badges := crowd()
	view := orb.Bound{Min: orb.Point{1.0, 52.5}, Max: orb.Point{1.7, 52.8}}
	f := page.NewFrame(view, pageMapWidth, pageMapHeight)
	scale := 1000 / f.Metres(1)
	ladder := ladderOf(f, view, scale, things, badges)
	sin, cos := math.Sincos(gridTurn(view.Center()))
	placed := 0
	for n := range ladder["t0"] {
		fine := ladderFoot * math.Pow(rungStep, float64(n))
		for _, s := range []float64{fine, fine * math.Sqrt(rungStep), fine * rungStep} {
			p := plate{f, scale / s, sin, cos}
			var boxes []page.Box
			for _, b := range badges {
				x, y := p.at(b)
				boxes = append(boxes, page.Box{X: x - badgeMM/2, Y: y - badgeMM/2, W: badgeMM, H: badgeMM})
			}
			for _, of := range things {
				r := ladder[of.id][n]
				if r.w == 0 {
					if s < 10_000 {
						t.Errorf("1:%.0f: %s has no place", s, of.id)
					}
					continue
				}
				placed++
				x, y := p.at(r.at)
				b := page.Box{X: x - r.w/2, Y: y - r.h/2, W: r.w, H: r.h}
				for i, o := range boxes {
					if b.Meets(o) {
						t.Errorf("1:%.0f: %s lies over box %d", s, of.id, i)
					}
				}
				boxes = append(boxes, b)
			}
		}
	}
	if placed == 0 {
		t.Error("no label has a place")
	}
	// what a plate lays out comes back
	p := plate{f, 7, sin, cos}
	if x, y := p.at(p.point(31, -12)); math.Abs(x-31) > 1e-6 || math.Abs(y+12) > 1e-6 {
		t.Errorf("31, -12 comes back as %v, %v", x, y)
	}
}

// The angle between the grid's north and true north, by hand: the longitude from the
// central meridian times the sine of the latitude.
func TestGridTurn(t *testing.T) {
	for _, tt := range []struct {
		at   orb.Point
		want float64 // degrees
	}{
		{orb.Point{1.3, 52.6}, 3.3 * .7944},   // the National Grid, from 2° W
		{orb.Point{-2, 52}, 0},                // on its meridian
		{orb.Point{24, -30}, -3 * -.5},        // UTM 35 S, from 27° E
		{orb.Point{179.5, -17}, 2.5 * -.2924}, // UTM 60 S, from 177° E
	} {
		if got := gridTurn(tt.at) * 180 / math.Pi; math.Abs(got-tt.want) > .01 {
			t.Errorf("%v: %.3f°, want %.3f°", tt.at, got, tt.want)
		}
	}
}

// Of more than a dozen sprees a label says less, and takes less room.
func TestCrowded(t *testing.T) {
	m := mapOf(t, nil)
	few := spreeLabels(m.Layers, "EPSG:32631", pinned(m.Layers))
	sp := m.Layers.Sprees.Items[0]
	for len(m.Layers.Sprees.Items) < 13 {
		m.Layers.Sprees.Items = append(m.Layers.Sprees.Items, sp)
	}
	many := spreeLabels(m.Layers, "EPSG:32631", pins{})
	if strings.Contains(few, attr(crowdedText)) || !strings.Contains(many, attr(crowdedText)) {
		t.Error("the text does not go with the number of sprees")
	}
	for _, scale := range []float64{nearScale + 1, afarScale + 1} {
		w, h := spreeSize(sp, scale, false)
		cw, ch := spreeSize(sp, scale, true)
		if cw >= w || ch >= h {
			t.Errorf("1:%.0f: %.0f by %.0f mm where there are many, %.0f by %.0f where there are few", scale, cw, ch, w, h)
		}
	}
}
