package rule

import (
	"cmp"
	"container/heap"
	"context"
	"math"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// An anchor is one place to look: the window that starts at start, and the
// incidents within two radii of point, since a circle that holds the point
// reaches no farther. Every best set has an anchor among its own members (see
// newRuleSearch), so the best over all anchors is the best of all.
type anchor struct {
	point int
	start int64
	bound int64      // no set found from here weighs more
	group *ruleGroup // the best set found from here; nil before it has been looked for
}

type anchorHeap []anchor

func (h anchorHeap) Len() int { return len(h) }
func (h anchorHeap) Less(i, j int) bool {
	a, b := h[i], h[j]
	return cmp.Or(cmp.Compare(b.bound, a.bound), cmp.Compare(a.start, b.start), cmp.Compare(a.point, b.point)) < 0
}
func (h anchorHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *anchorHeap) Push(x any)   { *h = append(*h, x.(anchor)) }
func (h *anchorHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

type ruleSearch struct {
	profile cluster.Profile
	window  int64   // microseconds
	radius  float64 // radians, with its slack
	twice   float64 // square of the chord of two radii
	need    int64   // least weight of a spree
	points  []rulePoint
	taken   []bool
	grid    *cluster.Grid // cubes of two radii; in each the points by from
	around  [][]int32     // of each cube: the cubes about it
	anchors anchorHeap
	local   []int         // of the latest call of near
	events  []rollEvent   // of the latest call of roll
	at      []cluster.Vec // of the latest call of admit
}

// newRuleSearch keeps the incidents that can matter and lists the anchors.
//
// For a fixed set the weight, as a function of the window's start, is a sum of
// trapezoids and so concave where every member has at least half its interval
// inside. It is therefore greatest at a start where some member's share bends.
// Among instants alone the weight is flat, and the last start, which is the first
// event, will do.
func newRuleSearch(incidents []cluster.Incident, p cluster.Profile, n Night) *ruleSearch {
	s := &ruleSearch{
		profile: p,
		window:  p.Window.Microseconds(),
		radius:  (p.RadiusM + withinSlackM) / geo.EarthRadius,
		need:    int64(p.MinIncidents)*wholeWeight - weightSlack,
	}
	s.twice = 4 * math.Sin(s.radius) * math.Sin(s.radius)
	liveFrom := n.AsOf.Add(-p.Lookback)
	reached := liveFrom.Add(-4*p.Window - 24*time.Hour)
	var kept []cluster.Incident
	for _, in := range incidents {
		w := cluster.UpTo(in, n.AsOf)
		// Members of one set start within two windows of each other, and no
		// member is longer than two windows.
		if in.Offence != p.Offence || in.RadiusM > p.RadiusM || !cluster.Placed(in) ||
			in.From.Time().After(n.AsOf) || w.End.Before(reached) {
			continue
		}
		kept = append(kept, in)
	}
	kept = cluster.Distinct(kept)
	s.points = make([]rulePoint, 0, len(kept))
	for _, in := range kept {
		w := cluster.UpTo(in, n.AsOf)
		in.From, in.To = cluster.At(w.Start), cluster.At(w.End)
		from, to := n.wall(w.Start.UTC(), p.Window), n.wall(w.End.UTC(), p.Window)
		to = max(from, to)
		if to-from > 2*s.window {
			continue // no window holds half of it
		}
		s.points = append(s.points, rulePoint{in, cluster.VecOf(in.Point), from, to, !w.End.Before(liveFrom)})
	}
	slices.SortStableFunc(s.points, func(a, b rulePoint) int { return cmp.Compare(a.from, b.from) })
	s.taken = make([]bool, len(s.points))
	for i := range s.points {
		s.taken[i] = s.points[i].in.Unsure // until the sprees are made: see admitUnsure
	}
	at := make([]cluster.Vec, len(s.points))
	for i := range s.points {
		at[i] = s.points[i].at
	}
	s.grid = cluster.NewGrid(at, max(2*math.Sin(s.radius), 1e-9))
	s.around = s.grid.Around(1)
	if len(s.points) > densest {
		return s
	}
	for i := range s.points {
		starts := s.points[i].starts(s.window)
		for k, start := range starts {
			repeated := k > 0 && start == starts[k-1]
			if !repeated && (k >= 2 || s.uncertain(anchor{point: i, start: start})) {
				s.addAnchor(i, start)
			}
		}
	}
	heap.Init(&s.anchors)
	return s
}

// addAnchor keeps the anchor unless it plainly holds no spree.
func (s *ruleSearch) addAnchor(point int, start int64) {
	a := anchor{point: point, start: start}
	live := false
	for _, i := range s.near(a) {
		a.bound += s.points[i].share(start, s.window)
		live = live || s.points[i].live
	}
	if a.bound >= s.need && live {
		s.anchors = append(s.anchors, a)
	}
}

// uncertain reports whether a point near the anchor has an interval.
func (s *ruleSearch) uncertain(a anchor) bool {
	return slices.ContainsFunc(s.near(a), func(i int) bool { return s.points[i].to > s.points[i].from })
}

// near returns the points that are free, have a weight in the anchor's window
// and lie within two radii of its point, in ascending order. The slice is good
// until the next call.
func (s *ruleSearch) near(a anchor) []int {
	s.local = s.local[:0]
	at := s.points[a.point].at
	for _, c := range s.around[s.grid.Cube[a.point]] {
		list := s.grid.In(c)
		// An interval of at most two windows with half of it inside starts at
		// most one window before the start.
		first, _ := slices.BinarySearchFunc(list, a.start-s.window, func(i int32, t int64) int {
			return cmp.Compare(s.points[i].from, t)
		})
		for _, i := range list[first:] {
			if s.points[i].from > a.start+s.window {
				break
			}
			if !s.taken[i] && s.points[i].share(a.start, s.window) > 0 && at.Chord2(s.points[i].at) <= s.twice {
				s.local = append(s.local, int(i))
			}
		}
	}
	slices.Sort(s.local)
	return s.local
}

// run takes the best set, then the next best of what is left, until none is
// left. A bound never rises as incidents are taken, so an anchor whose bound is
// under the best set found so far needs no look.
func (s *ruleSearch) run(ctx context.Context) []*ruleGroup {
	if len(s.points) > densest {
		return s.runDense(ctx)
	}
	index := make(map[string]int, len(s.points))
	for i := range s.points {
		index[s.points[i].in.ID] = i
	}
	var groups []*ruleGroup
	for ctx.Err() == nil {
		var best *ruleGroup
		var looked []anchor
		for len(s.anchors) > 0 && (best == nil || s.anchors[0].bound >= best.weight) {
			a := heap.Pop(&s.anchors).(anchor)
			if s.taken[a.point] {
				continue
			}
			stale := a.group == nil || slices.ContainsFunc(a.group.members, func(m *rulePoint) bool { return s.taken[index[m.in.ID]] })
			if stale {
				if a.group = s.solve(a); a.group == nil {
					continue
				}
				a.bound = a.group.weight
			}
			looked = append(looked, a)
			if best == nil || a.group.compare(best) < 0 {
				best = a.group
			}
		}
		if best == nil {
			break
		}
		groups = append(groups, best)
		for _, m := range best.members {
			s.taken[index[m.in.ID]] = true
		}
		for _, a := range looked {
			heap.Push(&s.anchors, a)
		}
	}
	for _, g := range groups {
		s.extend(g)
	}
	return groups
}
