package scan

import (
	"fmt"
	"slices"

	"spreewatch/cluster"
)

// draw appends the place that each recent case's time has in a replicate. Times
// are shuffled over places within a stratum, each by its rank there alone, so a
// replicate can be drawn in parts, and costs as much as there are recent cases.
func (p *problem) draw(replicate uint64, places []int32) []int32 {
	var shuffles [maxStrata]cluster.Shuffle
	for s, from := range p.firstSlot[:p.strata()] {
		shuffles[s] = cluster.NewShuffle(int(p.firstSlot[s+1]-from), p.o.Seed, replicate, uint64(s))
	}
	for k, rank := range p.rank {
		s := p.stratum[k]
		places = append(places, p.slots[int(p.firstSlot[s])+shuffles[s].Of(int(rank))])
	}
	return places
}

// A block is replicates that are searched together: zones do not change between
// replicates, so a zone is grown once for all of them.
type block struct {
	first   int      // replicate
	n       int      // replicates
	start   []int32  // entries of place i: entries[start[i]:start[i+1]]
	places  []int32  // by replicate, then by recent case
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

// draw fills a block.
func (b *block) draw(p *problem, class []uint32) {
	b.places = slices.Grow(b.places[:0], b.n*len(class))
	for r := range b.n {
		b.places = p.draw(uint64(b.first+r), b.places)
	}
	b.start = make([]int32, len(p.places)+2) // and elsewhere
	for _, place := range b.places {
		b.start[place]++
	}
	sum := int32(0)
	for i, c := range b.start {
		b.start[i] = sum
		sum += c
	}
	b.entries = make([]uint32, len(b.places))
	for i, place := range b.places {
		r, k := i/len(class), i%len(class)
		b.entries[b.start[place]] = uint32(r)<<classBits | class[k]
		b.start[place]++
	}
	copy(b.start[1:], b.start)
	b.start[0] = 0
}

// blockSize returns how many replicates to search together: as many as have
// their counters in a core's nearest memory, at least 8, and as many as an entry
// can tell apart.
func blockSize(k *counters) int {
	return min(1<<(32-classBits), max(8, 32<<10/k.bytes))
}

// entriesAtOnce bounds the cases of replicates drawn at once, 8 bytes each.
const entriesAtOnce = 12 << 20

// search returns the sprees of the data, best first, and the greatest LLR of each
// replicate.
//
// A sequential test is done with a spree once enough replicates have reached it.
// From then on replicates only have to reach the weakest of the others: what
// scores less counts for none of them, and is not looked for.
func (p *problem) search() ([]candidate, []float64, error) {
	if p.n == 0 {
		return nil, nil, nil
	}
	s, err := p.newSearch()
	if err != nil {
		return nil, nil, err
	}
	return s.all()
}

// newSearch makes a search ready, with counters where there is but one stratum.
func (p *problem) newSearch() (*search, error) {
	classes, class := p.classes()
	switch {
	case len(classes) > classMask+1:
		return nil, fmt.Errorf(
			"over %d different intervals in reach of the windows: take longer steps or a shorter study", classMask+1)
	case p.strata() > 1:
		return p.searchWith(nil, classes, class), nil
	}
	return p.searchWith(newCounters(p, classes), classes, class), nil
}

// searchWith makes a search ready with the counters given, whose arrangement makes no
// difference to the answer; with none, every zone is given to a tally.
func (p *problem) searchWith(k *counters, classes []profile, class []uint32) *search {
	s := &search{
		p: p, k: k, classes: classes, class: class,
		lim: p.newLimits(), atOnce: talliesAtOnce,
		found: make([]candidate, len(p.centres)), at: make([][]int32, len(p.places)+1),
	}
	if k != nil {
		s.thresholds, s.atOnce = newThresholds(p, k), blockSize(k)
	}
	for i := range p.times {
		s.at[p.owner[i]] = append(s.at[p.owner[i]], int32(i))
	}
	return s
}

// most is how many replicates are drawn at once.
func (s *search) most() int { return max(1, entriesAtOnce/max(1, s.p.recent)) }

// all searches the data and all replicates.
func (s *search) all() ([]candidate, []float64, error) {
	p, most := s.p, s.most()
	size := most
	if p.o.PMethod == Sequential {
		size = min(most, max(32, 2*p.o.StopAfter))
	}
	maxima := s.run(0, min(size, p.o.Replicates), 0)
	found := p.apart(s.found)
	for {
		if err := p.ctx.Err(); err != nil {
			return nil, nil, err
		}
		floor := 0.0
		if p.o.PMethod == Sequential {
			var enough int
			if floor, enough = undecided(maxima, found, p.o.StopAfter); floor == 0 {
				return found, maxima[:enough], nil
			}
			size = min(most, 2*size)
		}
		if len(maxima) == p.o.Replicates {
			return found, maxima, nil
		}
		maxima = append(maxima, s.run(len(maxima), min(size, p.o.Replicates-len(maxima)), floor)...)
	}
}

// undecided returns the least LLR of the sprees that not enough replicates have
// reached yet; or 0 when all have been, and how many replicates it took.
func undecided(maxima []float64, found []candidate, enough int) (floor float64, replicates int) {
	for _, f := range found { // best first
		n := reachedAt(maxima, f.llr, enough)
		if n == 0 {
			floor = f.llr
		}
		replicates = max(replicates, n)
	}
	return floor, replicates
}

// reachedAt returns after how many replicates so many have reached the LLR, 0
// when they have not.
func reachedAt(maxima []float64, llr float64, enough int) int {
	for i, m := range maxima {
		if m >= llr {
			if enough--; enough == 0 {
				return i + 1
			}
		}
	}
	return 0
}
