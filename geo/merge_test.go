package geo

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

func TestMergeStreets(t *testing.T) {
	// 0.005° of latitude is 556 m, 0.006° is 667 m.
	points := []StreetPoint{
		{Name: "Mill Street", Point: orb.Point{1, 52.010}, Locality: "Upper End"},
		{Name: "Mill Street", Point: orb.Point{1, 52.005}, Locality: "Middle"},
		{Name: "MILL STREET", Point: orb.Point{1, 52.000}, Locality: "Lower End"},
		{Name: "Mill Street", Point: orb.Point{1, 52.016}, Locality: "Other"},
		{Name: "Mill Lane", Point: orb.Point{1, 52.005}},
		{Name: "?", Point: orb.Point{1, 52}},
		{Name: "Mill Lane", Point: orb.Point{1, 95}},
	}
	want := []Entry{
		{ID: "mill-lane@52.005,1.000", Kind: KindStreet, Name: "Mill Lane", Point: orb.Point{1, 52.005}},
		{ID: "mill-street@52.000,1.000", Kind: KindStreet, Name: "Mill Street", Locality: "Middle", Point: orb.Point{1, 52.005}, ExtentM: Distance(orb.Point{1, 52}, orb.Point{1, 52.005})},
		{ID: "mill-street@52.016,1.000", Kind: KindStreet, Name: "Mill Street", Locality: "Other", Point: orb.Point{1, 52.016}},
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		rng.Shuffle(len(points), func(i, j int) { points[i], points[j] = points[j], points[i] })
		if diff := cmp.Diff(want, MergeStreets(points, StreetChainM)); diff != "" {
			t.Fatalf("-want +got:\n%s", diff)
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
