package gazetteer

import (
	"context"
	"encoding/binary"
	"iter"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"spreewatch/data"
)

// sniffLayers tells a GeoPackage of Ordnance Survey by the tables in it. SQLite reads
// a file and no stream, so a packed one has to be unpacked first.
func sniffLayers(p part) (sniffed, error) {
	if p.size < 0 || strings.Contains(p.name, ":") {
		return sniffed{almost: "is a GeoPackage that is still packed", instead: "unpack it and name the .gpkg", packed: true}, nil
	}
	ctx := context.Background()
	f, err := data.OpenForeign(ctx, p.path)
	if err != nil {
		return sniffed{}, err
	}
	defer f.Close()
	tables, err := f.Tables(ctx)
	if err != nil {
		return sniffed{}, err
	}
	for table := range tables {
		switch plainName(table) {
		case "namedplace":
			return sniffed{format: formatNames, source: formatNames.name, layer: table}, nil
		case "roadlink":
			return sniffed{format: formatRoads, source: formatRoads.name, layer: table}, nil
		case "openusrn":
			return sniffed{almost: "is OS Open USRN, which has numbers of streets and no names", instead: "download OS Open Names, or OS Open Roads"}, nil
		}
	}
	return sniffed{almost: "is a GeoPackage or another SQLite file, of which no layer is read", instead: "OS Open Names or OS Open Roads as GeoPackage, or an extract of OpenStreetMap as .osm.pbf"}, nil
}

// plainName takes away how a release spells the names of tables and columns:
// NamedPlace and NAME1 until 2024, named_place and name_1 since.
func plainName(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", "")) }

// layerColumns finds each column of the layer by its plain name, "" for one that it
// lacks.
func layerColumns(have []string, names ...string) []string {
	byName := map[string]string{}
	for _, c := range have {
		byName[plainName(c)] = c
	}
	found := make([]string, len(names))
	for i, n := range names {
		found[i] = byName[plainName(n)]
	}
	return found
}

// layer reads columns of the part's layer by their plain names, and last of all its
// geometry. The values last until the next row.
func (s *Set) layer(p part, names ...string) iter.Seq2[[][]byte, error] {
	return func(yield func([][]byte, error) bool) {
		ctx := context.Background()
		f, err := data.OpenForeign(ctx, p.path)
		if err != nil {
			yield(nil, err)
			return
		}
		defer f.Close()
		tables, err := f.Tables(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		have := tables[p.layer]
		columns := layerColumns(have, names...)
		geometry := layerColumns(have, "geometry", "geom")
		columns = append(columns, geometry[0])
		if geometry[0] == "" {
			columns[len(names)] = geometry[1]
		}
		for values, err := range f.Rows(ctx, p.layer, columns) {
			if err == nil && s.read != nil {
				n := 0
				for _, v := range values {
					n += len(v)
				}
				err = s.read(n)
			}
			if !yield(values, err) || err != nil {
				return
			}
		}
	}
}

// namedPlaces reads the layer of OS Open Names as rows of its CSV, header and all.
// Where the columns of the position are missing, the geometry gives it.
func (s *Set) namedPlaces(p part, yield func(row, error) bool) bool {
	if !yield(row{file: p.name, first: true, fields: openNamesColumns}, nil) {
		return false
	}
	at := namesHeader(openNamesColumns)
	line := 0
	for values, err := range s.layer(p, openNamesColumns...) {
		if err != nil {
			yield(row{}, err)
			return false
		}
		line++
		r := row{file: p.name, line: line, fields: make([]string, len(openNamesColumns))}
		for i := range r.fields {
			r.fields[i] = string(values[i])
		}
		if r.fields[at.x] == "" {
			if point, ok := gridShape(values[len(openNamesColumns)]).(orb.Point); ok {
				r.fields[at.x] = strconv.FormatFloat(point[0], 'f', -1, 64)
				r.fields[at.y] = strconv.FormatFloat(point[1], 'f', -1, 64)
			}
		}
		if !yield(r, nil) {
			return false
		}
	}
	return true
}

// gridShape decodes the geometry of a GeoPackage (OGC 12-128r18, 2.1.3) as it
// stands, nil where there is none or it cannot be read.
func gridShape(blob []byte) orb.Geometry {
	if len(blob) < 8 || blob[0] != 'G' || blob[1] != 'P' {
		return nil
	}
	envelope := []int{0, 32, 48, 48, 64}
	kind := int(blob[3] >> 1 & 7)
	if kind >= len(envelope) || len(blob) < 8+envelope[kind] {
		return nil
	}
	g, err := wkb.Unmarshal(flat(blob[8+envelope[kind]:]))
	if err != nil {
		return nil
	}
	return g
}

// flat takes the heights out of a line of a well-known binary, which orb does not
// read; any other shape stays as it is.
func flat(b []byte) []byte {
	const lineZ = 1002
	if len(b) < 9 || b[0] != 1 || binary.LittleEndian.Uint32(b[1:]) != lineZ {
		return b
	}
	out := binary.LittleEndian.AppendUint32([]byte{1}, lineZ-1000)
	out = append(out, b[5:9]...)
	for at := 9; at+24 <= len(b); at += 24 {
		out = append(out, b[at:at+16]...)
	}
	return out
}
