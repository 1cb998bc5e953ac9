package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"spreewatch/data"
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
			return withReview(cmd.Context(), g, func(open []data.Located) error {
				return listReview(g, open)
			})
		},
	}
	cmd.AddCommand(reviewSetCmd(g), reviewExportCmd(g), reviewImportCmd(g))
	return cmd
}

// withReview hands over the reports that need a person, by source and line.
func withReview(ctx context.Context, g *globals, use func([]data.Located) error) error {
	return withLocated(ctx, g, func(_ *data.DB, all []data.Located) error {
		open := slices.DeleteFunc(all, func(l data.Located) bool { return reviewReason(l.Match, g.cfg.Geocode.MinConfidence) == "" })
		slices.SortStableFunc(open, func(a, b data.Located) int {
			return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Line, b.Line))
		})
		return use(open)
	})
}

func listReview(g *globals, open []data.Located) error {
	var w strings.Builder
	for _, l := range open {
		reason := reviewReason(l.Match, g.cfg.Geocode.MinConfidence)
		if g.json {
			row := struct {
				Ref      string   `json:"ref"`
				Source   string   `json:"source"`
				Line     int      `json:"line"`
				Location string   `json:"location"`
				Reason   string   `json:"reason"`
				Match    matchRow `json:"match"`
			}{l.Ref, l.Source, l.Line, l.Location, reason, newMatchRow(l.Match)}
			if err := json.NewEncoder(&w).Encode(row); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(&w, "%s  %s:%d  %s\n   %s\n", l.Ref, l.Source, l.Line, l.Location, reason)
		if l.Match.Level.Located() {
			fmt.Fprintf(&w, "   found   %s\n", placeText(l.Match.Name, l.Match.Locality, l.Match.Point))
		}
		for i, c := range l.Match.Candidates {
			fmt.Fprintf(&w, "   %d       %s\n", i+1, placeText(c.Name, c.Locality, c.Point))
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
