package cluster

import (
	"math"
	"time"
)

// A Dial is the clock of a zone in equal steps, on which the hours of many events are
// counted. It serves one goroutine.
type Dial struct {
	zone     *time.Location
	step     int64 // seconds
	from, to int64 // Unix seconds; in [from, to) the zone is offset seconds ahead of UTC
	offset   int64
}

// NewDial returns the clock of a zone. A step is whole seconds, and divides a day.
func NewDial(zone *time.Location, step time.Duration) *Dial {
	return &Dial{zone: zone, step: int64(step / time.Second)}
}

// Add adds the weight to the bins, spread over the steps of the local clock by the share
// of the event that falls in each, as StepWeights spreads it. There are as many bins as
// steps in a day, or in a week, which starts on Monday. Shares are of time that passed: an
// event across a change of the clock has a step less, or one twice.
func (d *Dial) Add(bins []float64, event Window, weight float64) {
	all := float64(event.Duration())
	for part, more := event, true; more; part.Start = part.End {
		part.End = event.End
		offset, share := d.offsetAt(part.Start.Unix()), weight
		if more = part.Start.Before(event.End) && d.to < event.End.Unix(); more {
			part.End = time.Unix(d.to, 0)
		}
		if part != event {
			share *= float64(part.Duration()) / all
		}
		d.add(bins, part, offset, share)
	}
}

// add is Add of an event in which the clock is not changed.
func (d *Dial) add(bins []float64, event Window, offset int64, weight float64) {
	origin := -modulo(offset, d.step)
	s := stepsOf(event, time.Unix(origin, 0), time.Duration(d.step)*time.Second)
	for i := s.first; i <= s.last; i++ {
		local := origin + int64(i)*d.step + offset - mondayOfEpoch
		bins[modulo(local, int64(len(bins))*d.step)/d.step] += s.share(i) * weight
	}
}

// mondayOfEpoch is the Monday before 1 January 1970, a Thursday, in Unix seconds.
const mondayOfEpoch = -3 * 24 * 3600

// offsetAt is how many seconds ahead of UTC the zone is at a moment.
func (d *Dial) offsetAt(unix int64) int64 {
	if unix >= d.from && unix < d.to {
		return d.offset
	}
	at := time.Unix(unix, 0).In(d.zone)
	_, offset := at.Zone()
	start, end := at.ZoneBounds()
	d.offset, d.from, d.to = int64(offset), math.MinInt64, math.MaxInt64
	if !start.IsZero() {
		d.from = start.Unix()
	}
	if !end.IsZero() {
		d.to = end.Unix()
	}
	return d.offset
}

// modulo is the remainder in [0, m).
func modulo(n, m int64) int64 { return (n%m + m) % m }
