package events

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"spreewatch/data"
)

// A Role is what a column says of an event.
type Role string

// The roles of columns.
const (
	ID       Role = "id"
	Location Role = "location_id"
	Lat      Role = "lat"
	Lon      Role = "lon"
	X        Role = "x"
	Y        Role = "y"
	Date     Role = "date" // date, or date and time
	Time     Role = "time" // time of day, beside Date
	From     Role = "from"
	FromTime Role = "from_time"
	To       Role = "to"
	ToTime   Role = "to_time"
)

var roles = []Role{ID, Location, Lat, Lon, X, Y, Date, Time, From, FromTime, To, ToTime}

// headers are the names that a column of a role is known by, best first, in
// lower case and without anything but letters and digits.
var headers = map[Role][]string{
	ID: {"id", "uid", "incidentid", "eventid", "caseid", "crimeid", "incidentnumber", "casenumber", "crimenumber",
		"crimeref", "reference", "ref", "objectid"},
	Location: {"locationid"},
	Lat:      {"lat", "latitude", "ylat"},
	Lon:      {"lon", "lng", "long", "longitude", "xlon"},
	X:        {"x", "xm", "xkm", "easting", "eastings", "xcoord", "xcoordinate", "xcoordcd"},
	Y:        {"y", "ym", "ykm", "northing", "northings", "ycoord", "ycoordinate", "ycoordcd"},
	Date: {"datetime", "timestamp", "date", "datesingle", "eventdate", "incidentdate", "crimedate", "occurred", "occurredat",
		"occurreddate", "dateoccurred", "dateofoccurrence", "offencedate", "offensedate", "timelocal", "timeutc", "when", "day"},
	Time: {"time", "timeofday", "clock", "eventtime", "incidenttime", "timeoccurred"},
	From: {"from", "start", "fromdatetime", "datetimefrom", "startdatetime", "datetimestart", "fromdate", "datefrom",
		"startdate", "datestart", "eventfrom", "occurredfrom", "cmplntfrdt", "begin", "begindate"},
	FromTime: {"fromtime", "timefrom", "starttime", "timestart", "cmplntfrtm", "begintime"},
	To: {"to", "end", "todatetime", "datetimeto", "enddatetime", "datetimeend", "todate", "dateto", "enddate", "dateend",
		"eventto", "occurredto", "cmplnttodt"},
	ToTime: {"totime", "timeto", "endtime", "timeend", "cmplnttotm"},
}

// dateParts are the headers of a date in pieces, year to minute.
var dateParts = []string{"year", "month", "day", "hour", "minute"}

// layout says which column is which.
type layout struct {
	comma    rune
	header   bool
	column   map[Role]int // 0-based
	parts    []int        // columns of year, month, day, hour, minute; nil where there are none
	metres   bool
	scale    float64 // coordinate × scale is in metres or degrees
	fields   int     // of the first row
	dayCount bool    // the date may be a count of days
}

func (l layout) has(r Role) bool { _, ok := l.column[r]; return ok }

func (l layout) placed() bool { return l.has(X) || l.has(Lon) }

// get returns the trimmed field of a role, "" where the row has none.
func (l layout) get(record []string, r Role) string {
	if r == Date && l.parts != nil {
		return joinParts(record, l.parts)
	}
	i, ok := l.column[r]
	if !ok || i >= len(record) {
		return ""
	}
	return strings.TrimSpace(record[i])
}

// joinParts writes the pieces of a date as one ISO stamp.
func joinParts(record []string, parts []int) string {
	var b strings.Builder
	seps := []string{"", "-", "-", "T", ":"}
	for k, i := range parts {
		if i >= len(record) {
			return "short row"
		}
		field := strings.TrimSpace(record[i])
		if len(field) < 2 {
			field = "0" + field
		}
		b.WriteString(seps[k] + field)
	}
	return b.String()
}

// newLayout settles the separator, whether there is a header, and the columns.
func newLayout(text []byte, o Options) (layout, error) {
	l := layout{comma: separator(text), column: map[Role]int{}, scale: 1, header: true}
	first, err := l.reader(text).Read()
	if errors.Is(err, io.EOF) {
		return l, &data.UserError{Msg: o.Source + " is empty"}
	}
	if err != nil {
		return l, &data.UserError{Msg: o.Source + ": the first line is not a row of CSV"}
	}
	l.fields = len(first)
	if at := slices.IndexFunc(first, isStamp); at >= 0 {
		l.header = false
		return l, l.byPosition(first, at, o)
	}
	return l, l.byHeader(first, o)
}

// separator is the one of comma, semicolon and tab that the first line has most
// of.
func separator(text []byte) rune {
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	best, most := ',', bytes.Count(line, []byte{','})
	for _, c := range []rune{';', '\t'} {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// byPosition reads a file without a header from where its first date stands:
// the two columns before it are the coordinates, one before those is the ID,
// one after it is a time of day or the end of the interval.
func (l *layout) byPosition(first []string, at int, o Options) error {
	if len(o.Column) > 0 {
		return &data.UserError{Msg: o.Source + " has no header, so columns cannot be named", Hint: "write one as its first line"}
	}
	l.column[Date] = at
	if at+1 < len(first) && isStamp(first[at+1]) {
		delete(l.column, Date)
		l.column[From], l.column[To] = at, at+1
	} else if at+1 < len(first) && isClock(first[at+1]) {
		l.column[Time] = at + 1
	}
	if at >= 3 {
		l.column[ID] = at - 3
	}
	if o.Placeless {
		return nil
	}
	if at < 2 {
		return &data.UserError{Msg: o.Source + " has no header and no two coordinates before its first date", Hint: "write one as its first line"}
	}
	l.metres = !o.Degrees
	if l.metres {
		l.column[X], l.column[Y] = at-2, at-1
	} else {
		l.column[Lat], l.column[Lon] = at-2, at-1
	}
	return nil
}

// byHeader finds the columns by their names and by Options.Column.
func (l *layout) byHeader(first []string, o Options) error {
	names := make([]string, len(first))
	for i, h := range first {
		names[i] = plain(h)
	}
	for _, role := range roles {
		if want, ok := o.Column[role]; ok {
			i := slices.IndexFunc(first, func(h string) bool { return strings.TrimSpace(h) == want })
			if i < 0 {
				i = slices.Index(names, plain(want))
			}
			if i < 0 {
				return &data.UserError{Msg: fmt.Sprintf("%s has no column %q", o.Source, want), Hint: "one of the names in its first line"}
			}
			l.column[role] = i
			continue
		}
		known := headers[role]
		if role == Location && o.LocationHeader != "" {
			known = []string{plain(o.LocationHeader)}
		}
		for _, h := range known {
			if i := slices.Index(names, h); i >= 0 {
				l.column[role] = i
				break
			}
		}
	}
	if err := l.chooseTime(names, o); err != nil {
		return err
	}
	return l.choosePlace(names, o)
}

// chooseTime keeps either the single date or the interval.
func (l *layout) chooseTime(names []string, o Options) error {
	_, fromNamed := o.Column[From]
	_, dateNamed := o.Column[Date]
	if parts := partColumns(names); parts != nil && !dateNamed {
		l.parts, l.column[Date] = parts, parts[0]
		delete(l.column, Time)
	}
	if at, ok := l.column[Time]; ok && !l.has(Date) && !l.has(From) {
		l.column[Date] = at // "time" alone has the date in it
		delete(l.column, Time)
	}
	interval := l.has(From) && (fromNamed || o.Interval || !l.has(Date)) && !(dateNamed && !fromNamed)
	if interval {
		delete(l.column, Date)
		delete(l.column, Time)
		l.parts = nil
		return nil
	}
	for _, r := range []Role{From, FromTime, To, ToTime} {
		delete(l.column, r)
	}
	l.dayCount = l.has(Date) && l.parts == nil && names[l.column[Date]] == "day"
	if !l.has(Date) {
		return &data.UserError{Msg: o.Source + " has no column of dates", Hint: "--column date=HEADER"}
	}
	return nil
}

// partColumns finds year, month and day, and hour and minute where both are
// there; nil where the date is not in pieces.
func partColumns(names []string) []int {
	var parts []int
	for _, p := range dateParts {
		i := slices.Index(names, p)
		if i < 0 {
			break
		}
		parts = append(parts, i)
	}
	switch len(parts) {
	case 3, 5:
		return parts
	case 4:
		return parts[:3]
	}
	return nil
}

// choosePlace keeps degrees where the file has both degrees and metres.
func (l *layout) choosePlace(names []string, o Options) error {
	_, xNamed := o.Column[X]
	degrees, metres := l.has(Lat) && l.has(Lon), l.has(X) && l.has(Y)
	if o.Placeless || (metres && (xNamed || !degrees)) || !degrees {
		delete(l.column, Lat)
		delete(l.column, Lon)
	} else {
		metres = false
	}
	if o.Placeless || !metres {
		delete(l.column, X)
		delete(l.column, Y)
	}
	if o.Placeless {
		return nil
	}
	if !degrees && !metres {
		return &data.UserError{Msg: o.Source + " has no columns lat and lon, nor x and y", Hint: "--column lat=HEADER --column lon=HEADER"}
	}
	l.metres = metres
	if metres && names[l.column[X]] == "xkm" && names[l.column[Y]] == "ykm" {
		l.scale = 1000
	}
	return nil
}

// plain keeps the letters and digits of a header, in lower case.
func plain(header string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		}
		return -1
	}, header)
}

// reader reads records from text, strictly: a stray quote spoils its own row only.
func (l layout) reader(text []byte) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = l.comma
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	return r
}

// rows calls f for each row after the header, with the line it starts on, and
// with an error in place of a record that is not CSV or has the wrong number of
// fields. The record is only good for the call.
//
// A quote that is never closed would take the rest of the file with it: such a
// row is given up at the end of its first line, and reading goes on at the next.
func (l layout) rows(text []byte, f func(line int, record []string, err error)) error {
	r := l.reader(text)
	above := 0 // lines before the text that r reads
	if l.header {
		if _, err := r.Read(); err != nil {
			return err
		}
	}
	for {
		start := r.InputOffset()
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if p, ok := errors.AsType[*csv.ParseError](err); ok {
			f(above+p.StartLine, nil, err)
			if p.Line > p.StartLine {
				text = skipLines(text[start:], 1)
				above += p.StartLine
				r = l.reader(text)
			}
			continue
		}
		if err != nil {
			return err
		}
		line, _ := r.FieldPos(0)
		f(above+line, record, l.checkLength(record))
	}
}

// skipLines drops blank lines and then n more.
func skipLines(text []byte, n int) []byte {
	for n > 0 && len(text) > 0 {
		line, rest, _ := bytes.Cut(text, []byte{'\n'})
		if len(bytes.TrimSuffix(line, []byte{'\r'})) > 0 {
			n--
		}
		text = rest
	}
	return text
}

// checkLength refuses a record with other than the first row's number of
// fields: its columns may have shifted. Empty fields too many at the end are let
// through.
func (l layout) checkLength(record []string) error {
	n := len(record)
	for n > l.fields && strings.TrimSpace(record[n-1]) == "" {
		n--
	}
	if n == l.fields {
		return nil
	}
	return fieldError{"", fmt.Sprintf("has %d fields where the first line has %d", len(record), l.fields)}
}
