// Package bulletin reads the reports out of the prose of a press office: bullets,
// labelled lines, tables and running sentences. A text is taken apart into blocks,
// sentences and the places and times in them; these are read together in the
// groups that cost least; a ledger holds what became of each. It opens no file.
package bulletin

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/intake/when"
	"spreewatch/geo/address"
)

// Settings say how to read a bulletin.
type Settings struct {
	Received time.Time         // date of receipt; zero when not known
	Today    time.Time         // the clock: "on Wednesday 16 September" without a year is before it
	Zone     *time.Location    // of clock times
	Profiles []cluster.Profile // name an offence by their words
	Offence  string            // of every report; "" finds it
	Names    Names             // the gazetteer; nil reads by pattern alone
}

// Names is a gazetteer as the reader needs it. Names are as written.
type Names interface {
	Street(name string) bool        // a street has that name
	Settlement(name string) bool    // a settlement has that name
	Near(street, town string) bool  // a street of that name lies in or near the settlement, or one of the two is not known
	Beside(town, other string) bool // two settlements of those names are neighbours
}

type noNames struct{}

func (noNames) Street(string) bool         { return false }
func (noNames) Settlement(string) bool     { return false }
func (noNames) Near(string, string) bool   { return true }
func (noNames) Beside(string, string) bool { return false }

// An Entry of the ledger is a street, a settlement, a date or a clock time of the
// text and what became of it. It holds no words of the text.
type Entry struct {
	Line, Start, End int     // bytes of the text
	Kind             string  // "street", "settlement" or "time"
	Fate             string  // why it gave no report, "" when it is in one
	Group            int     // from 1; those of one group are read together, 0 for what was set aside before
	Cost             float64 // of reading the group as it was read; the least of all ways
	Margin           float64 // by how much the best reading of the text without that group costs more, +Inf where there is no other
	RivalStart       int     // bytes of what is read together in that reading instead
	RivalEnd         int
	Town             Choice // of the settlement that a street was given
	Clause           int    // from 1: the sentence that it stands in

	aside bool // set aside with its sentence
}

// A Choice is a settlement taken from elsewhere in the text, by the line that names it.
type Choice struct {
	Line      int     // 0 where the street names its own
	Cost      float64 // of taking that one
	RivalLine int     // that names another, the next best; 0 for none
	Margin    float64 // by how much that one costs more
}

// Read returns the reports of a bulletin, a text with single line feeds, and the
// lines that name a place or a time and gave none or have a date that contradicts
// its weekday, both in the order of their lines. A report has the line of its
// place, and a reference only when the text gives it one; its source is left to
// the caller. An interval may lie in the future or in another age when the text
// puts it there.
func Read(text string, o Settings) ([]data.Report, []*data.RowError) {
	reports, refused, _, _ := Explain(context.Background(), text, o)
	return reports, refused
}

// Explain reads a bulletin as Read does, and returns the ledger too, in the order
// of the text: each place and time of it stands in it once. The error is that of a
// context that ends before the text does.
func Explain(ctx context.Context, text string, o Settings) ([]data.Report, []*data.RowError, []Entry, error) {
	if o.Names == nil {
		o.Names = noNames{}
	}
	r := readText(ctx, text, o.Names)
	if ctx.Err() != nil {
		return nil, nil, nil, ctx.Err()
	}
	r.readCustoms()
	cal := r.readCalendar(o)
	refused := r.misfits(cal)
	active, index, gs, events := r.incidents(ctx, cal, o.Names)
	r.giveTowns(ctx, events, r.elements, index, o.Names)
	if ctx.Err() != nil {
		return nil, nil, nil, ctx.Err()
	}
	r.dropRetold(events, active)
	for i := range active {
		r.elements[index[i]] = active[i]
	}
	for k := range gs {
		for i := gs[k].from; i < gs[k].to; i++ {
			r.elements[index[i]].group = k + 1
		}
	}
	for k := range events {
		r.elements[index[events[k].element]].town = &events[k].town
	}
	reports := r.reports(events, active, gs, index, o)
	refused = append(refused, r.unread(events, active, gs)...)
	refused = append(refused, r.asides(events, active)...)
	refused = append(refused, r.doubts(events, active, gs)...)
	slices.SortStableFunc(refused, func(x, y *data.RowError) int {
		return cmp.Or(cmp.Compare(x.Line, y.Line), strings.Compare(x.Reason, y.Reason))
	})
	refused = slices.CompactFunc(refused, func(x, y *data.RowError) bool { return x.Line == y.Line && x.Reason == y.Reason })
	return reports, refused, r.ledger(gs, active), ctx.Err()
}

// incidents returns the elements that incidents are read from, where they stand among
// all, the groups they are read in and the incidents, in the order of the text.
func (r *reading) incidents(ctx context.Context, cal calendar, names Names) (active []element, index []int, gs []group, events []event) {
	active = make([]element, 0, len(r.elements))
	index = make([]int, 0, len(r.elements))
	timed := map[string]bool{} // the streets of which a sentence before gives a time
	for i := range r.elements {
		e := &r.elements[i]
		if r.spokenOf(i, timed) {
			e.fate, e.told = asideRetold, true
			continue
		}
		if r.blocks[e.block].call && e.w != nil {
			for k := e.block; k < min(len(r.blocks), e.block+2); k++ {
				r.blocks[k].stamped = e.w
			}
		}
		if e.fate = r.clauses[e.clause].aside; e.stamp {
			e.fate = asideDateline
			for k := e.block; k < len(r.blocks) && (k == e.block || e.header && k == e.block+1); k++ {
				r.blocks[k].stamped = e.w
			}
		} else if e.aside != "" {
			e.fate = e.aside
		} else if e.fate == "" && e.p != nil && e.p.street == "" && e.p.weak && r.clauses[e.clause].street {
			e.fate, e.told = asideLent, true // "in Pencombe Lane, half a mile out of Bromyard"
		} else if (e.fate == "" || r.lends(i, cal)) && !(e.w != nil && e.w.Vague && r.vagueBeside(i)) {
			e.fate = ""
			active = append(active, *e)
			index = append(index, i)
		} else if e.fate == "" {
			e.fate, e.told = "a time too vague to put on the calendar", true
		}
	}
	r.bareStreets(active, index, names)
	gs = segment(ctx, r, active)
	events = r.settle(ctx, active, gs, cal)
	if len(events) == 0 && ctx.Err() == nil && r.unquote() {
		return r.incidents(ctx, cal, names)
	}
	if es, at := r.oneStory(active, index, len(events) > 0); es != nil {
		for i := range active {
			r.elements[index[i]].fate, r.elements[index[i]].told = asideLent, true
		}
		active, index, gs = es, at, []group{{to: len(es), margin: math.Inf(1)}}
		events = r.settle(ctx, active, gs, cal)
	}
	return active, index, gs, events
}

// spokenOf reports whether a street is spoken of again in a sentence of prose that says neither
// when nor that something was done: "slept through the Mill Road raid". It notes the streets
// of sentences that say when.
func (r *reading) spokenOf(i int, timed map[string]bool) bool {
	e := &r.elements[i]
	c := &r.clauses[e.clause]
	if e.p == nil || e.p.street == "" || e.aside != "" || c.aside != "" {
		return false
	}
	name := strings.ToLower(e.p.named())
	says, others := false, false
	for k := max(0, i-longestGroup); k < min(len(r.elements), i+longestGroup); k++ {
		x := &r.elements[k]
		says = says || x.clause == e.clause && x.w != nil
		others = others || x.clause == e.clause && x.p != nil && k != i
	}
	if says {
		timed[name] = true
	}
	return !says && !others && timed[name] && !e.listed && !e.heading && !c.told && !c.again && !c.sums && e.p.town() == ""
}

// unquote makes accounts, in doubt, of what is said of something done in a street at a time
// of day, for a text that tells of nothing else, and reports whether there is any.
func (r *reading) unquote() bool {
	street, clock := map[int]bool{}, map[int]bool{} // by clause
	for i := range r.elements {
		if e := &r.elements[i]; e.aside == asideSpeech {
			street[e.clause] = street[e.clause] || e.p != nil && e.p.street != ""
			clock[e.clause] = clock[e.clause] || e.w != nil && !e.w.DateOnly()
		}
	}
	found := false
	for i := range r.elements {
		e := &r.elements[i]
		c := &r.clauses[e.clause]
		if e.aside == asideSpeech && c.aside != asideOther && c.aside != asideNothing && street[e.clause] && clock[e.clause] && c.tellsCrime(r.blocks[c.block].tokens) {
			c.aside, c.doubt, c.told, c.street, c.clock = "", true, true, true, true
			e.aside, found = "", true
		}
	}
	return found
}

// oneStory returns the elements of the one incident that a text tells of, over several
// paragraphs, and where they stand among all; none where it names no street or more than
// one, or says nothing done. Where incidents are read in it, the street has to be one
// that it asks about.
func (r *reading) oneStory(active []element, index []int, read bool) (es []element, at []int) {
	told, times, street := false, 0, -1
	asked, where := r.withAsked(active, index)
	if read && len(asked) == len(active) {
		return nil, nil
	}
	active, index = asked, where
	for i := range active {
		e := &active[i]
		told = told || r.clauses[e.clause].told
		switch {
		case e.w != nil:
			times++
		case e.p.street == "":
			continue
		case street < 0:
			street = i
		case !strings.EqualFold(e.p.named(), active[street].p.named()):
			return nil, nil
		default:
			continue
		}
		x := *e
		x.fate, x.told = "", false
		es, at = append(es, x), append(at, index[i])
	}
	if !told || street < 0 || times == 0 || len(es) > longestGroup {
		return nil, nil
	}
	return es, at
}

// withAsked returns elements with the streets that an appeal asks about and that nothing
// else names: "Did you see what happened in Mill Street?"
func (r *reading) withAsked(active []element, index []int) (es []element, at []int) {
	if slices.ContainsFunc(active, func(e element) bool { return e.p != nil && e.p.street != "" }) {
		return active, index
	}
	timed := map[int]bool{} // by clause: it says more of when than a day or a part of one
	for _, e := range r.elements {
		timed[e.clause] = timed[e.clause] || e.w != nil && !e.w.DateOnly() && !e.w.PartOnly()
	}
	asked := func(e element) bool {
		c := &r.clauses[e.clause]
		return e.p != nil && e.p.street != "" && e.aside == "" && c.aside == asideAppeal && !timed[e.clause]
	}
	if !slices.ContainsFunc(r.elements, asked) {
		return active, index
	}
	k := 0
	for i, e := range r.elements {
		if k < len(index) && index[k] == i {
			es, at = append(es, active[k]), append(at, i)
			k++
		} else if asked(e) {
			es, at = append(es, e), append(at, i)
		}
	}
	return es, at
}

// bareStreets makes streets of the bare names that are of no settlement where the text is
// at home: in the cells of a log, "07:50; Theft; Cornhill", under a label, in a list, and
// in a sentence that tells of something done at a time of day.
func (r *reading) bareStreets(es []element, index []int, o Names) {
	home, titled := r.homeland(), r.titled()
	lists := r.streetLists(es)
	full, short := streetItems(es)
	towns := r.townsFirst(es)
	for i := range es {
		e := &es[i]
		if towns != nil && e.p != nil && e.p.street != "" && len(e.p.towns) == 1 && r.opensAt(e, e.start) && !towns[strings.ToLower(e.p.town())] &&
			(towns[strings.ToLower(e.p.street)] || e.p.bare && !atlas()[NameKey(e.p.town())].settlement) {
			p := *e.p // "Bridport, West Allington" where another is "Bridport, South Street"
			p.street, p.towns = p.towns[0], []string{p.street}
			e.p, r.elements[index[i]].p = &p, &p
			continue
		}
		if e.p == nil || !e.p.bare || e.p.street != "" || len(e.p.towns) == 0 {
			continue
		}
		if e.label && i > 0 && es[i-1].block == e.block && es[i-1].w != nil && len(e.p.towns) == 1 && streetEnding(strings.ToLower(e.p.town())) && !atlas()[NameKey(e.p.town())].settlement {
			e.label, r.elements[index[i]].label = false, false // "Mon 1st, 19:40, Flowergate: mirrors kicked off"
			r.makeStreet(e, index[i])
			continue
		}
		if full > 1 && short == 0 && e.listed && onlyPlace(es, i) && !r.underLabel(e) && !r.inRecord(e) {
			continue // the other items say "Clwyd Street, Ruthin"
		}
		if town := lists[e.block]; town != "" && len(e.p.towns) == 1 && !o.Beside(e.p.town(), town) && (r.blocks[e.block].bullet || e.p.end+1 < len(r.blocks[e.block].tokens) && !home.has(e.p.town(), o)) {
			e.label, r.elements[index[i]].label = false, false
			r.makeStreet(e, index[i])
			continue
		}
		if r.underLabel(e) || r.inRecord(e) || len(home) > 0 && r.toldThere(es, i) && !home.has(e.p.town(), o) ||
			(titled != "" && !strings.EqualFold(e.p.town(), titled) || full == 0 && short > 1 && !home.has(e.p.town(), o)) && r.timedCell(es, i) {
			r.makeStreet(e, index[i])
		}
	}
}

// townsFirst returns the settlements, in lower case, that stand before their streets in a
// text in which more stand so than not, of those that begin an item or a cell.
func (r *reading) townsFirst(es []element) map[string]bool {
	out := map[string]bool{}
	first, after := 0, 0
	for i := range es {
		e := &es[i]
		if e.p == nil || e.p.bare || e.p.street == "" || e.p.town() == "" {
			continue
		}
		t := r.blocks[e.block].tokens
		if k := e.start - 2; k >= 0 && t[k+1].Kind == when.Mark && strings.HasSuffix(e.p.town(), t[k].Text) {
			if r.opensAt(e, e.start-1-len(strings.Fields(e.p.town()))) {
				out[strings.ToLower(e.p.town())] = true
				first++
			}
		} else if r.opensAt(e, e.start) {
			after++
		}
	}
	if first < 2 || first <= after {
		return nil
	}
	return out
}

// opensAt reports whether what names a place at token k begins an item or a cell.
func (r *reading) opensAt(e *element, k int) bool {
	b := &r.blocks[e.block]
	return k >= 0 && (k <= b.lead && b.kind != paragraph || k > 0 && b.tokens[k-1].Kind == when.Mark && !b.tokens[k-1].Is(",", "(", "'", "&", "/"))
}

// streetItems counts the items that name a street and its settlement, and those that name
// a street alone.
func streetItems(es []element) (full, short int) {
	for i := range es {
		if e := &es[i]; !e.listed || e.label || e.p == nil || e.p.street == "" || e.p.bare {
			continue
		} else if e.p.town() != "" {
			full++
		} else {
			short++
		}
	}
	return full, short
}

// onlyPlace reports whether element i is the only place of its block.
func onlyPlace(es []element, i int) bool {
	return !slices.ContainsFunc(es[max(0, i-longestGroup):min(len(es), i+longestGroup)], func(x element) bool {
		return x.p != nil && x.block == es[i].block && x.start != es[i].start
	})
}

// toldThere reports whether a bare name stands in a sentence that tells of something done
// at a time of day and names no street.
func (r *reading) toldThere(es []element, i int) bool {
	e := &es[i]
	c := &r.clauses[e.clause]
	timed := c.clock || c.period
	for k := i + 1; k < len(es) && es[k].clause == e.clause && c.told; k++ {
		timed = timed || es[k].w != nil
	}
	if e.listed && c.tellsCrime(r.blocks[c.block].tokens) && onlyPlace(es, i) { // "10.20pm. Youths kicking doors in West Allington"
		for k := i - 1; k >= 0 && es[k].block == e.block; k-- {
			timed = timed || es[k].w != nil && r.opensAt(&es[k], es[k].start)
		}
	}
	return !c.street && !e.label && !e.heading && len(e.p.towns) == 1 && timed && !c.sums && c.aside == "" && !e.p.weak
}

// timedCell reports whether a bare name is a cell of a line that gives a time and no
// street.
func (r *reading) timedCell(es []element, i int) bool {
	e := &es[i]
	if !e.p.cell || !e.listed || e.label || e.p.towns[0] != e.p.town() || len(e.p.towns) > 1 && !hasDigit(e.p.towns[1]) {
		return false
	}
	timed := false
	for k := max(0, i-6); k < min(len(es), i+6); k++ {
		if es[k].block != e.block {
			continue
		}
		if timed = timed || es[k].w != nil; es[k].p != nil && es[k].p.street != "" {
			return false
		}
	}
	return timed
}

// titled returns the settlement that the title of a text, or its first line, names; ""
// for none.
func (r *reading) titled() string {
	for i := range r.elements {
		e := &r.elements[i]
		if e.aside == "" && e.p != nil && e.p.street == "" && e.p.town() != "" && !e.p.weak {
			if aside := r.clauses[e.clause].aside; e.heading || aside == asideDateline || aside == asidePeriod {
				return e.p.town()
			}
			return ""
		}
	}
	return ""
}

// streetLists returns the items of the lists that each name one place, each with the
// settlement that the line above names, where it names one and one of the items at least a street: the others are
// streets too. "Four reports in Beverley: - Lairgate, 9am - Westwood Road, 11am". Names that
// the atlas does not know have that of the title.
func (r *reading) streetLists(es []element) map[int]string {
	out := map[int]string{}
	towns, from := map[string]bool{}, 0
	for i := 0; i < len(r.blocks); i++ {
		first := i
		for i < len(r.blocks) && (r.blocks[i].bullet || r.blocks[i].kind == item) && (i == first || !r.blocks[i].gap) {
			i++
		}
		if i-first < 2 {
			i = first
			clear(towns)
			for ; from < len(es) && es[from].block <= i; from++ {
				if p := es[from].p; p != nil && p.town() != "" && es[from].block == i {
					towns[strings.ToLower(p.town())] = true
				}
			}
			continue
		}
		streets, names, one := 0, 0, true
		last := -1
		for ; from < len(es) && es[from].block < i; from++ {
			p := es[from].p
			if p == nil || es[from].block < first {
				continue
			}
			one = one && es[from].block != last && (p.street == "" || len(p.towns) == 0)
			last = es[from].block
			if p.street != "" {
				streets++
			} else {
				names++
			}
		}
		town := ""
		for town = range towns {
		}
		if len(towns) == 0 {
			town = r.titled()
		}
		for k := first; k < i && one && len(towns) < 2 && streets > 0 && names > 0; k++ {
			out[k] = town
		}
		i--
	}
	return out
}

// alikeStreets makes streets of the names that lines begin with as a line beside them begins
// with a street, under a heading that names their settlement: "Broadgate: a bike taken", "High
// Road: gin taken".
func (r *reading) alikeStreets() {
	first := make([]int, len(r.blocks)) // the first element of each block that is a place, -1 for none
	timed := make([]bool, len(r.blocks))
	for b := range first {
		first[b] = -1
	}
	streets := map[int]bool{} // by block
	for i := len(r.elements) - 1; i >= 0; i-- {
		e := &r.elements[i]
		timed[e.block] = timed[e.block] || e.w != nil
		if e.p != nil {
			first[e.block] = i
			streets[e.block] = streets[e.block] || e.p.street != ""
		}
	}
	town, model := "", -1 // of the heading, and the line that begins with a street
	var lines []int
	var added []element
	flush := func() {
		for _, b := range lines {
			if model < 0 || town == "" {
				break
			}
			if e, ok := r.alikeStreet(b, first[b], first[model], town); ok {
				added = append(added, e)
			}
		}
		lines, model = lines[:0], -1
	}
	for b := range r.blocks {
		t := r.blocks[b].tokens
		if !slices.ContainsFunc(t, func(x when.Token) bool { return x.Kind != when.Mark }) {
			continue
		}
		i := first[b]
		if i >= 0 && r.elements[i].p.street == "" && !timed[b] && len(t) < 8 {
			flush()
			town = r.elements[i].p.town()
			continue
		}
		if len(lines) > 0 && r.blocks[b].gap && r.blocks[b].kind != r.blocks[lines[len(lines)-1]].kind {
			flush()
			town = ""
		}
		if streets[b] && i >= 0 && r.elements[i].start == labelStart(t) && r.elements[i].p.street != "" && len(r.elements[i].p.towns) == 0 {
			model = b
		} else if !streets[b] && timed[b] {
			lines = append(lines, b)
		}
	}
	flush()
	if r.elements = append(r.elements, added...); len(added) > 0 {
		slices.SortStableFunc(r.elements, func(a, b element) int { return cmp.Or(cmp.Compare(a.block, b.block), cmp.Compare(a.start, b.start)) })
	}
}

// alikeStreet makes a street of the name that block b begins with, where the street that is
// its model, an element, has the same mark behind it. It returns a new element for it where
// the name is none yet; i is the first place of the block, -1 for none.
func (r *reading) alikeStreet(b, i, model int, town string) (element, bool) {
	w := wordsOf(r.blocks[b].tokens, noNames{})
	from := labelStart(w.t)
	n := w.nameAt(from)
	e := &r.elements[max(i, 0)]
	if i >= 0 && e.start == from {
		n = e.end
	}
	like := &r.elements[model]
	t := r.blocks[like.block].tokens
	mark := t[min(like.end, len(t)-1)]
	if n == from || n > from+3 || n == len(w.t) || w.t[n].Kind != when.Mark || w.t[n].Low != mark.Low || i >= 0 && e.start != from || !w.t[from].Capital() || openers[w.t[from].Low] && !w.is(from, "the") || !slices.ContainsFunc(w.t[from:n], func(x when.Token) bool { return unheard(x.Low) }) {
		return element{}, false
	}
	name := w.text(from, n)
	if k, of := atlas()[NameKey(name)], atlas()[NameKey(town)]; strings.EqualFold(name, town) || k.region || k.settlement && !streetEnding(strings.ToLower(name)) && k.apart(of) < alikeApart {
		return element{}, false
	}
	p := &place{start: from, end: n, street: name, bare: true, cell: true}
	c := r.clauseAt(b, from)
	r.clauses[c].street = true
	if i >= 0 {
		e.p, e.label, e.heading = p, false, false
		return element{}, false
	}
	return element{block: b, clause: c, start: from, end: n, line: int(w.t[from].Line), p: p, listed: r.blocks[b].kind == item || r.blocks[b].kind == field}, true
}

// alikeApart is within how many kilometres of the settlement of a heading a name is rather of
// another than of a street.
const alikeApart = 25

// makeStreet takes the bare name of an element for that of a street.
func (r *reading) makeStreet(e *element, i int) {
	p := *e.p
	p.street, p.towns = p.towns[0], p.towns[1:]
	e.p, r.elements[i].p = &p, &p
}

// inRecord reports whether a bare name is the place of a record that labels the town too.
func (r *reading) inRecord(e *element) bool {
	if e.p == nil || !e.p.bare || e.p.street != "" || len(e.p.towns) != 1 || r.blocks[e.block].label != "place" && r.blocks[e.block].label != "street" {
		return false
	}
	for k := e.block + 1; k < min(len(r.blocks), e.block+4) && r.blocks[k].kind == field && !r.blocks[k].gap; k++ {
		if r.blocks[k].label == "locality" {
			return true
		}
	}
	return false
}

// underLabel reports whether a bare name stands in a block that a settlement labels
// and that names no street: "LANGPORT: diesel was drained from a lorry in Westover".
func (r *reading) underLabel(e *element) bool {
	if e.p == nil || !e.p.bare || e.label || e.p.street != "" || len(e.p.towns) != 1 {
		return false
	}
	labelled := false
	i, _ := slices.BinarySearchFunc(r.elements, e.block, func(x element, b int) int { return x.block - b })
	for ; i < len(r.elements) && r.elements[i].block == e.block; i++ {
		x := &r.elements[i]
		if x.aside != "" {
			continue
		}
		if x.p != nil && x.p.street != "" || x.p != nil && x.start != e.start && !x.label {
			return false
		}
		labelled = labelled || x.label && !strings.EqualFold(x.p.town(), e.p.town())
	}
	return labelled
}

// lends reports whether a day stands in a sentence that names no street and tells of
// nothing done, and is past: "Were you in Holt on Tuesday 3 March? At 10am a van was
// taken". Of what went before an incident a stretch completes its day: "on Tuesday a shed was
// forced. The family had been out between 9am and 2pm".
func (r *reading) lends(i int, cal calendar) bool {
	e := &r.elements[i]
	c := &r.clauses[e.clause]
	if e.w != nil && c.aside == asideBefore && e.w.Span && !e.w.Dated() && i > 0 && !c.street {
		x := &r.elements[i-1]
		return x.w != nil && x.w.DateOnly() && x.block == e.block && x.clause+1 == e.clause && r.clauses[x.clause].aside == ""
	}
	if e.w == nil || !e.w.Coarse() {
		return false
	}
	next := slices.IndexFunc(r.elements[i+1:min(len(r.elements), i+longestGroup)], func(x element) bool { return x.clause > e.clause && x.w != nil }) + i + 1
	counts := next > i && r.elements[next].clause == e.clause+1 && r.elements[next].w.Relative() // "The same afternoon a bike was taken"
	switch n := e.clause + 1; {
	case !counts && c.street:
		return false
	case c.aside == asideAppeal, c.aside == asidePresent:
	case c.aside != asideEvent && c.aside != asideFigures && !(counts && (c.aside == asidePatrol || c.aside == asideCourt || c.aside == asideOther)),
		!e.w.DateOnly(), e.w.Span, n == len(r.clauses), r.clauses[n].block != c.block, r.clauses[n].aside != "":
		return false // "Saturday 15 June was the day of the fair. That morning a bike was taken"
	}
	days, _, err := (&thread{set: cal.setting()}).dates(e.w)
	return err == nil && len(days) > 0 && !days[0].UTC().After(cal.almanac.Reference().UTC())
}

// vagueBeside reports whether a vague time stands beside one that is not, or
// beside no place.
func (r *reading) vagueBeside(i int) bool {
	e := &r.elements[i]
	place := false
	for _, step := range []int{-1, 1} {
		for k := i + step; k >= 0 && k < len(r.elements) && r.elements[k].clause == e.clause; k += step {
			x := &r.elements[k]
			if x.w != nil && !x.w.Vague {
				return true
			}
			place = place || x.p != nil
		}
	}
	return !place || r.clauses[e.clause].intro
}

// dropRetold drops the incidents that are a second telling: a settlement in a
// sentence that sums up what is told of its streets, and one told for a day or a part of
// it in which another was at the same place.
func (r *reading) dropRetold(events []event, es []element) {
	streets := slices.ContainsFunc(events, func(e event) bool { return e.p.street != "" })
	for k := range events {
		e := &events[k]
		sums := e.sums && (e.heading && es[e.element].block == 0 && streets || r.toldOf(events, k, !e.heading && r.clauses[es[e.element].clause].told))
		if e.p.street == "" && (sums || r.leads(events, k, es) || r.toldBeside(events, k, es)) || r.postedAgain(events, k, es) {
			e.dropped, es[e.element].fate = true, asideRetold
		}
	}
	for k := range events {
		e := &events[k]
		for i := max(0, k-3); i < min(len(events), k+4) && !e.dropped && r.clauses[es[e.element].clause].told && !es[e.element].listed; i++ {
			f := &events[i]
			if i != k && !f.dropped && f.group != e.group && e.p.street != "" && strings.EqualFold(f.p.named(), e.p.named()) && strings.EqualFold(f.p.town(), e.p.town()) &&
				(coarser(e, f) || e.iv.To.After(e.iv.From) && !f.iv.From.Before(e.iv.From) && !f.iv.To.After(e.iv.To) && r.clauses[es[e.element].clause].asks(r.blocks[es[e.element].block].tokens)) {
				e.dropped, es[e.element].fate = true, asideRetold // "in the early hours of Sunday", then "at 1.25am"
			}
		}
	}
	for k := range events {
		// one settlement told of again is told of again at all its times
		if e := &events[k]; e.sums && e.p.street == "" && es[e.element].fate == asideRetold {
			e.dropped = true
		}
	}
}

// coarser reports whether an event is told for a day or a part of one in which another was.
func coarser(e, f *event) bool {
	long := e.iv.To.Sub(e.iv.From)
	return long >= 4*time.Hour && long <= 24*time.Hour && f.iv.To.Sub(f.iv.From) < long/4 && !f.iv.From.Before(e.iv.From) && !f.iv.To.After(e.iv.To) && (e.iv.Precision != data.PrecisionWindow || e.iv.From.Hour()%6 == 0 && long == 6*time.Hour)
}

// leads reports whether an event in a settlement, on a day or in a part of one, is
// the first telling of the next event, which is in a street and within its time:
// "A house in Wargrave was burgled yesterday. Between 10am and noon a man entered a
// house in School Lane".
func (r *reading) leads(events []event, k int, es []element) bool {
	e := &events[k]
	if k+1 == len(events) || es[e.element].listed && es[e.element].block != es[events[k+1].element].block || e.iv.Precision == data.PrecisionExact || e.iv.Precision == data.PrecisionAround {
		return false
	}
	f := &events[k+1]
	same := f.p.town() == "" || strings.EqualFold(f.p.town(), e.p.town())
	coarse := f.iv.To.Sub(f.iv.From) < e.iv.To.Sub(e.iv.From)
	return same && coarse && f.p.street != "" && es[f.element].listed == es[e.element].listed && f.group != e.group && !r.clauses[es[f.element].clause].again &&
		f.iv.From.Before(e.iv.To) && e.iv.From.Before(f.iv.To) && e.iv.To.Sub(e.iv.From) <= 24*time.Hour
}

// toldBeside reports whether a street of the settlement of an event is told of in the same
// paragraph, at the same time: "they were in Epworth. At 7.30pm a van left Burnham Road".
func (r *reading) toldBeside(events []event, k int, es []element) bool {
	e := &events[k]
	return !es[e.element].listed && slices.ContainsFunc(events[max(0, k-3):min(len(events), k+4)], func(f event) bool {
		return f.p.street != "" && es[f.element].block == es[e.element].block && strings.EqualFold(f.p.town(), e.p.town()) && f.iv == e.iv
	})
}

// postedAgain reports whether an event is a street told of in an earlier post, without a time
// but that of its own post: "Update on the bakery in Mill St".
func (r *reading) postedAgain(events []event, k int, es []element) bool {
	e := &events[k]
	here := &es[e.element]
	if e.p.street == "" || e.town.Line == 0 || !r.blocks[here.block].post {
		return false
	}
	if slices.ContainsFunc(es[max(0, e.element-longestGroup):min(len(es), e.element+longestGroup)], func(x element) bool { return x.block == here.block && x.w != nil && x.start > r.blocks[x.block].lead+1 }) {
		return false
	}
	return slices.ContainsFunc(events[max(0, k-longestList):k], func(f event) bool {
		return !f.dropped && es[f.element].block < here.block && longStreet(f.p.named()) == longStreet(e.p.named())
	})
}

// longStreet returns the name of a street with its type in full, in lower case.
func longStreet(s string) string {
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		words[i] = cmp.Or(address.StandsFor(words, i), w)
	}
	return strings.Join(words, " ")
}

// toldOf reports whether the day and the settlement of an event are those of
// events in streets, which it then sums up.
func (r *reading) toldOf(events []event, k int, leads bool) bool {
	e := &events[k]
	from := max(0, k-24)
	if leads {
		from = k + 1 // what was told before it is another incident
	}
	within := 0 // in other settlements, which may be parts of this one
	for i := from; i < len(events) && i < k+24; i++ {
		f := &events[i]
		if f.p.street == "" || f.iv.From.Before(e.iv.From) || f.iv.To.After(e.iv.To) {
			continue
		}
		if within++; strings.EqualFold(f.p.town(), e.p.town()) || f.p.town() == "" || k == 0 && within > 1 {
			return true
		}
	}
	return false
}

// reports makes the reports of the events and marks what they used.
func (r *reading) reports(events []event, es []element, gs []group, index []int, o Settings) []data.Report {
	namer := newNamer(r, events, es, o)
	var out []data.Report
	for k := range events {
		e := &events[k]
		g := gs[e.group]
		for i := g.from; i < g.to; i++ {
			if es[i].w != nil || es[i].field || i == e.element {
				r.elements[index[i]].told = true
			}
		}
		if e.dropped {
			continue
		}
		offence, ref := namer.name(e)
		out = append(out, data.Report{
			Ref: ref, Offence: offence, Location: e.p.text(), From: e.iv.From, To: e.iv.To, Precision: e.iv.Precision,
			DateRule: e.iv.Rule, Reported: e.report, Line: e.line,
		})
	}
	slices.SortStableFunc(out, func(x, y data.Report) int { return cmp.Compare(x.Line, y.Line) })
	return out
}

// unread lists the lines of accounts with a place or a time that gave no report.
func (r *reading) unread(events []event, es []element, gs []group) []*data.RowError {
	told := make([]bool, len(gs))
	for k := range events {
		told[events[k].group] = true
	}
	var out []*data.RowError
	for k, g := range gs {
		for i := g.from; i < g.to; i++ {
			e := &es[i]
			switch {
			case told[k] && e.fate != errOtherDay || e.told || e.fate == asideLent:
			case e.fate == "":
				out = append(out, &data.RowError{Line: e.line, Reason: "not settled", Unread: true})
			case e.fate == when.ErrCalendar.Error():
				out = append(out, &data.RowError{Line: e.line, Field: "from", Reason: e.fate})
			default:
				out = append(out, &data.RowError{Line: e.line, Reason: e.fate, Unread: true})
			}
		}
	}
	return out
}

// doubts lists the lines of reports that another reading is nearly as good as.
func (r *reading) doubts(events []event, es []element, gs []group) []*data.RowError {
	var out []*data.RowError
	for k := range events {
		if e := &events[k]; !e.dropped && (gs[e.group].margin < doubtGroup && gs[e.group].differs(es, e.element) || e.town.RivalLine > 0 && e.town.Margin < doubtTown || e.guessed || r.clauses[es[e.element].clause].doubt) {
			out = append(out, &data.RowError{Line: e.line, Reason: "read, but another reading is nearly as good", Unread: true})
		}
	}
	return out
}

// differs reports whether a place has other clock times in the rival of its group.
func (g group) differs(es []element, place int) bool {
	if place < g.rival[0] || place >= g.rival[1] {
		return true
	}
	for i := min(g.from, g.rival[0]); i < max(g.to, g.rival[1]); i++ {
		in, there := i >= g.from && i < g.to, i >= g.rival[0] && i < g.rival[1]
		if in != there && es[i].w != nil && !es[i].w.Coarse() {
			return true
		}
	}
	return false
}

// asides lists the sentences with a street that no incident has that were set aside in
// doubt, and with a clock time too those that tell of something done, the appeals and the
// advice: an incident may hide in them. So it may in a name that no incident has and that
// stands without a time where something was done.
func (r *reading) asides(events []event, active []element) []*data.RowError {
	told, names, clauses := map[string]bool{}, map[string]bool{}, map[int]bool{}
	for k := range events {
		told[strings.ToLower(events[k].p.street)] = true
		names[NameKey(events[k].p.town())], names[NameKey(events[k].p.street)] = true, true
		clauses[active[events[k].element].clause] = true
	}
	dated := map[int]bool{} // by block: an item that gives a date, and no incident is read from it
	for i := range r.elements {
		if e := &r.elements[i]; len(events) > 0 && r.blocks[e.block].bullet && e.w != nil && e.w.Dated() && e.fate == asideLent {
			dated[e.block] = true
		}
	}
	for k := range events {
		delete(dated, active[events[k].element].block)
	}
	var out []*data.RowError
	for i := range r.elements {
		e := &r.elements[i]
		c := &r.clauses[e.clause]
		if e.p != nil && e.p.street == "" && e.fate == asideLent && c.aside == "" && (c.told || dated[e.block]) && !c.sums && !c.street && !e.heading && !e.label && !clauses[e.clause] && !names[NameKey(e.p.town())] {
			out = append(out, &data.RowError{Line: e.line, Reason: errNoTime.Error(), Unread: true})
			continue
		}
		if e.p != nil && e.p.street != "" && e.aside == asideSpeech && !told[strings.ToLower(e.p.street)] && r.saysWhen(i) {
			out = append(out, &data.RowError{Line: e.line, Reason: asideSpeech + ", but perhaps an incident", Unread: true})
			continue
		}
		if e.p == nil || e.p.street == "" || e.aside != "" || c.aside == "" || told[strings.ToLower(e.p.street)] {
			continue
		}
		if c.doubt || c.clock && (c.told || c.aside == asideAppeal || c.aside == asideAdvice || c.aside == asideCourt && c.tellsCrime(r.blocks[c.block].tokens)) {
			out = append(out, &data.RowError{Line: e.line, Reason: c.aside + ", but perhaps an incident", Unread: true})
		}
	}
	return out
}

// saysWhen reports whether what is said beside an element gives a time of day.
func (r *reading) saysWhen(i int) bool {
	for k := max(0, i-3); k < min(len(r.elements), i+4); k++ {
		if x := &r.elements[k]; x.block == r.elements[i].block && x.aside == asideSpeech && x.w != nil && !x.w.DateOnly() {
			return true
		}
	}
	return false
}

// ledger returns what became of each place and time of the text. One without a
// fate is a fault of the reader, and says so.
func (r *reading) ledger(gs []group, active []element) []Entry {
	out := make([]Entry, 0, len(r.elements))
	for i := range r.elements {
		e := &r.elements[i]
		t := r.blocks[e.block].tokens
		x := Entry{Line: e.line, Start: int(t[e.start].Pos), End: int(t[e.end-1].End), Kind: "time", Fate: e.fate, Group: e.group, Clause: e.clause + 1}
		if e.town != nil {
			x.Town = *e.town
		}
		x.aside = e.group == 0 && !e.stamp
		if e.group > 0 {
			g := &gs[e.group-1]
			x.Cost, x.Margin = g.cost, g.margin
			from, to := &active[g.rival[0]], &active[max(g.rival[1], 1)-1]
			x.RivalStart, x.RivalEnd = int(r.blocks[from.block].tokens[from.start].Pos), int(r.blocks[to.block].tokens[to.end-1].End)
		}
		if e.p != nil {
			x.Kind = "settlement"
			if e.p.street != "" {
				x.Kind = "street"
			}
		}
		if x.Fate == "" && !e.told {
			x.Fate = "not settled"
		}
		out = append(out, x)
	}
	return oncePerSpan(out)
}

// oncePerSpan puts a ledger in the order of the text and leaves one entry of those for
// what an item over others says to each of them: one that is in a report, if any is.
func oncePerSpan(ledger []Entry) []Entry {
	slices.SortStableFunc(ledger, func(x, y Entry) int { return cmp.Compare(x.Start, y.Start) })
	out := ledger[:0]
	for _, e := range ledger {
		if n := len(out) - 1; n < 0 || out[n].Start != e.Start || out[n].End != e.End {
			out = append(out, e)
		} else if out[n].Fate != "" && e.Fate == "" {
			out[n] = e
		}
	}
	return out
}

// String returns the entry in one line.
func (e Entry) String() string {
	fate := e.Fate
	if fate == "" {
		fate = "in a report"
	}
	s := fmt.Sprintf("line %d, bytes %d to %d, %s: %s", e.Line, e.Start, e.End, e.Kind, fate)
	if e.Group == 0 {
		return s
	}
	s += fmt.Sprintf(" (group %d, cost %.2f", e.Group, e.Cost)
	if !math.IsInf(e.Margin, 0) {
		s += fmt.Sprintf("; its rival reads bytes %d to %d together and costs %.2f more", e.RivalStart, e.RivalEnd, e.Margin)
	}
	if t := e.Town; t.Line > 0 {
		s += fmt.Sprintf("; its settlement from line %d, cost %.2f", t.Line, t.Cost)
		if t.RivalLine > 0 {
			s += fmt.Sprintf(", that of line %d costs %.2f more", t.RivalLine, t.Margin)
		}
	}
	return s + ")"
}

// SetAside returns, in the order of the text, the lines of a ledger that name a place
// in a sentence that was set aside, and there a time or right behind it one that was set
// aside with it or only lent, and why: once each.
func SetAside(ledger []Entry) []data.RowError {
	var out []data.RowError
	for i := 0; i < len(ledger); {
		place, time := -1, false
		j := i
		for ; j < len(ledger) && ledger[j].Clause == ledger[i].Clause; j++ {
			e := &ledger[j]
			if e.Kind == "time" {
				time = true
			} else if e.aside && e.Fate != asideDateline && e.Fate != asidePeriod && e.Fate != asideSigned && place < 0 {
				place = j
			}
		}
		if behind := j < len(ledger) && place >= 0 && ledger[j].Kind == "time" && (ledger[j].Fate == asideLent || ledger[j].Fate == ledger[place].Fate) && ledger[j].Line-ledger[place].Line <= 1; place >= 0 && (time || behind) {
			out = append(out, data.RowError{Line: ledger[place].Line, Reason: ledger[place].Fate})
		}
		i = j
	}
	return out
}
