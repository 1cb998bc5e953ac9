package trial

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/scales"
	"spreewatch/geo"
)

var newYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

const burglary = "dwelling-burglary"

// quiet are n incidents over so many days, their times and places independent: at
// forty addresses about Dereham, some visited more often.
func quiet(seed uint64, n int, days float64) []cluster.Incident {
	rng := rand.New(rand.NewPCG(seed, 7))
	var places []orb.Point
	for range 40 {
		places = append(places, orb.Point{0.94 + .1*rng.Float64(), 52.68 + .06*rng.Float64()})
	}
	out := make([]cluster.Incident, n)
	for i := range out {
		from := newYear.Add(time.Duration(rng.Float64() * days * float64(oneDay))).Truncate(time.Minute)
		p := places[int(40*rng.Float64()*rng.Float64())]
		out[i] = cluster.Incident{ID: fmt.Sprintf("q%04d", i), Offence: burglary, From: cluster.At(from), To: cluster.At(from), Reported: cluster.At(from.Add(time.Duration(rng.IntN(36)) * time.Hour)),
			Point: orb.Point{p[0] + .004*rng.Float64(), p[1] + .002*rng.Float64()}, Level: geo.LevelStreet, Confidence: 1}
	}
	return out
}

// six are six burglaries over forty hours within 400 m.
func six(at time.Time) []cluster.Incident {
	var out []cluster.Incident
	for k, d := range [][2]float64{{0, 0}, {.002, .001}, {-.002, .0015}, {.001, -.002}, {-.0025, -.001}, {.003, 0}} {
		from := at.Add(time.Duration(k) * 8 * time.Hour)
		out = append(out, cluster.Incident{ID: fmt.Sprintf("six %d", k), Offence: burglary, From: cluster.At(from), To: cluster.At(from), Reported: cluster.At(from.Add(time.Hour)),
			Point: orb.Point{0.99 + d[0], 52.71 + d[1]}, Level: geo.LevelStreet, Confidence: 1})
	}
	return out
}

func setting(window string, length time.Duration, radius string, metres float64, least int) Setting {
	return Setting{Offence: burglary, Window: length, RadiusM: metres, Min: least, WindowText: window, RadiusText: radius}
}

func small(days int, settings ...Setting) CompareOptions {
	o := DefaultCompareOptions()
	o.Settings, o.From, o.To, o.Plants, o.Rotations = settings, newYear.AddDate(0, 0, 30), newYear.AddDate(0, 0, days), nil, 1
	return o
}

func TestSixBurglariesAreFoundByThreeDaysAndNotByThreeHours(t *testing.T) {
	settings := []Setting{setting("72h", 72*time.Hour, "500m", 500, 3), setting("3h", 3*time.Hour, "500m", 500, 3)}
	for name, past := range map[string][]cluster.Incident{"with a past": quiet(1, 150, 90), "alone": nil} {
		o := small(90, settings...)
		all := append(slices.Clone(past), six(newYear.AddDate(0, 0, 60))...)
		got, err := Compare(context.Background(), all, o)
		if err != nil {
			t.Fatal(err)
		}
		found := func(k int) (r Raised, ok bool) {
			for _, r := range got[0].Trials[k].Sprees {
				if slices.ContainsFunc(r.life, func(id string) bool { return strings.HasPrefix(id, "six") }) {
					return r, true
				}
			}
			return r, false
		}
		r, ok := found(0)
		if !ok {
			t.Fatalf("%s: 72h does not find the six", name)
		}
		if _, ok := found(1); ok {
			t.Errorf("%s: 3h finds the six", name)
		}
		// They begin at midnight and come every eight hours, each known an hour later:
		// by two in the morning of the third day at the latest all but the last are.
		if delay := r.At.Sub(r.First); delay < 24*time.Hour || delay > 50*time.Hour {
			t.Errorf("%s: raised %s after the first", name, delay)
		}
		if r.Shown.Nth < 3 || r.Shown.At.After(r.At) || r.Shown.At.Before(r.First) {
			t.Errorf("%s: first to be seen as %+v, raised %s", name, r.Shown, r.At)
		}
		if third := newYear.AddDate(0, 0, 60).Add(17 * time.Hour); name == "alone" && (r.Shown != Shown{Incident: "six 2", Nth: 3, Of: r.Shown.Of, At: third}) {
			t.Errorf("alone: first to be seen as %+v, want by the third, known at %s", r.Shown, third)
		}
		if want := name == "with a past"; (got[0].Trials[0].Method == cluster.MethodScan) != want {
			t.Errorf("%s: found by the %s", name, got[0].Trials[0].Method)
		}
	}
}

// A replay that looks at every circle and window of every night by counting finds
// the same sprees with the same delays.
func TestCompareAgainstBruteForce(t *testing.T) {
	s := setting("24h", oneDay, "1km", 1000, 3)
	o := small(80, s)
	all := corrected(append(quiet(3, 240, 80), six(newYear.AddDate(0, 0, 50))...))
	got, err := Compare(context.Background(), all, o)
	if err != nil {
		t.Fatal(err)
	}
	trial := got[0].Trials[0]
	type alert struct {
		At, First time.Time
		Incidents string
	}
	var have, want []alert
	for _, r := range trial.Sprees {
		have = append(have, alert{r.At, r.First, strings.Join(r.Spree.Incidents, ",")})
	}
	cluster.SortIncidents(all)
	var previous []cluster.Spree
	for _, asOf := range o.nights() {
		var found []cluster.Spree
		for _, c := range bruteNight(all, s, trial.Threshold, asOf) {
			spree, err := cluster.NewSpree(c.members, burglary, 9)
			if err != nil {
				t.Fatal(err)
			}
			spree.First, spree.Raised = asOf, cluster.Thresholds{RadiusM: s.RadiusM, Window: s.Window}
			spree.Statistic = &cluster.Statistic{Expected: c.expected}
			found = append(found, spree)
		}
		known := slices.DeleteFunc(slices.Clone(all), func(in cluster.Incident) bool { return in.From.After(asOf) || !in.KnownOn(asOf) })
		sprees, dormant := detect.Track(previous, found, cluster.DistinctOf(known, nil), asOf)
		for _, s := range sprees {
			if s.Status == cluster.StatusNew {
				want = append(want, alert{asOf, s.Window.Start, strings.Join(s.Incidents, ",")})
			}
		}
		previous = slices.Concat(sprees, dormant)
	}
	if d := gocmp.Diff(want, have); d != "" || len(want) < 3 {
		t.Errorf("%d sprees; the replay finds others than counting does:\n%s", len(want), d)
	}
	early := 0
	for _, r := range trial.Sprees {
		want := bruteShown(all, s, trial.Threshold, r)
		if r.Shown != want {
			t.Errorf("raised %s: first to be seen as %+v, by counting as %+v", r.At, r.Shown, want)
		}
		if want.Nth < want.Of {
			early++
		}
	}
	if early == 0 {
		t.Error("no spree showed before its last incident")
	}
}

// bruteShown counts anew at every report of a spree: in the circle, in its window, and
// in all, of what was known then.
func bruteShown(all []cluster.Incident, s Setting, threshold float64, r Raised) Shown {
	middle := func(in cluster.Incident) time.Time {
		from, to := in.From.Time(), in.To.Time()
		if to.After(r.At) {
			to = r.At
		}
		return from.Add(to.Sub(from) / 2)
	}
	var members []cluster.Incident
	var end time.Time
	for _, in := range all {
		if slices.Contains(r.Spree.Incidents, in.ID) && in.KnownOn(r.At) {
			members = append(members, in)
			if at := middle(in); at.After(end) {
				end = at
			}
		}
	}
	slices.SortStableFunc(members, func(a, b cluster.Incident) int {
		return cmp.Or(cmp.Compare(a.Reported, b.Reported), cmp.Compare(a.ID, b.ID))
	})
	for k, m := range members {
		c, in, window, n := k+1, 0, 0, 0
		for _, x := range all {
			if x.From.After(r.At) || r.At.Sub(x.From.Time()) > scales.DefaultOptions().History || !x.KnownOn(m.Reported.Time()) {
				continue
			}
			n++
			if cluster.VecOf(r.Spree.Centre).Chord2(cluster.VecOf(x.Point)) <= cluster.Chord2(s.RadiusM) {
				in++
			}
			if at := middle(x); at.After(end.Add(-s.Window)) && !at.After(end) {
				window++
			}
		}
		if c >= s.Min && scales.G(c, max(c, in), max(c, window), max(c, n)) >= threshold {
			return Shown{Incident: m.ID, Nth: c, Of: len(members), At: m.Reported.Time()}
		}
	}
	last := members[len(members)-1]
	return Shown{Incident: last.ID, Nth: len(members), Of: len(members), At: last.Reported.Time()}
}

// By hand: of four incidents of the next day, one of which came too late, two lie in the
// circle of a spree that goes on, and of five from before it one did: by chance 3·1/5.
func TestInsideTheNextDay(t *testing.T) {
	night := newYear.AddDate(0, 0, 40)
	centre, away := orb.Point{.95, 52.7}, orb.Point{.99, 52.7}
	var past []cluster.Incident
	for k, c := range []struct {
		after time.Duration
		at    orb.Point
	}{{time.Hour, centre}, {23 * time.Hour, centre}, {24 * time.Hour, away}, {25 * time.Hour, centre},
		{-10 * oneDay, centre}, {-11 * oneDay, away}, {-12 * oneDay, away}, {-13 * oneDay, away}, {-14 * oneDay, away},
		{-oneDay, centre}, {-70 * oneDay, centre}} { // of the spree's own time, and too long ago
		at := night.Add(c.after)
		past = append(past, cluster.Incident{ID: fmt.Sprint(k), Offence: burglary, From: cluster.At(at), To: cluster.At(at), Reported: cluster.At(at), Point: c.at})
	}
	first := past[1]
	first.Until, first.Point = cluster.At(night.Add(30*time.Hour)), away // told otherwise at first: what stands is counted
	past = append(past, first)
	cluster.SortIncidents(past)
	tr := Trial{Setting: setting("24h", oneDay, "1km", 1000, 3)}
	b := newBench(burglary, past, []time.Time{night}, small(60, tr.Setting), &meter{})
	in, all, expected := b.inside(&tr, []cluster.Spree{{Centre: centre}}, night)
	if in != 2 || all != 3 || math.Abs(expected-.6) > 1e-9 {
		t.Errorf("%v of %v, %v by chance", in, all, expected)
	}
	if in, all, expected := b.inside(&tr, nil, night); in != 0 || all != 3 || expected != 0 {
		t.Errorf("without a spree: %v of %v, %v by chance", in, all, expected)
	}
}

// A correction is no late report: a planted spree is reported as soon as its like was first.
func TestLate(t *testing.T) {
	first := six(newYear)[0] // known an hour after it ended
	first.Until = cluster.At(newYear.AddDate(0, 0, 30))
	now := first
	now.Until, now.Reported = cluster.At(time.Time{}), first.Until
	other := six(newYear)[1]
	other.Reported = other.To - 3600
	b := newBench(burglary, versions([]cluster.Incident{now, first, other}), nil, small(60, setting("24h", oneDay, "1km", 1000, 3)), &meter{})
	for _, c := range []struct {
		in   cluster.Incident
		want time.Duration
	}{{first, time.Hour}, {now, time.Hour}, {other, 0}} {
		if got := b.late(c.in); got != c.want {
			t.Errorf("%s until %v: %s late, want %s", c.in.ID, c.in.Until, got, c.want)
		}
	}
}

// Turning and moving the incidents leaves them as far from each other as they were.
func TestTurnedKeepsDistances(t *testing.T) {
	past := quiet(1, 60, 60)
	b := newBench(burglary, past, nil, small(60, setting("24h", oneDay, "1km", 1000, 3)), &meter{})
	seen := map[float64]bool{}
	for r := range 2 {
		turned := b.turned(r)
		for i := 1; i < len(past); i++ {
			before, after := geo.Distance(past[0].Point, past[i].Point), geo.Distance(turned[0].Point, turned[i].Point)
			if math.Abs(before-after) > .01 {
				t.Fatalf("turn %d: incident %d is %v m from the first, and was %v m", r, i, after, before)
			}
		}
		moved := geo.Distance(past[0].Point, turned[0].Point)
		if moved < 100 || seen[moved] {
			t.Errorf("turn %d moves the first by %v m", r, moved)
		}
		seen[moved] = true
	}
}

// By hand: of {a, b, c} and {b, c, d} two of four are in both; nothing and nothing are the same.
func TestJaccard(t *testing.T) {
	set := func(ids ...string) map[string]bool {
		out := map[string]bool{}
		for _, id := range ids {
			out[id] = true
		}
		return out
	}
	for _, c := range []struct {
		a, b map[string]bool
		want float64
	}{{set("a", "b", "c"), set("b", "c", "d"), .5}, {set("a"), set(), 0}, {set(), set(), 1}, {set("a"), set("a"), 1}} {
		if got := jaccard(c.a, c.b); got != c.want {
			t.Errorf("%v and %v: %v, want %v", c.a, c.b, got, c.want)
		}
	}
	if q := quartiles([]float64{4, 1, 3, 2}); q != (Quartiles{1.75, 2.5, 3.25}) { // R's quantile, type 7
		t.Errorf("quartiles %v", q)
	}
}

// corrected are the incidents, of which every seventh was told of another place and
// time for two days and every twentieth was taken back after one.
func corrected(incidents []cluster.Incident) []cluster.Incident {
	const day = 86400 // seconds
	var out []cluster.Incident
	for i, in := range incidents {
		if i%20 == 3 {
			in.Until = in.Reported + day
		}
		if i%7 == 5 && in.Until.IsZero() {
			first := in
			first.Point[0] += .01
			first.From, first.To, first.Until = in.From-5*3600, in.To, in.Reported+2*day
			in.Reported = first.Until
			out = append(out, first)
		}
		out = append(out, in)
	}
	return out
}

// Three of six burglaries were told at the other end of the town, and put right a
// month later: no night saw six, and the night that they were put right is too late.
// What was taken back later was seen on its nights.
func TestAReplaySeesWhatWasKnownThen(t *testing.T) {
	at := newYear.AddDate(0, 0, 60)
	for name, past := range map[string][]cluster.Incident{"with a past": quiet(1, 150, 95), "alone": nil} {
		o := small(95, setting("72h", 72*time.Hour, "500m", 500, 5))
		o.AlertsPerWeek = 20 // so that the minimum decides
		raised := func(change func(all []cluster.Incident) []cluster.Incident) int {
			got, err := Compare(context.Background(), append(slices.Clone(past), change(six(at))...), o)
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, r := range got[0].Trials[0].Sprees {
				if slices.ContainsFunc(r.life, func(id string) bool { return strings.HasPrefix(id, "six") }) {
					n++
				}
			}
			return n
		}
		late := func(standing bool) func(all []cluster.Incident) []cluster.Incident {
			return func(all []cluster.Incident) []cluster.Incident {
				for k := range 3 {
					first := all[k]
					first.Point[0] += .05
					first.Until = cluster.At(at.AddDate(0, 0, 30))
					all[k].Reported = first.Until
					all = append(all, first)
				}
				if !standing {
					all = all[3:]
				}
				return all
			}
		}
		if n := raised(func(all []cluster.Incident) []cluster.Incident { return all }); n != 1 {
			t.Errorf("%s: %d sprees of the six as they stand", name, n)
		}
		if n := raised(late(true)); n != 0 {
			t.Errorf("%s: %d sprees of the six, three of which were elsewhere on the nights", name, n)
		}
		if n := raised(func(all []cluster.Incident) []cluster.Incident {
			for k := range all {
				all[k].Until = cluster.At(at.AddDate(0, 0, 10))
			}
			return all
		}); n != 1 {
			t.Errorf("%s: %d sprees of six that were taken back ten days later", name, n)
		}
	}
}

type bruteCluster struct {
	members  []cluster.Incident
	expected float64
}

// bruteNight finds the clusters of a night, best first, by counting.
func bruteNight(all []cluster.Incident, s Setting, threshold float64, asOf time.Time) []bruteCluster {
	var known []cluster.Incident
	for _, in := range all {
		if !in.From.After(asOf) && in.KnownOn(asOf) && asOf.Sub(in.From.Time()) <= scales.DefaultOptions().History {
			known = append(known, in)
		}
	}
	lattice := cluster.NewLattice([]float64{s.RadiusM}, .7)
	for _, in := range known {
		lattice.Around(in.Point, 0, nil)
	}
	taken := make(map[string]bool)
	var out []bruteCluster
	for {
		best, expected := 0.0, 0.0
		var key uint64
		var end time.Time
		var members []cluster.Incident
		for _, circle := range lattice.Circles {
			for _, last := range known {
				if asOf.Sub(last.From.Time()) >= oneDay {
					continue
				}
				c, in, m := 0, 0, 0
				var inside []cluster.Incident
				for _, x := range known {
					near := circle.At.Chord2(cluster.VecOf(x.Point)) <= cluster.Chord2(s.RadiusM)
					now := x.From.After(last.From.Time().Add(-s.Window)) && x.From <= last.From
					if near {
						in++
					}
					if now {
						m++
					}
					if near && now && !taken[x.ID] {
						c++
						inside = append(inside, x)
					}
				}
				if c < s.Min || 2*in > len(known) || c*len(known) <= in*m {
					continue
				}
				g := 0.0
				for _, cell := range [][3]int{{c, in, m}, {in - c, in, len(known) - m}, {m - c, len(known) - in, m}, {len(known) - in - m + c, len(known) - in, len(known) - m}} {
					if cell[0] > 0 {
						g += float64(cell[0]) * math.Log(float64(cell[0])*float64(len(known))/float64(cell[1])/float64(cell[2]))
					}
				}
				if g < threshold-1e-9 || g < best-1e-9 {
					continue
				}
				if better := g > best+1e-9; better || last.From.Before(end) || last.From.Time().Equal(end) && circle.Key < key {
					best, key, end, members = g, circle.Key, last.From.Time(), inside
					expected = float64(in) * float64(m) / float64(len(known))
				}
			}
		}
		if members == nil {
			return out
		}
		out = append(out, bruteCluster{members, expected})
		for _, m := range members {
			taken[m.ID] = true
		}
	}
}

func TestEqualSettingsShowNoDifference(t *testing.T) {
	a := setting("24h", oneDay, "1km", 1000, 3)
	b := a
	b.WindowText = "1d" // the same, which Validate refuses
	o := small(120, a, b)
	o.AlertsPerWeek = .5
	incidents := append(quiet(2, 500, 120), six(newYear.AddDate(0, 0, 60))...)
	cluster.SortIncidents(incidents)
	part, err := newBench(burglary, incidents, o.nights(), o, &meter{}).compare(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	c, err := JoinCompared(context.Background(), []Compared{part})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(c.Trials[0].Sprees); n == 0 || n != len(c.Trials[1].Sprees) || c.Overlap[0][1] != 1 {
		t.Errorf("%d and %d sprees, overlap %v", n, len(c.Trials[1].Sprees), c.Overlap)
	}
	if len(c.Tests) != 4 {
		t.Errorf("%d tests, want one a measure", len(c.Tests))
	}
	for _, d := range c.Tests {
		if d.Difference != 0 || d.Holm != 1 || d.Better() != 0 || !strings.HasPrefix(d.Words(), "no difference") {
			t.Errorf("equal settings differ: %+v", d)
		}
	}
}

// Where there is no spree no setting is called better in more than 5 % of pasts.
func TestQuietPastCallsNoneBetter(t *testing.T) {
	const seeds = 30
	called := 0
	for seed := range uint64(seeds) {
		o := small(130, setting("6h", 6*time.Hour, "500m", 500, 2), setting("24h", oneDay, "500m", 500, 2), setting("24h", oneDay, "3km", 3000, 3), setting("72h", 3*oneDay, "3km", 3000, 3))
		o.Seed, o.Rotations, o.NullNights, o.AlertsPerWeek = seed, 0, 200, .5
		got, err := Compare(context.Background(), quiet(seed, 330, 135), o)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(got[0].Tests, func(d Difference) bool { return d.Better() != 0 }) {
			called++
		}
	}
	// 5 % of 30 is 1.5, and P(more than 4) at 5 % is .016.
	if called > 4 {
		t.Errorf("in %d of %d quiet pasts a setting is called better", called, seeds)
	}
}

// By hand: seven nights; on the second a spree of two cells goes on, on the third it and
// another that shares one of them and has one more: 2 + 3 cells, in each of two shifts
// for ten minutes, in a week. Over fourteen nights it is half as much a week.
func TestPatrolAskedFor(t *testing.T) {
	zone := geo.Cell(0x89194e60c33ffff).Disk(1)[:3]
	one, other := cluster.Spree{Zone: zone[:2]}, cluster.Spree{Zone: zone[1:]}
	for nights, want := range map[int]float64{7: (2 + 3) * 2 * 10, 14: (2 + 3) * 2 * 10 / 2} {
		o := small(95, setting("24h", oneDay, "1km", 1000, 3))
		o.Dwell, o.Shifts = 10*time.Minute, 2
		b := newBench(burglary, quiet(1, 50, 60), o.nights()[:nights], o, &meter{})
		f := followed{open: make([][]cluster.Spree, nights), alerts: make([]float64, nights)}
		f.open[1], f.open[2] = []cluster.Spree{one}, []cluster.Spree{one, other}
		var got Trial
		if b.measure(&got, f); math.Abs(got.Patrol-want) > 1e-9 {
			t.Errorf("%d nights: %v min a week, want %v", nights, got.Patrol, want)
		}
	}
}

// Two nights of two shuffled pasts: what is raised on the first of each is the first half.
func TestHalvesOfTheNull(t *testing.T) {
	n := &null{shams: []sham{{bench: &bench{nights: make([]time.Time, 2)}}}}
	if got := n.halves([]float64{1, 0, 2, 4}); got != [2]float64{7 * 3. / 2, 7 * 4. / 2} {
		t.Errorf("%v", got)
	}
}

func TestCompareStops(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Compare(ctx, quiet(1, 100, 60), small(60, setting("24h", oneDay, "1km", 1000, 3))); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}

func TestCompareRefuses(t *testing.T) {
	good := small(60, setting("24h", oneDay, "1km", 1000, 3))
	for name, change := range map[string]func(*CompareOptions){
		"no setting":     func(o *CompareOptions) { o.Settings = nil },
		"no nights":      func(o *CompareOptions) { o.To = o.From },
		"no budget":      func(o *CompareOptions) { o.AlertsPerWeek = 0 },
		"one incident":   func(o *CompareOptions) { o.Settings[0].Min = 1 },
		"twice the same": func(o *CompareOptions) { o.Settings = append(o.Settings, o.Settings[0]) },
		"odd plant":      func(o *CompareOptions) { o.Plants = []Plant{{Size: 1, SpreadM: 5, Length: time.Hour}} },
		"no null":        func(o *CompareOptions) { o.NullNights = 0 },
	} {
		o := good
		o.Settings = slices.Clone(good.Settings)
		change(&o)
		if _, err := Compare(context.Background(), nil, o); err == nil {
			t.Errorf("%s: not refused", name)
		}
	}
}

// A plant of ten in six hours within 200 m stands out of a quiet past to a setting of
// its own size, and not to one of an hour.
func TestPowerOfPlants(t *testing.T) {
	o := small(90, setting("6h", 6*time.Hour, "500m", 500, 3), setting("1h", time.Hour, "500m", 500, 9))
	o.Plants = []Plant{{Size: 10, SpreadM: 200, Length: 6 * time.Hour}}
	told := 0
	o.Progress = func(done, total int) {
		if done < told || done > total {
			t.Errorf("%d of %d steps after %d", done, total, told)
		}
		told = done
	}
	past := quiet(4, 150, 95)
	for i := range past {
		past[i].Reported = past[i].From // else some are known when nobody looks for them any more
	}
	got, err := Compare(context.Background(), past, o)
	if err != nil {
		t.Fatal(err)
	}
	good, bad := got[0].Trials[0].Power[0], got[0].Trials[1].Power[0]
	if good.Trials < leastTrials || good.Found < good.Trials*9/10 || bad.Found > 1 {
		t.Errorf("found %d and %d of %d", good.Found, bad.Found, good.Trials)
	}
	if told == 0 {
		t.Error("no step was told")
	}
}

func TestSettingsKeepTheOrderOfTheAnswer(t *testing.T) {
	o := small(90, setting("72h", 3*oneDay, "500m", 500, 3), setting("3h", 3*time.Hour, "500m", 500, 3))
	all := append(quiet(1, 150, 90), six(newYear.AddDate(0, 0, 60))...)
	first, err := Compare(context.Background(), all, o)
	if err != nil {
		t.Fatal(err)
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	again, err := Compare(context.Background(), all, o)
	if err != nil {
		t.Fatal(err)
	}
	if d := gocmp.Diff(fmt.Sprint(first[0].Tests, first[0].Overlap, first[0].Answer()), fmt.Sprint(again[0].Tests, again[0].Overlap, again[0].Answer())); d != "" {
		t.Errorf("the order of the incidents changed the answer:\n%s", d)
	}
	c := first[0]
	if !strings.Contains(c.Answer()[0], "72h 500m 3 raises") {
		t.Errorf("the answer begins %q", c.Answer()[0])
	}
	if s := c.Trials[0].Stability; !(s > .5 && s <= 1) {
		t.Errorf("stability %v", s)
	}
	for _, tr := range c.Trials {
		if !slices.Contains(tr.Curve, CurvePoint{tr.False, tr.Alerts, tr.Delay.Median}) && len(tr.Sprees) > 0 {
			t.Errorf("%s: the curve does not go through where it is held: %+v", tr.Name(), tr.Curve)
		}
	}
	for i, p := range c.Trials[0].Curve {
		if i > 0 && (p.False < c.Trials[0].Curve[i-1].False || p.Alerts < c.Trials[0].Curve[i-1].Alerts) {
			t.Errorf("the curve falls: %+v", c.Trials[0].Curve)
		}
	}
}

// By hand: of 1, 2, 3 and 4 the mean is 2.5 and the deviation 1.29, so that t is 3.87
// with 3 degrees of freedom: p .0305, but four signs reach no less than .125.
func TestPairedT(t *testing.T) {
	if mean, p := pairedT([]float64{1, 2, 3, 4}); mean != 2.5 || p != .125 {
		t.Errorf("mean %v, p %v", mean, p)
	}
	if mean, p := pairedT([]float64{1, 2, 3, 4, 1, 2, 3, 4}); mean != 2.5 || math.Abs(p-.0004) > 2e-4 && p != .0078125 {
		t.Errorf("mean %v, p %v", mean, p)
	}
	if _, p := pairedT([]float64{24, 24, 24}); p != .25 {
		t.Errorf("three equal differences: p %v", p)
	}
	if mean, p := pairedT([]float64{0, 0}); mean != 0 || p != 1 {
		t.Errorf("no difference: mean %v, p %v", mean, p)
	}
}

// The answer says of the setting that it leads with what differs, and what does not so
// far as it was tested.
func TestAnswer(t *testing.T) {
	a, b := setting("6h", 6*time.Hour, "2km", 2000, 3), setting("24h", oneDay, "2km", 2000, 3)
	of := func(s Setting, alerts float64) Trial {
		return Trial{Setting: s, EqualRate: true, Sprees: make([]Raised, 3), Alerts: alerts, False: 1, Delay: Quartiles{10, 12, 20}}
	}
	c := Comparison{Offence: burglary, Nights: 100, Trials: []Trial{of(a, 2.5), of(b, 1.5)}, Tests: []Difference{
		{A: a, B: b, Measure: MeasureDelay, Difference: -5, Holm: .01}, {A: a, B: b, Measure: MeasureFalse, Difference: .1, Holm: 1}, {A: a, B: b, Measure: MeasureAlerts, Difference: 1, Holm: .2}}}
	want := []string{
		"dwelling-burglary: 6h 2km 3 raises 2.5 sprees a week where chance alone would raise 1, 12 h after the first incident",
		"6h 2km 3 finds the sprees that both find 5 h sooner than 24h 2km 3 (p 0.01)",
		"no difference in sprees raised, or in false alarms can be shown between 6h 2km 3 and any other setting"}
	if d := gocmp.Diff(want, c.Answer()); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
	c.Tests[0].Holm = 1
	if got := c.Answer(); got[1] != "no difference between 6h 2km 3 and any other setting can be shown" || len(got) != 2 {
		t.Errorf("nothing differs: %q", got)
	}
	c.Trials = c.Trials[:1]
	if got := c.Answer(); got[1] != "one setting: there is nothing to compare it with" {
		t.Errorf("one: %q", got)
	}
	c.Trials[0].Alerts = 1.004 // "1" is what is written of both
	if got := c.Answer()[0]; got != "dwelling-burglary: 6h 2km 3 raises no more sprees than chance alone would: 1 a week where chance raises 1" {
		t.Errorf("chance: %q", got)
	}
}

func TestDifferenceWords(t *testing.T) {
	a, b := setting("6h", 6*time.Hour, "2km", 2000, 3), setting("24h", oneDay, "2km", 2000, 3)
	for want, d := range map[string]Difference{
		"6h 2km 3 finds the sprees that both find 5 h sooner than 24h 2km 3":                            {A: a, B: b, Measure: MeasureDelay, Difference: -5, Holm: .01},
		"24h 2km 3 raises 0.75 sprees a week more than 6h 2km 3":                                        {A: a, B: b, Measure: MeasureAlerts, Difference: -.75, Holm: .01},
		"6h 2km 3 raises 1.5 false sprees a week fewer than 24h 2km 3":                                  {A: a, B: b, Measure: MeasureFalse, Difference: -1.5, Holm: .01},
		"6h 2km 3 holds 12 incidents of the next day a week over chance more than 24h 2km 3":            {A: a, B: b, Measure: MeasureInside, Difference: 12.3, Holm: .01},
		"no difference in false alarms can be shown between 6h 2km 3 and 24h 2km 3":                     {A: a, B: b, Measure: MeasureFalse, Difference: 3, Holm: .05},
		"no difference in incidents of the next day inside can be shown between 6h 2km 3 and 24h 2km 3": {A: a, B: b, Measure: MeasureInside, Difference: 3, Holm: 1},
	} {
		if got := d.Words(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
