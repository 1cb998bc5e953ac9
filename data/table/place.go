package table

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// A Plane says what the coordinates X and Y of a table are.
type Plane uint8

// The planes.
const (
	NoPlane      Plane = iota // there are none, or they are on a plane that is not known
	DegreePlane               // longitude and latitude under the names of X and Y
	NationalGrid              // easting and northing, metres
	NamedPlane                // of the coordinate reference system that the caller named
)

// placing says how the columns of coordinates of one file are read.
type placing struct {
	plane   Plane
	project func(x, y float64) (orb.Point, error) // of NamedPlane
	known   string                                // what NamedPlane is where the table says so, not the caller
	scale   float64                               // of X and Y, to metres
	centre  orb.Point                             // the middle of the file's points
	far     float64                               // metres from it at which a point is no place of this file; 0 where none is
}

// settlePlane tells the plane of X and Y by their range, the zone and the names.
func (t *Table) settlePlane() {
	l := t.Layout
	p := &t.place
	p.scale, p.project = l.scale, t.o.Project
	if !l.Has(X, Y) {
		return
	}
	x, y := l.Columns[l.At[X]], l.Columns[l.At[Y]]
	named := func(c *Column, words ...string) bool { return c.has(words...) }
	switch {
	case p.project != nil:
		p.plane = NamedPlane
		if !t.o.Feet {
			break
		}
		p.scale = 1
	case x.numbers == 0:
	case math.Abs(x.min) <= 180 && math.Abs(x.max) <= 180 && math.Abs(y.min) <= 90 && math.Abs(y.max) <= 90 && x.ints < x.numbers:
		p.plane = DegreePlane
	case named(x, "irish", "itm", "ig", "tm65", "tm75") || t.o.Zone.String() == "Europe/Dublin" && named(x, "easting", "eastings", "x"):
		p.irish(x, y)
	case named(x, "nztm", "nztm2000"):
		p.know("EPSG:2193")
	case l.unit == "" && inGrid(x, y) && (britain(t.o.Zone.String()) || named(x, "easting", "eastings") && !america(t.o.Zone.String())):
		p.plane = NationalGrid
	}
}

// irish takes the coordinates for those of a grid of Ireland: Irish Transverse
// Mercator begins where the Irish Grid ends.
func (pl *placing) irish(x, y *Column) {
	switch {
	case x.min >= 400_000 && x.max < 850_000 && y.min >= 500_000 && y.max < 1_000_000:
		pl.know("EPSG:2157")
	case x.min >= 0 && x.max < 400_000 && y.min >= 0 && y.max < 500_000 && x.max > 1000 && y.max > 1000:
		pl.know("EPSG:29903")
	}
}

// know takes the coordinates for those of a system that the table itself tells.
func (pl *placing) know(code string) {
	if crs, err := geo.ParseProjection(code); err == nil {
		pl.plane, pl.project, pl.known = NamedPlane, crs.Point, code
	}
}

func inGrid(x, y *Column) bool {
	return x.min >= 0 && x.max < 700_000 && y.min >= 0 && y.max < 1_300_000 && x.max > 1000 && y.max > 1000
}

func britain(zone string) bool {
	return slices.Contains([]string{"Europe/London", "Europe/Jersey", "Europe/Guernsey", "Europe/Isle_of_Man", "GB"}, zone)
}

func america(zone string) bool {
	return len(zone) > 8 && zone[:8] == "America/" || len(zone) > 3 && zone[:3] == "US/" || len(zone) > 7 && zone[:7] == "Canada/"
}

// degreesAt reads the degrees of a row. A value that is none is a *fieldError.
func (r Row) degreesAt() (p orb.Point, ok bool, err error) {
	lat, lon := r.Get(Lat), r.Get(Lon)
	switch {
	case lat == "" && lon == "":
		return p, false, nil
	case lat == "":
		return p, false, &fieldError{string(Lat), "a longitude without a latitude"}
	case lon == "":
		return p, false, &fieldError{string(Lon), "a latitude without a longitude"}
	}
	y, err := degrees(lat, 90)
	if err != nil {
		return p, false, &fieldError{string(Lat), err.Error()}
	}
	x, err := degrees(lon, 180)
	if err != nil {
		return p, false, &fieldError{string(Lon), err.Error()}
	}
	return orb.Point{x, y}, true, nil
}

// Degrees reads the longitude and latitude of a row that must have them.
func (r Row) Degrees() (orb.Point, error) {
	for _, f := range []Field{Lat, Lon} {
		if r.Get(f) == "" {
			return orb.Point{}, &fieldError{string(f), "is empty"}
		}
	}
	p, _, err := r.degreesAt()
	return p, err
}

// degrees reads an angle of no more than limit.
func degrees(s string, limit float64) (float64, error) {
	v, ok := parseNumber(s)
	if !ok {
		v, ok = parseAngle(s)
	}
	if !ok {
		return 0, errors.New("not a number of degrees")
	}
	if math.Abs(v) > limit {
		return 0, fmt.Errorf("beyond %g degrees", limit)
	}
	return v, nil
}

// Point reads the place of a row as longitude and latitude, from degrees, from both
// in one value, or from a plane that is known; ok is false where it has none. 0, 0
// is what systems write for a place that they withhold, and so is none.
func (r Row) Point() (p orb.Point, ok bool, err error) {
	p, _, ok, err = r.PointWithin()
	return p, ok, err
}

// PointWithin is Point with how many metres about it hold the place, as far as its
// source says: the side of the square that a reference of the National Grid names, 0
// where it says nothing.
func (r Row) PointWithin() (p orb.Point, within float64, ok bool, err error) {
	p, within, ok, err = r.rawPoint()
	if err != nil || !ok {
		return p, 0, false, err
	}
	if reason := r.t.place.doubt(p); reason != "" {
		return p, 0, false, &fieldError{fieldCoordinates, reason}
	}
	return p, within, true, nil
}

// rawPoint is PointWithin before it is held against the other points of the file.
func (r Row) rawPoint() (p orb.Point, within float64, ok bool, err error) {
	l := r.t.Layout
	if l.Why[X] != "named" || r.t.place.plane == NoPlane {
		if p, ok, err = r.degreesAt(); err != nil {
			return p, 0, false, err
		}
	}
	if !ok && l.Has(Point) {
		if p, within, ok = pointOf(r.Get(Point)); ok && geo.CheckPoint(p) != nil {
			if p, err = r.t.project(p); err != nil {
				return p, 0, false, err
			}
		}
	}
	if !ok && l.Has(Location) { // the place may be told by its reference
		p, within, ok = squareOf(r.Get(Location))
	}
	if !ok && r.t.place.plane != NoPlane {
		x, y := r.Get(X), r.Get(Y)
		if x == "" && y == "" {
			return p, 0, false, nil
		}
		p, err = r.t.place.unproject(x, y)
		if err != nil {
			return p, 0, false, err
		}
		ok = p != orb.Point{}
	}
	if ok && p == (orb.Point{}) {
		if isShape(r.Get(Point)) {
			return p, 0, false, &fieldError{string(Point), errShape}
		}
		return p, 0, false, &fieldError{string(Lat), errZero}
	}
	return p, within, ok, nil
}

// project makes degrees of a point that is on a plane: that which the caller named, or
// the National Grid.
func (t *Table) project(p orb.Point) (orb.Point, error) {
	var err error
	switch {
	case t.o.Project != nil:
		p, err = t.o.Project(p[0], p[1])
	case britain(t.o.Zone.String()):
		p, err = geo.FromGrid(p[0], p[1])
	default:
		err = errPlane
	}
	if err != nil {
		return p, &fieldError{string(Point), errPlane.Error()}
	}
	return p, nil
}

var errPlane = errors.New("no longitude and latitude, and no plane is known that it is on: --crs EPSG:CODE names one")

// pointOf reads both coordinates of a point in one value: a pair, or a reference of
// the National Grid by letters.
func pointOf(s string) (p orb.Point, within float64, ok bool) {
	if p, within, ok = squareOf(s); ok {
		return p, within, true
	}
	p, ok = parsePair(s)
	return p, 0, ok
}

// squareOf reads a reference of the National Grid by letters, which stands for the
// middle of its square, and returns the square's side.
func squareOf(s string) (p orb.Point, within float64, ok bool) {
	g, err := geo.ParseGridRef(s)
	if err != nil {
		return p, 0, false
	}
	if p, err = g.Point(); err != nil {
		return orb.Point{}, 0, false
	}
	return p, g.SizeM, true
}

// Withheld reports whether the error of a point is about coordinates that a system
// writes for a place that it does not give, or that are of no place of the file: a
// row that names its place in words as well does without them.
func Withheld(err error) bool {
	f, ok := err.(*fieldError)
	return ok && (f.reason == errZero || f.reason == errShape || f.field == fieldCoordinates)
}

// fieldCoordinates is at fault where both coordinates are.
const fieldCoordinates = "coordinates"

const errZero = "the coordinates are 0, 0, which is no place"

const errShape = "a line, an area or several points, not one point"

// isShape reports whether a value is GeoJSON of more than a point.
func isShape(s string) bool {
	var g struct{ Type string }
	return strings.HasPrefix(s, "{") && json.Unmarshal([]byte(s), &g) == nil && slices.Contains([]string{"LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection"}, g.Type)
}

// unproject turns X and Y into degrees.
func (pl *placing) unproject(xText, yText string) (orb.Point, error) {
	x, okX := parseNumber(xText)
	y, okY := parseNumber(yText)
	switch {
	case !okX:
		return orb.Point{}, &fieldError{string(X), "not a number"}
	case !okY:
		return orb.Point{}, &fieldError{string(Y), "not a number"}
	case x == 0 && y == 0:
		return orb.Point{}, &fieldError{string(X), errZero}
	}
	var p orb.Point
	var err error
	switch pl.plane {
	case DegreePlane:
		p = orb.Point{x, y}
		err = geo.CheckPoint(p)
	case NationalGrid:
		p, err = geo.FromGrid(x*pl.scale, y*pl.scale)
	default:
		p, err = pl.project(x*pl.scale, y*pl.scale)
	}
	if err != nil {
		return p, &fieldError{string(X), err.Error()}
	}
	return p, nil
}

// XY reads the coordinates of a row on their plane, in metres.
func (r Row) XY() (orb.Point, error) {
	var p orb.Point
	for i, f := range []Field{X, Y} {
		text := r.Get(f)
		if text == "" {
			return p, &fieldError{string(f), "is empty"}
		}
		v, ok := parseNumber(text)
		if !ok {
			return p, &fieldError{string(f), "is not a number"}
		}
		p[i] = v * r.t.place.scale
	}
	return p, nil
}

// metresBetween is the distance on a sphere, near enough to tell a town from
// another.
func metresBetween(a, b orb.Point) float64 {
	const rad = math.Pi / 180
	dLat, dLon := (b[1]-a[1])*rad, (b[0]-a[0])*rad
	h := math.Pow(math.Sin(dLat/2), 2) + math.Cos(a[1]*rad)*math.Cos(b[1]*rad)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * 6371000 * math.Asin(math.Min(1, math.Sqrt(h)))
}

// A point is of another place than the file's when it is over farthest metres, and
// over twenty times as far as nine in ten, from the middle of the others.
const farthest = 300_000

// settleCentre finds the middle of the points of a file and how far off a point is
// doubtful.
func (pl *placing) settleCentre(points []orb.Point) {
	if len(points) < 4 {
		return
	}
	centre := middle(points)
	away := make([]float64, len(points))
	for i, p := range points {
		away[i] = metresBetween(centre, p)
	}
	slices.SortFunc(away, func(a, b float64) int { return cmp.Compare(a, b) })
	usual := away[len(away)/2]
	if usual*20 > farthest || away[len(away)-1] <= farthest {
		return // a file of a continent
	}
	pl.centre, pl.far = centre, farthest
}

// middle is the point of the middle longitude and latitude of some.
func middle(points []orb.Point) orb.Point {
	xs, ys := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		xs[i], ys[i] = p[0], p[1]
	}
	slices.Sort(xs)
	slices.Sort(ys)
	return orb.Point{xs[len(xs)/2], ys[len(ys)/2]}
}

// Astray says why a point can hardly be of the same place as others, "" where it may
// be, or where they are too few to say: swapped, without its sign, or far from them all.
func Astray(p orb.Point, others []orb.Point) string {
	if p == (orb.Point{}) {
		return errZero
	}
	var pl placing
	pl.settleCentre(append(slices.Clone(others), p))
	if reason := pl.doubt(p); reason != farAway {
		return reason
	}
	return "hundreds of kilometres from all others"
}

// doubt says why a point is none of this file's places, "" when it may be one.
func (pl *placing) doubt(p orb.Point) string {
	if pl.far == 0 || metresBetween(pl.centre, p) <= pl.far {
		return ""
	}
	near := func(q orb.Point) bool { return geo.CheckPoint(q) == nil && metresBetween(pl.centre, q) <= pl.far }
	switch {
	case near(orb.Point{p[1], p[0]}):
		return "latitude and longitude seem to be swapped"
	case near(orb.Point{-p[0], p[1]}), near(orb.Point{p[0], -p[1]}), near(orb.Point{-p[0], -p[1]}):
		return "a coordinate seems to have lost its sign"
	}
	return farAway
}

const farAway = "hundreds of kilometres from all other points of the file: the default of a system, it seems"
