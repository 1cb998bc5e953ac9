package layer

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/geo"
)

// A Ground is what lies under what was found, so that a reader knows where on the
// map he is without a network. It says nothing of any incident.
type Ground struct {
	Land        []orb.Polygon // within 180° on either side
	Settlements []Settlement
	Roads       []data.Line
	Streets     []Street // names at a point, where no line is known; On adds those in the patrol areas
	Sources     []string // whom it is owed to, a line each
}

// A Settlement is a town or a village.
type Settlement struct {
	Name    string
	Streets int  // named ones that are nearer to it than to another: its size
	Rank    int  // 1 is the first to be shown: by size, the parts of a larger one behind
	Spree   bool // incidents of a spree are in it
	Point   orb.Point
}

// suburbM is how near to a larger settlement one is a part of it.
const suburbM = 3_000

// ranked orders the settlements as they come to be shown.
func ranked(all []Settlement) []Settlement {
	all = slices.SortedFunc(slices.Values(all), settlements.less)
	middles := make([]cluster.Vec, len(all))
	for i, s := range all {
		middles[i] = cluster.OnSphere(s.Point, geo.EarthRadius)
	}
	near := cluster.NewGrid(middles, suburbM)
	weight := make(map[Settlement]int, len(all))
	for i, s := range all {
		weight[s] = 4 * s.Streets
		larger := func(j int32) bool { return int(j) < i && geo.Distance(all[j].Point, s.Point) < suburbM }
		if slices.ContainsFunc(near.Near(middles[i], suburbM), larger) {
			weight[s] = s.Streets
		}
	}
	slices.SortStableFunc(all, func(a, b Settlement) int { return cmp.Compare(weight[b], weight[a]) })
	for i := range all {
		all[i].Rank = i + 1
	}
	return all
}

// A Street is the name of a street at a point in it.
type Street struct {
	Name    string
	Point   orb.Point
	Patrol  bool    // the point is in a patrol area
	MiddleM float64 // how far from the middle of that area
	Side    string  // of the middle: north, east, south or west
}

var land = Layer[orb.Polygon]{
	Head:   Head{Name: "land", Title: "Land", Geometry: Polygon, Ground: true},
	Fields: []Field[orb.Polygon]{text("source", "Source", "", func(orb.Polygon) string { return "Natural Earth 1:10m" })},
	shape:  func(p orb.Polygon, _ Stamp) (orb.Geometry, error) { return RoundPoints(wound(p)), nil },
	less: func(a, b orb.Polygon) int {
		p, q := a.Bound().Min, b.Bound().Min
		return slices.Compare(p[:], q[:])
	},
	when: always[orb.Polygon],
}

// settlements has the one that is shown first first.
var settlements = Layer[Settlement]{
	Head: Head{Name: "settlements", Title: "Settlements", Geometry: Point, Ground: true},
	Fields: []Field[Settlement]{
		text("name", "Name", "", func(s Settlement) string { return s.Name }),
		whole("streets", "Streets", "named ones within a kilometre of its middle: its size", func(s Settlement) int { return s.Streets }),
		whole("rank", "Rank by size", "1 is the largest on the map; what lies within 3 km of a larger one counts a quarter", func(s Settlement) int { return s.Rank }),
		text("spree", "In a spree", "yes where incidents of a spree are in it; it is shown at every scale", func(s Settlement) string {
			if s.Spree {
				return "yes"
			}
			return ""
		}),
	},
	shape: func(s Settlement, _ Stamp) (orb.Geometry, error) { return RoundPoints(s.Point), nil },
	less: func(a, b Settlement) int {
		return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(b.Streets, a.Streets), strings.Compare(a.Name, b.Name), slices.Compare(a.Point[:], b.Point[:]))
	},
	when: always[Settlement],
}

// classWords name the classes of roads.
var classWords = map[data.Class]string{
	data.ClassMotorway: "motorway", data.ClassTrunk: "trunk", data.ClassPrimary: "primary", data.ClassSecondary: "secondary",
	data.ClassTertiary: "tertiary", data.ClassStreet: "street", data.ClassPath: "path",
}

// roads has the greatest road last, so that it is drawn on top.
var roads = Layer[data.Line]{
	Head: Head{Name: "roads", Title: "Roads and streets", Geometry: LineString, Ground: true},
	Fields: []Field[data.Line]{
		text("class", "Class", "motorway, trunk, primary, secondary, tertiary, street or path", func(l data.Line) string { return classWords[l.Class] }),
		text("name", "Name", "", func(l data.Line) string { return l.Name }),
		text("number", "Number", "such as A47", func(l data.Line) string { return l.Number }),
	},
	shape: func(l data.Line, _ Stamp) (orb.Geometry, error) { return RoundPoints(l.Points), nil },
	less: func(a, b data.Line) int {
		return cmp.Or(cmp.Compare(b.Class, a.Class), strings.Compare(a.Name, b.Name), slices.CompareFunc(a.Points, b.Points, func(p, q orb.Point) int { return slices.Compare(p[:], q[:]) }))
	},
	when: always[data.Line],
}

var streets = Layer[Street]{
	Head: Head{Name: "streets", Title: "Street names", Geometry: Point, Ground: true},
	Fields: []Field[Street]{
		text("name", "Name", "", func(s Street) string { return s.Name }),
		number("patrol_m", "Metres from the middle", "of the patrol area that it is in; its name is shown there", 0, func(s Street) float64 {
			if !s.Patrol {
				return math.NaN()
			}
			return s.MiddleM
		}),
		text("patrol_side", "Side of the middle", "north, east, south or west", func(s Street) string { return s.Side }),
	},
	shape: func(s Street, _ Stamp) (orb.Geometry, error) { return RoundPoints(s.Point), nil },
	less: func(a, b Street) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), slices.Compare(a.Point[:], b.Point[:]))
	},
	when: always[Street],
}

// always is the time of what has none.
func always[T any](T) (from, to time.Time) { return time.Time{}, time.Time{} }

// woundAll returns the polygons by the right-hand rule.
func woundAll(m orb.MultiPolygon) orb.MultiPolygon {
	out := make(orb.MultiPolygon, len(m))
	for i, p := range m {
		out[i] = wound(p)
	}
	return out
}

// wound returns the polygon by the right-hand rule: its outside counter-clockwise,
// its holes clockwise.
func wound(p orb.Polygon) orb.Polygon {
	p = p.Clone()
	for i, r := range p {
		if (i == 0) != (r.Orientation() == orb.CCW) {
			r.Reverse()
		}
	}
	return p
}
