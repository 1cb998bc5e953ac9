package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/data/night"
)

func planCmd(g *globals) *cobra.Command {
	var o detectFlags
	cmd := &cobra.Command{
		Use:     "plan",
		Short:   "Suggest areas, times and dwell for the coming shifts",
		Long:    "Suggest areas, times and dwell for the coming shifts, from what the database\nholds. Without --as-of they are those that came after the last run.",
		Example: "  spreewatch plan --as-of 2026-11-22T02:00\n  spreewatch plan --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.apply(g); err != nil {
				return err
			}
			out, err := night.Plan(cmd.Context(), g.night())
			if err != nil {
				return err
			}
			warnWaiting(g, out)
			if g.json {
				return out.WriteSuggestions(g.out)
			}
			if len(out.Suggestions) == 0 && !g.quiet {
				_, err := fmt.Fprintln(g.out, "no suggestions")
				return err
			}
			for _, s := range out.Suggestions {
				if _, err := fmt.Fprintln(g.out, suggestionText(s, g.zone)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	o.bind(cmd)
	return cmd
}

// suggestionText describes a suggestion in three lines.
func suggestionText(s patrol.Suggestion, zone *time.Location) string {
	return fmt.Sprintf("%d  %s  %s  %s, %s of %.0f min (%s)\n   %s\n   %s", s.Rank, s.PlaceName, s.Shift,
		interval(s.Band.Start, s.Band.End, zone), data.Count(s.Visits, "visit"), s.Dwell.Minutes(), s.Priority, s.Reason, s.Action)
}
