package bulletin

import (
	"strings"

	"spreewatch/data/intake/when"
)

// A place is a span of a bulletin that names where something happened.
type place struct {
	start, end int    // tokens [start, end)
	street     string // as written, with house number and lead phrase; "" for a settlement alone
	localities []string
	weak       bool // where somebody came from, went to or lives, rather than where it happened
	plain      bool // a name without a street type, a house number or a postcode
}

// text returns the place in one line.
func (p place) text() string {
	parts := p.localities
	if p.street != "" {
		parts = append([]string{p.street}, parts...)
	}
	return strings.Join(parts, ", ")
}

// A placeReader finds places among tokens that are not part of a time.
type placeReader struct {
	t     []when.Token
	taken []bool // token is part of a time
	upper bool   // the block is written in capitals throughout
}

// placeAt reads a place at token i. lead is true at the start of a list item or
// a labelled line, and next after another place and a comma or "and": there a
// bare name is a place.
func (r placeReader) placeAt(i int, lead, next bool) (place, bool) {
	p := place{start: i}
	if t := r.t[i]; t.Kind == when.Word && !t.Capital() && !t.Is("junction", "corner", "crossroads", "flat", "unit") {
		return place{}, false
	}
	if i > 0 && titles[r.t[i-1].Low] && r.t[i-1].Capital() {
		return place{}, false // "Inspector Helen Marsh" is no street
	}
	n, ok := r.street(i, &p)
	switch {
	case ok:
	case lead || next || r.preposition(i) != "":
		n, ok = r.settlement(i, lead)
		if !ok {
			return place{}, false
		}
		p.plain = true
		text := r.text(i, n)
		if lead && r.followsName(n) || buildings[r.t[n-1].Low] && n > i+1 {
			p.street = text
		} else {
			p.localities = []string{text}
		}
	default:
		return place{}, false
	}
	p.end = r.tail(n, &p)
	switch prep := r.preposition(i); prep {
	case "from", "to", "of":
		p.weak = p.plain && !lead
	case "towards", "toward":
		p.weak = true
	}
	return p, true
}

// followsName reports whether another name follows the comma after n, so that
// the one before it is a street or a building: "Westfields, Swaffham".
func (r placeReader) followsName(n int) bool {
	if n+1 >= len(r.t) || !r.t[n].Is(",") {
		return false
	}
	_, ok := r.settlement(n+1, false)
	return ok
}

// preposition returns the small word that leads to token i: "in" of "in the
// village of Elsing".
func (r placeReader) preposition(i int) string {
	j := i - 1
	for j >= 0 && !r.taken[j] && (r.t[j].Is("the", "nearby", "central", "north", "south", "east", "west", "mid", "village", "town", "city", "hamlet", "parish", "area", "outskirts", "centre", "edge", "neighbouring", "both", "of") || r.t[j].Kind == when.Word && r.t[j].Is("town's")) {
		if r.t[j].Is("of") {
			k := j - 1
			if k < 0 || !r.t[k].Is("village", "town", "city", "hamlet", "parish", "area", "outskirts", "centre", "edge", "part", "end", "side", "north", "south", "east", "west") {
				return "of"
			}
		}
		j--
	}
	if j+2 < i && r.t[j+1].Is("the", "village", "town", "hamlet") && r.t[i-1].Is("of") && !r.t[i-2].Is("area", "edge", "centre", "outskirts") {
		return "in" // "The village of Elsing was also visited"
	}
	if j < 0 || r.taken[j] {
		return ""
	}
	if r.t[j].Is("in", "at", "near", "around", "across", "outside", "throughout", "within", "on", "along", "opposite", "behind", "off", "from", "to", "by", "into", "through", "inside", "towards", "toward") {
		return r.t[j].Low
	}
	return ""
}

// street reads a street at token i: "18a Mill Street", "The Street", "the A47",
// "the junction of Mill Street and Norwich Road".
func (r placeReader) street(i int, p *place) (int, bool) {
	t := r.t
	j := i
	if n, ok := r.junction(i); ok {
		p.street = r.text(i, n)
		return n, true
	}
	house := r.houseNumber(j)
	j = house
	if j >= len(t) || r.taken[j] || t[j].Quoted {
		return i, false
	}
	if roadNumber(t[j]) {
		p.street = r.text(i, j+1)
		return j + 1, true
	}
	n := name(t, j, r.taken)
	if n == j {
		return i, false
	}
	first := t[j].Low
	if notPlaces[first] && !r.startsStreet(j, n) {
		return i, false
	}
	end := r.streetEnd(j, n)
	if end == 0 {
		if house > i && !crimeNouns[first] {
			p.street = r.text(i, n) // a numbered house in a road of an unusual name
			return n, r.followsName(n) || r.preposition(i) != ""
		}
		return i, false
	}
	start := j
	for start < end-2 && (crimeNouns[t[start].Low] || notPlaces[t[start].Low]) {
		start++
	}
	if start > j {
		p.start = start
		p.street = r.text(start, end)
		return end, true
	}
	p.street = r.text(i, end)
	if lead := r.nearBy(i); lead != "" {
		p.street = lead + " " + p.street
	}
	return end, true
}

// startsStreet reports whether a name that begins with a word such as "Norfolk"
// or "March" is a street: its second word is the type.
func (r placeReader) startsStreet(j, n int) bool {
	return n == j+2 && when.StreetTypes[r.t[j+1].Low] && !r.t[j].Is("the", "this", "that", "it", "police") || r.t[j].Is("the") && n > j+1 || n > j+1 && r.t[j].Is("the", "march", "may", "norfolk", "suffolk", "essex", "kent", "easter", "royal-mail")
}

// streetEnd returns the end of the street in the name t[j:n], 0 when it has no
// street type. What is left after it is a locality: "Norwich Road Dereham".
func (r placeReader) streetEnd(j, n int) int {
	t := r.t
	for k := n - 1; k >= j; k-- {
		low := strings.TrimSuffix(t[k].Low, ".")
		if t[k].Is(".") || !when.StreetTypes[low] {
			continue
		}
		if k == j {
			// A type alone is a street only as "Broadway" or "Walk".
			if !t[k].Is("broadway", "parade", "promenade", "esplanade", "causeway") {
				continue
			}
		}
		if k == j+1 && t[j].Is("the") && n == k+1 && !t[k].Is("street", "green", "lane", "drift", "street", "close", "row", "avenue", "walk", "loke", "hill", "broadway", "common", "mews", "pightle", "heath", "chase", "paddocks", "meadows", "orchard", "grove", "drive", "way", "square", "quay", "staithe", "parade", "road", "plain", "terrace", "rise", "crescent", "park", "strand", "promenade", "wharf", "yard", "buttlands") {
			continue
		}
		if low == "court" && k > j && t[k-1].Is("crown", "magistrates", "magistrates'", "county", "high", "coroner's", "coroners", "supreme", "youth") || low == "park" && k > j && t[k-1].Is("car") {
			continue
		}
		if (low == "st" || low == "dr") && k+1 < n {
			continue // saint, doctor
		}
		if low == "bank" && k > j && t[k-1].Is("lloyds", "barclays", "your", "hsbc", "natwest", "santander", "halifax") {
			continue
		}
		if k+1 < n && directions[t[k+1].Low] {
			k++
		}
		if t[k].Is("st", "rd", "ave", "dr") && k+1 < len(t) && t[k+1].Is(".") && !t[k+1].Gap && k+2 < len(t) && t[k+2].Is(",") {
			return k + 2
		}
		return k + 1
	}
	return 0
}

// junction reads "the junction of Mill Street and Norwich Road".
func (r placeReader) junction(i int) (int, bool) {
	t := r.t
	if i+2 >= len(t) || r.taken[i] || !t[i].Is("junction", "corner", "crossroads") {
		return i, false
	}
	j := when.SkipWords(t, i+1, "of", "with", "between", "the")
	a := name(t, j, r.taken)
	if a == j || r.streetEnd(j, a) != a && !roadNumber(t[j]) {
		return i, false
	}
	if a < len(t) && t[a].Is("and", "with", "&") {
		k := when.SkipWords(t, a+1, "the")
		if b := name(t, k, r.taken); b > k {
			if e := r.streetEnd(k, b); e > 0 {
				return e, true
			}
			if roadNumber(t[k]) {
				return k + 1, true
			}
		}
	}
	return a, true
}

// nearBy returns the lead phrase before token i that widens a place: "near",
// "off", "outside", "opposite", "behind".
func (r placeReader) nearBy(i int) string {
	j := i - 1
	for j >= 0 && r.t[j].Is("the") {
		j--
	}
	if j >= 0 && !r.taken[j] && r.t[j].Is("near", "off", "outside", "opposite", "behind") {
		return r.t[j].Low
	}
	return ""
}

// settlement reads the name of a settlement at i.
func (r placeReader) settlement(i int, lead bool) (int, bool) {
	t := r.t
	for i < len(t) && t[i].Is("the", "nearby", "central", "village", "town", "city", "of", "area") && !r.taken[i] && !t[i].Capital() {
		i++
	}
	n := name(t, i, r.taken)
	if n == i || notPlaces[t[i].Low] || crimeNouns[t[i].Low] || functionWords[t[i].Low] && n == i+1 {
		return i, false
	}
	if t[i].Low == "the" && (n == i+1 || lead && !when.StreetTypes[t[n-1].Low] && n == i+2 && crimeNouns[t[i+1].Low]) {
		return i, false
	}
	for k := i; k < n; k++ {
		switch {
		case t[k].Is("constabulary", "police", "court", "council", "operation", "fraud", "crimestoppers", "watch", "standards", "office", "hospital", "university", "team", "investigation"):
			return i, false
		case postcodeHead(t[k].Text) && k > i:
			n = k
		}
	}
	if n < len(t) && t[n].Is("constabulary", "police", "station", "council") || r.upper && n-i > 4 {
		return i, false
	}
	if lead {
		// A line that goes on in lower case at once is a sentence: "Always request".
		if n < len(t) && t[n].Kind == when.Word && !r.taken[n] && !t[n].Is("at", "in", "on", "near", "between", "from", "around", "off", "and", "area", "just", "shortly", "sometime") {
			return i, false
		}
	}
	return n, n > i
}

// tail reads what belongs to the place after its first part: ", Elsing", "in
// Dereham", "in the village of Elsing", "(NR19 1AB)".
func (r placeReader) tail(n int, p *place) int {
	t := r.t
	for len(p.localities) < 4 {
		j := n
		link := ""
		if j < len(t) && r.upperNameAt(j) && p.street != "" && len(p.localities) == 0 && !r.taken[j] {
			if e, ok := r.settlement(j, false); ok { // "Norwich Road Dereham"
				p.localities = append(p.localities, r.text(j, e))
				n = e
				continue
			}
		}
		if e := r.postcode(j); e > j {
			p.localities = append(p.localities, r.text(j, e))
			p.plain = false
			n = e
			continue
		}
		comma, bracket := false, false
		if j < len(t) && !r.taken[j] && (t[j].Is(",") || t[j].Is("-", "–", "—") && t[j].Gap && p.street != "" && len(p.localities) == 0) {
			comma = true
			j++
		} else if j < len(t) && !r.taken[j] && t[j].Is("(") {
			bracket = true
			j++
		}
		if e := r.postcode(j); e > j && (comma || bracket) {
			p.localities = append(p.localities, r.text(j, e))
			n = r.close(e, bracket)
			continue
		}
		k := j
		for k < len(t) && !r.taken[k] && (t[k].Is("in", "at", "near", "of", "on", "the", "village", "town", "city", "parish", "hamlet", "outskirts", "area", "centre", "both", "nearby", "edge", "part", "and", "district") && !t[k].Capital()) {
			if t[k].Is("and") {
				break
			}
			if t[k].Is("near") {
				link = "near "
			}
			k++
		}
		if k == j && !comma && !bracket || k >= len(t) || r.taken[k] {
			break
		}
		if t[k].Is("and") {
			break
		}
		if k > j && k == j+1 && t[j].Is("the") {
			break
		}
		if _, ok := r.isStreet(k); ok {
			if comma || p.street != "" || k == j || !t[k-1].Is("of", "in") {
				break
			}
		}
		// "the Toftwood area of Dereham": two names.
		e, ok := r.settlement(k, false)
		if !ok {
			if county(t[k].Low) && (comma || k > j) {
				n = r.close(k+1, bracket)
				p.localities = append(p.localities, r.text(k, k+1))
				continue
			}
			break
		}
		if p.street == "" && comma && k == j && r.listGoesOn(e) {
			break // "Swaffham, Watton and Thetford" are three places
		}
		p.localities = append(p.localities, link+r.text(k, e))
		n = r.close(e, bracket)
	}
	return n
}

// listGoesOn reports whether "and Name" or ", Name and" follows, so that names
// with commas between them are a list.
func (r placeReader) listGoesOn(n int) bool {
	t := r.t
	for j := n; j < len(t) && !r.taken[j] && t[j].Is(",", "and", "&"); {
		and := t[j].Is("and", "&")
		k := j + 1
		if k < len(t) && t[j].Is(",") && t[k].Is("and") {
			and = true
			k++
		}
		e, ok := r.settlement(k, false)
		if !ok {
			return false
		}
		if and {
			return true
		}
		j = e
	}
	return false
}

func (r placeReader) close(n int, bracket bool) int {
	if bracket && n < len(r.t) && r.t[n].Is(")") {
		return n + 1
	}
	return n
}

func (r placeReader) upperNameAt(j int) bool {
	return r.t[j].Kind == when.Word && r.t[j].Capital() && !functionWords[r.t[j].Low]
}

// isStreet reports whether a street starts at token i.
func (r placeReader) isStreet(i int) (int, bool) {
	var p place
	return r.street(i, &p)
}

// text returns tokens [i, j) as written, white space made single.
func (r placeReader) text(i, j int) string {
	var b strings.Builder
	for k := i; k < j; k++ {
		if k > i && r.t[k].Gap {
			b.WriteByte(' ')
		}
		b.WriteString(r.t[k].Text)
	}
	return strings.Trim(b.String(), " ,")
}
