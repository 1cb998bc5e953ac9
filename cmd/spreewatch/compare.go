package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"spreewatch/cluster"
	"spreewatch/cluster/trial"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/export/compare"
	"spreewatch/data/night"
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

// A settingBlock is one [[setting]] of a file, each value as typed.
type settingBlock struct {
	Window  string `toml:"window"`
	Radius  string `toml:"radius"`
	Min     int    `toml:"min"`
	Offence string `toml:"offence"`
}

func runCompare(ctx context.Context, g *globals, path string, o compareFlags) error {
	for _, flag := range []string{"window", "radius", "min"} {
		if o.settings != "" && g.given(flag) {
			return usagef("leave out --"+flag, "--settings names the settings, and --%s would too", flag)
		}
	}
	blocks, err := o.blocks()
	if err != nil {
		return err
	}
	c := comparison{g: g, zone: g.zone, opt: trial.DefaultCompareOptions()}
	if err := c.options(o); err != nil {
		return err
	}
	rejected := 0
	if path == "" {
		c.incidents, err = c.fromDatabase(ctx, o)
	} else {
		c.incidents, rejected, err = c.fromFile(ctx, path, o)
	}
	if ctx.Err() != nil {
		fmt.Fprintln(g.errw, "spreewatch: stopped while the past was read; nothing is compared, no file is written")
	}
	if err != nil {
		return err
	}
	if err := c.period(o); err != nil {
		return err
	}
	if err := c.take(blocks, o); err != nil {
		return err
	}
	for _, note := range c.notes {
		fmt.Fprintln(g.errw, "spreewatch:", note)
	}
	res := compare.Result{Budget: c.opt.AlertsPerWeek, Notes: c.notes, Seed: g.seed, Dwell: c.opt.Dwell, Shifts: c.opt.Shifts, Zone: g.zone, Marking: g.cfg.Export.Marking, Audience: export.Audience(g.cfg.Export.Audience)}
	if path != "" {
		res.Source = c.source
	}
	bar := g.steps("comparing")
	c.opt.Progress = bar.set
	res.Comparisons, err = trial.Compare(ctx, c.incidents, c.opt)
	bar.end()
	if err != nil {
		if errors.Is(err, context.Canceled) {
			c.stopped(res, bar)
		}
		return err
	}
	if err := c.write(res, o.out, path, o.settings); err != nil {
		return err
	}
	switch {
	case g.json:
		err = compare.WriteJSON(g.out, res)
	case !g.quiet:
		err = compare.WriteTable(g.out, res)
	}
	if err == nil && rejected > 0 {
		err = errReview
	}
	return err
}

// blocks are the settings that are asked for: those of the file, or every window with
// every radius and minimum.
func (o compareFlags) blocks() ([]settingBlock, error) {
	var out []settingBlock
	if o.settings == "" {
		for _, r := range o.radii {
			for _, n := range o.least {
				for _, w := range o.windows {
					out = append(out, settingBlock{Window: w, Radius: r, Min: n})
				}
			}
		}
		return out, nil
	}
	name := filepath.Base(o.settings)
	f, err := os.Open(o.settings)
	if err != nil {
		return nil, &data.UserError{Msg: "read " + name, Err: data.PathCause(err), Hint: "check the name and the folder"}
	}
	defer f.Close()
	var file struct {
		Setting []settingBlock `toml:"setting"`
	}
	d := toml.NewDecoder(f)
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, &data.UserError{Msg: name + " is no file of settings to compare", Err: tomlCause(err), Hint: settingHint}
	}
	if len(file.Setting) == 0 {
		return nil, &data.UserError{Msg: name + " has no [[setting]]", Hint: settingHint}
	}
	return file.Setting, nil
}

// settingHint is a file of one setting, on one line.
const settingHint = `setting = [{window = "72h", radius = "500m", min = 3}]`

// tomlCause says where a TOML file is wrong, without its text.
func tomlCause(err error) error {
	var unknown *toml.StrictMissingError
	var syntax *toml.DecodeError
	switch {
	case errors.As(err, &unknown) && len(unknown.Errors) > 0:
		line, _ := unknown.Errors[0].Position()
		return fmt.Errorf("line %d: no key %q", line, strings.Join(unknown.Errors[0].Key(), "."))
	case errors.As(err, &syntax):
		line, _ := syntax.Position()
		if key := strings.Join(syntax.Key(), "."); key != "" {
			return fmt.Errorf("line %d: %s is of another kind: window and radius are texts, min is a whole number", line, key)
		}
		return fmt.Errorf("line %d: %w", line, err)
	}
	return err
}

// A comparison is what is asked for, as it is made ready.
type comparison struct {
	g         *globals
	zone      *time.Location
	opt       trial.CompareOptions
	incidents []cluster.Incident
	days      bool // there are dates alone
	source    string
	notes     []string // what cannot be answered
}

func (c *comparison) note(format string, args ...any) {
	c.notes = append(c.notes, fmt.Sprintf(format, args...))
}

// options settles what does not wait for the incidents.
func (c *comparison) options(o compareFlags) error {
	c.opt.Zone, c.opt.Seed, c.opt.Lookback, c.opt.Resolution = c.zone, c.g.seed, c.g.cfg.Lookbacks(), c.g.cfg.Detect.Resolution
	c.opt.Dwell, c.opt.Shifts = time.Duration(c.g.cfg.Patrol.Dwell), max(1, len(c.g.cfg.Shifts))
	if c.opt.AlertsPerWeek = c.g.cfg.Detect.AlertsPerWeek; c.opt.AlertsPerWeek == 0 {
		c.opt.AlertsPerWeek = trial.DefaultCompareOptions().AlertsPerWeek
	}
	if c.g.given("alerts-per-week") {
		if !(o.alerts > 0 && o.alerts <= 100) {
			return usagef("--alerts-per-week 2", "--alerts-per-week must be over 0 and at most 100")
		}
		c.opt.AlertsPerWeek = o.alerts
	}
	if len(o.plants) > 0 {
		c.opt.Plants = nil
	}
	for _, text := range o.plants {
		p, err := parsePlant(text)
		if err != nil {
			return usagef("--plant 6,400m,40h", "--plant: %s", err)
		}
		c.opt.Plants = append(c.opt.Plants, p)
	}
	return nil
}

func parsePlant(text string) (trial.Plant, error) {
	parts := strings.Split(text, ",")
	bad := fmt.Errorf("%q is no size, spread and length such as 6,400m,40h", text)
	if len(parts) != 3 {
		return trial.Plant{}, bad
	}
	size, err := strconv.Atoi(strings.TrimSpace(parts[0]))
	var spread night.Metres
	var length night.Span
	if err != nil || spread.Set(parts[1]) != nil || length.Set(parts[2]) != nil {
		return trial.Plant{}, bad
	}
	p := trial.Plant{Size: size, SpreadM: float64(spread), Length: time.Duration(length)}
	return p, p.Validate()
}

// fromDatabase reads the incidents of the store.
func (c *comparison) fromDatabase(ctx context.Context, o compareFlags) ([]cluster.Incident, error) {
	for _, name := range named(o.offences, nil) {
		if err := c.g.cfg.Known(name); err != nil {
			return nil, err
		}
	}
	incidents, err := geo.Attend(ctx, func() ([]cluster.Incident, error) { return night.AsKnown(ctx, c.g.night()) })
	if err != nil {
		return nil, err
	}
	c.unreported(incidents, "report", o)
	return incidents, nil
}

// fromFile reads the incidents of a table. It returns how many rows cannot be used.
func (c *comparison) fromFile(ctx context.Context, path string, o compareFlags) ([]cluster.Incident, int, error) {
	past, err := o.file.placed(ctx, c.g, path, o.asked)
	if err != nil {
		return nil, 0, err
	}
	c.days, c.source = past.Days, sourceName(path)
	if c.days {
		c.zone, c.opt.Zone = time.UTC, time.UTC // in which the dates are midnights
	} else {
		c.unreported(past.incidents, "row", o)
	}
	if past.note != "" {
		c.notes = append(c.notes, past.note)
	}
	return past.incidents, past.unused(), nil
}

// asked reports whether an offence is one that is named, or none is.
func (o compareFlags) asked(offence string) bool {
	return len(o.offences) == 0 || slices.Contains(o.offences, offence) || slices.Contains(named(o.offences, nil), offence)
}

// unreported says how many incidents of the offences asked about have no time of report.
func (c *comparison) unreported(incidents []cluster.Incident, noun string, o compareFlags) {
	n, all := 0, 0
	for _, in := range incidents {
		if !o.asked(in.Offence) || !in.Until.IsZero() {
			continue
		}
		if all++; in.Reported.IsZero() {
			n++
		}
	}
	if n > 0 {
		c.note("%d of %s without a time of report: each is taken as known when it ended, so that delays are the least that they can be", n, data.Count(all, noun))
	}
}

// period settles which nights are replayed, and leaves out what came after them.
func (c *comparison) period(o compareFlags) error {
	if len(c.incidents) == 0 {
		return &data.UserError{Msg: "there is no incident with a place to compare on", Hint: "spreewatch compare FILE reads a table; spreewatch geocode locates reports"}
	}
	cluster.SortIncidents(c.incidents)
	first, last, known := c.incidents[0].From.Time(), c.incidents[len(c.incidents)-1].From.Time(), cluster.Instant(0)
	for _, in := range c.incidents {
		for _, at := range [...]cluster.Instant{in.To, in.Reported} {
			if at > known && at.Sub(in.From) < 31*24*time.Hour {
				known = at
			}
		}
	}
	day := func(t time.Time) time.Time {
		y, m, d := t.In(c.zone).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, c.zone)
	}
	c.opt.From = day(first.Add(min(28*24*time.Hour, last.Sub(first)/3)))
	begin, end := day(first), day(known.Time()).AddDate(0, 0, 2)
	c.opt.To = end
	if o.from != "" {
		at, err := time.ParseInLocation(time.DateOnly, o.from, c.zone)
		if err != nil {
			return usagef("--from 2026-01-01", "--from: %q is no day", o.from)
		}
		c.opt.From = at
	}
	if o.to != "" {
		at, err := time.ParseInLocation(time.DateOnly, o.to, c.zone)
		if err != nil {
			return usagef("--to 2026-06-30", "--to: %q is no day", o.to)
		}
		c.opt.To = at.AddDate(0, 0, 1)
		c.incidents = slices.DeleteFunc(c.incidents, func(in cluster.Incident) bool { return !in.From.Before(c.opt.To) })
	}
	if !c.opt.From.Before(c.opt.To) {
		return usagef("--from 2026-01-01 --to 2026-06-30", "--from is after --to")
	}
	if !slices.ContainsFunc(c.incidents, func(in cluster.Incident) bool {
		return !in.From.Before(c.opt.From.AddDate(0, 0, -1)) && in.From.Before(c.opt.To)
	}) {
		return &data.UserError{Msg: fmt.Sprintf("no incident from %s to %s: they run from %s to %s", c.opt.From.Format(time.DateOnly), c.opt.To.AddDate(0, 0, -1).Format(time.DateOnly),
			first.In(c.zone).Format(time.DateOnly), last.In(c.zone).Format(time.DateOnly)), Hint: "--from " + first.In(c.zone).Format(time.DateOnly) + " --to " + last.In(c.zone).Format(time.DateOnly)}
	}
	// A night of which nothing can be known is no quiet one: it would thin every rate.
	if c.opt.From.Before(begin) {
		c.opt.From = begin
		c.note("nothing is known of before %s: the nights are those from then on", begin.Format(time.DateOnly))
	}
	if c.opt.To.After(end) {
		c.opt.To = end
		c.note("nothing is known of after %s: the nights are those up to then", end.AddDate(0, 0, -1).Format(time.DateOnly))
	}
	return nil
}

// take makes the settings of the blocks: for each offence that is named or occurs,
// without those that cannot be answered.
func (c *comparison) take(blocks []settingBlock, o compareFlags) error {
	occurs := make(map[string]int)
	for _, in := range c.incidents {
		if in.Until.IsZero() {
			occurs[in.Offence]++
		}
	}
	offences := named(o.offences, occurs)
	asked := len(offences) > 0
	if !asked {
		offences = slices.Sorted(maps.Keys(occurs))
	}
	hint, before := "--window 72h --radius 500m --min 3", len(c.notes)
	if o.settings != "" {
		hint = settingHint
	}
	for i, block := range blocks {
		s, err := block.setting()
		if err != nil {
			return usagef(hint, "setting %d: %s", i+1, err)
		}
		if !c.answerable(s) {
			continue
		}
		if err := s.Validate(); err != nil {
			return usagef(hint, "setting %d: %s", i+1, err)
		}
		names := offences
		if block.Offence != "" {
			names = []string{block.Offence}
			if asked && !slices.Contains(offences, block.Offence) {
				c.note("setting %d is of %s, which --offence leaves out", i+1, block.Offence)
				continue
			}
		}
		for _, name := range names {
			s.Offence = name
			c.add(s, occurs[name])
		}
	}
	c.notes = append(c.notes[:before:before], distinct(c.notes[before:])...)
	if len(c.opt.Settings) == 0 {
		return &data.UserError{Msg: "no setting can be answered: " + strings.Join(c.notes[before:], "; "), Hint: "--window 24h,72h --radius 500m,2km --min 3 --offence " + strconv.Quote(commonest(occurs))}
	}
	if len(c.opt.Settings) == 1 {
		c.note("one setting: it is replayed, and there is nothing to compare it with")
	}
	if err := c.opt.Validate(); err != nil {
		return usagef("spreewatch compare --help", "%s", err)
	}
	return nil
}

// distinct are the texts, each where it is first.
func distinct(texts []string) []string {
	var out []string
	for _, text := range texts {
		if !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}

// commonest is the offence that occurs most; of equals, the first by name.
func commonest(occurs map[string]int) string {
	names := slices.Sorted(maps.Keys(occurs))
	return slices.MaxFunc(names, func(a, b string) int { return cmp.Compare(occurs[a], occurs[b]) })
}

// named are the offences that are asked for: a text is one where it occurs, and else
// several with commas between them.
func named(texts []string, occurs map[string]int) []string {
	var out []string
	for _, text := range texts {
		names := []string{text}
		if occurs[text] == 0 {
			names = strings.Split(text, ",")
		}
		for _, name := range names {
			if name = strings.TrimSpace(name); name != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

func (b settingBlock) setting() (trial.Setting, error) {
	for _, f := range []struct {
		name  string
		given bool
	}{{"window", b.Window != ""}, {"radius", b.Radius != ""}, {"min", b.Min != 0}} {
		if !f.given {
			return trial.Setting{}, fmt.Errorf("%s is not given", f.name)
		}
	}
	s := trial.Setting{Min: b.Min, WindowText: strings.TrimSpace(b.Window), RadiusText: strings.TrimSpace(b.Radius)}
	var window night.Span
	var radius night.Metres
	if err := window.Set(b.Window); err != nil {
		return s, err
	}
	if err := radius.Set(b.Radius); err != nil {
		return s, err
	}
	s.Window, s.RadiusM = time.Duration(window), float64(radius)
	return s, nil
}

// answerable reports whether the past can say anything of a window, and says why
// not.
func (c *comparison) answerable(s trial.Setting) bool {
	past := c.incidents[len(c.incidents)-1].From.Sub(c.incidents[0].From)
	switch {
	case c.days && s.Window < 24*time.Hour:
		c.note("%s is left out: %s has no times of day, and the shortest window it can answer is 24h", s.WindowText, c.source)
		return false
	case s.Window-24*time.Hour > past:
		c.note("%s is left out: it is longer than the past, which is %s", s.WindowText, data.Days(past))
		return false
	case s.Window > trial.LongestWindow:
		c.note("%s is left out: a night looks back %s", s.WindowText, data.Days(trial.LongestWindow))
		return false
	}
	return true
}

// add keeps a setting of an offence that occurs often enough, once.
func (c *comparison) add(s trial.Setting, occurs int) {
	switch {
	case occurs == 0:
		c.note("%s does not occur and is left out", s.Offence)
		return
	case occurs < s.Min:
		c.note("%s occurs %s and is left out at a minimum of %d", s.Offence, data.Count(occurs, "time"), s.Min)
		return
	}
	for _, o := range c.opt.Settings {
		if o.Offence == s.Offence && o.Window == s.Window && o.RadiusM == s.RadiusM && o.Min == s.Min {
			c.note("%s is left out: %s is the same", s.Name(), o.Name())
			return
		}
	}
	c.opt.Settings = append(c.opt.Settings, s)
}

// write writes the files.
func (c *comparison) write(res compare.Result, dir, path, settings string) error {
	return compare.Write(res, dir, append(c.g.night().InUse, path, settings, c.g.dbFile))
}

// stopped says what is done when the work was broken off.
func (c *comparison) stopped(res compare.Result, bar *stepBar) {
	done := "nothing is compared yet"
	if n := len(res.Comparisons); n > 0 {
		var names []string
		for _, one := range res.Comparisons {
			names = append(names, one.Offence)
		}
		done = "compared: " + strings.Join(names, ", ")
		if !c.g.json && !c.g.quiet {
			compare.WriteTable(c.g.out, res) // the person is told of the break either way
		}
	}
	fmt.Fprintf(c.g.errw, "spreewatch: stopped after %d %%; %s; no file is written\n", bar.percent(), done)
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
