package geo

import "fmt"

// A Level says how good a match is. A higher Level is a better one.
type Level uint8

// The ladder of match levels, worst first. LevelAmbiguous is a street found in
// two or more places of which nothing chose one.
const (
	LevelNone      Level = iota // not found
	LevelAmbiguous              // two or more answers, none of them chosen
	LevelPlace                  // a settlement
	LevelOutcode                // a postcode district or sector, such as NR19
	LevelPostcode               // a full postcode
	LevelStreet                 // a street, numbered road or landmark
	LevelJunction               // where two streets meet
	LevelAddress                // a numbered building
)

var levelNames = [...]string{"none", "ambiguous", "place", "outcode", "postcode", "street", "junction", "address"}

// LevelCount is how many levels there are.
const LevelCount = len(levelNames)

// Levels lists every level, best first.
func Levels() []Level {
	return []Level{LevelAddress, LevelJunction, LevelStreet, LevelPostcode, LevelOutcode, LevelPlace, LevelAmbiguous, LevelNone}
}

// ParseLevel reads the word that String writes.
func ParseLevel(s string) (Level, error) {
	for i, name := range levelNames {
		if s == name {
			return Level(i), nil
		}
	}
	return LevelNone, fmt.Errorf("no match level %q", s)
}

// String returns the level's word, such as "street".
func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return fmt.Sprintf("level(%d)", uint8(l))
}

// Located reports whether a match of this level has a point.
func (l Level) Located() bool { return l >= LevelPlace }

// Precise reports whether the level counts as a hit against the 85 % line of
// Ratcliffe (2004): an address, a junction, a street or a full postcode. A place
// or an outcode never counts.
func (l Level) Precise() bool { return l >= LevelPostcode }
