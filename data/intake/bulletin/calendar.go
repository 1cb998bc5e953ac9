package bulletin

import (
	"cmp"
	"slices"
	"time"

	"spreewatch/data"
	"spreewatch/data/intake/when"
)

// A calendar is what a text says of its own date and year.
type calendar struct {
	almanac  when.Almanac
	zone     *time.Location
	dated    []when.Day // days that the text gives in full
	dateline when.Day   // of the heading or the publication, zero when it has none
	over     bool       // it is the first of the two days of a night
	week     []when.Day // the first and the last day of the week that a heading names, nil for none
	month    when.Day   // a month that the title names
	sent     time.Time  // the hour of publication, zero where the text gives none
}

func (c calendar) setting() when.Setting {
	return when.Setting{Almanac: c.almanac, Dated: c.dated, Zone: c.zone, Week: c.week}
}

var datelineWords = when.Set(`published publication posted issued released updated last date on at by news release press statement for immediate the
	norfolk suffolk constabulary police report reporter bst gmt time edt first media of appeal bulletin daily crime witness notice alert message sent update
	weekly summary log sheet incident village watch newsletter email note nhw snt q a round-up roundup parish`)

// readCalendar finds the date of publication, the days that the text gives in full
// and the year that it is about, and sets those sentences aside.
func (r *reading) readCalendar(o Settings) calendar {
	c := calendar{zone: o.Zone, almanac: when.Almanac{Today: when.DayOf(o.Today.In(o.Zone))}}
	if !o.Received.IsZero() {
		c.almanac.Received = when.DayOf(o.Received)
	}
	by := make([][]*element, len(r.clauses))
	for i := range r.elements {
		if e := &r.elements[i]; e.aside == "" {
			by[e.clause] = append(by[e.clause], e)
		}
	}
	for i := range r.clauses {
		d, published := r.publication(i, by[i])
		if d == nil {
			continue
		}
		day, _, _, err := d.Resolve(c.almanac, when.Day{}, nil)
		if err != nil {
			continue
		}
		if published && r.repeats(i, by) {
			continue
		}
		if published {
			r.clauses[i].aside = asideDateline
			first := c.almanac.Published.IsZero()
			if first {
				c.almanac.Published = day
				c.sent = sentAt(by[i], c)
			}
			if b := r.clauses[i].block; !first && r.blocks[b].label == "published" || r.clauses[i].intro {
				r.stampAfter(b, by[i])
			}
		}
		if c.dateline.IsZero() {
			c.dateline = c.toldOf(by[i], d, day)
		}
	}
	r.period(by)
	c.countFrom(r, by)
	c.night(r, by)
	r.coming(by, c.almanac)
	dates := r.fullDates(by, c.almanac)
	r.readMonths(&c)
	c.anchor(dates)
	seen := map[when.Day]bool{}
	for _, d := range dates {
		if first, last, _, err := d.Resolve(c.almanac, when.Day{}, nil); err == nil && !seen[first] && len(c.dated) < 400 {
			seen[first] = true
			c.dated = append(c.dated, first)
			if last != first {
				c.dated = append(c.dated, last)
			}
		}
	}
	return c
}

// toldOf returns the day that elements give of what a text tells, where they give one
// beside its publication: "What happened on Friday 5 November (compiled 8 November)".
func (c *calendar) toldOf(es []*element, published *when.Date, day when.Day) when.Day {
	for _, e := range es {
		if e.w == nil || !e.w.DateOnly() || e.w.Span || len(e.w.Moments) != 1 || e.w.Moments[0].Date == published || !e.w.Moments[0].Date.Full() {
			continue
		}
		if first, last, _, err := e.w.Moments[0].Date.Resolve(c.almanac, when.Day{}, nil); err == nil && first == last {
			return first
		}
	}
	return day
}

// sentAt returns the hour of the publication that elements give, zero where they give
// none.
func sentAt(es []*element, c calendar) time.Time {
	for _, e := range es {
		if e.w != nil && !e.w.Coarse() && !e.w.Span {
			if ivs, err := e.w.Resolve(when.Setting{Almanac: c.almanac, Dates: []when.Day{c.almanac.Published}, Zone: c.zone}); err == nil {
				return ivs[0].From
			}
		}
	}
	return time.Time{}
}

// readCustoms reads the numeric dates of a text month first where some can be read in no
// other way and none only day first, and its clock times with a dot as hours to 24 where
// one can be read in no other way.
func (r *reading) readCustoms() {
	day, month, full := 0, 0, false
	for i := range r.elements {
		if w := r.elements[i].w; w != nil {
			d, m := w.Orders()
			day, month, full = day+d, month+m, full || w.FullDay()
		}
	}
	for i := range r.elements {
		w := r.elements[i].w
		if w != nil && month > 0 && day == 0 {
			w.MonthFirst()
		}
		if w != nil && full {
			w.CountTo24()
		}
	}
}

// fullDates are the dates with a day and a month that are given of incidents.
func (r *reading) fullDates(by [][]*element, almanac when.Almanac) []*when.Date {
	var dates []*when.Date
	for i := range r.clauses {
		if a := r.clauses[i].aside; a != "" && a != asideAppeal && a != asideBefore && a != asideWay && a != asidePeriod && a != asideCourt {
			continue
		}
		for _, e := range by[i] {
			if e.w == nil {
				continue
			}
			for _, m := range e.w.Moments {
				if m.Date != nil && m.Date.Full() && !(r.clauses[i].aside == asideCourt && isDue(m.Date, cmp.Or(almanac.Published, almanac.Received), 120)) {
					dates = append(dates, m.Date) // not "remanded until 6 November"
				}
			}
		}
	}
	return dates
}

// repeats reports whether another line begins as clause i does and has a date too:
// the heads of posts, each of which dates its own.
func (r *reading) repeats(i int, by [][]*element) bool {
	b := r.clauses[i].block
	t := r.blocks[b].tokens
	for k := i + 1; k < len(r.clauses) && k < i+longestStory; k++ {
		x := r.blocks[r.clauses[k].block].tokens
		days, alike := dayName(x[0].Low) && dayName(t[0].Low), len(x) == len(t) && x[0].Low == t[0].Low
		if r.clauses[k].block == b || !alike && !days || x[0].Kind == when.Number || r.blocks[b].label != "" {
			continue
		}
		for _, e := range by[k] {
			if e.w != nil && e.w.DateOnly() && e.w.Dated() && (len(x) == len(t) || e.start == 0 && e.end >= len(x)-1) {
				return true // "FRIDAY 2 OCTOBER 2020" and, further down, "SAT 3 OCTOBER:"
			}
		}
	}
	return false
}

// stampAfter makes the date of a forwarded message that of what stands under it.
func (r *reading) stampAfter(block int, es []*element) {
	i, _ := slices.BinarySearchFunc(r.elements, block+1, func(e element, b int) int { return e.block - b })
	for _, e := range es {
		if e.w != nil && i < len(r.elements) {
			r.blocks[r.elements[i].block].stamped = e.w
			return
		}
	}
}

// anchor gives the almanac a day of the text: one with its year, else one with its
// weekday, else any.
func (c *calendar) anchor(dates []*when.Date) {
	if !c.month.IsZero() {
		c.almanac.Anchor, c.almanac.Sure = c.month, true
	}
	for pass := 0; pass < 3 && (c.almanac.Anchor.IsZero() || pass == 0); pass++ {
		for _, d := range dates {
			if pass == 0 && d.Year == 0 || pass == 1 && d.Weekday == nil {
				continue
			}
			if first, _, _, err := d.Resolve(c.almanac, when.Day{}, nil); err == nil && first.Year >= 1970 {
				c.almanac.Anchor, c.almanac.Sure = first, pass == 0
				break
			}
		}
	}
}

// publication returns the date of a clause that dates the text: published when it
// is the day that "yesterday" counts from, else the day of the incidents under it.
//
// The places where a text says its own date, in the order in which they win.
//
//gocognit:ignore
func (r *reading) publication(i int, es []*element) (*when.Date, bool) {
	c := &r.clauses[i]
	b := &r.blocks[c.block]
	if len(es) == 0 || len(es) > 4 || b.call {
		return nil, false
	}
	var d *when.Date
	var w *when.Expression
	streets, times, towns := 0, 0, 0
	for _, e := range es {
		switch {
		case e.p != nil && e.p.street != "" && !(e.p.bare && c.block <= 1 && b.titles(c)):
			streets++
		case e.p != nil:
			towns++
		default:
			times++
			if len(e.w.Moments) == 1 && e.w.Moments[0].Date != nil && e.w.Moments[0].Date.Full() && e.w.Moments[0].Date.LastDom == 0 && !e.w.Span {
				d, w = e.w.Moments[0].Date, e.w
			}
		}
	}
	if d == nil || streets > 0 {
		return nil, false
	}
	begins, ends := weekAt(b.tokens[c.start:w.Start])
	if begins || ends || when.AnyWord(b.tokens, max(c.start, w.Start-3), w.Start, "week", "wk", "fortnight", "month") {
		return nil, false
	}
	says, led, rest := b.label == "published", false, 0
	for k := c.start; k < c.end; k++ {
		t := b.tokens[k]
		if t.Kind == when.Mark || within(es, k) {
			continue
		}
		says = says || issues[t.Low] || t.Is("publication", "sent")
		led = led || issues[t.Low] && !c.told && c.end-c.start < longestHead && w.Start > k && w.Start <= when.SkipWords(b.tokens, k+1, "on", ":", "at", ",")
		if !datelineWords[t.Low] {
			rest++
		}
	}
	whole := c.end-c.start == len(b.tokens)
	head := c.block <= 3 && whole && !b.colon && (b.kind != item || c.block <= 1 || !b.bullet && w.Start == c.start && w.End == c.end) && b.kind != field
	items := c.block+1 < len(r.blocks) && r.blocks[c.block+1].kind == item && !r.blocks[c.block+1].gap
	switch {
	case b.label == "published", led, says && rest <= 3 && times <= 2:
		return d, true
	case b.label == "date" && d.Year > 0 && c.block <= 3 && r.metadata(c.block):
		return d, true
	case w.DateOnly() && d.Year > 0 && c.block <= 3 && (!items || rest > 0 && !r.blocks[c.block+1].bullet) && b.titles(c):
		return d, true
	case b.stampLine(w, r.blocks[c.block+1:]) && d.Year > 0 && c.block > 0 && !b.gap:
		return d, true
	case b.label != "" || !head:
		return nil, false
	case (w.DateOnly() || c.block == 0 && d.Year > 0) && (rest <= 2 || rest <= 4 && c.block == 0 && !w.DateOnly() && !c.told) && (d.Year > 0 || c.block == 0) && !(items && c.block > 0):
		return d, true
	}
	return nil, false
}

// titles reports whether a clause at either end of a block is part of a title: no
// sentence, and it tells of no crime. "Neighbourhood alert, Streatham, 4 September 2023."
func (b *block) titles(c *clause) bool {
	if b.bullet || b.kind == field || b.colon && c.end == len(b.tokens) || c.told || c.start > 0 && c.end < len(b.tokens) || c.end-c.start > longestHead {
		return false
	}
	for _, t := range b.tokens[c.start:c.end] {
		if finite[t.Low] || t.Is("week", "weekly", "w", "ending", "commencing", "month", "fortnight", "since") || like(t.Low, scenes) {
			return false
		}
	}
	return true
}

// stampLine reports whether a block is a date and a clock time alone, at the end of the
// lines of a title.
func (b *block) stampLine(w *when.Expression, after []block) bool {
	return !w.DateOnly() && w.Start == 0 && w.End == len(b.tokens) && len(after) > 0 && after[0].gap && after[0].kind == paragraph && b.kind != field
}

// issues say of a date right behind them that a text is of it; longestHead is more tokens
// than a sentence has that says no more.
var issues = when.Set(`written published posted issued released compiled updated prepared dated printed revised correct collated produced generated exported`)

const longestHead = 24

func within(es []*element, k int) bool {
	for _, e := range es {
		if k >= e.start && k < e.end {
			return true
		}
	}
	return false
}

// metadata reports whether a "Date:" line at the top belongs to the text and not to
// an incident.
func (r *reading) metadata(at int) bool {
	for k := max(0, at-3); k <= at+3 && k < len(r.blocks); k++ {
		if l := r.blocks[k].label; l == "place" || l == "street" {
			return false
		}
	}
	return true
}

// period sets aside the dates of a heading that say what days a text is about:
// "Incidents 9 to 17 September", "Week ending 22 March". Several such headings say it of
// what stands under each, and are lent to it.
func (r *reading) period(by [][]*element) {
	var heads []int
	for i := range r.clauses {
		c := &r.clauses[i]
		b := &r.blocks[c.block]
		if c.turn {
			continue
		}
		if c.aside == "" && len(by[i]) > 0 && b.kind != paragraph && !b.bullet && c.end-c.start == len(b.tokens) && len(b.tokens) < 16 && r.spans(i, by[i]) {
			heads = append(heads, i)
		} else if c.aside == "" && c.block <= 3 && len(by[i]) > 0 && !(b.kind == paragraph && c.block > 0) && !b.bullet && !r.placed(i, by) && r.spans(i, by[i]) {
			c.aside = asidePeriod
		}
	}
	for n, i := range heads {
		if r.clauses[i].block <= 3 && (len(heads) < 3 || n == 0 && r.clauses[i].block == 0) {
			r.clauses[i].aside = asidePeriod
		}
	}
}

// placed reports whether a street is named before a clause in its block, which what the
// clause tells is of.
func (r *reading) placed(i int, by [][]*element) bool {
	for k := i - 1; k >= 0 && r.clauses[k].block == r.clauses[i].block; k-- {
		if slices.ContainsFunc(by[k], func(e *element) bool { return e.p != nil && e.p.street != "" }) {
			return true
		}
	}
	return false
}

// spans reports whether a clause gives a stretch of days or speaks of one, and names no
// street.
func (r *reading) spans(i int, es []*element) bool {
	c := &r.clauses[i]
	t := r.blocks[c.block].tokens
	spans := false
	for _, e := range es {
		if e.p != nil && e.p.street != "" {
			return false
		}
		if e.w != nil && (e.w.Span || len(e.w.Moments) == 1 && e.w.Moments[0].Date != nil && e.w.Moments[0].Date.LastDom > 0 || e.w.Open() != 0) && e.w.DateOnly() ||
			e.w != nil && when.AnyWord(t, c.start, e.start, "week", "weekly", "ending", "month", "fortnight") {
			spans = true
		}
	}
	return spans
}

// weekAt reports whether the last of the tokens, which stand before a date, say that a week
// begins or ends on it: "week commencing", "w/c", "w/e".
func weekAt(t []when.Token) (begins, ends bool) {
	n := len(t)
	if n > 2 && t[n-3].Is("w") && t[n-2].Is("/") {
		return t[n-1].Is("c", "b"), t[n-1].Is("e")
	}
	from := max(0, n-3)
	return when.AnyWord(t, from, n, "beginning", "commencing", "=", "wc"), when.AnyWord(t, from, n, "ending")
}

// countFrom finds the week of a heading, in which weekdays are, and the day on which it begins,
// which "day two" counts from.
func (c *calendar) countFrom(r *reading, by [][]*element) {
	for i := range r.clauses {
		t := r.blocks[r.clauses[i].block].tokens
		for _, e := range by[i] {
			if e.w == nil || !e.w.DateOnly() || r.clauses[i].block > 3 {
				continue
			}
			days, _, err := (&thread{set: c.setting()}).dates(e.w)
			begins, ends := weekAt(t[:e.start])
			switch {
			case err != nil:
			case len(days) == 1 && begins:
				c.almanac.Base, c.week = days[0], []when.Day{days[0], days[0].Add(6)}
			case len(days) == 1 && ends:
				c.week = []when.Day{days[0].Add(-6), days[0]}
			case len(days) == 2 && r.clauses[i].aside == asidePeriod && days[0].Add(7).UTC().After(days[1].UTC()):
				c.week = days
			}
		}
	}
}

// night takes the first of the two days of a heading for that of the lines under it:
// "Overnight log 2/3 October", "Duty log, Saturday 22 June into Sunday".
func (c *calendar) night(r *reading, by [][]*element) {
	for i := range r.clauses {
		printed := !c.dateline.IsZero() && c.dateline == c.almanac.Published && r.clauses[i].title
		if r.clauses[i].aside != asidePeriod || !c.dateline.IsZero() && !printed {
			continue
		}
		for _, e := range by[i] {
			if e.w == nil || len(e.w.Moments) == 0 {
				continue
			}
			if days, _, err := (&thread{set: c.setting()}).dates(e.w); err == nil && (len(days) == 1 && r.clauses[i].title && !printed || len(days) == 2 && days[0].Add(1) == days[1]) {
				c.dateline, c.over = days[0], len(days) == 2 || e.w.Night()
				break // what stands behind it says when the log was copied or sent
			}
		}
	}
}

// coming sets aside what is still to come: a date whose weekday fits the year ahead
// and not the one behind, or one close ahead in a sentence that tells of nothing
// done.
func (r *reading) coming(by [][]*element, a when.Almanac) {
	ref := cmp.Or(a.Published, a.Received)
	for i := range r.clauses {
		c := &r.clauses[i]
		if c.aside != "" || ref.IsZero() || r.blocks[c.block].call {
			continue
		}
		for _, e := range by[i] {
			if e.w == nil || len(e.w.Moments) == 0 || e.w.Moments[0].Date == nil {
				continue
			}
			d := e.w.Moments[0].Date
			if !d.Full() || d.LastDom > 0 {
				continue
			}
			if isDue(d, ref, 120) && (d.Weekday != nil || !c.told && isDue(d, ref, 60) && (!e.listed || !a.Published.IsZero() && !e.w.Night())) {
				c.aside = asideEvent
			}
		}
	}
}

// isDue reports whether a date is, or without a year can be, from two days after another to the day
// before so many, and its weekday fits.
func isDue(d *when.Date, ref when.Day, most int) bool {
	for _, y := range []int{ref.Year, ref.Year + 1} {
		day := when.Day{Year: y, Month: d.Month, Dom: d.Dom}
		if d.Year != 0 && d.Year != y || !day.Exists() || d.Weekday != nil && day.UTC().Weekday() != *d.Weekday {
			continue
		}
		if n := int(day.UTC().Sub(ref.UTC()).Hours() / 24); n > 1 && n < most {
			return true
		}
	}
	return false
}

// readMonths finds the months that stand alone: in a title, or as a heading over
// days without a month.
//
// A heading of a month holds until the next; the walk carries what is in force.
//
//gocognit:ignore
func (r *reading) readMonths(c *calendar) {
	for i := range r.blocks {
		b := &r.blocks[i]
		for k := range b.tokens {
			m, n := when.MonthAt(b.tokens, k)
			if n == k || b.tokens[k].Quoted {
				continue
			}
			inMonth := k > 0 && b.tokens[k-1].Is("in", "during") && (k == 1 || b.tokens[k-2].Kind == when.Mark) && n < len(b.tokens) && b.tokens[n].Is("there", "we", ",", "the", "it", "thieves")
			y, e := when.YearAt(b.tokens, n)
			short := b.kind != paragraph && len(b.tokens) <= 18 || len(b.tokens) <= 3
			if !short && !inMonth && (y == 0 && !(b.kind == paragraph && k > 0 && b.tokens[k-1].Is(":") || n < len(b.tokens) && monthVerbs[b.tokens[n].Low])) || k > 0 && b.tokens[k-1].Kind == when.Number || n < len(b.tokens) && b.tokens[n].Kind == when.Number && e == n {
				continue
			}
			if y != 0 && (y < 1970 || y > c.almanac.Today.Year) {
				continue
			}
			if short || y == 0 {
				b.month, b.year = m, y
			}
		}
		if c.month.IsZero() {
			for k := 1; k < len(b.tokens); k++ {
				if y, n := when.YearAt(b.tokens, k); n == k+1 && y >= 1970 && y <= c.almanac.Today.Year && when.AnyWord(b.tokens, max(0, k-4), k, "christmas", "festive") {
					c.month = when.Day{Year: y, Month: time.December, Dom: 25}
				}
			}
		}
	}
}

// monthVerbs say what a month was like, and that what follows was in it.
var monthVerbs = when.Set(`has was had saw brought started began proved passed turned`)

// misfits returns the lines with a date whose weekday is another one in the
// calendar: one of the two is wrong.
func (r *reading) misfits(c calendar) []*data.RowError {
	var out []*data.RowError
	listed := map[int]bool{}
	for i := range r.elements {
		e := &r.elements[i]
		if aside := r.clauses[e.clause].aside; e.w == nil || e.aside != "" || listed[e.line] || aside != "" && aside != asideDateline {
			continue
		}
		for _, m := range e.w.Moments {
			if m.Date == nil || !m.Date.Full() || m.Date.Weekday == nil {
				continue
			}
			if day, _, _, err := m.Date.Resolve(c.almanac, when.Day{}, nil); err == nil && day.UTC().Weekday() != *m.Date.Weekday {
				out = append(out, &data.RowError{Line: e.line, Reason: "the weekday does not fit the date", Unread: true})
				break
			}
		}
	}
	return out
}
