package patrol

import (
	"cmp"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/risk"
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
	// Areas are the force's own to choose from; nil for every cell by itself.
	Areas []Area
	// CellBook keeps what H3 says of places and cells; nil keeps nothing.
	CellBook *cluster.CellBook
	// Fit is what was learnt of the risk at AsOf or before; nil learns it.
	Fit *risk.Fit
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

// LeastHourShare is the share of a day's risk of an offence under which a shift gets no
// suggestion for it: nobody is sent out at night against what happens by day.
const LeastHourShare = 0.05

// Plan suggests areas for the coming shifts.
//
// An area is one H3 cell, so all are about as large. Its risk is the number of
// incidents of all offences to expect in it within a time band: by the mixture
// learnt on the past (risk.Fit), without the incidents of live sprees, and what these
// sprees add to it. Areas are ranked by
// risk a minute of patrol. The band is the part of the shift, at most Band long and
// on the quarter of an hour, in which most of the weight by the hour of the day
// falls: for a spree of its own incidents, otherwise of the offence. Visits are one
// in each Every of the band.
//
// An area is a spree's where what the spree adds is at least half of the risk, and
// otherwise of the offence with the most. Sprees take no turns. Areas of one shift
// lie Apart or more from each other. None is suggested for an offence in a shift
// that holds under 5 % of a day's risk of it, and none in which one incident of over
// four weeks ago carries more than half of the risk.
//
// Priority is high where as many incidents are to be expected an hour as in the
// highest hundredth of cells and hours of the past year, medium in the highest
// twentieth, and low elsewhere: the same words mean the same on every night. Where
// the past is too short to have such figures, high is what a spree stands behind.
//
// Rank counts over the plan: the earliest shift first, in it the highest risk a
// minute. No incidents give no suggestions; the same ID twice is one incident.
func Plan(incidents []cluster.Incident, sprees []cluster.Spree, o Options) ([]Suggestion, error) {
	suggestions, _, err := PlanAndSurface(incidents, sprees, o)
	return suggestions, err
}

// PlanAndSurface is Plan, and returns the whole surface of the risk beside it.
func PlanAndSurface(incidents []cluster.Incident, sprees []cluster.Spree, o Options) ([]Suggestion, Surface, error) {
	if err := o.Validate(); err != nil {
		return nil, nil, err
	}
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	kept := cluster.DistinctOf(incidents, nil)
	o.Profiles = slices.SortedFunc(slices.Values(o.Profiles), func(a, b cluster.Profile) int { return cmp.Compare(a.Offence, b.Offence) })
	if o.Fit == nil {
		fit, err := Learn(incidents, o)
		if err != nil {
			return nil, nil, fmt.Errorf("learn the risk: %w", err)
		}
		o.Fit = fit
	}
	if o.Fit.AsOf.After(o.AsOf) {
		return nil, nil, fmt.Errorf("plan: the risk was learnt on what came after the plan's moment")
	}
	g, strands, err := lay(kept, sprees, o)
	if err != nil {
		return nil, nil, err
	}
	picked, surface := pickAll(g, strands, o)
	geo.Each(runtime.GOMAXPROCS(0), len(picked), func(_, i int) { g.explain(&picked[i], o) })
	return suggest(picked, g.fit, o), surface, nil
}

// pickAll picks the areas of each coming shift, and has the whole surface beside them.
// The shifts are looked at at once, each as if it were alone; one in which an area joins
// that of an earlier shift is chosen again, since that leaves room for another.
func pickAll(g *ground, strands []strand, o Options) (picked []pick, surface Surface) {
	duties := coming(o.Shifts, o.AsOf, o.Zone, o.ShiftsAhead)
	all := make([]struct {
		claims     []claimed
		candidates []candidate
		alone      []pick
	}, len(duties))
	for i, d := range duties {
		all[i].claims = g.claims(strands, d, o)
	}
	surface = make(Surface, len(duties))
	geo.Each(runtime.GOMAXPROCS(0), len(duties), func(_, i int) {
		of := &all[i]
		surface[i] = surfaceOf(of.claims, duties[i])
		of.candidates, of.claims = candidates(of.claims, o), nil
		of.alone = choose(g, of.candidates, nil, o)
	})
	for _, of := range all {
		chosen := of.alone
		if slices.ContainsFunc(chosen, func(p pick) bool { return slices.ContainsFunc(picked, p.samePlaceAndHour) }) {
			chosen = choose(g, of.candidates, picked, o)
		}
		picked = append(picked, chosen...)
	}
	return picked, surface
}

// lay lays out what a plan is made of, the ground and meanwhile the strands, those of
// one offence after the other.
func lay(incidents []*cluster.Incident, sprees []cluster.Spree, o Options) (*ground, []strand, error) {
	var g *ground
	var strands []strand
	var groundErr, strandErr error
	var both geo.Workers
	both.Go(func() { g, groundErr = newGround(incidents, sprees, o) })
	both.Go(func() {
		strands, strandErr = strandsOf(incidents, sprees, o)
	})
	both.Wait()
	if groundErr != nil {
		return nil, nil, fmt.Errorf("plan: %w", groundErr)
	}
	return g, strands, strandErr
}

// priority compares with what cells and hours of the past year had.
func (p pick) priority(f *risk.Fit) string {
	switch {
	case f.High == 0 && p.spree == nil:
		return "low"
	case p.perHour() >= f.High:
		return "high"
	case p.perHour() >= f.Medium:
		return "medium"
	}
	return "low"
}

// suggest writes the suggestions out.
func suggest(picked []pick, f *risk.Fit, o Options) []Suggestion {
	slices.SortStableFunc(picked, func(a, b pick) int {
		return cmp.Or(
			a.duty.window.Start.Compare(b.duty.window.Start),
			cmp.Compare(a.duty.name, b.duty.name),
			cmp.Compare(b.rate, a.rate),
			cmp.Compare(a.area.Cell, b.area.Cell),
			cmp.Compare(a.name, b.name),
		)
	})
	places := placeNames(picked, o.Places)
	out := make([]Suggestion, 0, len(picked))
	for i, p := range picked {
		behind, confidence := p.behind, p.confidence()
		what := acts(p.profile, p.band, o.Zone)
		s := Suggestion{
			ID:         p.duty.name + " " + p.area.Cell.String(),
			Rank:       i + 1,
			Offence:    p.profile.Offence,
			PlaceName:  places[i],
			Cell:       p.area.Cell,
			Area:       p.cells,
			Outline:    p.outline,
			AreaM2:     p.area.M2,
			Shift:      p.duty.name,
			Band:       p.band,
			Dwell:      o.Dwell,
			Visits:     p.visits,
			Priority:   p.priority(f),
			Risk:       p.risk,
			Reason:     p.reason(behind, o),
			Action:     actText(what, o.Zone),
			Acts:       what,
			AnyHour:    p.profile.Action,
			Sources:    p.sources,
			Confidence: confidence,
			Expires:    p.duty.window.End,
		}
		if p.spree != nil {
			s.SpreeID = p.spree.ID
		}
		if p.name != "" {
			s.ID, s.PlaceName = p.duty.name+" "+p.name, p.name
		}
		for _, in := range behind {
			s.Incidents = append(s.Incidents, in.ID)
		}
		for _, same := range p.also {
			s.join(same, o)
		}
		slices.Sort(s.Incidents)
		s.Incidents = slices.Compact(s.Incidents)
		out = append(out, s)
	}
	return out
}

// join adds what speaks for the same place at the same hour in a shift that overlaps.
func (s *Suggestion) join(p pick, o Options) {
	for _, in := range p.behind {
		s.Incidents = append(s.Incidents, in.ID)
	}
	if more := p.reason(p.behind, o); !strings.Contains(s.Reason, more) {
		s.Reason += " For " + p.duty.name + " too: " + more
	}
}

// confidence is how sure it is that the incidents behind the area are where they
// are said to be: the mean confidence, each by how near it is.
func (p pick) confidence() float64 {
	confidence, weight := 0.0, 0.0
	for _, in := range p.behind {
		reach, d := reachM(&in, p.profile, p.area.M2), geo.Distance(in.Point, p.area.Centre)
		w := math.Exp(-2*d/reach) / (reach * reach)
		confidence += w * in.Confidence
		weight += w
	}
	return confidence / weight
}
