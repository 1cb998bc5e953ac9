package gazetteer

import (
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/geo"
	"spreewatch/geo/index"
)

// openNamesColumns is the header of OS Open Names (version 1.0 of its CSV), for
// a tile that comes without its header file.
var openNamesColumns = strings.Split("ID,NAMES_URI,NAME1,NAME1_LANG,NAME2,NAME2_LANG,TYPE,LOCAL_TYPE,GEOMETRY_X,GEOMETRY_Y,"+
	"MOST_DETAIL_VIEW_RES,LEAST_DETAIL_VIEW_RES,MBR_XMIN,MBR_YMIN,MBR_XMAX,MBR_YMAX,POSTCODE_DISTRICT,POSTCODE_DISTRICT_URI,"+
	"POPULATED_PLACE,POPULATED_PLACE_URI,POPULATED_PLACE_TYPE,DISTRICT_BOROUGH,DISTRICT_BOROUGH_URI,DISTRICT_BOROUGH_TYPE,"+
	"COUNTY_UNITARY,COUNTY_UNITARY_URI,COUNTY_UNITARY_TYPE,REGION,REGION_URI,COUNTRY,COUNTRY_URI,RELATED_SPATIAL_OBJECT,"+
	"SAME_AS_DBPEDIA,SAME_AS_GEONAMES", ",")

func isOpenNamesHeader(f []string) bool {
	return len(f) >= 10 && strings.EqualFold(f[0], "ID") && strings.EqualFold(f[1], "NAMES_URI")
}

func isOpenNames(f []string) bool {
	return len(f) == len(openNamesColumns) && isNumber(f[8]) && isNumber(f[9]) && f[6] != "" && f[7] != ""
}

// openNamesKinds are the local types that are read.
var openNamesKinds = map[string]index.Kind{
	"City": index.KindPlace, "Town": index.KindPlace, "Village": index.KindPlace, "Hamlet": index.KindPlace,
	"Suburban Area": index.KindPlace, "Other Settlement": index.KindPlace,
	"Named Road": index.KindStreet, "Section Of Named Road": index.KindStreet,
	"Numbered Road": index.KindRoad, "Section Of Numbered Road": index.KindRoad,
	"Postcode": index.KindPostcode,
}

// coveredM is how near a section has to be to the middle of its road to stand
// for it.
const coveredM = 1000

// A namesRow gives the columns of an OS Open Names row that are read, by
// position; -1 for one that the header lacks.
type namesColumns struct {
	id, name1, name2, local, x, y, xmin, ymin, xmax, ymax, district, place, related int
}

func namesHeader(header []string) namesColumns {
	find := func(name string) int {
		return slices.IndexFunc(header, func(f string) bool { return strings.EqualFold(strings.TrimSpace(f), name) })
	}
	return namesColumns{
		id: find("ID"), name1: find("NAME1"), name2: find("NAME2"), local: find("LOCAL_TYPE"),
		x: find("GEOMETRY_X"), y: find("GEOMETRY_Y"),
		xmin: find("MBR_XMIN"), ymin: find("MBR_YMIN"), xmax: find("MBR_XMAX"), ymax: find("MBR_YMAX"),
		district: find("POSTCODE_DISTRICT"), place: find("POPULATED_PLACE"), related: find("RELATED_SPATIAL_OBJECT"),
	}
}

// readOpenNames reads OS Open Names: settlements, named and numbered roads and
// postcodes; all else is left out.
//
// A road is one row at its middle, and where it runs through settlements one row
// more for the section in each, which says the settlement. The sections are the
// better answer, so the row of the whole road is kept only where no section of
// it lies within a kilometre of its middle. The ID of a section does not last
// from release to release, so it is made from the road's and the settlement's.
// The bounding box gives ExtentM; a postcode has none. Each postcode district is
// an outcode at the middle of its postcodes.
func readOpenNames(s *Set) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		o := openNames{
			columns:   namesHeader(openNamesColumns),
			width:     len(openNamesColumns),
			sections:  map[string][]orb.Point{},
			districts: map[string]*spread{},
			ids:       idCounter{},
			postcodes: map[uint64]struct{}{},
			label:     s.label(),
		}
		if s.header != nil {
			o.columns, o.width = namesHeader(s.header), len(s.header)
		}
		for r, err := range s.rows(',', true) {
			if err == nil && isOpenNamesHeader(r.fields) {
				o.columns, o.width = namesHeader(r.fields), len(r.fields)
				continue
			}
			var e index.Entry
			if err == nil {
				if e, err = o.entry(r); err == nil && e.ID == "" {
					continue
				}
			}
			if !yield(e, err) {
				return
			}
		}
		for _, e := range o.rest() {
			if !yield(e, nil) {
				return
			}
		}
	}
}

type openNames struct {
	columns   namesColumns
	width     int
	sections  map[string][]orb.Point // by ID of the road
	roads     []index.Entry          // whole roads, held back until every section is known
	districts map[string]*spread
	ids       idCounter
	postcodes map[uint64]struct{} // by their characters
	label     string
}

// entry makes the entry of a row. One without an ID is held back for rest.
func (o *openNames) entry(r row) (index.Entry, error) {
	if len(r.fields) != o.width {
		return index.Entry{}, r.refuse("", "not as many columns as the header")
	}
	get := func(i int) string {
		if i < 0 {
			return ""
		}
		return strings.TrimSpace(r.fields[i])
	}
	c := o.columns
	local := get(c.local)
	kind, ok := openNamesKinds[local]
	if !ok {
		return index.Entry{}, leave("neither settlement, road nor postcode")
	}
	p, ok := parseGrid(get(c.x), get(c.y))
	if !ok {
		return index.Entry{}, r.refuse("GEOMETRY_X, GEOMETRY_Y", "no position on the National Grid")
	}
	e := index.Entry{
		ID:      get(c.id),
		Kind:    kind,
		Name:    get(c.name1),
		Outcode: get(c.district),
		Point:   p,
		Source:  o.label,
	}
	if e.ID == "" {
		return index.Entry{}, r.refuse("ID", "empty")
	}
	if err := r.check(&e); err != nil {
		return index.Entry{}, err
	}
	if kind == index.KindPostcode {
		return o.postcode(r, e)
	}
	if alias := get(c.name2); alias != "" {
		e.Aliases = []string{alias}
	}
	e.ExtentM = boxReach(get(c.x), get(c.y), get(c.xmin), get(c.ymin), get(c.xmax), get(c.ymax))
	if kind == index.KindPlace {
		e.ID = o.ids.numbered(e.ID)
		return e, nil
	}
	e.Locality, _, _ = strings.Cut(get(c.place), "/")
	if !strings.HasPrefix(local, "Section") {
		o.roads = append(o.roads, keep(e))
		return index.Entry{}, nil
	}
	road := get(c.related)
	if road == "" {
		road = slug(e.Name)
	} else {
		road = strings.Clone(road)
		o.sections[road] = append(o.sections[road], p)
	}
	e.ID = o.ids.numbered(road + "/" + slug(e.Locality))
	return e, nil
}

func (o *openNames) postcode(r row, e index.Entry) (index.Entry, error) {
	m := fullPostcode.FindStringSubmatch(squeeze(strings.ToUpper(e.Name)))
	if m == nil {
		return index.Entry{}, r.refuse("NAME1", "not a postcode")
	}
	e.ID, e.Name, e.Outcode = strings.Clone(m[0]), m[1]+" "+m[2], m[1]
	key := uint64(0)
	for _, c := range []byte(e.ID) { // seven at most
		key = key<<8 | uint64(c)
	}
	if _, seen := o.postcodes[key]; seen {
		return index.Entry{}, leave("postcode there already")
	}
	o.postcodes[key] = struct{}{}
	if o.districts[e.Outcode] == nil {
		o.districts[strings.Clone(e.Outcode)] = &spread{}
	}
	o.districts[e.Outcode].add(e.Point)
	return e, nil
}

// rest returns the whole roads that no section stands for, then the outcodes.
func (o *openNames) rest() []index.Entry {
	var out []index.Entry
	for _, road := range o.roads {
		covered := slices.ContainsFunc(o.sections[road.ID], func(p orb.Point) bool {
			return geo.Distance(p, road.Point) <= coveredM
		})
		if !covered {
			road.ID = o.ids.numbered(road.ID)
			out = append(out, road)
		}
	}
	for _, e := range outcodes(o.districts) {
		e.Source = o.label
		out = append(out, e)
	}
	return out
}

// keep returns the entry with strings of its own, so that it can be held without
// the rest of its line.
func keep(e index.Entry) index.Entry {
	e.ID, e.Name, e.Locality, e.Outcode = strings.Clone(e.ID), strings.Clone(e.Name), strings.Clone(e.Locality), strings.Clone(e.Outcode)
	for i, a := range e.Aliases {
		e.Aliases[i] = strings.Clone(a)
	}
	return e
}

// boxReach is the distance in metres on the grid from a point to the farthest
// corner of its bounding box, 0 where there is no box.
func boxReach(x, y, xmin, ymin, xmax, ymax string) float64 {
	var v [6]float64
	for i, s := range []string{x, y, xmin, ymin, xmax, ymax} {
		var ok bool
		if v[i], ok = parseMetres(s); !ok {
			return 0
		}
	}
	dx := max(math.Abs(v[0]-v[2]), math.Abs(v[4]-v[0]))
	dy := max(math.Abs(v[1]-v[3]), math.Abs(v[5]-v[1]))
	return math.Round(math.Hypot(dx, dy)*10) / 10
}

// An idCounter counts how often each ID came, by a 64-bit hash: a nation's IDs
// themselves would take a quarter of a gigabyte. Two IDs with one hash do no
// harm, since the second only gets a number that it does not need.
type idCounter map[uint64]int32

// numbered returns id, with "-2", "-3" and so on behind it from its second use.
func (c idCounter) numbered(id string) string {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	c[h]++
	if n := c[h]; n > 1 {
		return c.numbered(id + "-" + strconv.Itoa(int(n)))
	}
	return id
}
