package cluster

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"time"

	"spreewatch/geo"
)

// A CellCount is what one cell holds in a window, for the map.
type CellCount struct {
	Cell     geo.Cell
	Window   Window
	Observed float64  // aoristic weight of the incidents in it
	Expected *float64 // under independence of space and time; nil when history is too thin to say
	Risk     float64  // expected incidents in the coming shifts
	SpreeID  string   // the spree it belongs to, "" for none
}

// A Bucket is the aoristic weight that one cell holds in one time step.
type Bucket struct {
	Cell   geo.Cell
	Step   int     // the step [origin + Step·step, origin + (Step+1)·step); below 0 before the origin
	Weight float64 // over 0
}

// StepWeights yields each time step that w touches and the share of w that
// falls in it, earliest first: the aoristic weight of Ratcliffe (2000). Step i
// is [origin + i·step, origin + (i+1)·step), so i is negative before the
// origin. The shares add up to 1. An instant (and a window that ends before it
// starts) gives its own step the whole weight. A window of any length is spread
// evenly, never cut and never reduced to its middle.
//
// It panics when step is not over 0.
func StepWeights(w Window, origin time.Time, step time.Duration) iter.Seq2[int, float64] {
	if step <= 0 {
		panic(fmt.Sprintf("cluster: step of %v", step))
	}
	return func(yield func(int, float64) bool) {
		from := w.Start.Sub(origin)
		first := floorDiv(from, step)
		length := w.Duration()
		if length <= 0 {
			yield(first, 1)
			return
		}
		to := from + length
		for i := first; time.Duration(i)*step < to; i++ {
			start := max(from, time.Duration(i)*step)
			end := min(to, time.Duration(i+1)*step)
			if !yield(i, float64(end-start)/float64(length)) {
				return
			}
		}
	}
}

func floorDiv(d, step time.Duration) int {
	q := d / step
	if d%step < 0 {
		q--
	}
	return int(q)
}

// Buckets adds up the aoristic weights of the incidents in cells of the
// resolution and steps counted from origin, sorted by cell, then step. The
// weights add up to the number of incidents. An incident's whole weight is in
// the cell of its point, however wide its radius is. An incident without a place
// is an error: it belongs to no cell.
func Buckets(incidents []Incident, resolution int, origin time.Time, step time.Duration) ([]Bucket, error) {
	sorted := slices.Clone(incidents)
	SortIncidents(sorted) // sums of floats depend on the order of their terms
	type key struct {
		cell geo.Cell
		step int
	}
	sums := make(map[key]float64, len(sorted))
	for _, in := range sorted {
		if !in.Level.Located() {
			return nil, fmt.Errorf("bucket incident %s: it has no place", in.ID)
		}
		cell, err := geo.CellAt(in.Point, resolution)
		if err != nil {
			return nil, fmt.Errorf("bucket incident %s: %w", in.ID, err)
		}
		for i, share := range StepWeights(in.Interval(), origin, step) {
			sums[key{cell, i}] += share
		}
	}
	buckets := make([]Bucket, 0, len(sums))
	for k, w := range sums {
		buckets = append(buckets, Bucket{k.cell, k.step, w})
	}
	slices.SortFunc(buckets, func(a, b Bucket) int {
		return cmp.Or(cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Step, b.Step))
	})
	return buckets, nil
}
