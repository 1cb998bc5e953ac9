package intake

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"spreewatch/data"
)

// A stamp is a date with or without a clock time, as a table has it.
type stamp struct {
	at        time.Time // the instant, when there is a clock time
	day       day
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
	if st.day.isZero() {
		return wordyStamp(s, o)
	}
	if !st.day.exists() {
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

// impossible says why a numeric date is none.
func impossible(d day, s string) error {
	if d.month > 12 && d.dom >= 1 && d.dom <= 12 && !iso(s) {
		return errors.New("dates are read day first and no month has this number: write it as 2015-09-16")
	}
	return errCalendar
}

func iso(s string) bool { return digits(s) == 4 }

// place puts the wall-clock time of a stamp in the zone.
func (st *stamp) place(o *Options) {
	wall := st.day.utc().Add(time.Duration(st.minute)*time.Minute + time.Duration(st.second)*time.Second)
	st.at, st.note = wallClock(wall, false, o.Zone)
}

// leadingDate reads a numeric date at the start of s; the day is zero when there
// is none.
func leadingDate(s string, o *Options) (stamp, string, error) {
	a := digits(s)
	if a == 8 && (len(s) == 8 || s[8] == 'T' || s[8] == ' ') {
		return stamp{day: day{atoi(s[:4]), time.Month(atoi(s[4:6])), atoi(s[6:8])}}, s[8:], nil
	}
	if a == 0 || a > 4 || a == 3 || a >= len(s) || !strings.ContainsRune("-/.", rune(s[a])) {
		return stamp{}, s, nil
	}
	sep := s[a]
	b := digits(s[a+1:])
	if b == 0 || b > 2 || a+1+b >= len(s) || s[a+1+b] != sep {
		return stamp{}, s, nil
	}
	rest := s[a+b+2:]
	c := digits(rest)
	if c == 0 || c > 4 || c == 3 {
		return stamp{}, s, nil
	}
	x, y, z := atoi(s[:a]), atoi(s[a+1:a+1+b]), atoi(rest[:c])
	switch {
	case a == 4 && c <= 2:
		return stamp{day: day{x, time.Month(y), z}}, rest[c:], nil
	case a <= 2 && c == 4:
		return stamp{day: day{z, time.Month(y), x}}, rest[c:], nil
	case a <= 2 && c == 2:
		year := 2000 + z
		if year > o.Today.Year()+1 {
			year -= 100
		}
		return stamp{day: day{year, time.Month(y), x}}, rest[c:], nil
	}
	return stamp{}, s, nil
}

var errClock = errors.New("the clock time cannot be read")

// readClock reads "10:05", "10:05:30.5", "10.05 pm", "1005", with an offset.
func (st *stamp) readClock(s string) error {
	n := digits(s)
	if n == 0 || n > 4 || n == 3 {
		return errClock
	}
	h, m := atoi(s[:n]), 0
	rest := s[n:]
	switch {
	case n == 4:
		h, m = h/100, h%100
	case len(rest) > 2 && (rest[0] == ':' || rest[0] == '.') && digits(rest[1:]) == 2:
		m = atoi(rest[1:3])
		rest = rest[3:]
		if len(rest) > 2 && rest[0] == ':' && digits(rest[1:]) == 2 {
			st.second = atoi(rest[1:3])
			rest = rest[3:]
			if len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') && digits(rest[1:]) > 0 {
				rest = rest[1+digits(rest[1:]):]
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
	if !ok || st.day.isZero() {
		return errClock
	}
	st.fixed = true
	st.at = st.day.utc().Add(time.Duration(st.minute)*time.Minute + time.Duration(st.second)*time.Second - offset)
	return nil
}

func parseOffset(s string) (time.Duration, bool) {
	switch strings.ToUpper(s) {
	case "Z", "UTC", "GMT":
		return 0, true
	case "BST":
		return time.Hour, true
	}
	if len(s) < 3 || s[0] != '+' && s[0] != '-' || digits(s[1:]) < 2 {
		return 0, false
	}
	h, m := atoi(s[1:3]), 0
	rest := strings.TrimPrefix(s[3:], ":")
	if rest != "" {
		if len(rest) != 2 || digits(rest) != 2 {
			return 0, false
		}
		m = atoi(rest)
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
	t := tokenise(s, 0, len(s), 1)
	// 16-Sep-2015: the hyphens are no part of the words.
	if len(t) > 2 && t[0].kind == number && t[1].is("-") {
		s = strings.ReplaceAll(s, "-", " ")
		t = tokenise(s, 0, len(s), 1)
	}
	m, n := momentAt(t, 0, true)
	if n == 0 || n < len(t) && !(n == len(t)-1 && t[n].is(".")) {
		if m.date != nil && m.date.full() && m.date.year == 0 && n+1 == len(t) && len(t[n].text) == 2 && t[n].kind == number {
			m.date.year = 2000 + atoi(t[n].text) // 16-Sep-15
			if m.date.year > o.Today.Year()+1 {
				m.date.year -= 100
			}
		} else {
			return stamp{}, errors.New("not a date")
		}
	}
	st := stamp{clockless: m.clock == nil}
	switch {
	case m.part != nil:
		return stamp{}, errors.New("not a date")
	case m.clock != nil:
		st.minute = m.clock.minute
		if m.clock.bare && !strings.Contains(s, ":") {
			return stamp{}, errHalf
		}
	}
	if m.date == nil {
		if m.clock == nil {
			return stamp{}, errors.New("not a date")
		}
		st.dateless = true
		return st, nil
	}
	if !m.date.full() || m.date.year == 0 || m.date.lastDom > 0 {
		return stamp{}, errors.New("the date has no year")
	}
	st.day = day{m.date.year, m.date.month, m.date.dom}
	if !st.day.exists() {
		return stamp{}, errCalendar
	}
	if !st.clockless {
		st.place(o)
	}
	return st, nil
}

// spanFrom reads the event interval of a row from its columns of dates and
// times. It returns the field at fault with an error.
func spanFrom(get cells, o *Options) (interval, string, error) {
	from, field, err := combine(get, "from", "from_time", stamp{}, o)
	if err != nil {
		return interval{}, field, err
	}
	to := stamp{}
	hasTo := get("to") != "" || get("to_time") != ""
	if hasTo {
		if to, field, err = combine(get, "to", "to_time", from, o); err != nil {
			return interval{}, field, err
		}
	}
	iv := interval{rule: "the date is written in full", first: from.day}
	var note string
	iv.from = from.at
	if from.clockless {
		iv.from, note = from.day.onClock(0, false, o.Zone)
	}
	switch {
	case !hasTo && from.clockless:
		iv.precision = data.PrecisionDay
		iv.to, _ = from.day.onClock(1440, true, o.Zone)
	case !hasTo:
		iv.precision, iv.to = data.PrecisionExact, iv.from
	case to.clockless:
		iv.to, _ = to.day.onClock(1440, true, o.Zone)
		iv.precision = data.PrecisionWindow
		if from.clockless && from.day == to.day {
			iv.precision = data.PrecisionDay
		}
	default:
		if !to.fixed { // an end in an hour that comes twice reaches to the second
			wall := to.day.utc().Add(time.Duration(to.minute)*time.Minute + time.Duration(to.second)*time.Second)
			to.at, to.note = wallClock(wall, !iv.from.Equal(to.at), o.Zone)
		}
		iv.to = to.at
		iv.precision = data.PrecisionWindow
		if iv.to.Equal(iv.from) {
			iv.precision = data.PrecisionExact
		}
	}
	for _, n := range []string{from.note, to.note, note} {
		if n != "" && !strings.HasSuffix(iv.rule, n) {
			iv.rule += "; " + n
		}
	}
	iv.from, iv.to = iv.from.In(o.Zone), iv.to.In(o.Zone)
	if iv.to.Before(iv.from) {
		return interval{}, "to", errors.New("the event ends before it starts")
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
	if !st.day.isZero() {
		if !st.clockless && !st.fixed {
			st.place(o)
		}
		return st, field, nil
	}
	switch date := get("date"); {
	case dateField == "to" && !start.day.isZero():
		st.day = start.day
		if st.minute < start.minute && !start.clockless {
			st.day = st.day.add(1)
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
