package nearrepeat

import (
	"math/rand/v2"
	"testing"
	"time"

	"spreewatch/cluster"
)

// spreesOf invents sprees of 100, 200, … metres and as many hours as hundreds of them.
func spreesOf(n int) []cluster.Spree {
	out := make([]cluster.Spree, n)
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for i := range out {
		out[i] = cluster.Spree{RadiusM: 100 * float64(i+1), Window: cluster.Window{Start: start, End: start.Add(time.Duration(i+1) * time.Hour)}, Statistic: &cluster.Statistic{}}
	}
	return out
}

func TestLearnSprees(t *testing.T) {
	sprees := spreesOf(20)
	got := LearnSprees(sprees, 1)
	if got.Sprees != 20 || got.Radius.Value != 1800 || got.Window.Value != 18*time.Hour {
		t.Errorf("of 20: %+v; want 1800 m and 18 h, the eighteenth of each", got)
	}
	if !(got.Radius.Low < 1800 && 1800 < got.Radius.High && got.Radius.High <= 2000) || !(got.Window.Low < 18*time.Hour && got.Window.High <= 20*time.Hour) {
		t.Errorf("intervals %+v", got)
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(sprees), func(i, j int) { sprees[i], sprees[j] = sprees[j], sprees[i] })
	if again := LearnSprees(sprees, 1); again != got {
		t.Errorf("in another order %+v, want %+v", again, got)
	}
	// One that only the rule found says nothing of its own.
	for i := range sprees {
		if i >= LeastSprees-1 {
			sprees[i].Statistic = nil
		}
	}
	if got := LearnSprees(sprees, 1); got != (SpreeReach{Sprees: LeastSprees - 1}) {
		t.Errorf("of nine of the scan: %+v", got)
	}
}

// The interval of 90 % holds the true ninth decile in about nine of ten series.
func TestLearnSpreesInterval(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 2))
	held := 0
	const series = 300
	for range series {
		sprees := spreesOf(60)
		for i := range sprees {
			sprees[i].RadiusM = 1000 * rng.Float64()
		}
		if r := LearnSprees(sprees, 1).Radius; r.Low <= 900 && 900 <= r.High {
			held++
		}
	}
	if share := float64(held) / series; share < .83 || share > .97 {
		t.Errorf("%.2f of the intervals hold the truth", share)
	}
}
