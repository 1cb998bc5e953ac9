package geo

import (
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"
	orbgeo "github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
)

// A Region is ground within a boundary, made ready to be asked for many points.
type Region struct {
	Outline orb.MultiPolygon
	bound   orb.Bound
	bands   [][]edge // the edges that cross each band of latitude
}

type edge struct{ a, b orb.Point }

// regionBands is into how many bands of latitude a region is cut.
const regionBands = 512

// NewRegion checks the polygons and makes them ready. Rings are closed, of three
// corners or more, within the range of longitude and latitude, none with an edge that
// crosses another of its own. A boundary across 180° has to be cut there.
func NewRegion(m orb.MultiPolygon) (*Region, error) {
	if len(m) == 0 {
		return nil, fmt.Errorf("it has no polygon")
	}
	r := &Region{Outline: m, bound: m.Bound(), bands: make([][]edge, regionBands)}
	for _, p := range m {
		if len(p) == 0 {
			return nil, fmt.Errorf("a polygon has no ring")
		}
		for _, ring := range p {
			if err := checkRing(ring); err != nil {
				return nil, err
			}
			for i := 1; i < len(ring); i++ {
				e := edge{ring[i-1], ring[i]}
				lo, hi := r.band(min(e.a[1], e.b[1])), r.band(max(e.a[1], e.b[1]))
				for k := lo; k <= hi; k++ {
					r.bands[k] = append(r.bands[k], e)
				}
			}
		}
	}
	return r, nil
}

func (r *Region) band(lat float64) int {
	height := r.bound.Max[1] - r.bound.Min[1]
	return min(regionBands-1, max(0, int(regionBands*(lat-r.bound.Min[1])/height)))
}

// Bound is what holds the region.
func (r *Region) Bound() orb.Bound { return r.bound }

// Contains reports whether the point lies in the region: whether a way east from it
// crosses the boundary an odd number of times.
func (r *Region) Contains(p orb.Point) bool {
	if !r.bound.Contains(p) {
		return false
	}
	in := false
	for _, e := range r.bands[r.band(p[1])] {
		if (e.a[1] > p[1]) != (e.b[1] > p[1]) && p[0] < e.a[0]+(p[1]-e.a[1])/(e.b[1]-e.a[1])*(e.b[0]-e.a[0]) {
			in = !in
		}
	}
	return in
}

// Away is how far outside the region the point lies, metres; 0 within.
func (r *Region) Away(p orb.Point) float64 {
	if r.Contains(p) {
		return 0
	}
	least := math.Inf(1)
	narrow := math.Cos(p[1] * math.Pi / 180)
	for _, poly := range r.Outline {
		for _, ring := range poly {
			for i := 1; i < len(ring); i++ {
				least = min(least, Distance(p, nearestOn(ring[i-1], ring[i], p, narrow)))
			}
		}
	}
	return least
}

// nearestOn is the point of an edge that is nearest, on a map of the place.
func nearestOn(a, b, p orb.Point, narrow float64) orb.Point {
	dx, dy := (b[0]-a[0])*narrow, b[1]-a[1]
	t := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		t = min(1, max(0, ((p[0]-a[0])*narrow*dx+(p[1]-a[1])*dy)/length))
	}
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
}

// checkRing refuses a ring that bounds nothing, or whose inside is not told.
func checkRing(ring orb.Ring) error {
	switch {
	case len(ring) < 4:
		return fmt.Errorf("a ring has %d points: want three corners and the first again", len(ring))
	case ring[0] != ring[len(ring)-1]:
		return fmt.Errorf("a ring is not closed: its last point is not its first")
	}
	for _, p := range ring {
		if err := CheckPoint(p); err != nil {
			return err
		}
	}
	if math.Abs(planar.Area(ring)) == 0 {
		return fmt.Errorf("a ring bounds no ground")
	}
	if at, crossed := crossing(ring); crossed {
		return fmt.Errorf("a ring crosses itself near %.5f, %.5f", at[0], at[1])
	}
	return nil
}

// crossing finds two edges of a ring that cross, going over them from the west.
func crossing(ring orb.Ring) (orb.Point, bool) {
	n := len(ring) - 1
	order := make([]int, n)
	west := func(i int) float64 { return min(ring[i][0], ring[i+1][0]) }
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int {
		if d := west(i) - west(j); d != 0 {
			return int(math.Copysign(1, d))
		}
		return i - j
	})
	var open []int
	for _, i := range order {
		kept := open[:0]
		for _, j := range open {
			if max(ring[j][0], ring[j+1][0]) < west(i) {
				continue
			}
			kept = append(kept, j)
			beside := j == i+1 || i == j+1 || i == 0 && j == n-1 || j == 0 && i == n-1
			if !beside && cross(ring[i], ring[i+1], ring[j], ring[j+1]) {
				return ring[i], true
			}
		}
		open = append(kept, i)
	}
	return orb.Point{}, false
}

// cross reports whether two edges have a point in common that is an end of neither.
func cross(a, b, c, d orb.Point) bool {
	side := func(p, q, r orb.Point) float64 { return (q[0]-p[0])*(r[1]-p[1]) - (q[1]-p[1])*(r[0]-p[0]) }
	return side(a, b, c)*side(a, b, d) < 0 && side(c, d, a)*side(c, d, b) < 0
}

// A Feature is a shape of a file with its name.
type Feature struct {
	Name  string // "" where it has none
	Shape orb.Geometry
}

// nameKeys are the properties that name a feature, the first that there is.
var nameKeys = []string{"name", "NAME", "Name", "beat", "BEAT", "beat_name", "id", "ID", "code", "CODE"}

// ParseFeatures reads a GeoJSON FeatureCollection, Feature or geometry.
func ParseFeatures(text []byte) ([]Feature, error) {
	if fc, err := geojson.UnmarshalFeatureCollection(text); err == nil {
		var out []Feature
		for _, f := range fc.Features {
			out = append(out, Feature{nameOf(f.Properties), f.Geometry})
		}
		return out, nil
	}
	if f, err := geojson.UnmarshalFeature(text); err == nil {
		return []Feature{{nameOf(f.Properties), f.Geometry}}, nil
	}
	g, err := geojson.UnmarshalGeometry(text)
	if err != nil || g.Geometry() == nil {
		return nil, fmt.Errorf("it is no GeoJSON")
	}
	return []Feature{{Shape: g.Geometry()}}, nil
}

func nameOf(p geojson.Properties) string {
	for _, key := range nameKeys {
		switch v := p[key].(type) {
		case string:
			if v != "" {
				return v
			}
		case float64:
			return fmt.Sprint(v)
		}
	}
	return ""
}

// ParseRegion reads the polygons of a GeoJSON as one region.
func ParseRegion(text []byte) (*Region, error) {
	features, err := ParseFeatures(text)
	if err != nil {
		return nil, err
	}
	var m orb.MultiPolygon
	for _, f := range features {
		switch g := f.Shape.(type) {
		case orb.Polygon:
			m = append(m, g)
		case orb.MultiPolygon:
			m = append(m, g...)
		case nil:
			return nil, fmt.Errorf("a feature has no geometry")
		default:
			return nil, fmt.Errorf("a %s is no boundary: want Polygon or MultiPolygon", g.GeoJSONType())
		}
	}
	return NewRegion(m)
}

// Middle returns the middle of the polygons and how large they are, m².
func Middle(m orb.MultiPolygon) (orb.Point, float64) {
	at, _ := planar.CentroidArea(m)
	return at, math.Abs(orbgeo.Area(m))
}
