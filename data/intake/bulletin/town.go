package bulletin

import (
	"context"
	"math"
	"slices"
	"strings"
)

// The costs of taking the settlement of a street from elsewhere in the text.
const (
	townLabel    = 0.1 // the label of its block
	townClause   = 0.3 // named in its sentence
	townBlock    = 0.8 // named before it in its paragraph
	townStreet   = 1.0 // of the street before it in its paragraph
	townHeading  = 1.0 // the heading over it
	townEarlier  = 1.3 // named in an earlier paragraph
	townTitle    = 1.2
	townSums     = 1.1 // named in an earlier paragraph of several incidents
	townPrior    = 1.7 // of the street before it in an earlier paragraph
	townAfter    = 2.2 // named after it
	townWeak     = 0.8 // where somebody came from
	townOdd      = 1.0 // a heading among others that name none
	townAside    = 6.0 // of a street in a sentence that is set aside
	townSeveral  = 0.8 // one of several named together
	townAllAfter = 0.6 // "All the incidents happened in Sheringham"
	townPassed   = 1.4 // a heading that another has followed
	townFar      = 1e-3
	townSure     = 0.35 // at or under which the ground has no say
	townGround   = 1.2  // the gazetteer has no such street near it
)

// A mention is a settlement that the text names.
type mention struct {
	at    int // element
	name  string
	cost  float64
	scope int // block that it holds for alone, -1 for all that follows
}

// giveTowns gives the streets without a settlement the one that costs least.
//
// Where a town may come from is tried in one loop, so that the least cost is of all.
//
//gocognit:ignore
func (r *reading) giveTowns(ctx context.Context, events []event, all []element, index []int, names Names) {
	ms := r.mentions(all, told(events, index))
	from := 0
	var prior [4]string
	var priorAt [4]int
	for k := range events {
		if ctx.Err() != nil {
			break
		}
		e := &events[k]
		at := index[e.element]
		if e.p.town() != "" || e.p.street == "" {
			if e.p.street != "" && e.p.town() != "" {
				copy(prior[1:], prior[:3])
				copy(priorAt[1:], priorAt[:3])
				prior[0], priorAt[0] = e.p.town(), at
			}
			continue
		}
		for from < len(ms) && ms[from].at < at {
			from++
		}
		name, street := "", e.p.named()
		e.town = Choice{Cost: math.Inf(1), Margin: math.Inf(1)}
		try := func(s string, line int, c float64) {
			if s == "" {
				return
			}
			if c > townSure && !names.Near(street, s) {
				c += townGround
			}
			switch t := &e.town; {
			case strings.EqualFold(s, name):
				if c < t.Cost-1e-9 {
					t.Margin += t.Cost - c
					t.Cost, t.Line = c, line
				}
			case c < t.Cost-1e-9:
				*t = Choice{Line: line, Cost: c, RivalLine: t.Line, Margin: t.Cost - c}
				name = s
			case c < t.Cost+t.Margin:
				t.RivalLine, t.Margin = line, c-t.Cost
			}
		}
		here := &all[at]
		headed := false
		for i := from - 1; i >= 0 && i > from-24; i-- {
			c := r.before(ms[i], &all[ms[i].at], here)
			if ms[i].cost == townHeading && ms[i].scope < 0 {
				if headed {
					c += townPassed
				}
				headed = true
			}
			try(ms[i].name, all[ms[i].at].line, c)
		}
		for i := from; i < len(ms) && i < from+24; i++ {
			try(ms[i].name, all[ms[i].at].line, r.after(ms[i], &all[ms[i].at], here))
		}
		for i := range prior {
			if prior[i] == "" {
				break
			}
			c := townPrior
			if all[priorAt[i]].block == here.block {
				c = townStreet
			}
			try(prior[i], all[priorAt[i]].line, c+townFar*float64(here.block-all[priorAt[i]].block)+0.05*float64(i))
		}
		for i := k + 1; i < len(events) && i < k+12; i++ {
			if t := events[i].p.town(); t != "" {
				c := townAfter
				if events[i].group == e.group {
					c = townClause - 0.1 + 0.06*float64(i-k-1) // "Mill Street and Norwich Road, Dereham"
				} else if all[index[events[i].element]].block != here.block {
					c += 0.3
				}
				try(t, events[i].line, c)
			}
		}
		if name != "" {
			e.p.towns = append([]string{name}, e.p.towns...)
		}
	}
}

// told returns the elements that incidents are at.
func told(events []event, index []int) map[int]bool {
	out := make(map[int]bool, len(events))
	for k := range events {
		out[index[events[k].element]] = true
	}
	return out
}

// mentions returns the settlements that the text names apart from any street, in a
// heading, or with a street in a line of a list that is of no incident.
func (r *reading) mentions(all []element, told map[int]bool) []mention {
	var out []mention
	odd := r.oddHeadings(all)
	for i := range all {
		e := &all[i]
		if aside := r.clauses[e.clause].aside; told != nil && e.p != nil && e.p.street != "" && e.p.town() != "" && e.aside == "" && lastly[aside] {
			out = append(out, mention{at: i, name: e.p.town(), scope: -1, cost: townAside})
			continue
		}
		if e.p == nil || e.aside != "" || e.p.street != "" && !e.heading && (told == nil || told[i] || !e.listed) {
			continue
		}
		aside := r.clauses[e.clause].aside
		if aside == asideAppeal && !r.clauses[e.clause].street {
			aside = ""
		}
		says := aside == "" || aside == asideDateline || aside == asidePeriod || aside == asideFigures || aside == asideAdvice || aside == asideEvent && e.block == 0
		if e.p.town() == "" || !says && r.clauses[e.clause].lendsNone() {
			continue
		}
		m := mention{at: i, name: e.p.town()}
		m.cost, m.scope = r.standing(e, aside)
		if e.heading && odd {
			m.cost += townOdd
		}
		if e.p.weak || aside == asideAdvice || !says {
			m.cost += townWeak
		}
		if i > 0 && all[i-1].p != nil && all[i-1].clause == e.clause && r.coordinated(all, i) || i+1 < len(all) && all[i+1].p != nil && all[i+1].clause == e.clause && r.coordinated(all, i+1) && all[i+1].p.street == "" {
			m.cost += townSeveral
		}
		out = append(out, m)
	}
	return out
}

// lastly are the kinds of sentences whose streets lend their settlement where nothing
// else names one.
var lastly = map[string]bool{asideEvent: true, asidePatrol: true, asidePresent: true, asideOther: true, asideNothing: true}

// standing returns the cost of a settlement by where it stands, and the block that it
// holds for alone, -1 for all that follows.
func (r *reading) standing(e *element, aside string) (float64, int) {
	b := &r.blocks[e.block]
	switch {
	case e.label && len(b.tokens) > e.end+2:
		return townLabel, e.block
	case e.label:
		return townLabel, -1
	case e.heading && e.block == 0, aside == asideDateline, aside == asidePeriod:
		return townTitle, -1
	case e.heading, b.kind == paragraph && b.colon && len(b.tokens) < 8:
		return townHeading, -1
	case b.kind == field:
		return townTitle, -1
	case b.kind == item && (b.onlyNames(e) || e.p.street != "" && b.onlyPlaces(e)):
		return townHeading, -1
	}
	c, scope := townEarlier, -1
	if r.clauses[e.clause].sums && !e.p.weak {
		c = townSums
	}
	if b.kind == item {
		scope = e.block
	}
	return c, scope
}

// onlyPlaces reports whether a block says nothing but a place.
func (b *block) onlyPlaces(e *element) bool {
	return e.start <= labelStart(b.tokens) && e.end >= len(b.tokens)-1
}

// oddHeadings reports whether most of the lines that head a paragraph say something else
// than where: "Ferret thief", "Poppies".
func (r *reading) oddHeadings(all []element) bool {
	named, other := 0, 0
	for i := 1; i+1 < len(r.blocks); i++ {
		b := &r.blocks[i]
		if !b.gap || b.bullet || b.kind == field || r.blocks[i+1].gap || len(b.tokens) > 6 {
			continue
		}
		if k, _ := slices.BinarySearchFunc(all, i, func(e element, b int) int { return e.block - b }); k < len(all) && all[k].block == i {
			named++
		} else {
			other++
		}
	}
	return other > named
}

// lendsNone reports whether the settlements of a sentence that is set aside are of no
// street under it: what is said, signed or judged there, or a street of its own.
func (c *clause) lendsNone() bool {
	return c.aside == asideSpeech || c.aside == asideSigned || c.aside == asideCourt || c.street
}

// before is the cost of a settlement named before a street.
func (r *reading) before(m mention, e, here *element) float64 {
	if m.scope >= 0 && m.scope != here.block {
		return math.Inf(1)
	}
	if m.cost == townAside {
		return m.cost
	}
	c := m.cost
	weak := 0.0
	if e.p.weak {
		weak = townWeak
	}
	switch {
	case e.label && (m.scope == here.block || m.scope < 0):
	case r.oneRecord(e.block, here.block):
		c = townLabel
	case e.clause == here.clause && !e.heading:
		c = townClause + weak
	case e.block == here.block && !e.heading:
		c = townBlock + weak + 0.05*float64(here.clause-e.clause)
	}
	if m.scope < 0 && e.block != here.block {
		// The nearest heading, and the nearest paragraph, count most.
		c += 0.02 * float64(here.block-e.block)
		if e.block == 0 && e.heading {
			c = m.cost
		}
	}
	return c
}

// oneRecord reports whether two blocks are lines of one record.
func (r *reading) oneRecord(a, b int) bool {
	for k := a; k <= b; k++ {
		if r.blocks[k].kind != field || k > a && r.blocks[k].gap {
			return false
		}
	}
	return true
}

// after is the cost of a settlement named after a street.
func (r *reading) after(m mention, e, here *element) float64 {
	if m.scope >= 0 && m.scope != here.block {
		return math.Inf(1)
	}
	if m.cost == townAside {
		return m.cost
	}
	weak := 0.0
	if e.p.weak {
		weak = townWeak
	}
	t := r.blocks[e.block].tokens
	c := &r.clauses[e.clause]
	switch {
	case r.oneRecord(here.block, e.block):
		return townLabel
	case r.blocks[e.block].kind == field && r.blocks[here.block].kind == field:
		return math.Inf(1)
	case e.clause == here.clause:
		return townClause + 0.1 + weak
	case c.start < len(t) && e.start > c.start && t[c.start].Is("all", "both", "these"):
		return townAllAfter
	case e.block == here.block:
		return townAfter - 0.6 + weak
	case e.heading || e.label:
		return math.Inf(1)
	}
	return townAfter + weak + townFar*float64(e.block-here.block)
}
