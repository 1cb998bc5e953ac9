package patrol

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

func square(west, south, size float64) orb.Polygon {
	return orb.Polygon{{{west, south}, {west + size, south}, {west + size, south + size}, {west, south + size}, {west, south}}}
}

func TestNewArea(t *testing.T) {
	beat, err := NewArea("Beat 1", square(.9, 52.6, .05), 9)
	if err != nil {
		t.Fatal(err)
	}
	// .05 degrees are 3.38 km by 5.56 km here, 18.8 km², some 205 cells of 9.14 ha
	if n := len(beat.Cells); n < 195 || n > 215 || math.Abs(beat.M2-18.8e6) > .2e6 || geo.Distance(beat.Centre, orb.Point{.925, 52.625}) > 5 {
		t.Errorf("%d cells, %v m² about %v", n, beat.M2, beat.Centre)
	}
	for _, c := range beat.Cells {
		if p := c.Centre(); p[0] < .9 || p[0] > .95 || p[1] < 52.6 || p[1] > 52.65 {
			t.Fatalf("cell %s lies outside", c)
		}
	}
	two, err := NewArea("Beat 2", orb.MultiPolygon{square(.9, 52.6, .01), square(1, 52.6, .01)}, 9)
	if err != nil || len(two.Cells) < 10 || !slices.IsSorted(two.Cells) {
		t.Errorf("%d cells in two parts, %v", len(two.Cells), err)
	}
	small, err := NewArea("Yard", square(.9, 52.6, .0001), 9)
	if err != nil || len(small.Cells) != 1 || small.Cells[0] != small.Middle {
		t.Errorf("smaller than a cell: %v, %v", small, err)
	}
	post, err := NewArea("Market cross", orb.Point{.94, 52.68}, 9)
	if err != nil || len(post.Cells) != 7 || post.Centre != (orb.Point{.94, 52.68}) || len(post.Outline) != 1 {
		t.Errorf("a waymarker: %v, %v", post, err)
	}
	for _, g := range []orb.Geometry{orb.LineString{{0, 0}, {1, 1}}, orb.Point{0, 95}} {
		if _, err := NewArea("x", g, 9); err == nil {
			t.Errorf("%v is an area", g)
		}
	}
}

// Areas of the force's own take the place of the cells: each holds what its cells
// do, goes by its own name and shape, and may lie beside another.
func TestPlanOfOwnAreas(t *testing.T) {
	calls := dereham(t)
	o := DefaultOptions()
	o.AsOf, o.Zone, o.Profiles = time.Date(2015, 9, 17, 2, 0, 0, 0, london(t)), london(t), []cluster.Profile{courierFraud}
	cells, surface, err := PlanAndSurface(calls, nil, o)
	if err != nil || len(cells) == 0 {
		t.Fatal(err)
	}
	for name, g := range map[string]orb.Geometry{"Town": square(.91, 52.65, .07), "Beside it": square(.98, 52.65, .07), "The sea": square(1.5, 53.2, .05)} {
		a, err := NewArea(name, g, o.Resolution)
		if err != nil {
			t.Fatal(err)
		}
		o.Areas = append(o.Areas, a)
	}
	got, again, err := PlanAndSurface(calls, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	risky := 0
	for i, s := range again {
		risky += len(s.Cells)
		if len(s.Cells) != len(surface[i].Cells) {
			t.Errorf("the surface of %s has %d cells with areas and %d without", s.Shift, len(s.Cells), len(surface[i].Cells))
		}
	}
	if risky == 0 {
		t.Error("the surface is empty")
	}
	names := map[string]int{}
	for _, s := range got {
		names[s.PlaceName]++
		want := 0.0
		for _, shift := range surface {
			for _, e := range shift.Cells {
				if _, in := slices.BinarySearch(s.Area, e.Cell); in && shift.Shift == s.Shift {
					want += e.Expected
				}
			}
		}
		if s.ID != s.Shift+" "+s.PlaceName || s.Outline == nil || s.Risk <= 0 || s.Risk > want*(1+1e-9) {
			t.Errorf("%s: risk %v in its band, and %v in the shift", s.ID, s.Risk, want)
		}
		if len(s.Sources) == 0 || len(s.Incidents) == 0 {
			t.Errorf("%s rests on nothing", s.ID)
		}
	}
	if names["Town"] == 0 || names["Town"] > 3 || names["The sea"] > 0 || len(names) > 2 {
		t.Errorf("suggested are %v", names)
	}
	o.Areas = []Area{}
	if got, err := Plan(calls, nil, o); err != nil || len(got) != 0 {
		t.Errorf("of no areas %d are suggested, %v", len(got), err)
	}
}

// The shares of the incidents behind an area add up to at most all of its risk, are
// in order, and are of incidents that there are. The reason names the greatest.
func TestSourcesOfASuggestion(t *testing.T) {
	calls := dereham(t)
	for _, s := range planDereham(t, calls) {
		sum := 0.0
		for i, x := range s.Sources {
			sum += x.Share
			if i > 0 && x.Share > s.Sources[i-1].Share || x.SpreeID != s.SpreeID || !slices.ContainsFunc(calls, func(in cluster.Incident) bool { return in.ID == x.ID }) {
				t.Errorf("%s: %v", s.ID, s.Sources)
			}
		}
		if sum < .99 || sum > 1+1e-9 {
			t.Errorf("%s: the shares add up to %v", s.ID, sum)
		}
		if !strings.Contains(s.Reason, "Most of the risk comes of those") {
			t.Errorf("%s: %s", s.ID, s.Reason)
		}
	}
}

// Two suggestions of one place and hour are one: of shifts that overlap the one that
// begins first has it, with the reasons of both.
func TestOnePlaceAndHourIsOneSuggestion(t *testing.T) {
	calls := dereham(t)
	o := DefaultOptions()
	o.AsOf, o.Zone, o.Profiles = time.Date(2015, 9, 17, 2, 0, 0, 0, london(t)), london(t), []cluster.Profile{courierFraud}
	o.Shifts = []Shift{{"day", "08:00", "16:00"}, {"long", "09:00", "19:00"}, {"night", "20:00", "06:00"}}
	got, err := Plan(calls, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	joined := 0
	for i, a := range got {
		if strings.Contains(a.Reason, " For long 2015-09-17 too: ") {
			joined++
		}
		if !slices.IsSorted(a.Incidents) || len(slices.Compact(slices.Clone(a.Incidents))) != len(a.Incidents) {
			t.Errorf("%s: incidents %v", a.ID, a.Incidents)
		}
		for _, b := range got[i+1:] {
			if a.Cell == b.Cell && a.Band.Start.Before(b.Band.End) && b.Band.Start.Before(a.Band.End) {
				t.Errorf("%s and %s are one: %v and %v", a.ID, b.ID, a.Band, b.Band)
			}
		}
		if a.Rank != i+1 {
			t.Errorf("rank %d is the %d-th", a.Rank, i+1)
		}
	}
	if joined == 0 {
		t.Error("no two were one, so nothing was looked at")
	}
}
