package risk

import (
	"cmp"
	"math"
	"slices"
	"sync"
	"time"
)

const (
	headShare       = .1     // of the cells: where patrols may go, and so where the likelihood looks
	topShare        = .01    // of the cells: where a plan's areas lie, and so where that of a shift looks
	leastTop        = 15     // cells, under which the likelihood of a shift sees too little
	learnDays       = 365    // of the past that the weights rest on
	warmDays        = 28     // of history that a day needs before it teaches anything
	stepDays        = 3      // between two days that teach
	lessonIncidents = 20_000 // of an offence in a year, beyond which fewer days teach
	levelDays       = 28     // that the number of incidents to come rests on
	ripeDays        = 30     // after which no report of a day is waited for
	bandDays        = 120    // that the factors by band of area rest on
	cityStrength    = 30     // incidents that the weights of all offences count for beside an offence's own
	cityMost        = 300    // incidents that one offence counts for among all, so that none speaks for the others
	levelWeight     = 10     // incidents that the year counts for beside the last four weeks
	bandWeight      = 5      // incidents that a band's factor of 1 counts for
)

// bandEdges are shares of the cells, those with the highest risk first. All but the
// last band lie in the head.
var bandEdges = [...]float64{.01, .02, .05, headShare, 1}

// Learned is what the past taught of one offence and one horizon.
type Learned struct {
	Weights []float64               `json:"weights"` // by part
	Lean    Lean                    `json:"lean"`    // to where other offences happen: the powers of their own count and of their kernel of 250 m
	Bands   [len(bandEdges)]float64 `json:"bands"`   // what the expected count of a band of cells is multiplied by
	Rests   float64                 `json:"rests"`   // outcomes that the weights rest on
}

// An OffenceFit is what was learnt of one offence.
type OffenceFit struct {
	Offence   string  `json:"offence"`
	Incidents int     `json:"incidents"`
	Day       Learned `json:"day"`  // the next 24 hours
	Week      Learned `json:"week"` // the next seven days
	Shift     Learned `json:"shift"`
}

// A Fit is what was learnt of the past up to AsOf and nothing later.
type Fit struct {
	Form       int          `json:"form"` // of the fit: what one program wrote is not taken by another for its own
	AsOf       time.Time    `json:"as_of"`
	Days       float64      `json:"days"` // of the past that it was learnt on
	Resolution int          `json:"resolution"`
	Parts      []Part       `json:"parts"`
	ShiftParts []Part       `json:"shift_parts"`
	Offences   []OffenceFit `json:"offences"` // by name
	City       OffenceFit   `json:"city"`     // of all offences together
	High       float64      `json:"high"`     // 99th percentile of the expected incidents of a cell in an hour
	Medium     float64      `json:"medium"`   // 95th
}

// refitDays is how many days a fit is good for at the most: as often as that the
// replay that its figures come from learns anew.
const refitDays = 30

// FitForm is the form of the fits that this program makes.
const FitForm = 4

// Old reports whether a plan of the moment needs a newer fit: after thirty days, once
// the past that it was learnt on has grown by a quarter, or where it is of another form
// or its weights of other parts than this program has.
func (f *Fit) Old(asOf time.Time) bool {
	age := dayOf(asOf) - dayOf(f.AsOf)
	return age > refitDays || age > f.Days/4 || f.Form != FitForm || !slices.Equal(f.Parts, dayParts) ||
		f.ShiftParts != nil && !slices.Equal(f.ShiftParts, shiftParts)
}

// Of returns what was learnt of the offence, of one that is new that of all.
func (f *Fit) Of(offence string) OffenceFit {
	i, found := slices.BinarySearchFunc(f.Offences, offence, func(o OffenceFit, name string) int { return cmp.Compare(o.Offence, name) })
	if !found {
		return f.City
	}
	return f.Offences[i]
}

// A Learner learns from one study again and again, and keeps what days gone by
// taught it.
type Learner struct {
	study  *Study
	clock  *Clock
	shifts []Hours
	seen   map[string][]lesson // by offence, by day
	views  map[float64]*view
	last   *moment
	lock   sync.Mutex // of seen and views
	asked  sync.Mutex // of last
}

// NewLearner learns from the study, and by the clock what the shifts have of it. The
// clock is nil where there are none.
func NewLearner(s *Study, c *Clock, shifts ...Hours) *Learner {
	return &Learner{study: s, clock: c, shifts: shifts, seen: map[string][]lesson{}, views: map[float64]*view{}}
}

// Study returns the study that the learner learns from.
func (l *Learner) Study() *Study { return l.study }

var horizons = [2]float64{1, 7}

// taughtBy is how many days after a lesson's day teach each horizon. The next day's
// weights rest on three: no incident is passed over, and the weights are steadier.
var taughtBy = [2]float64{stepDays, 7}

// Fit learns weights, factors and thresholds from what was known at asOf. The work on
// one offence does not depend on that on another, so neither does the answer on who
// does it.
func (l *Learner) Fit(asOf time.Time) *Fit {
	now := dayOf(asOf)
	f := &Fit{Form: FitForm, AsOf: asOf.UTC(), Parts: DayParts()}
	if len(l.study.Cells) > 0 {
		f.Resolution = l.study.Cells[0].Resolution()
		f.Days = max(0, now-l.study.first)
	}
	for _, h := range l.shifts {
		l.clock.shareIn(h) // made here, and read by all
	}
	lessons, rows := make([][]lesson, len(l.study.Offences)), make([][2][]row, len(l.study.Offences))
	incidents := make([]int, len(l.study.Offences))
	pools := l.pool(lessonDays(l.study.first, now, bandDays, stepDays))
	l.each(func(i int) {
		o := l.study.Offences[i]
		if incidents[i] = len(knownBy(upTo(l.study.past[o], now), now)); incidents[i] > 0 {
			lessons[i] = l.lessons(o, now, pools)
			rows[i] = l.dayRows(o, lessons[i], now)
		}
	})
	all := [2][]row{}
	for _, own := range rows {
		for h := range own {
			all[h] = append(all[h], atMost(own[h], cityMost)...)
		}
	}
	f.City = OffenceFit{Day: learned(all[0], dayWeights(), cityStrength), Week: learned(all[1], dayWeights(), cityStrength)}
	fits := make([]OffenceFit, len(l.study.Offences))
	l.each(func(i int) {
		fits[i] = OffenceFit{Offence: l.study.Offences[i], Incidents: incidents[i],
			Day:  learned(rows[i][0], f.City.Day.Weights, cityStrength),
			Week: learned(rows[i][1], f.City.Week.Weights, cityStrength)}
	})
	l.fitLeans(f, fits, lessons)
	l.each(func(i int) { l.band(&fits[i], lessons[i], now) })
	if len(l.shifts) > 0 {
		l.fitShifts(f, fits, lessons)
	}
	for _, of := range fits {
		if of.Incidents > 0 {
			f.Offences = append(f.Offences, of)
		}
	}
	if len(l.shifts) > 0 {
		l.thresholds(f)
	}
	return f
}

// atMost returns the outcomes as if they had been so many at the most.
func atMost(rows []row, most float64) []row {
	n := 0.0
	for _, r := range rows {
		n += r.count
	}
	out := slices.Clone(rows)
	for i := range out {
		out[i].count *= min(1, most/n)
	}
	return out
}

func learned(rows []row, prior []float64, strength float64) Learned {
	out := Learned{Weights: learn(rows, prior, strength)}
	for b := range out.Bands {
		out.Bands[b] = 1
	}
	for _, r := range rows {
		out.Rests += r.count
	}
	return out
}

// epochs grow by so much: cells become known fast at first, and then slowly.
const epochGrowth = 1.4

// viewAt returns the study as it was known on the day; the kernels' edges are those of
// up to two sevenths of the history before, since they hardly move and take time.
func (l *Learner) viewAt(day float64) *view {
	l.lock.Lock()
	defer l.lock.Unlock()
	v := l.views[day]
	if v != nil {
		return v
	}
	v = l.study.view(day)
	l.views[day] = v
	age := day - l.study.first
	if age < warmDays {
		return v
	}
	epoch := float64(warmDays)
	for epoch*epochGrowth <= age {
		epoch *= epochGrowth
	}
	base := l.views[l.study.first+epoch]
	if base == nil {
		base = l.study.view(l.study.first + epoch)
		l.views[l.study.first+epoch] = base
	}
	if base != v {
		v.edges = base
	}
	return v
}

// band learns the factors by band of area from the lessons of the last 120 days, from
// what came in the cells that were known. A day whose past was shorter than today's
// counts for less, by the square of how much: with little to go by the highest cells
// held fewer of what came.
func (l *Learner) band(of *OffenceFit, lessons []lesson, now float64) {
	marks := l.study.past[of.Offence]
	var came, told [2][len(bandEdges)]float64
	for i := range lessons {
		les := &lessons[i]
		if les.head == nil {
			continue
		}
		trust := math.Pow((les.day-l.study.first)/(now-l.study.first), 2)
		for h, learned := range []Learned{of.Day, of.Week} {
			if les.day+taughtBy[h] > now {
				continue
			}
			counts := les.count(l.study, marks, taughtBy[h], now, nil)
			les.band(les.mixed(learned.Weights, learned.Lean), counts, trust*min(1, float64(stepDays)/taughtBy[h]), &came[h], &told[h])
		}
	}
	of.Day.Bands = factors(came[0], told[0])
	of.Week.Bands = factors(came[1], told[1])
}

// band adds what came and what was told of it, by band: the head by rank, the rest as
// one.
func (les *lesson) band(mixed, counts []float64, trust float64, came, told *[len(bandEdges)]float64) {
	all := 0.0
	for _, n := range counts {
		all += n
	}
	if all == 0 {
		return
	}
	order := make([]int32, len(les.at))
	for j := range order {
		order[j] = int32(j)
	}
	rest, inHead := 1.0, 0.0
	for b, done := 0, 0; b < len(bandEdges)-1; b++ {
		upto := min(len(order), int(math.Ceil(bandEdges[b]*float64(les.n))))
		putFirst(order[done:], mixed, upto-done)
		for _, j := range order[done:upto] {
			told[b] += trust * all * mixed[j]
			rest -= mixed[j]
			if k, ok := slices.BinarySearch(les.cells, les.at[j]); ok {
				came[b] += trust * counts[k]
				inHead += counts[k]
			}
		}
		done = upto
	}
	last := len(bandEdges) - 1
	told[last] += trust * all * max(0, rest)
	came[last] += trust * (all - inHead)
}

// bands returns the band of each cell, −1 of one that is not known.
func (v *view) bands(risk []float64) []int8 {
	out := make([]int8, len(risk))
	for i := range out {
		out[i] = -1
	}
	cells := v.cellsKnown()
	done := 0
	for b, edge := range bandEdges {
		upto := min(len(cells), int(math.Ceil(edge*float64(v.n))))
		putFirst(cells[done:], risk, upto-done)
		for _, i := range cells[done:upto] {
			out[i] = int8(b)
		}
		done = upto
	}
	return out
}

// factors returns what came over what was told, each band as if bandWeight more had
// come as told, and none over the band before it (pool adjacent violators, Barlow and
// others 1972). But the very highest cells owe some of what they had to luck: where less
// came in the first band than was told, by more than half a standard deviation, it has no
// more than that.
func factors(came, told [len(bandEdges)]float64) [len(bandEdges)]float64 {
	type pool struct {
		factor, weight float64
		bands          int
	}
	var pools []pool
	for b := range came {
		w := told[b] + bandWeight
		pools = append(pools, pool{(came[b] + bandWeight) / w, w, 1})
		for n := len(pools); n > 1 && pools[n-1].factor > pools[n-2].factor; n-- {
			a, c := pools[n-2], pools[n-1]
			w := a.weight + c.weight
			pools = append(pools[:n-2], pool{(a.factor*a.weight + c.factor*c.weight) / w, w, a.bands + c.bands})
		}
	}
	var out [len(bandEdges)]float64
	b := 0
	for _, p := range pools {
		for range p.bands {
			out[b] = p.factor
			b++
		}
	}
	out[0] = min(out[0], (came[0]+math.Sqrt(came[0])/2+bandWeight)/(told[0]+bandWeight))
	return out
}

// orderStep is by how much of itself a cell of a run of equal ones stays above the next.
const orderStep = 1e-9

// keepOrder leaves the cells in the order that they had by the surface, though the first
// band of them was multiplied by less than the next: a run that the factors turned round gets
// its mean, and no more in all (pool adjacent violators, Barlow and others 1972).
func keepOrder(out, surface []float64, cells []int32) {
	slices.SortFunc(cells, func(a, b int32) int { return cmp.Or(cmp.Compare(surface[b], surface[a]), cmp.Compare(a, b)) })
	type run struct {
		sum float64
		n   int
	}
	var runs []run
	for _, i := range cells {
		runs = append(runs, run{out[i], 1})
		for n := len(runs); n > 1 && runs[n-1].sum*float64(runs[n-2].n) > runs[n-2].sum*float64(runs[n-1].n); n-- {
			runs[n-2].sum += runs[n-1].sum
			runs[n-2].n += runs[n-1].n
			runs = runs[:n-1]
		}
	}
	for _, r := range runs {
		middle := float64(r.n-1) / 2
		for k, i := range cells[:r.n] {
			out[i] = r.sum / float64(r.n) * (1 + orderStep*(middle-float64(k)))
		}
		cells = cells[r.n:]
	}
}

// trendDays are from the middle of the last four weeks to that of a week to come.
const trendDays = 18

// level returns the number of incidents to expect a day in the cells that are known:
// that of the last four weeks, and of the last year with the weight of ten incidents.
// It moves on by half of what it rose or fell from the four weeks before, the less the
// fewer they are. Incidents count on the day on which they became known, as those of
// the last days are not known in full; and of these eight weeks only where an incident
// had been known before, the others being nowhere to be expected.
func (s *Study) level(marks []mark, now float64) float64 {
	recent, before, year := 0.0, 0.0, 0.0
	for _, m := range upTo(marks, now) {
		if m.known > now || m.known <= now-learnDays {
			continue
		}
		year++
		switch {
		case s.known[m.cell] >= m.at:
		case m.known > now-levelDays:
			recent++
		case m.known > now-2*levelDays:
			before++
		}
	}
	if year == 0 {
		return 0
	}
	// A burst that is all the history says nothing of an ordinary week.
	rate := year / max(levelDays, min(learnDays, now-s.first))
	level := (recent + levelWeight) / (levelDays + levelWeight/rate)
	if now-s.first < 2*levelDays+warmDays {
		return level
	}
	trust := recent / (recent + levelWeight) / 2
	return max(level/2, level+trust*(recent-before)/levelDays*trendDays/levelDays)
}

// Surface returns the part's distribution over the cells for the offence as it was
// known at asOf.
func (l *Learner) Surface(offence string, p Part, asOf time.Time) []float64 {
	m := l.moment(asOf)
	return kept(&m.lock, m.surfaces, surfaceKey{offence, p.SigmaM, p.Memory, Hours{}}, func() []float64 {
		out, _ := m.surface(l.study.past[offence], strain{Part: p})
		return out
	})
}

// Came returns how many incidents of the offence each cell held in [from, to),
// and how many there were in all.
func (s *Study) Came(offence string, from, to time.Time) (cells []float64, all int) {
	cells = make([]float64, len(s.Cells))
	marks := between(s.past[offence], dayOf(from), dayOf(to))
	for _, m := range marks {
		cells[m.cell]++
	}
	return cells, len(marks)
}

// Expected returns the number of incidents of the offence to expect in each cell
// of the study in the days after asOf: 1 or 7. It is 0 in cells that were not
// known, and nothing later than asOf is looked at.
func (l *Learner) Expected(f *Fit, offence string, asOf time.Time, days int) []float64 {
	m := l.moment(asOf)
	of := f.Of(offence)
	learned, mixed := of.Day, m.mixture(f, offence)[0]
	if days == 7 {
		learned, mixed = of.Week, m.mixture(f, offence)[1]
	}
	return m.levelled(m.leant(learned.Lean, offence, mixed), learned.Bands, l.study.level(l.study.past[offence], m.day)*float64(days))
}
