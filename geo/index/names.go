package index

import (
	"math/bits"
	"slices"
	"strings"

	"spreewatch/geo/address"
)

// A nameTable holds every name by which an entry can be asked for. A key is the
// name's words in full, folded and joined without spaces, so that "Mill Field
// Road", "Millfield Rd" and "MILLFIELD ROAD" share one. Keys are in byte order.
type nameTable struct {
	keys    stringTable
	Ways    []uint32  // postings of key i are WayOf[Ways[i]:Ways[i+1]]
	WayOf   []Posting // streets, numbered roads and landmarks, by key and latitude
	Places  []uint32  // postings of key i are PlaceOf[Places[i]:Places[i+1]]
	PlaceOf []Posting // settlements, by key; once the index is finished by relation and number, before by latitude
	sited   []Sited   // derived: the streets of WayOf and where they are
	held    []held    // derived, one more than the keys
	slots   slotTable // derived: keys by rolling hash
}

// A held holds what is asked of a key that a text has, side by side.
type held struct {
	ways, places uint32 // where its postings begin, as in Ways and Places
	named        uint32 // of how many ways it is the name
}

// HasWays reports whether a key stands for streets, numbered roads or landmarks.
func (t *nameTable) HasWays(key uint32) bool { return t.held[key].ways < t.held[key+1].ways }

// HasPlaces reports whether a key stands for settlements.
func (t *nameTable) HasPlaces(key uint32) bool { return t.held[key].places < t.held[key+1].places }

// WaysOf returns the streets, numbered roads and landmarks of a key, by latitude.
func (t *nameTable) WaysOf(key uint32) []Sited {
	return t.sited[t.held[key].ways:t.held[key+1].ways]
}

// PlacesOf returns the settlements of a key.
func (t *nameTable) PlacesOf(key uint32) []Posting {
	return t.PlaceOf[t.held[key].places:t.held[key+1].places]
}

// Named returns the number of ways of which a key is the name.
func (t *nameTable) Named(key uint32) uint32 { return t.held[key].named }

// NoKey stands for a name that the table lacks.
const NoKey = ^uint32(0)

// A Rolling is a hash of a string that can be joined with that of another:
// the polynomial in rollBase, with the power that shifts it.
type Rolling struct {
	Sum uint64 // the hash
	pow uint64
}

const rollBase = 0x9e3779b97f4a7c15

// EmptyRoll is the hash of the empty string.
var EmptyRoll = Rolling{0, 1}

// Join returns the hash of the two strings end to end.
func (r Rolling) Join(o Rolling) Rolling { return Rolling{r.Sum*o.pow + o.Sum, r.pow * o.pow} }

// Roll returns the hash of a string.
func Roll[T string | []byte](s T) Rolling {
	r := EmptyRoll
	for i := range len(s) {
		r.Sum = r.Sum*rollBase + uint64(s[i]) + 1
		r.pow *= rollBase
	}
	return r
}

// finish builds the hash slots.
func (t *nameTable) finish() {
	t.slots = newSlotTable(t.keys.len())
	for i := range t.keys.len() {
		t.slots.put(Roll(t.keys.At(uint32(i))).Sum, uint32(i))
	}
	t.held = make([]held, len(t.Ways))
	for i := range t.held {
		t.held[i] = held{ways: t.Ways[i], places: t.Places[i]}
	}
	for i := range t.keys.len() {
		for _, p := range t.WayOf[t.Ways[i]:t.Ways[i+1]] {
			if p.Relation() == RelName {
				t.held[i].named++
			}
		}
	}
}

// A slotTable finds values by a rolling sum, by open addressing. It holds the spread
// sum beside each and takes texts of one sum for one text, as fetching the other's
// letters to compare them costs more than all the rest: of a million names, a text
// that is none of them has the sum of one once in 10^13.
type slotTable struct {
	slots []slot
	shift uint
	bits  []uint64 // one for each sum that is held, by its leading bits: most texts that are looked for are not
	fine  uint     // 64 less the number of those
}

type slot struct {
	low, high uint32 // the halves of the spread sum, apart so that a slot takes 12 bytes
	next      uint32 // value + 1, or 0
}

// holds reports whether a slot that is not empty is that of a spread sum.
func (s *slot) holds(mixed uint64) bool { return s.low == uint32(mixed) && s.high == uint32(mixed>>32) }

// newSlotTable returns a table for n values, at most half full.
func newSlotTable(n int) slotTable {
	size := bits.Len(uint(max(2*n, 16) - 1))
	fine := size + filterBits
	slots := make([]slot, 1<<size)
	clear(slots) // written once in a row, before they are read here and there: a page that is read first is laid twice
	return slotTable{slots, uint(64 - size), make([]uint64, (1<<fine+63)/64), uint(64 - fine)}
}

func (t *slotTable) put(sum uint64, value uint32) {
	mixed := spread(sum)
	bit := mixed >> t.fine
	t.bits[bit/64] |= 1 << (bit % 64)
	for at := int(mixed >> t.shift); ; at = (at + 1) & (len(t.slots) - 1) {
		if t.slots[at].next == 0 {
			t.slots[at] = slot{uint32(mixed), uint32(mixed >> 32), value + 1}
			return
		}
	}
}

// spread makes each bit of a rolling sum count in the high ones. The low bits of
// the sum depend on few letters, hence the folding multiplication.
func spread(sum uint64) uint64 {
	hi, lo := bits.Mul64(sum^0x8000000000000001, 0xd6e8feb86659fd93)
	return hi ^ lo
}

// May reports whether any key may have that rolling sum; of the sums that none has,
// it rules out nine in ten or more.
func (t *nameTable) May(sum uint64) bool { return t.slots.may(spread(sum)) }

func (t *slotTable) may(mixed uint64) bool {
	bit := mixed >> t.fine
	return t.bits[bit/64]&(1<<(bit%64)) != 0
}

// find returns the value of a spread sum, or a number that is none's.
func (t *slotTable) find(mixed uint64) uint32 {
	for at := int(mixed >> t.shift); ; at = (at + 1) & (len(t.slots) - 1) {
		if s := &t.slots[at]; s.next == 0 || s.holds(mixed) {
			return s.next - 1
		}
	}
}

// Find returns the key of a rolling sum, or NoKey.
func (t *nameTable) Find(sum uint64) uint32 {
	mixed := spread(sum)
	if !t.slots.may(mixed) {
		return NoKey
	}
	return t.slots.find(mixed)
}

// nameWords returns the words of a gazetteer name in full.
func nameWords(name string) []string {
	words := strings.Fields(address.Fold(name))
	full := make([]string, len(words))
	for i := range words {
		full[i] = address.StandsFor(words, i)
	}
	return full
}

// A variant is a key by which an entry can be asked for.
type variant struct {
	key string
	relation
}

// compass are the words that begin the two halves of a street, as in West and East
// Main Street.
var compass = []string{"north", "south", "east", "west", "northwest", "northeast", "southwest", "southeast"}

// wayVariants returns the keys of a street: its name, what else it is called, without
// "The", without its type, and without the direction that it begins or ends with, or
// with that at the other end.
func wayVariants(dst []variant, words []string) []variant {
	dst = append(dst, variant{strings.Join(words, ""), RelName})
	if len(words) < 2 {
		return dst
	}
	for _, name := range slices.Concat(numberedRoad(words), doctorKing(words)) {
		dst = append(dst, variant{name, RelName})
	}
	if n := len(words) - 1; n > 1 && slices.Contains(compass, words[n]) && isStreetType(words[n-1]) {
		dst = append(dst, variant{strings.Join(words[:n], ""), RelTail}, variant{words[n] + strings.Join(words[:n], ""), RelTail})
	}
	rest := words
	if words[0] == "the" {
		rest = words[1:]
		if len(rest) > 1 || !isStreetType(rest[0]) {
			dst = append(dst, variant{strings.Join(rest, ""), RelArticle})
		}
	}
	if n := len(rest); n > 1 && isStreetType(rest[n-1]) {
		dst = append(dst, variant{strings.Join(rest[:n-1], ""), RelPart})
		if n > 2 && slices.Contains(compass, rest[0]) && rest[1] != Saint {
			dst = append(dst, variant{strings.Join(rest[1:], ""), RelTail}, variant{strings.Join(rest[1:], "") + rest[0], RelTail})
		}
	}
	return dst
}

// stateRoads are the letters before the number of an American state's road, as
// OpenStreetMap has them: those of the states, and words that stand for any.
var stateRoads = strings.Fields("al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or pa ri sc sd tn tx ut vt va wa wv wi wy dc sr sh")

// numberedRoad returns the other keys of an American road by its number: "US 101" is
// Highway 101, "CA 1" State Route 1, "I 45" IH 45.
func numberedRoad(words []string) []string {
	if len(words) != 2 || !address.IsDigit(words[1][0]) {
		return nil
	}
	var before []string
	switch code := words[0]; {
	case code == "us":
		before = []string{"ushighway", "usroute", "highway", "route"}
	case code == "i":
		before = []string{"ih", "ihighway"}
	case slices.Contains(stateRoads, code):
		before = []string{"sr", "sh", "stateroute", "statehighway", "stateroad", "highway", "route"}
	}
	keys := make([]string, len(before))
	for i, b := range before {
		keys[i] = b + words[1]
	}
	return keys
}

// doctorKing returns the keys of a street named for Martin Luther King by which
// Americans write it: MLK.
func doctorKing(words []string) []string {
	at := slices.Index(words, "luther")
	if at < 1 || at+1 >= len(words) || words[at-1] != "martin" || words[at+1] != "king" {
		return nil
	}
	from, to := at-1, at+2
	for from > 0 && (words[from-1] == "doctor" || words[from-1] == "dr") {
		from--
	}
	for to < len(words) && (words[to] == "jr" || words[to] == "junior") {
		to++
	}
	head, tail := strings.Join(words[:from], ""), strings.Join(words[to:], "")
	var keys []string
	for _, name := range []string{"mlk", "mlkjr", "mlking", "mlkingjr", "martinlutherking", "martinlutherkingjr", "doctormartinlutherking", "doctormartinlutherkingjr"} {
		keys = append(keys, head+name+tail)
	}
	return keys
}

func isStreetType(word string) bool {
	role := address.WordRoles[word]
	return role != nil && role.IsType && !role.Short
}

// allTypes reports whether the words are street types and nothing else, which say
// nothing about where they are.
func allTypes(words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !isStreetType(w) })
}

// placeAffixes are the words that people leave out of a settlement's name.
var placeAffixes = []string{
	"great", "little", "east", "west", "north", "south", "upper", "lower", "old", "new", "nether", "over",
	"high", "low", "long", "st", "the", "much", "middle", "magna", "parva", "mid", "royal",
}

// lesserAffixes are those that say that a larger place has the name without
// them: nobody says London for Little London.
var lesserAffixes = []string{"little", "lower", "new", "nether", "low", "old"}

// placeJoins are the words that join a settlement's name to what sets it apart
// from its namesakes.
var placeJoins = []string{"on", "next", "by", "in", "le", "la", "super", "under", "upon", "near", "juxta", "cum", "the", "with", "and", "of", "at", "de", "en"}

// placeVariants returns the keys of a settlement: its name; without the affix
// that it begins with; each beginning of it; its last word.
func placeVariants(dst []variant, words []string) []variant {
	dst = append(dst, variant{strings.Join(words, ""), RelName})
	lead := 0
	for lead < len(words)-1 && slices.Contains(placeAffixes, words[lead]) {
		lead++
	}
	if lead > 0 && !allTypes(words[lead:]) {
		without := RelPart
		if slices.Contains(lesserAffixes, words[0]) {
			without = RelTail
		}
		dst = append(dst, variant{strings.Join(words[lead:], ""), without})
	}
	for n := len(words) - 1; n > lead; n-- {
		if last := words[n-1]; slices.Contains(placeAffixes, last) || slices.Contains(placeJoins, last) {
			continue
		}
		if allTypes(words[lead:n]) {
			continue
		}
		dst = append(dst, variant{strings.Join(words[:n], ""), RelPart})
		if lead > 0 {
			dst = append(dst, variant{strings.Join(words[lead:n], ""), RelPart})
		}
	}
	if n := len(words); n-lead > 1 {
		if last := words[n-1]; len(last) >= 4 && !isStreetType(last) && !slices.Contains(placeAffixes, last) && !slices.Contains(placeJoins, words[n-2]) && words[n-2] != Saint && words[n-2] != "saints" {
			dst = append(dst, variant{last, RelTail})
		}
	}
	return dst
}

// rollAll returns the hash of the strings end to end.
func rollAll(pieces []string) Rolling {
	r := EmptyRoll
	for _, p := range pieces {
		r = r.Join(Roll(p))
	}
	return r
}

// Saint is the full word for a "St" before the last word of a name.
const Saint = "st"

// SaintRoll is the hash of Saint.
var SaintRoll = Roll(Saint)
