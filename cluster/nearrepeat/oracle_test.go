package nearrepeat

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/cluster"
	"spreewatch/geo/oracle"
)

// sharedFile opens a file of the shared folder, or skips.
func sharedFile(t testing.TB, name string) *os.File {
	t.Helper()
	f, err := os.Open(filepath.Join(oracle.Dir(t), name))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func records(t testing.TB, f *os.File) [][]string {
	t.Helper()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func parseNumber(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestCountChicagoArson has the counts of the Near Repeat Calculator 1.3.
func TestCountChicagoArson(t *testing.T) {
	var incidents []cluster.Incident
	for i, row := range records(t, sharedFile(t, "oracles/nearrepeat/chicago_arson.csv")) {
		at, err := time.Parse(time.DateOnly, row[2])
		if err != nil {
			t.Fatal(err)
		}
		incidents = append(incidents, instant(strconv.Itoa(i), parseNumber(t, row[0]), parseNumber(t, row[1]), at.Sub(epoch)))
	}
	o := Options{
		Distance: []float64{0, 200, 400, 600}, Time: daysOf(0, 1, 2, 3), Metric: Manhattan,
		SamePlace: true, Rest: true, Single: true, MaxPairs: 1e6,
	}
	want := [][]float64{{0, 2, 0, 8}, {9, 1, 1, 45}, {4, 0, 0, 140}, {6, 0, 0, 234}, {393, 710, 770, 133658}}
	if diff := cmp.Diff(want, count(t, incidents, o).Observed); diff != "" {
		t.Errorf("32-bit coordinates (-want +got):\n%s", diff)
	}
	// One pair lies 399.96 m apart, which 32-bit coordinates make 400.
	o.Single = false
	want[2][3], want[3][3] = 141, 233
	if diff := cmp.Diff(want, count(t, incidents, o).Observed); diff != "" {
		t.Errorf("64-bit coordinates (-want +got):\n%s", diff)
	}
}

// TestCountBurkitt has counts and expectations of the Knox test for closed
// bands: all distances are roots of whole numbers and all lags whole days, so an
// edge a little higher closes a half-open band.
func TestCountBurkitt(t *testing.T) {
	var incidents []cluster.Incident
	for _, row := range records(t, sharedFile(t, "oracles/nearrepeat/burkitt.csv"))[1:] {
		incidents = append(incidents, instant(row[0], parseNumber(t, row[1]), parseNumber(t, row[2]), time.Duration(parseNumber(t, row[3]))*day))
	}
	rows := records(t, sharedFile(t, "oracles/nearrepeat/burkitt_knox.csv"))[1:]
	for _, row := range rows {
		o := Options{
			Distance: []float64{0, parseNumber(t, row[2]) + 1e-6}, Time: daysOf(0, parseNumber(t, row[3])+0.5),
			Metric: Euclidean, Rest: true, Replicates: 999, Seed: 1, MaxPairs: 1e6,
		}
		got := count(t, incidents, o)
		obs := got.Observed
		name := row[2] + " km, " + row[3] + " days"
		if n := obs[0][0] + obs[0][1]; n != parseNumber(t, row[5]) {
			t.Errorf("%s: %v pairs close in space, want %s", name, n, row[5])
		}
		if n := obs[0][0] + obs[1][0]; n != parseNumber(t, row[6]) {
			t.Errorf("%s: %v pairs close in time, want %s", name, n, row[6])
		}
		if obs[0][0] != parseNumber(t, row[7]) {
			t.Errorf("%s: Knox count %v, want %s", name, obs[0][0], row[7])
		}
		// Both p and both means are of 999 draws: five standard errors of the
		// difference.
		p := parseNumber(t, row[12])
		if tolerance := 5*math.Sqrt(2*p*(1-p)/1000) + 0.002; math.Abs(got.P[0][0]-p) > tolerance {
			t.Errorf("%s: p = %v, want %v within %v", name, got.P[0][0], p, tolerance)
		}
		mean, sd := parseNumber(t, row[8]), parseNumber(t, row[11])
		if tolerance := 5 * sd / math.Sqrt(999); math.Abs(got.Mean[0][0]-mean) > tolerance {
			t.Errorf("%s: mean = %v, want %v within %v", name, got.Mean[0][0], mean, tolerance)
		}
	}
	if len(rows) != 30 {
		t.Errorf("%d rows of the oracle, want 30", len(rows))
	}
}
