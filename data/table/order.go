package table

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// An OrderReason says how the order of day and month of a file was settled.
type OrderReason struct {
	Proofs    int    // rows that can be read in one order only
	Line      int    // the first of them
	Against   int    // rows that can be read in the other order only
	By        string // header of the column that proves it, where it is not the event's own
	Weekday   bool   // by the days of the week
	Ambiguous int    // rows that either order can read
	Told      string // "command line" or "source" where it was told, else ""
	Assumed   bool   // nothing proved it
}

// dateFacts are what all values of one column of dates show.
type dateFacts struct {
	dayProof, monthProof proof // a number over 12 in the one place or the other
	ambiguous            int
	numeric              int
	stamps, timed        int
	midnights, localZero int // of those with a time of day: written 00:00; midnight in the zone, by an offset
	utcZero              int
	zoneZero             int          // of those without an offset: midnight in the zone, were they UTC
	against              int          // of those with a time of day: the row's own hour is another
	clocks               map[int]bool // times of day without an offset, in seconds: up to three
	dayVotes, monthVotes int          // by weekday or by another date of the row
}

type proof struct{ n, line int }

func (p *proof) add(line int) {
	if p.n++; p.n == 1 {
		p.line = line
	}
}

// numericDate reads the numbers of a date that does not begin with its year.
func numericDate(s string) (a, b, year int, ok bool) {
	n := digits(s)
	if n == 0 || n > 2 || n >= len(s) || strings.IndexByte("-/.", s[n]) < 0 {
		return 0, 0, 0, false
	}
	sep := s[n]
	rest := s[n+1:]
	m := digits(rest)
	if m == 0 || m > 2 || m >= len(rest) || rest[m] != sep {
		return 0, 0, 0, false
	}
	third := rest[m+1:]
	k := digits(third)
	if k != 2 && k != 4 {
		return 0, 0, 0, false
	}
	return atoi(s[:n]), atoi(rest[:m]), atoi(third[:k]), true
}

// orderFinder gathers the facts of every column of dates of a table.
type orderFinder struct {
	zone    *time.Location
	today   time.Time
	dates   []int        // columns that hold dates
	ranged  map[int]bool // of these, a value may hold both ends
	own     map[int]int  // column of a date → that of the hour or the time of day of the event
	weekday int          // column, -1 for none
	within  int          // column of dates that have the day of the week before them, -1 for none
	facts   map[int]*dateFacts
	hours   map[int]*clockFacts
}

// clockFacts are what all values of one column of times of day show.
type clockFacts struct {
	n, ints, colons int
	max             int
	padded          bool // some value of four digits begins with a zero
}

func newOrderFinder(l *Layout, zone *time.Location, today time.Time) *orderFinder {
	o := &orderFinder{zone: zone, today: today, weekday: -1, within: -1, ranged: map[int]bool{}, own: map[int]int{}, facts: map[int]*dateFacts{}, hours: map[int]*clockFacts{}}
	for i, c := range l.Columns {
		if c.stamps > 0 && c.share(c.stamps) {
			o.watch(i)
			o.ranged[i] = c.ranged()
		}
	}
	for _, f := range []Field{Date, From, To, Reported} {
		if at, ok := l.At[f]; ok {
			o.watch(at)
		}
	}
	for _, f := range []Field{FromTime, ToTime, ReportedTime} {
		if at, ok := l.At[f]; ok {
			o.hours[at] = &clockFacts{}
		}
	}
	if at, ok := l.At[Weekday]; ok {
		o.weekday = at
	}
	for _, f := range []Field{Hour, FromTime} {
		if own, ok := l.At[f]; ok {
			for _, f := range []Field{Date, From} {
				if at, ok := l.At[f]; ok {
					o.own[at] = own
				}
			}
		}
	}
	return o
}

func (o *orderFinder) watch(i int) {
	if o.facts[i] == nil {
		o.facts[i] = &dateFacts{}
		o.dates = append(o.dates, i)
	}
}

// add takes in one row.
func (o *orderFinder) add(row []string, line int) {
	for at, h := range o.hours {
		if at < len(row) {
			h.add(clean(row[at]))
		}
	}
	known, numeric := "", false // the first date of the row that needs no order; some that need one
	for _, i := range o.dates {
		if i >= len(row) {
			continue
		}
		v := clean(row[i])
		if v == "" {
			continue
		}
		f := o.facts[i]
		if s, ok := isoMinute(v); ok { // most are, and need no other form tried
			o.note(s, row, i)
			known = cmp.Or(known, v)
			continue
		}
		start, end := o.ends(v, i)
		a, b, year, ok := numericDate(start)
		if !ok {
			if s, ok := eitherStamp(v, o.today); ok && s.HasDate() {
				o.note(s, row, i)
				known = cmp.Or(known, v)
			}
			continue
		}
		f.numeric++
		numeric = true
		if s, ok := eitherStamp(v, o.today); ok {
			o.note(s, row, i)
		}
		proved := f.prove(a, b, year, line)
		if c, d, year, ok := numericDate(end); ok && !proved {
			proved = f.prove(c, d, year, line)
		}
		if !proved && a != b {
			f.ambiguous++
		}
	}
	if numeric {
		o.vote(row, known)
	}
}

// ends are the dates of a value of a column: of its start and, where it holds both, of
// its end.
func (o *orderFinder) ends(v string, column int) (start, end string) {
	start = v
	if o.ranged[column] {
		if from, to, ok := splitRange(v, true, o.today); ok {
			start, end = from, to
		}
	}
	start, _, _ = dateFirst(start)
	end, _, _ = dateFirst(end)
	return start, end
}

// prove counts a date that one order alone can read, and reports whether it is one, or
// is none in either.
func (f *dateFacts) prove(a, b, year, line int) bool {
	valid := func(d, m int) bool {
		return m >= 1 && m <= 12 && d >= 1 && d <= daysIn(2000+year%400, time.Month(m))
	}
	dmy, mdy := valid(a, b), valid(b, a)
	switch {
	case dmy && mdy:
		return false
	case dmy:
		f.dayProof.add(line)
	case mdy:
		f.monthProof.add(line)
	}
	return true
}

// vote lets a day of the week, or a date that needs no order, speak for one order.
func (o *orderFinder) vote(row []string, known string) {
	var day time.Weekday
	told := false
	if o.weekday >= 0 && o.weekday < len(row) {
		day, told = parseWeekday(row[o.weekday])
	}
	beside, _ := eitherStamp(known, o.today)
	for _, i := range o.dates {
		if i >= len(row) {
			continue
		}
		date, own, dressed := dateFirst(clean(row[i]))
		a, b, year, ok := numericDate(date)
		if !ok || a == b || a > 12 || b > 12 {
			continue
		}
		if year < 100 {
			year = newStampReader(DayFirst, o.today).century(year)
		}
		dmy := time.Date(year, time.Month(b), a, 0, 0, 0, 0, time.UTC)
		mdy := time.Date(year, time.Month(a), b, 0, 0, 0, 0, time.UTC)
		f := o.facts[i]
		if dressed {
			o.within = i
		} else {
			own = day
		}
		if dressed || told {
			if (dmy.Weekday() == own) != (mdy.Weekday() == own) {
				f.count(dmy.Weekday() == own)
			}
			continue
		}
		if known == "" {
			continue
		}
		near := func(t time.Time) bool {
			d := t.Sub(beside.withoutClock().wall())
			return d >= -8*24*time.Hour && d <= 8*24*time.Hour
		}
		if near(dmy) != near(mdy) {
			f.count(near(dmy))
		}
	}
}

func (f *dateFacts) count(dayFirst bool) {
	if dayFirst {
		f.dayVotes++
	} else {
		f.monthVotes++
	}
}

// note counts a stamp of a column, and whether the row gives another hour for it.
func (o *orderFinder) note(s Stamp, row []string, column int) {
	f := o.facts[column]
	f.note(s, o.zone)
	at, ok := o.own[column]
	if !ok || at >= len(row) || !s.Clock {
		return
	}
	said := s.Seconds / 3600
	if s.Fixed {
		at, _ := s.Time(o.zone, false)
		said = at.Hour()
	}
	if hour, ok := hourOf(clean(row[at])); ok && hour%24 != said {
		f.against++
	}
}

// hourOf reads the hour of a value that is one, or is a time of day. A number of three
// figures may be either.
func hourOf(v string) (int, bool) {
	if n := digits(v); n == len(v) && n > 0 && n < 3 {
		return atoi(v), true
	}
	var s Stamp
	err := s.readClock(v)
	return s.Seconds / 3600, err == nil
}

// note counts a stamp and whether its time of day is a midnight.
func (f *dateFacts) note(s Stamp, zone *time.Location) {
	f.stamps++
	if !s.Clock {
		return
	}
	f.timed++
	if s.Seconds == 0 && s.Nano == 0 {
		f.midnights++
	}
	if !s.Fixed && len(f.clocks) < 3 {
		if f.clocks == nil {
			f.clocks = map[int]bool{}
		}
		f.clocks[s.Seconds] = true
	}
	if !s.Fixed {
		if at := s.wall().In(zone); at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
			f.zoneZero++
		}
	}
	if s.Fixed {
		at, _ := s.Time(zone, false)
		if at.Hour() == 0 && at.Minute() == 0 && at.Second() == 0 {
			f.localZero++
		}
		if u := at.UTC(); u.Hour() == 0 && u.Minute() == 0 && u.Second() == 0 {
			f.utcZero++
		}
	}
}

func (h *clockFacts) add(v string) {
	if v == "" {
		return
	}
	h.n++
	if n := digits(v); n == len(v) && n <= 4 {
		h.ints++
		h.max = max(h.max, atoi(v))
		h.padded = h.padded || n >= 3 && v[0] == '0'
	} else if strings.Contains(v, ":") {
		h.colons++
	}
}

// settle decides the order of the file: by the event's own dates, then by its other
// dates and the days of the week; else it is assumed.
func (o *orderFinder) settle(l *Layout, told Order, source Order) (Order, OrderReason, error) {
	own := map[int]bool{}
	for _, f := range []Field{Date, From, To} {
		if at, ok := l.At[f]; ok {
			own[at] = true
		}
	}
	reason := OrderReason{}
	var days, months proof
	count := func(i int) {
		f := o.facts[i]
		merge := func(into *proof, p proof) {
			if p.n > 0 && (into.n == 0 || p.line < into.line) {
				into.line = p.line
			}
			into.n = max(into.n, p.n) // rows, where several of their dates prove it
		}
		merge(&days, f.dayProof)
		merge(&months, f.monthProof)
	}
	votesDay, votesMonth := 0, 0
	for _, i := range o.dates {
		if own[i] {
			count(i)
			reason.Ambiguous += o.facts[i].ambiguous
		}
		votesDay += o.facts[i].dayVotes
		votesMonth += o.facts[i].monthVotes
	}
	switch {
	case told != OrderAuto:
		reason.Told = "command line"
		return told, reason, nil
	case source != OrderAuto && days.n == 0 && months.n == 0:
		reason.Told = "source"
		return source, reason, nil
	}
	if days.n == 0 && months.n == 0 {
		for _, i := range o.dates {
			if !own[i] {
				if count(i); days.n+months.n > 0 {
					reason.By = l.Columns[i].Name
					break
				}
			}
		}
	}
	if days.n == 0 && months.n == 0 && votesDay != votesMonth && (votesDay == 0 || votesMonth == 0 || max(votesDay, votesMonth) >= 9*min(votesDay, votesMonth)) {
		reason.Weekday = true
		if o.weekday >= 0 {
			reason.By = l.Columns[o.weekday].Name
		} else if o.within >= 0 {
			reason.By = l.Columns[o.within].Name
		}
		if reason.Proofs = max(votesDay, votesMonth); votesMonth > votesDay {
			return MonthFirst, reason, nil
		}
		return DayFirst, reason, nil
	}
	switch {
	case days.n > 0 && months.n > 0 && max(days.n, months.n) < 20*min(days.n, months.n):
		return "", reason, &mixedError{day: days.line, month: months.line}
	case months.n > days.n:
		reason.Proofs, reason.Line, reason.Against = months.n, months.line, days.n
		return MonthFirst, reason, nil
	case days.n > 0:
		reason.Proofs, reason.Line, reason.Against = days.n, days.line, months.n
		return DayFirst, reason, nil
	}
	reason.Assumed = reason.Ambiguous > 0
	return DayFirst, reason, nil
}

// A mixedError is a file whose dates prove both orders.
type mixedError struct{ day, month int }

func (e *mixedError) Error() string {
	return fmt.Sprintf("day-first dates (line %d) and month-first dates (line %d)", e.day, e.month)
}

// dateOnly reports whether the times of day in a column of dates are none: all are
// midnight as written, or, by their offsets, all midnight in the zone or in UTC.
func (f *dateFacts) dateOnly(clockBeside bool) (only, local bool) {
	if f == nil || f.timed == 0 {
		return false, false
	}
	enough := clockBeside || f.timed >= 3
	switch {
	case f.midnights == f.timed && f.localZero < f.timed:
		return enough, false
	case f.localZero == f.timed:
		return enough, true
	case f.utcZero == f.timed:
		return enough, false
	}
	// Of a few rows, what the row's own hour contradicts has to be midnight in the zone.
	return clockBeside && (f.timed >= 3 && f.shiftedMidnight() || f.against > 0 && f.zoneZero == f.timed), false
}

// shiftedMidnight reports whether every time of day is one whole hour, or two that
// follow each other: the midnight of another zone, in winter and in summer.
func (f *dateFacts) shiftedMidnight() bool {
	low, high := 24*3600, 0
	for s := range f.clocks {
		low, high = min(low, s), max(high, s)
		if s%3600 != 0 {
			return false
		}
	}
	return len(f.clocks) > 0 && len(f.clocks) < 3 && high-low <= 3600
}
