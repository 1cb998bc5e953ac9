package scan

import "math"

// A guard says, by lane count, the least weight of the windows guarded that can
// hold so many cases, units; +Inf when none can.
type guard []float64

// A windowSet gathers windows that a lane guards. A window whose whole weight is
// below what a spree needs is left out: c falls short there whatever the zone.
type windowSet struct {
	p     *problem
	k     *counters
	least float64 // weight of the lightest window, units; +Inf for none
	by    guard
}

// maxGuard is the greatest count that a guard tells apart.
const maxGuard = 1 << 16

// newWindowSet returns an empty set, from which a guard can be made for lanes of
// so many bits, or none if 0.
func (k *counters) newWindowSet(p *problem, width uint) *windowSet {
	s := &windowSet{p: p, k: k, least: math.Inf(1)}
	if width > 0 {
		s.by = make(guard, min(int64(1)<<(width-1)-1, int64(p.recent)*k.scale, maxGuard)+1)
		for i := range s.by {
			s.by[i] = math.Inf(1)
		}
	}
	return s
}

func (s *windowSet) enter(start, end int32) {
	w := s.p.cum[end] - s.p.cum[start]
	if w < int64(s.p.o.MinCases)*s.p.unit {
		return
	}
	s.least = math.Min(s.least, float64(w))
	if s.by != nil {
		i := min(int64(s.k.count(w, s.p.unit)), int64(len(s.by)-1))
		s.by[i] = math.Min(s.by[i], float64(w))
	}
}

// guard returns the set's guard. A window can hold c only if its own weight is at
// least c, so its weight in lane counts, rounded up, is at least c in lane counts,
// rounded up.
func (s *windowSet) guard() guard {
	for i := len(s.by) - 2; i >= 0; i-- {
		s.by[i] = math.Min(s.by[i], s.by[i+1])
	}
	return s.by
}
