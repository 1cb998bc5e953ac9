// Package gazetteer reads gazetteers: OS Open Names, GeoNames, Code-Point Open,
// data.police.uk, OpenStreetMap and a force's own CSV. It tells a format by its
// content, and it holds the small sample that is used until one is imported.
package gazetteer

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"iter"
	"path"

	"spreewatch/data"
	"spreewatch/geo/index"
)

//go:embed sample/*.csv
var sampleFiles embed.FS

// sampleParts are the embedded files and where each is from.
var sampleParts = []struct{ name, from string }{
	{"places.csv", "GeoNames"},
	{"streets.csv", "data.police.uk"},
}

// SampleName is the name of the embedded gazetteer as a source.
const SampleName = "sample"

// Sample returns the entries of the embedded gazetteer: some Norfolk places and
// streets, in the order of its files. sample/SOURCES.md says where they are from.
// It gives no error unless the binary is broken.
func Sample() iter.Seq2[index.Entry, error] {
	return func(yield func(index.Entry, error) bool) {
		for _, file := range sampleParts {
			s := Set{format: formatPlain, parts: []part{{
				name: file.name,
				open: func() (io.ReadCloser, error) { return sampleFiles.Open(path.Join("sample", file.name)) },
			}}}
			s.Source = data.GazetteerSource{Name: SampleName, Release: "of " + file.from}
			for e, err := range s.Entries() {
				if !yield(e, err) {
					return
				}
			}
		}
	}
}

// SampleSource describes the embedded gazetteer as if it had been imported.
func SampleSource() data.GazetteerSource {
	s := data.GazetteerSource{Name: SampleName, Format: formatPlain.name, Release: "embedded", Licence: "OGL v3.0 (data.police.uk), CC-BY 4.0 (GeoNames)",
		LeftOut: []data.GazetteerCount{}, Refused: []data.GazetteerCount{}}
	h := sha256.New()
	for _, file := range sampleParts {
		b, err := sampleFiles.ReadFile(path.Join("sample", file.name))
		if err != nil {
			panic("gazetteer: embedded file: " + err.Error())
		}
		h.Write(b)
	}
	s.SHA256 = hex.EncodeToString(h.Sum(nil))
	kinds := map[index.Kind]int{}
	for e, err := range Sample() {
		if err != nil {
			panic("gazetteer: embedded file: " + err.Error())
		}
		kinds[e.Kind]++
	}
	for k := index.KindStreet; k <= index.KindAddress; k++ {
		if kinds[k] > 0 {
			s.Kinds = append(s.Kinds, data.GazetteerCount{What: k.String(), Rows: kinds[k]})
		}
	}
	return s
}
