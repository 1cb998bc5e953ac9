package geo_test

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// What is farther north is farther, and what is clearly farther by latitude is so.
func TestFartherNorth(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 9))
	said := 0
	for range 2000 {
		a := orb.Point{rng.Float64(), 52 + rng.Float64()}
		b := orb.Point{rng.Float64(), 52 + rng.Float64()}
		metres := 50_000 * rng.Float64()
		if geo.FartherNorth(a, b, metres) {
			if said++; geo.Distance(a, b) <= metres {
				t.Fatalf("%v and %v are %v m apart, not over %v", a, b, geo.Distance(a, b), metres)
			}
		} else if north := geo.Distance(a, orb.Point{a.Lon(), b.Lat()}); north > 1.02*metres {
			t.Fatalf("%v and %v are %v m apart in latitude alone, over %v", a, b, north, metres)
		}
	}
	if said == 0 {
		t.Error("of no two points it was said")
	}
}
