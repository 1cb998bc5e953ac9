package bulletin

import (
	"context"
	_ "embed"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"spreewatch/data/intake/when"
)

// townTable holds a feature of settlements that may be lent to a street in each line,
// and its weight in hundredths. It is learnt from testdata by the test that reads it.
//
//go:embed towns.tsv
var townTable string

var townWeights = sync.OnceValue(func() map[string]float64 {
	out := map[string]float64{}
	for line := range strings.Lines(townTable) {
		f, weight, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		n, _ := strconv.Atoi(weight)
		out[f] = float64(n) / 100
	}
	return out
})

// mostMentions is how many of the settlements named before a street, and behind it, it
// may take one from.
const mostMentions = 24

// A mention is a settlement that the text names, or a name that may be of one.
type mention struct {
	block, clause int
	start, end    int // tokens of the block
	line          int
	name, key     string // key is its NameKey
	known         known
	says          []string // features that hold wherever it is lent to
	item          bool     // stands in an item of a list, whose name holds for it alone
	heading       bool
	label         bool
	several       bool // is named together with others: "Holt and Elsing"
	seat          bool // those who investigate are of it: "Detectives in Leeds"
}

// mentions returns the names of the text, in its order, that may be of settlements: what
// was read as one, and what the atlas knows.
func (r *reading) mentions() []mention {
	covered := make([]int, len(r.blocks)) // tokens of the block that are part of a time or a place
	var out []mention
	k := 0
	for b := range r.blocks {
		for covered[b] = 0; k < len(r.elements) && r.elements[k].block == b; k++ {
			e := &r.elements[k]
			out = r.scan(out, b, covered[b], e.start)
			covered[b] = max(covered[b], e.end)
			if e.p == nil || e.p.town() == "" {
				continue
			}
			name := e.p.town()
			if n := len(e.p.towns); e.p.street == "" && n == 2 && when.AnyWord(r.blocks[b].tokens, e.start, e.end, "area") {
				name = e.p.towns[1] // "the Ballymacool area of Letterkenny"
			}
			m := r.mention(b, e.start, e.end, name)
			m.line, m.clause, m.label, m.heading = e.line, e.clause, e.label, e.heading
			m.says = append(m.says, e.says()...)
			if c := &r.clauses[e.clause]; e.aside != "" || c.aside != "" {
				m.says = append(m.says, "in "+c.aside+e.aside)
			}
			if out = append(out, m); e.p.street == "" {
				out = r.pieces(out, &m)
			}
		}
		out = r.scan(out, b, covered[b], len(r.blocks[b].tokens))
	}
	slices.SortStableFunc(out, func(x, y mention) int {
		if x.block != y.block {
			return x.block - y.block
		}
		return x.start - y.start
	})
	out = slices.DeleteFunc(out, func(m mention) bool { return offices[m.key] || buildings[m.key] }) // "POLICE AND UNIVERSITY APPEAL"
	for i := range out {
		out[i].several = i > 0 && r.listed(&out[i-1], &out[i]) || i+1 < len(out) && r.listed(&out[i], &out[i+1])
		r.describe(&out[i])
	}
	onTheGround(out)
	standing(out)
	return out
}

// standing says which name a text has most often, and whether its title has one alone.
func standing(ms []mention) {
	times, titled, towns := map[string]int{}, map[string]bool{}, map[string]bool{}
	most := 1
	for i := range ms {
		m := &ms[i]
		if !m.known.settlement && !slices.Contains(m.says, "read") {
			continue
		}
		key := m.key
		towns[key] = towns[key] || m.known.settlement && !m.known.region
		times[key]++
		most = max(most, times[key])
		if m.block == 0 || slices.Contains(m.says, "in "+asideDateline) {
			titled[key] = true
		}
	}
	for i := range ms {
		m := &ms[i]
		key := m.key
		if m.seat {
			others := maps.Clone(towns)
			maps.DeleteFunc(others, func(k string, town bool) bool { return !town || k == key })
			if len(others) > 0 {
				m.says = append(m.says, "a seat beside others")
			}
		}
		if most > 1 && times[key] == most {
			m.says = append(m.says, "named most")
		}
		switch {
		case titled[key] && len(titled) == 1:
			m.says = append(m.says, "alone in the title")
		case titled[key]:
			m.says = append(m.says, "one of the title's")
		case len(titled) == 1:
			m.says = append(m.says, "not the title's")
		}
	}
}

// neighbours is how far apart the settlements of one text are, in kilometres.
const neighbours = 45

// onTheGround says of the settlements of the atlas whether they are near the others that
// a text names.
func onTheGround(ms []mention) {
	names := map[string]known{}
	for i := range ms {
		if m := &ms[i]; m.known.settlement && len(names) < mostMentions {
			names[m.key] = m.known
		}
	}
	near := map[string]int{}
	most := 0
	for a, x := range names {
		for b, y := range names {
			if a != b && x.apart(y) < neighbours {
				near[a]++
			}
		}
		most = max(most, near[a])
	}
	for i := range ms {
		n, is := near[ms[i].key]
		switch _, known := names[ms[i].key]; {
		case !known || most == 0:
		case !is:
			ms[i].says = append(ms[i].says, "far from all others")
		case n*2 >= most:
			ms[i].says = append(ms[i].says, "near the others")
		}
	}
}

// says returns the features of a settlement by how it was read.
func (e *element) says() []string {
	out := []string{"read"}
	for _, x := range []struct {
		holds bool
		name  string
	}{
		{e.p.street != "", "of a street"}, {e.p.weak, "weak"}, {e.label, "label"}, {e.field, "field"}, {e.p.cell, "cell"}, {!e.p.bare && e.p.street == "", "proved"},
	} {
		if x.holds {
			out = append(out, x.name)
		}
	}
	return out
}

// mention returns a mention at tokens [i, j) of a block.
func (r *reading) mention(b, i, j int, name string) mention {
	bl := &r.blocks[b]
	key := NameKey(name)
	return mention{block: b, clause: r.clauseAt(b, i), start: i, end: j, line: int(bl.tokens[i].Line), name: name, key: key, known: atlas()[key],
		item: bl.kind == item, heading: bl.kind == headline}
}

// clauseAt returns the sentence that token i of a block stands in.
func (r *reading) clauseAt(b, i int) int {
	k, _ := slices.BinarySearchFunc(r.clauses, i+1, func(c clause, at int) int {
		if c.block != b {
			return c.block - b
		}
		return c.start - at
	})
	return max(0, k-1)
}

// longestName is how many words the name of a settlement has at most.
const longestName = 5

// scan adds the names that the atlas knows in tokens [i, j) of a block, the longest at
// each, and those before a region: "Haines, Alaska".
func (r *reading) scan(out []mention, b, i, j int) []mention {
	t, masked, people := r.blocks[b].tokens, r.blocks[b].masked, r.blocks[b].people
	for ; i < j; i++ {
		if i < len(masked) && masked[i] || t[i].Kind != when.Word || !t[i].Capital() || t[i].Quoted {
			continue
		}
		if people != nil && people[i] {
			out = r.ofSomebody(out, b, i, j)
			continue
		}
		n := knownEnd(t, i, j)
		if n == i+1 && (matters[t[i].Low] || n < len(t) && otherwise(t, i)) || n > i && n < len(t) && t[n].Is("in", "on", "church") && (words{t: t}).church(i, n) {
			continue
		}
		if n == 0 || n < min(j, len(t)) && strange(t[n]) {
			known := n
			if n = nameAlone(t, i, j); n == 0 {
				out = r.begins(out, b, i, known)
			}
		}
		name := ownTown(t[i]) // "it was Pickering's turn"
		if name != "" {
			n = i + 1
		} else if n > 0 {
			name = textOf(t[i:n])
		} else {
			continue
		}
		m := r.mention(b, i, n, name)
		if c := &r.clauses[m.clause]; c.aside != "" {
			m.says = append(m.says, "in "+c.aside)
		}
		m.says = append(m.says, "scanned")
		out = append(r.pieces(out, &m), m)
		i = n - 1
	}
	return out
}

// knownEnd returns the end of the longest settlement of the atlas at token i, 0 for none.
func knownEnd(t []when.Token, i, j int) int {
	n := 0
	for k := i + 1; k <= min(j, i+longestName); k++ {
		if t[k-1].Kind == when.Mark && !t[k-1].Dash() && !t[k-1].Is("'", "’", ".") || k-1 > i && t[k-1].Newline {
			break
		}
		if t[k-1].Kind == when.Word && atlas()[NameKey(textOf(t[i:k]))].settlement {
			n = k
		}
	}
	return n
}

// piece is a mention of a settlement of the atlas that stands in something longer.
func (r *reading) piece(b, i, j int, name, how string) mention {
	m := r.mention(b, i, j, name)
	m.says = append(m.says, "scanned", how)
	return m
}

// ofSomebody adds the settlement at token i that stands in brackets behind a name: "Carol
// (Prestbury Watch)".
func (r *reading) ofSomebody(out []mention, b, i, j int) []mention {
	t := r.blocks[b].tokens
	if n := knownEnd(t, i, j); n > 0 && i > 0 && t[i-1].Is("(", "[") {
		return append(out, r.piece(b, i, n, textOf(t[i:n]), "of somebody"))
	}
	return out
}

// begins adds the settlement of the atlas at tokens [i, n), none where n is 0, with which the
// name of who sends the text begins.
func (r *reading) begins(out []mention, b, i, n int) []mention {
	if n == 0 || !r.named(b, i) {
		return out
	}
	return append(out, r.piece(b, i, n, textOf(r.blocks[b].tokens[i:n]), "begins a name"))
}

// named reports whether a name at token i of a block is that of who sends the text or whom
// it is about: it stands in the title or in a signature.
func (r *reading) named(b, i int) bool {
	return b == 0 || r.clauses[r.clauseAt(b, i)].aside == asideSigned
}

// pieces adds the settlement of the atlas that is part of a name that the atlas does not
// know: "Hexham Courtyard Traders", "Watch-Portobello".
func (r *reading) pieces(out []mention, m *mention) []mention {
	t := r.blocks[m.block].tokens
	if m.known.settlement || !r.named(m.block, m.start) {
		return out
	}
	for i := m.start; i < m.end; i++ {
		if !t[i].Capital() {
			continue
		}
		if n := knownEnd(t, i, m.end); n > i+1 || n > 0 && kindWeights()[t[i].Low] == nil {
			return append(out, r.piece(m.block, i, n, textOf(t[i:n]), "begins a name"))
		}
		for part := range strings.SplitSeq(t[i].Text, "-") {
			if part != t[i].Text && len(part) > 3 && atlas()[NameKey(part)].settlement {
				return append(out, r.piece(m.block, i, i+1, part, "in a word"))
			}
		}
	}
	return out
}

// otherwise reports whether the name of a settlement at token i, which others follow, is
// something else there: "a Ford Transit", "Over the same hours", "Fence panels kicked in",
// "Week commencing 2 December".
func otherwise(t []when.Token, i int) bool {
	next := t[i+1]
	if cars[t[i].Low] && (next.Capital() && next.Gap || i > 0 && t[i-1].Kind == when.Word && !placeWords[t[i-1].Low]) {
		return true
	}
	if opens := i == 0 || t[i-1].Is(".", "!", "?", ":"); opens && (stops[t[i].Low] || openers[t[i].Low]) && !next.Is(":") {
		return true
	}
	return monthOfYear(t, i) || next.Kind == when.Word && next.Text == next.Low && kindWeights()[t[i].Low] != nil && (i == 0 || t[i].Newline || t[i-1].Is(".", "!", "?", ":", "|"))
}

// strange reports whether a token goes on with a name, by a word that is no other: the
// second of Lake Oswego.
func strange(t when.Token) bool {
	return t.Kind == when.Word && t.Capital() && t.Gap && !t.Newline && kindWeights()[t.Low] == nil && !titular(t.Low) && !openers[t.Low] && !stops[t.Low] && !isType(t) && !atlas()[t.Low].region
}

// nameAlone returns the end of the name at token i that the atlas does not know and that
// stands where settlements do, 0 for none: "Haines, Alaska", "overnight: Riwaka.", "the
// Village of Bayfield".
func nameAlone(t []when.Token, i, j int) int {
	n, words := i, 0
	for n < min(j, i+3) && t[n].Kind == when.Word && t[n].Capital() && (n == i || !t[n].Newline) {
		if kindWeights()[t[n].Low] == nil && !titular(t[n].Low) && !openers[t[n].Low] && !stops[t[n].Low] {
			words++
		}
		n++
	}
	if n == i || words == 0 || openers[t[i].Low] && !t[i].Is("the") || dayName(t[i].Low) || when.Months[t[i].Low] != 0 {
		return 0
	}
	if i > 0 && (t[i-1].Kind == when.Word && t[i-1].Capital() && !t[i].Newline || titles[t[i-1].Low]) {
		return 0
	}
	led := i == labelStart(t) || t[i-1].Is("in", "at", "of", "near", "from", "to", "and", ",", ":", "(", "|", ".") || t[i-1].Dash()
	if !led || n < len(t) && t[n].Kind != when.Mark && !t[n].Newline && (i == labelStart(t) || t[i-1].Kind == when.Mark) {
		return 0
	}
	return n
}

// regionAt reports whether the name of a region stands at token i.
func regionAt(t []when.Token, i int) bool {
	for k := i + 1; k <= min(len(t), i+4); k++ {
		if t[i].Capital() && atlas()[NameKey(textOf(t[i:k]))].region {
			return true
		}
	}
	return false
}

// textOf returns tokens as written, white space made single.
func textOf(t []when.Token) string { return words{t: t}.text(0, len(t)) }

// describe gives a mention the features that hold wherever it is lent to: what its name
// looks like, and what stands around it.
func (r *reading) describe(m *mention) {
	b := &r.blocks[m.block]
	t := b.tokens
	m.says = append(m.says, looksOf(m.name, m.known)...)
	add := func(holds bool, s string) {
		if holds {
			m.says = append(m.says, s)
		}
	}
	start, end := m.start, m.end
	for k := m.start; k < m.end; k++ { // of a street the settlement only
		if strings.HasPrefix(m.name, t[k].Text) {
			start = k
		}
	}
	before := when.Token{Kind: when.Mark}
	if start > 0 {
		before = t[start-1]
	}
	switch {
	case m.several:
		add(true, "one of several")
	case start == labelStart(t):
		add(true, "opens")
	case before.Is("in", "at", "near", "of", "from", "to", "around", "the", "and", "for", ",", "(", ":", "-", "–", "—", "|", "#", "'s", "across", "outside", "towards"):
		add(true, "after "+before.Low)
	case before.Kind == when.Word && before.Capital(), before.Kind == when.Number && !t[start].Newline:
		add(true, "within a name")
	}
	if m.several {
		// What stands around a list is said of all its names.
	} else if end < len(t) {
		next := t[end]
		switch {
		case next.Is(",", ")", ":", ".", "area", "and", "town", "village", "|"):
			add(true, "before "+next.Low)
		case next.Dash():
			add(true, "before a dash")
		case next.Kind == when.Word && next.Capital() && !next.Newline:
			add(true, "before a name")
			add(isType(next), "before a type")
			add(titular(next.Low), "before what the text is")
		}
		add(next.Is(",", "(") && regionAt(t, end+1), "before a region")
	} else {
		add(true, "ends")
	}
	add(start == labelStart(t) && end >= len(t)-1, "alone")
	add(start > 1 && before.Is("of") && t[start-2].Is("town", "village", "city", "township", "hamlet", "parish", "county", "part", "edge", "outskirts"), "after what it is")
	m.seat = start > 1 && before.Is("in", "at", "from", "of") && like(t[start-2].Low, force)
	add(end-start == 1 && isType(t[start]), "a type of street")
	add(isUpperWord(t[start].Text) && !capitals(t), "loud")
	c := &r.clauses[m.clause]
	add(c.sums, "sums")
	add(c.told, "told")
	add(c.street, "with a street")
	place := "in prose"
	switch {
	case m.block == 0:
		place = "in the title"
	case m.heading:
		place = "in a heading"
	case m.item:
		place = "in an item"
	}
	add(true, place)
}

// looksOf returns the features of a name by itself: whether it is of a settlement or a
// region, and of words that are not names.
func looksOf(name string, k known) []string {
	common, all := 0, strings.Fields(NameKey(name))
	for _, w := range all {
		if kindWeights()[w] != nil {
			common++
		}
	}
	of := "unlisted"
	switch {
	case k.settlement && k.region:
		of = "settlement and region"
	case k.region:
		of = "region"
	case k.settlement && !k.short:
		of = "settlement"
	}
	words := " of names"
	if common == len(all) {
		words = " of words"
	}
	return []string{of, of + words}
}

// A lender is a mention that a street may take its settlement from, with what it says of
// the two.
type lender struct {
	m        *mention
	features []string
	off      bool // the gazetteer has no such street near it
}

// lenders returns what a street may take its settlement from.
func (r *reading) lenders(ms []mention, e *event, here *element, names Names) []lender {
	from, _ := slices.BinarySearchFunc(ms, here, func(m mention, x *element) int {
		if m.block != x.block {
			return m.block - x.block
		}
		return m.start - x.start
	})
	street := e.p.named()
	var out []lender
	nth := map[bool]int{}
	var last *mention // of those on the same side of the street
	one := func(i int, after bool) {
		m := &ms[i]
		if m.block == here.block && m.start < here.end && here.start < m.end {
			return
		}
		rel := r.relation(m, here)
		way := "before, "
		if after {
			way = "after, "
		}
		l := lender{m: m, features: make([]string, 1, 2*len(m.says)+4)}
		l.features[0] = r.joint(way, rel)
		add := func(s string) { l.features = append(l.features, s) }
		if strong := m.known.settlement || slices.Contains(m.says, "read"); strong {
			if last == nil || !r.listed(last, m) {
				nth[after]++
			}
			last = m
			add(r.joint(way, strconv.Itoa(min(4, nth[after]))))
		}
		sure := m.clause == here.clause || m.block == here.block && m.label || rel == "in its record"
		l.off = !sure && !names.Near(street, m.name) // what the text says outright the ground does not unsay
		for _, s := range m.says {
			add(s)
			switch s {
			case "settlement", "unlisted", "region", "settlement and region", "label", "of a street", "weak", "in the title", "in a heading", "in an item", "in prose", "scanned", "sums", "alone", "proved", "alone in the title", "not the title's", "named most":
				add(r.joint(l.features[0], s))
			}
		}
		out = append(out, l)
	}
	for i := from - 1; i >= 0 && i >= from-mostMentions; i-- {
		one(i, false)
	}
	last = nil
	for i := from; i < len(ms) && i < from+mostMentions; i++ {
		one(i, true)
	}
	return out
}

// joint returns the name of the feature that two others make together.
func (r *reading) joint(a, b string) string {
	k := [2]string{a, b}
	s, ok := r.joints[k]
	if !ok {
		if r.joints == nil {
			r.joints = map[[2]string]string{}
		}
		if s = a + b; !strings.HasSuffix(a, " ") {
			s = a + ", " + b
		}
		r.joints[k] = s
	}
	return s
}

// listed reports whether two mentions are named together: "Holt and Elsing".
func (r *reading) listed(a, b *mention) bool {
	if a.block != b.block {
		return false
	}
	and := false
	for _, t := range r.blocks[a.block].tokens[min(a.end, b.end):max(a.start, b.start, min(a.end, b.end))] {
		if and = and || !t.Is(","); !t.Is(",", "and", "&", "/") {
			return false
		}
	}
	return and
}

// relation says how a mention and a street stand to each other in the text.
func (r *reading) relation(m *mention, here *element) string {
	b, h := &r.blocks[m.block], &r.blocks[here.block]
	switch {
	case m.clause == here.clause:
		apart := 0
		for k := min(m.end, here.end); k < max(m.start, here.start); k++ {
			if !b.tokens[k].Is(",", "and", "&", "in", "the", "at") {
				apart++
			}
		}
		if apart == 0 {
			return "beside"
		}
		return "in its sentence"
	case m.block == here.block && (m.clause-here.clause == 1 || m.clause-here.clause == -1):
		return "in the sentence next to it"
	case m.block == here.block:
		return "in its paragraph"
	case b.kind == field && h.kind == field && max(m.block, here.block)-min(m.block, here.block) < longestRecord && r.oneRecord(min(m.block, here.block), max(m.block, here.block)):
		return "in its record"
	case m.item && b.bullet && h.bullet:
		return "in another item"
	case m.block-here.block == 1 || m.block-here.block == -1:
		return "in the paragraph next to it"
	case m.block-here.block > 4 || m.block-here.block < -4:
		return "far"
	}
	return "near"
}

// longestRecord is more lines than a record has.
const longestRecord = 40

// oneRecord reports whether two blocks are lines of one record.
func (r *reading) oneRecord(a, b int) bool {
	for k := a; k <= b; k++ {
		if r.blocks[k].kind != field || k > a && r.blocks[k].gap {
			return false
		}
	}
	return true
}

// score is how much the features of a lender speak for it, in natural logarithms.
func (l *lender) score(weights map[string]float64) float64 {
	sum := 0.0
	if l.off {
		sum = offGround
	}
	for _, f := range l.features {
		sum += weights[f]
	}
	return sum
}

// offGround is what speaks against a settlement that, by the gazetteer, has no such street
// near it. It is set and not learnt, since the texts are learnt from without a gazetteer.
const offGround = -2.8

// none is what a street that takes no settlement scores.
const none = 0

// giveTowns gives the streets without a settlement the one that the text names which most
// speaks for; a name that several places speak for has the sum of their odds.
func (r *reading) giveTowns(ctx context.Context, events []event, all []element, index []int, names Names) {
	var ms []mention
	sought := false
	weights := townWeights()
	for k := range events {
		if ctx.Err() != nil {
			return
		}
		e := &events[k]
		if e.p.town() != "" || e.p.street == "" {
			continue
		}
		if !sought {
			ms, sought = r.mentions(), true
		}
		name, choice := best(r.lenders(ms, e, &all[index[e.element]], names), weights)
		if name == "" {
			name = r.onlyTown()
		}
		if e.town = choice; name != "" {
			e.p.towns = append([]string{name}, e.p.towns...)
		}
	}
}

// onlyTown returns the settlement that the streets of a text are in, of those that it names
// with one, "" where these are several or none.
func (r *reading) onlyTown() string {
	name := ""
	for i := range r.elements {
		if p := r.elements[i].p; p == nil || p.street == "" || p.town() == "" {
			continue
		} else if name != "" && !strings.EqualFold(name, p.town()) {
			return ""
		} else {
			name = p.town()
		}
	}
	return name
}

// best returns the name that lenders speak for most, "" for none, and how it was chosen.
func best(ls []lender, weights map[string]float64) (string, Choice) {
	type sum struct {
		name        string
		line        int
		total, most float64
	}
	sums := map[string]*sum{}
	var order []*sum
	total := math.Exp(none)
	for i := range ls {
		key := ls[i].m.key
		s := sums[key]
		if s == nil {
			s = &sum{name: ls[i].m.name}
			sums[key] = s
			order = append(order, s)
		}
		x := math.Exp(ls[i].score(weights))
		s.total += x
		total += x
		if x > s.most {
			s.most, s.line, s.name = x, ls[i].m.line, ls[i].m.name
		}
	}
	slices.SortStableFunc(order, func(a, b *sum) int {
		switch {
		case a.total > b.total:
			return -1
		case a.total < b.total:
			return 1
		}
		return 0
	})
	c := Choice{Cost: math.Inf(1), Margin: math.Inf(1)}
	if len(order) == 0 || order[0].total < math.Exp(none) {
		return "", c
	}
	c.Line, c.Cost = order[0].line, math.Log(total/order[0].total)
	if len(order) > 1 {
		c.RivalLine, c.Margin = order[1].line, math.Log(order[0].total/order[1].total)
	}
	return order[0].name, c
}
