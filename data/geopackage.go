package data

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
	"time"
)

// A GeoPackage is what WriteGeoPackage writes: a feature table a layer, each with
// the style by which QGIS draws it.
type GeoPackage struct {
	Marking string
	Changed time.Time // of every table; the moment of the analysis, so that the same run gives the same bytes
	Tables  []GeoTable
}

// A GeoTable is one layer of a GeoPackage. Its geometries are in WGS 84, longitude
// first.
type GeoTable struct {
	Name     string // of the table, an identifier
	Title    string
	Geometry string // POINT, POLYGON or MULTIPOLYGON
	Bound    []float64
	Columns  []GeoColumn
	Rows     iter.Seq[GeoRow]
	Style    string // QML
}

// A GeoColumn is a column with its type: TEXT, INTEGER, REAL or DATETIME.
type GeoColumn struct{ Name, Type string }

// A GeoRow is one feature.
type GeoRow struct {
	Shape  []byte // GeoPackage binary; nil for none
	Values []any  // a string, an int, a float64 or nil a column
}

// styleOwner tells a GeoPackage of ours from another.
const styleOwner = "spreewatch"

// The tables that OGC 12-128r18 (GeoPackage 1.3) asks for, and the one in which
// QGIS looks for styles.
const geoPackageTables = `
CREATE TABLE gpkg_spatial_ref_sys (
	srs_name TEXT NOT NULL,
	srs_id INTEGER PRIMARY KEY,
	organization TEXT NOT NULL,
	organization_coordsys_id INTEGER NOT NULL,
	definition TEXT NOT NULL,
	description TEXT
);
CREATE TABLE gpkg_contents (
	table_name TEXT NOT NULL PRIMARY KEY,
	data_type TEXT NOT NULL,
	identifier TEXT UNIQUE,
	description TEXT DEFAULT '',
	last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
	min_x DOUBLE,
	min_y DOUBLE,
	max_x DOUBLE,
	max_y DOUBLE,
	srs_id INTEGER,
	CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE gpkg_geometry_columns (
	table_name TEXT NOT NULL,
	column_name TEXT NOT NULL,
	geometry_type_name TEXT NOT NULL,
	srs_id INTEGER NOT NULL,
	z TINYINT NOT NULL,
	m TINYINT NOT NULL,
	CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
	CONSTRAINT uk_gc_table_name UNIQUE (table_name),
	CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
	CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);
CREATE TABLE layer_styles (
	id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
	f_table_catalog TEXT(256),
	f_table_schema TEXT(256),
	f_table_name TEXT(256),
	f_geometry_column TEXT(256),
	styleName TEXT(30),
	styleQML TEXT,
	styleSLD TEXT,
	useAsDefault BOOLEAN,
	description TEXT,
	owner TEXT(30),
	ui TEXT(30),
	update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
);
INSERT INTO gpkg_spatial_ref_sys VALUES
	('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),
	('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
	('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]', 'longitude and latitude in decimal degrees on WGS 84');
`

// WriteGeoPackage writes a GeoPackage 1.3 with its tables in their order. The
// same tables give the same bytes.
func WriteGeoPackage(ctx context.Context, w io.Writer, g GeoPackage) error {
	db := sql.OpenDB(source("file::memory:?_foreign_keys=on"))
	defer db.Close()
	conn, err := db.Conn(ctx) // the one connection in whose memory it is
	if err != nil {
		return fmt.Errorf("make geopackage: %w", err)
	}
	defer conn.Close()
	// 0x47504B47 is "GPKG"; the version is 1.3.0
	if _, err := conn.ExecContext(ctx, `PRAGMA application_id = 1196444487; PRAGMA user_version = 10300;`+geoPackageTables); err != nil {
		return fmt.Errorf("make geopackage: %w", err)
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("make geopackage: %w", err)
	}
	defer tx.Rollback()
	for _, t := range g.Tables {
		if err := g.add(ctx, tx, t); err != nil {
			return fmt.Errorf("make geopackage: %s: %w", t.Name, err)
		}
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
		VALUES ('layer_styles', 'attributes', 'layer_styles', ?, ?, 0)`, g.Marking, geoTime(g.Changed)); err != nil {
		return fmt.Errorf("make geopackage: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("make geopackage: %w", err)
	}
	var image []byte
	err = conn.Raw(func(c any) (err error) {
		image, err = c.(serial).Serialize("main")
		return err
	})
	if err != nil {
		return fmt.Errorf("make geopackage: %w", err)
	}
	_, err = w.Write(image)
	return err
}

// add writes one table, what the package says of it, and its style.
func (g GeoPackage) add(ctx context.Context, tx *sql.Tx, t GeoTable) error {
	var columns strings.Builder
	for _, c := range t.Columns {
		fmt.Fprintf(&columns, ", %s %s", identifier(c.Name), c.Type)
	}
	create := fmt.Sprintf(`CREATE TABLE %s (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom %s%s)`, identifier(t.Name), t.Geometry, columns.String())
	if _, err := tx.ExecContext(ctx, create); err != nil {
		return err
	}
	bound := []any{nil, nil, nil, nil}
	for i, v := range t.Bound {
		bound[i] = v
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, min_x, min_y, max_x, max_y, srs_id)
		VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, 4326)`,
		append([]any{t.Name, t.Title, g.Marking, geoTime(g.Changed)}, bound...)...); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m)
		VALUES (?, 'geom', ?, 4326, 0, 0)`, t.Name, t.Geometry); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `
		INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time)
		VALUES ('', '', ?, 'geom', ?, ?, '', 1, ?, ?, ?)`,
		t.Name, t.Name, t.Style, g.Marking, styleOwner, geoTime(g.Changed)); err != nil {
		return err
	}
	insert, err := tx.PrepareContext(ctx, fmt.Sprintf(`INSERT INTO %s VALUES (NULL, ?%s)`, identifier(t.Name), strings.Repeat(", ?", len(t.Columns))))
	if err != nil {
		return err
	}
	defer insert.Close()
	for row := range t.Rows {
		if _, err := insert.ExecContext(ctx, append([]any{row.Shape}, row.Values...)...); err != nil {
			return err
		}
	}
	return nil
}

// identifier quotes a name for SQL.
func identifier(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// geoTime writes an instant as a GeoPackage does.
func geoTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// IsOurGeoPackage reports whether a file is a GeoPackage that WriteGeoPackage
// wrote. It reads the file whole.
func IsOurGeoPackage(ctx context.Context, path string) bool {
	image, err := os.ReadFile(path)
	if err != nil || len(image) < 100 || !bytes.HasPrefix(image, []byte("SQLite format 3\x00")) || string(image[68:72]) != "GPKG" {
		return false
	}
	db := sql.OpenDB(source("file::memory:"))
	defer db.Close()
	conn, err := db.Conn(ctx)
	if err != nil {
		return false
	}
	defer conn.Close()
	n := 0
	err = conn.Raw(func(c any) error { return c.(serial).Deserialize(image, "main") })
	if err == nil {
		err = conn.QueryRowContext(ctx, `SELECT COUNT(*) FROM layer_styles WHERE owner = ?`, styleOwner).Scan(&n)
	}
	return err == nil && n > 0
}

// A serial is a connection of SQLite that gives and takes a whole database.
type serial interface {
	Serialize(schema string) ([]byte, error)
	Deserialize(image []byte, schema string) error
}
