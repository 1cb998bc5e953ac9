package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/night"
)

func reviewDecisionsCmd(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "decisions",
		Short: "List the decisions that stand, with their numbers",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			made, err := night.Decisions(cmd.Context(), g.night())
			if err != nil {
				return err
			}
			var w strings.Builder
			for _, d := range made {
				when := d.Decided.In(g.zone).Format("2006-01-02 15:04")
				if g.json {
					row := struct {
						Number  int64    `json:"number"`
						Decided string   `json:"decided"`
						Who     string   `json:"who"`
						Text    string   `json:"text"`
						Match   matchRow `json:"match"`
					}{d.Number, when, d.Who, d.Key, newMatchRow(d.Match)}
					if err := json.NewEncoder(&w).Encode(row); err != nil {
						return err
					}
					continue
				}
				what := "names no place"
				if d.Match.Level.Located() {
					what = export.PlaceText(d.Match.Name, d.Match.Locality, d.Match.Point)
				}
				fmt.Fprintf(&w, "%5d  %s  %s  %s\n       %s\n", d.Number, when, data.PlainText(d.Who), data.PlainText(d.Key), data.PlainText(what))
			}
			if len(made) == 0 && !g.json && !g.quiet {
				w.WriteString("nothing was decided\n")
			}
			_, err = io.WriteString(g.out, w.String())
			return err
		},
	}
}

func reviewUndoCmd(g *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "undo N",
		Short: "Take back decision N",
		Long: `Take back decision N of spreewatch review decisions. An earlier decision on the same
text stands again; without one the reports with it are looked up again.`,
		Example: "  spreewatch review undo 3",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			number, err := strconv.ParseInt(args[0], 10, 64)
			if err != nil {
				return usagef("spreewatch review decisions", "a decision is undone by its number")
			}
			return night.Undo(cmd.Context(), g.night(), number)
		},
	}
}
