package locate

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"spreewatch/geo"
	"spreewatch/geo/address"
	"spreewatch/geo/index"

	"github.com/paulmach/orb"
)

// An absentQuery names a real street and a town that has none of the name.
type absentQuery struct {
	text  string
	apart float64 // metres from the town to the nearest street of the name
}

// norfolkBound is about the county.
var norfolkBound = orb.Bound{Min: orb.Point{-0.1, 52.2}, Max: orb.Point{1.9, 53.1}}

// absentQueries makes about n of them, the town drawn among those of
// 20 streets or more of one name in the county, over 5 km from every street of
// that name.
func absentQueries(t *testing.T, n int) []absentQuery {
	x, points := norfolkIndex(t)
	of := map[string][]orb.Point{}
	size := map[string]int{}
	for k, p := range points {
		of[address.Fold(k.street)] = append(of[address.Fold(k.street)], p...)
		size[k.place]++
	}
	var names []string
	for k := range points {
		if strings.Contains(k.street, " ") && !strings.Contains(k.street, "/") && !slices.Contains(notStreets, k.street) {
			names = append(names, k.street)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	type town struct {
		name string
		at   orb.Point
	}
	var towns []town
	for i := range x.Places.Lon {
		if name := x.Strings.At(x.Places.Name[i]); size[name] >= 20 && x.Places.Reach[i] > 0 {
			towns = append(towns, town{name, index.Point7(x.Places.Lon[i], x.Places.Lat[i])})
		}
	}
	named := map[string]int{}
	for i := range x.Places.Name {
		if p := index.Point7(x.Places.Lon[i], x.Places.Lat[i]); norfolkBound.Contains(p) {
			named[x.Strings.At(x.Places.Name[i])]++
		}
	}
	towns = slices.DeleteFunc(towns, func(t town) bool { return named[t.name] > 1 })
	rng := rand.New(rand.NewPCG(1, 2))
	var out []absentQuery
	for len(out) < n {
		name, at := names[rng.IntN(len(names))], towns[rng.IntN(len(towns))]
		near := math.Inf(1)
		for _, p := range of[address.Fold(name)] {
			near = min(near, geo.Distance(p, at.at))
		}
		if near > 5000 && near < 60_000 {
			out = append(out, absentQuery{name + ", " + at.name, near})
		}
	}
	return out
}

// TestAbsentStreet asks for real streets in towns that do not have them. The
// answer is the place: what is answered with the street all the same is a road
// in the country about the town, and a person looks at it.
func TestAbsentStreet(t *testing.T) {
	x, _ := norfolkIndex(t)
	l := New(x)
	queries := absentQueries(t, 2900)
	var answered []float64
	sure, far := 0, 0
	for _, q := range queries {
		m := l.Match(q.text, Context{})
		if m.Level < geo.LevelStreet {
			continue
		}
		answered = append(answered, q.apart)
		if q.apart > 12_000 {
			far++
		}
		if m.Confidence >= DefaultMinConfidence {
			sure++
		}
		t.Logf("%s: %s %q, %.1f km, at %.3f", q.text, m.Level, m.Name, q.apart/1000, m.Confidence)
	}
	t.Logf("%d of %d answered, %d of them from over 12 km, %d at %.2f or more", len(answered), len(queries), far, sure, DefaultMinConfidence)
	if 100*len(answered) > len(queries) || 200*far > len(queries) || sure > 0 {
		t.Errorf("%d of %d answered with a street, %d from over 12 km, %d for sure: want at most 1 %%, 0.5 %% and none", len(answered), len(queries), far, sure)
	}
}
