package night

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/data/export"
	"spreewatch/geo"
)

// A public folder is the same to the byte whether or not it knows of a report in a
// cell under the threshold, wherever and whenever that was, near the others or far
// from them; and of a report in a cell over it it tells the cell and the day.
func TestPublicDifferencing(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	coarse := func(p orb.Point) geo.Cell {
		c, err := geo.CellAt(p, 7)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	const header = "ref,offence,location,from,lat,lon"
	row := func(ref, offence string, at time.Time, p orb.Point) string {
		return fmt.Sprintf("%s,%s,somewhere,%s,%.5f,%.5f", ref, offence, at.Format("2006-01-02T15:04"), p[1], p[0])
	}
	night := time.Date(2015, 9, 17, 2, 0, 0, 0, time.UTC)
	held := map[geo.Cell]int{}
	rows := []string{header}
	for k, middle := range []orb.Point{{1.292, 52.628}, {1.300, 52.640}, {1.310, 52.622}} {
		for j := range 6 + k {
			p := coarse(middle).Centre()
			p[0], p[1] = p[0]+0.01*(rng.Float64()-0.5), p[1]+0.006*(rng.Float64()-0.5)
			held[coarse(p)]++
			rows = append(rows, row(fmt.Sprintf("H%d%d", k, j), "courier-fraud", night.Add(-time.Duration(rng.IntN(20*60))*time.Minute), p))
		}
	}
	folder := func(audience export.Audience, rows []string) map[string]string {
		t.Helper()
		o := optionsFor(t)
		o.AsOf = night
		dir := t.TempDir()
		if _, err := Run(t.Context(), o, Reading{Files: []string{file(t, "rows.csv", rows...)}}, Writing{Dir: dir, Audience: audience}); err != nil {
			t.Fatal(err)
		}
		files := map[string]string{}
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			text, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			files[e.Name()] = string(text)
		}
		return files
	}
	want := folder(export.AudiencePublic, rows)
	if len(want["sprees.geojson"]) < 500 || len(want["cells.geojson"]) < 500 || len(want["patrols.geojson"]) < 500 {
		t.Fatalf("the public sees nothing at all: %d, %d, %d bytes", len(want["sprees.geojson"]), len(want["cells.geojson"]), len(want["patrols.geojson"]))
	}
	tried := 0
	for tried < 12 {
		p := orb.Point{1.27 + 0.08*rng.Float64(), 52.60 + 0.08*rng.Float64()}
		if n := held[coarse(p)]; n >= 4 {
			continue
		}
		tried++
		more := append(rows[:len(rows):len(rows)], row("VICTIM", "courier-fraud", night.Add(-time.Duration(rng.IntN(30*60))*time.Minute), p))
		if diff := cmp.Diff(want, folder(export.AudiencePublic, more)); diff != "" {
			t.Errorf("a report at %v, in a cell with %d, shows:\n%s", p, held[coarse(p)], diff)
		}
	}
	at := coarse(orb.Point{1.292, 52.628}).Centre()
	one := func(p orb.Point, minute int) []string {
		return append(rows[:len(rows):len(rows)], row("VICTIM", "courier-fraud", time.Date(2015, 9, 16, 11, minute, 0, 0, time.UTC), p))
	}
	here, there := orb.Point{at[0] + 0.004, at[1]}, orb.Point{at[0] - 0.004, at[1] + 0.002}
	if coarse(here) != coarse(there) {
		t.Fatal("the two places lie in two cells")
	}
	if diff := cmp.Diff(folder(export.AudiencePublic, one(here, 5)), folder(export.AudiencePublic, one(there, 55))); diff != "" {
		t.Errorf("where in its cell, or when in its day, a report was shows:\n%s", diff)
	}
	if cmp.Equal(folder(export.AudienceSupervisor, one(here, 5)), folder(export.AudienceSupervisor, one(there, 55))) {
		t.Error("the supervisor's folders are the same too: nothing was tested")
	}
}

// An attacker who has the folders of two nights, and of the second one issued again,
// knows every report but one, and the program: whether that one lies in a cell that
// the public sees, brings a cell over the threshold or leaves it under it, any place
// in its cell of resolution 7 and any time of its day give the same folders, to the
// byte. Behind the nights lies enough of a past for the threshold to be calibrated
// and for the risk to be learnt.
func TestPublicDifferencingBetweenNights(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	first := time.Date(2015, 9, 17, 2, 0, 0, 0, time.UTC)
	second := first.AddDate(0, 0, 1)
	middles := []orb.Point{{1.292, 52.628}, {1.330, 52.640}, {1.240, 52.622}}
	cells := make([]geo.Cell, len(middles))
	within := func(cell geo.Cell) orb.Point {
		for {
			p := cell.Centre()
			p[0], p[1] = p[0]+.03*(rng.Float64()-.5), p[1]+.02*(rng.Float64()-.5)
			if at, err := geo.CellAt(p, 7); err == nil && at == cell {
				return p
			}
		}
	}
	rows := []string{"ref,offence,location,from,lat,lon"}
	add := func(rows []string, ref string, at time.Time, p orb.Point) []string {
		return append(rows[:len(rows):len(rows)], fmt.Sprintf("%s,courier-fraud,somewhere,%s,%.5f,%.5f", ref, at.Format("2006-01-02T15:04"), p[1], p[0]))
	}
	for k, middle := range middles {
		var err error
		if cells[k], err = geo.CellAt(middle, 7); err != nil {
			t.Fatal(err)
		}
		for j := range []int{40, 4, 2}[k] { // over the threshold of 5, one under it, under it with one more
			rows = add(rows, fmt.Sprintf("H%d-%d", k, j), first.Add(-time.Duration(rng.IntN(12*24*60))*time.Minute), within(cells[k]))
		}
	}
	for j := range 6 { // a burst on the last day before the first night
		rows = add(rows, fmt.Sprintf("B%d", j), first.Add(-time.Duration(3*60+rng.IntN(6*60))*time.Minute), within(cells[0]))
	}
	nights := func(audience export.Audience, victim []string) [3]map[string]string {
		t.Helper()
		o := optionsFor(t)
		few := 49
		o.Settings = o.Settings.With(Change{Replicates: &few})
		var out [3]map[string]string
		for n, r := range []struct {
			asOf time.Time
			rows []string
		}{{first, rows}, {second, append(rows[:1:1], victim...)}, {second, rows[:1]}} {
			o.AsOf, o.Now = r.asOf, r.asOf.Add(time.Duration(n)*time.Minute)
			dir := filepath.Join(t.TempDir(), "out")
			if _, err := Run(t.Context(), o, Reading{Files: []string{file(t, "rows.csv", r.rows...)}}, Writing{Dir: dir, Audience: audience}); err != nil {
				t.Fatal(err)
			}
			out[n] = folder(t, dir)
		}
		return out
	}
	seen := map[bool]int{}
	none := nights(export.AudiencePublic, nil)
	for k, cell := range cells {
		victim := func() []string {
			return add(nil, "VICTIM", time.Date(2015, 9, 17, 8, 0, 0, 0, time.UTC).Add(time.Duration(rng.IntN(12*60))*time.Minute), within(cell))
		}
		here, there := victim(), victim()
		want := nights(export.AudiencePublic, here)
		if diff := cmp.Diff(want, nights(export.AudiencePublic, there)); diff != "" {
			t.Errorf("cell %d: where in it, or when in the day, the one report was shows:\n%s", k, diff)
		}
		if diff := cmp.Diff(want[1], want[2]); diff != "" {
			t.Errorf("cell %d: the second night issued again is another:\n%s", k, diff)
		}
		seen[cmp.Equal(want, none)]++
		if k == 2 && !cmp.Equal(want, none) {
			t.Errorf("a report in a cell under the threshold shows:\n%s", cmp.Diff(none, want))
		}
	}
	if seen[false] == 0 {
		t.Error("no report shows in any cell: nothing was tested")
	}
	if cmp.Equal(nights(export.AudienceSupervisor, add(nil, "VICTIM", first.Add(9*time.Hour), within(cells[0]))), nights(export.AudienceSupervisor, add(nil, "VICTIM", first.Add(12*time.Hour), within(cells[0])))) {
		t.Error("the supervisor's folders are the same too: nothing was tested")
	}
}
