package bulletin

import (
	"cmp"
	"context"
	"math"
	"slices"

	"spreewatch/data/intake/when"
)

func sortElements(es []element) {
	slices.SortStableFunc(es, func(x, y element) int { return cmp.Compare(x.start, y.start) })
}

// longestGroup is more elements than one telling of incidents has; it bounds the
// work for each element.
const longestGroup = 9

// A group is elements [from, to) of what is read together.
type group struct {
	from, to int
	cost     float64
	margin   float64 // by how much the best reading without it costs more, +Inf where there is none
	rival    [2]int  // the elements that are read together in that one instead
}

// A link is the cost of reading elements together that end at one, and their order.
type link struct {
	cost  float32
	order uint8
}

// segment divides elements into the groups that cost least together, and says by how
// much each beats what would be read in its place. A group tells of incidents when it
// has a place and a time; else it lends what it has or gives nothing. The order of
// place and time costs where it differs from the one seen last.
func segment(ctx context.Context, r *reading, es []element) []group {
	n := len(es)
	links := make([][longestGroup]link, n+1) // by end and length less one
	for i := 1; i <= n; i++ {
		if ctx.Err() != nil {
			return nil
		}
		for k := range links[i] {
			links[i][k].cost = float32(math.Inf(1))
		}
		cross := 0.0
		for k := i - 1; k >= 0 && i-k <= longestGroup; k-- {
			if k+1 < i {
				cross += r.crossing(&es[k], &es[k+1])
			}
			if cross > 2*costItem {
				break
			}
			c, order := r.groupCost(es[k:i])
			links[i][i-k-1] = link{float32(c + cross), uint8(order)}
		}
	}
	ahead, back := forth(links), home(links)
	o := 0
	for x := range 3 {
		if ahead[n][x] < ahead[n][o]-closest {
			o = x
		}
	}
	var out []group
	for i := n; i > 0; {
		// the last group of the best reading up to here
		g, was, best := group{to: i}, 0, math.Inf(1)
		for k := i - 1; k >= max(0, i-longestGroup); k-- {
			for x := range 3 {
				if c, now := links[i][i-k-1].step(x); now == o && ahead[k][x]+c < best-closest {
					best, was, g.from, g.cost = ahead[k][x]+c, x, k, c
				}
			}
		}
		g.margin, g.rival = rivalOf(links, ahead, back, g)
		out = append(out, g)
		i, o = g.from, was
	}
	slices.Reverse(out)
	return out
}

// closest is how near two costs are that are equal but for rounding.
const closest = 1e-4

// step returns the cost of a link after groups of an order, and the order after it.
func (l link) step(was int) (float64, int) {
	switch {
	case l.order == 0:
		return float64(l.cost), was
	case was > 0 && was != int(l.order):
		return float64(l.cost) + costOrder, int(l.order)
	}
	return float64(l.cost), int(l.order)
}

// forth returns the least cost of reading the elements before each, by the order seen
// last; home that of reading the rest from each, by the order seen before.
func forth(links [][longestGroup]link) [][3]float64 {
	inf := math.Inf(1)
	out := make([][3]float64, len(links))
	out[0] = [3]float64{0, inf, inf}
	for i := 1; i < len(links); i++ {
		out[i] = [3]float64{inf, inf, inf}
		for k := max(0, i-longestGroup); k < i; k++ {
			for was := range 3 {
				c, now := links[i][i-k-1].step(was)
				out[i][now] = min(out[i][now], out[k][was]+c)
			}
		}
	}
	return out
}

func home(links [][longestGroup]link) [][3]float64 {
	inf := math.Inf(1)
	n := len(links) - 1
	out := make([][3]float64, n+1)
	for k := n - 1; k >= 0; k-- {
		out[k] = [3]float64{inf, inf, inf}
		for i := k + 1; i <= min(n, k+longestGroup); i++ {
			for was := range 3 {
				c, now := links[i][i-k-1].step(was)
				out[k][was] = min(out[k][was], c+out[i][now])
			}
		}
	}
	return out
}

// rivalOf returns by how much the best reading costs more in which the first element
// of a group is read in another, and which that is.
func rivalOf(links [][longestGroup]link, ahead, back [][3]float64, g group) (float64, [2]int) {
	n := len(links) - 1
	least, best, rival := math.Inf(1), math.Inf(1), [2]int{}
	for k := max(0, g.from-longestGroup+1); k <= g.from; k++ {
		for i := g.from + 1; i <= min(n, k+longestGroup); i++ {
			for was := range 3 {
				c, now := links[i][i-k-1].step(was)
				total := ahead[k][was] + c + back[i][now]
				least = min(least, total)
				if (k != g.from || i != g.to) && total < best {
					best, rival = total, [2]int{k, i}
				}
			}
		}
	}
	return best - least, rival
}

// crossing is the cost of what stands between two elements that follow each other.
func (r *reading) crossing(a, b *element) float64 {
	if a.block == b.block {
		return r.within(a, b)
	}
	x, y := &r.blocks[a.block], &r.blocks[b.block]
	if x.call && b.block == a.block+1 {
		return costField
	}
	if y.call {
		return costItem
	}
	if x.kind == field && y.kind == field {
		for k := a.block + 1; k <= b.block; k++ {
			if r.blocks[k].gap {
				return costItem
			}
		}
		return costField
	}
	if x.post || y.post {
		return costItem
	}
	gap := false
	for k := a.block + 1; k <= b.block; k++ {
		gap = gap || r.blocks[k].gap
	}
	c := costBlock
	switch {
	case x.kind == item && y.kind == item && gap, x.bullet || y.bullet:
		c = costItem
	case x.kind == field || y.kind == field:
	case !gap && x.kind != paragraph, r.clauses[b.clause].same:
		c = costLine
	}
	if r.clauses[b.clause].again {
		c += costAgain
	}
	return c + costPerToken*float64(b.start)
}

func (r *reading) within(a, b *element) float64 {
	t := r.blocks[a.block].tokens
	c := costPerToken * float64(max(0, b.start-a.end))
	for k := a.clause + 1; k <= b.clause; k++ {
		if !r.clauses[k-1].intro {
			c += costSentence
		}
		if r.clauses[k].again {
			c += costAgain
		}
		if c > costItem {
			return c
		}
	}
	bracket := false
	for k := a.end; k < b.start && k < a.end+60; k++ {
		switch {
		case t[k].Is(";"), t[k].Is("/") && t[k].Gap, t[k].Is(")") && !bracket:
			c += costSemicolon
		case t[k].Is("(", ")"):
			bracket = t[k].Is("(")
		}
	}
	return c
}

// groupCost returns the cost of reading elements together, and the order of place
// and time in them: 1 place first, 2 time first, 0 neither.
//
// A cost is a sum of the weights of what is lacking, one after the other.
//
//gocognit:ignore
func (r *reading) groupCost(es []element) (float64, int) {
	places, times, dates, clocks, switches, exact, reports, late, joined := 0, 0, 0, 0, 0, 0, 0, 0, 0
	part, date, heard, before := -1, 0, -1, byte(0)
	bounds := [2]int{}
	c := 0.0
	for i := range es {
		e := &es[i]
		if e.label && len(es) > 1 {
			return math.Inf(1), 0
		}
		if (e.p != nil || e.role != 'r') && !(e.p != nil && e.p.weak && places > 0) {
			if place := e.p != nil; i > 0 && before != 0 && (before == 'p') != place && !e.field {
				switches++
			}
			before = 't'
			if e.p != nil {
				before = 'p'
			}
		}
		if e.p != nil {
			places++
			if places == 1 || !e.p.weak {
				c += r.placeCost(e) // else it is no place of an incident
			}
			if places > 1 && !e.p.weak && !r.coordinated(es, i) {
				c += costMore
				if k := &r.clauses[e.clause]; e.clause != es[i-1].clause && !k.told && !k.again && !e.listed && (i+1 == len(es) || es[i+1].clause != e.clause) {
					c += costUntold
				}
			}
			continue
		}
		if times++; times == 1 && i > 0 && es[0].heading && es[0].p != nil && es[0].p.street == "" && r.clauses[e.clause].street {
			c += costTownBeside // "FOWNHOPE", "On Friday at 9pm a van went from Mill Lane"
		}
		listed := i > 0 && es[i-1].p == nil && r.coordinated(es, i) && when.AnyWord(r.blocks[e.block].tokens, es[i-1].end, e.start, "and", "&", "one", "once", "another")
		switch {
		case e.role == 'r':
			reports++
			if heard >= 0 && es[heard].clause != e.clause && !e.w.Coarse() && !es[heard].w.Coarse() {
				c += costTimes // "A similar call came in at 4.05am"
			}
			heard = i
			if k := &r.clauses[e.clause]; k.sums && !k.same && (i == 0 || es[i-1].clause != e.clause) && (i+1 == len(es) || es[i+1].clause != e.clause) {
				late++ // "Both were reported on Thursday"
			}
		case e.w.Coarse() && !e.w.Span && e.role == 0:
			dates++
			date = i
			if listed {
				joined++ // "one on the 20th and one on the 24th"
			}
			if !e.w.DateOnly() {
				part = i
			}
		case e.role == 's':
			bounds[0]++
		case e.role == 'e':
			bounds[1]++
		default:
			if clocks++; !e.w.PartOnly() {
				exact++
			}
		}
	}
	switch {
	case places == 0 && times == 1 && len(es) == 1:
		return r.lentCost(&es[0]), 0
	case places == 0:
		return math.Inf(1), 0
	case times == 0 && places == 1 && len(es) == 1:
		return r.aloneCost(&es[0]), 0
	case times == 0:
		return math.Inf(1), 0
	}
	for i := range es {
		if x := &es[i]; dates > 0 && x.w != nil && !(x.clause == es[date].clause && x.w.Since(es[date].w) != x.w) && (x.w.Relative() && !x.w.Coarse() && es[date].clause != x.clause || !x.w.Coarse() && x.w.Dated() && !x.w.Relative() || x.w.Later != 0) {
			c += costTimes // it has a date of its own
		}
	}
	if reports == times {
		c += costTimeUnread * float64(late)
	}
	if part >= 0 {
		// "on Saturday morning. He returned at 2.15pm": two times.
		for i := range es {
			if x := &es[i]; x.w != nil && x.role != 'r' && !x.w.Coarse() && (x.clause != es[part].clause || x.role == 0 && es[part].w.Same() && !x.w.In(es[part].w)) && !(x.w.In(es[part].w) && (r.clauses[x.clause].same || !r.clauses[x.clause].street && !r.clauses[x.clause].again)) {
				c += 3 * costTimes
			}
		}
	}
	c += costTimes * float64(max(0, dates-joined-1)+max(0, clocks+min(bounds[0], bounds[1], exact)-1))
	if bounds[0] == 1 && bounds[1] == 0 && clocks == 1 && places == 1 && !r.opensAnother(es) {
		c += costSince
	} else if bounds[0] != bounds[1] && (clocks+dates > 0 || bounds[0]+bounds[1] > 1) {
		c += costTimes
	}
	if switches > 1 {
		// "On Monday, in Mill Street, at 10am": the date and the clock are one time.
		if switches == 2 && (dates == 1 && clocks <= 1 || bounds[0] == 1 && (bounds[1] == 1 || clocks == 1 && dates == 0)) && es[0].p == nil {
			c += 0.3
		} else {
			c += costSwitch * float64(switches-1)
		}
	}
	order := 2
	if es[0].p != nil {
		order = 1
	}
	return c, order
}

// opensAnother reports whether a word between two elements opens another incident.
func (r *reading) opensAnother(es []element) bool {
	for i := 1; i < len(es); i++ {
		if es[i].block != es[i-1].block {
			continue
		}
		for _, t := range r.blocks[es[i].block].tokens[es[i-1].end:min(es[i].start, es[i-1].end+30)] {
			if agains[t.Low] && !t.Is("one", "also") {
				return true
			}
		}
	}
	return false
}

// placeCost is the cost of an incident at a place.
func (r *reading) placeCost(e *element) float64 {
	c := 0.0
	if e.p.weak {
		c += costWeak
	}
	if e.heading {
		c += costHeading
	}
	if e.p.street == "" {
		c += 0.3
		switch k := &r.clauses[e.clause]; {
		case k.sums:
			c += costSummary
		case k.street && !e.listed:
			c += costTownBeside
		}
	}
	return c
}

// lentCost is the cost of a time that stands without a place.
func (r *reading) lentCost(e *element) float64 {
	k := &r.clauses[e.clause]
	switch {
	case k.back && e.role != 's' && e.w.Span && !e.w.Dated():
		return costAway
	case k.back && e.role != 's':
		return costTimeBack
	case e.w.DateOnly() && e.role == 0, k.intro, e.heading, e.w.Nth(), e.listed && r.inVillage(k):
		return costTimeLent
	case k.sums && !k.again, k.person && k.same && !k.street:
		return costTimeLent + 1
	}
	return costTimeUnread
}

// aloneCost is the cost of a place that stands without a time.
func (r *reading) aloneCost(e *element) float64 {
	switch {
	case e.p.street == "", r.clauses[e.clause].period:
		return costTownAlone
	case e.heading:
		return costTimeLent
	case e.listed:
		return costItemAlone
	}
	return costStreetAlone
}

// coordinated reports whether only commas, "and" and small words stand between
// element i and the place, or the time, before it.
func (r *reading) coordinated(es []element, i int) bool {
	a := &es[i-1]
	if (a.p == nil) != (es[i].p == nil) || a.block != es[i].block {
		return false
	}
	t := r.blocks[a.block].tokens
	for k := a.end; k < es[i].start; k++ {
		if !t[k].Is(",", "and", "&", "in", "on", "at", "the", "or", "also", "nearby", "/", "off", "near", "from", "both", "one", "once", "another", "then") {
			return false
		}
	}
	return true
}

// pick returns the indexes of the times of a group by what they are.
type parts struct {
	places               []int
	dates, clocks        []int
	first, last, reports []int

	since, seen int // a first time without a last one, and the one time beside it; both 0 for none
	counted     int // a date that counts on from what the clock times before it tell; 0 for none
}

func partsOf(es []element, g group) parts {
	var p parts
	for i := g.from; i < g.to; i++ {
		e := &es[i]
		switch {
		case e.field:
		case e.p != nil:
			p.places = append(p.places, i)
		case e.role == 'r':
			p.reports = append(p.reports, i)
		case e.w.Coarse() && !e.w.Span && e.role == 0:
			p.dates = append(p.dates, i)
		case e.role == 's':
			p.first = append(p.first, i)
		case e.role == 'e':
			p.last = append(p.last, i)
		default:
			p.clocks = append(p.clocks, i)
		}
	}
	if n := len(p.first); n > 1 && es[p.first[0]].w.DateOnly() && !es[p.first[0]].w.Span && !es[p.first[n-1]].w.Coarse() {
		p.dates, p.first = append(p.dates, p.first[0]), p.first[1:] // "parked there on 6 November, leaving it at 10am"
	}
	if len(p.first) == 0 || len(p.last) == 0 {
		if all := append(slices.Clone(p.clocks), p.reports...); len(p.first) == 1 && len(p.last) == 0 && len(p.places) == 1 && len(all) == 1 && !es[all[0]].w.Span && es[all[0]].w.Later == 0 && !(es[p.first[0]].w.Coarse() && es[all[0]].w.In(es[p.first[0]].w)) {
			p.since, p.seen = p.first[0], all[0]
		}
		for _, i := range append(p.first, p.last...) {
			if len(p.clocks) > 0 && len(p.places) > 0 && !es[i].w.DateOnly() && es[i].clause != es[p.places[0]].clause {
				es[i].fate = asideAgain // "the men returned at 3pm"
				continue
			}
			if w := es[i].w; w.Coarse() && !w.Span && len(p.clocks) > 0 && (w.DateOnly() || es[p.clocks[0]].w.In(w)) {
				p.dates = append(p.dates, i)
			} else {
				p.clocks = append(p.clocks, i)
			}
		}
		p.first, p.last = nil, nil
		slices.Sort(p.clocks)
		slices.Sort(p.dates)
	}
	if len(p.clocks)+len(p.first)+len(p.dates) == 0 {
		p.clocks, p.reports = p.reports, nil
		if len(p.clocks) == 2 && es[p.clocks[0]].w.DateOnly() && !es[p.clocks[1]].w.Coarse() {
			p.dates, p.clocks = p.clocks[:1], p.clocks[1:] // "On Tuesday she rang police at 11am to say"
		}
	}
	return p
}
