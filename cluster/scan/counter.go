package scan

import (
	"math"
	"math/bits"
)

// counters lay out the counts that a replicate keeps while a zone grows: lanes
// packed into machine words. A lane guards a set of windows: it counts cases in a
// run of steps that holds each of them, so it never has less than any of their c.
// Every window is guarded by some lane. As long as no lane reaches the least
// count with which one of its windows could beat the best so far, no window can.
//
// A lane is exact when it guards one window, whose steps it counts, in whole
// cases: then its count is c. Where windows are many, lanes are wider and the few
// that reach their least count send the zone to a tally, which knows exactly.
//
// Two arrangements serve. By end, words of lanes for lengths, a row of them for
// each end. By level, for each range of lengths a row of lanes, each for a group
// of ends one after the other; a case then touches neighbouring lanes, which are
// read and written as one word wherever they start.
type counters struct {
	kind   kind
	exact  bool
	scale  int64     // count of a whole case in a lane
	fields [][]field // lanes of a word, by guard row
	high   []uint64  // highest bits of a word's lanes, by guard row
	words  int       // by end: words for each end
	bytes  int       // of one replicate, with room to read a word past the end
	add    []uint64  // kinds rows and slides: what a class adds to its words
	runs   []run     // kind slides: the words of each class
	first  []int32   // kind scattered
	ops    []op      // of class k: ops[first[k]:first[k+1]]
	guards [][]guard
	// least is, by lane, the least weight in a window that it guards, units; +Inf
	// where it guards none that could hold enough cases.
	least []float64
}

// A kind is an arrangement that has a loop of its own.
type kind int

const (
	scattered kind = iota // ops say where a class counts
	rows                  // windows have one end: every class counts in the same words
	slides                // every end has a word: a class counts in those of the next ends
)

// A run is the words, one after the other, in which a class counts: word at+i
// gains add[from+i] for i < n.
type run struct {
	at, from, n int32
}

// A field is a lane's place in its word. Its highest bit is set by overflow and
// in comparison only.
type field struct {
	shift, width uint
}

func (f field) high() uint64            { return 1 << (f.shift + f.width - 1) }
func (f field) of(word uint64) uint64   { return word >> f.shift & (1<<f.width - 1) }
func (f field) put(count uint64) uint64 { return count << f.shift }

func highs(word []field) uint64 {
	var high uint64
	for _, f := range word {
		high |= f.high()
	}
	return high
}

// An op adds a case to a word.
type op struct {
	at        int32  // byte offset
	guard     int32  // row of guards, fields and thresholds
	lane      int32  // of the word's lowest field, in least
	add, high uint64 // and the highest bits of the lanes it adds to
}

// A guard says, by lane count, the least weight of the windows guarded that can
// hold so many cases, units; +Inf when none can.
type guard []float64

// newCounters chooses an arrangement for classes of profiles.
func newCounters(p *problem, classes []profile) *counters {
	w := p.windows
	k := &counters{scale: 1}
	if p.unit > 1 {
		k.scale = 2
	}
	// The greater the counts expected, the narrower a lane has to be to tell
	// chance from excess.
	ratio := 1 + 1.5/math.Sqrt(1+p.mostExpected(w.longest))
	lengths := ranges(w.longest, ratio)
	fields := k.pack(p, lengths)
	for r := ratio; r > 1 && len(lengths) < int(w.longest); r -= 0.01 {
		finer := ranges(w.longest, r)
		if f := k.pack(p, finer); len(f) <= len(fields) {
			lengths, fields = finer, f
		}
	}
	ends := w.steps - w.replicate + 1
	if ends > 1 && len(fields) > 1 {
		// One word for each end is worth wider lanes.
		for r := ratio; r < 1+3*(ratio-1) && len(fields) > 1; r += 0.01 {
			lengths = ranges(w.longest, r)
			fields = k.pack(p, lengths)
		}
	}
	levels := ranges(w.longest, ratio)
	touched := int(min(ends, w.longest)) // words by a case, arranged by end
	switch {
	case ends == 1 || len(fields) == 1 && touched <= 2*compactWords:
		k.byEnd(p, classes, lengths, fields)
	case k.compact(p, classes, ratio):
	case len(fields) == 1 && touched <= 2*len(levels):
		k.byEnd(p, classes, lengths, fields)
	default:
		k.byLevel(p, classes, levels)
	}
	return k
}

// A level is the lanes that guard windows of a range of lengths.
type level struct {
	shorter, length int32 // over the one, up to the other
	stride, groups  int32 // of ends
	at              int32 // lane of the first group
}

// levelsOf makes levels for ranges of lengths, each with groups of ends as wide
// as the range or as least.
func (p *problem) levelsOf(lengths []int32, least int32) []level {
	ends := p.windows.steps - p.windows.replicate + 1
	var levels []level
	at, shorter := int32(0), int32(0)
	for _, length := range lengths {
		stride := min(ends, max(least, length-shorter))
		l := level{shorter, length, stride, (ends + stride - 1) / stride, at}
		levels = append(levels, l)
		at += l.groups
		shorter = length
	}
	return levels
}

// compactWords is how many words of counters are worth having in a row, rather
// than some of many here and there.
const compactWords = 8

// compact arranges lanes by level in a few words, in all of which every class
// counts, by taking wider groups of ends and ranges of lengths until they fit.
// It reports whether they do: where windows end over many steps they do not.
func (k *counters) compact(p *problem, classes []profile, ratio float64) bool {
	w := p.windows
	if w.steps-w.replicate+1 > 64 {
		return false
	}
	var levels []level
	var lengths []int32 // by lane, that of its level and group
	for _, r := range []float64{max(ratio, 1.3), max(ratio, 1.6), 2, 3} {
		for least := int32(1); least <= 16; least *= 2 {
			levels = p.levelsOf(ranges(w.longest, r), least)
			lengths = lengths[:0]
			for _, l := range levels {
				for range l.groups {
					lengths = append(lengths, l.length+l.stride-1)
				}
			}
			if k.fields = k.pack(p, lengths); len(k.fields) <= compactWords {
				k.kind, k.words = rows, len(k.fields)
				k.bytes = k.words * 8
				k.compactLanes(p, classes, levels)
				return true
			}
		}
	}
	return false
}

// compactLanes fills in guards and adds for levels whose fields are packed.
func (k *counters) compactLanes(p *problem, classes []profile, levels []level) {
	w := p.windows
	k.exact = false
	word, i := 0, 0
	type lane struct{ from, to int32 } // steps counted
	var lanes []lane
	for _, l := range levels {
		for g := range l.groups {
			if i == len(k.fields[word]) {
				word, i = word+1, 0
			}
			if i == 0 {
				k.guards = append(k.guards, nil)
				k.high = append(k.high, highs(k.fields[word]))
			}
			first := w.replicate + g*l.stride
			last := min(first+l.stride-1, w.steps)
			set := k.newWindowSet(p, k.fields[word][i].width)
			for end := first; end <= last; end++ {
				for n := l.shorter + 1; n <= min(l.length, end); n++ {
					set.enter(end-n, end)
				}
			}
			k.least = append(k.least, set.least)
			k.guards[word] = append(k.guards[word], set.guard())
			lanes = append(lanes, lane{first - l.length, last})
			i++
		}
	}
	for _, prof := range classes {
		n := 0
		for _, word := range k.fields {
			var o op
			for _, f := range word {
				o.count(f, k.count(prof.weight(lanes[n].from, lanes[n].to), p.unit))
				n++
			}
			k.add = append(k.add, o.add)
		}
	}
}

// ranges returns the longest window of each lane, one that guards lengths over
// those of the lane before.
func ranges(longest int32, ratio float64) []int32 {
	var out []int32
	for l := int32(1); ; l = max(l+1, int32(float64(l)*ratio)) {
		if l >= longest {
			return append(out, longest)
		}
		out = append(out, l)
	}
}

// mostExpected estimates the greatest μ of a window of a length: in a zone that has
// of the cases known as a bound what a circle has of the square about it.
func (p *problem) mostExpected(length int32) float64 {
	most := 0.0
	cases := int64(0.5 * float64(p.largest))
	for end := p.windows.replicate; end <= p.windows.steps; end++ {
		most = math.Max(most, p.expected(cases, max(0, end-length), end))
	}
	return most
}

// width returns the bits of a lane for windows up to a length: room for the
// count in all but a zone in a million, which overflows and goes to the tally,
// and a bit more.
func (k *counters) width(p *problem, length int32) uint {
	most := p.mostExpected(length)
	room := float64(k.scale) * (most + 6*math.Sqrt(most) + 10)
	return uint(min(31, bits.Len64(uint64(room)))) + 1
}

// pack puts lanes for lengths into words.
func (k *counters) pack(p *problem, lengths []int32) [][]field {
	var words [][]field
	used := uint(64)
	for _, l := range lengths {
		width := k.width(p, l)
		if used+width > 64 {
			words, used = append(words, nil), 0
		}
		words[len(words)-1] = append(words[len(words)-1], field{used, width})
		used += width
	}
	return words
}

// byEnd arranges lanes by end of window, then by length.
func (k *counters) byEnd(p *problem, classes []profile, lengths []int32, fields [][]field) {
	w := p.windows
	ends := w.steps - w.replicate + 1
	k.exact = len(lengths) == int(w.longest) && k.scale == 1
	k.words, k.fields = len(fields), fields
	k.bytes = int(ends) * k.words * 8
	k.least = make([]float64, int(ends)*len(lengths))
	shorter := int32(0)
	i := 0
	for _, word := range fields {
		var guards []guard
		for _, f := range word {
			set := k.newWindowSet(p, f.width)
			for e := range ends {
				end := w.replicate + e
				lane := k.newWindowSet(p, 0)
				for l := shorter + 1; l <= min(lengths[i], end); l++ {
					lane.enter(end-l, end)
					set.enter(end-l, end)
				}
				k.least[int(e)*len(lengths)+i] = lane.least
			}
			guards = append(guards, set.guard())
			shorter = lengths[i]
			i++
		}
		k.guards = append(k.guards, guards)
		k.high = append(k.high, highs(word))
	}
	k.kind = rows
	if ends > 1 {
		k.kind = slides
	}
	for i, prof := range classes {
		first := max(w.replicate, prof[0].step+1)
		last := min(w.steps, prof[len(prof)-1].step+w.longest)
		r := run{at: first - w.replicate, from: int32(len(k.add)), n: last - first + 1}
		if p.unit == 1 && i > 0 && k.kind == slides {
			// Instants count alike: those not cut short at either side share a run.
			if q := k.runs[0]; q.n == w.longest && r.n == w.longest {
				r.from = q.from
				k.runs = append(k.runs, r)
				continue
			}
		}
		for end := first; end <= last; end++ {
			i := 0
			for _, word := range fields {
				var o op
				for _, f := range word {
					o.count(f, k.count(prof.weight(end-lengths[i], end), p.unit))
					i++
				}
				k.add = append(k.add, o.add)
			}
		}
		k.runs = append(k.runs, r)
	}
}

// byLevel arranges lanes by range of lengths, then by group of ends. A lane for
// lengths up to l and the ends [e, e+s) counts the steps [e−l, e+s−1).
func (k *counters) byLevel(p *problem, classes []profile, lengths []int32) {
	w := p.windows
	k.exact = len(lengths) == int(w.longest) && k.scale == 1
	size := int32(1) // bytes of a lane
	for k.width(p, w.longest) > uint(size)*8 {
		size *= 2
	}
	lanes := 8 / size // in a word
	k.fields = nil
	var word []field
	for i := range uint(lanes) {
		word = append(word, field{i * uint(size) * 8, uint(size) * 8})
	}
	levels := p.levelsOf(lengths, 1)
	for _, l := range levels {
		set := k.newWindowSet(p, word[0].width)
		for g := range l.groups {
			group := k.newWindowSet(p, 0)
			for end := w.replicate + g*l.stride; end < min(w.replicate+(g+1)*l.stride, w.steps+1); end++ {
				for n := l.shorter + 1; n <= min(l.length, end); n++ {
					group.enter(end-n, end)
					set.enter(end-n, end)
				}
			}
			k.least = append(k.least, group.least)
		}
		guards := make([]guard, lanes)
		guards[0] = set.guard()
		for i := range guards {
			guards[i] = guards[0]
		}
		k.guards = append(k.guards, guards)
		k.fields = append(k.fields, word)
		k.high = append(k.high, highs(word))
	}
	at := levels[len(levels)-1].at + levels[len(levels)-1].groups
	k.bytes = int(at*size) + 8
	for _, prof := range classes {
		k.first = append(k.first, int32(len(k.ops)))
		from, to := prof[0].step, prof[len(prof)-1].step
		for i, l := range levels {
			first := max(0, floorDiv(from-w.replicate+1, l.stride))
			last := min(l.groups-1, floorDiv(to-w.replicate+l.length, l.stride))
			for g := first; g <= last; g += lanes {
				o := op{at: (l.at + g) * size, guard: int32(i), lane: l.at + g}
				for j := range min(lanes, last-g+1) {
					e := w.replicate + (g+j)*l.stride
					o.count(word[j], k.count(prof.weight(e-l.length, e+l.stride-1), p.unit))
				}
				if o.add != 0 {
					k.ops = append(k.ops, o)
				}
			}
		}
	}
	k.first = append(k.first, int32(len(k.ops)))
}

// count adds to a field.
func (o *op) count(f field, count uint64) {
	if count > 0 {
		o.add |= f.put(count)
		o.high |= f.high()
	}
}

func floorDiv(a, b int32) int32 {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}

// count returns what a weight adds to a lane, rounded up.
func (k *counters) count(weight, unit int64) uint64 {
	hi, lo := bits.Mul64(uint64(weight), uint64(k.scale))
	lo, carry := bits.Add64(lo, uint64(unit-1), 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(unit))
	return q
}

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
