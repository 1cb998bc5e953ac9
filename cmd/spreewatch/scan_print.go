package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"text/tabwriter"
	"time"

	"spreewatch/cluster/scan"
	"spreewatch/data"
	"spreewatch/data/night"
)

// scanResult is the JSON of the verb. Times are RFC 3339 in the zone of the
// calendar; intervals are half-open; null is a value that does not exist.
type scanResult struct {
	Cases          int                   `json:"cases"`
	Outside        int                   `json:"outside"`
	Locations      int                   `json:"locations"`
	From           *string               `json:"from"`
	To             *string               `json:"to"`
	StepS          int64                 `json:"step_s"`
	Steps          int                   `json:"steps"`
	Replicates     int                   `json:"replicates"`
	Seed           uint64                `json:"seed"`
	Adjust         scan.Adjustment       `json:"adjust,omitempty"` // what p and expected are adjusted for
	CriticalValues map[string]jsonNumber `json:"critical_values"`
	ElapsedS       float64               `json:"elapsed_s"`
	Sprees         []scanSpree           `json:"sprees"`
}

type scanSpree struct {
	CentreID  string     `json:"centre_id"`
	CentreLon float64    `json:"centre_lon"`
	CentreLat float64    `json:"centre_lat"`
	RadiusM   float64    `json:"radius_m"`
	Locations int        `json:"locations"`
	From      string     `json:"from"`
	To        string     `json:"to"`
	Observed  float64    `json:"observed"`
	Expected  float64    `json:"expected"`
	LLR       float64    `json:"llr"`
	P         jsonNumber `json:"p_value"`
	PMethod   *string    `json:"p_method"`
	RIDays    jsonNumber `json:"ri_days"`
	Incidents []string   `json:"incident_ids"`
}

// newScanResult rounds statistics to nine decimals and metres to two: further
// digits differ between platforms.
func newScanResult(r scan.Result, o scan.Options, elapsed time.Duration) scanResult {
	out := scanResult{
		Cases: r.Cases, Outside: r.Outside, Locations: r.Locations, StepS: int64(o.Step / time.Second), Steps: r.Steps,
		Replicates: r.Replicates, Seed: o.Seed, Adjust: o.Adjust, CriticalValues: map[string]jsonNumber{},
		ElapsedS: decimals(elapsed.Seconds(), 3), Sprees: []scanSpree{},
	}
	if r.Steps > 0 {
		from, to := scanTime(r.From, o), scanTime(r.To, o)
		out.From, out.To = &from, &to
	}
	for _, c := range r.Critical {
		out.CriticalValues[strconv.FormatFloat(c.Alpha, 'f', 2, 64)] = jsonNumber(decimals(c.LLR, 9))
	}
	for _, s := range r.Sprees {
		j := scanSpree{
			CentreID: s.CentreID, CentreLon: decimals(s.Centre.Lon(), 7), CentreLat: decimals(s.Centre.Lat(), 7),
			RadiusM: decimals(s.RadiusM, 2), Locations: s.Locations, From: scanTime(s.From, o), To: scanTime(s.To, o),
			Observed: decimals(s.Observed, 9), Expected: decimals(s.Expected, 9), LLR: decimals(s.LLR, 9),
			P: jsonNumber(s.P), RIDays: jsonNumber(s.Recurrence), Incidents: s.Cases,
		}
		if !math.IsNaN(s.P) {
			method := string(s.PMethod)
			j.PMethod = &method
		}
		out.Sprees = append(out.Sprees, j)
	}
	return out
}

// scanTime writes a bound of a step in the zone of the calendar.
func scanTime(t time.Time, o scan.Options) string { return t.In(o.Zone).Format(time.RFC3339) }

// shownSprees is how many the table shows; weaker ones say nothing.
const shownSprees = 10

// printScan writes the sprees for a person.
func printScan(w io.Writer, r scan.Result, o scan.Options) error {
	if r.Cases == 0 {
		_, err := fmt.Fprintln(w, "no case in the study, and no spree")
		return err
	}
	layout := "2006-01-02 15:04"
	if o.Step%(24*time.Hour) == 0 {
		layout = time.DateOnly
	}
	short := func(t time.Time) string { return t.In(o.Zone).Format(layout) }
	fmt.Fprintf(w, "%d cases at %d places, %s up to %s, %d steps of %s\n",
		r.Cases, r.Locations, short(r.From), short(r.To), r.Steps, night.Span(o.Step))
	if o.Adjust == scan.AdjustWeekday {
		fmt.Fprintln(w, "adjusted for the weekday by place: the cases of a weekday are compared with that weekday's alone")
	}
	if len(r.Sprees) == 0 {
		_, err := fmt.Fprintln(w, "no spree: nowhere are there more cases than place and time explain")
		return err
	}
	for _, c := range r.Critical {
		fmt.Fprintf(w, "%s of shuffles have an LLR of %.4f or more\n", percent(c.Alpha), c.LLR)
	}
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(tw, "\ncentre\tlat, lon\tradius\tplaces\tfrom\tup to\tcases\texpected\tLLR\tp\t")
	for _, s := range r.Sprees[:min(shownSprees, len(r.Sprees))] {
		p := "-"
		if !math.IsNaN(s.P) {
			p = strconv.FormatFloat(s.P, 'g', 3, 64)
		}
		fmt.Fprintf(tw, "%s\t%.5f, %.5f\t%.0f m\t%d\t%s\t%s\t%s\t%.4f\t%.6f\t%s\t%s\n",
			s.CentreID, s.Centre.Lat(), s.Centre.Lon(), s.RadiusM, s.Locations, short(s.From), short(s.To),
			strconv.FormatFloat(decimals(s.Observed, 2), 'f', -1, 64), s.Expected, s.LLR, p, recurrenceWords(s, r, o))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	if n := len(r.Sprees) - shownSprees; n > 0 {
		fmt.Fprintf(w, "and %d weaker (--json lists them)\n", n)
	}
	if len(r.Sprees) > 1 && r.Replicates > 0 {
		_, err := fmt.Fprintf(w, "p is by %s from %d shuffles, against the best of each shuffle: the further down, the more cautious\n", o.PMethod, r.Replicates)
		return err
	}
	return nil
}

// percent writes a share such as .05 as "5 %".
func percent(share float64) string { return strconv.FormatFloat(share*100, 'f', -1, 64) + " %" }

// recurrenceWords says how often chance alone would raise a spree as strong.
func recurrenceWords(s scan.Spree, r scan.Result, o scan.Options) string {
	if math.IsNaN(s.Recurrence) {
		return ""
	}
	often := "once " + data.Often(s.Recurrence)
	// With p at its least, no shuffle came near, and it may well be rarer.
	if o.PMethod != scan.Gumbel && s.P <= 1/float64(1+r.Replicates) {
		return "chance alone would raise this at most about " + often
	}
	return "chance alone would raise this about " + often
}
