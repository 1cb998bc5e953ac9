package gazetteer

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/geo"
	"spreewatch/geo/index"
)

// parseDegrees reads a latitude and a longitude. The point 0, 0 is refused: it
// is how exports write that there is none.
func parseDegrees(lat, lon string) (orb.Point, bool) {
	y, errY := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	x, errX := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	p := orb.Point{x, y}
	if errX != nil || errY != nil || geo.CheckPoint(p) != nil || p == (orb.Point{}) {
		return orb.Point{}, false
	}
	return p, true
}

// compareEntries orders by ID, then by position.
func compareEntries(a, b index.Entry) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Point.Lat(), b.Point.Lat()), cmp.Compare(a.Point.Lon(), b.Point.Lon()))
}

// A spread gathers points to their mean and the radius that holds them.
type spread struct{ points []orb.Point }

func (s *spread) add(p orb.Point) { s.points = append(s.points, p) }

// middle returns the mean of the points and the distance of the farthest from
// it, in metres. Points lie close enough together that the mean of degrees does.
func (s *spread) middle() (orb.Point, float64) {
	var mean orb.Point
	for _, p := range s.points {
		mean[0] += p[0]
		mean[1] += p[1]
	}
	n := float64(len(s.points))
	mean = orb.Point{mean[0] / n, mean[1] / n}
	far := 0.0
	for _, p := range s.points {
		far = math.Max(far, geo.Distance(mean, p))
	}
	return mean, far
}

// parseMetres reads a finite number.
func parseMetres(s string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// parseGrid reads a National Grid easting and northing in metres. 0, 0 is how
// Ordnance Survey writes that there is none.
func parseGrid(easting, northing string) (orb.Point, bool) {
	e, okE := parseMetres(easting)
	n, okN := parseMetres(northing)
	if !okE || !okN || e == 0 && n == 0 {
		return orb.Point{}, false
	}
	p, err := geo.FromGrid(e, n)
	return p, err == nil
}

// comparePlaces orders two points by a distance, of equals by latitude and
// longitude.
func comparePlaces(da, db float64, a, b orb.Point) int {
	return cmp.Or(cmp.Compare(da, db), cmp.Compare(a.Lat(), b.Lat()), cmp.Compare(a.Lon(), b.Lon()))
}
