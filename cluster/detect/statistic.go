package detect

import (
	"cmp"
	"math"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/scan"
	"spreewatch/geo"
)

// A permutation test shuffles times over places, so it needs times and places
// enough that a shuffle differs from what was seen. Under thinIncidents, or
// under thinDays or thinWindows times the longest window, none is run.
const (
	thinIncidents = 30
	thinDays      = 14
	thinWindows   = 4
)

// thin says why the incidents are too few for a permutation test with windows of
// the length; ok is false when they are not.
func thin(incidents []cluster.Incident, asOf time.Time, window time.Duration) (why Note, ok bool) {
	const day = 24 * time.Hour
	span := time.Duration(0)
	for _, in := range incidents {
		span = max(span, asOf.Sub(in.From))
	}
	least := max(thinDays*day, thinWindows*window)
	if len(incidents) >= thinIncidents && span >= least {
		return Note{}, false
	}
	return Note{Kind: NoteThin, N: len(incidents), Days: wholeDays(span), Least: thinIncidents, LeastDays: wholeDays(least)}, true
}

// stepsInWindow and cellsInRadius are how fine a scan has to be: the ends of its
// longest window are known to 2 % of that, the edge of its widest circle to 10 %.
// Finer steps and cells cost a county's scan over all offences minutes a night
// and tell apart windows and circles that hold nearly the same incidents. What
// they could find besides is a burst far smaller than the scan is there for.
const (
	stepsInWindow = 28 // a quarter of a day in a week
	cellsInRadius = 5  // 0.9 km in 5 km
)

// scanStep returns the time step of a scan with windows up to the length: the
// analysis's own, or a whole part of a day so long that at most stepsInWindow
// make up the window, and never over a day.
func scanStep(own, window time.Duration) time.Duration {
	if window <= stepsInWindow*own {
		return own
	}
	for _, parts := range []time.Duration{1440, 720, 288, 144, 96, 72, 48, 24, 12, 8, 6, 4, 3, 2} {
		if step := 24 * time.Hour / parts; step >= own && window <= stepsInWindow*step {
			return step
		}
	}
	return 24 * time.Hour
}

// scanResolution returns the H3 resolution of a scan with circles up to the
// radius: the analysis's own, or a coarser one as long as the middles of its
// cells are on average no more than a cellsInRadius-th of the radius apart.
func scanResolution(own int, radiusM float64) int {
	r := own
	for r > 0 {
		cells := 2 + 120*math.Pow(7, float64(r-1)) // on the whole Earth
		area := 4 * math.Pi * geo.EarthRadius * geo.EarthRadius / cells
		if math.Sqrt(2*area/math.Sqrt(3)) > radiusM/cellsInRadius {
			break
		}
		r--
	}
	return r
}

// scanSprees runs the permutation scan over the incidents, in circles of the
// profile's RadiusM, windows of its Window and at least its MinIncidents, and
// returns the sprees with p at most MaxP, best first. An incident whose own
// radius is wider than the profile's is left out, as by the rule. None runs past
// AsOf; byID holds them by ID. A spree's Incidents are those with at least half of their interval in its window.
//
// Replicates are drawn until so many have reached the best spree that its p would
// be over MaxP after all of them. On most nights that is after a tenth, and it
// changes no answer: what is returned has the p of the whole test.
func scanSprees(incidents []cluster.Incident, byID map[string]cluster.Incident, p cluster.Profile, o Options) ([]cluster.Spree, error) {
	s := scan.DefaultOptions()
	s.Step = scanStep(o.Step, p.Window)
	s.Zone = o.Zone
	s.To = stepEnd(o.AsOf, s.Step, o.Zone)
	s.MaxRadiusM = p.RadiusM
	s.MaxWindow = max(p.Window, s.Step)
	s.Lookback = p.Lookback + s.To.Sub(o.AsOf)
	s.MinCases = p.MinIncidents
	s.Locations, s.Resolution = scan.Cells, scanResolution(o.Resolution, p.RadiusM)
	s.Replicates, s.Seed = o.Replicates, o.Seed
	s.PMethod, s.StopAfter = scan.Sequential, int(math.Ceil(o.MaxP*float64(o.Replicates+1)))
	cases := make([]scan.Case, 0, len(incidents))
	for i := range incidents {
		if in := &incidents[i]; in.RadiusM <= p.RadiusM {
			cases = append(cases, scan.Case{ID: in.ID, Point: in.Point, From: in.From, To: in.To})
		}
	}
	result, err := scan.Run(cases, s)
	if err != nil {
		return nil, err
	}
	var sprees []cluster.Spree
	for _, found := range result.Sprees {
		if !(found.P <= o.MaxP) {
			continue
		}
		found.PMethod = scan.MonteCarlo // with p at most MaxP, no draw was spared
		spree, err := spreeOfScan(found, byID, p, o)
		if err != nil {
			return nil, err
		}
		sprees = append(sprees, spree)
	}
	return sprees, nil
}

// stepEnd returns the end of the time step that asOf lies in. Steps under a day
// are counted from midnight UTC, a day's from local midnight.
func stepEnd(asOf time.Time, step time.Duration, zone *time.Location) time.Time {
	if step < 24*time.Hour {
		return asOf.Truncate(step).Add(step)
	}
	if zone == nil {
		zone = time.UTC
	}
	y, m, d := asOf.In(zone).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, zone).UTC()
}

func spreeOfScan(found scan.Spree, byID map[string]cluster.Incident, p cluster.Profile, o Options) (cluster.Spree, error) {
	window := cluster.Window{Start: found.From, End: found.To}
	var members, touched []cluster.Incident
	for _, id := range found.Cases {
		in := byID[id]
		touched = append(touched, in)
		if cluster.ShareOf(in.Interval(), window) >= 0.5 {
			members = append(members, in)
		}
	}
	if len(members) == 0 {
		members = touched // all so uncertain that none is likely inside, and yet together they are too many
	}
	s, err := cluster.NewSpree(members, p.Offence, o.Resolution)
	if err != nil {
		return cluster.Spree{}, err
	}
	s.Method = cluster.MethodScan
	s.Observed = found.Observed
	s.Statistic = &cluster.Statistic{
		Expected: found.Expected, LLR: found.LLR, P: found.P, PMethod: string(found.PMethod),
		Recurrence: daysLong(found.Recurrence),
	}
	for _, in := range members {
		s.Confidence += in.Confidence * cluster.ShareOf(in.Interval(), window) * (1 - in.RadiusM/(2*p.RadiusM))
	}
	s.Confidence /= float64(len(members))
	s.Window = certainWindow(members, window, s.Window)
	return s, nil
}

// certainWindow runs from the first to the last of the events that lie within
// the window; where none does it is the other.
func certainWindow(members []cluster.Incident, window, other cluster.Window) cluster.Window {
	var w cluster.Window
	found := false
	for _, in := range members {
		event := in.Interval()
		if cluster.ShareOf(event, window) < 1 {
			continue
		}
		if !found || event.Start.Before(w.Start) {
			w.Start = event.Start
		}
		if !found || event.End.After(w.End) {
			w.End = event.End
		}
		found = true
	}
	if !found {
		return other
	}
	return w
}

// daysLong returns the days as a Duration, the longest there is (292 years) for
// more.
func daysLong(days float64) time.Duration {
	ns := days * 24 * float64(time.Hour)
	if !(ns < math.MaxInt64) {
		return math.MaxInt64
	}
	return time.Duration(ns)
}

// sortSprees sorts the sprees that the scan found first, the least likely by
// chance first; then those of the rule, most incidents first.
func sortSprees(sprees []cluster.Spree) {
	strength := func(s cluster.Spree) (p, llr float64) {
		if s.Statistic == nil {
			return 2, 0
		}
		return s.Statistic.P, s.Statistic.LLR
	}
	slices.SortFunc(sprees, func(a, b cluster.Spree) int {
		aP, aLLR := strength(a)
		bP, bLLR := strength(b)
		return cmp.Or(
			cmp.Compare(aP, bP),
			cmp.Compare(bLLR, aLLR),
			cmp.Compare(len(b.Incidents), len(a.Incidents)),
			cmp.Compare(b.Observed, a.Observed),
			a.Window.Start.Compare(b.Window.Start),
			cmp.Compare(a.ID, b.ID),
		)
	})
}
