package geo

import "math"

// junction answers a text that names two streets that meet.
func (s *scratch) junction(ctx Context) (Match, bool) {
	_ = ctx
	var best Match
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
					t := &s.x.ways
					d := flatDistance(t.lon[f.way], t.lat[f.way], t.lon[g.way], t.lat[g.way], cosOf(t.lat[f.way]))
					if d > meetM+float64(t.extent[f.way])+float64(t.extent[g.way]) {
						continue
					}
					if score := f.score + g.score - d/200; score > bestScore {
						bestScore = score
						m := s.street(f, 0.98, "")
						m.Level, m.Rule = LevelJunction, "junction"
						m.Name += " / " + s.x.strings.at(t.name[g.way])
						m.Point = point7(halfway(t.lon[f.way], t.lon[g.way]), halfway(t.lat[f.way], t.lat[g.way]))
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
	joins := s.ts.list[b.from].gap == gapSlash
	for i := a.to; i < b.from; i++ {
		switch s.words[i].class {
		case classJoin:
			joins = true
		case classNone:
			return false
		}
	}
	return joins
}

func halfway(a, b degree7) degree7 { return degree7((int64(a) + int64(b)) / 2) }
