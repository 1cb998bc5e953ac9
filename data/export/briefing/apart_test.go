package briefing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

// The distances of a spree are those that comparing each with each other one finds,
// also where many are at one place, on one line, or in two places alone.
func TestApart(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	lay := map[string]func() orb.Point{
		"about a town":    func() orb.Point { return orb.Point{0.94 + r.NormFloat64()*.02, 52.68 + r.NormFloat64()*.01} },
		"in a few houses": func() orb.Point { return orb.Point{0.94 + float64(r.IntN(3))*.001, 52.68 + float64(r.IntN(2))*.001} },
		"in two places":   func() orb.Point { return orb.Point{0.94 + float64(r.IntN(2)), 52.68} },
		"at one":          func() orb.Point { return orb.Point{0.94, 52.68} },
		"along a line":    func() orb.Point { return orb.Point{0.94 + r.Float64(), 52.68} },
	}
	for name, next := range lay {
		for _, n := range []int{2, 3, 40, 301} {
			members := make([]layer.Incident, n)
			for i := range members {
				members[i].Incident = &cluster.Incident{Point: next()}
			}
			near, most := make([]float64, n), 0.0
			for i, a := range members {
				near[i] = math.Inf(1)
				for j, b := range members {
					if i != j {
						near[i], most = min(near[i], geo.Distance(a.Point, b.Point)), max(most, geo.Distance(a.Point, b.Point))
					}
				}
			}
			slices.Sort(near)
			want := distance(near[n/2]) + " to the nearest other one (median), " + distance(most) + " at most"
			if got := apart(members); got != want {
				t.Errorf("%d %s: %q, want %q", n, name, got, want)
			}
		}
	}
	if got := apart(make([]layer.Incident, 1)); got != "" {
		t.Errorf("of one: %q", got)
	}
}
