package index

import (
	"math"
	"strings"
)

// A Standing says how a street stands to a settlement that is named with it.
type Standing uint8

// The ways in which a street may stand to a settlement.
const (
	Elsewhere Standing = iota // the settlement does not have it
	PostTown                  // a rural road, under the nearest town
	Within                    // in the settlement, or one of the nearest few villages
)

const (
	withinM     = 500.0  // metres beyond a settlement's reach that still are in it
	ringSlack   = 1.25   // how much farther than its nearest villages a street may lie from one that it is said to be in
	leastNextM  = 3500.0 // and at least
	mostNextM   = 4500.0 // and at most
	coreM       = 1500.0 // metres from a settlement's point within which its streets are counted
	coreStreets = 20     // that a town has at least
	rivalM      = 5000.0 // metres within which a settlement with rivalShare times the streets makes a suburb of it
	rivalShare  = 1.5
	mostSharing = 2        // other settlements at the point of a town: more are hamlets put at the middle of a district
	townRoads   = 2        // named for a town that has suburbs, at least
	postTownM   = 12_000.0 // metres from which a rural road is said to be in a town of fullStreets
	fullStreets = 60
	rivalPull   = 0.85 // share of another town's pull that a town must have for its name to be said
)

// Stands says how way e stands to place p.
func (x *Index) Stands(e, p uint32) Standing {
	w, t := &x.Ways.pulled[e], &x.Places.pulling[p]
	if w.home == t.spot {
		return Within
	}
	d := FlatDistance(w.lon, w.lat, t.lon, t.lat, float64(t.cosLat))
	if near := d - 2*float64(w.half); near <= float64(t.reach)+withinM || near <= min(max(1000*ringSlack*float64(w.ring), leastNextM), mostNextM) {
		return Within
	}
	if t.core >= 0 && d <= postTownM*math.Sqrt(min(1, float64(t.core)/fullStreets)) && !x.rivalled(e, p, d) {
		return PostTown
	}
	return Elsewhere
}

// rivalled reports whether another town, and no part of p, pulls way e away from
// town p, which lies that far from it: what a town pulls grows with its streets and
// falls with the distance (Reilly 1931). A large village that e lies in is no rival:
// the town is said instead of it.
func (x *Index) rivalled(e, p uint32, far float64) bool {
	w, t := &x.Ways, &x.Places
	pull := func(q uint32, d float64) float64 { return math.Sqrt(float64(t.core[q])) / max(d, coreM) }
	found, own := false, pull(p, far)
	x.towns.Near(w.Lon[e], w.Lat[e], far, func(k uint32, d float64) {
		q := x.townOf[k]
		if t.core[q] < min(fullStreets, t.core[p]) || d <= coreM && t.core[q] < fullStreets || rivalPull*pull(q, d) <= own {
			return
		}
		apart := FlatDistance(t.Lon[q], t.Lat[q], t.Lon[p], t.Lat[p], float64(t.CosLat[p]))
		found = found || apart > rivalM
	})
	return found
}

// settleTowns counts the streets about the point of each place, and notes which
// are towns: those of coreStreets or more that are no suburb of another, and no
// hamlets that a gazetteer puts at the middle of a district.
func (x *Index) settleTowns(places *PointGrid) {
	w, t := &x.Ways, &x.Places
	around := NewPointGrid(w.Lon, w.Lat)
	seen := make(map[uint32]bool)
	for p := range t.Lon {
		if t.streets[p] == 0 {
			continue
		}
		clear(seen)
		around.Near(t.Lon[p], t.Lat[p], coreM, func(i uint32, _ float64) {
			if w.kind[i] == uint8(KindStreet) {
				seen[w.Street[i]] = true
			}
		})
		t.core[p] = float32(len(seen))
	}
	roads := x.roadsTo()
	for p, n := range t.core {
		if n < coreStreets {
			continue
		}
		suburb, sharing := false, 0
		places.Near(t.Lon[p], t.Lat[p], rivalM, func(q uint32, d float64) {
			switch {
			case t.key[q] == t.key[p]:
			case d < 1:
				sharing++
			default:
				suburb = suburb || t.core[q] > rivalShare*n || t.core[q] >= coreStreets && roads[q] >= townRoads && roads[q] > 2*roads[p]
			}
		})
		if !suburb && sharing <= mostSharing {
			t.town[p] = 1
		}
	}
}

// roadsTo counts, for each place, the roads that are named for it and lead to it
// from elsewhere: many a Norwich Road, no Lakenham Road.
func (x *Index) roadsTo() []int {
	w, t, n := &x.Ways, &x.Places, &x.Names
	roads := make([]int, len(t.Lon))
	seen := make(map[uint32]bool)
	for key := range uint32(n.keys.len()) {
		stem, ok := strings.CutSuffix(n.keys.At(key), "road")
		if !ok || n.Ways[key] == n.Ways[key+1] {
			continue
		}
		named := n.Find(Roll(stem).Sum)
		if named == NoKey || n.Places[named] == n.Places[named+1] {
			continue
		}
		clear(seen)
		for _, post := range n.WayOf[n.Ways[key]:n.Ways[key+1]] {
			e := post.Entry()
			if post.Relation() != RelName || seen[w.Street[e]] {
				continue
			}
			seen[w.Street[e]] = true
			if p := x.roadTo(e, n.PlaceOf[n.Places[named]:n.Places[named+1]]); p != NoPlace {
				roads[p]++
			}
		}
	}
	return roads
}

// roadTo returns the place that way e, named for one of those, leads to: of those
// that have the name in full, else of all, the one with the most streets.
func (x *Index) roadTo(e uint32, named []Posting) uint32 {
	w, t := &x.Ways, &x.Places
	best, of := NoPlace, RelName
	for _, place := range named {
		p := place.Entry()
		d := FlatDistance(w.Lon[e], w.Lat[e], t.Lon[p], t.Lat[p], float64(t.CosLat[p]))
		if d < coreM || d > townReach {
			continue
		}
		full := place.Relation() == RelName
		if best == NoPlace || full && of != RelName || full == (of == RelName) && t.core[p] > t.core[best] {
			best, of = p, place.Relation()
		}
	}
	return best
}
