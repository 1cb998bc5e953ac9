package geo

import (
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// meridianArc integrates the length of the WGS84 meridian from the equator, by
// Simpson's rule.
func meridianArc(lat float64) float64 {
	const f = 1 / 298.257223563
	e2 := f * (2 - f)
	radius := func(phi float64) float64 {
		return wgsA * (1 - e2) / math.Pow(1-e2*math.Sin(phi)*math.Sin(phi), 1.5)
	}
	const steps = 2000
	h := lat / steps
	sum := radius(0) + radius(lat)
	for i := 1; i < steps; i++ {
		sum += radius(float64(i)*h) * float64(2+2*(i%2))
	}
	return sum * h / 3
}

// A transverse Mercator projection is the conformal one that is true to scale along
// its meridian: both are checked, to a tenth of a millimetre and to nine digits.
func TestProjectionIsTransverseMercator(t *testing.T) {
	const rad = math.Pi / 180
	for _, code := range []string{"EPSG:32610", "EPSG:32733", "EPSG:26916", "EPSG:25832", "EPSG:26971", "EPSG:3435", "EPSG:26973", "EPSG:2157", "EPSG:2193", "EPSG:2952", "EPSG:28356", "EPSG:7856", "EPSG:3067", "EPSG:3763"} {
		p, err := ParseProjection(code)
		if err != nil {
			t.Fatal(err)
		}
		for _, lat := range []float64{p.lat0 + 1, p.lat0 + 5, p.lat0 + 12} {
			y := p.northing + p.scale*(meridianArc(lat*rad)-meridianArc(p.lat0*rad))
			got, err := p.Point(p.easting/p.metres, y/p.metres)
			if err != nil || math.Abs(got.Lon()-p.lon0) > 1e-10 || math.Abs(got.Lat()-lat) > 1e-9 {
				t.Errorf("%s: on the meridian at %g is %v, %v", code, lat, got, err)
			}
			// Isometric latitude and longitude are to x and y as a conformal map has it.
			const e = 0.0818191908426215
			isometric := func(q orb.Point) (float64, float64) {
				s := math.Sin(q.Lat() * rad)
				return q.Lon() * rad, math.Atanh(s) - e*math.Atanh(e*s)
			}
			at := func(dx, dy float64) (float64, float64) {
				q, err := p.Point((p.easting+150_000+dx)/p.metres, (y+dy)/p.metres)
				if err != nil {
					t.Fatal(err)
				}
				return isometric(q)
			}
			const step = 100
			lonE, qE := at(step, 0)
			lonW, qW := at(-step, 0)
			lonN, qN := at(0, step)
			lonS, qS := at(0, -step)
			if a, b := (lonE-lonW)/(qN-qS), (lonN-lonS)/(qE-qW); math.Abs(a-1) > 1e-8 || math.Abs(b+1) > 1e-5 {
				t.Errorf("%s at %g: not conformal: %g, %g", code, lat, a, b)
			}
		}
	}
}

func TestProjectionKnown(t *testing.T) {
	for _, tt := range []struct {
		code    string
		x, y    float64
		want    orb.Point
		metresM float64
	}{
		{"EPSG:32631", 448252, 5411933, orb.Point{2.2945, 48.8582}, 10}, // the Eiffel Tower, from its encyclopaedia's two coordinates
		// The Spire of Dublin in both grids of Ireland, from its encyclopaedia: they agree
		// with each other, and with a program of another hand (Krüger to the sixth order).
		{"EPSG:2157", 715830, 734697, orb.Point{-6.2602478, 53.3497939}, 0.5},
		{"EPSG:29903", 315904, 234671, orb.Point{-6.2602478, 53.3497939}, 0.5},
		{"EPSG:29902", 315904, 234671, orb.Point{-6.2602478, 53.3497939}, 0.5},
		{"EPSG:3857", 255422.6, 6250835.1, orb.Point{2.2945, 48.8582}, 10},
		{"EPSG:4326", 2.2945, 48.8582, orb.Point{2.2945, 48.8582}, 0},
		{"epsg:27700", 605000, 316500, orb.Point{1.03304, 52.70733}, 10},
	} {
		p, err := ParseProjection(tt.code)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.Point(tt.x, tt.y)
		if err != nil || Distance(got, tt.want) > tt.metresM {
			t.Errorf("%s: %v, %v; want %v", tt.code, got, err, tt.want)
		}
		if again, err := ParseProjection(p.String()); err != nil || again != p {
			t.Errorf("%s is read back as %v, %v", tt.code, again, err)
		}
	}
	if p, _ := ParseProjection("EPSG:3435"); !p.Feet() {
		t.Error("EPSG:3435 is in feet")
	}
	for _, code := range []string{"", "UTM 10", "EPSG:2263", "EPSG:99"} {
		if p, err := ParseProjection(code); err == nil {
			t.Errorf("ParseProjection(%q) = %v", code, p)
		}
	}
	p, _ := ParseProjection("EPSG:32610")
	if q, err := p.Point(1e9, 1e9); err == nil {
		t.Errorf("off the globe is %v", q)
	}
}
