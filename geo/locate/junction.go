package locate

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"spreewatch/geo"
	"spreewatch/geo/address"
	"spreewatch/geo/index"
)

// A joint is a place in the text where two streets may be said to meet: hit a in
// the half before the words [from, to) that join them, hit b in the half after.
type joint struct {
	a, b     hit
	from, to int
}

// joints finds where two streets may be said to meet. Between the name of either
// and the words that join them stands nothing but what may name its town.
func (s *scratch) joints() []joint {
	var out []joint
	for from := 1; from < len(s.words); from++ {
		if s.words[from].class != address.ClassJoin && s.ts.List[from].Gap != address.GapSlash {
			continue
		}
		to := from
		for to < len(s.words) && s.words[to].class == address.ClassJoin {
			to++
		}
		for i, a := range s.wayHits {
			if a.to > from || s.overshadowed(i) || !s.town(a.to, from) {
				continue
			}
			for k, b := range s.wayHits {
				if b.from >= to && !s.overshadowed(k) && s.nothing(to, b.from) {
					out = append(out, joint{a, b, from, to})
				}
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// town reports whether tokens [from, to) are nothing but what may name a town.
func (s *scratch) town(from, to int) bool {
	for i := from; i < to; i++ {
		w := &s.words[i]
		if w.class == address.ClassNone && !w.number && !w.code && !s.inPlace(i) {
			return false
		}
	}
	return true
}

// nothing reports whether tokens [from, to) are house numbers and words without a
// meaning of their own.
func (s *scratch) nothing(from, to int) bool {
	for i := from; i < to; i++ {
		if !s.words[i].number && s.words[i].class == address.ClassNone {
			return false
		}
	}
	return true
}

// numbered reports whether a house number stands right before the second street:
// then the text names two addresses, and no place where streets meet.
func (j *joint) numbered(s *scratch) bool {
	i := j.b.from - 1
	return i >= j.to && s.words[i].number && !s.words[i].code
}

const (
	meetM      = 400.0  // metres within which the points of two streets that meet mostly lie, beyond their extents
	mostMeetM  = 1200.0 // beyond which they do not meet
	logMeets   = -2.3   // ln 0.1: a street meets about ten others, and which of them is not known
	logPair    = -2.5   // ln 0.08: one report in twelve names two streets
	meetFallM  = 200.0  // metres apart, beyond their extents, over which it falls to 1/e that they meet
	sureOfPair = 3.0    // natural logarithm of the odds at which no misspelling is looked for
)

// weighCrossings scores the places where the two streets of a joint meet, as the
// streets of other texts are scored. Where the best is likelier than the best
// account by one street, the crossings take the place of what was seen, and it
// reports true.
func (s *scratch) weighCrossings(joints []joint) bool {
	if len(joints) == 0 {
		return false
	}
	single, lacking := s.best, s.absent
	streets := slices.Clone(s.seen)
	var crossings []found
	absent := math.Inf(-1)
	for _, j := range joints {
		if j.numbered(s) {
			continue
		}
		left, leftAbsent := s.weighHalf(&j.a, j.half(s, false))
		right, rightAbsent := s.weighHalf(&j.b, j.half(s, true))
		if len(left) == 0 || len(right) == 0 {
			continue
		}
		absent = max(absent, logPair+max(leftAbsent+right[0].score, left[0].score+rightAbsent))
		crossings = s.cross(crossings, left, right)
	}
	slices.SortFunc(crossings, compareFound)
	if len(crossings) == 0 || crossings[0].score < max(single, lacking) {
		s.seen, s.best, s.absent = append(s.seen[:0], streets...), single, lacking
		return false
	}
	best := crossings[0].score
	s.seen, s.best, s.absent = s.seen[:0], best, absent
	for i := range crossings {
		if crossings[i].score >= best+logNegligible {
			s.seen = append(s.seen, crossings[i])
		}
	}
	return true
}

// half returns the tokens that one half of the joint leaves to the other. A town
// after either street holds for both, unless each has its own.
func (j *joint) half(s *scratch, right bool) (spoken [2]int) {
	if right {
		if s.townIn(&j.b, 0, j.to) {
			return [2]int{0, j.to}
		}
		return [2]int{0, j.a.to}
	}
	if s.townIn(&j.a, j.from, len(s.words)) {
		return [2]int{j.from, len(s.words)}
	}
	return [2]int{j.from, j.b.to}
}

// townIn reports whether a town may be named after hit h when tokens [from, to)
// are another's.
func (s *scratch) townIn(h *hit, from, to int) bool {
	s.readRuns(h.from, h.to, from, to)
	return slices.ContainsFunc(s.runs, func(r run) bool { return r.from >= h.to && len(r.alts) > 0 })
}

// weighHalf returns the streets that a hit may mean when some tokens are spoken
// for, the best first, and the score of its being one that the gazetteer lacks.
func (s *scratch) weighHalf(h *hit, spoken [2]int) ([]found, float64) {
	s.startWeighing()
	s.weigh(h, spoken[0], spoken[1])
	s.readRuns(h.from, h.to, spoken[0], spoken[1])
	s.weighAbsent(h.from, h.to)
	seen := slices.Clone(s.seen)
	slices.SortFunc(seen, compareFound)
	return seen, s.absent
}

// cross adds the pairs of streets that meet.
func (s *scratch) cross(dst, left, right []found) []found {
	t := &s.x.Ways
	byLat := slices.Clone(right)
	slices.SortFunc(byLat, func(a, b found) int { return cmp.Compare(t.Lat[a.way], t.Lat[b.way]) })
	widest := 0.0
	for i := range right {
		widest = max(widest, float64(t.Extent[right[i].way]))
	}
	for _, f := range left {
		reach := mostMeetM + float64(t.Extent[f.way]) + widest
		span := index.Degree7(reach/index.MetresPer7) + 1
		first := sort.Search(len(byLat), func(i int) bool { return t.Lat[byLat[i].way] >= t.Lat[f.way]-span })
		for _, g := range byLat[first:] {
			if t.Lat[g.way] > t.Lat[f.way]+span {
				break
			}
			if t.Street[f.way] == t.Street[g.way] {
				continue
			}
			beyond := s.beyond(f.way, g.way)
			if beyond > mostMeetM {
				continue
			}
			c := f
			c.cross, c.from2, c.to2, c.fix = g.way, g.from, g.to, f.fix|g.fix
			if c.place == index.NoPlace {
				c.place = g.place
			}
			c.score += g.score + s.x.Prior.Ways + logMeets + logPair - beyond/meetFallM
			dst = append(dst, c)
		}
	}
	return dst
}

// apart returns the distance between the points of two streets in metres.
func (s *scratch) apart(a, b uint32) float64 {
	t := &s.x.Ways
	return index.FlatDistance(t.Lon[a], t.Lat[a], t.Lon[b], t.Lat[b], index.CosOf(t.Lat[a]))
}

// beyond returns how far apart two streets lie beyond their extents, in metres.
func (s *scratch) beyond(a, b uint32) float64 {
	t := &s.x.Ways
	return max(0, s.apart(a, b)-float64(t.Extent[a])-float64(t.Extent[b]))
}

// halfTrust is how sure it is that a text is about the one of its two streets
// that is known.
const halfTrust = 0.9

// halves answers a text of two streets that are not known to meet, each by
// itself: by the one that is known, less surely than if it stood alone, or with
// both for a person to choose from.
func (s *scratch) halves(j joint, ctx Context) geo.Match {
	text, list := s.ts.Text, s.ts.List
	left, right := text[:list[j.from-1].To], text[list[j.to].From:]
	if !s.townIn(&j.a, j.from, len(s.words)) && j.b.to < len(list) {
		left += ", " + text[list[j.b.to].From:]
	}
	if !s.townIn(&j.b, 0, j.to) && j.a.to < j.from {
		right += ", " + text[list[j.a.to].From:list[j.from-1].To]
	}
	other := &scratch{x: s.x}
	answers := make([]geo.Match, 0, 2)
	for _, half := range []string{left, right} {
		other.read(half)
		answers = append(answers, other.answer(ctx))
	}
	a, b := answers[0], answers[1]
	found := func(m geo.Match) bool { return m.Level >= geo.LevelStreet }
	switch {
	case found(a) && found(b):
		m := geo.Match{Level: geo.LevelAmbiguous, Rule: "two streets that do not meet", Name: a.Name + " / " + b.Name, Confidence: max(a.Confidence, b.Confidence) / 2}
		for _, h := range answers {
			m.Candidates = append(m.Candidates, geo.Candidate{Level: h.Level, Name: h.Name, Locality: h.Locality, Point: h.Point, RadiusM: h.RadiusM,
				Confidence: h.Confidence / 2, Source: h.Source})
		}
		return m
	case found(b), !found(a) && a.Level < b.Level:
		a, b = b, a
	}
	return oneOfTwo(a)
}

// oneOfTwo returns the answer as one that leaves out half of the text: dropping a
// street never makes the other surer.
func oneOfTwo(m geo.Match) geo.Match {
	m.Confidence *= halfTrust
	if m.Rule != "" {
		m.Rule += ", one of two streets"
	}
	return m
}

// whole reports whether both names of a joint are those of streets in full.
func (s *scratch) whole(j joint) bool {
	n := &s.x.Names
	full := func(h hit) bool {
		return h.cost == 0 && slices.ContainsFunc(n.WayOf[n.Ways[h.key]:n.Ways[h.key+1]], func(p index.Posting) bool { return p.Relation() == index.RelName })
	}
	return full(j.a) && full(j.b)
}
