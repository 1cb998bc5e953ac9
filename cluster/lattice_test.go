package cluster

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"spreewatch/geo"
)

// Whatever the place, a circle lies so near that it holds all within half of its
// radius, and a place is listed by exactly the circles that hold it.
func TestLattice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		corner := rapid.SampledFrom([]orb.Point{{0.9, 52.6}, {179.999, -17}, {-180, 0}, {30, 89.9}}).Draw(t, "corner")
		radius := rapid.SampledFrom([]float64{250, 3000, 12_000}).Draw(t, "radius")
		l := NewLattice([]float64{radius}, 0.7)
		reach := radius / geo.EarthRadius * 180 / math.Pi
		at := func(name string) orb.Point {
			lon := corner.Lon() + reach*rapid.Float64Range(-3, 3).Draw(t, name)/max(0.01, math.Cos(corner.Lat()*math.Pi/180))
			return orb.Point{math.Mod(lon+540, 360) - 180, min(90, corner.Lat()+reach*rapid.Float64Range(-3, 3).Draw(t, name+" north"))}
		}
		var points []orb.Point
		for i := range 5 {
			points = append(points, at(fmt.Sprint("p", i)))
			l.Around(points[i], 0, nil)
		}
		for _, p := range points {
			list := l.Around(p, 0, nil)
			nearest := math.Inf(1)
			for i, c := range l.Circles {
				d := c.At.Angle(VecOf(p)) * geo.EarthRadius
				nearest = min(nearest, d)
				if listed := slices.Contains(list, int32(i)); listed != (d <= radius) && math.Abs(d-radius) > 1e-6 {
					t.Fatalf("circle %.1f m away of %.0f m: listed %v", d, radius, listed)
				}
			}
			if nearest > 0.46*radius && math.Abs(corner.Lat()) < 89 {
				t.Fatalf("the nearest circle is %.2f radii away", nearest/radius)
			}
			if len(l.Around(p, radius*1.01, nil)) != 0 {
				t.Fatal("a place vaguer than the circle is in it")
			}
		}
	})
}

// BenchmarkLattice lists the circles of 2,000 places over a county.
func BenchmarkLattice(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	points := make([]orb.Point, 2000)
	for i := range points {
		points[i] = orb.Point{.4 + r.Float64(), 52.4 + .5*r.Float64()}
	}
	for b.Loop() {
		l := NewLattice([]float64{250, 500, 1000, 2000, 3000, 5000, 8000, 12_000}, .7)
		var list []int32
		for _, p := range points {
			list = l.Around(p, 0, list)
		}
	}
}
