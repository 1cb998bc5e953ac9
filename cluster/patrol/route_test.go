package patrol

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

var duty0 = cluster.Window{Start: time.Date(2026, 3, 2, 7, 0, 0, 0, time.UTC), End: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}

// someJobs invents jobs within some 12 km, each in a band of the shift.
func someJobs(r *rand.Rand, n int) []job {
	jobs := make([]job, n)
	for i := range jobs {
		start := duty0.Start.Add(time.Duration(r.IntN(60)) * time.Minute)
		jobs[i] = job{fmt.Sprint(i), orb.Point{.9 + .15*r.Float64(), 52.6 + .1*r.Float64()}, .1 + r.Float64(), cluster.Window{Start: start, End: start.Add(time.Hour)}, 15 * time.Minute}
		if r.IntN(2) == 0 {
			jobs[i].band = duty0
		}
	}
	return jobs
}

func someUnits(r *rand.Rand, n int) []member {
	units := make([]member, n)
	for i := range units {
		units[i] = member{Unit{Name: fmt.Sprint("car ", i), Shift: "early", Start: orb.Point{.9 + .15*r.Float64(), 52.6 + .1*r.Float64()}}, duty0}
	}
	return units
}

// exact returns the most that the units can collect: for each unit, whether a set
// of jobs can be driven in any order (dynamic programming over sets and the last
// job, by the earliest time), then the best disjoint sets.
func exact(t *testing.T, jobs []job, units []member, o RouteOptions) float64 {
	full := 1 << len(jobs)
	way := func(a, b orb.Point) time.Duration { return travel(o, geo.Distance(a, b)*o.Detour) }
	best := make([]float64, full)
	gain := make([]float64, full)
	for s := range full {
		for j := range jobs {
			if s>>j&1 == 1 {
				gain[s] += jobs[j].gain
			}
		}
	}
	for _, u := range units {
		can := make([]bool, full)
		can[0] = true
		at := make([][]time.Time, full)
		for s := range full {
			at[s] = make([]time.Time, len(jobs))
		}
		for s := 1; s < full; s++ {
			for j := range jobs {
				if s>>j&1 == 0 {
					continue
				}
				try := func(arrive time.Time) {
					if arrive.Before(jobs[j].band.Start) {
						arrive = jobs[j].band.Start
					}
					done := arrive.Add(jobs[j].dwell)
					if !done.After(jobs[j].band.End) && (at[s][j].IsZero() || done.Before(at[s][j])) {
						at[s][j] = done
					}
				}
				if rest := s &^ (1 << j); rest == 0 {
					try(duty0.Start.Add(way(u.Start, jobs[j].at)))
				} else {
					for k := range jobs {
						if rest>>k&1 == 1 && !at[rest][k].IsZero() {
							try(at[rest][k].Add(way(jobs[k].at, jobs[j].at)))
						}
					}
				}
				if !at[s][j].IsZero() && !at[s][j].Add(way(jobs[j].at, u.Start)).After(duty0.End) {
					can[s] = true
				}
			}
		}
		next := make([]float64, full)
		for s := range full {
			next[s] = best[s]
			for sub := s; sub > 0; sub = (sub - 1) & s {
				if can[sub] {
					next[s] = math.Max(next[s], best[s&^sub]+gain[sub])
				}
			}
		}
		best = next
	}
	return best[full-1]
}

// 200 small cases: together within 1 % of the exact optimum, and each within 5 %.
func TestRoutesAgainstTheOptimum(t *testing.T) {
	o := DefaultRouteOptions()
	got, want, short := 0.0, 0.0, 0
	for c := range 200 {
		r := rand.New(rand.NewPCG(11, uint64(c)))
		jobs, units := someJobs(r, 5+r.IntN(4)), someUnits(r, 1+r.IntN(2))
		routes, err := team(t.Context(), jobs, units, o)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, route := range routes {
			sum += route.Risk
		}
		best := exact(t, jobs, units, o)
		if sum > best+1e-9 {
			t.Fatalf("case %d: %v is over the optimum of %v", c, sum, best)
		}
		if sum < .99*best {
			short++
		}
		got, want = got+sum, want+best
	}
	t.Logf("%.4f of the optimum, %d of 200 over 1 %% short", got/want, short)
	if got < .99*want || short > 0 {
		t.Errorf("%.4f of the optimum, %d of 200 over 1 %% short", got/want, short)
	}
}

func TestRoutesProperties(t *testing.T) {
	o := DefaultRouteOptions()
	o.Restarts = 6
	for c := range 30 {
		r := rand.New(rand.NewPCG(12, uint64(c)))
		jobs, units := someJobs(r, r.IntN(16)), someUnits(r, 4)
		last := -1.0
		for n := range units {
			routes, err := team(t.Context(), jobs, units[:n+1], o)
			if err != nil {
				t.Fatal(err)
			}
			sum, seen := 0.0, map[string]bool{}
			for _, route := range routes {
				sum += route.Risk
				place, at := route.Unit.Start, duty0.Start
				for _, s := range route.Stops {
					var j job
					for _, of := range jobs {
						if of.id == s.Suggestion {
							j = of
						}
					}
					if seen[s.Suggestion] {
						t.Fatalf("area %s is visited twice", s.Suggestion)
					}
					seen[s.Suggestion] = true
					arrive := at.Add(travel(o, geo.Distance(place, j.at)*o.Detour))
					if s.At.Start.Before(arrive) || s.At.Start.Before(j.band.Start) || s.At.End.After(j.band.End) || s.At.Duration() != j.dwell {
						t.Fatalf("visit %v, there by %v, band %v", s.At, arrive, j.band)
					}
					place, at = j.at, s.At.End
				}
				if back := at.Add(travel(o, geo.Distance(place, route.Unit.Start)*o.Detour)); len(route.Stops) > 0 && back.After(duty0.End) {
					t.Fatalf("back at %v, after the shift", back)
				}
			}
			if sum < last-1e-12 {
				t.Fatalf("%d units collect %v, one fewer %v", n+1, sum, last)
			}
			last = sum
			again, err := team(t.Context(), jobs, units[:n+1], o)
			if d := cmp.Diff(routes, again); err != nil || d != "" {
				t.Fatalf("the same seed, another route: %v\n%s", err, d)
			}
		}
	}
}

// A start beyond reach has an empty route.
func TestRoutesBeyondReach(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	routes, err := team(t.Context(), someJobs(r, 5), []member{{Unit{Name: "far", Shift: "early", Start: orb.Point{13.4, 52.5}}, duty0}}, DefaultRouteOptions())
	if err != nil || len(routes) != 1 || len(routes[0].Stops) != 0 || routes[0].Risk != 0 || routes[0].Metres != 0 {
		t.Errorf("got %+v, %v", routes, err)
	}
}

func BenchmarkRoutes(b *testing.B) {
	shift := cluster.Window{Start: duty0.Start, End: duty0.Start.Add(8 * time.Hour)}
	for _, visits := range []int{1, 3} {
		b.Run(fmt.Sprintf("6 units, 60 areas of %d visits", visits), func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, 1))
			var jobs []job
			for range 60 {
				j := someJobs(r, 1)[0]
				from := shift.Start.Add(time.Duration(r.IntN(20)) * 15 * time.Minute)
				for v := range visits {
					j.band = cluster.Window{Start: from.Add(time.Duration(v) * time.Hour), End: from.Add(time.Duration(v+1) * time.Hour)}
					jobs = append(jobs, j)
				}
			}
			units := someUnits(r, 6)
			for i := range units {
				units[i].window = shift
			}
			for b.Loop() {
				if _, err := team(b.Context(), jobs, units, DefaultRouteOptions()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func travel(o RouteOptions, metres float64) time.Duration {
	return time.Duration(metres / (o.SpeedKmh / 3.6) * float64(time.Second))
}

// Of two shifts that overlap a unit that works both is back from the first before it
// leaves for the second, over the hour that the clocks skip too.
func TestRoutesOfShiftsThatOverlap(t *testing.T) {
	at := func(h int) time.Time { return time.Date(2026, 3, 28, h, 0, 0, 0, time.UTC) } // the clocks go forward at 1 on the 29th
	shifts := map[string]cluster.Window{"late 2026-03-28": {Start: at(20), End: at(26)}, "night 2026-03-28": {Start: at(23), End: at(30)}}
	r := rand.New(rand.NewPCG(5, 5))
	var suggestions []Suggestion
	for _, name := range sortedKeys(shifts) {
		for range 8 {
			cell, err := geo.CellAt(orb.Point{.9 + .15*r.Float64(), 52.6 + .1*r.Float64()}, 9)
			if err != nil {
				t.Fatal(err)
			}
			from := at(20 + r.IntN(7))
			suggestions = append(suggestions, Suggestion{ID: fmt.Sprint(len(suggestions)), Cell: cell, Shift: name, Band: cluster.Window{Start: from, End: from.Add(3 * time.Hour)}, Dwell: 15 * time.Minute, Visits: 3, Risk: 1})
		}
	}
	units := []Unit{{Name: "both", Start: orb.Point{.94, 52.68}}, {Name: "split", Start: orb.Point{.94, 52.68}, Shift: "night"}, {Name: "split", Start: orb.Point{.94, 52.68}, Shift: "late"}}
	routes, err := Routes(t.Context(), suggestions, units, shifts, DefaultRouteOptions())
	if err != nil {
		t.Fatal(err)
	}
	back := map[string]time.Time{}
	for _, r := range routes {
		if len(r.Stops) < 2 || r.Leave.Before(back[r.Unit.Name]) || r.Leave.Before(shifts[r.Shift].Start) || r.Back.After(shifts[r.Shift].End) {
			t.Errorf("%s of %s leaves at %v with %d stops, back at %v; it was back from the shift before at %v", r.Unit.Name, r.Shift, r.Leave, len(r.Stops), r.Back, back[r.Unit.Name])
		}
		back[r.Unit.Name] = r.Back
	}
	if len(routes) != 4 {
		t.Errorf("%d routes of two units in two shifts", len(routes))
	}
}
