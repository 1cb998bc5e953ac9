package gazetteer

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"spreewatch/data"
	"spreewatch/geo/index"
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

// otherNameKeys are the keys of other names of a thing.
var otherNameKeys = []string{"alt_name", "loc_name", "name:cy", "name:en", "name:gd", "short_name"}

// readOSM reads an OSM PBF extract in two passes: first the ways, then the nodes
// that they use and the nodes that are places or junctions themselves. A named
// junction is a landmark. Squares that are drawn as a relation of several ways stand
// behind the ways in a file, and where there are any, the blocks of ways are gone over
// once more for their outlines. What each block holds is known from the first pass. Memory goes with the named highways and squares and
// not with the size of the file.
func readOSM(s *Set) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		o := osmReader{network: newNetwork(s.label())}
		s.lines = o.lines
		for _, p := range s.parts {
			o.blobs = append(o.blobs, nil)
			err := scanOSM(s, p, sortedBlobs, (*wayBlock).handler, o.takeWays)
			if err == nil {
				err = o.outlines(s, p)
			}
			if err != nil {
				yield(index.Entry{}, err)
				return
			}
		}
		o.settle()
		for i, p := range s.parts {
			if err := scanOSM(s, p, blobsWith(pbfNodes, o.blobs[i]), o.nodes, o.takeNodes); err != nil {
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
	network
	points  []index.Entry // places and junctions
	squares []osmSquare   // of the file that is read
	blobs   [][]pbfSorts  // what the blobs of each file hold
}

func scanOSM[T any](s *Set, p part, blobs func(io.Reader) iter.Seq[pbfBlob], handler func(*T) pbfHandler, take func(*T)) error {
	rc, err := s.open(p)
	if err != nil {
		return err
	}
	defer rc.Close()
	err = scanBlobs(blobs(rc), handler, take)
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

// wayBlock are the named and numbered highways and the squares of a block.
type wayBlock struct {
	holds   pbfSorts
	squares []osmSquare
	ways    []osmWay
	refs    []int64 // nodes of all, end to end
	at      [][2]int32
}

type osmWay struct {
	class   data.Class
	name    string
	aliases []string
	numbers []string
	nodes   int
	located bool // its nodes have their positions in at
}

// An osmSquare is a named street or square that a relation draws as an area.
type osmSquare struct {
	class   data.Class
	name    string
	aliases []string
	outer   []int64 // the ways about it
}

func (o *wayBlock) handler() pbfHandler {
	return pbfHandler{
		way:      o.way,
		wanted:   func(_ int64, tags osmTags) bool { return wantedWay(tags) },
		relation: o.relation,
		holds:    func(sorts pbfSorts) { o.holds = sorts },
	}
}

// wantedWay says whether a way is a street, a square or a road that can be named.
func wantedWay(tags osmTags) bool {
	highway := tags.find("highway")
	street := len(highway) > 0 && !notStreets[string(highway)] || string(tags.find("place")) == "square"
	return street && (len(tags.find("name")) > 0 || len(tags.find("ref")) > 0)
}

func (o *wayBlock) relation(tags osmTags, outer []int64) {
	if name := oneLine(tags.get("name")); name != "" && string(tags.find("type")) == "multipolygon" && wantedWay(tags) && len(outer) > 0 {
		o.squares = append(o.squares, osmSquare{classOf(tags.get("highway")), name, namesBeside(tags, name), slices.Clone(outer)})
	}
}

// namesBeside returns what else a thing is called.
func namesBeside(tags osmTags, name string) []string {
	var aliases []string
	for _, key := range otherNameKeys {
		value := tags.find(key)
		if len(value) == 0 {
			continue
		}
		for alias := range strings.SplitSeq(oneLine(string(value)), ";") {
			if alias = strings.TrimSpace(alias); alias != "" && alias != name {
				aliases = append(aliases, alias)
			}
		}
	}
	return aliases
}

func (o *wayBlock) way(_ int64, tags osmTags, refs []int64, at [][2]int32) {
	name, ref := oneLine(tags.get("name")), tags.get("ref")
	if len(refs) == 0 || name == "" && ref == "" {
		return
	}
	var aliases, numbers []string
	if name != "" {
		aliases = namesBeside(tags, name)
	}
	if ref != "" {
		numbers = strings.Split(ref, ";")
	}
	o.ways = append(o.ways, osmWay{classOf(tags.get("highway")), name, aliases, numbers, len(refs), len(at) > 0})
	o.refs, o.at = append(o.refs, refs...), append(o.at, at...)
}

func (o *osmReader) takeWays(block *wayBlock) {
	last := len(o.blobs) - 1
	o.blobs[last], o.squares = append(o.blobs[last], block.holds), append(o.squares, block.squares...)
	refs, at := block.refs, block.at
	for _, w := range block.ways {
		var on [][2]int32
		if w.located {
			on, at = at[:w.nodes], at[w.nodes:]
		}
		o.add(w.class, w.name, w.aliases, w.numbers, refs[:w.nodes], on)
		refs = refs[w.nodes:]
	}
}

// outlineBlock are the ways of a block that stand about squares.
type outlineBlock []outline

type outline struct {
	id   int64
	refs []int64
	at   [][2]int32
}

// outlines adds the ways about the squares that the relations of a file name, each
// under the square's name, and lets the relations go.
func (o *osmReader) outlines(s *Set, p part) error {
	if len(o.squares) == 0 {
		return nil
	}
	of := map[int64][]int{} // the squares that a way stands about
	for i, square := range o.squares {
		for _, id := range square.outer {
			of[id] = append(of[id], i)
		}
	}
	handler := func(block *outlineBlock) pbfHandler {
		return pbfHandler{
			wanted: func(id int64, _ osmTags) bool { return len(of[id]) > 0 },
			way: func(id int64, _ osmTags, refs []int64, at [][2]int32) {
				*block = append(*block, outline{id, slices.Clone(refs), slices.Clone(at)})
			},
		}
	}
	err := scanOSM(s, p, blobsWith(pbfWays, o.blobs[len(o.blobs)-1]), handler, func(block *outlineBlock) {
		for _, w := range *block {
			for _, i := range of[w.id] {
				square := o.squares[i]
				o.add(square.class, square.name, slices.Clone(square.aliases), nil, w.refs, w.at)
			}
		}
	})
	o.squares = nil
	return err
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

// nodeBlock are the nodes of a block that the ways use, and its places and junctions.
type nodeBlock struct {
	seeker
	found  []foundNode
	points []index.Entry
}

func (o *osmReader) nodes(block *nodeBlock) pbfHandler {
	block.needed = o.needed
	return pbfHandler{node: func(id int64, lat, lon int32, tags osmTags) {
		if at, ok := block.seek(id); ok {
			block.found = append(block.found, foundNode{at, [2]int32{lon, lat}})
		}
		if e, ok := placeOf(id, lat, lon, tags); ok {
			e.Source = o.label
			block.points = append(block.points, e)
		}
	}}
}

func (o *osmReader) takeNodes(block *nodeBlock) {
	for _, n := range block.found {
		o.at[n.needed] = n.at
	}
	o.points = append(o.points, block.points...)
}

// placeOf returns the settlement or the junction that a node is, without Source;
// false for another.
func placeOf(id int64, lat, lon int32, tags osmTags) (index.Entry, bool) {
	if len(tags) == 0 {
		return index.Entry{}, false
	}
	name := oneLine(tags.get("name"))
	if name == "" {
		return index.Entry{}, false
	}
	e := index.Entry{Name: name, Point: degrees(lon, lat)}
	switch {
	case settlements[tags.get("place")]:
		e.Kind = index.KindPlace
		for _, key := range otherNameKeys {
			if alias := oneLine(tags.get(key)); alias != "" && alias != name {
				e.Aliases = append(e.Aliases, alias)
			}
		}
	case tags.get("junction") != "" || tags.get("highway") == "motorway_junction":
		e.Kind = index.KindLandmark
	default:
		return index.Entry{}, false
	}
	e.ID = fmt.Sprintf("node-%d", id)
	return e, true
}
