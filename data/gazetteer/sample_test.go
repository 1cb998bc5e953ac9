package gazetteer

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/geo"
	"spreewatch/geo/index"
)

func sampleEntries(t *testing.T) []index.Entry {
	t.Helper()
	var out []index.Entry
	for e, err := range Sample() {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, e)
	}
	return out
}

// The streets of the Dereham bulletin, their namesakes elsewhere and the four
// places, as published by data.police.uk and GeoNames.
func TestSampleHoldsTheBulletin(t *testing.T) {
	want := map[string]orb.Point{
		"street-beeston-lane-great-fransham": {0.807368, 52.689265},
		"street-st-andrews-close-holme-hale": {0.790113, 52.634034},
		"street-mill-street-elsing":          {1.034762, 52.717193},
		"street-mill-street-necton":          {0.777230, 52.650445},
		"street-mill-street-lenwade":         {1.109756, 52.720707},
		"street-norwich-road-dereham":        {0.971254, 52.681167},
		"street-shipdham-road-dereham":       {0.939659, 52.662142},
		"street-wallace-close-dereham":       {0.927045, 52.684759},
		"street-wallace-close-kings-lynn":    {0.439143, 52.750658},
		"street-neville-close-dereham":       {0.948117, 52.663679},
		"street-neville-close-saham-toney":   {0.800685, 52.584804},
		"street-neville-close-sprowston":     {1.310108, 52.654248},
		"place-dereham":                      {0.9333, 52.6833},
		"place-great-fransham":               {0.8051, 52.6852},
		"place-holme-hale":                   {0.7874, 52.6317},
		"place-elsing":                       {1.0378, 52.7113},
	}
	got := map[string]orb.Point{}
	for _, e := range sampleEntries(t) {
		if _, ok := want[e.ID]; ok {
			got[e.ID] = e.Point
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sample (-want +got):\n%s", diff)
	}
}

func TestSampleIsSound(t *testing.T) {
	seen := map[string]bool{}
	places := map[string]orb.Point{}
	entries := sampleEntries(t)
	for _, e := range entries {
		if seen[e.ID] {
			t.Errorf("id %s twice", e.ID)
		}
		seen[e.ID] = true
		if e.Kind == index.KindPlace {
			places[e.Name] = e.Point
		}
	}
	for _, e := range entries {
		if e.Kind != index.KindStreet {
			continue
		}
		p, ok := places[e.Locality]
		if !ok {
			t.Errorf("%s: its locality is not a place of the sample", e.ID)
			continue
		}
		// Norwich Road reaches 2.6 km out of Dereham; Wallace Close lies in a
		// suburb 3.0 km from the middle of King's Lynn.
		if d := geo.Distance(e.Point, p); d > 3100 {
			t.Errorf("%s lies %.0f m from its locality", e.ID, d)
		}
	}
	if len(places) < 44 {
		t.Errorf("%d places, want the four of the bulletin and some forty others", len(places))
	}
	if _, err := os.Stat("sample/SOURCES.md"); err != nil {
		t.Error(err)
	}
}
