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
	switch {
	case f.cross != index.NoPlace:
		rule = "junction"
	case f.place != index.NoPlace:
		rule = "street+place"
	case s.out != 0:
		rule = "street+outcode"
	}
	c := s.candidate(&f)
	m := geo.Match{
		Level: c.Level, Point: c.Point, RadiusM: c.RadiusM, Confidence: confidence, Name: c.Name, Locality: c.Locality,
		Rule: rule + broke, Corrections: f.fix.list(), Source: c.Source, Candidates: s.candidates(&f),
	}
	if f.cross != index.NoPlace && s.beyond(f.way, f.cross) > meetM {
		m.Confidence *= looseTrust
	}
	if f.cross == index.NoPlace {
		m.RadiusM = s.radius(f.way, f.score) + s.beside(&f)
	}
	if f.place != index.NoPlace {
		// The report knows better than the nearest centre where the street lies.
		m.Locality = s.x.Strings.At(s.x.Places.Name[f.place])
	}
	if h, ok := s.house(&f); ok && f.cross == index.NoPlace {
		houses := &s.x.Houses
		m.Level, m.Point, m.RadiusM = geo.LevelAddress, index.Point7(houses.Lon[h], houses.Lat[h]), houseRadiusM+s.beside(&f)
		m.Name, m.Source = s.x.Strings.At(houses.Number[h])+" "+m.Name, s.x.Strings.At(houses.Source[h])
		m.Rule = "house number, " + m.Rule
	}
	return m
}

const (
	houseRadiusM  = 25  // of a numbered building
	besideRadiusM = 200 // what "near" and "off" add to a radius
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
// it that the text may mean as well.
func (s *scratch) radius(way uint32, score float64) float64 {
	t := &s.x.Ways
	radius := max(float64(t.Extent[way]), streetRadiusM)
	for i := range s.seen {
		if o := s.seen[i].way; t.Street[o] == t.Street[way] && s.seen[i].score > score-unlikelyPiece {
			radius = max(radius, index.FlatDistance(t.Lon[way], t.Lat[way], t.Lon[o], t.Lat[o], index.CosOf(t.Lat[way]))+float64(t.Extent[o]))
		}
	}
	return radius
}

// unlikelyPiece is by how much less likely a piece of the same street must be,
// in natural logarithms, for the radius to leave it out: 20 times.
const unlikelyPiece = 3

// saintTrust is the share of streets that differ from what was asked for by a
// "St" alone and are nevertheless the ones that were meant.
const saintTrust = 0.93

// streetRadiusM is the radius of a street whose extent is not known.
const streetRadiusM = 250

// candidate returns an answer as the choice that a person sees.
func (s *scratch) candidate(f *found) geo.Candidate {
	t := &s.x.Ways
	c := geo.Candidate{
		Level: geo.LevelStreet, Name: s.x.Strings.At(t.Name[f.way]), Locality: s.x.Strings.At(t.Locality[f.way]),
		Point: s.at(f), RadiusM: max(float64(t.Extent[f.way]), streetRadiusM), Source: s.x.Strings.At(t.Source[f.way]),
	}
	if f.cross != index.NoPlace {
		c.Level, c.Name = geo.LevelJunction, c.Name+" / "+s.x.Strings.At(t.Name[f.cross])
		c.RadiusM = max(s.apart(f.way, f.cross)/2+junctionRadiusM, float64(min(t.Extent[f.way], t.Extent[f.cross])))
	}
	return c
}

// looseTrust is the share of pairs of streets, whose points lie so far apart that
// it is not plain that they meet, that do.
const looseTrust = 0.8

// junctionRadiusM is added to half of what the points of two streets that meet
// lie apart.
const junctionRadiusM = 100

// candidates returns the best answers other than one; all of them where that is
// nil.
func (s *scratch) candidates(other *found) []geo.Candidate {
	var out []geo.Candidate
	if len(s.seen) == 0 {
		return nil
	}
	total := math.Exp(s.absent - s.seen[0].score)
	for _, f := range s.seen {
		if f.score == s.seen[0].score {
			total++
		} else {
			total += math.Exp(f.score - s.seen[0].score)
		}
	}
	for i := range s.seen {
		f := &s.seen[i]
		if len(out) == 5 {
			break
		}
		share := math.Exp(f.score-s.seen[0].score) / total
		if other != nil && (s.together(other, f) || share < 1e-3) {
			continue
		}
		c := s.candidate(f)
		c.Confidence = share
		out = append(out, c)
	}
	return out
}

// ambiguous lets the context choose, or says that nothing chose.
func (s *scratch) ambiguous(ctx Context) geo.Match {
	for _, tie := range []struct {
		ctx   Context
		trust float64
		rule  string
	}{{Context{Area: ctx.Area}, areaTrust, ", force area"}, {Context{Near: ctx.Near}, nearTrust, ", same bulletin"}} {
		if len(tie.ctx.Area) == 0 && len(tie.ctx.Near) == 0 {
			continue
		}
		s.chosen = append(s.chosen[:0], s.seen...)
		for i := range s.chosen {
			f := &s.chosen[i]
			f.score -= tie.ctx.distrust(s.at(f))
		}
		slices.SortFunc(s.chosen, compareFound)
		if v := s.count(s.chosen); v.clear() {
			return s.street(s.chosen[0], tie.trust*v.best/(v.best+v.rest), tie.rule)
		}
	}
	m := geo.Match{Level: geo.LevelAmbiguous, Rule: "street", Candidates: s.candidates(nil)}
	if s.seen[0].cross != index.NoPlace {
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

func compareFound(a, b found) int {
	if a.score != b.score {
		return cmp.Compare(b.score, a.score)
	}
	return cmp.Or(cmp.Compare(a.way, b.way), cmp.Compare(a.cross, b.cross))
}
