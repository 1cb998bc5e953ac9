package locate

import (
	"cmp"
	"math"
	"slices"

	"spreewatch/geo"
	"spreewatch/geo/address"
	"spreewatch/geo/index"
)

func (s *scratch) street(f found, confidence float64, broke string) geo.Match {
	if f.fix&(fixSaintDropped|fixSaintAdded) != 0 {
		confidence *= saintTrust
	}
	rule := "street"
	if !s.x.IsStreet(f.way) && !s.x.IsRoad(f.way) {
		rule = "landmark"
	}
	switch {
	case f.cross != noWay:
		rule = "junction"
	case s.droppedHalf():
		rule, confidence = "street of two", confidence*halfTrust
	}
	switch {
	case f.place != index.NoPlace:
		rule += "+place"
	case s.out != 0:
		rule += "+outcode"
	}
	if f.way != s.seen[0].way {
		s.standing = s.stands(&f)
	}
	if s.standing == index.PostTown {
		confidence = min(confidence, postTownTrust)
	}
	if s.swaps(&f) {
		confidence = min(confidence, swapTrust)
	}
	m := s.answerOf(&f)
	m.RadiusM += s.beside(&f)
	m.Confidence, m.Rule, m.Corrections, m.Candidates = confidence, rule+broke, f.fix.list(), s.candidates(&f)
	if f.place != index.NoPlace {
		// The report knows better than the nearest centre where the street lies.
		m.Locality = s.x.Strings.At(s.x.Places.Name[f.place])
	}
	if f.cross != noWay {
		m.Confidence *= crossingTrust
		if f.apart {
			m.Confidence *= apartTrust
		}
		return m
	}
	m.RadiusM = s.radius(&f) + s.beside(&f)
	if h, ok := s.house(&f); ok {
		houses := &s.x.Houses
		m.Level, m.Point, m.RadiusM = geo.LevelAddress, index.Point7(houses.Lon[h], houses.Lat[h]), houseRadiusM+s.beside(&f)
		m.Name, m.Source = s.x.Strings.At(houses.Number[h])+" "+m.Name, s.x.Strings.At(houses.Source[h])
		m.Rule = "house number, " + m.Rule
	}
	return m
}

// answerOf returns where a street or crossing is, and what it is called.
func (s *scratch) answerOf(f *found) geo.Match {
	t, at := &s.x.Ways, s.x.Strings.At
	m := geo.Match{Level: geo.LevelStreet, Point: index.Point7(s.spot(f)), RadiusM: s.reach(f.way),
		Name: at(t.Name[f.way]), Locality: at(t.Locality[f.way]), Source: s.sources(f)}
	if f.cross != noWay {
		share := s.nearness(f)
		m.Level, m.Name = geo.LevelJunction, m.Name+" / "+at(t.Name[f.cross])
		m.RadiusM = crossingRadiusM + min(share, 1-share)*s.x.Apart(f.way, f.cross)
	}
	return m
}

// sources names the gazetteers that have a street, that of the entry first.
func (s *scratch) sources(f *found) string {
	t := &s.x.Ways
	all := s.x.Strings.At(t.Source[f.way])
	if f.cross != noWay {
		return all
	}
	s.named = append(s.named[:0], t.Source[f.way])
	for i := range s.seen {
		o := s.seen[i].way
		if s.seen[i].cross == noWay && t.Key[o] == t.Key[f.way] && !slices.Contains(s.named, t.Source[o]) && s.x.Apart(f.way, o) <= index.ApartM && len(s.named) < mostSources {
			s.named = append(s.named, t.Source[o])
			all += "; " + s.x.Strings.At(t.Source[o])
		}
	}
	return all
}

// mostCandidates is how many an answer has at most.
const mostCandidates = 5

// mostSources is how many gazetteers an answer names.
const mostSources = 4

const (
	crossingRadiusM = 100 // of a crossing whose streets' points are the same
	houseRadiusM    = 25  // of a numbered building
	besideRadiusM   = 200 // what "near" and "off" add to a radius
)

// beside returns what the words that lead up to a street add to its radius.
func (s *scratch) beside(f *found) float64 {
	for i := int(f.from) - 1; i >= 0 && s.ts.List[i+1].Gap < address.GapBracket; i-- {
		switch s.words[i].class {
		case address.ClassNear:
			return besideRadiusM
		case address.ClassNone:
			if !s.words[i].number {
				return 0
			}
		}
	}
	return 0
}

// house finds the building whose number stands right before the street.
func (s *scratch) house(f *found) (int, bool) {
	i := int(f.from) - 1
	if i < 0 || !s.words[i].number {
		return 0, false
	}
	x, h := s.x, &s.x.Houses
	t := &x.Ways
	from, _ := slices.BinarySearch(h.Key, t.Key[f.way])
	best, least := -1, math.Inf(1)
	for k := from; k < len(h.Key) && h.Key[k] == t.Key[f.way]; k++ {
		if x.Strings.At(h.Number[k]) != s.words[i].inner {
			continue
		}
		d := index.FlatDistance(h.Lon[k], h.Lat[k], t.Lon[f.way], t.Lat[f.way], index.CosOf(h.Lat[k])) - float64(t.Extent[f.way])
		if d < least {
			best, least = k, d
		}
	}
	return best, least <= index.SameStreetM
}

// radius returns how far from way the street reaches, with those other pieces of
// it that the text may mean as well. Where a settlement is named, the whole of a
// road does not stand beside its section there.
func (s *scratch) radius(f *found) float64 {
	t, way := &s.x.Ways, f.way
	radius := s.reach(way)
	for i := range s.seen {
		o := s.seen[i].way
		whole := f.place != index.NoPlace && float64(t.Extent[o]) > wholeRoad*radius
		if t.Street[o] == t.Street[way] && s.seen[i].score > f.score-unlikelyPiece && !whole {
			radius = max(radius, index.FlatDistance(t.Lon[way], t.Lat[way], t.Lon[o], t.Lat[o], index.CosOf(t.Lat[way]))+float64(t.Extent[o]))
		}
	}
	return radius
}

// reach returns how far from its point one way reaches. The extent of a road's
// section is its own; that of a street may be that of the points known of it.
func (s *scratch) reach(way uint32) float64 {
	extent := float64(s.x.Ways.Extent[way])
	if extent > 0 && s.x.IsRoad(way) {
		return max(extent, leastExtentM)
	}
	return max(extent, streetRadiusM)
}

// wholeRoad is how many times as far as a section the whole of a road reaches at
// least.
const wholeRoad = 4

// unlikelyPiece is by how much less likely a piece of the same street must be,
// in natural logarithms, for the radius to leave it out: 20 times.
const unlikelyPiece = 3

// saintTrust is the share of streets that differ from what was asked for by a
// "St" alone and are nevertheless the ones that were meant.
const saintTrust = 0.93

// postTownTrust is how sure a rural road is that is named with the nearest town
// at most: a person should look at it.
const postTownTrust = 0.94

// swapTrust is how sure a street is at most that was found by mending a name that
// another street has as it stands, or a word that others have: "Sewell Close" is
// oftener a street that the gazetteer lacks than a slip for "Newell Close".
const swapTrust = 0.94

// streetRadiusM is the radius of a street whose extent is not known.
const streetRadiusM = 250

// candidates returns the best answers other than that one; nil stands for none.
func (s *scratch) candidates(answer *found) []geo.Candidate {
	var out []geo.Candidate
	if len(s.seen) == 0 {
		return nil
	}
	s.listed = s.listed[:0]
	total := math.Exp(s.absent - s.seen[0].score)
	for i := range s.seen {
		total += math.Exp(s.seen[i].score - s.seen[0].score)
	}
	for i := range s.seen {
		f := &s.seen[i]
		share := math.Exp(f.score-s.seen[0].score) / total
		if answer != nil && (s.together(answer, f) || share < 1e-3) {
			continue
		}
		// What several gazetteers have is one candidate, the best of them.
		if k := slices.IndexFunc(s.listed, func(i int) bool { return s.together(&s.seen[i], f) }); k >= 0 {
			out[k].Confidence += share
			continue
		}
		if len(out) == mostCandidates {
			continue
		}
		s.listed = append(s.listed, i)
		out = append(out, s.candidate(f, share))
	}
	return out
}

func (s *scratch) candidate(f *found, confidence float64) geo.Candidate {
	m := s.answerOf(f)
	return geo.Candidate{Level: m.Level, Name: m.Name, Locality: m.Locality, Point: m.Point, RadiusM: m.RadiusM, Confidence: confidence, Source: m.Source}
}

// twoAddresses says that the text gives two, the streets seen[0] and seen[other].
func (s *scratch) twoAddresses(other int) geo.Match {
	f, g := &s.seen[0], &s.seen[other]
	share := 1 / (1 + math.Exp(g.score-f.score))
	m := geo.Match{Level: geo.LevelAmbiguous, Rule: "two addresses", Confidence: share,
		Candidates: []geo.Candidate{s.candidate(f, share), s.candidate(g, 1-share)}}
	m.Name = m.Candidates[0].Name + " / " + m.Candidates[1].Name
	return m
}

// ambiguous lets the context choose, or says that nothing chose.
func (s *scratch) ambiguous(ctx Context) geo.Match {
	for _, tie := range []struct {
		ctx   Context
		trust float64
		rule  string
	}{{Context{Area: ctx.Area, Edge: ctx.Edge}, areaTrust, ", force area"}, {Context{Near: ctx.Near}, nearTrust, ", same bulletin"}} {
		if len(tie.ctx.Area) == 0 && len(tie.ctx.Near) == 0 {
			continue
		}
		s.chosen = append(s.chosen[:0], s.seen...)
		for i := range s.chosen {
			f := &s.chosen[i]
			f.score -= tie.ctx.distrust(index.Point7(s.spot(f)))
		}
		s.sortFound(s.chosen)
		if v := s.count(s.chosen); v.clear() {
			return s.street(s.chosen[0], tie.trust*v.best/(v.best+v.rest), tie.rule)
		}
	}
	m := geo.Match{Level: geo.LevelAmbiguous, Rule: "street", Candidates: s.candidates(nil)}
	if s.seen[0].cross != noWay {
		m.Rule = "junction"
	}
	if len(m.Candidates) > 0 {
		m.Confidence, m.Name = m.Candidates[0].Confidence, m.Candidates[0].Name
	}
	return m
}

const (
	areaTrust = 0.95 // share of ties that the force area breaks rightly
	nearTrust = 0.9  // of those that the bulletin's other reports break
)

func compareFound(a, b *found) int {
	if a.score != b.score {
		return cmp.Compare(b.score, a.score)
	}
	return cmp.Or(cmp.Compare(a.way, b.way), cmp.Compare(a.cross, b.cross), cmp.Compare(a.from, b.from))
}
