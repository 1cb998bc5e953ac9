package cluster

import (
	"fmt"
	"slices"
	"time"

	"spreewatch/geo"
)

// A CellCount is what one cell holds in a window, for the map.
type CellCount struct {
	Cell     geo.Cell
	Window   Window
	Observed float64  // aoristic weight of the incidents in it
	Expected *float64 // under independence of space and time; nil when history is too thin to say
	Risk     float64  // expected incidents in the coming shifts
	SpreeID  string   // the spree it belongs to, "" for none
}

// countCells returns the cells that hold an incident of the recent past or
// belong to a spree that has not ended. The recent past runs from the longest lookback before AsOf,
// or from the start of the earliest spree, to AsOf. A cell's risk is the number
// of incidents of all profiles to expect in the 24 hours after AsOf.
func countCells(incidents []Incident, sprees []Spree, risks []*Risk, o DetectOptions) ([]CellCount, error) {
	lookback := o.Lookback
	if lookback == 0 {
		for _, p := range o.Profiles {
			lookback = max(lookback, p.Lookback)
		}
	}
	recent := Window{o.AsOf.Add(-lookback), o.AsOf}
	owner := make(map[geo.Cell]string)
	for _, s := range sprees {
		if s.Status == StatusEnded {
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
	for _, in := range incidents {
		w := shareOf(upTo(in, o.AsOf), recent)
		if w == 0 {
			continue
		}
		c, err := geo.CellAt(in.Point, o.Resolution)
		if err != nil {
			return nil, fmt.Errorf("cell of incident %s: %w", in.ID, err)
		}
		observed[c] += w
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
	if thin(incidents, o.AsOf, recent.Duration()) == "" {
		if err := expect(counts, incidents, recent, o); err != nil {
			return nil, err
		}
	}
	coming := Window{o.AsOf, o.AsOf.Add(24 * time.Hour)}
	areas := Areas(cells)
	for _, risk := range risks {
		for i, r := range risk.In(areas, coming) {
			counts[i].Risk += r.Total()
		}
	}
	return counts, nil
}

// learnRisks learns the risk of each profile, in the order of their names.
func learnRisks(incidents []Incident, o DetectOptions) []*Risk {
	profiles := sortedProfiles(o.Profiles)
	risks := make([]*Risk, len(profiles))
	for i, p := range profiles {
		risks[i] = NewRisk(incidents, p, o.AsOf, o.Zone)
	}
	return risks
}

// expect sets what each cell was to hold in the window if place and time had
// nothing to do with each other: (weight in the cell over all time)(weight in
// the window over all cells)/N.
func expect(counts []CellCount, incidents []Incident, window Window, o DetectOptions) error {
	total := make(map[geo.Cell]float64)
	inWindow := 0.0
	for _, in := range incidents {
		c, err := geo.CellAt(in.Point, o.Resolution)
		if err != nil {
			return fmt.Errorf("cell of incident %s: %w", in.ID, err)
		}
		total[c]++
		inWindow += shareOf(upTo(in, o.AsOf), window)
	}
	for i := range counts {
		e := total[counts[i].Cell] * inWindow / float64(len(incidents))
		counts[i].Expected = &e
	}
	return nil
}
