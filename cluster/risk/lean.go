package risk

import (
	"math"
	"slices"
)

// A mixture knows its own offence alone. Where much of others happens there is more to
// come of this one than its own past tells, and of a rare one far more. So the head of a
// mixture leans: each of its cells is multiplied by how much of the other offences it
// has held against a cell in the middle, to a power that is learnt, once by its own
// count and once by a kernel of 250 m; the head as a whole keeps what it had
// (a conditional logit, McFadden 1974, on top of the mixture).

// leanParts are the surfaces of the other offences. They are among dayParts.
var leanParts = [2]Part{{}, {SigmaM: 250}}

const (
	leanFloor    = .3   // of what the mean cell has: a cell that never held another offence is not ruled out
	leanStrength = 30   // incidents, about, that powers of 0, or for an offence those of all, count for
	leanSteps    = 8    // of Newton, beyond which nothing changes
	leanMost     = .5   // that one step changes a power by
	leanNear     = 1e-4 // a step that is shorter is the last: the next would be of its square
	leastOthers  = 1    // incident of other offences, without which there is nothing to lean to
)

// A Lean is the powers of the two surfaces.
type Lean [len(leanParts)]float64

// pools holds by day what all offences together put in each cell, of each of leanParts.
type pools map[float64][len(leanParts)][]float64

// pool takes the days, which ascend, in one sweep.
func (l *Learner) pool(days []float64) pools {
	s := l.sweep(strains(leanParts[:]), l.study.Offences...)
	out := pools{}
	for _, d := range days {
		s.move(d)
		var raw [len(leanParts)][]float64
		for k := range raw {
			raw[k] = slices.Clone(s.raw[k])
		}
		out[d] = raw
	}
	return out
}

// others returns for each of the cells, one after another, the logarithms of what the
// surfaces of the other offences have there against the mean cell: those of all less
// the offence's own, times scale. It is nil where there are no others.
func (v *view) others(cells []int32, all, own [len(leanParts)][]float64, scale [len(leanParts)]float64) []float32 {
	out := make([]float32, len(cells)*len(leanParts))
	for k := range leanParts {
		if all[k] == nil {
			return nil
		}
		rest := func(i int) float64 { return max(0, all[k][i]-own[k][i]*scale[k]) }
		total := 0.0
		for i, known := range v.known {
			if known {
				total += rest(i)
			}
		}
		if total < leastOthers {
			return nil
		}
		for j, i := range cells {
			out[j*len(leanParts)+k] = float32(math.Log(rest(int(i))*float64(v.n)/total + leanFloor))
		}
	}
	return out
}

// ownRaw are the offence's own surfaces of leanParts among those of the day's parts.
func ownRaw(day [][]float64) (own [len(leanParts)][]float64) {
	for k, p := range leanParts {
		own[k] = day[p.ofDay()]
	}
	return own
}

var wholly = [len(leanParts)]float64{1, 1}

// factor is what the lean multiplies the j-th cell of others by.
func (b Lean) factor(others []float32, j int) float64 {
	sum := 0.0
	for k, power := range b {
		sum += power * float64(others[j*len(b)+k])
	}
	return exponential(sum)
}

// tilt leans what the head's cells have, which add up to the same after it. Without
// others, or powers, nothing leans.
func (b Lean) tilt(head []float64, others []float32) {
	if others == nil || b == (Lean{}) {
		return
	}
	before, after := 0.0, 0.0
	for j, x := range head {
		before += x
		head[j] = x * b.factor(others, j)
		after += head[j]
	}
	if after > 0 {
		for j := range head {
			head[j] *= before / after
		}
	}
}

// leant returns the surface, tilted in the cells of the head.
func (b Lean) leant(surface []float64, head []int32, others []float32) []float64 {
	out := slices.Clone(surface)
	of := make([]float64, len(head))
	for j, i := range head {
		of[j] = surface[i]
	}
	b.tilt(of, others)
	for j, i := range head {
		out[i] = of[j]
	}
	return out
}

// A draw is what one lesson says of a lean: what the mixture has in each cell of the
// head, the others there, and what came in the head.
type draw struct {
	mixed  []float64
	others []float32
	came   float64
	drew   [len(leanParts)]float64 // the others where it came, added up
	weight float64
}

// draws are those of the offence's lessons that still have their head.
func (l *Learner) draws(offence string, lessons []lesson, h int, weights []float64, now float64) []draw {
	marks := l.study.past[offence]
	apart := float64(l.stride(marks, now) * stepDays)
	var out []draw
	for i := range lessons {
		les := &lessons[i]
		if les.others == nil || les.day+taughtBy[h] > now {
			continue
		}
		d := draw{mixed: les.mixed(weights, Lean{}), others: les.others, weight: min(1, apart/taughtBy[h])}
		counts := les.count(l.study, marks, taughtBy[h], min(now, les.day+ripeDays), nil)
		for k, i := range les.cells {
			j, _ := slices.BinarySearch(les.at, i)
			d.came += counts[k]
			for p := range d.drew {
				d.drew[p] += counts[k] * float64(les.others[j*len(d.drew)+p])
			}
		}
		if d.came > 0 {
			out = append(out, d)
		}
	}
	return out
}

// A slope is the gradient of a log likelihood and, negated, its second derivatives.
type slope struct{ a, b, aa, ab, bb float64 }

func (s slope) plus(t slope, scale float64) slope {
	return slope{s.a + scale*t.a, s.b + scale*t.b, s.aa + scale*t.aa, s.ab + scale*t.ab, s.bb + scale*t.bb}
}

// slopeOf is that of where in the head the incidents came.
func slopeOf(draws []draw, lean Lean) slope {
	var out slope
	for _, d := range draws {
		sum, m := 0.0, slope{}
		for j, x := range d.mixed {
			w := x * lean.factor(d.others, j)
			a, b := float64(d.others[2*j]), float64(d.others[2*j+1])
			sum += w
			m = m.plus(slope{a, b, a * a, a * b, b * b}, w)
		}
		if sum <= 0 {
			continue
		}
		m = slope{}.plus(m, 1/sum)
		out = out.plus(slope{d.drew[0] - d.came*m.a, d.drew[1] - d.came*m.b,
			d.came * (m.aa - m.a*m.a), d.came * (m.ab - m.a*m.b), d.came * (m.bb - m.b*m.b)}, d.weight)
	}
	return out
}

// climb returns the likeliest lean beside the prior one (Newton's method).
func climb(prior Lean, at func(Lean) slope) Lean {
	lean := prior
	for range leanSteps {
		s := at(lean)
		s = s.plus(slope{prior[0] - lean[0], prior[1] - lean[1], 1, 0, 1}, leanStrength)
		det := s.aa*s.bb - s.ab*s.ab
		step := Lean{(s.bb*s.a - s.ab*s.b) / det, (s.aa*s.b - s.ab*s.a) / det}
		for k, x := range step {
			lean[k] += max(-leanMost, min(leanMost, x))
		}
		if math.Hypot(step[0], step[1]) < leanNear {
			break
		}
	}
	return lean
}

// fitLeans learns the leans of all offences together, in which none counts for more
// than cityMost incidents, and from there each one's own.
func (l *Learner) fitLeans(f *Fit, fits []OffenceFit, lessons [][]lesson) {
	now := dayOf(f.AsOf)
	for h := range horizons {
		draws, scale := make([][]draw, len(fits)), make([]float64, len(fits))
		l.each(func(i int) {
			draws[i] = l.draws(fits[i].Offence, lessons[i], h, fits[i].of(h).Weights, now)
			came := 0.0
			for _, d := range draws[i] {
				came += d.came * d.weight
			}
			scale[i] = min(1, cityMost/max(1, came))
		})
		f.City.of(h).Lean = climb(Lean{}, func(lean Lean) slope {
			slopes := make([]slope, len(fits))
			l.each(func(i int) { slopes[i] = slopeOf(draws[i], lean) })
			var sum slope
			for i, s := range slopes {
				sum = sum.plus(s, scale[i])
			}
			return sum
		})
		l.each(func(i int) {
			fits[i].of(h).Lean = climb(f.City.of(h).Lean, func(lean Lean) slope { return slopeOf(draws[i], lean) })
		})
	}
}

// of returns what was learnt for the horizon.
func (o *OffenceFit) of(h int) *Learned {
	if h == 0 {
		return &o.Day
	}
	return &o.Week
}
