package scan

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// brute is the scan done the long way: every centre, every zone, every window,
// every replicate, each summed anew. It shares no search with the package, only
// the order in which a replicate draws.
type brute struct {
	o      Options
	bounds []time.Time
	cases  []Case
	unit   int64
	weight [][]int64 // by case and step
	cum    []int64
	place  []int // of each case
	names  []string
	points []orb.Point
	centre []int
}

func newBrute(cases []Case, bounds []time.Time, o Options) *brute {
	b := &brute{o: o, bounds: bounds, unit: 1}
	first, last := bounds[0], bounds[len(bounds)-1]
	for _, c := range cases {
		if c.To.IsZero() {
			c.To = c.From
		}
		instant := c.To.Equal(c.From)
		if !c.From.Before(last) || instant && c.From.Before(first) || !instant && !c.To.After(first) {
			continue
		}
		for range max(1, c.Count) {
			b.cases = append(b.cases, c)
		}
		whole := false
		for t := range b.steps() {
			whole = whole || !c.From.Before(bounds[t]) &&
				(instant && c.From.Before(bounds[t+1]) || !instant && !c.To.After(bounds[t+1]))
		}
		if !whole {
			b.unit = unit
		}
	}
	b.cum = make([]int64, b.steps()+1)
	for _, c := range b.cases {
		w := make([]int64, b.steps())
		for t := range w {
			w[t] = b.upTo(c, bounds[t+1]) - b.upTo(c, bounds[t])
			b.cum[t+1] += w[t]
		}
		b.weight = append(b.weight, w)
	}
	for t := range b.steps() {
		b.cum[t+1] += b.cum[t]
	}
	b.locate()
	return b
}

func (b *brute) steps() int { return len(b.bounds) - 1 }

// upTo returns the case's weight before t, rounded half up.
func (b *brute) upTo(c Case, t time.Time) int64 {
	if !c.To.After(c.From) {
		if c.From.Before(t) {
			return b.unit
		}
		return 0
	}
	num := big.NewInt(max(0, min(int64(t.Sub(c.From)), int64(c.To.Sub(c.From)))))
	den := big.NewInt(int64(c.To.Sub(c.From)))
	num.Mul(num, big.NewInt(2*b.unit)).Add(num, den)
	return num.Div(num, den.Mul(den, big.NewInt(2))).Int64()
}

func (b *brute) locate() {
	type at struct {
		name   string
		point  orb.Point
		centre string
	}
	byPoint := map[orb.Point]*at{}
	enter := func(name string, p orb.Point) *at {
		a := byPoint[p]
		if a == nil {
			a = &at{name, p, ""}
			byPoint[p] = a
		}
		if name != "" && (a.name == "" || name < a.name) {
			a.name = name
		}
		return a
	}
	points := make([]orb.Point, len(b.cases))
	for i, c := range b.cases {
		name := c.Location
		points[i] = c.Point
		if b.o.Locations == Cells {
			cell, err := geo.CellAt(c.Point, b.o.Resolution)
			if err != nil {
				panic(err)
			}
			name, points[i] = cell.String(), cell.Centre()
		}
		enter(name, points[i])
	}
	for _, c := range b.o.Centres {
		a := enter("", c.Point)
		if a.centre == "" || c.ID < a.centre {
			a.centre = c.ID
		}
	}
	var all []*at
	for _, a := range byPoint {
		if a.centre != "" {
			a.name = a.centre
		}
		all = append(all, a)
	}
	sort.Slice(all, func(i, j int) bool {
		if all[i].name != all[j].name {
			return all[i].name < all[j].name
		}
		if all[i].point[0] != all[j].point[0] {
			return all[i].point[0] < all[j].point[0]
		}
		return all[i].point[1] < all[j].point[1]
	})
	for i, a := range all {
		b.names = append(b.names, a.name)
		b.points = append(b.points, a.point)
		if len(b.o.Centres) == 0 || a.centre != "" {
			b.centre = append(b.centre, i)
		}
	}
	for i := range b.cases {
		b.place = append(b.place, slices.Index(b.points, points[i]))
	}
}

// zones returns the places around a centre, nearest first, and how far they are.
func (b *brute) zones(centre int) (order []int, chord []float64) {
	o := cluster.OnSphere(b.points[centre], earthRadius)
	d := make([]float64, len(b.points))
	for i := range b.points {
		p := cluster.OnSphere(b.points[i], earthRadius)
		d[i] = math.Sqrt((p[0]-o[0])*(p[0]-o[0]) + (p[1]-o[1])*(p[1]-o[1]) + (p[2]-o[2])*(p[2]-o[2]))
		if d[i] <= b.o.MaxRadiusM {
			order = append(order, i)
		}
	}
	sort.Slice(order, func(i, j int) bool {
		x, y := order[i], order[j]
		if d[x] != d[y] {
			return d[x] < d[y]
		}
		p, q := cluster.OnSphere(b.points[x], earthRadius), cluster.OnSphere(b.points[y], earthRadius)
		return slices.Compare(p[:], q[:]) < 0
	})
	return order, d
}

// scan returns the best of every centre, given the place of each case. Windows
// end at leastEnd or later.
func (b *brute) scan(place []int, leastEnd int) []Spree {
	n := float64(len(b.cases))
	longest := int(b.o.MaxWindow / b.o.Step)
	var out []Spree
	for _, centre := range b.centre {
		order, chord := b.zones(centre)
		var best Spree
		for k := 1; k <= len(order); k++ {
			in := order[:k]
			inZone := 0
			sum := make([]int64, b.steps()+1) // weight in the zone before each step
			for i := range b.cases {
				if slices.Contains(in, place[i]) {
					inZone++
					for t := range b.steps() {
						sum[t+1] += b.weight[i][t]
					}
				}
			}
			for t := range b.steps() {
				sum[t+1] += sum[t]
			}
			if float64(inZone) > b.o.MaxShare*n {
				break
			}
			for end := leastEnd; end <= b.steps(); end++ {
				for start := end - 1; start >= 0 && end-start <= longest; start-- {
					count := sum[end] - sum[start]
					if count < int64(b.o.MinCases)*b.unit {
						continue
					}
					c := float64(count) / float64(b.unit)
					mu := float64(inZone) * (float64(b.cum[end]-b.cum[start]) / float64(b.unit)) / n
					if b.o.Adjust != AdjustNone {
						mu = b.expected(place, in, start, end)
					}
					if !(c > mu) {
						continue
					}
					llr := c * math.Log(c/mu)
					if c < n {
						llr += (n - c) * math.Log((n-c)/(n-mu))
					}
					if llr > best.LLR {
						best = Spree{
							CentreID: b.names[centre], Centre: b.points[centre],
							RadiusM: arc(chord[in[k-1]]), Locations: k,
							From: b.bounds[start], To: b.bounds[end], Observed: c, Expected: mu, LLR: llr,
						}
						for _, i := range in {
							best.Points = append(best.Points, b.points[i])
						}
						for i, c := range b.cases {
							var w int64
							for t := start; t < end; t++ {
								w += b.weight[i][t]
							}
							if slices.Contains(in, place[i]) && w > 0 {
								best.Cases = append(best.Cases, c.ID)
							}
						}
						slices.Sort(best.Cases)
						best.Cases = slices.Compact(best.Cases)
					}
				}
			}
		}
		if best.LLR > 0 {
			out = append(out, best)
		}
	}
	return out
}

// sprees keeps the best of the centres that share no place; or in retrospect,
// unless the older rule is asked for, no place at one time.
func (b *brute) sprees(leastEnd int) []Spree {
	all := b.scan(b.place, leastEnd)
	sort.SliceStable(all, func(i, j int) bool {
		if all[i].LLR != all[j].LLR {
			return all[i].LLR > all[j].LLR
		}
		return all[i].Locations < all[j].Locations
	})
	daysCount := b.o.Overlap == OverlapTime || b.o.Overlap == OverlapDefault && b.o.Mode == Retrospective
	var out []Spree
	for _, s := range all {
		hidden := slices.ContainsFunc(out, func(better Spree) bool {
			for _, p := range s.Points {
				if slices.Contains(better.Points, p) {
					return !daysCount || s.From.Before(better.To) && better.From.Before(s.To)
				}
			}
			return false
		})
		if !hidden {
			out = append(out, s)
		}
	}
	return out
}

// maximum returns the greatest LLR of a replicate. The times of a stratum's cases,
// in their order, go to its places, in theirs, as the replicate's shuffle says.
func (b *brute) maximum(replicate uint64, leastEnd int) float64 {
	place := make([]int, len(b.cases))
	for s, in := range b.strata() {
		var slots []int
		for _, i := range in {
			slots = append(slots, b.place[i])
		}
		slices.Sort(slots)
		sort.SliceStable(in, func(x, y int) bool {
			i, j := in[x], in[y]
			if c := b.cases[i].From.Compare(b.cases[j].From); c != 0 {
				return c < 0
			}
			return b.cases[i].To.Before(b.cases[j].To)
		})
		shuffle := cluster.NewShuffle(len(in), b.o.Seed, replicate, uint64(s))
		for k, i := range in {
			place[i] = slots[shuffle.Of(k)]
		}
	}
	var m float64
	for _, s := range b.scan(place, leastEnd) {
		m = max(m, s.LLR)
	}
	return m
}

// strata returns the cases by weekday, or all together.
func (b *brute) strata() [][]int {
	out := make([][]int, 1)
	if b.o.Adjust == AdjustWeekday {
		out = make([][]int, 7)
	}
	for i, c := range b.cases {
		s := 0
		if b.o.Adjust == AdjustWeekday {
			s = int(time.UnixMicro((c.From.UnixMicro() + c.To.UnixMicro()) / 2).In(b.o.zone()).Weekday())
		}
		out[s] = append(out[s], i)
	}
	return out
}

// expected returns μ of the places and window: over the strata, the cases in
// the places times the weight in the window over the stratum's cases.
func (b *brute) expected(place []int, in []int, start, end int) float64 {
	mu := 0.0
	for _, stratum := range b.strata() {
		inZone, weight := 0, int64(0)
		for _, i := range stratum {
			if slices.Contains(in, place[i]) {
				inZone++
			}
			for t := start; t < end; t++ {
				weight += b.weight[i][t]
			}
		}
		if inZone > 0 {
			mu += float64(inZone) * (float64(weight) / float64(b.unit)) / float64(len(stratum))
		}
	}
	return mu
}

// randomCases invents cases on a small map, where equal distances, shared places
// and ties in LLR are common.
func randomCases(rng *rand.Rand, n, days int, intervals bool) []Case {
	start := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	cases := make([]Case, n)
	for i := range cases {
		p := orb.Point{1 + float64(rng.IntN(6))/100, 52 + float64(rng.IntN(6))/100}
		from := start.Add(time.Duration(rng.IntN(days*24*60)) * time.Minute)
		if rng.IntN(3) == 0 { // a burst
			p = orb.Point{1.02, 52.03}
			from = start.Add(time.Duration((days-1)*24*60-rng.IntN(24*60)) * time.Minute)
		}
		c := Case{ID: fmt.Sprint("c", i), Point: p, From: from}
		if intervals && rng.IntN(2) == 0 {
			c.To = from.Add(time.Duration(rng.IntN(60*60)) * time.Minute)
		}
		cases[i] = c
	}
	return cases
}

// A setting is a kind of scan.
type setting struct {
	name string
	set  func(*Options)
}

// settings are the kinds of scans that twins and parts are tried on.
var settings = []setting{
	{"prospective days", func(o *Options) {}},
	{"retrospective days", func(o *Options) { o.Mode = Retrospective }},
	{"retrospective, the older rule of overlap", func(o *Options) { o.Mode, o.Overlap = Retrospective, OverlapSpace }},
	{"lookback, overlap in time", func(o *Options) { o.Lookback, o.Overlap = 4*24*time.Hour, OverlapTime }},
	{"weekday", func(o *Options) { o.Adjust, o.Lookback = AdjustWeekday, 24*time.Hour }},
	{"weekday retrospective", func(o *Options) { o.Adjust, o.Mode = AdjustWeekday, Retrospective }},
	{"weekday by hours", func(o *Options) {
		o.Adjust, o.Step, o.MaxWindow, o.Lookback = AdjustWeekday, 4*time.Hour, 30*time.Hour, 20*time.Hour
		o.Zone = time.FixedZone("", 5*3600)
	}},
	{"weekday of two days", func(o *Options) { o.Adjust, o.Step, o.Mode = AdjustWeekday, 48*time.Hour, Retrospective }},
	{"lookback", func(o *Options) { o.Lookback = 48 * time.Hour }},
	{"earlier analyses", func(o *Options) { o.Earlier = 72 * time.Hour }},
	{"lookback and earlier analyses", func(o *Options) { o.Lookback, o.Earlier = 48*time.Hour, 24*time.Hour }},
	{"hours", func(o *Options) { o.Step, o.MaxWindow, o.Lookback = time.Hour, 30*time.Hour, 5*time.Hour }},
	{"hours retrospective", func(o *Options) { o.Mode, o.Step, o.MaxWindow = Retrospective, 2*time.Hour, 20*time.Hour }},
	{"twenty minutes", func(o *Options) { o.Step, o.MaxWindow, o.Lookback = 20*time.Minute, 6*time.Hour, 24*time.Hour }},
	{"two days", func(o *Options) { o.Step, o.Mode = 48*time.Hour, Retrospective }},
	{"each place alone", func(o *Options) { o.MaxRadiusM = 0; o.Mode = Retrospective }},
	{"half the cases", func(o *Options) { o.MaxRadiusM = math.Inf(1); o.Lookback = 24 * time.Hour }},
	{"all the cases", func(o *Options) { o.MaxRadiusM, o.MaxShare = math.Inf(1), 1 }},
	{"one case is enough", func(o *Options) { o.MinCases = 1; o.Mode = Retrospective }},
	{"four cases", func(o *Options) { o.MinCases = 4; o.Mode = Retrospective }},
	{"window longer than the study", func(o *Options) { o.MaxWindow = 90 * 24 * time.Hour }},
	{"cells", func(o *Options) { o.Locations, o.Resolution, o.Mode = Cells, 8, Retrospective }},
	{"centres", func(o *Options) {
		o.Centres = []Centre{{"b", orb.Point{1.02, 52.02}}, {"a", orb.Point{1.025, 52.025}}, {"d", orb.Point{1.02, 52.02}}}
		o.Lookback = 48 * time.Hour
	}},
	{"hours prospective", func(o *Options) { o.Step, o.MaxWindow = time.Hour, 60*time.Hour }},
	{"hours, long lookback", func(o *Options) { o.Step, o.MaxWindow, o.Lookback = time.Hour, 40*time.Hour, 24*time.Hour }},
	{"part of the time", func(o *Options) {
		o.From = time.Date(2024, 3, 3, 5, 0, 0, 0, time.UTC)
		o.To = time.Date(2024, 3, 9, 11, 0, 0, 0, time.UTC)
	}},
	{"end only", func(o *Options) { o.To = time.Date(2024, 3, 9, 11, 0, 0, 0, time.UTC) }},
}

func TestTwin(t *testing.T) {
	for _, s := range settings {
		for _, intervals := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, intervals %v", s.name, intervals), func(t *testing.T) {
				for seed := range uint64(6) {
					rng := rand.New(rand.NewPCG(seed, 99))
					o := DefaultOptions()
					o.MaxRadiusM, o.MaxWindow, o.Replicates, o.Seed = 2500, 4*24*time.Hour, 5, seed
					s.set(&o)
					compareTwin(t, randomCases(rng, 5+rng.IntN(40), 6+rng.IntN(6), intervals), o)
				}
			})
		}
	}
}

// compareTwin runs the scan and its twin and wants the same of both, to the bit.
func compareTwin(t *testing.T, cases []Case, o Options) {
	t.Helper()
	got, err := Run(cases, o)
	if err != nil {
		t.Fatal(err)
	}
	st, err := newSteps(cases, o)
	if err != nil {
		t.Fatal(err)
	}
	b := newBrute(cases, st.bounds, o)
	observedEnd, replicateEnd := 1, 1
	if o.Mode == Prospective {
		observedEnd = max(1, b.steps()-int(o.Lookback/o.Step))
		replicateEnd = max(1, min(observedEnd, b.steps()-int(o.Earlier/o.Step)))
	}
	var maxima []float64
	for r := range o.Replicates {
		maxima = append(maxima, b.maximum(uint64(r), replicateEnd))
	}
	want := b.sprees(observedEnd)
	for i := range want {
		above := 0
		for _, m := range maxima {
			if m >= want[i].LLR {
				above++
			}
		}
		want[i].P = float64(1+above) / float64(1+o.Replicates)
		want[i].PMethod = MonteCarlo
		want[i].Recurrence = math.NaN()
		if o.Mode == Prospective {
			want[i].Recurrence = max(1, o.Step.Hours()/24) / want[i].P
		}
	}
	all := 0
	for _, c := range cases {
		all += max(1, c.Count)
	}
	if got.Cases != len(b.cases) || got.Outside != all-len(b.cases) || got.Locations != len(b.points) {
		t.Errorf("cases %d, outside %d, locations %d; want %d, %d, %d", got.Cases, got.Outside, got.Locations,
			len(b.cases), all-len(b.cases), len(b.points))
	}
	if diff := cmp.Diff(want, got.Sprees, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("sprees (-twin +scan):\n%s", diff)
	}
	if diff := cmp.Diff(maxima, got.Maxima); diff != "" {
		t.Errorf("maxima (-twin +scan):\n%s", diff)
	}
}

// A case that stands for several is scanned as they are, intervals and all.
func TestCount(t *testing.T) {
	for seed := range uint64(8) {
		rng := rand.New(rand.NewPCG(seed, 12))
		cases := randomCases(rng, 25, 8, seed%2 == 1)
		var apart []Case
		for i := range cases {
			cases[i].Location = fmt.Sprint("at ", cases[i].Point)
			cases[i].Count = rng.IntN(4)
			for k := range max(1, cases[i].Count) {
				c := cases[i]
				c.ID, c.Count = fmt.Sprint(c.ID, "/", k), 0
				apart = append(apart, c)
			}
		}
		o := DefaultOptions()
		o.Mode, o.MaxRadiusM, o.Replicates = Retrospective, 2500, 9
		compareTwin(t, cases, o)
		got, want := scanned(t, cases, o), scanned(t, apart, o)
		if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.IgnoreFields(Spree{}, "Cases")); diff != "" {
			t.Errorf("seed %d (-apart +together):\n%s", seed, diff)
		}
	}
	if _, err := Run([]Case{{ID: "a", From: time.Now(), Count: -1}}, DefaultOptions()); err == nil {
		t.Error("a count below 0 passed")
	}
}
