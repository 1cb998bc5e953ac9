package nearrepeat

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"spreewatch/cluster"
)

// LeastSprees is the fewest past sprees that a reach is learnt from.
const LeastSprees = 10

// resamples is how many times the sprees are drawn again for an interval.
const resamples = 999

// A SpreeReach is how far and how long past sprees reached.
type SpreeReach struct {
	Sprees int
	Radius Estimate[float64]       // metres that nine in ten kept within
	Window Estimate[time.Duration] // time that nine in ten kept within
}

// LearnSprees returns the radius and the length of time that nine in ten of the sprees
// kept within (nearest rank), with 90 % intervals by the bootstrap (Efron 1979). Only
// those count that the scan found, which looks at every scale: one of a rule says no
// more than the rule's own radius and window. Of fewer than LeastSprees nothing is
// learnt but their number. The order of the sprees does not matter.
func LearnSprees(sprees []cluster.Spree, seed uint64) SpreeReach {
	type reach struct{ metres, seconds float64 }
	var found []reach
	for _, s := range sprees {
		if s.Statistic != nil {
			found = append(found, reach{s.RadiusM, s.Window.Duration().Seconds()})
		}
	}
	out := SpreeReach{Sprees: len(found)}
	if len(found) < LeastSprees {
		return out
	}
	slices.SortFunc(found, func(a, b reach) int {
		return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.seconds, b.seconds))
	})
	most := func(of []reach, what func(reach) float64) float64 {
		x := make([]float64, len(of))
		for i, r := range of {
			x[i] = what(r)
		}
		slices.Sort(x)
		return x[int(math.Ceil(.9*float64(len(x))))-1]
	}
	metres, seconds := func(r reach) float64 { return r.metres }, func(r reach) float64 { return r.seconds }
	rng := rand.New(rand.NewPCG(seed, uint64(len(found))))
	again := make([]reach, len(found))
	var radii, lengths []float64
	for range resamples {
		for i := range again {
			again[i] = found[rng.IntN(len(found))]
		}
		radii, lengths = append(radii, most(again, metres)), append(lengths, most(again, seconds))
	}
	slices.Sort(radii)
	slices.Sort(lengths)
	span := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
	low, high := resamples/20, resamples-1-resamples/20
	out.Radius = Estimate[float64]{most(found, metres), radii[low], radii[high]}
	out.Window = Estimate[time.Duration]{span(most(found, seconds)), span(lengths[low]), span(lengths[high])}
	return out
}
