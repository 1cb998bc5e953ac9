package layer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

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
		if i > 0 {
			buf.WriteByte(',')
		}
		buf.WriteString("\n" + `{"type":"Feature","properties":`)
		if err := buf.putProperties(t, i); err != nil {
			return fmt.Errorf("feature %d: %w", i+1, err)
		}
		buf.WriteString(`,"geometry":`)
		if g := t.Shape(i); g == nil {
			buf.WriteString("null")
		} else if err := put((*geometry)(geojson.NewGeometry(g))); err != nil {
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
	enc *json.Encoder // onto the buffer
}

// put appends one value.
func (b *jsonBuffer) put(v any) error {
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
