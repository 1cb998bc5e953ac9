package intake

import (
	"errors"
	"fmt"
	"time"

	"spreewatch/data"
)

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
