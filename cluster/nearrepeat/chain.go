package nearrepeat

import (
	"cmp"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// A Pair is two incidents that are close in space and time.
type Pair struct {
	Originator string // the earlier; of two that start and end together, the lower ID
	NearRepeat string
	DistanceM  float64
	// The lag lies in [LagMin, LagMax]; of two instants they are equal. It is by the
	// clock by which the bands are.
	LagMin, LagMax time.Duration
	Probability    float64 // that distance and lag lie within the bands, over 0
}

// Pairs lists the pairs between the first and the last edge of both axes, in
// the order of the originators, then of the near repeats: by From, To, ID.
func Pairs(incidents []cluster.Incident, o Options) ([]Pair, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	places, err := newPlaces(incidents, o)
	if err != nil {
		return nil, err
	}
	space, err := newSpace(places, o)
	if err != nil {
		return nil, err
	}
	spans := places.spans(o)
	clock := newClock(spans, o.Time)
	type found struct {
		Pair
		a, b int
	}
	var all []found
	sums := make([]int64, len(o.Time)+1)
	for _, row := range space.rows {
		if row.hidden {
			continue
		}
		for i := range spans {
			for _, other := range row.other[row.start[i]:row.start[i+1]] {
				a, b := i, int(other)
				if places.compareTime(a, b) > 0 {
					a, b = b, a
				}
				p := clock.between(sums, spans[a], spans[b])
				if p == 0 {
					continue
				}
				all = append(all, found{Pair{
					Originator:  places.incident[a].ID,
					NearRepeat:  places.incident[b].ID,
					DistanceM:   places.distance(a, b),
					LagMin:      time.Duration(max(0, spans[b].from-spans[a].to, spans[a].from-spans[b].to)),
					LagMax:      time.Duration(max(spans[b].to-spans[a].from, spans[a].to-spans[b].from)),
					Probability: p,
				}, a, b})
			}
		}
	}
	slices.SortFunc(all, func(x, y found) int {
		return cmp.Or(places.compareTime(x.a, y.a), places.compareTime(x.b, y.b))
	})
	pairs := make([]Pair, len(all))
	for i, f := range all {
		pairs[i] = f.Pair
	}
	return pairs, nil
}

// compareTime orders by From, To, ID.
func (p places) compareTime(i, j int) int {
	a, b := &p.incident[i], &p.incident[j]
	return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To), cmp.Compare(a.ID, b.ID))
}

// between is the probability that the lag lies within the bands. sums is room to
// work in.
func (c *clock) between(sums []int64, a, b span) float64 {
	if c.instants {
		col := c.columnOf(abs(a.from-b.from) / c.tick)
		if col < c.past() {
			return 1
		}
		return 0
	}
	clear(sums)
	c.add(sums, a, b)
	total := int64(0)
	for _, v := range sums[:c.past()] {
		total += v
	}
	return float64(total) / float64(c.unit)
}

// A Chain is incidents that near repeats join, each to some other of the chain.
type Chain struct {
	Incidents []string       // by From, To, ID; the first is the originator of the chain
	Window    cluster.Window // from the first start to the last end
}

// Chains joins the incidents that lie within the last edges of distance and time of
// each other, and returns the connected ones: two or more to a chain, longest first,
// then earliest, then by the first ID. Two events with uncertain times are joined
// when the odds that their lag is below the edge are at least even.
func Chains(incidents []cluster.Incident, o Options) ([]Chain, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	distance, lag := o.Distance[len(o.Distance)-1], o.Time[len(o.Time)-1]
	o.Distance, o.Time = []float64{0, distance}, []time.Duration{0, lag}
	places, err := newPlaces(incidents, o)
	if err != nil {
		return nil, err
	}
	spans := places.spans(o)
	clock := newClock(spans, o.Time)
	sums := make([]int64, len(o.Time)+1)
	joined := geo.NewUnion(len(spans))
	places.eachPair(func(i, j int, d float64) bool {
		if d < distance && joined.Root(i) != joined.Root(j) && clock.between(sums, spans[i], spans[j]) >= 0.5 {
			joined.Join(i, j)
		}
		return true
	})
	return places.chains(joined), nil
}

// chains gathers the incidents that were joined.
func (p places) chains(joined geo.Union) []Chain {
	members := make([][]int, len(p.incident))
	for i := range p.incident {
		r := joined.Root(i)
		members[r] = append(members[r], i)
	}
	var chains []Chain
	for _, m := range members {
		if len(m) < 2 {
			continue
		}
		slices.SortFunc(m, p.compareTime)
		c := Chain{Window: p.incident[m[0]].Interval()}
		for _, i := range m {
			c.Incidents = append(c.Incidents, p.incident[i].ID)
			if end := p.incident[i].To.Time(); end.After(c.Window.End) {
				c.Window.End = end
			}
		}
		chains = append(chains, c)
	}
	slices.SortFunc(chains, func(a, b Chain) int {
		return cmp.Or(cmp.Compare(len(b.Incidents), len(a.Incidents)),
			a.Window.Start.Compare(b.Window.Start), cmp.Compare(a.Incidents[0], b.Incidents[0]))
	})
	return chains
}
