package scan

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// A draw shuffles times over places.
type draw struct {
	slots []int32 // place of each slot, in the problem's order between draws
	swaps []int32
	pcg   *rand.PCG
	rng   *rand.Rand
}

func (p *problem) newDraw() *draw {
	pcg := rand.NewPCG(0, 0)
	return &draw{
		slots: append([]int32(nil), p.slots...), swaps: make([]int32, p.recent),
		pcg: pcg, rng: rand.New(pcg),
	}
}

// places returns the place that each recent profile has in a replicate, drawn
// without replacement from the slots. Profiles out of reach of every window need
// no place, so a draw costs as much as there are recent ones (the first steps
// of a Fisher-Yates shuffle). The answer is good until restore.
func (d *draw) places(seed, replicate uint64) []int32 {
	d.pcg.Seed(seed, replicate)
	n := uint32(len(d.slots))
	for i := range d.swaps {
		j := int32(uint32(i) + d.rng.Uint32N(n-uint32(i)))
		d.swaps[i] = j
		d.slots[i], d.slots[j] = d.slots[j], d.slots[i]
	}
	return d.slots[:len(d.swaps)]
}

// restore undoes the swaps, so that the next draw does not depend on this one.
func (d *draw) restore() {
	for i := len(d.swaps) - 1; i >= 0; i-- {
		j := d.swaps[i]
		d.slots[i], d.slots[j] = d.slots[j], d.slots[i]
	}
}

// A block is replicates that are searched together: zones do not change between
// replicates, so a zone is grown once for all of them.
type block struct {
	first   int      // replicate
	n       int      // replicates
	start   []int32  // entries of place i: entries[start[i]:start[i+1]]
	entries []uint32 // replicate, counted from first, above classBits bits of class; ascending
}

// An entry is a replicate of a block and a class.
const (
	classBits = 22
	classMask = 1<<classBits - 1
)

// classes numbers the different profiles, in their order. Cases that share a
// profile are the same to a replicate.
func (p *problem) classes() (classes []profile, of []uint32) {
	of = make([]uint32, p.recent)
	for i, prof := range p.times {
		if i == 0 || !slices.Equal(prof, p.times[i-1]) {
			classes = append(classes, prof)
		}
		of[i] = uint32(len(classes) - 1)
	}
	return classes, of
}

// draw fills a block. The places drawn are kept in buf until they are counted.
func (b *block) draw(p *problem, d *draw, class []uint32, buf []int32) []int32 {
	b.start = slices.Grow(b.start[:0], len(p.places)+1)[:len(p.places)+1]
	clear(b.start)
	buf = buf[:0]
	for r := range b.n {
		buf = append(buf, d.places(p.o.Seed, uint64(b.first+r))...)
		d.restore()
	}
	for _, place := range buf {
		b.start[place]++
	}
	sum := int32(0)
	for i, c := range b.start {
		b.start[i] = sum
		sum += c
	}
	b.entries = slices.Grow(b.entries[:0], len(buf))[:len(buf)]
	for i, place := range buf {
		r, k := i/len(class), i%len(class)
		b.entries[b.start[place]] = uint32(r)<<classBits | class[k]
		b.start[place]++
	}
	copy(b.start[1:], b.start)
	b.start[0] = 0
	return buf
}

// blockSize returns how many replicates to search together: as many as have
// their counters in a core's nearest memory, at least 8, and as many as an entry
// can tell apart.
func blockSize(k *counters) int {
	return min(1<<(32-classBits), max(8, 32<<10/k.bytes))
}

// entriesAtOnce bounds the replicates drawn at once, 4 bytes each.
const entriesAtOnce = 16 << 20

// search returns the sprees of the data, best first, and the greatest LLR of each
// replicate.
func (p *problem) search() ([]candidate, []float64, error) {
	if p.n == 0 {
		return nil, nil, nil
	}
	classes, class := p.classes()
	if len(classes) > classMask+1 {
		return nil, nil, fmt.Errorf(
			"over %d different intervals in reach of the windows: take longer steps or a shorter study", classMask+1)
	}
	k := newCounters(p, classes)
	s := &search{
		p: p, k: k, classes: classes, class: class,
		lim: p.newLimits(), thresholds: newThresholds(p, k),
		atOnce: blockSize(k),
		found:  make([]candidate, len(p.centres)), at: make([][]int32, len(p.places)),
	}
	for i := range p.times {
		s.at[p.owner[i]] = append(s.at[p.owner[i]], int32(i))
	}
	most := max(1, entriesAtOnce/max(1, p.recent))
	size := most
	if p.o.PMethod == Sequential {
		size = min(most, max(64, 2*p.o.StopAfter))
	}
	maxima := s.run(0, min(size, p.o.Replicates))
	found := p.apart(s.found)
	for {
		if err := p.ctx.Err(); err != nil {
			return nil, nil, err
		}
		if p.o.PMethod == Sequential {
			if stop := stopAt(maxima, found, p.o.StopAfter); stop > 0 {
				return found, maxima[:stop], nil
			}
			size = min(most, 2*size)
		}
		if len(maxima) == p.o.Replicates {
			return found, maxima, nil
		}
		maxima = append(maxima, s.run(len(maxima), min(size, p.o.Replicates-len(maxima)))...)
	}
}

// stopAt returns the number of replicates after which as many as suffice have
// reached the best spree, 0 when they have not.
func stopAt(maxima []float64, found []candidate, suffice int) int {
	if len(found) == 0 {
		return 0
	}
	reached := 0
	for i, m := range maxima {
		if m >= found[0].llr {
			if reached++; reached == suffice {
				return i + 1
			}
		}
	}
	return 0
}
