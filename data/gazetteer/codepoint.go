package gazetteer

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"spreewatch/geo/index"
)

// isCodePoint reports whether a first row is one of Code-Point Open, which has
// no header: postcode, quality, easting, northing and six codes.
func isCodePoint(f []string) bool {
	return len(f) == 10 && fullPostcode.MatchString(squeeze(f[0])) && len(f[1]) == 2 && isNumber(f[1]) && isNumber(f[2]) && isNumber(f[3])
}

// squeeze takes the spaces out: Code-Point Open pads postcodes to seven
// characters.
func squeeze(s string) string { return strings.ReplaceAll(s, " ", "") }

// readCodePoint reads Code-Point Open. A positional quality indicator of 60 says
// that the point is only the sector's or the district's, and 90 that there is
// none: such rows are left out. Each district is an outcode at the middle of its
// postcodes, as far as the farthest.
func readCodePoint(s *Set) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		seen := map[string]bool{}
		districts := map[string]*spread{}
		entries := s.each(',', true, func(r row) (index.Entry, error) {
			return codePointEntry(r, seen)
		})
		for e, err := range entries {
			if err == nil {
				if districts[e.Outcode] == nil {
					districts[strings.Clone(e.Outcode)] = &spread{}
				}
				districts[e.Outcode].add(e.Point)
			}
			if !yield(e, err) {
				return
			}
		}
		for _, e := range outcodes(districts) {
			e.Source = s.label()
			if !yield(e, nil) {
				return
			}
		}
	}
}

func codePointEntry(r row, seen map[string]bool) (index.Entry, error) {
	f := r.fields
	if len(f) != 10 {
		return index.Entry{}, r.refuse("", "not 10 columns")
	}
	m := fullPostcode.FindStringSubmatch(squeeze(f[0]))
	if m == nil {
		return index.Entry{}, r.refuse("postcode", "not a postcode")
	}
	if f[1] >= "60" {
		return index.Entry{}, leave("the point is not the postcode's own")
	}
	p, ok := parseGrid(f[2], f[3])
	if !ok {
		return index.Entry{}, r.refuse("easting, northing", "no position on the National Grid")
	}
	if seen[m[0]] {
		return index.Entry{}, leave("postcode there already")
	}
	seen[m[0]] = true
	return index.Entry{ID: m[0], Kind: index.KindPostcode, Name: m[1] + " " + m[2], Outcode: m[1], Point: p}, nil
}

// outcodes makes an entry of each district, sorted by ID.
func outcodes(districts map[string]*spread) []index.Entry {
	entries := make([]index.Entry, 0, len(districts))
	for code, of := range districts {
		p, far := of.middle()
		entries = append(entries, index.Entry{ID: "outcode-" + strings.ToLower(code), Kind: index.KindOutcode, Name: code, Outcode: code, Point: p, ExtentM: far})
	}
	slices.SortFunc(entries, func(a, b index.Entry) int { return cmp.Compare(a.ID, b.ID) })
	return entries
}
