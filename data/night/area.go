package night

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/paulmach/orb"

	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/geo"
)

// A shapeFile is a GeoJSON that the settings name.
type shapeFile struct {
	name, sha256 string
	region       *geo.Region   // of area.file
	areas        []patrol.Area // of patrol.areas
}

// loadShapes reads the files that the settings name. A name that is not absolute is
// beside the settings file.
func (c *Settings) loadShapes(dir string) error {
	beside := func(file string) string {
		if filepath.IsAbs(file) {
			return file
		}
		return filepath.Join(dir, file)
	}
	if c.Area.File != "" {
		if err := c.loadBoundary(beside(c.Area.File)); err != nil {
			return err
		}
	}
	if c.Patrol.Areas != "" {
		return c.loadAreas(beside(c.Patrol.Areas))
	}
	return nil
}

func readShape(path string) ([]byte, shapeFile, error) {
	text, err := os.ReadFile(path)
	name := filepath.Base(path)
	if err != nil {
		return nil, shapeFile{}, &data.UserError{Msg: "read " + name, Err: errors.Unwrap(err), Hint: "name a GeoJSON file that is beside the settings, or with its whole path"}
	}
	sum := sha256.Sum256(text)
	return text, shapeFile{name: name, sha256: hex.EncodeToString(sum[:])}, nil
}

const shapeHint = "want GeoJSON with closed rings in longitude and latitude: ogr2ogr -t_srs EPSG:4326 boundary.geojson FILE"

// loadBoundary reads the boundary of the force's area.
func (c *Settings) loadBoundary(path string) error {
	text, f, err := readShape(path)
	if err != nil {
		return err
	}
	if f.region, err = geo.ParseRegion(text); err != nil {
		return &data.UserError{Msg: "the boundary " + f.name, Err: err, Hint: shapeHint}
	}
	c.boundary = &f
	return nil
}

// loadAreas reads the force's own areas.
func (c *Settings) loadAreas(path string) error {
	text, f, err := readShape(path)
	if err != nil {
		return err
	}
	bad := func(err error) error {
		return &data.UserError{Msg: "the areas of " + f.name, Err: err, Hint: "want GeoJSON with a Polygon or a Point each, and its name"}
	}
	features, err := geo.ParseFeatures(text)
	if err != nil {
		return bad(err)
	}
	f.areas = []patrol.Area{} // none is none, and not every cell
	seen := map[string]int{}
	for i, feature := range features {
		name := feature.Name
		if name == "" {
			name = fmt.Sprintf("Area %d", i+1)
		}
		if seen[name]++; seen[name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, seen[name])
		}
		a, err := c.area(name, feature.Shape)
		if err != nil {
			return bad(fmt.Errorf("feature %d: %w", i+1, err))
		}
		f.areas = append(f.areas, a)
	}
	if len(f.areas) == 0 {
		return bad(errors.New("there is none"))
	}
	c.beats = &f
	return nil
}

func (c *Settings) area(name string, shape orb.Geometry) (patrol.Area, error) {
	switch g := shape.(type) {
	case nil:
		return patrol.Area{}, errors.New("it has no geometry")
	case orb.Polygon:
		if _, err := geo.NewRegion(orb.MultiPolygon{g}); err != nil {
			return patrol.Area{}, err
		}
	case orb.MultiPolygon:
		if _, err := geo.NewRegion(g); err != nil {
			return patrol.Area{}, err
		}
	}
	return patrol.NewArea(name, shape, c.Detect.Resolution)
}

// WithAreas returns the settings with the areas of the file in place of its own.
func (c Settings) WithAreas(file string) (Settings, error) {
	err := c.loadAreas(file)
	return c, err
}

// sum is the SHA-256 of the file, "" for none.
func (f *shapeFile) sum() string {
	if f == nil {
		return ""
	}
	return f.sha256
}

// keepShapes refuses to do a run again with other shapes than it had, and takes
// those away that it had not.
func (c *Settings) keepShapes(boundary, areas string) error {
	for _, s := range []struct {
		setting, was string
		have         **shapeFile
	}{{"area.file", boundary, &c.boundary}, {"patrol.areas", areas, &c.beats}} {
		if s.was == "" {
			*s.have = nil
		} else if (*s.have).sum() != s.was {
			return &data.UserError{Msg: fmt.Sprintf("the run had another file as %s (SHA-256 %.12s)", s.setting, s.was), Hint: "name that file in the settings and say the settings with --config"}
		}
	}
	return nil
}
