package scan

import (
	"bytes"
	"cmp"
	"context"
	"encoding/gob"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// A scan in parts. A Frame is the cases made ready. A Part is some of its centres and
// all that they reach: it can be searched on another machine, and says as much of its
// centres as a search of the whole does. What the parts find is put together by
// Found.With, in any order and as often as it comes, and Frame.Result says what it
// comes to: what Run says, to the bit.
//
//	f, err := NewFrame(ctx, cases, o)
//	var found Found
//	for _, centres := range f.Cut(7) {
//		one, err := f.Part(n, centres).Search(ctx, 0, o.Replicates)
//		found = found.With(one)
//	}
//	res, err := f.Result(found, 7)
//
// That it is the same rests on three things. A zone holds no place farther from its
// centre than the longest radius, and a part has all of those about its centres (its
// halo). What a replicate draws is a function of the seed, the replicate and a case's
// rank among all cases (cluster.Shuffle), so that a part draws for its own places what
// the whole would. And the cases of the whole, and their weight by step, which μ is of,
// are numbers that a part is told.

// A Frame is the cases of a scan made ready, to be searched in parts.
type Frame struct{ p *problem }

// NewFrame makes the cases ready. It refuses what Run refuses.
func NewFrame(ctx context.Context, cases []Case, o Options) (*Frame, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	p, err := newProblem(cases, o)
	if err != nil {
		return nil, fmt.Errorf("scan: %w", err)
	}
	p.ctx = ctx
	return &Frame{p}, nil
}

// Centres returns where the centres of the scan's circles are. Parts name them by their
// index in it.
func (f *Frame) Centres() []orb.Point {
	out := make([]orb.Point, len(f.p.centres))
	for i, c := range f.p.centres {
		out[i] = f.p.places[c].point
	}
	return out
}

// Cut shares the centres out to so many parts: whole coarse cells, the H3 cells that
// are not narrower than the longest radius, in the order of their indices, which keeps
// neighbours together, so that each part has about as much to look at. A part may be
// left without any where cells are few.
func (f *Frame) Cut(parts int) [][]int {
	out := make([][]int, parts)
	if len(f.p.centres) == 0 {
		return out
	}
	resolution := f.coarse()
	type cut struct {
		cell   geo.Cell
		centre int
	}
	order := make([]cut, len(f.p.centres))
	all := 0.0
	for i, c := range f.p.centres {
		cell, err := geo.CellAt(f.p.places[c].point, resolution)
		if err != nil {
			panic(fmt.Sprintf("scan: a centre that was taken has no cell: %v", err))
		}
		order[i] = cut{cell, i}
		all += f.work(c)
	}
	slices.SortFunc(order, func(a, b cut) int {
		return cmp.Or(cmp.Compare(a.cell, b.cell), cmp.Compare(a.centre, b.centre))
	})
	done := 0.0
	for i := 0; i < len(order); {
		work, to := 0.0, i
		for ; to < len(order) && order[to].cell == order[i].cell; to++ {
			work += f.work(f.p.centres[order[to].centre])
		}
		part := min(parts-1, int((done+work/2)/all*float64(parts)))
		for ; i < to; i++ {
			out[part] = append(out[part], order[i].centre)
		}
		done += work
	}
	return out
}

// work is about how much a centre has to look at: the places in its cube and those
// about it.
func (f *Frame) work(centre int32) float64 {
	near, n := f.p.near, 0
	for _, c := range near.around[near.Cube[centre]] {
		n += len(near.In(c))
	}
	return float64(n)
}

// coarse is the finest resolution whose cells are not narrower than the longest radius.
func (f *Frame) coarse() int {
	const finest = 7 // its cells are 5 km² large: finer ones only add halo
	for r := finest; r > 0; r-- {
		cell, err := geo.CellAt(f.p.places[f.p.centres[0]].point, r)
		if err == nil && math.Sqrt(cell.AreaM2()) >= f.p.o.MaxRadiusM {
			return r
		}
	}
	return 0
}

// A Part is some of a scan's centres and what they reach. Its zero value has none.
type Part struct{ w partWire }

// partWire is a part as it travels. Places are numbered in the part, ascending as in the
// whole.
type partWire struct {
	Number int

	// Of the whole.
	Seed                     uint64
	MinCases                 int
	MaxRadiusM, MaxShare     float64
	Adjust                   Adjustment
	Steps, Longest           int32 // of the windows
	Observed, Replicate      int32
	Cases                    int
	Unit                     int64
	Cum                      []int64
	CumBy                    [][]int64
	FirstSlot                []int32
	ClassOf                  []uint32 // of each case in reach of a window, as the next three are
	Stratum                  []byte
	Rank                     []int32
	Owner                    []int32 // its place in the part, −1 for none
	ClassFirst               []int32 // of each class, in the next three, and behind the last
	ClassStep                []int32
	ClassWeight, ClassBefore []int64

	// Of the part.
	Place   []int32 // number in the whole
	At      []cluster.Vec
	Total   []int64
	TotalBy []int64
	Slot    []int32 // the first of each place, by place and stratum
	Centres []int32 // places of the part
}

// Part returns a part of the scan: its number, and the centres that are its own, each by
// its index in Centres. Of the whole's centres each belongs in one part.
func (f *Frame) Part(number int, centres []int) Part {
	p := f.p
	w := partWire{
		Number: number, Seed: p.o.Seed, MinCases: p.o.MinCases, MaxRadiusM: p.o.MaxRadiusM, MaxShare: p.o.MaxShare, Adjust: p.o.Adjust,
		Steps: p.windows.steps, Longest: p.windows.longest, Observed: p.windows.observed, Replicate: p.windows.replicate,
		Cases: p.n, Unit: p.unit, Cum: p.cum, CumBy: p.cumBy, FirstSlot: p.firstSlot, Stratum: p.stratum, Rank: p.rank,
	}
	within := make([]bool, len(p.near.around))
	for _, c := range centres {
		for _, cube := range p.near.around[p.near.Cube[p.centres[c]]] {
			within[cube] = true
		}
	}
	for cube, in := range within {
		if in {
			w.Place = append(w.Place, p.near.In(int32(cube))...)
		}
	}
	slices.Sort(w.Place)
	own := make(map[int32]int32, len(w.Place))
	first := f.firstSlots()
	n := p.strata()
	for i, place := range w.Place {
		own[place] = int32(i)
		w.At, w.Total = append(w.At, p.places[place].xyz), append(w.Total, p.total[place])
		w.Slot = append(w.Slot, first[int(place)*n:int(place+1)*n]...)
		if p.totalBy != nil {
			w.TotalBy = append(w.TotalBy, p.totalBy[int(place)*n:int(place+1)*n]...)
		}
	}
	for _, c := range centres {
		w.Centres = append(w.Centres, own[p.centres[c]])
	}
	slices.Sort(w.Centres)
	for _, place := range p.owner[:p.recent] {
		at, ok := own[place]
		if !ok {
			at = -1
		}
		w.Owner = append(w.Owner, at)
	}
	classes, of := p.classes()
	w.ClassOf, w.ClassFirst = of, []int32{0}
	for _, prof := range classes {
		for _, s := range prof {
			w.ClassStep, w.ClassWeight, w.ClassBefore = append(w.ClassStep, s.step), append(w.ClassWeight, s.weight), append(w.ClassBefore, s.before)
		}
		w.ClassFirst = append(w.ClassFirst, int32(len(w.ClassStep)))
	}
	return Part{w}
}

// firstSlots returns the first slot of each place, by place and stratum. Those of a
// place follow each other.
func (f *Frame) firstSlots() []int32 {
	p, n := f.p, f.p.strata()
	first := make([]int32, len(p.places)*n)
	for s := range n {
		next := p.firstSlot[s]
		for place := range p.places {
			first[place*n+s] = next
			if n == 1 {
				next += int32(p.total[place])
			} else {
				next += int32(p.totalBy[place*n+s])
			}
		}
	}
	return first
}

// Centres is how many centres are the part's own.
func (p Part) Centres() int { return len(p.w.Centres) }

// MarshalBinary writes the part for another machine.
func (p Part) MarshalBinary() ([]byte, error) { return encode(p.w) }

// UnmarshalBinary reads what MarshalBinary wrote.
func (p *Part) UnmarshalBinary(b []byte) error {
	var w partWire
	if err := decode(b, &w); err != nil {
		return fmt.Errorf("read a part of a scan: %w", err)
	}
	if err := w.check(); err != nil {
		return fmt.Errorf("read a part of a scan: %w", err)
	}
	p.w = w
	return nil
}

func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(v)
	return b.Bytes(), err
}

func decode(b []byte, v any) error { return gob.NewDecoder(bytes.NewReader(b)).Decode(v) }

// check refuses a part whose numbers point beyond its lists.
func (w *partWire) check() error {
	n := 1
	if w.Adjust == AdjustWeekday {
		n = maxStrata
	}
	recent, places, classes := len(w.ClassOf), len(w.Place), len(w.ClassFirst)-1
	within := func(list []int32, least, end int32) bool {
		return !slices.ContainsFunc(list, func(i int32) bool { return i < least || i >= end })
	}
	switch {
	case w.Adjust != AdjustNone && w.Adjust != AdjustWeekday, w.Cases < 0 || w.Cases > maxCases, w.Unit < 1, w.Steps < 0, len(w.Cum) != int(w.Steps)+1:
		return fmt.Errorf("its numbers are none of a scan")
	case w.MinCases < 1 || !(w.MaxRadiusM >= 0) || !(w.MaxShare > 0 && w.MaxShare <= 1) || w.Unit > unit:
		return fmt.Errorf("its options are none of a scan")
	case !w.cumulative(w.Cum) || slices.ContainsFunc(w.CumBy, func(cum []int64) bool { return !w.cumulative(cum) }):
		return fmt.Errorf("its weights are none of its cases")
	case slices.ContainsFunc(w.ClassWeight, func(x int64) bool { return x < 1 || x > w.Unit }) || slices.ContainsFunc(w.ClassBefore, func(x int64) bool { return x < 0 || x > w.Unit }):
		return fmt.Errorf("its intervals weigh more than a case")
	case slices.ContainsFunc(w.At, func(v cluster.Vec) bool { return !(math.Abs(v.Dot(v)-earthRadius*earthRadius) < earthRadius) }):
		return fmt.Errorf("its places are not on the sphere")
	case w.Longest < 0 || w.Longest > w.Steps || w.Observed < 0 || w.Observed > max(1, w.Steps) || w.Replicate < 0 || w.Replicate > w.Observed:
		return fmt.Errorf("its windows are none of a scan")
	case len(w.FirstSlot) != n+1 || !slices.IsSorted(w.FirstSlot) || w.FirstSlot[0] != 0 || int(w.FirstSlot[n]) != w.Cases:
		return fmt.Errorf("its strata do not hold its cases")
	case n > 1 && (len(w.CumBy) != n || len(w.TotalBy) != n*places) || n == 1 && len(w.CumBy)+len(w.TotalBy) != 0:
		return fmt.Errorf("its strata are not all there")
	case slices.ContainsFunc(w.CumBy, func(cum []int64) bool { return len(cum) != len(w.Cum) }):
		return fmt.Errorf("its strata are not all there")
	case len(w.Stratum) != recent || len(w.Rank) != recent || len(w.Owner) != recent || len(w.At) != places || len(w.Total) != places || len(w.Slot) != n*places:
		return fmt.Errorf("its lists are not of one length")
	case classes < 0 || w.ClassFirst[0] != 0 || !slices.IsSorted(w.ClassFirst) || int(w.ClassFirst[classes]) != len(w.ClassStep) || len(w.ClassStep) != len(w.ClassWeight) || len(w.ClassStep) != len(w.ClassBefore):
		return fmt.Errorf("its intervals are not all there")
	case slices.ContainsFunc(w.ClassOf, func(c uint32) bool { return int(c) >= classes }) || !within(w.ClassStep, max(0, w.Replicate-w.Longest), w.Steps):
		return fmt.Errorf("its intervals point beyond its steps")
	case !within(w.Owner, -1, int32(places)) || !within(w.Centres, 0, int32(places)) || !slices.IsSorted(w.Place):
		return fmt.Errorf("its places point beyond their list")
	}
	for c := range classes {
		if steps := w.ClassStep[w.ClassFirst[c]:w.ClassFirst[c+1]]; len(steps) == 0 || !slices.IsSorted(steps) || len(slices.Compact(slices.Clone(steps))) < len(steps) {
			return fmt.Errorf("its intervals are in no order")
		}
	}
	for k, s := range w.Stratum {
		if int(s) >= n || w.Rank[k] < 0 || w.Rank[k] >= w.FirstSlot[s+1]-w.FirstSlot[s] {
			return fmt.Errorf("its ranks point beyond its cases")
		}
	}
	for i, slot := range w.Slot {
		s := i % n
		if slot < w.FirstSlot[s] || w.count(i) < 0 || int64(slot)+w.count(i) > int64(w.FirstSlot[s+1]) {
			return fmt.Errorf("its slots point beyond its cases")
		}
	}
	return nil
}

// cumulative reports whether weights by step add up to no more than that of all cases.
func (w *partWire) cumulative(cum []int64) bool {
	return len(cum) > 0 && cum[0] == 0 && slices.IsSorted(cum) && cum[len(cum)-1] <= int64(w.Cases)*w.Unit
}

// count is how many cases a place has of a stratum, i being the index of both.
func (w *partWire) count(i int) int64 {
	if w.TotalBy != nil {
		return w.TotalBy[i]
	}
	return w.Total[i]
}

// problem is the part as a search takes it. A slot of a place that the part has not is
// elsewhere, behind its last place, where no zone comes.
func (w *partWire) problem(ctx context.Context) *problem {
	p := &problem{
		ctx: ctx, n: w.Cases, unit: w.Unit, cum: w.Cum, cumBy: w.CumBy, firstSlot: w.FirstSlot, stratum: w.Stratum, rank: w.Rank,
		recent: len(w.ClassOf), total: w.Total, totalBy: w.TotalBy,
		o:       Options{Seed: w.Seed, MinCases: w.MinCases, MaxRadiusM: w.MaxRadiusM, MaxShare: w.MaxShare, Adjust: w.Adjust},
		windows: windows{steps: w.Steps, longest: w.Longest, observed: w.Observed, replicate: w.Replicate, first: max(0, w.Replicate-w.Longest)},
	}
	for _, v := range w.At {
		p.places = append(p.places, place{xyz: v})
	}
	elsewhere := int32(len(p.places))
	p.slots = make([]int32, w.Cases)
	for i := range p.slots {
		p.slots[i] = elsewhere
	}
	n := p.strata()
	for i, slot := range w.Slot {
		for k := range w.count(i) {
			p.slots[int64(slot)+k] = int32(i / n)
		}
	}
	p.owner = make([]int32, p.recent)
	for k, at := range w.Owner {
		if p.owner[k] = at; at < 0 {
			p.owner[k] = elsewhere
		}
	}
	classes := make([]profile, len(w.ClassFirst)-1)
	for c := range classes {
		for i := w.ClassFirst[c]; i < w.ClassFirst[c+1]; i++ {
			classes[c] = append(classes[c], share{w.ClassStep[i], w.ClassWeight[i], w.ClassBefore[i]})
		}
	}
	for _, c := range w.ClassOf {
		p.times = append(p.times, classes[c])
	}
	p.centres = slices.Clone(w.Centres)
	p.near = newNearby(p.places, w.MaxRadiusM)
	p.largest = min(p.near.most(p.total), int64(w.MaxShare*float64(p.n)))
	p.centresByCube()
	return p
}

// A Span is replicates [First, First+Count) of a part, numbered as Frame.Part was told.
type Span struct{ Part, First, Count int }

// A Best is the best zone and window of a centre in the data.
type Best struct {
	Centre, Zone int32 // a place of the whole; the zone is so many of its nearest places
	Start, End   int32 // window, steps
	Count        int64 // weight in it, units
	Mean, LLR    float64
}

// Found is what parts found, of some replicates. Its zero value is what none found.
type Found struct {
	Searched []Span    // ascending, each once
	Maxima   []float64 // by replicate, the greatest LLR of those searched
	Best     []Best    // of the centres that have one, ascending by centre
}

// Search finds the greatest LLR of so many replicates from first on among the zones of
// the part's own centres. The first of all replicates brings the data with it, and so
// does a search of none from 0 on. Workers is goroutines, 0 for one a processor; it
// does not change the answer. It gives up with the context's error.
func (p Part) Search(ctx context.Context, first, count, workers int) (Found, error) {
	found := Found{Searched: []Span{{p.w.Number, first, count}}, Maxima: make([]float64, first+count)}
	if p.Centres() == 0 || p.w.Cases == 0 {
		return found, nil
	}
	q := p.w.problem(ctx)
	q.o.Replicates, q.o.Workers = count, workers
	s, err := q.newSearch()
	if err != nil {
		return Found{}, fmt.Errorf("scan: %w", err)
	}
	for done := 0; done == 0 || done < count; done += s.most() {
		maxima := s.run(first+done, min(s.most(), count-done), 0)
		if err := ctx.Err(); err != nil {
			return Found{}, fmt.Errorf("scan: %w", err)
		}
		copy(found.Maxima[first+done:], maxima)
	}
	if first > 0 {
		return found, nil
	}
	for _, c := range s.found {
		if c.llr > 0 {
			found.Best = append(found.Best, Best{p.w.Place[c.centre], int32(c.places), c.start, c.end, c.count, c.mean, c.llr})
		}
	}
	slices.SortFunc(found.Best, compareCentres)
	return found, nil
}

func compareCentres(a, b Best) int { return cmp.Compare(a.Centre, b.Centre) }

func compareSpans(a, b Span) int {
	return cmp.Or(cmp.Compare(a.Part, b.Part), cmp.Compare(a.First, b.First), cmp.Compare(a.Count, b.Count))
}

// With is what both found. Neither their order nor what comes twice changes it.
func (f Found) With(g Found) Found {
	out := Found{Maxima: slices.Clone(f.Maxima)}
	for r, m := range g.Maxima {
		if r == len(out.Maxima) {
			out.Maxima = append(out.Maxima, g.Maxima[r:]...)
			break
		}
		out.Maxima[r] = max(out.Maxima[r], m)
	}
	out.Searched = slices.Concat(f.Searched, g.Searched)
	slices.SortFunc(out.Searched, compareSpans)
	out.Searched = slices.Compact(out.Searched)
	out.Best = slices.Concat(f.Best, g.Best)
	slices.SortFunc(out.Best, compareCentres)
	out.Best = slices.Compact(out.Best)
	return out
}

// MarshalBinary writes what was found for another machine.
func (f Found) MarshalBinary() ([]byte, error) {
	type plain Found // without the method
	return encode(plain(f))
}

// UnmarshalBinary reads what MarshalBinary wrote.
func (f *Found) UnmarshalBinary(b []byte) error {
	type plain Found
	var p plain
	if err := decode(b, &p); err != nil {
		return fmt.Errorf("read what a part of a scan found: %w", err)
	}
	*f = Found(p)
	return nil
}

// Result says what the parts found, which are numbered from 0 to parts−1. It refuses
// what leaves a replicate of a part out. A sequential test, which on one machine stops
// drawing early, is read from all the replicates; its answer is the same.
func (f *Frame) Result(found Found, parts int) (Result, error) {
	p := f.p
	if err := found.whole(parts, p.o.Replicates); err != nil {
		return Result{}, fmt.Errorf("scan: %w", err)
	}
	if p.n == 0 {
		return p.result(nil, nil), nil
	}
	candidates := make([]candidate, len(found.Best))
	for i, b := range found.Best {
		if b.Centre < 0 || int(b.Centre) >= len(p.places) || b.Zone < 1 || b.Start < 0 || b.End <= b.Start || int(b.End) > p.steps.len() {
			return Result{}, fmt.Errorf("scan: what was found is of other cases")
		}
		candidates[i] = candidate{llr: b.LLR, centre: b.Centre, places: int(b.Zone), mean: b.Mean, start: b.Start, end: b.End, count: b.Count}
	}
	apart, maxima := p.apart(candidates), found.Maxima[:p.o.Replicates]
	if p.o.PMethod == Sequential {
		if floor, enough := undecided(maxima, apart, p.o.StopAfter); floor == 0 {
			maxima = maxima[:enough]
		}
	}
	return p.result(apart, maxima), nil
}

// whole says what is missing of a search of so many parts and replicates.
func (f Found) whole(parts, replicates int) error {
	done := make([]int, parts) // replicates, −1 before the data
	for i := range done {
		done[i] = -1
	}
	for _, s := range f.Searched { // by part, ascending
		if s.Part < 0 || s.Part >= parts {
			return fmt.Errorf("part %d of %d was searched", s.Part, parts)
		}
		if s.First <= max(0, done[s.Part]) {
			done[s.Part] = max(done[s.Part], s.First+s.Count)
		}
	}
	for part, n := range done {
		if n < replicates {
			return fmt.Errorf("of part %d, %d of %d replicates were searched", part, max(0, n), replicates)
		}
	}
	return nil
}
