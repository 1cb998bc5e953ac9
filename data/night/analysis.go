package night

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/cluster/risk"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

// CommonestUnmatched is how many texts without a place are reported.
const CommonestUnmatched = 20

// An analysis is what the store's reports come to as of one moment.
type analysis struct {
	asOf        time.Time
	gathering                     // of every report known by then
	doubts      doubts            // what outcome adds to it
	cells       *cluster.CellBook // what H3 said of places and cells
	detection   detect.Detection
	suggestions []patrol.Suggestion // none before plan
	surface     patrol.Surface      // none before plan
	routes      []patrol.Route      // none before plan, none without units, and none for the public
	mark        data.Mark           // of the audit log
	fit         *risk.Fit           // of the risk; nil before plan
	fitted      bool                // it was learnt tonight, and is not in the store
	public      bool                // of what the public may know: nothing that rests on more is used
	gazetteers  []data.GazetteerSource
	older       int       // reports from before the history that is looked at
	newest      time.Time // when the newest report's event began; zero for none
	runID       string
}

// analyse detects sprees as of a moment, from what the store held by then and
// from what the run before it saw. Its tallies are of the reports of the inputs, and
// with none of all.
func (e *evening) analyse(ctx context.Context, asOf time.Time, inputs []Ingested) (*analysis, error) {
	since := asOf.Add(-time.Duration(e.Settings.Detect.History))
	g, d, err := e.gather(ctx, since, asOf, inputs)
	if err != nil {
		return nil, err
	}
	older, newest, err := e.db.Older(ctx, since)
	if err != nil {
		return nil, err
	}
	previous, err := e.db.SpreesBefore(ctx, asOf)
	if err != nil {
		return nil, err
	}
	h, err := e.hold(ctx)
	if err != nil {
		return nil, err
	}
	if len(e.Settings.Units) == 0 {
		e.Settings.Units = sampleUnits(g.inputs)
	}
	a := &analysis{asOf: asOf, gathering: g, doubts: d, older: older, newest: newest, gazetteers: h.Sources}
	if a.cells, err = e.db.CellBook(ctx); err != nil {
		return nil, err
	}
	if a.mark, err = e.db.AuditMark(ctx, asOf); err != nil {
		return nil, err
	}
	a.runID = a.hash.name(a.asOf.In(e.Zone), e.shaped())
	e.name(a.runID)
	if err := e.detect(ctx, a, previous); err != nil {
		return nil, err
	}
	e.Log.Info("detected", "reports", a.reports, "sprees before", len(previous), "sprees", len(a.detection.Sprees), "cells", len(a.detection.Cells))
	return a, nil
}

// detect finds the sprees in the located reports.
func (e *evening) detect(ctx context.Context, a *analysis, previous []cluster.Spree) error {
	opt := e.Settings.detectOptions(e.Zone, e.Seed, a.asOf)
	opt.Previous, opt.CellBook = previous, a.cells
	var err error
	if opt.Known, err = e.db.NullNights(ctx, a.asOf); err != nil {
		return err
	}
	a.detection, err = detect.Detect(ctx, a.incidents, opt)
	return err
}

// plan suggests patrols from what was detected. Who is matched less well than the
// least level enters no plan, as he enters no spree.
func (e *evening) plan(ctx context.Context, a *analysis) error {
	incidents, opt := e.planned(a), e.Settings.PlanOptions(e.Zone, a.asOf)
	opt.CellBook = a.cells
	var err error
	if opt.Places, err = e.settlements(ctx, incidents); err != nil {
		return err
	}
	if a.public {
		a.fit, err = learnFit(ctx, incidents, opt)
	} else {
		err = e.learnRisk(ctx, a, incidents, opt)
	}
	if err != nil {
		return err
	}
	opt.Fit = a.fit
	type areas struct {
		suggestions []patrol.Suggestion
		surface     patrol.Surface
	}
	found, err := geo.Attend(ctx, func() (f areas, err error) {
		f.suggestions, f.surface, err = patrol.PlanAndSurface(incidents, a.detection.Sprees, opt)
		return f, err
	})
	if err != nil {
		return err
	}
	a.suggestions, a.surface = found.suggestions, found.surface
	if !a.public {
		if err := e.sendOut(ctx, a, opt); err != nil {
			return err
		}
	}
	return e.nameStreets(ctx, a.suggestions)
}

// planned are the incidents that a plan looks at.
func (e *evening) planned(a *analysis) []cluster.Incident {
	least := e.Settings.detectOptions(e.Zone, e.Seed, a.asOf).MinLevel
	rough := func(in cluster.Incident) bool { return in.Level < least }
	if !slices.ContainsFunc(a.incidents, rough) {
		return a.incidents
	}
	return slices.DeleteFunc(slices.Clone(a.incidents), rough)
}

// incidentsOf are the reports that have a place, each incident once: what a
// bulletin likely tells again waits for a person, and so does what is matched
// under the least confidence.
func (c Settings) incidentsOf(located []data.Located) []cluster.Incident {
	out := make([]cluster.Incident, 0, len(located))
	repeats := c.repeats(located)
	for i := range located {
		if _, again := repeats[located[i].Ref]; again {
			continue
		}
		brief := located[i].Brief()
		if in, ok := c.incidentOf(&brief); ok {
			out = append(out, in)
		}
	}
	return out
}

// otherOffence is the profile of what no other profile names.
const otherOffence = "other"

// profileOf returns the name of a profile: the offence's own, or that of all that
// no profile names, since the words of a source may hold anything and go no
// farther than the store. An offence that is not known has none.
func (c Settings) profileOf(offence string) string {
	if _, known := c.Offences[offence]; known || offence == "" {
		return offence
	}
	return otherOffence
}

// shaped are the settings that shaped the answer, by name.
func (o Options) shaped() map[string]any {
	c := o.Settings
	profiles := map[string]any{}
	for name, p := range c.Offences {
		profiles[name] = map[string]any{"radius": p.Radius.String(), "window": p.Window.String(), "min_incidents": p.MinIncidents,
			"lookback": p.Lookback.String(), "decay": p.Decay.String(), "decay_time": p.DecayTime.String()}
	}
	return map[string]any{
		"area": c.Area.Bounds, "area_file": c.boundary.sum(), "areas": c.beats.sum(), "min_confidence": c.Geocode.MinConfidence,
		"resolution": c.Detect.Resolution, "step": c.Detect.Step.String(), "lookback": c.Detect.Lookback.String(), "history": c.Detect.History.String(), "min_level": c.Detect.MinLevel,
		"alerts_per_week": c.Detect.AlertsPerWeek,
		"scan":            map[string]any{"replicates": c.Scan.Replicates, "radius": c.Scan.Radius.String(), "max_window": c.Scan.MaxWindow.String(), "min_cases": c.Scan.MinCases, "max_p": c.Scan.MaxP},
		"per_shift":       c.Patrol.PerShift, "dwell": c.Patrol.Dwell.String(), "shifts_ahead": c.Patrol.ShiftsAhead, "shifts": c.Shifts,
		"max_cells": c.Export.MaxCells, "detour": c.Patrol.Detour, "speed_kmh": c.Patrol.SpeedKmh, "units": append([]unitSettings{}, c.Units...),
		"offences": profiles, "seed": o.Seed, "timezone": o.Zone.String(),
	}
}

// result is what export writes: the analysis, the reports that a person must
// decide, and the manifest of the inputs.
func (a *analysis) result(o Options, inputs []Ingested, refused []data.Refusal) export.Result {
	cells := riskiest(a.detection.Cells, a.surface, o.Settings.Export.MaxCells)
	r := export.Result{Risk: byShift(cells, a.surface, o.Settings.PlanOptions(o.Zone, a.asOf).Ahead()), Sprees: a.detection.Sprees, Suggestions: a.suggestions, Routes: a.routes, Cells: cells}
	members := memberships(a.detection.Sprees)
	r.Incidents = make([]layer.Incident, len(a.incidents))
	for i := range a.incidents {
		in := &a.incidents[i]
		r.Incidents[i] = layer.Incident{Incident: in, Member: members[in.ID]}
	}
	r.Review = o.Settings.reviewRows(a.doubtful, a.retold, refused)
	a.doubtful = nil // they are large, and all is said of them
	r.Run = a.manifest(o, inputs)
	r.Budget = fmt.Sprintf("The settings allow %.3g false alerts a week.", o.Settings.Detect.AlertsPerWeek)
	for _, n := range a.detection.Notes {
		if n.Kind == detect.NoteCalibrated || n.Kind == detect.NoteNotCalibrated {
			r.Budget += " As it is: " + export.NoteText(n) + "."
		}
	}
	return r
}

// memberships are the sprees that incidents belong to, by ID: to the first of which they
// were counted, or else to the first that they joined.
func memberships(sprees []cluster.Spree) map[string]*layer.Membership {
	members := map[string]*layer.Membership{}
	add := func(ids []string, m *layer.Membership) {
		for _, id := range ids {
			if members[id] == nil {
				members[id] = m
			}
		}
	}
	for _, s := range sprees {
		add(s.Incidents, &layer.Membership{SpreeID: s.ID})
	}
	for _, s := range sprees {
		add(s.Joined, &layer.Membership{SpreeID: s.ID, Joined: true})
	}
	return members
}

// manifest describes the run. With inputs, the levels are those of their
// reports, else those of every report in the store.
func (a *analysis) manifest(o Options, inputs []Ingested) export.Run {
	versions := o.Versions
	versions.SQLite, versions.Schema = data.SQLiteVersion(), data.SchemaVersion()
	run := export.Run{
		AsOf: a.asOf, Seed: o.Seed, Options: o.shaped(), Notes: slices.Concat(export.NoteTexts(a.detection.Notes), a.quiet(o.Settings.PlanOptions(o.Zone, a.asOf).Ahead()), a.idle()), Versions: versions, Audit: a.mark,
	}
	for _, s := range a.gazetteers {
		run.Gazetteer = append(run.Gazetteer, export.Gazetteer{Source: s.Name, Release: s.Release, SHA256: s.SHA256, Entries: s.Entries(), Licence: s.Licence})
	}
	for _, in := range inputs {
		run.Inputs = append(run.Inputs, export.Input{Name: in.Source, SHA256: in.SHA256, Bytes: in.Bytes, Reports: in.Read, Rejected: in.Refused, Unread: in.Unread})
		run.Tallies.Read += in.Read
		run.Tallies.Rejected += in.Refused
		run.Tallies.Unread += in.Unread
		run.Tallies.Duplicates += in.Read - in.Stored - in.Clashes
		run.Tallies.Corrected += in.Corrections
	}
	run.Tallies.Levels, run.Tallies.Precise = a.levels, a.precise
	q := &a.quality
	run.Geocoding = export.Geocoding{Sources: q.Sources(), Corrections: q.Corrections(), Unmatched: q.Unmatched(CommonestUnmatched)}
	if a.fit != nil {
		run.Risk = export.Risk{AsOf: a.fit.AsOf.UTC(), Days: a.fit.Days, High: a.fit.High, Medium: a.fit.Medium}
	}
	if c := a.detection.Calibration; c.Calibrated {
		run.Calibration = export.Calibration{
			AlertsPerWeek: c.AlertsPerWeek, Reached: c.Reached, Threshold: c.Threshold, HistoryDays: c.Days, Nights: c.Nights,
			Replicates: c.Replicates, Offences: c.Offences, P: c.P, RecurrenceD: c.Recurrence.Hours() / 24,
		}
	}
	if m := q.MedianRadiusM(); !math.IsNaN(m) {
		run.Geocoding.MedianM = &m
	}
	return run
}

// A Stale says that the newest incident is too old to be raised, or lies after
// the moment of the analysis: a file was given without its night. The zero value
// says nothing.
type Stale struct {
	Older   int           // reports from before the history that is looked at
	History time.Duration // how far back that is
	After   bool          // the newest incident lies after the moment
	Age     time.Duration // of the newest incident, where that is too long
	Try     time.Time     // the night after the newest incident, where that would help; else zero
}

// stale tells whether another moment would have found more. A night with sprees
// needs no such word.
func (a *analysis) stale(c Settings, zone *time.Location) Stale {
	if len(a.detection.Sprees) > 0 || a.newest.IsZero() {
		return Stale{}
	}
	s := Stale{Older: a.older, History: time.Duration(c.Detect.History)}
	year, month, day := a.newest.In(zone).Date()
	night := time.Date(year, month, day+1, 2, 0, 0, 0, zone)
	if a.newest.After(a.asOf) {
		s.After, s.Try = true, night
		return s
	}
	var longest time.Duration
	for _, p := range c.Profiles() {
		longest = max(longest, p.Lookback)
	}
	if age := a.asOf.Sub(a.newest); age > longest {
		s.Age, s.Try = age, night
	}
	return s
}
