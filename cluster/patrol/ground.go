package patrol

import (
	"cmp"
	"math"
	"runtime"
	"slices"
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
}

// Learn fits the risk on what the incidents up to the moment of planning teach. A
// plan with the same incidents, shifts and zone can use it until it is old.
func Learn(incidents []cluster.Incident, o Options) (*risk.Fit, error) {
	g, err := newGround(cluster.DistinctOf(incidents, nil), nil, o)
	if err != nil {
		return nil, err
	}
	return g.learner.Fit(o.AsOf), nil
}

// newGround lays out the incidents of the profiles that no live spree holds: an
// incident counts once, in its spree or in the mixture.
func newGround(incidents []*cluster.Incident, sprees []cluster.Spree, o Options) (*ground, error) {
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
	own := make([]*cluster.Incident, 0, len(incidents))
	for _, in := range incidents {
		if named[in.Offence] && !inSpree[in.ID] && !in.From.After(o.AsOf) {
			own = append(own, in)
		}
	}
	study, err := risk.NewStudy(own, o.Resolution, o.CellBook)
	if err != nil {
		return nil, err
	}
	clock := risk.NewClock(study, o.Zone)
	hours := HoursOf(o.Shifts)
	clock.Prepare(o.AsOf, hours)
	g := layGround(risk.NewLearner(study, clock, hours...), clock)
	g.fit = o.Fit
	return g, nil
}

// layGround lays out what the learner's study holds, of which the clock is too.
func layGround(l *risk.Learner, c *risk.Clock) *ground {
	return &ground{study: l.Study(), learner: l, clock: c, cells: indexOf(l.Study().Cells)}
}

func indexOf(cells []geo.Cell) map[geo.Cell]int {
	index := make(map[geo.Cell]int, len(cells))
	for i, c := range cells {
		index[c] = i
	}
	return index
}

// area returns the cell, measured.
func (g *ground) area(c geo.Cell) risk.Area {
	if i, ok := g.cells[c]; ok {
		return g.study.Area(i)
	}
	return risk.Areas([]geo.Cell{c})[0] // beside a spree
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

// A claimed cell is one that something is to be expected in.
type claimed struct {
	area   risk.Area
	claims []claim // in the order of the strands
}

// claims returns by cell what each strand puts in it in the duty: the learnt
// mixture of its offence, or what its spree adds to it. A strand in whose hours the
// duty holds under 5 % of a day's risk puts in nothing.
func (g *ground) claims(strands []strand, d duty, o Options) []claimed {
	var slots []*slot
	for i := range strands {
		if strands[i].model.HourShare(d.window) >= LeastHourShare {
			slots = append(slots, &slot{strand: &strands[i], duty: d, expected: map[geo.Cell]float64{}})
		}
	}
	expected := make([][]float64, len(slots)) // by cell of the study, or by area of the spree
	geo.Each(runtime.GOMAXPROCS(0), len(slots), func(_, i int) {
		s := slots[i]
		s.band = s.hours.band(d.window, o)
		s.visits = max(1, int(math.Round(float64(s.band.Duration())/float64(o.Every))))
		s.inBand = g.bandShare(s, o)
		if s.spree == nil {
			expected[i] = g.learner.ExpectedIn(g.fit, g.clock, s.profile.Offence, o.AsOf, d.hours, d.window)
		} else {
			expected[i] = s.model.In(s.areas, d.window)
		}
	})
	if o.Areas != nil {
		for i, s := range slots {
			for k, x := range expected[i] {
				if x > 0 {
					s.expected[g.cellOf(s, k)] = x
				}
			}
		}
	}
	return g.byCell(slots, expected)
}

// cellOf is the k-th cell that the slot puts something in.
func (g *ground) cellOf(s *slot, k int) geo.Cell {
	if s.spree == nil {
		return g.study.Cells[k]
	}
	return s.areas[k].Cell
}

// byCell sorts what the slots put in by cell.
func (g *ground) byCell(slots []*slot, expected [][]float64) []claimed {
	cells, index := g.study.Cells, g.cells
	var beside []geo.Cell // those that only sprees reach
	for _, s := range slots {
		if s.spree == nil {
			continue
		}
		for _, a := range s.areas {
			if _, ok := g.cells[a.Cell]; !ok {
				beside = append(beside, a.Cell)
			}
		}
	}
	if len(beside) > 0 {
		cells = geo.SortCells(slices.Concat(cells, beside))
		index = indexOf(cells)
	}
	at := func(s *slot, k int) int {
		if s.spree == nil && len(beside) == 0 {
			return k
		}
		return index[g.cellOf(s, k)]
	}
	first := make([]int32, len(cells)+1) // the claims of cell i are all[first[i]:first[i+1]]
	for i, s := range slots {
		for k, x := range expected[i] {
			if x > 0 {
				first[at(s, k)+1]++
			}
		}
	}
	found := 0
	for i := range cells {
		if first[i+1] > 0 {
			found++
		}
		first[i+1] += first[i]
	}
	all, next := make([]claim, first[len(cells)]), slices.Clone(first)
	for i, s := range slots {
		for k, x := range expected[i] {
			if x > 0 {
				c := at(s, k)
				all[next[c]] = claim{s, x}
				next[c]++
			}
		}
	}
	out := make([]claimed, 0, found)
	for i, c := range cells {
		if claims := all[first[i]:first[i+1]]; len(claims) > 0 {
			out = append(out, claimed{g.area(c), claims})
		}
	}
	return out
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

// mostCells is how many cells of an area, those with most of the risk, are asked for
// the incidents that make it.
const mostCells = 12

// behind sets the incidents that make the pick's risk, and reports whether one of
// over four weeks ago carries more than half of what incidents make of it: what is
// left rests on no incident at all.
func (g *ground) behind(p *pick, o Options) (stale bool) {
	if p.spree != nil {
		for _, in := range p.weighed {
			p.behind = append(p.behind, *in)
		}
		return false
	}
	sources, carried := g.lenders(claim{slot: p.slot, risk: 1}, p.lot, o)
	held := 0.0
	for _, s := range firstOf(sources, mostNamed) {
		if s.share/carried*p.lead > .5 && o.AsOf.Sub(s.incident.To.Time()) > oldAfter {
			return true
		}
		if held < evidenceShare {
			p.behind = append(p.behind, *s.incident)
		}
		held += s.share
	}
	cluster.SortIncidents(p.behind)
	return len(p.behind) == 0
}

// leastPart is the part of an area's risk under which an offence is not asked for its
// incidents.
const leastPart = .05

// leastSource is the part of an area's risk under which an incident is not named, few as
// those are that reach it beside the hundreds that do not.
const leastSource = .001

// explain sets what the pick's risk is made of, over all that put a part in.
func (g *ground) explain(p *pick, o Options) {
	p.others = map[string]float64{}
	for _, c := range p.claims {
		part := c.risk * c.slot.inBand / p.risk
		if part < leastPart {
			continue
		}
		sources, _ := g.lenders(claim{c.slot, part}, p.lot, o)
		own := c.slot.profile.Offence == p.profile.Offence
		for _, s := range sources {
			if !own {
				p.others[c.slot.profile.Offence] += s.share
			}
			if s.share < leastSource {
				continue
			}
			source := Source{ID: s.incident.ID, Offence: c.slot.profile.Offence, Share: s.share}
			if c.slot.spree != nil {
				source.SpreeID = c.slot.spree.ID
			}
			p.sources = append(p.sources, source)
		}
	}
	slices.SortFunc(p.sources, compareSources)
}

func compareSources(a, b Source) int {
	if a.Share != b.Share {
		return cmp.Compare(b.Share, a.Share)
	}
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.SpreeID, b.SpreeID))
}

// A lender is an incident and what it lends to a claim.
type lender struct {
	incident *cluster.Incident
	share    float64
}

// lenders shares out a claim on the lot among the incidents that it comes from, those
// that lend most, and says what all lend together. What rests on no incident is missing
// from the sum.
func (g *ground) lenders(c claim, l lot, o Options) (most []lender, all float64) {
	weights := g.weights(c.slot, l)
	var at map[*cluster.Incident]int // in most; of one cell each incident is asked for once
	if len(weights) > 1 {
		at = make(map[*cluster.Incident]int)
	}
	for _, w := range weights {
		sources, sum := g.sourcesAt(c.slot, w.cell, o)
		most = slices.Grow(most, len(sources))
		for _, s := range sources {
			x := c.risk * w.share * s.Weight
			if n, ok := at[s.Incident]; ok {
				most[n].share += x
				continue
			}
			if at != nil {
				at[s.Incident] = len(most)
			}
			most = append(most, lender{s.Incident, x})
		}
		all += c.risk * w.share * sum
	}
	return most, all
}

// compareLenders puts the one that lends more first.
func compareLenders(a, b lender) int {
	if a.share != b.share {
		return cmp.Compare(b.share, a.share)
	}
	return cmp.Compare(a.incident.ID, b.incident.ID)
}

// firstOf returns the n that lend most, the most first.
func firstOf(all []lender, n int) []lender {
	first := make([]lender, 0, n+1)
	for _, l := range all {
		if len(first) == n && compareLenders(first[n-1], l) < 0 {
			continue
		}
		at, _ := slices.BinarySearchFunc(first, l, compareLenders)
		first = slices.Insert(first, at, l)
		first = first[:min(len(first), n)]
	}
	return first
}

// A weight is the share of a claim that a cell holds.
type weight struct {
	cell  geo.Cell
	share float64
}

// weights are the cells of the lot that hold most of what the slot puts in it, with
// their shares of that.
func (g *ground) weights(s *slot, l lot) []weight {
	if len(l.cells) == 1 {
		return []weight{{l.cells[0], 1}}
	}
	var out []weight
	sum := 0.0
	for _, cell := range l.cells {
		if x := s.expected[cell]; x > 0 {
			out = append(out, weight{cell, x})
		}
	}
	slices.SortFunc(out, func(a, b weight) int { return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.cell, b.cell)) })
	out = out[:min(len(out), mostCells)]
	for _, w := range out {
		sum += w.share
	}
	for i := range out {
		out[i].share /= sum
	}
	return out
}

// sourcesAt are the incidents that lend most to what the slot puts in the cell, their
// weights shares of it, and the share that all lend.
func (g *ground) sourcesAt(s *slot, cell geo.Cell, o Options) (most []risk.Source, all float64) {
	if s.spree != nil {
		out := s.model.Sources(risk.Areas([]geo.Cell{cell})[0])
		sum := 0.0
		for _, x := range out {
			sum += x.Weight
		}
		for i := range out {
			out[i].Weight /= sum
		}
		return out, 1
	}
	i, ok := g.cells[cell]
	if !ok {
		return nil, 0
	}
	return g.learner.Behind(g.fit, g.clock, s.profile.Offence, o.AsOf, s.duty.hours, i)
}
