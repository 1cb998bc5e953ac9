package geo

import (
	"math"
	"slices"
	"sort"

	"github.com/paulmach/orb"
)

// A Context is what is known about a location beside its text.
type Context struct {
	Area []orb.Bound // the force's area; breaks ties, none when empty
	Near []orb.Point // where the other reports of the same bulletin are; breaks ties
}

// Match finds where the text is.
func (x *Index) Match(text string, ctx Context) Match {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	s.read(text)
	return s.answer(ctx)
}

// MatchAddress finds where the address is.
func (x *Index) MatchAddress(a Address, ctx Context) Match { return x.Match(a.String(), ctx) }

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
)

var fixNames = [...]string{"street spelling", "place spelling", "saint dropped", "saint added", "street type missing", "abbreviation read another way", "place name completed", "article dropped"}

func (f fixes) list() []string {
	var out []string
	for i, name := range fixNames {
		if f&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return out
}

// A reading is a token in its full forms.
type reading struct {
	inner, last, second string
	innerRoll, lastRoll rolling
	secondRoll          rolling
	class               wordClass
	isType, direction   bool
	number              bool // begins with a digit
	code                bool // part of a postcode
}

// A hit is a span of tokens that reads as a key.
type hit struct {
	from, to int
	key      uint32
	cost     float32
	fix      fixes
}

// A run is a stretch of tokens outside the street, in one comma segment.
type run struct {
	from, to int
	idle     float32 // cost of taking it for no place at all
	alts     []placeReading
}

// A placeReading is a settlement that a run may name.
type placeReading struct {
	place uint32
	cost  float32
	fix   fixes
}

// A found is a street that the text may mean.
type found struct {
	way   uint32
	score float64
	place uint32 // the best reading's, or noPlace
	fix   fixes
	hit   hit
}

const noPlace = ^uint32(0)

// A scratch is what one query needs, kept from query to query.
type scratch struct {
	x        *Index
	ts       tokens
	folded   string
	words    []reading
	pieces   []string
	wayHits  []hit
	placeHit []hit
	runs     []run
	runCache []run
	found    []found
	respelt  [][]respelling
	sums     slipSums
	out      uint16 // outcode named, or 0
	outText  string
	unit     int // postcode unit, or -1
	absent   float64
	sector   byte
}

func newScratch(x *Index) *scratch { return &scratch{x: x} }

func (s *scratch) read(text string) {
	s.ts.scan(text)
	s.folded = string(s.ts.folded)
	s.words = s.words[:0]
	s.out, s.unit, s.sector, s.outText = 0, -1, 0, ""
	s.wayHits, s.placeHit, s.found, s.runCache = s.wayHits[:0], s.placeHit[:0], s.found[:0], s.runCache[:0]
	s.absent = math.Inf(-1)
	if len(s.ts.list) > maxTokens {
		s.ts.list = s.ts.list[:maxTokens]
	}
	for _, t := range s.ts.list {
		w := s.folded[t.at:t.end]
		r := reading{inner: w, last: w, class: wordClasses[w], number: isDigit(w[0])}
		if role := wordRoles[w]; role != nil {
			r.inner, r.last, r.second = role.inner, role.last, role.second
			r.isType, r.direction = role.isType, role.direction
		}
		if counties[w] {
			r.class = classTail
		}
		r.innerRoll = roll(r.inner)
		r.lastRoll = r.innerRoll
		if r.last != r.inner {
			r.lastRoll = roll(r.last)
		}
		if r.second != "" {
			r.secondRoll = roll(r.second)
		}
		s.words = append(s.words, r)
	}
	s.respelt = slices.Grow(s.respelt[:0], len(s.words))[:len(s.words)]
	for i := range s.respelt {
		s.respelt[i] = nil
	}
	s.readCodes()
}

// maxTokens is how many words of a text are read.
const maxTokens = 64

// readCodes finds a postcode, whole or partial.
func (s *scratch) readCodes() {
	codes := &s.x.codes
	for i := range s.words {
		w := s.words[i].inner
		n := len(w)
		if n >= 5 && n <= 7 && isOutcode(w[:n-3]) {
			if in, ok := incodeNumber(w[n-3:]); ok {
				s.setCode(w[:n-3], in, true)
				s.words[i].code = true
				continue
			}
		}
		if !isOutcode(w) {
			continue
		}
		out, known := codes.outOf[w]
		if i+1 < len(s.words) {
			if in, ok := incodeNumber(s.words[i+1].inner); ok {
				s.setCode(w, in, true)
				s.words[i].code, s.words[i+1].code = true, true
				continue
			}
		}
		if !known || i == 0 && len(s.words) > 1 && s.ts.list[1].gap < gapComma {
			continue
		}
		s.words[i].code = true
		s.out, s.outText = out, w
		if i+1 < len(s.words) && len(s.words[i+1].inner) == 1 && s.words[i+1].number {
			s.sector = s.words[i+1].inner[0]
			s.words[i+1].code = true
		}
	}
}

func (s *scratch) setCode(out string, in uint32, _ bool) {
	o, known := s.x.codes.outOf[out]
	if !known {
		return
	}
	s.out, s.outText = o, out
	if u, ok := s.x.codes.find(o, in); ok {
		s.unit = u
	}
}

const maxSpan = 8 // words of the longest name that is looked for

// exactHits finds every span that reads as a key.
func (s *scratch) exactHits() {
	for i := range s.words {
		if s.words[i].code {
			continue
		}
		for j := i + 1; j <= min(i+maxSpan, len(s.words)) && s.joined(i, j); j++ {
			if key := s.lookup(i, j); key != noKey {
				s.addHit(hit{from: i, to: j, key: key})
			}
			if w := &s.words[j-1]; w.second != "" && j-i > 1 {
				pieces, r := s.span(i, j)
				pieces[len(pieces)-1] = w.second
				head := emptyRoll
				for _, p := range pieces[:len(pieces)-1] {
					head = head.join(roll(p))
				}
				_ = r
				if key := s.x.names.find(head.join(w.secondRoll).sum, pieces); key != noKey {
					s.addHit(hit{from: i, to: j, key: key, cost: 1, fix: fixAbbreviation})
				}
			}
		}
	}
}

func (s *scratch) addHit(h hit) {
	n := &s.x.names
	if n.ways[h.key] < n.ways[h.key+1] {
		s.wayHits = append(s.wayHits, h)
	}
	if n.places[h.key] < n.places[h.key+1] {
		s.placeHit = append(s.placeHit, h)
	}
}

// joined reports whether no comma or postcode stands between tokens i and j−1.
func (s *scratch) joined(i, j int) bool {
	return j-1 == i || s.ts.list[j-1].gap < gapSlash && !s.words[j-1].code
}

// span returns the full words of tokens [i, j) read as one name, and their hash.
func (s *scratch) span(i, j int) ([]string, rolling) {
	s.pieces = s.pieces[:0]
	r := emptyRoll
	for k := i; k < j; k++ {
		w := &s.words[k]
		if k > i && (k == j-1 || k == j-2 && s.words[j-1].direction) {
			s.pieces = append(s.pieces, w.last)
			r = r.join(w.lastRoll)
		} else {
			s.pieces = append(s.pieces, w.inner)
			r = r.join(w.innerRoll)
		}
	}
	return s.pieces, r
}

func (s *scratch) lookup(i, j int) uint32 {
	pieces, r := s.span(i, j)
	return s.x.names.find(r.sum, pieces)
}

// saint is the word that a dropped "St" is put back as.
const saint = "st"

var saintRoll = roll(saint)

// slippedHits finds the spans that read as a key after one correction.
func (s *scratch) slippedHits() {
	for i := range s.words {
		if s.words[i].code {
			continue
		}
		for j := i + 1; j <= min(i+maxSpan, len(s.words)) && s.joined(i, j); j++ {
			s.slipSpan(i, j)
		}
	}
}

func (s *scratch) slipSpan(i, j int) {
	pieces, whole := s.span(i, j)
	n := j - i
	if s.words[i].inner != saint && s.words[i].class == classNone {
		with := append([]string{saint}, pieces...)
		if key := s.x.names.find(saintRoll.join(whole).sum, with); key != noKey {
			s.addHit(hit{from: i, to: j, key: key, cost: costSaintDropped, fix: fixSaintDropped})
		}
	}
	if n > 1 && s.words[i].inner == saint {
		rest := emptyRoll
		for _, p := range pieces[1:] {
			rest = rest.join(roll(p))
		}
		if key := s.x.names.find(rest.sum, pieces[1:]); key != noKey {
			s.addHit(hit{from: i, to: j, key: key, cost: costSaintAdded, fix: fixSaintAdded})
		}
	}
	head := emptyRoll
	for k := range n {
		tail := emptyRoll
		for _, p := range pieces[k+1:] {
			tail = tail.join(roll(p))
		}
		for _, r := range s.respellings(i + k) {
			if s.x.words.words.at(r.word) == pieces[k] {
				continue
			}
			was := pieces[k]
			pieces[k] = s.x.words.words.at(r.word)
			key := s.x.names.find(head.join(r.roll).join(tail).sum, pieces)
			pieces[k] = was
			if key == noKey {
				continue
			}
			nm := &s.x.names
			if nm.ways[key] < nm.ways[key+1] {
				s.wayHits = append(s.wayHits, hit{i, j, key, r.cost, fixStreetSpelling})
			}
			if nm.places[key] < nm.places[key+1] {
				s.placeHit = append(s.placeHit, hit{i, j, key, r.cost, fixPlaceSpelling})
			}
		}
		head = head.join(roll(pieces[k]))
	}
}

func (s *scratch) respellings(i int) []respelling {
	if s.respelt[i] == nil {
		t := s.ts.list[i]
		s.respelt[i] = s.x.words.respell(make([]respelling, 0, 4), s.ts.folded[t.at:t.end], &s.sums)
	}
	return s.respelt[i]
}

const (
	costSaintDropped = 3.5
	costSaintAdded   = 4.5
	costTypeMissing  = 3.5
	costArticle      = 0.7
	costPlacePart    = 2.0
	costPlaceTail    = 4.0
	costUnknown      = 8.0
	costFill         = 0.2
)

// idle returns the cost of taking token i for no part of any name.
func (s *scratch) idle(i int) float32 {
	w := &s.words[i]
	switch {
	case w.code || w.number:
		return 0
	case w.class != classNone:
		return costFill
	}
	return costUnknown
}

// runOf reads the tokens [from, to) as a place.
func (s *scratch) runOf(from, to int) run {
	for _, r := range s.runCache {
		if r.from == from && r.to == to {
			return r
		}
	}
	r := run{from: from, to: to}
	for i := from; i < to; i++ {
		r.idle += s.idle(i)
	}
	named := false
	for _, h := range s.placeHit {
		if h.from < from || h.to > to {
			continue
		}
		rest := h.cost
		for i := from; i < to; i++ {
			if i < h.from || i >= h.to {
				rest += s.idle(i)
			}
		}
		posts := s.x.names.placeOf[s.x.names.places[h.key]:s.x.names.places[h.key+1]]
		for _, p := range posts {
			alt := placeReading{p.entry(), rest, h.fix}
			switch p.relation() {
			case relPart, relArticle:
				alt.cost += costPlacePart
				alt.fix |= fixPlacePart
			case relTail:
				alt.cost += costPlaceTail
				alt.fix |= fixPlacePart
			default:
				named = named || h.cost == 0
			}
			r.alts = append(r.alts, alt)
		}
	}
	if named {
		r.idle = max(r.idle, float32(math.Log(float64(len(s.x.places.lon)+1)))+4)
	}
	s.runCache = append(s.runCache, r)
	return r
}

// readRuns cuts the tokens outside [from, to) and [from2, to2) into runs.
func (s *scratch) readRuns(from, to, from2, to2 int) {
	s.runs = s.runs[:0]
	start := -1
	flush := func(end int) {
		if start >= 0 {
			r := s.runOf(start, end)
			s.runs = append(s.runs, r)
		}
		start = -1
	}
	for i := range s.words {
		in := i >= from && i < to || i >= from2 && i < to2
		if in || s.words[i].code {
			flush(i)
			continue
		}
		if start >= 0 && s.ts.list[i].gap >= gapComma {
			flush(i)
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(s.words))
}

const windowLat = 2_700_000 // 30 km in degree7

const logAbsent = -3.2 // ln 0.04
const logPresent = -0.04

// weigh scores the ways that a hit may mean, given the runs.
func (s *scratch) weigh(h hit, from2, to2 int) {
	x := s.x
	s.readRuns(h.from, h.to, from2, to2)
	posts := x.names.wayOf[x.names.ways[h.key]:x.names.ways[h.key+1]]
	s.weighAbsent(h)
	placed := false
	for _, r := range s.runs {
		placed = placed || len(r.alts) > 0
	}
	if len(posts) <= 64 || !placed {
		for _, p := range posts {
			s.weighWay(h, p)
		}
		return
	}
	seen := -1
	_ = seen
	for _, r := range s.runs {
		for _, a := range r.alts {
			lat := x.places.lat[a.place]
			from := sort.Search(len(posts), func(k int) bool { return x.ways.lat[posts[k].entry()] >= lat-windowLat })
			for k := from; k < len(posts) && x.ways.lat[posts[k].entry()] <= lat+windowLat; k++ {
				s.weighWay(h, posts[k])
			}
		}
	}
}

func (s *scratch) weighWay(h hit, p posting) {
	x := s.x
	e := p.entry()
	f := found{way: e, place: noPlace, fix: h.fix, hit: h, score: logPresent - x.prior.ways - float64(h.cost)}
	switch p.relation() {
	case relPart:
		f.score -= costTypeMissing
		f.fix |= fixTypeMissing
	case relArticle:
		f.score -= costArticle
	}
	for i := range s.runs {
		r := &s.runs[i]
		best, place, fix := -float64(r.idle), noPlace, fixes(0)
		for _, a := range r.alts {
			d := flatDistance(x.ways.lon[e], x.ways.lat[e], x.places.lon[a.place], x.places.lat[a.place], float64(x.places.cosLat[a.place]))
			d = max(0, d-float64(x.ways.extent[e])/2)
			if k := x.places.logPull(a.place, d) - float64(x.ways.pull[e]); min(k, 0)-float64(a.cost) > best {
				best, place, fix = min(k, 0)-float64(a.cost), a.place, a.fix
			}
		}
		f.score += best
		if place != noPlace {
			f.place = place
			f.fix |= fix
		}
	}
	if s.out != 0 {
		f.score += s.weighOutcode(e)
	}
	if s.unit >= 0 {
		d := flatDistance(x.ways.lon[e], x.ways.lat[e], x.codes.lon[s.unit], x.codes.lat[s.unit], cosOf(x.codes.lat[s.unit]))
		f.score -= min(9, max(0, d-float64(x.ways.extent[e])-300)/300)
	}
	for i := range s.found {
		if s.found[i].way == e {
			if f.score > s.found[i].score {
				s.found[i] = f
			}
			return
		}
	}
	s.found = append(s.found, f)
}

// weighOutcode returns the logarithm of the probability that a report in way e
// names the outcode.
func (s *scratch) weighOutcode(e uint32) float64 {
	x := s.x
	if x.ways.outcode[e] == s.out {
		return -0.05
	}
	d := flatDistance(x.ways.lon[e], x.ways.lat[e], x.codes.outLon[s.out], x.codes.outLat[s.out], cosOf(x.codes.outLat[s.out]))
	over := max(0, d-float64(x.codes.outRadius[s.out])) / 1000
	return -3.5 - 1.5*over
}

// weighAbsent scores the hypothesis that the street is one that the gazetteer
// lacks.
func (s *scratch) weighAbsent(h hit) {
	x := s.x
	score := logAbsent + s.logName(h.from, h.to)
	for i := range s.runs {
		r := &s.runs[i]
		best := -float64(r.idle)
		for _, a := range r.alts {
			best = max(best, absentSize*float64(x.places.logSize[a.place])-x.prior.absent-float64(a.cost))
		}
		score += best
	}
	if s.out != 0 {
		score -= math.Log(float64(len(x.codes.out)))
	}
	s.absent = max(s.absent, score)
}

// logName returns the logarithm of the probability that a street that the
// gazetteer lacks has the name of tokens [from, to).
func (s *scratch) logName(from, to int) float64 {
	x := s.x
	if key := s.lookup(from, to); key != noKey {
		n := 0
		for _, p := range x.names.wayOf[x.names.ways[key]:x.names.ways[key+1]] {
			if p.relation() == relName {
				n++
			}
		}
		if n > 0 {
			return math.Log(float64(n)+0.5) - x.prior.ways
		}
	}
	pieces, _ := s.span(from, to)
	sum := math.Log(0.1)
	for _, p := range pieces {
		w := x.words.find(roll(p), []byte(p))
		if w != noWord && x.words.inWays[w] > 0 {
			sum += math.Log(float64(x.words.inWays[w])) - x.prior.words
		} else {
			sum -= 5 + 1.5*float64(len(p))
		}
	}
	return sum
}
