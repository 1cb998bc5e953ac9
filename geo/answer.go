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

// answer decides what the text that was read means.
func (s *scratch) answer(ctx Context) Match {
	if len(s.words) == 0 {
		return Match{}
	}
	s.exactHits()
	if m, ok := s.junction(ctx); ok {
		return m
	}
	s.weighAll()
	if s.unsure() {
		s.slippedHits()
		s.runCache, s.found, s.absent = s.runCache[:0], s.found[:0], math.Inf(-1)
		if m, ok := s.junction(ctx); ok {
			return m
		}
		s.weighAll()
	}
	return s.decide(ctx)
}

// weighAll weighs every street span that is not part of a longer one.
func (s *scratch) weighAll() {
	for _, h := range s.wayHits {
		if s.overshadowed(h) {
			continue
		}
		s.weigh(h, 0, 0)
	}
	slices.SortFunc(s.found, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.way, b.way))
	})
}

func (s *scratch) overshadowed(h hit) bool {
	for _, o := range s.wayHits {
		if o.from <= h.from && o.to >= h.to && o.to-o.from > h.to-h.from && o.cost <= h.cost {
			return true
		}
	}
	return false
}

// unsure reports whether a correction could give a better answer.
func (s *scratch) unsure() bool {
	if len(s.found) == 0 {
		return true
	}
	best := s.found[0]
	if best.score < s.absent+3 || best.fix&fixTypeMissing != 0 {
		return true
	}
	idle := float32(0)
	for i := range s.words {
		if i < best.hit.from || i >= best.hit.to {
			idle += s.idle(i)
		}
	}
	return idle > 4 && best.place == noPlace
}

// decide turns the scores into a match.
func (s *scratch) decide(ctx Context) Match {
	if len(s.found) == 0 {
		return s.fallBack(ctx, 0)
	}
	best := s.found[0]
	here, others := 0.0, 0.0
	for _, f := range s.found {
		w := math.Exp(f.score - best.score)
		if s.x.together(best.way, f.way) {
			here += w
		} else {
			others += w
		}
	}
	absent := math.Exp(s.absent - best.score)
	if absent > here+others {
		return s.fallBack(ctx, absent/(absent+here+others))
	}
	if here/(here+others) < chosenShare {
		return s.ambiguous(ctx)
	}
	return s.street(best, here/(here+others+absent), "")
}

// chosenShare is the share of the likelihood that the best of several streets
// must hold to be taken.
const chosenShare = 0.85

// together reports whether two ways are near enough to be one answer.
func (x *Index) together(a, b uint32) bool {
	t := &x.ways
	d := flatDistance(t.lon[a], t.lat[a], t.lon[b], t.lat[b], cosOf(t.lat[a]))
	if t.key[a] == t.key[b] {
		d -= float64(t.extent[a]) + float64(t.extent[b])
	}
	return d <= apartM
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
		Level: LevelStreet, Point: point7(t.lon[f.way], t.lat[f.way]), RadiusM: max(float64(t.extent[f.way]), streetRadiusM),
		Confidence: confidence, Name: s.x.strings.at(t.name[f.way]), Locality: s.x.strings.at(t.locality[f.way]),
		Rule: rule + broke, Corrections: f.fix.list(), Source: s.x.strings.at(t.source[f.way]),
		Candidates: s.candidates(f.way),
	}
}

// saintTrust is the share of streets that differ from what was asked for by a
// "St" alone and are nevertheless the ones that were meant.
const saintTrust = 0.93

// streetRadiusM is the radius of a street whose extent is not known.
const streetRadiusM = 250

// candidates returns the best answers other than way.
func (s *scratch) candidates(way uint32) []Candidate {
	var out []Candidate
	if len(s.found) == 0 {
		return nil
	}
	total := math.Exp(s.absent - s.found[0].score)
	for _, f := range s.found {
		total += math.Exp(f.score - s.found[0].score)
	}
	t := &s.x.ways
	for _, f := range s.found {
		if len(out) == 5 {
			break
		}
		share := math.Exp(f.score-s.found[0].score) / total
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
	if len(ctx.Area) > 0 {
		inside := slices.DeleteFunc(slices.Clone(s.found), func(f found) bool {
			p := point7(s.x.ways.lon[f.way], s.x.ways.lat[f.way])
			return !slices.ContainsFunc(ctx.Area, func(b orb.Bound) bool { return b.Contains(p) })
		})
		if f, share := s.chosen(inside); share >= chosenShare {
			return s.street(f, share*0.95, ", force area")
		}
	}
	if len(ctx.Near) > 0 {
		near := slices.Clone(s.found)
		for i := range near {
			p := point7(s.x.ways.lon[near[i].way], s.x.ways.lat[near[i].way])
			d := math.Inf(1)
			for _, q := range ctx.Near {
				d = min(d, Distance(p, q))
			}
			near[i].score -= d / 3000
		}
		slices.SortFunc(near, func(a, b found) int {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.way, b.way))
		})
		if f, share := s.chosen(near); share >= chosenShare {
			return s.street(f, share*0.9, ", same bulletin")
		}
	}
	m := Match{Level: LevelAmbiguous, Rule: "street", Candidates: s.candidates(noPlace)}
	if len(m.Candidates) > 0 {
		m.Confidence, m.Name = m.Candidates[0].Confidence, m.Candidates[0].Name
	}
	return m
}

// chosen returns the best of the streets and its share.
func (s *scratch) chosen(list []found) (found, float64) {
	if len(list) == 0 {
		return found{}, 0
	}
	here, all := 0.0, 0.0
	for _, f := range list {
		w := math.Exp(f.score - list[0].score)
		all += w
		if s.x.together(list[0].way, f.way) {
			here += w
		}
	}
	return list[0], here / all
}

// fallBack answers with the postcode, the outcode or the place.
func (s *scratch) fallBack(ctx Context, absent float64) Match {
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
