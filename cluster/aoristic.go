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
		from := w.Start.Sub(origin)
		first := floorDiv(from, step)
		length := w.Duration()
		if length <= 0 {
			yield(first, 1)
			return
		}
		to := from + length
		for i := first; time.Duration(i)*step < to; i++ {
			start := max(from, time.Duration(i)*step)
			end := min(to, time.Duration(i+1)*step)
			if !yield(i, float64(end-start)/float64(length)) {
				return
			}
		}
	}
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
