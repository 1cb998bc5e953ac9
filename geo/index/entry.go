package index

import (
	"errors"
	"fmt"
	"math"

	"spreewatch/geo"
	"spreewatch/geo/address"

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
	ID       string    // unique within its Source and stable from release to release
	Kind     Kind      // what it is
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

// Check returns why an index would refuse the entry: a point that is none, an
// unknown kind, no letter or digit in the name, an address without a number, a
// postcode that is not one.
func (e *Entry) Check() error {
	if err := geo.CheckPoint(e.Point); err != nil {
		return err
	}
	for _, m := range []float64{e.ExtentM, e.ErrorM} {
		if !(m >= 0) || math.IsInf(m, 0) {
			return errors.New("extent is not a distance")
		}
	}
	switch e.Kind {
	case KindStreet, KindRoad, KindLandmark, KindPlace, KindAddress:
		if address.Blank(e.Name) {
			return errors.New("no name")
		}
		if e.Kind == KindAddress && houseNumber(e.Number) == "" {
			return errors.New("address without a number")
		}
		return nil
	case KindPostcode:
		code := houseNumber(e.Name)
		n := len(code) - 3
		if n < 2 || !address.IsOutcode(code[:n]) {
			return errors.New("not a postcode")
		}
		if _, ok := address.IncodeNumber(code[n:]); !ok {
			return errors.New("not a postcode")
		}
		return nil
	case KindOutcode:
		if !address.IsOutcode(houseNumber(e.Name)) {
			return errors.New("not an outcode")
		}
		return nil
	}
	return fmt.Errorf("unknown kind %s", e.Kind)
}
