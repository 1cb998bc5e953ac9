package risk

import (
	"cmp"
	"math"
	"slices"
	"time"

	"spreewatch/cluster"
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

// ShiftParts are the parts of a mixture for a shift. The whole day's mixture is
// one of them: a place alone, at the hours of all places, loses to a map of the
// shift's own counts, and that to both together.
func ShiftParts() []Part {
	return []Part{
		{Name: "own count of the shift, ever", Shift: true},
		{Name: "own count of the shift, 120 d", Shift: true, Memory: 120 * day},
		{Name: "own count, ever"},
		{Name: "150 m, the shift, ever", SigmaM: 150, Shift: true},
		{Name: "300 m, the shift, ever", SigmaM: 300, Shift: true},
		{Name: "mixture of the day", Of: "mixture"},
		{Name: "area", Floor: true},
	}
}

func shiftWeights() []float64 { return []float64{.2, .1, .1, .1, .1, .38, .02} }

// A Clock says by the local clock how far each incident of a study falls in the
// hours of a shift, and how often the hours of the week have one.
type Clock struct {
	study   *Study
	zone    *time.Location
	shares  map[Hours][]float64
	rhythms map[rhythmKey]rhythm
}

// NewClock reads the study's times in the zone; nil is UTC.
func NewClock(s *Study, zone *time.Location) *Clock {
	if zone == nil {
		zone = time.UTC
	}
	return &Clock{study: s, zone: zone, shares: map[Hours][]float64{}, rhythms: map[rhythmKey]rhythm{}}
}

// shareIn returns by incident the share of its interval in the hours: what it counts
// for in the shift. An interval of a day or more counts by the length of the shift.
func (c *Clock) shareIn(h Hours) []float64 {
	if shares := c.shares[h]; shares != nil {
		return shares
	}
	length := float64((h.To-h.From+1440-1)%1440+1) / 1440
	shares := make([]float64, len(c.study.windows))
	for i, w := range c.study.windows {
		local := w.Start.In(c.zone)
		minute, span := local.Hour()*60+local.Minute(), int(w.Duration()/time.Minute)
		switch {
		case span >= 1440:
			shares[i] = length
		case span <= 0:
			if h.hold(minute) {
				shares[i] = 1
			}
		default:
			in := 0
			for m := 0; m < span; m += 5 {
				if h.hold((minute + m) % 1440) {
					in++
				}
			}
			shares[i] = float64(in) / math.Ceil(float64(span)/5)
		}
	}
	c.shares[h] = shares
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
	key := rhythmKey{offence, now}
	if r, ok := c.rhythms[key]; ok {
		return r
	}
	var table HourWeek
	n := 0.0
	for _, m := range upTo(c.study.past[offence], now) {
		if m.known <= now && m.at >= now-learnDays {
			n++
			table.add(c.study.windows[m.n], c.zone)
		}
	}
	var r rhythm
	var raw [24]float64
	for h := range table {
		for d, x := range table[h] {
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
	c.rhythms[key] = r
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

// shiftStep is how many days lie between two that teach the shifts.
const shiftStep = 6

// FitShifts learns one set of weights for all shifts and offences together, and
// each offence's own beside it.
func (l *Learner) FitShifts(f *Fit, c *Clock, shifts []Hours) {
	now := dayOf(f.AsOf)
	f.ShiftParts = ShiftParts()
	var all []row
	own := make([][]row, len(f.Offences))
	for i, of := range f.Offences {
		own[i] = l.shiftLessons(of, c, shifts, now)
		all = append(all, atMost(own[i], cityMost)...)
	}
	f.City.Shift = learned(all, shiftWeights(), cityStrength)
	for i := range f.Offences {
		f.Offences[i].Shift = learned(own[i], f.City.Shift.Weights, cityStrength)
	}
}

// shiftLessons returns the outcomes of three days for each shift, every second lesson.
func (l *Learner) shiftLessons(of OffenceFit, c *Clock, shifts []Hours, now float64) []row {
	days := lessonDays(l.study.first, now, learnDays)
	parts := strains(DayParts())
	for _, h := range shifts {
		parts = append(parts, c.strains(h)...)
	}
	marks := l.study.past[of.Offence]
	sweep := l.sweep(of.Offence, parts)
	var rows []row
	for k := (len(days) + 1) % 2; k < len(days); k += shiftStep / stepDays {
		v, surfaces := sweep.to(days[k])
		ofDay := len(DayParts())
		mixture := mix(surfaces[:ofDay], of.Day.Weights)
		next := knownBy(between(marks, days[k], days[k]+shiftStep/2), now)
		for n, h := range shifts {
			own := slices.Clone(surfaces[ofDay+n*len(ShiftParts()):][:len(ShiftParts())])
			own[slices.IndexFunc(ShiftParts(), func(p Part) bool { return p.Of != "" })] = mixture
			share := c.shareIn(h)
			came := slices.DeleteFunc(slices.Clone(next), func(m mark) bool { return share[m.n] <= .5 })
			rows = append(rows, outcomes(own, v.head(own), came, 1)...)
		}
	}
	return rows
}

// strains are the parts of the shift. That which is the mixture of the day stands empty.
func (c *Clock) strains(h Hours) []strain {
	out := strains(ShiftParts())
	for k := range out {
		if out[k].Shift {
			out[k].share = c.shareIn(h)
		}
		out[k].Floor = out[k].Floor || out[k].Of != ""
	}
	return out
}

// inShift returns the offence's surface in the hours of the shift, 1 in all.
func (m *moment) inShift(f *Fit, c *Clock, offence string, h Hours) []float64 {
	m.of(f)
	key := surfaceKey{offence: offence, hours: h}
	if out, ok := m.shifts[key]; ok {
		return out
	}
	weights := f.Of(offence).shiftWeights()
	out := make([]float64, len(m.Cells))
	for k, p := range c.strains(h) {
		switch {
		case p.Of != "":
			blend(out, m.mixture(f, offence)[0], weights[k])
		case p.Shift:
			blend(out, m.part(offence, p, h), weights[k])
		default:
			blend(out, m.part(offence, p, Hours{}), weights[k])
		}
	}
	m.shifts[key] = out
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
	return m.levelled(m.inShift(f, c, offence, h), f.Of(offence).Day.Bands, level)
}

// Thresholds sets High and Medium: the 99th and the 95th percentile of the
// incidents of any offence to expect in a cell and an hour, over the shifts of
// every thirtieth day of the past year. Where they are of fewer than a hundred cells both are 0.
func (l *Learner) Thresholds(f *Fit, c *Clock, shifts []Hours) {
	var all []float64
	for back := 30; back < learnDays; back += 30 {
		at := f.AsOf.AddDate(0, 0, -back)
		if dayOf(at) < l.study.first {
			break
		}
		for _, h := range shifts {
			all = append(all, l.byHour(f, c, at, h)...)
		}
	}
	if len(all) < leastCells*len(shifts)*8 {
		return // too few for a hundredth of them to mean anything
	}
	slices.SortFunc(all, func(a, b float64) int { return cmp.Compare(a, b) })
	at := func(q float64) float64 { return all[min(len(all)-1, int(q*float64(len(all))))] }
	f.High, f.Medium = at(.99), at(.95)
}

// byHour returns what to expect of all offences in each cell and hour of the shift.
func (l *Learner) byHour(f *Fit, c *Clock, at time.Time, h Hours) []float64 {
	w := c.Next(h, at)
	hours := make([]cluster.Window, int(w.Duration()/time.Hour))
	totals := make([][]float64, len(hours))
	for k := range hours {
		hours[k].Start = w.Start.Add(time.Duration(k) * time.Hour)
		hours[k].End = hours[k].Start.Add(time.Hour)
		totals[k] = make([]float64, len(l.study.Cells))
	}
	for _, of := range f.Offences {
		expected, all := l.ExpectedIn(f, c, of.Offence, at, h, w), c.Share(of.Offence, at, w)
		for k, hour := range hours {
			share := c.Share(of.Offence, at, hour) / all
			for i, x := range expected {
				totals[k][i] += x * share
			}
		}
	}
	var out []float64
	for _, total := range totals {
		for i, x := range total {
			if l.study.Known(i, at) {
				out = append(out, x)
			}
		}
	}
	return out
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

// Behind returns what each incident lends to the risk of the i-th cell in the hours
// of the shift, the most first, as shares of it; what no incident lends, the floor,
// is missing from the sum.
func (l *Learner) Behind(f *Fit, c *Clock, offence string, asOf time.Time, h Hours, i int) []Source {
	m := l.moment(asOf)
	total := m.inShift(f, c, offence, h)[i]
	of := f.Of(offence)
	near := m.near(offence, f, i)
	lent := make([]float64, len(near))
	weights := of.shiftWeights()
	for k, p := range c.strains(h) {
		switch {
		case p.Of != "":
			for d, part := range f.Parts {
				m.lend(lent, near, strain{Part: part}, i, weights[k]*of.Day.Weights[d]/m.totals[surfaceKey{offence, part.SigmaM, part.Memory, Hours{}}])
			}
		case p.Shift:
			m.lend(lent, near, p, i, weights[k]/m.totals[surfaceKey{offence, p.SigmaM, p.Memory, h}])
		default:
			m.lend(lent, near, p, i, weights[k]/m.totals[surfaceKey{offence, p.SigmaM, p.Memory, Hours{}}])
		}
	}
	var out []Source
	for n, x := range lent {
		if x > 0 {
			out = append(out, Source{l.study.ids[near[n].n], x / total})
		}
	}
	slices.SortFunc(out, func(a, b Source) int { return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.ID, b.ID)) })
	return out
}

// near returns the incidents of which a part of the fit puts something in the cell.
func (m *moment) near(offence string, f *Fit, cell int) []mark {
	widest := Part{}
	for _, p := range f.Parts {
		if p.SigmaM > widest.SigmaM {
			widest = p
		}
	}
	reach := m.reachOf(widest, cell)
	var near []mark
	for _, k := range m.past[offence] {
		if k.known <= m.day && (int(k.cell) == cell || reach(k) > 0) {
			near = append(near, k)
		}
	}
	return near
}

// lend adds what each of the incidents puts in the cell, times the scale. A part that
// no incident is in has none to lend.
func (m *moment) lend(lent []float64, near []mark, p strain, cell int, scale float64) {
	if p.Floor || math.IsInf(scale, 0) || math.IsNaN(scale) {
		return
	}
	reach := m.reachOf(p.Part, cell)
	for n, k := range near {
		w := reach(k)
		if w == 0 {
			continue
		}
		if p.Memory > 0 {
			w *= math.Exp((k.at - m.day) / p.Memory.Hours() * 24)
		}
		if p.share != nil {
			w *= p.share[k.n]
		}
		lent[n] += w * scale
	}
}

// reachOf returns what of an incident a part puts in the cell.
func (m *moment) reachOf(p Part, cell int) func(mark) float64 {
	if p.SigmaM == 0 {
		return func(in mark) float64 {
			if int(in.cell) == cell {
				return 1
			}
			return 0
		}
	}
	k := m.kernel(p.SigmaM)
	norm := m.norm(k)
	if m.cell != cell || m.into == nil {
		m.cell, m.into = cell, map[*kernelRows][]float64{}
	}
	if m.into[k] == nil {
		m.into[k] = k.into(cell)
	}
	shares := m.into[k]
	return func(in mark) float64 {
		j := k.source(in)
		return shares[j] / max(norm[j], leastInside)
	}
}

// Counts returns how many incidents each cell held in the hours of the shift in the
// year before asOf, as known then: a plain map.
func (c *Clock) Counts(offence string, asOf time.Time, h Hours) []float64 {
	now := dayOf(asOf)
	out := make([]float64, len(c.study.Cells))
	share := c.shareIn(h)
	for _, m := range knownBy(between(c.study.past[offence], now-learnDays, now), now) {
		out[m.cell] += share[m.n]
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
