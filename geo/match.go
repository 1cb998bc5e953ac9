package geo

import "github.com/paulmach/orb"

// A Match is where a location text was found, and how sure that is.
type Match struct {
	Level       Level       // how good it is
	Point       orb.Point   // zero unless Level.Located
	RadiusM     float64     // the true place lies within this many metres of Point, as far as the gazetteer tells
	Confidence  float64     // 0 to 1; of the matches said to be 0.9, about 90 % are right
	Name        string      // the gazetteer's name of the street, road, place or postcode; "A / B" at a junction
	Locality    string      // the settlement it lies in
	Rule        string      // the rule that made the match, and what broke a tie: "street+place", "street+place, force area"
	Corrections []string    // what was changed to reach Name, in order: "saint dropped", "street spelling"
	Source      string      // gazetteer and release of the entry
	Candidates  []Candidate // the best other answers, best first, five at most; the choices, when ambiguous
}

// StreetReachM is how far a street reaches from its point at most to be a precise
// location, in metres.
const StreetReachM = 500

// Precise reports whether the match places its report precisely: at a level that
// counts, within a street's reach, and at least as surely as said. What a person
// decided has a confidence of 1.
func (m Match) Precise(least float64) bool {
	return m.Level.Precise() && m.RadiusM <= StreetReachM && m.Confidence >= least
}

// Settlement is the name of the settlement, "" where none is known.
func (m Match) Settlement() string {
	if m.Level == LevelPlace {
		return m.Name
	}
	return m.Locality
}

// A Candidate is one possible answer.
type Candidate struct {
	Level      Level     // how good a match it would be
	Name       string    // the gazetteer's name of it
	Locality   string    // the settlement it lies in
	Point      orb.Point // its middle
	RadiusM    float64   // metres about Point that hold it
	Confidence float64   // 0 to 1, its share of what the text may mean
	Source     string    // gazetteer and release of the entry
}

// GivenRadiusM is how far a point that came with a report may lie from the
// event. Recording systems snap to an address point or a street's middle.
const GivenRadiusM = 100

// Given returns the match of a report that came with coordinates of its own.
func Given(p orb.Point, source string) Match {
	return Match{Level: LevelAddress, Point: p, RadiusM: GivenRadiusM, Confidence: 0.95, Rule: "coordinates given", Source: source}
}
