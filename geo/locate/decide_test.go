package locate

import (
	"fmt"
	"slices"
	"testing"

	"spreewatch/geo"
	"spreewatch/geo/index"

	"github.com/paulmach/orb"
)

// village is a made-up gazetteer: two towns, some streets, a postcode, and the
// entries added.
func village(t *testing.T, added ...index.Entry) *Locator {
	t.Helper()
	at := func(kind index.Kind, name string, lat, lon float64) index.Entry {
		return index.Entry{ID: fmt.Sprint(name, lat), Kind: kind, Name: name, Point: orb.Point{lon, lat}, Source: "made up"}
	}
	entries := []index.Entry{
		at(index.KindPlace, "Alderby", 52.60, 1.00), at(index.KindPlace, "Thornwick", 52.60, 1.30),
		at(index.KindStreet, "Gravel Pit Lane", 52.602, 1.001), at(index.KindStreet, "Windmill Rise", 52.603, 1.002),
		at(index.KindStreet, "Tannery Row", 52.602, 1.301), at(index.KindOutcode, "NR99", 52.6, 1.0), at(index.KindPostcode, "NR99 1AB", 52.6011, 1.0021),
	}
	for i := range 40 {
		entries = append(entries, at(index.KindStreet, fmt.Sprintf("Number%cWay Street", 'A'+i%26), 52.59+.0005*float64(i), 1.31))
	}
	x, err := index.New(slices.Values(append(entries, added...)))
	if err != nil {
		t.Fatal(err)
	}
	return New(x)
}

// The best of two candidates is taken when it is at least two and a half times
// as likely as the other, and no sooner.
func TestClearOdds(t *testing.T) {
	for _, c := range []struct {
		v    vote
		want bool
	}{
		{vote{best: 1, second: 0.41, rest: 0.41}, false},
		{vote{best: 1, second: 0.39, rest: 0.39}, true},
		{vote{best: 1, second: 0.2, rest: 1.1}, false}, // many, none of them likely
		{vote{best: 1}, true},
	} {
		if c.v.clear() != c.want {
			t.Errorf("%+v: clear %v, want %v", c.v, c.v.clear(), c.want)
		}
	}
}

// "Near" and the like widen the radius by 200 m, other words leave it.
func TestNearWidensTheRadius(t *testing.T) {
	l := village(t)
	on := l.Match("Windmill Rise, Alderby", Context{})
	if on.Level != geo.LevelStreet || on.RadiusM != 250 {
		t.Fatalf("got %s within %.0f m", on.Level, on.RadiusM)
	}
	for text, more := range map[string]float64{
		"near Windmill Rise, Alderby": 200, "off Windmill Rise, Alderby": 200, "opposite the shop, Windmill Rise, Alderby": 0,
		"in Windmill Rise, Alderby": 0, "odd numbers Windmill Rise, Alderby": 0, "mini-roundabout near Windmill Rise, Alderby": 200, "12 Windmill Rise, Alderby": 0, "behind 12 Windmill Rise, Alderby": 200,
	} {
		if m := l.Match(text, Context{}); m.RadiusM != on.RadiusM+more || m.Level != geo.LevelStreet {
			t.Errorf("%s: %s within %.0f m, want %.0f m", text, m.Level, m.RadiusM, on.RadiusM+more)
		}
	}
}

func TestPostcodesAndOutcodes(t *testing.T) {
	l := village(t)
	for _, c := range []struct {
		text  string
		level geo.Level
		name  string
	}{
		{"NR99 1AB", geo.LevelPostcode, "NR99 1AB"},
		{"nr991ab", geo.LevelPostcode, "NR99 1AB"},
		{"NR99", geo.LevelOutcode, "NR99"},
		{"NR99 1", geo.LevelOutcode, "NR99 1"},
		{"NR99 area", geo.LevelOutcode, "NR99"},
		{"somewhere in the NR99 postcode area", geo.LevelOutcode, "NR99"},
		{"NR99 Gravel Pit Lane", geo.LevelStreet, "Gravel Pit Lane"},
		{"No.12 Gravel Pit Lane, Alderby", geo.LevelStreet, "Gravel Pit Lane"},
		{"home address", geo.LevelNone, ""},
		{"NR99 9ZZ", geo.LevelOutcode, "NR99"},
		{"Gravel Pit Lane, NR99 1AB", geo.LevelStreet, "Gravel Pit Lane"},
		{"not stated", geo.LevelNone, ""},
		{"zzqx wwvk", geo.LevelNone, ""},
		{"Alderby", geo.LevelPlace, "Alderby"},
	} {
		m := l.Match(c.text, Context{})
		if m.Level != c.level || m.Name != c.name || m.Level == geo.LevelNone && m.Rule == "" {
			t.Errorf("%s: got %s %q by %q, want %s %q", c.text, m.Level, m.Name, m.Rule, c.level, c.name)
		}
	}
}

// A dropped saint is matched, and goes to a person.
func TestSaintGoesToReview(t *testing.T) {
	l := village(t, index.Entry{ID: "s", Kind: index.KindStreet, Name: "St Botolph's Way", Point: orb.Point{1.003, 52.601}, Source: "made up"})
	for _, text := range []string{"Botolphs Way, Alderby", "Botolph's Way, Alderby"} {
		if m := l.Match(text, Context{}); m.Level != geo.LevelStreet || m.Confidence >= DefaultMinConfidence || !slices.Contains(m.Corrections, "saint dropped") {
			t.Errorf("%s: %s %q at confidence %.3f, corrections %v", text, m.Level, m.Name, m.Confidence, m.Corrections)
		}
	}
}

// Two pieces of one street within 500 m are one answer, two streets farther apart
// are not.
func TestApartIsAmbiguous(t *testing.T) {
	at := func(id string, lat, lon float64) index.Entry {
		return index.Entry{ID: id, Kind: index.KindStreet, Name: "Osier Bed Lane", Point: orb.Point{lon, lat}, Source: "made up"}
	}
	if m := village(t, at("a", 52.60, 1.15), at("b", 52.603, 1.15)).Match("Osier Bed Lane", Context{}); m.Level != geo.LevelStreet {
		t.Errorf("330 m apart: %s, want the street", m.Level)
	}
	m := village(t, at("a", 52.50, 1.0), at("b", 52.70, 1.3)).Match("Osier Bed Lane", Context{})
	if m.Level != geo.LevelAmbiguous || len(m.Candidates) != 2 {
		t.Errorf("30 km apart: %s with %d candidates, want both", m.Level, len(m.Candidates))
	}
}

// Long words with two slips are mended where no word is nearer; short ones are not.
func TestTwoSlipsInALongWord(t *testing.T) {
	l := village(t, index.Entry{ID: "k", Kind: index.KindStreet, Name: "Kenninghall Way", Point: orb.Point{1.002, 52.601}, Source: "made up"})
	for text, want := range map[string]geo.Level{
		"Keninghal Way, Alderby": geo.LevelStreet, "Kenningholk Way, Alderby": geo.LevelStreet, "Keningahall Way, Alderby": geo.LevelStreet,
		"Kxnnixghxll Way, Alderby": geo.LevelPlace, "Wundmull Rise, Alderby": geo.LevelPlace,
	} {
		if m := l.Match(text, Context{}); m.Level != want || m.Level == geo.LevelStreet && m.Name != "Kenninghall Way" {
			t.Errorf("%s: got %s %q, want %s", text, m.Level, m.Name, want)
		}
	}
}

// A gazetteer that has an outcode and none of its postcodes does not know in which
// outcode a street lies: a street about it is found as if it were named without one.
func TestOutcodeWithoutUnits(t *testing.T) {
	var entries []index.Entry
	for _, e := range []struct {
		kind     index.Kind
		name     string
		lat, lon float64
	}{
		{index.KindPlace, "Alderby Hill", 52.60, 1.00}, {index.KindPlace, "Thornwick", 52.60, 1.30}, {index.KindOutcode, "NR98", 52.603, 1.001},
		{index.KindStreet, "Gravel Pit Lane", 52.602, 1.001}, {index.KindStreet, "Gravel Pit Lane", 52.602, 1.301},
	} {
		entries = append(entries, index.Entry{ID: fmt.Sprint(e.name, e.lon), Kind: e.kind, Name: e.name, Point: orb.Point{e.lon, e.lat}, Source: "made up"})
	}
	x, err := index.New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	l := New(x)
	for _, text := range []string{"Gravel Pit Lane, Alderby Hill, NR98", "14 Gravel Pit Lane, Alderby Hill NR98", "Gravel Pit Lane, NR98"} {
		if m := l.Match(text, Context{}); m.Level != geo.LevelStreet || m.Point.Lon() > 1.1 {
			t.Errorf("%s: %s %s at %v, want the lane by Alderby Hill", text, m.Level, m.Name, m.Point)
		}
	}
	if m := l.Match("Gravel Pit Lane, Thornwick, NR98", Context{}); m.Level == geo.LevelStreet && m.Confidence >= DefaultMinConfidence {
		t.Errorf("a lane 20 km from the outcode that is named with it: %v sure", m.Confidence)
	}
}

// A road is known by its number: another number, and a word that would be one letter
// off, are not slips for it.
func TestNumbersAreNotMended(t *testing.T) {
	l := village(t, index.Entry{ID: "A5", Kind: index.KindRoad, Name: "A5", Point: orb.Point{1.002, 52.601}, Source: "made up"},
		index.Entry{ID: "A1066", Kind: index.KindRoad, Name: "A1066", Point: orb.Point{1.303, 52.601}, Source: "made up"},
		index.Entry{ID: "A1065", Kind: index.KindRoad, Name: "A1065", Point: orb.Point{1.003, 52.604}, Source: "made up"})
	for _, text := range []string{"A1065, Alderby", "A5, Alderby", "A 1066 Thornwick", "on the A-1066 near Thornwick"} {
		if m := l.Match(text, Context{}); m.Level != geo.LevelStreet {
			t.Errorf("%s: got %s", text, m.Level)
		}
	}
	if m := l.Match("A 5 Windmill Rise, Alderby", Context{}); m.Name != "Windmill Rise" {
		t.Errorf("a house's number: got %s %q", m.Level, m.Name)
	}
	for text, want := range map[string]geo.Level{
		"as above": geo.LevelNone, "5": geo.LevelNone, "no 15": geo.LevelNone, "15, 17": geo.LevelNone, "A6": geo.LevelNone,
		"A6, Alderby": geo.LevelPlace, "A1605, Alderby": geo.LevelPlace, "A1064 Alderby": geo.LevelPlace,
	} {
		if m := l.Match(text, Context{}); m.Level != want {
			t.Errorf("%s: got %s %q, want %s", text, m.Level, m.Name, want)
		}
	}
}

// A whole postcode is less sure where the street beside it is known elsewhere alone, or
// where no post goes to the town beside it by that postcode.
func TestPostcodeOfElsewhere(t *testing.T) {
	added := []index.Entry{{ID: "Farwick", Kind: index.KindPlace, Name: "Farwick", Point: orb.Point{1.9, 52.6}, Source: "made up"}}
	for i := range 10 {
		name := fmt.Sprintf("Far%c Street", 'a'+i)
		added = append(added, index.Entry{ID: name, Kind: index.KindStreet, Name: name, Point: orb.Point{1.9, 52.599 + .0002*float64(i)}, Source: "made up"})
	}
	l := village(t, added...)
	for text, sure := range map[string]bool{
		"Tannery Row, NR99 1AB": false, "Farwick, NR99 1AB": false, "Quokka Lane, Farwick, NR99 1AB": false,
		"NR99 1AB": true, "Quokka Lane, NR99 1AB": true, "Tannery Row, Alderby, NR99 1AB": true, "Quokka Lane, Alderby, NR99 1AB": true, "Thornwick, NR99 1AB": true,
	} {
		if m := l.Match(text, Context{}); m.Level != geo.LevelPostcode || (m.Confidence >= DefaultMinConfidence) != sure {
			t.Errorf("%s: got %s at confidence %.3f, want the postcode, sure: %v", text, m.Level, m.Confidence, sure)
		}
	}
}
