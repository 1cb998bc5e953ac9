package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/cluster"
	"spreewatch/cluster/trial"
	"spreewatch/data"
	"spreewatch/data/export/scored"
	"spreewatch/data/night"
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
	past, err := o.past(ctx, g, path)
	if err != nil {
		return err
	}
	opt, err := o.options(g, past.incidents, past.Days)
	if err != nil {
		return err
	}
	res, err := trial.Evaluate(ctx, past.incidents, opt)
	if err != nil {
		return err
	}
	if len(res.Rows) == 0 {
		return o.tooFew(opt)
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
		err = scored.WriteJSON(g.out, scored.NewResult(res, past.unused()))
	} else {
		err = printScores(g.out, res, opt.Plan.Zone)
	}
	if err == nil && past.unused() > 0 {
		err = errReview
	}
	return err
}

// tooFew says that too few incidents lie in the days, and what to try.
func (o evaluateOptions) tooFew(opt trial.Options) error {
	hint := "--from and --to take days with incidents"
	if o.least > 10 {
		hint = "--least 10"
	}
	return &data.UserError{Msg: fmt.Sprintf("no offence has %s from %s to %s", data.Count(opt.Least, "incident"), opt.From.In(opt.Plan.Zone).Format(time.DateOnly), opt.To.In(opt.Plan.Zone).Format(time.DateOnly)),
		Hint: hint}
}

// past reads the incidents of the file, or of the database where none is named.
func (o evaluateOptions) past(ctx context.Context, g *globals, path string) (past placedFile, err error) {
	if path == "" {
		past.incidents, err = night.Past(ctx, g.night(), o.offence)
	} else {
		past, err = o.file.placed(ctx, g, path, func(offence string) bool { return o.offence == "" || offence == o.offence })
	}
	if past.note != "" {
		fmt.Fprintln(g.errw, "spreewatch:", past.note)
	}
	past.incidents = slices.DeleteFunc(past.incidents, func(in cluster.Incident) bool { return o.offence != "" && in.Offence != o.offence })
	switch {
	case err == nil && len(past.incidents) == 0 && o.offence != "":
		err = &data.UserError{Msg: "there is no incident of that offence with a place to score", Hint: "leave --offence out: each offence is scored"}
	case err == nil && len(past.incidents) == 0:
		err = &data.UserError{Msg: "there is no incident with a place to score", Hint: "spreewatch evaluate FILE reads a table; spreewatch geocode locates reports"}
	}
	return past, err
}

// options settles which days are planned, and for which shifts.
func (o evaluateOptions) options(g *globals, incidents []cluster.Incident, wholeDays bool) (trial.Options, error) {
	opt := trial.DefaultOptions()
	opt.Seed, opt.Least, opt.Step = g.seed, o.least, time.Duration(o.every)*24*time.Hour
	opt.Plan = g.cfg.PlanOptions(g.zone, time.Time{})
	zone := g.zone
	if wholeDays {
		zone = time.UTC // in which the dates are midnights
		opt.Plan.Zone, opt.Plan.Shifts = zone, nil
	}
	begins := func(a, b cluster.Incident) int { return cmp.Compare(a.From, b.From) }
	first, last := slices.MinFunc(incidents, begins).From.Time(), slices.MaxFunc(incidents, begins).From.Time()
	midnight := func(t time.Time) time.Time {
		y, m, d := t.In(zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, zone).UTC()
	}
	opt.From, opt.To = midnight(first.Add(last.Sub(first)/3)), midnight(last.Add(-7*24*time.Hour))
	for _, bound := range []struct {
		flag, text string
		at         *time.Time
	}{{"--from", o.from, &opt.From}, {"--to", o.to, &opt.To}} {
		if bound.text == "" {
			continue
		}
		at, err := time.ParseInLocation(time.DateOnly, bound.text, zone)
		if err != nil {
			return opt, usagef(bound.flag+" 2022-07-01", "%s: %q is no day", bound.flag, bound.text)
		}
		*bound.at = at.UTC()
	}
	if o.least < 1 {
		return opt, usagef("--least 10", "--least must be 1 or more")
	}
	if o.every < 1 || o.every > 30 {
		return opt, usagef("--every 3", "--every must be 1 to 30 days")
	}
	if o.from == "" && o.to == "" && opt.To.Before(opt.From) {
		return opt, &data.UserError{Msg: fmt.Sprintf("the incidents span %s: a replay needs a past before its first day and a week after its last", data.Count(int(last.Sub(first).Hours()/24)+1, "day")),
			Hint: "spreewatch evaluate takes the reports of a month or more"}
	}
	if err := opt.Validate(); err != nil {
		return opt, usagef("spreewatch evaluate --help", "%s", err)
	}
	begin, end := midnight(first), midnight(last)
	if opt.From.After(end) || opt.To.Before(begin) {
		return opt, o.tooFew(opt)
	}
	// A day of which nothing can be known is no quiet one: what is expected of it would
	// be held against nothing.
	for _, bound := range []struct {
		flag    string
		at      *time.Time
		nearest time.Time
		beyond  bool
	}{{"--from", &opt.From, begin, opt.From.Before(begin)}, {"--to", &opt.To, end, opt.To.After(end)}} {
		if bound.beyond {
			*bound.at = bound.nearest
			fmt.Fprintf(g.errw, "spreewatch: %s is beyond the incidents: %s is taken\n", bound.flag, bound.nearest.In(zone).Format(time.DateOnly))
		}
	}
	return opt, nil
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
