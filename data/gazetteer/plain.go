package gazetteer

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/geo"
	"spreewatch/geo/index"
)

// plainColumns are the spellings of each column of a plain CSV, lower case.
var plainColumns = map[string][]string{
	"name":     {"name", "place"},
	"street":   {"street", "street name", "location"},
	"kind":     {"kind", "type"},
	"lat":      {"lat", "latitude"},
	"lon":      {"lon", "lng", "long", "longitude"},
	"locality": {"locality", "town", "village", "settlement"},
	"outcode":  {"outcode"},
	"aliases":  {"aliases", "alias", "also known as"},
	"number":   {"number", "house number", "house_number"},
	"extent_m": {"extent_m", "radius_m"},
	"id":       {"id"},
}

// A plainRow gives the fields of a row by the name of the column; a column that
// the file lacks is empty.
type plainRow struct {
	at     map[string]int
	fields []string
}

func (r plainRow) get(column string) string {
	if i, ok := r.at[column]; ok && i < len(r.fields) {
		return strings.TrimSpace(r.fields[i])
	}
	return ""
}

// plainHeader finds the columns by the header row, and reports whether there are
// enough: name and kind, or street alone, with lat and lon. A column street
// stands in for name.
func plainHeader(fields []string) (map[string]int, bool) {
	at := map[string]int{}
	for i, f := range fields {
		f = strings.ToLower(strings.TrimSpace(f))
		for column, spellings := range plainColumns {
			if _, ok := at[column]; !ok && slices.Contains(spellings, f) {
				at[column] = i
			}
		}
	}
	has := func(column string) bool {
		_, ok := at[column]
		return ok
	}
	if !has("name") && has("street") {
		at["name"] = at["street"]
	}
	return at, has("name") && has("lat") && has("lon") && (has("kind") || has("street"))
}

// readPlain reads a force's own CSV: a header with at least name, kind, lat and
// lon in any order, or street, lat and lon for a list of streets, then a row an
// entry. The streets of a list are told from roads, landmarks and places of
// interest without a name as those of data.police.uk are. Aliases are parted by ";". An id that
// is not given is made from kind, name, number and locality; the second of one
// id gets "-2" behind it, in the order of the file.
func readPlain(s *Set) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		label := s.label()
		ids := map[string]int{}
		var at map[string]int
		var held []heldEntry
		for r, err := range s.rows(0, true) {
			var e index.Entry
			if err == nil {
				if r.first {
					at, _ = plainHeader(r.fields)
					continue
				}
				if e, err = plainEntry(r, plainRow{at, r.fields}); err == nil {
					r.fields = nil
					held = append(held, heldEntry{keep(e), r})
					continue
				}
			}
			if !yield(e, err) {
				return
			}
		}
		middle := middleOf(held)
		for _, h := range held {
			err := h.far(middle)
			h.e.Source = label
			if err == nil {
				h.e.ID = numbered(ids, h.e.ID)
			}
			if !yield(h.e, err) {
				return
			}
		}
	}
}

// A heldEntry waits until the middle of its file is known.
type heldEntry struct {
	e index.Entry
	r row
}

// farM is how far, in metres, an entry of one force lies from the middle of the
// others at most.
const farM = 1_500_000

// britain is where a force's own list lies when its few rows contradict each
// other.
var britain = orb.Bound{Min: orb.Point{-9, 49}, Max: orb.Point{2.5, 61.5}}

// middleOf returns the point about which most of the others lie, as a thousand of
// them tell; of equals one in Britain, then the first.
func middleOf(held []heldEntry) orb.Point {
	var middle orb.Point
	most := -1
	step := max(1, len(held)/1000)
	for i := 0; i < len(held); i += max(step, len(held)/50) {
		p, n := held[i].e.Point, 0
		for k := 0; k < len(held); k += step {
			if geo.Distance(p, held[k].e.Point) <= farM {
				n++
			}
		}
		if n *= 2; britain.Contains(p) {
			n++
		}
		if n > most {
			most, middle = n, p
		}
	}
	return middle
}

// far refuses an entry that lies far from all others, and says what it looks
// like.
func (h *heldEntry) far(middle orb.Point) error {
	p := h.e.Point
	if geo.Distance(p, middle) <= farM {
		return nil
	}
	for _, c := range []struct {
		p      orb.Point
		reason string
	}{{orb.Point{p[1], p[0]}, "latitude and longitude look swapped"}, {orb.Point{-p[0], p[1]}, "the longitude seems to lack its sign"}} {
		if geo.CheckPoint(c.p) == nil && geo.Distance(c.p, middle) <= farM {
			return h.r.refuse("lat, lon", c.reason)
		}
	}
	return h.r.refuse("lat, lon", "thousands of kilometres from the others")
}

// plainEntry makes the entry of a row, without Source.
func plainEntry(r row, row plainRow) (index.Entry, error) {
	name, kind, err := row.get("name"), index.KindStreet, error(nil)
	if _, ok := row.at["kind"]; ok {
		kind, err = index.ParseKind(strings.ToLower(row.get("kind")))
	} else if name = mendCase(name); kindOnly[strings.ToLower(name)] || strings.Contains(name, "/") {
		return index.Entry{}, leave("place of interest without a name")
	} else {
		kind, name = policeKind(name)
	}
	if err != nil {
		return index.Entry{}, r.refuse("kind", "not one of street, road, place, postcode, outcode, landmark, address")
	}
	if row.get("lat") == "" && row.get("lon") == "" {
		return index.Entry{}, r.refuse("lat, lon", "empty")
	}
	lat, errLat := strconv.ParseFloat(row.get("lat"), 64)
	lon, errLon := strconv.ParseFloat(row.get("lon"), 64)
	p := orb.Point{lon, lat}
	if errLat != nil || errLon != nil || geo.CheckPoint(p) != nil {
		return index.Entry{}, r.refuse("lat, lon", "not a latitude and longitude in degrees")
	}
	if p == (orb.Point{}) {
		return index.Entry{}, r.refuse("lat, lon", "0, 0 is no place on land")
	}
	e := index.Entry{
		ID:       row.get("id"),
		Kind:     kind,
		Name:     name,
		Number:   row.get("number"),
		Locality: row.get("locality"),
		Outcode:  strings.ToUpper(row.get("outcode")),
		Point:    p,
	}
	for alias := range strings.SplitSeq(row.get("aliases"), ";") {
		if alias = strings.TrimSpace(alias); alias != "" {
			e.Aliases = append(e.Aliases, alias)
		}
	}
	if s := row.get("extent_m"); s != "" {
		if e.ExtentM, err = strconv.ParseFloat(s, 64); err != nil || !(e.ExtentM >= 0 && e.ExtentM <= 1e6) {
			return index.Entry{}, r.refuse("extent_m", "not a number of metres from 0 to 1000000")
		}
	}
	if e.ID == "" {
		e.ID = slug(kind.String(), e.Name, e.Number, e.Locality)
	}
	return e, r.check(&e)
}

// slug joins the words of the parts in lower case with hyphens.
func slug(parts ...string) string {
	var b strings.Builder
	for _, part := range parts {
		for _, r := range strings.ToLower(part) {
			switch {
			case r == '\'' || r == '’':
			case r == ' ' || r < 0x80 && !('a' <= r && r <= 'z' || '0' <= r && r <= '9'):
				if n := b.Len(); n > 0 && b.String()[n-1] != '-' {
					b.WriteByte('-')
				}
			default:
				b.WriteRune(r)
			}
		}
		if n := b.Len(); n > 0 && b.String()[n-1] != '-' {
			b.WriteByte('-')
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}

// numbered returns id, with "-2", "-3" and so on behind it from its second use.
func numbered(used map[string]int, id string) string {
	used[id]++
	if n := used[id]; n > 1 {
		return numbered(used, id+"-"+strconv.Itoa(n))
	}
	return id
}
