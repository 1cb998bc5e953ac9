package bulletin

import (
	"slices"
	"strings"

	"spreewatch/data/intake/when"
	"spreewatch/geo/address"
)

// A place is a span of tokens that names where something happened.
type place struct {
	start, end int
	street     string   // as written, with house number and lead phrase; "" for a settlement alone
	towns      []string // settlements, postcodes and counties, the nearest first
	weak       bool     // where somebody came from, went to or lives
	bare       bool     // a name with nothing that proves what it names
	cell       bool     // at the start of an item, or behind a mark in it
}

// text returns the place in one line.
func (p place) text() string {
	if p.street == "" {
		return strings.Join(p.towns, ", ")
	}
	return strings.Join(append([]string{p.street}, p.towns...), ", ")
}

// named returns the name of the street, without house number and lead phrase.
func (p place) named() string {
	if s := address.Parse(p.street).Streets; len(s) > 0 {
		return s[0]
	}
	return p.street
}

// town returns the settlement of a place, "" when it names none.
func (p place) town() string {
	for _, t := range p.towns {
		if !hasDigit(t) && !isRegion(t) {
			return t
		}
	}
	for _, t := range p.towns {
		if p.street != "" && seats[strings.ToLower(t)] {
			return t // "Farnham Street, Cavan"
		}
	}
	return ""
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// words are the tokens of a block in which names are sought.
type words struct {
	t     []when.Token
	taken []bool // token is part of a time or of noise
	names Names
	first int  // token that is no mark
	shout bool // written in capitals throughout
	prose bool // lines break where they are full
}

// wordsOf returns the tokens of a block, of which none is taken.
func wordsOf(t []when.Token, names Names) words {
	return words{t: t, taken: make([]bool, len(t)), names: names, first: labelStart(t), shout: capitals(t)}
}

// upTo returns the tokens before n.
func (w words) upTo(n int) words {
	w.t, w.taken = w.t[:n], w.taken[:n]
	return w
}

// free reports whether token i can belong to a name.
func (w words) free(i int) bool { return i >= 0 && i < len(w.t) && !w.taken[i] && !w.t[i].Quoted }

func (w words) is(i int, list ...string) bool { return w.free(i) && w.t[i].Is(list...) }

// text returns tokens [i, j) as written, white space made single.
func (w words) text(i, j int) string {
	var b strings.Builder
	for k := i; k < j; k++ {
		if k > i && w.t[k].Gap {
			b.WriteByte(' ')
		}
		b.WriteString(w.t[k].Text)
	}
	return strings.Trim(b.String(), " ,")
}

// goesOn reports whether the line that token n begins goes on with the words of the one
// before: in prose, and where that one is as long as a margin lets it be.
func (w words) goesOn(n int) bool {
	k := n - 1
	for k > 0 && k > n-longestSentence && !w.t[k].Newline {
		k--
	}
	return w.prose || w.t[n-1].End-w.t[k].Pos >= 48
}

// run returns the end of the run of capitalised words at i, with the small words
// inside a name ("Newton by Castle Acre") and the full stop of "St.".
func (w words) run(i int) int {
	n := i
	for w.free(n) && n < i+9 {
		t := w.t[n]
		switch {
		case t.Kind == when.Word && t.Capital() && !(n > i && t.Newline && !w.goesOn(n)):
			if n == i && stops[t.Low] && !t.Is("the") && !(i == 0 && !placeWords[t.Low] && n+2 < len(w.t) && (isType(w.t[n+2]) || w.t[n+1].Is("saints")) && w.t[n+1].Capital()) && !(i > 0 && !w.t[i-1].Is(".", ":", "!", "?") && len(t.Text) > 1 && !isUpperWord(t.Text) && w.free(n+1) && w.t[n+1].Capital()) {
				return n
			}
			if n > i && stops[t.Low] && !(n > i && t.Is("and", "on", "of", "by", "in", "all", "within", "without") && t.Text != strings.ToUpper(t.Text)) {
				return n
			}
			n++
			if w.is(n, ".") && !w.t[n].Gap && (n == i+1 || !isType(w.t[n-1])) && abbreviations[w.t[n-1].Low] && w.free(n+1) && w.t[n+1].Capital() && !sentenceStarters[w.t[n+1].Low] {
				n++
			}
		case (n == i || n == i+1 && directions[w.t[i].Low]) && w.nth(n):
			n += 2
		case n > i && t.Gap && t.Is("of", "the", "on", "by", "le", "next", "cum", "with", "under", "super", "de", "du", "des", "la", "upon", "st", "sub", "juxta", "in", "y", "yr") && w.links(n):
			n++
		case n > i && !t.Gap && t.Is("'", "’") && w.free(n+1) && w.t[n+1].Capital() && w.t[n+1].Gap && !stops[w.t[n+1].Low]:
			n++ // "Friars' Lane"
		default:
			return n
		}
	}
	return n
}

// nth reports whether a number at n begins the name of a street: "5th Street", "11th
// Avenue North".
func (w words) nth(n int) bool {
	return w.t[n].Kind == when.Number && n+2 < len(w.t) && !w.t[n+1].Gap && w.is(n+1, "st", "nd", "rd", "th") && w.free(n+2) && w.t[n+2].Capital() && strongTypes[w.t[n+2].Low]
}

// links reports whether the small word at n joins two parts of one name.
func (w words) links(n int) bool {
	j := n + 1
	if w.t[n].Is("of") && w.free(j) && w.t[j].Capital() && !isType(w.t[n-1]) {
		for k := j + 1; k < j+3 && w.free(k) && w.t[k].Capital(); k++ {
			if strongTypes[w.t[k].Low] {
				return true // "Prince of Wales Road"
			}
		}
	}
	if w.t[n].Is("of", "in", "on", "with", "under") {
		return w.t[n].Is("in") && strings.HasSuffix(w.t[min(j, len(w.t)-1)].Low, "dale") && !atlas()[w.t[j].Low].settlement || w.is(j, "sea", "wold", "hill", "green", "fen", "marsh", "water", "crouch") && w.t[j].Capital() && !(n+2 < len(w.t) && isType(w.t[n-1]))
	}
	for w.is(j, "the", "la") {
		j++
	}
	return w.free(j) && w.t[j].Capital() && !stops[w.t[j].Low] && !matters[w.t[j].Low] && !isType(w.t[n-1])
}

// preposition returns the small word that leads to token i, "" when none does.
func (w words) preposition(i int) string {
	j := i - 1
	for w.free(j) && (fillers[w.t[j].Low] && !w.t[j].Capital() || w.is(j, "town's", "village's", "city's")) && i-j < 6 {
		if w.is(j, "town's", "village's", "city's") {
			return "in"
		}
		j--
	}
	if w.free(j) && placeWords[w.t[j].Low] {
		return w.t[j].Low
	}
	return ""
}

// near returns the lead phrase before token i that widens a street.
func (w words) near(i int) string {
	j := i - 1
	for w.is(j, "the") {
		j--
	}
	if w.is(j, "near", "off", "outside", "opposite", "behind") {
		return w.t[j].Low
	}
	return ""
}

// numbered reports whether token i is a numbered road: A47, B1145, M11.
func (w words) numbered(i int) bool {
	if !w.free(i) || w.t[i].Kind != when.Word {
		return false
	}
	s := w.t[i].Text
	if len(s) < 2 || len(s) > 5 || !strings.ContainsRune("ABM", rune(s[0])) {
		return false
	}
	return when.Digits(s[1:]) == len(s)-1
}

// house returns the token after a house number at i: "18", "14a", "12-14".
func (w words) house(i int) int {
	if !w.free(i) || w.t[i].Kind != when.Number || len(w.t[i].Text) > 4 || !w.t[i].Gap && i > 0 && w.t[i-1].Is("£", ".", ":", "/", "-") {
		return i
	}
	k := i + 1
	if w.free(k) && !w.t[k].Gap && w.t[k].Kind == when.Word && len(w.t[k].Text) == 1 {
		k++
	}
	if k+1 < len(w.t) && (w.t[k].Dash() || w.is(k, "/", "&")) && w.t[k+1].Kind == when.Number && w.t[k+1].Text[0] != '0' {
		k += 2
	}
	if !w.free(k) || !w.t[k].Capital() || !w.t[k].Gap {
		return i
	}
	return k
}

// streetAt reads a street at token i and returns its first token and the one after
// it, equal when there is none. at is what leads to it: a preposition, "item" for
// the start of an item or cell, "" otherwise.
func (w words) streetAt(i int, at string) (int, int) {
	if n := w.junction(i); n > i {
		return i, n
	}
	j := w.house(i)
	if !w.free(j) {
		return i, i
	}
	if w.numbered(j) {
		return i, j + 1
	}
	if a, n := w.lowerStreet(j, at); n > a {
		return a, n
	}
	n := w.run(j)
	if n == j {
		return i, i
	}
	start := j
	for start < n-2 && hard[w.t[start].Low] && (at == "item" || at == "") {
		start++
	}
	if openers[w.t[start].Low] && start+2 < n && w.t[start+1].Is("of", "in", "at", "on") {
		start += 2 // "Resident of Back Lane"
	}
	end := w.typeEnd(start, n)
	if end == 0 {
		return i, i
	}
	if person := start > 0 && w.free(start-1) && (titles[w.t[start-1].Low] || w.t[start-1].Is("said", "says", "named")); person || titles[w.t[start].Low] && !strongTypes[w.t[end-1].Low] {
		return i, i
	}
	if start > 0 && w.t[start-1].Text == "the" && at != "" && w.t[start].Is("square", "avenue", "crescent", "close", "parade", "terrace") {
		return start - 1, end
	}
	if end == start+1 && !w.t[start].Is("broadway", "parade", "promenade", "esplanade", "causeway", "haven", "strand") {
		return i, i
	}
	if end > start+2 && ownTown(w.t[start]) != "" {
		start++ // "Bridport's West Street"
	} else if start == j {
		start = i
	}
	return start, end
}

// groundAt reads what stands for a street by its last words, in lower case too, at token i:
// "Bank Top car park". It returns the ends of its name and of the whole, i for none. What is
// of a street is told by that: "Mill Street car park".
func (w words) groundAt(i int) (name, end int) {
	n := w.run(i)
	for k := n; k > i; k-- {
		e := k
		if w.is(e, "car") && w.is(e+1, "park") {
			e += 2
		} else if w.free(e) && grounds[w.t[e].Low] {
			e++
		}
		if e > k && e >= n && w.t[k].Gap && !w.t[k].Newline {
			if slices.ContainsFunc(w.t[i:k], func(t when.Token) bool {
				return openers[t.Low] || matters[t.Low] || titles[t.Low] || strongTypes[t.Low] || dayName(t.Low)
			}) {
				break
			}
			return k, e
		}
	}
	return i, i
}

// ownTown returns the settlement that a token is the possessive of, "" for none:
// "Bridport's", and neither "Queen's" nor "Andrew's".
func ownTown(t when.Token) string {
	low, own := strings.CutSuffix(t.Low, "'s")
	if k := atlas()[low]; !own || !t.Capital() || !k.settlement || k.short || kindWeights()[low] != nil || givenNames[low] {
		return ""
	}
	return t.Text[:len(low)]
}

// ownTowns returns the settlement whose possessive stands before a street at token s, not
// before token i; nil for none.
func (w words) ownTowns(i, s int) []string {
	if s > i && w.free(s-1) && ownTown(w.t[s-1]) != "" {
		return []string{ownTown(w.t[s-1])}
	}
	return nil
}

func dayName(s string) bool {
	switch s {
	case "mon", "tue", "wed", "thu", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday":
		return true
	}
	return false
}

func (w words) all(i, j int, is func(string) bool) bool {
	for ; i < j; i++ {
		if !is(w.t[i].Low) {
			return false
		}
	}
	return true
}

// lowerStreet reads a street whose type is in lower case: "Stanley road", "mill
// lane" where a preposition leads to it.
func (w words) lowerStreet(i int, at string) (int, int) {
	n := i
	for n < i+3 && w.free(n) && w.t[n].Kind == when.Word && (w.t[n].Capital() || at != "") && !stops[w.t[n].Low] && (n == i || !isType(w.t[n])) {
		n++
	}
	if n == i || !w.free(n) || w.t[n].Capital() || !strongTypes[w.t[n].Low] || w.t[n].Is("way", "drive") {
		return i, i
	}
	if !w.t[i].Capital() && (n > i+1 || len(w.t[i].Low) < 3 || w.t[i].Is("this", "that", "main", "side", "same", "country", "slip", "busy", "quiet", "back", "nearby", "access", "service", "private") || !w.is(n+1, ",", ".") && w.preposition(i) != w.t[max(i-1, 0)].Low) {
		return i, i
	}
	if openers[w.t[i].Low] {
		return i, i
	}
	return i, n + 1
}

// typeEnd returns the end of the street in the run [j, n), 0 when it has no type.
// What is left of the run is a settlement: "Norwich Road Dereham".
func (w words) typeEnd(j, n int) int {
	for k := n - 1; k >= j; k-- {
		t := w.t[k]
		if t.Is(".") || !isType(t) && !(t.Is("market") && k > j && markets[w.t[k-1].Low]) {
			continue
		}
		low := strings.TrimSuffix(t.Low, ".")
		before := ""
		if k > j {
			before = w.t[k-1].Low
		}
		if k > j+1 && w.t[k-1].Kind == when.Mark {
			before = w.t[k-2].Low // "Magistrates' Court"
		}
		switch {
		case low == "court" && (before == "crown" || before == "county" || before == "district" || before == "magistrates" || before == "magistrates'" || before == "high" || before == "youth") && !(w.is(n, ",") && before == "county"):
			return 0
		case low == "park" && before == "car", low == "bank" && (before == "lloyds" || before == "barclays" || before == "your"):
			return 0
		case low == "turn" && turns[before]:
			return 0
		case (low == "st" || low == "dr") && k+1 < n:
			continue // saint, doctor
		case low == "st" && isUpperWord(t.Text) && k > j && !isUpperWord(w.t[k-1].Text):
			continue // "Fiesta ST"
		}
		if k+1 < n && directions[w.t[k+1].Low] && (k+2 == n || !w.t[k+2].Capital()) {
			k++
		}
		return k + 1
	}
	if foreTypes[w.t[j].Low] && n > j+1 && w.t[j].Capital() {
		return n
	}
	return 0
}

// junction reads "the junction of Mill Street and Norwich Road".
func (w words) junction(i int) int {
	if !w.is(i, "junction", "corner", "crossroads") {
		return i
	}
	j := when.SkipWords(w.t, i+1, "of", "with", "between", "the")
	one := func(j int) int {
		if n := w.run(j); n > j {
			if e := w.typeEnd(j, n); e > 0 {
				return e
			}
			if m := w.run(n + 1); w.is(n, "and", "with", "&") && m > n+1 || w.is(j-1, "and", "with", "&") {
				return n // "the junction of Eastgate and Ramsgate"
			}
		}
		return 0
	}
	a := one(j)
	if n := w.run(j); a == 0 && n > j && w.is(n, "and", "with", "&") {
		a = n // "West Allington and Magdalen Lane"
		if one(when.SkipWords(w.t, a+1, "the")) == 0 {
			return i
		}
	}
	if a == 0 {
		return i
	}
	if w.is(a, "and", "with", "&") {
		if b := one(when.SkipWords(w.t, a+1, "the")); b > 0 {
			return b
		}
	}
	return a
}

// nameAt reads a name that nothing proves a street, and returns the token after it.
func (w words) nameAt(i int) int {
	for w.free(i) && fillers[w.t[i].Low] && !w.t[i].Capital() {
		i++
	}
	n := max(w.run(i), w.known(i))
	if n == i || w.is(i, "hello", "hi", "dear") || postcodeHead(w.t[i].Text) {
		return i
	}
	for k := i; k < n; k++ {
		if offices[w.t[k].Low] && !(w.t[k].Is("police") && k+2 == n && w.t[k+1].Is("station")) || titles[w.t[k].Low] {
			return i
		}
		if postcodeHead(w.t[k].Text) && k > i {
			n = k
			break
		}
	}
	if n < len(w.t) && w.free(n) && (offices[w.t[n].Low] || w.t[n].Is("station")) || cars[w.t[i].Low] || w.all(i, n, func(s string) bool { return fillers[s] || placeWords[s] }) || n == i+1 && (w.t[i].Is("the") || finite[w.t[i].Low]) {
		return i
	}
	if n == i+2 && cars[w.t[i+1].Low] && strings.HasSuffix(w.t[i].Low, "s") {
		return i // "the plates off Gary's Focus"
	}
	if w.church(i, n) && w.is(n, "in", "on") {
		if _, e := w.streetAt(n+1, "in"); e > n+1 {
			return i // "the roof of St Mary's in Mill Street"
		}
	}
	if w.all(i, n, func(s string) bool {
		_, month := when.Months[s]
		return matters[s] || openers[s] || issues[s] || dayName(s) || month && s != "march" || address.IsCounty(s) || len(s) < 3 && s != "ho"
	}) {
		return i
	}
	if w.shout && w.wordsOnly(i, n) {
		return i // "DETAINED BY STAFF"
	}
	if hard[w.t[i].Low] || n-i > 5 || w.t[n-1].Is("court") && n > i+1 {
		return i
	}
	return n
}

// wordsOnly reports whether tokens [i, n) are words of which bulletins have more, or given
// names, and no settlement is called so.
func (w words) wordsOnly(i, n int) bool {
	name := w.text(i, n)
	return w.all(i, n, func(s string) bool {
		return kindWeights()[s] != nil || wordClasses()[stem(s)] != nil || givenNames[s] || s == "aye"
	}) &&
		!atlas()[NameKey(name)].settlement && !w.names.Settlement(name) && !(n == i+1 && streetEnding(w.t[i].Low))
}

// remark reports whether tokens [i, n) are such words where they open an entry, alone and
// with a small letter after the first, or where "to" leads to them.
func (w words) remark(i, n int, at string) bool {
	return (at == "to" || at == "item" && n == i+1 && w.is(n, ".", ",") && w.t[i].Text[1:] == w.t[i].Low[1:]) && w.wordsOnly(i, n)
}

// church reports whether tokens [i, n) are what a church is called by: "All Saints", "Holy
// Trinity", "St Mary's".
func (w words) church(i, n int) bool {
	last := w.t[n-1].Low
	return n > i+1 && (w.t[i].Is("all") && (last == "saints" || last == "souls") || w.t[i].Is("holy", "christ") ||
		w.t[i].Is("st", "saint") && (strings.HasSuffix(last, "'s") || strings.HasSuffix(last, "’s")))
}

// known returns the end of the longest name of a settlement of the atlas at token i that
// small words join, i for none: "Burton on the Wolds".
func (w words) known(i int) int {
	if !w.free(i) || !w.t[i].Capital() {
		return i
	}
	out := i
	for k := i + 1; k < i+longestName && w.free(k) && (w.t[k].Kind == when.Word || w.t[k].Dash() && !w.t[k].Gap); k++ {
		if k > i+1 && w.t[k].Capital() && w.t[k-1].Text == w.t[k-1].Low && atlas()[NameKey(w.text(i, k+1))].settlement {
			out = k + 1
		}
	}
	return out
}

// placeAt reads a place with its settlements at token i.
func (w words) placeAt(i int, at string) (place, bool) {
	p := place{start: i}
	t := w.t[i]
	if t.Kind == when.Word && !t.Capital() && at == "" && !t.Is("junction", "corner", "crossroads", "flat", "unit") {
		return p, false
	}
	n, own := i, ""
	if name, e := w.groundAt(i); e > i {
		p.street, p.bare, n = w.text(i, e), true, e
		if own = w.text(i, name); !atlas()[NameKey(own)].settlement {
			own = ""
		}
	} else if s, e := w.streetAt(i, at); e > s {
		p.start, n = s, e
		p.street = w.text(s, e)
		p.towns = w.ownTowns(i, s)
		if w.is(e, "ward", "parish", "village", "villages", "division") && s == i {
			p.street, p.towns, p.bare, p.end = "", []string{p.street}, true, e
			return p, true // "residents of Chingford Green ward"
		}
		if lead := w.near(s); lead != "" {
			p.street = lead + " " + p.street
		}
	} else {
		if at == "" {
			if n := w.run(i); n > i+1 && t.Capital() && w.t[n-1].Is("farm", "hall", "hotel", "inn", "manor", "barn", "stables") && !openers[t.Low] {
				at = "at"
			}
		}
		if at == "" || t.Kind != when.Word && w.house(i) == i {
			return p, false
		}
		j := w.house(i)
		e := w.nameAt(j)
		if e == j {
			if e = w.oddStreet(j, at); e == j {
				return p, false
			}
			p.street = w.text(i, e)
		} else {
			p.bare = true
			if p.name(w, i, j, e, at); p.street == "" && w.remark(j, e, at) {
				return p, false // "Opened. All shutters sound", "referred to Youth Aid"
			}
		}
		n = e
	}
	p.end = w.tail(n, &p)
	if own != "" && p.town() == "" {
		p.towns = append([]string{own}, p.towns...) // "Killala pier"
	}
	switch at {
	case "from", "to", "of", "towards", "toward", "by":
		p.weak = at != "from" && at != "by" || p.street == ""
		p.weak = p.weak && (p.street == "" || at == "towards")
	}
	return p, true
}

// name settles whether a bare name is a street or a settlement by what speaks for
// either: its form, what follows it, and the gazetteer.
func (p *place) name(w words, i, j, e int, at string) {
	if p.towns = w.ownTowns(i, j+1); p.towns != nil && e > j+2 {
		p.street = w.text(j+1, e)
		return
	}
	p.towns = nil
	s := w.text(i, e)
	last := w.t[e-1].Low
	second, follows := w.follows(e)
	row := strings.HasSuffix(second, " Row") && !w.names.Settlement(second) && !streetEnding(last) // "Sandsend, East Row"
	follows = follows && !row && !isRegion(second) && !w.listed(e) && at != "item:"
	c := 0.0
	for _, x := range []struct {
		holds bool
		by    float64
	}{
		{j > i, nameHouse},
		{(at == "on" || at == "along") && !w.is(e, "ward", "area", "in", "rural", "beat", "patch", "sector") && !upland(last), nameOn},
		{buildings[last] && e > j+1 && !atlas()[NameKey(s)].settlement, nameHouse},
		{follows, nameFollowed},
		{(at == "in" || at == "at") && e == j+2 && w.t[j].Text == "The", nameThe},
		{e == j+1 && at != "item" && !w.is(e, "ward", "area") && streetEnding(last) && !gated[last], nameEnding},
		{w.names.Street(s), nameStreet},
		{follows && w.names.Street(s) && w.names.Near(s, second), nameStreet},
		{w.names.Settlement(s) && !(follows && w.names.Settlement(second) && !w.names.Beside(s, second)), nameSettlement},
		{follows && w.names.Beside(s, second), nameSettlement},
	} {
		if x.holds {
			c += x.by
		}
	}
	if c > 0 {
		p.street = s
	} else {
		p.towns = []string{s}
	}
}

// upland reports whether one is on a place of that name and not in it: "on Exmoor".
func upland(s string) bool {
	return strings.HasSuffix(s, "moor") || strings.HasSuffix(s, "side") || wide[s]
}

// streetEnding reports whether a single word ends as names of streets do:
// "Northgate", "Queensway".
func streetEnding(s string) bool {
	for _, end := range []string{"gate", "gates", "way", "fields", "fair"} {
		if strings.HasSuffix(s, end) && len(s) > len(end)+2 {
			return true
		}
	}
	return false
}

// oddStreet reads a name of words that otherwise name no place, which a comma and
// a settlement make a street: "Constable, Holt".
func (w words) oddStreet(i int, at string) int {
	n := w.run(i)
	if second, ok := w.follows(n); n == i || n > i+4 || at != "in" || !ok || isRegion(second) || openers[w.t[i].Low] || n == i+1 && (matters[w.t[i].Low] || dayName(w.t[i].Low)) {
		return i
	}
	return n
}

// follows returns the name behind the comma or other mark at n.
func (w words) follows(n int) (string, bool) {
	if !w.is(n, ",", "(", "|", "in", "at") {
		return "", false
	}
	k := when.SkipWords(w.t, n+1, "also", "again", "still")
	if k > n+1 && w.is(k, "in", "at") {
		k++ // "Boherbee, also in Tralee"
	}
	e := w.nameAt(k)
	if e == k || !w.free(k) || !w.t[k].Capital() {
		return "", false
	}
	if _, ground := w.groundAt(k); ground > k {
		return "", false
	}
	if end := w.typeEnd(k, e); end > 0 && (!endsSettlement(w.t[end-1].Low) || strongTypes[w.t[end-1].Low]) {
		return "", false
	}
	return w.text(k, e), true
}

// endsSettlement reports whether a type of street also ends names of settlements.
func endsSettlement(low string) bool {
	r := address.WordRoles[low]
	return address.ProseTypes[low] || r != nil && r.Common || low == "row" || low == "cross"
}

// listed reports whether "and Name" or ", Name and" follows, so that names with
// commas between them are a list of settlements.
func (w words) listed(n int) bool {
	for j := n; w.is(j, ",", "and", "&", "or"); {
		e := w.nameAt(j + 1)
		if e == j+1 || !w.is(j, ",") {
			return e > j+1
		}
		j = e
	}
	return false
}

// tail reads what belongs to the place after its first name: ", Elsing", "in the
// village of Elsing", "(NR19 1AB)", "area of Norwich".
//
// What may follow a street, in the order in which it is written.
//
//gocognit:ignore
func (w words) tail(n int, p *place) int {
	for len(p.towns) < 4 {
		j, mark := n, ""
		if w.is(n, ",", "(") || w.is(n, "|") && p.street != "" && p.town() == "" || w.free(n) && w.t[n].Dash() && w.t[n].Gap && p.street != "" && len(p.towns) == 0 {
			mark = w.t[n].Low
			j++
		}
		if e := w.postcode(j); e > j && mark != "" {
			p.towns = append(p.towns, w.text(j, e))
			n = w.close(e, mark)
			continue
		}
		k := j
		if mark == "" && p.street != "" && len(p.towns) == 0 {
			if e := when.SkipWords(w.t, j, sides...); e > j && w.is(e, "in", "at", "near") {
				k = e // "the Sandford Road entrance in Cheltenham"
			}
		}
		for w.free(k) && !w.t[k].Capital() && (fillers[w.t[k].Low] || w.t[k].Is("in", "at", "near", "of", "on", "district", "part") || mark == "," && w.t[k].Is("also", "again", "still")) && k < j+8 {
			k++
		}
		if !w.free(k) || !w.t[k].Capital() || k > j && !placeWords[w.t[k-1].Low] && !w.t[k-1].Is("the", "town", "village", "of", "nearby", "neighbouring") {
			return n
		}
		if e := w.run(k); mark == "" && k == j && p.street != "" && e == k+1 && buildings[w.t[k].Low] {
			n = e // "Mill Road Pavilion"
			continue
		}
		if mark == "" && k == j && (p.street == "" || w.t[k].Newline && !w.goesOn(k)) {
			return n
		}
		if mark == "(" && p.street != "" && directions[w.t[k].Low] && w.is(k+1, ")") {
			p.street, n = p.street+" ("+w.t[k].Text+")", k+2 // "West Drove (North)"
			continue
		}
		if s, e := w.streetAt(k, "in"); p.bare && p.street != "" && mark == "," && len(p.towns) == 0 && s == k && e > s+1 && strongTypes[w.t[e-1].Low] && !streetEnding(w.t[n-1].Low) {
			p.street, p.bare, n = w.text(p.start, e), false, e // "the Devonshire Arms, Cross Lane"
			continue
		}
		if s, e := w.streetAt(k, "in"); s < k {
			return n // "Yoxford, at the Square"
		} else if mark == "" && p.bare && w.is(k-1, "in", "on") && s == k && e > s+1 && strongTypes[w.t[e-1].Low] {
			return n // "the Howard Arms in Front Street"
		}
		if _, e := w.groundAt(k); e > k {
			return n // "Staithes, Bank Top car park"
		}
		e, ok := w.townAt(k, p, mark)
		if ok && w.free(j-1) && w.t[j-1].Dash() && k == j && w.free(e) && w.t[e].Kind == when.Word && !w.t[e].Capital() && !placeWords[w.t[e].Low] && !stops[w.t[e].Low] {
			return n // "Sturt Street - Statue painted pink"
		}
		if mark == "|" && e < len(w.t) && !w.t[e].Is("|", ",", "(") && !atlas()[NameKey(w.text(k, e))].settlement {
			return n // the next cell tells: "A697 | Speed check"
		}
		if !ok || p.street == "" && (mark == "," && w.listed(e) || mark == "") && !(mark == "" && w.is(k-1, "of")) {
			return n
		}
		p.towns = append(p.towns, w.text(k, e))
		n = w.close(e, mark)
	}
	return n
}

// sides are what of a street, or in it, its name is said of.
var sides = strings.Fields("entrance exit gate gates end side corner car park carpark branch shop shops site campus depot surgery stop allotments playing fields recreation ground")

// townAt reads the settlement of a street at k. A name with a street type is one
// where no list of streets goes on: "Mill Lane, Spooner Row".
func (w words) townAt(k int, p *place, mark string) (int, bool) {
	e := w.nameAt(k)
	if e == k || mark == "" && !w.prose && p.town() != "" && saysWhat(w.t[k].Low) {
		return k, false
	}
	if town := func(n int) bool { return atlas()[NameKey(w.text(k, n))].settlement || w.names.Settlement(w.text(k, n)) }; !w.prose && e > k+1 && e < len(w.t) && w.t[e].Kind == when.Word && !w.t[e].Capital() && saysWhat(w.t[e-1].Low) && !strings.HasPrefix(p.street, w.text(k, e)) && town(e-1) && !town(e) {
		e-- // "Mill Road, Harrogate Window broken"
	}
	end := w.typeEnd(k, e)
	switch {
	case end == 0 || end == k+1:
		return e, true
	case p.street == "" || p.town() != "" || w.t[e-1].Is("avenue", "drive", "rd") || w.names.Street(w.text(k, e)) && !w.names.Settlement(w.text(k, e)):
		return k, false
	case w.names.Settlement(w.text(k, e)):
		return e, true
	}
	if _, ok := w.follows(e); ok || w.is(e, "and", "&") && w.free(e+1) && w.t[e+1].Capital() || w.is(e, ",") && (w.is(e+1, "and") && w.free(e+2) && w.t[e+2].Capital() || w.free(e+1) && w.run(e+1) > e+1 && w.typeEnd(e+1, w.run(e+1)) > 0) {
		return k, false
	}
	return e, w.is(p.end) || strongTypes[w.t[k-1].Low] || !strongTypes[w.t[e-1].Low] || !w.is(k-2, "and")
}

func (w words) close(n int, mark string) int {
	if mark == "(" && w.is(n, ")") {
		return n + 1
	}
	return n
}

// postcode returns the token after a postcode or an outcode at n.
func (w words) postcode(n int) int {
	j := n
	if w.is(j, "(") {
		j++
	}
	if !w.free(j) || !postcodeHead(w.t[j].Text) {
		return n
	}
	e := j + 1
	if w.free(e) && w.t[e].Kind == when.Number && len(w.t[e].Text) == 1 && w.free(e+1) && !w.t[e+1].Gap && len(w.t[e+1].Text) == 2 {
		e += 2
	}
	if j > n && w.is(e, ")") {
		e++
	}
	return e
}

// postcodeHead reports whether s is an outcode in capitals: "NR19".
func postcodeHead(s string) bool {
	if len(s) < 2 || len(s) > 4 || strings.ToUpper(s) != s || !hasDigit(s) || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	letters := 0
	for letters < len(s) && s[letters] >= 'A' && s[letters] <= 'Z' {
		letters++
	}
	return letters == 2 || letters == 1 && len(s) <= 3 && !strings.ContainsRune("ABM", rune(s[0]))
}
