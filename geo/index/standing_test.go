package index

import (
	"fmt"
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

// TestTowns lays a market town with a suburb of more streets two kilometres off,
// four hamlets that a gazetteer puts at one point among the streets of none of
// them, and a town that stands by itself.
func TestTowns(t *testing.T) {
	var entries []Entry
	add := func(kind Kind, name string, lat, lon float64) {
		entries = append(entries, Entry{ID: fmt.Sprint(len(entries)), Kind: kind, Name: name, Point: orb.Point{lon, lat}, Source: "made up"})
	}
	around := func(stem string, n int, lat, lon float64) {
		for k := range n {
			add(KindStreet, fmt.Sprintf("%s%c%c Close", stem, 'a'+k%26, 'a'+k/26), lat+.0001*float64(k), lon)
		}
	}
	add(KindPlace, "Great Alder", 52.60, 1.00)
	around("Alder", 30, 52.60, 1.00)
	add(KindPlace, "Newhall", 52.60, 1.04) // 2.7 km
	around("Newhall", 40, 52.60, 1.04)
	add(KindPlace, "Little Alder", 52.70, 1.00)
	for _, lon := range []float64{0.90, 1.15} {
		add(KindStreet, "Alder Road", 52.63, lon)
	}
	add(KindStreet, "Newhall Road", 52.60, 1.041) // its own, not one that leads to it
	for _, name := range []string{"Hamlet One", "Hamlet Two", "Hamlet Three", "Hamlet Four"} {
		add(KindPlace, name, 52.60, 1.30)
	}
	around("Central", 30, 52.60, 1.30)
	add(KindPlace, "Lonemarket", 52.90, 1.30)
	around("Lone", 25, 52.90, 1.30)
	x, err := New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	roads := x.roadsTo()
	want := map[string]struct {
		town  uint8
		roads int
	}{"Great Alder": {1, 2}, "Newhall": {0, 0}, "Little Alder": {0, 0}, "Hamlet One": {0, 0}, "Hamlet Four": {0, 0}, "Lonemarket": {1, 0}}
	for p := range x.Places.Lon {
		name := x.Strings.At(x.Places.Name[p])
		if w, ok := want[name]; ok && (x.Places.town[p] != w.town || roads[p] != w.roads) {
			t.Errorf("%s: town %d with %d roads to it, want %d with %d", name, x.Places.town[p], roads[p], w.town, w.roads)
		}
	}
}

// The road named for a place leads to the one that has the name in full, however
// small.
func TestRoadToTheFullName(t *testing.T) {
	place := func(name string, lat float64) Entry {
		return Entry{ID: name, Kind: KindPlace, Name: name, Point: orb.Point{1, lat}, Source: "made up"}
	}
	entries := []Entry{place("Alder", 52.60), place("Alder Green", 52.64), {ID: "r", Kind: KindStreet, Name: "Alder Road", Point: orb.Point{1, 52.68}, Source: "made up"}}
	for k := range 20 {
		entries = append(entries, Entry{ID: fmt.Sprint(k), Kind: KindStreet, Name: fmt.Sprintf("Green%c Close", 'a'+k), Point: orb.Point{1, 52.64}, Source: "made up"})
	}
	x, err := New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	for p, n := range x.roadsTo() {
		if name := x.Strings.At(x.Places.Name[p]); (n == 1) != (name == "Alder") {
			t.Errorf("%d roads lead to %s", n, name)
		}
	}
}
