package layer

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

func TestWindowsAndCounts(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	in := cluster.Incident{ID: "ref-1", Offence: "theft", From: cluster.At(at), To: cluster.At(at.Add(time.Hour)), Point: orb.Point{.94, 52.68}, Level: geo.LevelStreet}
	spree, err := cluster.NewSpree([]cluster.Incident{in}, "theft", 9)
	if err != nil {
		t.Fatal(err)
	}
	stamp := Stamp{Zone: time.UTC, RunID: "compare", Marking: "SECRET"}
	byRule := Window{Spree: spree, Setting: "6h 2km 3", Raised: at.Add(16 * time.Hour), Shown: at.Add(time.Hour), Nth: 2}
	byScan := byRule
	byScan.Raised = at.Add(40 * time.Hour)
	byScan.Statistic = &cluster.Statistic{Expected: .25, LLR: 7.5}
	windows, err := Windows("windows_theft_6h_2km_3", "theft 6h 2km 3", []Window{byScan, byRule}, stamp)
	if err != nil {
		t.Fatal(err)
	}
	cell, err := geo.CellAt(in.Point, 9)
	if err != nil {
		t.Fatal(err)
	}
	counts, err := Counts([]Count{{cell, "theft", 3, cluster.Window{Start: at, End: at.Add(24 * time.Hour)}}, {cell, "arson", 1, cluster.Window{Start: at, End: at}}}, stamp)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		table Table
		want  []string // of its lines, in order
	}{
		{windows, []string{
			`"setting":"6h 2km 3","offence":"theft","n_incidents":1,"expected":null,"llr":null,"from_local":"2026-03-01T10:00:00"`,
			`"expected":0.25,"llr":7.5,"from_local":"2026-03-01T10:00:00","to_local":"2026-03-01T11:00:00","shown_local":"2026-03-01T11:00:00","raised_local":"2026-03-03T02:00:00"`,
		}},
		{counts, []string{`"offence":"arson","incidents":1,`, `"offence":"theft","incidents":3,"from_local":"2026-03-01T10:00:00","to_local":"2026-03-02T10:00:00"`}},
	} {
		var b bytes.Buffer
		if err := WriteGeoJSON(&b, tt.table, stamp); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(b.String(), "\n")[1:]
		for i, want := range tt.want {
			if !strings.Contains(lines[i], want) || strings.Contains(lines[i], "ref-1") || !strings.Contains(lines[i], "olygon") {
				t.Errorf("line %d of %s is %s", i, tt.table.About().Name, lines[i])
			}
		}
		if from, to := tt.table.When(1); !from.Equal(at) || !to.After(at) {
			t.Errorf("%s lasts %s to %s", tt.table.About().Name, from, to)
		}
	}
}
