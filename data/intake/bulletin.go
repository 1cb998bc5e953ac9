package intake

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/data"
)

// A bulletin is the text of one press release on its way to reports.
type bulletin struct {
	o       Options
	source  string
	text    string
	blocks  []block
	clauses []clause
	almanac almanac
	dated   []day
	found   []finding
	unread  map[int]string // line → why
	refused []*data.RowError
	run     int     // number of the account that is read
	scopes  []scope // settlements named for incidents that have none of their own
}

// A finding is an incident read from a bulletin.
type finding struct {
	place   place
	text    string // of the place
	iv      interval
	line    int
	clause  int // index of the clause of its place
	listed  bool
	summary bool
	report  time.Time
	run     int // the account that it is from
}

// A scope is a settlement named apart from any street.
type scope struct {
	clause int
	text   string
	listed bool // in an item of a list: it holds for that item alone
}

// An element is a place or a time of an account, in the order of the text.
type element struct {
	clause   int
	p        *place
	w        *when
	days     []day // for a time without a date of its own: from the same clause
	rule     string
	list     bool // days are several, not a span
	start    int
	line     int
	reported bool // the time at which the police heard of it
	again    bool
}

// readBulletin returns the reports of a bulletin and the lines that gave none,
// both in the order of their lines.
func readBulletin(text, source string, o Options) ([]data.Report, []*data.RowError) {
	b := &bulletin{o: o, source: source, text: text, unread: map[int]string{}}
	b.blocks = splitBlocks(text)
	for i, bl := range b.blocks {
		b.clauses = append(b.clauses, splitClauses(bl, i, isUpper(bl.tokens))...)
	}
	b.findDates()
	b.walk()
	b.giveLocalities()
	b.dropRetold()
	b.checkAppeals()
	return b.reports()
}

func isUpper(t []token) bool {
	words, upper := 0, 0
	for _, x := range t {
		if x.kind == word && len(x.text) > 2 {
			words++
			if strings.ToUpper(x.text) == x.text {
				upper++
			}
		}
	}
	return words >= 4 && upper*10 > words*8
}

// findDates finds the publication date and the days that the text gives in full.
func (b *bulletin) findDates() {
	b.almanac = almanac{today: dayOf(b.o.Today.In(b.o.Zone))}
	if !b.o.Received.IsZero() {
		b.almanac.received = dayOf(b.o.Received)
	}
	for i := range b.clauses {
		c := &b.clauses[i]
		if d := b.publication(i); d != nil {
			c.class = dateline
			if b.almanac.published.isZero() {
				if first, _, _, err := d.resolve(b.almanac, day{}, nil); err == nil {
					b.almanac.published = first
				}
			}
		}
	}
	var refs []*dateRef
	for i := range b.clauses {
		if b.clauses[i].class == dateline {
			continue
		}
		for _, w := range b.clauses[i].whens {
			for _, m := range w.moments {
				if m.date != nil && m.date.full() {
					refs = append(refs, m.date)
				}
			}
		}
	}
	if d := b.yearInWords(); !d.isZero() {
		b.almanac.anchor, b.almanac.sure = d, true
	}
	for pass := 0; pass < 3 && (b.almanac.anchor.isZero() || pass == 0); pass++ {
		for _, r := range refs {
			if pass == 0 && r.year == 0 || pass == 1 && r.weekday == nil {
				continue
			}
			if first, _, _, err := r.resolve(b.almanac, day{}, nil); err == nil && first.year >= 1970 {
				b.almanac.anchor, b.almanac.sure = first, pass == 0
				break
			}
		}
	}
	for _, r := range refs {
		if first, last, _, err := r.resolve(b.almanac, day{}, nil); err == nil && !slices.Contains(b.dated, first) {
			b.dated = append(b.dated, first)
			if last != first {
				b.dated = append(b.dated, last)
			}
		}
	}
}

// yearInWords returns a day of the year that the text gives apart from any date:
// "in December 2018", "over Christmas 2018".
func (b *bulletin) yearInWords() day {
	for _, c := range b.clauses {
		t := b.blocks[c.block].tokens
		for i := c.start + 1; i < c.end; i++ {
			y, n := yearAt(t, i)
			if n == i || y < 1970 || y > b.almanac.today.year || t[i].quoted || within(c.whens, i) || c.class != account {
				continue
			}
			m, k := monthAt(t, i-1)
			switch {
			case k == i:
				return day{y, m, 15}
			case anyWord(t, max(c.start, i-4), i, "christmas", "festive"):
				return day{y, time.December, 25}
			}
		}
	}
	return day{}
}

var datelineWords = set(`published publication posted issued released updated last date on at by news release press statement for immediate the
	norfolk constabulary police report reporter bst gmt time edt first media of appeal bulletin daily crime witness notice`)

// publication returns the date of a line that is the bulletin's own date:
// within the first lines a date with hardly a word besides, or anywhere one that
// says "published".
func (b *bulletin) publication(i int) *dateRef {
	c := b.clauses[i]
	bl := b.blocks[c.block]
	if bl.kind == item && c.block > 6 || len(c.places) > 0 && !datelinePlace(c) || len(c.whens) == 0 || len(c.whens) > 2 {
		return nil
	}
	var r *dateRef
	for _, w := range c.whens {
		if len(w.moments) == 1 && w.moments[0].date != nil && (w.moments[0].date.full()) {
			r = w.moments[0].date
		}
	}
	if r == nil {
		return nil
	}
	says, rest := bl.label == "published", 0
	for k := c.start; k < c.end; k++ {
		t := bl.tokens[k]
		if t.kind == mark || within(c.whens, k) {
			continue
		}
		says = says || t.is("published", "posted", "issued", "released", "publication")
		if !datelineWords[t.low] {
			rest++
		}
	}
	switch {
	case says && rest <= 3:
		return r
	case bl.label == "published":
		return r
	case bl.label == "date" && r.year > 0 && c.block <= 3 && b.metadata(c.block):
		return r
	case bl.label != "" || r.year == 0 || c.block > 4 || bl.colon:
		return nil
	case rest <= 2 && c.end-c.start == len(bl.tokens) && b.undatedAfter(i):
		return r
	}
	return nil
}

func datelinePlace(c clause) bool { return len(c.places) == 1 && c.places[0].plain }

// metadata reports whether a "Date:" line at the top belongs to the bulletin and
// not to an incident: no place is labelled in the lines next to it.
func (b *bulletin) metadata(at int) bool {
	for k := max(0, at-3); k <= at+3 && k < len(b.blocks); k++ {
		if l := b.blocks[k].label; l == "place" || l == "street" {
			return false
		}
	}
	return true
}

// undatedAfter reports whether the text after clause i tells of its own days, or
// has words such as "yesterday", so that the date on top is no heading.
func (b *bulletin) undatedAfter(i int) bool {
	if b.clauses[i].block == 0 {
		return true
	}
	next := b.clauses[i].block + 1
	if next < len(b.blocks) && b.blocks[next].kind == item {
		return false
	}
	return true
}

func within(whens []*when, k int) bool {
	for _, w := range whens {
		if k >= w.start && k < w.end {
			return true
		}
	}
	return false
}

// A context is what a list or a section has said for all its items.
type context struct {
	days   []day
	rule   string
	when   *when // with a clock time
	place  *place
	first  day  // of the span that the last of days ends
	night  bool // the days are nights: a time before noon is on the day after
	opened bool // said before a colon, for what stands behind it
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
		case bl.kind == item && !bl.bullet && b.heading(cs, &section, &carry):
			flush()
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
			if len(run) > 0 && b.blocks[b.clauses[run[len(run)-1]].block].kind == field {
				flush()
			}
			if inList {
				list, inList = context{}, false
			}
			if b.heading(cs, &section, &carry) {
				flush()
				break
			}
			if bl.colon && j < len(b.clauses) && b.blocks[last.block+1].kind == item && last.class == account {
				flush()
				b.account(indices(i, j-1), &carry, section, context{}, false)
				list = b.introduce(j-1, &carry, section)
				break
			}
			run = append(run, cs...)
		}
		i = j
	}
	flush()
}

func indices(i, j int) []int {
	var out []int
	for ; i < j; i++ {
		out = append(out, i)
	}
	return out
}

// recordEnds reports whether labelled line bl begins another record: its label
// is already in the run.
func (b *bulletin) recordEnds(run []int, bl block) bool {
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
		if bl.tokens[k].kind != mark && !within(c.whens, k) && !inPlace && !bl.tokens[k].is("in", "incidents", "calls", "and", "area", "the") {
			rest++
		}
	}
	if rest > 0 {
		return false
	}
	if len(c.whens) == 1 {
		w := c.whens[0]
		if !w.dateOnly() || w.span {
			return false
		}
		days, rule, err := b.setting(*carry).days(w.moments[0].date, day{})
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
	if b.blocks[next.block].tokens[next.start].is("nil", "none", "nothing", "no") {
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
		s.dates, s.rule = section.days, section.rule
	}
	for _, w := range c.whens {
		if w.complaint != "" {
			b.unread[b.blocks[c.block].tokens[w.start].line] = w.complaint
			continue
		}
		for _, m := range w.moments {
			if m.date == nil {
				continue
			}
			if days, rule, err := s.days(m.date, day{}); err == nil {
				if w.span && len(list.days) > 0 && m.date != w.moments[0].date {
					days = []day{list.days[0], days[len(days)-1]}
				}
				list.days, list.rule = days, rule
			}
		}
		if !w.dateOnly() || w.span {
			list.when = w
			list.night = w.night()
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

func (b *bulletin) setting(carry context) setting {
	s := setting{almanac: b.almanac, dates: carry.days, rule: carry.rule, dated: b.dated, zone: b.o.Zone}
	if len(carry.days) > 0 {
		s.prior = carry.days[len(carry.days)-1]
	}
	s.first = carry.first
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
				case e.w == nil || e.w.complaint == "" && e.w.dateOnly() && !e.w.span:
				case e.w.night():
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
		if !w.dateOnly() && !w.night() {
			return false
		}
	}
	for _, j := range cs {
		if j > i && b.clauses[j].block == c.block && len(b.clauses[j].places)+len(b.clauses[j].whens) > 0 {
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

// elements returns the places and times of clause i, with dates that stand alone
// given to the times beside them, and settlements to the streets beside them.
// days are the last that the clause spoke of.
func (b *bulletin) elements(i int, ctx *context, listed bool) (es []element, days []day, rule string) {
	c := &b.clauses[i]
	t := b.blocks[c.block].tokens
	s := b.setting(*ctx)
	var alone []*when
	for _, w := range c.whens {
		if w.complaint == "" && w.dateOnly() && !w.span {
			alone = append(alone, w)
		}
	}
	timed := len(alone) < len(c.whens)
	resolved := map[*when][]day{}
	rules := map[*when]string{}
	for _, w := range c.whens {
		for _, m := range w.moments {
			if m.date == nil {
				continue
			}
			if len(days) > 0 {
				s.prior = days[len(days)-1]
			}
			if d, r, err := s.days(m.date, day{}); err == nil {
				days, rule = d, r
				resolved[w], rules[w] = d, r
			}
		}
		if w.span && len(resolved[w]) > 0 {
			if iv, err := w.settled().resolveSpan(s); err == nil {
				last := dayOf(iv.to.Add(-time.Second))
				days, resolved[w] = []day{last}, []day{last}
				s.first = iv.first
			}
		}
	}
	ctx.first = s.first
	for _, w := range c.whens {
		e := element{clause: i, w: w, start: w.start, line: t[w.start].line, reported: reportCue(t, c.start, w.start), again: againCue(t, c.start, w.start)}
		if timed && w.dateOnly() && !w.span {
			if w.complaint == "" && resolved[w] != nil {
				continue // its date goes to the times beside it
			}
		}
		if !w.dated() {
			if a := nearestAlone(alone, w); a != nil {
				e.days, e.rule, e.list = resolved[a], rules[a], a.moments[0].date.list
			} else if a := lastDated(c.whens, w, resolved); a != nil {
				e.days, e.rule = resolved[a][len(resolved[a])-1:], rules[a]
			} else if len(ctx.days) == 0 || !listed && !ctx.opened && !semicolonAfter(t, w.end, c.end) {
				// "at 10am and, in Dereham, at 11am on Monday": the date is for both.
				if a := nextDated(c.whens, w, resolved); a != nil {
					e.days, e.rule = resolved[a][:1], rules[a]
				}
			}
		}
		es = append(es, e)
	}
	ps := b.settle(c, t)
	for k := range ps {
		p := &ps[k]
		head := b.blocks[c.block].kind == headline
		if p.plain && p.street == "" && !p.weak && (len(ps) == 1 || !head) && (head || c.summary || len(c.whens) == 0) {
			b.scopes = append(b.scopes, scope{i, p.text(), listed})
		}
		if p.weak && !listed && len(c.whens) == 0 {
			continue // where somebody went or was sent
		}
		if p.plain && !listed && len(c.whens) == 0 && c.summary || p.plain && t[c.start].is("both", "all") {
			if t[c.start].is("both", "all") {
				b.scopes = append(b.scopes, scope{clause: i, text: p.text()})
			}
			continue // it says where, not that something happened there at one time
		}
		es = append(es, element{clause: i, p: p, start: p.start, line: t[p.start].line})
	}
	slices.SortStableFunc(es, func(x, y element) int { return cmp.Compare(x.start, y.start) })
	return es, days, rule
}

// lastDated returns the last time before w in its clause that has a date.
func lastDated(whens []*when, w *when, resolved map[*when][]day) *when {
	var last *when
	for _, x := range whens {
		if x.start < w.start && len(resolved[x]) > 0 {
			last = x
		}
	}
	return last
}

// nextDated returns the first time after w in its clause that has a date.
func nextDated(whens []*when, w *when, resolved map[*when][]day) *when {
	for _, x := range whens {
		if x.start > w.start && len(resolved[x]) > 0 {
			return x
		}
	}
	return nil
}

func semicolonAfter(t []token, i, j int) bool { return anyWord(t, i, j, ";") }

// nearestAlone returns the date that goes with w: the last before it in the
// clause, else the first after it.
func nearestAlone(alone []*when, w *when) *when {
	var best *when
	for _, a := range alone {
		if a.start < w.start || best == nil {
			best = a
		}
	}
	return best
}

// settle gives the settlements of a clause to its streets that have none, and
// drops where people come from when it says where it happened.
func (b *bulletin) settle(c *clause, t []token) []place {
	strong, bare := false, false
	for _, p := range c.places {
		strong = strong || !p.weak
		bare = bare || p.street != "" && len(p.localities) == 0
	}
	var ps []place
	for _, p := range c.places {
		if !(p.weak && strong) {
			ps = append(ps, p)
		}
	}
	if !bare {
		return ps
	}
	var out []place
	ahead := ""
	for k, p := range ps {
		switch {
		case p.street == "" && p.plain:
			if k+1 < len(ps) && ps[k+1].street != "" && len(ps[k+1].localities) == 0 {
				if premises(t, p.end, ps[k+1].start) {
					continue // "the Spar shop on Wootton Road"
				}
				ahead = p.text()
				b.scopes = append(b.scopes, scope{clause: b.indexOf(c), text: ahead, listed: b.blocks[c.block].kind == item})
				continue
			}
			all := p.start > 0 && anyWord(t, max(c.start, p.start-3), p.start, "both", "all")
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
func premises(t []token, i, j int) bool {
	return j-i >= 1 && j-i <= 4 && t[j-1].is("on", "in", "at") && (j-i == 1 || t[i].kind == word && !t[i].capital() && !t[i].is("area", "on", "in", "at")) ||
		j-i >= 2 && j-i <= 4 && t[j-1].is("the") && t[j-2].is("on", "in")
}

func (b *bulletin) indexOf(c *clause) int {
	for i := range b.clauses {
		if &b.clauses[i] == c {
			return i
		}
	}
	return 0
}

func anyWord(t []token, i, j int, words ...string) bool {
	for ; i < j; i++ {
		if t[i].is(words...) {
			return true
		}
	}
	return false
}

// coordinated reports whether only commas, "and" and small words join the tokens
// [i, j).
func coordinated(t []token, i, j int) bool {
	for ; i < j; i++ {
		if !t[i].is(",", "and", "&", "in", "on", "at", "the", "or", "also", "nearby") {
			return false
		}
	}
	return true
}

// reportCue reports whether a time at token w is that of the report: "reported
// at", "police were called at".
func reportCue(t []token, start, w int) bool {
	lo := max(start, w-6)
	for i := w - 1; i >= lo; i-- {
		switch {
		case t[i].is(";", "."):
			return false
		case t[i].is("reported", "discovered") || t[i].is("called", "alerted", "notified", "informed", "contacted") && anyWord(t, max(start, i-4), i, "police", "officers"):
			return true
		}
	}
	return false
}

func againCue(t []token, start, w int) bool {
	lo := max(start, w-6)
	for i := w - 1; i >= lo; i-- {
		if againWords[t[i].low] || t[i].is("followed", "then", "repeated", "more", "twice") {
			return true
		}
	}
	return w > 0 && t[max(start, w-1)].is("and", "&")
}

// group divides the elements of an account into incidents, at the least cost.
func (b *bulletin) group(es []element, before map[int]context, listed bool) {
	var lastDay *finding
	prev := interval{}
	for _, g := range b.partition(es) {
		ps, ws := parts(es[g[0]:g[1]])
		switch {
		case len(ps) > 0 && len(ws) > 0:
			n := len(b.found)
			b.incidents(ps, ws, before, listed, &prev)
			lastDay = nil
			if len(b.found) == n+1 && b.found[n].iv.precision == data.PrecisionDay {
				lastDay = &b.found[n]
			}
		case len(ps) > 0:
			for _, e := range ps {
				b.placeAlone(e, before[e.clause], listed)
			}
		default:
			for _, e := range ws {
				if lastDay != nil && e.w.complaint == "" && !b.clauses[e.clause].again && !e.w.dateOnly() && b.refine(lastDay, e, before[e.clause]) {
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

// partition divides elements into runs by dynamic programming. A run costs what
// it joins across commas, sentences and paragraphs, and a place without a time
// or a time without a place costs most. Ties go to the shorter last run.
func (b *bulletin) partition(es []element) [][2]int {
	const longest = 12
	n := len(es)
	type state struct {
		cost float64
		from int
		way  int // 1 place first, 2 time first
	}
	best := make([]state, n+1)
	for i := 1; i <= n; i++ {
		best[i].cost = math.Inf(1)
		for j := i - 1; j >= 0 && i-j <= longest; j-- {
			cost, way := b.runCost(es[j:i])
			if j > 0 {
				_, cut := b.separation(es[j-1], es[j])
				cost += cut
				if way != 0 && best[j].way != 0 && way != best[j].way {
					cost++
				}
			}
			if way == 0 {
				way = best[j].way
			}
			if c := best[j].cost + cost; c < best[i].cost {
				best[i] = state{c, j, way}
			}
		}
	}
	var out [][2]int
	for i := n; i > 0; i = best[i].from {
		out = append(out, [2]int{best[i].from, i})
	}
	slices.Reverse(out)
	return out
}

// runCost returns the cost of reading es as one incident, or as several that
// share a place or a time.
func (b *bulletin) runCost(es []element) (cost float64, way int) {
	ps, ws := parts(es)
	if len(ps) == 0 || len(ws) == 0 {
		if len(es) > 1 {
			return math.Inf(1), 0
		}
		return 6, 0
	}
	turns := 0
	for k := 1; k < len(es); k++ {
		join, _ := b.separation(es[k-1], es[k])
		cost += join
		if (es[k].p == nil) != (es[k-1].p == nil) {
			turns++
		} else if es[k].clause != es[k-1].clause {
			cost += 5
		} else if join > 1 {
			cost += 2
		} else {
			cost += 0.5
		}
	}
	switch turns {
	case 1:
	case 2:
		if es[0].p != nil {
			cost += 6
		} else {
			cost += 4
		}
	default:
		return math.Inf(1), 0
	}
	if len(ps) > 1 && len(ws) > 1 {
		cost += 3
	}
	if es[0].p != nil {
		return cost, 1
	}
	return cost, 2
}

// separation returns what it costs to read two neighbours as one incident, and
// as two.
func (b *bulletin) separation(x, y element) (join, cut float64) {
	if x.start == -1 || y.start == math.MaxInt {
		return 0, 3
	}
	cx, cy := b.clauses[x.clause], b.clauses[y.clause]
	if x.clause != y.clause {
		join = 3
		if cx.block != cy.block {
			join = 5
			if b.blocks[cx.block].kind == field && b.blocks[cy.block].kind == field {
				return 0.3, 1.5
			}
		}
		if cx.intro && cx.block == cy.block {
			return 0.4, 1
		}
		if cy.same {
			join /= 3
		}
		if cy.again {
			join += 8
		}
		return join, 0
	}
	t := b.blocks[cx.block].tokens
	end := 0
	if x.p != nil {
		end = x.p.end
	} else {
		end = x.w.end
	}
	if opened, closed := bracketsBetween(t, end, y.start); opened {
		return 0, 4
	} else if closed {
		return 2, 0
	}
	comma, and, plain := false, false, false
	for k := end; k < y.start && k < len(t); k++ {
		switch {
		case t[k].is(";"):
			return 2.5, 0
		case t[k].is(",", "-", "–", "—", "(", ")", "|", "/") || t[k].newline:
			comma = true
		case t[k].is("and", "&", "while", "then", "plus", "before", "but"):
			and = true
		default:
			plain = true
		}
	}
	switch {
	case and:
		return 0.6, 1
	case comma && plain:
		return 0.5, 1.5
	case comma:
		return 0.3, 1.5
	case plain:
		return 0.1, 2.5
	}
	return 0, 3
}

// bracketsBetween reports whether a bracket opens, or one closes, between tokens
// i and j and does not close, or open, again.
func bracketsBetween(t []token, i, j int) (opened, closed bool) {
	depth := 0
	for ; i < j && i < len(t); i++ {
		switch {
		case t[i].is("("):
			depth++
		case t[i].is(")"):
			depth--
		}
	}
	return depth > 0, depth < 0
}

// incidents adds what places ps and times ws of one run say.
func (b *bulletin) incidents(ps, ws []element, before map[int]context, listed bool, prev *interval) {
	var reported time.Time
	var ivs []interval
	ws = b.lendDates(ws, before)
	for k, e := range ws {
		if k > 0 && len(ivs) > 0 && len(ps) == 1 && !e.again && e.w.later == 0 && !e.reported && e.w.complaint == "" && e.clause == ws[k-1].clause && !e.w.dateOnly() {
			b.unread[e.line] = "a second time for one place, not understood"
			continue
		}
		if k > 0 && len(ivs) > 0 && len(ps) == 1 && e.clause != ws[k-1].clause && !e.again && !b.clauses[e.clause].again && !e.reported {
			b.timeAlone(e, before[e.clause])
			continue
		}
		got, err := b.resolveElement(e, before[e.clause], *prev)
		if err != nil {
			b.fail(e.line, err)
			continue
		}
		if e.reported && len(ws) > 1 {
			reported = got[0].from
			continue
		}
		ivs = append(ivs, got...)
		*prev = ivs[len(ivs)-1]
	}
	if len(ivs) == 0 && !reported.IsZero() {
		return
	}
	respectively := len(ps) > 1 && len(ps) == len(ivs)
	for k, e := range ps {
		for m, iv := range ivs {
			if respectively && k != m {
				continue
			}
			b.found = append(b.found, finding{
				place: *e.p, iv: iv, line: b.lineOf(e, ws[0], listed), clause: e.clause,
				listed: listed, summary: b.clauses[e.clause].summary, report: reported, run: b.run,
			})
		}
	}
}

// lendDates gives a date that stands alone to the times of the same run that
// have none: "Date: 16 September. Time: 10am".
func (b *bulletin) lendDates(ws []element, before map[int]context) []element {
	var days []day
	rule, timed := "", false
	for _, e := range ws {
		if e.w.complaint == "" && e.w.dateOnly() && !e.w.span {
			if d, r, err := b.setting(before[e.clause]).days(e.w.moments[0].date, day{}); err == nil && days == nil {
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
		if e.w.complaint == "" && e.w.dateOnly() && !e.w.span {
			continue
		}
		if !e.w.dated() && len(e.days) == 0 {
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
func (b *bulletin) resolveElement(e element, ctx context, prev interval) ([]interval, error) {
	if e.w.later > 0 {
		if prev.from.IsZero() {
			return nil, fmt.Errorf("counts from a time that is not there")
		}
		at := prev.from.Add(e.w.later)
		return []interval{{from: at, to: at, precision: data.PrecisionAround, rule: prev.rule + "; counted from the time before it", first: prev.first}}, nil
	}
	if len(e.days) > 0 {
		ctx.days, ctx.rule = e.days, e.rule
	}
	s := b.setting(ctx)
	if ctx.night && !e.w.dated() && e.w.beforeNoon() && len(s.dates) > 0 {
		s.dates = []day{s.dates[len(s.dates)-1].add(1)}
	}
	if !e.w.dated() && len(s.dates) == 0 {
		if days, rule := b.laterDate(e.clause); days != nil {
			s.dates, s.rule = days, rule
		}
	}
	if !e.list || e.w.dated() {
		return e.w.resolve(s)
	}
	var out []interval
	for _, d := range e.days {
		s.dates = []day{d}
		ivs, err := e.w.resolve(s)
		if err != nil {
			return nil, err
		}
		out = append(out, ivs...)
	}
	return out, nil
}

// laterDate returns the first date that stands alone in the text after a
// clause, else the first that comes with a time.
func (b *bulletin) laterDate(i int) ([]day, string) {
	for _, alone := range []bool{true, false} {
		for j := i + 1; j < len(b.clauses); j++ {
			c := b.clauses[j]
			if c.class != account {
				continue
			}
			for _, w := range c.whens {
				if w.complaint != "" || w.span || w.dateOnly() != alone || len(w.moments) == 0 {
					continue
				}
				if days, rule, err := b.setting(context{}).days(w.moments[0].date, day{}); err == nil {
					return days, rule
				}
			}
		}
	}
	return nil, ""
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
	if listed || ctx.opened || c.happened && !c.summary || !e.p.plain && c.again {
		days, rule := ctx.days, ctx.rule
		if len(days) == 0 {
			days, rule = b.laterDate(e.clause)
		}
		if len(days) > 0 {
			iv, err := moment{}.interval(days[0], days[len(days)-1], rule, 0, b.setting(ctx))
			if err == nil {
				b.found = append(b.found, finding{place: *e.p, iv: iv, line: b.lineOf(e, e, listed), clause: e.clause, listed: listed, summary: c.summary, run: b.run})
				return
			}
		}
	}
	b.unread[e.line] = "a place without a time"
	if e.p.plain {
		b.unread[e.line] = "a settlement without a time"
	}
}

// refine gives an incident of which only the day is known the time that the
// text goes on to tell.
func (b *bulletin) refine(f *finding, e element, ctx context) bool {
	if len(e.days) == 0 && !e.w.dated() {
		e.days, e.rule = []day{f.iv.first}, f.iv.rule
	}
	ivs, err := b.resolveElement(e, ctx, f.iv)
	if err != nil || len(ivs) != 1 || ivs[0].from.Before(f.iv.from.Add(-24*time.Hour)) || ivs[0].from.After(f.iv.to) {
		return false
	}
	f.iv = ivs[0]
	return true
}

// timeAlone deals with a time that no place goes with.
func (b *bulletin) timeAlone(e element, ctx context) {
	if e.w.complaint == "" && e.w.dateOnly() {
		return // it was taken as the date of what follows
	}
	if e.w.complaint != "" {
		b.unread[e.line] = e.w.complaint
		return
	}
	ivs, err := b.resolveElement(e, ctx, interval{})
	if err != nil {
		b.fail(e.line, err)
		return
	}
	b.pending(e.line, ivs)
}

func (b *bulletin) pending(line int, ivs []interval) {
	for _, iv := range ivs {
		for _, f := range b.found {
			if f.iv.from.Equal(iv.from) && f.iv.to.Equal(iv.to) {
				return
			}
		}
	}
	b.unread[line] = "a time without a place"
}

// fail lists a line whose words were found: refused when they name a day that
// the calendar does not have, else unread.
func (b *bulletin) fail(line int, err error) {
	if errors.Is(err, errCalendar) {
		b.refused = append(b.refused, &data.RowError{Source: b.source, Line: line, Field: "from", Reason: err.Error()})
		return
	}
	b.unread[line] = err.Error()
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

func (b *bulletin) localityFor(clause int) string {
	before, only := "", ""
	for _, s := range b.scopes {
		if s.listed && b.clauses[s.clause].block != b.clauses[clause].block {
			continue
		}
		if s.clause <= clause {
			before = s.text
		}
		if only == "" {
			only = s.text
		} else if !strings.EqualFold(only, s.text) {
			only = "-"
		}
	}
	if before == "" && only != "-" {
		return only
	}
	return before
}

// dropRetold takes out an incident that the text tells again in more detail,
// and what only sums several up.
func (b *bulletin) dropRetold() {
	b.found = slices.DeleteFunc(b.found, func(a finding) bool {
		if a.listed {
			return false
		}
		inside := 0
		for _, f := range b.found {
			if f.clause == a.clause || f.iv.from.Before(a.iv.from) || f.iv.to.After(a.iv.to) {
				continue
			}
			finer := f.iv.to.Sub(f.iv.from) < a.iv.to.Sub(a.iv.from) || f.place.street != "" && a.place.street == ""
			if !finer {
				continue
			}
			if a.place.street != "" && strings.EqualFold(a.place.street, f.place.street) && a.iv.precision == data.PrecisionDay {
				return true
			}
			if a.place.street != "" || b.clauses[a.clause].again {
				continue
			}
			if len(f.place.localities) > 0 && strings.EqualFold(f.place.localities[0], a.text) {
				return true
			}
			if a.summary && a.clause < f.clause {
				inside++
			}
			if inside > 1 {
				return true
			}
		}
		return false
	})
}

// checkAppeals lists an appeal to witnesses that names a street and a clock time
// of which no incident tells.
func (b *bulletin) checkAppeals() {
	for i := range b.clauses {
		c := &b.clauses[i]
		if c.class != appeal {
			continue
		}
		for _, p := range c.places {
			told := slices.ContainsFunc(b.found, func(f finding) bool { return strings.EqualFold(f.place.street, p.street) })
			if told || p.street == "" {
				continue
			}
			for _, w := range c.whens {
				if !w.dateOnly() {
					b.unread[b.blocks[c.block].tokens[p.start].line] = "an appeal about an incident that the text does not tell"
				}
			}
		}
	}
}

// reports returns what was found, each once, and the lines that gave nothing.
func (b *bulletin) reports() ([]data.Report, []*data.RowError) {
	var reports []data.Report
	seen := map[string]bool{}
	for _, f := range b.found {
		r := data.Report{
			Offence: b.offence(f), Location: f.text, From: f.iv.from, To: f.iv.to, Precision: f.iv.precision,
			DateRule: f.iv.rule, Reported: f.report, Source: b.source, Line: f.line,
		}
		if reason := b.o.outOfRange(r.From, r.To); reason != "" {
			b.refused = append(b.refused, &data.RowError{Source: b.source, Line: f.line, Field: "from", Reason: reason})
			continue
		}
		if r.Ref = b.labelled(f, "ref"); r.Ref == "" {
			r.Ref = MakeRef(r)
		}
		if seen[r.Ref] {
			continue
		}
		seen[r.Ref] = true
		reports = append(reports, r)
	}
	slices.SortStableFunc(reports, func(x, y data.Report) int {
		return cmp.Compare(x.Line, y.Line)
	})
	errs := b.refused
	for line, reason := range b.unread {
		errs = append(errs, &data.RowError{Source: b.source, Line: line, Reason: reason, Unread: true})
	}
	slices.SortFunc(errs, func(x, y *data.RowError) int {
		return cmp.Or(cmp.Compare(x.Line, y.Line), strings.Compare(x.Reason, y.Reason))
	})
	return reports, errs
}

// offence names the offence of a finding: that of its own label, else that of
// the profile whose words its own sentence has most often, then its item or
// paragraph, then the text apart from other items and records.
func (b *bulletin) offence(f finding) string {
	if b.o.Offence != "" {
		return b.o.Offence
	}
	if s := b.labelled(f, "offence"); s != "" {
		return b.o.nameOffence(s)
	}
	c := b.clauses[f.clause]
	parts := []string{b.words(c.block, c.start, c.end), b.words(c.block, 0, len(b.blocks[c.block].tokens))}
	rest, record := "", ""
	for i := range b.clauses {
		o := &b.clauses[i]
		switch kind := b.blocks[o.block].kind; {
		case kind == field && o.run == c.run:
			record += b.words(o.block, o.start, o.end) + "\n"
		case kind != field && kind != item:
			rest += b.words(o.block, o.start, o.end) + "\n"
		}
	}
	for _, part := range append(parts, record, rest) {
		if name := nameOffence(part, b.o.Profiles); name != "" {
			return name
		}
	}
	return ""
}

// words returns tokens [i, j) of a block as written.
func (b *bulletin) words(block, i, j int) string {
	t := b.blocks[block].tokens
	if i >= j {
		return ""
	}
	return b.text[t[i].pos:t[j-1].end]
}

// labelled returns what the record of a finding says under a label.
func (b *bulletin) labelled(f finding, label string) string {
	run := b.clauses[f.clause].run
	for i := range b.clauses {
		c := &b.clauses[i]
		if bl := b.blocks[c.block]; bl.kind == field && c.run == run && bl.label == label && len(bl.tokens) > 0 {
			return strings.TrimSpace(b.words(c.block, 0, len(bl.tokens)))
		}
	}
	return ""
}

// nameOffence returns the offence of the profile whose words occur most often in
// s, "" when none does. Ties go to the first name in the alphabet.
func nameOffence(s string, profiles []cluster.Profile) string {
	low := straighten(strings.ToLower(s))
	best, hits := "", 0
	for _, p := range profiles {
		n := 0
		for _, w := range p.Words {
			n += countWords(low, straighten(strings.ToLower(w)))
		}
		if n > hits || n == hits && n > 0 && p.Offence < best {
			best, hits = p.Offence, n
		}
	}
	return best
}
