package export

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"spreewatch/data"
)

// The GeoPackage comes with the folder and is not of it: the manifest does not
// list it, and a file of that name which is none of ours stays.
func TestGeoPackageBesideTheFolder(t *testing.T) {
	o := sampleOptions(t, filepath.Join(t.TempDir(), "out"))
	o.GeoPackage = filepath.Join(t.TempDir(), "layers.gpkg")
	run, err := Write(t.Context(), sampleResult(t), o)
	if err != nil {
		t.Fatal(err)
	}
	if !data.IsOurGeoPackage(t.Context(), o.GeoPackage) {
		t.Error("it is not a GeoPackage of ours")
	}
	if slices.ContainsFunc(run.Outputs, func(out Output) bool { return out.Name == "layers.gpkg" }) {
		t.Error("the manifest lists it")
	}
	first, err := os.ReadFile(o.GeoPackage)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), sampleResult(t), o); err != nil {
		t.Errorf("the second time: %v", err)
	}
	again, err := os.ReadFile(o.GeoPackage)
	if err != nil || string(again) != string(first) {
		t.Errorf("the same result gives other bytes (%v)", err)
	}
	if err := os.WriteFile(o.GeoPackage, []byte("SQLite format 3\x00 somebody's own"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), sampleResult(t), o); err == nil || data.Hint(err) == "" {
		t.Errorf("somebody's own file: error %v", err)
	}
}
