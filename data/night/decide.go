package night

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/data/table"
	"spreewatch/geo"
	"spreewatch/geo/address"
	"spreewatch/geo/locate"
)

// A Decision is what a person says of a report: exactly one of the four.
type Decision struct {
	Accept, Reject bool
	Candidate      int // from 1; 0 for none
	Point          *orb.Point
}

// match makes the match that the decision comes to.
func (d Decision) match(m geo.Match, area locate.Context) (geo.Match, error) {
	given := 0
	for _, is := range []bool{d.Accept, d.Reject, d.Candidate != 0, d.Point != nil} {
		if is {
			given++
		}
	}
	if given != 1 {
		return geo.Match{}, fmt.Errorf("want one of accept, reject, a candidate, or a latitude and longitude")
	}
	// What was to be chosen from is kept: a decision can be made again.
	out := geo.Match{Confidence: 1, Rule: ruleDecided, Source: "analyst", Candidates: m.Candidates}
	switch {
	case d.Reject:
		return geo.Match{Rule: ruleRejected, Source: "analyst", Candidates: m.Candidates}, nil
	case d.Accept:
		if !m.Level.Located() {
			return geo.Match{}, fmt.Errorf("nothing was found that could be accepted")
		}
		out.Level, out.Point, out.RadiusM, out.Name, out.Locality = m.Level, m.Point, m.RadiusM, m.Name, m.Locality
	case d.Candidate != 0:
		if d.Candidate < 1 || d.Candidate > len(m.Candidates) {
			return geo.Match{}, fmt.Errorf("no candidate %d: there are %d", d.Candidate, len(m.Candidates))
		}
		c := m.Candidates[d.Candidate-1]
		out.Level, out.Point, out.RadiusM, out.Name, out.Locality = c.Level, c.Point, c.RadiusM, c.Name, c.Locality
	default:
		if err := geo.CheckPoint(*d.Point); err != nil {
			return geo.Match{}, err
		}
		if !area.Covers(*d.Point) {
			return geo.Match{}, fmt.Errorf("the point is outside the force area")
		}
		out.Level, out.Point, out.RadiusM = geo.LevelAddress, *d.Point, geo.GivenRadiusM
	}
	return out, nil
}

// pointsOf are the places of the reports that are located.
func pointsOf(all []data.Located) []orb.Point {
	var out []orb.Point
	for _, l := range all {
		if l.Match.Level.Located() {
			out = append(out, l.Match.Point)
		}
	}
	return out
}

// The rules of matches that a person made.
const (
	ruleDecided  = "decided by an analyst"
	ruleRejected = "rejected by an analyst"
)

// Decide takes a person's decision on the report of the reference. It holds for
// the report's text: every report with that text gets the new match, now and on
// every later run.
func Decide(ctx context.Context, o Options, ref string, d Decision, who string) error {
	return o.located(ctx, func(e *evening, all []data.Located) error {
		i := slices.IndexFunc(all, func(l data.Located) bool { return l.Ref == ref })
		if i < 0 {
			return &data.UserError{Msg: fmt.Sprintf("no report %q", ref), Hint: "spreewatch review"}
		}
		override, err := e.override(all[i], d, pointsOf(all), who)
		if err != nil {
			return err
		}
		return e.decide(ctx, all, []data.Override{override})
	})
}

// A DecisionError is a decision that cannot be taken.
type DecisionError struct{ Err error }

// Error says why.
func (e *DecisionError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *DecisionError) Unwrap() error { return e.Err }

// override makes the override of a decision on a report. A point that can hardly be of
// the same force as others is refused.
func (e *evening) override(l data.Located, d Decision, others []orb.Point, who string) (data.Override, error) {
	if d.Point != nil {
		if reason := table.Astray(*d.Point, others); reason != "" {
			return data.Override{}, &DecisionError{fmt.Errorf("report %s: %s", l.Ref, reason)}
		}
	}
	m, err := d.match(l.Match, e.Settings.within())
	if err != nil {
		return data.Override{}, &DecisionError{fmt.Errorf("report %s: %w", l.Ref, err)}
	}
	key := address.Normalise(l.Location)
	if key == "" {
		return data.Override{}, &DecisionError{fmt.Errorf("report %s has no location text that a decision could hold for", l.Ref)}
	}
	return data.Override{Key: key, Match: m, Who: who, Decided: e.Now}, nil
}

// decide stores the decisions and gives every report with the same text its new
// match.
func (e *evening) decide(ctx context.Context, all []data.Located, overrides []data.Override) error {
	if len(overrides) == 0 {
		return nil
	}
	if err := e.db.Audit(ctx, e.entry(data.Alteration, "", "%s on where a report is", data.Count(len(overrides), "decision"))); err != nil {
		return err
	}
	if err := e.db.SetOverrides(ctx, overrides); err != nil {
		return err
	}
	decided := make(map[string]geo.Match, len(overrides))
	for _, o := range overrides {
		decided[o.Key] = o.Match
	}
	h, err := e.hold(ctx)
	if err != nil {
		return err
	}
	var changed []data.Located
	for _, l := range all {
		if m, ok := decided[address.Normalise(l.Location)]; ok {
			l.Match = m
			changed = append(changed, l)
		}
	}
	return e.db.StoreMatches(ctx, h.ID, changed)
}

// Decisions returns the decisions that stand, in the order in which they were
// made.
func Decisions(ctx context.Context, o Options) ([]data.Override, error) {
	e, err := o.open(ctx)
	if err != nil {
		return nil, err
	}
	defer e.close()
	if err := e.db.AuditLater(ctx, e.entry(data.Consultation, "", "the decisions")); err != nil {
		return nil, err
	}
	byKey, err := e.db.Overrides(ctx)
	out := slices.SortedFunc(maps.Values(byKey), func(a, b data.Override) int { return cmp.Compare(a.Number, b.Number) })
	return out, err
}

// Undo takes back the decision of a number, and looks up the reports with its text
// again.
func Undo(ctx context.Context, o Options, number int64) error {
	return o.located(ctx, func(e *evening, all []data.Located) error {
		if err := e.db.Audit(ctx, e.entry(data.Alteration, "", "decision %d taken back", number)); err != nil {
			return err
		}
		key, err := e.db.UndoOverride(ctx, number, e.Now)
		if errors.Is(err, data.ErrNoDecision) {
			return &data.UserError{Msg: fmt.Sprintf("no decision %d stands", number), Hint: "spreewatch review decisions"}
		}
		if err != nil {
			return err
		}
		var refs []string
		for _, l := range all {
			if address.Normalise(l.Location) == key {
				refs = append(refs, l.Ref)
			}
		}
		if err := e.db.Forget(ctx, refs); err != nil {
			return err
		}
		return e.locate(ctx)
	})
}
