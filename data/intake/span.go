package intake

import (
	"time"
)

// militarySpan reads "1015-1045" and "2200 to 0600": two times of four digits of
// which not both can be years.
func militarySpan(t []token, i int) (a, b clockTime, next int) {
	if i+2 >= len(t) || !t[i+1].dash() && !t[i+1].is("to", "until") {
		return a, b, i
	}
	years := 0
	for k, c := range []*clockTime{&a, &b} {
		x := t[i+2*k]
		if x.kind != number || len(x.text) != 4 || atoi(x.text)/100 > 23 || atoi(x.text)%100 > 59 {
			return a, b, i
		}
		c.minute = atoi(x.text)/100*60 + atoi(x.text)%100
		if y := atoi(x.text); y >= 1900 && y <= 2059 {
			years++
		}
	}
	next = i + 3
	if next < len(t) && (t[next].dash() && !t[next].gap || t[next].is("/")) || years == 2 && (next >= len(t) || !t[next].is("hrs", "hours", "h")) {
		return a, b, i
	}
	return a, b, skipWords(t, next, "hrs", "hours", "h")
}

// spanAhead reports whether a number at token i begins a span that ends in a
// clock time beyond doubt: the 12.30 of "12.30-1.15pm".
func spanAhead(t []token, i int) bool {
	c, n, complaint := clockAt(t, i, true)
	if n == i || complaint != "" || n >= len(t) || !t[n].dash() && !t[n].is("to") {
		return false
	}
	d, k, complaint := clockAt(t, n+1, false)
	return k > n+1 && complaint == "" && (d.half != 0 || !d.bare) && (c.bare || c.minute > 0)
}

// readSpan reads "10am and 2.30pm" after between, "10am to noon" after from.
func (w *when) readSpan(t []token, i int, l lead) bool {
	a, n := endAt(t, i)
	if n == i {
		return false
	}
	if a.date != nil && a.date.lastDom > 0 && a.clock == nil && a.hour == 0 {
		// "between 14 and 29 December" is one date expression with two days.
		a.date.list = false
		if l.overnight {
			a.part = &overnight
		}
		w.moments, w.end = []moment{a}, n
		return l.between || !a.date.list
	}
	sep := n < len(t) && (t[n].is("and", "&") && l.between || t[n].is("to", "until", "till", "til", "through", "into") || t[n].dash())
	if n < len(t) && t[n].is(",") && n+1 < len(t) && t[n+1].is("and", "to", "until") {
		sep = true
		n++
	}
	if !sep {
		if l.between && (a.clock != nil || a.part != nil) {
			w.end, w.complaint = n, "a stretch of time without its end"
			w.moments = []moment{a}
		}
		return false
	}
	k, inner := leadAt(t, n+1)
	if inner.between || inner.from {
		k = n + 1
	}
	b, e := endAt(t, k)
	if e == k {
		if l.between && (a.clock != nil || a.part != nil) {
			w.end, w.complaint = n, "a stretch of time without its end"
			w.moments = []moment{a}
		}
		return false
	}
	a, b, ok := pair(a, b)
	if !ok {
		return false
	}
	if l.overnight && a.clock == nil && b.clock == nil {
		a.part, b.part = &overnight, &overnight
	}
	w.moments, w.end = []moment{a, b}, e
	return true
}

// endAt reads one end of a span, in which a bare number may be an hour or a day.
func endAt(t []token, i int) (moment, int) {
	i = skipWords(t, i, "about", "around", "approximately", "on", "at", "the", "just", "after", "before", "shortly")
	m, n := momentAt(t, i, false)
	bare := m.clock == nil && m.date == nil
	if n > i && !bare {
		return m, n
	}
	if m, n := momentAt(t, i, true); n > i && (m.clock == nil || !m.clock.bare || n > i+1) {
		return m, n
	}
	if n > i {
		return m, n
	}
	if d, n := domAt(t, i); n > i && (n >= len(t) || !t[n].capital()) {
		if n < len(t) && (glued(t, n, ".", ":") && n+1 < len(t) && t[n+1].kind == number) {
			m, n := momentAt(t, i, true)
			return m, n
		}
		return moment{hour: d}, n
	}
	return moment{}, i
}

// pair makes the two ends of a span alike: "10 and 11.30am", "14 and 29
// December", "Monday and Tuesday evening".
func pair(a, b moment) (moment, moment, bool) {
	fill := func(x, y moment) (moment, bool) {
		switch {
		case x.hour == 0:
			return x, true
		case y.date != nil && y.date.full() && y.clock == nil && y.part == nil:
			r := *y.date
			r.dom, r.lastDom, r.weekday = x.hour, 0, nil
			x.date = &r
		case y.clock != nil && x.hour <= 12, y.part != nil && x.hour <= 12 && y.date == nil:
			x.clock = &clockTime{minute: x.hour % 12 * 60, bare: true}
		default:
			return x, false
		}
		x.hour = 0
		return x, true
	}
	if a.hour > 0 && b.hour > 0 {
		return a, b, false
	}
	a, ok := fill(a, b)
	if !ok {
		return a, b, false
	}
	b, ok = fill(b, a)
	return a, b, ok
}

// plainSpan reads the rest of "10am - noon", "10am to 11am", "Monday to
// Wednesday" when the first end has been read.
func (w *when) plainSpan(t []token) bool {
	a, n := w.moments[0], w.end
	if n >= len(t) || !t[n].dash() && !t[n].is("to", "until", "till", "til", "through", "into") {
		return false
	}
	k := n + 1
	if !t[n].dash() {
		k, _ = leadAt(t, n+1)
	}
	b, e := endAt(t, k)
	if e == k {
		return false
	}
	a, b, ok := pair(a, b)
	switch {
	case !ok:
		return false
	case a.clock != nil && b.clock == nil && b.part == nil, a.clock == nil && a.part == nil && b.clock != nil && !a.date.full() && b.date == nil:
		return false
	case t[n].dash() && t[n].gap && a.clock == nil && b.date == nil:
		return false // "Tuesday 3 March - 10am"
	}
	if a.part != nil && *a.part == overnight && a.clock == nil && b.clock == nil {
		b.part = &overnight
	}
	w.moments, w.end, w.span = []moment{a, b}, e, true
	return true
}

// readList reads the rest of "10am, 10.20am and 11am", "Monday and Tuesday".
func (w *when) readList(t []token) {
	for len(w.moments) < 24 {
		n := w.end
		if n >= len(t) || !t[n].is(",", "and", "&", "or", "then", "/") {
			return
		}
		k := n + 1
		for k < len(t) && (t[k].is("and", "then", "again", "also", "at", "around", "about", "approximately", "on", "finally", "lastly")) {
			k++
		}
		around := k > 0 && t[k-1].is("around", "about", "approximately")
		m, e := momentAt(t, k, true)
		first := w.moments[0]
		switch {
		case e == k:
			return
		case first.clock != nil && m.clock == nil, first.clock == nil && (m.clock != nil || first.part == nil != (m.part == nil)):
			return
		case m.clock != nil && m.clock.bare && e == k+1 && !(k > n+1):
			return
		case startsSpan(t, e):
			return
		}
		m.around = m.around || first.around || around
		w.moments, w.end = append(w.moments, m), e
	}
}

// startsSpan reports whether a span goes on at token i, so that the moment
// before it is not the end of a list: "at 10am and 1pm to 3pm".
func startsSpan(t []token, i int) bool {
	return i < len(t) && (t[i].is("to", "until", "till") || t[i].dash() && i+1 < len(t) && t[i+1].kind == number)
}

// laterAt reads "half an hour later", "20 minutes later", "an hour after that".
func laterAt(t []token, i int) (time.Duration, int) {
	j := skipWords(t, i, "about", "around", "just", "some", "approximately")
	if j >= len(t) {
		return 0, i
	}
	var n time.Duration
	half := false
	switch {
	case t[j].is("half") && j+1 < len(t) && t[j+1].is("an"):
		n, half = 1, true
		j++
	case t[j].is("a", "an"):
		n = 1
		if j+1 < len(t) && t[j+1].is("half") {
			half = true
			j++
		}
	case t[j].kind == number && len(t[j].text) <= 2:
		n = time.Duration(atoi(t[j].text))
	default:
		n = time.Duration(numberWords[t[j].low])
	}
	j++
	if n == 0 || j+1 >= len(t) {
		return 0, i
	}
	unit := time.Minute
	switch {
	case t[j].is("hour", "hours"):
		unit = time.Hour
	case t[j].is("minute", "minutes", "mins"):
	case t[j].is("quarter") && j+3 < len(t) && t[j+1].is("of") && t[j+3].is("hour"):
		n, j = 15, j+3
	default:
		return 0, i
	}
	j++
	if half {
		unit /= 2
	}
	if j < len(t) && t[j].is("later", "afterwards") {
		return n * unit, j + 1
	}
	if j+1 < len(t) && t[j].is("after") && t[j+1].is("that", "this") {
		return n * unit, j + 2
	}
	return 0, i
}

var numberWords = map[string]int{
	"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "forty-five": 45,
}
