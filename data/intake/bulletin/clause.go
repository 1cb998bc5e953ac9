package bulletin

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"spreewatch/data/intake/when"
	"spreewatch/geo"
	"spreewatch/geo/address"
)

// A clause is a sentence of a block.
type clause struct {
	block      int
	start, end int    // tokens of the block
	opens      int    // the first token that is not of the stamp of a message or of who wrote it
	aside      string // why what it names is no incident, "" for an account
	doubt      bool   // nearly set aside, or nearly an account
	sums       bool   // speaks of several incidents at once
	person     bool   // goes on with somebody: "He returned"
	again      bool   // opens another incident: "a second", "elsewhere"
	same       bool   // goes on with the incident before it: "the burglary happened"
	street     bool   // names a street
	told       bool   // says that something was done
	back       bool   // goes on with what went before: "he had been called"
	period     bool   // has the time of the incident before it: "in the same period"
	clock      bool   // gives a time of day
	bare       bool   // names neither a place nor a time
	intro      bool   // ends with a colon: it holds for what follows
	title      bool   // stands over a log
	turn       bool   // is the heading of a day or a night in a log
	finite     bool   // is a whole sentence, no note
}

var (
	spells   = when.Set(`period times hours window timeframe`)
	dayParts = when.Set(`morning afternoon evening week weekend month`)
)

// classify says what a clause is for, and how it stands to the one before it.
func (c *clause) classify(t []when.Token, keys []string, es []element) {
	named := map[int]bool{}
	for _, e := range es {
		for k := e.start; e.p != nil && k < e.end; k++ {
			named[k] = true
		}
		c.street = c.street || e.p != nil && e.p.street != ""
	}
	var low []string
	had := false
	for k := c.opens; k < c.end; k++ {
		x := t[k]
		if named[k] || x.Kind == when.Mark {
			continue
		}
		low = append(low, x.Low)
		had = had || x.Is("had") && len(low) < 5
		c.sums = c.sums || plurals[x.Low]
		c.told = c.told || happenings[x.Low]
		c.finite = c.finite || finite[x.Low]
	}
	for i, w := range low {
		c.again = c.again || i < 4 && (agains[w] || w == "third")
		c.period = c.period || w == "same" && i+1 < len(low) && spells[low[i+1]]
	}
	for k := c.opens + 1; k < c.end; k++ {
		c.again = c.again || comeBack(t, c.opens, k)
	}
	c.sums = c.sums || c.intro
	c.person = len(low) > 0 && (low[0] == "he" || low[0] == "she" || low[0] == "they")
	c.same = !c.again && len(low) > 0 && (c.person || low[0] == "it" || low[0] == "this" && !(len(low) > 1 && dayParts[low[1]]) || low[0] == "happened" ||
		low[0] == "the" && slices.ContainsFunc(low[1:min(len(low), 3)], func(w string) bool { return sames[w] }))
	c.back = (c.person || c.same) && had && !c.street && !slices.ContainsFunc(low[:min(len(low), 5)], func(w string) bool { return voids[w] })
	if len(low) < 3 && len(es) > 0 && es[0].w != nil && es[0].start == c.start && t[c.start].Newline {
		return // the words that a row begins with: "0014  Call."
	}
	c.judge(t, keys, es)
}

// judge sets a clause aside that is rather another kind than an account. What stands in a
// record is told by its keys.
func (c *clause) judge(t []when.Token, keys []string, es []element) {
	if c.opens < len(keys) {
		return
	}
	kind, margin := kindOf(c.features(t, es))
	if c.doubt = margin > 0 && margin < doubtKind; margin > leastAside {
		c.aside = kind
	} else if c.asks(t) && !c.tellsCrime(t) && !slices.ContainsFunc(t[c.opens:c.end], func(x when.Token) bool { return stirs[x.Low] }) {
		c.aside, c.doubt = asideAppeal, true
	} else if c.finds(t, es) {
		c.aside, c.doubt = asidePatrol, true
	}
}

// asks reports whether a sentence asks who was there: "anyone who was in Mill Road on Friday".
// One that names nothing done is an appeal, however much of an account its words have.
func (c *clause) asks(t []when.Token) bool {
	for k := c.opens; k+1 < c.end; k++ {
		if t[k].Is("anyone", "anybody", "witnesses") && (t[k+1].Is("who", "with", "that", "having", "know", "knows") || t[k+1].Low == "in" && !t[k].Is("witnesses")) {
			return true
		}
	}
	return false
}

// finds reports whether a sentence says where what was taken came to light, and names no
// street: "It was found the next day in Holt", not "It was found that a shed was open".
func (c *clause) finds(t []when.Token, es []element) bool {
	if c.street || !slices.ContainsFunc(es, func(e element) bool { return e.p != nil }) || c.opens+3 > c.end || !t[c.opens].Is("it", "they", "both", "the") {
		return false
	}
	for k := c.opens + 1; k < min(c.end-1, c.opens+6); k++ {
		if t[k].Is("found", "recovered", "located", "traced", "discovered") && when.AnyWord(t, k-2, k, "was", "were", "been") || t[k].Is("turned") && t[k+1].Is("up") {
			return !when.AnyWord(t, k, c.end, "that", "to", "open", "forced", "broken", "smashed", "missing", "gone", "by")
		}
	}
	return false
}

// judgeEntry sets an entry of a table, a log or a list aside by what the whole of it tells,
// of a line with its places and times and without them, where that is rather no incident
// than an account: "Directed patrol", "Alarm | cleaner", "1400 Mill Road. Bull in garden.
// Owner found." One in which a sentence says what was done, or where, is asked by sentences.
func (b *block) judgeEntry(cs []clause, es []element) {
	told := b.telling(cs, es)
	if b.kind == item && b.repeatsCall(es) {
		for k := range cs {
			cs[k].aside = asideRetold
		}
		return
	}
	n, aside := slices.IndexFunc(cs, func(c clause) bool { return c.opens < c.end && unfounded(b.tokens[c.opens:c.end]) }), b.recordAside()
	if aside != "" {
		n = len(cs)
	}
	for k := range cs {
		if k < n && b.kind == item && cs[k].aside == "" || n == 0 && aside == "" && !cs[k].tells() {
			cs[k].aside, cs[k].doubt = cmp.Or(aside, asideNothing), true // also "No crimes. Kayak found adrift on Tuesday"
		}
	}
	words := clause{end: len(told)}
	sums := sumsOf(words.features(told, nil))
	if b.keys == nil && len(cs) > 0 {
		whole := clause{opens: cs[0].opens, end: len(b.tokens)}
		for i, x := range sumsOf(whole.features(b.tokens, es)) {
			sums[i] = (sums[i] + x) / 2
		}
	}
	kind, margin := most(sums)
	if !slices.Contains(noScene, kind) || margin <= leastEntry || b.keys == nil && slices.ContainsFunc(cs, clause.tells) {
		return
	}
	for k := range cs {
		if c := &cs[k]; c.aside == "" {
			c.aside, c.doubt = kind, b.keys != nil || margin < doubtEntry
		}
	}
}

// unfounded reports whether words take back what those before them say, or are a result that says
// that there was no incident: "No crime: the mower had been lent", "LOST PROPERTY".
func unfounded(t []when.Token) bool {
	n := 0
	for n < min(len(t), longestKey) && t[n].Kind != when.Mark {
		n++
	}
	low := strings.ToLower(textOf(t[:n]))
	return results[strings.ReplaceAll(low, " ", "_")] || strings.HasPrefix(low, "no crime") || strings.HasPrefix(low, "no offence") || strings.HasPrefix(low, "not a crime")
}

// recordAside returns why a record, or a row, tells of no incident whatever it says was done: its
// result is that there was none, or it is of a list of meetings; "" where it may.
func (b *block) recordAside() string {
	for i := range b.tokens {
		label, opens := b.label, i == 0
		if b.keys != nil {
			label, opens = labels[b.keys[i]], i == 0 || b.keys[i-1] != b.keys[i]
		}
		if label == "event" {
			return asideEvent
		} else if label == "result" && opens && unfounded(b.tokens[i:]) {
			return asideNothing
		}
	}
	return ""
}

// results are those of calls that turned out to be none of a crime.
var results = when.Set(`cancelled no-crimed non-crime non_crime noncrime not_crime false_alarm false_call good_intent unfounded all_in_order lost_property found_property traffic rtc
	civil_matter civil_dispute duplicate created_in_error entered_in_error hoax hoax_call`)

// repeatsCall reports whether an entry of a log says that it is of a call logged before, at the
// start of a cell or a sentence: "Duplicate of 1377", "Further call about the tyres".
func (b *block) repeatsCall(es []element) bool {
	for k := range b.tokens[:max(0, len(b.tokens)-1)] {
		t, next := b.tokens[k], b.tokens[k+1]
		says := t.Is("dup", "dupe", "duplicate") || t.Is("repeat", "further", "second", "2nd", "another") && next.Is("call", "caller", "calls") || t.Is("repeat") && next.Is("of")
		if says && (k == 0 || b.tokens[k-1].Kind == when.Mark || slices.ContainsFunc(es, func(e element) bool { return e.end == k })) {
			return true
		}
	}
	return false
}

// tells reports whether a sentence is an account by itself: "A phone was snatched".
func (c clause) tells() bool { return c.aside == "" && c.told && (c.finite || c.street) }

// telling returns the tokens of an entry that tell of it: of a row those of the cells that
// do, of the rest all that name neither a place nor a time.
func (b *block) telling(cs []clause, es []element) (told []when.Token) {
	for i := range b.keys {
		if l := labels[longForm(b.keys[i])]; b.keys[i] == asTold || l == "offence" || l == "details" {
			told = append(told, b.tokens[i])
		}
	}
	if b.keys != nil || b.kind != item || len(cs) == 0 {
		return told
	}
	for k, i := cs[0].opens, 0; k < len(b.tokens); k++ {
		for i < len(es) && es[i].end <= k {
			i++
		}
		if i == len(es) || k < es[i].start {
			told = append(told, b.tokens[k])
		}
	}
	return told
}

// tellsCrime reports whether a sentence says that something was done, or has a word of
// crime.
func (c *clause) tellsCrime(t []when.Token) bool {
	return c.told || slices.ContainsFunc(t[c.start:c.end], func(x when.Token) bool {
		return like(x.Low, deeds)
	})
}

// clauses divides the tokens of a block into sentences, and at a colon or a
// semicolon that a label opens.
func clauses(b block, index int) []clause {
	var out []clause
	for _, s := range sentences(b.tokens) {
		c := clause{block: index, start: s.start, end: s.end, opens: s.start}
		c.intro = b.tokens[s.end-1].Is(":")
		out = append(out, c)
	}
	return out
}

// An element is a place or a time of the text.
type element struct {
	block, clause int // clause counts through the whole text
	start, end    int // tokens of the block
	line          int
	group         int // that it is read in, from 1
	p             *place
	w             *when.Expression
	town          *Choice // of the settlement that it was given, nil for none
	fate          string
	aside         string // why it is of no incident whatever its clause tells, "" for none
	role          byte   // 's' the event cannot have been before, 'e' after, 'r' the police heard of it then
	listed        bool   // stands in an item
	heading       bool
	stamp         bool // the date and time of a message
	header        bool // on a line of its own above the message
	field         bool // the settlement of a labelled line
	label         bool // a settlement that labels what follows it in its block
	told          bool // ends in a report
}

// capitals reports whether a block is written in capitals throughout.
func capitals(t []when.Token) bool {
	words, upper := 0, 0
	for _, x := range t {
		if x.Kind == when.Word && len(x.Text) > 2 {
			words++
			if strings.ToUpper(x.Text) == x.Text {
				upper++
			}
		}
	}
	return words >= 4 && upper*10 > words*7
}

// A reading is the text taken apart: its blocks, clauses, and elements in order.
type reading struct {
	text     string
	blocks   []block
	clauses  []clause
	elements []element
	streets  bool                 // an account names a street
	chat     bool                 // posts that begin with who wrote them
	voices   map[string]bool      // words of the names of who wrote them, in lower case
	joints   map[[2]string]string // names of features, once they are made
}

// readText takes a text apart, as far as the context lets it.
func readText(ctx context.Context, text string, names Names) *reading {
	text = recase(text)
	r := &reading{text: text, blocks: splitBlocks(ctx, text), voices: map[string]bool{}}
	expandCodes(r.blocks)
	lowerKinds(r.blocks)
	markTitle(r.blocks)
	maskMonths(r.blocks)
	r.chat = chats(r.blocks)
	countPosts(r.blocks)
	numberMinutes(r.blocks)
	r.readTables()
	made := make([]prepared, len(r.blocks))
	geo.Each(2, len(r.blocks), func(_, i int) {
		if ctx.Err() == nil {
			made[i] = prepare(ctx, &r.blocks[i], names)
		}
	})
	signed := false
	for i := range r.blocks {
		if ctx.Err() != nil {
			break
		}
		signed = signed && !r.blocks[i].gap || closes(r.blocks[i].tokens)
		cs := clauses(r.blocks[i], i)
		es := r.readBlock(ctx, i, made[i], cs, len(r.clauses), names)
		made[i] = prepared{}
		for k := range cs {
			if signed {
				cs[k].aside = asideSigned
			}
		}
		r.clauses = append(r.clauses, cs...)
		r.elements = append(r.elements, es...)
	}
	r.alikeStreets()
	r.setRecordsAside()
	r.titleLog()
	r.datePosts()
	return r
}

// setRecordsAside sets aside the places and times of the records whose offence is none:
// "What: speed checks", "Status: no crime".
func (r *reading) setRecordsAside() {
	first, aside := -1, ""
	for i := range r.clauses {
		c := &r.clauses[i]
		b := &r.blocks[c.block]
		if b.kind != field || b.gap || first < 0 {
			first, aside = i, ""
		}
		if b.kind == field && b.label == "offence" && slices.Contains(noScene, c.aside) {
			aside = c.aside
		} else if none := b.recordAside(); none != "" {
			aside = none
		}
		for k := first; k <= i && aside != "" && b.kind == field; k++ {
			if r.clauses[k].aside == "" {
				r.clauses[k].aside, r.clauses[k].doubt = aside, true
			}
		}
	}
}

// closes reports whether a block ends a letter: "Kind regards".
func closes(t []when.Token) bool {
	return len(t) > 0 && len(t) <= 6 && when.AnyWord(t, 0, min(3, len(t)), "regards", "sincerely", "faithfully", "wishes")
}

// setPlace makes it the place, in a clause that begins at token start.
func (e *element) setPlace(p *place, start int, b block, w words) {
	e.p, e.start, e.end, e.line = p, p.start, p.end, int(b.tokens[p.start].Line)
	if b.kind == field && b.label == "locality" {
		if p.street != "" && len(p.towns) == 0 {
			p.street, p.towns = "", []string{p.street}
		}
		e.field = p.street == ""
	}
	if e.aside = ""; afterFind(b.tokens, start, p.start) {
		e.aside = asidePatrol
	} else if w.away(p.start) {
		e.aside = asideWay
	}
}

// prepared is what is read of a block without a look at those before it: its words, of
// which those of people and noise are taken, and its times.
type prepared struct {
	words
	whens []*when.Expression
}

func prepare(ctx context.Context, b *block, names Names) prepared {
	t := b.tokens
	w := wordsOf(t, names)
	w.prose = b.kind == paragraph && !b.row
	for k, speaker := 0, max(b.lead, speakerEnd(t)); k < len(t); k++ {
		w.taken[k] = k < speaker || noise(t, k) || k < len(b.masked) && b.masked[k]
	}
	if speaker := speakerEnd(t); speaker > 0 {
		b.named(0, speaker)
	}
	for _, span := range w.people() {
		b.named(span[0], span[1])
		for k := span[0]; k < span[1]; k++ {
			w.taken[k] = true
		}
	}
	return prepared{w, readWhens(ctx, *b, w)}
}

// readBlock reads the elements of a block and classes its clauses.
func (r *reading) readBlock(ctx context.Context, i int, made prepared, cs []clause, base int, names Names) []element {
	b := r.blocks[i]
	t, w, whens := b.tokens, made.words, made.whens
	opens := w.opening()
	listed := b.kind == item || b.kind == field
	var es []element
	next := 0
	stamp, from, to := stampOf(t, w, whens, r.chat)
	for k := from; k < to; k++ {
		w.taken[k] = true
	}
	heads := stamp != nil && from == 0 && to > 0
	if r.blocks[i].opened(from, to); from > 0 && from < to {
		r.blocks[i].named(from, to)
		for k := from; k < to && r.chat; k++ {
			r.voices[t[k].Low] = true
		}
	}
	b.call = stamp == nil && callLine(t, whens)
	r.blocks[i].call = b.call
	for k := range cs {
		if ctx.Err() != nil {
			break
		}
		c := &cs[k]
		e := element{block: i, clause: base + k, listed: listed, heading: b.kind == headline}
		clock := false
		from := len(es)
		for ; next < len(whens) && whens[next].Start < c.end; next++ {
			x := e
			told := c.start // behind what was said of the time before it
			if next > 0 && !whens[next-1].DateOnly() {
				told = max(told, whens[next-1].End)
			}
			x.setTime(t, whens[next], told, b)
			clock = clock || !x.w.DateOnly()
			x.stamp = x.w == stamp
			x.header = x.stamp && heads
			es = append(es, x)
		}
		c.opens = max(c.start, min(c.end, max(b.lead, speakerEnd(t), to)))
		sub := w.upTo(c.end)
		e.aside = ""
		for _, p := range r.withSame(sub.scenes(c.start, b, k == 0 || c.start > 0 && t[c.start-1].Is(":")), es, t, c) {
			if p.bare && r.voices[t[p.end-1].Low] {
				r.blocks[i].named(p.start, p.end)
				continue // "Terrible Moira."
			}
			e.label = p.start == opens && sub.labels(p, b)
			e.setPlace(&p, c.start, b, w)
			es = append(es, e)
		}
		sortElements(es[from:])
		if c.clock, c.bare = clock, from == len(es); b.tells() && !b.call {
			c.classify(t, b.keys, es[from:])
		}
	}
	for _, q := range quoted(ctx, b, names) {
		n, _ := slices.BinarySearchFunc(cs, q.start+1, func(c clause, at int) int { return c.end - at })
		q.block, q.clause, q.listed = i, base+min(n, len(cs)-1), listed
		es = append(es, q)
	}
	sortElements(es)
	b.stampCall(es)
	b.oneScene(es)
	b.labelBefore(es, w)
	b.townBehind(es)
	if len(es) > 0 && b.tells() && !b.call {
		b.judgeEntry(cs, es)
	}
	if b.headsTown(es, t) {
		es[0].heading, es[0].listed = true, false
	}
	asksOfDone(cs, t)
	pairRoles(es, t)
	return es
}

// noScene are the kinds of sentences that say that what they tell of was no incident.
var noScene = []string{asidePatrol, asideOther, asideEvent, asidePresent, asideNothing}

// pairRoles settles what the times of one sentence are to each other: the two ends of
// "between Evensong at 6pm and locking up at 7.30pm".
func pairRoles(es []element, t []when.Token) {
	for i := range es {
		a := &es[i]
		for k := i + 1; a.w != nil && k < len(es) && es[k].clause == a.clause; k++ {
			b := &es[k]
			if b.w == nil {
				continue
			}
			if a.w.Coarse() && a.w.Relative() && b.w.Dated() && !b.w.Relative() && !b.w.Coarse() && b.start <= when.SkipWords(t, a.end, ",") {
				a.aside = asideAgain // "earlier that night, between 11pm on Tuesday and 2am on Wednesday"
				break
			}
			if a.role == 'r' && a.w.DateOnly() && !b.w.Dated() && (b.role == 0 && b.w.Timed() || b.w.Span && b.start <= when.SkipWords(t, a.end, ",", "at", "some", "time", "sometime")) {
				a.role = 0 // "was reported from Pier Street on Saturday, between 1pm and 1.30pm"
			}
			if a.role == 0 && b.role == 'e' && !a.w.Span && !a.w.Coarse() && stillThere(t, a.start, b.start) {
				a.role = 's' // "It was seen at 1pm, and its pen was found open at 4.30pm"
			}
			one := !b.w.Span && !b.w.Coarse() && b.role == 0
			if and := when.SkipWords(t, a.end, ","); a.role == 0 && one && !a.w.Span && !a.w.Coarse() && and < len(t) && t[and].Is("and") && (and == a.end || b.start <= and+2) && when.Between(t, a.start) {
				a.role, b.role = 's', 'e'
			}
			break
		}
	}
}

// stillThere reports whether the part of a sentence that gives a time at token i says more than
// names before it and tells of nothing done, nor do the words between it and the time at token
// n: "he had put it there at 11am and by 2pm".
func stillThere(t []when.Token, i, n int) bool {
	says := false
	for ; i > 0 && !t[i-1].Is(".", ";") && !(says && t[i-1].Kind == when.Mark); i-- {
		says = says || t[i-1].Kind == when.Word && (!t[i-1].Capital() || finite[t[i-1].Low]) && (!stops[t[i-1].Low] || t[i-1].Is("there"))
	}
	return says && !slices.ContainsFunc(t[i:n], func(x when.Token) bool {
		return !voids[x.Low] && !finds[x.Low] && !goes[x.Low] && !x.Is("missed") && !stops[x.Low] && (happenings[x.Low] || like(x.Low, deeds))
	})
}

// setTime makes an element of a time in a sentence that begins at token start.
func (e *element) setTime(t []when.Token, w *when.Expression, start int, b block) {
	e.w, e.start, e.end, e.line = w, w.Start, w.End, int(t[w.Start].Line)
	if e.role = role(t, start, w, b); b.call || b.label == "reported" {
		e.role = 'r'
	}
	if e.role == 's' && len(w.Moments) == 2 && !w.Span && !w.DateOnly() {
		e.w, e.role = w.Stretch(), 0 // "last seen 22:00 04/02, gone 07:45 05/02"
	}
	if ofReference(t, w) {
		e.aside = asideReference
	} else if k := w.Start - 1; k > start && (t[k].Is("not") || t[k].Is("on", "at") && t[k-1].Is("not")) {
		e.aside = asideAgain // "at 7pm, not 9pm as first said"
	} else if w.Later < 0 && hadBefore(t, start, w.Start) {
		e.aside = asideBefore // "by a man who had been turned out an hour before"
	}
}

// hadBefore reports whether tokens [from, to) say last what somebody had done: "who had left".
func hadBefore(t []when.Token, from, to int) bool {
	for k := to - 1; k > from; k-- {
		if t[k].Is("who", "which", "that") {
			return when.AnyWord(t, k, min(to, k+3), "had")
		}
	}
	return false
}

// opened makes a post of a block whose date and time, and who wrote it, are before tokens
// from and to.
func (b *block) opened(from, to int) { b.post = b.post || from > 0 && to >= from }

// stampCall makes the time that a line of a log begins with, or that a row of a table gives
// in a column of its own, that of the call, where the line says that somebody reports what
// was at another time, or between which times it was: "1130: caller reports that a bike was
// stolen", "1130: bike stolen between 1000 and 1115".
func (b *block) stampCall(es []element) {
	i := slices.IndexFunc(es, func(e element) bool { return e.w != nil })
	row := i >= 0 && (es[i].end <= len(b.keys) && (labels[b.keys[es[i].start]] == "time" || labels[b.keys[es[i].start]] == "date") || b.keys == nil && b.fillsCell(&es[i]))
	if i < 0 || b.kind != item || !row && (i > 0 || es[0].start > entryStart(b.tokens)+2) || es[i].w.Span || es[i].w.Coarse() || es[i].role != 0 {
		return
	}
	call := when.AnyWord(b.tokens, es[i].end, min(len(b.tokens), es[i].end+longestSentence), strings.Fields(callWords)...)
	for k := range es[i+1:] {
		e := &es[i+1+k]
		switch {
		case e.w == nil || e.w.Coarse() && !e.w.Night() || e.aside != "":
		case row && e.role == 'e', e.role == 0 && (call && !row || e.w.Night()), row && e.role == 0 && b.tellsBefore(e),
			e.role == 0 && e.w.Span && (row || b.tokens[e.start].Is("between", "btwn", "btn", "btw", "betw", "from")):
			es[i].role = 'r'
		}
	}
}

// fillsCell reports whether a time is a cell of a row, and not its last.
func (b *block) fillsCell(e *element) bool {
	return b.row && (e.start == 0 || b.tokens[e.start-1].Is("|")) && e.end < len(b.tokens) && b.tokens[e.end].Is("|")
}

// tellsBefore reports whether the cell of a time says right before it what was done then:
// "phone taken at 21:58", and not "officer attended at 22:15".
func (b *block) tellsBefore(e *element) bool {
	for k := e.start - 1; k >= 0 && !b.tokens[k].Is("|", ".", ";"); k-- {
		if t := b.tokens[k]; happenings[t.Low] || like(t.Low, deeds) {
			return true
		}
	}
	return false
}

// oneScene sets aside what the cells of a row name by the way, where another cell is the
// place: "GALGATE, BARNARD CASTLE // TWO MALES LOOKING IN BARNS // OBS PASSED".
func (b *block) oneScene(es []element) {
	fills := func(e *element) bool {
		return (e.start == 0 || !b.tokens[e.start-1].Is(",", "in", "at", "on", "to", "towards", "from", "of", "into", "by")) && (e.end == len(b.tokens) || b.tokens[e.end].Is("|"))
	}
	scene := slices.IndexFunc(es, func(e element) bool { return e.p != nil && e.p.street != "" && e.p.town() != "" && fills(&e) })
	for i := range es {
		if e := &es[i]; b.row && b.kind == item && scene >= 0 && i > scene && e.p != nil && !fills(e) && slices.ContainsFunc(b.tokens[es[scene].end:e.start], func(t when.Token) bool { return t.Is("|") }) {
			e.aside = asideWay
		}
	}
}

// callWords say that somebody tells the police.
const callWords = "reports report reported reporting caller calls rang states says stated informant ip complainant"

// tells reports whether a block can say that something is no incident: the place and the
// time of a record do not.
func (b *block) tells() bool {
	return b.kind != field || !slices.Contains([]string{"place", "street", "locality", "time", "date"}, b.label)
}

// labels reports whether a settlement that a block opens with labels what follows it.
func (w words) labels(p place, b block) bool {
	t := b.tokens
	if b.kind == headline || p.street != "" || p.end >= len(t) {
		return false
	}
	return t[p.end].Is(":") || runIn(t, p.start, p.end) ||
		t[p.end].Dash() && t[p.end].Gap && (isUpperWord(t[p.start].Text) && !w.shout || b.kind == paragraph)
}

// headsTown reports whether a line is a heading over the lines of a list: a settlement
// alone, "DOCKING", with a count, "Docking (2)", or with an offence, "Burglary - Hitchin".
func (b *block) headsTown(es []element, t []when.Token) bool {
	two := len(es) == 2 && es[1].p != nil && es[1].p.street == "" && t[es[0].end].Is("/") && es[1].end == len(t) // "Barmouth / Abermaw"
	if b.kind != item || b.bullet || len(t) > 8 || len(es) != 1 && !two || es[0].p == nil || !es[0].p.bare || es[0].p.street != "" || es[0].label {
		return false
	}
	i, end, last := es[0].start, es[0].end, t[len(t)-1]
	if b.gap && (two && i == 0 || b.onlyNames(&es[0])) {
		return true
	}
	return i > 1 && end == len(t) && (t[i-1].Dash() || t[i-1].Is(":", "|", "in")) && last.Kind == when.Word && when.AnyWord(t, 0, i, strings.Fields(offenceHeads)...)
}

// onlyNames reports whether a block says nothing but the name of a place, with what it
// is and a count: "Parish of Harpley", "Docking (2)".
func (b *block) onlyNames(e *element) bool {
	for k, t := range b.tokens {
		if k == e.end && t.Is("(") && b.tokens[len(b.tokens)-1].Is(")") {
			return true // "Docking (2 crimes in all)"
		}
		if (k < e.start || k >= e.end) && !fillers[t.Low] && !t.Is("of", "(", ")", ":") && !(t.Kind == when.Number && k > e.end) {
			return false
		}
	}
	return true
}

// offenceHeads are words of the headings of offences.
const offenceHeads = "burglary burglaries theft thefts robbery robberies damage fraud scam scams arson assault vandalism traders crime crimes incident incidents shoplifting"

// asksOfDone makes accounts of the appeals whose next sentence tells of something done
// that has no place or time of its own: "Were you in Mill Road at 10am on Monday? A van
// was taken".
func asksOfDone(cs []clause, t []when.Token) {
	for k := range max(0, len(cs)-1) {
		c, next := &cs[k], &cs[k+1]
		if c.aside == asideAppeal && c.street && c.clock && next.told && next.bare && (next.aside == "" || when.AnyWord(t, next.start, next.end, "was", "were")) {
			c.aside = ""
		}
	}
}

// quoted returns what the quotations of a block name, which are set aside.
func quoted(ctx context.Context, b block, names Names) []element {
	said := slices.ContainsFunc(b.tokens, func(t when.Token) bool { return t.Quoted })
	if !said {
		return nil
	}
	b.tokens = slices.Clone(b.tokens)
	b.kind = paragraph
	w := wordsOf(b.tokens, names)
	for k := range w.t {
		w.taken[k] = !w.t[k].Quoted || noise(w.t, k)
		w.t[k].Quoted = false
	}
	var out []element
	for _, x := range readWhens(ctx, b, w) {
		e := element{}
		e.setTime(b.tokens, x, 0, b)
		e.aside = asideSpeech
		out = append(out, e)
	}
	for _, p := range w.places(0, b, true) {
		out = append(out, element{start: p.start, end: p.end, line: int(w.t[p.start].Line), p: &p, aside: asideSpeech})
	}
	return out
}

// labelBefore makes a label of the bare name that an item begins with, where a dash
// and words follow it, and another place: "Horsham - on 9 October plates were taken
// in Carfax".
func (b *block) labelBefore(es []element, w words) {
	if b.kind != item || len(es) < 2 {
		return
	}
	first := -1
	for i := range es {
		p := es[i].p
		switch {
		case p == nil:
		case first < 0:
			if first = i; p.start != w.first || p.street != "" || !p.bare || p.end+1 >= len(w.t) || !w.t[p.end].Dash() || !w.t[p.end].Gap || w.t[p.end+1].Capital() && !w.taken[p.end+1] {
				return
			}
		case p.street != "" || w.is(p.start-1, "in", "on", "at"):
			es[first].label = true
			return
		}
	}
}

// townBehind gives the one street of an item or a paragraph the settlement in brackets that
// ends it: "At 3pm a van was opened in Mill Road. (DISS)".
func (b *block) townBehind(es []element) {
	n, street := len(es)-1, -1
	if n < 1 || b.kind == headline || b.kind == field || es[n].p == nil || es[n].p.street != "" || !b.tokens[es[n].start-1].Is("(") || es[n].end < len(b.tokens)-1 {
		return
	}
	for i := range es[:n] {
		if p := es[i].p; p != nil && (street >= 0 || p.street == "" || p.town() != "") {
			return
		} else if p != nil {
			street = i
		}
	}
	if street >= 0 {
		es[street].p.towns, es[n].aside = append(es[n].p.towns, es[street].p.towns...), asideLent
	}
}

func labelStart(t []when.Token) int {
	for i, x := range t {
		if x.Kind != when.Mark {
			return i
		}
	}
	return 0
}

func isUpperWord(s string) bool { return len(s) > 1 && strings.ToUpper(s) == s }

// readWhens reads the times of a block, as far as the context lets it.
func readWhens(ctx context.Context, b block, w words) []*when.Expression {
	var whens []*when.Expression
	t := b.tokens
	for i, n := 0, 0; i < len(t) && (n%4096 > 0 || ctx.Err() == nil); i, n = i+1, n+1 {
		if t[i].Quoted || w.taken[i] || when.Telephone(t, i) || w.dayInName(i) {
			continue
		}
		x := timeAt(t, i, b)
		w.taken[i] = x == nil && monthOfYear(t, i)
		for k := i + 1; x != nil && k < x.End; k++ {
			if w.dayInName(k) {
				x = timeAt(t[:k], i, b) // "22.25 Wednesday Market"
			}
		}
		if x == nil || x.End <= i || w.taken[x.End-1] || i > 0 && t[i-1].Is("good") && x.End == i+1 {
			continue
		}
		whens = append(whens, x)
		for k := i; k < x.End; k++ {
			w.taken[k] = true
		}
		i = x.End - 1
	}
	return whens
}

// monthOfYear reports whether a month and its year stand at token i, and no town: "Crimes in
// Scole, March 2020".
func monthOfYear(t []when.Token, i int) bool {
	_, n := when.MonthAt(t, i)
	_, end := when.YearAt(t, n)
	return n == i+1 && end == n+1
}

// timeAt reads the time at token i, one that only its place in the block makes one too.
func timeAt(t []when.Token, i int, b block) *when.Expression {
	if x := when.At(t, i); x != nil {
		return x
	}
	return latent(t, i, b)
}

// afterFind reports whether what stands at token i is of the finding of what was taken,
// and a mark parts that from what came before: "a van was taken; it was found abandoned
// in Holt on Tuesday".
func afterFind(t []when.Token, start, i int) bool {
	for k := i - 1; k > start && k > i-12; k-- {
		if t[k].Is("seen", "spotted") && t[k-1].Is("then", "later", "next") {
			return true // where somebody went
		}
		if t[k].Is("abandoned", "recovered", "dumped") {
			for ; k > start && k > i-16; k-- {
				if t[k].Is(";", ",") || t[k].Dash() && t[k].Gap {
					return t[k+1].Is("it", "they", "which", "and", "both", "later", "the", "but")
				}
			}
			return false
		}
	}
	return false
}

// ofReference reports whether a date belongs to the number of a record before it:
// "incident number 3361 of 27 January", "Serial 1022 of 08/10".
func ofReference(t []when.Token, x *when.Expression) bool {
	i := x.Start - 1
	for i >= 0 && t[i].Is("of", "dated", "from") {
		i--
	}
	if !x.DateOnly() || x.Span || i < 1 || t[i].Kind != when.Number && !hasDigit(t[i].Text) || i == x.Start-1 && len(t[i].Text) < 3 && !t[x.Start].Is("of") {
		return false
	}
	return when.AnyWord(t, max(0, i-5), i, "ref", "reference", "serial", "number", "no", "incident", "cad", "log", "quoting", "quote", "urn")
}

// stampOf returns the date and time of a message at the start of a block, and who
// wrote it as tokens: "7 April 2019 08:12: Quad bike stolen overnight",
// "[07/04/2019, 08:12] Pat: our shed is open", "@BlythPolice 8 Feb 2023: a car". It is
// the day that "today" counts from there, and where the message tells of no time the
// time of what it tells. In a chat a clock time alone is one.
func stampOf(t []when.Token, w words, whens []*when.Expression, chat bool) (x *when.Expression, from, to int) {
	if len(whens) == 0 || whens[0].Span {
		return nil, 0, 0
	}
	x = whens[0]
	handle := len(t) > 1 && t[0].Is("@") && !t[1].Gap
	switch m := x.Moments; {
	case len(m) != 1, x.Coarse() && !(handle && x.DateOnly()):
		return nil, 0, 0
	case (m[0].Date == nil || !m[0].Date.Full()) && !(chat && m[0].Date == nil && opensPost(t, true)):
		return nil, 0, 0
	}
	if x.End == len(t) && x.Start < 10 && handleIn(t[:x.Start]) {
		return x, 0, x.Start
	}
	for k := 0; k < x.Start; k++ {
		if t[k].Kind != when.Mark && !w.taken[k] {
			return nil, 0, 0
		}
	}
	from = x.End
	for from < len(t) && (t[from].Is("]", ",") || t[from].Dash() && chat) {
		from++
	}
	if from > x.End || chat {
		for to = from; to < min(len(t), from+longestSpeaker) && !t[to].Is(":"); to++ {
		}
	}
	if to = max(to, from); to >= len(t) || !t[to].Is(":") || !chat && !t[0].Is("[") && slices.ContainsFunc(t[from:to], func(x when.Token) bool { return isType(x) || foreTypes[x.Low] }) {
		return nil, 0, 0
	}
	if len(whens) < 2 {
		x = nil
	}
	return x, from, to
}

// callLine reports whether a line gives no more than the date and the time of a call and
// its number: "--- 18 May 2012 09:12 --- call 0198 ---".
func callLine(t []when.Token, whens []*when.Expression) bool {
	if len(whens) != 1 || len(t) > 20 || whens[0].Span || whens[0].Coarse() || !whens[0].Dated() {
		return false
	}
	words := wordsBeside(t, whens[0])
	posted := posts[t[0].Low]
	return words > 0 && (words < 4 || posted && words < 7) && (posted || when.AnyWord(t, 0, len(t), "posted", "post", "sent", "written", "comment", "rec'd", "recd", "received", "call", "log", "cad", "incident", "ref", "serial", "entry", "msg", "message", "no"))
}

// wordsBeside returns how many words of a line are no part of a time in it.
func wordsBeside(t []when.Token, x *when.Expression) (n int) {
	for k := range t {
		if t[k].Kind == when.Word && (k < x.Start || k >= x.End) {
			n++
		}
	}
	return n
}

// posts are what the lines begin with that say when a message was written.
var posts = when.Set(`post posted sent written comment message tweet tweeted update entry e-mail email mailing`)

// datePosts makes stamps of the dates of lines that each say no more than the day of the
// message under them: "Post of Thursday 31 March". One alone, or one at the end, dates the text.
func (r *reading) datePosts() {
	var heads []int
	for i := range r.elements {
		e := &r.elements[i]
		t := r.blocks[e.block].tokens
		if w := e.w; w != nil && posts[t[0].Low] && w.DateOnly() && !w.Span && len(w.Moments) == 1 && w.Moments[0].Date.Full() && w.Moments[0].Date.LastDom == 0 && wordsBeside(t, w) < 4 && r.blocks[e.block].label == "" {
			heads = append(heads, i)
		}
	}
	for _, i := range heads {
		r.elements[i].stamp, r.elements[i].header = true, true
	}
}

// handleIn reports whether the name of an account is among tokens.
func handleIn(t []when.Token) bool {
	for i := 0; i+1 < len(t); i++ {
		if t[i].Is("@") && !t[i+1].Gap {
			return true
		}
	}
	return false
}

// opensPost reports whether a block begins as the post of a chat does: "21:14 Dee:",
// "08/02/2020, 21:14 - Dee:". Loosely, who wrote it may have a surname that streets end with.
func opensPost(t []when.Token, loose bool) bool {
	if len(t) < 6 {
		return false
	}
	k := 3
	if x := whenOpens(t); x != nil && x.Dated() && !x.Coarse() && !x.Span {
		k = x.End
	} else if t[0].Kind != when.Number || !t[1].Is(":", ".") || t[2].Kind != when.Number {
		return false
	}
	for marks := k + 2; k < min(len(t), marks) && (t[k].Is("]", ",", "am", "pm") || t[k].Dash()); {
		k++
	}
	for n := k; n < min(len(t), k+longestSpeaker); n++ {
		switch {
		case t[n].Is(":"):
			return n > k
		case !t[n].Capital() || matters[t[n].Low] || hard[t[n].Low] || isType(t[n]) && !(loose && n > k):
			return false
		}
	}
	return false
}

// whenOpens returns the time that tokens begin with, in brackets or not, nil for none.
func whenOpens(t []when.Token) *when.Expression {
	i := labelStart(t)
	if i > 1 || t[i].Kind != when.Number && !dayName(t[i].Low) {
		return nil
	}
	return when.At(t, i)
}

// countPosts marks the counters that the posts of a thread begin with: 1/3, 2/3, 3/3.
func countPosts(blocks []block) {
	counter := func(i int) (n, of int) {
		if t := blocks[i].tokens; opensCounter(t) {
			return when.Atoi(t[0].Text), when.Atoi(t[2].Text)
		}
		return 0, 0
	}
	before, last := -1, 0
	for i := range blocks {
		n, of := counter(i)
		if n == 0 || n > of || of > 20 || blocks[i].tokens[0].Text[0] == '0' || n > 1 && before < 0 {
			continue
		}
		if _, all := counter(max(before, 0)); before >= 0 && n == last+1 && all == of {
			blocks[before].lead, blocks[i].lead = 3, 3
		}
		before, last = i, n
	}
}

// numberMinutes marks the numbers that the items of minutes begin with, three or more that
// run on: 25/01, 25/02, 25/03. It makes lines of a log of those that begin with a time of
// day as such lines do, "1955  Mill Road", and stand alone under their day.
func numberMinutes(blocks []block) {
	var run []int
	before, last, logged := "", 0, false
	for i := range blocks {
		b := &blocks[i]
		logged = logged || b.alike && fourDigits(b.tokens)
		if b.alike = b.alike || logged && b.kind == item && fourDigits(b.tokens); !opensCounter(b.tokens) {
			continue
		}
		if n := when.Atoi(b.tokens[2].Text); b.tokens[0].Text != before || n != last+1 {
			run = run[:0]
		}
		before, last = b.tokens[0].Text, when.Atoi(b.tokens[2].Text)
		run = append(run, i)
		for _, k := range run {
			if len(run) > 2 {
				blocks[k].lead = 3
			}
		}
	}
}

// fourDigits reports whether a line begins with a number of four digits.
func fourDigits(t []when.Token) bool {
	return len(t) > 2 && t[0].Kind == when.Number && len(t[0].Text) == 4 && t[1].Gap
}

// opensCounter reports whether a block begins with two numbers and a stroke.
func opensCounter(t []when.Token) bool {
	return len(t) > 3 && t[0].Kind == when.Number && t[1].Is("/") && !t[1].Gap && t[2].Kind == when.Number && !t[2].Gap && t[3].Gap
}

// chats reports whether a text is a chat, and marks its posts: two of them name who
// wrote them, and one speaks for itself.
func chats(blocks []block) bool {
	posts, sure, self := 0, false, false
	for i := range blocks {
		if t := blocks[i].tokens; opensPost(t, true) {
			posts++
			sure = sure || opensPost(t, false)
			self = self || when.AnyWord(t, 3, len(t), "i", "i'm", "i've", "my", "me", "our", "we", "we've", "us", "someone", "anyone")
		}
	}
	for i := range blocks {
		blocks[i].post = posts > 1 && sure && self && opensPost(blocks[i].tokens, true)
	}
	return posts > 1 && sure && self
}

// speakerEnd returns the token after who wrote a message or speaks, at its start: "Reply
// from Steve:", "Comment by Jo -", "Dave B:", "PRESENTER:".
func speakerEnd(t []when.Token) int {
	k := 0
	for k < len(t) && k < 3 && t[k].Capital() {
		k++
	}
	if k > 0 && k+1 < len(t) && t[k].Is(":") && !slices.ContainsFunc(t[:k], isType) && (givenNames[t[0].Low] || speakers[t[0].Low]) {
		return k
	}
	k = 0
	for k < len(t) && k < 3 && t[k].Is("reply", "comment", "posted", "message", "from", "by", "update") {
		k++
	}
	if k == 0 || !t[k-1].Is("from", "by") {
		return 0
	}
	for n := k; n < min(len(t), k+longestSpeaker); n++ {
		if t[n].Is(":") || t[n].Dash() && t[n].Gap {
			return n
		}
	}
	return 0
}

// named notes that tokens [from, to) are the name of somebody, and so of no settlement.
func (b *block) named(from, to int) {
	if b.people == nil {
		b.people = make([]bool, len(b.tokens))
	}
	for k := from; k < to; k++ {
		b.people[k] = true
	}
}

// people returns the tokens that name people, which may look like the name of a place:
// behind a title or "said", and before an age or what only somebody does. A title of several
// is of all that are listed behind it: "Cllrs Barnes (Chair), Lyle and Tuck".
func (w words) people() (out [][2]int) {
	for i := 0; i < len(w.t); i++ {
		n := i
		for n < len(w.t) && n < i+4 && w.t[n].Capital() && !w.t[n].Quoted {
			n++
		}
		if n == i || when.At(w.t, i) != nil {
			continue // "Good Friday saw"
		}
		k := i
		for k < n && titles[w.t[k].Low] {
			k++
			if k == n && w.is(k, ".") && abbreviations[w.t[k-1].Low] {
				for n++; n < len(w.t) && n < i+5 && w.t[n].Capital(); n++ {
				}
				k++
			}
		}
		titled := k > i
		said := n < i+4 && n > i+1 && i > 0 && w.t[i-1].Is("said", "says", "added", "told", "named")
		aged := n > i+1 && w.aged(n) && !strongTypes[w.t[n-1].Low]
		if !titled && !said && !aged && !(n > i+1 && (i == 0 || w.t[i-1].Is(".", "!", "?", ":", ";", "victim", "resident", "neighbour", "owner", "occupier")) && w.does(n)) {
			i = n - 1
			continue
		}
		n = min(n, i+5)
		if titled && pluralTitles[w.t[k-1].Low] {
			n = w.listEnd(n)
		}
		if k < n {
			out = append(out, [2]int{k, n})
		}
		i = max(i, n-1)
	}
	return out
}

// aged reports whether an age stands behind the name that ends at token i: ", 41, of", "(52)".
func (w words) aged(i int) bool {
	return w.is(i, ",", "(") && i+2 < len(w.t) && w.t[i+1].Kind == when.Number && len(w.t[i+1].Text) == 2 && w.is(i+2, ",", ")", "of", "from")
}

// listEnd returns the end of the names that are listed on from token n.
func (w words) listEnd(n int) int {
	for n < len(w.t) {
		k := when.SkipWords(w.t, n, ",", "and", "&")
		if w.is(n, "(") {
			for k = n + 1; k < min(len(w.t), n+longestSpeaker) && !w.t[k].Is(")"); k++ {
			}
			k++
		}
		if k == n || k >= len(w.t) {
			return n
		}
		end := k
		for end < len(w.t) && end < k+3 && w.t[end].Capital() {
			end++
		}
		if end == k && !w.t[k].Is(",", "(") {
			return n
		}
		n = max(end, k)
	}
	return n
}

// does reports whether what stands at token i is what somebody and no place does: "was at
// home", "heard".
func (w words) does(i int) bool {
	is := func(k int, list ...string) bool { return k < len(w.t) && w.t[k].Is(list...) }
	return is(i, "said", "says", "told", "added", "heard", "saw", "woke", "answered", "lives", "explained", "watched", "noticed") ||
		is(i, "was", "is") && (is(i+1, "asleep", "woken", "away", "out", "upstairs", "alone") || is(i+1, "at", "in") && is(i+2, "home", "bed", "work")) ||
		is(i, "came", "got", "returned", "arrived") && is(i+1, "home", "back")
}

// longestSpeaker is more words than the name of who wrote a message has.
const longestSpeaker = 5

// dayInName reports whether the weekday or month at token i begins the name of a
// street: "Tuesday Market Place", "May Close".
func (w words) dayInName(i int) bool {
	if !w.t[i].Capital() || i+1 >= len(w.t) || !w.t[i+1].Capital() {
		return false
	}
	_, month := when.Months[w.t[i].Low]
	if !dayName(w.t[i].Low) && !month && !w.t[i].Is("noon") {
		return false
	}
	end := w.typeEnd(i, w.run(i))
	if end <= i+1 {
		return false
	}
	led := i > 0 && w.t[i-1].Is("on", "last", "this", "since", "by", "and", "until", "to")
	return !led && end-i <= 3 || end-i == 2 && !(led && dayName(w.t[i].Low)) || w.t[i+1].Is("market")
}

// latent reads a time that only its place makes one: four digits, or "10.20", at
// the start of a line or of a cell.
func latent(t []when.Token, i int, b block) *when.Expression {
	if b.kind == paragraph {
		return nil
	}
	if t[i].Kind != when.Number {
		return nil
	}
	four, last := len(t[i].Text) == 4, i+1 == len(t)
	led := i == 0 || t[i-1].Is("|", ":", ",") || t[i-1].Dash() && t[i-1].Gap || four && t[i-1].Is("(", ".", "/", "occ", "occd", "rptd", "secure", "seen", "left", "returned", "locked", "missing", "gone", "approx")
	year := four && (last || t[i+1].Is(")", ".")) && when.Atoi(t[i].Text) >= 1950 && when.Atoi(t[i].Text) < 2040 && (b.kind == headline || b.line == 1)
	led = led || i > 0 && i < 3 && spokenBy(t, i) || four && i > 1 && i < 5 && entryNumber(t, i-1)
	if !led || year || last && !four || i == 0 && four && !last && t[1].Capital() && !b.alike {
		return nil
	}
	return when.Latent(t, i)
}

// spokenBy reports whether who speaks on a radio stands before the clock time at token i,
// and a colon behind it: "CONTROL 14.02: a break-in".
func spokenBy(t []when.Token, i int) bool {
	for k := range i {
		if !isUpperWord(t[k].Text) {
			return false
		}
	}
	n := i + 1
	if n+1 < len(t) && t[n].Is(".", ":") && !t[n].Gap && t[n+1].Kind == when.Number {
		n += 2
	}
	return n < len(t) && t[n].Is(":")
}

// role says what a time is to the event: an end of it, or when the police heard.
func role(t []when.Token, start int, x *when.Expression, b block) byte {
	if b.bound != 0 {
		return b.bound
	}
	if k := x.End - 1; k < len(b.bounds) && b.bounds[k] != 0 && !x.Span {
		return b.bounds[k]
	}
	if x.Span {
		return 0
	}
	if since, open := sinceAt(t, start, x); since && open {
		return 's'
	}
	if toldAt(t, start, x) {
		return 'r'
	}
	if k := when.SkipWords(t, x.End, "at", "the", "or"); k > x.End && k < len(t) {
		switch t[k].Low {
		case "earliest", "later", "after":
			return 's'
		case "latest", "earlier", "before":
			return 'e'
		}
	}
	lo, near := max(start, x.Start-farRole), x.Start-9
	if x.Coarse() || x.PartOnly() {
		lo = max(start, near)
	}
	if goneBy(t, start, x) || t[x.Start].Is("gone") && when.AnyWord(t, max(start-6, 0), x.Start, "left", "seen", "locked", "parked") {
		return 'e'
	}
back:
	for i := x.Start - 1; i >= lo; i-- {
		switch {
		case t[i].Is(".", ";", ":"):
			break back
		case t[i].Is("reported", "alerted", "notified", "informed") || t[i].Is("report", "call") && when.AnyWord(t, max(start, i-2), i, "received", "took", "got", "had") || t[i].Is("received", "made", "logged") && when.AnyWord(t, max(start, i-4), i, "report", "reports", "call", "calls") || t[i].Is("called", "told", "heard") && when.AnyWord(t, max(start, i-4), i, "we", "police", "officers", "firefighters", "crews", "services", "paramedics", "ambulance"):
			return 'r'
		case i > 0 && (t[i-1].Is("was", "were", "been", "and", "seen", "still") || t[i-1].Kind == when.Mark) && (whole[t[i].Low] || i > x.Start-3 && (t[i].Is("there", "secure") || t[i].Is("full") && !t[i+1].Is("by"))):
			return 's'
		case leavesAt(t, max(start, i-3), i, x.Start):
			return 's'
		case findsAt(t, start, i, x.Start):
			return 'e'
		}
	}
	if goneAt(t, x) {
		return 'e'
	}
	if open := x.Open(); open > 0 {
		return 's'
	} else if open < 0 {
		return 'e'
	}
	return 0
}

// What is said of somebody who goes and leaves something as it should be, and of somebody who
// comes and sees that it is not; farRole is how many words that may stand before the time of it.
var (
	leaves = when.Set(`left leaving closed locked counted checked fed shut padlocked secured secure parked since moored tethered chained stabled`)
	goes   = when.Set(`went go going gone set setting`)
	finds  = when.Set(`returned returning discovered found noticed realised woke awoke`)
	sees   = when.Set(`saw spotted`)
	harms  = when.Set(`damage mess hole break-in state destruction havoc vandalism graffiti smashed broken`)
	comes  = when.Set(`came come coming got getting arrived arriving comes`)
	whole  = when.Set(`safe whole intact undamaged untouched unharmed unbroken fine ok okay`)
	voids  = when.Set(`gone missing empty vanished disappeared`)
)

const farRole = 20

// sinceAt reports whether "since" leads to a time, and whether that is the first of the event
// and not of what is counted: "since Thursday we have had three reports".
func sinceAt(t []when.Token, start int, x *when.Expression) (since, open bool) {
	i := when.SkipWords(t, x.Start, "some", "sometime", "time")
	k := when.SkipWords(t, x.End, ",")
	counts := k < len(t) && (t[k].Is("we", "there", "police", "officers") || k > x.End && !t[k].Is("when"))
	return t[i].Is("since") && i > start, !counts
}

// findsAt reports whether token i says that somebody comes and sees what was done, before the
// time at token end.
func findsAt(t []when.Token, start, i, end int) bool {
	if missedBy(t, start, i) || finds[t[i].Low] || i+2 < end && sees[t[i].Low] && t[i+1].Is("the", "that") && harms[t[i+2].Low] {
		return true
	}
	if i > 0 && i+3 > end && t[i].Is("gone", "missing") && t[i-1].Is("was", "were") {
		return true // "was missing at 10pm"
	}
	return i > 0 && (t[i].Is("back", "home", "down", "out") && comes[t[i-1].Low] || t[i].Is("light") && t[i-1].Is("to")) || i+1 == end && comes[t[i].Low] && t[end].Is("in")
}

// leavesAt reports whether token i says that somebody goes, or leaves something as it should
// be; from is where what belongs to it begins, and end where the time of it stands.
func leavesAt(t []when.Token, from, i, end int) bool {
	switch {
	case i > 0 && (t[i].Is("out", "away") && goes[t[i-1].Low] || t[i].Is("off") && t[i-1].Is("set", "setting") || t[i].Is("bed") && t[i-1].Is("to")), t[i].Is("away", "up") && when.AnyWord(t, from, i, "put", "locked", "shut"):
		return true
	case t[i].Is("last"):
		return i+1 < end && t[i+1].Is("seen", "used", "saw", "secure", "checked")
	case t[i].Is("dipped"):
		return i+1 < end && t[i+1].Is("the", "his", "her", "their") // the tank, and no purse
	}
	return leaves[t[i].Low] && !(i > 0 && t[i-1].Is("a", "an", "the", "this"))
}

// goneBy reports whether something had gone before a time: "had gone by the time they were
// fed again at 7.30am".
func goneBy(t []when.Token, start int, x *when.Expression) bool {
	for k := max(start, x.Start-12); k+1 < x.Start; k++ {
		if voids[t[k].Low] && t[k+1].Is("by", "when") {
			return true
		}
	}
	return false
}

// goneAt reports whether something was seen to have gone at a time, or was found out: "when he
// went to move them at 6.30pm they were gone", "at 8.45am on Monday staff found".
func goneAt(t []when.Token, x *when.Expression) bool {
	for k := when.SkipWords(t, x.End, ",") + 1; k < min(len(t), x.End+5) && t[k].Kind == when.Word && !like(t[k-1].Low, force) && !t[k-1].Is("and", "when", "to", "but", "was", "were"); k++ {
		if finds[t[k].Low] {
			return true
		}
	}
	for k := x.End + 1; k < min(len(t), x.End+12) && t[k].Kind != when.Mark && !t[k-1].Is("and", "but"); k++ {
		if voids[t[k].Low] && t[k-1].Is("was", "were", "had") {
			return true
		}
	}
	return false
}

// missedBy reports whether token i says that something was found gone: "was missed by its
// owner at 7am".
func missedBy(t []when.Token, start, i int) bool {
	return t[i].Is("missed") && when.AnyWord(t, max(start, i-2), i, "was", "were")
}

// tellers are what somebody does who lets the police know; listeners are whom they tell.
var (
	tellers   = when.Set(`rang phoned telephoned called contacted alerted told informed notified`)
	listeners = when.Set(`police officers us 999 101 911 constabulary station garda gardai`)
)

// toldAt reports whether a time is that at which the police or somebody else heard of what
// had happened: "0630 RPTD", "at 4.45pm a shopkeeper rang to say that", "told his daughter
// at 7pm", "at 8am it was reported that".
func toldAt(t []when.Token, start int, x *when.Expression) bool {
	if x.End < len(t) && t[x.End].Is("rptd", "rpt", "recd", "logged") {
		return true
	}
	if k := when.SkipWords(t, x.End, ",", "the", "local", "emergency", "response"); k+3 < len(t) && t[k].Is("we", "police", "officers", "services") {
		called := t[k+1].Is("was", "were") && t[k+2].Is("called", "alerted", "informed", "notified", "told")
		if called || t[k+1].Is("received", "took", "had", "got") && when.AnyWord(t, k+2, min(len(t), k+5), "report", "reports", "call", "calls") {
			return true // "at approximately 8.15pm we received a report that", "on Sunday, police were called"
		}
	}
	if k := x.Start; k > start && when.AnyWord(t, max(start, k-2), k, "came") && when.AnyWord(t, k-1, k+1, "in") && when.AnyWord(t, max(start, k-5), k, "call", "calls", "report", "reports") {
		return true // "a similar call came in at 4.05am"
	}
	for k := max(start, x.Start-8); k < x.Start; k++ {
		if tellers[t[k].Low] && k+2 < len(t) && (listeners[t[k+1].Low] || t[k+1].Is("the") && listeners[t[k+2].Low] || t[k].Is("told") && t[k+1].Is("his", "her", "their", "my")) {
			return true
		}
	}
	for k := x.End; k+2 < min(len(t), x.End+16) && !(t[k].Is(".", ";", ":", "after", "when", "and", "between", "from", "where") && t[k].Kind != when.Number); k++ {
		if t[k].Is("reported") && t[k+1].Is("that") || t[k].Is("tell") && t[k+1].Is("me", "us") {
			return true
		}
		if tellers[t[k].Low] && (t[k+1].Is("to") && t[k+2].Is("say", "report", "tell") || listeners[t[k+1].Low] || t[k+1].Is("the") && listeners[t[k+2].Low]) {
			return true
		}
	}
	return false
}

// noise reports whether token i is money, a telephone number, a hash tag or an
// address of the web.
func noise(t []when.Token, i int) bool {
	before := i > 0 && !t[i].Gap
	switch {
	case before && t[i-1].Is("#", "@", "£", "$"):
		return true
	case t[i].Is("#", "@") && i+1 < len(t) && !t[i+1].Gap && t[i+1].Kind == when.Word:
		return true
	case i > 0 && i < len(t) && t[i].Kind == when.Word && isUpperWord(t[i].Text) && len(t[i].Text) < 8 && when.AnyWord(t, max(0, i-4), i, "registration", "reg", "index", "plate", "plates", "vrm"):
		return true
	case entryNumber(t, i), i+1 < len(t) && entryNumber(t, i+1):
		return true
	case i > 0 && t[i].Kind == when.Number && numbered[t[i-1].Low] && i+1 < len(t) && (t[i+1].Dash() && t[i+1].Gap || t[i+1].Is(":", ",", "(")):
		return true // "Message 2 - Thursday 14 February"
	case t[i].Low == "http" || t[i].Low == "https" || t[i].Low == "www":
		return true
	}
	return false
}

// entryNumber reports whether token i is the number of an entry of a log: "2112 CAD 711
// BOUTPORT STREET".
func entryNumber(t []when.Token, i int) bool {
	if i == 0 || t[i].Kind != when.Number || !when.Entries[t[i-1].Low] || i+1 == len(t) || t[i+1].Is("/", ":", ".") && !t[i+1].Gap || when.At(t, i) != nil {
		return false
	}
	four := 0
	for k := range min(len(t), i+4) {
		if t[k].Kind == when.Number && (len(t[k].Text) == 4 || k+1 < len(t) && t[k+1].Is(":", ".") && !t[k+1].Gap) {
			four++
		}
	}
	return len(t[i].Text) != 4 || four > 1
}

// entryStart returns the first token of a line that is no mark, and not of the number of an
// entry of a log.
func entryStart(t []when.Token) int {
	i := labelStart(t)
	if i == 1 && len(t) > 3 && t[0].Is("[") && t[2].Is("]") {
		return 3 // "[0142] 17-JAN-25"
	}
	if i+1 < len(t) && entryNumber(t, i+1) {
		i += 2
		i += labelStart(t[i:])
	}
	return i
}

// numbered are the parts of a text, or a text of a series, that a number follows.
var numbered = when.Set(`message bulletin issue edition part post update circular newsletter alert msg`)

// places returns the places of the tokens from start on. Each token is looked at
// a bounded number of times.
//
// One walk over the words in which every kind of place is tried at each; the
// kinds share how far the walk has come.
//
//gocognit:ignore
func (w words) places(start int, b block, lead bool) []place {
	var out []place
	cell := b.kind == item || b.row || b.kind == headline && len(w.t) <= 14 || b.kind == field && (b.label == "place" || b.label == "street" || b.label == "locality")
	loud, opens := b.bullet && w.shout, w.opening()
	bits := b.kind == paragraph && w.fragment(start)
	for i := start; i < len(w.t); i++ {
		if !w.free(i) || w.t[i].Kind == when.Mark {
			continue
		}
		if t := w.t[i]; t.Kind == when.Word && !t.Capital() && (fillers[t.Low] || stops[t.Low]) {
			continue
		}
		at := w.preposition(i)
		if at == "" && cell && w.opensCell(i, start, b) {
			at = "item"
		}
		if at == "" && bits && i > start && w.t[i].Capital() && (w.is(i-1, ",", "(") || w.t[i-1].Dash() && w.t[i-1].Gap) {
			at = "item"
		}
		if at == "" && len(out) > 0 && w.joined(out[len(out)-1].end, i) {
			at = "in"
		}
		if at == "" && i == start && w.town(i, b) {
			at = "item"
		}
		open := at == "" && i > start && w.t[i-1].Is(":", ";")
		if at == "" && i == start && w.village(i) {
			if n := w.nameAt(i); w.typeEnd(i, n) == n && !strongTypes[w.t[n-1].Low] {
				out = append(out, place{start: i, end: n, towns: []string{w.text(i, n)}}) // "Overy Staithe had one theft"
				i = n - 1
				continue
			}
		}
		if from, n := w.titleTown(i, b); n > from && at == "item" {
			out = append(out, place{start: from, end: n, towns: []string{w.text(from, n)}, bare: true, cell: true})
			i = n - 1
			continue
		}
		p, ok := w.placeCell(i, b)
		if !ok {
			p, ok = w.placeAt(i, at)
		}
		p.weak = p.weak || w.fled(i) || w.native(i) || w.meanwhile(start, i) || p.street != "" && len(out) > 0 && out[len(out)-1].weak && out[len(out)-1].street != "" && w.joined(out[len(out)-1].end, i)
		if n := len(out); n > 0 && out[n-1].street != "" && w.is(out[n-1].end, ",") && w.is(i-1, "off") && i <= out[n-1].end+2 {
			p.weak = true // "in Mill Road, Holt, off the A148"
		}
		ok = ok && !(open && p.street == "")
		if !ok || p.end <= i {
			if n := w.run(i); n > i+1 && at == "" && w.typeEnd(i, n) == 0 && !w.is(i, "the") {
				i = n - 1
			}
			continue
		}
		if p.bare && at == "item" && (!w.cellName(p, b, start) || p.street == "" && w.is(i-1, ".") && !w.is(p.end, ",", ":", "(") || loud && i > opens && !w.taken[i-1] && !w.is(p.end, ":")) {
			continue
		}
		p.cell = at == "item"
		out = append(out, p)
		i = p.end - 1
	}
	return w.premises(w.alike(out))
}

// alike makes streets of the bare names that the atlas does not know and that only commas
// or "and" join to a street behind them: "Claypath, Gilesgate and Elvet Street".
func (w words) alike(ps []place) []place {
	list := false // "and" joins the two names behind
	for k := len(ps) - 2; k >= 0; k-- {
		if list = list && w.is(ps[k].end, ",") || w.is(ps[k].end, "and", "&"); !list {
			continue
		}
		if p := &ps[k]; p.bare && p.street == "" && len(p.towns) == 1 && ps[k+1].street != "" && p.end+1 == ps[k+1].start && w.joined(p.end, ps[k+1].start) && !p.cell &&
			!atlas()[NameKey(p.towns[0])].settlement && !atlas()[NameKey(p.towns[0])].region {
			p.street, p.towns = p.towns[0], nil
		}
	}
	return ps
}

// placeCell reads the whole of a cell that a header or a key says holds a street, whose
// words alone would not say so: "Adam and Eve Street" under Location, "Tory" under Street.
func (w words) placeCell(i int, b block) (place, bool) {
	if i >= len(b.keys) || i > 0 && !w.t[i-1].Is("|") || !w.t[i].Capital() {
		return place{}, false
	}
	label, n, and := labels[longForm(b.keys[i])], i, false
	for n < min(len(w.t), i+longestName) && w.free(n) && !w.t[n].Is("|", ",", "(", ";") {
		if w.is(n, "and", "&") {
			and = true
		} else if w.t[n].Kind == when.Word && !w.t[n].Capital() || w.t[n].Kind == when.Number || and && isType(w.t[n]) != (n+1 == len(w.t) || w.t[n+1].Is("|", ",", "(")) {
			return place{}, false
		}
		n++
	}
	second, follows := w.follows(n)
	proved := label == "street" || label == "place" && (and && isType(w.t[n-1]) || follows && w.is(n, ",") && !isRegion(second))
	if _, e := w.streetAt(i, "item"); e == n || n < len(w.t) && !w.t[n].Is("|", ",", "(", ";") || !proved {
		return place{}, false
	}
	p := place{start: i, street: w.text(i, n)}
	p.end = w.tail(n, &p)
	return p, true
}

// fragment reports whether tokens [start, end) are no sentence but bits between commas:
// "Neighbourhood alert, Streatham, 4 September."
func (w words) fragment(start int) bool {
	for _, t := range w.t[start:] {
		if finite[t.Low] {
			return false
		}
	}
	return true
}

// village reports whether a sentence says at token i what a settlement had: "Holme Hale
// had a single crime".
func (w words) village(i int) bool {
	n := w.nameAt(i)
	return n > i && w.t[i].Capital() && w.is(n, "had", "has", "saw", "suffered", "lost") && w.is(n+1, "been", "had", "a", "an", "one", "two", "three", "four", "several", "no", "another", "only", "just", "its", "more")
}

// titleTown returns the tokens of the settlement that a heading opens with, before the
// words that say what the text is: "Necton News", "Dereham town centre", "The Diss Echo".
func (w words) titleTown(i int, b block) (from, to int) {
	if b.kind != headline && b.line > 1 && (b.kind == field || b.bullet || len(w.t) > 5) || i > w.first {
		return i, i
	}
	if w.is(i, "the") {
		i++
	}
	n := i
	for w.free(n) && w.t[n].Capital() && !titular(w.t[n].Low) && !openers[w.t[n].Low] && !stops[w.t[n].Low] {
		n++
	}
	end := n
	for n > i+1 && directions[w.t[n-1].Low] {
		n-- // "Norwich East Police"
	}
	if n == i || n > i+3 || !w.free(end) || !titular(w.t[end].Low) || address.IsCounty(w.t[i].Low) ||
		(n > i+1 && isType(w.t[n-1]) || w.typeEnd(i, w.run(i)) > i+1) && !(n > i+1 && atlas()[NameKey(w.text(i, n))].settlement) {
		return i, i
	}
	return i, n
}

// titular reports whether a word says what a text is.
func titular(s string) bool {
	return offices[s] || matters[s] || heads[s]
}

// native reports whether the place at token i says where a person is from: "a lady from
// Mill Road".
func (w words) native(i int) bool {
	return w.is(i-1, "from") && i > 1 && persons[w.t[i-2].Low]
}

// meanwhile reports whether the place at token i is where somebody was while it was done
// elsewhere: "while its owners were walking on the Long Mynd".
func (w words) meanwhile(start, i int) bool {
	for k := i - 1; k > max(start, i-10); k-- {
		if w.t[k].Is("while", "whilst") {
			return strings.HasSuffix(w.t[when.SkipWords(w.t, i-1, "the")-1].Low, "ing") || when.AnyWord(w.t, k, i, "were", "was")
		}
		if w.t[k].Kind == when.Mark {
			break
		}
	}
	return false
}

// persons are what persons are called who are told of by where they are from.
var persons = when.Set(`man men woman women gentleman lady boy boys girl girls lad youth teenager resident residents couple family pensioner householder homeowner
	farmer shopkeeper motorist driver cyclist student widow grandmother grandfather mother father schoolboy schoolgirl visitor visitors friend neighbour`)

// away reports whether somebody made off towards the place at token i, or lives there.
func (w words) away(i int) bool {
	if w.home(i) {
		return true
	}
	for w.is(i-1, "the", "centre", "of") && i > 2 {
		i--
	}
	return w.is(i-1, "towards", "toward", "direction") && when.AnyWord(w.t, max(0, i-9), i, "fled", "ran", "off", "escaped", "headed", "heading", "sped", "drove", "rode", "left", "leave", "seen", "ran", "running", "foot")
}

// home reports whether somebody, told by an age, lives at the place at token i: "Pat
// Smith, 24, of Mill Road".
func (w words) home(i int) bool {
	k := i - 2
	for k > 0 && w.t[k].Is(",", ")") {
		k--
	}
	return k > 0 && w.t[i-1].Is("of", "from") && w.t[k].Kind == when.Number && len(w.t[k].Text) == 2 && w.t[k-1].Is(",", "(", "aged") ||
		i > 1 && w.t[i-1].Is("of", "from") && w.t[i-2].Is("year-old")
}

// fled reports whether somebody made off by the place at token i, or was taken to it, or something
// ended there: "and one was rolled into the Square".
func (w words) fled(i int) bool {
	to := i - 1
	if w.is(to, "the") {
		to--
	}
	if w.is(to, "to", "into") && when.AnyWord(w.t, max(0, to-3), to, "taken", "rushed", "airlifted", "rolled", "kicked", "thrown", "pushed", "dragged", "dumped", "tossed", "chased", "followed", "blown") {
		return true
	}
	lo := max(0, i-5)
	if w.is(i-1, "in", "on") && when.AnyWord(w.t, lo, i, "to") && when.AnyWord(w.t, max(0, i-8), i, "ran", "fled", "escaped", "walked") {
		return true // "he ran to a house in Mill Road"
	}
	off := when.AnyWord(w.t, lo, i, "fled", "drove", "ran", "off", "escaped", "headed", "heading", "sped", "made", "driven", "rode")
	return i > 1 && off && w.is(i-1, "along", "down", "through", "into", "from", "to", "towards", "toward", "via", "the")
}

// town reports whether a name and a colon stand at i: "Watton: A shed".
func (w words) town(i int, b block) bool {
	n := w.nameAt(i)
	for n > i+1 && sentenceStarters[w.t[n-1].Low] && !isUpperWord(w.t[n-1].Text) {
		n--
	}
	return n > i && n-i <= 4 && w.t[i].Capital() && (n < len(w.t) && w.t[n].Is(":") || b.kind == paragraph && runIn(b.tokens, i, n) || w.free(n) && w.t[n].Dash() && w.t[n].Gap)
}

// opening returns the first token that is neither a mark nor part of a time.
func (w words) opening() int {
	for i, x := range w.t {
		if x.Kind != when.Mark && !w.taken[i] {
			return i
		}
	}
	return w.first
}

// runIn reports whether tokens [i, n) open a paragraph with a full stop behind them, as
// a heading that runs on does: "Martham. On 12 October a garage was entered".
func runIn(t []when.Token, i, n int) bool {
	return i == 0 && n+1 < len(t) && t[n].Is(".") && t[n+1].Gap && !t[n+1].Newline
}

// opensCell reports whether token i is the first of an item, or stands behind a
// mark or a time in it.
func (w words) opensCell(i, start int, b block) bool {
	if i == start || i == w.first {
		return true
	}
	if w.taken[i-1] {
		return true
	}
	x := w.t[i-1]
	return x.Is(",", ":", "|", "(", ";", "]", ".") || (x.Dash() || x.Is("/")) && x.Gap || w.t[i].Newline && b.kind == headline
}

// cellName reports whether a bare name in an item is a place and no sentence.
func (w words) cellName(p place, b block, start int) bool {
	n := p.end
	if low := w.t[p.start].Low; n == p.start+1 && p.street == "" && wordClasses()[stem(low)] != nil && !isUpperWord(w.t[p.start].Text) && !atlas()[low].settlement && w.is(n, "on", "in", "at", "from", "off", "and") {
		return false // "Lambs on the road"
	}
	if n == p.start+1 && w.is(n, ",") && remarks(w.t[p.start].Low) && !(n+1 < len(w.t) && w.t[n+1].Capital()) {
		return false // "Quieter, apart from the 30th"
	}
	if n == p.start+1 && p.street == "" && w.is(n, ":") && saysWhat(w.t[p.start].Low) {
		return false // "Recovered: a bicycle", "COURT: two men"
	}
	if n+2 < len(w.t) && w.is(n, "(") && w.is(n+2, ")") && w.t[n+1].Kind == when.Word && !w.t[n+1].Capital() && !fillers[w.t[n+1].Low] && !directions[w.t[n+1].Low] {
		return false // "Cheese (whole)."
	}
	if n >= len(w.t) || w.taken[n] || w.t[n].Kind == when.Mark {
		return true
	}
	return w.t[n].Is("at", "in", "on", "near", "between", "from", "around", "off", "and", "area", "just", "shortly", "sometime", "overnight", "x", "ward")
}

// remarks reports whether a word that the atlas does not know ends as those do that open a
// sentence: "Sadly", "Busier".
func remarks(low string) bool {
	return (strings.HasSuffix(low, "ly") || strings.HasSuffix(low, "er") || strings.HasSuffix(low, "ing")) && !atlas()[low].settlement
}

// saysWhat reports whether a word that no settlement is called says what was done, or of what
// kind it is.
func saysWhat(low string) bool {
	return (strings.HasSuffix(low, "ed") || len(wordClasses()[stem(low)]) > 0) && !atlas()[low].settlement
}

// joined reports whether only a comma or "and" stands between the place that
// ended at a and token b.
func (w words) joined(a, b int) bool {
	if b <= a || b-a > 2 {
		return false
	}
	for k := a; k < b; k++ {
		if !w.is(k, ",", ";", "and", "&", "/") {
			return false
		}
	}
	return true
}

// scenes returns the places of the tokens from start on, none in a line that only dates a
// call.
func (w words) scenes(start int, b block, lead bool) []place {
	if b.call {
		return nil
	}
	out := w.places(start, b, lead)
	for i := range out {
		if p := &out[i]; b.kind == headline && w.townsName(*p) {
			p.street, p.towns, p.bare = "", []string{p.street}, true
		} else if p.street != "" && len(p.towns) == 0 && b.kind == headline && b.line == 1 && (p.start == w.first || w.t[p.start-1].Dash()) {
			if n := w.titlesTown(p.start, p.end); n > p.start {
				p.street, p.towns, p.bare = "", []string{w.text(p.start, n)}, true
			}
		}
	}
	return out
}

// withSame returns the places of a clause with the street that each "in the same street",
// "the former", "the latter" and "ditto" means, and "the same shop" where the clause gives a
// time and no street; a street "in the same town" has the settlement of the one before it.
func (r *reading) withSame(ps []place, es []element, t []when.Token, c *clause) []place {
	named := len(ps)
	alone := len(es) > 0 && !slices.ContainsFunc(ps, func(p place) bool { return p.street != "" })
	for k := c.start; k < c.end; k++ {
		back, n := refers(t, k, c)
		same := k > c.start && k+1 < c.end && t[k-1].Is("the") && t[k].Is("same", "neighbouring", "adjoining")
		if same && alone && sites[t[k+1].Low] {
			back, n = 1, k+2
		} else if same && t[k+1].Is("town", "village", "city") {
			if seen := r.lastStreets(ps[:named], es, k); len(seen) > 1 && seen[0].start < k && seen[0].town() == "" && seen[1].town() != "" {
				seen[0].towns = append(seen[0].towns, seen[1].town())
			}
		}
		if alone && back == 0 && comeBack(t, c.start, k) {
			back, n, alone = 1, k+1, false
		}
		if back == 0 {
			continue
		}
		if t[k].Is("former", "latter") {
			lendPair(es)
		}
		if seen := r.lastStreets(ps[:named], es, k); len(seen) >= back {
			p := *seen[back-1]
			p.start, p.end, p.weak = k, n, false
			ps = append(ps, p)
		}
	}
	if len(ps) > named {
		slices.SortStableFunc(ps, func(a, b place) int { return a.start - b.start })
	}
	return ps
}

// comeBack reports whether token k says that those who did it came again: "the thieves
// returned", "somebody tried again", "a second attempt".
func comeBack(t []when.Token, start, k int) bool {
	by := offenders[t[max(start, k-1)].Low] || k > start+1 && offenders[t[k-2].Low]
	return t[k].Is("attempt") && t[max(start, k-1)].Is("second", "third", "another", "further") || by && (t[k].Is("returned") || t[k].Is("again") && t[k-1].Is("tried", "struck", "attacked", "called", "broke") || t[k].Is("back") && (comes[t[k-1].Low] || t[k-1].Is("went", "were")))
}

// offenders are what those are called who do it.
var offenders = when.Set(`thieves thief burglars burglar raiders robbers vandals offenders culprits intruders intruder gang someone somebody crooks`)

// lastStreets returns the streets named before token k, the last first, each once.
func (r *reading) lastStreets(ps []place, es []element, k int) (seen []*place) {
	add := func(p *place) {
		if p != nil && p.street != "" && !slices.ContainsFunc(seen, func(q *place) bool { return strings.EqualFold(q.street, p.street) }) {
			seen = append(seen, p)
		}
	}
	for i := len(ps) - 1; i >= 0; i-- {
		if ps[i].start < k {
			add(&ps[i])
		}
	}
	for _, list := range [][]element{es, r.elements} {
		for i := len(list) - 1; i >= max(0, len(list)-longestStory) && len(seen) < 2; i-- {
			if x := &list[i]; (x.aside == "" || x.aside == asideLent) && !r.blocks[x.block].tokens[x.start].Is("former", "latter") {
				add(x.p)
			}
		}
	}
	return seen
}

// lendPair sets aside the places of a sentence of the same block that names two streets, of
// which "the former" or "the latter" is one: "in Mill Road and in Back Lane. In the former".
func lendPair(es []element) {
	for i := len(es) - 1; i > 0; i-- {
		a, b := &es[i-1], &es[i]
		if a.p == nil || b.p == nil || a.p.street == "" || b.p.street == "" || a.clause != b.clause || a.aside != "" {
			continue
		}
		for k := range es {
			if es[k].clause == a.clause && es[k].p != nil {
				es[k].aside = asideLent
			}
		}
		return
	}
}

// refers returns how many streets back the one is that words at token k mean, 0 for none,
// and the token after them.
func refers(t []when.Token, k int, c *clause) (back, n int) {
	led := k > c.start && t[k-1].Is("the") && (k == c.start+1 || t[k-2].Is("in", "on", "from", "along", "at"))
	switch {
	case k+1 < c.end && led && t[k].Is("same") && t[k+1].Is("street", "road", "lane", "avenue", "close"):
		return 1, k + 2
	case led && t[k].Is("latter"):
		return 1, k + 1
	case led && t[k].Is("former"):
		return 2, k + 1
	case k+1 < c.end && t[k].Is("ditto") && k == labelStart(t) && t[k+1].Is(",", ":", "-", "|"):
		return 1, k + 1
	}
	return 0, k
}

// premises drops the name of a shop or the like in a street that follows it: "the
// Spar shop on Wootton Road".
func (w words) premises(ps []place) []place {
	var out []place
	full := false
	for _, p := range ps {
		full = full || p.street != "" && p.town() != ""
	}
	for k, p := range ps {
		if full && p.bare && p.cell && p.street == "" && !w.is(p.end, ":") {
			continue // "BURG DWELL - APSLEY RD, GREAT YARMOUTH"
		}
		if p.cell && p.bare && p.street == "" && k+1 < len(ps) && ps[k+1].street != "" && ps[k+1].town() == "" && ps[k+1].start == p.end+1 && w.t[p.end].Kind == when.Mark && !w.is(p.end, ":", "&") && !(isUpperWord(w.t[p.start].Text) && w.t[p.end].Dash()) {
			ps[k+1].towns = append(p.towns, ps[k+1].towns...) // "Cottenham, Rampton Road"
			continue
		}
		if p.bare && p.street != "" && k+1 < len(ps) && ps[k+1].street != "" && !ps[k+1].bare && (buildings[w.t[p.end-1].Low] || grounds[w.t[p.end-1].Low] || w.is(p.end-1, "park")) && w.is(p.end, "in", "on") && ps[k+1].start-p.end < 3 {
			continue // "Holy Cross Church in Back Lane"
		}
		if p.bare && p.street == "" && k+1 < len(ps) && ps[k+1].street != "" {
			gap := w.t[p.end:ps[k+1].start]
			if n := len(gap); n >= 1 && n <= 4 && (gap[n-1].Is("on", "in", "at") || n > 1 && gap[n-1].Is("the") && gap[n-2].Is("in", "on")) && !gap[0].Is(",", "and", "area", "a", "an", "one", "two", "three") && (n == 1 && gap[0].Is("on") || n > 1 && gap[0].Kind == when.Word || ps[k+1].town() != "") && w.shop(p) {
				continue
			}
		}
		out = append(out, p)
	}
	return out
}

// shop reports whether "the" or "at" stands before a name.
func (w words) shop(p place) bool {
	return w.is(p.start-1, "the", "at", "a") || w.is(p.start, "the")
}
