package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/night"
	"spreewatch/geo"
)

// detectFlags change the settings of the detection for one run.
type detectFlags struct {
	minLevel   string
	lookback   night.Span
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
	change := night.Change{MinLevel: o.minLevel, Lookback: o.lookback}
	if o.minLevel != "" {
		if _, err := geo.ParseLevel(o.minLevel); err != nil {
			return usagef("--min-level street", "%s", err)
		}
	}
	if g.given("replicates") {
		if o.replicates < 0 {
			return usagef("--replicates 999", "--replicates %d is less than none", o.replicates)
		}
		change.Replicates = &o.replicates
	}
	g.cfg = g.cfg.With(change)
	return nil
}

func detectCmd(g *globals) *cobra.Command {
	var o detectFlags
	var dry bool
	cmd := &cobra.Command{
		Use:     "detect",
		Short:   "Find sprees among the located reports, and remember them",
		Example: "  spreewatch detect --as-of 2026-11-22T02:00\n  spreewatch detect --min-level street --json\n  spreewatch detect --lookback 48h --dry-run",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.apply(g); err != nil {
				return err
			}
			detect := night.Detect
			if dry {
				detect = night.Try
			}
			out, err := detect(cmd.Context(), g.night())
			if err != nil {
				return err
			}
			warnWaiting(g, out)
			if g.json {
				return out.WriteSprees(g.out)
			}
			for _, s := range out.Sprees {
				if _, err := fmt.Fprintln(g.out, spreeLine(s, g.zone)); err != nil {
					return err
				}
			}
			return printNotes(g, out)
		},
	}
	o.bind(cmd)
	cmd.Flags().BoolVar(&dry, "dry-run", false, "try the settings and remember nothing")
	cmd.AddCommand(calibrateCmd(g))
	return cmd
}

// warnWaiting says that reports were left out since they were never looked up.
func warnWaiting(g *globals, out night.Outcome) {
	if out.Waiting > 0 {
		fmt.Fprintf(g.errw, "spreewatch: %s not looked up yet and left out\ntry: spreewatch geocode\n", data.Count(out.Waiting, "report"))
	}
}

func printNotes(g *globals, out night.Outcome) error {
	if g.quiet {
		return nil
	}
	if len(out.Sprees) == 0 {
		if _, err := fmt.Fprintln(g.out, "no sprees"); err != nil {
			return err
		}
	}
	for _, note := range out.Notes {
		if _, err := fmt.Fprintln(g.out, "note:", export.NoteText(note)); err != nil {
			return err
		}
	}
	return nil
}
