package nearrepeat

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// vector is a point in space, metres: on the plane z = 0, or on the sphere.
type vector [3]float64

// places are incidents in the order of the grid cells they lie in, so that
// neighbours on the ground are neighbours in memory. Ties go by place, then by
// time: IDs matter only between incidents that are alike in both.
type places struct {
	incident []cluster.Incident
	at       []vector
	cell     []cellKey
	size     float64 // side of a grid cell, metres
	metric   Metric
}

// cellKey is a cell of the cubic grid, from the corner of the data: z, y, x.
type cellKey [3]int32

// newPlaces checks the incidents and lays the grid. Two points closer than the
// last distance edge lie in the same or in touching cells.
func newPlaces(incidents []cluster.Incident, o Options) (places, error) {
	p := places{metric: o.Metric}
	seen := make(map[string]bool, len(incidents))
	low := vector{math.Inf(1), math.Inf(1), math.Inf(1)}
	high := vector{math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	all := make([]vector, len(incidents))
	for i, in := range incidents {
		if seen[in.ID] {
			return places{}, errors.New("near repeat: two incidents have the same ID")
		}
		seen[in.ID] = true
		if in.To.Before(in.From) {
			return places{}, errors.New("near repeat: an incident ends before it starts")
		}
		v, err := toVector(in.Point, o)
		if err != nil {
			return places{}, err
		}
		all[i] = v
		for axis := range v {
			low[axis], high[axis] = min(low[axis], v[axis]), max(high[axis], v[axis])
		}
	}
	// A hair wider than the last edge, for rounding; and never so many cells
	// that their numbers overflow.
	p.size = o.Distance[len(o.Distance)-1] * (1 + 1e-9)
	for axis := range low {
		if len(all) > 0 {
			p.size = max(p.size, (high[axis]-low[axis])/(1<<30))
		}
	}
	order := make([]int, len(all))
	cells := make([]cellKey, len(all))
	for i, v := range all {
		order[i] = i
		for axis := range v {
			cells[i][2-axis] = int32((v[axis] - low[axis]) / p.size)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := &incidents[a], &incidents[b]
		return cmp.Or(
			compareCells(cells[a], cells[b]),
			cmp.Compare(all[a][0], all[b][0]), cmp.Compare(all[a][1], all[b][1]), cmp.Compare(all[a][2], all[b][2]),
			x.From.Compare(y.From), x.To.Compare(y.To), cmp.Compare(x.ID, y.ID))
	})
	p.incident = make([]cluster.Incident, len(order))
	p.at = make([]vector, len(order))
	p.cell = make([]cellKey, len(order))
	for k, i := range order {
		p.incident[k], p.at[k], p.cell[k] = incidents[i], all[i], cells[i]
	}
	return p, nil
}

func compareCells(a, b cellKey) int {
	return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]), cmp.Compare(a[2], b[2]))
}

// toVector puts a point where straight lines are no longer than its metric says,
// so that the grid misses no pair.
func toVector(p orb.Point, o Options) (vector, error) {
	if o.Metric == GreatCircle {
		if err := geo.CheckPoint(p); err != nil {
			return vector{}, fmt.Errorf("near repeat: %w", err)
		}
		sinLat, cosLat := math.Sincos(p.Lat() * math.Pi / 180)
		sinLon, cosLon := math.Sincos(p.Lon() * math.Pi / 180)
		return vector{geo.EarthRadius * cosLat * cosLon, geo.EarthRadius * cosLat * sinLon, geo.EarthRadius * sinLat}, nil
	}
	v := vector{p[0], p[1], 0}
	if o.Single {
		v[0], v[1] = float64(float32(p[0])), float64(float32(p[1]))
	}
	if !(math.Abs(v[0]) <= 1e9 && math.Abs(v[1]) <= 1e9) {
		return vector{}, errors.New("near repeat: a coordinate is not a number of metres")
	}
	return v, nil
}

// spans returns the event intervals in order.
func (p places) spans() []span {
	spans := make([]span, len(p.incident))
	if len(spans) == 0 {
		return spans
	}
	first := p.incident[0].From
	for _, in := range p.incident {
		if in.From.Before(first) {
			first = in.From
		}
	}
	for i, in := range p.incident {
		spans[i] = span{int64(in.From.Sub(first)), int64(in.To.Sub(first))}
	}
	return spans
}

// distance is the metric.
func (p places) distance(i, j int) float64 {
	a, b := p.at[i], p.at[j]
	switch p.metric {
	case Manhattan:
		return math.Abs(a[0]-b[0]) + math.Abs(a[1]-b[1])
	case GreatCircle:
		return geo.Distance(p.incident[i].Point, p.incident[j].Point)
	}
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]))
}

// eachPair calls f for every pair i < j that may be within the size of a grid
// cell, in ascending order of i, with its distance, until f returns false.
func (p places) eachPair(f func(i, j int, d float64) bool) {
	start := map[cellKey]int{}
	for i, c := range p.cell {
		if i == 0 || c != p.cell[i-1] {
			start[c] = i
		}
	}
	reach := p.size * (1 + 1e-6) // a chord is at most its arc; the hair is for rounding
	var runs []int
	for i, c := range p.cell {
		if i == 0 || c != p.cell[i-1] {
			runs = runs[:0]
			for _, step := range forward {
				if s, ok := start[cellKey{c[0] + step[0], c[1] + step[1], c[2] + step[2]}]; ok {
					runs = append(runs, s)
				}
			}
		}
		try := func(j int) bool {
			a, b := &p.at[i], &p.at[j]
			dx, dy, dz := a[0]-b[0], a[1]-b[1], a[2]-b[2]
			return dx*dx+dy*dy+dz*dz > reach*reach || f(i, j, p.distance(i, j))
		}
		for j := i + 1; j < len(p.cell) && p.cell[j] == c; j++ {
			if !try(j) {
				return
			}
		}
		for _, s := range runs {
			for j := s; j < len(p.cell) && p.cell[j] == p.cell[s]; j++ {
				if !try(j) {
					return
				}
			}
		}
	}
}

// forward are the 13 of the 26 neighbours of a cell that come after it, in their
// order, so that each pair of cells is met once.
var forward = func() []cellKey {
	var steps []cellKey
	for z := int32(-1); z <= 1; z++ {
		for y := int32(-1); y <= 1; y++ {
			for x := int32(-1); x <= 1; x++ {
				if step := (cellKey{z, y, x}); compareCells(step, cellKey{}) > 0 {
					steps = append(steps, step)
				}
			}
		}
	}
	return steps
}()

// space holds the close pairs by distance band.
type space struct{ rows []pairRow }

// A pairRow is the pairs of one band: of place i, the later places
// other[start[i]:start[i+1]], ascending.
type pairRow struct {
	start  []int
	other  []int32
	hidden bool // nearer than the first edge: in no band, but not in the rest either
}

// newSpace finds the close pairs, counting before it stores.
func newSpace(p places, o Options) (space, error) {
	if len(p.at) > math.MaxInt32 {
		return space{}, errors.New("near repeat: too many incidents")
	}
	bands := len(o.Distance) - 1
	if o.SamePlace {
		bands++
	}
	s := space{rows: make([]pairRow, bands+1)}
	s.rows[bands].hidden = true
	for r := range s.rows {
		s.rows[r].start = make([]int, len(p.at)+1)
	}
	pairs := int64(0)
	p.eachPair(func(i, _ int, d float64) bool {
		if r := o.row(d); r >= 0 {
			s.rows[r].start[i+1]++
			pairs++
		}
		return pairs <= o.MaxPairs
	})
	if pairs > o.MaxPairs {
		return space{}, &TooManyPairsError{Max: o.MaxPairs}
	}
	for r := range s.rows {
		row := &s.rows[r]
		for i := range p.at {
			row.start[i+1] += row.start[i]
		}
		row.other = make([]int32, 0, row.start[len(p.at)])
	}
	p.eachPair(func(i, j int, d float64) bool {
		if r := o.row(d); r >= 0 {
			s.rows[r].other = append(s.rows[r].other, int32(j))
		}
		return true
	})
	return s, nil
}

// row is the place of a distance in space.rows, −1 past the last edge.
func (o Options) row(d float64) int {
	first := 0
	if o.SamePlace {
		if d == 0 {
			return 0
		}
		first = 1
	}
	bands := len(o.Distance) - 1
	if d >= o.Distance[bands] {
		return -1
	}
	for r := bands - 1; r >= 0; r-- {
		if d >= o.Distance[r] {
			return first + r
		}
	}
	return first + bands
}

// A TooManyPairsError says that a study has more close pairs than may be held.
type TooManyPairsError struct{ Max int64 }

// Error gives the limit.
func (e *TooManyPairsError) Error() string {
	return fmt.Sprintf("near repeat: over %d pairs lie within the last distance edge", e.Max)
}
