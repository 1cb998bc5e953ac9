package index

import (
	"math"
	"math/bits"
	"slices"
	"sync/atomic"

	"spreewatch/geo/address"
)

// A vocabulary holds the words of all names, in byte order, with what is needed
// to find the words one slip away from a misspelt one. That is the deletes index
// of W. Garbe's SymSpell (2012): two words within one edit of each other are
// equal after at most one letter is taken from each.
type vocabulary struct {
	Words    stringTable // in byte order, folded and in full
	InWays   []uint32    // how often the word stands in a street's name
	inPlaces []uint32    // how often in a settlement's

	LogWays []float32 // derived: natural logarithm of InWays, of one half where that is none
	slots   slotTable // derived: words by rolling hash
	one     slipTable // derived: words with one letter taken from them, or none
	long    longWords // derived

	// respelt holds the respellings of the vocabulary's own words, each once it was
	// asked for: "road" and the larger towns stand in text after text.
	respelt []atomic.Pointer[[]Respelling]
}

// A slipTable finds the slips of a hash: those of hash prefix b are
// slip[bucket[b]:bucket[b+1]]. Most hashes have none, which the bits say in less
// memory than the buckets take.
type slipTable struct {
	bucket []uint32
	slip   []slip
	shift  uint     // 32 less the bits of b
	bits   []uint64 // one of each hash prefix
	fine   uint     // 32 less the bits of that
}

// filterBits is by how many bits a slip's hash prefix in the bits is longer than
// that of its bucket: one in eight hashes or fewer has its bit by chance.
const filterBits = 3

// NoWord stands for a word that the vocabulary lacks.
const NoWord = ^uint32(0)

// A slip is a word's hash after one letter was taken from it, or none.
type slip struct{ hash, word uint32 }

// slipMin is the length of the shortest word that spelling correction reaches.
const slipMin = 2

// mends reports whether spelling correction reaches a word: a figure is no slip of
// another, so that neither "A17" nor "as" stands for the A47.
func mends[T string | []byte](word T) bool {
	if len(word) < slipMin || len(word) > maxSlipLen {
		return false
	}
	for i := range len(word) {
		if address.IsDigit(word[i]) {
			return false
		}
	}
	return true
}

func (v *vocabulary) finish() {
	v.slots = newSlotTable(v.Words.len())
	v.LogWays = make([]float32, len(v.InWays))
	for i, n := range v.InWays {
		v.LogWays[i] = float32(math.Log(max(float64(n), 0.5)))
	}
	all := 0
	for i := range v.Words.len() {
		w := v.Words.At(uint32(i))
		v.slots.put(Roll(w).Sum, uint32(i))
		all += len(w) + 1
	}
	one := make([]slip, 0, all)
	var sums SlipSums
	for i := range v.Words.len() {
		w := v.Words.At(uint32(i))
		if !mends(w) {
			continue
		}
		for _, h := range sums.of([]byte(w)) {
			one = append(one, slip{h, uint32(i)})
		}
	}
	v.one, v.long = newSlipTable(one), newLongWords(&v.Words)
	v.respelt = make([]atomic.Pointer[[]Respelling], v.Words.len())
}

// newSlipTable sorts the slips by the leading bits of their hash.
func newSlipTable(list []slip) slipTable {
	prefix := max(1, bits.Len(uint(len(list))))
	fine := min(32, prefix+filterBits)
	t := slipTable{make([]uint32, 1<<prefix+1), make([]slip, len(list)), uint(32 - prefix), make([]uint64, (1<<fine+63)/64), uint(32 - fine)}
	for _, s := range list {
		t.bucket[s.hash>>t.shift+1]++
		at := s.hash >> t.fine
		t.bits[at/64] |= 1 << (at % 64)
	}
	for b := 1; b < len(t.bucket); b++ {
		t.bucket[b] += t.bucket[b-1]
	}
	next := slices.Clone(t.bucket)
	for _, s := range list {
		t.slip[next[s.hash>>t.shift]] = s
		next[s.hash>>t.shift]++
	}
	return t
}

// of returns the slips that share their leading bits with the hash.
func (t *slipTable) of(h uint32) []slip {
	if at := h >> t.fine; t.bits[at/64]&(1<<(at%64)) == 0 {
		return nil
	}
	b := t.bucket[h>>t.shift:]
	return t.slip[b[0]:b[1]]
}

// longWord is the length of the shortest word of which two slips are mended.
const longWord = 9

// A longWords finds the words two slips away from a text by looking at all that
// may be: they are few enough that what a slip can do to the set of a word's
// letters leaves hardly any to compare.
type longWords struct {
	letters []uint32               // of each word, see lettersOf
	word    []uint32               // the words, by length, then number
	from    [maxSlipLen + 2]uint32 // those of n letters are word[from[n]:from[n+1]]
}

// lettersOf returns the set of the letters of a word, a bit each: bit 26 for any
// digit, bit 27 for any other sign.
func lettersOf[T string | []byte](word T) uint32 {
	set := uint32(0)
	for i := range len(word) {
		set |= 1 << symbolOf(word[i])
	}
	return set
}

func newLongWords(words *stringTable) longWords {
	var l longWords
	long := func(yield func(i uint32, w string)) {
		for i := range uint32(words.len()) {
			if w := words.At(i); len(w) >= longWord && mends(w) {
				yield(i, w)
			}
		}
	}
	long(func(_ uint32, w string) { l.from[len(w)+1]++ })
	for n := 1; n < len(l.from); n++ {
		l.from[n] += l.from[n-1]
	}
	next := l.from
	l.word, l.letters = make([]uint32, l.from[maxSlipLen+1]), make([]uint32, l.from[maxSlipLen+1])
	long(func(i uint32, w string) {
		l.word[next[len(w)]], l.letters[next[len(w)]] = i, lettersOf(w)
		next[len(w)]++
	})
	return l
}

// twoEdits reports whether the text comes from the word by two slips: letters
// dropped, put in, replaced or swapped with their neighbour (optimal string
// alignment).
func twoEdits(word string, text []byte) bool {
	n, m := len(word), len(text)
	if n-m > 2 || m-n > 2 || n > maxSlipLen || m > maxSlipLen {
		return false
	}
	var rows [3][maxSlipLen + 1]uint8
	for k := range m + 1 {
		rows[0][k] = uint8(k)
	}
	for i := 1; i <= n; i++ {
		row, up, upper := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = uint8(i)
		for k := 1; k <= m; k++ {
			least := min(up[k], row[k-1]) + 1
			if word[i-1] == text[k-1] {
				least = min(least, up[k-1])
			} else {
				least = min(least, up[k-1]+1)
			}
			if i > 1 && k > 1 && word[i-1] == text[k-2] && word[i-2] == text[k-1] {
				least = min(least, upper[k-2]+1)
			}
			row[k] = least
		}
	}
	return rows[n%3][m] == 2
}

// twoSlipsCost is minus the natural logarithm of the probability that a long word
// is written with two given slips, as much as an unknown word is worth.
const twoSlipsCost = 13

// Find returns the number of the word whose rolling sum is given, or NoWord.
func (v *vocabulary) Find(sum uint64) uint32 { return v.slots.find(spread(sum)) }

// maxSlipLen is the length of the longest word that is corrected.
const maxSlipLen = 40

// SlipSums holds the hashes of a word and of what is left when one of its
// letters is taken away.
type SlipSums struct {
	head [maxSlipLen + 1]Rolling
	out  [maxSlipLen + 1]uint32
}

// of returns the distinct hashes, that of the whole word first.
func (s *SlipSums) of(word []byte) []uint32 {
	s.head[0] = EmptyRoll
	for i, c := range word {
		s.head[i+1] = Rolling{s.head[i].Sum*rollBase + uint64(c) + 1, s.head[i].pow * rollBase}
	}
	n := len(word)
	whole := s.head[n]
	s.out[0] = uint32(spread(whole.Sum) >> 32)
	k := 1
	for i := range n {
		if i > 0 && word[i] == word[i-1] {
			continue
		}
		// What follows letter i has the hash whole − head[i+1]·base^(n−i−1).
		tailPow := s.head[n-i-1].pow
		tail := whole.Sum - s.head[i+1].Sum*tailPow
		s.out[k] = uint32(spread(s.head[i].Sum*tailPow+tail) >> 32)
		k++
	}
	return s.out[:k]
}

// An edit is the kind of a slip.
type edit uint8

const (
	editNone   edit = iota // more than one slip, or none
	editDrop               // a letter is missing from the text
	editExtra              // the text has a letter too many
	editOther              // one letter for another
	editSwap               // two neighbours swapped
	editDouble             // a doubled letter written once, or the other way
	editVowel              // one vowel for another
	editPlural             // a final s too many or missing
)

// oneEdit says by which slip the text came from the word.
func oneEdit(word string, text []byte) edit {
	i := 0
	for i < len(word) && i < len(text) && word[i] == text[i] {
		i++
	}
	switch rest, got := word[i:], text[i:]; {
	case len(rest) == len(got)+1 && rest[1:] == string(got):
		return lengthEdit(word, i, editDrop)
	case len(got) == len(rest)+1 && string(got[1:]) == rest:
		return lengthEdit(string(text), i, editExtra)
	case len(rest) == len(got) && len(rest) > 0 && rest[1:] == string(got[1:]):
		if isVowel(rest[0]) && isVowel(got[0]) {
			return editVowel
		}
		return editOther
	case len(rest) == len(got) && len(rest) > 1 && rest[0] == got[1] && rest[1] == got[0] && rest[2:] == string(got[2:]):
		return editSwap
	}
	return editNone
}

// lengthEdit says what it means that letter i of the longer of two words is
// missing from the shorter.
func lengthEdit(longer string, i int, plain edit) edit {
	switch {
	case i == len(longer)-1 && longer[i] == 's':
		return editPlural
	case i > 0 && longer[i-1] == longer[i]:
		return editDouble
	}
	return plain
}

func isVowel(c byte) bool {
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'
}

// slipRate is the share of words that are misspelt by one slip.
const slipRate = 0.03

// The shares of slips of the finger by kind (about those of F. Damerau 1964 and of
// later counts): each kind has its own number of slips, so that one given letter
// dropped is far likelier than one given letter put for another.
const (
	dropShare  = 0.25
	extraShare = 0.25
	otherShare = 0.35
	swapShare  = 0.15
)

// editCost returns minus the natural logarithm of the probability that a word of
// n letters is written with that one given slip: n letters may be dropped, n−1
// pairs swapped, 25n letters replaced, 26(n+1) put in. The slips of somebody who
// does not know the spelling are far fewer, and take a third of the rate.
func editCost(e edit, n int) float32 {
	letters := float64(n)
	slips := 25 * letters / otherShare
	switch e {
	case editDrop:
		slips = letters / dropShare
	case editExtra:
		slips = 26 * (letters + 1) / extraShare
	case editSwap:
		slips = max(letters-1, 1) / swapShare
	}
	finger := math.Log(slips) - math.Log(slipRate*2/3)
	switch e {
	case editPlural:
		return 4
	case editDouble, editVowel:
		return float32(min(finger, math.Log(6*letters)-math.Log(slipRate/3)))
	}
	return float32(finger)
}

// A Respelling is a word of the vocabulary that a text's word may stand for.
type Respelling struct {
	Word uint32  // its number in the vocabulary
	Cost float32 // minus the natural logarithm of the chance that it is written as the text has it
	edit edit
	Roll Rolling // the word's hash
}

// Plural reports whether the two differ by a final s.
func (r *Respelling) Plural() bool { return r.edit == editPlural }

// RespellTwice appends the long words two slips away from the text, in the order
// of the vocabulary.
func (v *vocabulary) RespellTwice(dst []Respelling, text []byte) []Respelling {
	if len(text) < longWord-2 || !mends(text) {
		return dst
	}
	from, set := len(dst), lettersOf(text)
	l := &v.long
	lo, hi := l.from[len(text)-2], l.from[min(len(text)+2, maxSlipLen)+1]
	for k, letters := range l.letters[lo:hi] {
		// A slip takes at most one letter from the set and adds at most one.
		if bits.OnesCount32(letters^set) > 4 {
			continue
		}
		if word := l.word[int(lo)+k]; twoEdits(v.Words.At(word), text) {
			w := v.Words.At(word)
			dst = append(dst, Respelling{word, twoSlipsCost, editOther, Roll(w)})
		}
	}
	slices.SortFunc(dst[from:], func(a, b Respelling) int { return int(a.Word) - int(b.Word) })
	return dst
}

// RespellWord returns the words one slip away from word i, in the order of the
// vocabulary. They are the caller's to read only.
func (v *vocabulary) RespellWord(i uint32, sums *SlipSums) []Respelling {
	if known := v.respelt[i].Load(); known != nil {
		return *known
	}
	list := slices.Clip(v.Respell(nil, []byte(v.Words.At(i)), sums))
	v.respelt[i].Store(&list)
	return list
}

// Respell appends the words one slip away from the text, in the order of the
// vocabulary.
func (v *vocabulary) Respell(dst []Respelling, text []byte, sums *SlipSums) []Respelling {
	if !mends(text) {
		return dst
	}
	from := len(dst)
	for _, h := range sums.of(text) {
		for _, s := range v.one.of(h) {
			if s.hash != h || slices.ContainsFunc(dst[from:], func(r Respelling) bool { return r.Word == s.word }) {
				continue
			}
			w := v.Words.At(s.word)
			if e := oneEdit(w, text); e != editNone {
				dst = append(dst, Respelling{s.word, editCost(e, len(w)), e, Roll(w)})
			}
		}
	}
	slices.SortFunc(dst[from:], func(a, b Respelling) int { return int(a.Word) - int(b.Word) })
	return dst
}
