package qgis

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// A Basemap is a map of somebody else's to lie under everything: a raster in a
// file, or the address of a server of tiles, which learns where one looks.
type Basemap struct {
	Name        string
	Source      string // as QGIS takes it; "" for no base map
	Provider    string // "gdal" or "wms"
	CRS         string // such as "EPSG:3857"; "" to leave it to QGIS
	Attribution string // whom it is owed to, as text; "" where nobody says
	Online      bool   // a server is asked for it
}

// ParseBasemap reads the setting: the name of an MBTiles or a GeoPackage with tiles
// in it, or an address with {x}, {y} and {z}.
func ParseBasemap(s string) (Basemap, error) {
	if u, err := url.Parse(s); err == nil && (u.Scheme == "https" || u.Scheme == "http") {
		if u.Host == "" || !strings.Contains(s, "{x}") || !strings.Contains(s, "{z}") || !strings.Contains(s, "{y}") && !strings.Contains(s, "{-y}") {
			return Basemap{}, fmt.Errorf("an address of tiles has {x}, {y} and {z}, as https://tiles.example.org/{z}/{x}/{y}.png")
		}
		return Basemap{Name: u.Host, Provider: "wms", CRS: "EPSG:3857", Online: true, Source: "type=xyz&zmin=0&zmax=19&url=" + url.QueryEscape(s)}, nil
	}
	switch strings.ToLower(filepath.Ext(s)) {
	case ".mbtiles", ".gpkg":
		return Basemap{Name: filepath.Base(s), Provider: "gdal", Source: s}, nil
	case "":
		if s == "" {
			return Basemap{}, nil
		}
	}
	return Basemap{}, fmt.Errorf("want the name of an .mbtiles or a .gpkg, or an address of tiles as https://tiles.example.org/{z}/{x}/{y}.png")
}
