package detect

import (
	"context"
	"fmt"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/rule"
	"spreewatch/cluster/scales"
)

// A Comparison is a calibration beside what else would be raised on the same past
// with times shuffled, new sprees a week.
type Comparison struct {
	Calibration
	RuleAlone float64 // by the rules of the profiles and nothing else
	ScanAlone float64 // by the scan at p of at most MaxP and nothing else
	MaxP      float64
	Null      []NullNight // what the calibration rests on
}

// compared is how many shuffles of the nights are replayed for the rule.
const compared = 2

// Compare calibrates as Detect does, and replays the same nights by the rule alone
// and the scan alone.
func Compare(ctx context.Context, incidents []cluster.Incident, o Options) (Comparison, error) {
	if err := o.Validate(); err != nil {
		return Comparison{}, err
	}
	there, _ := usable(incidents, o)
	f := newFinder(there, o)
	if err := f.calibrate(ctx); err != nil {
		return Comparison{}, fmt.Errorf("calibrate: %w", err)
	}
	c := Comparison{Calibration: f.calibration, MaxP: o.MaxP, Null: f.nights}
	if !c.Calibrated {
		return c, nil
	}
	maxima, err := f.tonight.Maxima(ctx, 0, f.replicates())
	if err != nil {
		return Comparison{}, fmt.Errorf("calibrate: %w", err)
	}
	c.ScanAlone = raisedAt(greatestAt(maxima, o.MaxP), f.nights, c.Replicates)
	if c.RuleAlone, err = f.ruleAlone(ctx); err != nil {
		return Comparison{}, fmt.Errorf("calibrate: %w", err)
	}
	return c, nil
}

// raisedAt is how many new clusters a week the nights raise at a threshold.
func raisedAt(g float64, nights []NullNight, replicates int) float64 {
	raised := 0
	for _, n := range nights {
		for _, e := range n.Events {
			if e.Replicate < replicates && e.After < g && g <= e.G {
				raised++
			}
		}
	}
	if len(nights) == 0 {
		return 0
	}
	return rate(raised, nights, replicates)
}

// ruleAlone follows the nights of shuffled pasts by the rule.
func (f *finder) ruleAlone(ctx context.Context) (float64, error) {
	nights, raised := 0, 0
	known := make([]cluster.Incident, len(f.incidents))
	for i, in := range f.incidents {
		known[i] = *in
	}
	for replicate := range uint64(compared) {
		past := scales.Shuffled(known, f.o.Seed, replicate)
		cluster.SortIncidents(past)
		var previous []cluster.Spree
		for k := len(f.nights) - 1; k >= 0; k-- {
			asOf := f.night(k)
			known := knownOn(past, asOf)
			var found []cluster.Spree
			for _, p := range sortedProfiles(f.o.Profiles) {
				if f.o.Lookback > 0 {
					p.Lookback = f.o.Lookback
				}
				sprees, err := rule.Find(ctx, known, p, rule.Night{AsOf: asOf, Zone: f.o.Zone, Resolution: f.o.Resolution})
				if err != nil {
					return 0, err
				}
				found = append(found, sprees...)
			}
			for i := range found {
				found[i].First = asOf
			}
			sortSprees(found)
			sprees, dormant := Track(previous, found, cluster.DistinctOf(known, nil), asOf)
			if k < len(f.nights)-1 { // the first night finds what has been there for long
				nights++
				for _, s := range sprees {
					if s.Status == cluster.StatusNew {
						raised++
					}
				}
			}
			previous = slices.Concat(sprees, dormant)
		}
	}
	if nights == 0 {
		return 0, nil
	}
	return 7 * float64(raised) / float64(nights), nil
}

// knownOn returns the incidents that a night knew of and whose time is not long
// past.
func knownOn(incidents []cluster.Incident, asOf time.Time) []cluster.Incident {
	var known []cluster.Incident
	for _, in := range incidents {
		if !in.From.After(asOf) && !in.Reported.After(asOf) && asOf.Sub(in.From.Time()) <= scales.DefaultOptions().History {
			known = append(known, in)
		}
	}
	return known
}
