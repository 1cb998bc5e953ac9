package scan

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

func floorDiv(a, b int32) int32 {
	if a < 0 {
		return -((-a + b - 1) / b)
	}
	return a / b
}
