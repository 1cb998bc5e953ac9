package gazetteer

import (
	"iter"
	"math"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"

	"spreewatch/data"
	"spreewatch/geo"
	"spreewatch/geo/index"
)

// bendM is how far in metres a point of a road may lie from the straight between
// its neighbours and still be left out.
const bendM = 1

// readOpenRoads reads the links of OS Open Roads from its GeoPackage: the links of
// one name near each other are a street, and those of one number a road. Settlements
// are not in it. A link that joins two others only on paper is left out.
func readOpenRoads(s *Set) iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		n := newNetwork(s.label())
		s.lines = n.lines
		for _, p := range s.parts {
			r := row{file: p.name}
			for v, err := range s.layer(p, "fictitious", "road_classification", "road_function", "trunk_road", "road_classification_number", "name_1", "name_2") {
				if err != nil {
					yield(index.Entry{}, err)
					return
				}
				r.line++
				if isTrue(v[0]) {
					err = leave("not a road on the ground")
				} else {
					err = n.link(r, v)
				}
				if err != nil && !yield(index.Entry{}, err) {
					return
				}
			}
		}
		n.settle()
		n.streets(yield)
	}
}

func isTrue(v []byte) bool { return string(v) == "1" || strings.EqualFold(string(v), "true") }

// link adds one link, by the values in the order of readOpenRoads.
func (n *network) link(r row, v [][]byte) error {
	name, other, number := oneLine(string(v[5])), oneLine(string(v[6])), string(v[4])
	if name == "" && number == "" {
		return leave("a road without a name")
	}
	line, ok := gridShape(v[7]).(orb.LineString)
	if !ok || len(line) < 2 {
		return r.refuse("geometry", "not a line")
	}
	line = simplify.DouglasPeucker(bendM).LineString(line)
	nodes := make([]int64, len(line))
	at := make([][2]int32, len(line))
	for i, p := range line {
		on, err := geo.FromGrid(p[0], p[1])
		if err != nil {
			return r.refuse("geometry", "no position on the National Grid")
		}
		nodes[i] = int64(math.Round(p[0]*10))<<32 | int64(math.Round(p[1]*10))
		at[i] = [2]int32{int32(math.Round(on.Lon() * 1e7)), int32(math.Round(on.Lat() * 1e7))}
	}
	var aliases []string
	if other != "" && other != name {
		aliases = []string{other}
	}
	n.add(linkClass(string(v[1]), string(v[2]), isTrue(v[3])), name, aliases, []string{number}, nodes, at)
	return nil
}

func linkClass(classification, function string, trunk bool) data.Class {
	switch {
	case classification == "Motorway":
		return data.ClassMotorway
	case classification == "A Road" && trunk:
		return data.ClassTrunk
	case classification == "A Road":
		return data.ClassPrimary
	case classification == "B Road":
		return data.ClassSecondary
	case classification == "Classified Unnumbered":
		return data.ClassTertiary
	case function == "Restricted Local Access Road":
		return data.ClassPath
	}
	return data.ClassStreet
}
