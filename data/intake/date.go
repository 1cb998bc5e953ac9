package intake

import (
	"time"
)

// A dateRef is a date in words: "Wednesday, September 16", "yesterday",
// "18-19 July".
type dateRef struct {
	year    int // 0 when the words give none
	month   time.Month
	dom     int
	lastDom int  // last day of "18-19 July", 0 for one day
	list    bool // "14 and 15 December": two days, not a span
	weekday *time.Weekday
	rel     string // "today", "yesterday", "same", "next", "previous", "weekend", "dom"
	last    bool   // "last Tuesday"
}

func (r *dateRef) full() bool { return r.month != 0 }

// dateAt reads a date at token i and returns the token after it, i when there
// is none.
func dateAt(t []token, i int) (*dateRef, int) {
	j := skipWords(t, i, "the")
	if j >= len(t) {
		return nil, i
	}
	if r, n := relativeDate(t, j, j > 0 && t[j-1].is("the")); n > j {
		return refine(t, r, n)
	}
	if r, n := numericDate(t, j); n > j {
		return r, n
	}
	if r, n := namedDay(t, j); n > j {
		return r, n
	}
	if r, n := monthDate(t, j); n > j {
		return r, n
	}
	if w, n := weekdayAt(t, j); n > j {
		r := &dateRef{weekday: &w}
		if i > 0 && t[i-1].is("last") {
			r.last = true
		}
		return refine(t, r, n)
	}
	if j > i {
		if d, n := domAt(t, j); n > j+1 && (n >= len(t) || t[n].kind == mark || t[n].is("between", "at", "and", "from", "when", "in", "a", "to", "around", "about")) {
			return &dateRef{rel: "dom", dom: d}, n
		}
	}
	return nil, i
}

// refine lets an exact date that follows, after a comma or in brackets, take
// the place of a loose one: "Wednesday (16 September)", "yesterday, March 3".
func refine(t []token, r *dateRef, n int) (*dateRef, int) {
	if n >= len(t) {
		return r, n
	}
	j, bracket := n, false
	switch {
	case t[j].is("("):
		bracket = true
		j++
	case t[j].is(","):
		j++
	}
	j = skipWords(t, j, "the", "on")
	if r.rel != "" && r.weekday == nil {
		if w, k := weekdayAt(t, j); k > j {
			r2 := &dateRef{weekday: &w}
			x, m := refine(t, r2, k)
			if x.full() || bracket {
				return closeBracket(t, x, m, bracket, r, n)
			}
			return r, n
		}
	}
	x, m := numericDate(t, j)
	if m == j {
		x, m = monthDate(t, j)
	}
	if m == j {
		if d, k := domAt(t, j); k > j+1 && r.weekday != nil && (k >= len(t) || t[k].kind == mark || !t[k].capital()) {
			return closeBracket(t, &dateRef{rel: "dom", dom: d, weekday: r.weekday}, k, bracket, r, n)
		}
		return r, n
	}
	x.weekday = r.weekday
	return closeBracket(t, x, m, bracket, r, n)
}

func closeBracket(t []token, x *dateRef, m int, bracket bool, r *dateRef, n int) (*dateRef, int) {
	if !bracket {
		return x, m
	}
	if m < len(t) && t[m].is(")") {
		return x, m + 1
	}
	return r, n
}

// weekdayAt reads the name of a weekday. "sat", "sun", "wed" and "mon" need
// their capital.
func weekdayAt(t []token, i int) (time.Weekday, int) {
	if i >= len(t) {
		return 0, i
	}
	low := t[i].low
	if len(low) > 2 && low[len(low)-2:] == "'s" {
		low = low[:len(low)-2]
	}
	w, ok := weekdays[low]
	if !ok || t[i].kind != word || len(low) < 6 && !t[i].capital() {
		return 0, i
	}
	n := i + 1
	if len(low) < 6 && glued(t, n, ".") {
		n++
	}
	return w, n
}

func monthAt(t []token, i int) (time.Month, int) {
	if i >= len(t) || t[i].kind != word {
		return 0, i
	}
	m, ok := months[t[i].low]
	if !ok || !t[i].capital() && (t[i].is("may", "march", "mar", "dec", "jan", "sep", "jun", "oct", "nov", "feb", "apr", "aug", "jul")) {
		return 0, i
	}
	n := i + 1
	if len(t[i].low) <= 4 && glued(t, n, ".") {
		n++
	}
	return m, n
}

// domAt reads a day of the month, "16" or "16th".
func domAt(t []token, i int) (int, int) {
	if i >= len(t) || t[i].kind != number || len(t[i].text) > 2 {
		return 0, i
	}
	d := atoi(t[i].text)
	if d < 1 || d > 31 {
		return 0, i
	}
	if i+1 < len(t) && !t[i+1].gap && t[i+1].is("st", "nd", "rd", "th") {
		return d, i + 2
	}
	if i+1 < len(t) && !t[i+1].gap && t[i+1].kind == word {
		return 0, i
	}
	return d, i + 1
}

// yearAt reads a year of four digits after an optional comma.
func yearAt(t []token, i int) (int, int) {
	j := i
	if j < len(t) && t[j].is(",") {
		j++
	}
	if j >= len(t) || t[j].kind != number || len(t[j].text) != 4 {
		return 0, i
	}
	y := atoi(t[j].text)
	n := j + 1
	if y < 1000 || n < len(t) && (t[n].is("hrs", "hours", "hr", "h") || !t[n].gap && (t[n].kind == word || glued(t, n, ":") && n+1 < len(t) && !t[n+1].gap && t[n+1].kind == number)) {
		return 0, i
	}
	// "September 16, 1730" is a clock time when the number can be no year of ours.
	if j > i && (y < 1900 || y > 2100) {
		return 0, i
	}
	return y, n
}

// monthDate reads "16 September 2015", "September 16th, 2015", "18-19 July".
func monthDate(t []token, i int) (*dateRef, int) {
	if d, n := domAt(t, i); n > i {
		r := &dateRef{dom: d}
		if x, k := secondDom(t, n); k > n {
			if _, after := monthAt(t, skipWords(t, k, "of")); after > skipWords(t, k, "of") {
				r.lastDom = x
				r.list = t[n].is("and", "&", ",")
				n = k
			}
		}
		n = skipWords(t, n, "of")
		m, k := monthAt(t, n)
		if k == n || k < len(t) && streetTypes[t[k].low] && t[k].capital() {
			return nil, i
		}
		r.month = m
		r.year, k = yearAt(t, k)
		return r, k
	}
	m, n := monthAt(t, i)
	if n == i {
		return nil, i
	}
	d, k := domAt(t, skipWords(t, n, "the"))
	if k == skipWords(t, n, "the") || glued(t, k, ":", ".") && k+1 < len(t) && t[k+1].kind == number && !t[k+1].gap {
		return nil, i
	}
	r := &dateRef{month: m, dom: d}
	r.year, k = yearAt(t, k)
	if r.year == 0 && k < len(t) && (t[k].dash() || t[k].is("/")) && !t[k].gap {
		if x, e := domAt(t, k+1); e > k+1 && x > d && (e >= len(t) || !t[e].is("am", "pm", ":", ".") || t[e].is(".") && (e+1 >= len(t) || t[e+1].gap)) {
			r.lastDom, k = x, e
			r.year, k = yearAt(t, k)
		}
	}
	return r, k
}

// secondDom reads the second day of "18-19 July", "14 and 15 December",
// "Monday 14 to Tuesday 15 September" from its dash or word on.
func secondDom(t []token, i int) (int, int) {
	if i >= len(t) || !t[i].dash() && !t[i].is("/", "to", "and", "&", "into", "until", "or") {
		return 0, i
	}
	j := skipWords(t, i+1, "the")
	if _, n := weekdayAt(t, j); n > j {
		j = skipWords(t, n, "the", ",")
	}
	d, n := domAt(t, j)
	if n == j {
		return 0, i
	}
	return d, n
}

// numericDate reads 2015-09-16, 16/09/2015, 16.09.2015, 16-9-15 and 16/09, day
// first.
func numericDate(t []token, i int) (*dateRef, int) {
	if i+2 >= len(t) || t[i].kind != number || i > 0 && !t[i].gap && t[i-1].is("/", "-", ".") {
		return nil, i
	}
	sep := t[i+1]
	if sep.gap || sep.kind != mark || !sep.is("/", "-", ".") || t[i+2].kind != number || t[i+2].gap {
		return nil, i
	}
	a, b := atoi(t[i].text), atoi(t[i+2].text)
	if i+4 < len(t) && t[i+3].low == sep.low && !t[i+3].gap && t[i+4].kind == number && !t[i+4].gap {
		c := atoi(t[i+4].text)
		switch {
		case len(t[i].text) == 4 && len(t[i+4].text) <= 2 && len(t[i+2].text) <= 2:
			return isoTail(t, &dateRef{year: a, month: time.Month(b), dom: c}, i+5)
		case len(t[i].text) <= 2 && len(t[i+2].text) <= 2 && len(t[i+4].text) == 4:
			return &dateRef{year: c, month: time.Month(b), dom: a}, i + 5
		case len(t[i].text) <= 2 && len(t[i+2].text) <= 2 && len(t[i+4].text) == 2 && (!sep.is(".") || dateBefore(t, i)):
			return &dateRef{year: 2000 + c, month: time.Month(b), dom: a}, i + 5
		}
		return nil, i
	}
	if sep.is("/") && (len(t[i].text) == 2 && len(t[i+2].text) == 2 || dateBefore(t, i)) && len(t[i].text) <= 2 && len(t[i+2].text) <= 2 && !(a == 24 && b == 7) && a >= 1 && a <= 31 && b >= 1 && b <= 12 {
		if _, n := monthAt(t, i+3); n > i+3 { // 18/19 July, not 18/10
			return nil, i
		}
		return &dateRef{month: time.Month(b), dom: a}, i + 3
	}
	return nil, i
}

// dateBefore reports whether what stands before token i leads to a date, so that
// "3/9" is one.
func dateBefore(t []token, i int) bool {
	if i == 0 || t[i-1].kind == mark && !t[i-1].is("£") || t[i-1].is("on", "from", "between", "and", "to", "until", "am", "pm", "hrs") {
		return true
	}
	_, n := weekdayAt(t, i-1)
	return n == i
}

// isoTail steps over the T of 2015-09-16T10:05.
func isoTail(t []token, r *dateRef, n int) (*dateRef, int) {
	if n < len(t) && t[n].low == "t" && !t[n].gap {
		n++
	}
	return r, n
}

// namedDay reads the days that have names.
func namedDay(t []token, i int) (*dateRef, int) {
	if i+1 >= len(t) {
		return nil, i
	}
	r, n := &dateRef{}, i+2
	a, b := t[i].low, t[i+1].low
	switch {
	case (a == "christmas" || a == "xmas") && b == "day":
		r.month, r.dom = 12, 25
	case (a == "christmas" || a == "xmas") && b == "eve":
		r.month, r.dom = 12, 24
	case a == "boxing" && b == "day":
		r.month, r.dom = 12, 26
	case a == "new" && (b == "year's" || b == "years" || b == "year") && i+2 < len(t) && t[i+2].is("eve"):
		r.month, r.dom, n = 12, 31, i+3
	case a == "new" && (b == "year's" || b == "years" || b == "year") && i+2 < len(t) && t[i+2].is("day"):
		r.month, r.dom, n = 1, 1, i+3
	default:
		return nil, i
	}
	r.year, n = yearAt(t, n)
	return r, n
}

// relativeDate reads "today", "the same day", "the following day", "the
// weekend". the is true when "the" stands before i.
func relativeDate(t []token, i int, the bool) (*dateRef, int) {
	two := ""
	if i+1 < len(t) {
		two = t[i].low + " " + t[i+1].low
	}
	switch {
	case t[i].is("today"):
		return &dateRef{rel: "today"}, i + 1
	case t[i].is("yesterday"):
		return &dateRef{rel: "yesterday"}, i + 1
	case two == "same day" || two == "that day":
		return &dateRef{rel: "same"}, i + 2
	case two == "next day" || two == "following day":
		return &dateRef{rel: "next"}, i + 2
	case two == "previous day" || two == "preceding day":
		return &dateRef{rel: "previous"}, i + 2
	case two == "last weekend" || two == "this weekend":
		return &dateRef{rel: "weekend"}, i + 2
	case the && t[i].is("weekend"):
		return &dateRef{rel: "weekend"}, i + 1
	case two == "day before" && i+2 < len(t) && t[i+2].is("yesterday"):
		return &dateRef{rel: "previous"}, i + 3
	}
	// "that morning", "the same evening", "the following afternoon", "this
	// morning", "last night": the part of the day is read after the date.
	if p, n := partAt(t, i+1); n > i+1 {
		switch {
		case t[i].is("this") || t[i].is("to"):
			return &dateRef{rel: "today"}, i + 1
		case t[i].is("that", "same"):
			return &dateRef{rel: "same"}, i + 1
		case t[i].is("following", "next"):
			return &dateRef{rel: "next"}, i + 1
		case t[i].is("previous"), t[i].is("last") && (p == overnight || p == evening):
			if t[i].is("last") {
				return &dateRef{rel: "yesterday"}, i + 1
			}
			return &dateRef{rel: "previous"}, i + 1
		}
	}
	return nil, i
}
