package patrol

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/risk"
	"spreewatch/geo"
)

// at returns a pick some metres east and north of 0.9, 52.6, named by an
// incident in its middle.
func at(t *testing.T, place string, east, north float64) pick {
	// A degree of latitude is 111.2 km on geo's sphere, one of longitude here 67.5 km.
	p := orb.Point{0.9 + east/67_540, 52.6 + north/111_195}
	c, err := geo.CellAt(p, 12)
	if err != nil {
		t.Fatal(err)
	}
	s := &slot{strand: &strand{weighed: []*cluster.Incident{{ID: "a", Point: p, PlaceName: place}}}}
	return pick{slot: s, lot: lot{area: risk.Area{Cell: c, Centre: c.Centre()}}}
}

func TestPlaceNames(t *testing.T) {
	centre := map[string]orb.Point{"Dereham": {0.9, 52.6}}
	for name, c := range map[string]struct {
		picked  []pick
		centres map[string]orb.Point
		want    []string
	}{
		"eight sides": {
			[]pick{at(t, "Dereham", 0, 2520), at(t, "Dereham", 2000, 2000), at(t, "Dereham", 2520, 300), at(t, "Dereham", 2000, -2000),
				at(t, "Dereham", 300, -2520), at(t, "Dereham", -2000, -2000), at(t, "Dereham", -2520, 0), at(t, "Dereham", -2000, 2000)},
			centre,
			[]string{"Dereham, 2.5 km north", "Dereham, 2.8 km north-east", "Dereham, 2.5 km east", "Dereham, 2.8 km south-east",
				"Dereham, 2.5 km south", "Dereham, 2.8 km south-west", "Dereham, 2.5 km west", "Dereham, 2.8 km north-west"},
		},
		"an area alone has its side too": {[]pick{at(t, "Dereham", 0, 810)}, centre, []string{"Dereham, 800 m north"}},
		"centre":                         {[]pick{at(t, "Dereham", 400, 400)}, centre, []string{"Dereham, centre"}},
		"two in the centre":              {[]pick{at(t, "Dereham", 0, 0), at(t, "Dereham", 600, 0)}, centre, []string{"Dereham, centre", "Dereham, 600 m east"}},
		"the same area in two shifts":    {[]pick{at(t, "Dereham", 0, 600), at(t, "Dereham", 0, 600)}, centre, []string{"Dereham, centre", "Dereham, centre"}},
		"as far on the same side":        {[]pick{at(t, "Dereham", 2520, 300), at(t, "Dereham", 2520, -300)}, centre, []string{"Dereham, 2.5 km east (1)", "Dereham, 2.5 km east (2)"}},
		"no centre known":                {[]pick{at(t, "Elsing", 0, 2500)}, centre, []string{"Elsing"}},
		"no centre known, two areas":     {[]pick{at(t, "Elsing", 0, 0), at(t, "Elsing", 0, 2500), at(t, "Elsing", 0, 0)}, nil, []string{"Elsing (1)", "Elsing (2)", "Elsing (1)"}},
		"a namesake far away":            {[]pick{at(t, "Dereham", 0, 12_000)}, centre, []string{"Dereham"}},
		"no settlement":                  {[]pick{at(t, "", 0, 0), at(t, "", 0, 2500)}, centre, []string{"", ""}},
	} {
		if d := cmp.Diff(c.want, placeNames(c.picked, c.centres)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// The settlement of an incident far off does not name an area where no incident
// has one.
func TestPlaceNameFarIncident(t *testing.T) {
	p := at(t, "Elsing", 0, 0)
	p.weighed = append(p.weighed, p.weighed[0])
	p.weighed[0].PlaceName = ""
	p.weighed[1].Point[1] += 0.05 // 5.6 km
	if got := placeNames([]pick{p}, nil); got[0] != "" {
		t.Errorf("got %q", got[0])
	}
}

// The other areas of a night do not change what a cell is called, unless they
// would be called the same.
func TestPlaceNamesStay(t *testing.T) {
	centre := map[string]orb.Point{"Dereham": {0.9, 52.6}}
	night := []pick{at(t, "Dereham", 2520, 300), at(t, "Dereham", 0, 0), at(t, "Dereham", 0, -1500)}
	all := placeNames(night, centre)
	reversed := slices.Clone(night)
	slices.Reverse(reversed)
	names := placeNames(reversed, centre)
	slices.Reverse(names)
	if d := cmp.Diff(all, names); d != "" {
		t.Errorf("the order of the picks changed the names: %s", d)
	}
	for i, p := range night {
		if alone := placeNames([]pick{p}, centre); alone[0] != all[i] {
			t.Errorf("alone %q, among others %q", alone[0], all[i])
		}
	}
}
