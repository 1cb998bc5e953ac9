package when

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"spreewatch/data/table"
)

// A Day is a date of the calendar without a clock or a zone.
type Day struct {
	Year  int
	Month time.Month
	Dom   int
}

// DayOf returns the day that clocks of the zone of t show.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day{y, m, d}
}

// UTC returns the start of the day in UTC.
func (d Day) UTC() time.Time { return time.Date(d.Year, d.Month, d.Dom, 0, 0, 0, 0, time.UTC) }

// IsZero reports whether the day is not known.
func (d Day) IsZero() bool { return d == Day{} }

// Exists reports whether the calendar has the day.
func (d Day) Exists() bool { return d.Month >= 1 && d.Month <= 12 && d.Dom >= 1 && DayOf(d.UTC()) == d }

// Add returns the day n days later.
func (d Day) Add(n int) Day { return DayOf(d.UTC().AddDate(0, 0, n)) }

func (d Day) weekday() time.Weekday { return d.UTC().Weekday() }

func (d Day) before(e Day) bool { return d.UTC().Before(e.UTC()) }

// sub returns the days from e to d.
func (d Day) sub(e Day) int { return int(d.UTC().Sub(e.UTC()).Hours()) / 24 }

// String returns the day as in "2 January 2006".
func (d Day) String() string { return d.UTC().Format("2 January 2006") }

// latest returns the last day of weekday w on or before d.
func (d Day) latest(w time.Weekday) Day {
	return d.Add(-((int(d.weekday()) - int(w) + 7) % 7))
}

// OnClock returns the instant at which clocks in zone show minute minutes after
// the start of the day (1440 is the midnight that ends it). An hour that the
// clocks skip in spring is read as the one after it. An hour that they show
// twice in autumn is the first of the two, or with late the second. The note
// says so in words, "" when the clock reads plainly.
func (d Day) OnClock(minute int, late bool, zone *time.Location) (time.Time, string) {
	d = d.Add(minute / 1440)
	minute %= 1440
	return table.WallClock(time.Date(d.Year, d.Month, d.Dom, minute/60, minute%60, 0, 0, time.UTC), late, zone)
}

var weekdays = map[string]time.Weekday{
	"monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday,
	"friday": time.Friday, "saturday": time.Saturday, "sunday": time.Sunday,
	"mon": time.Monday, "tue": time.Tuesday, "tues": time.Tuesday, "wed": time.Wednesday, "weds": time.Wednesday,
	"thu": time.Thursday, "thur": time.Thursday, "thurs": time.Thursday, "fri": time.Friday,
	"sat": time.Saturday, "sun": time.Sunday,
	"mo": time.Monday, "tu": time.Tuesday, "we": time.Wednesday, "th": time.Thursday, "fr": time.Friday, "sa": time.Saturday, "su": time.Sunday,
}

// Months are the names of the months and their abbreviations, in lower case.
var Months = map[string]time.Month{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
	"september": 9, "october": 10, "november": 11, "december": 12,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9,
	"oct": 10, "nov": 11, "dec": 12,
}

// An Almanac settles which day a date in words means. Its clues are used in
// this order: a year that is written, the file's own publication date, the date
// of receipt, a dated day in the same text, the weekday.
type Almanac struct {
	Published Day  // the file's own, zero when it has none
	Received  Day  // from the caller, zero when not known
	Anchor    Day  // a day of the same text, zero when there is none
	Sure      bool // the text gives the year of anchor
	Today     Day
	Base      Day // that "day two" counts from, zero for none
}

// reference returns the day that "yesterday" and "on Tuesday" count from, and
// what it is called.
func (a Almanac) reference() (Day, string) {
	switch {
	case !a.Published.IsZero():
		return a.Published, "publication date " + a.Published.String()
	case !a.Received.IsZero():
		return a.Received, "date of receipt " + a.Received.String()
	}
	return a.Today, "today, " + a.Today.String()
}

// Reference returns the day that "yesterday" counts from.
func (a Almanac) Reference() Day {
	d, _ := a.reference()
	return d
}

// yearFor gives month m, day dom its year. A leap day is sought over the years
// that have one.
func (a Almanac) yearFor(m time.Month, dom int, w *time.Weekday) (Day, string, error) {
	ref, name := a.reference()
	if a.Published.IsZero() && a.Received.IsZero() {
		if !a.Anchor.IsZero() && (a.Sure || w == nil) {
			best := Day{}
			for y := a.Anchor.Year - 4; y <= a.Anchor.Year+4; y++ {
				c := Day{y, m, dom}
				if c.Exists() && (best.IsZero() || absInt(c.sub(a.Anchor)) < absInt(best.sub(a.Anchor))) {
					best = c
				}
			}
			return best, "year from " + a.Anchor.String() + " in the same text" + misfit(best, w), nil
		}
		if w != nil {
			// The weekday of a date comes round within 11 years, of a leap day
			// within 40.
			for y := a.Today.Year; y >= a.Today.Year-40; y-- {
				c := Day{y, m, dom}
				if c.Exists() && !a.Today.before(c) && c.weekday() == *w {
					return c, fmt.Sprintf("year %d: the latest %s %d %s up to today, no other date was given", y, *w, dom, m), nil
				}
			}
		}
	}
	for y := ref.Year + 1; y >= ref.Year-8; y-- {
		c := Day{y, m, dom}
		// A bulletin written late at night may carry the next day's date.
		if c.Exists() && c.sub(ref) <= 1 {
			return c, fmt.Sprintf("year %d from %s", y, name) + misfit(c, w), nil
		}
	}
	return Day{}, "", ErrCalendar
}

// easter returns the day so many days from Easter Sunday of the year given, or of the
// last year in which it is not after the day of writing. The anonymous Gregorian
// computus, after Meeus 1991.
func (r *Date) easter(a Almanac) (Day, string) {
	ref, name := a.reference()
	of := func(y int) Day {
		g, c, u := y%19, y/100, y%100
		h := (19*g + c - c/4 - (c-(c+8)/25+1)/3 + 15) % 30
		l := (32 + 2*(c%4) + 2*(u/4) - h - u%4) % 7
		m := (g + 11*h + 22*l) / 451
		return Day{y, time.Month((h + l - 7*m + 114) / 31), (h+l-7*m+114)%31 + 1}.Add(r.Dom)
	}
	if r.Year > 0 {
		return of(r.Year), "the date is written in full"
	}
	d := of(ref.Year)
	if ref.before(d) {
		d = of(ref.Year - 1)
	}
	return d, "year from " + name
}

func misfit(d Day, w *time.Weekday) string {
	if w == nil || d.weekday() == *w {
		return ""
	}
	return fmt.Sprintf("; the text says %s but %s is a %s", *w, d, d.weekday())
}

func absInt(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

var (
	errNoDay       = errors.New("no date goes with the time")
	errNoReference = errors.New("no date of publication or receipt to count back from")
	errOneOf       = errors.New("a clock time on one of several days")
	// ErrCalendar is a day that the calendar does not have, such as 31 September.
	ErrCalendar = errors.New("the calendar has no such day")
)

// Resolve returns the days that r means, first and last, and how they were
// settled. prior is the day last spoken of, zero when there is none; dated are
// the days that the text gives in full.
func (r *Date) Resolve(a Almanac, prior Day, dated []Day) (first, last Day, rule string, err error) {
	first, last, rule, err = r.unshifted(a, prior, dated)
	if err == nil && r.shift != 0 {
		first, last = first.Add(r.shift), last.Add(r.shift)
	}
	return first, last, rule, err
}

// unshifted finds what a date lacks in one order of precedence, read from the top down.
//
//gocognit:ignore
func (r *Date) unshifted(a Almanac, prior Day, dated []Day) (first, last Day, rule string, err error) {
	ref, name := a.reference()
	switch {
	case r.Full():
		d := Day{r.Year, r.Month, r.Dom}
		rule = "the date is written in full"
		if r.Year == 0 {
			if d, rule, err = a.yearFor(r.Month, r.Dom, r.Weekday); err != nil {
				return Day{}, Day{}, "", err
			}
		} else {
			rule += misfit(d, r.Weekday)
		}
		if !d.Exists() {
			return Day{}, Day{}, "", ErrCalendar
		}
		last = d
		if r.LastDom > 0 {
			if last.Dom = r.LastDom; r.LastDom == nextMonth {
				last = DayOf(d.UTC().AddDate(0, 1, 1-d.Dom))
			}
			if !last.Exists() || last.before(d) {
				return Day{}, Day{}, "", ErrCalendar
			}
		}
		return d, last, rule, nil
	case r.rel == "following" && !prior.IsZero():
		d := prior.Add(7).latest(*r.Weekday)
		return d, d, "counted from " + prior.String() + " in the same text", nil
	case r.rel == "preceding" && !prior.IsZero():
		d := prior.Add(-1).latest(*r.Weekday)
		return d, d, "counted from " + prior.String() + " in the same text", nil
	case r.rel == "nth":
		if a.Base.IsZero() {
			return Day{}, Day{}, "", errNoDay
		}
		d := a.Base.Add(r.Dom)
		return d, d, "counted from " + a.Base.String() + " in the same text", nil
	case r.rel == "its week" && !prior.IsZero():
		d := prior.latest(time.Monday).Add((int(*r.Weekday) + 6) % 7)
		return d, d, "in the week of " + prior.String() + " in the same text", nil
	case r.rel == "easter":
		d, rule := r.easter(a)
		return d, d, rule, nil
	case r.rel == "dom":
		base := ref
		if !prior.IsZero() {
			base = prior.Add(14)
		}
		for n := 0; n < 62; n++ {
			if c := base.Add(-n); c.Dom == r.Dom && (r.Weekday == nil || c.weekday() == *r.Weekday) {
				if r.LastDom > 0 {
					return c, c.Add(max(1, r.LastDom-r.Dom)), "month and year from " + name, nil
				}
				return c, c, "month and year from " + map[bool]string{true: "the day before it in the text", false: name}[!prior.IsZero()], nil
			}
		}
		return Day{}, Day{}, "", fmt.Errorf("no month near has that day")
	case (r.rel == "week" || r.rel == "weekend") && a.Published.IsZero() && a.Received.IsZero():
		return Day{}, Day{}, "", errNoReference
	case r.rel == "week":
		d := ref.latest(time.Monday).Add(-7)
		if r.Weekday != nil {
			d = d.Add((int(*r.Weekday) + 6) % 7)
			return d, d, "the week before " + name, nil
		}
		return d, d.Add(6), "the week before " + name, nil
	case (r.rel == "later" || r.rel == "next") && r.Weekday != nil && !prior.IsZero():
		// "three days later, on the Wednesday": the nearest such day to the count
		d := prior.Add(map[string]int{"later": r.Dom, "next": 1}[r.rel] + 3).latest(*r.Weekday)
		return d, d, "counted from " + prior.String() + " in the same text", nil
	case r.Weekday != nil:
		for _, d := range dated {
			// one further from what was told last than the latest such day is another
			further := !prior.IsZero() && absInt(d.sub(prior)) > absInt(ref.latest(*r.Weekday).sub(prior))
			if d.weekday() == *r.Weekday && !r.last && !further {
				return d, d, fmt.Sprintf("%s as dated in the same text", *r.Weekday), nil
			}
		}
		if a.Published.IsZero() && a.Received.IsZero() {
			if len(dated) > 0 {
				d := dated[0].Add(3).latest(*r.Weekday)
				return d, d, fmt.Sprintf("the %s nearest %s in the same text", *r.Weekday, dated[0]), nil
			}
			d := a.Today.Add(-1).latest(*r.Weekday)
			return d, d, fmt.Sprintf("the latest %s before today, no other date was given", *r.Weekday), nil
		}
		if !prior.IsZero() && !r.last && ref.sub(prior) > 7 && slices.ContainsFunc(dated, func(d Day) bool { return d.sub(prior) > -7 && d.sub(prior) < 7 }) {
			d := prior.Add(6).latest(*r.Weekday)
			return d, d, "counted from " + prior.String() + " in the same text", nil
		}
		d := ref.latest(*r.Weekday)
		if r.last && d == ref {
			d = d.Add(-7)
		}
		return d, d, fmt.Sprintf("%s counted back from %s", *r.Weekday, name), nil
	case r.rel == "today":
		return ref, ref, "today counted from " + name, nil
	case r.rel == "yesterday":
		return ref.Add(-1 - r.Dom), ref.Add(-1 - r.Dom), "yesterday counted from " + name, nil
	case r.rel == "weekend":
		d := ref.latest(time.Saturday)
		if ref.weekday() == time.Saturday {
			d = d.Add(-7)
		}
		return d, d.Add(1), "the weekend before " + name, nil
	}
	if prior.IsZero() {
		return Day{}, Day{}, "", errNoDay
	}
	d := prior
	switch r.rel {
	case "next":
		d = d.Add(1)
	case "previous":
		d = d.Add(-1)
	case "later":
		d = d.Add(r.Dom)
	}
	return d, d, "counted from " + prior.String() + " in the same text", nil
}
