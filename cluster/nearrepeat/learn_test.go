package nearrepeat

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
)

// repeating invents a year of burglaries on 9 by 9 km, of which a share follow
// another: exponentially far in metres on either axis and days later.
func repeating(rng *rand.Rand, n int, share, metres, days float64) []cluster.Incident {
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	var all []cluster.Incident
	for i := range n {
		p := orb.Point{9000 * rng.Float64(), 9000 * rng.Float64()}
		at := start.Add(time.Duration(rng.Float64() * 365 * float64(day)))
		if float64(i) >= float64(n)*(1-share) { // of the first ones, not of each other
			from := all[rng.IntN(int(float64(n)*(1-share)))]
			p = orb.Point{from.Point[0] + metres*(rng.ExpFloat64()-rng.ExpFloat64()), from.Point[1] + metres*(rng.ExpFloat64()-rng.ExpFloat64())}
			at = from.From.Time().Add(time.Duration(days * rng.ExpFloat64() * float64(day)))
		}
		all = append(all, cluster.Incident{ID: fmt.Sprint(i), Point: p, From: cluster.At(at), To: cluster.At(at)})
	}
	return all
}

func learning() Options {
	o := DefaultOptions()
	o.Distance = []float64{0, 100, 200, 300, 400, 600, 800, 1200}
	o.Time = []time.Duration{0, day, 2 * day, 3 * day, 5 * day, 7 * day, 10 * day, 14 * day, 21 * day, 28 * day}
	o.Replicates = 99
	return o
}

// What was planted is found: the decay in time within a third in the mean, and in
// nine of ten intervals or so; radius and window of the order of the planted ones.
func TestLearn(t *testing.T) {
	const series = 12
	inTime := 0
	var sum float64
	for seed := range uint64(series) {
		got, err := Learn(context.Background(), repeating(rand.New(rand.NewPCG(seed, 1)), 1500, .3, 100, 4), learning())
		if err != nil {
			t.Fatal(err)
		}
		if got.P > .01 || got.Observed < 1.5*got.Expected {
			t.Errorf("seed %d: p %.3f, %.0f pairs where %.1f are expected", seed, got.P, got.Observed, got.Expected)
		}
		if got.Radius.Value < 100 || got.Radius.Value > 800 || got.Window.Value < 2*day || got.Window.Value > 14*day {
			t.Errorf("seed %d: radius %v, window %v", seed, got.Radius, got.Window)
		}
		days := got.DecayTime.Value.Hours() / 24
		sum += days
		if got.DecayTime.Low <= 4*day && 4*day <= got.DecayTime.High {
			inTime++
		}
		if !(got.Decay.Low > 0 && got.Decay.Low <= got.Decay.Value && got.Decay.Value <= got.Decay.High) {
			t.Errorf("seed %d: decay %v", seed, got.Decay)
		}
	}
	t.Logf("decay time %.2f days in the mean of 4 planted, within the interval in %d of %d", sum/series, inTime, series)
	if mean := sum / series; mean < 2.7 || mean > 5.3 {
		t.Errorf("decay time %.2f days in the mean, planted 4", mean)
	}
	if inTime < 8 { // of 12 at 90 % fewer than 8 come in under 1 % of tries
		t.Errorf("4 days are within the interval in %d of %d", inTime, series)
	}
}

// A thin history, and one without near repeats, is refused with its number.
func TestLearnRefuses(t *testing.T) {
	_, err := Learn(context.Background(), repeating(rand.New(rand.NewPCG(1, 1)), 99, .5, 50, 2), learning())
	thin, ok := errors.AsType[*ThinError](err)
	if !ok || thin.Incidents != 99 || err.Error() != "99 incidents, and learning needs 100" {
		t.Errorf("99 incidents: %v", err)
	}
	refused := 0
	for seed := range uint64(40) {
		_, err := Learn(context.Background(), repeating(rand.New(rand.NewPCG(seed, 2)), 400, 0, 1, 1), learning())
		if thin, ok := errors.AsType[*ThinError](err); ok && thin.P > .05 {
			refused++
		}
	}
	if refused < 34 { // of 40 at .95 fewer than 34 come in under 1 % of tries
		t.Errorf("without near repeats %d of 40 are refused", refused)
	}
	o := learning()
	o.Replicates = 9
	if _, err := Learn(context.Background(), nil, o); err == nil {
		t.Error("9 replicates are enough")
	}
}

// The order of the incidents changes nothing, nor do the workers.
func TestLearnOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 1))
	all := repeating(rng, 500, .4, 80, 3)
	o := learning()
	o.Workers = 1
	first, err := Learn(context.Background(), all, o)
	if err != nil {
		t.Fatal(err)
	}
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	o.Workers = 3
	if again, err := Learn(context.Background(), all, o); err != nil || again != first {
		t.Errorf("got %+v, %v; then %+v", first, err, again)
	}
}
