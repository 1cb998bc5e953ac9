package index

import (
	"sort"
	"strings"
)

// Street reports whether a street or a numbered road has that very name, in
// whatever case and with whatever abbreviation of its type.
func (x *Index) Street(name string) bool {
	for _, p := range x.ways(name) {
		if p.Relation() == RelName && (x.IsStreet(p.Entry()) || x.IsRoad(p.Entry())) {
			return true
		}
	}
	return false
}

// Settlement reports whether a settlement has that very name.
func (x *Index) Settlement(name string) bool {
	for _, p := range x.places(name) {
		if p.Relation() == RelName {
			return true
		}
	}
	return false
}

// Near reports whether a street of that name lies in or near a settlement of that
// name, or has it for its post town. It does where either name is not known, or the
// index has no streets thereabouts: what it lacks is no reason against it.
func (x *Index) Near(street, settlement string) bool {
	ways, places := x.ways(street), x.places(settlement)
	if len(ways) == 0 || len(places) == 0 {
		return true
	}
	for _, p := range places {
		if x.Places.core[p.Entry()] == 0 {
			return true
		}
		lat := x.Places.Lat[p.Entry()]
		from := sort.Search(len(ways), func(i int) bool { return x.Ways.Lat[ways[i].Entry()] >= lat-nearLat7 })
		for _, w := range ways[from:] {
			if x.Ways.Lat[w.Entry()] > lat+nearLat7 {
				break
			}
			if x.Stands(w.Entry(), p.Entry()) != Elsewhere {
				return true
			}
		}
	}
	return false
}

// Beside reports whether two settlements of those names lie within besideM of each
// other.
func (x *Index) Beside(a, b string) bool {
	t := &x.Places
	for _, p := range x.places(a) {
		for _, q := range x.places(b) {
			i, j := p.Entry(), q.Entry()
			if i != j && p.Relation() == RelName && FlatDistance(t.Lon[i], t.Lat[i], t.Lon[j], t.Lat[j], float64(t.CosLat[i])) <= besideM {
				return true
			}
		}
	}
	return false
}

// besideM is how far, in metres, a settlement lies from the town by which people
// say where it is.
const besideM = 12_000

// nearLat7 is the latitude, in units of 1e-7 degrees, beyond which nothing stands
// near a settlement: about 28 km, over the reach of any.
const nearLat7 = 2_500_000

// ways returns the postings of a name of a street, by latitude.
func (x *Index) ways(name string) []Posting {
	key := x.key(name)
	if key == NoKey {
		return nil
	}
	return x.Names.WayOf[x.Names.Ways[key]:x.Names.Ways[key+1]]
}

// places returns the postings of a name of a settlement, by latitude.
func (x *Index) places(name string) []Posting {
	key := x.key(name)
	if key == NoKey {
		return nil
	}
	return x.Names.PlaceOf[x.Names.Places[key]:x.Names.Places[key+1]]
}

func (x *Index) key(name string) uint32 {
	key := strings.Join(nameWords(name), "")
	if key == "" {
		return NoKey
	}
	return x.Names.Find(Roll(key).Sum)
}
