package cluster

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// The smallest circle is that of the plain search through all circles about one, two
// or three of the points, scattered, or on a street with many at one place: all but in
// a line, where a circle through three of them is poorly known.
func TestEnclosingTwin(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	scattered := func() orb.Point { return orb.Point{0.9 + rng.Float64()*0.3, 52.5 + rng.Float64()*0.3} }
	street := func(off float64) func() orb.Point {
		return func() orb.Point {
			along := float64(rng.IntN(6)) * .003
			return orb.Point{0.9 + along + off*rng.Float64(), 52.5 + along/3 + off*rng.Float64()}
		}
	}
	repeated := func(off float64) func() orb.Point {
		var places []orb.Point
		return func() orb.Point {
			if len(places) == 0 || rng.IntN(3) == 0 && len(places) < 5 {
				places = append(places, street(off)())
			}
			return places[rng.IntN(len(places))]
		}
	}
	for n := 1; n <= 12; n++ {
		for range 12 {
			checkEnclosing(t, n, scattered)
			for _, off := range []float64{0, 1e-10, 1e-8, 1e-6, 1e-4, 1e-3} {
				checkEnclosing(t, n, street(off))
				checkEnclosing(t, n, repeated(off))
			}
		}
	}
}

func checkEnclosing(t *testing.T, n int, place func() orb.Point) {
	t.Helper()
	points := make([]Vec, n)
	for i := range points {
		points[i] = VecOf(place())
	}
	worst := func(c Vec) float64 {
		worst := 0.0
		for _, p := range points {
			worst = math.Max(worst, c.Angle(p)*geo.EarthRadius)
		}
		return worst
	}
	want := math.Inf(1)
	for i := range points {
		want = math.Min(want, worst(points[i]))
		for j := range i {
			want = math.Min(want, worst(CircleOf2(points[i], points[j]).Centre))
			for k := range j {
				want = math.Min(want, worst(CircleOf3(points[i], points[j], points[k]).Centre))
			}
		}
	}
	got := Enclosing(points)
	if math.Abs(got.Metres-want) > 1e-5 || worst(got.Centre) > got.Metres+slackM {
		t.Fatalf("%d points: got radius %.6f m, which reaches %.6f m, want %.6f m", n, got.Metres, worst(got.Centre), want)
	}
}
