package scan

import (
	"cmp"
	"slices"
	"sort"
	"sync/atomic"

	"spreewatch/geo"
)

// A candidate is a zone and window with its score.
type candidate struct {
	llr        float64
	centre     int32
	places     int     // the zone is so many of the centre's nearest places
	mean       float64 // μ
	start, end int32   // window of steps
	count      int64   // c, in units
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
	steps  []int32 // steps with weight in the zone, ascending; or all in reach if dense
	weight []int64 // beside steps
	dense  bool
	lo, hi int32 // first and last step of what was added since the last look
	zone   zone
	before []int64 // before[i] = weight of steps up to i
	best   candidate
	level  int
	limit  []float64
}

// denseSteps is the most steps that a tally keeps a place for.
const denseSteps = 512

func newTally(p *problem, lim *limits, end int32) *tally {
	t := &tally{p: p, lim: lim, end: end, least: int64(p.o.MinCases) * p.unit, level: -1}
	// Where windows reach few steps, a place for each saves finding it. A window
	// that starts or ends at one without weight is no better than one that does not.
	if n := p.windows.steps - p.windows.first; n <= denseSteps {
		t.dense = true
		for s := p.windows.first; s < p.windows.steps; s++ {
			t.steps = append(t.steps, s)
		}
		t.weight = make([]int64, n)
	}
	t.reset(candidate{})
	return t
}

// A zone is a centre's nearest places, so many of them.
type zone struct {
	cases  int64   // in it, at any time
	strata []int64 // the same by stratum; nil where there is but one
	centre int32
	places int
}

// reset empties the zone. Only what is better than the candidate given counts.
func (t *tally) reset(best candidate) {
	if t.dense {
		clear(t.weight)
	} else {
		t.steps, t.weight = t.steps[:0], t.weight[:0]
	}
	t.pass()
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
		if t.dense {
			t.weight[w.step-t.p.windows.first] += w.weight
			continue
		}
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

// pass forgets what was added since the last look: nothing that holds it has to
// be scored.
func (t *tally) pass() { t.lo, t.hi = t.p.windows.steps, -1 }

// look scores the windows of the zone that hold something added since the last
// look.
func (t *tally) look(z zone) {
	lo, hi := t.lo, t.hi
	t.pass()
	if hi < 0 {
		return
	}
	t.zone = z
	sum := int64(0)
	t.before = append(t.before[:0], 0)
	for _, w := range t.weight {
		sum += w
		t.before = append(t.before, sum)
	}
	i1 := sort.Search(len(t.steps), func(i int) bool { return t.steps[i] > lo-t.p.windows.longest })
	i2 := sort.Search(len(t.steps), func(i int) bool { return t.steps[i] > hi }) - 1
	// Of the steps before the least end, the last stands for all as an end.
	j1 := max(sort.Search(len(t.steps), func(j int) bool { return t.steps[j] >= t.end })-1, 0)
	j1 = max(j1, sort.Search(len(t.steps), func(j int) bool { return t.steps[j] >= lo }))
	j2 := sort.Search(len(t.steps), func(j int) bool { return t.steps[j] >= hi+t.p.windows.longest })
	t.box(i1, i2, j1, max(j1, j2-1))
}

// endOf returns the end of windows that reach to the j-th step with weight.
func (t *tally) endOf(j int) int32 { return max(t.end, t.steps[j]+1) }

// box scores the windows that start at the steps with weight i1 to i2 and end
// after j1 to j2. They hold no more than the longest of them and weigh no less
// than the shortest; if that cannot beat the best, none can, and otherwise the
// halves are looked at.
func (t *tally) box(i1, i2, j1, j2 int) {
	if i1 > i2 || t.steps[i1] >= t.endOf(j2) || t.endOf(j1)-t.steps[i2] > t.p.windows.longest {
		return
	}
	count := t.before[j2+1] - t.before[min(i1, j2+1)]
	if count < t.least {
		return
	}
	whole := count
	if t.p.unit > 1 {
		whole = (count + t.p.unit - 1) / t.p.unit
	}
	if whole < int64(len(t.limit)) && t.product(min(t.steps[i2], t.endOf(j1)), t.endOf(j1)) > t.limit[whole] {
		return
	}
	switch {
	case i1 < i2 && i2-i1 >= j2-j1:
		m := (i1 + i2) / 2
		t.box(i1, m, j1, j2)
		t.box(m+1, i2, j1, j2)
		return
	case j1 < j2:
		m := (j1 + j2) / 2
		t.box(i1, i2, j1, m)
		t.box(i1, i2, m+1, j2)
		return
	}
	c := candidate{centre: t.zone.centre, places: t.zone.places, start: t.steps[i1], end: t.endOf(j1), count: count}
	c.mean = t.p.expected(t.zone, c.start, c.end)
	c.llr = logLikelihoodRatio(t.p.weight(count), c.mean, float64(t.p.n))
	if c.llr > 0 && better(c, t.best) < 0 {
		t.record(c)
	}
}

// product is μ of the zone and window times cases and units, as limits have it.
func (t *tally) product(start, end int32) float64 {
	if t.zone.strata == nil {
		return float64(t.zone.cases) * float64(t.p.cum[end]-t.p.cum[start])
	}
	return t.p.expected(t.zone, start, end) * float64(t.p.n) * float64(t.p.unit)
}

// apart returns, best first, the candidates that do not overlap a better one that
// was kept: SaTScan's rule of no geographical overlap. Under OverlapTime, as in
// SaTScan 10.3 in retrospect, sprees that share places and no step do not
// overlap.
func (p *problem) apart(found []candidate) []candidate {
	found = slices.DeleteFunc(found, func(c candidate) bool { return c.llr == 0 })
	slices.SortFunc(found, better)
	byTime := p.o.overlap() == OverlapTime
	taken := make([][][2]int32, len(p.places)) // by place, the windows of the sprees kept
	var kept []candidate
	var space ring
	for _, f := range found {
		overlaps := func(place int32) bool {
			return slices.ContainsFunc(taken[place], func(w [2]int32) bool {
				return !byTime || f.start < w[1] && w[0] < f.end
			})
		}
		if overlaps(f.centre) {
			continue
		}
		zone := p.reach(f.centre, &space)[:f.places]
		if slices.ContainsFunc(zone, func(n neighbour) bool { return overlaps(n.place) }) {
			continue
		}
		for _, n := range zone {
			taken[n.place] = append(taken[n.place], [2]int32{f.start, f.end})
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
	var wg geo.Workers
	for range min(p.o.workers(), max(1, n)) {
		wg.Go(func() { work(next) })
	}
	wg.Wait()
}
