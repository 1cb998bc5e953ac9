package export

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

// publicResolution is the finest at which the public sees where anything is: a
// cell of about 5 km² in Britain, 2.2 km across.
const publicResolution = 7

// bands are the counts that the public sees in place of a count: the greatest that
// is not over it.
var bands = []int{1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000}

// band returns the count that the public sees.
func band(n int) int {
	i, exact := slices.BinarySearch(bands, n)
	if exact {
		return bands[i]
	}
	if i == 0 {
		return 0
	}
	return bands[i-1]
}

// Shareable returns the incidents in a coarse cell that holds at least MinCount of
// them: those that the public's sprees, plan and counts are made of. Nothing that
// is made of them alone changes when one more report lies in a cell under the
// threshold.
func Shareable(incidents []cluster.Incident, o Options) ([]cluster.Incident, error) {
	cells := make([]geo.Cell, len(incidents))
	held := make(map[geo.Cell]int)
	for i, in := range incidents {
		var err error
		if cells[i], err = geo.CellAt(in.Point, o.snapResolution()); err != nil {
			return nil, fmt.Errorf("incident %s: %w", in.ID, err)
		}
		held[cells[i]]++
	}
	var out []cluster.Incident
	for i, in := range incidents {
		if held[cells[i]] >= o.MinCount {
			out = append(out, in)
		}
	}
	return out, nil
}

// Coarse returns the coarse cell and the local days of an incident: all that the
// public may know of it.
func Coarse(in cluster.Incident, o Options) (geo.Cell, cluster.Window, error) {
	c, err := geo.CellAt(in.Point, o.snapResolution())
	if err != nil {
		return 0, cluster.Window{}, fmt.Errorf("incident %s: %w", in.ID, err)
	}
	return c, publicView{o: o}.days([]cluster.Incident{in}), nil
}

// forPublic returns what the public may see: sprees, suggestions and counts of
// coarse cells that hold at least MinCount of the incidents behind each, counts in
// bands, days in place of clock times, and nothing that moves with a single
// incident: no risk, no statistic, no centre, radius or confidence, no identity
// that is made from the incidents. Empty cells are dropped too: were they shown, a
// gap would mean a small count.
func forPublic(r Result, o Options) (Result, error) {
	plain := make([]cluster.Incident, len(r.Incidents))
	for i, in := range r.Incidents {
		plain[i] = *in.Incident
	}
	shareable, err := Shareable(plain, o)
	if err != nil {
		return Result{}, err
	}
	view := publicView{o: o, byID: make(map[string]cluster.Incident, len(shareable))}
	for _, in := range shareable {
		view.byID[in.ID] = in
	}
	public := Result{Run: r.Run}
	for _, s := range r.Sprees {
		blurred, inside, err := view.spree(s)
		if err != nil {
			return Result{}, err
		}
		if len(blurred.Zone) == 0 {
			continue
		}
		public.Sprees = append(public.Sprees, blurred)
		for _, in := range inside {
			if slices.Contains(blurred.Places, in.PlaceName) {
				public.Incidents = append(public.Incidents, layer.Incident{Incident: &in, Member: &layer.Membership{SpreeID: "shown"}})
			}
		}
	}
	slices.SortStableFunc(public.Sprees, func(a, b cluster.Spree) int {
		return cmp.Or(a.Window.Start.Compare(b.Window.Start), cmp.Compare(a.Offence, b.Offence), slices.Compare(a.Zone, b.Zone), a.Window.End.Compare(b.Window.End))
	})
	for i := range public.Sprees {
		public.Sprees[i].ID = fmt.Sprintf("spree %03d", i+1)
	}
	if public.Cells, err = view.cells(r.Cells, shareable); err != nil {
		return Result{}, err
	}
	public.Suggestions, err = view.suggestions(r.Suggestions)
	return public, err
}

// A publicView makes what the public sees of what the incidents come to.
type publicView struct {
	o    Options
	byID map[string]cluster.Incident
}

// common returns the coarse cells that hold at least MinCount of the incidents, in
// their order, and the incidents in them.
func (v publicView) common(ids []string) (cells []geo.Cell, inside []cluster.Incident, err error) {
	held := make(map[geo.Cell][]cluster.Incident)
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		in, ok := v.byID[id]
		if !ok {
			continue
		}
		c, err := geo.CellAt(in.Point, v.o.snapResolution())
		if err != nil {
			return nil, nil, fmt.Errorf("incident %s: %w", id, err)
		}
		held[c] = append(held[c], in)
	}
	for c, in := range held {
		if len(in) >= v.o.MinCount {
			cells = append(cells, c)
		}
	}
	slices.Sort(cells)
	for _, c := range cells {
		inside = append(inside, held[c]...)
	}
	return cells, inside, nil
}

// day returns the local day that the instant lies in.
func (v publicView) day(t time.Time) cluster.Window {
	year, month, day := t.In(v.o.Zone).Date()
	at := func(day int) time.Time { return time.Date(year, month, day, 0, 0, 0, 0, v.o.Zone).UTC() }
	return cluster.Window{Start: at(day), End: at(day + 1)}
}

// days returns the local days of the incidents.
func (v publicView) days(incidents []cluster.Incident) cluster.Window {
	var w cluster.Window
	for i, in := range incidents {
		from, to := v.day(in.From.Time()).Start, v.day(in.To.Time()).End
		if i == 0 || from.Before(w.Start) {
			w.Start = from
		}
		if i == 0 || to.After(w.End) {
			w.End = to
		}
	}
	return w
}

// spree returns what the public sees of a spree, without an identity, and the
// incidents behind it; a spree without a zone is not seen at all.
func (v publicView) spree(s cluster.Spree) (cluster.Spree, []cluster.Incident, error) {
	cells, inside, err := v.common(s.Incidents)
	if err != nil {
		return cluster.Spree{}, nil, fmt.Errorf("spree %s: %w", s.ID, err)
	}
	unknown := math.NaN()
	return cluster.Spree{
		Offence: s.Offence, Incidents: make([]string, band(len(inside))), Zone: cells, Window: v.days(inside), Places: commonPlaces(inside, v.o.MinCount),
		Observed: unknown, RadiusM: unknown, Centre: orb.Point{unknown, unknown}, Confidence: unknown,
	}, inside, nil
}

// cells counts the incidents of the window that was counted by coarse cell.
func (v publicView) cells(counted []detect.CellCount, incidents []cluster.Incident) ([]detect.CellCount, error) {
	if len(counted) == 0 {
		return nil, nil
	}
	window := counted[0].Window
	var ids []string
	for _, in := range incidents {
		if in.From.Before(window.End) && !in.To.Before(window.Start) {
			ids = append(ids, in.ID)
		}
	}
	cells, inside, err := v.common(ids)
	if err != nil {
		return nil, err
	}
	held := make(map[geo.Cell]int)
	for _, in := range inside {
		c, err := geo.CellAt(in.Point, v.o.snapResolution())
		if err != nil {
			return nil, err
		}
		held[c]++
	}
	out := make([]detect.CellCount, len(cells))
	for i, c := range cells {
		out[i] = detect.CellCount{Cell: c, Observed: float64(band(held[c])), Risk: math.NaN(),
			Window: cluster.Window{Start: v.day(window.Start).Start, End: v.day(window.End.Add(-1)).End}}
	}
	return out, nil
}

// suggestions returns a suggestion a coarse cell, offence and day, where the cell
// holds at least MinCount of the incidents behind it; those with most incidents
// first.
func (v publicView) suggestions(suggestions []patrol.Suggestion) ([]patrol.Suggestion, error) {
	var out []patrol.Suggestion
	for _, s := range suggestions {
		if !s.Cell.Valid() {
			continue
		}
		middle, err := geo.CellAt(s.Cell.Centre(), v.o.snapResolution())
		if err != nil {
			return nil, fmt.Errorf("suggestion of rank %d: %w", s.Rank, err)
		}
		cells, _, err := v.common(s.Incidents)
		if err != nil {
			return nil, fmt.Errorf("suggestion of rank %d: %w", s.Rank, err)
		}
		if !slices.Contains(cells, middle) {
			continue
		}
		day := v.day(s.Band.Start)
		same := func(x patrol.Suggestion) bool {
			return x.Cell == middle && x.Offence == s.Offence && x.Band.Start.Equal(day.Start)
		}
		if slices.ContainsFunc(out, same) {
			continue
		}
		var inside []cluster.Incident
		for _, id := range slices.Compact(slices.Sorted(slices.Values(s.Incidents))) {
			if in, ok := v.byID[id]; ok {
				if c, err := geo.CellAt(in.Point, v.o.snapResolution()); err == nil && c == middle {
					inside = append(inside, in)
				}
			}
		}
		name := ""
		if places := commonPlaces(inside, v.o.MinCount); len(places) > 0 {
			name = places[0]
		}
		action := s.Action
		if len(s.Acts) > 0 {
			action = s.AnyHour // the other one tells the hour
		}
		out = append(out, patrol.Suggestion{
			Offence: s.Offence, PlaceName: name, Cell: middle, Area: []geo.Cell{middle}, AreaM2: middle.AreaM2(), Shift: day.Start.In(v.o.Zone).Format(time.DateOnly),
			Band: day, Dwell: s.Dwell, Visits: 1, Risk: math.NaN(), Action: action, Confidence: math.NaN(),
			Incidents: make([]string, band(len(inside))), Expires: day.End,
		})
	}
	slices.SortStableFunc(out, func(a, b patrol.Suggestion) int {
		return cmp.Or(a.Band.Start.Compare(b.Band.Start), cmp.Compare(len(b.Incidents), len(a.Incidents)), cmp.Compare(a.Cell, b.Cell), cmp.Compare(a.Offence, b.Offence))
	})
	for i := range out {
		out[i].Rank = i + 1
		out[i].ID = fmt.Sprintf("%s %d", out[i].Shift, out[i].Rank)
	}
	return out, nil
}

// commonPlaces returns the settlements that at least so many of the incidents
// are in, by name.
func commonPlaces(incidents []cluster.Incident, least int) []string {
	count := make(map[string]int)
	var names []string
	for _, in := range incidents {
		count[in.PlaceName]++
		if in.PlaceName != "" && count[in.PlaceName] == least {
			names = append(names, in.PlaceName)
		}
	}
	slices.Sort(names)
	return names
}
