package address

import "strings"

// A WordClass says how a word that is no part of a name is read.
type WordClass uint8

const (
	ClassNone WordClass = iota // it may be part of a name
	ClassFill                  // it adds nothing: "the", "address"
	ClassPrep                  // a street's or place's name follows: "in", "off"
	ClassNear                  // a preposition that says the place is near but not on the street
	ClassJoin                  // it stands between or before two streets that meet
	ClassTail                  // a county or country
)

// wordClasses is read only once it is built.
var wordClasses = func() map[string]WordClass {
	classes := make(map[string]WordClass, 256)
	for _, set := range []struct {
		class WordClass
		words string
	}{
		{ClassFill, "the a an address postcode property premises house home dwelling residence flat apartment bungalow cottage shop store building area vicinity " +
			"region district village town city parish somewhere location place scene incident junction corner its this that and with to from is was were " +
			"bus stop car park parking layby footpath alleyway garage garages side end top bottom middle front land number numbers no nos odd odds even evens plot unit mini various multiple several nb sb eb wb northbound southbound eastbound westbound"},
		{ClassPrep, "in on at of along within inside into onto upon via"},
		{ClassNear, "near nr off behind opposite opp outside os ifo btwn by towards toward around round beside adjacent adj rear ro back between past beyond above below approaching"},
		{ClassJoin, "jw cw junction junc jct jcn jnc jnct jctn jn corner cnr crossroads crossing crosses crossed meets meeting joins joining intersection intersects and with x"},
		{ClassTail, "uk gb england britain"},
	} {
		for w := range strings.FieldsSeq(set.words) {
			if _, ok := classes[w]; (!ok || set.class == ClassJoin) && !isTypeWord(w) {
				classes[w] = set.class
			}
		}
	}
	return classes
}()

// BeforeOf are the words that close a street's name but not before "of": "corner
// of", "end of".
var BeforeOf = map[string]WordClass{"corner": ClassJoin, "end": ClassFill, "side": ClassFill, "bank": ClassFill, "top": ClassFill, "turn": ClassFill}

// Blocks are the words for a block of houses after its number: "1200 block".
var Blocks = map[string]bool{"block": true, "blk": true, "blck": true, "blocks": true}

// Landmarks are what a place is said to be near: "opposite the church".
var Landmarks = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq("church chapel school schools college pub inn hotel shop shops supermarket store chemist pharmacy surgery hospital station " +
		"garage library bank cafe restaurant takeaway office hall club centre playground pond memorial cemetery crematorium mosque temple factory " +
		"farm mill barn phone box postbox sign lights crossing bins gate entrance exit field fields river beach pier") {
		set[w] = true
	}
	return set
}()

// Nothings are what stands in a location field when no location is known.
var Nothings = func() map[string]bool {
	set := map[string]bool{}
	for _, s := range []string{"unknown", "not known", "not stated", "not given", "not recorded", "not provided", "not applicable", "none", "nil", "null", "na",
		"n a", "nfa", "no fixed abode", "no fixed address", "no address", "withheld", "redacted", "tbc", "tba", "to be confirmed", "various", "not specified",
		"no location", "no address given", "as above", "see above", "home address", "work address", "at work", "at home", "address unknown", "unknown address", "location unknown", "unknown location", "see text", "refused", "x", "xx", "xxx"} {
		set[s] = true
	}
	return set
}()

// isTypeWord reports whether the word is a street type in full.
func isTypeWord(w string) bool {
	for _, t := range StreetTypes {
		if t.Word == w {
			return true
		}
	}
	return false
}
