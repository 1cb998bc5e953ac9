package index

import (
	"testing"

	"github.com/paulmach/orb"
)

// A name is known when an entry has all of it, and a street is near a settlement
// that has it; what is not known speaks against nothing.
func TestKnownNames(t *testing.T) {
	x := made(t, append(town(), Entry{ID: "far", Source: "made up", Kind: KindPlace, Name: "Far Alderby", Point: orb.Point{-2, 54}}))
	if !x.Beside("Great Alderby", "Thornwick") || x.Beside("Great Alderby", "Far Alderby") || x.Beside("Great Alderby", "Great Alderby") || x.Beside("Nowhere", "Great Alderby") {
		t.Error("two settlements 7 km apart are neighbours, and no others")
	}
	for name, want := range map[string]bool{"West Main Street": true, "west main st": true, "Main Street": false, "West Main": false, "The Loke": true, "A999": true, "Alderby Station": false, "Great Alderby": false, "": false} {
		if got := x.Street(name); got != want {
			t.Errorf("%q is a street: %t, want %t", name, got, want)
		}
	}
	for name, want := range map[string]bool{"Great Alderby": true, "Alderby": true, "Little Thornwick-on-Sea": true, "Thornwick": false, "The Loke": false} {
		if got := x.Settlement(name); got != want {
			t.Errorf("%q is a settlement: %t, want %t", name, got, want)
		}
	}
	for _, tt := range []struct {
		street, settlement string
		want               bool
	}{
		{"The Loke", "Great Alderby", true},
		{"The Loke", "Alderby", true},
		{"The Loke", "Little Thornwick-on-Sea", false},
		{"West Main St", "Thornwick", true},
		{"No Such Street", "Great Alderby", true},
		{"The Loke", "Nowhere", true},
		{"The Loke", "Far Alderby", true}, // where there are no streets
	} {
		if got := x.Near(tt.street, tt.settlement); got != tt.want {
			t.Errorf("%s is near %s: %t, want %t", tt.street, tt.settlement, got, tt.want)
		}
	}
}
