package rule

import (
	"cmp"
	"math"
	"slices"

	"spreewatch/cluster"
)

// Weights of incidents are kept in units of 2⁻³², so that sums do not depend on
// the order. A sum within weightSlack of the minimum has reached it: rounding
// is at most half a unit an incident.
const (
	wholeWeight = int64(1) << 32
	weightSlack = int64(1) << 16
)

// A rulePoint is an incident as the search sees it.
type rulePoint struct {
	in       cluster.Incident
	at       cluster.Vec
	from, to int64 // event interval up to asOf, microseconds as windows count them; from ≤ to
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
	joined  []*rulePoint // before and after
}

func (g *ruleGroup) window() (from, to int64) {
	from, to = g.members[0].from, g.members[0].to
	for _, m := range g.members {
		from, to = min(from, m.from), max(to, m.to)
	}
	return from, to
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

func (g *ruleGroup) spree(p cluster.Profile, resolution int) (cluster.Spree, error) {
	incidents := make([]cluster.Incident, len(g.members))
	confidence := 0.0
	for i, m := range g.members {
		incidents[i] = m.in
		confidence += m.in.Confidence * float64(g.shares[i]) / float64(wholeWeight) * (1 - m.in.RadiusM/(2*p.RadiusM))
	}
	s, err := cluster.NewSpree(incidents, p.Offence, resolution)
	if err != nil {
		return cluster.Spree{}, err
	}
	s.Method = cluster.MethodRule
	for _, m := range g.joined {
		s.Joined = append(s.Joined, m.in.ID)
	}
	slices.Sort(s.Joined)
	s.Raised = cluster.Thresholds{RadiusM: p.RadiusM, Window: p.Window, MinIncidents: p.MinIncidents}
	s.Observed = float64(g.weight) / float64(wholeWeight)
	s.Confidence = confidence / float64(len(incidents))
	return s, nil
}
