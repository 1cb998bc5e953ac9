package geo

import "strings"

// A wordClass says how a word that is no part of a name is read.
type wordClass uint8

const (
	classNone wordClass = iota
	classFill           // it adds nothing: "the", "address"
	classPrep           // a street's or place's name follows: "in", "off"
	classNear           // a preposition that says the place is near but not on the street
	classJoin           // it stands between or before two streets that meet
	classTail           // a county or country
)

// wordClasses is read only once it is built.
var wordClasses = func() map[string]wordClass {
	classes := make(map[string]wordClass, 256)
	for _, set := range []struct {
		class wordClass
		words string
	}{
		{classFill, "the a an address property premises house home dwelling residence flat apartment bungalow cottage shop store building area vicinity " +
			"region district village town city parish somewhere location place scene incident junction corner its this that and with to from is was were " +
			"bus stop car park parking layby footpath alleyway garage garages side end top bottom middle front land number no plot unit"},
		{classPrep, "in on at of along within inside into onto upon via"},
		{classNear, "near nr off behind opposite opp outside os by towards toward around round beside adjacent adj rear ro back between past beyond above below approaching"},
		{classJoin, "jw junction jct jcn jnc corner cnr crossroads crossing meets joins intersection and with"},
		{classTail, "uk gb england britain"},
	} {
		for w := range strings.FieldsSeq(set.words) {
			if _, ok := classes[w]; (!ok || set.class == classJoin) && !isTypeWord(w) {
				classes[w] = set.class
			}
		}
	}
	return classes
}()

// counties are the words of county and country names that may follow a place.
var counties = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq("norfolk suffolk essex cambridgeshire cambs lincolnshire lincs") {
		set[w] = true
	}
	return set
}()

// nothings are what stands in a location field when no location is known.
var nothings = func() map[string]bool {
	set := map[string]bool{}
	for _, s := range []string{"unknown", "not known", "not stated", "not given", "not recorded", "not provided", "not applicable", "none", "nil", "null", "na",
		"n a", "nfa", "no fixed abode", "no fixed address", "no address", "withheld", "redacted", "tbc", "tba", "to be confirmed", "various", "not specified",
		"no location", "no address given", "address unknown", "unknown address", "location unknown", "unknown location", "see text", "refused", "x", "xx", "xxx"} {
		set[s] = true
	}
	return set
}()

// saysNothing reports whether the text says that no location is known.
func (s *scratch) saysNothing() bool {
	if len(s.words) > 3 {
		return false
	}
	var buf [48]byte
	b := buf[:0]
	for i := range s.ts.list {
		if i > 0 {
			b = append(b, ' ')
		}
		b = append(b, s.ts.word(i)...)
	}
	return nothings[string(b)]
}

// isTypeWord reports whether the word is a street type in full.
func isTypeWord(w string) bool {
	for _, t := range streetTypes {
		if t.word == w {
			return true
		}
	}
	return false
}
