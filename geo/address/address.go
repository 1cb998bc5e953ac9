package address

import "strings"

// An Address is a location text taken apart without a gazetteer, each part in
// the letters of the text.
type Address struct {
	Qualifier string   // what leads up to it: "near", "outside the shop on"
	Building  string   // a named house or site before the street
	Flat      string   // "Flat 2"
	Number    string   // "14a", "12-16"
	Streets   []string // two at a junction, else at most one
	Locality  string   // "Holme Hale"; "Elsing, Dereham"
	County    string   // county or country at the end
	Postcode  string   // "NR19 1AA"
	Outcode   string   // "NR19", also of a whole postcode; "NR19 1" of a sector
}

// Parse takes a location text apart by its commas, prepositions, street
// types and postcode. Without a gazetteer it cannot know that "Mile End" is a
// street and "Mile End, Norwich" is one in Norwich rather than a place: where
// commas part two names, the first is taken for the street; a lone name without
// a number or a street type is taken for a locality.
//
// Parse(a.String()) equals a for every a that Parse returns.
func Parse(text string) Address {
	a := parseAddress(text)
	for range 4 {
		b := parseAddress(a.String())
		if b.equal(a) {
			break
		}
		a = b
	}
	return a
}

func (a Address) equal(b Address) bool {
	return a.Qualifier == b.Qualifier && a.Building == b.Building && a.Flat == b.Flat && a.Number == b.Number &&
		strings.Join(a.Streets, "\x00") == strings.Join(b.Streets, "\x00") && a.Locality == b.Locality &&
		a.County == b.County && a.Postcode == b.Postcode && a.Outcode == b.Outcode
}

// String writes the address on one line: building, flat, qualifier, number and
// streets, locality, county, postcode.
func (a Address) String() string {
	street := joinNonEmpty(" ", a.Qualifier, a.Number, strings.Join(a.Streets, " / "))
	locality := a.Locality
	if len(a.Streets) == 0 {
		street, locality = "", joinNonEmpty(" ", a.Qualifier, a.Number, a.Locality)
	}
	code := a.Postcode
	if code == "" {
		code = a.Outcode
	}
	return joinNonEmpty(", ", a.Building, a.Flat, street, locality, a.County, code)
}

func joinNonEmpty(sep string, parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		if p != "" {
			if b.Len() > 0 {
				b.WriteString(sep)
			}
			b.WriteString(p)
		}
	}
	return b.String()
}

// An addressReader takes the tokens of a text for the parts of an address, from
// both ends.
type addressReader struct {
	ts      Tokens
	from, n int // tokens not taken yet: [from, n)
	out     Address
}

func parseAddress(text string) Address {
	r := &addressReader{}
	r.ts.Scan(text)
	r.n = len(r.ts.List)
	r.takeTail()
	r.takeHead()
	return r.out
}

func (r *addressReader) word(i int) string { return string(r.ts.Word(i)) }

// partEnd returns the end of the comma part that token i is in.
func (r *addressReader) partEnd(i int) int {
	for i++; i < r.n && !r.ts.List[i].Gap.parts(); i++ {
	}
	return min(i, r.n)
}

// source returns tokens [i, j) as they stand in the text, with single spaces,
// hyphens, " / " or ", " between them.
func (r *addressReader) source(i, j int) string {
	var b strings.Builder
	for k := i; k < j; k++ {
		t := r.ts.List[k]
		if k > i {
			b.WriteString([...]string{gapSpace: " ", gapHyphen: "-", GapBracket: ", ", GapSlash: " / ", GapComma: ", "}[t.Gap])
		}
		b.WriteString(r.ts.text[t.from:t.to])
	}
	return b.String()
}

// parts reports whether the gap parts an address: a comma or a bracket.
func (g gap) parts() bool { return g == GapComma || g == GapBracket }

// takeTail takes a postcode and a county or country off the end.
func (r *addressReader) takeTail() {
	for range 3 {
		switch {
		case r.n > 0 && r.out.Postcode == "" && r.out.Outcode == "" && r.takePostcode():
		case r.n > 1 && r.out.County == "" && r.takeCounty():
		default:
			return
		}
	}
}

func (r *addressReader) takePostcode() bool {
	last := r.word(r.n - 1)
	if n := len(last); n > 3 && IsOutcode(last[:n-3]) && isIncode(last[n-3:]) {
		r.setPostcode(last[:n-3], last[n-3:], 1)
		return true
	}
	if r.n > 1 && IsOutcode(r.word(r.n-2)) {
		switch {
		case isIncode(last):
			r.setPostcode(r.word(r.n-2), last, 2)
			return true
		case len(last) == 1 && IsDigit(last[0]):
			r.out.Outcode = strings.ToUpper(r.word(r.n-2)) + " " + last
			r.n -= 2
			return true
		}
	}
	if IsOutcode(last) && (r.n == 1 || r.ts.List[r.n-1].Gap.parts() || len(last) > 2) {
		r.out.Outcode = strings.ToUpper(last)
		r.n--
		return true
	}
	return false
}

func isIncode(s string) bool { _, ok := IncodeNumber(s); return ok }

func (r *addressReader) setPostcode(out, in string, taken int) {
	r.out.Outcode = strings.ToUpper(out)
	r.out.Postcode = strings.ToUpper(out + " " + in)
	r.n -= taken
}

// takeCounty takes a county or country that follows a comma.
func (r *addressReader) takeCounty() bool {
	for k := 1; k <= longestCounty && k < r.n; k++ {
		if i := r.n - k; r.ts.List[i].Gap.parts() && isCounty(&r.ts, i, r.n) {
			r.out.County = r.source(i, r.n)
			r.n = i
			return true
		}
	}
	return false
}

// takeHead takes what is left for building, flat, qualifier, number, streets
// and locality.
func (r *addressReader) takeHead() {
	if r.from == r.n {
		return
	}
	r.takeFlat()
	part := r.streetPart()
	if part < 0 {
		r.takeWithoutStreet()
		return
	}
	if part > r.from {
		r.out.Building = r.source(r.from, part)
		r.from = part
		r.takeFlat()
	}
	r.takeStreets(r.from, r.partEnd(r.from))
}

// takeFlat takes "Flat 2" off the front.
func (r *addressReader) takeFlat() {
	if r.from+2 >= r.n {
		return
	}
	if !isFlatWord(r.word(r.from)) {
		return
	}
	if id := r.word(r.from + 1); !isNumber(id) && len(id) > 1 || r.ts.List[r.from+1].Gap.parts() {
		return
	}
	r.out.Flat = r.source(r.from, r.from+2)
	r.from += 2
}

// isNumber reports whether the folded word is a house number: digits, perhaps
// with one letter.
func isNumber(w string) bool {
	n := 0
	for n < len(w) && IsDigit(w[n]) {
		n++
	}
	return n > 0 && n <= 5 && (n == len(w) || n == len(w)-1 && 'a' <= w[n] && w[n] <= 'z')
}

// streetPart returns where the comma part that holds the street begins, or −1.
func (r *addressReader) streetPart() int {
	for i := r.from; i < r.n; i = r.partEnd(i) {
		end := r.partEnd(i)
		if _, to := r.streetSpan(i, end); to > 0 {
			if next := end; next < r.n && BuildingTypes[r.word(to-1)] && !isNumber(r.word(i)) {
				if _, after := r.streetSpan(next, r.partEnd(next)); after > 0 && !BuildingTypes[r.word(after-1)] {
					return next
				}
			}
			return i
		}
		if isNumber(r.word(i)) && (end > i+1 || end < r.n) {
			return i
		}
	}
	return -1
}

// BuildingTypes end the name of a street, but oftener that of a building.
var BuildingTypes = map[string]bool{"cottage": true, "cottages": true, "house": true, "court": true, "villas": true, "buildings": true, "park": true, "wood": true, "mount": true}

// streetSpan finds the words of a part that a street type ends, to = 0 when
// there is none: the last type that ends no settlement's name, else one that
// ends the part.
func (r *addressReader) streetSpan(i, end int) (from, to int) {
	for _, common := range []bool{false, true} {
		for k := end - 1; k > i; k-- {
			role := WordRoles[r.word(k)]
			if role == nil || !role.IsType || role.Common != common || common && k < end-1 && !r.prepAt(k+1) {
				continue
			}
			if r.word(k) == "st" && k < end-1 && saintNames[r.word(k+1)] {
				continue
			}
			from := k
			for from > i && (!r.prepAt(from-1) || from-1 > i && (r.joinAfter(from-1, k) || r.ofName(from-1))) {
				from--
			}
			if from == k && k > i && r.word(k-1) == "back" && (k+1 == end || !r.prepAt(k+1)) {
				from-- // "Back Lane"
			}
			if from == k || from == k-1 && isNumber(r.word(from)) {
				continue
			}
			to := k + 1
			if to == end-1 && isDirection(r.word(to)) {
				to++
			}
			return from, to
		}
	}
	return 0, 0
}

// joinAfter reports whether "junction" and the like follow token i before end, as
// in "at its junction with".
func (r *addressReader) joinAfter(i, end int) bool {
	for k := i + 1; k < min(i+3, end); k++ {
		if w := r.word(k); wordClasses[w] == ClassJoin && w != "and" && w != "with" {
			return true
		}
	}
	return false
}

// ofName reports whether the "of" at token i is part of a name: "Prince of Wales
// Road", and not of "the corner of".
func (r *addressReader) ofName(i int) bool {
	before := r.word(i - 1)
	return r.word(i) == "of" && wordClasses[before] == ClassNone && BeforeOf[before] == ClassNone && !Landmarks[before] && !isTypeWord(before)
}

func (r *addressReader) prepAt(i int) bool {
	c := wordClasses[r.word(i)]
	return c == ClassPrep || c == ClassNear
}

// saintNames are the saints after whom places are named "Thorpe St Andrew".
var saintNames = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq("andrew andrews mary marys peter peters john johns faith faiths margaret margarets edmund edmunds james " +
		"germans germain germans clement clements lawrence nicholas michael michaels martin martins george georges giles paul pauls agnes " +
		"mawes ives austell albans helens helen leonards leonard neots osyth columb just keverne stephen cross martha mathew matthew") {
		set[w] = true
	}
	return set
}()

// takeWithoutStreet reads a text in which no street type stands: the first of
// several parts is the street, a lone part the locality.
func (r *addressReader) takeWithoutStreet() {
	end := r.partEnd(r.from)
	q := r.leadIn(r.from, end)
	if q > r.from {
		r.out.Qualifier = r.source(r.from, q)
	}
	switch {
	case q == end:
		r.out.Locality = r.source(end, r.n)
	case end < r.n, r.word(q) == "the" && end-q > 1:
		r.out.Streets = []string{r.source(q, end)}
		r.out.Locality = r.source(end, r.n)
	default:
		r.out.Locality = r.source(q, r.n)
	}
}

// leadIn returns where the name begins after the words that lead up to it: after
// the last preposition.
func (r *addressReader) leadIn(i, end int) int {
	for k := end - 2; k >= i; k-- {
		if r.prepAt(k) {
			return k + 1
		}
	}
	return i
}

// takeStreets reads the part [i, end) that holds the street or streets, and what
// follows it as the locality.
func (r *addressReader) takeStreets(i, end int) {
	from, to := r.streetSpan(i, end)
	if to == 0 {
		from, to = i, end
		if end == i+1 {
			to = i
		}
	}
	if from > i {
		r.out.Qualifier = r.source(i, from)
	}
	if isNumber(r.word(from)) && from+1 < r.n {
		k := from + 1
		for k+1 < to && r.ts.List[k].Gap != gapSpace && isNumber(r.word(k)) {
			k++
		}
		r.out.Number = r.source(from, k)
		from = k
		to = max(to, k)
		if from == to && to == end && end < r.n {
			end = r.partEnd(end)
			_, to = r.streetSpan(from, end)
			if to == 0 {
				to = end
			}
		}
	}
	if from < to {
		r.out.Streets = r.splitJunction(from, to)
	}
	for to < r.n && to < end && r.prepAt(to) {
		to++
	}
	r.out.Locality = r.source(to, r.n)
}

// splitJunction returns the one or two streets that tokens [i, j) name: two when
// a slash or "j/w", "at its junction with", "and" and the like stand between
// names of which the first ends in a street type or a slash divides them.
func (r *addressReader) splitJunction(i, j int) []string {
	for k := i + 1; k < j; k++ {
		slash := r.ts.List[k].Gap == GapSlash
		if !slash && wordClasses[r.word(k)] != ClassJoin {
			continue
		}
		to := k
		for to > i+1 && r.fills(to-1) {
			to--
		}
		next := k
		for !slash && next < j && r.fills(next) {
			next++
		}
		last := WordRoles[r.word(to-1)]
		if next < j && (slash || to-i > 1 && last != nil && last.IsType) {
			return []string{r.source(i, to), r.source(next, j)}
		}
	}
	return []string{r.source(i, j)}
}

// fills reports whether token i says no more than that two streets meet.
func (r *addressReader) fills(i int) bool {
	switch wordClasses[r.word(i)] {
	case ClassJoin, ClassFill:
		return r.word(i) != "the" || i+1 < r.n && wordClasses[r.word(i+1)] == ClassJoin
	case ClassPrep:
		return true
	}
	return false
}
