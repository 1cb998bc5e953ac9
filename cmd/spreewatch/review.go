package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"spreewatch/data/export"
	"spreewatch/data/night"
)

func reviewCmd(g *globals) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "review",
		Short: "List and decide what needs a person",
		Long: `List the reports that a person must decide: not found, ambiguous, or below
min_confidence. A decision holds for the location text, and is replayed first on
every later run.`,
		Example: `  spreewatch review
  spreewatch review set R-1a2b3c --candidate 2
  spreewatch review export --out todo.csv && spreewatch review import todo.csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			open, err := night.Review(cmd.Context(), g.night())
			if err != nil {
				return err
			}
			return listReview(g, open)
		},
	}
	cmd.AddCommand(reviewSetCmd(g), reviewDecisionsCmd(g), reviewUndoCmd(g), reviewExportCmd(g), reviewImportCmd(g))
	return cmd
}

func listReview(g *globals, open []night.Waiting) error {
	var w strings.Builder
	for _, l := range open {
		if g.json {
			row := struct {
				Ref      string   `json:"ref"`
				Source   string   `json:"source"`
				Line     int      `json:"line"`
				Location string   `json:"location"`
				Reason   string   `json:"reason"`
				Match    matchRow `json:"match"`
			}{l.Ref, l.Source, l.Line, l.Location, l.Reason.String(), newMatchRow(l.Match)}
			if err := json.NewEncoder(&w).Encode(row); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(&w, "%s  %s:%d  %s\n   %s\n", l.Ref, l.Source, l.Line, l.Location, l.Reason)
		if l.Match.Level.Located() {
			fmt.Fprintf(&w, "   found   %s\n", export.PlaceText(l.Match.Name, l.Match.Locality, l.Match.Point))
		}
		for i, c := range l.Match.Candidates {
			fmt.Fprintf(&w, "   %d       %s\n", i+1, export.PlaceText(c.Name, c.Locality, c.Point))
		}
	}
	if len(open) == 0 && !g.json && !g.quiet {
		w.WriteString("nothing needs a person\n")
	}
	if _, err := io.WriteString(g.out, w.String()); err != nil {
		return err
	}
	if len(open) > 0 {
		return errReview
	}
	return nil
}
