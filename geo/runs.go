package geo

// A run is a stretch of tokens outside the street, without a comma in it, that
// may name a place.
type run struct {
	from, to int
	idle     float32 // cost of its naming no place that has to do with the street
	alts     []placeReading
}

// A placeReading is a settlement that a run may name.
type placeReading struct {
	place uint32
	cost  float32
	fix   fixes
}

// readRuns cuts the tokens outside [from, to) and [from2, to2) into runs.
func (s *scratch) readRuns(from, to, from2, to2 int) {
	s.runs = s.runs[:0]
	start := -1
	for i := range s.words {
		taken := i >= from && i < to || i >= from2 && i < to2 || s.words[i].code
		if start >= 0 && (taken || s.ts.list[i].gap >= gapBracket) {
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
func (s *scratch) runOf(from, to int) run {
	for i := range s.runCache {
		if r := &s.runCache[i]; r.from == from && r.to == to {
			return *r
		}
	}
	var r run
	if n := len(s.runCache); n < cap(s.runCache) {
		s.runCache = s.runCache[:n+1]
		r.alts = s.runCache[n].alts[:0]
	} else {
		s.runCache = append(s.runCache, run{})
	}
	r.from, r.to = from, to
	for i := from; i < to; i++ {
		r.idle += s.words[i].idle
	}
	named := false
	for i := range s.placeHits {
		h := &s.placeHits[i]
		if h.from < from || h.to > to {
			continue
		}
		rest, filling := h.cost+r.idle, true
		for k := h.from; k < h.to; k++ {
			rest -= s.words[k].idle
			filling = filling && s.words[k].class != classNone
		}
		if filling {
			rest += costFilling
		}
		for _, p := range s.x.names.placeOf[s.x.names.places[h.key]:s.x.names.places[h.key+1]] {
			alt := placeReading{p.entry(), rest, h.fix}
			switch p.relation() {
			case relPart, relArticle:
				alt.cost, alt.fix = alt.cost+costPlacePart, alt.fix|fixPlacePart
			case relTail:
				alt.cost, alt.fix = alt.cost+costPlaceTail, alt.fix|fixPlacePart
			default:
				named = named || h.cost == 0 && !filling
			}
			r.alts = append(r.alts, alt)
		}
	}
	if named {
		// Somebody who names a place that has nothing to do with the street could
		// have named any.
		r.idle = max(r.idle, float32(s.x.prior.named)+4)
	}
	s.runCache[len(s.runCache)-1] = r
	return r
}
