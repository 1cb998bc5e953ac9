package locate

import (
	"spreewatch/geo/address"
	"spreewatch/geo/index"
)

// A fixes is a set of the corrections that led to a name.
type fixes uint16

const (
	fixStreetSpelling fixes = 1 << iota
	fixPlaceSpelling
	fixSaintDropped
	fixSaintAdded
	fixTypeMissing
	fixAbbreviation
	fixPlacePart
	fixArticle
	fixDirection
	fixOtherWord // beside fixStreetSpelling, and not listed: the word as the text has it is one of streets' names
)

// fixPlaces are those that concern a settlement's name alone.
const fixPlaces = fixPlaceSpelling | fixPlacePart

var fixNames = [...]string{
	"street spelling", "place spelling", "saint dropped", "saint added", "street type missing",
	"abbreviation read another way", "place name completed", "article dropped", "direction added",
}

// list names the corrections in the order in which they are declared.
func (f fixes) list() []string {
	var out []string
	for i, name := range fixNames {
		if f&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return out
}

// What a reading costs: minus the natural logarithm of the share of texts that
// are written so.
const (
	costSaintDropped = 3.5
	costSaintAdded   = 4.5
	costLoneSaint    = 4.0 // of a saint written "S"
	costApostrophe   = 4.0 // of a blank in place of an apostrophe
	costTypeMissing  = 5.0
	costArticle      = 0.7
	costDirection    = 4.0
	costPlacePart    = 2.0
	costPlaceTail    = 4.0
	costSecond       = 1.0
	costFill         = 0.2
	costFilling      = 4.0 // of a place named by words that mostly only lead up to a name: "Shop"
	costBefore       = 6.0
	costIdleType     = 14.0 // of a street type that belongs to no street found: another street is named
	costBuilding     = 3.5  // of the name of a house or business before the street, beside its words
	costNoName       = 1e6  // of what is none
	costIdle         = 3.0  // of a word that belongs to no name, beside the word's own
)

// A hit is a span of tokens [from, to) that reads as a key.
type hit struct {
	from, to int
	key      uint32
	cost     float32
	fix      fixes
	bound    float64 // the greatest score that a street it means can have
}

// maxSpan is the number of words of the longest name that is looked for.
const maxSpan = 8

// exactHits finds every span that reads as a key without correction.
func (s *scratch) exactHits() {
	for i := range s.words {
		for j := i + 1; j <= min(i+maxSpan, len(s.words)) && s.joined(i, j); j++ {
			s.addHit(hit{from: i, to: j, key: s.x.Names.Find(s.span(i, j).Sum)}, 0, 0)
			if w := &s.words[j-1]; w.second != "" && j-i > 1 {
				s.addHit(hit{from: i, to: j, key: s.x.Names.Find(s.spanAs(i, j, j-1, w.secondRoll).Sum), cost: costSecond}, fixAbbreviation, 0)
			}
		}
	}
}

// addHit keeps a hit whose key was found, for the kinds of entry it names.
func (s *scratch) addHit(h hit, wayFix, placeFix fixes) {
	if h.key == index.NoKey {
		return
	}
	n, fix := &s.x.Names, h.fix
	if n.HasWays(h.key) {
		h.fix = fix | wayFix
		s.wayHits = append(s.wayHits, h)
	}
	if n.HasPlaces(h.key) {
		h.fix = fix | placeFix
		s.placeHits = append(s.placeHits, h)
	}
}

// joined reports whether token j−1 may continue a name that begins at i.
func (s *scratch) joined(i, j int) bool {
	return !s.words[j-1].code && (j-1 == i || s.ts.List[j-1].Gap < address.GapSlash)
}

// span returns the hash of the full words of tokens [i, j) read as one name.
func (s *scratch) span(i, j int) index.Rolling {
	r := index.EmptyRoll
	for k := i; k < j; k++ {
		r = r.Join(s.rollOf(k, i, j))
	}
	return r
}

// spanAs returns what span does where token as is another word, whose hash is given.
func (s *scratch) spanAs(i, j, as int, roll index.Rolling) index.Rolling {
	r := index.EmptyRoll
	for k := i; k < j; k++ {
		if k == as {
			r = r.Join(roll)
		} else {
			r = r.Join(s.rollOf(k, i, j))
		}
	}
	return r
}

// rollOf returns the hash of the full word of token k in the name [i, j).
func (s *scratch) rollOf(k, i, j int) index.Rolling {
	if s.isLast(k, i, j) {
		return s.words[k].lastRoll
	}
	return s.words[k].innerRoll
}

// isLast reports whether token k closes the name [i, j), as address.StandsFor has it.
func (s *scratch) isLast(k, i, j int) bool {
	return k > i && (k == j-1 || k == j-2 && s.words[j-1].direction)
}

// slippedHits finds the spans that read as a key after one correction: a saint
// dropped or added, or one word respelt.
func (s *scratch) slippedHits() {
	for i := range s.words {
		for j := i + 1; j <= min(i+maxSpan, len(s.words)) && s.joined(i, j); j++ {
			s.slipSpan(i, j)
		}
	}
}

func (s *scratch) slipSpan(i, j int) {
	names := &s.x.Names
	s.slipSaint(i, j)
	s.slipApostrophe(i, j)
	head, ends := index.EmptyRoll, s.endsPart(j)
	for k := i; k < j; k++ {
		was, tail := s.rollOf(k, i, j), index.EmptyRoll
		for after := k + 1; after < j; after++ {
			tail = tail.Join(s.rollOf(after, i, j))
		}
		if s.words[k].class == address.ClassNone {
			for _, r := range s.respell(k) {
				sum := head.Join(r.Roll).Join(tail).Sum
				if r.Roll == was || !names.May(sum) {
					continue
				}
				h := hit{from: i, to: j, key: names.Find(sum), cost: r.Cost}
				if h.key == index.NoKey {
					continue
				}
				if names.HasWays(h.key) {
					h.fix = fixStreetSpelling
					if s.inStreets(k) && !r.Plural() {
						h.fix |= fixOtherWord
					}
					s.wayHits = append(s.wayHits, h)
				}
				if ends && names.HasPlaces(h.key) {
					h.fix = fixPlaceSpelling
					s.placeHits = append(s.placeHits, h)
				}
			}
		}
		head = head.Join(was)
	}
}

// inStreets reports whether token i as it stands is a word of some street's name.
func (s *scratch) inStreets(i int) bool {
	known := s.words[i].known
	return known != index.NoWord && s.x.Words.InWays[known] > 0
}

// slipSaint finds the names that tokens [i, j) read as with a saint dropped, added,
// or written "S".
func (s *scratch) slipSaint(i, j int) {
	names, n := &s.x.Names, j-i
	switch first := s.words[i].inner; {
	case first == index.Saint:
		if n > 1 {
			s.addHit(hit{from: i, to: j, key: names.Find(s.spanAs(i, j, i, index.EmptyRoll).Sum), cost: costSaintAdded}, fixSaintAdded, fixPlacePart)
		}
		return
	case n > 1 && s.ts.List[i].End-s.ts.List[i].At == 1 && first == "south":
		s.addHit(hit{from: i, to: j, key: names.Find(s.spanAs(i, j, i, index.SaintRoll).Sum), cost: costLoneSaint}, fixAbbreviation, fixPlacePart)
	}
	if s.words[i].class == address.ClassNone {
		s.addHit(hit{from: i, to: j, key: names.Find(index.SaintRoll.Join(s.span(i, j)).Sum), cost: costSaintDropped}, fixSaintDropped, fixPlacePart)
	}
}

// slipApostrophe finds the names that tokens [i, j) read as where a blank stands for an
// apostrophe: "Miller s Lane".
func (s *scratch) slipApostrophe(i, j int) {
	for k := i + 1; k < j; k++ {
		if t := s.ts.List[k]; t.End-t.At == 1 && s.ts.Folded[t.At] == 's' {
			s.addHit(hit{from: i, to: j, key: s.x.Names.Find(s.spanAs(i, j, k, letterS).Sum), cost: costApostrophe}, fixAbbreviation, fixAbbreviation)
		}
	}
}

// letterS is the hash of the letter of a possessive.
var letterS = index.Roll("s")

// endsPart reports whether a place's name may end before token j: at the end, or
// before a comma, a postcode, a county or words that lead up to another name. A
// misspelt place is looked for only there.
func (s *scratch) endsPart(j int) bool {
	return j == len(s.words) || s.ts.List[j].Gap >= address.GapBracket || s.words[j].code || s.words[j].class != address.ClassNone
}

// respell returns the words that token i may be a misspelling of.
func (s *scratch) respell(i int) []index.Respelling {
	w := &s.words[i]
	if w.respelt {
		return w.respellings
	}
	w.respelt = true
	t := s.ts.List[i]
	text := s.ts.Folded[t.At:t.End]
	if w.known != index.NoWord && w.inner == string(text) {
		w.respellings = s.x.Words.RespellWord(w.known, &s.sums)
		return w.respellings
	}
	w.found = s.x.Words.Respell(w.found[:0], text, &s.sums)
	if len(w.found) == 0 && w.known == index.NoWord {
		w.found = s.x.Words.RespellTwice(w.found, text)
	}
	w.respellings = w.found
	return w.respellings
}
