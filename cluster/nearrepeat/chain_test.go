package nearrepeat

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"spreewatch/cluster"
)

func TestPairsAndChains(t *testing.T) {
	incidents := []cluster.Incident{
		instant("late", 0, 30, 5*day),
		instant("first", 0, 0, 0),
		instant("b", 0, 60, 5*day), // the same moment as late
		instant("far", 4000, 0, day),
		instant("alone", 9000, 9000, day),
		instant("far2", 4050, 0, 2*day),
		instant("edge", 0, 100, 0), // 100 m from first, 70 from late, 40 from b
	}
	o := Options{Distance: []float64{0, 50, 100}, Time: daysOf(0, 5, 6), Metric: Euclidean, MaxPairs: 100}
	got, err := Pairs(incidents, o)
	if err != nil {
		t.Fatal(err)
	}
	want := []Pair{
		{"edge", "b", 40, 5 * day, 5 * day, 1},
		{"edge", "late", 70, 5 * day, 5 * day, 1},
		{"first", "b", 60, 5 * day, 5 * day, 1},
		{"first", "late", 30, 5 * day, 5 * day, 1},
		{"far", "far2", 50, day, day, 1},
		{"b", "late", 30, 0, 0, 1},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pairs (-want +got):\n%s", diff)
	}
	chains, err := Chains(incidents, within(65, 6*day))
	if err != nil {
		t.Fatal(err)
	}
	wantChains := []Chain{
		{[]string{"edge", "first", "b", "late"}, cluster.Window{Start: epoch, End: epoch.Add(5 * day)}},
		{[]string{"far", "far2"}, cluster.Window{Start: epoch.Add(day), End: epoch.Add(2 * day)}},
	}
	if diff := cmp.Diff(wantChains, chains); diff != "" {
		t.Errorf("chains (-want +got):\n%s", diff)
	}
	if got, err := Chains(incidents, within(30, 5*day)); err != nil || len(got) != 0 {
		t.Errorf("chains = %v, %v: 30 m and 5 days lie outside [0, 30) and [0, 5)", got, err)
	}
}

// TestChainsOddsOfLag has an event on some day of ten: within two days
// of their start with odds of 2 in 10.
func TestChainsOddsOfLag(t *testing.T) {
	vague := cluster.Incident{ID: "vague", From: cluster.At(epoch), To: cluster.At(epoch.Add(10 * day))}
	for _, c := range []struct {
		name string
		at   time.Duration
		lag  time.Duration
		want int
	}{
		{"2 in 10", 0, 2 * day, 0},
		{"even", 0, 5 * day, 1},
		{"just under even", 0, 5*day - time.Hour, 0},
		{"8 in 10", 5 * day, 4 * day, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Chains([]cluster.Incident{vague, instant("sure", 0, 50, c.at)}, within(100, c.lag))
			if err != nil || len(got) != c.want {
				t.Errorf("chains = %v, %v; want %d", got, err, c.want)
			}
		})
	}
}

// TestPairsSumToTable adds the pairs up to the observed count.
func TestPairsSumToTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "study"), 0))
		incidents := randomStudy(r, 30, Euclidean)
		for i := range incidents {
			if i%2 == 0 {
				incidents[i].To = incidents[i].From + cluster.Instant(r.IntN(72)*3600)
			}
		}
		o := Options{Distance: []float64{10, 80, 200}, Time: daysOf(0.5, 2, 5), Metric: Manhattan, MaxPairs: 1e6}
		table, err := Count(context.Background(), incidents, o)
		if err != nil {
			t.Fatal(err)
		}
		want := 0.0
		for _, row := range table.Observed {
			for _, v := range row {
				want += v
			}
		}
		pairs, err := Pairs(incidents, o)
		if err != nil {
			t.Fatal(err)
		}
		got := 0.0
		for _, p := range pairs {
			if !(p.Probability > 0 && p.Probability <= 1) || p.LagMin > p.LagMax {
				t.Fatalf("pair %+v", p)
			}
			got += p.Probability
		}
		if math.Abs(got-want) > 1e-6 {
			t.Fatalf("pairs add up to %v, table to %v", got, want)
		}
	})
}

// within are the options of a chain.
func within(metres float64, lag time.Duration) Options {
	o := DefaultOptions()
	o.Distance, o.Time = []float64{0, metres}, []time.Duration{0, lag}
	return o
}
