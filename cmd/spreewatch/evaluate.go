package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/cluster/trial"
	"spreewatch/data"
	"spreewatch/data/export/scored"
	"spreewatch/data/night"
	"spreewatch/data/replay"
)

type evaluateOptions struct {
	file     eventFlags
	offence  string
	from, to string
	every    int
	least    int
	csv, svg string
}

func evaluateCmd(g *globals) *cobra.Command {
	o := evaluateOptions{every: 3, least: 100}
	cmd := &cobra.Command{
		Use:   "evaluate [FILE]",
		Short: "Replay the past and score where incidents were expected",
		Long: `evaluate plans each day of the past with what had been reported by then, and scores
it on the next 24 hours and seven days: the share of incidents in the 0.5, 1, 2 and
5 % of cells (H3, resolution 9, of those with any incident before the day) with the
highest risk, beside counts, kernels, near repeats and chance. Where times of day are
known, the areas that plan would have written for each shift, sprees apart, are
scored too, beside as many by the year's counts in the shift's hours. It reads the
database, or a FILE that inspect understands (- is standard input), and remembers
nothing. Without --from the days start when a third of the past is over. Dates
without times are scored for whole days; x and y in metres need no projection: they
are laid on a plane.`,
		Example: `  spreewatch evaluate --offence dwelling-burglary
  spreewatch evaluate thefts.csv --from 2022-07-01 --to 2022-12-20
  spreewatch evaluate thefts.csv --csv scores.csv --svg scores.svg --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runEvaluate(cmd.Context(), g, fileOf(args), o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.offence, "offence", "", "look at this `NAME` alone, as if there were no others")
	f.StringVar(&o.from, "from", "", "first `DAY` that is planned, such as 2022-07-01")
	f.StringVar(&o.to, "to", "", "last `DAY` (default: a week before the last incident)")
	f.IntVar(&o.every, "every", o.every, "plan every so many `DAYS`")
	f.IntVar(&o.least, "least", o.least, "leave out an offence with fewer than `N` incidents in those days")
	f.StringVar(&o.csv, "csv", "", "write the scores to a CSV `FILE`")
	f.StringVar(&o.svg, "svg", "", "draw hit rate against area to an SVG `FILE`")
	o.file.bind(cmd)
	return cmd
}

func runEvaluate(ctx context.Context, g *globals, path string, o evaluateOptions) error {
	past, rejected, err := o.past(ctx, g, path)
	if err != nil {
		return err
	}
	e, err := replay.Evaluate{Night: g.cfg, Offence: o.offence, From: o.from, To: o.to, Every: o.every, Least: o.least, Seed: g.seed}.Ready(past)
	if err != nil {
		return typed(err)
	}
	for _, note := range e.Notes {
		fmt.Fprintln(g.errw, "spreewatch:", note)
	}
	res, err := trial.Evaluate(ctx, e.Incidents, e.Options)
	if err != nil {
		return err
	}
	if len(res.Rows) == 0 {
		return replay.TooFew(e.Options)
	}
	guard := g.night()
	if o.csv != "" {
		if err := data.WriteWhole(o.csv, guard.Guard(data.Begins(scored.CSVHeader), path), func(w io.Writer) error { return scored.WriteCSV(w, res) }); err != nil {
			return err
		}
	}
	if o.svg != "" {
		if err := data.WriteWhole(o.svg, guard.Guard(data.Begins(plotStart), path), func(w io.Writer) error { return drawScores(w, res) }); err != nil {
			return err
		}
	}
	if g.json {
		err = scored.WriteJSON(g.out, scored.NewResult(res, rejected))
	} else {
		err = printScores(g.out, res, e.Options.Plan.Zone)
	}
	if err == nil && rejected > 0 {
		err = errReview
	}
	return err
}

// past reads the incidents of the file, or of the database where none is named. It returns
// how many rows cannot be used, and has said which they are.
func (o evaluateOptions) past(ctx context.Context, g *globals, path string) (replay.Past, int, error) {
	past := replay.Past{Zone: g.zone}
	if path == "" {
		var err error
		past.Incidents, err = night.Past(ctx, g.night(), o.offence)
		return past, 0, err
	}
	read, err := o.file.placed(ctx, g, path, func(offence string) bool { return o.offence == "" || offence == o.offence })
	if read.note != "" {
		fmt.Fprintln(g.errw, "spreewatch:", read.note)
	}
	past.Incidents, past.Days, past.Source = read.incidents, read.Days, sourceName(path)
	return past, read.unused(), err
}

// shown is a number, and a dash where nothing came to make it of.
func shown(format string, v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "–"
	}
	return fmt.Sprintf(format, v)
}

// printScores writes PAI at each share, a line a method.
func printScores(w io.Writer, res trial.Result, zone *time.Location) error {
	fmt.Fprintf(w, "%s planned, %s to %s\n", data.Count(res.Origins, "day"), res.From.In(zone).Format("2 Jan 2006"), res.To.In(zone).Format("2 Jan 2006"))
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	last := ""
	for i := 0; i < len(res.Rows); {
		group := fmt.Sprintf("%s, next %d h", res.Rows[i].Offence, res.Rows[i].Days*24)
		offence, days := res.Rows[i].Offence, res.Rows[i].Days
		shares, byMethod := []float64{}, map[string][]string{}
		for ; i < len(res.Rows) && res.Rows[i].Offence == offence && res.Rows[i].Days == days; i++ {
			r := res.Rows[i]
			if len(shares) == 0 || shares[len(shares)-1] != r.Share {
				shares = append(shares, r.Share)
			}
			byMethod[r.Method] = append(byMethod[r.Method], shown("%.2f", r.PAI())+"\t"+shown("%.1f %%", 100*r.HitRate()))
			last = fmt.Sprintf("%.0f incidents", r.All)
		}
		fmt.Fprintf(tw, "\n%s: %s\n", group, last)
		for _, s := range shares {
			fmt.Fprintf(tw, "\tPAI %g %%\thit", 100*s)
		}
		fmt.Fprintln(tw)
		for _, name := range trial.Methods() {
			fmt.Fprintf(tw, "  %s\t%s\n", name, strings.Join(byMethod[name], "\t"))
		}
		for _, c := range res.Calibrations {
			if c.Offence == offence && c.Days == days {
				fmt.Fprintf(tw, "  expected %.0f of %.0f that came: %s; in the top 1 %%: %s\n", c.Predicted, c.Actual, shown("%.2f", c.Predicted/c.Actual), shown("%.2f", c.PredictedTop/c.ActualTop))
			}
		}
	}
	for _, t := range res.Tests {
		if t.Holm < .05 && (t.Low > 0 || t.High < 0) {
			word := "more"
			if t.High < 0 {
				word = "fewer"
			}
			fmt.Fprintf(tw, "%s, %d h, %g %%: the mixture hits %.1f %% %s than %s (95 %% interval %+.1f to %+.1f %%, p %.3f after Holm)\n", t.Offence, t.Days*24, 100*t.Share,
				100*max(t.Ours/t.Theirs-1, 1-t.Ours/t.Theirs), word, t.Against, 100*t.Low, 100*t.High, t.Holm)
		}
	}
	if t := res.Tour; t.Shifts > 0 {
		fmt.Fprintf(tw, "\n%s in %s planned, %.0f incidents\n\thits\thit rate\tPAI\tPEI\tPEI*\tRRI\n", data.Count(t.Areas, "area"), data.Count(t.Shifts, "shift"), t.InShift.All)
		for _, s := range scored.OfTour(t) {
			fmt.Fprintf(tw, "  %s\t%.0f\t%s\t%s\t%s\t%s\t%s\n", s.Method, s.Hits, shown("%.1f %%", 100*float64(s.HitRate)), shown("%.1f", float64(s.PAI)),
				shown("%.2f", float64(s.PEI)), shown("%.2f", float64(s.PEIStar)), shown("%.2f", float64(s.RRI)))
		}
		fmt.Fprintf(tw, "  high: %s in %s; medium: %s in %s\n", data.Count(t.HighHits, "incident"), data.Count(t.High, "area"), data.Count(t.MediumHits, "incident"), data.Count(t.Medium, "area"))
		if t.HighCells+t.MediumCells > 0 {
			fmt.Fprintf(tw, "  of all cells, high: %s in %s; medium: %s in %s\n", data.Count(t.HighCellHits, "incident"), data.Count(t.HighCells, "cell"),
				data.Count(t.MediumCellHits, "incident"), data.Count(t.MediumCells, "cell"))
		}
	}
	return tw.Flush()
}
