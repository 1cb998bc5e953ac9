package ground

import (
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/peterstace/simplefeatures/geom"
)

func onLand(p orb.Point) bool {
	for _, polygon := range Land(p.Bound()) {
		if planar.PolygonContains(polygon, p) {
			return true
		}
	}
	return false
}

// Towns are on land and the sea is not; by the towns' own positions, away from the
// coast by more than the scale of the land.
func TestLand(t *testing.T) {
	for name, p := range map[string]orb.Point{
		"Dereham": {0.94, 52.68}, "Norwich": {1.30, 52.63}, "Wellington": {174.80, -41.20}, "Denver": {-104.99, 39.74},
		"Taveuni, by 180°": {-179.97, -16.83}, "on the cut of two pieces": {2, 49}, "Antarctica": {30, -80},
	} {
		if !onLand(p) {
			t.Errorf("%s is in the sea", name)
		}
	}
	for name, p := range map[string]orb.Point{"the North Sea": {2.5, 53.5}, "the Atlantic": {-30, 30}, "Fiji's Koro Sea": {179.6, -17.5}} {
		if onLand(p) {
			t.Errorf("%s is land", name)
		}
	}
}

// An area across 180° has the land of both sides.
func TestLandAcross180(t *testing.T) {
	var east, west bool
	for _, p := range Land(orb.Bound{Min: orb.Point{179.5, -17.2}, Max: orb.Point{180.5, -16.1}}) {
		east = east || p.Bound().Max[0] > 179
		west = west || p.Bound().Min[0] < -179
	}
	if !east || !west {
		t.Errorf("land east of it %v, west of it %v", east, west)
	}
}

// Every piece of Europe is a shape that a map program takes: closed and not
// crossing itself.
func TestLandIsValid(t *testing.T) {
	pieces := Land(orb.Bound{Min: orb.Point{-11, 35}, Max: orb.Point{30, 62}})
	if len(pieces) < 200 {
		t.Fatalf("%d pieces of Europe", len(pieces))
	}
	for _, polygon := range pieces {
		var rings []geom.LineString
		for _, r := range polygon {
			if !r.Closed() {
				t.Fatal("an open ring")
			}
			var xy []float64
			for _, p := range r {
				xy = append(xy, p[0], p[1])
			}
			rings = append(rings, geom.NewLineString(geom.NewSequence(xy, geom.DimXY)))
		}
		if err := geom.NewPolygon(rings).Validate(); err != nil {
			t.Errorf("piece at %v: %v", polygon.Bound().Center(), err)
		}
		if b := polygon.Bound(); b.Max[0]-b.Min[0] > 2.03 || b.Max[1]-b.Min[1] > 2.03 {
			t.Errorf("a piece of %v", b)
		}
	}
}
