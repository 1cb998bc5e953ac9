package address

import "strings"

// StreetTypes lists the words that end a street's name, each with its
// abbreviations. The first of an abbreviation shared by two types is the one it
// stands for; the other is reached as a second reading.
var StreetTypes = [...]struct {
	Word   string
	Short  string // space-separated
	common bool   // also ends the names of settlements, so that alone it makes no street
}{
	{"road", "rd", false},
	{"street", "st str strt stt", false},
	{"lane", "la ln lne", false},
	{"close", "cl clo cls clse", false},
	{"avenue", "ave av aven avn avnue", false},
	{"drive", "dr drv dve", false},
	{"way", "wy", false},
	{"crescent", "cres cresc crs crsnt cr crec", false},
	{"gardens", "gdns gdn gds gard grdns gdens", false},
	{"garden", "", false},
	{"grove", "gv gro grv gve gr", false},
	{"place", "pl plc", false},
	{"court", "ct crt cour", false},
	{"square", "sq sqr", false},
	{"terrace", "terr ter tce trc terrc", false},
	{"walk", "wk wlk", false},
	{"hill", "hl", true},
	{"park", "pk prk", true},
	{"green", "grn gn gr", true},
	{"rise", "rse", false},
	{"row", "rw", false},
	{"view", "vw", false},
	{"yard", "yd", false},
	{"mews", "mws ms", false},
	{"parade", "pde prde", false},
	{"cottages", "cotts cotgs ctgs", false},
	{"cottage", "cott", false},
	{"buildings", "bldgs bldngs", false},
	{"estate", "est", false},
	{"common", "comm cmn", true},
	{"meadow", "mdw", false},
	{"meadows", "mdws", false},
	{"bridge", "brg bri", true},
	{"passage", "psge pass", false},
	{"path", "pth", false},
	{"loke", "", false},
	{"drift", "dft", false},
	{"drove", "", false},
	{"causeway", "cswy csway cway", false},
	{"circle", "cir circ", false},
	{"circus", "", false},
	{"croft", "crft", false},
	{"corner", "", true},
	{"chase", "", false},
	{"end", "", true},
	{"esplanade", "esp espl", false},
	{"embankment", "emb embk", false},
	{"field", "fld", false},
	{"fields", "flds", false},
	{"gate", "gte", false},
	{"heights", "hts", false},
	{"hythe", "", false},
	{"link", "", false},
	{"opening", "opng", false},
	{"orchard", "", false},
	{"pastures", "", false},
	{"pightle", "", false},
	{"plain", "pln", false},
	{"precinct", "pct", false},
	{"promenade", "prom", false},
	{"quay", "qy", false},
	{"roundabout", "rbt rdbt", false},
	{"staithe", "", true},
	{"track", "trk", false},
	{"turn", "", false},
	{"vale", "", true},
	{"villas", "vls", false},
	{"walks", "", false},
	{"wharf", "whf", false},
	{"wood", "", true},
	{"wynd", "", false},
	{"alley", "aly", false},
	{"arcade", "arc", false},
	{"approach", "app appr", false},
	{"bank", "bk", true},
	{"bypass", "bp", false},
	{"boulevard", "blvd bvd boul", false},
	{"dene", "", true},
	{"dell", "", false},
	{"mead", "", false},
	{"ride", "", false},
	{"side", "", false},
	{"slade", "", false},
	{"spinney", "", false},
	{"steps", "", false},
	{"mount", "mt", false},
	{"highway", "hwy", false},
	{"parkway", "pkwy pky", false},
	{"trail", "trl", false},
	{"expressway", "expy expwy", false},
	{"freeway", "fwy", false},
	{"turnpike", "tpke tpk", false},
	{"plaza", "plz", false},
}

// InnerShorts lists the abbreviations of words that stand before the last of a
// name.
var InnerShorts = [...]struct{ short, word string }{
	{"saint", "st"}, {"snt", "st"}, {"sts", "saints"}, {"ss", "saints"},
	{"gt", "great"}, {"grt", "great"}, {"gr", "great"},
	{"lt", "little"}, {"ltl", "little"}, {"lit", "little"}, {"ltle", "little"},
	{"n", "north"}, {"nth", "north"}, {"s", "south"}, {"sth", "south"}, {"e", "east"}, {"w", "west"}, {"wst", "west"},
	{"upr", "upper"}, {"lwr", "lower"},
	{"nw", "northwest"}, {"ne", "northeast"}, {"sw", "southwest"}, {"se", "southeast"},
	{"mt", "mount"}, {"ft", "fort"}, {"pt", "point"}, {"interstate", "i"}, {"stn", "station"}, {"dr", "doctor"}, {"ch", "church"}, {"hse", "house"}, {"fm", "farm"},
	{"1st", "first"}, {"2nd", "second"}, {"3rd", "third"}, {"4th", "fourth"}, {"5th", "fifth"},
	{"6th", "sixth"}, {"7th", "seventh"}, {"8th", "eighth"}, {"9th", "ninth"}, {"10th", "tenth"}, {"11th", "eleventh"}, {"12th", "twelfth"},
	{"13th", "thirteenth"}, {"14th", "fourteenth"}, {"15th", "fifteenth"}, {"16th", "sixteenth"}, {"17th", "seventeenth"}, {"18th", "eighteenth"}, {"19th", "nineteenth"}, {"20th", "twentieth"},
	{"rte", "route"}, {"rt", "route"},
}

// Directions may follow a street's type, as in "Nelson Road South".
var Directions = [...]struct{ short, word string }{
	{"n", "north"}, {"s", "south"}, {"e", "east"}, {"w", "west"},
	{"nth", "north"}, {"sth", "south"}, {"wst", "west"}, {"", "central"},
	{"nw", "northwest"}, {"ne", "northeast"}, {"sw", "southwest"}, {"se", "southeast"},
}

// A wordRole says what a folded word may be by itself.
type wordRole struct {
	Last      string    // what it stands for at the end of a name, or before a direction
	Second    string    // another reading of the same
	Inner     string    // what it stands for elsewhere
	IsType    bool      // at the end of a name it is a street type
	Short     bool      // it is an abbreviation of one
	Common    bool      // the type also ends the names of settlements
	Direction bool      // it is a point of the compass, which may follow a type
	Class     WordClass // how it is read where it is no part of a name
}

// WordRoles is read only once it is built.
var WordRoles = buildWordRoles()

func buildWordRoles() map[string]*wordRole {
	roles := make(map[string]*wordRole, 256)
	edit := func(word string, change func(*wordRole)) {
		if roles[word] == nil {
			roles[word] = &wordRole{Last: word, Inner: word}
		}
		change(roles[word])
	}
	for _, t := range StreetTypes {
		edit(t.Word, func(r *wordRole) { r.IsType, r.Common = true, t.common })
		for word := range strings.FieldsSeq(t.Short) {
			edit(word, func(r *wordRole) {
				switch {
				case !r.IsType:
					r.Last, r.Inner, r.IsType, r.Short = t.Word, t.Word, true, true
				case r.Last != t.Word && r.Second == "":
					r.Second = t.Word
				}
			})
		}
	}
	for _, s := range InnerShorts {
		edit(s.short, func(r *wordRole) {
			r.Inner = s.word
			if !r.IsType {
				r.Last = s.word
			}
		})
	}
	edit("st", func(r *wordRole) { r.Inner = "st" })
	for _, d := range Directions {
		edit(d.word, func(r *wordRole) { r.Direction = true })
		if d.short != "" {
			edit(d.short, func(r *wordRole) { r.Direction, r.Last = true, d.word })
		}
	}
	for word, class := range wordClasses {
		edit(word, func(r *wordRole) { r.Class = class })
	}
	return roles
}

// StandsFor returns the full word that word i of a name of n words stands for.
// "St" is a street at the end of a name or before a final direction, and a
// saint elsewhere.
func StandsFor(words []string, i int) string {
	role := WordRoles[words[i]]
	switch n := len(words); {
	case role == nil:
		return words[i]
	case i > 0 && i == n-1, i > 0 && i == n-2 && isDirection(words[n-1]):
		return role.Last
	default:
		return role.Inner
	}
}

// EndsInStreetType reports whether the last word of a name is a street type that
// ends no settlement's name.
func EndsInStreetType(name string) bool {
	words := strings.Fields(Fold(name))
	if len(words) == 0 {
		return false
	}
	role := WordRoles[words[len(words)-1]]
	return role != nil && role.IsType && !role.Common
}

func isDirection(word string) bool {
	role := WordRoles[word]
	return role != nil && role.Direction
}
