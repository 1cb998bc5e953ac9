// Package events reads a CSV of events, one a row, each with a place and a
// time: the input of the verbs that work without a database. It knows the usual
// column names, files without a header, degrees and metres, dates with and
// without a time of day, and from/to columns. A row that cannot be read is
// rejected with its line and reason, and never stops the file.
package events

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/paulmach/orb"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"spreewatch/data"
	"spreewatch/geo"
)

// An Event is one row: where and when.
type Event struct {
	ID       string    // of the source; "#" and the line number where it has none
	Location string    // of the column location_id, "" where there is none
	Point    orb.Point // longitude and latitude, or x and y in metres, as Table.Metres says
	From, To time.Time // event interval [From, To), in the zone it was read in; To = From is an instant
	Line     int       // in the file, from 1
	Day      bool      // the source gives a date alone: From is its midnight, and so is To
	NoEnd    bool      // the source gives a start and no end: To = From
}

// A Table is what a file held.
type Table struct {
	Events    []Event          // in the order of the file, IDs unique
	Rejected  []*data.RowError // in the order of the file
	Placed    bool             // events have a Point
	Metres    bool             // Point is x and y in metres, not degrees
	Interval  bool             // From and To were read from columns of their own
	Days      bool             // no event has a time of day
	DateOrder Order            // how numeric dates with the year last were read
}

// Options say how to read a file.
type Options struct {
	Source string          // base name, for messages
	Zone   *time.Location  // of times without an offset
	Column map[Role]string // columns by their header, where the name alone does not tell
	Order  Order           // of day and month; OrderAuto settles it from the whole file
	// Interval prefers the columns from and to where the file has a single date
	// as well. The one that is there is read whatever Interval says.
	Interval  bool
	Placeless bool // coordinates are not needed and not read
	Degrees   bool // a file without a header has latitude and longitude, not x and y
	// LocationHeader is the header of the column of locations, in place of
	// location_id, where the file has it.
	LocationHeader string
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
	for role := range o.Column {
		if !slices.Contains(roles, role) {
			return fmt.Errorf("events: there is no column role %q", role)
		}
	}
	return nil
}

// Read reads every row of a CSV (comma, semicolon or tab; UTF-8, UTF-16 with a
// byte order mark, or else Windows-1252). An error means that the file as a
// whole cannot be understood; a single bad row is in Table.Rejected.
//
// Numeric dates with the year last are day-first unless some date in the file
// can only be month-first; a file that has both kinds is refused.
//
// A point at exactly 0, 0 with every other point far away (1° or 100 km) is a
// blank that was written as a number, and rejected.
func Read(r io.Reader, o Options) (Table, error) {
	if err := o.Validate(); err != nil {
		return Table{}, err
	}
	text, err := decode(r)
	if err != nil {
		return Table{}, fmt.Errorf("read %s: %w", o.Source, err)
	}
	lay, err := newLayout(text, o)
	if err != nil {
		return Table{}, err
	}
	order := o.Order
	if order == OrderAuto {
		if order, err = findOrder(text, lay, o.Source); err != nil {
			return Table{}, err
		}
	}
	t := Table{
		Placed:    lay.placed(),
		Metres:    lay.metres,
		Interval:  lay.has(From),
		DateOrder: order,
	}
	rows := bytes.Count(text, []byte{'\n'}) + 1
	t.Events = make([]Event, 0, rows)
	lines := map[string]int{} // of the IDs
	if lay.has(ID) {
		lines = make(map[string]int, rows)
	}
	anyClock := false
	err = lay.rows(text, func(line int, record []string, rowErr error) {
		var e Event
		if rowErr == nil {
			e, rowErr = lay.event(record, order, o.Zone)
		}
		if rowErr == nil {
			if e.ID == "" {
				e.ID = "#" + strconv.Itoa(line)
			}
			if first, ok := lines[e.ID]; ok {
				rowErr = fieldError{string(ID), fmt.Sprintf("the same id as line %d", first)}
			} else if lay.has(ID) {
				lines[e.ID] = line
			}
		}
		if rowErr != nil {
			t.Rejected = append(t.Rejected, reject(o.Source, line, rowErr))
			return
		}
		e.Line = line
		anyClock = anyClock || !e.Day
		t.Events = append(t.Events, e)
	})
	if err != nil {
		return Table{}, fmt.Errorf("read %s: %w", o.Source, err)
	}
	t.Days = len(t.Events) > 0 && !anyClock
	t.dropBlankPoints(o.Source)
	return t, nil
}

// dropBlankPoints moves events at exactly 0, 0 to the rejected rows when no
// other event is near there.
func (t *Table) dropBlankPoints(source string) {
	near := 1.0
	if t.Metres {
		near = 100_000
	}
	blank := func(e Event) bool { return e.Point == orb.Point{} }
	others := false
	for _, e := range t.Events {
		if blank(e) {
			continue
		}
		if math.Hypot(e.Point[0], e.Point[1]) < near {
			return
		}
		others = true
	}
	if !t.Placed || !others {
		return
	}
	t.Events = slices.DeleteFunc(t.Events, func(e Event) bool {
		if blank(e) {
			t.Rejected = append(t.Rejected, reject(source, e.Line, fieldError{"coordinates", "0, 0: a blank written as a number"}))
		}
		return blank(e)
	})
	slices.SortStableFunc(t.Rejected, func(a, b *data.RowError) int { return a.Line - b.Line })
}

// fieldError is a reason to reject a row. It holds no field value.
type fieldError struct{ field, reason string }

func (e fieldError) Error() string { return e.field + ": " + e.reason }

func reject(source string, line int, err error) *data.RowError {
	row := &data.RowError{Source: source, Line: line, Unread: true}
	if f, ok := errors.AsType[fieldError](err); ok {
		row.Field, row.Reason = f.field, f.reason
		return row
	}
	row.Reason = "is not a row of CSV"
	if p, ok := errors.AsType[*csv.ParseError](err); ok {
		row.Reason += ": " + p.Err.Error()
	}
	return row
}

// decode reads all of r as UTF-8.
func decode(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(text, []byte{0xef, 0xbb, 0xbf}):
		text = text[3:]
	case bytes.HasPrefix(text, []byte{0xff, 0xfe}), bytes.HasPrefix(text, []byte{0xfe, 0xff}):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(text)
	}
	if !utf8.Valid(text) {
		return charmap.Windows1252.NewDecoder().Bytes(text)
	}
	return text, nil
}

// event reads one record.
func (l layout) event(record []string, order Order, zone *time.Location) (Event, error) {
	e := Event{ID: strings.Clone(l.get(record, ID)), Location: strings.Clone(l.get(record, Location))}
	if l.placed() {
		p, err := l.point(record)
		if err != nil {
			return Event{}, err
		}
		e.Point = p
	}
	if !l.has(From) {
		at, day, err := l.stamp(record, Date, Time, order, zone)
		if err != nil {
			return Event{}, err
		}
		e.From, e.To, e.Day = at, at, day
		return e, nil
	}
	from, fromDay, err := l.stamp(record, From, FromTime, order, zone)
	if err != nil {
		return Event{}, err
	}
	e.From, e.To, e.Day = from, from, fromDay
	if l.get(record, To) == "" {
		e.NoEnd = true
		return e, nil
	}
	to, toDay, err := l.stamp(record, To, ToTime, order, zone)
	if err != nil {
		return Event{}, err
	}
	e.Day = fromDay && toDay && from.Equal(to)
	if toDay && !e.Day {
		to = to.AddDate(0, 0, 1)
	}
	if to.Before(from) {
		return Event{}, fieldError{string(To), "the end is before the start"}
	}
	e.To = to
	return e, nil
}

// point reads the coordinates.
func (l layout) point(record []string) (orb.Point, error) {
	xRole, yRole := Lon, Lat
	if l.metres {
		xRole, yRole = X, Y
	}
	x, err := number(l.get(record, xRole), xRole)
	if err != nil {
		return orb.Point{}, err
	}
	y, err := number(l.get(record, yRole), yRole)
	if err != nil {
		return orb.Point{}, err
	}
	p := orb.Point{x * l.scale, y * l.scale}
	if l.metres {
		return p, nil
	}
	if err := geo.CheckPoint(p); err != nil {
		return orb.Point{}, fieldError{"coordinates", err.Error()}
	}
	return p, nil
}

func number(s string, role Role) (float64, error) {
	if s == "" {
		return 0, fieldError{string(role), "is empty"}
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fieldError{string(role), "is not a number"}
	}
	return v, nil
}

// stamp reads a date column, with the time column beside it if there is one.
// day says that there was no time of day.
func (l layout) stamp(record []string, date, clock Role, order Order, zone *time.Location) (at time.Time, day bool, err error) {
	text := l.get(record, date)
	if text == "" {
		return time.Time{}, false, fieldError{string(date), "is empty"}
	}
	s, err := parseStamp(text, order)
	if err != nil && l.dayCount {
		s, err = parseDayCount(text)
	}
	if err != nil {
		return time.Time{}, false, fieldError{string(date), err.Error()}
	}
	if c := l.get(record, clock); c != "" {
		if err := s.readClock(c); err != nil {
			return time.Time{}, false, fieldError{string(clock), err.Error()}
		}
	}
	return s.time(zone), !s.clock, nil
}
