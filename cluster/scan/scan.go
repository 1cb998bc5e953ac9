// Package scan is the space-time permutation scan statistic of Kulldorff,
// Heffernan, Hartman, Assunção and Mostashari (2005), "A space-time permutation
// scan statistic for disease outbreak detection", PLoS Medicine 2(3).
//
// A zone z is a centre's nearest locations, up to a radius or a share of the
// cases. A window d is a run of time steps. With c the weight of cases in both,
//
//	μ   = (cases in z) · (weight in d) / N
//	LLR = c ln(c/μ) + (N−c) ln((N−c)/(N−μ))   where c > μ, else 0
//
// The statistic is the greatest LLR over all zones and windows. Under the null
// hypothesis times are independent of places: a replicate shuffles the cases'
// times over their places. Marginals carry the daily cycle and the uneven
// population, so neither needs data of its own.
//
// The conventions are those of SaTScan (Kulldorff, SaTScan User Guide), with
// which the tests compare: a sphere of 6367 km, distances along the chord,
// zones that are nearest-first prefixes, ties in distance broken by Cartesian
// coordinates. Where SaTScan stops, at one time a case and whole days, this goes
// on: steps may be minutes, and a case may have an interval, over whose steps
// its weight is spread (aoristic: Ratcliffe 2000).
package scan

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// A Case is one incident as the scan sees it.
type Case struct {
	ID       string    // unique
	Point    orb.Point // where; the scan takes it as exact, so leave out what is too vague
	Location string    // name of the place, such as a post code; may be empty
	From, To time.Time // event interval [From, To); To = From, or a zero To, is an instant
	Count    int       // how many cases alike it stands for; 0 is one
}

// A Centre is a point around which zones are drawn.
type Centre struct {
	ID    string
	Point orb.Point
}

// A Spree is the best zone and window of a centre.
type Spree struct {
	CentreID   string
	Centre     orb.Point
	RadiusM    float64     // great circle from the centre to the zone's farthest location
	Locations  int         // in the zone, those without a case among them
	Points     []orb.Point // of the zone's locations, nearest first
	From, To   time.Time   // window, half-open, whole steps
	Observed   float64     // c, weight of the cases in zone and window
	Expected   float64     // μ
	LLR        float64     // natural logarithm
	P          float64     // 0 < P ≤ 1; NaN without replicates
	PMethod    PMethod
	Recurrence float64  // days between such a spree by chance, Cadence/P; NaN without P or in retrospect
	Cases      []string // IDs of the cases with weight in zone and window, ascending
}

// A Critical is the LLR that a spree has to exceed to have p ≤ Alpha.
type Critical struct {
	Alpha, LLR float64
}

// A Result is what a scan found.
type Result struct {
	Cases      int       // N: cases whose interval meets the study, each as many as its Count
	Outside    int       // cases left out because it does not
	Locations  int       // distinct places of cases and centres
	Centres    int       //
	From, To   time.Time // study, half-open, whole steps
	Steps      int
	Replicates int        // drawn; fewer than asked for after an early stop
	Maxima     []float64  // the greatest LLR of each replicate, in order of replicate; none if Sequential
	Critical   []Critical // for .05 and .01; none where there are too few replicates, or if Sequential
	Sprees     []Spree    // best first
}

// Run scans the cases. Cases may come in any order, which does not change the
// answer. It refuses options that Validate refuses, a repeated ID, a point out of
// range and an interval that ends before it starts. No cases, or none in the
// study, give a result without sprees; so do cases all at one place or all in
// one step, where nothing can be in excess.
func Run(cases []Case, o Options) (Result, error) {
	return RunContext(context.Background(), cases, o)
}

// RunContext is Run that gives up, with the context's error, when ctx is done.
func RunContext(ctx context.Context, cases []Case, o Options) (Result, error) {
	f, err := NewFrame(ctx, cases, o)
	if err != nil {
		return Result{}, err
	}
	found, maxima, err := f.p.search()
	if err != nil {
		return Result{}, fmt.Errorf("scan: %w", err)
	}
	return f.p.result(found, maxima), nil
}

// result says what the sprees of the data, best first, and the greatest LLR of each
// replicate come to.
func (p *problem) result(found []candidate, maxima []float64) Result {
	o := p.o
	res := Result{
		Cases: p.n, Outside: p.outside, Locations: len(p.places), Centres: len(p.centres),
		Steps: p.steps.len(),
	}
	if p.steps.len() > 0 {
		res.From, res.To = p.steps.bounds[0], p.steps.bounds[p.steps.len()]
	}
	res.Replicates = len(maxima)
	judge := newJudge(maxima, o)
	if o.PMethod != Sequential {
		res.Maxima, res.Critical = maxima, criticalValues(maxima)
	}
	for _, f := range found {
		s := p.describe(f)
		s.P = judge.p(f.llr)
		s.PMethod = o.PMethod
		s.Recurrence = math.NaN()
		if o.Mode == Prospective {
			s.Recurrence = o.cadence().Hours() / 24 / s.P
		}
		res.Sprees = append(res.Sprees, s)
	}
	return res
}

// A problem is the data of a scan made ready: cases, places and steps numbered,
// weights as whole numbers.
type problem struct {
	ctx     context.Context
	o       Options
	steps   steps
	windows windows
	n       int // cases
	outside int
	unit    int64    // weight of one case
	ids     []string // of the cases, beside times
	slots   []int32  // place of each case, by stratum, ascending: the slots over which times are shuffled
	// firstSlot is the first slot of each stratum, and behind the last their
	// number. Cases of a stratum are shuffled among themselves.
	firstSlot []int32
	stratum   []uint8   // of each recent case, beside times
	rank      []int32   // in its stratum by time, beside times
	times     []profile // of each case, by time; those without weight in reach of a window last
	recent    int       // how many have weight in reach
	owner     []int32   // place of each case, beside times
	cum       []int64   // cum[t] = weight of all cases in steps before t
	places    []place
	cumBy     [][]int64 // the same of each stratum's cases; nil where there is but one
	total     []int64   // cases at each place
	totalBy   []int64   // the same by place, then stratum; nil where there is but one
	centres   []int32   // places that are centres
	near      *nearby
	largest   int64 // no zone has more cases
}

// newProblem numbers places and steps and spreads the cases over the steps.
func newProblem(cases []Case, o Options) (*problem, error) {
	if err := checkCases(cases); err != nil {
		return nil, err
	}
	p := &problem{o: o}
	var err error
	if p.steps, err = newSteps(cases, o); err != nil {
		return nil, err
	}
	p.windows = newWindows(p.steps.len(), o)
	kept := make([]Case, 0, len(cases))
	for _, c := range cases {
		n := max(1, c.Count)
		switch {
		case !p.steps.meets(c):
			p.outside += n
		case n > maxCases-len(kept):
			return nil, fmt.Errorf("over %d cases", maxCases)
		default:
			for range n {
				kept = append(kept, c)
			}
		}
	}
	p.n = len(kept)
	if err := p.locate(kept); err != nil {
		return nil, err
	}
	p.spread(kept)
	p.near = newNearby(p.places, o.MaxRadiusM)
	p.largest = min(p.near.most(p.total), int64(o.MaxShare*float64(p.n)))
	p.centresByCube()
	return p, nil
}

// maxCases bounds the cases of a scan, which are held one by one.
const maxCases = 50_000_000

// checkCases refuses what no scan could use. It names a case by its ID alone.
func checkCases(cases []Case) error {
	ids := make([]string, len(cases))
	for i, c := range cases {
		ids[i] = c.ID
		if err := geo.CheckPoint(c.Point); err != nil {
			return fmt.Errorf("case %q: %w", c.ID, err)
		}
		if c.Count < 0 {
			return fmt.Errorf("case %q stands for %d cases", c.ID, c.Count)
		}
		if c.From.IsZero() {
			return fmt.Errorf("case %q has no time", c.ID)
		}
		if !c.To.IsZero() && c.To.Before(c.From) {
			return fmt.Errorf("case %q ends before it starts", c.ID)
		}
		if !c.To.IsZero() && c.To.Sub(c.From) == math.MaxInt64 {
			return fmt.Errorf("case %q lasts 292 years or more", c.ID)
		}
	}
	slices.Sort(ids)
	for i := 1; i < len(ids); i++ {
		if ids[i] == ids[i-1] {
			return fmt.Errorf("case id %q occurs twice", ids[i])
		}
	}
	return nil
}

// locate numbers the places of cases and centres: by name, then longitude, then
// latitude. Cases at exactly the same point share a place, which takes the least
// of their names.
func (p *problem) locate(cases []Case) error {
	byPoint := make(map[orb.Point]int, len(cases))
	enter := func(name string, at orb.Point) int {
		i, ok := byPoint[at]
		if !ok {
			i = len(p.places)
			byPoint[at] = i
			p.places = append(p.places, place{name: name, point: at})
		} else if name != "" && (p.places[i].name == "" || name < p.places[i].name) {
			p.places[i].name = name
		}
		return i
	}
	isCentre := make(map[int]bool)
	ids := make(map[string]bool, len(p.o.Centres))
	centreName := make(map[int]string)
	for _, c := range p.o.Centres {
		if err := geo.CheckPoint(c.Point); err != nil {
			return fmt.Errorf("centre %q: %w", c.ID, err)
		}
		if ids[c.ID] {
			return fmt.Errorf("centre id %q occurs twice", c.ID)
		}
		ids[c.ID] = true
		i := enter(c.ID, c.Point)
		isCentre[i] = true
		if name, ok := centreName[i]; !ok || c.ID < name {
			centreName[i] = c.ID
		}
	}
	at := make([]int, len(cases))
	cells := make(map[geo.Cell]place)
	for k, c := range cases {
		name, point := c.Location, c.Point
		if p.o.Locations == Cells {
			cell, err := geo.CellAt(c.Point, p.o.Resolution)
			if err != nil {
				return fmt.Errorf("case %q: %w", c.ID, err)
			}
			in, ok := cells[cell]
			if !ok {
				in = place{name: cell.String(), point: cell.Centre()}
				cells[cell] = in
			}
			name, point = in.name, in.point
		}
		at[k] = enter(name, point)
	}
	for i, name := range centreName {
		p.places[i].name = name
	}
	order := make([]int, len(p.places))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := p.places[a], p.places[b]
		return cmp.Or(cmp.Compare(x.name, y.name),
			cmp.Compare(x.point.Lon(), y.point.Lon()), cmp.Compare(x.point.Lat(), y.point.Lat()))
	})
	rank := make([]int32, len(order))
	sorted := make([]place, len(order))
	for to, from := range order {
		rank[from] = int32(to)
		sorted[to] = p.places[from]
		sorted[to].xyz = cluster.OnSphere(sorted[to].point, earthRadius)
		if len(p.o.Centres) == 0 || isCentre[from] {
			p.centres = append(p.centres, int32(to))
		}
	}
	p.places = sorted
	p.total = make([]int64, len(sorted))
	p.owner = make([]int32, len(cases))
	for k, i := range at {
		p.owner[k] = rank[i]
		p.total[rank[i]]++
	}
	return nil
}

// spread gives each case its weight by step and puts cases into the order in
// which replicates draw them. That order is by time for the profiles and by
// place for the slots, so neither the order of the input nor the IDs matter.
func (p *problem) spread(cases []Case) {
	p.unit = 1
	for _, c := range cases {
		if !p.steps.inOneStep(c) {
			p.unit = unit
		}
	}
	lowest := p.windows.first
	order := make([]timed, len(cases))
	for i, c := range cases {
		order[i] = timed{c.From.UnixNano(), c.end().UnixNano(), p.owner[i], int32(i), p.steps.lastStep(c) < lowest}
	}
	slices.SortFunc(order, func(a, b timed) int {
		if a.past != b.past {
			if b.past {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.place, b.place),
			strings.Compare(cases[a.index].ID, cases[b.index].ID))
	})
	strata := p.stratify(cases)
	rank := ranks(order, strata)
	p.cum = make([]int64, p.steps.len()+1)
	owner := make([]int32, len(cases))
	p.ids = make([]string, len(cases))
	var prof profile
	for k, t := range order {
		i := t.index
		owner[k] = t.place
		p.ids[k] = cases[i].ID
		prof = p.steps.profile(cases[i], p.unit, prof[:0])
		for _, w := range prof {
			p.cum[w.step+1] += w.weight
			if p.cumBy != nil {
				p.cumBy[strata[i]][w.step+1] += w.weight
			}
		}
		if !t.past {
			p.recent++
			p.stratum, p.rank = append(p.stratum, strata[i]), append(p.rank, rank[k])
			p.times = append(p.times, slices.Clone(prof.from(lowest)))
		}
	}
	p.owner = owner
	for _, cum := range append(p.cumBy, p.cum) {
		for t := 1; t < len(cum); t++ {
			cum[t] += cum[t-1]
		}
	}
}

// A timed is what cases are put in order by.
type timed struct {
	from, to     int64 // Unix nanoseconds
	place, index int32
	past         bool // out of reach of every window
}

// centresByCube orders centres so that those near each other follow each other.
func (p *problem) centresByCube() {
	slices.SortFunc(p.centres, func(a, b int32) int {
		return cmp.Or(cmp.Compare(p.near.Cube[a], p.near.Cube[b]), cmp.Compare(a, b))
	})
}

// describe turns what was found into words for the reader.
func (p *problem) describe(f candidate) Spree {
	zone := p.zone(f.centre, f.places)
	s := Spree{
		CentreID: p.places[f.centre].name, Centre: p.places[f.centre].point,
		RadiusM: arc(zone[len(zone)-1].chord), Locations: f.places,
		From: p.steps.bounds[f.start], To: p.steps.bounds[f.end],
		Observed: p.weight(f.count), Expected: f.mean, LLR: f.llr,
	}
	in := make(map[int32]bool, len(zone))
	for _, n := range zone {
		in[n.place] = true
		s.Points = append(s.Points, p.places[n.place].point)
	}
	for k, prof := range p.times {
		if in[p.owner[k]] && prof.weight(f.start, f.end) > 0 {
			s.Cases = append(s.Cases, p.ids[k])
		}
	}
	slices.Sort(s.Cases)
	s.Cases = slices.Compact(s.Cases) // a case that stands for several
	return s
}

// weight turns a weight in units into cases.
func (p *problem) weight(units int64) float64 { return float64(units) / float64(p.unit) }

// expected returns μ for a zone and the window of steps [start, end): the sum
// over the strata, each of which is compared with itself.
func (p *problem) expected(z zone, start, end int32) float64 {
	if z.strata == nil {
		return float64(z.cases) * p.weight(p.cum[end]-p.cum[start]) / float64(p.n)
	}
	var mu float64
	for s, cases := range z.strata {
		if cases > 0 {
			mu += float64(cases) * p.weight(p.cumBy[s][end]-p.cumBy[s][start]) / float64(p.firstSlot[s+1]-p.firstSlot[s])
		}
	}
	return mu
}

// end returns the end of the case's interval, its start for an instant.
func (c Case) end() time.Time {
	if c.To.IsZero() {
		return c.From
	}
	return c.To
}
