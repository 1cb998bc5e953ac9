package night

import (
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/data/export"
	"spreewatch/geo"
)

// The map has the cells with the most risk and those of sprees; what was counted in
// them stays with them, and the risk by shift adds up to that of the cell.
func TestRiskiestCells(t *testing.T) {
	var cells []geo.Cell
	for i := range 6 {
		c, err := geo.CellAt(orb.Point{.9 + .02*float64(i), 52.6}, 9)
		if err != nil {
			t.Fatal(err)
		}
		cells = append(cells, c)
	}
	window := cluster.Window{Start: nightAfter.Add(-24 * time.Hour), End: nightAfter}
	counted := []detect.CellCount{{Cell: cells[0], Window: window, Observed: 2, SpreeID: "s", Risk: 9}, {Cell: cells[1], Window: window, Observed: 1, Risk: 9}, {Cell: cells[5], Window: window, Observed: 1}}
	surface := patrol.Surface{{Shift: "late 2015-09-17"}, {Shift: "night 2015-09-17"}}
	for i, x := range []float64{.001, .3, .2, .1, .4} {
		for k, part := range []float64{3. / 4, 1. / 4} {
			surface[k].Cells = append(surface[k].Cells, patrol.Expected{Cell: cells[i], Expected: x * part})
		}
	}
	got := riskiest(counted, surface, 3)
	want := []geo.Cell{cells[4], cells[1], cells[2], cells[0]}
	if len(got) != len(want) {
		t.Fatalf("%d cells, want the three with most and that of the spree", len(got))
	}
	late := cluster.Window{Start: nightAfter.Add(13 * time.Hour), End: nightAfter.Add(21 * time.Hour)}
	sums := map[geo.Cell]float64{}
	for _, r := range byShift(got, surface, map[string]cluster.Window{"late 2015-09-17": late, "night 2015-09-17": late}) {
		sums[r.Cell] += r.Expected
		if r.Window != late {
			t.Errorf("%s is at %v", r.Shift, r.Window)
		}
	}
	if len(sums) != len(want) {
		t.Errorf("the shifts have %d cells, want %d", len(sums), len(want))
	}
	for i, c := range got {
		if c.Cell != want[i] || c.Window != window || c.Risk < sums[c.Cell]-1e-12 || c.Risk > sums[c.Cell]+1e-12 {
			t.Errorf("%d is %s with a risk of %v, want %s with %v", i, c.Cell, c.Risk, want[i], sums[c.Cell])
		}
	}
	if got[1].Observed != 1 || got[3].Observed != 2 || got[0].Observed != 0 {
		t.Errorf("counts %v", got)
	}
}

// As many cells as the settings say are written, and for each shift those alone.
func TestNightWritesTheRiskiestCells(t *testing.T) {
	o := optionsFor(t)
	o.AsOf, o.Settings.Export.MaxCells = nightAfter, 1
	lines := []string{calls[0]}
	for _, street := range []string{"Mill Street, Elsing", "Norwich Road, Dereham", "Shipdham Road, Dereham"} {
		lines = append(lines, street[:3]+`,robbery,"`+street+`",2015-09-02T10:15`, street[:3]+`2,robbery,"`+street+`",2015-08-12T21:15`)
	}
	dir := t.TempDir()
	if _, err := Run(t.Context(), o, Reading{Files: []string{file(t, "calls.csv", lines...)}}, Writing{Dir: dir, Audience: export.AudienceSupervisor}); err != nil {
		t.Fatal(err)
	}
	cells, _ := propertiesIn(t, dir, "cells.geojson")
	risk, there := propertiesIn(t, dir, "risk.geojson")
	if len(cells) != 1 || !there || len(risk) == 0 || len(risk) > 3 {
		t.Fatalf("%d cells, %d of shifts; want one, in each of three shifts at most", len(cells), len(risk))
	}
	sum := 0.0
	for _, r := range risk {
		sum += r["expected"].(float64)
		if r["h3"] != cells[0]["h3"] {
			t.Errorf("cell %v of the shift is not on the map", r["h3"])
		}
	}
	if total := cells[0]["risk"].(float64); sum < total*.999 || sum > total*1.001 {
		t.Errorf("the shifts add up to %v, the cell has %v", sum, total)
	}
}
