// Package intake reads reports as forces receive them: press bulletins, CSV,
// XLSX and JSON lines, plain or gzipped, from files or standard input. Every
// report keeps its file and line, every line that names a place or a time and
// gave no report is listed, and a row that cannot be right is refused with the
// reason. No message holds an address, a name or free text.
package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/intake/bulletin"
	"spreewatch/data/table"
)

// Options say how to read a file. The zero value reads as of the epoch in
// London; give it at least Today.
type Options struct {
	Received time.Time         // publication or receipt date; zero when not known
	Today    time.Time         // the clock: "on Wednesday 16 September" without a year is before it
	Zone     *time.Location    // of clock times; nil is Europe/London
	Columns  map[string]string // canonical field → column header, before any guess
	Usual    map[string]string // the same of the settings, where a table has the header
	Sheet    string            // of a workbook, by name or number; "" is the first visible one
	Profiles []cluster.Profile // name an offence by their words
	Offence  string            // of every report; "" finds it
	Offences map[string]string // what the source calls an offence → profile, or None
	Stdin    io.Reader         // read for the path "-"
	Name     string            // of what Stdin gives, in its reports; "" is "-"

	DateOrder table.Order                    // of day and month in a table, as told; the file settles it otherwise
	Fallback  table.Order                    // where nothing in the table proves it
	Typed     []string                       // the command line, for hints
	CRS       string                         // of x and y in a table, such as EPSG:27700; "" is what the table shows by itself
	Sources   map[string]Source              // of the settings, by name
	Source    string                         // the one to read by; "" is the one that the header is of
	Withdrawn []string                       // words of the column status for a report taken back
	ZoneTold  bool                           // Zone was told, and no source has another
	Names     func() (bulletin.Names, error) // is called for the gazetteer before a bulletin is read; nil for none
	Why       func(string)                   // is called with what became of each place and time of a bulletin, a line without its words; nil for none
	Aside     func(data.RowError)            // is called with each line of a bulletin that names a place and a time and was set aside; nil for none
	Seen      func(table.How)                // is called with how each table is read, before its reports; nil for none

	names map[string]string // of the offences read so far in a table
}

// Validate refuses options that no file can be read with, and fills in the zone.
func (o *Options) Validate() error {
	if o.Zone == nil {
		zone, err := time.LoadLocation("Europe/London")
		if err != nil {
			return fmt.Errorf("load zone: %w", err)
		}
		o.Zone = zone
	}
	for _, columns := range []map[string]string{o.Columns, o.Usual} {
		for _, field := range slices.Sorted(maps.Keys(columns)) {
			if err := CheckField(field); err != nil {
				return err
			}
		}
	}
	return nil
}

// CheckField refuses the name of a field that there is not, with the one that may be
// meant.
func CheckField(name string) error {
	if _, ok := table.ParseField(name); ok {
		return nil
	}
	names := make([]string, len(table.Fields))
	for i, f := range table.Fields {
		names[i] = string(f)
	}
	hint := "fields are " + strings.Join(names, ", ")
	if near := table.NearestField(name); near != "" {
		hint = "did you mean " + string(near) + "? " + hint
	}
	return &data.UserError{Msg: fmt.Sprintf("there is no field %q to give a column to", name), Hint: hint}
}

// firstDay is the earliest event that is taken for one.
var firstDay = time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC)

// outOfRange returns why no report can have the event interval, "" when one can.
func (o *Options) outOfRange(from, to time.Time) string {
	switch {
	case from.Before(firstDay):
		return "the event is before 1970"
	case from.After(o.Today.Add(24 * time.Hour)):
		return data.Future
	case to.Before(from):
		return "the event ends before it starts"
	}
	return ""
}

// Read yields every report of a file in the order of its lines. A
// *data.RowError is a line that was refused or could not be read, and reading
// goes on; any other error ends it, that of the context one of them.
func Read(ctx context.Context, path string, o Options) iter.Seq2[data.Report, error] {
	return func(yield func(data.Report, error) bool) {
		if err := read(ctx, path, o, yield); err != nil && !errors.Is(err, errStopped) {
			yield(data.Report{}, err)
		}
	}
}

// errStopped means that the caller wants no more reports.
var errStopped = errors.New("stopped")

func read(ctx context.Context, path string, o Options, yield func(data.Report, error) bool) error {
	if err := o.Validate(); err != nil {
		return err
	}
	in, err := table.Open(path, o.Stdin)
	if err != nil {
		return err
	}
	name := in.Name
	if path == "-" && o.Name != "" {
		name = o.Name
	}
	if in.Kind != table.Prose {
		return readTable(ctx, in, name, o, yield)
	}
	text, err := in.Text(maxBulletin)
	if err != nil {
		return err
	}
	return readBulletin(ctx, text, name, o, yield)
}

// maxBulletin is how many bytes a bulletin may have, which is read whole.
const maxBulletin = 16 << 20

// readBulletin yields the reports of a bulletin and the lines that gave none in
// the order of their lines, each report once.
func readBulletin(ctx context.Context, text, source string, o Options, yield func(data.Report, error) bool) error {
	set := bulletin.Settings{Received: o.Received, Today: o.Today, Zone: o.Zone, Profiles: o.Profiles, Offence: o.Offence}
	if o.Names != nil {
		var err error
		if set.Names, err = o.Names(); err != nil {
			return err
		}
	}
	defer data.Frugal()()
	reports, refused, ledger, err := bulletin.Explain(ctx, text, set)
	if err != nil {
		return err
	}
	for _, e := range ledger {
		if o.Why == nil {
			break
		}
		o.Why(source + ": " + e.String())
	}
	for _, row := range bulletin.SetAside(ledger) {
		if o.Aside != nil {
			row.Source = source
			o.Aside(row)
		}
	}
	if len(reports) == 0 && len(refused) == 0 {
		return &data.UserError{
			Msg:  source + " has no incident in it",
			Hint: "an incident needs a place and a time; a table should be named .csv, .xlsx or .jsonl",
		}
	}
	once := repeats{}
	for len(reports)+len(refused) > 0 {
		if len(refused) > 0 && (len(reports) == 0 || refused[0].Line < reports[0].Line) {
			refused[0].Source = source
			if !yield(data.Report{}, refused[0]) {
				return errStopped
			}
			refused = refused[1:]
			continue
		}
		r := reports[0]
		reports = reports[1:]
		r.Source, r.Bulletin = source, true
		if r.Ref == "" {
			r.Ref = MakeRef(r)
		}
		if reason := o.outOfRange(r.From, r.To); reason != "" {
			if !yield(data.Report{}, &data.RowError{Source: source, Line: r.Line, Field: "from", Reason: reason}) {
				return errStopped
			}
			continue
		}
		once.tellApart(&r) // two cars in one street in one night are two reports
		if !yield(r, nil) {
			return errStopped
		}
	}
	return nil
}
