package scales

import (
	"cmp"
	"slices"
)

// choose takes the best candidate, sets its incidents aside, and takes the best
// of what is left, until none reaches the floor. What a candidate counts and its
// G go down as others take its incidents; the marginals stay. visit is called for
// each that is taken, with its slots and the places they have.
func (w *sweeper) choose(views []*view, early bool, floor float64, visit func(c candidate, slots []int32)) {
	for _, t := range w.taken {
		clear(t)
	}
	slices.SortFunc(w.found, compareCandidates)
	queue := w.found
	var members []int32
	chosen := int32(0)
	for len(queue) > 0 {
		c := queue[0]
		v := views[c.view]
		p := &v.passes[c.pass]
		if early {
			p = &v.before[c.pass]
		}
		taken, places := w.taken[c.view], w.places[c.view]
		members = members[:0]
		holds := w.holds(c.view, v, c.circle, int(c.to-c.from))
		for _, s := range p.slots[c.from:c.to] {
			if taken[s] == 0 && holds(places[s]) {
				members = append(members, s)
			}
		}
		if n := int32(len(members)); n < c.n {
			// Others took some of it: it goes back to where it now belongs.
			m := c.to - c.from
			queue = queue[1:]
			c.n = n
			if n < v.s.min || int64(n)*int64(len(v.slots)) <= int64(v.total[c.circle])*int64(m) {
				continue
			}
			if c.g = v.g(n, v.total[c.circle], m); c.g < floor {
				continue
			}
			at, _ := slices.BinarySearchFunc(queue, c, compareCandidates)
			// There is room in front of queue for what was taken from it.
			queue = w.found[len(w.found)-len(queue)-1:]
			copy(queue, queue[1:at+1])
			queue[at] = c
			continue
		}
		queue = queue[1:]
		chosen++
		for _, s := range members {
			taken[s] = chosen
		}
		visit(c, members)
	}
}

// compareCandidates puts the better candidate first. Of equals it is the offence
// first by name, the shorter window, the earlier end, the smaller circle.
func compareCandidates(a, b candidate) int {
	return cmp.Or(cmp.Compare(b.g, a.g), cmp.Compare(a.view, b.view), cmp.Compare(a.pass, b.pass),
		cmp.Compare(a.to, b.to), cmp.Compare(a.key, b.key))
}
