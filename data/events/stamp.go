package events

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"spreewatch/data"
)

// An Order says which comes first in a numeric date with the year last.
type Order string

// The orders of day and month.
const (
	OrderAuto       Order = ""    // from the file; day-first where nothing tells
	OrderDayFirst   Order = "dmy" // 31/12/2016
	OrderMonthFirst Order = "mdy" // 12/31/2016
)

// ParseOrder reads "", "dmy" or "mdy".
func ParseOrder(s string) (Order, error) {
	switch o := Order(s); o {
	case OrderAuto, OrderDayFirst, OrderMonthFirst:
		return o, nil
	}
	return "", fmt.Errorf("a date order is dmy or mdy")
}

var (
	errDate  = errors.New("is not a date")
	errClock = errors.New("is not a time of day")
)

// stamp is a date with or without a time of day, as written.
type stamp struct {
	year, month, day   int
	hour, minute       int
	second, nanosecond int
	clock              bool // has a time of day
	offset             *int // seconds east of UTC, nil for local time
}

// time is the instant, in zone where the text has no offset. Of a local time
// that a clock change skips or repeats, it is one of the two that time.Date may
// choose.
func (s stamp) time(zone *time.Location) time.Time {
	if s.offset != nil {
		zone = time.FixedZone("", *s.offset)
	}
	return time.Date(s.year, time.Month(s.month), s.day, s.hour, s.minute, s.second, s.nanosecond, zone)
}

func isStamp(text string) bool {
	text = strings.TrimSpace(text)
	if strings.IndexByte("0123456789", firstByte(text)) < 0 {
		return false
	}
	_, dmy := parseStamp(text, OrderDayFirst)
	_, mdy := parseStamp(text, OrderMonthFirst)
	return dmy == nil || mdy == nil
}

func isClock(text string) bool {
	var s stamp
	return strings.Contains(text, ":") && s.readClock(strings.TrimSpace(text)) == nil
}

func firstByte(s string) byte {
	if s == "" {
		return 0
	}
	return s[0]
}

// parseStamp reads a trimmed date, or date and time:
//
//	2016-12-31  2016/12/31  20161231  31/12/2016  31.12.2016  31-Dec-2016  31 Dec 2016
//
// followed by nothing or by T or a space and a clock as readClock has it.
func parseStamp(text string, order Order) (stamp, error) {
	s, rest, err := parseDate(text, order)
	if err != nil {
		return stamp{}, err
	}
	if rest == "" {
		return s, nil
	}
	if rest[0] != 'T' && rest[0] != 't' && rest[0] != ' ' && rest[0] != ',' {
		return stamp{}, errDate
	}
	if err := s.readClock(strings.TrimLeft(rest[1:], " ")); err != nil {
		return stamp{}, errDate
	}
	return s, nil
}

// parseDate reads the date at the start of text and returns what follows.
func parseDate(text string, order Order) (s stamp, rest string, err error) {
	a, na, rest := digits(text)
	if na == 8 {
		s.year, s.month, s.day = a/10000, a/100%100, a%100
		return s, rest, s.check()
	}
	if rest == "" || (na != 4 && na != 2 && na != 1) {
		return s, "", errDate
	}
	sep := rest[0]
	if sep != '-' && sep != '/' && sep != '.' && sep != ' ' {
		return s, "", errDate
	}
	b, nb, after := digits(rest[1:])
	named := false
	if nb == 0 {
		if b, after = monthName(rest[1:]); b == 0 {
			return s, "", errDate
		}
		named = true
	}
	if nb > 2 || after == "" || after[0] != sep {
		return s, "", errDate
	}
	c, nc, rest := digits(after[1:])
	switch {
	case na == 4 && nc >= 1 && nc <= 2 && sep != ' ':
		s.year, s.month, s.day = a, b, c
	case na <= 2 && nc == 4 && (named || order != OrderMonthFirst):
		s.day, s.month, s.year = a, b, c
	case na <= 2 && nc == 4:
		s.month, s.day, s.year = a, b, c
	default:
		return s, "", errDate
	}
	return s, rest, s.check()
}

// check refuses a day that no calendar has. Years run from 1800 to 2999, so that
// a number in the wrong column is not taken for a date.
func (s stamp) check() error {
	if s.year < 1800 || s.year > 2999 || s.month < 1 || s.month > 12 || s.day < 1 {
		return errDate
	}
	last := time.Date(s.year, time.Month(s.month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	if s.day > last {
		return errDate
	}
	return nil
}

// readClock reads 14:50, 14:50:30.5, 1450, 2:50 PM or 24:00, with or without an
// offset: Z, +01:00, +0100 or +01.
func (s *stamp) readClock(text string) error {
	h, n, rest := digits(text)
	switch {
	case n == 4 && (rest == "" || rest[0] != ':'):
		s.hour, s.minute = h/100, h%100
	case n >= 1 && n <= 2 && firstByte(rest) == ':':
		s.hour = h
		if s.minute, n, rest = digits(rest[1:]); n != 2 {
			return errClock
		}
		if firstByte(rest) == ':' {
			if s.second, n, rest = digits(rest[1:]); n != 2 {
				return errClock
			}
		}
		if firstByte(rest) == '.' {
			frac, n, after := digits(rest[1:])
			if n < 1 || n > 9 {
				return errClock
			}
			for ; n < 9; n++ {
				frac *= 10
			}
			s.nanosecond, rest = frac, after
		}
	default:
		return errClock
	}
	rest = strings.TrimLeft(rest, " ")
	if len(rest) >= 2 && (rest[1] == 'M' || rest[1] == 'm') {
		pm := rest[0] == 'P' || rest[0] == 'p'
		if (!pm && rest[0] != 'A' && rest[0] != 'a') || s.hour < 1 || s.hour > 12 {
			return errClock
		}
		s.hour %= 12
		if pm {
			s.hour += 12
		}
		rest = strings.TrimLeft(rest[2:], " ")
	}
	midnight := s.hour == 24 && s.minute == 0 && s.second == 0 && s.nanosecond == 0
	if (s.hour > 23 && !midnight) || s.minute > 59 || s.second > 59 {
		return errClock
	}
	s.clock = true
	if rest == "" {
		return nil
	}
	offset, err := parseOffset(rest)
	s.offset = &offset
	return err
}

func parseOffset(text string) (int, error) {
	if text == "Z" || text == "z" {
		return 0, nil
	}
	if text[0] != '+' && text[0] != '-' {
		return 0, errClock
	}
	h, n, rest := digits(text[1:])
	m := 0
	switch {
	case n == 4 && rest == "":
		h, m = h/100, h%100
	case n == 2 && rest == "":
	case n == 2 && rest[0] == ':':
		if m, n, rest = digits(rest[1:]); n != 2 || rest != "" {
			return 0, errClock
		}
	default:
		return 0, errClock
	}
	if h > 18 || m > 59 {
		return 0, errClock
	}
	seconds := h*3600 + m*60
	if text[0] == '-' {
		seconds = -seconds
	}
	return seconds, nil
}

// parseDayCount reads a count of days from 1970-01-01, for study data whose
// dates were replaced by one.
func parseDayCount(text string) (stamp, error) {
	days, n, rest := digits(text)
	if n < 1 || n > 6 || rest != "" {
		return stamp{}, errDate
	}
	at := time.Unix(int64(days)*24*60*60, 0).UTC()
	return stamp{year: at.Year(), month: int(at.Month()), day: at.Day()}, nil
}

// digits reads the digits at the start of s, at most nine of them.
func digits(s string) (value, n int, rest string) {
	for n < len(s) && n < 9 && s[n] >= '0' && s[n] <= '9' {
		value = value*10 + int(s[n]-'0')
		n++
	}
	return value, n, s[n:]
}

// monthName reads an English month, whole or cut to three letters.
func monthName(s string) (month int, rest string) {
	n := 0
	for n < len(s) && (s[n]|0x20) >= 'a' && (s[n]|0x20) <= 'z' {
		n++
	}
	word := s[:n]
	for m := time.January; m <= time.December; m++ {
		if strings.EqualFold(word, m.String()) || strings.EqualFold(word, m.String()[:3]) {
			return int(m), s[n:]
		}
	}
	return 0, s
}

// findOrder settles day-first or month-first from every date of the file.
func findOrder(text []byte, l layout, source string) (Order, error) {
	dayFirst, monthFirst := 0, 0
	err := l.rows(text, func(line int, record []string, rowErr error) {
		if rowErr != nil || l.parts != nil {
			return
		}
		for _, role := range []Role{Date, From, To} {
			field := l.get(record, role)
			if _, n, _ := digits(field); n == 0 || n > 2 {
				continue
			}
			_, dmy := parseStamp(field, OrderDayFirst)
			_, mdy := parseStamp(field, OrderMonthFirst)
			if dmy == nil && mdy != nil && dayFirst == 0 {
				dayFirst = line
			}
			if mdy == nil && dmy != nil && monthFirst == 0 {
				monthFirst = line
			}
		}
	})
	switch {
	case err != nil:
		return "", fmt.Errorf("read %s: %w", source, err)
	case dayFirst > 0 && monthFirst > 0:
		return "", &data.UserError{
			Msg:  fmt.Sprintf("%s has day-first dates (line %d) and month-first dates (line %d)", source, dayFirst, monthFirst),
			Hint: "--date-order dmy or --date-order mdy; rows that do not fit are rejected",
		}
	case monthFirst > 0:
		return OrderMonthFirst, nil
	}
	return OrderDayFirst, nil
}
