package data

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/project"
)

// A Tileset is what a file of map tiles says of itself.
type Tileset struct {
	Table       string     // with the tiles, in a GeoPackage; "" in an MBTiles
	Tables      int        // with tiles that the file has
	CRS         string     // such as "EPSG:3857"; "" where it is not said
	Attribution string     // as written, markup and all; "" where nothing is said
	Bound       *orb.Bound // longitude and latitude; nil where nothing is said, or in a system of another country
}

// ErrNoTiles is a file in which there is no picture of a map.
var ErrNoTiles = errors.New("holds no tiles that are pictures")

// ReadTileset reads what an MBTiles 1.3 or a GeoPackage with tiles (OGC 12-128r18,
// 2.2) says of itself. Of several sets the first by name is taken. Any file that is
// neither, or whose tiles are lines and areas to be drawn, is ErrNoTiles.
func ReadTileset(ctx context.Context, path string) (Tileset, error) {
	if _, err := os.Stat(path); err != nil {
		return Tileset{}, PathCause(err)
	}
	db, err := openUntrusted(ctx, path)
	if err != nil {
		return Tileset{}, noTiles(err)
	}
	defer db.Close()
	if strings.HasSuffix(strings.ToLower(path), ".gpkg") {
		return packagedTiles(ctx, db)
	}
	return mbTiles(ctx, db)
}

// mbTiles reads the metadata of an MBTiles, which is in Web Mercator.
func mbTiles(ctx context.Context, db *sql.DB) (Tileset, error) {
	var said []struct{ name, value string }
	rows, err := db.QueryContext(ctx, `
		SELECT name, coalesce(value, '')
		FROM metadata
		ORDER BY name, value`)
	if err != nil {
		return Tileset{}, noTiles(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s struct{ name, value string }
		if err := rows.Scan(&s.name, &s.value); err != nil {
			return Tileset{}, noTiles(err)
		}
		said = append(said, s)
	}
	if err := rows.Err(); err != nil {
		return Tileset{}, noTiles(err)
	}
	t := Tileset{Tables: 1, CRS: "EPSG:3857"}
	for _, s := range said {
		switch s.name {
		case "attribution":
			t.Attribution = s.value
		case "bounds":
			t.Bound = parseBounds(s.value)
		case "format":
			if s.value == "pbf" {
				return Tileset{}, ErrNoTiles
			}
		}
	}
	var tiles int
	if err := db.QueryRowContext(ctx, `
		SELECT count(*)
		FROM (SELECT 1 FROM tiles LIMIT 1)`).Scan(&tiles); err != nil || tiles == 0 {
		return Tileset{}, noTiles(err)
	}
	return t, nil
}

// packagedTiles reads the contents of a GeoPackage.
func packagedTiles(ctx context.Context, db *sql.DB) (Tileset, error) {
	var t Tileset
	var authority string
	var number int
	var side [4]sql.NullFloat64
	err := db.QueryRowContext(ctx, `
		SELECT c.table_name, s.organization, s.organization_coordsys_id, c.min_x, c.min_y, c.max_x, c.max_y,
			(SELECT count(*) FROM gpkg_contents WHERE data_type = 'tiles')
		FROM gpkg_contents c
		JOIN gpkg_spatial_ref_sys s ON s.srs_id = c.srs_id
		WHERE c.data_type = 'tiles'
		ORDER BY c.table_name
		LIMIT 1`).Scan(&t.Table, &authority, &number, &side[0], &side[1], &side[2], &side[3], &t.Tables)
	if err != nil {
		return Tileset{}, noTiles(err)
	}
	if !strings.EqualFold(authority, "NONE") {
		t.CRS = strings.ToUpper(authority) + ":" + strconv.Itoa(number)
	}
	for _, s := range side {
		if !s.Valid {
			return t, nil
		}
	}
	b := orb.Bound{Min: orb.Point{side[0].Float64, side[1].Float64}, Max: orb.Point{side[2].Float64, side[3].Float64}}
	switch t.CRS {
	case "EPSG:4326":
		t.Bound = &b
	case "EPSG:3857", "EPSG:900913":
		b = project.Bound(b, project.Mercator.ToWGS84)
		t.Bound = &b
	}
	return t, nil
}

// noTiles is ErrNoTiles for every answer by which SQLite says that the file is not
// what its name says.
func noTiles(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return ErrNoTiles
}

// parseBounds reads west,south,east,north; nil for anything else.
func parseBounds(s string) *orb.Bound {
	field := strings.Split(s, ",")
	if len(field) != 4 {
		return nil
	}
	var v [4]float64
	for i, f := range field {
		n, err := strconv.ParseFloat(strings.TrimSpace(f), 64)
		if err != nil || !(n >= -180 && n <= 180) {
			return nil
		}
		v[i] = n
	}
	return &orb.Bound{Min: orb.Point{v[0], v[1]}, Max: orb.Point{v[2], v[3]}}
}
