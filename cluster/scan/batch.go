package scan

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// A search finds the best of each centre, and the greatest LLR of replicates.
//
// What it leaves out cannot change the answer. It looks at a zone in a replicate
// only when a case in reach of the windows enters, because a zone grown by a place without one
// has the same c and no smaller μ. It scores only lanes that reach the least
// count with which a window they guard could beat the replicate's best so far.
// And where lanes are not exact, it gives the centre to a tally, which is.
type search struct {
	p          *problem
	k          *counters
	classes    []profile
	class      []uint32 // of each recent case
	lim        *limits
	thresholds *thresholds
	atOnce     int         // replicates in a block
	found      []candidate // by centre, the best in the data
	at         [][]int32   // by place, the recent cases in the data

	blocks []block
	mu     sync.Mutex
	best   []float64 // of the replicates being run
}

// centresAtOnce is how many centres a worker takes before it shares what it
// found: a better best spares others the work of beating a poorer one.
const centresAtOnce = 16

// run returns the greatest LLR of n replicates from first on, or something less
// than floor where that is less. The first run also looks at the data, since
// finding what is near a centre is a good part of the work.
func (s *search) run(first, n int, floor float64) []float64 {
	s.blocks = make([]block, (n+s.atOnce-1)/s.atOnce)
	for i := range s.blocks {
		s.blocks[i].first, s.blocks[i].n = first+i*s.atOnce, min(s.atOnce, n-i*s.atOnce)
	}
	s.p.parallel(func(next func() (int, bool)) {
		for i, ok := next(); ok; i, ok = next() {
			s.blocks[i].draw(s.p, s.class)
		}
	}, len(s.blocks))

	s.best = make([]float64, n)
	for i := range s.best {
		s.best[i] = math.Nextafter(floor, 0)
	}
	s.p.parallel(func(next func() (int, bool)) {
		w := newWorker(s)
		for i, ok := next(); ok; i, ok = next() {
			w.share()
			for c := i * centresAtOnce; c < min((i+1)*centresAtOnce, len(s.p.centres)); c++ {
				w.grow(s.p.centres[c])
				if first == 0 {
					s.found[c] = w.observed()
				}
				w.scan()
			}
		}
		w.share()
	}, (len(s.p.centres)+centresAtOnce-1)/centresAtOnce)
	return s.best
}

// A worker searches on one goroutine. Nothing in its loop allocates.
type worker struct {
	*search
	space  ring
	near   []neighbour
	cases  []int64 // in the zone that ends with each of near
	centre int32
	words  []uint64 // counters of a block's replicates, kinds rows and slides
	bytes  []byte   // otherwise
	best   []float64
	level  []uint8                // of best
	hits   []hit                  // zones of a block that may beat the best
	full   []int32                // centre at which a lane of the replicate overflowed, plus 1
	rank   []int32                // of a place among near, -1 for those not near
	inZone []int64                // rank above classBits of class, working space
	table  [maxLevel + 1][]uint64 // of thresholds, by level; nil until needed
	limit  [maxLevel + 1][]float64
	strata []int64 // of the zone that ends with each of near, its cases by stratum
	tally  *tally  // for replicates
	data   *tally
	each   []*tally // without counters, one for each replicate of a block
}

func newWorker(s *search) *worker {
	n := len(s.best)
	w := &worker{
		search: s, best: make([]float64, n), level: make([]uint8, n), full: make([]int32, n), rank: make([]int32, len(s.p.places)+1),
		tally: newTally(s.p, s.lim, s.p.windows.replicate),
		data:  newTally(s.p, s.lim, s.p.windows.observed),
	}
	for i := range w.rank {
		w.rank[i] = -1
	}
	if s.k == nil {
		for range s.atOnce {
			w.each = append(w.each, newTally(s.p, s.lim, s.p.windows.replicate))
		}
		return w
	}
	w.table[0], w.limit[0] = s.thresholds.of(0)
	if s.k.kind == scattered {
		w.bytes = make([]byte, s.atOnce*s.k.bytes)
	} else {
		w.words = make([]uint64, s.atOnce*s.k.bytes/8)
	}
	return w
}

// A hit is a zone in a replicate that lanes cannot settle.
type hit struct {
	replicate int32 // of the block
	near      int32 // the zone ends with this of the worker's near
	rest      bool  // a lane overflowed: no zone from here on is settled
}

// share makes the bests of all workers known to this one and its own to them.
func (w *worker) share() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for r, b := range w.search.best {
		if w.best[r] > b {
			w.search.best[r] = w.best[r]
		} else if b > w.best[r] {
			w.record(r, b)
		}
	}
}

func (w *worker) record(r int, llr float64) {
	w.best[r] = llr
	if w.k == nil {
		return
	}
	level := levelOf(llr)
	w.level[r] = uint8(level)
	if w.table[level] == nil {
		w.table[level], w.limit[level] = w.thresholds.of(level)
	}
}

// grow lists the zones of a centre.
func (w *worker) grow(centre int32) {
	for _, n := range w.near {
		w.rank[n.place] = -1
	}
	w.centre = centre
	w.near = w.p.reach(centre, &w.space)
	w.cases = w.cases[:0]
	sum := int64(0)
	for i, n := range w.near {
		w.rank[n.place] = int32(i)
		sum += w.p.total[n.place]
		w.cases = append(w.cases, sum)
	}
	w.strata = w.p.growStrata(w.near, w.strata)
}

// zoneStrata returns the cases by stratum of the zone that ends with near[i], nil
// where there is but one stratum.
func (w *worker) zoneStrata(i int) []int64 {
	n := w.p.strata()
	if n == 1 {
		return nil
	}
	return w.strata[i*n : (i+1)*n]
}

// observed returns the best of the centre's zones in the data.
func (w *worker) observed() candidate {
	t := w.data
	t.reset(candidate{})
	for i, n := range w.near {
		if len(w.at[n.place]) == 0 {
			continue
		}
		for _, k := range w.at[n.place] {
			t.add(w.p.times[k])
		}
		t.look(zone{w.cases[i], w.zoneStrata(i), w.centre, i + 1})
	}
	return t.best
}

// scan searches the centre's zones in every replicate.
func (w *worker) scan() {
	from := 0
	for i := range w.blocks {
		b := &w.blocks[i]
		switch {
		case w.k == nil:
			w.scanTallies(b, from)
		case w.k.kind == rows && w.k.words == 1:
			w.scanWord(b, from)
		case w.k.kind == rows:
			w.scanRows(b, from)
		case w.k.kind == slides:
			w.scanSlides(b, from)
		default:
			w.scanScattered(b, from)
		}
		w.settle(b, from)
		from += b.n
	}
}

// look scores the lanes of a word that were hit when replicate r of a block grew
// the zone to near[i]. The word's lowest field is the lane given.
func (w *worker) look(from, r, i int, word, hits uint64, guard, lane int) {
	if w.full[from+r] == w.centre+1 {
		return
	}
	if word&hits&w.k.high[guard] != 0 {
		w.full[from+r] = w.centre + 1
		w.hits = append(w.hits, hit{int32(r), int32(i), true})
		return
	}
	n, unit, cases := float64(w.p.n), float64(w.p.unit), float64(w.cases[i])
	limit := w.limit[w.level[from+r]]
	for j, f := range w.k.fields[guard] {
		if hits&f.high() == 0 {
			continue
		}
		count := f.of(word)
		// The lane's own lightest window may be heavier than that of its row.
		least := w.k.least[lane+j]
		if count < uint64(len(limit)) && cases*least > limit[count] {
			continue
		}
		llr := logLikelihoodRatio(float64(count)/float64(w.k.scale), cases*(least/unit)/n, n)
		switch {
		case llr <= w.best[from+r]:
		case w.k.exact:
			w.record(from+r, llr)
		default:
			w.hits = append(w.hits, hit{int32(r), int32(i), false})
			return
		}
	}
}

// rest sorts a hit that leaves the rest unsettled, of which there is one at most
// in a replicate, behind all others.
func rest(h hit) int {
	if h.rest {
		return 1
	}
	return 0
}

// settle scores the zones of a block that were hit.
func (w *worker) settle(b *block, from int) {
	slices.SortFunc(w.hits, func(a, b hit) int {
		if a.replicate == b.replicate && a.near == b.near {
			return cmp.Compare(rest(a), rest(b))
		}
		return cmp.Or(cmp.Compare(a.replicate, b.replicate), cmp.Compare(a.near, b.near))
	})
	for first := 0; first < len(w.hits); {
		last := first
		for last < len(w.hits) && w.hits[last].replicate == w.hits[first].replicate {
			last++
		}
		w.examine(b, from, w.hits[first:last])
		first = last
	}
	w.hits = w.hits[:0]
}

// examine gives the zones of one replicate that were hit to the tally.
func (w *worker) examine(b *block, from int, hits []hit) {
	r := int(hits[0].replicate)
	w.inZone = w.inZone[:0]
	far := hits[len(hits)-1].near
	if hits[len(hits)-1].rest {
		far = int32(len(w.near) - 1)
	}
	for k, place := range b.places[r*len(w.class) : (r+1)*len(w.class)] {
		if rank := w.rank[place]; uint32(rank) <= uint32(far) {
			w.inZone = append(w.inZone, int64(rank)<<classBits|int64(w.class[k]))
		}
	}
	slices.Sort(w.inZone)
	t := w.tally
	t.reset(candidate{llr: w.best[from+r]})
	for k := 0; k < len(w.inZone); {
		i := int32(w.inZone[k] >> classBits)
		for ; k < len(w.inZone) && int32(w.inZone[k]>>classBits) == i; k++ {
			t.add(w.classes[w.inZone[k]&classMask])
		}
		for len(hits) > 1 && hits[0].near < i && !hits[0].rest {
			hits = hits[1:]
		}
		if hits[0].near == i || hits[0].rest && hits[0].near < i {
			t.look(zone{w.cases[i], nil, w.centre, int(i) + 1})
		} else {
			t.pass()
		}
	}
	if t.best.llr > w.best[from+r] {
		w.record(from+r, t.best.llr)
	}
}
