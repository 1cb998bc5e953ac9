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
	inBand float64 // of its risk in the duty, the part in the band
}

// A pick is one area of one slot.
type pick struct {
	*slot
	area   risk.Area
	risk   float64 // of all offences in the band
	lead   float64 // the part of it that the slot's own strand puts in
	behind []cluster.Incident
}

// perMinute is the number of incidents to expect a minute of patrol.
func (p pick) perMinute(o Options) float64 {
	return p.risk / (float64(p.visits) * o.Dwell.Minutes())
}

// perHour is the number of incidents to expect in an hour.
func (p pick) perHour() float64 { return p.risk / p.band.Duration().Hours() }

// candidates returns every area of the duty, the most risk a minute first. An area
// is its spree's where what the spree adds is at least half of the risk there, and
// else the offence's that puts in the most.
func candidates(byCell map[geo.Cell][]claim, o Options) []pick {
	var all []pick
	for cell, claims := range byCell {
		lead, total := claims[0], 0.0
		for _, c := range claims {
			total += c.risk
			if c.risk > lead.risk {
				lead = c
			}
		}
		for _, c := range claims {
			if c.slot.spree != nil && c.risk >= total/2 {
				lead = c
			}
		}
		if lead.slot.spree != nil && lead.risk < total/2 {
			lead = mostOf(claims, lead)
		}
		p := pick{slot: lead.slot, lead: lead.risk / total}
		for _, c := range claims {
			p.risk += c.risk * c.slot.inBand
		}
		p.area = risk.Areas([]geo.Cell{cell})[0]
		if p.risk > 0 {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b pick) int {
		return cmp.Or(cmp.Compare(b.perMinute(o), a.perMinute(o)), cmp.Compare(a.area.Cell, b.area.Cell))
	})
	return all
}

// mostOf returns the claim of no spree that is highest, or else the one given.
func mostOf(claims []claim, or claim) claim {
	best := -1
	for i, c := range claims {
		if c.slot.spree == nil && (best < 0 || c.risk > claims[best].risk) {
			best = i
		}
	}
	if best < 0 {
		return or
	}
	return claims[best]
}

// choose takes the areas of one duty that add most to those chosen before, lie
// Apart from them, and of which no old incident alone is the reason.
func choose(g *ground, all []pick, o Options) []pick {
	var chosen []pick
	refused := make(map[geo.Cell]bool)
	for len(chosen) < o.PerShift {
		k := bestNext(all, chosen, refused, o)
		if k < 0 {
			break
		}
		p := all[k]
		refused[p.area.Cell] = true
		if !g.behind(&p, o) {
			chosen = append(chosen, p)
		}
	}
	return chosen
}

// bestNext returns the index of the area that adds most to those chosen, of equal
// ones the first, and -1 when every one is refused or too close to them. What an
// area near chosen ones adds is less than its risk, for a patrol is felt beyond the
// edge of its area (diffusion of benefits: Clarke and Weisburd 1994): 1 − exp(−d/h)
// of it at the distance d, where h is half the distance over which the offence's
// risk decays.
func bestNext(all, chosen []pick, refused map[geo.Cell]bool, o Options) int {
	best, most := -1, 0.0
	for k, p := range all {
		adds := p.perMinute(o)
		if adds <= most {
			break // in order of risk, and no area adds more than its own
		}
		if refused[p.area.Cell] {
			continue
		}
		for _, c := range chosen {
			d := geo.Distance(c.area.Centre, p.area.Centre)
			if d < o.Apart {
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
