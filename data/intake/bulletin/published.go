package bulletin

import (
	"slices"
	"time"

	"spreewatch/data"
	"spreewatch/data/intake/when"
)

// findDates finds the publication date and the days that the text gives in full.
func (b *bulletin) findDates() {
	b.almanac = when.Almanac{Today: when.DayOf(b.o.Today.In(b.o.Zone))}
	if !b.o.Received.IsZero() {
		b.almanac.Received = when.DayOf(b.o.Received)
	}
	for i := range b.clauses {
		c := &b.clauses[i]
		if d := b.publication(i); d != nil {
			c.class = dateline
			if b.almanac.Published.IsZero() {
				if first, _, _, err := d.Resolve(b.almanac, when.Day{}, nil); err == nil {
					b.almanac.Published = first
				}
			}
		}
	}
	var refs []*when.Date
	for i := range b.clauses {
		if b.clauses[i].class == dateline {
			continue
		}
		for _, w := range b.clauses[i].whens {
			for _, m := range w.Moments {
				if m.Date != nil && m.Date.Full() {
					refs = append(refs, m.Date)
				}
			}
		}
	}
	if d := b.yearInWords(); !d.IsZero() {
		b.almanac.Anchor, b.almanac.Sure = d, true
	}
	for pass := 0; pass < 3 && (b.almanac.Anchor.IsZero() || pass == 0); pass++ {
		for _, r := range refs {
			if pass == 0 && r.Year == 0 || pass == 1 && r.Weekday == nil {
				continue
			}
			if first, _, _, err := r.Resolve(b.almanac, when.Day{}, nil); err == nil && first.Year >= 1970 {
				b.almanac.Anchor, b.almanac.Sure = first, pass == 0
				break
			}
		}
	}
	for _, r := range refs {
		if first, last, _, err := r.Resolve(b.almanac, when.Day{}, nil); err == nil && !slices.Contains(b.dated, first) {
			b.dated = append(b.dated, first)
			if last != first {
				b.dated = append(b.dated, last)
			}
		}
	}
}

// checkWeekdays lists each line with a date whose weekday is another one in the
// calendar: the reports by it are kept, but one of the two is wrong.
func (b *bulletin) checkWeekdays() {
	listed := map[int]bool{}
	for _, c := range b.clauses {
		if c.class != account && c.class != dateline {
			continue
		}
		for _, w := range c.whens {
			line := b.blocks[c.block].tokens[w.Start].Line
			for _, m := range w.Moments {
				if m.Date == nil || !m.Date.Full() || m.Date.Weekday == nil || listed[line] {
					continue
				}
				if day, _, _, err := m.Date.Resolve(b.almanac, when.Day{}, nil); err == nil && day.UTC().Weekday() != *m.Date.Weekday {
					listed[line] = true
					b.refused = append(b.refused, &data.RowError{Line: line, Reason: "the weekday does not fit the date", Unread: true})
				}
			}
		}
	}
}

// yearInWords returns a day of the year that the text gives apart from any date:
// "in December 2018", "over Christmas 2018".
func (b *bulletin) yearInWords() when.Day {
	for _, c := range b.clauses {
		t := b.blocks[c.block].tokens
		for i := c.start + 1; i < c.end; i++ {
			y, n := when.YearAt(t, i)
			if n == i || y < 1970 || y > b.almanac.Today.Year || t[i].Quoted || within(c.whens, i) || c.class != account {
				continue
			}
			m, k := when.MonthAt(t, i-1)
			switch {
			case k == i:
				return when.Day{Year: y, Month: m, Dom: 15}
			case when.AnyWord(t, max(c.start, i-4), i, "christmas", "festive"):
				return when.Day{Year: y, Month: time.December, Dom: 25}
			}
		}
	}
	return when.Day{}
}

var datelineWords = when.Set(`published publication posted issued released updated last date on at by news release press statement for immediate the
	norfolk constabulary police report reporter bst gmt time edt first media of appeal bulletin daily crime witness notice`)

// publication returns the date of a line that is the bulletin's own date:
// within the first lines a date with hardly a word besides, or anywhere one that
// says "published".
func (b *bulletin) publication(i int) *when.Date {
	c := b.clauses[i]
	bl := b.blocks[c.block]
	if bl.kind == item && c.block > 6 || len(c.places) > 0 && !datelinePlace(c) || len(c.whens) == 0 || len(c.whens) > 2 {
		return nil
	}
	var r *when.Date
	for _, w := range c.whens {
		if len(w.Moments) == 1 && w.Moments[0].Date != nil && (w.Moments[0].Date.Full()) {
			r = w.Moments[0].Date
		}
	}
	if r == nil {
		return nil
	}
	says, rest := bl.label == "published", 0
	for k := c.start; k < c.end; k++ {
		t := bl.tokens[k]
		if t.Kind == when.Mark || within(c.whens, k) {
			continue
		}
		says = says || t.Is("published", "posted", "issued", "released", "publication")
		if !datelineWords[t.Low] {
			rest++
		}
	}
	switch {
	case says && rest <= 3:
		return r
	case bl.label == "published":
		return r
	case bl.label == "date" && r.Year > 0 && c.block <= 3 && b.metadata(c.block):
		return r
	case bl.label != "" || r.Year == 0 || c.block > 4 || bl.colon:
		return nil
	case c.block <= 1 && bl.kind == headline && len(c.places) == 0 && b.apart(c) && b.fromToday():
		return r
	case rest <= 2 && c.end-c.start == len(bl.tokens) && b.undatedAfter(i):
		return r
	}
	return nil
}

// apart reports whether the date of a headline stands behind a comma or a dash,
// and no word ties it to the rest: "Watch update, 14 May 2023".
func (b *bulletin) apart(c clause) bool {
	w := c.whens[0]
	if len(c.whens) != 1 || w.Start <= c.start || w.End != c.end {
		return false
	}
	t := b.blocks[c.block].tokens
	return t[w.Start-1].Is(",", "|", ":") || t[w.Start-1].Dash()
}

// fromToday reports whether the text speaks of today or yesterday.
func (b *bulletin) fromToday() bool {
	for i := range b.clauses {
		for _, w := range b.clauses[i].whens {
			for _, m := range w.Moments {
				if m.Date != nil && m.Date.Today() {
					return true
				}
			}
		}
	}
	return false
}

func datelinePlace(c clause) bool { return len(c.places) == 1 && c.places[0].plain }

// metadata reports whether a "Date:" line at the top belongs to the bulletin and
// not to an incident: no place is labelled in the lines next to it.
func (b *bulletin) metadata(at int) bool {
	for k := max(0, at-3); k <= at+3 && k < len(b.blocks); k++ {
		if l := b.blocks[k].label; l == "place" || l == "street" {
			return false
		}
	}
	return true
}

// undatedAfter reports whether the text after clause i tells of its own days, or
// has words such as "yesterday", so that the date on top is no heading.
func (b *bulletin) undatedAfter(i int) bool {
	if b.clauses[i].block == 0 {
		return true
	}
	next := b.clauses[i].block + 1
	if next < len(b.blocks) && b.blocks[next].kind == item {
		return false
	}
	return true
}

func within(whens []*when.Expression, k int) bool {
	for _, w := range whens {
		if k >= w.Start && k < w.End {
			return true
		}
	}
	return false
}

// laterDate returns the first date that stands alone in the text after a
// clause, else the first that comes with a time. An item of a list has none of
// the other items.
func (b *bulletin) laterDate(i int) ([]when.Day, string) {
	if b.later == nil {
		b.findLater()
	}
	d := b.later[b.later[i].after]
	if d.alone != nil {
		return d.alone.days, d.alone.rule
	}
	if d.timed != nil {
		return d.timed.days, d.timed.rule
	}
	return nil, ""
}

// A said is days that the text gives.
type said struct {
	days []when.Day
	rule string
}

// next is what the text from a clause on first says of dates.
type next struct {
	alone, timed *said
	after        int // first clause behind this one, or behind the list that it is an item of
}

// siblings reports whether clauses j-1 and j are items of one list.
func (b *bulletin) siblings(j int) bool {
	if j == 0 || j == len(b.clauses) {
		return false
	}
	x, y := b.clauses[j-1], b.clauses[j]
	if x.block == y.block {
		return x.part && y.part || b.blocks[x.block].kind == item
	}
	return b.blocks[x.block].kind == item && b.blocks[y.block].kind == item
}

// findLater finds for each clause the first dates from there on, backwards.
func (b *bulletin) findLater() {
	b.later = make([]next, len(b.clauses)+1)
	s := b.setting(context{})
	for j := len(b.clauses) - 1; j >= 0; j-- {
		b.later[j] = b.later[j+1]
		if !b.siblings(j + 1) {
			b.later[j].after = j + 1
		}
		c := &b.clauses[j]
		if c.class != account {
			continue
		}
		for k := len(c.whens) - 1; k >= 0; k-- {
			w := c.whens[k]
			if w.Complaint != "" || w.Span || len(w.Moments) == 0 {
				continue
			}
			days, rule, err := s.Days(w.Moments[0].Date, when.Day{})
			switch {
			case err != nil:
			case w.DateOnly():
				b.later[j].alone = &said{days, rule}
			default:
				b.later[j].timed = &said{days, rule}
			}
		}
	}
}
