package night

import (
	"context"
	"errors"
	"fmt"
	"html"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"

	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/qgis"
	"spreewatch/data/gazetteer"
	"spreewatch/geo"
	"spreewatch/geo/index"
)

const (
	// sameTownM is how near two settlements of one name are one, aboutM how far from
	// a settlement a street may be to count for it, and vagueM how badly placed one
	// may be to stand on the map.
	sameTownM = 3_000
	aboutM    = 1_000
	vagueM    = 1_000
	// roadTolerance is by how much a through road may be straightened, in degrees:
	// 10 m, a tenth of a millimetre at 1:100,000.
	roadTolerance = 1e-4
)

// ground is what the store knows of the ground: settlements by the streets about
// them, through roads over the whole area, and near to the patrols the streets, as
// lines where a source has any and else by their names.
func (e *evening) ground(ctx context.Context, area orb.Bound, near []orb.Bound) (layer.Ground, error) {
	h, err := e.hold(ctx)
	if err != nil {
		return layer.Ground{}, err
	}
	var g layer.Ground
	for _, s := range h.Sources {
		g.Sources = append(g.Sources, "Names: "+s.Label()+", "+s.Licence)
	}
	var names []data.GazetteerName
	for _, part := range halves(area) {
		some, err := e.namesIn(ctx, h, part)
		if err != nil {
			return g, err
		}
		names = append(names, some...)
		roads, err := e.db.Lines(ctx, part, true)
		if err != nil {
			return g, err
		}
		for i := range roads {
			roads[i].Points = simplify.DouglasPeucker(roadTolerance).LineString(roads[i].Points)
		}
		g.Roads = append(g.Roads, roads...)
	}
	g.Settlements = settlementsBySize(names)
	for _, part := range near {
		for _, part := range halves(part) {
			lines, err := e.db.Lines(ctx, part, false)
			if err != nil {
				return g, err
			}
			for _, l := range lines {
				if !l.Class.Through() {
					g.Roads = append(g.Roads, l)
				}
			}
		}
	}
	g.Roads = distinct(g.Roads)
	if len(g.Roads) == 0 {
		g.Sources = append(g.Sources, "Roads: none, since no imported source has lines; an OpenStreetMap extract has")
		g.Streets = streetsNear(names, near)
	}
	return g, nil
}

// basemap is the map of the settings to lie under the project's, and what a reader
// must know of it. One that is not there, holds no picture, or reaches none of the
// places is left out, and the ground stays.
func (o Options) basemap(ctx context.Context, places []orb.Point) (qgis.Basemap, []string, error) {
	b, err := qgis.ParseBasemap(o.Settings.Export.Basemap)
	if err != nil || b.Source == "" {
		return qgis.Basemap{}, nil, err
	}
	if b.Online {
		return b, []string{"the map asks " + b.Name + " for its base map: that server learns where every reader looks, and so where patrols go"}, nil
	}
	without := func(why string) (qgis.Basemap, []string, error) {
		return qgis.Basemap{}, []string{"the base map " + b.Name + " " + why + ": the map has the ground of the gazetteer in its place"}, nil
	}
	if b.Source, err = filepath.Abs(b.Source); err != nil {
		return qgis.Basemap{}, nil, err
	}
	if _, err := os.Stat(b.Source); err != nil {
		return without("is not there")
	}
	tiles, err := data.ReadTileset(ctx, b.Source)
	if errors.Is(err, data.ErrNoTiles) {
		return without(err.Error())
	}
	if err != nil {
		return qgis.Basemap{}, nil, err
	}
	if tiles.Bound != nil && len(places) > 0 && !slices.ContainsFunc(places, tiles.Bound.Contains) {
		return without("reaches none of tonight's places")
	}
	var notes []string
	if tiles.Tables > 1 {
		notes = append(notes, fmt.Sprintf("the base map %s has %d sets of tiles: the map shows %s", b.Name, tiles.Tables, tiles.Table))
		b.Source = "GPKG:" + b.Source + ":" + tiles.Table
	}
	b.CRS, b.Attribution = tiles.CRS, plain(tiles.Attribution)
	return b, notes, nil
}

var markup = regexp.MustCompile(`<[^>]*>`)

// plain is what a reader sees of a line of HTML.
func plain(s string) string {
	return strings.Join(strings.Fields(html.UnescapeString(markup.ReplaceAllString(s, ""))), " ")
}

// namesIn are the streets and settlements in the area.
func (e *evening) namesIn(ctx context.Context, h gazetteer.Holding, area orb.Bound) ([]data.GazetteerName, error) {
	if !h.Sample {
		return e.db.GazetteerNames(ctx, area)
	}
	var out []data.GazetteerName
	for entry, err := range gazetteer.Sample() {
		if err != nil {
			return nil, err
		}
		if (entry.Kind == index.KindStreet || entry.Kind == index.KindPlace) && area.Contains(entry.Point) {
			out = append(out, data.GazetteerName{Kind: entry.Kind, Name: entry.Name, Locality: entry.Locality, Point: entry.Point, ErrorM: entry.ErrorM})
		}
	}
	return out, nil
}

// nameStreets says of each suggestion which streets run through its area, and in its
// reason the first of them.
func (e *evening) nameStreets(ctx context.Context, suggestions []patrol.Suggestion) error {
	h, err := e.hold(ctx)
	if err != nil {
		return err
	}
	around := make(map[orb.Bound][]data.GazetteerName) // by square, which the areas of a town share
	for i := range suggestions {
		s := &suggestions[i]
		in := make(map[string]bool)
		inside := func(p orb.Point) bool {
			c, err := geo.CellAt(p, s.Area[0].Resolution())
			if err != nil {
				return false
			}
			_, found := slices.BinarySearch(s.Area, c)
			return found
		}
		whole := s.Area[0].Polygon().Bound()
		for _, c := range s.Area[1:] {
			whole = layer.JoinBounds(whole, c.Polygon().Bound())
		}
		for _, part := range halves(whole) {
			square := squares(part)
			if _, ok := around[square]; !ok {
				if around[square], err = e.namesIn(ctx, h, square); err != nil {
					return err
				}
			}
			for _, n := range around[square] {
				if n.Kind == index.KindStreet && part.Contains(n.Point) && inside(n.Point) {
					in[n.Name] = true
				}
			}
			lines, err := e.db.Lines(ctx, part, false)
			if err != nil {
				return err
			}
			for _, l := range lines {
				if l.Name != "" && l.Class != data.ClassPath && slices.ContainsFunc(l.Points, inside) {
					in[l.Name] = true
				}
			}
		}
		s.Streets = slices.Sorted(maps.Keys(in))
		s.Reason += streetsText(s.Streets)
	}
	return nil
}

// squares are those of a tenth of a degree that the area touches.
func squares(area orb.Bound) orb.Bound {
	for k := range area.Min {
		area.Min[k], area.Max[k] = math.Floor(area.Min[k]*10)/10, math.Ceil(area.Max[k]*10)/10
	}
	return area
}

// streetsText names the first streets of an area in a sentence.
func streetsText(streets []string) string {
	const most = 4
	switch n := len(streets); {
	case n == 0:
		return ""
	case n == 1:
		return " The street in it is " + streets[0] + "."
	case n <= most:
		return " The streets in it are " + strings.Join(streets[:n-1], ", ") + " and " + streets[n-1] + "."
	default:
		return fmt.Sprintf(" The streets in it are %s and %d more.", strings.Join(streets[:most], ", "), n-most)
	}
}

// halves are the parts of an area on either side of 180°.
func halves(area orb.Bound) []orb.Bound {
	if area.Max[0] <= 180 {
		return []orb.Bound{area}
	}
	over := orb.Bound{Min: orb.Point{-180, area.Min[1]}, Max: orb.Point{area.Max[0] - 360, area.Max[1]}}
	area.Max[0] = 180
	return []orb.Bound{area, over}
}

// settlementsBySize are the settlements, each once, with the number of distinct
// streets about them.
func settlementsBySize(names []data.GazetteerName) []layer.Settlement {
	const squares = 50 // a degree: at most 2.2 km a side
	square := func(p orb.Point) [2]int {
		return [2]int{int(math.Floor(p[0] * squares)), int(math.Floor(p[1] * squares))}
	}
	streets := make(map[[2]int][]data.GazetteerName)
	for _, n := range names {
		if n.Kind == index.KindStreet {
			streets[square(n.Point)] = append(streets[square(n.Point)], n)
		}
	}
	var out []layer.Settlement
	byName := make(map[string][]int)
	for _, n := range names {
		key := strings.ToLower(n.Name)
		if n.Kind != index.KindPlace || n.ErrorM > vagueM || slices.ContainsFunc(byName[key], func(i int) bool { return geo.Distance(out[i].Point, n.Point) < sameTownM }) {
			continue
		}
		byName[key] = append(byName[key], len(out))
		about := make(map[string]bool)
		reach := int(math.Ceil(aboutM * squares / (geo.EarthRadius * math.Pi / 180) / max(0.1, math.Cos(n.Point.Lat()*math.Pi/180))))
		for dx := -reach; dx <= reach; dx++ {
			for dy := -1; dy <= 1; dy++ {
				at := square(n.Point)
				for _, street := range streets[[2]int{at[0] + dx, at[1] + dy}] {
					if geo.Distance(street.Point, n.Point) < aboutM {
						about[street.Name] = true
					}
				}
			}
		}
		out = append(out, layer.Settlement{Name: n.Name, Streets: len(about), Point: n.Point})
	}
	return out
}

// streetsNear are the names of the streets in the parts, each once where its points
// lie together.
func streetsNear(names []data.GazetteerName, near []orb.Bound) []layer.Street {
	const together = 300.0
	var out []layer.Street
	for _, n := range names {
		if n.Kind != index.KindStreet || !slices.ContainsFunc(near, func(b orb.Bound) bool { return b.Contains(n.Point) }) {
			continue
		}
		if !slices.ContainsFunc(out, func(s layer.Street) bool { return s.Name == n.Name && geo.Distance(s.Point, n.Point) < together }) {
			out = append(out, layer.Street{Name: n.Name, Point: n.Point})
		}
	}
	return out
}

// distinct are the lines, each once: the parts that are near to two patrols overlap.
func distinct(lines []data.Line) []data.Line {
	type key struct {
		name        string
		first, last orb.Point
		n           int
	}
	seen := make(map[key]bool)
	return slices.DeleteFunc(lines, func(l data.Line) bool {
		k := key{l.Name + "|" + l.Number, l.Points[0], l.Points[len(l.Points)-1], len(l.Points)}
		again := seen[k]
		seen[k] = true
		return again
	})
}
