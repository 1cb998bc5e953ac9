package index

import (
	"math/rand/v2"
	"testing"

	"spreewatch/geo"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

func TestMergeStreets(t *testing.T) {
	// 0.002° of latitude is 222 m, 0.007° is 778 m.
	points := []StreetPoint{
		{Name: "Mill Street", Point: orb.Point{1, 52.004}, Locality: "Upper End"},
		{Name: "Mill Street", Point: orb.Point{1, 52.002}, Locality: "Middle"},
		{Name: "MILL STREET", Point: orb.Point{1, 52.000}, Locality: "Lower End"},
		{Name: "Mill Street", Point: orb.Point{1, 52.011}, Locality: "Other"},
		{Name: "Mill Lane", Point: orb.Point{1, 52.005}},
		{Name: "?", Point: orb.Point{1, 52}},
		{Name: "Mill Lane", Point: orb.Point{1, 95}},
	}
	want := []Entry{
		{ID: "mill-lane@52.005,1", Kind: KindStreet, Name: "Mill Lane", Point: orb.Point{1, 52.005}},
		{ID: "mill-street@52,1", Kind: KindStreet, Name: "Mill Street", Locality: "Middle", Point: orb.Point{1, 52.002}, ExtentM: geo.Distance(orb.Point{1, 52}, orb.Point{1, 52.002})},
		{ID: "mill-street@52.011,1", Kind: KindStreet, Name: "Mill Street", Locality: "Other", Point: orb.Point{1, 52.011}},
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		rng.Shuffle(len(points), func(i, j int) { points[i], points[j] = points[j], points[i] })
		if diff := cmp.Diff(want, MergeStreets(points, StreetChainM)); diff != "" {
			t.Fatalf("-want +got:\n%s", diff)
		}
	}
}

func TestMergeStreetsCutsLongStreets(t *testing.T) {
	var points []StreetPoint
	for i := range 12 {
		points = append(points, StreetPoint{Name: "Common Road", Point: orb.Point{1, 52 + 0.004*float64(i)}})
	}
	got := MergeStreets(points, StreetChainM)
	if len(got) < 6 {
		t.Errorf("a street of 4.9 km gave %d entries, want pieces of at most 500 m", len(got))
	}
	for _, e := range got {
		if e.ExtentM > 2*streetPieceM {
			t.Errorf("%s reaches %.0f m", e.ID, e.ExtentM)
		}
	}
}

func TestMergeStreetsKeepsSpelling(t *testing.T) {
	got := MergeStreets([]StreetPoint{
		{Name: "Queens Road", Point: orb.Point{1, 52}},
		{Name: "Queen's Road", Point: orb.Point{1, 52.001}},
	}, StreetChainM)
	if len(got) != 1 || got[0].Name != "Queen's Road" {
		t.Errorf("got %+v, want one Queen's Road", got)
	}
}
