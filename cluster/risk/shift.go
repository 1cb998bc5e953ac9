package risk

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"time"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// Hours are those of a shift by the local clock, in minutes from midnight. Where To
// is not after From they go over midnight.
type Hours struct {
	Name     string
	From, To int
}

func (h Hours) hold(minute int) bool {
	if h.From < h.To {
		return minute >= h.From && minute < h.To
	}
	return minute >= h.From || minute < h.To
}

// shiftParts are the parts of a mixture for a shift. The whole day's mixture is
// one of them: a place alone, at the hours of all places, loses to a map of the
// shift's own counts, and that to both together.
var shiftParts = []Part{
	{Name: "own count of the shift, ever", Shift: true},
	{Name: "own count of the shift, 120 d", Shift: true, Memory: 120 * day},
	{Name: "own count, ever"},
	{Name: "250 m, the shift, ever", SigmaM: 250, Shift: true},
	{Name: "mixture of the day", Of: "mixture"},
	{Name: "area", Floor: true},
}

// ShiftParts are the parts of a mixture for a shift.
func ShiftParts() []Part { return slices.Clone(shiftParts) }

func shiftWeights() []float64 { return []float64{.2, .1, .1, .15, .42, .03} }

// A Clock says by the local clock how far each incident of a study falls in the
// hours of a shift, and how often the hours of the week have one.
type Clock struct {
	study   *Study
	zone    *time.Location
	shares  map[Hours][]float32
	rhythms map[rhythmKey]rhythm
	lock    sync.Mutex // of both
}

// NewClock reads the study's times in the zone; nil is UTC.
func NewClock(s *Study, zone *time.Location) *Clock {
	if zone == nil {
		zone = time.UTC
	}
	return &Clock{study: s, zone: zone, shares: map[Hours][]float32{}, rhythms: map[rhythmKey]rhythm{}}
}

// Prepare works out what is going to be asked of a moment and of shifts, so that it can
// be done beside other work.
func (c *Clock) Prepare(asOf time.Time, shifts []Hours) {
	n := len(shifts)
	geo.Each(runtime.GOMAXPROCS(0), n+len(c.study.Offences), func(_, i int) {
		if i < n {
			c.shareIn(shifts[i])
		} else {
			c.rhythm(c.study.Offences[i-n], dayOf(asOf))
		}
	})
}

// shareIn returns by incident the share of its interval in the hours: what it counts
// for in the shift. An interval of a day or more counts by the length of the shift.
func (c *Clock) shareIn(h Hours) []float32 {
	return kept(&c.lock, c.shares, h, func() []float32 { return c.sharesIn(h) })
}

func (c *Clock) sharesIn(h Hours) []float32 {
	length := float32((h.To-h.From+1440-1)%1440+1) / 1440
	shares := make([]float32, len(c.study.told))
	dial := cluster.NewDial(c.zone, time.Hour)
	// Of two days, how many minutes the shift holds of this one, the one five before, and so on.
	var held [2 * 1440]int
	for m := range held {
		if h.hold(m % 1440) {
			held[m] = 1
		}
		if m >= 5 {
			held[m] += held[m-5]
		}
	}
	for i, in := range c.study.told {
		minute, span := dial.MinuteOfDay(in.From), int((in.To-in.From)/60)
		switch {
		case span >= 1440:
			shares[i] = length
		case span <= 0:
			if h.hold(minute) {
				shares[i] = 1
			}
		default:
			asked := (span + 4) / 5 // each fifth minute
			in := held[minute+(asked-1)*5]
			if minute >= 5 {
				in -= held[minute-5]
			}
			shares[i] = float32(in) / float32(asked)
		}
	}
	return shares
}

// hourStrength is how many incidents an even week counts for beside the weight of
// the hours and of the days.
const hourStrength = 20

// A rhythm is how an offence's incidents fall over the hours of the day, 1 in all,
// and the days of the week, Monday first, 1 in the mean.
type rhythm struct {
	hours [24]float64
	days  [7]float64
}

type rhythmKey struct {
	offence string
	day     float64
}

// rhythm is that of the last year as known on the day, with twenty incidents spread
// evenly beside it, the hours smoothed by ¼, ½, ¼.
func (c *Clock) rhythm(offence string, now float64) rhythm {
	return kept(&c.lock, c.rhythms, rhythmKey{offence, now}, func() rhythm { return c.rhythmOf(offence, now) })
}

func (c *Clock) rhythmOf(offence string, now float64) rhythm {
	count, n := newWeek(c.zone), 0.0
	for _, m := range upTo(c.study.past[offence], now) {
		if m.known <= now && m.at >= now-learnDays {
			n++
			count.add(c.study.told[m.n].From, c.study.told[m.n].To)
		}
	}
	var r rhythm
	var raw [24]float64
	for h, days := range count.table() {
		for d, x := range days {
			raw[h] += x
			r.days[d] += x
		}
	}
	for h := range raw {
		r.hours[h] = (raw[(h+23)%24]/4 + raw[h]/2 + raw[(h+1)%24]/4 + hourStrength/24.0) / (n + hourStrength)
	}
	for d := range r.days {
		r.days[d] = 7 * (r.days[d] + hourStrength/7.0) / (n + hourStrength)
	}
	return r
}

// Share returns the part of an average day's incidents of the offence that falls in
// the window, 1 for a whole average day, as known at asOf.
func (c *Clock) Share(offence string, asOf time.Time, w cluster.Window) float64 {
	r := c.rhythm(offence, dayOf(asOf))
	sum := 0.0
	for t := w.Start; t.Before(w.End); {
		next := t.Truncate(15 * time.Minute).Add(15 * time.Minute)
		if next.After(w.End) {
			next = w.End
		}
		local := t.In(c.zone)
		sum += r.hours[local.Hour()] * r.days[(local.Weekday()+6)%7] * next.Sub(t).Hours()
		t = next
	}
	return sum
}

// fitShifts learns one set of weights for all shifts and offences together, and each
// offence's own beside it.
func (l *Learner) fitShifts(f *Fit, fits []OffenceFit, lessons [][]lesson) {
	now := dayOf(f.AsOf)
	f.ShiftParts = ShiftParts()
	own := make([][]row, len(fits))
	l.each(func(i int) { own[i] = l.shiftRows(fits[i], lessons[i], now) })
	var all []row
	for _, rows := range own {
		all = append(all, atMost(rows, cityMost)...)
	}
	f.City.Shift = learned(all, shiftWeights(), cityStrength)
	l.each(func(i int) { fits[i].Shift = learned(own[i], f.City.Shift.Weights, cityStrength) })
}

// shiftRows returns the outcomes of three days for each shift, every second lesson. The
// likelihood looks at the top alone: a plan has a handful of areas of a shift's thousands
// of cells, and the weights that order the head best blur which of its first are first.
func (l *Learner) shiftRows(of OffenceFit, lessons []lesson, now float64) []row {
	marks := l.study.past[of.Offence]
	var rows []row
	for k := (len(lessons) + 1) % 2; k < len(lessons); k += 2 {
		les := &lessons[k]
		own := len(dayParts)
		for _, h := range l.shifts {
			share := l.clock.shareIn(h)
			counts := les.count(l.study, marks, stepDays, now, func(m mark) bool { return share[m.n] > .5 })
			from := own
			rows = les.rows(rows, les.inTop(counts), 1, func(parts []float32) []float64 { return shiftOutcome(parts, from, of.Day.Weights) })
			for _, p := range shiftParts {
				if p.Shift {
					own++
				}
			}
		}
	}
	return rows
}

// like reports whether the parts are the same but for their names.
func (p Part) like(q Part) bool {
	return q.SigmaM == p.SigmaM && q.Memory == p.Memory && q.Floor == p.Floor
}

// ofDay is which of the day's parts this is.
func (p Part) ofDay() int {
	return slices.IndexFunc(dayParts, p.like)
}

// shiftOutcome are the shift's parts in one row of a lesson, its own from the column
// on.
func shiftOutcome(parts []float32, own int, weights []float64) []float64 {
	out := make([]float64, len(shiftParts))
	for k, p := range shiftParts {
		switch {
		case p.Shift:
			out[k] = float64(parts[own])
			own++
		case p.Of != "":
			for d, w := range weights {
				out[k] += w * float64(parts[d])
			}
		default:
			out[k] = float64(parts[p.ofDay()])
		}
	}
	return out
}

// strains are the parts of the shift. That which is the mixture of the day stands empty.
func (c *Clock) strains(h Hours) []strain {
	out := strains(shiftParts)
	for k := range out {
		if out[k].Shift {
			out[k].share = c.shareIn(h)
		}
		out[k].Floor = out[k].Floor || out[k].Of != ""
	}
	return out
}

// inShift returns the offence's surface in the hours of the shift, 1 in all and before
// it leans.
func (m *moment) inShift(f *Fit, c *Clock, offence string, h Hours) []float64 {
	m.of(f)
	return kept(&m.lock, m.shifts, surfaceKey{offence: offence, hours: h}, func() []float64 { return m.mixInShift(f, c, offence, h) })
}

func (m *moment) mixInShift(f *Fit, c *Clock, offence string, h Hours) []float64 {
	weights := f.Of(offence).shiftWeights()
	out := zeros(len(m.Cells))
	lot := m.lot()
	defer lot.giveBack()
	raw := lot.rooms[0]
	for k, p := range c.strains(h) {
		if p.Of != "" {
			blend(out, m.mixture(f, offence)[0], weights[k])
			continue
		}
		of := Hours{}
		if p.Shift {
			of = h
		}
		total := m.raw(raw, offence, p, of, lot)
		m.blendPart(out, raw, total, weights[k])
	}
	return out
}

func (o OffenceFit) shiftWeights() []float64 {
	if o.Shift.Weights == nil {
		return shiftWeights()
	}
	return o.Shift.Weights
}

// ExpectedIn returns the number of incidents of the offence to expect in each cell
// in the window, which lies in the hours of the shift.
func (l *Learner) ExpectedIn(f *Fit, c *Clock, offence string, asOf time.Time, h Hours, w cluster.Window) []float64 {
	m := l.moment(asOf)
	level := l.study.level(l.study.past[offence], m.day) * c.Share(offence, asOf, w)
	of := f.Of(offence)
	mixed := m.inShift(f, c, offence, h)
	return m.levelled(m.leant(of.Day.Lean, offence, mixed), of.Day.Bands, level)
}

// thresholds sets High and Medium: the 99th and the 95th percentile of the
// incidents of any offence to expect in a cell and an hour, over the shifts of
// every sixtieth day of the past year. Where they are of fewer than a hundred cells both are 0.
func (l *Learner) thresholds(f *Fit) {
	var dates []time.Time
	for back := 30; back < learnDays; back += 60 {
		if at := f.AsOf.AddDate(0, 0, -back); dayOf(at) >= l.study.first {
			dates = append(dates, at)
		}
	}
	slices.Reverse(dates)
	totals := l.byHour(f, dates)
	var all []float64
	for d, at := range dates {
		for _, total := range totals[d] {
			for i, x := range total {
				if l.study.Known(i, at) {
					all = append(all, x)
				}
			}
		}
	}
	if len(all) < leastCells*len(l.shifts)*8 {
		return // too few for a hundredth of them to mean anything
	}
	f.High, f.Medium = highest(all, .01), highest(all, .05)
}

// highest returns the least of the share of x that is highest.
func highest(x []float64, share float64) float64 {
	order := make([]int32, len(x))
	for i := range order {
		order[i] = int32(i)
	}
	n := max(1, int(share*float64(len(x))))
	putFirst(order, x, n)
	least := math.Inf(1)
	for _, i := range order[:n] {
		least = min(least, x[i])
	}
	return least
}

// byHour returns what to expect of all offences by date, which ascend, hour of the
// shifts after it, and cell.
func (l *Learner) byHour(f *Fit, dates []time.Time) [][][]float64 {
	out := make([][][]float64, len(dates))
	hours := make([][]cluster.Window, len(dates))
	whose := make([][]int, len(dates)) // shift by hour
	for d, at := range dates {
		for n, h := range l.shifts {
			w := l.clock.Next(h, at)
			for k := range int(w.Duration() / time.Hour) {
				from := w.Start.Add(time.Duration(k) * time.Hour)
				hours[d], whose[d] = append(hours[d], cluster.Window{Start: from, End: from.Add(time.Hour)}), append(whose[d], n)
				out[d] = append(out[d], make([]float64, len(l.study.Cells)))
			}
		}
	}
	days := make([]float64, len(dates))
	for d, at := range dates {
		days[d] = dayOf(at)
	}
	pools := l.pool(days)
	for some := range slices.Chunk(f.Offences, 2) { // no more at once, as each takes the room of all shifts
		mixtures := make([][][][]float64, len(some))
		geo.Each(len(some), len(some), func(_, i int) { mixtures[i] = l.byShift(some[i], days, pools) })
		geo.Each(2, len(dates), func(_, d int) {
			for i, of := range some { // in order, as sums of floats depend on it
				for k, hour := range hours[d] {
					blend(out[d][k], mixtures[i][d][whose[d][k]], l.clock.Share(of.Offence, dates[d], hour))
				}
			}
		})
	}
	return out
}

// byShift returns what to expect of the offence in a day of each shift, by day, of which
// the pools are, and shift.
func (l *Learner) byShift(of OffenceFit, days []float64, pools pools) [][][]float64 {
	out := make([][][]float64, len(days))
	s := l.sweep(l.columns(), of.Offence)
	for d, day := range days {
		v, parts := s.to(day)
		level := l.study.level(l.study.past[of.Offence], day)
		own := len(dayParts)
		head := v.head(parts[:own])
		others := v.others(head, pools[day], ownRaw(s.raw), wholly)
		out[d] = make([][]float64, len(l.shifts))
		for n := range l.shifts {
			out[d][n], own = shiftMixture(parts, own, of)
			out[d][n] = v.levelled(of.Day.Lean.leant(out[d][n], head, others), of.Day.Bands, level)
		}
	}
	return out
}

// shiftMixture blends the surfaces of the columns to that of the shift whose own begin
// at the column, and returns where the next shift's do.
func shiftMixture(columns [][]float64, own int, of OffenceFit) (out []float64, next int) {
	weights := of.shiftWeights()
	for k, p := range shiftParts {
		switch {
		case p.Shift:
			out = blended(out, columns[own], weights[k])
			own++
		case p.Of != "":
			for d, w := range of.Day.Weights {
				out = blended(out, columns[d], weights[k]*w)
			}
		default:
			out = blended(out, columns[p.ofDay()], weights[k])
		}
	}
	return out, own
}

// leastCells is how many cells a percentile of theirs needs, over eight hours.
const leastCells = 100

// Next returns the hours' first spell that starts at or after the moment.
func (c *Clock) Next(h Hours, at time.Time) cluster.Window {
	y, m, d := at.In(c.zone).Date()
	for day := d; ; day++ {
		start := time.Date(y, m, day, 0, h.From, 0, 0, c.zone)
		end := time.Date(y, m, day, 0, h.To, 0, 0, c.zone)
		if h.To <= h.From {
			end = time.Date(y, m, day+1, 0, h.To, 0, 0, c.zone)
		}
		if !start.Before(at) && end.After(start) {
			return cluster.Window{Start: start.UTC(), End: end.UTC()}
		}
	}
}

// Counts returns how many incidents each cell held in the hours of the shift in the
// year before asOf, as known then: a plain map.
func (c *Clock) Counts(offence string, asOf time.Time, h Hours) []float64 {
	now := dayOf(asOf)
	out := make([]float64, len(c.study.Cells))
	share := c.shareIn(h)
	for _, m := range knownBy(between(c.study.past[offence], now-learnDays, now), now) {
		out[m.cell] += float64(share[m.n])
	}
	return out
}

// HoursOf are the hours by the local clock that the window, of under a day, lies in.
func (c *Clock) HoursOf(w cluster.Window) Hours {
	minute := func(t time.Time) int {
		local := t.In(c.zone)
		return local.Hour()*60 + local.Minute()
	}
	return Hours{From: minute(w.Start), To: minute(w.End)}
}
