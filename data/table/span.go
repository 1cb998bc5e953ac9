package table

import (
	"strings"
	"time"
)

// A Span is when an event happened: the half-open interval [From, To), an instant
// where both are the same.
type Span struct {
	From, To time.Time // in the zone of the file
	Day      bool      // a date alone: From is its midnight and To the next
	Window   bool      // From and To were given, or a part of a day
	NoEnd    bool      // a start was given and no end: To = From
	Notes    []string  // how a clock change was met
}

// A timing says how the columns of time of one file are read.
type timing struct {
	stampReader
	zone     *time.Location
	today    time.Time
	dateOnly map[Field]bool // times of day of these columns are none
	local    map[Field]bool // of these, the date is that of the zone
	hourly   map[Field]bool // a number in this column of times is an hour
	asNumber map[Field]bool // a number in it is hhmm
	dayCount bool           // the date is a count of days from 1970
	interval bool           // From and To are preferred to Date
	ranged   map[Field]bool // a value of this column may hold both ends
	serial   map[Field]bool // a value of this column is the day number of a spreadsheet, or the part of a day
}

// end is one end of an interval.
type end struct {
	Stamp
	field Field  // at fault, or read
	hour  bool   // known to the hour
	until string // the other end, of a value that holds both
}

// Span reads when the event of a row happened.
func (r Row) Span() (Span, error) {
	t := &r.t.timing
	from, isFrom, err := r.start(t)
	if err != nil {
		return Span{}, err
	}
	var s Span
	note := func(n string) {
		if n != "" {
			s.Notes = append(s.Notes, n)
		}
	}
	var n string
	s.From, n = from.Time(t.zone, false)
	note(n)
	to, hasTo, err := r.finish(t, from)
	if err != nil {
		return Span{}, err
	}
	switch {
	case !hasTo && !from.Clock:
		s.Day, s.NoEnd = !from.monthOnly, isFrom
		s.Window = from.monthOnly
		s.To, _ = from.next().Time(t.zone, false)
	case !hasTo && from.hour:
		s.Window, s.To = true, s.From.Add(time.Hour)
	case !hasTo:
		s.NoEnd, s.To = isFrom, s.From
	case !to.Clock:
		s.To, _ = to.next().Time(t.zone, false)
		s.Day = !from.Clock && from.Year == to.Year && from.Month == to.Month && from.Day == to.Day && !from.monthOnly
		s.Window = !s.Day
	default:
		// An end in an hour that comes twice reaches to the second, but a moment stays one.
		same := from.Clock && !to.Fixed && to.wall().Equal(from.wall())
		s.To, n = to.Time(t.zone, !same)
		note(n)
		if to.hour {
			s.To = s.To.Add(time.Hour)
		}
		s.Window = !s.To.Equal(s.From)
	}
	if s.To.Before(s.From) {
		return Span{}, &fieldError{string(To), "the event ends before it starts"}
	}
	return s, nil
}

// start reads the start, and says whether it stands in a column of starts.
func (r Row) start(t *timing) (end, bool, error) {
	l := r.t.Layout
	fields := []Field{From, Date}
	if !t.interval {
		fields = []Field{Date, From}
	}
	for _, f := range fields {
		text := r.Get(f)
		if text == "" {
			continue
		}
		e, err := r.moment(t, f, text, FromTime)
		return e, f == From && l.Has(From), err
	}
	if l.Has(Year, Month, Day) {
		if e, ok, err := r.pieces(t); ok || err != nil {
			return e, false, err
		}
	}
	if text := r.Get(FromTime); text != "" { // a column of times may hold dates too
		if s, err := t.parse(text); err == nil && s.HasDate() {
			return end{Stamp: s, field: FromTime}, false, nil
		}
		if l.Has(Date) || l.Has(From) {
			return end{}, false, &fieldError{string(r.dateField()), "a clock time without a date"}
		}
		return end{}, false, &fieldError{string(FromTime), "a clock time without a date"}
	}
	return end{}, false, &fieldError{string(r.dateField()), "the row has no date"}
}

// TimeField is the field of the start of the event, for a message.
func (r Row) TimeField() Field { return r.dateField() }

// dateField is the field of dates that a message names.
func (r Row) dateField() Field {
	l := r.t.Layout
	switch {
	case l.Has(From) && (r.t.timing.interval || !l.Has(Date)):
		return From
	case l.Has(Date):
		return Date
	case l.Has(Year):
		return Year
	}
	return FromTime
}

// moment reads a date column with the column of times beside it.
func (r Row) moment(t *timing, f Field, text string, clock Field) (end, error) {
	e := end{field: f}
	var err error
	if t.ranged[f] {
		if left, right, ok := splitRange(text, true, t.today); ok {
			text, e.until = left, right
		}
	}
	if e.Stamp, err = t.stamp(text, f); err != nil {
		if t.dayCount && f == Date {
			e.Stamp, err = dayCount(text)
		}
		if err != nil {
			return e, &fieldError{string(f), err.Error()}
		}
	}
	if e.Clock && e.HasDate() && t.dateOnly[f] {
		e.Stamp = t.dayOf(e.Stamp, f)
	}
	if !e.HasDate() { // a time of day alone: the date stands in its own column
		d := r.Get(Date)
		if d == "" || f == Date {
			return e, &fieldError{string(f), "a clock time without a date"}
		}
		day, err := t.stamp(d, Date)
		if err != nil || !day.HasDate() {
			return e, &fieldError{string(Date), cmpErr(err, errDate).Error()}
		}
		if t.dateOnly[Date] && day.Clock {
			day = t.dayOf(day, Date)
		}
		e.Year, e.Month, e.Day = day.Year, day.Month, day.Day
		return e, nil
	}
	if e.Clock || e.monthOnly {
		return e, nil
	}
	if err := r.clock(t, &e, clock); err != nil {
		return e, err
	}
	return e, nil
}

// stamp reads a value of a column of dates.
func (t *timing) stamp(text string, f Field) (Stamp, error) {
	if t.serial[f] {
		if s, ok := sheetStamp(text); ok {
			return s, nil
		}
	}
	return t.parse(text)
}

// dayOf takes the time of day from a stamp that is a date alone.
func (t *timing) dayOf(s Stamp, f Field) Stamp {
	if s.Fixed && t.local[f] {
		at, _ := s.Time(t.zone, false)
		return Stamp{Year: at.Year(), Month: at.Month(), Day: at.Day()}
	}
	if s.Fixed && s.Seconds != 0 {
		at := s.wall().Add(-s.Offset)
		return Stamp{Year: at.Year(), Month: at.Month(), Day: at.Day()}
	}
	if at := s.wall().In(t.zone); !s.Fixed && s.Seconds != 0 && at.Hour() == 0 && at.Minute() == 0 {
		return Stamp{Year: at.Year(), Month: at.Month(), Day: at.Day()}
	}
	if s.Seconds >= 12*3600 { // a midnight that another zone shows as the evening before
		s.Seconds = 0
		return s.next()
	}
	return s.withoutClock()
}

// clock adds the time of day of its own column, or the hour, to a date.
func (r Row) clock(t *timing, e *end, f Field) error {
	text := r.Get(f)
	if text == "" && f == FromTime {
		return r.hour(e)
	}
	if text == "" {
		return nil
	}
	if t.ranged[f] {
		if left, right, ok := splitRange(text, false, t.today); ok {
			text, e.until = left, right
		}
	}
	if err := t.readTime(text, f, e); err != nil {
		return &fieldError{string(f), err.Error()}
	}
	return nil
}

// readTime reads a value of a column of times.
func (t *timing) readTime(text string, f Field, e *end) error {
	if t.serial[f] {
		if seconds, ok := dayFraction(text); ok {
			e.Seconds, e.Clock = seconds, true
			return nil
		}
	}
	if n := digits(text); n > 0 && (n == len(text) || strings.Trim(text[n:], "0") == ".") && n <= 4 {
		if t.hourly[f] {
			h := atoi(text[:n])
			if h > 24 {
				return errNoClock
			}
			e.Seconds, e.Clock, e.hour = h*3600, true, h < 24
			return nil
		}
		dotted := n < 3 && text[n:] == ".00" // 18.00 beside 1830 is a clock, 915.0 a number
		if (t.asNumber[f] || n == 4) && !dotted {
			seconds, err := hhmm(text)
			if err != nil {
				return err
			}
			e.Seconds, e.Clock = seconds, true
			return nil
		}
	}
	clock := e.Stamp
	if err := clock.readClock(text); err != nil {
		c, wordy := t.parse(text) // a date and a time again, of which the time counts
		if wordy != nil || !c.Clock {
			if err == errNoClock {
				return err
			}
			return errClock
		}
		clock.Seconds, clock.Nano, clock.Clock = c.Seconds, c.Nano, true
	}
	e.Stamp = clock
	return nil
}

// hour adds the hour and the minute of columns of their own.
func (r Row) hour(e *end) error {
	text := r.Get(Hour)
	if text == "" {
		return nil
	}
	v, ok := parseNumber(text)
	if !ok || v != float64(int(v)) || v < 0 || v > 24 {
		return &fieldError{string(Hour), errNoClock.Error()}
	}
	e.Seconds, e.Clock, e.hour = int(v)*3600, true, v < 24
	if m, ok := parseNumber(r.Get(Minute)); ok {
		if m != float64(int(m)) || m < 0 || m > 59 || v == 24 && m > 0 {
			return &fieldError{string(Minute), errNoClock.Error()}
		}
		e.Seconds, e.hour = e.Seconds+int(m)*60, false
	}
	return nil
}

// pieces reads a date whose year, month and day stand in columns of their own.
func (r Row) pieces(t *timing) (end, bool, error) {
	year, month, day := r.Get(Year), r.Get(Month), r.Get(Day)
	if year == "" && month == "" && day == "" {
		return end{}, false, nil
	}
	e := end{field: Year}
	y, okY := parseNumber(year)
	d, okD := parseNumber(day)
	m, okM := parseNumber(month)
	if !okM {
		var name time.Month
		var rest string
		name, rest, okM = monthName(month)
		m, okM = float64(name), okM && rest == ""
	}
	switch {
	case !okY || y != float64(int(y)) || !plausibleYear(int(y)):
		return e, true, &fieldError{string(Year), errDate.Error()}
	case !okM || m != float64(int(m)):
		return e, true, &fieldError{string(Month), errDate.Error()}
	case !okD || d != float64(int(d)):
		return e, true, &fieldError{string(Day), errDate.Error()}
	}
	e.Year, e.Month, e.Day = int(y), time.Month(int(m)), int(d)
	if err := e.check(); err != nil {
		return e, true, &fieldError{string(Day), err.Error()}
	}
	return e, true, r.clock(t, &e, FromTime)
}

// finish reads the end. An end without a date is on the day of the start, or the
// day after when it would be before it.
func (r Row) finish(t *timing, from end) (end, bool, error) {
	l := r.t.Layout
	if from.until == "" && (!l.Has(To) && !l.Has(ToTime) || !t.interval && l.Has(Date) && r.Get(Date) != "" && from.field == Date && l.Has(From)) {
		return end{}, false, nil
	}
	e := end{field: To}
	if from.until != "" {
		var err error
		if e.Stamp, err = t.parse(from.until); err != nil {
			err = t.readTime(from.until, from.field, &e)
		}
		if err != nil {
			return e, false, &fieldError{string(from.field), err.Error()}
		}
		if e.HasDate() {
			return e, true, nil
		}
	} else if text := r.Get(To); text != "" {
		var err error
		if e.Stamp, err = t.stamp(text, To); err != nil {
			return e, false, &fieldError{string(To), err.Error()}
		}
		if e.Clock && e.HasDate() && t.dateOnly[To] {
			e.Stamp = t.dayOf(e.Stamp, To)
		}
		if e.HasDate() {
			if !e.Clock && !e.monthOnly {
				if err := r.clock(t, &e, ToTime); err != nil {
					return e, false, err
				}
			}
			return e, true, nil
		}
	} else if clock := r.Get(ToTime); clock != "" {
		if err := t.readTime(clock, ToTime, &e); err != nil {
			return e, false, &fieldError{string(ToTime), err.Error()}
		}
	} else {
		return e, false, nil
	}
	day := from
	if e.Seconds < from.Seconds && from.Clock {
		day.Stamp = from.next()
	}
	e.Year, e.Month, e.Day = day.Year, day.Month, day.Day
	return e, true, nil
}

// ReportedAt reads when the event was reported, zero where the row does not say: a
// date alone is its midnight.
func (r Row) ReportedAt() (time.Time, error) {
	t := &r.t.timing
	text := r.Get(Reported)
	if text == "" {
		return time.Time{}, nil
	}
	s, err := t.stamp(text, Reported)
	if err != nil || !s.HasDate() {
		return time.Time{}, &fieldError{string(Reported), cmpErr(err, errDate).Error()}
	}
	e := end{Stamp: s}
	if s.Clock && t.dateOnly[Reported] {
		e.Stamp = t.dayOf(s, Reported)
	}
	if !e.Clock {
		if err := r.clock(t, &e, ReportedTime); err != nil {
			return time.Time{}, err
		}
	}
	at, _ := e.Time(t.zone, false)
	return at, nil
}

// dayCount reads a count of days from 1970, for study data whose dates were replaced
// by one.
func dayCount(text string) (Stamp, error) {
	n := digits(text)
	if n < 1 || n > 6 || n != len(text) {
		return Stamp{}, errDate
	}
	at := time.Unix(int64(atoi(text))*24*60*60, 0).UTC()
	return Stamp{Year: at.Year(), Month: at.Month(), Day: at.Day()}, nil
}
