package nearrepeat

import (
	"cmp"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"spreewatch/geo"
)

// span is an event interval [from, to) in nanoseconds from the first event; an
// instant when from = to.
type span struct{ from, to int64 }

func (s span) length() float64 { return float64(s.to - s.from) }

// clock knows the time bands. Its columns are the bands of the table, then one
// for the lags past the last edge, then one for those below the first.
type clock struct {
	edges    []int64 // in ticks; a lag of whole ticks is below an edge just when it is below the edge rounded up
	tick     int64   // nanoseconds that all event times are multiples of; 1 where some are intervals
	instants bool
	unit     int64 // what a certain pair counts: 1 of instants, else a power of 2, to add probabilities without rounding
	// column is, of instants, the column of lag i − (last edge − 1), so that it
	// takes a signed lag; nil where it would be too long to stay in the cache.
	column []uint8
}

// The table of columns stays small beside a second-level cache.
const maxColumns = 1 << 17

func newClock(spans []span, edges []time.Duration) *clock {
	c := &clock{instants: true, tick: 0, unit: 1}
	for _, s := range spans {
		c.instants = c.instants && s.from == s.to
		c.tick = gcd(c.tick, s.from)
	}
	if c.tick == 0 || !c.instants {
		c.tick = 1
	}
	if !c.instants {
		n := uint64(len(spans))
		c.unit = 1 << min(32, 61-bits.Len64(n*n/2))
	}
	for _, e := range edges {
		c.edges = append(c.edges, (int64(e)+c.tick-1)/c.tick)
	}
	last := c.edges[len(c.edges)-1]
	if c.instants && 2*last-1 <= maxColumns {
		c.column = make([]uint8, 2*last-1)
		for i := range c.column {
			c.column[i] = uint8(c.columnOf(abs(int64(i) - (last - 1))))
		}
	}
	return c
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func abs(v int64) int64 { return max(v, -v) }

func (c *clock) past() int  { return len(c.edges) - 1 }
func (c *clock) below() int { return len(c.edges) }

// columnOf is the column of a lag in ticks.
func (c *clock) columnOf(lag int64) int {
	for col := len(c.edges) - 1; col >= 0; col-- {
		if lag >= c.edges[col] {
			return col
		}
	}
	return c.below()
}

// counter counts pairs by column for one goroutine.
type counter struct {
	*clock
	ticks []int32 // of the spans as laid, where they are instants and fit
	wide  []int64 // the same, where they do not fit in 32 bits
	spans []span
	sums  []int64
}

func (c *clock) counter() *counter {
	return &counter{clock: c, sums: make([]int64, len(c.edges)+1)}
}

// reset lays spans over the places. Place i keeps its span until the next reset.
func (c *counter) reset(spans []span) {
	c.spans = spans
	if !c.instants {
		return
	}
	if c.ticks == nil && c.wide == nil {
		c.ticks = make([]int32, len(spans))
		for _, s := range spans {
			if s.from/c.tick > 1<<30 {
				c.ticks, c.wide = nil, make([]int64, len(spans))
				break
			}
		}
	}
	for i := range c.ticks {
		c.ticks[i] = int32(spans[i].from / c.tick)
	}
	for i := range c.wide {
		c.wide[i] = spans[i].from / c.tick
	}
}

// count returns the sums of one row by column: bands, past, below. The slice is
// good until the next call.
func (c *counter) count(row pairRow) []int64 {
	clear(c.sums)
	switch {
	case !c.instants:
		c.countSpans(row)
	case c.ticks != nil:
		countInstants(c, c.ticks, row)
	default:
		countInstants(c, c.wide, row)
	}
	all := int64(len(row.other)) * c.unit
	for col, v := range c.sums {
		if col != c.past() {
			all -= v
		}
	}
	c.sums[c.past()] = all
	return c.sums
}

// countInstants counts the lags below the last edge. Most pairs of a long study
// lie past it, so that one comparison settles them: lag + last − 1, unsigned, is
// in range just when −last < lag < last.
func countInstants[T int32 | int64](c *counter, ticks []T, row pairRow) {
	shift := c.edges[c.past()] - 1
	width := uint64(2*shift + 1)
	column, sums := c.column, c.sums
	for i, tick := range ticks {
		here := int64(tick) + shift
		for _, j := range row.other[row.start[i]:row.start[i+1]] {
			at := uint64(here - int64(ticks[j]))
			if at >= width {
				continue
			}
			if column != nil {
				sums[column[at]]++
			} else {
				sums[c.columnOf(abs(int64(at)-shift))]++
			}
		}
	}
}

// countSpans adds the probabilities of the columns.
func (c *counter) countSpans(row pairRow) {
	last := c.edges[c.past()]
	for i, a := range c.spans {
		for _, j := range row.other[row.start[i]:row.start[i+1]] {
			b := c.spans[j]
			if b.from-a.to >= last || a.from-b.to >= last {
				continue
			}
			c.add(c.sums, a, b)
		}
	}
}

// add adds the probabilities that the lag of a and b falls in each column but
// past.
func (c *clock) add(sums []int64, a, b span) {
	below := int64(0)
	for col, e := range c.edges {
		p := c.within(a, b, e)
		if col == 0 {
			sums[c.below()] += p
		} else {
			sums[col-1] += p - below
		}
		below = p
	}
}

// within is P(|lag| < e) in units, the same for a, b as for b, a.
func (c *clock) within(a, b span, e int64) int64 {
	if e == 0 {
		return 0
	}
	if b.from < a.from || (b.from == a.from && b.to < a.to) {
		a, b = b, a
	}
	if b.from-a.to >= e {
		return 0
	}
	if lag := max(b.to-a.from, a.to-b.from); lag < e {
		return c.unit
	}
	if a.from == a.to && b.from == b.to {
		return 0
	}
	start := b.from - a.from
	p := differenceWithin(b.length(), a.length(), float64(e-start)) - differenceWithin(b.length(), a.length(), float64(-e-start))
	return int64(p*float64(c.unit) + 0.5)
}

// differenceWithin is P(U − V ≤ y) with U uniform on [0, lu] and V on [0, lv],
// not both 0: the area left of y under a trapezoid that rises over the shorter
// length, is level, and falls.
func differenceWithin(lu, lv, y float64) float64 {
	short, long := min(lu, lv), max(lu, lv)
	y += lv // now from 0 to short + long
	switch {
	case y <= 0:
		return 0
	case y >= short+long:
		return 1
	case y < short:
		return y * y / (2 * short * long)
	case y <= long:
		return (y - short/2) / long
	}
	left := short + long - y
	return 1 - left*left/(2*short*long)
}

// totals are the sums by column over all pairs, whatever their distance. A
// shuffle does not change them.
func (c *clock) totals(spans []span, workers int) []int64 {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	n := int64(len(spans))
	all := n * (n - 1) / 2 * c.unit
	sums := make([]int64, len(c.edges)+1)
	if c.instants {
		below := int64(0)
		for col, e := range c.edges {
			within := pairsWithin(spans, e*c.tick)
			if col == 0 {
				sums[c.below()] = within
			} else {
				sums[col-1] = within - below
			}
			below = within
		}
		sums[c.past()] = all - below
		return sums
	}
	last := c.edges[c.past()]
	var next atomic.Int64
	var mu sync.Mutex
	var wg geo.Workers
	for range workers {
		wg.Go(func() {
			mine := make([]int64, len(sums))
			for i := int(next.Add(1)) - 1; i < len(spans); i = int(next.Add(1)) - 1 {
				a := spans[i]
				for _, b := range spans[i+1:] {
					if b.from-a.to >= last {
						break
					}
					c.add(mine, a, b)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			for col, v := range mine {
				sums[col] += v // whole numbers: the order of the goroutines does not matter
			}
		})
	}
	wg.Wait()
	sums[c.past()] = all
	for col, v := range sums {
		if col != c.past() {
			sums[c.past()] -= v
		}
	}
	return sums
}

// pairsWithin counts the pairs of sorted instants with a lag below e.
func pairsWithin(spans []span, e int64) int64 {
	count, first := int64(0), 0
	for i, s := range spans {
		for s.from-spans[first].from >= e && first < i {
			first++
		}
		count += int64(i - first)
	}
	return count
}
