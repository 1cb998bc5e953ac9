package export

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

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
	if _, err := Write(t.Context(), r, o); err != nil {
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
}

func TestPublicSeesNothingOfOneIncident(t *testing.T) {
	at := orb.Point{1.034762, 52.717193}
	cell := cellAt(t, at, 9)
	when := time.Date(2015, 9, 16, 9, 15, 0, 0, time.UTC)
	window := cluster.Window{Start: when, End: when.Add(time.Hour)}
	r := Result{
		Incidents: []layer.Incident{{Incident: &cluster.Incident{ID: "a", Offence: "robbery", From: cluster.At(when), To: cluster.At(when), Point: at, Level: geo.LevelStreet, PlaceName: "Elsing"}}},
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
	for _, word := range []string{"tallies", "hit_rate", "geocoding", "calibration", "bulletin.txt", "too thin", canaryLocation} {
		if strings.Contains(text, word) {
			t.Errorf("run.json tells the public %q", word)
		}
	}
}

// crowd is a night with a spree of nine incidents: seven in one coarse cell of
// Dereham, three of its finer cells, and one each in Elsing and Holme Hale.
func crowd(t testing.TB) Result {
	t.Helper()
	r := sampleResult(t)
	s := &r.Sprees[0]
	s.Incidents, s.Zone = nil, nil
	var incidents []layer.Incident
	for i := range 9 {
		p := orb.Point{0.9430 + 0.002*float64(i%3), 52.6780 + 0.001*float64(i%2)}
		one := *r.Incidents[0].Incident
		in := r.Incidents[0]
		in.Incident = &one
		in.ID, in.PlaceName = fmt.Sprintf("REF%d", i), "Dereham"
		in.From = cluster.At(time.Date(2015, 9, 15, 21, 10, 0, 0, time.UTC).Add(time.Duration(i) * time.Hour)) // from 22:10 on the 15th, in London
		in.To = in.From
		switch i {
		case 7:
			p, in.PlaceName = orb.Point{1.034762, 52.717193}, "Elsing"
		case 8:
			p, in.PlaceName = orb.Point{0.790113, 52.634034}, "Holme Hale"
		}
		in.Point = p
		incidents = append(incidents, in)
		s.Incidents = append(s.Incidents, in.ID)
		s.Zone = append(s.Zone, cellAt(t, p, 9))
	}
	s.Zone, s.Places = geo.SortCells(s.Zone), []string{"Dereham", "Elsing", "Holme Hale"}
	r.Incidents = incidents
	for i := range r.Suggestions {
		r.Suggestions[i].Incidents = s.Incidents
		r.Suggestions[i].Cell = cellAt(t, incidents[0].Point, 9)
	}
	r.Suggestions[2].Cell = cellAt(t, incidents[7].Point, 9) // of Elsing, with its one incident
	for i := range r.Cells {
		r.Cells[i].Window = cluster.Window{Start: incidents[0].From.Time().Add(-time.Hour), End: incidents[8].From.Time().Add(time.Hour)}
	}
	return r
}

func TestPublicSpree(t *testing.T) {
	files := writeFor(t, crowd(t), AudiencePublic)
	fs := features(t, files["sprees.geojson"])
	if len(fs) != 1 {
		t.Fatalf("%d sprees", len(fs))
	}
	// 7 of the nine lie in one coarse cell; by local days the 15th and the 16th
	for key, want := range map[string]string{
		"id": `"spree 001"`, "status": "null", "offence": `"courier-fraud"`, "method": "null", "n_incidents": "5",
		"observed": "null", "expected": "null", "ratio": "null", "llr": "null", "p_value": "null", "ri_days": "null",
		"from_local": `"2015-09-15T00:00:00"`, "to_local": `"2015-09-17T00:00:00"`, "from_utc": `"2015-09-14T23:00:00Z"`, "to_utc": `"2015-09-16T23:00:00Z"`,
		"duration_h": "48.0", "radius_m": "null", "centre_lon": "null", "centre_lat": "null", "place_names": `"Dereham"`, "confidence": "null",
	} {
		if got := string(fs[0].Properties[key]); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	coarse := cellAt(t, orb.Point{0.9430, 52.6780}, publicResolution)
	want, err := geojson.NewGeometry(orb.Round(orb.MultiPolygon{coarse.Polygon()}, 1e7)).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	g, err := geojson.UnmarshalGeometry(fs[0].Geometry)
	if err != nil || !sameRing(g.Geometry().(orb.MultiPolygon)[0][0], orb.Round(coarse.Polygon(), 1e7).(orb.Polygon)[0]) {
		t.Errorf("drawn as %s, want the coarse cell %s", fs[0].Geometry, want)
	}

	cells := features(t, files["cells.geojson"])
	if len(cells) != 1 || string(cells[0].Properties["h3"]) != `"`+coarse.String()+`"` || string(cells[0].Properties["observed"]) != "5.0" ||
		string(cells[0].Properties["risk"]) != "null" || string(cells[0].Properties["from_local"]) != `"2015-09-15T00:00:00"` || string(cells[0].Properties["spree_id"]) != "null" {
		t.Errorf("cells: %v", cells)
	}
	// four suggestions: one of Elsing is not shown, two of one cell and day are one
	patrols := features(t, files["patrols.geojson"])
	if len(patrols) != 1 {
		t.Fatalf("%d patrols", len(patrols))
	}
	for key, want := range map[string]string{
		"id": `"2015-09-17 1"`, "rank": "1", "spree_id": "null", "place_name": `"Dereham"`, "h3": `"` + coarse.String() + `"`, "shift": `"2015-09-17"`,
		"from_local": `"2015-09-17T00:00:00"`, "to_local": `"2015-09-18T00:00:00"`, "visits": "1", "priority": "null", "risk": "null", "reason": "null",
		"confidence": "null", "n_incidents": "5", "expires_local": `"2015-09-18T00:00:00"`,
	} {
		if got := string(patrols[0].Properties[key]); got != want {
			t.Errorf("patrol: %s is %s, want %s", key, got, want)
		}
	}
}

func sameRing(a, b orb.Ring) bool {
	if len(a) != len(b) {
		return false
	}
	for _, p := range a {
		if !slices.Contains(b, p) {
			return false
		}
	}
	return true
}

// What differs within coarse cells and days does not show: where and when in them
// the incidents were, and one more of them in a cell under the threshold.
func TestPublicDifferencing(t *testing.T) {
	want := writeFor(t, crowd(t), AudiencePublic)
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
		r := crowd(t)
		for i := range r.Incidents {
			in := &r.Incidents[i]
			in.Point, in.RadiusM, in.Confidence = within(in.Point), 1000*rng.Float64(), rng.Float64()
			moved := in.From + cluster.Instant(60*rng.IntN(100))
			if moved.Time().Add(time.Hour).Day() == in.From.Time().Add(time.Hour).Day() { // the same day in London
				in.From, in.To = moved, moved
			}
		}
		late := r.Incidents[7]
		late.ID, late.Point, late.From = "one more", within(late.Point), late.From+60
		late.To = late.From
		r.Incidents = append(r.Incidents, late)
		s := &r.Sprees[0]
		s.ID, s.Status, s.RadiusM, s.Observed, s.Confidence = "another", cluster.StatusGrowing, 12345, 10, 0.5
		s.Incidents, s.Window.End = append(s.Incidents, late.ID), late.To.Time()
		s.Centre = within(s.Centre)
		for i := range r.Suggestions {
			r.Suggestions[i].Incidents, r.Suggestions[i].Risk, r.Suggestions[i].Priority = s.Incidents, rng.Float64(), "low"
		}
		for i := range r.Cells {
			r.Cells[i].Risk, r.Cells[i].Observed = rng.Float64(), r.Cells[i].Observed+rng.Float64()
		}
		if diff := cmp.Diff(want, writeFor(t, r, AudiencePublic)); diff != "" {
			t.Fatalf("it shows:\n%s", diff)
		}
	}
	r := crowd(t)
	r.Incidents = r.Incidents[:4]
	r.Incidents = append(r.Incidents, crowd(t).Incidents[7:]...)
	files := writeFor(t, r, AudiencePublic)
	for _, l := range layer.All()[:3] {
		if n := len(features(t, files[l.About().File()])); n != 0 {
			t.Errorf("%s: %d features of a cell with 4 incidents", l.About().Name, n)
		}
	}
}

// A cell may hold enough incidents and too few of a spree's.
func TestPublicSpreeOfFewInItsCell(t *testing.T) {
	r := crowd(t)
	r.Sprees[0].Incidents = r.Sprees[0].Incidents[:4]
	for i := range r.Suggestions {
		r.Suggestions[i].Incidents = r.Sprees[0].Incidents
	}
	files := writeFor(t, r, AudiencePublic)
	if n, m := len(features(t, files["sprees.geojson"])), len(features(t, files["patrols.geojson"])); n+m != 0 {
		t.Errorf("%d sprees and %d suggestions of 4 incidents", n, m)
	}
	if n := len(features(t, files["cells.geojson"])); n != 1 {
		t.Errorf("%d cells, want the one of 7", n)
	}
}

func TestBand(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 1, 4: 2, 5: 5, 9: 5, 10: 10, 49: 20, 10_001: 10_000} {
		if got := band(n); got != want {
			t.Errorf("band(%d) = %d, want %d", n, got, want)
		}
	}
}

func TestPublicOffTheGlobe(t *testing.T) {
	r := crowd(t)
	r.Incidents[3].Point[1] = 95
	o := sampleOptions(t, t.TempDir())
	o.Audience = AudiencePublic
	if _, err := Write(t.Context(), r, o); err == nil || !strings.Contains(err.Error(), "incident REF3") {
		t.Errorf("error %v, want one that names the incident", err)
	}
}

// The public's places on the map are those of five incidents or more, each in
// the middle of a coarse cell.
func TestPublicPlaces(t *testing.T) {
	r := crowd(t)
	r.Suggestions = nil // else its label names the place
	o := sampleOptions(t, "")
	o.Audience = AudiencePublic
	shown, err := forAudience(r, o)
	if err != nil {
		t.Fatal(err)
	}
	places := placesOf(shown, o)
	if len(places) != 1 || places[0].Name != "Dereham" {
		t.Fatalf("places %v, want Dereham", places)
	}
	if p := places[0].Point; p != cellAt(t, p, publicResolution).Centre() {
		t.Errorf("%v is not the middle of a coarse cell", p)
	}
}

// An offence that is not one of those known is free text, and an analyst's alone.
func TestUnknownOffence(t *testing.T) {
	r := crowd(t)
	const free = "Stalked by CANARYNAME"
	r.Sprees[0].Offence, r.Suggestions[0].Offence, r.Review[0].Offence = free, free, free
	for a, want := range map[Audience]bool{AudienceAnalyst: true, AudienceSupervisor: false, AudiencePublic: false} {
		seen := false
		for _, text := range writeFor(t, r, a) {
			seen = seen || strings.Contains(text, free)
		}
		if seen != want {
			t.Errorf("%s sees it: %v", a, seen)
		}
	}
}

// A coarse cell is seen from MinCount of the incidents on, and not from one fewer,
// whatever else lies in it.
func TestPublicCommonAtTheLeastCount(t *testing.T) {
	o := DefaultOptions()
	o.Audience = AudiencePublic
	v := publicView{o: o, byID: map[string]cluster.Incident{}}
	var ids []string
	add := func(n int, at orb.Point) {
		for range n {
			id := fmt.Sprintf("i%02d", len(ids))
			ids = append(ids, id)
			v.byID[id] = cluster.Incident{ID: id, Point: at}
		}
	}
	enough, fewer := orb.Point{0.94, 52.68}, orb.Point{1.3, 52.63}
	add(o.MinCount, enough)
	add(o.MinCount-1, fewer)
	cells, inside, err := v.common(ids)
	if err != nil {
		t.Fatal(err)
	}
	if want := []geo.Cell{cellAt(t, enough, o.snapResolution())}; !slices.Equal(cells, want) || len(inside) != o.MinCount {
		t.Errorf("cells %v with %d incidents, want %v with %d", cells, len(inside), want, o.MinCount)
	}
}

// The public knows the cell and the days of an incident, however closely it is
// placed and timed.
func TestCoarse(t *testing.T) {
	in := sampleResult(t).Incidents[5].Incident // 10:00 to 14:30 on 16 September, of London
	o := sampleOptions(t, "out")
	o.Audience = AudiencePublic
	cell, days, err := Coarse(*in, o)
	if err != nil {
		t.Fatal(err)
	}
	if want := cellAt(t, in.Point, publicResolution); cell != want {
		t.Errorf("cell %s, want %s", cell, want)
	}
	want := cluster.Window{Start: time.Date(2015, 9, 15, 23, 0, 0, 0, time.UTC), End: time.Date(2015, 9, 16, 23, 0, 0, 0, time.UTC)}
	if days != want {
		t.Errorf("%v, want the day of summer time %v", days, want)
	}
	in.Point[1] = 95
	if _, _, err := Coarse(*in, o); err == nil {
		t.Error("no error for a point off the globe")
	}
}

// What to do by the hour tells the hour: the public reads what holds at any.
func TestPublicActionTellsNoHour(t *testing.T) {
	r := crowd(t)
	for i := range r.Suggestions {
		s := &r.Suggestions[i]
		s.Action, s.AnyHour = "Until 17:30: Call. Then: Look.", "Call."
		s.Acts = []patrol.Act{{Window: s.Band, Text: "Call."}}
		s.Outline = orb.MultiPolygon{{{{.9, 52.6}, {1, 52.6}, {1, 52.7}, {.9, 52.6}}}}
	}
	text := writeFor(t, r, AudiencePublic)["patrols.geojson"]
	if !strings.Contains(text, `"action":"Call."`) || strings.Contains(text, "17:30") || strings.Contains(text, "52.6]") {
		t.Errorf("the public reads %s", text)
	}
}
