package scales

import (
	"cmp"
	"math"
	"slices"
	"sync"

	"spreewatch/cluster"
)

// A view is one offence as it was known on a night.
//
// The event interval of an incident is cut at the night: what has been reported
// has happened. Slots are the incidents in the order of the middles of their
// intervals; a replicate gives slot i the place of another slot's incident.
type view struct {
	s       *stratum
	o       Options
	slots   []slot
	circles []int32 // of the stratum's, those that may be raised, ascending
	total   []int32 // incidents of each
	listed  int     // the circles of the stratum that hold the incidents together
	passes  []pass  // tonight's, by window
	before  []pass  // last night's
	tonight []bundle
	last    []bundle
	xlogx   []float64
	first   []int32 // those that hold place i are list[first[i]:first[i+1]], numbered as in circles
	list    []int32
}

// slot is when an incident was. Times are Unix half-seconds, so that middles are
// whole.
type slot struct {
	middle int64
	length int64 // of the interval, seconds
	own    int32 // the incident: an index of cases
	place  int32 // its own
	early  bool  // known on the night before
}

// A pass is a window length of a night: the slots that a window of it could hold,
// and for each the first that is in the window which ends with it.
type pass struct {
	window int64
	slots  []int32
	first  []int32 // by position in slots
	ends   int     // position of the first slot at which a window may end
}

// look makes a view of the offence on a night, nil where it has too few incidents
// for a scan.
func (s *stratum) look(night int64, o Options, r *room) *view {
	n := 0
	for i := range s.cases {
		if s.cases[i].in(night, o) {
			n++
		}
	}
	v := &view{s: s, o: o, slots: make([]slot, 0, n)}
	before := night - seconds(Day)
	for i := range s.cases {
		c := &s.cases[i]
		if !c.in(night, o) {
			continue
		}
		to := min(c.to, night)
		v.slots = append(v.slots, slot{middle: c.from + to, length: to - c.from, own: int32(i), place: s.place[i], early: c.from <= before && c.known <= before})
	}
	if len(v.slots) < max(o.Least, 2) {
		return nil
	}
	slices.SortFunc(v.slots, func(a, b slot) int {
		if a.middle == b.middle {
			return int(a.own - b.own)
		}
		return cmp.Compare(a.middle, b.middle)
	})
	v.lay(s.min, r)
	v.xlogx = xlogx(len(v.slots))
	for _, w := range s.windows {
		v.passes = append(v.passes, v.pass(w, night, false))
		v.before = append(v.before, v.pass(w, before, true))
	}
	v.bundle()
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

// lay numbers the circles that hold enough incidents of the night, and not too many, and
// lists them by place: what a circle holds is the same in every replicate, and of a
// rural offence most circles never reach the least. The counts of those that are kept
// lie side by side.
func (v *view) lay(least int32, r *room) {
	at := take(&r.at, len(v.s.at)) // incidents of each place
	for _, slot := range v.slots {
		at[slot.place]++
	}
	total := take(&r.total, len(v.s.circles))
	v.listed = 0
	longest := 0 // that the list may become
	for place, n := range at {
		if n > 0 {
			circles := v.s.circlesOf(int32(place))
			longest += len(circles)
			v.listed += int(n) * len(circles)
			for _, c := range circles {
				total[c] += n
			}
		}
	}
	most := int32(v.o.MaxShare * float64(len(v.slots)))
	kept := 0
	number := take(&r.number, len(total)) // in circles, −1 for none
	for c, n := range total {
		if number[c] = -1; least <= n && n <= most {
			number[c] = int32(kept)
			kept++
		}
	}
	v.circles, v.total = make([]int32, 0, kept), make([]int32, 0, kept)
	for c, n := range total {
		if number[c] >= 0 {
			v.circles, v.total = append(v.circles, int32(c)), append(v.total, n)
		}
	}
	v.first, v.list = make([]int32, 1, len(v.s.first)), slices.Grow(r.list[:0], longest)
	for place, n := range at {
		if n > 0 {
			for _, c := range v.s.circlesOf(int32(place)) {
				if number[c] >= 0 {
					v.list = append(v.list, number[c])
				}
			}
		}
		v.first = append(v.first, int32(len(v.list)))
	}
	r.list = v.list
	v.list = slices.Clone(v.list)
}

// A room is where views are laid, one after the other.
type room struct{ at, total, number, list []int32 }

// take returns so many zeros, in the place of what was there where it is large enough.
func take(from *[]int32, n int) []int32 {
	if cap(*from) < n {
		*from = make([]int32, n)
	}
	out := (*from)[:n]
	clear(out)
	return out
}

// circlesOf are the circles that hold a place.
func (s *stratum) circlesOf(place int32) []int32 { return s.list[s.first[place]:s.first[place+1]] }

// circlesOf are those that may be raised.
func (v *view) circlesOf(place int32) []int32 { return v.list[v.first[place]:v.first[place+1]] }

// circle is the one of the number.
func (v *view) circle(c int32) *cluster.LatticeCircle { return &v.s.circles[v.circles[c]] }

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
