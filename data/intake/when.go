package intake

import (
	"time"
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
	if a, b, n := militarySpan(t, j); n > j {
		w.moments, w.end, w.span = []moment{{clock: &a}, {clock: &b}}, n, true
		return w
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
			if p, k := partAt(t, j); k > j && (j > i || t[j].is("overnight") || i > 0 && t[i-1].is("(", "around", "about", "approximately", "by", "the", "in", "during", "at", "early", "late", "this", "last", "that", "between", "and", "to", "from", "until", "of")) {
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
