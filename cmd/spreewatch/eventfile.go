package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/events"
	"spreewatch/data/intake"
	"spreewatch/data/night"
	"spreewatch/data/table"
	"spreewatch/geo"
)

// eventFlags say how to read a CSV of events, for the verbs that work on one
// without a database.
type eventFlags struct {
	columns   []string
	order     string
	inputZone string
	crs       string
	counts    bool // a column of counts may be named
}

func (e *eventFlags) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	roles := "id, time, easting, northing"
	if e.counts {
		roles += ", cases"
	}
	f.StringArrayVar(&e.columns, "column", nil, "take a column by its `ROLE=HEADER`; roles are the fields of\ningest, and "+roles)
	bindDateOrder(f, &e.order)
	bindCRS(f, &e.crs)
	f.StringVar(&e.inputZone, "input-timezone", "", "`ZONE` of the file's times without an offset (default --timezone)")
}

// bindDateOrder adds the flag of the verbs that read tables.
func bindDateOrder(f *pflag.FlagSet, order *string) {
	f.StringVar(order, "date-order", "auto", "`ORDER`, dmy or mdy, of dates such as 3/4/2026\n(default: what the whole file proves, else dmy)")
}

// bindCRS adds the flag of the verbs that read coordinates.
func bindCRS(f *pflag.FlagSet, crs *string) {
	f.StringVar(crs, "crs", "", "`EPSG:CODE` of x and y: UTM, 27700, 2157, 3857, some state planes, more\n(default: degrees, or the National Grid where the numbers are of it)")
}

// options turns the flags into those of the reader.
func (e *eventFlags) options(g *globals, path string) (events.Options, error) {
	o := events.Options{Source: sourceName(path), Zone: g.zone, Today: time.Now(), Typed: g.typed, Counts: e.counts}
	var err error
	if o.Order, err = table.ParseOrder(e.order); err != nil {
		return o, usagef("--date-order dmy", "--date-order: %s", err)
	}
	if e.crs != "" {
		p, err := geo.ParseProjection(e.crs)
		if err != nil {
			return o, usagef("--crs EPSG:27700", "--crs: %s", err)
		}
		o.Project, o.Feet = p.Point, p.Feet()
	}
	if e.inputZone != "" {
		if o.Zone, err = time.LoadLocation(e.inputZone); err != nil || strings.EqualFold(e.inputZone, "local") {
			return o, usagef("--input-timezone UTC", "no time zone %q", e.inputZone)
		}
	}
	known := intake.Options{Usual: g.cfg.Columns, Sources: g.cfg.Sources, ZoneTold: g.given("timezone") || e.inputZone != ""}
	o.Settle = known.Settle
	for _, pair := range e.columns {
		role, header, ok := strings.Cut(pair, "=")
		if !ok || header == "" {
			return o, usagef(`--column lat="Y coordinate"`, "--column wants ROLE=HEADER")
		}
		if err := setColumn(&o, table.Field(role), header); err != nil {
			return o, err
		}
	}
	return o, nil
}

// sourceName is how messages call the file.
func sourceName(path string) string {
	if path == "-" {
		return path
	}
	return filepath.Base(path)
}

// setColumn names the column of a role.
func setColumn(o *events.Options, role table.Field, header string) error {
	if o.Column == nil {
		o.Column = map[table.Field]string{}
	}
	if _, ok := o.Column[role]; ok {
		return usagef("", "two columns are named for %s", role)
	}
	o.Column[role] = header
	if err := o.Validate(); err != nil {
		return usagef("--column lat=HEADER", "%s", err)
	}
	return nil
}

// fileOf is the file of the command line, "" where the database is to be read.
func fileOf(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[0]
}

// A selection says which incidents of the database, or events of a file, are looked
// at.
type selection struct {
	offence  string
	from, to string
}

// bind adds the flags; a verb that has a period of its own takes only the offence.
func (s *selection) bind(f *pflag.FlagSet, period bool) {
	f.StringVar(&s.offence, "offence", "", "look at this `NAME` alone")
	if period {
		f.StringVar(&s.from, "from", "", "leave out what began before this `DAY`")
		f.StringVar(&s.to, "to", "", "leave out what began after this `DAY`")
	}
}

// gatherEvents reads the events of the file, where one is named, or else those of the
// database, and leaves out what is not selected.
func gatherEvents(ctx context.Context, g *globals, path string, o events.Options, sel selection) (events.Table, error) {
	from, to, err := sel.period(g.zone)
	if err != nil {
		return events.Table{}, err
	}
	var t events.Table
	if path == "" {
		t, err = storedEvents(ctx, g, sel.offence)
	} else {
		t, err = readEvents(ctx, g, path, o)
	}
	if err != nil {
		return t, err
	}
	t.Events = slices.DeleteFunc(t.Events, func(e events.Event) bool {
		return sel.offence != "" && e.Offence != sel.offence || e.From.Before(from) || !to.IsZero() && !e.From.Before(to)
	})
	if len(t.Events) == 0 {
		return t, &data.UserError{Msg: "there is no such incident", Hint: "leave out --offence, --from or --to"}
	}
	return t, nil
}

// period is [from, to), zero where it is open.
func (s selection) period(zone *time.Location) (from, to time.Time, err error) {
	for _, bound := range []struct {
		flag, text string
		at         *time.Time
		more       int
	}{{"--from", s.from, &from, 0}, {"--to", s.to, &to, 1}} {
		if bound.text == "" {
			continue
		}
		at, err := time.ParseInLocation(time.DateOnly, bound.text, zone)
		if err != nil {
			return from, to, usagef(bound.flag+" 2026-01-31", "%s: %q is no day", bound.flag, bound.text)
		}
		*bound.at = at.AddDate(0, 0, bound.more)
	}
	return from, to, nil
}

// storedEvents are the located incidents of the database as events.
func storedEvents(ctx context.Context, g *globals, offence string) (events.Table, error) {
	incidents, err := night.Past(ctx, g.night(), offence)
	if err != nil {
		return events.Table{}, err
	}
	t := events.Table{Placed: true, Interval: true}
	for _, in := range incidents {
		t.Events = append(t.Events, events.Event{ID: in.ID, Offence: in.Offence, Point: in.Point, From: in.From.Time().In(g.zone), To: in.To.Time().In(g.zone), Reported: in.Reported.Time(), Cases: 1})
	}
	return t, nil
}

// readEvents reads path, or standard input for "-", and says on standard error
// which rows were rejected. A file without one good row is an error. It gives up when
// ctx is done.
func readEvents(ctx context.Context, g *globals, path string, o events.Options) (events.Table, error) {
	t, err := geo.Attend(ctx, func() (events.Table, error) { return events.ReadFile(path, g.in, o) })
	if err != nil {
		return events.Table{}, err
	}
	const shown = 10
	for _, r := range t.Rejected[:min(shown, len(t.Rejected))] {
		fmt.Fprintln(g.errw, r)
	}
	if n := len(t.Rejected); n > 0 {
		fmt.Fprintf(g.errw, "spreewatch: %d of %d rows of %s rejected", n, n+len(t.Events), o.Source)
		if n > shown {
			fmt.Fprintf(g.errw, ", the first %d above", shown)
		}
		fmt.Fprintln(g.errw)
	}
	if t.Skipped > 0 {
		fmt.Fprintf(g.errw, "spreewatch: %s of %s taken back, and left out\n", data.Count(t.Skipped, "report"), o.Source)
	}
	if len(t.Events) == 0 {
		return events.Table{}, &data.UserError{Msg: o.Source + " has no event that can be read"}
	}
	return t, nil
}

// A placedFile is a file's events as incidents with a place, and what else the file says
// of itself.
type placedFile struct {
	events.Table
	incidents []cluster.Incident
	lost      int    // rows of the offences looked at whose address is not found
	note      string // of them, "" where there are none
}

// unused is how many rows cannot be used.
func (p placedFile) unused() int { return len(p.Rejected) + p.lost }

// placed reads a file's events as incidents with a place. Where a row has an address and
// no coordinates, it is looked up in the gazetteer of the database, and nothing stored.
// What is not found is counted of the offences that are asked about.
func (e *eventFlags) placed(ctx context.Context, g *globals, path string, asked func(offence string) bool) (placedFile, error) {
	o, err := e.options(g, path)
	if err != nil {
		return placedFile{}, err
	}
	o.Interval, o.Address = true, intake.Location
	t, err := readEvents(ctx, g, path, o)
	if err != nil {
		return placedFile{}, err
	}
	all, texts := events.Placed(t), make([]string, len(t.Events))
	for i := range texts {
		texts[i] = t.Events[i].Address
	}
	p := placedFile{Table: t}
	p.incidents, err = geo.Attend(ctx, func() ([]cluster.Incident, error) { return night.Find(ctx, g.night(), all, texts) })
	of := func(incidents []cluster.Incident) (n int) {
		for _, in := range incidents {
			if asked(in.Offence) {
				n++
			}
		}
		return n
	}
	p.lost = of(all) - of(p.incidents)
	rows := data.Count(of(all), "row")
	switch {
	case errors.Is(err, night.ErrNoGazetteer) && len(p.incidents) == 0:
		return p, &data.UserError{Msg: fmt.Sprintf("%s has addresses and no coordinates, and %s holds no gazetteer to look them up in", o.Source, filepath.Base(g.night().DB)),
			Hint: "spreewatch gazetteer import FILE, and then the same again"}
	case errors.Is(err, night.ErrNoGazetteer) && p.lost > 0:
		p.note = fmt.Sprintf("%d of %s with an address and no coordinates, and no gazetteer to look it up in: left out", p.lost, rows)
	case err != nil && !errors.Is(err, night.ErrNoGazetteer):
		return p, err
	case p.lost > 0:
		p.note = fmt.Sprintf("%d of %s with an address that is not found, or not surely enough: left out", p.lost, rows)
	}
	return p, nil
}
