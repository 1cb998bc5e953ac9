package risk

import (
	"math"
	"slices"
	"sync"
	"time"
)

// mostBehind is how many incidents are named behind a cell: no more than a thousand can
// lend a thousandth of its risk each.
const mostBehind = 1000

// Behind returns what incidents lend to the risk of the i-th cell in the hours of the
// shift, as shares of it: the thousand that lend most, in an order that says nothing but is
// the same again, and what all lend together. What no incident lends, the floor, is missing
// from the sum. Nobody may change the sources, which are handed out again.
func (l *Learner) Behind(f *Fit, c *Clock, offence string, asOf time.Time, h Hours, i int) (sources []Source, all float64) {
	m := l.moment(asOf)
	m.of(f)
	found := kept(&m.lock, m.behinds, behindKey{offence, h, i}, func() behind { return m.behind(f, c, offence, h, i) })
	return found.sources, found.all
}

// A behind is what Behind returns, which is asked of an area when it is chosen and when
// it is explained.
type behind struct {
	sources []Source
	all     float64
}

type behindKey struct {
	offence string
	hours   Hours
	cell    int
}

func (m *moment) behind(f *Fit, c *Clock, offence string, h Hours, i int) (b behind) {
	total := m.inShift(f, c, offence, h)[i]
	of := f.Of(offence)
	loan := m.loan(offence, f, i)
	defer loan.giveBack()
	weights := of.shiftWeights()
	for k, p := range c.strains(h) {
		switch {
		case p.Of != "":
			for d, part := range f.Parts {
				loan.add(strain{Part: part}, weights[k]*of.Day.Weights[d]/m.total(offence, part, Hours{}))
			}
		case p.Shift:
			loan.add(p, weights[k]/m.total(offence, p.Part, h))
		default:
			loan.add(p, weights[k]/m.total(offence, p.Part, Hours{}))
		}
	}
	lent := loan.lent
	order := make([]int32, 0, len(lent))
	for n, x := range lent {
		if x > 0 {
			order = append(order, int32(n))
			b.all += x / total
		}
	}
	putFirst(order, lent, mostBehind)
	order = order[:min(len(order), mostBehind)]
	b.sources = make([]Source, 0, len(order))
	for _, n := range order {
		b.sources = append(b.sources, Source{m.told[loan.near[n].n], lent[n] / total})
	}
	return b
}

// near adds the incidents of which a part of the fit puts something in the cell, in an
// order that does not depend on what was asked before.
func (m *moment) near(offence string, f *Fit, cell int, out []mark) []mark {
	widest := Part{}
	for _, p := range f.Parts {
		if p.SigmaM > widest.SigmaM {
			widest = p
		}
	}
	var from []int // keys of the incidents that reach the cell
	key, keys := func(in *mark) int32 { return in.cell }, len(m.Cells)
	if from = []int{cell}; widest.SigmaM > 0 {
		k := m.kernel(widest.SigmaM)
		key, keys, from = k.source, len(k.rows), nil
		for _, j := range m.reach(k, cell).sources {
			from = append(from, int(j))
		}
	}
	sorted := m.sorted(offence, key, keys)
	for _, j := range from {
		out = append(out, sorted.marks[sorted.start[j]:sorted.start[j+1]]...)
	}
	return out
}

// sortedMarks are the known incidents of an offence by a key, those of one in their
// own order.
type sortedMarks struct {
	start []int32 // by key: where its own begin in marks; one more at the end
	marks []mark  // copies, as those of one key are asked for one after the other
}

// sorted sorts the offence's incidents by a key under so many, once for a moment, whose
// fit has one widest kernel.
func (m *moment) sorted(offence string, key func(*mark) int32, keys int) sortedMarks {
	return kept(&m.lock, m.byKey, offence, func() sortedMarks { return m.sortBy(offence, key, keys) })
}

func (m *moment) sortBy(offence string, key func(*mark) int32, keys int) sortedMarks {
	s := sortedMarks{start: make([]int32, keys+1)}
	marks := m.past[offence]
	for i := range marks {
		if marks[i].known <= m.day {
			s.start[key(&marks[i])+1]++
		}
	}
	for k := range keys {
		s.start[k+1] += s.start[k]
	}
	s.marks = make([]mark, s.start[keys])
	next := slices.Clone(s.start)
	for i := range marks {
		if marks[i].known <= m.day {
			k := key(&marks[i])
			s.marks[next[k]] = marks[i]
			next[k]++
		}
	}
	return s
}

// A loan is what the incidents near a cell put in it. By part it differs in a factor of
// the kernel, of the memory and of the shift, of which each is worked out once. A
// thousand loans are asked for in a night, one after the other: what one needs of room
// the next takes over.
type loan struct {
	*moment
	cell    int
	near    []mark
	lent    []float64 // by incident, all parts together
	spreads map[float64][]float64
	columns [][]float64 // that the map and lent are made of
	taken   int         // of these
}

var loans = sync.Pool{New: func() any { return &loan{spreads: map[float64][]float64{}} }}

// loan begins one of the offence's incidents that a part of the fit puts in the cell.
// Who is done with it gives it back.
func (m *moment) loan(offence string, f *Fit, cell int) *loan {
	l := loans.Get().(*loan)
	l.moment, l.cell, l.taken = m, cell, 0
	clear(l.spreads)
	l.near = m.near(offence, f, cell, l.near[:0])
	l.lent = l.column()
	return l
}

func (l *loan) giveBack() {
	l.moment = nil
	loans.Put(l)
}

// column is a zero for each incident.
func (l *loan) column() []float64 {
	if l.taken == len(l.columns) {
		l.columns = append(l.columns, nil)
	}
	c := slices.Grow(l.columns[l.taken][:0], len(l.near))[:len(l.near)]
	clear(c)
	l.columns[l.taken] = c
	l.taken++
	return c
}

// add adds what the part of each incident puts in the cell, times the scale. A part that
// no incident is in has none to lend.
func (l *loan) add(p strain, scale float64) {
	if p.Floor || math.IsInf(scale, 0) || math.IsNaN(scale) {
		return
	}
	spread, fade := l.spread(p.SigmaM), l.fade(p.Memory)
	for n, k := range l.near {
		w := spread[n]
		if w == 0 {
			continue
		}
		if fade != nil {
			w *= fade[k.n]
		}
		if p.share != nil {
			w *= float64(p.share[k.n])
		}
		l.lent[n] += w * scale
	}
}

// spread is by incident what of a kernel reaches the cell.
func (l *loan) spread(sigmaM float64) []float64 {
	if have, ok := l.spreads[sigmaM]; ok {
		return have
	}
	out := l.column()
	l.spreads[sigmaM] = out
	if sigmaM == 0 {
		for n, in := range l.near {
			if int(in.cell) == l.cell {
				out[n] = 1
			}
		}
		return out
	}
	k := l.kernel(sigmaM)
	r := l.reach(k, l.cell)
	last, share := int32(-1), 0.0
	for n := range l.near {
		if source := k.source(&l.near[n]); source != last { // those of one lie side by side
			last, share = source, 0
			if j, ok := slices.BinarySearch(r.sources, source); ok {
				share = r.shares[j]
			}
		}
		out[n] = share
	}
	return out
}

// A reach is what a kernel puts in one cell from the sources that reach it, ascending,
// as shares of what of it lies in the cells that are known.
type reach struct {
	sources []int32
	shares  []float64
}

type reachKey struct {
	kernel *kernelRows
	cell   int
}

// reach returns the kernel's in the cell.
func (m *moment) reach(k *kernelRows, cell int) reach {
	return kept(&m.lock, m.reaches, reachKey{k, cell}, func() reach {
		r := m.into(k, cell)
		norm := m.norm(k)
		for n, j := range r.sources {
			r.shares[n] /= max(norm[j], leastInside)
		}
		return r
	})
}
