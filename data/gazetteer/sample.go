// Package gazetteer reads gazetteers: OS Open Names, GeoNames, Code-Point Open,
// data.police.uk, OpenStreetMap and a force's own CSV. It tells a format by its
// content, and it holds the small sample that is used until one is imported.
package gazetteer

import (
	"embed"
	"iter"
	"path"

	"spreewatch/geo"
)

//go:embed sample/*.csv
var sampleFiles embed.FS

// SampleName is the name of the embedded gazetteer as a source.
const SampleName = "sample"

// Sample returns the entries of the embedded gazetteer: some Norfolk places and
// streets, in the order of its files. sample/SOURCES.md says where they are from.
// It gives no error unless the binary is broken.
func Sample() iter.Seq2[geo.Entry, error] {
	return func(yield func(geo.Entry, error) bool) {
		for _, name := range []string{"places.csv", "streets.csv"} {
			f, err := sampleFiles.Open(path.Join("sample", name))
			if err != nil {
				yield(geo.Entry{}, err)
				return
			}
			for e, err := range readPlain(f, name, SampleName) {
				if !yield(e, err) {
					return
				}
			}
		}
	}
}
