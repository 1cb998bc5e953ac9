package data

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func geoPackage() GeoPackage {
	return GeoPackage{Marking: "OFFICIAL", Changed: time.Date(2026, 9, 17, 2, 0, 0, 0, time.UTC), Tables: []GeoTable{{
		Name: "patrols", Title: "Patrol areas", Geometry: "POLYGON", Bound: []float64{1, 2, 3, 4},
		Columns: []GeoColumn{{"place", "TEXT"}, {"n", "INTEGER"}, {"risk", "REAL"}},
		Rows:    slices.Values([]GeoRow{{[]byte("GP"), []any{`a "name"); DROP TABLE patrols`, 3, 0.5}}, {nil, []any{nil, nil, nil}}}),
		Style:   "<qgis/>",
	}, {Name: "cells", Title: "Cells", Geometry: "POLYGON", Rows: slices.Values([]GeoRow(nil))}}}
}

func TestGeoPackage(t *testing.T) {
	var b, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&b, &again} {
		if err := WriteGeoPackage(t.Context(), w, geoPackage()); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(b.Bytes(), again.Bytes()) {
		t.Error("the same tables give other bytes")
	}
	path := filepath.Join(t.TempDir(), "x.gpkg")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for query, want := range map[string]string{
		`PRAGMA application_id`:                                                             "1196444487",
		`PRAGMA user_version`:                                                               "10300",
		`PRAGMA integrity_check`:                                                            "ok",
		`SELECT COUNT(*) FROM pragma_foreign_key_check`:                                     "0",
		`SELECT COUNT(*) FROM patrols`:                                                      "2",
		`SELECT place FROM patrols WHERE fid = 1`:                                           `a "name"); DROP TABLE patrols`,
		`SELECT typeof(risk) FROM patrols WHERE fid = 1`:                                    "real",
		`SELECT COUNT(*) FROM patrols WHERE geom IS NULL`:                                   "1",
		`SELECT min_x || ' ' || max_y FROM gpkg_contents WHERE table_name = 'patrols'`:      "1.0 4.0",
		`SELECT COUNT(*) FROM gpkg_contents WHERE min_x IS NULL AND data_type = 'features'`: "1",
		`SELECT last_change || '' FROM gpkg_contents WHERE table_name = 'cells'`:            "2026-09-17T02:00:00.000Z",
		`SELECT styleQML FROM layer_styles WHERE f_table_name = 'patrols' AND useAsDefault`: "<qgis/>",
		`SELECT COUNT(*) FROM gpkg_geometry_columns WHERE srs_id = 4326`:                    "2",
	} {
		var got string
		if err := db.QueryRowContext(t.Context(), query).Scan(&got); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", query, got, err, want)
		}
	}
}

func TestIsOurGeoPackage(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, change func(*GeoPackage)) string {
		g := geoPackage()
		change(&g)
		var b bytes.Buffer
		if err := WriteGeoPackage(context.Background(), &b, g); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	ours := write("ours.gpkg", func(*GeoPackage) {})
	foreign := write("foreign.gpkg", func(g *GeoPackage) { g.Tables = nil }) // without a style of ours
	text := filepath.Join(dir, "text.gpkg")
	if err := os.WriteFile(text, []byte("my notes"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, path := range []string{ours, foreign, text, filepath.Join(dir, "none")} {
		got[filepath.Base(path)] = IsOurGeoPackage(t.Context(), path)
	}
	if diff := cmp.Diff(map[string]bool{"ours.gpkg": true, "foreign.gpkg": false, "text.gpkg": false, "none": false}, got); diff != "" {
		t.Error(diff)
	}
}
