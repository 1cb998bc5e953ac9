package when

import (
	"errors"
	"fmt"
	"time"

	"spreewatch/data"
)

// An Interval is one event interval [from, to) with how well it is known.
type Interval struct {
	From, To  time.Time
	Precision data.Precision
	Rule      string
	First     Day // the day it starts on
}

// A Setting is what a bulletin has said before a time is read.
type Setting struct {
	Almanac Almanac
	Dates   []Day  // the days in force, first and last of a span; empty when none
	Rule    string // how they were settled
	Prior   Day    // the day last spoken of
	First   Day    // on which the night last spoken of began, zero for none
	Week    []Day  // first and last of the week that a heading speaks of, empty for none
	Dated   []Day  // days that the text gives in full
	Zone    *time.Location
}

// ErrHalf is a clock time that does not say which half of the day it is in.
var ErrHalf = errors.New("a clock time that does not say morning or afternoon")

// Resolve returns the event intervals that w means, in the order of the words.
func (w *Expression) Resolve(s Setting) ([]Interval, error) {
	if w.Complaint != "" {
		return nil, errors.New(w.Complaint)
	}
	w = w.settled()
	if w.Span {
		iv, err := w.resolveSpan(s)
		if err != nil {
			return nil, err
		}
		return []Interval{iv}, nil
	}
	var out []Interval
	for i, m := range w.Moments {
		if m.Date == nil {
			m.Date = w.borrowDate(i)
		}
		days, rule, err := s.Days(m.Date, Day{})
		if err != nil {
			return nil, err
		}
		if m.Date != nil && m.Date.List {
			for _, d := range days {
				iv, err := m.Interval(d, d, rule, w.open, s)
				if err != nil {
					return nil, err
				}
				out = append(out, iv)
			}
			continue
		}
		iv, err := m.Interval(days[0], days[len(days)-1], rule, w.open, s)
		if err != nil {
			return nil, err
		}
		out = append(out, iv)
	}
	return out, nil
}

// borrowDate returns the date of the nearest moment of the list before i, or
// else after it: "at 10am and 11am on Monday".
func (w *Expression) borrowDate(i int) *Date {
	for j := i - 1; j >= 0; j-- {
		if w.Moments[j].Date != nil {
			return w.Moments[j].Date
		}
	}
	for j := i + 1; j < len(w.Moments); j++ {
		if w.Moments[j].Date != nil {
			return w.Moments[j].Date
		}
	}
	return nil
}

// Days returns the days that r means, or those in force when it is nil.
// A day that an end of a span has already settled comes first.
func (s Setting) Days(r *Date, known Day) ([]Day, string, error) {
	if r == nil {
		if !known.IsZero() {
			return []Day{known}, "", nil
		}
		if len(s.Dates) == 0 {
			return nil, "", errNoDay
		}
		return s.Dates, s.Rule, nil
	}
	if n := len(s.Dates); len(s.Week) == 0 && n == 2 && s.Dates[1].sub(s.Dates[0]) == 6 {
		s.Week = s.Dates
	}
	if len(s.Week) == 2 && r.Weekday != nil && !r.Full() && r.rel == "" && !r.last && r.shift == 0 {
		if d := s.Week[1].latest(*r.Weekday); !d.before(s.Week[0]) {
			return []Day{d}, "the week of the heading", nil
		}
	}
	prior := s.Prior
	if r.Weekday != nil && r.rel == "" && !s.First.IsZero() {
		prior = s.First
	}
	first, last, rule, err := r.Resolve(s.Almanac, prior, s.Dated)
	if err != nil {
		return nil, "", err
	}
	if first == last {
		return []Day{first}, rule, nil
	}
	return []Day{first, last}, rule, nil
}

// settled returns w with the clock times of one expression in agreement: a time
// that does not say morning or afternoon takes it from its neighbour or from a
// part of the day.
func (w *Expression) settled() *Expression {
	c := *w
	c.Moments = append([]Moment(nil), w.Moments...)
	var part *partOfDay
	for _, m := range c.Moments {
		if m.Part != nil && m.Clock != nil {
			part = m.Part
		}
	}
	for i := range c.Moments {
		m := &c.Moments[i]
		if m.Clock == nil {
			continue
		}
		clock := *m.Clock
		p := m.Part
		if p == nil && clock.Bare && !(w.Span && i > 0) {
			p = part
		}
		if p != nil {
			var later bool
			clock, later = clock.settle(*p)
			if !later {
				m.Part = nil
			}
		}
		m.Clock = &clock
	}
	if w.Span && len(c.Moments) == 2 {
		a, b := c.Moments[0].Clock, c.Moments[1].Clock
		if a != nil && b != nil && w.Moments[0].Clock.Bare && w.Moments[0].Part == nil && a.Minute > b.Minute && a.Minute < 720 && !a.Bare && !b.Bare {
			a.Minute += 720 // "between 11 and 6 this morning"
		}
	}
	for i := range c.Moments {
		m := &c.Moments[i]
		if m.Clock == nil || !m.Clock.Bare || m.Clock.half != 0 {
			continue
		}
		lo := m.Clock.Minute % 720
		switch other, before := c.neighbour(i); {
		case other == nil:
		case before: // the earliest reading not before the one before it
			m.Clock.Minute = lo
			if lo < *other && lo+720 >= *other {
				m.Clock.Minute = lo + 720
			}
			m.Clock.Bare = false
		default: // the latest reading not after the one after it
			m.Clock.Minute = lo
			if lo+720 <= *other {
				m.Clock.Minute = lo + 720
			}
			m.Clock.Bare = false
		}
	}
	c.endOfDay()
	return &c
}

// endOfDay makes the midnight that a run of clock times of one day comes to the
// one that ends the day: "at noon and again at midnight on Saturday". Midnight by
// itself, or first, is the one that the day starts with, unless the words speak of
// a night: "at midnight on Saturday night".
func (w *Expression) endOfDay() {
	if w.Span {
		return
	}
	for i := 1; i < len(w.Moments); i++ {
		m, before := &w.Moments[i], w.Moments[i-1]
		if m.Clock == nil || !m.Clock.midnight || m.Part != nil || before.Clock == nil || before.Clock.Minute == 0 || m.Date != nil && before.Date != nil {
			continue
		}
		m.Clock.Minute = 1440
	}
}

// neighbour returns the minute of the nearest clock time that says its half of
// the day, and whether it stands before i.
func (w *Expression) neighbour(i int) (*int, bool) {
	for j := i + 1; j < len(w.Moments); j++ {
		if c := w.Moments[j].Clock; c != nil && (!c.Bare || c.half != 0) {
			return &c.Minute, false
		}
	}
	for j := i - 1; j >= 0; j-- {
		if c := w.Moments[j].Clock; c != nil && (!c.Bare || c.half != 0) {
			return &c.Minute, true
		}
	}
	return nil, false
}

// resolveSpan returns the event interval of a stretch of time, half-open; it is for
// one that settled has gone through.
func (w *Expression) resolveSpan(s Setting) (Interval, error) {
	a, b := w.Moments[0], w.Moments[0]
	if len(w.Moments) > 1 {
		b = w.Moments[1]
	}
	first, last, rule, err := s.ends(a, b)
	if err != nil {
		return Interval{}, err
	}
	if a.Clock != nil && a.Clock.Bare || b.Clock != nil && b.Clock.Bare && len(w.Moments) > 1 && b.Clock.half == 0 {
		return Interval{}, ErrHalf
	}
	from, to := a.from(), b.to()
	precision := data.PrecisionWindow
	if b.Clock == nil && b.Part != nil && *b.Part == overnight && first != last {
		to -= 1440 // "overnight between Monday and Tuesday" ends on Tuesday
	}
	if a.Part != nil && *a.Part == overnight && a.Clock == nil && b.Clock == nil {
		precision = data.PrecisionOvernight
	}
	if last.before(first) {
		return Interval{}, fmt.Errorf("it ends before it starts")
	}
	if first == last && to < from {
		to += 1440
	}
	return s.interval(first, from, last, to, precision, rule), nil
}

// ends returns the days on which a stretch of time begins and ends. Each end has its
// own date, or that of the other; the surer of the two settles first, the end where
// neither is, and the other is the nearest such day on its side of it.
func (s Setting) ends(a, b Moment) (first, last Day, rule string, err error) {
	x, y := a.Date, b.Date
	inOrder := a.from() < b.to() // on one day
	if x == nil || y == nil || x == y {
		ref := x
		if ref == nil {
			ref = y
		}
		days, rule, err := s.Days(ref, Day{})
		if err != nil {
			return Day{}, Day{}, "", err
		}
		first, last = days[0], days[len(days)-1]
		if x == nil && a.Clock != nil && ref != nil && (ref.rel == "next" || ref.rel == "today" && ref.shift == 0) && !inOrder {
			first = first.Add(-1) // "between 6pm and 7am the next day"; "and 7 this morning"
		}
		return first, last, rule, nil
	}
	if y.counts() && y.rel != "yesterday" || y.rel == "same" || x.sure() > y.sure() && (y.rel == "" || y.rel == "dom") || x.rel == "same" || x.rel == "next" {
		days, rule, err := s.Days(x, Day{})
		if err != nil {
			return Day{}, Day{}, "", err
		}
		last, err = s.endAfter(y, days[0], inOrder)
		return days[0], last, rule, err
	}
	days, rule, err := s.Days(y, Day{})
	if err != nil {
		return Day{}, Day{}, "", err
	}
	last = days[len(days)-1]
	s.Prior = last
	first, note, err := s.startBefore(x, last, y.Full() || !x.Full(), inOrder)
	if note != "" && note != rule {
		rule += "; start: " + note
	}
	return first, last, rule, err
}

// from and to return the minutes of the day at which a stretch of time begins and ends
// that has the moment for its start, or its end.
func (m Moment) from() int {
	switch {
	case m.Clock != nil:
		return m.Clock.Minute
	case m.Part != nil:
		return m.Part.from
	}
	return 0
}

func (m Moment) to() int {
	switch {
	case m.Clock != nil:
		return m.Clock.Minute
	case m.Part != nil:
		return m.Part.to
	}
	return 1440
}

// endAfter settles the end of a span whose start is known.
func (s Setting) endAfter(r *Date, first Day, inOrder bool) (Day, error) {
	switch {
	case r.rel == "" && !r.Full() && r.Weekday != nil:
		n := (int(*r.Weekday) - int(first.weekday()) + 7) % 7
		return first.Add(n), nil
	}
	s.Prior = first
	days, _, err := s.Days(r, Day{})
	if err != nil {
		return Day{}, err
	}
	return days[len(days)-1], nil
}

// startBefore settles the start of a span whose end is known.
func (s Setting) startBefore(r *Date, last Day, bind, inOrder bool) (Day, string, error) {
	switch {
	case r.Full() && r.Year == 0 && bind:
		for y := last.Year; y >= last.Year-8; y-- {
			d := Day{y, r.Month, r.Dom}
			if d.Exists() && !last.before(d) {
				return d, misfit(d, r.Weekday), nil
			}
		}
		return Day{}, "", ErrCalendar
	case r.rel == "dom":
		s.Prior = last.Add(-14) // so that it looks no further than the end
	case r.rel == "" && !r.Full() && r.Weekday != nil:
		d := last.latest(*r.Weekday)
		return d, "", nil
	}
	days, rule, err := s.Days(r, Day{})
	if err != nil {
		return Day{}, "", err
	}
	return days[0], rule, nil
}

// Interval returns the event interval of one moment on the days first to last.
func (m Moment) Interval(first, last Day, rule string, open int, s Setting) (Interval, error) {
	switch {
	case m.Clock != nil && m.Clock.Bare:
		return Interval{}, ErrHalf
	case m.Clock != nil && last.sub(first) > 1 && (m.Part == nil || *m.Part != overnight):
		return Interval{}, errOneOf
	case m.Clock != nil && open < 0:
		to := max(m.Clock.Minute, 1)
		if m.Clock.midnight {
			to = 1440 // what was "before midnight" was on that day
		}
		return s.interval(first, 0, first, to, data.PrecisionWindow, rule), nil
	case m.Clock != nil && open > 0 && !m.around:
		return s.interval(first, m.Clock.Minute, first, 1440, data.PrecisionWindow, rule), nil
	case m.Clock != nil:
		minute := m.Clock.Minute
		if m.Part != nil && *m.Part == overnight {
			minute += 1440
		}
		precision := data.PrecisionExact
		if m.around {
			precision = data.PrecisionAround
		}
		return s.interval(first, minute, first, minute, precision, rule), nil
	case m.Part != nil && *m.Part == overnight:
		to := m.Part.to
		if first != last {
			to -= 1440
		}
		return s.interval(first, m.Part.from, last, to, data.PrecisionOvernight, rule), nil
	case m.Part != nil:
		return s.interval(first, m.Part.from, last, m.Part.to, data.PrecisionWindow, rule), nil
	}
	precision := data.PrecisionDay
	if first != last {
		precision = data.PrecisionWindow
	}
	return s.interval(first, 0, last, 1440, precision, rule), nil
}

// interval puts minutes of two days on the clock. An instant in an hour that
// comes twice is the first; a stretch reaches to the second.
func (s Setting) interval(first Day, from int, last Day, to int, p data.Precision, rule string) Interval {
	a, note := first.OnClock(from, false, s.Zone)
	iv := Interval{From: a, To: a, Precision: p, Rule: rule, First: first}
	if first != last || from != to {
		b, note2 := last.OnClock(to, true, s.Zone)
		iv.To = b
		if note == "" {
			note = note2
		}
	}
	if note != "" {
		iv.Rule += "; " + note
	}
	return iv
}
