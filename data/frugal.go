package data

import (
	"math"
	"runtime/debug"
	"runtime/metrics"
)

// usual is how much garbage Go keeps, most how much is kept here, percent of what is alive.
const usual, most = 100, 400

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

// What the analysis of a year's reports takes at its greatest, with as much garbage as
// keeps it from collecting at every step: that of none, and what each adds.
const (
	analysisBytes = 128 << 20
	reportBytes   = 222
)

// Roomy lets garbage pile up as far as the analysis of so many reports takes at its greatest
// anyway, until it is undone: while less is alive there is no need to collect, and room
// that is made for a year's incidents would be looked through before they are in it, each
// of its pages twice. Whoever set something else keeps that.
func Roomy(reports int) (undo func()) {
	limit := debug.SetMemoryLimit(-1)
	was := debug.SetGCPercent(-1)
	if was != usual || limit != math.MaxInt64 {
		debug.SetGCPercent(was)
		return func() {}
	}
	debug.SetMemoryLimit(analysisBytes + reportBytes*int64(reports))
	return func() {
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(was)
	}
}

// roomMB is how large a heap may become, in MB, where little is alive.
const roomMB = 96

// Lavish lets garbage pile up where little is alive, as far as roomMB, and to four times
// that which is alive at the most, until it is undone: a night of few reports is
// over before it is worth collecting, and reports on their way into the store or to an
// answer are let go as they come. Whoever set something else keeps that.
func Lavish() (undo func()) {
	heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(heap)
	percent := min(max(roomMB<<20*100/heap[0].Value.Uint64(), usual), most)
	was := debug.SetGCPercent(int(percent))
	if was != usual {
		debug.SetGCPercent(was)
	}
	return func() { debug.SetGCPercent(was) }
}
