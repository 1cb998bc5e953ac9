package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/data/night"
)

func calibrateCmd(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "calibrate",
		Short: "Show the rate of false sprees that the threshold is set to",
		Long: `Show the rate of false sprees that the threshold is set to, and what the rule
alone and the scan alone would raise: on the force's own past with its times
shuffled, where no spree is. The nights that it rests on are remembered.`,
		Example: "  spreewatch detect calibrate --as-of 2026-11-22T02:00",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := night.Calibrate(cmd.Context(), g.night())
			if err != nil {
				return err
			}
			if g.json {
				return json.NewEncoder(g.out).Encode(calibrationJSON(c))
			}
			if !c.Calibrated {
				_, err := fmt.Fprintf(g.out, "not calibrated: %s of history\n", data.Count(c.Days, "day"))
				return err
			}
			w := tabwriter.NewWriter(g.out, 0, 0, 2, ' ', 0)
			fmt.Fprintf(w, "set to\t%s\n", budgetText(c))
			fmt.Fprintf(w, "threshold\tlog likelihood ratio %.3f\n", c.Threshold)
			if c.AlertsPerWeek > 0 {
				fmt.Fprintf(w, "reached\t%.2f new sprees a week where there are none, by %s × %s of the past with times shuffled\n", c.Reached, data.Count(c.Nights, "night"), data.Count(c.Replicates, "replicate"))
				fmt.Fprintf(w, "rule alone\t%.2f a week\n", c.RuleAlone)
				fmt.Fprintf(w, "scan alone\t%.2f a week, at p of at most %.2g\n", c.ScanAlone, c.MaxP)
				fmt.Fprintf(w, "made anew\t%d of %s\n", c.Made, data.Count(c.Nights, "night"))
			}
			fmt.Fprintf(w, "rests on\t%s of history, of %s\n", data.Count(c.Days, "day"), strings.Join(c.Offences, ", "))
			return w.Flush()
		},
	}
}

func budgetText(c night.Comparison) string {
	if c.AlertsPerWeek == 0 {
		return fmt.Sprintf("p of at most %.2g", c.MaxP)
	}
	return fmt.Sprintf("%.3g false sprees a week", c.AlertsPerWeek)
}

// calibrationJSON is a comparison as it is printed.
func calibrationJSON(c night.Comparison) any {
	return struct {
		Calibrated    bool     `json:"calibrated"`
		Days          int      `json:"days"`
		AlertsPerWeek float64  `json:"alerts_per_week"`
		Reached       float64  `json:"reached"`
		Threshold     float64  `json:"threshold"`
		Nights        int      `json:"nights"`
		Replicates    int      `json:"replicates"`
		Made          int      `json:"made"`
		RuleAlone     float64  `json:"rule_alone"`
		ScanAlone     float64  `json:"scan_alone"`
		MaxP          float64  `json:"max_p"`
		Offences      []string `json:"offences"`
	}{c.Calibrated, c.Days, c.AlertsPerWeek, layer.Decimals(c.Reached, 4), layer.Decimals(c.Threshold, 6), c.Nights, c.Replicates, c.Made,
		layer.Decimals(c.RuleAlone, 4), layer.Decimals(c.ScanAlone, 4), c.MaxP, append([]string{}, c.Offences...)}
}
