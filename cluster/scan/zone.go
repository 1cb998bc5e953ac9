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
	cubes  map[[3]int32][2]int32 // ranges of order
	order  []int32               // places by cube
	xyz    [][3]float64          // beside order
}

func newNearby(places []place, radius float64) *nearby {
	n := &nearby{places: places, radius: radius, width: math.Max(radius, 1), cubes: map[[3]int32][2]int32{}}
	cube := make([][3]int32, len(places))
	for i, p := range places {
		cube[i] = n.cube(p.xyz)
		n.order = append(n.order, int32(i))
	}
	slices.SortStableFunc(n.order, func(a, b int32) int { return slices.Compare(cube[a][:], cube[b][:]) })
	for k, i := range n.order {
		n.xyz = append(n.xyz, places[i].xyz)
		r, ok := n.cubes[cube[i]]
		if !ok {
			r[0] = int32(k)
		}
		n.cubes[cube[i]] = [2]int32{r[0], int32(k + 1)}
	}
	return n
}

// cube returns the cube of a point; one holds all when the radius has no limit.
func (n *nearby) cube(xyz [3]float64) [3]int32 {
	return [3]int32{
		int32(math.Floor(xyz[0] / n.width)), int32(math.Floor(xyz[1] / n.width)), int32(math.Floor(xyz[2] / n.width)),
	}
}

// A ring is working space for nearby.of.
type ring struct {
	found, sorted []neighbour
	start         []int32
}

// of returns the places within the radius of a centre, nearest first, places at
// exactly the same distance by their Cartesian coordinates. The answer is good
// until the next call with the same space.
func (n *nearby) of(centre int32, r *ring) []neighbour {
	r.found = r.found[:0]
	at := n.places[centre].xyz
	k := n.cube(at)
	far := 0.0
	for x := k[0] - 1; x <= k[0]+1; x++ {
		for y := k[1] - 1; y <= k[1]+1; y++ {
			for z := k[2] - 1; z <= k[2]+1; z++ {
				in := n.cubes[[3]int32{x, y, z}]
				for i, q := range n.xyz[in[0]:in[1]] {
					dx, dy, dz := q[0]-at[0], q[1]-at[1], q[2]-at[2]
					// The conversions keep a processor with fused multiply-add from
					// rounding otherwise than one without.
					d := math.Sqrt(float64(float64(dx*dx)+float64(dy*dy)) + float64(dz*dz))
					if d <= n.radius {
						r.found = append(r.found, neighbour{n.order[int(in[0])+i], d})
						far = math.Max(far, d)
					}
				}
			}
		}
	}
	return n.sort(r, far)
}

// sort orders what was found. Places spread over an area have squares of
// distances spread over a range, so these first go into as many bins as there
// are places, and few are left to compare within one.
func (n *nearby) sort(r *ring, far float64) []neighbour {
	bins := len(r.found)
	r.start = append(r.start[:0], make([]int32, bins+2)...)
	r.sorted = append(r.sorted[:0], r.found...)
	scale := 0.0
	if far > 0 {
		scale = float64(bins) / (far * far)
	}
	bin := func(d float64) int { return min(int(d*d*scale), bins) }
	for _, f := range r.found {
		r.start[bin(f.chord)]++
	}
	sum := int32(0)
	for i, c := range r.start {
		r.start[i] = sum
		sum += c
	}
	for _, f := range r.found {
		b := bin(f.chord)
		r.sorted[r.start[b]] = f
		r.start[b]++
	}
	from := int32(0)
	for _, to := range r.start { // each bin's end by now
		if to-from > 1 {
			slices.SortFunc(r.sorted[from:to], n.compare)
		}
		from = to
	}
	return r.sorted
}

func (n *nearby) compare(a, b neighbour) int {
	if a.chord != b.chord {
		return cmp.Compare(a.chord, b.chord)
	}
	p, q := n.places[a.place].xyz, n.places[b.place].xyz
	return cmp.Or(slices.Compare(p[:], q[:]), cmp.Compare(a.place, b.place))
}

// reach returns a centre's largest zone: the nearest places as long as they hold
// at most the greatest share of the cases.
func (p *problem) reach(centre int32, r *ring) []neighbour {
	near := p.near.of(centre, r)
	most := p.o.MaxShare * float64(p.n)
	var cases int64
	for i, n := range near {
		if cases += p.total[n.place]; float64(cases) > most {
			return near[:i]
		}
	}
	return near
}

// zone returns a centre's nearest places, so many of them.
func (p *problem) zone(centre int32, places int) []neighbour {
	return p.reach(centre, &ring{})[:places]
}
