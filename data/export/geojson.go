package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/paulmach/orb/geojson"
)

// writeLayer writes the layer as an RFC 7946 FeatureCollection, a feature a
// line. The marking and the run stand at the top too, since a file without
// features has no other place for them.
func writeLayer(w io.Writer, l Layer, o Options) error {
	var buf jsonBuffer
	put := buf.put
	buf.WriteString(`{"type":"FeatureCollection","name":`)
	if err := put(l.name()); err != nil {
		return err
	}
	buf.WriteString(`,"run_id":`)
	if err := put(o.RunID); err != nil {
		return err
	}
	buf.WriteString(`,"marking":`)
	if err := put(o.Marking); err != nil {
		return err
	}
	if b, ok := l.bound(); ok {
		buf.WriteString(`,"bbox":`)
		if err := put([]float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}); err != nil {
			return err
		}
	}
	buf.WriteString(`,"features":[`)

	for i, f := range l.features {
		if i > 0 {
			buf.WriteByte(',')
		}
		buf.WriteString("\n" + `{"type":"Feature","properties":`)
		if err := buf.putProperties(l.Fields, f.values); err != nil {
			return fmt.Errorf("feature %d: %w", i+1, err)
		}
		buf.WriteString(`,"geometry":`)
		if f.geometry == nil {
			buf.WriteString("null")
		} else if err := put(geojson.NewGeometry(f.geometry)); err != nil {
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

// A jsonBuffer collects JSON text.
type jsonBuffer struct{ bytes.Buffer }

// put appends one value.
func (b *jsonBuffer) put(v any) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	b.Truncate(b.Len() - 1) // Encode ends with a newline
	return nil
}

// putProperties appends an object of the fields in their order.
func (b *jsonBuffer) putProperties(fields []Field, values []any) error {
	if len(values) != len(fields) {
		return fmt.Errorf("%d values for %d fields", len(values), len(fields))
	}
	for i, v := range values {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(`"` + fields[i].Name + `":`)
		if err := b.put(v); err != nil {
			return fmt.Errorf("property %s: %w", fields[i].Name, err)
		}
	}
	b.WriteByte('}')
	return nil
}
