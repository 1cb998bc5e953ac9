package risk

import (
	"math"
	"testing"
)

// The table and the series are the exponential function, also where the table's steps meet.
func TestExponentialIsThatOfTheStandardLibrary(t *testing.T) {
	for x := -699.0; x < 700; x += 1.0 / 1024 {
		got, want := exponential(x), math.Exp(x)
		if math.Abs(got-want) > 4e-11*want {
			t.Fatalf("exp(%v) is %v, want %v", x, got, want)
		}
	}
	for i := -expSteps; i <= expSteps; i++ {
		at := float64(i) * math.Ln2 / expSteps
		for _, x := range []float64{math.Nextafter(at, -1), at, math.Nextafter(at, 1)} {
			if got, want := exponential(x), math.Exp(x); math.Abs(got-want) > 4e-11*want {
				t.Fatalf("exp(%v) is %v, want %v", x, got, want)
			}
		}
	}
}
