package gazetteer

import (
	"iter"
	"slices"
	"strings"

	"spreewatch/geo/index"
)

// columnsOf finds columns by any of their names, in lower case, and reports
// whether the header has them all.
func columnsOf(header []string, names ...[]string) ([]int, bool) {
	at := make([]int, len(names))
	for i, any := range names {
		at[i] = slices.IndexFunc(header, func(f string) bool {
			return slices.Contains(any, strings.ToLower(strings.TrimSpace(f)))
		})
		if at[i] < 0 {
			return nil, false
		}
	}
	return at, true
}

// An onsColumns gives the columns of a postcode directory that are read.
type onsColumns struct{ postcode, easting, northing, quality, ended int }

// onsHeader knows the ONS Postcode Directory and the National Statistics Postcode
// Lookup by the columns that both have.
func onsHeader(header []string) (onsColumns, bool) {
	at, ok := columnsOf(header, []string{"pcds", "pcd"}, []string{"oseast1m", "east1m"}, []string{"osnrth1m", "north1m"}, []string{"osgrdind", "gridind"}, []string{"doterm"})
	if !ok {
		return onsColumns{}, false
	}
	return onsColumns{at[0], at[1], at[2], at[3], at[4]}, true
}

// readONS reads the ONS Postcode Directory or the National Statistics Postcode
// Lookup. A postcode that has ended is kept: reports go on naming it. A grid
// reference of quality 9 is none, and one of 8 that of the sector: such rows are
// left out. Each district is an outcode at the middle of its postcodes.
func readONS(s *Set) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		var c onsColumns
		seen := map[string]bool{}
		districts := map[string]*spread{}
		label := s.label()
		for r, err := range s.rows(',', true) {
			var e index.Entry
			if err == nil {
				if r.first {
					c, _ = onsHeader(r.fields)
					continue
				}
				if e, err = onsEntry(r, c, seen); err == nil {
					e.Source = label
					if districts[e.Outcode] == nil {
						districts[strings.Clone(e.Outcode)] = &spread{}
					}
					districts[e.Outcode].add(e.Point)
				}
			}
			if !yield(e, err) {
				return
			}
		}
		for _, e := range outcodes(districts) {
			e.Source = label
			if !yield(e, nil) {
				return
			}
		}
	}
}

func onsEntry(r row, c onsColumns, seen map[string]bool) (index.Entry, error) {
	if len(r.fields) <= max(c.postcode, c.easting, c.northing, c.quality, c.ended) {
		return index.Entry{}, r.refuse("", "not as many columns as the header")
	}
	m := fullPostcode.FindStringSubmatch(squeeze(strings.ToUpper(r.fields[c.postcode])))
	if m == nil {
		return index.Entry{}, r.refuse("pcds", "not a postcode")
	}
	if q := strings.TrimSpace(r.fields[c.quality]); q == "8" || q == "9" {
		return index.Entry{}, leave("the point is not the postcode's own")
	}
	p, ok := parseGrid(r.fields[c.easting], r.fields[c.northing])
	if !ok {
		return index.Entry{}, leave("no position on the National Grid")
	}
	if seen[m[0]] {
		return index.Entry{}, leave("postcode there already")
	}
	seen[strings.Clone(m[0])] = true
	return index.Entry{ID: m[0], Kind: index.KindPostcode, Name: m[1] + " " + m[2], Outcode: m[1], Point: p}, nil
}
