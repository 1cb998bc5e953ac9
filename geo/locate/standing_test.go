package locate

import (
	"fmt"
	"slices"
	"testing"

	"spreewatch/geo"
	"spreewatch/geo/index"

	"github.com/paulmach/orb"
)

// county is two market towns 16 km apart, with a village of the same name as a
// street between them, and a farm road nearer to the second.
func county(t *testing.T) *Locator {
	t.Helper()
	var entries []index.Entry
	add := func(kind index.Kind, name, outcode string, lat, lon float64) {
		entries = append(entries, index.Entry{ID: fmt.Sprint(len(entries)), Kind: kind, Name: name, Outcode: outcode, Point: orb.Point{lon, lat}, Source: "made up"})
	}
	for i, town := range []struct {
		name string
		lon  float64
	}{{"Aldermarket", 1.00}, {"Brackmarket", 1.24}} {
		add(index.KindPlace, town.name, "NR19", 52.6, town.lon)
		for k := range 60 {
			add(index.KindStreet, fmt.Sprintf("%c%c%s Street", 'A'+k%26, 'a'+k/26, []string{"lder", "rack"}[i]), "NR19", 52.595+.0002*float64(k), town.lon+.0001*float64(k))
		}
	}
	add(index.KindPlace, "Millbrook Lane", "NR19", 52.63, 1.08)
	add(index.KindStreet, "Millbrook Lane", "NR19", 52.64, 1.09)
	add(index.KindStreet, "Gibbet Drove", "NR19", 52.6, 1.09)  // 6 km from the first, 10 km from the second
	add(index.KindStreet, "Hangman Drove", "NR19", 52.6, 1.55) // 21 km from the second
	x, err := index.New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	return New(x)
}

// A street that the named town does not have is not found elsewhere: the answer
// is the place, less sure for it. A rural road under the nearest town is found,
// but never for sure.
func TestStreetThatTheTownLacks(t *testing.T) {
	l := county(t)
	for _, c := range []struct {
		text  string
		level geo.Level
		name  string
	}{
		{"Gibbet Drove, Aldermarket", geo.LevelStreet, "Gibbet Drove"},
		{"Gibbet Drove, Brackmarket", geo.LevelPlace, "Brackmarket"},
		{"Hangman Drove, Brackmarket", geo.LevelPlace, "Brackmarket"},
		{"Aalder Street, Brackmarket", geo.LevelPlace, "Brackmarket"},
	} {
		m := l.Match(c.text, Context{})
		if m.Level != c.level || m.Name != c.name || m.Confidence >= DefaultMinConfidence {
			t.Errorf("%s: got %s %q at confidence %.3f, want %s %q for a person to look at", c.text, m.Level, m.Name, m.Confidence, c.level, c.name)
		}
	}
	if m := l.Match("Aalder Street, Aldermarket", Context{}); m.Level != geo.LevelStreet || m.Confidence < DefaultMinConfidence {
		t.Errorf("a street of the town: %s at confidence %.3f", m.Level, m.Confidence)
	}
	m := l.Match("Hangman Drove, Brackmarket", Context{})
	if len(m.Candidates) == 0 || m.Candidates[0].Name != "Hangman Drove" {
		t.Errorf("candidates %+v, want the namesake first", m.Candidates)
	}
}

// A street that is found by mending a name is not sure where another has the name
// as it stands, or the word, nor where only its words are cut another way, or another
// word stands before them.
func TestStreetOfAnotherName(t *testing.T) {
	entries := []index.Entry{
		{ID: "a", Kind: index.KindPlace, Name: "Aldermarket", Point: orb.Point{1.0, 52.6}, Source: "made up"},
		{ID: "b", Kind: index.KindPlace, Name: "Brackmarket", Point: orb.Point{1.6, 52.6}, Source: "made up"},
	}
	entries = append(entries, index.Entry{ID: "w", Kind: index.KindPlace, Name: "White", Point: orb.Point{-3, 51}, Source: "made up"})
	entries = append(entries, index.Entry{ID: "m", Kind: index.KindStreet, Name: "St Mary's Close", Point: orb.Point{1.003, 52.6}, Source: "made up"})
	for i, name := range []string{"Gibbet Close", "Kingsway", "Drover Lane", "Gibbets Close", "Kings Way", "Grover Road"} {
		lon := 1.001
		if i > 2 {
			lon = 1.601
		}
		entries = append(entries, index.Entry{ID: name, Kind: index.KindStreet, Name: name, Point: orb.Point{lon, 52.6 + .001*float64(i)}, Source: "made up"})
	}
	for k := range 100 { // a county, so that few lacking streets are in Aldermarket
		p := orb.Point{2 + .1*float64(k/10), 53 + .1*float64(k%10)}
		name := fmt.Sprintf("Village%c%c", 'a'+k%26, 'a'+k/26)
		entries = append(entries, index.Entry{ID: fmt.Sprint("v", k), Kind: index.KindPlace, Name: name, Point: p, Source: "made up"},
			index.Entry{ID: fmt.Sprint("s", k), Kind: index.KindStreet, Name: name + " Road", Point: p, Source: "made up"})
	}
	x, err := index.New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]struct {
		name string
		sure bool
	}{
		"Gibbets Close, Aldermarket": {"Gibbet Close", false}, "Gibbet Close, Aldermarket": {"Gibbet Close", true},
		"Kings Way, Aldermarket": {"Kingsway", false}, "Kingsway, Aldermarket": {"Kingsway", true},
		"S. Mary's Close, Aldermarket": {"St Mary's Close", true}, "Mary's Close, Aldermarket": {"St Mary's Close", false},
		"St Mary s Close, Aldermarket": {"St Mary's Close", true},
		"Drovers Lane, Aldermarket":    {"Drover Lane", true}, "Drovre Lane, Aldermarket": {"Drover Lane", true},
		"Upper Drover Lane, Aldermarket": {"Drover Lane", false}, "White Drover Lane, Aldermarket": {"Drover Lane", false}, "Brackmarket Grover Road": {"Grover Road", true},
		"Grover Lane, Aldermarket": {"Drover Lane", false}, "Brover Lane, Aldermarket": {"Drover Lane", true},
	} {
		m := New(x).Match(text, Context{})
		if m.Level != geo.LevelStreet || m.Name != want.name || (m.Confidence >= DefaultMinConfidence) != want.sure {
			t.Errorf("%s: got %s %q at confidence %.3f, want %q, sure: %v", text, m.Level, m.Name, m.Confidence, want.name, want.sure)
		}
	}
}

// Of two streets of one town that lie apart and that nothing joins neither is sure; one
// that stands about the corner takes nothing from the other.
func TestTwoStreetsInOneText(t *testing.T) {
	l := village(t,
		index.Entry{ID: "x", Kind: index.KindStreet, Name: "Xanthe Quiddenham Road", Point: orb.Point{1.001, 52.61}, Source: "made up"},
		index.Entry{ID: "y", Kind: index.KindStreet, Name: "Windmill Road", Point: orb.Point{1.30, 52.61}, Source: "made up"},
		index.Entry{ID: "z", Kind: index.KindStreet, Name: "Windmill Close", Point: orb.Point{1.002, 52.612}, Source: "made up"})
	for text, sure := range map[string]bool{
		"Xanthe Quiddenham Road Surgery, Windmill Rise, Alderby": false, "Windmill Rise, Xanthe Quiddenham Road Allotments, Alderby": false,
		"Xanthe Quiddenham Road Surgery, Windmill Close, Alderby": true, "Xanthe Quiddenham Road Surgery, Windmill Road, Alderby": true,
	} {
		if m := l.Match(text, Context{}); (m.Level == geo.LevelStreet && m.Confidence >= DefaultMinConfidence) != sure {
			t.Errorf("%s: got %s %q at confidence %.3f, want sure: %v", text, m.Level, m.Name, m.Confidence, sure)
		}
	}
}

// A business or a house before the street, and remarks about it, leave the street
// what is found.
func TestWordsAroundAStreet(t *testing.T) {
	l := county(t)
	for _, text := range []string{
		"The Fox and Hounds, Aalder Street, Aldermarket", "Fox & Hounds PH, Aalder Street, Aldermarket", "Fox &amp; Hounds, Aalder Street, Aldermarket",
		"boots, aalder street, aldermarket", "Boots the Chemist, 12 Aalder Street, Aldermarket", "Marks &amp; Spencer - Aalder Street - Aldermarket",
		"St Nicholas Church, Aalder Street, Aldermarket", "Above the Chinese takeaway, Aalder Street, Aldermarket", "Windsor House, Aalder Street, Aldermarket",
		"Aalder Street (opposite the church), Aldermarket", "OPP Church, Aalder Street, Aldermarket", "Aalder Street, Aldermarket *keyholder called*",
		"Aalder Street / Stryd Wernen, Aldermarket", "Stryd Wernen / Aalder Street, Aldermarket", "Aldermarket - Aalder Street",
		"Zoltan Quixley Vintage Upholstery Warehouse, Aalder Street, Aldermarket",
	} {
		if m := l.Match(text, Context{}); m.Name != "Aalder Street" || m.Level != geo.LevelStreet {
			t.Errorf("%s: got %s %q at confidence %.3f", text, m.Level, m.Name, m.Confidence)
		}
	}
	for _, text := range []string{"The Fox and Hounds, Aldermarket", "Boots, Aldermarket", "Hanover Street, The Fox and Hounds, Aldermarket"} {
		if m := l.Match(text, Context{}); m.Level != geo.LevelPlace || m.Confidence >= DefaultMinConfidence {
			t.Errorf("%s: got %s %q at confidence %.3f, want the place for a person to look at", text, m.Level, m.Name, m.Confidence)
		}
	}
}

// A bare name that a hamlet and a street elsewhere have is neither for sure; one
// that a town has with a street in it is the town.
func TestBareNameOfBoth(t *testing.T) {
	at := func(id string, kind index.Kind, name string, lon float64) index.Entry {
		return index.Entry{ID: id, Kind: kind, Name: name, Point: orb.Point{lon, 52.6}, Source: "made up"}
	}
	entries := []index.Entry{
		at("a", index.KindPlace, "Westgate", 1.0), at("b", index.KindStreet, "Westgate", 1.5), at("c", index.KindPlace, "Aldermarket", 1.2),
		at("n", index.KindPlace, "Northgate", 1.8), at("m", index.KindStreet, "Northgate", 1.5),
		at("d", index.KindStreet, "Aldermarket", 1.2), at("e", index.KindStreet, "Drover Lane", 1.001),
	}
	for k := range 30 {
		entries = append(entries, at(fmt.Sprint(k), index.KindStreet, fmt.Sprintf("Filler%c%c Road", 'a'+k%26, 'a'+k/26), 1.2+.0001*float64(k)),
			at(fmt.Sprint("n", k), index.KindStreet, fmt.Sprintf("North%c%c Road", 'a'+k%26, 'a'+k/26), 1.8+.0001*float64(k)))
	}
	x, err := index.New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	l := New(x)
	for text, want := range map[string]geo.Level{"Westgate": geo.LevelStreet, "Northgate": geo.LevelPlace} {
		if m := l.Match(text, Context{}); m.Level != want || m.Confidence >= DefaultMinConfidence {
			t.Errorf("%s: got %s at confidence %.3f, want the %s for a person to look at", text, m.Level, m.Confidence, want)
		}
	}
	if m := l.Match("Aldermarket", Context{}); m.Level != geo.LevelPlace || m.Confidence < DefaultMinConfidence {
		t.Errorf("Aldermarket: got %s at confidence %.3f, want the town", m.Level, m.Confidence)
	}
}

// A county that a place is not in says that another is meant.
func TestCountyNamed(t *testing.T) {
	l := county(t)
	for text, want := range map[string]geo.Level{
		"Aldermarket": geo.LevelPlace, "Aldermarket, Norfolk": geo.LevelPlace, "Aldermarket, Norfolk, UK": geo.LevelPlace, "Aldermarket, Kent": geo.LevelNone,
		"Norfolk": geo.LevelNone, "Norfolk, England": geo.LevelNone, "Aldermarket, Suffolk": geo.LevelNone, "Aldermarket, Norfolk, NR19": geo.LevelPlace,
		"Aldermarket, West Sussex": geo.LevelNone, "Aalder Street, Aldermarket, Norfolk": geo.LevelStreet,
	} {
		if m := l.Match(text, Context{}); m.Level != want {
			t.Errorf("%s: got %s %q, want %s", text, m.Level, m.Name, want)
		}
	}
}

// A landmark is found like a street, and said to be one; a street called after it is
// a street.
func TestLandmarkIsSaidToBeOne(t *testing.T) {
	x, err := index.New(slices.Values([]index.Entry{
		{ID: "1", Kind: index.KindPlace, Name: "Larkfield", Point: orb.Point{1, 52.5}},
		{ID: "2", Kind: index.KindLandmark, Name: "Larkfield Prison", Point: orb.Point{1.002, 52.501}},
		{ID: "3", Kind: index.KindStreet, Name: "Prison Lane", Point: orb.Point{1.003, 52.502}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	l := New(x)
	for text, want := range map[string]string{"Larkfield Prison": "landmark", "Prison Lane, Larkfield": "street+place"} {
		if m := l.Match(text, Context{}); m.Level != geo.LevelStreet || m.Rule != want {
			t.Errorf("%s: got %s by %q, want %q", text, m.Level, m.Rule, want)
		}
	}
}
