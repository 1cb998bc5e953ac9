package rule

import (
	"cmp"
	"math"
	"slices"

	"spreewatch/cluster"
)

// withinSlackM is how far outside the radius a point still counts as inside.
const withinSlackM = 1e-3

// solve returns the best set among the points near the anchor in its window, nil
// when none meets the rule. The circle of a best set can be moved until one of
// its members lies on its edge, so it is enough to roll the circle round each
// point and note who enters and leaves.
func (s *ruleSearch) solve(a anchor) *ruleGroup {
	local := s.near(a)
	total := int64(0)
	at := make([]cluster.Vec, len(local))
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
	if cluster.Enclosing(at).Metres <= s.profile.RadiusM+withinSlackM {
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
func (s *ruleSearch) roll(pivot int, at []cluster.Vec, shares []int64, in []bool, full func(weight int64)) {
	events := s.events[:0]
	v := at[pivot]
	north, east := axes(v)
	weight := int64(0)
	for k := range at {
		chord2 := v.Chord2(at[k])
		in[k] = chord2 == 0
		if chord2 > s.twice {
			continue
		}
		if chord2 > 0 {
			d := v.Angle(at[k])
			half := math.Acos(math.Min(1, math.Tan(d/2)/math.Tan(s.radius)))
			bearing := math.Atan2(at[k].Dot(east), at[k].Dot(north))
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
func axes(v cluster.Vec) (north, east cluster.Vec) {
	east = cluster.Vec{-v[1], v[0], 0}
	if east.Dot(east) < 1e-20 {
		east = cluster.Vec{0, 1, 0}
	}
	east = east.Unit()
	return v.Cross(east), east
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
