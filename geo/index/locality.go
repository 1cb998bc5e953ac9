package index

import (
	"cmp"
	"slices"

	"spreewatch/geo/address"
)

// localityM is how far apart, in metres, the streets of one locality lie at
// most, and how far off the settlement of that name that a gazetteer gives.
const localityM = 10_000.0

// nameLocalities adds the settlements that the streets of a gazetteer say they
// lie in and that no gazetteer gives, each at the middle of its streets: a list of
// streets with their towns needs no list of towns beside it.
func (b *indexBuilder) nameLocalities() {
	known := map[string][]builtEntry{}
	for _, p := range b.places {
		for _, name := range append([]uint32{p.name}, p.aliases...) {
			key := address.Fold(b.strings.list[name])
			known[key] = append(known[key], p)
		}
	}
	byName := map[string][]*builtEntry{}
	for i := range b.ways {
		if w := &b.ways[i]; b.strings.list[w.locality] != "" {
			key := address.Fold(b.strings.list[w.locality])
			byName[key] = append(byName[key], w)
		}
	}
	keys := make([]string, 0, len(byName))
	for key := range byName {
		if key != "" {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		streets := byName[key]
		slices.SortFunc(streets, func(p, q *builtEntry) int {
			return cmp.Or(cmp.Compare(p.lat, q.lat), cmp.Compare(p.lon, q.lon), cmp.Compare(b.strings.list[p.source], b.strings.list[q.source]),
				cmp.Compare(b.strings.list[p.locality], b.strings.list[q.locality]))
		})
		for len(streets) > 0 {
			first := streets[0]
			var own, rest []*builtEntry
			for _, s := range streets {
				if near(first, s) {
					own = append(own, s)
				} else {
					rest = append(rest, s)
				}
			}
			streets = rest
			place := middleOf(own)
			if !slices.ContainsFunc(known[key], func(p builtEntry) bool { return near(&p, &place) }) {
				b.places = append(b.places, place)
			}
		}
	}
}

func near(p, q *builtEntry) bool {
	return FlatDistance(p.lon, p.lat, q.lon, q.lat, CosOf(p.lat)) <= localityM
}

// middleOf makes the settlement of some streets.
func middleOf(streets []*builtEntry) builtEntry {
	lons, lats := make([]Degree7, len(streets)), make([]Degree7, len(streets))
	for i, s := range streets {
		lons[i], lats[i] = s.lon, s.lat
	}
	lon, lat, _ := Middle(lons, lats)
	return builtEntry{lon: lon, lat: lat, name: streets[0].locality, source: streets[0].source, kind: KindPlace}
}
