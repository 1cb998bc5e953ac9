package patrol

import (
	"slices"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/risk"
)

// A Replay plans moments of the past, one after another, on ground that is laid out
// once.
type Replay struct {
	o         Options
	incidents []*cluster.Incident // of the profiles
	ground    ground
}

// A Duty is one planned shift.
type Duty struct {
	Hours       risk.Hours
	Window      cluster.Window // from the moment of planning on where it had begun by then
	Suggestions []Suggestion
}

// NewReplay plans for the profiles, shifts and zone of the options over incidents that
// the learner's study and the clock were made of.
func NewReplay(incidents []cluster.Incident, l *risk.Learner, c *risk.Clock, o Options) *Replay {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	o.Profiles = slices.SortedFunc(slices.Values(o.Profiles), func(a, b cluster.Profile) int { return strings.Compare(a.Offence, b.Offence) })
	return &Replay{o, cluster.DistinctOf(incidents, nil), *layGround(l, c)}
}

// Plan is the package's Plan of the moment by the fit, on what was known by then and
// without sprees.
func (r *Replay) Plan(asOf time.Time, fit *risk.Fit) ([]Duty, error) {
	o, g := r.o, r.ground
	o.AsOf, g.fit = asOf, fit
	var known []*cluster.Incident
	for _, in := range r.incidents {
		if by := in.Reported; !in.From.After(asOf) && !by.After(asOf) && (!by.IsZero() || !in.To.After(asOf)) {
			known = append(known, in)
		}
	}
	strands, err := strandsOf(known, nil, o)
	if err != nil {
		return nil, err
	}
	var out []Duty
	for _, d := range coming(o.Shifts, asOf, o.Zone, o.ShiftsAhead) {
		picked := choose(&g, candidates(g.claims(strands, d, o), o), nil, o)
		out = append(out, Duty{d.hours, d.window, suggest(picked, fit, o)})
	}
	return out, nil
}
