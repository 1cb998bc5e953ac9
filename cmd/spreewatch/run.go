package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/intake"
	"spreewatch/geo"
)

// sampleNight is when the sample is analysed: the night after its calls.
const sampleNight = "2015-09-17T02:00"

func runCmd(g *globals) *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run [FILE...]",
		Short: "Do the whole batch: read, locate, detect, plan, write",
		Long: `Read reports, find where each happened, look for sprees, plan the coming shifts
and write the folder. With no FILE, --sample runs the bulletin that ships.

The analysis is as of --as-of. Without it, that is now; with --received, the end
of that day; with --sample, the night after the sample's calls.`,
		Example: `  spreewatch run --sample --out out
  spreewatch run bulletin.txt --received 2015-09-18 --out tonight`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if o.sample == (len(args) > 0) {
				return usagef("spreewatch run --sample", "run needs files of reports, or --sample")
			}
			return o.run(cmd.Context(), g, args)
		},
	}
	o.readOptions.bind(cmd)
	o.outOptions.bind(cmd)
	o.detectFlags.bind(cmd)
	cmd.Flags().BoolVar(&o.sample, "sample", false, "run the bulletin that ships, in a database that is forgotten")
	return cmd
}

type runOptions struct {
	readOptions
	outOptions
	detectFlags
	sample bool
}

func (o *runOptions) run(ctx context.Context, g *globals, files []string) error {
	opt, err := o.intake(g)
	if err != nil {
		return err
	}
	if err := o.detectFlags.apply(g); err != nil {
		return err
	}
	if err := o.outOptions.check(g); err != nil {
		return err
	}
	asOf := g.asOf(o.moment(g, opt, time.Now()))
	if o.sample {
		files = []string{"-"}
		opt.Stdin, opt.Name = bytes.NewReader(intake.SampleText()), intake.SampleName
		opt.Today = asOf
		forget, err := o.sampleDefaults(g)
		if err != nil {
			return err
		}
		defer forget()
	}
	inputs, err := digest(files, &opt)
	if err != nil {
		return err
	}
	db, err := g.makeDB(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	inputs, err = ingestFiles(ctx, g, db, inputs, opt)
	if err != nil {
		return err
	}
	if err := locateReports(ctx, g, db); err != nil {
		return err
	}
	a, err := analyse(ctx, g, db, asOf)
	if err != nil {
		return err
	}
	if err := a.plan(ctx, g, db); err != nil {
		return err
	}
	refused, err := db.Refusals(ctx, hashes(inputs))
	if err != nil {
		return err
	}
	result := a.result(g, inputs, refused)
	run, err := o.write(g, a, result)
	if err != nil {
		return err
	}
	if err := a.store(ctx, db, run); err != nil {
		return err
	}
	if err := o.print(g, a, run, inputs); err != nil {
		return err
	}
	if run.Tallies.Review > 0 {
		return errReview
	}
	return nil
}

// sampleDefaults shows every layer, since nobody is named in the sample, and
// keeps it out of the force's own database: its own is forgotten at the end.
func (o *runOptions) sampleDefaults(g *globals) (forget func(), err error) {
	if o.audience == "" {
		o.audience = string(export.AudienceAnalyst)
	}
	if g.given("db") {
		return func() {}, nil
	}
	dir, err := os.MkdirTemp("", "spreewatch-sample-")
	if err != nil {
		return nil, &data.UserError{Msg: "make a folder for the sample's database", Err: errors.Unwrap(err)}
	}
	g.dbFile = filepath.Join(dir, "sample.db")
	return func() { os.RemoveAll(dir) }, nil
}

// moment is the as-of time when --as-of does not say: the sample's own night,
// the end of the day of receipt, or now.
func (o *runOptions) moment(g *globals, opt intake.Options, now time.Time) time.Time {
	if o.sample {
		t, err := parseMoment(sampleNight, g.zone)
		if err != nil {
			panic(err)
		}
		return t
	}
	if end := opt.Received.AddDate(0, 0, 1); !opt.Received.IsZero() && end.Before(now) {
		return end
	}
	return now
}

func hashes(inputs []ingested) []string {
	out := make([]string, len(inputs))
	for i, in := range inputs {
		out[i] = in.SHA256
	}
	return out
}

// print writes the manifest or the summary.
func (o *runOptions) print(g *globals, a *analysis, run export.Run, inputs []ingested) error {
	if g.json {
		return printManifest(g, run)
	}
	if g.quiet {
		return nil
	}
	var w strings.Builder
	summary(&w, g, a, run, inputs)
	fmt.Fprintf(&w, "%-10s %s in QGIS\n", "Open", filepath.Join(o.dir, "spreewatch.qgs"))
	_, err := io.WriteString(g.out, w.String())
	return err
}

// printManifest prints the content of run.json.
func printManifest(g *globals, run export.Run) error {
	enc := json.NewEncoder(g.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(run.ForAudience())
}

// summary is what the person at the terminal reads: five lines and their detail.
func summary(w *strings.Builder, g *globals, a *analysis, run export.Run, inputs []ingested) {
	line := func(head, format string, args ...any) {
		fmt.Fprintf(w, "%-10s "+format+"\n", append([]any{head}, args...)...)
	}
	added := 0
	for _, in := range inputs {
		added += in.Added
	}
	line("As of", "%s", a.asOf.In(g.zone).Format("Mon 2 Jan 2006 15:04"))
	line("Reports", "%d read, %d new; %s rejected, %d unread", run.Tallies.Read, added, data.Count(run.Tallies.Rejected, "line"), run.Tallies.Unread)

	line("Located", "%s", hitRateText(run.HitRate))
	for _, level := range geo.Levels() {
		if n := run.Tallies.Levels[level]; n > 0 {
			line("", "%5d %s", n, level)
		}
	}
	line("Sprees", "%d", len(a.detection.Sprees))
	for _, s := range a.detection.Sprees {
		line("", "%s", spreeLine(s, g.zone))
	}
	line("Patrols", "%s", data.Count(len(a.suggestions), "suggestion"))
	for _, s := range run.Tallies.Shifts {
		line("", "%5d %s", s.Suggestions, s.Shift)
	}
	for _, note := range run.Notes {
		line("Note", "%s", note)
	}
	if hint := staleHint(a, g); hint != "" {
		line("Note", "%s", hint)
	}
	where := "review.csv"
	if run.Audience == export.AudiencePublic {
		where = "spreewatch review (the public gets no list)"
	}
	line("Review", "%s for a person to decide: %s", data.Count(run.Tallies.Review, "row"), where)
}

// hitRateText compares the hit rate with the 85 % line.
func hitRateText(h export.HitRate) string {
	if h.Rate == nil {
		return "no reports"
	}
	side := "under"
	if h.Met {
		side = "over"
	}
	return fmt.Sprintf("%d of %d precisely, %.1f %%: %s the line of %.0f %%", h.Precise, h.Reports, *h.Rate*100, side, h.Line*100)
}

// staleHint says when the newest incident is too old to be raised, or lies after
// the moment of the analysis: a file was given without its night.
func staleHint(a *analysis, g *globals) string {
	if len(a.detection.Sprees) > 0 || a.newest.IsZero() {
		return ""
	}
	hint := ""
	if a.older > 0 {
		hint = fmt.Sprintf("%s from before the %s of history left out; ", data.Count(a.older, "report"), g.cfg.Detect.History)
	}
	night := a.newest.In(g.zone).AddDate(0, 0, 1).Format(time.DateOnly) + "T02:00"
	if a.newest.After(a.asOf) {
		return hint + "the newest incident lies after this moment; --as-of " + night + " would look at its night"
	}
	var longest time.Duration
	for _, p := range g.cfg.profiles() {
		longest = max(longest, p.Lookback)
	}
	if a.asOf.Sub(a.newest) <= longest {
		return strings.TrimSuffix(hint, "; ")
	}
	return hint + fmt.Sprintf("the newest incident is %s old; --as-of %s would look at its night", days(a.asOf.Sub(a.newest)), night)
}
