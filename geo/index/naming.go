package index

import (
	"cmp"
	"math"
	"slices"
)

// How likely it is that a report on way e names place p is a mixture of four
// habits. Most name the settlement that the street lies in. Some name one of
// those around by the gravity model of D. Huff (1963): the pull of p on e over
// the sum of the pulls of all places on e, where a place's pull grows with its
// size, the number of streets nearer to it than to any other place, and falls
// with the distance. Some name the town of the region, which is the same model
// with a stronger pull of size and a weaker fall; and some any of the nearest
// few villages.
const (
	homeShare   = 0.60
	localShare  = 0.28
	townShare   = 0.07
	villageRate = 0.05 / villages

	localSize     = 0.8 // exponent of the size
	localFall     = 3.5 // exponent of the distance, see pulls
	localFlat     = 0.7 // km over which the distance hardly matters
	localCut      = 6.0 // km beyond which the pull breaks off
	townSize      = 2.0
	townFall      = 1.5
	townFlat      = 1.0
	townCut       = 12.0
	villages      = 6        // how many count as nearest
	leastRing     = 1.0      // km within which the nearest lie at least
	mostRing      = 6.0      // at most
	sizeFloor     = 0.3      // size of a place without streets
	sizeElsewhere = 0.003    // size of a place in a part of the country that the streets do not cover
	townStreets   = 10       // streets of the least place that can be the town of a region
	localReach    = 10_000.0 // metres from which local pulls are summed
	townReach     = 20_000.0

	// HomeReach is how far, in metres, a street lies from the settlement that its
	// gazetteer puts it in at most.
	HomeReach = 15_000.0

	// localUnknown is the pull of the places that a gazetteer leaves out: that of a
	// hamlet of five streets at 2.5 km.
	localUnknown = 0.1
	// townUnknown is the same of towns: that of one of 30 streets at 10 km.
	townUnknown = 20.0
)

// widestM is the extent in metres past which a way is no nearer to the places
// along it: a road of 50 km is not in each of them.
const widestM = 2000.0

// A pulled holds what is asked of a way that is weighed, by Naming, Stands and
// Together, side by side in half a line of memory: what is far apart there costs more
// to fetch than the sums.
type pulled struct {
	lon, lat Degree7
	half     float32 // metres of its extent that count as no distance
	local    float32
	town     float32
	ring     float32
	home     uint32 // the least place at the point of its home, or NoPlace
	street   uint32
}

// A pulling holds what the same ask of a place.
type pulling struct {
	lon, lat            Degree7
	cosLat, spread      float32
	localSize, townSize float32
	logSize             float32
	spot                uint32  // the least place at its point
	reach               float32 // metres, the greater of its extent and its reach
	core                float32 // streets within coreM of a town, −1 where it is none
}

func (t *wayTable) finish(places *placeTable) {
	t.pulled = make([]pulled, len(t.Lon))
	for e := range t.pulled {
		t.pulled[e] = pulled{t.Lon[e], t.Lat[e], min(t.Extent[e], widestM) / 2, t.local[e], t.town[e], t.ring[e], t.Home[e], t.Street[e]}
		if h := t.Home[e]; h != NoPlace {
			t.pulled[e].home = places.pulling[h].spot
		}
	}
}

// A Spot is a point.
type Spot struct{ Lon, Lat Degree7 }

// A Sited is a posting of a way with the point of the way.
type Sited struct {
	Posting
	At Spot
}

// Spot returns the point of way e.
func (x *Index) Spot(e uint32) Spot { return Spot{x.Ways.pulled[e].lon, x.Ways.pulled[e].lat} }

// Size returns the point of place p, and the natural logarithm of its size.
func (x *Index) Size(p uint32) (Spot, float32) {
	t := &x.Places.pulling[p]
	return Spot{t.lon, t.lat}, t.logSize
}

// placeNames lays the points of the streets beside the postings, in their order: of
// a name that ten thousand streets have, only those about a place are looked at. It
// puts the settlements of each name in the order in which a text means them.
func (x *Index) placeNames() {
	n := &x.Names
	for key := range n.keys.len() {
		slices.SortFunc(n.PlaceOf[n.Places[key]:n.Places[key+1]], func(p, q Posting) int {
			return cmp.Or(cmp.Compare(p.Relation(), q.Relation()), cmp.Compare(p, q))
		})
	}
	x.Names.sited = make([]Sited, len(x.Names.WayOf))
	for i, p := range x.Names.WayOf {
		x.Names.sited[i] = Sited{p, x.Spot(p.Entry())}
	}
}

// Naming returns the probability that a report in way e names place p.
func (x *Index) Naming(e, p uint32) float64 {
	w, t := &x.Ways.pulled[e], &x.Places.pulling[p]
	d := FlatDistance(w.lon, w.lat, t.lon, t.lat, float64(t.cosLat))
	km := max(0, d-float64(w.half)) / 1000
	local, town := t.pulls(km)
	local /= float64(w.local)
	town /= float64(w.town)
	home := homeShare * (1 - localUnknown/float64(w.local))
	away := (1 - home) / (1 - homeShare)
	share := away * (localShare*min(1, local) + townShare*min(1, town) + villageRate*fade(km/float64(w.ring), 4))
	if w.home == t.spot {
		share += home
	}
	return share
}

// pulls returns the local and the regional pull of a place at a distance.
func (t *pulling) pulls(km float64) (local, town float64) {
	out := max(0, km-float64(t.spread))
	u, v := out+localFlat, out+townFlat
	local = float64(t.localSize) / (u * u * u * math.Sqrt(u)) * fade(out/localCut, 2)
	town = float64(t.townSize) / (v * math.Sqrt(v)) * fade(out/townCut, 2)
	return local, town
}

// fade falls from 1 towards 0 as r passes 1: 1 / (1 + r^(2n)).
func fade(r float64, n int) float64 {
	r2 := r * r
	p := r2
	for range n - 1 {
		p *= r2
	}
	return 1 / (1 + p)
}

// spreadOf returns how far from its point a place reaches, in km.
func (t *placeTable) spreadOf(p int) float64 {
	if t.Extent[p] > 0 {
		return float64(t.Extent[p]) / 1000
	}
	return 0.1 * math.Sqrt(float64(t.streets[p]))
}

func (t *placeTable) finish() {
	n := len(t.Lon)
	t.CosLat, t.LogSize, t.pulling = make([]float32, n), make([]float32, n), make([]pulling, n)
	bare := sizesOf(sizeElsewhere) // of nearly all places, where the streets are those of a county
	spots := make(map[[2]Degree7]uint32, n)
	for i := range n {
		of := bare
		if t.covered[i] != 0 {
			of = sizesOf(float64(t.streets[i]) + sizeFloor)
		}
		t.CosLat[i], t.LogSize[i] = float32(CosOf(t.Lat[i])), of.log
		at := [2]Degree7{t.Lon[i], t.Lat[i]}
		if _, known := spots[at]; !known {
			spots[at] = uint32(i)
		}
		t.pulling[i] = pulling{lon: at[0], lat: at[1], cosLat: t.CosLat[i], spread: float32(t.spreadOf(i)), localSize: of.local, logSize: of.log, spot: spots[at], reach: max(t.Extent[i], t.Reach[i]), core: -1}
		if t.streets[i] >= townStreets {
			t.pulling[i].townSize = of.town
		}
		if t.town[i] != 0 {
			t.pulling[i].core = t.core[i]
		}
	}
}

// A sizes holds what the size of a place is worth.
type sizes struct{ local, town, log float32 }

func sizesOf(size float64) sizes {
	return sizes{float32(math.Pow(size, localSize)), float32(math.Pow(size, townSize)), float32(math.Log(size))}
}
