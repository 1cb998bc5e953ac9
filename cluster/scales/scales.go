// Package scales is a space-time permutation scan at many scales under one p.
//
// A burst may be 300 m or 15 km wide and last two hours or a week, and nobody
// knows beforehand. So circles of several radii, about the points of a lattice,
// are looked at over windows of several lengths that end with a recent incident of
// theirs, for every offence, and the statistic of a night is the greatest over all of
// them. Replicates are searched in the same way, so that looking at more costs
// threshold and no honesty (Neill 2009; Tango, Takahashi & Kohriyama 2011).
//
// Times are shuffled over places within each offence: under the null hypothesis
// an offence's times have nothing to do with its places, and a burst of one
// offence everywhere is no spree. With c the incidents of an offence in circle
// and window, C in the circle, m in the window and N in all,
//
//	G = Σ x ln(x / expected)
//
// over the four cells of the table of in and out of circle and window: the log
// likelihood ratio of independence, natural logarithm. Only c > C·m/N counts.
//
// An incident is in a window when at least half of its event interval is: its
// middle, that is, of an interval of at most two windows. It is in no circle that
// is narrower than its own radius.
package scales

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// spacing is how far apart the centres of circles are, in radii. A place lies in
// seven or eight of each radius.
const spacing = 0.7

// Day is the time from one night to the next.
const Day = 24 * time.Hour

// A Stratum is the incidents of one offence and the scales they are looked at. An
// offence may have several, of other radii.
type Stratum struct {
	Offence      string
	MinIncidents int
	Radii        []float64       // metres, over 0
	Windows      []time.Duration // over 0
	Lookback     time.Duration   // windows end at most this long before the night
	Incidents    []cluster.Incident
}

// Options of a scan.
type Options struct {
	History  time.Duration // what happened longer before a night plays no part
	MaxShare float64       // a circle holds at most this share of the offence's incidents
	Least    int           // an offence with fewer incidents in the history is not scanned
	Seed     uint64
	Workers  int // goroutines; 0 is one a processor. The answer does not depend on it
}

// DefaultOptions are 60 days of history, half of an offence's incidents at most
// in a circle, and 20 incidents at least.
func DefaultOptions() Options {
	return Options{History: 60 * Day, MaxShare: 0.5, Least: 20, Seed: 1}
}

func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// Cases are the incidents of strata in order, of which no place has been looked at. Their
// hash is had of them alone; where most nights are known by theirs, only the places of the
// others are worth a look.
type Cases struct {
	o      Options
	strata []ordered
}

// An ordered stratum still has its incidents.
type ordered struct {
	*casesOf
	of []cluster.Incident // by From, To, ID
}

// casesOf is a Stratum in order.
type casesOf struct {
	offence  string
	number   uint64 // of the offence, for draws: a hash of its name
	min      int32
	windows  []int64 // seconds, ascending
	lookback int64
	radii    []float64 // ascending
	cases    []oneCase // by From, To, ID
}

// oneCase is an incident as the scan sees it, Unix seconds.
type oneCase struct {
	from, to int64
	known    int64 // when it was reported
	until    int64 // when it was known no more
	hash     uint64
	id       string
}

// A Scan is the incidents made ready: each place lists the circles that hold it.
type Scan struct {
	o      Options
	strata []*stratum
}

// stratum is a Stratum made ready, or the part of it from some time on.
type stratum struct {
	*casesOf
	cases   []oneCase
	place   []int32       // by case; many share one, a street's middle
	at      []cluster.Vec // by place
	wide    []int32       // by place, the first of radii that is not narrower than its own
	limit   []float64     // by radius, the square of its chord on the unit sphere
	first   []int32       // the circles of place i are list[first[i]:first[i+1]]
	list    []int32
	circles []cluster.LatticeCircle
}

// New makes the incidents ready. Their order does not matter.
func New(strata []Stratum, o Options) *Scan {
	s, err := CasesOf(strata, o).Scan(context.Background(), time.Time{})
	if err != nil {
		panic(fmt.Sprintf("scales: a context that never ends: %v", err))
	}
	return s
}

// CasesOf puts the incidents in order. The one that they are in does not matter.
func CasesOf(strata []Stratum, o Options) *Cases {
	c := &Cases{o: o, strata: make([]ordered, len(strata))}
	geo.Each(o.workers(), len(strata), func(_, i int) { c.strata[i] = strata[i].inOrder() })
	slices.SortFunc(c.strata, func(a, b ordered) int {
		return cmp.Or(cmp.Compare(a.offence, b.offence), slices.Compare(a.radii, b.radii))
	})
	return c
}

func (in Stratum) inOrder() ordered {
	s := ordered{&casesOf{offence: in.Offence, number: cluster.HashText(in.Offence), min: int32(in.MinIncidents), lookback: seconds(in.Lookback)}, in.Incidents}
	for _, w := range in.Windows {
		s.windows = append(s.windows, seconds(w))
	}
	slices.Sort(s.windows)
	s.radii = slices.Clone(in.Radii)
	slices.Sort(s.radii)
	if !slices.IsSortedFunc(s.of, cluster.CompareTimes) {
		s.of = slices.Clone(s.of)
		cluster.SortIncidents(s.of)
	}
	s.cases = make([]oneCase, len(s.of))
	for i := range s.of {
		in := &s.of[i]
		c := oneCase{from: in.From.Unix(), to: max(in.From.Unix(), in.To.Unix()), known: in.From.Unix(), until: math.MaxInt64, id: in.ID}
		if !in.Reported.IsZero() {
			c.known = in.Reported.Unix()
		}
		if !in.Until.IsZero() {
			c.until = in.Until.Unix()
		}
		c.hash = cluster.Mix(cluster.Mix(cluster.Mix(cluster.Mix(uint64(c.from))^uint64(c.to))^uint64(c.known)) ^ math.Float64bits(in.Point[0]) ^ cluster.Mix(math.Float64bits(in.Point[1])))
		s.cases[i] = c
	}
	return s
}

// Scan makes the incidents ready for the nights from the first one on, for all where that
// is zero. It gives up with the context's error when that is done: a million incidents
// take seconds.
func (c *Cases) Scan(ctx context.Context, first time.Time) (*Scan, error) {
	since := int64(math.MinInt64)
	if !first.IsZero() {
		since = first.Unix() - seconds(c.o.History)
	}
	s := &Scan{o: c.o, strata: make([]*stratum, len(c.strata))}
	makers := make([]stratumMaker, c.o.workers())
	geo.Each(len(makers), len(c.strata), func(w, i int) { s.strata[i] = makers[w].make(ctx, c.strata[i], since) })
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// mostAround is about how many circles hold a place; the list of all places' doubles when
// it has no room for so many more.
const mostAround = 512

// A stratumMaker makes one stratum after another ready in the same room, and keeps of each
// no more than it has.
type stratumMaker struct {
	lattice *cluster.Lattice
	list    []int32
}

// make makes ready what began since then, or a part of it where the context is done.
func (m *stratumMaker) make(ctx context.Context, all ordered, since int64) *stratum {
	from, _ := slices.BinarySearchFunc(all.cases, since, func(c oneCase, t int64) int { return cmp.Compare(c.from, t) })
	s := &stratum{casesOf: all.casesOf, cases: all.cases[from:], first: []int32{0}}
	s.place = make([]int32, len(s.cases))
	for _, r := range s.radii {
		s.limit = append(s.limit, cluster.Chord2(r))
	}
	if m.lattice == nil {
		m.lattice = cluster.NewLattice(s.radii, spacing)
	}
	m.lattice.Reset(s.radii)
	m.list = m.list[:0]
	type spot struct {
		at   orb.Point
		wide int
	}
	places := make(map[spot]int32)
	for i := range s.cases {
		if i%1024 == 0 && ctx.Err() != nil {
			return s
		}
		in := &all.of[from+i]
		wide, _ := slices.BinarySearch(s.radii, in.RadiusM)
		place, ok := places[spot{in.Point, wide}]
		if !ok {
			place = int32(len(s.at))
			places[spot{in.Point, wide}] = place
			s.at, s.wide = append(s.at, cluster.VecOf(in.Point)), append(s.wide, int32(wide))
			if cap(m.list)-len(m.list) < mostAround {
				m.list = slices.Grow(m.list, max(len(m.list), mostAround))
			}
			m.list = m.lattice.Around(in.Point, in.RadiusM, m.list)
			s.first = append(s.first, int32(len(m.list)))
		}
		s.place[i] = place
	}
	s.list, s.circles = slices.Clone(m.list), slices.Clone(m.lattice.Circles)
	return s
}

func seconds(d time.Duration) int64 { return int64(d / time.Second) }

// holds reports whether a circle holds a place.
func (s *stratum) holds(circle, place int32) bool {
	c := &s.circles[circle]
	return s.wide[place] <= c.Radius && c.At.Chord2(s.at[place]) <= s.limit[c.Radius]
}

// A Cluster is a circle and a window with more incidents than chance would bring,
// and all that is said of it is of that one circle and window.
type Cluster struct {
	Offence   string
	Incidents []string // IDs, ascending
	Centre    orb.Point
	RadiusM   float64       // of the circle
	Window    time.Duration // its length
	From, To  time.Time     // where it lies: (From, To], To the middle of its last incident
	Observed  int           // incidents in it
	Expected  float64       // C·m/N
	G         float64       // log likelihood ratio
}
