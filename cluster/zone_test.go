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
