package patrol

import (
	"cmp"
	"math"
	"slices"

	"spreewatch/cluster"
	"spreewatch/cluster/risk"
	"spreewatch/geo"
)

// A slot is one strand's time in one duty.
type slot struct {
	*strand
	duty   duty
	band   cluster.Window
	visits int
}

// A pick is one area of one slot.
type pick struct {
	*slot
	area risk.Area
	risk risk.CellRisk // in the band
	over string        // offence of an area with more risk that this one's turn left out, "" for none
}

// perMinute is the number of incidents to expect a minute of patrol.
func (p pick) perMinute(o Options) float64 {
	return p.risk.Total() / (float64(p.visits) * o.Dwell.Minutes())
}

// candidates returns every area of the strands in the duty, in no order.
func candidates(strands []strand, d duty, o Options) []pick {
	var all []pick
	for i := range strands {
		s := &slot{strand: &strands[i], duty: d}
		if s.model.HourShare(d.window) < leastHourShare {
			continue
		}
		s.band = s.hours.band(d.window, o)
		s.visits = max(1, int(math.Round(float64(s.band.Duration())/float64(o.Every))))
		for k, r := range s.model.In(s.areas, s.band) {
			if r.Total() > 0 {
				all = append(all, pick{slot: s, area: s.areas[k], risk: r})
			}
		}
	}
	return all
}

// choose takes the areas of one duty, and sets over.
func choose(all []pick, o Options) []pick {
	slices.SortFunc(all, func(a, b pick) int {
		return cmp.Or(cmp.Compare(b.perMinute(o), a.perMinute(o)), cmp.Compare(a.area.Cell, b.area.Cell), cmp.Compare(a.profile.Offence, b.profile.Offence))
	})
	// Turns: a queue for each spree and one for all areas without, those of the
	// scan first, then in the order of their best area.
	var order []*cluster.Spree
	queues := make(map[*cluster.Spree][]pick)
	for _, p := range all {
		if queues[p.spree] == nil {
			order = append(order, p.spree)
		}
		queues[p.spree] = append(queues[p.spree], p)
	}
	slices.SortStableFunc(order, func(a, b *cluster.Spree) int { return cmp.Compare(ofScan(b), ofScan(a)) })
	chosen := takeTurns(order, queues, o)
	for i := range chosen {
		chosen[i].over = leftOut(all, chosen, i, o)
	}
	return chosen
}

// takeTurns takes the best area of each queue in turn.
func takeTurns(order []*cluster.Spree, queues map[*cluster.Spree][]pick, o Options) []pick {
	var chosen []pick
	for progress := true; progress; {
		progress = false
		for _, turn := range order {
			if len(chosen) == o.PerShift {
				return chosen
			}
			if k := bestNext(queues[turn], chosen, o); k >= 0 {
				chosen = append(chosen, queues[turn][k])
				progress = true
			}
		}
	}
	return chosen
}

// leftOut returns the offence of the area with most risk that could have had the
// place of chosen i but for the turns: it has more risk, belongs to another queue
// and lies Apart from the others chosen.
func leftOut(all, chosen []pick, i int, o Options) string {
	own := chosen[i]
	for _, p := range all {
		if p.perMinute(o) <= own.perMinute(o) {
			break // all is in order of risk
		}
		if p.spree != own.spree && p.area.Cell != own.area.Cell && !slices.ContainsFunc(chosen, func(c pick) bool {
			return c.area.Cell != own.area.Cell && (c.area.Cell == p.area.Cell || geo.Distance(c.area.Centre, p.area.Centre) < o.Apart)
		}) {
			return p.profile.Offence
		}
	}
	return ""
}

func ofScan(s *cluster.Spree) int {
	if s != nil && s.Statistic != nil {
		return 1
	}
	return 0
}

// bestNext returns the index of the area of the queue that adds most to those
// chosen, of equal ones the first, and -1 when every one is too close to them.
// What an area near chosen ones adds is less than its risk, for a patrol is felt
// beyond the edge of its area (diffusion of benefits: Clarke and Weisburd 1994):
// 1 − exp(−d/h) of it at the distance d, where h is half the distance over which
// the offence's risk decays.
func bestNext(queue, chosen []pick, o Options) int {
	best, most := -1, 0.0
	for k, p := range queue {
		adds := p.perMinute(o)
		if adds <= most {
			break // the queue is in order of risk, and no area adds more than its own
		}
		for _, c := range chosen {
			d := geo.Distance(c.area.Centre, p.area.Centre)
			if c.area.Cell == p.area.Cell || d < o.Apart {
				adds = 0
				break
			}
			adds *= 1 - math.Exp(-2*d/p.profile.DecayM)
		}
		if adds > most {
			best, most = k, adds
		}
	}
	return best
}
