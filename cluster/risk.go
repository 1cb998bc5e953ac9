package cluster

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

const (
	// nearRepeats is how many further incidents one is expected to draw after
	// it, in all. It is an assumption, not learned from the data: below 1, so
	// that sprees die out. It sets the height of the near-repeat risk against
	// the baseline, and not where or when that risk is highest.
	nearRepeats = 0.5

	// leastExposure is the length of time that a shorter history is spread
	// over. A burst that is all the history there is says nothing of an
	// ordinary week.
	leastExposure = 4 * 7 * 24 * time.Hour

	// kernelReach is where a kernel is cut, in bandwidths: 96 % of it lies
	// within ((1+5)·e⁻⁵ = 0.04 lies outside).
	kernelReach = 5.0

	// leastDecay is the near-repeat weight under which an incident is past.
	leastDecay = 1e-3
)

// A Risk says how many incidents of one offence to expect, where and when: a
// baseline from where and at which hours of the week the past ones happened,
// and a near-repeat part that recent ones raise around them and that fades
// (Johnson and others 2007; the two-part form is that of Mohler and others
// 2011). Build it with NewRisk.
//
// Each incident is spread over the ground by the kernel exp(−d/h)/(2πh²), where
// h² = DecayM² + RadiusM² + (cell area)/2π: an incident that is placed badly is
// spread wider.
//
// Baseline: an incident is expected again, each week, at its own hour of its own
// weekday and at its own hour of any weekday, half and half, once per length of
// the history (at least four weeks).
//
// Near repeat: 0.5 further incidents for each, fading as exp(−t/DecayTime) from
// the event, at the hours of the day at which the recent ones happened. An
// uncertain time counts by its aoristic weights in both.
type Risk struct {
	profile Profile
	asOf    time.Time
	zone    *time.Location
	weeks   float64
	past    []riskSource // by latitude
	recent  []riskSource // those of past that have not faded, by latitude
	hours   [24]float64  // near-repeat risk by local hour against its mean
}

type riskSource struct {
	in    Incident
	fade  float64     // near-repeat weight at asOf
	hours []hourShare // aoristic weights by local hour of the week
}

type hourShare struct {
	hour  int // of the week, 0 is Monday 00:00 to 01:00
	share float64
}

// A CellRisk is the number of incidents to expect in a cell.
type CellRisk struct {
	Baseline   float64
	NearRepeat float64
}

// Total is the sum of both parts.
func (r CellRisk) Total() float64 { return r.Baseline + r.NearRepeat }

// NewRisk learns the risk of the profile's offence from its incidents up to
// asOf. Incidents of other offences, without a place or after asOf are left
// out; the same ID twice is one. Hours are local in zone; nil is UTC.
func NewRisk(incidents []Incident, p Profile, asOf time.Time, zone *time.Location) *Risk {
	if zone == nil {
		zone = time.UTC
	}
	r := &Risk{profile: p, asOf: asOf, zone: zone}
	first := asOf
	var kept []Incident
	for _, in := range incidents {
		if !placed(in) || in.From.After(asOf) {
			continue
		}
		if in.From.Before(first) {
			first = in.From // of any offence: that is how long we have watched
		}
		if in.Offence == p.Offence {
			kept = append(kept, in)
		}
	}
	r.weeks = float64(max(asOf.Sub(first), leastExposure)) / float64(7*24*time.Hour)
	for _, in := range distinct(kept) {
		w := upTo(in, asOf)
		s := riskSource{in: in, fade: meanFade(w, asOf, p.DecayTime), hours: hoursOf(w, zone)}
		r.past = append(r.past, s)
	}
	slices.SortStableFunc(r.past, func(a, b riskSource) int { return cmp.Compare(a.in.Point.Lat(), b.in.Point.Lat()) })
	for _, s := range r.past {
		if s.fade >= leastDecay {
			r.recent = append(r.recent, s)
		}
	}
	r.hours = r.hourProfile()
	return r
}

// meanFade returns the mean over the interval of exp(−(asOf−t)/decay).
func meanFade(w Window, asOf time.Time, decay time.Duration) float64 {
	fade := func(t time.Time) float64 { return math.Exp(-float64(asOf.Sub(t)) / float64(decay)) }
	length := float64(w.Duration()) / float64(decay)
	if length < 1e-6 {
		return fade(w.Start)
	}
	return (fade(w.End) - fade(w.Start)) / length
}

// hoursOf returns the aoristic weights by local hour of the week. Steps are
// counted in hours of UTC, so in a zone that is half an hour off an hour takes
// the weight of the UTC hour that starts in it.
func hoursOf(w Window, zone *time.Location) []hourShare {
	var shares []hourShare
	for i, share := range StepWeights(w, time.Unix(0, 0), time.Hour) {
		t := time.Unix(int64(i)*3600, 0).In(zone)
		shares = append(shares, hourShare{hourOfWeek(t), share})
	}
	return shares
}

func hourOfWeek(local time.Time) int { return (int(local.Weekday())+6)%7*24 + local.Hour() }

// hourProfile returns the near-repeat risk of each hour of the day against the
// mean over the day. Recent incidents count by what is left of them; two
// incidents' worth of the whole history, and in that one incident's worth spread
// over the day, keep a few of them from ruling an hour out. Smoothed by ¼, ½, ¼,
// as an hour's edge is nothing to an offender.
func (r *Risk) hourProfile() [24]float64 {
	var past, recent [24]float64
	total, left := 1.0, 0.0
	for h := range past {
		past[h] = 1.0 / 24
	}
	for _, s := range r.past {
		total++
		left += s.fade
		for _, hs := range s.hours {
			past[hs.hour%24] += hs.share
			recent[hs.hour%24] += hs.share * s.fade
		}
	}
	var raw, smooth [24]float64
	for h := range raw {
		raw[h] = 24 * (recent[h] + 2*past[h]/total) / (left + 2)
	}
	for h := range smooth {
		smooth[h] = raw[(h+23)%24]/4 + raw[h]/2 + raw[(h+1)%24]/4
	}
	return smooth
}

// HourShare returns the share of a day's near-repeat risk that falls in the
// window by the hour of the day alone: 1 for any whole day of 24 hours.
func (r *Risk) HourShare(w Window) float64 {
	sum := 0.0
	r.eachHour(w, func(hour int, part Window) {
		sum += r.hours[hour%24] * part.Duration().Hours() / 24
	})
	return sum
}

// In returns the number of incidents to expect in each of the cells in the
// window, which starts at asOf or later.
func (r *Risk) In(cells []geo.Cell, w Window) []CellRisk {
	again, fading := r.recurrence(w), r.fading(w)
	weights := make([]float64, len(r.past))
	for i, s := range r.past {
		for _, hs := range s.hours {
			weights[i] += hs.share * again[hs.hour]
		}
	}
	fades := make([]float64, len(r.recent))
	for i, s := range r.recent {
		fades[i] = s.fade * fading
	}
	out := make([]CellRisk, len(cells))
	for i, c := range cells {
		out[i] = CellRisk{r.spread(r.past, weights, c), r.spread(r.recent, fades, c)}
	}
	return out
}

// recurrence returns by hour of the week how often an incident of that hour is
// expected again in the window.
func (r *Risk) recurrence(w Window) [168]float64 {
	var again [168]float64
	r.eachHour(w, func(hour int, part Window) {
		length := part.Duration().Hours()
		again[hour] += length / 2
		for day := range 7 {
			again[day*24+hour%24] += length / 2 / 7
		}
	})
	for h := range again {
		again[h] /= r.weeks
	}
	return again
}

// fading returns what an incident with the near-repeat weight 1 at asOf is
// expected to draw in the window.
func (r *Risk) fading(w Window) float64 {
	tau := float64(r.profile.DecayTime)
	sum := 0.0
	r.eachHour(w, func(hour int, part Window) {
		from, to := float64(part.Start.Sub(r.asOf)), float64(part.End.Sub(r.asOf))
		sum += r.hours[hour%24] * (math.Exp(-from/tau) - math.Exp(-to/tau))
	})
	return nearRepeats * sum
}

// eachHour calls f with each local hour of the week that the window touches and
// the part of the window in it.
func (r *Risk) eachHour(w Window, f func(hour int, part Window)) {
	for t := w.Start; t.Before(w.End); {
		local := t.In(r.zone)
		// The end of the local hour, whichever way the clocks turn: offsets
		// from UTC change on a quarter of an hour.
		next := t.Truncate(15 * time.Minute).Add(15 * time.Minute)
		if next.After(w.End) {
			next = w.End
		}
		f(hourOfWeek(local), Window{t, next})
		t = next
	}
}

// spread adds up the weights that the sources lend the cell.
func (r *Risk) spread(sources []riskSource, weights []float64, c geo.Cell) float64 {
	centre, area := c.Centre(), c.AreaM2()
	sum := 0.0
	r.eachNear(sources, centre, area, func(i int, share float64) {
		sum += weights[i] * share
	})
	return sum
}

// eachNear calls f with each source that reaches the point, and the share of its
// kernel that lies in an area there.
func (r *Risk) eachNear(sources []riskSource, at orb.Point, area float64, f func(i int, share float64)) {
	const degree = geo.EarthRadius * math.Pi / 180
	widest := 0.0
	for _, s := range sources {
		widest = math.Max(widest, s.in.RadiusM)
	}
	reach := kernelReach * math.Sqrt(bandwidth2(r.profile.DecayM, widest, area))
	first, _ := slices.BinarySearchFunc(sources, at.Lat()-reach/degree, func(s riskSource, lat float64) int {
		return cmp.Compare(s.in.Point.Lat(), lat)
	})
	cosLat := math.Cos(at.Lat() * math.Pi / 180)
	for i := first; i < len(sources); i++ {
		p := sources[i].in.Point
		y := (p.Lat() - at.Lat()) * degree
		if y > reach {
			break
		}
		h2 := bandwidth2(r.profile.DecayM, sources[i].in.RadiusM, area)
		// Flat-earth distance: over a kernel's reach it is right to a part in a
		// thousand, which is far more than the kernel is worth.
		x := (p.Lon() - at.Lon()) * degree * cosLat
		if d2 := x*x + y*y; d2 <= kernelReach*kernelReach*h2 {
			f(i, area*math.Exp(-math.Sqrt(d2/h2))/(2*math.Pi*h2))
		}
	}
}

func bandwidth2(decay, radius, area float64) float64 {
	return decay*decay + radius*radius + area/(2*math.Pi)
}

// A Source is an incident that raises the near-repeat risk somewhere.
type Source struct {
	Incident Incident
	Weight   float64 // its part of the near-repeat risk there, before the hours of the day
}

// Sources returns the recent incidents that raise the risk of the cell, the
// strongest first, then by ID.
func (r *Risk) Sources(c geo.Cell) []Source {
	var sources []Source
	r.eachNear(r.recent, c.Centre(), c.AreaM2(), func(i int, share float64) {
		sources = append(sources, Source{r.recent[i].in, r.recent[i].fade * share})
	})
	slices.SortFunc(sources, func(a, b Source) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Incident.ID, b.Incident.ID))
	})
	return sources
}
