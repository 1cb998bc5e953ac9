package risk

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// kernelReach is where a kernel is cut, in bandwidths: 96 % of it lies within,
// since (1+5)·e⁻⁵ = 0.04 of it lies outside.
const kernelReach = 5.0

const degreeM = geo.EarthRadius * math.Pi / 180 // a degree of latitude, metres

// A kernelPoint is something known to lie within radius of a point, and so
// spread over the ground around it.
type kernelPoint struct {
	at     orb.Point
	radius float64 // metres
}

// A kernelField finds the points whose kernel exp(−d/h)/(2πh²) reaches a place,
// where h² = decay² + radius² + area/2π and area is that of the place asked for,
// so that no place ever holds more than the whole of a kernel.
type kernelField struct {
	points  []kernelPoint
	decay   float64 // metres
	classes []kernelClass
}

// A kernelClass holds the points of about one bandwidth, so that one that is
// spread widely does not make every search wide. They lie in rows of latitude,
// in each by longitude.
type kernelClass struct {
	radius float64 // the widest of the class
	height float64 // of a row, degrees
	rows   map[int][]int
}

func newKernelField(points []kernelPoint, decay float64) *kernelField {
	f := &kernelField{points: points, decay: decay}
	byClass := make(map[int][]int)
	for i, p := range points {
		class := math.Ilogb(decay*decay + p.radius*p.radius)
		byClass[class] = append(byClass[class], i)
	}
	classes := make([]int, 0, len(byClass))
	for class := range byClass {
		classes = append(classes, class)
	}
	slices.Sort(classes) // sums of floats depend on the order of their terms
	for _, class := range classes {
		c := kernelClass{rows: make(map[int][]int)}
		for _, i := range byClass[class] {
			c.radius = math.Max(c.radius, points[i].radius)
		}
		c.height = kernelReach * math.Hypot(decay, c.radius) / degreeM
		for _, i := range byClass[class] {
			row := int(math.Floor(points[i].at.Lat() / c.height))
			c.rows[row] = append(c.rows[row], i)
		}
		for _, row := range c.rows {
			slices.SortStableFunc(row, func(a, b int) int { return cmp.Compare(points[a].at.Lon(), points[b].at.Lon()) })
		}
		f.classes = append(f.classes, c)
	}
	return f
}

// each calls found with each point that reaches the place, and the share of its
// kernel that lies in the area there. Distances are those of a flat map about
// the place: over a kernel's reach that is right to a part in a thousand, and
// the kernel is not known as well. A kernel is not followed across the 180th
// meridian.
func (f *kernelField) each(at orb.Point, area float64, found func(i int, share float64)) {
	smear := area / (2 * math.Pi)
	metresEast := math.Max(0.01, math.Cos(at.Lat()*math.Pi/180)) * degreeM
	for k := range f.classes {
		c := &f.classes[k]
		reach := kernelReach * math.Sqrt(f.decay*f.decay+c.radius*c.radius+smear)
		north, east := reach/degreeM, reach/metresEast
		last := int(math.Floor((at.Lat() + north) / c.height))
		for r := int(math.Floor((at.Lat() - north) / c.height)); r <= last; r++ {
			row := c.rows[r]
			first, _ := slices.BinarySearchFunc(row, at.Lon()-east, func(i int, lon float64) int {
				return cmp.Compare(f.points[i].at.Lon(), lon)
			})
			for _, i := range row[first:] {
				p := &f.points[i]
				x := (p.at.Lon() - at.Lon()) * metresEast
				if x > reach {
					break
				}
				y := (p.at.Lat() - at.Lat()) * degreeM
				h2 := f.decay*f.decay + p.radius*p.radius + smear
				if d2 := x*x + y*y; d2 <= kernelReach*kernelReach*h2 {
					found(i, area*math.Exp(-math.Sqrt(d2/h2))/(2*math.Pi*h2))
				}
			}
		}
	}
}
