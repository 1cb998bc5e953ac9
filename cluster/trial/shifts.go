package trial

import (
	"cmp"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster/risk"
	"spreewatch/geo"
)

// A Tour is how areas chosen for shifts did: those with the most risk, apart from
// each other, beside as many chosen by the year's counts in the shift's hours.
type Tour struct {
	Shifts             int
	All                int // incidents in the shifts
	Areas, Hits        int
	CountHits          int // of the map of counts
	High, HighHits     int // areas of the priority, and incidents in them
	Medium, MediumHits int
}

// A priority is absolute: by what is expected of a cell in an hour.
const (
	apartM   = 500 // between two areas of a shift
	perShift = 5
)

// tour plans the shifts of one day.
func (r *replay) tour(offences []string, at time.Time, out *Tour) {
	for _, h := range r.o.Shifts {
		w := r.clock.Next(h, at)
		ours, counts, came := make([]float64, len(r.study.Cells)), make([]float64, len(r.study.Cells)), make([]float64, len(r.study.Cells))
		for _, offence := range offences {
			add(ours, r.learner.ExpectedIn(r.fit, r.clock, offence, at, h, w))
			add(counts, r.clock.Counts(offence, at, h))
			cells, n := r.study.Came(offence, w.Start, w.End)
			add(came, cells)
			out.All += n
		}
		out.Shifts++
		for _, i := range r.apart(ours) {
			hits := int(came[i])
			out.Areas++
			out.Hits += hits
			switch rate := ours[i] / w.Duration().Hours(); {
			case rate >= r.fit.High:
				out.High++
				out.HighHits += hits
			case rate >= r.fit.Medium:
				out.Medium++
				out.MediumHits += hits
			}
		}
		for _, i := range r.apart(counts) {
			out.CountHits += int(came[i])
		}
	}
}

func add(sum, x []float64) {
	for i := range sum {
		sum[i] += x[i]
	}
}

// apart returns the cells with the most, each at least 500 m from those before it.
func (r *replay) apart(x []float64) []int {
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
		if len(chosen) == perShift {
			break
		}
		c := r.study.Centre(i)
		if !slices.ContainsFunc(centres, func(o orb.Point) bool { return geo.Distance(o, c) < apartM }) {
			chosen, centres = append(chosen, i), append(centres, c)
		}
	}
	return chosen
}

// DayShifts are early 07–15, late 15–23 and night 23–07.
func DayShifts() []risk.Hours {
	return []risk.Hours{{Name: "early", From: 7 * 60, To: 15 * 60}, {Name: "late", From: 15 * 60, To: 23 * 60}, {Name: "night", From: 23 * 60, To: 7 * 60}}
}
