package locate

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"spreewatch/geo"
	"spreewatch/geo/address"
	"spreewatch/geo/index"

	"github.com/paulmach/orb"
)

// A noisyQuery is a location text made from a known street, or from one that the
// index lacks.
type noisyQuery struct {
	kind, text string
	street     string
	points     []orb.Point // of the true street; none when the index lacks it
}

// right reports whether a match answers the query: a street-level one within
// 300 m of the street, or none at street level where the index lacks it.
func (q *noisyQuery) right(m geo.Match) bool {
	if m.Level < geo.LevelStreet {
		return len(q.points) == 0
	}
	return slices.ContainsFunc(q.points, func(p orb.Point) bool { return geo.Distance(p, m.Point) <= 300 })
}

// A noiseMaker writes queries about the streets of a gazetteer as people would.
type noiseMaker struct {
	rng     *rand.Rand
	streets []noisyStreet
	missing []noisyStreet // not in the index
	places  []noisyPlace  // the larger part of the streets' places
	foreign []string      // words of names from elsewhere
	named   map[string]int
	grid    index.PointGrid // of streets
}

type noisyStreet struct {
	name, outcode, postcode string
	point                   orb.Point
	points                  []orb.Point
	near                    []int // places, nearest first
	town                    int   // the largest place within 12 km
}

type noisyPlace struct {
	name  string
	point orb.Point
	size  int
}

var noiseKinds = []struct {
	kind   string
	weight int
}{
	{"clean", 10}, {"nocomma", 10}, {"capitals", 5}, {"abbreviated", 10}, {"street slip", 12}, {"place slip", 10},
	{"abbreviated slip", 10}, {"two slips", 3}, {"number", 8}, {"phrase", 8}, {"outcode", 6}, {"postcode", 3}, {"street only", 5}, {"apostrophe", 3}, {"saint dropped", 2},
	{"neighbour", 6}, {"town", 6}, {"village and town", 4}, {"county", 3}, {"junction", 3}, {"missing", 5}, {"foreign", 5},
}

func (n *noiseMaker) make() noisyQuery {
	total := 0
	for _, k := range noiseKinds {
		total += k.weight
	}
	at := n.rng.IntN(total)
	for _, k := range noiseKinds {
		if at -= k.weight; at < 0 {
			return n.of(k.kind)
		}
	}
	panic("unreachable")
}

func (n *noiseMaker) of(kind string) noisyQuery {
	for {
		s := &n.streets[n.rng.IntN(len(n.streets))]
		if kind == "missing" {
			s = &n.missing[n.rng.IntN(len(n.missing))]
		}
		if text := n.write(kind, s); text != "" {
			q := noisyQuery{kind: kind, text: text, street: s.name, points: s.points}
			if kind == "missing" || kind == "foreign" {
				q.points = nil
			}
			return q
		}
	}
}

func (n *noiseMaker) pick(list ...string) string { return list[n.rng.IntN(len(list))] }

// write returns the text, or "" where the street does not suit the kind.
func (n *noiseMaker) write(kind string, s *noisyStreet) string {
	home := n.places[s.near[0]].name
	switch kind {
	case "clean", "missing":
		return s.name + ", " + home
	case "nocomma":
		return strings.ToLower(s.name + " " + home)
	case "capitals":
		return strings.ToUpper(s.name + n.pick(" ", ", ", "; ") + home)
	case "abbreviated":
		if short := n.abbreviate(s.name); short != "" {
			return short + ", " + home
		}
	case "street slip":
		return n.slip(s.name) + ", " + home
	case "place slip":
		return s.name + ", " + n.slip(home)
	case "abbreviated slip":
		if short := n.abbreviate(n.slip(s.name)); short != "" {
			return short + " " + home
		}
	case "two slips":
		return n.slip(s.name) + ", " + n.slip(home)
	case "number":
		return n.pick("", "Flat 2, ", "FLAT 3B ", "Unit 5 ") + n.pick("1", "14a", "27", "103", "12-16", "8 B") + " " + s.name + ", " + home
	case "phrase":
		return n.pick("near ", "off ", "rear of ", "opposite ", "outside the shop on ", "outside a house in ", "an address in ", "in the car park off ", "a property on ", "behind ", "the junction of the footpath with ", "at the end of ") +
			s.name + n.pick(", ", " in ", " at ", " near ") + home
	case "outcode":
		if s.outcode != "" {
			return s.name + ", " + s.outcode
		}
	case "postcode":
		if s.postcode != "" {
			return s.name + ", " + home + " " + s.postcode
		}
	case "street only":
		if n.named[address.Fold(s.name)] == 1 {
			return s.name
		}
	case "apostrophe":
		if strings.Contains(s.name, "'") {
			return n.pick(strings.ReplaceAll(s.name, "'", ""), strings.ReplaceAll(s.name, "'", "’"), strings.ReplaceAll(s.name, "'s", "")) + ", " + home
		}
	case "saint dropped":
		if rest, ok := strings.CutPrefix(s.name, "St "); ok {
			return n.pick(rest, strings.ReplaceAll(rest, "'", "")) + ", " + home
		}
	case "neighbour":
		return s.name + ", " + n.places[s.near[1+n.rng.IntN(3)]].name
	case "town":
		if s.town != s.near[0] {
			return s.name + ", " + n.places[s.town].name
		}
	case "village and town":
		if s.town != s.near[0] {
			return s.name + ", " + home + ", " + n.places[s.town].name
		}
	case "county":
		return s.name + ", " + home + n.pick(", Norfolk", ", UK", " Norfolk", ", Norfolk, England")
	case "junction":
		var around []uint32
		n.grid.Near(index.ToDegree7(s.point.Lon()), index.ToDegree7(s.point.Lat()), 250, func(i uint32, _ float64) { around = append(around, i) })
		for _, i := range around {
			if o := &n.streets[i]; address.Fold(o.name) != address.Fold(s.name) {
				return n.pick(s.name+" / "+o.name, "junction of "+s.name+" and "+o.name, s.name+" j/w "+o.name, s.name+" at its junction with "+o.name, "corner of "+s.name+" and "+o.name) + ", " + home
			}
		}
	case "foreign":
		return n.pick(n.foreign...) + " " + n.pick("Road", "Close", "Lane", "Street", "Avenue", "Drive", "Way", "Court") + ", " + home
	}
	return ""
}

// abbreviate shortens the last word, or returns "" where there is no short form.
func (n *noiseMaker) abbreviate(name string) string {
	head, last, ok := cutLast(name)
	if !ok {
		return ""
	}
	for _, t := range address.StreetTypes {
		if t.Word == strings.ToLower(last) && t.Short != "" {
			shorts := strings.Fields(t.Short)
			short := shorts[n.rng.IntN(min(3, len(shorts)))]
			return head + " " + strings.ToUpper(short[:1]) + short[1:] + n.pick("", "", ".")
		}
	}
	return ""
}

func cutLast(s string) (head, last string, ok bool) {
	i := strings.LastIndexByte(s, ' ')
	if i < 0 {
		return "", s, false
	}
	return s[:i], s[i+1:], true
}

// slip makes one slip of the finger in a word of three letters or more.
func (n *noiseMaker) slip(s string) string {
	b := []byte(s)
	for range 50 {
		i := n.rng.IntN(len(b))
		if !address.IsASCIILetter(b[i]) || wordLength(s, i) < 3 {
			continue
		}
		letter := byte('a' + n.rng.IntN(26))
		switch n.rng.IntN(4) {
		case 0:
			return string(slices.Delete(b, i, i+1))
		case 1:
			return string(slices.Insert(b, i, letter))
		case 2:
			b[i] = letter
			return string(b)
		default:
			if i+1 < len(b) && address.IsASCIILetter(b[i+1]) && b[i] != b[i+1] {
				b[i], b[i+1] = b[i+1], b[i]
				return string(b)
			}
		}
	}
	return s
}

func wordLength(s string, i int) int {
	from, to := i, i
	for from > 0 && address.IsASCIILetter(s[from-1]) {
		from--
	}
	for to < len(s) && address.IsASCIILetter(s[to]) {
		to++
	}
	return to - from
}

// maxNoisyStreets is how many streets, drawn at random, are asked about.
const maxNoisyStreets = 20_000

// newNoiseMaker makes a noise maker of the streets of a gazetteer, and the
// entries of which the index should be made: all but one street in 25.
func newNoiseMaker(entries []index.Entry, seed uint64) (*noiseMaker, []index.Entry) {
	n := &noiseMaker{rng: rand.New(rand.NewPCG(seed, 1)), named: map[string]int{}}
	var units, left []index.Entry
	byPlace := map[orb.Point]int{}
	var streets []index.Entry
	for _, e := range entries {
		switch e.Kind {
		case index.KindStreet:
			streets = append(streets, e)
			continue
		case index.KindPlace:
			if _, seen := byPlace[e.Point]; !seen {
				byPlace[e.Point] = len(n.places)
				n.places = append(n.places, noisyPlace{name: e.Name, point: e.Point})
			}
		case index.KindPostcode:
			units = append(units, e)
		}
		left = append(left, e)
	}
	placeGrid, unitGrid := gridOf(len(n.places), func(i int) orb.Point { return n.places[i].point }), gridOf(len(units), func(i int) orb.Point { return units[i].Point })
	groups := map[streetPlace][]index.Entry{}
	var order []streetPlace
	for _, e := range streets {
		at, _, ok := placeGrid.Nearest(index.ToDegree7(e.Point.Lon()), index.ToDegree7(e.Point.Lat()), index.HomeReach)
		if !ok {
			left = append(left, e)
			continue
		}
		n.places[at].size++
		key := streetPlace{address.Fold(e.Name), n.places[at].name}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], e)
	}
	n.rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	for k, key := range order {
		group := groups[key]
		if k > maxNoisyStreets {
			left = append(left, group...)
			continue
		}
		s := noisyStreet{name: group[0].Name, point: group[0].Point}
		for _, e := range group {
			s.points = append(s.points, e.Point)
		}
		lon, lat := index.ToDegree7(s.point.Lon()), index.ToDegree7(s.point.Lat())
		if u, _, ok := unitGrid.Nearest(lon, lat, 2000); ok {
			s.postcode = units[u].Name
			s.outcode = strings.TrimSpace(s.postcode[:len(s.postcode)-3])
		}
		type placed struct {
			i int
			d float64
		}
		var near []placed
		placeGrid.Near(lon, lat, 12_000, func(i uint32, d float64) { near = append(near, placed{int(i), d}) })
		slices.SortFunc(near, func(a, b placed) int { return int(math.Copysign(1, a.d-b.d)) })
		if len(near) < 4 {
			left = append(left, group...)
			continue
		}
		s.town = near[0].i
		for _, p := range near {
			s.near = append(s.near, p.i)
			if n.places[p.i].size > n.places[s.town].size {
				s.town = p.i
			}
		}
		if n.rng.IntN(25) == 0 {
			n.missing = append(n.missing, s)
			continue
		}
		n.streets = append(n.streets, s)
		n.named[address.Fold(s.name)]++
		left = append(left, group...)
	}
	n.grid = gridOf(len(n.streets), func(i int) orb.Point { return n.streets[i].point })
	known := map[string]bool{}
	for _, s := range streets {
		for _, w := range strings.Fields(address.Fold(s.Name)) {
			known[w] = true
		}
	}
	for _, p := range n.places {
		if w, _, _ := strings.Cut(p.name, " "); len(w) > 4 && !known[address.Fold(w)] {
			n.foreign = append(n.foreign, w)
		}
	}
	return n, left
}

func gridOf(count int, at func(int) orb.Point) index.PointGrid {
	lon, lat := make([]index.Degree7, count), make([]index.Degree7, count)
	for i := range count {
		lon[i], lat[i] = index.ToDegree7(at(i).Lon()), index.ToDegree7(at(i).Lat())
	}
	return index.NewPointGrid(lon, lat)
}
