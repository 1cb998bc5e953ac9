package locate

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"spreewatch/geo"
	"spreewatch/geo/address"
	"spreewatch/geo/index"
)

// fallBack answers with the postcode, the place or the outcode.
func (s *scratch) fallBack(ctx Context) geo.Match {
	x := s.x
	if s.unit >= 0 {
		c, u := &x.Codes, s.unit
		return geo.Match{Level: geo.LevelPostcode, Point: index.Point7(c.Lon[u], c.Lat[u]), RadiusM: max(float64(c.Extent[u]), postcodeRadiusM), Confidence: codeTrust * s.agreeing(),
			Name: postcodeText(x.Strings.At(c.Out[c.Unit[u]>>13]), c.Unit[u]), Rule: "postcode", Source: x.Strings.At(c.Source[u]), Candidates: s.candidates(nil)}
	}
	m, named := s.place(ctx)
	known := s.out != 0 && x.Codes.OutRadius[s.out] >= 0
	if named && (m.Level != geo.LevelAmbiguous || !known) {
		return m
	}
	if !known {
		return geo.Match{}
	}
	c := &x.Codes
	m = geo.Match{Level: geo.LevelOutcode, Point: index.Point7(c.OutLon[s.out], c.OutLat[s.out]), RadiusM: max(float64(c.OutRadius[s.out]), outcodeRadiusM), Confidence: codeTrust,
		Name: strings.ToUpper(x.Strings.At(c.Out[s.out])), Rule: "outcode", Source: x.Strings.At(c.OutSource[s.out]), Candidates: s.candidates(nil)}
	if _, far := s.townsOfCode(); far {
		m.Confidence *= halfTrust
	}
	if from, to := c.Sector(s.out, s.sector); from < to {
		lon, lat, radius := index.Middle(c.Lon[from:to], c.Lat[from:to])
		m.Point, m.RadiusM, m.Rule = index.Point7(lon, lat), max(float64(radius), postcodeRadiusM), "postcode sector"
		m.Name += " " + string(rune(s.sector))
	}
	return m
}

// agreeing returns the share of what the text may mean with which its whole postcode
// agrees. A settlement far from it, or a street that is known elsewhere alone, says that
// the postcode may be the part that is wrong.
func (s *scratch) agreeing() float64 {
	near, far := s.townsOfCode()
	switch {
	case far:
		return halfTrust
	case near, len(s.seen) == 0:
		return 1
	}
	elsewhere := 0.0
	for i := range s.seen {
		f := &s.seen[i]
		if s.weighOutcode(f.way) > -mostUnitCost {
			return 1
		}
		elsewhere += math.Exp(f.score + mostUnitCost - s.seen[0].score)
	}
	here := math.Exp(s.absent + s.x.Prior.Codes - s.seen[0].score)
	return here / (here + (1-codeTrust)*farCodes*elsewhere)
}

// townsOfCode reports whether the text names a settlement about the outcode named, and
// whether it names one, whose streets are known, to which no post goes by it.
func (s *scratch) townsOfCode() (near, far bool) {
	s.readRuns(0, 0, 0, 0)
	for _, r := range s.runs {
		s.settle(r)
		if len(r.alts) == 0 || r.alts[0].cost > costPlacePart || s.words[r.to-1].isType {
			continue
		}
		best, known := math.Inf(-1), true
		for _, a := range r.alts {
			if a.cost == r.alts[0].cost {
				best, known = max(best, s.placeOutcode(a.place)), known && s.x.Places.Reach[a.place] > 0
			}
		}
		near, far = near || best >= 0, far || known && best < -farTown
	}
	return near, far && !near
}

const (
	postcodeRadiusM = 100  // of a postcode unit whose extent is not known
	outcodeRadiusM  = 2000 // of an outcode of which few points are known
	placeRadiusM    = 500  // of a place of which no street is known
	codeTrust       = 0.98 // share of the postcodes in texts that are right
	farCodes        = 0.25 // share of the others that are not about the street: most are off by their last letters
)

// A placed is a settlement that the whole text may mean.
type placed struct {
	placeReading
	at    index.Spot
	score float64 // but for the other runs
	rest  float64 // cost of the other runs
}

// readPlacesOnly fills s.placed with the settlements that the text may mean when
// no street is taken from it, in no order.
func (s *scratch) readPlacesOnly() {
	x := s.x
	s.readRuns(0, 0, 0, 0)
	s.placed = s.placed[:0]
	idle := 0.0
	for _, r := range s.runs {
		s.settle(r)
		idle += float64(r.idle)
	}
	for _, r := range s.runs {
		for k, a := range r.alts {
			score := float64(a.logSize) - x.Prior.Places - float64(a.cost)
			score += s.placeOutcode(a.place)
			if !s.inCounty(x.Places.Outcode[a.place]) {
				continue
			}
			if score < -float64(r.idle)-2 {
				continue
			}
			s.placed = append(s.placed, placed{a, r.spots[k], score, idle - float64(r.idle)})
		}
	}
}

// sortPlaces puts s.placed in order, the likeliest first.
func (s *scratch) sortPlaces() {
	slices.SortFunc(s.placed, func(a, b placed) int { return comparePlaced(&a, &b) })
}

func comparePlaced(a, b *placed) int {
	if a.score != b.score {
		return cmp.Compare(b.score, a.score)
	}
	return cmp.Compare(a.place, b.place)
}

// likeliestPlace returns the settlement that comes first in order, or nil.
func (s *scratch) likeliestPlace() *placed {
	var best *placed
	for i := range s.placed {
		if p := &s.placed[i]; best == nil || comparePlaced(p, best) < 0 {
			best = p
		}
	}
	return best
}

// placeOutcode returns by how much, in natural logarithms, the outcode that the
// text names favours place p. One from elsewhere says that another place is
// meant.
func (s *scratch) placeOutcode(p uint32) float64 {
	c, t := &s.x.Codes, &s.x.Places
	switch {
	case s.out == 0:
		return 0
	case t.Outcode[p] == s.out:
		return outcodeAgrees
	}
	d := index.FlatDistance(t.Lon[p], t.Lat[p], c.OutLon[s.out], c.OutLat[s.out], index.CosOf(c.OutLat[s.out]))
	return -max(0, d-float64(c.OutRadius[s.out])-placesApartM) / 1000
}

const (
	farTown       = 20.0   // of placeOutcode: a post town is nearer, 25 km from the edge of an outcode
	outcodeAgrees = 3.0    // by how much, in natural logarithms, the right outcode favours a place
	placesApartM  = 5000.0 // metres beyond which two places of one name are two answers
	logPlaceOnly  = -2.3   // ln 0.1: one report in ten names a settlement and no street
)

// place answers with a settlement, or says that there are several of the name.
func (s *scratch) place(ctx Context) (geo.Match, bool) {
	s.readPlacesOnly()
	if len(s.placed) == 0 {
		return geo.Match{}, false
	}
	s.sortPlaces()
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
			return geo.Match{Level: geo.LevelAmbiguous, Rule: "place", Name: s.x.Strings.At(s.x.Places.Name[s.placed[0].place]),
				Confidence: best / (best + rest), Candidates: s.placeCandidates(best + rest)}, true
		}
	}
	x, t, p := s.x, &s.x.Places, s.placed[0].place
	if s.placed[0].rest+float64(s.placed[0].cost) > leftOverCost {
		trust *= halfTrust // the text says more than the place, or means another
	} else {
		trust *= s.noStreet()
	}
	return geo.Match{Level: geo.LevelPlace, Point: index.Point7(t.Lon[p], t.Lat[p]), RadiusM: float64(max(t.Extent[p], t.Reach[p], placeRadiusM)),
		Confidence: trust * best / (best + rest), Name: x.Strings.At(t.Name[p]), Locality: x.Strings.At(t.Name[p]), Rule: "place" + broke,
		Corrections: s.placed[0].fix.list(), Source: x.Strings.At(t.Source[p]), Candidates: s.candidates(nil)}, true
}

// placeScore returns the logarithm of the probability of a text that means placed
// settlement p and no street.
func (p *placed) placeScore() float64 { return p.score - p.rest + logPlaceOnly }

// settlement returns how likely it is that the text means settlement p and no
// street, as a multiple of street f: one of the same name, elsewhere.
func (s *scratch) settlement(f *found, p *placed) float64 {
	if p == nil || s.inside(f.way, p.place) {
		return 0
	}
	return math.Exp(p.placeScore() - f.score)
}

// noStreet returns the share of settlement placed[0] in what the text may mean,
// beside the streets of the same name elsewhere.
func (s *scratch) noStreet() float64 {
	streets := 0.0
	for i := range s.seen {
		if f := &s.seen[i]; !s.inside(f.way, s.placed[0].place) {
			streets += math.Exp(f.score - s.placed[0].placeScore())
		}
	}
	return 1 / (1 + streets)
}

// inside reports whether a way lies in settlement p.
func (s *scratch) inside(way, p uint32) bool {
	w, t := &s.x.Ways, &s.x.Places
	d := index.FlatDistance(w.Lon[way], w.Lat[way], t.Lon[p], t.Lat[p], float64(t.CosLat[p]))
	return d <= float64(max(t.Extent[p], t.Reach[p], placeRadiusM))
}

// countPlaces shares the likelihood between the best place, with what lies about
// it, the best of the others, and all others.
func (s *scratch) countPlaces() (best, second, rest float64) {
	t := &s.x.Places
	first := s.placed[0]
	for _, p := range s.placed {
		w := math.Exp(p.score - first.score)
		if d := index.FlatDistance(first.at.Lon, first.at.Lat, p.at.Lon, p.at.Lat, float64(t.CosLat[first.place])); d <= placesApartM {
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
		p.score -= ctx.distrust(index.Point7(p.at.Lon, p.at.Lat))
	}
	s.sortPlaces()
	return true
}

func (s *scratch) placeCandidates(total float64) []geo.Candidate {
	x, t := s.x, &s.x.Places
	var out []geo.Candidate
	for _, p := range s.placed[:min(5, len(s.placed))] {
		out = append(out, geo.Candidate{Level: geo.LevelPlace, Name: x.Strings.At(t.Name[p.place]), Locality: x.Strings.At(t.Name[p.place]), Point: index.Point7(p.at.Lon, p.at.Lat),
			RadiusM: float64(max(t.Extent[p.place], t.Reach[p.place], placeRadiusM)), Confidence: math.Exp(p.score-s.placed[0].score) / total,
			Source: x.Strings.At(t.Source[p.place])})
	}
	return out
}

func postcodeText(out string, unit uint32) string {
	return strings.ToUpper(out) + " " + address.IncodeText(unit&(1<<13-1))
}
