package address

import "strings"

// StreetWords end the name of a street in running text, in full or shortened. A
// month before one is no date: "12 March Road".
var StreetWords = wordSet(`road rd street st lane ln close cl avenue ave drive dr way hill green row gardens gdns court ct crescent cres
	terrace place square sq walk park grove mews rise view loke drift broadway parade quay staithe plain gate bank chase croft dale end
	field fields fold garth heath mead meadow meadows path pightle promenade ride side strand vale wharf wynd yard bypass roundabout
	highway causeway alley passage hythe estate common marsh cottages villas buildings arcade precinct circus boulevard esplanade
	approach link loop orchard paddock paddocks copse spinney warren ridge brow bridge`)

// ProseTypes end names of streets in running text besides the types that an
// address knows: most are parts of other names too, and only what stands around
// them tells.
var ProseTypes = wordSet(`paddocks paddock copse warren ridge brow strand fold garth heath marsh dale stitch broadway row score crest
	haven hollow lea leas ley leys lawn lawns acre acres fen ville broads mount nook knoll holt
	folly swale lodge grange run reach toft tofts bush fairstead mill`)

// IsCounty reports whether a word in lower case is the name of a county by itself.
func IsCounty(word string) bool { return counties[word] != nil }

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}
