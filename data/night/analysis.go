package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
	"spreewatch/geo/locate"
)

// An analysis is what the store's reports come to as of one moment.
type analysis struct {
	asOf        time.Time
	located     []data.Located // every report known by then
	detection   detect.Detection
	suggestions []patrol.Suggestion // none before plan
	gazetteers  []data.GazetteerSource
	older       int       // reports from before the history that is looked at
	newest      time.Time // when the newest report's event began; zero for none
	runID       string
}

// analyse detects sprees as of a moment, from what the store held by then and
// from what the run before it saw.
func analyse(ctx context.Context, g *globals, db *data.DB, asOf time.Time) (*analysis, error) {
	since := asOf.Add(-time.Duration(g.cfg.Detect.History))
	located, err := db.Located(ctx, since, asOf)
	if err != nil {
		return nil, err
	}
	older, newest, err := db.Older(ctx, since)
	if err != nil {
		return nil, err
	}
	opt := g.cfg.detectOptions(g, asOf)
	if opt.Previous, err = db.SpreesBefore(ctx, asOf); err != nil {
		return nil, err
	}
	detection, err := detect.Detect(incidentsOf(located), opt)
	if err != nil {
		return nil, err
	}
	h, err := holding(ctx, g, db)
	if err != nil {
		return nil, err
	}
	a := &analysis{asOf: asOf, located: located, detection: detection, older: older, newest: newest, gazetteers: h.Sources}
	a.runID = runID(asOf.In(g.zone), located, a.options(g))
	g.log.Info("detected", "run", a.runID, "reports", len(located), "sprees before", len(opt.Previous), "sprees", len(detection.Sprees), "cells", len(detection.Cells))
	return a, nil
}

// plan suggests patrols from what was detected.
func (a *analysis) plan(ctx context.Context, g *globals, db *data.DB) error {
	least := g.cfg.detectOptions(g, a.asOf).MinLevel
	incidents := slices.DeleteFunc(incidentsOf(a.located), func(in cluster.Incident) bool { return in.Level < least })
	opt := g.cfg.planOptions(g.zone, a.asOf)
	var err error
	if opt.Places, err = settlements(ctx, g, db, incidents); err != nil {
		return err
	}
	a.suggestions, err = patrol.Plan(incidents, a.detection.Sprees, opt)
	return err
}

// incidentsOf are the reports that have a place.
func incidentsOf(located []data.Located) []cluster.Incident {
	out := make([]cluster.Incident, 0, len(located))
	for _, l := range located {
		if !l.Match.Level.Located() {
			continue
		}
		out = append(out, cluster.Incident{
			ID: l.Ref, Offence: l.Offence, From: l.From, To: l.To, Point: l.Match.Point, RadiusM: l.Match.RadiusM,
			Level: l.Match.Level, Confidence: l.Match.Confidence, PlaceName: placeName(l.Match),
		})
	}
	return out
}

// placeName is the settlement of a match.
func placeName(m geo.Match) string {
	if m.Level == geo.LevelPlace {
		return m.Name
	}
	return m.Locality
}

// runID names a run by its moment, its reports and its settings, so that the
// same run has the same name.
func runID(asOf time.Time, located []data.Located, options map[string]any) string {
	h := sha256.New()
	enc := json.NewEncoder(h)
	for _, l := range located {
		if err := enc.Encode([]any{l.Ref, l.Offence, l.From, l.To, l.Match.Level, l.Match.Point, l.Match.RadiusM, l.Match.Confidence}); err != nil {
			panic(fmt.Sprintf("spreewatch: hash of report: %v", err))
		}
	}
	if err := enc.Encode(options); err != nil {
		panic(fmt.Sprintf("spreewatch: hash of options: %v", err))
	}
	return asOf.Format("20060102T1504") + "-" + hex.EncodeToString(h.Sum(nil))[:8]
}

// options are the settings that shaped the answer, by name.
func (a *analysis) options(g *globals) map[string]any {
	profiles := map[string]any{}
	for name, o := range g.cfg.Offences {
		profiles[name] = map[string]any{"radius": o.Radius.String(), "window": o.Window.String(), "min_incidents": o.MinIncidents,
			"lookback": o.Lookback.String(), "decay": o.Decay.String(), "decay_time": o.DecayTime.String()}
	}
	c := g.cfg
	return map[string]any{
		"area": c.Area.Bounds, "min_confidence": c.Geocode.MinConfidence,
		"resolution": c.Detect.Resolution, "step": c.Detect.Step.String(), "lookback": c.Detect.Lookback.String(), "history": c.Detect.History.String(), "min_level": c.Detect.MinLevel,
		"scan":      map[string]any{"replicates": c.Scan.Replicates, "radius": c.Scan.Radius.String(), "max_window": c.Scan.MaxWindow.String(), "min_cases": c.Scan.MinCases, "max_p": c.Scan.MaxP},
		"per_shift": c.Patrol.PerShift, "dwell": c.Patrol.Dwell.String(), "shifts_ahead": c.Patrol.ShiftsAhead, "shifts": c.Shifts,
		"offences": profiles, "seed": g.seed, "timezone": g.zoneName,
	}
}

// result is what export writes: the analysis, the reports that a person must
// decide, and the manifest of the inputs.
func (a *analysis) result(g *globals, inputs []ingested, refused []data.Refusal) export.Result {
	r := export.Result{Sprees: a.detection.Sprees, Suggestions: a.suggestions, Cells: a.detection.Cells}
	owner := map[string]string{}
	for _, s := range a.detection.Sprees {
		for _, id := range s.Incidents {
			if owner[id] == "" {
				owner[id] = s.ID
			}
		}
	}
	for _, in := range incidentsOf(a.located) {
		r.Incidents = append(r.Incidents, layer.Incident{Incident: in, Ref: in.ID, SpreeID: owner[in.ID]})
	}
	r.Review = reviewRows(a.located, refused, g.cfg.Geocode.MinConfidence)
	r.Run = a.manifest(g, inputs)
	return r
}

// manifest describes the run. With inputs, the levels are those of their
// reports, else those of every report in the store.
func (a *analysis) manifest(g *globals, inputs []ingested) export.Run {
	v := versions()
	run := export.Run{
		AsOf: a.asOf, Seed: g.seed, Options: a.options(g), Notes: a.detection.Notes,
		Versions: export.Versions{Spreewatch: v["spreewatch"], Go: v["go"], SQLite: data.SQLiteVersion(), Schema: data.SchemaVersion()},
	}
	for _, s := range a.gazetteers {
		run.Gazetteer = append(run.Gazetteer, export.Gazetteer{Source: s.Name, Release: s.Release, SHA256: s.SHA256, Entries: s.Entries(), Licence: s.Licence})
	}
	tonight := map[string]bool{}
	for _, in := range inputs {
		tonight[in.SHA256] = true
		run.Inputs = append(run.Inputs, export.Input{Name: in.Source, SHA256: in.SHA256, Bytes: in.bytes, Reports: in.Read, Rejected: in.Refused, Unread: in.Unread})
		run.Tallies.Read += in.Read
		run.Tallies.Rejected += in.Refused
		run.Tallies.Unread += in.Unread
		run.Tallies.Duplicates += in.Read - in.Stored - in.Clashes
	}
	var q locate.Quality
	for _, l := range a.located {
		if len(inputs) == 0 || tonight[l.SHA256] {
			run.Tallies.Levels.Add(l.Match.Level)
			q.Add(l.Location, l.Match)
		}
	}
	run.Geocoding = export.Geocoding{Sources: q.Sources(), Corrections: q.Corrections(), Unmatched: q.Unmatched(commonestUnmatched)}
	if m := q.MedianRadiusM(); !math.IsNaN(m) {
		run.Geocoding.MedianM = &m
	}
	return run
}

// reviewRows are the reports that a person must decide and the lines that gave
// none.
func reviewRows(located []data.Located, refused []data.Refusal, minConfidence float64) []export.ReviewRow {
	var rows []export.ReviewRow
	for _, l := range located {
		reason := reviewReason(l.Match, minConfidence)
		if reason == "" {
			continue
		}
		rows = append(rows, export.ReviewRow{Source: l.Source, Line: l.Line, Ref: l.Ref, Offence: l.Offence, Location: l.Location,
			Level: l.Match.Level, Confidence: l.Match.Confidence, Match: geo.Candidate{Name: l.Match.Name, Locality: l.Match.Locality, Point: l.Match.Point}, Reason: reason, Candidates: l.Match.Candidates})
	}
	for _, r := range refused {
		reason := "rejected: " + rejection(&r.RowError)
		if r.Unread {
			reason = "not understood: " + r.Reason
		}
		rows = append(rows, export.ReviewRow{Source: r.Source, Line: r.Line, Reason: reason})
	}
	return rows
}

// reviewReason says why a person must look at a match, "" when nobody need.
func reviewReason(m geo.Match, minConfidence float64) string {
	switch {
	case m.Rule == ruleRejected:
		return ""
	case m.Level == geo.LevelNone:
		return "not found"
	case m.Level == geo.LevelAmbiguous:
		return "ambiguous: choose one of the candidates"
	case m.Confidence < minConfidence:
		reason := fmt.Sprintf("confidence %.2f is under %.2f", m.Confidence, minConfidence)
		for _, c := range m.Corrections {
			reason += "; " + c
		}
		return reason
	}
	return ""
}
