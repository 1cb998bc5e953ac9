package index

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

	"spreewatch/geo/address"
)

// ErrVersion is the error of Read for an index that another version of
// this package wrote: make it anew from the gazetteer.
var ErrVersion = errors.New("compiled gazetteer of another version")

var errIndexCorrupt = errors.New("compiled gazetteer is damaged")

// CompiledMagic is what the compiled form begins with.
const CompiledMagic = "spreewatch gazetteer\n"

// compiledVersion changes with the layout of the tables. Changes of the words
// and constants that a table's content depends on are caught by formSum.
const compiledVersion = 4

// Castagnoli is the table of the CRC-32C that closes the compiled form.
var Castagnoli = crc32.MakeTable(crc32.Castagnoli)

// formSum is a checksum of what keys and pulls are made with.
func formSum() uint32 {
	return crc32.Checksum(fmt.Append(nil, address.StreetTypes, address.InnerShorts, address.Directions, placeAffixes, lesserAffixes, compass, placeJoins, stateRoads,
		uint64(rollBase), localSize, localFall, localFlat, localCut, townSize, townFall, townFlat, townCut, villages,
		leastRing, mostRing, sizeFloor, townStreets, localReach, townReach, HomeReach, localUnknown, townUnknown, SameStreetM, StreetChainM, coverM, coreM, coreStreets, rivalM, rivalShare, mostSharing, townRoads), Castagnoli)
}

// sections lists the tables in the order of the compiled form: strings and
// slices of fixed-size values.
func (x *Index) sections() []any {
	n, w, p, c, h := &x.Names, &x.Ways, &x.Places, &x.Codes, &x.Houses
	return []any{
		&x.Strings.blob, &x.Strings.off,
		&n.keys.blob, &n.keys.off, &n.Ways, &n.WayOf, &n.Places, &n.PlaceOf,
		&x.Words.Words.blob, &x.Words.Words.off, &x.Words.InWays, &x.Words.inPlaces,
		&w.Lon, &w.Lat, &w.Extent, &w.local, &w.town, &w.ring, &w.Key, &w.Street, &w.Home, &w.Name, &w.Locality, &w.Source, &w.Outcode, &w.kind,
		&p.Lon, &p.Lat, &p.Extent, &p.Reach, &p.streets, &p.covered, &p.core, &p.town, &p.key, &p.Name, &p.Source, &p.Outcode,
		&c.Unit, &c.Lon, &c.Lat, &c.Extent, &c.Source, &c.Out, &c.OutLon, &c.OutLat, &c.OutRadius, &c.OutSource,
		&h.Key, &h.Number, &h.Lon, &h.Lat, &h.name, &h.locality, &h.Source,
	}
}

// WriteTo writes the index in its compiled form, which Read reads. The same
// entries give the same bytes. The form is little-endian: a line of magic, the
// version and a checksum of the word lists, then each table as its length and
// values, then a CRC-32C of all that.
func (x *Index) WriteTo(w io.Writer) (int64, error) {
	out := &sectionWriter{w: bufio.NewWriterSize(w, 1<<16), sum: crc32.New(Castagnoli)}
	out.bytes([]byte(CompiledMagic))
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
	case *[]Posting:
		writeValues(o, *s, func(b []byte, v Posting) []byte { return binary.LittleEndian.AppendUint32(b, uint32(v)) })
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

// Read reads what WriteTo wrote, so many bytes, up to its end. A form that is cut short
// or damaged is an error, one of another version is ErrVersion.
func Read(r io.Reader, size int64) (*Index, error) {
	in := &sectionReader{r: r, left: size, sum: crc32.New(Castagnoli), buf: make([]byte, 4*chunk)}
	if magic := in.bytes(len(CompiledMagic)); in.err == nil && string(magic) != CompiledMagic {
		return nil, errors.New("not a compiled gazetteer")
	}
	if version, form := in.u32(), in.u32(); in.err == nil && (version != compiledVersion || form != formSum()) {
		return nil, ErrVersion
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
	x.Codes.strings = &x.Strings
	x.finish()
	return x, nil
}

// A sectionReader reads values and remembers the first error. It makes room for no
// more values than are left, so that a false length costs little.
type sectionReader struct {
	r    io.Reader
	left int64 // bytes
	sum  hash.Hash32
	buf  []byte
	err  error
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
	in.left -= int64(n)
	in.sum.Write(b)
	return b
}

// room is for how many values of a size, of so many that are said to come, there are
// bytes.
func (in *sectionReader) room(values uint64, size int) int {
	return int(min(values, uint64(max(in.left, 0))/uint64(size)))
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
		left := in.length()
		b.Grow(in.room(left, 1))
		for left > 0 && in.err == nil {
			n := min(left, chunk)
			part := in.bytes(int(n))
			if in.err == nil {
				b.Write(part)
			}
			left -= n
		}
		*s = b.String()
	case *[]uint8:
		*s = readValues(in, 1, func(values []uint8, b []byte) { copy(values, b) })
	case *[]uint16:
		*s = readValues(in, 2, func(values []uint16, b []byte) {
			for i := range values {
				values[i] = binary.LittleEndian.Uint16(b[2*i:])
			}
		})
	case *[]uint32:
		*s = readValues(in, 4, readWords[uint32])
	case *[]int32:
		*s = readValues(in, 4, readWords[int32])
	case *[]Posting:
		*s = readValues(in, 4, readWords[Posting])
	case *[]float32:
		*s = readValues(in, 4, func(values []float32, b []byte) {
			for i := range values {
				values[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
			}
		})
	default:
		panic(fmt.Sprintf("geo: no compiled form of %T", s))
	}
}

func readWords[T uint32 | int32 | Posting](values []T, b []byte) {
	for i := range values {
		values[i] = T(binary.LittleEndian.Uint32(b[4*i:]))
	}
}

func readValues[T any](in *sectionReader, size int, fill func(values []T, b []byte)) []T {
	left := in.length()
	values := make([]T, 0, in.room(left, size))
	for left > 0 && in.err == nil {
		n, have := int(min(left, chunk)), len(values)
		b := in.bytes(n * size)
		values = slices.Grow(values, n)[:have+n]
		fill(values[have:], b)
		left -= uint64(n)
	}
	return values
}

// check reports a table that contradicts another, which no index that WriteTo
// wrote has.
func (x *Index) check() error {
	n, w, p, c, h := &x.Names, &x.Ways, &x.Places, &x.Codes, &x.Houses
	keys, texts, outs := uint32(n.keys.len()), uint32(x.Strings.len()), len(c.Out)
	ok := x.Strings.ok() && texts > 0 && x.Strings.At(0) == "" && n.keys.ok() && x.Words.Words.ok() &&
		len(x.Words.InWays) == x.Words.Words.len() && len(x.Words.inPlaces) == x.Words.Words.len() &&
		offsetsOK(n.Ways, n.keys.len(), len(n.WayOf)) && offsetsOK(n.Places, n.keys.len(), len(n.PlaceOf)) &&
		postingsOK(n.WayOf, len(w.Lon)) && postingsOK(n.PlaceOf, len(p.Lon)) &&
		pointsOK(w.Lon, w.Lat) && pointsOK(p.Lon, p.Lat) && pointsOK(c.Lon, c.Lat) && pointsOK(c.OutLon, c.OutLat) && pointsOK(h.Lon, h.Lat) &&
		floatsOK(len(w.Lon), w.Extent, w.local, w.town, w.ring) && floatsOK(len(p.Lon), p.Extent, p.Reach, p.streets, p.core) &&
		floatsOK(len(c.Unit), c.Extent) && floatsOK(outs, c.OutRadius) &&
		refsOK(len(w.Lon), keys, w.Key) && homesOK(w.Home, len(w.Lon), len(p.Lon)) && refsOK(len(w.Lon), uint32(len(w.Lon)), w.Street) && refsOK(len(w.Lon), texts, w.Name, w.Locality, w.Source) &&
		refsOK(len(p.Lon), keys, p.key) && refsOK(len(p.Lon), texts, p.Name, p.Source) &&
		len(p.covered) == len(p.Lon) && len(p.town) == len(p.Lon) && len(c.Lon) == len(c.Unit) && refsOK(len(c.Unit), texts, c.Source) && outs > 0 && outs < maxOutcodes && len(c.OutLon) == outs &&
		refsOK(outs, texts, c.Out, c.OutSource) &&
		refsOK(len(h.Lon), keys, h.Key) && refsOK(len(h.Lon), texts, h.Number, h.name, h.locality, h.Source) &&
		len(w.kind) == len(w.Lon) && outcodesOK(w.Outcode, len(w.Lon), outs) && outcodesOK(p.Outcode, len(p.Lon), outs)
	for _, u := range c.Unit {
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

func postingsOK(list []Posting, n int) bool {
	return !slices.ContainsFunc(list, func(p Posting) bool { return int(p.Entry()) >= n })
}

func pointsOK(lon, lat []Degree7) bool {
	return len(lon) == len(lat) &&
		!slices.ContainsFunc(lon, func(d Degree7) bool { return d < -180e7 || d > 180e7 }) &&
		!slices.ContainsFunc(lat, func(d Degree7) bool { return d < -90e7 || d > 90e7 })
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
	return len(list) == n && !slices.ContainsFunc(list, func(v uint32) bool { return v != NoPlace && int(v) >= places })
}

func outcodesOK(list []uint16, n, outs int) bool {
	return len(list) == n && !slices.ContainsFunc(list, func(v uint16) bool { return int(v) >= outs })
}
