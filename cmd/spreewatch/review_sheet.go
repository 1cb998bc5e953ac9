package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/spf13/cobra"

	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/intake"
)

// reviewHeader is the first row of the sheet. The last three columns are for the
// analyst.
var reviewHeader = []string{"ref", "source", "line", "offence", "location", "level", "confidence", "reason", "match", "candidate_1",
	"candidate_2", "candidate_3", "candidate_4", "candidate_5", "decision", "decision_lat", "decision_lon"}

func reviewExportCmd(g *globals) *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write a sheet for an analyst to fill in",
		Long: `Write a CSV for a spreadsheet. The analyst writes accept, reject or the number of
a candidate under decision, or a point under decision_lat and decision_lon, and
leaves the rest alone.`,
		Example: "  spreewatch review export --out todo.csv",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withReview(cmd.Context(), g, func(open []data.Located) error {
				if out == "" {
					return writeReviewSheet(g.out, open, g.cfg.Geocode.MinConfidence)
				}
				return data.WriteWhole(out, func(w io.Writer) error { return writeReviewSheet(w, open, g.cfg.Geocode.MinConfidence) })
			})
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "write to `FILE` (default standard output)")
	return cmd
}

func writeReviewSheet(w io.Writer, open []data.Located, minConfidence float64) error {
	sheet := csv.NewWriter(w)
	if err := sheet.Write(reviewHeader); err != nil {
		return err
	}
	for _, l := range open {
		row := make([]string, len(reviewHeader))
		copy(row, []string{l.Ref, l.Source, strconv.Itoa(l.Line), l.Offence, l.Location, l.Match.Level.String(),
			strconv.FormatFloat(l.Match.Confidence, 'f', 2, 64), reviewReason(l.Match, minConfidence)})
		if l.Match.Level.Located() {
			row[8] = placeText(l.Match.Name, l.Match.Locality, l.Match.Point)
		}
		for i, c := range l.Match.Candidates {
			row[9+i] = placeText(c.Name, c.Locality, c.Point)
		}
		for i, cell := range row {
			row[i] = export.CellText(cell)
		}
		if err := sheet.Write(row); err != nil {
			return err
		}
	}
	sheet.Flush()
	return sheet.Error()
}

func reviewImportCmd(g *globals) *cobra.Command {
	var who string
	cmd := &cobra.Command{
		Use:     "import FILE",
		Short:   "Take the decisions of a sheet that was filled in",
		Example: "  spreewatch review import todo.csv --who jsmith",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := intake.OpenRows(args[0], g.in)
			if err != nil {
				return err
			}
			defer in.Close()
			return withLocated(cmd.Context(), g, func(db *data.DB, all []data.Located) error {
				return importReview(cmd.Context(), g, db, in, who, all)
			})
		},
	}
	cmd.Flags().StringVar(&who, "who", person(), "`NAME` of who decided")
	return cmd
}

// importReview takes each row's decision. A row that cannot be taken is said
// with its line and the others are taken all the same.
func importReview(ctx context.Context, g *globals, db *data.DB, in *intake.Rows, who string, all []data.Located) error {
	byRef := make(map[string]data.Located, len(all))
	for _, l := range all {
		byRef[l.Ref] = l
	}
	column := func(name string) int { return slices.Index(in.Header, name) }
	if column("ref") < 0 || column("decision") < 0 {
		return &data.UserError{Msg: in.Source + " has no columns ref and decision", Hint: "spreewatch review export --out todo.csv"}
	}
	var overrides []data.Override
	refused := 0
	for {
		row, line, err := in.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		var bad *data.RowError
		if err != nil && !errors.As(err, &bad) {
			return err
		}
		cell := func(name string) string {
			if i := column(name); i >= 0 && i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		var d decision
		var decided bool
		if err == nil {
			d, decided, err = parseDecision(cell("decision"), cell("decision_lat"), cell("decision_lon"))
		}
		if err == nil && !decided {
			continue
		}
		ref := strings.TrimPrefix(cell("ref"), "'")
		l, known := byRef[ref]
		if err == nil && !known {
			err = fmt.Errorf("no report %q", ref)
		}
		var o data.Override
		if err == nil {
			o, err = d.override(g, l, who)
		}
		if err != nil {
			refused++
			fmt.Fprintf(g.errw, "%s:%d: %s\n", in.Source, line, err)
			continue
		}
		overrides = append(overrides, o)
	}
	if err := decide(ctx, g, db, overrides); err != nil {
		return err
	}
	if !g.quiet {
		fmt.Fprintf(g.out, "%s taken, %d refused\n", data.Count(len(overrides), "decision"), refused)
	}
	if refused > 0 {
		return errReview
	}
	return nil
}

// parseDecision reads the analyst's columns. Three empty ones are no decision.
func parseDecision(word, lat, lon string) (d decision, decided bool, err error) {
	if lat != "" || lon != "" {
		y, errY := strconv.ParseFloat(lat, 64)
		x, errX := strconv.ParseFloat(lon, 64)
		if errY != nil || errX != nil || math.IsNaN(x+y) {
			return d, false, fmt.Errorf("decision_lat and decision_lon are not two numbers")
		}
		d.point = &orb.Point{x, y}
	}
	switch word = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(strings.ToLower(word), "candidate"))); word {
	case "":
	case "accept", "yes":
		d.accept = true
	case "reject", "no":
		d.reject = true
	default:
		if d.candidate, err = strconv.Atoi(word); err != nil || d.candidate < 1 {
			return d, false, fmt.Errorf("the decision is not accept, reject or the number of a candidate")
		}
	}
	return d, d != decision{}, nil
}
