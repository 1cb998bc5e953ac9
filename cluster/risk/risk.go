// Package risk says how many incidents a place and a time may expect, learnt from
// those of the past.
package risk

import (
	"math"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

const (
	// nearRepeats is how many further incidents one is expected to draw after
	// it, in all. It is an assumption, not learned from the data: below 1, so
	// that sprees die out. It sets the height of the risk, and not where or when
	// it is highest.
	nearRepeats = 0.5

	// leastFade is the weight under which an incident is past, as it is from fadeEnds
	// of its decay on.
	leastFade = 1e-3
	fadeEnds  = 7
)

// A Risk says how many incidents of one offence its recent ones are expected to draw
// after them, where and when (Johnson and others 2007): the near-repeat part of the
// two that Mohler and others 2011 have, of which Fit learns the other. Build it with
// New.
//
// Each incident is spread over the ground by the kernel exp(−d/h)/(2πh²), where
// h² = DecayM² + RadiusM² + (cell area)/2π: an incident that is placed badly is
// spread wider. It draws 0.5 further ones, fading as exp(−t/DecayTime) from
// the event, at the hours of the day at which the recent ones happened. An
// uncertain time counts by its aoristic weights.
type Risk struct {
	asOf  time.Time
	zone  *time.Location
	decay time.Duration
	hours [24]float64 // risk by local hour against its mean

	decayM       float64
	recent       []*cluster.Incident
	fades        []float64 // weight at asOf, of recent
	recentPoints []kernelPoint
	laid         sync.Once
	recentField  *kernelField // laid when it is asked for
}

// An Area is a cell made ready to ask the risk of it many times.
type Area struct {
	Cell   geo.Cell
	Centre orb.Point
	M2     float64
}

// Areas makes the cells ready, in the same order.
func Areas(cells []geo.Cell) []Area {
	areas := make([]Area, len(cells))
	for i, c := range cells {
		areas[i] = Area{c, c.Centre(), c.AreaM2()}
	}
	return areas
}

// New learns the risk of the profile's offence from its incidents up to
// asOf. Incidents of other offences, without a place or after asOf are left
// out; they are as of cluster.DistinctOf, and nobody changes them. Hours are local
// in zone; nil is UTC.
func New(incidents []*cluster.Incident, p cluster.Profile, asOf time.Time, zone *time.Location) *Risk {
	if zone == nil {
		zone = time.UTC
	}
	r := &Risk{asOf: asOf, zone: zone, decay: p.DecayTime, decayM: p.DecayM}
	dial := cluster.NewDial(zone, time.Hour)
	var past, recent [24]float64
	for _, in := range incidents {
		if in.Offence != p.Offence || in.From > cluster.At(asOf) || !cluster.Placed(*in) {
			continue
		}
		to := min(in.To, cluster.At(asOf))
		dial.Add(past[:], in.From, to, 1)
		if fade := meanFade(cluster.UpTo(*in, asOf), asOf, p.DecayTime); fade >= leastFade {
			r.recent = append(r.recent, in)
			r.fades = append(r.fades, fade)
			r.recentPoints = append(r.recentPoints, kernelPointOf(in))
			dial.Add(recent[:], in.From, to, fade)
		}
	}
	r.hours = hourProfile(past, recent)
	return r
}

func kernelPointOf(in *cluster.Incident) kernelPoint {
	return kernelPoint{in.Point, math.Max(0, in.RadiusM)}
}

// meanFade returns the mean over the interval of exp(−(asOf−t)/decay), 0 where it is past.
func meanFade(w cluster.Window, asOf time.Time, decay time.Duration) float64 {
	fade := func(t time.Time) float64 { return math.Exp(-float64(asOf.Sub(t)) / float64(decay)) }
	if asOf.Sub(w.End) > fadeEnds*decay {
		return 0
	}
	length := float64(w.Duration()) / float64(decay)
	if length < 1e-6 {
		return fade(w.Start)
	}
	return (fade(w.End) - fade(w.Start)) / length
}

// hourProfile returns the near-repeat risk of each hour of the day against the
// mean over the day, from the weights by hour of all incidents and, by what is
// left of them, of the recent ones. The whole history counts as two incidents
// beside them, and one spread over the day is added to it: a few incidents do
// not rule an hour out. Smoothed by ¼, ½, ¼, as the edge of an hour is nothing
// to an offender.
func hourProfile(past, recent [24]float64) [24]float64 {
	total, left := 1.0, 0.0
	for h := range past {
		total += past[h]
		left += recent[h]
	}
	var raw, smooth [24]float64
	for h := range raw {
		raw[h] = 24 * (recent[h] + 2*(past[h]+1.0/24)/total) / (left + 2)
	}
	for h := range smooth {
		smooth[h] = raw[(h+23)%24]/4 + raw[h]/2 + raw[(h+1)%24]/4
	}
	return smooth
}

// HourShare returns the share of a day's near-repeat risk that falls in the
// window by the hour of the day alone: 1 for any whole day of 24 hours.
func (r *Risk) HourShare(w cluster.Window) float64 {
	sum := 0.0
	r.eachHour(w, func(hour int, part cluster.Window) {
		sum += r.hours[hour] * part.Duration().Hours() / 24
	})
	return sum
}

// In returns the number of incidents to expect in each of the areas in the
// window, which starts at asOf or later.
func (r *Risk) In(areas []Area, w cluster.Window) []float64 {
	fading := r.fading(w)
	out := make([]float64, len(areas))
	for k, a := range areas {
		r.near().each(a.Centre, a.M2, func(i int, share float64) { out[k] += r.fades[i] * fading * share })
	}
	return out
}

// near is the field of the recent incidents. It is laid when it is first asked for:
// most plans ask for the hours alone.
func (r *Risk) near() *kernelField {
	r.laid.Do(func() { r.recentField = newKernelField(r.recentPoints, r.decayM) })
	return r.recentField
}

// fading returns what an incident with the near-repeat weight 1 at asOf is
// expected to draw in the window.
func (r *Risk) fading(w cluster.Window) float64 {
	tau := float64(r.decay)
	sum := 0.0
	r.eachHour(w, func(hour int, part cluster.Window) {
		from, to := float64(part.Start.Sub(r.asOf)), float64(part.End.Sub(r.asOf))
		sum += r.hours[hour] * (math.Exp(-from/tau) - math.Exp(-to/tau))
	})
	return nearRepeats * sum
}

// eachHour calls f with the local hour of each part of the window.
// Parts are quarters of an hour: on these the clocks change and zones differ.
func (r *Risk) eachHour(w cluster.Window, f func(hour int, part cluster.Window)) {
	for t := w.Start; t.Before(w.End); {
		next := t.Truncate(15 * time.Minute).Add(15 * time.Minute)
		if next.After(w.End) {
			next = w.End
		}
		f(t.In(r.zone).Hour(), cluster.Window{Start: t, End: next})
		t = next
	}
}

// A Source is an incident that raises the near-repeat risk somewhere.
type Source struct {
	Incident *cluster.Incident
	Weight   float64 // its part of the near-repeat risk there, before the hours of the day
}

// Sources returns the recent incidents that raise the risk of the area, in an
// order that does not depend on that of the input.
func (r *Risk) Sources(a Area) []Source {
	var sources []Source
	r.near().each(a.Centre, a.M2, func(i int, share float64) {
		sources = append(sources, Source{r.recent[i], r.fades[i] * share})
	})
	return sources
}
