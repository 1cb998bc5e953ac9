package main

import (
	"flag"
	"fmt"
	"strings"
	"time"

	"spreewatch/cluster/scan"
	"spreewatch/data/night"
	"spreewatch/data/replay"
)

// A job is what is asked for, as it travels to whatever works on it: texts and numbers,
// for a time zone or a function does not travel.
type job struct {
	Kind       string // scan, compare or evaluate
	Output     string // folder; one in it for each force
	Zone       string
	InputZone  string
	ZoneTold   bool      // one of the two was typed, so that a known source does not say it
	Force      string    // header of the column of forces, "none" for none
	ForceAsked bool      // it was named, and has to be there
	Partitions int       // of a force
	Spans      int       // of a scan's replicates
	Workers    int       // goroutines of one element; 0 is one a processor
	Many       bool      // files, so that a row without a reference is named by its file too
	Order      string    // of numeric dates
	Today      time.Time // by which years of two digits are read, one day for all workers
	CRS        string
	Night      night.Settings
	Scan       scanJob
	Compare    replay.Compare
	Evaluate   replay.Evaluate
}

// scanJob are the options of a scan, in the words of the command line.
type scanJob struct {
	Mode, Radius, MaxWindow, Step, Locations string
	From, To, Lookback, Earlier              string
	Overlap, Adjust, PMethod, Offence        string
	Resolution, MinCases, Replicates         int
	Seed                                     uint64
}

// work is what each step knows: its job, which travels as bytes.
type work struct {
	Job []byte
	job job
}

// Setup reads the job, on the machine that the step is on.
func (w *work) Setup() error {
	if err := decode(w.Job, &w.job); err != nil {
		return fmt.Errorf("read the job: %w", err)
	}
	return nil
}

// of says of which force an error is.
func (j job) of(force string, err error) error {
	if err == nil {
		return nil
	}
	if force == "" {
		return fmt.Errorf("%s: %w", j.Kind, err)
	}
	return fmt.Errorf("%s %s: %w", j.Kind, force, err)
}

// column is the header of the column of forces, "" for none.
func (j job) column() string {
	if j.Force == "none" {
		return ""
	}
	return j.Force
}

// zone is the calendar of the job.
func (j job) zone() (*time.Location, error) {
	zone, err := time.LoadLocation(j.Zone)
	if err != nil || strings.EqualFold(j.Zone, "local") {
		return nil, fmt.Errorf("--timezone: no time zone %q", j.Zone)
	}
	return zone, nil
}

// inputZone is that of times without an offset.
func (j job) inputZone() (*time.Location, error) {
	if j.InputZone == "" {
		return j.zone()
	}
	zone, err := time.LoadLocation(j.InputZone)
	if err != nil || strings.EqualFold(j.InputZone, "local") {
		return nil, fmt.Errorf("--input-timezone: no time zone %q", j.InputZone)
	}
	return zone, nil
}

// options turns the words into those of the scan.
func (s scanJob) options(zone *time.Location) (scan.Options, error) {
	o := scan.DefaultOptions()
	o.Zone, o.Seed, o.Resolution, o.MinCases, o.Replicates = zone, s.Seed, s.Resolution, s.MinCases, s.Replicates
	var reach night.Reach
	if err := reach.Set(s.Radius); err != nil {
		return o, fmt.Errorf("--radius: %w", err)
	}
	reach.Limit(&o)
	for _, length := range []struct {
		flag, text string
		to         *time.Duration
	}{{"--max-window", s.MaxWindow, &o.MaxWindow}, {"--step", s.Step, &o.Step}, {"--lookback", s.Lookback, &o.Lookback}, {"--earlier", s.Earlier, &o.Earlier}} {
		var span night.Span
		if err := span.Set(length.text); err != nil {
			return o, fmt.Errorf("%s: %w", length.flag, err)
		}
		*length.to = time.Duration(span)
	}
	var err error
	if o.Mode, err = scan.ParseMode(s.Mode); err != nil {
		return o, fmt.Errorf("--mode: %w", err)
	}
	if o.Locations, err = scan.ParseLocations(s.Locations); err != nil {
		return o, fmt.Errorf("--locations: %w", err)
	}
	if o.Overlap, err = scan.ParseOverlap(s.Overlap); err != nil {
		return o, fmt.Errorf("--overlap: %w", err)
	}
	if o.Adjust, err = scan.ParseAdjustment(s.Adjust); err != nil {
		return o, fmt.Errorf("--adjust: %w", err)
	}
	if o.PMethod, err = scan.ParsePMethod(s.PMethod); err != nil {
		return o, fmt.Errorf("--p-method: %w", err)
	}
	for _, bound := range []struct {
		flag, text string
		days       int // a day alone is taken to its end
		to         *time.Time
	}{{"--from", s.From, 0, &o.From}, {"--to", s.To, 1, &o.To}} {
		if bound.text == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, bound.text, zone)
		if err != nil {
			return o, fmt.Errorf("%s: %q is no day such as 2026-11-22", bound.flag, bound.text)
		}
		*bound.to = day.AddDate(0, 0, bound.days)
	}
	return o, o.Validate()
}

// flags are the command line, beside Beam's own.
type flags struct {
	job
	inputs, windows, radius, least, offences, plants, settings, config string
	from, to                                                           string
	alerts                                                             float64
	every, few                                                         int
	seed                                                               uint64
	oneByOne                                                           bool
	runner                                                             string
	given                                                              []string // names of the flags that were typed
}

func (f *flags) bind(s *flag.FlagSet) {
	d := scan.DefaultOptions()
	s.StringVar(&f.Kind, "job", "", "scan, compare or evaluate, as spreewatch has them")
	s.StringVar(&f.runner, "runner", runners[0], "runner of Beam: loopback-prism runs in this process, flink and universal at an --endpoint")
	s.StringVar(&f.inputs, "input", "", "CSV, newline-delimited JSON or XLSX of incidents with coordinates; patterns, with commas between them")
	s.StringVar(&f.Output, "output", "out", "folder of what is found: a folder for each force, refused.ndjson and counts.json")
	s.StringVar(&f.Force, "force-column", "force", "header of the column of forces; a file without it is one force, and none takes each file as one")
	s.IntVar(&f.Partitions, "partitions", 4, "parts of each force: of a scan its circles by coarse cell, of a comparison its settings, of an evaluation its days")
	s.IntVar(&f.Spans, "spans", 1, "parts of a scan's replicates, on top of those")
	s.IntVar(&f.Workers, "workers", 0, "goroutines of a part of a scan; 0 is one a processor")
	s.BoolVar(&f.oneByOne, "one-by-one", false, "one pipeline for each input file, one after another, so that memory is that of the largest")
	s.StringVar(&f.Zone, "timezone", "", "of the calendar (default that of the settings)")
	s.StringVar(&f.InputZone, "input-timezone", "", "of times without an offset (default --timezone)")
	s.StringVar(&f.Order, "date-order", "auto", "dmy or mdy, of dates such as 3/4/2026 (default: what each file proves, else dmy)")
	s.StringVar(&f.CRS, "crs", "", "EPSG:CODE of x and y (default: degrees, or the National Grid where the numbers are of it)")
	s.StringVar(&f.config, "config", "", "spreewatch.toml with the settings of the night (default: those that ship)")
	s.Uint64Var(&f.seed, "seed", 1, "of every draw")

	s.StringVar(&f.offences, "offence", "", "look at these alone, with commas between them; a scan and an evaluation take one")
	s.StringVar(&f.from, "from", "", "first day")
	s.StringVar(&f.to, "to", "", "last day")
	s.StringVar(&f.radius, "radius", "", "scan: reach of a circle, a distance or a share of the cases (default 5km); compare: distances, with commas between them (default 500m,2km)")

	s.StringVar(&f.Scan.Mode, "mode", "prospective", "scan: prospective or retrospective")
	s.StringVar(&f.Scan.MaxWindow, "max-window", night.Span(d.MaxWindow).String(), "scan: longest window")
	s.StringVar(&f.Scan.Step, "step", night.Span(d.Step).String(), "scan: time step, 1m to 1d or whole days")
	s.StringVar(&f.Scan.Locations, "locations", "points", "scan: points, or the cells that hold them")
	s.IntVar(&f.Scan.Resolution, "resolution", d.Resolution, "scan: H3 resolution of the cells")
	s.StringVar(&f.Scan.Lookback, "lookback", "0s", "scan: let windows end this long before the study does")
	s.StringVar(&f.Scan.Earlier, "earlier", "0s", "scan: adjust p for the analyses run over this long before")
	s.IntVar(&f.Scan.MinCases, "min-cases", d.MinCases, "scan: least number of cases in a spree")
	s.StringVar(&f.Scan.Overlap, "overlap", "", "scan: of sprees that overlap only the best is shown; they do by time or by space (default time in retrospect, else space)")
	s.StringVar(&f.Scan.Adjust, "adjust", "", "scan: weekday, a pattern that may differ from place to place without being a spree")
	s.IntVar(&f.Scan.Replicates, "replicates", d.Replicates, "scan: shuffles")
	s.StringVar(&f.Scan.PMethod, "p-method", "monte-carlo", "scan: monte-carlo, gumbel or sequential")

	s.StringVar(&f.windows, "window", "6h,24h,72h,7d", "compare: lengths of time that hold a spree, with commas between them")
	s.StringVar(&f.least, "min", "3", "compare: least numbers of its incidents, with commas between them")
	s.StringVar(&f.settings, "settings", "", "compare: TOML file of [[setting]] blocks, in place of --window, --radius and --min")
	s.Float64Var(&f.alerts, "alerts-per-week", 0, "compare: false sprees a week (default detect.alerts_per_week of the settings)")
	s.StringVar(&f.plants, "plant", "", "compare: plant sprees of SIZE,SPREAD,LENGTH, with semicolons between them (default: eight kinds)")

	s.IntVar(&f.every, "every", 3, "evaluate: plan every so many days")
	s.IntVar(&f.few, "least", 100, "evaluate: leave out an offence with fewer incidents in those days")
}
