// Package patrol turns sprees and risk into suggestions for the coming shifts:
// which area, when, how long, why. It is pure.
package patrol

import (
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// A Suggestion is one area to patrol in one shift.
type Suggestion struct {
	ID         string // unique, from the content
	Rank       int    // 1 is the first to do, over all shifts
	SpreeID    string // the spree behind it, "" for none
	Offence    string
	PlaceName  string     // "Dereham, 2.5 km east"; "" when not known; never a house
	Streets    []string   // that run through the area, by name; filled in where a gazetteer knows them
	Cell       geo.Cell   // the middle of the area
	Area       []geo.Cell // ascending
	AreaM2     float64
	Shift      string         // such as "late 2015-09-17"
	Band       cluster.Window // when inside the shift
	Dwell      time.Duration  // per visit; Koper 1995: 10 to 16 minutes
	Visits     int
	Unit       string // who goes there, by name, separated by commas; "" for nobody or before routes are made
	Priority   string // "high", "medium" or "low"
	Risk       float64
	Reason     string // a sentence or two, without an address
	Action     string // what to do there, at the hours of the band
	Acts       []Act  // the same by the hour
	AnyHour    string // what to do there, for who is not told the hour
	Confidence float64
	Incidents  []string         // IDs behind it
	Sources    []Source         // incidents that make a thousandth of the risk or more, the most first
	Outline    orb.MultiPolygon // of an area of the force's own; nil for that of its cells
	Expires    time.Time        // when to stop acting on it
}

// A Source is an incident that makes a part of the risk of an area.
type Source struct {
	ID      string
	Offence string
	SpreeID string  // whose incident it is there, "" for none
	Share   float64 // of the incidents to expect in the area in the band
}
