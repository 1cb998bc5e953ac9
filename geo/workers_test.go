package geo_test

import (
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

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
