package table

import (
	"math"
	"strings"
	"time"
)

// A sheetEpoch is the day that spreadsheets count from: their day 60 is the 29th of
// February 1900, which no calendar has, so that from March 1900 on day 0 is this.
var sheetEpoch = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

// sheetStamp reads the day number of a spreadsheet, to the second.
func sheetStamp(text string) (Stamp, bool) {
	if !dayNumber(text) {
		return Stamp{}, false
	}
	v, ok := parseNumber(text)
	if !ok {
		return Stamp{}, false
	}
	at := sheetEpoch.Add(time.Duration(math.Round(v*86400)) * time.Second)
	s := Stamp{Year: at.Year(), Month: at.Month(), Day: at.Day()}
	if v != math.Trunc(v) {
		s.Clock, s.Seconds = true, at.Hour()*3600+at.Minute()*60+at.Second()
	}
	return s, true
}

// dayFraction reads a time of day as a spreadsheet stores it, a part of the day, to
// the second.
func dayFraction(text string) (seconds int, ok bool) {
	v, ok := parseNumber(text)
	if !ok || v < 0 || v >= 1 {
		return 0, false
	}
	return int(math.Round(v * 86400)), true
}

// rangeMarks are what stands between the two ends of a time in one value.
var rangeMarks = []string{" - ", " – ", " — ", " to ", " until ", " till ", " and ", "\n", "–", "—", "/", "-"}

// splitRange parts a value that holds both ends of a time, "17/11/2025 09:10 - 09:55"
// or "0910-0955": the first has a date where dated is true, the second a date or a
// time of day.
func splitRange(text string, dated bool, today time.Time) (from, to string, ok bool) {
	if len(text) > 80 {
		return "", "", false
	}
	for _, lead := range []string{"between ", "from "} {
		if rest, ok := cutPrefixFold(text, lead); ok {
			text = rest
		}
	}
	low := strings.ToLower(text)
	for _, mark := range rangeMarks {
		for i := 0; i < len(low); i++ {
			at := strings.Index(low[i:], mark)
			if at < 0 {
				break
			}
			i += at
			left, right := strings.TrimSpace(text[:i]), strings.TrimSpace(text[i+len(mark):])
			if isRange(left, right, dated, today) {
				return left, right, true
			}
		}
	}
	return "", "", false
}

func isRange(left, right string, dated bool, today time.Time) bool {
	if left == "" || right == "" {
		return false
	}
	if !dated {
		return isClock(left) && isClock(right)
	}
	a, ok := eitherStamp(left, today)
	if !ok || !a.HasDate() || a.monthOnly || a.Fixed && a.Offset != 0 {
		return false
	}
	if b, ok := eitherStamp(right, today); ok && b.HasDate() {
		return !b.monthOnly && b.Clock == a.Clock
	}
	return a.Clock && isClock(right)
}

func isClock(text string) bool {
	var s Stamp
	return digits(text) != 0 && (digits(text) != len(text) || len(text) == 4) && s.readClock(text) == nil
}

// offsets are the offsets from UTC that a column seems to have: those of a zone are
// few and whole quarters of an hour, and others are the ends of "09:10-09:55".
type offsets struct {
	seen map[time.Duration]bool
	odd  bool
}

func (o *offsets) add(s Stamp) {
	if !s.Fixed || len(o.seen) > fewOffsets {
		return
	}
	if o.seen == nil {
		o.seen = map[time.Duration]bool{}
	}
	o.seen[s.Offset] = true
	o.odd = o.odd || s.Offset%(15*time.Minute) != 0
}

// fewOffsets is how many offsets a column can have at most: those of the zones of a
// large country, in summer and in winter.
const fewOffsets = 8

func (o *offsets) areEnds() bool { return o.odd || len(o.seen) > fewOffsets }
