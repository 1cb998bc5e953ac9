package geo

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/paulmach/orb"
)

// A Synthetic is the size of a made-up gazetteer.
type Synthetic struct {
	Streets, Places, Postcodes, Outcodes int
	Seed                                 uint64
}

// SyntheticGB is as large as Great Britain: 900,000 streets, 45,000 places, 1.7
// million postcodes.
func SyntheticGB() Synthetic {
	return Synthetic{Streets: 900_000, Places: 45_000, Postcodes: 1_700_000, Outcodes: 2_900, Seed: 1}
}

// Entries yields the gazetteer, the same for the same fields, to measure imports
// and matching with. It repeats names as real ones do: half of the streets share
// some three thousand stems whose frequency falls with their rank (the
// commonest name stands for some thousands of streets), the others are rare; a
// third of the places need "Great" or "-on-Sea" to be told apart, and one in ten
// has a namesake. Streets crowd around places whose sizes follow Zipf's law.
func (s Synthetic) Entries() iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		m := &synthesis{Synthetic: s, rng: rand.New(rand.NewPCG(s.Seed, 0))}
		m.makeStems()
		m.makePlaces()
		for i, p := range m.places {
			if !yield(Entry{ID: fmt.Sprint("p", i), Kind: KindPlace, Name: p.name, Point: p.point, Source: "synthetic"}) {
				return
			}
		}
		m.yieldStreets(yield)
	}
}

type synthesis struct {
	Synthetic
	rng    *rand.Rand
	common []string
	rare   []string
	places []syntheticPlace
}

type syntheticPlace struct {
	name  string
	point orb.Point
	size  float64 // km
}

var (
	syntheticHeads = strings.Fields("ash al bar bel bram bur cal chal clay col cran dun east ed elm fair fen fox gar glen gor grim had hal ham har hazel " +
		"hel hol horn hun il kel ken kil kir lang lin long lyn mal mar mel mil mor nor oak old or os pen pick ply pres quar rad rams ray red rip ros row rush " +
		"sal sand sel shel sil snet som stan stoke sut swan tad tem thorn til tor tren up wal war wel west whit wil win wood wor wy yar york")
	syntheticMiddles = strings.Fields("a an ber den der ding e el er ers es field ford gate ham hurst i ing ington ley ling man mer min ne ning o on ring rock s sing ster ter ton wald wick")
	syntheticTails   = strings.Fields("borough bourne bridge bury by cliffe combe cote dale den don fleet ford gate ham holme hurst ington ley low mere mouth over port sett shaw stead stoke ston thorpe ton wade wath well wich wick wold worth")
	syntheticStems   = strings.Fields("High Station Church Main Park Victoria Green Manor Kings Queens New Grange North South West East School Stanley Chester Mill York Albert Windsor " +
		"Springfield George Highfield Alexandra London Broad Chapel Richmond The Mount Grove Hill Cross Back Hall Common Orchard Meadow Beech Oak Elm Ash Willow Cedar Holly Hawthorn " +
		"Poplar Lime Chestnut Rowan Maple Birch Sycamore Nelson Wellington Waterloo Bridge Water Castle Abbey Priory Vicarage Rectory Glebe Moor Marsh Heath Low Long Sandy")
	syntheticTypes = strings.Fields("Road Road Road Road Road Street Street Street Close Close Close Close Avenue Avenue Lane Lane Lane Drive Drive Way Court Gardens Crescent Place Terrace Grove View Rise Hill Walk")
)

func (m *synthesis) word(middles int) string {
	var b strings.Builder
	b.WriteString(pickOne(m.rng, syntheticHeads))
	for range middles {
		b.WriteString(pickOne(m.rng, syntheticMiddles))
	}
	b.WriteString(pickOne(m.rng, syntheticTails))
	w := b.String()
	return strings.ToUpper(w[:1]) + w[1:]
}

func pickOne(rng *rand.Rand, list []string) string { return list[rng.IntN(len(list))] }

func (m *synthesis) makeStems() {
	m.common = append(m.common, syntheticStems...)
	for len(m.common) < min(3000, m.Streets/10+len(syntheticStems)) {
		m.common = append(m.common, m.word(0))
	}
	for range max(1, m.Streets/4) {
		m.rare = append(m.rare, m.word(m.rng.IntN(2)))
	}
}

// stem draws a street's stem: half of them by rank, with a frequency of about
// 1 / (rank + 10).
func (m *synthesis) stem() string {
	if m.rng.IntN(2) == 0 {
		n := float64(len(m.common))
		return m.common[min(len(m.common)-1, int(10*math.Pow((n+10)/10, m.rng.Float64())-10))]
	}
	stem := m.rare[m.rng.IntN(len(m.rare))]
	switch m.rng.IntN(12) {
	case 0:
		return "St " + stem + "'s"
	case 1:
		return "Old " + stem
	case 2:
		return stem + " " + pickOne(m.rng, syntheticStems)
	}
	return stem
}

func (m *synthesis) makePlaces() {
	var names []string
	for i := range m.Places {
		name := m.word(m.rng.IntN(2))
		if len(names) > 0 && m.rng.IntN(10) == 0 {
			name = pickOne(m.rng, names)
		}
		switch m.rng.IntN(9) {
		case 0:
			name = pickOne(m.rng, []string{"Great ", "Little ", "East ", "West ", "Upper "}) + name
		case 1:
			name += pickOne(m.rng, []string{"-on-Sea", " St Mary", " Magna", "-by-the-Water"})
		}
		names = append(names, name)
		m.places = append(m.places, syntheticPlace{
			name:  name,
			point: orb.Point{-5.5 + 7*m.rng.Float64(), 50.2 + 7.5*m.rng.Float64()},
			size:  0.1 * math.Sqrt(m.streetsOf(i)),
		})
	}
}

// streetsOf returns how many streets place i has by Zipf's law.
func (m *synthesis) streetsOf(i int) float64 {
	return float64(m.Streets) / (float64(i+20) * math.Log(float64(m.Places+20)/20))
}

func (m *synthesis) yieldStreets(yield func(Entry) bool) {
	outcodes := min(m.Outcodes, len(m.places))
	lon, lat := make([]degree7, outcodes), make([]degree7, outcodes)
	for i := range outcodes {
		lon[i], lat[i] = toDegree7(m.places[i].point.Lon()), toDegree7(m.places[i].point.Lat())
	}
	grid := newPointGrid(lon, lat)
	areas := strings.Fields(strings.ToUpper(postcodeAreas))
	units := make([]int, outcodes)
	made := 0
	for i := range m.Streets {
		p := m.places[min(len(m.places)-1, int(20*math.Pow(float64(len(m.places)+20)/20, m.rng.Float64()))-20)]
		at := m.scatter(p.point, p.size)
		if !yield(Entry{ID: fmt.Sprint("s", i), Kind: KindStreet, Name: m.stem() + " " + pickOne(m.rng, syntheticTypes), Point: at, ExtentM: 50 + 200*m.rng.Float64(), Source: "synthetic"}) {
			return
		}
		out, _, ok := grid.nearest(toDegree7(at.Lon()), toDegree7(at.Lat()), 100_000)
		for ok && made < m.Postcodes*(i+1)/m.Streets && units[out] < 4000 {
			code := fmt.Sprintf("%s%d %s", areas[int(out)%len(areas)], int(out)/len(areas)+1, syntheticIncode(units[out]))
			units[out]++
			made++
			if !yield(Entry{ID: code, Kind: KindPostcode, Name: code, Point: m.scatter(at, 0.1), Source: "synthetic"}) {
				return
			}
		}
	}
}

// scatter returns a point around another, at a typical distance in km.
func (m *synthesis) scatter(p orb.Point, km float64) orb.Point {
	lat := p.Lat() + m.rng.NormFloat64()*km/111.2
	lon := p.Lon() + m.rng.NormFloat64()*km/(111.2*math.Cos(p.Lat()*math.Pi/180))
	return orb.Point{math.Round(lon*1e6) / 1e6, math.Round(lat*1e6) / 1e6}
}

// syntheticIncode returns the n-th of the 4,000 incodes.
func syntheticIncode(n int) string {
	const letters = "ABDEFGHJLNPQRSTUWXYZ"
	return string([]byte{byte('0' + n/400), letters[n/20%20], letters[n%20]})
}
