package risk

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

var start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// town invents n incidents of an offence in the given number of days: half of them
// at three places, the others anywhere within some 4 km.
func town(n int, days float64, offence string, seed uint64) []cluster.Incident {
	r := rand.New(rand.NewPCG(seed, 7))
	hot := []orb.Point{{.94, 52.68}, {.955, 52.69}, {.93, 52.7}}
	out := make([]cluster.Incident, n)
	for i := range out {
		p := orb.Point{.9 + .08*r.Float64(), 52.66 + .05*r.Float64()}
		if i%2 == 0 {
			h := hot[i/2%3]
			p = orb.Point{h[0] + .0003*r.NormFloat64(), h[1] + .0002*r.NormFloat64()}
		}
		at := start.Add(time.Duration(r.Float64() * days * float64(24*time.Hour))).Truncate(time.Minute)
		out[i] = cluster.Incident{ID: fmt.Sprintf("%s-%d-%d", offence, seed, i), Offence: offence, From: cluster.At(at), To: cluster.At(at), Point: p, Level: geo.LevelStreet, Confidence: 1}
	}
	return out
}

func study(t testing.TB, incidents []cluster.Incident) *Study {
	t.Helper()
	s, err := NewStudy(cluster.DistinctOf(incidents, nil), 9, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Three outcomes that only the first part foresaw and one that only the second
// did: 3/4 and 1/4. Beside four outcomes shared half and half: 5/8 and 3/8.
func TestLearnByHand(t *testing.T) {
	rows := []row{{[]float64{.2, 0}, 3}, {[]float64{0, .7}, 1}}
	even := []float64{.5, .5}
	for _, c := range []struct {
		strength float64
		want     []float64
	}{{0, []float64{.75, .25}}, {4, []float64{.625, .375}}} {
		if diff := cmp.Diff(c.want, learn(rows, even, c.strength), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Errorf("strength %v (-want +got):\n%s", c.strength, diff)
		}
	}
	untold := []row{{[]float64{0, 0}, 5}} // by any part
	if diff := cmp.Diff(even, learn(untold, even, 1), cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("outcomes that no part told move the weights: %s", diff)
	}
	if diff := cmp.Diff(even, learn(nil, even, 0)); diff != "" {
		t.Errorf("nothing to learn from (-want +got):\n%s", diff)
	}
}

// learnTwin tries every pair of weights in steps of a thousandth.
func learnTwin(rows []row) float64 {
	best, at := math.Inf(-1), 0.0
	for i := 1; i < 1000; i++ {
		w := float64(i) / 1000
		likely := 0.0
		for _, r := range rows {
			likely += r.count * math.Log(w*r.part[0]+(1-w)*r.part[1])
		}
		if likely > best {
			best, at = likely, w
		}
	}
	return at
}

func TestLearnIsLikeliest(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for range 20 {
		var rows []row
		for range 50 {
			a := r.Float64()
			rows = append(rows, row{[]float64{.05 + .9*a*a, .05 + .9*(1-a)}, 1 + float64(r.IntN(3))})
		}
		if got, want := learn(rows, []float64{.5, .5}, 0)[0], learnTwin(rows); math.Abs(got-want) > .02 {
			t.Errorf("weight %.3f, the likeliest is %.3f", got, want)
		}
	}
}

// surfaceTwin adds up every incident over every cell, with distances on the
// sphere, of incidents at the middles of their sources.
func surfaceTwin(s *Study, marks []mark, p Part, day float64) []float64 {
	out := make([]float64, len(s.Cells))
	for _, m := range marks {
		w := 1.0
		if p.Memory > 0 {
			w = math.Exp(-(day - m.at) * 24 / p.Memory.Hours())
		}
		if p.SigmaM == 0 {
			out[m.cell] += w
			continue
		}
		at := s.coarse.at[m.coarse]
		if p.SigmaM <= 200 {
			at = s.fine.at[m.fine]
		}
		row, total := make([]float64, len(s.Cells)), 0.0
		for i := range s.Cells {
			variance := p.SigmaM*p.SigmaM + 5/(36*math.Sqrt(3))*s.areas[i]
			if d2 := at.Chord2(cluster.OnSphere(s.Cells[i].Centre(), geo.EarthRadius)) / variance; d2 <= 3.5*3.5 {
				row[i] = math.Exp(-d2/2) / (2 * math.Pi * variance) * s.areas[i]
			}
			total += row[i]
		}
		for i := range row {
			out[i] += w * row[i] / max(total, .05)
		}
	}
	sum := 0.0
	for _, x := range out {
		sum += x
	}
	for i := range out {
		out[i] /= sum
	}
	return out
}

func TestSurfaceIsThatOfEveryIncident(t *testing.T) {
	s := study(t, town(300, 60, "theft", 1))
	day := dayOf(start) + 61
	v := s.view(day)
	for _, p := range append(DayParts(), Part{Name: "75 m", SigmaM: 75}, Part{Name: "300 m", SigmaM: 300}) {
		got, _ := v.surface(s.past["theft"], strain{Part: p})
		sum := 0.0
		for _, x := range got {
			sum += x
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Errorf("%s adds up to %v", p.Name, sum)
		}
		if p.Floor {
			continue
		}
		if diff := cmp.Diff(surfaceTwin(s, s.past["theft"], p, day), got, cmpopts.EquateApprox(1e-6, 1e-12)); diff != "" {
			t.Errorf("%s (-twin +got):\n%s", p.Name, diff)
		}
	}
}

// share integrates a Gaussian over a cell, of which it takes so many small triangles a side.
func share(c geo.Cell, at cluster.Vec, sigma float64) float64 {
	const side = 6
	ring, middle := c.Polygon()[0], cluster.OnSphere(c.Centre(), geo.EarthRadius)
	sum, n := 0.0, 0
	for k := range ring[:len(ring)-1] {
		a, b := cluster.OnSphere(ring[k], geo.EarthRadius), cluster.OnSphere(ring[k+1], geo.EarthRadius)
		for i := range side {
			for j := range 2*i + 1 { // the j-th of the i-th row, every second upside down
				u, v := (float64(i)+2./3)/side, (float64(j/2)+1./3)/side
				if j%2 == 1 {
					u, v = (float64(i)+1./3)/side, (float64(j/2)+2./3)/side
				}
				var p cluster.Vec
				for axis := range p {
					p[axis] = middle[axis] + (u-v)*(a[axis]-middle[axis]) + v*(b[axis]-middle[axis])
				}
				sum, n = sum+math.Exp(-at.Chord2(p)/(2*sigma*sigma)), n+1
			}
		}
	}
	return sum / float64(n) * c.AreaM2() / (2 * math.Pi * sigma * sigma)
}

// A kernel lies in the cells as its integral over them does, but for what spread says, and
// one that is cut at 3.5 standard deviations still adds up to almost the whole.
func TestKernelIsIntegratedOverItsCells(t *testing.T) {
	middle, err := geo.CellAt(orb.Point{.94, 52.68}, 9)
	if err != nil {
		t.Fatal(err)
	}
	var points []orb.Point
	for _, c := range middle.Disk(12) {
		points = append(points, c.Centre())
	}
	ring, centre := middle.Polygon()[0], middle.Centre()
	for k := range 24 { // where somebody may be within it
		at, part := ring[k%6], math.Sqrt((float64(k)+.5)/24)
		next := ring[k%6+1]
		for axis := range at {
			at[axis] += (next[axis] - at[axis]) * float64(k*7%10) / 10
			at[axis] = centre[axis] + part*.98*(at[axis]-centre[axis])
		}
		points = append(points, at)
	}
	var incidents []cluster.Incident
	for i, at := range points {
		incidents = append(incidents, cluster.Incident{ID: fmt.Sprint(i), Offence: "theft", From: cluster.At(start), To: cluster.At(start), Point: at, Level: geo.LevelStreet})
	}
	s := study(t, incidents)
	for _, c := range []struct{ sigma, off float64 }{{75, .12}, {150, .028}, {250, .011}, {600, .004}} {
		k := s.kernel(c.sigma)
		from, sources := s.coarse.at, map[int32]bool{}
		if k.fine {
			from = s.fine.at
		}
		for _, m := range s.past["theft"] {
			if s.Cells[m.cell] == middle {
				sources[k.source(&m)] = true
			}
		}
		sum, off := 0.0, 0.0
		for j := range sources {
			got := map[int32]float64{}
			for _, in := range k.rows[j] {
				got[in.cell] = float64(in.share)
				sum += float64(in.share)
			}
			for i, cell := range s.Cells {
				off += math.Abs(got[int32(i)] - share(cell, from[j], c.sigma))
			}
		}
		sum, off = sum/float64(len(sources)), off/float64(len(sources))
		if math.Abs(sum-1) > .03 || off > c.off {
			t.Errorf("a kernel of %v m adds up to %.4f over the cells around it, %.4f of it misplaced, over %v", c.sigma, sum, off, c.off)
		}
	}
}

// Came 30 of 20 told and 10 of 30, with 5 more as told: 35/25 and 15/35. The
// third came more often than the second, 45/25: both are 60/60.
func TestFactorsByHand(t *testing.T) {
	got := factors([5]float64{30, 10, 40, 0, 0}, [5]float64{20, 30, 20, 0, 0})
	want := [5]float64{1.4, 1, 1, 1, 1}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Came 64 of 100 told, and of the second band 100 of 64: both as 174/174, but of the
// first no more than 4, half a standard deviation, over what came, 73/105. From 97, which
// is within that, nothing is taken.
func TestTheHighestBandHasNoMoreThanChanceExplains(t *testing.T) {
	got := factors([5]float64{64, 100, 0, 0, 0}, [5]float64{100, 64, 0, 0, 0})
	want := [5]float64{73.0 / 105, 1, 1, 1, 1}
	if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := factors([5]float64{97, 67, 0, 0, 0}, [5]float64{100, 64, 0, 0, 0}); got[0] != 1 {
		t.Errorf("97 of 100 make a factor of %v, want 1", got[0])
	}
}

// The two highest are halved: 4 and 3 fall to 2 and 1.5, and 2 stays. The 1.5 and the 2
// are turned round: both get 1.75, the one before the other; the sum is as it was.
func TestRunsThatTurnRoundShareTheirMean(t *testing.T) {
	surface, out := []float64{1, 3, 4, 2}, []float64{1, 1.5, 2, 2}
	keepOrder(out, surface, []int32{0, 1, 2, 3})
	if diff := cmp.Diff([]float64{1, 1.75, 2, 1.75}, out, cmpopts.EquateApprox(0, 1e-6)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if out[1] <= out[3] {
		t.Errorf("the second and the third are %v and %v: nothing tells them apart", out[1], out[3])
	}
}

// Of 600 outcomes 300 are left, in the same parts; 200 are fewer than the most and stay.
func TestNoOffenceSpeaksForAll(t *testing.T) {
	rows := []row{{[]float64{1}, 200}, {[]float64{0}, 400}}
	got := atMost(rows, 300)
	if got[0].count != 100 || got[1].count != 200 || rows[0].count != 200 {
		t.Errorf("%v of %v", got, rows)
	}
	if got := atMost(rows[:1], 300); got[0].count != 200 {
		t.Errorf("%v, want what there is", got)
	}
}

// Of a hundred cells the first, a band by itself, is told twice what comes there. It
// still has the most.
func TestTheHighestCellStaysSoWhereItWasToldTooMuch(t *testing.T) {
	v := &view{Study: &Study{Cells: make([]geo.Cell, 100)}, known: make([]bool, 100), n: 100}
	surface := make([]float64, 100)
	for i := range surface {
		surface[i], v.known[i] = 100-float64(i), true
	}
	got := v.levelled(surface, [len(bandEdges)]float64{.5, 1, 1, 1, 1}, 50)
	if !slices.IsSortedFunc(got, func(a, b float64) int { return map[bool]int{true: 1}[b > a] }) {
		t.Errorf("the cells changed their order: %v", got[:12])
	}
	if got[0] <= got[1] || got[0] > 1.001*got[9] {
		t.Errorf("the head has %v, want its mean", got[:10])
	}
}

// Whatever the factors of the head's bands, the cells keep their order and what they
// have in all.
func TestFactorsKeepTheOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 200 {
		surface, out := make([]float64, 60), make([]float64, 60)
		cells := make([]int32, len(out))
		before, after := 0.0, 0.0
		for i, k := range r.Perm(len(out)) {
			surface[i] = 1 + float64(k)
			out[i] = surface[i] * []float64{.8, 1.3, 1, .6}[(len(out)-1-k)/15]
			before += out[i]
			cells[i] = int32(i)
		}
		keepOrder(out, surface, cells)
		slices.SortFunc(cells, func(a, b int32) int { return int(surface[b] - surface[a]) })
		for k, i := range cells {
			after += out[i]
			if k > 0 && out[i] >= out[cells[k-1]] {
				t.Fatalf("the cell %d has %v, the one before it %v", k, out[i], out[cells[k-1]])
			}
		}
		if math.Abs(after-before) > 1e-9*before {
			t.Fatalf("%v became %v", before, after)
		}
	}
}

// 20 incidents in the last four weeks, 7 in the four before and 80 in the year before
// these, the year being the whole history. The rise of 13 goes on by half, as far as 20
// incidents are trusted beside 10.
func TestLevelByHand(t *testing.T) {
	var incidents []cluster.Incident
	add := func(n int, from, to float64) {
		for i := range n {
			at := start.Add(time.Duration((from + (to-from)*float64(i)/float64(n)) * float64(24*time.Hour)))
			incidents = append(incidents, cluster.Incident{ID: fmt.Sprint(len(incidents)), Offence: "theft", From: cluster.At(at), To: cluster.At(at), Point: orb.Point{.94, 52.68}, Level: geo.LevelStreet})
		}
	}
	add(80, 0, 308)
	add(7, 309.5, 336)
	add(20, 337.5, 365)
	s := study(t, incidents)
	level := 30 / (28 + 10/(107.0/365))
	want := level + 20.0/30/2*(20-7)/28*18/28
	if got := s.level(s.past["theft"], dayOf(start)+365); math.Abs(got-want) > 1e-9 {
		t.Errorf("level %v, want %v", got, want)
	}
	if got := s.level(nil, dayOf(start)+365); got != 0 {
		t.Errorf("level of nothing %v", got)
	}
}

// Reports that come a fortnight late are as many a day as if they came at once, and
// incidents where none was known before are not expected where some are.
func TestLevelIsOfWhatBecomesKnown(t *testing.T) {
	level := func(late time.Duration, elsewhere bool) float64 {
		var incidents []cluster.Incident
		for i := range 400 {
			at := start.Add(time.Duration(i) * 12 * time.Hour)
			p := orb.Point{.94, 52.68}
			if elsewhere && i%2 == 0 {
				p = orb.Point{.5 + .005*float64(i), 52.5}
			}
			incidents = append(incidents, cluster.Incident{ID: fmt.Sprint(i), Offence: "theft", From: cluster.At(at), To: cluster.At(at), Reported: cluster.At(at.Add(late)), Point: p, Level: geo.LevelStreet})
		}
		s := study(t, incidents)
		return s.level(s.past["theft"], dayOf(start)+200)
	}
	for _, c := range []struct {
		name      string
		late      time.Duration
		elsewhere bool
		want      float64
	}{{"at once", 0, false, 2}, {"a fortnight late", 14 * day, false, 2}, {"half of them where none was known", 0, true, 38.0 / 33}} {
		if got := level(c.late, c.elsewhere); math.Abs(got-c.want) > .05 {
			t.Errorf("%s: %v a day, want %v", c.name, got, c.want)
		}
	}
}

func TestNothingLaterIsLookedAt(t *testing.T) {
	asOf := start.Add(200 * 24 * time.Hour)
	before := slices.Concat(town(600, 199, "theft", 1), town(60, 199, "robbery", 2))
	later := town(400, 100, "theft", 3)
	for i := range later {
		later[i].From += 201 * 24 * 3600
		later[i].To = later[i].From
	}
	// An incident of before that is reported afterwards is as late.
	late := before[0]
	late.ID, late.Reported = "late", cluster.At(asOf.Add(time.Hour))
	expect := func(incidents []cluster.Incident) map[geo.Cell]float64 {
		l := NewLearner(study(t, incidents), nil)
		out := map[geo.Cell]float64{}
		f := l.Fit(asOf)
		for _, days := range []int{1, 7} {
			for i, x := range l.Expected(f, "theft", asOf, days) {
				if x > 0 {
					out[l.study.Cells[i]] += x
				}
			}
		}
		return out
	}
	if diff := cmp.Diff(expect(before), expect(slices.Concat(before, later, []cluster.Incident{late})), cmpopts.EquateApprox(1e-9, 0)); diff != "" {
		t.Errorf("what is known later changes the risk (-without +with):\n%s", diff)
	}
}

func TestExpectedAddsUp(t *testing.T) {
	l := NewLearner(study(t, town(3000, 300, "theft", 1)), nil)
	asOf := start.Add(300 * 24 * time.Hour)
	f := l.Fit(asOf)
	sum, top := 0.0, 0.0
	expected := l.Expected(f, "theft", asOf, 7)
	for _, x := range expected {
		sum += x
		top = max(top, x)
	}
	if sum < 63 || sum > 77 {
		t.Errorf("%.1f expected in a week of 70", sum)
	}
	// A hot place draws a sixth of the incidents, 11.7 a week, over four cells or so.
	if top < 2.5 || top > 12 {
		t.Errorf("%.2f expected in the cell with the most", top)
	}
	w := 0.0
	for _, x := range f.Of("theft").Week.Weights {
		w += x
	}
	if math.Abs(w-1) > 1e-9 {
		t.Errorf("weights add up to %v", w)
	}
	if diff := cmp.Diff(f.City, f.Of("arson")); diff != "" {
		t.Errorf("an offence without history (-city +got):\n%s", diff)
	}
}

func TestFewIncidents(t *testing.T) {
	for _, n := range []int{0, 1, 10} {
		l := NewLearner(study(t, town(n, 3, "theft", 1)), nil)
		asOf := start.Add(4 * 24 * time.Hour)
		f := l.Fit(asOf)
		for _, x := range l.Expected(f, "theft", asOf, 1) {
			if math.IsNaN(x) || x < 0 || x > float64(n) {
				t.Errorf("%d incidents: %v expected in a cell", n, x)
			}
		}
	}
}

// BenchmarkFit is the whole of what a night does once a month: the weights of days,
// of weeks and of three shifts, and the thresholds of priority.
func BenchmarkFit(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			incidents := slices.Concat(town(n/2, 365, "theft", 1), town(n/4, 365, "burglary", 2), town(n/4, 365, "damage", 3))
			b.ResetTimer()
			for b.Loop() {
				s := study(b, incidents)
				NewLearner(s, NewClock(s, nil), early, late, night).Fit(start.Add(365 * 24 * time.Hour))
			}
		})
	}
}

// BenchmarkKernels lays the rows of the four widths, which is what grows most of a night
// as a young store fills with places.
func BenchmarkKernels(b *testing.B) {
	s := study(b, town(5000, 365, "theft", 1))
	for b.Loop() {
		for _, sigma := range []float64{75, 150, 300, 600} {
			s.spread(sigma)
		}
	}
}

func TestFitGetsOldAsItsPastGrows(t *testing.T) {
	at := func(days float64) time.Time { return start.Add(time.Duration(days * 24 * float64(time.Hour))) }
	for _, c := range []struct {
		past, age float64
		old       bool
	}{{300, 0, false}, {300, 30, false}, {300, 30.1, true}, {40, 10, false}, {40, 10.1, true}, {0, 0, false}, {0, .1, true}} {
		f := &Fit{Form: FitForm, AsOf: at(300), Days: c.past, Parts: DayParts()}
		if got := f.Old(at(300 + c.age)); got != c.old {
			t.Errorf("learnt on %v days, %v days ago: old %v, want %v", c.past, c.age, got, c.old)
		}
	}
	other := &Fit{Form: FitForm, AsOf: at(300), Days: 300, Parts: []Part{{Name: "another program's"}}}
	if !other.Old(at(300)) {
		t.Error("weights of other parts are not old")
	}
	if before := (&Fit{AsOf: at(300), Days: 300, Parts: DayParts()}); !before.Old(at(300)) {
		t.Error("a fit of the form before is not old")
	}
	f := NewLearner(study(t, town(200, 80, "theft", 1)), nil).Fit(at(90))
	if f.Days < 88 || f.Days > 90 {
		t.Errorf("learnt on %v days, want about 89", f.Days)
	}
}
