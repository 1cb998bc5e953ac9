package cluster

import (
	"math"
	"slices"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// A LatticeCircle is a circle of a Lattice.
type LatticeCircle struct {
	At     Vec    // on the unit sphere
	Radius int32  // index in the lattice's radii
	Key    uint64 // says which it is, the same for all data; ascends with the radius
}

// A Lattice numbers the circles that hold some place. Circles of one radius stand
// in rows along parallels, every second row shifted by half a step: a lattice of
// triangles that is the same for all data, wherever it lies. With a spacing of s
// radii, whatever fits a circle of 1 − .66 s of a radius lies wholly in one of
// them.
type Lattice struct {
	Circles []LatticeCircle
	spacing float64
	radii   []float64
	scales  []latticeScale // by radius
	rows    [rowsKept]latticeRow
	blocks  []latticeBlock
	slots   []int32 // open addressing: index of the block + 1, 0 for none
}

// NewLattice returns the lattice of the radii, metres, whose centres are so many
// radii apart.
func NewLattice(radii []float64, spacing float64) *Lattice {
	l := &Lattice{spacing: spacing, slots: make([]int32, 1<<10)}
	l.Reset(radii)
	return l
}

// A latticeScale is what all circles of one radius have.
type latticeScale struct {
	step           float64 // between neighbours in a row, metres
	rowStep, reach float64 // between rows, and of a circle, degrees of latitude
	limit          float64 // the square of its chord
}

// Reset makes it a lattice of the radii that has numbered no circle yet, in the room that
// it has taken.
func (l *Lattice) Reset(radii []float64) {
	if !slices.Equal(l.radii, radii) {
		l.radii, l.scales = radii, nil
		for _, radius := range radii {
			step := l.spacing * radius
			l.scales = append(l.scales, latticeScale{step: step, rowStep: step * math.Sqrt(3) / 2 / geo.EarthRadius * deg,
				reach: radius / geo.EarthRadius * deg, limit: Chord2(radius)})
		}
		clear(l.rows[:])
	}
	l.Circles, l.blocks = l.Circles[:0], l.blocks[:0]
	clear(l.slots)
}

// Chord2 is the square of the chord, on the unit sphere, of metres along it.
func Chord2(metres float64) float64 {
	c := 2 * math.Sin(metres/geo.EarthRadius/2)
	return c * c
}

// deg is a radian in degrees.
const deg = 180 / math.Pi

// smallSine is a sine up to which arc is right to 1e-5 of it: of circles of up to 120 km.
const smallSine = .01

// slack is by how much of their distance from each other circles of a row may lie
// beyond what the chord leaves, and are still looked at: it is not exact where a row
// only touches.
const slack = .01

// Around appends the numbers of the circles that hold the point and are at least
// so wide.
func (l *Lattice) Around(p orb.Point, least float64, list []int32) []int32 {
	v, cosLat, turn := VecOf(p), math.Cos(p.Lat()/deg), (p.Lon()+180)/360
	for k, radius := range l.radii {
		if radius < least {
			continue
		}
		scale := &l.scales[k]
		limit, north := scale.limit, p.Lat()+scale.reach
		for row := int(math.Ceil((p.Lat() - scale.reach) / scale.rowStep)); float64(row)*scale.rowStep <= north; row++ {
			r := l.row(k, row, scale)
			if r.n == 0 {
				continue
			}
			n, shift := r.n, 0.5*float64(row&1)
			at := turn*float64(n) - shift
			wide, within := r.reach(p.Lat(), cosLat, limit)
			first, last := int(math.Ceil(at-wide)), int(math.Floor(at+wide))
			last = min(last, first+n-1)
			block, known := 0, -1
			for j := first; j <= last; j++ {
				i := j
				if i < 0 || i >= n { // over the date line; a division costs as much as the rest
					i = ((j % n) + n) % n
				}
				if i/blockWide != known {
					known = i / blockWide
					block = l.block(r.key | uint64(known))
				}
				if number := l.blocks[block].numbers[i%blockWide] - 1; number >= 0 {
					if math.Abs(float64(j)-at) < within || l.Circles[number].At.Chord2(v) <= limit {
						list = append(list, number)
					}
				} else if c := r.at((float64(i)+shift)/float64(n)*360 - 180); c.Chord2(v) <= limit {
					list = append(list, int32(len(l.Circles)))
					l.Circles = append(roomy(l.Circles), LatticeCircle{c, int32(k), r.key | uint64(i)})
					l.blocks[block].numbers[i%blockWide] = int32(len(l.Circles))
				}
			}
		}
	}
	return list
}

// roomy returns the list with room for as much again where it is full: a long one that
// grows by a quarter is copied many times.
func roomy[T any](list []T) []T {
	if len(list) < cap(list) {
		return list
	}
	return slices.Grow(list, max(len(list), 64))
}

// arc is the arc sine, or little more where that is small.
func arc(sine float64) float64 {
	if sine < .5 {
		return sine * (1 + sine*sine/5)
	}
	return math.Asin(sine)
}

// sine is the sine, or for a small angle little else: arc makes up for more.
func sine(x float64) float64 {
	if math.Abs(x) < smallSine {
		return x * (1 - x*x/6)
	}
	return math.Sin(x)
}

// A latticeRow is a row of circles of one radius.
type latticeRow struct {
	key           uint64  // of its circles, but for their place in the row
	lat, sin, cos float64 // degrees, the sine of it and the cosine
	n             int     // circles round the Earth, 0 beyond a pole
}

// reach returns up to how far along the row, in circles, one may hold a point of the
// latitude, and up to how far each does: circles between need a second look.
func (r *latticeRow) reach(lat, cosLat, limit float64) (wide, within float64) {
	cos := r.cos * cosLat
	if cos <= 0 {
		return float64(r.n), -1
	}
	// Half the chord along the row: sin²(Δλ/2) = (sin²(r/2R) − sin²(Δφ/2)) / (cos φ cos φ').
	half := sine((r.lat - lat) / deg / 2)
	sin2 := (limit/4 - half*half) / cos
	if sin2 >= 1 {
		return float64(r.n), -1
	}
	sine := math.Sqrt(max(0, sin2))
	wide = arc(sine)/math.Pi*float64(r.n) + slack
	if sine >= smallSine {
		return wide, -1
	}
	return wide, wide - 2*slack
}

// at returns where a circle of the row at the longitude lies on the unit sphere.
func (r *latticeRow) at(lon float64) Vec {
	sin, cos := math.Sincos(lon * (math.Pi / 180))
	return Vec{r.cos * cos, r.cos * sin, r.sin}
}

// rowsKept is how many rows are kept, each in the place of another: a county has a few
// hundred of 250 m.
const rowsKept = 1 << 10

// row returns one row of the k-th radius.
func (l *Lattice) row(k, row int, scale *latticeScale) *latticeRow {
	key := uint64(k)<<58 | uint64(uint32(row+1<<28))<<29
	r := &l.rows[(k*rowsKept/8+row)&(rowsKept-1)]
	if r.key == key && r.n > 0 {
		return r
	}
	*r = latticeRow{key: key, lat: float64(row) * scale.rowStep}
	if math.Abs(r.lat) <= 90 {
		r.sin, r.cos = math.Sincos(r.lat * (math.Pi / 180))
		r.n = max(1, int(math.Round(2*math.Pi*geo.EarthRadius*r.cos/scale.step)))
	}
	return r
}

// blockWide is how many neighbours in a row are found at once.
const blockWide = 16

// A latticeBlock has the numbers of neighbours in a row, + 1, 0 for none yet.
type latticeBlock struct {
	key     uint64
	numbers [blockWide]int32
}

// block returns the index of the block with the key, a new one where there is none.
func (l *Lattice) block(key uint64) int {
	mask := uint64(len(l.slots) - 1)
	for h := Mix(key) & mask; l.slots[h] != 0; h = (h + 1) & mask {
		if at := int(l.slots[h]) - 1; l.blocks[at].key == key {
			return at
		}
	}
	l.blocks = append(roomy(l.blocks), latticeBlock{key: key})
	if 2*len(l.blocks) <= len(l.slots) {
		l.enter(len(l.blocks) - 1)
		return len(l.blocks) - 1
	}
	l.slots = make([]int32, 2*len(l.slots))
	for at := range l.blocks {
		l.enter(at)
	}
	return len(l.blocks) - 1
}

func (l *Lattice) enter(at int) {
	mask := uint64(len(l.slots) - 1)
	h := Mix(l.blocks[at].key) & mask
	for l.slots[h] != 0 {
		h = (h + 1) & mask
	}
	l.slots[h] = int32(at) + 1
}
