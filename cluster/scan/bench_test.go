package scan

import (
	"math"
	"math/rand/v2"
	"sort"
	"strconv"
	"testing"
	"time"

	"github.com/paulmach/orb"
)

func benchmark(b *testing.B, name string, set func(*Options)) {
	benchmarkCases(b, readOracle(b, name), set)
}

func benchmarkCases(b *testing.B, cases []Case, set func(*Options)) {
	o := DefaultOptions()
	set(&o)
	for b.Loop() {
		res, err := Run(cases, o)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(res.Sprees[0].LLR, "LLR")
		b.ReportMetric(res.Sprees[0].P, "p")
	}
}

func BenchmarkDays10k(b *testing.B)  { benchmark(b, "n10k.csv", func(*Options) {}) }
func BenchmarkDays100k(b *testing.B) { benchmark(b, "n100k.csv", func(*Options) {}) }
func BenchmarkHours10k(b *testing.B) {
	benchmark(b, "n10k.csv", func(o *Options) { o.Step, o.MaxWindow = time.Hour, 72*time.Hour })
}
func BenchmarkRetrospective10k(b *testing.B) {
	benchmark(b, "n10k.csv", func(o *Options) { o.Mode = Retrospective })
}
func BenchmarkHalfTheCases(b *testing.B) {
	benchmark(b, "NYCfever_cases.csv", func(o *Options) { o.MaxRadiusM = math.Inf(1) })
}

// force invents a big force's year: n incidents in towns of different sizes over
// 100 by 100 km, two thirds of them by day.
func force(n int) []Case {
	rng := rand.New(rand.NewPCG(7, 7))
	type town struct {
		at     orb.Point
		spread float64 // degrees of latitude
	}
	var towns []town
	var size []float64
	sum := 0.0
	for i := range 200 {
		towns = append(towns, town{orb.Point{0.3 + 1.5*rng.Float64(), 52.3 + 0.9*rng.Float64()}, 0.005 + 0.02*rng.Float64()})
		sum += 1 / float64(1+i)
		size = append(size, sum)
	}
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	cases := make([]Case, n)
	for i := range cases {
		t := towns[sort.SearchFloat64s(size, rng.Float64()*sum)]
		hour := rng.IntN(24)
		if rng.IntN(3) == 0 {
			hour = 9 + rng.IntN(12)
		}
		cases[i] = Case{
			ID: strconv.Itoa(i),
			Point: orb.Point{
				t.at.Lon() + 1.6*t.spread*rng.NormFloat64(),
				t.at.Lat() + t.spread*rng.NormFloat64(),
			},
			From: start.Add(time.Duration(rng.IntN(366)*24+hour)*time.Hour + time.Duration(rng.IntN(60))*time.Minute),
		}
	}
	return cases
}

func BenchmarkHoursMillion(b *testing.B) {
	benchmarkCases(b, force(1_000_000), func(o *Options) {
		o.Step, o.MaxWindow, o.Locations, o.Resolution = time.Hour, 72*time.Hour, Cells, 8
	})
}

// BenchmarkNight is a county's nightly scan: a history of 100,000 with 300 in
// reach of the windows, a third of them with an interval of some hours.
func BenchmarkNight(b *testing.B) {
	cases := force(100_000)
	last := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	rng := rand.New(rand.NewPCG(8, 8))
	for i := range cases {
		if i%3 == 0 {
			cases[i].To = cases[i].From.Add(time.Duration(rng.IntN(12*60)) * time.Minute)
			if cases[i].To.After(last) {
				cases[i].To = last
			}
		}
	}
	benchmarkCases(b, cases, func(o *Options) {
		o.To = last
		o.Step, o.MaxWindow, o.Lookback = time.Hour, 12*time.Hour, 15*time.Hour
		o.Locations = Cells
	})
}

// BenchmarkDraw draws a replicate of a retrospective scan of 10,000 cases.
func BenchmarkDraw(b *testing.B) {
	o := DefaultOptions()
	o.Mode = Retrospective
	p, err := newProblem(force(10_000), o)
	if err != nil {
		b.Fatal(err)
	}
	places := make([]int32, 0, p.n)
	i := uint64(0)
	for b.Loop() {
		places = p.draw(i, places[:0])
		i++
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(i)/float64(p.n), "ns/draw")
}
