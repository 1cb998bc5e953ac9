package export

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

// writeFor writes the result for the audience and returns the files.
func writeFor(t testing.TB, r Result, a Audience) map[string]string {
	t.Helper()
	o := sampleOptions(t, t.TempDir())
	o.Audience = a
	if _, err := Write(r, o); err != nil {
		t.Fatal(err)
	}
	return readDir(t, o.Dir)
}

func cellAt(t testing.TB, p orb.Point, resolution int) geo.Cell {
	t.Helper()
	c, err := geo.CellAt(p, resolution)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A hexagon is told by its name, by its corners and by its middle. A coarser one
// may share a corner or two with it, and has the middle of one finer.
var h3Text = regexp.MustCompile(`\b8[0-9a-f]{14}\b`)

// tellsSmallCell returns what in the files tells a cell of resolution 8 or finer
// that holds fewer of the incidents than the least count.
func tellsSmallCell(t testing.TB, files map[string]string, incidents []layer.Incident, least int) []string {
	t.Helper()
	held := make(map[geo.Cell]int)
	var telling []string
	for _, in := range incidents {
		for resolution := 8; resolution <= geo.MaxResolution; resolution++ {
			held[cellAt(t, in.Point, resolution)]++
		}
	}
	small := func(c geo.Cell) bool { return c.Resolution() >= 8 && held[c] < least }
	for name, text := range files {
		for _, s := range h3Text.FindAllString(text, -1) {
			if c, err := geo.ParseCell(s); err == nil && small(c) {
				telling = append(telling, name+" names "+s)
			}
		}
		for c := range held {
			if !small(c) {
				continue
			}
			corners := 0
			for _, p := range c.Polygon()[0][1:] {
				p = orb.Round(p, 1e7).(orb.Point)
				if strings.Contains(text, fmt.Sprintf("[%v,%v]", p[0], p[1])) {
					corners++
				}
			}
			if corners > 2 {
				telling = append(telling, fmt.Sprintf("%s draws %s", name, c))
			}
			middle := orb.Round(c.Centre(), 1e7).(orb.Point)
			coarse := orb.Round(cellAt(t, middle, 7).Centre(), 1e7).(orb.Point)
			if middle != coarse && strings.Contains(text, fmt.Sprintf(`x="%v"`, middle[0])) {
				telling = append(telling, fmt.Sprintf("%s points to %s", name, c))
			}
		}
	}
	return telling
}

// The sample's seven incidents lie in seven cells and five settlements, none
// with five of them. The supervisor's files tell all, or this could not fail.
func TestPublicTellsNoSmallCell(t *testing.T) {
	r := sampleResult(t)
	places := []string{"Elsing", "Great Fransham", "Holme Hale", "Dereham", "Norwich Road", "Shipdham Road"}
	for _, a := range []Audience{AudienceSupervisor, AudiencePublic} {
		files := writeFor(t, r, a)
		telling := tellsSmallCell(t, files, r.Incidents, 5)
		for _, place := range places {
			for name, text := range files {
				if strings.Contains(text, place) {
					telling = append(telling, name+" names "+place)
				}
			}
		}
		if a == AudiencePublic && len(telling) > 0 {
			t.Errorf("the public is told:\n%s", strings.Join(telling, "\n"))
		}
		if a == AudienceSupervisor && len(telling) < 7+len(places) {
			t.Errorf("the supervisor is told only:\n%s", strings.Join(telling, "\n"))
		}
	}
	if files := writeFor(t, r, AudiencePublic); files["sprees.geojson"] == writeFor(t, r, AudienceSupervisor)["sprees.geojson"] || len(features(t, files["sprees.geojson"])) != 1 {
		t.Error("the public's spree is missing or the supervisor's")
	}
}

// Two nights that differ in nothing but where in their coarse cells the
// incidents were give the public the same bytes.
func TestPublicCannotTellWhereInACoarseCell(t *testing.T) {
	want := writeFor(t, sampleResult(t), AudiencePublic)
	rng := rand.New(rand.NewPCG(1, 1))
	within := func(p orb.Point) orb.Point {
		coarse := cellAt(t, p, publicResolution)
		for {
			moved := orb.Point{p[0] + 0.04*(rng.Float64()-0.5), p[1] + 0.03*(rng.Float64()-0.5)}
			if cellAt(t, moved, publicResolution) == coarse {
				return moved
			}
		}
	}
	for range 20 {
		r := sampleResult(t)
		s := &r.Sprees[0]
		s.Zone = nil
		for i := range r.Incidents {
			r.Incidents[i].Point = within(r.Incidents[i].Point)
			s.Zone = append(s.Zone, cellAt(t, r.Incidents[i].Point, 9))
		}
		s.Zone = geo.SortCells(s.Zone)
		for i := range r.Cells {
			r.Cells[i].Cell = s.Zone[i%len(s.Zone)]
		}
		for i := range r.Suggestions {
			for { // the middle of the area has to stay in the coarse cell, not just a point in it
				c := cellAt(t, within(r.Suggestions[i].Cell.Centre()), 9)
				if cellAt(t, c.Centre(), publicResolution) == cellAt(t, r.Suggestions[i].Cell.Centre(), publicResolution) {
					r.Suggestions[i].Cell, r.Suggestions[i].Area, r.Suggestions[i].ID = c, []geo.Cell{c}, c.String()
					break
				}
			}
		}
		if diff := cmp.Diff(want, writeFor(t, r, AudiencePublic)); diff != "" {
			t.Fatalf("where the incidents were shows:\n%s", diff)
		}
	}
}

func TestPublicSeesNothingOfOneIncident(t *testing.T) {
	at := orb.Point{1.034762, 52.717193}
	cell := cellAt(t, at, 9)
	when := time.Date(2015, 9, 16, 9, 15, 0, 0, time.UTC)
	window := cluster.Window{Start: when, End: when.Add(time.Hour)}
	r := Result{
		Incidents: []layer.Incident{{Incident: cluster.Incident{ID: "a", Offence: "robbery", From: when, To: when, Point: at, Level: geo.LevelStreet, PlaceName: "Elsing"}}},
		Cells:     []detect.CellCount{{Cell: cell, Window: window, Observed: 1, Risk: 0.1}},
		Suggestions: []patrol.Suggestion{{ID: "late " + cell.String(), Rank: 1, Offence: "robbery", PlaceName: "Elsing", Cell: cell, Area: []geo.Cell{cell},
			Shift: "late 2015-09-17", Band: window, Reason: "1 robbery", Action: "Speak to shops.", Incidents: []string{"a"}}},
	}
	for _, a := range []Audience{AudienceSupervisor, AudiencePublic} {
		files := writeFor(t, r, a)
		told := tellsSmallCell(t, files, r.Incidents, 5)
		for name, text := range files {
			for _, word := range []string{"robbery", "Elsing", "late 2015", "shops"} {
				if strings.Contains(text, word) {
					told = append(told, name+" holds "+word)
				}
			}
		}
		if (len(told) > 0) != (a == AudienceSupervisor) {
			t.Errorf("%s is told %q", a, told)
		}
	}
}

func TestPublicSeesNoSmallCount(t *testing.T) {
	r := sampleResult(t)
	small := r.Sprees[0]
	small.ID, small.Incidents = "s-small", small.Incidents[:4]
	r.Sprees = append(r.Sprees, small)
	r.Suggestions[0].SpreeID = "s-small"                               // of a hidden spree, though 7 are behind it
	r.Suggestions[1].SpreeID = ""                                      // of none, with 7 behind it
	r.Suggestions[2].Incidents = slices.Repeat(small.Incidents[:1], 4) // 4
	r.Cells[0].Observed, r.Cells[0].SpreeID = 5, "s-small"
	r.Cells[1].Observed = 4.99
	files := writeFor(t, r, AudiencePublic)
	for name, text := range files {
		if strings.Contains(text, "s-small") {
			t.Errorf("%s names a spree of 4 incidents", name)
		}
	}
	if got := len(features(t, files["sprees.geojson"])); got != 1 {
		t.Errorf("%d sprees, want the one of 7 incidents", got)
	}
	if got := len(features(t, files["cells.geojson"])); got != 1 {
		t.Errorf("%d cells, want the one with 5 incidents", got)
	}
	var ids []string
	for i, f := range features(t, files["patrols.geojson"]) {
		ids = append(ids, string(f.Properties["id"]))
		for _, key := range []string{"reason", "risk"} {
			if string(f.Properties[key]) != "null" {
				t.Errorf("patrol %d: %s is %s", i, key, f.Properties[key])
			}
		}
		if want := fmt.Sprint(i + 1); string(f.Properties["rank"]) != want {
			t.Errorf("rank %s, want %s: a gap tells of what is left out", f.Properties["rank"], want)
		}
	}
	if diff := cmp.Diff([]string{`"early 2015-09-17 1"`, `"late 2015-09-17 2"`}, ids); diff != "" {
		t.Errorf("patrols (-want +got):\n%s", diff)
	}
}

// The caller gets the whole manifest, the file holds what the audience may see.
func TestManifestOfThePublic(t *testing.T) {
	_, whole := writeSample(t, AudienceAnalyst)
	dir, run := writeSample(t, AudiencePublic)
	run.Audience, run.Outputs = whole.Audience, whole.Outputs
	if diff := cmp.Diff(whole, run); diff != "" {
		t.Errorf("the returned manifest is not the whole (-want +got):\n%s", diff)
	}
	if run.Tallies.Read != 9 || len(run.Geocoding.Unmatched) != 1 {
		t.Errorf("the whole manifest has no tallies: %+v", run.Tallies)
	}
	text := readDir(t, dir)["run.json"]
	for _, word := range []string{"tallies", "hit_rate", "geocoding", "bulletin.txt", "too thin", canaryLocation} {
		if strings.Contains(text, word) {
			t.Errorf("run.json tells the public %q", word)
		}
	}
}

func TestPublicSpree(t *testing.T) {
	r := sampleResult(t)
	for i := range 5 {
		r.Incidents[i].PlaceName = "Dereham"
	}
	r.Sprees[0].Places = []string{"Dereham", "Elsing"}
	f := features(t, writeFor(t, r, AudiencePublic)["sprees.geojson"])[0]
	var got struct {
		Lon    float64 `json:"centre_lon"`
		Lat    float64 `json:"centre_lat"`
		Radius float64 `json:"radius_m"`
		Places string  `json:"place_names"`
	}
	for name, into := range map[string]any{"centre_lon": &got.Lon, "centre_lat": &got.Lat, "radius_m": &got.Radius, "place_names": &got.Places} {
		if err := json.Unmarshal(f.Properties[name], into); err != nil {
			t.Fatal(name, err)
		}
	}
	centre := cellAt(t, r.Sprees[0].Centre, publicResolution).Centre()
	if d := geo.Distance(centre, orb.Point{got.Lon, got.Lat}); d > 0.1 {
		t.Errorf("the centre lies %.1f m from the middle of its coarse cell", d)
	}
	// 10,290 m, and at most 1.4 km from a middle to a corner
	if math.Mod(got.Radius, 1000) != 0 || got.Radius < 10290+geo.Distance(centre, r.Sprees[0].Centre) || got.Radius > 12690 {
		t.Errorf("radius %v", got.Radius)
	}
	if got.Places != "Dereham" {
		t.Errorf("places %q, want the one of 5 incidents", got.Places)
	}
	g, err := geojson.UnmarshalGeometry(f.Geometry)
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range r.Incidents {
		if !holds(g.Geometry(), in.Point) {
			t.Errorf("incident %s lies outside the spree", in.ID)
		}
	}
}

// However wide a spree is, its cells are few.
func TestPublicSpreeIsDrawnWithFewCells(t *testing.T) {
	o := sampleOptions(t, "")
	o.Audience = AudiencePublic
	for _, tt := range []struct {
		radiusM    float64
		resolution int // by hand: a cell is 2.2, 5.8, 15, 41 and 108 km across
	}{{400, 7}, {15_000, 7}, {40_000, 6}, {120_000, 5}, {900_000, 3}} {
		s := sampleResult(t).Sprees[0]
		s.RadiusM = tt.radiusM
		got, err := blurSpree(s, nil, o)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(got.Zone); n == 0 || n > 500 || got.Zone[0].Resolution() != tt.resolution {
			t.Errorf("radius %v m: %d cells, want at most 500 of resolution %d, got %s", tt.radiusM, n, tt.resolution, got.Zone[0])
		}
	}
}

func holds(g orb.Geometry, p orb.Point) bool {
	switch g := g.(type) {
	case orb.Polygon:
		return planar.PolygonContains(g, p)
	case orb.MultiPolygon:
		return planar.MultiPolygonContains(g, p)
	}
	return false
}

func TestPublicSpreeOffTheGlobe(t *testing.T) {
	for name, spoil := range map[string]func(*cluster.Spree){
		"centre": func(s *cluster.Spree) { s.Centre[1] = 95 },
		"radius": func(s *cluster.Spree) { s.RadiusM = math.Inf(1) },
	} {
		r := sampleResult(t)
		spoil(&r.Sprees[0])
		o := sampleOptions(t, t.TempDir())
		o.Audience = AudiencePublic
		if _, err := Write(r, o); err == nil || !strings.Contains(err.Error(), "s-4f1a") {
			t.Errorf("%s: error %v, want one that names the spree", name, err)
		}
	}
}

func TestPublicSuggestion(t *testing.T) {
	elsing, dereham, hoe := orb.Point{1.034762, 52.717193}, orb.Point{0.9430, 52.6628}, orb.Point{0.9430, 52.70}
	var five, spread []layer.Incident
	for i := range 5 {
		in := layer.Incident{Incident: cluster.Incident{ID: fmt.Sprint(i), Point: dereham, PlaceName: "Dereham"}}
		five = append(five, in)
		in.Point, in.PlaceName = orb.Point{float64(30 * i), 10}, fmt.Sprint("Town ", i)
		spread = append(spread, in)
	}
	tests := []struct {
		name       string
		at         orb.Point
		place      string
		behind     []layer.Incident
		wantPlace  string
		resolution int // of the area, 0 for none
	}{
		{"five in the coarse cell", dereham, "Dereham, south", five, "Dereham", 7},
		{"street in the name", dereham, "Norwich Road area, Dereham", five, "Dereham", 7},
		{"a cell beside them widens until it holds them", hoe, "Hoe", five, "", 5},
		{"no cell narrower than a county holds both", elsing, "Elsing", five, "", 0},
		{"none but a continent holds five", elsing, "Town 1", spread, "", 0},
		{"four", dereham, "Dereham", five[:4], "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := sampleOptions(t, "")
			o.Audience = AudiencePublic
			c := cellAt(t, tt.at, 9)
			got, err := blurSuggestion(patrol.Suggestion{PlaceName: tt.place, Cell: c, Area: []geo.Cell{c}, AreaM2: c.AreaM2(), Risk: 1, Reason: "x"}, tt.behind, o)
			if err != nil {
				t.Fatal(err)
			}
			if got.PlaceName != tt.wantPlace || got.Reason != "" || !math.IsNaN(got.Risk) {
				t.Errorf("place %q, reason %q, risk %v", got.PlaceName, got.Reason, got.Risk)
			}
			if tt.resolution == 0 {
				if got.Cell != 0 || got.Area != nil || !math.IsNaN(got.AreaM2) {
					t.Errorf("area %v of %v m²", got.Area, got.AreaM2)
				}
				return
			}
			want := cellAt(t, c.Centre(), tt.resolution)
			if diff := cmp.Diff([]geo.Cell{want}, got.Area); diff != "" || got.Cell != want || got.AreaM2 != want.AreaM2() {
				t.Errorf("cell %s of resolution %d, area (-want +got):\n%s", got.Cell, got.Cell.Resolution(), diff)
			}
		})
	}
}

// The public's places on the map are those of five incidents or more, each in
// the middle of a coarse cell.
func TestPublicPlaces(t *testing.T) {
	r := sampleResult(t)
	r.Suggestions = nil // else its label names the place
	for i := range 5 {
		r.Incidents[i].PlaceName = "Holt"
	}
	o := sampleOptions(t, "")
	o.Audience = AudiencePublic
	shown, err := forAudience(r, o)
	if err != nil {
		t.Fatal(err)
	}
	if places := placesOf(shown, o); len(places) != 0 {
		t.Fatalf("places %v, though the spree does not name Holt", places)
	}
	r.Sprees[0].Places = []string{"Holt", "Dereham"}
	if shown, err = forAudience(r, o); err != nil {
		t.Fatal(err)
	}
	places := placesOf(shown, o)
	if len(places) != 1 || places[0].Name != "Holt" {
		t.Fatalf("places %v, want Holt", places)
	}
	if p := places[0].Point; p != cellAt(t, p, publicResolution).Centre() {
		t.Errorf("%v is not the middle of a coarse cell", p)
	}
}

func TestCoveringHoldsTheCircle(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := orb.Point{rapid.Float64Range(-160, 160).Draw(rt, "lon"), rapid.Float64Range(-70, 70).Draw(rt, "lat")}
		c, err := geo.CellAt(p, rapid.IntRange(6, 8).Draw(rt, "resolution"))
		if err != nil {
			rt.Fatal(err)
		}
		radius := rapid.Float64Range(0, 15000).Draw(rt, "radius")
		cells, err := covering(c, radius)
		if err != nil {
			rt.Fatal(err)
		}
		centre := c.Centre()
		for i := range 360 {
			sin, cos := math.Sincos(float64(i) * math.Pi / 180)
			const metre = 180 / (math.Pi * geo.EarthRadius)
			r := 0.999 * radius * metre // flat-earth error at 15 km
			q := orb.Point{centre[0] + r*cos/math.Cos(centre[1]*math.Pi/180), centre[1] + r*sin}
			if geo.Distance(centre, q) > radius {
				continue
			}
			at, err := geo.CellAt(q, c.Resolution())
			if err != nil {
				rt.Fatal(err)
			}
			if !slices.Contains(cells, at) {
				rt.Fatalf("%v, %.0f m from the centre, lies outside", q, geo.Distance(centre, q))
			}
		}
	})
}

func TestCoveringOfASmallCircleIsItsCell(t *testing.T) {
	c := cellAt(t, orb.Point{0.9430, 52.6628}, publicResolution)
	got, err := covering(c, 500)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]geo.Cell{c}, got); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
}

func BenchmarkCovering(b *testing.B) {
	c := cellAt(b, orb.Point{0.9430, 52.6628}, publicResolution)
	for _, km := range []float64{1, 11, 22} {
		b.Run(fmt.Sprintf("%.0fkm", km), func(b *testing.B) {
			for b.Loop() {
				if _, err := covering(c, 1000*km); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
