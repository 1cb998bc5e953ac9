// Package detect finds the sprees of a night: by the rule of each offence and by
// the permutation scan, made one, and followed from night to night.
package detect

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/risk"
	"spreewatch/cluster/rule"
	"spreewatch/geo"
)

// Options are the settings of an analysis.
type Options struct {
	AsOf       time.Time      // the moment of the analysis; nothing after it is looked at
	Zone       *time.Location // of the hours of the day; nil is UTC
	Profiles   []cluster.Profile
	Lookback   time.Duration   // over 0: in place of every profile's own
	Resolution int             // H3 resolution of zones and cells; a scan with wide circles takes coarser cells
	Step       time.Duration   // least time step of the scan; one with long windows takes longer steps
	MinLevel   geo.Level       // incidents matched less well are left out
	Scan       bool            // run the permutation scan where the history allows it
	Replicates int             // of each scan
	Seed       uint64          // of each scan
	MaxP       float64         // a spree of the scan has at most this p
	All        cluster.Profile // circle, window, minimum and lookback of the scan over all offences
	Previous   []cluster.Spree // what the analysis before, of an earlier AsOf, found
}

// DefaultOptions returns the settings of a nightly run, without profiles and
// as-of time.
func DefaultOptions() Options {
	return Options{
		Resolution: 9, Step: time.Hour, MinLevel: geo.LevelPlace,
		Scan: true, Replicates: 999, Seed: 1, MaxP: 0.05,
		All: cluster.Profile{RadiusM: 5000, Window: 7 * 24 * time.Hour, MinIncidents: 3, Lookback: 24 * time.Hour},
	}
}

// Validate refuses settings that mean nothing.
func (o Options) Validate() error {
	switch {
	case o.AsOf.IsZero():
		return fmt.Errorf("detect: no as-of time")
	case o.Resolution < 0 || o.Resolution > geo.MaxResolution:
		return fmt.Errorf("detect: resolution must be 0 to %d", geo.MaxResolution)
	case o.Step < time.Minute || o.Step > 24*time.Hour:
		return fmt.Errorf("detect: step must be a minute to a day")
	case o.Lookback < 0:
		return fmt.Errorf("detect: lookback must not be negative")
	case o.Scan && o.Replicates < 0:
		return fmt.Errorf("detect: replicates must not be negative")
	case o.Scan && !(o.MaxP > 0 && o.MaxP <= 1):
		return fmt.Errorf("detect: the greatest p must be over 0 and at most 1")
	case o.Scan && (!(o.All.RadiusM > 0) || o.All.Window <= 0 || o.All.MinIncidents < 2 || o.All.Lookback < 0):
		return fmt.Errorf("detect: the scan over all offences needs a radius, a window and at least 2 incidents")
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
	Sprees []cluster.Spree // those of the scan first, by p, then by incidents; those that have ended last
	Cells  []CellCount     // by cell
	Notes  []Note          // what a reader has to know of how it was found
}

// Detect finds the sprees in the incidents up to AsOf: for each profile's
// offence those that meet its rule and those that the permutation scan finds,
// merged, and then those of a scan over all offences. Where the history is too
// thin for a permutation test the rule stands alone, and a note says so with the
// number. Where it is not, the sprees that the scan bears out come first, and a
// note says how many meet the rule alone. Cells of the recent past are counted
// beside.
//
// The same ID twice is one incident, and an incident without a place, or matched
// less well than MinLevel, enters nothing; the notes say how many. No incident
// is in two sprees of one offence. Sprees keep the identity that they have in
// Previous (see Track).
func Detect(incidents []cluster.Incident, o Options) (Detection, error) {
	if err := o.Validate(); err != nil {
		return Detection{}, err
	}
	usable, notes := usable(incidents, o)
	var risks []*risk.Risk
	var wait sync.WaitGroup
	wait.Go(func() { risks = learnRisks(usable, o) }) // needs nothing of the sprees
	sprees, more, err := findSprees(usable, o)
	wait.Wait()
	if err != nil {
		return Detection{}, fmt.Errorf("detect: %w", err)
	}
	notes = append(notes, more...)
	beside, err := otherLevel(incidents, sprees, o)
	if err != nil {
		return Detection{}, fmt.Errorf("detect: %w", err)
	}
	notes = append(notes, beside...)
	sprees = Track(o.Previous, sprees)
	cells, err := countCells(usable, sprees, risks, o)
	if err != nil {
		return Detection{}, fmt.Errorf("detect: %w", err)
	}
	return Detection{Sprees: sprees, Cells: cells, Notes: notes}, nil
}

// findSprees runs rule and scan for each offence and over all.
func findSprees(incidents []cluster.Incident, o Options) ([]cluster.Spree, []Note, error) {
	incidents = slices.Clone(incidents)
	byID := make(map[string]cluster.Incident, len(incidents))
	byOffence := make(map[string][]cluster.Incident)
	for i := range incidents {
		in := &incidents[i]
		w := cluster.UpTo(*in, o.AsOf)
		in.From, in.To = w.Start, w.End
		byID[in.ID] = *in
		byOffence[in.Offence] = append(byOffence[in.Offence], *in)
	}
	var sprees []cluster.Spree
	var notes []Note
	scans := 0
	known := make(map[string]bool)
	for _, p := range sortedProfiles(o.Profiles) {
		known[p.Offence] = true
		if o.Lookback > 0 {
			p.Lookback = o.Lookback
		}
		own := byOffence[p.Offence]
		if len(own) == 0 {
			continue
		}
		found, err := rule.Find(own, p, o.AsOf, o.Resolution)
		if err != nil {
			return nil, nil, fmt.Errorf("rule of %s: %w", p.Offence, err)
		}
		notes = append(notes, tooWide(own, p)...)
		if o.Scan && o.Replicates > 0 {
			if why, few := thin(own, o.AsOf, p.Window); few {
				why.Offence = p.Offence
				notes = append(notes, why)
			} else {
				scans++
				scanned, err := scanSprees(own, byID, p, o)
				if err != nil {
					return nil, nil, fmt.Errorf("%s: %w", p.Offence, err)
				}
				if found, err = merge(found, scanned, byID, p, o.Resolution); err != nil {
					return nil, nil, fmt.Errorf("%s: %w", p.Offence, err)
				}
				notes = append(notes, ruleOnly(found, p, o.MaxP)...)
			}
		}
		sprees = append(sprees, found...)
	}
	if o.Scan && o.Replicates > 0 && len(byOffence) > 1 {
		all := o.All
		all.Offence = ""
		if o.Lookback > 0 {
			all.Lookback = o.Lookback
		}
		if why, few := thin(incidents, o.AsOf, all.Window); few {
			notes = append(notes, why)
		} else {
			scans++
			scanned, err := scanSprees(incidents, byID, all, o)
			if err != nil {
				return nil, nil, fmt.Errorf("all offences: %w", err)
			}
			sprees = append(sprees, ownSprees(scanned, sprees, byID, known)...)
		}
	}
	if scans > 1 {
		notes = append(notes, Note{Kind: NoteScans, N: scans, P: o.MaxP})
	}
	sortSprees(sprees)
	return sprees, notes, nil
}

// ruleOnly says how many of an offence's sprees the scan does not bear out.
func ruleOnly(sprees []cluster.Spree, p cluster.Profile, maxP float64) []Note {
	n := 0
	for _, s := range sprees {
		if s.Statistic == nil {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []Note{{Kind: NoteRuleAlone, Offence: p.Offence, N: n, Of: len(sprees), P: maxP}}
}

// otherLevel says what would be found without the incidents that are matched to
// less than a street, or with them where MinLevel leaves them out.
func otherLevel(incidents []cluster.Incident, sprees []cluster.Spree, o Options) ([]Note, error) {
	other := o
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
	found, _, err := findSprees(there, other)
	if err != nil {
		return nil, err
	}
	return []Note{{Kind: NoteOtherLevel, Level: other.MinLevel, Found: sizes(found), AsItIs: sizes(sprees)}}, nil
}

// sizes are how many incidents each spree has.
func sizes(sprees []cluster.Spree) []int {
	counts := make([]int, len(sprees))
	for i, s := range sprees {
		counts[i] = len(s.Incidents)
	}
	return counts
}

func sortedProfiles(profiles []cluster.Profile) []cluster.Profile {
	sorted := slices.Clone(profiles)
	slices.SortFunc(sorted, func(a, b cluster.Profile) int { return cmp.Compare(a.Offence, b.Offence) })
	return sorted
}

// usable returns the incidents that may enter, each once, and says what was left
// out.
func usable(incidents []cluster.Incident, o Options) ([]cluster.Incident, []Note) {
	var unplaced, rough, later int
	distinct := cluster.Distinct(incidents)
	var notes []Note
	notes = append(notes, counted(NoteRepeated, len(incidents)-len(distinct))...)
	kept := make([]cluster.Incident, 0, len(distinct))
	for i := range distinct {
		in := &distinct[i]
		switch {
		case in.From.After(o.AsOf):
			later++
		case !cluster.Placed(*in):
			unplaced++
		case in.Level < o.MinLevel:
			rough++
		default:
			kept = append(kept, *in)
		}
	}
	notes = append(notes, counted(NoteUnplaced, unplaced)...)
	if rough > 0 {
		notes = append(notes, Note{Kind: NoteRough, N: rough, Level: o.MinLevel})
	}
	notes = append(notes, counted(NoteLater, later)...)
	known := make(map[string]bool)
	for _, p := range o.Profiles {
		known[p.Offence] = true
	}
	other := 0
	for i := range kept {
		if !known[kept[i].Offence] {
			other++
		}
	}
	return kept, append(notes, counted(NoteNoProfile, other)...)
}

func tooWide(incidents []cluster.Incident, p cluster.Profile) []Note {
	n := 0
	for _, in := range incidents {
		if in.Offence == p.Offence && in.RadiusM > p.RadiusM {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []Note{{Kind: NoteTooWide, Offence: p.Offence, N: n, RadiusM: p.RadiusM}}
}
