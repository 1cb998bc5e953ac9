package geo

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
)

// A Projection is a transverse Mercator projection of WGS84 or of a datum that
// lies within two metres of it (NAD83, ETRS89, GDA94, NZGD2000), the Irish Grid, or
// the National Grid.
type Projection struct {
	name            string
	lat0, lon0      float64 // of the true origin, degrees
	scale           float64 // on the central meridian
	easting         float64 // of the true origin, metres
	northing        float64
	metres          float64 // in a unit of the coordinates
	grid, spherical bool
	degrees, irish  bool
}

// String returns what ParseProjection reads.
func (p Projection) String() string { return p.name }

const surveyFoot = 1200.0 / 3937 // metres

// statePlanes are transverse Mercator zones of the State Plane Coordinate System
// of 1983 (NOAA Manual NOS NGS 5, 1989), by EPSG code, in metres; the code of the
// same zone in survey feet is beside it.
var statePlanes = map[int]struct {
	feet              int
	lat0, lon0        float64
	oneIn             float64 // the scale is 1 − 1/oneIn
	easting, northing float64
}{
	26971: {3435, 36 + 40.0/60, -(88 + 20.0/60), 40000, 300000, 0},      // Illinois East
	26972: {3436, 36 + 40.0/60, -(90 + 10.0/60), 17000, 700000, 0},      // Illinois West
	26958: {2236, 24 + 20.0/60, -81, 17000, 200000, 0},                  // Florida East
	26959: {2237, 24 + 20.0/60, -82, 17000, 200000, 0},                  // Florida West
	26966: {2239, 30, -(82 + 10.0/60), 10000, 200000, 0},                // Georgia East
	26967: {2240, 30, -(84 + 10.0/60), 10000, 700000, 0},                // Georgia West
	32111: {3424, 38 + 50.0/60, -(74 + 30.0/60), 10000, 150000, 0},      // New Jersey
	26973: {2965, 37 + 30.0/60, -(85 + 40.0/60), 30000, 100000, 250000}, // Indiana East
	26974: {2966, 37 + 30.0/60, -(87 + 5.0/60), 30000, 900000, 250000},  // Indiana West
	26996: {0, 35 + 50.0/60, -(90 + 30.0/60), 15000, 250000, 0},         // Missouri East
	26997: {0, 35 + 50.0/60, -(92 + 30.0/60), 15000, 500000, 0},         // Missouri Central
	26998: {0, 36 + 10.0/60, -(94 + 30.0/60), 17000, 850000, 0},         // Missouri West
}

// planes are other transverse Mercator projections that a country or a city uses, by
// EPSG code (EPSG Geodetic Parameter Dataset).
var planes = map[int]struct{ lat0, lon0, scale, easting, northing float64 }{
	2157:  {53.5, -8, 0.99982, 600_000, 750_000},            // Irish Transverse Mercator
	2193:  {0, 173, 0.9996, 1_600_000, 10_000_000},          // New Zealand
	2180:  {0, 19, 0.9993, 500_000, -5_300_000},             // Poland
	3763:  {39.66825833333333, -8.133108333333334, 1, 0, 0}, // Portugal
	2950:  {0, -73.5, 0.9999, 304_800, 0},                   // Montreal, MTM zone 8
	32188: {0, -73.5, 0.9999, 304_800, 0},                   // the same on NAD83
	2952:  {0, -79.5, 0.9999, 304_800, 0},                   // Toronto, MTM zone 10
	32190: {0, -79.5, 0.9999, 304_800, 0},                   // the same on NAD83
	29902: {53.5, -8, 1.000035, 200_000, 250_000},           // Irish Grid, TM65
	29903: {53.5, -8, 1.000035, 200_000, 250_000},           // Irish Grid, TM75
}

// The Irish Grid lies on the modified Airy ellipsoid. Its Helmert transformation is
// that of Ordnance Survey Ireland and of Northern Ireland, good to a metre.
const (
	modifiedA = 6377340.189
	modifiedB = 6356034.448
)

var ireland65 = datum{482.530, -130.596, 564.557, -1.042, -0.214, -0.631, 8.150}

// ParseProjection reads "EPSG:CODE": 4326 (degrees), 27700 (National Grid), 3857,
// the UTM zones of WGS84, NAD83, ETRS89, GDA94 and GDA2020, the grids of Ireland and
// of New Zealand and a few others, and transverse Mercator zones of the State Plane
// Coordinate System in metres or survey feet.
func ParseProjection(s string) (Projection, error) {
	text := strings.TrimSpace(strings.ToUpper(s))
	code, err := strconv.Atoi(strings.TrimPrefix(text, "EPSG:"))
	if err != nil {
		return Projection{}, errors.New("a coordinate reference system is written EPSG:CODE")
	}
	p := Projection{name: fmt.Sprintf("EPSG:%d", code), scale: 0.9996, easting: 500_000, metres: 1}
	utm := func(zone int) Projection {
		p.lon0 = float64(6*zone - 183)
		return p
	}
	switch {
	case code == 4326:
		p.degrees = true
		return p, nil
	case code == 27700:
		p.grid = true
		return p, nil
	case code == 3857:
		p.spherical = true
		return p, nil
	case code > 32600 && code <= 32660:
		return utm(code - 32600), nil
	case code > 32700 && code <= 32760:
		p.northing = 10_000_000
		return utm(code - 32700), nil
	case code > 26900 && code <= 26923:
		return utm(code - 26900), nil
	case code >= 25828 && code <= 25838:
		return utm(code - 25800), nil
	case code == 3006: // SWEREF 99 TM
		return utm(33), nil
	case code == 3067: // ETRS-TM35FIN
		return utm(35), nil
	case code >= 28348 && code <= 28358:
		p.northing = 10_000_000
		return utm(code - 28300), nil
	case code >= 7846 && code <= 7859:
		p.northing = 10_000_000
		return utm(code - 7800), nil
	}
	if z, ok := planes[code]; ok {
		p.lat0, p.lon0, p.scale, p.easting, p.northing = z.lat0, z.lon0, z.scale, z.easting, z.northing
		p.irish = code == 29902 || code == 29903
		return p, nil
	}
	for metre, z := range statePlanes {
		if code == metre || code == z.feet {
			p.lat0, p.lon0, p.scale, p.easting, p.northing = z.lat0, z.lon0, 1-1/z.oneIn, z.easting, z.northing
			if code != metre {
				p.metres = surveyFoot
			}
			return p, nil
		}
	}
	return Projection{}, fmt.Errorf("EPSG:%d is no projection that is read: UTM, the National Grid (27700), those of Ireland (2157, 29903), New Zealand (2193) and Australia, 3857, 4326 and some transverse Mercator state planes are", code)
}

// Point returns the longitude and latitude of coordinates in the projection's own
// unit: the series of Krüger (1912) to the fourth order in n, as Karney (2011)
// gives it, which is exact to a millimetre within 30 degrees of the meridian.
func (p Projection) Point(x, y float64) (orb.Point, error) {
	x, y = x*p.metres, y*p.metres
	switch {
	case p.grid:
		return FromGrid(x, y)
	case p.degrees:
		return orb.Point{x, y}, CheckPoint(orb.Point{x, y})
	}
	const f = 1 / 298.257223563
	if p.spherical {
		const a = wgsA
		q := orb.Point{x / a * 180 / math.Pi, (2*math.Atan(math.Exp(y/a)) - math.Pi/2) * 180 / math.Pi}
		return q, CheckPoint(q)
	}
	if !p.irish {
		q, err := p.unproject(x, y, wgsA, f)
		if err != nil {
			return q, err
		}
		return q, CheckPoint(q)
	}
	q, err := p.unproject(x, y, modifiedA, 1-modifiedB/modifiedA)
	if err != nil {
		return q, err
	}
	cx, cy, cz := toCartesian(q.Lat()*math.Pi/180, q.Lon()*math.Pi/180, modifiedA, modifiedB)
	lat, lon := fromCartesian(ireland65.move(cx, cy, cz, 1), wgsA, wgsB)
	q = orb.Point{lon * 180 / math.Pi, lat * 180 / math.Pi}
	return q, CheckPoint(q)
}

// unproject returns the longitude and latitude, on the ellipsoid of that semi-major
// axis and flattening, of coordinates in metres.
func (p Projection) unproject(x, y, a, f float64) (orb.Point, error) {
	n := f / (2 - f)
	radius := a / (1 + n) * (1 + n*n/4 + n*n*n*n/64)
	xi := (y-p.northing)/(p.scale*radius) + rectifying(p.lat0*math.Pi/180, n, f)
	eta := (x - p.easting) / (p.scale * radius)
	if math.Abs(xi) > math.Pi/2 || math.Abs(eta) > 1 {
		return orb.Point{}, errors.New("the coordinates lie outside the projection")
	}
	beta := [4]float64{
		n/2 - 2*n*n/3 + 37*n*n*n/96 - n*n*n*n/360,
		n*n/48 + n*n*n/15 - 437*n*n*n*n/1440,
		17*n*n*n/480 - 37*n*n*n*n/840,
		4397 * n * n * n * n / 161280,
	}
	xi1, eta1 := xi, eta
	for k, b := range beta {
		j := 2 * float64(k+1)
		xi1 -= b * math.Sin(j*xi) * math.Cosh(j*eta)
		eta1 -= b * math.Cos(j*xi) * math.Sinh(j*eta)
	}
	chi := math.Asin(math.Sin(xi1) / math.Cosh(eta1))
	lat := geographic(chi, f*(2-f))
	lon := p.lon0*math.Pi/180 + math.Atan2(math.Sinh(eta1), math.Cos(xi1))
	return orb.Point{lon * 180 / math.Pi, lat * 180 / math.Pi}, nil
}

// geographic returns the latitude of a conformal latitude, by Newton's method.
func geographic(chi, e2 float64) float64 {
	e := math.Sqrt(e2)
	tau1 := math.Tan(chi)
	tau := tau1
	for range 6 {
		sigma := math.Sinh(e * math.Atanh(e*tau/math.Hypot(1, tau)))
		t := tau*math.Hypot(1, sigma) - sigma*math.Hypot(1, tau)
		tau += (tau1 - t) / math.Hypot(1, t) * (1 + (1-e2)*tau*tau) / ((1 - e2) * math.Hypot(1, tau))
	}
	return math.Atan(tau)
}

// rectifying returns the rectifying latitude of a latitude in radians, the angle
// along the meridian.
func rectifying(lat, n, f float64) float64 {
	e := math.Sqrt(f * (2 - f))
	tau := math.Tan(lat)
	sigma := math.Sinh(e * math.Atanh(e*tau/math.Hypot(1, tau)))
	xi := math.Atan(tau*math.Hypot(1, sigma) - sigma*math.Hypot(1, tau))
	alpha := [4]float64{
		n/2 - 2*n*n/3 + 5*n*n*n/16 + 41*n*n*n*n/180,
		13*n*n/48 - 3*n*n*n/5 + 557*n*n*n*n/1440,
		61*n*n*n/240 - 103*n*n*n*n/140,
		49561 * n * n * n * n / 161280,
	}
	sum := xi
	for k, a := range alpha {
		sum += a * math.Sin(2*float64(k+1)*xi)
	}
	return sum
}

// Feet reports whether the projection's own unit is the survey foot.
func (p Projection) Feet() bool { return p.metres == surveyFoot }
