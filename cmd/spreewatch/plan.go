package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/cluster/patrol"
	"spreewatch/cluster/risk"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/night"
	"spreewatch/geo"
)

func planCmd(g *globals) *cobra.Command {
	var o detectFlags
	var riskFile, areasFile string
	cmd := &cobra.Command{
		Use:     "plan",
		Short:   "Suggest areas, times and dwell for the coming shifts",
		Long:    "Suggest areas, times and dwell for the coming shifts, from what the database\nholds. Without --as-of they are those that came after the last run.",
		Example: "  spreewatch plan --as-of 2026-11-22T02:00\n  spreewatch plan --json\n  spreewatch plan --risk risk.csv\n  spreewatch plan --areas beats.geojson",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.apply(g); err != nil {
				return err
			}
			if areasFile != "" {
				own, err := g.cfg.WithAreas(areasFile)
				if err != nil {
					return err
				}
				g.cfg = own
			}
			out, err := night.Plan(cmd.Context(), g.night())
			if err != nil {
				return err
			}
			warnWaiting(g, out)
			if riskFile != "" {
				if err := writeRisk(g, riskFile, out.Surface); err != nil {
					return err
				}
			}
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
			for _, r := range out.Routes {
				if _, err := fmt.Fprintln(g.out, routeText(r, out.Suggestions, g.zone)); err != nil {
					return err
				}
			}
			return nil
		},
	}
	o.bind(cmd)
	cmd.Flags().StringVar(&riskFile, "risk", "", "write what to expect in each cell and shift to a CSV `FILE`;\nit is not for the public")
	cmd.Flags().StringVar(&areasFile, "areas", "", "choose from the beats (polygons) or waymarkers (points) of a GeoJSON\n`FILE` in place of single cells (patrol.areas of the settings for good)")
	return cmd
}

const riskHeader = "h3,lon,lat,area_m2,shift,offence,expected"

// writeRisk writes the surface, a row a cell, shift and offence.
func writeRisk(g *globals, path string, surface patrol.Surface) error {
	return data.WriteWhole(path, g.night().Guard(data.Begins(riskHeader)), func(w io.Writer) error {
		out := csv.NewWriter(w)
		rows := [][]string{strings.Split(riskHeader, ",")}
		num := func(v float64, digits int) string { return strconv.FormatFloat(v, 'f', digits, 64) }
		for _, s := range surface {
			for _, e := range s.Cells {
				at := risk.Areas([]geo.Cell{e.Cell})[0]
				for offence, expected := range e.Offences() {
					rows = append(rows, []string{e.Cell.String(), num(at.Centre.Lon(), 7), num(at.Centre.Lat(), 7), num(at.M2, 1), export.CellText(s.Shift), export.CellText(offence),
						strconv.FormatFloat(expected, 'g', 6, 64)})
				}
			}
		}
		return out.WriteAll(rows)
	})
}

// suggestionText describes a suggestion in three lines.
func suggestionText(s patrol.Suggestion, zone *time.Location) string {
	return fmt.Sprintf("%d  %s  %s  %s, %s of %.0f min (%s)\n   %s\n   %s", s.Rank, s.PlaceName, s.Shift,
		interval(s.Band.Start, s.Band.End, zone), data.Count(s.Visits, "visit"), s.Dwell.Minutes(), s.Priority, s.Reason, s.Action)
}

// routeText describes a route in a line and each of its stops in another.
func routeText(r patrol.Route, suggestions []patrol.Suggestion, zone *time.Location) string {
	if len(r.Stops) == 0 {
		return fmt.Sprintf("%s  %s  no route: nothing that is left is within its reach", r.Unit.Name, r.Shift)
	}
	text := fmt.Sprintf("%s  %s  %s, %.0f km", r.Unit.Name, r.Shift, interval(r.Leave, r.Back, zone), r.Metres/1000)
	for i, s := range r.Stops {
		g := suggestions[slices.IndexFunc(suggestions, func(g patrol.Suggestion) bool { return g.ID == s.Suggestion })]
		text += fmt.Sprintf("\n   %d  %s–%s  %s (rank %d)", i+1, s.At.Start.In(zone).Format("15:04"), s.At.End.In(zone).Format("15:04"), g.PlaceName, g.Rank)
	}
	return text
}
