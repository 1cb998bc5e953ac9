package export

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// A Layer is one GeoJSON file: features of one geometry type that all have the
// same properties in the same order.
type Layer struct {
	File     string // "patrols.geojson"
	Title    string // in the legend
	Geometry string // "Polygon", "MultiPolygon" or "Point"
	Fields   []Field
	features []feature
}

// A Field is one property of a layer.
type Field struct {
	Name  string
	Kind  string // "text", "whole number", "number", "local time" or "UTC time"
	Label string // what people call it
	Means string
}

// The kinds of field.
const (
	kindText    = "text"
	kindInteger = "whole number"
	kindNumber  = "number"
	kindLocal   = "local time"
	kindUTC     = "UTC time"
)

// A feature is a geometry, nil where none is known, and a value for each field.
type feature struct {
	geometry orb.Geometry
	values   []any
}

// Layers returns the layers of the widest audience, without features: the names,
// kinds and meanings of every property.
func Layers() []Layer {
	return []Layer{patrolLayer, spreeLayer, cellLayer, incidentLayer}
}

// layersOf fills the layers that the audience may see.
func layersOf(r Result, o Options) ([]Layer, error) {
	patrols, err := patrolFeatures(r.Suggestions, o)
	if err != nil {
		return nil, err
	}
	sprees, err := spreeFeatures(r.Sprees, o)
	if err != nil {
		return nil, err
	}
	layers := []Layer{patrolLayer, spreeLayer, cellLayer}
	layers[0].features = patrols
	layers[1].features = sprees
	layers[2].features, err = cellFeatures(r.Cells, o)
	if err != nil {
		return nil, err
	}
	if o.Audience == AudienceAnalyst {
		points, err := incidentFeatures(r.Incidents, o)
		if err != nil {
			return nil, err
		}
		layers = append(layers, incidentLayer)
		layers[3].features = points
	}
	for i := range layers {
		layers[i].settleGeometry()
	}
	return layers, nil
}

// settleGeometry gives every feature one geometry type: polygons become
// multipolygons where the layer says so or where one area is in several parts.
func (l *Layer) settleGeometry() {
	multi := l.Geometry == "MultiPolygon"
	for _, f := range l.features {
		if m, ok := f.geometry.(orb.MultiPolygon); ok && len(m) > 1 {
			multi = true
		}
	}
	if multi {
		l.Geometry = "MultiPolygon"
		return
	}
	for i, f := range l.features {
		if m, ok := f.geometry.(orb.MultiPolygon); ok {
			l.features[i].geometry = m[0]
		}
	}
}

// name returns the layer's name: its file without the ending.
func (l *Layer) name() string {
	name, _, _ := strings.Cut(l.File, ".")
	return name
}

// value returns the feature's value of the named field, nil where it is not
// known or the layer has no such field.
func (l *Layer) value(f feature, name string) any {
	i := slices.IndexFunc(l.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return f.values[i]
}

// bound returns what holds every geometry, rounded as they are written; ok is
// false where there is none.
func (l *Layer) bound() (b orb.Bound, ok bool) {
	for _, f := range l.features {
		if f.geometry == nil {
			continue
		}
		if !ok {
			b, ok = f.geometry.Bound(), true
			continue
		}
		b = b.Union(f.geometry.Bound())
	}
	return b, ok
}

// outline returns the union of the cells, rounded for writing, nil for none.
func outline(cells []geo.Cell) (orb.Geometry, error) {
	m, err := geo.Outline(cells)
	if err != nil || len(m) == 0 {
		return nil, err
	}
	return round(m), nil
}

// hexagon returns the boundary of one cell, rounded for writing.
func hexagon(c geo.Cell) (orb.Geometry, error) {
	if !c.Valid() {
		return nil, fmt.Errorf("%s is not an H3 cell", c)
	}
	return round(c.Polygon()), nil
}

// round rounds to seven decimals, about a centimetre: the last bits of a
// coordinate differ between processors.
func round(g orb.Geometry) orb.Geometry { return orb.Round(orb.Clone(g), 1e7) }

// A decimal is written with a decimal point even when it is whole. QGIS takes
// the type of a column from the values it meets, and must not make one night's
// column whole numbers and the next night's real.
type decimal float64

// MarshalJSON writes the shortest form that reads back the same.
func (d decimal) MarshalJSON() ([]byte, error) {
	b := strconv.AppendFloat(nil, float64(d), 'f', -1, 64)
	for _, c := range b {
		if c == '.' {
			return b, nil
		}
	}
	return append(b, ".0"...), nil
}

// number returns x rounded to the decimals, or nil where it is not finite.
func number(x float64, decimals int) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	scale := math.Pow10(decimals)
	if r := math.Round(x*scale) / scale; !math.IsInf(r, 0) {
		x = r
	}
	return decimal(x + 0) // + 0 turns -0 into 0
}

// significant returns x rounded to six significant digits, for what may be very
// small and yet is not 0: a p-value, a risk.
func significant(x float64) any {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	if err != nil {
		return nil
	}
	return decimal(r)
}

// text returns s, or nil where it is empty.
func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// localTime returns the wall time without an offset, because QGIS 3.22 drops
// one and would show the wrong hour; nil for the zero time.
func localTime(t time.Time, zone *time.Location) any {
	if t.IsZero() {
		return nil
	}
	return t.In(zone).Format("2006-01-02T15:04:05")
}

// utcTime returns the instant in UTC; nil for the zero time.
func utcTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UTC().Format("2006-01-02T15:04:05Z")
}
