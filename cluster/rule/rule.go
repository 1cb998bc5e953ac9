// Package rule finds sprees by the thresholds of an offence profile: so many
// incidents within a circle and a length of time.
package rule

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"spreewatch/cluster"
)

// A Night is when the rule is asked, and how.
type Night struct {
	AsOf       time.Time
	Zone       *time.Location // of windows of whole days; nil is UTC
	Resolution int            // H3, of the sprees' zones
}

// wall returns the microseconds at which windows of the length are counted: those
// of the clock on the wall for whole days, which are days of the calendar where
// its clocks change, and of time elapsed for any other.
func (n Night) wall(t time.Time, window time.Duration) int64 {
	if n.Zone == nil || window%(24*time.Hour) != 0 {
		return t.UnixMicro()
	}
	_, offset := t.In(n.Zone).Zone()
	return t.UnixMicro() + int64(offset)*1e6
}

// Find finds the sprees of one offence by the thresholds of its profile.
//
// A spree is a set of incidents for which there is a circle of the profile's
// RadiusM, its centre anywhere, that holds the point of each, and a length of
// time of the profile's Window, both ends included, that holds at least half of
// the event interval of each; a window of whole days is one of calendar days. The share of the interval that it holds is the
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
// after the fullest window of a long burst. With them a set lasts at most twice
// the Window from its first event to its last; those that lengthen it least join
// first. No incident is in two sprees.
//
// An incident that is Unsure makes no such set, and is a member of one that others
// make where it fits its circle and window.
//
// Left out are incidents of other offences, those without a place, those whose
// own radius is wider than the profile's (nothing tells whether they are near
// anything), and those that start after asOf. An interval that runs past asOf is
// cut there: what has been reported has happened. The same ID twice is one
// incident. Distances are exact to a millimetre.
//
// Of more than densest incidents in reach of the windows, only circles about a fine
// lattice and windows that start or end with an incident are looked at, and nobody
// joins: so the time is that of sorting them.
//
// The sprees are ordered best first. A spree's Confidence is the mean over its
// incidents of the geocode's confidence × the incident's weight × (1 − r/2R),
// with r its radius and R the profile's.
func Find(ctx context.Context, incidents []cluster.Incident, p cluster.Profile, n Night) ([]cluster.Spree, error) {
	var sprees []cluster.Spree
	search := newRuleSearch(incidents, p, n)
	groups := search.run(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	search.admitUnsure(groups)
	for _, g := range groups {
		s, err := g.spree(p, n.Resolution)
		if err != nil {
			return nil, err
		}
		sprees = append(sprees, s)
	}
	return sprees, nil
}

// admitUnsure takes the incidents whose place is unsure into the first set whose
// circle and window they fit, and lets the others join as those before and after.
func (s *ruleSearch) admitUnsure(groups []*ruleGroup) {
	firsts := make([]cluster.Vec, len(groups))
	for k, g := range groups {
		firsts[k] = g.members[0].at
	}
	reach := math.Sqrt(s.twice)
	grid := cluster.NewGrid(firsts, reach)
	for i := range s.points {
		p := &s.points[i]
		if !p.in.Unsure {
			continue
		}
		s.taken[i] = slices.ContainsFunc(grid.Near(p.at, reach), func(k int32) bool { return s.admit(groups[k], p) })
	}
}

// admit makes the point a member of the group, where it fits.
func (s *ruleSearch) admit(g *ruleGroup, p *rulePoint) bool {
	from, to := g.window()
	from, to = min(from, p.from), max(to, p.to)
	if to-from > s.window {
		return false
	}
	at := append(s.at[:0], p.at)
	for _, m := range g.members {
		if p.at.Chord2(m.at) > s.twice {
			return false
		}
		at = append(at, m.at)
	}
	s.at = at
	if cluster.Enclosing(at).Metres > s.profile.RadiusM+withinSlackM {
		return false
	}
	share := p.share(from, s.window)
	g.members, g.shares, g.weight = append(g.members, p), append(g.shares, share), g.weight+share
	return true
}

// longestSpree is how many windows a spree lasts at most, once the incidents
// before and after its fullest window have joined it.
const longestSpree = 2

// extend adds to the group the free points that still fit its circle and with
// which some of its first members would meet the rule: those that lengthen it
// least come first, and none may make it last over longestSpree windows.
func (s *ruleSearch) extend(g *ruleGroup) {
	core := g.members
	from, to := g.window()
	at := make([]cluster.Vec, len(core), len(core)+1)
	for i, m := range core {
		at[i] = m.at
	}
	type leftOver struct {
		point       int
		lengthening int64 // of the core
	}
	var near []leftOver
	for i := range s.points {
		p := &s.points[i]
		if s.taken[i] || p.to < from-2*s.window || p.from > to+2*s.window || p.at.Chord2(core[0].at) > s.twice {
			continue
		}
		if s.fitsWith(p, core) {
			near = append(near, leftOver{i, max(from, p.from) - p.from + max(to, p.to) - to})
		}
	}
	slices.SortStableFunc(near, func(a, b leftOver) int { return cmp.Compare(a.lengthening, b.lengthening) })
	for _, l := range near {
		p := &s.points[l.point]
		start, end := min(from, p.from), max(to, p.to)
		if end-start > max(longestSpree*s.window, to-from) || cluster.Enclosing(append(at, p.at)).Metres > s.profile.RadiusM+withinSlackM {
			continue
		}
		from, to = start, end
		s.taken[l.point] = true
		at = append(at, p.at)
		g.joined = append(g.joined, p)
	}
}

// fitsWith reports whether the point and members of the core make up a spree in
// some length of time that holds the point.
func (s *ruleSearch) fitsWith(p *rulePoint, core []*rulePoint) bool {
	var starts []int64
	for _, m := range append([]*rulePoint{p}, core...) {
		bends := m.starts(s.window)
		starts = append(starts, bends[:]...)
	}
	for _, start := range starts {
		sum := p.share(start, s.window)
		if sum == 0 {
			continue
		}
		for _, m := range core {
			sum += m.share(start, s.window)
		}
		if sum >= s.need {
			return true
		}
	}
	return false
}
