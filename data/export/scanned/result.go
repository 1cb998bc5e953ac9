// Package scanned writes what a scan found, as one JSON object and as GeoJSON. The
// same result is the same bytes, whichever program found it.
package scanned

import (
	"math"
	"strconv"
	"time"

	"spreewatch/cluster/scan"
	"spreewatch/data/export/layer"
)

// A Result is a scan's result as JSON. Times are RFC 3339 in the zone of the
// calendar; intervals are half-open; null is a value that does not exist.
type Result struct {
	Cases          int                        `json:"cases"`
	Outside        int                        `json:"outside"`
	Locations      int                        `json:"locations"`
	From           *string                    `json:"from"` // nil where there is no step
	To             *string                    `json:"to"`
	StepS          int64                      `json:"step_s"`
	Steps          int                        `json:"steps"`
	Replicates     int                        `json:"replicates"`
	Seed           uint64                     `json:"seed"`
	Adjust         scan.Adjustment            `json:"adjust,omitempty"` // what p and expected are adjusted for
	CriticalValues map[string]layer.Statistic `json:"critical_values"`  // LLR by alpha with two decimals; encoding/json sorts them
	ElapsedS       float64                    `json:"elapsed_s"`
	Sprees         []Spree                    `json:"sprees"` // best first
}

// A Spree is one of a Result.
type Spree struct {
	CentreID  string          `json:"centre_id"`
	CentreLon float64         `json:"centre_lon"`
	CentreLat float64         `json:"centre_lat"`
	RadiusM   float64         `json:"radius_m"`
	Locations int             `json:"locations"`
	From      string          `json:"from"`
	To        string          `json:"to"`
	Observed  float64         `json:"observed"`
	Expected  float64         `json:"expected"`
	LLR       float64         `json:"llr"`
	P         layer.Statistic `json:"p_value"`
	PMethod   *string         `json:"p_method"` // nil without a p
	RIDays    layer.Statistic `json:"ri_days"`
	Incidents []string        `json:"incident_ids"`
}

// NewResult makes the JSON of a scan with the options o that took elapsed. It rounds
// statistics to nine decimals, metres to two, degrees to seven and seconds to three:
// further digits differ between platforms. p is as it is: a quotient of whole numbers,
// or fitted.
func NewResult(r scan.Result, o scan.Options, elapsed time.Duration) Result {
	out := Result{
		Cases: r.Cases, Outside: r.Outside, Locations: r.Locations, StepS: int64(o.Step / time.Second), Steps: r.Steps,
		Replicates: r.Replicates, Seed: o.Seed, Adjust: o.Adjust, CriticalValues: map[string]layer.Statistic{},
		ElapsedS: layer.Decimals(elapsed.Seconds(), 3), Sprees: []Spree{},
	}
	if r.Steps > 0 {
		from, to := stamp(r.From, o), stamp(r.To, o)
		out.From, out.To = &from, &to
	}
	for _, c := range r.Critical {
		out.CriticalValues[strconv.FormatFloat(c.Alpha, 'f', 2, 64)] = layer.Statistic(layer.Decimals(c.LLR, 9))
	}
	for _, s := range r.Sprees {
		out.Sprees = append(out.Sprees, newSpree(s, o))
	}
	return out
}

func newSpree(s scan.Spree, o scan.Options) Spree {
	out := Spree{
		CentreID: s.CentreID, CentreLon: layer.Decimals(s.Centre.Lon(), 7), CentreLat: layer.Decimals(s.Centre.Lat(), 7),
		RadiusM: layer.Decimals(s.RadiusM, 2), Locations: s.Locations, From: stamp(s.From, o), To: stamp(s.To, o),
		Observed: layer.Decimals(s.Observed, 9), Expected: layer.Decimals(s.Expected, 9), LLR: layer.Decimals(s.LLR, 9),
		P: layer.Statistic(s.P), RIDays: layer.Statistic(s.Recurrence), Incidents: s.Cases,
	}
	if !math.IsNaN(s.P) {
		method := string(s.PMethod)
		out.PMethod = &method
	}
	return out
}

// stamp writes a bound of a step in the zone of the calendar.
func stamp(t time.Time, o scan.Options) string { return t.In(zone(o)).Format(time.RFC3339) }

// zone is that of the calendar.
func zone(o scan.Options) *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}
