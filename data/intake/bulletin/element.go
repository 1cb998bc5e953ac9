package bulletin

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"spreewatch/data/intake/when"
)

// An element is a place or a time of an account, in the order of the text.
type element struct {
	clause   int
	p        *place
	w        *when.Expression
	days     []when.Day // for a time without a date of its own: from the same clause
	rule     string
	list     bool // days are several, not a span
	start    int
	line     int
	reported bool // the time at which the police heard of it
	again    bool
}

// elements returns the places and times of clause i, with dates that stand alone
// given to the times beside them, and settlements to the streets beside them.
// days are the last that the clause spoke of.
func (b *bulletin) elements(i int, ctx *context, listed bool) (es []element, days []when.Day, rule string) {
	c := &b.clauses[i]
	t := b.blocks[c.block].tokens
	s := b.setting(*ctx)
	var alone []*when.Expression
	for _, w := range c.whens {
		if w.Complaint == "" && w.DateOnly() && !w.Span {
			alone = append(alone, w)
		}
	}
	// "Mill Street on Monday, Norwich Road at 10am on Tuesday": Monday is no part of
	// the time of another.
	own := c.alternates()
	timed := false
	for _, w := range c.whens {
		timed = timed || !own && (!w.Dated() || w.Complaint != "")
	}
	resolved := map[*when.Expression][]when.Day{}
	rules := map[*when.Expression]string{}
	for _, w := range c.whens {
		for _, m := range w.Moments {
			if m.Date == nil {
				continue
			}
			if len(days) > 0 {
				s.Prior = days[len(days)-1]
			}
			if d, r, err := s.Days(m.Date, when.Day{}); err == nil {
				days, rule = d, r
				resolved[w], rules[w] = d, r
			}
		}
		if w.Span && len(resolved[w]) > 0 {
			if iv, err := w.Settled().ResolveSpan(s); err == nil {
				last := when.DayOf(iv.To.Add(-time.Second))
				days, resolved[w] = []when.Day{last}, []when.Day{last}
				s.First = iv.First
			}
		}
	}
	ctx.first = s.First
	for _, w := range c.whens {
		e := element{clause: i, w: w, start: w.Start, line: t[w.Start].Line, reported: reportCue(t, c.start, w.Start), again: againCue(t, c.start, w.Start)}
		if timed && w.DateOnly() && !w.Span {
			if w.Complaint == "" && resolved[w] != nil {
				continue // its date goes to the times beside it
			}
		}
		if !w.Dated() {
			if a := nearestAlone(alone, w); a != nil && (!own || a.Start < w.Start) {
				e.days, e.rule, e.list = resolved[a], rules[a], a.Moments[0].Date.List
			} else if a := lastDated(c.whens, w, resolved); a != nil {
				e.days, e.rule = resolved[a][len(resolved[a])-1:], rules[a]
			} else if !own && (len(ctx.days) == 0 || !listed && !ctx.opened && !semicolonAfter(t, w.End, c.end)) {
				// "at 10am and, in Dereham, at 11am on Monday": the date is for both.
				if a := nextDated(c.whens, w, resolved); a != nil {
					e.days, e.rule = resolved[a][:1], rules[a]
				}
			}
		}
		es = append(es, e)
	}
	ps := b.settle(i)
	for k := range ps {
		p := &ps[k]
		head := b.blocks[c.block].kind == headline
		if p.plain && p.street == "" && !p.weak && (len(ps) == 1 || !head) && (head || c.summary || len(c.whens) == 0) {
			b.scopes = append(b.scopes, scope{i, p.text(), listed})
		}
		if p.weak && !listed && len(c.whens) == 0 {
			continue // where somebody went or was sent
		}
		if p.plain && !listed && len(c.whens) == 0 && c.summary || p.plain && t[c.start].Is("both", "all") {
			if t[c.start].Is("both", "all") {
				b.scopes = append(b.scopes, scope{clause: i, text: p.text()})
			}
			continue // it says where, not that something happened there at one time
		}
		es = append(es, element{clause: i, p: p, start: p.start, line: t[p.start].Line})
	}
	slices.SortStableFunc(es, func(x, y element) int { return cmp.Compare(x.start, y.start) })
	return es, days, rule
}

// lastDated returns the last time before w in its clause that has a date.
func lastDated(whens []*when.Expression, w *when.Expression, resolved map[*when.Expression][]when.Day) *when.Expression {
	var last *when.Expression
	for _, x := range whens {
		if x.Start < w.Start && len(resolved[x]) > 0 {
			last = x
		}
	}
	return last
}

// nextDated returns the first time after w in its clause that has a date.
func nextDated(whens []*when.Expression, w *when.Expression, resolved map[*when.Expression][]when.Day) *when.Expression {
	for _, x := range whens {
		if x.Start > w.Start && len(resolved[x]) > 0 {
			return x
		}
	}
	return nil
}

func semicolonAfter(t []when.Token, i, j int) bool { return when.AnyWord(t, i, j, ";") }

// nearestAlone returns the date that goes with w: the last before it in the
// clause, else the first after it.
func nearestAlone(alone []*when.Expression, w *when.Expression) *when.Expression {
	var best *when.Expression
	for _, a := range alone {
		if a.Start < w.Start || best == nil {
			best = a
		}
	}
	return best
}

// settle gives the settlements of a clause to its streets that have none, and
// drops where people come from when it says where it happened.
func (b *bulletin) settle(i int) []place {
	c := &b.clauses[i]
	t := b.blocks[c.block].tokens
	strong, bare := false, false
	for _, p := range c.places {
		strong = strong || !p.weak
		bare = bare || p.street != "" && len(p.localities) == 0
	}
	var ps []place
	ahead := ""
	for k, p := range c.places {
		switch {
		case p.weak && strong:
			// "a man from Wymondham was called at his home in Tuttles Lane"
			if p.plain && when.AnyWord(t, p.end, c.end, "home", "lives", "living") {
				ahead = p.text()
			}
		case p.plain && p.street == "" && k+1 < len(c.places) && len(c.places[k+1].localities) > 0 && c.places[k+1].street != "" && (premises(t, p.end, c.places[k+1].start) || dashed(t, p.end, c.places[k+1].start)):
			// the shop in the street, or the offence before the dash
		default:
			ps = append(ps, p)
		}
	}
	if !bare {
		return ps
	}
	var out []place
	for k, p := range ps {
		switch {
		case p.street == "" && p.plain:
			if k+1 < len(ps) && ps[k+1].street != "" && len(ps[k+1].localities) == 0 {
				if premises(t, p.end, ps[k+1].start) {
					continue // "the Spar shop on Wootton Road"
				}
				ahead = p.text()
				b.scopes = append(b.scopes, scope{clause: i, text: ahead, listed: b.blocks[c.block].kind == item})
				continue
			}
			all := p.start > 0 && when.AnyWord(t, max(c.start, p.start-3), p.start, "both", "all")
			given := false
			for j := len(out) - 1; j >= 0 && (all || j == len(out)-1 || given && coordinated(t, out[j].end, out[j+1].start)); j-- {
				if out[j].street == "" || len(out[j].localities) > 0 {
					break
				}
				out[j].localities = p.localities
				given = true
			}
			if !given {
				out = append(out, p)
			}
		case p.street != "" && len(p.localities) == 0 && ahead != "":
			p.localities = []string{ahead}
			out = append(out, p)
		default:
			out = append(out, p)
			// "Mill Street and Norwich Road, Dereham": the last names it for all.
			for j := len(out) - 2; j >= 0 && p.street != "" && len(p.localities) > 0 && out[j].street != "" && len(out[j].localities) == 0 && coordinated(t, out[j].end, out[j+1].start); j-- {
				out[j].localities = p.localities
			}
		}
	}
	return out
}

// premises reports whether the words between a name and a street make the name
// that of a shop or the like in the street.
func premises(t []when.Token, i, j int) bool {
	return j-i >= 1 && j-i <= 4 && t[j-1].Is("on", "in", "at") && (j-i == 1 || t[i].Kind == when.Word && !t[i].Capital() && !t[i].Is("area", "on", "in", "at")) ||
		j-i >= 2 && j-i <= 4 && t[j-1].Is("the") && t[j-2].Is("on", "in")
}

// dashed reports whether a dash alone stands between tokens i and j.
func dashed(t []when.Token, i, j int) bool { return j == i+1 && (t[i].Dash() || t[i].Is("|", ":")) }

// coordinated reports whether only commas, "and" and small words join the tokens
// [i, j).
func coordinated(t []when.Token, i, j int) bool {
	for ; i < j; i++ {
		if !t[i].Is(",", "and", "&", "in", "on", "at", "the", "or", "also", "nearby") {
			return false
		}
	}
	return true
}

// reportCue reports whether a time at token w is that of the report: "reported
// at", "police were called at".
func reportCue(t []when.Token, start, w int) bool {
	lo := max(start, w-6)
	for i := w - 1; i >= lo; i-- {
		switch {
		case t[i].Is(";", "."):
			return false
		case t[i].Is("reported", "discovered") || t[i].Is("called", "alerted", "notified", "informed", "contacted") && when.AnyWord(t, max(start, i-4), i, "police", "officers"):
			return true
		}
	}
	return false
}

func againCue(t []when.Token, start, w int) bool {
	lo := max(start, w-6)
	for i := w - 1; i >= lo; i-- {
		if againWords[t[i].Low] || t[i].Is("followed", "then", "repeated", "more", "twice") {
			return true
		}
	}
	return w > 0 && t[max(start, w-1)].Is("and", "&")
}

// giveLocalities appends the settlement that was named once for all to streets
// that have none: that of the list or section, or else the only one that the
// text names, the nearest before it when it names several.
func (b *bulletin) giveLocalities() {
	for i := range b.found {
		f := &b.found[i]
		if f.place.street != "" && len(f.place.localities) == 0 {
			if l := b.localityFor(f.clause); l != "" {
				f.place.localities = []string{l}
			}
		}
		f.text = f.place.text()
	}
}

// localityFor returns the settlement for a street in a clause: the last one named
// apart from a street before it, or else the only one that the text names.
func (b *bulletin) localityFor(clause int) string {
	if b.towns == nil {
		b.towns = b.townsNamed()
	}
	block := b.clauses[clause].block
	before, ok := lastBefore(b.towns.open, clause)
	own := b.towns.listed[block]
	if s, found := lastBefore(own, clause); found && (!ok || s.clause >= before.clause) {
		before, ok = s, true
	}
	if ok {
		b.lent[before.clause] = true
		return before.text
	}
	only := b.towns.only
	for _, s := range own {
		only = onlyTown(only, s.text)
	}
	if only == "-" {
		return ""
	}
	if only == "" {
		return b.towns.street
	}
	return only
}

// A towns is the settlements that a text names.
type towns struct {
	open   []scope         // apart from any street and for all that follows, by clause
	listed map[int][]scope // for one item of a list, by its block
	only   string          // the only one of open, "" for none, "-" for several
	street string          // the only one that streets are in, "" for none or several
}

func (b *bulletin) townsNamed() *towns {
	n := &towns{listed: map[int][]scope{}}
	byClause := func(x, y scope) int { return cmp.Compare(x.clause, y.clause) }
	for _, s := range b.scopes {
		if s.listed {
			block := b.clauses[s.clause].block
			n.listed[block] = append(n.listed[block], s)
			continue
		}
		n.open = append(n.open, s)
		n.only = onlyTown(n.only, s.text)
	}
	slices.SortStableFunc(n.open, byClause)
	for _, l := range n.listed {
		slices.SortStableFunc(l, byClause)
	}
	for _, f := range b.found {
		if f.place.street != "" && len(f.place.localities) > 0 {
			n.street = onlyTown(n.street, f.place.localities[0])
		}
	}
	if n.street == "-" || strings.HasPrefix(n.street, "near ") || strings.ContainsAny(n.street, "0123456789") {
		n.street = ""
	}
	return n
}

// onlyTown returns the only one of what was and a town, "-" when they differ.
func onlyTown(was, town string) string {
	if was == "" || strings.EqualFold(was, town) {
		return town
	}
	return "-"
}

// lastBefore returns the last of scopes, by clause, that is no later than a clause.
func lastBefore(scopes []scope, clause int) (scope, bool) {
	i, _ := slices.BinarySearchFunc(scopes, clause+1, func(s scope, c int) int { return cmp.Compare(s.clause, c) })
	if i == 0 {
		return scope{}, false
	}
	return scopes[i-1], true
}
