package geo_test

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"spreewatch/geo"
)

// stumble is what the stack of a fault has to name.
func stumble() { panic("97 Canaryhouse Road") }

// A panic in a goroutine reaches who waits, with the place where it was, through any
// number of waits; the others have ended by then.
func TestWorkersFault(t *testing.T) {
	var ended atomic.Int32
	defer func() {
		fault, ok := recover().(*geo.Fault)
		if !ok || fault.Value != "97 Canaryhouse Road" {
			t.Fatalf("recovered %v", fault)
		}
		if ended.Load() != 3 {
			t.Errorf("%d of 3 others had ended", ended.Load())
		}
		frame, _ := runtime.CallersFrames(fault.At).Next()
		names := frame.Function
		for frames := runtime.CallersFrames(fault.At); ; {
			f, more := frames.Next()
			if names += " " + f.Function; !more {
				break
			}
		}
		if !strings.Contains(names, "geo_test.stumble") {
			t.Errorf("the stack is %s", names)
		}
	}()
	var outer geo.Workers
	outer.Go(func() {
		var w geo.Workers
		for range 3 {
			w.Go(func() { ended.Add(1) })
		}
		w.Go(stumble)
		w.Wait()
	})
	outer.Wait()
	t.Error("the panic was lost")
}

// Each number is given out once, to a goroutine of its number, and a panic is raised.
func TestEach(t *testing.T) {
	for _, workers := range []int{1, 3, 50} {
		for _, n := range []int{0, 1, 20} {
			given := make([]atomic.Int32, n)
			geo.Each(workers, n, func(w, i int) {
				if w < 0 || w >= workers {
					t.Errorf("worker %d of %d", w, workers)
				}
				given[i].Add(1)
			})
			for i := range given {
				if got := given[i].Load(); got != 1 {
					t.Errorf("%d workers: %d of %d was given out %d times", workers, i, n, got)
				}
			}
		}
	}
	defer func() {
		if _, ok := recover().(*geo.Fault); !ok {
			t.Error("the panic was lost")
		}
	}()
	geo.Each(2, 5, func(_, i int) {
		if i == 3 {
			stumble()
		}
	})
}

// Work that is done is handed over; work that goes on is left when the context is done,
// and a panic of it is raised.
func TestAttend(t *testing.T) {
	failed := errors.New("failed")
	if got, err := geo.Attend(t.Context(), func() (int, error) { return 7, failed }); got != 7 || err != failed {
		t.Errorf("got %d, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	forever := make(chan struct{})
	time.AfterFunc(10*time.Second, func() { close(forever) }) // for who does not give up
	got, err := geo.Attend(ctx, func() (int, error) {
		cancel()
		<-forever
		return 7, nil
	})
	if got != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("left with %d, %v", got, err)
	}
	defer func() {
		if _, ok := recover().(*geo.Fault); !ok {
			t.Error("the panic was lost")
		}
	}()
	_, err = geo.Attend(t.Context(), func() (int, error) { stumble(); return 0, nil })
	t.Errorf("after a panic: %v", err)
}
