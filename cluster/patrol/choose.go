package patrol

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

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

	expected map[geo.Cell]float64 // what it puts in each cell, where areas of the force's own are planned
}

// A lot is a piece of ground that can be suggested: a cell, or an area of the
// force's own.
type lot struct {
	area    risk.Area // of one of the force's own, its middle and the cell there
	name    string    // of one of the force's own
	outline orb.MultiPolygon
	cells   []geo.Cell // ascending
	claims  []claim    // on all of its cells, one a slot
	top     float64    // of its cell with the most in its band
}

// A pick is one lot of one slot.
type pick struct {
	*slot
	lot
	risk    float64 // of all offences in the band
	rate    float64 // of it a minute of patrol
	lead    float64 // the part of it that the slot's own strand puts in
	behind  []cluster.Incident
	sources []Source
	others  map[string]float64 // by offence but its own: the part of the risk that incidents make
	also    []pick             // the same place at the same hour, in a shift that overlaps
}

// perHour is the number of incidents to expect in an hour in the cell with most.
func (p pick) perHour() float64 { return p.top / p.band.Duration().Hours() }

// lots are the pieces of ground that something is to be expected in.
func lots(cells []claimed, o Options) []lot {
	if o.Areas == nil {
		out, own := make([]lot, len(cells)), make([]geo.Cell, len(cells))
		for i, c := range cells {
			own[i] = c.area.Cell
			out[i] = lot{area: c.area, cells: own[i : i+1], claims: c.claims, top: inBands(c.claims)}
		}
		return out
	}
	var out []lot
	for _, a := range o.Areas {
		l := lot{area: risk.Area{Cell: a.Middle, Centre: a.Centre, M2: a.M2}, name: a.Name, outline: a.Outline, cells: a.Cells}
		for _, cell := range a.Cells {
			i, ok := slices.BinarySearchFunc(cells, cell, func(c claimed, cell geo.Cell) int { return cmp.Compare(c.area.Cell, cell) })
			if !ok {
				continue
			}
			l.top = max(l.top, inBands(cells[i].claims))
			for _, c := range cells[i].claims {
				at := slices.IndexFunc(l.claims, func(have claim) bool { return have.slot == c.slot })
				if at < 0 {
					at = len(l.claims)
					l.claims = append(l.claims, claim{slot: c.slot})
				}
				l.claims[at].risk += c.risk
			}
		}
		if len(l.claims) > 0 {
			out = append(out, l)
		}
	}
	return out
}

// inBands is what the claims come to in their time bands.
func inBands(claims []claim) (sum float64) {
	for _, c := range claims {
		sum += c.risk * c.slot.inBand
	}
	return sum
}

// A candidate is one lot as it might be picked.
type candidate struct {
	*slot
	lot              *lot
	risk, rate, lead float64 // as of a pick
}

// pick is the candidate, picked.
func (c candidate) pick() pick {
	return pick{slot: c.slot, lot: *c.lot, risk: c.risk, rate: c.rate, lead: c.lead}
}

// candidates returns every area of the duty, the most risk a minute first. An area
// is its spree's where what the spree adds is at least half of the risk there, and
// else the offence's that puts in the most.
func candidates(cells []claimed, o Options) []candidate {
	lots := lots(cells, o)
	all := make([]candidate, 0, len(lots))
	for i := range lots {
		l := &lots[i]
		lead, total := l.claims[0], 0.0
		for _, c := range l.claims {
			total += c.risk
			if c.risk > lead.risk {
				lead = c
			}
		}
		for _, c := range l.claims {
			if c.slot.spree != nil && c.risk >= total/2 {
				lead = c
			}
		}
		if lead.slot.spree != nil && lead.risk < total/2 {
			lead = mostOf(l.claims, lead)
		}
		if c := (candidate{slot: lead.slot, lot: l, lead: lead.risk / total, risk: inBands(l.claims)}); c.risk > 0 {
			c.rate = c.risk / (float64(c.visits) * o.Dwell.Minutes())
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b candidate) int {
		if a.rate != b.rate {
			return cmp.Compare(b.rate, a.rate)
		}
		return cmp.Or(cmp.Compare(a.lot.area.Cell, b.lot.area.Cell), cmp.Compare(a.lot.name, b.lot.name))
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
// Apart from them, and of which no old incident alone is the reason. One that an
// earlier duty has at the same hour joins that one.
func choose(g *ground, all []candidate, earlier []pick, o Options) []pick {
	var chosen []pick
	refused := make(map[int]bool)
	for len(chosen) < o.PerShift {
		k := bestNext(all, chosen, refused, o)
		if k < 0 {
			break
		}
		p := all[k].pick()
		refused[k] = true
		if g.behind(&p, o) {
			continue
		}
		same := slices.IndexFunc(earlier, func(e pick) bool { return e.samePlaceAndHour(p) })
		if same < 0 {
			chosen = append(chosen, p)
		} else {
			earlier[same].also = append(earlier[same].also, p)
		}
	}
	return chosen
}

func (p pick) samePlaceAndHour(q pick) bool {
	return p.area.Cell == q.area.Cell && p.name == q.name && p.band.Start.Before(q.band.End) && q.band.Start.Before(p.band.End)
}

// bestNext returns the index of the area that adds most to those chosen, of equal
// ones the first, and -1 when every one is refused or too close to them. What an
// area near chosen ones adds is less than its risk, for a patrol is felt beyond the
// edge of its area (diffusion of benefits: Clarke and Weisburd 1994): 1 − exp(−d/h)
// of it at the distance d, where h is half the distance over which the offence's
// risk decays.
func bestNext(all []candidate, chosen []pick, refused map[int]bool, o Options) int {
	best, most := -1, 0.0
	for k := range all {
		p := &all[k]
		adds := p.rate
		if adds <= most {
			break // in order of risk, and no area adds more than its own
		}
		if refused[k] {
			continue
		}
		for _, c := range chosen {
			d := geo.Distance(c.area.Centre, p.lot.area.Centre)
			if d < o.Apart && o.Areas == nil { // those of the force's own are apart as it laid them out
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
