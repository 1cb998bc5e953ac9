package export

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

// checkXML reads the project to its end as XML and returns the texts of the
// elements by their name.
func checkXML(t testing.TB, text string) map[string][]string {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(text))
	found := make(map[string][]string)
	var open []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return found
		}
		if err != nil {
			t.Fatalf("spreewatch.qgs: %v", err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			open = append(open, x.Name.Local)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				name := open[len(open)-1]
				found[name] = append(found[name], string(x))
			}
		}
	}
}

func TestProjectPaths(t *testing.T) {
	tests := []struct {
		audience Audience
		want     []string
	}{
		{AudienceAnalyst, []string{"./patrols.geojson", "./sprees.geojson", "./incidents.geojson", "./cells.geojson"}},
		{AudienceSupervisor, []string{"./patrols.geojson", "./sprees.geojson", "./cells.geojson"}},
		// no cell has enough incidents for the public, and QGIS cannot see of what type an empty file is
		{AudiencePublic, []string{"./patrols.geojson", "./sprees.geojson", "./cells.geojson|geometrytype=Polygon"}},
	}
	for _, tt := range tests {
		t.Run(string(tt.audience), func(t *testing.T) {
			dir, _ := writeSample(t, tt.audience)
			text := readDir(t, dir)["spreewatch.qgs"]
			got := checkXML(t, text)["datasource"]
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("data sources (-want +got):\n%s", diff)
			}
			if strings.Contains(text, dir) {
				t.Error("the project names the folder it was written to")
			}
			if n := strings.Count(text, `<temporal enabled="1"`); n != len(tt.want) {
				t.Errorf("the time slider is on for %d of %d layers", n, len(tt.want))
			}
		})
	}
}

func TestProjectSpan(t *testing.T) {
	dir, _ := writeSample(t, AudienceSupervisor)
	found := checkXML(t, readDir(t, dir)["spreewatch.qgs"])
	// the first call, and the end of the last patrol
	for element, want := range map[string]string{"StartDateTime": "2015-09-16T10:00:00", "EndDateTime": "2015-09-17T18:00:00"} {
		if diff := cmp.Diff([]string{want}, found[element]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", element, diff)
		}
	}
}

func TestProjectWithoutFeatures(t *testing.T) {
	o := sampleOptions(t, t.TempDir())
	if _, err := Write(Result{}, o); err != nil {
		t.Fatal(err)
	}
	found := checkXML(t, readDir(t, o.Dir)["spreewatch.qgs"])
	if len(found["StartDateTime"]) != 0 || len(found["datasource"]) != 3 {
		t.Errorf("start %v, sources %v", found["StartDateTime"], found["datasource"])
	}
}

func TestMapCRS(t *testing.T) {
	tests := []struct {
		name  string
		point orb.Point
		want  string
	}{
		{"Dereham", orb.Point{0.9333, 52.6833}, "EPSG:27700"},
		{"Lerwick", orb.Point{-1.14, 60.15}, "EPSG:27700"},
		{"Land's End", orb.Point{-5.71, 50.07}, "EPSG:27700"},
		{"Islay", orb.Point{-6.2, 55.75}, "EPSG:27700"},
		{"Dublin", orb.Point{-6.26, 53.35}, "EPSG:32629"},
		{"Belfast", orb.Point{-5.93, 54.6}, "EPSG:32630"},
		{"Houston", orb.Point{-95.37, 29.76}, "EPSG:32615"},
		{"Sydney", orb.Point{151.2, -33.87}, "EPSG:32756"},
		{"antimeridian", orb.Point{180, 10}, "EPSG:32660"},
		{"other side of it", orb.Point{-180, 10}, "EPSG:32601"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, operation := mapCRS(tt.point)
			if got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			if (operation != "") != (got == "EPSG:27700") {
				t.Errorf("%s with operation %q", got, operation)
			}
		})
	}
}

func TestRiskClasses(t *testing.T) {
	tests := []struct {
		name  string
		risks []float64
		want  []float64 // cuts
	}{
		{"quartiles", []float64{0.1, 0.2, 0.3, 0.4, 0.5}, []float64{0, 0.2, 0.3, 0.4, 0.5}},
		{"order does not matter", []float64{0.5, 0.3, 0.1, 0.4, 0.2}, []float64{0, 0.2, 0.3, 0.4, 0.5}},
		{"mostly none", []float64{0, 0, 0, 0, 0, 0, 0, 1}, []float64{0, 1}},
		{"all equal", []float64{0.25, 0.25}, []float64{0, 0.25}},
		{"all none", []float64{0, 0, 0}, []float64{0, 0}},
		{"no cells", nil, []float64{0, 1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := Layer{Fields: []Field{{Name: "risk"}}}
			for _, x := range tt.risks {
				l.features = append(l.features, feature{values: []any{decimal(x)}})
			}
			classes := riskClasses(l)
			got := []float64{classes[0].lower}
			for i, c := range classes {
				if i > 0 && c.lower != classes[i-1].upper {
					t.Errorf("a gap before class %d", i)
				}
				if c.label == "" || c.colour == "" {
					t.Errorf("class %d has no label or colour", i)
				}
				got = append(got, c.upper)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("cuts (-want +got):\n%s", diff)
			}
			for _, x := range tt.risks {
				if x < got[0] || x > got[len(got)-1] {
					t.Errorf("%v is in no class", x)
				}
			}
		})
	}
}

func TestCutLabels(t *testing.T) {
	tests := []struct {
		name string
		cuts []float64
		want []string
	}{
		{"two digits do", []float64{0, 0.000222247, 0.00037333}, []string{"0", "0.00022", "0.00037"}},
		{"more to tell them apart", []float64{0, 0.00091, 0.001049, 0.001112}, []string{"0", "0.00091", "0.001", "0.0011"}},
		{"three digits", []float64{0, 0.00111, 0.00114}, []string{"0", "0.00111", "0.00114"}},
		{"large", []float64{0, 1234, 5678}, []string{"0", "1200", "5700"}},
		{"alone", []float64{0}, []string{"0"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, cutLabels(tt.cuts)); diff != "" {
				t.Errorf("labels (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLegendShowsWhatIsOnTheMap(t *testing.T) {
	l := Layer{Fields: []Field{{Name: "status"}}}
	label := func(classes []class) (labels []string) {
		for _, c := range classes {
			labels = append(labels, c.value)
		}
		return labels
	}
	if got := present(l, "status", statuses); len(got) != len(statuses) {
		t.Errorf("an empty layer has %d classes, want all", len(got))
	}
	l.features = []feature{{values: []any{"growing"}}, {values: []any{"new"}}}
	if diff := cmp.Diff([]string{"new", "growing"}, label(present(l, "status", statuses))); diff != "" {
		t.Errorf("classes (-want +got):\n%s", diff)
	}
	l.features = append(l.features, feature{values: []any{"resting"}}, feature{values: []any{nil}})
	if diff := cmp.Diff([]string{"new", "growing", ""}, label(present(l, "status", statuses))); diff != "" {
		t.Errorf("classes with unknown values (-want +got):\n%s", diff)
	}
}

func TestPlaces(t *testing.T) {
	r := sampleResult(t)
	o := sampleOptions(t, "")
	o.Audience = AudienceAnalyst
	exact := placesOf(r, o)
	var got []string
	for _, p := range exact {
		got = append(got, p.Name)
	}
	// Dereham and Elsing stand in the names of patrol areas
	if diff := cmp.Diff([]string{"Great Fransham", "Holme Hale"}, got); diff != "" {
		t.Fatalf("places (-want +got):\n%s", diff)
	}
	if exact[0].Point != (orb.Point{0.807368, 52.689265}) {
		t.Errorf("an analyst sees %v", exact[0].Point)
	}
	o.Audience = AudienceSupervisor
	if p := placesOf(r, o)[0].Point; p == exact[0].Point {
		t.Error("a supervisor sees the point of a single incident")
	}
	for i := range r.Incidents {
		r.Incidents[i].SpreeID = ""
	}
	if got := placesOf(r, o); len(got) != 0 {
		t.Errorf("%d places of incidents outside any spree", len(got))
	}
}
