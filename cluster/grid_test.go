package cluster

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"spreewatch/geo"
)

// Whatever lies within the width of a point is found in the cubes about its own,
// also where longitudes wrap and at a pole.
func TestGridFindsNeighbours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		corner := rapid.SampledFrom([]orb.Point{{0.9, 52.6}, {179.99, 0}, {0, 89.99}}).Draw(t, "corner")
		width := float64(rapid.IntRange(50, 5000).Draw(t, "width"))
		var at []Vec
		for range rapid.IntRange(1, 40).Draw(t, "n") {
			p := orb.Point{corner.Lon() + float64(rapid.IntRange(-20, 20).Draw(t, "x"))/500, math.Min(90, corner.Lat()+float64(rapid.IntRange(-20, 20).Draw(t, "y"))/500)}
			at = append(at, OnSphere(p, geo.EarthRadius))
		}
		g := NewGrid(at, width)
		seen := 0
		for c, around := range g.Around(1) {
			if !slices.IsSorted(around) {
				t.Fatalf("cubes %v are not ascending", around)
			}
			for _, i := range g.In(int32(c)) {
				seen++
				for j := range at {
					if math.Sqrt(at[i].Chord2(at[j])) <= width && !slices.Contains(around, g.Cube[j]) {
						t.Fatalf("a point %.1f m away of width %.0f m is in no cube about", math.Sqrt(at[i].Chord2(at[j])), width)
					}
				}
			}
		}
		if seen != len(at) {
			t.Fatalf("the cubes hold %d of %d points", seen, len(at))
		}
	})
}

func TestGridWithoutLimit(t *testing.T) {
	g := NewGrid([]Vec{{0, 0, 0}, {1e9, -1e9, 5}}, math.Inf(1))
	if g.Cubes() != 1 || len(g.In(0)) != 2 {
		t.Errorf("got %d cubes, want one that holds all", g.Cubes())
	}
	if g := NewGrid([]Vec{{0, 0, 0}, {1e15, 0, 0}}, 1); g.Cubes() != 2 || g.Width <= 1 {
		t.Errorf("points too far apart to number: got %d cubes of width %g", g.Cubes(), g.Width)
	}
}

// Near finds every point within a reach of a place, wherever the place lies, each once
// and in order, whether cubes are looked up or gone through.
func TestGridNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		corner := rapid.SampledFrom([]orb.Point{{0.9, 52.6}, {179.99, 0}, {0, 89.99}}).Draw(t, "corner")
		place := func(label string) orb.Point {
			return orb.Point{corner.Lon() + float64(rapid.IntRange(-50, 50).Draw(t, label+"x"))/500, math.Min(90, corner.Lat()+float64(rapid.IntRange(-50, 50).Draw(t, label+"y"))/500)}
		}
		var at []Vec
		for range rapid.IntRange(1, 40).Draw(t, "n") {
			at = append(at, OnSphere(place("p"), geo.EarthRadius))
		}
		g := NewGrid(at, float64(rapid.IntRange(50, 5000).Draw(t, "width")))
		from := OnSphere(place("q"), geo.EarthRadius)
		reach := float64(rapid.IntRange(1, 20000).Draw(t, "reach"))
		near := g.Near(from, reach)
		if !slices.IsSorted(near) || len(slices.Compact(slices.Clone(near))) != len(near) {
			t.Fatalf("%v is not each once, ascending", near)
		}
		for i := range at {
			if math.Sqrt(at[i].Chord2(from)) <= reach && !slices.Contains(near, int32(i)) {
				t.Fatalf("a point %.1f m away is not within %.0f m", math.Sqrt(at[i].Chord2(from)), reach)
			}
		}
	})
	if near := NewGrid(nil, 10).Near(Vec{}, 5); near != nil {
		t.Errorf("without points: %v", near)
	}
	if near := NewGrid([]Vec{{0, 0, 0}}, 1).Near(Vec{1e15, 0, 0}, 5); near != nil {
		t.Errorf("far from all: %v", near)
	}
	if near := NewGrid([]Vec{{0, 0, 0}, {1e9, 0, 0}}, math.Inf(1)).Near(Vec{}, 5); len(near) != 2 {
		t.Errorf("one cube that holds all: %v", near)
	}
}
