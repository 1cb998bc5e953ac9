// Package trial replays the past: each day is planned with what was known by then
// and held against what came. It is pure.
package trial

import (
	"cmp"
	"math"
	"slices"
)

// A Score is how a method did at one share of the area, over all days.
type Score struct {
	Cells     float64 // taken, and
	Universe  float64 // there were, added up over the days
	Hits      float64 // incidents in the cells taken
	All       float64 // incidents in all
	Best      float64 // the most that as many cells could have held
	Past      float64 // incidents of the past year in the cells taken
	PastAll   float64 // and in all cells
	Inside    float64 // incidents in cells of the universe
	Predicted float64 // expected in the cells taken, of a method that expects a number
}

func (s *Score) add(o Score) {
	s.Cells += o.Cells
	s.Universe += o.Universe
	s.Hits += o.Hits
	s.All += o.All
	s.Best += o.Best
	s.Past += o.Past
	s.PastAll += o.PastAll
	s.Inside += o.Inside
	s.Predicted += o.Predicted
}

// HitRate is the share of all incidents that fell in the cells taken.
func (s Score) HitRate() float64 { return s.Hits / s.All }

// PAI = (n/N)/(a/A), the prediction accuracy index (Chainey, Tompson & Uhlig
// 2008). Cells count as equally large.
func (s Score) PAI() float64 { return s.HitRate() / (s.Cells / s.Universe) }

// PEI = n/n*, where n* is the most that as many cells could have held, the
// prediction efficiency index (Hunt 2016).
func (s Score) PEI() float64 { return s.Hits / s.Best }

// PEIStar is PEI with what chance would hit taken off both, so that 0 is no
// better than chance and 1 cannot be bettered.
func (s Score) PEIStar() float64 {
	chance := s.Inside * s.Cells / s.Universe
	return (s.Hits - chance) / (s.Best - chance)
}

// RRI = (n₂/N₂)/(n₁/N₁), the recapture rate index (Levine 2008): how much of the
// share that the cells taken had in the year before they have kept.
func (s Score) RRI() float64 { return s.HitRate() / (s.Past / s.PastAll) }

// A ranking is the cells of a universe by what a method expects of them, in runs
// of equals.
type ranking struct {
	order []int32
	runs  []int // the end of each run of equal cells in order
}

func rank(expected []float64, universe []int32) ranking {
	r := ranking{order: slices.Clone(universe)}
	slices.SortFunc(r.order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(expected[b], expected[a]), cmp.Compare(a, b))
	})
	for i := range r.order {
		if i+1 == len(r.order) || expected[r.order[i]] != expected[r.order[i+1]] {
			r.runs = append(r.runs, i+1)
		}
	}
	return r
}

// first returns the sum of x over the first n cells. Of equal cells that do not
// all go in, it is the mean over every order of them.
func (r ranking) first(n int, x []float64) float64 {
	sum, start := 0.0, 0
	for _, end := range r.runs {
		run := 0.0
		for _, i := range r.order[start:end] {
			run += x[i]
		}
		if end >= n {
			return sum + run*float64(n-start)/float64(end-start)
		}
		sum, start = sum+run, end
	}
	return sum
}

// mostOf returns the largest sum of x over n of the cells.
func mostOf(n int, x []float64, universe []int32) float64 {
	var held []float64
	for _, i := range universe {
		if x[i] > 0 {
			held = append(held, x[i])
		}
	}
	slices.SortFunc(held, func(a, b float64) int { return cmp.Compare(b, a) })
	sum := 0.0
	for _, v := range held[:min(n, len(held))] {
		sum += v
	}
	return sum
}

// cellsOf is how many cells make up the share, at least one.
func cellsOf(share float64, universe int) int {
	return min(universe, max(1, int(math.Round(share*float64(universe)))))
}
