package geo

import "slices"

// settle measures the places by the streets around them, gives each street that
// has none an outcode and a locality from what is nearest, sums the pulls on it
// and joins the pieces of streets.
func (x *Index) settle() {
	w, t := &x.ways, &x.places
	grid := newPointGrid(t.lon, t.lat)
	t.settle(w, &grid)
	t.finish()
	x.names.finish()
	units := newPointGrid(x.codes.lon, x.codes.lat)
	towns, townOf := t.towns()
	var ring nearestFew
	for i := range w.lon {
		lon, lat := w.lon[i], w.lat[i]
		if w.outcode[i] == 0 {
			if u, _, ok := units.nearest(lon, lat, 2000); ok {
				w.outcode[i] = uint16(x.codes.unit[u] >> 13)
			}
		}
		local, town := localUnknown, townUnknown
		ring.n = 0
		home, homeD := noPlace, localReach
		towns.near(lon, lat, townReach, func(k uint32, d float64) {
			_, pull := t.pulls(townOf[k], d/1000)
			town += pull
		})
		grid.near(lon, lat, localReach, func(p uint32, d float64) {
			pull, _ := t.pulls(p, d/1000)
			local += pull
			ring.add(d)
			if d < homeD || d == homeD && p < home {
				home, homeD = p, d
			}
		})
		w.local[i], w.town[i] = float32(local), float32(town)
		w.ring[i] = float32(min(max(ring.last()/1000, leastRing), mostRing))
		x.settleHome(i, home)
	}
	w.joinPieces()
}

// towns returns a grid of the places that have townStreets streets or more, and
// their numbers.
func (t *placeTable) towns() (pointGrid, []uint32) {
	var of []uint32
	var lon, lat []degree7
	for p := range t.lon {
		if t.streets[p] >= townStreets {
			of, lon, lat = append(of, uint32(p)), append(lon, t.lon[p]), append(lat, t.lat[p])
		}
	}
	return newPointGrid(lon, lat), of
}

// settleHome notes the settlement that way i lies in: the nearest of those that
// have the name its gazetteer gives, else the nearest of all.
func (x *Index) settleHome(i int, nearest uint32) {
	w, t := &x.ways, &x.places
	if w.locality[i] == 0 {
		if w.home[i] = nearest; nearest != noPlace {
			w.locality[i] = t.name[nearest]
		}
		return
	}
	words := nameWords(x.strings.at(w.locality[i]))
	key := x.names.find(rollAll(words).sum, words)
	if key == noKey {
		return
	}
	least, cos := homeReach, cosOf(w.lat[i])
	for _, p := range x.names.placeOf[x.names.places[key]:x.names.places[key+1]] {
		if d := flatDistance(w.lon[i], w.lat[i], t.lon[p.entry()], t.lat[p.entry()], cos); d < least && p.relation() == relName {
			w.home[i], least = p.entry(), d
		}
	}
}

// A nearestFew keeps the least of the distances it is given, as many as villages.
type nearestFew struct {
	d [villages]float64
	n int
}

func (f *nearestFew) add(d float64) {
	if f.n == villages && d >= f.d[villages-1] {
		return
	}
	f.n = min(f.n+1, villages)
	k := f.n - 1
	for ; k > 0 && f.d[k-1] > d; k-- {
		f.d[k] = f.d[k-1]
	}
	f.d[k] = d
}

// last returns the greatest of the distances kept, or a great one while there
// are fewer than villages.
func (f *nearestFew) last() float64 {
	if f.n < villages {
		return localReach
	}
	return f.d[villages-1]
}

// coverM is the distance in metres within which a place has some street of a
// gazetteer that covers its part of the country.
const coverM = 5000

// settle counts the streets nearest to each place and finds how far they lie.
func (t *placeTable) settle(ways *wayTable, grid *pointGrid) {
	far := make([][]float32, len(t.lon))
	for i := range ways.lon {
		if ways.kind[i] != uint8(KindStreet) {
			continue
		}
		if p, d, ok := grid.nearest(ways.lon[i], ways.lat[i], localReach); ok {
			far[p] = append(far[p], float32(d))
		}
	}
	around := newPointGrid(ways.lon, ways.lat)
	for p, d := range far {
		if _, _, ok := around.nearest(t.lon[p], t.lat[p], coverM); ok {
			t.covered[p] = 1
		}
		if len(d) == 0 {
			continue
		}
		reach := quantile(d, 0.95)
		// Gazetteers put several hamlets at one point: none of them is nearer.
		grid.near(t.lon[p], t.lat[p], 1, func(same uint32, _ float64) {
			t.streets[same], t.reach[same] = float32(len(d)), reach
		})
	}
}

// quantile sorts the values and returns the least that the given share of them
// does not exceed; 0 for none.
func quantile(values []float32, share float64) float32 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[min(len(values)-1, int(share*float64(len(values))))]
}

// sameStreetM is the distance in metres within which two entries of one name in
// one settlement are one street, of which the gazetteer has two pieces.
const sameStreetM = 2500

// joinPieces finds which ways of one name are pieces of one street: those linked
// by steps of StreetChainM beyond their extents, and those of one settlement.
func (t *wayTable) joinPieces() {
	for i := range t.street {
		t.street[i] = uint32(i)
	}
	root := func(i uint32) uint32 {
		for t.street[i] != i {
			t.street[i] = t.street[t.street[i]]
			i = t.street[i]
		}
		return i
	}
	for i := range t.lon {
		cos := cosOf(t.lat[i])
		for j := i + 1; j < len(t.lon) && t.key[j] == t.key[i]; j++ {
			reach := StreetChainM + float64(t.extent[i]+t.extent[j])
			if t.home[i] == t.home[j] && t.home[i] != noPlace {
				reach = max(reach, sameStreetM)
			}
			if float64(t.lat[j]-t.lat[i])*metresPer7 > max(reach, joinReach) {
				break
			}
			if flatDistance(t.lon[i], t.lat[i], t.lon[j], t.lat[j], cos) <= reach {
				a, b := root(uint32(i)), root(uint32(j))
				t.street[max(a, b)] = min(a, b)
			}
		}
	}
	for i := range t.street {
		t.street[i] = root(uint32(i))
	}
}

// joinReach is how far north of a way, in metres, pieces of its street are
// looked for.
const joinReach = 20_000
