package gpkg

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/qgis"
	"spreewatch/geo"
)

// The table of a layer says what the layer's list of fields says, typed also where
// a column is null throughout.
func TestTable(t *testing.T) {
	c, err := geo.CellAt(orb.Point{0.9333, 52.6833}, 9)
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 9, 16, 9, 0, 0, 0, time.UTC)
	m := qgis.Map{AsOf: from, Zone: time.UTC, RunID: "r", Marking: "OFFICIAL"}
	m.Layers, err = layer.Fill(layer.Contents{Sprees: []cluster.Spree{{ID: "s", Zone: []geo.Cell{c}, Centre: c.Centre(), RadiusM: 500,
		Window: cluster.Window{Start: from, End: from.Add(time.Hour)}}}}, layer.Stamp{Zone: time.UTC, RunID: "r", Marking: "OFFICIAL"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := tableOf(m, m.Layers.Sprees)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "sprees" || got.Geometry != "MULTIPOLYGON" || len(got.Bound) != 4 || got.Style == "" {
		t.Errorf("%s, %s, bound %v, %d bytes of style", got.Name, got.Geometry, got.Bound, len(got.Style))
	}
	rows := slices.Collect(got.Rows)
	if len(rows) != 1 || len(rows[0].Values) != len(got.Columns) {
		t.Fatalf("%d rows", len(rows))
	}
	values := map[string]any{}
	types := map[string]string{}
	for i, c := range got.Columns {
		values[c.Name], types[c.Name] = rows[0].Values[i], c.Type
	}
	for name, want := range map[string]any{"id": "s", "p_value": nil, "radius_m": 500.0, "from_local": "2026-09-16T09:00:00", "from_utc": "2026-09-16T09:00:00.000Z", "marking": "OFFICIAL", "n_incidents": 0} {
		if diff := cmp.Diff(want, values[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for name, want := range map[string]string{"id": "TEXT", "p_value": "REAL", "n_incidents": "INTEGER", "from_utc": "DATETIME", "from_local": "TEXT"} {
		if types[name] != want {
			t.Errorf("%s is %s, want %s", name, types[name], want)
		}
	}
}

func TestBinary(t *testing.T) {
	p := orb.Polygon{{{1, 2}, {3, 2}, {3, 4}, {1, 2}}}
	b := binaryOf(p)
	if string(b[:4]) != "GP\x00\x03" || binary.LittleEndian.Uint32(b[4:]) != 4326 {
		t.Errorf("header % x", b[:8])
	}
	for i, want := range []float64{1, 3, 2, 4} { // west, east, south, north
		if got := math.Float64frombits(binary.LittleEndian.Uint64(b[8+8*i:])); got != want {
			t.Errorf("envelope %d is %v, want %v", i, got, want)
		}
	}
	if g, err := wkb.Unmarshal(b[40:]); err != nil || !orb.Equal(g, p) {
		t.Errorf("%v, %v", g, err)
	}
	if b := binaryOf(orb.Point{1, 2}); string(b[:4]) != "GP\x00\x01" || len(b) != 8+21 {
		t.Errorf("point % x", b)
	}
	if binaryOf(nil) != nil {
		t.Error("no geometry has bytes")
	}
}

// A whole package: the tables that the reader may see, known again as ours, and
// the same bytes from the same map; a layer across 180° has bounds that SQL can
// compare.
func TestWrite(t *testing.T) {
	c, err := geo.CellAt(orb.Point{179.9999, -16.8}, 7)
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 9, 16, 9, 0, 0, 0, time.UTC)
	m := qgis.Map{AsOf: from, Zone: time.UTC, RunID: "r", Marking: "OFFICIAL"}
	m.Layers, err = layer.Fill(layer.Contents{Sprees: []cluster.Spree{{ID: "s", Zone: []geo.Cell{c}, Window: cluster.Window{Start: from, End: from}}}},
		layer.Stamp{Zone: time.UTC, RunID: "r", Marking: "OFFICIAL"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := tableOf(m, m.Layers.Sprees)
	if err != nil {
		t.Fatal(err)
	}
	if got.Bound[0] != -180 || got.Bound[2] != 180 {
		t.Errorf("bound %v of a cell across 180°", got.Bound)
	}
	path := filepath.Join(t.TempDir(), "layers.gpkg")
	var packages [2]bytes.Buffer
	for i := range packages {
		if err := Write(t.Context(), &packages[i], m); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(packages[0].Bytes(), packages[1].Bytes()) {
		t.Error("the same map gives other bytes")
	}
	if err := os.WriteFile(path, packages[0].Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if !data.IsOurGeoPackage(t.Context(), path) {
		t.Error("it is not known again")
	}
	if bytes.Contains(packages[0].Bytes(), []byte("in_spree")) {
		t.Error("a reader who is no analyst gets the incidents")
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if err := Write(stopped, io.Discard, m); err == nil {
		t.Error("no error when it is stopped")
	}
}

func TestTypes(t *testing.T) {
	for kind, want := range map[layer.Kind]string{layer.Text: "TEXT", layer.Local: "TEXT", layer.UTC: "DATETIME", layer.Whole: "INTEGER", layer.Number: "REAL"} {
		if got := typeOf(kind); got != want {
			t.Errorf("%s is %s, want %s", kind, got, want)
		}
	}
}
