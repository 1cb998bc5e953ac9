package detect

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"spreewatch/cluster/scales"
)

// A Calibration says at what threshold the scan raises a spree, and what that
// rests on.
type Calibration struct {
	Calibrated    bool
	Days          int     // of history, whole, rounded up
	AlertsPerWeek float64 // asked for; 0: the threshold is MaxP's
	Reached       float64 // false sprees a week at the threshold, on the null
	Threshold     float64 // least G of a spree
	Nights        int     // of the force's own past, times shuffled
	Replicates    int     // of each night, at least
	Made          int     // of Nights, made anew tonight
	Offences      []string
	// Of tonight: the chance that the best of a night is as strong as tonight's,
	// and how often one is.
	P          float64
	Recurrence time.Duration
}

// A NullNight is what the force's own reports up to a night would raise as new if
// time and place had nothing to do with each other.
type NullNight struct {
	AsOf       time.Time
	Hash       uint64 // of what it rests on
	Replicates int
	Floor      float64 // events under this are not listed
	Events     []scales.Event
}

const (
	// nullNights is how many nights the threshold rests on: one night's replicates
	// alone are noisy.
	nullNights = 28
	// youngDays is the history that a calibration needs at least.
	youngDays = 7
	// nullWork is how many counts all the nights may take, made anew.
	nullWork = 350_000_000
	// chanceWork is how many counts tonight's p may take.
	chanceWork = 250_000_000
	// pilots are the replicates that say where to stop listing events.
	pilots = 8
)

// calibrate finds the threshold from the nights up to this one. Nights are taken
// at a whole hour, so that the ones calibrated before fit though the batch did not
// start on the second.
func (f *finder) calibrate(ctx context.Context) error {
	c := &f.calibration
	c.Days, c.AlertsPerWeek = wholeDays(f.o.AsOf.Sub(f.first)), f.o.AlertsPerWeek
	var past pastNights
	if f.o.AsOf.Sub(f.first) >= youngDays*scales.Day { // else what follows would be work for nothing
		past = f.pastNights()
		var err error
		if f.tonight, err = past.on(ctx, f.o.AsOf); err != nil {
			return err
		}
		c.Offences = f.tonight.Offences()
	}
	if len(c.Offences) == 0 {
		f.notes = append(f.notes, Note{Kind: NoteNotCalibrated, N: len(f.incidents), Days: c.Days, LeastDays: youngDays, Least: scales.DefaultOptions().Least})
		return nil
	}
	c.Calibrated = true
	if f.o.AlertsPerWeek == 0 {
		maxima, err := f.tonight.Maxima(ctx, 0, f.replicates())
		c.Threshold = greatestAt(maxima, f.o.MaxP)
		return err
	}
	replicates := f.nullReplicates()
	for _, n := range past.nights {
		if n.Replicates < replicates {
			night := f.tonight
			if !n.AsOf.Equal(f.o.AsOf) {
				var err error
				if night, err = past.on(ctx, n.AsOf); err != nil {
					return err
				}
			}
			made, err := MakeNullNight(ctx, night, replicates, f.o.AlertsPerWeek)
			if err != nil {
				return err
			}
			made.AsOf, made.Hash = n.AsOf, n.Hash
			n = made
			c.Made++
		}
		f.nights = append(f.nights, n)
	}
	c.Nights, c.Replicates = len(f.nights), replicates
	c.Threshold, c.Reached = Threshold(f.nights, replicates, f.o.AlertsPerWeek)
	f.notes = append(f.notes, Note{Kind: NoteCalibrated, P: c.AlertsPerWeek, Rate: c.Reached, N: c.Nights, Days: c.Days})
	return nil
}

// pastNights are the nights that the threshold rests on.
type pastNights struct {
	nights []NullNight // the last one first; without replicates where it is to be made
	cases  *scales.Cases
	scan   *scales.Scan // nil before it is asked for
	first  time.Time    // the first night that the scan is ready for
}

// pastNights lists the nights, and takes of the known ones those that would be made alike.
func (f *finder) pastNights() pastNights {
	known := make(map[uint64]NullNight, len(f.o.Known))
	for _, n := range f.o.Known {
		known[n.Hash] = n
	}
	p := pastNights{cases: scales.CasesOf(f.strata(), f.scanOptions()), first: f.o.AsOf}
	if f.o.AlertsPerWeek == 0 {
		return p
	}
	for k := range nullNights {
		asOf := f.night(k)
		if asOf.Sub(f.first) < (youngDays-1)*scales.Day {
			break
		}
		hash := p.cases.Hash(asOf) ^ math.Float64bits(f.o.AlertsPerWeek)
		n, ok := known[hash]
		if !ok {
			n, p.first = NullNight{AsOf: asOf, Hash: hash}, asOf
		}
		p.nights = append(p.nights, n)
	}
	return p
}

// on returns what the scan looks at on a night. It is made ready for the nights that are
// not known, and for all once one is asked for of another.
func (p *pastNights) on(ctx context.Context, asOf time.Time) (*scales.Night, error) {
	if p.scan == nil || asOf.Before(p.first) {
		if asOf.Before(p.first) {
			p.first = p.nights[len(p.nights)-1].AsOf
		}
		var err error
		if p.scan, err = p.cases.Scan(ctx, p.first); err != nil {
			return nil, err
		}
	}
	return p.scan.On(asOf), nil
}

// nullReplicates is how many replicates a night has: fewer for a big force, in steps,
// so that a night's few reports more or less do not make all nights anew.
func (f *finder) nullReplicates() int {
	most := nullWork / (2 * nullNights * max(1, f.tonight.Cost()))
	for _, n := range []int{60, 40, 25, 16, 10, 6} {
		if n <= most {
			return n
		}
	}
	return 4
}

// night is the k-th night before this one, at the whole hour.
func (f *finder) night(k int) time.Time {
	zone := f.o.Zone
	if zone == nil {
		zone = time.UTC
	}
	t := f.o.AsOf.In(zone)
	return time.Date(t.Year(), t.Month(), t.Day()-k, t.Hour(), 0, 0, 0, zone).UTC()
}

// MakeNullNight makes the events of a night anew, at budgets of at most so many a
// week. AsOf and Hash are the caller's to set.
func MakeNullNight(ctx context.Context, night *scales.Night, replicates int, perWeek float64) (NullNight, error) {
	n := NullNight{Replicates: replicates}
	maxima, err := night.Maxima(ctx, 0, min(pilots, max(3, replicates)))
	if err != nil {
		return n, err
	}
	// The least of the pilots is reached by more than one cluster a night; each
	// e-fold of a greater budget takes about one off G.
	n.Floor = max(0, slices.Min(maxima)-max(0, math.Log(perWeek/7)))
	n.Events, err = night.Events(ctx, replicates, n.Floor)
	return n, err
}

// Threshold is the least G at which the nights' first replicates raise at most so
// many new clusters a week, and how many they raise there.
func Threshold(nights []NullNight, replicates int, perWeek float64) (g, reached float64) {
	type step struct {
		g float64
		n int // clusters more that a threshold at most this raises
	}
	var steps []step
	floor := 0.0
	for _, n := range nights {
		floor = max(floor, n.Floor)
		for _, e := range n.Events {
			if e.Replicate < replicates {
				steps = append(steps, step{e.G, 1}, step{e.After, -1})
			}
		}
	}
	slices.SortFunc(steps, func(a, b step) int { return cmp.Compare(b.g, a.g) })
	most := perWeek / 7 * float64(len(nights)*replicates)
	raised := 0
	for i := 0; i < len(steps) && steps[i].g > floor; {
		at, now := steps[i].g, raised
		for ; i < len(steps) && steps[i].g == at; i++ {
			now += steps[i].n
		}
		if float64(now) > most {
			return math.Nextafter(at, math.Inf(1)), rate(raised, nights, replicates)
		}
		raised = now
	}
	return max(floor, math.SmallestNonzeroFloat64), rate(raised, nights, replicates)
}

func rate(raised int, nights []NullNight, replicates int) float64 {
	return 7 * float64(raised) / float64(len(nights)*replicates)
}

// greatestAt is the least G with p at most the one given.
func greatestAt(maxima []float64, p float64) float64 {
	sorted := slices.Clone(maxima)
	slices.Sort(sorted)
	// (1 + #{maxima ≥ G}) / (1 + R) ≤ p.
	most := int(p*float64(len(maxima)+1)) - 1
	if most < 0 {
		return math.Inf(1)
	}
	if most >= len(sorted) {
		return math.SmallestNonzeroFloat64
	}
	return math.Nextafter(sorted[len(sorted)-1-most], math.Inf(1))
}

// A chance is a p and how it was reached.
type chance struct {
	p      float64
	method string
}

// replicates is how many p may rest on: so many that 1/20 can be told, and fewer
// for a big force.
func (f *finder) replicates() int {
	most := chanceWork / max(1, f.tonight.Cost())
	for _, n := range []int{999, 499, 199, 99, 59, 39} {
		if n <= most {
			return min(n, f.o.Replicates)
		}
	}
	return min(19, f.o.Replicates)
}

// enough replicates at or over a level settle its p (Besag & Clifford 1991).
const enough = 10

// chances returns the p of each level of G: its rank among the greatest of
// tonight's replicates, or, once enough of them have reached it, their share.
func (f *finder) chances(ctx context.Context, levels []float64) ([]chance, error) {
	all := f.replicates()
	strongest := slices.Max(levels)
	var maxima []float64
	out := make([]chance, len(levels))
	for missing := enough; missing > 0 && len(maxima) < all; missing = enough - reached(maxima, strongest) {
		// So many are needed at least; of many a tenth more is worth no wait.
		more, err := f.tonight.Maxima(ctx, len(maxima), min(max(missing, len(maxima)/10), all-len(maxima)))
		if err != nil {
			return nil, err
		}
		maxima = append(maxima, more...)
	}
	for i, g := range levels {
		n := 0
		out[i].method = "monte carlo"
		for k, m := range maxima {
			if m >= g {
				n++
			}
			if n == enough && k+1 < all {
				out[i] = chance{float64(n) / float64(k+1), "sequential"}
				break
			}
		}
		if out[i].p == 0 {
			out[i].p = float64(1+n) / float64(1+len(maxima))
		}
	}
	return out, nil
}

// reached counts the maxima at or over a level.
func reached(maxima []float64, g float64) int {
	n := 0
	for _, m := range maxima {
		if m >= g {
			n++
		}
	}
	return n
}
