package night

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/cluster"
	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/data/export"
)

// settingsOf reads a settings file of the text.
func settingsOf(t *testing.T, text string) (Settings, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "own.toml")
	if err := os.WriteFile(path, []byte(text+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return LoadSettings(path)
}

func TestUnitsThatMeanNothing(t *testing.T) {
	unit := func(more string) string { return "[[unit]]\nname = \"North car\"\n" + more + "\n" }
	norfolk := "[area]\nbounds = [0.15, 52.35, 1.75, 52.99]\n"
	for name, tt := range map[string]struct{ text, want, hint string }{
		"no name":              {"[[unit]]\nlon = 1.0\nlat = 52.0", "unit 1 has no name", "[[unit]]"},
		"no place":             {unit("lon = 1.0"), "unit North car has no start: want lon and lat", "lat = "},
		"beyond the pole":      {unit("lon = 1.0\nlat = 95.0"), "unit North car: ", "lat = "},
		"a shift there is not": {unit("lon = 1.0\nlat = 52.0\nshift = \"dawn\""), `unit North car works a shift that there is not: "dawn"`, "early, late, night"},
		"two of one name":      {unit("lon = 1.0\nlat = 52.0") + unit("lon = 1.1\nlat = 52.0\nshift = \"late\""), "two units of one shift are called North car", "name of its own"},
		"the same, turned":     {unit("lon = 1.1\nlat = 52.0\nshift = \"late\"") + unit("lon = 1.0\nlat = 52.0"), "two units of one shift are called North car", "name of its own"},
		"another country":      {norfolk + unit("lon = 13.4\nlat = 52.5"), "unit North car starts 788 km outside the area", "lon is east"},
		"latitude first":       {norfolk + unit("lon = 52.6\nlat = 0.9"), "outside the area", "lon is east"},
		"a standstill":         {"[patrol]\nspeed_kmh = 0.0", "the speed must be over 0", ""},
		"through the hedges":   {"[patrol]\ndetour = 0.9", "the detour must be 1 to 10", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := settingsOf(t, tt.text)
			if err == nil || !strings.HasPrefix(err.Error(), "own.toml: ") || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") || !strings.Contains(data.Hint(err), tt.hint) {
				t.Errorf("%v (hint %q), want %q", err, data.Hint(err), tt.want)
			}
		})
	}
	c, err := settingsOf(t, norfolk+unit("lon = 0.94\nlat = 52.68\nshift = \"late\"")+unit("lon = 0.94\nlat = 52.68\nshift = \"early\""))
	if err != nil || len(c.Units) != 2 || c.Patrol.Detour != 1.3 || c.Patrol.SpeedKmh != 30 {
		t.Errorf("%+v, %v", c.Units, err)
	}
}

// routesIn are the properties of a layer's file, and whether it is there.
func propertiesIn(t *testing.T, dir, name string) (out []map[string]any, there bool) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return nil, false
	}
	var file struct {
		Features []struct{ Properties map[string]any }
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, f := range file.Features {
		out = append(out, f.Properties)
	}
	return out, true
}

// The units of the settings are sent round the areas of the plan: the folder says
// so, the run done again says the same, and the public learns nothing of it.
func TestNightSendsUnitsOut(t *testing.T) {
	o := optionsFor(t)
	o.AsOf = nightAfter
	at := func(name, shift string, lon, lat float64) unitSettings { return unitSettings{name, &lon, &lat, shift} }
	o.Settings.Units = []unitSettings{at("North car", "", .939, 52.681), at("Berlin car", "late", 13.4, 52.5)}
	r := Reading{Files: []string{file(t, "calls.csv", calls...)}}
	dir := t.TempDir()
	out, err := Run(t.Context(), o, r, Writing{Dir: dir, Audience: export.AudienceSupervisor})
	if err != nil {
		t.Fatal(err)
	}
	routes, _ := propertiesIn(t, dir, "routes.geojson")
	stops, _ := propertiesIn(t, dir, "stops.geojson")
	goes := map[any]bool{}
	for _, s := range stops {
		goes[s["suggestion_id"]] = true
	}
	if len(routes) != 2 || len(stops) < 6 {
		t.Errorf("%d routes with %d stops in the early and the late shift", len(routes), len(stops))
	}
	for _, s := range out.Suggestions {
		if (s.Unit == "North car") != goes[s.ID] || s.Unit != "" && s.Unit != "North car" {
			t.Errorf("%s goes to %s, and the stops say %v", s.Unit, s.ID, goes[s.ID])
		}
	}
	far := func(note string) bool {
		return strings.Contains(note, "unit Berlin car has no route in late") && !strings.Contains(note, "\n")
	}
	if !slices.ContainsFunc(out.Run.Notes, far) {
		t.Errorf("a car that reaches nothing is not named: %q", out.Run.Notes)
	}
	page, err := os.ReadFile(filepath.Join(dir, "briefing.html"))
	if err != nil || strings.Count(string(page), "Route of North car: leaves at") != 2 {
		t.Errorf("the page has %d routes of the car, %v", strings.Count(string(page), "Route of North car: leaves at"), err)
	}
	v, err := VerifyRun(t.Context(), o, out.Run.RunID)
	if err != nil || len(v.Findings) > 0 {
		t.Errorf("done again: %v, %v", v.Findings, err)
	}

	public := t.TempDir()
	if _, err := Export(t.Context(), o, Writing{Dir: public, Audience: export.AudiencePublic}); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(public)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(public, e.Name()))
		if err != nil || strings.Contains(string(text), "North car") || strings.Contains(string(text), "0.939") || strings.HasPrefix(e.Name(), "routes") || strings.HasPrefix(e.Name(), "stops") {
			t.Errorf("the public sees the units in %s, %v", e.Name(), err)
		}
	}
}

// What there is nothing of is a whole and empty file: units, incidents, suggestions.
func TestNightWithoutRoutes(t *testing.T) {
	lon, lat := .939, 52.681
	car := []unitSettings{{"North car", &lon, &lat, ""}}
	for name, tt := range map[string]struct {
		units []unitSettings
		lines []string
	}{
		"no units":    {nil, calls},
		"no calls":    {car, calls[:1]},
		"one old one": {car, []string{calls[0], "C1,robbery,\"Mill Street, Elsing\",2015-02-16T10:15"}},
	} {
		t.Run(name, func(t *testing.T) {
			o := optionsFor(t)
			o.AsOf, o.Settings.Units = nightAfter, tt.units
			dir := t.TempDir()
			out, err := Run(t.Context(), o, Reading{Files: []string{file(t, "calls.csv", tt.lines...)}}, Writing{Dir: dir, Audience: export.AudienceSupervisor})
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"routes.geojson", "stops.geojson"} {
				if got, there := propertiesIn(t, dir, name); !there || len(got) > 0 {
					t.Errorf("%s: there is it %v, with %d features", name, there, len(got))
				}
			}
			listed := map[string]bool{}
			for _, f := range out.Run.Outputs {
				listed[f.Name] = true
			}
			if !listed["routes.gpx"] || !listed["stops.qml"] {
				t.Errorf("run.json lists %v", out.Run.Outputs)
			}
		})
	}
}

// Shifts that overlap are planned each, and a unit that works both is not in two
// places at one time; nor is it over the hour that the clocks skip or have twice.
func TestNightOfShiftsThatOverlap(t *testing.T) {
	for _, day := range []string{"2015-09-16", "2015-03-28", "2015-10-24"} {
		o := optionsFor(t)
		c, err := settingsOf(t, "[[shift]]\nname = \"day\"\nstart = \"08:00\"\nend = \"20:00\"\n[[shift]]\nname = \"long\"\nstart = \"12:00\"\nend = \"03:00\"\n[[unit]]\nname = \"Car\"\nlon = 0.939\nlat = 52.681")
		if err != nil {
			t.Fatal(err)
		}
		o.Settings = c
		then, err := time.ParseInLocation(time.DateOnly, day, o.Zone)
		if err != nil {
			t.Fatal(err)
		}
		o.AsOf = then.Add(27 * time.Hour)
		lines := slices.Clone(calls)
		for i := range lines {
			lines[i] = strings.ReplaceAll(lines[i], "2015-09-16", day)
		}
		dir := t.TempDir()
		if _, err := Run(t.Context(), o, Reading{Files: []string{file(t, "calls.csv", lines...)}}, Writing{Dir: dir, Audience: export.AudienceSupervisor}); err != nil {
			t.Fatal(err)
		}
		routes, _ := propertiesIn(t, dir, "routes.geojson")
		stops, _ := propertiesIn(t, dir, "stops.geojson")
		if len(routes) < 2 {
			t.Errorf("%s: %d routes", day, len(routes))
		}
		slices.SortFunc(stops, func(a, b map[string]any) int { return strings.Compare(a["from_utc"].(string), b["from_utc"].(string)) })
		for i := 1; i < len(stops); i++ {
			if stops[i]["from_utc"].(string) < stops[i-1]["to_utc"].(string) {
				t.Errorf("%s: the car is in two places: %s", day, cmp.Diff(stops[i-1], stops[i]))
			}
		}
	}
}

// The chain goes back to the lines of the file, the shares add up, and of nothing
// there is nothing to explain.
func TestExplain(t *testing.T) {
	o := optionsFor(t)
	o.AsOf = nightAfter
	out := ran(t, o, Reading{Files: []string{file(t, "calls.csv", calls...)}})
	for _, s := range out.Suggestions {
		e, err := Explain(t.Context(), o, s.ID)
		if err != nil || e.Suggestion == nil || e.Suggestion.Reason != s.Reason || e.Spree == nil || e.Spree.ID != s.SpreeID {
			t.Fatalf("%+v, %v", e, err)
		}
		sum := e.Rest
		for _, l := range e.Links {
			sum += l.Share
			if l.Source != "calls.csv" || l.Line < 2 || l.Line > 6 || !strings.Contains(calls[l.Line-1], l.Ref+",") || !l.Match.Level.Located() {
				t.Errorf("%s is of line %d of %s", l.Ref, l.Line, l.Source)
			}
		}
		if sum < 1-1e-9 || sum > 1+1e-9 || len(e.Links) < 3 || e.Rest > .01 {
			t.Errorf("%s: %d incidents and %v else add up to %v", s.ID, len(e.Links), e.Rest, sum)
		}
	}
	e, err := Explain(t.Context(), o, out.Sprees[0].ID)
	if err != nil || e.Suggestion != nil || len(e.Links) != len(out.Sprees[0].Incidents) || e.Links[0].Ref != "C1" {
		t.Errorf("%+v, %v", e, err)
	}
	if _, err := Explain(t.Context(), o, "tomorrow"); err == nil || !strings.HasPrefix(data.Hint(err), "spreewatch plan") {
		t.Errorf("%v, hint %q", err, data.Hint(err))
	}
}

// Ten incidents in all: too few to learn from, and yet a plan with its routes, whose
// priority is low where no spree stands behind it, and of which no old incident is the
// only reason.
func TestNightOfTenIncidents(t *testing.T) {
	o := optionsFor(t)
	lon, lat := .939, 52.681
	o.AsOf, o.Settings.Units = nightAfter, []unitSettings{{"North car", &lon, &lat, ""}}
	lines := []string{calls[0]}
	for i, street := range []string{"Mill Street, Elsing", "Norwich Road, Dereham", "Wallace Close, Dereham", "Shipdham Road, Dereham", "Neville Close, Dereham"} {
		lines = append(lines, fmt.Sprintf(`A%d,criminal-damage,"%s",2015-09-%02dT%02d:15`, i, street, 2+3*i, 10+2*i), fmt.Sprintf(`B%d,robbery,"%s",2015-06-%02dT%02d:15`, i, street, 2+3*i, 10+2*i))
	}
	dir := t.TempDir()
	out, err := Run(t.Context(), o, Reading{Files: []string{file(t, "calls.csv", lines...)}}, Writing{Dir: dir, Audience: export.AudienceSupervisor})
	if err != nil {
		t.Fatal(err)
	}
	routes, there := propertiesIn(t, dir, "routes.geojson")
	if n, stops := out.Driven(); !there || n != len(routes) || n == 0 || stops < n {
		t.Errorf("%d routes, %d in the file, %d stops", n, len(routes), stops)
	}
	for _, s := range out.Suggestions {
		if s.Priority != "low" || s.Offence != "criminal-damage" {
			t.Errorf("%s of %s has a priority of %s", s.ID, s.Offence, s.Priority)
		}
	}
	if v, err := VerifyRun(t.Context(), o, out.Run.RunID); err != nil || len(v.Findings) > 0 {
		t.Errorf("done again: %v, %v", v.Findings, err)
	}
}

// A shift that goes without a suggestion is named with the reason, on a night that
// has some, in the order of the shifts.
func TestQuietShifts(t *testing.T) {
	at := func(hour int) cluster.Window {
		return cluster.Window{Start: nightAfter.Add(time.Duration(hour) * time.Hour), End: nightAfter.Add(time.Duration(hour+8) * time.Hour)}
	}
	ahead := map[string]cluster.Window{"early": at(5), "late": at(13), "night": at(21)}
	a := analysis{surface: patrol.Surface{{Shift: "early", Cells: make([]patrol.Expected, 1)}, {Shift: "late"}, {Shift: "night", Cells: make([]patrol.Expected, 1)}}}
	if notes := a.quiet(ahead); notes != nil {
		t.Errorf("a night without a suggestion says %q", notes)
	}
	a.suggestions = []patrol.Suggestion{{Shift: "early"}}
	want := []string{
		"no patrol in late: of no offence do 5 % of a day's risk fall in its hours",
		"no patrol in night: in every area with a risk one incident of over four weeks ago carries most of it, or another area is too near",
	}
	if diff := cmp.Diff(want, a.quiet(ahead)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	a.public = true
	if notes := a.quiet(ahead); notes != nil {
		t.Errorf("the public is told %q", notes)
	}
}
