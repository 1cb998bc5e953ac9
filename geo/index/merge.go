package index

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"spreewatch/geo"
	"spreewatch/geo/address"

	"github.com/paulmach/orb"
)

// StreetChainM is the distance in metres below which two points of one name are
// taken for the same street. The snap points of one British street lie up to
// some hundred metres apart, streets that merely share a name mostly over a
// kilometre.
const StreetChainM = 700

// streetPieceM is the radius in metres of the pieces into which a longer street
// is cut.
const streetPieceM = 250

// A StreetPoint is one point known to lie on a named street.
type StreetPoint struct {
	Name     string    // as the source writes it
	Point    orb.Point // on the street
	Locality string    // "" where the source does not say
	Outcode  string    // "" where the source does not say
}

// MergeStreets joins points of the same name, apart from case and punctuation,
// into streets: two points belong to one street when a chain of steps of at most
// chainM metres leads from one to the other. A street that reaches farther than
// some 250 m from its middle is cut into pieces of that radius, so that "Common
// Road, Elsing" can be told from the far end of the same road; an Index takes
// pieces of one name within StreetChainM of each other for one street again.
//
// Each street or piece is an Entry of KindStreet whose Point is the one of its
// points nearest to their mean, so that it lies on the street even when the
// street bends, and whose ExtentM reaches the farthest of them. Name is the commonest spelling; Locality and Outcode are
// those of Point. ID is the folded name and the position of the southernmost point,
// of equals the westernmost. Source is left empty.
//
// The result is ordered by folded name, then ID, and does not depend on the
// order of the points. Points that CheckPoint refuses and points without a name
// are left out.
func MergeStreets(points []StreetPoint, chainM float64) []Entry {
	folded, count := map[string]string{}, map[string]int{}
	for _, p := range points {
		key, ok := folded[p.Name]
		if !ok {
			key = address.Fold(p.Name)
			folded[p.Name] = key
		}
		count[key]++
	}
	byName := make(map[string][]StreetPoint, len(count))
	for _, p := range points {
		if key := folded[p.Name]; key != "" && geo.CheckPoint(p.Point) == nil {
			if byName[key] == nil {
				byName[key] = make([]StreetPoint, 0, count[key])
			}
			byName[key] = append(byName[key], p)
		}
	}
	keys := make([]string, 0, len(byName))
	for key := range byName {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	entries := make([]Entry, 0, len(keys))
	for _, key := range keys {
		of := byName[key]
		slices.SortFunc(of, compareStreetPoints)
		from := len(entries)
		for _, chain := range chains(of, chainM) {
			for _, piece := range pieces(chain) {
				entries = append(entries, streetEntry(key, piece))
			}
		}
		slices.SortFunc(entries[from:], func(a, b Entry) int { return cmp.Compare(a.ID, b.ID) })
	}
	return entries
}

func compareStreetPoints(a, b StreetPoint) int {
	return cmp.Or(geo.ComparePoints(a.Point, b.Point), cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.Locality, b.Locality), cmp.Compare(a.Outcode, b.Outcode))
}

// chains splits the points, sorted by longitude, into groups linked by steps of
// at most chainM metres.
func chains(points []StreetPoint, chainM float64) [][]StreetPoint {
	linked := geo.NewUnion(len(points))
	for i, p := range points {
		reach := geo.Pad(orb.Bound{Min: p.Point, Max: p.Point}, chainM).Max.Lon()
		for j := i + 1; j < len(points) && points[j].Point.Lon() <= reach; j++ {
			if linked.Root(i) != linked.Root(j) && geo.Distance(p.Point, points[j].Point) <= chainM {
				linked.Join(i, j)
			}
		}
	}
	group := make(map[int]int, 4)
	var out [][]StreetPoint
	for i, p := range points {
		g, seen := group[linked.Root(i)]
		if !seen {
			g = len(out)
			group[linked.Root(i)] = g
			out = append(out, nil)
		}
		out[g] = append(out[g], p)
	}
	return out
}

// pieces cuts the points of a street, which are sorted, into groups within
// streetPieceM of one of theirs: the farthest from all middles so far becomes
// the next middle, and every point goes to the nearest (Gonzalez 1985).
func pieces(points []StreetPoint) [][]StreetPoint {
	middles := []orb.Point{middlePoint(points).Point}
	of := make([]int, len(points))
	gap := make([]float64, len(points))
	for i, p := range points {
		gap[i] = geo.Distance(p.Point, middles[0])
	}
	for {
		far := 0
		for i := range gap {
			if gap[i] > gap[far] {
				far = i
			}
		}
		if gap[far] <= streetPieceM {
			break
		}
		middles = append(middles, points[far].Point)
		for i, p := range points {
			if d := geo.Distance(p.Point, points[far].Point); d < gap[i] {
				gap[i], of[i] = d, len(middles)-1
			}
		}
	}
	if len(middles) == 1 {
		return [][]StreetPoint{points}
	}
	out := make([][]StreetPoint, len(middles))
	for i, p := range points {
		out[of[i]] = append(out[of[i]], p)
	}
	return out
}

// middlePoint returns the point of one street, of equals the first, that is nearest to
// their mean.
func middlePoint(points []StreetPoint) StreetPoint {
	if len(points) == 1 {
		return points[0]
	}
	var mean orb.Point
	for _, p := range points {
		mean[0] += p.Point[0] / float64(len(points))
		mean[1] += p.Point[1] / float64(len(points))
	}
	middle, least := points[0], math.Inf(1)
	for _, p := range points {
		if d := geo.Distance(p.Point, mean); d < least {
			middle, least = p, d
		}
	}
	return middle
}

// streetEntry makes one entry of the points of one street, which are sorted.
func streetEntry(key string, points []StreetPoint) Entry {
	middle, south := middlePoint(points), points[0].Point
	extent := 0.0
	for _, p := range points {
		extent = max(extent, geo.Distance(p.Point, middle.Point))
		if p.Point.Lat() < south.Lat() {
			south = p.Point
		}
	}
	return Entry{
		ID:       fmt.Sprintf("%s@%v,%v", strings.ReplaceAll(key, " ", "-"), south.Lat(), south.Lon()),
		Kind:     KindStreet,
		Name:     commonestName(points),
		Locality: middle.Locality,
		Outcode:  middle.Outcode,
		Point:    middle.Point,
		ExtentM:  extent,
	}
}

// commonestName returns the spelling that most points have, of equals the one
// with the most apostrophes, then the first by byte order.
func commonestName(points []StreetPoint) string {
	if !slices.ContainsFunc(points, func(p StreetPoint) bool { return p.Name != points[0].Name }) {
		return points[0].Name
	}
	count := map[string]int{}
	for _, p := range points {
		count[p.Name]++
	}
	best := ""
	for _, p := range points {
		if c := cmp.Or(cmp.Compare(count[p.Name], count[best]),
			cmp.Compare(strings.Count(p.Name, "'"), strings.Count(best, "'")),
			cmp.Compare(best, p.Name)); best == "" || c > 0 {
			best = p.Name
		}
	}
	return best
}
