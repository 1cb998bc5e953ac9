package night

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"spreewatch/data"
)

// withShape writes a settings file of the text and a GeoJSON beside it.
func withShape(t *testing.T, settings, shape string) (Settings, error) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"own.toml": settings, "shape.geojson": shape} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return LoadSettings(filepath.Join(dir, "own.toml"))
}

// about is a boundary that holds Dereham and the villages west of it, and not Elsing.
const about = `{"type":"Feature","properties":{"name":"west"},"geometry":{"type":"Polygon","coordinates":[[[0.7,52.6],[1.01,52.6],[1.01,52.75],[0.7,52.75],[0.7,52.6]]]}}`

// A boundary takes the place of the bounds, also of those that are named beside it.
func TestBoundaryTakesThePlaceOfBounds(t *testing.T) {
	c, err := withShape(t, "[area]\nbounds = [0.15, 52.35, 1.75, 52.99]\nfile = \"shape.geojson\"\n", about)
	if err != nil {
		t.Fatal(err)
	}
	within := c.within()
	for p, want := range map[orb.Point]bool{{.94, 52.68}: true, {1.03, 52.7}: false, {.69, 52.65}: false, {1.5, 52.9}: false} {
		if got := within.Covers(p); got != want {
			t.Errorf("%v is covered: %v, want %v", p, got, want)
		}
	}
	if b, ok := c.bound(); !ok || b.Max != (orb.Point{1.01, 52.75}) {
		t.Errorf("the area is held by %v", b)
	}
	for name, tt := range map[string]struct{ settings, shape, want, hint string }{
		"no file":           {"[area]\nfile = \"none.geojson\"", about, "read none.geojson: no such file", "beside the settings"},
		"not closed":        {"[area]\nfile = \"shape.geojson\"", strings.Replace(about, ",[0.7,52.6]]]", "]]", 1), "the boundary shape.geojson: a ring is not closed", "ogr2ogr"},
		"a bulletin":        {"[area]\nfile = \"shape.geojson\"", "Calls by bogus police officers", "the boundary shape.geojson: it is no GeoJSON", "ogr2ogr"},
		"a unit far away":   {"[area]\nfile = \"shape.geojson\"\n[[unit]]\nname = \"Car\"\nlon = 2.3\nlat = 52.6\n", about, "unit Car starts 87 km outside the area", "lon is east"},
		"areas, not closed": {"[patrol]\nareas = \"shape.geojson\"", strings.Replace(about, ",[0.7,52.6]]]", "]]", 1), "the areas of shape.geojson: feature 1: a ring is not closed", "its name"},
	} {
		_, err := withShape(t, tt.settings, tt.shape)
		if err == nil || !strings.HasPrefix(err.Error(), "own.toml: ") || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") || !strings.Contains(data.Hint(err), tt.hint) {
			t.Errorf("%s: %v (hint %q), want %q", name, err, data.Hint(err), tt.want)
		}
	}
}

// Coordinates outside the boundary are refused though they lie within its bounds,
// and a run with a boundary is done again with that boundary alone.
func TestNightWithinABoundary(t *testing.T) {
	o := optionsFor(t)
	c, err := withShape(t, "[area]\nfile = \"shape.geojson\"\n", strings.Replace(about, "[1.01,52.75],[0.7,52.75]", "[0.7,52.75]", 1)) // a triangle
	if err != nil {
		t.Fatal(err)
	}
	o.Settings, o.AsOf = c, nightAfter
	lines := []string{"ref,offence,location,lat,lon,from",
		"C1,robbery,,52.62,0.75,2015-09-16T10:15",
		"C2,robbery,,52.72,0.98,2015-09-16T11:15"} // in the other half of the bounds
	out, err := Run(t.Context(), o, Reading{Files: []string{file(t, "calls.csv", lines...)}}, Writing{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if n := out.Run.Tallies.Levels.Located(); n != 1 || out.Run.Tallies.Rejected != 1 {
		t.Errorf("%d located, %d refused; want the one inside", n, out.Run.Tallies.Rejected)
	}
	if v, err := VerifyRun(t.Context(), o, out.Run.RunID); err != nil || len(v.Findings) > 0 {
		t.Errorf("done again: %v, %v", v.Findings, err)
	}
	o.Settings.boundary = nil
	if _, err := VerifyRun(t.Context(), o, out.Run.RunID); err == nil || !strings.Contains(err.Error(), "the run had another file as area.file") || data.Hint(err) == "" {
		t.Errorf("without its boundary: %v", err)
	}
}

// A beat of a name that another has, and one without, go by names of their own.
func TestAreasHaveNames(t *testing.T) {
	point := func(name string) string {
		return `{"type":"Feature","properties":{"name":"` + name + `"},"geometry":{"type":"Point","coordinates":[1,52.7]}}`
	}
	c, err := withShape(t, "[patrol]\nareas = \"shape.geojson\"\n", `{"type":"FeatureCollection","features":[`+point("Cross")+","+point("")+","+point("Cross")+`]}`)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, a := range c.PlanOptions(nil, nightAfter).Areas {
		names = append(names, a.Name)
	}
	if got := strings.Join(names, ", "); got != "Cross, Area 2, Cross (2)" {
		t.Errorf("areas %s", got)
	}
}
