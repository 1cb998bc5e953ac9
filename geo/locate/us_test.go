package locate

import (
	"fmt"
	"slices"
	"testing"

	"spreewatch/geo"
	"spreewatch/geo/index"

	"github.com/paulmach/orb"
)

// chicago is a grid of made-up blocks named as OpenStreetMap names those of an
// American city, with the directions in full.
func chicago(t *testing.T) *Locator {
	t.Helper()
	var entries []index.Entry
	add := func(kind index.Kind, name string, lat, lon float64) {
		entries = append(entries, index.Entry{ID: fmt.Sprint(len(entries)), Kind: kind, Name: name, Point: orb.Point{lon, lat}, ExtentM: 400, Source: "grid"})
	}
	add(index.KindPlace, "Gridville", 41.88, -87.63)
	for i, name := range []string{"State", "Dearborn", "Clark", "LaSalle", "Wells"} {
		add(index.KindStreet, "North "+name+" Street", 41.89, -87.630-.002*float64(i))
		add(index.KindStreet, "South "+name+" Street", 41.87, -87.630-.002*float64(i))
	}
	for i, name := range []string{"Kinzie", "Hubbard", "Illinois", "Grand", "Ohio"} {
		add(index.KindStreet, "East "+name+" Street", 41.889+.0015*float64(i), -87.625)
		add(index.KindStreet, "West "+name+" Street", 41.889+.0015*float64(i), -87.635)
	}
	add(index.KindStreet, "West Main Street", 41.86, -87.64)
	add(index.KindStreet, "North Lake Shore Drive", 41.90, -87.62)
	add(index.KindStreet, "South Michigan Avenue", 41.87, -87.624)
	add(index.KindStreet, "West 63rd Street", 41.78, -87.63)
	add(index.KindStreet, "Northwest 16th Avenue", 41.81, -87.66)
	add(index.KindStreet, "Fort Mason Parkway", 41.82, -87.66)
	add(index.KindStreet, "Harbor Point Trail", 41.83, -87.66)
	add(index.KindStreet, "Central Expressway", 41.84, -87.66)
	add(index.KindRoad, "I 80", 41.80, -87.66)
	x, err := index.New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	return New(x)
}

// Blocks, directions and junctions as American police write them.
func TestAmericanForms(t *testing.T) {
	l := chicago(t)
	for text, want := range map[string]string{
		"1200 BLOCK OF W MAIN ST":    "West Main Street",
		"1200 BLOCK W MAIN ST":       "West Main Street",
		"012XX W MAIN ST":            "West Main Street",
		"12XX BLOCK OF W MAIN ST":    "West Main Street",
		"1200-BLK W MAIN ST":         "West Main Street",
		"W MAIN ST":                  "West Main Street",
		"MAIN ST":                    "West Main Street",
		"400 N STATE ST":             "North State Street",
		"400 N STATE ST, GRIDVILLE":  "North State Street",
		"N STATE ST & E KINZIE ST":   "North State Street / East Kinzie Street",
		"400 N STATE ST / E KINZIE":  "North State Street / East Kinzie Street",
		"N CLARK ST AT W HUBBARD ST": "North Clark Street / West Hubbard Street",
		"600 S MICHIGAN AVE":         "South Michigan Avenue",
		"N LAKE SHORE DR":            "North Lake Shore Drive",
		"063XX W 63RD ST":            "West 63rd Street",
		"3000 BLOCK W 63RD ST":       "West 63rd Street",
		"100 NW 16TH AVE":            "Northwest 16th Avenue",
		"FT MASON PKWY":              "Fort Mason Parkway",
		"HARBOR PT TRL":              "Harbor Point Trail",
		"CENTRAL EXPY":               "Central Expressway",
		"INTERSTATE 80":              "I 80",
		"NB N CLARK ST @ W HUBBARD":  "North Clark Street / West Hubbard Street",
		"N CLARK ST NEAR W OHIO ST":  "North Clark Street / West Ohio Street",
	} {
		m := l.Match(text, Context{})
		if m.Level < geo.LevelStreet || m.Name != want {
			t.Errorf("%s: got %s %q by %q, want %q", text, m.Level, m.Name, m.Rule, want)
		}
	}
	if m := l.Match("STATE ST", Context{}); m.Level != geo.LevelAmbiguous {
		t.Errorf("STATE ST: got %s %q, want both ends", m.Level, m.Name)
	}
}

// bayCity is a handful of streets named as OpenStreetMap names those of San Francisco
// and Houston, at made-up points.
func bayCity(t *testing.T) *Locator {
	t.Helper()
	var entries []index.Entry
	add := func(kind index.Kind, name string, lat, lon float64, aliases ...string) {
		entries = append(entries, index.Entry{ID: fmt.Sprint(len(entries)), Kind: kind, Name: name, Aliases: aliases, Point: orb.Point{lon, lat}, ExtentM: 400, Source: "bay"})
	}
	add(index.KindPlace, "Bay City", 37.78, -122.41)
	add(index.KindStreet, "Mission Street", 37.782, -122.408)
	add(index.KindStreet, "Market Street", 37.784, -122.408)
	add(index.KindStreet, "5th Street", 37.781, -122.406)
	add(index.KindStreet, "6th Street", 37.780, -122.409)
	add(index.KindStreet, "19th Avenue", 37.76, -122.476)
	add(index.KindStreet, "Fourth Street", 37.783, -122.403)
	add(index.KindStreet, "Mission Bay Boulevard North", 37.771, -122.39)
	add(index.KindStreet, "Martin Luther King Jr. Boulevard", 37.70, -122.35)
	add(index.KindStreet, "Main Street Northwest", 37.79, -122.36)
	add(index.KindStreet, "North Shepherd Drive", 37.65, -122.41)
	add(index.KindStreet, "South Van Ness Avenue", 37.765, -122.417)
	add(index.KindRoad, "US 101", 37.75, -122.405)
	add(index.KindRoad, "CA 1", 37.74, -122.475)
	add(index.KindRoad, "US 59", 37.66, -122.36)
	add(index.KindRoad, "I 45", 37.651, -122.408)
	add(index.KindRoad, "FM 1960", 37.68, -122.30)
	x, err := index.New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	return New(x)
}

// Roads by number, ordinals in words and crossings without their types.
func TestAmericanRoadsAndCrossings(t *testing.T) {
	l := bayCity(t)
	for text, want := range map[string]string{
		"MISSION/5TH":              "Mission Street / 5th Street",
		"MISSION / 5TH":            "Mission Street / 5th Street",
		"5TH/MISSION":              "5th Street / Mission Street",
		"MISSION & FIFTH":          "Mission Street / 5th Street",
		"MARKET ST/6TH":            "Market Street / 6th Street",
		"MISSION ST \\ 5TH ST":     "Mission Street / 5th Street",
		"FIFTH ST":                 "5th Street",
		"800 BLOCK OF SIXTH ST":    "6th Street",
		"2100 NINETEENTH AVE":      "19th Avenue",
		"4TH ST":                   "Fourth Street",
		"MLK BLVD":                 "Martin Luther King Jr. Boulevard",
		"MLK JR BLVD":              "Martin Luther King Jr. Boulevard",
		"MARTIN LUTHER KING BLVD":  "Martin Luther King Jr. Boulevard",
		"3300 M L KING BLVD":       "Martin Luther King Jr. Boulevard",
		"HWY 101":                  "US 101",
		"US HWY 101":               "US 101",
		"US-101":                   "US 101",
		"NB US 101":                "US 101",
		"HIGHWAY 1":                "CA 1",
		"SR 1":                     "CA 1",
		"SR-1":                     "CA 1",
		"STATE ROUTE 1":            "CA 1",
		"STATE HWY 1":              "CA 1",
		"US-59":                    "US 59",
		"US59":                     "US 59",
		"RTE 59":                   "US 59",
		"I-45":                     "I 45",
		"IH 45":                    "I 45",
		"INTERSTATE 45":            "I 45",
		"I-45 / N SHEPHERD DR":     "I 45 / North Shepherd Drive",
		"FM 1960":                  "FM 1960",
		"MAIN ST NW":               "Main Street Northwest",
		"1200 MAIN ST NW":          "Main Street Northwest",
		"NW MAIN ST":               "Main Street Northwest",
		"1200 BLK MAIN ST NW":      "Main Street Northwest",
		"MAIN ST":                  "Main Street Northwest",
		"S VAN NESS AVE, BAY CITY": "South Van Ness Avenue",
		"VAN NESS AVE S":           "South Van Ness Avenue",
	} {
		m := l.Match(text, Context{})
		if m.Level < geo.LevelStreet || m.Name != want {
			t.Errorf("%s: got %s %q by %q, want %q", text, m.Level, m.Name, m.Rule, want)
		}
	}
}
