package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"spreewatch/data/export"
	"spreewatch/data/night"
	"spreewatch/geo"
)

// globals are the flags that every verb has, and what they make.
type globals struct {
	in        io.Reader
	out, errw io.Writer // plain from execute on
	console   io.Writer // standard error as it is, for colour and progress

	configFile string
	dbFile     string
	asOfText   string
	zoneName   string
	seed       uint64
	wait       night.Span
	json       bool
	quiet      bool
	logLevel   string
	logFormat  string

	cfg    night.Settings
	zone   *time.Location
	log    *slog.Logger
	runID  string                 // once the run has a name
	typed  []string               // the command line behind the program's name
	before func()                 // of a test, that every verb begins with
	given  func(name string) bool // whether the person gave the global flag
}

// execute runs the command line and returns the exit code.
func (g *globals) execute(ctx context.Context, args []string) (code int) {
	defer func() {
		if fault := recover(); fault != nil {
			code = printFault(g.errw, fault, g.runID)
		}
	}()
	g.console = g.errw
	out := &plainWriter{to: g.out}
	g.out, g.errw = out, &plainWriter{to: g.errw}
	root := rootCmd(g)
	root.SetArgs(args)
	g.typed = args
	g.in = heeded{ctx, g.in}
	root.SetIn(g.in)
	root.SetOut(g.out)
	root.SetErr(g.errw)
	complete(root, args)
	err := root.ExecuteContext(ctx)
	if err == nil || errors.Is(err, errReview) || errors.Is(err, errFound) {
		err = cmp.Or(out.err, err) // what could not be printed is not done, whichever line it was
	}
	return exitCode(ctx, g.errw, err)
}

// A heeded reader gives up when the context is done, however long the next byte takes to
// come.
type heeded struct {
	ctx  context.Context
	from io.Reader
}

func (h heeded) Read(p []byte) (int, error) {
	got, err := geo.Attend(h.ctx, func() ([]byte, error) {
		room := make([]byte, len(p)) // p is no longer ours once we gave up
		n, err := h.from.Read(room)
		return room[:n], err
	})
	return copy(p, got), err
}

func rootCmd(g *globals) *cobra.Command {
	root := &cobra.Command{
		Use:   "spreewatch",
		Short: "Turn reported street addresses into patrol suggestions",
		Long: `spreewatch reads incident reports, finds where and when each happened, looks for
sprees and writes GeoJSON that a supervisor opens in QGIS.`,
		Example:       "  spreewatch run --sample --out out\n  spreewatch run reports.csv --out tonight",
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if g.before != nil {
				g.before()
			}
			return g.load(cmd)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownVerb(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	f := root.PersistentFlags()
	f.StringVar(&g.configFile, "config", "", "settings `FILE` (default spreewatch.toml where there is one)")
	f.StringVar(&g.dbFile, "db", "spreewatch.db", "database `FILE`")
	f.StringVar(&g.asOfText, "as-of", "", "analyse as of `TIME`, such as 2026-11-22T02:00 (default now)")
	f.StringVar(&g.zoneName, "timezone", "Europe/London", "`ZONE` that clock times are in")
	f.Uint64Var(&g.seed, "seed", 1, "seed `N` of every random draw")
	f.Var(&g.wait, "wait", "wait up to `LENGTH` for another run to end")
	f.Lookup("wait").DefValue = ""
	f.BoolVar(&g.json, "json", false, "print JSON")
	f.BoolVar(&g.quiet, "quiet", false, "print no summary and no progress")
	f.StringVar(&g.logLevel, "log-level", "warn", "`LEVEL` of the log: debug, info, warn, error")
	f.StringVar(&g.logFormat, "log-format", "text", "`FORM` of the log: text, json")
	root.SuggestionsMinimumDistance = 2
	root.SetUsageTemplate(usageTemplate(root.UsageTemplate()))
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		text, _, _ := strings.Cut(err.Error(), ": strconv.") // the library's talk
		return usagef(cmd.CommandPath()+" --help", "%s", text)
	})
	root.AddCommand(verbs(g)...)
	root.CompletionOptions.HiddenDefaultCmd = true
	for _, cmd := range append(root.Commands(), root) {
		wrapArgs(cmd)
	}
	return root
}

// usageTemplate makes help fit a screen: lines of a hundred, and the global flags
// once, with the program's own help.
func usageTemplate(standard string) string {
	short := strings.ReplaceAll(standard, ".FlagUsages ", ".FlagUsagesWrapped 100 ")
	from := strings.Index(short, "{{if .HasAvailableInheritedFlags}}")
	to := strings.Index(short, "{{if .HasHelpSubCommands}}")
	if from < 0 || to < from {
		panic("spreewatch: cobra's usage template has changed")
	}
	return short[:from] + "{{if .HasAvailableInheritedFlags}}\n\nGlobal flags: spreewatch --help{{end}}" + short[to:]
}

// verbs are the commands, in the order of the path of a report.
func verbs(g *globals) []*cobra.Command {
	return []*cobra.Command{
		runCmd(g),
		inspectCmd(g),
		ingestCmd(g),
		geocodeCmd(g),
		reviewCmd(g),
		reportCmd(g),
		offencesCmd(g),
		gazetteerCmd(g),
		detectCmd(g),
		planCmd(g),
		explainCmd(g),
		riskCmd(g),
		exportCmd(g),
		initCmd(g),
		verifyCmd(g),
		doctorCmd(g),
		auditCmd(g),
		purgeCmd(g),
		backupCmd(g),
		restoreCmd(g),
		nearrepeatCmd(g),
		profileCmd(g),
		aoristicCmd(g),
		scanCmd(g),
		evaluateCmd(g),
		compareCmd(g),
		incidentsCmd(g),
		versionCmd(g),
		manCmd(g),
	}
}

// wrapArgs makes a wrong number of arguments a usage error with a hint.
func wrapArgs(cmd *cobra.Command) {
	check := cmd.Args
	if check == nil {
		check = cobra.ArbitraryArgs
	}
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			if strings.HasPrefix(err.Error(), "unknown command") {
				err = fmt.Errorf("%s takes no %q", cmd.CommandPath(), args[0])
			} else if len(args) == 0 {
				err = fmt.Errorf("%s needs a file or a name", cmd.CommandPath())
			}
			return usagef(cmd.CommandPath()+" --help", "%s", err)
		}
		return nil
	}
	for _, sub := range cmd.Commands() {
		wrapArgs(sub)
	}
}

func unknownVerb(root *cobra.Command, word string) error {
	hint := "spreewatch --help"
	if near := root.SuggestionsFor(word); len(near) > 0 {
		hint = "spreewatch " + near[0]
	}
	return usagef(hint, "no command %q", word)
}

// noneEmpty refuses a flag that is given and says nothing, such as that of a script whose
// variable is not set: taken for the default it would be another night, or another file.
func noneEmpty(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		if err == nil && f.Value.Type() == "string" && strings.TrimSpace(f.Value.String()) == "" {
			err = usagef(cmd.CommandPath()+" --help", "--%s is empty", f.Name)
		}
	})
	return err
}

// load reads the settings file and checks the global flags.
func (g *globals) load(cmd *cobra.Command) error {
	if err := noneEmpty(cmd); err != nil {
		return err
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(g.logLevel)); err != nil {
		return usagef("--log-level info", "no log level %q", g.logLevel)
	}
	switch g.logFormat {
	case "text":
		g.log = slog.New(tint.NewTextHandler(g.console, &tint.Options{Level: level, NoColor: !terminal(g.console), TimeFormat: time.TimeOnly}))
	case "json":
		g.log = slog.New(slog.NewJSONHandler(g.console, &slog.HandlerOptions{Level: level}))
	default:
		return usagef("--log-format json", "no log format %q", g.logFormat)
	}
	g.given = cmd.Flags().Changed
	cfg, err := night.LoadSettings(g.configFile)
	if err != nil {
		return err
	}
	g.cfg = cfg
	if !g.given("timezone") && cfg.Timezone != "" {
		g.zoneName = cfg.Timezone
	}
	if g.zone, err = time.LoadLocation(g.zoneName); err != nil || strings.EqualFold(g.zoneName, "local") {
		return usagef("--timezone Europe/London", "no time zone %q", g.zoneName)
	}
	if g.asOfText != "" {
		if _, err := parseMoment(g.asOfText, g.zone); err != nil {
			return usagef("--as-of 2026-11-22T02:00", "--as-of: %s", err)
		}
	}
	return nil
}

// night is what every stage of a night needs to know of the flags.
func (g *globals) night() night.Options {
	v := versions()
	o := night.Options{DB: g.dbFile, Settings: g.cfg, Zone: g.zone, ZoneTold: g.given("timezone"), Seed: g.seed, Now: time.Now(), Wait: time.Duration(g.wait), Who: person(), Log: g.log,
		Named:    func(run string) { g.runID = run },
		Versions: export.Versions{Spreewatch: v["spreewatch"], Go: v["go"]}}
	o.Pause = func(ctx context.Context, d time.Duration) error {
		if !g.quiet {
			fmt.Fprintf(g.errw, "spreewatch: the inbox has files dated in the future: looking for %v whether they stay as they are\n", night.Span(d))
		}
		return night.Pause(ctx, d)
	}
	if o.InUse = []string{night.SettingsName}; g.configFile != "" {
		o.InUse = []string{g.configFile}
	}
	if g.asOfText != "" {
		asOf, err := parseMoment(g.asOfText, g.zone)
		if err != nil {
			panic("spreewatch: --as-of was checked by load")
		}
		o.AsOf = asOf
	}
	return o
}

// parseMoment reads an instant: RFC 3339, or local time to the second or the
// minute. A date alone is the end of that day.
func parseMoment(s string, zone *time.Location) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	t, err := time.ParseInLocation(time.DateOnly, s, zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a time such as 2026-11-22T02:00", s)
	}
	return t.AddDate(0, 0, 1), nil
}
