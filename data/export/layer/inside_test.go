package layer

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/geo"
)

// A street is named in the patrol area that its point is in, a road once in each that
// it runs through, and a path in none.
func TestStreetsInPatrolAreas(t *testing.T) {
	cell, err := geo.CellAt(orb.Point{0.94, 52.68}, 9)
	if err != nil {
		t.Fatal(err)
	}
	middle := cell.Polygon().Bound().Center()
	off := func(east, north float64) orb.Point { // metres from the middle
		const degree = geo.EarthRadius * math.Pi / 180
		return orb.Point{middle[0] + east/degree/math.Cos(middle[1]*math.Pi/180), middle[1] + north/degree}
	}
	line := func(class data.Class, name string, points ...orb.Point) data.Line {
		return data.Line{Class: class, Name: name, Points: points}
	}
	twice := patrol.Suggestion{ID: "a", Cell: cell, Area: []geo.Cell{cell}, Rank: 1}
	again := twice
	again.ID, again.Rank = "b", 2
	set, err := Fill(Contents{Suggestions: []patrol.Suggestion{twice, again}}, Stamp{})
	if err != nil {
		t.Fatal(err)
	}
	set, err = set.On(Ground{
		Streets: []Street{
			{Name: "Alpha Road", Point: off(0, 100)}, {Name: "Beta Road", Point: off(20, -100)},
			{Name: "Gamma Road", Point: off(100, 10)}, {Name: "Delta Road", Point: off(-100, -10)}, {Name: "Epsilon Road", Point: off(900, 0)},
		},
		Roads: []data.Line{
			line(data.ClassStreet, "Zeta Road", off(-900, 90), off(900, 90)),   // no point of its own in the area
			line(data.ClassTertiary, "Eta Road", off(0, -120), off(0, 120)),    // through the middle
			line(data.ClassStreet, "Alpha Road", off(0, 90), off(0, 120)),      // named already
			line(data.ClassPath, "Theta Path", off(-50, -50), off(-50, -80)),   // for feet
			line(data.ClassStreet, "", off(50, -50), off(50, -80)),             // without a name
			line(data.ClassStreet, "Iota Road", off(-900, 400), off(900, 400)), // beside it
		},
	}, Stamp{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Street{
		{Name: "Alpha Road", Patrol: true, MiddleM: 100, Side: "north"}, {Name: "Beta Road", Patrol: true, MiddleM: 102, Side: "south"},
		{Name: "Delta Road", Patrol: true, MiddleM: 100.5, Side: "west"}, {Name: "Epsilon Road"}, {Name: "Eta Road", Patrol: true, MiddleM: 120, Side: "south"},
		{Name: "Gamma Road", Patrol: true, MiddleM: 100.5, Side: "east"}, {Name: "Zeta Road", Patrol: true, MiddleM: 90, Side: "north"},
	}
	if diff := cmp.Diff(want, set.Streets.Items, cmpopts.IgnoreFields(Street{}, "Point"), cmpopts.EquateApprox(0, 13)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, s := range set.Streets.Items {
		if d := geo.Distance(s.Point, middle); s.Patrol && math.Abs(d-s.MiddleM) > 0.1 {
			t.Errorf("%s is %.1f m from the middle, not %.1f", s.Name, d, s.MiddleM)
		}
	}
	for c, v := range set.Streets.Values(3) {
		if c.Name != "name" && v != nil {
			t.Errorf("%s of a street in no area is %v", c.Name, v)
		}
	}
}
