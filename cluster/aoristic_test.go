package cluster

import (
	"math"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func TestStepWeights(t *testing.T) {
	origin := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return origin.Add(time.Duration(minutes) * time.Minute) }
	type weight struct {
		Step  int
		Share float64
	}
	tests := []struct {
		name     string
		from, to int // minutes after the origin
		want     []weight
	}{
		{"an instant", 90, 90, []weight{{1, 1}}},
		{"an instant on the edge of a step", 120, 120, []weight{{2, 1}}},
		{"an instant before the origin", -1, -1, []weight{{-1, 1}}},
		{"an instant at a step's edge before the origin", -60, -60, []weight{{-1, 1}}},
		{"within a step", 65, 115, []weight{{1, 1}}},
		{"exactly a step", 60, 120, []weight{{1, 1}}},
		// Between 10:00 and 14:30, as Wallace Close: 4.5 hours, by hand.
		{"four and a half steps", 600, 870, []weight{{10, 2.0 / 9}, {11, 2.0 / 9}, {12, 2.0 / 9}, {13, 2.0 / 9}, {14, 1.0 / 9}}},
		{"across the origin", -30, 90, []weight{{-1, 0.25}, {0, 0.5}, {1, 0.25}}},
		{"ends before it starts", 90, 30, []weight{{1, 1}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []weight
			for i, share := range StepWeights(Window{at(tt.from), at(tt.to)}, origin, time.Hour) {
				got = append(got, weight{i, share})
			}
			if d := gocmp.Diff(tt.want, got, cmpopts.EquateApprox(0, 1e-12)); d != "" {
				t.Error(d)
			}
		})
	}
}

// The weights of an interval of any length add up to 1, and each is what the
// interval and the step share.
func TestStepWeightsAddUp(t *testing.T) {
	origin := time.Date(2026, 3, 29, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		step := time.Duration(rapid.IntRange(1, 1440).Draw(t, "step")) * time.Minute
		from := origin.Add(time.Duration(rapid.IntRange(-100_000, 100_000).Draw(t, "from")) * time.Second)
		w := Window{from, from.Add(time.Duration(rapid.IntRange(0, 1_000_000).Draw(t, "length")) * time.Second)}
		sum, last := 0.0, math.MinInt
		for i, share := range StepWeights(w, origin, step) {
			if i <= last || last != math.MinInt && i != last+1 {
				t.Fatalf("step %d after %d", i, last)
			}
			last = i
			start := origin.Add(time.Duration(i) * step)
			if want := ShareOf(w, Window{start, start.Add(step)}); math.Abs(share-want) > 1e-12 {
				t.Fatalf("step %d: got %g, want %g", i, share, want)
			}
			sum += share
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Fatalf("the weights add up to %g", sum)
		}
	})
}
