package geo

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

func TestCutAt180(t *testing.T) {
	box := orb.Ring{{179, 0}, {-179, 0}, {-179, 2}, {179, 2}, {179, 0}}
	// a comb whose teeth cross: the western part is two squares
	comb := orb.Ring{{178, 0}, {-179, 0}, {-179, 1}, {179, 1}, {179, 2}, {-179, 2}, {-179, 3}, {178, 3}, {178, 0}}
	hole := orb.Ring{{179.5, .5}, {179.5, 1.5}, {-179.5, 1.5}, {-179.5, .5}, {179.5, .5}}
	west := orb.Ring{{-179.8, .5}, {-179.8, 1.5}, {-179.5, 1.5}, {-179.5, .5}, {-179.8, .5}}
	tests := []struct {
		name  string
		in    orb.MultiPolygon
		parts int
		holes int
		area  float64 // square degrees, by hand
	}{
		{"does not cross", orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}}}, 1, 0, 1},
		{"box", orb.MultiPolygon{{box}}, 2, 0, 4},
		{"comb", orb.MultiPolygon{{comb}}, 3, 0, 3*2 - 1 + 2},
		{"hole that crosses", orb.MultiPolygon{{box, hole}}, 2, 0, 4 - 1},
		{"hole in the west", orb.MultiPolygon{{box, west}}, 2, 1, 4 - .3},
		{"a side on 180°", orb.MultiPolygon{{{{179, 0}, {180, 0}, {180, 1}, {179, 1}, {179, 0}}}}, 1, 0, 1},
		{"a corner on 180°", orb.MultiPolygon{{{{179, 0}, {180, -1}, {-179, 0}, {180, 1}, {179, 0}}}}, 2, 0, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := CutAt180(tt.in)
			area, holes := 0.0, 0
			for _, p := range got {
				b := p.Bound()
				if b.Min[0] < -180 || b.Max[0] > 180 || b.Max[0]-b.Min[0] > 180 {
					t.Errorf("a part spans %v", b)
				}
				if p[0].Orientation() != orb.CCW || !p[0].Closed() {
					t.Errorf("an outer ring is not closed and anticlockwise: %v", p[0])
				}
				holes += len(p) - 1
				area += math.Abs(planar.Area(p))
			}
			if len(got) != tt.parts || holes != tt.holes || math.Abs(area-tt.area) > 1e-9 {
				t.Errorf("%d parts, %d holes, %v square degrees: %v", len(got), holes, area, got)
			}
		})
	}
}

// The cells about a point on 180° are as large after the cut as before, and what
// is away from it is not touched.
func TestCutOutline(t *testing.T) {
	c, err := CellAt(orb.Point{179.9999, -16.8}, 9)
	if err != nil {
		t.Fatal(err)
	}
	for k := range 4 {
		cells := c.Disk(k)
		m, err := Outline(cells)
		if err != nil {
			t.Fatal(err)
		}
		want, got := 0.0, 0.0
		for _, one := range cells {
			want += math.Abs(planar.Area(unwrapped(one.Polygon()[0])))
		}
		for _, p := range CutAt180(m) {
			if b := p.Bound(); b.Max[0]-b.Min[0] > 1 || p[0].Orientation() != orb.CCW {
				t.Errorf("disk %d: a part spans %v", k, b)
			}
			got += math.Abs(planar.Area(p))
		}
		if math.Abs(got-want) > 1e-9*want {
			t.Errorf("disk %d: %v square degrees after the cut, %v before", k, got, want)
		}
	}
	away, err := CellAt(orb.Point{0.9333, 52.6833}, 9)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Outline(away.Disk(2))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m, CutAt180(m)); diff != "" {
		t.Error(diff)
	}
}
