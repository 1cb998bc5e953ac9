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
	middles  []cluster.Vec // by cell, metres
	fine     sources
	coarse   sources
	lock     sync.Mutex
	kernels  map[float64]*kernelRows
	reported map[string][]mark // by offence, by when they were known
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
// its own, and the cell of each source.
func (s *sources) lay(cells []geo.Cell, book *cluster.CellBook) (own []int32, of []geo.Cell) {
	number := make(map[geo.Cell]int32, len(cells)/2) // most cells have been seen before
	own = make([]int32, len(cells))
	for i, c := range cells {
		n, ok := number[c]
		if !ok {
			n = int32(len(of))
			number[c] = n
			of = append(of, c)
		}
		own[i] = n
	}
	s.at = make([]cluster.Vec, len(of))
	for i, shape := range book.Shapes(of, false) {
		s.at[i] = cluster.OnSphere(shape.Centre, geo.EarthRadius)
	}
	return own, of
}

func dayOf(t interface{ Unix() int64 }) float64 { return float64(t.Unix()) / 86400 }

// NewStudy sorts the incidents by cell of the resolution, 5 to 12. They are as of
// cluster.DistinctOf, and nobody changes them. Those without a place are left out.
// An incident without a time of report was known at its end. What the book knows is not
// looked up.
func NewStudy(incidents []*cluster.Incident, resolution int, book *cluster.CellBook) (*Study, error) {
	if resolution < 5 || resolution > 12 {
		return nil, fmt.Errorf("risk: resolution must be 5 to 12")
	}
	s := &Study{past: map[string][]mark{}, kernels: map[float64]*kernelRows{}, reported: map[string][]mark{},
		first: math.Inf(1), told: incidents}
	if slices.ContainsFunc(incidents, unplaced) {
		s.told = slices.DeleteFunc(slices.Clone(incidents), unplaced)
	}
	at, err := s.lay(resolution, book)
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

// lay finds the cells and the sources of the incidents. A coarse source is the parent of
// the fine one, which costs a tenth of looking its place up.
func (s *Study) lay(resolution int, book *cluster.CellBook) ([]spot, error) {
	cells, err := book.Cells(s.told, resolution, min(geo.MaxResolution, resolution+2))
	if err != nil {
		return nil, err
	}
	fine, small := s.fine.lay(cells[1], book)
	for i, c := range small {
		if small[i], err = c.Parent(min(geo.MaxResolution, resolution+1)); err != nil {
			return nil, err
		}
	}
	coarse, _ := s.coarse.lay(small, book)
	s.Cells = geo.SortCells(slices.Clone(cells[0]))
	s.measure(book)
	at := make([]spot, len(s.told))
	for n, c := range cells[0] {
		i, _ := slices.BinarySearch(s.Cells, c)
		at[n] = spot{int32(i), fine[n], coarse[fine[n]]}
	}
	return at, nil
}

// measure measures the cells.
func (s *Study) measure(book *cluster.CellBook) {
	n := len(s.Cells)
	s.known, s.areas = make([]float64, n), make([]float64, n)
	s.centres, s.middles = make([]orb.Point, n), make([]cluster.Vec, n)
	for i, shape := range book.Shapes(s.Cells, true) {
		s.known[i], s.areas[i], s.centres[i] = math.Inf(1), shape.AreaM2, shape.Centre
		s.middles[i] = cluster.OnSphere(shape.Centre, geo.EarthRadius)
	}
}

// byKnown are the offence's incidents by when they were known, which nobody changes.
func (s *Study) byKnown(offence string) []mark {
	return kept(&s.lock, s.reported, offence, func() []mark {
		marks := slices.Clone(s.past[offence])
		slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(a.known, b.known) })
		return marks
	})
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
	rows   [][]shareIn // by source
	fine   bool
	reach  float64       // metres, from a source to the middle of a cell
	grid   *cluster.Grid // of the middles of the cells, and behind them the sources
	around [][]int32     // by cube: those beside it
}

// A shareIn is what of a kernel lies in a cell.
type shareIn struct {
	cell  int32
	share float32
}

// source is that from which the kernel of the incident spreads.
func (k *kernelRows) source(m *mark) int32 {
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
	for _, cube := range k.around[k.grid.Cube[cell]] {
		for _, i := range k.grid.In(cube) {
			j := i - int32(len(s.Cells))
			if j < 0 || from[j].Chord2(s.middles[cell]) > k.reach*k.reach {
				continue
			}
			r.sources = append(r.sources, j)
		}
	}
	slices.Sort(r.sources)
	reached := r.sources[:0]
	for _, j := range r.sources {
		if share := k.shareOf(j, int32(cell)); share > 0 {
			reached, r.shares = append(reached, j), append(r.shares, float64(share))
		}
	}
	r.sources = reached
	return r
}

// shareOf returns what of the source's kernel lies in the cell.
func (k *kernelRows) shareOf(source, cell int32) float32 {
	for _, in := range k.rows[source] {
		if in.cell == cell {
			return in.share
		}
	}
	return 0
}

// kernelCut is where a Gaussian is cut, in standard deviations: .2 % lies outside.
const kernelCut = 3.5

// fineM is up to where a kernel is so narrow that it spreads from the finer sources:
// the others are 130 m apart, which widens one of 250 m by a hundredth.
const fineM = 200

// hexagonSpread is the mean square of how far a hexagon's ground lies from its middle
// along an axis, of its area.
const hexagonSpread = 5 / (36 * 1.7320508075688772)

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

// spread lays the kernel about every source, half of them at a time. What of it lies in a
// cell is the cell's area times the density at its middle of a Gaussian that is as much
// wider as the cell: the two spreads add up. In the cells of 9 ha of Norfolk that misplaces
// 2.6 % of a kernel of 150 m, 1 % of one of 250 m and .4 % of one of 600 m (of which .2 %
// are beyond the cut); of one of 75 m, 11 %.
func (s *Study) spread(sigma float64) *kernelRows {
	k := &kernelRows{fine: sigma <= fineM}
	from := s.coarse.at
	if k.fine {
		from = s.fine.at
	}
	bells, widest := make([]bellIn, len(s.Cells)), 0.0
	for i, area := range s.areas {
		variance := sigma*sigma + hexagonSpread*area
		bells[i] = bellIn{s.middles[i], 1 / variance, area / (2 * math.Pi * variance), int32(i)}
		widest = max(widest, variance)
	}
	k.reach = kernelCut * math.Sqrt(widest)
	k.grid = cluster.NewGrid(slices.Concat(s.middles, from), k.reach)
	k.around = k.grid.Around(1)
	inCube, first := byCube(bells, k.grid)
	k.rows = make([][]shareIn, len(from))
	geo.Each(2, 2, func(_, h int) {
		maker := rowMaker{cells: inCube, first: first, around: k.around}
		for j := h * len(from) / 2; j < (h+1)*len(from)/2; j++ {
			k.rows[j] = maker.row(from[j], k.grid.Cube[len(s.Cells)+j])
		}
	})
	return k
}

// A bellIn is a cell as a kernel finds it.
type bellIn struct {
	middle      cluster.Vec
	perVariance float64 // of its kernel, 1/m²
	peak        float64 // what lies in it of a kernel at its middle
	cell        int32
}

// byCube sorts the cells, which are the first points of the grid, by cube, so that those
// of one lie side by side: cube c has those from first[c] to first[c+1].
func byCube(cells []bellIn, g *cluster.Grid) (sorted []bellIn, first []int32) {
	sorted, first = make([]bellIn, 0, len(cells)), make([]int32, 1, g.Cubes()+1)
	for c := range g.Cubes() {
		for _, i := range g.In(int32(c)) {
			if int(i) >= len(cells) {
				break // as they were given: what follows are sources
			}
			sorted = append(sorted, cells[i])
		}
		first = append(first, int32(len(sorted)))
	}
	return sorted, first
}

// A rowMaker makes the rows of a kernel.
type rowMaker struct {
	cells  []bellIn  // by cube
	first  []int32   // of each cube
	around [][]int32 // by cube
	block  []shareIn // of rows, one after the other: it has room for the next
}

// blockRows is how many shares a block of rows has room for, unless one row needs more.
const blockRows = 1 << 14

// row makes the row of the source in the cube, the cells by cube.
func (r *rowMaker) row(from cluster.Vec, cube int32) []shareIn {
	most := int32(0)
	for _, c := range r.around[cube] {
		most += r.first[c+1] - r.first[c]
	}
	if cap(r.block)-len(r.block) < int(most) {
		r.block = make([]shareIn, 0, max(blockRows, most))
	}
	row := r.block[len(r.block):]
	for _, c := range r.around[cube] {
		cells := r.cells[r.first[c]:r.first[c+1]]
		for i := range cells {
			in := &cells[i]
			if d2 := from.Chord2(in.middle) * in.perVariance; d2 <= kernelCut*kernelCut {
				row = append(row, shareIn{in.cell, float32(in.peak * exponential(-d2/2))})
			}
		}
	}
	r.block = r.block[:len(r.block)+len(row)]
	return row[:len(row):len(row)]
}
