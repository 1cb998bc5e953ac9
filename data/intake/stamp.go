package intake

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"spreewatch/data"
	"spreewatch/data/intake/when"
)

// A stamp is a date with or without a clock time, as a table has it.
type stamp struct {
	at        time.Time // the instant, when there is a clock time
	day       when.Day
	minute    int    // of the wall clock
	second    int    // within the minute
	clockless bool   // a date alone
	dateless  bool   // a clock time alone
	fixed     bool   // the offset from UTC was written
	note      string // how a clock change was met
}

// parseStamp reads ISO 8601 (with or without clock time and offset), day-first
// numeric dates and dates with the name of the month. It refuses a date that no
// calendar has, one that only makes sense month first, and one without a year.
func parseStamp(s string, o *Options) (stamp, error) {
	s = strings.TrimSpace(s)
	st, rest, err := leadingDate(s, o)
	if err != nil {
		return stamp{}, err
	}
	if st.day.IsZero() && dayNumber(s) {
		return stamp{}, errors.New("it looks like the day number of a spreadsheet: format the column as a date and export it again")
	}
	if st.day.IsZero() {
		return wordyStamp(s, o)
	}
	if !st.day.Exists() {
		return stamp{}, impossible(st.day, s)
	}
	rest = strings.TrimLeft(strings.TrimSpace(rest), "Tt, ")
	if rest == "" {
		st.clockless = true
		return st, nil
	}
	if err := st.readClock(rest); err != nil {
		return stamp{}, err
	}
	if !st.fixed {
		st.place(o)
	}
	return st, nil
}

// dayNumber reports whether s is a date as spreadsheets store it, in days since
// the end of 1899: five digits, 1927 to 2173, and a fraction for the time of day.
func dayNumber(s string) bool {
	if when.Digits(s) != 5 {
		return false
	}
	rest := s[5:]
	return rest == "" || len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') && when.Digits(rest[1:]) == len(rest)-1
}

// impossible says why a numeric date is none.
func impossible(d when.Day, s string) error {
	if d.Month > 12 && d.Dom >= 1 && d.Dom <= 12 && !iso(s) {
		return errors.New("dates are read day first and no month has this number: write it as 2015-09-16")
	}
	return when.ErrCalendar
}

func iso(s string) bool { return when.Digits(s) == 4 }

// place puts the wall-clock time of a stamp in the zone.
func (st *stamp) place(o *Options) {
	wall := st.day.UTC().Add(time.Duration(st.minute)*time.Minute + time.Duration(st.second)*time.Second)
	st.at, st.note = when.WallClock(wall, false, o.Zone)
}

// leadingDate reads a numeric date at the start of s; the day is zero when there
// is none.
func leadingDate(s string, o *Options) (stamp, string, error) {
	a := when.Digits(s)
	if a == 8 && (len(s) == 8 || s[8] == 'T' || s[8] == ' ') {
		return stamp{day: when.Day{Year: when.Atoi(s[:4]), Month: time.Month(when.Atoi(s[4:6])), Dom: when.Atoi(s[6:8])}}, s[8:], nil
	}
	if a == 0 || a > 4 || a == 3 || a >= len(s) || !strings.ContainsRune("-/.", rune(s[a])) {
		return stamp{}, s, nil
	}
	sep := s[a]
	b := when.Digits(s[a+1:])
	if b == 0 || b > 2 || a+1+b >= len(s) || s[a+1+b] != sep {
		return stamp{}, s, nil
	}
	rest := s[a+b+2:]
	c := when.Digits(rest)
	if c == 0 || c > 4 || c == 3 {
		return stamp{}, s, nil
	}
	x, y, z := when.Atoi(s[:a]), when.Atoi(s[a+1:a+1+b]), when.Atoi(rest[:c])
	switch {
	case a == 4 && c <= 2:
		return stamp{day: when.Day{Year: x, Month: time.Month(y), Dom: z}}, rest[c:], nil
	case a <= 2 && c == 4:
		return stamp{day: when.Day{Year: z, Month: time.Month(y), Dom: x}}, rest[c:], nil
	case a <= 2 && c == 2:
		year := 2000 + z
		if year > o.Today.Year()+1 {
			year -= 100
		}
		return stamp{day: when.Day{Year: year, Month: time.Month(y), Dom: x}}, rest[c:], nil
	}
	return stamp{}, s, nil
}

var errClock = errors.New("the clock time cannot be read")

// readClock reads "10:05", "10:05:30.5", "10.05 pm", "1005", with an offset.
func (st *stamp) readClock(s string) error {
	n := when.Digits(s)
	if n == 0 || n > 4 || n == 3 {
		return errClock
	}
	h, m := when.Atoi(s[:n]), 0
	rest := s[n:]
	switch {
	case n == 4:
		h, m = h/100, h%100
	case len(rest) > 2 && (rest[0] == ':' || rest[0] == '.') && when.Digits(rest[1:]) == 2:
		m = when.Atoi(rest[1:3])
		rest = rest[3:]
		if len(rest) > 2 && rest[0] == ':' && when.Digits(rest[1:]) == 2 {
			st.second = when.Atoi(rest[1:3])
			rest = rest[3:]
			if len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') && when.Digits(rest[1:]) > 0 {
				rest = rest[1+when.Digits(rest[1:]):]
			}
		}
	default:
		low := strings.ToLower(strings.TrimSpace(rest))
		if !strings.HasPrefix(low, "am") && !strings.HasPrefix(low, "pm") && !strings.HasPrefix(low, "a.m") && !strings.HasPrefix(low, "p.m") {
			return errClock
		}
	}
	rest = strings.TrimSpace(rest)
	low := strings.ToLower(strings.ReplaceAll(rest, ".", ""))
	if strings.HasPrefix(low, "am") || strings.HasPrefix(low, "pm") {
		if h < 1 || h > 12 {
			return errClock
		}
		h %= 12
		if low[0] == 'p' {
			h += 12
		}
		low = strings.TrimSpace(low[2:])
		rest = low
	}
	if strings.HasPrefix(low, "hrs") {
		low = strings.TrimSpace(low[3:])
		rest = low
	}
	if h > 24 || m > 59 || st.second > 59 || h == 24 && m+st.second > 0 {
		return errors.New("no clock shows this time")
	}
	st.minute = h*60 + m
	if rest == "" || strings.EqualFold(rest, "local") {
		return nil
	}
	offset, ok := parseOffset(rest)
	if !ok || st.day.IsZero() {
		return errClock
	}
	st.fixed = true
	st.at = st.day.UTC().Add(time.Duration(st.minute)*time.Minute + time.Duration(st.second)*time.Second - offset)
	return nil
}

func parseOffset(s string) (time.Duration, bool) {
	switch strings.ToUpper(s) {
	case "Z", "UTC", "GMT":
		return 0, true
	case "BST":
		return time.Hour, true
	}
	if len(s) < 3 || s[0] != '+' && s[0] != '-' || when.Digits(s[1:]) < 2 {
		return 0, false
	}
	h, m := when.Atoi(s[1:3]), 0
	rest := strings.TrimPrefix(s[3:], ":")
	if rest != "" {
		if len(rest) != 2 || when.Digits(rest) != 2 {
			return 0, false
		}
		m = when.Atoi(rest)
	}
	if h > 14 || m > 59 {
		return 0, false
	}
	d := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if s[0] == '-' {
		d = -d
	}
	return d, true
}

// wordyStamp reads a date with the name of its month, or a clock time alone.
func wordyStamp(s string, o *Options) (stamp, error) {
	if len(s) > 64 {
		return stamp{}, errors.New("not a date")
	}
	t := when.Tokenise(s, 0, len(s), 1)
	// 16-Sep-2015: the hyphens are no part of the words.
	if len(t) > 2 && t[0].Kind == when.Number && t[1].Is("-") {
		s = strings.ReplaceAll(s, "-", " ")
		t = when.Tokenise(s, 0, len(s), 1)
	}
	m, n := when.MomentAt(t, 0, true)
	if n == 0 || n < len(t) && !(n == len(t)-1 && t[n].Is(".")) {
		if m.Date != nil && m.Date.Full() && m.Date.Year == 0 && n+1 == len(t) && len(t[n].Text) == 2 && t[n].Kind == when.Number {
			m.Date.Year = 2000 + when.Atoi(t[n].Text) // 16-Sep-15
			if m.Date.Year > o.Today.Year()+1 {
				m.Date.Year -= 100
			}
		} else {
			return stamp{}, errors.New("not a date")
		}
	}
	st := stamp{clockless: m.Clock == nil}
	switch {
	case m.Part != nil:
		return stamp{}, errors.New("not a date")
	case m.Clock != nil:
		st.minute = m.Clock.Minute
		if m.Clock.Bare && !strings.Contains(s, ":") {
			return stamp{}, when.ErrHalf
		}
	}
	if m.Date == nil {
		if m.Clock == nil {
			return stamp{}, errors.New("not a date")
		}
		st.dateless = true
		return st, nil
	}
	if m.Date.Long() {
		return stamp{}, errors.New("not a date")
	}
	if !m.Date.Full() || m.Date.Year == 0 || m.Date.LastDom > 0 {
		return stamp{}, errors.New("the date has no year")
	}
	st.day = when.Day{Year: m.Date.Year, Month: m.Date.Month, Dom: m.Date.Dom}
	if !st.day.Exists() {
		return stamp{}, when.ErrCalendar
	}
	if !st.clockless {
		st.place(o)
	}
	return st, nil
}

// spanFrom reads the event interval of a row from its columns of dates and
// times. It returns the field at fault with an error.
func spanFrom(get cells, o *Options) (when.Interval, string, error) {
	from, field, err := combine(get, "from", "from_time", stamp{}, o)
	if err != nil {
		return when.Interval{}, field, err
	}
	to := stamp{}
	hasTo := get("to") != "" || get("to_time") != ""
	if hasTo {
		if to, field, err = combine(get, "to", "to_time", from, o); err != nil {
			return when.Interval{}, field, err
		}
	}
	iv := when.Interval{Rule: "the date is written in full", First: from.day}
	var note string
	iv.From = from.at
	if from.clockless {
		iv.From, note = from.day.OnClock(0, false, o.Zone)
	}
	switch {
	case !hasTo && from.clockless:
		iv.Precision = data.PrecisionDay
		iv.To, _ = from.day.OnClock(1440, true, o.Zone)
	case !hasTo:
		iv.Precision, iv.To = data.PrecisionExact, iv.From
	case to.clockless:
		iv.To, _ = to.day.OnClock(1440, true, o.Zone)
		iv.Precision = data.PrecisionWindow
		if from.clockless && from.day == to.day {
			iv.Precision = data.PrecisionDay
		}
	default:
		if !to.fixed { // an end in an hour that comes twice reaches to the second
			wall := to.day.UTC().Add(time.Duration(to.minute)*time.Minute + time.Duration(to.second)*time.Second)
			to.at, to.note = when.WallClock(wall, !iv.From.Equal(to.at), o.Zone)
		}
		iv.To = to.at
		iv.Precision = data.PrecisionWindow
		if iv.To.Equal(iv.From) {
			iv.Precision = data.PrecisionExact
		}
	}
	for _, n := range []string{from.note, to.note, note} {
		if n != "" && !strings.HasSuffix(iv.Rule, n) {
			iv.Rule += "; " + n
		}
	}
	iv.From, iv.To = iv.From.In(o.Zone), iv.To.In(o.Zone)
	if iv.To.Before(iv.From) {
		return when.Interval{}, "to", errors.New("the event ends before it starts")
	}
	return iv, "", nil
}

// combine reads one end of the interval: a date and time in one column, or a
// date in one and the time in another. An end without a date is on the day of
// start, or the day after when it would be before it.
func combine(get cells, dateField, timeField string, start stamp, o *Options) (stamp, string, error) {
	text, field := get(dateField), dateField
	st := stamp{dateless: true}
	var err error
	if text != "" {
		if st, err = parseStamp(text, o); err != nil {
			return stamp{}, field, err
		}
	}
	if text == "" && get("date") == "" && dateField == "from" {
		// A column named "time" that holds dates too.
		if st, err := parseStamp(get(timeField), o); err == nil && !st.dateless {
			return st, timeField, nil
		}
	}
	clock := st
	if (text == "" || st.clockless) && get(timeField) != "" {
		var c stamp
		if err := c.readClock(get(timeField)); err != nil {
			if c, err = wordyStamp(get(timeField), o); err != nil || !c.dateless {
				return stamp{}, timeField, fmt.Errorf("%w", errClock)
			}
		}
		clock = c
		st.minute, st.second, st.clockless = clock.minute, clock.second, false
		field = timeField
	}
	if !st.day.IsZero() {
		if !st.clockless && !st.fixed {
			st.place(o)
		}
		return st, field, nil
	}
	switch date := get("date"); {
	case dateField == "to" && !start.day.IsZero():
		st.day = start.day
		if st.minute < start.minute && !start.clockless {
			st.day = st.day.Add(1)
		}
	case date == "" && text == "":
		return stamp{}, dateField, errors.New("the row has no date")
	case date == "":
		return stamp{}, dateField, errors.New("a clock time without a date")
	default:
		d, err := parseStamp(date, o)
		if err != nil {
			return stamp{}, "date", err
		}
		if d.dateless {
			return stamp{}, "date", errors.New("not a date")
		}
		if text == "" && get(timeField) == "" {
			return d, "date", nil
		}
		st.day = d.day
	}
	st.dateless = false
	st.place(o)
	return st, field, nil
}
