// Package nearrepeat measures near repeats: whether incidents close in space are
// closer in time than chance makes them, by distance band and time band, and
// which incidents follow which. It is how a planner learns an offence profile's
// radius and window from data.
package nearrepeat

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// A Metric measures the distance between two points.
type Metric string

// The metrics. The planar ones take a point as x and y in metres.
const (
	Euclidean   Metric = "euclidean"
	Manhattan   Metric = "manhattan"
	GreatCircle Metric = "greatcircle" // metres on the sphere, from longitude and latitude
)

// Options say which bands to count pairs in, and how to tell chance.
type Options struct {
	Distance []float64       // edges of the distance bands in metres, ascending from 0 or more
	Time     []time.Duration // edges of the time bands, ascending from 0 or more
	// Zone is the calendar of time bands whose edges are all whole days: lags are
	// then those of its wall clock, so that from noon to noon is a day, of 23 or 25
	// hours too. Other bands go by time elapsed. nil is UTC.
	Zone       *time.Location
	Metric     Metric
	SamePlace  bool // pairs at distance exactly 0 have a band of their own, the first
	Rest       bool // a band past the last edge, on both axes
	Single     bool // round planar coordinates to 32 bits, as the Near Repeat Calculator 1.3 does
	Replicates int
	Seed       uint64
	Workers    int   // goroutines; 0 is one a processor. The answer does not depend on it
	MaxPairs   int64 // refuse to hold more close pairs than this, 4 bytes each
}

// DefaultOptions are 100 m and one week bands on a plane, with 999
// replicates.
func DefaultOptions() Options {
	const week = 7 * 24 * time.Hour
	return Options{
		Distance:   []float64{0, 100, 200, 300, 400},
		Time:       []time.Duration{0, week, 2 * week, 3 * week, 4 * week},
		Metric:     Euclidean,
		Replicates: 999,
		Seed:       1,
		MaxPairs:   500_000_000,
	}
}

// Validate refuses bands that are not bands.
func (o Options) Validate() error {
	switch o.Metric {
	case Euclidean, Manhattan, GreatCircle:
	default:
		return fmt.Errorf("near repeat: there is no metric %q", o.Metric)
	}
	switch {
	case len(o.Distance) < 2 || len(o.Time) < 2:
		return errors.New("near repeat: a band needs two edges")
	case len(o.Distance) > 100 || len(o.Time) > 100:
		return errors.New("near repeat: at most 100 edges an axis")
	case o.Replicates < 0 || o.Replicates > 1_000_000:
		return errors.New("near repeat: replicates must be 0 to 1000000")
	case o.Workers < 0:
		return errors.New("near repeat: workers must not be negative")
	case o.MaxPairs < 1:
		return errors.New("near repeat: max pairs must be at least 1")
	}
	for i, d := range o.Distance {
		if !(d >= 0) || math.IsInf(d, 0) || (i > 0 && d <= o.Distance[i-1]) {
			return errors.New("near repeat: distance edges must ascend from 0 or more")
		}
	}
	for i, d := range o.Time {
		if d < 0 || (i > 0 && d <= o.Time[i-1]) {
			return errors.New("near repeat: time edges must ascend from 0 or more")
		}
	}
	return nil
}

// A Band is the half-open interval [From, To) of distances in metres or of lags
// in days. To is +Inf for the band of the rest; From = To = 0 is the band of the
// same place, and then the next band leaves 0 out.
type Band struct{ From, To float64 }

// A Table is a Knox table: a row a distance band, a column a time band, nearest
// first. A value that does not exist is NaN: a ratio to 0, and everything but
// Observed without replicates.
type Table struct {
	Distance, Time []Band
	Cases          int
	Pairs          int64 // of all cases, n(n−1)/2
	Replicates     int
	Observed       [][]float64 // pairs; the sum of their probabilities where times are uncertain
	Mean, Median   [][]float64 // over the replicates
	Ratio          [][]float64 // Observed / Mean
	MedianRatio    [][]float64 // Observed / Median
	P              [][]float64 // (1 + #{replicates ≥ observed}) / (1 + R)
}

// Count counts the pairs of incidents by distance and lag, and compares the
// counts with those after shuffling the event times over the places (Knox 1964;
// Besag & Diggle 1977; Johnson et al. 2007).
//
// An incident with an event interval happened uniformly at random in it, alone.
// A pair then counts in a band by the probability that its lag falls there, and
// a shuffle moves whole intervals. With instants alone the counts are whole and
// those of the classic table.
//
// Only pairs closer than the last distance edge are held. The rest is had by
// subtraction: a shuffle leaves the lags of all pairs together as they are.
//
// The order and the IDs of the incidents change nothing; fewer than two give a
// table of zeros with p = 1.
func Count(ctx context.Context, incidents []cluster.Incident, o Options) (Table, error) {
	return geo.Attend(ctx, func() (Table, error) { return newTable(ctx, incidents, o) }) // one table of many pairs takes long
}

func newTable(ctx context.Context, incidents []cluster.Incident, o Options) (Table, error) {
	k, err := newKnox(incidents, o)
	if err != nil {
		return Table{}, err
	}
	observed := k.table(k.clock.counter(), k.spans)
	replicates, err := k.replicates(ctx)
	if err != nil {
		return Table{}, err
	}
	return k.summarise(observed, replicates), nil
}

// knox is a study ready to count.
type knox struct {
	o     Options
	n     int
	spans []span // event intervals in the order of the places
	space space
	clock *clock
	total []int64 // of all pairs, by column of the clock
}

func newKnox(incidents []cluster.Incident, o Options) (*knox, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	places, err := newPlaces(incidents, o)
	if err != nil {
		return nil, err
	}
	k := &knox{o: o, n: len(incidents), spans: places.spans(o)}
	if k.space, err = newSpace(places, o); err != nil {
		return nil, err
	}
	k.clock = newClock(k.spans, o.Time)
	if o.Rest {
		k.total = k.clock.totals(k.spans, o.workers())
	}
	return k, nil
}

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// distanceBands and timeBands are the bands of the table, as people read them.
func (k *knox) distanceBands() []Band {
	var bands []Band
	if k.o.SamePlace {
		bands = append(bands, Band{})
	}
	return append(bands, edgeBands(k.o.Distance, k.o.Rest)...)
}

func (k *knox) timeBands() []Band {
	days := make([]float64, len(k.o.Time))
	for i, d := range k.o.Time {
		days[i] = d.Hours() / 24
	}
	return edgeBands(days, k.o.Rest)
}

func edgeBands(edges []float64, rest bool) []Band {
	var bands []Band
	for i := range edges[1:] {
		bands = append(bands, Band{edges[i], edges[i+1]})
	}
	if rest {
		bands = append(bands, Band{edges[len(edges)-1], math.Inf(1)})
	}
	return bands
}

// table counts the close pairs with the spans laid over the places, and derives
// the rest. It returns the cells row by row, in the clock's units. The result is
// good until the counter is used again.
func (k *knox) table(c *counter, spans []span) []int64 {
	c.reset(spans)
	rows, cols := len(k.distanceBands()), len(k.timeBands())
	cells := make([]int64, rows*cols)
	left := slices.Clone(k.total) // of each column, in the far row
	for r, row := range k.space.rows {
		sums := c.count(row)
		if k.o.Rest {
			for col, v := range sums {
				left[col] -= v
			}
		}
		if row.hidden {
			continue
		}
		copy(cells[r*cols:(r+1)*cols], sums[:cols])
	}
	if k.o.Rest {
		copy(cells[(rows-1)*cols:], left[:cols])
	}
	return cells
}

// replicates counts the shuffled tables, each at its own index.
func (k *knox) replicates(ctx context.Context) ([][]int64, error) {
	tables := make([][]int64, k.o.Replicates)
	var next atomic.Int64
	var wg geo.Workers
	for range min(k.o.workers(), k.o.Replicates) {
		wg.Go(func() {
			c := k.clock.counter()
			spans := make([]span, k.n)
			for {
				i := int(next.Add(1)) - 1
				if i >= len(tables) || ctx.Err() != nil {
					return
				}
				deal(spans, k.spans, k.o.Seed, uint64(i))
				tables[i] = k.table(c, spans)
			}
		})
	}
	wg.Wait()
	return tables, ctx.Err()
}

// deal gives each incident the span that a replicate draws for it: by its rank alone,
// so that a table may be counted in parts.
func deal(into, spans []span, seed, replicate uint64) {
	sh := cluster.NewShuffle(len(spans), seed, replicate, 0)
	for i := range into {
		into[i] = spans[sh.Of(i)]
	}
}

// summarise compares the observed cells with the replicates'.
func (k *knox) summarise(observed []int64, replicates [][]int64) Table {
	t := Table{
		Distance: k.distanceBands(), Time: k.timeBands(),
		Cases: k.n, Pairs: int64(k.n) * int64(k.n-1) / 2, Replicates: k.o.Replicates,
	}
	rows, cols := len(t.Distance), len(t.Time)
	for _, m := range []*[][]float64{&t.Observed, &t.Mean, &t.Median, &t.Ratio, &t.MedianRatio, &t.P} {
		*m = make([][]float64, rows)
		for r := range *m {
			(*m)[r] = make([]float64, cols)
		}
	}
	unit := float64(k.clock.unit)
	values := make([]int64, len(replicates))
	for cell, obs := range observed {
		r, c := cell/cols, cell%cols
		atLeast := 0
		sum := 0.0
		for i, rep := range replicates {
			values[i] = rep[cell]
			sum += float64(rep[cell])
			if rep[cell] >= obs {
				atLeast++
			}
		}
		t.Observed[r][c] = float64(obs) / unit
		t.Mean[r][c] = sum / unit / float64(len(replicates)) // NaN without replicates
		t.Median[r][c] = median(values) / unit
		t.Ratio[r][c] = ratio(t.Observed[r][c], t.Mean[r][c])
		t.MedianRatio[r][c] = ratio(t.Observed[r][c], t.Median[r][c])
		t.P[r][c] = float64(1+atLeast) / float64(1+len(replicates))
		if len(replicates) == 0 {
			t.P[r][c] = math.NaN()
		}
	}
	return t
}

// median sorts values; half-way between the middle two of an even number, NaN of
// none.
func median(values []int64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	mid := len(values) / 2
	if len(values)%2 == 1 {
		return float64(values[mid])
	}
	return (float64(values[mid-1]) + float64(values[mid])) / 2
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}
