package data

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

const (
	mbTables = `CREATE TABLE metadata (name TEXT, value TEXT); CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB);`
	gpTables = `CREATE TABLE gpkg_spatial_ref_sys (srs_id INTEGER, organization TEXT, organization_coordsys_id INTEGER);
		CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
		INSERT INTO gpkg_spatial_ref_sys VALUES (-1, 'NONE', -1), (4326, 'EPSG', 4326), (3857, 'epsg', 3857), (27700, 'EPSG', 27700);`
)

func TestReadTileset(t *testing.T) {
	for _, tt := range []struct {
		name, file, statements string
		want                   *Tileset // nil for ErrNoTiles
	}{
		{"MBTiles", "a.mbtiles", mbTables + `INSERT INTO tiles VALUES (0, 0, 0, x'89'); INSERT INTO metadata VALUES ('name', 'County'), ('format', 'png'), ('bounds', '0.5, 52,1.5,53'), ('attribution', '<b>Someone</b>')`,
			&Tileset{Tables: 1, CRS: "EPSG:3857", Attribution: "<b>Someone</b>", Bound: &orb.Bound{Min: orb.Point{0.5, 52}, Max: orb.Point{1.5, 53}}}},
		{"MBTiles that says nothing", "a.mbtiles", mbTables + `INSERT INTO tiles VALUES (0, 0, 0, x'89'); INSERT INTO metadata VALUES ('attribution', NULL), ('bounds', 'all')`, &Tileset{Tables: 1, CRS: "EPSG:3857"}},
		{"bounds that are none", "a.mbtiles", mbTables + `INSERT INTO tiles VALUES (0, 0, 0, x'89'); INSERT INTO metadata VALUES ('bounds', '0,1,NaN,2')`, &Tileset{Tables: 1, CRS: "EPSG:3857"}},
		{"lines and areas to be drawn", "a.mbtiles", mbTables + `INSERT INTO tiles VALUES (0, 0, 0, x'1f8b'); INSERT INTO metadata VALUES ('format', 'pbf')`, nil},
		{"no tile", "a.mbtiles", mbTables, nil},
		{"another database", "a.mbtiles", `CREATE TABLE metadata (key TEXT)`, nil},
		{"metadata without tiles", "a.mbtiles", `CREATE TABLE metadata (name TEXT, value TEXT)`, nil},
		{"GeoPackage in degrees", "a.gpkg", gpTables + `INSERT INTO gpkg_contents VALUES ('b', 'tiles', 0, 50, 1, 51, 4326)`,
			&Tileset{Table: "b", Tables: 1, CRS: "EPSG:4326", Bound: &orb.Bound{Min: orb.Point{0, 50}, Max: orb.Point{1, 51}}}},
		// 111319.49 m east is one degree at the equator: 6378137 π / 180
		{"GeoPackage in Web Mercator", "a.GPKG", gpTables + `INSERT INTO gpkg_contents VALUES ('b', 'tiles', 0, 0, 111319.49079327357, 0, 3857)`,
			&Tileset{Table: "b", Tables: 1, CRS: "EPSG:3857", Bound: &orb.Bound{Max: orb.Point{1, 0}}}},
		{"GeoPackage in a grid", "a.gpkg", gpTables + `INSERT INTO gpkg_contents VALUES ('b', 'tiles', 0, 0, 1, 1, 27700), ('a', 'tiles', 0, 0, 1, 1, 27700)`, &Tileset{Table: "a", Tables: 2, CRS: "EPSG:27700"}},
		{"GeoPackage of no system or extent", "a.gpkg", gpTables + `INSERT INTO gpkg_contents VALUES ('a', 'tiles', NULL, 0, 1, 1, -1)`, &Tileset{Table: "a", Tables: 1}},
		{"GeoPackage of features", "a.gpkg", gpTables + `INSERT INTO gpkg_contents VALUES ('a', 'features', 0, 0, 1, 1, 4326)`, nil},
		{"another database as GeoPackage", "a.gpkg", `CREATE TABLE t (a)`, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), tt.file)
			db, err := sql.Open("sqlite3", path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := db.Exec(tt.statements); err != nil {
				t.Fatal(err)
			}
			db.Close()
			got, err := ReadTileset(t.Context(), path)
			if tt.want == nil {
				if !errors.Is(err, ErrNoTiles) {
					t.Fatalf("%+v, %v, want ErrNoTiles", got, err)
				}
				return
			}
			if got.Bound != nil { // to the 1e-9 of a degree
				got.Bound.Min, got.Bound.Max = orb.Round(got.Bound.Min, 1e9).(orb.Point), orb.Round(got.Bound.Max, 1e9).(orb.Point)
			}
			if diff := cmp.Diff(*tt.want, got); err != nil || diff != "" {
				t.Errorf("%v (-want +got)\n%s", err, diff)
			}
		})
	}
}

// A file that is not there, or cannot be read in time, is not one without tiles.
func TestReadTilesetOfNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.mbtiles")
	if _, err := ReadTileset(t.Context(), path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
	if err := os.WriteFile(path, []byte("tiles?"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadTileset(t.Context(), path); !errors.Is(err, ErrNoTiles) {
		t.Errorf("text: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	for _, name := range []string{path, filepath.Join(filepath.Dir(path), "a.gpkg")} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadTileset(ctx, name); !errors.Is(err, context.Canceled) {
			t.Errorf("%s, stopped: %v", name, err)
		}
	}
}
