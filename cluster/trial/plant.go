package trial

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

const earthRadius = geo.EarthRadius

// A Plant is a spree that is put into the past to see who finds it.
type Plant struct {
	Size    int
	SpreadM float64       // its incidents lie within this of its middle
	Length  time.Duration // from the first to the last
}

// DefaultPlants are small and middling bursts, near and wide, quick and slow.
func DefaultPlants() []Plant {
	var out []Plant
	for _, size := range []int{4, 8} {
		for _, spread := range []float64{300, 3000} {
			for _, length := range []time.Duration{6 * time.Hour, 48 * time.Hour} {
				out = append(out, Plant{size, spread, length})
			}
		}
	}
	return out
}

// Validate refuses a plant that is none.
func (p Plant) Validate() error {
	if p.Size < 2 || p.Size > 100 || !(p.SpreadM > 0 && p.SpreadM <= 100_000) || p.Length <= 0 || p.Length > 60*oneDay {
		return fmt.Errorf("a planted spree has 2 to 100 incidents, within at most 100 km and 60 days")
	}
	return nil
}

// A Power is how often a setting found a planted spree.
type Power struct {
	Plant
	Found, Trials int
}

const (
	mostTrials  = 20
	leastTrials = 10
	// plantWork is how many incidents all the trials of an offence may make ready.
	plantWork = 2_000_000
)

// trials is how often each plant is tried: less often for a big force.
func (b *bench) trials() int {
	if len(b.nights) == 0 || len(b.incidents) == 0 || len(b.o.Plants) == 0 {
		return 0
	}
	span := b.incidents[len(b.incidents)-1].From.Sub(b.incidents[0].From)
	held := float64(len(b.incidents)) * min(1, 65*oneDay.Hours()/max(1, span.Hours()))
	return min(mostTrials, max(leastTrials, int(plantWork/held/float64(len(b.o.Plants)))))
}

// power puts every plant into the past again and again, and counts how often each
// setting finds it: on one of the nights up to two days after its last incident it
// raises a spree with half of the plant or more.
func (b *bench) power(ctx context.Context, trials []Trial) error {
	n := b.trials()
	found := make([][]bool, len(b.o.Plants)*n)
	err := each(ctx, len(found), func(i int) error {
		defer b.meter.add(mostTrials / n)
		var err error
		found[i], err = b.plant(ctx, trials, b.o.Plants[i/n], uint64(i))
		return err
	})
	if err != nil {
		return err
	}
	for p, plant := range b.o.Plants {
		for k := range trials {
			w := Power{Plant: plant, Trials: n}
			for _, each := range found[p*n : (p+1)*n] {
				if each[k] {
					w.Found++
				}
			}
			trials[k].Power = append(trials[k].Power, w)
		}
	}
	return nil
}

// plant tries one plant: in the middle of a place of the past, with the delays of
// the past's own reports.
func (b *bench) plant(ctx context.Context, trials []Trial, p Plant, number uint64) ([]bool, error) {
	rng := rand.New(rand.NewPCG(b.o.Seed, cluster.Mix(number+1)))
	night := b.nights[rng.IntN(len(b.nights))]
	last := night.Add(-time.Duration(rng.Int64N(int64(oneDay)))).Truncate(time.Second)
	middle := b.incidents[rng.IntN(len(b.incidents))].Point
	planted := make(map[string]bool, p.Size)
	var extra []cluster.Incident
	latest := last
	for k := range p.Size {
		at := last
		switch {
		case k == 1:
			at = last.Add(-p.Length)
		case k > 1:
			at = last.Add(-time.Duration(rng.Int64N(int64(p.Length))))
		}
		like := b.incidents[rng.IntN(len(b.incidents))]
		in := cluster.Incident{ID: fmt.Sprintf("planted %d", k), Offence: b.offence, From: cluster.At(at), To: cluster.At(at), Reported: cluster.At(at.Add(b.late(like))),
			Point: spread(middle, p.SpreadM, rng), Level: geo.LevelStreet, Confidence: 1}
		if in.Reported.Sub(in.From) < 2*oneDay && in.Reported.After(latest) {
			latest = in.Reported.Time()
		}
		planted[in.ID] = true
		extra = append(extra, in)
	}
	return b.finds(ctx, trials, extra, planted, latest)
}

// late is how long after it ended an incident was first reported.
func (b *bench) late(in cluster.Incident) time.Duration {
	first := in.Reported
	for _, k := range b.before[in.ID] {
		first = min(first, b.incidents[k].Reported)
	}
	return max(0, first.Sub(in.To))
}

// spread draws a point within metres of another, uniformly.
func spread(p orb.Point, metres float64, rng *rand.Rand) orb.Point {
	sin, cos := math.Sincos(2 * math.Pi * rng.Float64())
	d := metres * math.Sqrt(rng.Float64()) / earthRadius * 180 / math.Pi
	return orb.Point{p[0] + d*sin/math.Max(.01, math.Cos(p[1]*math.Pi/180)), min(89.9, max(-89.9, p[1]+d*cos))}
}

// finds says which settings raise a spree with half of the planted.
func (b *bench) finds(ctx context.Context, trials []Trial, extra []cluster.Incident, planted map[string]bool, latest time.Time) ([]bool, error) {
	cluster.SortIncidents(extra)
	from, to := extra[0].From.Time().Add(-61*oneDay), latest.Add(2*oneDay)
	with := slices.Clone(extra)
	for _, in := range b.incidents {
		if !in.From.Before(from) && !in.From.After(to) {
			with = append(with, in)
		}
	}
	cluster.SortIncidents(with)
	w := newBench(b.offence, with, nil, b.o, b.meter).only(b.piece)
	scan, err := w.scan(ctx, with)
	if err != nil {
		return nil, err
	}
	out := make([]bool, len(trials))
	for _, asOf := range b.nights {
		if !asOf.After(extra[0].From.Time()) || asOf.After(to) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		night := scan.On(asOf)
		for k := range trials {
			if out[k] {
				continue
			}
			t := &trials[k]
			if t.Method == cluster.MethodRule {
				sprees, err := w.byRule(ctx, with, asOf, t.Setting)
				if err != nil {
					return nil, err
				}
				out[k] = slices.ContainsFunc(sprees, func(s cluster.Spree) bool { return half(s.Life(), planted) })
				continue
			}
			if only := night.Only(t.Offence, t.RadiusM, t.Window, t.Min); only != nil {
				for _, c := range only.Clusters(t.Threshold) {
					out[k] = out[k] || half(c.Incidents, planted)
				}
			}
		}
	}
	return out, nil
}

// half reports whether half of the planted or more are among the IDs.
func half(ids []string, planted map[string]bool) bool {
	n := 0
	for _, id := range ids {
		if planted[id] {
			n++
		}
	}
	return 2*n >= len(planted)
}
