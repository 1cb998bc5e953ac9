package cluster

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// OnSphere returns where a longitude and latitude in degrees lie in space, from
// the middle of a sphere of the radius.
func OnSphere(p orb.Point, radius float64) Vec {
	const rad = math.Pi / 180
	sinLat, cosLat := math.Sincos(p.Lat() * rad)
	sinLon, cosLon := math.Sincos(p.Lon() * rad)
	return Vec{radius * cosLat * cosLon, radius * cosLat * sinLon, radius * sinLat}
}

// A Grid sorts points in space into cubes, so that whatever lies within a width
// of a point is in its own cube or one that touches it: on the sphere at the
// poles and the date line as anywhere, and on a plane.
type Grid struct {
	Width float64 // edge of a cube
	Order []int32 // the points by cube; within a cube as they were given
	Cube  []int32 // the cube of each point
	Start []int32 // cube c holds Order[Start[c]:Start[c+1]]
	low   Vec     // the corner that cubes are counted from
	keys  []cubeKey
	at    map[cubeKey]int32
}

// cubeKey is a cube, counted from the corner of the data: z, y, x.
type cubeKey [3]int32

func (k cubeKey) compare(l cubeKey) int {
	return cmp.Or(cmp.Compare(k[0], l[0]), cmp.Compare(k[1], l[1]), cmp.Compare(k[2], l[2]))
}

// NewGrid sorts the points into cubes of the width, or wider ones where the
// points lie so far apart that their numbers would overflow. With an infinite
// width one cube holds all.
func NewGrid(points []Vec, width float64) *Grid {
	low := Vec{math.Inf(1), math.Inf(1), math.Inf(1)}
	high := Vec{math.Inf(-1), math.Inf(-1), math.Inf(-1)}
	for _, v := range points {
		for axis := range v {
			low[axis], high[axis] = min(low[axis], v[axis]), max(high[axis], v[axis])
		}
	}
	g := &Grid{Width: width, Order: make([]int32, len(points)), Cube: make([]int32, len(points)), low: low, at: make(map[cubeKey]int32)}
	for axis := range low {
		if len(points) > 0 {
			g.Width = max(g.Width, (high[axis]-low[axis])/(1<<30))
		}
	}
	var key cubeKey
	for i, v := range points { // numbered as they come
		was := key
		for axis := range v {
			key[2-axis] = int32((v[axis] - low[axis]) / g.Width)
		}
		if i > 0 && key == was { // as of neighbours most are
			g.Cube[i] = g.Cube[i-1]
			continue
		}
		n, ok := g.at[key]
		if !ok {
			n = int32(len(g.keys))
			g.at[key] = n
			g.keys = append(g.keys, key)
		}
		g.Cube[i] = n
	}
	slices.SortFunc(g.keys, cubeKey.compare)
	number := make([]int32, len(g.keys)) // in order, of each as it came
	for n, k := range g.keys {
		number[g.at[k]], g.at[k] = int32(n), int32(n)
	}
	g.Start = make([]int32, len(g.keys)+1)
	for i, n := range g.Cube {
		g.Cube[i] = number[n]
		g.Start[number[n]+1]++
	}
	for n := range g.keys {
		g.Start[n+1] += g.Start[n]
	}
	next := slices.Clone(g.Start)
	for i, c := range g.Cube {
		g.Order[next[c]] = int32(i)
		next[c]++
	}
	return g
}

// Cubes returns the number of cubes that hold a point.
func (g *Grid) Cubes() int { return len(g.keys) }

// In returns the points of a cube.
func (g *Grid) In(cube int32) []int32 { return g.Order[g.Start[cube]:g.Start[cube+1]] }

// Near returns, ascending, the points in the cubes that come within a reach of a
// place: all that are so near, and some that are not.
func (g *Grid) Near(v Vec, reach float64) []int32 {
	var from, to cubeKey
	n := 1.0
	for axis := range v {
		// far off on either side is as good as just beyond the last cube
		a := math.Max(math.Floor((v[axis]-reach-g.low[axis])/g.Width), -1)
		b := math.Min(math.Floor((v[axis]+reach-g.low[axis])/g.Width), 1<<30+1)
		if len(g.keys) == 0 || b < a {
			return nil
		}
		from[2-axis], to[2-axis] = int32(a), int32(b)
		n *= b - a + 1
	}
	var near []int32
	if n > float64(len(g.keys)) { // fewer to look at than to look up
		for c, k := range g.keys {
			if k[0] >= from[0] && k[0] <= to[0] && k[1] >= from[1] && k[1] <= to[1] && k[2] >= from[2] && k[2] <= to[2] {
				near = append(near, g.In(int32(c))...)
			}
		}
	} else {
		for z := from[0]; z <= to[0]; z++ {
			for y := from[1]; y <= to[1]; y++ {
				for x := from[2]; x <= to[2]; x++ {
					if c, ok := g.at[cubeKey{z, y, x}]; ok {
						near = append(near, g.In(c)...)
					}
				}
			}
		}
	}
	slices.Sort(near)
	return near
}

// Around returns by cube the cubes with points that are at most so many steps from it
// along each axis, itself among them, ascending. What lies in a row of cubes beside one
// lies side by side, and further on in the row for the next cube.
func (g *Grid) Around(steps int32) [][]int32 {
	side := int(2*steps + 1)
	next := make([]int, side*side) // by row beside, where the next cube's begin
	ends := make([]int, len(g.keys))
	var list []int32
	for c, k := range g.keys {
		for row := range next {
			z, y := k[0]+int32(row/side)-steps, k[1]+int32(row%side)-steps
			low, high := cubeKey{z, y, k[2] - steps}, cubeKey{z, y, k[2] + steps}
			for next[row] < len(g.keys) && g.keys[next[row]].compare(low) < 0 {
				next[row]++
			}
			for o := next[row]; o < len(g.keys) && g.keys[o].compare(high) <= 0; o++ {
				list = append(roomy(list), int32(o))
			}
		}
		ends[c] = len(list)
	}
	around, from := make([][]int32, len(g.keys)), 0
	for c, to := range ends {
		around[c] = list[from:to:to]
		from = to
	}
	return around
}
