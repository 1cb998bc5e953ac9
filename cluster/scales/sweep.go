package scales

import "spreewatch/cluster"

// A candidate is a circle and a window that reach the floor.
type candidate struct {
	g        float64
	view     int32
	pass     int32
	circle   int32
	key      uint64 // of the circle
	from, to int32  // positions [from, to) in the pass's slots
	n        int32  // incidents, less those that a better cluster took
}

// A sweeper searches views on one goroutine. Nothing in its loops allocates once
// its lists have grown.
type sweeper struct {
	counts [][]int32 // by view: incidents of the window in each circle
	base   [][]int32 // by view: those of the window before the first that may end
	at     [][]int32 // by view: the circle's candidate in the current pass + 1
	places [][]int32 // by view: the place that the replicate gives each slot
	found  []candidate
	taken  [][]int32 // by view: the cluster that holds a slot, + 1
	inside []map[int32]*inside
	words  int // of bits in inside
}

// mostWords bounds the bits of a sweeper: 8 MiB.
const mostWords = 1 << 20

// An inside says which places a circle holds: by bits, once it has been asked for as
// many as there are.
type inside struct {
	asked int
	bits  []uint64
}

// holds returns what says of the places whether the circle of the view holds them, of
// which so many are going to be asked for.
func (w *sweeper) holds(k int32, v *view, circle int32, asked int) func(place int32) bool {
	in := w.inside[k][circle]
	if in == nil {
		in = &inside{}
		w.inside[k][circle] = in
	}
	c := v.circles[circle]
	words := (len(v.s.at) + 63) / 64
	if in.asked += asked; in.bits == nil && in.asked > len(v.s.at) && w.words+words <= mostWords {
		w.words += words
		in.bits = make([]uint64, words)
		for place := range int32(len(v.s.at)) {
			if v.s.holds(c, place) {
				in.bits[place>>6] |= 1 << (place & 63)
			}
		}
	}
	if in.bits == nil {
		return func(place int32) bool { return v.s.holds(c, place) }
	}
	return func(place int32) bool { return in.bits[place>>6]&(1<<(place&63)) != 0 }
}

func newSweeper(views []*view) *sweeper {
	w := &sweeper{}
	for _, v := range views {
		w.counts = append(w.counts, make([]int32, len(v.circles)))
		w.base = append(w.base, make([]int32, len(v.circles)))
		w.at = append(w.at, make([]int32, len(v.circles)))
		w.places = append(w.places, make([]int32, len(v.slots)))
		w.taken = append(w.taken, make([]int32, len(v.slots)))
		w.inside = append(w.inside, make(map[int32]*inside))
	}
	return w
}

// asSeen gives every slot its own place.
func (w *sweeper) asSeen(views []*view) {
	for k, v := range views {
		for i := range v.slots {
			w.places[k][i] = v.slots[i].place
		}
	}
}

// draw gives every slot that a window reaches the place that it has in a
// replicate.
func (w *sweeper) draw(views []*view, seed, replicate uint64) {
	for k, v := range views {
		n := len(v.slots)
		sh := cluster.NewShuffle(n, seed, replicate, v.s.number)
		for i := v.reached(); i < n; i++ {
			w.places[k][i] = v.slots[sh.Of(i)].place
		}
	}
}

// reached returns the first slot that a window of either night holds.
func (v *view) reached() int {
	first := len(v.slots)
	for _, passes := range [][]pass{v.passes, v.before} {
		for _, p := range passes {
			if len(p.slots) > 0 {
				first = min(first, int(p.slots[0]))
			}
		}
	}
	return first
}

// greatest returns the greatest G over all views.
func (w *sweeper) greatest(views []*view) float64 {
	best := 0.0
	for k, v := range views {
		clear(w.base[k])
		for p := range v.passes {
			best = w.sweep(k, v, &v.passes[p], p, best, false)
		}
	}
	return best
}

// list finds the candidates of a night that reach the floor: of each circle and
// window length the best.
func (w *sweeper) list(views []*view, early bool, floor float64) {
	w.found = w.found[:0]
	for k, v := range views {
		passes := v.passes
		if early {
			passes = v.before
		}
		clear(w.base[k])
		for p := range passes {
			w.sweep(k, v, &passes[p], p, floor, true)
		}
	}
}

// sweep moves a window over the slots of a pass and looks at each circle that the
// last of its incidents entered. With keep it lists what reaches the floor; without
// it returns the greatest G over it. The passes of a night are swept in their order,
// after base was cleared: what a window holds before it may end is what the shorter
// one held, and more.
func (w *sweeper) sweep(k int, v *view, p *pass, number int, floor float64, keep bool) float64 {
	counts, places := w.counts[k], w.places[k]
	v.move(w.base[k], places, p.more, 1)
	if p.ends >= len(p.slots) {
		return floor
	}
	copy(counts, w.base[k])
	listed := len(w.found)
	from := 0
	for pos := p.ends; pos < len(p.slots); {
		to := v.together(p, pos)
		v.move(counts, places, p.slots[pos:to], 1)
		v.move(counts, places, p.slots[from:p.first[pos]], -1)
		from = int(p.first[pos])
		at := candidate{view: int32(k), pass: int32(number), from: int32(from), to: int32(to)}
		for _, s := range p.slots[pos:to] {
			floor = w.weigh(v, v.circlesOf(places[s]), at, floor, keep)
		}
		pos = to
	}
	for _, c := range w.found[listed:] {
		w.at[k][c.circle] = 0
	}
	return floor
}

// together returns the end of the slots of a pass that have the middle of the one
// at pos: a window ends with all of them.
func (v *view) together(p *pass, pos int) int {
	middle := v.slots[p.slots[pos]].middle
	for pos++; pos < len(p.slots) && v.slots[p.slots[pos]].middle == middle; pos++ {
	}
	return pos
}

// move adds to the counts of all circles that hold the places of the slots.
func (v *view) move(counts, places, slots []int32, by int32) {
	for _, s := range slots {
		for _, c := range v.circlesOf(places[s]) {
			counts[c] += by
		}
	}
}

// weigh looks at circles in a window. It returns the floor, which without keep is
// the greatest G so far.
func (w *sweeper) weigh(v *view, circles []int32, in candidate, floor float64, keep bool) float64 {
	counts, at, n, m := w.counts[in.view], w.at[in.view], int64(len(v.slots)), in.to-in.from
	least, totals := v.s.min, v.total[:len(counts)]
	for _, c := range circles {
		count := counts[c]
		if count < least {
			continue
		}
		total := totals[c]
		if int64(count)*n <= int64(total)*int64(m) {
			continue
		}
		g := v.g(count, total, m)
		switch {
		case g < floor:
			continue
		case !keep:
			floor = g
			continue
		}
		in.g, in.circle, in.key, in.n = g, c, v.circle(c).Key, count
		if at[c] == 0 {
			w.found = append(w.found, in)
			at[c] = int32(len(w.found))
		} else if g > w.found[at[c]-1].g {
			w.found[at[c]-1] = in
		}
	}
	return floor
}
