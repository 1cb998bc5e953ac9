package scan

import (
	"math/bits"
	"sync"
)

// thresholds say, by level of the best LLR so far and by cases in the zone, which
// counts are worth a look. They are kept as what brings a lane's highest bit up
// when it is added to a count that reaches the least one worth it, so that one
// addition compares all the lanes of a word.
//
// Zones are told apart exactly up to 512 cases and to a 256th part above, and a
// zone takes the thresholds of the smallest that shares its row: they are too
// low for it, if anything.
type thresholds struct {
	k     *counters
	least int // cases a spree needs
	n     float64
	unit  float64
	rows  int // rows of zone sizes
	mu    sync.Mutex
	table [maxLevel + 1][]uint64 // by row, then by guard
	limit [maxLevel + 1][]float64
}

func newThresholds(p *problem, k *counters) *thresholds {
	return &thresholds{
		k: k, least: p.o.MinCases, n: float64(p.n), unit: float64(p.unit), rows: rowOf(p.largest) + 1,
	}
}

// rowOf returns the row of a zone of so many cases.
func rowOf(cases int64) int {
	shift := max(0, bits.Len64(uint64(cases))-9)
	return shift<<8 + int(cases>>shift)
}

// leastOf returns the fewest cases of a row's zones.
func leastOf(row int) float64 {
	if row < 512 {
		return float64(row)
	}
	shift := row>>8 - 1
	return float64((row - shift<<8) << shift)
}

// of returns the thresholds of a level, and by lane count, as far as needed, the
// greatest product of cases and weight at which the count beats the level.
func (t *thresholds) of(level int) ([]uint64, []float64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.table[level] == nil {
		t.table[level], t.limit[level] = t.make(level)
	}
	return t.table[level], t.limit[level]
}

func (t *thresholds) make(level int) ([]uint64, []float64) {
	k := t.k
	guards := len(k.guards)
	table := make([]uint64, t.rows*guards)
	var limit []float64
	for g, lanes := range k.guards {
		for i, by := range lanes {
			f := k.fields[g][i]
			if i > 0 && len(by) > 0 && &by[0] == &lanes[0][0] { // by level, lanes are alike
				for row := range t.rows {
					table[row*guards+g] |= f.put(k.fields[g][0].of(table[row*guards+g]))
				}
				continue
			}
			row := 0
			set := func(count int, upTo float64) {
				for ; row < t.rows && leastOf(row) <= upTo; row++ {
					table[row*guards+g] |= f.put(1<<(f.width-1) - uint64(count))
				}
			}
			for count := t.least * int(k.scale); count < len(by) && row < t.rows; count++ {
				for len(limit) <= count {
					mean := greatestMean(float64(len(limit))/float64(k.scale), levelLLR(level), t.n)
					limit = append(limit, mean*t.n*t.unit)
				}
				// Where no window can hold so many the limit is 0, and no zone below it.
				set(count, limit[count]/by[count])
			}
			// Counts past the end of the guard cannot be, unless they were too many to
			// tell apart; then the last one stands for them.
			if len(by) == maxGuard+1 {
				set(maxGuard, t.n)
			}
		}
	}
	return table, limit
}
