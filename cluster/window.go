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

// Overlaps reports whether the two intervals share an instant. An instant
// interval (Start = End) overlaps the window that contains it.
func (w Window) Overlaps(o Window) bool {
	if o.Start.Equal(o.End) {
		return w.Contains(o.Start)
	}
	if w.Start.Equal(w.End) {
		return o.Contains(w.Start)
	}
	return w.Start.Before(o.End) && o.Start.Before(w.End)
}
