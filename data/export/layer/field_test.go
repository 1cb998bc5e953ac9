package layer

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

func TestAppendNumberIsTheShortest(t *testing.T) {
	numbers := []float64{0, math.Copysign(0, -1), 1, -1, .1, 1e-9, 4e-10, 1.5e-9, 123456.789, 999999.999999999, 1e6, 1e6 + 1e-9, 1e15, 1e21, -0.0000001,
		.30000000000000004, math.Pi, math.MaxFloat64, math.SmallestNonzeroFloat64, math.Inf(1), math.NaN()}
	rng := rand.New(rand.NewPCG(7, 1))
	short := 0
	for range 200_000 {
		scale := math.Pow10(rng.IntN(12))
		x := math.Round((rng.Float64()*400-200)*scale) / scale
		numbers = append(numbers, x, math.Nextafter(x, math.Inf(1)), x*rng.Float64(), rng.Float64()*math.Pow10(rng.IntN(30)-15))
	}
	for _, x := range numbers {
		got, want := string(appendNumber(nil, x)), strconv.FormatFloat(x, 'f', -1, 64)
		if got != want {
			t.Fatalf("%g: got %s, want %s", x, got, want)
		}
		if len(want) < 12 {
			short++
		}
	}
	if short == 0 || short == len(numbers) {
		t.Errorf("%d of %d are short: one of the ways was not tried", short, len(numbers))
	}
}

func TestWallTimeHasNoOffset(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, zone := range []*time.Location{time.UTC, london, time.FixedZone("", -9*3600-1800), time.FixedZone("", 75)} {
		for _, at := range []time.Time{time.Date(2026, 7, 1, 23, 59, 58, 999, time.UTC), time.Date(1801, 1, 2, 3, 4, 5, 0, time.UTC), time.Date(12026, 1, 2, 3, 4, 5, 0, time.UTC)} {
			if got, want := WallTime(at, zone), at.In(zone).Format("2006-01-02T15:04:05"); got != want {
				t.Errorf("%v in %v: got %s, want %s", at, zone, got, want)
			}
		}
	}
}
