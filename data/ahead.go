package data

import (
	"context"
	"iter"

	"spreewatch/geo"
)

// ahead yields what rows yields, in its order, and reads on meanwhile in a goroutine
// of its own, up to three batches. Once the context is done it yields that error and
// no more. A panic of the reading is raised in who ranges over it. After the last row
// or a break nothing reads any more.
func ahead[T any](ctx context.Context, rows iter.Seq2[T, error], batch int) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		read, stop := make(chan []pulled[T], 1), make(chan struct{})
		var reader geo.Workers
		reader.Go(func() {
			defer close(read)
			readBatches(rows, batch, read, stop)
		})
		defer reader.Wait()
		defer close(stop)
		for {
			select {
			case <-ctx.Done():
				var none T
				yield(none, ctx.Err())
				return
			case rows, more := <-read:
				for _, r := range rows {
					if !yield(r.value, r.err) {
						return
					}
				}
				if !more {
					return
				}
			}
		}
	}
}

// A pulled row is what the sequence yielded at a time.
type pulled[T any] struct {
	value T
	err   error
}

// readBatches hands over the rows, so many at once, until it is told to stop.
func readBatches[T any](rows iter.Seq2[T, error], batch int, read chan<- []pulled[T], stop <-chan struct{}) {
	next := make([]pulled[T], 0, batch)
	handOver := func() bool {
		select {
		case read <- next:
			next = make([]pulled[T], 0, batch)
			return true
		case <-stop:
			return false
		}
	}
	for value, err := range rows {
		select {
		case <-stop:
			return
		default:
		}
		if next = append(next, pulled[T]{value, err}); len(next) == batch && !handOver() {
			return
		}
	}
	handOver()
}
