package scales

import (
	"cmp"
	"slices"

	"spreewatch/cluster"
)

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
	counts [][]uint64 // by view: incidents of the windows in each circle, by lane
	places [][]int32  // by view: the place that the replicate gives each slot
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
		w.counts = append(w.counts, make([]uint64, len(v.circles)))
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
		for b := range v.tonight {
			best = w.sweep(k, v, &v.tonight[b], best, false)
		}
	}
	return best
}

// list finds the candidates of a night that reach the floor: of each circle and
// window length the best.
func (w *sweeper) list(views []*view, early bool, floor float64) {
	w.found = w.found[:0]
	for k, v := range views {
		bundles := v.tonight
		if early {
			bundles = v.last
		}
		listed := len(w.found)
		for b := range bundles {
			w.sweep(k, v, &bundles[b], floor, true)
		}
		w.found = append(w.found[:listed], bestOfEach(w.found[listed:])...)
	}
}

// bestOfEach leaves of the candidates of a circle and a pass the best, of equal ones the
// earliest.
func bestOfEach(found []candidate) []candidate {
	slices.SortFunc(found, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.pass, b.pass), cmp.Compare(a.circle, b.circle), compareCandidates(a, b))
	})
	return slices.CompactFunc(found, func(a, b candidate) bool { return a.pass == b.pass && a.circle == b.circle })
}

// sweep moves the windows of a bundle over their slots and looks at each circle that the
// last of their incidents entered. With keep it lists what reaches the floor; without
// it returns the greatest G over it.
func (w *sweeper) sweep(k int, v *view, b *bundle, floor float64, keep bool) float64 {
	counts, places := w.counts[k], w.places[k]
	clear(counts)
	v.move(counts, places, b.moves[:b.least])
	moves, within := b.moves[b.least:], b.within
	for _, s := range b.steps {
		last := s.out + s.in - 1
		v.move(counts, places, moves[:last])
		floor = w.weigh(int32(k), v, b, moves[last], moves[last].by, within[:b.lanes], floor, keep)
		for _, in := range moves[s.out:last] {
			floor = w.weigh(int32(k), v, b, in, 0, within[:b.lanes], floor, keep)
		}
		moves, within = moves[last+1:], within[b.lanes:]
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
func (v *view) move(counts []uint64, places []int32, moves []move) {
	for _, m := range moves {
		for _, c := range v.circlesOf(places[m.slot]) {
			counts[c] += m.by
		}
	}
}

// slack is by how much of G the floor is missed before G need not be worked out: more than
// a sum of floats goes wrong by.
const slack = 1e-6

// weigh looks at the circles that hold the place of what came in, in the windows that it
// came into, the longest first: a shorter one holds no more. What has not been counted
// yet of what came in it adds. It returns the floor, which without keep is the greatest G
// so far. G is at most Pearson's χ², as ln x ≤ x − 1, and of most that is too little.
func (w *sweeper) weigh(k int32, v *view, b *bundle, in move, add uint64, within []span, floor float64, keep bool) float64 {
	counts, n, least := w.counts[k], int64(len(v.slots)), uint64(v.s.min)
	totals, mask, top := v.total[:len(counts)], uint64(1)<<b.bits-1, (len(within)-1)*b.bits
	for _, c := range v.circlesOf(w.places[k][in.slot]) {
		now := counts[c] + add
		counts[c] = now
		if now>>top < least {
			continue
		}
		for l, at := len(within)-1, top; l >= 0 && in.by>>at&1 != 0; l, at = l-1, at-b.bits {
			count := now >> at & mask
			if count < least {
				break
			}
			m, total := within[l].to-within[l].from, totals[c]
			if int64(count)*n <= int64(total)*int64(m) {
				continue
			}
			held := float64(total)
			excess := float64(count) - held*within[l].share
			if excess*excess*within[l].scale < (floor-slack)*held*(float64(n)-held) {
				continue
			}
			g := v.g(int32(count), total, m)
			switch {
			case g < floor:
			case keep:
				w.found = append(w.found, candidate{
					g: g, view: k, pass: int32(b.first + l), circle: c, key: v.circle(c).Key, from: within[l].from, to: within[l].to, n: int32(count),
				})
			default:
				floor = g
			}
		}
	}
	return floor
}
