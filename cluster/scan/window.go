package scan

import "time"

// windows are the windows that a scan looks at. A window is the steps [start, end),
// at most longest of them, with end no less than a bound and at most steps.
type windows struct {
	steps     int32
	longest   int32 // steps
	observed  int32 // least end allowed in the data
	replicate int32 // least end allowed in replicates
	first     int32 // least step that any window reaches
}

// newWindows counts the options' lengths in whole steps.
func newWindows(steps int, o Options) windows {
	n := int32(steps)
	count := func(d time.Duration) int32 { return int32(min(int64(d/o.Step), int64(n))) }
	w := windows{steps: n, longest: count(o.MaxWindow)}
	if o.Mode == Prospective {
		w.observed = max(1, n-count(o.Lookback))
		w.replicate = min(w.observed, max(1, n-count(o.Earlier)))
	} else {
		w.observed, w.replicate = 1, 1
	}
	w.first = max(0, w.replicate-w.longest)
	return w
}
