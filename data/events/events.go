// Package events reads a table of events, one a row, each with a place and a time:
// the input of the verbs that work without a database. It reads a file as reports
// are read, and beside that files without a header and coordinates in metres. A row
// that cannot be read is rejected with its line and reason, and never stops the
// file.
package events

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/data/table"
)

// An Event is one row: where and when.
type Event struct {
	ID       string    // of the source, unique in its Group; "#" and the line number where it has none
	Location string    // of the column location_id, "" where there is none
	Address  string    // in place of a Point, of a row that has no coordinates; see Options.Address
	Offence  string    // as the source has it, "" where it says none
	Group    string    // of the column Options.GroupHeader, without white space around it; "" where there is none, or it says nothing
	Point    orb.Point // longitude and latitude, or x and y in metres, as Table.Metres says
	From, To time.Time // event interval [From, To), in the zone it was read in; To = From is an instant
	Reported time.Time // when it was reported; zero where the source does not say, or says no time that can be read
	Line     int       // in the file, from 1
	Cases    int       // that the row stands for: 1 without a column of counts; may be 0
	Day      bool      // the source gives a date alone: From is its midnight, and so is To
	NoEnd    bool      // the source gives a start and no end: To = From
}

// A Table is what a file held.
type Table struct {
	Events    []Event          // in the order of the file, IDs unique within a Group
	Rejected  []*data.RowError // in the order of the file
	Skipped   int              // rows that Options.Settle tells to be none of the events
	Placed    bool             // events have a Point or an Address
	Metres    bool             // Point is x and y in metres, not degrees
	Interval  bool             // From and To were read from columns of their own
	Days      bool             // no event has a time of day
	Grouped   bool             // the file has the column Options.GroupHeader
	DateOrder table.Order      // how numeric dates with the year last were read
}

// Options say how to read a file.
type Options struct {
	Source string                 // base name, for messages
	Zone   *time.Location         // of times without an offset
	Today  time.Time              // years of two digits are not later than the next one
	Column map[table.Field]string // columns by their header, where the name alone does not tell
	Order  table.Order            // of day and month; table.OrderAuto settles it from the whole file
	Typed  []string               // the command line, for hints
	// Project turns x and y into degrees, from feet with Feet; nil leaves metres.
	Project func(x, y float64) (orb.Point, error)
	Feet    bool
	// Interval prefers the columns from and to where the file has a single date
	// as well. The one that is there is read whatever Interval says.
	Interval  bool
	Placeless bool // coordinates are not needed and not read
	Degrees   bool // places are wanted as degrees: x and y are turned into them, or are them in a file without a header
	Counts    bool // a column of counts, Column[table.Cases], may be named
	// Address reads the words for the place of a row, which stand in for coordinates
	// that it has not, or that its source withholds; nil wants coordinates of every row.
	Address func(table.Row) string
	// Settle gives the options of a table what is known of such a one beforehand, and
	// tells the rows that are none of its events; nil knows nothing.
	Settle func(in *table.Input, to *table.Options) (skip func(table.Row) bool, err error)
	// LocationHeader is the header of the column of locations, in place of
	// location_id, where the file has it.
	LocationHeader string
	// GroupHeader is the header of a column by which the rows are grouped, such as
	// "force", where the file has it: written so, or with the same letters and digits
	// in either case. The column keeps what else it is to the file, so that the events
	// are the same with and without it, but that a reference is of its group: two groups
	// may each have a 1. "" groups by none.
	GroupHeader string
}

// DefaultOptions reads local times of Europe/London. It panics only where the
// time zone database is missing.
func DefaultOptions() Options {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic(err)
	}
	return Options{Source: "-", Zone: zone}
}

// Validate refuses options that cannot be followed.
func (o Options) Validate() error {
	if o.Zone == nil {
		return errors.New("events: no time zone")
	}
	for f := range o.Column {
		if _, ok := table.ParseField(string(f)); !ok && !(o.Counts && f == table.Cases) {
			return fmt.Errorf("there is no column role %q", f)
		}
	}
	return nil
}

// Read reads every row of a table from r; see ReadFile.
func Read(r io.Reader, o Options) (Table, error) { return ReadFile("-", r, o) }

// ReadFile reads every row of the table at path, or of standard input for "-". An
// error means that the file as a whole cannot be understood; a single bad row is in
// Table.Rejected.
//
// A point at exactly 0, 0 metres with every other point over 100 km away is a blank
// that was written as a number, and rejected; so is one of degrees.
func ReadFile(path string, stdin io.Reader, o Options) (Table, error) {
	in, err := o.open(path, stdin)
	if err != nil {
		return Table{}, err
	}
	return o.readInput(in)
}

// open opens what is to be read as a table.
func (o Options) open(path string, stdin io.Reader) (in *table.Input, err error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if path == "-" {
		in, err = table.FromReader(o.Source, stdin)
	} else {
		in, err = table.Open(path, nil)
	}
	if err != nil {
		return nil, err
	}
	in.AsTable()
	return in, nil
}

// A Group is the table of the rows of one group.
type Group struct {
	Name string // of the column Options.GroupHeader; "" of the rows that say nothing there
	Table
	Lines []int // of its rows, whatever became of them
	Err   error // why the rows as a whole cannot be understood; the table is then empty
}

// ReadGroups reads the table at path as ReadFile does, and the rows of each group of
// Options.GroupHeader as a file of their own: the order of their dates, what is far from
// the others and which reference is there twice are theirs. Groups are in the order of
// their names; loose are the rows that could not be divided into columns, and so are of
// none. A file without the column is one group, whose table is not Grouped.
func ReadGroups(path string, stdin io.Reader, o Options) (groups []Group, loose []*data.RowError, err error) {
	in, err := o.open(path, stdin)
	if err != nil {
		return nil, nil, err
	}
	parts, bad, err := o.split(in)
	if err != nil {
		return nil, nil, err
	}
	if parts == nil {
		t, err := o.readInput(in)
		return []Group{{Table: t}}, nil, err
	}
	for _, b := range bad {
		loose = append(loose, &data.RowError{Source: o.Source, Line: b.Line, Field: b.Field, Reason: b.Reason, Unread: true})
	}
	for i, p := range parts {
		g := Group{Name: p.Value, Lines: p.Lines}
		if g.Table, g.Err = o.readInput(p.In); g.Err != nil {
			g.Table = Table{Grouped: true}
		}
		groups = append(groups, g)
		parts[i].In = nil // its rows are no longer needed
	}
	return groups, loose, nil
}

// split groups the rows of the input, into nil where there is nothing to group them by.
func (o Options) split(in *table.Input) ([]table.Group, []*table.RowError, error) {
	if o.GroupHeader == "" {
		return nil, nil, nil
	}
	to := o.table()
	if o.Settle != nil {
		if _, err := o.Settle(in, &to); err != nil {
			return nil, nil, err
		}
	}
	return table.Split(in, o.GroupHeader, to)
}

// readInput reads the table of an input.
func (o Options) readInput(in *table.Input) (Table, error) {
	to := o.table()
	skip := func(table.Row) bool { return false }
	if o.Settle != nil {
		var err error
		if skip, err = o.Settle(in, &to); err != nil {
			return Table{}, err
		}
	}
	t, err := table.Read(in, to)
	if err != nil {
		return Table{}, err
	}
	o.Project = to.Project
	return o.read(t, skip)
}

func (o Options) table() table.Options {
	to := table.Options{Columns: map[table.Field]string{}, Order: o.Order, Zone: o.Zone, Today: o.Today, Typed: o.Typed,
		Project: o.Project, Feet: o.Feet, Single: !o.Interval, Headless: true, Degrees: o.Degrees, Placeless: o.Placeless, Planar: true, PlaceIDs: o.LocationHeader, Coordinates: o.Address == nil}
	for f, header := range o.Column {
		field, _ := table.ParseField(string(f))
		to.Columns[field] = header
	}
	return to
}

// read makes the events of a table, but of the rows to skip.
func (o Options) read(t *table.Table, skip func(table.Row) bool) (Table, error) {
	out := Table{Placed: !o.Placeless, Metres: !o.Placeless && t.Metres() && !((o.Degrees || o.Project != nil) && t.Placed()), DateOrder: t.Order}
	out.Interval = t.Layout.Has(table.From) && (o.Interval || !t.Layout.Has(table.Date))
	group := t.Layout.Find(o.GroupHeader)
	out.Grouped = group >= 0
	out.Events = make([]Event, 0, t.Rows)
	lines := map[string]int{} // of the IDs, by group
	named := t.Layout.Has(table.Ref)
	anyClock := false
	for row, err := range t.All() {
		var bad *table.RowError
		if err != nil && !errors.As(err, &bad) {
			return Table{}, err
		}
		var e Event
		if err == nil && skip(row) {
			out.Skipped++
			continue
		}
		if err == nil {
			e, err = o.event(row, out.Metres)
		}
		if err == nil {
			if e.ID == "" {
				e.ID = "#" + strconv.Itoa(row.Line)
			}
			e.Group = row.Cell(group)
			ref := e.Group + "\x00" + e.ID
			if first, ok := lines[ref]; ok {
				err = &table.RowError{Line: row.Line, Field: string(table.Ref), Reason: fmt.Sprintf("the same reference as line %d", first)}
			} else if named {
				lines[ref] = row.Line
			}
		}
		if err != nil {
			out.Rejected = append(out.Rejected, reject(o.Source, row, err))
			continue
		}
		e.Line = row.Line
		anyClock = anyClock || !e.Day
		out.Events = append(out.Events, e)
	}
	out.Days = len(out.Events) > 0 && !anyClock
	if out.Metres {
		out.dropBlankPoints(o.Source)
	}
	return out, nil
}

// event reads one row.
func (o Options) event(row table.Row, metres bool) (Event, error) {
	e := Event{ID: row.Get(table.Ref), Location: row.Get(table.PlaceID), Offence: row.Get(table.Offence), Cases: 1}
	if row.Mangled() {
		e.ID = ""
	}
	var err error
	if e.Point, e.Address, err = o.place(row, metres); err != nil {
		return Event{}, err
	}
	if _, counted := o.Column[table.Cases]; counted {
		if e.Cases, err = count(row); err != nil {
			return Event{}, err
		}
	}
	span, err := row.Span()
	if err != nil {
		return Event{}, err
	}
	e.From, e.To, e.Day, e.NoEnd = span.From, span.To, span.Day, span.NoEnd
	if at, err := row.ReportedAt(); err == nil {
		e.Reported = at
	}
	if e.Day {
		e.To = e.From
	}
	return e, nil
}

// place reads where a row is: its point, or else its address where that is enough.
func (o Options) place(row table.Row, metres bool) (p orb.Point, address string, err error) {
	switch {
	case o.Placeless:
		return p, "", nil
	case metres:
		p, err = row.XY()
		return p, "", err
	}
	p, ok, err := row.Point()
	if ok {
		return p, "", nil
	}
	if o.Address != nil && (err == nil || table.Withheld(err)) {
		address = o.Address(row)
	}
	switch {
	case address != "":
		return orb.Point{}, address, nil
	case err == nil:
		err = &table.RowError{Line: row.Line, Field: "coordinates", Reason: "the row has none"}
	}
	return orb.Point{}, "", err
}

// mostCases is the most cases of one row.
const mostCases = 1_000_000

// count reads how many cases a row stands for: a whole number, written with or
// without decimals of 0.
func count(row table.Row) (int, error) {
	bad := func(reason string) (int, error) {
		return 0, &table.RowError{Line: row.Line, Field: string(table.Cases), Reason: reason}
	}
	text := strings.TrimSpace(row.Get(table.Cases))
	if text == "" {
		return bad("the row has none")
	}
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case err != nil || math.IsNaN(v) || math.IsInf(v, 0):
		return bad("not a number")
	case v < 0:
		return bad("below 0")
	case v != math.Trunc(v):
		return bad("not a whole number")
	case v > mostCases:
		return bad(fmt.Sprintf("over %d", mostCases))
	}
	return int(v), nil
}

// dropBlankPoints moves events at exactly 0, 0 to the rejected rows when no
// other event is within 100 km of there.
func (t *Table) dropBlankPoints(source string) {
	blank := func(e Event) bool { return e.Point == orb.Point{} }
	others := false
	for _, e := range t.Events {
		if blank(e) {
			continue
		}
		if math.Hypot(e.Point[0], e.Point[1]) < 100_000 {
			return
		}
		others = true
	}
	if !others {
		return
	}
	t.Events = slices.DeleteFunc(t.Events, func(e Event) bool {
		if blank(e) {
			t.Rejected = append(t.Rejected, &data.RowError{Source: source, Line: e.Line, Field: "coordinates", Reason: "0, 0: a blank written as a number", Unread: true})
		}
		return blank(e)
	})
	slices.SortStableFunc(t.Rejected, func(a, b *data.RowError) int { return a.Line - b.Line })
}

// reject names the source in the error of a row.
func reject(source string, row table.Row, err error) *data.RowError {
	var bad *table.RowError
	if !errors.As(err, &bad) {
		bad = row.Refuse(err)
	}
	line := bad.Line
	return &data.RowError{Source: source, Line: line, Field: bad.Field, Reason: bad.Reason, Unread: true}
}
