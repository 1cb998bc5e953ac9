package cluster

import (
	"math"
	"math/rand/v2"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// A zone is every cell whose middle is within the radius, and the incident's
// own: looked for over a disk that is wide enough whatever the radius.
func TestZoneTwin(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 0))
	for _, radius := range []float64{0, 1, 100, 174, 400, 1500, 5000, 50_000} {
		in := Incident{ID: "a", Point: orb.Point{0.9 + 0.1*rng.Float64(), 52.6 + 0.1*rng.Float64()}, RadiusM: radius}
		own, err := geo.CellAt(in.Point, 9)
		if err != nil {
			t.Fatal(err)
		}
		want := []geo.Cell{own}
		for _, c := range own.Disk(40) { // 40 steps are over 10 km
			if geo.Distance(c.Centre(), in.Point) <= math.Min(radius, 5000) {
				want = append(want, c)
			}
		}
		got, err := Zone([]Incident{in, in}, 9)
		if err != nil {
			t.Fatal(err)
		}
		if d := gocmp.Diff(geo.SortCells(want), got); d != "" {
			t.Errorf("radius %g m: %s", radius, d)
		}
	}
}

// Cells that are known are taken from there, at their own resolution alone.
func TestKnownCells(t *testing.T) {
	in := []*Incident{{ID: "a", Point: orb.Point{.94, 52.68}}, {ID: "b", Point: orb.Point{1.29, 52.63}}, {ID: "c", Point: orb.Point{.94, 52.68}}}
	want, err := Cells(in, PlaceCells{}, 9, 11)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := Cells(in, PlaceCellsOf(in, want[0], 9), 9, 11); err != nil || gocmp.Diff(got, want) != "" {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	other := PlaceCells{9, map[orb.Point]geo.Cell{in[1].Point: want[0][0]}}
	if got, err := Cells(in, other, 9, 11); err != nil || got[0][1] != want[0][0] || got[0][0] != want[0][0] || got[1][1] != want[1][1] {
		t.Errorf("%v, %v; want what is known of %v", got, err, in[1].Point)
	}
}
