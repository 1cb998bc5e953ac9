// Package nation makes up a gazetteer the size of Great Britain's, for
// benchmarks: 900,000 streets, 45,000 settlements and 1.7 million postcodes with
// as much repetition of names as there really is. Nothing in it exists.
package nation

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/geo"
	"spreewatch/geo/index"
)

// Options are how much to make.
type Options struct {
	Places    int    // settlements
	Streets   int    // named streets
	Postcodes int    // postcode units
	Seed      uint64 // equal seeds make equal entries
}

// GB returns the size of Great Britain, in round figures of OS Open Names.
func GB() Options { return Options{Places: 45_000, Streets: 900_000, Postcodes: 1_700_000, Seed: 1} }

// County returns the size of one county, a fiftieth of GB.
func County() Options { return Options{Places: 900, Streets: 18_000, Postcodes: 34_000, Seed: 1} }

// Validate refuses sizes that cannot be made: no place to put streets in, or
// more postcodes than there are names for.
func (o Options) Validate() error {
	if o.Places < 1 || o.Streets < 0 || o.Postcodes < 0 || o.Postcodes > maxPostcodes {
		return fmt.Errorf("%d places, %d streets, %d postcodes: want at least one place and at most %d postcodes", o.Places, o.Streets, o.Postcodes, maxPostcodes)
	}
	return nil
}

// Entries makes the places, then the streets, then the postcodes. The same
// options give the same entries. It panics where Validate returns an error.
//
// The size of a settlement falls with its rank (Zipf 1949), and so does the use
// of a street's name: about one street in 300 is a High Street, one in three has
// a name that no other has. Half of the places share their name with another,
// some told apart by Great and Little.
func Entries(o Options) iter.Seq[index.Entry] {
	if err := o.Validate(); err != nil {
		panic("nation: " + err.Error())
	}
	return func(yield func(index.Entry) bool) {
		m := maker{Options: o, rng: rand.New(rand.NewPCG(o.Seed, 0))}
		m.layPlaces()
		for i := range m.places {
			if !yield(m.places[i].entry) {
				return
			}
		}
		_ = m.streets(yield) && m.postcodes(yield)
	}
}

const source = "nation"

// bounds is about the land of Great Britain.
var bounds = orb.Bound{Min: orb.Point{-5, 50.2}, Max: orb.Point{1.7, 57}}

type maker struct {
	Options
	rng    *rand.Rand
	places []place
	shares []float64 // of all streets, summed up to and with each place
	stems  []string  // of street names, commonest first
}

type place struct {
	entry  index.Entry
	spread float64 // standard deviation of its streets about its point, metres
}

var (
	starts = strings.Fields("Ash Barn Beck Bil Bourn Brad Bur Cal Carl Chil Clay Cot Dal Den Dun East Edg Elm Fen Fox Gar Gold Grim Had Hal " +
		"Har Hazel Hemp Hol Horn Ing Kel Kirk Knap Lang Led Lin Long Mar Mel Mid Mor Nor North Oak Old Os Ox Pen Pick Rad Red Rus Sal Sand " +
		"Shel Ship Sil South Stan Staple Stoke Sut Swan Thorn Thur Tol Under Up Wal War Wat Wel West Whit Wick Wil Win Wood Wor Yar")
	ends = strings.Fields("ton ham by ford ley worth wick thorpe field bury stead well combe don bourne hurst burgh ingham ington bridge " +
		"stow holme dale church minster mere gate wold shaw grave")
	middles = strings.Fields("al an ar as el en er es il in ing is ol on or os um un ur us")
	leads   = []string{"Great ", "Little ", "Upper ", "Lower ", "North ", "South ", "East ", "West ", "Old ", "New "}
	commons = strings.Split("High Street,Station Road,Church Road,Church Lane,Main Street,Park Road,London Road,Victoria Road,Green Lane,"+
		"Manor Road,Mill Lane,Church Street,The Green,New Road,Queens Road,The Avenue,Mill Road,Kings Road,School Lane,Chapel Lane,"+
		"The Street,Norwich Road,West Street,North Street,South Street,The Crescent,Springfield Road,George Street,Park Avenue,The Close,"+
		"Windsor Road,York Road,Albert Road,St John's Road,St Mary's Road,Grange Road,Highfield Road,Market Place,Common Lane,Back Lane", ",")
	types  = strings.Fields("Road Road Road Road Road Close Close Close Close Street Street Street Lane Lane Lane Avenue Avenue Drive Drive Drive Way Way Court Gardens Crescent Place Grove Terrace Walk Hill View Rise Mews Park Row Green")
	firsts = strings.Fields("Alder Beech Birch Cedar Elm Hazel Holly Larch Lime Maple Oak Poplar Rowan Willow Yew Lark Swan Heron Finch Robin Kestrel " +
		"Mill Church Manor Abbey Priory Castle Orchard Meadow Spring Brook River Garden Field Farm Hill Bridge Station School Park " +
		"Nelson Wellington Churchill Albert Victoria Edward Alfred Stanley Clarence Cavendish Russell Howard Percy Neville Stafford Warwick " +
		"St John's St Mary's St Peter's St Andrew's St Michael's St James's St Nicholas King's Queen's Prince's Bishop's Abbot's Miller's")
)

// layPlaces makes the settlements, largest first.
func (m *maker) layPlaces() {
	m.places = make([]place, m.Places)
	m.shares = make([]float64, m.Places)
	sum := 0.0
	for i := range m.places {
		sum += math.Pow(float64(i)+3, -0.95)
		m.shares[i] = sum
	}
	for i := range m.places {
		share := m.shares[i]
		if i > 0 {
			share -= m.shares[i-1]
		}
		streets := share / sum * float64(m.Streets)
		p := orb.Point{m.between(0), m.between(1)}
		m.places[i] = place{
			entry: index.Entry{
				ID: fmt.Sprintf("p%06d", i), Kind: index.KindPlace, Name: m.placeName(), Point: p, Source: source,
				ExtentM: math.Round(200 + 120*math.Sqrt(streets)),
			},
			spread: 80 + 50*math.Sqrt(streets),
		}
	}
}

func (m *maker) between(axis int) float64 {
	return math.Round((bounds.Min[axis]+m.rng.Float64()*(bounds.Max[axis]-bounds.Min[axis]))*1e6) / 1e6
}

func (m *maker) placeName() string {
	name := m.skewed(starts) + m.skewed(ends)
	if m.rng.IntN(5) < 2 {
		name = m.rareName()
	}
	switch m.rng.IntN(12) {
	case 0, 1:
		return leads[m.rng.IntN(len(leads))] + name
	case 2:
		return name + " " + m.skewed(starts) + "e"
	case 3:
		return name + " St " + []string{"Mary", "Peter", "Andrew", "John", "Michael"}[m.rng.IntN(5)]
	}
	return name
}

// rareName is one of some sixty thousand.
func (m *maker) rareName() string {
	return starts[m.rng.IntN(len(starts))] + middles[m.rng.IntN(len(middles))] + ends[m.rng.IntN(len(ends))]
}

// skewed draws from a list, its first half seven times in ten: some halves are
// common, as -ton and -ham are.
func (m *maker) skewed(list []string) string {
	x := m.rng.Float64()
	return list[int(x*x*float64(len(list)))]
}

// streets makes the streets of places drawn by size.
func (m *maker) streets(yield func(index.Entry) bool) bool {
	m.stems = append(m.stems, firsts...)
	for len(m.stems) < 20_000 {
		m.stems = append(m.stems, m.placeName())
	}
	for i := range m.Streets {
		x := m.rng.Float64() * m.shares[len(m.shares)-1]
		k, _ := searchFloat(m.shares, x)
		at := &m.places[k]
		e := index.Entry{
			ID: fmt.Sprintf("s%07d", i), Kind: index.KindStreet, Name: m.streetName(), Locality: at.entry.Name, Source: source,
			Point: m.near(at.entry.Point, at.spread), ExtentM: math.Round(60 + 250*m.rng.ExpFloat64()),
		}
		if !yield(e) {
			return false
		}
	}
	return true
}

// searchFloat returns the first index whose value is above x.
func searchFloat(sums []float64, x float64) (int, bool) {
	lo, hi := 0, len(sums)-1
	for lo < hi {
		mid := (lo + hi) / 2
		if sums[mid] > x {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo, sums[lo] > x
}

func (m *maker) streetName() string {
	kind := types[m.rng.IntN(len(types))]
	switch n := m.rng.IntN(50); {
	case n == 0:
		return commons[m.byRank(len(commons))]
	case n < 25:
		return m.rareName() + " " + kind
	}
	return m.stems[m.byRank(len(m.stems))] + " " + kind
}

// byRank draws an index below n, index r with a chance of about 1/(r+1).
func (m *maker) byRank(n int) int {
	return int(math.Exp(m.rng.Float64()*math.Log(float64(n+1)))) - 1
}

func (m *maker) near(p orb.Point, spread float64) orb.Point {
	const degree = geo.EarthRadius * math.Pi / 180
	dx, dy := m.rng.NormFloat64()*spread/degree/math.Cos(p.Lat()*math.Pi/180), m.rng.NormFloat64()*spread/degree
	return orb.Point{math.Round((p.Lon()+dx)*1e6) / 1e6, math.Round((p.Lat()+dy)*1e6) / 1e6}
}

var areas = strings.Fields("AB B BA BB BD BH BL BN BR BS CA CB CF CH CM CO CT CV DA DE DH DL DN DT DY E EX GL GU HA HD HG HP HR HU HX IP KT L LA")

const (
	districts    = 80 // an area
	incodeChars  = "ABDEFGHJLNPQRSTUWXYZ"
	unitsEach    = 10 * len(incodeChars) * len(incodeChars)
	maxPostcodes = 40 * districts * unitsEach
)

// postcodes makes the units of one outcode after another, around places drawn by
// size.
func (m *maker) postcodes(yield func(index.Entry) bool) bool {
	each := max(1, (m.Postcodes+len(areas)*districts-1)/(len(areas)*districts))
	for i := range m.Postcodes {
		outcode := i / each
		k, _ := searchFloat(m.shares, float64(outcode%997)/997*m.shares[len(m.shares)-1])
		at := &m.places[k]
		out := fmt.Sprintf("%s%d", areas[outcode%len(areas)], outcode/len(areas)+1)
		unit := i % each * unitsEach / each
		in := fmt.Sprintf("%d%c%c", unit%10, incodeChars[unit/10%len(incodeChars)], incodeChars[unit/10/len(incodeChars)])
		e := index.Entry{ID: out + in, Kind: index.KindPostcode, Name: out + " " + in, Outcode: out, Point: m.near(at.entry.Point, 2*at.spread+500), Source: source}
		if !yield(e) {
			return false
		}
	}
	return true
}
