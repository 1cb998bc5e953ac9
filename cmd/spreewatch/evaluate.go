package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/paulmach/orb"
	"github.com/spf13/cobra"

	"spreewatch/cluster"
	"spreewatch/cluster/trial"
	"spreewatch/data"
	"spreewatch/data/events"
	"spreewatch/data/export"
	"spreewatch/geo"
)

type evaluateOptions struct {
	file     eventFlags
	from, to string
	every    int
	least    int
	csv, svg string
}

func evaluateCmd(g *globals) *cobra.Command {
	o := evaluateOptions{every: 3, least: 100}
	cmd := &cobra.Command{
		Use:   "evaluate FILE.csv",
		Short: "Replay the past and score where incidents were expected",
		Long: `evaluate plans each day of the past with what was known by then, and scores it on
the next 24 hours and seven days: the share of incidents in the 0.5, 1, 2 and 5 %
of cells (H3, resolution 9, of those with any incident before the day) with the
highest risk, beside counts, kernels, near repeats and chance. Without --from the
days start when a third of the file is past. x and y in metres need no projection:
they are laid on a plane. FILE - is standard input.`,
		Example: `  spreewatch evaluate thefts.csv --from 2022-07-01 --to 2022-12-20
  spreewatch evaluate thefts.csv --csv scores.csv --svg scores.svg --json`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runEvaluate(cmd.Context(), g, args[0], o) },
	}
	f := cmd.Flags()
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
	eo, err := o.file.options(g, path)
	if err != nil {
		return err
	}
	t, err := readEvents(g, path, eo)
	if err != nil {
		return err
	}
	incidents := placedIncidents(t)
	opt, err := o.options(g, incidents)
	if err != nil {
		return err
	}
	if opt.Zone = g.zone; !t.Days {
		opt.Shifts = trial.DayShifts()
	}
	res, err := trial.Evaluate(ctx, incidents, opt)
	if err != nil {
		return err
	}
	if len(res.Rows) == 0 {
		return &data.UserError{Msg: fmt.Sprintf("no offence has %d incidents from %s to %s", opt.Least, opt.From.In(g.zone).Format(time.DateOnly), opt.To.In(g.zone).Format(time.DateOnly)),
			Hint: "--least 10"}
	}
	guard := g.night()
	if o.csv != "" {
		if err := data.WriteWhole(o.csv, guard.Guard(data.Begins("offence,method,"), path), func(w io.Writer) error { return writeScores(w, res) }); err != nil {
			return err
		}
	}
	if o.svg != "" {
		if err := data.WriteWhole(o.svg, guard.Guard(data.Begins("<svg "), path), func(w io.Writer) error { return drawScores(w, res) }); err != nil {
			return err
		}
	}
	if g.json {
		err = json.NewEncoder(g.out).Encode(newEvaluateResult(res, len(t.Rejected)))
	} else {
		err = printScores(g.out, res, g.zone)
	}
	if err == nil && len(t.Rejected) > 0 {
		err = errReview
	}
	return err
}

// options settles which days are planned.
func (o evaluateOptions) options(g *globals, incidents []cluster.Incident) (trial.Options, error) {
	opt := trial.DefaultOptions()
	opt.Seed, opt.Least, opt.Step = g.seed, o.least, time.Duration(o.every)*24*time.Hour
	first, last := incidents[0].From, incidents[0].From
	for _, in := range incidents {
		if in.From.Before(first) {
			first = in.From
		}
		if in.From.After(last) {
			last = in.From
		}
	}
	midnight := func(t time.Time) time.Time {
		y, m, d := t.In(g.zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, g.zone).UTC()
	}
	opt.From, opt.To = midnight(first.Add(last.Sub(first)/3)), midnight(last.Add(-7*24*time.Hour))
	for _, bound := range []struct {
		flag, text string
		at         *time.Time
	}{{"--from", o.from, &opt.From}, {"--to", o.to, &opt.To}} {
		if bound.text == "" {
			continue
		}
		at, err := time.ParseInLocation(time.DateOnly, bound.text, g.zone)
		if err != nil {
			return opt, usagef(bound.flag+" 2022-07-01", "%s: %q is no day", bound.flag, bound.text)
		}
		*bound.at = at.UTC()
	}
	if o.every < 1 || o.every > 30 {
		return opt, usagef("--every 3", "--every must be 1 to 30 days")
	}
	if err := opt.Validate(); err != nil {
		return opt, usagef("spreewatch evaluate --help", "%s", err)
	}
	return opt, nil
}

// plane is where x and y in metres are laid: at the equator, where a degree is as
// long in each direction.
var plane = orb.Point{20, 0}

// placedIncidents are the events as incidents with a place on the globe.
func placedIncidents(t events.Table) []cluster.Incident {
	incidents := eventIncidents(t)
	var low orb.Point
	for i, e := range t.Events {
		for axis, v := range e.Point {
			if i == 0 || v < low[axis] {
				low[axis] = v
			}
		}
	}
	const metres = 180 / (3.141592653589793 * geo.EarthRadius)
	for i, e := range t.Events {
		in := &incidents[i]
		in.Offence, in.Level = e.Offence, geo.LevelStreet
		if in.Offence == "" {
			in.Offence = "incident"
		}
		if t.Metres {
			in.Point = orb.Point{plane[0] + (e.Point[0]-low[0])*metres, plane[1] + (e.Point[1]-low[1])*metres}
		}
	}
	return incidents
}

// jsonScore is a method's score in the JSON and, in this order, the CSV.
type jsonScore struct {
	Offence      string     `json:"offence"`
	Method       string     `json:"method"`
	HorizonHours int        `json:"horizon_h"`
	AreaShare    float64    `json:"area_share"`
	Incidents    float64    `json:"incidents"`
	Hits         float64    `json:"hits"`
	HitRate      jsonNumber `json:"hit_rate"`
	PAI          jsonNumber `json:"pai"`
	PEI          jsonNumber `json:"pei"`
	PEIStar      jsonNumber `json:"pei_star"`
	RRI          jsonNumber `json:"rri"`
}

type jsonTest struct {
	Offence      string     `json:"offence"`
	Against      string     `json:"against"`
	HorizonHours int        `json:"horizon_h"`
	AreaShare    float64    `json:"area_share"`
	Difference   jsonNumber `json:"difference"` // ours over theirs, less 1
	Low          jsonNumber `json:"low"`
	High         jsonNumber `json:"high"`
	P            float64    `json:"p"`
	Holm         float64    `json:"p_holm"`
}

type jsonCalibration struct {
	Offence      string     `json:"offence"`
	HorizonHours int        `json:"horizon_h"`
	Predicted    float64    `json:"predicted"`
	Actual       float64    `json:"actual"`
	Ratio        jsonNumber `json:"ratio"`
	TopRatio     jsonNumber `json:"top_ratio"` // in the 1 % of cells with the highest risk
}

type evaluateResult struct {
	From         time.Time         `json:"from"`
	To           time.Time         `json:"to"`
	Days         int               `json:"days"`
	Rejected     int               `json:"rejected"`
	Scores       []jsonScore       `json:"scores"`
	Tests        []jsonTest        `json:"tests"`
	Calibrations []jsonCalibration `json:"calibrations"`
	Shifts       *jsonShifts       `json:"shifts"` // null where times of day are not known
}

// jsonShifts is how five areas a shift did, of all offences together.
type jsonShifts struct {
	Shifts     int        `json:"shifts"`
	Incidents  int        `json:"incidents"`
	Hits       int        `json:"hits"`
	HitRate    jsonNumber `json:"hit_rate"`
	CountHits  int        `json:"count_map_hits"` // of as many areas by the year's counts in the shift's hours
	High       int        `json:"high_areas"`
	HighHits   int        `json:"high_hits"`
	Medium     int        `json:"medium_areas"`
	MediumHits int        `json:"medium_hits"`
}

func newEvaluateResult(res trial.Result, rejected int) evaluateResult {
	out := evaluateResult{From: res.From, To: res.To, Days: res.Origins, Rejected: rejected, Scores: []jsonScore{}, Tests: []jsonTest{}, Calibrations: []jsonCalibration{}}
	if t := res.Tour; t.Shifts > 0 {
		out.Shifts = &jsonShifts{t.Shifts, t.All, t.Hits, jsonNumber(float64(t.Hits) / float64(t.All)), t.CountHits, t.High, t.HighHits, t.Medium, t.MediumHits}
	}
	for _, r := range res.Rows {
		out.Scores = append(out.Scores, jsonScore{r.Offence, r.Method, r.Days * 24, r.Share, r.All, r.Hits, jsonNumber(r.HitRate()), jsonNumber(r.PAI()),
			jsonNumber(r.PEI()), jsonNumber(r.PEIStar()), jsonNumber(r.RRI())})
	}
	for _, t := range res.Tests {
		out.Tests = append(out.Tests, jsonTest{t.Offence, t.Against, t.Days * 24, t.Share, jsonNumber(t.Ours/t.Theirs - 1), jsonNumber(t.Low), jsonNumber(t.High), t.P, t.Holm})
	}
	for _, c := range res.Calibrations {
		out.Calibrations = append(out.Calibrations, jsonCalibration{c.Offence, c.Days * 24, c.Predicted, c.Actual, jsonNumber(c.Predicted / c.Actual), jsonNumber(c.PredictedTop / c.ActualTop)})
	}
	return out
}

func writeScores(w io.Writer, res trial.Result) error {
	out := csv.NewWriter(w)
	rows := [][]string{{"offence", "method", "horizon_h", "area_share", "incidents", "hits", "hit_rate", "pai", "pei", "pei_star", "rri"}}
	num := func(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
	for _, r := range res.Rows {
		rows = append(rows, []string{export.CellText(r.Offence), r.Method, strconv.Itoa(r.Days * 24), num(r.Share), num(r.All), num(r.Hits),
			num(r.HitRate()), num(r.PAI()), num(r.PEI()), num(r.PEIStar()), num(r.RRI())})
	}
	return out.WriteAll(rows)
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
			byMethod[r.Method] = append(byMethod[r.Method], fmt.Sprintf("%.2f\t%.1f %%", r.PAI(), 100*r.HitRate()))
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
				fmt.Fprintf(tw, "  expected %.0f of %.0f that came: %.2f; in the top 1 %%: %.2f\n", c.Predicted, c.Actual, c.Predicted/c.Actual, c.PredictedTop/c.ActualTop)
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
		fmt.Fprintf(tw, "\nShifts: %d areas hit %d of %d incidents, %.1f %%; as many by the year's counts in the shift's hours %d. High: %d areas, %d hits; medium: %d areas, %d hits\n",
			t.Areas, t.Hits, t.All, 100*float64(t.Hits)/float64(max(1, t.All)), t.CountHits, t.High, t.HighHits, t.Medium, t.MediumHits)
	}
	return tw.Flush()
}
