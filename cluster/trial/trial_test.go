package trial

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/risk"
	"spreewatch/geo"
)

// Observed 6, 3 and 0 in cells of which 3, 2 and 1 were expected: taken in that
// order PAI is 2, 1.5 and 1, and no choice of as many cells does better.
func TestScoresByHand(t *testing.T) {
	came, universe := []float64{6, 3, 0}, []int32{0, 1, 2}
	r := rank([]float64{3, 2, 1}, universe)
	for n, want := range []float64{2, 1.5, 1} {
		s := Score{Cells: float64(n + 1), Universe: 3, Hits: r.first(n+1, came), All: 9, Inside: 9, Best: mostOf(n+1, came, universe), Past: 1, PastAll: 3}
		if math.Abs(s.PAI()-want) > 1e-12 || s.PEI() != 1 {
			t.Errorf("%d cells: PAI %v, PEI %v, want %v and 1", n+1, s.PAI(), s.PEI(), want)
		}
		if n == 0 && math.Abs(s.RRI()-2) > 1e-12 { // two thirds of what came, a third of what had been
			t.Errorf("RRI %v, want 2", s.RRI())
		}
	}
	// Two cells by chance hold 6 of 9; the worst two 3, the best two 9.
	s := Score{Cells: 2, Universe: 3, Hits: 3, All: 9, Inside: 9, Best: 9}
	if got := s.PEIStar(); math.Abs(got-(3.0-6)/(9-6)) > 1e-12 {
		t.Errorf("PEI* %v, want -1", got)
	}
}

// Cells 1, 2 and 3 are equal: of two cells the first is 0, and the other each of
// the three as often.
func TestTiesAreTheMeanOfEveryOrder(t *testing.T) {
	r := rank([]float64{5, 1, 1, 1, 0}, []int32{0, 1, 2, 3, 4})
	for n, want := range map[int]float64{1: 10, 2: 10 + (0+3+6)/3.0, 3: 10 + 6, 4: 19, 5: 26} {
		if got := r.first(n, []float64{10, 0, 3, 6, 7}); math.Abs(got-want) > 1e-12 {
			t.Errorf("first %d: %v, want %v", n, got, want)
		}
	}
}

func TestHolmByHand(t *testing.T) {
	tests := []Test{{P: .04}, {P: .01}, {P: .03}}
	holmTests(tests)
	if diff := cmp.Diff([]float64{.06, .03, .06}, []float64{tests[0].Holm, tests[1].Holm, tests[2].Holm}, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// The p of two methods that are alike falls under .05 about as often as it should.
func TestPairedHoldsItsLevel(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	under := 0
	for trial := range 400 {
		a, b := make([]float64, 60), make([]float64, 60)
		for i := range a {
			both := float64(r.IntN(6))
			a[i], b[i] = both+float64(r.IntN(4)), both+float64(r.IntN(4))
		}
		if _, _, p := paired(a, b, 1, 499, uint64(trial)); p < .05 {
			under++
		}
	}
	if under < 6 || under > 40 {
		t.Errorf("p under .05 in %d of 400, want about 20", under)
	}
	low, high, p := paired([]float64{6, 6, 6, 6}, []float64{4, 4, 4, 4}, 1, 99, 1)
	if math.Abs(low-.5) > 1e-12 || math.Abs(high-.5) > 1e-12 || p > .021 {
		t.Errorf("always half as many more: %v to %v, p %v", low, high, p)
	}
	// A hundred days of a hundredth of a hit each are one hit, against none.
	few := slices.Repeat([]float64{.01}, 100)
	if low, high, p := paired(make([]float64, 100), few, 1, 99, 1); !math.IsNaN(low) || !math.IsNaN(high) || p != 1 {
		t.Errorf("one hit against none: %v to %v, p %v", low, high, p)
	}
	if _, _, p := paired(make([]float64, 100), slices.Repeat([]float64{.11}, 100), 1, 99, 1); p > .021 {
		t.Errorf("eleven hits against none: p %v", p)
	}
}

var start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// city invents incidents of which half happen at a few places.
func city(n int, seed uint64) []cluster.Incident {
	r := rand.New(rand.NewPCG(seed, 7))
	out := make([]cluster.Incident, n)
	for i := range out {
		p := orb.Point{.9 + .2*r.Float64(), 52.6 + .1*r.Float64()}
		if i%2 == 0 {
			k := float64(i / 2 % 10)
			p = orb.Point{.91 + .018*k + .0004*r.NormFloat64(), 52.65 + .004*math.Mod(k*7, 10) + .0003*r.NormFloat64()}
		}
		at := start.Add(time.Duration(r.Float64()*200*24*60) * time.Minute)
		out[i] = cluster.Incident{ID: fmt.Sprint(seed, "-", i), Offence: "theft", From: cluster.At(at), To: cluster.At(at), Point: p, Level: geo.LevelStreet, Confidence: 1}
	}
	return out
}

func TestEvaluate(t *testing.T) {
	o := DefaultOptions()
	o.From, o.To, o.Step = start.Add(120*24*time.Hour), start.Add(190*24*time.Hour), 7*24*time.Hour
	o.Replicates = 199
	incidents := city(4000, 1)
	got, err := Evaluate(context.Background(), incidents, o)
	if err != nil {
		t.Fatal(err)
	}
	if got.Origins != 11 {
		t.Errorf("%d days planned, want 11", got.Origins)
	}
	for _, r := range got.Rows {
		s := r.Score
		if s.Hits < 0 || s.Hits > s.Best+1e-9 || s.Best > s.Inside || s.Inside > s.All {
			t.Errorf("%s %s %d h %v: hits %v, best %v, inside %v, all %v", r.Offence, r.Method, r.Days*24, r.Share, s.Hits, s.Best, s.Inside, s.All)
		}
		if r.Method == Random && math.Abs(s.PAI()*s.All/s.Inside-1) > .05 {
			t.Errorf("chance has a PAI of %v in its own cells", s.PAI()*s.All/s.Inside)
		}
		if r.Method == Ours && r.Share == .01 && s.PAI() < 15 {
			t.Errorf("PAI %v at 1 %% where half of all fall in ten places of a few cells", s.PAI())
		}
	}
	for _, c := range got.Calibrations {
		if ratio := c.Predicted / c.Actual; ratio < .85 || ratio > 1.15 {
			t.Errorf("%d h: %v expected of %v", c.Days*24, c.Predicted, c.Actual)
		}
	}
	slices.Reverse(incidents)
	again, err := Evaluate(context.Background(), incidents, o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got, again, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("the order of the incidents changes the result:\n%s", diff)
	}
}

// The methods see nothing of the day they are scored on: with those days' incidents
// moved elsewhere, what each expects on the first of them is the same.
func TestMethodsSeeNothingLater(t *testing.T) {
	at := start.Add(150 * 24 * time.Hour)
	expect := func(incidents []cluster.Incident) map[string]map[geo.Cell]float64 {
		study, err := risk.NewStudy(cluster.DistinctOf(incidents, nil), 9, nil)
		if err != nil {
			t.Fatal(err)
		}
		r := &replay{o: DefaultOptions(), study: study, learner: risk.NewLearner(study, nil), widths: map[string]float64{}}
		r.refit(at, []string{"theft"})
		out := map[string]map[geo.Cell]float64{}
		for _, m := range methods {
			out[m.name] = map[geo.Cell]float64{}
			for i, x := range m.expect(r, "theft", at, 1) {
				if x > 0 {
					out[m.name][study.Cells[i]] = x
				}
			}
		}
		return out
	}
	incidents := city(2000, 1)
	moved := slices.Clone(incidents)
	for i := range moved {
		if !moved[i].From.Before(at) {
			moved[i].Point = orb.Point{1.3, 52.9}
		}
	}
	if diff := cmp.Diff(expect(incidents), expect(moved), cmpopts.EquateApprox(1e-9, 0)); diff != "" {
		t.Errorf("(-here +moved):\n%s", diff)
	}
}

// The areas of a shift are the cells with the most, and stand apart.
func TestAreasStandApart(t *testing.T) {
	incidents := city(600, 2)
	study, err := risk.NewStudy(cluster.DistinctOf(incidents, nil), 9, nil)
	if err != nil {
		t.Fatal(err)
	}
	const n = 5
	r := &replay{study: study, o: DefaultOptions()}
	x := make([]float64, len(study.Cells))
	for i := range x {
		x[i] = float64((i * 7919) % 1000)
	}
	x[0] = 0
	chosen := r.apart(x, n)
	if len(chosen) != n {
		t.Fatalf("%d areas, want %d", len(chosen), n)
	}
	for k, i := range chosen {
		for _, j := range chosen[:k] {
			if d := geo.Distance(study.Centre(i), study.Centre(j)); d < r.o.Plan.Apart || x[j] < x[i] {
				t.Errorf("cell %d of %v comes %.0f m from cell %d of %v, which was taken before", i, x[i], d, j, x[j])
			}
		}
	}
	for i := range x { // what was passed over has less, or is too near to one with more
		if !slices.Contains(chosen, i) && x[i] > x[chosen[n-1]] &&
			!slices.ContainsFunc(chosen, func(j int) bool {
				return x[j] >= x[i] && geo.Distance(study.Centre(i), study.Centre(j)) < r.o.Plan.Apart
			}) {
			t.Errorf("cell %d of %v was passed over", i, x[i])
		}
	}
	if got := r.apart(make([]float64, len(x)), n); len(got) != 0 {
		t.Errorf("%d areas where nothing is expected", len(got))
	}
}

// Twenty incidents a day, half of them in ten places at any hour: five areas of a
// shift see a quarter of all at best, and chance lets them see far less than a tenth.
func TestTourOfTheShifts(t *testing.T) {
	o := DefaultOptions()
	o.From, o.To, o.Step = start.Add(150*24*time.Hour), start.Add(190*24*time.Hour), 10*24*time.Hour
	o.Replicates = 99
	got, err := Evaluate(context.Background(), city(4000, 1), o)
	if err != nil {
		t.Fatal(err)
	}
	tour := got.Tour
	if tour.Shifts != 15 || tour.Areas != 15*o.Plan.PerShift {
		t.Errorf("%d shifts of five days, with %d areas", tour.Shifts, tour.Areas)
	}
	for name, s := range map[string]Score{"plan": tour.InShift, "map": tour.MapShift} {
		if s.All < 80 || s.All > 120 || s.Hits < s.All/10 || s.Hits > s.All/2 || s.Cells != float64(tour.Areas) || s.Hits > s.Best || s.Inside > s.All {
			t.Errorf("%s: %+v", name, s)
		}
	}
	// Seven, eight and eight hours of which three are visited.
	part := float64(5*o.Plan.PerShift) * (3.0/7 + 3.0/8 + 3.0/8)
	if s := tour.InHours; math.Abs(s.Cells-part) > 1e-9 || s.Hits >= tour.InShift.Hits || s.Hits == 0 || s.All != tour.InShift.All || s.Past >= tour.InShift.Past {
		t.Errorf("in the plan's hours %+v, want the areas of %v shifts", s, part)
	}
	if s := tour.MapHours; math.Abs(s.Cells-part) > 1e-9 || s.Hits >= tour.MapShift.Hits {
		t.Errorf("the map in the plan's hours: %+v", s)
	}
	if tour.High == 0 || tour.High+tour.Medium > tour.Areas || float64(tour.HighHits+tour.MediumHits) > tour.InShift.Hits {
		t.Errorf("%d areas of high priority with %d incidents, %d of medium with %d", tour.High, tour.HighHits, tour.Medium, tour.MediumHits)
	}
	// A hundredth of the cells, about, and the next four: the ten places of half of all.
	rate := func(hits, cells int) float64 { return float64(hits) / float64(cells) }
	if all := int(tour.InShift.Universe); tour.HighCells < all/200 || tour.HighCells+tour.MediumCells > all/8 ||
		rate(tour.HighCellHits, tour.HighCells) < 1.5*rate(tour.MediumCellHits, tour.MediumCells) {
		t.Errorf("of %d cells %d high with %d incidents, %d medium with %d", all, tour.HighCells, tour.HighCellHits, tour.MediumCells, tour.MediumCellHits)
	}
}

// An incident that was reported a week late is not known to the plans before.
func TestPlansKnowWhatWasReported(t *testing.T) {
	o := DefaultOptions()
	o.From, o.To, o.Step = start.Add(150*24*time.Hour), start.Add(152*24*time.Hour), 24*time.Hour
	o.Replicates = 99
	incidents := city(1000, 1)
	there := orb.Point{1.3, 52.9}
	for i := range 40 {
		at := o.From.Add(-time.Duration(i) * time.Hour)
		incidents = append(incidents, cluster.Incident{ID: fmt.Sprint("late", i), Offence: "theft", From: cluster.At(at), To: cluster.At(at), Reported: cluster.At(at.Add(72 * time.Hour)), Point: there, Level: geo.LevelStreet, Confidence: 1})
	}
	hits := func() float64 {
		got, err := Evaluate(context.Background(), append(slices.Clone(incidents), cluster.Incident{ID: "next", Offence: "theft", From: cluster.At(o.To.Add(12 * time.Hour)),
			To: cluster.At(o.To.Add(12 * time.Hour)), Point: there, Level: geo.LevelStreet, Confidence: 1}), o)
		if err != nil {
			t.Fatal(err)
		}
		return got.Tour.InShift.Hits
	}
	late := hits()
	for i := range incidents {
		incidents[i].Reported = cluster.At(time.Time{})
	}
	if known := hits(); known <= late {
		t.Errorf("%v hits where forty incidents are known, %v where they are reported later", known, late)
	}
}

func TestOptionsThatCannotBeFollowed(t *testing.T) {
	for want, change := range map[string]func(*Options){
		"end before they start":  func(o *Options) { o.To = o.From.Add(-time.Hour) },
		"the step must be":       func(o *Options) { o.Step = time.Minute },
		"a fit at least as old":  func(o *Options) { o.Refit = o.Step / 2 },
		"shares of the area":     func(o *Options) { o.Shares = []float64{.05, .01} },
		"from over 0":            func(o *Options) { o.Shares = []float64{0, .01} },
		"at least 99 replicates": func(o *Options) { o.Replicates = 98 },
	} {
		o := DefaultOptions()
		o.From, o.To = start, start.Add(24*time.Hour)
		change(&o)
		if _, err := Evaluate(context.Background(), nil, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

func TestEvaluateIsTheSameOnAnyNumberOfCores(t *testing.T) {
	o := DefaultOptions()
	o.From, o.To, o.Step, o.Refit = start.Add(120*24*time.Hour), start.Add(190*24*time.Hour), 10*24*time.Hour, 40*24*time.Hour
	o.Replicates = 99
	incidents := city(1000, 1)
	on := func(cores int) Result {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		got, err := Evaluate(context.Background(), incidents, o)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	one := on(1)
	if one.Origins != 8 || one.Tour.Shifts == 0 {
		t.Fatalf("%d days and %d shifts", one.Origins, one.Tour.Shifts)
	}
	if diff := cmp.Diff(one, on(2), cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("(-one core +two):\n%s", diff)
	}
}

func BenchmarkEvaluate(b *testing.B) {
	o := DefaultOptions()
	o.From, o.To, o.Step = start.Add(60*24*time.Hour), start.Add(190*24*time.Hour), 24*time.Hour
	incidents := city(100_000, 1)
	for b.Loop() {
		if _, err := Evaluate(context.Background(), incidents, o); err != nil {
			b.Fatal(err)
		}
	}
}
