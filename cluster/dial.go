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
// of the event that falls in each, as StepWeights spreads it: from and to are its ends, an
// event that does not end after it began is an instant. There are as many bins as
// steps in a day, or in a week, which starts on Monday. Shares are of time that passed: an
// event across a change of the clock has a step less, or one twice.
func (d *Dial) Add(bins []float64, from, to Instant, weight float64) {
	at, end := from.Unix(), to.Unix()
	whole := float64(end - at)
	for {
		offset := d.offsetAt(at)
		until := min(end, d.to)
		share := weight
		if until-at != end-from.Unix() {
			share *= float64(until-at) / whole
		}
		d.add(bins, at+offset, until+offset, share)
		if until >= end {
			return
		}
		at = until
	}
}

// add is Add of an event in which the clock is not changed, in local seconds.
func (d *Dial) add(bins []float64, from, to int64, weight float64) {
	first, last := floor(from, d.step), floor(max(from, to-1), d.step)
	bin := int(modulo(first-mondayOfEpoch/d.step, int64(len(bins))))
	if first == last {
		bins[bin] += weight
		return
	}
	whole := float64(to - from)
	bins[bin] += weight * (float64((first+1)*d.step-from) / whole)
	for range last - first - 1 {
		bin = following(bin, len(bins))
		bins[bin] += weight * (float64(d.step) / whole)
	}
	bins[following(bin, len(bins))] += weight * (float64(to-last*d.step) / whole)
}

// following is the bin after the bin of so many.
func following(bin, of int) int {
	if bin++; bin < of {
		return bin
	}
	return 0
}

// MinuteOfDay returns the minute of the local day, 0 to 1439.
func (d *Dial) MinuteOfDay(at Instant) int {
	return int(modulo(at.Unix()+d.offsetAt(at.Unix()), 24*3600) / 60)
}

// floor is n/m rounded down.
func floor(n, m int64) int64 { return (n - modulo(n, m)) / m }

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
