package locate

import (
	"math"
	"slices"

	"spreewatch/geo/address"
	"spreewatch/geo/index"
)

// A run is a stretch of tokens outside the street, without a comma in it, that
// may name a place.
type run struct {
	from, to  int
	idle      float32        // cost of its naming no place that has to do with the street
	least     float32        // the least of idle and the costs of alts
	chance    float64        // e to the power of −idle
	logChance float64        // the logarithm of that
	absent    float64        // the logarithm of the run's chance beside a street that the gazetteer lacks
	alts      []placeReading // by cost once they are in order
	spots     []index.Spot   // where they are, once they are in order
	names     int            // of names that the alts are of
	settled   bool           // see settle
}

// A placeReading is a settlement that a run may name.
type placeReading struct {
	place   uint32
	logSize float32
	cost    float32
	chance  float64 // e to the power of −cost
	fix     fixes
}

// order is less for a reading that comes before another: by cost, which is at least
// 0, then by place.
func (a *placeReading) order() uint64 { return uint64(math.Float32bits(a.cost))<<32 | uint64(a.place) }

// readRuns cuts the tokens outside [from, to) and [from2, to2) into runs.
func (s *scratch) readRuns(from, to, from2, to2 int) {
	s.runs = s.runs[:0]
	start := -1
	for i := range s.words {
		taken := i >= from && i < to || i >= from2 && i < to2 || s.words[i].code
		if start >= 0 && (taken || s.ts.List[i].Gap >= address.GapBracket) {
			s.runs = append(s.runs, s.runOf(start, i))
			start = -1
		}
		if start < 0 && !taken {
			start = i
		}
	}
	if start >= 0 {
		s.runs = append(s.runs, s.runOf(start, len(s.words)))
	}
}

// runOf reads tokens [from, to) as a place.
func (s *scratch) runOf(from, to int) *run {
	for _, r := range s.runCache {
		if r.from == from && r.to == to {
			return r
		}
	}
	n := len(s.runCache)
	if s.runCache = slices.Grow(s.runCache, 1)[:n+1]; s.runCache[n] == nil {
		s.runCache[n] = &run{}
	}
	r := s.runCache[n]
	*r = run{from: from, to: to, alts: r.alts[:0], spots: r.spots[:0]}
	for i := from; i < to; i++ {
		r.idle += s.words[i].idle
	}
	r.idle = min(r.idle, s.building(from, to))
	for i := range s.placeHits {
		if h := &s.placeHits[i]; h.cost == 0 && h.from >= from && h.to <= to && !s.filling(h) && s.names(h) {
			// Somebody who names a place that has nothing to do with the street could
			// have named any.
			r.idle = max(r.idle, float32(s.x.Prior.Named)+4)
			break
		}
	}
	for i := range s.placeHits {
		if h := &s.placeHits[i]; h.from >= from && h.to <= to {
			had := len(r.alts)
			if s.readPlaces(r, h); len(r.alts) > had {
				r.names++
			}
		}
	}
	r.least = r.idle
	for k := range r.alts {
		r.least = min(r.least, r.alts[k].cost)
	}
	return r
}

// keepRuns drops what was read of the tokens that a place's name lies in that was
// found since there were that many.
func (s *scratch) keepRuns(places int) {
	kept := 0
	for i, r := range s.runCache {
		if !slices.ContainsFunc(s.placeHits[places:], func(h hit) bool { return h.from >= r.from && h.to <= r.to }) {
			s.runCache[kept], s.runCache[i] = r, s.runCache[kept]
			kept++
		}
	}
	s.runCache = s.runCache[:kept]
}

// settle puts the places that a run may name in order, and notes what streets are
// weighed by. Most runs are beside streets that are not weighed at all, and are
// left as they are.
func (s *scratch) settle(r *run) {
	if r.settled {
		return
	}
	r.settled = true
	r.alts = boundAlts(r.alts, r.names > 1)
	r.chance, r.absent = math.Exp(-float64(r.idle)), -float64(r.idle)
	r.logChance = math.Log(r.chance)
	for k := range r.alts {
		a := &r.alts[k]
		if k > 0 && a.cost == r.alts[k-1].cost {
			a.chance = r.alts[k-1].chance
		} else {
			a.chance = math.Exp(-float64(a.cost))
		}
		var at index.Spot
		at, a.logSize = s.x.Size(a.place)
		r.spots = append(r.spots, at)
		r.absent = max(r.absent, s.x.Places.LogAbsent(a.place, a.logSize)-s.x.Prior.Absent-float64(a.cost))
	}
}

// building returns the cost of taking tokens [from, to) for the name of a house or a
// business before the street: a part by itself, with no street type in it.
func (s *scratch) building(from, to int) float32 {
	if s.ts.List[from].Gap < address.GapBracket || to == len(s.words) || s.ts.List[to].Gap < address.GapBracket {
		return costNoName
	}
	cost := float32(costBuilding)
	for i := from; i < to; i++ {
		switch w := &s.words[i]; {
		case w.idle == costIdleType:
			return costNoName
		case w.class != address.ClassNone || w.number:
			cost += w.idle
		default:
			cost -= float32(s.logWord(w.known, w.inner))
		}
	}
	return cost
}

// filling reports whether all words of a hit mostly only lead up to a name.
func (s *scratch) filling(h *hit) bool {
	for k := h.from; k < h.to; k++ {
		if s.words[k].class == address.ClassNone {
			return false
		}
	}
	return true
}

// names reports whether a hit is some settlement's whole name.
func (s *scratch) names(h *hit) bool {
	return s.x.Names.PlacesOf(h.key)[0].Relation() == index.RelName // the best relation comes first
}

// readPlaces adds the settlements that a hit in the run may mean, where that is
// likelier than none.
func (s *scratch) readPlaces(r *run, h *hit) {
	cost := h.cost
	for k := r.from; k < r.to; k++ {
		if k < h.from || k >= h.to {
			cost += s.words[k].idle
		}
	}
	if s.filling(h) {
		cost += costFilling
	}
	if cost >= r.idle {
		return
	}
	posts := s.x.Names.PlacesOf(h.key)
	for _, p := range posts {
		if p.Relation() != index.RelName && len(posts) > maxAlts {
			break // a part of so many names says nothing
		}
		alt := placeReading{place: p.Entry(), cost: cost, fix: h.fix}
		switch p.Relation() {
		case index.RelPart, index.RelArticle:
			alt.cost, alt.fix = alt.cost+costPlacePart, alt.fix|fixPlacePart
		case index.RelTail:
			alt.cost, alt.fix = alt.cost+costPlaceTail, alt.fix|fixPlacePart
		}
		if alt.cost < r.idle {
			r.alts = append(r.alts, alt)
		}
	}
}

// maxAlts is the number of settlements that one run is read as.
const maxAlts = 64

// boundAlts puts the readings in order, the likeliest and of equals the lowest
// place first, keeps the best of each place where there are repeats, and drops
// what is past maxAlts.
func boundAlts(alts []placeReading, repeats bool) []placeReading {
	if !repeats {
		return alts[:min(len(alts), maxAlts)] // the index has those of one name in order
	}
	slices.SortFunc(alts, func(a, b placeReading) int {
		switch p, q := a.order(), b.order(); {
		case p < q:
			return -1
		case p > q:
			return 1
		}
		return 0
	})
	kept := alts[:0]
	for _, a := range alts {
		if len(kept) == maxAlts {
			break
		}
		k := 0
		for k < len(kept) && kept[k].place != a.place {
			k++
		}
		if k == len(kept) {
			kept = append(kept, a)
		}
	}
	return kept
}
