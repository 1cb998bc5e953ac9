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
// Three arrangements serve. By end, words of lanes for lengths, a row of them for
// each end. By level, for each range of lengths a row of lanes, each for a group
// of ends one after the other; a case then touches neighbouring lanes, which are
// read and written as one word wherever they start. And compact, the lanes of
// levels packed into a few words, of which a case touches all.
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
	rows                  // every class counts in the same few words
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
		most = math.Max(most, p.expected(zone{cases: cases}, max(0, end-length), end))
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

// count adds to a field.
func (o *op) count(f field, count uint64) {
	if count > 0 {
		o.add |= f.put(count)
		o.high |= f.high()
	}
}

// count returns what a weight adds to a lane, rounded up.
func (k *counters) count(weight, unit int64) uint64 {
	hi, lo := bits.Mul64(uint64(weight), uint64(k.scale))
	lo, carry := bits.Add64(lo, uint64(unit-1), 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(unit))
	return q
}
