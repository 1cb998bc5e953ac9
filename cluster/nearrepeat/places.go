package nearrepeat

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// places are incidents in the order of the grid cells they lie in, so that
// neighbours on the ground are neighbours in memory. Ties go by place, then by
// time: IDs matter only between incidents that are alike in both.
type places struct {
	incident []cluster.Incident
	at       []cluster.Vec // metres: on the plane z = 0, or on the sphere
	grid     *cluster.Grid
	metric   Metric
}

// newPlaces checks the incidents and lays the grid. Two points closer than the
// last distance edge lie in the same or in touching cells.
func newPlaces(incidents []cluster.Incident, o Options) (places, error) {
	p := places{metric: o.Metric}
	seen := make(map[string]bool, len(incidents))
	all := make([]cluster.Vec, len(incidents))
	for i, in := range incidents {
		if seen[in.ID] {
			return places{}, errors.New("near repeat: two incidents have the same ID")
		}
		seen[in.ID] = true
		if in.To < in.From {
			return places{}, errors.New("near repeat: an incident ends before it starts")
		}
		v, err := toVector(in.Point, o)
		if err != nil {
			return places{}, err
		}
		all[i] = v
	}
	// A hair wider than the last edge, for rounding.
	p.grid = cluster.NewGrid(all, o.Distance[len(o.Distance)-1]*(1+1e-9))
	order := p.grid.Order
	slices.SortFunc(order, func(a, b int32) int {
		x, y := &incidents[a], &incidents[b]
		return cmp.Or(
			cmp.Compare(p.grid.Cube[a], p.grid.Cube[b]),
			cmp.Compare(all[a][0], all[b][0]), cmp.Compare(all[a][1], all[b][1]), cmp.Compare(all[a][2], all[b][2]),
			cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To), cmp.Compare(x.ID, y.ID))
	})
	p.incident = make([]cluster.Incident, len(order))
	p.at = make([]cluster.Vec, len(order))
	for k, i := range order {
		p.incident[k], p.at[k] = incidents[i], all[i]
	}
	return p, nil
}

// toVector puts a point where straight lines are no longer than its metric says,
// so that the grid misses no pair.
func toVector(p orb.Point, o Options) (cluster.Vec, error) {
	if o.Metric == GreatCircle {
		if err := geo.CheckPoint(p); err != nil {
			return cluster.Vec{}, fmt.Errorf("near repeat: %w", err)
		}
		return cluster.OnSphere(p, geo.EarthRadius), nil
	}
	v := cluster.Vec{p[0], p[1], 0}
	if o.Single {
		v[0], v[1] = float64(float32(p[0])), float64(float32(p[1]))
	}
	if !(math.Abs(v[0]) <= 1e9 && math.Abs(v[1]) <= 1e9) {
		return cluster.Vec{}, errors.New("near repeat: a coordinate is not a number of metres")
	}
	return v, nil
}

// spans returns the event intervals in order, by the clock of the options.
func (p places) spans(o Options) []span {
	clock := o.wall()
	spans := make([]span, len(p.incident))
	first := int64(math.MaxInt64)
	for i, in := range p.incident {
		from := clock(in.From.Time())
		// The hour that comes twice in autumn can end before it starts.
		spans[i] = span{from, max(from, clock(in.To.Time()))}
		first = min(first, from)
	}
	for i := range spans {
		spans[i].from -= first
		spans[i].to -= first
	}
	return spans
}

// wall returns the clock by which lags are measured, in nanoseconds.
func (o Options) wall() func(time.Time) int64 {
	const day = 24 * time.Hour
	if o.Zone == nil || slices.ContainsFunc(o.Time, func(edge time.Duration) bool { return edge%day != 0 }) {
		return time.Time.UnixNano
	}
	return func(t time.Time) int64 {
		_, offset := t.In(o.Zone).Zone()
		return t.UnixNano() + int64(offset)*int64(time.Second)
	}
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

// eachPair calls f for every pair i < j that may be within the width of the grid,
// in ascending order of i, with its distance, until f returns false.
func (p places) eachPair(f func(i, j int, d float64) bool) {
	reach := p.grid.Width * (1 + 1e-6) // a chord is at most its arc; the hair is for rounding
	try := func(i, j int) bool {
		a, b := &p.at[i], &p.at[j]
		dx, dy, dz := a[0]-b[0], a[1]-b[1], a[2]-b[2]
		return dx*dx+dy*dy+dz*dz > reach*reach || f(i, j, p.distance(i, j))
	}
	start := p.grid.Start // the places are in the order of the grid
	for c, around := range p.grid.Around(1) {
		later := around[slices.Index(around, int32(c))+1:] // each pair of cubes is met once
		for i := int(start[c]); i < int(start[c+1]); i++ {
			for j := i + 1; j < int(start[c+1]); j++ {
				if !try(i, j) {
					return
				}
			}
			for _, o := range later {
				for j := int(start[o]); j < int(start[o+1]); j++ {
					if !try(i, j) {
						return
					}
				}
			}
		}
	}
}

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
