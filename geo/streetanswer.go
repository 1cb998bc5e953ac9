package geo

import (
	"cmp"
	"math"
	"slices"
)

func (s *scratch) street(f found, confidence float64, broke string) Match {
	t := &s.x.ways
	if f.fix&(fixSaintDropped|fixSaintAdded) != 0 {
		confidence *= saintTrust
	}
	rule := "street"
	switch {
	case f.place != noPlace:
		rule = "street+place"
	case s.out != 0:
		rule = "street+outcode"
	}
	m := Match{
		Level: LevelStreet, Point: point7(t.lon[f.way], t.lat[f.way]), RadiusM: s.radius(f.way, f.score) + s.beside(&f),
		Confidence: confidence, Name: s.x.strings.at(t.name[f.way]), Locality: s.x.strings.at(t.locality[f.way]),
		Rule: rule + broke, Corrections: f.fix.list(), Source: s.x.strings.at(t.source[f.way]),
		Candidates: s.candidates(f.way),
	}
	if f.place != noPlace {
		// The report knows better than the nearest centre where the street lies.
		m.Locality = s.x.strings.at(s.x.places.name[f.place])
	}
	if h, ok := s.house(&f); ok {
		houses := &s.x.houses
		m.Level, m.Point, m.RadiusM = LevelAddress, point7(houses.lon[h], houses.lat[h]), houseRadiusM+s.beside(&f)
		m.Name, m.Source = s.x.strings.at(houses.number[h])+" "+m.Name, s.x.strings.at(houses.source[h])
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
	for i := int(f.from) - 1; i >= 0 && s.ts.list[i+1].gap < gapBracket; i-- {
		switch s.words[i].class {
		case classNear:
			return besideRadiusM
		case classNone:
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
	x, h := s.x, &s.x.houses
	t := &x.ways
	from, _ := slices.BinarySearch(h.key, t.key[f.way])
	best, least := -1, math.Inf(1)
	for k := from; k < len(h.key) && h.key[k] == t.key[f.way]; k++ {
		if x.strings.at(h.number[k]) != s.words[i].inner {
			continue
		}
		d := flatDistance(h.lon[k], h.lat[k], t.lon[f.way], t.lat[f.way], cosOf(h.lat[k])) - float64(t.extent[f.way])
		if d < least {
			best, least = k, d
		}
	}
	return best, least <= sameStreetM
}

// radius returns how far from way the street reaches, with those other pieces of
// it that the text may mean as well.
func (s *scratch) radius(way uint32, score float64) float64 {
	t := &s.x.ways
	radius := max(float64(t.extent[way]), streetRadiusM)
	for i := range s.seen {
		if o := s.seen[i].way; t.street[o] == t.street[way] && s.seen[i].score > score-unlikelyPiece {
			radius = max(radius, flatDistance(t.lon[way], t.lat[way], t.lon[o], t.lat[o], cosOf(t.lat[way]))+float64(t.extent[o]))
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

// candidates returns the best answers other than way.
func (s *scratch) candidates(way uint32) []Candidate {
	var out []Candidate
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
	t := &s.x.ways
	for _, f := range s.seen {
		if len(out) == 5 {
			break
		}
		share := math.Exp(f.score-s.seen[0].score) / total
		if way != noPlace && (s.x.together(way, f.way) || share < 1e-3) {
			continue
		}
		out = append(out, Candidate{
			Level: LevelStreet, Name: s.x.strings.at(t.name[f.way]), Locality: s.x.strings.at(t.locality[f.way]),
			Point: point7(t.lon[f.way], t.lat[f.way]), RadiusM: max(float64(t.extent[f.way]), streetRadiusM),
			Confidence: share, Source: s.x.strings.at(t.source[f.way]),
		})
	}
	return out
}

// ambiguous lets the context choose, or says that nothing chose.
func (s *scratch) ambiguous(ctx Context) Match {
	t := &s.x.ways
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
			f.score -= tie.ctx.distrust(point7(t.lon[f.way], t.lat[f.way]))
		}
		slices.SortFunc(s.chosen, compareFound)
		if v := s.count(s.chosen); v.clear() {
			return s.street(s.chosen[0], tie.trust*v.best/(v.best+v.rest), tie.rule)
		}
	}
	m := Match{Level: LevelAmbiguous, Rule: "street", Candidates: s.candidates(noPlace)}
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
	return cmp.Compare(a.way, b.way)
}
