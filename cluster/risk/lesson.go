package risk

import (
	"cmp"
	"math"
	"slices"

	"spreewatch/geo"
)

// A lesson is what the parts said on one day of the past of the cells where it
// matters.
type lesson struct {
	day   float64
	parts int       // columns of part: those of the day, then those of each shift
	cells []int32   // of the head in which something came in the week after, ascending
	top   []bool    // of each of these, whether it is of the top
	part  []float32 // of each of these, then of all cells out of the head together, and of all out of the top
	head  []float32 // of each cell of the head, the day's parts alone; nil once it is past bandDays
	at    []int32   // the cells of the head, ascending
	n     int       // cells known

	others []float32 // of each cell of the head, what leanParts of other offences have there; nil where they have nothing, and with head
}

// columns are the parts of the day and, of each shift, those that are its own.
func (l *Learner) columns() []strain {
	out := strains(dayParts)
	for _, h := range l.shifts {
		for _, p := range l.clock.strains(h) {
			if p.Shift {
				out = append(out, p)
			}
		}
	}
	return out
}

// stride is how many lessons apart the lessons of the offence are. Twenty thousand
// incidents a year say all there is to say of a handful of weights: beyond that fewer
// days teach.
func (l *Learner) stride(marks []mark, now float64) int {
	return 1 + len(between(marks, now-learnDays, now))/lessonIncidents
}

// lessonDays returns the days that teach, the first first: those of all days that are
// so far apart, so that the next fit can use them again.
func lessonDays(first, now, back, apart float64) []float64 {
	var days []float64
	for d := math.Ceil(max(now-back, first+warmDays)/apart) * apart; d <= now-stepDays; d += apart {
		days = append(days, d)
	}
	return days
}

// lessons returns the offence's lessons up to now, those that are not known yet taken
// in one sweep. The pools are of the last 120 days.
func (l *Learner) lessons(offence string, now float64, pools pools) []lesson {
	marks := l.study.past[offence]
	var out []lesson
	var s *sweep
	l.lock.Lock()
	seen := l.seen[offence]
	l.lock.Unlock()
	for _, day := range lessonDays(l.study.first, now, learnDays, float64(l.stride(marks, now)*stepDays)) {
		k, ok := slices.BinarySearchFunc(seen, day, func(a lesson, day float64) int { return compareDays(a.day, day) })
		if !ok {
			if s == nil {
				s = l.sweep(l.columns(), offence)
			}
			v := s.move(day)
			les := s.lesson(v, marks, len(dayParts))
			les.others = v.others(les.at, pools[day], ownRaw(s.raw), wholly)
			seen = slices.Insert(seen, k, les)
		}
		if seen[k].day < now-bandDays {
			seen[k].head, seen[k].at, seen[k].others = nil, nil, nil
		}
		out = append(out, seen[k])
	}
	l.lock.Lock()
	defer l.lock.Unlock()
	l.seen[offence] = seen
	return out
}

func compareDays(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// lesson takes down what the parts say of the view's day, on which the sweep is. They are
// asked for in the head alone.
func (s *sweep) lesson(v *view, marks []mark, ofDay int) lesson {
	known := v.cellsKnown()
	s.addUp(known)
	mean := s.mean(v, known, ofDay)
	les := lesson{day: v.day, parts: len(s.parts), n: v.n, at: v.highestOf(mean)}
	parts := s.scaled(v, les.at, 0, len(s.parts))
	top := slices.Clone(les.at)
	most := min(len(top), max(leastTop, int(math.Ceil(topShare*float64(v.n)))))
	putFirst(top, mean, most)
	top = top[:most]
	slices.Sort(les.at)
	inHead, inTop := make([]bool, len(v.Cells)), make([]bool, len(v.Cells))
	for _, i := range les.at {
		inHead[i] = true
	}
	for _, i := range top {
		inTop[i] = true
	}
	for _, m := range between(marks, v.day, v.day+horizons[1]) {
		if inHead[m.cell] {
			les.cells = append(les.cells, m.cell)
		}
	}
	slices.Sort(les.cells)
	les.cells = slices.Clone(slices.Compact(les.cells))
	les.part = make([]float32, 0, (len(les.cells)+2)*len(parts))
	for _, i := range les.cells {
		les.top = append(les.top, inTop[i])
		for _, p := range parts {
			les.part = append(les.part, float32(p[i]))
		}
	}
	les.part = appendRest(appendRest(les.part, parts, les.at), parts, top)
	les.head = make([]float32, 0, len(les.at)*ofDay)
	for _, i := range les.at {
		for _, p := range parts[:ofDay] {
			les.head = append(les.head, float32(p[i]))
		}
	}
	return les
}

// appendRest appends what each of the parts has out of the cells: four parts at a time,
// since one sum waits for itself.
func appendRest(out []float32, parts [][]float64, cells []int32) []float32 {
	k := 0
	for ; k+4 <= len(parts); k += 4 {
		a, b, c, d := parts[k], parts[k+1], parts[k+2], parts[k+3]
		rest := [4]float64{1, 1, 1, 1}
		for _, i := range cells {
			rest[0], rest[1], rest[2], rest[3] = rest[0]-a[i], rest[1]-b[i], rest[2]-c[i], rest[3]-d[i]
		}
		for _, x := range rest {
			out = append(out, float32(max(0, x)))
		}
	}
	for _, p := range parts[k:] {
		rest := 1.0
		for _, i := range cells {
			rest -= p[i]
		}
		out = append(out, float32(max(0, rest)))
	}
	return out
}

// mixed returns what the weights and the lean have in each cell of the head.
func (les *lesson) mixed(weights []float64, lean Lean) []float64 {
	out := make([]float64, len(les.at))
	for j := range out {
		sum := 0.0
		for k, w := range weights {
			sum += w * float64(les.head[j*len(weights)+k])
		}
		out[j] = sum
	}
	lean.tilt(out, les.others)
	return out
}

// head returns the cells with the highest mean of the parts.
func (v *view) head(parts [][]float64) []int32 {
	return v.highestOf(summed(parts))
}

// summed returns what the surfaces have in each cell together.
func summed(parts [][]float64) (sum []float64) {
	for _, p := range parts {
		sum = blended(sum, p, 1)
	}
	return sum
}

// highestOf returns the cells of the head, in no order.
func (v *view) highestOf(mean []float64) []int32 {
	known := v.cellsKnown()
	n := int(math.Ceil(headShare * float64(v.n)))
	putFirst(known, mean, n)
	return known[:n]
}

func (v *view) cellsKnown() []int32 {
	cells := make([]int32, 0, v.n)
	for i, known := range v.known {
		if known {
			cells = append(cells, int32(i))
		}
	}
	return cells
}

// count returns how many of the incidents that came in the days after the lesson and
// were known by then fell in each of its cells, and at last how many in all others
// that were known on its day. wanted leaves out what it says no to; nil takes all.
func (les *lesson) count(s *Study, marks []mark, days, by float64, wanted func(mark) bool) []float64 {
	out := make([]float64, len(les.cells)+1)
	for _, m := range between(marks, les.day, les.day+days) {
		if m.known > by || s.known[m.cell] > les.day || wanted != nil && !wanted(m) {
			continue
		}
		k, ok := slices.BinarySearch(les.cells, m.cell)
		if !ok {
			k = len(les.cells)
		}
		out[k]++
	}
	return out
}

// inTop returns the counts of the cells of the top, and behind that of all out of the
// head, now nothing, what came out of the top together.
func (les *lesson) inTop(counts []float64) []float64 {
	out := make([]float64, len(counts)+1)
	for k, n := range counts {
		if k < len(les.top) && les.top[k] {
			out[k] = n
		} else {
			out[len(counts)] += n
		}
	}
	return out
}

// rows are the outcomes that the counts are of, each counted so often, and of them the
// parts that pick takes.
func (les *lesson) rows(rows []row, counts []float64, weight float64, pick func(parts []float32) []float64) []row {
	for k, n := range counts {
		if n > 0 {
			rows = append(rows, row{pick(les.part[k*les.parts:][:les.parts]), n * weight})
		}
	}
	return rows
}

// dayRows returns the outcomes of the lessons for each horizon: of each the next three
// days and the next seven. An outcome counts for the days that no other lesson covers,
// or in whole. What was not known by now, or a month after the day, did not come.
func (l *Learner) dayRows(offence string, lessons []lesson, now float64) [2][]row {
	var all [2][]row
	marks := l.study.past[offence]
	apart := float64(l.stride(marks, now) * stepDays)
	pick := func(parts []float32) []float64 {
		out := make([]float64, len(dayParts))
		for k := range out {
			out[k] = float64(parts[k])
		}
		return out
	}
	for i := range lessons {
		les := &lessons[i]
		for h, days := range taughtBy {
			if les.day+days <= now {
				counts := les.count(l.study, marks, days, min(now, les.day+ripeDays), nil)
				all[h] = les.rows(all[h], counts, min(1, apart/days), pick)
			}
		}
	}
	return all
}

// each calls f with every offence's number, two at a time.
func (l *Learner) each(f func(i int)) {
	geo.Each(2, len(l.study.Offences), func(_, i int) { f(i) })
}

// putFirst puts the n cells with the most of x first, of equal ones the lower, in no
// order (quickselect, Hoare 1961, by pivots of a sample, Floyd and Rivest 1975).
func putFirst(cells []int32, x []float64, n int) {
	before := func(a, b int32) bool { return x[a] > x[b] || x[a] == x[b] && a < b }
	low, high := 0, len(cells)
	for high-low > 1 && n > low && n < high {
		pivot := pivotOf(cells[low:high], x, n-low)
		i, j := low, high-1
		for i <= j {
			for before(cells[i], pivot) {
				i++
			}
			for before(pivot, cells[j]) {
				j--
			}
			if i <= j {
				cells[i], cells[j] = cells[j], cells[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case n <= j+1:
			high = j + 1
		case n >= i:
			low = i
		default:
			return
		}
	}
}

// sampled is how many cells a pivot is chosen among, and leastSampled from how many on:
// the middle one of fewer is good enough.
const (
	sampled      = 32
	leastSampled = 16 * sampled
)

// pivotOf returns a cell that about n of the others come before: it parts them where they
// are to be parted, so that most are looked at once.
func pivotOf(cells []int32, x []float64, n int) int32 {
	if len(cells) < leastSampled {
		return cells[len(cells)/2]
	}
	var some [sampled]int32
	for k := range some {
		some[k] = cells[(2*k+1)*len(cells)/(2*sampled)]
	}
	slices.SortFunc(some[:], func(a, b int32) int { return cmp.Or(cmp.Compare(x[b], x[a]), cmp.Compare(a, b)) })
	return some[n*sampled/len(cells)]
}
