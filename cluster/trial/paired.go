package trial

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// A Test holds a method against ours on the same days.
type Test struct {
	Offence, Against string
	Days             int     // horizon
	Share            float64 // of the area
	Ours, Theirs     float64 // hits
	Low, High        float64 // 95 % interval of ours over theirs less 1
	P                float64 // two-sided
	Holm             float64 // P adjusted for all tests
}

// ratio of the means of a bootstrap sample of blocks of days: days that follow
// each other are alike, and windows of seven days overlap.
func paired(ours, theirs []float64, block, replicates int, seed uint64) (low, high, p float64) {
	n := len(ours)
	if n == 0 {
		return math.NaN(), math.NaN(), 1
	}
	block = max(1, min(block, n))
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	ratios := make([]float64, replicates)
	above, below := 1, 1
	for b := range ratios {
		a, c := 0.0, 0.0
		for taken := 0; taken < n; taken += block {
			start := r.IntN(n)
			for k := range min(block, n-taken) {
				i := (start + k) % n
				a += ours[i]
				c += theirs[i]
			}
		}
		switch {
		case c > 0:
			ratios[b] = a/c - 1
		case a > 0:
			ratios[b] = math.Inf(1)
		}
		if a >= c {
			above++
		}
		if a <= c {
			below++
		}
	}
	slices.Sort(ratios)
	at := func(q float64) float64 { return ratios[min(replicates-1, int(q*float64(replicates)))] }
	return at(.025), at(.975), min(1, 2*float64(min(above, below))/float64(replicates+1))
}

// holm adjusts the p of all tests (Holm 1979).
func holm(tests []Test) {
	order := make([]int, len(tests))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(tests[a].P, tests[b].P) })
	most := 0.0
	for k, i := range order {
		most = max(most, min(1, tests[i].P*float64(len(tests)-k)))
		tests[i].Holm = most
	}
}
