package gazetteer

import (
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/geo/index"
)

// An addressColumns gives the columns of AddressBase that are read, by position;
// -1 for one that the product lacks.
type addressColumns struct {
	uprn, lat, lon, x, y                                 int
	number, suffix, to, street, locality, town, postcode int
}

// addressHeader knows AddressBase Core, Plus and AddressBase itself by their
// header: a UPRN, a position, and the name of a street.
func addressHeader(header []string) (addressColumns, bool) {
	find := func(names ...string) int {
		for _, name := range names { // the first that there is
			if at, ok := columnsOf(header, []string{name}); ok {
				return at[0]
			}
		}
		return -1
	}
	c := addressColumns{
		uprn: find("uprn"), lat: find("latitude"), lon: find("longitude"), x: find("x_coordinate", "easting"), y: find("y_coordinate", "northing"),
		number: find("pao_start_number", "building_number"), suffix: find("pao_start_suffix"), to: find("pao_end_number"),
		street:   find("street_description", "street_name", "thoroughfare"),
		locality: find("locality", "dependent_locality"), town: find("town_name", "post_town"), postcode: find("postcode", "postcode_locator"),
	}
	placed := c.lat >= 0 && c.lon >= 0 || c.x >= 0 && c.y >= 0
	return c, c.uprn >= 0 && placed && c.number >= 0 && c.street >= 0
}

// readAddressBase reads AddressBase, Core or Plus, from CSV with its header row:
// each numbered building an address, and the streets of the buildings as streets,
// since a number is looked for on a street. A property without a number or a
// street is left out; its ID is the UPRN.
func readAddressBase(s *Set) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		var c addressColumns
		var streets []index.StreetPoint
		texts := map[string]string{}
		intern := func(t string) string {
			if kept, ok := texts[t]; ok {
				return kept
			}
			t = strings.Clone(t)
			texts[t] = t
			return t
		}
		label := s.label()
		ids := idCounter{}
		for r, err := range s.rows(',', true) {
			var e index.Entry
			if err == nil {
				if header, ok := addressHeader(r.fields); ok {
					c = header
					continue
				}
				if e, err = addressEntry(r, c); err == nil {
					e.Source, e.ID = label, ids.numbered(e.ID)
					streets = append(streets, index.StreetPoint{Name: intern(e.Name), Point: e.Point, Locality: intern(e.Locality), Outcode: intern(e.Outcode)})
				}
			}
			if !yield(e, err) {
				return
			}
		}
		for _, e := range index.MergeStreets(streets, index.StreetChainM) {
			e.Source, e.ID = label, ids.numbered(e.ID)
			if !yield(e, nil) {
				return
			}
		}
	}
}

func addressEntry(r row, c addressColumns) (index.Entry, error) {
	get := func(i int) string {
		if i < 0 || i >= len(r.fields) {
			return ""
		}
		return strings.TrimSpace(r.fields[i])
	}
	number, street := get(c.number), get(c.street)
	if number == "" || street == "" || number == "0" {
		return index.Entry{}, leave("property without a number or a street")
	}
	p, ok := parseDegrees(get(c.lat), get(c.lon))
	if !ok {
		p, ok = parseGrid(get(c.x), get(c.y))
	}
	if !ok || p == (orb.Point{}) {
		return index.Entry{}, r.refuse("position", "neither degrees nor the National Grid")
	}
	e := index.Entry{ID: get(c.uprn), Kind: index.KindAddress, Name: titled(street), Number: number + get(c.suffix), Locality: titled(get(c.locality)), Point: p}
	if e.Locality == "" {
		e.Locality = titled(get(c.town))
	}
	if to := get(c.to); to != "" && to != "0" {
		e.Number += "-" + to
	}
	if m := fullPostcode.FindStringSubmatch(squeeze(strings.ToUpper(get(c.postcode)))); m != nil {
		e.Outcode = m[1]
	}
	if e.ID == "" {
		return index.Entry{}, r.refuse("UPRN", "empty")
	}
	return e, r.check(&e)
}

// titled writes a name in capitals as names are written.
func titled(name string) string {
	if name != strings.ToUpper(name) {
		return name
	}
	words := strings.Fields(name)
	for i, w := range words {
		if _, err := strconv.Atoi(w); err == nil || slices.Contains([]string{"A", "B"}, w) {
			continue
		}
		words[i] = w[:1] + strings.ToLower(w[1:])
	}
	return strings.Join(words, " ")
}
