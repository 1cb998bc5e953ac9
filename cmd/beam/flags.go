package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"

	"spreewatch/cluster/scan"
	"spreewatch/cluster/trial"
	"spreewatch/data"
	"spreewatch/data/night"
	"spreewatch/data/replay"
	"spreewatch/data/table"
	"spreewatch/geo"
)

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

// ready checks what is asked for, so that nothing is read in vain.
func (f flags) ready() (job, error) {
	j := f.job
	j.Today = time.Now().UTC()
	switch {
	case f.Kind != "scan" && f.Kind != "compare" && f.Kind != "evaluate":
		return j, &data.UserError{Msg: fmt.Sprintf("there is no job %q", f.Kind), Hint: "--job scan, compare or evaluate"}
	case f.inputs == "":
		return j, &data.UserError{Msg: "no input is named", Hint: "--input incidents.csv"}
	case f.Partitions < 1 || f.Partitions > 1000 || f.Spans < 1 || f.Spans > 100 || f.Workers < 0:
		return j, &data.UserError{Msg: "--partitions must be 1 to 1000, --spans 1 to 100, and --workers 0 or more"}
	case !slices.Contains(runners, f.runner):
		return j, &data.UserError{Msg: fmt.Sprintf("there is no runner %q", f.runner), Hint: "--runner " + strings.Join(runners, ", or ")}
	case f.runner != runners[0] && *jobopts.Endpoint == "":
		return j, &data.UserError{Msg: "--runner " + f.runner + " has no endpoint", Hint: "--endpoint HOST:PORT of its job server"}
	}
	for _, name := range f.given {
		if kinds, ok := flagsOf[name]; ok && !slices.Contains(kinds, f.Kind) {
			return j, &data.UserError{Msg: fmt.Sprintf("--%s is no flag of the job %s", name, f.Kind), Hint: "leave it out"}
		}
		if f.settings != "" && (name == "window" || name == "radius" || name == "min") {
			return j, &data.UserError{Msg: "--settings names the settings, and --" + name + " would too", Hint: "leave out --" + name}
		}
	}
	j.ZoneTold = slices.Contains(f.given, "timezone") || slices.Contains(f.given, "input-timezone")
	if slices.Contains(f.given, "alerts-per-week") {
		if err := replay.CheckAlerts(f.alerts); err != nil {
			return j, err
		}
	}
	j.ForceAsked = slices.Contains(f.given, "force-column") && j.Force != "none"
	err := f.span()
	if err != nil {
		return j, err
	}
	if j.Night, err = night.LoadSettings(f.config); err != nil {
		return j, err
	}
	if j.Zone == "" {
		j.Zone = j.Night.Timezone
	}
	zone, err := j.zone()
	if err != nil {
		return j, err
	}
	if _, err := j.inputZone(); err != nil {
		return j, err
	}
	if _, err := table.ParseOrder(j.Order); err != nil {
		return j, fmt.Errorf("--date-order: %w", err)
	}
	if f.CRS != "" {
		if _, err := geo.ParseProjection(f.CRS); err != nil {
			return j, fmt.Errorf("--crs: %w", err)
		}
	}
	switch f.Kind {
	case "scan":
		j.Scan.Seed, j.Scan.Offence, j.Scan.From, j.Scan.To, j.Scan.Radius = f.seed, f.offences, f.from, f.to, cmp.Or(f.radius, "5km")
		_, err = j.Scan.options(zone)
	case "compare":
		j.Compare, err = f.comparison(j.Night)
	case "evaluate":
		j.Evaluate = replay.Evaluate{Night: j.Night, Offence: f.offences, From: f.from, To: f.to, Every: f.every, Least: f.few, Seed: f.seed}
		err = j.Evaluate.Validate()
	}
	return j, err
}

// runners are those that the program knows, the default first.
var runners = []string{"loopback-prism", "flink", "universal"}

// flagsOf are the jobs of the flags that not all have.
var flagsOf = map[string][]string{
	"mode": {"scan"}, "max-window": {"scan"}, "step": {"scan"}, "locations": {"scan"}, "resolution": {"scan"}, "lookback": {"scan"}, "earlier": {"scan"}, "min-cases": {"scan"},
	"overlap": {"scan"}, "adjust": {"scan"}, "replicates": {"scan"}, "p-method": {"scan"}, "spans": {"scan"}, "workers": {"scan"}, "radius": {"scan", "compare"},
	"window": {"compare"}, "min": {"compare"}, "settings": {"compare"}, "alerts-per-week": {"compare"}, "plant": {"compare"}, "every": {"evaluate"}, "least": {"evaluate"},
}

// span refuses days of which the last is before the first.
func (f flags) span() error {
	from, err := time.Parse(time.DateOnly, f.from)
	to, err2 := time.Parse(time.DateOnly, f.to)
	if err == nil && err2 == nil && to.Before(from) {
		return &data.UserError{Msg: "--from is after --to", Hint: "--from " + f.to + " --to " + f.from}
	}
	return nil
}

// comparison is what a comparison asks.
func (f flags) comparison(settings night.Settings) (replay.Compare, error) {
	c := replay.Compare{Night: settings, From: f.from, To: f.to, Alerts: f.alerts, Seed: f.seed}
	if f.offences != "" {
		c.Offences = []string{f.offences}
	}
	var least []int
	for _, text := range strings.Split(f.least, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil {
			return c, &data.UserError{Msg: fmt.Sprintf("--min: %q is no number", text), Hint: "--min 3,4"}
		}
		least = append(least, n)
	}
	c.Blocks = replay.Blocks(strings.Split(f.windows, ","), strings.Split(cmp.Or(f.radius, "500m,2km"), ","), least)
	if f.settings != "" {
		name := path.Base(f.settings)
		file, err := os.Open(f.settings)
		if err != nil {
			return c, &data.UserError{Msg: "read " + name, Err: data.PathCause(err), Hint: "check the name and the folder"}
		}
		defer file.Close()
		if c.Blocks, err = replay.ReadBlocks(file, name); err != nil {
			return c, err
		}
		c.Listed = true
	}
	if f.plants != "" {
		var err error
		if c.Plants, err = replay.ParsePlants(strings.Split(f.plants, ";")); err != nil {
			return c, err
		}
	}
	if err := c.Validate(); err != nil {
		return c, err
	}
	for i, block := range c.Blocks {
		// A window that is too long is one that the past cannot answer.
		if s, err := block.Setting(); err == nil && s.Window <= trial.LongestWindow && s.Validate() != nil {
			return c, fmt.Errorf("setting %d: %w", i+1, s.Validate())
		}
	}
	return c, nil
}

// files lists the input, each file once, by name.
func (f flags) files(ctx context.Context) ([]string, error) {
	var out []string
	for _, pattern := range strings.Split(f.inputs, ",") {
		pattern = strings.TrimSpace(pattern)
		fs, err := filesystem.New(ctx, pattern)
		if err != nil {
			return nil, err
		}
		found, err := fs.List(ctx, pattern)
		fs.Close()
		if err != nil {
			return nil, fmt.Errorf("list the input: %w", err)
		}
		if len(found) == 0 {
			return nil, &data.UserError{Msg: "no file is called " + path.Base(pattern), Hint: "check the name and the folder"}
		}
		out = append(out, found...)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	seen := make(map[string]bool)
	for _, file := range out {
		name := baseName(filepath.ToSlash(file))
		if seen[name] {
			return nil, &data.UserError{Msg: "two files are called " + name + ", and files are told apart by their names", Hint: "rename one"}
		}
		seen[name] = true
	}
	return out, nil
}

// baseName is the name of a file without what it ends in.
func baseName(file string) string { return strings.TrimSuffix(path.Base(file), path.Ext(file)) }
