package scan

import (
	"math/rand/v2"
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

// replicate returns the greatest LLR of each replicate.
func (p *problem) replicate(found []candidate) []float64 {
	maxima := make([]float64, 0, p.o.Replicates)
	d := p.newDraw()
	t := p.newTally(p.windows.replicate)
	at := make([][]int32, len(p.places))
	var buf []neighbour
	for r := range p.o.Replicates {
		for i := range at {
			at[i] = at[i][:0]
		}
		for k, place := range d.places(p.o.Seed, uint64(r)) {
			at[place] = append(at[place], int32(k))
		}
		d.restore()
		var best float64
		for _, centre := range p.centres {
			buf = p.reach(centre, buf)
			t.reset()
			var cases int64
			for _, n := range buf {
				cases += p.total[n.place]
				if len(at[n.place]) == 0 {
					continue
				}
				for _, k := range at[n.place] {
					t.add(p.times[k])
				}
				best = max(best, t.best(cases).llr)
			}
		}
		maxima = append(maxima, best)
	}
	return maxima
}
