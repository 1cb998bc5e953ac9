package geo

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"
	"slices"
	"strings"
)

// ErrIndexVersion is the error of ReadIndex for an index that another version of
// this package wrote: make it anew from the gazetteer.
var ErrIndexVersion = errors.New("compiled gazetteer of another version")

var errIndexCorrupt = errors.New("compiled gazetteer is damaged")

const compiledMagic = "spreewatch gazetteer\n"

// compiledVersion changes with the layout of the tables. Changes of the words
// and constants that a table's content depends on are caught by formSum.
const compiledVersion = 1

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// formSum is a checksum of what keys and pulls are made with.
func formSum() uint32 {
	return crc32.Checksum(fmt.Append(nil, streetTypes, innerShorts, directions, placeAffixes, placeJoins,
		uint64(rollBase), localSize, localFall, localFlat, localCut, townSize, townFall, townFlat, townCut, villages,
		leastRing, mostRing, sizeFloor, townStreets, localReach, townReach, homeReach, localUnknown, townUnknown, sameStreetM, StreetChainM, coverM), castagnoli)
}

// sections lists the tables in the order of the compiled form: strings and
// slices of fixed-size values.
func (x *Index) sections() []any {
	n, w, p, c, h := &x.names, &x.ways, &x.places, &x.codes, &x.houses
	return []any{
		&x.strings.blob, &x.strings.off,
		&n.keys.blob, &n.keys.off, &n.ways, &n.wayOf, &n.places, &n.placeOf,
		&x.words.words.blob, &x.words.words.off, &x.words.inWays, &x.words.inPlaces,
		&w.lon, &w.lat, &w.extent, &w.local, &w.town, &w.ring, &w.key, &w.street, &w.home, &w.name, &w.locality, &w.source, &w.outcode, &w.kind,
		&p.lon, &p.lat, &p.extent, &p.reach, &p.streets, &p.covered, &p.key, &p.name, &p.source, &p.outcode,
		&c.unit, &c.lon, &c.lat, &c.extent, &c.source, &c.out, &c.outLon, &c.outLat, &c.outRadius, &c.outSource,
		&h.key, &h.number, &h.lon, &h.lat, &h.name, &h.locality, &h.source,
	}
}

// WriteTo writes the index in its compiled form, which ReadIndex reads. The same
// entries give the same bytes. The form is little-endian: a line of magic, the
// version and a checksum of the word lists, then each table as its length and
// values, then a CRC-32C of all that.
func (x *Index) WriteTo(w io.Writer) (int64, error) {
	out := &sectionWriter{w: bufio.NewWriterSize(w, 1<<16), sum: crc32.New(castagnoli)}
	out.bytes([]byte(compiledMagic))
	out.u32(compiledVersion)
	out.u32(formSum())
	for _, s := range x.sections() {
		out.section(s)
	}
	out.u32(out.sum.Sum32())
	if out.err == nil {
		out.err = out.w.Flush()
	}
	if out.err != nil {
		return out.n, fmt.Errorf("write compiled gazetteer: %w", out.err)
	}
	return out.n, nil
}

// A sectionWriter writes values and remembers the first error.
type sectionWriter struct {
	w   *bufio.Writer
	sum hash.Hash32
	buf []byte
	n   int64
	err error
}

func (o *sectionWriter) bytes(b []byte) {
	if o.err == nil {
		o.sum.Write(b)
		var n int
		n, o.err = o.w.Write(b)
		o.n += int64(n)
	}
}

func (o *sectionWriter) u32(v uint32) { o.bytes(binary.LittleEndian.AppendUint32(nil, v)) }

func (o *sectionWriter) section(s any) {
	switch s := s.(type) {
	case *string:
		o.bytes(binary.LittleEndian.AppendUint64(nil, uint64(len(*s))))
		for part := *s; part != ""; {
			n := min(len(part), chunk)
			o.bytes([]byte(part[:n]))
			part = part[n:]
		}
	case *[]uint8:
		writeValues(o, *s, func(b []byte, v uint8) []byte { return append(b, v) })
	case *[]uint16:
		writeValues(o, *s, binary.LittleEndian.AppendUint16)
	case *[]uint32:
		writeValues(o, *s, binary.LittleEndian.AppendUint32)
	case *[]int32:
		writeValues(o, *s, func(b []byte, v int32) []byte { return binary.LittleEndian.AppendUint32(b, uint32(v)) })
	case *[]posting:
		writeValues(o, *s, func(b []byte, v posting) []byte { return binary.LittleEndian.AppendUint32(b, uint32(v)) })
	case *[]float32:
		writeValues(o, *s, func(b []byte, v float32) []byte { return binary.LittleEndian.AppendUint32(b, math.Float32bits(v)) })
	default:
		panic(fmt.Sprintf("geo: no compiled form of %T", s))
	}
}

// chunk is how many values are turned into bytes, or back, at a time.
const chunk = 1 << 14

func writeValues[T any](o *sectionWriter, values []T, add func([]byte, T) []byte) {
	o.bytes(binary.LittleEndian.AppendUint64(nil, uint64(len(values))))
	for part := range slices.Chunk(values, chunk) {
		o.buf = o.buf[:0]
		for _, v := range part {
			o.buf = add(o.buf, v)
		}
		o.bytes(o.buf)
	}
}

// ReadIndex reads what WriteTo wrote, up to its end. A form that is cut short or
// damaged is an error, one of another version is ErrIndexVersion.
func ReadIndex(r io.Reader) (*Index, error) {
	in := &sectionReader{r: r, sum: crc32.New(castagnoli), buf: make([]byte, 4*chunk)}
	if magic := in.bytes(len(compiledMagic)); in.err == nil && string(magic) != compiledMagic {
		return nil, errors.New("not a compiled gazetteer")
	}
	if version, form := in.u32(), in.u32(); in.err == nil && (version != compiledVersion || form != formSum()) {
		return nil, ErrIndexVersion
	}
	x := &Index{}
	for _, s := range x.sections() {
		in.section(s)
	}
	want := in.sum.Sum32()
	if got := in.u32(); in.err == nil && got != want {
		in.err = errIndexCorrupt
	}
	if in.err != nil {
		return nil, fmt.Errorf("read compiled gazetteer: %w", in.err)
	}
	if err := x.check(); err != nil {
		return nil, fmt.Errorf("read compiled gazetteer: %w", err)
	}
	x.codes.strings = &x.strings
	x.finish()
	return x, nil
}

// A sectionReader reads values and remembers the first error. It never makes
// room for more values than have arrived, so that a false length costs nothing.
type sectionReader struct {
	r   io.Reader
	sum hash.Hash32
	buf []byte
	err error
}

// bytes returns the next n bytes, at most 4·chunk, or zeros after an error.
func (in *sectionReader) bytes(n int) []byte {
	b := in.buf[:n]
	if in.err == nil {
		if _, err := io.ReadFull(in.r, b); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				err = errors.New("compiled gazetteer is cut short")
			}
			in.err = err
		}
	}
	if in.err != nil {
		clear(b)
	}
	in.sum.Write(b)
	return b
}

func (in *sectionReader) u32() uint32 { return binary.LittleEndian.Uint32(in.bytes(4)) }

func (in *sectionReader) length() uint64 {
	n := binary.LittleEndian.Uint64(in.bytes(8))
	if in.err == nil && n > math.MaxUint32 {
		in.err = errIndexCorrupt
	}
	return n
}

func (in *sectionReader) section(s any) {
	switch s := s.(type) {
	case *string:
		var b strings.Builder
		for left := in.length(); left > 0 && in.err == nil; {
			n := min(left, chunk)
			part := in.bytes(int(n))
			if in.err == nil {
				b.Write(part)
			}
			left -= n
		}
		*s = b.String()
	case *[]uint8:
		*s = readValues(in, 1, func(b []byte) uint8 { return b[0] })
	case *[]uint16:
		*s = readValues(in, 2, binary.LittleEndian.Uint16)
	case *[]uint32:
		*s = readValues(in, 4, binary.LittleEndian.Uint32)
	case *[]int32:
		*s = readValues(in, 4, func(b []byte) int32 { return int32(binary.LittleEndian.Uint32(b)) })
	case *[]posting:
		*s = readValues(in, 4, func(b []byte) posting { return posting(binary.LittleEndian.Uint32(b)) })
	case *[]float32:
		*s = readValues(in, 4, func(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) })
	default:
		panic(fmt.Sprintf("geo: no compiled form of %T", s))
	}
}

func readValues[T any](in *sectionReader, size int, get func([]byte) T) []T {
	left := in.length()
	values := make([]T, 0, min(left, 64*chunk))
	for left > 0 && in.err == nil {
		n := min(left, chunk)
		b := in.bytes(int(n) * size)
		for ; len(b) > 0; b = b[size:] {
			values = append(values, get(b))
		}
		left -= n
	}
	return values
}

// check reports a table that contradicts another, which no index that WriteTo
// wrote has.
func (x *Index) check() error {
	n, w, p, c, h := &x.names, &x.ways, &x.places, &x.codes, &x.houses
	keys, texts, outs := uint32(n.keys.len()), uint32(x.strings.len()), len(c.out)
	ok := x.strings.ok() && texts > 0 && x.strings.at(0) == "" && n.keys.ok() && x.words.words.ok() &&
		len(x.words.inWays) == x.words.words.len() && len(x.words.inPlaces) == x.words.words.len() &&
		offsetsOK(n.ways, n.keys.len(), len(n.wayOf)) && offsetsOK(n.places, n.keys.len(), len(n.placeOf)) &&
		postingsOK(n.wayOf, len(w.lon)) && postingsOK(n.placeOf, len(p.lon)) &&
		pointsOK(w.lon, w.lat) && pointsOK(p.lon, p.lat) && pointsOK(c.lon, c.lat) && pointsOK(c.outLon, c.outLat) && pointsOK(h.lon, h.lat) &&
		floatsOK(len(w.lon), w.extent, w.local, w.town, w.ring) && floatsOK(len(p.lon), p.extent, p.reach, p.streets) &&
		floatsOK(len(c.unit), c.extent) && floatsOK(outs, c.outRadius) &&
		refsOK(len(w.lon), keys, w.key) && homesOK(w.home, len(w.lon), len(p.lon)) && refsOK(len(w.lon), uint32(len(w.lon)), w.street) && refsOK(len(w.lon), texts, w.name, w.locality, w.source) &&
		refsOK(len(p.lon), keys, p.key) && refsOK(len(p.lon), texts, p.name, p.source) &&
		len(p.covered) == len(p.lon) && len(c.lon) == len(c.unit) && refsOK(len(c.unit), texts, c.source) && outs > 0 && outs < maxOutcodes && len(c.outLon) == outs &&
		refsOK(outs, texts, c.out, c.outSource) &&
		refsOK(len(h.lon), keys, h.key) && refsOK(len(h.lon), texts, h.number, h.name, h.locality, h.source) &&
		len(w.kind) == len(w.lon) && outcodesOK(w.outcode, len(w.lon), outs) && outcodesOK(p.outcode, len(p.lon), outs)
	for _, u := range c.unit {
		ok = ok && int(u>>13) < outs && u&(1<<13-1) < incodes
	}
	if !ok {
		return errIndexCorrupt
	}
	return nil
}

// maxOutcodes is one more than the outcodes that an index can tell apart, of
// which Britain has some 3,000; incodes the number of incodes.
const (
	maxOutcodes = 1 << 16
	incodes     = 10 * 26 * 26
)

func (t *stringTable) ok() bool {
	return len(t.off) == 0 && t.blob == "" || offsetsOK(t.off, len(t.off)-1, len(t.blob))
}

// offsetsOK reports whether off cuts [0, size) into n ranges.
func offsetsOK(off []uint32, n, size int) bool {
	return len(off) == n+1 && off[0] == 0 && slices.IsSorted(off) && int(off[n]) == size
}

func postingsOK(list []posting, n int) bool {
	return !slices.ContainsFunc(list, func(p posting) bool { return int(p.entry()) >= n })
}

func pointsOK(lon, lat []degree7) bool {
	return len(lon) == len(lat) &&
		!slices.ContainsFunc(lon, func(d degree7) bool { return d < -180e7 || d > 180e7 }) &&
		!slices.ContainsFunc(lat, func(d degree7) bool { return d < -90e7 || d > 90e7 })
}

func floatsOK(n int, lists ...[]float32) bool {
	for _, list := range lists {
		if len(list) != n || slices.ContainsFunc(list, func(v float32) bool { return math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) }) {
			return false
		}
	}
	return true
}

func refsOK(n int, limit uint32, lists ...[]uint32) bool {
	for _, list := range lists {
		if len(list) != n || slices.ContainsFunc(list, func(v uint32) bool { return v >= limit }) {
			return false
		}
	}
	return true
}

func homesOK(list []uint32, n, places int) bool {
	return len(list) == n && !slices.ContainsFunc(list, func(v uint32) bool { return v != noPlace && int(v) >= places })
}

func outcodesOK(list []uint16, n, outs int) bool {
	return len(list) == n && !slices.ContainsFunc(list, func(v uint16) bool { return int(v) >= outs })
}
