package cluster

import (
	"math"
	"time"
)

// An Instant is a moment of UTC to the second: the seconds since 1 January of the year 1,
// so that the zero value is that of time.Time. It takes a third of its room, and a
// collector of garbage has nothing to follow in it.
type Instant int64

// epoch is the Instant of Unix time 0.
const epoch = 62_135_596_800

// At returns the second that a moment lies in.
func At(t time.Time) Instant { return Instant(t.Unix() + epoch) }

// Time returns the moment.
func (t Instant) Time() time.Time { return time.Unix(t.Unix(), 0).UTC() }

// Unix returns the seconds since 1 January 1970.
func (t Instant) Unix() int64 { return int64(t) - epoch }

// IsZero reports whether it is the zero value, which says nothing.
func (t Instant) IsZero() bool { return t == 0 }

// Sub returns how much later it is than u, at most the longest Duration (292 years).
func (t Instant) Sub(u Instant) time.Duration {
	const most = Instant(math.MaxInt64 / int64(time.Second))
	return time.Duration(min(max(t-u, -most), most)) * time.Second
}

// After reports whether it lies after a moment.
func (t Instant) After(u time.Time) bool { return t > At(u) }

// Before reports whether it lies before a moment.
func (t Instant) Before(u time.Time) bool { return t.Time().Before(u) }
