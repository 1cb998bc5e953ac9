package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/data/export"
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
			return withLastAnalysis(cmd.Context(), g, o, func(ctx context.Context, db *data.DB, a *analysis) error {
				if err := a.plan(ctx, g, db); err != nil {
					return err
				}
				if g.json {
					return export.WriteSuggestions(g.out, a.result(g, nil, nil), g.exportOptions(a))
				}
				if len(a.suggestions) == 0 && !g.quiet {
					_, err := fmt.Fprintln(g.out, "no suggestions")
					return err
				}
				for _, s := range a.suggestions {
					if _, err := fmt.Fprintln(g.out, suggestionText(s, g.zone)); err != nil {
						return err
					}
				}
				return nil
			})
		},
	}
	o.bind(cmd)
	return cmd
}

// planOptions are the settings of the plan.
func (c config) planOptions(zone *time.Location, asOf time.Time) patrol.Options {
	o := patrol.DefaultOptions()
	o.AsOf, o.Zone, o.Profiles = asOf, zone, c.profiles()
	o.PerShift, o.Dwell, o.ShiftsAhead, o.Resolution = c.Patrol.PerShift, time.Duration(c.Patrol.Dwell), c.Patrol.ShiftsAhead, c.Detect.Resolution
	o.Shifts = nil
	for _, s := range c.Shifts {
		o.Shifts = append(o.Shifts, patrol.Shift{Name: s.Name, Start: s.Start, End: s.End})
	}
	return o
}

// suggestionText describes a suggestion in three lines.
func suggestionText(s patrol.Suggestion, zone *time.Location) string {
	return fmt.Sprintf("%d  %s  %s  %s, %s of %.0f min (%s)\n   %s\n   %s", s.Rank, s.PlaceName, s.Shift,
		interval(s.Band.Start, s.Band.End, zone), data.Count(s.Visits, "visit"), s.Dwell.Minutes(), s.Priority, s.Reason, s.Action)
}
