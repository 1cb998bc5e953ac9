package nearrepeat

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"spreewatch/cluster"
	"spreewatch/geo"
)

const day = 24 * time.Hour

var epoch = time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)

func instant(id string, x, y float64, at time.Duration) cluster.Incident {
	return cluster.Incident{ID: id, Point: orb.Point{x, y}, From: cluster.At(epoch.Add(at)), To: cluster.At(epoch.Add(at))}
}

func daysOf(days ...float64) []time.Duration {
	out := make([]time.Duration, len(days))
	for i, d := range days {
		out[i] = time.Duration(d * float64(day))
	}
	return out
}

func count(t testing.TB, incidents []cluster.Incident, o Options) Table {
	t.Helper()
	table, err := Count(context.Background(), incidents, o)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestCountByHand has six pairs that fall on and beside the edges.
func TestCountByHand(t *testing.T) {
	incidents := []cluster.Incident{
		instant("a", 0, 0, 0),
		instant("b", 0, 0, day),            // a–b: 0 m, 1 day
		instant("c", 60, 80, 2*day),        // a–c: 100 m, 2 days; b–c: 100 m, 1 day
		instant("d", 0, 99, 2*day+day/2-1), // a–d: 99 m, just under 2½ days; b–d: 99 m, just under 1½; c–d: 63 m, just under ½
	}
	o := Options{Distance: []float64{0, 100, 200}, Time: daysOf(0, 1, 2.5), Metric: Euclidean, MaxPairs: 100}
	for _, c := range []struct {
		name      string
		samePlace bool
		rest      bool
		want      [][]float64
	}{
		{"plain", false, false, [][]float64{{1, 3}, {0, 2}}},
		{"same place", true, false, [][]float64{{0, 1}, {1, 2}, {0, 2}}},
		{"rest", false, true, [][]float64{{1, 3, 0}, {0, 2, 0}, {0, 0, 0}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o.SamePlace, o.Rest = c.samePlace, c.rest
			if diff := cmp.Diff(c.want, count(t, incidents, o).Observed); diff != "" {
				t.Errorf("observed (-want +got):\n%s", diff)
			}
		})
	}
	o.SamePlace, o.Rest, o.Metric = false, true, Manhattan
	// By |x| + |y|: a–c and b–c 140, a–d and b–d 99, c–d 79.
	if diff := cmp.Diff([][]float64{{1, 3, 0}, {0, 2, 0}, {0, 0, 0}}, count(t, incidents, o).Observed); diff != "" {
		t.Errorf("manhattan (-want +got):\n%s", diff)
	}
	o.Distance, o.Time = []float64{50, 99.5}, daysOf(1, 2)
	// Rows [50, 99.5) and the rest; a–b lies nearer than both, c–d sooner.
	if diff := cmp.Diff([][]float64{{1, 1}, {1, 1}}, count(t, incidents, o).Observed); diff != "" {
		t.Errorf("first edges over 0 (-want +got):\n%s", diff)
	}
}

// TestCountStatistics has two places and two days: each shuffle gives
// either the observed table or an empty one, with odds 1 to 2.
func TestCountStatistics(t *testing.T) {
	incidents := []cluster.Incident{
		instant("a", 0, 0, 0), instant("b", 10, 0, 0),
		instant("c", 5000, 0, 9*day), instant("d", 5010, 0, 9*day),
	}
	o := Options{Distance: []float64{0, 100}, Time: daysOf(0, 1), Metric: Euclidean, Replicates: 9999, Seed: 3, MaxPairs: 100}
	got := count(t, incidents, o)
	if got.Observed[0][0] != 2 || got.Median[0][0] != 0 || !math.IsNaN(got.MedianRatio[0][0]) {
		t.Errorf("observed %v median %v ratio %v, want 2, 0, NaN", got.Observed, got.Median, got.MedianRatio)
	}
	// Of 3 ways to pair the four times, one has both pairs together: the mean is
	// 2/3 and p is 1/3. The standard error of 9999 draws is 0.0047.
	if math.Abs(got.Mean[0][0]-2.0/3) > 0.04 || math.Abs(got.P[0][0]-1.0/3) > 0.02 {
		t.Errorf("mean %v p %v, want 2/3 and 1/3", got.Mean, got.P)
	}
	if want := 2 / got.Mean[0][0]; got.Ratio[0][0] != want {
		t.Errorf("ratio %v, want %v", got.Ratio, want)
	}
}

func TestCountDegenerate(t *testing.T) {
	o := DefaultOptions()
	o.Rest, o.Replicates = true, 9
	one := instant("a", 1, 2, 0)
	for name, incidents := range map[string][]cluster.Incident{"none": nil, "one": {one}} {
		got := count(t, incidents, o)
		for r := range got.P {
			for c := range got.P[r] {
				if got.Observed[r][c] != 0 || got.P[r][c] != 1 {
					t.Errorf("%s: observed %v p %v", name, got.Observed[r][c], got.P[r][c])
				}
			}
		}
	}
	same := []cluster.Incident{one, instant("b", 1, 2, 0), instant("c", 1, 2, 0)}
	got := count(t, same, o)
	if got.Observed[0][0] != 3 || got.P[0][0] != 1 || got.Ratio[0][0] != 1 {
		t.Errorf("all at one place and time: %v of 3, p %v", got.Observed[0][0], got.P[0][0])
	}
	o.Replicates = 0
	got = count(t, same, o)
	if got.Observed[0][0] != 3 || !math.IsNaN(got.P[0][0]) || !math.IsNaN(got.Mean[0][0]) {
		t.Errorf("no replicates: observed %v p %v mean %v", got.Observed[0][0], got.P[0][0], got.Mean[0][0])
	}
}

func TestCountRefuses(t *testing.T) {
	good := DefaultOptions()
	a, b := instant("a", 0, 0, 0), instant("b", 1, 1, 0)
	for _, c := range []struct {
		name      string
		incidents []cluster.Incident
		edit      func(*Options)
		want      string
	}{
		{"one edge", nil, func(o *Options) { o.Distance = []float64{0} }, "near repeat: a band needs two edges"},
		{"edges fall", nil, func(o *Options) { o.Distance = []float64{0, 2, 2} }, "near repeat: distance edges must ascend from 0 or more"},
		{"NaN edge", nil, func(o *Options) { o.Distance = []float64{0, math.NaN()} }, "near repeat: distance edges must ascend from 0 or more"},
		{"negative time", nil, func(o *Options) { o.Time = daysOf(-1, 1) }, "near repeat: time edges must ascend from 0 or more"},
		{"metric", nil, func(o *Options) { o.Metric = "taxi" }, `near repeat: there is no metric "taxi"`},
		{"replicates", nil, func(o *Options) { o.Replicates = -1 }, "near repeat: replicates must be 0 to 1000000"},
		{"NaN", []cluster.Incident{a, instant("b", math.NaN(), 0, 0)}, nil, "near repeat: a coordinate is not a number of metres"},
		{"latitude 95", []cluster.Incident{a, instant("b", 0, 95, 0)}, func(o *Options) { o.Metric = GreatCircle }, "near repeat: longitude or latitude out of range"},
		{"same ID", []cluster.Incident{a, a}, nil, "near repeat: two incidents have the same ID"},
		{"ends before it starts", []cluster.Incident{{ID: "z", From: cluster.At(epoch), To: cluster.At(epoch.Add(-1))}}, nil, "near repeat: an incident ends before it starts"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := good
			if c.edit != nil {
				c.edit(&o)
			}
			if _, err := Count(context.Background(), c.incidents, o); err == nil || err.Error() != c.want {
				t.Errorf("err = %v, want %q", err, c.want)
			}
		})
	}
	good.MaxPairs = 1
	_, err := Count(context.Background(), []cluster.Incident{a, b, instant("c", 2, 2, 0)}, good)
	if many, ok := errors.AsType[*TooManyPairsError](err); !ok || many.Max != 1 {
		t.Errorf("err = %v, want too many pairs", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Count(ctx, []cluster.Incident{a, b}, DefaultOptions()); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want canceled", err)
	}
}

// A stop is heeded within one table, too, however many pairs it has.
func TestCountHeedsAStopAtOnce(t *testing.T) {
	incidents := make([]cluster.Incident, 6000) // 18 million pairs, all of them close
	for i := range incidents {
		incidents[i] = instant(strconv.Itoa(i), float64(i%77), 0, time.Duration(i)*time.Minute)
	}
	o := DefaultOptions()
	o.Metric, o.Replicates = Euclidean, 0
	start := time.Now()
	if _, err := Count(t.Context(), incidents, o); err != nil {
		t.Fatal(err)
	}
	whole := time.Since(start)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	start = time.Now()
	if _, err := Count(ctx, incidents, o); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want canceled", err)
	}
	if took := time.Since(start); took > whole/2 {
		t.Errorf("a stop took %v, and the whole table %v", took, whole)
	}
}

// twin counts every pair by the definition, with the spans of order laid over
// the incidents.
func twin(incidents []cluster.Incident, times []cluster.Incident, o Options) [][]float64 {
	k := knox{o: o}
	rows, cols := k.distanceBands(), k.timeBands()
	counts := make([][]float64, len(rows))
	for r := range counts {
		counts[r] = make([]float64, len(cols))
	}
	for i := range incidents {
		for j := range i {
			a, b := incidents[i].Point, incidents[j].Point
			var d float64
			switch o.Metric {
			case Euclidean:
				d = math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]))
			case Manhattan:
				d = math.Abs(a[0]-b[0]) + math.Abs(a[1]-b[1])
			case GreatCircle:
				d = geo.Distance(a, b)
			}
			r := slices.IndexFunc(rows, func(band Band) bool {
				if o.SamePlace && d == 0 {
					return band == Band{}
				}
				return band.From <= d && d < band.To
			})
			if r < 0 {
				continue
			}
			for c, band := range cols {
				counts[r][c] += lagProbability(times[i], times[j], band.From, band.To)
			}
		}
	}
	return counts
}

// lagProbability integrates over a grid of moments where the times are
// uncertain, and is exact where they are instants.
func lagProbability(a, b cluster.Incident, from, to float64) float64 {
	const parts = 100
	at := func(in cluster.Incident, k int) float64 {
		length := in.To.Sub(in.From)
		return in.From.Sub(cluster.At(epoch)).Hours()/24 + (float64(k)+0.5)/parts*length.Hours()/24
	}
	na, nb := parts, parts
	if a.From == a.To {
		na = 1
	}
	if b.From == b.To {
		nb = 1
	}
	hits := 0
	for i := range na {
		for j := range nb {
			if lag := math.Abs(at(a, i) - at(b, j)); from <= lag && lag < to {
				hits++
			}
		}
	}
	return float64(hits) / float64(na*nb)
}

// randomStudy draws incidents that often share places and times.
func randomStudy(r *rand.Rand, n int, metric Metric) []cluster.Incident {
	incidents := make([]cluster.Incident, n)
	for i := range incidents {
		x, y := float64(r.IntN(20))*25, float64(r.IntN(20))*25
		if metric == GreatCircle {
			x, y = 179.99+x/25000, 52+y/25000 // over the date line
			if x > 180 {
				x -= 360
			}
		}
		incidents[i] = instant(fmt.Sprintf("i%02d", i), x, y, time.Duration(r.IntN(30))*day/2)
	}
	return incidents
}

// TestCountAgainstTwin checks the observed table and every replicate, cell
// by cell, for all metrics and options.
func TestCountAgainstTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, metric := range []Metric{Euclidean, Manhattan, GreatCircle} {
		for trial := range 24 {
			o := Options{
				Distance: []float64{0, 50, 100, 250}, Time: daysOf(0, 1, 3.25, 7), Metric: metric,
				SamePlace: trial%2 == 0, Rest: trial%3 == 0, Replicates: 5, Seed: uint64(trial), MaxPairs: 1e6,
			}
			if trial%4 == 0 {
				o.Distance, o.Time = []float64{25, 60, 61, 1000}, daysOf(0.5, 6)
			}
			incidents := randomStudy(r, 2+r.IntN(50), metric)
			k, err := newKnox(incidents, o)
			if err != nil {
				t.Fatal(err)
			}
			places, err := newPlaces(incidents, o)
			if err != nil {
				t.Fatal(err)
			}
			tables, err := k.replicates(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			got := count(t, incidents, o)
			if diff := cmp.Diff(twin(incidents, incidents, o), got.Observed); diff != "" {
				t.Fatalf("%s trial %d observed (-twin +got):\n%s", metric, trial, diff)
			}
			for i, table := range tables {
				spans := slices.Clone(k.spans)
				deal(spans, k.spans, o.Seed, uint64(i))
				times := make([]cluster.Incident, len(spans))
				for j, s := range spans {
					times[j] = instant("", 0, 0, time.Duration(s.from))
				}
				want := twin(places.incident, times, o)
				for cell, v := range table {
					if row, col := cell/len(got.Time), cell%len(got.Time); float64(v) != want[row][col] {
						t.Fatalf("%s trial %d replicate %d row %d column %d: %d, twin %v", metric, trial, i, row, col, v, want[row][col])
					}
				}
			}
		}
	}
}

// TestCountWideTimes counts the same when ticks fit neither the table of
// columns nor 32 bits.
func TestCountWideTimes(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	incidents := randomStudy(r, 60, Euclidean)
	o := Options{Distance: []float64{0, 100, 250}, Time: daysOf(0, 2, 7), Metric: Euclidean, Rest: true, Replicates: 9, MaxPairs: 1e6}
	want := count(t, incidents, o)
	for _, shift := range []time.Duration{time.Second, time.Nanosecond} {
		moved := slices.Clone(incidents)
		// All lags are multiples of half a day and the edges lie between those, so
		// an event that comes a hair early leaves every lag in its band.
		o.Time = daysOf(0.25, 2.25, 7.25)
		base := count(t, incidents, o)
		moved[3].From = cluster.At(moved[3].From.Time().Add(-shift))
		moved[3].To = moved[3].From
		if diff := cmp.Diff(base.Observed, count(t, moved, o).Observed); diff != "" {
			t.Errorf("shift %v (-want +got):\n%s", shift, diff)
		}
		if diff := cmp.Diff(base.P, count(t, moved, o).P); diff != "" {
			t.Errorf("shift %v p (-want +got):\n%s", shift, diff)
		}
	}
	if want.Pairs != 1770 { // 60·59/2
		t.Errorf("pairs = %d", want.Pairs)
	}
}

// TestAoristicAgainstTwin allows the twin the error of its grid.
func TestAoristicAgainstTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	o := Options{Distance: []float64{0, 100, 250}, Time: daysOf(0, 1, 3.25, 7), Metric: Euclidean, SamePlace: true, Rest: true, MaxPairs: 1e6}
	for trial := range 4 {
		incidents := randomStudy(r, 12, Euclidean)
		for i := range incidents {
			if i%3 > 0 {
				incidents[i].To = incidents[i].From + cluster.Instant(r.IntN(1000)*360)
			}
		}
		got := count(t, incidents, o).Observed
		want := twin(incidents, incidents, o)
		// The twin's grid is 1/100 of an interval: some pairs a cell are off by that.
		if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0.01, 0.12)); diff != "" {
			t.Errorf("trial %d (-twin +got):\n%s", trial, diff)
		}
	}
}

// TestDifferenceWithin has the values of the triangle and the trapezoid by hand.
func TestDifferenceWithin(t *testing.T) {
	for _, c := range []struct{ lu, lv, y, want float64 }{
		{2, 2, 0, 0.5}, {2, 2, 2, 1}, {2, 2, -2, 0}, {2, 2, 1, 0.875}, {2, 2, -1, 0.125},
		{4, 1, 0, 0.125}, {4, 1, 3, 0.875}, {4, 1, 1.5, 0.5}, {1, 4, 0, 0.875},
		{4, 0, 1, 0.25}, {0, 4, -1, 0.75},
	} {
		if got := differenceWithin(c.lu, c.lv, c.y); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("differenceWithin(%v, %v, %v) = %v, want %v", c.lu, c.lv, c.y, got, c.want)
		}
	}
}

// TestAoristicEqualsClassic stretches one far-off event into an
// interval of a nanosecond, so that all is counted by probability, and finds the
// classic table with the same p among the others.
func TestAoristicEqualsClassic(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	o := Options{Distance: []float64{0, 50, 250}, Time: daysOf(0.25, 1.25, 6.25), Metric: Euclidean, Rest: true, Replicates: 49, MaxPairs: 1e6}
	for trial := range 10 {
		o.Seed = uint64(trial)
		incidents := randomStudy(r, 40, Euclidean)
		classic := count(t, incidents, o)
		incidents[7].To++
		if diff := cmp.Diff(classic, count(t, incidents, o), cmpopts.EquateNaNs()); diff != "" {
			t.Fatalf("trial %d (-classic +aoristic):\n%s", trial, diff)
		}
	}
}

func TestCountProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "study"), 0))
		incidents := randomStudy(r, rapid.IntRange(0, 40).Draw(t, "n"), Euclidean)
		if rapid.Bool().Draw(t, "intervals") {
			for i := range incidents {
				incidents[i].To = incidents[i].From + cluster.Instant(r.IntN(72)*3600)
			}
		}
		o := Options{
			Distance: []float64{0, 100, 250}, Time: daysOf(0, 1, 7), Metric: Euclidean, MaxPairs: 1e6,
			SamePlace: rapid.Bool().Draw(t, "same place"), Rest: true, Replicates: 19, Seed: rapid.Uint64().Draw(t, "seed"), Workers: 1,
		}
		run := func(in []cluster.Incident, o Options) Table {
			got, err := Count(context.Background(), in, o)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		got := run(incidents, o)
		sum := 0.0
		for i := range got.P {
			for j, p := range got.P[i] {
				sum += got.Observed[i][j]
				if !(p > 0 && p <= 1) {
					t.Fatalf("p = %v", p)
				}
			}
		}
		if n := float64(len(incidents)); math.Abs(sum-n*(n-1)/2) > 1e-9 {
			t.Fatalf("cells add up to %v, want %v", sum, n*(n-1)/2)
		}
		same := func(what string, other Table) {
			if diff := cmp.Diff(got, other, cmpopts.EquateNaNs()); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", what, diff)
			}
		}
		for _, workers := range []int{2, 8} {
			o.Workers = workers
			same(fmt.Sprintf("%d workers", workers), run(incidents, o))
		}
		changed := slices.Clone(incidents)
		r.Shuffle(len(changed), func(i, j int) { changed[i], changed[j] = changed[j], changed[i] })
		same("order", run(changed, o))
		for i := range changed {
			changed[i].ID = fmt.Sprintf("other%d", r.Uint64())
		}
		same("relabelled", run(changed, o))
		for i := range changed {
			changed[i].From, changed[i].To = changed[i].From+1000*86400, changed[i].To+1000*86400
			changed[i].Point[0] += 1 << 16
		}
		same("moved in time and space", run(changed, o))
	})
}

// TestCountUniformUnderNull draws studies without any link of space and
// time: p ≤ α in at most a share α of them, as a permutation test promises.
func TestCountUniformUnderNull(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	o := Options{Distance: []float64{0, 0.2}, Time: daysOf(0, 20), Metric: Euclidean, Replicates: 99, MaxPairs: 1e6, Workers: 1}
	const studies = 1000
	hits := map[float64]int{}
	for s := range studies {
		o.Seed = uint64(s)
		incidents := make([]cluster.Incident, 60)
		for i := range incidents {
			incidents[i] = instant(strconv.Itoa(i), r.Float64(), r.Float64(), time.Duration(r.Float64()*100*float64(day)))
		}
		p := count(t, incidents, o).P[0][0]
		for _, alpha := range []float64{0.05, 0.2, 0.5} {
			if p <= alpha {
				hits[alpha]++
			}
		}
	}
	for _, alpha := range []float64{0.05, 0.2, 0.5} {
		// Four standard errors; the count has few ties (about 40 pairs), so p is
		// not far below uniform either.
		rate, tolerance := float64(hits[alpha])/studies, 4*math.Sqrt(alpha*(1-alpha)/studies)
		if rate > alpha+tolerance || rate < 0.8*alpha-tolerance {
			t.Errorf("p ≤ %v in %v of the studies, want within %v", alpha, rate, tolerance)
		}
	}
}

// burglaries are a synthetic city: 45,000 events in four years around 3,000
// centres, of which some recur soon and near.
func burglaries(n int) []cluster.Incident {
	r := rand.New(rand.NewPCG(9, 9))
	incidents := make([]cluster.Incident, n)
	for i := range incidents {
		x, y := r.Float64()*25_000, r.Float64()*40_000
		at := time.Duration(r.IntN(1461)) * day
		if i > 0 && r.IntN(4) == 0 {
			origin := incidents[r.IntN(i)]
			x, y = origin.Point[0]+r.NormFloat64()*150, origin.Point[1]+r.NormFloat64()*150
			at = origin.From.Sub(cluster.At(epoch)) + time.Duration(r.IntN(15))*day
		}
		incidents[i] = instant(strconv.Itoa(i), x, y, at)
	}
	return incidents
}

// BenchmarkCount is to be set against counting all 10⁹ pairs of the study in
// each of the replicates, which is what a dense distance matrix costs.
func BenchmarkCount(b *testing.B) {
	incidents := burglaries(45_000)
	hours := slices.Clone(incidents)
	for i := range hours {
		hours[i].To = hours[i].From + cluster.Instant(i%20*3600)
	}
	o := DefaultOptions()
	o.SamePlace, o.Rest = true, true
	b.Run("days", func(b *testing.B) {
		for b.Loop() {
			count(b, incidents, o)
		}
	})
	o.Replicates = 99
	b.Run("intervals", func(b *testing.B) {
		for b.Loop() {
			count(b, hours, o)
		}
	})
}

// Seven days from noon to noon are seven days whatever the clocks did, and the lag
// of a pair says so; the hour that comes twice turns no interval round.
func TestCalendarDays(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	twice := at("2024-10-27 00:30").Add(time.Hour) // 01:30 of summer time
	for _, c := range []struct {
		name     string
		a, b, to time.Time
		days     []time.Duration
		zone     *time.Location
		want     [][]float64
	}{
		{"spring", at("2024-03-30 12:00"), at("2024-04-06 12:00"), time.Time{}, []time.Duration{0, 7 * day, 14 * day}, zone, [][]float64{{0, 1}}},
		{"spring, elapsed", at("2024-03-30 12:00"), at("2024-04-06 12:00"), time.Time{}, []time.Duration{0, 7 * day, 14 * day}, nil, [][]float64{{1, 0}}},
		{"spring, half days", at("2024-03-30 12:00"), at("2024-04-06 12:00"), time.Time{}, []time.Duration{0, 7 * day, 15 * day / 2}, zone, [][]float64{{1, 0}}},
		{"autumn", at("2024-10-26 12:00"), at("2024-11-02 11:59"), time.Time{}, []time.Duration{0, 7 * day, 14 * day}, zone, [][]float64{{1, 0}}},
		{"within the hour that comes twice", at("2024-10-26 01:30"), twice, twice.Add(30 * time.Minute), []time.Duration{0, day, 2 * day}, zone, [][]float64{{0, 1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			incidents := []cluster.Incident{{ID: "a", From: cluster.At(c.a), To: cluster.At(c.a)}, {ID: "b", From: cluster.At(c.b), To: cluster.At(c.b)}}
			if !c.to.IsZero() {
				incidents[1].To = cluster.At(c.to)
			}
			o := DefaultOptions()
			o.Distance, o.Time, o.Zone, o.Replicates = []float64{0, 10}, c.days, c.zone, 0
			if diff := cmp.Diff(c.want, count(t, incidents, o).Observed); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			pairs, err := Pairs(incidents, o)
			if err != nil || len(pairs) != 1 || pairs[0].LagMin > pairs[0].LagMax {
				t.Errorf("pairs %+v, %v", pairs, err)
			}
		})
	}
}
