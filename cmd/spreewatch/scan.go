package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"spreewatch/cluster/scan"
	"spreewatch/data"
	"spreewatch/data/events"
	"spreewatch/data/export/scanned"
	"spreewatch/data/night"
)

type scanFlags struct {
	file       eventFlags
	sel        selection
	mode       string
	radius     night.Reach
	maxWindow  night.Span
	step       night.Span
	locations  string
	resolution int
	centres    string
	centreID   string
	from, to   string
	lookback   night.Span
	earlier    night.Span
	minCases   int
	overlap    string
	adjust     string
	replicates int
	pMethod    string
	geojson    string
}

func scanCmd(g *globals) *cobra.Command {
	d := scan.DefaultOptions()
	o := scanFlags{radius: night.Reach{Metres: night.Metres(d.MaxRadiusM)}, maxWindow: night.Span(d.MaxWindow), step: night.Span(d.Step)}
	cmd := &cobra.Command{
		Use:   "scan [FILE]",
		Short: "Find sprees by the space-time permutation scan statistic",
		Long: `scan finds circles and time windows with more cases than place and time by
themselves explain (Kulldorff and others 2005), and how likely chance alone is to
raise them. FILE has lat, lon and a date, with or without a time; or from and to,
and the case counts in the steps between by its share. FILE - is standard input;
without FILE the located incidents of the database are the cases.
A row is one case, or as many as --column cases=HEADER says: a whole number, and
0 counts for nothing. Steps of whole days are calendar days, shorter ones time
elapsed. Windows end with the study, or up to --lookback before; in retrospect,
anywhere.`,
		Example: `  spreewatch scan thefts.csv --radius 3km --max-window 7d
  spreewatch scan thefts.csv --step 1h --max-window 72h --lookback 24h --json
  spreewatch scan fever.csv --centres zips.csv --centre-id zip --radius 50% --mode retrospective`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return runScan(cmd.Context(), g, fileOf(args), o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.mode, "mode", "prospective", "`MODE`: prospective or retrospective")
	f.Var(&o.radius, "radius", "`REACH` of a circle: a distance, or the most of all cases it holds,\nsuch as 50%; it never holds over half")
	f.Var(&o.maxWindow, "max-window", "longest window")
	f.Var(&o.step, "step", "time step, 1m to 1d or whole days")
	f.StringVar(&o.locations, "locations", "points", "scan `KIND`: points, or the cells that hold them")
	f.IntVar(&o.resolution, "resolution", d.Resolution, "H3 resolution `N` of the cells")
	f.StringVar(&o.centres, "centres", "", "CSV `FILE` of circle centres (default the cases' own places)")
	f.StringVar(&o.centreID, "centre-id", "", "`HEADER` of the place's name, in FILE and --centres (default location_id)")
	f.StringVar(&o.from, "from", "", "start of the study, a date or `TIME` (default the first step with a case)")
	f.StringVar(&o.to, "to", "", "its end, a date or `TIME`; a date alone is the whole of that day (default --as-of, or the\nlast step with a case)")
	f.Var(&o.lookback, "lookback", "let windows end this long before the study does")
	f.Var(&o.earlier, "earlier", "adjust p for the analyses run over this long before")
	f.IntVar(&o.minCases, "min-cases", d.MinCases, "least `N` of cases in a spree")
	f.StringVar(&o.overlap, "overlap", "", "of sprees that overlap only the best is shown; they do by `RULE`: time, sharing\na place and a step, or space, sharing a place (default time in retrospect,\nas SaTScan 10.3, else space)")
	f.StringVar(&o.adjust, "adjust", "", "`PATTERN` that may differ from place to place without being a spree: weekday,\nwhich compares the cases of a weekday with that weekday's alone")
	f.IntVar(&o.replicates, "replicates", d.Replicates, "`N` shuffles")
	f.StringVar(&o.pMethod, "p-method", "monte-carlo", "`METHOD`: monte-carlo, gumbel (a fitted tail), or sequential (stop early\nwhen chance explains the best)")
	f.StringVar(&o.geojson, "geojson", "", "write the sprees' circles or cells to a `FILE`")
	o.sel.bind(f, false)
	o.file.counts = true
	o.file.bind(cmd)
	return cmd
}

func runScan(ctx context.Context, g *globals, path string, o scanFlags) error {
	start := time.Now()
	so, err := o.options(g)
	if err != nil {
		return err
	}
	eo, err := o.file.options(g, path)
	if err != nil {
		return err
	}
	eo.Interval, eo.Degrees, eo.LocationHeader = true, true, o.centreID
	if so.Centres, err = o.readCentres(); err != nil {
		return err
	}
	t, err := gatherEvents(ctx, g, path, eo, o.sel)
	if err != nil {
		return err
	}
	if t.Metres {
		return &data.UserError{Msg: eo.Source + " has x and y, and the scan needs lat and lon", Hint: "--column lat=HEADER --column lon=HEADER"}
	}
	res, err := scan.RunContext(ctx, events.Cases(t, so), so)
	if err != nil {
		return err
	}
	if res.Outside > 0 {
		fmt.Fprintf(g.errw, "spreewatch: %d of %d cases are outside the study and left out\n", res.Outside, res.Outside+res.Cases)
	}
	if o.geojson != "" {
		if err := data.WriteWhole(o.geojson, g.night().Guard(data.Begins(scanned.Start), path, o.centres), func(w io.Writer) error { return scanned.WriteGeoJSON(w, res, so) }); err != nil {
			return err
		}
	}
	if g.json {
		err = json.NewEncoder(g.out).Encode(scanned.NewResult(res, so, time.Since(start)))
	} else {
		err = printScan(g.out, res, so)
	}
	if err == nil && len(t.Rejected) > 0 {
		err = errReview
	}
	return err
}

// options turns the flags into those of the scan, without centres.
func (o scanFlags) options(g *globals) (scan.Options, error) {
	so := scan.DefaultOptions()
	so.Step, so.MaxWindow, so.Lookback, so.Earlier = time.Duration(o.step), time.Duration(o.maxWindow), time.Duration(o.lookback), time.Duration(o.earlier)
	so.MinCases, so.Resolution = o.minCases, o.resolution
	so.Replicates, so.Seed, so.Zone = o.replicates, g.seed, g.zone
	o.radius.Limit(&so)
	var err error
	if so.Mode, err = scan.ParseMode(o.mode); err != nil {
		return so, usagef("--mode prospective", "%s", err)
	}
	if so.Locations, err = scan.ParseLocations(o.locations); err != nil {
		return so, usagef("--locations points", "%s", err)
	}
	if so.Overlap, err = scan.ParseOverlap(o.overlap); err != nil {
		return so, usagef("--overlap time", "%s", err)
	}
	if so.Adjust, err = scan.ParseAdjustment(o.adjust); err != nil {
		return so, usagef("--adjust weekday", "%s", err)
	}
	if so.PMethod, err = scan.ParsePMethod(o.pMethod); err != nil {
		return so, usagef("--p-method monte-carlo", "%s", err)
	}
	if o.from != "" {
		day, err := time.ParseInLocation(time.DateOnly, o.from, g.zone)
		if err != nil {
			day, err = parseMoment(o.from, g.zone)
		}
		if err != nil {
			return so, usagef("--from 2026-11-01", "--from: %s", err)
		}
		so.From = day
	}
	switch {
	case o.to != "":
		end, err := parseMoment(o.to, g.zone)
		if err != nil {
			return so, usagef("--to 2026-11-22", "--to: %s", err)
		}
		so.To = end
	case g.asOfText != "":
		so.To = g.night().Moment()
	}
	if err := so.Validate(); err != nil {
		return so, usagef("spreewatch scan --help", "%s", err)
	}
	return so, nil
}

// readCentres reads the file of centres, if one is named.
func (o scanFlags) readCentres() ([]scan.Centre, error) {
	if o.centres == "" {
		return nil, nil
	}
	f, err := os.Open(o.centres)
	if err != nil {
		return nil, &data.UserError{Msg: "read " + o.centres, Err: data.PathCause(err)}
	}
	defer f.Close()
	places, err := events.ReadPlaces(f, events.PlaceOptions{Source: filepath.Base(o.centres), ID: o.centreID})
	if err != nil {
		return nil, err
	}
	centres := make([]scan.Centre, len(places))
	for i, p := range places {
		centres[i] = scan.Centre{ID: p.ID, Point: p.Point}
	}
	return centres, nil
}
