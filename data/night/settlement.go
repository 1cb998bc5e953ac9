package night

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// settlements looks up the centres of the settlements that the incidents name.
// One that the gazetteer does not have by that very name is left out; of several of one
// name it is the one with the least distance to the incidents in all.
func (e *evening) settlements(ctx context.Context, incidents []cluster.Incident) (map[string]orb.Point, error) {
	named := make(map[string]bool)
	for i := range incidents {
		named[incidents[i].PlaceName] = true
	}
	delete(named, "")
	if len(named) == 0 {
		return nil, nil
	}
	names := slices.Sorted(maps.Keys(named))
	index, err := e.places(ctx)
	if err != nil {
		return nil, err
	}
	return centresOf(names, matchAll(index, names, e.Settings.within()), incidents), nil
}

// centresOf chooses among each match and its candidates.
func centresOf(names []string, matches []geo.Match, incidents []cluster.Incident) map[string]orb.Point {
	several := make(map[string][]homonym)
	centres := make(map[string]orb.Point)
	for i, m := range matches {
		switch all := homonyms(m, names[i]); len(all) {
		case 0:
		case 1:
			centres[names[i]] = all[0].at
		default:
			several[names[i]] = all
		}
	}
	if len(several) == 0 {
		return centres
	}
	for i := range incidents {
		all := several[incidents[i].PlaceName]
		for k := range all {
			all[k].away += geo.Distance(incidents[i].Point, all[k].at)
		}
	}
	for name, all := range several {
		centres[name] = slices.MinFunc(all, func(a, b homonym) int { return cmp.Compare(a.away, b.away) }).at
	}
	return centres
}

// A homonym is one of the settlements of a name.
type homonym struct {
	at   orb.Point
	away float64 // the incidents that name it, metres in all
}

// homonyms are the match and its candidates that are a place of the very name.
func homonyms(m geo.Match, name string) (all []homonym) {
	for _, c := range append([]geo.Candidate{{Level: m.Level, Name: m.Name, Point: m.Point}}, m.Candidates...) {
		if c.Level == geo.LevelPlace && c.Name == name {
			all = append(all, homonym{at: c.Point})
		}
	}
	return all
}
