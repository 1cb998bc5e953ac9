package export

import (
	"fmt"
	"io"
)

// The files whose rows WriteRows can write.
const (
	PatrolFile = "patrols.geojson"
	SpreeFile  = "sprees.geojson"
)

// WriteRows writes the properties of one layer as JSON, an object a line: what
// the file holds, without its geometry.
func WriteRows(w io.Writer, file string, r Result, o Options) error {
	shown, err := forAudience(r, o)
	if err != nil {
		return err
	}
	layers, err := layersOf(shown, o)
	if err != nil {
		return err
	}
	for _, l := range layers {
		if l.File != file {
			continue
		}
		var buf jsonBuffer
		for _, f := range l.features {
			if err := buf.putProperties(l.Fields, f.values); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			buf.WriteByte('\n')
		}
		_, err := w.Write(buf.Bytes())
		return err
	}
	return fmt.Errorf("no layer %s for audience %s", file, o.Audience)
}
