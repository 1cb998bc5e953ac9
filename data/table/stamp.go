package table

import (
	"errors"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// An Order says which comes first in a numeric date that does not begin with its
// year.
type Order string

// The orders of day and month.
const (
	OrderAuto  Order = ""    // by the file; the default where nothing tells
	DayFirst   Order = "dmy" // 31/12/2016
	MonthFirst Order = "mdy" // 12/31/2016
)

// ParseOrder reads "auto", "dmy" or "mdy"; "" is auto.
func ParseOrder(s string) (Order, error) {
	switch o := Order(s); o {
	case OrderAuto, DayFirst, MonthFirst:
		return o, nil
	case "auto":
		return OrderAuto, nil
	}
	return "", errors.New("a date order is auto, dmy or mdy")
}

// The reasons for which a date or a time of day cannot be read.
var (
	errDate      = errors.New("not a date")
	errCalendar  = errors.New("the calendar has no such day")
	errNoYear    = errors.New("the date has no year")
	errClock     = errors.New("the clock time cannot be read")
	errNoClock   = errors.New("no clock shows this time")
	errDayNumber = errors.New("it looks like the day number of a spreadsheet: format the column as a date and export it again")
	errDayFirst  = errors.New("dates are read day first and no month has this number: write it as 2015-09-16")
	errMonFirst  = errors.New("dates are read month first and no month has this number: write it as 2015-09-16")
)

// A Stamp is a date with or without a time of day, as written.
type Stamp struct {
	Year      int
	Month     time.Month
	Day       int // 0: a time of day alone, or a whole month
	Seconds   int // of the day, up to 24:00
	Nano      int
	Clock     bool          // there is a time of day
	Fixed     bool          // the offset from UTC was written
	Offset    time.Duration // east of UTC, where it was written
	monthOnly bool          // "2024-03": all of that month
}

// HasDate reports whether there is a date, or a month at the least.
func (s Stamp) HasDate() bool { return s.Year != 0 }

// onFirstDay reports whether the date is the one from which a spreadsheet, a database or
// a program counts, which they write before a time of day that has none.
func (s Stamp) onFirstDay() bool {
	day := [3]int{s.Year, int(s.Month), s.Day}
	return day == [3]int{1899, 12, 30} || day == [3]int{1899, 12, 31} || day == [3]int{1900, 1, 1} || day == [3]int{1970, 1, 1}
}

// wall is what a clock in its place shows, in UTC.
func (s Stamp) wall() time.Time {
	return time.Date(s.Year, s.Month, max(s.Day, 1), 0, 0, s.Seconds, s.Nano, time.UTC)
}

// Time returns the instant in zone and how a clock change was met. Of an hour that
// comes twice it takes the second with late.
func (s Stamp) Time(zone *time.Location, late bool) (time.Time, string) {
	if s.Fixed {
		return s.wall().Add(-s.Offset).In(zone), ""
	}
	return WallClock(s.wall(), late, zone)
}

// next returns the midnight after a date alone, after the month of a month alone.
func (s Stamp) next() Stamp {
	at := time.Date(s.Year, s.Month, s.Day+1, 0, 0, 0, 0, time.UTC)
	if s.monthOnly {
		at = time.Date(s.Year, s.Month+1, 1, 0, 0, 0, 0, time.UTC)
	}
	return Stamp{Year: at.Year(), Month: at.Month(), Day: at.Day()}
}

// withoutClock keeps the date.
func (s Stamp) withoutClock() Stamp {
	return Stamp{Year: s.Year, Month: s.Month, Day: s.Day, monthOnly: s.monthOnly}
}

// A stampReader reads the stamps of one file.
type stampReader struct {
	order Order // DayFirst where it is auto
	year  int   // the newest that two digits can mean
}

// newStampReader takes years of two digits as not later than the one after today;
// where today is not known, as 1969 to 2068.
func newStampReader(order Order, today time.Time) stampReader {
	if today.IsZero() {
		return stampReader{order, 2068}
	}
	return stampReader{order, today.Year() + 1}
}

// ParseStamp reads a date, with or without a time of day, or a time of day alone:
// ISO 8601, numeric dates in the order given, dates with the name of the month, with
// offsets or without. It refuses a day that no calendar has and a date without a
// year. Years of two digits run to the one after today.
func ParseStamp(text string, order Order, today time.Time) (Stamp, error) {
	return newStampReader(order, today).parse(text)
}

func (p stampReader) parse(text string) (Stamp, error) {
	if s, ok := isoMinute(text); ok {
		return s, nil
	}
	return p.any(text)
}

// any reads a stamp of any form.
func (p stampReader) any(text string) (Stamp, error) {
	text = strings.TrimSpace(text)
	if len(text) > 64 || text == "" {
		return Stamp{}, errDate
	}
	text, _, _ = dateFirst(text)
	s, rest, err := p.date(text)
	if err != nil {
		return Stamp{}, err
	}
	if !s.HasDate() {
		if dayNumber(text) {
			return Stamp{}, errDayNumber
		}
		if s, ok := epoch(text); ok {
			return s, nil
		}
		if err := s.readClock(text); err == nil {
			// four digits may be a year
			if n := digits(text); n != len(text) {
				return s, nil
			}
			return Stamp{}, errDate
		} else if err == errNoClock && strings.ContainsAny(text, ":hH") {
			return Stamp{}, err
		}
		return Stamp{}, errDate
	}
	if err := s.check(); err != nil {
		return Stamp{}, p.impossible(s, text, err)
	}
	rest = strings.TrimSpace(strings.TrimLeft(rest, "Tt,;\u00a0 "))
	if after, ok := cutPrefixFold(rest, "at "); ok {
		rest = after
	}
	rest = strings.TrimLeft(strings.TrimPrefix(rest, "- "), "@ ")
	if rest == "" || rest == "." {
		return s, nil
	}
	if s.monthOnly {
		return Stamp{}, errDate
	}
	return s, s.readClock(rest)
}

// dateFirst takes from before a date what a stamp may have there: the apostrophe by
// which a spreadsheet forces text, and a day of the week, which it returns. A time of
// day before the date goes behind it. Blanks that do not break a line are blanks.
func dateFirst(text string) (_ string, day time.Weekday, told bool) {
	if strings.ContainsAny(text, "\u00a0\u202f") {
		text = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(text)
	}
	text = strings.TrimSpace(strings.TrimPrefix(text, "'"))
	if n := letters(text); n > 0 {
		day, told = parseWeekday(text[:n])
		return withoutWeekday(text), day, told
	}
	n := digits(text)
	if n == 0 || n > 4 || n == len(text) || strings.IndexByte(":.hHaApP ", text[n]) < 0 {
		return text, 0, false
	}
	for i := n; i < len(text); i++ {
		clock := strings.TrimRight(text[:i], ",")
		if text[i] != ' ' || !isClock(clock) {
			continue
		}
		rest := strings.TrimLeft(text[i:], "-,@ ")
		if after, ok := cutPrefixFold(rest, "on "); ok {
			rest = after
		}
		day, told = parseWeekday(rest[:letters(rest)])
		rest = withoutWeekday(rest)
		if s, after, err := (stampReader{year: 2068}).date(rest); err == nil && s.HasDate() && after == "" {
			return rest + " " + clock, day, told
		}
	}
	return text, 0, false
}

// isoMinute reads the form that most tables have, 2006-01-02 15:04 or with a T and
// seconds, where nothing in it is doubtful: parse reads it alike, and slower.
func isoMinute(s string) (Stamp, bool) {
	if len(s) != 16 && (len(s) != 19 || s[16] != ':') || s[4] != '-' || s[7] != '-' || s[10] != ' ' && s[10] != 'T' || s[13] != ':' {
		return Stamp{}, false
	}
	var n [6]int // year, month, day, hour, minute, second
	at := 0
	for i := range n {
		width := 2
		if i == 0 {
			width = 4
		}
		for end := min(at+width, len(s)); at < end; at++ {
			if s[at] < '0' || s[at] > '9' {
				return Stamp{}, false
			}
			n[i] = 10*n[i] + int(s[at]-'0')
		}
		at++ // the separator
	}
	st := Stamp{Year: n[0], Month: time.Month(n[1]), Day: n[2], Seconds: (n[3]*60+n[4])*60 + n[5], Clock: true}
	return st, plausibleYear(st.Year) && st.check() == nil && n[3] < 24 && n[4] < 60 && n[5] < 60
}

// check refuses a day that no calendar has.
func (s Stamp) check() error {
	if s.Month < 1 || s.Month > 12 || s.Day < 1 && !s.monthOnly || s.Day > 28 && s.Day > daysIn(s.Year, s.Month) {
		return errCalendar
	}
	return nil
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// impossible says why a numeric date is none.
func (p stampReader) impossible(s Stamp, text string, err error) error {
	swapped := Stamp{Year: s.Year, Month: time.Month(s.Day), Day: int(s.Month)}
	if s.Month > 12 && digits(text) < 4 && swapped.check() == nil {
		if p.order == MonthFirst {
			return errMonFirst
		}
		return errDayFirst
	}
	return err
}

// dayNumber reports whether s is a date as spreadsheets store it, in days since
// the end of 1899: five digits, 1927 to 2173, and a fraction for the time of day.
func dayNumber(s string) bool {
	if digits(s) != 5 {
		return false
	}
	rest := s[5:]
	return rest == "" || len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') && digits(rest[1:]) == len(rest)-1
}

// epoch reads thirteen digits as milliseconds since 1970, which web services write,
// and ten that begin with 1 as seconds: from 2001 to 2033.
func epoch(s string) (Stamp, bool) {
	if inner, ok := strings.CutPrefix(s, "/Date("); ok { // as services of .NET do
		s = inner[:digits(inner)]
	}
	seconds := len(s) == 10 && s[0] == '1'
	if len(s) != 13 && len(s) != 12 && !seconds || digits(s) != len(s) {
		return Stamp{}, false
	}
	ms := int64(0)
	for i := range len(s) {
		ms = ms*10 + int64(s[i]-'0')
	}
	if seconds {
		ms *= 1000
	}
	at := time.UnixMilli(ms).UTC()
	return Stamp{Year: at.Year(), Month: at.Month(), Day: at.Day(), Clock: true, Fixed: true,
		Seconds: at.Hour()*3600 + at.Minute()*60 + at.Second(), Nano: at.Nanosecond()}, true
}

// date reads the date at the start of s and returns what follows; the stamp has no
// date when there is none.
func (p stampReader) date(s string) (Stamp, string, error) {
	a := digits(s)
	if a == 0 {
		return p.monthDay(s)
	}
	if (a == 8 || a == 14 || a == 12) && plausibleYear(atoi(s[:4])) && atoi(s[4:6]) >= 1 && atoi(s[4:6]) <= 12 && (a == 8 || atoi(s[6:8]) <= 31) {
		st := Stamp{Year: atoi(s[:4]), Month: time.Month(atoi(s[4:6])), Day: atoi(s[6:8])}
		return st, s[8:], nil
	}
	if a > 4 || a == 3 {
		return Stamp{}, s, nil
	}
	if a == 8 {
		return Stamp{}, s, nil
	}
	if a == len(s) {
		return Stamp{}, s, nil
	}
	sep, size := utf8.DecodeRuneInString(s[a:])
	rest := s[a+size:]
	if sep == 'e' && strings.HasPrefix(rest, "r ") { // 1er mai
		sep, rest = ' ', rest[2:]
	}
	if ordinal := s[a:]; len(ordinal) > 2 && !unicode.IsDigit(rune(ordinal[0])) && isOrdinal(ordinal[:2]) {
		sep, rest = ' ', strings.TrimLeft(ordinal[2:], " ")
	}
	if unicode.IsLetter(sep) && a <= 2 { // 16Sep2015
		if _, _, ok := monthName(s[a:]); ok {
			sep, rest = ' ', s[a:]
		}
	}
	if sep == '.' && strings.HasPrefix(rest, " ") { // 5. Mai 2016
		rest = strings.TrimLeft(rest, " ")
	}
	if !strings.ContainsRune("-/. ,年", sep) {
		return Stamp{}, s, nil
	}
	if month, after, ok := monthName(strings.TrimPrefix(strings.TrimLeft(rest, " "), "of ")); ok {
		return p.dayMonth(a, atoi(s[:a]), month, after)
	}
	b := digits(rest)
	if b == 0 || b > 2 || sep == ' ' || sep == ',' {
		return Stamp{}, s, nil
	}
	y := atoi(rest[:b])
	if b == len(rest) || rune(rest[b]) != sep {
		if a == 4 && (b == len(rest)) && (sep == '-' || sep == '/') && b == 2 && plausibleYear(atoi(s[:a])) {
			return Stamp{Year: atoi(s[:a]), Month: time.Month(y), monthOnly: true}, "", nil
		}
		return Stamp{}, s, nil
	}
	rest = strings.TrimLeft(rest[b+1:], " ")
	c := digits(rest)
	x, z := atoi(s[:a]), atoi(rest[:c])
	switch {
	case a == 4 && c >= 1 && c <= 2:
		return Stamp{Year: x, Month: time.Month(y), Day: z}, rest[c:], nil
	case a <= 2 && c == 4:
	case a <= 2 && c == 2:
		z = p.century(z)
	default:
		return Stamp{}, s, nil
	}
	if z == 0 {
		return Stamp{}, s, nil
	}
	if p.order == MonthFirst {
		x, y = y, x
	}
	return Stamp{Year: z, Month: time.Month(y), Day: x}, rest[c:], nil
}

func isOrdinal(s string) bool {
	s = strings.ToLower(s)
	return s == "st" || s == "nd" || s == "rd" || s == "th"
}

func plausibleYear(y int) bool { return y >= 1800 && y < 3000 }

func (p stampReader) century(y int) int {
	y += 2000
	if y > p.year {
		y -= 100
	}
	return y
}

// dayMonth reads the year behind "16-Sep" or the day behind "2015-Sep".
func (p stampReader) dayMonth(n, first int, month time.Month, after string) (Stamp, string, error) {
	rest := strings.TrimLeft(after, "-/., ")
	k := digits(rest)
	switch {
	case n == 4 && k >= 1 && k <= 2:
		return Stamp{Year: first, Month: month, Day: atoi(rest[:k])}, rest[k:], nil
	case n <= 2 && k == 4 && plausibleYear(atoi(rest[:4])):
		return Stamp{Year: atoi(rest[:4]), Month: month, Day: first}, rest[k:], nil
	case n <= 2 && k == 2 && !strings.HasPrefix(rest[2:], ":"):
		return Stamp{Year: p.century(atoi(rest[:2])), Month: month, Day: first}, rest[k:], nil
	case n <= 2:
		return Stamp{}, "", errNoYear
	}
	return Stamp{}, "", errDate
}

// monthDay reads "September 16, 2015".
func (p stampReader) monthDay(s string) (Stamp, string, error) {
	month, rest, ok := monthName(s)
	if !ok {
		return Stamp{}, s, nil
	}
	rest = strings.TrimLeft(rest, "-. ")
	k := digits(rest)
	switch {
	case k == 4 && plausibleYear(atoi(rest[:4])) && strings.TrimSpace(rest[4:]) == "":
		return Stamp{Year: atoi(rest[:4]), Month: month, monthOnly: true}, "", nil
	case k < 1 || k > 2:
		return Stamp{}, s, nil
	}
	day := atoi(rest[:k])
	rest = rest[k:]
	if len(rest) >= 2 && isOrdinal(rest[:2]) {
		rest = rest[2:]
	}
	rest = strings.TrimLeft(rest, "-,. ")
	if k = digits(rest); k != 4 {
		if k == 2 && !strings.HasPrefix(rest[2:], ":") {
			return Stamp{Year: p.century(atoi(rest[:2])), Month: month, Day: day}, rest[k:], nil
		}
		return Stamp{}, "", errNoYear
	}
	return Stamp{Year: atoi(rest[:4]), Month: month, Day: day}, rest[k:], nil
}

// months are the names of the months in English, French, German, Dutch, Spanish,
// Italian and Portuguese, whole or cut short, in lower case; a longer word that begins with one of four letters or more
// is none.
var months = map[string]time.Month{
	"january": 1, "jan": 1, "janvier": 1, "janv": 1, "januar": 1, "jän": 1, "jänner": 1,
	"february": 2, "feb": 2, "février": 2, "fevrier": 2, "févr": 2, "fév": 2, "februar": 2,
	"march": 3, "mar": 3, "mars": 3, "märz": 3, "maerz": 3, "mär": 3, "mrz": 3,
	"april": 4, "apr": 4, "avril": 4, "avr": 4,
	"may": 5, "mai": 5,
	"june": 6, "jun": 6, "juin": 6, "juni": 6,
	"july": 7, "jul": 7, "juillet": 7, "juil": 7, "juli": 7,
	"august": 8, "aug": 8, "août": 8, "aout": 8,
	"september": 9, "sep": 9, "sept": 9, "septembre": 9,
	"october": 10, "oct": 10, "octobre": 10, "oktober": 10, "okt": 10,
	"november": 11, "nov": 11, "novembre": 11,
	"december": 12, "dec": 12, "décembre": 12, "déc": 12, "dezember": 12, "dez": 12,
	"januari": 1, "februari": 2, "maart": 3, "mrt": 3, "mei": 5, "augustus": 8,
	"enero": 1, "ene": 1, "febrero": 2, "marzo": 3, "abril": 4, "abr": 4, "mayo": 5, "junio": 6, "julio": 7, "agosto": 8, "ago": 8, "septiembre": 9, "octubre": 10, "noviembre": 11, "diciembre": 12, "dic": 12,
	"gennaio": 1, "febbraio": 2, "aprile": 4, "maggio": 5, "giugno": 6, "giu": 6, "luglio": 7, "lug": 7, "settembre": 9, "ottobre": 10, "ott": 10, "dicembre": 12,
	"janeiro": 1, "fevereiro": 2, "fev": 2, "março": 3, "maio": 5, "junho": 6, "julho": 7, "setembro": 9, "outubro": 10, "novembro": 11, "dezembro": 12,
}

// monthName reads the name of a month at the start of s.
func monthName(s string) (time.Month, string, bool) {
	n := letters(s)
	if n < 3 || n > 12 {
		return 0, s, false
	}
	m, ok := months[strings.ToLower(s[:n])]
	return m, strings.TrimPrefix(s[n:], "."), ok
}

// weekdays are the names of the days, as months are.
var weekdays = map[string]time.Weekday{
	"monday": 1, "mon": 1, "lundi": 1, "lun": 1, "montag": 1,
	"tuesday": 2, "tue": 2, "tues": 2, "mardi": 2, "dienstag": 2,
	"wednesday": 3, "wed": 3, "weds": 3, "mercredi": 3, "mittwoch": 3,
	"thursday": 4, "thu": 4, "thur": 4, "thurs": 4, "jeudi": 4, "donnerstag": 4,
	"friday": 5, "fri": 5, "vendredi": 5, "freitag": 5,
	"saturday": 6, "sat": 6, "samedi": 6, "samstag": 6,
	"sunday": 0, "sun": 0, "dimanche": 0, "sonntag": 0,
}

func parseWeekday(s string) (time.Weekday, bool) {
	d, ok := weekdays[strings.ToLower(strings.TrimSuffix(strings.TrimSpace(s), "."))]
	return d, ok
}

// withoutWeekday drops "Wed, " before a date.
func withoutWeekday(s string) string {
	n := letters(s)
	if n == 0 || n == len(s) {
		return s
	}
	if _, ok := weekdays[strings.ToLower(s[:n])]; !ok {
		return s
	}
	return strings.TrimLeft(s[n:], "., ")
}

// readClock reads "10:05", "10:05:30.5", "10.05 pm", "1005", "22h30", "10am",
// "1730hrs", 24:00, "12 noon", and behind a date an offset from UTC.
func (s *Stamp) readClock(text string) error {
	n := digits(text)
	if n == 0 || n == 2 { // words for 12:00, which is midday by them alone
		switch strings.ToLower(strings.TrimSpace(text)) {
		case "noon", "midday", "12 noon", "12noon", "12 midday":
			s.Seconds, s.Clock = 12*3600, true
			return nil
		}
	}
	if n == 6 && (len(text) == 6 || strings.IndexByte(" Z+-", text[6]) >= 0) { // 20150916T100530
		text = text[:2] + ":" + text[2:4] + ":" + text[4:]
		n = 2
	}
	if n == 0 || n > 4 || n == 3 {
		return errClock
	}
	h, m, sec := atoi(text[:n]), 0, 0
	rest := text[n:]
	switch {
	case n == 4:
		h, m = h/100, h%100
	case len(rest) > 2 && (rest[0] == ':' || rest[0] == '.' || rest[0]|0x20 == 'h') && digits(rest[1:]) == 2:
		m = atoi(rest[1:3])
		rest = rest[3:]
		if len(rest) > 2 && (rest[0] == ':' || rest[0] == '.') && digits(rest[1:]) == 2 {
			sec = atoi(rest[1:3])
			rest = rest[3:]
			if k := 0; len(rest) > 1 && (rest[0] == '.' || rest[0] == ',') {
				if k = digits(rest[1:]); k > 0 {
					s.Nano = nanos(rest[1 : 1+k])
					rest = rest[1+k:]
				}
			}
		}
	default:
		low := strings.ToLower(strings.TrimSpace(rest))
		if low == "h" || low == "uhr" {
			rest = ""
		} else if !strings.HasPrefix(low, "am") && !strings.HasPrefix(low, "pm") && !strings.HasPrefix(low, "a.m") && !strings.HasPrefix(low, "p.m") {
			return errClock
		}
	}
	rest, err := s.halfOfDay(rest, &h)
	if err != nil {
		return err
	}
	if h > 24 || m > 59 || sec > 59 || h == 24 && m+sec+s.Nano > 0 {
		return errNoClock
	}
	s.Seconds, s.Clock = h*3600+m*60+sec, true
	switch strings.ToLower(rest) {
	case "", "local", "h", "hrs", "hrs.", "hours", "uhr":
		return nil
	}
	offset, ok := parseOffset(rest)
	if !ok || !s.HasDate() {
		return errClock
	}
	s.Fixed, s.Offset = true, offset
	return nil
}

// halfOfDay takes am and pm from what follows a clock.
func (s *Stamp) halfOfDay(rest string, h *int) (string, error) {
	rest = strings.TrimSpace(rest)
	low := strings.ToLower(strings.ReplaceAll(rest, ".", ""))
	if strings.HasPrefix(low, "am") || strings.HasPrefix(low, "pm") {
		if *h < 1 || *h > 12 {
			if low[0] == 'p' && *h > 12 && *h < 24 { // 14:30 PM says it twice
				return strings.TrimSpace(low[2:]), nil
			}
			return "", errClock
		}
		*h %= 12
		if low[0] == 'p' {
			*h += 12
		}
		return strings.TrimSpace(low[2:]), nil
	}
	if strings.HasPrefix(low, "hrs") {
		return strings.TrimSpace(low[3:]), nil
	}
	return rest, nil
}

func nanos(s string) int {
	v := 0
	for i := range 9 {
		v *= 10
		if i < len(s) {
			v += int(s[i] - '0')
		}
	}
	return v
}

// abbreviations are the offsets in hours of zone names that systems print.
var abbreviations = map[string]int{"Z": 0, "UTC": 0, "GMT": 0, "BST": 1, "CET": 1, "CEST": 2,
	"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}

func parseOffset(s string) (time.Duration, bool) {
	if h, ok := abbreviations[strings.ToUpper(s)]; ok {
		return time.Duration(h) * time.Hour, true
	}
	for _, lead := range []string{"UTC", "GMT"} {
		if rest, ok := cutPrefixFold(s, lead); ok {
			s = rest
		}
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
	if h > 18 || m > 59 {
		return 0, false
	}
	d := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if s[0] == '-' {
		d = -d
	}
	return d, true
}

// digits counts the digits at the start of s.
func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// letters counts the bytes of the letters at the start of s.
func letters(s string) int {
	for i, r := range s {
		if !unicode.IsLetter(r) {
			return i
		}
	}
	return len(s)
}

// atoi reads at most nine digits.
func atoi(s string) int {
	v := 0
	for i := range min(len(s), 9) {
		v = v*10 + int(s[i]-'0')
	}
	return v
}

// hhmm reads a time of day written as a number, "915" for 09:15 and "5" for 00:05.
func hhmm(text string) (seconds int, err error) {
	n := digits(text)
	if rest := text[n:]; rest != "" && strings.Trim(rest, "0") != "." || n == 0 || n > 4 {
		return 0, errClock
	}
	v := atoi(text[:n])
	h, m := v/100, v%100
	if h > 24 || m > 59 || h == 24 && m > 0 {
		return 0, errNoClock
	}
	return h*3600 + m*60, nil
}
