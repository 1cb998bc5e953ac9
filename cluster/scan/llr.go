package scan

import (
	"math"
	"sync"
)

// logLikelihoodRatio returns c ln(c/μ) + (n−c) ln((n−c)/(n−μ)) for c > μ, else 0.
// It needs 0 ≤ c ≤ n and 0 < μ when c > 0.
func logLikelihoodRatio(c, mu, n float64) float64 {
	if !(c > mu) {
		return 0
	}
	llr := c * math.Log(c/mu)
	if c < n {
		llr += float64((n - c) * math.Log((n-c)/(n-mu)))
	}
	return llr
}

// greatestMean returns the μ at which c cases have the log likelihood ratio b, or
// up to a ten-millionth part more: whatever scores over b has a μ below it.
//
// The LLR less b is convex and falling in μ on (0, c], so Newton's method
// started where it is positive climbs to the root without passing it. It is at
// least 0 at μ = c·exp(−1−b/c), because (n−c) ln((n−c)/(n−μ)) ≥ −c.
func greatestMean(c, b, n float64) float64 {
	const margin = 1 + 1e-7
	if b <= 0 {
		return c * margin
	}
	mu := c * math.Exp(-1-b/c)
	for range 200 {
		excess, slope := c*math.Log(c/mu)-b, -c/mu
		if c < n {
			excess += (n - c) * math.Log((n-c)/(n-mu))
			slope += (n - c) / (n - mu)
		}
		next := mu - excess/slope
		if !(next > mu*(1+1e-12)) || next >= c {
			break
		}
		mu = next
	}
	return mu * margin
}

// The best LLR of a search so far is rounded down to a level, for which tables
// of what could beat it are made once. What a table lets through is scored in
// full, so the rounding costs time alone.
const (
	levelsPerUnit = 4
	maxLevel      = 127
)

func levelOf(llr float64) int { return min(int(llr*levelsPerUnit), maxLevel) }

func levelLLR(level int) float64 { return float64(level) / levelsPerUnit }

// limits hold, by level, the greatest product of the cases in a zone and the
// weight in a window at which a count beats the level. Comparing the product
// takes the place of two logarithms.
type limits struct {
	n     float64
	unit  int64
	most  int // greatest count there can be, in whole cases
	mu    sync.Mutex
	table [maxLevel + 1][]float64 // by count, rounded up to whole cases
}

// tabled is the greatest count with a limit in the tables.
const tabled = 1024

func (p *problem) newLimits() *limits {
	return &limits{n: float64(p.n), unit: p.unit, most: p.recent}
}

// of returns the limits of a level by count; counts over its length have none.
func (l *limits) of(level int) []float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.table[level] == nil {
		t := make([]float64, min(tabled, l.most)+1)
		for c := 1; c < len(t); c++ {
			t[c] = greatestMean(float64(c), levelLLR(level), l.n) * l.n * float64(l.unit)
		}
		l.table[level] = t
	}
	return l.table[level]
}
