package locate

import (
	"math"

	"spreewatch/geo/address"
	"spreewatch/geo/index"
)

// A reading is a token with the full words that it may stand for.
type reading struct {
	inner, last, second string // see wordRole; second is "" mostly
	innerRoll, lastRoll index.Rolling
	secondRoll          index.Rolling
	known               uint32 // vocabulary number of inner, or noWord
	idle                float32
	class               address.WordClass
	isType, direction   bool
	building            bool // it ends the name of a building oftener than that of a street
	number              bool // begins with a digit
	code                bool // part of a postcode
	respelt             bool // respellings are known
	respellings         []index.Respelling
	found               []index.Respelling // room for them
}

// A scratch is what one query needs, kept from query to query.
type scratch struct {
	x      *index.Index
	ts     address.Tokens
	folded string
	words  []reading

	wayHits, placeHits []hit
	promising          []hit
	order              []uint64
	placed             []placed
	seen, chosen       []found
	unsorted           []found
	ranks              []rank
	tally              []share
	windows            []window
	unnamed            [][3]int // spans that weighAbsent has taken for a name
	joints             []joint
	left, right        []index.Sited // of the two streets of a crossing
	listed             []int         // of seen, that are candidates
	named              []uint32      // the sources of an answer
	runs, runCache     []*run
	sums               index.SlipSums

	best     float64        // score of the best street so far
	absent   float64        // score of the best account in which the gazetteer lacks the street
	out      uint16         // the outcode named, or 0
	areas    address.Areas  // the outcodes of the county named
	sector   byte           // digit of the sector named, or 0
	unit     int            // number of the postcode unit named, or −1
	slipped  bool           // corrections have been tried
	figures  bool           // a word ends with three figures, as a grid reference does
	standing index.Standing // of the best street to the settlements named
}

// maxTokens is how many words of a text are read.
const maxTokens = 64

// read takes in a text.
func (s *scratch) read(text string) {
	s.ts.Scan(text)
	s.folded = string(s.ts.Folded)
	s.words = s.words[:0]
	s.wayHits, s.placeHits, s.seen = s.wayHits[:0], s.placeHits[:0], s.seen[:0]
	s.runs, s.runCache = s.runs[:0], s.runCache[:0]
	s.absent, s.out, s.sector, s.unit, s.slipped, s.figures = math.Inf(-1), 0, 0, -1, false, false
	if len(s.ts.List) > maxTokens {
		s.ts.List = s.ts.List[:maxTokens]
	}
	for i := range s.ts.List {
		s.readWord(i)
		if i > 0 {
			s.readAfter(i)
		}
	}
	for i := 1; i < len(s.words); i++ {
		s.readRoad(i)
	}
	s.readLandmarks()
	s.readCounty()
	s.readCodes()
	s.readJoints()
}

func (s *scratch) readWord(i int) {
	if i < cap(s.words) {
		s.words = s.words[:i+1]
	} else {
		s.words = append(s.words, reading{})
	}
	t := &s.ts.List[i]
	w := s.folded[t.At:t.End]
	r := &s.words[i]
	if n := len(w); n >= 3 && address.IsDigit(w[n-1]) && address.IsDigit(w[n-2]) && address.IsDigit(w[n-3]) {
		s.figures = true
	}
	*r = reading{inner: w, last: w, number: address.IsDigit(w[0]) && !address.IsOrdinal(w), found: r.found}
	if role := address.WordRoles[w]; role != nil {
		r.class = role.Class
		r.inner, r.last, r.second = role.Inner, role.Last, role.Second
		r.isType, r.direction, r.building = role.IsType, role.Direction, address.BuildingTypes[role.Last]
	}
	r.innerRoll = index.Roll(r.inner)
	r.lastRoll = r.innerRoll
	if r.last != r.inner {
		r.lastRoll = index.Roll(r.last)
	}
	if r.second != "" {
		r.secondRoll = index.Roll(r.second)
	}
	r.known = s.x.Words.Find(r.innerRoll.Sum)
	r.idle = s.idle(r)
}

// readCounty notes the county that the text ends with.
func (s *scratch) readCounty() {
	from := 0
	from, s.areas = address.County(&s.ts)
	for i := from; i < len(s.words) && s.areas != nil; i++ {
		s.words[i].class, s.words[i].isType, s.words[i].idle = address.ClassTail, false, costFill
	}
}

// inCounty reports whether an outcode is in the county that the text names; every
// one is when it names none, and one that is not known.
func (s *scratch) inCounty(out uint16) bool {
	return s.areas == nil || out == 0 || s.areas.Has(s.x.Strings.At(s.x.Codes.Out[out]))
}

// readLandmarks takes the landmarks that the text puts the event near for words
// that say nothing of where it is: "the church" is no settlement, "Church Road"
// no church.
func (s *scratch) readLandmarks() {
	near := false
	for i := range s.words {
		w := &s.words[i]
		if s.ts.List[i].Gap >= address.GapSlash {
			near = false
		}
		switch {
		case w.class == address.ClassNear, near && w.class == address.ClassFill, w.inner == "the":
			near = true
		case near && address.Landmarks[w.inner] && s.landmarkEnds(i+1):
			w.class, w.idle = address.ClassFill, costFill
		default:
			near = false
		}
	}
}

// landmarkEnds reports whether a landmark's name ends before token i, or goes on
// with another such word.
func (s *scratch) landmarkEnds(i int) bool {
	return i == len(s.words) || s.ts.List[i].Gap >= address.GapBracket || s.words[i].class != address.ClassNone || address.Landmarks[s.words[i].inner]
}

// readAfter takes token i, or the one before it, for what the two mean together:
// "corner of", "1200 block".
func (s *scratch) readAfter(i int) {
	before, w := &s.words[i-1], &s.words[i]
	if w.inner == "of" {
		if class := address.BeforeOf[before.inner]; class != address.ClassNone {
			before.class, before.isType, before.idle = class, false, costFill
		}
	}
	if before.number && address.Blocks[w.inner] {
		w.class, w.isType, w.idle = address.ClassFill, false, costFill
	}
}

// readRoad takes a number for that of a road whose letter stands before it: "A 47",
// where no street follows that may have a house of the number.
func (s *scratch) readRoad(i int) {
	if w := &s.words[i]; w.number && s.opens(i-1) && !s.typedAfter(i-1) {
		if road := s.x.Words.Find(s.words[i-1].innerRoll.Join(w.innerRoll).Sum); road != index.NoWord {
			w.number, w.known, w.idle = false, road, s.idle(&reading{known: road})
		}
	}
}

// opens reports whether token i is a single letter with which the number of a road may
// begin: no flat's, and first in its part or behind a word that leads up to a name.
func (s *scratch) opens(i int) bool {
	if t := s.ts.List[i]; t.End-t.At != 1 || !address.IsASCIILetter(s.ts.Folded[t.At]) || s.ts.List[i+1].Gap >= address.GapSlash {
		return false
	}
	if i == 0 || s.ts.List[i].Gap >= address.GapSlash {
		return true
	}
	before := &s.words[i-1]
	return before.class == address.ClassPrep || before.class == address.ClassNear || before.inner == "the"
}

// idle returns the cost of taking a word for no part of any name.
func (s *scratch) idle(r *reading) float32 {
	switch {
	case r.number:
		return 0
	case r.class != address.ClassNone:
		return costFill
	case r.building:
		return costIdle
	case r.isType && r.inner != index.Saint && !address.WordRoles[r.last].Common:
		return costIdleType
	case r.known != index.NoWord:
		return costIdle + min(9, float32(s.x.Prior.Words)-s.x.Words.LogWays[r.known])
	}
	return costIdle + min(18, s.x.Letters.Word(r.inner))
}

// readCodes finds a postcode, whole or partial.
func (s *scratch) readCodes() {
	for i := range s.words {
		w := s.words[i].inner
		if n := len(w); n >= 5 && n <= 7 && address.IsOutcode(w[:n-3]) {
			if in, ok := address.IncodeNumber(w[n-3:]); ok && s.setUnit(w[:n-3], in) {
				s.words[i].code = true
				continue
			}
		}
		if !address.IsOutcode(w) {
			continue
		}
		if i+1 < len(s.words) {
			if in, ok := address.IncodeNumber(s.words[i+1].inner); ok && s.setUnit(w, in) {
				s.words[i].code, s.words[i+1].code = true, true
				continue
			}
		}
		// "B12 at Elsing" is a road, "Unit SE1 Mill Lane" a unit: an outcode alone stands
		// by itself or at the end, but for a word such as "area", or before a street.
		next := i + 1
		for next < len(s.words) && s.words[next].class == address.ClassFill && s.ts.List[next].Gap < address.GapComma {
			next++
		}
		last := next == len(s.words) || s.ts.List[next].Gap == address.GapComma
		sector := !last && len(s.words[i+1].inner) == 1 && s.words[i+1].number
		out, known := s.x.Codes.OutOf[w]
		first := s.ts.List[i].Gap == address.GapComma && !address.IsDigit(w[1])
		if !known || !last && !sector && !first {
			continue
		}
		s.out, s.words[i].code = out, true
		if sector {
			s.sector, s.words[i+1].code = s.words[i+1].inner[0], true
		}
	}
}

// setUnit notes a whole postcode, or its outcode where only that is known.
func (s *scratch) setUnit(out string, in uint32) bool {
	o, known := s.x.Codes.OutOf[out]
	if !known {
		return false
	}
	s.out = o
	if u, ok := s.x.Codes.Find(o, in); ok {
		s.unit = u
	}
	return true
}

// saysNothing reports whether the text says that no location is known.
func (s *scratch) saysNothing() bool {
	if len(s.words) > 3 {
		return false
	}
	var buf [48]byte
	b := buf[:0]
	for i := range s.ts.List {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, s.ts.Word(i)...)
	}
	return address.Nothings[string(b)]
}
