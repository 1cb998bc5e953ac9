package geo

import (
	"cmp"
	"math"
	"slices"
	"strings"
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
		slices.SortFunc(s.wayHits, compareHits)
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

// weighAll weighs every street span that is not part of a longer one, the most
// promising first.
func (s *scratch) weighAll() {
	s.startWeighing()
	s.promising = s.promising[:0]
	for i := range s.wayHits {
		if h := s.wayHits[i]; !s.overshadowed(i) {
			h.bound, _ = s.bound(&h, 0, 0)
			s.promising = append(s.promising, h)
		}
	}
	slices.SortFunc(s.promising, func(a, b hit) int {
		if a.bound != b.bound {
			return cmp.Compare(b.bound, a.bound)
		}
		return compareHits(a, b)
	})
	for i := range s.promising {
		s.weigh(&s.promising[i], 0, 0)
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
	if !slices.IsSortedFunc(s.seen, compareFound) {
		slices.SortFunc(s.seen, compareFound)
	}
	if len(s.promising) > 1 {
		s.dropRepeats()
	}
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
	return best.score < s.absent+3 || best.fix&fixTypeMissing != 0 || s.leftOver(best) > 4
}

// leftOver returns the cost of the words that belong neither to the street nor
// to its place.
func (s *scratch) leftOver(f *found) float32 {
	s.readRuns(int(f.from), int(f.to), 0, 0)
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
		return s.fallBack(ctx)
	}
	if s.namesAnother(&s.seen[0]) {
		return s.fallBack(ctx)
	}
	v := s.count(s.seen)
	s.readPlacesOnly()
	if len(s.placed) > 0 && s.placed[0].score-s.placed[0].rest+logPlaceOnly > s.seen[0].score+math.Log(v.best+v.rest) {
		return s.fallBack(ctx)
	}
	absent := math.Exp(s.absent - s.seen[0].score)
	switch {
	case absent > absentOdds*(v.best+v.rest):
		return s.fallBack(ctx)
	case !v.clear():
		return s.ambiguous(ctx)
	}
	return s.street(s.seen[0], v.best/(v.best+v.rest+absent), "")
}

// namesAnother reports whether the text names a street that the gazetteer lacks
// beside street f: a street type with a word before it, of which no street is
// known. That other street is the one that is meant.
func (s *scratch) namesAnother(f *found) bool {
	outside := func(i int) bool { return i < int(f.from) || i >= int(f.to) }
	for i := 1; i < len(s.words); i++ {
		w := &s.words[i]
		if !w.isType || s.ts.list[i].gap >= gapBracket || !outside(i) || !outside(i-1) || s.words[i-1].class != classNone || s.words[i-1].number ||
			wordRoles[w.last].common || buildingTypes[w.last] || w.inner == saint && i+1 < len(s.words) || s.inPlace(i) {
			continue
		}
		if !slices.ContainsFunc(s.wayHits, func(h hit) bool { return h.cost == 0 && h.from <= i-1 && h.to > i }) {
			return true
		}
	}
	return false
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

// fallBack answers with the postcode, the place or the outcode.
func (s *scratch) fallBack(ctx Context) Match {
	x := s.x
	if s.unit >= 0 {
		c, u := &x.codes, s.unit
		return Match{Level: LevelPostcode, Point: point7(c.lon[u], c.lat[u]), RadiusM: max(float64(c.extent[u]), postcodeRadiusM), Confidence: codeTrust,
			Name: postcodeText(x.strings.at(c.out[c.unit[u]>>13]), c.unit[u]), Rule: "postcode", Source: x.strings.at(c.source[u]), Candidates: s.candidates(noPlace)}
	}
	if m, ok := s.place(ctx); ok {
		return m
	}
	if s.out == 0 || x.codes.outRadius[s.out] < 0 {
		return Match{}
	}
	c := &x.codes
	m := Match{Level: LevelOutcode, Point: point7(c.outLon[s.out], c.outLat[s.out]), RadiusM: max(float64(c.outRadius[s.out]), outcodeRadiusM), Confidence: codeTrust,
		Name: strings.ToUpper(x.strings.at(c.out[s.out])), Rule: "outcode", Source: x.strings.at(c.outSource[s.out]), Candidates: s.candidates(noPlace)}
	if from, to := c.sector(s.out, s.sector); from < to {
		lon, lat, radius := middle(c.lon[from:to], c.lat[from:to])
		m.Point, m.RadiusM, m.Rule = point7(lon, lat), max(float64(radius), postcodeRadiusM), "postcode sector"
		m.Name += " " + string(rune(s.sector))
	}
	return m
}

const (
	postcodeRadiusM = 100  // of a postcode unit whose extent is not known
	outcodeRadiusM  = 2000 // of an outcode of which few points are known
	placeRadiusM    = 500  // of a place of which no street is known
	codeTrust       = 0.98 // share of the postcodes in texts that are right
)

// A placed is a settlement that the whole text may mean.
type placed struct {
	placeReading
	score float64 // but for the other runs
	rest  float64 // cost of the other runs
}

// readPlacesOnly fills s.placed with the settlements that the text may mean when
// no street is taken from it, the likeliest first.
func (s *scratch) readPlacesOnly() {
	x := s.x
	s.readRuns(0, 0, 0, 0)
	s.placed = s.placed[:0]
	idle := 0.0
	for i := range s.runs {
		idle += float64(s.runs[i].idle)
	}
	for i := range s.runs {
		r := &s.runs[i]
		for _, a := range r.alts {
			score := float64(x.places.logSize[a.place]) - x.prior.places - float64(a.cost)
			if s.out != 0 && x.places.outcode[a.place] == s.out {
				score += outcodeAgrees
			}
			if score < -float64(r.idle)-2 {
				continue
			}
			s.placed = append(s.placed, placed{a, score, idle - float64(r.idle)})
		}
	}
	slices.SortFunc(s.placed, func(a, b placed) int {
		if a.score != b.score {
			return cmp.Compare(b.score, a.score)
		}
		return cmp.Compare(a.place, b.place)
	})
}

const (
	outcodeAgrees = 3.0    // by how much, in natural logarithms, the right outcode favours a place
	placesApartM  = 5000.0 // metres beyond which two places of one name are two answers
	logPlaceOnly  = -2.3   // ln 0.1: one report in ten names a settlement and no street
)

// place answers with a settlement, or says that there are several of the name.
func (s *scratch) place(ctx Context) (Match, bool) {
	s.readPlacesOnly()
	if len(s.placed) == 0 {
		return Match{}, false
	}
	trust, broke := 1.0, ""
	best, second, rest := s.countPlaces()
	if second*clearOdds > best {
		if s.favourPlaces(ctx) {
			best, second, rest = s.countPlaces()
			trust, broke = areaTrust, ", force area"
			if len(ctx.Area) == 0 {
				trust, broke = nearTrust, ", same bulletin"
			}
		}
		if second*clearOdds > best {
			return Match{Level: LevelAmbiguous, Rule: "place", Name: s.x.strings.at(s.x.places.name[s.placed[0].place]),
				Confidence: best / (best + rest), Candidates: s.placeCandidates(best + rest)}, true
		}
	}
	x, t, p := s.x, &s.x.places, s.placed[0].place
	return Match{Level: LevelPlace, Point: point7(t.lon[p], t.lat[p]), RadiusM: float64(max(t.extent[p], t.reach[p], placeRadiusM)),
		Confidence: trust * best / (best + rest), Name: x.strings.at(t.name[p]), Locality: x.strings.at(t.name[p]), Rule: "place" + broke,
		Corrections: s.placed[0].fix.list(), Source: x.strings.at(t.source[p]), Candidates: s.candidates(noPlace)}, true
}

// countPlaces shares the likelihood between the best place, with what lies about
// it, the best of the others, and all others.
func (s *scratch) countPlaces() (best, second, rest float64) {
	t := &s.x.places
	first := s.placed[0]
	for _, p := range s.placed {
		w := math.Exp(p.score - first.score)
		if d := flatDistance(first.lon, first.lat, p.lon, p.lat, float64(t.cosLat[first.place])); d <= placesApartM {
			best = max(best, w)
		} else {
			second, rest = max(second, w), rest+w
		}
	}
	return best, second, rest
}

// favourPlaces lets the context choose between places, and reports whether there
// is any.
func (s *scratch) favourPlaces(ctx Context) bool {
	if len(ctx.Area) == 0 && len(ctx.Near) == 0 {
		return false
	}
	for i := range s.placed {
		p := &s.placed[i]
		p.score -= ctx.distrust(point7(p.lon, p.lat))
	}
	slices.SortFunc(s.placed, func(a, b placed) int {
		if a.score != b.score {
			return cmp.Compare(b.score, a.score)
		}
		return cmp.Compare(a.place, b.place)
	})
	return true
}

func (s *scratch) placeCandidates(total float64) []Candidate {
	x, t := s.x, &s.x.places
	var out []Candidate
	for _, p := range s.placed[:min(5, len(s.placed))] {
		out = append(out, Candidate{Level: LevelPlace, Name: x.strings.at(t.name[p.place]), Locality: x.strings.at(t.name[p.place]), Point: point7(p.lon, p.lat),
			RadiusM: float64(max(t.extent[p.place], t.reach[p.place], placeRadiusM)), Confidence: math.Exp(p.score-s.placed[0].score) / total,
			Source: x.strings.at(t.source[p.place])})
	}
	return out
}

func postcodeText(out string, unit uint32) string {
	return strings.ToUpper(out) + " " + incodeText(unit&(1<<13-1))
}
