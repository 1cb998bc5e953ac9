package trial

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// cityYear are so many incidents of a year of a city about 30 km across, at 8,000
// addresses of which few are visited often.
func cityYear(n int) []cluster.Incident {
	rng := rand.New(rand.NewPCG(5, 5))
	places := make([]orb.Point, 8000)
	for i := range places {
		places[i] = orb.Point{1.1 + .45*rng.Float64(), 52.6 + .25*rng.Float64()}
	}
	out := make([]cluster.Incident, n)
	for i := range out {
		p := places[int(8000*rng.Float64()*rng.Float64())]
		at := newYear.Add(time.Duration(rng.Int64N(int64(365 * oneDay)))).Truncate(time.Minute)
		out[i] = cluster.Incident{ID: fmt.Sprint(i), Offence: burglary, From: cluster.At(at), To: cluster.At(at), Reported: cluster.At(at.Add(time.Duration(rng.IntN(24)) * time.Hour)),
			Point: orb.Point{p[0] + .003*rng.NormFloat64(), p[1] + .002*rng.NormFloat64()}, Level: geo.LevelStreet, Confidence: 1}
	}
	return out
}

// yearSettings are 36 settings: six windows, three radii, two minimums.
func yearSettings() []Setting {
	var out []Setting
	for _, h := range []int{1, 3, 6, 12, 24, 72} {
		for _, r := range []float64{500, 2000, 10_000} {
			for _, least := range []int{3, 4} {
				out = append(out, setting(fmt.Sprintf("%dh", h), time.Duration(h)*time.Hour, fmt.Sprintf("%.0fm", r), r, least))
			}
		}
	}
	return out
}

// BenchmarkCompareYear is 36 settings over a year of 100,000 incidents of one offence:
// at most three minutes on two cores.
func BenchmarkCompareYear(b *testing.B) {
	for _, n := range []int{10_000, 30_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			incidents := cityYear(n)
			o := DefaultCompareOptions()
			o.Settings, o.From, o.To = yearSettings(), newYear.AddDate(0, 0, 28), newYear.AddDate(1, 0, 1)
			for b.Loop() {
				if _, err := Compare(context.Background(), incidents, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
