package scan

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"spreewatch/geo/oracle"

	"github.com/paulmach/orb"
)

// readOracle reads id,lat,lon,date[,time],location_id.
func readOracle(tb testing.TB, name string) []Case {
	tb.Helper()
	var cases []Case
	for _, row := range readRows(tb, name) {
		at, err := time.Parse(time.DateOnly, row["date"])
		if err != nil {
			tb.Fatal(err)
		}
		if clock := row["time"]; clock != "" {
			t, err := time.Parse("15:04", clock)
			if err != nil {
				tb.Fatal(err)
			}
			at = at.Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute)
		}
		cases = append(cases, Case{ID: row["id"], Point: rowPoint(tb, row), Location: row["location_id"], From: at})
	}
	return cases
}

func readCentres(tb testing.TB, name string) []Centre {
	tb.Helper()
	var centres []Centre
	for _, row := range readRows(tb, name) {
		centres = append(centres, Centre{ID: row["location_id"], Point: rowPoint(tb, row)})
	}
	return centres
}

func rowPoint(tb testing.TB, row map[string]string) orb.Point {
	lat, err1 := strconv.ParseFloat(row["lat"], 64)
	lon, err2 := strconv.ParseFloat(row["lon"], 64)
	if err1 != nil || err2 != nil {
		tb.Fatal(err1, err2)
	}
	return orb.Point{lon, lat}
}

func readRows(tb testing.TB, name string) []map[string]string {
	tb.Helper()
	f, err := os.Open(filepath.Join(filepath.Join(oracle.Dir(tb), "oracles", "satscan"), name))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	var out []map[string]string
	for _, r := range rows[1:] {
		m := make(map[string]string, len(r))
		for i, v := range r {
			m[rows[0][i]] = v
		}
		out = append(out, m)
	}
	return out
}

// nycOptions are those of SaTScan's analysis of the New York fever data.
func nycOptions(tb testing.TB) Options {
	o := DefaultOptions()
	o.From = time.Date(2001, 11, 1, 0, 0, 0, 0, time.UTC)
	o.To = time.Date(2001, 11, 25, 0, 0, 0, 0, time.UTC)
	o.Centres = readCentres(tb, "NYCfever_locations.csv")
	return o
}

// row is a line of SaTScan 10.3.2's results.
type row struct {
	centre    string
	locations int
	radiusKm  string
	from, to  string // first and last day
	observed  string
	expected  string
	llr       string
}

func printed(s Spree) row {
	return row{
		s.CentreID, s.Locations, fmt.Sprintf("%.2f", s.RadiusM/1000),
		s.From.Format("01-02"), s.To.Add(-1).Format("01-02"),
		fmt.Sprintf("%g", s.Observed), fmt.Sprintf("%.4f", s.Expected), fmt.Sprintf("%.6f", s.LLR),
	}
}

func TestNewYorkFever(t *testing.T) {
	filepath.Join(oracle.Dir(t), "oracles", "satscan")
	p1 := row{"11418", 9, "2.90", "11-22", "11-24", "4", "0.6701", "3.845418"}
	p2 := row{"11372", 1, "0.00", "11-24", "11-24", "2", "0.1649", "3.164201"}
	p3 := row{"10472", 1, "0.00", "11-23", "11-24", "2", "0.2938", "2.137259"}
	r1 := row{"10454", 8, "2.70", "11-08", "11-08", "5", "0.3969", "8.119521"}
	r2 := row{"11379", 3, "2.07", "11-10", "11-11", "4", "0.4639", "5.113791"}
	r3 := row{"11418", 9, "2.90", "11-22", "11-23", "4", "0.4639", "5.113791"}
	for _, tt := range []struct {
		name   string
		mode   Mode
		radius float64
		want   []row
		p      []float64
	}{
		{"prospective 3 km", Prospective, 3000, []row{p1, p2, p3}, []float64{.216, .506, .948}},
		{"prospective 5 km", Prospective, 5000, []row{p1, p2, p3}, []float64{.280, .612, .973}},
		{"prospective half the cases", Prospective, math.Inf(1), []row{p1, p2}, []float64{.338, .682}},
		{"retrospective 3 km", Retrospective, 3000, []row{r1, r2, r3}, []float64{.009, .496, .496}},
		{"retrospective 5 km", Retrospective, 5000, []row{r1, r2, r3}, []float64{.018, .667, .667}},
		{"retrospective half the cases", Retrospective, math.Inf(1), []row{r1, r2, r3}, []float64{.020, .734, .734}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := nycOptions(t)
			o.Mode, o.MaxRadiusM, o.Replicates = tt.mode, tt.radius, 999
			res, err := Run(readOracle(t, "NYCfever_cases.csv"), o)
			if err != nil {
				t.Fatal(err)
			}
			if len(res.Sprees) < len(tt.want) {
				t.Fatalf("%d sprees, want %d", len(res.Sprees), len(tt.want))
			}
			for i, want := range tt.want {
				got := res.Sprees[i]
				if printed(got) != want {
					t.Errorf("spree %d: got %v, want %v", i+1, printed(got), want)
				}
				checkP(t, got.P, tt.p[i], o.Replicates)
			}
		})
	}
}

// checkP compares p with SaTScan's from 999 replicates. Both are counts of random
// replicates; four standard errors of their difference are let pass.
func checkP(t *testing.T, got, satscan float64, replicates int) {
	t.Helper()
	allow := 4 * math.Sqrt(satscan*(1-satscan)*(1/1000.0+1/float64(replicates+1)))
	if math.Abs(got-satscan) > allow {
		t.Errorf("p = %.3f, SaTScan's %.3f, more than %.3f apart", got, satscan, allow)
	}
}

// SaTScan 10.3.2 on the two synthetic data sets: best cluster, and its p from 999
// replicates. Days of UTC are those of the files.
func TestSynthetic(t *testing.T) {
	filepath.Join(oracle.Dir(t), "oracles", "satscan")
	for _, tt := range []struct {
		name, file, llr string
		set             func(*Options)
		observed        float64
		expected        string
		days            string
		centre          string
		p               float64 // 0: not compared
	}{
		{"10,000 cases by day", "n10k.csv", "12.585178", func(*Options) {}, 17, "3.71", "12-29 12-31", "52.462045 1.238418", .005},
		{"10,000 cases by hour", "n10k.csv", "14.277647", func(o *Options) { o.Step, o.MaxWindow = time.Hour, 72*time.Hour }, 16, "", "", "", .005},
		{"100,000 cases by day", "n100k.csv", "10.585432", func(o *Options) { o.Replicates = 0 }, 0, "", "", "", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := DefaultOptions()
			tt.set(&o)
			res, err := Run(readOracle(t, tt.file), o)
			if err != nil {
				t.Fatal(err)
			}
			s := res.Sprees[0]
			if got := fmt.Sprintf("%.6f", s.LLR); got != tt.llr {
				t.Errorf("LLR %s, want %s", got, tt.llr)
			}
			if tt.observed > 0 && s.Observed != tt.observed {
				t.Errorf("observed %v, want %v", s.Observed, tt.observed)
			}
			if got := fmt.Sprintf("%.2f", s.Expected); tt.expected != "" && got != tt.expected {
				t.Errorf("expected %s, want %s", got, tt.expected)
			}
			if got := s.From.Format("01-02 ") + s.To.Add(-1).Format("01-02"); tt.days != "" && got != tt.days {
				t.Errorf("days %s, want %s", got, tt.days)
			}
			if got := fmt.Sprintf("%.6f %.6f", s.Centre.Lat(), s.Centre.Lon()); tt.centre != "" && got != tt.centre {
				t.Errorf("centre %s, want %s", got, tt.centre)
			}
			if tt.p > 0 {
				checkP(t, s.P, tt.p, o.Replicates)
			}
		})
	}
}
