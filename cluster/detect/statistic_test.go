package detect

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"spreewatch/cluster"
	"spreewatch/cluster/scan"
)

func TestScanStep(t *testing.T) {
	const day = 24 * time.Hour
	tests := []struct{ own, window, want time.Duration }{
		{time.Hour, 12 * time.Hour, time.Hour},
		{time.Hour, 28 * time.Hour, time.Hour},
		{time.Hour, 28*time.Hour + 1, 2 * time.Hour},
		{time.Hour, 2 * day, 2 * time.Hour},
		{time.Hour, 7 * day, 6 * time.Hour},
		{time.Hour, 60 * day, day},
		{15 * time.Minute, 12 * time.Hour, 30 * time.Minute},
		{90 * time.Minute, 2 * day, 2 * time.Hour},
		{8 * time.Hour, 7 * day, 8 * time.Hour},
		{day, 365 * day, day},
	}
	for _, tt := range tests {
		if got := scanStep(tt.own, tt.window); got != tt.want {
			t.Errorf("own step %v, window %v: got %v, want %v", tt.own, tt.window, got, tt.want)
		}
	}
}

// The average distances between middles of cells, from the areas in H3's table
// of cell statistics: 0.35 km at resolution 9, 0.92 km at 8, 2.44 km at 7.
func TestScanResolution(t *testing.T) {
	tests := []struct {
		own    int
		radius float64
		want   int
	}{
		{9, 400, 9}, {9, 1740, 9}, {9, 4500, 9}, {9, 5000, 8}, {9, 15_000, 7}, {8, 400, 8}, {6, 5000, 6}, {10, 2000, 9}, {0, 200_000, 0},
	}
	for _, tt := range tests {
		if got := scanResolution(tt.own, tt.radius); got != tt.want {
			t.Errorf("own resolution %d, radius %g m: got %d, want %d", tt.own, tt.radius, got, tt.want)
		}
	}
}

// Sparing replicates changes no answer: the same sprees with the same p come out
// of every one of them, whether or not there is a burst to find.
func TestScanSpreesStopEarly(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)
	p := cluster.Profile{Offence: "robbery", RadiusM: 1000, Window: 24 * time.Hour, MinIncidents: 3, Lookback: 24 * time.Hour}
	found := 0
	for burst := range 5 {
		incidents := history(asOf, "robbery", 150, 60, burst)
		byID := make(map[string]cluster.Incident)
		for _, in := range incidents {
			byID[in.ID] = in
		}
		for _, maxP := range []float64{0.05, 0.33, 1} {
			o := DefaultOptions()
			o.AsOf, o.Replicates, o.MaxP = asOf, 110, maxP
			got, err := scanSprees(incidents, byID, p, o)
			if err != nil {
				t.Fatal(err)
			}
			var cases []scan.Case
			for _, in := range incidents {
				cases = append(cases, scan.Case{ID: in.ID, Point: in.Point, From: in.From, To: in.To})
			}
			s := scan.DefaultOptions()
			s.Step, s.To, s.MaxRadiusM, s.MaxWindow = time.Hour, asOf.Truncate(time.Hour).Add(time.Hour), p.RadiusM, p.Window
			s.Lookback, s.MinCases, s.Locations, s.Replicates = s.To.Sub(asOf)+p.Lookback, p.MinIncidents, scan.Cells, o.Replicates
			whole, err := scan.Run(cases, s)
			if err != nil {
				t.Fatal(err)
			}
			var want, have []float64
			for _, spree := range whole.Sprees {
				if spree.P <= maxP {
					want = append(want, spree.P)
				}
			}
			for _, spree := range got {
				have = append(have, spree.Statistic.P)
				if spree.Statistic.PMethod != string(scan.MonteCarlo) {
					t.Errorf("p by %q", spree.Statistic.PMethod)
				}
			}
			if d := gocmp.Diff(want, have, cmpopts.EquateEmpty()); d != "" {
				t.Errorf("burst of %d, p at most %g: %s", burst, maxP, d)
			}
			found += len(have)
		}
	}
	if found < 5 {
		t.Errorf("%d sprees were compared: too few to tell anything", found)
	}
}
