package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"spreewatch/cluster"
	"spreewatch/cluster/trial"
	"spreewatch/data"
	"spreewatch/data/export/compare"
	"spreewatch/data/night"
	"spreewatch/data/replay"
	"spreewatch/geo"
)

type compareFlags struct {
	file           eventFlags
	windows, radii []string
	least          []int
	offences       []string
	settings       string
	from, to       string
	alerts         float64
	plants         []string
	out            string
}

func compareCmd(g *globals) *cobra.Command {
	var o compareFlags
	cmd := &cobra.Command{
		Use:   "compare [FILE]",
		Short: "Compare how long and how wide a spree is looked for, on the force's past",
		Long: `compare replays every setting (window, radius, least incidents) night by night on
what had been reported by then, at an equal rate of false sprees: that of the
settings (alerts_per_week), found for each by shuffling the past's times over its
places. It tells how many sprees each raises, how soon, what share of the next
day's incidents lies in them, what patrol time they ask for, which planted sprees
it finds, and which differences can be shown. Each offence is compared by itself.
It reads the database, or a table FILE that inspect understands (- is standard
input), whose addresses are looked up in the gazetteer of the database, and
remembers nothing.`,
		Example: `  spreewatch compare --window 3h,24h,72h --radius 500m,2km --offence dwelling-burglary
  spreewatch compare thefts.csv --window 6h,72h,7d --radius 1km --min 3,4 --json
  spreewatch compare --settings pairs.toml --from 2026-01-01 --to 2026-06-30 --out compared`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCompare(cmd.Context(), g, fileOf(args), o)
		},
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.windows, "window", []string{"6h", "24h", "72h", "7d"}, "`LENGTHS` of time that hold a spree")
	f.StringSliceVar(&o.radii, "radius", []string{"500m", "2km"}, "`DISTANCES` about its middle")
	f.IntSliceVar(&o.least, "min", []int{3}, "least `NUMBERS` of its incidents")
	f.StringArrayVar(&o.offences, "offence", nil, "compare on the `NAMES` alone, with commas between them (default: each that occurs)")
	f.StringVar(&o.settings, "settings", "", "TOML `FILE` of [[setting]] blocks with window, radius, min and, if wanted,\noffence, in place of --window, --radius and --min")
	f.StringVar(&o.from, "from", "", "first `DAY` that is replayed; what was before is its past (default: after four\nweeks, or a third of what there is)")
	f.StringVar(&o.to, "to", "", "last `DAY` (default: of the last report)")
	f.Float64Var(&o.alerts, "alerts-per-week", 0, "false sprees a week, `RATE` (default detect.alerts_per_week)")
	f.StringArrayVar(&o.plants, "plant", nil, "plant sprees of `SIZE,SPREAD,LENGTH`, such as 6,400m,40h, to see who finds\nthem (default: eight kinds)")
	f.StringVar(&o.out, "out", "out", "folder `DIR` of the files")
	o.file.bind(cmd)
	return cmd
}

func runCompare(ctx context.Context, g *globals, path string, o compareFlags) error {
	for _, flag := range []string{"window", "radius", "min"} {
		if o.settings != "" && g.given(flag) {
			return usagef("leave out --"+flag, "--settings names the settings, and --%s would too", flag)
		}
	}
	ask, err := o.asks(g)
	if err != nil {
		return typed(err)
	}
	past, rejected, err := o.past(ctx, g, path, ask)
	if ctx.Err() != nil {
		fmt.Fprintln(g.errw, "spreewatch: stopped while the past was read; nothing is compared, no file is written")
	}
	if err != nil {
		return err
	}
	c, err := ask.Ready(past)
	if err != nil {
		return typed(err)
	}
	for _, note := range c.Result.Notes {
		fmt.Fprintln(g.errw, "spreewatch:", note)
	}
	bar := g.steps("comparing")
	c.Options.Progress = bar.set
	c.Result.Comparisons, err = trial.Compare(ctx, c.Incidents, c.Options)
	bar.end()
	if err != nil {
		if errors.Is(err, context.Canceled) {
			stopped(g, c.Result, bar)
		}
		return err
	}
	if err := compare.Write(c.Result, o.out, append(g.night().InUse, path, o.settings, g.dbFile)); err != nil {
		return err
	}
	switch {
	case g.json:
		err = compare.WriteJSON(g.out, c.Result)
	case !g.quiet:
		err = compare.WriteTable(g.out, c.Result)
	}
	if err == nil && rejected > 0 {
		err = errReview
	}
	return err
}

// typed makes a usageError of what a replay refuses as it was typed.
func typed(err error) error {
	var usage *replay.UsageError
	if errors.As(err, &usage) {
		return &usageError{err}
	}
	return err
}

// asks is what is asked for, before any past is read.
func (o compareFlags) asks(g *globals) (replay.Compare, error) {
	ask := replay.Compare{Night: g.cfg, Listed: o.settings != "", Offences: o.offences, From: o.from, To: o.to, Seed: g.seed}
	var err error
	if ask.Blocks, err = o.blocks(); err != nil {
		return ask, err
	}
	if g.given("alerts-per-week") {
		if err := replay.CheckAlerts(o.alerts); err != nil {
			return ask, err
		}
		ask.Alerts = o.alerts
	}
	ask.Plants, err = replay.ParsePlants(o.plants)
	return ask, err
}

// blocks are the settings that are asked for: those of the file, or every window with
// every radius and minimum.
func (o compareFlags) blocks() ([]replay.Block, error) {
	if o.settings == "" {
		return replay.Blocks(o.windows, o.radii, o.least), nil
	}
	name := filepath.Base(o.settings)
	f, err := os.Open(o.settings)
	if err != nil {
		return nil, &data.UserError{Msg: "read " + name, Err: data.PathCause(err), Hint: "check the name and the folder"}
	}
	defer f.Close()
	return replay.ReadBlocks(f, name)
}

// past reads the incidents of the table, or of the database where none is named. It
// returns how many rows cannot be used.
func (o compareFlags) past(ctx context.Context, g *globals, path string, ask replay.Compare) (replay.Past, int, error) {
	past := replay.Past{Zone: g.zone}
	if path != "" {
		read, err := o.file.placed(ctx, g, path, ask.Asks)
		if err != nil {
			return past, 0, err
		}
		past.Incidents, past.Days, past.Source = read.incidents, read.Days, sourceName(path)
		if read.note != "" {
			past.Notes = []string{read.note}
		}
		return past, read.unused(), nil
	}
	for _, name := range ask.Named() {
		if err := g.cfg.Known(name); err != nil {
			return past, 0, err
		}
	}
	var err error
	past.Incidents, err = geo.Attend(ctx, func() ([]cluster.Incident, error) { return night.AsKnown(ctx, g.night()) })
	return past, 0, err
}

// stopped says what is done when the work was broken off.
func stopped(g *globals, res compare.Result, bar *stepBar) {
	done := "nothing is compared yet"
	if n := len(res.Comparisons); n > 0 {
		var names []string
		for _, one := range res.Comparisons {
			names = append(names, one.Offence)
		}
		done = "compared: " + strings.Join(names, ", ")
		if !g.json && !g.quiet {
			compare.WriteTable(g.out, res) // the person is told of the break either way
		}
	}
	fmt.Fprintf(g.errw, "spreewatch: stopped after %d %%; %s; no file is written\n", bar.percent(), done)
}

// A stepBar shows how much of some work is done, and the time that is left, on a
// terminal.
type stepBar struct {
	bar         *progressbar.ProgressBar
	done, total int
}

func (g *globals) steps(what string) *stepBar {
	if g.quiet || !terminal(g.console) {
		return &stepBar{}
	}
	return &stepBar{bar: progressbar.NewOptions(1, progressbar.OptionSetWriter(g.console), progressbar.OptionSetDescription(what), progressbar.OptionSetPredictTime(true),
		progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())}
}

func (b *stepBar) set(done, total int) {
	b.done, b.total = done, total
	if b.bar != nil {
		b.bar.ChangeMax(total)
		b.bar.Set(done)
	}
}

func (b *stepBar) end() {
	if b.bar != nil {
		b.bar.Finish()
	}
}

func (b *stepBar) percent() int { return 100 * b.done / max(1, b.total) }
