package scan

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
)

// earthRadius is SaTScan's, in metres.
const earthRadius = 6_367_000.0

// A place is where cases are or a centre is.
type place struct {
	name  string
	point orb.Point
	xyz   cluster.Vec // metres from the earth's centre
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

// nearby finds the places near a centre. It sorts places into cubes half as wide
// as the radius, so that a centre's reach lies in the 125 cubes about its own.
type nearby struct {
	*cluster.Grid
	places []place
	radius float64
	xyz    []cluster.Vec // beside Order
	around [][]int32     // of each cube: the cubes about it
}

func newNearby(places []place, radius float64) *nearby {
	at := make([]cluster.Vec, len(places))
	for i, p := range places {
		at[i] = p.xyz
	}
	n := &nearby{Grid: cluster.NewGrid(at, math.Max(radius/2, 1)), places: places, radius: radius}
	for _, i := range n.Order {
		n.xyz = append(n.xyz, at[i])
	}
	n.around = n.Around(2)
	return n
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
	far := 0.0
	most := n.radius * n.radius * (1 + 1e-12)
	for _, c := range n.around[n.Cube[centre]] {
		from := n.Start[c]
		for i, q := range n.xyz[from:n.Start[c+1]] {
			dx, dy, dz := q[0]-at[0], q[1]-at[1], q[2]-at[2]
			// The conversions keep a processor with fused multiply-add from rounding
			// otherwise than one without.
			square := float64(float64(dx*dx)+float64(dy*dy)) + float64(dz*dz)
			if square > most {
				continue
			}
			if d := math.Sqrt(square); d <= n.radius {
				r.found = append(r.found, neighbour{n.Order[int(from)+i], d})
				if d > far {
					far = d
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
	r.start = slices.Grow(r.start[:0], bins+2)[:bins+2]
	r.sorted = slices.Grow(r.sorted[:0], bins)[:bins]
	clear(r.start)
	scale := 0.0
	if far > 0 {
		scale = float64(bins) / (far * far)
	}
	for _, f := range r.found {
		r.start[int(f.chord*f.chord*scale)+1]++
	}
	for i := 1; i < len(r.start); i++ {
		r.start[i] += r.start[i-1]
	}
	for _, f := range r.found {
		b := int(f.chord * f.chord * scale)
		r.sorted[r.start[b]] = f
		r.start[b]++
	}
	from := int32(0)
	for _, to := range r.start { // each bin's end by now
		if to-from > 12 {
			slices.SortFunc(r.sorted[from:to], n.compare)
		} else {
			for i := from + 1; i < to; i++ {
				f := r.sorted[i]
				j := i
				for ; j > from && (f.chord < r.sorted[j-1].chord ||
					f.chord == r.sorted[j-1].chord && n.compare(f, r.sorted[j-1]) < 0); j-- {
					r.sorted[j] = r.sorted[j-1]
				}
				r.sorted[j] = f
			}
		}
		from = to
	}
	return r.sorted
}

// most returns a number that no zone's cases exceed: the most in the cubes about
// any place.
func (n *nearby) most(total []int64) int64 {
	before := make([]int64, len(n.Order)+1)
	for k, i := range n.Order {
		before[k+1] = before[k] + total[i]
	}
	var most int64
	for _, around := range n.around {
		var sum int64
		for _, c := range around {
			sum += before[n.Start[c+1]] - before[n.Start[c]]
		}
		most = max(most, sum)
	}
	return most
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
