package qgis

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

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
		{"the middle of both sides", orb.Point{186.5, -17}, "EPSG:32702"},
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
			var cells []detect.CellCount
			for _, x := range tt.risks {
				cells = append(cells, detect.CellCount{Risk: x})
			}
			classes := riskClasses(risksOf(cells))
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
	var values []string
	same := func(s string) string { return s }
	label := func(classes []class) (labels []string) {
		for _, c := range classes {
			labels = append(labels, c.value)
		}
		return labels
	}
	if got := present(values, statuses, same); len(got) != len(statuses) {
		t.Errorf("an empty layer has %d classes, want all", len(got))
	}
	values = []string{"growing", "new"}
	if diff := cmp.Diff([]string{"new", "growing"}, label(present(values, statuses, same))); diff != "" {
		t.Errorf("classes (-want +got):\n%s", diff)
	}
	values = append(values, "resting", "")
	if diff := cmp.Diff([]string{"new", "growing", ""}, label(present(values, statuses, same))); diff != "" {
		t.Errorf("classes with unknown values (-want +got):\n%s", diff)
	}
}

// A town that the label of a patrol area names has no second name under the badge, while the layer of that shift is shown; and a name is text.
func TestNoTownIsNamedTwice(t *testing.T) {
	s, err := layer.Fill(layer.Contents{}, layer.Stamp{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(settlementLabels(s), "is_layer_visible") {
		t.Error("without a suggestion a town is left out")
	}
	for i, place := range []string{"Dereham, 2.5 km east", "Dereham, centre", `St Mary's \ O, centre`, ""} {
		sg := suggestion(i+1, place, []string{"early", "late"}[i%2])
		sg.Band.Start = sg.Band.Start.Add(time.Duration(i%2) * time.Hour)
		s.Patrols.Items = append(s.Patrols.Items, sg)
	}
	got := settlementLabels(s)
	for _, part := range []string{
		`is_layer_visible('spreewatch_patrols_0'), false) and "name" in ('Dereham', 'St Mary''s \\ O')`,
		`is_layer_visible('spreewatch_patrols_1'), false) and "name" in ('Dereham')`,
	} {
		if !strings.Contains(got, attr(part)) {
			t.Errorf("no %s in\n%s", part, got)
		}
	}
}

// From afar an incident outside any spree has no label, nearer by those of the last
// day have theirs before the others, and none lies over the badge of a patrol area.
func TestIncidentLabelsCome(t *testing.T) {
	s, err := layer.Fill(layer.Contents{}, layer.Stamp{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	asOf := time.Date(2026, 10, 8, 2, 0, 0, 0, time.UTC)
	want := `("spree_id" IS NOT NULL AND NOT coalesce(@map_scale, 0) > 200000 OR @map_scale <= 3500 OR @map_scale <= 15000 AND floor(to_real(epoch(to_datetime('2026-10-08T02:00:00'))`
	if got := incidentLabels(asOf, s); !strings.Contains(got, attr(want)) || strings.Contains(got, "MULTIPOINT") {
		t.Errorf("no %s in\n%s", want, got)
	}
	if strings.Contains(routeLabels(s), "geometryGenerator=") {
		t.Error("without a badge the name of a unit does not run along its whole way")
	}
	c, err := geo.CellAt(orb.Point{0.9333, 52.6833}, 9)
	if err != nil {
		t.Fatal(err)
	}
	sg := suggestion(1, "Dereham", "late")
	sg.Cell, sg.Area = c, []geo.Cell{c}
	again := sg
	again.Rank = 2
	if s, err = layer.Fill(layer.Contents{Suggestions: []patrol.Suggestion{sg, again}}, layer.Stamp{Zone: time.UTC}); err != nil {
		t.Fatal(err)
	}
	// the middle of the cell to five decimals, once; 8 mm are 1.25 badges of 6.4
	at := orb.Round(c.Polygon().Bound().Center(), 1e5).(orb.Point)
	want = fmt.Sprintf(`geom_from_wkt('MULTIPOINT((%v %v))'), 'EPSG:4326', @map_crs)) > @map_scale * 0.008`, at[0], at[1])
	if got := incidentLabels(asOf, s); !strings.Contains(got, attr(want)) {
		t.Errorf("no %s in\n%s", want, got)
	}
	// the name of a unit keeps a badge's width away from the middle of a badge
	want = fmt.Sprintf(`difference(transform($geometry, 'EPSG:4326', @map_crs), buffer(transform(geom_from_wkt('MULTIPOINT((%v %v))'), 'EPSG:4326', @map_crs), @map_scale * 0.0064))`, at[0], at[1])
	if got := routeLabels(s); !strings.Contains(got, attr(want)) {
		t.Errorf("no %s in\n%s", want, got)
	}
}
