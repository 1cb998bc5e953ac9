package geo

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// DefaultMinConfidence is the confidence below which a match should be looked at
// by a person.
const DefaultMinConfidence = 0.95

// apartM is the distance in metres beyond which two candidates are two answers.
const apartM = 500

// Match finds where the text is.
func (x *Index) Match(text string, ctx Context) Match {
	s := x.scratch.Get().(*scratch)
	defer x.scratch.Put(s)
	s.read(text)
	return s.answer(ctx)
}

// MatchAddress finds where the address is.
func (x *Index) MatchAddress(a Address, ctx Context) Match { return x.Match(a.String(), ctx) }

// answer decides what the text that was read means.
func (s *scratch) answer(ctx Context) Match {
	if len(s.words) == 0 || s.saysNothing() {
		return Match{}
	}
	s.exactHits()
	for {
		if m, ok := s.junction(ctx); ok {
			return m
		}
		s.weighAll()
		if s.slipped || !s.unsure() {
			return s.decide(ctx)
		}
		s.slipped = true
		s.slippedHits()
		s.runCache = s.runCache[:0]
	}
}

// weighAll weighs every street span that is not part of a longer one.
func (s *scratch) weighAll() {
	s.seen, s.absent = s.seen[:0], math.Inf(-1)
	for _, h := range s.wayHits {
		if !s.overshadowed(h) {
			s.weigh(h, 0, 0)
		}
	}
	s.absentSpans()
	slices.SortFunc(s.seen, compareFound)
}

// overshadowed reports whether a longer span reads as a street at no more cost.
func (s *scratch) overshadowed(h hit) bool {
	return slices.ContainsFunc(s.wayHits, func(o hit) bool {
		return o.from <= h.from && o.to >= h.to && o.to-o.from > h.to-h.from && o.cost <= h.cost
	})
}

// unsure reports whether a correction could give a better answer: no street
// stands out against the chance that the gazetteer lacks it, its type is
// missing, or words are left over.
func (s *scratch) unsure() bool {
	if len(s.seen) == 0 {
		return true
	}
	best := &s.seen[0]
	return best.score < s.absent+3 || best.fix&fixTypeMissing != 0 || s.leftOver(best) > 4
}

// leftOver returns the cost of the words that belong neither to the street nor
// to its place.
func (s *scratch) leftOver(f *found) float32 {
	s.readRuns(f.hit.from, f.hit.to, 0, 0)
	sum := float32(0)
	for i := range s.runs {
		r := &s.runs[i]
		least := r.idle
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
func (s *scratch) decide(ctx Context) Match {
	if len(s.seen) == 0 {
		return s.fallBack()
	}
	v := s.count(s.seen)
	absent := math.Exp(s.absent - s.seen[0].score)
	switch {
	case absent > v.best+v.rest:
		return s.fallBack()
	case !v.clear():
		return s.ambiguous(ctx)
	}
	return s.street(s.seen[0], v.best/(v.best+v.rest+absent), "")
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
const clearOdds = 3

// clear reports whether the best street stands out.
func (v vote) clear() bool { return v.best >= clearOdds*v.second && v.best >= v.rest }

// count adds up the likelihood of streets that are in order.
func (s *scratch) count(list []found) vote {
	var v vote
	s.tally = s.tally[:0]
	for i := range list {
		f := &list[i]
		w := math.Exp(f.score - list[0].score)
		if w < negligible {
			break
		}
		if s.x.together(list[0].way, f.way) {
			v.best += w
			continue
		}
		v.rest += w
		k := slices.IndexFunc(s.tally, func(t share) bool { return t.street == s.x.ways.street[f.way] })
		if k < 0 {
			k = len(s.tally)
			s.tally = append(s.tally, share{street: s.x.ways.street[f.way]})
		}
		s.tally[k].weight += w
		v.second = max(v.second, s.tally[k].weight)
	}
	return v
}

// A share is what one street holds of the likelihood.
type share struct {
	street uint32
	weight float64
}

// negligible is the likelihood, as a share of the best, below which a street is
// not counted.
const negligible = 1e-6

// together reports whether two ways are near enough to be one answer.
func (x *Index) together(a, b uint32) bool {
	t := &x.ways
	return t.street[a] == t.street[b] || flatDistance(t.lon[a], t.lat[a], t.lon[b], t.lat[b], cosOf(t.lat[a])) <= apartM
}

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
	return Match{
		Level: LevelStreet, Point: point7(t.lon[f.way], t.lat[f.way]), RadiusM: s.radius(f.way, f.score),
		Confidence: confidence, Name: s.x.strings.at(t.name[f.way]), Locality: s.x.strings.at(t.locality[f.way]),
		Rule: rule + broke, Corrections: f.fix.list(), Source: s.x.strings.at(t.source[f.way]),
		Candidates: s.candidates(f.way),
	}
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
		total += math.Exp(f.score - s.seen[0].score)
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
			Name: s.x.strings.at(t.name[f.way]), Locality: s.x.strings.at(t.locality[f.way]),
			Point: point7(t.lon[f.way], t.lat[f.way]), RadiusM: max(float64(t.extent[f.way]), streetRadiusM),
			Confidence: share, Source: s.x.strings.at(t.source[f.way]),
		})
	}
	return out
}

// ambiguous lets the context choose, or says that nothing chose.
func (s *scratch) ambiguous(ctx Context) Match {
	t := &s.x.ways
	if len(ctx.Area) > 0 {
		inside := s.chosen[:0]
		for _, f := range s.seen {
			p := point7(t.lon[f.way], t.lat[f.way])
			if slices.ContainsFunc(ctx.Area, func(b orb.Bound) bool { return b.Contains(p) }) {
				inside = append(inside, f)
			}
		}
		s.chosen = inside
		if v := s.count(inside); len(inside) > 0 && v.clear() {
			return s.street(inside[0], areaTrust*v.best/(v.best+v.rest), ", force area")
		}
	}
	if len(ctx.Near) > 0 {
		s.chosen = append(s.chosen[:0], s.seen...)
		for i := range s.chosen {
			f := &s.chosen[i]
			p, least := point7(t.lon[f.way], t.lat[f.way]), math.Inf(1)
			for _, q := range ctx.Near {
				least = min(least, Distance(p, q))
			}
			f.score -= least / nearM
		}
		slices.SortFunc(s.chosen, compareFound)
		if v := s.count(s.chosen); v.clear() {
			return s.street(s.chosen[0], nearTrust*v.best/(v.best+v.rest), ", same bulletin")
		}
	}
	m := Match{Level: LevelAmbiguous, Rule: "street", Candidates: s.candidates(noPlace)}
	if len(m.Candidates) > 0 {
		m.Confidence, m.Name = m.Candidates[0].Confidence, m.Candidates[0].Name
	}
	return m
}

const (
	areaTrust = 0.95  // share of ties that the force area breaks rightly
	nearTrust = 0.9   // of those that the bulletin's other reports break
	nearM     = 3000. // metres over which the chance of a report of the same bulletin falls to 1/e
)

func compareFound(a, b found) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.way, b.way))
}

// fallBack answers with the postcode, the outcode or the place.
func (s *scratch) fallBack() Match {
	x := s.x
	if s.unit >= 0 {
		c := &x.codes
		return Match{Level: LevelPostcode, Point: point7(c.lon[s.unit], c.lat[s.unit]), RadiusM: max(float64(c.extent[s.unit]), 100), Confidence: 0.98,
			Name: postcodeText(x.strings.at(c.out[c.unit[s.unit]>>13]), c.unit[s.unit]), Rule: "postcode", Source: x.strings.at(c.source[s.unit]), Candidates: s.candidates(noPlace)}
	}
	s.readRuns(0, 0, 0, 0)
	best, fix, score, total := noPlace, fixes(0), math.Inf(-1), 0.0
	for _, r := range s.runs {
		for _, a := range r.alts {
			v := float64(x.places.logSize[a.place]) - float64(a.cost)
			if v-x.prior.places < -float64(r.idle)-2 {
				continue
			}
			if v > score || v == score && a.place < best {
				best, fix, score = a.place, a.fix, v
			}
		}
	}
	for _, r := range s.runs {
		for _, a := range r.alts {
			total += math.Exp(float64(x.places.logSize[a.place]) - float64(a.cost) - score)
		}
	}
	if s.out != 0 && best == noPlace {
		c := &x.codes
		return Match{Level: LevelOutcode, Point: point7(c.outLon[s.out], c.outLat[s.out]), RadiusM: float64(c.outRadius[s.out]), Confidence: 0.98,
			Name: x.strings.at(c.out[s.out]), Rule: "outcode", Source: x.strings.at(c.outSource[s.out])}
	}
	if best == noPlace {
		return Match{}
	}
	p := &x.places
	return Match{Level: LevelPlace, Point: point7(p.lon[best], p.lat[best]), RadiusM: float64(max(p.extent[best], p.reach[best], 500)),
		Confidence: 1 / total, Name: x.strings.at(p.name[best]), Locality: x.strings.at(p.name[best]), Rule: "place",
		Corrections: fix.list(), Source: x.strings.at(p.source[best]), Candidates: s.candidates(noPlace)}
}

func postcodeText(out string, unit uint32) string {
	b := []byte(out)
	for i := range b {
		if b[i] >= 'a' {
			b[i] -= 'a' - 'A'
		}
	}
	return string(b) + " " + incodeText(unit&(1<<13-1))
}
