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

// Add adds the weight to the bins, spread over them as StepWeights spreads the event.
// There are as many as steps in a day, or in a week, which starts on Monday. A step is
// that of the local clock in which the step of UTC starts, which is another only where
// the zone is off by a part of a step.
func (d *Dial) Add(bins []float64, event Window, weight float64) {
	s := stepsOf(event, time.Unix(0, 0), time.Duration(d.step)*time.Second)
	for i := s.first; i <= s.last; i++ {
		bins[d.bin(int64(i)*d.step, len(bins))] += s.share(i) * weight
	}
}

// mondayOfEpoch is the Monday before 1 January 1970, a Thursday, in Unix seconds.
const mondayOfEpoch = -3 * 24 * 3600

// bin returns the number of the step, of so many, that holds the step of UTC that
// starts at a moment.
func (d *Dial) bin(unix int64, bins int) int {
	if unix < d.from || unix >= d.to {
		d.turn(unix)
	}
	return int(modulo(unix+d.offset-mondayOfEpoch, int64(bins)*d.step) / d.step)
}

// turn looks up the offset that the zone keeps at a moment, and until when.
func (d *Dial) turn(unix int64) {
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
}

// modulo is the remainder in [0, m).
func modulo(n, m int64) int64 { return (n%m + m) % m }
