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
	f.bind(flag.CommandLine)
	runner := flag.String("runner", "loopback-prism", "runner of Beam; the default runs in this process")
	verbose := flag.Bool("verbose", false, "show what the engine logs")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "beam --job scan|compare|evaluate --input FILES --output FOLDER: spreewatch's jobs on Apache Beam")
		flag.PrintDefaults()
	}
	flag.Parse()
	beam.Init() // on a worker it does not return
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if !*verbose {
		quiet()
	}
	code, err := run(ctx, f, *runner)
	if err != nil {
		fmt.Fprintln(os.Stderr, "beam:", err)
		var user *data.UserError
		if errors.As(err, &user) && user.Hint != "" {
			fmt.Fprintln(os.Stderr, "try:", user.Hint)
		}
	}
	stop()
	os.Exit(code)
}

// quiet keeps the engine's log to itself: a failed step is in it three times, with its
// whole plan.
func quiet() { slog.SetDefault(slog.New(slog.DiscardHandler)) }

// run runs the job on the runner, in one pipeline or in one for each file.
func run(ctx context.Context, f flags, runner string) (code int, err error) {
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
		return runOne(ctx, j, files, runner)
	}
	for _, file := range files {
		one := j
		one.Output = string(j.folder(baseName(file)))
		c, err := runOne(ctx, one, []string{file}, runner)
		if err != nil {
			return c, fmt.Errorf("%s: %w", path.Base(file), err)
		}
		code = max(code, c)
	}
	return code, nil
}

// runOne runs one pipeline and reads what became of its rows.
func runOne(ctx context.Context, j job, files []string, runner string) (int, error) {
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
		fmt.Fprintln(os.Stderr, "beam: the job is sent; its counts.json comes last")
		return 0, nil
	}
	counts, err := readCounts(ctx, j.top())
	if err != nil {
		return exitFailed, err
	}
	for _, n := range counts.Unsaid {
		fmt.Fprintf(os.Stderr, "beam: %s: %s\n", n.Force, n.Reason)
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
	case f.Partitions < 1 || f.Partitions > 10_000 || f.Spans < 1 || f.Workers < 0:
		return j, &data.UserError{Msg: "--partitions and --spans must be 1 or more, and --workers 0 or more"}
	}
	var err error
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
	return c, c.Validate()
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
