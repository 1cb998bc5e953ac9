package detect

import (
	"slices"
	"time"

	"spreewatch/cluster"
)

// merge makes one list of the sprees that the rule and the scan found for one
// offence. They are the same spree when they share more than half of the
// incidents of the smaller: it then holds the incidents of both, is of
// MethodScan, and keeps the scan's Observed and Statistic, which are of the
// scan's own circle and window. What else the scan found stands by itself, less
// the incidents that a better spree holds; when that leaves fewer than the
// profile's minimum, its Statistic goes to the spree that holds most of the
// others, unless that has one.
func merge(rule, scanned []cluster.Spree, byID map[string]cluster.Incident, p cluster.Profile, resolution int) ([]cluster.Spree, error) {
	sprees := slices.Clone(rule)
	for _, s := range scanned {
		best, most := -1, 0
		for i := range sprees {
			if n := shared(sprees[i].Incidents, s.Incidents); n > most {
				best, most = i, n
			}
		}
		free := freeIncidents(s, sprees)
		same := best >= 0 && 2*most > min(len(s.Incidents), len(sprees[best].Incidents))
		switch {
		case best < 0:
			sprees = append(sprees, s)
		case same && sprees[best].Statistic == nil:
			joined, err := join(sprees[best], s, free, byID, resolution)
			if err != nil {
				return nil, err
			}
			sprees[best] = joined
		case len(free) >= p.MinIncidents:
			left, err := redraw(s, free, byID, resolution)
			if err != nil {
				return nil, err
			}
			sprees = append(sprees, left)
		case sprees[best].Statistic == nil:
			joined, err := join(sprees[best], s, free, byID, resolution)
			if err != nil {
				return nil, err
			}
			sprees[best] = joined
		}
	}
	return sprees, nil
}

// freeIncidents returns the incidents of s that are in none of the sprees.
func freeIncidents(s cluster.Spree, sprees []cluster.Spree) []string {
	return slices.DeleteFunc(slices.Clone(s.Incidents), func(id string) bool {
		return slices.ContainsFunc(sprees, func(o cluster.Spree) bool {
			_, ok := slices.BinarySearch(o.Incidents, id)
			return ok
		})
	})
}

// join adds to a rule's spree the free incidents of the scan's, and its
// statistic.
func join(rule, scanned cluster.Spree, free []string, byID map[string]cluster.Incident, resolution int) (cluster.Spree, error) {
	n := float64(len(rule.Incidents))
	joined, err := redraw(scanned, append(slices.Clone(rule.Incidents), free...), byID, resolution)
	if err != nil {
		return cluster.Spree{}, err
	}
	joined.Window = cluster.Window{Start: earlier(rule.Window.Start, scanned.Window.Start), End: later(rule.Window.End, scanned.Window.End)}
	extra := float64(len(free))
	joined.Confidence = (rule.Confidence*n + scanned.Confidence*extra) / (n + extra)
	return joined, nil
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// redraw draws the spree again over other incidents.
func redraw(s cluster.Spree, ids []string, byID map[string]cluster.Incident, resolution int) (cluster.Spree, error) {
	var members []cluster.Incident
	for _, id := range ids {
		members = append(members, byID[id])
	}
	drawn, err := cluster.NewSpree(members, s.Offence, resolution)
	if err != nil {
		return cluster.Spree{}, err
	}
	drawn.Method, drawn.Observed, drawn.Statistic, drawn.Confidence = s.Method, s.Observed, s.Statistic, s.Confidence
	drawn.Window = certainWindow(members, s.Window, drawn.Window)
	return drawn, nil
}

// ownSprees returns the sprees of the scan over all offences that say something
// the offences' own do not: those with incidents of two offences or more, or of
// an offence without a profile, of which no single one of the offences' sprees
// holds more than half.
func ownSprees(all, sprees []cluster.Spree, byID map[string]cluster.Incident, known map[string]bool) []cluster.Spree {
	return slices.DeleteFunc(slices.Clone(all), func(s cluster.Spree) bool {
		offences := make(map[string]bool)
		for _, id := range s.Incidents {
			offences[byID[id].Offence] = true
		}
		if len(offences) == 1 && known[byID[s.Incidents[0]].Offence] {
			return true
		}
		return slices.ContainsFunc(sprees, func(o cluster.Spree) bool { return 2*shared(s.Incidents, o.Incidents) > len(s.Incidents) })
	})
}
