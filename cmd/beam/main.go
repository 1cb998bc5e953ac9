// Command beam runs the scan, the comparison and the evaluation of spreewatch on Apache
// Beam, for more forces and years than one machine holds: the same packages, and the same
// answer to the byte. See README.md beside it.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/local"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/s3"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/flink"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/universal"

	"spreewatch/cluster/trial"
	"spreewatch/data"
	"spreewatch/data/night"
	"spreewatch/data/replay"
	"spreewatch/data/table"
	"spreewatch/geo"
)

func init() {
	register.DoFn5x1[context.Context, string, func(*bool) bool, func(string, []byte), func([]byte), error](&readFn{})
	register.DoFn5x1[context.Context, string, func(*[]byte) bool, func(string, []byte), func([]byte), error](&partsFn{})
	register.DoFn4x1[context.Context, string, func(*[]byte) bool, func(string, []byte), error](&searchFn{})
	register.Combiner1[[]byte](&withFn{})
	register.DoFn5x1[context.Context, string, func(*[]byte) bool, func(*[]byte) bool, func([]byte), error](&sprees{})
	register.DoFn4x1[string, func(*[]byte) bool, func(string, []byte), func([]byte), error](&settingsFn{})
	register.DoFn4x1[context.Context, string, func(*[]byte) bool, func(string, []byte), error](&tryFn{})
	register.DoFn5x1[context.Context, string, func(*[]byte) bool, func(*[]byte) bool, func([]byte), error](&comparisons{})
	register.DoFn4x1[string, func(*[]byte) bool, func(string, []byte), func([]byte), error](&daysFn{})
	register.DoFn4x1[context.Context, string, func(*[]byte) bool, func(string, []byte), error](&replayFn{})
	register.DoFn5x1[context.Context, string, func(*[]byte) bool, func(*[]byte) bool, func([]byte), error](&scores{})
	register.DoFn3x1[context.Context, int, func(*[]byte) bool, error](&closeFn{})
	register.Function1x2(keyed)
	register.Emitter1[[]byte]()
	register.Emitter2[string, []byte]()
	register.Iter1[[]byte]()
	register.Iter1[bool]()
	beam.RegisterRunner("loopback-prism", runPrism)
}

// Exit codes, as those of spreewatch.
const (
	exitFailed = 1
	exitUsage  = 2
	exitReview = 3 // done, but some rows were refused
)

func main() {
	var f flags
	flag.CommandLine.Init("spreewatch-beam", flag.ContinueOnError)
	flag.CommandLine.SetOutput(io.Discard)
	f.bind(flag.CommandLine)
	verbose := flag.Bool("verbose", false, "show what the engine logs")
	err := flag.CommandLine.Parse(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		flag.CommandLine.SetOutput(os.Stdout)
		fmt.Println("spreewatch-beam --job scan|compare|evaluate --input FILES --output FOLDER: spreewatch's jobs on Apache Beam")
		flag.PrintDefaults()
		return
	}
	if err == nil && flag.NArg() > 0 {
		err = fmt.Errorf("%q is no flag: a pattern of files stands in quotes, behind --input", flag.Arg(0))
	}
	if err != nil {
		tell(err)
		fmt.Fprintln(os.Stderr, "try: spreewatch-beam --help")
		os.Exit(exitUsage)
	}
	beam.Init() // on a worker it does not return
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	if !*verbose {
		quiet()
	}
	flag.Visit(func(one *flag.Flag) { f.given = append(f.given, one.Name) })
	code, err := run(ctx, f)
	if err != nil {
		tell(err)
	}
	stop()
	writing.Lock() // and nobody writes from here on
	os.Exit(code)
}

// tell says on standard error what is wrong, and what to try.
func tell(err error) {
	fmt.Fprintln(os.Stderr, "spreewatch-beam:", err)
	if hint := data.Hint(err); hint != "" {
		fmt.Fprintln(os.Stderr, "try:", hint)
	}
}

// quiet keeps the engine's log to itself: a failed step is in it three times, with its
// whole plan.
func quiet() { slog.SetDefault(slog.New(slog.DiscardHandler)) }

// run runs the job, in one pipeline or in one for each file.
func run(ctx context.Context, f flags) (code int, err error) {
	j, err := f.ready()
	if err != nil {
		return exitUsage, err
	}
	files, err := f.files(ctx)
	if err != nil {
		return exitUsage, err
	}
	if !f.oneByOne {
		j.Many = len(files) > 1
		return runOne(ctx, j, files, f.runner)
	}
	var failed []string
	for _, file := range files {
		one := j
		one.Output = string(j.folder(baseName(file)))
		c, err := runOne(ctx, one, []string{file}, f.runner)
		if ctx.Err() != nil {
			return c, err
		}
		if err != nil { // no reason not to try the others
			tell(fmt.Errorf("%s: %w", path.Base(file), err))
			failed = append(failed, path.Base(file))
			continue
		}
		code = max(code, c)
	}
	if len(failed) > 0 {
		return exitFailed, fmt.Errorf("%d of %d files are done; not %s", len(files)-len(failed), len(files), strings.Join(failed, ", "))
	}
	return code, nil
}

// runOne runs one pipeline and reads what became of its rows.
func runOne(ctx context.Context, j job, files []string, runner string) (int, error) {
	if err := j.top().check(); err != nil {
		return exitFailed, err
	}
	p, s := beam.NewPipelineWithRoot()
	if err := build(s, j, files); err != nil {
		return exitFailed, err
	}
	if _, err := beam.Run(ctx, runner, p); err != nil {
		if ctx.Err() != nil {
			return exitFailed, errors.New("stopped; a file that is there is whole, and the same again does the rest")
		}
		return exitFailed, cause(err)
	}
	if *jobopts.Async {
		fmt.Fprintln(os.Stderr, "spreewatch-beam: the job is sent; its counts.json comes last")
		return 0, nil
	}
	counts, err := readCounts(ctx, j.top())
	if err != nil {
		return exitFailed, err
	}
	for _, n := range counts.Unsaid {
		fmt.Fprintf(os.Stderr, "spreewatch-beam: %s is not answered: %s\n", cmp.Or(n.Force, n.Source, "the file"), n.Reason)
	}
	if counts.Refused > 0 {
		fmt.Fprintf(os.Stderr, "spreewatch-beam: %d of %s refused: %s\n", counts.Refused, data.Count(counts.Read, "row"), filepath.Join(j.Output, "refused.ndjson"))
	}
	if counts.Refused+len(counts.Unsaid) > 0 {
		return exitReview, nil
	}
	return 0, nil
}

// cause is what a step said of its failure, without the plan that the engine puts before
// it.
func cause(err error) error {
	if _, said, ok := strings.Cut(err.Error(), "DoFn["); ok {
		if _, said, ok = strings.Cut(said, " failed:\n"); ok {
			return errors.New(strings.TrimSpace(said))
		}
	}
	return err
}

// build makes the pipeline of a job: files, rows by force, the job in parts, an account
// of all rows.
func build(s beam.Scope, j job, files []string) error {
	text, err := encode(j)
	if err != nil {
		return err
	}
	named := beam.ParDo(s, keyed, beam.CreateList(s, files))
	rows, refused := beam.ParDo2(s, &readFn{work{Job: text}}, beam.GroupByKey(s, named)) // a step apart, so that files are spread
	pipeline := map[string]func(beam.Scope, []byte, beam.PCollection) []beam.PCollection{"scan": scanPipeline, "compare": comparePipeline, "evaluate": evaluatePipeline}[j.Kind]
	countPipeline(s, text, append(pipeline(s, text, rows), refused))
	return nil
}

func keyed(file string) (string, bool) { return file, true }

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

// readCounts reads what became of the rows of a job that is done.
func readCounts(ctx context.Context, f folder) (Counts, error) {
	var counts Counts
	fs, err := filesystem.New(ctx, string(f))
	if err != nil {
		return counts, err
	}
	defer fs.Close()
	r, err := fs.OpenRead(ctx, string(f)+"/counts.json")
	if err != nil {
		return counts, fmt.Errorf("read the counts: %w", err)
	}
	defer r.Close()
	return counts, json.NewDecoder(r).Decode(&counts)
}
