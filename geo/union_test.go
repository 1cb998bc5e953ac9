package geo

import (
	"testing"

	"pgregory.net/rapid"
)

func TestUnion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		u := NewUnion(n)
		label := make([]int, n) // the least of each set, kept the long way
		for i := range label {
			label[i] = i
		}
		for range rapid.IntRange(0, 40).Draw(t, "joins") {
			a, b := rapid.IntRange(0, n-1).Draw(t, "a"), rapid.IntRange(0, n-1).Draw(t, "b")
			u.Join(a, b)
			low, high := min(label[a], label[b]), max(label[a], label[b])
			for i := range label {
				if label[i] == high {
					label[i] = low
				}
			}
		}
		for i := range label {
			if got := u.Root(i); got != label[i] {
				t.Fatalf("root of %d: got %d, want %d", i, got, label[i])
			}
		}
	})
}
