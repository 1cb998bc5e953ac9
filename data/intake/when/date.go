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
	rel     string // "nth", "today", "yesterday", "same", "next", "previous", "weekend", "week", "its week", "dom"
	last    bool   // "last Tuesday"
	numeric bool   // "9/12/2015", which may be read either way
	shift   int    // days to add: -7 for "a week last Tuesday"
}

// Full reports whether the words give a month, and with it a day of it.
func (r *Date) Full() bool { return r.Month != 0 }

// counts reports whether a date counts from another day: "the day before".
func (r *Date) counts() bool {
	return r.rel == "later" || r.rel == "previous" || r.rel == "next" || r.rel == "yesterday" && r.Dom > 0
}

// follows reports whether a date is by its words the day after another.
func (r *Date) follows(o *Date) bool {
	switch {
	case r == nil || o == nil:
		return false
	case r.Weekday != nil && o.Weekday != nil:
		return *r.Weekday == (*o.Weekday+1)%7
	}
	return r.Full() && o.Full() && o.LastDom == 0 && (r.Dom == o.Dom+1 && r.Month == o.Month || r.Dom == 1 && o.Dom >= 28 && r.Month == o.Month%12+1)
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
		if k := r.shifted(t, n); k > n {
			return r, k
		}
		return refine(t, r, n)
	}
	for _, form := range []func([]Token, int) (*Date, int){numericDate, numericPair, namedDay, monthDate} {
		if r, n := form(t, j); n > j {
			return r, r.ofWeek(t, n)
		}
	}
	if t[j].Is("last") {
		if _, n := weekdayAt(t, j+1); n > j+1 {
			j++
		}
	}
	if w, n := weekdayAt(t, j); n > j {
		r := &Date{Weekday: &w, last: j > 0 && t[j-1].Is("last")}
		if k := r.inWeek(t, n); k > n {
			return r, k
		}
		if k := r.shifted(t, n); k > n {
			return r, k
		}
		return refine(t, r, n)
	}
	if d, n := ordinalPair(t, j); n > j {
		return d, n
	}
	if r, n := ordinalDay(t, j); n > j {
		return r, n
	}
	if j > 0 && t[j-1].Is("the") || j == 0 || t[j-1].Is("on", "of", "overnight", ",", ";", "|", ":", "(", "between", "and", "from", "to") || t[j-1].Dash() && t[j-1].Gap && t[j].Gap || t[j].Newline || t[j-1].Is("hrs", "hours", "am", "pm") && j+2 < len(t) && t[j+2].Is("and", "to", "until", "-", "–") {
		if d, n := domAt(t, j); n > j+1 && (n >= len(t) || t[n].Kind == Mark || n > j+1 && hhmmAt(t, n) || n > j+1 && t[j+1].Kind == Word && t[n].Kind == Word && !t[n].Capital() && !notDays[t[n].Low] || t[n].Is("between", "at", "and", "from", "when", "in", "a", "to", "around", "about")) {
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

// ofWeek reads the weekday in brackets behind a date: "15 September (Tuesday)".
func (r *Date) ofWeek(t []Token, n int) int {
	if n+2 < len(t) && r.Full() && r.Weekday == nil && t[n].Is("(") {
		if w, k := weekdayAt(t, n+1); k > n+1 && k < len(t) && t[k].Is(")") {
			r.Weekday = &w
			return k + 1
		}
	}
	return n
}

// hourAndDay reads "2100x14", as the police write nine in the evening of the 14th, and "14/2100"
// behind the number of an entry.
func hourAndDay(t []Token, i int) (*clockTime, *Date, int) {
	if i+3 < len(t) && len(t[i].Text) < 3 && t[i].Kind == Number && t[i+1].Is("/") && hhmmAt(t, i+2) && !t[i+1].Gap && !t[i+2].Gap && (t[i].Newline || i > 0 && t[i-1].Newline && strings.ContainsAny(t[i-1].Text, "0123456789")) {
		if d := Atoi(t[i].Text); d > 0 && d < 32 { // "S01 6/2010 Mill Road"
			h := Atoi(t[i+2].Text)
			return &clockTime{Minute: h/100*60 + h%100}, &Date{rel: "dom", Dom: d}, i + 3
		}
	}
	if i+2 >= len(t) || !hhmmAt(t, i) || t[i+1].Low != "x" || t[i+1].Gap || t[i+2].Gap {
		return nil, nil, i
	}
	d, n := domAt(t, i+2)
	if n == i+2 {
		return nil, nil, i
	}
	h := Atoi(t[i].Text)
	return &clockTime{Minute: h/100*60 + h%100}, &Date{rel: "dom", Dom: d}, n
}

// inWeek reads the week of the weekday that ends before token n: "on Tuesday of last
// week", "of that week".
func (r *Date) inWeek(t []Token, n int) int {
	switch k := SkipWords(t, n, "of", "in"); {
	case lastWeek(t, k):
		r.rel = "week"
		return k + 2
	case k > n && k+1 < len(t) && t[k].Is("that") && t[k+1].Is("week"):
		r.rel = "its week"
		return k + 2
	}
	return n
}

// ordinalDay reads "on the sixth", a day of the month in a word, where no noun follows it.
func ordinalDay(t []Token, i int) (*Date, int) {
	d := slices.Index(ordinals, t[i].Low) + 1
	if d == 0 || i < 2 || !t[i-1].Is("the") || !t[i-2].Is("on", "of") {
		return nil, i
	}
	n := i + 1
	if n < len(t) && t[n].Kind != Mark && !t[n].Is("a", "an", "at", "about", "around", "between", "in", "another", "someone", "somebody", "he", "she", "they", "it", "two", "three", "thieves", "burglars", "and", "to", "until", "from", "when", "also", "just", "shortly", "overnight") {
		return nil, i
	}
	return &Date{rel: "dom", Dom: d}, n
}

// hhmmAt reports whether four digits at token i can be a clock time.
func hhmmAt(t []Token, i int) bool {
	return t[i].Kind == Number && len(t[i].Text) == 4 && Atoi(t[i].Text)/100 < 24 && Atoi(t[i].Text)%100 < 60
}

// notDays follow an ordinal that is no day: "the 5th floor".
var notDays = Set(`floor hole birthday time year century green tee hour anniversary century battalion incident burglary theft offence`)

// ordinalPair reads "25th/26th", and "25/26" after "overnight", two days that follow
// each other, and "14th-16th".
func ordinalPair(t []Token, i int) (*Date, int) {
	a, n := domAt(t, i)
	if n == i || n >= len(t) || !t[n].Is("/", "-", "–") || t[n].Gap {
		return nil, i
	}
	b, k := domAt(t, n+1)
	if k == n+1 || t[n+1].Gap || k == n+2 && !(n == i+1 && i > 0 && t[i-1].Is("overnight")) {
		return nil, i
	}
	if b <= a && !(a >= 28 && b == 1) || b > a+1 && t[n].Is("/") || glued(t, k, "/") {
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
	if (r.rel != "" || r.shift != 0) && r.Weekday == nil {
		if w, k := weekdayAt(t, j); k > j {
			r2 := &Date{Weekday: &w}
			x, m := refine(t, r2, k)
			switch {
			case x.Full() || bracket:
				return closeBracket(t, x, m, bracket, r, n)
			case r.rel == "later" || r.rel == "next" || r.rel == "same":
				r.Weekday = &w
				return r, k // "two days later, on Saturday"
			case (r.rel == "yesterday" || r.rel == "today" || r.rel == "") && (k == len(t) || t[k].Kind == Mark):
				return r, k // "the day before yesterday, Tuesday, a van"
			case r.rel == "week" && m > k:
				return x, m // "last week, on Tuesday (the 9th)"
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
		// "between 9pm on Friday 2 and 7am on Saturday 3 August", "Sat 7: Mill Road"
		if d, k := domAt(t, n); k == n+1 && r.Weekday != nil && r.rel == "" && (endsDay(t, k) || k < len(t) && t[k].Is("and", "to", "until") && AnyWord(t, max(0, n-8), n, "between", "from")) {
			return &Date{rel: "dom", Dom: d, Weekday: r.Weekday}, k
		}
		return r, n
	}
	x.Weekday = r.Weekday
	return closeBracket(t, x, m, bracket, r, n)
}

// endsDay reports whether a bare number that ends before token k, behind a weekday, is the day
// of the month and neither an hour nor the start of a month: nothing clings to it, and a
// mark, a time or the second day of two follows.
func endsDay(t []Token, k int) bool {
	if k >= len(t) || t[k].Newline {
		return true
	}
	clings := k+1 < len(t) && !t[k].Gap && !t[k+1].Gap
	if t[k].Dash() || t[k].Is("/", "to", "and", "&", "into", "until") {
		return startsWeekday(t, k+1)
	}
	return t[k].Is("at", "about", "around", "approx", "between", "from", "overnight") || t[k].Is(",", ":", ";", ".", "(", ")", "|") && !(clings && t[k].Is(":", "."))
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
	w, ok := weekdays[low]
	n := i + 1
	if !ok || t[i].Kind != Word || len(low) < 6 && !t[i].Capital() || len(low) == 2 && !dated(t, n) {
		return 0, i
	}
	if n < len(t) && (t[n].Is("nav", "navs", "navigation") && low == "sat" || t[n].Is("lounger", "loungers", "cream", "hat", "glasses", "umbrella", "shade", "roof") && low == "sun") {
		return 0, i // "Sat nav and coins gone"
	}
	if len(low) < 6 && glued(t, n, ".") {
		n++
	}
	return w, n
}

// dated reports whether a day and its month stand at token i: "Tu 14/5", "Th 16 May".
func dated(t []Token, i int) bool {
	d, n := domAt(t, i)
	if d == 0 || i+2 >= len(t) {
		return false
	}
	_, e := MonthAt(t, n)
	return e > n || t[n].Is("/", ".") && !t[n].Gap && t[n+1].Kind == Number && Atoi(t[n+1].Text) <= 12
}

func startsWeekday(t []Token, i int) bool {
	_, n := weekdayAt(t, i)
	return n > i
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
	if j >= len(t) || t[j].Kind != Number {
		return 0, i
	}
	if k := SkipWords(t, j+1, ","); j == i && len(t[j].Text) == 2 && k+2 < len(t) && t[k].Gap && t[k].Kind == Number && glued(t, k+1, ":") {
		return 2000 + Atoi(t[j].Text), j + 1 // "16 Sep 15, 16:45"
	}
	if len(t[j].Text) != 4 {
		return 0, i
	}
	y := Atoi(t[j].Text)
	n := j + 1
	if y < 1000 || n < len(t) && (t[n].Is("hrs", "hours", "hr", "h") || !t[n].Gap && (t[n].Kind == Word || glued(t, n, ":") && n+1 < len(t) && !t[n+1].Gap && t[n+1].Kind == Number)) {
		return 0, i
	}
	// "16 September 1930" is a clock time, which no year of ours is.
	if y < 1950 && y%100 < 60 && y/100 < 24 || y >= 2100 {
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
	if x, e := secondDom(t, k); r.Year == 0 && e > k && t[k].Is("or") && x > d {
		r.LastDom, k = x, e
		r.Year, k = YearAt(t, k)
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
	if r, n := compactDate(t, i); n > i {
		return r, n
	}
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
			return &Date{Year: c, Month: time.Month(b), Dom: a, numeric: true}, i + 5
		case len(t[i].Text) <= 2 && len(t[i+2].Text) <= 2 && len(t[i+4].Text) == 2 && (!sep.Is(".") || dateBefore(t, i)):
			return &Date{Year: 2000 + c, Month: time.Month(b), Dom: a, numeric: true}, i + 5
		}
		return nil, i
	}
	if dottedDay(t, i) {
		return &Date{Month: time.Month(b), Dom: a, numeric: true}, i + 3
	}
	if sep.Is("/") && (len(t[i].Text) == 2 && len(t[i+2].Text) == 2 || dateBefore(t, i)) && len(t[i].Text) <= 2 && len(t[i+2].Text) <= 2 && !(a == 24 && b == 7) && a >= 1 && b >= 1 && (a <= 31 && b <= 12 || a <= 12 && b <= 31) {
		if _, n := MonthAt(t, i+3); n > i+3 { // 18/19 July, not 18/10
			return nil, i
		}
		return &Date{Month: time.Month(b), Dom: a, numeric: true}, i + 3
	}
	return nil, i
}

// dottedDay reports whether a day and its month, "27.05", begin a line at token i or stand
// behind a weekday or a comma, with a clock time behind them that is written in another
// way, or behind "on": "2130 on 27.05".
func dottedDay(t []Token, i int) bool {
	a, b := Atoi(t[i].Text), Atoi(t[i+2].Text)
	if !t[i+1].Is(".") || a < 1 || a > 31 || b < 1 || b > 12 || len(t[i].Text) > 2 || len(t[i+2].Text) > 2 {
		return false
	}
	if i > 0 && t[i-1].Is("on") && len(t[i].Text) == 2 && len(t[i+2].Text) == 2 {
		return true
	}
	if _, n := weekdayAt(t, max(i-1, 0)); i > 0 && !t[i].Newline && n != i && !t[i-1].Is(",") {
		return false
	}
	n := SkipWords(t, i+3, ",", ":", "@", "at", "between", "from", "about", "around")
	if n >= len(t) || !t[n].Gap && n == i+3 || t[n].Kind != Number {
		return false
	}
	return hhmmAt(t, n) || glued(t, n+1, ":") || t[n-1].Is("@", "at", "between", "from") || n+1 < len(t) && t[n+1].Is("am", "pm") || n+3 < len(t) && glued(t, n+1, ".") && t[n+3].Is("am", "pm")
}

// Orders counts the numeric dates of w that can only be read day first, and month first.
func (w *Expression) Orders() (day, month int) {
	for _, m := range w.Moments {
		if m.Date != nil && m.Date.numeric {
			if m.Date.Dom > 12 {
				day++
			}
			if m.Date.Month > 12 {
				month++
			}
		}
	}
	return day, month
}

// MonthFirst reads the numeric dates of w as Americans write them.
func (w *Expression) MonthFirst() {
	seen := map[*Date]bool{}
	for _, m := range w.Moments {
		if d := m.Date; d != nil && d.numeric && !seen[d] {
			seen[d] = true
			d.Month, d.Dom = time.Month(d.Dom), int(d.Month)
		}
	}
}

// compactDate reads what machines write: 20210119, with or without T0140 behind it, and
// 09APR21.
func compactDate(t []Token, i int) (*Date, int) {
	if i >= len(t) || t[i].Kind != Number {
		return nil, i
	}
	if eightDigits(t[i].Text) {
		n := Atoi(t[i].Text)
		return isoTail(t, &Date{Year: n / 10000, Month: time.Month(n / 100 % 100), Dom: n % 100}, i+1)
	}
	if i+4 < len(t) && t[i+1].Kind == Mark && t[i+1].Is("-", "/", ".") && t[i+3].Low == t[i+1].Low && !t[i+1].Gap && !t[i+3].Gap {
		if r := dayMonthYear(t[i], t[i+2], t[i+4]); r != nil {
			return r, i + 5 // "16-Sep-15"
		}
	}
	if i+2 < len(t) && len(t[i].Text) <= 2 && t[i+1].Dash() && !t[i+1].Gap && !t[i+2].Gap && Months[t[i+2].Low] > 0 {
		if d := Atoi(t[i].Text); d > 0 && d < 32 {
			return &Date{Month: Months[t[i+2].Low], Dom: d}, i + 3 // "12-Oct"
		}
	}
	if i+2 < len(t) {
		if r := dayMonthYear(t[i], t[i+1], t[i+2]); r != nil {
			return r, i + 3
		}
	}
	return nil, i
}

// dayMonthYear returns the date that three tokens with no space between them are, nil
// for none.
func dayMonthYear(a, b, c Token) *Date {
	if len(a.Text) > 2 || b.Gap || b.Kind != Word || c.Gap || c.Kind != Number || len(c.Text) != 2 && len(c.Text) != 4 {
		return nil
	}
	d := Day{Atoi(c.Text), Months[b.Low], Atoi(a.Text)}
	if d.Month == 0 {
		d.Month = time.Month(slices.Index(romans, b.Low) + 1) // "04vi24"
	}
	if d.Year < 100 {
		d.Year += 2000
	}
	if !d.Exists() {
		return nil
	}
	return &Date{Year: d.Year, Month: d.Month, Dom: d.Dom}
}

var romans = strings.Fields("i ii iii iv v vi vii viii ix x xi xii")

// eightDigits reports whether digits are those of a day, 20210119.
func eightDigits(s string) bool {
	n := Atoi(s)
	return len(s) == 8 && n >= 19500000 && n < 21000000 && Day{n / 10000, time.Month(n / 100 % 100), n % 100}.Exists()
}

// numericPair reads "12-13/03/21" and "12-13/03": days of one month.
func numericPair(t []Token, i int) (*Date, int) {
	a, n := domAt(t, i)
	if n != i+1 || n+1 >= len(t) || !t[n].Dash() || t[n].Gap || t[n+1].Gap || i > 0 && !t[i].Gap {
		return nil, i
	}
	r, k := numericDate(t[n+1:], 0)
	if k == 0 || r.Year == 0 && r.Dom != a+1 || r.Dom <= a {
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
	if len(t[i-1].Text) == 4 && t[i-1].Kind == Number && (i == 1 || t[i-1].Newline || t[i-2].Is("between", "and", "from", "to", "until", "since", "seen")) {
		return true // "between 2200 3/6 and 0730 4/6", "0115 10/3 Mill Road"
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

// named are the days that have names, by the words of the name: its month and its day,
// or for a zero month the days from Easter Sunday.
var named = map[string]struct {
	month time.Month
	day   int
}{
	"christmas day": {12, 25}, "xmas day": {12, 25}, "christmas eve": {12, 24}, "xmas eve": {12, 24}, "boxing day": {12, 26},
	"new year's eve": {12, 31}, "new years eve": {12, 31}, "new year eve": {12, 31}, "hogmanay": {12, 31},
	"new year's day": {1, 1}, "new years day": {1, 1}, "new year day": {1, 1}, "burns night": {1, 25},
	"valentine's day": {2, 14}, "valentines day": {2, 14}, "st patrick's day": {3, 17}, "st david's day": {3, 1}, "st george's day": {4, 23}, "st andrew's day": {11, 30},
	"april fool's day": {4, 1}, "april fools day": {4, 1}, "midsummer day": {6, 24}, "canada day": {7, 1}, "anzac day": {4, 25}, "australia day": {1, 26},
	"halloween": {10, 31}, "hallowe'en": {10, 31}, "bonfire night": {11, 5}, "guy fawkes night": {11, 5}, "fireworks night": {11, 5}, "armistice day": {11, 11},
	"st stephen's day": {12, 26}, "remembrance day": {11, 11}, "mothering sunday": {0, -21}, "mother's day": {0, -21},
	"shrove tuesday": {0, -47}, "pancake day": {0, -47}, "ash wednesday": {0, -46}, "palm sunday": {0, -7}, "maundy thursday": {0, -3},
	"good friday": {0, -2}, "easter saturday": {0, -1}, "easter eve": {0, -1}, "easter sunday": {0, 0}, "easter day": {0, 0}, "easter monday": {0, 1}, "whit sunday": {0, 49}, "whit monday": {0, 50},
}

// namedDay reads the days that have names.
func namedDay(t []Token, i int) (*Date, int) {
	if !t[i].Capital() {
		return nil, i
	}
	name := ""
	for k := i; k < min(len(t), i+4); k++ {
		if k > i && t[k].Is(".") {
			continue // "St. George's Day"
		}
		if k > i {
			name += " "
		}
		name += t[k].Low
		if d, ok := named[name]; ok {
			r := &Date{Month: d.month, Dom: d.day}
			if d.month == 0 {
				r.rel = "easter"
			}
			year, n := YearAt(t, k+1)
			if r.Year = year; year == 0 {
				return refine(t, r, n) // "Easter Monday (2 April)"
			}
			return r, n
		}
	}
	return nil, i
}

// units are the lengths of time that are counted, in days.
var units = map[string]int{"day": 1, "days": 1, "night": 1, "nights": 1, "evening": 1, "evenings": 1, "morning": 1, "mornings": 1, "week": 7, "weeks": 7, "fortnight": 14, "fortnights": 14}

// counted reads "two days later", "a week to the day earlier", "the day after that",
// which count from the day last spoken of, and "three days ago", "a week last Tuesday",
// which count from the day of writing.
func counted(t []Token, i int) (*Date, int) {
	if r, n := nthDay(t, i); r != nil {
		return r, n
	}
	n, k := numberWords[t[i].Low], i
	switch {
	case t[i].Is("a", "one"):
		n = 1
	case t[i].Kind == Number && len(t[i].Text) < 3:
		n = Atoi(t[i].Text)
	case t[i].Is("day", "night", "evening", "morning") && i > 0 && t[i-1].Is("the"):
		n, k = 1, i-1
	}
	if n == 0 || k+2 >= len(t) || units[t[k+1].Low] == 0 {
		return nil, i
	}
	n *= units[t[k+1].Low]
	k += 2
	if k+3 < len(t) && t[k].Is("to", "before", "after") && t[k+1].Is("the") && t[k+2].Is("day") {
		k += 3 // "a week to the day earlier"
	}
	if k > i+1 && t[k-1].Is("week", "fortnight", "weeks", "days") {
		j := SkipWords(t, k, "ago", "on")
		if r, e := dayBack(t, j); e > j && !(j > k && t[j-1].Is("on") && !t[k].Is("ago")) {
			r.shift -= n
			return r, e // "a week last Tuesday", "a fortnight ago today"
		}
	}
	stops := k+1 >= len(t) || t[k+1].Kind == Mark || t[k+1].Is("at", "in", "a", "another", "between", "about", "around", "when")
	switch {
	case k >= len(t):
	case t[k].Is("ago", "back"):
		return &Date{rel: "yesterday", Dom: n - 1}, k + 1
	case t[k].Is("later", "afterwards"), t[k].Is("on") && stops && t[k-1].Is("days", "weeks", "week", "fortnight"):
		return &Date{rel: "later", Dom: n}, k + 1
	case t[k].Is("earlier", "previously"):
		return &Date{rel: "later", Dom: -n}, k + 1
	case t[k].Is("before"):
		return countedFrom(t, k, -n, k > i+1, stops)
	case t[k].Is("after"):
		return countedFrom(t, k, n, k > i+1, stops)
	}
	return nil, i
}

// countedFrom reads what n days are counted from, behind "before" or "after" at token k: that
// day, "the fair", a feast or a date, and where only a mark follows it, what was told last.
func countedFrom(t []Token, k, n int, many, stops bool) (*Date, int) {
	switch {
	case k+1 < len(t) && t[k+1].Is("that", "this"):
		return &Date{rel: "later", Dom: n}, k + 2
	case k+2 < len(t) && t[k+1].Is("the") && t[k+2].Kind == Word && !t[k+2].Capital() && len(t[k+2].Low) > 2:
		end := k + 3
		if end < len(t) && incidents[t[end].Low] {
			end++ // "after the ram raid"
		}
		if t[k+2].Is("first") {
			return &Date{rel: "nth", Dom: n}, end
		}
		return &Date{rel: "later", Dom: n, event: t[end-1].Low}, end
	case k+2 < len(t) && t[k+1].Is("the") && incidentAt(t, k+2) > k+3:
		return &Date{rel: "later", Dom: n, event: t[k+2].Low}, incidentAt(t, k+2) // "two days before the Mill Street theft"
	case stops && many, n < 0 && k+1 < len(t) && t[k+1].Is("the"):
		return &Date{rel: "later", Dom: n}, k + 1
	case many:
		for _, form := range []func([]Token, int) (*Date, int){namedDay, monthDate} {
			if r, e := form(t, k+1); r != nil {
				r.shift, r.Weekday = n, nil
				return r, e // "five days before Halloween"
			}
		}
	}
	return nil, 0
}

// nthDay reads "day three" and "on the second night", which count from the first day told of,
// and "day 0" and "D+1", which count from one that the text names.
func nthDay(t []Token, i int) (*Date, int) {
	if i+1 >= len(t) {
		return nil, i
	}
	if plus := t[i].Text == "D" && t[i+1].Is("+") && i+2 < len(t) && t[i+2].Kind == Number && len(t[i+2].Text) < 3; plus || t[i].Is("day") && t[i+1].Text == "0" {
		k := i + 2
		if plus {
			k++
		}
		return &Date{rel: "nth", Dom: Atoi(t[k-1].Text)}, k
	}
	n := numberWords[t[i+1].Low]
	if t[i+1].Kind == Number && len(t[i+1].Text) < 3 {
		n = Atoi(t[i+1].Text)
	}
	if t[i].Is("day") && n > 0 && n < 32 && (i == 0 || t[i-1].Kind == Mark || t[i-1].Is("on", "by")) && (i+2 == len(t) || t[i+2].Kind == Mark || !t[i+2].Is("of", "old", "and")) {
		return &Date{rel: "nth", Dom: n - 1}, i + 2
	}
	led := i > 0 && t[i-1].Is("the") && (i == 1 || t[i-2].Is("on", "and", "but") || t[i-2].Kind == Mark || t[i-1].Capital())
	if d := slices.Index(ordinals, t[i].Low); d >= 0 && d < 14 && led && t[i+1].Is("day", "night", "evening") && (i+2 == len(t) || !t[i+2].Is("of", "was")) {
		return &Date{rel: "nth", Dom: d}, SkipWords(t, i+2, "running")
	}
	return nil, i
}

// dayBack reads the day of writing, the one before it or a weekday before it, from which
// whole weeks are counted back: the "last Tuesday" of "a week last Tuesday".
func dayBack(t []Token, i int) (*Date, int) {
	if i >= len(t) {
		return nil, i
	}
	if t[i].Is("today", "yesterday") {
		return &Date{rel: t[i].Low}, i + 1
	}
	j := SkipWords(t, i, "last")
	if w, n := weekdayAt(t, j); n > j {
		return &Date{Weekday: &w, last: j > i}, n
	}
	return nil, i
}

// shifted reads what moves a date that ends before token n: "Thursday before last",
// "the next day but one". It steps over words that change nothing: "Saturday just gone".
func (r *Date) shifted(t []Token, n int) int {
	switch {
	case n+1 >= len(t):
	case r.Weekday != nil && r.rel == "" && t[n].Is("before") && t[n+1].Is("last"):
		r.last, r.shift = true, -7
		return n + 2
	case r.Weekday != nil && r.rel == "" && t[n].Is("before", "after") && n > 1 && t[n-2].Is("the") && (t[n+1].Kind == Mark || t[n+1].Is("that", "this", "at")):
		r.rel = map[bool]string{true: "preceding", false: "following"}[t[n].Is("before")]
		return SkipWords(t, n+1, "that", "this")
	case r.Weekday != nil && r.rel == "" && t[n].Is("following", "after") && n > 1 && t[n-2].Is("the"):
		r.rel = "following"
		return n + 1
	case r.rel == "next" && t[n].Is("but") && t[n+1].Is("one"):
		r.shift = 1
		return n + 2
	case r.Weekday != nil && r.rel == "":
		if k := SkipWords(t, n, "just", "gone", "past", "there", "last"); k > n && (k == len(t) || t[k].Kind == Mark || t[k].Is("at", "between", "about", "around")) {
			r.last = true
			return k
		}
	}
	return n
}

var incidents = Set(`theft thefts burglary raid robbery attack incident break-in fire first second`)

// afterEvent reads "day after the Cilycwm theft", "eve of the fair".
func afterEvent(t []Token, i int) int {
	if i+3 < len(t) && t[i].Is("eve") && t[i+1].Is("of") && t[i+2].Is("the") && t[i+3].Kind == Word {
		return i + 4
	}
	if i+3 >= len(t) || !t[i].Is("day", "night", "morning", "evening") || !t[i+1].Is("before", "after") || !t[i+2].Is("the", "that") {
		return i
	}
	if k := incidentAt(t, i+3); k > i+3 {
		return k
	}
	if k := i + 4; t[i+3].Kind == Word && len(t[i+3].Low) > 3 && (k == len(t) || t[k].Kind == Mark || t[k].Is("at", "a", "between", "about", "around", "when")) {
		return k
	}
	return i
}

// incidentAt reads what an incident told of before is called at token i: "raid", "Mill Street theft".
func incidentAt(t []Token, i int) int {
	for k := i; k < min(len(t), i+4) && t[k].Kind == Word; k++ {
		if incidents[t[k].Low] {
			return k + 1
		}
	}
	return i
}

// nextMonth is the last day of a stretch that ends on the first of the next month.
const nextMonth = 32

// weekendOf reads the days of a weekend: "of 24th and 25th July", "24/25 July".
func weekendOf(t []Token, i int) (*Date, int) {
	a, n := domAt(t, SkipWords(t, i, "of", "the"))
	if a == 0 {
		return nil, i
	}
	r := &Date{rel: "dom", Dom: a, LastDom: a + 1}
	if m, k := MonthAt(t, n); k > n && k < len(t) && t[k].Is("and", "&", "-", "–", "/", "to") {
		b, e := domAt(t, k+1)
		next, end := MonthAt(t, e)
		if over := b == 1 && next == m%12+1; over || b == a+1 && next == m {
			if r.rel, r.Month = "", m; over {
				r.LastDom = nextMonth // "of 31 August and 1 September"
			}
			r.Year, n = YearAt(t, end)
			return r, n
		}
	}
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

// weekdaySaid reads "that same Monday", "the following Tuesday". the is true when "the" stands
// before i.
func weekdaySaid(t []Token, i int, the bool) (*Date, int) {
	if k := SkipWords(t, i, "that", "very", "same"); k > i {
		if w, n := weekdayAt(t, k); n > k {
			return &Date{Weekday: &w}, n
		}
	}
	if t[i].Is("following") || the && t[i].Is("next") {
		if w, n := weekdayAt(t, i+1); n > i+1 {
			return &Date{rel: "following", Weekday: &w}, n
		}
	}
	return nil, i
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
	case (two == "this day" || two == "this time") && lastWeek(t, i+2):
		return &Date{rel: "today", shift: -7}, i + 4
	case two == "same date" || two == "very same":
		return &Date{rel: "same"}, i + 2
	case !the && lastWeek(t, i):
		return &Date{rel: "week"}, i + 2
	case two == "this am" || two == "this pm":
		return &Date{rel: "today"}, i + 1
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
	if the && i+1 < len(t) && t[i].Is("day", "night", "evening", "morning", "afternoon") && t[i+1].Is("before", "after") && (i+2 == len(t) || t[i+2].Kind == Mark || t[i+2].Is("at", "about", "around", "between", "in", "shortly", "just")) {
		return &Date{rel: map[bool]string{true: "previous", false: "next"}[t[i+1].Is("before")]}, i + 2
	}
	if r, n := weekdaySaid(t, i, the); n > i {
		return r, n
	}
	k := SkipWords(t, i, "next", "following")
	if n := afterEvent(t, k); the && n > k {
		r := &Date{rel: map[bool]string{true: "previous", false: "next"}[t[k+1].Is("before", "of")]}
		if n > k+4 || !incidents[t[k+3].Low] {
			r.event = t[k+3].Low
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
