package scan

import (
	"fmt"
	"testing"
)

// Every value reads its own word back, and one that does not exist has a word that is
// none.
func TestParseReadsBack(t *testing.T) {
	for m := Prospective; m <= Retrospective; m++ {
		if got, err := ParseMode(m.String()); got != m || err != nil {
			t.Errorf("mode %q reads as %v, %v", m, got, err)
		}
	}
	for l := Points; l <= Cells; l++ {
		if got, err := ParseLocations(l.String()); got != l || err != nil {
			t.Errorf("locations %q read as %v, %v", l, got, err)
		}
	}
	for o := OverlapDefault; o <= OverlapTime; o++ {
		if got, err := ParseOverlap(o.String()); got != o || err != nil {
			t.Errorf("overlap %q reads as %v, %v", o, got, err)
		}
	}
	for _, a := range []Adjustment{AdjustNone, AdjustWeekday} {
		if got, err := ParseAdjustment(string(a)); got != a || err != nil {
			t.Errorf("adjustment %q reads as %q, %v", a, got, err)
		}
	}
	for _, none := range []fmt.Stringer{Mode(-1), Mode(2), Locations(-1), Locations(2), Overlap(-1), Overlap(3)} {
		if !refused(none.String()) {
			t.Errorf("%q is read as a value", none)
		}
	}
}

// The words are those that people have in their scripts.
func TestParseWords(t *testing.T) {
	for word, want := range map[string]Mode{"prospective": Prospective, "retrospective": Retrospective} {
		if got, err := ParseMode(word); got != want || err != nil {
			t.Errorf("%q is mode %d, %v", word, int(got), err)
		}
	}
	for word, want := range map[string]Locations{"points": Points, "cells": Cells} {
		if got, err := ParseLocations(word); got != want || err != nil {
			t.Errorf("%q is locations %d, %v", word, int(got), err)
		}
	}
	for word, want := range map[string]Overlap{"": OverlapDefault, "space": OverlapSpace, "time": OverlapTime} {
		if got, err := ParseOverlap(word); got != want || err != nil {
			t.Errorf("%q is overlap %d, %v", word, int(got), err)
		}
	}
	for word, want := range map[string]PMethod{"monte-carlo": MonteCarlo, "gumbel": Gumbel, "sequential": Sequential} {
		if got, err := ParsePMethod(word); got != want || err != nil {
			t.Errorf("%q is method %q, %v", word, got, err)
		}
	}
	for _, word := range []string{"Cells", "monte carlo", " time", "mode(0)", "0"} {
		if !refused(word) {
			t.Errorf("%q is read as a value", word)
		}
	}
}

// refused reports whether no parser reads the word, and each hands back its first value.
func refused(word string) bool {
	m, errM := ParseMode(word)
	l, errL := ParseLocations(word)
	o, errO := ParseOverlap(word)
	a, errA := ParseAdjustment(word)
	p, errP := ParsePMethod(word)
	none := m == Prospective && l == Points && o == OverlapDefault && a == AdjustNone && p == MonteCarlo
	return none && errM != nil && errL != nil && errO != nil && errA != nil && errP != nil
}
