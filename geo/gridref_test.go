package geo

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestParseGridRef(t *testing.T) {
	for _, tt := range []struct {
		text        string
		east, north float64
		size        float64
		again       string
	}{
		// Ordnance Survey's "A guide to coordinate systems in Great Britain" names
		// TG 51409 13177 for easting 651409, northing 313177.
		{"TG 51409 13177", 651409, 313177, 1, "TG 51409 13177"},
		{"tg5140913177", 651409, 313177, 1, "TG 51409 13177"},
		{"TG 5140 1317", 651400, 313170, 10, "TG 5140 1317"},
		{"TF987133", 598700, 313300, 100, "TF 987 133"},
		{" TF 987133 ", 598700, 313300, 100, "TF 987 133"},
		{"NN 166 712", 216600, 771200, 100, "NN 166 712"}, // Ben Nevis
		{"HU 396 753", 439600, 1175300, 100, "HU 396 753"},
		{"SV 001 001", 100, 100, 100, "SV 001 001"},
	} {
		g, err := ParseGridRef(tt.text)
		if err != nil || g != (GridRef{tt.east, tt.north, tt.size}) || g.String() != tt.again {
			t.Errorf("%q: got %v %q, %v", tt.text, g, g.String(), err)
		}
	}
	for _, text := range []string{"", "TG", "TG 12", "TG 1234 567", "TG 12345", "TI 123 456", "JH 123456", "AA 123 456", "TG 12 34", "TG 123 45 6", "1234 5678", "TG -12 +34", "NR19 2AB", "TG 123456 123456"} {
		if g, err := ParseGridRef(text); err == nil {
			t.Errorf("%q is read as %v", text, g)
		}
	}
}

func TestGridRefIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.SampledFrom([]float64{1, 10, 100}).Draw(t, "size")
		g := GridRef{
			math.Floor(rapid.Float64Range(0, 699_999).Draw(t, "east")/size) * size,
			math.Floor(rapid.Float64Range(0, 1_299_999).Draw(t, "north")/size) * size, size,
		}
		back, err := ParseGridRef(g.String())
		if err != nil || back != g {
			t.Fatalf("%v is written %q and read as %v, %v", g, g.String(), back, err)
		}
		p, err := g.Point()
		if err != nil {
			t.Fatal(err)
		}
		e, n, err := ToGrid(p)
		if err != nil || math.Abs(e-g.Easting-size/2) > .01 || math.Abs(n-g.Northing-size/2) > .01 {
			t.Fatalf("the middle of %v lies at %g, %g: %v", g, e, n, err)
		}
	})
}
