package scan

import (
	"fmt"
	"math"
	"runtime"
	"time"

	"spreewatch/geo"
)

// A Mode says where windows may end.
type Mode int

// The modes.
const (
	Prospective   Mode = iota // at the study's end, or up to Lookback before it
	Retrospective             // anywhere
)

// Locations says what a zone is made of.
type Locations int

// The kinds of location.
const (
	Points Locations = iota // the cases' own points
	Cells                   // the centres of H3 cells that hold them
)

// A PMethod says how a p-value was reached. Its text is what outputs show.
type PMethod string

// The methods.
const (
	// MonteCarlo ranks a spree among the replicates: p = (1 + #{replicates ≥
	// observed}) / (1 + R); a tie counts against significance.
	MonteCarlo PMethod = "monte carlo"
	// Gumbel reads p from the Gumbel distribution with the mean and variance of
	// the replicates' maxima (Abrams, Kulldorff and Kleinman 2010), which can
	// tell apart p below 1/(R+1).
	Gumbel PMethod = "gumbel"
	// Sequential is done with a spree when StopAfter replicates have reached it
	// (Besag and Clifford 1991): p = StopAfter / replicates until then; without
	// that it is the Monte Carlo p. It takes few replicates where chance explains
	// what was found, and gives no critical values.
	Sequential PMethod = "sequential"
)

// An Overlap says when of two sprees only the better is kept.
type Overlap int

// The rules. The zero value is SaTScan 10.3's: OverlapTime in retrospect,
// OverlapSpace otherwise, where all windows end about now.
const (
	OverlapDefault Overlap = iota
	OverlapSpace           // they share a place
	OverlapTime            // they share a place and a step
)

// Options say what to scan. Start from DefaultOptions.
type Options struct {
	Mode Mode
	// From and To bound the study, half-open. Zero takes the step that holds the
	// first or last case. A study that is not a whole number of steps starts
	// earlier, so that its last step ends at To.
	From, To time.Time
	// Step is the length of a time step: a minute or more, and above a day whole
	// days. Whole days are days of Zone's calendar, 23 or 25 hours long where its
	// clocks change; shorter steps are time elapsed.
	Step time.Duration
	Zone *time.Location // nil is UTC

	MaxRadiusM float64 // longest chord from a centre; 0 scans each place alone, +Inf sets no limit
	MaxShare   float64 // a zone holds at most this share of the cases, over 0 to 1
	MaxWindow  time.Duration
	// Lookback lets a prospective window end this long before the study does: 0,
	// and only the last step will do.
	Lookback time.Duration
	// Earlier adjusts a prospective scan that is run again and again: replicates
	// are also searched in the windows that ended up to this long ago, which the
	// analyses since then have looked at.
	Earlier  time.Duration
	MinCases int // least weight of a spree, in cases
	Overlap  Overlap
	Adjust   Adjustment

	Locations  Locations
	Resolution int      // of Cells, 0 to 15
	Centres    []Centre // none: every case's location is one. A centre is a location too, with or without a case

	Replicates int // 0 leaves P out
	Seed       uint64
	PMethod    PMethod
	StopAfter  int           // Sequential: replicates at or above a spree that suffice
	Cadence    time.Duration // how often the scan is run, for recurrence; 0 is a day, or Step if longer
	Workers    int           // goroutines; 0 is one a processor. The answer does not depend on it
}

// DefaultOptions scans days prospectively, circles to 5 km, windows to 7 days.
func DefaultOptions() Options {
	return Options{
		Step: 24 * time.Hour, MaxRadiusM: 5000, MaxShare: 0.5, MaxWindow: 7 * 24 * time.Hour,
		MinCases: 2, Resolution: 9, Replicates: 999, Seed: 1, PMethod: MonteCarlo, StopAfter: 10,
	}
}

// Validate refuses options that have no meaning.
func (o Options) Validate() error {
	const day = 24 * time.Hour
	switch {
	case o.Mode != Prospective && o.Mode != Retrospective:
		return fmt.Errorf("scan: unknown mode %d", o.Mode)
	case o.Overlap < OverlapDefault || o.Overlap > OverlapTime:
		return fmt.Errorf("scan: unknown rule of overlap %d", o.Overlap)
	case o.Adjust != AdjustNone && o.Adjust != AdjustWeekday:
		return fmt.Errorf("scan: unknown adjustment %q", o.Adjust)
	case o.Locations != Points && o.Locations != Cells:
		return fmt.Errorf("scan: unknown kind of location %d", o.Locations)
	case o.Step < time.Minute || o.Step > day && o.Step%day != 0:
		return fmt.Errorf("scan: step %v is not a minute to a day, or whole days", o.Step)
	case !o.From.IsZero() && !o.To.IsZero() && !o.From.Before(o.To):
		return fmt.Errorf("scan: the study ends before it starts")
	case !(o.MaxRadiusM >= 0):
		return fmt.Errorf("scan: radius must be 0 or more")
	case !(o.MaxShare > 0 && o.MaxShare <= 1):
		return fmt.Errorf("scan: share of cases must be over 0 and at most 1")
	case o.MaxWindow < o.Step:
		return fmt.Errorf("scan: longest window %v is shorter than a step of %v", o.MaxWindow, o.Step)
	case o.Lookback < 0 || o.Earlier < 0 || o.Cadence < 0:
		return fmt.Errorf("scan: lookback, earlier analyses and cadence must not be negative")
	case o.Mode == Retrospective && (o.Lookback > 0 || o.Earlier > 0):
		return fmt.Errorf("scan: lookback and earlier analyses belong to a prospective scan")
	case o.MinCases < 1:
		return fmt.Errorf("scan: a spree needs at least 1 case")
	case o.Locations == Cells && (o.Resolution < 0 || o.Resolution > geo.MaxResolution):
		return fmt.Errorf("scan: resolution %d is not 0 to %d", o.Resolution, geo.MaxResolution)
	case o.Replicates < 0 || o.Replicates > math.MaxInt32:
		return fmt.Errorf("scan: %d replicates", o.Replicates)
	case o.PMethod != MonteCarlo && o.PMethod != Gumbel && o.PMethod != Sequential:
		return fmt.Errorf("scan: unknown method for p %q", o.PMethod)
	case o.PMethod == Sequential && o.StopAfter < 1:
		return fmt.Errorf("scan: a sequential test stops after 1 replicate or more")
	case o.Workers < 0:
		return fmt.Errorf("scan: %d workers", o.Workers)
	}
	return nil
}

// overlap returns the rule that holds: OverlapSpace or OverlapTime.
func (o Options) overlap() Overlap {
	switch {
	case o.Overlap != OverlapDefault:
		return o.Overlap
	case o.Mode == Retrospective:
		return OverlapTime
	}
	return OverlapSpace
}

// zone returns the calendar of whole-day steps.
func (o Options) zone() *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}

// cadence returns how often the scan is run.
func (o Options) cadence() time.Duration {
	if o.Cadence > 0 {
		return o.Cadence
	}
	return max(24*time.Hour, o.Step)
}

// workers returns the number of goroutines.
func (o Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}
