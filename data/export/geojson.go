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
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	put := func(v any) error {
		if err := enc.Encode(v); err != nil {
			return err
		}
		buf.Truncate(buf.Len() - 1) // Encode ends with a newline
		return nil
	}

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
		if len(f.values) != len(l.Fields) {
			return fmt.Errorf("feature %d has %d values for %d fields", i+1, len(f.values), len(l.Fields))
		}
		if i > 0 {
			buf.WriteByte(',')
		}
		buf.WriteString("\n" + `{"type":"Feature","properties":{`)
		for j, v := range f.values {
			if j > 0 {
				buf.WriteByte(',')
			}
			buf.WriteString(`"` + l.Fields[j].Name + `":`)
			if err := put(v); err != nil {
				return fmt.Errorf("feature %d: property %s: %w", i+1, l.Fields[j].Name, err)
			}
		}
		buf.WriteString(`},"geometry":`)
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
