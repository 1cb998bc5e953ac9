package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/cluster"
	"spreewatch/cluster/nearrepeat"
	"spreewatch/data"
	"spreewatch/data/events"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

type nearRepeatOptions struct {
	file          eventFlags
	sel           selection
	distance      edges
	days          edges
	metric        string
	replicates    int
	samePlace     bool
	rest          bool
	aoristic      bool
	precision     string
	pairs         string
	chains        bool
	chainDistance float64
	chainDays     float64
}

func nearrepeatCmd(g *globals) *cobra.Command {
	o := nearRepeatOptions{distance: edges{0, 100, 200, 400}, days: edges{0, 7, 14, 28}}
	cmd := &cobra.Command{
		Use:   "nearrepeat [FILE]",
		Short: "Test whether events recur near and soon (Knox table)",
		Long: `nearrepeat counts pairs of events by distance and days apart, and compares with
the counts after shuffling the times over the places. Edges a,b,c make the bands
[a,b), [b,c). Where no row has a time of day, days are those of the dates; else,
with edges of whole days, those of the local clock: from noon to noon is a day
where clocks change, too. Other edges are time elapsed.
FILE - is standard input; without a header it has x, y and date. Without FILE the
located incidents of the database are counted, each by its event interval.`,
		Example: `  spreewatch nearrepeat burglaries.csv --distance 0,100,200,400 --days 0,7,14,28
  spreewatch nearrepeat arson.csv --metric manhattan --same-place --rest --json
  spreewatch nearrepeat thefts.csv --aoristic --pairs pairs.csv --chains`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runNearRepeat(cmd.Context(), g, fileOf(args), o) },
	}
	f := cmd.Flags()
	f.Var(&o.distance, "distance", "`EDGES` of the distance bands, metres")
	f.Var(&o.days, "days", "`EDGES` of the time bands, days")
	f.StringVar(&o.metric, "metric", "", "`METRIC`: euclidean or manhattan of x, y; greatcircle of lat, lon\n(default euclidean or greatcircle)")
	f.IntVar(&o.replicates, "replicates", 999, "`N` shuffles")
	f.BoolVar(&o.samePlace, "same-place", false, "give distance exactly 0 a band of its own")
	f.BoolVar(&o.rest, "rest", false, "add a last open band to both axes")
	f.BoolVar(&o.aoristic, "aoristic", false, "read from and to rather than a single date where a file has both;\na pair counts by the probability of its lag")
	f.StringVar(&o.precision, "precision", "auto", "`BITS` of x and y: single, double, or auto, which is single for\nmanhattan (as the Near Repeat Calculator counts), else double")
	f.StringVar(&o.pairs, "pairs", "", "write the close pairs to a CSV `FILE`")
	f.BoolVar(&o.chains, "chains", false, "list the chains of near repeats")
	f.Float64Var(&o.chainDistance, "chain-distance", 0, "near repeats of a chain are fewer `METRES` apart than this\n(default: the nearest band with p < .05)")
	f.Float64Var(&o.chainDays, "chain-days", 0, "and fewer `DAYS` (default: its soonest)")
	o.sel.bind(f, true)
	o.file.bind(cmd)
	return cmd
}

// edges are the edges of bands as a flag: "0,100,200".
type edges []float64

// Set reads the edges; whether they ascend is checked with the rest.
func (e *edges) Set(s string) error {
	var out edges
	for field := range strings.SplitSeq(s, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(field), 64)
		if err != nil {
			return errors.New("edges are numbers with commas between them")
		}
		out = append(out, v)
	}
	*e = out
	return nil
}

// Type names the flag's value in the help.
func (e *edges) Type() string { return "EDGES" }

// String writes what Set reads.
func (e *edges) String() string {
	fields := make([]string, len(*e))
	for i, v := range *e {
		fields[i] = strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strings.Join(fields, ",")
}

func runNearRepeat(ctx context.Context, g *globals, path string, o nearRepeatOptions) error {
	eo, err := o.file.options(g, path)
	if err != nil {
		return err
	}
	eo.Interval, eo.Degrees = o.aoristic, o.metric == string(nearrepeat.GreatCircle)
	no, err := o.options(g)
	if err != nil {
		return err
	}
	t, err := gatherEvents(ctx, g, path, eo, o.sel)
	if err != nil {
		return err
	}
	if err := o.settle(&no, t); err != nil {
		return err
	}
	if o.metric == "" && likeDegrees(t) {
		fmt.Fprintln(g.errw, "spreewatch: x and y are taken as metres, and look like degrees\ntry: --metric greatcircle without a header, or --column lon=HEADER --column lat=HEADER")
	}
	incidents := events.Incidents(t)
	table, err := nearrepeat.Count(ctx, incidents, no)
	if many, ok := errors.AsType[*nearrepeat.TooManyPairsError](err); ok {
		return &data.UserError{Msg: many.Error(), Hint: "a shorter last edge of --distance"}
	}
	if err != nil {
		return err
	}
	res := newNearRepeatResult(table, no)
	res.Rejected = len(t.Rejected)
	for _, in := range incidents {
		res.Aoristic = res.Aoristic || in.To > in.From
	}
	if o.pairs != "" {
		pairs, err := geo.Attend(ctx, func() ([]nearrepeat.Pair, error) { return nearrepeat.Pairs(incidents, no) })
		if err != nil {
			return err
		}
		if err := data.WriteWhole(o.pairs, g.night().Guard(data.Begins("originator,near_repeat,"), path), func(w io.Writer) error { return writePairs(w, pairs) }); err != nil {
			return err
		}
	}
	if o.chains {
		if res.Chains, err = o.findChains(ctx, incidents, table, no); err != nil {
			return err
		}
	}
	if g.json {
		err = json.NewEncoder(g.out).Encode(res)
	} else {
		err = printNearRepeat(g.out, table, res)
	}
	if err == nil && res.Rejected > 0 {
		err = errReview
	}
	return err
}

// options checks the flags that do not wait for the file.
func (o nearRepeatOptions) options(g *globals) (nearrepeat.Options, error) {
	no := nearrepeat.DefaultOptions()
	no.Zone = g.zone
	no.Distance, no.SamePlace, no.Rest = o.distance, o.samePlace, o.rest
	no.Replicates, no.Seed = o.replicates, g.seed
	if o.metric != "" {
		no.Metric = nearrepeat.Metric(o.metric)
	}
	no.Time = nil
	for _, d := range o.days {
		length, err := daysLength(d)
		if err != nil {
			return no, usagef("--days 0,7,14,28", "--days: %s", err)
		}
		no.Time = append(no.Time, length)
	}
	if err := no.Validate(); err != nil {
		return no, usagef("spreewatch nearrepeat --help", "%s", err)
	}
	switch {
	case o.precision != "auto" && o.precision != "single" && o.precision != "double":
		return no, usagef("--precision auto", "no precision %q", o.precision)
	case !(o.chainDistance >= 0) || math.IsInf(o.chainDistance, 0):
		return no, usagef("--chain-distance 200", "--chain-distance must be 0 or more metres")
	case (o.chainDistance > 0) != (o.chainDays > 0):
		return no, usagef("--chain-distance 200 --chain-days 7", "--chain-distance and --chain-days go together")
	}
	if _, err := daysLength(o.chainDays); err != nil {
		return no, usagef("--chain-days 7", "--chain-days: %s", err)
	}
	return no, nil
}

// daysLength is a number of days of 24 hours, up to a century.
func daysLength(days float64) (time.Duration, error) {
	if !(days >= 0 && days <= 36525) {
		return 0, errors.New("days must be 0 to 36525")
	}
	return time.Duration(math.Round(days * 24 * float64(time.Hour))), nil
}

// settle fits the metric to the coordinates of the file.
func (o nearRepeatOptions) settle(no *nearrepeat.Options, t events.Table) error {
	if o.metric == "" && !t.Metres {
		no.Metric = nearrepeat.GreatCircle
	}
	if t.Days {
		no.Zone = time.UTC // in which the dates are midnights
	}
	sphere := no.Metric == nearrepeat.GreatCircle
	if sphere && t.Metres {
		return usagef("--metric euclidean", "%s distance needs lat and lon, and the file has x and y", no.Metric)
	}
	if !sphere && !t.Metres {
		return usagef("--metric greatcircle", "%s distance needs x and y, and the file has lat and lon", no.Metric)
	}
	no.Single = o.precision == "single" || (o.precision == "auto" && no.Metric == nearrepeat.Manhattan)
	return nil
}

// likeDegrees reports whether coordinates in metres lie within five of each
// other and in the range of degrees: a study of five metres is none.
func likeDegrees(t events.Table) bool {
	if !t.Metres {
		return false
	}
	low, high := t.Events[0].Point, t.Events[0].Point
	for _, e := range t.Events {
		for axis, v := range e.Point {
			low[axis], high[axis] = min(low[axis], v), max(high[axis], v)
		}
	}
	for axis := range low {
		if low[axis] < -180 || high[axis] > 180 || high[axis]-low[axis] > 5 {
			return false
		}
	}
	return len(t.Events) > 1 && low != high
}

// findChains takes the reach of a chain from the flags, or else from the nearest
// band, and in it the soonest, that chance does not explain.
func (o nearRepeatOptions) findChains(ctx context.Context, incidents []cluster.Incident, t nearrepeat.Table, no nearrepeat.Options) (*jsonChains, error) {
	distance, days := o.chainDistance, o.chainDays
	if distance == 0 {
		distance, days = significantReach(t)
	}
	out := &jsonChains{DistanceM: layer.Statistic(distance), Days: layer.Statistic(days), Chains: []jsonChain{}}
	if math.IsNaN(distance) {
		return out, nil
	}
	lag, err := daysLength(days)
	if err != nil {
		return nil, err
	}
	no.Distance, no.Time = []float64{0, distance}, []time.Duration{0, lag}
	chains, err := geo.Attend(ctx, func() ([]nearrepeat.Chain, error) { return nearrepeat.Chains(incidents, no) })
	if err != nil {
		return nil, err
	}
	for _, c := range chains {
		out.Chains = append(out.Chains, jsonChain{c.Incidents, c.Window.Start, c.Window.End})
	}
	return out, nil
}

// significantReach is the upper edges of the first cell with p < .05, row by
// row, leaving out the same place and the open bands; NaN where there is none.
func significantReach(t nearrepeat.Table) (distance, days float64) {
	for r, row := range t.P {
		for c, p := range row {
			d, l := t.Distance[r].To, t.Time[c].To
			if p < 0.05 && d > 0 && !math.IsInf(d, 0) && !math.IsInf(l, 0) {
				return d, l
			}
		}
	}
	return math.NaN(), math.NaN()
}
