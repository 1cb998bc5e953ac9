package layer

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/geo"
)

// valueOf returns what the spree has in the named field.
func valueOf(t *testing.T, s cluster.Spree, name string) any {
	t.Helper()
	l, err := sprees.filled([]cluster.Spree{s}, Stamp{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	for column, v := range l.Values(0) {
		if column.Name == name {
			return v
		}
	}
	t.Fatalf("no field %s", name)
	return nil
}

func TestSpreeStatistic(t *testing.T) {
	s := cluster.Spree{Method: cluster.MethodScan, Observed: 7}
	s.Statistic = &cluster.Statistic{Expected: 0.5, LLR: 12.5851784, P: 1.23456789e-9, PMethod: "gumbel", Recurrence: 200 * 24 * time.Hour}
	// 7 observed of 0.5 expected; a small p must not round to 0
	for key, want := range map[string]any{"expected": Decimal(0.5), "ratio": Decimal(14), "llr": Decimal(12.585178), "p_value": Decimal(1.23457e-9), "ri_days": Decimal(200)} {
		if got := valueOf(t, s, key); got != want {
			t.Errorf("%s = %v, want %v", key, got, want)
		}
	}
	s.Statistic = &cluster.Statistic{Expected: 0, LLR: math.Inf(1), P: 1}
	for _, key := range []string{"ratio", "llr"} {
		if got := valueOf(t, s, key); got != nil {
			t.Errorf("%s = %v, want nil: JSON has no infinity", key, got)
		}
	}
}

func TestZoneWithHoleAndIsland(t *testing.T) {
	c, err := geo.CellAt(orb.Point{0.9333, 52.6833}, 9)
	if err != nil {
		t.Fatal(err)
	}
	ring := slices.DeleteFunc(c.Disk(2), func(n geo.Cell) bool { return slices.Contains(c.Disk(1), n) })
	g, err := outline(append(ring, c)) // a ring of 12 cells, and one alone in its middle
	if err != nil {
		t.Fatal(err)
	}
	m := g.(orb.MultiPolygon)
	if len(m) != 2 || len(m[0])+len(m[1]) != 3 {
		t.Fatalf("%d parts with %v rings, want a ring with a hole and an island", len(m), m)
	}
	if g, err := outline(nil); g != nil || err != nil {
		t.Errorf("no cells: %v, %v, want no geometry", g, err)
	}
}

func TestNumber(t *testing.T) {
	tests := []struct {
		x        float64
		decimals int
		want     string
	}{
		{7, 6, "7.0"},
		{0, 6, "0.0"},
		{math.Copysign(0, -1), 6, "0.0"},
		{-0.00000001, 6, "0.0"},
		{0.1 + 0.2, 6, "0.3"},
		{1234.5678, 1, "1234.6"},
		{-1.25, 1, "-1.3"}, // math.Round goes away from zero
		{1e-5, 6, "0.00001"},
		{1e300, 6, "1" + strings.Repeat("0", 300) + ".0"},
		{math.NaN(), 6, "null"},
		{math.Inf(1), 6, "null"},
	}
	for _, tt := range tests {
		got, err := json.Marshal(orNil(Round(tt.x, tt.decimals)))
		if err != nil || string(got) != tt.want {
			t.Errorf("%v to %d decimals = %s, %v, want %s", tt.x, tt.decimals, got, err, tt.want)
		}
	}
}

func TestStatistic(t *testing.T) {
	for _, tt := range []struct {
		x    float64
		want string
	}{
		{7, "7"},
		{-0.00000001, "-0"},
		{0.1 + 0.2, "0.3"},
		{1e21, "1e+21"},
		{math.NaN(), "null"},
		{math.Inf(1), "null"},
		{math.Inf(-1), "null"},
		{1e308, "null"}, // with six decimals it is too great
	} {
		got, err := json.Marshal(Statistic(Decimals(tt.x, 6)))
		if err != nil || string(got) != tt.want {
			t.Errorf("%v = %s, %v, want %s", tt.x, got, err, tt.want)
		}
	}
}

func TestTimes(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name       string
		at         time.Time
		local, utc string
	}{
		{"winter", time.Date(2026, 11, 22, 10, 5, 0, 0, time.UTC), "2026-11-22T10:05:00", "2026-11-22T10:05:00Z"},
		{"summer", time.Date(2015, 9, 16, 9, 0, 0, 0, time.UTC), "2015-09-16T10:00:00", "2015-09-16T09:00:00Z"},
		{"the hour that comes twice, first", time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC), "2026-10-25T01:30:00", "2026-10-25T00:30:00Z"},
		{"the hour that comes twice, second", time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC), "2026-10-25T01:30:00", "2026-10-25T01:30:00Z"},
		{"given in another zone", time.Date(2015, 9, 16, 10, 0, 0, 0, zone), "2015-09-16T10:00:00", "2015-09-16T09:00:00Z"},
		{"not known", time.Time{}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := WallTime(tt.at, zone); got != tt.local {
				t.Errorf("local %v, want %v", got, tt.local)
			}
			if got := utcTime(tt.at); got != tt.utc {
				t.Errorf("UTC %v, want %v", got, tt.utc)
			}
		})
	}
}

// contents has one of everything, with a value in every field.
func contents(t *testing.T) Contents {
	t.Helper()
	c, err := geo.CellAt(orb.Point{0.9333, 52.6833}, 9)
	if err != nil {
		t.Fatal(err)
	}
	expected := 0.5
	from := time.Date(2015, 9, 16, 9, 0, 0, 0, time.UTC)
	window := cluster.Window{Start: from, End: from.Add(time.Hour)}
	return Contents{Analyst: true,
		Suggestions: []patrol.Suggestion{{ID: "p", Streets: []string{"Mill Lane", "Norwich Road"}, Rank: 1, SpreeID: "s", Offence: "robbery", PlaceName: "Dereham", Cell: c, Area: []geo.Cell{c}, AreaM2: c.AreaM2(),
			Shift: "late", Band: window, Dwell: 15 * time.Minute, Visits: 2, Unit: "u", Priority: "high", Risk: 0.1, Reason: "why", Action: "what",
			Confidence: 0.9, Incidents: []string{"a"}, Expires: from.Add(24 * time.Hour)}},
		Sprees: []cluster.Spree{{ID: "s", Status: cluster.StatusNew, Offence: "robbery", Method: cluster.MethodScan, Incidents: []string{"a"}, Zone: []geo.Cell{c},
			Window: window, Observed: 1, Statistic: &cluster.Statistic{Expected: 0.5, LLR: 1, P: 0.01, Recurrence: time.Hour}, Centre: c.Centre(), RadiusM: 10,
			Places: []string{"Dereham"}, Confidence: 0.9, Raised: cluster.Thresholds{RadiusM: 1000, Window: 12 * time.Hour, MinIncidents: 3, AlertsPerWeek: 2}, Merged: []string{"t"}}},
		Cells:     []detect.CellCount{{Cell: c, Window: window, Observed: 1, Expected: &expected, Risk: 0.1, SpreeID: "s"}},
		Incidents: []Incident{{Incident: &cluster.Incident{ID: "a", Offence: "robbery", From: cluster.At(from), To: cluster.At(from), Point: c.Centre(), RadiusM: 10, Level: geo.LevelStreet, Confidence: 0.9}, Member: &Membership{SpreeID: "s"}}},
		Risk:      []ShiftRisk{{Cell: c, Shift: "late", Window: window, Expected: .1}},
		Routes: []patrol.Route{{Unit: patrol.Unit{Name: "u", Start: orb.Point{0.94, 52.68}}, Shift: "late", Window: window, Leave: from, Back: from.Add(time.Hour), Metres: 1000, Risk: .1,
			Stops: []patrol.Stop{{Suggestion: "p", At: cluster.Window{Start: from, End: from.Add(15 * time.Minute)}, Point: c.Centre(), Metres: 500}}}},
	}
}

// A route without a stop is nowhere on the map, and the public sees none at all.
func TestRoutesOnTheMap(t *testing.T) {
	c, stamp := contents(t), Stamp{Zone: time.UTC}
	c.Routes = append(c.Routes, patrol.Route{Unit: patrol.Unit{Name: "far"}, Shift: "late"})
	set, err := Fill(c, stamp)
	if err != nil {
		t.Fatal(err)
	}
	way := set.Routes.Shape(0).(orb.LineString)
	if set.Routes.Len() != 1 || set.Stops.Len() != 1 || len(way) != 3 || way[0] != way[2] || way[1] != set.Stops.Shape(0) {
		t.Errorf("%d routes, %d stops, the way %v", set.Routes.Len(), set.Stops.Len(), way)
	}
	c.Analyst, c.Public = false, true
	if set, err = Fill(c, stamp); err != nil {
		t.Fatal(err)
	}
	if set.Routes.Len() != 0 || set.Stops.Len() != 0 || set.Holds(routes.Head) || set.Holds(stops.Head) {
		t.Errorf("the public sees %d routes and %d stops", set.Routes.Len(), set.Stops.Len())
	}
}

// groundOf is one thing of each kind.
func groundOf(t *testing.T) Ground {
	t.Helper()
	return Ground{
		Land:        []orb.Polygon{{{{0, 52}, {2, 53}, {2, 52}, {0, 52}}}}, // clockwise, which a file may not be
		Settlements: []Settlement{{Name: "Dereham", Streets: 40, Spree: true, Point: orb.Point{0.94, 52.68}}},
		Roads:       []data.Line{{Class: data.ClassTrunk, Name: "Necton Road", Number: "A47", Points: orb.LineString{{0.9, 52.6}, {1, 52.7}}}},
		Streets:     []Street{{Name: "Norwich Road", Point: orb.Point{0.95, 52.68}}},
		Sources:     []string{"Names: invented"},
	}
}

// The larger settlement is shown first, and a part of a town behind a smaller one
// that stands by itself. The land is wound as RFC 7946 asks.
func TestGround(t *testing.T) {
	g := groundOf(t)
	g.Settlements = append(g.Settlements,
		Settlement{Name: "Toftwood", Streets: 30, Point: orb.Point{0.945, 52.665}}, // 1.7 km from Dereham
		Settlement{Name: "Necton", Streets: 10, Point: orb.Point{0.77, 52.65}}, Settlement{Name: "Norwich", Streets: 300, Point: orb.Point{1.3, 52.63}})
	set, err := Set{}.On(g, Stamp{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for i, s := range set.Settlements.Items {
		names = append(names, s.Name)
		if s.Rank != i+1 {
			t.Errorf("%s has rank %d", s.Name, s.Rank)
		}
	}
	if diff := cmp.Diff([]string{"Norwich", "Dereham", "Necton", "Toftwood"}, names); diff != "" {
		t.Error(diff)
	}
	if ring := set.Land.Shape(0).(orb.Polygon)[0]; ring.Orientation() != orb.CCW {
		t.Error("the outside of the land goes clockwise")
	}
	if from, to := set.Land.When(0); !from.IsZero() || !to.IsZero() {
		t.Error("the land has a time")
	}
	if g.Land[0][0].Orientation() == orb.CCW {
		t.Error("the land that was given has been turned")
	}
}

// A value is of the Go type that its field's kind says, and none is lost between
// the list and the file.
func TestKindsOfValues(t *testing.T) {
	stamp := Stamp{Zone: time.UTC, RunID: "r", Marking: "m", Resolution: 9}
	set, err := Fill(contents(t), stamp)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(set.Tables()); n != len(All())-4 {
		t.Errorf("%d tables without a ground, want all but its four", n)
	}
	ground := groundOf(t)
	ground.Streets[0].Point = set.Patrols.Shape(0).Bound().Center() // in the patrol area
	if set, err = set.On(ground, stamp); err != nil {
		t.Fatal(err)
	}
	tables := set.Tables()
	if len(tables) != len(All()) {
		t.Fatalf("%d tables for an analyst, want %d", len(tables), len(All()))
	}
	for _, table := range tables {
		head := table.About()
		if table.Len() != 1 || table.Shape(0).GeoJSONType() != string(head.Geometry) {
			t.Fatalf("%s: %d features, %v", head.Name, table.Len(), table.Shape(0))
		}
		n := 0
		for column, v := range table.Values(0) {
			n++
			switch v.(type) {
			case string:
				if column.Kind == Whole || column.Kind == Number {
					t.Errorf("%s: %s is %s and holds text", head.Name, column.Name, column.Kind)
				}
			case int:
				if column.Kind != Whole {
					t.Errorf("%s: %s is %s and holds a whole number", head.Name, column.Name, column.Kind)
				}
			case Decimal:
				if column.Kind != Number {
					t.Errorf("%s: %s is %s and holds a number", head.Name, column.Name, column.Kind)
				}
			default:
				t.Errorf("%s: %s holds %v", head.Name, column.Name, v)
			}
		}
		if n != len(table.Columns()) {
			t.Errorf("%s: %d values for %d columns", head.Name, n, len(table.Columns()))
		}
		var rows, whole strings.Builder
		if err := WriteRows(&rows, table); err != nil {
			t.Fatal(err)
		}
		if err := WriteGeoJSON(&whole, table, stamp); err != nil {
			t.Fatal(err)
		}
		if props := strings.TrimSpace(rows.String()); !json.Valid([]byte(props)) || !strings.Contains(whole.String(), `"properties":`+props+`,"geometry":{"type":"`+string(head.Geometry)+`"`) {
			t.Errorf("%s: %s is not in\n%s", head.Name, props, whole.String())
		}
		if from, to := table.When(0); !head.Ground && from.Hour() != 9 || to.Before(from) {
			t.Errorf("%s: from %v to %v", head.Name, from, to)
		}
		if b, ok := Bound(table); !ok || !b.Contains(b.Center()) {
			t.Errorf("%s: bound %v", head.Name, b)
		}
	}
}

// Only an analyst's set holds single incidents, whoever fills it.
func TestSetOfOthers(t *testing.T) {
	c := contents(t)
	c.Analyst = false
	set, err := Fill(c, Stamp{Zone: time.UTC, Resolution: 9})
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range set.Tables() {
		if table.About().Name == "incidents" {
			t.Error("incidents among the tables")
		}
	}
	if set.Incidents.Len() != 0 || set.Holds(set.Incidents.Head) || !set.Holds(set.Cells.Head) {
		t.Errorf("%d incidents; holds them %v", set.Incidents.Len(), set.Holds(set.Incidents.Head))
	}
}

func TestFillRefuses(t *testing.T) {
	for name, spoil := range map[string]func(*Contents){
		"suggestion p": func(c *Contents) { c.Suggestions[0].Area = append(c.Suggestions[0].Area, c.Cells[0].Cell, 1) },
		"spree s":      func(c *Contents) { c.Sprees[0].Zone = []geo.Cell{1} },
		"H3 cell":      func(c *Contents) { c.Cells[0].Cell = 1 },
		"incident a":   func(c *Contents) { c.Incidents[0].Point[1] = 95 },
	} {
		c := contents(t)
		spoil(&c)
		if _, err := Fill(c, Stamp{Zone: time.UTC, Resolution: 9}); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: error %v", name, err)
		}
	}
}
