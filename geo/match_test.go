package geo

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"
)

// sampleEntries are the streets of the Dereham bulletin with their decoys, and
// the places (data.police.uk, OGL v3; GeoNames, CC-BY 4.0).
func sampleEntries() []Entry {
	var out []Entry
	add := func(kind Kind, name string, lat, lon float64) {
		out = append(out, Entry{ID: name, Kind: kind, Name: name, Point: orb.Point{lon, lat}, Source: "sample"})
	}
	add(KindStreet, "Beeston Lane", 52.689265, 0.807368)
	add(KindStreet, "St Andrew's Close", 52.634034, 0.790113)
	add(KindStreet, "Mill Street", 52.717193, 1.034762)
	add(KindStreet, "Mill Street", 52.650445, 0.777230)
	add(KindStreet, "Mill Street", 52.720707, 1.109756)
	add(KindStreet, "Norwich Road", 52.681167, 0.971254)
	add(KindStreet, "Shipdham Road", 52.662142, 0.939659)
	add(KindStreet, "Wallace Close", 52.684759, 0.927045)
	add(KindStreet, "Wallace Close", 52.750658, 0.439143)
	add(KindStreet, "Neville Close", 52.663679, 0.948117)
	add(KindStreet, "Neville Close", 52.584804, 0.800685)
	add(KindStreet, "Neville Close", 52.654248, 1.310108)
	add(KindPlace, "East Dereham", 52.6833, 0.9333)
	add(KindPlace, "Great Fransham", 52.6852, 0.8051)
	add(KindPlace, "Holme Hale", 52.6317, 0.7874)
	add(KindPlace, "Elsing", 52.7113, 1.0378)
	add(KindPlace, "Necton", 52.6500, 0.7700)
	add(KindPlace, "King's Lynn", 52.7517, 0.4023)
	add(KindPlace, "Saham Toney", 52.5833, 0.8000)
	add(KindPlace, "Sprowston", 52.6500, 1.3000)
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

func checkBulletin(t *testing.T, x *Index) {
	t.Helper()
	for _, b := range bulletin {
		m := x.Match(b.text, Context{})
		if m.Level != LevelStreet || Distance(m.Point, b.point) > max(300, m.RadiusM) {
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
	x, err := NewIndex(slices.Values(sampleEntries()))
	if err != nil {
		t.Fatal(err)
	}
	checkBulletin(t, x)
}

func TestBulletinFromNorfolk(t *testing.T) {
	x, err := NewIndex(norfolkEntries(t, readExcerptPoints(t)...))
	if err != nil {
		t.Fatal(err)
	}
	checkBulletin(t, x)
}
