package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/night"
	"spreewatch/geo"
)

func runCmd(g *globals) *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run [FILE...]",
		Short: "Do the whole batch: read, locate, detect, plan, write",
		Long: `Read reports, find where each happened, look for sprees, plan the coming shifts
and write the folder. With no FILE, --sample runs the bulletin that ships, and
--inbox what lies in a folder: files that have been as they are for a minute and
are not named .part or .tmp.

The analysis is as of --as-of. Without it, that is now; with --received, the end
of that day; with --sample, the night after the sample's calls.`,
		Example: `  spreewatch run --sample --out out
  spreewatch run bulletin.txt --received 2015-09-18 --out tonight`,
		RunE: func(cmd *cobra.Command, args []string) error {
			given := 0
			for _, is := range []bool{o.sample, len(args) > 0, o.inbox != ""} {
				if is {
					given++
				}
			}
			if given != 1 {
				return usagef("spreewatch run --sample", "run takes one of these: files of reports, --inbox, or --sample")
			}
			return o.run(cmd.Context(), g, args)
		},
	}
	o.readOptions.bind(cmd)
	o.outOptions.bind(cmd)
	o.detectFlags.bind(cmd)
	cmd.Flags().StringVar(&o.inbox, "inbox", "", "run what is complete in `DIR`, and move it to done/ or rejected/")
	cmd.Flags().StringVar(&o.metrics, "metrics", "", "write counts for Prometheus to `FILE`")
	cmd.Flags().BoolVar(&o.sample, "sample", false, "run the bulletin that ships, in a database that is forgotten")
	return cmd
}

type runOptions struct {
	readOptions
	outOptions
	detectFlags
	sample  bool
	inbox   string
	metrics string
}

func (o *runOptions) run(ctx context.Context, g *globals, files []string) error {
	r, err := o.reading(g, files)
	if err != nil {
		return err
	}
	r.Sample, r.KeepSample, r.Inbox = o.sample, g.given("db"), o.inbox
	if err := o.detectFlags.apply(g); err != nil {
		return err
	}
	w, err := o.writing(g)
	if err != nil {
		return err
	}
	start := time.Now()
	out, err := night.Run(ctx, g.night(), r, w)
	if o.metrics != "" {
		err = errors.Join(err, writeMetrics(g, o.metrics, out, err == nil, time.Since(start)))
	}
	if err != nil {
		return err
	}
	for _, f := range out.Rejected {
		fmt.Fprintf(g.errw, "spreewatch: %s was moved to rejected: %s\n", f.Name, f.Err)
	}
	for _, f := range out.Left {
		fmt.Fprintf(g.errw, "spreewatch: %s stays in the inbox: %s\n", f.Name, f.Why)
	}
	if err := o.print(g, out); err != nil {
		return err
	}
	if out.Run.Tallies.Review > 0 || len(out.Rejected) > 0 {
		return errReview
	}
	return nil
}

// print writes the manifest or the summary.
func (o *runOptions) print(g *globals, out night.Outcome) error {
	if g.json {
		_, err := g.out.Write(out.Manifest)
		return err
	}
	if g.quiet {
		return nil
	}
	var w strings.Builder
	summary(&w, g, out)
	fmt.Fprintf(&w, "%-10s %s in QGIS\n", "Open", filepath.Join(o.dir, "spreewatch.qgs"))
	if out.Run.Audience != export.AudiencePublic {
		fmt.Fprintf(&w, "%-10s %s in a browser, or print it\n", "Read", filepath.Join(o.dir, "briefing.html"))
	}
	_, err := io.WriteString(g.out, w.String())
	return err
}

// summary is what the person at the terminal reads: five lines and their detail.
func summary(w *strings.Builder, g *globals, out night.Outcome) {
	run := out.Run
	line := func(head, format string, args ...any) {
		fmt.Fprintf(w, "%-10s "+format+"\n", append([]any{head}, args...)...)
	}
	added, corrected := 0, ""
	for _, in := range out.Inputs {
		added += in.Added
	}
	if n := run.Tallies.Corrected; n > 0 {
		corrected = fmt.Sprintf(", %d corrected", n)
	}
	line("As of", "%s", out.AsOf.In(g.zone).Format("Mon 2 Jan 2006 15:04"))
	line("Reports", "%d read, %d new%s; %s rejected, %d unread", run.Tallies.Read, added, corrected, data.Count(run.Tallies.Rejected, "line"), run.Tallies.Unread)
	for _, in := range out.Inputs {
		if in.How == nil {
			continue
		}
		line("", "%s: %s", in.Source, in.How)
		for _, n := range in.How.Notes {
			line("", "  note: %s", n)
		}
	}

	line("Located", "%s", hitRateText(run.HitRate))
	for _, level := range geo.Levels() {
		if n := run.Tallies.Levels[level]; n > 0 {
			line("", "%5d %s", n, level)
		}
	}
	line("Sprees", "%d", len(out.Sprees))
	for _, s := range out.Sprees {
		line("", "%s", spreeLine(s, g.zone))
	}
	line("Patrols", "%s", data.Count(len(out.Suggestions), "suggestion"))
	for _, s := range run.Tallies.Shifts {
		line("", "%5d %s", s.Suggestions, s.Shift)
	}
	if n, stops := out.Driven(); n > 0 {
		line("Routes", "%s with %s", data.Count(n, "route"), data.Count(stops, "stop"))
	}
	for _, note := range run.Notes {
		line("Note", "%s", note)
	}
	if hint := staleHint(out.Stale); hint != "" {
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
	return fmt.Sprintf("%d of %d to a street or better, %.1f %%: %s the line of %.0f %%; %d precisely", h.Precise, h.Reports, *h.Rate*100, side, h.Line*100, h.Sure)
}

// staleHint says when the newest incident is too old to be raised, or lies after
// the moment of the analysis.
func staleHint(s night.Stale) string {
	var parts []string
	if s.Older > 0 {
		parts = append(parts, fmt.Sprintf("%s from before the %s of history left out", data.Count(s.Older, "report"), night.Span(s.History)))
	}
	try := "; --as-of " + s.Try.Format("2006-01-02T15:04") + " would look at its night"
	switch {
	case s.After:
		parts = append(parts, "the newest incident lies after this moment"+try)
	case !s.Try.IsZero():
		parts = append(parts, "the newest incident is "+data.Days(s.Age)+" old"+try)
	}
	return strings.Join(parts, "; ")
}
