package compare

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"spreewatch/cluster/trial"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/page"
	"spreewatch/data/export/qgis"
)

// manifestFile is the file that lists all of a folder.
const manifestFile = "compare.json"

// manifestStart is how it begins, by which it is told from another file.
const manifestStart = "{\n \"source\":"

// An output is a file of the folder: how an earlier one is told by its begin, and what
// writes it.
type output struct {
	name  string
	ours  func(start string) bool
	write func(io.Writer) error
}

// Write writes the files of a comparison into a folder, which it makes, mode 0600:
// compare.json, which lists them, compare.csv, compare.html, a GeoJSON for each setting
// and compare.qgs, which opens those. It takes the place of none of the files in use,
// nor of anything that is no earlier output, and then writes nothing. The layers of an
// earlier comparison that its compare.json lists are removed. Each file is whole or not
// there; the project comes last.
func Write(r Result, dir string, inUse []string) error {
	if err := export.MakeFolder(dir); err != nil {
		return err
	}
	outputs, err := r.outputs()
	if err != nil {
		return err
	}
	guard := func(o output) data.Guard { return data.Guard{Keep: inUse, Ours: o.ours} }
	for _, o := range outputs {
		if err := guard(o).Check(filepath.Join(dir, o.name)); err != nil {
			return err
		}
	}
	for _, name := range earlier(dir) {
		if slices.Contains(r.Files(), name) {
			continue
		}
		if err := remove(filepath.Join(dir, name), inUse); err != nil {
			return err
		}
	}
	for _, o := range outputs {
		if err := data.WriteWhole(filepath.Join(dir, o.name), guard(o), o.write); err != nil {
			return fmt.Errorf("write %s: %w", o.name, err)
		}
	}
	return nil
}

// outputs are the files, in the order in which they are written.
func (r Result) outputs() ([]output, error) {
	out := []output{
		{manifestFile, data.Begins(manifestStart), func(w io.Writer) error { return WriteJSON(w, r) }},
		{"compare.csv", data.Begins(csvHeader), func(w io.Writer) error { return WriteCSV(w, r) }},
		{"compare.html", page.Is, func(w io.Writer) error { return WritePage(w, r) }},
	}
	layers, err := r.layers()
	if err != nil {
		return nil, err
	}
	stamp := r.stamp()
	for _, l := range layers {
		out = append(out, output{l.File(), layerStart(l.File()), func(w io.Writer) error { return layer.WriteGeoJSON(w, l, stamp) }})
	}
	project := qgis.Windows{Title: "Windows compared", Marking: r.Marking, RunID: r.RunID(), Zone: r.Zone, Notes: r.Answer(), Layers: layers}
	for _, c := range r.Comparisons {
		if best := c.Best(); best >= 0 { // all at once would lie over each other
			project.Shown = append(project.Shown, layerName(r.ID(c.Trials[best].Setting)))
		}
	}
	ours := func(start string) bool { return strings.Contains(start, "<qgis projectname=\"Windows compared\"") }
	return append(out, output{"compare.qgs", ours, func(w io.Writer) error { return qgis.WriteWindows(w, project) }}), nil
}

// Files are the names of the files that Write writes.
func (r Result) Files() []string {
	out := []string{manifestFile, "compare.csv", "compare.html"}
	for _, c := range r.Comparisons {
		for _, t := range c.Trials {
			out = append(out, layerName(r.ID(t.Setting))+".geojson")
		}
	}
	return append(out, "compare.qgs")
}

// layerName is the name of the layer of a setting's ID.
func layerName(id string) string { return "windows_" + id }

// layerStart tells a layer by how it begins.
func layerStart(file string) func(start string) bool {
	return data.Begins(`{"type":"FeatureCollection","name":"` + strings.TrimSuffix(file, ".geojson") + `","run_id":"` + runID + `"`)
}

// earlier are the layers that the folder's manifest lists.
func earlier(dir string) []string {
	text, err := os.ReadFile(filepath.Join(dir, manifestFile))
	var listed struct {
		Files []string `json:"files"`
	}
	if err != nil || !strings.HasPrefix(string(text), manifestStart) || json.Unmarshal(text, &listed) != nil {
		return nil
	}
	return slices.DeleteFunc(listed.Files, func(name string) bool {
		return name != filepath.Base(name) || !strings.HasPrefix(name, layerName("")) || !strings.HasSuffix(name, ".geojson")
	})
}

// remove removes a layer of an earlier comparison. What is none, or is in use, stays.
func remove(path string, inUse []string) error {
	st, err := os.Lstat(path)
	if err != nil || !st.Mode().IsRegular() || st.Size() == 0 || (data.Guard{Keep: inUse, Ours: layerStart(filepath.Base(path))}).Check(path) != nil {
		return nil
	}
	if err := os.Remove(path); err != nil {
		return &data.UserError{Msg: "remove " + filepath.Base(path) + " of an earlier comparison", Err: data.PathCause(err)}
	}
	return nil
}

func (r Result) stamp() layer.Stamp {
	return layer.Stamp{Zone: r.Zone, RunID: r.RunID(), Marking: r.Marking}
}

// layers are the sprees of each setting.
func (r Result) layers() ([]*layer.Layer[layer.Window], error) {
	var out []*layer.Layer[layer.Window]
	for _, c := range r.Comparisons {
		for _, t := range c.Trials {
			l, err := layer.Windows(layerName(r.ID(t.Setting)), t.Offence+" "+t.Name(), windows(t), r.stamp())
			if err != nil {
				return nil, err
			}
			out = append(out, l)
		}
	}
	return out, nil
}

func windows(t trial.Trial) []layer.Window {
	var out []layer.Window
	for _, s := range t.Sprees {
		out = append(out, layer.Window{Spree: s.Spree, Setting: t.Name(), Raised: s.At, Shown: s.Shown.At, Nth: s.Shown.Nth})
	}
	return out
}
