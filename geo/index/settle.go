package index

import (
	"runtime"
	"slices"

	"spreewatch/geo"
)

// settle measures the places by the streets around them, gives each street that
// has none an outcode and a locality from what is nearest, sums the pulls on it
// and joins the pieces of streets.
func (x *Index) settle() {
	w, t := &x.Ways, &x.Places
	grid := NewPointGrid(t.Lon, t.Lat)
	t.settle(w, &grid)
	t.finish()
	x.Names.finish()
	s := surroundings{places: grid, units: newPointGrid(x.Codes.Lon, x.Codes.Lat, fineStep)}
	s.towns, s.townOf = t.gridOf(func(p int) bool { return t.streets[p] >= townStreets })
	share := len(w.Lon)/runtime.GOMAXPROCS(0) + 1
	var workers geo.Workers
	for from := 0; from < len(w.Lon); from += share {
		workers.Go(func() {
			for i := from; i < min(from+share, len(w.Lon)); i++ {
				x.settleWay(i, &s)
			}
		})
	}
	workers.Wait()
	w.joinPieces()
	x.settleTowns(&grid)
}

// surroundings are what a way is settled by.
type surroundings struct {
	places, towns, units PointGrid
	townOf               []uint32 // place of each town
}

// settleWay writes the fields of way i and no others.
func (x *Index) settleWay(i int, s *surroundings) {
	w, t := &x.Ways, &x.Places
	lon, lat := w.Lon[i], w.Lat[i]
	if w.Outcode[i] == 0 {
		if u, _, ok := s.units.Nearest(lon, lat, 2000); ok {
			w.Outcode[i] = uint16(x.Codes.Unit[u] >> 13)
		}
	}
	local, town := localUnknown, townUnknown
	var ring nearestFew
	home, homeD := NoPlace, localReach
	s.towns.Near(lon, lat, townReach, func(k uint32, d float64) {
		_, pull := t.pulling[s.townOf[k]].pulls(d / 1000)
		town += pull
	})
	s.places.Near(lon, lat, localReach, func(p uint32, d float64) {
		pull, _ := t.pulling[p].pulls(d / 1000)
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

// gridOf returns a grid of the places that are wanted, and their numbers.
func (t *placeTable) gridOf(wanted func(p int) bool) (PointGrid, []uint32) {
	var of []uint32
	var lon, lat []Degree7
	for p := range t.Lon {
		if wanted(p) {
			of, lon, lat = append(of, uint32(p)), append(lon, t.Lon[p]), append(lat, t.Lat[p])
		}
	}
	return NewPointGrid(lon, lat), of
}

// settleHome notes the settlement that way i lies in: the nearest of those that
// have the name its gazetteer gives, else the nearest of all.
func (x *Index) settleHome(i int, nearest uint32) {
	w, t := &x.Ways, &x.Places
	if w.Locality[i] == 0 {
		if w.Home[i] = nearest; nearest != NoPlace {
			w.Locality[i] = t.Name[nearest]
		}
		return
	}
	words := nameWords(x.Strings.At(w.Locality[i]))
	key := x.Names.Find(rollAll(words).Sum)
	if key == NoKey {
		return
	}
	least, cos := HomeReach, CosOf(w.Lat[i])
	for _, p := range x.Names.PlaceOf[x.Names.Places[key]:x.Names.Places[key+1]] {
		if d := FlatDistance(w.Lon[i], w.Lat[i], t.Lon[p.Entry()], t.Lat[p.Entry()], cos); d < least && p.Relation() == RelName {
			w.Home[i], least = p.Entry(), d
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
func (t *placeTable) settle(ways *wayTable, grid *PointGrid) {
	far := make([][]float32, len(t.Lon))
	for i := range ways.Lon {
		if ways.kind[i] != uint8(KindStreet) {
			continue
		}
		if p, d, ok := grid.Nearest(ways.Lon[i], ways.Lat[i], localReach); ok {
			far[p] = append(far[p], float32(d))
		}
	}
	around := newPointGrid(ways.Lon, ways.Lat, fineStep)
	names := map[uint32]bool{}
	for p, d := range far {
		if _, _, ok := around.Nearest(t.Lon[p], t.Lat[p], coverM); ok {
			t.covered[p] = 1
		}
		if len(d) == 0 {
			continue
		}
		reach := quantile(d, 0.95)
		// Gazetteers put several hamlets at one point: none of them is nearer, and
		// each has its share.
		clear(names)
		grid.Near(t.Lon[p], t.Lat[p], 1, func(same uint32, _ float64) { names[t.key[same]] = true })
		grid.Near(t.Lon[p], t.Lat[p], 1, func(same uint32, _ float64) {
			t.streets[same], t.Reach[same] = float32(len(d))/float32(len(names)), reach
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

// SameStreetM is the distance in metres within which two entries of one name in
// one settlement are one street, of which the gazetteer has two pieces.
const SameStreetM = 2500

// joinPieces finds which ways of one name are pieces of one street: those linked
// by steps of StreetChainM beyond their extents, and those of one settlement.
func (t *wayTable) joinPieces() {
	for i := range t.Street {
		t.Street[i] = uint32(i)
	}
	root := func(i uint32) uint32 {
		for t.Street[i] != i {
			t.Street[i] = t.Street[t.Street[i]]
			i = t.Street[i]
		}
		return i
	}
	for i := range t.Lon {
		cos := CosOf(t.Lat[i])
		for j := i + 1; j < len(t.Lon) && t.Key[j] == t.Key[i]; j++ {
			reach := StreetChainM + float64(t.Extent[i]+t.Extent[j])
			if t.Home[i] == t.Home[j] && t.Home[i] != NoPlace {
				reach = max(reach, SameStreetM)
			}
			if float64(t.Lat[j]-t.Lat[i])*MetresPer7 > max(reach, joinReach) {
				break
			}
			if FlatDistance(t.Lon[i], t.Lat[i], t.Lon[j], t.Lat[j], cos) <= reach {
				a, b := root(uint32(i)), root(uint32(j))
				t.Street[max(a, b)] = min(a, b)
			}
		}
	}
	for i := range t.Street {
		t.Street[i] = root(uint32(i))
	}
}

// joinReach is how far north of a way, in metres, pieces of its street are
// looked for.
const joinReach = 20_000
