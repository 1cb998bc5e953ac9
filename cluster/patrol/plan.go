package patrol

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

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
	// Places gives the centres of settlements by the names that incidents have.
	// An area near one that is not in it is named without a direction.
	Places map[string]orb.Point
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
// Areas belong to the spree whose incidents raise more than half of their
// near-repeat risk, or to none. The sprees of a shift, and the areas of none as
// one more, take turns, so that a common offence does not crowd out a rare one
// that is in a burst: first the sprees that the scan found, then the others, of
// each the highest risk first. Areas of one shift lie Apart or more from each other, and
// one near those already chosen counts for less (see bestNext). No
// area is suggested for an offence in a shift that holds under 5 % of a day's
// risk of it.
//
// Priority is high for an area of a spree that makes up at least half of the risk
// there, where that is at least half of the highest risk a minute of the offence
// in the plan; medium for another area of a spree, and for one of none with at
// least half of that highest risk; and low for the rest. An area never has a
// lower priority than one of its shift with less risk.
//
// Rank counts over the plan: the earliest shift first, in it the highest risk, so
// that in a shift neither risk nor priority rises from one rank to the next. An
// area that has its turn before one with more risk that is left out says so in
// its reason. No incidents give no suggestions; the same ID
// twice is one incident.
func Plan(incidents []cluster.Incident, sprees []cluster.Spree, o Options) ([]Suggestion, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	incidents = cluster.Distinct(incidents)
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

// priority compares with the highest risk a minute of the pick's offence.
func (p pick) priority(highest map[string]float64, o Options) string {
	top := p.perMinute(o) >= highest[p.profile.Offence]/2
	switch {
	case p.spree != nil && top && p.risk.NearRepeat >= p.risk.Total()/2:
		return "high"
	case p.spree != nil || top:
		return "medium"
	}
	return "low"
}

var priorityOrder = []string{"low", "medium", "high"}

// priorities returns those of the picks, which are in the order of rank.
func priorities(ranked []pick, o Options) []string {
	highest := make(map[string]float64)
	for _, p := range ranked {
		highest[p.profile.Offence] = math.Max(highest[p.profile.Offence], p.perMinute(o))
	}
	out := make([]string, len(ranked))
	for i := len(ranked) - 1; i >= 0; i-- {
		out[i] = ranked[i].priority(highest, o)
		if next := i + 1; next < len(ranked) && ranked[next].duty == ranked[i].duty {
			out[i] = priorityOrder[max(slices.Index(priorityOrder, out[i]), slices.Index(priorityOrder, out[next]))]
		}
	}
	return out
}

// suggest writes the suggestions out.
func suggest(picked []pick, o Options) []Suggestion {
	slices.SortStableFunc(picked, func(a, b pick) int {
		return cmp.Or(
			a.duty.window.Start.Compare(b.duty.window.Start),
			cmp.Compare(a.duty.name, b.duty.name),
			cmp.Compare(b.perMinute(o), a.perMinute(o)),
			cmp.Compare(a.area.Cell, b.area.Cell),
		)
	})
	places, priority := placeNames(picked, o.Places), priorities(picked, o)
	out := make([]Suggestion, 0, len(picked))
	for i, p := range picked {
		behind, confidence := p.evidence()
		s := Suggestion{
			ID:         p.duty.name + " " + p.area.Cell.String(),
			Rank:       i + 1,
			Offence:    p.profile.Offence,
			PlaceName:  places[i],
			Cell:       p.area.Cell,
			Area:       []geo.Cell{p.area.Cell},
			AreaM2:     p.area.M2,
			Shift:      p.duty.name,
			Band:       p.band,
			Dwell:      o.Dwell,
			Visits:     p.visits,
			Priority:   priority[i],
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
// that they are where they are said to be: the mean confidence, each by how much
// its kernel lends the area. Behind an area of a spree are the spree's incidents,
// behind another those in reach of it.
func (p pick) evidence() ([]cluster.Incident, float64) {
	var behind []cluster.Incident
	confidence, weight := 0.0, 0.0
	for _, in := range p.weighed {
		reach, d := reachM(in, p.profile, p.area.M2), geo.Distance(in.Point, p.area.Centre)
		if p.spree == nil && d > reach {
			continue
		}
		behind = append(behind, in)
		w := math.Exp(-2*d/reach) / (reach * reach)
		confidence += w * in.Confidence
		weight += w
	}
	return behind, confidence / weight
}
