package risk

import (
	"cmp"
	"math"
	"slices"
	"time"
)

const (
	headShare    = .05 // of the cells: where patrols may go, and so where the likelihood looks
	learnDays    = 365 // of the past that the weights rest on
	warmDays     = 28  // of history that a day needs before it teaches anything
	stepDays     = 3   // between two days that teach
	levelDays    = 28  // that the number of incidents to come rests on
	ripeDays     = 30  // after which no report of a day is waited for
	bandDays     = 120 // that the factors by band of area rest on
	cityStrength = 30  // incidents that the weights of all offences count for beside an offence's own
	cityMost     = 300 // incidents that one offence counts for among all, so that none speaks for the others
	levelWeight  = 10  // incidents that the year counts for beside the last four weeks
	bandWeight   = 10  // incidents that a band's factor of 1 counts for
)

// bandEdges are shares of the cells, those with the highest risk first.
var bandEdges = [...]float64{.01, .02, .05, .2, 1}

// Learned is what the past taught of one offence and one horizon.
type Learned struct {
	Weights []float64               `json:"weights"` // by part
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

// Old reports whether a plan of the moment needs a newer fit: after thirty days, or
// once the past that it was learnt on has grown by a quarter.
func (f *Fit) Old(asOf time.Time) bool {
	age := dayOf(asOf) - dayOf(f.AsOf)
	return age > refitDays || age > f.Days/4
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
	study *Study
	seen  map[lesson][2][]row
	views map[float64]*view
	last  *moment
}

type lesson struct {
	offence string
	day     float64
}

// NewLearner learns from the study.
func NewLearner(s *Study) *Learner {
	return &Learner{study: s, seen: map[lesson][2][]row{}, views: map[float64]*view{}}
}

// Study returns the study that the learner learns from.
func (l *Learner) Study() *Study { return l.study }

var horizons = [2]float64{1, 7}

// taughtBy is how many days after a lesson's day teach each horizon. The next day's
// weights rest on three: no incident is passed over, and the weights are steadier.
var taughtBy = [2]float64{stepDays, 7}

// Fit learns weights and factors from what was known at asOf.
func (l *Learner) Fit(asOf time.Time) *Fit {
	now := dayOf(asOf)
	f := &Fit{AsOf: asOf.UTC(), Parts: DayParts()}
	if len(l.study.Cells) > 0 {
		f.Resolution = l.study.Cells[0].Resolution()
		f.Days = max(0, now-l.study.first)
	}
	all := [2][]row{}
	own := map[string][2][]row{}
	for _, o := range l.study.Offences {
		if len(knownBy(upTo(l.study.past[o], now), now)) == 0 {
			continue
		}
		rows := l.lessons(o, now)
		own[o] = rows
		for h := range rows {
			all[h] = append(all[h], atMost(rows[h], cityMost)...)
		}
	}
	f.City = OffenceFit{Day: learned(all[0], dayWeights(), cityStrength), Week: learned(all[1], dayWeights(), cityStrength)}
	for _, o := range l.study.Offences {
		rows, ok := own[o]
		if !ok {
			continue
		}
		of := OffenceFit{Offence: o, Incidents: len(knownBy(upTo(l.study.past[o], now), now)),
			Day:  learned(rows[0], f.City.Day.Weights, cityStrength),
			Week: learned(rows[1], f.City.Week.Weights, cityStrength)}
		l.band(&of, now)
		f.Offences = append(f.Offences, of)
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

// lessonDays returns the days that teach, the first first: every third of all days,
// so that the next fit can use them again.
func lessonDays(first, now, back float64) []float64 {
	var days []float64
	for d := math.Ceil(max(now-back, first+warmDays)/stepDays) * stepDays; d <= now-stepDays; d += stepDays {
		days = append(days, d)
	}
	return days
}

// viewAt returns the study as it was known on the day; the kernels' edges are
// those of up to 30 days before, since they hardly move and take time.
func (l *Learner) viewAt(day float64) *view {
	v := l.study.view(day)
	epoch := math.Floor(day/30) * 30
	if epoch < l.study.first+30 {
		return v
	}
	base := l.views[epoch]
	if base == nil {
		base = l.study.view(epoch)
		l.views[epoch] = base
	}
	v.edges = base
	return v
}

// lessons returns the outcomes of the days that teach: of each the next three days
// and the next seven, each incident in the head by what the parts said of its cell,
// the others by what they said of all other cells. An outcome counts for the days that
// no other lesson covers, or in whole. What was not known by now, or a month after the
// day, did not come.
func (l *Learner) lessons(offence string, now float64) [2][]row {
	var all [2][]row
	marks := l.study.past[offence]
	var s *sweep
	for _, day := range lessonDays(l.study.first, now, learnDays) {
		key := lesson{offence, day}
		rows, ok := l.seen[key]
		if !ok {
			if s == nil {
				s = l.sweep(offence, strains(DayParts()))
			}
			v, parts := s.to(day)
			head := v.head(parts)
			for h, horizon := range taughtBy {
				rows[h] = outcomes(parts, head, knownBy(between(marks, day, day+horizon), min(now, day+ripeDays)), min(1, stepDays/horizon))
			}
			if day+ripeDays <= now {
				l.seen[key] = rows
			}
		}
		for h, horizon := range taughtBy {
			if day+horizon <= now {
				all[h] = append(all[h], rows[h]...)
			}
		}
	}
	return all
}

// head returns which cells are among the share with the highest mean of the parts.
func (v *view) head(parts [][]float64) []bool {
	mean := make([]float64, len(v.Cells))
	for _, p := range parts {
		for i, x := range p {
			mean[i] += x
		}
	}
	head := make([]bool, len(mean))
	for _, i := range v.ranked(mean)[:int(math.Ceil(headShare*float64(v.n)))] {
		head[i] = true
	}
	return head
}

// ranked returns the cells that are known, the highest first, of equal ones the
// lower cell.
func (v *view) ranked(risk []float64) []int32 {
	order := make([]int32, 0, v.n)
	for i, known := range v.known {
		if known {
			order = append(order, int32(i))
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(risk[b], risk[a]) })
	return order
}

func outcomes(parts [][]float64, head []bool, came []mark, count float64) []row {
	tail := row{part: make([]float64, len(parts))}
	for k, p := range parts {
		tail.part[k] = 1
		for i, x := range p {
			if head[i] {
				tail.part[k] -= x
			}
		}
		tail.part[k] = max(0, tail.part[k])
	}
	var rows []row
	at := map[int32]int{}
	for _, m := range came {
		if !head[m.cell] {
			tail.count += count
			continue
		}
		n, ok := at[m.cell]
		if !ok {
			n = len(rows)
			at[m.cell] = n
			r := row{part: make([]float64, len(parts))}
			for k, p := range parts {
				r.part[k] = p[m.cell]
			}
			rows = append(rows, r)
		}
		rows[n].count += count
	}
	if tail.count > 0 {
		rows = append(rows, tail)
	}
	return rows
}

// band learns the factors by band of area from the last 120 days. A day whose past
// was shorter than today's counts for less, by the square of how much: with little to
// go by the highest cells held fewer of what came.
func (l *Learner) band(of *OffenceFit, now float64) {
	marks := l.study.past[of.Offence]
	var came, told [2][len(bandEdges)]float64
	sweep := l.sweep(of.Offence, strains(DayParts()))
	for _, d := range lessonDays(l.study.first, now, bandDays) {
		v, parts := sweep.to(d)
		trust := math.Pow((d-l.study.first)/(now-l.study.first), 2)
		for h, learned := range []Learned{of.Day, of.Week} {
			if d+horizons[h] > now {
				continue
			}
			mixed := mix(parts, learned.Weights)
			next := knownBy(between(marks, d, d+horizons[h]), now)
			if len(next) == 0 {
				continue
			}
			band := v.bands(mixed)
			for i, x := range mixed {
				if band[i] >= 0 {
					told[h][band[i]] += trust * x * float64(len(next))
				}
			}
			for _, m := range next {
				if band[m.cell] >= 0 {
					came[h][band[m.cell]] += trust
				}
			}
		}
	}
	of.Day.Bands = factors(came[0], told[0])
	// A week is counted by each of the lessons in it.
	for b := range came[1] {
		came[1][b] *= stepDays / horizons[1]
		told[1][b] *= stepDays / horizons[1]
	}
	of.Week.Bands = factors(came[1], told[1])
}

func mix(parts [][]float64, weights []float64) []float64 {
	out := make([]float64, len(parts[0]))
	for k, p := range parts {
		if weights[k] == 0 {
			continue
		}
		for i, x := range p {
			out[i] += weights[k] * x
		}
	}
	return out
}

// bands returns the band of each cell, −1 of one that is not known.
func (v *view) bands(risk []float64) []int8 {
	out := make([]int8, len(risk))
	for i := range out {
		out[i] = -1
	}
	b := 0
	for rank, i := range v.ranked(risk) {
		for float64(rank) >= math.Ceil(bandEdges[b]*float64(v.n)) {
			b++
		}
		out[i] = int8(b)
	}
	return out
}

// factors returns what came over what was told, each band as if bandWeight more
// had come as told, and none over the band before it: so they leave the order of
// the cells as it is (pool adjacent violators, Barlow and others 1972).
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
	return out
}

// level returns the number of incidents to expect a day: that of the last four
// weeks, and of the last year with the weight of ten incidents.
func (s *Study) level(marks []mark, now float64) float64 {
	recent, year := 0.0, 0.0
	for _, m := range upTo(marks, now) {
		if m.known > now || m.at < now-learnDays {
			continue
		}
		year++
		if m.at >= now-levelDays {
			recent++
		}
	}
	if year == 0 {
		return 0
	}
	// A burst that is all the history says nothing of an ordinary week.
	rate := year / max(levelDays, min(learnDays, now-s.first))
	return (recent + levelWeight) / (levelDays + levelWeight/rate)
}

// Surface returns the part's distribution over the cells for the offence as it was
// known at asOf.
func (l *Learner) Surface(offence string, p Part, asOf time.Time) []float64 {
	m := l.moment(asOf)
	key := surfaceKey{offence, p.SigmaM, p.Memory, Hours{}}
	if _, ok := m.surfaces[key]; !ok {
		m.surfaces[key], _ = m.surface(l.study.past[offence], strain{Part: p})
	}
	return m.surfaces[key]
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
	return m.levelled(mixed, learned.Bands, l.study.level(l.study.past[offence], m.day)*float64(days))
}
