package intake

import (
	"errors"
	"fmt"
	"time"
)

// A day is a date of the calendar without a clock or a zone.
type day struct {
	year  int
	month time.Month
	dom   int
}

func dayOf(t time.Time) day {
	y, m, d := t.Date()
	return day{y, m, d}
}

func (d day) utc() time.Time { return time.Date(d.year, d.month, d.dom, 0, 0, 0, 0, time.UTC) }

func (d day) isZero() bool { return d == day{} }

// exists reports whether the calendar has the day.
func (d day) exists() bool { return d.month >= 1 && d.month <= 12 && d.dom >= 1 && dayOf(d.utc()) == d }

func (d day) add(n int) day { return dayOf(d.utc().AddDate(0, 0, n)) }

func (d day) weekday() time.Weekday { return d.utc().Weekday() }

func (d day) before(e day) bool { return d.utc().Before(e.utc()) }

// sub returns the days from e to d.
func (d day) sub(e day) int { return int(d.utc().Sub(e.utc()).Hours()) / 24 }

func (d day) String() string { return d.utc().Format("2 January 2006") }

// latest returns the last day of weekday w on or before d.
func (d day) latest(w time.Weekday) day {
	return d.add(-((int(d.weekday()) - int(w) + 7) % 7))
}

// onClock returns the instant at which clocks in zone show minute minutes after
// the start of the day (1440 is the midnight that ends it). An hour that the
// clocks skip in spring is read as the one after it. An hour that they show
// twice in autumn is the first of the two, or with late the second. The note
// says so in words, "" when the clock reads plainly.
func (d day) onClock(minute int, late bool, zone *time.Location) (time.Time, string) {
	d = d.add(minute / 1440)
	minute %= 1440
	return wallClock(time.Date(d.year, d.month, d.dom, minute/60, minute%60, 0, 0, time.UTC), late, zone)
}

// wallClock returns the instant at which clocks in zone show what wall shows in
// UTC, with the rules of onClock.
func wallClock(wall time.Time, late bool, zone *time.Location) (time.Time, string) {
	// The offsets a day before and a day after are the two sides of any change
	// near the wall time; a zone never changes twice in two days.
	_, before := wall.Add(-24 * time.Hour).In(zone).Zone()
	_, after := wall.Add(24 * time.Hour).In(zone).Zone()
	first := wall.Add(-time.Duration(max(before, after)) * time.Second).In(zone)
	second := wall.Add(-time.Duration(min(before, after)) * time.Second).In(zone)
	shows := func(t time.Time) bool {
		_, offset := t.Zone()
		return t.Add(time.Duration(offset) * time.Second).UTC().Equal(wall)
	}
	switch {
	case shows(first) && shows(second):
		if first.Equal(second) {
			return first, ""
		}
		if late {
			return second, "the clocks show this hour twice: read as the second"
		}
		return first, "the clocks show this hour twice: read as the first"
	case shows(first):
		return first, ""
	case shows(second):
		return second, ""
	}
	// Skipped: the offset in force before the change puts it after the gap.
	return wall.Add(-time.Duration(before) * time.Second).In(zone), "the clocks skip this hour: read as the one after it"
}

var weekdays = map[string]time.Weekday{
	"monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday, "thursday": time.Thursday,
	"friday": time.Friday, "saturday": time.Saturday, "sunday": time.Sunday,
	"mon": time.Monday, "tue": time.Tuesday, "tues": time.Tuesday, "wed": time.Wednesday, "weds": time.Wednesday,
	"thu": time.Thursday, "thur": time.Thursday, "thurs": time.Thursday, "fri": time.Friday,
	"sat": time.Saturday, "sun": time.Sunday,
}

var months = map[string]time.Month{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
	"september": 9, "october": 10, "november": 11, "december": 12,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9,
	"oct": 10, "nov": 11, "dec": 12,
}

// An almanac settles which day a date in words means. Its clues are used in
// this order: a year that is written, the file's own publication date, the date
// of receipt, a dated day in the same text, the weekday.
type almanac struct {
	published day  // the file's own, zero when it has none
	received  day  // from the caller, zero when not known
	anchor    day  // a day of the same text, zero when there is none
	sure      bool // the text gives the year of anchor
	today     day
}

// reference returns the day that "yesterday" and "on Tuesday" count from, and
// what it is called.
func (a almanac) reference() (day, string) {
	switch {
	case !a.published.isZero():
		return a.published, "publication date " + a.published.String()
	case !a.received.isZero():
		return a.received, "date of receipt " + a.received.String()
	}
	return a.today, "today, " + a.today.String()
}

// yearFor gives month m, day dom its year. A leap day is sought over the years
// that have one.
func (a almanac) yearFor(m time.Month, dom int, w *time.Weekday) (day, string, error) {
	if !(day{2000, m, dom}).exists() {
		return day{}, "", errCalendar
	}
	ref, name := a.reference()
	if a.published.isZero() && a.received.isZero() {
		if !a.anchor.isZero() && (a.sure || w == nil) {
			best := day{}
			for y := a.anchor.year - 4; y <= a.anchor.year+4; y++ {
				c := day{y, m, dom}
				if c.exists() && (best.isZero() || absInt(c.sub(a.anchor)) < absInt(best.sub(a.anchor))) {
					best = c
				}
			}
			return best, "year from " + a.anchor.String() + " in the same text" + misfit(best, w), nil
		}
		if w != nil {
			// The weekday of a date comes round within 11 years, of a leap day
			// within 40.
			for y := a.today.year; y >= a.today.year-40; y-- {
				c := day{y, m, dom}
				if c.exists() && c.before(a.today) && c.weekday() == *w {
					return c, fmt.Sprintf("year %d: the latest %s %d %s before today, no other date was given", y, *w, dom, m), nil
				}
			}
		}
	}
	for y := ref.year + 1; y >= ref.year-8; y-- {
		c := day{y, m, dom}
		// A bulletin written late at night may carry the next day's date.
		if c.exists() && c.sub(ref) <= 1 {
			return c, fmt.Sprintf("year %d from %s", y, name) + misfit(c, w), nil
		}
	}
	return day{}, "", errCalendar
}

func misfit(d day, w *time.Weekday) string {
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
	errNoDay = errors.New("no date goes with the time")
	// errCalendar is a day that the calendar does not have, such as 31 September.
	errCalendar = errors.New("the calendar has no such day")
)

// resolve returns the days that r means, first and last, and how they were
// settled. prior is the day last spoken of, zero when there is none; dated are
// the days that the text gives in full.
func (r *dateRef) resolve(a almanac, prior day, dated []day) (first, last day, rule string, err error) {
	ref, name := a.reference()
	switch {
	case r.full():
		d := day{r.year, r.month, r.dom}
		rule = "the date is written in full"
		if r.year == 0 {
			if d, rule, err = a.yearFor(r.month, r.dom, r.weekday); err != nil {
				return day{}, day{}, "", err
			}
		} else {
			rule += misfit(d, r.weekday)
		}
		if !d.exists() {
			return day{}, day{}, "", errCalendar
		}
		last = d
		if r.lastDom > 0 {
			last.dom = r.lastDom
			if !last.exists() || last.before(d) {
				return day{}, day{}, "", errCalendar
			}
		}
		return d, last, rule, nil
	case r.rel == "dom":
		base := ref
		if !prior.isZero() {
			base = prior.add(14)
		}
		for n := 0; n < 62; n++ {
			if c := base.add(-n); c.dom == r.dom && (r.weekday == nil || c.weekday() == *r.weekday) {
				return c, c, "month and year from " + map[bool]string{true: "the day before it in the text", false: name}[!prior.isZero()], nil
			}
		}
		return day{}, day{}, "", fmt.Errorf("no month near has that day")
	case r.weekday != nil:
		for _, d := range dated {
			if d.weekday() == *r.weekday && !r.last {
				return d, d, fmt.Sprintf("%s as dated in the same text", *r.weekday), nil
			}
		}
		if a.published.isZero() && a.received.isZero() {
			if len(dated) > 0 {
				d := dated[0].add(3).latest(*r.weekday)
				return d, d, fmt.Sprintf("the %s nearest %s in the same text", *r.weekday, dated[0]), nil
			}
			d := a.today.add(-1).latest(*r.weekday)
			return d, d, fmt.Sprintf("the latest %s before today, no other date was given", *r.weekday), nil
		}
		d := ref.latest(*r.weekday)
		if r.last && d == ref {
			d = d.add(-7)
		}
		return d, d, fmt.Sprintf("%s counted back from %s", *r.weekday, name), nil
	case r.rel == "today":
		return ref, ref, "today counted from " + name, nil
	case r.rel == "yesterday":
		return ref.add(-1), ref.add(-1), "yesterday counted from " + name, nil
	case r.rel == "weekend":
		d := ref.latest(time.Saturday)
		if ref.weekday() == time.Saturday {
			d = d.add(-7)
		}
		return d, d.add(1), "the weekend before " + name, nil
	}
	if prior.isZero() {
		return day{}, day{}, "", errNoDay
	}
	d := prior
	switch r.rel {
	case "next":
		d = d.add(1)
	case "previous":
		d = d.add(-1)
	}
	return d, d, "counted from " + prior.String() + " in the same text", nil
}
