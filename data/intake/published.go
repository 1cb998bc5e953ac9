package intake

import (
	"slices"
	"time"
)

// findDates finds the publication date and the days that the text gives in full.
func (b *bulletin) findDates() {
	b.almanac = almanac{today: dayOf(b.o.Today.In(b.o.Zone))}
	if !b.o.Received.IsZero() {
		b.almanac.received = dayOf(b.o.Received)
	}
	for i := range b.clauses {
		c := &b.clauses[i]
		if d := b.publication(i); d != nil {
			c.class = dateline
			if b.almanac.published.isZero() {
				if first, _, _, err := d.resolve(b.almanac, day{}, nil); err == nil {
					b.almanac.published = first
				}
			}
		}
	}
	var refs []*dateRef
	for i := range b.clauses {
		if b.clauses[i].class == dateline {
			continue
		}
		for _, w := range b.clauses[i].whens {
			for _, m := range w.moments {
				if m.date != nil && m.date.full() {
					refs = append(refs, m.date)
				}
			}
		}
	}
	if d := b.yearInWords(); !d.isZero() {
		b.almanac.anchor, b.almanac.sure = d, true
	}
	for pass := 0; pass < 3 && (b.almanac.anchor.isZero() || pass == 0); pass++ {
		for _, r := range refs {
			if pass == 0 && r.year == 0 || pass == 1 && r.weekday == nil {
				continue
			}
			if first, _, _, err := r.resolve(b.almanac, day{}, nil); err == nil && first.year >= 1970 {
				b.almanac.anchor, b.almanac.sure = first, pass == 0
				break
			}
		}
	}
	for _, r := range refs {
		if first, last, _, err := r.resolve(b.almanac, day{}, nil); err == nil && !slices.Contains(b.dated, first) {
			b.dated = append(b.dated, first)
			if last != first {
				b.dated = append(b.dated, last)
			}
		}
	}
}

// yearInWords returns a day of the year that the text gives apart from any date:
// "in December 2018", "over Christmas 2018".
func (b *bulletin) yearInWords() day {
	for _, c := range b.clauses {
		t := b.blocks[c.block].tokens
		for i := c.start + 1; i < c.end; i++ {
			y, n := yearAt(t, i)
			if n == i || y < 1970 || y > b.almanac.today.year || t[i].quoted || within(c.whens, i) || c.class != account {
				continue
			}
			m, k := monthAt(t, i-1)
			switch {
			case k == i:
				return day{y, m, 15}
			case anyWord(t, max(c.start, i-4), i, "christmas", "festive"):
				return day{y, time.December, 25}
			}
		}
	}
	return day{}
}

var datelineWords = set(`published publication posted issued released updated last date on at by news release press statement for immediate the
	norfolk constabulary police report reporter bst gmt time edt first media of appeal bulletin daily crime witness notice`)

// publication returns the date of a line that is the bulletin's own date:
// within the first lines a date with hardly a word besides, or anywhere one that
// says "published".
func (b *bulletin) publication(i int) *dateRef {
	c := b.clauses[i]
	bl := b.blocks[c.block]
	if bl.kind == item && c.block > 6 || len(c.places) > 0 && !datelinePlace(c) || len(c.whens) == 0 || len(c.whens) > 2 {
		return nil
	}
	var r *dateRef
	for _, w := range c.whens {
		if len(w.moments) == 1 && w.moments[0].date != nil && (w.moments[0].date.full()) {
			r = w.moments[0].date
		}
	}
	if r == nil {
		return nil
	}
	says, rest := bl.label == "published", 0
	for k := c.start; k < c.end; k++ {
		t := bl.tokens[k]
		if t.kind == mark || within(c.whens, k) {
			continue
		}
		says = says || t.is("published", "posted", "issued", "released", "publication")
		if !datelineWords[t.low] {
			rest++
		}
	}
	switch {
	case says && rest <= 3:
		return r
	case bl.label == "published":
		return r
	case bl.label == "date" && r.year > 0 && c.block <= 3 && b.metadata(c.block):
		return r
	case bl.label != "" || r.year == 0 || c.block > 4 || bl.colon:
		return nil
	case rest <= 2 && c.end-c.start == len(bl.tokens) && b.undatedAfter(i):
		return r
	}
	return nil
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

func within(whens []*when, k int) bool {
	for _, w := range whens {
		if k >= w.start && k < w.end {
			return true
		}
	}
	return false
}

// laterDate returns the first date that stands alone in the text after a
// clause, else the first that comes with a time.
func (b *bulletin) laterDate(i int) ([]day, string) {
	for _, alone := range []bool{true, false} {
		for j := i + 1; j < len(b.clauses); j++ {
			c := b.clauses[j]
			if c.class != account {
				continue
			}
			for _, w := range c.whens {
				if w.complaint != "" || w.span || w.dateOnly() != alone || len(w.moments) == 0 {
					continue
				}
				if days, rule, err := b.setting(context{}).days(w.moments[0].date, day{}); err == nil {
					return days, rule
				}
			}
		}
	}
	return nil, ""
}
