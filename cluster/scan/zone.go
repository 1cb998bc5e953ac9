package scan

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// earthRadius is SaTScan's, in metres.
const earthRadius = 6_367_000.0

// A place is where cases are or a centre is.
type place struct {
	name  string
	point orb.Point
	xyz   [3]float64 // metres from the earth's centre
}

// cartesian puts a point on the sphere.
func cartesian(p orb.Point) [3]float64 {
	const rad = math.Pi / 180
	lon, lat := p.Lon()*rad, p.Lat()*rad
	return [3]float64{
		earthRadius * math.Cos(lat) * math.Cos(lon),
		earthRadius * math.Cos(lat) * math.Sin(lon),
		earthRadius * math.Sin(lat),
	}
}

// arc returns the great-circle distance of a chord, metres.
func arc(chord float64) float64 {
	return 2 * earthRadius * math.Asin(math.Min(1, chord/(2*earthRadius)))
}

// A neighbour is a place within reach of a centre.
type neighbour struct {
	place int32
	chord float64
}

// nearby finds the places near a centre. It sorts places into cubes as wide as
// the radius, so that a centre's reach lies in its own cube and the 26 around
// it, at the poles and the date line as anywhere.
type nearby struct {
	places []place
	radius float64
	width  float64
	cubes  map[[3]int32][]int32 // nil when the radius has no limit worth it
}

func newNearby(places []place, radius float64) *nearby {
	n := &nearby{places: places, radius: radius, width: math.Max(radius, 1)}
	if radius > earthRadius/4 {
		return n
	}
	n.cubes = make(map[[3]int32][]int32, len(places))
	for i, p := range places {
		k := n.cube(p.xyz)
		n.cubes[k] = append(n.cubes[k], int32(i))
	}
	return n
}

func (n *nearby) cube(xyz [3]float64) [3]int32 {
	return [3]int32{
		int32(math.Floor(xyz[0] / n.width)), int32(math.Floor(xyz[1] / n.width)), int32(math.Floor(xyz[2] / n.width)),
	}
}

// of appends the places within the radius of a centre to buf, nearest first,
// places at exactly the same distance by their Cartesian coordinates.
func (n *nearby) of(centre int32, buf []neighbour) []neighbour {
	buf = buf[:0]
	at := n.places[centre].xyz
	enter := func(i int32) {
		q := n.places[i].xyz
		dx, dy, dz := q[0]-at[0], q[1]-at[1], q[2]-at[2]
		// The conversions keep a processor with fused multiply-add from rounding
		// otherwise than one without.
		if d := math.Sqrt(float64(float64(dx*dx)+float64(dy*dy)) + float64(dz*dz)); d <= n.radius {
			buf = append(buf, neighbour{i, d})
		}
	}
	if n.cubes == nil {
		for i := range n.places {
			enter(int32(i))
		}
	} else {
		k := n.cube(at)
		for x := k[0] - 1; x <= k[0]+1; x++ {
			for y := k[1] - 1; y <= k[1]+1; y++ {
				for z := k[2] - 1; z <= k[2]+1; z++ {
					for _, i := range n.cubes[[3]int32{x, y, z}] {
						enter(i)
					}
				}
			}
		}
	}
	slices.SortFunc(buf, func(a, b neighbour) int {
		if a.chord != b.chord {
			return cmp.Compare(a.chord, b.chord)
		}
		p, q := n.places[a.place].xyz, n.places[b.place].xyz
		return cmp.Or(cmp.Compare(p[0], q[0]), cmp.Compare(p[1], q[1]), cmp.Compare(p[2], q[2]),
			cmp.Compare(a.place, b.place))
	})
	return buf
}

// reach returns a centre's largest zone: the nearest places as long as they hold
// at most the greatest share of the cases.
func (p *problem) reach(centre int32, buf []neighbour) []neighbour {
	buf = p.near.of(centre, buf)
	most := p.o.MaxShare * float64(p.n)
	var cases int64
	for i, n := range buf {
		if cases += p.total[n.place]; float64(cases) > most {
			return buf[:i]
		}
	}
	return buf
}

// zone returns a centre's nearest places, so many of them.
func (p *problem) zone(centre int32, places int) []neighbour {
	return p.reach(centre, nil)[:places]
}
