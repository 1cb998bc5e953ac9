package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"spreewatch/cluster"
	"spreewatch/cluster/trial"
	"spreewatch/data/export/scored"
	"spreewatch/data/replay"
)

// evaluatePipeline replays each force's past in parts: the days of some of its fits.
func evaluatePipeline(s beam.Scope, text []byte, rows beam.PCollection) (notes []beam.PCollection) {
	parts, twice := beam.ParDo2(s, &daysFn{work{Job: text}}, beam.GroupByKey(s, rows))
	replayed := beam.ParDo(s, &replayFn{work{Job: text}}, beam.GroupByKey(s, parts))
	counts := beam.ParDo(s, &scores{work{Job: text}}, beam.CoGroupByKey(s, rows, replayed))
	return []beam.PCollection{twice, counts}
}

// daysFn cuts the evaluation of a force.
type daysFn struct{ work }

func (f *daysFn) ProcessElement(force string, rows func(*[]byte) bool, parts func(string, []byte), notes func([]byte)) error {
	return f.job.of(force, f.cut(force, rows, parts, notes))
}

func (f *daysFn) cut(force string, rows func(*[]byte) bool, parts func(string, []byte), notes func([]byte)) error {
	p, past, err := pastOf(f.job, force, rows)
	if err != nil {
		return err
	}
	for _, n := range p.twice {
		notes(n.encode())
	}
	all := daysPart{Force: force, Incidents: past.Incidents, Days: past.Days, Source: past.Source}
	ready, err := f.job.Evaluate.Ready(past)
	if n, ok := unsaid(force, err); ok {
		notes(n.encode())
		return nil
	}
	if err != nil {
		return err
	}
	all.Incidents = ready.Incidents
	n := ready.Options.Fits()
	cut := min(f.job.Partitions, n)
	for i := range cut {
		part := all
		part.From, part.To = i*n/cut, (i+1)*n/cut
		text, err := encode(part)
		if err != nil {
			return err
		}
		parts(fmt.Sprintf("%s\x00%d", force, part.From), text)
	}
	return nil
}

// daysPart is the days of the fits [From, To) of a force, and its past.
type daysPart struct {
	Force     string
	From, To  int
	Incidents []cluster.Incident
	Days      bool
	Source    string
}

// replayFn replays the days of a part.
type replayFn struct{ work }

func (f *replayFn) ProcessElement(ctx context.Context, _ string, parts func(*[]byte) bool, replayed func(string, []byte)) error {
	var text []byte
	if !parts(&text) { // the same part again says the same
		return nil
	}
	var p daysPart
	if err := decode(text, &p); err != nil {
		return fmt.Errorf("read a part: %w", err)
	}
	zone, err := f.job.zone()
	if err != nil {
		return err
	}
	ready, err := f.job.Evaluate.Ready(replay.Past{Incidents: p.Incidents, Days: p.Days, Source: p.Source, Zone: zone})
	if err != nil {
		return f.job.of(p.Force, err)
	}
	e, err := trial.EvaluatePart(ctx, ready.Incidents, ready.Options, p.From, p.To)
	if err != nil {
		return f.job.of(p.Force, err)
	}
	if text, err = e.MarshalBinary(); err != nil {
		return err
	}
	replayed(p.Force, text)
	return nil
}

// scores says what the parts of a force come to, and writes it: the JSON and the CSV of
// spreewatch evaluate.
type scores struct{ work }

func (f *scores) ProcessElement(ctx context.Context, force string, rows, replayed func(*[]byte) bool, notes func([]byte)) error {
	return f.job.of(force, f.write(ctx, force, rows, replayed, notes))
}

func (f *scores) write(ctx context.Context, force string, rows, replayed func(*[]byte) bool, notes func([]byte)) error {
	p, past, err := pastOf(f.job, force, rows)
	if err != nil {
		return err
	}
	notes(note{Force: force, Count: &count{Used: len(p.table.Events)}}.encode())
	out := f.job.folder(force)
	ready, err := f.job.Evaluate.Ready(past)
	if _, ok := unsaid(force, err); ok {
		return out.removeScores()
	}
	if err != nil {
		return err
	}
	var parts []trial.Evaluated
	for text := []byte(nil); replayed(&text); {
		var e trial.Evaluated
		if err := e.UnmarshalBinary(text); err != nil {
			return err
		}
		parts = append(parts, e)
	}
	res, err := trial.JoinEvaluated(ready.Options, parts)
	if err != nil {
		return err
	}
	if len(res.Rows) == 0 {
		n, _ := unsaid(force, replay.TooFew(ready.Options))
		notes(n.encode())
		return out.removeScores()
	}
	if err := out.write(ctx, "scores.csv", scored.CSVHeader, func(w io.Writer) error { return scored.WriteCSV(w, res) }); err != nil {
		return err
	}
	return out.write(ctx, "evaluate.json", scoresStart, func(w io.Writer) error { return scored.WriteJSON(w, scored.NewResult(res, p.refused+len(p.twice))) })
}

// scoresStart is how the JSON of an evaluation begins.
const scoresStart = `{"from":`

// removeScores removes an earlier evaluation, which is not the answer now.
func (f folder) removeScores() error {
	return errors.Join(f.remove("evaluate.json", scoresStart), f.remove("scores.csv", scored.CSVHeader))
}
