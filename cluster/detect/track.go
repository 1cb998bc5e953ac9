package detect

import (
	"cmp"
	"fmt"
	"slices"

	"spreewatch/cluster"
)

// Track carries the identity of sprees from the analysis before to this one.
//
// Two sprees of one offence, however found, may be the same when they share an
// incident. The pair that shares most incidents is matched first, then, of
// equals, the one with the larger share of incidents in common (Jaccard index),
// then by the IDs; each spree is matched once. So of a spree that split, the
// part that kept most keeps the ID and the others are new; of sprees that
// merged, the one that brought most goes on and the others have ended.
//
// A matched spree takes the ID of the earlier one. It is growing when it has an
// incident that the earlier one had not, else ongoing. A spree without a match
// is new and keeps the ID that it was found under, with "-2" (or the next number
// that is free) behind it where another spree goes by that. A spree of before
// without a match is returned as it was, as ended; one that had ended already is
// not.
//
// previous is the result of Track for an earlier AsOf: against the same AsOf
// everything would be ongoing. The order of neither argument matters. The sprees
// are returned best first as Detect has them, and the ended ones last, by ID.
func Track(previous, current []cluster.Spree) []cluster.Spree {
	previous = slices.DeleteFunc(slices.Clone(previous), func(s cluster.Spree) bool { return s.Status == cluster.StatusEnded })
	current = slices.Clone(current)
	slices.SortFunc(previous, compareSpreeIDs)
	slices.SortFunc(current, compareSpreeIDs)

	before := make([]int, len(current)) // index in previous, −1 for none
	for i := range before {
		before[i] = -1
	}
	gone := make([]bool, len(previous)) // matched
	for _, m := range overlaps(previous, current) {
		if before[m.current] < 0 && !gone[m.previous] {
			before[m.current] = m.previous
			gone[m.previous] = true
		}
	}
	taken := make(map[string]bool, len(previous)+len(current))
	for _, s := range previous {
		taken[s.ID] = true
	}
	for i := range current {
		s := &current[i]
		if before[i] < 0 {
			s.ID, s.Status = freeID(s.ID, taken), cluster.StatusNew
			continue
		}
		was := previous[before[i]]
		s.ID, s.Status = was.ID, cluster.StatusOngoing
		if shared(was.Incidents, s.Incidents) < len(s.Incidents) {
			s.Status = cluster.StatusGrowing
		}
	}
	sortSprees(current)
	for i, s := range previous {
		if !gone[i] {
			s.Status = cluster.StatusEnded
			current = append(current, s)
		}
	}
	return current
}

// compareSpreeIDs orders by ID, and where that is the same by what is in it.
func compareSpreeIDs(a, b cluster.Spree) int {
	return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.Offence, b.Offence), slices.Compare(a.Incidents, b.Incidents))
}

// freeID returns the ID, or the first of ID-2, ID-3, … that is free, and takes it.
func freeID(id string, taken map[string]bool) string {
	free := id
	for n := 2; taken[free]; n++ {
		free = fmt.Sprintf("%s-%d", id, n)
	}
	taken[free] = true
	return free
}

// An overlap is two sprees with incidents in common, by index.
type overlap struct{ previous, current, shared, union int }

// overlaps lists the pairs that share an incident, the best match first. Only
// such pairs are met, so thousands of sprees cost no more than their incidents.
func overlaps(previous, current []cluster.Spree) []overlap {
	type key struct{ offence, incident string }
	holders := make(map[key][]int)
	for i, s := range previous {
		for _, id := range s.Incidents {
			k := key{s.Offence, id}
			holders[k] = append(holders[k], i)
		}
	}
	var pairs []overlap
	for c, s := range current {
		counts := make(map[int]int)
		for _, id := range s.Incidents {
			for _, p := range holders[key{s.Offence, id}] {
				counts[p]++
			}
		}
		for p, n := range counts {
			pairs = append(pairs, overlap{p, c, n, len(previous[p].Incidents) + len(s.Incidents) - n})
		}
	}
	slices.SortFunc(pairs, func(a, b overlap) int {
		return cmp.Or(
			cmp.Compare(b.shared, a.shared),
			cmp.Compare(a.union, b.union), // as many in common: the smaller union has the larger share
			cmp.Compare(a.previous, b.previous),
			cmp.Compare(a.current, b.current),
		)
	})
	return pairs
}

// shared counts the IDs that both ascending lists hold.
func shared(a, b []string) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch c := cmp.Compare(a[i], b[j]); {
		case c < 0:
			i++
		case c > 0:
			j++
		default:
			n++
			i++
			j++
		}
	}
	return n
}
