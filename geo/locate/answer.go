package locate

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"

	"spreewatch/geo"
	"spreewatch/geo/address"
	"spreewatch/geo/index"
)

// DefaultMinConfidence is the confidence below which a match should be looked at
// by a person.
const DefaultMinConfidence = 0.95

// A Locator finds where texts are, by one index. It may be used by many goroutines
// at once.
type Locator struct {
	index   *index.Index
	scratch sync.Pool
}

// New returns a locator on the index.
func New(x *index.Index) *Locator {
	l := &Locator{index: x}
	l.scratch.New = func() any { return &scratch{x: x} }
	return l
}

// Len returns the number of entries of each kind in the index (see Index.Len).
func (l *Locator) Len() (ways, places, postcodes int) { return l.index.Len() }

// Match finds where the text is.
func (l *Locator) Match(text string, ctx Context) geo.Match {
	s := l.scratch.Get().(*scratch)
	defer l.scratch.Put(s)
	s.read(text)
	m := s.answer(ctx)
	if m.Level == geo.LevelNone && m.Rule == "" {
		m.Rule = "nothing of the name"
	}
	return m
}

// answer decides what the text that was read means.
func (s *scratch) answer(ctx Context) geo.Match {
	if len(s.words) == 0 || s.saysNothing() {
		return geo.Match{Rule: "names no place"}
	}
	if s.figures {
		if m, ok := s.gridRef(); ok {
			return m
		}
	}
	s.exactHits()
	if address.OnlyCounty(&s.ts) && !slices.ContainsFunc(s.placeHits, func(h hit) bool { return h.from == 0 && h.to == len(s.words) && s.names(&h) }) {
		return geo.Match{Rule: "names a county"}
	}
	for {
		slices.SortFunc(s.wayHits, compareHits)
		promise := s.findPromising()
		if s.slipped || promise {
			s.weighAll()
			if s.slipped || !s.unsure() {
				return s.decide(ctx)
			}
		}
		s.slipped = true
		places := len(s.placeHits)
		s.slippedHits()
		s.keepRuns(places)
	}
}

// findPromising fills s.promising with every street span that is not part of a
// longer one, the most promising first. It reports whether weighing them could
// leave the text sure: it cannot where each leaves words over, and those that
// misspelt names leave are beside the commonest streets.
func (s *scratch) findPromising() bool {
	s.promising = s.promising[:0]
	promise := len(s.joints) > 0
	for i := range s.wayHits {
		if h := s.wayHits[i]; !s.overshadowed(i) {
			h.bound, _ = s.bound(&h, beside{})
			s.promising = append(s.promising, h)
			over := float32(0)
			for _, r := range s.runs {
				over += r.least
			}
			promise = promise || over <= leftOverCost
		}
	}
	slices.SortFunc(s.promising, func(a, b hit) int {
		if a.bound != b.bound {
			return cmp.Compare(b.bound, a.bound)
		}
		return compareHits(a, b)
	})
	return promise
}

// weighAll weighs the street spans in s.promising, and what the two sides of each
// joint may mean together.
func (s *scratch) weighAll() {
	s.startWeighing()
	s.weighJoints()
	for i := range s.promising {
		s.weigh(&s.promising[i], beside{})
	}
	s.absentSpans()
	s.sortSeen()
}

func (s *scratch) startWeighing() {
	s.seen, s.unnamed = s.seen[:0], s.unnamed[:0]
	s.absent, s.best = math.Inf(-1), math.Inf(-1)
}

// compareHits puts the likelier hits first.
func compareHits(a, b hit) int {
	if a.cost != b.cost {
		return cmp.Compare(a.cost, b.cost)
	}
	return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to), cmp.Compare(a.key, b.key), cmp.Compare(a.fix, b.fix))
}

// sortSeen puts the streets found in order, the best first, each once.
func (s *scratch) sortSeen() {
	kept := s.seen[:0]
	for i := range s.seen {
		if s.seen[i].score >= s.best+logNegligible {
			kept = append(kept, s.seen[i])
		}
	}
	s.seen = kept
	// What one name without a place gave is in order already.
	s.sortFound(s.seen)
	switch {
	case len(s.joints) > 0:
		s.dropSamePairs()
	case len(s.promising) > 1:
		s.dropRepeats()
	}
}

// sortFound puts streets in order, the best first. It moves their ranks about and
// not the streets, which are large.
func (s *scratch) sortFound(list []found) {
	sorted := slices.IsSortedFunc(list, func(a, b found) int { return compareFound(&a, &b) })
	if sorted {
		return
	}
	s.ranks = s.ranks[:0]
	for i := range list {
		s.ranks = append(s.ranks, rank{list[i].score, list[i].way, uint32(i)})
	}
	slices.SortFunc(s.ranks, func(a, b rank) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		case a.way != b.way:
			return cmp.Compare(a.way, b.way)
		}
		return cmp.Or(compareFound(&list[a.at], &list[b.at]), cmp.Compare(a.at, b.at))
	})
	s.unsorted = append(s.unsorted[:0], list...)
	for i, r := range s.ranks {
		list[i] = s.unsorted[r.at]
	}
}

// A rank stands for a street while streets are put in order.
type rank struct {
	score float64
	way   uint32
	at    uint32 // in the list that is not in order
}

// dropRepeats keeps the better of two accounts of the same way.
func (s *scratch) dropRepeats() {
	s.order = s.order[:0]
	for i := range s.seen {
		s.order = append(s.order, uint64(s.seen[i].way)<<32|uint64(i))
	}
	slices.Sort(s.order)
	repeat := false
	for i := 1; i < len(s.order); i++ {
		if s.order[i]>>32 == s.order[i-1]>>32 {
			s.seen[uint32(s.order[i])].score, repeat = math.Inf(-1), true
		}
	}
	if repeat {
		s.seen = slices.DeleteFunc(s.seen, func(f found) bool { return math.IsInf(f.score, -1) })
	}
}

// overshadowed reports whether a longer span reads as a street at no more cost
// than hit i. The hits are in order of cost.
func (s *scratch) overshadowed(i int) bool {
	h := &s.wayHits[i]
	for k := range s.wayHits {
		o := &s.wayHits[k]
		if o.cost > h.cost {
			break
		}
		if o.from <= h.from && o.to >= h.to && o.to-o.from > h.to-h.from {
			return true
		}
	}
	return false
}

// unsure reports whether a correction could give a better answer: no street
// stands out against the chance that the gazetteer lacks it, its type is
// missing, or words are left over.
func (s *scratch) unsure() bool {
	if len(s.seen) == 0 {
		return true
	}
	best := &s.seen[0]
	return best.score < s.absent+3 || best.fix&fixTypeMissing != 0 || s.leftOver(best) > leftOverCost
}

// leftOverCost is the cost of words left over that a text has by chance.
const leftOverCost = 4

// leftOver returns the cost of the words that belong neither to the street nor
// to its place.
func (s *scratch) leftOver(f *found) float32 {
	s.readRuns(int(f.from), int(f.to), int(f.from2), int(f.to2))
	sum := float32(0)
	for _, r := range s.runs {
		least := r.idle
		s.settle(r)
		for _, a := range r.alts {
			if a.place == f.place {
				least = min(least, a.cost)
			}
		}
		sum += least
	}
	return sum
}

// decide turns the scores into a match.
func (s *scratch) decide(ctx Context) geo.Match {
	if len(s.seen) == 0 {
		return s.fallBack(ctx)
	}
	if s.namesAnother(&s.seen[0]) {
		return s.fallBack(ctx)
	}
	v := s.count(s.seen)
	s.readPlacesOnly()
	place := s.likeliestPlace()
	if place != nil && place.placeScore() > s.seen[0].score+math.Log(v.best+v.rest) {
		return s.fallBack(ctx)
	}
	absent, other := math.Exp(s.absent-s.seen[0].score), s.otherHalf()
	s.standing = s.stands(&s.seen[0])
	switch {
	case absent > absentOdds*(v.best+v.rest), s.standing == index.Elsewhere:
		return s.fallBack(ctx)
	case other > 0 && (v.clear() || s.seen[0].place != index.NoPlace):
		return s.twoAddresses(other)
	case !v.clear():
		return s.ambiguous(ctx)
	}
	return s.street(s.seen[0], v.best/(v.best+v.rest+absent+s.settlement(&s.seen[0], place)), "")
}

// namesAnother reports whether the text names a street that the gazetteer lacks
// beside street f: a street type with a word before it, of which no street is
// known. That other street is the one that is meant, but where the two are said
// to meet.
func (s *scratch) namesAnother(f *found) bool {
	outside := func(i int) bool {
		return (i < int(f.from) || i >= int(f.to)) && (i < int(f.from2) || i >= int(f.to2))
	}
	for i := 1; i < len(s.words); i++ {
		w := &s.words[i]
		if !w.isType || s.ts.List[i].Gap >= address.GapBracket || !outside(i) || !outside(i-1) || s.words[i-1].class != address.ClassNone || s.words[i-1].number ||
			s.acrossJoint(f, i) || address.WordRoles[w.last].Common || address.BuildingTypes[w.last] || w.inner == index.Saint && i+1 < len(s.words) || s.inPlace(i) {
			continue
		}
		if !slices.ContainsFunc(s.wayHits, func(h hit) bool { return h.cost == 0 && h.from <= i-1 && h.to > i }) {
			return true
		}
	}
	return false
}

// stands says how street f stands to the settlements that the text names: the
// nearest of them decides, and one that has only a part of the name is in doubt
// where another has all of it. An outcode, or no settlement, leaves it open where the
// street lies.
func (s *scratch) stands(f *found) index.Standing {
	if s.out != 0 {
		return index.Within
	}
	s.readRuns(int(f.from), int(f.to), int(f.from2), int(f.to2))
	best, named, meant := index.Elsewhere, false, f.place != index.NoPlace
	for _, r := range s.runs {
		s.settle(r)
		alts := r.alts
		full := len(alts) > 0 && alts[0].cost == 0 && slices.ContainsFunc(alts, func(a placeReading) bool { return a.cost == 0 && s.around(f, a.place) })
		for _, a := range alts {
			if a.cost > 0 && full {
				meant = meant && a.place != f.place // a place hereabouts has the name in full
				continue
			}
			if a.cost > alts[0].cost+costPlacePart {
				continue
			}
			named = named || a.cost <= costPlacePart
			standing := s.standsTo(f, a.place)
			if a.cost > alts[0].cost {
				standing = min(standing, index.PostTown) // another has the name in full
			}
			best = max(best, standing)
		}
	}
	switch {
	case meant:
		return max(best, min(s.standsTo(f, f.place), index.PostTown))
	case named:
		return best
	}
	return index.Within
}

// around reports whether a street of place p is looked for as far off as f.
func (s *scratch) around(f *found, p uint32) bool {
	dLat, dLon := s.x.Ways.Lat[f.way]-s.x.Places.Lat[p], s.x.Ways.Lon[f.way]-s.x.Places.Lon[p]
	return -windowLat < dLat && dLat < windowLat && -windowLon < dLon && dLon < windowLon
}

// swaps reports whether street f differs from a street of the very name that the
// text has, from any of a word that the text has, by a word that the text has before
// it, or from another that the text has as well: the one that the text names may
// be missing where it is said to be.
func (s *scratch) swaps(f *found) bool {
	switch {
	case f.cross != noWay:
		return false
	case f.fix&fixOtherWord != 0, s.namesTwo(f), s.wordBefore(int(f.from)) && !s.inTown(int(f.from)-1):
		return true
	}
	said := int(f.to - f.from)
	key := s.x.Names.Find(s.span(int(f.from), int(f.to)).Sum)
	if key == index.NoKey {
		return false
	}
	posts := s.x.Names.WaysOf(key)
	if f.fix&^fixPlaces != 0 {
		return slices.ContainsFunc(posts, func(p index.Sited) bool { return p.Relation() == index.RelName })
	}
	// "Kings Way" and "Kingsway" share a key.
	return s.wordsOf(f.way) != said &&
		slices.ContainsFunc(posts, func(p index.Sited) bool { return s.wordsOf(p.Entry()) == said })
}

// namesTwo reports whether the text names, beside street f and with nothing that joins
// the two, another of the same settlement that lies apart from it: "Mill Road Surgery,
// Church Lane".
func (s *scratch) namesTwo(f *found) bool {
	x := s.x
	return f.place != index.NoPlace && slices.ContainsFunc(s.wayHits, func(h hit) bool {
		if h.cost > 0 || h.from < int(f.to) && h.to > int(f.from) || h.to-h.from < 2 || !s.words[h.to-1].isType || s.acrossJoint(f, h.from) ||
			h.from > 0 && s.words[h.from-1].class == address.ClassNear || slices.ContainsFunc(s.placeHits, func(p hit) bool { return p.from <= h.from && h.to <= p.to }) {
			return false
		}
		there := false
		for _, p := range x.Names.WaysOf(h.key) {
			if p.Relation() != index.RelName || x.Stands(p.Entry(), f.place) != index.Within {
				continue
			}
			if x.Apart(f.way, p.Entry()) <= index.ApartM {
				return false
			}
			there = true
		}
		return there
	})
}

// wordsOf returns the number of words in the name of a way.
func (s *scratch) wordsOf(way uint32) int {
	name := s.x.Strings.At(s.x.Ways.Name[way])
	return 1 + strings.Count(name, " ") + strings.Count(name, "-")
}

// standsTo says how street f, or either of two that cross, stands to place p.
func (s *scratch) standsTo(f *found, p uint32) index.Standing {
	if f.cross == noWay {
		return s.x.Stands(f.way, p)
	}
	return max(s.x.Stands(f.way, p), s.x.Stands(f.cross, p))
}

// A vote is how the likelihood is shared by streets, as a multiple of that of the
// best entry.
type vote struct {
	best   float64 // the street of the best entry, with what lies within apartM of it
	second float64 // the best street beside it
	rest   float64 // all streets beside it
}

// clearOdds is by how much the best street must be likelier than the second to be
// taken.
const clearOdds = 2.5

// absentOdds is how likely a street must be, against the chance that the
// gazetteer lacks the one that is meant, to be named at all.
const absentOdds = 0.5

// clear reports whether the best street stands out.
func (v vote) clear() bool { return v.best >= clearOdds*v.second && v.best >= v.rest }

// count adds up the likelihood of streets that are in order.
func (s *scratch) count(list []found) vote {
	var v vote
	s.tally = s.tally[:0]
	for i := range list {
		f := &list[i]
		w := math.Exp(f.score - list[0].score)
		if w < negligible || v.rest > 100*v.best {
			break
		}
		if s.together(&list[0], f) {
			v.best += w
			continue
		}
		v.rest += w
		street, cross := s.x.Ways.Street[f.way], noWay
		if f.cross != noWay {
			cross = s.x.Ways.Street[f.cross]
		}
		k := slices.IndexFunc(s.tally, func(t share) bool { return t.street == street && t.cross == cross })
		if k < 0 {
			k = len(s.tally)
			s.tally = append(s.tally, share{street: street, cross: cross})
		}
		s.tally[k].weight += w
		v.second = max(v.second, s.tally[k].weight)
	}
	return v
}

// A share is what one street, or the crossing of two, holds of the likelihood.
type share struct {
	street, cross uint32
	weight        float64
}
