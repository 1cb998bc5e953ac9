package cluster

import "time"

// A Window is the half-open interval [Start, End). Both are UTC.
type Window struct {
	Start, End time.Time
}

// Duration returns the window's length.
func (w Window) Duration() time.Duration { return w.End.Sub(w.Start) }

// Contains reports whether t lies in [Start, End).
func (w Window) Contains(t time.Time) bool { return !t.Before(w.Start) && t.Before(w.End) }
