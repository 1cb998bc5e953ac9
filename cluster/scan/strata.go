package scan

import (
	"cmp"
	"slices"
)

// An Adjustment is a pattern over time that may differ from place to place and is
// no spree.
type Adjustment string

// The adjustments. Their text is what outputs show.
const (
	AdjustNone Adjustment = ""
	// AdjustWeekday compares the cases of a weekday with those of the same weekday
	// alone: μ is the sum over the weekdays w of (cases of w in the zone) · (weight
	// of w in the window) / (cases of w), and a replicate shuffles the times of each
	// weekday among themselves. This is SaTScan's nonparametric adjustment for
	// day-of-week by space interaction. The weekday is that of the middle of a
	// case's interval.
	AdjustWeekday Adjustment = "weekday"
)

// maxStrata is the most strata that there are.
const maxStrata = 7

// strata returns how many strata there are, 1 or 7.
func (p *problem) strata() int {
	if p.o.Adjust == AdjustWeekday {
		return 7
	}
	return 1
}

// stratumOf returns the stratum of a case: its weekday, 0 where there is but one.
func (p *problem) stratumOf(c Case) uint8 {
	if p.strata() == 1 {
		return 0
	}
	from := c.From
	return uint8(from.Add(c.end().Sub(from) / 2).In(p.o.zone()).Weekday())
}

// stratify returns the stratum of each case, lays out the slots by stratum, and
// counts the cases of each place by stratum. p.owner is beside the cases.
func (p *problem) stratify(cases []Case) []uint8 {
	n := p.strata()
	strata := make([]uint8, len(cases))
	p.firstSlot = make([]int32, n+1)
	if n > 1 {
		p.totalBy = make([]int64, len(p.places)*n)
		for range n {
			p.cumBy = append(p.cumBy, make([]int64, p.steps.len()+1))
		}
	}
	for i, c := range cases {
		strata[i] = p.stratumOf(c)
		p.firstSlot[strata[i]+1]++
		if n > 1 {
			p.totalBy[int(p.owner[i])*n+int(strata[i])]++
		}
	}
	for s := range n {
		p.firstSlot[s+1] += p.firstSlot[s]
	}
	p.slots = make([]int32, len(cases))
	next := slices.Clone(p.firstSlot)
	for i, place := range p.owner {
		p.slots[next[strata[i]]] = place
		next[strata[i]]++
	}
	for s := range n {
		slices.Sort(p.slots[p.firstSlot[s]:p.firstSlot[s+1]])
	}
	return strata
}

// ranks returns the rank by time in its stratum of each case, beside the order,
// in which those out of reach come last.
func ranks(order []timed, strata []uint8) []int32 {
	byTime := make([]int32, len(order))
	for k := range byTime {
		byTime[k] = int32(k)
	}
	slices.SortStableFunc(byTime, func(a, b int32) int {
		return cmp.Or(cmp.Compare(order[a].from, order[b].from), cmp.Compare(order[a].to, order[b].to))
	})
	rank := make([]int32, len(order))
	var next [maxStrata]int32
	for _, k := range byTime {
		s := strata[order[k].index]
		rank[k] = next[s]
		next[s]++
	}
	return rank
}

// growStrata appends, for each of a centre's nearest places, the cases by stratum
// of the zone that ends with it, to an emptied buf.
func (p *problem) growStrata(near []neighbour, buf []int64) []int64 {
	buf = buf[:0]
	n := p.strata()
	if n == 1 {
		return buf
	}
	for i, near := range near {
		for s := range n {
			cases := p.totalBy[int(near.place)*n+s]
			if i > 0 {
				cases += buf[(i-1)*n+s]
			}
			buf = append(buf, cases)
		}
	}
	return buf
}

// talliesAtOnce is how many replicates are searched together without counters.
const talliesAtOnce = 64

// scanTallies searches a block with a tally for each replicate. The thresholds of
// counters rest on one product of cases and weight, which strata do not have.
func (w *worker) scanTallies(b *block, from int) {
	for i, n := range w.near {
		entries := b.entries[b.start[n.place]:b.start[n.place+1]]
		for k := 0; k < len(entries); {
			r := int(entries[k] >> classBits)
			t := w.each[r]
			if w.full[from+r] != w.centre+1 {
				w.full[from+r] = w.centre + 1
				t.reset(candidate{llr: w.best[from+r]})
			}
			for ; k < len(entries) && int(entries[k]>>classBits) == r; k++ {
				t.add(w.classes[entries[k]&classMask])
			}
			t.look(zone{w.cases[i], w.zoneStrata(i), w.centre, i + 1})
		}
	}
	for r := range b.n {
		if w.full[from+r] == w.centre+1 && w.each[r].best.llr > w.best[from+r] {
			w.record(from+r, w.each[r].best.llr)
		}
	}
}
