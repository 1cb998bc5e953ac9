package risk

import (
	"slices"
	"sync"
	"time"
)

// A Part is one way to expect the next incident: a distribution over the cells
// of a study.
type Part struct {
	Name   string        `json:"name"`
	SigmaM float64       `json:"sigma_m"`      // of the Gaussian; 0 is the cell's own count
	Memory time.Duration `json:"memory"`       // an incident weighs exp(−age/Memory); 0 is for ever
	Floor  bool          `json:"floor"`        // by area alone
	Shift  bool          `json:"shift"`        // of the incidents of the shift's hours alone
	Of     string        `json:"of,omitempty"` // "mixture" is that of the whole day
}

const day = 24 * time.Hour

// dayParts are the parts of a mixture for whole days: counts over a long, a middling
// and a short memory, kernels, and near repeats. What a force might draw by hand is
// among them or nearly so (all counts, those of the last weeks, a kernel of 250 m), so
// that the mixture can hardly do worse than the best of these.
var dayParts = []Part{
	{Name: "own count, ever"},
	{Name: "own count, 120 d", Memory: 120 * day},
	{Name: "own count, 30 d", Memory: 30 * day},
	{Name: "250 m, ever", SigmaM: 250},
	{Name: "600 m, ever", SigmaM: 600},
	{Name: "150 m, 30 d", SigmaM: 150, Memory: 30 * day},
	{Name: "area", Floor: true},
}

// DayParts are the parts of a mixture for whole days.
func DayParts() []Part { return slices.Clone(dayParts) }

// dayWeights are the weights of dayParts before anything is learnt.
func dayWeights() []float64 { return []float64{.2, .15, .1, .2, .1, .15, .1} }

// A view is a study as it was known at a moment: which cells, and the part of
// each kernel that lies in them.
type view struct {
	*Study
	day   float64
	known []bool
	n     int // cells known
	area  float64
	norms map[*kernelRows][]float64
	edges *view // whose norms count, nil its own
	lock  *sync.Mutex
}

func (s *Study) view(day float64) *view {
	v := &view{Study: s, day: day, known: make([]bool, len(s.Cells)), norms: map[*kernelRows][]float64{}, lock: &sync.Mutex{}}
	for i, first := range s.known {
		if first <= day {
			v.known[i] = true
			v.n++
			v.area += s.areas[i]
		}
	}
	return v
}

// norm returns what of each source's kernel lies in the cells that are known, so
// that an incident at the edge of the study counts as much as one within it.
func (v *view) norm(k *kernelRows) []float64 {
	if v.edges != nil {
		return v.edges.norm(k)
	}
	v.lock.Lock()
	defer v.lock.Unlock()
	if norm := v.norms[k]; norm != nil {
		return norm
	}
	norm := make([]float64, len(k.rows))
	for j := range norm {
		inside := 0.0
		for _, in := range k.rows[j] {
			if v.known[in.cell] {
				inside += float64(in.share)
			}
		}
		norm[j] = inside
	}
	v.norms[k] = norm
	return norm
}

// surface returns the part's distribution over the cells: it adds up to 1 over
// those known and is 0 elsewhere. Without an incident it is that of the area. total is
// what it was before it was made to add up to 1.
func (v *view) surface(marks []mark, p strain) (out []float64, total float64) {
	out = make([]float64, len(v.Cells))
	v.put(out, knownBy(marks, v.day), p, 1, &lot{})
	return out, v.scale(out, out)
}

// leastInside is the least part of a kernel that is taken to lie in the study: an
// incident beyond its edge is not blown up to a whole one.
const leastInside = .05

// upTo returns the marks that had happened before the day.
func upTo(marks []mark, day float64) []mark {
	low, high := 0, len(marks)
	for low < high {
		if mid := (low + high) / 2; marks[mid].at < day {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return marks[:low]
}

// between returns the marks that happened in [from, to).
func between(marks []mark, from, to float64) []mark {
	return upTo(marks, to)[len(upTo(marks, from)):]
}

// knownBy returns those of the marks that were known by the day, which nobody changes:
// where all were, as on the last night, they are the marks themselves.
func knownBy(marks []mark, day float64) []mark {
	n := 0
	for i := range marks {
		if marks[i].known <= day {
			n++
		}
	}
	if n == len(marks) {
		return marks
	}
	known := make([]mark, 0, n)
	for _, m := range marks {
		if m.known <= day {
			known = append(known, m)
		}
	}
	return known
}
