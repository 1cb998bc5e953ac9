package gazetteer

import (
	"os"
	"path/filepath"
	"testing"

	"spreewatch/geo/index"
)

// A list of streets without kinds is a gazetteer: its roads and landmarks are
// told by their names, and a place of interest without a name is left out.
func TestStreetList(t *testing.T) {
	path := filepath.Join(t.TempDir(), "streets.csv")
	text := "month,lon,lat,location,crime_type\n" +
		"2015-09,0.927045,52.684759,Wallace Close,Burglary\n" +
		"2015-09,0.9,52.6,Supermarket,Burglary\n" +
		"2015-09,0.91,52.61,A47,Burglary\n" +
		"2015-09,0.92,52.62,Dereham Police Station,Burglary\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := Open([]string{path}, DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	defer files.Close()
	got := map[string]index.Kind{}
	left := 0
	for e, err := range files.Sets[0].Entries() {
		if err != nil {
			left++
			continue
		}
		got[e.Name] = e.Kind
	}
	want := map[string]index.Kind{"Wallace Close": index.KindStreet, "A47": index.KindRoad, "Dereham Police Station": index.KindLandmark}
	if left != 1 || len(got) != len(want) {
		t.Errorf("%v and %d left out, want %v and 1", got, left, want)
	}
	for name, kind := range want {
		if got[name] != kind {
			t.Errorf("%s is %s, want %s", name, got[name], kind)
		}
	}
}
