package geo

import (
	"iter"
	"math"
	"sync"

	"github.com/paulmach/orb"
)

// An Index answers location texts from a gazetteer. It never changes once it is
// made and may be used by many goroutines at once.
type Index struct {
	strings stringTable
	names   nameTable
	words   vocabulary
	ways    wayTable
	places  placeTable
	codes   codeTable
	houses  houseTable
	prior   priors // derived
	scratch sync.Pool
}

// A stringTable keeps strings end to end; string i is blob[off[i]:off[i+1]].
// String 0 is empty.
type stringTable struct {
	blob string
	off  []uint32
}

func (t *stringTable) at(i uint32) string { return t.blob[t.off[i]:t.off[i+1]] }

func (t *stringTable) len() int { return max(0, len(t.off)-1) }

// A degree7 is a longitude or latitude in units of 1e-7 degrees, about a
// centimetre.
type degree7 = int32

func toDegree7(deg float64) degree7 { return degree7(math.Round(deg * 1e7)) }

func point7(lon, lat degree7) orb.Point { return orb.Point{float64(lon) / 1e7, float64(lat) / 1e7} }

// A wayTable holds what a street name may stand for: streets, numbered roads and
// landmarks, ordered by key, latitude and longitude.
type wayTable struct {
	lon, lat []degree7
	extent   []float32 // metres; 0 where not known
	pull     []float32 // natural logarithm of the sum of the pulls of all places on it, see score.go
	key      []uint32  // nameTable
	name     []uint32  // stringTable
	locality []uint32  // stringTable
	source   []uint32  // stringTable
	outcode  []uint16  // codeTable.out
	kind     []uint8
}

// A placeTable holds the settlements, ordered by key, latitude and longitude.
type placeTable struct {
	lon, lat []degree7
	extent   []float32 // metres; 0 where not known
	reach    []float32 // metres that hold most streets nearer to it than to any other place
	streets  []float32 // the number of those streets
	key      []uint32
	name     []uint32
	source   []uint32
	outcode  []uint16
	cosLat   []float32 // derived
	logSize  []float32 // derived: natural logarithm of its size, see score.go
	grid     pointGrid // derived
}

// A houseTable holds numbered buildings, ordered by street key, number,
// latitude and longitude.
type houseTable struct {
	key      []uint32 // nameTable, of the street
	number   []uint32 // stringTable, folded
	lon, lat []degree7
	name     []uint32
	locality []uint32
	source   []uint32
}

// A relation says how a key came to stand for an entry.
type relation uint8

const (
	relName    relation = iota // its name, or an alias that the gazetteer gives
	relArticle                 // without "The"
	relPart                    // a street without its type; a place without "Great", "-on-Sea" and the like
	relTail                    // a place by its last word alone: "Lynn"
)

// A posting is an entry index shifted left by two, and its relation.
type posting uint32

func newPosting(i int, r relation) posting { return posting(i)<<2 | posting(r) }
func (p posting) entry() uint32            { return uint32(p) >> 2 }
func (p posting) relation() relation       { return relation(p & 3) }

// NewIndex makes an index of the entries. Their order does not matter, and an
// entry given twice counts once. An entry without a name, outside the range of
// longitude and latitude, of an unknown kind, or a postcode that is not one, is
// an error that names the entry's source and ID.
func NewIndex(entries iter.Seq[Entry]) (*Index, error) {
	b := newIndexBuilder()
	for e := range entries {
		if err := b.add(&e); err != nil {
			return nil, err
		}
	}
	return b.build(), nil
}

// finish makes what is derived from the tables.
func (x *Index) finish() {
	x.names.finish()
	x.words.finish()
	x.places.finish()
	x.codes.finish()
	x.prior = x.newPriors()
	x.scratch.New = func() any { return newScratch(x) }
}

// Len returns the number of entries of each kind, streets, roads and landmarks
// together.
func (x *Index) Len() (ways, places, postcodes int) {
	return len(x.ways.lon), len(x.places.lon), len(x.codes.unit)
}
