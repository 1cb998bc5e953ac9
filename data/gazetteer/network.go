package gazetteer

import (
	"cmp"
	"fmt"
	"math"
	"slices"
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

// A network is the named and numbered roads of a source that knows how they lie.
// Ways of one name within geo.StreetChainM of each other are one street, with the
// geometry's reach for ExtentM; a numbered road is an entry for every two kilometres
// or so. Memory goes with the ways, 24 bytes a node of theirs.
type network struct {
	label    string
	ids      map[string]int
	interned map[string]string

	ways []way
	refs []int64 // nodes of all ways, end to end

	needed []int64    // the same, sorted, each once
	at     [][2]int32 // where each of those lies, nowhere until it is known
	nodes  []int32    // in place of refs, once all are there: numbers in needed

	onWays []located // nodes whose position stands on their ways
}

func newNetwork(label string) network {
	return network{label: label, ids: map[string]int{}, interned: map[string]string{}}
}

// A located is a node and its longitude and latitude, in 1e-7 degrees.
type located struct {
	id int64
	at [2]int32
}

type way struct {
	name    string
	aliases []string
	road    bool
	class   data.Class
	from    int // first of its nodes in refs
	to      int
}

func (n *network) intern(s string) string {
	if kept, ok := n.interned[s]; ok {
		return kept
	}
	n.interned[s] = s
	return s
}

// add takes a stretch of road once under its name and once under each of its
// numbers, as far as it has any. at is where each node lies, nil where that is found
// later.
func (n *network) add(class data.Class, name string, aliases, numbers []string, nodes []int64, at [][2]int32) {
	from := len(n.refs)
	as := func(name string, aliases []string, road bool) {
		n.ways = append(n.ways, way{name: n.intern(name), aliases: aliases, road: road, class: class, from: from, to: from + len(nodes)})
	}
	if name != "" {
		for i, alias := range aliases {
			aliases[i] = n.intern(alias)
		}
		as(name, aliases, false)
	}
	for _, number := range numbers {
		if number = strings.ToUpper(strings.TrimSpace(number)); roadNumber.MatchString(number) {
			as(number, nil, true)
		}
	}
	if len(n.ways) == 0 || n.ways[len(n.ways)-1].from != from {
		return
	}
	n.refs = append(n.refs, nodes...)
	for i, p := range at {
		n.onWays = append(n.onWays, located{nodes[i], p})
	}
}

// settle ends the adding of ways: the positions that came with them are taken, and
// those of the others remain to be found.
func (n *network) settle() {
	n.needed = slices.Clone(n.refs)
	slices.Sort(n.needed)
	n.needed = slices.Compact(n.needed)
	n.at = slices.Repeat([][2]int32{nowhere}, len(n.needed))
	n.nodes = make([]int32, len(n.refs))
	s := seeker{needed: n.needed}
	for k, ref := range n.refs {
		i, _ := s.seek(ref)
		n.nodes[k] = int32(i)
	}
	for _, on := range n.onWays {
		i, _ := s.seek(on.id)
		n.at[i] = on.at
	}
	n.refs, n.onWays = nil, nil
}

// nowhere is where a node lies that the file does not have.
var nowhere = [2]int32{math.MinInt32, math.MinInt32}

// lies returns where a node of a way lies, false where that is not known.
func (n *network) lies(node int32) (orb.Point, bool) {
	at := n.at[node]
	return degrees(at[0], at[1]), at != nowhere
}

// A seeker finds the nodes that are needed.
type seeker struct {
	needed []int64 // ascending
	cursor int     // of the next, where the one before was looked for
}

// A foundNode is a node by its number among those needed.
type foundNode struct {
	needed int
	at     [2]int32
}

// seek returns the number of a node among those needed. Files are sorted by id, so
// that the next one is mostly just ahead.
func (s *seeker) seek(id int64) (int, bool) {
	const justAhead = 16
	if s.cursor > 0 && s.needed[s.cursor-1] >= id {
		s.cursor, _ = slices.BinarySearch(s.needed, id)
	}
	for n := 0; s.cursor < len(s.needed) && s.needed[s.cursor] < id; n++ {
		if n == justAhead {
			on, _ := slices.BinarySearch(s.needed[s.cursor:], id)
			s.cursor += on
			break
		}
		s.cursor++
	}
	return s.cursor, s.cursor < len(s.needed) && s.needed[s.cursor] == id
}

// lines yields every way that was read once, with its name and its numbers, as it
// lies: for the map, once the entries have been read.
func (n *network) lines(yield func(data.Line) bool) {
	for i := 0; i < len(n.ways); {
		w := n.ways[i]
		l := data.Line{Class: w.class}
		var numbers []string
		for ; i < len(n.ways) && n.ways[i].from == w.from; i++ {
			if n.ways[i].road {
				numbers = append(numbers, n.ways[i].name)
			} else {
				l.Name = n.ways[i].name
			}
		}
		l.Number = strings.Join(numbers, " ")
		l.Points = make(orb.LineString, 0, w.to-w.from)
		for _, node := range n.nodes[w.from:w.to] {
			p, ok := n.lies(node)
			if !ok {
				continue
			}
			if last := len(l.Points) - 1; last >= 0 && farApart(l.Points[last], p) {
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

// farApart reports whether a street cannot run from one point straight to the other.
func farApart(a, b orb.Point) bool {
	const near = 0.2 // degrees: at most 32 km, and no need to say how many
	if math.Abs(a.Lat()-b.Lat()) < near && math.Abs(a.Lon()-b.Lon()) < near {
		return false
	}
	return geo.Distance(a, b) > maxStraightM
}

func degrees(lon, lat int32) orb.Point {
	return orb.Point{float64(lon) / 1e7, float64(lat) / 1e7}
}

func (n *network) emit(e index.Entry, yield func(index.Entry, error) bool) bool {
	e.Source = n.label
	e.ID = numbered(n.ids, e.ID)
	return yield(e, nil)
}

// streets merges the ways a name at a time, on all cores, so that only some names'
// geometry is spread out at once.
func (n *network) streets(yield func(index.Entry, error) bool) {
	keys := n.keys()
	order := inOrderOf(keys)
	names := func(yield func([][]int) bool) {
		var batch [][]int
		for from := 0; from < len(order); {
			to := from + 1
			for to < len(order) && keys[order[to]] == keys[order[from]] {
				to++
			}
			if batch = append(batch, order[from:to]); len(batch) == namesAtOnce {
				if !yield(batch) {
					return
				}
				batch = nil
			}
			from = to
		}
		yield(batch)
	}
	merge := func(batch [][]int) (entries []index.Entry) {
		for _, ways := range batch {
			if n.ways[ways[0]].road {
				entries = append(entries, n.road(ways)...)
			} else {
				entries = append(entries, n.street(ways)...)
			}
		}
		return entries
	}
	for entries := range inOrder(names, func() func([][]int) []index.Entry { return merge }) {
		for _, e := range entries {
			if !n.emit(e, yield) {
				return
			}
		}
	}
}

// inOrderOf returns the numbers of the keys, which are counted from 0, in their order,
// of equals the first before.
func inOrderOf(keys []int) []int {
	if len(keys) == 0 {
		return nil
	}
	from := make([]int, slices.Max(keys)+2)
	for _, key := range keys {
		from[key+1]++
	}
	for key := 1; key < len(from); key++ {
		from[key] += from[key-1]
	}
	order := make([]int, len(keys))
	for i, key := range keys {
		order[from[key]] = i
		from[key]++
	}
	return order
}

// keys returns the place of each way's folded name among those of all, numbers of
// roads behind the names.
func (n *network) keys() []int {
	type named struct{ key, name string }
	keys := make([]int, len(n.ways))
	next := 0
	for _, road := range []bool{false, true} {
		var names []named
		place := make(map[string]int, len(n.interned))
		for _, w := range n.ways {
			if w.road != road {
				continue
			}
			if _, seen := place[w.name]; !seen {
				place[w.name] = 0
				names = append(names, named{slug(w.name), w.name})
			}
		}
		slices.SortFunc(names, func(a, b named) int { return cmp.Compare(a.key, b.key) })
		for i, of := range names {
			if i > 0 && of.key != names[i-1].key {
				next++
			}
			place[of.name] = next
		}
		next++
		for i, w := range n.ways {
			if w.road == road {
				keys[i] = place[w.name]
			}
		}
	}
	return keys
}

// namesAtOnce is how many names' ways are merged as one job.
const namesAtOnce = 64

// A plane measures short distances near a point by those on one that touches the
// sphere there, within a fiftieth of geo.Distance: a street's steps are a handful of
// metres each, and to know that they are under fifty takes no sine.
type plane struct {
	middle orb.Point
	cos    float64
}

const (
	planeShare   = 0.02
	planeDegrees = 0.1 // from the middle, north or south
	planeMostLat = 80
)

func newPlane(middle orb.Point) plane {
	return plane{middle, math.Cos(middle.Lat() * math.Pi / 180)}
}

// between reports whether the distance of two points is surely at least low and under
// high metres.
func (f plane) between(a, b orb.Point, low, high float64) bool {
	if math.Abs(a.Lat()-f.middle.Lat()) > planeDegrees || math.Abs(b.Lat()-f.middle.Lat()) > planeDegrees || math.Abs(f.middle.Lat()) > planeMostLat {
		return false
	}
	const degree = geo.EarthRadius * math.Pi / 180
	x, y := (a.Lon()-b.Lon())*f.cos*degree, (a.Lat()-b.Lat())*degree
	low, high = low*(1+planeShare), high*(1-planeShare)
	square := x*x + y*y
	return square < high*high && (low == 0 || square > low*low)
}

// line returns the points of a way that are in the file, thinned where they are
// dense and with points put in between where they are far apart, so that a long
// straight stays in one piece.
func (n *network) line(w way) orb.LineString {
	line := make(orb.LineString, 0, w.to-w.from)
	var last orb.Point
	var near plane
	for _, node := range n.nodes[w.from:w.to] {
		p, ok := n.lies(node)
		if !ok {
			continue
		}
		last = p
		if len(line) == 0 {
			line, near = append(line, last), newPlane(last)
			continue
		}
		from := line[len(line)-1]
		if near.between(from, last, 0, thinM) {
			continue
		}
		if near.between(from, last, thinM, stepM) {
			line = append(line, last)
			continue
		}
		d := geo.Distance(from, last)
		if d > maxStraightM {
			continue
		}
		for steps, j := math.Ceil(d/stepM), 1.0; j < steps; j++ {
			line = append(line, orb.Point{from[0] + (last[0]-from[0])*j/steps, from[1] + (last[1]-from[1])*j/steps})
		}
		if d >= thinM {
			line = append(line, last)
		}
	}
	if len(line) > 0 && line[len(line)-1] != last && !farApart(line[len(line)-1], last) {
		line = append(line, last)
	}
	return line
}

func (n *network) street(ways []int) []index.Entry {
	most := 0
	for _, i := range ways {
		most += n.ways[i].to - n.ways[i].from
	}
	points := make([]index.StreetPoint, 0, most)
	aliases := map[orb.Point][]string{}
	for _, i := range ways {
		w := n.ways[i]
		for _, p := range n.line(w) {
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
func (n *network) road(ways []int) []index.Entry {
	pieces := map[[2]int]*spread{}
	for _, i := range ways {
		for _, p := range n.line(n.ways[i]) {
			square := [2]int{int(math.Floor(p.Lat() / pieceDegrees)), int(math.Floor(p.Lon() / pieceDegrees))}
			if pieces[square] == nil {
				pieces[square] = &spread{}
			}
			pieces[square].add(p)
		}
	}
	var entries []index.Entry
	name := n.ways[ways[0]].name
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

// oneLine returns the value of a tag or a column as a name, on one line, "" where it
// is none.
func oneLine(s string) string {
	if !utf8.ValidString(s) {
		return ""
	}
	if s == "" {
		return ""
	}
	s = strings.Join(strings.Fields(s), " ")
	if e := (index.Entry{Kind: index.KindPlace, Name: s}); e.Check() != nil {
		return ""
	}
	return s
}
