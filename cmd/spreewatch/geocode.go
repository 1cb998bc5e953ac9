package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"spreewatch/data/export"
	"spreewatch/data/night"
	"spreewatch/geo/locate"
)

func geocodeCmd(g *globals) *cobra.Command {
	var o geocodeOptions
	cmd := &cobra.Command{
		Use:   "geocode",
		Short: "Find where reports, a file of queries or one text are",
		Long: `Find where reports are. Without --text or --file, every report in the database
that has not been looked up yet is. Where no gazetteer was imported, the small
Norfolk sample is used, and the output names it.`,
		Example: `  spreewatch geocode --text "Mill Street, Elsing" --json
  spreewatch geocode --file q.csv --column query --out r.csv --report`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			text := cmd.Flags().Changed("text")
			switch {
			case text && o.file != "":
				return usagef("spreewatch geocode --help", "--text and --file are two different runs")
			case text:
				return geocodeText(cmd.Context(), g, o.text)
			case o.file != "":
				return geocodeFile(cmd.Context(), g, o)
			}
			return geocodeReports(cmd.Context(), g, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.text, "text", "", "print the match of one `TEXT`")
	f.StringVar(&o.file, "file", "", "geocode a CSV `FILE`, - for standard input")
	f.StringVar(&o.column, "column", "query", "`HEADER` of the column to geocode")
	f.StringVar(&o.out, "out", "", "write the CSV to `FILE` (default standard output)")
	f.BoolVar(&o.report, "report", false, "print the quality report")
	return cmd
}

type geocodeOptions struct {
	text, file, column, out string
	report                  bool
}

func geocodeText(ctx context.Context, g *globals, text string) error {
	lookup, err := night.NewLookup(ctx, g.night())
	if err != nil {
		return err
	}
	m := lookup.Match(text)[0]
	row := newMatchRow(m)
	if g.json {
		return json.NewEncoder(g.out).Encode(row)
	}
	w := new(strings.Builder)
	fmt.Fprintf(w, "level        %s\n", row.Level)
	if row.Lon != nil {
		fmt.Fprintf(w, "lon, lat     %.6f %.6f, within %.0f m\n", *row.Lon, *row.Lat, *row.RadiusM)
	}
	fmt.Fprintf(w, "confidence   %.2f\n", row.Confidence)
	for _, f := range []struct {
		name  string
		value *string
	}{{"name", row.Name}, {"locality", row.Locality}, {"rule", &row.Rule}, {"source", row.Source}} {
		if f.value != nil && *f.value != "" {
			fmt.Fprintf(w, "%-12s %s\n", f.name, *f.value)
		}
	}
	if len(row.Corrections) > 0 {
		fmt.Fprintf(w, "corrections  %s\n", strings.Join(row.Corrections, "; "))
	}
	for i, c := range m.Candidates {
		fmt.Fprintf(w, "candidate %d  %s\n", i+1, export.PlaceText(c.Name, c.Locality, c.Point))
	}
	_, err = g.out.Write([]byte(w.String()))
	return err
}

// geocodeReports locates what is new in the store and prints the quality.
func geocodeReports(ctx context.Context, g *globals, o geocodeOptions) error {
	all, waiting, err := night.Locate(ctx, g.night())
	if err != nil {
		return err
	}
	var q locate.Quality
	for _, l := range all {
		q.Add(l.Location, l.Match)
	}
	if !g.quiet || o.report {
		if err := printQuality(g, g.out, &q); err != nil {
			return err
		}
	}
	if waiting > 0 {
		return errReview
	}
	return nil
}
