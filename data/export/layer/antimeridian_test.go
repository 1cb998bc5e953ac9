package layer

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster/detect"
	"spreewatch/geo"
)

// A layer with an area that crosses 180° is cut there, of one type throughout, and
// its bbox has its west in the east.
func TestLayerAcross180(t *testing.T) {
	across, err := geo.CellAt(orb.Point{180, -16.8}, 9)
	if err != nil {
		t.Fatal(err)
	}
	var cells []detect.CellCount
	for _, c := range across.Disk(2) {
		cells = append(cells, detect.CellCount{Cell: c})
	}
	s := Stamp{Zone: time.UTC, RunID: "r", Marking: "M", Resolution: 9}
	set, err := Fill(Contents{Cells: cells}, s)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteGeoJSON(&b, set.Cells, s); err != nil {
		t.Fatal(err)
	}
	var file struct {
		BBox     []float64
		Features []struct {
			Geometry struct {
				Type        string
				Coordinates [][][][]float64
			}
		}
	}
	if err := json.Unmarshal(b.Bytes(), &file); err != nil {
		t.Fatal(err)
	}
	if len(file.BBox) != 4 || file.BBox[0] < 179 || file.BBox[2] > -179 {
		t.Errorf("bbox %v, want a west near 180 and an east near -180", file.BBox)
	}
	cut := 0
	for _, f := range file.Features {
		if f.Geometry.Type != "MultiPolygon" {
			t.Errorf("a %s in a layer with cut areas", f.Geometry.Type)
		}
		if len(f.Geometry.Coordinates) > 1 {
			cut++
		}
		for _, polygon := range f.Geometry.Coordinates {
			for _, p := range polygon[0] {
				if (p[0] < 0) != (polygon[0][1][0] < 0) && p[0] != 180 && p[0] != -180 {
					t.Errorf("a part crosses: %v", polygon[0])
				}
			}
		}
	}
	if cut == 0 || cut == len(file.Features) {
		t.Errorf("%d of %d cells cut", cut, len(file.Features))
	}
}

func TestJoinBounds(t *testing.T) {
	box := func(west, east float64) orb.Bound { return orb.Bound{Min: orb.Point{west, 0}, Max: orb.Point{east, 1}} }
	for _, tt := range []struct{ a, b, want orb.Bound }{
		{box(0, 1), box(3, 4), box(0, 4)},
		{box(-4, -3), box(3, 4), box(-4, 4)},
		{box(179, 180), box(-180, -179), box(179, 181)},
		{box(-180, -179), box(179, 180), box(179, 181)},
		{box(179, 181), box(-179.5, -178), box(179, 182)},
		{box(-178, -177), box(179, 181), box(179, 183)},
	} {
		if got := JoinBounds(tt.a, tt.b); got != tt.want {
			t.Errorf("%v and %v: %v, want %v", tt.a, tt.b, got, tt.want)
		}
	}
}
