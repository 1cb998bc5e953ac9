package data

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// percent is what the collector waits for now.
func percent() int {
	now := debug.SetGCPercent(100)
	debug.SetGCPercent(now)
	return now
}

// What is kept as garbage is set for a while; what somebody set otherwise is kept.
func TestGarbage(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	for _, tt := range []struct {
		name                string
		set                 func() func()
		usual, little, none int // wanted where 100 was set, where 20 was, where nothing is collected
		most                int
	}{
		{"frugal", Frugal, -1, 20, -1, -1},   // with a limit in its place
		{"lavish", Lavish, 101, 20, -1, 400}, // this test holds far less than the room
	} {
		for was, want := range map[int]int{100: tt.usual, 20: tt.little, -1: tt.none} {
			debug.SetGCPercent(was)
			undo := tt.set()
			if got := percent(); got < want || was == 100 && got > tt.most || was != 100 && got != want {
				t.Errorf("%s: %d %% where %d %% was set", tt.name, got, was)
			}
			if undo(); percent() != was {
				t.Errorf("%s: %d %% after it, and %d %% before", tt.name, percent(), was)
			}
		}
	}
}

// With many reports the limit is of all memory, and goes with them; a limit or a percentage
// that somebody set stays.
func TestGarbageOfManyReports(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(math.MaxInt64))
	limit := func() int64 { return debug.SetMemoryLimit(-1) }
	for n, want := range map[int]int64{100_000: 148 << 20, 1_000_000: 330 << 20} {
		undo := Roomy(n)
		if got := limit(); got < want-1<<20 || got > want+1<<20 {
			t.Errorf("%d reports: %d MiB, want %d", n, got>>20, want>>20)
		}
		if got := percent(); got >= 0 {
			t.Errorf("%d reports: collected at %d %%, below the limit", n, got)
		}
		if undo(); limit() != math.MaxInt64 || percent() != 100 {
			t.Errorf("%d reports: %d bytes and %d %% after it", n, limit(), percent())
		}
	}
	for _, set := range []func(){func() { debug.SetGCPercent(50) }, func() { debug.SetGCPercent(100); debug.SetMemoryLimit(1 << 30) }} {
		set()
		wasLimit, was := limit(), percent()
		undo := Roomy(1_000_000)
		if limit() != wasLimit || percent() != was {
			t.Errorf("%d bytes and %d %% where %d and %d were set", limit(), percent(), wasLimit, was)
		}
		if undo(); limit() != wasLimit || percent() != was {
			t.Errorf("%d bytes and %d %% after it, and %d and %d before", limit(), percent(), wasLimit, was)
		}
	}
}

// Where more is alive than the limit, the limit gives way and comes back, or the collector
// would never rest.
func TestRoomGivesWay(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(math.MaxInt64))
	const least, held = 16 << 20, 64 << 20
	undo := roomy(least)
	defer undo()
	awaited := func(good func(limit int64) bool) int64 {
		for range 100 {
			runtime.GC()
			time.Sleep(10 * time.Millisecond) // what is awaited runs beside
			if good(debug.SetMemoryLimit(-1)) {
				break
			}
		}
		return debug.SetMemoryLimit(-1)
	}
	alive := make([]byte, held)
	if got := awaited(func(limit int64) bool { return limit > held }); got < held*11/10 || got > held*2 {
		t.Errorf("%d MiB with %d alive", got>>20, held>>20)
	}
	runtime.KeepAlive(alive)
	alive = nil
	if got := awaited(func(limit int64) bool { return limit == least }); got != least {
		t.Errorf("%d MiB with nothing alive, want %d", got>>20, least>>20)
	}
	undo()
	runtime.GC()
	if got := awaited(func(int64) bool { return false }); got != math.MaxInt64 {
		t.Errorf("%d bytes after it", got)
	}
}
