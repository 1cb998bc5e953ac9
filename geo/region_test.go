package geo

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// starOf invents a ring that crosses nothing: corners at growing angles about a point.
func starOf(r *rand.Rand, at orb.Point, size float64, n int) orb.Ring {
	return ringOfStar(r, at, size, .7, n)
}

// ringOfStar is a star whose corners lie between the size and less by the part.
func ringOfStar(r *rand.Rand, at orb.Point, size, deep float64, n int) orb.Ring {
	var ring orb.Ring
	for i := range n {
		angle := 2 * math.Pi * (float64(i) + .8*r.Float64()) / float64(n)
		far := size * (1 - deep*r.Float64())
		ring = append(ring, orb.Point{at[0] + far*math.Cos(angle), at[1] + far*math.Sin(angle)})
	}
	return append(ring, ring[0])
}

// A region holds what orb's polygons hold, with holes and in several parts.
func TestRegionContains(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 20 {
		m := orb.MultiPolygon{
			{starOf(r, orb.Point{1, 52}, .5, 3+r.IntN(60)), starOf(r, orb.Point{1, 52}, .05, 5)},
			{starOf(r, orb.Point{3, 53}, .4, 40)},
		}
		region, err := NewRegion(m)
		if err != nil {
			t.Fatal(err)
		}
		in := 0
		for range 2000 {
			p := orb.Point{.3 + 3.4*r.Float64(), 51.2 + 2.5*r.Float64()}
			want := planar.MultiPolygonContains(m, p)
			if want {
				in++
			}
			if got := region.Contains(p); got != want {
				t.Fatalf("%v is inside: %v, want %v", p, got, want)
			}
			away := region.Away(p)
			if want != (away == 0) || !want && away > Distance(p, m[0][0][0]) {
				t.Fatalf("%v is %v m away, inside: %v", p, away, want)
			}
		}
		if in < 50 {
			t.Errorf("%d points inside", in)
		}
	}
	region, err := NewRegion(orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}}})
	if err != nil {
		t.Fatal(err)
	}
	// a degree on the equator is 111.195 km on geo's sphere
	if got := region.Away(orb.Point{2, .5}); math.Abs(got-111_195) > 30 {
		t.Errorf("a degree east of it is %v m away", got)
	}
}

// What bounds nothing, or does not tell its inside, is refused in a line.
func TestInvalidBoundaries(t *testing.T) {
	polygon := func(rings string) string { return `{"type":"Polygon","coordinates":[` + rings + `]}` }
	for name, c := range map[string]struct{ text, want string }{
		"no JSON":            {"west 0", "no GeoJSON"},
		"another JSON":       {`{"name":"Norfolk"}`, "no GeoJSON"},
		"empty":              {"", "no GeoJSON"},
		"no polygon":         {`{"type":"FeatureCollection","features":[]}`, "no polygon"},
		"a point":            {`{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[1,52]}}`, "a Point is no boundary"},
		"no geometry":        {`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null}]}`, "no geometry"},
		"no ring":            {`{"type":"Polygon","coordinates":[]}`, "no ring"},
		"two corners":        {polygon("[[0,52],[1,52],[0,52]]"), "3 points"},
		"open":               {polygon("[[0,52],[1,52],[1,53],[0,53]]"), "not closed"},
		"a line":             {polygon("[[0,52],[1,52],[2,52],[0,52]]"), "bounds no ground"},
		"a bow":              {polygon("[[0,52],[2,54],[2,52],[0.5,53],[0,52]]"), "crosses itself"},
		"latitude over 90":   {polygon("[[0,52],[1,52],[1,95],[0,52]]"), "out of range"},
		"National Grid":      {polygon("[[600000,300000],[610000,300000],[610000,310000],[600000,300000]]"), "out of range"},
		"the second is open": {`{"type":"MultiPolygon","coordinates":[[[[0,52],[1,52],[1,53],[0,52]]],[[[2,52],[3,52],[3,53],[2,53]]]]}`, "not closed"},
	} {
		if _, err := ParseRegion([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	region, err := ParseRegion([]byte(polygon("[[0,52],[1,52],[1,53],[0,53],[0,52]],[[0.4,52.4],[0.6,52.4],[0.6,52.6],[0.4,52.6],[0.4,52.4]]")))
	if err != nil || region.Contains(orb.Point{.5, 52.5}) || !region.Contains(orb.Point{.3, 52.5}) || region.Bound().Max != (orb.Point{1, 53}) {
		t.Errorf("a square with a hole: %v, %v", region, err)
	}
}

func TestFeaturesHaveNames(t *testing.T) {
	text := `{"type":"FeatureCollection","features":[
		{"type":"Feature","properties":{"name":"North","id":7},"geometry":{"type":"Point","coordinates":[1,52]}},
		{"type":"Feature","properties":{"BEAT":"B12"},"geometry":{"type":"Point","coordinates":[1,52]}},
		{"type":"Feature","properties":{"id":7},"geometry":{"type":"Point","coordinates":[1,52]}},
		{"type":"Feature","properties":{"area":2.5},"geometry":{"type":"Point","coordinates":[1,52]}}]}`
	features, err := ParseFeatures([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range features {
		names = append(names, f.Name)
	}
	if got := fmt.Sprintf("%q", names); got != `["North" "B12" "7" ""]` {
		t.Errorf("names %s", got)
	}
}

// A boundary of a county's detail is asked a million times in well under a second.
func BenchmarkRegion(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 3))
	region, err := NewRegion(orb.MultiPolygon{{ringOfStar(r, orb.Point{1, 52}, .5, .002, 20_000)}})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		region.Contains(orb.Point{.5 + r.Float64(), 51.5 + r.Float64()})
	}
}

func FuzzParseRegion(f *testing.F) {
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[0,52],[1,52],[1,53],[0,52]]]}`))
	f.Add([]byte(`{"type":"FeatureCollection","features":[]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		region, err := ParseRegion(text)
		if err == nil && region.Contains(orb.Point{181, 0}) {
			t.Error("it holds what is nowhere")
		}
	})
}
