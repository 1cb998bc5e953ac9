package scan

import (
	"cmp"
	"slices"
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

// A tally holds the weight by step of the zone being grown.
type tally struct {
	p      *problem
	least  int64   // units a spree needs
	end    int32   // least end of a window
	weight []int64 // by step from windows.first
	active []int32 // steps with weight, ascending, counted from windows.first
}

func (p *problem) newTally(end int32) *tally {
	return &tally{
		p: p, least: int64(p.o.MinCases) * p.unit, end: end,
		weight: make([]int64, p.windows.steps-p.windows.first),
	}
}

func (t *tally) reset() {
	for _, s := range t.active {
		t.weight[s] = 0
	}
	t.active = t.active[:0]
}

func (t *tally) add(prof profile) {
	for _, w := range prof {
		s := w.step - t.p.windows.first
		if t.weight[s] == 0 {
			i, _ := slices.BinarySearch(t.active, s)
			t.active = slices.Insert(t.active, i, s)
		}
		t.weight[s] += w.weight
	}
}

// best returns the best window of a zone of so many cases. Only windows that
// start at a step with weight, and end after one or at the least end allowed, are
// looked at: any other holds the same c in no less of the total, so its μ is no
// smaller and its LLR no greater, and at the same LLR it ends later or is longer.
func (t *tally) best(cases int64) candidate {
	w := t.p.windows
	n := float64(t.p.n)
	best := candidate{cases: cases}
	for i, s := range t.active {
		start := s + w.first
		var count int64
		for j := i; j < len(t.active); j++ {
			count += t.weight[t.active[j]]
			end := t.active[j] + w.first + 1
			if end < t.end {
				if j+1 < len(t.active) && t.active[j+1]+w.first < t.end {
					continue
				}
				end = t.end
			}
			if end-start > w.longest {
				break
			}
			if count < t.least {
				continue
			}
			c := candidate{cases: cases, start: start, end: end, count: count}
			c.llr = logLikelihoodRatio(t.p.weight(count), t.p.expected(cases, start, end), n)
			if c.llr > 0 && better(c, best) < 0 {
				best = c
			}
		}
	}
	return best
}

// sprees returns the best candidate of every centre that shares no place with a
// better one: SaTScan's rule of no geographical overlap.
func (p *problem) sprees() []candidate {
	at := make([][]int32, len(p.places)) // profiles by place
	for k := range p.times {
		at[p.owner[k]] = append(at[p.owner[k]], int32(k))
	}
	t := p.newTally(p.windows.observed)
	var found []candidate
	var buf []neighbour
	for _, centre := range p.centres {
		buf = p.reach(centre, buf)
		t.reset()
		var best candidate
		var cases int64
		for i, n := range buf {
			cases += p.total[n.place]
			if len(at[n.place]) == 0 {
				continue
			}
			for _, k := range at[n.place] {
				t.add(p.times[k])
			}
			if c := t.best(cases); c.llr > best.llr {
				best = c
				best.centre, best.places = centre, i+1
			}
		}
		if best.llr > 0 {
			found = append(found, best)
		}
	}
	slices.SortFunc(found, better)
	taken := make([]bool, len(p.places))
	kept := found[:0]
	for _, f := range found {
		buf = p.reach(f.centre, buf)
		free := true
		for _, n := range buf[:f.places] {
			free = free && !taken[n.place]
		}
		if !free {
			continue
		}
		for _, n := range buf[:f.places] {
			taken[n.place] = true
		}
		kept = append(kept, f)
	}
	return kept
}
