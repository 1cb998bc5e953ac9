package scales

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// A view is one offence as it was known on a night.
//
// The event interval of an incident is cut at the night: what has been reported
// has happened. Slots are the incidents in the order of the middles of their
// intervals; a replicate gives slot i the place of another slot's incident.
type view struct {
	s      *stratum
	slots  []slot
	total  []int32 // incidents of each circle; too many to look at where it holds over the share
	passes []pass  // tonight's, by window
	before []pass  // last night's
	xlogx  []float64
	first  []int32 // the circles of case i that may be raised are list[first[i]:first[i+1]]
	list   []int32
}

// slot is when an incident was. Times are Unix half-seconds, so that middles are
// whole.
type slot struct {
	middle int64
	length int64 // of the interval, seconds
	place  int32 // the incident's own: an index of cases
	early  bool  // known on the night before
}

// A pass is a window length of a night: the slots that a window of it could hold,
// and for each the first that is in the window which ends with it.
type pass struct {
	window int64
	slots  []int32
	first  []int32 // by position in slots
	ends   int     // position of the first slot at which a window may end
	more   []int32 // of the slots before ends, those that the pass before has not
}

// look makes a view of the offence on a night, nil where it has too few incidents
// for a scan.
func (s *stratum) look(night int64, o Options) *view {
	n := 0
	for i := range s.cases {
		if s.cases[i].in(night, o) {
			n++
		}
	}
	v := &view{s: s, slots: make([]slot, 0, n)}
	before := night - seconds(Day)
	for i := range s.cases {
		c := &s.cases[i]
		if !c.in(night, o) {
			continue
		}
		to := min(c.to, night)
		v.slots = append(v.slots, slot{middle: c.from + to, length: to - c.from, place: int32(i), early: c.from <= before && c.known <= before})
	}
	if len(v.slots) < max(o.Least, 2) {
		return nil
	}
	slices.SortStableFunc(v.slots, func(a, b slot) int { return cmp.Compare(a.middle, b.middle) })
	v.total = make([]int32, len(s.circles))
	for _, sl := range v.slots {
		for _, c := range s.list[s.first[sl.place]:s.first[sl.place+1]] {
			v.total[c]++
		}
	}
	most := int32(o.MaxShare * float64(len(v.slots)))
	for c, n := range v.total {
		if n > most {
			v.total[c] = math.MaxInt32
		}
	}
	v.first, v.list = v.promising()
	v.xlogx = xlogx(len(v.slots))
	for _, w := range s.windows {
		v.passes = append(v.passes, v.pass(w, night, false))
		v.before = append(v.before, v.pass(w, before, true))
	}
	nest(v.passes)
	nest(v.before)
	return v
}

// in reports whether the incident plays a part on a night.
func (c *oneCase) in(night int64, o Options) bool {
	return c.from <= night && c.known <= night && night < c.until && c.from >= night-seconds(o.History)
}

// pass lists the slots for windows of a length that end in the lookback before a
// night.
func (v *view) pass(window, night int64, early bool) pass {
	p := pass{window: window}
	live := 2 * (night - v.s.lookback)
	p.ends = -1
	first := 0
	for i := range v.slots {
		sl := &v.slots[i]
		if sl.middle <= live-2*window || sl.middle > 2*night || sl.length > 2*window || early && !sl.early {
			continue
		}
		if p.ends < 0 && sl.middle > live {
			p.ends = len(p.slots)
		}
		p.slots = append(p.slots, int32(i))
		for v.slots[p.slots[first]].middle <= sl.middle-2*window {
			first++
		}
		p.first = append(p.first, int32(first))
	}
	if p.ends < 0 {
		p.ends = len(p.slots)
	}
	return p
}

// nest says what each pass has before its windows may end that the one before, of the
// next shorter window, has not.
func nest(passes []pass) {
	var shorter []int32
	for k := range passes {
		p := &passes[k]
		p.more = nil
		for _, s := range p.slots[:p.ends] {
			if _, ok := slices.BinarySearch(shorter, s); !ok {
				p.more = append(p.more, s)
			}
		}
		shorter = p.slots[:p.ends]
	}
}

// promising returns, for the incidents of the night, the circles that hold enough and
// not too many of them: what a circle holds is the same in every replicate, and of a
// rural offence most circles never reach the least. Where there is little to leave out
// it is the stratum's own list.
func (v *view) promising() (first, list []int32) {
	all, kept := 0, 0
	for _, slot := range v.slots {
		all += int(v.s.first[slot.place+1] - v.s.first[slot.place])
	}
	for _, n := range v.total {
		if v.s.min <= n && n < math.MaxInt32 {
			kept += int(n)
		}
	}
	if 4*kept > 3*all {
		return v.s.first, v.s.list
	}
	of := make([]bool, len(v.s.cases))
	for _, slot := range v.slots {
		of[slot.place] = true
	}
	first, list = make([]int32, 1, len(v.s.first)), make([]int32, 0, kept)
	for i := range v.s.cases {
		if of[i] {
			for _, c := range v.s.list[v.s.first[i]:v.s.first[i+1]] {
				if n := v.total[c]; v.s.min <= n && n < math.MaxInt32 {
					list = append(list, c)
				}
			}
		}
		first = append(first, int32(len(list)))
	}
	return first, list
}

// circlesOf are the circles that hold the place of an incident and may be raised.
func (v *view) circlesOf(place int32) []int32 {
	return v.list[v.first[place]:v.first[place+1]]
}

// g is the log likelihood ratio of the table with c incidents in circle and
// window, in all in the circle, m in the window and n altogether: the marginals
// are the same for all circles and windows with their numbers.
func (v *view) g(c, in, m int32) float64 {
	return ratio(v.xlogx, c, in, m, int32(len(v.slots)))
}

func ratio(h []float64, c, in, m, n int32) float64 {
	return h[c] + h[in-c] + h[m-c] + h[n-in-m+c] - h[in] - h[n-in] - h[m] - h[n-m] + h[n]
}

// G is the log likelihood ratio of the table with c incidents in circle and window,
// in all in the circle, m in the window and n altogether, 0 where there are no more
// than independence expects.
func G(c, in, m, n int) float64 {
	if c*n <= in*m {
		return 0
	}
	return ratio(xlogx(n), int32(c), int32(in), int32(m), int32(n))
}

var (
	xlogxTable = []float64{0}
	xlogxLock  sync.Mutex
)

// xlogx returns x ln x for x from 0 to n.
func xlogx(n int) []float64 {
	xlogxLock.Lock()
	defer xlogxLock.Unlock()
	for x := len(xlogxTable); x <= n; x++ {
		xlogxTable = append(xlogxTable, float64(x)*math.Log(float64(x)))
	}
	return xlogxTable[: n+1 : n+1]
}
