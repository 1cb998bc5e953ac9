package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// The National Grid is a transverse Mercator projection of the Airy 1830
// ellipsoid. Its series are those of J. C. B. Redfearn (Empire Survey Review 69,
// 1948), its constants and the Helmert transformation those of Ordnance Survey's
// "A guide to coordinate systems in Great Britain".
const (
	airyA = 6377563.396 // semi-major axis, metres
	airyB = 6356256.909
	wgsA  = 6378137.0
	wgsB  = 6356752.3142

	gridScale    = 0.9996012717 // on the central meridian
	gridLat      = 49 * math.Pi / 180
	gridLon      = -2 * math.Pi / 180
	gridEasting  = 400_000.0 // of the true origin
	gridNorthing = -100_000.0
)

// gridBounds is the half-open range of the National Grid: eastings in
// [0, 700 km), northings in [0, 1300 km).
var gridBounds = orb.Bound{Max: orb.Point{700_000, 1_300_000}}

// FromGrid returns the WGS84 point of a National Grid easting and northing in
// metres. It agrees with the definitive OSTN15 transformation to about 5 m, in
// Norfolk to 3.6 m. An easting outside [0, 700000) or a northing outside
// [0, 1300000) is an error.
func FromGrid(easting, northing float64) (orb.Point, error) {
	if !(easting >= 0 && easting < gridBounds.Max[0]) || !(northing >= 0 && northing < gridBounds.Max[1]) {
		return orb.Point{}, fmt.Errorf("easting or northing outside the National Grid")
	}
	lat, lon := unproject(easting, northing)
	x, y, z := toCartesian(lat, lon, airyA, airyB)
	lat, lon = fromCartesian(osgb36.move(x, y, z, 1), wgsA, wgsB)
	return orb.Point{lon * 180 / math.Pi, lat * 180 / math.Pi}, nil
}

// ToGrid returns the National Grid easting and northing in metres of a WGS84
// point, as exact as FromGrid. A point outside the grid is an error.
func ToGrid(p orb.Point) (easting, northing float64, err error) {
	if err := CheckPoint(p); err != nil {
		return 0, 0, err
	}
	x, y, z := toCartesian(p.Lat()*math.Pi/180, p.Lon()*math.Pi/180, wgsA, wgsB)
	// The transformation's inverse to first order is off by a millimetre, so one
	// step of correction follows.
	guess := osgb36.move(x, y, z, -1)
	back := osgb36.move(guess[0], guess[1], guess[2], 1)
	lat, lon := fromCartesian([3]float64{guess[0] + x - back[0], guess[1] + y - back[1], guess[2] + z - back[2]}, airyA, airyB)
	easting, northing = project(lat, lon)
	if !(easting >= 0 && easting < gridBounds.Max[0]) || !(northing >= 0 && northing < gridBounds.Max[1]) {
		return 0, 0, fmt.Errorf("point outside the National Grid")
	}
	return easting, northing, nil
}

// A datum is the Helmert transformation of a national datum to WGS84: metres along
// the axes, seconds of arc about them, and millionths of scale.
type datum struct{ tx, ty, tz, rx, ry, rz, s float64 }

var osgb36 = datum{446.448, -125.157, 542.060, 0.1502, 0.2470, 0.8421, -20.4894}

// move moves a Cartesian position from the datum to WGS84, or with sign −1 back.
func (d *datum) move(x, y, z, sign float64) [3]float64 {
	const second = math.Pi / 180 / 3600
	tx, ty, tz := sign*d.tx, sign*d.ty, sign*d.tz
	rx, ry, rz := sign*d.rx*second, sign*d.ry*second, sign*d.rz*second
	s := 1 + sign*d.s*1e-6
	return [3]float64{
		tx + s*x - rz*y + ry*z,
		ty + rz*x + s*y - rx*z,
		tz - ry*x + rx*y + s*z,
	}
}

// toCartesian returns the position of a point on the surface of the ellipsoid.
func toCartesian(lat, lon, a, b float64) (x, y, z float64) {
	e2 := 1 - b*b/(a*a)
	sin, cos := math.Sincos(lat)
	nu := a / math.Sqrt(1-e2*sin*sin)
	return nu * cos * math.Cos(lon), nu * cos * math.Sin(lon), nu * (1 - e2) * sin
}

// fromCartesian returns the latitude and longitude of a position near the
// surface of the ellipsoid.
func fromCartesian(p [3]float64, a, b float64) (lat, lon float64) {
	e2 := 1 - b*b/(a*a)
	r := math.Hypot(p[0], p[1])
	lat = math.Atan2(p[2], r*(1-e2))
	for range 10 {
		sin := math.Sin(lat)
		next := math.Atan2(p[2]+e2*a/math.Sqrt(1-e2*sin*sin)*sin, r)
		if math.Abs(next-lat) < 1e-12 {
			lat = next
			break
		}
		lat = next
	}
	return lat, math.Atan2(p[1], p[0])
}

// meridian returns the length of the meridian arc from the grid's true origin.
func meridian(lat float64) float64 {
	const n = (airyA - airyB) / (airyA + airyB)
	d, s := lat-gridLat, lat+gridLat
	return airyB * gridScale * ((1+n+5./4*n*n+5./4*n*n*n)*d -
		(3*n+3*n*n+21./8*n*n*n)*math.Sin(d)*math.Cos(s) +
		(15./8*n*n+15./8*n*n*n)*math.Sin(2*d)*math.Cos(2*s) -
		35./24*n*n*n*math.Sin(3*d)*math.Cos(3*s))
}

// curvature returns the transverse radius, the meridional one and their ratio
// less one.
func curvature(lat float64) (nu, rho, eta2 float64) {
	const e2 = 1 - airyB*airyB/(airyA*airyA)
	w := 1 - e2*math.Sin(lat)*math.Sin(lat)
	nu = airyA * gridScale / math.Sqrt(w)
	rho = nu * (1 - e2) / w
	return nu, rho, nu/rho - 1
}

func project(lat, lon float64) (easting, northing float64) {
	nu, rho, eta2 := curvature(lat)
	sin, cos := math.Sincos(lat)
	t2 := math.Pow(math.Tan(lat), 2)
	d := lon - gridLon
	c3, c5 := cos*cos*cos, cos*cos*cos*cos*cos
	northing = meridian(lat) + gridNorthing +
		nu/2*sin*cos*d*d +
		nu/24*sin*c3*(5-t2+9*eta2)*math.Pow(d, 4) +
		nu/720*sin*c5*(61-58*t2+t2*t2)*math.Pow(d, 6)
	easting = gridEasting + nu*cos*d +
		nu/6*c3*(nu/rho-t2)*math.Pow(d, 3) +
		nu/120*c5*(5-18*t2+t2*t2+14*eta2-58*t2*eta2)*math.Pow(d, 5)
	return easting, northing
}

func unproject(easting, northing float64) (lat, lon float64) {
	lat = gridLat
	for range 20 {
		rest := northing - gridNorthing - meridian(lat)
		lat += rest / (airyA * gridScale)
		if math.Abs(rest) < 1e-5 {
			break
		}
	}
	nu, rho, eta2 := curvature(lat)
	t := math.Tan(lat)
	t2, sec := t*t, 1/math.Cos(lat)
	d := easting - gridEasting
	nu3, nu5, nu7 := math.Pow(nu, 3), math.Pow(nu, 5), math.Pow(nu, 7)
	lat += -t/(2*rho*nu)*d*d +
		t/(24*rho*nu3)*(5+3*t2+eta2-9*t2*eta2)*math.Pow(d, 4) -
		t/(720*rho*nu5)*(61+90*t2+45*t2*t2)*math.Pow(d, 6)
	lon = gridLon + sec/nu*d -
		sec/(6*nu3)*(nu/rho+2*t2)*math.Pow(d, 3) +
		sec/(120*nu5)*(5+28*t2+24*t2*t2)*math.Pow(d, 5) -
		sec/(5040*nu7)*(61+662*t2+1320*t2*t2+720*t2*t2*t2)*math.Pow(d, 7)
	return lat, lon
}
