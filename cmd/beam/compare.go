package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"

	"spreewatch/cluster"
	"spreewatch/cluster/trial"
	"spreewatch/data"
	"spreewatch/data/events"
	"spreewatch/data/export/compare"
	"spreewatch/data/replay"
)

// comparePipeline compares settings on each force's past in parts: the settings of each
// of its offences. A setting is followed through all nights in one part, since what it
// raised on a night is what it knows the next.
func comparePipeline(s beam.Scope, text []byte, rows beam.PCollection) (notes []beam.PCollection) {
	parts, twice := beam.ParDo2(s, &settingsFn{work{Job: text}}, beam.GroupByKey(s, rows))
	tried := beam.ParDo(s, &tryFn{work{Job: text}}, beam.GroupByKey(s, parts))
	counts := beam.ParDo(s, &comparisons{work{Job: text}}, beam.CoGroupByKey(s, rows, tried))
	return []beam.PCollection{twice, counts}
}

// pastOf are the rows of a force as incidents to be replayed.
func pastOf(j job, force string, next func(*[]byte) bool) (past, replay.Past, error) {
	zone, err := j.zone()
	if err != nil {
		return past{}, replay.Past{}, err
	}
	p, err := gather(force, next)
	if err != nil {
		return p, replay.Past{}, err
	}
	return p, replay.Past{Incidents: events.Placed(p.table), Days: p.table.Days, Source: p.source, Zone: zone}, nil
}

// unsaid is the note on a force of which a question cannot be answered: it is no reason
// to stop the others. An error of another kind is none.
func unsaid(force string, err error) (note, bool) {
	var user *data.UserError
	var usage *replay.UsageError
	if !errors.As(err, &user) && !errors.As(err, &usage) {
		return note{}, false
	}
	return note{Force: force, Reason: err.Error()}, true
}

// settingsFn cuts the comparison of a force.
type settingsFn struct{ work }

func (f *settingsFn) ProcessElement(force string, rows func(*[]byte) bool, parts func(string, []byte), notes func([]byte)) error {
	return f.job.of(force, f.cut(force, rows, parts, notes))
}

func (f *settingsFn) cut(force string, rows func(*[]byte) bool, parts func(string, []byte), notes func([]byte)) error {
	p, past, err := pastOf(f.job, force, rows)
	if err != nil {
		return err
	}
	for _, n := range p.twice {
		notes(n.encode())
	}
	ready, err := f.job.Compare.Ready(past)
	if n, ok := unsaid(force, err); ok {
		notes(n.encode())
		return nil
	}
	if err != nil {
		return err
	}
	for _, offence := range ready.Options.Offences() {
		var own []cluster.Incident
		for _, in := range ready.Incidents {
			if in.Offence == offence {
				own = append(own, in)
			}
		}
		n := ready.Options.SettingsOf(offence)
		cut := min(f.job.Partitions, n)
		for i := range cut {
			part := settingsPart{Force: force, Offence: offence, From: i * n / cut, To: (i + 1) * n / cut, Incidents: own, Options: pack(ready.Options)}
			text, err := encode(part)
			if err != nil {
				return err
			}
			parts(fmt.Sprintf("%s\x00%s\x00%d", force, offence, part.From), text)
		}
	}
	return nil
}

// settingsPart is the settings [From, To) of an offence of a force, and its past.
type settingsPart struct {
	Force, Offence string
	From, To       int
	Incidents      []cluster.Incident
	Options        compareOptions
}

// compareOptions are trial.CompareOptions but for what does not travel: of the zone its
// name, and nobody to tell of progress.
type compareOptions struct {
	Settings      []trial.Setting
	From, To      time.Time
	Zone          string
	Hour          int
	AlertsPerWeek float64
	Lookback      map[string]time.Duration
	Resolution    int
	Dwell         time.Duration
	Shifts        int
	Plants        []trial.Plant
	Rotations     int
	NullNights    int
	Seed          uint64
}

func pack(o trial.CompareOptions) compareOptions {
	return compareOptions{o.Settings, o.From.UTC(), o.To.UTC(), o.Zone.String(), o.Hour, o.AlertsPerWeek, o.Lookback, o.Resolution, o.Dwell, o.Shifts, o.Plants, o.Rotations, o.NullNights, o.Seed}
}

func (o compareOptions) unpack() (trial.CompareOptions, error) {
	zone, err := time.LoadLocation(o.Zone)
	return trial.CompareOptions{Settings: o.Settings, From: o.From, To: o.To, Zone: zone, Hour: o.Hour, AlertsPerWeek: o.AlertsPerWeek, Lookback: o.Lookback,
		Resolution: o.Resolution, Dwell: o.Dwell, Shifts: o.Shifts, Plants: o.Plants, Rotations: o.Rotations, NullNights: o.NullNights, Seed: o.Seed}, err
}

// tryFn tries the settings of a part.
type tryFn struct{ work }

func (f *tryFn) ProcessElement(ctx context.Context, _ string, parts func(*[]byte) bool, tried func(string, []byte)) error {
	var text []byte
	if !parts(&text) { // the same part again says the same
		return nil
	}
	var p settingsPart
	if err := decode(text, &p); err != nil {
		return fmt.Errorf("read a part: %w", err)
	}
	o, err := p.Options.unpack()
	if err != nil {
		return f.job.of(p.Force, err)
	}
	c, err := trial.ComparePart(ctx, p.Incidents, o, p.Offence, p.From, p.To)
	if err != nil {
		return f.job.of(p.Force, err)
	}
	if text, err = c.MarshalBinary(); err != nil {
		return err
	}
	tried(p.Force, text)
	return nil
}

// comparisons says what the parts of a force come to, and writes the folder that
// spreewatch compare writes, and the sprees of all settings as a sequence of GeoJSON
// features.
type comparisons struct{ work }

func (f *comparisons) ProcessElement(ctx context.Context, force string, rows, tried func(*[]byte) bool, notes func([]byte)) error {
	return f.job.of(force, f.write(ctx, force, rows, tried, notes))
}

func (f *comparisons) write(ctx context.Context, force string, rows, tried func(*[]byte) bool, notes func([]byte)) error {
	p, past, err := pastOf(f.job, force, rows)
	if err != nil {
		return err
	}
	notes(note{Force: force, Count: &count{Used: len(p.table.Events)}}.encode())
	ready, err := f.job.Compare.Ready(past)
	if _, ok := unsaid(force, err); ok {
		return f.job.folder(force).removeCompared()
	}
	if err != nil {
		return err
	}
	byOffence := make(map[string][]trial.Compared)
	for text := []byte(nil); tried(&text); {
		var c trial.Compared
		if err := c.UnmarshalBinary(text); err != nil {
			return err
		}
		byOffence[c.Offence] = append(byOffence[c.Offence], c)
	}
	for _, offence := range ready.Options.Offences() {
		c, err := trial.JoinCompared(ctx, byOffence[offence])
		if err != nil {
			return err
		}
		ready.Result.Comparisons = append(ready.Result.Comparisons, c)
	}
	return f.job.folder(force).compared(ctx, ready.Result)
}

// compared writes a comparison into the folder, and its sprees as one sequence.
func (f folder) compared(ctx context.Context, r compare.Result) error {
	dir := string(f)
	if !local(dir) { // where spreewatch cannot write: there and then over
		var err error
		if dir, err = os.MkdirTemp("", "spreewatch-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	writing.RLock()
	err := compare.Write(r, dir, nil)
	writing.RUnlock()
	if err != nil {
		return err
	}
	sequence, err := featuresOf(dir, r.Files())
	if err != nil {
		return err
	}
	if !local(string(f)) {
		if err := f.copyFrom(ctx, dir); err != nil {
			return err
		}
	}
	return f.write(ctx, "sprees.geojsonl", featureStart, lines(sequence))
}

// featuresOf are the features of the layers among the files of a folder, each a line,
// as their collections have them.
func featuresOf(dir string, files []string) ([][]byte, error) {
	var out [][]byte
	for _, name := range files {
		if filepath.Ext(name) != ".geojson" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		var layer struct {
			Features []json.RawMessage `json:"features"`
		}
		if err := json.Unmarshal(text, &layer); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		for _, f := range layer.Features {
			out = append(out, f)
		}
	}
	return out, nil
}

// removeCompared removes an earlier comparison, which is not the answer now: the files
// that its JSON lists.
func (f folder) removeCompared() error {
	if !local(string(f)) {
		return nil
	}
	text, err := os.ReadFile(filepath.Join(string(f), "compare.json"))
	var listed struct {
		Files []string `json:"files"`
	}
	if err != nil || !bytes.HasPrefix(text, []byte("{\n \"source\":")) || json.Unmarshal(text, &listed) != nil {
		return nil // none, or none of ours
	}
	for _, name := range listed.Files {
		if name == filepath.Base(name) {
			err = errors.Join(err, f.remove(name, ""))
		}
	}
	return errors.Join(err, f.remove("sprees.geojsonl", featureStart))
}
