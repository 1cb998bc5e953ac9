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
		incidents = append(incidents, cluster.Incident{ID: fmt.Sprintf("ref-%d", len(incidents)), Offence: "=theft & co", From: at, To: at, Reported: at.Add(time.Hour), Point: p,
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
	return Result{Comparisons: c, Budget: 2, Notes: []string{"a note"}, Source: "thefts.csv", Seed: 1, Zone: time.UTC, Marking: "OFFICIAL-SENSITIVE", Audience: export.AudienceSupervisor}
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
	for _, want := range []string{`name="=theft &amp; co 72h 500m 3"`, `./windows_theft-co_1h_500m_3.geojson|geometrytype=MultiPolygon`, "OFFICIAL-SENSITIVE"} {
		if !strings.Contains(string(project), want) {
			t.Errorf("compare.qgs has no %s", want)
		}
	}
	own := filepath.Join(dir, "compare.csv")
	if err := os.WriteFile(own, []byte("my own notes\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Write(r, dir, nil); err == nil {
		t.Error("a file of somebody's own is written over")
	}
	if text, _ := os.ReadFile(own); string(text) != "my own notes\n" {
		t.Errorf("it holds %q now", text)
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
		"How soon, at what price", "Who sees the same", "Planted sprees", "6 in 6 h within 300 m", "What can be shown", "How it was made", "not at equal rate", "=theft &amp; co", "aria-sort"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	for _, not := range []string{"http://", "https://", "ref-", "NaN", "%!"} {
		if strings.Contains(text, not) {
			t.Errorf("the page holds %q", not)
		}
	}
	if strings.Count(text, "<svg ") < 3 || strings.Count(text, "<svg ") != strings.Count(text, "</desc>") {
		t.Errorf("%d drawings, %d with words", strings.Count(text, "<svg "), strings.Count(text, "</desc>"))
	}
	var again bytes.Buffer
	if err := WritePage(&again, invented(t)); err != nil || again.String() != text {
		t.Errorf("the same comparison gives another page, %v", err)
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
