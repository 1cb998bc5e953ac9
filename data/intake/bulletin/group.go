package bulletin

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"spreewatch/data"
	"spreewatch/data/intake/when"
)

// group divides the elements of an account into incidents, at the least cost.
func (b *bulletin) group(es []element, before map[int]context, listed bool) {
	var lastDay *finding
	prev := when.Interval{}
	for _, g := range b.partition(es) {
		ps, ws := parts(es[g[0]:g[1]])
		switch {
		case len(ps) > 0 && len(ws) > 0:
			n := len(b.found)
			b.incidents(ps, ws, before, listed, &prev)
			lastDay = nil
			if len(b.found) == n+1 && b.found[n].iv.Precision == data.PrecisionDay {
				lastDay = &b.found[n]
			}
		case len(ps) > 0:
			for _, e := range ps {
				b.placeAlone(e, before[e.clause], listed)
			}
		default:
			for _, e := range ws {
				if lastDay != nil && e.w.Complaint == "" && !b.clauses[e.clause].again && !e.w.DateOnly() && b.refine(lastDay, e, before[e.clause]) {
					lastDay = nil
					continue
				}
				b.timeAlone(e, before[e.clause])
			}
		}
	}
}

func parts(es []element) (ps, ws []element) {
	for _, e := range es {
		if e.p != nil {
			ps = append(ps, e)
		} else {
			ws = append(ws, e)
		}
	}
	return ps, ws
}

// incidents adds what places ps and times ws of one run say.
func (b *bulletin) incidents(ps, ws []element, before map[int]context, listed bool, prev *when.Interval) {
	var reported time.Time
	var ivs []when.Interval
	ws = b.lendDates(ws, before)
	for k, e := range ws {
		if k > 0 && len(ivs) > 0 && len(ps) == 1 && !e.again && e.w.Later == 0 && !e.reported && e.w.Complaint == "" && e.clause == ws[k-1].clause && !e.w.DateOnly() {
			b.unread[e.line] = "a second time for one place, not understood"
			continue
		}
		if k > 0 && len(ivs) > 0 && len(ps) == 1 && e.clause != ws[k-1].clause && !e.again && !b.clauses[e.clause].again && !e.reported {
			b.timeAlone(e, before[e.clause])
			continue
		}
		got, err := b.resolveElement(e, before[e.clause], *prev)
		if err != nil && e.w.Vague {
			b.vague(ps, e.w.Complaint)
			continue
		}
		if err != nil {
			b.fail(e.line, err)
			continue
		}
		if e.reported && len(ws) > 1 {
			reported = got[0].From
			continue
		}
		ivs = append(ivs, got...)
		*prev = ivs[len(ivs)-1]
	}
	if len(ivs) == 0 && !reported.IsZero() {
		return
	}
	timed := slices.ContainsFunc(ws, func(e element) bool { return !e.w.DateOnly() })
	respectively := len(ps) > 1 && len(ps) == len(ivs)
	for k, e := range ps {
		for m, iv := range ivs {
			if respectively && k != m {
				continue
			}
			b.find(finding{
				place: *e.p, iv: iv, line: b.lineOf(e, ws[0], listed), clause: e.clause,
				listed: listed, summary: b.clauses[e.clause].summary, report: reported, run: b.run,
				title: b.titled(e.clause), many: b.several(e.clause), timed: timed, own: ws[0].clause == e.clause,
			})
		}
	}
}

// vague lists places of which is said only that something happened there not long
// ago; a settlement in a sentence that sums up may be told of below.
func (b *bulletin) vague(ps []element, reason string) {
	for _, e := range ps {
		if e.p.plain && e.p.street == "" && (b.clauses[e.clause].summary || b.titled(e.clause)) {
			b.spare = append(b.spare, spare{line: e.line, clause: e.clause, reason: reason, town: e.p.text()})
			continue
		}
		b.unread[e.line] = reason
	}
}

// lendDates gives a date that stands alone to the times of the same run that
// have none: "Date: 16 September. Time: 10am".
func (b *bulletin) lendDates(ws []element, before map[int]context) []element {
	var days []when.Day
	rule, timed := "", false
	for _, e := range ws {
		if e.w.Complaint == "" && e.w.DateOnly() && !e.w.Span {
			if d, r, err := b.setting(before[e.clause]).Days(e.w.Moments[0].Date, when.Day{}); err == nil && days == nil {
				days, rule = d, r
			}
		} else {
			timed = true
		}
	}
	if days == nil || !timed {
		return ws
	}
	var out []element
	for _, e := range ws {
		if e.w.Complaint == "" && e.w.DateOnly() && !e.w.Span {
			continue
		}
		if !e.w.Dated() && len(e.days) == 0 {
			e.days, e.rule = days, rule
		}
		out = append(out, e)
	}
	return out
}

// lineOf returns the line on which an incident stands: an item's first, else
// that of its place or its time, whichever comes first.
func (b *bulletin) lineOf(p, w element, listed bool) int {
	if listed {
		return b.blocks[b.clauses[p.clause].block].line
	}
	if p.start == -1 {
		return w.line
	}
	if w.line < p.line && w.clause <= p.clause && w.clause == p.clause {
		return w.line
	}
	return p.line
}

// resolveElement returns the intervals of a time with what was said before it.
func (b *bulletin) resolveElement(e element, ctx context, prev when.Interval) ([]when.Interval, error) {
	if e.w.Later > 0 {
		if prev.From.IsZero() {
			return nil, fmt.Errorf("counts from a time that is not there")
		}
		at := prev.From.Add(e.w.Later)
		return []when.Interval{{From: at, To: at, Precision: data.PrecisionAround, Rule: prev.Rule + "; counted from the time before it", First: prev.First}}, nil
	}
	if len(e.days) > 0 {
		ctx.days, ctx.rule = e.days, e.rule
	}
	s := b.setting(ctx)
	if ctx.night && !e.w.Dated() && e.w.BeforeNoon() && len(s.Dates) > 0 {
		s.Dates = []when.Day{s.Dates[len(s.Dates)-1].Add(1)}
	}
	if !e.w.Dated() && len(s.Dates) == 0 {
		if days, rule := b.laterDate(e.clause); days != nil {
			s.Dates, s.Rule = days, rule
		}
	}
	if !e.list || e.w.Dated() {
		ivs, err := e.w.Resolve(s)
		if err == nil && e.w.Midnight() && !e.w.Dated() && ivs[0].First == prev.First && prev.From.After(ivs[0].From) {
			s.Dates = []when.Day{prev.First.Add(1)} // "at 10pm ... and at midnight"
			return e.w.Resolve(s)
		}
		return ivs, err
	}
	var out []when.Interval
	for _, d := range e.days {
		s.Dates = []when.Day{d}
		ivs, err := e.w.Resolve(s)
		if err != nil {
			return nil, err
		}
		out = append(out, ivs...)
	}
	return out, nil
}

// placeAlone deals with a place that no time goes with.
func (b *bulletin) placeAlone(e element, ctx context, listed bool) {
	c := b.clauses[e.clause]
	if e.p.weak {
		return
	}
	if n := len(b.found); n > 0 && !listed && !c.again && e.p.street != "" && len(e.p.localities) == 0 {
		if f := &b.found[n-1]; f.place.plain && f.place.street == "" && !f.listed && e.clause > f.clause && b.run == f.run {
			// "in Heacham at 2.30pm. The man called at a house in Lynn Road."
			p := *e.p
			p.localities = f.place.localities
			f.place = p
			return
		}
	}
	if e.p.plain && !listed {
		if c.summary || e.p.weak || b.blocks[c.block].kind == headline || !c.happened && !c.again {
			return
		}
	}
	if listed && (ctx.said || !c.summary) || ctx.opened || c.happened && !c.summary || !e.p.plain && c.again {
		days, rule := ctx.days, ctx.rule
		if len(days) == 0 {
			days, rule = b.laterDate(e.clause)
		}
		if len(days) > 0 {
			iv, err := when.Moment{}.Interval(days[0], days[len(days)-1], rule, 0, b.setting(ctx))
			if err == nil {
				b.find(finding{place: *e.p, iv: iv, line: b.lineOf(e, e, listed), clause: e.clause, listed: listed,
					summary: c.summary, run: b.run, title: b.titled(e.clause), many: b.several(e.clause)})
				return
			}
		}
	}
	reason := "a place without a time"
	if e.p.plain {
		reason = "a settlement without a time"
	}
	if e.p.street != "" && (c.summary || b.titled(e.clause)) {
		b.spare = append(b.spare, spare{line: e.line, clause: e.clause, reason: reason, street: e.p.street})
		return
	}
	if e.p.plain && e.p.street == "" {
		b.spare = append(b.spare, spare{line: e.line, clause: e.clause, reason: reason, town: e.p.text()})
		return
	}
	b.unread[e.line] = reason
}

// refine gives an incident of which only the day is known the time that the
// text goes on to tell.
func (b *bulletin) refine(f *finding, e element, ctx context) bool {
	if len(e.days) == 0 && !e.w.Dated() {
		e.days, e.rule = []when.Day{f.iv.First}, f.iv.Rule
	}
	ivs, err := b.resolveElement(e, ctx, f.iv)
	if err != nil || len(ivs) != 1 || ivs[0].From.Before(f.iv.From.Add(-24*time.Hour)) || ivs[0].From.After(f.iv.To) {
		return false
	}
	f.iv, f.timed = ivs[0], true
	b.told[spanKey(f.iv)] = true
	return true
}

// timeAlone deals with a time that no place goes with.
func (b *bulletin) timeAlone(e element, ctx context) {
	if e.w.Complaint == "" && e.w.DateOnly() {
		return // it was taken as the date of what follows
	}
	if e.w.Complaint != "" {
		b.unread[e.line] = e.w.Complaint
		return
	}
	ivs, err := b.resolveElement(e, ctx, when.Interval{})
	if err != nil {
		b.fail(e.line, err)
		return
	}
	const reason = "a time without a place"
	for k, iv := range ivs {
		switch {
		case b.told[spanKey(iv)]:
			return
		case b.clauses[e.clause].summary || b.titled(e.clause):
			b.spare = append(b.spare, spare{line: e.line, clause: e.clause, reason: reason, iv: iv})
		case k == len(ivs)-1:
			b.unread[e.line] = reason
		}
	}
}

func spanKey(iv when.Interval) [2]int64 { return [2]int64{iv.From.UnixNano(), iv.To.UnixNano()} }

// find adds an incident.
func (b *bulletin) find(f finding) {
	b.told[spanKey(f.iv)] = true
	b.found = append(b.found, f)
}

// titled reports whether a clause is a headline.
func (b *bulletin) titled(clause int) bool {
	return b.blocks[b.clauses[clause].block].kind == headline
}

// several reports whether a clause names more than one place.
func (b *bulletin) several(clause int) bool { return len(b.clauses[clause].places) > 1 }

// fail lists a line whose words were found: refused when they name a day that
// the calendar does not have, else unread.
func (b *bulletin) fail(line int, err error) {
	if errors.Is(err, when.ErrCalendar) {
		b.refused = append(b.refused, &data.RowError{Line: line, Field: "from", Reason: err.Error()})
		return
	}
	b.unread[line] = err.Error()
}
