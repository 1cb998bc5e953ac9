package compare

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/trial"
	"spreewatch/data/export"
	"spreewatch/geo"
)

var newYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// invented is a comparison of three settings on an invented past with one burst in it.
func invented(t *testing.T) Result {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 1))
	var incidents []cluster.Incident
	add := func(at time.Time, p orb.Point) {
		incidents = append(incidents, cluster.Incident{ID: fmt.Sprintf("ref-%d", len(incidents)), Offence: "=theft & co", From: cluster.At(at), To: cluster.At(at), Reported: cluster.At(at.Add(time.Hour)), Point: p,
			Level: geo.LevelStreet, Confidence: 1})
	}
	for range 150 {
		add(newYear.Add(time.Duration(rng.Int64N(int64(80*24*time.Hour)))), orb.Point{.9 + .1*rng.Float64(), 52.66 + .06*rng.Float64()})
	}
	for k := range 6 {
		add(newYear.AddDate(0, 0, 60).Add(time.Duration(k)*8*time.Hour), orb.Point{.99 + .0006*float64(k), 52.71})
	}
	o := trial.DefaultCompareOptions()
	o.From, o.To, o.NullNights = newYear.AddDate(0, 0, 30), newYear.AddDate(0, 0, 80), 100
	o.Plants = []trial.Plant{{Size: 6, SpreadM: 300, Length: 6 * time.Hour}}
	for _, w := range []struct {
		text string
		long time.Duration
	}{{"72h", 72 * time.Hour}, {"24h", 24 * time.Hour}, {"1h", time.Hour}} {
		o.Settings = append(o.Settings, trial.Setting{Offence: "=theft & co", Window: w.long, RadiusM: 500, Min: 3, WindowText: w.text, RadiusText: "500m"})
	}
	c, err := trial.Compare(context.Background(), incidents, o)
	if err != nil {
		t.Fatal(err)
	}
	return Result{Comparisons: c, Budget: 2, Notes: []string{"a note"}, Source: "thefts.csv", Seed: 1, Dwell: o.Dwell, Shifts: o.Shifts, Zone: time.UTC, Marking: "OFFICIAL-SENSITIVE", Audience: export.AudienceSupervisor}
}

func TestJSONHasItsKeys(t *testing.T) {
	r := invented(t)
	var b bytes.Buffer
	if err := WriteJSON(&b, r); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "ref-") {
		t.Error("a supervisor sees a reference")
	}
	var out struct {
		Settings []map[string]any
		Overlap  [][]float64
		Power    []map[string]any
		Tests    []map[string]any
	}
	if err := json.Unmarshal(b.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Settings) != 3 || len(out.Overlap) != 3 || len(out.Overlap[0]) != 3 || len(out.Power) != 3 || len(out.Tests) == 0 {
		t.Fatalf("%d settings, %d rows of overlap, %d powers, %d tests", len(out.Settings), len(out.Overlap), len(out.Power), len(out.Tests))
	}
	for _, key := range strings.Fields("window radius min offence equal_rate sprees alerts_per_week false_per_week delay_h identified inside_24h patrol_min stability") {
		if _, ok := out.Settings[0][key]; !ok {
			t.Errorf("a setting has no %s", key)
		}
	}
	for _, key := range strings.Fields("a b measure difference p p_holm words") {
		if _, ok := out.Tests[0][key]; !ok {
			t.Errorf("a test has no %s", key)
		}
	}
	if n := len(out.Settings[0]["identified"].([]any)); n == 0 || float64(n) != out.Settings[0]["sprees"] {
		t.Errorf("%d of %v sprees say when they first showed", n, out.Settings[0]["sprees"])
	}
	if out.Overlap[0][0] != 1 || out.Overlap[0][1] != out.Overlap[1][0] {
		t.Errorf("overlap %v", out.Overlap)
	}
	r.Audience = export.AudienceAnalyst
	b.Reset()
	if err := WriteJSON(&b, r); err != nil || !strings.Contains(b.String(), `"ref": "ref-`) {
		t.Errorf("an analyst sees no reference, %v", err)
	}
}

func TestCSVIsNoFormula(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCSV(&b, invented(t)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(rows) != 4 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if rows[1][0] != "'=theft & co" || rows[1][1] != "72h" || rows[3][1] != "1h" {
		t.Errorf("rows %v", rows)
	}
}

func TestTableFitsATerminal(t *testing.T) {
	r := invented(t)
	var b bytes.Buffer
	if err := WriteTable(&b, r); err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(b.String(), "\n") {
		if len([]rune(line)) > columns {
			t.Errorf("%d wide: %s", len([]rune(line)), line)
		}
	}
	if !strings.HasPrefix(b.String(), "=theft & co: 24h 500m 3 raises 0.14 sprees a week") {
		t.Errorf("it does not lead with the answer:\n%s", b.String())
	}
	if !strings.Contains(b.String(), "* not at equal rate") {
		t.Errorf("no word of the rates:\n%s", b.String())
	}
}

func TestSlug(t *testing.T) {
	for in, want := range map[string]string{"dwelling-burglary": "dwelling-burglary", "Break and Enter Residential/Other": "break-and-enter-residential-other", "..": "offence", "Ünfug!": "nfug"} {
		if got := Slug(in); got != want {
			t.Errorf("Slug(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWriteTakesNoOthersPlace(t *testing.T) {
	r, dir := invented(t), t.TempDir()
	for range 2 { // over its own
		if err := Write(r, dir, nil); err != nil {
			t.Fatal(err)
		}
	}
	if st, err := os.Stat(filepath.Join(dir, "compare.json")); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("compare.json: %v, %v", st, err)
	}
	names, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(names) != 7 {
		t.Fatalf("%d files, %v: %v", len(names), err, names)
	}
	text, err := os.ReadFile(filepath.Join(dir, "windows_theft-co_72h_500m_3.geojson"))
	if err != nil {
		t.Fatal(err)
	}
	var layer struct {
		Features []struct {
			Properties map[string]any
			Geometry   struct{ Type string }
		}
	}
	if err := json.Unmarshal(text, &layer); err != nil || len(layer.Features) != len(r.Comparisons[0].Trials[0].Sprees) || len(layer.Features) == 0 {
		t.Fatalf("%d features of %d sprees, %v", len(layer.Features), len(r.Comparisons[0].Trials[0].Sprees), err)
	}
	if f := layer.Features[0]; f.Geometry.Type != "MultiPolygon" || f.Properties["setting"] != "72h 500m 3" || f.Properties["marking"] != "OFFICIAL-SENSITIVE" || f.Properties["raised_local"] == nil {
		t.Errorf("feature %v", f)
	}
	project, err := os.ReadFile(filepath.Join(dir, "compare.qgs"))
	if err != nil || xml.Unmarshal(project, new(struct{})) != nil {
		t.Fatalf("compare.qgs: %v", err)
	}
	for _, want := range []string{`name="=theft &amp; co 72h 500m 3"`, `./windows_theft-co_1h_500m_3.geojson|geometrytype=MultiPolygon`, "OFFICIAL-SENSITIVE", `<layer-tree-group name="=theft &amp; co 24h 500m 3" checked="Qt::Checked"`, `<layer-tree-group name="=theft &amp; co 72h 500m 3" checked="Qt::Unchecked"`} {
		if !strings.Contains(string(project), want) {
			t.Errorf("compare.qgs has no %s", want)
		}
	}
	own := filepath.Join(dir, "compare.csv")
	if err := os.WriteFile(own, []byte("my own notes\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, "compare.json"))
	if err != nil {
		t.Fatal(err)
	}
	r.Seed = 2
	if err := Write(r, dir, nil); err == nil {
		t.Error("a file of somebody's own is written over")
	}
	if after, _ := os.ReadFile(filepath.Join(dir, "compare.json")); !bytes.Equal(before, after) {
		t.Error("what is refused has written a part")
	}
	if text, _ := os.ReadFile(own); string(text) != "my own notes\n" {
		t.Errorf("it holds %q now", text)
	}
}

// The layers of another comparison in the folder go, so far as its compare.json lists
// them and they are layers; what else is there stays.
func TestWriteRemovesTheLayersOfAnEarlierOne(t *testing.T) {
	r, dir := invented(t), t.TempDir()
	if err := Write(r, dir, nil); err != nil {
		t.Fatal(err)
	}
	put := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const layer = `{"type":"FeatureCollection","name":"%s","run_id":"compare","features":[]}`
	put("windows_mine_1h_1km_3.geojson", fmt.Sprintf(layer, "windows_mine_1h_1km_3")) // not listed
	put("windows_theft-co_1h_500m_3.geojson", "my own notes\n")                       // listed, and no layer any more
	put("notes.txt", "mine")
	outside := filepath.Join(t.TempDir(), "windows_x.geojson")
	put("windows_theft-co_9h_500m_3.geojson", "")
	if err := os.WriteFile(outside, []byte(fmt.Sprintf(layer, "windows_x")), 0o600); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "compare.json"))
	if err != nil {
		t.Fatal(err)
	}
	in, err := filepath.Rel(dir, outside)
	if err != nil {
		t.Fatal(err)
	}
	put("compare.json", strings.Replace(string(text), `"compare.qgs"`, `"compare.qgs", "notes.txt", "windows_theft-co_9h_500m_3.geojson", "`+in+`"`, 1))
	c := &r.Comparisons[0]
	c.Trials, c.Overlap, c.Tests = c.Trials[:1], [][]float64{{1}}, nil
	if err := Write(r, dir, nil); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range left {
		names = append(names, f.Name())
	}
	if want := "compare.csv compare.html compare.json compare.qgs notes.txt windows_mine_1h_1km_3.geojson windows_theft-co_1h_500m_3.geojson windows_theft-co_72h_500m_3.geojson windows_theft-co_9h_500m_3.geojson"; strings.Join(names, " ") != want {
		t.Errorf("left %v", names)
	}
	if _, err := os.Stat(outside); err != nil {
		t.Errorf("a file outside of the folder: %v", err)
	}
}

// Offences that a file's name cannot tell apart have files of their own.
func TestIDsAreApart(t *testing.T) {
	var r Result
	for _, offence := range []string{"theft co", "theft & co", "Theft, Co", "theft co 2"} {
		r.Comparisons = append(r.Comparisons, trial.Comparison{Offence: offence})
	}
	var got []string
	for _, c := range r.Comparisons {
		got = append(got, r.ID(trial.Setting{Offence: c.Offence, WindowText: "7 d", RadiusText: "1km", Min: 3}))
	}
	if want := "theft-co_7d_1km_3 theft-co-2_7d_1km_3 theft-co-3_7d_1km_3 theft-co-2-2_7d_1km_3"; strings.Join(got, " ") != want {
		t.Errorf("%v", got)
	}
}

// An offence may be a whole sentence, and a file's name holds 255 bytes.
func TestIDOfALongOffenceIsShort(t *testing.T) {
	long := strings.Repeat("theft from a shop by several, ", 20)
	r := Result{Comparisons: []trial.Comparison{{Offence: long + "1"}, {Offence: long + "2"}}}
	first, second := r.ID(trial.Setting{Offence: long + "1", Min: 3}), r.ID(trial.Setting{Offence: long + "2", Min: 3})
	if first == second || len(layerName(second)) > 200 {
		t.Errorf("%s\n%s", first, second)
	}
}

func TestPageHoldsItself(t *testing.T) {
	r := invented(t)
	var b bytes.Buffer
	if err := WritePage(&b, r); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, want := range []string{"<h1>Windows compared</h1>", "What it comes to", "24h 500m 3 raises 0.14 sprees a week", "a note", "script-src &#39;sha256-", "default-src &#39;none&#39;",
		"How soon, at what price", "Who sees the same", "Planted sprees", "6 in 6 h within 300 m", "What can be shown", "How it was made", "a visit of 15 min in each of 3 shifts a day", "One for all nights", "not at equal rate", "=theft &amp; co", "aria-sort"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	for _, not := range []string{"http://", "https://", "ref-", "NaN", "%!"} {
		if strings.Contains(text, not) {
			t.Errorf("the page holds %q", not)
		}
	}
	if strings.Count(text, `class="sea"`) != len(r.Comparisons[0].Trials) || !strings.Contains(text, `class="land"`) {
		t.Error("a map has no ground")
	}
	if strings.Count(text, "<svg ") < 3 || strings.Count(text, "<svg ") != strings.Count(text, "</desc>") {
		t.Errorf("%d drawings, %d with words", strings.Count(text, "<svg "), strings.Count(text, "</desc>"))
	}
	var again bytes.Buffer
	if err := WritePage(&again, invented(t)); err != nil || again.String() != text {
		t.Errorf("the same comparison gives another page, %v", err)
	}
}

// The curve's axes have round numbers.
func TestTicks(t *testing.T) {
	for most, want := range map[float64]string{2.9: "[0 1 2]", 153: "[0 50 100 150]", 1: "[0 0.5 1]", .048: "[0 0.02 0.04]", 9.9: "[0 2 4 6 8]", 20: "[0 10 20]", 49: "[0 20 40]"} {
		if got := fmt.Sprint(ticks(most)); got != want {
			t.Errorf("to %v: %s, want %s", most, got, want)
		}
	}
}

// A period with nothing in it is a page too.
func TestPageOfNothing(t *testing.T) {
	r := invented(t)
	for i := range r.Comparisons[0].Trials {
		tr := &r.Comparisons[0].Trials[i]
		tr.Sprees, tr.Curve = nil, nil
	}
	var b bytes.Buffer
	if err := WritePage(&b, r); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "no setting raises a spree") || strings.Contains(b.String(), "How soon, at what price") {
		t.Error("a page without sprees has curves, or does not say that there are none")
	}
}
