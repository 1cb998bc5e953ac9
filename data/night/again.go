package night

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"spreewatch/data"
	"spreewatch/data/export"
)

// VerifyRun does a past run again, from its manifest and from what was known then,
// and compares what would be written with what was, to the byte. Where that differs
// it names what the run had and the database has no more: an input, a gazetteer,
// reports that were erased or decided otherwise, the program of then. What is
// written for it lies beside the database until it is compared.
func VerifyRun(ctx context.Context, o Options, id string) (Verdict, error) {
	e, err := o.open(ctx)
	if err != nil {
		return Verdict{}, err
	}
	defer e.close()
	stored, ok, err := e.db.FindRun(ctx, id)
	if err != nil {
		return Verdict{}, err
	}
	if !ok {
		return Verdict{}, &data.UserError{Msg: fmt.Sprintf("the database has no run %q", id), Hint: "the name of a run is run_id in its run.json; spreewatch audit export lists them"}
	}
	then, err := manifestOf(stored)
	if err != nil {
		return Verdict{}, err
	}
	if len(then.Outputs) == 0 {
		return Verdict{}, &data.UserError{Msg: "run " + id + " wrote no folder", Hint: "spreewatch run writes one, detect does not"}
	}
	if err := e.db.AuditLater(ctx, e.entry(data.Consultation, id, "the run, done again")); err != nil {
		return Verdict{}, err
	}
	if err := e.as(then); err != nil {
		return Verdict{}, err
	}
	now, err := e.again(ctx, then)
	if err != nil {
		return Verdict{}, err
	}
	v := Verdict{Run: id, Again: true}
	written := map[string]string{}
	for _, out := range now.Outputs {
		written[out.Name] = out.SHA256
	}
	for _, out := range then.Outputs {
		switch sum, ok := written[out.Name]; {
		case !ok:
			v.Findings = append(v.Findings, out.Name+" would not be written")
		case sum != out.SHA256:
			v.Findings = append(v.Findings, out.Name+" would be another")
		default:
			v.Outputs++
		}
	}
	text, err := json.Marshal(now)
	if err != nil {
		return Verdict{}, fmt.Errorf("manifest of run %s: %w", id, err)
	}
	if len(v.Findings) == 0 && !bytes.Equal(canonical(text), canonical(stored.Manifest)) {
		v.Findings = append(v.Findings, "run.json would be another")
	}
	if len(v.Findings) == 0 {
		return v, nil
	}
	why, err := e.sinceThen(ctx, then)
	v.Findings = append(why, v.Findings...)
	return v, err
}

// canonical is a manifest with the keys of its settings in order, and spaced as this
// program does: an erasure spaces it otherwise.
func canonical(manifest []byte) []byte {
	var run export.Run
	if json.Unmarshal(manifest, &run) != nil {
		return manifest
	}
	text, err := json.Marshal(run)
	if err != nil {
		return manifest
	}
	return text
}

// again analyses as of the moment of the run and writes the folder where it is
// removed again.
func (e *evening) again(ctx context.Context, then export.Run) (export.Run, error) {
	inputs := make([]Ingested, len(then.Inputs))
	for i, in := range then.Inputs {
		inputs[i] = Ingested{Input: data.Input{Source: in.Name, SHA256: in.SHA256}, Tally: data.Tally{Read: in.Reports, Refused: in.Rejected, Unread: in.Unread}, Bytes: in.Bytes}
	}
	a, err := e.analyse(ctx, then.AsOf, inputs)
	if err != nil {
		return export.Run{}, err
	}
	if err := e.plan(ctx, a); err != nil {
		return export.Run{}, err
	}
	refused, err := e.db.Refusals(ctx, hashes(inputs))
	if err != nil {
		return export.Run{}, err
	}
	dir, err := os.MkdirTemp(filepath.Dir(e.DB), ".spreewatch-again-")
	if err != nil {
		return export.Run{}, &data.UserError{Msg: "do the run again beside the database", Err: data.PathCause(err), Hint: "make the folder of the database writable"}
	}
	defer os.RemoveAll(dir)
	out, err := e.compose(ctx, a, inputs, refused, Writing{Dir: dir, Audience: then.Audience, Marking: then.Marking})
	if err != nil {
		return export.Run{}, err
	}
	for _, r := range []*export.Result{&out.result, out.result.Public} {
		if r != nil {
			r.Run.Versions = then.Versions
			r.Run.Tallies.Duplicates, r.Run.Tallies.Corrected = then.Tallies.Duplicates, then.Tallies.Corrected
		}
	}
	return export.Write(ctx, out.result, out.shown)
}

// sinceThen names what of a run is gone.
func (e *evening) sinceThen(ctx context.Context, then export.Run) (why []string, err error) {
	say := func(format string, args ...any) { why = append(why, fmt.Sprintf(format, args...)) }
	for _, in := range then.Inputs {
		known, err := e.db.HasInput(ctx, in.SHA256)
		if err != nil {
			return nil, err
		}
		if !known {
			say("input %s (%.12s) is gone", in.Name, in.SHA256)
		}
	}
	h, err := e.hold(ctx)
	if err != nil {
		return nil, err
	}
	held := map[string]bool{}
	for _, s := range h.Sources {
		held[s.SHA256] = true
	}
	for _, g := range then.Gazetteer {
		if !held[g.SHA256] {
			say("gazetteer %s %s (%.12s) is gone", g.Source, g.Release, g.SHA256)
		}
	}
	standings, err := e.db.AuditLog(ctx, time.Unix(0, 0), e.Now.Add(time.Hour))
	if err != nil {
		return nil, err
	}
	after := false
	for _, s := range standings {
		after = after || s.What == data.Disclosure && s.Run == then.RunID
		if after && (s.What == data.Erasure || s.What == data.Alteration) {
			say("after the run, on %s: %s, %s (entry %d of the audit log)", s.At.In(e.Zone).Format(time.DateOnly), s.What, s.Detail, s.N)
		}
	}
	if was, is := then.Versions.Spreewatch, e.Versions.Spreewatch; was != is {
		say("it was run by spreewatch %s, and this is %s", cmp.Or(was, "?"), cmp.Or(is, "?"))
	}
	return why, nil
}

// A shape is what a manifest says of the settings; Options.shaped writes it.
type shape struct {
	Area          []float64       `json:"area"`
	AreaFile      string          `json:"area_file"`
	Areas         string          `json:"areas"`
	MinConfidence float64         `json:"min_confidence"`
	Resolution    int             `json:"resolution"`
	Step          Span            `json:"step"`
	Lookback      Span            `json:"lookback"`
	History       Span            `json:"history"`
	MinLevel      string          `json:"min_level"`
	AlertsPerWeek float64         `json:"alerts_per_week"`
	PerShift      int             `json:"per_shift"`
	Dwell         Span            `json:"dwell"`
	ShiftsAhead   int             `json:"shifts_ahead"`
	Shifts        []shiftSettings `json:"shifts"`
	Units         []unitSettings  `json:"units"`
	Detour        float64         `json:"detour"`
	MaxCells      int             `json:"max_cells"`
	SpeedKmh      float64         `json:"speed_kmh"`
	Scan          struct {
		Replicates int     `json:"replicates"`
		Radius     Metres  `json:"radius"`
		MaxWindow  Span    `json:"max_window"`
		MinCases   int     `json:"min_cases"`
		MaxP       float64 `json:"max_p"`
	} `json:"scan"`
	Offences map[string]struct {
		Radius       Metres `json:"radius"`
		Window       Span   `json:"window"`
		MinIncidents int    `json:"min_incidents"`
		Lookback     Span   `json:"lookback"`
		Decay        Metres `json:"decay"`
		DecayTime    Span   `json:"decay_time"`
	} `json:"offences"`
	Seed     uint64 `json:"seed"`
	Timezone string `json:"timezone"`
}

// as gives the evening the settings of a run. What shapes no answer, as the words of
// an offence, stays as it is.
func (e *evening) as(then export.Run) error {
	text, err := json.Marshal(then.Options)
	if err != nil {
		return fmt.Errorf("settings of run %s: %w", then.RunID, err)
	}
	var s shape
	if err := json.Unmarshal(text, &s); err != nil {
		return fmt.Errorf("settings of run %s: %w", then.RunID, err)
	}
	if e.Zone, err = time.LoadLocation(s.Timezone); err != nil {
		return fmt.Errorf("settings of run %s: %w", then.RunID, err)
	}
	c := &e.Settings
	e.Seed = s.Seed
	c.Area.Bounds, c.Geocode.MinConfidence, c.Shifts, c.Units = s.Area, s.MinConfidence, s.Shifts, s.Units
	c.Detect = detectSettings{s.Resolution, s.Step, s.Lookback, s.History, s.MinLevel, s.AlertsPerWeek}
	c.Scan = scanSettings{s.Scan.Replicates, s.Scan.Radius, s.Scan.MaxWindow, s.Scan.MinCases, s.Scan.MaxP}
	c.Patrol.PerShift, c.Patrol.Dwell, c.Patrol.ShiftsAhead = s.PerShift, s.Dwell, s.ShiftsAhead
	if s.Detour > 0 { // a run of before there were routes has none
		c.Patrol.Detour, c.Patrol.SpeedKmh, c.Export.MaxCells = s.Detour, s.SpeedKmh, s.MaxCells
	}
	offences := map[string]offenceSettings{}
	for name, p := range s.Offences {
		o := c.Offences[name]
		o.Radius, o.Window, o.MinIncidents, o.Lookback, o.Decay, o.DecayTime = p.Radius, p.Window, p.MinIncidents, p.Lookback, p.Decay, p.DecayTime
		offences[name] = o
	}
	c.Offences = offences
	if err := c.keepShapes(s.AreaFile, s.Areas); err != nil {
		return err
	}
	return c.validate()
}
