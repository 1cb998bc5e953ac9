package geo

import (
	"fmt"

	"github.com/paulmach/orb"
)

// A Kind says what a gazetteer entry is.
type Kind uint8

// The kinds of gazetteer entry.
const (
	KindStreet   Kind = iota + 1 // a named street
	KindRoad                     // a numbered road, such as A47
	KindPlace                    // a settlement
	KindPostcode                 // a full postcode, such as NR19 1AA
	KindOutcode                  // the first half of one, such as NR19
	KindLandmark                 // a named point that is neither: a shop, a beat, a car park
	KindAddress                  // a numbered building; Number holds its number
)

var kindNames = [...]string{"", "street", "road", "place", "postcode", "outcode", "landmark", "address"}

// ParseKind reads the word that String writes.
func ParseKind(s string) (Kind, error) {
	for i, name := range kindNames {
		if i > 0 && s == name {
			return Kind(i), nil
		}
	}
	return 0, fmt.Errorf("no gazetteer kind %q", s)
}

// String returns the kind's word, such as "street".
func (k Kind) String() string {
	if k > 0 && int(k) < len(kindNames) {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// An Entry is one row of a gazetteer.
type Entry struct {
	ID       string // unique within its Source and stable from release to release
	Kind     Kind
	Name     string    // as the source writes it
	Aliases  []string  // other names of the same thing: "Dereham" of "East Dereham"
	Number   string    // house number, of a KindAddress only
	Locality string    // settlement that the source puts it in; "" where it does not say
	Outcode  string    // postcode district that the source puts it in; "" where it does not say
	Point    orb.Point // its middle
	ExtentM  float64   // radius about Point that holds the whole of it, metres; 0 where not known
	ErrorM   float64   // how far off Point may be, metres; 0 where it is as exact as the source gets
	Source   string    // gazetteer and release, such as "data.police.uk 2024-04"
}
