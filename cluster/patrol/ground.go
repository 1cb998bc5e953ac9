package patrol

import (
	"math"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/risk"
	"spreewatch/geo"
)

// A ground is the risk of every cell, as one moment knows it.
type ground struct {
	study   *risk.Study
	learner *risk.Learner
	clock   *risk.Clock
	fit     *risk.Fit
	cells   map[geo.Cell]int
	known   map[string]cluster.Incident
}

// Learn fits the risk on what the incidents up to the moment of planning teach. A
// plan with the same incidents, shifts and zone can use it until it is old.
func Learn(incidents []cluster.Incident, o Options) (*risk.Fit, error) {
	g, err := newGround(cluster.Distinct(incidents), nil, o)
	if err != nil {
		return nil, err
	}
	hours := HoursOf(o.Shifts)
	fit := g.learner.Fit(o.AsOf)
	g.learner.FitShifts(fit, g.clock, hours)
	g.learner.Thresholds(fit, g.clock, hours)
	return fit, nil
}

// newGround lays out the incidents of the profiles that no live spree holds: an
// incident counts once, in its spree or in the mixture.
func newGround(incidents []cluster.Incident, sprees []cluster.Spree, o Options) (*ground, error) {
	named, inSpree := make(map[string]bool), make(map[string]bool)
	for _, p := range o.Profiles {
		named[p.Offence] = true
	}
	for _, s := range sprees {
		if s.Status != cluster.StatusEnded {
			for _, id := range s.Incidents {
				inSpree[id] = true
			}
		}
	}
	var own []cluster.Incident
	for _, in := range incidents {
		if named[in.Offence] && !inSpree[in.ID] && !in.From.After(o.AsOf) {
			own = append(own, in)
		}
	}
	study, err := risk.NewStudy(own, o.Resolution)
	if err != nil {
		return nil, err
	}
	g := layGround(own, risk.NewLearner(study), risk.NewClock(study, o.Zone))
	g.fit = o.Fit
	return g, nil
}

// layGround lays out the incidents, of which the learner's study and the clock are.
func layGround(own []cluster.Incident, l *risk.Learner, c *risk.Clock) *ground {
	g := &ground{study: l.Study(), learner: l, clock: c, cells: make(map[geo.Cell]int), known: make(map[string]cluster.Incident, len(own))}
	for _, in := range own {
		g.known[in.ID] = in
	}
	for i, c := range g.study.Cells {
		g.cells[c] = i
	}
	return g
}

// HoursOf are the shifts' hours by the local clock.
func HoursOf(shifts []Shift) []risk.Hours {
	hours := make([]risk.Hours, len(shifts))
	for i, s := range shifts {
		hours[i] = s.hours()
	}
	return hours
}

// hours are the shift's minutes of the local day.
func (s Shift) hours() risk.Hours {
	minute := func(clock string) int {
		t, _ := time.Parse("15:04", clock)
		return t.Hour()*60 + t.Minute()
	}
	return risk.Hours{Name: s.Name, From: minute(s.Start), To: minute(s.End)}
}

// A claim is what one strand puts in a cell.
type claim struct {
	slot *slot
	risk float64 // in the whole of the duty
}

// claims returns what each strand puts in each cell in the duty: the learnt
// mixture of its offence, or what its spree adds to it. A strand in whose hours the
// duty holds under 5 % of a day's risk puts in nothing.
func (g *ground) claims(strands []strand, d duty, o Options) map[geo.Cell][]claim {
	claims := make(map[geo.Cell][]claim)
	for i := range strands {
		s := &slot{strand: &strands[i], duty: d}
		if s.model.HourShare(d.window) < leastHourShare {
			continue
		}
		s.band = s.hours.band(d.window, o)
		s.visits = max(1, int(math.Round(float64(s.band.Duration())/float64(o.Every))))
		s.inBand = g.bandShare(s, o)
		if s.spree == nil {
			for i, x := range g.learner.ExpectedIn(g.fit, g.clock, s.profile.Offence, o.AsOf, d.hours, d.window) {
				if x > 0 {
					claims[g.study.Cells[i]] = append(claims[g.study.Cells[i]], claim{s, x})
				}
			}
			continue
		}
		for k, r := range s.model.In(s.areas, d.window) {
			if r.NearRepeat > 0 {
				claims[s.areas[k].Cell] = append(claims[s.areas[k].Cell], claim{s, r.NearRepeat})
			}
		}
	}
	return claims
}

// bandShare is the part of the strand's risk in the duty that falls in its band.
func (g *ground) bandShare(s *slot, o Options) float64 {
	if s.spree != nil {
		return s.model.HourShare(s.band) / s.model.HourShare(s.duty.window)
	}
	all := g.clock.Share(s.profile.Offence, o.AsOf, s.duty.window)
	if all <= 0 {
		return float64(s.band.Duration()) / float64(s.duty.window.Duration())
	}
	return g.clock.Share(s.profile.Offence, o.AsOf, s.band) / all
}

// oldAfter is how old an incident is that may not carry a suggestion alone.
const oldAfter = 28 * 24 * time.Hour

// evidenceShare is the part of the risk that the incidents named behind an area
// make up, of which mostNamed are named at most.
const (
	evidenceShare = .8
	mostNamed     = 20
)

// behind sets the incidents that make the pick's risk, and reports whether one of
// over four weeks ago carries more than half of what incidents make of it: what is
// left rests on no incident at all.
func (g *ground) behind(p *pick, o Options) (stale bool) {
	if p.spree != nil {
		p.behind = p.weighed
		return false
	}
	i, ok := g.cells[p.area.Cell]
	if !ok {
		return true
	}
	sources := g.learner.Behind(g.fit, g.clock, p.profile.Offence, o.AsOf, p.duty.hours, i)
	held, carried := 0.0, 0.0
	for _, s := range sources {
		carried += s.Weight
	}
	for _, s := range sources {
		in := g.known[s.ID]
		if s.Weight/carried*p.lead > .5 && o.AsOf.Sub(in.To) > oldAfter {
			return true
		}
		if held < evidenceShare && len(p.behind) < mostNamed {
			p.behind = append(p.behind, in)
		}
		held += s.Weight
	}
	cluster.SortIncidents(p.behind)
	return len(p.behind) == 0
}
