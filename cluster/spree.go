package cluster

import (
	"time"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// A Status says how a spree stands against the analysis before.
type Status string

// The statuses of a spree.
const (
	StatusNew     Status = "new"     // not seen by the analysis before
	StatusGrowing Status = "growing" // seen, and it has gained incidents
	StatusOngoing Status = "ongoing" // seen, and nothing was added
	StatusEnded   Status = "ended"   // seen, and no longer found
)

// A Method says what found a spree.
type Method string

// The methods of detection.
const (
	MethodRule Method = "rule" // the thresholds of the offence profile
	MethodScan Method = "scan" // the space-time permutation scan
)

// A Spree is a burst of incidents close in space and time.
type Spree struct {
	ID        string // stable from night to night
	Status    Status
	Offence   string // profile name; "" for a scan over all offences
	Method    Method
	Incidents []string   // incident IDs, ascending
	Zone      []geo.Cell // one resolution, ascending
	Window    Window     // first event to last event, of those whose time is known well enough
	Centre    orb.Point
	RadiusM   float64 // about Centre, holds every incident with its own radius
	Observed  float64 // weight of incidents in zone and window; with a Statistic, in the scan's own circle and window
	Statistic *Statistic
	Places    []string // settlement names, most incidents first
	// Confidence is 0 to 1: how sure it is that these incidents are where and
	// when the spree says, from the geocodes behind it.
	Confidence float64
}

// A Statistic is what the scan says of a spree; a spree that only the rule found
// has none.
type Statistic struct {
	Expected   float64       // μ, under independence of space and time
	LLR        float64       // log likelihood ratio, natural logarithm
	P          float64       // 0 < P ≤ 1
	PMethod    string        // "monte carlo", "gumbel", "sequential"
	Recurrence time.Duration // scan interval / P: chance alone raises one as strong this often
}
