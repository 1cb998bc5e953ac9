package trial

import (
	"cmp"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/patrol"
	"spreewatch/cluster/risk"
	"spreewatch/geo"
)

// A Tour is how the areas of the plans did: in their whole shift, and in the hours
// that the plan gives them. Beside them stand as many cells as far apart by the year's
// counts in the shift's hours, the first of which has the hours of the plan's first,
// and so on.
type Tour struct {
	Shifts             int
	Areas              int
	InShift, InHours   Score // of the plans; every incident of the shifts is among All
	MapShift, MapHours Score // of the map of counts
	High, HighHits     int   // areas of the priority, and incidents in them in the shift
	Medium, MediumHits int

	// Cells of the priority in a shift, planned or not, and incidents in them: where a
	// plan has few areas and a force many cells, all areas are high.
	HighCells, HighCellHits, MediumCells, MediumCellHits int
}

// add adds the tour of the days that follow.
func (t *Tour) add(next Tour) {
	t.Shifts, t.Areas = t.Shifts+next.Shifts, t.Areas+next.Areas
	t.InShift.add(next.InShift)
	t.InHours.add(next.InHours)
	t.MapShift.add(next.MapShift)
	t.MapHours.add(next.MapHours)
	t.High, t.HighHits = t.High+next.High, t.HighHits+next.HighHits
	t.Medium, t.MediumHits = t.Medium+next.Medium, t.MediumHits+next.MediumHits
	t.HighCells, t.HighCellHits = t.HighCells+next.HighCells, t.HighCellHits+next.HighCellHits
	t.MediumCells, t.MediumCellHits = t.MediumCells+next.MediumCells, t.MediumCellHits+next.MediumCellHits
}

// visit plans the shifts of one day as a night would, without sprees, and adds how
// they did.
func (r *replay) visit(at time.Time) error {
	out := &r.tour
	if r.plans == nil {
		return nil
	}
	duties, err := r.plans.Plan(at, r.fit)
	if err != nil {
		return err
	}
	for _, d := range duties {
		shift := r.scene(at, d.Hours, d.Window)
		counts := make([]float64, len(r.study.Cells))
		for _, i := range shift.universe {
			counts[i] = shift.past[i]
		}
		var ours []int
		for _, s := range d.Suggestions {
			i, _ := slices.BinarySearch(r.study.Cells, s.Cell)
			ours = append(ours, i)
			out.prioritise(s.Priority, int(shift.came[i]))
		}
		r.bands(at, d, shift)
		mapped := r.apart(counts, len(ours))
		out.Shifts++
		out.Areas += len(ours)
		out.InShift.add(shift.score(ours))
		out.MapShift.add(shift.score(mapped))
		out.InHours.add(r.inHours(at, shift, ours, d))
		out.MapHours.add(r.inHours(at, shift, mapped, d))
	}
	return nil
}

func (t *Tour) prioritise(priority string, hits int) {
	switch priority {
	case "high":
		t.High, t.HighHits = t.High+1, t.HighHits+hits
	case "medium":
		t.Medium, t.MediumHits = t.Medium+1, t.MediumHits+hits
	}
}

// bands adds what came in the cells of each priority: by the mean hour of the shift.
func (r *replay) bands(at time.Time, d patrol.Duty, shift scene) {
	if r.fit.High == 0 {
		return
	}
	expected := make([]float64, len(r.study.Cells))
	for _, offence := range r.study.Offences {
		add(expected, r.learner.ExpectedIn(r.fit, r.clock, offence, at, d.Hours, d.Window))
	}
	t, hours := &r.tour, d.Window.Duration().Hours()
	for _, i := range shift.universe {
		switch hits := int(shift.came[i]); {
		case expected[i] >= r.fit.High*hours:
			t.HighCells, t.HighCellHits = t.HighCells+1, t.HighCellHits+hits
		case expected[i] >= r.fit.Medium*hours:
			t.MediumCells, t.MediumCellHits = t.MediumCells+1, t.MediumCellHits+hits
		}
	}
}

// A scene is what came by cell in a window, and in the year before at its hours.
type scene struct {
	came, past           []float64
	universe             []int32
	all, inside, pastAll float64
}

func (r *replay) scene(at time.Time, h risk.Hours, w cluster.Window) scene {
	s := scene{came: make([]float64, len(r.study.Cells)), past: make([]float64, len(r.study.Cells)), universe: r.universe(at)}
	for _, offence := range r.study.Offences {
		cells, n := r.study.Came(offence, w.Start, w.End)
		add(s.came, cells)
		add(s.past, r.clock.Counts(offence, at, h))
		s.all += float64(n)
	}
	for _, i := range s.universe {
		s.inside += s.came[i]
		s.pastAll += s.past[i]
	}
	return s
}

// score is that of whole cells.
func (s scene) score(cells []int) Score {
	out := Score{Cells: float64(len(cells)), Universe: float64(len(s.universe)), All: s.all, Inside: s.inside, PastAll: s.pastAll,
		Best: mostOf(len(cells), s.came, s.universe)}
	for _, i := range cells {
		out.Hits += s.came[i]
		out.Past += s.past[i]
	}
	return out
}

// inHours is the score of cells in the hours of the duty's suggestions, in their
// order: a cell counts for the part of the shift that it is visited in, and the best
// are the best cells of each stretch of hours.
func (r *replay) inHours(at time.Time, shift scene, cells []int, d patrol.Duty) Score {
	out := Score{Universe: float64(len(shift.universe)), All: shift.all, Inside: shift.inside, PastAll: shift.pastAll}
	byBand := map[cluster.Window][]int{}
	var bands []cluster.Window
	for k, i := range cells {
		band := d.Suggestions[k].Band
		if byBand[band] == nil {
			bands = append(bands, band)
		}
		byBand[band] = append(byBand[band], i)
	}
	for _, band := range bands {
		s := r.scene(at, r.clock.HoursOf(band), band).score(byBand[band])
		out.Cells += s.Cells * float64(band.Duration()) / float64(d.Window.Duration())
		out.Hits, out.Best, out.Past = out.Hits+s.Hits, out.Best+s.Best, out.Past+s.Past
	}
	return out
}

func add(sum, x []float64) {
	for i := range sum {
		sum[i] += x[i]
	}
}

// apart returns the n cells with the most, each as far from those before it as the
// plan's areas are.
func (r *replay) apart(x []float64, n int) []int {
	order := make([]int, 0, len(x))
	for i := range x {
		if x[i] > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[b], x[a]) })
	var chosen []int
	var centres []orb.Point
	for _, i := range order {
		if len(chosen) == n {
			break
		}
		c := r.study.Centre(i)
		if !slices.ContainsFunc(centres, func(o orb.Point) bool { return geo.Distance(o, c) < r.o.Plan.Apart }) {
			chosen, centres = append(chosen, i), append(centres, c)
		}
	}
	return chosen
}

// plain is the profile of an offence that has none of its own.
func plain(offence string) cluster.Profile {
	return cluster.Profile{Offence: offence, RadiusM: 400, Window: 7 * oneDay, MinIncidents: 3, DecayM: 200, DecayTime: 7 * oneDay}
}

// planner plans for every offence of the study, nil where no shifts are.
func (r *replay) planner(incidents []cluster.Incident) *patrol.Replay {
	o := r.o.Plan
	if len(o.Shifts) == 0 {
		return nil
	}
	var profiles []cluster.Profile
	for _, offence := range r.study.Offences {
		k := slices.IndexFunc(o.Profiles, func(p cluster.Profile) bool { return p.Offence == offence })
		if k < 0 {
			profiles = append(profiles, plain(offence))
			continue
		}
		profiles = append(profiles, o.Profiles[k])
	}
	o.Profiles, o.ShiftsAhead, o.Resolution = profiles, len(o.Shifts), r.o.Resolution
	return patrol.NewReplay(incidents, r.learner, r.clock, o)
}
