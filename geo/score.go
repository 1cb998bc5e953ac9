package geo

import (
	"math"
	"slices"
)

// How likely it is that somebody on street e names place p is the gravity model
// of D. Huff (1963): the pull of p on e, over the sum of the pulls of all places
// on e. The pull of a place grows with its size, the number of streets nearer to
// it than to any other place, and falls with the distance.
const (
	pullSize  = 0.8 // exponent of the size
	pullFall  = 3.5 // exponent of the distance
	pullFlat  = 0.7 // km over which the distance hardly matters
	pullReach = 15_000.0
	sizeFloor = 0.3 // streets of a place that has none
	// pullUnknown is the pull of the places that a gazetteer leaves out: that of a
	// hamlet of five streets at 1.5 km.
	pullUnknown = 0.3
)

// A priors holds logarithms of what is the same for all queries.
type priors struct {
	absent float64 // of the sum over all places of size^absentSize
	ways   float64 // of the number of ways
	words  float64 // of the number of words of street names
}

// spread returns how far from its point a place reaches, in metres.
func (t *placeTable) spread(p uint32) float64 {
	if t.extent[p] > 0 {
		return float64(t.extent[p])
	}
	return 100 * math.Sqrt(float64(t.streets[p]))
}

// logPull returns the logarithm of the pull of place p at a distance in metres.
func (t *placeTable) logPull(p uint32, metres float64) float64 {
	km := max(0, metres-t.spread(p))/1000 + pullFlat
	return pullSize*float64(t.logSize[p]) - pullFall*math.Log(km)
}

func (t *placeTable) finish() {
	n := len(t.lon)
	t.cosLat, t.logSize = make([]float32, n), make([]float32, n)
	for i := range n {
		t.cosLat[i] = float32(cosOf(t.lat[i]))
		t.logSize[i] = float32(math.Log(float64(t.streets[i]) + sizeFloor))
	}
	t.grid = newPointGrid(t.lon, t.lat)
}

// settle measures the places by the streets around them, gives each street that
// has none an outcode and a locality from what is nearest, and sums the pulls.
func (x *Index) settle() {
	x.places.settle(&x.ways)
	x.places.finish()
	units := newPointGrid(x.codes.lon, x.codes.lat)
	for i := range x.ways.lon {
		lon, lat := x.ways.lon[i], x.ways.lat[i]
		if x.ways.outcode[i] == 0 {
			if u, _, ok := units.nearest(lon, lat, 2000); ok {
				x.ways.outcode[i] = uint16(x.codes.unit[u] >> 13)
			}
		}
		sum := 0.0
		x.places.grid.near(lon, lat, pullReach, func(p uint32, d float64) { sum += math.Exp(x.places.logPull(p, d)) })
		if x.ways.locality[i] == 0 {
			if p, _, ok := x.places.grid.nearest(lon, lat, pullReach); ok {
				x.ways.locality[i] = x.places.name[p]
			}
		}
		x.ways.pull[i] = float32(math.Log(sum + pullUnknown))
	}
}

// settle counts the streets nearest to each place and finds how far they lie.
func (t *placeTable) settle(ways *wayTable) {
	grid := newPointGrid(t.lon, t.lat)
	far := make([][]float32, len(t.lon))
	for i := range ways.lon {
		if ways.kind[i] != uint8(KindStreet) {
			continue
		}
		if p, d, ok := grid.nearest(ways.lon[i], ways.lat[i], pullReach); ok {
			far[p] = append(far[p], float32(d))
		}
	}
	for p, d := range far {
		t.streets[p] = float32(len(d))
		t.reach[p] = quantile(d, 0.95)
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

// absentSize is the exponent with which a street missing from the gazetteer
// falls to places of a size: less than in proportion, because gazetteers are
// fuller where more people live.
const absentSize = 0.5

func (x *Index) newPriors() priors {
	sum, words := 0.0, 0.0
	for _, s := range x.places.logSize {
		sum += math.Exp(absentSize * float64(s))
	}
	for _, n := range x.words.inWays {
		words += float64(n)
	}
	return priors{
		absent: math.Log(max(sum, 1)),
		ways:   math.Log(max(float64(len(x.ways.lon)), 1)),
		words:  math.Log(max(words, 1)),
	}
}
