package gazetteer

import (
	"cmp"
	"iter"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/paulmach/orb"

	"spreewatch/geo"
	"spreewatch/geo/index"
)

var fullPostcode = regexp.MustCompile(`^([A-Z]{1,2}[0-9][0-9A-Z]?) ?([0-9][A-Z]{2})$`)

// A postal is one row of GeoNames postal codes.
type postal struct {
	country, code, name string
	p                   orb.Point
	exact               bool // accuracy 4 or better: a place or an address, not a district's middle
}

// readPostal reads GeoNames postal codes: tab-separated, 12 columns, a row a
// code and place. A full British postcode becomes a postcode, a district an
// outcode that reaches its farthest exact place, and each place name a place.
//
// Rows of one name at most 2 km apart are one place, the first exact row giving
// its point; it has an Outcode when all its rows agree on it. A row that is not
// exact may stand at the middle of its district, kilometres from the place, so
// its ExtentM reaches the farthest exact place of the district, at least 2 km.
func readPostal(s *Set) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		var rows []postal
		ids := map[string]int{}
		label := s.label()
		for r, err := range s.rows('\t', false) {
			if err != nil {
				if !yield(index.Entry{}, err) {
					return
				}
				continue
			}
			row, err := postalRow(r)
			if err != nil {
				if !yield(index.Entry{}, err) {
					return
				}
				continue
			}
			if m := fullPostcode.FindStringSubmatch(row.code); m != nil {
				e := index.Entry{ID: row.code, Kind: index.KindPostcode, Name: m[1] + " " + m[2], Locality: row.name, Outcode: m[1], Point: row.p, Source: label}
				if ids[e.ID]++; ids[e.ID] == 1 && e.Check() == nil && !yield(e, nil) {
					return
				}
				row.code = m[1]
			}
			rows = append(rows, row)
		}
		districts, reach := postalDistricts(rows)
		for _, e := range append(districts, postalPlaces(rows, reach)...) {
			e.Source = label
			e.ID = numbered(ids, e.ID)
			if !yield(e, nil) {
				return
			}
		}
	}
}

func postalRow(r row) (postal, error) {
	f := r.fields
	if len(f) != 12 {
		return postal{}, r.refuse("", "not 12 columns")
	}
	p, ok := parseDegrees(f[9], f[10])
	if !ok {
		return postal{}, r.refuse("latitude, longitude", "no coordinates")
	}
	row := postal{
		country: strings.Clone(f[0]),
		code:    strings.ToUpper(strings.TrimSpace(f[1])),
		name:    strings.TrimSpace(f[2]),
		p:       p,
		exact:   f[11] >= "4",
	}
	return row, r.check(&index.Entry{Kind: index.KindPlace, Name: row.name, Point: p})
}

// postalDistricts makes the outcodes, and returns the exact points of each
// district: all of its points where none is exact.
func postalDistricts(rows []postal) ([]index.Entry, map[string]*spread) {
	exact, all := map[string]*spread{}, map[string]*spread{}
	for _, row := range rows {
		if outcode := (index.Entry{Kind: index.KindOutcode, Name: row.code}); outcode.Check() != nil {
			continue
		}
		if all[row.code] == nil {
			all[row.code] = &spread{}
		}
		all[row.code].add(row.p)
		if row.exact {
			if exact[row.code] == nil {
				exact[row.code] = &spread{}
			}
			exact[row.code].add(row.p)
		}
	}
	var entries []index.Entry
	for code, points := range all {
		if exact[code] == nil {
			exact[code] = points
		}
		p, far := exact[code].middle()
		entries = append(entries, index.Entry{ID: "outcode-" + strings.ToLower(code), Kind: index.KindOutcode, Name: code, Outcode: code, Point: p, ExtentM: max(far, roughM)})
	}
	slices.SortFunc(entries, compareEntries)
	return entries, exact
}

const (
	samePlaceM = 2000 // rows of one name that are one place
	roughM     = 2000 // how far off a row that is not exact is taken to be at the least
)

func postalPlaces(rows []postal, reach map[string]*spread) []index.Entry {
	byName := map[string][]postal{}
	for _, row := range rows {
		byName[row.country+"\t"+strings.ToLower(row.name)] = append(byName[row.country+"\t"+strings.ToLower(row.name)], row)
	}
	var entries []index.Entry
	for _, of := range byName {
		slices.SortFunc(of, func(a, b postal) int {
			if a.exact != b.exact {
				return cmpTrueFirst(a.exact)
			}
			return cmp.Or(comparePlaces(0, 0, a.p, b.p), cmp.Compare(a.code, b.code), cmp.Compare(a.name, b.name))
		})
		for len(of) > 0 {
			first := of[0]
			outcode := first.code
			var rest []postal
			for _, row := range of {
				if geo.Distance(first.p, row.p) > samePlaceM {
					rest = append(rest, row)
				} else if row.code != first.code {
					outcode = ""
				}
			}
			of = rest
			e := index.Entry{ID: pointID(index.KindPlace, first.name, first.p), Kind: index.KindPlace, Name: first.name, Outcode: outcode, Point: first.p}
			if !first.exact {
				e.ErrorM = roughM
				if of := reach[first.code]; of != nil {
					for _, p := range of.points {
						e.ErrorM = max(e.ErrorM, geo.Distance(first.p, p))
					}
				}
			}
			entries = append(entries, e)
		}
	}
	slices.SortFunc(entries, compareEntries)
	return entries
}

// cmpTrueFirst orders two unequal truths, of which a is the first.
func cmpTrueFirst(a bool) int {
	if a {
		return -1
	}
	return 1
}

// readGeoNames reads a GeoNames dump: tab-separated, 19 columns, a row a
// feature. Populated places (class P) become places, apart from those that are
// gone (PPLH, PPLQ, PPLW); roads and streets (class R) that have a name become
// streets. All else is left out.
func readGeoNames(s *Set) iter.Seq2[index.Entry, error] {
	seen := map[string]int{}
	return s.each('\t', false, func(r row) (index.Entry, error) {
		f := r.fields
		if len(f) != 19 {
			return index.Entry{}, r.refuse("", "not 19 columns")
		}
		var kind index.Kind
		switch code := f[7]; {
		case f[6] == "P" && code != "PPLH" && code != "PPLQ" && code != "PPLW":
			kind = index.KindPlace
		case code == "RD" || code == "ST":
			kind = index.KindStreet
			if roadNumber.MatchString(f[1]) {
				kind = index.KindRoad
			}
		default:
			return index.Entry{}, leave("neither settlement nor road")
		}
		p, ok := parseDegrees(f[4], f[5])
		if !ok {
			return index.Entry{}, r.refuse("latitude, longitude", "no coordinates")
		}
		if f[0] == "" {
			return index.Entry{}, r.refuse("geonameid", "empty")
		}
		return index.Entry{
			ID:      numbered(seen, f[0]),
			Kind:    kind,
			Name:    strings.TrimSpace(f[1]),
			Aliases: otherNames(f[1], f[2], f[3], f[10] == "WLS"),
			Point:   p,
		}, nil
	})
}

// otherNames picks aliases out of the alternate names, which hold the name in
// every language and codes besides: those in Latin letters that share a word of
// four letters or more with the name ("Dereham" of "East Dereham"), and in Wales
// every name in Latin letters but codes ("Caerdydd" of "Cardiff").
func otherNames(name, ascii, alternates string, welsh bool) []string {
	words := strings.Fields(strings.ToLower(ascii))
	var out []string
	for alt := range strings.SplitSeq(alternates, ",") {
		alt = strings.TrimSpace(alt)
		if alt == "" || strings.EqualFold(alt, name) || slices.Contains(out, alt) || !isLatinName(alt) {
			continue
		}
		shared := slices.ContainsFunc(strings.Fields(strings.ToLower(alt)), func(w string) bool {
			return len(w) >= 4 && slices.Contains(words, w)
		})
		if shared || welsh {
			out = append(out, alt)
		}
	}
	slices.Sort(out)
	return out[:min(len(out), 20)]
}

// isLatinName reports whether the text is in Latin letters and not a code such
// as an airport's.
func isLatinName(s string) bool {
	if len(s) < 3 || s == strings.ToUpper(s) || strings.Contains(s, "/") {
		return false
	}
	for _, r := range s {
		if unicode.IsDigit(r) || unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) {
			return false
		}
	}
	return true
}
