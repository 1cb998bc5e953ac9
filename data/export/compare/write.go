package compare

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"spreewatch/cluster/trial"
	"spreewatch/data"
	"spreewatch/data/export"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/page"
	"spreewatch/data/export/qgis"
)

// Write writes the files of a comparison into a folder, which it makes, mode 0600:
// compare.json, compare.csv, compare.html, a GeoJSON for each setting and compare.qgs,
// which opens those. It takes the place of none of the files in use, nor of anything
// that is no earlier output. Each is whole or not there; the project comes last.
func Write(r Result, dir string, inUse []string) error {
	if err := export.MakeFolder(dir); err != nil {
		return err
	}
	put := func(name string, ours func(string) bool, write func(io.Writer) error) error {
		if err := data.WriteWhole(filepath.Join(dir, name), data.Guard{Keep: inUse, Ours: ours}, write); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		return nil
	}
	if err := put("compare.json", data.Begins("{\n \"source\":"), func(w io.Writer) error { return WriteJSON(w, r) }); err != nil {
		return err
	}
	if err := put("compare.csv", data.Begins(csvHeader), func(w io.Writer) error { return WriteCSV(w, r) }); err != nil {
		return err
	}
	if err := put("compare.html", page.Is, func(w io.Writer) error { return WritePage(w, r) }); err != nil {
		return err
	}
	layers, err := r.layers()
	if err != nil {
		return err
	}
	stamp := r.stamp()
	for _, l := range layers {
		begin := `{"type":"FeatureCollection","name":"` + l.Name
		if err := put(l.File(), data.Begins(begin), func(w io.Writer) error { return layer.WriteGeoJSON(w, l, stamp) }); err != nil {
			return err
		}
	}
	project := qgis.Windows{Title: "Windows compared", Marking: r.Marking, RunID: r.RunID(), Zone: r.Zone, Notes: r.Answer(), Layers: layers}
	ours := func(start string) bool { return strings.Contains(start, "<qgis projectname=\"Windows compared\"") }
	return put("compare.qgs", ours, func(w io.Writer) error { return qgis.WriteWindows(w, project) })
}

func (r Result) stamp() layer.Stamp {
	return layer.Stamp{Zone: r.Zone, RunID: r.RunID(), Marking: r.Marking}
}

// layers are the sprees of each setting.
func (r Result) layers() ([]*layer.Layer[layer.Window], error) {
	var out []*layer.Layer[layer.Window]
	for _, c := range r.Comparisons {
		for _, t := range c.Trials {
			l, err := layer.Windows("windows_"+ID(t.Setting), t.Offence+" "+t.Name(), windows(t), r.stamp())
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
