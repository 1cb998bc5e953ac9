package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// EarthRadius is the mean radius in metres (IUGG R1).
const EarthRadius = 6371008.8

// CheckPoint refuses a point that is not a finite longitude in [-180, 180] and
// latitude in [-90, 90].
func CheckPoint(p orb.Point) error {
	if !(p.Lon() >= -180 && p.Lon() <= 180) || !(p.Lat() >= -90 && p.Lat() <= 90) {
		return fmt.Errorf("longitude or latitude out of range")
	}
	return nil
}

// Distance returns the great-circle distance between two points in metres, by
// the haversine formula on a sphere of EarthRadius.
func Distance(a, b orb.Point) float64 {
	const rad = math.Pi / 180
	lat1, lat2 := a.Lat()*rad, b.Lat()*rad
	sinLat := math.Sin((lat2 - lat1) / 2)
	sinLon := math.Sin((b.Lon() - a.Lon()) * rad / 2)
	h := sinLat*sinLat + math.Cos(lat1)*math.Cos(lat2)*sinLon*sinLon
	return 2 * EarthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Pad returns the bound that reaches at least the given metres farther on every
// side.
func Pad(b orb.Bound, metres float64) orb.Bound {
	lat := metres / (EarthRadius * math.Pi / 180)
	lon := lat / math.Max(0.01, math.Cos(math.Max(math.Abs(b.Min.Lat()), math.Abs(b.Max.Lat()))*math.Pi/180))
	return orb.Bound{
		Min: orb.Point{b.Min.Lon() - lon, b.Min.Lat() - lat},
		Max: orb.Point{b.Max.Lon() + lon, b.Max.Lat() + lat},
	}
}

// FartherNorth reports whether two points are more than so many metres apart by their
// latitudes alone: what Distance would say of them at a tenth of the cost. Of points
// that are a little farther it may say nothing.
func FartherNorth(a, b orb.Point, metres float64) bool {
	const degree = 110_000 // metres, no more than one of latitude is long
	return math.Abs(a.Lat()-b.Lat())*degree > metres
}
