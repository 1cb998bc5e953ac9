// Package replay makes a force's past ready to be replayed: for a comparison of settings,
// and for an evaluation of plans. From what is asked for, as typed, and what the past
// holds it settles which nights or days there are, what of it can be answered, and what
// has to be said. It knows no flags, no files and no clock, so that every program that
// replays the same past with the same questions finds the same.
package replay

import (
	"fmt"
	"time"

	"spreewatch/cluster"
)

// A Past is what a replay rests on.
type Past struct {
	// Incidents have a place. Ready puts them in another order, and those that it
	// leaves out are no longer in the slice: it is Ready's from then on.
	Incidents []cluster.Incident
	Days      bool           // their dates are days alone: each is the midnight of its date in UTC
	Source    string         // base name of the file that they are of, "-" for standard input; "" is the database
	Zone      *time.Location // of the force, in which its nights and days are; nil is UTC
	Notes     []string       // what who read it has to say of it
}

// home is the zone of the force.
func (p Past) home() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

// zone is the one in which dates are read: of days alone, that in which they are
// midnights.
func (p Past) zone() *time.Location {
	if p.Days {
		return time.UTC
	}
	return p.home()
}

// A UsageError is a question that was typed wrongly: to ask again, differently, is all
// that helps. Other errors of Ready are of the past, and a *data.UserError.
type UsageError struct {
	Msg  string
	Hint string // what to type
}

// Error returns the line without the hint.
func (e *UsageError) Error() string { return e.Msg }

// Hinted returns the hint, for data.Hint.
func (e *UsageError) Hinted() string { return e.Hint }

func usagef(hint, format string, args ...any) error {
	return &UsageError{Msg: fmt.Sprintf(format, args...), Hint: hint}
}

// parseDay reads the day of a flag, such as --from, as its midnight in the zone, and the
// zero time where none is given.
func parseDay(flag, example, text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return at, usagef(flag+" "+example, "%s: %q is no day", flag, text)
	}
	return at, nil
}

// midnight is the one that begins the day of a moment in a zone.
func midnight(t time.Time, zone *time.Location) time.Time {
	y, m, d := t.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}
