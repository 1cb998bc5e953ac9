package index

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"spreewatch/geo"
	"spreewatch/geo/address"
)

// An indexBuilder gathers entries and lays out the index's tables.
type indexBuilder struct {
	strings interner
	ways    []builtEntry
	places  []builtEntry
	houses  []builtEntry
	units   []builtUnit
	outs    map[string]*builtOutcode
}

// A builtEntry is an entry on its way into a table; its texts are numbers of the
// interner.
type builtEntry struct {
	lon, lat                               Degree7
	extent                                 float32
	key, name, locality, source, out, numb uint32
	aliases                                []uint32
	kind                                   Kind
}

// A builtUnit is a postcode unit; out is a number of the interner until the
// outcodes are known.
type builtUnit struct {
	out, in  uint32
	lon, lat Degree7
	extent   float32
	source   uint32
}

// A builtOutcode gathers the points given for an outcode itself.
type builtOutcode struct {
	lon, lat []Degree7
	source   uint32
}

// An interner numbers strings in the order in which they come.
type interner struct {
	number map[string]uint32
	list   []string
}

func (n *interner) put(s string) uint32 {
	i, ok := n.number[s]
	if !ok {
		i = uint32(len(n.list))
		s = strings.Clone(s)
		n.number[s] = i
		n.list = append(n.list, s)
	}
	return i
}

// table lays the strings end to end in byte order, and returns the new number of
// each. The empty string, if there, comes first.
func (n *interner) table() (stringTable, []uint32) {
	order := make([]uint32, len(n.list))
	size := 0
	for i, s := range n.list {
		order[i] = uint32(i)
		size += len(s)
	}
	slices.SortFunc(order, func(a, b uint32) int { return cmp.Compare(n.list[a], n.list[b]) })
	var blob strings.Builder
	blob.Grow(size)
	off := make([]uint32, 0, len(order)+1)
	rank := make([]uint32, len(order))
	for k, i := range order {
		off = append(off, uint32(blob.Len()))
		blob.WriteString(n.list[i])
		rank[i] = uint32(k)
	}
	return stringTable{blob.String(), append(off, uint32(blob.Len()))}, rank
}

func newIndexBuilder() *indexBuilder {
	b := &indexBuilder{strings: interner{number: make(map[string]uint32)}, outs: make(map[string]*builtOutcode)}
	b.strings.put("")
	return b
}

func (b *indexBuilder) add(e *Entry) error {
	if err := b.put(e); err != nil {
		return fmt.Errorf("gazetteer entry %q of %q: %w", e.ID, e.Source, err)
	}
	return nil
}

func (b *indexBuilder) put(e *Entry) error {
	if err := e.Check(); err != nil {
		return err
	}
	built := builtEntry{
		lon: ToDegree7(e.Point.Lon()), lat: ToDegree7(e.Point.Lat()), extent: float32(e.ExtentM),
		name: b.strings.put(e.Name), locality: b.strings.put(e.Locality), source: b.strings.put(e.Source),
		out: b.strings.put(houseNumber(e.Outcode)), kind: e.Kind,
	}
	if e.Kind == KindPostcode || e.Kind == KindOutcode {
		b.putCode(e, &built)
		return nil
	}
	for _, alias := range e.Aliases {
		if !address.Blank(alias) {
			built.aliases = append(built.aliases, b.strings.put(alias))
		}
	}
	slices.Sort(built.aliases)
	switch e.Kind {
	case KindPlace:
		b.places = append(b.places, built)
	case KindAddress:
		built.numb = b.strings.put(houseNumber(e.Number))
		b.houses = append(b.houses, built)
	default:
		b.ways = append(b.ways, built)
	}
	if len(b.ways) > maxEntries || len(b.places) > maxEntries || len(b.houses) > maxEntries {
		return errors.New("too many entries for one index")
	}
	return nil
}

// maxEntries is the number of ways, and of places, that a posting can tell
// apart.
const maxEntries = 1 << 30

// houseNumber folds a house number or outcode: "14 A" is "14a".
func houseNumber(s string) string { return strings.ReplaceAll(address.Fold(s), " ", "") }

// putCode takes in a postcode or outcode that Check has passed.
func (b *indexBuilder) putCode(e *Entry, built *builtEntry) {
	code := houseNumber(e.Name)
	if e.Kind == KindPostcode {
		n := len(code) - 3
		in, _ := address.IncodeNumber(code[n:])
		b.outcode(code[:n])
		b.units = append(b.units, builtUnit{b.strings.put(code[:n]), in, built.lon, built.lat, built.extent, built.source})
		return
	}
	o := b.outcode(code)
	o.lon, o.lat, o.source = append(o.lon, built.lon), append(o.lat, built.lat), max(o.source, built.source)
}

func (b *indexBuilder) outcode(code string) *builtOutcode {
	o := b.outs[code]
	if o == nil {
		o = &builtOutcode{}
		b.strings.put(code)
		b.outs[code] = o
	}
	return o
}

func (b *indexBuilder) build() *Index {
	b.nameLocalities()
	x := &Index{}
	var rank []uint32
	x.Strings, rank = b.strings.table()
	ways, places := newNaming(wayVariants), newNaming(placeVariants)
	keys := interner{number: make(map[string]uint32)}
	for _, set := range []struct {
		list   []builtEntry
		naming *naming
	}{{b.ways, ways}, {b.places, places}, {b.houses, ways}} {
		set.naming.read(b.strings.list, set.list)
		for i := range set.list {
			e := &set.list[i]
			e.key = set.naming.put(e.name, &keys)
			for _, alias := range e.aliases {
				set.naming.put(alias, &keys)
			}
		}
	}
	var keyRank []uint32
	x.Names.keys, keyRank = keys.table()
	b.ways = order(b.ways, keyRank, rank)
	b.places = order(b.places, keyRank, rank)
	b.houses = order(b.houses, keyRank, rank)
	var beside geo.Workers
	beside.Go(func() { x.Words = newVocabulary(ways.tally(b.ways), places.tally(b.places)) })
	x.Names.Ways, x.Names.WayOf = postings(b.ways, ways, keyRank)
	x.Names.Places, x.Names.PlaceOf = postings(b.places, places, keyRank)
	beside.Wait()
	outNumber := b.layCodes(x, rank)
	x.Ways.lay(b.ways, rank, outNumber)
	x.Places.lay(b.places, rank, outNumber)
	x.Houses.lay(b.houses, rank)
	x.Codes.strings = &x.Strings
	x.Names.finish() // settle looks names up
	x.settle()
	x.finish()
	return x
}

// A naming remembers the variants of the names of one kind.
type naming struct {
	variants func([]variant, []string) []variant
	known    map[uint32]*named
}

// A named is a name with its words and variants, that of the whole name first. The
// keys of the variants are texts until they are numbered.
type named struct {
	words    []string
	keys     []variant
	variants []numbered
}

// A numbered is a variant whose key is a number of an interner.
type numbered struct {
	key uint32
	relation
}

func newNaming(variants func([]variant, []string) []variant) *naming {
	return &naming{variants, make(map[uint32]*named)}
}

// read finds the words and the variants of the names of the entries, on all cores.
func (n *naming) read(list []string, entries []builtEntry) {
	var names []uint32
	var news []*named
	put := func(name uint32) {
		if n.known[name] == nil {
			news, names = append(news, &named{}), append(names, name)
			n.known[name] = news[len(news)-1]
		}
	}
	for i := range entries {
		put(entries[i].name)
		for _, alias := range entries[i].aliases {
			put(alias)
		}
	}
	const atOnce = 1024
	geo.Each(runtime.GOMAXPROCS(0), (len(names)+atOnce-1)/atOnce, func(_, chunk int) {
		for i := chunk * atOnce; i < min((chunk+1)*atOnce, len(names)); i++ {
			news[i].words = nameWords(list[names[i]])
			news[i].keys = n.variants(nil, news[i].words)
		}
	})
}

// put numbers the variants of a name that has been read, and returns the first one's
// key.
func (n *naming) put(name uint32, keys *interner) uint32 {
	known := n.known[name]
	if known.variants == nil {
		known.variants = make([]numbered, len(known.keys))
		for i, v := range known.keys {
			known.variants[i] = numbered{keys.put(v.key), v.relation}
		}
		known.keys = nil
	}
	return known.variants[0].key
}

// tally counts the words of the names of the entries.
func (n *naming) tally(list []builtEntry) map[string]uint32 {
	count := make(map[string]uint32)
	for i := range list {
		for _, w := range n.known[list[i].name].words {
			count[w]++
		}
		for _, alias := range list[i].aliases {
			for _, w := range n.known[alias].words {
				count[w]++
			}
		}
	}
	return count
}

// postings returns, for entries that are in order, the offsets of each key's
// postings and the postings, by latitude.
func postings(list []builtEntry, names *naming, keyRank []uint32) ([]uint32, []Posting) {
	type row struct {
		key uint32
		lat Degree7
		Posting
	}
	var rows []row
	for i := range list {
		from := len(rows)
		for k, name := range append([]uint32{list[i].name}, list[i].aliases...) {
			for _, v := range names.known[name].variants {
				if k > 0 && v.relation > RelName {
					v.relation = max(v.relation, RelPart)
				}
				rows = append(rows, row{keyRank[v.key], list[i].lat, newPosting(i, v.relation)})
			}
		}
		mine := rows[from:]
		slices.SortFunc(mine, func(a, b row) int {
			return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.Posting, b.Posting))
		})
		rows = rows[:from+len(slices.CompactFunc(mine, func(a, b row) bool { return a.key == b.key }))]
	}
	slices.SortFunc(rows, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.lat, b.lat), cmp.Compare(a.Posting, b.Posting))
	})
	off := make([]uint32, len(keyRank)+1)
	of := make([]Posting, len(rows))
	for k, r := range rows {
		off[r.key+1]++
		of[k] = r.Posting
	}
	for k := 1; k < len(off); k++ {
		off[k] += off[k-1]
	}
	return off, of
}

// newVocabulary makes the vocabulary of the words counted in names, and of the
// street types.
func newVocabulary(inWays, inPlaces map[string]uint32) vocabulary {
	all := interner{number: make(map[string]uint32)}
	for _, t := range address.StreetTypes {
		all.put(t.Word)
	}
	for _, words := range []map[string]uint32{inWays, inPlaces} {
		for w := range words {
			all.put(w)
		}
	}
	var v vocabulary
	v.Words, _ = all.table()
	v.InWays = make([]uint32, v.Words.len())
	v.inPlaces = make([]uint32, v.Words.len())
	for i := range v.InWays {
		w := v.Words.At(uint32(i))
		v.InWays[i], v.inPlaces[i] = inWays[w], inPlaces[w]
	}
	return v
}

// order sorts the entries by key, latitude and longitude, then by all that a
// match shows of them, and drops repeats.
func order(list []builtEntry, keyRank, rank []uint32) []builtEntry {
	for i := range list {
		e := &list[i]
		e.key = keyRank[e.key]
		slices.SortFunc(e.aliases, func(a, b uint32) int { return cmp.Compare(rank[a], rank[b]) })
	}
	compare := func(a, b builtEntry) int {
		by := func(a, b uint32) int { return cmp.Compare(rank[a], rank[b]) }
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.lat, b.lat), cmp.Compare(a.lon, b.lon),
			by(a.numb, b.numb), by(a.name, b.name), by(a.locality, b.locality), cmp.Compare(a.kind, b.kind),
			by(a.source, b.source), cmp.Compare(a.extent, b.extent), by(a.out, b.out),
			slices.CompareFunc(a.aliases, b.aliases, by))
	}
	slices.SortFunc(list, compare)
	return slices.CompactFunc(list, func(a, b builtEntry) bool { return compare(a, b) == 0 })
}

// lay fills the table; rank and outNumber turn numbers of the interner into
// those of the string table and of the outcodes.
func (t *wayTable) lay(list []builtEntry, rank []uint32, outNumber map[uint32]uint16) {
	n := len(list)
	t.Lon, t.Lat, t.Extent = make([]Degree7, n), make([]Degree7, n), make([]float32, n)
	t.local, t.town, t.ring = make([]float32, n), make([]float32, n), make([]float32, n)
	t.Key, t.Name, t.Locality, t.Source = make([]uint32, n), make([]uint32, n), make([]uint32, n), make([]uint32, n)
	t.Home, t.Street = make([]uint32, n), make([]uint32, n)
	t.Outcode, t.kind = make([]uint16, n), make([]uint8, n)
	for i, e := range list {
		t.Lon[i], t.Lat[i], t.Extent[i], t.Key[i], t.Home[i] = e.lon, e.lat, e.extent, e.key, NoPlace
		t.Name[i], t.Locality[i], t.Source[i] = rank[e.name], rank[e.locality], rank[e.source]
		t.Outcode[i], t.kind[i] = outNumber[e.out], uint8(e.kind)
	}
}

func (t *placeTable) lay(list []builtEntry, rank []uint32, outNumber map[uint32]uint16) {
	n := len(list)
	t.Lon, t.Lat = make([]Degree7, n), make([]Degree7, n)
	t.Extent, t.Reach, t.streets, t.covered = make([]float32, n), make([]float32, n), make([]float32, n), make([]uint8, n)
	t.core, t.town = make([]float32, n), make([]uint8, n)
	t.key, t.Name, t.Source, t.Outcode = make([]uint32, n), make([]uint32, n), make([]uint32, n), make([]uint16, n)
	for i, e := range list {
		t.Lon[i], t.Lat[i], t.Extent[i], t.key[i] = e.lon, e.lat, e.extent, e.key
		t.Name[i], t.Source[i], t.Outcode[i] = rank[e.name], rank[e.source], outNumber[e.out]
	}
}

func (t *houseTable) lay(list []builtEntry, rank []uint32) {
	n := len(list)
	t.Lon, t.Lat = make([]Degree7, n), make([]Degree7, n)
	t.Key, t.Number, t.name = make([]uint32, n), make([]uint32, n), make([]uint32, n)
	t.locality, t.Source = make([]uint32, n), make([]uint32, n)
	for i, e := range list {
		t.Lon[i], t.Lat[i], t.Key[i], t.Number[i] = e.lon, e.lat, e.key, rank[e.numb]
		t.name[i], t.locality[i], t.Source[i] = rank[e.name], rank[e.locality], rank[e.source]
	}
}

// layCodes fills the postcode table and numbers the outcodes.
func (b *indexBuilder) layCodes(x *Index, rank []uint32) map[uint32]uint16 {
	t := &x.Codes
	codes := make([]string, 0, len(b.outs)+1)
	for code := range b.outs {
		codes = append(codes, code)
	}
	for _, list := range [][]builtEntry{b.ways, b.places} {
		for i := range list {
			if code := b.strings.list[list[i].out]; address.IsOutcode(code) && b.outs[code] == nil {
				codes = append(codes, code)
				b.outs[code] = &builtOutcode{}
			}
		}
	}
	codes = append(codes, "")
	slices.Sort(codes)
	number := make(map[uint32]uint16, len(codes))
	for i, code := range codes {
		n := b.strings.number[code]
		number[n] = uint16(i)
		t.Out = append(t.Out, rank[n])
	}
	for i := range b.units {
		u := &b.units[i]
		u.in |= uint32(number[u.out]) << 13
	}
	slices.SortFunc(b.units, func(p, q builtUnit) int {
		return cmp.Or(cmp.Compare(p.in, q.in), cmp.Compare(rank[p.source], rank[q.source]), cmp.Compare(p.lat, q.lat), cmp.Compare(p.lon, q.lon), cmp.Compare(p.extent, q.extent))
	})
	b.units = slices.CompactFunc(b.units, func(p, q builtUnit) bool { return p.in == q.in })
	n := len(b.units)
	t.Unit, t.Lon, t.Lat = make([]uint32, n), make([]Degree7, n), make([]Degree7, n)
	t.Extent, t.Source = make([]float32, n), make([]uint32, n)
	for i, u := range b.units {
		t.Unit[i], t.Lon[i], t.Lat[i], t.Extent[i], t.Source[i] = u.in, u.lon, u.lat, u.extent, rank[u.source]
	}
	t.layOutcodes(codes, b.outs, rank)
	return number
}

// layOutcodes places each outcode at the middle of its units, or, where there
// are none, of the points given for it.
func (t *codeTable) layOutcodes(codes []string, given map[string]*builtOutcode, rank []uint32) {
	n := len(codes)
	t.OutLon, t.OutLat, t.OutRadius, t.OutSource = make([]Degree7, n), make([]Degree7, n), make([]float32, n), make([]uint32, n)
	for i, code := range codes[1:] {
		i++
		from, _ := slices.BinarySearch(t.Unit, uint32(i)<<13)
		to, _ := slices.BinarySearch(t.Unit, uint32(i+1)<<13)
		lon, lat := t.Lon[from:to], t.Lat[from:to]
		if from < to {
			t.OutSource[i] = t.Source[from]
		} else {
			lon, lat, t.OutSource[i] = given[code].lon, given[code].lat, rank[given[code].source]
		}
		t.OutLon[i], t.OutLat[i], t.OutRadius[i] = Middle(lon, lat)
	}
}

// Middle returns the mean of the points and the distance within which 95 % of
// them lie.
func Middle(lons, lats []Degree7) (lon, lat Degree7, radius float32) {
	if len(lons) == 0 {
		return 0, 0, -1
	}
	var sumLon, sumLat int64
	for i := range lons {
		sumLon, sumLat = sumLon+int64(lons[i]), sumLat+int64(lats[i])
	}
	lon, lat = Degree7(sumLon/int64(len(lons))), Degree7(sumLat/int64(len(lons)))
	cos := CosOf(lat)
	d := make([]float64, len(lons))
	for i := range lons {
		d[i] = FlatDistance(lon, lat, lons[i], lats[i], cos)
	}
	slices.Sort(d)
	return lon, lat, float32(d[len(d)*95/100])
}
