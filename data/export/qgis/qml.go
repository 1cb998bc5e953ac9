package qgis

import (
	"fmt"
	"io"
	"strings"

	"spreewatch/data/export/layer"
)

// WriteStyle writes the style of one layer of the map, for a file with the
// layer's own name beside it: QGIS takes it up when the GeoJSON is opened alone.
// It is the style that the layer has in the project. A layer that the reader may
// not see has none.
func WriteStyle(w io.Writer, m Map, name string) error {
	l, ok := styled(m)[name]
	if !ok || !m.Layers.Holds(l.Head) {
		return fmt.Errorf("no style for layer %s", name)
	}
	return projectTemplate.ExecuteTemplate(w, "layer.qml.tmpl", styleFile{l, m.RunID, m.Marking, l.dimension()})
}

// A styleFile is what the template of a .qml is filled with.
type styleFile struct {
	projectLayer
	RunID     string
	Marking   string
	Dimension int // of the shapes: 0 points, 1 lines, 2 areas
}

func (p projectLayer) dimension() int {
	switch p.Geometry {
	case layer.Point:
		return 0
	case layer.LineString:
		return 1
	}
	return 2
}

// IsStyle reports whether a text begins as WriteStyle writes one.
func IsStyle(start string) bool {
	return strings.Contains(start, `<Option name="spreewatch/run_id" type="QString"`)
}
