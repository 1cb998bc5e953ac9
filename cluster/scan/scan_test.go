package scan

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// drawn makes cases, some with intervals, and options to scan them.
func drawn(t *rapid.T) ([]Case, Options) {
	seed := rapid.Uint64().Draw(t, "cases")
	rng := rand.New(rand.NewPCG(seed, 1))
	cases := randomCases(rng, rapid.IntRange(2, 60).Draw(t, "n"), 10, rapid.Bool().Draw(t, "intervals"))
	o := DefaultOptions()
	o.Replicates, o.MaxRadiusM = 19, 2500
	if rapid.Bool().Draw(t, "retrospective") {
		o.Mode = Retrospective
	} else {
		o.Lookback = time.Duration(rapid.IntRange(0, 3).Draw(t, "lookback")) * 24 * time.Hour
	}
	if rapid.Bool().Draw(t, "hours") {
		o.Step, o.MaxWindow = 3*time.Hour, 48*time.Hour
	}
	return cases, o
}

func scanned(t interface{ Fatal(...any) }, cases []Case, o Options) Result {
	res, err := Run(cases, o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func same(t interface{ Errorf(string, ...any) }, what string, want, got Result) {
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("%s changes the answer:\n%s", what, diff)
	}
}

func TestOrderOfInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cases, o := drawn(t)
		want := scanned(t, cases, o)
		shuffled := rapid.Permutation(cases).Draw(t, "order")
		same(t, "the order of the input", want, scanned(t, shuffled, o))
	})
}

func TestCores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cases, o := drawn(t)
		o.Workers = 1
		want := scanned(t, cases, o)
		for _, n := range []int{2, 8} {
			o.Workers = n
			same(t, fmt.Sprint(n, " goroutines"), want, scanned(t, cases, o))
		}
	})
}

// Places are named, so that new IDs do not name them anew.
func TestRelabelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cases, o := drawn(t)
		for i := range cases {
			cases[i].Location = fmt.Sprint(cases[i].Point)
		}
		want := scanned(t, cases, o)
		renamed := make(map[string]string)
		other := slices.Clone(cases)
		for i := range other {
			other[i].ID = fmt.Sprintf("x%03d", (i*37)%101)
			renamed[cases[i].ID] = other[i].ID
		}
		for i := range want.Sprees {
			for k, id := range want.Sprees[i].Cases {
				want.Sprees[i].Cases[k] = renamed[id]
			}
			slices.Sort(want.Sprees[i].Cases)
		}
		same(t, "new IDs", want, scanned(t, other, o))
	})
}

func TestTimeShift(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cases, o := drawn(t)
		shift := time.Duration(rapid.IntRange(-500, 500).Draw(t, "days")) * 24 * time.Hour
		want := scanned(t, cases, o)
		moved := slices.Clone(cases)
		for i := range moved {
			moved[i].From = moved[i].From.Add(shift)
			if !moved[i].To.IsZero() {
				moved[i].To = moved[i].To.Add(shift)
			}
		}
		want.From, want.To = want.From.Add(shift), want.To.Add(shift)
		for i := range want.Sprees {
			want.Sprees[i].From, want.Sprees[i].To = want.Sprees[i].From.Add(shift), want.Sprees[i].To.Add(shift)
		}
		same(t, "a shift in time", want, scanned(t, moved, o))
	})
}

// An interval within one step has its whole weight there, so it is an instant.
func TestIntervalWithinAStep(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cases, o := drawn(t)
		points := slices.Clone(cases)
		short := slices.Clone(cases)
		for i := range points {
			day := cases[i].From.Truncate(24 * time.Hour)
			points[i].From, points[i].To = day.Add(time.Hour), time.Time{}
			short[i].From, short[i].To = day.Add(time.Hour), day.Add(2*time.Hour)
		}
		same(t, "an interval within a step", scanned(t, points, o), scanned(t, short, o))
	})
}

// Weights that are split and weights that are not go through the same search:
// with instants alone in units of a split case, the classic scan comes out.
func TestSplitWeightsOfInstants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cases, o := drawn(t)
		for i := range cases {
			cases[i].To = time.Time{}
		}
		classic := prepared(t, cases, o)
		split := prepared(t, cases, o)
		split.unit = unit
		for i := range split.cum {
			split.cum[i] *= unit
		}
		for _, prof := range split.times {
			for i := range prof {
				prof[i].weight *= unit
			}
		}
		wantFound, wantMaxima, err1 := classic.search()
		found, maxima, err2 := split.search()
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		for i := range found {
			found[i].count /= unit
		}
		if diff := cmp.Diff(wantFound, found, cmp.AllowUnexported(candidate{}), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("sprees (-classic +split):\n%s", diff)
		}
		if diff := cmp.Diff(wantMaxima, maxima, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("maxima (-classic +split):\n%s", diff)
		}
	})
}

func prepared(t interface{ Fatal(...any) }, cases []Case, o Options) *problem {
	p, err := newProblem(cases, o)
	if err != nil {
		t.Fatal(err)
	}
	p.ctx = context.Background()
	return p
}

// Counters that were laid out for far smaller zones overflow, and give the zone
// to the tally. Levels suit lanes that are few; both must not change the answer.
func TestCountersOverflow(t *testing.T) {
	for _, mode := range []Mode{Prospective, Retrospective} {
		for _, hours := range []bool{false, true} {
			t.Run(fmt.Sprintf("mode %d, hours %v", mode, hours), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(3, 3))
				cases := randomCases(rng, 900, 8, hours)
				for i := range cases { // most of them at the end
					if i%4 != 0 {
						cases[i].From = cases[i].From.AddDate(0, 0, 8).Truncate(24 * time.Hour)
						cases[i].To = time.Time{}
					}
				}
				o := DefaultOptions()
				o.Mode, o.MaxRadiusM, o.Replicates = mode, 6000, 40
				if hours {
					o.Step, o.MaxWindow = 6*time.Hour, 72*time.Hour
				}
				p := prepared(t, cases, o)
				wantFound, want, err := p.search()
				if err != nil {
					t.Fatal(err)
				}
				largest := p.largest
				p.largest = 1
				classes, class := p.classes()
				k := newCounters(p, classes)
				p.largest = largest
				widest := uint(0)
				for _, f := range slices.Concat(k.fields...) {
					widest = max(widest, f.width)
				}
				for _, f := range wantFound[:1] {
					if f.count/p.unit < 1<<(widest-1)/k.scale {
						t.Fatalf("c = %d does not overflow %d bits", f.count/p.unit, widest)
					}
				}
				found, got, err := p.searchWith(k, classes, class).all()
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("maxima (-wide +narrow):\n%s", diff)
				}
				if diff := cmp.Diff(wantFound, found, cmp.AllowUnexported(candidate{})); diff != "" {
					t.Errorf("sprees (-wide +narrow):\n%s", diff)
				}
			})
		}
	}
}

// A sequential p is what the full row of maxima says it is, however many
// replicates were not looked through to the end.
func TestSequential(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cases, o := drawn(t)
		o.Replicates = rapid.IntRange(1, 150).Draw(t, "replicates")
		full := scanned(t, cases, o)
		o.PMethod, o.StopAfter = Sequential, rapid.IntRange(1, 12).Draw(t, "stop after")
		got := scanned(t, cases, o)
		if len(got.Sprees) != len(full.Sprees) || got.Maxima != nil || got.Critical != nil {
			t.Fatalf("%d sprees, want %d; maxima %v, critical values %v", len(got.Sprees), len(full.Sprees), got.Maxima, got.Critical)
		}
		for i, s := range got.Sprees {
			reached, at := 0, 0
			for r, m := range full.Maxima {
				if m >= s.LLR && at == 0 {
					if reached++; reached == o.StopAfter {
						at = r + 1
					}
				}
			}
			want := float64(1+reached) / float64(1+o.Replicates)
			if at > 0 {
				want = float64(o.StopAfter) / float64(at)
			}
			if s.P != want || s.PMethod != Sequential {
				t.Errorf("spree %d: p = %v (%s), want %v", i, s.P, s.PMethod, want)
			}
		}
	})
}

// Under the null hypothesis P(p ≤ α) ≤ α, and nearly α where ties are few. Of 300
// data sets without a spree, the share with p ≤ .05, .2 and .5 may be over by
// three standard errors, .038, .069 and .087, and under by four and a tenth of α:
// the maxima of small data are few numbers, and ties count against significance.
func TestUniformUnderTheNull(t *testing.T) {
	const sets = 300
	var ps []float64
	for seed := range uint64(sets) {
		rng := rand.New(rand.NewPCG(seed, 5))
		cases := make([]Case, 60)
		for i := range cases {
			cases[i] = Case{
				ID:    fmt.Sprint(i),
				Point: orb.Point{1 + rng.Float64()/10, 52 + rng.Float64()/10},
				From:  time.Date(2024, 3, 1, 0, rng.IntN(20*24*60), 0, 0, time.UTC),
			}
		}
		o := DefaultOptions()
		o.Mode, o.MaxRadiusM, o.Replicates, o.Seed = Retrospective, 3000, 19, seed
		ps = append(ps, scanned(t, cases, o).Sprees[0].P)
	}
	for _, alpha := range []float64{.05, .2, .5} {
		under := 0
		for _, p := range ps {
			if p <= alpha+1e-9 {
				under++
			}
		}
		share, se := float64(under)/sets, math.Sqrt(alpha*(1-alpha)/sets)
		if share > alpha+3*se || share < 0.9*alpha-4*se {
			t.Errorf("p ≤ %v in %.3f of the data sets, standard error %.3f", alpha, share, se)
		}
	}
}

func TestPIsInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cases, o := drawn(t)
		o.PMethod = rapid.SampledFrom([]PMethod{MonteCarlo, Gumbel, Sequential}).Draw(t, "method")
		for _, s := range scanned(t, cases, o).Sprees {
			if !(s.P > 0 && s.P <= 1) {
				t.Errorf("p = %v", s.P)
			}
			if !(s.Observed > s.Expected && s.Expected > 0) {
				t.Errorf("observed %v, expected %v", s.Observed, s.Expected)
			}
			if o.Mode == Prospective && s.Recurrence != max(1, o.Step.Hours()/24)/s.P {
				t.Errorf("recurrence %v days at p = %v", s.Recurrence, s.P)
			}
		}
	})
}

// The Gumbel p of LLR 5 with maxima 1, 2, 3: mean 2, standard deviation 1, so
// scale √6/π = 0.77970 and location 2 − 0.45005 = 1.54995; exp(−(5−1.54995)/0.77970)
// = 0.011976, p = 1 − exp(−0.011976) = 0.011905. By hand.
func TestGumbelByHand(t *testing.T) {
	o := DefaultOptions()
	o.PMethod = Gumbel
	if got := newJudge([]float64{3, 1, 2}, o).p(5); math.Abs(got-0.011905) > 2e-6 {
		t.Errorf("p = %v, want 0.011905", got)
	}
	if got := newJudge([]float64{3, 1, 2}, o).p(1e6); !(got > 0) {
		t.Errorf("p of a million = %v, want over 0", got)
	}
	if got := newJudge([]float64{2, 2, 2}, o).p(2); got != 1 {
		t.Errorf("p among equal maxima = %v, want the Monte Carlo p, 1", got)
	}
}

// Of 99 maxima 1 to 99, p ≤ .05 needs at most 4 at or above: over the 5th, 95.
func TestCriticalValues(t *testing.T) {
	var maxima []float64
	for i := range 99 {
		maxima = append(maxima, float64(99-i))
	}
	want := []Critical{{.05, 95}, {.01, 99}}
	if diff := cmp.Diff(want, criticalValues(maxima)); diff != "" {
		t.Errorf("critical values (-want +got):\n%s", diff)
	}
	if got := criticalValues(maxima[:18]); got != nil {
		t.Errorf("18 replicates give %v, want none", got)
	}
}

func TestLittleData(t *testing.T) {
	at := time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)
	here, there := orb.Point{1.3, 52.6}, orb.Point{1.4, 52.7}
	for _, tt := range []struct {
		name  string
		cases []Case
		set   func(*Options)
		want  int // cases in the study
	}{
		{"none", nil, func(*Options) {}, 0},
		{"one", []Case{{ID: "a", Point: here, From: at}}, func(*Options) {}, 1},
		{"one place", []Case{{ID: "a", Point: here, From: at}, {ID: "b", Point: here, From: at.AddDate(0, 0, 9)}}, func(*Options) {}, 2},
		{"one time", []Case{{ID: "a", Point: here, From: at}, {ID: "b", Point: there, From: at}}, func(*Options) {}, 2},
		{"none in the study", []Case{{ID: "a", Point: here, From: at}}, func(o *Options) { o.From = at.AddDate(1, 0, 0) }, 0},
		{"no replicates", []Case{{ID: "a", Point: here, From: at}, {ID: "b", Point: there, From: at}}, func(o *Options) { o.Replicates = 0 }, 2},
		{"centres far away", []Case{{ID: "a", Point: here, From: at}}, func(o *Options) {
			o.Centres = []Centre{{"x", orb.Point{-70, -40}}}
		}, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, mode := range []Mode{Prospective, Retrospective} {
				o := DefaultOptions()
				o.Mode = mode
				o.Replicates = 9
				tt.set(&o)
				got := scanned(t, tt.cases, o)
				if got.Cases != tt.want || len(got.Sprees) != 0 || got.Cases+got.Outside != len(tt.cases) {
					t.Errorf("%d cases, %d outside, sprees %v; want %d and none", got.Cases, got.Outside, got.Sprees, tt.want)
				}
			}
		})
	}
}

func TestRefuses(t *testing.T) {
	at := time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)
	good := Case{ID: "a", Point: orb.Point{1.3, 52.6}, From: at}
	for _, tt := range []struct {
		name, want string
		c          Case
		set        func(*Options)
	}{
		{"latitude", `case "b": longitude or latitude out of range`, Case{ID: "b", Point: orb.Point{0, 95}, From: at}, nil},
		{"NaN", `case "b": longitude or latitude out of range`, Case{ID: "b", Point: orb.Point{math.NaN(), 5}, From: at}, nil},
		{"the same id", `case id "a" occurs twice`, good, nil},
		{"no time", `case "b" has no time`, Case{ID: "b"}, nil},
		{"ends before it starts", `case "b" ends before it starts`, Case{ID: "b", From: at, To: at.Add(-1)}, nil},
		{"lasts for ever", `case "b" lasts 292 years or more`, Case{ID: "b", From: at, To: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}, nil},
		{"centre twice", `centre id "x" occurs twice`, Case{ID: "b", From: at}, func(o *Options) { o.Centres = []Centre{{ID: "x"}, {ID: "x"}} }},
		{"centre out of range", `centre "x": longitude`, Case{ID: "b", From: at}, func(o *Options) {
			o.Centres = []Centre{{"x", orb.Point{0, math.Inf(1)}}}
		}},
		{"too many steps", "the study has over 10000000 steps", Case{ID: "b", From: at.AddDate(-100, 0, 0)}, func(o *Options) { o.Step = time.Minute }},
		{"radius", "radius must be 0 or more", good, func(o *Options) { o.MaxRadiusM = -1 }},
		{"radius NaN", "radius must be 0 or more", good, func(o *Options) { o.MaxRadiusM = math.NaN() }},
		{"share", "share of cases", good, func(o *Options) { o.MaxShare = 1.5 }},
		{"step", "step 36h0m0s is not", good, func(o *Options) { o.Step = 36 * time.Hour }},
		{"window", "shorter than a step", good, func(o *Options) { o.MaxWindow = time.Hour }},
		{"study", "ends before it starts", good, func(o *Options) { o.From, o.To = at, at }},
		{"lookback in retrospect", "belong to a prospective scan", good, func(o *Options) { o.Mode, o.Lookback = Retrospective, time.Hour }},
		{"resolution", "resolution 16", good, func(o *Options) { o.Locations, o.Resolution = Cells, 16 }},
		{"replicates", "-1 replicates", good, func(o *Options) { o.Replicates = -1 }},
		{"method", `unknown method for p "guess"`, good, func(o *Options) { o.PMethod = "guess" }},
		{"stop", "stops after 1", good, func(o *Options) { o.PMethod, o.StopAfter = Sequential, 0 }},
		{"min cases", "at least 1 case", good, func(o *Options) { o.MinCases = 0 }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := DefaultOptions()
			if tt.set != nil {
				tt.set(&o)
			}
			_, err := Run([]Case{good, tt.c}, o)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestGivesUp(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	cases := randomCases(rand.New(rand.NewPCG(1, 1)), 30, 8, false)
	if _, err := RunContext(ctx, cases, DefaultOptions()); err == nil {
		t.Error("a scan that was called off gave an answer")
	}
}

// 31 March 2024 has 23 hours in London and 27 October 25; both are a step.
func TestDaysOfTheCalendar(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		month time.Month
		day   int
		hours time.Duration
	}{{"spring", 3, 31, 23}, {"autumn", 10, 27, 25}} {
		t.Run(tt.name, func(t *testing.T) {
			o := DefaultOptions()
			o.Zone = london
			cases := []Case{
				{ID: "a", Point: orb.Point{1, 52}, From: time.Date(2024, tt.month, tt.day, 0, 0, 0, 0, london)},
				{ID: "b", Point: orb.Point{1, 53}, From: time.Date(2024, tt.month, tt.day, 23, 59, 0, 0, london)},
			}
			got := scanned(t, cases, o)
			if got.Steps != 1 || got.To.Sub(got.From) != tt.hours*time.Hour {
				t.Errorf("%d steps over %v, want 1 over %d h", got.Steps, got.To.Sub(got.From), tt.hours)
			}
		})
	}
}

// Of an interval over seven steps each has a seventh, to the last digit; and
// whatever the interval, the weights add up to a case.
func TestProfile(t *testing.T) {
	st := steps{}
	start := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	for i := range 25 {
		st.bounds = append(st.bounds, start.Add(time.Duration(i)*time.Hour))
	}
	prof := st.profile(Case{From: start.Add(2 * time.Hour), To: start.Add(9 * time.Hour)}, unit, nil)
	if len(prof) != 7 || prof[0].step != 2 || prof[3].weight*7 != unit {
		t.Errorf("profile %v, want a seventh in each of steps 2 to 8", prof)
	}
	rapid.Check(t, func(t *rapid.T) {
		from := start.Add(time.Duration(rapid.Int64Range(-1e15, 86_399e9).Draw(t, "from")))
		to := from.Add(time.Duration(rapid.Int64Range(0, 1e16).Draw(t, "length")))
		c := Case{From: from, To: to}
		if !st.meets(c) {
			return
		}
		prof := st.profile(c, unit, nil)
		var sum int64
		for _, w := range prof {
			sum += w.weight
			share := 1.0
			if to.After(from) {
				lo, hi := st.bounds[w.step], st.bounds[w.step+1]
				if lo.Before(from) {
					lo = from
				}
				if hi.After(to) {
					hi = to
				}
				share = float64(hi.Sub(lo)) / float64(to.Sub(from))
			}
			if math.Abs(float64(w.weight)-share*unit) > 1.001 {
				t.Errorf("step %d has %d of %d, want a share of %v", w.step, w.weight, unit, share)
			}
		}
		whole := !from.Before(st.bounds[0]) && !to.After(st.bounds[24])
		if sum > unit || whole && sum != unit {
			t.Errorf("weights add up to %d of %d", sum, unit)
		}
	})
}

// The table lets through whatever scores over its level, and little else.
func TestGreatestMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := float64(rapid.IntRange(1, 1_000_000).Draw(t, "n"))
		c := math.Min(n, float64(rapid.IntRange(1, 2000).Draw(t, "c")))
		b := levelLLR(rapid.IntRange(0, maxLevel).Draw(t, "level"))
		mu := greatestMean(c, b, n)
		if !(mu > 0) {
			t.Fatalf("mean %v", mu)
		}
		if over := logLikelihoodRatio(c, mu*(1+1e-9), n); over > b {
			t.Errorf("c %v of %v: μ = %v is refused, and its LLR %v is over %v", c, n, mu, over, b)
		}
		if b > 0 {
			if under := logLikelihoodRatio(c, mu*(1-1e-5), n); under < b {
				t.Errorf("c %v of %v: μ = %v is let through, and its LLR %v is under %v", c, n, mu*(1-1e-5), under, b)
			}
		}
	})
}

// Two bursts that share a place, days apart: in retrospect both are told, and by
// the older rule the weaker is hidden.
func TestOverlap(t *testing.T) {
	start := time.Date(2024, 3, 1, 12, 0, 0, 0, time.UTC)
	var cases []Case
	add := func(n int, lon float64, day int) {
		for range n {
			cases = append(cases, Case{ID: fmt.Sprint(len(cases)), Point: orb.Point{lon, 52}, From: start.AddDate(0, 0, day)})
		}
	}
	add(5, 0.999, 3) // the stronger burst, at 0.999 and 1
	add(4, 1, 3)
	add(4, 1, 9) // the weaker, at 1 and 1.001
	add(4, 1.001, 9)
	for day := range 14 {
		add(3, 2, day) // elsewhere, always
	}
	for _, tt := range []struct {
		rule Overlap
		want []int // days of the sprees around 1
	}{{OverlapDefault, []int{3, 9}}, {OverlapTime, []int{3, 9}}, {OverlapSpace, []int{3}}} {
		o := DefaultOptions()
		o.Mode, o.MaxRadiusM, o.MaxWindow, o.Replicates, o.Overlap = Retrospective, 500, 24*time.Hour, 0, tt.rule
		res, err := Run(cases, o)
		if err != nil {
			t.Fatal(err)
		}
		var days []int
		for _, s := range res.Sprees {
			if s.Centre.Lon() < 1.5 {
				days = append(days, int(s.From.Sub(start.Add(-12*time.Hour))/(24*time.Hour)))
			}
		}
		if !slices.Equal(days, tt.want) {
			t.Errorf("rule %d: sprees on days %v, want %v", tt.rule, days, tt.want)
		}
	}
}

// weekendTowns invents ten weeks in which some places have their cases at
// weekends and others on working days, and nothing else depends on time. The
// last day is a Sunday.
func weekendTowns(rng *rand.Rand) []Case {
	start := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC) // a Monday
	var cases []Case
	for i := range 900 {
		place, week := rng.IntN(30), rng.IntN(10)
		day := rng.IntN(5)
		if place < 10 {
			day = 5 + rng.IntN(2)
		}
		cases = append(cases, Case{
			ID: fmt.Sprint(i), Point: orb.Point{1 + float64(place)/20, 52}, From: start.AddDate(0, 0, week*7+day),
		})
	}
	return cases
}

// What is usual for the weekday at a place is no spree once it is adjusted for,
// and chance is as likely as p says.
func TestAdjustWeekdayIsCalibrated(t *testing.T) {
	const series = 300
	raised := map[Adjustment]int{}
	for i := range uint64(series) {
		cases := weekendTowns(rand.New(rand.NewPCG(i, 77)))
		for _, adjust := range []Adjustment{AdjustNone, AdjustWeekday} {
			o := DefaultOptions()
			o.Adjust, o.Seed, o.Replicates, o.MaxWindow, o.Workers = adjust, i, 99, 3*24*time.Hour, 1
			o.To = time.Date(2024, 3, 11, 0, 0, 0, 0, time.UTC)
			res := scanned(t, cases, o)
			if len(res.Sprees) > 0 && res.Sprees[0].P <= .05 {
				raised[adjust]++
			}
		}
	}
	t.Logf("p ≤ .05 in %d of %d, unadjusted %d", raised[AdjustWeekday], series, raised[AdjustNone])
	// .05 give or take 2.6 standard errors of 300.
	if share := float64(raised[AdjustWeekday]) / series; share < .017 || share > .083 {
		t.Errorf("adjusted, p ≤ .05 in %.3f of the series", share)
	}
	if share := float64(raised[AdjustNone]) / series; share < .5 {
		t.Errorf("unadjusted, p ≤ .05 in %.3f: the series do not need the adjustment", share)
	}
}

// By hand: of four Monday's cases, two a Monday, half are here; of three on the
// last day, a Tuesday, two are.
func TestAdjustWeekdayExpected(t *testing.T) {
	monday := time.Date(2024, 1, 1, 12, 0, 0, 0, time.UTC)
	here, there := orb.Point{1, 52}, orb.Point{2, 52}
	var cases []Case
	for _, c := range []struct {
		at  orb.Point
		day int
	}{{here, 0}, {there, 0}, {here, 7}, {there, 7}, {here, 8}, {there, 8}, {here, 8}} {
		cases = append(cases, Case{ID: fmt.Sprint(len(cases)), Point: c.at, From: monday.AddDate(0, 0, c.day)})
	}
	o := DefaultOptions()
	o.Adjust, o.Replicates, o.MaxRadiusM, o.MaxShare, o.MaxWindow = AdjustWeekday, 0, 0, 1, 48*time.Hour
	res := scanned(t, cases, o)
	// Best is the last Tuesday alone or with its Monday: c = 3, of Mondays 2·2/4 = 1
	// and of Tuesdays 2·3/3 = 2: no excess, so nothing is found.
	if len(res.Sprees) != 0 {
		t.Errorf("got %+v, want nothing over what its weekdays explain", res.Sprees)
	}
	// One Monday's case fewer elsewhere in the window: Mondays expect 2·1/3.
	res = scanned(t, slices.Delete(cases, 3, 4), o)
	if len(res.Sprees) != 1 || res.Sprees[0].Observed != 3 || math.Abs(res.Sprees[0].Expected-(2.0/3+2)) > 1e-12 {
		t.Errorf("got %+v, want 3 observed and 2 2/3 expected", res.Sprees)
	}
}
