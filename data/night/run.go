package night

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/export/layer"
	"spreewatch/data/intake"
)

// sampleNight is when the sample is analysed, in the zone of the clock times: the
// night after its calls.
var sampleNight = [5]int{2015, 9, 17, 2, 0}

// Reading says which reports are read and how. With Sample they are those of the
// bulletin that ships, read into a database that is forgotten unless KeepSample.
type Reading struct {
	Files      []string // "-" is the standard input of the intake options
	Inbox      string   // a folder whose complete files are read in place of Files, and moved; "" for none
	Intake     intake.Options
	Sample     bool
	KeepSample bool // the database of the options is the sample's
}

// Writing says where the folder is written and for whom.
type Writing struct {
	Dir        string
	GeoPackage string          // file for every layer in one; "" for none
	Audience   export.Audience // "" as in the settings; of the sample, an analyst
	Marking    string          // "" as in the settings
	For        string          // who gets it, for the audit log; "" for not said
}

// An Outcome is what a night or a part of it came to.
type Outcome struct {
	AsOf        time.Time
	Inputs      []Ingested     // of Run
	Rejected    []RejectedFile // of an inbox
	Left        []LeftFile     // in the inbox, for another night
	Waiting     int            // reports that were never looked up, and are left out
	Sprees      []cluster.Spree
	Suggestions []patrol.Suggestion
	Surface     patrol.Surface // the risk of every cell, by shift
	Routes      []patrol.Route // round the suggestions
	Notes       []detect.Note
	Run         export.Run // the whole manifest
	Manifest    []byte     // the content of run.json, which is what the audience may see of it; nil where no folder was written
	Stale       Stale      // why nothing was found, where the moment is at fault

	result export.Result
	shown  export.Options
}

// Driven returns how many routes have somewhere to go, and how many stops they have.
func (out Outcome) Driven() (routes, stops int) {
	for _, r := range out.Routes {
		stops += len(r.Stops)
		if len(r.Stops) > 0 {
			routes++
		}
	}
	return routes, stops
}

// WriteSprees writes the sprees as JSON, an object a line, as the audience of the
// settings may see them.
func (out Outcome) WriteSprees(w io.Writer) error {
	return export.WriteSprees(w, out.result, out.shown)
}

// WriteSuggestions writes the suggestions as JSON, an object a line.
func (out Outcome) WriteSuggestions(w io.Writer) error {
	return export.WriteSuggestions(w, out.result, out.shown)
}

// Run does a whole night: read, locate, detect, plan, write, remember.
func Run(ctx context.Context, o Options, r Reading, w Writing) (Outcome, error) {
	r = o.settled(r)
	o.AsOf = o.asOf(o.moment(r))
	if r.Sample {
		forget, err := sample(&o, &r, &w)
		if err != nil {
			return Outcome{}, err
		}
		defer forget()
	}
	if err := w.check(o, r.Files); err != nil {
		return Outcome{}, err
	}
	var inputs []Ingested
	var err error
	if r.Inbox == "" {
		if inputs, err = digest(&r); err != nil {
			return Outcome{}, err
		}
	}
	e, err := o.make(ctx, 0)
	if err != nil {
		return Outcome{}, err
	}
	defer e.close()
	e.holdLog()
	e.Step("claim")
	if err := e.claim(ctx, w.Dir); err != nil {
		return Outcome{}, err
	}
	e.Step("ingest")
	if err := e.setClock(ctx); err != nil {
		return Outcome{}, err
	}
	if err := e.foresee(ctx); err != nil {
		return Outcome{}, err
	}
	in, err := e.takeIn(ctx, &r, inputs)
	if err != nil {
		return Outcome{}, err
	}
	inputs = in.inputs
	e.Step("locate")
	if err := e.locate(ctx); err != nil {
		return Outcome{}, err
	}
	e.Step("detect")
	a, err := e.analyse(ctx, o.AsOf, inputs)
	if err != nil {
		return Outcome{}, err
	}
	e.Step("plan")
	if err := e.plan(ctx, a); err != nil {
		return Outcome{}, err
	}
	refused, err := e.db.Refusals(ctx, hashes(inputs))
	if err != nil {
		return Outcome{}, err
	}
	out, err := e.compose(ctx, a, inputs, refused, w)
	if err != nil {
		return Outcome{}, err
	}
	if err := e.db.Audit(ctx, e.entry(data.Combination, a.runID, "%s analysed", data.Count(a.reports, "report")), w.disclosure(e.Options, out)); err != nil {
		return Outcome{}, err
	}
	e.Step("write")
	if out, err = e.write(ctx, out, w); err != nil {
		return Outcome{}, err
	}
	e.Step("remember")
	if err := e.remember(ctx, a, out.Run); err != nil {
		return Outcome{}, err
	}
	out.Rejected, out.Left = in.rejected, in.left
	if r.Inbox != "" {
		e.Step("clear the inbox")
		err = e.clearInbox(r.Inbox, in)
	}
	return out, err
}

// sample makes the run one of the sample that ships: in a database that forget
// removes, for an analyst where nothing is said, since nobody is named in it.
func sample(o *Options, r *Reading, w *Writing) (forget func(), err error) {
	r.Files = []string{"-"}
	r.Intake.Stdin, r.Intake.Name = bytes.NewReader(intake.SampleText()), intake.SampleName
	r.Intake.Today = o.AsOf
	if w.Audience == "" {
		w.Audience = export.AudienceAnalyst
	}
	if r.KeepSample {
		return func() {}, nil
	}
	dir, err := os.MkdirTemp("", "spreewatch-sample-")
	if err != nil {
		return nil, &data.UserError{Msg: "make a folder for the sample's database", Err: data.PathCause(err)}
	}
	o.DB = filepath.Join(dir, "sample.db")
	return func() { os.RemoveAll(dir) }, nil
}

// taken is what was taken in, and of an inbox what was not.
type taken struct {
	inputs   []Ingested
	rejected []RejectedFile
	left     []LeftFile
}

// takeIn stores the reports of the inputs, or of what is complete in the inbox.
func (e *evening) takeIn(ctx context.Context, r *Reading, inputs []Ingested) (taken, error) {
	in := taken{inputs: inputs}
	if r.Inbox != "" { // with the lock, or two runs would move one file
		if err := e.putBack(); err != nil {
			return in, err
		}
		files, left, err := e.complete(ctx, r.Inbox)
		if err != nil {
			return in, err
		}
		in.left = left
		if in.inputs, in.rejected, err = digestInbox(r, files); err != nil {
			return in, err
		}
	}
	if err := e.announce(ctx, in.inputs); err != nil {
		return in, err
	}
	if r.Inbox == "" {
		return in, e.ingest(ctx, inputs, r.Intake)
	}
	var err error
	in.inputs, in.rejected, err = e.ingestInbox(ctx, r, in.inputs, in.rejected)
	if len(in.left) > 0 {
		e.Log.Warn("files of the inbox are left", "files", len(in.left))
	}
	return in, err
}

// disclosure is what the audit log is told of a folder that is about to be
// written.
func (w Writing) disclosure(o Options, out Outcome) data.Entry {
	audience := string(out.shown.Audience)
	if out.result.Public != nil { // its run goes by a name of its own
		audience += " as " + out.result.Public.Run.RunID
	}
	if w.For != "" {
		return o.entry(data.Disclosure, out.shown.RunID, "for %s: %s", audience, w.For)
	}
	return o.entry(data.Disclosure, out.shown.RunID, "for %s", audience)
}

// moment is the as-of time when the options do not say: the sample's own night,
// the end of the day of receipt, or now.
func (o Options) moment(r Reading) time.Time {
	if r.Sample {
		s := sampleNight
		return time.Date(s[0], time.Month(s[1]), s[2], s[3], s[4], 0, 0, o.Zone)
	}
	if end := r.Intake.Received.AddDate(0, 0, 1); !r.Intake.Received.IsZero() && end.Before(o.Now) {
		return end
	}
	return o.Now
}

// Try finds the sprees among the located reports as Detect does, and remembers
// nothing: for settings that are tried.
func Try(ctx context.Context, o Options) (Outcome, error) {
	e, err := o.open(ctx)
	if err != nil {
		return Outcome{}, err
	}
	defer e.close()
	return e.analysed(ctx, o.Now, func(e *evening, a *analysis) (Outcome, error) {
		if err := e.db.AuditLater(ctx, e.entry(data.Consultation, a.runID, "settings tried")); err != nil {
			return Outcome{}, err
		}
		return e.outcome(ctx, a, nil, nil, e.exportOptions(a.runID))
	})
}

// Calibrate shows at what rate of false sprees the scan's threshold is, beside what
// else would be raised, and remembers the nights that it made.
func Calibrate(ctx context.Context, o Options) (detect.Comparison, error) {
	e, err := o.alter(ctx)
	if err != nil {
		return detect.Comparison{}, err
	}
	defer e.close()
	asOf := o.Moment()
	g, _, err := e.gather(ctx, asOf.Add(-time.Duration(e.Settings.Detect.History)), asOf, nil)
	if err != nil {
		return detect.Comparison{}, err
	}
	opt := e.Settings.detectOptions(e.Zone, e.Seed, asOf)
	if opt.Known, err = e.db.NullNights(ctx, asOf); err != nil {
		return detect.Comparison{}, err
	}
	c, err := detect.Compare(ctx, g.incidents, opt)
	if err != nil {
		return detect.Comparison{}, err
	}
	return c, e.db.StoreNullNights(ctx, c.Null)
}

// Detect finds the sprees among the located reports as of the moment of the
// options, or else as of now, and remembers them.
func Detect(ctx context.Context, o Options) (Outcome, error) {
	e, err := o.alter(ctx)
	if err != nil {
		return Outcome{}, err
	}
	defer e.close()
	return e.analysed(ctx, o.Now, func(e *evening, a *analysis) (Outcome, error) {
		out, err := e.outcome(ctx, a, nil, nil, e.exportOptions(a.runID))
		if err != nil {
			return Outcome{}, err
		}
		if err := e.db.Audit(ctx, e.entry(data.Combination, a.runID, "%s analysed", data.Count(a.reports, "report"))); err != nil {
			return Outcome{}, err
		}
		return out, e.remember(ctx, a, out.Run)
	})
}

// Plan suggests areas, times and dwell from what the database holds: as of the
// moment of the options, or else of the last run's.
func Plan(ctx context.Context, o Options) (Outcome, error) {
	return o.analysedAgain(ctx, func(e *evening, a *analysis) (Outcome, error) {
		if err := e.plan(ctx, a); err != nil {
			return Outcome{}, err
		}
		if err := e.db.AuditLater(ctx, e.entry(data.Consultation, a.runID, "the plan")); err != nil {
			return Outcome{}, err
		}
		return e.outcome(ctx, a, nil, nil, e.exportOptions(a.runID))
	})
}

// Export writes the folder from what the database holds: as of the moment of the
// options, or else of the last run's, so that the map of a night can be written
// again.
func Export(ctx context.Context, o Options, w Writing) (Outcome, error) {
	if err := w.check(o, nil); err != nil {
		return Outcome{}, err
	}
	return o.analysedAgain(ctx, func(e *evening, a *analysis) (Outcome, error) {
		if err := e.claim(ctx, w.Dir); err != nil {
			return Outcome{}, err
		}
		if err := e.plan(ctx, a); err != nil {
			return Outcome{}, err
		}
		out, err := e.compose(ctx, a, nil, nil, w)
		if err != nil {
			return Outcome{}, err
		}
		if err := e.db.AuditLater(ctx, w.disclosure(e.Options, out)); err != nil {
			return Outcome{}, err
		}
		return e.write(ctx, out, w)
	})
}

// analysedAgain reads the store, analyses what was analysed before and hands it
// over.
func (o Options) analysedAgain(ctx context.Context, use func(*evening, *analysis) (Outcome, error)) (Outcome, error) {
	e, err := o.open(ctx)
	if err != nil {
		return Outcome{}, err
	}
	defer e.close()
	last, err := e.db.LastRun(ctx)
	if err != nil {
		return Outcome{}, err
	}
	if last.IsZero() {
		last = o.Now
	}
	return e.analysed(ctx, last, use)
}

// analysed analyses the store and hands it over.
func (e *evening) analysed(ctx context.Context, fallback time.Time, use func(*evening, *analysis) (Outcome, error)) (Outcome, error) {
	waiting, err := e.db.NotLookedUp(ctx)
	if err != nil {
		return Outcome{}, err
	}
	a, err := e.analyse(ctx, e.asOf(fallback), nil)
	if err != nil {
		return Outcome{}, err
	}
	out, err := use(e, a)
	out.Waiting = waiting
	return out, err
}

// outcome puts together what was found, for the audience of the options.
func (e *evening) outcome(ctx context.Context, a *analysis, inputs []Ingested, refused []data.Refusal, shown export.Options) (Outcome, error) {
	if err := e.weigh(ctx, &a.gathering, a.doubts, shown.Audience == export.AudienceAnalyst); err != nil {
		return Outcome{}, err
	}
	r := a.result(e.Options, inputs, refused)
	if shown.Audience == export.AudiencePublic {
		var err error
		if r.Public, err = e.public(ctx, a, shown); err != nil {
			return Outcome{}, err
		}
	}
	return Outcome{AsOf: a.asOf, Inputs: inputs, Sprees: a.detection.Sprees, Suggestions: a.suggestions, Surface: a.surface, Routes: a.routes, Notes: a.detection.Notes,
		Run: r.Run, Stale: a.stale(e.Settings, e.Zone), result: r, shown: shown}, nil
}

// compose is what is going to be written of an analysis.
func (e *evening) compose(ctx context.Context, a *analysis, inputs []Ingested, refused []data.Refusal, w Writing) (Outcome, error) {
	var files []string
	for _, in := range inputs {
		files = append(files, in.File)
	}
	shown := w.options(e.Options, a.runID, files)
	shown.Ground = func(area orb.Bound, near []orb.Bound) (layer.Ground, error) { return e.ground(ctx, area, near) }
	out, err := e.outcome(ctx, a, inputs, refused, shown)
	if err != nil {
		return Outcome{}, err
	}
	a.surface, out.Surface = nil, nil // no file of a folder has the whole of it, and it is large
	var notes []string
	var places []orb.Point
	if shown.Audience != export.AudiencePublic { // who must not learn of them by what is left out
		for _, s := range out.Suggestions {
			places = append(places, s.Cell.Centre())
		}
		for _, s := range out.Sprees {
			places = append(places, s.Centre)
		}
	}
	if out.shown.Basemap, notes, err = e.basemap(ctx, places); err != nil {
		return Outcome{}, err
	}
	out.result.Run.Notes = append(notes, out.result.Run.Notes...) // first: it is of who learns of patrols
	if out.result.Public != nil {
		out.result.Public.Run.Notes = append(notes[:len(notes):len(notes)], out.result.Public.Run.Notes...)
	}
	return out, nil
}

// write writes the folder of what was composed, and whose disclosure is logged.
func (e *evening) write(ctx context.Context, out Outcome, w Writing) (Outcome, error) {
	var err error
	if out.Run, err = export.Write(ctx, out.result, out.shown); err != nil {
		return Outcome{}, err
	}
	if out.Manifest, err = os.ReadFile(filepath.Join(w.Dir, "run.json")); err != nil {
		return Outcome{}, &data.UserError{Msg: "read run.json", Err: data.PathCause(err)}
	}
	e.Log.Info("written", "audience", string(out.Run.Audience), "files", len(out.Run.Outputs)+1)
	return out, nil
}

// options are the settings of the export with what the writing says.
func (w Writing) options(o Options, runID string, read []string) export.Options {
	out := o.exportOptions(runID)
	out.Dir, out.Keep, out.Step, out.GeoPackage = w.Dir, o.keep(read), o.Step, w.GeoPackage
	if w.Marking != "" {
		out.Marking = w.Marking
	}
	if w.Audience != "" {
		out.Audience = w.Audience
	}
	return out
}

// check refuses a folder before any work is done for it.
func (w Writing) check(o Options, read []string) error {
	return export.CheckFolder(w.options(o, "", read))
}

// exportOptions are the settings of the export.
func (o Options) exportOptions(runID string) export.Options {
	c := o.Settings
	out := export.DefaultOptions()
	out.Zone, out.RunID, out.Resolution = o.Zone, runID, c.Detect.Resolution
	for _, p := range c.Profiles() {
		out.Offences = append(out.Offences, p.Offence)
	}
	out.Marking, out.MinCount, out.Audience = c.Export.Marking, c.Export.MinCount, export.Audience(c.Export.Audience)
	return out
}

// remember keeps the run, so that the next night can follow its sprees. One that
// wrote a folder and is analysed again keeps the manifest of what it wrote.
func (e *evening) remember(ctx context.Context, a *analysis, run export.Run) error {
	if len(run.Outputs) == 0 {
		stored, known, err := e.db.FindRun(ctx, a.runID)
		if err != nil {
			return err
		}
		if known {
			if run, err = manifestOf(stored); err != nil {
				return err
			}
		}
	}
	manifest, err := json.Marshal(run)
	if err != nil {
		return fmt.Errorf("manifest of run %s: %w", a.runID, err)
	}
	if err := e.db.StoreNullNights(ctx, a.detection.Nights); err != nil {
		return err
	}
	if err := e.db.StoreCellBook(ctx, a.cells); err != nil {
		return err
	}
	if a.fitted {
		if err := e.db.StoreRiskFit(ctx, e.riskShape(), a.fit); err != nil {
			return err
		}
	}
	return e.db.StoreRun(ctx, data.Run{ID: a.runID, AsOf: a.asOf, Manifest: manifest, Sprees: a.detection.Sprees, Dormant: a.detection.Dormant})
}

// manifestOf reads the manifest of a stored run.
func manifestOf(stored data.Run) (export.Run, error) {
	var run export.Run
	if err := json.Unmarshal(stored.Manifest, &run); err != nil {
		return run, fmt.Errorf("read the manifest of run %s: %w", stored.ID, err)
	}
	return run, nil
}
