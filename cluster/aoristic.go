package cluster

import (
	"fmt"
	"iter"
	"time"
)

// StepWeights yields each time step that w touches and the share of w that
// falls in it, earliest first: the aoristic weight of Ratcliffe (2000). Step i
// is [origin + i·step, origin + (i+1)·step), so i is negative before the
// origin. The shares add up to 1. An instant (and a window that ends before it
// starts) gives its own step the whole weight. A window of any length is spread
// evenly, never cut and never reduced to its middle.
//
// It panics when step is not over 0.
func StepWeights(w Window, origin time.Time, step time.Duration) iter.Seq2[int, float64] {
	if step <= 0 {
		panic(fmt.Sprintf("cluster: step of %v", step))
	}
	return func(yield func(int, float64) bool) {
		s := stepsOf(w, origin, step)
		for i := s.first; i <= s.last; i++ {
			if !yield(i, s.share(i)) {
				return
			}
		}
	}
}

// steps are those that an interval touches.
type steps struct {
	from, to, step time.Duration // after the origin; an instant ends as it begins
	first, last    int
}

func stepsOf(w Window, origin time.Time, step time.Duration) steps {
	from := w.Start.Sub(origin)
	s := steps{from: from, to: from + max(0, w.Duration()), step: step, first: floorDiv(from, step)}
	s.last = s.first
	if s.to > from {
		s.last = floorDiv(s.to-1, step)
	}
	return s
}

// share is the weight of the i-th step.
func (s steps) share(i int) float64 {
	if s.to == s.from {
		return 1
	}
	start, end := max(s.from, time.Duration(i)*s.step), min(s.to, time.Duration(i+1)*s.step)
	return float64(end-start) / float64(s.to-s.from)
}

func floorDiv(d, step time.Duration) int {
	q := d / step
	if d%step < 0 {
		q--
	}
	return int(q)
}

// ShareOf returns the share of the event interval that falls in the window, both
// ends included.
func ShareOf(event, window Window) float64 {
	if event.Duration() <= 0 {
		if event.Start.Before(window.Start) || event.Start.After(window.End) {
			return 0
		}
		return 1
	}
	start, end := event.Start, event.End
	if start.Before(window.Start) {
		start = window.Start
	}
	if end.After(window.End) {
		end = window.End
	}
	if !start.Before(end) {
		return 0
	}
	return float64(end.Sub(start)) / float64(event.Duration())
}
