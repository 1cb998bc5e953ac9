package scan

import (
	"fmt"
	"math/bits"
	"sort"
	"time"
)

// unit is the weight of a case when some case has to be split over steps. It is
// highly composite (2⁶·3³·5²·7·11·13·17), so shares by whole steps up to 18, and
// most by minutes, are exact. Elsewhere a case's weight in a window is off by
// less than 1/unit, 1.4e-9. Whole numbers make sums independent of their order.
const unit = 735_134_400

// maxSteps bounds the study's length: a minute's step for nineteen years.
const maxSteps = 10_000_000

const day = 24 * time.Hour

// steps are the study's time steps: step t is [bounds[t], bounds[t+1]).
type steps struct {
	bounds []time.Time
}

// newSteps lays the steps out. With To they are laid backwards from it, so that
// the last one is whole; otherwise forwards from From or, without it, from the
// start of the first case's local day or whole steps after that.
func newSteps(cases []Case, o Options) (steps, error) {
	if len(cases) == 0 {
		return steps{}, nil
	}
	first, last := cases[0].From, cases[0].lastInstant()
	for _, c := range cases {
		if c.From.Before(first) {
			first = c.From
		}
		if l := c.lastInstant(); l.After(last) {
			last = l
		}
	}
	if !o.From.IsZero() {
		first = o.From
	}
	backwards := !o.To.IsZero()
	origin := first
	switch {
	case backwards:
		origin = o.To
	case o.From.IsZero():
		y, m, d := first.In(o.zone()).Date()
		origin = time.Date(y, m, d, 0, 0, 0, 0, o.zone())
		if o.Step < day {
			origin = origin.Add(first.Sub(origin) / o.Step * o.Step)
		}
	}
	if last.Sub(first)/o.Step > maxSteps || backwards && o.To.Sub(first)/o.Step > maxSteps {
		return steps{}, fmt.Errorf("the study has over %d steps", maxSteps)
	}
	at := func(k int) time.Time {
		if o.Step < day {
			return origin.Add(time.Duration(k) * o.Step).UTC()
		}
		return origin.In(o.zone()).AddDate(0, 0, k*int(o.Step/day)).UTC()
	}
	var s steps
	if backwards {
		for k := 0; k == 0 || s.bounds[k-1].After(first); k++ {
			s.bounds = append(s.bounds, at(-k))
		}
		for i, j := 0, len(s.bounds)-1; i < j; i, j = i+1, j-1 {
			s.bounds[i], s.bounds[j] = s.bounds[j], s.bounds[i]
		}
	} else {
		for k := 0; k == 0 || !s.bounds[k-1].After(last); k++ {
			s.bounds = append(s.bounds, at(k))
		}
	}
	if len(s.bounds) < 2 {
		s.bounds = nil
	}
	return s, nil
}

// len returns the number of steps.
func (s steps) len() int { return max(0, len(s.bounds)-1) }

// at returns the step that holds t, which lies in the study.
func (s steps) at(t time.Time) int {
	return sort.Search(len(s.bounds), func(i int) bool { return s.bounds[i].After(t) }) - 1
}

// meets reports whether the case's interval has a part in the study.
func (s steps) meets(c Case) bool {
	if s.len() == 0 {
		return false
	}
	return c.From.Before(s.bounds[s.len()]) && !c.lastInstant().Before(s.bounds[0])
}

// inOneStep reports whether the whole of a case that meets the study lies in one
// step.
func (s steps) inOneStep(c Case) bool {
	if c.From.Before(s.bounds[0]) || c.end().After(s.bounds[s.len()]) {
		return false
	}
	return s.at(c.From) == s.at(c.lastInstant())
}

// lastStep returns the last step with weight of a case that meets the study.
func (s steps) lastStep(c Case) int32 {
	t := c.lastInstant()
	if !t.Before(s.bounds[s.len()]) {
		return int32(s.len() - 1)
	}
	return int32(s.at(t))
}

// lastInstant returns the last instant of the case's interval, to the
// nanosecond.
func (c Case) lastInstant() time.Time {
	if c.end().After(c.From) {
		return c.end().Add(-1)
	}
	return c.From
}

// A share is the weight of a case in one step, in units, and what it had before.
type share struct {
	step           int32
	weight, before int64
}

// A profile is a case's weight by step, ascending and above 0.
type profile []share

// profile spreads the case over the steps in proportion to the time it has in
// each. The part of an interval that lies outside the study stays in no step,
// while the case still counts whole in N and in its zone: μ is then the mean of c
// over all ways to shuffle whole intervals over the places.
//
// The profile is appended to buf.
func (s steps) profile(c Case, unit int64, buf profile) profile {
	from, end := c.From, c.end()
	if !end.After(from) {
		return append(buf, share{int32(s.at(from)), unit, 0})
	}
	length := end.Sub(from)
	// Weights are differences of the rounded share before each bound, so they add
	// up whatever the rounding did.
	before := func(t time.Time) int64 {
		d := t.Sub(from)
		if d <= 0 {
			return 0
		}
		if d >= length {
			return unit
		}
		hi, lo := bits.Mul64(uint64(d), uint64(unit))
		lo, carry := bits.Add64(lo, uint64(length)/2, 0)
		q, _ := bits.Div64(hi+carry, lo, uint64(length))
		return int64(q)
	}
	t := 0
	if from.After(s.bounds[0]) {
		t = s.at(from)
	}
	done := before(s.bounds[t])
	for ; t < s.len() && s.bounds[t].Before(end); t++ {
		next := before(s.bounds[t+1])
		if next > done {
			buf = append(buf, share{int32(t), next - done, done})
		}
		done = next
	}
	return buf
}

// from returns the part of the profile at or after a step.
func (p profile) from(step int32) profile {
	i := sort.Search(len(p), func(i int) bool { return p[i].step >= step })
	return p[i:]
}

// weight returns the weight in the steps [start, end).
func (p profile) weight(start, end int32) int64 {
	from := p.from(start)
	to := p.from(end)
	switch {
	case len(from) == len(to):
		return 0
	case len(to) > 0:
		return to[0].before - from[0].before
	}
	last := from[len(from)-1]
	return last.before + last.weight - from[0].before
}
