package patrol

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// Options are the settings of a plan.
type Options struct {
	AsOf        time.Time      // the moment of planning; nothing after it is looked at
	Zone        *time.Location // of shifts and of every clock time in words; nil is UTC
	Profiles    []cluster.Profile
	Shifts      []Shift
	ShiftsAhead int           // how many coming shifts to plan, 1 to 42
	PerShift    int           // areas a shift at most
	Resolution  int           // H3; an area is one cell
	Apart       float64       // least distance between the middles of two areas of a shift, metres
	Dwell       time.Duration // per visit; Koper 1995: 10 to 16 minutes
	Every       time.Duration // one visit in each such part of the band
	Band        time.Duration // longest time band
}

// DefaultOptions returns the settings of a nightly run, without profiles, zone
// and as-of time.
func DefaultOptions() Options {
	return Options{Shifts: DefaultShifts(), ShiftsAhead: 3, PerShift: 5, Resolution: 9, Apart: 500,
		Dwell: 15 * time.Minute, Every: time.Hour, Band: 3 * time.Hour}
}

// Validate refuses settings that mean nothing.
func (o Options) Validate() error {
	switch {
	case o.AsOf.IsZero():
		return fmt.Errorf("plan: no as-of time")
	case len(o.Shifts) == 0:
		return fmt.Errorf("plan: no shifts")
	case o.ShiftsAhead < 1 || o.ShiftsAhead > 42:
		return fmt.Errorf("plan: shifts ahead must be 1 to 42")
	case o.PerShift < 1:
		return fmt.Errorf("plan: at least one area a shift")
	case o.Resolution < 5 || o.Resolution > 12:
		return fmt.Errorf("plan: resolution must be 5 to 12")
	case !(o.Apart >= 0):
		return fmt.Errorf("plan: the distance between areas must not be negative")
	case o.Dwell < time.Minute || o.Dwell > 8*time.Hour:
		return fmt.Errorf("plan: dwell must be a minute to eight hours")
	case o.Every < o.Dwell:
		return fmt.Errorf("plan: visits must be at least the dwell apart")
	case o.Band < o.Dwell:
		return fmt.Errorf("plan: the time band must hold a visit")
	}
	names := make(map[string]bool)
	for _, s := range o.Shifts {
		if err := s.Validate(); err != nil {
			return fmt.Errorf("plan: %w", err)
		}
		if names[s.Name] {
			return fmt.Errorf("plan: two shifts are called %s", s.Name)
		}
		names[s.Name] = true
	}
	for _, p := range o.Profiles {
		if err := p.Validate(); err != nil {
			return fmt.Errorf("plan: %w", err)
		}
	}
	return nil
}

// A shift in which less of a day's risk than this falls gets no suggestion for
// the offence: nobody is sent out at night against what happens by day.
const leastHourShare = 0.05

// Thresholds of Priority, against the highest risk a minute of patrol in the
// plan.
const (
	highRisk   = 0.5
	mediumRisk = 0.25
)

// Plan suggests areas for the coming shifts.
//
// An area is one H3 cell, so all are about as large. Its risk is the number of
// incidents of one offence to expect in it within a time band (cluster.Risk);
// areas are ranked by risk a minute of patrol. The band is the part of the shift,
// at most Band long and on the quarter of an hour, in which most of the risk by
// the hour of the day falls: for a spree by the aoristic weight of its own
// incidents, otherwise by that of the offence.
// Visits are one in each Every of the band.
//
// Areas belong to the spree whose incidents raise most of their risk, or to
// none. The sprees of a shift, and the areas of none as one more, take turns,
// the highest risk first, so that a common offence does not crowd out a rare one
// that is in a burst. Areas of one shift lie Apart or more from each other, and
// one near those already chosen counts for less (see bestNext). No
// area is suggested for an offence in a shift that holds under 5 % of a day's
// risk of it.
//
// Priority is high for an area of a spree with at least half of the highest risk
// a minute in the plan, medium for another area of a spree or one with a quarter
// of that risk, and low for the rest.
//
// Rank counts over the plan: the earliest shift first, in it the highest
// priority, then the highest risk. No incidents give no suggestions.
func Plan(incidents []cluster.Incident, sprees []cluster.Spree, o Options) ([]Suggestion, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	var strands []strand
	for _, p := range o.Profiles {
		s, err := offenceStrands(incidents, sprees, p, o)
		if err != nil {
			return nil, fmt.Errorf("plan %s: %w", p.Offence, err)
		}
		strands = append(strands, s...)
	}
	var picked []pick
	for _, d := range coming(o.Shifts, o.AsOf, o.Zone, o.ShiftsAhead) {
		picked = append(picked, choose(candidates(strands, d, o), o)...)
	}
	return suggest(picked, o), nil
}

// A strand is the areas of one offence that one spree stands behind, or none.
type strand struct {
	profile cluster.Profile
	risk    *cluster.Risk
	spree   *cluster.Spree // nil for none
	hours   hourWeights    // that the time band is chosen by
	cells   []geo.Cell     // ascending
	weighed []cluster.Incident
}

// A pick is one area of one shift.
type pick struct {
	*strand
	duty   duty
	band   cluster.Window
	cell   geo.Cell
	risk   cluster.CellRisk // in the band
	visits int
}

// perMinute is the number of incidents to expect a minute of patrol.
func (p pick) perMinute(o Options) float64 {
	return p.risk.Total() / (float64(p.visits) * o.Dwell.Minutes())
}

// offenceStrands shares out the cells near the offence's incidents among its
// sprees.
func offenceStrands(incidents []cluster.Incident, sprees []cluster.Spree, p cluster.Profile, o Options) ([]strand, error) {
	var own []cluster.Incident
	first := o.AsOf
	for _, in := range incidents {
		if in.From.After(o.AsOf) || !in.Level.Located() {
			continue
		}
		if in.From.Before(first) {
			first = in.From
		}
		if in.Offence == p.Offence {
			own = append(own, in)
		}
	}
	if len(own) == 0 {
		return nil, nil
	}
	risk := cluster.NewRisk(incidents, p, o.AsOf, o.Zone)
	live := liveSprees(own, sprees, p)
	behind := make(map[string]int) // incident → 1 + index in live
	for k := range live {
		for _, id := range live[k].Incidents {
			if behind[id] == 0 {
				behind[id] = k + 1
			}
		}
	}
	cells, err := candidateCells(own, o.Resolution)
	if err != nil {
		return nil, err
	}
	ofSpree := make([][]geo.Cell, len(live)+1)
	day := risk.In(cells, cluster.Window{Start: o.AsOf, End: o.AsOf.Add(24 * time.Hour)})
	for i, c := range cells {
		k := 0
		if len(live) > 0 {
			k = leadingSpree(risk.Sources(c), behind, len(live), day[i])
		}
		ofSpree[k] = append(ofSpree[k], c)
	}
	var strands []strand
	for k, cells := range ofSpree {
		if len(cells) == 0 {
			continue
		}
		s := strand{profile: p, risk: risk, cells: cells, weighed: own}
		if k > 0 {
			s.spree = &live[k-1]
			s.weighed = slices.DeleteFunc(slices.Clone(own), func(in cluster.Incident) bool { return behind[in.ID] != k })
		}
		s.hours = weighHours(s.weighed, o)
		strands = append(strands, s)
	}
	return strands, nil
}

// liveSprees returns the sprees that hold incidents of the offence and have not
// ended, those of the offence itself before those of all offences, in the order
// given.
func liveSprees(own []cluster.Incident, sprees []cluster.Spree, p cluster.Profile) []cluster.Spree {
	ids := make(map[string]bool, len(own))
	for _, in := range own {
		ids[in.ID] = true
	}
	var live []cluster.Spree
	for _, offence := range []string{p.Offence, ""} {
		for _, s := range sprees {
			if s.Offence == offence && s.Status != cluster.StatusEnded &&
				slices.ContainsFunc(s.Incidents, func(id string) bool { return ids[id] }) {
				live = append(live, s)
			}
		}
	}
	return live
}

// leadingSpree returns 1 + the index of the spree whose incidents raise more
// than half of the cell's risk, 0 for none.
func leadingSpree(sources []cluster.Source, behind map[string]int, sprees int, risk cluster.CellRisk) int {
	total := 0.0
	by := make([]float64, sprees+1)
	for _, s := range sources {
		total += s.Weight
		by[behind[s.Incident.ID]] += s.Weight
	}
	for k := 1; k <= sprees; k++ {
		if total > 0 && by[k]/total*risk.NearRepeat > risk.Total()/2 {
			return k
		}
	}
	return 0
}

// candidateCells returns the cells that hold an incident and their neighbours:
// a kernel is highest at its incident, and between incidents that are close.
func candidateCells(incidents []cluster.Incident, resolution int) ([]geo.Cell, error) {
	var own []geo.Cell
	for _, in := range incidents {
		c, err := geo.CellAt(in.Point, resolution)
		if err != nil {
			return nil, fmt.Errorf("cell of incident %s: %w", in.ID, err)
		}
		own = append(own, c)
	}
	var cells []geo.Cell
	for _, c := range geo.SortCells(own) {
		cells = append(cells, c.Disk(1)...)
	}
	return geo.SortCells(cells), nil
}

// candidates returns every area of the strands in the duty, in no order.
func candidates(strands []strand, d duty, o Options) []pick {
	var all []pick
	for i := range strands {
		s := &strands[i]
		if s.risk.HourShare(d.window) < leastHourShare {
			continue
		}
		band := s.hours.band(d.window, o)
		visits := max(1, int(math.Round(float64(band.Duration())/float64(o.Every))))
		for k, r := range s.risk.In(s.cells, band) {
			if r.Total() > 0 {
				all = append(all, pick{s, d, band, s.cells[k], r, visits})
			}
		}
	}
	return all
}

// choose takes the areas of one duty.
func choose(all []pick, o Options) []pick {
	slices.SortFunc(all, func(a, b pick) int {
		return cmp.Or(cmp.Compare(b.perMinute(o), a.perMinute(o)), cmp.Compare(a.cell, b.cell), cmp.Compare(a.profile.Offence, b.profile.Offence))
	})
	// Turns: a queue for each spree and one for all areas without, in the order
	// of their best area.
	var order []*cluster.Spree
	queues := make(map[*cluster.Spree][]pick)
	for _, p := range all {
		if queues[p.spree] == nil {
			order = append(order, p.spree)
		}
		queues[p.spree] = append(queues[p.spree], p)
	}
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
		centre := p.cell.Centre()
		for _, c := range chosen {
			d := geo.Distance(c.cell.Centre(), centre)
			if c.cell == p.cell || d < o.Apart {
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

func (p pick) priority(highest float64, o Options) string {
	share := p.perMinute(o) / highest
	switch {
	case p.spree != nil && share >= highRisk:
		return "high"
	case p.spree != nil || share >= mediumRisk:
		return "medium"
	}
	return "low"
}

var priorityOrder = map[string]int{"high": 0, "medium": 1, "low": 2}

// suggest writes the suggestions out.
func suggest(picked []pick, o Options) []Suggestion {
	highest := 0.0
	for _, p := range picked {
		highest = math.Max(highest, p.perMinute(o))
	}
	slices.SortStableFunc(picked, func(a, b pick) int {
		return cmp.Or(
			a.duty.window.Start.Compare(b.duty.window.Start),
			cmp.Compare(a.duty.name, b.duty.name),
			cmp.Compare(priorityOrder[a.priority(highest, o)], priorityOrder[b.priority(highest, o)]),
			cmp.Compare(b.perMinute(o), a.perMinute(o)),
			cmp.Compare(a.cell, b.cell),
		)
	})
	places := placeNames(picked)
	out := make([]Suggestion, 0, len(picked))
	for i, p := range picked {
		behind, confidence := p.evidence()
		s := Suggestion{
			ID:         p.duty.name + " " + p.cell.String(),
			Rank:       i + 1,
			Offence:    p.profile.Offence,
			PlaceName:  places[i],
			Cell:       p.cell,
			Area:       []geo.Cell{p.cell},
			AreaM2:     p.cell.AreaM2(),
			Shift:      p.duty.name,
			Band:       p.band,
			Dwell:      o.Dwell,
			Visits:     p.visits,
			Priority:   p.priority(highest, o),
			Risk:       p.risk.Total(),
			Reason:     p.reason(behind, o),
			Action:     p.profile.Action,
			Confidence: confidence,
			Expires:    p.duty.window.End,
		}
		if p.spree != nil {
			s.SpreeID = p.spree.ID
		}
		for _, in := range behind {
			s.Incidents = append(s.Incidents, in.ID)
		}
		slices.Sort(s.Incidents)
		out = append(out, s)
	}
	return out
}

// evidence returns the incidents behind the area, by time, and how sure it is
// that they are where they are said to be: the mean confidence of those that
// raise the area's risk, each by how much it does. For a spree these are its
// incidents; otherwise those whose kernel, at two bandwidths, reaches the area.
func (p pick) evidence() ([]cluster.Incident, float64) {
	behind := p.weighed
	if p.spree == nil {
		behind = p.around()
	}
	behind = slices.Clone(behind)
	cluster.SortIncidents(behind)
	behind = slices.CompactFunc(behind, func(a, b cluster.Incident) bool { return a.ID == b.ID })
	confidence, weight := 0.0, 0.0
	for _, in := range behind {
		w := math.Exp(-geo.Distance(in.Point, p.cell.Centre()) / p.reach(in))
		confidence += w * in.Confidence
		weight += w
	}
	if weight == 0 {
		return behind, 0
	}
	return behind, confidence / weight
}

// reach is the bandwidth of the incident's kernel, metres.
func (p pick) reach(in cluster.Incident) float64 { return math.Hypot(p.profile.DecayM, in.RadiusM) }

func (p pick) around() []cluster.Incident {
	var out []cluster.Incident
	centre := p.cell.Centre()
	for _, in := range p.weighed {
		if geo.Distance(in.Point, centre) <= 2*p.reach(in) {
			out = append(out, in)
		}
	}
	return out
}
