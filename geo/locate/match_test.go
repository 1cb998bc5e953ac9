package locate

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"spreewatch/geo"
	"spreewatch/geo/address"
	"spreewatch/geo/index"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"
)

// sampleEntries are the streets of the Dereham bulletin with their decoys, and
// the places (data.police.uk, OGL v3; GeoNames, CC-BY 4.0).
func sampleEntries() []index.Entry {
	var out []index.Entry
	add := func(kind index.Kind, name string, lat, lon float64) {
		out = append(out, index.Entry{ID: name, Kind: kind, Name: name, Point: orb.Point{lon, lat}, Source: "sample"})
	}
	add(index.KindStreet, "Beeston Lane", 52.689265, 0.807368)
	add(index.KindStreet, "St Andrew's Close", 52.634034, 0.790113)
	add(index.KindStreet, "Mill Street", 52.717193, 1.034762)
	add(index.KindStreet, "Mill Street", 52.650445, 0.777230)
	add(index.KindStreet, "Mill Street", 52.720707, 1.109756)
	add(index.KindStreet, "Norwich Road", 52.681167, 0.971254)
	add(index.KindStreet, "Shipdham Road", 52.662142, 0.939659)
	add(index.KindStreet, "Wallace Close", 52.684759, 0.927045)
	add(index.KindStreet, "Wallace Close", 52.750658, 0.439143)
	add(index.KindStreet, "Neville Close", 52.663679, 0.948117)
	add(index.KindStreet, "Neville Close", 52.584804, 0.800685)
	add(index.KindStreet, "Neville Close", 52.654248, 1.310108)
	add(index.KindPlace, "East Dereham", 52.6833, 0.9333)
	add(index.KindPlace, "Great Fransham", 52.6852, 0.8051)
	add(index.KindPlace, "Holme Hale", 52.6317, 0.7874)
	add(index.KindPlace, "Elsing", 52.7113, 1.0378)
	add(index.KindPlace, "Necton", 52.6500, 0.7700)
	add(index.KindPlace, "King's Lynn", 52.7517, 0.4023)
	add(index.KindPlace, "Saham Toney", 52.5833, 0.8000)
	add(index.KindPlace, "Sprowston", 52.6500, 1.3000)
	return out
}

var bulletin = []struct {
	text  string
	point orb.Point
}{
	{"Beeston Lane, Great Fransham", orb.Point{0.807368, 52.689265}},
	{"Andrews Close, Holme Hale", orb.Point{0.790113, 52.634034}},
	{"Mill Street, Elsing", orb.Point{1.034762, 52.717193}},
	{"Norwich Road, Dereham", orb.Point{0.971254, 52.681167}},
	{"Shipdham Road, Dereham", orb.Point{0.939659, 52.662142}},
	{"Wallace Close, Dereham", orb.Point{0.927045, 52.684759}},
	{"Neville Close, Dereham", orb.Point{0.948117, 52.663679}},
}

func checkBulletin(t *testing.T, x *index.Index) {
	t.Helper()
	for _, b := range bulletin {
		m := New(x).Match(b.text, Context{})
		if m.Level != geo.LevelStreet || geo.Distance(m.Point, b.point) > max(300, m.RadiusM) {
			t.Errorf("%s: got %s %q at %v, want the street at %v", b.text, m.Level, m.Name, m.Point, b.point)
			continue
		}
		saint := slices.Contains(m.Corrections, "saint dropped")
		if want := b.text == "Andrews Close, Holme Hale"; saint != want || saint && m.Confidence >= DefaultMinConfidence {
			t.Errorf("%s: got confidence %.3f, corrections %v; a dropped saint goes to review", b.text, m.Confidence, m.Corrections)
		}
	}
}

func TestBulletinFromSample(t *testing.T) {
	x, err := index.New(slices.Values(sampleEntries()))
	if err != nil {
		t.Fatal(err)
	}
	checkBulletin(t, x)
}

func TestBulletinFromNorfolk(t *testing.T) {
	x, err := index.New(norfolkEntries(t, readExcerptPoints(t)...))
	if err != nil {
		t.Fatal(err)
	}
	checkBulletin(t, x)
}

// TestNeverSwapsStreet asks for streets that the sample lacks, in every place of
// it: the answer may be the place, never another street.
func TestNeverSwapsStreet(t *testing.T) {
	x := sampleIndex(t)
	entries := sampleEntries()
	names := map[string]bool{}
	for _, e := range entries {
		if e.Kind == index.KindStreet {
			names[address.Fold(e.Name)] = true
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		street := rapid.SampledFrom([]string{"Mill", "Norwich", "Shipdham", "Wallace", "Neville", "Beeston", "Orchard", "Quarry"}).Draw(t, "stem") + " " +
			rapid.SampledFrom([]string{"Street", "Road", "Lane", "Close", "Drive", "Court"}).Draw(t, "type")
		if names[address.Fold(street)] {
			return
		}
		place := rapid.SampledFrom(entries).Filter(func(e index.Entry) bool { return e.Kind == index.KindPlace }).Draw(t, "place").Name
		if m := New(x).Match(street+", "+place, Context{}); m.Level >= geo.LevelStreet {
			t.Fatalf("%s, %s: answered with %s %q", street, place, m.Level, m.Name)
		}
	})
}

func TestMatchIgnoresCaseAndPunctuation(t *testing.T) {
	x := sampleIndex(t)
	for _, b := range bulletin {
		want := New(x).Match(b.text, Context{})
		for _, text := range []string{strings.ToUpper(b.text), strings.ToLower(b.text), strings.ReplaceAll(b.text, ",", ";"), "  " + strings.ReplaceAll(b.text, " ", "   ") + " "} {
			if diff := cmp.Diff(want, New(x).Match(text, Context{})); diff != "" {
				t.Errorf("%q: -want +got:\n%s", text, diff)
			}
		}
	}
}

func TestContextBreaksTies(t *testing.T) {
	x := sampleIndex(t)
	if m := New(x).Match("Neville Close", Context{}); m.Level != geo.LevelAmbiguous || len(m.Candidates) != 3 {
		t.Errorf("without context: %s with %d candidates, want ambiguous with 3", m.Level, len(m.Candidates))
	}
	area := Context{Area: []orb.Bound{{Min: orb.Point{0.9, 52.6}, Max: orb.Point{1.0, 52.7}}}}
	if m := New(x).Match("Neville Close", area); m.Level != geo.LevelStreet || m.Rule != "street, force area" || m.Point != (orb.Point{0.948117, 52.663679}) {
		t.Errorf("with the area: %s %q at %v", m.Level, m.Rule, m.Point)
	}
	near := Context{Near: []orb.Point{{0.95, 52.66}}}
	if m := New(x).Match("Neville Close", near); m.Level != geo.LevelStreet || m.Rule != "street, same bulletin" {
		t.Errorf("with the bulletin: %s %q", m.Level, m.Rule)
	}
}

func TestMatchFromManyGoroutines(t *testing.T) {
	x := sampleIndex(t)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				for _, b := range bulletin {
					if m := New(x).Match(b.text, Context{}); m.Level != geo.LevelStreet || geo.Distance(m.Point, b.point) > 300 {
						t.Errorf("%s: %s at %v", b.text, m.Level, m.Point)
					}
				}
			}
		})
	}
	wait.Wait()
}

func TestHouseNumber(t *testing.T) {
	entries := append(sampleEntries(), index.Entry{ID: "h", Kind: index.KindAddress, Name: "Mill Street", Number: "14A", Point: orb.Point{1.0349, 52.7173}, Source: "houses"})
	x, err := index.New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	if m := New(x).Match("14a Mill Street, Elsing", Context{}); m.Level != geo.LevelAddress || m.Point != (orb.Point{1.0349, 52.7173}) {
		t.Errorf("got %s at %v, want the building", m.Level, m.Point)
	}
	if m := New(x).Match("15 Mill Street, Elsing", Context{}); m.Level != geo.LevelStreet {
		t.Errorf("an unknown number: got %s, want the street", m.Level)
	}
}

func FuzzMatch(f *testing.F) {
	x := sampleIndex(f)
	for _, b := range bulletin {
		f.Add(b.text)
	}
	f.Add("14a Mil Sreet j/w Norwich Rd, Elsng NR19 1AA")
	f.Add("&&& / \xff,,St St St")
	f.Fuzz(func(t *testing.T, text string) {
		m := New(x).Match(text, Context{})
		if m.Level.Located() != (m.Point != orb.Point{}) || !(m.Confidence >= 0 && m.Confidence <= 1) || len(m.Candidates) > 5 {
			t.Errorf("%q: %+v", text, m)
		}
	})
}

// A candidate carries all that makes it a match: a person may choose it.
func TestCandidatesHaveALevel(t *testing.T) {
	x := sampleIndex(t)
	n := 0
	for _, text := range []string{"Neville Close", "Mill Street", "Dereham", "Norwich Road"} {
		for _, c := range New(x).Match(text, Context{}).Candidates {
			n++
			if !c.Level.Located() || c.Point == (orb.Point{}) || c.RadiusM <= 0 || c.Name == "" || c.Source == "" {
				t.Errorf("%q: candidate %+v cannot be chosen", text, c)
			}
		}
	}
	if n < 4 {
		t.Errorf("%d candidates, want several", n)
	}
}
