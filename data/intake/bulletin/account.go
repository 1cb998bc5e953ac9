package bulletin

import (
	"math"

	"spreewatch/data/intake/when"
)

// A context is what a list or a section has said for all its items.
type context struct {
	days   []when.Day
	rule   string
	when   *when.Expression // with a clock time
	place  *place
	first  when.Day // of the span that the last of days ends
	night  bool     // the days are nights: a time before noon is on the day after
	opened bool     // said before a colon, for what stands behind it
	said   bool     // by the heading or the introduction of a list
}

// walk goes through the text in order: running text is read as one account,
// each item of a list by itself with what its introduction said.
func (b *bulletin) walk() {
	var section, list context
	var carry context
	var run []int
	inList := false
	flush := func() {
		b.account(run, &carry, section, context{}, false)
		run = nil
	}
	for i := 0; i < len(b.clauses); {
		j := i
		for j < len(b.clauses) && b.clauses[j].block == b.clauses[i].block {
			j++
		}
		bl := b.blocks[b.clauses[i].block]
		cs := indices(i, j)
		last := b.clauses[j-1]
		switch {
		case bl.kind == field && last.class == dateline && j == i+1 && !inList:
			// The date of issue stands between a headline and its text.
			run = append(run, cs...)
		case bl.kind == item && !bl.bullet && b.heading(cs, &section, &carry):
			flush()
			b.mark(cs)
			list, inList = context{}, false
		case bl.kind == item:
			flush()
			inList = true
			b.account(cs, &carry, section, list, true)
		case bl.kind == field:
			if len(run) > 0 && b.blocks[b.clauses[run[0]].block].kind != field || b.recordEnds(run, bl) {
				flush()
			}
			run = append(run, cs...)
		default:
			if n := len(run); n > 0 && b.blocks[b.clauses[run[n-1]].block].kind == field && b.clauses[run[n-1]].class != dateline {
				flush()
			}
			if inList {
				list, inList = context{}, false
			}
			if b.heading(cs, &section, &carry) {
				flush()
				b.mark(cs)
				break
			}
			if bl.colon && j < len(b.clauses) && b.blocks[last.block+1].kind == item && last.class == account {
				flush()
				b.account(indices(i, j-1), &carry, section, context{}, false)
				list = b.introduce(j-1, &carry, section)
				b.mark(indices(j-1, j))
				break
			}
			run = append(run, cs...)
		}
		i = j
	}
	flush()
}

// mark numbers clauses that belong to no account as one of their own.
func (b *bulletin) mark(cs []int) {
	b.run++
	for _, i := range cs {
		b.clauses[i].run = b.run
	}
}

func indices(i, j int) []int {
	var out []int
	for ; i < j; i++ {
		out = append(out, i)
	}
	return out
}

// longestRecord is more lines than a record has.
const longestRecord = 200

// recordEnds reports whether labelled line bl begins another record: its label
// is already in the run.
func (b *bulletin) recordEnds(run []int, bl block) bool {
	if len(run) > longestRecord {
		return true
	}
	for _, i := range run {
		if l := b.blocks[b.clauses[i].block].label; l == bl.label && l != "details" && l != "offence" {
			return true
		}
	}
	return bl.gap && len(run) > 0 && b.complete(run)
}

func (b *bulletin) complete(run []int) bool {
	p, w := false, false
	for _, i := range run {
		p = p || len(b.clauses[i].places) > 0
		w = w || len(b.clauses[i].whens) > 0
	}
	return p && w
}

// heading takes a line that is only a date or only a settlement as what holds
// for the lines under it.
func (b *bulletin) heading(cs []int, section, carry *context) bool {
	if len(cs) != 1 {
		return false
	}
	c := b.clauses[cs[0]]
	bl := b.blocks[c.block]
	if c.class != account || cs[0]+1 >= len(b.clauses) || len(c.places)+len(c.whens) != 1 {
		return false
	}
	rest := 0
	for k := c.start; k < c.end; k++ {
		inPlace := len(c.places) == 1 && k >= c.places[0].start && k < c.places[0].end
		if bl.tokens[k].Kind != when.Mark && !within(c.whens, k) && !inPlace && !bl.tokens[k].Is("in", "incidents", "calls", "and", "area", "the") {
			rest++
		}
	}
	if rest > 0 {
		return false
	}
	if len(c.whens) == 1 {
		w := c.whens[0]
		if !w.DateOnly() || w.Span {
			return false
		}
		days, rule, err := b.setting(*carry).Days(w.Moments[0].Date, when.Day{})
		if err != nil {
			return false
		}
		*section = context{days: days, rule: rule}
		carry.days, carry.rule = days, rule
		return true
	}
	p := c.places[0]
	if !p.plain || !b.headsLines(cs[0]) {
		return false
	}
	b.scopes = append(b.scopes, scope{clause: cs[0], text: p.text()})
	return true
}

// headsLines reports whether the block after a settlement alone tells of streets
// or times, or says that there is nothing to tell.
func (b *bulletin) headsLines(i int) bool {
	next := b.clauses[i+1]
	if b.blocks[next.block].tokens[next.start].Is("nil", "none", "nothing", "no") {
		return true
	}
	for _, p := range next.places {
		if p.street != "" {
			return true
		}
	}
	return len(next.whens) > 0
}

// introduce reads the sentence before a list: "In Thetford the following streets
// were visited between 10am and noon on Tuesday:".
func (b *bulletin) introduce(i int, carry *context, section context) context {
	c := b.clauses[i]
	list := context{days: section.days, rule: section.rule}
	s := b.setting(*carry)
	if len(section.days) > 0 {
		s.Dates, s.Rule = section.days, section.rule
	}
	for _, w := range c.whens {
		if w.Complaint != "" {
			b.unread[b.blocks[c.block].tokens[w.Start].Line] = w.Complaint
			continue
		}
		for _, m := range w.Moments {
			if m.Date == nil {
				continue
			}
			if days, rule, err := s.Days(m.Date, when.Day{}); err == nil {
				if w.Span && len(list.days) > 0 && m.Date != w.Moments[0].Date {
					days = []when.Day{list.days[0], days[len(days)-1]}
				}
				list.days, list.rule = days, rule
			}
		}
		if !w.DateOnly() || w.Span {
			list.when = w
			list.night = w.Night()
		}
	}
	if len(list.days) > 0 {
		carry.days, carry.rule = list.days, list.rule
	}
	for k := range c.places {
		p := &c.places[k]
		switch {
		case p.weak:
		case p.plain:
			b.scopes = append(b.scopes, scope{clause: i, text: p.text()})
		default:
			list.place = p
		}
	}
	return list
}

func (b *bulletin) setting(carry context) when.Setting {
	s := when.Setting{Almanac: b.almanac, Dates: carry.days, Rule: carry.rule, Dated: b.dated, Zone: b.o.Zone}
	if len(carry.days) > 0 {
		s.Prior = carry.days[len(carry.days)-1]
	}
	s.First = carry.first
	return s
}

// account reads clauses that belong together and adds the incidents it finds.
func (b *bulletin) account(cs []int, carry *context, section, list context, listed bool) {
	var elements []element
	b.run++
	var intro context
	introBlock := -1
	before := map[int]context{} // clause → what was said before it
	for _, i := range cs {
		c := &b.clauses[i]
		c.run = b.run
		if c.block != introBlock {
			intro = context{}
		}
		ctx := *carry
		for _, said := range []context{intro, list, section} {
			if len(said.days) > 0 {
				ctx = said
				ctx.said = true
				break
			}
		}
		before[i] = ctx
		if c.class != account {
			continue
		}
		es, days, rule := b.elements(i, &ctx, listed)
		carry.first = ctx.first
		if c.intro && b.opens(i, cs) {
			introBlock, intro = c.block, context{days: days, rule: rule, opened: true}
			if len(days) > 0 {
				carry.days, carry.rule = days, rule
			}
			for _, e := range es {
				switch {
				case e.w == nil || e.w.Complaint == "" && e.w.DateOnly() && !e.w.Span:
				case e.w.Night():
					intro.night = true
				default:
					elements = append(elements, e)
				}
			}
			continue
		}
		if len(days) > 0 && !(listed && len(ctx.days) > 0 && len(list.days)+len(section.days) > 0) {
			carry.days, carry.rule = days, rule
		}
		elements = append(elements, es...)
	}
	if listed {
		elements = b.fromList(cs, elements, list)
	}
	b.group(elements, before, listed)
}

// longestOpening is how many clauses an opening is taken to hold for at least one
// of.
const longestOpening = 50

// opens reports whether intro clause i gives only a date or a settlement for
// clauses of its block that have places or times of their own.
func (b *bulletin) opens(i int, cs []int) bool {
	c := b.clauses[i]
	for _, p := range c.places {
		if !p.plain {
			return false
		}
	}
	for _, w := range c.whens {
		if !w.DateOnly() && !w.Night() {
			return false
		}
	}
	for j := i + 1; j <= min(cs[len(cs)-1], i+longestOpening) && b.clauses[j].block == c.block; j++ {
		if len(b.clauses[j].places)+len(b.clauses[j].whens) > 0 {
			return true
		}
	}
	return false
}

// fromList adds to an item what its introduction said and the item does not.
func (b *bulletin) fromList(cs []int, es []element, list context) []element {
	hasPlace, hasTime := false, false
	for _, e := range es {
		hasPlace = hasPlace || e.p != nil
		hasTime = hasTime || e.w != nil
	}
	if len(es) == 0 {
		return nil
	}
	first := es[0]
	if !hasTime && list.when != nil {
		es = append(es, element{clause: first.clause, w: list.when, days: list.days, rule: list.rule, start: math.MaxInt, line: first.line})
	}
	if !hasPlace && list.place != nil {
		p := *list.place
		es = append([]element{{clause: first.clause, p: &p, start: -1, line: first.line}}, es...)
	}
	return es
}
