package cluster

import (
	"slices"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// A Status says how a spree stands against the analysis before.
type Status string

// The statuses of a spree.
const (
	StatusNew      Status = "new"      // raised for the first time in its life
	StatusGrowing  Status = "growing"  // known, and it has gained incidents
	StatusOngoing  Status = "ongoing"  // known, and nothing was added
	StatusEnded    Status = "ended"    // its own window has passed without another incident
	StatusReturned Status = "returned" // had ended, and there is a burst at its place again
)

// A Method says what found a spree.
type Method string

// The methods of detection.
const (
	MethodRule Method = "rule" // the thresholds of the offence profile
	MethodScan Method = "scan" // the space-time permutation scan
)

// A Spree is a burst of incidents close in space and time. Its Incidents, Zone,
// Window, Centre, RadiusM, Observed and Statistic are of one set of incidents:
// those of the circle and the window that raised it last. What its life holds
// besides is Joined.
type Spree struct {
	ID        string // stable from night to night
	Status    Status
	Offence   string // profile name
	Method    Method
	Incidents []string   // incident IDs, ascending
	Joined    []string   // those before and after that are of the same life, ascending
	Zone      []geo.Cell // one resolution, ascending
	Window    Window     // first event to last event of Incidents
	Centre    orb.Point
	RadiusM   float64 // about Centre, holds every one of Incidents with its own radius
	Observed  float64 // weight of Incidents in the length of time that raised it; of a scan, their number
	Statistic *Statistic
	Places    []string // settlement names, most incidents first
	// Confidence is 0 to 1: how sure it is that these incidents are where and
	// when the spree says, from the geocodes behind it.
	Confidence float64

	Raised Thresholds
	First  time.Time // the night that raised it first
	Last   time.Time // end of the latest event of its life
	Ended  time.Time // the night that found it ended; zero while it goes on
	Merged []string  // IDs of the sprees that turned out to be this one
	Split  bool      // tonight it was found in more than one part
}

// Thresholds are what a spree had to meet to be raised.
type Thresholds struct {
	RadiusM       float64       // incidents within this of a common centre
	Window        time.Duration // and within this
	MinIncidents  int           // at least so many
	AlertsPerWeek float64       // at a rate of false sprees; 0 where it was not calibrated
}

// A Statistic is what the scan says of a spree; a spree that only the rule found
// has none.
type Statistic struct {
	Expected   float64       // μ, under independence of space and time
	LLR        float64       // log likelihood ratio, natural logarithm
	P          float64       // 0 < P ≤ 1, of the whole night
	PMethod    string        // "monte carlo", "sequential"
	Recurrence time.Duration // chance alone raises a night as strong this often
}

// Life returns the IDs of all incidents of a spree's life, ascending.
func (s Spree) Life() []string {
	all := slices.Concat(s.Incidents, s.Joined)
	slices.Sort(all)
	return slices.Compact(all)
}
