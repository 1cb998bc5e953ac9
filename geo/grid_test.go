package geo

import (
	"math"
	"path/filepath"
	"testing"

	"spreewatch/geo/oracle"

	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

func TestFromGrid(t *testing.T) {
	tests := []struct {
		name              string
		easting, northing float64
		want              orb.Point
		within            float64 // metres
	}{
		// OS guide to coordinate systems in Great Britain, worked example of
		// annexe C, is on OSGB36; these are OSTN15 figures of the corners of the
		// Norfolk oracle.
		{"west Norfolk", 550000, 275000, orb.Point{0.20099416, 52.35256518}, 3.6},
		{"fenland", 550000, 277500, orb.Point{0.20211083, 52.37502408}, 3.6},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := FromGrid(tt.easting, tt.northing)
			if err != nil {
				t.Fatal(err)
			}
			if d := Distance(got, tt.want); d > tt.within {
				t.Errorf("got %v, %.2f m from %v", got, d, tt.want)
			}
		})
	}
}

func TestFromGridRange(t *testing.T) {
	for _, en := range [][2]float64{{-1, 0}, {0, -1}, {700_000, 0}, {0, 1_300_000}, {math.NaN(), 0}, {0, math.NaN()}, {math.Inf(1), 0}} {
		if p, err := FromGrid(en[0], en[1]); err == nil {
			t.Errorf("FromGrid(%v, %v) = %v, want an error", en[0], en[1], p)
		}
	}
	for _, p := range []orb.Point{{0, 95}, {-30, 52}, {0, 10}, {math.NaN(), 52}} {
		if e, n, err := ToGrid(p); err == nil {
			t.Errorf("ToGrid(%v) = %v, %v, want an error", p, e, n)
		}
	}
}

func TestGridRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.Float64Range(0, 699_999).Draw(t, "easting")
		n := rapid.Float64Range(0, 1_299_999).Draw(t, "northing")
		p, err := FromGrid(e, n)
		if err != nil {
			t.Fatal(err)
		}
		e2, n2, err := ToGrid(p)
		if err != nil {
			// The edge of the grid may round outwards.
			if e > 1 && n > 1 && e < 699_998 && n < 1_299_998 {
				t.Fatal(err)
			}
			return
		}
		if d := math.Hypot(e-e2, n-n2); d > 0.05 { // the series themselves differ by 1 cm at the far corners
			t.Fatalf("%.4f m off", d)
		}
	})
}

func TestFromGridAgainstOSTN15(t *testing.T) {
	rows := oracle.ReadCSV(t, filepath.Join(oracle.Dir(t), "oracles", "bng", "ostn15_norfolk_grid.csv"))
	worst, worstHelmert := 0.0, 0.0
	for _, row := range rows[1:] {
		got, err := FromGrid(oracle.Number(t, row[0]), oracle.Number(t, row[1]))
		if err != nil {
			t.Fatal(err)
		}
		worst = max(worst, Distance(got, orb.Point{oracle.Number(t, row[3]), oracle.Number(t, row[2])}))
		worstHelmert = max(worstHelmert, Distance(got, orb.Point{oracle.Number(t, row[5]), oracle.Number(t, row[4])}))
	}
	t.Logf("%d points: at most %.3f m from OSTN15, %.4f m from the Ordnance Survey's Helmert", len(rows)-1, worst, worstHelmert)
	if worst > 3.6 {
		t.Errorf("%.3f m from OSTN15, want at most 3.6", worst)
	}
	if worstHelmert > 0.02 {
		t.Errorf("%.4f m from the Ordnance Survey's Helmert, want at most 0.02", worstHelmert)
	}
}
