package scales

import (
	"math/bits"
	"slices"
)

// A bundle is passes that are swept together, shorter windows first. What each counts in
// a circle are some bits, its lane, of one word: as their windows end with the same
// incidents, one addition moves them all.
type bundle struct {
	first  int // its first pass
	lanes  int // passes
	bits   int // of a lane, the first lane's the lowest
	least  int // moves that come before a window may end
	moves  []move
	steps  []step
	within []span // by step and lane
}

// A move adds to the lanes of all circles that hold the place of a slot.
type move struct {
	by   uint64
	slot int32
}

// A step is a moment with which windows end: what is a window older goes out of its lane,
// and the slots that have their middle then come in.
type step struct {
	out, in int // of the moves after the step before: so many that go out, then so many that come in
}

// A span is positions [from, to) in the slots of a pass.
type span struct {
	from, to int32
	share    float64 // of all slots
	scale    float64 // N³/m(N−m) of the m between them
}

// bundle takes the passes of both nights together.
func (v *view) bundle() {
	v.tonight, v.last = v.bundles(v.passes), v.bundles(v.before)
}

// bundles takes as many passes together as have room for the most that they may count.
func (v *view) bundles(passes []pass) (out []bundle) {
	if len(passes) == 0 || len(v.total) == 0 {
		return nil
	}
	most := min(len(passes[len(passes)-1].slots), int(slices.Max(v.total)))
	width := max(1, bits.Len(uint(most)))
	for first := 0; first < len(passes); first += 64 / width {
		out = append(out, v.bundleOf(passes[first:min(first+64/width, len(passes))], first, width))
	}
	return out
}

// bundleOf takes the passes together. Each slot of one is among those of the next.
func (v *view) bundleOf(passes []pass, first, bits int) bundle {
	b := bundle{first: first, lanes: len(passes), bits: bits}
	widest := &passes[len(passes)-1]
	within := make([]span, len(passes))
	come := func(slots []int32) {
		for _, s := range slots {
			m := move{slot: s}
			for l := range passes {
				if to := &within[l].to; int(*to) < len(passes[l].slots) && passes[l].slots[*to] == s {
					m.by |= 1 << (l * bits)
					*to++
				}
			}
			b.moves = append(b.moves, m)
		}
	}
	come(widest.slots[:widest.ends])
	b.least = len(b.moves)
	var arrived []move
	for pos := widest.ends; pos < len(widest.slots); {
		before, to := len(b.moves), v.together(widest, pos)
		was := slices.Clone(within)
		come(widest.slots[pos:to])
		in := len(b.moves) - before
		arrived = append(arrived[:0], b.moves[before:]...)
		b.moves = b.moves[:before]
		for l := range within {
			p, w := &passes[l], &within[l]
			if w.to == was[l].to {
				continue // none that comes in is short enough
			}
			for ; w.from < p.first[was[l].to]; w.from++ {
				b.moves = append(b.moves, move{-(uint64(1) << (l * bits)), p.slots[w.from]})
			}
			n, m := float64(len(v.slots)), float64(w.to-w.from)
			w.share, w.scale = m/n, n*n*n/(m*(n-m))
		}
		b.steps = append(b.steps, step{len(b.moves) - before, in})
		b.moves = append(b.moves, arrived...)
		b.within = append(b.within, within...)
		pos = to
	}
	return b
}
