package bulletin

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"spreewatch/data/intake/when"
)

// A block is a paragraph, an item of a list, or a line of its own.
type block struct {
	kind   blockKind
	line   int // of its first token
	tokens []when.Token
	label  string     // of a labelled line, "Time: 10am": lower case, "" for none
	colon  bool       // ends with a colon: what follows is its list
	gap    bool       // a blank line stands before it
	bullet bool       // an item with a bullet or a number
	bound  byte       // 's' or 'e': the label of a first or a last time, "From: 10pm"
	bounds []byte     // by token: as bound, of the column that it stands in
	alike  bool       // begins as the lines around it do
	row    bool       // columns part it
	call   bool       // the line of its own that says when the call under it was made
	lead   int        // tokens before the text of a post: "1/3"
	indent int        // of the first line
	over   int        // tokens at its start that stand in the items over it
	post   bool       // of a chat, and begins with its time and who wrote it
	keys   []string   // by token: the key of a record that it is the value of, nil for no record
	people []bool     // by token: part of the name of somebody, nil for nobody
	masked []bool     // by token: in a column that holds neither place nor time
	month  time.Month // that the block names alone, 0 for none
	year   int

	stamped *when.Expression // the date and time of the message that the block is, nil for none
}

type blockKind uint8

const (
	paragraph blockKind = iota
	item                // bulleted, numbered, or one of several short lines
	headline            // a short line without a full stop
	field               // a labelled line, "Location: Mill Street"
)

// A textLine is one line of a bulletin.
type textLine struct {
	number     int // from 1
	start, end int // bytes of its text, without bullet and white space at either end
	indent     int
	bullet     bool
	hangs      bool // stands under the text of a line that begins with a number
	day        bool // begins with a day of the month that a heading over it names
	picture    rune // that it starts with, 0 for none
}

func (l textLine) text(s string) string { return s[l.start:l.end] }

// splitBlocks divides a bulletin into blocks, as far as the context lets it.
func splitBlocks(ctx context.Context, text string) []block {
	var blocks []block
	var para []textLine
	gap := false
	flush := func() {
		blocks = append(blocks, paragraphBlocks(text, para, gap)...)
		para, gap = nil, false
	}
	lines := splitLines(text)
	for i := 0; i < len(lines) && ctx.Err() == nil; i++ {
		l := lines[i]
		switch {
		case l.start == l.end:
			flush()
			gap = true
		case l.bullet:
			flush()
			j := i + 1
			for j < len(lines) && continues(text, lines[i], lines[j-1], lines[j]) {
				j++
			}
			run := j // with the lines that have a bullet and a label each
			for run < len(lines) && lines[run].bullet && labelOf(l.text(text)) != "" && labelOf(lines[run].text(text)) != "" {
				run++
			}
			if ofRecord(text, lines[i:run]) {
				blocks = append(blocks, paragraphBlocks(text, lines[i:run], true)...)
				gap, i = true, run-1
				continue
			}
			b := newBlock(text, item, lines[i:j])
			b.gap, b.bullet, b.indent = gap, true, l.indent
			gap = false
			if len(b.tokens) > 0 {
				blocks = append(blocks, b)
			}
			i = j - 1
		default:
			para = append(para, l)
		}
	}
	flush()
	readStatements(blocks)
	return nest(blocks)
}

// ofRecord reports whether the lines of an item, or of several, are those of a record: "* What:
// a shed", "  Where: Mill Road", "  When: 10am on 3 March".
func ofRecord(text string, lines []textLine) bool {
	place, time := false, false
	for _, l := range lines {
		switch labelOf(l.text(text)) {
		case "place", "street":
			place = true
		case "time", "date":
			time = true
		}
	}
	return place && time
}

// longestOver is more tokens than the items have that stand over others.
const longestOver = 24

// nest gives the items of a list that stand under another, further in, the words of that
// one in front of their own, and leaves that one out: "- Hexham", "  - Front Street: a
// shed, 7pm".
func nest(blocks []block) []block {
	out := blocks[:0]
	var over []block // open, the outermost first
	for i := range blocks {
		b := blocks[i]
		if !b.bullet {
			over = over[:0]
		}
		for len(over) > 0 && over[len(over)-1].indent >= b.indent {
			over = over[:len(over)-1]
		}
		if b.bullet && len(over) > 0 {
			b.under(&over[len(over)-1])
		}
		if b.bullet && i+1 < len(blocks) && blocks[i+1].bullet && blocks[i+1].indent > b.indent && !blocks[i+1].gap && len(b.tokens) < longestOver {
			over = append(over, b)
			continue
		}
		out = append(out, b)
	}
	return out
}

// under puts the words of an item in front of those of a block, with a colon between.
func (b *block) under(a *block) {
	tokens := slices.Clone(a.tokens)
	if last := tokens[len(tokens)-1]; !last.Is(":") {
		tokens = append(tokens, when.Token{Text: ":", Low: ":", Kind: when.Mark, Line: last.Line, Pos: last.End, End: last.End})
	}
	b.over = len(tokens)
	b.tokens = append(tokens, b.tokens...)
}

// markTitle makes a headline of a first line that gives no time of day, names no
// place at its start and does not end a sentence, where the lines under it hold
// the text: "Calls by bogus officers around Dereham" above the date of issue.
func markTitle(blocks []block) {
	if len(blocks) < 2 || blocks[0].kind != item || blocks[0].bullet {
		return
	}
	bl := &blocks[0]
	if last := bl.tokens[len(bl.tokens)-1]; int(last.Line) != bl.line || last.Is(".", ":", "!", "?", ";", ",") {
		return
	}
	w := wordsOf(bl.tokens, noNames{})
	for _, x := range readWhens(context.Background(), *bl, w) {
		if !x.Vague && !x.DateOnly() {
			return
		}
	}
	if s, e := w.streetAt(0, "item"); e > s && w.titlesTown(s, e) == s {
		return
	}
	bl.kind = headline
}

// titleLog makes titles of what stands over the first line of a log or a table: its dates are
// those of the shift or the extract, its clock times the hours of that, and its names what it
// is of. "NIGHT TURN HANDOVER - NORTH DEVON - SAT 28 JUN INTO SUN 29 JUN", "Shift: 1900-0700".
func (r *reading) titleLog() {
	first, lines := -1, 0
	for k := range r.blocks {
		if r.logLine(k) {
			if lines++; first < 0 && (r.blocks[k].keys != nil || r.blocks[k].masked == nil) {
				first = k // no header, over which a title may stand, or under it
			}
		}
	}
	if lines < 2 || first > longestTitle || 2*lines < len(r.blocks)-first {
		return
	}
	for i := range r.clauses {
		c := &r.clauses[i]
		if r.daysAlone(i) {
			c.aside, c.turn = "", true
			continue
		}
		if c.block >= first {
			continue
		}
		if b := &r.blocks[c.block]; b.kind == field && b.label != "date" && b.label != "time" || b.bullet || b.call || b.colon || c.told || b.masked != nil || b.kind != field && r.onlyNames(i) && !r.overDays(i) || slices.ContainsFunc(b.tokens, func(t when.Token) bool { return finite[t.Low] }) {
			continue
		}
		for k := range r.elements {
			if e := &r.elements[k]; e.clause != i {
				continue
			} else if e.p != nil && e.p.street != "" || e.w != nil && !e.w.Dated() {
				e.aside = asidePeriod
			}
		}
		c.aside, c.doubt, c.title = asidePeriod, false, true
	}
}

// turns are what the heading of a day in a log calls its hours.
var turns = when.Set(`night nights shift turn duty tour late lates early earlies days of`)

// onlyNames reports whether a clause has no words beside the days, the turns and the places
// that it names, as the heading of a day has.
func (r *reading) onlyNames(i int) bool {
	c := &r.clauses[i]
	words := 0
	for k := c.start; k < c.end; k++ {
		if t := r.blocks[c.block].tokens[k]; t.Kind != when.Mark && !turns[t.Low] {
			words++
		}
	}
	for k := range r.elements {
		if e := &r.elements[k]; e.clause == i {
			for n := e.start; n < e.end; n++ {
				if t := r.blocks[c.block].tokens[n]; t.Kind != when.Mark && !turns[t.Low] {
					words--
				}
			}
		}
	}
	return words == 0
}

// overDays reports whether a clause goes from one day to another: "Diss, Friday into Saturday".
func (r *reading) overDays(i int) bool {
	return slices.ContainsFunc(r.elements, func(e element) bool { return e.clause == i && e.w != nil && e.w.Span && len(e.w.Moments) == 2 })
}

// daysAlone reports whether a clause names days, all of its block, and nothing else.
func (r *reading) daysAlone(i int) bool {
	c, n := &r.clauses[i], 0
	if b := &r.blocks[c.block]; b.bullet || c.start > 0 || c.end < len(b.tokens) || !r.onlyNames(i) {
		return false
	}
	for k := range r.elements {
		if e := &r.elements[k]; e.clause == i {
			if n++; e.w == nil || !e.w.Coarse() {
				return false
			}
		}
	}
	return n > 0
}

// longestTitle is more blocks than a log has over its first line.
const longestTitle = 5

// logLine reports whether a block is a line of a log, which begins with a time of day or with
// the number of an entry and that, a record, or a row of a table.
func (r *reading) logLine(k int) bool {
	b := &r.blocks[k]
	if b.keys != nil || b.masked != nil {
		return b.keys != nil || b.row
	}
	i, _ := slices.BinarySearchFunc(r.elements, k, func(x element, b int) int { return x.block - b })
	if n := i + slices.IndexFunc(r.elements[i:], func(x element) bool { return x.w != nil || x.p.street != "" && !x.p.bare }); n >= i {
		if e := &r.elements[n]; e.block == k && e.end == len(b.tokens) && e.w != nil && e.w.Span && e.w.Dated() && len(e.w.Moments) == 2 {
			return false // the hours of a shift: "Sector: HOLT    Sat 22 June 1800 - Sun 23 June 0600"
		}
	}
	for ; (b.kind == item || b.kind == headline) && i < len(r.elements) && r.elements[i].block == k && r.elements[i].start < 6; i++ {
		if w := r.elements[i].w; w != nil && !w.Coarse() && !(w.PartOnly() && w.Start > 0) {
			return true
		}
	}
	return false
}

// continues reports whether line l goes on with the list item that first began.
func continues(text string, first, before, l textLine) bool {
	s := l.text(text)
	if l.bullet || l.start == l.end || l.indent <= first.indent && len(s) <= 40 && (strings.ToUpper(s) == s || strings.HasSuffix(s, ":")) {
		return false
	}
	was := before.text(text)
	return l.indent > first.indent || wraps(was, s) || len(was) >= 60 || len(was) >= 48 && !strings.ContainsAny(was[len(was)-1:], ".!?;:")
}

// wraps reports whether the words of a line go on in the next.
func wraps(line, next string) bool {
	r, _ := utf8.DecodeRuneInString(next)
	last := strings.ToLower(line[strings.LastIndexByte(line, ' ')+1:])
	if unicode.IsLower(r) || strings.HasSuffix(line, ",") || stops[last] && !lineEnds[last] {
		return true
	}
	first, _, _ := strings.Cut(strings.ToLower(next), " ")
	return len(line) > 30 && (dayName(last) && unicode.IsDigit(r) || when.Months[first] > 0 && when.Digits(last) > 0)
}

func newBlock(text string, kind blockKind, lines []textLine) block {
	b := block{kind: kind, line: lines[0].number}
	for _, l := range lines {
		t := when.Tokenise(text, l.start, l.end, l.number)
		if l.end-l.start < longestRow {
			t = again(text, t)
		}
		b.tokens = append(b.tokens, t...)
	}
	b.tokens = columns(b.tokens)
	if lines[0].day {
		b.tokens = ordinal(b.tokens)
	}
	b.tokens, b.keys = record(openTags(longhand(b.tokens[beatEnd(b.tokens):])))
	b.tokens = when.MarkQuotes(b.tokens)
	for _, t := range b.tokens {
		b.row = b.row || t.Is("|")
	}
	if n := len(b.tokens); n > 0 {
		b.colon = b.tokens[n-1].Is(":")
	}
	return b
}

// longestRow is more bytes than a row of a table has.
const longestRow = 1000

// again puts the words of the cell above in the place of the ditto marks of a line.
func again(text string, t []when.Token) []when.Token {
	if !slices.ContainsFunc(t, func(x when.Token) bool { return x.Is(`"`) && lonely(text, int(x.Pos)) }) {
		return t
	}
	var out []when.Token
	for _, x := range t {
		if !x.Is(`"`) || !lonely(text, int(x.Pos)) {
			out = append(out, x)
			continue
		}
		from, to := above(text, int(x.Pos))
		if n := len(out); n > 1 && out[n-1].Is("|") && out[n-2].Is(",") {
			out = out[:n-1]
		}
		for _, y := range when.Tokenise(text, from, to, int(x.Line)) {
			y.Pos, y.End = x.Pos, x.End
			out = append(out, y)
		}
	}
	return out
}

// lonely reports whether only white space stands around the mark at a byte of a text, and
// more of it than a space on one side.
func lonely(text string, i int) bool {
	before, after := strings.TrimRight(text[:i], " \t"), strings.TrimLeft(text[i+1:], " \t")
	wide := i-len(before) > 1 || len(text)-i-1-len(after) > 1
	return wide && (len(before) < i || before == "" || strings.HasSuffix(before, "\n")) && (len(after) < len(text)-i-1 || after == "" || after[0] == '\n')
}

// above returns the bytes of the cell of the line above that stands over byte i of a text,
// none where that line is none of cells.
func above(text string, i int) (from, to int) {
	for range longestList {
		start := strings.LastIndexByte(text[:i], '\n') + 1
		if start == 0 {
			break
		}
		first := strings.LastIndexByte(text[:start-1], '\n') + 1
		line := text[first : start-1]
		col := min(i-start, len(line)-1)
		for col > 0 && col < len(line) && line[col] == ' ' {
			col--
		}
		if col < 0 || strings.TrimSpace(line) == "" {
			break
		}
		from, to = 0, len(line)
		if k := strings.LastIndex(line[:col], "  "); k >= 0 {
			from = k + 2
		}
		if k := strings.LastIndex(line[from:col], ", "); k >= 0 {
			from += k + 2 // under the town of "Mill Road, Kendal"
		}
		if k := strings.Index(line[col:], "  "); k >= 0 {
			to = col + k
		}
		if from, to = first+from, first+to; strings.TrimSpace(text[from:to]) != `"` {
			return from, to
		}
		i = from + strings.IndexByte(text[from:to], '"')
	}
	return i, i
}

// ordinal writes the day of the month that a line begins with as "9th –".
func ordinal(t []when.Token) []when.Token {
	i := slices.IndexFunc(t, func(x when.Token) bool { return x.Kind == when.Number })
	if i < 0 || i+1 == len(t) {
		return t
	}
	t[i+1].Text, t[i+1].Low, t[i+1].Gap = "–", "–", true
	return slices.Insert(t, i+1, when.Token{Text: "th", Low: "th", Kind: when.Word, Line: t[i].Line, Pos: t[i].End, End: t[i].End})
}

// beatEnd returns the tokens at the start of a line that number the part of an area whose
// name is all that follows: "BEAT 4B  MARKET HARBOROUGH".
func beatEnd(t []when.Token) int {
	if len(t) < 3 || len(t) > 8 || !beats[t[0].Low] {
		return 0
	}
	n := 1
	for n < len(t) && (t[n].Kind == when.Number || t[n].Kind == when.Word && len(t[n].Text) < 3 && t[n].Capital() || n > 1 && (t[n].Is("|", ":", ",") || t[n].Dash())) {
		n++
	}
	if n == 1 || slices.ContainsFunc(t[n:], func(x when.Token) bool { return x.Kind == when.Number }) {
		return 0
	}
	return n * min(1, len(t)-n)
}

// longhand makes one word of "o/n" and "o/night", overnight, of "b/w", "BETW" and "TBT", between, a
// mark of the number of an entry, and a dash of an arrow.
func longhand(t []when.Token) []when.Token {
	out := t[:0]
	for i := 0; i < len(t); i++ {
		x := t[i]
		if x.Is("o") && i+2 < len(t) && t[i+1].Is("/") && t[i+2].Is("n", "night") && !t[i+2].Gap {
			x.Low, x.End = "overnight", t[i+2].End
			i += 2
		}
		if i+1 < len(t) && !t[i+1].Gap && x.Is("-", "=") && t[i+1].Is(">") {
			x.Text, x.Low, x.End = "→", "→", t[i+1].End
			i++
		}
		if n := len(t); x.Is("[") && i > 0 && t[n-1].Is("]") && !slices.ContainsFunc(t[i+1:n-1], func(y when.Token) bool { return !y.Capital() }) {
			x.Text, x.Low, t[n-1].Text, t[n-1].Low = "(", "(", ")", ")" // "Mill Road [DISS]"
		}
		if x.Is("tbt", "betw", "btwn") {
			x.Low = "between" // "times between"
		}
		if x.Is("yday", "yest", "ystdy") {
			x.Low = "yesterday"
		}
		if n := entryEnd(t, i); n > i {
			x.Kind, x.End = when.Mark, t[n-1].End
			i = n - 1
		}
		if x.Is("→", "➔", "➜", "⇒") {
			x.Text, x.Low = "-", "-" // "17:30 -> 22:10"
		}
		if x.Is("b") && i+2 < len(t) && t[i+1].Is("/") && t[i+2].Is("w") && !t[i+2].Gap {
			x.Low, x.End = "between", t[i+2].End
			i += 2
		}
		out = append(out, x)
	}
	return out
}

// entryEnd returns the token after the number of an entry at token i, which holds its day,
// "LC-20190816-0231", or stands before the time of the entry, "0231 20/06/2025 22:18" and
// "0041 1412HRS"; i for none.
func entryEnd(t []when.Token, i int) int {
	n := i + 1
	if t[i].Newline && t[i].Kind == when.Number && len(t[i].Text) > 2 {
		next := n
		if next < len(t) && t[next].Is("|") {
			next++
		}
		if next < len(t) && !t[next].Newline {
			if at := when.At(t, next); at != nil && at.Timed() {
				return n
			}
		}
	}
	for n+1 < len(t) && t[n].Is("-") && !t[n].Gap && !t[n+1].Gap && t[n+1].Kind == when.Number && len(t[n+1].Text) > 2 {
		n += 2
	}
	if n < i+5 || !isUpperWord(t[i].Text) {
		return i
	}
	return n
}

// openTags takes the mark from the hash tags that stand right behind a street: "in Plessey
// Road #Blyth".
func openTags(t []when.Token) []when.Token {
	out := t[:0]
	for i, x := range t {
		if !x.Is("#") || i == 0 || i+1 == len(t) || !t[i+1].Capital() || t[i+1].Gap || !isType(t[i-1]) {
			out = append(out, x)
		}
	}
	return out
}

// readStatements lets what a quotation tells for the police be read as the account that it
// is: "It was reported that at approximately 8.10pm two men entered a house". What follows
// in it is too where it tells of something done; a paragraph that does not close its
// quotation lets the next go on.
func readStatements(blocks []block) {
	on := false
	for b := range blocks {
		t := blocks[b].tokens
		if len(t) == 0 || !t[0].Quoted {
			on = false
		}
		for i := 0; i < len(t); i++ {
			if !t[i].Quoted {
				continue
			}
			var s statement
			for from := i; i < len(t) && t[i].Quoted; {
				i = s.hear(t, from, i)
				if s.told && (s.reports || on) {
					on = true
					for k := from; k < i; k++ {
						t[k].Quoted = false
					}
				}
			}
		}
		on = on && len(t) > 0 && !t[len(t)-1].Is(`"`, "”", "»")
	}
}

// A statement is what the sentences of a quotation say: that it was reported, and that
// something was done.
type statement struct{ reports, told bool }

// hear hears the sentence that begins at token i, of those since from, and returns where
// it ends.
func (s *statement) hear(t []when.Token, from, i int) int {
	for a := i; i < len(t) && t[i].Quoted && (i == a || !t[i-1].Is(".", "!", "?") || !t[i].Gap); i++ {
		x := t[i]
		s.reports = s.reports || x.Is("report", "reports", "reported") && when.AnyWord(t, max(from, i-3), i, "was", "received", "were", "to", "a")
		s.told = s.told || happenings[x.Low] && !x.Is("reported")
	}
	return i
}

// maskMonths masks the headings that are the name of a month, of which two show that they
// are no town: "March".
func maskMonths(blocks []block) {
	var heads []*block
	for i := range blocks {
		b := &blocks[i]
		if _, n := when.MonthAt(b.tokens, 0); n == 1 && b.tokens[0].Capital() && (len(b.tokens) == 1 || len(b.tokens) == 2 && b.tokens[1].Is(":", ".")) {
			heads = append(heads, b)
		}
	}
	for _, b := range heads[:len(heads)*min(1, len(heads)/2)] {
		b.masked = slices.Repeat([]bool{true}, len(b.tokens))
	}
}

// expandCodes puts the names, or the days, in the place of the codes that a text explains and
// uses for cells: "KV = Kentville", "M = Monday 9 Jan". Two are the fewest that make a key.
func expandCodes(blocks []block) {
	names := map[string][]when.Token{}
	for i := range blocks {
		t := blocks[i].tokens
		for k := 1; k+1 < len(t); k++ {
			if !t[k].Is("=") || !t[k-1].Capital() || len(t[k-1].Text) > 4 {
				continue
			}
			n := k + 1
			if day := when.At(t, n); day != nil && day.DateOnly() {
				n = day.End
			} else {
				for isUpperWord(t[k-1].Text) && n < min(len(t), k+4) && t[n].Capital() {
					n++
				}
			}
			if n > k+1 && len(names) < mostWords {
				names[t[k-1].Text] = t[k+1 : n]
			}
		}
	}
	if len(names) < 2 {
		return
	}
	for i := range blocks {
		b := &blocks[i]
		var out []when.Token
		for k, x := range b.tokens {
			name := names[x.Text]
			cell := k == labelStart(b.tokens) && k+1 < len(b.tokens) && b.tokens[k+1].Is(",", ".", ":") || b.row && (k == 0 || b.tokens[k-1].Is("|")) && (k+1 == len(b.tokens) || b.tokens[k+1].Is("|")) || k > 0 && b.tokens[k-1].Is(",", "(") && !(k+1 < len(b.tokens) && b.tokens[k+1].Is("="))
			if name == nil || !cell {
				out = append(out, x)
				continue
			}
			for _, y := range name {
				y.Line, y.Pos, y.End = x.Line, x.Pos, x.End
				out = append(out, y)
			}
		}
		b.tokens = out
	}
}

// loudKeys part the values of a record of the police that has no marks: "CAD 118 RCVD 1912
// LOC MILL LANE TYPE BURGLARY OCC 1400 TO 1845".
var loudKeys = map[string]bool{"LOC": true, "LOCN": true, "ADDR": true, "TYPE": true, "OCC": true, "OCCD": true, "RCVD": true, "RECD": true, "RPTD": true, "REF": true, "CAD": true, "DESC": true, "DETS": true, "RESULT": true}

// keyAt returns the key of a record that token i begins, in the words of headers, and how
// many tokens it takes with its mark: "loc=", "Date reported:" behind a mark, and "LOC" in a
// loud one; 0 for none.
func keyAt(t []when.Token, i int, loud bool) (key string, n int) {
	switch {
	case i+1 >= len(t) || t[i].Kind != when.Word:
		return "", 0
	case t[i+1].Is("=") && !t[i+1].Gap:
		return t[i].Low, 2
	case loud && loudKeys[t[i].Text]:
		return t[i].Low, 1
	case i > 0 && t[i-1].Kind != when.Mark:
		return "", 0
	}
	for n = i + 1; n < min(len(t), i+longestKey) && (t[n].Kind == when.Word || t[n].Is("/")); n++ {
	}
	if n+1 >= len(t) || !t[n].Is(":") || !t[n+1].Gap {
		return "", 0
	}
	key = headerOf(textOf(t[i:n]))
	if l := labels[longForm(key)]; l == "" && !columnKinds[key] || l == "contact" || l == "published" || l == "title" {
		return "", 0
	}
	return key, n + 1 - i
}

// longestKey is more tokens than a key has.
const longestKey = 5

// record takes the keys out of a line of keys and values, "loc=Mill Street; town=Holt",
// "Where: Mill Street; When: 10am on 3 March; What: theft", and returns for each token whose
// value it is. Cells part the values. A line of less than three keys is none, nor is one
// without a number whose words are the headers of cells.
func record(t []when.Token) ([]when.Token, []string) {
	loud, cells, numbers := 0, false, false
	for i := range t {
		if loudKeys[t[i].Text] {
			loud++
		}
		cells, numbers = cells || t[i].Is("|"), numbers || t[i].Kind == when.Number
	}
	if cells && !numbers {
		loud = 0
	}
	size := make([]int, len(t)+1) // of the key that begins there
	names := make([]string, len(t))
	count := 0
	for i := 0; i < len(t); i += max(1, size[i]) {
		if names[i], size[i] = keyAt(t, i, loud > 2); size[i] > 0 {
			count++
		}
	}
	if count < 3 {
		return t, nil
	}
	out, keys, last := t[:0], make([]string, 0, len(t)), ""
	for i := 0; i < len(t); i++ {
		switch x := t[i]; {
		case size[i] > 0:
			last = names[i]
			x.Kind, x.Text, x.Low, x.Gap = when.Mark, "|", "|", true
			i += size[i] - 1
			out, keys = append(out, x), append(keys, "")
		case x.Is(`"`), x.Is(";", ",", "|", ".") && size[i+1] > 0:
		default:
			out, keys = append(out, x), append(keys, last)
		}
	}
	return out, keys
}

// columns makes the marks between the cells of a row alike: the commas between
// quoted cells, and spaced strokes. White space parts none where marks do.
func columns(t []when.Token) []when.Token {
	t = commaCells(t)
	strokes, cells, semis, tight := 0, false, 0, true
	tights, loud := 0, 0
	for i := 1; i+1 < len(t); i++ {
		if t[i].Is("/") && t[i].Gap && t[i+1].Gap {
			strokes++
		}
		if tightStroke(t, i) {
			tights++
			if isUpperWord(t[i+1].Text) {
				loud++
			}
		}
		if t[i].Is(";") {
			semis++
			tight = tight && !t[i+1].Gap
		}
		cells = cells || t[i].Is(",") && t[i+1].Is(`"`) && !t[i+1].Gap && (t[i-1].Is(`"`) || i < 12)
	}
	for i := range t {
		switch x := &t[i]; {
		case i > 0 && x.Is("/", ":") && t[i-1].Is(x.Low) && !x.Gap && t[i-1].Gap:
			x.Text, x.Low, t[i-1].Text, t[i-1].Low = "|", "|", "|", "|" // "Mill Road // theft", "Mill Road :: theft"
			t[i-1].End = t[i-1].Pos
		case loud > 1 && tights > 2 && tightStroke(t, i),
			semis > 2 && tight && x.Is(";"), strokes > 1 && x.Is("/") && x.Gap && i+1 < len(t) && t[i+1].Gap,
			cells && x.Is(",") && i > 0 && i+1 < len(t) && (t[i-1].Is("|") || t[i+1].Is(`"`)),
			cells && x.Is(`"`):
			x.Text, x.Low = "|", "|"
		}
	}
	drawn := 0
	for i := range t {
		if t[i].Is("|") && t[i].End > t[i].Pos {
			drawn++
		}
	}
	if drawn < 2 {
		return t
	}
	return slices.DeleteFunc(t, func(x when.Token) bool { return x.Is("|") && x.End == x.Pos })
}

// commaCells draws the marks between the cells of a row that commas part, which are tight
// but for those in quotes: `7701,Theft,Ashby Road,Loughborough,"Laptop, watch"`.
func commaCells(t []when.Token) []when.Token {
	commas, quoted := 0, false
	marks := make([]bool, len(t))
	for i, x := range t {
		switch first, last := i == 0 || t[i-1].Is(",") && !x.Gap, i+1 == len(t) || t[i+1].Is(",") && !t[i+1].Gap; {
		case x.Is(`"`) && (quoted && last || !quoted && first):
			quoted, marks[i] = !quoted, true
		case x.Is(",") && !quoted && i+1 < len(t):
			if t[i+1].Gap {
				return t
			}
			commas, marks[i] = commas+1, true
		}
	}
	if commas < fewestCommas || quoted {
		return t
	}
	out := t[:0]
	for i, x := range t {
		if !marks[i] {
			out = append(out, x)
		} else if x.Is(",") {
			x.Text, x.Low = "|", "|"
			out = append(out, x)
		}
	}
	return out
}

// fewestCommas are the fewest that part the cells of a row.
const fewestCommas = 4

// tightStroke reports whether a stroke without spaces parts two cells, and not the
// numbers of a date: "09APR21/1955/FORE STREET, SALTASH/DAMAGE".
func tightStroke(t []when.Token, i int) bool {
	if i == 0 || i+1 >= len(t) || !t[i].Is("/") || t[i].Gap || t[i+1].Gap {
		return false
	}
	return t[i-1].Kind != when.Number || t[i+1].Kind != when.Number || len(t[i+1].Text) == 4 && !(i > 1 && t[i-2].Is("/"))
}

func splitLines(text string) []textLine {
	var lines []textLine
	number := 1
	for start := 0; start < len(text); number++ {
		end := strings.IndexByte(text[start:], '\n')
		next := len(text)
		if end < 0 {
			end = len(text)
		} else {
			end += start
			next = end + 1
		}
		l := textLine{number: number, start: start, end: end}
		l.end = l.start + len(strings.TrimRightFunc(text[l.start:l.end], unicode.IsSpace))
		body := strings.TrimLeftFunc(text[l.start:l.end], func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' })
		if k := len(lines) - 1; (k < 0 || lines[k].start == lines[k].end || labelOf(lines[k].text(text)) != "") && !strings.ContainsFunc(body, says) {
			body = "" // a rule between the parts of a text, and no line under a heading
		}
		l.indent = l.end - l.start - len(body)
		l.start = l.end - len(body)
		if n := bulletLen(body); n > 0 {
			l.bullet = true
			l.start += n
			l.start = l.end - len(strings.TrimLeftFunc(text[l.start:l.end], unicode.IsSpace))
		} else if n := markupLen(body); n > 0 {
			l.start += n
		} else if n := emphasis(body); n > 0 {
			l.start, l.end = l.start+n, l.end-n
		} else if n, first := pictures(body); n > 0 && pictograms[first] == "" {
			l.start += n
			l.picture = first
		}
		l.hangs = hangs(text, lines, l)
		if k := len(lines) - 1; k >= 0 && l.picture != 0 && (lines[k].picture == l.picture || lines[k].picture != 0 && lines[k].bullet) {
			l.bullet, lines[k].bullet = true, true // a picture leads each line of a list
		}
		lines = append(lines, l)
		start = next
	}
	markDays(text, lines)
	markDepths(text, lines)
	return lines
}

// markDepths makes a list of lines that one ">" marks, and two mark those under them, where
// no line goes on in the next as those of a forwarded message do.
func markDepths(text string, lines []textLine) {
	depth := make([]int, len(lines))
	deepest := 0
	for i, l := range lines {
		from := lineStart(text, l.start)
		depth[i] = strings.Count(text[from:l.start], ">")
		if deepest = max(deepest, depth[i]); i > 0 && depth[i] > 0 && depth[i] == depth[i-1] && wraps(lines[i-1].text(text), l.text(text)) {
			return
		}
	}
	for i := range lines {
		if l := &lines[i]; deepest > 1 && depth[i] > 0 && l.start < l.end {
			l.bullet, l.indent = true, depth[i]
		}
	}
}

// markDays marks the lines that begin with a day of the month that is the heading over
// them: "OCTOBER", "9 – Hurst Road".
func markDays(text string, lines []textLine) {
	for i := range lines {
		if !monthAlone(lines[i].text(text)) {
			continue
		}
		var under []int
		for k := i + 1; k < len(lines) && !monthAlone(lines[k].text(text)); k++ {
			at := lines[k].start
			if body := lineStart(text, at); lines[k].bullet && when.Digits(text[body:at]) > 0 {
				at = body
			}
			if startsDay(text[at:lines[k].end]) {
				under = append(under, k)
			}
		}
		for _, k := range under {
			if body := lineStart(text, lines[k].start); when.Digits(text[body:lines[k].start]) > 0 {
				lines[k].start = body
			}
			lines[k].day = true
		}
	}
}

// lineStart returns where the text of the line that holds a byte starts.
func lineStart(text string, at int) int {
	from := strings.LastIndexByte(text[:at], '\n') + 1
	return at - len(strings.TrimLeftFunc(text[from:at], unicode.IsSpace))
}

// monthAlone reports whether a line is the name of a month and perhaps its year.
func monthAlone(s string) bool {
	if len(s) > 20 {
		return false
	}
	t := when.Tokenise(strings.TrimRight(s, ": "), 0, len(strings.TrimRight(s, ": ")), 1)
	if _, n := when.MonthAt(t, 0); n > 0 && t[0].Capital() {
		_, end := when.YearAt(t, n)
		return end == len(t)
	}
	return false
}

// startsDay reports whether a line starts with a day of the month, after its weekday where
// it has one and before a mark.
func startsDay(s string) bool {
	word, rest, _ := strings.Cut(s, " ")
	if dayName(strings.ToLower(strings.TrimRight(word, ".,"))) {
		s = rest
	}
	n := when.Digits(s)
	after := strings.TrimLeft(s[n:], " ")
	mark, size := utf8.DecodeRuneInString(after)
	day := when.Atoi(s[:n])
	return strings.ContainsRune("-–—:.,)", mark) && strings.HasPrefix(after[size:], " ") && n < 3 && day > 0 && day < 32
}

// says reports whether a rune of a line says something: a letter, a digit or a picture.
func says(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.So, r) }

// hangs reports whether a line goes on with the one above that it is indented under and
// that begins with a number: "0352  Intruder alarm", "      QUEEN STREET, COLERAINE".
func hangs(text string, lines []textLine, l textLine) bool {
	k := len(lines) - 1
	if k < 0 || l.start == l.end || l.bullet || lines[k].start == lines[k].end || lines[k].bullet {
		return false
	}
	s := lines[k].text(text)
	return l.indent > lines[k].indent+1 && when.Digits(s) > 0 && when.Digits(l.text(text)) == 0
}

// pictures returns the length of the pictures and white space that s starts with, and
// the first of them.
func pictures(s string) (n int, first rune) {
	for i, r := range s {
		switch {
		case unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r):
			if first == 0 {
				first = r
			}
		case first == 0 || !unicode.IsSpace(r) && r != '\ufe0f' && r != '\u200d':
			return i * min(1, int(first)), first
		}
	}
	return len(s) * min(1, int(first)), first
}

// pictograms stand for the labels of lines.
var pictograms = map[rune]string{'📍': "place", '📌': "place", '🗺': "place", '📅': "date", '📆': "date", '🗓': "date",
	'🕐': "time", '🕑': "time", '🕒': "time", '🕓': "time", '🕔': "time", '🕕': "time", '🕖': "time", '🕗': "time", '🕘': "time", '🕙': "time", '🕚': "time", '🕛': "time", '⏰': "time", '⌚': "time", '⏱': "time",
	'📞': "contact", '☎': "contact", '📱': "contact", '📧': "contact", '✉': "contact"}

// bulletLen returns the length of a bullet or an item number at the start of s.
func bulletLen(s string) int {
	r, size := utf8.DecodeRuneInString(s)
	rest := s[size:]
	spaced := rest == "" || rest[0] == ' ' || rest[0] == '\t' || strings.HasPrefix(rest, "\u00a0")
	switch {
	case r == '~' && strings.HasSuffix(s, "~"):
		return 0
	case strings.ContainsRune("→⇒➔➜»›~•·▪‣◦●○■□►▸➢➤✓∙⁃", r):
		return size
	case r == '|' && strings.Count(rest, "|") > 1:
		return size
	case strings.ContainsRune("-–—*+", r) && spaced && rest != "":
		return size
	}
	n := 0
	if strings.HasPrefix(s, "(") {
		n = 1
	}
	if strings.HasPrefix(s, "[") && len(s) > size+1 && strings.IndexByte(s[:min(len(s), 5)], ']') > 0 && !strings.ContainsAny(s[:strings.IndexByte(s, ']')], "0123456789") {
		return strings.IndexByte(s, ']') + 1 // "[ ]", "[x]"
	}
	d := when.Digits(s[n:])
	if d > 2 {
		return 0
	}
	if d == 0 {
		d = roman(s[n:])
	}
	if d == 0 && n < len(s) && s[n] >= 'a' && s[n] <= 'j' {
		d = 1
	}
	if d == 0 || n+d >= len(s) {
		return 0
	}
	end := s[n+d]
	if (end == ')' || end == '.' && n == 0) && n+d+1 < len(s) && (s[n+d+1] == ' ' || s[n+d+1] == '\t') {
		return n + d + 1
	}
	return 0
}

// roman returns the length of the small roman numeral that s starts with, up to xiii.
func roman(s string) int {
	n := len(s) - len(strings.TrimLeft(s, "ivx"))
	if n > 0 && strings.Contains(" i ii iii iv v vi vii viii ix x xi xii xiii ", " "+s[:n]+" ") {
		return n
	}
	return 0
}

// markupLen returns the length of a Markdown heading mark, which the number of an entry has
// not: "#0318".
func markupLen(s string) int {
	n := 0
	for n < len(s) && (s[n] == '#' || s[n] == '>') {
		n++
	}
	if n == 1 && when.Digits(s[n:]) > 0 && s[0] == '#' {
		return 0
	}
	for n < len(s) && s[n] == ' ' {
		n++
	}
	return n
}

// emphasis returns how many bytes a line is set off by at either end: "**Holt (2)**",
// "=== Holt ===".
func emphasis(s string) int {
	n := 0
	for 2*n+2 < len(s) && s[len(s)-1-n] == s[n] && (strings.IndexByte("*_=~", s[n]) >= 0 || n > 0 && s[n] == ' ' || s[n] == '-' && s[min(n+1, len(s)-1)] != ' ' || s[n] == '-' && n > 0) {
		n++
	}
	return n
}

// longestList is how many lines ahead show whether they are a list.
const longestList = 100

// An ahead is what the lines ahead of one show: whether they are a list, and whether they
// begin alike.
type ahead struct {
	lines        []textLine // that hang under none
	left         int        // more lines may be taken before it looks again
	long         bool
	listed, rows bool
}

func linesAhead(lines []textLine) ahead {
	heads := slices.DeleteFunc(slices.Clone(lines), func(l textLine) bool { return l.hangs })
	return ahead{lines: heads, long: len(heads) > longestList}
}

// look looks at the lines from a number on; those of a long list a few times each.
func (a *ahead) look(text string, number int) {
	for len(a.lines) > 0 && a.lines[0].number < number {
		a.lines, a.left = a.lines[1:], a.left-1
	}
	if a.long && a.left > 0 {
		return
	}
	head := a.lines[:min(len(a.lines), longestList)]
	a.left, a.listed = longestList/4, listLike(text, head)
	if rows := slices.DeleteFunc(slices.Clone(head), func(l textLine) bool { return dayAlone(l.text(text)) }); len(rows) > 1 {
		a.rows = alike(text, rows)
	}
}

// dayAlone reports whether a line is a day and nothing else, as stands over the lines of a
// log: "SUN 27 MARCH".
func dayAlone(s string) bool {
	const longest = 40
	if len(s) > longest {
		return false
	}
	t := when.Tokenise(s, 0, len(s), 1)
	x := when.At(t, 0)
	return x != nil && x.DateOnly() && (x.End == len(t) || x.End == len(t)-1 && t[x.End].Is(":"))
}

// paragraphBlocks divides lines that no blank line parts. They are one
// paragraph when the breaks are where a typist's margin would put them, and
// lines of their own when they are not.
func paragraphBlocks(text string, lines []textLine, gap bool) []block {
	var blocks []block
	ahead := linesAhead(lines)
	for len(lines) > 0 {
		n := 1
		if labelOf(lines[0].text(text)) == "" {
			ahead.look(text, lines[0].number)
			for n < len(lines) && (lines[n].hangs || !ahead.rows && labelOf(lines[n].text(text)) == "" && joins(text, lines[n-1], lines[n], ahead.listed)) {
				n++
			}
		} else {
			for n < len(lines) && labelOf(lines[n].text(text)) == "" && (lines[n].indent > lines[0].indent || wraps(lines[n-1].text(text), lines[n].text(text))) {
				n++
			}
		}
		b := newBlock(text, paragraph, lines[:n])
		b.gap = gap
		gap = false
		if len(b.tokens) == 0 {
			lines = lines[n:]
			continue
		}
		last := lines[n-1].text(text)
		rows := ahead.rows && !dayAlone(last)
		switch label := labelOf(lines[0].text(text)); {
		case b.keys != nil && n == 1:
			b.kind, b.bullet = item, true
		case label != "":
			b.kind, b.label = field, label
			key := labelKey(lines[0].text(text))
			b.bound = bounds[key]
			n := labelTokens(b.tokens)
			if n > 2 && b.bound == 0 && strings.HasSuffix(key, "between") {
				n -= 2 // "Committed between: 10am and noon"
				b.tokens = slices.Delete(b.tokens, n+1, n+2)
			}
			b.tokens, b.keys = b.tokens[n:], nil
		case n == 1 && rowLike(last) && (n < len(lines) && rowLike(lines[n].text(text)) || len(blocks) > 0 && !b.gap && blocks[len(blocks)-1].row):
			b.kind, b.bullet, b.alike = item, rows || len(cellsOf(b.tokens)) > 2, rows
		case (n == 1 || rows) && n < len(lines) && (rows || !strings.ContainsAny(last[len(last)-1:], ".:!?")) || n == 1 && len(blocks) > 0 && blocks[len(blocks)-1].kind == item && !b.gap:
			b.kind, b.bullet, b.alike = item, rows, rows
		case n == 1 && len(b.tokens) <= 20 && !strings.ContainsAny(last[len(last)-1:], ".:!?;,\"”"):
			b.kind = headline
		}
		if b.kind == field || len(b.tokens) > 0 {
			blocks = append(blocks, b)
		}
		lines = lines[n:]
	}
	return blocks
}

// listLike reports whether the breaks between lines were meant: every line
// begins like one of its own, or most breaks stand where the next line's first
// word would have fitted well.
func listLike(text string, lines []textLine) bool {
	width, own := 0, true
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(l.text(text)))
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(l.text(text), "(*_"))
		own = own && (unicode.IsUpper(r) || r == '"' && lonely(text, l.start) || unicode.IsDigit(r) || r == '@' || r == '#' || r == '[')
	}
	if own && !prose(text, lines, width) {
		return true
	}
	short, breaks := 0, 0
	for i := 0; i+1 < len(lines); i++ {
		s, next := lines[i].text(text), lines[i+1].text(text)
		if strings.ContainsAny(s[len(s)-1:], ".:!?") {
			continue
		}
		first, _, _ := strings.Cut(next, " ")
		breaks++
		if 5*(utf8.RuneCountInString(s)+1+utf8.RuneCountInString(first)) <= 4*width {
			short++
		}
	}
	return width < 40 || 2*short > breaks
}

// prose reports whether lines are a sentence that the margin breaks, though each happens to
// begin with a capital or a number: each is long and ends none, the next word has no room in
// it, and something was done.
func prose(text string, lines []textLine, width int) bool {
	for i := 0; i+1 < len(lines); i++ {
		s := lines[i].text(text)
		first, _, _ := strings.Cut(lines[i+1].text(text), " ")
		if strings.ContainsAny(s[len(s)-1:], ".:!?;") || len(s) < 40 || utf8.RuneCountInString(s)+1+utf8.RuneCountInString(first) <= width {
			return false
		}
	}
	return slices.ContainsFunc(strings.Fields(lines[0].text(text)), func(w string) bool { return finite[w] })
}

// alike reports whether lines are alike, as the rows of a log are: each begins with a
// number, each with the same word, or each is parted by semicolons.
func alike(text string, lines []textLine) bool {
	if len(lines) > 1 && !slices.ContainsFunc(lines, func(l textLine) bool { return !parted(l.text(text)) }) {
		return true
	}
	first := ""
	for i, l := range lines {
		word, _, _ := strings.Cut(l.text(text), " ")
		word, _, _ = strings.Cut(strings.TrimLeft(word, "(["), "=")
		if low := strings.ToLower(word); when.Digits(word) > 0 {
			word = "0"
		} else if dayName(low) {
			word = "monday"
		}
		if i > 0 && word != first || openers[strings.ToLower(word)] || stops[strings.ToLower(word)] {
			return false
		}
		first = word
	}
	return len(lines) > 1
}

// parted reports whether a line with a number is cells that semicolons part.
func parted(s string) bool {
	return strings.Count(s, ";") > 1 && strings.ContainsAny(s, "0123456789") && !strings.ContainsAny(s[len(s)-1:], ".:;,")
}

// joins reports whether line b goes on with the sentence of line a.
func joins(text string, a, b textLine, listed bool) bool {
	s, next := a.text(text), b.text(text)
	if strings.HasSuffix(s, ":") {
		return false
	}
	if rowLike(next) || rowLike(s) {
		return false
	}
	if !listed {
		return true
	}
	return wraps(s, next)
}

// rowLike reports whether a line is the row of a table.
func rowLike(s string) bool {
	return strings.Count(s, "|") > 1 || strings.Count(s, "\t") > 1 || strings.Count(s, " / ") > 1 || strings.Count(s, "=") > 2 || strings.Count(s, ": ") > 2 || when.Columns(s) ||
		strings.Count(s, ";") > 2 && !strings.Contains(s, "; ") || commaRow(s) || stamped(s)
}

// stamped reports whether a line begins with a date and a time in figures, as the entries of a
// log do: "2024-11-08 07:50, THEFT, Third Street".
func stamped(s string) bool {
	s = s[:min(len(s), longestStamp)]
	if when.Digits(s) < 2 {
		return false
	}
	t := when.Tokenise(s, 0, len(s), 1)
	w := when.At(t, 0)
	return w != nil && w.Dated() && w.Timed() && !w.Span && !slices.ContainsFunc(t[:w.End], func(x when.Token) bool { return x.Kind == when.Word && len(x.Text) > 1 })
}

// longestStamp is as long as a date and a time in figures.
const longestStamp = len("[2024-11-08T07:50:00+00:00]")

// commaRow reports whether commas part the cells of a line, as commaCells draws them.
func commaRow(s string) bool {
	commas := 0
	for k, part := range strings.Split(s, `"`) {
		if k%2 == 0 && strings.Contains(part, ", ") {
			return false
		} else if k%2 == 0 {
			commas += strings.Count(part, ",")
		}
	}
	return commas >= fewestCommas
}

// labels are the words before the colon of a labelled line, and what they
// label.
var labels = map[string]string{
	"location": "place", "where": "place", "place": "place", "address": "place", "venue": "place", "scene": "place", "loc": "place", "note": "details", "notes": "details",
	"street": "street", "road": "street", "town": "locality", "parish": "locality", "city": "locality", "town/village": "locality",
	"from": "time", "to": "time", "start": "time", "end": "time", "finish": "time", "began": "time", "ended": "time", "and": "time", "until": "time", "earliest": "time", "latest": "time", "committed": "time",
	"sent": "published", "message sent": "published", "sent to": "contact", "subject": "title", "re": "title", "headline": "title", "title": "title", "village": "locality", "area": "locality", "division": "locality", "locality": "locality", "community": "locality", "settlement": "locality", "suburb": "locality", "municipality": "locality",
	"postcode": "postcode",
	"when":     "time", "hours": "time", "time": "time", "times": "time", "date and time": "time", "date/time": "time", "time of incident": "time",
	"time and date": "time", "date & time": "time", "occurred": "time", "between": "time",
	"date": "date", "dates": "date", "day": "date", "night of": "date", "date of incident": "date", "date of offence": "date",
	"offence": "offence", "crime": "offence", "crime type": "offence", "type": "offence", "incident": "offence", "incident type": "offence",
	"what": "offence", "what happened": "details",
	"ref": "ref", "reference": "ref", "crime ref": "ref", "crime reference": "ref", "crime number": "ref", "incident number": "ref",
	"crime no": "ref", "cad": "ref", "serial": "ref", "window": "time", "gone from": "time", "last seen": "time", "noticed": "time", "discovered": "time", "period": "time", "locus": "place",
	"reported": "reported", "date reported": "reported", "at": "time",
	"status": "result", "result": "result", "outcome": "result", "disposal": "result", "disposition": "result", "finding": "result",
	"engagement": "event", "engagements": "event", "meeting": "event", "meetings": "event", "activity": "event",
	"details": "details", "remarks": "details", "mo": "details", "method": "details", "summary": "details", "description": "details", "circumstances": "details",
	"published": "published", "issued": "published", "posted": "published", "publication date": "published", "date published": "published",
	"date issued": "published", "released": "published",
	"received": "published", "updated": "details", "contact": "contact", "tel": "contact", "telephone": "contact", "phone": "contact",
	"email": "contact", "notes to editors": "contact", "note to editors": "contact", "advice": "contact", "media contact": "contact",
}

// bounds are the labels of the first and the last time of an event.
var bounds = map[string]byte{"from": 's', "start": 's', "began": 's', "between": 's', "earliest": 's', "gone from": 's', "last seen": 's', "noticed": 'e', "discovered": 'e', "to": 'e', "end": 'e', "finish": 'e', "ended": 'e', "and": 'e', "until": 'e', "latest": 'e'}

// labelEnd returns the byte of a line at which its label may end: that of a colon, or of the
// dots that lead to what it labels, "village ...... Acle"; -1 for none.
func labelEnd(s string) int {
	if i := strings.Index(s, "...."); i > 0 {
		return i
	}
	return strings.IndexByte(s, ':')
}

// labelKey returns the words of the label of a line, in lower case.
func labelKey(s string) string {
	i := labelEnd(s)
	return strings.ToLower(strings.Trim(s[:max(i, 0)], " *_#\t"))
}

// labelOf returns what the label at the start of a line labels, "" when it has
// none.
func labelOf(s string) string {
	i := labelEnd(s)
	if n, first := pictures(s); n > 0 {
		return pictograms[first]
	}
	if i <= 0 || i > 24 {
		return ""
	}
	key := labelKey(s)
	if l, ok := labels[key]; ok {
		return l
	}
	if strings.ContainsAny(key, "0123456789") {
		return "" // "Between 17:00 and ..."
	}
	// "Time/date", "Date and time of offence": words of one kind.
	kind := ""
	for _, w := range strings.FieldsFunc(key, func(r rune) bool { return !unicode.IsLetter(r) }) {
		k := labels[w]
		switch {
		case labelFillers[w] || k == "offence" && kind != "" && kind != "offence":
			continue
		case k == "" || k == "contact" || k == "published":
			return ""
		case kind == "" || kind == "offence" || kind == "date" && k == "time":
			kind = k
		}
	}
	return kind
}

var labelFillers = when.Set(`and of the at approx approximate exact incident crime event happened occurrence`)

// labelTokens returns how many tokens the label and its colon take.
func labelTokens(t []when.Token) int {
	if n, first := pictures(t[0].Text); n > 0 && pictograms[first] != "" {
		return labelStart(t)
	}
	for i, x := range t {
		if x.Is(":") || x.Is(".") && i+1 < len(t) && t[i+1].Is(".") {
			i++
			for i < len(t) && t[i].Is("*", "_", ".") {
				i++
			}
			return i
		}
	}
	return 0
}

// A sentence is tokens [start, end) of a block.
type sentence struct{ start, end int }

var abbreviations = map[string]bool{
	"st": true, "rd": true, "ave": true, "mr": true, "mrs": true, "ms": true, "dr": true, "rev": true, "sgt": true, "insp": true, "det": true,
	"no": true, "nos": true, "approx": true, "c": true, "ca": true, "e": true, "g": true, "i": true, "eg": true, "ie": true, "etc": true, "nr": true,
	"jan": true, "feb": true, "mar": true, "apr": true, "jun": true, "jul": true, "aug": true, "sep": true, "sept": true, "oct": true, "nov": true, "dec": true,
	"mon": true, "tue": true, "tues": true, "wed": true, "weds": true, "thu": true, "thur": true, "thurs": true, "fri": true, "sat": true, "sun": true,
	"supt": true, "con": true, "ext": true, "tel": true, "gt": true, "lt": true, "sgts": true, "cllr": true, "ln": true, "cl": true, "dv": true, "ref": true,
}

var sentenceStarters = map[string]bool{
	"the": true, "a": true, "an": true, "at": true, "it": true, "on": true, "in": true, "police": true, "officers": true, "she": true, "he": true,
	"they": true, "this": true, "another": true, "between": true, "from": true, "anyone": true, "witnesses": true, "two": true, "three": true,
	"no": true, "his": true, "her": true, "when": true, "as": true, "later": true, "then": true, "there": true, "these": true, "offenders": true,
	"nothing": true, "cash": true, "entry": true, "thieves": true, "damage": true, "during": true, "around": true, "about": true, "overnight": true,
	"yesterday": true, "today": true, "if": true, "call": true, "sometime": true, "and": true,
}

// longestSentence is more tokens than a sentence has; it bounds what is compared
// with each other.
const longestSentence = 500

// sentences divides the tokens of a block.
func sentences(t []when.Token) []sentence {
	var out []sentence
	start := 0
	for i := range t {
		last := i == len(t)-1 || i-start >= longestSentence
		end := last
		switch {
		case last:
		case t[i].Is("!", "?"):
			end = t[i+1].Gap
		case t[i].Is(".") && t[i+1].Gap:
			end = true
			if i > 0 && !t[i].Gap && (abbreviations[t[i-1].Low] || t[i-1].Kind == when.Word && len(t[i-1].Text) == 1 && t[i-1].Capital()) {
				end = t[i+1].Capital() && sentenceStarters[t[i+1].Low] && !t[i-1].Is("mr", "mrs", "ms", "dr", "e", "g")
			}
		}
		if end {
			out = append(out, sentence{start, i + 1})
			start = i + 1
		}
	}
	return out
}
