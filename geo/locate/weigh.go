package locate

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"spreewatch/geo/address"
	"spreewatch/geo/index"
)

// A found is a street, or the crossing of two, that the text may mean.
type found struct {
	way   uint32
	cross uint32 // the street that it crosses, or noWay
	place uint32 // the settlement that the text puts it in, or index.NoPlace
	score float64
	fix   fixes
	apart bool // the two streets' points lie farther apart than those of streets that meet
	// The tokens [from, to) are its name, and [from2, to2) that of the street it
	// crosses.
	from, to, from2, to2 int32
}

// A beside is what else the text says while a street is weighed: the tokens
// [from, to) name another, and that costs as much. The place named in the tokens
// half is that other's own where the street has one.
type beside struct {
	from, to int
	cost     float64
	half     [2]int
}

// windowLat and windowLon are how far from a place its streets are looked for, in
// degree7: 30 km, at 60 degrees north.
const (
	windowLat = 2_700_000
	windowLon = 5_400_000
)

// bound returns the greatest score that a way can have when it is what hit h
// means, and what all those ways share of it. It leaves the runs of the rest in
// s.runs.
func (s *scratch) bound(h *hit, o beside) (bound, base float64) {
	s.readRuns(h.from, h.to, o.from, o.to)
	base = logPresent - s.x.Prior.Ways - float64(h.cost) - s.costBefore(h) - o.cost - s.leavePlaces(o.half)
	bound = base
	for _, r := range s.runs {
		bound -= float64(r.least)
		if len(r.alts) == 0 {
			base -= float64(r.idle)
		}
	}
	return bound, base
}

// leavePlaces takes the runs that name a place in half of the tokens from s.runs,
// where a run in the other half names one too, and returns the cost of their
// other words.
func (s *scratch) leavePlaces(half [2]int) float64 {
	cost := 0.0
	inside := func(r *run) bool { return r.from >= half[0] && r.to <= half[1] }
	if half[1] > 0 && slices.ContainsFunc(s.runs, func(r *run) bool { return len(r.alts) > 0 && !inside(r) }) {
		s.runs = slices.DeleteFunc(s.runs, func(r *run) bool {
			leave := len(r.alts) > 0 && inside(r)
			if leave {
				s.settle(r)
				cost += float64(r.alts[0].cost)
			}
			return leave
		})
	}
	return cost
}

// weigh scores the ways that hit h may mean. It leaves out what cannot come
// within negligible of the best.
func (s *scratch) weigh(h *hit, o beside) {
	x := s.x
	bound, base := s.bound(h, o)
	if h.cost == 0 {
		s.weighAbsent(h.from, h.to, o)
	}
	if bound < s.best+logNegligible {
		return
	}
	placed := false
	for _, r := range s.runs {
		s.settle(r)
		placed = placed || len(r.alts) > 0
	}
	posts := x.Names.WaysOf(h.key)
	if len(posts) <= fewPosts || !placed {
		for i := range posts {
			s.weighWay(h, &posts[i], bound, base)
		}
		return
	}
	// The postings are in order of latitude: look around each place that may be
	// meant, from south to north, so that none is weighed twice.
	s.windows = s.windows[:0]
	for _, r := range s.runs {
		for k := range r.alts {
			s.windows = append(s.windows, window{r.spots[k].Lat, r.spots[k].Lon})
		}
	}
	slices.SortFunc(s.windows, func(a, b window) int { return cmp.Compare(a.lat, b.lat) })
	next := 0
	for i := range s.windows {
		lat := s.windows[i].lat
		next += sort.Search(len(posts)-next, func(k int) bool { return posts[next+k].At.Lat >= lat-windowLat })
		for ; next < len(posts); next++ {
			at := posts[next].At
			if at.Lat > s.windows[i].lat+windowLat {
				break
			}
			if s.inWindow(i, at) {
				s.weighWay(h, &posts[next], bound, base)
			}
		}
	}
}

// A window is the point of a place about which its streets are looked for.
type window struct{ lat, lon index.Degree7 }

// inWindow reports whether a point lies about any place from windows[i] on.
func (s *scratch) inWindow(i int, at index.Spot) bool {
	for _, w := range s.windows[i:] {
		if w.lat > at.Lat+windowLat {
			return false
		}
		if d := at.Lon - w.lon; -windowLon <= d && d <= windowLon {
			return true
		}
	}
	return false
}

// fewPosts is the number of postings that are weighed without looking for those
// near a place.
const fewPosts = 64

// weighWay scores one way, which is there: the logarithm of the probability that a report in it
// is written like the text. base is what all ways of the hit share, and bound the
// most that any can have.
func (s *scratch) weighWay(h *hit, p *index.Sited, bound, base float64) {
	cost, fix := relationCost(p.Posting)
	if bound-cost < s.best+logNegligible || p.Relation() == index.RelPart && !s.canLackType(h) {
		return
	}
	e := p.Entry()
	f := found{way: e, cross: noWay, place: index.NoPlace, fix: h.fix | fix, from: int32(h.from), to: int32(h.to), score: base - cost}
	for _, r := range s.runs {
		if len(r.alts) > 0 {
			s.weighRun(&f, r, p.At, noWay)
		}
	}
	s.weighCodes(&f)
	s.keep(&f)
}

// canLackType reports whether a hit may be a street's name without its type: too
// little is left of one that is respelt, and one that another type follows has
// that type.
func (s *scratch) canLackType(h *hit) bool {
	next := h.to < len(s.words) && s.words[h.to].isType && s.ts.List[h.to].Gap < address.GapBracket
	return h.cost == 0 && !next
}

// relationCost returns what a posting costs a street, and the fix that it is.
func relationCost(p index.Posting) (float64, fixes) {
	switch p.Relation() {
	case index.RelPart:
		return costTypeMissing, fixTypeMissing
	case index.RelArticle:
		return costArticle, fixArticle
	case index.RelTail:
		return costDirection, fixDirection
	}
	return 0, 0
}

// weighRun adds what a run says about a street, which is there, or about its
// crossing with street o.
func (s *scratch) weighRun(f *found, r *run, at index.Spot, o uint32) {
	x := s.x
	best, reading := r.chance, -1
	for k, spot := range r.spots {
		// Both halves of a window are asked at once, as a number below 0 wraps round.
		if uint32(at.Lat-spot.Lat+windowLat) > 2*windowLat || uint32(at.Lon-spot.Lon+windowLon) > 2*windowLon {
			continue
		}
		a := &r.alts[k]
		if a.chance <= best {
			break
		}
		v := x.Naming(f.way, a.place)
		if o != noWay {
			v = (v + x.Naming(o, a.place)) / 2
		}
		if v *= a.chance; v > best {
			best, reading = v, k
		}
	}
	if reading < 0 {
		f.score += r.logChance
		return
	}
	f.score += math.Log(best)
	f.place, f.fix = r.alts[reading].place, f.fix|r.alts[reading].fix
}

// negligible is the likelihood, as a share of the best, below which a street is
// not counted.
const negligible = 1e-4

// logNegligible is the natural logarithm of negligible.
var logNegligible = math.Log(negligible)

// costBefore returns the cost of a word right before the street that is not said
// to lead up to it: "Copper" makes another street of "Beech Close".
func (s *scratch) costBefore(h *hit) float64 {
	if !s.wordBefore(h.from) || s.inPlace(h.from-1) {
		return 0
	}
	return costBefore
}

// wordBefore reports whether a word that may be part of a name stands right before
// token i.
func (s *scratch) wordBefore(i int) bool {
	if i == 0 || s.ts.List[i].Gap >= address.GapBracket {
		return false
	}
	w := &s.words[i-1]
	return w.class == address.ClassNone && !w.number && !w.code && !w.isType
}

// inTown reports whether token i is part of the name of a settlement whose streets are
// known: "Dereham Norwich Road" names a town, "White Audley Street" none.
func (s *scratch) inTown(i int) bool {
	known := func(p index.Posting) bool { return s.x.Places.Reach[p.Entry()] > 0 }
	return slices.ContainsFunc(s.placeHits, func(h hit) bool {
		return h.from <= i && i < h.to && slices.ContainsFunc(s.x.Names.PlacesOf(h.key), known)
	})
}

// inPlace reports whether token i is part of a settlement's name.
func (s *scratch) inPlace(i int) bool {
	for k := range s.placeHits {
		if h := &s.placeHits[k]; h.from <= i && i < h.to {
			return true
		}
	}
	return false
}

// weighCodes adds what the postcode and the county named say about a street.
func (s *scratch) weighCodes(f *found) {
	if s.out != 0 {
		f.score += s.weighOutcode(f.way)
	}
	if s.areas != nil && !s.inCounty(s.x.Ways.Outcode[f.way]) {
		f.score -= outsideCounty
	}
}

// outsideCounty is the natural logarithm of how much rarer a place is that lies
// outside the county that the text names.
const outsideCounty = 14.0

// weighOutcode returns the logarithm of the probability that a report in way e
// names the postcode, or as much of one as the text has: the outcode of the
// nearest unit, or that of the settlement, which differ near a district's edge.
func (s *scratch) weighOutcode(e uint32) float64 {
	w, c := &s.x.Ways, &s.x.Codes
	if s.unit >= 0 {
		d := index.FlatDistance(w.Lon[e], w.Lat[e], c.Lon[s.unit], c.Lat[s.unit], index.CosOf(c.Lat[s.unit]))
		return -min(mostUnitCost, max(0, d-float64(w.Extent[e])-300)/300)
	}
	homes := uint16(0)
	if w.Home[e] != index.NoPlace {
		homes = s.x.Places.Outcode[w.Home[e]]
	}
	own, home := w.Outcode[e] == s.out, homes == s.out
	switch {
	case own && home:
		return -0.05
	case own:
		return -0.5
	case home:
		return -0.7
	}
	d := index.FlatDistance(w.Lon[e], w.Lat[e], c.OutLon[s.out], c.OutLat[s.out], index.CosOf(c.OutLat[s.out]))
	if w.Outcode[e] == 0 && homes == 0 { // no unit near it is known: that says nothing against it
		return -0.7 - 1.5*max(0, d-max(float64(c.OutRadius[s.out]), outcodeRadiusM))/1000
	}
	return -4.5 - 1.5*max(0, d-float64(c.OutRadius[s.out]))/1000
}

// mostUnitCost is minus the natural logarithm of the probability that a report names
// the postcode of somewhere else.
const mostUnitCost = 12

const (
	logAbsent  = -2.7  // ln 0.067: one report in 15 names a street that the gazetteer lacks
	logPresent = -0.07 // ln 0.933
)

// weighAbsent scores the account that the gazetteer lacks the street, and that
// tokens [from, to) are its name.
func (s *scratch) weighAbsent(from, to int, o beside) {
	x := s.x
	span := [3]int{from, to, o.from}
	if slices.Contains(s.unnamed, span) {
		return
	}
	s.unnamed = append(s.unnamed, span)
	name, codes := logAbsent+s.logName(from, to)-o.cost, 0.0
	if s.out != 0 {
		codes = x.Prior.Codes
	}
	most := name
	for _, r := range s.runs {
		most += max(-float64(r.idle), x.Prior.MostAbsent-x.Prior.Absent-float64(r.least))
	}
	if most-codes <= s.absent {
		return
	}
	score := name
	for _, r := range s.runs {
		s.settle(r)
		score += r.absent
	}
	s.absent = max(s.absent, score-codes)
}

// logName returns the logarithm of the probability that a street that the
// gazetteer lacks has the name of tokens [from, to): its share of the streets
// that the gazetteer has, or that of its words.
func (s *scratch) logName(from, to int) float64 {
	x := s.x
	words := 0.0
	for k := from; k < to; k++ {
		w := &s.words[k]
		if s.isLast(k, from, to) {
			words += s.logWord(x.Words.Find(w.lastRoll.Sum), w.last)
		} else {
			words += s.logWord(w.known, w.inner)
		}
	}
	key := x.Names.Find(s.span(from, to).Sum)
	if key == index.NoKey {
		return words
	}
	n := x.Names.Named(key)
	if n == 0 {
		return words
	}
	// Of names seen n times, a new street has one about n − 0.75 times as often
	// as a name seen once more (absolute discounting, Ney et al. 1994).
	return max(words, math.Log(float64(n)-0.75)-x.Prior.Ways)
}

// logWord returns the logarithm of the probability of a word, of the number known
// in the vocabulary, in a name that the gazetteer lacks.
func (s *scratch) logWord(known uint32, word string) float64 {
	x := s.x
	if known != index.NoWord && x.Words.InWays[known] > 0 {
		return float64(x.Words.LogWays[known]) - x.Prior.Words - 0.3
	}
	return -1.4 - float64(min(14, 8+x.Letters.Word(word)/4))
}

// absentSpans weighs the accounts in which the street's name is what stands
// before the first comma, or up to the first street type.
func (s *scratch) absentSpans() {
	from := 0
	for from < len(s.words) && (s.words[from].class != address.ClassNone || s.words[from].number || s.words[from].code) {
		from++
	}
	to, named := from, false
	for to < len(s.words) && s.joined(from, to+1) && (to == from || s.ts.List[to].Gap < address.GapBracket) {
		to++
		named = named || !s.words[to-1].isType
		if s.words[to-1].isType && named {
			s.readRuns(from, to, 0, 0)
			s.weighAbsent(from, to, beside{})
		}
	}
	if named {
		s.readRuns(from, to, 0, 0)
		s.weighAbsent(from, to, beside{})
	}
}
