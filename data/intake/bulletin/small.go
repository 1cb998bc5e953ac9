package bulletin

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"spreewatch/data/intake/when"
)

// fewWords are words of which a text has more that is written in small letters on purpose.
const fewWords = 8

// recase gives a text in small letters throughout the capitals that its lines, its sentences
// and its names would have: streets by what ends them, settlements as the atlas knows them,
// and beside a street, before a colon or alone in a line what no other word is. "a purse was
// taken in mill road, diss". A title keeps the ones that it has. The bytes of the text stay
// where they are.
func recase(text string) string {
	c := recasing{t: when.Tokenise(text, 0, len(text), 1)}
	words, capitals, small := 0, 0, 0
	of, kept := map[int32]int{}, map[int32]bool{} // words by line; lines with capitals
	for i := range c.t {
		if c.t[i].Kind == when.Word {
			words++
			of[c.t[i].Line]++
			if c.t[i].Capital() {
				capitals++
				kept[c.t[i].Line] = true
			}
			if strings.ContainsFunc(c.t[i].Text, unicode.IsLower) {
				small++
			}
		}
	}
	titles := 0 // words of lines with capitals
	for line := range kept {
		titles += of[line]
	}
	switch {
	case words < fewWords:
		return text
	case capitals*mostCapitals > words && small*mostCapitals > words && titles*mostTitles > words:
		if kept = c.spoken(); len(kept) == 0 {
			return text
		}
	case small*mostCapitals <= words:
		if low := hush(text); low != text {
			return recase(low)
		}
		return text
	}
	if capitals*mostCapitals <= words {
		clear(kept)
	}
	c.out = []byte(text)
	wrapped := wrappedLines(text)
	for k := range c.t {
		if x := &c.t[k]; kept[x.Line] || !free(c.t, k) || len(x.Text) == 1 && !x.Is("a", "i") {
			continue
		}
		c.opens(k, wrapped)
		if c.days(k); !c.street(k) {
			c.town(k)
		}
	}
	return string(c.out)
}

// spoken returns the lines that keep the capitals that they have, of a text whose sentences
// have theirs and whose streets have none: all but those that name streets in small letters
// alone, "Sat 8 May, 2am - van window put in, keighley road in ilkley". None where the text
// names more streets with capitals than without, or but one without.
func (c *recasing) spoken() (kept map[int32]bool) {
	kept = map[int32]bool{}
	small, own, large := map[int32]bool{}, map[int32]bool{}, 0 // lines; those of names of their own
	for k, x := range c.t {
		if !kept[x.Line] {
			kept[x.Line] = true
			first := k
			for first+1 < len(c.t) && c.t[first].Kind == when.Mark && !c.t[first+1].Newline {
				first++
			}
			if n := smallTown(c.t, first); n > first && !c.t[first].Capital() && n < len(c.t) && c.t[n].Kind == when.Mark {
				small[x.Line] = true // "penrith, castlegate - phone box smashed"
			}
		}
		if from := smallStreet(c.t, k); k > 0 && isType(x) && c.t[k-1].Capital() {
			large++
		} else if !x.Capital() && streetEnding(x.Low) && bareName(c.t, k) > k {
			small[x.Line] = true
		} else if strongTypes[x.Low] && from < k && !slices.ContainsFunc(c.t[from:k+1], when.Token.Capital) {
			small[x.Line] = true
			if slices.ContainsFunc(c.t[from:k], func(t when.Token) bool { return unheard(t.Low) }) {
				own[x.Line] = true
			}
		}
	}
	if len(own) == 0 || len(small) < max(fewSmall, large) {
		return nil
	}
	for line := range small {
		delete(kept, line)
	}
	return kept
}

// fewSmall are the fewest lines that show that a text writes its streets in small letters.
const fewSmall = 2

// hush puts a text in capitals throughout into small letters, but for a log: of its lines
// half begin with a number, of their own or of an entry, or are cells and keys, which the
// reader of rows knows.
func hush(text string) string {
	lines, rows := 0, 0
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		keys, words := 0, strings.Fields(line)
		for _, w := range words {
			if loudKeys[w] {
				keys++
			}
		}
		entry := len(words) > 1 && len(words[0]) < 5 && !stops[strings.ToLower(words[0])] && when.Digits(words[1]) > 2 // "CAD 711"
		if lines++; keys > 2 || entry || when.Digits(strings.TrimLeft(line, "[(#")) > 0 || rowLike(line) || strings.Contains(line, " // ") {
			rows++
		}
	}
	if low := strings.ToLower(text); 2*rows < lines && len(low) == len(text) {
		return low
	}
	return text
}

// A recasing is a text in small letters, taken apart, and the same with its capitals.
type recasing struct {
	t   []when.Token
	out []byte
}

// raise gives capitals to the words of tokens [from, to), but for those inside a name that
// have none.
func (c *recasing) raise(from, to int) {
	for k := from; k < to; k++ {
		if c.t[k].Kind != when.Word || k > from && stops[c.t[k].Low] {
			continue
		}
		r, size := utf8.DecodeRune(c.out[c.t[k].Pos:])
		if up := unicode.ToUpper(r); utf8.RuneLen(up) == size {
			utf8.EncodeRune(c.out[c.t[k].Pos:], up)
		}
	}
}

// ends reports whether token n stands on another line than the one before it, or is a mark.
func (c *recasing) ends(n int) bool {
	return n >= len(c.t) || c.t[n].Newline || c.t[n].Kind == when.Mark
}

// opens raises the word that opens a line or a sentence, and a name that is all of its line.
func (c *recasing) opens(k int, wrapped map[int32]bool) {
	t := c.t
	line := k == 0 || t[k].Newline && !wrapped[t[k].Line]
	if !line && !(t[k].Gap && t[k-1].Is(".", "!", "?")) && !(t[k-1].Kind == when.Mark && (k == 1 || t[k-1].Newline)) {
		return
	}
	c.raise(k, k+1)
	if n := nameCell(t, k); line && n > k && (n == len(t) || t[n].Newline || t[n].Is(":")) {
		c.raise(k, n)
	}
}

// days raises the names of days and months that are other words too.
func (c *recasing) days(k int) {
	t := c.t
	day := shortDays[t[k].Low] && (k > 0 && t[k-1].Is("on", "last", "by") || k+1 < len(t) && (t[k+1].Kind == when.Number || when.Months[t[k+1].Low] > 0 || t[k+1].Is("night", "morning", "afternoon", "evening", "/", "the", ".")))
	month := when.Months[t[k].Low] > 0 && (k == 0 || t[k-1].Kind == when.Number || t[k-1].Is("th", "st", "nd", "rd", "in", "of"))
	if day || month || when.Months[t[k].Low] == 0 && roadNumber(t[k].Low) {
		c.raise(k, k+1)
	}
}

// street raises the name of a street that token k ends, and of the settlement beside it.
func (c *recasing) street(k int) bool {
	t := c.t
	from := smallStreet(t, k)
	if k > 1 && from == k && isType(t[k]) && t[k-1].Is("the") && t[k-2].Is("in", "on", "at", "along", "from", "of") && k+2 < len(t) && t[k+1].Is(",") && (smallTown(t, k+2) > k+2 || nameCell(t, k+2) > k+2) {
		from = k - 1 // "in the street, hempnall"
	}
	if from == k {
		return false
	}
	c.raise(from, k+1)
	c.raise(nameBefore(t, from), from)
	if k+2 < len(t) && t[k+1].Is(",", "(") {
		c.raise(k+2, nameCell(t, k+2))
	}
	if n := k + 1; n < len(t) && !t[n].Newline && smallTown(t, n) > n && c.ends(smallTown(t, n)) {
		c.raise(n, smallTown(t, n)) // "mill road diss - two bicycles"
	}
	if k+1 < len(t) && (directions[t[k+1].Low] || t[k+1].Is("within", "without")) && c.ends(k+2) {
		c.raise(k+1, k+2)
	}
	return true
}

// town raises the name of a settlement that begins at token k, or another that a word leads to.
func (c *recasing) town(k int) {
	t := c.t
	led := k == 0 || t[k].Newline || t[k-1].Kind != when.Word || t[k-1].Is("in", "at", "near", "for", "around", "from", "of", "and", "to")
	n := smallTown(t, k)
	if n > k && (led || n < len(t) && t[k-1].Is("the", "your", "our", "this") && (titular(t[n].Low) || t[n].Is("round", "update", "bulletin"))) {
		c.raise(k, n)
		c.raise(nameBefore(t, k), k)
		if m := n + 1; m < len(t) && t[n].Is(",") && nameCell(t, m) > m && !c.t[nameCell(t, m)-1].Newline && c.ends(nameCell(t, m)) {
			c.raise(m, nameCell(t, m)) // "penrith, castlegate - a phone box"
		}
	} else if n = bareName(t, k); n > k {
		c.raise(k, n)
	}
}

// mostCapitals is how many words of a text in small letters stand for one with a capital.
const mostCapitals = 40

// mostTitles is how many words of a text in small letters stand for one of a title or a line
// of tags that has capitals all the same.
const mostTitles = 5

// shortDays are weekdays that may be other words too.
var shortDays = when.Set(`mon tue tues wed weds thu thur thurs fri sat sun`)

// wrappedLines returns the lines that go on with the one above because the margin broke it:
// their paragraph has no other break.
func wrappedLines(text string) map[int32]bool {
	out := map[int32]bool{}
	lines := strings.Split(text, "\n")
	indent := func(s string) int { return len(s) - len(strings.TrimLeft(s, " \t")) }
	for i := 0; i < len(lines); i++ {
		first, width := i, 0
		for ; i < len(lines) && strings.TrimSpace(lines[i]) != ""; i++ {
			width = max(width, utf8.RuneCountInString(lines[i]))
		}
		wraps := i-first > 1 && width >= 40
		for k := first; k+1 < i && wraps; k++ {
			next, _, _ := strings.Cut(strings.TrimSpace(lines[k+1]), " ")
			wraps = utf8.RuneCountInString(lines[k])+1+utf8.RuneCountInString(next) > width && bulletLen(lines[k+1]) == 0
		}
		under := -1 // the indent of the bullet above
		for k := first; k < i; k++ {
			if body := strings.TrimLeft(lines[k], " \t"); bulletLen(body) > 0 {
				under = indent(lines[k])
			} else if labelOf(body) != "" {
				continue
			} else if wraps && k > first || under >= 0 && indent(lines[k]) > under {
				out[int32(k+1)] = true
			}
		}
	}
	return out
}

// nameCell returns the token after the words from token i on that can be a name because they
// are no other words; i for none.
func nameCell(t []when.Token, i int) int {
	n := i
	if n+1 < len(t) && (directions[t[n].Low] || t[n].Is("great", "little", "long", "st", "new", "old")) {
		n++
	}
	for first := n; n < min(len(t), i+4) && free(t, n) && unheard(t[n].Low) && !(n > first && t[n].Newline); n++ {
	}
	if n == i || n == i+1 && !unheard(t[i].Low) {
		return i
	}
	return n
}

// free reports whether token i is a word of its own, and not the "th" of a number.
func free(t []when.Token, i int) bool {
	return t[i].Kind == when.Word && !t[i].Is("am", "pm", "hrs") && (i == 0 || t[i].Gap || t[i-1].Kind != when.Number)
}

// roadNumber reports whether a word is the number of a road: "a47".
func roadNumber(low string) bool {
	return len(low) > 1 && len(low) < 6 && strings.Contains("abm", low[:1]) && strings.Trim(low[1:], "0123456789") == ""
}

// bareName returns the token after a name of one or two words from token i on that a word
// leads to and no type ends: "in boroughgate, otley", "in the homend"; i for none.
func bareName(t []when.Token, i int) int {
	if k := i + 1; k < len(t) && t[i].Is("the") && i > 0 && t[i-1].Is("in", "on", "along", "at") {
		if n := bareName(t, k); n > k {
			return n // "in the homend"
		}
	}
	if i == 0 || !t[i-1].Is("in", "on", "along", "off", "outside", "near", "behind") && !(t[i-1].Is("at") && streetEnding(t[i].Low)) && !(i > 1 && t[i-1].Is("the") && t[i-2].Is("in", "on", "along")) || len(t[i].Low) < 5 {
		return i
	}
	if n := nameCell(t, i); n > i && n < i+3 && (n == len(t) || t[n].Newline || t[n].Is(",", ".", ":", ";", "(", ")", "at", "on", "between", "overnight", "and", "in", "had", "was", "were", "saw", "when")) {
		return n
	}
	return i
}

// nameBefore returns where a cell begins that stands before token i and a mark, and is a name;
// i for none: "leiston, haylings road".
func nameBefore(t []when.Token, i int) int {
	if i < 2 || !t[i-1].Is(",", ":", "-", "–", "(", "|", ";") {
		return i
	}
	from := i - 1
	for from > max(0, i-4) && free(t, from-1) && (from == i-1 || t[from].Gap && !t[from].Newline) {
		from--
	}
	if from < i-1 && (from == 0 || t[from].Newline || t[from-1].Kind != when.Word) && nameCell(t, from) == i-1 {
		return from
	}
	return i
}

// unheard reports whether a word is none of those that texts tell of incidents with.
func unheard(low string) bool {
	return streetEnding(low) || kindWeights()[low] == nil && len(wordClasses()[stem(low)]) == 0 && !stops[low] && !matters[low] && !finite[low] && !dayName(low) && when.Months[low] == 0
}

// smallStreet returns where the name begins of a street whose type is token k: behind a word
// that leads to a place or belongs to no name, or a mark; k for none.
func smallStreet(t []when.Token, k int) int {
	strong := strongTypes[t[k].Low]
	x := t[k]
	x.Text = strings.ToUpper(x.Text) // as it would be in a name
	if t[k].Kind != when.Word || !strong && !isType(x) && !t[k].Is("place", "square", "court", "hill", "row", "green", "walk", "parade", "rise", "mews", "view", "park", "bank", "end", "side") || k > 0 && t[k].Is("place") && takes[t[k-1].Low] {
		return k
	}
	longest := 5
	if !strong {
		longest = 2
	}
	from, over := k, false // over "of": "prince of wales road"
	for i := k - 1; i >= max(0, k-longest) && free(t, i) && t[i+1].Gap && (!stops[t[i].Low] || t[i].Is("of", "the", "all") && i < k-1); i-- {
		before := i == 0 || t[i].Newline || !free(t, i-1) || !t[i].Gap
		led := before || placeWords[t[i-1].Low] && !t[i-1].Is("of")
		if stop := !before && (stops[t[i-1].Low] || t[i-1].Is("the")); !led && stop && (strong && k == i+1 || unheard(t[i].Low) || t[i].Is("market")) {
			led = true // "and goodwins road", "of gravel hill"
		}
		over = over || t[i].Is("of")
		named := !t[i].Is("of") && (!t[i].Is("the") || k > i+1 && unheard(t[i+1].Low)) && (!over || unheard(t[i].Low) || nobles[t[i].Low])
		if led && named && (strong || before || k > i+1 || unheard(t[i].Low) || t[i-1].Is("in", "on", "at", "along", "near")) {
			from = i
		}
		if before {
			break
		}
	}
	return from
}

// nobles are of a place in the names of streets.
var nobles = when.Set(`prince princess duke duchess earl marquis king queen isle bishop lord`)

// takes lead to "place" that is none.
var takes = when.Set(`take takes took taken taking first second third`)

// smallTown returns the token after the longest settlement of the atlas that begins at token
// i, i for none.
func smallTown(t []when.Token, i int) int {
	for n := min(len(t), i+3); n > i; n-- {
		var name []string
		for _, x := range t[i:n] {
			name = append(name, x.Low)
		}
		if t[i].Kind == when.Word && t[n-1].Kind == when.Word && !t[i].Is("the") && !stops[t[i].Low] && !matters[t[i].Low] && when.Months[t[i].Low] == 0 && atlas()[NameKey(strings.Join(name, " "))].settlement &&
			(kindWeights()[t[i].Low] == nil || n > i+1 && (unheard(t[n-1].Low) || unheard(t[i].Low)) || (i == 0 || t[i-1].Kind == when.Mark || n > i+1 && t[i-1].Is("at", "of") || t[i-1].Is("in", "near", "for", "around")) && (n == len(t) || t[n].Newline || t[n].Kind != when.Word || stops[t[n].Low])) {
			return n
		}
	}
	return i
}
