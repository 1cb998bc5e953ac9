package data

import "runtime/debug"

// Frugal keeps a third as much garbage as is alive, not as much again, until it is
// undone: a year's reports and a large bulletin are read once, and are large. Whoever
// set less, or none, keeps that.
func Frugal() (undo func()) {
	const percent = 33
	was := debug.SetGCPercent(percent)
	if was < percent {
		debug.SetGCPercent(was)
	}
	return func() { debug.SetGCPercent(was) }
}
