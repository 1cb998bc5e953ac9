package data

import (
	"context"
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"spreewatch/geo"
)

// numbers yields 0 to n−1, and counts how many it has yielded.
func numbers(n int, yielded *int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			*yielded++
			if !yield(i, nil) {
				return
			}
		}
	}
}

// What is read ahead arrives as it was, errors at their place, whatever the batch.
func TestAhead(t *testing.T) {
	odd := errors.New("odd")
	for n := range 20 {
		for batch := 1; batch < 7; batch++ {
			var got []int
			for v, err := range ahead(t.Context(), func(yield func(int, error) bool) {
				for i := range n {
					var err error
					if i%2 == 1 {
						err = odd
					}
					if !yield(i, err) {
						return
					}
				}
			}, batch) {
				if (err != nil) != (v%2 == 1) {
					t.Errorf("%d with error %v", v, err)
				}
				got = append(got, v)
			}
			if want := slices.Collect(func(yield func(int) bool) {
				for i := range n {
					if !yield(i) {
						return
					}
				}
			}); !slices.Equal(got, want) {
				t.Errorf("%d rows by %d: %v", n, batch, got)
			}
		}
	}
}

// Who breaks off leaves nobody reading, and has read no more than some batches.
func TestAheadBreak(t *testing.T) {
	yielded := 0
	for v := range ahead(t.Context(), numbers(1000, &yielded), 4) {
		if v == 5 {
			break
		}
	}
	if yielded > 5*4 {
		t.Errorf("%d rows read for 6", yielded)
	}
}

// A context that is done ends the reading with its error, though no row comes.
func TestAheadStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	var last error
	for _, last = range ahead(ctx, func(yield func(int, error) bool) {
		stop()
		for until := time.Now().Add(2 * time.Second); time.Now().Before(until) && yield(0, nil); {
		}
	}, 1<<20) {
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("ended with %v", last)
	}
}

// A panic of the reading is one of who ranges.
func TestAheadPanic(t *testing.T) {
	defer func() {
		if fault, ok := recover().(*geo.Fault); !ok || fault.Value != "broken" {
			t.Errorf("recovered %v", fault)
		}
	}()
	for range ahead(t.Context(), func(func(int, error) bool) { panic("broken") }, 4) {
		t.Error("a row")
	}
	t.Error("no panic")
}
