package locate

import (
	"spreewatch/geo"
	"spreewatch/geo/address"
)

// gridRef answers with the reference of the National Grid that the text holds, if
// any: it is nearer than the street or the town beside it. Its radius is the side of
// its square.
func (s *scratch) gridRef() (geo.Match, bool) {
	for i := range s.words {
		text := ""
		for k := i; k < min(i+3, len(s.words)) && (k == i || s.ts.List[k].Gap < address.GapBracket); k++ {
			text += " " + string(s.ts.Word(k))
			ref, err := geo.ParseGridRef(text)
			if err != nil {
				continue
			}
			p, err := ref.Point()
			if err != nil {
				continue
			}
			m := geo.Given(p, "National Grid")
			m.RadiusM, m.Rule = ref.SizeM, "grid reference"
			return m, true
		}
	}
	return geo.Match{}, false
}
