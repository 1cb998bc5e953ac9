package qgis

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/patrol"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/page"
	"spreewatch/geo"
)

// A county with a crowded city: every spree and every area has a label, none over
// another, over a badge or out of the map.
func TestPinned(t *testing.T) {
	from := time.Date(2026, 10, 7, 9, 0, 0, 0, time.UTC)
	cellAt := func(lon, lat float64) geo.Cell {
		c, err := geo.CellAt(orb.Point{lon, lat}, 9)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	var c layer.Contents
	for i, at := range []struct {
		lon, lat, radius float64
		status           cluster.Status
	}{
		{1.29, 52.63, 600, cluster.StatusEnded}, {1.30, 52.625, 4000, cluster.StatusEnded}, {1.29, 52.63, 800, cluster.StatusOngoing},
		{0.40, 52.75, 6000, cluster.StatusNew}, {1.73, 52.61, 700, cluster.StatusGrowing}, {0.75, 52.64, 12_000, cluster.StatusNew},
	} {
		cell := cellAt(at.lon, at.lat)
		c.Sprees = append(c.Sprees, cluster.Spree{ID: fmt.Sprint("s", i), Status: at.status, Offence: "dwelling-burglary", Zone: []geo.Cell{cell}, Centre: cell.Centre(), RadiusM: at.radius,
			Window: cluster.Window{Start: from, End: from.Add(9 * time.Hour)}, Places: []string{"Norwich", "Eaton"}})
	}
	for i, at := range []orb.Point{{1.295, 52.63}, {1.30, 52.638}, {1.285, 52.622}, {1.73, 52.605}, {1.727, 52.612}, {0.395, 52.752}} {
		for visit := range 3 {
			s := suggestion(1+i+6*visit, "Norwich, 900 m north", fmt.Sprint("shift ", visit))
			s.Cell = cellAt(at[0], at[1])
			s.Area = []geo.Cell{s.Cell}
			c.Suggestions = append(c.Suggestions, s)
		}
	}
	set, err := layer.Fill(c, layer.Stamp{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	set.Patrols.Items[5].PlaceName = strings.Repeat("x", 10_000) // a name is whatever somebody wrote
	p := pinned(set)
	if p.scale < 400_000 || p.scale > 700_000 {
		t.Errorf("a map of 110 km on 223 mm is at 1:%.0f", p.scale)
	}
	if len(p.sprees) != 6 || len(p.areas) != 6 {
		t.Fatalf("%d sprees and %d areas have a label, want 6 and 6", len(p.sprees), len(p.areas))
	}
	view, _ := View(set)
	f := page.NewFrame(view, pageMapWidth, pageMapHeight)
	var boxes []page.Box
	for _, of := range append(p.sprees, p.areas...) {
		if !of.box.Inside(pageMapWidth, pageMapHeight) {
			t.Errorf("%s is cut: %+v", of.id, of.box)
		}
		for _, o := range boxes {
			if of.box.Meets(o) {
				t.Errorf("%s lies over another label", of.id)
			}
		}
		boxes = append(boxes, of.box)
		for _, s := range c.Suggestions {
			x, y := f.At(s.Cell.Centre())
			if of.box.Meets(page.Box{X: x - 3, Y: y - 3, W: 6, H: 6}) {
				t.Errorf("%s lies over the badge of rank %d", of.id, s.Rank)
			}
		}
		if x, y := f.At(of.at); x < of.box.X-.1 || x > of.box.X+.1 || y < of.box.Y+of.box.H-.1 || y > of.box.Y+of.box.H+.1 {
			t.Errorf("%s stands at %v, %v on paper, its box is %+v", of.id, x, y, of.box)
		}
	}
	x, _ := p.positions(p.sprees, `"id"`)
	// at about the scale of the page, and where the corners of the whole are on the map
	begin, end := fmt.Sprintf("coalesce(if(coalesce(@map_scale >= %.0f AND @map_scale <= %.0f AND within(", afarScale+1., 1.3*p.scale), "'EPSG:4326', @map_crs), @map_extent), false), map_get("
	if !strings.HasPrefix(x, begin) || !strings.Contains(x, end) || strings.Count(x, "'s") != 12+strings.Count(x, "'step'") {
		t.Errorf("positions %s", x)
	}
	if x, y := p.positions(nil, `"id"`); x != "" || y != "" {
		t.Error("an expression for no label")
	}
}

// A spree whose circle is withheld has its label by its cells, a suggestion without
// a name is called that, and nothing at all has no pins.
func TestPinnedPublic(t *testing.T) {
	m := mapOf(t, []patrol.Suggestion{suggestion(1, "", "early")})
	if p := pinned(m.Layers); len(p.sprees)+len(p.areas) != 0 {
		t.Errorf("pins %+v for what has no shape", p)
	}
	c, err := geo.CellAt(orb.Point{1.29, 52.63}, 7)
	if err != nil {
		t.Fatal(err)
	}
	nan := orb.Point{}
	nan[0] /= nan[1]
	s := suggestion(1, "", "early")
	s.Area = []geo.Cell{c}
	set, err := layer.Fill(layer.Contents{Suggestions: []patrol.Suggestion{s}, Sprees: []cluster.Spree{{ID: "s", Zone: []geo.Cell{c}, Centre: nan, RadiusM: nan[0]}}}, layer.Stamp{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	if p := pinned(set); len(p.sprees) != 1 || len(p.areas) != 1 || p.areas[0].id != s.ID {
		t.Errorf("%+v", p)
	}
}

// Of more sprees than a page has room for, those that matter most have places of their
// own, and those that are over give way.
func TestMostPinned(t *testing.T) {
	from := time.Date(2015, 9, 16, 10, 0, 0, 0, time.UTC)
	var c layer.Contents
	for i := range mostPinned + 5 {
		at := orb.Point{.9 + .001*float64(i), 52.6}
		zone, err := geo.CellAt(at, 9)
		if err != nil {
			t.Fatal(err)
		}
		s := cluster.Spree{ID: fmt.Sprint("s", i), Status: cluster.StatusNew, Zone: []geo.Cell{zone}, Centre: at, RadiusM: 300, Window: cluster.Window{Start: from, End: from.Add(time.Hour)}}
		if i < 5 {
			s.Status = cluster.StatusEnded
		}
		c.Sprees = append(c.Sprees, s)
	}
	set, err := layer.Fill(c, layer.Stamp{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	p := pinned(set)
	if len(p.sprees) != mostPinned {
		t.Fatalf("%d labels have places", len(p.sprees))
	}
	for _, pin := range p.sprees {
		if pin.id < "s5" && len(pin.id) == 2 {
			t.Errorf("%s, which is over, has one", pin.id)
		}
	}
}
