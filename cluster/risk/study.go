package risk

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// A Study is the ground and the past that a mixture is learnt on: the cells that
// have held an incident of any offence, and the incidents of each offence.
type Study struct {
	Cells    []geo.Cell // ascending
	Offences []string   // ascending
	past     map[string][]mark
	told     []*cluster.Incident // of all marks
	known    []float64           // by cell: the day on which its first incident was known
	first    float64             // the day of the first incident
	areas    []float64           // by cell, m²
	centres  []orb.Point
	samples  [][]cluster.Vec // by cell: points that stand for its ground, metres
	fine     sources
	coarse   sources
	lock     sync.Mutex
	kernels  map[float64]*kernelRows
}

// A mark is one incident. Days are of 24 hours since 1970.
type mark struct {
	at, known    float64 // when it happened (the middle of its interval) and was known, after that
	n            int32   // among all marks of the study
	cell         int32
	fine, coarse int32 // its sources
}

// sources are the places from which kernels spread: the middles of cells smaller
// than those of the study, so that a million incidents have no more of them than
// the ground does.
type sources struct{ at []cluster.Vec }

// lay makes a source of each of the cells, the first first, and returns by cell which is
// its own.
func (s *sources) lay(cells []geo.Cell) []int32 {
	number := make(map[geo.Cell]int32)
	own := make([]int32, len(cells))
	for i, c := range cells {
		n, ok := number[c]
		if !ok {
			n = int32(len(s.at))
			number[c] = n
			s.at = append(s.at, cluster.OnSphere(c.Centre(), geo.EarthRadius))
		}
		own[i] = n
	}
	return own
}

func dayOf(t interface{ Unix() int64 }) float64 { return float64(t.Unix()) / 86400 }

// NewStudy sorts the incidents by cell of the resolution, 5 to 12. They are as of
// cluster.DistinctOf, and nobody changes them. Those without a place are left out.
// An incident without a time of report was known at its end.
func NewStudy(incidents []*cluster.Incident, resolution int) (*Study, error) {
	if resolution < 5 || resolution > 12 {
		return nil, fmt.Errorf("risk: resolution must be 5 to 12")
	}
	s := &Study{past: map[string][]mark{}, kernels: map[float64]*kernelRows{}, first: math.Inf(1), told: incidents}
	if slices.ContainsFunc(incidents, unplaced) {
		s.told = slices.DeleteFunc(slices.Clone(incidents), unplaced)
	}
	at, err := s.lay(resolution)
	if err != nil {
		return nil, err
	}
	count := map[string]int{}
	for _, in := range s.told {
		count[in.Offence]++
	}
	for offence, n := range count {
		s.past[offence] = make([]mark, 0, n)
	}
	for n, in := range s.told {
		m := markOf(in, at[n])
		m.n = int32(n)
		s.known[m.cell], s.first = min(s.known[m.cell], m.known), min(s.first, m.at)
		s.past[in.Offence] = append(s.past[in.Offence], m)
	}
	for offence, marks := range s.past {
		slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(a.at, b.at) })
		s.Offences = append(s.Offences, offence)
	}
	slices.Sort(s.Offences)
	return s, nil
}

func unplaced(in *cluster.Incident) bool { return !cluster.Placed(*in) }

func markOf(in *cluster.Incident, at spot) mark {
	m := mark{at: dayOf(middleOf(in)), known: dayOf(in.To), cell: at.cell, fine: at.fine, coarse: at.coarse}
	if !in.Reported.IsZero() {
		m.known = dayOf(in.Reported)
	}
	m.known = max(m.known, math.Nextafter(m.at, math.Inf(1)))
	return m
}

func middleOf(in *cluster.Incident) cluster.Instant { return in.From + (in.To-in.From)/2 }

// A spot is where an incident lies: its cell, and the sources of a kernel there.
type spot struct{ cell, fine, coarse int32 }

// lay finds the cells and the sources of the incidents.
func (s *Study) lay(resolution int) ([]spot, error) {
	cells, err := cluster.Cells(s.told, resolution, min(geo.MaxResolution, resolution+1), min(geo.MaxResolution, resolution+2))
	if err != nil {
		return nil, err
	}
	coarse, fine := s.coarse.lay(cells[1]), s.fine.lay(cells[2])
	s.Cells = geo.SortCells(slices.Clone(cells[0]))
	s.measure()
	at := make([]spot, len(s.told))
	for n, c := range cells[0] {
		i, _ := slices.BinarySearch(s.Cells, c)
		at[n] = spot{int32(i), fine[n], coarse[n]}
	}
	return at, nil
}

// measure measures the cells, half of them at a time. Seven points stand for a cell's ground: its middle, and
// six at .655 of the way to the corners, which are as far apart as the middles of
// its seven children.
func (s *Study) measure() {
	n := len(s.Cells)
	s.known, s.areas = make([]float64, n), make([]float64, n)
	s.centres, s.samples = make([]orb.Point, n), make([][]cluster.Vec, n)
	var wait geo.Workers
	for h := range 2 {
		wait.Go(func() {
			for i := h * n / 2; i < (h+1)*n/2; i++ {
				s.measureCell(i)
			}
		})
	}
	wait.Wait()
}

func (s *Study) measureCell(i int) {
	c := s.Cells[i]
	s.known[i], s.areas[i], s.centres[i] = math.Inf(1), c.AreaM2(), c.Centre()
	middle := cluster.OnSphere(s.centres[i], geo.EarthRadius)
	ring := c.Polygon()[0]
	s.samples[i] = append(make([]cluster.Vec, 0, len(ring)), middle)
	for _, corner := range ring[:len(ring)-1] {
		v := cluster.OnSphere(corner, geo.EarthRadius)
		for axis := range v {
			v[axis] = middle[axis] + .655*(v[axis]-middle[axis])
		}
		s.samples[i] = append(s.samples[i], v)
	}
}

// Centre returns the middle of the i-th cell.
func (s *Study) Centre(i int) orb.Point { return s.centres[i] }

// Area returns the i-th cell.
func (s *Study) Area(i int) Area { return Area{s.Cells[i], s.centres[i], s.areas[i]} }

// Known reports whether the i-th cell had held an incident that was known by then.
func (s *Study) Known(i int, by time.Time) bool { return s.known[i] <= dayOf(by) }

// kernelRows holds for each source the cells that its kernel reaches and the
// share of it that lies in each.
type kernelRows struct {
	start []int32
	cell  []int32
	share []float32
	fine  bool
	reach float64       // metres, from a source to the middle of a cell
	grid  *cluster.Grid // of the middles of the cells, and behind them the sources
}

// source is that from which the kernel of the incident spreads.
func (k *kernelRows) source(m mark) int32 {
	if k.fine {
		return m.fine
	}
	return m.coarse
}

// into returns what of each source's kernel lies in the cell.
func (s *Study) into(k *kernelRows, cell int) (r reach) {
	from := s.coarse.at
	if k.fine {
		from = s.fine.at
	}
	for _, cube := range k.grid.Around(k.grid.Cube[cell], 1) {
		for _, i := range k.grid.In(cube) {
			j := i - int32(len(s.Cells))
			if j < 0 || from[j].Chord2(s.samples[cell][0]) > k.reach*k.reach {
				continue
			}
			row := k.cell[k.start[j]:k.start[j+1]]
			if e, found := slices.BinarySearch(row, int32(cell)); found && k.share[int(k.start[j])+e] > 0 {
				r.sources = append(r.sources, j)
			}
		}
	}
	slices.Sort(r.sources)
	for _, j := range r.sources {
		e, _ := slices.BinarySearch(k.cell[k.start[j]:k.start[j+1]], int32(cell))
		r.shares = append(r.shares, float64(k.share[int(k.start[j])+e]))
	}
	return r
}

// kernelCut is where a Gaussian is cut, in standard deviations: .2 % lies outside.
const kernelCut = 3.5

// fineM is up to where a kernel is so narrow that it spreads from the finer sources:
// the others are 130 m apart, which widens one of 250 m by a hundredth.
const fineM = 200

// smoothM is from where on a kernel is so much wider than a cell that its middle
// stands for it.
const smoothM = 300

// kernel returns the rows of a Gaussian of the standard deviation in metres.
func (s *Study) kernel(sigma float64) *kernelRows {
	s.lock.Lock()
	defer s.lock.Unlock()
	if k := s.kernels[sigma]; k != nil {
		return k
	}
	k := s.spread(sigma)
	s.kernels[sigma] = k
	return k
}

// spread lays the kernel about every source, half of them at a time.
func (s *Study) spread(sigma float64) *kernelRows {
	k := &kernelRows{fine: sigma <= fineM}
	from := s.coarse.at
	if k.fine {
		from = s.fine.at
	}
	middles, wide := make([]cluster.Vec, len(s.Cells)), 0.0
	for i := range s.Cells {
		middles[i] = s.samples[i][0]
		for _, v := range s.samples[i][1:] {
			wide = max(wide, math.Sqrt(v.Chord2(middles[i])))
		}
	}
	reach := kernelCut * sigma
	if sigma < smoothM {
		reach += wide
	}
	all := slices.Concat(middles, from)
	k.reach, k.grid = reach, cluster.NewGrid(all, reach)
	var halves [2]kernelRows
	var wait sync.WaitGroup
	for h := range halves {
		wait.Go(func() {
			halves[h].fine = k.fine
			rows := rowMaker{Study: s, kernelRows: &halves[h], grid: k.grid, all: all, sigma: sigma, reach: reach, around: make([][]int32, k.grid.Cubes()), apart2: make([]float64, len(s.Cells))}
			for j := h * len(from) / 2; j < (h+1)*len(from)/2; j++ {
				rows.add(len(middles) + j)
			}
		})
	}
	wait.Wait()
	k.start = make([]int32, 0, len(from)+1)
	before := 0
	for _, half := range halves {
		for _, start := range half.start {
			k.start = append(k.start, start+int32(before))
		}
		before += len(half.cell)
	}
	k.cell, k.share = slices.Concat(halves[0].cell, halves[1].cell), slices.Concat(halves[0].share, halves[1].share)
	k.start = append(k.start, int32(len(k.cell)))
	return k
}

// A rowMaker makes the rows of a kernel.
type rowMaker struct {
	*Study
	*kernelRows
	grid   *cluster.Grid // in a cube of it the cells come before the sources
	all    []cluster.Vec // the middles of the cells, and behind them the sources
	sigma  float64
	reach  float64
	around [][]int32 // by cube, nil until it is asked for
	cells  []int32
	apart2 []float64 // by cell, of those in cells: the square of how far its middle is, m²
}

// add appends the row of the source at all[at], the cells ascending.
func (r *rowMaker) add(at int) {
	r.start = append(r.start, int32(len(r.cell)))
	cube := r.grid.Cube[at]
	if r.around[cube] == nil {
		r.around[cube] = r.grid.Around(cube, 1)
	}
	r.cells = r.cells[:0]
	from := r.all[at]
	for _, cube := range r.around[cube] {
		for _, i := range r.grid.In(cube) {
			if int(i) >= len(r.Cells) {
				break
			}
			if d2 := from.Chord2(r.all[i]); d2 <= r.reach*r.reach {
				r.cells, r.apart2[i] = append(r.cells, i), d2
			}
		}
	}
	slices.Sort(r.cells)
	for _, i := range r.cells {
		if share := r.areas[i] * r.density(i, from, r.apart2[i], r.sigma); share > 0 {
			r.cell, r.share = append(r.cell, i), append(r.share, float32(share))
		}
	}
}

// density is the mean of the Gaussian over the cell, for each m², whose middle is
// apart2 m² off.
func (s *Study) density(cell int32, at cluster.Vec, apart2, sigma float64) float64 {
	variance := sigma * sigma
	sum, points := gaussian(apart2/variance), 1
	if sigma < smoothM {
		for _, v := range s.samples[cell][1:] {
			sum += gaussian(at.Chord2(v) / variance)
		}
		points = len(s.samples[cell])
	}
	return sum / float64(points) / (2 * math.Pi * variance)
}

// gaussian is exp(-d2/2), and zero beyond the cut.
func gaussian(d2 float64) float64 {
	if d2 <= kernelCut*kernelCut {
		return math.Exp(-d2 / 2)
	}
	return 0
}
