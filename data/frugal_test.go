package data

import (
	"runtime/debug"
	"testing"
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
		{"frugal", Frugal, 33, 20, -1, 33},
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
