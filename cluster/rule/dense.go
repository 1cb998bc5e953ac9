package rule

import (
	"cmp"
	"container/heap"
	"context"
	"slices"

	"spreewatch/cluster"
)

// densest is how many incidents in reach of the windows are searched exactly. A
// rolling circle meets every pair of neighbours, and of a city's reports in one
// hour everybody is everybody's neighbour.
const densest = 500

// denseSpacing is how far apart the circles stand that more incidents are searched
// with, in radii: whatever fits .77 of the radius is in one.
const denseSpacing = 0.35

// A stand is one circle of the lattice and the most incidents that a window holds
// there.
type stand struct {
	circle int32
	most   int
	from   int // the window starts with this of the circle's points
	stale  bool
}

type standHeap []*stand

func (h standHeap) Len() int { return len(h) }
func (h standHeap) Less(i, j int) bool {
	a, b := h[i], h[j]
	return cmp.Or(cmp.Compare(b.most, a.most), cmp.Compare(a.circle, b.circle)) < 0
}
func (h standHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *standHeap) Push(x any)   { *h = append(*h, x.(*stand)) }
func (h *standHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// runDense takes the best circle and window, then the next best of what is left.
// Points of a circle are in the order of their middles, since a window holds half
// of an interval when it holds its middle. What a circle holds never grows, so
// that one whose count is not renewed is never better than it says.
func (s *ruleSearch) runDense(ctx context.Context) []*ruleGroup {
	order := make([]int32, len(s.points))
	for i := range order {
		order[i] = int32(i)
	}
	middle := func(i int32) int64 { return s.points[i].from + s.points[i].to }
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(middle(a), middle(b)) })
	lattice := cluster.NewLattice([]float64{s.profile.RadiusM}, denseSpacing)
	of := make([][]int32, len(s.points)) // circles of a point
	var points [][]int32                 // of a circle
	for _, i := range order {
		if s.taken[i] {
			continue // it makes no set
		}
		of[i] = lattice.Around(s.points[i].in.Point, 0, nil)
		for _, c := range of[i] {
			for len(points) <= int(c) {
				points = append(points, nil)
			}
			points[c] = append(points[c], i)
		}
	}
	stands := make([]*stand, len(points))
	var queue standHeap
	for c := range points {
		stands[c] = &stand{circle: int32(c)}
		if s.count(stands[c], points[c]); stands[c].most >= s.profile.MinIncidents {
			queue = append(queue, stands[c])
		}
	}
	heap.Init(&queue)
	var groups []*ruleGroup
	for len(queue) > 0 && ctx.Err() == nil {
		best := heap.Pop(&queue).(*stand)
		if best.stale {
			points[best.circle] = slices.DeleteFunc(points[best.circle], func(i int32) bool { return s.taken[i] })
			s.count(best, points[best.circle])
			if best.most >= s.profile.MinIncidents {
				heap.Push(&queue, best)
			}
			continue
		}
		g, members := s.groupAt(points[best.circle][best.from:])
		if g == nil {
			continue
		}
		groups = append(groups, g)
		for _, i := range members {
			s.taken[i] = true
			for _, c := range of[i] {
				stands[c].stale = true
			}
		}
		best.stale = true
		heap.Push(&queue, best)
	}
	slices.SortStableFunc(groups, (*ruleGroup).compare)
	return groups
}

// count finds the window of the circle with a live point that holds most middles,
// of equals the first.
func (s *ruleSearch) count(st *stand, points []int32) {
	st.most, st.stale = 0, false
	first, live := 0, 0
	for k, i := range points {
		p := &s.points[i]
		if p.live {
			live++
		}
		for q := &s.points[points[first]]; p.from+p.to-q.from-q.to > 2*s.window; q = &s.points[points[first]] {
			if q.live {
				live--
			}
			first++
		}
		if live > 0 && k+1-first > st.most {
			st.most, st.from = k+1-first, first
		}
	}
}

// groupAt returns the set in the window that starts with the first of the points,
// or ends with the last that it can hold, whichever weighs more; nil where neither
// meets the rule.
func (s *ruleSearch) groupAt(points []int32) (*ruleGroup, []int32) {
	first := &s.points[points[0]]
	last := first
	n := 0
	for ; n < len(points); n++ {
		p := &s.points[points[n]]
		if p.from+p.to-first.from-first.to > 2*s.window {
			break
		}
		last = p
	}
	var best *ruleGroup
	var members []int32
	middleOf := func(p *rulePoint) int64 { return p.from + (p.to-p.from)/2 }
	for _, start := range []int64{middleOf(first), min(first.from, middleOf(last)-s.window+1), middleOf(last) - s.window + 1, max(middleOf(last)-s.window+1, last.to-s.window)} {
		g := &ruleGroup{}
		var in []int32
		live := false
		for _, i := range points[:n] {
			p := &s.points[i]
			if share := p.share(start, s.window); share > 0 {
				g.members, g.shares, g.weight = append(g.members, p), append(g.shares, share), g.weight+share
				in = append(in, i)
				live = live || p.live
			}
		}
		if live && g.weight >= s.need && (best == nil || g.weight > best.weight) {
			best, members = g, in
		}
	}
	return best, members
}
