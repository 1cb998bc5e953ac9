package scan

import (
	"math"
	"slices"
)

// A judge turns an LLR into a p-value.
type judge struct {
	o      Options
	maxima []float64
	sorted []float64 // ascending
	loc    float64   // Gumbel's location and scale
	scale  float64
}

func newJudge(maxima []float64, o Options) judge {
	j := judge{o: o, maxima: maxima, sorted: slices.Clone(maxima)}
	slices.Sort(j.sorted)
	n := float64(len(maxima))
	var mean, square float64
	for _, x := range j.sorted {
		mean += x / n
	}
	for _, x := range j.sorted {
		square += float64((x - mean) * (x - mean))
	}
	j.scale = math.Sqrt(square/(n-1)*6) / math.Pi
	j.loc = mean - float64(eulerGamma*j.scale)
	return j
}

const eulerGamma = 0.57721566490153286060651209008240243

// p returns the p-value of an LLR, NaN without replicates.
func (j judge) p(llr float64) float64 {
	if len(j.sorted) == 0 {
		return math.NaN()
	}
	i, _ := slices.BinarySearch(j.sorted, llr)
	above := float64(len(j.sorted) - i)
	switch {
	case j.o.PMethod == Gumbel && j.scale > 0:
		// 1 − exp(−exp(−x)), kept above 0 where it would underflow.
		return math.Max(-math.Expm1(-math.Exp(-(llr-j.loc)/j.scale)), math.SmallestNonzeroFloat64)
	case j.o.PMethod == Sequential:
		if n := reachedAt(j.maxima, llr, j.o.StopAfter); n > 0 {
			return float64(j.o.StopAfter) / float64(n)
		}
	}
	return (1 + above) / float64(1+len(j.sorted))
}

// criticalValues returns, for .05 and .01, the LLR that a spree has to exceed to
// have p ≤ alpha: the k-th greatest of R maxima, k = alpha·(R+1).
func criticalValues(maxima []float64) []Critical {
	sorted := slices.Clone(maxima)
	slices.Sort(sorted)
	var out []Critical
	for _, per := range []int{20, 100} {
		if k := (len(sorted) + 1) / per; k >= 1 {
			out = append(out, Critical{Alpha: 1 / float64(per), LLR: sorted[len(sorted)-k]})
		}
	}
	return out
}
