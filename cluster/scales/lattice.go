package scales

import (
	"math"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

// spacing is how far apart the centres of circles are, in radii. Whatever fits a
// circle of .54 of a radius then lies wholly in one of them, and a place lies in
// seven or eight.
const spacing = 0.7

// A lattice numbers the circles that hold some place. Circles of one radius stand
// in rows along parallels, every second row shifted by half a step: a lattice of
// triangles that is the same for all data, wherever it lies.
type lattice struct {
	radii   []float64
	circles []circle
	slots   []int32 // open addressing: number of the circle + 1, 0 for none
}

func newLattice(radii []float64) *lattice {
	return &lattice{radii: radii, slots: make([]int32, 1<<10)}
}

// around appends the numbers of the circles that hold the point and are at least
// so wide.
func (l *lattice) around(p orb.Point, least float64, list []int32) []int32 {
	const deg = 180 / math.Pi
	v := cluster.VecOf(p)
	for k, radius := range l.radii {
		if radius < least {
			continue
		}
		step := spacing * radius
		rowStep := step * math.Sqrt(3) / 2 / geo.EarthRadius * deg
		reach := radius / geo.EarthRadius * deg
		limit := chord2(radius)
		for row := int(math.Ceil((p.Lat() - reach) / rowStep)); float64(row)*rowStep <= p.Lat()+reach; row++ {
			lat := float64(row) * rowStep
			if math.Abs(lat) > 90 {
				continue
			}
			around := 2 * math.Pi * geo.EarthRadius * math.Cos(lat/deg)
			n := max(1, int(math.Round(around/step)))
			shift := 0.5 * float64(row&1)
			at := (p.Lon()+180)/360*float64(n) - shift
			wide := n
			if cos := math.Cos(lat/deg) * math.Cos(p.Lat()/deg); cos > 0 {
				// Half the chord along the row: sin²(Δλ/2) = (sin²(r/2R) − sin²(Δφ/2)) / (cos φ cos φ').
				half := math.Sin((lat - p.Lat()) / deg / 2)
				sin2 := (limit/4 - half*half) / cos
				if sin2 < 1 {
					wide = int(2*math.Asin(math.Sqrt(max(0, sin2)))/(2*math.Pi)*float64(n)) + 1
				}
			}
			first, last := int(math.Floor(at))-wide, int(math.Floor(at))+wide+1
			last = min(last, first+n-1)
			for j := first; j <= last; j++ {
				i := ((j % n) + n) % n
				key := uint64(k)<<58 | uint64(uint32(row+1<<28))<<29 | uint64(i)
				if number := l.find(key); number >= 0 {
					if l.circles[number].at.Chord2(v) <= limit {
						list = append(list, number)
					}
				} else if c := cluster.VecOf(orb.Point{(float64(i)+shift)/float64(n)*360 - 180, lat}); c.Chord2(v) <= limit {
					list = append(list, l.add(circle{c, int32(k), key}))
				}
			}
		}
	}
	return list
}

// find returns the number of the circle with the key, −1 where it has none yet.
func (l *lattice) find(key uint64) int32 {
	mask := uint64(len(l.slots) - 1)
	for h := mix(key) & mask; l.slots[h] != 0; h = (h + 1) & mask {
		if n := l.slots[h] - 1; l.circles[n].key == key {
			return n
		}
	}
	return -1
}

// add numbers a circle.
func (l *lattice) add(c circle) int32 {
	l.circles = append(l.circles, c)
	last := int32(len(l.circles) - 1)
	if 2*len(l.circles) <= len(l.slots) {
		l.enter(c.key, last)
		return last
	}
	l.slots = make([]int32, 2*len(l.slots))
	for i := range l.circles {
		l.enter(l.circles[i].key, int32(i))
	}
	return last
}

func (l *lattice) enter(key uint64, number int32) {
	mask := uint64(len(l.slots) - 1)
	h := mix(key) & mask
	for l.slots[h] != 0 {
		h = (h + 1) & mask
	}
	l.slots[h] = number + 1
}
