package data

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
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
// of its pages twice. Where nearly as much or more is alive, a quarter of it is kept as
// garbage. Whoever set something else keeps that.
func Roomy(reports int) (undo func()) {
	return roomy(analysisBytes + reportBytes*int64(reports))
}

func roomy(bytes int64) (undo func()) {
	limit := debug.SetMemoryLimit(-1)
	was := debug.SetGCPercent(-1)
	if was != usual || limit != math.MaxInt64 {
		debug.SetGCPercent(was)
		return func() {}
	}
	debug.SetMemoryLimit(bytes)
	r := &room{least: bytes, now: bytes}
	r.await()
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.over = true
		debug.SetMemoryLimit(limit)
		debug.SetGCPercent(was)
	}
}

// A room is a limit of memory that gives way to what is alive: Go collects all the time
// below one that is less.
type room struct {
	mu         sync.Mutex
	least, now int64 // bytes
	over       bool
}

// await has collected called after the next collection.
func (r *room) await() {
	runtime.SetFinalizer(&room{}, func(*room) { r.collected() })
}

// collected sets the limit by what the collection has left.
func (r *room) collected() {
	alive := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(alive)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over {
		return
	}
	if limit := max(r.least, int64(alive[0].Value.Uint64()/4*5)); limit != r.now {
		r.now = limit
		debug.SetMemoryLimit(limit)
	}
	r.await()
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
