package intake

import (
	"strings"
	"unicode"
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

var streetTypes = set(`road rd street st lane ln close cl avenue ave drive dr way hill green row gardens gdns court ct crescent cres
	terrace place square sq walk park grove mews rise view loke drift broadway parade quay staithe plain gate bank chase croft dale end
	field fields fold garth heath mead meadow meadows path pightle promenade ride side strand vale wharf wynd yard bypass roundabout
	highway causeway alley passage hythe estate common marsh cottages villas buildings arcade precinct circus boulevard esplanade
	approach link loop orchard paddock paddocks copse spinney warren ridge brow bridge`)

// buildings end the names of places that stand for an address.
var buildings = set(`hall farm hotel inn school church library hospital house lodge manor cottage barn mill pub garage stores supermarket
	centre club surgery chapel priory abbey nursery barracks caravan-park`)

var directions = set(`north south east west upper lower central`)

// functionWords never belong to a name, nor end one.
var functionWords = set(`at in on to from and or between the a an of by with near for is was were are been be has had have that which who whose
	when where while after before during about around until till it its they their he she his her this these those there then also both
	all as but not into over under up out off if so than via per each every some any no approximately shortly just later earlier again
	another further outside inside opposite behind next along close within across towards we our you your us i my me how why what can will would should
	could may might must do does did`)

// notPlaces are capitalised words that head a phrase which is no place.
var notPlaces = set(`police constabulary operation action crimestoppers facebook twitter x whatsapp instagram pc pcso dc ds di dci dcs det detective
	inspector insp sergeant sgt superintendent supt chief constable officer officers mr mrs ms miss dr sir lord lady cllr councillor mp
	pin id atm cctv bbc itv edp uk gb england britain scotland wales ireland east-anglia anglia photo visa bank-card norfolk suffolk essex cambridgeshire
	lincolnshire kent surrey sussex hampshire dorset devon cornwall somerset wiltshire gloucestershire oxfordshire berkshire buckinghamshire
	bedfordshire hertfordshire northamptonshire leicestershire nottinghamshire derbyshire staffordshire shropshire cheshire lancashire
	yorkshire cumbria durham-county northumberland warwickshire worcestershire herefordshire rutland
	anyone anybody witnesses witness people residents victims victim fraudsters fraudster suspects suspect offenders thieves burglars
	the this that these those it they he she we you your our his her their there never always neither do please remember if hang
	monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december
	christmas boxing new-year easter good-friday bst gmt am pm hrs ford vauxhall bmw audi volkswagen vw renault peugeot toyota nissan fiat
	mercedes kia hyundai honda mazda skoda seat volvo mini land-rover range-rover transit corsa fiesta focus astra golf neighbourhood
	trading citizens age hmrc bt microsoft amazon royal-mail dvla nhs tv-licensing website internet email text media twitter crime call
	ref reference incident investigation enquiries inquiries team unit cid safer`)

// crimeNouns begin a heading or an item but name no place.
var crimeNouns = set(`burglary burglaries theft thefts fraud frauds robbery robberies attempted attempt assault assaults arson vandalism damage
	criminal distraction courier courier-fraud calls call phone telephone scam scams shed garage garages vehicle vehicles car cars van vans
	bike bikes bicycle break-in break-ins breakin incident incidents offence offences crime crimes appeal warning update news press release
	report reports reported bogus rogue caller callers suspicious anti-social antisocial hare heating oil diesel fuel metal lead catalytic
	stolen stole taken broken entry two three four five six seven eight nine ten several various first second third fourth fifth sixth
	seventh eighth other others further another unknown male female man woman men women resident pensioner elderly couple victim home house houses
	property properties flat shop shops business businesses premises non-dwelling dwelling residential commercial outbuilding purse handbag
	mugging snatch graffiti drugs found lost wanted missing arrested charged details location date time between overnight yesterday today
	sometime shortly around approximately about just early late morning afternoon evening night
	nil none nothing dear kind regards yours thank thanks sincerely member members hello hi`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// name returns the end of the run of capitalised words at token i, with the
// small words inside a name ("Barton of the Wold") and the full stop of "St.".
func name(t []token, i int, taken []bool) int {
	n := i
	for n < len(t) && !taken[n] && !t[n].quoted {
		switch {
		case t[n].kind == word && (t[n].capital() || n > i && t[n].gap && roman(t[n].text)):
			if functionWords[t[n].low] && !(n == i && t[n].is("the")) && !(n > i && streetTypes[t[n].low]) || n > i && notPlaces[t[n].low] && !t[n].is("new", "mini", "seat", "age", "golf", "call") {
				return n
			}
			n++
			if n < len(t) && t[n].is(".") && !t[n].gap && abbreviations[t[n-1].low] && n+1 < len(t) && t[n+1].capital() && !sentenceStarters[t[n+1].low] {
				n++
			}
		case n > i && t[n].kind == word && t[n].is("of", "the", "on", "by", "le", "next", "cum", "with", "under", "super", "de", "la", "en", "upon") && n+1 < len(t) && linksName(t, n, taken):
			n++
		default:
			return n
		}
	}
	return n
}

func roman(s string) bool { return s == "II" || s == "III" }

// linksName reports whether the small word at n joins two parts of one name:
// "Newton by Castle Acre", "Wells next the Sea". "in" and "on" alone do not.
func linksName(t []token, n int, taken []bool) bool {
	if t[n].is("of") {
		// "Barton of Weeting" is rare, "Norwich Road of Dereham" is not a name.
		return false
	}
	if t[n].is("on", "with", "the", "under") {
		return false
	}
	j := n + 1
	for j < len(t) && t[j].is("the", "la") {
		j++
	}
	return j < len(t) && t[j].capital() && !taken[j] && !functionWords[t[j].low] && !notPlaces[t[j].low] && !streetTypes[t[n-1].low]
}

// A placeReader finds places among tokens that are not part of a time.
type placeReader struct {
	t     []token
	taken []bool // token is part of a time
	upper bool   // the block is written in capitals throughout
}

// placeAt reads a place at token i. lead is true at the start of a list item or
// a labelled line, and next after another place and a comma or "and": there a
// bare name is a place.
func (r placeReader) placeAt(i int, lead, next bool) (place, bool) {
	p := place{start: i}
	if t := r.t[i]; t.kind == word && !t.capital() && !t.is("junction", "corner", "crossroads", "flat", "unit") {
		return place{}, false
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
		if lead && r.followsName(n) || buildings[r.t[n-1].low] && n > i+1 {
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
	if n+1 >= len(r.t) || !r.t[n].is(",") {
		return false
	}
	_, ok := r.settlement(n+1, false)
	return ok
}

// preposition returns the small word that leads to token i: "in" of "in the
// village of Elsing".
func (r placeReader) preposition(i int) string {
	j := i - 1
	for j >= 0 && !r.taken[j] && (r.t[j].is("the", "nearby", "central", "north", "south", "east", "west", "mid", "village", "town", "city", "hamlet", "parish", "area", "outskirts", "centre", "edge", "neighbouring", "both", "of") || r.t[j].kind == word && r.t[j].is("town's")) {
		if r.t[j].is("of") {
			k := j - 1
			if k < 0 || !r.t[k].is("village", "town", "city", "hamlet", "parish", "area", "outskirts", "centre", "edge", "part", "end", "side", "north", "south", "east", "west") {
				return "of"
			}
		}
		j--
	}
	if j+2 < i && r.t[j+1].is("the", "village", "town", "hamlet") && r.t[i-1].is("of") && !r.t[i-2].is("area", "edge", "centre", "outskirts") {
		return "in" // "The village of Elsing was also visited"
	}
	if j < 0 || r.taken[j] {
		return ""
	}
	if r.t[j].is("in", "at", "near", "around", "across", "outside", "throughout", "within", "on", "along", "opposite", "behind", "off", "from", "to", "by", "into", "through", "inside", "towards", "toward") {
		return r.t[j].low
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
	if j >= len(t) || r.taken[j] || t[j].quoted {
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
	first := t[j].low
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
	for start < end-2 && (crimeNouns[t[start].low] || notPlaces[t[start].low]) {
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
	return n == j+2 && streetTypes[r.t[j+1].low] && !r.t[j].is("the", "this", "that", "it", "police") || r.t[j].is("the") && n > j+1 || n > j+1 && r.t[j].is("the", "march", "may", "norfolk", "suffolk", "essex", "kent", "easter", "royal-mail")
}

// streetEnd returns the end of the street in the name t[j:n], 0 when it has no
// street type. What is left after it is a locality: "Norwich Road Dereham".
func (r placeReader) streetEnd(j, n int) int {
	t := r.t
	for k := n - 1; k >= j; k-- {
		low := strings.TrimSuffix(t[k].low, ".")
		if t[k].is(".") || !streetTypes[low] {
			continue
		}
		if k == j {
			// A type alone is a street only as "Broadway" or "Walk".
			if !t[k].is("broadway", "parade", "promenade", "esplanade", "causeway") {
				continue
			}
		}
		if k == j+1 && t[j].is("the") && n == k+1 && !t[k].is("street", "green", "lane", "drift", "street", "close", "row", "avenue", "walk", "loke", "hill", "broadway", "common", "mews", "pightle", "heath", "chase", "paddocks", "meadows", "orchard", "grove", "drive", "way", "square", "quay", "staithe", "parade", "road", "plain", "terrace", "rise", "crescent", "park", "strand", "promenade", "wharf", "yard", "buttlands") {
			continue
		}
		if low == "court" && k > j && t[k-1].is("crown", "magistrates", "magistrates'", "county", "high", "coroner's", "coroners", "supreme", "youth") || low == "park" && k > j && t[k-1].is("car") {
			continue
		}
		if (low == "st" || low == "dr") && k+1 < n {
			continue // saint, doctor
		}
		if low == "bank" && k > j && t[k-1].is("lloyds", "barclays", "your", "hsbc", "natwest", "santander", "halifax") {
			continue
		}
		if k+1 < n && directions[t[k+1].low] {
			k++
		}
		if t[k].is("st", "rd", "ave", "dr") && k+1 < len(t) && t[k+1].is(".") && !t[k+1].gap && k+2 < len(t) && t[k+2].is(",") {
			return k + 2
		}
		return k + 1
	}
	return 0
}

// houseNumber returns the token after a house number at i: "18", "18a",
// "12-14", "No. 3", "Flat 2,".
func (r placeReader) houseNumber(i int) int {
	t := r.t
	j := i
	if j+1 < len(t) && t[j].is("flat", "apartment", "unit", "plot", "no", "number") && !r.taken[j] {
		k := j + 1
		if t[k].is(".") {
			k++
		}
		if k < len(t) && t[k].kind == number && !r.taken[k] && len(t[k].text) <= 4 {
			k++
			if k < len(t) && !t[k].gap && t[k].kind == word && len(t[k].text) == 1 {
				k++
			}
			if k < len(t) && t[k].is(",") {
				k++
			}
			j = k
			if t[i].is("no", "number") {
				return j
			}
		}
	}
	if j >= len(t) || t[j].kind != number || r.taken[j] || len(t[j].text) > 4 || j > 0 && t[j-1].is("£", ".", ":", "/") && !t[j].gap {
		return j
	}
	k := j + 1
	if k < len(t) && !t[k].gap && t[k].kind == word && len(t[k].text) == 1 {
		k++
	}
	if k+1 < len(t) && (t[k].dash() || t[k].is("/", "&")) && t[k+1].kind == number && !r.taken[k+1] {
		k += 2
		if k < len(t) && !t[k].gap && t[k].kind == word && len(t[k].text) == 1 {
			k++
		}
	}
	if k < len(t) && t[k].is(",") && k+1 < len(t) && t[k+1].capital() {
		k++
	}
	if k >= len(t) || !t[k].capital() || !t[k].gap {
		return i
	}
	return k
}

// roadNumber reports whether the token is a numbered road: A47, B1145, M11.
func roadNumber(t token) bool {
	if t.kind != word || len(t.text) < 2 || len(t.text) > 5 || !strings.ContainsRune("ABM", rune(t.text[0])) {
		return false
	}
	for _, r := range t.text[1:] {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// junction reads "the junction of Mill Street and Norwich Road".
func (r placeReader) junction(i int) (int, bool) {
	t := r.t
	if i+2 >= len(t) || r.taken[i] || !t[i].is("junction", "corner", "crossroads") {
		return i, false
	}
	j := skipWords(t, i+1, "of", "with", "between", "the")
	a := name(t, j, r.taken)
	if a == j || r.streetEnd(j, a) != a && !roadNumber(t[j]) {
		return i, false
	}
	if a < len(t) && t[a].is("and", "with", "&") {
		k := skipWords(t, a+1, "the")
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
	for j >= 0 && r.t[j].is("the") {
		j--
	}
	if j >= 0 && !r.taken[j] && r.t[j].is("near", "off", "outside", "opposite", "behind") {
		return r.t[j].low
	}
	return ""
}

// settlement reads the name of a settlement at i.
func (r placeReader) settlement(i int, lead bool) (int, bool) {
	t := r.t
	for i < len(t) && t[i].is("the", "nearby", "central", "village", "town", "city", "of", "area") && !r.taken[i] && !t[i].capital() {
		i++
	}
	n := name(t, i, r.taken)
	if n == i || notPlaces[t[i].low] || crimeNouns[t[i].low] || functionWords[t[i].low] && n == i+1 {
		return i, false
	}
	if t[i].low == "the" && (n == i+1 || lead && !streetTypes[t[n-1].low] && n == i+2 && crimeNouns[t[i+1].low]) {
		return i, false
	}
	for k := i; k < n; k++ {
		switch {
		case t[k].is("constabulary", "police", "court", "council", "operation", "fraud", "crimestoppers", "watch", "standards", "office", "hospital", "university", "team", "investigation"):
			return i, false
		case postcodeHead(t[k].text) && k > i:
			n = k
		}
	}
	if n < len(t) && t[n].is("constabulary", "police", "station", "council") || r.upper && n-i > 4 {
		return i, false
	}
	if lead {
		// A line that goes on in lower case at once is a sentence: "Always request".
		if n < len(t) && t[n].kind == word && !r.taken[n] && !t[n].is("at", "in", "on", "near", "between", "from", "around", "off", "and", "area", "just", "shortly", "sometime") {
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
		if j < len(t) && !r.taken[j] && (t[j].is(",") || t[j].is("-", "–", "—") && t[j].gap && p.street != "" && len(p.localities) == 0) {
			comma = true
			j++
		} else if j < len(t) && !r.taken[j] && t[j].is("(") {
			bracket = true
			j++
		}
		if e := r.postcode(j); e > j && (comma || bracket) {
			p.localities = append(p.localities, r.text(j, e))
			n = r.close(e, bracket)
			continue
		}
		k := j
		for k < len(t) && !r.taken[k] && (t[k].is("in", "at", "near", "of", "on", "the", "village", "town", "city", "parish", "hamlet", "outskirts", "area", "centre", "both", "nearby", "edge", "part", "and", "district") && !t[k].capital()) {
			if t[k].is("and") {
				break
			}
			if t[k].is("near") {
				link = "near "
			}
			k++
		}
		if k == j && !comma && !bracket || k >= len(t) || r.taken[k] {
			break
		}
		if t[k].is("and") {
			break
		}
		if k > j && k == j+1 && t[j].is("the") {
			break
		}
		if _, ok := r.isStreet(k); ok {
			if comma || p.street != "" || k == j || !t[k-1].is("of", "in") {
				break
			}
		}
		// "the Toftwood area of Dereham": two names.
		e, ok := r.settlement(k, false)
		if !ok {
			if county(t[k].low) && (comma || k > j) {
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
	for j := n; j < len(t) && !r.taken[j] && t[j].is(",", "and", "&"); {
		and := t[j].is("and", "&")
		k := j + 1
		if k < len(t) && t[j].is(",") && t[k].is("and") {
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

func county(low string) bool {
	return notPlaces[low] && (strings.HasSuffix(low, "shire") || set("norfolk suffolk essex kent surrey sussex dorset devon cornwall somerset cumbria rutland northumberland")[low])
}

func (r placeReader) close(n int, bracket bool) int {
	if bracket && n < len(r.t) && r.t[n].is(")") {
		return n + 1
	}
	return n
}

func (r placeReader) upperNameAt(j int) bool {
	return r.t[j].kind == word && r.t[j].capital() && !functionWords[r.t[j].low]
}

// isStreet reports whether a street starts at token i.
func (r placeReader) isStreet(i int) (int, bool) {
	var p place
	return r.street(i, &p)
}

// postcode returns the token after a postcode or its outward half at i.
func (r placeReader) postcode(i int) int {
	t := r.t
	if i >= len(t) || t[i].kind != word || !postcodeHead(t[i].text) || r.taken[i] {
		return i
	}
	if i+2 < len(t) && t[i+1].kind == number && len(t[i+1].text) == 1 && t[i+2].kind == word && !t[i+2].gap && len(t[i+2].text) == 2 {
		return i + 3
	}
	if roadNumber(t[i]) {
		return i
	}
	return i + 1
}

// postcodeHead reports whether s has the shape of the first half of a postcode
// or of a whole one without its space.
func postcodeHead(s string) bool {
	letters := 0
	for letters < len(s) && s[letters] >= 'A' && s[letters] <= 'Z' {
		letters++
	}
	if letters < 1 || letters > 2 || letters == len(s) || len(s) > 7 || s[letters] < '0' || s[letters] > '9' {
		return false
	}
	for _, r := range s[letters:] {
		if !unicode.IsDigit(r) && !unicode.IsUpper(r) {
			return false
		}
	}
	return true
}

// text returns tokens [i, j) as written, white space made single.
func (r placeReader) text(i, j int) string {
	var b strings.Builder
	for k := i; k < j; k++ {
		if k > i && r.t[k].gap {
			b.WriteByte(' ')
		}
		b.WriteString(r.t[k].text)
	}
	return strings.Trim(b.String(), " ,")
}
