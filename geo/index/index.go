package index

import (
	"iter"
	"math"
	"runtime"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// An Index answers location texts from a gazetteer. It never changes once it is
// made and may be used by many goroutines at once.
type Index struct {
	Strings stringTable  // what the other tables' texts are numbers of
	Names   nameTable    // what streets and settlements are asked for by
	Words   vocabulary   // the words of those names
	Ways    wayTable     // streets, numbered roads and landmarks
	Places  placeTable   // settlements
	Codes   codeTable    // postcodes and outcodes
	Houses  houseTable   // numbered buildings
	Letters *letterModel // derived
	Prior   priors       // derived
	towns   PointGrid    // derived, of the places that are towns
	townOf  []uint32     // derived, their numbers
}

// A stringTable keeps strings end to end; string i is blob[off[i]:off[i+1]].
// String 0 is empty.
type stringTable struct {
	blob string
	off  []uint32
}

// At returns string i.
func (t *stringTable) At(i uint32) string { return t.blob[t.off[i]:t.off[i+1]] }

func (t *stringTable) len() int { return max(0, len(t.off)-1) }

// A Degree7 is a longitude or latitude in units of 1e-7 degrees, about a
// centimetre.
type Degree7 = int32

// ToDegree7 rounds an angle in degrees to a Degree7.
func ToDegree7(deg float64) Degree7 { return Degree7(math.Round(deg * 1e7)) }

// Point7 returns the point of a longitude and a latitude.
func Point7(lon, lat Degree7) orb.Point { return orb.Point{float64(lon) / 1e7, float64(lat) / 1e7} }

// A wayTable holds what a street name may stand for: streets, numbered roads and
// landmarks, ordered by key, latitude and longitude.
type wayTable struct {
	Lon, Lat []Degree7 // of its middle
	Extent   []float32 // metres; 0 where not known
	local    []float32 // sum of the local pulls of all places on it, see naming.go
	town     []float32 // the same of the regional pulls
	ring     []float32 // km within which its nearest villages lie
	Key      []uint32  // nameTable
	Street   []uint32  // the least way that is a piece of the same street
	Home     []uint32  // the place it lies in, or NoPlace
	Name     []uint32  // stringTable
	Locality []uint32  // stringTable
	Source   []uint32  // stringTable
	Outcode  []uint16  // codeTable.Out
	kind     []uint8
	pulled   []pulled // derived, see naming.go
}

// A placeTable holds the settlements, ordered by key, latitude and longitude.
type placeTable struct {
	Lon, Lat []Degree7 // of its middle
	Extent   []float32 // metres; 0 where not known
	Reach    []float32 // metres that hold most streets nearer to it than to any other place
	streets  []float32 // the number of those streets
	covered  []uint8   // 1 where any street lies within coverM
	core     []float32 // the number of streets within coreM
	town     []uint8   // 1 where it is a town
	key      []uint32
	Name     []uint32  // stringTable
	Source   []uint32  // stringTable
	Outcode  []uint16  // codeTable.Out
	CosLat   []float32 // derived
	LogSize  []float32 // derived, see naming.go
	pulling  []pulling // derived, see naming.go
}

// A houseTable holds numbered buildings, ordered by street key, number,
// latitude and longitude.
type houseTable struct {
	Key      []uint32  // nameTable, of the street
	Number   []uint32  // stringTable, folded
	Lon, Lat []Degree7 // of its middle
	name     []uint32
	locality []uint32
	Source   []uint32 // stringTable
}

// A relation says how a key came to stand for an entry.
type relation uint8

const (
	RelName    relation = iota // its name, or an alias that the gazetteer gives
	RelArticle                 // without "The"
	RelPart                    // a street without its type; a place without "Great", "-on-Sea" and the like
	RelTail                    // a place by its last word alone: "Lynn"; a street without "West" and the like
)

// A Posting is an entry index shifted left by two, and its relation.
type Posting uint32

func newPosting(i int, r relation) Posting { return Posting(i)<<2 | Posting(r) }

// Entry returns the number of the way or place that the key stands for.
func (p Posting) Entry() uint32 { return uint32(p) >> 2 }

// Relation says how the key came to stand for it.
func (p Posting) Relation() relation { return relation(p & 3) }

// New makes an index of the entries. Their order does not matter, and an
// entry given twice counts once. An entry without a name, outside the range of
// longitude and latitude, of an unknown kind, or a postcode that is not one, is
// an error that names the entry's source and ID.
func New(entries iter.Seq[Entry]) (*Index, error) {
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
	apart := [...]func(){x.Names.finish, func() {
		x.Words.finish()
		x.Places.finish()
		x.Codes.finish()
		x.Ways.finish(&x.Places)
	}}
	geo.Each(runtime.GOMAXPROCS(0), len(apart), func(_, i int) { apart[i]() })
	x.placeNames()
	x.towns, x.townOf = x.Places.gridOf(func(p int) bool { return x.Places.town[p] != 0 })
	x.Letters = newLetterModel(&x.Words.Words)
	x.Prior = x.newPriors()
}

// Len returns the number of entries of each kind, streets, roads and landmarks
// together.
func (x *Index) Len() (ways, places, postcodes int) {
	return len(x.Ways.Lon), len(x.Places.Lon), len(x.Codes.Unit)
}

// NoPlace stands for no settlement.
const NoPlace = ^uint32(0)

// Together reports whether two ways are near enough to be one answer.
func (x *Index) Together(a, b uint32) bool {
	t := x.Ways.pulled
	if t[a].street == t[b].street {
		return true
	}
	// Most are told apart by their latitudes, without a cosine.
	north := math.Abs(float64(t[a].lat)-float64(t[b].lat)) * MetresPer7
	return north <= ApartM && x.Apart(a, b) <= ApartM
}

// IsStreet reports whether a way is a street, and no road by number or landmark.
func (x *Index) IsStreet(e uint32) bool { return x.Ways.kind[e] == uint8(KindStreet) }

// IsRoad reports whether a way is a road known by its number.
func (x *Index) IsRoad(e uint32) bool { return x.Ways.kind[e] == uint8(KindRoad) }

// Apart returns the distance between the points of two ways, in metres.
func (x *Index) Apart(a, b uint32) float64 {
	p, q := &x.Ways.pulled[a], &x.Ways.pulled[b]
	return FlatDistance(p.lon, p.lat, q.lon, q.lat, CosOf(p.lat))
}

// ApartM is the distance in metres beyond which two candidates are two answers.
const ApartM = 500
