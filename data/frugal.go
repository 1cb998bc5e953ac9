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

// bulletinBytes is how much memory a large bulletin takes, 1 MB of text.
const bulletinBytes = 112 << 20

// Frugal lets garbage pile up to what a large bulletin takes, and to a third of what is
// alive where that is more, not to as much again, until it is undone: a bulletin is read
// once, and whole. Whoever set a limit, or less garbage, keeps that.
func Frugal() (undo func()) {
	const percent = 33
	limit := debug.SetMemoryLimit(-1)
	was := debug.SetGCPercent(percent)
	if was < percent {
		debug.SetGCPercent(was)
	}
	if was < percent || limit != math.MaxInt64 {
		return func() { debug.SetGCPercent(was) }
	}
	return within(bulletinBytes, percent, was)
}

// What the analysis of a year's reports takes at its greatest, with as much garbage as
// keeps it from collecting at every step: that of none, and what each adds.
const (
	analysisBytes = 128 << 20
	reportBytes   = 212
)

// Roomy lets garbage pile up as far as the analysis of so many reports takes at its greatest
// anyway, until it is undone: while less is alive there is no need to collect, and room
// that is made for a year's incidents would be looked through before they are in it, each
// of its pages twice. Where nearly as much or more is alive, a tenth of it is kept as
// garbage. Whoever set something else keeps that.
func Roomy(reports int) (undo func()) {
	return roomy(analysisBytes + reportBytes*int64(reports))
}

func roomy(bytes int64) (undo func()) {
	was := debug.SetGCPercent(-1)
	if was != usual || debug.SetMemoryLimit(-1) != math.MaxInt64 {
		debug.SetGCPercent(was)
		return func() {}
	}
	return within(bytes, 10, was)
}

// within collects where so much memory is taken, or where that is less than is alive and
// so many percent more, until it is undone; then as at what was set.
func within(bytes int64, percent uint64, was int) (undo func()) {
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(bytes)
	r := &room{least: bytes, now: bytes, percent: percent}
	r.await()
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.over = true
		debug.SetMemoryLimit(math.MaxInt64)
		debug.SetGCPercent(was)
	}
}

// A room is a limit of memory that gives way to what is alive: Go collects all the time
// below one that is less.
type room struct {
	mu         sync.Mutex
	least, now int64  // bytes
	percent    uint64 // of what is alive, that is kept as garbage at the least
	over       bool
}

// await has collected called after the next collection.
func (r *room) await() {
	runtime.SetFinalizer(&room{}, func(*room) { r.collected() })
}

// collected sets the limit by what the collection has left.
func (r *room) collected() {
	taken := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
		{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/free:bytes"}}
	metrics.Read(taken)
	bytes := func(i int) uint64 { return taken[i].Value.Uint64() }
	alive, beside := bytes(0), bytes(1)-bytes(2)-bytes(3)-bytes(4) // the limit is of what Go has beside objects too
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.over {
		return
	}
	if limit := max(r.least, int64(alive+alive/100*r.percent+beside)); limit != r.now {
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
