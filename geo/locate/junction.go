package locate

import (
	"math"
	"slices"

	"spreewatch/geo/address"
	"spreewatch/geo/index"
)

// A joint is where a text joins two streets: the tokens [from, to) say so, such
// as "at its junction with"; none do where a slash stands between.
type joint struct {
	from, to int
	meets    bool // they are said to meet: an "and" or a slash may also list two addresses
}

// noWay stands for no street.
const noWay = ^uint32(0)

const (
	// logNeighbours is the natural logarithm of the number of streets that one
	// street meets, about six.
	logNeighbours = 1.8
	// meetM and saidToMeetM are the distances in metres within which the points of
	// two streets that meet lie, beyond their extents: of any two, and of two that
	// the text says meet, whose extents the gazetteer may not know.
	meetM       = 400
	saidToMeetM = 1500
	// meetFallM and saidToMeetFallM are the distances over which the chance that
	// they do falls to 1/e.
	meetFallM       = 200.0
	saidToMeetFallM = 500.0
	// longestMeetM bounds the extents that are counted in: somewhere along 50 km,
	// a road meets every street of the county.
	longestMeetM = 1500
	// crossingTrust is the share of crossings that are where the gazetteer has the
	// two streets nearest to each other, and apartTrust that of those whose points
	// lie more than meetM apart.
	crossingTrust = 0.99
	apartTrust    = 0.85
	// costCrossingType is what a street costs that a crossing names without its type:
	// "Mission / 5th" is how two streets that meet are said.
	costCrossingType = 1.5
	// halfTrust is the share of texts with two streets, of which one is not found,
	// whose event is on the other.
	halfTrust = 0.9
)

// readJoints fills s.joints with the places where the text joins two streets.
func (s *scratch) readJoints() {
	s.joints = s.joints[:0]
	for i := 0; i < len(s.words); {
		j := joint{from: -1}
		for ; i < len(s.words) && (s.words[i].class != address.ClassNone || s.ts.List[i].Gap == address.GapSlash); i++ {
			if s.ts.List[i].Gap == address.GapSlash {
				j.add(i, i)
			}
			if (s.words[i].inner == "at" || s.words[i].class == address.ClassNear && s.typedBefore(i)) && s.typedAfter(i) {
				j.add(i, i+1)
				j.meets = true
			}
			if s.words[i].class == address.ClassJoin {
				j.add(i, i+1)
				j.meets = j.meets || s.words[i].inner != "and"
			}
			if s.words[i].class == address.ClassNone {
				break
			}
		}
		if j.from > 0 && j.to < len(s.words) {
			s.joints = append(s.joints, j)
		}
		if j.meets && j.from > 0 {
			s.readJointAfter(j.from)
		}
		i++
	}
}

// readJointAfter notes where one of two streets right before token end may end and the
// other begin, where the text says that they meet: "Mill Road Church Lane junction".
func (s *scratch) readJointAfter(end int) {
	from := end
	for from > 0 && (s.words[from-1].class == address.ClassNone || s.words[from-1].class == address.ClassFill) && (from == end || s.ts.List[from].Gap < address.GapSlash) {
		from--
	}
	for k := from + 1; k < end; k++ {
		s.joints = append(s.joints, joint{k, k, true})
	}
}

// typedAfter reports whether a street's type follows token i before a comma: what
// a street is "at" may be another, or a settlement.
func (s *scratch) typedAfter(i int) bool {
	for k := i + 2; k < len(s.words) && s.ts.List[k].Gap < address.GapBracket; k++ {
		if s.words[k].isType {
			return true
		}
	}
	return false
}

// typedBefore reports whether a street's type stands right before token i: what is
// near another street is said to be on its own, where the two meet.
func (s *scratch) typedBefore(i int) bool {
	return i > 0 && s.words[i-1].isType && s.words[i-1].class == address.ClassNone && s.ts.List[i].Gap < address.GapSlash
}

// add lets the joint reach over tokens [from, to).
func (j *joint) add(from, to int) {
	if j.from < 0 {
		j.from = from
	}
	j.to = to
}

// weighJoints scores what the two halves about each joint may mean: the crossing
// of two streets, or one of them where the gazetteer lacks the other.
func (s *scratch) weighJoints() {
	for _, j := range s.joints {
		for i := range s.wayHits {
			a := &s.wayHits[i]
			if a.to > j.from || s.overshadowed(i) {
				continue
			}
			for k := range s.wayHits {
				b := &s.wayHits[k]
				if b.from < j.to || s.overshadowed(k) {
					continue
				}
				if !s.numbered(b, j) {
					s.weighCrossing(a, b, j)
				}
				s.weighHalf(a, b, [2]int{j.to, len(s.words)})
				s.weighHalf(b, a, [2]int{0, j.to})
			}
		}
	}
}

// numbered reports whether a house number stands before the second street: then
// the text gives two addresses, and no place where streets meet.
func (s *scratch) numbered(b *hit, j joint) bool {
	i := b.from - 1
	return i >= j.to && s.words[i].number && !s.words[i].code
}

// weighHalf scores the streets that hit h may mean when the gazetteer lacks the
// one that hit other names, in the tokens half.
func (s *scratch) weighHalf(h, other *hit, half [2]int) {
	if other.cost > 0 || !s.words[other.to-1].isType {
		return
	}
	s.weigh(h, beside{other.from, other.to, -logAbsent - s.logName(other.from, other.to), half})
}

// weighCrossing scores the crossings of the streets of two hits. A place named
// before the joint holds for the first, one named after it for both.
func (s *scratch) weighCrossing(a, b *hit, j joint) {
	x := s.x
	bound, base := s.bound(a, beside{b.from, b.to, float64(b.cost) + s.costBefore(b) + logNeighbours, [2]int{}})
	if bound < s.best+logNegligible {
		return
	}
	reach, fall := float64(meetM), meetFallM
	if j.meets {
		reach, fall = saidToMeetM, saidToMeetFallM
	}
	s.left, s.right = s.side(s.left[:0], a), s.side(s.right[:0], b)
	t := &x.Ways
	widest := (reach + 2*longestMeetM) / index.MetresPer7
	from := 0
	for _, l := range s.left {
		p, e := l.Posting, l.Entry()
		for from < len(s.right) && float64(s.right[from].At.Lat) < float64(l.At.Lat)-widest {
			from++
		}
		widestLon := widest / max(index.CosOf(l.At.Lat)-0.001, 0.01)
		for _, r := range s.right[from:] {
			if float64(r.At.Lat) > float64(l.At.Lat)+widest {
				break
			}
			q, o := r.Posting, r.Entry()
			if dLon := float64(r.At.Lon) - float64(l.At.Lon); dLon > widestLon || dLon < -widestLon || e == o && j.meets {
				continue
			}
			d, near := x.Apart(e, o), min(float64(t.Extent[e]), longestMeetM)+min(float64(t.Extent[o]), longestMeetM)
			if d > reach+near {
				continue
			}
			f := found{way: e, cross: o, place: index.NoPlace, score: base - d/(fall+near/2), fix: a.fix | b.fix,
				from: int32(a.from), to: int32(a.to), from2: int32(b.from), to2: int32(b.to), apart: d > meetM+near}
			if e == o { // the two names of one street
				f.cross, f.score = noWay, f.score+logNeighbours
			}
			for _, post := range [...]index.Posting{p, q} {
				cost, fix := relationCost(post)
				if post.Relation() == index.RelPart {
					cost = costCrossingType
				}
				f.score, f.fix = f.score-cost, f.fix|fix
			}
			s.weighPair(&f, j)
		}
	}
}

// side appends the postings of a hit that weighWay would weigh, in order of
// latitude.
func (s *scratch) side(dst []index.Sited, h *hit) []index.Sited {
	for _, p := range s.x.Names.WaysOf(h.key) {
		if p.Relation() != index.RelPart || s.canLackType(h) {
			dst = append(dst, p)
		}
	}
	return dst
}

// weighPair adds what the places named say about a crossing.
func (s *scratch) weighPair(f *found, j joint) {
	for _, r := range s.runs {
		s.settle(r)
		o := f.cross
		if r.to <= j.to {
			o = noWay
		}
		if len(r.alts) > 0 {
			s.weighRun(f, r, s.x.Spot(f.way), o)
		}
	}
	s.weighCodes(f)
	s.keep(f)
}

// keep notes a street or crossing that is not negligible beside the best so far.
func (s *scratch) keep(f *found) {
	if f.score < s.best+logNegligible {
		return
	}
	s.best = max(s.best, f.score)
	s.seen = append(s.seen, *f)
}

// otherHalf returns the best street that the text names beside seen[0], at the
// other side of a joint and in a place that it is said to be in: a second
// address. Its number is 0 where there is none.
func (s *scratch) otherHalf() int {
	f := &s.seen[0]
	if f.cross != noWay {
		return 0
	}
	for _, j := range s.joints {
		left := int(f.to) <= j.from
		if !left && int(f.from) < j.to {
			continue
		}
		for i := 1; i < len(s.seen); i++ {
			g := &s.seen[i]
			other := int(g.from) >= j.to
			if !left {
				other = int(g.to) <= j.from
			}
			if other && g.cross == noWay && g.fix&fixTypeMissing == 0 && (g.place == index.NoPlace) == (f.place == index.NoPlace) && !s.together(f, g) {
				return i
			}
		}
	}
	return 0
}

// droppedHalf reports whether seen[0] leaves out a street on the other side of a
// joint.
func (s *scratch) droppedHalf() bool {
	f := &s.seen[0]
	if f.cross != noWay || f.to2 > f.from2 {
		return false
	}
	for i := 1; i < len(s.words); i++ {
		if w := &s.words[i]; w.isType && w.class == address.ClassNone && s.words[i-1].class == address.ClassNone &&
			s.ts.List[i].Gap < address.GapBracket && !s.inPlace(i) && s.acrossJoint(f, i) {
			return true
		}
	}
	return false
}

// acrossJoint reports whether a joint stands between street f and token i.
func (s *scratch) acrossJoint(f *found, i int) bool {
	return slices.ContainsFunc(s.joints, func(j joint) bool {
		return int(f.to) <= j.from && i >= j.to || int(f.from) >= j.to && i < j.from
	})
}

// spot returns where a street or crossing is. Two streets meet nearer to the
// shorter one's middle.
func (s *scratch) spot(f *found) (lon, lat index.Degree7) {
	t := &s.x.Ways
	if f.cross == noWay {
		return t.Lon[f.way], t.Lat[f.way]
	}
	share := s.nearness(f)
	between := func(a, b index.Degree7) index.Degree7 {
		return a + index.Degree7(math.Round(share*(float64(b)-float64(a))))
	}
	return between(t.Lon[f.way], t.Lon[f.cross]), between(t.Lat[f.way], t.Lat[f.cross])
}

// nearness returns how far from the first street's point to the second's the
// crossing lies, as a share.
func (s *scratch) nearness(f *found) float64 {
	t := &s.x.Ways
	a, b := max(float64(t.Extent[f.way]), leastExtentM), max(float64(t.Extent[f.cross]), leastExtentM)
	return a / (a + b)
}

// leastExtentM is the extent of the shortest street.
const leastExtentM = 100

// together reports whether two answers are near enough to be one.
func (s *scratch) together(f, g *found) bool {
	if f.cross == noWay && g.cross == noWay {
		return s.x.Together(f.way, g.way)
	}
	lon, lat := s.spot(f)
	lon2, lat2 := s.spot(g)
	return index.FlatDistance(lon, lat, lon2, lat2, index.CosOf(lat)) <= index.ApartM
}

// dropSamePairs keeps the best account of each crossing, and of each street said
// on one side of a joint.
func (s *scratch) dropSamePairs() {
	kept := s.seen[:0]
	for _, f := range s.seen {
		if !slices.ContainsFunc(kept, func(k found) bool {
			return k.way == f.way && k.cross == f.cross || k.way == f.cross && k.cross == f.way
		}) {
			kept = append(kept, f)
		}
	}
	s.seen = kept
}
