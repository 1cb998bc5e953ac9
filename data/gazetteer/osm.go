package gazetteer

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/geo"
	"spreewatch/geo/index"
)

const (
	// The points of a street's geometry are kept at least thinM apart, and others
	// put between them when they are more than stepM apart. No street runs
	// straight for maxStraightM: two nodes farther apart are an error.
	thinM        = 50
	stepM        = 300
	maxStraightM = 50e3
	// pieceDegrees is the side of the squares that a numbered road is cut at,
	// about two kilometres, so that "A47 at Necton" finds the road near Necton.
	pieceDegrees = 0.02
)

// notStreets are the values of highway that are no street to walk or drive on.
var notStreets = map[string]bool{
	"abandoned": true, "bus_stop": true, "construction": true, "corridor": true, "elevator": true, "platform": true,
	"proposed": true, "raceway": true, "razed": true, "rest_area": true, "services": true,
}

// settlements are the values of place that are read.
var settlements = map[string]bool{
	"city": true, "town": true, "village": true, "hamlet": true, "suburb": true, "quarter": true, "neighbourhood": true, "isolated_dwelling": true,
}

// readOSM reads an OSM PBF extract in two passes: first the ways, then the nodes
// that they use and the nodes that are places or junctions themselves. Ways of
// one name within geo.StreetChainM of each other are one street, with the
// geometry's reach for ExtentM. A numbered road is an entry for every two
// kilometres or so. A named junction is a landmark. Memory goes with the named
// highways, 24 bytes a node of theirs, and not with the size of the file.
func readOSM(s *Set) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		o := osmReader{label: s.label(), ids: map[string]int{}, interned: map[string]string{}}
		s.lines = o.lines
		for _, p := range s.parts {
			if err := o.scan(s, p, pbfHandler{way: o.way}); err != nil {
				yield(index.Entry{}, err)
				return
			}
		}
		o.needed = slices.Clone(o.refs)
		slices.Sort(o.needed)
		o.needed = slices.Compact(o.needed)
		o.at = make([][2]int32, len(o.needed))
		o.known = make([]bool, len(o.needed))
		for _, n := range o.onWays {
			i, _ := slices.BinarySearch(o.needed, n.id)
			o.at[i], o.known[i] = n.at, true
		}
		o.onWays = nil
		for _, p := range s.parts {
			if err := o.scan(s, p, pbfHandler{node: o.node}); err != nil {
				yield(index.Entry{}, err)
				return
			}
		}
		slices.SortFunc(o.points, compareEntries)
		for _, e := range o.points {
			if !o.emit(e, yield) {
				return
			}
		}
		o.streets(yield)
	}
}

type osmReader struct {
	label    string
	ids      map[string]int
	interned map[string]string

	ways []osmWay
	refs []int64 // nodes of all ways, end to end

	needed []int64 // the same, sorted, each once
	at     [][2]int32
	known  []bool
	cursor int

	points []index.Entry // places and junctions
	onWays []located     // nodes whose position stands on their ways
}

// A located is a node and its longitude and latitude, in 1e-7 degrees.
type located struct {
	id int64
	at [2]int32
}

type osmWay struct {
	name    string
	aliases []string
	road    bool
	class   data.Class
	from    int // first of its nodes in refs
	to      int
}

func (o *osmReader) scan(s *Set, p part, h pbfHandler) error {
	rc, err := s.open(p)
	if err != nil {
		return err
	}
	defer rc.Close()
	err = scanPBF(rc, h)
	var user *data.UserError
	switch {
	case errors.As(err, &user) && !strings.HasPrefix(user.Msg, p.name):
		return &data.UserError{Msg: p.name + " " + user.Msg, Hint: user.Hint}
	case user != nil:
		return err
	case err != nil:
		return broken(p.name, err)
	}
	return nil
}

func (o *osmReader) intern(s string) string {
	if kept, ok := o.interned[s]; ok {
		return kept
	}
	o.interned[s] = s
	return s
}

func (o *osmReader) way(tags osmTags, refs []int64, at [][2]int32) {
	highway := tags.get("highway")
	if highway == "" || notStreets[highway] || len(refs) == 0 {
		return
	}
	name, ref := osmName(tags, "name"), tags.get("ref")
	if name == "" && ref == "" {
		return
	}
	from := len(o.refs)
	add := func(name string, aliases []string, road bool) {
		o.ways = append(o.ways, osmWay{name: o.intern(name), aliases: aliases, road: road, class: classOf(highway), from: from, to: from + len(refs)})
	}
	if name != "" {
		var aliases []string
		for _, key := range []string{"alt_name", "loc_name", "name:cy", "name:en", "name:gd", "short_name"} {
			for alias := range strings.SplitSeq(osmName(tags, key), ";") {
				if alias = strings.TrimSpace(alias); alias != "" && alias != name {
					aliases = append(aliases, o.intern(alias))
				}
			}
		}
		add(name, aliases, false)
	}
	for number := range strings.SplitSeq(ref, ";") {
		if number = strings.ToUpper(strings.TrimSpace(number)); roadNumber.MatchString(number) {
			add(number, nil, true)
		}
	}
	if len(o.ways) > 0 && o.ways[len(o.ways)-1].from == from {
		o.refs = append(o.refs, refs...)
		for i, p := range at {
			o.onWays = append(o.onWays, located{refs[i], p})
		}
	}
}

// classes are the values of highway by how much of a road they are; what is in
// none is a street.
var classes = map[string]data.Class{
	"motorway": data.ClassMotorway, "motorway_link": data.ClassMotorway, "trunk": data.ClassTrunk, "trunk_link": data.ClassTrunk,
	"primary": data.ClassPrimary, "primary_link": data.ClassPrimary, "secondary": data.ClassSecondary, "secondary_link": data.ClassSecondary,
	"tertiary": data.ClassTertiary, "tertiary_link": data.ClassTertiary,
	"path": data.ClassPath, "footway": data.ClassPath, "cycleway": data.ClassPath, "bridleway": data.ClassPath, "steps": data.ClassPath,
	"track": data.ClassPath, "service": data.ClassPath,
}

func classOf(highway string) data.Class {
	if c, ok := classes[highway]; ok {
		return c
	}
	return data.ClassStreet
}

// lines yields every way that was read once, with its name and its numbers, as it
// lies: for the map, once the entries have been read.
func (o *osmReader) lines(yield func(data.Line) bool) {
	for i := 0; i < len(o.ways); {
		w := o.ways[i]
		l := data.Line{Class: w.class}
		var numbers []string
		for ; i < len(o.ways) && o.ways[i].from == w.from; i++ {
			if o.ways[i].road {
				numbers = append(numbers, o.ways[i].name)
			} else {
				l.Name = o.ways[i].name
			}
		}
		l.Number = strings.Join(numbers, " ")
		for k := w.from; k < w.to; k++ {
			at, ok := slices.BinarySearch(o.needed, o.refs[k])
			if !ok || !o.known[at] {
				continue
			}
			p := degrees(o.at[at][0], o.at[at][1])
			if n := len(l.Points); n > 0 && geo.Distance(l.Points[n-1], p) > maxStraightM {
				if !yield(l) {
					return
				}
				l.Points = nil
			}
			l.Points = append(l.Points, p)
		}
		if !yield(l) {
			return
		}
	}
}

// osmName returns the value of a tag as a name, on one line, "" where it is none.
func osmName(tags osmTags, key string) string {
	s := tags.get(key)
	if !utf8.ValidString(s) {
		return ""
	}
	s = strings.Join(strings.Fields(s), " ")
	if e := (index.Entry{Kind: index.KindPlace, Name: s}); e.Check() != nil {
		return ""
	}
	return s
}

func (o *osmReader) node(id int64, lat, lon int32, tags osmTags) {
	// Files are sorted by id, so that the next one is mostly just ahead.
	if o.cursor > 0 && o.cursor <= len(o.needed) && o.needed[o.cursor-1] >= id {
		o.cursor, _ = slices.BinarySearch(o.needed, id)
	}
	for o.cursor < len(o.needed) && o.needed[o.cursor] < id {
		o.cursor++
	}
	if o.cursor < len(o.needed) && o.needed[o.cursor] == id {
		o.at[o.cursor], o.known[o.cursor] = [2]int32{lon, lat}, true
	}
	if len(tags) == 0 {
		return
	}
	name := osmName(tags, "name")
	if name == "" {
		return
	}
	e := index.Entry{Name: name, Point: degrees(lon, lat), Source: o.label}
	switch {
	case settlements[tags.get("place")]:
		e.Kind = index.KindPlace
		for _, key := range []string{"alt_name", "loc_name", "name:cy", "name:en", "name:gd", "short_name"} {
			if alias := osmName(tags, key); alias != "" && alias != name {
				e.Aliases = append(e.Aliases, alias)
			}
		}
	case tags.get("junction") != "" || tags.get("highway") == "motorway_junction":
		e.Kind = index.KindLandmark
	default:
		return
	}
	e.ID = fmt.Sprintf("node-%d", id)
	o.points = append(o.points, e)
}

func degrees(lon, lat int32) orb.Point {
	return orb.Point{float64(lon) / 1e7, float64(lat) / 1e7}
}

func (o *osmReader) emit(e index.Entry, yield func(index.Entry, error) bool) bool {
	e.Source = o.label
	e.ID = numbered(o.ids, e.ID)
	return yield(e, nil)
}

// streets merges the ways a name at a time, so that only one name's geometry is
// spread out at once.
func (o *osmReader) streets(yield func(index.Entry, error) bool) {
	keys := make([]string, len(o.ways))
	folded := map[string]string{}
	for i, w := range o.ways {
		key, ok := folded[w.name]
		if !ok {
			key = slug(w.name)
			folded[w.name] = key
		}
		keys[i] = key
	}
	order := make([]int, len(o.ways))
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(a, b int) bool {
		i, j := order[a], order[b]
		if o.ways[i].road != o.ways[j].road {
			return !o.ways[i].road
		}
		if keys[i] != keys[j] {
			return keys[i] < keys[j]
		}
		return i < j
	})
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && keys[order[to]] == keys[order[from]] && o.ways[order[to]].road == o.ways[order[from]].road {
			to++
		}
		entries := o.street(order[from:to])
		if o.ways[order[from]].road {
			entries = o.road(order[from:to])
		}
		for _, e := range entries {
			if !o.emit(e, yield) {
				return
			}
		}
		from = to
	}
}

// line returns the points of a way that are in the file, thinned where they are
// dense and with points put in between where they are far apart, so that a long
// straight stays in one piece.
func (o *osmReader) line(w osmWay) orb.LineString {
	var line orb.LineString
	var last orb.Point
	for k := w.from; k < w.to; k++ {
		i, ok := slices.BinarySearch(o.needed, o.refs[k])
		if !ok || !o.known[i] {
			continue
		}
		last = degrees(o.at[i][0], o.at[i][1])
		if len(line) == 0 {
			line = append(line, last)
			continue
		}
		from := line[len(line)-1]
		d := geo.Distance(from, last)
		if d > maxStraightM {
			continue
		}
		for n, j := math.Ceil(d/stepM), 1.0; j < n; j++ {
			line = append(line, orb.Point{from[0] + (last[0]-from[0])*j/n, from[1] + (last[1]-from[1])*j/n})
		}
		if d >= thinM {
			line = append(line, last)
		}
	}
	if len(line) > 0 && line[len(line)-1] != last && geo.Distance(line[len(line)-1], last) <= maxStraightM {
		line = append(line, last)
	}
	return line
}

func (o *osmReader) street(ways []int) []index.Entry {
	var points []index.StreetPoint
	aliases := map[orb.Point][]string{}
	for _, i := range ways {
		w := o.ways[i]
		for _, p := range o.line(w) {
			points = append(points, index.StreetPoint{Name: w.name, Point: p})
			if len(w.aliases) > 0 {
				aliases[p] = w.aliases
			}
		}
	}
	// Ways meet in a node, and a ring or a damaged file goes over one many times.
	slices.SortFunc(points, func(a, b index.StreetPoint) int {
		return cmp.Or(comparePlaces(0, 0, a.Point, b.Point), cmp.Compare(a.Name, b.Name))
	})
	points = slices.Compact(points)
	entries := index.MergeStreets(points, index.StreetChainM)
	for i := range entries {
		e := &entries[i]
		for p, names := range aliases {
			if geo.Distance(p, e.Point) <= e.ExtentM+thinM {
				e.Aliases = append(e.Aliases, names...)
			}
		}
		slices.Sort(e.Aliases)
		e.Aliases = slices.Compact(e.Aliases)
	}
	return entries
}

// road cuts a numbered road into the pieces that fall in each square. The point
// of a piece is the one of its points nearest to their mean.
func (o *osmReader) road(ways []int) []index.Entry {
	pieces := map[[2]int]*spread{}
	for _, i := range ways {
		for _, p := range o.line(o.ways[i]) {
			square := [2]int{int(math.Floor(p.Lat() / pieceDegrees)), int(math.Floor(p.Lon() / pieceDegrees))}
			if pieces[square] == nil {
				pieces[square] = &spread{}
			}
			pieces[square].add(p)
		}
	}
	var entries []index.Entry
	name := o.ways[ways[0]].name
	for square, of := range pieces {
		mean, _ := of.middle()
		best := slices.MinFunc(of.points, func(a, b orb.Point) int {
			return comparePlaces(geo.Distance(a, mean), geo.Distance(b, mean), a, b)
		})
		reach := 0.0
		for _, p := range of.points {
			reach = max(reach, geo.Distance(best, p))
		}
		entries = append(entries, index.Entry{
			ID:      fmt.Sprintf("road-%s@%.2f,%.2f", strings.ToLower(name), float64(square[0])*pieceDegrees, float64(square[1])*pieceDegrees),
			Kind:    index.KindRoad,
			Name:    name,
			Point:   best,
			ExtentM: reach,
		})
	}
	slices.SortFunc(entries, compareEntries)
	return entries
}
