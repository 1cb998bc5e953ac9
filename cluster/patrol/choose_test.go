package patrol

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/risk"
	"spreewatch/geo"
)

// An area is its spree's where the spree adds half of the risk or more, and else
// the offence's with the most, though the spree adds more than each of them.
func TestWhoseAnAreaIs(t *testing.T) {
	cell, err := geo.CellAt(orb.Point{.94, 52.68}, 9)
	if err != nil {
		t.Fatal(err)
	}
	window := cluster.Window{Start: duty0.Start, End: duty0.End}
	of := func(offence string, spree *cluster.Spree) *slot {
		return &slot{strand: &strand{profile: cluster.Profile{Offence: offence}, spree: spree}, band: window, visits: 2, inBand: 1}
	}
	theft, robbery, spree := of("theft", nil), of("robbery", nil), of("burglary", &cluster.Spree{ID: "s"})
	for _, c := range []struct {
		name   string
		claims []claim
		want   string
		lead   float64
	}{
		{"half of the risk", []claim{{theft, .2}, {spree, .4}, {robbery, .2}}, "burglary", .5},
		{"the most, and under half", []claim{{theft, .3}, {spree, .4}, {robbery, .2}}, "theft", 1. / 3},
		{"the most comes last", []claim{{theft, .2}, {spree, .4}, {robbery, .3}}, "robbery", 1. / 3},
		{"no spree", []claim{{theft, .1}, {robbery, .3}}, "robbery", .75},
		{"two sprees, none with half", []claim{{spree, .4}, {of("arson", &cluster.Spree{ID: "r"}), .39}, {theft, .3}}, "theft", .3 / 1.09},
		{"three sprees and nothing else", []claim{{of("arson", &cluster.Spree{ID: "r"}), .3}, {spree, .4}, {of("theft", &cluster.Spree{ID: "t"}), .3}}, "burglary", .4},
	} {
		got := candidates([]claimed{{risk.Area{Cell: cell}, c.claims}}, DefaultOptions())
		if len(got) != 1 || got[0].profile.Offence != c.want || math.Abs(got[0].lead-c.lead) > 1e-9 {
			t.Errorf("%s: %d areas, of %q with %v; want %q with %v", c.name, len(got), got[0].profile.Offence, got[0].lead, c.want, c.lead)
		}
	}
}

func TestWordsOfPlacesAndDistances(t *testing.T) {
	for want, places := range map[string][]string{
		"": nil, " in Holt": {"Holt"}, " around Holt and Letheringsett": {"Holt", "Letheringsett"},
		" around A, B, C and D":             {"A", "B", "C", "D"},
		" around A, B, C and 2 more places": {"A", "B", "C", "D", "E"},
	} {
		if got := around(places); got != want {
			t.Errorf("%v: %q, want %q", places, got, want)
		}
	}
	for d, want := range map[float64]string{0: "100 m", 101: "200 m", 9_850: "9.9 km", 9_950: "10 km", 12_001: "13 km"} {
		if got := atMost(d); got != want {
			t.Errorf("%v m is within %q, want %q", d, got, want)
		}
	}
}

func TestRouteOptions(t *testing.T) {
	for want, change := range map[string]func(*RouteOptions){
		"the speed":    func(o *RouteOptions) { o.SpeedKmh = 0 },
		"at most 200":  func(o *RouteOptions) { o.SpeedKmh = 201 },
		"the detour":   func(o *RouteOptions) { o.Detour = .9 },
		"1 to 10":      func(o *RouteOptions) { o.Detour = math.NaN() },
		"one start of": func(o *RouteOptions) { o.Restarts = 0 },
	} {
		o := DefaultRouteOptions()
		change(&o)
		if _, err := Routes(t.Context(), nil, nil, nil, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", want, err)
		}
	}
}

// Each unit works its own shift alone; a stop names its suggestion and lies in its
// band, and no area is gone to twice.
func TestRoutesOfAPlan(t *testing.T) {
	suggestions := planDereham(t, dereham(t))
	zone := london(t)
	day := func(h int) time.Time { return time.Date(2015, 9, 17, h, 0, 0, 0, zone) }
	shifts := map[string]cluster.Window{
		"early 2015-09-17": {Start: day(7), End: day(15)}, "late 2015-09-17": {Start: day(15), End: day(23)}, "night 2015-09-17": {Start: day(23), End: day(31)},
	}
	dereham := orb.Point{.9333, 52.6833}
	units := []Unit{{Name: "B", Start: dereham, Shift: "early"}, {Name: "A", Start: dereham, Shift: "early"}, {Name: "C", Start: dereham, Shift: "late"}, {Name: "D", Start: dereham, Shift: "weekend"}}
	routes, err := Routes(t.Context(), suggestions, units, shifts, DefaultRouteOptions())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	gone := map[string][]cluster.Window{}
	for _, r := range routes {
		names = append(names, r.Unit.Name)
		for _, s := range r.Stops {
			g := suggestions[slices.IndexFunc(suggestions, func(g Suggestion) bool { return g.ID == s.Suggestion })]
			if !strings.HasPrefix(g.Shift, r.Unit.Shift) || s.At.Start.Before(g.Band.Start) || s.At.End.After(g.Band.End) || s.At.Duration() != g.Dwell {
				t.Errorf("unit %s at %v in suggestion %s of %s, band %v", r.Unit.Name, s.At, s.Suggestion, g.Shift, g.Band)
			}
			for _, w := range gone[s.Suggestion] { // one visit in each third of three hours
				if part := g.Band.Duration() / 3; w.Start.Sub(g.Band.Start)/part == s.At.Start.Sub(g.Band.Start)/part {
					t.Errorf("suggestion %s is visited at %v and %v", s.Suggestion, w, s.At)
				}
			}
			gone[s.Suggestion] = append(gone[s.Suggestion], s.At)
		}
	}
	if !slices.Equal(names, []string{"A", "B", "C"}) || len(gone) < 7 {
		t.Errorf("routes of %q to %d areas of %d", names, len(gone), len(suggestions))
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Routes(stopped, suggestions, units, shifts, DefaultRouteOptions()); err == nil {
		t.Error("a stop was not heeded")
	}
	if got := shiftName("late"); got != "late" {
		t.Errorf("a shift without a date is called %q", got)
	}
}

// The first of the lenders are those of all of them sorted, however they come.
func TestFirstLendersAreTheSortedHead(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for n := range 40 {
		var all []lender
		for i := range n {
			all = append(all, lender{&cluster.Incident{ID: fmt.Sprint(i)}, float64(r.IntN(6))})
		}
		sorted := slices.Clone(all)
		slices.SortFunc(sorted, compareLenders)
		for k := 1; k <= n; k++ {
			if got := firstOf(all, k); !slices.Equal(got, sorted[:k]) {
				t.Fatalf("the first %d of %d: %v, want %v", k, n, got, sorted[:k])
			}
		}
	}
}
