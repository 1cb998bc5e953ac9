package export

import (
	"encoding/xml"
	"errors"
	"fmt"
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
	var shifts []string
	for _, shift := range []string{"early", "late"} {
		for _, name := range []string{"patrols", "stops", "routes"} {
			shifts = append(shifts, fmt.Sprintf(`./%s.geojson|subset="shift" = '%s 2015-09-17'`, name, shift))
		}
	}
	risk := []string{`./risk.geojson|subset="shift" = 'early 2015-09-17'`, `./risk.geojson|subset="shift" = 'late 2015-09-17'`}
	tests := []struct {
		audience Audience
		want     []string
	}{
		{AudienceAnalyst, append(shifts[:6:6], "./sprees.geojson", "./incidents.geojson", "./cells.geojson", risk[0], risk[1], "./settlements.geojson", "./land.geojson")},
		{AudienceSupervisor, append(shifts[:6:6], "./sprees.geojson", "./cells.geojson", risk[0], risk[1], "./settlements.geojson", "./land.geojson")},
		// no cell has enough incidents for the public, and QGIS cannot see of what type an empty file is
		{AudiencePublic, []string{"./patrols.geojson|geometrytype=Polygon", "./sprees.geojson|geometrytype=MultiPolygon", "./cells.geojson|geometrytype=Polygon"}},
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
			timed := len(tt.want)
			if tt.audience != AudiencePublic {
				timed -= 2
			}
			if n := strings.Count(text, `<temporal enabled="1"`); n != timed {
				t.Errorf("the time slider is on for %d layers, want %d: all but the ground", n, timed)
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
	if _, err := Write(t.Context(), Result{}, o); err != nil {
		t.Fatal(err)
	}
	found := checkXML(t, readDir(t, o.Dir)["spreewatch.qgs"])
	if len(found["StartDateTime"]) != 0 || len(found["datasource"]) != 6 {
		t.Errorf("start %v, sources %v", found["StartDateTime"], found["datasource"])
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
		r.Incidents[i].Member = nil
	}
	if got := placesOf(r, o); len(got) != 0 {
		t.Errorf("%d places of incidents outside any spree", len(got))
	}
}
