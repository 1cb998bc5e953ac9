package locate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"spreewatch/geo"
	"spreewatch/geo/index"
)

// A pair is two streets of one settlement that lie so near to each other that they
// may meet, and no other two of the names do so within 30 km of it.
type pair struct {
	a, b, town string
	at         orb.Point
}

// norfolkPairs lists neighbouring real streets of Norfolk, the nearest neighbour
// of every seventh street.
func norfolkPairs(t testing.TB, x *index.Index) []pair {
	w := &x.Ways
	name := func(i int) string { return x.Strings.At(w.Name[i]) }
	at := func(i int) orb.Point { return index.Point7(w.Lon[i], w.Lat[i]) }
	plain := func(i int) bool {
		return len(strings.Fields(name(i))) == 2 && w.Home[i] != index.NoPlace
	}
	byName := map[string][]int{}
	for i := range w.Lon {
		byName[name(i)] = append(byName[name(i)], i)
	}
	var out []pair
	for i := 0; i < len(w.Lon); i += 7 {
		if !plain(i) {
			continue
		}
		best, least := -1, 250.0
		for k := range w.Lon {
			if plain(k) && w.Home[k] == w.Home[i] && name(k) != name(i) && w.Lat[k]-w.Lat[i] < 30_000 && w.Lat[i]-w.Lat[k] < 30_000 {
				if d := geo.Distance(at(i), at(k)); d < least {
					best, least = k, d
				}
			}
		}
		if best < 0 {
			continue
		}
		others := 0 // other crossings of the names that a town far around may mean
		for _, a := range byName[name(i)] {
			for _, b := range byName[name(best)] {
				if geo.Distance(at(a), at(b)) < mostMeetM && geo.Distance(at(a), at(i)) > 300 && geo.Distance(at(a), at(i)) < 30_000 {
					others++
				}
			}
		}
		if others == 0 {
			mid := orb.Point{(at(i)[0] + at(best)[0]) / 2, (at(i)[1] + at(best)[1]) / 2}
			out = append(out, pair{name(i), name(best), x.Strings.At(x.Places.Name[w.Home[i]]), mid})
		}
	}
	slices.SortFunc(out, func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.a, b.a), cmp.Compare(a.b, b.b), cmp.Compare(a.town, b.town))
	})
	return out
}

// junctionForms are ways in which people write that A and B meet in T.
var junctionForms = []string{
	"A and B, T", "A & B, T", "A / B, T", "A/B, T", "A @ B, T", "A + B, T", "A x B, T", "A J/W B, T", "A JCN B, T", "A JUNC B, T",
	"junction of A and B, T", "A at its junction with B, T", "corner of A and B in T", "A, T and B, T", "A, T & B, T", "A, T / B, T",
	"A, T @ B, T", "A, T + B, T", "A, T x B, T", "A, T j/w B, T", "A, T and B", "A c/w B, T", "A T and B T",
}

// Neighbouring streets are found in every form, and none is answered for certain
// over 500 m off.
func TestJunctionForms(t *testing.T) {
	x, _ := norfolkIndex(t)
	l, pairs := New(x), norfolkPairs(t, x)
	if len(pairs) < 300 {
		t.Fatalf("%d pairs: too few to say anything", len(pairs))
	}
	for _, form := range junctionForms {
		found, wrong := 0, 0
		for _, p := range pairs {
			text := strings.NewReplacer("A", p.a, "B", p.b, "T", p.town).Replace(strings.NewReplacer("JCN", "jcn", "JUNC", "junc", "J/W", "j/w").Replace(form))
			m := l.Match(text, Context{})
			off := geo.Distance(m.Point, p.at)
			switch {
			case m.Level == geo.LevelJunction && off <= 500:
				found++
			case m.Level >= geo.LevelStreet && off > 500 && m.Confidence >= DefaultMinConfidence:
				wrong++
				t.Errorf("%s: %s %q %.0f m off at %.3f", text, m.Level, m.Name, off, m.Confidence)
			default:
				t.Logf("%s: %s %q %s %.0f m off at %.3f", text, m.Level, m.Name, m.Rule, off, m.Confidence)
			}
		}
		t.Logf("%-32s %d of %d, %d wrong", form, found, len(pairs), wrong)
		if share := float64(found) / float64(len(pairs)); share < 0.99 {
			t.Errorf("%s: %.1f %% found, want 99 %%", form, 100*share)
		}
	}
}

// crossings are two towns 27 km apart, each with a High Street that meets a
// Station Road, and streets that do not meet.
func crossings(t *testing.T) *Locator {
	var list []index.Entry
	add := func(kind index.Kind, name string, lon, lat float64) {
		list = append(list, index.Entry{ID: fmt.Sprint(len(list)), Kind: kind, Name: name, Point: orb.Point{lon, lat}, Source: "made up"})
	}
	for _, town := range []struct {
		name string
		lon  float64
	}{{"Ashby", 0.8}, {"Welby", 1.2}} {
		add(index.KindPlace, town.name, town.lon, 52.6)
		add(index.KindStreet, "High Street", town.lon+0.001, 52.601)
		add(index.KindStreet, "Station Road", town.lon+0.002, 52.602)
		for i, name := range []string{"Mill Lane", "Church Lane", "Chapel Lane", "Back Lane", "Green Lane", "School Lane", "Low Road", "Common Lane", "Hall Lane", "Pound Lane"} {
			add(index.KindStreet, name, town.lon-0.002*float64(i), 52.598)
		}
	}
	add(index.KindStreet, "Larch Way", 0.79, 52.59)
	add(index.KindStreet, "Cedar Way", 1.21, 52.61)
	x, err := index.New(slices.Values(list))
	if err != nil {
		t.Fatal(err)
	}
	return New(x)
}

func TestJunction(t *testing.T) {
	l := crossings(t)
	ashby, welby := orb.Point{0.8015, 52.6015}, orb.Point{1.2015, 52.6015}
	area := Context{Area: []orb.Bound{{Min: orb.Point{1.1, 52.5}, Max: orb.Point{1.3, 52.7}}}}
	for _, c := range []struct {
		name, text string
		ctx        Context
		level      geo.Level
		at         orb.Point
		rule       string
	}{
		{"two towns", "High Street and Station Road", Context{}, geo.LevelAmbiguous, orb.Point{}, "junction"},
		{"the town", "High Street and Station Road, Welby", Context{}, geo.LevelJunction, welby, "junction"},
		{"the town first", "High Street, Ashby and Station Road", Context{}, geo.LevelJunction, ashby, "junction"},
		{"a town each", "High Street, Ashby / Station Road, Ashby", Context{}, geo.LevelJunction, ashby, "junction"},
		{"the area", "High Street and Station Road", area, geo.LevelJunction, welby, "junction, force area"},
		{"the bulletin", "High Street j/w Station Road", Context{Near: []orb.Point{ashby}}, geo.LevelJunction, ashby, "junction, same bulletin"},
		{"plus", "High Street + Station Road, Welby", Context{}, geo.LevelJunction, welby, "junction"},
		{"at sign", "High Street @ Station Road, Welby", Context{}, geo.LevelJunction, welby, "junction"},
		{"x", "High Street x Station Road Welby", Context{}, geo.LevelJunction, welby, "junction"},
		{"two addresses", "12 High Street, Ashby and 4 Station Road, Welby", Context{}, geo.LevelAmbiguous, orb.Point{}, "two streets that do not meet"},
		{"neighbours by number", "12 High Street, Ashby and 4 Station Road, Ashby", Context{}, geo.LevelAmbiguous, orb.Point{}, "two streets that do not meet"},
		{"do not meet", "Larch Way and Cedar Way", Context{}, geo.LevelAmbiguous, orb.Point{}, "two streets that do not meet"},
	} {
		m := l.Match(c.text, c.ctx)
		if m.Level != c.level || m.Rule != c.rule || c.at != (orb.Point{}) && geo.Distance(m.Point, c.at) > 1 {
			t.Errorf("%s: %q: got %s %v by %q, want %s %v by %q", c.name, c.text, m.Level, m.Point, m.Rule, c.level, c.at, c.rule)
		}
		if m.Level == geo.LevelAmbiguous && len(m.Candidates) < 2 {
			t.Errorf("%s: %d candidates, want both", c.name, len(m.Candidates))
		}
	}
}

// Leaving out a street never makes the answer surer.
func TestJunctionHalfDropped(t *testing.T) {
	l := crossings(t)
	alone := l.Match("Larch Way, Ashby", Context{})
	for _, text := range []string{"Larch Way and Unheard Street, Ashby", "Larch Way, Ashby and Cedar Way, Ashby", "Larch Way / Zebedee Crescent, Ashby"} {
		if m := l.Match(text, Context{}); m.Level >= geo.LevelStreet && (m.Confidence >= alone.Confidence || m.Confidence >= DefaultMinConfidence) {
			t.Errorf("%q: %s %q at %.4f; %.4f alone", text, m.Level, m.Name, m.Confidence, alone.Confidence)
		}
	}
}
