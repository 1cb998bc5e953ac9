package main

import (
	"context"
	"fmt"
	"os/user"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/geo"
	"spreewatch/geo/address"
	"spreewatch/geo/locate"
)

// A decision is what a person says of a report: exactly one of the four.
type decision struct {
	accept, reject bool
	candidate      int // from 1; 0 for none
	point          *orb.Point
}

// match makes the match that the decision comes to.
func (d decision) match(m geo.Match, area locate.Context) (geo.Match, error) {
	given := 0
	for _, is := range []bool{d.accept, d.reject, d.candidate != 0, d.point != nil} {
		if is {
			given++
		}
	}
	if given != 1 {
		return geo.Match{}, fmt.Errorf("want one of accept, reject, a candidate, or a latitude and longitude")
	}
	out := geo.Match{Confidence: 1, Rule: ruleDecided, Source: "analyst"}
	switch {
	case d.reject:
		return geo.Match{Rule: ruleRejected, Source: "analyst"}, nil
	case d.accept:
		if !m.Level.Located() {
			return geo.Match{}, fmt.Errorf("nothing was found that could be accepted")
		}
		out.Level, out.Point, out.RadiusM, out.Name, out.Locality = m.Level, m.Point, m.RadiusM, m.Name, m.Locality
	case d.candidate != 0:
		if d.candidate < 1 || d.candidate > len(m.Candidates) {
			return geo.Match{}, fmt.Errorf("no candidate %d: there are %d", d.candidate, len(m.Candidates))
		}
		c := m.Candidates[d.candidate-1]
		out.Level, out.Point, out.RadiusM, out.Name, out.Locality = c.Level, c.Point, c.RadiusM, c.Name, c.Locality
	default:
		if err := geo.CheckPoint(*d.point); err != nil {
			return geo.Match{}, err
		}
		if !area.Covers(*d.point) {
			return geo.Match{}, fmt.Errorf("the point is outside the force area")
		}
		out.Level, out.Point, out.RadiusM = geo.LevelAddress, *d.point, geo.GivenRadiusM
	}
	return out, nil
}

// The rules of matches that a person made.
const (
	ruleDecided  = "decided by an analyst"
	ruleRejected = "rejected by an analyst"
)

// decide stores the decisions and gives every report with the same text its new
// match.
func decide(ctx context.Context, g *globals, db *data.DB, overrides []data.Override) error {
	if err := db.SetOverrides(ctx, overrides); err != nil {
		return err
	}
	return relocate(ctx, g, db, overrides)
}

// override makes the override of a decision on a report.
func (d decision) override(g *globals, l data.Located, who string) (data.Override, error) {
	m, err := d.match(l.Match, g.area())
	if err != nil {
		return data.Override{}, fmt.Errorf("report %s: %w", l.Ref, err)
	}
	key := address.Normalise(l.Location)
	if key == "" {
		return data.Override{}, fmt.Errorf("report %s has no location text that a decision could hold for", l.Ref)
	}
	return data.Override{Key: key, Match: m, Who: who, Decided: time.Now()}, nil
}

// person names who is at the keyboard, when --who does not.
func person() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "unknown"
}

// relocate gives every report whose text was decided its new match.
func relocate(ctx context.Context, g *globals, db *data.DB, overrides []data.Override) error {
	decided := make(map[string]geo.Match, len(overrides))
	for _, o := range overrides {
		decided[o.Key] = o.Match
	}
	h, err := holding(ctx, g, db)
	if err != nil {
		return err
	}
	all, err := db.Located(ctx, time.Time{}, farFuture)
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
	return db.StoreMatches(ctx, h.ID, changed)
}
