package scales

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
	at     [][]int32 // by view: the circle's candidate in the current pass + 1
	places [][]int32 // by view: the place that the replicate gives each slot
	found  []candidate
	taken  [][]int32 // by view: the cluster that holds a slot, + 1
}

func newSweeper(views []*view) *sweeper {
	w := &sweeper{}
	for _, v := range views {
		w.counts = append(w.counts, make([]int32, len(v.s.circles)))
		w.at = append(w.at, make([]int32, len(v.s.circles)))
		w.places = append(w.places, make([]int32, len(v.slots)))
		w.taken = append(w.taken, make([]int32, len(v.slots)))
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
		sh := newShuffle(n, seed, replicate, v.s.number)
		for i := v.reached(); i < n; i++ {
			w.places[k][i] = v.slots[sh.of(i)].place
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
		for p := range passes {
			w.sweep(k, v, &passes[p], p, floor, true)
		}
	}
}

// sweep moves a window over the slots of a pass and looks at each circle that the
// last of its incidents entered. With keep it lists what reaches the floor; without
// it returns the greatest G over it.
func (w *sweeper) sweep(k int, v *view, p *pass, number int, floor float64, keep bool) float64 {
	if p.ends >= len(p.slots) {
		return floor
	}
	counts, places, at := w.counts[k], w.places[k], w.at[k]
	listed := len(w.found)
	n := int64(len(v.slots))
	from := 0
	for pos := 0; pos < len(p.slots); {
		middle := v.slots[p.slots[pos]].middle
		to := pos
		for ; to < len(p.slots) && v.slots[p.slots[to]].middle == middle; to++ {
			for _, c := range v.circlesOf(places[p.slots[to]]) {
				counts[c]++
			}
		}
		if pos >= p.ends {
			for ; from < int(p.first[pos]); from++ {
				for _, c := range v.circlesOf(places[p.slots[from]]) {
					counts[c]--
				}
			}
			m := int32(to - from)
			for ; pos < to; pos++ {
				for _, c := range v.circlesOf(places[p.slots[pos]]) {
					count, in := counts[c], v.total[c]
					if count < v.s.min || int64(count)*n <= int64(in)*int64(m) {
						continue
					}
					g := v.g(count, in, m)
					if g < floor || !keep && g == floor {
						continue
					}
					if !keep {
						floor = g
						continue
					}
					found := candidate{g, int32(k), int32(number), c, v.s.circles[c].Key, int32(from), int32(to), count}
					if at[c] == 0 {
						w.found = append(w.found, found)
						at[c] = int32(len(w.found))
					} else if g > w.found[at[c]-1].g {
						w.found[at[c]-1] = found
					}
				}
			}
		}
		pos = to
	}
	for ; from < len(p.slots); from++ {
		for _, c := range v.circlesOf(places[p.slots[from]]) {
			counts[c]--
		}
	}
	for _, c := range w.found[listed:] {
		at[c.circle] = 0
	}
	return floor
}
