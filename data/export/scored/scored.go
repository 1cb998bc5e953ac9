// Package scored writes what an evaluation of a past came to: as JSON, and its scores as
// CSV.
package scored

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"spreewatch/cluster/trial"
	"spreewatch/data/export"
	"spreewatch/data/export/layer"
)

// A Score is a method's score in the JSON and, in this order, the CSV.
type Score struct {
	Offence      string          `json:"offence"`
	Method       string          `json:"method"`
	HorizonHours int             `json:"horizon_h"`
	AreaShare    float64         `json:"area_share"`
	Incidents    float64         `json:"incidents"`
	Hits         float64         `json:"hits"`
	HitRate      layer.Statistic `json:"hit_rate"`
	PAI          layer.Statistic `json:"pai"`
	PEI          layer.Statistic `json:"pei"`
	PEIStar      layer.Statistic `json:"pei_star"`
	RRI          layer.Statistic `json:"rri"`
}

// A Test is how the hits of the mixture differ from those of another method.
type Test struct {
	Offence      string          `json:"offence"`
	Against      string          `json:"against"`
	HorizonHours int             `json:"horizon_h"`
	AreaShare    float64         `json:"area_share"`
	Difference   layer.Statistic `json:"difference"` // ours over theirs, less 1
	Low          layer.Statistic `json:"low"`
	High         layer.Statistic `json:"high"`
	P            float64         `json:"p"`
	Holm         float64         `json:"p_holm"`
}

// A Calibration is how many incidents were expected of those that came.
type Calibration struct {
	Offence      string          `json:"offence"`
	HorizonHours int             `json:"horizon_h"`
	Predicted    float64         `json:"predicted"`
	Actual       float64         `json:"actual"`
	Ratio        layer.Statistic `json:"ratio"`
	TopRatio     layer.Statistic `json:"top_ratio"` // in the 1 % of cells with the highest risk
}

// A Result is an evaluation as its JSON has it.
type Result struct {
	From         time.Time     `json:"from"`
	To           time.Time     `json:"to"`
	Days         int           `json:"days"`
	Rejected     int           `json:"rejected"`
	Scores       []Score       `json:"scores"`
	Tests        []Test        `json:"tests"`
	Calibrations []Calibration `json:"calibrations"`
	Shifts       *Shifts       `json:"shifts"` // null where times of day are not known
}

// Shifts is how the plans' areas did, of all offences together. Hits are those of
// the whole shift.
type Shifts struct {
	Shifts     int             `json:"shifts"`
	Incidents  int             `json:"incidents"`
	Hits       int             `json:"hits"`
	HitRate    layer.Statistic `json:"hit_rate"`
	CountHits  int             `json:"count_map_hits"` // of as many areas by the year's counts in the shift's hours
	High       int             `json:"high_areas"`
	HighHits   int             `json:"high_hits"`
	Medium     int             `json:"medium_areas"`
	MediumHits int             `json:"medium_hits"`
	HighCells  int             `json:"high_cells"` // of all, planned or not
	HighCame   int             `json:"high_cell_hits"`
	MedCells   int             `json:"medium_cells"`
	MedCame    int             `json:"medium_cell_hits"`
	Areas      int             `json:"areas"`
	Scores     []Score         `json:"scores"`
}

// OfTour are the scores of the plans' areas, and of the map of counts, in the shift and in
// the hours that the plans give them. The area share is that of cells and time.
func OfTour(t trial.Tour) []Score {
	var out []Score
	for _, s := range []struct {
		method string
		score  trial.Score
	}{{"plan, whole shift", t.InShift}, {"count map, whole shift", t.MapShift}, {"plan, its hours", t.InHours}, {"count map, those hours", t.MapHours}} {
		out = append(out, newScore("all", s.method, 0, s.score.Cells/s.score.Universe, s.score))
	}
	return out
}

func newScore(offence, method string, days int, share float64, s trial.Score) Score {
	return Score{offence, method, days * 24, share, s.All, s.Hits, layer.Statistic(s.HitRate()), layer.Statistic(s.PAI()), layer.Statistic(s.PEI()), layer.Statistic(s.PEIStar()), layer.Statistic(s.RRI())}
}

// NewResult is an evaluation with the number of rows that could not be used. Its lists are
// in the order of res, and empty rather than null.
func NewResult(res trial.Result, rejected int) Result {
	out := Result{From: res.From, To: res.To, Days: res.Origins, Rejected: rejected, Scores: []Score{}, Tests: []Test{}, Calibrations: []Calibration{}}
	if t := res.Tour; t.Shifts > 0 {
		out.Shifts = &Shifts{t.Shifts, int(t.InShift.All), int(t.InShift.Hits), layer.Statistic(t.InShift.HitRate()), int(t.MapShift.Hits),
			t.High, t.HighHits, t.Medium, t.MediumHits, t.HighCells, t.HighCellHits, t.MediumCells, t.MediumCellHits, t.Areas, OfTour(t)}
	}
	for _, r := range res.Rows {
		out.Scores = append(out.Scores, newScore(r.Offence, r.Method, r.Days, r.Share, r.Score))
	}
	for _, t := range res.Tests {
		out.Tests = append(out.Tests, Test{t.Offence, t.Against, t.Days * 24, t.Share, layer.Statistic(t.Ours/t.Theirs - 1), layer.Statistic(t.Low), layer.Statistic(t.High), t.P, t.Holm})
	}
	for _, c := range res.Calibrations {
		out.Calibrations = append(out.Calibrations, Calibration{c.Offence, c.Days * 24, c.Predicted, c.Actual, layer.Statistic(c.Predicted / c.Actual), layer.Statistic(c.PredictedTop / c.ActualTop)})
	}
	return out
}

// WriteJSON writes the evaluation as one object on one line.
func WriteJSON(w io.Writer, r Result) error { return json.NewEncoder(w).Encode(r) }

// CSVHeader is how the CSV begins, by which an earlier one is known.
const CSVHeader = "offence,method,horizon_h,area_share,incidents,hits,hit_rate,pai,pei,pei_star,rri"

// WriteCSV writes a row a score, those of the plans' areas last, where there are plans. A
// number that there is not is NaN.
func WriteCSV(w io.Writer, res trial.Result) error {
	out := csv.NewWriter(w)
	rows := [][]string{strings.Split(CSVHeader, ",")}
	num := func(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }
	var scores []Score
	for _, r := range res.Rows {
		scores = append(scores, newScore(r.Offence, r.Method, r.Days, r.Share, r.Score))
	}
	if res.Tour.Shifts > 0 {
		scores = append(scores, OfTour(res.Tour)...)
	}
	for _, s := range scores {
		row := []string{export.CellText(s.Offence), s.Method, strconv.Itoa(s.HorizonHours), num(s.AreaShare), num(s.Incidents), num(s.Hits)}
		for _, v := range []layer.Statistic{s.HitRate, s.PAI, s.PEI, s.PEIStar, s.RRI} {
			row = append(row, num(float64(v)))
		}
		rows = append(rows, row)
	}
	return out.WriteAll(rows)
}
