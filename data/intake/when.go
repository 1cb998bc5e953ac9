package intake

import (
	"errors"
	"fmt"
	"time"

	"spreewatch/data"
)

// A moment is one end of a stretch of time in words: a date, a clock time, a
// part of the day, or several of them together.
type moment struct {
	date   *dateRef
	clock  *clockTime
	part   *partOfDay
	around bool
	hour   int // a bare number that may be an hour or a day, 0 for none
}

// A when is what a bulletin says of the time of one or several events, such as
// "between 10am and 2.30pm" or "at around 10.15am and 10.30am on Tuesday".
type when struct {
	start, end int // tokens [start, end)
	moments    []moment
	span       bool          // from moments[0] to moments[1]
	open       int           // -1: up to the moment ("before 10am"); +1: from it on
	later      time.Duration // "20 minutes later": after the event before
	complaint  string        // why it cannot be read, "" when it can
}

// dated reports whether the words hold a date of their own.
func (w *when) dated() bool {
	for _, m := range w.moments {
		if m.date != nil {
			return true
		}
	}
	return false
}

// dateOnly reports whether the words hold a date and nothing finer.
func (w *when) dateOnly() bool {
	for _, m := range w.moments {
		if m.clock != nil || m.part != nil {
			return false
		}
	}
	return w.complaint == "" && w.later == 0
}

// night reports whether the words mean a night and no clock time in it.
func (w *when) night() bool {
	for _, m := range w.moments {
		if m.clock != nil || m.part == nil || *m.part != overnight {
			return false
		}
	}
	return len(w.moments) > 0
}

// beforeNoon reports whether the words begin with a time before noon.
func (w *when) beforeNoon() bool {
	if len(w.moments) == 0 {
		return false
	}
	switch m := w.moments[0]; {
	case m.clock != nil:
		return m.clock.minute < 720 && m.clock.half != 'p'
	case m.part != nil:
		return m.part.from < 720
	}
	return false
}

// whenAt reads an expression of time at token i. It returns nil when there is
// none.
func whenAt(t []token, i int) *when {
	w := &when{start: i}
	if d, n := laterAt(t, i); n > i {
		w.later, w.end = d, n
		return w
	}
	j, lead := leadAt(t, i)
	if j >= len(t) {
		return nil
	}
	if lead.between || lead.from {
		if w.span = w.readSpan(t, j, lead); w.span {
			return w
		}
		if w.complaint != "" {
			return w
		}
	}
	m, n := momentAt(t, j, lead.any || spanAhead(t, j))
	if n == j {
		if _, k, complaint := clockAt(t, j, false); complaint != "" {
			w.end, w.complaint = k, complaint
			return w
		}
		return nil
	}
	if m.clock != nil && m.clock.bare && !lead.any && m.part == nil && n == j+1 && !spanAhead(t, j) {
		return nil
	}
	m.around = m.around || lead.around
	if lead.overnight && m.part == nil {
		m.part = &overnight
	}
	w.moments, w.end = []moment{m}, n
	if w.plainSpan(t) {
		return w
	}
	w.readList(t)
	if len(w.moments) == 1 && m.clock != nil && m.date == nil || len(w.moments) == 1 && m.clock != nil {
		switch {
		case lead.until:
			w.open = -1
		case lead.after || lead.from:
			w.open = 1
		}
	}
	return w
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

// A lead is what stands before a time and tells how to read it.
type lead struct {
	around, between, from, until, after, overnight bool

	any bool // some word that only a time or a place follows
}

// leadAt reads the words before a time.
func leadAt(t []token, i int) (int, lead) {
	var l lead
	for i < len(t) {
		switch {
		case t[i].is("at", "by", "circa", "@"):
			l.any = true
			l.until = l.until || t[i].is("by")
		case t[i].is("on", "in", "during", "the", "of", "both") && i+1 < len(t):
		case t[i].is("around", "about", "approximately", "approx", "roughly", "nearly", "almost"):
			l.around, l.any = true, true
			if glued(t, i+1, ".") {
				i++
			}
		case t[i].is("some", "sometime") || t[i].is("time", "point") && i > 0 && t[i-1].is("some"):
		case t[i].is("just", "shortly", "soon") && i+1 < len(t) && t[i+1].is("after", "before"):
			l.around, l.any = true, true
			i++
		case t[i].is("between", "betwen", "btwn", "btween"):
			l.between, l.any = true, true
		case t[i].is("from"):
			l.from, l.any = true, true
		case t[i].is("after", "since"):
			l.after, l.any = true, true
		case t[i].is("before", "until", "till"):
			l.until, l.any = true, true
		case t[i].is("overnight") && i+1 < len(t) && !t[i+1].is(","):
			if _, next := leadAt(t, i+1); !next.between && !next.from {
				if m, n := momentAt(t, skipWords(t, i+1, "on", "the"), false); n == i+1 || m.date == nil && m.clock == nil {
					return i, l
				}
			}
			l.overnight = true
		default:
			return i, l
		}
		i++
	}
	return i, l
}

// momentAt reads a date, a clock time and a part of the day in any order, with
// the small words between them. With company a bare hour counts.
func momentAt(t []token, i int, company bool) (moment, int) {
	var m moment
	n := i
	for j := i; j < len(t); {
		next := n
		bracket := false
		if j > i {
			if t[j].is("(") {
				bracket = true
				j++
			}
			for j < len(t) && (t[j].is(",", "on", "at", "of", "in", "the", "during", "around", "about", "approximately", "sometime") || t[j].dash() && t[j].gap && m.clock == nil) {
				m.around = m.around || t[j].is("around", "about", "approximately")
				j++
			}
			company = company || j > n && t[j-1].is("at", "around", "about", "approximately")
		}
		if j >= len(t) {
			break
		}
		if m.date == nil {
			if r, k := dateAt(t, j); k > j {
				m.date, next = r, k
			}
		}
		if next == n && m.part == nil {
			if p, k := partAt(t, j); k > j && (j > i || t[j].is("overnight") || i > 0 && t[i-1].is("(", "the", "in", "during", "at", "early", "late", "this", "last", "that", "between", "and", "to", "from", "until", "of")) {
				m.part, next = &p, k
			}
		}
		if next == n && m.clock == nil {
			c, k, complaint := clockAt(t, j, company)
			if k > j && complaint == "" {
				m.clock, next = &c, k
			}
		}
		if next == n && m.part != nil && j == n && j > i && t[j-1].is("this", "that", "same", "following", "next", "previous", "last") {
			// "the early hours of this morning"
			_, next = partAt(t, j)
		}
		if next == n {
			break
		}
		if bracket {
			if next >= len(t) || !t[next].is(")") {
				if m.date != nil && n > i {
					// What the bracket holds is more than a time: leave it.
					if r, k := dateAt(t, j); k == next && r != nil && m.date.dom == r.dom && m.date.month == r.month {
						m.date = nil
					}
				}
				break
			}
			next++
		}
		n, j = next, next
	}
	return m, n
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

// An interval is one event interval [from, to) with how well it is known.
type interval struct {
	from, to  time.Time
	precision data.Precision
	rule      string
	first     day // the day it starts on
}

// A setting is what a bulletin has said before a time is read.
type setting struct {
	almanac almanac
	dates   []day  // the days in force, first and last of a span; empty when none
	rule    string // how they were settled
	prior   day    // the day last spoken of
	first   day    // on which the night last spoken of began, zero for none
	dated   []day  // days that the text gives in full
	zone    *time.Location
}

var errHalf = errors.New("a clock time that does not say morning or afternoon")

// resolve returns the event intervals that w means, in the order of the words.
func (w *when) resolve(s setting) ([]interval, error) {
	if w.complaint != "" {
		return nil, errors.New(w.complaint)
	}
	w = w.settled()
	if w.span {
		iv, err := w.resolveSpan(s)
		if err != nil {
			return nil, err
		}
		return []interval{iv}, nil
	}
	var out []interval
	for i, m := range w.moments {
		if m.date == nil {
			m.date = w.borrowDate(i)
		}
		days, rule, err := s.days(m.date, day{})
		if err != nil {
			return nil, err
		}
		if m.date != nil && m.date.rel == "same" && m.part != nil && *m.part == overnight && s.first.add(1) == s.prior {
			days = []day{s.first} // "the same night" as the one that began the day before
		}
		if m.date != nil && m.date.list {
			for _, d := range days {
				iv, err := m.interval(d, d, rule, w.open, s)
				if err != nil {
					return nil, err
				}
				out = append(out, iv)
			}
			continue
		}
		iv, err := m.interval(days[0], days[len(days)-1], rule, w.open, s)
		if err != nil {
			return nil, err
		}
		out = append(out, iv)
	}
	return out, nil
}

// borrowDate returns the date of the nearest moment of the list before i, or
// else after it: "at 10am and 11am on Monday".
func (w *when) borrowDate(i int) *dateRef {
	for j := i - 1; j >= 0; j-- {
		if w.moments[j].date != nil {
			return w.moments[j].date
		}
	}
	for j := i + 1; j < len(w.moments); j++ {
		if w.moments[j].date != nil {
			return w.moments[j].date
		}
	}
	return nil
}

// days returns the days that r means, or those in force when it is nil.
// A day that an end of a span has already settled comes first.
func (s setting) days(r *dateRef, known day) ([]day, string, error) {
	if r == nil {
		if !known.isZero() {
			return []day{known}, "", nil
		}
		if len(s.dates) == 0 {
			return nil, "", errNoDay
		}
		return s.dates, s.rule, nil
	}
	first, last, rule, err := r.resolve(s.almanac, s.prior, s.dated)
	if err != nil {
		return nil, "", err
	}
	if first == last {
		return []day{first}, rule, nil
	}
	return []day{first, last}, rule, nil
}

// settled returns w with the clock times of one expression in agreement: a time
// that does not say morning or afternoon takes it from its neighbour or from a
// part of the day.
func (w *when) settled() *when {
	c := *w
	c.moments = append([]moment(nil), w.moments...)
	var part *partOfDay
	for _, m := range c.moments {
		if m.part != nil && m.clock != nil {
			part = m.part
		}
	}
	for i := range c.moments {
		m := &c.moments[i]
		if m.clock == nil {
			continue
		}
		clock := *m.clock
		p := m.part
		if p == nil && clock.bare {
			p = part
		}
		if p != nil {
			var later bool
			clock, later = clock.settle(*p)
			if !later {
				m.part = nil
			} else if m.part == nil {
				m.part = p
			}
		}
		m.clock = &clock
	}
	for i := range c.moments {
		m := &c.moments[i]
		if m.clock == nil || !m.clock.bare || m.clock.half != 0 {
			continue
		}
		lo := m.clock.minute % 720
		switch other, before := c.neighbour(i); {
		case other == nil:
		case before: // the earliest reading not before the one before it
			m.clock.minute = lo
			if lo < *other && lo+720 >= *other {
				m.clock.minute = lo + 720
			}
			m.clock.bare = false
		default: // the latest reading not after the one after it
			m.clock.minute = lo
			if lo+720 <= *other {
				m.clock.minute = lo + 720
			}
			m.clock.bare = false
		}
	}
	return &c
}

// neighbour returns the minute of the nearest clock time that says its half of
// the day, and whether it stands before i.
func (w *when) neighbour(i int) (*int, bool) {
	for j := i + 1; j < len(w.moments); j++ {
		if c := w.moments[j].clock; c != nil && (!c.bare || c.half != 0) {
			return &c.minute, false
		}
	}
	for j := i - 1; j >= 0; j-- {
		if c := w.moments[j].clock; c != nil && (!c.bare || c.half != 0) {
			return &c.minute, true
		}
	}
	return nil, false
}

func (w *when) resolveSpan(s setting) (interval, error) {
	a, b := w.moments[0], w.moments[0]
	if len(w.moments) > 1 {
		b = w.moments[1]
	}
	var first, last day
	rule := ""
	switch {
	case a.date != nil && b.date != nil && len(w.moments) > 1 && (b.date.rel == "next" || b.date.rel == "same"):
		starts, r, err := s.days(a.date, day{})
		if err != nil {
			return interval{}, err
		}
		t := s
		t.prior = starts[0]
		ends, _, err := t.days(b.date, day{})
		if err != nil {
			return interval{}, err
		}
		first, last, rule = starts[0], ends[0], r
	case a.date != nil && b.date != nil && len(w.moments) > 1:
		// The end settles first; the start is the latest such day up to it.
		ends, r, err := s.days(b.date, day{})
		if err != nil {
			return interval{}, err
		}
		last, rule = ends[len(ends)-1], r
		t := s
		t.prior = last
		starts, r2, err := startBefore(a.date, last, t, b.date.full() || !a.date.full())
		if err != nil {
			return interval{}, err
		}
		first = starts
		if r2 != "" && r2 != r {
			rule += "; start: " + r2
		}
		if last.before(first) { // "on 30 December ... on Saturday"
			if b.date.weekday != nil && !b.date.full() {
				last = first.add((int(*b.date.weekday) - int(first.weekday()) + 7) % 7)
			}
		}
	default:
		ref := a.date
		if ref == nil {
			ref = b.date
		}
		days, r, err := s.days(ref, day{})
		if err != nil {
			return interval{}, err
		}
		first, last, rule = days[0], days[len(days)-1], r
	}
	if a.clock != nil && a.clock.bare || b.clock != nil && b.clock.bare && len(w.moments) > 1 && b.clock.half == 0 {
		return interval{}, errHalf
	}
	from, to := 0, 1440
	precision := data.PrecisionWindow
	switch {
	case a.clock != nil:
		from = a.clock.minute
		if a.part != nil && *a.part == overnight {
			from += 1440
		}
	case a.part != nil:
		from = a.part.from
	}
	switch {
	case b.clock != nil:
		to = b.clock.minute
	case b.part != nil && *b.part == overnight && first != last:
		to = b.part.to - 1440 // "overnight between Monday and Tuesday" ends on Tuesday
	case b.part != nil:
		to = b.part.to
	}
	if a.part != nil && *a.part == overnight && a.clock == nil && b.clock == nil {
		precision = data.PrecisionOvernight
	}
	if last.before(first) {
		return interval{}, fmt.Errorf("it ends before it starts")
	}
	if first == last && to < from {
		to += 1440
		if from >= 1440 {
			to = to % 1440
			to += 1440
		}
	}
	return s.interval(first, from, last, to, precision, rule), nil
}

// startBefore settles the start of a span whose end is known.
func startBefore(r *dateRef, last day, s setting, bind bool) (day, string, error) {
	switch {
	case r.full() && r.year == 0 && bind:
		for y := last.year; y >= last.year-8; y-- {
			d := day{y, r.month, r.dom}
			if d.exists() && !last.before(d) {
				return d, misfit(d, r.weekday), nil
			}
		}
		return day{}, "", errCalendar
	case !r.full() && r.weekday != nil:
		d := last.latest(*r.weekday)
		if d == last {
			d = d.add(-7)
		}
		return d, "", nil
	}
	days, rule, err := s.days(r, day{})
	if err != nil {
		return day{}, "", err
	}
	return days[0], rule, nil
}

// interval returns the event interval of one moment on the days first to last.
func (m moment) interval(first, last day, rule string, open int, s setting) (interval, error) {
	switch {
	case m.clock != nil && m.clock.bare:
		return interval{}, errHalf
	case m.clock != nil && open < 0:
		return s.interval(first, 0, first, max(m.clock.minute, 1), data.PrecisionWindow, rule), nil
	case m.clock != nil && open > 0 && !m.around:
		return s.interval(first, m.clock.minute, first, 1440, data.PrecisionWindow, rule), nil
	case m.clock != nil:
		minute := m.clock.minute
		if m.part != nil && *m.part == overnight {
			minute += 1440
		}
		precision := data.PrecisionExact
		if m.around {
			precision = data.PrecisionAround
		}
		return s.interval(first, minute, first, minute, precision, rule), nil
	case m.part != nil && *m.part == overnight:
		to := m.part.to
		if first != last {
			to -= 1440
		}
		return s.interval(first, m.part.from, last, to, data.PrecisionOvernight, rule), nil
	case m.part != nil:
		return s.interval(first, m.part.from, last, m.part.to, data.PrecisionWindow, rule), nil
	}
	precision := data.PrecisionDay
	if first != last {
		precision = data.PrecisionWindow
	}
	return s.interval(first, 0, last, 1440, precision, rule), nil
}

// interval puts minutes of two days on the clock. An instant in an hour that
// comes twice is the first; a stretch reaches to the second.
func (s setting) interval(first day, from int, last day, to int, p data.Precision, rule string) interval {
	a, note := first.onClock(from, false, s.zone)
	iv := interval{from: a, to: a, precision: p, rule: rule, first: first}
	if first != last || from != to {
		b, note2 := last.onClock(to, true, s.zone)
		if b.Before(a) {
			b = a
		}
		iv.to = b
		if note == "" {
			note = note2
		}
	}
	if note != "" {
		iv.rule += "; " + note
	}
	return iv
}
