package when

import (
	"strings"
	"time"
)

// militarySpan reads "1015-1045" and "2200 to 0600": two times of four digits of
// which not both can be years.
func militarySpan(t []Token, i int) (a, b clockTime, next int) {
	if i+2 >= len(t) || !t[i+1].Dash() && !t[i+1].Is("to", "until") {
		return a, b, i
	}
	years := 0
	for k, c := range []*clockTime{&a, &b} {
		x := t[i+2*k]
		if x.Kind != Number || len(x.Text) != 4 || Atoi(x.Text)/100 > 23 || Atoi(x.Text)%100 > 59 {
			return a, b, i
		}
		c.Minute = Atoi(x.Text)/100*60 + Atoi(x.Text)%100
		if y := Atoi(x.Text); y >= 1900 && y <= 2059 {
			years++
		}
	}
	next = i + 3
	if next < len(t) && (t[next].Dash() && !t[next].Gap || t[next].Is("/")) || years == 2 && (next >= len(t) || !t[next].Is("hrs", "hours", "h")) {
		return a, b, i
	}
	return a, b, SkipWords(t, next, "hrs", "hours", "h")
}

// spanAhead reports whether a number at token i begins a span that ends in a
// clock time beyond doubt: the 12.30 of "12.30-1.15pm".
func spanAhead(t []Token, i int) bool {
	c, n, complaint := clockAt(t, i, true)
	if n == i || complaint != "" || n >= len(t) || !t[n].Dash() && !t[n].Is("to") {
		return false
	}
	d, k, complaint := clockAt(t, n+1, false)
	return k > n+1 && complaint == "" && (d.half != 0 || !d.Bare) && (c.Bare || c.Minute > 0)
}

// dotted reports whether hours and minutes with a dot at token i stand between marks, as the
// time of an entry does: "window smashed, 18.45, November 5", "(18.30 to 19.15)".
func dotted(t []Token, i int) bool {
	n := i + 3
	if i == 0 || n > len(t) || t[i].Newline || !glued(t, i+1, ".") || t[i+2].Gap || len(t[i].Text) != 2 || len(t[i+2].Text) != 2 || t[i].Kind != Number || t[i+2].Kind != Number || Atoi(t[i].Text) > 23 || Atoi(t[i+2].Text) > 59 {
		return false
	}
	led := t[i-1].Kind == Mark && (t[i].Gap && !t[i-1].Is("+", "&") || t[i-1].Is("(", "~")) || t[i-1].Is("was") && i > 1 && t[i-2].Is("it") || t[i-1].Is("says")
	return led && (n == len(t) || t[n].Is(",", ";", ")", "(", ".", "|", "to", "until", "till") || t[n].Dash() || startsWeekday(t, n))
}

// beforeDay reports whether four digits at token i stand before the day that they are a clock
// time of: "last saw it 2300 on sunday", "found open 0615 yesterday".
func beforeDay(t []Token, i int) bool {
	k := SkipWords(t, i+1, "on", "the")
	if !hhmmAt(t, i) || k == len(t) || t[i+1].Newline {
		return false
	}
	_, n := dateAt(t, k)
	return n > k && (k > i+1 || t[k].Is("yesterday", "today", "last", "this", "that", "same"))
}

// readSpan reads "10am and 2.30pm" after between, "10am to noon" after from.
func (w *Expression) readSpan(t []Token, i int, l lead) bool {
	a, n := endAt(t, i)
	if n == i {
		return false
	}
	if a.Date != nil && a.Date.LastDom > 0 && a.Clock == nil && a.hour == 0 {
		// "between 14 and 29 December" is one date expression with two days.
		a.Date.List = false
		if l.overnight {
			a.Part = &overnight
		}
		w.Moments, w.End = []Moment{a}, n
		return l.between || !a.Date.List
	}
	if a.Clock != nil {
		n = SkipWords(t, n, "closing") // "between 5.30pm closing and 9am opening"
	}
	sep := n < len(t) && (t[n].Is("and", "&") && l.between || t[n].Is("to", "until", "till", "til", "through", "into") || t[n].Dash())
	if l.between || l.after {
		n = behindAside(t, n)
		sep = sep || l.between && n < len(t) && t[n].Is("and")
	}
	if n < len(t) && t[n].Is(",") && n+1 < len(t) && t[n+1].Is("and", "to", "until", "but") {
		sep = !l.after
		n++
	}
	if l.after && n+1 < len(t) && t[n].Is("and", "but") {
		_, until := leadAt(t, n+1)
		sep = until.until && a.Clock != nil // "after 9pm and before 7am"
	}
	k, _ := leadAt(t, SkipWords(t, n+1, "to"))
	b, e := endAt(t, k)
	if !sep || e == k {
		if l.between && (a.Clock != nil || a.Part != nil) {
			w.End, w.Complaint = n, "a stretch of time without its end"
			w.Moments = []Moment{a}
		}
		return false
	}
	if l.between && a.hour > 0 && b.hour > 0 && a.hour <= 12 && b.hour <= 12 && t[n-1].Kind == Number && t[e-1].Kind == Number && endsClock(t, e) {
		a, b = Moment{Clock: bareHour(a.hour)}, Moment{Clock: bareHour(b.hour)} // "between 1 and 3 while she was out"
	}
	a, b, ok := pair(a, b)
	if !ok {
		return false
	}
	if l.overnight && a.Clock == nil && b.Clock == nil {
		a.Part, b.Part = &overnight, &overnight
	}
	if d, k := dateAt(t, SkipWords(t, e, "opening")); b.Clock != nil && b.Date == nil && t[min(e, len(t)-1)].Is("opening") && k > e+1 {
		b.Date, e = d, k
	}
	e = twoClocks(t, &a, &b, e)
	w.End = overMidnight(t, &a, &b, e)
	w.Moments = []Moment{a, b}
	return true
}

// overMidnight reads the day on which a stretch ends behind that on which it begins, both
// behind its clock times: "between 10pm and 6am on Friday 2 May into Saturday 3 May".
func overMidnight(t []Token, a, b *Moment, n int) int {
	if a.Date != nil || a.Clock == nil || b.Clock == nil || n >= len(t) || !t[n].Is("into", "/", "to") && !t[n].Dash() {
		return n
	}
	d, k := dateAt(t, n+1)
	if k == n+1 || !d.follows(b.Date) {
		return n
	}
	a.Date, b.Date = b.Date, d
	return k
}

// bareHour is an hour that does not say its half of the day.
func bareHour(h int) *clockTime { return &clockTime{Minute: h % 12 * 60, Bare: true} }

// behindAside returns the "and" before the last end of a stretch, behind what is said of
// its first at token n: "between 11, when I locked it, and 6 this morning"; n for none.
func behindAside(t []Token, n int) int {
	k := SkipWords(t, n, ",")
	if k >= len(t) || !t[k].Is("when", "which", "as", "while") {
		return n
	}
	for ; k+1 < min(len(t), n+longestLead); k++ {
		if _, e := endAt(t, SkipWords(t, k+1, "before", "by")); t[k].Is("and") && e > k+1 {
			return k
		}
	}
	return n
}

// endAt reads one end of a span, in which a bare number may be an hour or a day.
func endAt(t []Token, i int) (Moment, int) {
	i = SkipWords(t, i, "about", "around", "approximately", "on", "at", "the", "just", "after", "before", "shortly")
	m, n := momentAt(t, i, false)
	bare := m.Clock == nil && m.Date == nil
	if n > i && !bare {
		return m, n
	}
	if m, n := momentAt(t, i, true); n > i && (m.Clock == nil || !m.Clock.Bare || n > i+1 || t[i].Kind == Word) {
		return m, n
	}
	if d, n := domAt(t, i); n > i && (n >= len(t) || !t[n].Capital()) {
		return Moment{hour: d}, n
	}
	return Moment{}, i
}

// pair makes the two ends of a span alike: "10 and 11.30am", "14 and 29
// December", "Monday and Tuesday evening".
func pair(a, b Moment) (Moment, Moment, bool) {
	fill := func(x, y Moment) (Moment, bool) {
		switch {
		case x.hour == 0:
			return x, true
		case y.Date != nil && y.Date.Full() && y.Clock == nil && y.Part == nil:
			r := *y.Date
			r.Dom, r.LastDom, r.Weekday = x.hour, 0, nil
			x.Date = &r
		case y.Clock != nil && x.hour <= 12, y.Part != nil && x.hour <= 12 && y.Date == nil:
			x.Clock = bareHour(x.hour)
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
func (w *Expression) plainSpan(t []Token) bool {
	a, n := w.Moments[0], w.End
	if a.Date != nil && a.Clock != nil && n+1 < len(t) && t[n].Is(",") && t[n+1].Is("to", "until") {
		n++ // "Thurs 9, 5pm, to Fri 10, 8am"
	}
	if n >= len(t) || !t[n].Dash() && !t[n].Is("to", "until", "till", "til", "through", "into", "/") {
		return false
	}
	k := n + 1
	if !t[n].Dash() {
		k, _ = leadAt(t, SkipWords(t, k, "to"))
	}
	b, e := endAt(t, k)
	if e == k {
		return false
	}
	a, b, ok := pair(a, b)
	switch {
	case !ok:
		return false
	case a.Clock != nil && b.Clock == nil && b.Part == nil, a.Clock == nil && a.Part == nil && b.Clock != nil && !a.Date.Full() && b.Date == nil:
		return false
	case t[n].Dash() && t[n].Gap && a.Clock == nil && b.Date == nil:
		return false // "Tuesday 3 March - 10am"
	case t[n].Is("/") && (a.Clock != nil || !b.Date.follows(a.Date)):
		return false
	case t[n].Is("into") && a.Clock == nil && a.Part == nil && b.Clock == nil && b.Part == nil && b.Date.follows(a.Date):
		a.Part = &overnight // "Thursday into Friday"
	}
	if a.Part != nil && *a.Part == overnight && a.Clock == nil && b.Clock == nil {
		b.Part = &overnight
	}
	e = twoClocks(t, &a, &b, e)
	w.Moments, w.End, w.Span = []Moment{a, b}, e, true
	return true
}

// twoClocks reads the clock times that stand behind both days of a stretch, of which
// the first has been taken for that of its end: "4 May to 5 May, 23:00 to 05:30". It
// returns the token after them.
func twoClocks(t []Token, a, b *Moment, n int) int {
	if a.Date == nil || a.Clock != nil || a.Part != nil || b.Clock == nil || n+1 >= len(t) || !t[n].Is("to", "until", "and") && !t[n].Dash() {
		return n
	}
	c, k := momentAt(t, n+1, true)
	if c.Clock == nil || c.Date != nil {
		return n
	}
	a.Clock, b.Clock = b.Clock, c.Clock
	return k
}

// readList reads the rest of "10am, 10.20am and 11am", "Monday and Tuesday".
func (w *Expression) readList(t []Token) {
	for len(w.Moments) < 24 {
		n := w.End
		if n >= len(t) || !t[n].Is(",", "and", "&", "or", "then", "/") {
			return
		}
		k := n + 1
		for k < len(t) && (t[k].Is("and", "then", "again", "also", "at", "around", "about", "approximately", "on", "finally", "lastly")) {
			k++
		}
		around := k > 0 && t[k-1].Is("around", "about", "approximately")
		m, e := momentAt(t, k, true)
		first := w.Moments[0]
		if first.Part != nil && first.Clock == nil && m.Date != nil && m.Clock == nil && m.Part == nil && AnyWord(t, n, k, "again", "then") {
			m.Part = first.Part // "overnight on the 21st, and again on the 27th"
		}
		switch {
		case e == k:
			return
		case first.Clock != nil && m.Clock == nil, first.Clock == nil && (m.Clock != nil || first.Part == nil != (m.Part == nil)):
			return
		case m.Clock != nil && m.Clock.Bare && e == k+1 && !(k > n+1), startsSpan(t, e):
			return
		case m.Date != nil && t[k-1].Is("at", "on") && w.Start > 0 && !t[w.Start-1].Is(".") && !t[w.Start].Newline && e < len(t) && t[e].Is("a", "an", "the", "another", "two", "his", "her", "some", "someone", "thieves"):
			return // "was taken at 11am on Monday, and at noon the same day a woman left"
		}
		m.around = m.around || first.around || around
		w.Moments, w.End = append(w.Moments, m), e
	}
}

// startsSpan reports whether a span goes on at token i, so that the moment
// before it is not the end of a list: "at 10am and 1pm to 3pm".
func startsSpan(t []Token, i int) bool {
	return i < len(t) && (t[i].Is("to", "until", "till") || t[i].Dash() && i+1 < len(t) && t[i+1].Kind == Number)
}

// laterAt reads "half an hour later", "an hour and a half earlier", "an hour after that",
// "within ten minutes of that".
func laterAt(t []Token, i int) (time.Duration, int) {
	within := t[i].Is("within")
	j := SkipWords(t, i, "about", "around", "just", "some", "approximately", "barely", "not", "within", "less", "than", "only", "roughly")
	d, n := lengthAt(t, j)
	if n == j || n >= len(t) {
		return 0, i
	}
	that := n+1 < len(t) && t[n+1].Is("that", "this")
	switch {
	case t[n].Is("later", "afterwards"):
		return d, n + 1
	case (t[n].Is("after") || within && t[n].Is("of")) && that:
		return d, n + 2
	case t[n].Is("earlier", "previously", "beforehand", "ago"):
		return -d, n + 1
	case t[n].Is("before") && that:
		return -d, n + 2
	case t[n].Is("before") && (n+1 == len(t) || t[n+1].Kind == Mark):
		return -d, n + 1
	}
	return 0, i
}

// beside reads a stretch of one day that is told by its length and one of its ends: "in the
// hour before 7am", "in the half hour after 10.30am on Tuesday".
func (w *Expression) beside(t []Token, i int) bool {
	j := SkipWords(t, i, "some", "time", "sometime", "at", "in", "during", "the")
	if j == i || j+1 >= len(t) || !t[j-1].Is("the") {
		return false
	}
	d, n := lengthAt(t, j)
	for k := j; n == j && k < min(len(t), j+2); k++ {
		if t[k].Is("hour") && (k == j || t[j].Is("half")) {
			d, n = map[bool]time.Duration{true: time.Hour, false: time.Hour / 2}[k == j], k+1
		}
	}
	if n == j || n+1 >= len(t) || !t[n].Is("before", "after") {
		return false
	}
	m, e := momentAt(t, n+1, true)
	if m.Clock == nil || m.Clock.Bare {
		return false
	}
	before := t[n].Is("before")
	if m.Clock.endDay(before); before {
		d = -d
	}
	other := Moment{Clock: &clockTime{Minute: m.Clock.Minute + int(d.Minutes())}}
	if other.Clock.Minute < 0 || other.Clock.Minute > 1440 {
		return false
	}
	if w.Moments, w.End, w.Span = []Moment{m, other}, e, true; before {
		w.Moments = []Moment{other, m}
	}
	return true
}

// lengthAt reads a length of time in minutes and hours: "20 minutes", "half an hour",
// "an hour and a half", "three quarters of an hour", "a couple of hours".
func lengthAt(t []Token, i int) (time.Duration, int) {
	is := func(k int, words ...string) bool { return k < len(t) && t[k].Is(words...) }
	if i >= len(t) {
		return 0, i
	}
	j, n, half := i, time.Duration(numberWords[t[i].Low]), false
	switch {
	case is(j, "half") && is(j+1, "an") && is(j+2, "hour"):
		return 30 * time.Minute, j + 3
	case is(j, "three") && is(j+1, "quarters"):
		return quartersAt(t, 3, j+2)
	case is(j, "three-quarters"):
		return quartersAt(t, 3, j+1)
	case is(j, "a", "an"):
		n = 1
		if is(j+1, "couple") && is(j+2, "of") {
			n, j = 2, j+2
		} else if is(j+1, "half") {
			half = true
			j++
		} else if is(j+1, "quarter") {
			return quartersAt(t, 1, j+2)
		}
	case t[j].Kind == Number && len(t[j].Text) <= 2:
		n = time.Duration(Atoi(t[j].Text))
	}
	if half = half || is(j+1, "and") && is(j+2, "a") && is(j+3, "half"); half && is(j+1, "and") {
		j += 3 // "one and a half hours"
	}
	unit := time.Minute
	switch {
	case n == 0:
		return 0, i
	case is(j+1, "hour", "hours", "hrs"):
		unit = time.Hour
	case !is(j+1, "minute", "minutes", "mins"):
		return 0, i
	}
	d := n * unit
	switch j += 2; {
	case is(j, "and") && is(j+1, "a") && is(j+2, "half"):
		d, j = d+unit/2, j+3
	case is(j, "and") && is(j+1, "a") && is(j+2, "quarter"):
		d, j = d+unit/4, j+3
	}
	return d, j
}

// quartersAt reads the rest of "three quarters of an hour" at token i.
func quartersAt(t []Token, quarters, i int) (time.Duration, int) {
	if i+2 < len(t) && t[i].Is("of") && t[i+2].Is("hour") {
		return time.Duration(quarters) * 15 * time.Minute, i + 3
	}
	return 0, i
}

// numberWords are the numbers up to fifty-nine.
var numberWords = func() map[string]int {
	words := map[string]int{"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19}
	for hour, n := range hourWords {
		words[hour] = n
	}
	for tens, n := range map[string]int{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50} {
		words[tens] = n
		for one := range 9 {
			words[tens+"-"+unitWords[one]] = n + one + 1
		}
	}
	return words
}()

var unitWords = strings.Fields("one two three four five six seven eight nine")
