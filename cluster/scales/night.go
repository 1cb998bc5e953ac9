package scales

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// A Night is what the scan looks at on one night.
type Night struct {
	o     Options
	asOf  time.Time
	views []*view
	spare chan *sweeper // those that were used before
}

// On returns the scan of a night, of those that the scan is ready for: of the incidents
// that had begun and had been reported by then. It takes whole seconds.
func (s *Scan) On(asOf time.Time) *Night {
	n := &Night{o: s.o, asOf: asOf, views: make([]*view, len(s.strata)), spare: make(chan *sweeper, s.o.workers())}
	rooms := make([]room, s.o.workers())
	geo.Each(len(rooms), len(s.strata), func(w, i int) { n.views[i] = s.strata[i].look(asOf.Unix(), s.o, &rooms[w]) })
	n.views = slices.DeleteFunc(n.views, func(v *view) bool { return v == nil })
	return n
}

// Offences lists the offences that have enough incidents for a scan.
func (n *Night) Offences() []string {
	var out []string
	for _, v := range n.views {
		out = append(out, v.s.offence)
	}
	return out
}

// Only returns the night as one circle's radius and one window's length see it, with
// at least so many incidents to a cluster, nil where the offence is not scanned at
// them. Neighbours, times and draws are those of the night; a radius has to be a
// stratum of its own.
func (n *Night) Only(offence string, radiusM float64, window time.Duration, least int) *Night {
	for _, v := range n.views {
		if v.s.offence != offence || len(v.s.radii) != 1 || v.s.radii[0] != radiusM {
			continue
		}
		k := slices.Index(v.s.windows, seconds(window))
		if k < 0 {
			continue
		}
		one, of, head := *v, *v.s, *v.s.casesOf
		of.casesOf, head.min = &head, int32(least)
		if of.min < v.s.min { // the view left out what holds fewer than its own
			one.lay(of.min, &room{})
		}
		one.s, one.passes, one.before = &of, slices.Clone(v.passes[k:k+1]), slices.Clone(v.before[k:k+1])
		one.bundle()
		return &Night{o: n.o, asOf: n.asOf, views: []*view{&one}, spare: make(chan *sweeper, n.o.workers())}
	}
	return nil
}

// Cost is how many counts a replicate of the night would move if each window were
// counted by itself: a measure of its time.
func (n *Night) Cost() int {
	cost := 0
	for _, v := range n.views {
		each := float64(v.listed) / float64(len(v.slots))
		for _, p := range v.passes {
			cost += int(2 * each * float64(len(p.slots)))
		}
	}
	return cost
}

// Hash is of what a night rests on: two nights with one hash have the same
// incidents, scales and draws.
func (c *Cases) Hash(asOf time.Time) uint64 {
	h := cluster.Mix(uint64(asOf.Unix()) ^ cluster.Mix(c.o.Seed) ^ math.Float64bits(c.o.MaxShare) ^ uint64(c.o.History) ^ uint64(c.o.Least)<<48)
	for _, st := range c.strata {
		h = cluster.Mix(h ^ st.number ^ uint64(st.lookback) ^ uint64(st.min)<<48)
		for _, w := range st.windows {
			h = cluster.Mix(h ^ uint64(w))
		}
		for _, r := range st.radii {
			h = cluster.Mix(h ^ math.Float64bits(r))
		}
		from, _ := slices.BinarySearchFunc(st.cases, asOf.Unix()-seconds(c.o.History), func(one oneCase, t int64) int { return cmp.Compare(one.from, t) })
		for i := from; i < len(st.cases) && st.cases[i].from <= asOf.Unix(); i++ {
			if one := &st.cases[i]; one.in(asOf.Unix(), c.o) {
				h = cluster.Mix(h ^ one.hash)
			}
		}
	}
	return h
}

// Clusters returns the clusters of the night whose G is at least the floor, best
// first: the best of all, then the best without its incidents, and so on.
func (n *Night) Clusters(floor float64) []Cluster {
	w := n.sweeper()
	defer n.giveBack(w)
	w.asSeen(n.views)
	w.list(n.views, false, floor)
	var out []Cluster
	w.choose(n.views, false, floor, func(c candidate, slots []int32) {
		v := n.views[c.view]
		p := &v.passes[c.pass]
		in, m := v.total[c.circle], c.to-c.from
		found := Cluster{
			Offence: v.s.offence, Centre: v.circle(c.circle).At.Point(), RadiusM: v.s.radii[v.circle(c.circle).Radius],
			Window: time.Duration(p.window) * time.Second, Observed: len(slots), G: c.g,
			Expected: float64(in) * float64(m) / float64(len(v.slots)),
		}
		last := v.slots[p.slots[c.to-1]].middle
		found.To = time.UnixMilli(last * 500).UTC()
		found.From = found.To.Add(-found.Window)
		for _, s := range slots {
			found.Incidents = append(found.Incidents, v.s.cases[v.slots[s].own].id)
		}
		slices.Sort(found.Incidents)
		out = append(out, found)
	})
	return out
}

// Best returns the greatest G of the night, 0 where nothing is in excess.
func (n *Night) Best() float64 {
	w := n.sweeper()
	defer n.giveBack(w)
	w.asSeen(n.views)
	return w.greatest(n.views)
}

// Maxima returns the greatest G of so many replicates from first on, each a
// function of the seed and its number. It gives up when ctx is done.
func (n *Night) Maxima(ctx context.Context, first, count int) ([]float64, error) {
	out := make([]float64, count)
	err := n.each(ctx, count, func(w *sweeper, i int) {
		w.draw(n.views, n.o.Seed, uint64(first+i))
		out[i] = w.greatest(n.views)
	})
	return out, err
}

// sweeper returns one of the night that nobody else has.
func (n *Night) sweeper() *sweeper {
	select {
	case w := <-n.spare:
		return w
	default:
		return newSweeper(n.views)
	}
}

func (n *Night) giveBack(w *sweeper) {
	select {
	case n.spare <- w:
	default:
	}
}

// each calls f for 0 to count−1, on as many goroutines as there are.
func (n *Night) each(ctx context.Context, count int, f func(w *sweeper, i int)) error {
	var wait geo.Workers
	workers := min(n.o.workers(), count)
	for k := range workers {
		wait.Go(func() {
			w := n.sweeper()
			defer n.giveBack(w)
			for i := k; i < count && ctx.Err() == nil; i += workers {
				f(w, i)
			}
		})
	}
	wait.Wait()
	return ctx.Err()
}

// An Event is a cluster of a replicate that would have been raised as new at a
// threshold over After and up to G: a cluster that shares an incident with one of
// the night before, whose G is After, was raised then.
type Event struct {
	Replicate int
	After, G  float64 // After is 0 for none
}

// Events returns what so many replicates of the night would raise as new, in the
// order of replicates, at thresholds not under the floor. A replicate is searched
// twice with the same draw: for the night, and for the night before, from which
// what had not yet been reported is hidden.
func (n *Night) Events(ctx context.Context, count int, floor float64) ([]Event, error) {
	events := make([][]Event, count)
	err := n.each(ctx, count, func(w *sweeper, i int) {
		w.draw(n.views, n.o.Seed, uint64(i))
		w.list(n.views, true, floor)
		type mark struct{ slot, view int32 }
		var before map[mark]float64
		if len(w.found) > 0 {
			before = make(map[mark]float64)
			w.choose(n.views, true, floor, func(c candidate, slots []int32) {
				for _, s := range slots {
					before[mark{s, c.view}] = c.g
				}
			})
		}
		w.list(n.views, false, floor)
		w.choose(n.views, false, floor, func(c candidate, slots []int32) {
			e := Event{Replicate: i, G: c.g}
			for _, s := range slots {
				e.After = max(e.After, before[mark{s, c.view}])
			}
			if e.After < e.G {
				events[i] = append(events[i], e)
			}
		})
	})
	return slices.Concat(events...), err
}
