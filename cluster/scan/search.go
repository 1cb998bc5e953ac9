package scan

import (
	"cmp"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
)

// A candidate is a zone and window with its score.
type candidate struct {
	llr        float64
	centre     int32
	places     int   // the zone is so many of the centre's nearest places
	cases      int64 // in the zone, at any time
	start, end int32 // window of steps
	count      int64 // c, in units
}

// better orders candidates, best first: greatest LLR, fewest places, lowest
// centre, earliest end, shortest window.
func better(a, b candidate) int {
	return cmp.Or(cmp.Compare(b.llr, a.llr), cmp.Compare(a.places, b.places), cmp.Compare(a.centre, b.centre),
		cmp.Compare(a.end, b.end), cmp.Compare(b.start, a.start))
}

// A tally grows a zone place by place and keeps its best window.
//
// Of all windows it looks only at those that hold a case of the place just
// entered: in any other, c is what it was in the smaller zone, which scored no
// less. And of these only at those that start at a step with weight and end
// after one, or at the least end allowed: any other holds the same c in no less
// of the total, so its μ is no smaller and its LLR no greater, and with an
// equal LLR it ends later or is longer.
type tally struct {
	p      *problem
	lim    *limits
	end    int32   // least end of a window
	least  int64   // units a spree needs
	steps  []int32 // steps with weight in the zone, ascending
	weight []int64 // beside steps
	lo, hi int32   // first and last step of what was added since the last look
	best   candidate
	level  int
	limit  []float64
}

func newTally(p *problem, lim *limits, end int32) *tally {
	t := &tally{p: p, lim: lim, end: end, least: int64(p.o.MinCases) * p.unit, level: -1}
	t.reset(candidate{})
	return t
}

// reset empties the zone. Only what is better than the candidate given counts.
func (t *tally) reset(best candidate) {
	t.steps, t.weight = t.steps[:0], t.weight[:0]
	t.lo, t.hi = t.p.windows.steps, -1
	t.record(best)
}

func (t *tally) record(c candidate) {
	t.best = c
	if level := levelOf(c.llr); level != t.level {
		t.level, t.limit = level, t.lim.of(level)
	}
}

// add puts a case into the zone.
func (t *tally) add(prof profile) {
	for _, w := range prof {
		i, ok := slices.BinarySearch(t.steps, w.step)
		if ok {
			t.weight[i] += w.weight
		} else {
			t.steps = slices.Insert(t.steps, i, w.step)
			t.weight = slices.Insert(t.weight, i, w.weight)
		}
	}
	if len(prof) > 0 {
		t.lo, t.hi = min(t.lo, prof[0].step), max(t.hi, prof[len(prof)-1].step)
	}
}

// look scores the windows that hold something added since the last look. The
// zone holds so many cases and is so many of the centre's nearest places.
func (t *tally) look(cases int64, centre int32, places int) {
	lo, hi, longest := t.lo, t.hi, t.p.windows.longest
	t.lo, t.hi = t.p.windows.steps, -1
	n, cum, unit := float64(t.p.n), t.p.cum, t.p.unit
	first := sort.Search(len(t.steps), func(i int) bool { return t.steps[i] > lo-longest })
	for i := first; i < len(t.steps) && t.steps[i] <= hi; i++ {
		start := t.steps[i]
		var count int64
		for j := i; j < len(t.steps); j++ {
			count += t.weight[j]
			end := t.steps[j] + 1
			if end < t.end {
				if j+1 < len(t.steps) && t.steps[j+1] < t.end {
					continue
				}
				end = t.end
			}
			if end-start > longest {
				break
			}
			if count < t.least || end <= lo {
				continue
			}
			whole := count
			if unit > 1 {
				whole = (count + unit - 1) / unit
			}
			if whole < int64(len(t.limit)) && float64(cases)*float64(cum[end]-cum[start]) > t.limit[whole] {
				continue
			}
			c := candidate{centre: centre, places: places, cases: cases, start: start, end: end, count: count}
			c.llr = logLikelihoodRatio(t.p.weight(count), t.p.expected(cases, start, end), n)
			if c.llr > 0 && better(c, t.best) < 0 {
				t.record(c)
			}
		}
	}
}

// apart returns, best first, the candidates that share no place with a better
// one: SaTScan's rule of no geographical overlap.
func (p *problem) apart(found []candidate) []candidate {
	found = slices.DeleteFunc(found, func(c candidate) bool { return c.llr == 0 })
	slices.SortFunc(found, better)
	taken := make([]bool, len(p.places))
	var kept []candidate
	var space ring
	for _, f := range found {
		if taken[f.centre] {
			continue
		}
		zone := p.reach(f.centre, &space)[:f.places]
		if slices.ContainsFunc(zone, func(n neighbour) bool { return taken[n.place] }) {
			continue
		}
		for _, n := range zone {
			taken[n.place] = true
		}
		kept = append(kept, f)
	}
	return kept
}

// parallel runs work on as many goroutines as the options say; each takes
// numbers below n from next until there are none, or the context is done.
func (p *problem) parallel(work func(next func() (int, bool)), n int) {
	var taken atomic.Int64
	next := func() (int, bool) {
		i := int(taken.Add(1)) - 1
		return i, i < n && p.ctx.Err() == nil
	}
	var wg sync.WaitGroup
	for range min(p.o.workers(), max(1, n)) {
		wg.Go(func() { work(next) })
	}
	wg.Wait()
}
