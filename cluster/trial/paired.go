package trial

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
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

// paired returns the 95 % interval of ours over theirs less 1 and its two-sided p, by the
// ratio of the means of a bootstrap sample of blocks of days: days that follow
// each other are alike, and windows of seven days overlap.
func paired(ours, theirs []float64, block, replicates int, seed uint64) (low, high, p float64) {
	n := len(ours)
	if sum(ours) < leastHits && sum(theirs) < leastHits {
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

// leastHits is how many hits one of two methods needs before their difference is
// tested. A map that ties nearly everywhere hits a small part of an incident on every
// day, as the mean of its random orders, and so is above one that hits none in each
// sample of days, though it has hit one in all.
const leastHits = 10

// holmTests adjusts the p of all tests.
func holmTests(tests []Test) {
	p := make([]float64, len(tests))
	for i := range tests {
		p[i] = tests[i].P
	}
	for i, adjusted := range holm(p) {
		tests[i].Holm = adjusted
	}
}

// holm adjusts each p for all of them (Holm 1979).
func holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	out := make([]float64, len(p))
	most := 0.0
	for k, i := range order {
		most = max(most, min(1, p[i]*float64(len(p)-k)))
		out[i] = most
	}
	return out
}

// pairedT is the mean of differences of pairs and its two-sided p by Student's t. It is
// never under what the signs of those that differ could reach, so that a few equal
// differences prove nothing.
func pairedT(differences []float64) (mean, p float64) {
	n, differ := float64(len(differences)), 0.0
	sum, squares := 0.0, 0.0
	for _, d := range differences {
		sum += d
		squares += d * d
		if d != 0 {
			differ++
		}
	}
	if differ == 0 {
		return 0, 1
	}
	mean = sum / n
	signs := min(1, math.Pow(2, 1-differ))
	variance := (squares - sum*mean) / (n - 1)
	if n < 2 {
		return mean, 1
	}
	if variance <= 1e-12*squares {
		return mean, signs
	}
	t := math.Abs(mean) / math.Sqrt(variance/n)
	return mean, max(signs, min(1, 2*distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Survival(t)))
}
