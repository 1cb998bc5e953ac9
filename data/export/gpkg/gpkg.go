// Package gpkg makes one GeoPackage of the layers of a map, from the same list of
// typed fields as the other formats: a number is a number on every night, also
// where a column is null throughout.
package gpkg

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"math"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/data/export/qgis"
)

// Write writes every layer of the map that its reader may see, each with its
// style.
func Write(ctx context.Context, w io.Writer, m qgis.Map) error {
	g := data.GeoPackage{Marking: m.Marking, Changed: m.AsOf}
	for _, t := range m.Layers.Tables() {
		table, err := tableOf(m, t)
		if err != nil {
			return fmt.Errorf("layer %s: %w", t.About().Name, err)
		}
		g.Tables = append(g.Tables, table)
	}
	return data.WriteGeoPackage(ctx, w, g)
}

func tableOf(m qgis.Map, t layer.Table) (data.GeoTable, error) {
	var style strings.Builder
	if err := qgis.WriteStyle(&style, m, t.About().Name); err != nil {
		return data.GeoTable{}, err
	}
	out := data.GeoTable{Name: t.About().Name, Title: t.About().Title, Geometry: strings.ToUpper(string(t.About().Geometry)), Style: style.String(), Rows: rows(t)}
	if b, ok := layer.Bound(t); ok {
		if b.Max[0] > 180 { // it crosses 180°, and the columns know no such bound
			b.Min[0], b.Max[0] = -180, 180
		}
		out.Bound = []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
	}
	for _, c := range t.Columns() {
		out.Columns = append(out.Columns, data.GeoColumn{Name: c.Name, Type: typeOf(c.Kind)})
	}
	return out, nil
}

// typeOf returns the GeoPackage's type. A local time is text, since a DATETIME is
// in UTC there; the styles read it as a time.
func typeOf(k layer.Kind) string {
	switch k {
	case layer.Whole:
		return "INTEGER"
	case layer.Number:
		return "REAL"
	case layer.UTC:
		return "DATETIME"
	}
	return "TEXT"
}

func rows(t layer.Table) iter.Seq[data.GeoRow] {
	return func(yield func(data.GeoRow) bool) {
		for i := range t.Len() {
			row := data.GeoRow{Shape: binaryOf(t.Shape(i))}
			for c, v := range t.Values(i) {
				switch x := v.(type) {
				case layer.Decimal:
					v = float64(x)
				case string:
					if c.Kind == layer.UTC {
						v = strings.TrimSuffix(x, "Z") + ".000Z"
					}
				}
				row.Values = append(row.Values, v)
			}
			if !yield(row) {
				return
			}
		}
	}
}

// binaryOf returns the geometry as a GeoPackage holds it (OGC 12-128r18, 2.1.3):
// "GP", version 0, flags, SRS, an envelope unless it is a point, and the WKB. It
// is nil for no geometry.
func binaryOf(g orb.Geometry) []byte {
	if g == nil {
		return nil
	}
	var b bytes.Buffer
	_, isPoint := g.(orb.Point)
	flags := byte(1) // little endian
	if !isPoint {
		flags |= 1 << 1 // with an envelope of x and y
	}
	b.Write([]byte{'G', 'P', 0, flags})
	put := func(v uint64, n int) {
		var word [8]byte
		binary.LittleEndian.PutUint64(word[:], v)
		b.Write(word[:n])
	}
	put(4326, 4)
	if !isPoint {
		bound := g.Bound()
		for _, v := range []float64{bound.Min[0], bound.Max[0], bound.Min[1], bound.Max[1]} {
			put(math.Float64bits(v), 8)
		}
	}
	b.Write(wkb.MustMarshal(g, binary.LittleEndian))
	return b.Bytes()
}
