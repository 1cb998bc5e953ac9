package locate

import (
	"math"

	"spreewatch/geo"
	"spreewatch/geo/address"
	"spreewatch/geo/index"
)

// junction answers a text that names two streets that meet.
func (s *scratch) junction(ctx Context) (geo.Match, bool) {
	_ = ctx
	var best geo.Match
	bestScore := math.Inf(-1)
	for i, a := range s.wayHits {
		for k, b := range s.wayHits {
			if b.from < a.to || !s.meet(a, b) || s.overshadowed(i) || s.overshadowed(k) {
				continue
			}
			s.startWeighing()
			s.weigh(&a, b.from, b.to)
			left := append([]found(nil), s.seen...)
			s.startWeighing()
			s.weigh(&b, a.from, a.to)
			for _, f := range left {
				for _, g := range s.seen {
					if f.way == g.way {
						continue
					}
					t := &s.x.Ways
					d := index.FlatDistance(t.Lon[f.way], t.Lat[f.way], t.Lon[g.way], t.Lat[g.way], index.CosOf(t.Lat[f.way]))
					if d > meetM+float64(t.Extent[f.way])+float64(t.Extent[g.way]) {
						continue
					}
					if score := f.score + g.score - d/200; score > bestScore {
						bestScore = score
						m := s.street(f, 0.98, "")
						m.Level, m.Rule = geo.LevelJunction, "junction"
						m.Name += " / " + s.x.Strings.At(t.Name[g.way])
						m.Point = index.Point7(halfway(t.Lon[f.way], t.Lon[g.way]), halfway(t.Lat[f.way], t.Lat[g.way]))
						m.RadiusM = d/2 + 100
						best = m
					}
				}
			}
		}
	}
	return best, !math.IsInf(bestScore, -1)
}

// meetM is the distance in metres within which the points of two streets that
// meet lie, beyond their extents.
const meetM = 400

// meet reports whether only words of a junction stand between two spans.
func (s *scratch) meet(a, b hit) bool {
	joins := s.ts.List[b.from].Gap == address.GapSlash
	for i := a.to; i < b.from; i++ {
		switch s.words[i].class {
		case address.ClassJoin:
			joins = true
		case address.ClassNone:
			return false
		}
	}
	return joins
}

func halfway(a, b index.Degree7) index.Degree7 { return index.Degree7((int64(a) + int64(b)) / 2) }
