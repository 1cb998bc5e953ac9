package when

import (
	"slices"
	"strings"
	"time"

	"spreewatch/geo/address"
)

// A Date is a date in words: "Wednesday, September 16", "yesterday",
// "18-19 July".
type Date struct {
	Year    int // 0 when the words give none
	Month   time.Month
	Dom     int
	LastDom int  // last day of "18-19 July", 0 for one day
	List    bool // "14 and 15 December": two days, not a span
	Weekday *time.Weekday
	event   string // a word for the event that it counts from: "the day after the Elsing theft"
	rel     string // "today", "yesterday", "same", "next", "previous", "weekend", "week", "dom"
	last    bool   // "last Tuesday"
}

// Full reports whether the words give a month, and with it a day of it.
func (r *Date) Full() bool { return r.Month != 0 }

// counts reports whether a date counts from another day: "the day before".
func (r *Date) counts() bool {
	return r.rel == "later" || r.rel == "previous" || r.rel == "next" || r.rel == "yesterday" && r.Dom > 0
}

// sure ranks dates by how much the words alone say: a day of a month, a day counted
// from the day of writing, a number, a weekday.
func (r *Date) sure() int {
	switch {
	case r.Full():
		return 4
	case r.rel == "today" || r.rel == "yesterday":
		return 3
	case r.rel == "dom":
		return 2
	}
	return 1
}

// dateAt reads a date at token i and returns the token after it, i when there
// is none.
func dateAt(t []Token, i int) (*Date, int) {
	j := SkipWords(t, i, "the")
	if j >= len(t) {
		return nil, i
	}
	if r, n := relativeDate(t, j, j > 0 && t[j-1].Is("the")); n > j {
		return refine(t, r, n)
	}
	if r, n := numericDate(t, j); n > j {
		return r, n
	}
	if r, n := numericPair(t, j); n > j {
		return r, n
	}
	if r, n := namedDay(t, j); n > j {
		return r, n
	}
	if r, n := monthDate(t, j); n > j {
		return r, n
	}
	if t[j].Is("last") {
		if _, n := weekdayAt(t, j+1); n > j+1 {
			j++
		}
	}
	if w, n := weekdayAt(t, j); n > j {
		r := &Date{Weekday: &w, last: j > 0 && t[j-1].Is("last")}
		if k := SkipWords(t, n, "of"); lastWeek(t, k) {
			r.rel = "week" // "on Tuesday of last week"
			return r, k + 2
		}
		r, n = refine(t, r, n)
		return r, r.secondDay(t, n)
	}
	if d, n := ordinalPair(t, j); n > j {
		return d, n
	}
	if j > 0 && t[j-1].Is("the") || j == 0 || t[j-1].Is("on", "overnight", ",", ";", "|", ":", "between", "and", "from", "to") || t[j-1].Dash() && t[j-1].Gap && t[j].Gap || t[j].Newline || t[j-1].Is("hrs", "hours", "am", "pm") && j+2 < len(t) && t[j+2].Is("and", "to", "until", "-", "–") {
		if d, n := domAt(t, j); n > j+1 && (n >= len(t) || t[n].Kind == Mark || n > j+1 && t[j+1].Kind == Word && t[n].Kind == Word && !t[n].Capital() && !notDays[t[n].Low] || t[n].Is("between", "at", "and", "from", "when", "in", "a", "to", "around", "about")) {
			r := &Date{rel: "dom", Dom: d}
			if k := SkipWords(t, n, ",", "a"); k > n+1 {
				if w, e := weekdayAt(t, k); e > k {
					r.Weekday, n = &w, e // "the 27th, a Thursday"
				}
			}
			return r, n
		}
	}
	return nil, i
}

// secondDay reads the rest of "Saturday 29th/Sunday 30th", "Friday 5/Saturday 6 May".
func (r *Date) secondDay(t []Token, n int) int {
	if r.Dom == 0 || r.LastDom > 0 || r.Full() || n >= len(t) || !t[n].Is("/", "-", "–", "into") {
		return n
	}
	_, k := weekdayAt(t, n+1)
	d, e := domAt(t, k)
	if k == n+1 || e == k || d != r.Dom+1 && !(r.Dom >= 28 && d == 1) {
		return n
	}
	r.LastDom = d
	if m, k := MonthAt(t, SkipWords(t, e, "of")); k > e && d > r.Dom {
		r.rel, r.Month = "", m
		r.Year, e = YearAt(t, k)
	}
	return e
}

// notDays follow an ordinal that is no day: "the 5th floor".
var notDays = Set(`floor hole birthday time year century green tee hour anniversary century battalion incident burglary theft offence`)

// ordinalPair reads "25th/26th", and "25/26" after "overnight": two days that
// follow each other.
func ordinalPair(t []Token, i int) (*Date, int) {
	a, n := domAt(t, i)
	if n == i || n >= len(t) || !t[n].Is("/", "-", "–") || t[n].Gap {
		return nil, i
	}
	b, k := domAt(t, n+1)
	if k == n+1 || t[n+1].Gap || k == n+2 && !(n == i+1 && i > 0 && t[i-1].Is("overnight")) {
		return nil, i
	}
	if b != a+1 && !(a >= 28 && b == 1) || glued(t, k, "/") {
		return nil, i
	}
	return &Date{rel: "dom", Dom: a, LastDom: b}, k
}

// refine lets an exact date that follows, after a comma or in brackets, take
// the place of a loose one: "Wednesday (16 September)", "yesterday, March 3".
func refine(t []Token, r *Date, n int) (*Date, int) {
	if n >= len(t) {
		return r, n
	}
	j, bracket := n, false
	switch {
	case t[j].Is("("):
		bracket = true
		j++
	case t[j].Is(","):
		j++
	}
	j = SkipWords(t, j, "the", "on")
	if r.rel != "" && r.Weekday == nil {
		if w, k := weekdayAt(t, j); k > j {
			r2 := &Date{Weekday: &w}
			x, m := refine(t, r2, k)
			switch {
			case x.Full() || bracket:
				return closeBracket(t, x, m, bracket, r, n)
			case r.rel == "later" || r.rel == "next" || r.rel == "same":
				r.Weekday = &w
				return r, k // "two days later, on Saturday"
			case r.rel == "week":
				return &Date{rel: "week", Weekday: &w}, k // "last week, on Tuesday"
			}
			return r, n
		}
	}
	x, m := numericDate(t, j)
	if m == j {
		x, m = monthDate(t, j)
	}
	if m == j {
		if d, k := domAt(t, j); k > j+1 && (r.Weekday != nil || r.counts()) && (k >= len(t) || t[k].Kind == Mark || !t[k].Capital()) {
			return closeBracket(t, &Date{rel: "dom", Dom: d, Weekday: r.Weekday}, k, bracket, r, n)
		}
		if d := slices.Index(ordinals, t[min(j, len(t)-1)].Low) + 1; d > 0 && r.Weekday != nil && t[j-1].Is("the") && endsClock(t, j+1) {
			return closeBracket(t, &Date{rel: "dom", Dom: d, Weekday: r.Weekday}, j+1, bracket, r, n) // "Tuesday the fifteenth"
		}
		// "between 9pm on Friday 2 and 7am on Saturday 3 August"
		if d, k := domAt(t, n); k == n+1 && r.Weekday != nil && k < len(t) && t[k].Is("and", "to", "until") && AnyWord(t, max(0, n-8), n, "between", "from") {
			return &Date{rel: "dom", Dom: d, Weekday: r.Weekday}, k
		}
		return r, n
	}
	x.Weekday = r.Weekday
	return closeBracket(t, x, m, bracket, r, n)
}

func closeBracket(t []Token, x *Date, m int, bracket bool, r *Date, n int) (*Date, int) {
	if !bracket {
		return x, m
	}
	if m < len(t) && t[m].Is(")") {
		return x, m + 1
	}
	return r, n
}

// weekdayAt reads the name of a weekday. "sat", "sun", "wed" and "mon" need
// their capital.
func weekdayAt(t []Token, i int) (time.Weekday, int) {
	if i >= len(t) {
		return 0, i
	}
	low := t[i].Low
	if len(low) > 2 && low[len(low)-2:] == "'s" {
		low = low[:len(low)-2]
	}
	w, ok := weekdays[low]
	if !ok || t[i].Kind != Word || len(low) < 6 && !t[i].Capital() {
		return 0, i
	}
	n := i + 1
	if len(low) < 6 && glued(t, n, ".") {
		n++
	}
	return w, n
}

// MonthAt reads the name of a month at token i and returns the token after it, i
// when there is none. A short name needs its capital.
func MonthAt(t []Token, i int) (time.Month, int) {
	if i >= len(t) || t[i].Kind != Word {
		return 0, i
	}
	m, ok := Months[t[i].Low]
	if !ok || !t[i].Capital() && (t[i].Is("may", "march", "mar", "dec", "jan", "sep", "jun", "oct", "nov", "feb", "apr", "aug", "jul")) {
		return 0, i
	}
	n := i + 1
	if len(t[i].Low) <= 4 && glued(t, n, ".") {
		n++
	}
	return m, n
}

var ordinals = strings.Fields(`first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
	sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth
	twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first`)

// domAt reads a day of the month, "16" or "16th", or "eighth" before its month.
func domAt(t []Token, i int) (int, int) {
	if i < len(t) && t[i].Kind == Word {
		if d := slices.Index(ordinals, t[i].Low) + 1; d > 0 {
			if k := SkipWords(t, i+1, "of"); k < len(t) {
				if _, n := MonthAt(t, k); n > k {
					return d, i + 1
				}
			}
		}
	}
	if i >= len(t) || t[i].Kind != Number || len(t[i].Text) > 2 {
		return 0, i
	}
	d := Atoi(t[i].Text)
	if d < 1 || d > 31 {
		return 0, i
	}
	if i+1 < len(t) && !t[i+1].Gap && t[i+1].Is("st", "nd", "rd", "th") {
		return d, i + 2
	}
	if i+1 < len(t) && !t[i+1].Gap && t[i+1].Kind == Word {
		return 0, i
	}
	return d, i + 1
}

// YearAt reads a year of four digits after an optional comma.
func YearAt(t []Token, i int) (int, int) {
	j := i
	if j < len(t) && t[j].Is(",") {
		j++
	}
	if j >= len(t) || t[j].Kind != Number || len(t[j].Text) != 4 {
		return 0, i
	}
	y := Atoi(t[j].Text)
	n := j + 1
	if y < 1000 || n < len(t) && (t[n].Is("hrs", "hours", "hr", "h") || !t[n].Gap && (t[n].Kind == Word || glued(t, n, ":") && n+1 < len(t) && !t[n+1].Gap && t[n+1].Kind == Number)) {
		return 0, i
	}
	// "September 16, 1730" is a clock time when the number can be no year of ours.
	if j > i && (y < 1900 || y > 2100) {
		return 0, i
	}
	return y, n
}

// monthDate reads "16 September 2015", "September 16th, 2015", "18-19 July".
func monthDate(t []Token, i int) (*Date, int) {
	if d, n := domAt(t, i); n > i {
		r := &Date{Dom: d}
		if x, k := secondDom(t, n); k > n {
			if _, after := MonthAt(t, SkipWords(t, k, "of")); after > SkipWords(t, k, "of") {
				r.LastDom = x
				r.List = t[n].Is("and", "&", ",")
				n = k
			}
		}
		n = SkipWords(t, n, "of")
		m, k := MonthAt(t, n)
		if k == n || k < len(t) && address.StreetWords[t[k].Low] && t[k].Capital() {
			return nil, i
		}
		r.Month = m
		r.Year, k = YearAt(t, k)
		return r, k
	}
	m, n := MonthAt(t, i)
	if n == i {
		return nil, i
	}
	d, k := domAt(t, SkipWords(t, n, "the"))
	if k == SkipWords(t, n, "the") || glued(t, k, ":", ".") && k+1 < len(t) && t[k+1].Kind == Number && !t[k+1].Gap {
		return nil, i
	}
	r := &Date{Month: m, Dom: d}
	r.Year, k = YearAt(t, k)
	if r.Year == 0 && k < len(t) && (t[k].Dash() || t[k].Is("/")) && !t[k].Gap {
		if x, e := domAt(t, k+1); e > k+1 && x > d && (e >= len(t) || !t[e].Is("am", "pm", ":", ".") || t[e].Is(".") && (e+1 >= len(t) || t[e+1].Gap)) {
			r.LastDom, k = x, e
			r.Year, k = YearAt(t, k)
		}
	}
	return r, k
}

// secondDom reads the second day of "18-19 July", "14 and 15 December",
// "Monday 14 to Tuesday 15 September" from its dash or word on.
func secondDom(t []Token, i int) (int, int) {
	if i >= len(t) || !t[i].Dash() && !t[i].Is("/", "to", "and", "&", "into", "until", "or") {
		return 0, i
	}
	j := SkipWords(t, i+1, "the")
	if _, n := weekdayAt(t, j); n > j {
		j = SkipWords(t, n, "the", ",")
	}
	d, n := domAt(t, j)
	if n == j {
		return 0, i
	}
	return d, n
}

// numericDate reads 2015-09-16, 16/09/2015, 16.09.2015, 16-9-15 and 16/09, day
// first.
func numericDate(t []Token, i int) (*Date, int) {
	if i+2 >= len(t) || t[i].Kind != Number || i > 0 && !t[i].Gap && t[i-1].Is("/", "-", ".") {
		return nil, i
	}
	sep := t[i+1]
	if sep.Gap || sep.Kind != Mark || !sep.Is("/", "-", ".") || t[i+2].Kind != Number || t[i+2].Gap {
		return nil, i
	}
	a, b := Atoi(t[i].Text), Atoi(t[i+2].Text)
	if i+4 < len(t) && t[i+3].Low == sep.Low && !t[i+3].Gap && t[i+4].Kind == Number && !t[i+4].Gap {
		c := Atoi(t[i+4].Text)
		switch {
		case len(t[i].Text) == 4 && len(t[i+4].Text) <= 2 && len(t[i+2].Text) <= 2:
			return isoTail(t, &Date{Year: a, Month: time.Month(b), Dom: c}, i+5)
		case len(t[i].Text) <= 2 && len(t[i+2].Text) <= 2 && len(t[i+4].Text) == 4:
			return &Date{Year: c, Month: time.Month(b), Dom: a}, i + 5
		case len(t[i].Text) <= 2 && len(t[i+2].Text) <= 2 && len(t[i+4].Text) == 2 && (!sep.Is(".") || dateBefore(t, i)):
			return &Date{Year: 2000 + c, Month: time.Month(b), Dom: a}, i + 5
		}
		return nil, i
	}
	if sep.Is("/") && (len(t[i].Text) == 2 && len(t[i+2].Text) == 2 || dateBefore(t, i)) && len(t[i].Text) <= 2 && len(t[i+2].Text) <= 2 && !(a == 24 && b == 7) && a >= 1 && a <= 31 && b >= 1 && b <= 12 {
		if _, n := MonthAt(t, i+3); n > i+3 { // 18/19 July, not 18/10
			return nil, i
		}
		return &Date{Month: time.Month(b), Dom: a}, i + 3
	}
	return nil, i
}

// numericPair reads "12-13/03/21": two days of one month.
func numericPair(t []Token, i int) (*Date, int) {
	a, n := domAt(t, i)
	if n != i+1 || n+1 >= len(t) || !t[n].Dash() || t[n].Gap || t[n+1].Gap || i > 0 && !t[i].Gap {
		return nil, i
	}
	r, k := numericDate(t[n+1:], 0)
	if k == 0 || r.Year == 0 || r.Dom <= a {
		return nil, i
	}
	r.Dom, r.LastDom = a, r.Dom
	return r, n + 1 + k
}

// dateBefore reports whether what stands before token i leads to a date, so that
// "3/9" is one.
func dateBefore(t []Token, i int) bool {
	if i == 0 || t[i-1].Kind == Mark && !t[i-1].Is("£") || t[i-1].Is("on", "from", "between", "and", "to", "until", "am", "pm", "hrs",
		"published", "publication", "posted", "issued", "released", "updated", "date", "dated") {
		return true
	}
	_, n := weekdayAt(t, i-1)
	return n == i
}

// isoTail steps over the T of 2015-09-16T10:05.
func isoTail(t []Token, r *Date, n int) (*Date, int) {
	if n < len(t) && t[n].Low == "t" && !t[n].Gap {
		n++
	}
	return r, n
}

// namedDay reads the days that have names.
func namedDay(t []Token, i int) (*Date, int) {
	if i+1 >= len(t) {
		return nil, i
	}
	month, dom, n := time.December, 0, i+2
	a, b := t[i].Low, t[i+1].Low
	year := a == "new" && (b == "year's" || b == "years" || b == "year") && i+2 < len(t)
	switch {
	case (a == "christmas" || a == "xmas") && b == "day":
		dom = 25
	case (a == "christmas" || a == "xmas") && b == "eve":
		dom = 24
	case a == "boxing" && b == "day":
		dom = 26
	case year && t[i+2].Is("eve"):
		dom, n = 31, i+3
	case year && t[i+2].Is("day"):
		month, dom, n = time.January, 1, i+3
	default:
		return nil, i
	}
	r := &Date{Month: month, Dom: dom}
	r.Year, n = YearAt(t, n)
	return r, n
}

// counted reads "two days later", "a week earlier", "the day after that", which count
// from the day last spoken of, and "three days ago", which counts from the day of
// writing.
func counted(t []Token, i int) (*Date, int) {
	n := numberWords[t[i].Low]
	switch {
	case t[i].Is("a"):
		n = 1
	case t[i].Kind == Number && len(t[i].Text) < 3:
		n = Atoi(t[i].Text)
	case t[i].Is("day", "night") && i > 0 && t[i-1].Is("the"):
		n, i = 1, i-1
	}
	if n == 0 || i+2 >= len(t) {
		return nil, i
	}
	switch {
	case t[i+1].Is("day", "days", "night", "nights"):
	case t[i+1].Is("week", "weeks"):
		n *= 7
	case t[i+1].Is("fortnight"):
		n *= 14
	default:
		return nil, i
	}
	that := i+3 < len(t) && t[i+3].Is("that", "this")
	switch {
	case t[i+2].Is("ago"):
		return &Date{rel: "yesterday", Dom: n - 1}, SkipWords(t, i+3, "today")
	case t[i+2].Is("later"):
		return &Date{rel: "later", Dom: n}, i + 3
	case t[i+2].Is("after") && that:
		return &Date{rel: "later", Dom: n}, i + 4
	case t[i+2].Is("earlier"), t[i+2].Is("before") && (that || i+3 < len(t) && t[i+3].Is("the")):
		return &Date{rel: "later", Dom: -n}, i + 3
	}
	return nil, i
}

var incidents = Set(`theft thefts burglary raid robbery attack incident break-in fire first second`)

// afterEvent reads "day after the Cilycwm theft".
func afterEvent(t []Token, i int) int {
	if i+3 >= len(t) || !t[i].Is("day", "night", "morning", "evening") || !t[i+1].Is("before", "after") || !t[i+2].Is("the", "that") {
		return i
	}
	for k := i + 3; k < min(len(t), i+6) && t[k].Kind == Word; k++ {
		if incidents[t[k].Low] {
			return k + 1
		}
	}
	return i
}

// weekendOf reads the days of a weekend: "of 24th and 25th July", "24/25 July".
func weekendOf(t []Token, i int) (*Date, int) {
	a, n := domAt(t, SkipWords(t, i, "of", "the"))
	if a == 0 {
		return nil, i
	}
	r := &Date{rel: "dom", Dom: a, LastDom: a + 1}
	if n < len(t) && t[n].Is("and", "&", "-", "–", "/", "to") {
		b, k := domAt(t, SkipWords(t, n+1, "the"))
		if b != a+1 {
			return nil, i
		}
		n = k
	}
	if m, k := MonthAt(t, SkipWords(t, n, "of")); k > n {
		r.rel, r.Month = "", m
		r.Year, n = YearAt(t, k)
	}
	return r, n
}

// relativeDate reads "today", "the same day", "the following day", "the
// weekend". the is true when "the" stands before i.
func relativeDate(t []Token, i int, the bool) (*Date, int) {
	two := ""
	if i+1 < len(t) {
		two = t[i].Low + " " + t[i+1].Low
	}
	switch {
	case t[i].Is("today"):
		return &Date{rel: "today"}, i + 1
	case t[i].Is("yesterday"):
		return &Date{rel: "yesterday"}, i + 1
	case two == "same day" || two == "that day":
		return &Date{rel: "same"}, i + 2
	case two == "next day" || two == "following day":
		return &Date{rel: "next"}, i + 2
	case two == "previous day" || two == "preceding day":
		return &Date{rel: "previous"}, i + 2
	case !the && lastWeek(t, i):
		return &Date{rel: "week"}, i + 2
	case two == "last weekend" || two == "this weekend":
		return &Date{rel: "weekend"}, i + 2
	case the && t[i].Is("weekend"):
		if r, n := weekendOf(t, i+1); n > i+1 {
			return r, n
		}
		return &Date{rel: "weekend"}, i + 1
	case two == "day before" && i+2 < len(t) && t[i+2].Is("yesterday"):
		return &Date{rel: "yesterday", Dom: 1}, i + 3
	case the && i+2 < len(t) && t[i+1].Is("before") && t[i+2].Is("last") && t[i].Is("night", "evening"):
		return &Date{rel: "yesterday", Dom: 1}, i + 3
	}
	if the && i+1 < len(t) && t[i].Is("day", "night", "evening", "morning", "afternoon") && t[i+1].Is("before", "after") && (i+2 == len(t) || t[i+2].Kind == Mark) {
		return &Date{rel: map[bool]string{true: "previous", false: "next"}[t[i+1].Is("before")]}, i + 2
	}
	if t[i].Is("following") && i+1 < len(t) {
		if w, n := weekdayAt(t, i+1); n > i+1 {
			return &Date{rel: "following", Weekday: &w}, n
		}
	}
	if n := afterEvent(t, i); the && n > i {
		r := &Date{rel: map[bool]string{true: "previous", false: "next"}[t[i+1].Is("before")]}
		if n > i+4 {
			r.event = t[i+3].Low
		}
		return r, n
	}
	if r, k := counted(t, i); r != nil {
		return r, k
	}
	// "that morning", "the same evening", "the following afternoon", "this
	// morning", "last night": the part of the day is read after the date.
	if p, n := partAt(t, i+1); n > i+1 {
		switch {
		case t[i].Is("this") || t[i].Is("to"):
			return &Date{rel: "today"}, i + 1
		case t[i].Is("that", "same"):
			return &Date{rel: "same"}, i + 1
		case t[i].Is("following", "next"):
			return &Date{rel: "next"}, i + 1
		case t[i].Is("previous"), t[i].Is("last") && (p == overnight || p == evening):
			if t[i].Is("last") {
				return &Date{rel: "yesterday"}, i + 1
			}
			return &Date{rel: "previous"}, i + 1
		}
	}
	return nil, i
}
