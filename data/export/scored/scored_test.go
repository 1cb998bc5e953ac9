package scored

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/cluster/trial"
)

// invented is an evaluation with a method that hit two of eight, and one that had nothing to hit.
func invented() trial.Result {
	two := trial.Score{Cells: 1, Universe: 8, Hits: 2, All: 8, Best: 2.5, Past: 1, PastAll: 16, Inside: 4, Predicted: 2}
	from := time.Date(2026, 2, 10, 0, 0, 0, 0, time.UTC)
	return trial.Result{Origins: 3, From: from, To: from.AddDate(0, 0, 10),
		Rows:         []trial.Row{{Offence: "=theft & co", Method: "mixture", Days: 1, Share: .01, Score: two}, {Offence: "none", Method: "random", Days: 7, Share: .05, Score: trial.Score{Cells: 1, Universe: 100}}},
		Tests:        []trial.Test{{Offence: "=theft & co", Against: "random", Days: 7, Share: .01, Ours: 6, Theirs: 4, Low: .25, High: .75, P: .01, Holm: .02}},
		Calibrations: []trial.Calibration{{Offence: "=theft & co", Days: 1, Predicted: 3, Actual: 4, PredictedTop: 1}}}
}

// toured is the same with plans: two of eight incidents lie in their areas.
func toured() trial.Result {
	r := invented()
	two := r.Rows[0].Score
	r.Tour = trial.Tour{Shifts: 9, Areas: 12, InShift: two, InHours: two, MapShift: two, MapHours: two, High: 1, HighHits: 2, Medium: 3, MediumHits: 4, HighCells: 5, HighCellHits: 6, MediumCells: 7, MediumCellHits: 8}
	r.Tour.MapShift.Hits = 1
	return r
}

// By hand: a hit rate of 2/8, PAI = .25/(1/8), PEI = 2/2.5; with what chance hits, 4/8, off
// both, PEI* = 1.5/2; RRI = .25/(1/16). A ratio of what is not there is null.
func TestJSON(t *testing.T) {
	var b bytes.Buffer
	if err := WriteJSON(&b, NewResult(invented(), 5)); err != nil {
		t.Fatal(err)
	}
	want := `{"from":"2026-02-10T00:00:00Z","to":"2026-02-20T00:00:00Z","days":3,"rejected":5,` +
		`"scores":[{"offence":"=theft \u0026 co","method":"mixture","horizon_h":24,"area_share":0.01,"incidents":8,"hits":2,"hit_rate":0.25,"pai":2,"pei":0.8,"pei_star":0.75,"rri":4},` +
		`{"offence":"none","method":"random","horizon_h":168,"area_share":0.05,"incidents":0,"hits":0,"hit_rate":null,"pai":null,"pei":null,"pei_star":null,"rri":null}],` +
		`"tests":[{"offence":"=theft \u0026 co","against":"random","horizon_h":168,"area_share":0.01,"difference":0.5,"low":0.25,"high":0.75,"p":0.01,"p_holm":0.02}],` +
		`"calibrations":[{"offence":"=theft \u0026 co","horizon_h":24,"predicted":3,"actual":4,"ratio":0.75,"top_ratio":null}],"shifts":null}` + "\n"
	if diff := cmp.Diff(b.String(), want); diff != "" {
		t.Error(diff)
	}
}

func TestJSONOfNothingHasLists(t *testing.T) {
	var b bytes.Buffer
	if err := WriteJSON(&b, NewResult(trial.Result{}, 0)); err != nil {
		t.Fatal(err)
	}
	if want := `"scores":[],"tests":[],"calibrations":[],"shifts":null}`; !strings.HasSuffix(b.String(), want+"\n") {
		t.Errorf("%s has no %s", b.String(), want)
	}
}

func TestJSONOfPlans(t *testing.T) {
	got := NewResult(toured(), 0).Shifts
	if got == nil {
		t.Fatal("no shifts")
	}
	if len(got.Scores) != 4 || got.Scores[0].Method != "plan, whole shift" || got.Scores[0].AreaShare != .125 || got.Scores[1].Hits != 1 {
		t.Errorf("%+v", got.Scores)
	}
	got.Scores = nil
	want := Shifts{Shifts: 9, Incidents: 8, Hits: 2, HitRate: .25, CountHits: 1, High: 1, HighHits: 2, Medium: 3, MediumHits: 4, HighCells: 5, HighCame: 6, MedCells: 7, MedCame: 8, Areas: 12}
	if diff := cmp.Diff(*got, want); diff != "" {
		t.Error(diff)
	}
}

// A spreadsheet runs no cell; what is not there is NaN; plans come last.
func TestCSV(t *testing.T) {
	var b bytes.Buffer
	if err := WriteCSV(&b, toured()); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(b.String(), CSVHeader+"\n") {
		t.Errorf("begins %.100s", b.String())
	}
	rows, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{strings.Split(CSVHeader, ","),
		{"'=theft & co", "mixture", "24", "0.01", "8", "2", "0.25", "2", "0.8", "0.75", "4"},
		{"none", "random", "168", "0.05", "0", "0", "NaN", "NaN", "NaN", "NaN", "NaN"},
		{"all", "plan, whole shift", "0", "0.125", "8", "2", "0.25", "2", "0.8", "0.75", "4"},
		{"all", "count map, whole shift", "0", "0.125", "8", "1", "0.125", "1", "0.4", "0.25", "2"},
		{"all", "plan, its hours", "0", "0.125", "8", "2", "0.25", "2", "0.8", "0.75", "4"},
		{"all", "count map, those hours", "0", "0.125", "8", "2", "0.25", "2", "0.8", "0.75", "4"}}
	if diff := cmp.Diff(rows, want); diff != "" {
		t.Error(diff)
	}
}
