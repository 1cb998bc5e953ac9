package main

import (
	"bytes"
	"strings"
	"testing"
)

// A fault of the program ends with 1, and says where it was and nothing of what it
// had in hand.
func TestFault(t *testing.T) {
	var out, errw bytes.Buffer
	g := &globals{in: strings.NewReader(""), out: &out, errw: &errw}
	g.before = func() { panic("97 Canaryhouse Road") }
	if code := g.execute(t.Context(), []string{"version"}); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	text := errw.String()
	if strings.Contains(text, "Canary") || !strings.HasPrefix(text, "spreewatch: a fault of the program (dev, string)") || !strings.Contains(text, "fault_test.go:") {
		t.Errorf("it says:\n%s", text)
	}
}
