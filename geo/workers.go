package geo

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Workers are goroutines that somebody waits for, as those of a sync.WaitGroup; but
// a panic in one of them is raised again, as a *Fault, in who waits, where it can be
// caught. The zero value is ready to use.
type Workers struct {
	group sync.WaitGroup
	once  sync.Once
	fault *Fault
}

// A Fault is a panic of a worker: what was panicked with, and the program counters
// that were at work, as of runtime.Callers.
type Fault struct {
	Value any
	At    []uintptr
}

// Go calls f in a goroutine of its own.
func (w *Workers) Go(f func()) {
	w.group.Go(func() {
		defer func() {
			value := recover()
			if value == nil {
				return
			}
			w.once.Do(func() {
				if inner, ok := value.(*Fault); ok {
					w.fault = inner
					return
				}
				at := make([]uintptr, 64)
				w.fault = &Fault{value, at[:runtime.Callers(3, at)]}
			})
		}()
		f()
	})
}

// Wait waits for all of them, and panics with the Fault of the first that panicked.
func (w *Workers) Wait() {
	w.group.Wait()
	if w.fault != nil {
		panic(w.fault)
	}
}

// Attend waits for work that looks at no context, and gives up with the error of ctx when
// that is done: the work goes on unheeded, and is to be of no harm. Its panic is raised
// as that of a worker.
func Attend[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type outcome struct {
		got T
		err error
	}
	var worker Workers
	done := make(chan outcome, 1)
	worker.Go(func() {
		defer close(done)
		got, err := work()
		done <- outcome{got, err}
	})
	select {
	case o := <-done:
		worker.Wait()
		return o.got, o.err
	case <-ctx.Done():
		return *new(T), ctx.Err()
	}
}

// Each calls f with 0 to n−1 on so many goroutines, numbered from 0, each of which takes
// the next as soon as it has done one, and waits for all; see Wait.
func Each(workers, n int, f func(worker, i int)) {
	var next atomic.Int64
	var group Workers
	for w := range min(workers, n) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(w, i)
			}
		})
	}
	group.Wait()
}
