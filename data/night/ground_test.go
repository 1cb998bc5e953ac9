package night

import (
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
	"spreewatch/geo/index"
)

// An invented town: its streets count for it by name, each once, a second entry of
// the town is the same one, and a settlement that nobody knows nearer than ten
// kilometres is not on the map.
func TestSettlementsBySize(t *testing.T) {
	street := func(name string, lon, lat float64) data.GazetteerName {
		return data.GazetteerName{Kind: index.KindStreet, Name: name, Point: orb.Point{lon, lat}}
	}
	got := settlementsBySize([]data.GazetteerName{
		{Kind: index.KindPlace, Name: "Betaham", Point: orb.Point{1.1, 52.5}}, {Kind: index.KindPlace, Name: "betaham", Point: orb.Point{1.105, 52.5}},
		{Kind: index.KindPlace, Name: "Betaham", Point: orb.Point{-1.1, 52.5}}, {Kind: index.KindPlace, Name: "Somewhere", Point: orb.Point{1.1, 52.5}, ErrorM: 10_000},
		street("Alpha Lane", 1.101, 52.501), street("Alpha Lane", 1.102, 52.501), street("Beta Road", 1.0899, 52.4999), // 680 m west, over the edge of a square
		street("Gamma Row", 1.12, 52.5), // 1.4 km east
	})
	want := []layer.Settlement{{Name: "Betaham", Streets: 2, Point: orb.Point{1.1, 52.5}}, {Name: "Betaham", Point: orb.Point{-1.1, 52.5}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A store with lines gives the through roads of the whole area and the streets near
// to a patrol, each once; without any, the names of the streets near to one, and
// says why there are no roads.
func TestGround(t *testing.T) {
	e := eveningOf(t)
	cell, err := geo.CellAt(orb.Point{1.1, 52.5}, 9)
	if err != nil {
		t.Fatal(err)
	}
	entries := []index.Entry{{ID: "1", Kind: index.KindPlace, Name: "Betaham", Point: orb.Point{1.1, 52.5}}, {ID: "2", Kind: index.KindStreet, Name: "Alpha Lane", Point: cell.Centre()},
		{ID: "3", Kind: index.KindStreet, Name: "Far Road", Point: orb.Point{1.2, 52.6}}}
	store := func(lines ...data.Line) {
		t.Helper()
		_, err := e.db.ReplaceGazetteers(t.Context(), []data.Gazetteer{{Source: data.GazetteerSource{Name: "town", Format: "CSV", SHA256: strings.Repeat("0123456789abcdef", 4), Licence: "none"},
			Entries: func(yield func(index.Entry, error) bool) {
				for _, entry := range entries {
					if !yield(entry, nil) {
						return
					}
				}
			}, Lines: slices.Values(lines)}})
		if err != nil {
			t.Fatal(err)
		}
		e.holding = nil
	}
	area := geo.Pad(orb.Point{1.1, 52.5}.Bound(), 15_000)
	near := []orb.Bound{geo.Pad(orb.Point{1.1, 52.5}.Bound(), 700), geo.Pad(orb.Point{1.1, 52.5}.Bound(), 800)}
	suggestions := []patrol.Suggestion{{Area: []geo.Cell{cell}}}

	store()
	g, err := e.ground(t.Context(), area, near)
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Settlements) != 1 || len(g.Roads) != 0 || len(g.Streets) != 1 || g.Streets[0].Name != "Alpha Lane" {
		t.Errorf("without lines: %+v", g)
	}
	if !slices.Contains(g.Sources, "Roads: none, since no imported source has lines; an OpenStreetMap extract has") {
		t.Errorf("it does not say why there are no roads: %q", g.Sources)
	}
	lane := data.Line{Class: data.ClassStreet, Name: "Zeta Lane", Points: orb.LineString{cell.Centre(), {1.1, 52.51}}}
	path := data.Line{Class: data.ClassPath, Name: "Foot Path", Points: orb.LineString{cell.Centre(), {1.1, 52.51}}}
	trunk := data.Line{Class: data.ClassTrunk, Number: "A47", Points: orb.LineString{{1.2, 52.55}, {1.21, 52.55}}}
	farLane := data.Line{Class: data.ClassStreet, Name: "Far Lane", Points: orb.LineString{{1.2, 52.55}, {1.21, 52.55}}}
	store(lane, path, trunk, farLane)
	if g, err = e.ground(t.Context(), area, near); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, l := range g.Roads {
		got = append(got, l.Name+l.Number)
	}
	if diff := cmp.Diff([]string{"A47", "Zeta Lane", "Foot Path"}, got); diff != "" || len(g.Streets) != 0 {
		t.Errorf("with lines: %s, and %d names", diff, len(g.Streets))
	}
	if err := e.nameStreets(t.Context(), suggestions); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Alpha Lane", "Zeta Lane"}, suggestions[0].Streets); diff != "" {
		t.Errorf("streets of the area: %s", diff)
	}
}

// eveningOf is an evening with a store of its own.
func eveningOf(t *testing.T) *evening {
	t.Helper()
	db, err := data.Open(t.Context(), t.TempDir()+"/s.db")
	if err != nil {
		t.Fatal(err)
	}
	e := Options{}.with(db)
	t.Cleanup(e.close)
	return e
}

func TestHalves(t *testing.T) {
	across := orb.Bound{Min: orb.Point{179, -17}, Max: orb.Point{181, -16}}
	want := []orb.Bound{{Min: orb.Point{179, -17}, Max: orb.Point{180, -16}}, {Min: orb.Point{-180, -17}, Max: orb.Point{-179, -16}}}
	if diff := cmp.Diff(want, halves(across)); diff != "" {
		t.Error(diff)
	}
	if got := halves(want[0]); len(got) != 1 || got[0] != want[0] {
		t.Errorf("one on one side: %v", got)
	}
}

// A server of tiles is said aloud, a file that does not serve is said and left out,
// and nothing is the default.
func TestBasemap(t *testing.T) {
	dir := t.TempDir()
	file := tileset(t, dir, "county.mbtiles", `CREATE TABLE metadata (name, value); CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data);
		INSERT INTO tiles VALUES (0, 0, 0, x'89');
		INSERT INTO metadata VALUES ('format', 'png'), ('bounds', '0.5,52,1.5,53'), ('attribution', '<a href="https://example.org">&copy; Someone</a>, <b>2026')`)
	empty := filepath.Join(dir, "empty.mbtiles")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	two := tileset(t, dir, "two.gpkg", `CREATE TABLE gpkg_contents (table_name, data_type, min_x, min_y, max_x, max_y, srs_id);
		CREATE TABLE gpkg_spatial_ref_sys (srs_id, organization, organization_coordsys_id);
		INSERT INTO gpkg_spatial_ref_sys VALUES (27700, 'epsg', 27700);
		INSERT INTO gpkg_contents VALUES ('b', 'tiles', 0, 0, 1, 1, 27700), ('a', 'tiles', 0, 0, 1, 1, 27700), ('c', 'features', 0, 0, 1, 1, 27700)`)
	dereham, suva := orb.Point{0.94, 52.68}, orb.Point{178.44, -18.14}
	for _, tt := range []struct {
		set, source, crs, owed, note string
		places                       []orb.Point
	}{
		{set: ""},
		{set: file, source: file, crs: "EPSG:3857", owed: "© Someone, 2026"},
		{set: file, source: file, crs: "EPSG:3857", owed: "© Someone, 2026", places: []orb.Point{suva, dereham}},
		{set: file, note: "reaches none of tonight's places", places: []orb.Point{suva}},
		{set: empty, note: "holds no tiles"},
		{set: two, source: "GPKG:" + two + ":a", crs: "EPSG:27700", note: "has 2 sets of tiles: the map shows a", places: []orb.Point{suva}},
		{set: filepath.Join(dir, "none.gpkg"), note: "is not there"},
		{set: "https://tiles.example.org/{z}/{x}/{y}.png", source: "type=xyz&zmin=0&zmax=19&url=https%3A%2F%2Ftiles.example.org%2F%7Bz%7D%2F%7Bx%7D%2F%7By%7D.png", crs: "EPSG:3857", note: "learns where every reader looks"},
	} {
		o := Options{}
		o.Settings.Export.Basemap = tt.set
		b, notes, err := o.basemap(t.Context(), tt.places)
		if err != nil || b.Source != tt.source || b.CRS != tt.crs || b.Attribution != tt.owed {
			t.Errorf("%q: %+v, %v", tt.set, b, err)
		}
		if got := strings.Join(notes, "; "); (got == "") != (tt.note == "") || !strings.Contains(got, tt.note) {
			t.Errorf("%q: says %q, want a word of %q", tt.set, got, tt.note)
		}
	}
	for _, bad := range []string{"map.png", "https://tiles.example.org/map.png", "https:///{z}/{x}/{y}.png"} {
		o := Options{}
		o.Settings.Export.Basemap = bad
		if _, _, err := o.basemap(t.Context(), nil); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// tileset makes an SQLite file of the statements.
func tileset(t *testing.T, dir, name, statements string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
	return path
}
