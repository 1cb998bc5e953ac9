package cluster

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

func TestEnclosingTwin(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	for n := 1; n <= 12; n++ {
		for range 50 {
			points := make([]Vec, n)
			for i := range points {
				points[i] = VecOf(orb.Point{0.9 + rng.Float64()*0.3, 52.5 + rng.Float64()*0.3})
			}
			got := Enclosing(points)
			// The smallest of all circles about one, two or three of the points
			// that hold every point.
			want := math.Inf(1)
			try := func(c Vec) {
				worst := 0.0
				for _, p := range points {
					worst = math.Max(worst, c.Angle(p)*geo.EarthRadius)
				}
				want = math.Min(want, worst)
			}
			for i := range points {
				try(points[i])
				for j := range i {
					try(CircleOf2(points[i], points[j]).Centre)
					for k := range j {
						try(CircleOf3(points[i], points[j], points[k]).Centre)
					}
				}
			}
			if math.Abs(got.Metres-want) > 1e-5 {
				t.Fatalf("%d points: got radius %.6f m, want %.6f m", n, got.Metres, want)
			}
		}
	}
}
