package qgis

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

func TestWriteWindows(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	spree, err := cluster.NewSpree([]cluster.Incident{{ID: "a", From: cluster.At(at), To: cluster.At(at.Add(time.Hour)), Point: orb.Point{.94, 52.68}, Level: geo.LevelStreet}}, "theft", 9)
	if err != nil {
		t.Fatal(err)
	}
	stamp := layer.Stamp{Zone: time.UTC, RunID: "compare", Marking: "SECRET & more"}
	var layers []*layer.Layer[layer.Window]
	for name, items := range map[string][]layer.Window{"windows_theft_6h_2km_3": {{Spree: spree, Setting: "6h 2km 3", Raised: at.Add(16 * time.Hour), Shown: at, Nth: 1}}, "windows_theft_1h_2km_3": nil} {
		l, err := layer.Windows(name, "theft "+name, items, stamp)
		if err != nil {
			t.Fatal(err)
		}
		layers = append(layers, l)
	}
	var b bytes.Buffer
	if err := WriteWindows(&b, Windows{Title: "Windows compared", Marking: "SECRET & more", RunID: "compare", Zone: time.UTC, Notes: []string{"6h finds most"}, Layers: layers}); err != nil {
		t.Fatal(err)
	}
	if err := xml.Unmarshal(b.Bytes(), new(struct{})); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`<projectCrs>`, "EPSG:27700", "./windows_theft_6h_2km_3.geojson", "./windows_theft_1h_2km_3.geojson|geometrytype=MultiPolygon", "SECRET &amp; more", "6h finds most",
		"2026-03-01T10:00:00", "2026-03-02T02:00:00", `<CanvasColorRedPart type="int">250<`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the project has no %s", want)
		}
	}
	if strings.Contains(b.String(), "<layer-tree-group name=\"Why\"") {
		t.Error("it has the groups of a night")
	}
}
