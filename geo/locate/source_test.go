package locate

import (
	"slices"
	"strings"
	"testing"

	"spreewatch/geo"
	"spreewatch/geo/index"

	"github.com/paulmach/orb"
)

// The streets of a list that names their towns need no list of towns beside it.
func TestLocalitiesArePlaces(t *testing.T) {
	list := func(lat, lon float64, town string) index.Entry {
		return index.Entry{ID: town, Kind: index.KindStreet, Name: "Norwich Road", Locality: town, Point: orb.Point{lon, lat}, Source: "list"}
	}
	x, err := index.New(slices.Values([]index.Entry{list(52.60, 1.0, "Aham"), list(52.80, 1.0, "Bham"), list(52.70, 1.3, "Cham")}))
	if err != nil {
		t.Fatal(err)
	}
	l := New(x)
	if m := l.Match("Norwich Road, Bham", Context{}); m.Level != geo.LevelStreet || m.Point.Lat() != 52.80 {
		t.Errorf("got %s at %v", m.Level, m.Point)
	}
	if m := l.Match("Cham", Context{}); m.Level != geo.LevelPlace || m.Source != "list" {
		t.Errorf("got %s %q of %q", m.Level, m.Name, m.Source)
	}
}

// A section of a road answers with its own extent, and the whole of the road is
// in no settlement along it.
func TestSectionOfARoad(t *testing.T) {
	for _, lon := range []float64{1.30, 1.02, 1.0105} { // of the point of the whole, far from the section or beside it
		testSectionOfARoad(t, lon)
	}
}

func testSectionOfARoad(t *testing.T, lon float64) {
	entries := []index.Entry{
		{ID: "whole", Kind: index.KindRoad, Name: "A970", Point: orb.Point{lon, 52.60}, ExtentM: 50_000, Source: "roads"},
		{ID: "section", Kind: index.KindRoad, Name: "A970", Locality: "Aham", Point: orb.Point{1.01, 52.60}, ExtentM: 2400, Source: "roads"},
		{ID: "aham", Kind: index.KindPlace, Name: "Aham", Point: orb.Point{1.0, 52.60}, Source: "roads"},
	}
	x, err := index.New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	m := New(x).Match("A970 Aham", Context{})
	if m.Level != geo.LevelStreet || m.RadiusM != 2400 || m.Precise(0) {
		t.Errorf("got %s within %.0f m, precise %v: want the section, within 2400 m, and not precise", m.Level, m.RadiusM, m.Precise(0))
	}
}

// A street that several gazetteers have is one candidate with all its sources.
func TestOneCandidateOfSeveralSources(t *testing.T) {
	var entries []index.Entry
	for i, town := range []string{"Aham", "Bham", "Cham", "Dham", "Eham", "Fham"} {
		p := orb.Point{1, 52.5 + .1*float64(i)}
		entries = append(entries, index.Entry{ID: town, Kind: index.KindPlace, Name: town, Point: p, Source: "places"})
		for k, source := range []string{"police", "roads", "own"} {
			entries = append(entries, index.Entry{ID: source + town, Kind: index.KindStreet, Name: "Norwich Road", Point: orb.Point{1 + .0005*float64(k), p[1]}, Source: source})
		}
	}
	x, err := index.New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	m := New(x).Match("Norwich Road", Context{})
	if m.Level != geo.LevelAmbiguous || len(m.Candidates) != 5 {
		t.Fatalf("got %s with %d candidates, want five", m.Level, len(m.Candidates))
	}
	towns := map[string]bool{}
	for _, c := range m.Candidates {
		towns[c.Locality] = true
		if c.Confidence < 0.1 || c.Confidence > 0.2 {
			t.Errorf("%s: confidence %.3f, want a sixth", c.Locality, c.Confidence)
		}
		for _, source := range []string{"police", "roads", "own"} {
			if !strings.Contains(c.Source, source) {
				t.Errorf("%s: sources %q lack %s", c.Locality, c.Source, source)
			}
		}
	}
	if len(towns) != 5 {
		t.Errorf("candidates in %v, want five towns", towns)
	}
}
