package bulletin

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"spreewatch/data"
	"spreewatch/data/intake/when"
)

// An event is an incident read from a group.
type event struct {
	element int // of its place
	p       place
	iv      when.Interval
	line    int
	sums    bool // its settlement stands in a sentence that sums up
	heading bool
	group   int
	report  time.Time
	dropped bool
	town    Choice
	guessed bool // the half of the day that it was in
}

// A thread is what has been said of time up to a group: what a time without a
// date, and a place without a time, take.
type thread struct {
	set     when.Setting
	today   when.Day   // of the post or the heading, zero when it has none
	days    []when.Day // in force
	rule    string
	held    string           // the rule by which the day of the report before was known
	lent    *when.Expression // with the date of days
	waits   *element         // of lent, where its sentence gives a time of day and nothing has taken it
	last    time.Time        // end of the last event, for "an hour later"
	ivs     []when.Interval  // of the last incident
	at      int              // its clause
	line    int              // its line
	month   time.Month
	year    int
	spoken  int                 // the block, from 1, in which a month was named last
	after   time.Time           // end of the last event of the same paragraph, or the start of the one being told; zero for none
	before  time.Time           // when the police heard of what is being told, zero where the text does not say
	sent    time.Time           // of the text, zero where it gives no hour
	leading bool                // the last incident was a night in a settlement: the first telling of the next
	guessed bool                // nothing says which half of the day it was
	told    map[string]when.Day // by a word of the place, in lower case: the day of what happened there
}

var (
	errNoTime  = errors.New("a place without a time")
	errNoPlace = errors.New("a time without a place")
)

// settle gives the groups their places on the calendar, in the order of the text, as
// far as the context lets it.
func (r *reading) settle(ctx context.Context, es []element, gs []group, cal calendar) []event {
	th := thread{set: cal.setting(), sent: cal.sent, told: map[string]when.Day{}, month: cal.month.Month, year: cal.month.Year}
	var out []event
	for i := range es {
		r.streets = r.streets || es[i].p != nil && es[i].p.street != ""
	}
	idle := -1 // a date of something done that nothing has taken yet
	for k, g := range gs {
		if ctx.Err() != nil {
			break
		}
		p := partsOf(es, g)
		before := len(out)
		if th.after = th.last; k == 0 || es[g.from].block != es[gs[k-1].from].block {
			th.after = time.Time{}
		}
		r.monthBefore(&th, &es[g.from])
		month, year := th.month, th.year
		if th.spoken == es[g.from].block+1 && !th.set.Prior.IsZero() {
			th.month, th.year = th.set.Prior.Month, th.set.Prior.Year // "between 14 and 16 November ... on the 19th"
		}
		for _, e := range es[g.from:g.to] {
			if e.w != nil && e.w.NamesMonth() {
				th.spoken = e.block + 1
			}
		}
		if w := r.blocks[es[g.from].block].stamped; w != nil {
			th.stamp(w)
		}
		switch {
		case len(p.places) == 0:
			out = append(out, r.labelled(&th, es, g, k)...)
			r.lend(&th, es, g)
		case g.to-g.from == len(p.places):
			out = append(out, r.alone(&th, es, g, k)...)
		default:
			out = append(out, r.together(&th, es, g, p, k, gs, cal)...)
		}
		idle = th.taken(es, g, idle, len(out) > before)
		th.month, th.year = month, year
	}
	th.taken(es, group{from: len(es)}, idle, false)
	th.untaken()
	return out
}

// taken follows a date that a sentence gives after it has told of an incident on
// another day: where the next group has a date of its own, or none is left, nothing
// takes it, and it is listed. It returns the date that still waits, -1 for none.
func (th *thread) taken(es []element, g group, idle int, told bool) int {
	dated := g.from == len(es) || slices.ContainsFunc(es[g.from:g.to], func(x element) bool { return x.w != nil && x.w.Dated() })
	if idle >= 0 && dated {
		es[idle].fate, es[idle].told = errNoPlace.Error(), false
	}
	if told || dated {
		idle = -1
	}
	if i := g.from; i > 0 && i < len(es) && g.to == i+1 && es[i].told && es[i].fate == asideLent && es[i].w != nil && es[i].w.DateOnly() && es[i-1].clause == es[i].clause && !th.last.IsZero() && len(th.days) > 0 && th.days[0] != when.DayOf(th.last) {
		return i
	}
	return idle
}

// stamp counts from the day of a message.
func (th *thread) stamp(w *when.Expression) {
	if !th.today.IsZero() && w.DateOnly() {
		th.today = when.Day{}
	}
	if days, rule, err := th.dates(w); err == nil && len(days) > 0 && days[0] != th.set.Almanac.Published {
		th.set.Almanac.Published, th.set.Dated = days[0], nil
		th.days, th.rule, th.lent, th.set.Prior = days[:1], rule, nil, days[0]
	}
	if !w.Coarse() {
		if ivs, err := th.resolve(w, nil, ""); err == nil {
			th.sent = ivs[0].From
		}
	}
}

// monthBefore takes the month that a heading over an element names, or its paragraph
// before it.
func (r *reading) monthBefore(th *thread, e *element) {
	for k := e.block; k >= 0 && k > e.block-12; k-- {
		if b := &r.blocks[k]; b.month != 0 {
			th.month = b.month
			if b.year != 0 {
				th.year = b.year
			}
			return
		}
	}
}

// labelled gives a time without a place the settlement that labels its block:
// "Guestwick: a shed was forced on 3 December".
func (r *reading) labelled(th *thread, es []element, g group, k int) []event {
	e := &es[g.from]
	village := r.inVillage(&r.clauses[e.clause])
	if e.w == nil || !r.clauses[e.clause].told && !r.itemTells(e) || r.clauses[e.clause].sums && r.lentCost(e) < costTimeUnread && !village {
		return nil
	}
	for i := g.from - 1; i >= 0 && (es[i].block == e.block || !r.streets || village); i-- {
		if !es[i].label && !(es[i].heading && es[i].p != nil && (!r.streets || village)) {
			continue
		}
		w := e.w.InMonth(th.month, th.year)
		ivs, err := th.resolve(w, nil, "")
		if err != nil {
			return nil
		}
		var out []event
		for _, iv := range ivs {
			out = append(out, event{element: i, p: *es[i].p, iv: iv, line: es[i].line, group: k})
		}
		return out
	}
	return nil
}

// itemTells reports whether an item says of something done in another sentence than a time
// of it: "Elsing: 1st to 5th May. Two heifers stolen".
func (r *reading) itemTells(e *element) bool {
	return e.listed && slices.ContainsFunc(r.clauses[max(0, e.clause-1):min(len(r.clauses), e.clause+2)], func(c clause) bool {
		return c.block == e.block && c.aside == "" && !c.street && c.tellsCrime(r.blocks[c.block].tokens)
	})
}

// inVillage reports whether a sentence tells of the settlement of its heading and of no
// street: "tools were taken from a van in the village", or a line: "Bike stolen from the beach".
func (r *reading) inVillage(c *clause) bool {
	t := r.blocks[c.block].tokens
	for k := c.start + 2; k < c.end && !c.street && r.blocks[c.block].kind == item && c.start == 0 && c.told; k++ {
		if (grounds[t[k].Low] || buildings[t[k].Low] || t[k].Is("beach", "station", "park", "green")) && t[k-1].Is("the") && t[k-2].Is("in", "from", "at", "on", "outside", "off") {
			return true
		}
	}
	for k := c.start + 2; k < c.end && !c.street; k++ {
		if t[k].Is("village", "hamlet", "town") && t[k-1].Is("the") && t[k-2].Is("in", "from", "around", "through") && !(k+1 < c.end && t[k+1].Is("of", "centre", "hall", "shop", "school", "pub")) {
			return true
		}
	}
	return false
}

// lend takes the time of a group without a place for what follows.
func (r *reading) lend(th *thread, es []element, g group) {
	for i := g.from; i < g.to; i++ {
		e := &es[i]
		if e.w == nil { // a place that a label gives to others
			e.fate, e.told = asideLent, true
			continue
		}
		w := e.w.InMonth(th.month, th.year)
		days, rule, err := th.dates(w)
		k := &r.clauses[e.clause]
		holds := e.w.DateOnly() || k.intro || k.turn || e.heading || k.sums || e.role == 'r'
		switch {
		case e.w.Complaint != "":
			e.fate = e.w.Complaint
			continue
		case err != nil && w.Dated():
			e.fate = err.Error()
			continue
		case !holds:
			e.fate = errNoPlace.Error()
		default:
			e.fate, e.told = asideLent, true
		}
		if len(days) > 0 {
			r.noteWords(th, e, days[0])
			th.days, th.rule = days, rule
			if th.set.Week = nil; len(days) == 2 && days[0].Add(7).UTC().After(days[1].UTC()) {
				th.set.Week = days
			}
			if b := &r.blocks[e.block]; e.w.DateOnly() && len(b.tokens) <= e.end-e.start+7 {
				th.today = days[0]
			}
			th.set.Prior = days[len(days)-1]
			th.set.First = when.Day{}
			th.lent = nil
		}
		if holds {
			th.lent = w
			th.untaken()
			if !e.w.Coarse() && k.sums && !k.same && !k.intro && !e.heading && e.role != 'r' {
				th.waits = e
			}
		}
	}
}

// fails says why a group gives no report.
func fails(es []element, err error) {
	for i := range es {
		es[i].fate = err.Error()
	}
}

// setting is what has been said before an expression: "yesterday" counts from the
// post that it stands in.
func (th *thread) setting(w *when.Expression) when.Setting {
	s := th.set
	if !th.today.IsZero() && w.Today() {
		s.Almanac.Published = th.today
	}
	if day, ok := th.told[w.Event()]; ok {
		s.Prior, s.First = day, when.Day{}
	}
	if !th.last.IsZero() && (w.Counts() || w.Next() || w.NextNight()) && s.Prior == s.Almanac.Reference() {
		// "exams start today. The next day": no incident of tomorrow
		if d := when.DayOf(th.last.In(s.Zone)); d != s.Prior {
			s.Prior, s.First = d, when.Day{}
		}
	}
	if w.Next() && !s.First.IsZero() && s.First != s.Prior {
		s.Prior = s.Prior.Add(-1) // the morning after a night is the one that ends it
	}
	if n := len(th.ivs); !s.First.IsZero() && (w.Nights() || w.NextNight() || w.Counts() && n > 0 && th.ivs[n-1].Precision == data.PrecisionOvernight) {
		s.Prior = s.First // a night counts from the day that it begins on
		if n > 0 && (w.NextNight() || w.SameNight()) && th.ivs[n-1].From.In(s.Zone).Hour() < dawn && s.First == th.ivs[n-1].First && s.First == when.DayOf(th.ivs[n-1].From.In(s.Zone)) {
			s.Prior = s.Prior.Add(-1)
		}
	}
	return s
}

// dawn is the hour before which it is still the night of the day before.
const dawn = 5

// dates settles the dates of an expression.
func (th *thread) dates(w *when.Expression) ([]when.Day, string, error) {
	s := th.setting(w)
	var days []when.Day
	var rule string
	for _, m := range w.Moments {
		if m.Date == nil {
			continue
		}
		d, r, err := s.Days(m.Date, when.Day{})
		if err != nil {
			return nil, "", err
		}
		days, rule = append(days, d...), r
		s.Prior = d[len(d)-1]
	}
	return days, rule, nil
}

// resolve returns the intervals of an expression with days for what has none.
func (th *thread) resolve(w *when.Expression, days []when.Day, rule string) ([]when.Interval, error) {
	s := th.setting(w)
	s.Dates, s.Rule = days, rule
	if len(days) == 0 {
		s.Dates, s.Rule = th.days, th.rule
	}
	if w.Later != 0 {
		at := th.last.Add(w.Later)
		if w.Ago || w.Later < 0 && !th.before.IsZero() {
			at = cmp.Or(th.before, th.sent).Add(w.Later)
		}
		if at.Year() < 1900 {
			return nil, errors.New("no time to count on from")
		}
		first := when.DayOf(at.In(s.Zone))
		if at.In(s.Zone).Hour() < dawn && s.First == first.Add(-1) {
			first = s.First // of one night with what it counts from
		}
		return []when.Interval{{From: at, To: at, Precision: data.PrecisionAround, Rule: "counted from the time before it", First: first}}, nil
	}
	if w.Near != 0 && !w.Dated() && !th.last.IsZero() {
		s.Dates = []when.Day{when.DayOf(th.last.Add(w.Near).In(s.Zone))}
	}
	ivs, err := w.Resolve(s)
	if errors.Is(err, when.ErrHalf) {
		if iv, ok := th.nearest(w, s); ok {
			return []when.Interval{iv}, nil
		}
	}
	return ivs, err
}

// nearest settles a clock time that does not say its half of the day by what was told
// last in its paragraph, which it follows within half a day, or by when the text was
// sent, which it does not follow.
func (th *thread) nearest(w *when.Expression, s when.Setting) (when.Interval, bool) {
	var out when.Interval
	found := false
	near := th.last.Add(w.Near)
	for _, second := range []bool{false, true} {
		ivs, err := w.Half(second).Resolve(s)
		if err != nil || len(ivs) != 1 {
			continue
		}
		iv := ivs[0]
		switch since := iv.From.Sub(th.after); {
		case w.Near != 0 && !th.last.IsZero():
			if !found || iv.From.Sub(near).Abs() < out.From.Sub(near).Abs() {
				out, found = iv, true
			}
		case !th.sent.IsZero() && w.Today():
			if !iv.To.After(th.sent) {
				out, found = iv, true
			}
		case !th.after.IsZero():
			if since >= 0 && since <= 12*time.Hour && !found {
				out, found = iv, true
			}
		}
	}
	return out, found
}

// alone gives a place without a time of its own the time lent to it.
func (r *reading) alone(th *thread, es []element, g group, k int) []event {
	var out []event
	for i := g.from; i < g.to; i++ {
		e := &es[i]
		c := &r.clauses[e.clause]
		ivs := r.alsoIn(th, es, i)
		if c.period && e.p.street != "" {
			ivs = th.ivs
		}
		if ivs != nil {
			for _, iv := range ivs {
				out = append(out, event{element: i, p: *e.p, iv: iv, line: th.line, group: k})
			}
			continue
		}
		if e.p.street == "" && (!e.listed || e.label || !c.told) || e.heading || e.p.weak && !e.listed {
			e.fate, e.told = asideLent, true
			continue
		}
		if th.lent == nil && (len(th.days) == 0 || !e.listed && !c.told || r.clauses[th.at].block != e.block && underLabel(es, i)) {
			e.fate = errNoTime.Error()
			continue
		}
		w := th.lent
		var err error
		if w != nil {
			th.waits = nil
			ivs, err = th.resolve(w, nil, "")
		} else {
			iv, e2 := when.Moment{}.Interval(th.days[0], th.days[len(th.days)-1], th.rule, 0, th.set)
			ivs, err = []when.Interval{iv}, e2
		}
		if err = inOrder(ivs, err); err != nil {
			e.fate = err.Error()
			continue
		}
		for _, iv := range ivs {
			out = append(out, event{element: i, p: *e.p, iv: iv, line: e.line, group: k})
		}
	}
	return out
}

// underLabel reports whether a label in the block of element i says where its incidents were, so
// that those of another block lend it no day: "ELY: Robbed on 4 May.", "SOHAM: A find".
func underLabel(es []element, i int) bool {
	for k := i - 1; k >= 0 && es[k].block == es[i].block; k-- {
		if es[k].label {
			return true
		}
	}
	return false
}

// alsoIn returns the times of the incident before a settlement in the same
// sentence, where "and" and something done join it: "and a tank was drained at a
// farm in Sporle".
func (r *reading) alsoIn(th *thread, es []element, i int) []when.Interval {
	e := &es[i]
	if e.p.street != "" || e.p.weak || e.listed || i == 0 || es[i-1].clause != e.clause || es[i-1].p == nil || th.at != e.clause || i+1 < len(es) && es[i+1].clause == e.clause {
		return nil
	}
	t := r.blocks[e.block].tokens
	and, done := false, false
	for k := es[i-1].end; k < e.start; k++ {
		and = and || t[k].Is("and")
		done = done || happenings[t[k].Low]
	}
	if and && done {
		return th.ivs
	}
	return nil
}

// together gives each place of a group its times.
func (r *reading) together(th *thread, es []element, g group, p parts, k int, gs []group, cal calendar) []event {
	for i := g.from; i < g.to; i++ {
		if w := es[i].w; w != nil {
			es[i].w = w.InMonth(th.month, th.year)
		}
	}
	if len(p.places) == 1 {
		p.clocks = r.oneTelling(es, g, p.clocks)
	}
	ivs, days, rule, err := r.times(th, es, g, &p, k, gs, cal)
	if err != nil {
		fails(es[g.from:g.to], err)
		return nil
	}
	if th.pastMidnight(days, ivs) && (es[p.places[0]].listed && r.timeFirst(es, g) || !es[p.places[0]].listed && !es[g.from].heading && len(p.dates) == 0) {
		for i := range ivs {
			ivs[i].From, ivs[i].To, ivs[i].First = ivs[i].From.AddDate(0, 0, 1), ivs[i].To.AddDate(0, 0, 1), ivs[i].First.Add(1)
		}
	}
	var out []event
	var report time.Time
	for _, i := range p.reports {
		if at, e := th.resolve(es[i].w, []when.Day{ivs[0].First}, rule); e == nil && !es[i].w.DateOnly() {
			// on the day of the event where it has none of its own, or the morning after
			if report = at[0].From; !es[i].w.Dated() && report.Before(ivs[0].From) {
				report = report.AddDate(0, 0, 1)
			}
		}
	}
	places := r.scenes(es, p.places, len(ivs))
	for n, i := range places {
		e := &es[i]
		use := ivs
		if len(places) > 1 && len(ivs) == len(places) {
			use = ivs[n : n+1]
		}
		for _, iv := range use {
			if slices.ContainsFunc(out, func(x event) bool { return x.iv == iv && x.p.text() == e.p.text() && es[x.element].clause == e.clause }) {
				e.fate, e.told = asideRetold, true // one place named twice
				continue
			}
			out = append(out, event{element: i, p: *e.p, iv: iv, line: lineOf(es, g, e), group: k, report: report, heading: e.heading, guessed: th.guessed,
				sums: e.p.street == "" && (r.clauses[e.clause].sums || e.heading)})
		}
	}
	r.advance(th, es, g, ivs, days, rule, out)
	return out
}

// scenes returns the places of a group in which something was done: not where somebody
// went besides, nor the settlement of all its streets, "in Mill Lane, Bank Street and High
// Street, all in Diss".
func (r *reading) scenes(es []element, places []int, times int) []int {
	streets, strong := 0, false
	for _, i := range places {
		if es[i].p.street != "" {
			streets++
			strong = strong || !es[i].p.weak
		}
	}
	var out []int
	for n, i := range places {
		e := &es[i]
		switch {
		case e.p.weak && strong:
			e.fate = asideWay
		case e.p.street == "" && streets > 1 && (times == streets || when.AnyWord(r.blocks[e.block].tokens, max(0, e.start-2), e.start, "all", "both")):
			e.fate, e.told = asideLent, true
		case e.p.street == "" && n+1 < len(places) && times < 2 && r.heldBy(e, &es[places[n+1]]),
			e.p.street == "" && n > 0 && es[places[n-1]].p.street != "" && r.alsoThere(&es[places[n-1]], e):
			e.fate, e.told = asideLent, true
		default:
			out = append(out, i)
		}
	}
	return out
}

// heldBy reports whether a settlement is that of the street which follows it, where nothing
// is done between the two: "at Biddenden, in North Street", "in the village of Sale a shop on
// Foster Street", "beside the bandstand in Ripon (Firby Lane)".
func (r *reading) heldBy(town, street *element) bool {
	if street.p.street == "" || street.clause != town.clause || street.start == town.end || street.start > town.end+farHeld {
		return false
	}
	near := true
	for _, t := range r.blocks[town.block].tokens[town.end:street.start] {
		near = near && t.Is(",", "in", "at", "on", "(")
		if t.Is(";", "and", ":") || happenings[t.Low] || like(t.Low, deeds) {
			return false
		}
	}
	return near || street.p.town() == ""
}

// alsoThere reports whether a settlement is that of the street before it: "in Holton Road,
// also in Halesworth".
func (r *reading) alsoThere(street, town *element) bool {
	t := r.blocks[town.block].tokens
	n := when.SkipWords(t, street.end, ",", "also", "again", "still")
	return street.block == town.block && n > street.end && n+1 == town.start && t[n].Is("in") && !t[n-1].Is(",")
}

// farHeld is more tokens than stand between a settlement and its street.
const farHeld = 10

// times returns the intervals of a group, and the days and the rule that its times
// without a date were read by.
func (r *reading) times(th *thread, es []element, g group, p *parts, k int, gs []group, cal calendar) (ivs []when.Interval, days []when.Day, rule string, err error) {
	if len(p.dates) > 0 && len(th.days) > 0 && len(p.clocks) > 1 && es[p.dates[0]].w.Relative() && es[p.dates[0]].clause != es[p.clocks[0]].clause {
		p.counted = p.dates[0] // "at 6.50pm his door was broken. The following day, at 4.35pm"
	}
	for _, i := range p.reports {
		if i+1 < g.to && es[i].w.Dated() && slices.ContainsFunc(es[i+1:g.to], func(e element) bool { return e.w != nil && e.w.Relative() }) {
			if on, _, err := th.dates(es[i].w); err == nil {
				th.set.Prior, th.set.First = on[0], when.Day{} // "reported on Monday that it had gone the evening before"
			}
		}
	}
	days, rule, err = r.groupDays(th, es, *p, g, k, gs, cal)
	th.before, th.guessed = time.Time{}, false
	today := th.today
	defer func() { th.today = today }()
	for _, i := range p.reports {
		on := days
		if len(on) == 0 {
			on = th.orDateline(cal)
		}
		if at, e := th.resolve(es[i].w, on, rule); e == nil {
			th.before = at[0].From
			if es[i].listed {
				th.today = at[0].First // "15 FEB 1240: car keyed between 1000 and 1200 today"
			}
		}
	}
	if p.since != p.seen && !r.opensAnother(es[g.from:g.to]) {
		ivs = th.until(es, *p, days, rule)
	}
	if err == nil && ivs == nil {
		ivs, err = th.intervals(es, *p, days, rule)
	} else if ivs != nil {
		err = nil
		p.reports = nil
	}
	if errors.Is(err, when.ErrHalf) {
		for _, i := range slices.Concat(p.clocks, p.first, p.last) {
			es[i].w, th.guessed = es[i].w.Daytime(), true
		}
		ivs, err = th.intervals(es, *p, days, rule)
	}
	return ivs, days, rule, inOrder(ivs, err)
}

var errEnds = errors.New("it ends before it starts")

// inOrder returns err, or errEnds where an interval ends before it starts.
func inOrder(ivs []when.Interval, err error) error {
	if slices.ContainsFunc(ivs, func(iv when.Interval) bool { return iv.To.Before(iv.From) }) {
		return errEnds
	}
	return err
}

// byDateline is the rule of a day that is the text's own.
const byDateline = "the date of the text"

// orDateline returns the day of the text where none is in force, else nil.
func (th *thread) orDateline(cal calendar) []when.Day {
	if len(th.days) > 0 || cal.dateline.IsZero() {
		return nil
	}
	return []when.Day{cal.dateline}
}

// pastMidnight reports whether the clock times of a log, which go on through a night
// under one date, have come to the next day.
func (th *thread) pastMidnight(days []when.Day, ivs []when.Interval) bool {
	if len(days) != 1 || len(th.days) > 1 || len(th.days) == 1 && days[0] != th.days[0] || th.set.First != days[0] {
		return false
	}
	return th.last.In(th.set.Zone).Hour() >= 20 && ivs[0].To.Before(th.last) && ivs[0].From.In(th.set.Zone).Hour() < 8 && ivs[0].From.Before(th.last)
}

// oneTelling leaves out the clock times of later sentences that tell of nothing done,
// and the stretch behind the time that a line begins with: "1905: burglary. Owner out
// 1700-1850".
func (r *reading) oneTelling(es []element, g group, clocks []int) []int {
	var out []int
	for _, i := range clocks {
		k := &r.clauses[es[i].clause]
		if es[i].w.PartOnly() && slices.ContainsFunc(clocks, func(x int) bool { return (es[x].clause == es[i].clause || es[x].w.Dated()) && es[x].w.In(es[i].w) }) {
			es[i].fate = asideAgain // "in the afternoon, between 2pm and 5pm"
			continue
		}
		if len(out) > 0 && (es[i].clause != es[out[0]].clause && !k.told && !k.again && es[i].w.Later == 0 ||
			es[i].w.Span && !es[out[0]].w.Span && es[i].listed && r.timeFirst(es, g)) {
			if !datedIn(es, g, es[i].clause) || !datedIn(es, g, es[out[0]].clause) && !es[i].w.Next() && !es[i].w.Counts() {
				es[i].fate = asideAgain
			} else {
				es[i].fate = errOtherDay // nothing says that it tells of the same
			}
			continue
		}
		out = append(out, i)
	}
	return out
}

// datedIn reports whether a clause of the group gives a date.
func datedIn(es []element, g group, clause int) bool {
	return slices.ContainsFunc(es[g.from:g.to], func(e element) bool { return e.clause == clause && e.w != nil && e.w.Dated() })
}

// lineOf returns the first line of the telling of an incident in the block of its
// place.
func lineOf(es []element, g group, e *element) int {
	line := e.line
	for i := g.from; i < g.to; i++ {
		if es[i].block == e.block && es[i].w != nil && es[i].clause == e.clause {
			line = min(line, es[i].line)
		}
	}
	return line
}

// mostWords is how many words are kept with the day of what they were told of.
const mostWords = 4000

// noteWords keeps the words of a sentence with its day, for what counts from what it tells
// of: "the day of the fair", "two days after the fair".
func (r *reading) noteWords(th *thread, e *element, day when.Day) {
	c := &r.clauses[e.clause]
	t := r.blocks[c.block].tokens
	for k := c.start; k < c.end && len(th.told) < mostWords; k++ {
		if _, ok := th.told[t[k].Low]; !ok && t[k].Kind == when.Word && len(t[k].Low) > 3 {
			th.told[t[k].Low] = day
		}
	}
}

// advance moves the thread past a group.
func (r *reading) advance(th *thread, es []element, g group, ivs []when.Interval, days []when.Day, rule string, out []event) {
	last := ivs[len(ivs)-1]
	th.ivs, th.at, th.line = ivs, es[g.from].clause, out[0].line
	th.last = last.To
	th.set.First = last.First
	if base := &th.set.Almanac.Base; base.IsZero() {
		*base = ivs[0].First
	}
	th.leading = last.Precision == data.PrecisionOvernight && out[0].p.street == ""
	for i := range out {
		for _, w := range strings.Fields(strings.ToLower(out[i].p.text())) {
			th.told[w] = last.First
		}
	}
	r.noteWords(th, &es[g.from], last.First)
	th.set.Prior, th.held = lastDay(last, th.set.Zone), last.Rule
	if es[g.from].listed && !out[0].sums {
		return
	}
	th.days, th.rule = []when.Day{th.set.Prior}, last.Rule
	th.lent = nil
	th.untaken()
}

// lastDay returns the day that a stretch ends on.
func lastDay(iv when.Interval, zone *time.Location) when.Day {
	if iv.To.After(iv.From) {
		iv.To = iv.To.Add(-time.Second)
	}
	return when.DayOf(iv.To.In(zone))
}

// untaken lists the time that waits, and that nothing took.
func (th *thread) untaken() {
	if e := th.waits; e != nil {
		e.fate, e.told = errNoPlace.Error(), false
	}
	th.waits = nil
}

// groupDays returns the days for the times of a group that have none.
//
// The reference day moves from one event to the next; the walk carries it.
//
//gocognit:ignore
func (r *reading) groupDays(th *thread, es []element, p parts, g group, k int, gs []group, cal calendar) ([]when.Day, string, error) {
	if n := len(p.dates); n > 0 {
		for _, i := range p.clocks {
			es[i].w = es[i].w.Within(es[p.dates[0]].w).Since(es[p.dates[0]].w)
			if es[i].w.Relative() && len(p.clocks) == 1 {
				es[i].w = es[i].w.Undated() // "the following night, at 3.20am on Thursday"
			}
		}
		days, rule, err := th.dates(es[p.dates[0]].w)
		if d := &es[p.dates[0]]; err == nil && d.role == 'e' && d.w.DateOnly() && nightAlone(es, p) {
			days = []when.Day{days[0].Add(-1)} // "she woke on Tuesday to find that it had gone overnight"
		}
		return days, rule, err
	}
	if len(p.reports) > 0 && nightAlone(es, p) {
		if at, err := th.resolve(es[p.reports[0]].w, th.orDateline(cal), byDateline); err == nil && (es[p.reports[0]].w.Dated() || p.reports[0] == g.from && (r.timeFirst(es, g) || r.blocks[es[g.from].block].keys != nil)) && at[0].From.In(th.set.Zone).Hour() < 12 {
			return []when.Day{at[0].First.Add(-1)}, at[0].Rule, nil // "reported at 9am that a car was damaged overnight"
		}
	}
	if len(p.first) > 0 && !es[p.first[0]].w.Dated() && es[p.last[0]].w.Dated() && !(es[p.last[0]].w.Relative() && len(th.days) > 0) {
		return th.dates(es[p.last[0]].w)
	}
	for _, i := range append(append([]int{}, p.clocks...), p.first...) {
		if es[i].w.Dated() || es[i].w.Later != 0 {
			return nil, "", nil
		}
	}
	here := &es[p.places[0]]
	// "at 10am and, in Dereham, at 11am on Monday": the date is for both.
	if k+1 < len(gs) && (len(th.days) == 0 || !here.listed) {
		for n := k + 1; n < len(gs) && n < k+6; n++ {
			for i := gs[n].from; i < gs[n].to; i++ {
				e := &es[i]
				if e.clause != here.clause || when.AnyWord(r.blocks[e.block].tokens, es[g.to-1].end, e.start, ";") {
					n = len(gs)
					break
				}
				if e.w != nil && e.w.Dated() && len(th.days) == 0 {
					return th.dates(e.w)
				}
			}
		}
	}
	if x := r.blocks[here.block].stamped; x != nil && len(p.clocks) == 1 && es[p.clocks[0]].w.Night() && len(th.days) > 0 {
		return []when.Day{th.days[0].Add(-1)}, th.rule, nil // "overnight" in a message of the morning
	}
	if here.listed && len(th.ivs) > 0 && k > 0 && es[gs[k-1].from].block == here.block && r.clauses[th.at].block == here.block {
		return []when.Day{th.set.Prior}, th.held, nil // a second incident of an item
	}
	if th.leading && len(th.days) == 1 && th.set.First.Add(1) == th.days[0] && len(p.clocks) == 1 && es[p.clocks[0]].w.Minute() >= 18*60 {
		return []when.Day{th.set.First}, th.rule, nil // "robbed in Holt on Friday night. At 11.40pm"
	}
	if th.lent != nil && (th.lent.Night() || here.listed && r.timeFirst(es, g) && len(th.days) == 2 && th.days[0].Add(1) == th.days[1]) && len(th.days) > 0 && len(p.clocks) == 1 {
		if at := es[p.clocks[0]].w.Minute(); at >= 0 && at < 12*60 {
			return []when.Day{th.days[0].Add(1)}, th.rule, nil // "Night of 27 February", "0245 Mill Road"
		}
		return th.days[:1], th.rule, nil
	}
	if len(th.days) > 0 {
		if nightAlone(es, p) && len(th.days) == 1 && th.set.First.Add(1) == th.days[0] && th.set.Prior == th.days[0] {
			return []when.Day{th.set.First}, th.rule, nil // "also overnight": in the night just told of
		}
		return th.days, th.rule, nil
	}
	for _, i := range p.reports {
		if es[i].w.Dated() {
			return th.dates(es[i].w) // of nothing else is the day known
		}
	}
	for n := k + 1; n < min(len(gs), k+longestList); n++ {
		e := &es[gs[n].from]
		if gs[n].to-gs[n].from == 1 && e.w != nil && e.w.DateOnly() && e.w.Dated() && e.block != here.block {
			return th.dates(e.w)
		}
	}
	if here.listed && r.timeFirst(es, g) && !th.set.First.IsZero() && len(p.reports) == 0 && k > 0 && r.timeFirst(es, gs[k-1]) {
		return []when.Day{th.set.Prior}, cmp.Or(th.rule, th.held), nil // a log gives its date where it changes
	}
	if !cal.dateline.IsZero() && (here.listed || r.timeFirst(es, g)) {
		if cal.over && len(p.clocks) == 1 && es[p.clocks[0]].w.Minute() < nightEnds {
			return []when.Day{cal.dateline.Add(1)}, byDateline, nil
		}
		return []when.Day{cal.dateline}, byDateline, nil
	}
	return nil, "", errNoDate
}

// nightEnds is the minute of the day at which a night shift is over.
const nightEnds = 8 * 60

// nightAlone reports whether the time of a group is a night that names no day.
func nightAlone(es []element, p parts) bool {
	return len(p.clocks) == 1 && es[p.clocks[0]].w.Night() && !es[p.clocks[0]].w.Dated()
}

var errNoDate = errors.New("no date goes with the time")

// timeFirst reports whether a block begins with a time, as the lines of a log do.
func (r *reading) timeFirst(es []element, g group) bool {
	e := &es[g.from]
	return e.w != nil && e.start <= entryStart(r.blocks[e.block].tokens)
}

// intervals returns the event intervals of a group.
func (th *thread) intervals(es []element, p parts, days []when.Day, rule string) ([]when.Interval, error) {
	s := *th
	if len(p.first) > 0 {
		if len(p.dates) > 0 && p.dates[0] < p.first[0] && len(days) == 1 {
			s.set.Prior, s.set.First = days[0], when.Day{} // "on Sunday a shed was found open; it had been locked the night before"
		}
		iv, err := s.shortest(es, p, days, rule)
		if err != nil {
			return nil, err
		}
		return []when.Interval{iv}, nil
	}
	ws := p.clocks
	if len(ws) == 0 {
		ws = p.dates
		days, rule = nil, ""
	}
	var out []when.Interval
	for _, i := range ws {
		days, rule := days, rule
		if i < p.counted {
			days, rule = th.days, th.rule
		}
		ivs, err := s.resolve(es[i].w, days, rule)
		if err != nil {
			return nil, err
		}
		if len(days) == 2 && len(ivs) == 1 && len(p.dates) > 0 && listOf(es[p.dates[0]].w) {
			ivs = nil
			for _, d := range days {
				each, err := s.resolve(es[i].w, []when.Day{d}, rule)
				if err != nil {
					return nil, err
				}
				ivs = append(ivs, each...)
			}
		}
		out = append(out, ivs...)
		s.last, s.ivs = out[len(out)-1].To, out
		s.set.Prior, s.set.First = lastDay(out[len(out)-1], s.set.Zone), out[len(out)-1].First
		s.days, s.rule = []when.Day{out[len(out)-1].First}, out[len(out)-1].Rule
	}
	return out, nil
}

// halves returns w, or where it does not say which half of the day it means both that it
// may.
func halves(w *when.Expression) []*when.Expression {
	return []*when.Expression{w.Half(false), w.Half(true)}
}

// shorter reports whether a stretch is shorter than another, or as long and begins when
// people are about.
func shorter(a, b when.Interval, zone *time.Location) bool {
	x, y := a.To.Sub(a.From), b.To.Sub(b.From)
	return x < y || x == y && b.From.In(zone).Hour() < 8 && a.From.In(zone).Hour() >= 8
}

// shortest returns the stretch from the first time of a group to its last, the shortest
// that their clock times allow.
func (th *thread) shortest(es []element, p parts, days []when.Day, rule string) (when.Interval, error) {
	var out when.Interval
	var failed error
	for _, a := range halves(es[p.first[0]].w) {
		for _, b := range halves(es[p.last[0]].w) {
			iv, err := th.fromTo(a, b, p.first[0] < p.last[0], days, rule)
			if err != nil {
				failed = err
			} else if out.From.IsZero() || shorter(iv, out, th.set.Zone) {
				out = iv
			}
		}
	}
	if out.From.IsZero() {
		return out, failed
	}
	return out, nil
}

// fromTo returns the stretch from a first time to a last one. ordered is true where the
// text gives them in that order.
func (th *thread) fromTo(first, last *when.Expression, ordered bool, days []when.Day, rule string) (when.Interval, error) {
	s := *th
	if (first.Relative() || first.Later != 0) && !ordered {
		// "found at 7am on Friday; it had been locked the evening before", "two hours earlier"
		if b, err := th.resolve(last, days, rule); err == nil {
			s.set.Prior, s.set.First, s.last = b[0].First, when.Day{}, b[0].From
		}
	}
	a, err := s.resolve(first, days, rule)
	if err != nil {
		return when.Interval{}, err
	}
	if ordered || !last.Relative() {
		s.days, s.rule = []when.Day{a[0].First}, a[0].Rule
		s.set.Prior = a[0].First
	}
	b, err := s.resolve(last, nil, "")
	if err != nil {
		return when.Interval{}, err
	}
	iv := when.Interval{From: a[0].From, To: b[len(b)-1].To, Precision: data.PrecisionWindow, Rule: a[0].Rule, First: a[0].First}
	if iv.To.Before(iv.From) && iv.To.Add(24*time.Hour).After(iv.From) {
		iv.To = iv.To.Add(24 * time.Hour)
	}
	if iv.To.Before(iv.From) {
		return when.Interval{}, errEnds
	}
	return iv, nil
}

// until returns the stretch from a first time to the one at which something was seen,
// nil where the two do not make one: "gone since 6pm last night", said at 8am. The one
// without a day of its own is the nearest to the other.
func (th *thread) until(es []element, p parts, days []when.Day, rule string) []when.Interval {
	var out []when.Interval
	for _, first := range halves(es[p.since].w) {
		for _, last := range halves(es[p.seen].w) {
			if ivs := th.sinceTo(first, last, days, rule); out == nil || ivs != nil && shorter(ivs[0], out[0], th.set.Zone) {
				out = ivs
			}
		}
	}
	return out
}

// sinceTo is until for two times that say their half of the day.
func (th *thread) sinceTo(first, last *when.Expression, days []when.Day, rule string) []when.Interval {
	s := *th
	b, err := s.resolve(last, days, rule)
	if err != nil && first.Dated() {
		if a, e := s.resolve(first, days, rule); e == nil {
			b, err = s.resolve(last, []when.Day{a[0].First}, a[0].Rule)
		}
	}
	if err != nil || len(b) != 1 {
		return nil
	}
	s.set.Prior, s.set.First = b[0].First, when.Day{}
	a, err := s.resolve(first, []when.Day{b[0].First}, b[0].Rule)
	if err != nil || len(a) != 1 {
		return nil
	}
	iv := when.Interval{From: a[0].From, To: b[0].To, Precision: data.PrecisionWindow, Rule: b[0].Rule, First: a[0].First}
	switch day := 24 * time.Hour; {
	case !iv.From.Before(iv.To) && !first.Dated() && iv.From.Add(-day).Before(iv.To):
		iv.From, iv.First = iv.From.Add(-day), iv.First.Add(-1)
	case !iv.From.Before(iv.To) && !last.Dated() && iv.To.Add(day).After(iv.From):
		iv.To = iv.To.Add(day)
	}
	if !iv.From.Before(iv.To) || iv.To.Sub(iv.From) > longestSince {
		return nil
	}
	return []when.Interval{iv}
}

// longestSince is more than what somebody has been away for.
const longestSince = 31 * 24 * time.Hour

// listOf reports whether an expression lists days, which are not a span.
func listOf(w *when.Expression) bool {
	n := 0
	for _, m := range w.Moments {
		if m.Date != nil {
			n++
			if m.Date.List {
				n++
			}
		}
	}
	return n > 1 && !w.Span
}
