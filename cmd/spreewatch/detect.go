package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/geo"
)

// detectFlags change the settings of the detection for one run.
type detectFlags struct {
	minLevel   string
	lookback   span
	replicates int
}

func (o *detectFlags) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.minLevel, "min-level", "", "leave out incidents located less well than `LEVEL` (default place)")
	f.Var(&o.lookback, "lookback", "raise sprees that ended up to this `LENGTH` before (default each offence's own)")
	f.Lookup("lookback").DefValue = ""
	f.IntVar(&o.replicates, "replicates", 0, "`N` replicates of the permutation scan, 0 for none (default 999)")
}

// apply puts the flags that were given in place of the settings.
func (o *detectFlags) apply(g *globals) error {
	if o.minLevel != "" {
		if _, err := geo.ParseLevel(o.minLevel); err != nil {
			return usagef("--min-level street", "%s", err)
		}
		g.cfg.Detect.MinLevel = o.minLevel
	}
	if g.given("replicates") {
		if o.replicates < 0 {
			return usagef("--replicates 999", "--replicates %d is less than none", o.replicates)
		}
		g.cfg.Scan.Replicates = o.replicates
	}
	if o.lookback > 0 {
		g.cfg.Detect.Lookback = o.lookback
		for name, offence := range g.cfg.Offences {
			offence.Lookback = o.lookback
			g.cfg.Offences[name] = offence
		}
	}
	return nil
}

func detectCmd(g *globals) *cobra.Command {
	var o detectFlags
	cmd := &cobra.Command{
		Use:     "detect",
		Short:   "Find sprees among the located reports, and remember them",
		Example: "  spreewatch detect --as-of 2026-11-22T02:00\n  spreewatch detect --min-level street --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withAnalysis(cmd.Context(), g, o, time.Now(), func(ctx context.Context, db *data.DB, a *analysis) error {
				if err := a.store(ctx, db, a.manifest(g, nil)); err != nil {
					return err
				}
				if g.json {
					return export.WriteSprees(g.out, a.result(g, nil, nil), g.exportOptions(a))
				}
				for _, s := range a.detection.Sprees {
					if _, err := fmt.Fprintln(g.out, spreeLine(s, g.zone)); err != nil {
						return err
					}
				}
				return printNotes(g, a.detection)
			})
		},
	}
	o.bind(cmd)
	return cmd
}

// withAnalysis opens the store, analyses it as of --as-of, or else as of now, and
// hands it over.
func withAnalysis(ctx context.Context, g *globals, o detectFlags, now time.Time, use func(context.Context, *data.DB, *analysis) error) error {
	if err := o.apply(g); err != nil {
		return err
	}
	db, err := g.openDB(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	waiting, err := db.NotLookedUp(ctx)
	if err != nil {
		return err
	}
	if waiting > 0 {
		fmt.Fprintf(g.errw, "spreewatch: %s not looked up yet and left out\ntry: spreewatch geocode\n", data.Count(waiting, "report"))
	}
	a, err := analyse(ctx, g, db, g.asOf(now))
	if err != nil {
		return err
	}
	return use(ctx, db, a)
}

// withLastAnalysis is withAnalysis for the verbs that show what was found: where
// --as-of does not say, it is as of the last run's moment, so that the map of a
// night can be written again.
func withLastAnalysis(ctx context.Context, g *globals, o detectFlags, use func(context.Context, *data.DB, *analysis) error) error {
	db, err := g.openDB(ctx)
	if err != nil {
		return err
	}
	last, err := db.LastRun(ctx)
	db.Close()
	if err != nil {
		return err
	}
	if last.IsZero() {
		last = time.Now()
	}
	return withAnalysis(ctx, g, o, last, use)
}

// store remembers the run, so that the next night can follow its sprees.
func (a *analysis) store(ctx context.Context, db *data.DB, run export.Run) error {
	manifest, err := json.Marshal(run)
	if err != nil {
		return fmt.Errorf("manifest of run %s: %w", a.runID, err)
	}
	return db.StoreRun(ctx, data.Run{ID: a.runID, AsOf: a.asOf, Manifest: manifest, Sprees: a.detection.Sprees})
}

// detectOptions are the settings of the detection.
func (c config) detectOptions(g *globals, asOf time.Time) detect.Options {
	level, err := geo.ParseLevel(c.Detect.MinLevel)
	if err != nil {
		panic("spreewatch: detect.min_level was checked by load")
	}
	o := detect.DefaultOptions()
	o.AsOf, o.Zone, o.Profiles, o.MinLevel = asOf, g.zone, c.profiles(), level
	o.Resolution, o.Step, o.Seed = c.Detect.Resolution, time.Duration(c.Detect.Step), g.seed
	o.Scan, o.Replicates, o.MaxP = c.Scan.Replicates > 0, c.Scan.Replicates, c.Scan.MaxP
	o.All.RadiusM, o.All.Window, o.All.MinIncidents = float64(c.Scan.Radius), time.Duration(c.Scan.MaxWindow), c.Scan.MinCases
	o.All.Lookback = time.Duration(c.Detect.Lookback)
	return o
}

// spreeLine describes a spree in a line.
func spreeLine(s cluster.Spree, zone *time.Location) string {
	offence := s.Offence
	if offence == "" {
		offence = "all offences"
	}
	line := fmt.Sprintf("%-8s %s  %s  %s  %s", s.Status, offence, data.Count(len(s.Incidents), "incident"),
		interval(s.Window.Start, s.Window.End, zone), strings.Join(s.Places, ", "))
	if st := s.Statistic; st != nil {
		line += fmt.Sprintf("  p %.3g, chance alone would raise this about once in %s", st.P, days(st.Recurrence))
	}
	return line
}

// days writes a length of time in days for people.
func days(d time.Duration) string {
	n := d.Hours() / 24
	switch {
	case n < 1.5:
		return "a day"
	case n < 10:
		return fmt.Sprintf("%.1f days", n)
	case n < 3650:
		return fmt.Sprintf("%.0f days", n)
	}
	return fmt.Sprintf("%.0f years", n/365.25)
}

func printNotes(g *globals, d detect.Detection) error {
	if g.quiet {
		return nil
	}
	if len(d.Sprees) == 0 {
		if _, err := fmt.Fprintln(g.out, "no sprees"); err != nil {
			return err
		}
	}
	for _, note := range d.Notes {
		if _, err := fmt.Fprintln(g.out, "note:", note); err != nil {
			return err
		}
	}
	return nil
}
