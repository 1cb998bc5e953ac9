package layer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
)

// WriteGeoJSON writes the layer as an RFC 7946 FeatureCollection, a feature a
// line. The marking and the run stand at the top too, since a file without
// features has no other place for them.
func WriteGeoJSON(w io.Writer, t Table, s Stamp) error {
	var buf jsonBuffer
	put := buf.put
	buf.WriteString(`{"type":"FeatureCollection","name":`)
	if err := put(t.About().Name); err != nil {
		return err
	}
	buf.WriteString(`,"run_id":`)
	if err := put(s.RunID); err != nil {
		return err
	}
	buf.WriteString(`,"marking":`)
	if err := put(s.Marking); err != nil {
		return err
	}
	if b, ok := Bound(t); ok {
		buf.WriteString(`,"bbox":`)
		if b.Max[0] > 180 { // RFC 7946, section 5.2: the west is then the greater
			b.Max[0] -= 360
		}
		if err := put([]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}); err != nil {
			return err
		}
	}
	buf.WriteString(`,"features":[`)

	for i := range t.Len() {
		buf.separate(i)
		buf.WriteString("\n" + `{"type":"Feature","properties":`)
		if err := buf.putProperties(t, i); err != nil {
			return fmt.Errorf("feature %d: %w", i+1, err)
		}
		buf.WriteString(`,"geometry":`)
		if err := buf.putShape(t.Shape(i)); err != nil {
			return fmt.Errorf("feature %d: geometry: %w", i+1, err)
		}
		buf.WriteByte('}')
		if _, err := w.Write(buf.Bytes()); err != nil {
			return err
		}
		buf.Reset()
	}
	buf.WriteString("\n]}\n")
	_, err := w.Write(buf.Bytes())
	return err
}

// geometry is written as the fields that it has: its own method makes the text of it,
// which the encoder reads through again.
type geometry geojson.Geometry

// WriteRows writes the properties of the layer as JSON, an object a line: what
// WriteGeoJSON writes, without the geometry.
func WriteRows(w io.Writer, t Table) error {
	var buf jsonBuffer
	for i := range t.Len() {
		if err := buf.putProperties(t, i); err != nil {
			return fmt.Errorf("%s: %w", t.About().Name, err)
		}
		buf.WriteByte('\n')
	}
	_, err := w.Write(buf.Bytes())
	return err
}

// A jsonBuffer collects JSON text.
type jsonBuffer struct {
	bytes.Buffer
	enc   *json.Encoder         // onto the buffer
	areas map[*orb.Point][]byte // by their first point: the text of those without a hole that were put
}

// put appends one value. What a layer has most of is written here, as the encoder writes
// it; the rest is the encoder's, which costs five times as much.
func (b *jsonBuffer) put(v any) error {
	room := b.AvailableBuffer()
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
		return nil
	case int:
		b.Write(strconv.AppendInt(room, int64(v), 10))
		return nil
	case Decimal:
		b.Write(v.appendTo(room))
		return nil
	case string:
		if plain(v) {
			b.WriteByte('"')
			b.WriteString(v)
			b.WriteByte('"')
			return nil
		}
	}
	return b.encode(v)
}

// putNumber appends a number. Smaller and greater ones the encoder writes with an exponent.
func (b *jsonBuffer) putNumber(v float64) error {
	if size := math.Abs(v); v == 0 || size >= 1e-6 && size < 1e21 {
		b.Write(appendNumber(b.AvailableBuffer(), v))
		return nil
	}
	return b.encode(v)
}

// encode appends what the encoder writes.
func (b *jsonBuffer) encode(v any) error {
	if b.enc == nil {
		b.enc = json.NewEncoder(b)
		b.enc.SetEscapeHTML(false)
	}
	if err := b.enc.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // Encode ends with a newline
	return nil
}

// plain reports whether the text is of printable ASCII that JSON has as it is.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// putShape appends a geometry: an area without the encoder, since a night writes
// thousands of hexagons.
func (b *jsonBuffer) putShape(g orb.Geometry) error {
	area, ok := g.(orb.Polygon)
	switch {
	case g == nil:
		return b.put(nil)
	case !ok || len(area) == 0 || len(area[0]) == 0:
		return b.encode((*geometry)(geojson.NewGeometry(g)))
	}
	if len(area) > 1 {
		return b.putArea(area)
	}
	first := &area[0][0]
	if text := b.areas[first]; text != nil { // of a cell in its second shift
		b.Write(text)
		return nil
	}
	before := b.Len()
	if err := b.putArea(area); err != nil {
		return err
	}
	if b.areas == nil {
		b.areas = make(map[*orb.Point][]byte)
	}
	b.areas[first] = bytes.Clone(b.Bytes()[before:])
	return nil
}

func (b *jsonBuffer) putArea(area orb.Polygon) error {
	b.WriteString(`{"type":"Polygon","coordinates":[`)
	for k, ring := range area {
		b.separate(k)
		b.WriteByte('[')
		for k, p := range ring {
			b.separate(k)
			for axis, v := range p {
				b.WriteByte("[,"[axis])
				if err := b.putNumber(v); err != nil {
					return err
				}
			}
			b.WriteByte(']')
		}
		b.WriteByte(']')
	}
	b.WriteString("]}")
	return nil
}

// separate appends what stands before the k-th of a list.
func (b *jsonBuffer) separate(k int) {
	if k > 0 {
		b.WriteByte(',')
	}
}

// putProperties appends an object of the feature's values in the columns' order.
func (b *jsonBuffer) putProperties(t Table, i int) error {
	before := byte('{')
	for column, v := range t.Values(i) {
		b.WriteByte(before)
		before = ','
		b.WriteString(`"` + column.Name + `":`)
		if err := b.put(v); err != nil {
			return fmt.Errorf("property %s: %w", column.Name, err)
		}
	}
	b.WriteByte('}')
	return nil
}
