package detect

import (
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// A CellCount is what one cell holds in a window, for the map.
type CellCount struct {
	Cell     geo.Cell
	Window   cluster.Window
	Observed float64  // aoristic weight of the incidents in it
	Expected *float64 // under independence of space and time; nil when history is too thin to say
	Risk     float64  // expected incidents in the coming shifts: the plan sets it
	SpreeID  string   // the spree it belongs to, "" for none
}

// countCells returns the cells that hold an incident of the recent past or
// belong to a spree that has not ended. The recent past runs from the longest lookback
// before AsOf, or from the start of the earliest spree, to AsOf.
func countCells(incidents []*cluster.Incident, sprees []cluster.Spree, o Options) ([]CellCount, error) {
	lookback := o.Lookback
	if lookback == 0 {
		for _, p := range o.Profiles {
			lookback = max(lookback, p.Lookback)
		}
	}
	recent := cluster.Window{Start: o.AsOf.Add(-lookback), End: o.AsOf}
	owner := make(map[geo.Cell]string)
	for _, s := range sprees {
		if s.Status == cluster.StatusEnded {
			continue
		}
		if s.Window.Start.Before(recent.Start) {
			recent.Start = s.Window.Start
		}
		for _, c := range s.Zone {
			if owner[c] == "" {
				owner[c] = s.ID
			}
		}
	}
	observed := make(map[geo.Cell]float64)
	for c := range owner {
		observed[c] = 0
	}
	byResolution, err := o.CellBook.Cells(incidents, o.Resolution)
	if err != nil {
		return nil, err
	}
	of := byResolution[0]
	inWindow := 0.0
	for i, in := range incidents {
		if w := shareOf(in, recent, o.AsOf); w > 0 {
			observed[of[i]] += w
			inWindow += w
		}
	}
	cells := make([]geo.Cell, 0, len(observed))
	for c := range observed {
		cells = append(cells, c)
	}
	slices.Sort(cells)
	counts := make([]CellCount, len(cells))
	for i, c := range cells {
		counts[i] = CellCount{Cell: c, Window: recent, Observed: observed[c], SpreeID: owner[c]}
	}
	if !thin(incidents, o.AsOf, recent.Duration()) {
		expect(counts, of, inWindow)
	}
	return counts, nil
}

// shareOf is the share of the incident's interval in the window, which most of a
// year's ended before.
func shareOf(in *cluster.Incident, window cluster.Window, asOf time.Time) float64 {
	if in.To < cluster.At(window.Start) {
		return 0
	}
	return cluster.ShareOf(cluster.UpTo(*in, asOf), window)
}

// An expected count of a cell compares its past with that of all, so it needs so
// many incidents over so many days and times the window.
const (
	thinIncidents = 30
	thinDays      = 14
	thinWindows   = 4
)

// thin reports whether the incidents are too few to say what a cell was to hold in
// a window of the length.
func thin(incidents []*cluster.Incident, asOf time.Time, window time.Duration) bool {
	first := cluster.At(asOf)
	for _, in := range incidents {
		first = min(first, in.From)
	}
	span := asOf.Sub(first.Time())
	return len(incidents) < thinIncidents || span < max(thinDays*24*time.Hour, thinWindows*window)
}

// expect sets what each cell was to hold in the window if place and time had
// nothing to do with each other: (weight in the cell over all time)(weight in
// the window over all cells)/N. The incidents are given by their cells.
func expect(counts []CellCount, cells []geo.Cell, inWindow float64) {
	total := make(map[geo.Cell]float64)
	for _, c := range cells {
		total[c]++
	}
	for i := range counts {
		e := total[counts[i].Cell] * inWindow / float64(len(cells))
		counts[i].Expected = &e
	}
}
