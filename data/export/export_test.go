package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

// readDir returns every file of a folder, hidden ones among them.
func readDir(t testing.TB, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := make(map[string]string)
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(b)
	}
	return files
}

func writeSample(t testing.TB, a Audience) (dir string, run Run) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "out")
	o := sampleOptions(t, dir)
	o.Audience = a
	run, err := Write(t.Context(), sampleResult(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return dir, run
}

func names(files map[string]string) []string {
	var list []string
	for name := range files {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

func TestWriteGolden(t *testing.T) {
	dir, _ := writeSample(t, AudienceAnalyst)
	for name, got := range readDir(t, dir) {
		golden := filepath.Join("testdata", "golden", name)
		if strings.HasSuffix(name, ".qgs") || strings.HasSuffix(name, ".qml") || strings.HasSuffix(name, ".html") {
			continue // long, and checked by what QGIS makes of it
		}
		if *update {
			if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if name == "run.json" {
			got, want = withoutProject(t, got), []byte(withoutProject(t, string(want)))
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s differs from testdata/golden (make golden rewrites it):\n%s", name, diff)
		}
	}
}

// withoutProject drops the entries of the project, the pages and the styles, which have no
// golden file.
func withoutProject(t *testing.T, manifest string) string {
	t.Helper()
	var run Run
	if err := json.Unmarshal([]byte(manifest), &run); err != nil {
		t.Fatal(err)
	}
	n := len(run.Outputs)
	run.Outputs = slices.DeleteFunc(run.Outputs, func(o Output) bool {
		return o.Name == "spreewatch.qgs" || strings.HasSuffix(o.Name, ".html") || strings.HasSuffix(o.Name, ".qml")
	})
	if want := 12; n-len(run.Outputs) != want {
		t.Errorf("run.json lists %d of project, page and styles, want %d", n-len(run.Outputs), want)
	}
	var b bytes.Buffer
	if err := run.write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestWriteFiles(t *testing.T) {
	tests := []struct {
		audience Audience
		want     []string
	}{
		{AudienceAnalyst, []string{"briefing.html", "cells.geojson", "cells.qml", "incidents.geojson", "incidents.qml", "land.geojson", "land.qml", "patrols.geojson", "patrols.qml", "review.csv", "review.html", "risk.geojson", "risk.qml", "routes.geojson", "routes.gpx", "routes.qml", "run.json", "settlements.geojson", "settlements.qml", "sprees.geojson", "sprees.qml", "spreewatch.qgs", "stops.geojson", "stops.qml"}},
		{AudienceSupervisor, []string{"briefing.html", "cells.geojson", "cells.qml", "land.geojson", "land.qml", "patrols.geojson", "patrols.qml", "review.csv", "risk.geojson", "risk.qml", "routes.geojson", "routes.gpx", "routes.qml", "run.json", "settlements.geojson", "settlements.qml", "sprees.geojson", "sprees.qml", "spreewatch.qgs", "stops.geojson", "stops.qml"}},
		{AudiencePublic, []string{"cells.geojson", "cells.qml", "patrols.geojson", "patrols.qml", "run.json", "sprees.geojson", "sprees.qml", "spreewatch.qgs"}},
	}
	for _, tt := range tests {
		t.Run(string(tt.audience), func(t *testing.T) {
			dir, run := writeSample(t, tt.audience)
			files := readDir(t, dir)
			if diff := cmp.Diff(tt.want, names(files)); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			for name, text := range files {
				if !strings.Contains(text, "OFFICIAL-SENSITIVE") {
					t.Errorf("%s has no marking", name)
				}
				if !strings.Contains(text, "r-2b8c") {
					t.Errorf("%s has no run id", name)
				}
				st, err := os.Stat(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				if st.Mode().Perm() != 0o600 {
					t.Errorf("%s has mode %o, want 600", name, st.Mode().Perm())
				}
			}
			if st, err := os.Stat(dir); err != nil || st.Mode().Perm() != 0o700 {
				t.Errorf("folder: %v %v, want mode 700", st.Mode(), err)
			}
			var listed []string
			for _, out := range run.Outputs {
				listed = append(listed, out.Name)
				if int64(len(files[out.Name])) != out.Bytes || sum(files[out.Name]) != out.SHA256 {
					t.Errorf("run.json is wrong about the size or the hash of %s", out.Name)
				}
			}
			slices.Sort(listed)
			if diff := cmp.Diff(slices.DeleteFunc(tt.want, func(s string) bool { return s == "run.json" }), listed); diff != "" {
				t.Errorf("outputs of run.json (-want +got):\n%s", diff)
			}
			var onDisk Run
			if err := json.Unmarshal([]byte(files["run.json"]), &onDisk); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(onDisk.Outputs, run.Outputs); diff != "" {
				t.Errorf("returned manifest differs from run.json:\n%s", diff)
			}
		})
	}
}

func TestSameBytes(t *testing.T) {
	dir, _ := writeSample(t, AudienceAnalyst)
	want := readDir(t, dir)
	for seed := range uint64(5) {
		r := sampleResult(t)
		rng := rand.New(rand.NewPCG(seed, 1))
		rng.Shuffle(len(r.Cells), func(i, j int) { r.Cells[i], r.Cells[j] = r.Cells[j], r.Cells[i] })
		rng.Shuffle(len(r.Incidents), func(i, j int) { r.Incidents[i], r.Incidents[j] = r.Incidents[j], r.Incidents[i] })
		rng.Shuffle(len(r.Suggestions), func(i, j int) { r.Suggestions[i], r.Suggestions[j] = r.Suggestions[j], r.Suggestions[i] })
		rng.Shuffle(len(r.Review), func(i, j int) { r.Review[i], r.Review[j] = r.Review[j], r.Review[i] })
		o := sampleOptions(t, t.TempDir())
		o.Audience = AudienceAnalyst
		if _, err := Write(t.Context(), r, o); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, readDir(t, o.Dir)); diff != "" {
			t.Fatalf("seed %d: the order of the input shows in the output:\n%s", seed, diff)
		}
	}
}

func TestWriteLeavesTheResultAlone(t *testing.T) {
	for _, a := range []Audience{AudienceAnalyst, AudienceSupervisor, AudiencePublic} {
		r := sampleResult(t)
		o := sampleOptions(t, t.TempDir())
		o.Audience = a
		if _, err := Write(t.Context(), r, o); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(sampleResult(t), r); diff != "" {
			t.Errorf("%s: the result was changed:\n%s", a, diff)
		}
	}
}

// An analyst's files must show the canaries, or this test could not fail; the
// GeoPackage holds what the folder does.
func TestNothingLeaks(t *testing.T) {
	canaries := []string{canaryRef, canaryLocation, canaryName, canaryMatch, "97 ", "Canary"}
	for _, a := range []Audience{AudienceAnalyst, AudienceSupervisor, AudiencePublic} {
		o := sampleOptions(t, filepath.Join(t.TempDir(), "out"))
		o.Audience, o.GeoPackage = a, filepath.Join(t.TempDir(), "layers.gpkg")
		if _, err := Write(t.Context(), sampleResult(t), o); err != nil {
			t.Fatal(err)
		}
		files := readDir(t, o.Dir)
		packaged, err := os.ReadFile(o.GeoPackage)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(packaged), canaryRef); got != (a == AudienceAnalyst) {
			t.Errorf("%s: the GeoPackage holds a reference: %t", a, got)
		}
		files["layers.gpkg"] = string(packaged)
		seen := make(map[string]bool)
		for name, text := range files {
			for _, c := range canaries {
				if strings.Contains(strings.ToLower(text), strings.ToLower(c)) {
					seen[c] = true
					if a != AudienceAnalyst {
						t.Errorf("%s: %s holds %q", a, name, c)
					}
				}
			}
		}
		if a == AudienceAnalyst && len(seen) != len(canaries) {
			t.Errorf("the analyst sees only %v of %v", seen, canaries)
		}
		// the names of the tables stand in the GeoPackage as those of the styles do
		for layer, least := range map[string]Audience{"incidents": AudienceAnalyst, "routes": AudienceSupervisor, "stops": AudienceSupervisor, "land": AudienceSupervisor, "settlements": AudienceSupervisor} {
			may := a == AudienceAnalyst || a == least
			if got := strings.Contains(string(packaged), "CREATE TABLE \""+layer+"\""); got != may {
				t.Errorf("%s: the GeoPackage has %s: %t, want %t", a, layer, got, may)
			}
		}
	}
}

func TestNarrowerAudienceRemovesWhatItMayNotSee(t *testing.T) {
	o := sampleOptions(t, t.TempDir())
	o.Audience = AudienceAnalyst
	if _, err := Write(t.Context(), sampleResult(t), o); err != nil {
		t.Fatal(err)
	}
	killed := filepath.Join(o.Dir, ".spreewatch-123.tmp")
	mine := filepath.Join(o.Dir, "notes.txt")
	for _, path := range []string{killed, mine} {
		if err := os.WriteFile(path, []byte(canaryLocation), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o.Audience = AudiencePublic
	if _, err := Write(t.Context(), sampleResult(t), o); err != nil {
		t.Fatal(err)
	}
	want := []string{"cells.geojson", "cells.qml", "notes.txt", "patrols.geojson", "patrols.qml", "run.json", "sprees.geojson", "sprees.qml", "spreewatch.qgs"}
	if diff := cmp.Diff(want, names(readDir(t, o.Dir))); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestNothingFound(t *testing.T) {
	o := sampleOptions(t, t.TempDir())
	o.Audience = AudienceAnalyst
	run, err := Write(t.Context(), Result{}, o)
	if err != nil {
		t.Fatal(err)
	}
	files := readDir(t, o.Dir)
	for _, l := range layer.All() {
		l := l.About()
		want := `{"type":"FeatureCollection","name":"` + l.Name + `","run_id":"r-2b8c","marking":"OFFICIAL-SENSITIVE","features":[` + "\n]}\n"
		if l.Ground { // there is no area to have a ground in
			want = ""
		}
		if got := files[l.File()]; got != want {
			t.Errorf("%s: %s", l.File(), got)
		}
	}
	if run.HitRate.Rate != nil || run.HitRate.Met {
		t.Errorf("hit rate of no reports: %+v", run.HitRate)
	}
	if n := strings.Count(files["run.json"], "null"); n != 2 || !strings.Contains(files["run.json"], `"rate": null`) || !strings.Contains(files["run.json"], `"median_radius_m": null`) {
		t.Errorf("run.json has %d nulls, want those of the hit rate and the median radius", n)
	}
}

// On an error all that was there before stays as it was, and nothing is left
// lying about.
func TestErrorLeavesEarlierFilesAlone(t *testing.T) {
	bad := geo.Cell(1)
	fine, err := geo.CellAt(sampleResult(t).Sprees[0].Centre, 8)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name   string
		spoil  func(*Result, *Options)
		onDisk func(dir string) error
		want   string // in the message
	}{
		{name: "no folder", spoil: func(_ *Result, o *Options) { o.Dir = "" }, want: "no output folder"},
		{name: "no marking", spoil: func(_ *Result, o *Options) { o.Marking = " " }, want: "marking"},
		{name: "no run id", spoil: func(_ *Result, o *Options) { o.RunID = "" }, want: "no id"},
		{name: "no zone", spoil: func(_ *Result, o *Options) { o.Zone = nil }, want: "time zone"},
		{name: "no such resolution", spoil: func(_ *Result, o *Options) { o.Resolution = 16 }, want: "0 to 15"},
		{name: "no least count", spoil: func(_ *Result, o *Options) { o.MinCount = 0 }, want: "at least 1"},
		{name: "a GeoPackage in no folder", spoil: func(_ *Result, o *Options) { o.GeoPackage = filepath.Join(o.Dir, "none", "layers.gpkg") }, want: "write layers.gpkg"},
		{name: "a GeoPackage in the place of a layer", spoil: func(_ *Result, o *Options) { o.GeoPackage = filepath.Join(o.Dir, "cells.geojson") }, want: "cells.geojson"},
		{name: "a GeoPackage in the place of a file to come", spoil: func(_ *Result, o *Options) {
			o.Dir = filepath.Join(o.Dir, "new")
			o.GeoPackage = filepath.Join(o.Dir, "briefing.html")
		}, want: "another file of the output"},
		{name: "unknown audience", spoil: func(_ *Result, o *Options) { o.Audience = "press" }, want: `"press"`},
		{name: "invalid cell", spoil: func(r *Result, _ *Options) { r.Cells[0].Cell = bad }, want: "not an H3 cell"},
		{name: "zone of two resolutions", spoil: func(r *Result, _ *Options) { r.Sprees[0].Zone = append(r.Sprees[0].Zone, fine) }, want: "resolution"},
		{name: "point off the globe", spoil: func(r *Result, _ *Options) { r.Incidents[0].Point[1] = 95 }, want: "out of range"},
		// the manifest is the last file, so all the others are complete by then
		{name: "manifest cannot be written", spoil: func(r *Result, _ *Options) { r.Run.Options["x"] = math.Inf(1) }, want: "run.json"},
		{name: "folder in the way", onDisk: func(dir string) error { return os.Mkdir(filepath.Join(dir, "run.json"), 0o700) }, want: "not a file"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := sampleOptions(t, t.TempDir())
			o.Audience = AudienceAnalyst
			if _, err := Write(t.Context(), sampleResult(t), o); err != nil {
				t.Fatal(err)
			}
			if tt.onDisk != nil {
				if err := os.Remove(filepath.Join(o.Dir, "run.json")); err != nil {
					t.Fatal(err)
				}
			}
			before := readDir(t, o.Dir)
			dir := o.Dir
			r := sampleResult(t)
			r.Sprees[0].Status = cluster.StatusEnded // so that a rewritten file would differ
			if tt.spoil != nil {
				tt.spoil(&r, &o)
			}
			if tt.onDisk != nil {
				if err := tt.onDisk(dir); err != nil {
					t.Fatal(err)
				}
			}
			_, err := Write(t.Context(), r, o)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want one with %q", err, tt.want)
			}
			if strings.Contains(err.Error(), "Canary") {
				t.Errorf("the message holds free text: %v", err)
			}
			if tt.onDisk != nil {
				if err := os.Remove(filepath.Join(dir, "run.json")); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(before, readDir(t, dir)); diff != "" {
				t.Errorf("the folder changed:\n%s", diff)
			}
		})
	}
}

func TestOutputFolderIsAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tonight")
	if err := os.WriteFile(path, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{path, filepath.Join(path, "deeper")} {
		_, err := Write(t.Context(), sampleResult(t), sampleOptions(t, dir))
		var u *data.UserError
		if !errors.As(err, &u) || u.Error() != "tonight is a file, not a folder" || u.Hint == "" {
			t.Errorf("error %v with hint %q", err, data.Hint(err))
		}
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "mine" {
		t.Errorf("the file is now %q, %v", b, err)
	}
}

// A folder that was there is somebody's, and so is its mode; what is in the
// files stays closed all the same.
func TestFolderThatIsThereKeepsItsMode(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { // whatever the umask
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "run.json"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), sampleResult(t), sampleOptions(t, dir)); err != nil {
		t.Fatal(err)
	}
	if st, err := os.Stat(dir); err != nil || st.Mode().Perm() != 0o755 {
		t.Errorf("folder: %v %v, want mode 755", st.Mode(), err)
	}
	for name := range readDir(t, dir) {
		if st, err := os.Stat(filepath.Join(dir, name)); err != nil || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v, want mode 600", name, st.Mode(), err)
		}
	}
}

// What stands in a folder and is no earlier output stays, whoever writes there:
// the database, an input, somebody's own project or sheet.
func TestWriteRefusesWhatIsNotItsOwn(t *testing.T) {
	own := map[string]string{
		"spreewatch.qgs":    "<!DOCTYPE qgis><qgis projectname=\"My own\"></qgis>",
		"review.csv":        "ref,comment\nR1,mine\n",
		"incidents.geojson": `{"type":"FeatureCollection","name":"incidents","features":[]}`,
		"cells.geojson":     "SQLite format 3\x00",
		"run.json":          "{}",
	}
	for name, text := range own {
		for _, a := range []Audience{AudienceAnalyst, AudienceSupervisor, AudiencePublic} {
			o := sampleOptions(t, t.TempDir())
			o.Audience = a
			if err := os.WriteFile(filepath.Join(o.Dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Write(t.Context(), sampleResult(t), o)
			unwritten := name == "review.csv" && a == AudiencePublic || name == "incidents.geojson" && a != AudienceAnalyst
			if unwritten && err != nil {
				t.Errorf("%s for %s: %v, though nothing of that name is written", name, a, err)
			}
			if !unwritten && (err == nil || data.Hint(err) == "" || !strings.Contains(err.Error(), name)) {
				t.Errorf("%s for %s: error %v", name, a, err)
			}
			files := readDir(t, o.Dir)
			if files[name] != text || !unwritten && len(files) != 1 {
				t.Errorf("%s for %s: it holds %q now, among %d files", name, a, files[name], len(files))
			}
		}
	}
}

// Whoever stops the program while it writes finds the folder as it was.
func TestWriteStops(t *testing.T) {
	dir, _ := writeSample(t, AudienceAnalyst)
	before := readDir(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	st, err := newStage(dir)
	if err != nil {
		t.Fatal(err)
	}
	st.add(briefingFile, func(w io.Writer) error {
		cancel()
		_, err := io.WriteString(w, "half a page")
		if !errors.Is(err, context.Canceled) {
			t.Errorf("writing goes on: %v", err)
		}
		return nil
	})
	if err := st.write(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("the stage: %v", err)
	}
	st.discard()
	o := sampleOptions(t, dir)
	o.Audience = AudiencePublic
	if _, err := Write(ctx, sampleResult(t), o); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that is done: %v", err)
	}
	if diff := cmp.Diff(before, readDir(t, dir)); diff != "" {
		t.Errorf("the folder changed:\n%s", diff)
	}
}

// An earlier output is known by its manifest, whatever was done to it since, and
// by how it begins where the manifest is not there yet.
func TestWriteKnowsEarlierOutputs(t *testing.T) {
	dir, _ := writeSample(t, AudienceAnalyst)
	o := sampleOptions(t, dir)
	o.Audience = AudienceAnalyst
	if err := os.WriteFile(filepath.Join(dir, "spreewatch.qgs"), []byte("saved again by QGIS"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), sampleResult(t), o); err != nil {
		t.Errorf("a project that the manifest lists: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, "run.json")); err != nil {
		t.Fatal(err)
	}
	o.Audience = AudiencePublic
	if _, err := Write(t.Context(), sampleResult(t), o); err != nil {
		t.Errorf("a run that was stopped before its manifest: %v", err)
	}
	if _, ok := readDir(t, dir)["incidents.geojson"]; ok {
		t.Error("what it left for the analyst is still there")
	}
	o.Audience, o.Keep = AudienceSupervisor, []string{filepath.Join(dir, "sprees.geojson")}
	before := readDir(t, dir)
	if _, err := Write(t.Context(), sampleResult(t), o); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("an earlier output that is read now: %v", err)
	}
	if diff := cmp.Diff(before, readDir(t, dir)); diff != "" {
		t.Errorf("the folder changed:\n%s", diff)
	}
}

func TestFolderWithOddName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shift [late] *?", "né")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	killed := filepath.Join(dir, ".spreewatch-9.tmp")
	if err := os.WriteFile(killed, []byte(canaryRef), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(t.Context(), sampleResult(t), sampleOptions(t, dir)); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(killed); !os.IsNotExist(err) {
		t.Errorf("what a killed run left is still there: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "run.json")); err != nil {
		t.Error(err)
	}
}

func TestPatrolsStandByRank(t *testing.T) {
	r := sampleResult(t)
	for i := range r.Suggestions {
		r.Suggestions[i].Rank = len(r.Suggestions) - i
	}
	o := sampleOptions(t, t.TempDir())
	if _, err := Write(t.Context(), r, o); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range features(t, readDir(t, o.Dir)["patrols.geojson"]) {
		got = append(got, string(f.Properties["id"]))
	}
	if diff := cmp.Diff([]string{`"p-4"`, `"p-3"`, `"p-2"`, `"p-1"`}, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
}

func TestParseAudience(t *testing.T) {
	for _, a := range []Audience{AudienceAnalyst, AudienceSupervisor, AudiencePublic} {
		if got, err := ParseAudience(string(a)); err != nil || got != a {
			t.Errorf("ParseAudience(%q) = %q, %v", a, got, err)
		}
	}
	for _, s := range []string{"", "Public", "press"} {
		if a, err := ParseAudience(s); err == nil {
			t.Errorf("ParseAudience(%q) = %q, want an error", s, a)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	r := sampleResult(b)
	for len(r.Cells) < 20_000 {
		r.Cells = append(r.Cells, r.Cells...)
	}
	for len(r.Incidents) < 20_000 {
		r.Incidents = append(r.Incidents, r.Incidents...)
	}
	o := sampleOptions(b, b.TempDir())
	o.Audience = AudienceAnalyst
	var bytes int64
	for b.Loop() {
		run, err := Write(b.Context(), r, o)
		if err != nil {
			b.Fatal(err)
		}
		bytes = 0
		for _, out := range run.Outputs {
			bytes += out.Bytes
		}
	}
	b.SetBytes(bytes)
	b.ReportMetric(float64(len(r.Cells)+len(r.Incidents)), "features")
}
