package layer

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// valueOf returns what the spree has in the named field.
func valueOf(t *testing.T, s cluster.Spree, name string) any {
	t.Helper()
	l, err := sprees.filled([]cluster.Spree{s}, Stamp{Zone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	for column, v := range l.Values(0) {
		if column.Name == name {
			return v
		}
	}
	t.Fatalf("no field %s", name)
	return nil
}

func TestSpreeStatistic(t *testing.T) {
	s := cluster.Spree{Method: cluster.MethodScan, Observed: 7}
	s.Statistic = &cluster.Statistic{Expected: 0.5, LLR: 12.5851784, P: 1.23456789e-9, PMethod: "gumbel", Recurrence: 200 * 24 * time.Hour}
	// 7 observed of 0.5 expected; a small p must not round to 0
	for key, want := range map[string]any{"expected": Decimal(0.5), "ratio": Decimal(14), "llr": Decimal(12.585178), "p_value": Decimal(1.23457e-9), "ri_days": Decimal(200)} {
		if got := valueOf(t, s, key); got != want {
			t.Errorf("%s = %v, want %v", key, got, want)
		}
	}
	s.Statistic = &cluster.Statistic{Expected: 0, LLR: math.Inf(1), P: 1}
	for _, key := range []string{"ratio", "llr"} {
		if got := valueOf(t, s, key); got != nil {
			t.Errorf("%s = %v, want nil: JSON has no infinity", key, got)
		}
	}
}

func TestZoneWithHoleAndIsland(t *testing.T) {
	c, err := geo.CellAt(orb.Point{0.9333, 52.6833}, 9)
	if err != nil {
		t.Fatal(err)
	}
	ring := slices.DeleteFunc(c.Disk(2), func(n geo.Cell) bool { return slices.Contains(c.Disk(1), n) })
	g, err := outline(append(ring, c)) // a ring of 12 cells, and one alone in its middle
	if err != nil {
		t.Fatal(err)
	}
	m := g.(orb.MultiPolygon)
	if len(m) != 2 || len(m[0])+len(m[1]) != 3 {
		t.Fatalf("%d parts with %v rings, want a ring with a hole and an island", len(m), m)
	}
	if g, err := outline(nil); g != nil || err != nil {
		t.Errorf("no cells: %v, %v, want no geometry", g, err)
	}
}

func TestNumber(t *testing.T) {
	tests := []struct {
		x        float64
		decimals int
		want     string
	}{
		{7, 6, "7.0"},
		{0, 6, "0.0"},
		{math.Copysign(0, -1), 6, "0.0"},
		{-0.00000001, 6, "0.0"},
		{0.1 + 0.2, 6, "0.3"},
		{1234.5678, 1, "1234.6"},
		{-1.25, 1, "-1.3"}, // math.Round goes away from zero
		{1e-5, 6, "0.00001"},
		{1e300, 6, "1" + strings.Repeat("0", 300) + ".0"},
		{math.NaN(), 6, "null"},
		{math.Inf(1), 6, "null"},
	}
	for _, tt := range tests {
		got, err := json.Marshal(orNil(Round(tt.x, tt.decimals)))
		if err != nil || string(got) != tt.want {
			t.Errorf("%v to %d decimals = %s, %v, want %s", tt.x, tt.decimals, got, err, tt.want)
		}
	}
}

func TestTimes(t *testing.T) {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name       string
		at         time.Time
		local, utc string
	}{
		{"winter", time.Date(2026, 11, 22, 10, 5, 0, 0, time.UTC), "2026-11-22T10:05:00", "2026-11-22T10:05:00Z"},
		{"summer", time.Date(2015, 9, 16, 9, 0, 0, 0, time.UTC), "2015-09-16T10:00:00", "2015-09-16T09:00:00Z"},
		{"the hour that comes twice, first", time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC), "2026-10-25T01:30:00", "2026-10-25T00:30:00Z"},
		{"the hour that comes twice, second", time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC), "2026-10-25T01:30:00", "2026-10-25T01:30:00Z"},
		{"given in another zone", time.Date(2015, 9, 16, 10, 0, 0, 0, zone), "2015-09-16T10:00:00", "2015-09-16T09:00:00Z"},
		{"not known", time.Time{}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := WallTime(tt.at, zone); got != tt.local {
				t.Errorf("local %v, want %v", got, tt.local)
			}
			if got := utcTime(tt.at); got != tt.utc {
				t.Errorf("UTC %v, want %v", got, tt.utc)
			}
		})
	}
}
