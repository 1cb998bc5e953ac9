package main

import (
	"bytes"
	"strings"
	"testing"

	"spreewatch/geo"
)

// A fault of the program, here in a worker, ends with 1, and says in which run and
// where it was and nothing of what it had in hand.
func TestFault(t *testing.T) {
	var out, errw bytes.Buffer
	g := &globals{in: strings.NewReader(""), out: &out, errw: &errw}
	g.before = func() {
		g.runID = "20150917T0200-0a1b2c3d"
		var w geo.Workers
		w.Go(func() { panic("97 Canaryhouse Road") })
		w.Wait()
	}
	if code := g.execute(t.Context(), []string{"version"}); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	text := errw.String()
	if strings.Contains(text, "Canary") || !strings.HasPrefix(text, "spreewatch: a fault of the program (dev, string) in run 20150917T0200-0a1b2c3d; ") || !strings.Contains(text, "fault_test.go:") {
		t.Errorf("it says:\n%s", text)
	}
}
