package export

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/peterstace/simplefeatures/geom"
	"pgregory.net/rapid"

	"spreewatch/cluster"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

// A rawFeature is a feature as another program reads it.
type rawFeature struct {
	Type       string                     `json:"type"`
	Properties map[string]json.RawMessage `json:"properties"`
	Geometry   json.RawMessage            `json:"geometry"`
}

func features(t testing.TB, text string) []rawFeature {
	t.Helper()
	var c struct {
		Features []rawFeature `json:"features"`
	}
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		t.Fatal(err)
	}
	return c.Features
}

// The lists that other programs rely on.
var wantProperties = map[string]string{
	"patrols.geojson":     "id, rank, spree_id, offence, place_name, h3, area_m2, shift, from_local, to_local, from_utc, to_utc, dwell_min, visits, unit, priority, risk, reason, action, confidence, n_incidents, expires_local, streets, run_id, marking",
	"sprees.geojson":      "id, status, offence, method, n_incidents, n_joined, observed, expected, ratio, llr, p_value, ri_days, from_local, to_local, from_utc, to_utc, duration_h, radius_m, centre_lon, centre_lat, place_names, confidence, max_radius_m, max_window_h, min_incidents, alerts_per_week, merged, run_id, marking",
	"cells.geojson":       "h3, resolution, observed, expected, risk, spree_id, from_local, to_local, run_id, marking",
	"incidents.geojson":   "ref, offence, from_local, to_local, from_utc, to_utc, level, radius_m, confidence, spree_id, h3, in_spree, run_id, marking",
	"risk.geojson":        "h3, shift, expected, from_local, to_local, run_id, marking",
	"routes.geojson":      "id, unit, shift, from_local, to_local, from_utc, to_utc, n_stops, length_m, risk, run_id, marking",
	"stops.geojson":       "id, route_id, unit, shift, stop, from_local, to_local, from_utc, to_utc, dwell_min, drive_m, suggestion_id, rank, place_name, h3, priority, action, run_id, marking",
	"settlements.geojson": "name, streets, rank, spree",
	"streets.geojson":     "name, patrol_m, patrol_side",
	"roads.geojson":       "class, name, number",
	"land.geojson":        "source",
}

// kindOf names the kind of a JSON value, "" for null.
func kindOf(t *testing.T, v json.RawMessage) layer.Kind {
	s := string(v)
	switch {
	case s == "null":
		return ""
	case s[0] == '"':
		var text string
		if err := json.Unmarshal(v, &text); err != nil {
			t.Fatal(err)
		}
		if _, err := time.Parse("2006-01-02T15:04:05", text); err == nil {
			return layer.Local
		}
		if _, err := time.Parse("2006-01-02T15:04:05Z", text); err == nil {
			return layer.UTC
		}
		return layer.Text
	case strings.ContainsAny(s, "."):
		return layer.Number
	case strings.ContainsAny(s, "tfeE{["):
		return "other"
	}
	return layer.Whole
}

func TestProperties(t *testing.T) {
	dir, _ := writeSample(t, AudienceAnalyst)
	files := readDir(t, dir)
	if len(layer.All()) != len(wantProperties) {
		t.Fatalf("%d layers, want %d", len(layer.All()), len(wantProperties))
	}
	for _, table := range layer.All() {
		l := table.About()
		want := strings.Split(wantProperties[l.File()], ", ")
		var declared []string
		kinds := make(map[string]layer.Kind)
		for _, f := range table.Columns() {
			declared = append(declared, f.Name)
			kinds[f.Name] = f.Kind
			if f.Label == "" {
				t.Errorf("%s: %s has no plain name", l.File(), f.Name)
			}
		}
		if diff := cmp.Diff(want, declared); diff != "" {
			t.Errorf("%s: fields (-want +got):\n%s", l.File(), diff)
		}
		if l.Ground && files[l.File()] == "" {
			continue // no gazetteer stands behind the sample
		}
		feats := features(t, files[l.File()])
		if len(feats) == 0 {
			t.Errorf("%s: no features to look at", l.File())
		}
		for i, f := range feats {
			if len(f.Properties) != len(want) {
				t.Errorf("%s: feature %d has %d properties, want %d", l.File(), i, len(f.Properties), len(want))
			}
			for key, v := range f.Properties {
				if got := kindOf(t, v); got != "" && got != kinds[key] {
					t.Errorf("%s: feature %d: %s is %s (%s), want %s", l.File(), i, key, v, got, kinds[key])
				}
			}
		}
		// the order of the keys, which a map loses
		line := strings.Split(files[l.File()], "\n")[1]
		at := -1
		for _, key := range want {
			next := strings.Index(line, `"`+key+`":`)
			if next <= at {
				t.Errorf("%s: %s is out of order", l.File(), key)
			}
			at = next
		}
	}
}

func TestKnownValues(t *testing.T) {
	dir, _ := writeSample(t, AudienceAnalyst)
	files := readDir(t, dir)
	// 16 September is summer time: 10:00 local is 09:00 UTC.
	tests := []struct {
		file, key, want string
	}{
		{"sprees.geojson", "from_local", `"2015-09-16T10:00:00"`},
		{"sprees.geojson", "from_utc", `"2015-09-16T09:00:00Z"`},
		{"sprees.geojson", "to_local", `"2015-09-16T17:30:00"`},
		{"sprees.geojson", "duration_h", `7.5`},
		{"sprees.geojson", "observed", `7.0`},
		{"sprees.geojson", "expected", `null`},
		{"sprees.geojson", "p_value", `null`},
		{"sprees.geojson", "place_names", `"Dereham, Elsing, Great Fransham, Holme Hale"`},
		{"patrols.geojson", "dwell_min", `15`},
		{"patrols.geojson", "unit", `null`},
		{"patrols.geojson", "expires_local", `"2015-09-18T12:00:00"`},
		{"incidents.geojson", "ref", `"CANARYREF1"`},
		{"incidents.geojson", "level", `"street"`},
		{"cells.geojson", "resolution", `9`},
	}
	for _, tt := range tests {
		if got := string(features(t, files[tt.file])[0].Properties[tt.key]); got != tt.want {
			t.Errorf("%s: %s = %s, want %s", tt.file, tt.key, got, tt.want)
		}
	}
}

// checkRFC7946 checks a file against what RFC 7946 asks and a map needs.
func checkRFC7946(t testing.TB, name string, text []byte) {
	t.Helper()
	if bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) || bytes.Contains(text, []byte(`"crs"`)) {
		t.Errorf("%s: a byte order mark or a crs", name)
	}
	fc, err := geojson.UnmarshalFeatureCollection(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	kinds := make(map[string]bool)
	var bound orb.Bound
	for i, f := range fc.Features {
		if f.Geometry == nil {
			continue
		}
		kinds[f.Geometry.GeoJSONType()] = true
		raw, err := geojson.NewGeometry(f.Geometry).MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		g, err := geom.UnmarshalGeoJSON(raw) // validates rings, holes and their nesting
		if err != nil {
			t.Errorf("%s: feature %d: %v", name, i, err)
		} else if err := g.Validate(); err != nil {
			t.Errorf("%s: feature %d: %v", name, i, err)
		}
		var polygons orb.MultiPolygon
		switch g := f.Geometry.(type) {
		case orb.Polygon:
			polygons = orb.MultiPolygon{g}
		case orb.MultiPolygon:
			polygons = g
		}
		for _, p := range polygons {
			for k, ring := range p {
				want := orb.CCW
				if k > 0 {
					want = orb.CW
				}
				if !ring.Closed() || ring.Orientation() != want {
					t.Errorf("%s: feature %d: ring %d closed %v, orientation %d", name, i, k, ring.Closed(), ring.Orientation())
				}
				for _, p := range ring {
					for _, x := range p {
						if math.Round(x*1e7)/1e7 != x {
							t.Errorf("%s: feature %d: %v has over seven decimals", name, i, x)
						}
					}
				}
			}
		}
		if bound.IsZero() {
			bound = f.Geometry.Bound()
		}
		bound = bound.Union(f.Geometry.Bound())
	}
	if len(kinds) > 1 {
		t.Errorf("%s: geometry types %v", name, kinds)
	}
	if len(kinds) == 1 {
		if fc.BBox == nil || fc.BBox.Bound() != bound {
			t.Errorf("%s: bbox %v, the data's is %v", name, fc.BBox, bound)
		}
	}
}

func TestRFC7946(t *testing.T) {
	for _, a := range []Audience{AudienceAnalyst, AudienceSupervisor, AudiencePublic} {
		dir, _ := writeSample(t, a)
		for name, text := range readDir(t, dir) {
			if strings.HasSuffix(name, ".geojson") {
				checkRFC7946(t, name, []byte(text))
			}
		}
	}
}

// A zone may have holes and parts; whatever its cells, the file is valid.
func TestAnyZoneIsValid(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		centre := orb.Point{rapid.Float64Range(-179, 179).Draw(rt, "lon"), rapid.Float64Range(-75, 75).Draw(rt, "lat")}
		if math.Abs(centre[0]) > 170 {
			centre[0] /= 2 // cells that cross the antimeridian are not split
		}
		c, err := geo.CellAt(centre, rapid.IntRange(6, 11).Draw(rt, "resolution"))
		if err != nil {
			rt.Fatal(err)
		}
		zone := slices.DeleteFunc(c.Disk(4), func(geo.Cell) bool { return rapid.Bool().Draw(rt, "drop") })
		stamp := layer.Stamp{RunID: "r", Marking: "m", Zone: time.UTC}
		set, err := layer.Fill(layer.Contents{Sprees: []cluster.Spree{{ID: "s", Zone: zone}}}, stamp)
		if err != nil {
			rt.Fatal(err)
		}
		var b bytes.Buffer
		if err := layer.WriteGeoJSON(&b, set.Sprees, stamp); err != nil {
			rt.Fatal(err)
		}
		checkRFC7946(t, "sprees.geojson", b.Bytes())
	})
}

func TestOneGeometryTypeAFile(t *testing.T) {
	c, err := geo.CellAt(orb.Point{0.9333, 52.6833}, 9)
	if err != nil {
		t.Fatal(err)
	}
	far := c.Disk(3)[0]
	r := sampleResult(t)
	r.Suggestions[1].Area = []geo.Cell{c, far}
	layers, err := r.layers(sampleOptions(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	if layers.Patrols.Geometry != layer.MultiPolygon {
		t.Errorf("an area in two parts is written as %s", layers.Patrols.Geometry)
	}
	for i := range layers.Patrols.Len() {
		if got := layers.Patrols.Shape(i).GeoJSONType(); got != "MultiPolygon" {
			t.Errorf("%s beside a MultiPolygon", got)
		}
	}
	if layers, err = sampleResult(t).layers(sampleOptions(t, "")); err != nil {
		t.Fatal(err)
	}
	if got := layers.Patrols.Shape(0).GeoJSONType(); got != "Polygon" || layers.Patrols.Geometry != layer.Polygon {
		t.Errorf("a whole area is written as %s", got)
	}
}

func TestOddText(t *testing.T) {
	r := sampleResult(t)
	odd := "a \"quote\" & <tag> 'x' \n tab\t é – 日本 \x01 \xff end"
	r.Suggestions[0].PlaceName, r.Suggestions[0].Reason = odd, odd
	r.Sprees[0].Places = []string{odd}
	o := sampleOptions(t, t.TempDir())
	o.Marking = "OFFICIAL & <SENSITIVE> \"é\""
	if _, err := Write(t.Context(), r, o); err != nil {
		t.Fatal(err)
	}
	files := readDir(t, o.Dir)
	for _, l := range layer.All()[:3] {
		checkRFC7946(t, l.About().File(), []byte(files[l.About().File()]))
	}
	var got string
	if err := json.Unmarshal(features(t, files["patrols.geojson"])[0].Properties["place_name"], &got); err != nil {
		t.Fatal(err)
	}
	if want := strings.ToValidUTF8(odd, "\ufffd"); got != want {
		t.Errorf("place_name %q, want %q", got, want)
	}
	checkXML(t, files["spreewatch.qgs"])
}
