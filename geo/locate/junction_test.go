package locate

import (
	"math"
	"slices"
	"strings"
	"testing"

	"spreewatch/geo"
	"spreewatch/geo/address"
	"spreewatch/geo/index"

	"github.com/paulmach/orb"
)

// junctionForms are the ways in which people write that A meets B in T.
var junctionForms = []string{
	"A, T and B, T", "A, T & B, T", "A, T / B, T", "A, T j/w B, T", "A and B, T", "A & B, T", "A / B, T", "A @ B, T", "A + B, T",
	"A x B, T", "A J/W B, T", "A JCN B, T", "A JUNC B T", "A jct B T", "A C/W B, T", "junction of A and B, T", "A, T at its junction with B",
	"A at its junction with B, T", "corner of A and B in T", "A &amp; B, T", "A/B T", "A B junction, T", "A B jcn T",
}

func inForm(form, a, b, town string) string {
	return strings.NewReplacer("A", a, "B", b, "T", town).Replace(strings.NewReplacer("JCN", "jcn", "JUNC", "junc", "J/W", "j/w", "C/W", "c/w").Replace(form))
}

// A pairOfStreets is two streets of one place, whose points lie near each other.
type pairOfStreets struct {
	a, b, place string
	middles     []orb.Point
}

// norfolkPairs returns about n pairs of neighbouring streets.
func norfolkPairs(points map[streetPlace][]orb.Point, n int) []pairOfStreets {
	var keys []streetPlace
	for k := range points {
		if strings.Contains(k.street, " ") && !strings.Contains(k.street, "/") && !slices.Contains(notStreets, k.street) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b streetPlace) int { return strings.Compare(a.place+"\x00"+a.street, b.place+"\x00"+b.street) })
	var out []pairOfStreets
	for i := 0; i < len(keys); i++ {
		for j := i + 1; j < len(keys) && keys[j].place == keys[i].place; j++ {
			if address.Fold(keys[i].street) == address.Fold(keys[j].street) {
				continue
			}
			p := pairOfStreets{keys[i].street, keys[j].street, keys[i].place, nil}
			for _, a := range points[keys[i]] {
				for _, b := range points[keys[j]] {
					if geo.Distance(a, b) <= 200 {
						p.middles = append(p.middles, orb.Point{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2})
					}
				}
			}
			if len(p.middles) > 0 {
				out = append(out, p)
			}
		}
	}
	step := max(1, len(out)/n)
	kept := out[:0]
	for i := 0; i < len(out); i += step {
		kept = append(kept, out[i])
	}
	return kept
}

func (p *pairOfStreets) off(at orb.Point) float64 {
	least := math.Inf(1)
	for _, m := range p.middles {
		least = min(least, geo.Distance(m, at))
	}
	return least
}

// TestJunctionsOfNorfolk asks for pairs of neighbouring streets in every form: at
// least 99 of 100 are found, and none is sure of a place over 500 m off.
func TestJunctionsOfNorfolk(t *testing.T) {
	x, points := norfolkIndex(t)
	l := New(x)
	pairs := norfolkPairs(points, 600)
	for _, form := range junctionForms {
		found, far := 0, 0
		for _, p := range pairs {
			text := inForm(form, p.a, p.b, p.place)
			m := l.Match(text, Context{})
			off := p.off(m.Point)
			switch {
			case m.Level == geo.LevelJunction && off <= 500:
				found++
			case m.Level.Located() && m.Level != geo.LevelPlace && off > 500 && m.Confidence >= DefaultMinConfidence:
				far++
				t.Errorf("%s: %s at confidence %.3f, %.0f m off", text, m.Level, m.Confidence, off)
			default:
				t.Logf("%s: %s %q %.3f", text, m.Level, m.Name, m.Confidence)
			}
		}
		t.Logf("%-28s %d of %d found, %d far off", form, found, len(pairs), far)
		if 100*found < 99*len(pairs) {
			t.Errorf("%s: %d of %d found, want 99 %%", form, found, len(pairs))
		}
	}
}

// crossings are a High Street and a Station Road that meet in two towns 27 km
// apart, and a third town that has a High Street alone.
func crossings(t *testing.T) *Locator {
	var entries []index.Entry
	add := func(kind index.Kind, name string, lat, lon float64) {
		entries = append(entries, index.Entry{ID: name, Kind: kind, Name: name, Point: orb.Point{lon, lat}, Source: "made up"})
	}
	for _, town := range []struct {
		name     string
		lat, lon float64
	}{{"Aldton", 52.60, 1.00}, {"Bexwick", 52.60, 1.40}} {
		add(index.KindPlace, town.name, town.lat, town.lon)
		add(index.KindStreet, "High Street", town.lat+.001, town.lon)
		add(index.KindStreet, "Station Road", town.lat+.002, town.lon)
		add(index.KindStreet, "Mill Lane", town.lat-.009, town.lon)
	}
	add(index.KindPlace, "Carham", 52.60, 1.20)
	add(index.KindStreet, "High Street", 52.601, 1.20)
	for i, name := range strings.Fields("Alder Birch Cedar Damson Elm Fir Gorse Hazel Ivy Juniper Larch Maple Oak Pine Quince Rowan Sallow Thorn Willow Yew") {
		add(index.KindStreet, name+" Close", 52.58+.001*float64(i), 1.21)
		add(index.KindStreet, name+" Way", 52.58+.001*float64(i), 1.19)
	}
	x, err := index.New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	return New(x)
}

func TestJunctionIsDecidedLikeAStreet(t *testing.T) {
	l := crossings(t)
	aldton := orb.Point{1.00, 52.6015}
	in := Context{Area: []orb.Bound{{Min: orb.Point{0.9, 52.5}, Max: orb.Point{1.1, 52.7}}}}
	for _, c := range []struct {
		text  string
		ctx   Context
		level geo.Level
		sure  bool // confidence at least DefaultMinConfidence
	}{
		{"High Street and Station Road", Context{}, geo.LevelAmbiguous, false},
		{"High Street and Station Road", in, geo.LevelJunction, false},
		{"High Street and Station Road", Context{Near: []orb.Point{{1.01, 52.6}}}, geo.LevelJunction, false},
		{"High Street and Station Road, Aldton", Context{}, geo.LevelJunction, true},
		{"High Street, Aldton and Station Road, Aldton", Context{}, geo.LevelJunction, true},
		{"High Street, Aldton / Station Road", Context{}, geo.LevelJunction, true},
		{"High Street @ Station Road Aldton", Context{}, geo.LevelJunction, true},
		{"High Street x Station Road, Aldton", Context{}, geo.LevelJunction, true},
	} {
		m := l.Match(c.text, c.ctx)
		if m.Level != c.level || c.sure != (m.Confidence >= DefaultMinConfidence) && m.Level.Located() {
			t.Errorf("%s: got %s at confidence %.3f, want %s", c.text, m.Level, m.Confidence, c.level)
		}
		if m.Level == geo.LevelJunction && geo.Distance(m.Point, aldton) > m.RadiusM {
			t.Errorf("%s: %v is not in Aldton", c.text, m.Point)
		}
		if m.Level == geo.LevelAmbiguous && (len(m.Candidates) < 2 || m.Candidates[0].Level != geo.LevelJunction || m.Candidates[1].Level != geo.LevelJunction) {
			t.Errorf("%s: candidates %+v, want the two crossings", c.text, m.Candidates)
		}
	}
}

// The half that is dropped never makes the other surer.
func TestDroppedHalf(t *testing.T) {
	l := crossings(t)
	alone := l.Match("High Street, Carham", Context{})
	if alone.Level != geo.LevelStreet || alone.Confidence < 0.8 {
		t.Fatalf("High Street, Carham: %s at %.3f", alone.Level, alone.Confidence)
	}
	streets := 0
	for _, text := range []string{"High Street and Station Road, Carham", "High Street, Carham and Station Road, Carham", "High Street, Carham / Willow Road", "Willow Road j/w High Street, Carham"} {
		m := l.Match(text, Context{})
		if m.Level == geo.LevelStreet {
			streets++
		}
		switch m.Level {
		case geo.LevelJunction, geo.LevelAddress:
			t.Errorf("%s: got %s %q", text, m.Level, m.Name)
		case geo.LevelStreet:
			if m.Confidence > 0.9*alone.Confidence+1e-9 || m.Point != alone.Point {
				t.Errorf("%s: %q at confidence %.3f, alone %.3f", text, m.Name, m.Confidence, alone.Confidence)
			}
		}
		t.Logf("%s: %s %q %.3f", text, m.Level, m.Name, m.Confidence)
	}
	if streets < 2 {
		t.Errorf("%d texts answered with the street that is there, want at least two", streets)
	}
}

func TestTwoAddressesAreAmbiguous(t *testing.T) {
	l := crossings(t)
	for _, text := range []string{"Mill Lane, Aldton and High Street, Bexwick", "Mill Lane, Aldton & Mill Lane, Bexwick", "Mill Lane and Station Road, Aldton", "12 High Street, Aldton and 4 Station Road, Bexwick"} {
		m := l.Match(text, Context{Area: []orb.Bound{{Min: orb.Point{0.9, 52.5}, Max: orb.Point{1.1, 52.7}}}})
		if m.Level != geo.LevelAmbiguous || len(m.Candidates) < 2 || geo.Distance(m.Candidates[0].Point, m.Candidates[1].Point) <= index.ApartM {
			t.Errorf("%s: got %s %q with candidates %+v, want both shown", text, m.Level, m.Name, m.Candidates)
		}
	}
	// Two that are said to meet do, though their points lie apart: but that is less
	// sure than of two that lie near each other.
	near := l.Match("High Street j/w Station Road, Aldton", Context{})
	if m := l.Match("Mill Lane j/w Station Road, Aldton", Context{}); m.Level != geo.LevelJunction || m.Confidence > 0.75*near.Confidence {
		t.Errorf("said to meet: got %s at confidence %.3f", m.Level, m.Confidence)
	}
}

// The two names of one street, as a bilingual sign has them, are that street.
func TestTwoNamesOfOneStreet(t *testing.T) {
	l := village(t, index.Entry{ID: "h", Kind: index.KindStreet, Name: "Heol y Felin", Aliases: []string{"Mill Race Road"}, Point: orb.Point{1.004, 52.604}, Source: "made up"})
	m := l.Match("Heol y Felin / Mill Race Road, Alderby", Context{})
	if m.Level != geo.LevelStreet || m.Name != "Heol y Felin" || m.Rule != "street+place" || m.Confidence < DefaultMinConfidence {
		t.Errorf("got %s %q by %q at confidence %.3f", m.Level, m.Name, m.Rule, m.Confidence)
	}
}
