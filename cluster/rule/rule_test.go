package rule

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"spreewatch/cluster"
	"spreewatch/cluster/sample"
	"spreewatch/geo"
)

func TestRuleDereham(t *testing.T) {
	asOf := time.Date(2015, 9, 17, 1, 0, 0, 0, time.UTC)
	sprees, err := Find(context.Background(), sample.Dereham(), sample.CourierFraud, Night{AsOf: asOf, Resolution: 9})
	if err != nil {
		t.Fatal(err)
	}
	if len(sprees) != 1 {
		t.Fatalf("got %d sprees, want 1: %+v", len(sprees), sprees)
	}
	got := sprees[0]
	for _, in := range sample.Dereham() {
		if d := geo.Distance(got.Centre, in.Point) + in.RadiusM; d > got.RadiusM+1e-6 {
			t.Errorf("incident %s reaches %.1f m from the centre, outside the radius of %.1f m", in.ID, d, got.RadiusM)
		}
		c, err := geo.CellAt(in.Point, 9)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(got.Zone, c) {
			t.Errorf("the zone leaves out the cell of incident %s", in.ID)
		}
	}
	want := cluster.Spree{
		Status: cluster.StatusNew, Offence: "courier-fraud", Method: cluster.MethodRule,
		Incidents: []string{"1", "2", "3", "4", "5", "6", "7", "8"},
		Window:    cluster.Window{Start: sample.BST(10, 0), End: sample.BST(17, 30)},
		Observed:  8,
		Places:    []string{"Dereham", "Elsing", "Great Fransham", "Holme Hale"},
		// 0.9 × (1 − 100/30,000), by hand
		Confidence: 0.897,
		Raised:     cluster.Thresholds{RadiusM: 15_000, Window: 12 * time.Hour, MinIncidents: 4},
	}
	if d := gocmp.Diff(want, got, cmpopts.IgnoreFields(cluster.Spree{}, "ID", "Zone", "Centre", "RadiusM"), cmpopts.EquateApprox(0, 1e-9)); d != "" {
		t.Error(d)
	}
}

// An incident whose place is unsure makes no spree, and is a member of one that
// others make.
func TestRuleUnsure(t *testing.T) {
	asOf := time.Date(2015, 9, 17, 1, 0, 0, 0, time.UTC)
	for unsure, want := range map[int]int{0: 8, 4: 8, 5: 0, 8: 0} {
		calls := sample.Dereham()
		for i := range unsure {
			calls[i].Unsure = true
		}
		sprees, err := Find(context.Background(), calls, sample.CourierFraud, Night{AsOf: asOf, Resolution: 9})
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		for _, s := range sprees {
			got += len(s.Incidents)
		}
		if got != want || want > 0 && len(sprees) != 1 {
			t.Errorf("%d of 8 unsure: %d sprees of %d incidents, want %d", unsure, len(sprees), got, want)
		}
	}
}

// One more call that may have been at any time of the day counts, and so the
// spree's times are those of the day: they cover all that it counts.
func TestRuleDerehamAllDay(t *testing.T) {
	vague := sample.Dereham()[4]
	vague.ID, vague.From, vague.To = "9", cluster.At(sample.BST(0, 0)), cluster.At(sample.BST(24, 0))
	vague.Level, vague.RadiusM = geo.LevelPlace, 3000
	sprees, err := Find(context.Background(), append(sample.Dereham(), vague), sample.CourierFraud, Night{AsOf: time.Date(2015, 9, 17, 1, 0, 0, 0, time.UTC), Resolution: 9})
	if err != nil {
		t.Fatal(err)
	}
	if len(sprees) != 1 || len(sprees[0].Incidents) != 9 || sprees[0].Observed != 8.5 || sprees[0].Window != (cluster.Window{Start: sample.BST(0, 0), End: sample.BST(24, 0)}) {
		t.Errorf("got %+v, want one spree of nine, of weight 8.5, from midnight to midnight", sprees)
	}
}

func TestRuleBoundaries(t *testing.T) {
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	asOf := start.Add(48 * time.Hour)
	profile := cluster.Profile{Offence: "x", RadiusM: 1000, Window: 6 * time.Hour, MinIncidents: 3,
		Lookback: 42 * time.Hour, DecayM: 500, DecayTime: 24 * time.Hour}
	// A degree of longitude on the equator, metres.
	const degree = geo.EarthRadius * math.Pi / 180
	at := func(id string, eastM float64, after time.Duration) cluster.Incident {
		from := start.Add(after)
		return cluster.Incident{ID: id, Offence: "x", From: cluster.At(from), To: cluster.At(from), Point: orb.Point{10 + eastM/degree, 0}, Level: geo.LevelAddress, Confidence: 1}
	}
	lasting := func(in cluster.Incident, d time.Duration) cluster.Incident {
		in.To = in.From + cluster.Instant(d/time.Second)
		return in
	}
	wide := func(in cluster.Incident, radius float64) cluster.Incident { in.RadiusM = radius; return in }
	h := func(hours float64) time.Duration { return time.Duration(hours * float64(time.Hour)) }
	tests := []struct {
		name string
		in   []cluster.Incident
		want [][]string
	}{
		{"none", nil, nil},
		{"one short of the minimum", []cluster.Incident{at("a", 0, 0), at("b", 0, h(6))}, nil},
		{"all at one point and one time", []cluster.Incident{at("a", 0, h(6)), at("b", 0, h(6)), at("c", 0, h(6))}, [][]string{{"a", "b", "c"}}},
		{"exactly the window", []cluster.Incident{at("a", 0, 0), at("b", 0, h(3)), at("c", 0, h(6))}, [][]string{{"a", "b", "c"}}},
		{"a second over the window", []cluster.Incident{at("a", 0, 0), at("b", 0, h(3)), at("c", 0, h(6)+time.Second)}, nil},
		{"exactly two radii apart", []cluster.Incident{at("a", 0, h(6)), at("b", 900, h(6)), at("c", 2000, h(6))}, [][]string{{"a", "b", "c"}}},
		{"a centimetre over two radii", []cluster.Incident{at("a", 0, h(6)), at("b", 900, h(6)), at("c", 2000.01, h(6))}, nil},
		{"ended exactly the lookback ago", []cluster.Incident{at("a", 0, h(1)), at("b", 0, h(2)), at("c", 0, h(6))}, [][]string{{"a", "b", "c"}}},
		{"ended a second before the lookback", []cluster.Incident{at("a", 0, h(1)), at("b", 0, h(2)), at("c", 0, h(6)-time.Second)}, nil},
		{"exactly at the as-of time", []cluster.Incident{at("a", 0, h(48)), at("b", 0, h(48)), at("c", 0, h(48))}, [][]string{{"a", "b", "c"}}},
		{"after the as-of time", []cluster.Incident{at("a", 0, h(48)), at("b", 0, h(48)), at("c", 0, h(48)+time.Second)}, nil},
		{"the same ID twice", []cluster.Incident{at("a", 0, h(6)), at("a", 0, h(6)), at("b", 0, h(6))}, nil},
		{"an interval inside the window", []cluster.Incident{at("a", 0, h(6)), at("b", 0, h(12)), lasting(at("c", 0, h(6)), h(6))}, [][]string{{"a", "b", "c"}}},
		// The window [06:00, 12:00] after the start holds three quarters of c.
		{"an interval half out of the window", []cluster.Incident{at("a", 0, h(6)), at("b", 0, h(12)), lasting(at("c", 0, h(4)), h(8))}, nil},
		// Three quarters of c and three certain ones are over three.
		{"an uncertain fourth", []cluster.Incident{at("a", 0, h(6)), at("b", 0, h(12)), at("d", 0, h(7)), lasting(at("c", 0, h(4)), h(8))}, [][]string{{"a", "b", "c", "d"}}},
		// Half of each is in any six of the twelve hours: six halves are three.
		{"six that last twice the window", []cluster.Incident{
			lasting(at("a", 0, h(6)), h(12)), lasting(at("b", 0, h(6)), h(12)), lasting(at("c", 0, h(6)), h(12)),
			lasting(at("d", 0, h(6)), h(12)), lasting(at("e", 0, h(6)), h(12)), lasting(at("f", 0, h(6)), h(12))},
			[][]string{{"a", "b", "c", "d", "e", "f"}}},
		{"five that last twice the window", []cluster.Incident{
			lasting(at("a", 0, h(6)), h(12)), lasting(at("b", 0, h(6)), h(12)), lasting(at("c", 0, h(6)), h(12)),
			lasting(at("d", 0, h(6)), h(12)), lasting(at("e", 0, h(6)), h(12))}, nil},
		{"longer than twice the window", []cluster.Incident{at("a", 0, h(6)), at("b", 0, h(12)), lasting(at("c", 0, h(6)), h(12.1))}, nil},
		// Only about the window that ends with e do the shares of a, b and c (0.7,
		// 0.7 and 0.65) reach two.
		{"fullest where it ends with an instant", []cluster.Incident{
			lasting(at("a", 0, h(9.9)), h(2)), lasting(at("b", 0, h(10.2)), h(1)), lasting(at("c", 0, h(9.8)), h(2)), at("e", 0, h(16.5))},
			[][]string{{"a", "b", "c", "e"}}},
		{"an interval that runs past the as-of time", []cluster.Incident{at("a", 0, h(48)), at("b", 0, h(46)), lasting(at("c", 0, h(46)), h(24))}, [][]string{{"a", "b", "c"}}},
		{"placed as widely as the radius", []cluster.Incident{at("a", 0, h(6)), at("b", 0, h(6)), wide(at("c", 0, h(6)), 1000)}, [][]string{{"a", "b", "c"}}},
		{"placed more widely than the radius", []cluster.Incident{at("a", 0, h(6)), at("b", 0, h(6)), wide(at("c", 0, h(6)), 1000.1)}, nil},
		{"two bursts far apart", []cluster.Incident{
			at("a", 0, h(6)), at("b", 0, h(6)), at("c", 0, h(6)),
			at("d", 9000, h(6)), at("e", 9000, h(6)), at("f", 9000, h(6))}, [][]string{{"a", "b", "c"}, {"d", "e", "f"}}},
		{"two bursts a day apart", []cluster.Incident{
			at("a", 0, h(6)), at("b", 0, h(7)), at("c", 0, h(8)),
			at("d", 0, h(30)), at("e", 0, h(31)), at("f", 0, h(31))}, [][]string{{"d", "e", "f"}, {"a", "b", "c"}}},
		// The fullest window, of equals the shortest, is b to d. Within six hours
		// of some of these lie a and e; f is with one of them only.
		{"longer than the window", []cluster.Incident{
			at("a", 0, h(6)), at("b", 0, h(9.5)), at("c", 0, h(11)), at("d", 0, h(14)), at("e", 0, h(16)), at("f", 0, h(19))}, [][]string{{"a", "b", "c", "d", "e"}}},
		// The fullest window is b to e. Within six hours of some of these lie a and
		// f, and both together make twelve hours, twice the window.
		{"twice the window", []cluster.Incident{
			at("a", 0, h(9)), at("b", 0, h(12)), at("c", 0, h(13)), at("d", 0, h(17)), at("e", 0, h(18)), at("f", 0, h(21))}, [][]string{{"a", "b", "c", "d", "e", "f"}}},
		{"a second over twice the window", []cluster.Incident{
			at("a", 0, h(9)), at("b", 0, h(12)), at("c", 0, h(13)), at("d", 0, h(17)), at("e", 0, h(18)), at("f", 0, h(21)+time.Second)}, [][]string{{"a", "b", "c", "d", "e"}}},
		{"over twice the window: the nearer in time joins", []cluster.Incident{
			at("a", 0, h(8)), at("b", 0, h(12)), at("c", 0, h(13)), at("d", 0, h(17)), at("e", 0, h(18)), at("f", 0, h(20.5))}, [][]string{{"b", "c", "d", "e", "f"}}},
		// f is within six hours of c and d, but would not fit the circle.
		{"longer than the window, out of the circle", []cluster.Incident{
			at("a", 0, h(6)), at("b", 0, h(9.5)), at("c", 1000, h(11)), at("d", 2000, h(14)), at("f", -100, h(16))}, [][]string{{"a", "b", "c", "d"}}},
		{"without a place", []cluster.Incident{at("a", 0, h(6)), at("b", 0, h(6)), {ID: "c", Offence: "x", From: cluster.At(start.Add(h(6))), To: cluster.At(start.Add(h(6)))}}, nil},
		{"another offence", []cluster.Incident{at("a", 0, h(6)), at("b", 0, h(6)), func() cluster.Incident { in := at("c", 0, h(6)); in.Offence = "y"; return in }()}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sprees, err := Find(context.Background(), tt.in, profile, Night{AsOf: asOf, Resolution: 9})
			if err != nil {
				t.Fatal(err)
			}
			var got [][]string
			for _, s := range sprees {
				got = append(got, s.Life())
			}
			if d := gocmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// A triangle with sides of √3 radii fits a circle of one radius, although no
// corner lies within a radius of another: the centre may be anywhere.
func TestRuleCentreAnywhere(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	middle := cluster.VecOf(orb.Point{0.9, 52.7})
	north, east := axes(middle)
	corner := func(id string, degrees, metres float64) cluster.Incident {
		sin, cos := math.Sincos(degrees * math.Pi / 180)
		s, c := math.Sincos(metres / geo.EarthRadius)
		v := cluster.Vec{}
		for k := range v {
			v[k] = c*middle[k] + s*(cos*north[k]+sin*east[k])
		}
		return cluster.Incident{ID: id, Offence: "x", From: cluster.At(asOf), To: cluster.At(asOf), Point: v.Point(), Level: geo.LevelStreet}
	}
	profile := cluster.Profile{Offence: "x", RadiusM: 10_000, Window: time.Hour, MinIncidents: 3, Lookback: time.Hour}
	for _, tt := range []struct {
		metres float64
		want   int
	}{{9999, 1}, {10_000, 1}, {10_000.01, 0}} {
		sprees, err := Find(context.Background(), []cluster.Incident{corner("a", 0, tt.metres), corner("b", 120, tt.metres), corner("c", 240, tt.metres)}, profile, Night{AsOf: asOf, Resolution: 9})
		if err != nil {
			t.Fatal(err)
		}
		if len(sprees) != tt.want {
			t.Errorf("corners at %.2f m: got %d sprees, want %d", tt.metres, len(sprees), tt.want)
		}
		if len(sprees) == 1 && math.Abs(sprees[0].RadiusM-tt.metres) > 1e-3 {
			t.Errorf("corners at %.2f m: got radius %.4f m", tt.metres, sprees[0].RadiusM)
		}
	}
}

// ruleTwin finds the sprees by trying every subset: slow and plainly right. It
// returns their incidents, in alphabetical order.
func ruleTwin(incidents []cluster.Incident, p cluster.Profile, asOf time.Time) [][]string {
	now, window := asOf.UnixMicro(), p.Window.Microseconds()
	var points []*rulePoint
	for _, in := range cluster.Distinct(incidents) {
		from := in.From.Time().UnixMicro()
		to := min(max(from, in.To.Time().UnixMicro()), now)
		if in.Offence == p.Offence && cluster.Placed(in) && in.RadiusM <= p.RadiusM && from <= now {
			points = append(points, &rulePoint{in, cluster.VecOf(in.Point), from, to, to >= now-p.Lookback.Microseconds()})
		}
	}
	fits := func(set []*rulePoint) bool {
		// A least circle has its centre at a point, half-way between two, or at
		// the same distance from three.
		at := make([]cluster.Vec, len(set))
		for i, m := range set {
			at[i] = m.at
		}
		inside := func(c cluster.Vec) bool {
			for _, v := range at {
				if c.Angle(v)*geo.EarthRadius > p.RadiusM+withinSlackM {
					return false
				}
			}
			return true
		}
		for i := range at {
			if inside(at[i]) {
				return true
			}
			for j := range i {
				if inside(cluster.CircleOf2(at[i], at[j]).Centre) {
					return true
				}
				for k := range j {
					if inside(cluster.CircleOf3(at[i], at[j], at[k]).Centre) {
						return true
					}
				}
			}
		}
		return false
	}
	need := int64(p.MinIncidents)*wholeWeight - weightSlack
	// Every start at which a weight can bend.
	bends := func(set []*rulePoint) []int64 {
		var starts []int64
		for _, m := range set {
			starts = append(starts, m.from, m.to, m.from-window, m.to-window, (m.from+m.to)/2, (m.from+m.to)/2-window, (m.from+m.to+1)/2-window)
		}
		return starts
	}
	var found []*ruleGroup
	for {
		var best *ruleGroup
		for bits := 1; bits < 1<<len(points); bits++ {
			var set []*rulePoint
			live := false
			for i := range points {
				if bits>>i&1 == 1 {
					set = append(set, points[i])
					live = live || points[i].live
				}
			}
			if !live || len(set) < p.MinIncidents || !fits(set) {
				continue
			}
			for _, start := range bends(set) {
				g := &ruleGroup{members: set}
				for _, m := range set {
					w := m.share(start, window)
					if w == 0 {
						g = nil
						break
					}
					g.weight += w
				}
				if g != nil && g.weight >= need && (best == nil || g.compare(best) < 0) {
					best = g
				}
			}
		}
		if best == nil {
			break
		}
		found = append(found, best)
		points = slices.DeleteFunc(points, func(r *rulePoint) bool { return slices.Contains(best.members, r) })
	}
	for _, g := range found {
		core := slices.Clone(g.members)
		coreFrom, coreTo := g.window()
		most := max(2*window, coreTo-coreFrom)
		lengthening := func(r *rulePoint) int64 { return max(0, coreFrom-r.from) + max(0, r.to-coreTo) }
		slices.SortFunc(points, func(a, b *rulePoint) int {
			return cmp.Or(cmp.Compare(lengthening(a), lengthening(b)), cluster.CompareTimes(a.in, b.in))
		})
		points = slices.DeleteFunc(points, func(r *rulePoint) bool {
			with := &ruleGroup{members: append(slices.Clone(g.members), r)}
			if from, to := with.window(); to-from > most || !fits(with.members) {
				return false
			}
			for _, start := range bends(append(slices.Clone(core), r)) {
				sum := r.share(start, window)
				if sum == 0 {
					continue
				}
				for _, m := range core {
					sum += m.share(start, window)
				}
				if sum >= need {
					g.members = with.members
					return true
				}
			}
			return false
		})
	}
	var groups [][]string
	for _, g := range found {
		groups = append(groups, g.ids())
	}
	slices.SortFunc(groups, slices.Compare)
	return groups
}

func TestRuleTwin(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 9).Draw(t, "n")
		profile := cluster.Profile{Offence: "x", RadiusM: float64(rapid.IntRange(100, 1500).Draw(t, "radius")),
			Window:       time.Duration(rapid.IntRange(1, 12).Draw(t, "window")) * time.Hour,
			MinIncidents: rapid.IntRange(2, 4).Draw(t, "min"),
			Lookback:     time.Duration(rapid.IntRange(0, 24).Draw(t, "lookback")) * time.Hour}
		var incidents []cluster.Incident
		for i := range n {
			// A coarse grid of places and times makes ties and coincidences.
			from := asOf.Add(time.Duration(rapid.IntRange(-48, 2).Draw(t, "from")) * 30 * time.Minute)
			length := time.Duration(max(0, rapid.IntRange(-10, 16).Draw(t, "length"))) * time.Hour
			point := orb.Point{0.9 + 0.004*float64(rapid.IntRange(0, 6).Draw(t, "x")), 52.7 + 0.003*float64(rapid.IntRange(0, 6).Draw(t, "y"))}
			incidents = append(incidents, cluster.Incident{ID: string(rune('a' + i)), Offence: "x", From: cluster.At(from), To: cluster.At(from.Add(length)),
				Point: point, RadiusM: float64(rapid.IntRange(0, 3).Draw(t, "r")) * 50, Level: geo.LevelStreet, Confidence: 0.8})
		}
		want := ruleTwin(incidents, profile, asOf)
		sprees, err := Find(context.Background(), incidents, profile, Night{AsOf: asOf, Resolution: 9})
		if err != nil {
			t.Fatal(err)
		}
		var got [][]string
		for _, s := range sprees {
			got = append(got, s.Life())
		}
		slices.SortFunc(got, slices.Compare) // the twin does not weigh who joined, which may change the order
		if d := gocmp.Diff(want, got); d != "" {
			t.Fatal(d)
		}
		found += len(got)

		shuffled := slices.Clone(incidents)
		rand.New(rand.NewPCG(uint64(n), 1)).Shuffle(n, func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		again, err := Find(context.Background(), append(shuffled, incidents...), profile, Night{AsOf: asOf, Resolution: 9})
		if err != nil {
			t.Fatal(err)
		}
		if d := gocmp.Diff(sprees, again); d != "" {
			t.Fatalf("the order of the input, or an ID given twice, changed the sprees:\n%s", d)
		}
	})
	if found == 0 {
		t.Error("no case held a spree: the test compared nothing")
	}
}

func BenchmarkRule(b *testing.B) {
	asOf := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	incidents := sample.Scattered(100_000, 365, asOf)
	for _, p := range []cluster.Profile{
		{Offence: "x", RadiusM: 15_000, Window: 12 * time.Hour, MinIncidents: 4, Lookback: 72 * time.Hour},
		{Offence: "x", RadiusM: 400, Window: 7 * 24 * time.Hour, MinIncidents: 3, Lookback: 7 * 24 * time.Hour},
	} {
		b.Run(fmt.Sprintf("%.0fm", p.RadiusM), func(b *testing.B) {
			for b.Loop() {
				if _, err := Find(context.Background(), incidents, p, Night{AsOf: asOf, Resolution: 9}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Of as many incidents as a city has in an hour, every set meets the rule, none
// shares an incident with another, and the sets together hold about as many as
// those of the exact search.
func TestRuleDense(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	rng := rand.New(rand.NewPCG(4, 0))
	profile := cluster.Profile{Offence: "x", RadiusM: 700, Window: 2 * time.Hour, MinIncidents: 4, Lookback: time.Hour}
	var incidents []cluster.Incident
	for i := range densest + 300 {
		from := asOf.Add(-time.Duration(rng.IntN(400)) * time.Minute)
		incidents = append(incidents, cluster.Incident{ID: fmt.Sprintf("%04d", i), Offence: "x", From: cluster.At(from), To: cluster.At(from.Add(time.Duration(max(0, rng.IntN(200)-100)) * time.Minute)),
			Point: orb.Point{0.9 + 0.1*rng.Float64(), 52.6 + 0.07*rng.Float64()}, Level: geo.LevelStreet, Confidence: 0.8})
	}
	find := func(incidents []cluster.Incident) (held int) {
		sprees, err := Find(context.Background(), incidents, profile, Night{AsOf: asOf, Resolution: 9})
		if err != nil {
			t.Fatal(err)
		}
		byID := make(map[string]cluster.Incident)
		for _, in := range incidents {
			byID[in.ID] = in
		}
		seen := make(map[string]bool)
		for i, s := range sprees {
			if s.Observed < 4-1e-4 || i > 0 && s.Observed > sprees[i-1].Observed {
				t.Errorf("spree %d has the weight %g", i, s.Observed)
			}
			var at []cluster.Vec
			live := false
			for _, id := range s.Incidents {
				if seen[id] {
					t.Errorf("%s is in two sprees", id)
				}
				seen[id] = true
				at = append(at, cluster.VecOf(byID[id].Point))
				live = live || !byID[id].To.Before(asOf.Add(-profile.Lookback))
			}
			if !live || cluster.Enclosing(at).Metres > profile.RadiusM+1e-3 || s.Window.Duration() > 2*profile.Window+2*time.Hour {
				t.Errorf("spree %d: %v, %.1f m, %v", i, live, cluster.Enclosing(at).Metres, s.Window.Duration())
			}
		}
		return len(seen)
	}
	dense := find(incidents)
	// The same in two halves, each of few enough to be searched exactly.
	exact := find(slices.DeleteFunc(slices.Clone(incidents), func(in cluster.Incident) bool { return in.Point.Lat() < 52.635 })) +
		find(slices.DeleteFunc(slices.Clone(incidents), func(in cluster.Incident) bool { return in.Point.Lat() >= 52.635 }))
	if dense < exact*8/10 {
		t.Errorf("%d incidents are in a spree, by the exact search of the halves %d", dense, exact)
	}
	if again := find(append(slices.Clone(incidents[400:]), incidents[:400]...)); again != dense {
		t.Errorf("in another order: %d, was %d", again, dense)
	}
}

// A week is a week of the calendar: on the wall from Monday noon to Monday noon it
// is 169 hours long when the clocks go back.
func TestRuleCalendarDays(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	profile := cluster.Profile{Offence: "x", RadiusM: 400, Window: 7 * 24 * time.Hour, MinIncidents: 3, Lookback: 24 * time.Hour}
	at := func(id string, day, hour int) cluster.Incident {
		when := time.Date(2024, 10, day, hour, 0, 0, 0, zone)
		return cluster.Incident{ID: id, Offence: "x", From: cluster.At(when), To: cluster.At(when), Point: orb.Point{1, 52.7}, Level: geo.LevelStreet}
	}
	for _, tt := range []struct {
		hour int
		zone *time.Location
		want int
	}{{12, zone, 1}, {13, zone, 0}, {12, nil, 0}} {
		sprees, err := Find(context.Background(), []cluster.Incident{at("a", 21, 12), at("b", 25, 12), at("c", 28, tt.hour)}, profile,
			Night{AsOf: time.Date(2024, 10, 29, 2, 0, 0, 0, zone), Zone: tt.zone, Resolution: 9})
		if err != nil || len(sprees) != tt.want {
			t.Errorf("to %d:00 in %v: got %d sprees, %v, want %d", tt.hour, tt.zone, len(sprees), err, tt.want)
		}
	}
}
