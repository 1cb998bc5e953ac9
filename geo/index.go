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
	letters *letterModel // derived
	prior   priors       // derived
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
	local    []float32 // sum of the local pulls of all places on it, see naming.go
	town     []float32 // the same of the regional pulls
	ring     []float32 // km within which its nearest villages lie
	key      []uint32  // nameTable
	street   []uint32  // the least way that is a piece of the same street
	home     []uint32  // the place it lies in, or noPlace
	name     []uint32  // stringTable
	locality []uint32  // stringTable
	source   []uint32  // stringTable
	outcode  []uint16  // codeTable.out
	kind     []uint8
}

// A placeTable holds the settlements, ordered by key, latitude and longitude.
type placeTable struct {
	lon, lat                     []degree7
	extent                       []float32 // metres; 0 where not known
	reach                        []float32 // metres that hold most streets nearer to it than to any other place
	streets                      []float32 // the number of those streets
	covered                      []uint8   // 1 where any street lies within coverM
	key                          []uint32
	name                         []uint32
	source                       []uint32
	outcode                      []uint16
	cosLat                       []float32 // derived
	spread                       []float32 // derived: km
	localSize, townSize, logSize []float32 // derived, see naming.go
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
	x.letters = newLetterModel(&x.words.words)
	x.prior = x.newPriors()
	x.scratch.New = func() any { return &scratch{x: x} }
}

// Len returns the number of entries of each kind, streets, roads and landmarks
// together.
func (x *Index) Len() (ways, places, postcodes int) {
	return len(x.ways.lon), len(x.places.lon), len(x.codes.unit)
}
