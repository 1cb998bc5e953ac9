package geo

import "math"

// A reading is a token with the full words that it may stand for.
type reading struct {
	inner, last, second string // see wordRole; second is "" mostly
	innerRoll, lastRoll rolling
	secondRoll          rolling
	known               uint32 // vocabulary number of inner, or noWord
	idle                float32
	class               wordClass
	isType, direction   bool
	number              bool // begins with a digit
	code                bool // part of a postcode
	respelt             bool // respellings are known
	respellings         []respelling
}

// A scratch is what one query needs, kept from query to query.
type scratch struct {
	x      *Index
	ts     tokens
	folded string
	words  []reading

	wayHits, placeHits []hit
	promising          []hit
	order              []uint64
	placed             []placed
	seen, chosen       []found
	tally              []share
	windows            []degree7
	unnamed            [][2]int // spans that weighAbsent has taken for a name
	runs, runCache     []run
	pieces             []string
	sums               slipSums

	best    float64 // score of the best street so far
	absent  float64 // score of the best account in which the gazetteer lacks the street
	out     uint16  // the outcode named, or 0
	sector  byte    // digit of the sector named, or 0
	unit    int     // number of the postcode unit named, or −1
	slipped bool    // corrections have been tried
}

// maxTokens is how many words of a text are read.
const maxTokens = 64

// read takes in a text.
func (s *scratch) read(text string) {
	s.ts.scan(text)
	s.folded = string(s.ts.folded)
	s.words = s.words[:0]
	s.wayHits, s.placeHits, s.seen = s.wayHits[:0], s.placeHits[:0], s.seen[:0]
	s.runs, s.runCache = s.runs[:0], s.runCache[:0]
	s.absent, s.out, s.sector, s.unit, s.slipped = math.Inf(-1), 0, 0, -1, false
	if len(s.ts.list) > maxTokens {
		s.ts.list = s.ts.list[:maxTokens]
	}
	for i := range s.ts.list {
		s.readWord(i)
	}
	s.readCodes()
}

func (s *scratch) readWord(i int) {
	if i < cap(s.words) {
		s.words = s.words[:i+1]
	} else {
		s.words = append(s.words, reading{})
	}
	t := &s.ts.list[i]
	w := s.folded[t.at:t.end]
	r := &s.words[i]
	*r = reading{inner: w, last: w, number: isDigit(w[0]), respellings: r.respellings[:0]}
	if role := wordRoles[w]; role != nil {
		r.class = role.class
		if role.county && i == len(s.ts.list)-1 && i > 0 {
			r.class = classTail
		}
		r.inner, r.last, r.second = role.inner, role.last, role.second
		r.isType, r.direction = role.isType, role.direction
	}
	r.innerRoll = roll(r.inner)
	r.lastRoll = r.innerRoll
	if r.last != r.inner {
		r.lastRoll = roll(r.last)
	}
	if r.second != "" {
		r.secondRoll = roll(r.second)
	}
	r.known = s.x.words.find(r.innerRoll.sum, r.inner)
	r.idle = s.idle(r)
}

// idle returns the cost of taking a word for no part of any name.
func (s *scratch) idle(r *reading) float32 {
	switch {
	case r.number:
		return 0
	case r.class != classNone:
		return costFill
	case buildingTypes[r.last]:
		return costIdle
	case r.isType && r.inner != saint && !wordRoles[r.last].common:
		return costIdleType
	case r.known != noWord:
		return costIdle + min(9, float32(s.x.prior.words)-s.x.words.logWays[r.known])
	}
	return costIdle + min(18, s.x.letters.word(r.inner))
}

// readCodes finds a postcode, whole or partial.
func (s *scratch) readCodes() {
	for i := range s.words {
		w := s.words[i].inner
		if n := len(w); n >= 5 && n <= 7 && isOutcode(w[:n-3]) {
			if in, ok := incodeNumber(w[n-3:]); ok && s.setUnit(w[:n-3], in) {
				s.words[i].code = true
				continue
			}
		}
		if !isOutcode(w) {
			continue
		}
		if i+1 < len(s.words) {
			if in, ok := incodeNumber(s.words[i+1].inner); ok && s.setUnit(w, in) {
				s.words[i].code, s.words[i+1].code = true, true
				continue
			}
		}
		// "B12 at Elsing" is a road: an outcode alone stands by itself or at the
		// end.
		last := i+1 == len(s.words) || s.ts.list[i+1].gap == gapComma
		sector := !last && len(s.words[i+1].inner) == 1 && s.words[i+1].number
		out, known := s.x.codes.outOf[w]
		if !known || !last && !sector {
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
	o, known := s.x.codes.outOf[out]
	if !known {
		return false
	}
	s.out = o
	if u, ok := s.x.codes.find(o, in); ok {
		s.unit = u
	}
	return true
}
