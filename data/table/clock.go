package table

import "time"

// WallClock returns the instant at which clocks in zone show what wall shows in
// UTC, and how a clock change was met, "" where there was none: of an hour that
// comes twice the first, or with late the second; an hour that is skipped as the
// one after it.
func WallClock(wall time.Time, late bool, zone *time.Location) (time.Time, string) {
	// The offsets a day before and a day after are the two sides of any change
	// near the wall time; a zone never changes twice in two days.
	_, before := wall.Add(-24 * time.Hour).In(zone).Zone()
	_, after := wall.Add(24 * time.Hour).In(zone).Zone()
	first := wall.Add(-time.Duration(max(before, after)) * time.Second).In(zone)
	second := wall.Add(-time.Duration(min(before, after)) * time.Second).In(zone)
	shows := func(t time.Time) bool {
		_, offset := t.Zone()
		return t.Add(time.Duration(offset) * time.Second).UTC().Equal(wall)
	}
	switch {
	case shows(first) && shows(second):
		if first.Equal(second) {
			return first, ""
		}
		if late {
			return second, "the clocks show this hour twice: read as the second"
		}
		return first, "the clocks show this hour twice: read as the first"
	case shows(first):
		return first, ""
	case shows(second):
		return second, ""
	}
	// Skipped: the offset in force before the change puts it after the gap.
	return wall.Add(-time.Duration(before) * time.Second).In(zone), "the clocks skip this hour: read as the one after it"
}
