package index

import (
	"cmp"
	"math"
	"slices"
	"sort"

	"spreewatch/geo"
)

// A PointGrid finds the points near a point. It keeps the point numbers in the
// order of their cells, row by row.
type PointGrid struct {
	lon, lat []Degree7
	cell     []uint64 // ascending
	of       []uint32
	step     int64
}

// The side of a cell is coarseStep, 0.05 degrees or about 5.6 km north-south, where
// whole neighbourhoods are visited, and fineStep, a tenth of it, where the nearest of
// many points is asked for.
const (
	coarseStep = 500_000
	fineStep   = 50_000
)

func (g *PointGrid) row(lat Degree7) uint64 { return uint64((int64(lat) + 900_000_000) / g.step) }
func (g *PointGrid) col(lon Degree7) uint64 { return uint64((int64(lon) + 1_800_000_000) / g.step) }

// NewPointGrid returns a grid of the points, which it keeps.
func NewPointGrid(lon, lat []Degree7) PointGrid { return newPointGrid(lon, lat, coarseStep) }

func newPointGrid(lon, lat []Degree7, step int64) PointGrid {
	g := PointGrid{lon: lon, lat: lat, cell: make([]uint64, len(lon)), of: make([]uint32, len(lon)), step: step}
	for i := range lon {
		g.of[i] = uint32(i)
	}
	at := func(i uint32) uint64 { return g.row(lat[i])<<32 | g.col(lon[i]) }
	slices.SortFunc(g.of, func(a, b uint32) int { return cmp.Or(cmp.Compare(at(a), at(b)), cmp.Compare(a, b)) })
	for k, i := range g.of {
		g.cell[k] = at(i)
	}
	return g
}

// Near calls visit with each point within the given metres of lon, lat and its
// distance, in an order that depends on the points alone.
func (g *PointGrid) Near(lon, lat Degree7, metres float64, visit func(i uint32, d float64)) {
	cos := CosOf(lat)
	dLat := Degree7(min(metres/MetresPer7, 1.8e9))
	dLon := Degree7(min(metres/(MetresPer7*max(cos-0.02, 0.01)), 1.8e9))
	west, east := g.col(Degree7(max(int64(lon)-int64(dLon), -1_800_000_000))), g.col(Degree7(min(int64(lon)+int64(dLon), 1_800_000_000)))
	south, north := g.row(Degree7(max(int64(lat)-int64(dLat), -900_000_000))), g.row(Degree7(min(int64(lat)+int64(dLat), 900_000_000)))
	for row := south; row <= north; row++ {
		from := sort.Search(len(g.cell), func(k int) bool { return g.cell[k] >= row<<32|west })
		for k := from; k < len(g.cell) && g.cell[k] <= row<<32|east; k++ {
			i := g.of[k]
			if d := FlatDistance(lon, lat, g.lon[i], g.lat[i], cos); d <= metres {
				visit(i, d)
			}
		}
	}
}

// Nearest returns the point nearest to lon, lat, of equals the lowest, and its
// distance; false when none lies within the given metres.
func (g *PointGrid) Nearest(lon, lat Degree7, metres float64) (uint32, float64, bool) {
	best, bestD, found := uint32(0), math.Inf(1), false
	for reach := min(float64(g.step)*MetresPer7, metres); ; reach = min(3*reach, metres) {
		g.Near(lon, lat, reach, func(i uint32, d float64) {
			if d < bestD || d == bestD && i < best {
				best, bestD, found = i, d, true
			}
		})
		if found || reach == metres {
			return best, bestD, found
		}
	}
}

// MetresPer7 is the length of 1e-7 degrees of latitude.
const MetresPer7 = geo.EarthRadius * math.Pi / 180 / 1e7

// CosOf returns the cosine of a latitude.
func CosOf(lat Degree7) float64 { return math.Cos(float64(lat) / 1e7 * math.Pi / 180) }

// FlatDistance returns the distance in metres between two points of which one
// lies at a latitude of the given cosine. Up to 50 km it is within 1 % of
// Distance at British latitudes.
func FlatDistance(lon1, lat1, lon2, lat2 Degree7, cos float64) float64 {
	dy := float64(lat1) - float64(lat2)
	dx := (float64(lon1) - float64(lon2)) * cos
	return math.Sqrt(dx*dx+dy*dy) * MetresPer7
}
