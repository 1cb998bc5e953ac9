package qgis

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

// written is the project of a map with one of everything.
func written(t *testing.T, analyst bool, change func(*Map)) string {
	t.Helper()
	c, err := geo.CellAt(orb.Point{0.9333, 52.6833}, 9)
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2015, 9, 16, 9, 0, 0, 0, time.UTC)
	s := suggestion(1, "Dereham", "late 2015-09-17")
	s.Area, s.Cell, s.Priority = []geo.Cell{c}, c, "high"
	m := mapOf(t, nil)
	m.RunID, m.AsOf = "r", from
	m.Layers, err = layer.Fill(layer.Contents{Analyst: analyst, Suggestions: []patrol.Suggestion{s},
		Sprees:    []cluster.Spree{{ID: "s", Status: cluster.StatusNew, Zone: []geo.Cell{c}, Centre: c.Centre(), RadiusM: 20_000, Window: cluster.Window{Start: from, End: from.Add(time.Hour)}}},
		Cells:     []detect.CellCount{{Cell: c, Risk: 0.5}, {Cell: c.Disk(1)[0], Risk: 0.1}},
		Incidents: []layer.Incident{{Incident: &cluster.Incident{ID: "a", From: cluster.At(from), To: cluster.At(from), Point: c.Centre(), Level: geo.LevelStreet}}}},
		layer.Stamp{Zone: m.Zone, Resolution: 9})
	if err != nil {
		t.Fatal(err)
	}
	m.Layers, err = m.Layers.On(layer.Ground{Land: []orb.Polygon{{{{0, 52}, {2, 52}, {2, 53}, {0, 52}}}}, Settlements: []layer.Settlement{{Name: "Toftwood", Point: c.Centre()}},
		Roads: []data.Line{{Class: data.ClassTrunk, Number: "A47", Points: orb.LineString{{0.9, 52.6}, {1, 52.7}}}}, Streets: []layer.Street{{Name: "Norwich Road", Point: c.Centre()}}, Sources: []string{"Names: A & <B>"}}, layer.Stamp{})
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(&m)
	}
	var b strings.Builder
	if err := Write(&b, m); err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(strings.NewReader(b.String()))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return b.String()
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestProject(t *testing.T) {
	for _, analyst := range []bool{true, false} {
		text := written(t, analyst, nil)
		// a layer's title is in the tree and at the layer itself
		for title, want := range map[string]int{"Patrol areas, by rank": 3, "Sprees": 3, "Incidents expected, by cell": 3} {
			if got := strings.Count(text, ">"+title+"<") + strings.Count(text, `name="`+title+`"`); got != want {
				t.Errorf("%q stands %d times, want %d", title, got, want)
			}
		}
		if got := strings.Contains(text, "./incidents.geojson"); got != analyst {
			t.Errorf("analyst %v: incidents %v", analyst, got)
		}
		for _, part := range []string{"EPSG:27700", "Names: A &amp; &lt;B&gt;", "./land.geojson", "./roads.geojson", "./settlements.geojson", `<CanvasColorRedPart type="int">213<`, `field="n_incidents" name="Incidents behind it"`,
			"<StartDateTime type=\"QString\">2015-09-16T10:00:00<", "<EndDateTime type=\"QString\">2015-09-17T12:00:00<", "OFFICIAL-SENSITIVE", `label="High priority"`} {
			if !strings.Contains(text, part) {
				t.Errorf("no %s", part)
			}
		}
		if strings.Contains(text, "Medium priority") {
			t.Error("the legend has a priority that is not on the map")
		}
	}
}

// The map opens on the whole circle of a spree, not on its cells alone.
func TestViewHoldsTheCircle(t *testing.T) {
	text := written(t, false, nil)
	_, extent, _ := strings.Cut(text, `<DefaultViewExtent xmin="`)
	west, _, _ := strings.Cut(extent, `"`)
	if !strings.HasPrefix(west, "0.5") && !strings.HasPrefix(west, "0.6") { // 20 km west of 0.93 is 0.64, less 7 % of the diagonal
		t.Errorf("the view begins at %s, and the circle at 0.64", west)
	}
}

// Each shift is a group of its own to switch, a part of the one file; the legend
// has the title once.
func TestShifts(t *testing.T) {
	m := mapOf(t, []patrol.Suggestion{suggestion(1, "Dereham", "late 2015-09-17"), suggestion(2, "Elsing", "o'clock"), suggestion(3, "Necton", "late 2015-09-17")})
	m.Layers.Patrols.Items[1].Band.Start = m.Layers.Patrols.Items[1].Band.Start.Add(-time.Hour)
	got := groups(m)
	var names, hints []string
	told := 0
	for _, g := range got {
		names = append(names, g.Name)
		for _, l := range g.Layers {
			if l.Name == "patrols" {
				hints = append(hints, l.ID+l.Hint)
				if l.Told {
					told++
				}
				for _, id := range []string{"spreewatch_patrols_0", "spreewatch_patrols_1"} {
					if !strings.Contains(l.Labels, id) {
						t.Errorf("the labels of %s do not look at %s", l.ID, id)
					}
				}
			}
		}
	}
	if diff := cmp.Diff([]string{"Patrol o'clock", "Patrol late 2015-09-17", "Why", "Risk"}, names); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{`spreewatch_patrols_0|subset="shift" = 'o''clock'`, `spreewatch_patrols_1|subset="shift" = 'late 2015-09-17'`}, hints); diff != "" {
		t.Error(diff)
	}
	if told != 1 {
		t.Errorf("%d parts are told already, want 1 of 2", told)
	}
}

func TestProjectOfNothing(t *testing.T) {
	text := written(t, false, func(m *Map) {
		var err error
		if m.Layers, err = layer.Fill(layer.Contents{}, layer.Stamp{Zone: m.Zone}); err != nil {
			t.Fatal(err)
		}
	})
	if strings.Contains(text, "<Layouts>") || strings.Contains(text, "StartDateTime") || strings.Count(text, "geometrytype=") != 12 {
		t.Errorf("%d hints at a geometry type, want two for each of six layers", strings.Count(text, "geometrytype="))
	}
}

// A name is no expression where QGIS looks for one, nor markup under the pointer.
func TestNamesAreNoCode(t *testing.T) {
	text := written(t, false, func(m *Map) {
		m.Marking, m.Layers.Sources[0] = "M [% 2*3 %]", "Names: Zed [% 6*7 %]"
		m.Layers.Patrols.Items[0].PlaceName = "Zed [% 6*7 %]"
	})
	for _, attribute := range []string{`labelText="`, `text="`, `<Label type="QString">`} {
		for _, value := range strings.Split(text, attribute)[1:] {
			value, _, _ = strings.Cut(value, "<")
			value, _, _ = strings.Cut(value, `"`)
			for rest := value; strings.Contains(rest, "[%"); {
				_, rest, _ = strings.Cut(rest, "[%")
				if !strings.HasPrefix(rest, "&#39;[%&#39;%]") {
					t.Errorf("%s holds an expression: %s", attribute, value)
				}
				rest = strings.TrimPrefix(rest, "&#39;[%&#39;%]")
			}
		}
	}
	if got := literal("Zed [% 6*7 %]"); got != "Zed [%'[%'%] 6*7 %]" {
		t.Errorf("got %s", got)
	}
	for _, tip := range []string{patrolTip, spreeTip, cellTip, incidentTip} {
		for _, expression := range strings.Split(tip, "[% ")[1:] {
			expression, _, _ = strings.Cut(expression, " %]")
			for _, number := range []string{"format_date(", "round(", `"visits"`, `"dwell_min"`} {
				expression = strings.TrimPrefix(expression, number)
			}
			if strings.HasPrefix(expression, `"`) && !strings.HasPrefix(expression, `"from_local"`) && !strings.HasPrefix(expression, `"to_local"`) &&
				!strings.HasPrefix(expression, `"risk"`) && !strings.HasPrefix(expression, `"observed"`) && !strings.HasPrefix(expression, `"confidence"`) && !strings.HasPrefix(expression, `"radius_m"`) {
				t.Errorf("a value stands as markup: %s", expression)
			}
		}
	}
}

// The routes of a shift are switched with it, and the legend tells each unit once,
// by colour and by how its line is broken.
func TestRoutesByShift(t *testing.T) {
	m := mapOf(t, []patrol.Suggestion{suggestion(1, "Dereham", "late 2015-09-17"), suggestion(2, "Elsing", "night 2015-09-17")})
	var driven []patrol.Route
	for i, name := range []string{"West car", "North <car>"} {
		at := m.Layers.Patrols.Items[i]
		driven = append(driven, patrol.Route{Unit: patrol.Unit{Name: name, Start: orb.Point{0.7, 52.6}}, Shift: at.Shift, Leave: at.Band.Start, Back: at.Band.End,
			Stops: []patrol.Stop{{Suggestion: at.ID, At: at.Band, Point: orb.Point{0.9, 52.7}}}})
	}
	set, err := layer.Fill(layer.Contents{Suggestions: m.Layers.Patrols.Items, Routes: driven}, layer.Stamp{Zone: m.Zone})
	if err != nil {
		t.Fatal(err)
	}
	m.Layers = set
	var told []string
	for _, g := range groups(m) {
		for _, l := range g.Layers {
			if l.Name == "routes" && !strings.Contains(l.Hint, `"shift" = '`+strings.TrimPrefix(g.Name, "Patrol ")) {
				t.Errorf("%s shows the routes of %q", g.Name, l.Hint)
			}
			if (l.Name == "routes" || l.Name == "stops") && !l.Told {
				told = append(told, l.ID)
			}
			if l.Name == "routes" && (strings.Count(l.Renderer, "<category ") != 2 || !strings.Contains(l.Renderer, "North &lt;car&gt;") || !strings.Contains(l.Renderer, unitDashes[1])) {
				t.Errorf("the units are drawn as %s", l.Renderer)
			}
		}
	}
	if diff := cmp.Diff([]string{"spreewatch_routes_0"}, told); diff != "" {
		t.Error(diff)
	}
	if view, ok := View(set); !ok || !view.Contains(orb.Point{0.7, 52.6}) {
		t.Errorf("the map opens on %v, and a unit starts outside", view)
	}
	if a, b := legendGrowth(m), legendGrowth(mapOf(t, set.Patrols.Items)); a <= b {
		t.Errorf("the legend grows by %v with units and %v without", a, b)
	}
}

// A base map stands in its own system, under everything, with whom it is owed to on
// map and page, and the ground that it would lie under is there to be switched on.
func TestProjectWithBasemap(t *testing.T) {
	ground := `source="./land.geojson" providerKey="ogr" checked="Qt::%s"`
	for _, tt := range []struct {
		name   string
		base   Basemap
		parts  []string
		ground string
	}{
		{"none", Basemap{}, nil, "Checked"},
		{"a file", Basemap{Name: "a&b.gpkg", Source: "/maps/a&b.gpkg", Provider: "gdal", CRS: "EPSG:27700", Attribution: "© <Someone>"},
			[]string{"<datasource>/maps/a&amp;b.gpkg</datasource>", "<srs><spatialrefsys><srsid>1</srsid><authid>EPSG:27700</authid></spatialrefsys></srs>\n      <provider>gdal<", "Base map: a&amp;b.gpkg, © &lt;Someone&gt;"}, "Unchecked"},
		{"a file that says nothing", Basemap{Name: "a.gpkg", Source: "/maps/a.gpkg", Provider: "gdal"},
			[]string{"<layername>a.gpkg</layername>\n      <provider>gdal<", "Base map: a.gpkg"}, "Unchecked"},
	} {
		text := written(t, false, func(m *Map) { m.Basemap = tt.base })
		// in the tree, at the layer itself and in the order of drawing
		if got := strings.Count(text, "spreewatch_basemap"); got != 3 && tt.base.Source != "" || got != 0 && tt.base.Source == "" {
			t.Errorf("%s: the base map stands %d times", tt.name, got)
		}
		for _, part := range append(tt.parts, strings.Replace(ground, "%s", tt.ground, 1)) {
			if !strings.Contains(text, part) {
				t.Errorf("%s: no %s", tt.name, part)
			}
		}
	}
}
