package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"spreewatch/cluster/scan"
	"spreewatch/data/events"
	"spreewatch/data/export/scanned"
)

// scanPipeline scans each force in parts: its circles by coarse cell, each part with the
// places about them (the halo), and its replicates by spans. The greatest of each
// replicate is a combine over the parts.
func scanPipeline(s beam.Scope, text []byte, rows beam.PCollection) (notes []beam.PCollection) {
	byForce := beam.GroupByKey(s, rows)
	parts, twice := beam.ParDo2(s, &partsFn{work{Job: text}}, byForce)
	found := beam.CombinePerKey(s, &withFn{}, beam.ParDo(s, &searchFn{work{Job: text}}, beam.GroupByKey(s, parts)))
	counts := beam.ParDo(s, &sprees{work{Job: text}}, beam.CoGroupByKey(s, rows, found))
	return []beam.PCollection{twice, counts}
}

// casesOf are the rows of a force as cases, and the options of its scan.
func casesOf(j job, force string, next func(*[]byte) bool) (past, []scan.Case, scan.Options, error) {
	zone, err := j.zone()
	if err != nil {
		return past{}, nil, scan.Options{}, err
	}
	o, err := j.Scan.options(zone)
	if err != nil {
		return past{}, nil, o, err
	}
	p, err := gather(force, next)
	if err != nil {
		return p, nil, o, err
	}
	if p.table.Metres {
		return p, nil, o, fmt.Errorf("%s has x and y in metres, and the scan needs lat and lon: --crs EPSG:CODE turns them", p.source)
	}
	o.Workers = j.Workers
	return p, events.Cases(p.only(j.Scan.Offence), o), o, nil
}

// partsFn cuts the scan of a force.
type partsFn struct{ work }

func (f *partsFn) ProcessElement(ctx context.Context, force string, rows func(*[]byte) bool, parts func(string, []byte), notes func([]byte)) error {
	return f.job.of(force, f.cut(ctx, force, rows, parts, notes))
}

func (f *partsFn) cut(ctx context.Context, force string, rows func(*[]byte) bool, parts func(string, []byte), notes func([]byte)) error {
	p, cases, o, err := casesOf(f.job, force, rows)
	if err != nil {
		return err
	}
	for _, n := range p.twice {
		notes(n.encode())
	}
	frame, err := scan.NewFrame(ctx, cases, o)
	if err != nil {
		return err
	}
	spans := max(1, min(f.job.Spans, o.Replicates))
	for number, centres := range frame.Cut(f.job.Partitions) {
		part := frame.Part(number, centres)
		for i := range spans {
			first, end := i*o.Replicates/spans, (i+1)*o.Replicates/spans
			text, err := encode(piece{Force: force, Part: part, First: first, Count: end - first})
			if err != nil {
				return err
			}
			parts(fmt.Sprintf("%s\x00%d\x00%d", force, number, first), text)
		}
	}
	return nil
}

// A piece is a part of a force's scan in some replicates: the unit of the search.
type piece struct {
	Force        string
	Part         scan.Part
	First, Count int
}

// searchFn searches a piece.
type searchFn struct{ work }

func (f *searchFn) ProcessElement(ctx context.Context, _ string, pieces func(*[]byte) bool, found func(string, []byte)) error {
	var text []byte
	if !pieces(&text) { // the same piece again, of a bundle that was tried again, says the same
		return nil
	}
	var p piece
	if err := decode(text, &p); err != nil {
		return fmt.Errorf("read a part: %w", err)
	}
	one, err := p.Part.Search(ctx, p.First, p.Count, f.job.Workers)
	if err == nil {
		text, err = one.MarshalBinary()
	}
	if err != nil {
		return f.job.of(p.Force, err)
	}
	found(p.Force, text)
	return nil
}

// withFn puts together what pieces found: whatever their order, and however often one
// comes.
type withFn struct{}

func (withFn) MergeAccumulators(a, b []byte) ([]byte, error) {
	var f, g scan.Found
	if len(a) > 0 {
		if err := f.UnmarshalBinary(a); err != nil {
			return nil, err
		}
	}
	if len(b) > 0 {
		if err := g.UnmarshalBinary(b); err != nil {
			return nil, err
		}
	}
	return f.With(g).MarshalBinary()
}

// scanStart is how the JSON of a scan begins.
const scanStart = `{"cases":`

// sprees says what the scan of a force comes to, and writes it: the sprees as a sequence
// of GeoJSON features, and the JSON of spreewatch scan.
type sprees struct{ work }

func (f *sprees) ProcessElement(ctx context.Context, force string, rows, found func(*[]byte) bool, notes func([]byte)) error {
	return f.job.of(force, f.write(ctx, force, rows, found, notes))
}

func (f *sprees) write(ctx context.Context, force string, rows, found func(*[]byte) bool, notes func([]byte)) error {
	p, cases, o, err := casesOf(f.job, force, rows)
	if err != nil {
		return err
	}
	var all scan.Found
	for text := []byte(nil); found(&text); {
		var one scan.Found
		if err := one.UnmarshalBinary(text); err != nil {
			return err
		}
		all = all.With(one)
	}
	frame, err := scan.NewFrame(ctx, cases, o)
	if err != nil {
		return err
	}
	res, err := frame.Result(all, f.job.Partitions)
	if err != nil {
		return err
	}
	features, err := scanned.Features(res, o)
	if err != nil {
		return fmt.Errorf("draw the sprees: %w", err)
	}
	out := f.job.folder(force)
	notes(note{Force: force, Count: &count{Used: len(p.table.Events)}}.encode())
	if len(cases) == 0 && f.job.Scan.Offence != "" {
		notes(note{Force: force, Reason: "there is no such incident"}.encode())
		return errors.Join(out.remove("sprees.geojsonl", featureStart), out.remove("scan.json", scanStart))
	}
	if err := out.write(ctx, "sprees.geojsonl", featureStart, lines(features)); err != nil {
		return err
	}
	return out.write(ctx, "scan.json", scanStart, asJSON(scanned.NewResult(res, o, 0)))
}
