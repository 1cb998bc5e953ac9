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
	"strings"
	"syscall"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/local"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/s3"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/register"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/flink"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/universal"

	"spreewatch/data"
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
		if code == exitUsage && data.Hint(err) == "" {
			fmt.Fprintln(os.Stderr, "try: spreewatch-beam --help")
		}
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
