package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"spreewatch/cluster/risk"
	"spreewatch/data"
	"spreewatch/data/night"
)

func riskCmd(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "risk",
		Short: "Show what the risk of a plan was learnt on",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	var anew bool
	fit := &cobra.Command{
		Use:   "fit",
		Short: "Show the weights that the risk is mixed with, and what they rest on",
		Long: `Show the weights that the risk is mixed with, and what they rest on.

A plan mixes several maps of the past: counts of the cell itself and kernels about
each incident, of long and of short memory, by weights under which what came next
was likeliest, day after day of the last year. Where the risk is highest, what the other
offences held there counts too, to powers learnt on the last 120 days. A night learns them once the last
fit is thirty days old or the past has grown by a quarter, and keeps them; a plan
uses the newest fit that is not from after its own moment.`,
		Example: "  spreewatch risk fit --as-of 2026-11-22T02:00\n  spreewatch risk fit --anew --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f, err := night.FitRisk(cmd.Context(), g.night(), anew)
			if err != nil {
				return err
			}
			if g.json {
				return json.NewEncoder(g.out).Encode(f)
			}
			return printFit(g, f)
		},
	}
	fit.Flags().BoolVar(&anew, "anew", false, "learn it now, though the last one would do")
	cmd.AddCommand(fit)
	return cmd
}

// leastShown is the least weight that is listed.
const leastShown = .005

func printFit(g *globals, f *risk.Fit) error {
	w := tabwriter.NewWriter(g.out, 0, 0, 2, ' ', 0)
	past := data.Count(int(f.Days), "day")
	if f.Days < 1 {
		past = "less than a day"
	}
	fmt.Fprintf(w, "learnt up to\t%s, of %s\n", f.AsOf.In(g.zone).Format("Mon 2 Jan 2006 15:04"), past)
	if f.High > 0 {
		fmt.Fprintf(w, "high from\t%.3g incidents of a cell in an hour, the 99th percentile\n", f.High)
		fmt.Fprintf(w, "medium from\t%.3g, the 95th\n", f.Medium)
	} else {
		fmt.Fprint(w, "priorities\tthe past is too short to tell high from medium\n")
	}
	all := f.City
	all.Offence = "all together"
	for _, o := range f.Offences {
		all.Incidents += o.Incidents
	}
	for _, o := range append(slices.Clone(f.Offences), all) {
		fmt.Fprintf(w, "\n%s\t%s\n", o.Offence, data.Count(o.Incidents, "incident"))
		printWeights(w, "next day", f.Parts, o.Day)
		printWeights(w, "next week", f.Parts, o.Week)
		printWeights(w, "by shift", f.ShiftParts, o.Shift)
		if a, b := o.Day.Lean, o.Week.Lean; a != (risk.Lean{}) || b != (risk.Lean{}) {
			fmt.Fprintf(w, "  others\ttimes their count to the power %.2f and their kernel of 250 m to %.2f; next week %.2f and %.2f\n", a[0], a[1], b[0], b[1])
		}
	}
	return w.Flush()
}

// printWeights lists what weighs half a hundredth or more, the most first.
func printWeights(w io.Writer, of string, parts []risk.Part, l risk.Learned) {
	type weight struct {
		name string
		x    float64
	}
	var all []weight
	for k, x := range l.Weights {
		if x >= leastShown {
			all = append(all, weight{parts[k].Name, x})
		}
	}
	slices.SortStableFunc(all, func(a, b weight) int { return cmp.Compare(b.x, a.x) })
	words := make([]string, len(all))
	for i, x := range all {
		words[i] = fmt.Sprintf("%.0f %% %s", 100*x.x, x.name)
	}
	fmt.Fprintf(w, "  %s\t%s (rests on %.0f)\n", of, strings.Join(words, "; "), l.Rests)
}
