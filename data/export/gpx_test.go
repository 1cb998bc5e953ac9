package export

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A satnav gets a route a unit and shift, from the start and back to it; without
// units the file is whole and has none.
func TestGPX(t *testing.T) {
	dir, _ := writeSample(t, AudienceSupervisor)
	read := func(text string) (g gpxFile) {
		t.Helper()
		if err := xml.Unmarshal([]byte(text), &g); err != nil {
			t.Fatal(err)
		}
		if !begins(gpxName)(text) {
			t.Errorf("an earlier one is not known by %.120q", text)
		}
		return g
	}
	g := read(readDir(t, dir)[gpxName])
	var got [][]string
	for _, r := range g.Routes {
		stops := []string{r.Name}
		for _, p := range r.Points {
			stops = append(stops, p.Time+" "+p.Name)
		}
		got = append(got, stops)
		if first, last := r.Points[0], r.Points[len(r.Points)-1]; first.Lat != "52.6810000" || first.Lon != last.Lon {
			t.Errorf("%s runs from %v to %v", r.Name, first, last)
		}
	}
	want := [][]string{
		{"early 2015-09-17 North car", "2015-09-17T08:50:00Z Start", "2015-09-17T09:00:00Z 1 Shipdham Road area, Dereham", "2015-09-17T09:30:00Z 2 Norwich Road area, Dereham",
			"2015-09-17T10:10:00Z 3 Shipdham Road area, Dereham", "2015-09-17T10:45:00Z Back at the start"},
		{"late 2015-09-17 North car", "2015-09-17T14:10:00Z Start", "2015-09-17T14:20:00Z 1 Elsing", "2015-09-17T15:05:00Z 2 Shipdham Road area, Dereham", "2015-09-17T15:40:00Z Back at the start"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	o := sampleOptions(t, t.TempDir())
	if _, err := Write(t.Context(), Result{}, o); err != nil {
		t.Fatal(err)
	}
	if g := read(readDir(t, o.Dir)[gpxName]); len(g.Routes) != 0 || g.Metadata.Desc != o.Marking {
		t.Errorf("without units: %+v", g)
	}
	o.Audience = AudiencePublic // what the supervisor's run left goes
	if _, err := Write(t.Context(), Result{}, o); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{gpxName, "routes.geojson", "stops.geojson", "stops.qml"} {
		if _, err := os.Stat(filepath.Join(o.Dir, name)); err == nil {
			t.Errorf("%s stays for the public", name)
		}
	}
}
