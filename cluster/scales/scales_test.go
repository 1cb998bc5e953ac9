package scales

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"spreewatch/cluster"
	"spreewatch/geo"
)

var night = time.Date(2026, 3, 2, 2, 0, 0, 0, time.UTC)

// scattered are n incidents of an offence over so many days before the night, in
// about 20 × 20 km.
func scattered(rng *rand.Rand, offence string, n int, days float64) []cluster.Incident {
	out := make([]cluster.Incident, n)
	for i := range out {
		from := night.Add(-time.Duration(rng.Float64() * days * float64(Day))).Truncate(time.Hour) // hours make ties
		to := from.Add(time.Duration(max(0, rng.IntN(40)-20)) * time.Hour)
		out[i] = cluster.Incident{ID: fmt.Sprintf("%s%03d", offence, i), Offence: offence, From: cluster.At(from), To: cluster.At(to),
			Reported: cluster.At(to.Add(time.Duration(rng.IntN(30)) * time.Hour)), Level: geo.LevelStreet,
			Point: orb.Point{0.9 + 0.01*float64(rng.IntN(30)), 52.6 + 0.006*float64(rng.IntN(30))}, RadiusM: float64(rng.IntN(3)) * 400}
	}
	return out
}

func twoOffences(rng *rand.Rand, n int) []Stratum {
	return []Stratum{
		{Offence: "a", MinIncidents: 2, Radii: []float64{700, 3000}, Windows: []time.Duration{6 * time.Hour, 3 * Day}, Lookback: Day, Incidents: scattered(rng, "a", n, 20)},
		{Offence: "b", MinIncidents: 3, Radii: []float64{1500}, Windows: []time.Duration{Day}, Lookback: 2 * Day, Incidents: scattered(rng, "b", n/2, 20)},
	}
}

// twin looks at every circle and every window, each counted anew, with the place
// of each incident given by its rank in the offence.
func twin(s *Scan, asOf time.Time, replicate int) (best float64) {
	for _, st := range s.strata {
		type seen struct {
			middle, length float64
			place          int
		}
		var all []seen
		for i, c := range st.cases {
			if c.from > asOf.Unix() || c.known > asOf.Unix() || c.from < asOf.Add(-s.o.History).Unix() {
				continue
			}
			to := min(c.to, asOf.Unix())
			all = append(all, seen{float64(c.from+to) / 2, float64(to - c.from), int(st.place[i])})
		}
		if len(all) < s.o.Least {
			continue
		}
		slices.SortStableFunc(all, func(a, b seen) int { return int(2 * (a.middle - b.middle)) })
		places := make([]int, len(all))
		sh := cluster.NewShuffle(len(all), s.o.Seed, uint64(replicate), st.number)
		for i := range all {
			places[i] = all[i].place
			if replicate >= 0 {
				places[i] = all[sh.Of(i)].place
			}
		}
		n := float64(len(all))
		for c := range st.circles {
			radius := st.radii[st.circles[c].Radius]
			inside := make([]bool, len(all))
			in := 0.0
			for i, p := range places {
				at := st.at[p]
				wide := st.radii[st.wide[p]] <= radius
				inside[i] = wide && st.circles[c].At.Angle(at)*geo.EarthRadius <= radius
			}
			for i := range all {
				if inside[i] {
					in++
				}
			}
			if in > s.o.MaxShare*n {
				continue
			}
			for _, w := range st.windows {
				for k, last := range all {
					if !inside[k] || last.length > 2*float64(w) || last.middle > float64(asOf.Unix()) || last.middle <= float64(asOf.Unix()-st.lookback) {
						continue
					}
					count, m := 0.0, 0.0
					for i, a := range all {
						if a.middle <= last.middle && a.middle > last.middle-float64(w) && a.length <= 2*float64(w) {
							m++
							if inside[i] {
								count++
							}
						}
					}
					if count < float64(st.min) || count*n <= in*m {
						continue
					}
					g := 0.0
					for _, cell := range [][3]float64{{count, in, m}, {in - count, in, n - m}, {m - count, n - in, m}, {n - in - m + count, n - in, n - m}} {
						if cell[0] > 0 {
							g += cell[0] * math.Log(cell[0]*n/(cell[1]*cell[2]))
						}
					}
					best = max(best, g)
				}
			}
		}
	}
	return best
}

func TestTwin(t *testing.T) {
	excess := 0
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		strata := twoOffences(rng, rapid.IntRange(0, 60).Draw(t, "n"))
		s := New(strata, Options{History: 15 * Day, MaxShare: 0.5, Least: 5, Seed: 3})
		n := s.On(night)
		want := []float64{twin(s, night, 0), twin(s, night, 1), twin(s, night, 2)}
		got, err := n.Maxima(context.Background(), 0, 3)
		if err != nil {
			t.Fatal(err)
		}
		close := func(a, b float64) bool { return math.Abs(a-b) < 1e-9*(1+b) }
		for i := range want {
			if !close(got[i], want[i]) {
				t.Fatalf("replicate %d: got %v, want %v", i, got[i], want[i])
			}
		}
		seen := twin(s, night, -1)
		if best := n.Best(); !close(best, seen) {
			t.Fatalf("as seen: got %v, want %v", best, seen)
		}
		clusters := n.Clusters(1e-6)
		if len(clusters) > 0 && !close(clusters[0].G, seen) || len(clusters) == 0 && seen > 1e-6 {
			t.Fatalf("the best cluster of %d is not the best of all, %v", len(clusters), seen)
		}
		held := make(map[string]bool)
		for i, c := range clusters {
			if i > 0 && c.G > clusters[i-1].G {
				t.Fatalf("cluster %d is better than the one before", i)
			}
			if c.Observed != len(c.Incidents) || float64(c.Observed) <= c.Expected {
				t.Fatalf("cluster %+v does not hold together", c)
			}
			for _, id := range c.Incidents {
				if held[id] {
					t.Fatalf("incident %s is in two clusters", id)
				}
				held[id] = true
			}
		}
		if seen > 0 {
			excess++
		}
	})
	if excess == 0 {
		t.Error("no case held an excess: the test compared nothing")
	}
}

// A circle may hold more in a window than a byte says.
func TestHundredsInACircle(t *testing.T) {
	in := scattered(rand.New(rand.NewPCG(11, 0)), "a", 700, 14)
	for i := range in[:300] {
		at := cluster.At(night.Add(-time.Duration(i%40) * time.Hour))
		in[i].Point, in[i].RadiusM, in[i].From, in[i].To, in[i].Reported = orb.Point{0.9, 52.6}, 50, at, at, at
	}
	s := New([]Stratum{{
		Offence: "a", MinIncidents: 2, Radii: []float64{1500}, Windows: []time.Duration{6 * time.Hour, 2 * Day}, Lookback: 6 * time.Hour, Incidents: in,
	}}, Options{History: 15 * Day, MaxShare: 0.5, Least: 5, Seed: 3})
	n := s.On(night)
	got, want := n.Best(), twin(s, night, -1)
	if math.Abs(got-want) > 1e-9*want {
		t.Errorf("got %v, want %v", got, want)
	}
	if c := n.Clusters(want - 1e-6); len(c) == 0 || c[0].Observed < 256 {
		t.Errorf("the best is of few: %+v", c)
	}
}

// What a cluster says is of its circle and window, by hand: 24 incidents, a day
// apart and far from each other, but for four at one corner in the last two hours;
// one of the others lies there too.
func TestClusterByHand(t *testing.T) {
	var in []cluster.Incident
	for i := range 20 {
		at := night.AddDate(0, 0, -1-i)
		p := orb.Point{0.2 + 0.05*float64(i), 52.5}
		if i == 7 {
			p = orb.Point{1.5, 52.7}
		}
		in = append(in, cluster.Incident{ID: fmt.Sprintf("b%02d", i), Offence: "a", From: cluster.At(at), To: cluster.At(at), Point: p})
	}
	for i := range 4 {
		at := night.Add(-time.Duration(30+20*i) * time.Minute)
		in = append(in, cluster.Incident{ID: fmt.Sprintf("s%d", i), Offence: "a", From: cluster.At(at), To: cluster.At(at), Point: orb.Point{1.5, 52.7}})
	}
	s := New([]Stratum{{Offence: "a", MinIncidents: 3, Radii: []float64{500}, Windows: []time.Duration{3 * time.Hour, 2 * Day}, Lookback: Day, Incidents: in}}, DefaultOptions())
	got := s.On(night).Clusters(1)
	if len(got) != 1 {
		t.Fatalf("got %d clusters, want one", len(got))
	}
	c := got[0]
	// Of 24, five in the circle, four in the window of three hours, all in both:
	// 5·4/24. G is 24 ln 24 + 4 ln 4 + 19 ln 19 − ... of the table 4, 1, 0, 19.
	want := 4*math.Log(4) + 19*math.Log(19) - 5*math.Log(5) - 19*math.Log(19) - 4*math.Log(4) - 20*math.Log(20) + 24*math.Log(24)
	if d := gocmp.Diff([]string{"s0", "s1", "s2", "s3"}, c.Incidents); d != "" || c.Observed != 4 || math.Abs(c.Expected-5.0*4/24) > 1e-12 || math.Abs(c.G-want) > 1e-9 {
		t.Errorf("got %+v, want G %.6f of four where .833 are expected", c, want)
	}
	if c.RadiusM != 500 || c.Window != 3*time.Hour || !c.To.Equal(night.Add(-30*time.Minute)) {
		t.Errorf("got %+v, want 500 m and three hours to 01:30", c)
	}
	if geo.Distance(c.Centre, orb.Point{1.5, 52.7}) > 500 {
		t.Errorf("the centre %v does not reach the incidents", c.Centre)
	}
}

// An interval of up to two windows counts where its middle is, a longer one nowhere;
// and what was reported today was hidden from the night before.
func TestLongIntervals(t *testing.T) {
	for _, tt := range []struct {
		hours float64
		want  int
	}{{6, 1}, {6.01, 0}} {
		var in []cluster.Incident
		for i := range 24 {
			at := night.AddDate(0, 0, -1-i)
			p := orb.Point{0.2 + 0.05*float64(i), 52.5}
			to := at
			if i >= 20 { // all at one place, their middles four hours ago
				p, at = orb.Point{1.5, 52.7}, night.Add(-time.Duration(4*float64(time.Hour)+tt.hours/2*float64(time.Hour)))
				to = at.Add(time.Duration(tt.hours * float64(time.Hour)))
			}
			in = append(in, cluster.Incident{ID: fmt.Sprintf("b%02d", i), Offence: "a", From: cluster.At(at), To: cluster.At(to), Point: p})
		}
		s := New([]Stratum{{Offence: "a", MinIncidents: 3, Radii: []float64{500}, Windows: []time.Duration{3 * time.Hour}, Lookback: Day, Incidents: in}}, DefaultOptions())
		if got := s.On(night).Clusters(1); len(got) != tt.want {
			t.Errorf("intervals of %g h in windows of 3: got %d clusters, want %d", tt.hours, len(got), tt.want)
		}
	}
}

func TestNightBeforeIsNotTold(t *testing.T) {
	in := scattered(rand.New(rand.NewPCG(3, 0)), "a", 40, 10)
	for i := range in {
		in[i].Reported = cluster.At(night.Add(-30 * time.Hour))
		in[i].From, in[i].To = cluster.At(night.Add(-48*time.Hour)), cluster.At(night.Add(-48*time.Hour))
	}
	in[3].Reported = cluster.At(night.Add(-2 * time.Hour))
	in[4].From, in[4].To, in[4].Reported = cluster.At(night.Add(-3*time.Hour)), cluster.At(night.Add(-3*time.Hour)), cluster.At(time.Time{})
	v := New([]Stratum{{Offence: "a", MinIncidents: 3, Radii: []float64{500}, Windows: []time.Duration{3 * Day}, Lookback: 3 * Day, Incidents: in}}, DefaultOptions()).On(night).views[0]
	early := 0
	for _, s := range v.slots {
		if s.early {
			early++
		}
	}
	if len(v.slots) != 40 || early != 38 || len(v.before[0].slots) != 38 {
		t.Errorf("%d incidents, %d were known the night before, %d looked at", len(v.slots), early, len(v.before[0].slots))
	}
}

// Circles that hold too few or too many incidents are left out of the lists, and what
// is raised is what all of them raise.
func TestOnlyPromisingCirclesAreCounted(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 0))
	in := scattered(rng, "a", 150, 20)
	for i := range 12 {
		in[i].Point = orb.Point{1 + rng.Float64()*.004, 52.7}
		in[i].From, in[i].To = cluster.At(night.Add(-time.Duration(i)*time.Hour)), cluster.At(night.Add(-time.Duration(i)*time.Hour))
	}
	n := New([]Stratum{{
		Offence: "a", MinIncidents: 4, Radii: []float64{250, 1000, 4000},
		Windows: []time.Duration{12 * time.Hour, 2 * Day, 4 * Day}, Lookback: 2 * Day, Incidents: in,
	}}, Options{History: 30 * Day, MaxShare: 0.3, Least: 5, Seed: 3}).On(night)
	raised := func() (out []any) {
		maxima, err := n.Maxima(context.Background(), 0, 20)
		if err != nil {
			t.Fatal(err)
		}
		events, err := n.Events(context.Background(), 20, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(events) == 0 {
			t.Fatal("the replicates raise nothing")
		}
		return append(out, n.Clusters(2), maxima, events)
	}
	v := n.views[0]
	if len(v.list) == 0 || 2*len(v.list) > len(v.s.list) {
		t.Errorf("%d of %d circles of places are counted, want fewer than half", len(v.list), len(v.s.list))
	}
	got := raised()
	v.lay(0, &room{})
	v.bundle()
	n.spare = make(chan *sweeper, 2)
	if len(v.circles) < len(v.s.circles)/2 {
		t.Fatalf("%d of %d circles, and all were asked for", len(v.circles), len(v.s.circles))
	}
	if diff := gocmp.Diff(got, raised()); diff != "" {
		t.Errorf("counted in the promising circles (-), in all (+):\n%s", diff)
	}
}

func TestNightDoesNotDependOnOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 0))
	strata := twoOffences(rng, 80)
	o := Options{History: 15 * Day, MaxShare: 0.5, Least: 5, Seed: 3}
	run := func(o Options) (out []any) {
		n := New(strata, o).On(night)
		maxima, err := n.Maxima(context.Background(), 0, 7)
		if err != nil {
			t.Fatal(err)
		}
		events, err := n.Events(context.Background(), 7, 2)
		if err != nil || len(events) == 0 {
			t.Fatalf("%d events, %v", len(events), err)
		}
		return []any{n.Clusters(1), maxima, events, CasesOf(strata, o).Hash(night)}
	}
	want := run(o)
	for _, st := range strata {
		rng.Shuffle(len(st.Incidents), func(i, j int) { st.Incidents[i], st.Incidents[j] = st.Incidents[j], st.Incidents[i] })
	}
	slices.Reverse(strata)
	o.Workers = 3
	if d := gocmp.Diff(want, run(o)); d != "" {
		t.Errorf("the order of the input, or the number of workers, changed the night:\n%s", d)
	}
}

// What happens or is reported after a night changes nothing of it.
func TestLaterNightRewritesNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 0))
	strata := twoOffences(rng, 80)
	o := Options{History: 15 * Day, MaxShare: 0.5, Least: 5, Seed: 3}
	earlier := night.AddDate(0, 0, -3)
	run := func() []any {
		c := CasesOf(strata, o)
		s, err := c.Scan(t.Context(), earlier)
		if err != nil {
			t.Fatal(err)
		}
		events, err := s.On(earlier).Events(context.Background(), 5, 2)
		if err != nil {
			t.Fatal(err)
		}
		return []any{s.On(earlier).Clusters(1), events, c.Hash(earlier)}
	}
	all := run()
	for i := range strata {
		strata[i].Incidents = slices.DeleteFunc(strata[i].Incidents, func(in cluster.Incident) bool {
			return in.From.After(earlier) || in.Reported.After(earlier)
		})
	}
	if d := gocmp.Diff(run(), all); d != "" {
		t.Errorf("what was not known yet changed a night:\n%s", d)
	}
}

// Looking at more scales never raises the false rate: the p of a night is a rank
// among replicates searched in the same way, so it is over .05 as often.
func TestMoreScalesKeepTheRate(t *testing.T) {
	const nights, replicates = 300, 19
	for _, radii := range [][]float64{{1500}, {400, 800, 1500, 3000, 6000}} {
		low := 0
		for seed := range uint64(nights) {
			st := Stratum{Offence: "a", MinIncidents: 2, Radii: radii, Windows: []time.Duration{6 * time.Hour, Day, 3 * Day}, Lookback: Day,
				Incidents: scattered(rand.New(rand.NewPCG(seed, 9)), "a", 60, 20)}
			n := New([]Stratum{st}, Options{History: 15 * Day, MaxShare: 0.5, Least: 5, Seed: seed}).On(night)
			maxima, err := n.Maxima(context.Background(), 0, replicates)
			if err != nil {
				t.Fatal(err)
			}
			if best := n.Best(); best > slices.Max(maxima) {
				low++ // p = 1/20
			}
		}
		// 300 nights at 1/20: 15, and four standard deviations are 15.1.
		if low > 30 || low < 1 {
			t.Errorf("%d radii: %d of %d nights have p ≤ 1/20", len(radii), low, nights)
		}
	}
}

func TestEventsAreNewOnce(t *testing.T) {
	// Two nights' worth of the same burst: a replicate of no shuffle would raise it
	// last night already. Here the events' bounds say so.
	rng := rand.New(rand.NewPCG(8, 0))
	n := New(twoOffences(rng, 100), Options{History: 15 * Day, MaxShare: 0.5, Least: 5, Seed: 3}).On(night)
	events, err := n.Events(context.Background(), 40, 1.5)
	if err != nil {
		t.Fatal(err)
	}
	again := 0
	for _, e := range events {
		if e.G < 1.5 || e.After >= e.G || e.Replicate < 0 || e.Replicate >= 40 {
			t.Fatalf("event %+v is out of bounds", e)
		}
		if e.After > 0 {
			again++
		}
	}
	if again == 0 || again == len(events) {
		t.Errorf("%d of %d events had been there the night before", again, len(events))
	}
	fewer, err := n.Events(context.Background(), 15, 1.5)
	if err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(slices.DeleteFunc(events, func(e Event) bool { return e.Replicate >= 15 }), fewer); d != "" {
		t.Errorf("the first 15 replicates depend on how many are drawn:\n%s", d)
	}
}

func TestMaximaStop(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	n := New(twoOffences(rand.New(rand.NewPCG(8, 0)), 100), Options{History: 15 * Day, MaxShare: 0.5, Least: 5}).On(night)
	if _, err := n.Maxima(ctx, 0, 10); err != context.Canceled {
		t.Errorf("got %v, want the context's error", err)
	}
	if _, err := n.Events(ctx, 10, 1); err != context.Canceled {
		t.Errorf("got %v, want the context's error", err)
	}
}

func TestShuffled(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	in := slices.Concat(scattered(rng, "a", 50, 20), scattered(rng, "b", 30, 20))
	out := Shuffled(in, 1, 4)
	moved := 0
	times := make(map[string]int)
	for i := range in {
		if out[i].ID != in[i].ID || out[i].Point != in[i].Point || out[i].Offence != in[i].Offence {
			t.Fatalf("incident %d is another", i)
		}
		if out[i].From != in[i].From {
			moved++
		}
		times[fmt.Sprint(in[i].Offence, in[i].From, in[i].To)]++
		times[fmt.Sprint(out[i].Offence, out[i].From, out[i].To)]--
	}
	for when, n := range times {
		if n != 0 {
			t.Fatalf("%s is there %d times less", when, n)
		}
	}
	if moved < 60 {
		t.Errorf("%d of 80 have another time", moved)
	}
}

// A night of one scale finds what a scan of that scale alone finds.
func TestOnlyIsTheScaleAlone(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 0))
	in := scattered(rng, "a", 90, 12)
	o := Options{History: 15 * Day, MaxShare: 0.5, Least: 5, Seed: 3}
	stratum := func(radius float64, least int, windows ...time.Duration) Stratum {
		return Stratum{Offence: "a", MinIncidents: least, Radii: []float64{radius}, Windows: windows, Lookback: Day, Incidents: in}
	}
	both := New([]Stratum{stratum(3000, 2, 6*time.Hour, 2*Day), stratum(900, 2, 6*time.Hour, 2*Day)}, o).On(night)
	for _, radius := range []float64{900, 3000} {
		for _, least := range []int{2, 3} {
			alone := New([]Stratum{stratum(radius, least, 2*Day)}, o).On(night)
			only := both.Only("a", radius, 2*Day, least)
			if d := gocmp.Diff(alone.Clusters(.5), only.Clusters(.5)); d != "" {
				t.Errorf("%g m, %d: another answer:\n%s", radius, least, d)
			}
			want, err := alone.Maxima(context.Background(), 0, 5)
			if err != nil {
				t.Fatal(err)
			}
			got, err := only.Maxima(context.Background(), 0, 5)
			if d := gocmp.Diff(want, got); d != "" || err != nil {
				t.Errorf("%g m, %d: other replicates, %v:\n%s", radius, least, err, d)
			}
		}
	}
	if both.Only("a", 900, Day, 2) != nil || both.Only("b", 900, 2*Day, 2) != nil || both.Only("a", 500, 2*Day, 2) != nil {
		t.Error("a scale that the scan has not is there")
	}
}

// By hand: 3 of 4 in the circle are among the 5 of 20 in the window:
// 3 ln 3 + 1 ln(1/3) + 2 ln(1/2) + 14 ln(14/12) = 2.9691.
func TestGByHand(t *testing.T) {
	want := 3*math.Log(3) + math.Log(1./3) + 2*math.Log(.5) + 14*math.Log(14./12)
	if got := G(3, 4, 5, 20); math.Abs(got-want) > 1e-12 {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := G(1, 4, 5, 20); got != 0 {
		t.Errorf("no excess: %v", got)
	}
}

// What a sweeper remembers of a circle is what the circle holds, from the first question
// to the last, whether there is room for it or not.
func TestSweeperRemembersWhatACircleHolds(t *testing.T) {
	n := New(twoOffences(rand.New(rand.NewPCG(4, 0)), 150), Options{History: 15 * Day, MaxShare: 0.5, Least: 5, Seed: 3}).On(night)
	for _, full := range []bool{false, true} {
		w := newSweeper(n.views)
		if full {
			w.words = mostWords
		}
		remembered := 0
		for k, v := range n.views {
			for c := range int32(len(v.circles)) {
				for range 3 {
					holds := w.holds(int32(k), v, c, len(v.s.at)*2/3)
					for place := range int32(len(v.s.at)) {
						if got, want := holds(place), v.s.holds(v.circles[c], place); got != want {
							t.Fatalf("circle %d holds place %d: %v, want %v", c, place, got, want)
						}
					}
				}
				if w.inside[k][c].bits != nil {
					remembered++
				}
			}
		}
		if full != (remembered == 0) {
			t.Errorf("full %v: %d circles are remembered", full, remembered)
		}
	}
}

// A circle that holds far fewer in a window than is to be expected is as unlikely as one
// that holds more, and is no cluster.
func TestFewerThanExpectedIsNoCluster(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 0))
	in := scattered(rng, "a", 200, 20)
	for i := range in {
		at := cluster.At(night.Add(-time.Duration(10+i%20) * Day))
		switch {
		case i < 90: // in one place, long ago, and four of them now
			in[i].Point = orb.Point{1, 52.7}
			if i < 4 {
				at = cluster.At(night.Add(-time.Duration(2+i) * time.Hour))
			}
		case i < 150: // everywhere else, now
			at = cluster.At(night.Add(-time.Duration(i%36) * time.Hour))
		}
		in[i].From, in[i].To, in[i].RadiusM = at, at, 50
	}
	n := New([]Stratum{{
		Offence: "a", MinIncidents: 3, Radii: []float64{300}, Windows: []time.Duration{2 * Day}, Lookback: 2 * Day, Incidents: in,
	}}, Options{History: 60 * Day, MaxShare: .5, Least: 5, Seed: 3}).On(night)
	if fewer := G(4, 90, 64, 200); fewer != 0 {
		t.Errorf("4 of 90 where 64 of 200 are, has %v", fewer)
	}
	for _, c := range n.Clusters(1) {
		if float64(c.Observed) <= c.Expected {
			t.Errorf("%d incidents where %.1f were to be expected are a cluster", c.Observed, c.Expected)
		}
	}
	if best := n.Best(); best > 6 {
		t.Errorf("the best is %v, of what is missing in one place", best)
	}
}

// A scan that is ready from some night on says of that and of later ones what the scan of
// all says, and has looked at fewer places.
func TestScanFromNight(t *testing.T) {
	strata := twoOffences(rand.New(rand.NewPCG(9, 0)), 120)
	o := Options{History: 8 * Day, MaxShare: 0.5, Least: 5, Seed: 3}
	cases := CasesOf(strata, o)
	run := func(first, asOf time.Time) (places int, out []any) {
		s, err := cases.Scan(t.Context(), first)
		if err != nil {
			t.Fatal(err)
		}
		for _, st := range s.strata {
			places += len(st.at)
		}
		n := s.On(asOf)
		events, err := n.Events(t.Context(), 5, 2)
		if err != nil || len(events) == 0 {
			t.Fatalf("%d events, %v", len(events), err)
		}
		return places, []any{n.Clusters(1), n.Best(), n.Cost(), events}
	}
	for _, asOf := range []time.Time{night, night.Add(-Day)} {
		all, want := run(time.Time{}, asOf)
		some, got := run(night.Add(-Day), asOf)
		if d := gocmp.Diff(want, got); d != "" || some >= all {
			t.Errorf("%v, %d of %d places:\n%s", asOf, some, all, d)
		}
	}
}

// A scan that is not wanted any more is given up.
func TestScanGivenUp(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	strata := twoOffences(rand.New(rand.NewPCG(4, 0)), 150)
	if s, err := CasesOf(strata, DefaultOptions()).Scan(ctx, time.Time{}); err != nil || len(s.strata) != len(strata) {
		t.Fatalf("%v, %v", s, err)
	}
	stop()
	if s, err := CasesOf(strata, DefaultOptions()).Scan(ctx, time.Time{}); s != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v, %v", s, err)
	}
}
