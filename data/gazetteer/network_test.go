package gazetteer

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// What a plane says of two points near its middle is so on the sphere, and it says it
// of nearly all.
func TestPlane(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	said, asked := 0, 0
	for range 200_000 {
		middle := orb.Point{360*rng.Float64() - 180, 170*rng.Float64() - 85}
		p := newPlane(middle)
		reach := math.Pow(10, -5+4*rng.Float64())
		near := func(of orb.Point, reach float64) orb.Point {
			return orb.Point{of[0] + reach*(2*rng.Float64()-1), of[1] + reach*(2*rng.Float64()-1)}
		}
		a := near(middle, 0.12)
		if rng.IntN(8) == 0 {
			a = near(middle, 1)
		}
		b := near(a, reach)
		d := geo.Distance(a, b)
		for _, band := range [][2]float64{{0, thinM}, {thinM, stepM}} {
			in := d >= band[0] && d < band[1]
			if p.between(a, b, band[0], band[1]) {
				said++
				if !in {
					t.Fatalf("%v and %v lie %.2f m apart, said to be %v", a, b, d, band)
				}
			}
			if in {
				asked++
			}
		}
	}
	if said < asked*3/5 {
		t.Errorf("%d of %d distances told", said, asked)
	}
}

func TestFarApart(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 100_000 {
		a := orb.Point{360*rng.Float64() - 180, 180*rng.Float64() - 90}
		b := orb.Point{a[0] + 2*rng.Float64() - 1, max(-90, min(90, a[1]+2*rng.Float64()-1))}
		if got, want := farApart(a, b), geo.Distance(a, b) > maxStraightM; got != want {
			t.Fatalf("farApart(%v, %v) = %t at %.0f m", a, b, got, geo.Distance(a, b))
		}
	}
}
