package export

import (
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/page"
	"spreewatch/data/export/qgis"
)

// An earlier is what an earlier run left in a folder, so far as can be told: what
// its manifest lists, and, since a run may have been stopped before its manifest,
// what begins as only an output does.
type earlier struct {
	dir    string
	listed []string // by the manifest
}

func earlierIn(dir string) earlier {
	e := earlier{dir: dir}
	text, err := os.ReadFile(filepath.Join(dir, manifestFile))
	var run Run
	if err != nil || !begins(manifestFile)(string(text)) || json.Unmarshal(text, &run) != nil {
		return e
	}
	for _, o := range run.Outputs {
		e.listed = append(e.listed, o.Name)
	}
	return e
}

// The files of a folder beside those of the layers.
const (
	projectFile  = "spreewatch.qgs"
	reviewFile   = "review.csv"
	briefingFile = "briefing.html"
	cardsFile    = "review.html"
	gpxName      = "routes.gpx"
	manifestFile = "run.json"
)

// files are the names of everything that any audience may get.
func files() []string {
	out := []string{projectFile, reviewFile, briefingFile, cardsFile, gpxName, manifestFile}
	for _, t := range layer.All() {
		out = append(out, t.About().File(), t.About().Style())
	}
	return out
}

// begins tells an output by how it begins.
func begins(name string) func(start string) bool {
	switch name {
	case manifestFile:
		return data.Begins("{\n  \"run_id\": ")
	case reviewFile:
		return data.Begins(strings.Join(ReviewColumns, ","))
	case gpxName:
		return data.Begins(gpxBegin)
	case briefingFile, cardsFile:
		return page.Is
	case projectFile:
		return func(start string) bool { return strings.Contains(start, `<qgis projectname="Patrol map as of `) }
	}
	if strings.HasSuffix(name, ".qml") {
		return qgis.IsStyle
	}
	return data.Begins(`{"type":"FeatureCollection","name":"` + strings.TrimSuffix(name, ".geojson") + `","run_id":`)
}

// guard is what keeps a file of the folder that is no earlier output.
func (e earlier) guard(name string, keep []string) data.Guard {
	return data.Guard{Keep: keep, Ours: func(start string) bool {
		return slices.Contains(e.listed, name) || begins(name)(start)
	}}
}

// wrote reports whether the file of the name is an earlier output.
func (e earlier) wrote(name string) bool {
	return e.guard(name, nil).Check(filepath.Join(e.dir, name)) == nil
}

// CheckFolder refuses a folder in which Write would take the place of the
// database, of an input, or of somebody's own file.
func CheckFolder(o Options) error {
	if st, err := os.Stat(o.Dir); err == nil && !st.IsDir() {
		return folderError(&fs.PathError{Path: o.Dir, Err: syscall.ENOTDIR})
	}
	if o.GeoPackage != "" {
		g := data.Guard{Keep: o.Keep, Ours: func(string) bool { return data.IsOurGeoPackage(context.Background(), o.GeoPackage) }}
		if err := g.Check(o.GeoPackage); err != nil {
			return err
		}
		if in, err := filepath.Rel(o.Dir, o.GeoPackage); err == nil && slices.Contains(files(), in) {
			return &data.UserError{Msg: in + " is another file of the output", Hint: "name the GeoPackage otherwise: --gpkg layers.gpkg"}
		}
	}
	e := earlierIn(o.Dir)
	for _, name := range files() {
		path := filepath.Join(o.Dir, name)
		g := e.guard(name, o.Keep)
		if o.withheld(name) { // not written: only what is an earlier output goes, and that must not be in use
			if e.wrote(name) {
				g.Ours = func(string) bool { return true }
			} else {
				continue
			}
		}
		if err := g.Check(path); err != nil {
			return err
		}
	}
	return nil
}

// withheld reports whether the audience gets no file of the name.
func (o Options) withheld(name string) bool {
	public, analyst := o.Audience == AudiencePublic, o.Audience == AudienceAnalyst
	for _, t := range layer.All() {
		if h := t.About(); h.File() == name || h.Style() == name {
			return h.Analyst && !analyst || h.Staff && public
		}
	}
	switch name {
	case reviewFile, briefingFile, gpxName:
		return public
	case cardsFile:
		return !analyst
	}
	return false
}
