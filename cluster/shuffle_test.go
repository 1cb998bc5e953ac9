package cluster

import (
	"testing"

	"pgregory.net/rapid"
)

func TestShuffle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 300).Draw(t, "n")
		s := NewShuffle(n, rapid.Uint64().Draw(t, "seed"), rapid.Uint64().Draw(t, "replicate"), 1)
		seen := make([]bool, n)
		for i := range n {
			to := s.Of(i)
			if to < 0 || to >= n || seen[to] {
				t.Fatalf("%d of %d goes to %d", i, n, to)
			}
			seen[to] = true
		}
	})
}

// Each of a few things goes to each place equally often, and so do pairs.
func TestShuffleIsUniform(t *testing.T) {
	const n, draws = 7, 42_000
	var one [n][n]float64
	var two [n * n]float64
	for r := range uint64(draws) {
		s := NewShuffle(n, 1, r, 2)
		for i := range n {
			one[i][s.Of(i)]++
		}
		two[s.Of(0)*n+s.Of(n-1)]++
	}
	chi2 := func(counts []float64, expected float64) (x float64) {
		for _, c := range counts {
			if c > 0 {
				x += (c - expected) * (c - expected) / expected
			}
		}
		return x
	}
	for i := range one {
		if x := chi2(one[i][:], draws/n); x > 22.5 { // .999 of χ² with 6 degrees of freedom
			t.Errorf("where %d goes: χ² %.1f", i, x)
		}
	}
	if x := chi2(two[:], draws/(n*(n-1))); x > 74.7 { // .999 of χ² with 41
		t.Errorf("where the first and the last go: χ² %.1f", x)
	}
}

// Of two, three and four things every order comes equally often.
func TestShuffleOfFew(t *testing.T) {
	const draws = 48_000
	// .999 of χ² with 1, 5 and 23 degrees of freedom.
	for n, limit := range map[int]float64{2: 10.8, 3: 20.5, 4: 49.7} {
		orders := 1
		for i := 2; i <= n; i++ {
			orders *= i
		}
		counts := map[int]float64{}
		for r := range uint64(draws) {
			s, order := NewShuffle(n, 3, r, 0), 0
			for i := range n {
				order = order*n + s.Of(i)
			}
			counts[order]++
		}
		expected, x := draws/float64(orders), 0.0
		for _, c := range counts {
			x += (c - expected) * (c - expected) / expected
		}
		if len(counts) != orders || x > limit {
			t.Errorf("%d things: %d orders of %d, χ² %.1f", n, len(counts), orders, x)
		}
	}
}
