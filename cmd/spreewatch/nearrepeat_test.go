package main

import (
	"math"
	"testing"
)

// FuzzEdges writes what it read and reads that back.
func FuzzEdges(f *testing.F) {
	for _, text := range []string{"0,100,200", " 0 , 1.5 ", "", ",", "1e3", "0x10,inf"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var e, again edges
		if err := e.Set(text); err != nil {
			return
		}
		if err := again.Set(e.String()); err != nil || len(again) != len(e) {
			t.Fatalf("%q reads as %v and back as %v, %v", text, e, again, err)
		}
		for i := range e {
			if e[i] != again[i] && !math.IsNaN(e[i]) {
				t.Errorf("%q reads as %v and back as %v", text, e, again)
			}
		}
	})
}
