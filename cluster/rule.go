package cluster

import (
	"cmp"
	"container/heap"
	"math"
	"slices"
	"time"

	"spreewatch/geo"
)

// Rule finds the sprees of one offence by the thresholds of its profile.
//
// A spree is a set of incidents for which there is a circle of the profile's
// RadiusM, its centre anywhere, that holds the point of each, and a length of
// time of the profile's Window, both ends included, that holds at least half of
// the event interval of each. The share of the interval that it holds is the
// incident's weight (1 for an instant: Ratcliffe 2000), and the weights add up
// to at least MinIncidents. At least one of the incidents may have ended within
// Lookback of asOf. So an incident that spans a whole day counts a half towards
// a window of twelve hours, and one that may have happened on any day of a
// fortnight counts nothing.
//
// Of all such sets the one with the most weight is taken, then the most
// incidents, the shortest from first to last event, the earliest, the first by
// IDs; its incidents are set aside and the next is sought. Then an incident that
// was left over joins the first set that still fits the circle with it, and with
// some of whose members it would itself make up a spree: the calls before and
// after the fullest window of a long burst. No incident is in two sprees.
//
// Left out are incidents of other offences, those without a place, those whose
// own radius is wider than the profile's (nothing tells whether they are near
// anything), and those that start after asOf. An interval that runs past asOf is
// cut there: what has been reported has happened. The same ID twice is one
// incident. Distances are exact to a millimetre.
//
// The sprees are ordered best first. A spree's Window runs from the first to the
// last of the events that certainly lie within the length of time, those of
// weight 1; where there are none, of all. A spree's Confidence is the mean over its
// incidents of the geocode's confidence × the incident's weight × (1 − r/2R),
// with r its radius and R the profile's.
func Rule(incidents []Incident, p Profile, asOf time.Time, resolution int) ([]Spree, error) {
	var sprees []Spree
	search := newRuleSearch(incidents, p, asOf)
	groups := search.run()
	for _, g := range groups {
		search.extend(g)
	}
	slices.SortFunc(groups, (*ruleGroup).compare)
	for _, g := range groups {
		s, err := g.spree(p, resolution)
		if err != nil {
			return nil, err
		}
		sprees = append(sprees, s)
	}
	return sprees, nil
}

// Weights of incidents are kept in units of 2⁻³², so that sums do not depend on
// the order. A sum within weightSlack of the minimum has reached it: rounding
// is at most half a unit an incident.
const (
	wholeWeight = int64(1) << 32
	weightSlack = int64(1) << 16
)

// withinSlackM is how far outside the radius a point still counts as inside.
const withinSlackM = 1e-3

// A rulePoint is an incident as the search sees it.
type rulePoint struct {
	in       Incident
	at       vec
	from, to int64 // event interval up to asOf, microseconds; from ≤ to
	live     bool  // may have ended within the lookback
}

// share returns the weight of the point in [start, start+window], 0 when less
// than half of its interval is inside.
func (r *rulePoint) share(start, window int64) int64 {
	length := r.to - r.from
	if length == 0 {
		if r.from < start || r.from > start+window {
			return 0
		}
		return wholeWeight
	}
	inside := min(r.to, start+window) - max(r.from, start)
	switch {
	case 2*inside < length:
		return 0
	case inside == length:
		return wholeWeight
	}
	return int64(math.Round(float64(inside) / float64(length) * float64(wholeWeight)))
}

// starts returns the starts of a window, ascending, at which the point's share
// bends: the first that holds half of the interval, the ends of the stretch in
// which the share is at its greatest, and the last that holds half. For an
// instant the first two and the last two are the same.
func (r *rulePoint) starts(window int64) [4]int64 {
	length := r.to - r.from
	return [4]int64{
		r.from + (length+1)/2 - window,
		min(r.from, r.to-window),
		max(r.from, r.to-window),
		r.from + length/2,
	}
}

// A ruleGroup is a set of incidents that meets the rule, and their weights.
type ruleGroup struct {
	members []*rulePoint
	shares  []int64
	weight  int64
}

func (g *ruleGroup) window() (from, to int64) {
	from, to = g.members[0].from, g.members[0].to
	for _, m := range g.members {
		from, to = min(from, m.from), max(to, m.to)
	}
	return from, to
}

// certain returns the members of weight 1, all when there are none.
func (g *ruleGroup) certain() *ruleGroup {
	c := &ruleGroup{}
	for i, m := range g.members {
		if g.shares[i] == wholeWeight {
			c.members = append(c.members, m)
		}
	}
	if len(c.members) == 0 {
		return g
	}
	return c
}

// compare is negative when g is the better spree.
func (g *ruleGroup) compare(o *ruleGroup) int {
	if c := cmp.Or(cmp.Compare(o.weight, g.weight), cmp.Compare(len(o.members), len(g.members))); c != 0 {
		return c
	}
	gFrom, gTo := g.window()
	oFrom, oTo := o.window()
	return cmp.Or(
		cmp.Compare(gTo-gFrom, oTo-oFrom),
		cmp.Compare(gFrom, oFrom),
		slices.Compare(g.ids(), o.ids()),
	)
}

func (g *ruleGroup) ids() []string {
	ids := make([]string, len(g.members))
	for i, m := range g.members {
		ids[i] = m.in.ID
	}
	slices.Sort(ids)
	return ids
}

func (g *ruleGroup) spree(p Profile, resolution int) (Spree, error) {
	incidents := make([]Incident, len(g.members))
	confidence := 0.0
	for i, m := range g.members {
		incidents[i] = m.in
		incidents[i].From = time.UnixMicro(m.from).UTC()
		incidents[i].To = time.UnixMicro(m.to).UTC()
		confidence += m.in.Confidence * float64(g.shares[i]) / float64(wholeWeight) * (1 - m.in.RadiusM/(2*p.RadiusM))
	}
	s, err := newSpree(incidents, p.Offence, resolution)
	if err != nil {
		return Spree{}, err
	}
	s.Method = MethodRule
	from, to := g.certain().window()
	s.Window = Window{time.UnixMicro(from).UTC(), time.UnixMicro(to).UTC()}
	s.Observed = float64(g.weight) / float64(wholeWeight)
	s.Confidence = confidence / float64(len(incidents))
	return s, nil
}

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
	profile Profile
	window  int64   // microseconds
	radius  float64 // radians, with its slack
	twice   float64 // square of the chord of two radii
	need    int64   // least weight of a spree
	points  []rulePoint
	taken   []bool
	boxes   map[[3]int32][]int // points by box of two radii, each list by from
	anchors anchorHeap
	local   []int       // of the latest call of near
	events  []rollEvent // of the latest call of roll
}

// newRuleSearch keeps the incidents that can matter and lists the anchors.
//
// For a fixed set the weight, as a function of the window's start, is a sum of
// trapezoids and so concave where every member has at least half its interval
// inside. It is therefore greatest at a start where some member's share bends.
// Among instants alone the weight is flat, and the last start, which is the first
// event, will do.
func newRuleSearch(incidents []Incident, p Profile, asOf time.Time) *ruleSearch {
	s := &ruleSearch{
		profile: p,
		window:  p.Window.Microseconds(),
		radius:  (p.RadiusM + withinSlackM) / geo.EarthRadius,
		need:    int64(p.MinIncidents)*wholeWeight - weightSlack,
	}
	s.twice = 4 * math.Sin(s.radius) * math.Sin(s.radius)
	now := asOf.UnixMicro()
	liveFrom := now - p.Lookback.Microseconds()
	var kept []Incident
	for _, in := range incidents {
		to := min(max(in.From.UnixMicro(), in.To.UnixMicro()), now)
		// Members of one set start within two windows of each other, and no
		// member is longer than two windows.
		if in.Offence != p.Offence || in.RadiusM > p.RadiusM || !placed(in) ||
			in.From.UnixMicro() > now || to < liveFrom-4*s.window {
			continue
		}
		kept = append(kept, in)
	}
	for _, in := range Distinct(kept) {
		from := in.From.UnixMicro()
		to := min(max(from, in.To.UnixMicro()), now)
		if to-from > 2*s.window {
			continue // no window holds half of it
		}
		s.points = append(s.points, rulePoint{in, vecOf(in.Point), from, to, to >= liveFrom})
	}
	s.taken = make([]bool, len(s.points))
	s.boxes = make(map[[3]int32][]int)
	for i := range s.points {
		b := s.box(s.points[i].at)
		s.boxes[b] = append(s.boxes[b], i)
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

// box returns the box of a grid with edges of two radii (as chords) that holds
// the point.
func (s *ruleSearch) box(v vec) [3]int32 {
	edge := max(4*math.Sin(s.radius/2), 1e-9)
	return [3]int32{int32(math.Floor(v[0] / edge)), int32(math.Floor(v[1] / edge)), int32(math.Floor(v[2] / edge))}
}

// near returns the points that are free, have a weight in the anchor's window
// and lie within two radii of its point, in ascending order. The slice is good
// until the next call.
func (s *ruleSearch) near(a anchor) []int {
	s.local = s.local[:0]
	at := s.points[a.point].at
	b := s.box(at)
	for dx := int32(-1); dx <= 1; dx++ {
		for dy := int32(-1); dy <= 1; dy++ {
			for dz := int32(-1); dz <= 1; dz++ {
				list := s.boxes[[3]int32{b[0] + dx, b[1] + dy, b[2] + dz}]
				// An interval of at most two windows with half of it inside
				// starts at most one window before the start.
				first, _ := slices.BinarySearchFunc(list, a.start-s.window, func(i int, t int64) int {
					return cmp.Compare(s.points[i].from, t)
				})
				for _, i := range list[first:] {
					if s.points[i].from > a.start+s.window {
						break
					}
					if !s.taken[i] && s.points[i].share(a.start, s.window) > 0 && at.chord2(s.points[i].at) <= s.twice {
						s.local = append(s.local, i)
					}
				}
			}
		}
	}
	slices.Sort(s.local)
	return s.local
}

// run takes the best set, then the next best of what is left, until none is
// left. A bound never rises as incidents are taken, so an anchor whose bound is
// under the best set found so far needs no look.
func (s *ruleSearch) run() []*ruleGroup {
	index := make(map[string]int, len(s.points))
	for i := range s.points {
		index[s.points[i].in.ID] = i
	}
	var groups []*ruleGroup
	for {
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
			return groups
		}
		groups = append(groups, best)
		for _, m := range best.members {
			s.taken[index[m.in.ID]] = true
		}
		for _, a := range looked {
			heap.Push(&s.anchors, a)
		}
	}
}

// extend adds to the group the free points, in order of time, that still fit its
// circle and with which some of its first members would meet the rule.
func (s *ruleSearch) extend(g *ruleGroup) {
	core := slices.Clone(g.members)
	from, to := g.window()
	at := make([]vec, len(core), len(core)+1)
	for i, m := range core {
		at[i] = m.at
	}
	for i := range s.points {
		p := &s.points[i]
		if s.taken[i] || p.to < from-2*s.window || p.from > to+2*s.window || p.at.chord2(core[0].at) > s.twice {
			continue
		}
		share := s.shareWith(p, core)
		if share == 0 || enclosing(append(at, p.at)).metres > s.profile.RadiusM+withinSlackM {
			continue
		}
		s.taken[i] = true
		at = append(at, p.at)
		g.members = append(g.members, p)
		g.shares = append(g.shares, share)
		g.weight += share
	}
}

// shareWith returns the weight of the point in the fullest window that it shares
// with members of the core, 0 when they do not make up a spree there.
func (s *ruleSearch) shareWith(p *rulePoint, core []*rulePoint) int64 {
	var starts []int64
	for _, m := range append([]*rulePoint{p}, core...) {
		bends := m.starts(s.window)
		starts = append(starts, bends[:]...)
	}
	slices.Sort(starts)
	share, most := int64(0), s.need-1
	for _, start := range slices.Compact(starts) {
		own := p.share(start, s.window)
		if own == 0 {
			continue
		}
		sum := own
		for _, m := range core {
			sum += m.share(start, s.window)
		}
		if sum > most {
			share, most = own, sum
		}
	}
	return share
}

// solve returns the best set among the points near the anchor in its window, nil
// when none meets the rule. The circle of a best set can be moved until one of
// its members lies on its edge, so it is enough to roll the circle round each
// point and note who enters and leaves.
func (s *ruleSearch) solve(a anchor) *ruleGroup {
	local := s.near(a)
	total := int64(0)
	at := make([]vec, len(local))
	shares := make([]int64, len(local))
	for k, i := range local {
		at[k] = s.points[i].at
		shares[k] = s.points[i].share(a.start, s.window)
		total += shares[k]
	}
	if total < s.need {
		return nil
	}
	in := make([]bool, len(local))
	if enclosing(at).metres <= s.profile.RadiusM+withinSlackM {
		for k := range in {
			in[k] = true
		}
		return s.group(local, shares, in)
	}
	var best *ruleGroup
	for k := range local {
		s.roll(k, at, shares, in, func(weight int64) {
			if weight < s.need || best != nil && weight < best.weight {
				return
			}
			if g := s.group(local, shares, in); g != nil && (best == nil || g.compare(best) < 0) {
				best = g
			}
		})
	}
	return best
}

// A rollEvent is a point that the rolling circle takes in or leaves out.
type rollEvent struct {
	bearing float64 // of the circle's centre from the pivot
	leaves  bool
	point   int
}

// roll turns a circle of the radius once round the point pivot, which stays on
// its edge, keeps in up to date with the points it holds, and calls full
// whenever a point has entered and the next event is another leaving.
//
// A point at the angle d from the pivot is inside while the bearing of the
// circle's centre is within acos(tan(d/2)/tan(radius)) of the point's bearing:
// half of the isosceles triangle that both make with the centre (Napier's rule).
func (s *ruleSearch) roll(pivot int, at []vec, shares []int64, in []bool, full func(weight int64)) {
	events := s.events[:0]
	v := at[pivot]
	north, east := axes(v)
	weight := int64(0)
	for k := range at {
		chord2 := v.chord2(at[k])
		in[k] = chord2 == 0
		if chord2 > s.twice {
			continue
		}
		if chord2 > 0 {
			d := v.angle(at[k])
			half := math.Acos(math.Min(1, math.Tan(d/2)/math.Tan(s.radius)))
			bearing := math.Atan2(at[k].dot(east), at[k].dot(north))
			from, to := bearing-half, bearing+half
			in[k] = from < -math.Pi || to > math.Pi // inside at the bearing ±π where the turn starts
			if from < -math.Pi {
				from += 2 * math.Pi
			}
			if to > math.Pi {
				to -= 2 * math.Pi
			}
			events = append(events, rollEvent{from, false, k}, rollEvent{to, true, k})
		}
		if in[k] {
			weight += shares[k]
		}
	}
	s.events = events
	slices.SortFunc(events, func(a, b rollEvent) int {
		if c := cmp.Compare(a.bearing, b.bearing); c != 0 {
			return c
		}
		if a.leaves != b.leaves {
			if b.leaves {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.point, b.point)
	})
	if len(events) == 0 || events[0].leaves {
		full(weight)
	}
	for i, e := range events {
		if in[e.point] == e.leaves {
			in[e.point] = !e.leaves
			if e.leaves {
				weight -= shares[e.point]
			} else {
				weight += shares[e.point]
			}
		}
		if !e.leaves && (i+1 == len(events) || events[i+1].leaves) {
			full(weight)
		}
	}
}

// axes returns the directions of north and east at v; at a pole, any two.
func axes(v vec) (north, east vec) {
	east = vec{-v[1], v[0], 0}
	if east.dot(east) < 1e-20 {
		east = vec{0, 1, 0}
	}
	east = east.unit()
	return v.cross(east), east
}

// group returns the set of the points that are in, nil when none of them is
// live.
func (s *ruleSearch) group(local []int, shares []int64, in []bool) *ruleGroup {
	g := &ruleGroup{}
	live := false
	for k, i := range local {
		if in[k] {
			g.members = append(g.members, &s.points[i])
			g.shares = append(g.shares, shares[k])
			g.weight += shares[k]
			live = live || s.points[i].live
		}
	}
	if !live {
		return nil
	}
	return g
}
