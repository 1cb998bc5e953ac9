package risk

import (
	"math"
	"slices"
	"sync"
	"time"
)

// A strain is one part of a mixture, of the incidents by the share in which each
// counts, nil being wholly, and by what the part's memory has left of each; nil is worked
// out.
type strain struct {
	Part
	share []float32
	fades []float64
}

func strains(parts []Part) []strain {
	out := make([]strain, len(parts))
	for k, p := range parts {
		out[k].Part = p
	}
	return out
}

// A sweep holds the parts of one offence on one day after another: a day adds what
// became known since the one before, and the rest fades.
type sweep struct {
	l     *Learner
	lists []markList
	parts []strain
	raw   [][]float64 // by part and cell, before what is left of it is taken
	left  []float64   // by part, what the days since left of it
	out   [][]float64
	sum   []float64 // room for mean
	total []float64 // by part, of raw in the cells that are known
	day   float64
	begun bool
	edges *view // by which kernels were scaled
	lot   lot
}

// A markList is those of one offence by when they were known, so many of them taken.
type markList struct {
	marks []mark
	taken int
}

// sweep begins one of the offences' incidents together.
func (l *Learner) sweep(parts []strain, offences ...string) *sweep {
	s := &sweep{l: l, parts: parts}
	for _, o := range offences {
		s.lists = append(s.lists, markList{marks: l.study.byKnown(o)})
	}
	for range parts {
		s.raw, s.out, s.left = append(s.raw, zeros(len(l.study.Cells))), append(s.out, zeros(len(l.study.Cells))), append(s.left, 1)
	}
	s.total, s.sum = make([]float64, len(parts)), make([]float64, len(l.study.Cells))
	return s
}

// to moves on to the day, which is none before the last, and returns the study and the
// parts as they were known on it. They are good until the next move.
func (s *sweep) to(day float64) (*view, [][]float64) {
	v := s.move(day)
	cells := v.cellsKnown()
	s.addUp(cells)
	return v, s.scaled(v, cells, 0, len(s.parts))
}

// move moves on to the day and returns the study as it was known on it.
func (s *sweep) move(day float64) *view {
	v := s.l.viewAt(day)
	edges := v.edges
	if edges == nil {
		edges = v
	}
	again := edges != s.edges // what kernels put in is put in anew
	s.edges = edges
	for k, p := range s.parts {
		switch {
		case again && p.SigmaM > 0:
			clear(s.raw[k])
			s.left[k] = 1
		case p.Memory > 0 && s.begun:
			s.fade(k, math.Exp((s.day-day)/p.Memory.Hours()*24))
		}
	}
	for i := range s.lists {
		list := &s.lists[i]
		came := list.upTo(day)
		for k, p := range s.parts {
			marks := came
			if again && p.SigmaM > 0 {
				marks = list.marks[:list.taken]
			}
			v.put(s.raw[k], marks, p, 1/s.left[k], &s.lot)
		}
	}
	s.day, s.begun = day, true
	return v
}

// upTo takes those that became known since the last time up to the day.
func (m *markList) upTo(day float64) []mark {
	first := m.taken
	for m.taken < len(m.marks) && m.marks[m.taken].known <= day {
		m.taken++
	}
	return m.marks[first:m.taken]
}

// leastLeft is how little may be left before the cells themselves fade.
const leastLeft = 1e-100

// fade leaves so much of a part. The cells stay as they are, and what comes is put in as
// many times too large.
func (s *sweep) fade(k int, left float64) {
	if s.left[k] *= left; s.left[k] >= leastLeft {
		return
	}
	for i := range s.raw[k] {
		s.raw[k][i] *= s.left[k]
	}
	s.left[k] = 1
}

// mean returns the sum of the first parts, each of which is made to add up to 1, in the
// cells, which are those known. It is good until the next.
func (s *sweep) mean(v *view, cells []int32, parts int) []float64 {
	out := s.sum
	clear(out)
	for k, raw := range s.raw[:parts] {
		by := 1 / s.total[k]
		if s.total[k] <= 0 {
			raw, by = v.areas, 1/v.area
		}
		for _, i := range cells {
			out[i] += raw[i] * by
		}
	}
	return out
}

// addUp adds up what each part has in the cells, which are those known, in their order:
// four parts at a time, since one sum waits for itself.
func (s *sweep) addUp(cells []int32) {
	k := 0
	for ; k+4 <= len(s.raw); k += 4 {
		a, b, c, d := s.raw[k], s.raw[k+1], s.raw[k+2], s.raw[k+3]
		var sum [4]float64
		for _, i := range cells {
			sum[0], sum[1], sum[2], sum[3] = sum[0]+a[i], sum[1]+b[i], sum[2]+c[i], sum[3]+d[i]
		}
		copy(s.total[k:], sum[:])
	}
	for ; k < len(s.raw); k++ {
		s.total[k] = 0
		for _, i := range cells {
			s.total[k] += s.raw[k][i]
		}
	}
}

// scaled returns the parts, of which those from one up to another are made to add up to 1
// over the cells that are known, in the cells given.
func (s *sweep) scaled(v *view, cells []int32, from, to int) [][]float64 {
	for k := from; k < to; k++ {
		out, raw, total := s.out[k], s.raw[k], s.total[k]
		for _, i := range cells {
			if total > 0 {
				out[i] = raw[i] / total
			} else {
				out[i] = v.areas[i] / v.area
			}
		}
	}
	return s.out
}

// A lot gathers what incidents of the same source weigh, so that each source is spread
// once. A night takes a hundred, one after the other: what one needs of room the next
// takes over, since memory that is new costs more than what is done in it.
type lot struct {
	weighed []float64 // by mark
	weight  []float64 // by source
	touched []int32
	rooms   [1 + len(leanParts)][]float64 // for surfaces: one number a cell
}

var lots = sync.Pool{New: func() any { return &lot{} }}

// lot is one with room for surfaces of the view. Who is done with it gives it back.
func (v *view) lot() *lot {
	l := lots.Get().(*lot)
	for k, room := range l.rooms {
		l.rooms[k] = slices.Grow(room[:0], len(v.Cells))[:len(v.Cells)]
	}
	return l
}

func (l *lot) giveBack() { lots.Put(l) }

func (l *lot) add(source int32, w float64) {
	if l.weight[source] == 0 {
		l.touched = append(l.touched, source)
	}
	l.weight[source] += w
}

// left is what the memory has left of the incident on the day.
func left(m *mark, day float64, memory time.Duration) float64 {
	x := (m.at - day) / memory.Hours() * 24
	if x < -700 {
		return 0
	}
	return exponential(x)
}

// leastWeight is what is left of an incident by which it is past.
const leastWeight = 1e-4

// weigh returns what each of the marks counts for on the view's day. It is good until the
// next.
func (v *view) weigh(marks []mark, p strain, l *lot) []float64 {
	l.weighed = slices.Grow(l.weighed[:0], len(marks))[:len(marks)]
	w := l.weighed
	switch {
	case p.fades != nil:
		for i := range marks {
			w[i] = p.fades[marks[i].n]
		}
	case p.Memory > 0:
		for i := range marks {
			w[i] = left(&marks[i], v.day, p.Memory)
		}
	default:
		for i := range w {
			w[i] = 1
		}
	}
	if p.share != nil {
		for i := range marks {
			w[i] *= float64(p.share[marks[i].n])
		}
	}
	return w
}

// put adds the marks, which are all known, to the cells as the part does, so many times.
func (v *view) put(out []float64, marks []mark, p strain, times float64, l *lot) {
	if p.Floor || len(marks) == 0 {
		return
	}
	weights := v.weigh(marks, p, l)
	if p.SigmaM == 0 {
		for i, w := range weights {
			out[marks[i].cell] += times * w
		}
		return
	}
	k := v.kernel(p.SigmaM)
	norm := v.norm(k)
	if len(l.weight) < len(norm) {
		l.weight = zeros(len(norm))
	}
	for i, w := range weights {
		if w >= leastWeight {
			l.add(k.source(&marks[i]), w)
		}
	}
	for _, j := range l.touched {
		w := times * l.weight[j] / max(norm[j], leastInside)
		l.weight[j] = 0
		row := k.rows[j]
		for e := range row {
			out[row[e].cell] += w * float64(row[e].share)
		}
	}
	l.touched = l.touched[:0]
}

// totalOf adds up what raw has in the cells that are known.
func (v *view) totalOf(raw []float64) (total float64) {
	for i, known := range v.known {
		if known {
			total += raw[i]
		}
	}
	return total
}

// scale sets out to what raw has in the cells that are known, 1 in all, and returns
// what it had. Where that is nothing, it is by area.
func (v *view) scale(out, raw []float64) float64 {
	total := v.totalOf(raw)
	for i, known := range v.known {
		switch {
		case !known:
			out[i] = 0
		case total > 0:
			out[i] = raw[i] / total
		default:
			out[i] = v.areas[i] / v.area
		}
	}
	return total
}
