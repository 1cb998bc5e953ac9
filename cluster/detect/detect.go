// Package detect finds the sprees of a night: by one permutation scan over all
// offences and scales, at a threshold that raises no more false sprees a week than
// the force can bear, and by the rule of an offence where its history is too thin
// for that. It follows each through its life.
package detect

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// Options are the settings of an analysis.
type Options struct {
	AsOf          time.Time      // the moment of the analysis; nothing after it is looked at
	Zone          *time.Location // of the hours of the day; nil is UTC
	Profiles      []cluster.Profile
	Lookback      time.Duration // over 0: in place of every profile's own
	Resolution    int           // H3 resolution of zones and cells
	MinLevel      geo.Level     // incidents matched less well are left out
	AlertsPerWeek float64       // false sprees a week that the force can bear; 0: as MaxP says
	MaxP          float64       // without AlertsPerWeek, a spree of the scan has at most this p
	Replicates    int           // at most, for p; 0 leaves the scan out
	Seed          uint64        // of the scan
	MaxRadiusM    float64       // the widest circle, but for those of the profiles
	MaxWindow     time.Duration // the longest window, but for those of the profiles
	MinCases      int           // the least number of incidents, but where a profile asks for more
	Previous      []cluster.Spree
	CellBook      *cluster.CellBook // keeps what H3 says; nil keeps nothing
	Known         []NullNight       // nights calibrated before, of which those that fit are not made anew
}

// DefaultOptions returns the settings of a nightly run, without profiles and
// as-of time.
func DefaultOptions() Options {
	return Options{
		Resolution: 9, MinLevel: geo.LevelPlace, AlertsPerWeek: 2, MaxP: 0.05, Replicates: 999, Seed: 1,
		MaxRadiusM: 12_000, MaxWindow: 7 * 24 * time.Hour, MinCases: 3,
	}
}

// Validate refuses settings that mean nothing.
func (o Options) Validate() error {
	switch {
	case o.AsOf.IsZero():
		return fmt.Errorf("detect: no as-of time")
	case o.Resolution < 0 || o.Resolution > geo.MaxResolution:
		return fmt.Errorf("detect: resolution must be 0 to %d", geo.MaxResolution)
	case o.Lookback < 0:
		return fmt.Errorf("detect: lookback must not be negative")
	case o.Replicates < 0:
		return fmt.Errorf("detect: replicates must not be negative")
	case !(o.AlertsPerWeek >= 0 && o.AlertsPerWeek <= 100):
		return fmt.Errorf("detect: alerts a week must be 0 to 100")
	case o.Replicates > 0 && !(o.MaxP > 0 && o.MaxP <= 1):
		return fmt.Errorf("detect: the greatest p must be over 0 and at most 1")
	case o.Replicates > 0 && (!(o.MaxRadiusM > 0) || o.MaxWindow < time.Hour || o.MinCases < 2):
		return fmt.Errorf("detect: the scan needs a radius, a window of an hour or more and at least 2 incidents")
	}
	seen := make(map[string]bool)
	for _, p := range o.Profiles {
		if err := p.Validate(); err != nil {
			return fmt.Errorf("detect: %w", err)
		}
		if seen[p.Offence] {
			return fmt.Errorf("detect: two profiles of offence %s", p.Offence)
		}
		seen[p.Offence] = true
	}
	return nil
}

// A Detection is what an analysis found.
type Detection struct {
	Sprees []cluster.Spree // best first; those that have ended tonight last
	// Dormant are those that ended before and may yet return: what the next
	// analysis has to be told, beside Sprees, and nobody has to be shown.
	Dormant     []cluster.Spree
	Cells       []CellCount // by cell
	Notes       []Note      // what a reader has to know of how it was found, without an address
	Calibration Calibration
	Nights      []NullNight // what the calibration rests on, for the next night's Known
}

// Detect finds the sprees in the incidents up to AsOf.
//
// Where there is history enough, one scan looks at all offences and scales, and
// what reaches the threshold that the calibration sets is a spree; the rule of an
// offence's profile then speaks only for offences with too few incidents to
// permute. Without a calibration the rule speaks for all, and a note says why.
//
// An incident of an offence without a profile is taken as "other", where there is
// such a profile. The same ID twice is one incident, and an incident without a
// place, or matched less well than MinLevel, enters nothing; the notes say how
// many. Sprees keep the identity that they have in Previous (see Track). It gives
// up, with the context's error, when ctx is done.
func Detect(ctx context.Context, incidents []cluster.Incident, o Options) (Detection, error) {
	if err := o.Validate(); err != nil {
		return Detection{}, err
	}
	usable, notes := usable(incidents, o)
	f := newFinder(usable, o)
	if err := f.find(ctx); err != nil {
		return Detection{}, fmt.Errorf("detect: %w", err)
	}
	d := Detection{Notes: append(notes, f.notes...), Calibration: f.calibration, Nights: f.nights}
	if !f.calibration.Calibrated && len(usable) <= askedTwice {
		beside, err := otherLevel(ctx, incidents, f.sprees, o)
		if err != nil {
			return Detection{}, fmt.Errorf("detect: %w", err)
		}
		d.Notes = append(d.Notes, beside...)
	}
	d.Sprees, d.Dormant = Track(o.Previous, f.sprees, f.incidents, o.AsOf)
	d.Notes = append(d.Notes, lifeNotes(d.Sprees, o.Previous)...)
	var err error
	if d.Cells, err = countCells(usable, d.Sprees, o); err != nil {
		return Detection{}, fmt.Errorf("detect: %w", err)
	}
	return d, nil
}

// lifeNotes says which sprees were merged or split tonight.
func lifeNotes(sprees, previous []cluster.Spree) []Note {
	before := make(map[string]int)
	for _, s := range previous {
		before[s.ID] = len(s.Merged)
	}
	var notes []Note
	for _, s := range sprees {
		if n := len(s.Merged) - before[s.ID]; n > 0 {
			notes = append(notes, Note{Kind: NoteMerged, ID: s.ID, N: n})
		}
		if s.Split {
			notes = append(notes, Note{Kind: NoteSplit, ID: s.ID})
		}
	}
	return notes
}

// askedTwice is how many incidents the rule may be asked of again, for a note.
const askedTwice = 20_000

// otherOffence is the profile of what no other profile names.
const otherOffence = "other"

// sizes lists how many incidents each spree has.
func sizes(sprees []cluster.Spree) []int {
	var out []int
	for _, s := range sprees {
		out = append(out, len(s.Incidents))
	}
	return out
}

func sortedProfiles(profiles []cluster.Profile) []cluster.Profile {
	sorted := slices.Clone(profiles)
	slices.SortFunc(sorted, func(a, b cluster.Profile) int { return cmp.Compare(a.Offence, b.Offence) })
	return sorted
}

// usable returns the incidents that may enter, each once and by From, and says what was
// left out. Intervals are cut at AsOf: what has been reported has happened. Only an
// incident that is changed is copied: a year's are large.
func usable(incidents []cluster.Incident, o Options) ([]*cluster.Incident, []Note) {
	known := make(map[string]bool)
	for _, p := range o.Profiles {
		known[p.Offence] = true
	}
	var unplaced, rough, later, other int
	distinct := cluster.DistinctOf(incidents, nil)
	kept := distinct[:0]
	repeated := len(incidents) - len(distinct)
	for _, in := range distinct {
		switch {
		case in.From.After(o.AsOf) || in.Reported.After(o.AsOf):
			later++
			continue
		case !cluster.Placed(*in):
			unplaced++
			continue
		case in.Level < o.MinLevel:
			rough++
			continue
		}
		offence := in.Offence
		if !known[offence] {
			other++
			if known[otherOffence] {
				offence = otherOffence
			}
		}
		if offence != in.Offence || in.To.After(o.AsOf) || in.To < in.From {
			changed, w := *in, cluster.UpTo(*in, o.AsOf)
			changed.Offence, changed.From, changed.To = offence, cluster.At(w.Start), cluster.At(w.End)
			in = &changed
		}
		kept = append(kept, in)
	}
	notes := counted(NoteRepeated, repeated)
	notes = append(notes, counted(NoteUnplaced, unplaced)...)
	for _, n := range counted(NoteRough, rough) {
		n.Level = o.MinLevel
		notes = append(notes, n)
	}
	notes = append(notes, counted(NoteLater, later)...)
	for _, n := range counted(NoteNoProfile, other) {
		if known[otherOffence] {
			n.Offence = otherOffence
		}
		notes = append(notes, n)
	}
	return kept, notes
}

// otherLevel says what the rule would find without the incidents that are matched
// to less than a street, or with them where MinLevel leaves them out.
func otherLevel(ctx context.Context, incidents []cluster.Incident, sprees []cluster.Spree, o Options) ([]Note, error) {
	other := o
	other.Replicates = 0
	other.MinLevel = geo.LevelStreet
	if o.MinLevel >= geo.LevelStreet {
		other.MinLevel = geo.LevelPlace
	}
	differs := slices.ContainsFunc(incidents, func(in cluster.Incident) bool {
		return cluster.Placed(in) && !in.From.After(o.AsOf) && (in.Level < o.MinLevel) != (in.Level < other.MinLevel)
	})
	if !differs {
		return nil, nil
	}
	there, _ := usable(incidents, other)
	f := newFinder(there, other)
	if err := f.find(ctx); err != nil {
		return nil, err
	}
	return []Note{{Kind: NoteOtherLevel, Level: other.MinLevel, Found: sizes(f.sprees), AsItIs: sizes(sprees)}}, nil
}

// daysLong returns the days as a Duration, the longest there is (292 years) for
// more.
func daysLong(days float64) time.Duration {
	ns := days * 24 * float64(time.Hour)
	if !(ns < math.MaxInt64) {
		return math.MaxInt64
	}
	return time.Duration(ns)
}
