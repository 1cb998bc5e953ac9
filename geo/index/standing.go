package index

import "math"

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
	postTownM   = 12_000.0 // metres from which a rural road is said to be in a town of fullStreets
	fullStreets = 60
	nearerTown  = 0.8 // of the distance, within which another town is the nearer one
)

// Stands says how way e stands to place p.
func (x *Index) Stands(e, p uint32) Standing {
	w, t := &x.Ways, &x.Places
	if h := w.Home[e]; h == p || h != NoPlace && t.Lon[h] == t.Lon[p] && t.Lat[h] == t.Lat[p] {
		return Within
	}
	d := FlatDistance(w.Lon[e], w.Lat[e], t.Lon[p], t.Lat[p], float64(t.CosLat[p]))
	reach := float64(max(t.Extent[p], t.Reach[p]))
	if near := d - min(float64(w.Extent[e]), widestM); near <= reach+withinM || near <= min(max(1000*ringSlack*float64(w.ring[e]), leastNextM), mostNextM) {
		return Within
	}
	if t.town[p] != 0 && d <= postTownM*math.Sqrt(min(1, float64(t.core[p])/fullStreets)) && !x.nearerTown(e, p, d) {
		return PostTown
	}
	return Elsewhere
}

// nearerTown reports whether another town as large as p, and no part of it, lies
// nearer to way e. The one that e is in is none: the town is said instead of it.
func (x *Index) nearerTown(e, p uint32, far float64) bool {
	w, t := &x.Ways, &x.Places
	found := false
	x.towns.Near(w.Lon[e], w.Lat[e], nearerTown*far, func(k uint32, d float64) {
		q := x.townOf[k]
		apart := FlatDistance(t.Lon[q], t.Lat[q], t.Lon[p], t.Lat[p], float64(t.CosLat[p]))
		if d > coreM && apart > rivalM && t.core[q] >= t.core[p] {
			found = true
		}
	})
	return found
}

// settleTowns counts the streets about the point of each place, and notes which
// are towns: those of coreStreets or more that are no suburb of another.
func (t *placeTable) settleTowns(w *wayTable, places *PointGrid) {
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
	for p, n := range t.core {
		if n < coreStreets {
			continue
		}
		t.town[p] = 1
		places.Near(t.Lon[p], t.Lat[p], rivalM, func(q uint32, _ float64) {
			if t.core[q] > rivalShare*n {
				t.town[p] = 0
			}
		})
	}
}
