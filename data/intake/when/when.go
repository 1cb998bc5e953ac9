// Package when reads dates and clock times as people write them, "between 10am and
// 2.30pm on Wednesday, September 16", and settles them on the calendar and the
// clocks of a zone. It knows nothing of places or incidents.
package when

import (
	"slices"
	"time"
)

// A Moment is one end of a stretch of time in words: a date, a clock time, a
// part of the day, or several of them together.
type Moment struct {
	Date   *Date
	Clock  *clockTime
	Part   *partOfDay
	around bool
	hour   int // a bare number that may be an hour or a day, 0 for none
}

// An Expression is what a bulletin says of the time of one or several events, such as
// "between 10am and 2.30pm" or "at around 10.15am and 10.30am on Tuesday".
type Expression struct {
	Start, End int // tokens [start, end)
	Moments    []Moment
	Span       bool          // from moments[0] to moments[1]
	open       int           // -1: up to the moment ("before 10am"); +1: from it on
	Later      time.Duration // "20 minutes later": after the event before
	Ago        bool          // Later counts from when it was said
	Near       time.Duration // how long after the event before, roughly, a clock time is told to be
	Vague      bool          // "recently": the complaint is that it says no more
	Complaint  string        // why it cannot be read, "" when it can
}

// Dated reports whether the words hold a date of their own.
func (w *Expression) Dated() bool {
	for _, m := range w.Moments {
		if m.Date != nil {
			return true
		}
	}
	return false
}

// Timed reports whether the words hold the time of an event, written as one: not as a bare
// number.
func (w *Expression) Timed() bool {
	return !w.Span && len(w.Moments) == 1 && w.Moments[0].Clock != nil && !w.Moments[0].Clock.Bare
}

// DateOnly reports whether the words hold a date and nothing finer.
func (w *Expression) DateOnly() bool {
	for _, m := range w.Moments {
		if m.Clock != nil || m.Part != nil {
			return false
		}
	}
	return w.Complaint == "" && w.Later == 0
}

// Open returns -1 for a time up to which something happened ("before 10am"), +1 for
// one from which on, 0 for neither.
func (w *Expression) Open() int { return w.open }

// Next reports whether the words count on to a part of the next day: "the next
// morning".
func (w *Expression) Next() bool {
	for _, m := range w.Moments {
		if m.Date != nil && m.Date.rel == "next" && m.Part != nil && *m.Part != overnight {
			return true
		}
	}
	return false
}

// Nights reports whether the words count from the day that a night began on: "two
// nights later", "the evening before".
func (w *Expression) Nights() bool {
	for _, m := range w.Moments {
		if m.Date != nil && m.Date.rel == "previous" || m.Date != nil && m.Date.rel == "same" && m.Part != nil && (*m.Part == overnight || *m.Part == evening) || m.Date != nil && m.Date.rel == "later" && m.Part != nil && *m.Part == overnight {
			return true
		}
	}
	return false
}

// NextNight reports whether the words name the night after the one last spoken of.
func (w *Expression) NextNight() bool {
	return len(w.Moments) == 1 && w.Moments[0].Date != nil && w.Moments[0].Date.rel == "next" && w.Night()
}

// SameNight reports whether the words name the night last spoken of.
func (w *Expression) SameNight() bool {
	return len(w.Moments) == 1 && w.Moments[0].Date != nil && w.Moments[0].Date.rel == "same" && w.Moments[0].Part != nil && *w.Moments[0].Part == overnight
}

// Same reports whether the words name a part of the day last spoken of: "the same
// afternoon".
func (w *Expression) Same() bool {
	return len(w.Moments) == 1 && w.Moments[0].Date != nil && w.Moments[0].Date.rel == "same" && w.Moments[0].Part != nil
}

// Counts reports whether the words count days on from the day last spoken of: "two days
// later", "the next day".
func (w *Expression) Counts() bool {
	return len(w.Moments) > 0 && w.Moments[0].Date != nil && (w.Moments[0].Date.rel == "later" || w.Moments[0].Date.rel == "next" && w.Moments[0].Part == nil)
}

// In reports whether the clock times of w lie in the part of the day that p names, and
// have no date of their own where p has one.
func (w *Expression) In(p *Expression) bool {
	if len(p.Moments) != 1 || p.Moments[0].Part == nil {
		return false
	}
	part := p.Moments[0].Part
	for _, m := range w.Moments {
		if m.Clock == nil || m.Date != nil && p.Dated() {
			return false
		}
		c, next := m.Clock.settle(*part)
		at := c.Minute
		switch {
		case next && part.to > 24*60:
			at += 24 * 60
		}
		if at < part.from || at > part.to {
			return false
		}
	}
	return true
}

// Within returns w with the clock times that do not say their half of the day, or that
// fall in the night that began on it, in the part of the day that a date names: "on
// Friday night a man called in Mill Lane at ten past two".
func (w *Expression) Within(day *Expression) *Expression {
	if len(day.Moments) != 1 || day.Moments[0].Part == nil || w.Dated() {
		return w
	}
	part := day.Moments[0].Part
	c := *w
	c.Moments = append([]Moment(nil), w.Moments...)
	for i := range c.Moments {
		m := &c.Moments[i]
		if m.Clock == nil || m.Part != nil {
			continue
		}
		clock, later := m.Clock.settle(*part)
		m.Clock = &clock
		if later {
			m.Part = part
		}
	}
	return &c
}

// Since returns w, a stretch of which the end alone has a date, with that of another time for
// its start: "on Monday 28 February, after 10.30pm and before 1am on Tuesday 1 March".
func (w *Expression) Since(day *Expression) *Expression {
	if !w.Span || len(w.Moments) != 2 || w.Moments[0].Date != nil || w.Moments[0].Clock == nil || len(day.Moments) != 1 {
		return w
	}
	a, b := day.Moments[0].Date, w.Moments[1].Date
	if a == nil || b == nil || a.rel != "" || b.rel != "" || a.Full() && b.Full() && a.Dom == b.Dom || a.Weekday != nil && b.Weekday != nil && *a.Weekday == *b.Weekday {
		return w
	}
	c := *w
	c.Moments = append([]Moment(nil), w.Moments...)
	c.Moments[0].Date = a
	return &c
}

// Half returns w with the clock times that do not say it in the first or the second half
// of the day.
func (w *Expression) Half(second bool) *Expression {
	c := *w.settled()
	for i := range c.Moments {
		if m := &c.Moments[i]; m.Clock != nil && m.Clock.Bare {
			clock := *m.Clock
			if clock.Minute, clock.Bare = clock.Minute%720, false; second {
				clock.Minute += 720
			}
			m.Clock = &clock
		}
	}
	return &c
}

// Daytime returns w with the first clock time that does not say its half of the day in
// the one in which most people are about, from eight to eight, and the rest after it.
func (w *Expression) Daytime() *Expression {
	c := w.settled()
	for i := range c.Moments {
		if m := &c.Moments[i]; m.Clock != nil && m.Clock.Bare {
			clock := *m.Clock
			clock.Minute, clock.Bare = clock.Minute%720, false
			over := w.Span && i == 0 && len(c.Moments) > 1 && c.Moments[1].Clock != nil && c.Moments[1].Clock.Minute%720 < clock.Minute
			if clock.Minute < 8*60 && !(over && clock.Minute >= 6*60) { // "out from 7.40 until 5.15"
				clock.Minute += 720
			}
			m.Clock = &clock
			return c.settled()
		}
	}
	return c
}

// FullDay reports whether w has a clock time with a dot of those that count the hours to
// 24: "18.40", "09.15".
func (w *Expression) FullDay() bool {
	for _, m := range w.Moments {
		if m.Clock != nil && m.Clock.dotted && !m.Clock.Bare {
			return true
		}
	}
	return false
}

// CountTo24 reads the clock times of w with a dot as those that count the hours to 24, where
// no words say the half of the day: "2.30 in the afternoon".
func (w *Expression) CountTo24() {
	if slices.ContainsFunc(w.Moments, func(m Moment) bool { return m.Part != nil }) {
		return
	}
	for _, m := range w.Moments {
		if m.Clock != nil && m.Clock.dotted {
			m.Clock.Bare = false
		}
	}
}

// Minute returns the minute of the day of the first clock time of w, -1 where w has none or
// has a date too.
func (w *Expression) Minute() int {
	if len(w.Moments) == 0 || w.Dated() || w.Moments[0].Clock == nil {
		return -1
	}
	return w.Moments[0].Clock.Minute
}

// PartOnly reports whether w is a part of a day without a date or a clock time.
func (w *Expression) PartOnly() bool {
	return len(w.Moments) == 1 && !w.Dated() && w.Moments[0].Part != nil && w.Moments[0].Clock == nil
}

// Nth reports whether the words count days or nights from the first told of: "the third
// night".
func (w *Expression) Nth() bool {
	return len(w.Moments) == 1 && w.Moments[0].Date != nil && w.Moments[0].Date.rel == "nth" && w.Moments[0].Clock == nil
}

// Event returns a word for the event that w counts from, "" for none.
func (w *Expression) Event() string {
	for _, m := range w.Moments {
		if m.Date != nil && m.Date.event != "" {
			return m.Date.event
		}
	}
	return ""
}

// InMonth returns w with the days that have no month in month m of year y, of the
// latest such month when y is 0. A zero m changes nothing, nor does any m where the words
// name a month for one of their days: "from the 12th to 13 February".
func (w *Expression) InMonth(m time.Month, y int) *Expression {
	if m == 0 || w.NamesMonth() {
		return w
	}
	c := *w
	c.Moments = append([]Moment(nil), w.Moments...)
	for i := range c.Moments {
		if d := c.Moments[i].Date; d != nil && d.rel == "dom" {
			r := *d
			r.rel, r.Month, r.Year = "", m, y
			c.Moments[i].Date = &r
		}
	}
	return &c
}

// NamesMonth reports whether the words name a month.
func (w *Expression) NamesMonth() bool {
	for _, m := range w.Moments {
		if m.Date != nil && m.Date.rel == "" && m.Date.Month != 0 {
			return true
		}
	}
	return false
}

// Coarse reports whether the words give a day, or a part of one, and no clock time.
func (w *Expression) Coarse() bool {
	for _, m := range w.Moments {
		if m.Clock != nil {
			return false
		}
	}
	return w.Complaint == "" && w.Later == 0 && w.Dated()
}

// Relative reports whether the words count from a day spoken of before.
func (w *Expression) Relative() bool {
	for _, m := range w.Moments {
		if m.Date != nil && (m.Date.rel == "next" || m.Date.rel == "same" || m.Date.rel == "later" || m.Date.rel == "following" || m.Date.rel == "preceding" || m.Date.rel == "previous" || m.Date.rel == "its week") {
			return true
		}
	}
	return false
}

// Today reports whether the words count from the day of writing: "yesterday".
func (w *Expression) Today() bool {
	for _, m := range w.Moments {
		if m.Date != nil && (m.Date.rel == "today" || m.Date.rel == "yesterday") {
			return true
		}
	}
	return false
}

// Stretch returns w, which lists two times, as the stretch between them.
func (w *Expression) Stretch() *Expression {
	c := *w
	c.Span = true
	return &c
}

// Undated returns the clock times of w without a date or a part of the day.
func (w *Expression) Undated() *Expression {
	c := *w
	c.Moments = nil
	for _, m := range w.settled().Moments {
		m.Date, m.Part = nil, nil
		c.Moments = append(c.Moments, m)
	}
	return &c
}

// Latent reads a clock time that only its place in a line makes one, such as the
// 0915 or the 10.20 that a row of a log begins with.
func Latent(t []Token, i int) *Expression {
	m, n := momentAt(t, i, true)
	if n == i || m.Clock == nil || m.Clock.Bare && len(t[i].Text) < 3 && n == i+1 {
		return nil
	}
	w := &Expression{Start: i, End: n, Moments: []Moment{m}}
	m.Clock.Bare = false
	w.plainSpan(t)
	for k := range w.Moments {
		if c := w.Moments[k].Clock; c != nil {
			c.Bare = false
		}
	}
	return w
}

// Night reports whether the words mean a night and no clock time in it.
func (w *Expression) Night() bool {
	for _, m := range w.Moments {
		if m.Clock != nil || m.Part == nil || *m.Part != overnight {
			return false
		}
	}
	return len(w.Moments) > 0
}

// At reads an expression of time at token i. It returns nil when there is
// none.
func At(t []Token, i int) *Expression {
	var w Expression
	if !w.read(t, i) {
		return nil
	}
	found := w // most tokens begin no time
	return &found
}

// read reads an expression at token i.
func (w *Expression) read(t []Token, i int) bool {
	w.Start = i
	if w.counted(t, i) || w.beside(t, i) {
		return true
	}
	if n := vagueAt(t, i); n > i && !(n == i+2 && lastWeek(t, i) && (i == 0 || !t[i-1].Is("the"))) {
		w.End, w.Vague, w.Complaint = n, true, "a time too vague to put on the calendar"
		return true
	}
	j, lead := leadAt(t, i)
	if j >= len(t) {
		return false
	}
	if lead.between || lead.from || lead.after {
		if w.Span = w.readSpan(t, j, lead); w.Span {
			return true
		}
		if w.Complaint != "" {
			return true
		}
	}
	if a, b, n := militarySpan(t, j); n > j {
		from, to := a, b
		w.Moments, w.End, w.Span = []Moment{{Clock: &from}, {Clock: &to}}, n, true
		if n < len(t) && t[n].Is("today", "yesterday") {
			w.Moments[1].Date, w.End = dateAt(t, n) // "0900-1000 TODAY"
		}
		return true
	}
	m, n := momentAt(t, j, lead.any || spanAhead(t, j) || dotted(t, j) || beforeDay(t, j))
	if n == j {
		return w.unclear(t, j)
	}
	m.around = m.around || lead.around
	m.Clock.endDay(lead.short)
	if m.Clock != nil && m.Clock.Bare && m.Date != nil && i > 0 && t[i-1].Is("early", "late") {
		m.Clock.Minute, m.Clock.Bare = m.Clock.Minute%720+halfDay(map[bool]byte{true: 'p', false: 'a'}[t[i-1].Is("late")]), false
	}
	if lead.overnight && m.Part == nil {
		m.Part = &overnight
	}
	w.End = m.intoMorning(t, n)
	w.Moments = []Moment{m}
	if w.plainSpan(t) || w.toMidnight(t) {
		return true
	}
	w.readList(t)
	w.Span = len(w.Moments) == 2 && Between(t, w.Start)
	if len(w.Moments) == 1 && m.Clock != nil && m.Date == nil || len(w.Moments) == 1 && m.Clock != nil {
		switch {
		case lead.until:
			w.open = -1
		case lead.after || lead.from:
			w.open = 1
		}
	}
	return true
}

// counted reads a time that is told by how long it was after or before another, at token i.
func (w *Expression) counted(t []Token, i int) bool {
	d, n := laterAt(t, i)
	if n == i {
		return false
	}
	w.Later, w.End, w.Ago = d, n, t[n-1].Is("ago")
	if n+1 < len(t) && t[n].Is(",") && t[n+1].Is("at", "about", "around", "just", "shortly") {
		if x := At(t, n+1); x != nil && x.Complaint == "" {
			*w, w.Start, w.Near = *x, i, d // "an hour later, at 8.40pm"
		}
	}
	return true
}

// Between reports whether the first of two times that "and" joins begins a stretch at token
// i, behind no more than what was then: "between closing time at 5.30pm on Friday and 8.30am".
func Between(t []Token, i int) bool {
	for k := i - 1; k >= max(0, i-8); k-- {
		if t[k].Is("between") {
			return true
		} else if t[k].Is(".", ";", ":", "and") || t[k].Kind == Number {
			return false
		}
	}
	return false
}

// unclear reads a clock time that cannot be read at token i, and the one that a comma and
// a clearer word put beside it: "at dusk, about 6pm".
func (w *Expression) unclear(t []Token, i int) bool {
	_, k, complaint := clockAt(t, i, false)
	if complaint == "" {
		return false
	}
	if k+1 < len(t) && t[k].Is(",") {
		if x := At(t, k+1); x != nil && x.Complaint == "" && !x.Vague {
			start := w.Start
			*w, w.Start = *x, start
			return true
		}
	}
	w.End, w.Complaint = k, complaint
	return true
}

// toMidnight reads the end of a night that is told up to midnight: "on Tuesday night, before
// midnight".
func (w *Expression) toMidnight(t []Token) bool {
	m, n := w.Moments[0], SkipWords(t, w.End, ",", "some", "sometime", "time", "but")
	if m.Part == nil || *m.Part != overnight && *m.Part != evening || m.Clock != nil || n+1 >= len(t) || !t[n].Is("before", "until", "till") || !t[n+1].Is("midnight") {
		return false
	}
	w.Moments, w.End, w.Span = append(w.Moments, Moment{Clock: &clockTime{midnight: true}}), n+2, true
	return true
}

// intoMorning steps over the day on which a night ends: "Monday night/Tuesday morning",
// "the night from Monday to Tuesday".
func (m *Moment) intoMorning(t []Token, n int) int {
	if m.Part == nil || *m.Part != overnight || m.Clock != nil || m.Date == nil || m.Date.Weekday == nil || n >= len(t) || !t[n].Is("/", "into", "to") && !t[n].Dash() {
		return n
	}
	d, k := dateAt(t, n+1)
	if k == n+1 || d.Weekday == nil || *d.Weekday != (*m.Date.Weekday+1)%7 {
		return n
	}
	_, e := partAt(t, k)
	return e
}

// A lead is what stands before a time and tells how to read it.
type lead struct {
	around, between, from, until, after, overnight bool

	any   bool // some word that only a time or a place follows
	short bool // "just before"
}

// longestLead is more words than lead to a time.
const longestLead = 12

// leadAt reads the words before a time.
func leadAt(t []Token, i int) (int, lead) { return leadTo(t, i, min(len(t), i+longestLead)) }

// leadTo is leadAt up to an end, which all that is read within it keeps to.
func leadTo(t []Token, i, end int) (int, lead) {
	var l lead
	for i < end {
		switch {
		case t[i].Is("at", "by", "circa", "@"):
			l.any = true
			l.until = l.until || t[i].Is("by")
		case t[i].Is("on", "in", "during", "the", "of", "both") && i+1 < len(t):
		case t[i].Is("hours") && i > 0 && t[i-1].Is("the") && i+1 < end && t[i+1].Is("of"):
		case t[i].Is("around", "about", "approximately", "approx", "roughly", "nearly", "almost"):
			l.around, l.any = true, true
			if glued(t, i+1, ".") {
				i++
			}
		case t[i].Is("some", "sometime") || t[i].Is("time", "point") && i > 0 && t[i-1].Is("some"):
		case t[i].Is("between", "betwen", "btwn", "btn", "btween", "btw", "betw", "bet"):
			l.between, l.any = true, true
		case t[i].Is("from"):
			l.from, l.any = true, true
		case t[i].Is("not") && i+1 < end && t[i+1].Is("before", "after"):
			l.after, l.until, l.any = l.after || t[i+1].Is("before"), l.until || t[i+1].Is("after"), true
			i++
		case t[i].Is("no", "not") && i+2 < end && t[i+1].Is("earlier", "later", "sooner") && t[i+2].Is("than"):
			l.after, l.until, l.any = l.after || !t[i+1].Is("later"), l.until || t[i+1].Is("later"), true
			i += 2
		case t[i].Is("hour") && i > 0 && t[i-1].Is("the") && i+1 < end && t[i+1].Is("of"):
		case t[i].Is("after", "since"):
			l.after, l.any = true, true
		case t[i].Is("before", "until", "till") && !(t[i].Is("till") && i > 0 && t[i-1].Is("the", "a", "its", "their", "his", "her", "cash")):
			l.until, l.any = true, true
		case t[i].Is("overnight") && i+1 < len(t) && !t[i+1].Is(",", "overnight"):
			if k, next := leadTo(t, i+1, end); !next.between && !next.from || !momentNext(t, k) {
				if m, n := momentAt(t, SkipWords(t, i+1, "on", "the"), false); n == i+1 || m.Date == nil && m.Clock == nil {
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

// nearly returns the token after the words at token i that mean about: "just after", "a
// little before", "just gone", "getting on for"; i when there are none.
func nearly(t []Token, i int) int {
	k := i
	switch {
	case t[i].Is("gone") || t[i].Is("just") && i+1 < len(t) && t[i+1].Is("gone", "turned", "past"):
		if k = SkipWords(t, i, "just", "gone", "turned", "past"); k < len(t) && (t[k].Kind == Number || hourWords[t[k].Low] > 0 || t[k].Is("midnight", "noon", "midday")) {
			return k
		}
		return i
	case t[i].Is("getting", "coming") && i+3 < len(t) && t[i+1].Is("on", "up") && t[i+2].Is("for", "to"):
		return i + 3
	case t[i].Is("just", "shortly", "soon"):
		k++
	case t[i].Is("a") && i+1 < len(t) && t[i+1].Is("little", "bit"):
		k += 2
	case t[i].Is("a") && i+2 < len(t) && t[i+1].Is("few") && t[i+2].Is("minutes", "moments", "mins"):
		k += 3
	}
	if k == i || k >= len(t) || !t[k].Is("after", "before") {
		return i
	}
	return k + 1
}

// momentNext reports whether a date or a clock time stands at token i.
func momentNext(t []Token, i int) bool {
	_, n := endAt(t, i)
	return n > i
}

// noYear reports whether a number behind a date is a clock time and no year, amount or
// house number: "Monday 23 May, 1340, a purse", "11 Sep 2200", "Tues 25 Oct, 23.00".
func noYear(t []Token, i int) bool {
	if t[i].Kind != Number {
		return false
	}
	n := i + 1
	switch {
	case hhmmAt(t, i) && i > 0 && startsWeekday(t, i-1):
		return true // "Fri 2215 High St"
	case len(t[i].Text) == 4:
		if y := Atoi(t[i].Text); y >= 1950 && y < 2100 && (i < 2 || t[i-2].Kind != Number || !t[i-1].Is("st", "nd", "rd", "th")) {
			return false
		}
	case len(t[i].Text) <= 2 && glued(t, n, ".") && n+1 < len(t) && len(t[n+1].Text) == 2 && !t[n+1].Gap:
		n += 2
	default:
		return false
	}
	return n == len(t) || t[n].Kind == Mark && (t[n].Gap || !t[n].Is("-", "/", "%")) || t[n].Is("to", "and", "until", "till") || n > i+1 && !t[n].Is("m", "km", "miles", "per")
}

// inCell reports whether tokens [i, n) are all of a cell: "16 Sept; evening; Harper Lane".
func inCell(t []Token, i, n int) bool {
	return i > 0 && n < len(t) && t[i-1].Is(";", "|") && t[n].Is(";", "|")
}

// momentAt reads a date, a clock time and a part of the day in any order, with
// the small words between them. With company a bare hour counts.
//
// The forms of a moment are tried longest first, in one place, since a short one
// is the start of a long one.
//
//gocognit:ignore
func momentAt(t []Token, i int, company bool) (Moment, int) {
	var m Moment
	n := i
	for j := i; j < len(t); {
		next, before := n, m
		bracket := false
		if j > i {
			if t[j].Is("(") {
				bracket = true
				j++
			}
			for j < min(len(t), n+longestLead) && (t[j].Is(",", "on", "at", "of", "in", "the", "during", "around", "about", "approximately", "sometime", "@", "^") || t[j].Is("say", "call", "it") && j > n || t[j].Is("from") && m.Date == nil && m.Part != nil && *m.Part == overnight || t[j].Dash() && t[j].Gap && m.Clock == nil) {
				m.around = m.around || t[j].Is("around", "about", "approximately")
				j++
			}
			company = company || j > n && t[j-1].Is("at", "around", "about", "approximately", "@", "it", "say")
		}
		near, short := false, false
		if k := nearly(t, min(j, len(t)-1)); k > j && m.Clock == nil {
			near, short, company, j = true, t[k-1].Is("before"), true, k
		}
		if j < len(t) && (t[j].Is("|") || t[j].Is("/") && m.Date != nil && m.Date.Year > 0) && m.Date != nil && j+1 < len(t) && t[j+1].Kind == Number {
			j++ // the column of times beside that of dates
		}
		if j >= len(t) {
			break
		}
		if m.Date != nil && m.Clock == nil && t[j].Kind == Number && len(t[j].Text) == 4 && (m.Date.Year > 0 || j == n && j > 1 && t[j-2].Is("/", ".") && !t[j-1].Gap) {
			company = true
		}
		company = company || m.Date != nil && m.Clock == nil && (noYear(t, j) || m.Date.rel == "dom" && hhmmAt(t, j))
		if m.Date != nil && m.Clock == nil && m.Part == nil && t[j].Is("am", "pm") {
			p := map[bool]partOfDay{true: morning, false: afternoon}[t[j].Is("am")]
			m.Part, next = &p, j+1
		}
		if m.Date == nil && m.Clock != nil && m.Part == nil && t[j].Is("tonight") {
			m.Date, m.Part, next = &Date{rel: "today"}, &overnight, j+1
		}
		if m.Date == nil {
			if r, k := dateAt(t, j); k > j {
				m.Date, next = r, k
			}
		}
		if m.Date != nil && (m.Date.Weekday != nil || m.Date.rel == "yesterday" || m.Date.rel == "today") && !m.Date.Full() && m.Part != nil && j > n && t[n].Is(",", "(") {
			if x, k := monthDate(t, j); k > j {
				x.Weekday = m.Date.Weekday // "Monday night, September 20"
				m.Date, next = x, k
			}
		}
		if next == n && m.Part == nil {
			if p, k := partAt(t, j); k > j && !(k < len(t) && t[k].Is("is", "are", "was", "were")) && (j > i || t[j].Is("overnight", "mid-morning", "mid-afternoon") || t[i].Newline && k < len(t) && t[k].Is(":") || inCell(t, i, k) || k < len(t) && t[k].Is("of") || i > 0 && t[i-1].Is("(", "around", "about", "approximately", "by", "the", "in", "during", "at", "early", "late", "this", "last", "that", "between", "and", "to", "from", "until", "of", "consecutive", "successive")) {
				part := p
				m.Part, next = &part, k
			}
		}
		if c, d, k := hourAndDay(t, j); k > j && m.Clock == nil && m.Date == nil {
			m.Clock, m.Date, next = c, d, k
		}
		if next == n && m.Clock == nil {
			c, k, complaint := clockAt(t, j, company)
			if k > j && complaint == "" {
				m.around = m.around || c.about || near
				c.endDay(short)
				clock := c // what is kept is copied: most words are no time and should cost no memory
				m.Clock, next = &clock, k
			}
		}
		if next == n && m.Part != nil && j == n && j > i && t[j-1].Is("this", "that", "same", "following", "next", "previous", "last") {
			// "the early hours of this morning"
			_, next = partAt(t, j)
		}
		if next == n {
			break
		}
		if bracket {
			if next >= len(t) || !t[next].Is(")") {
				m = before // what the bracket holds is more than a time
				break
			}
			next++
		}
		n, j = next, next
	}
	if m.Date != nil && (m.Date.counts() || m.Clock == nil && (m.Date.rel == "nth" || m.Date.rel == "dom" && AnyWord(t, i, n, "before", "after"))) && m.Part == nil {
		for k := i; k < n && m.Part == nil; k++ {
			if p, e := partAt(t, k); e == k+1 {
				m.Part = &p // "two nights earlier", "the evening before"
			}
		}
	}
	return m, n
}
