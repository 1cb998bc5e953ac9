// Package data keeps reports, incidents, sprees and runs in SQLite. It is the
// only package that opens a database.
package data

import (
	"fmt"
	"time"

	"github.com/paulmach/orb"
)

// A Precision says how well an event's time is known.
type Precision string

// The precisions of an event interval.
const (
	PrecisionExact     Precision = "exact"     // one clock time
	PrecisionAround    Precision = "around"    // "at around 10am"
	PrecisionWindow    Precision = "window"    // a from and a to: "between 10am and 2.30pm", "in the afternoon"
	PrecisionDay       Precision = "day"       // a date alone
	PrecisionOvernight Precision = "overnight" // "overnight on 18 July"
)

// A Report is one event as received: what was done, where and when, in the
// words of the source.
type Report struct {
	Ref         string    // the source's reference; where it has none, one made from the content
	Offence     string    // profile name or the source's word; "" where nothing says
	OffenceText string    // what the source's column of offences says; "" where it has none
	Location    string    // as written
	From, To    time.Time // event interval [From, To), in the zone it was read in; To = From is an instant
	Precision   Precision
	DateRule    string     // how the date and year were settled, in words
	Reported    time.Time  // when the police were told; zero where not known
	Point       *orb.Point // coordinates of the source, nil where it has none
	WithinM     float64    // metres about Point that hold the place, as far as the source says; 0 where it does not
	Source      string     // base name of the file, "-" for standard input
	Line        int        // first line of the report in it, from 1
	Bulletin    bool       // told in running text; it shares an area with those beside it
	Own         bool       // a person has said that it repeats no report of a table
	Withdrawn   bool       // the source has taken it back: kept, and counted nowhere
}

// A RowError is one line of a source that gave no report. Its text holds no
// field value, so that it can be logged.
type RowError struct {
	Source string
	Line   int
	Field  string // the column or part at fault, "" for the whole line
	Reason string
	Unread bool // names a place or a time but could not be read, rather than read and refused
}

// Error says where and why, without the words of the line.
func (e *RowError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("%s:%d: %s", e.Source, e.Line, e.Reason)
	}
	return fmt.Sprintf("%s:%d: %s: %s", e.Source, e.Line, e.Field, e.Reason)
}
