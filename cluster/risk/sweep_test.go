package risk

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"spreewatch/cluster"
)

// A sweep from day to day has on each what is found by looking at that day alone, over
// a change of the kernels' edges too, and sees nothing before it is known.
func TestSweepIsEachDayAlone(t *testing.T) {
	incidents := town(400, 100, "theft", 1)
	for i := range incidents {
		if i%3 == 0 {
			incidents[i].Reported = incidents[i].To + cluster.Instant(3600*i)
		}
	}
	s := study(t, incidents)
	l, first := NewLearner(s, nil), math.Floor(dayOf(start))
	half := make([]float32, len(s.told))
	for i := range half {
		half[i] = float32(i%2) / 2
	}
	fast := strain{Part: Part{Memory: day / 200}} // of which less is left than a float holds
	parts := append(strains(DayParts()), strain{Part: Part{SigmaM: 150, Memory: 30 * day}, share: half}, strain{share: half}, fast)
	sweep := l.sweep(parts, "theft")
	for _, d := range []float64{20, 26, 31, 59, 61, 64, 88, 95, 130} {
		v, got := sweep.to(first + d)
		for k, p := range parts {
			want, _ := v.surface(s.past["theft"], p)
			if diff := cmp.Diff(want, got[k], cmpopts.EquateApprox(1e-9, 1e-12)); diff != "" {
				t.Fatalf("day %v, %s (-alone +swept):\n%s", d, p.Name, diff)
			}
		}
	}
}

// Lessons of a later fit that an earlier one has had are the same ones.
func TestFitDoesNotDependOnEarlierFits(t *testing.T) {
	incidents := slices.Concat(town(600, 300, "theft", 1), town(90, 300, "robbery", 2))
	at := func(d int) time.Time { return start.Add(time.Duration(d) * day) }
	l := NewLearner(study(t, incidents), nil)
	for _, d := range []int{100, 130, 200} {
		l.Fit(at(d))
	}
	alone := NewLearner(study(t, incidents), nil).Fit(at(280))
	if diff := cmp.Diff(alone, l.Fit(at(280)), cmpopts.EquateApprox(1e-9, 1e-12)); diff != "" {
		t.Errorf("(-alone +after others):\n%s", diff)
	}
}
