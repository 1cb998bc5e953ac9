package gazetteer

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"

	"spreewatch/data"
)

// The limits of the format: wiki.openstreetmap.org/wiki/PBF_Format.
const (
	maxBlobHeader = 64 << 10
	maxBlob       = 32 << 20
)

var errPBF = errors.New("not a well-formed OSM PBF")

// A fieldReader walks the fields of one protobuf message. A message that breaks
// off or has a field of a wire type that OSM PBF does not use sets err.
type fieldReader struct {
	b      []byte
	number int    // of the field read last
	value  uint64 // of a varint field
	bytes  []byte // of a length-delimited field
	err    error
}

// next reads the next field and reports whether there is one.
func (f *fieldReader) next() bool {
	if len(f.b) == 0 || f.err != nil {
		return false
	}
	key, ok := f.varint()
	if !ok {
		return false
	}
	f.number, f.bytes = int(key>>3), nil
	switch key & 7 {
	case 0:
		f.value, ok = f.varint()
	case 1:
		ok = f.skip(8)
	case 2:
		var n uint64
		if n, ok = f.varint(); ok {
			if n > uint64(len(f.b)) {
				f.err = errPBF
				return false
			}
			f.bytes, f.b = f.b[:n:n], f.b[n:]
		}
	case 5:
		ok = f.skip(4)
	default:
		f.err = errPBF
		return false
	}
	return ok
}

func (f *fieldReader) skip(n int) bool {
	if n > len(f.b) {
		f.err = errPBF
		return false
	}
	f.b = f.b[n:]
	return true
}

func (f *fieldReader) varint() (uint64, bool) {
	v, n := binary.Uvarint(f.b)
	if n <= 0 {
		f.err = errPBF
		return 0, false
	}
	f.b = f.b[n:]
	return v, true
}

// A packed is a packed repeated varint field.
type packed []byte

// next takes the first number off, false at the end or where it breaks off.
func (p *packed) next() (uint64, bool) {
	v, n := binary.Uvarint(*p)
	if n <= 0 {
		return 0, false
	}
	*p = (*p)[n:]
	return v, true
}

// signed undoes the zigzag of a sint64.
func signed(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

// A pbfHandler receives what a file holds. Tags and node references are good
// during the call only; a nil function skips its sort.
type pbfHandler struct {
	node func(id int64, lat, lon int32, tags osmTags) // 1e-7 degrees
	// way gets the nodes of a way, and, in a file that keeps them on the ways, where
	// they are: longitude and latitude in 1e-7 degrees.
	way func(id int64, tags osmTags, refs []int64, at [][2]int32)
	// wanted says of a way whether way is to be called; nil for always.
	wanted func(id int64, tags osmTags) bool
	// relation gets the ways that are the outer rings of an area.
	relation func(tags osmTags, outer []int64)
	// holds is told of each block of data what sorts it has groups of.
	holds func(sorts pbfSorts)
}

// pbfSorts are sorts of elements, a bit for each field of a group that has them.
type pbfSorts uint

const (
	// pbfAssumed says that what a block holds follows from the order of the file and
	// was not looked at.
	pbfAssumed    pbfSorts = 1 << 0
	pbfPlainNodes pbfSorts = 1 << 1
	pbfDenseNodes pbfSorts = 1 << 2
	pbfWays       pbfSorts = 1 << 3
	pbfRelations  pbfSorts = 1 << 4
	pbfNodes               = pbfPlainNodes | pbfDenseNodes
)

// tell says what a block has, where that is asked.
func (h pbfHandler) tell(sorts pbfSorts) {
	if h.holds != nil {
		h.holds(sorts)
	}
}

// wants returns the sorts that are handed on.
func (h pbfHandler) wants() pbfSorts {
	var w pbfSorts
	if h.node != nil {
		w |= pbfNodes
	}
	if h.way != nil {
		w |= pbfWays
	}
	if h.relation != nil {
		w |= pbfRelations
	}
	return w
}

// osmTags are keys and values by turns.
type osmTags [][]byte

// get returns the value of a key, "" where it is missing.
func (t osmTags) get(key string) string { return string(t.find(key)) }

// find returns the value of a key as it lies in the block, nil where it is missing.
func (t osmTags) find(key string) []byte {
	for i := 0; i+1 < len(t); i += 2 {
		if string(t[i]) == key {
			return t[i+1]
		}
	}
	return nil
}

// scanPBF reads an OSM PBF file from start to end. Its blocks are unpacked and read
// on all cores at once, each by a handler that fills a T of its own, and take gets
// each T in the order of the file. It is written here because the ready-made reader
// panics, in a goroutine of its own, on a block with a bad string number.
func scanPBF[T any](r io.Reader, handler func(*T) pbfHandler, take func(*T)) error {
	return scanBlobs(pbfBlobs(r), handler, take)
}

// scanBlobs is scanPBF of some blobs of a file.
func scanBlobs[T any](blobs iter.Seq[pbfBlob], handler func(*T) pbfHandler, take func(*T)) error {
	type read struct {
		into     T
		packed   int64
		unpacked int64
		err      error
	}
	worker := func() func(pbfBlob) read {
		var s pbfScanner
		return func(b pbfBlob) read {
			out := read{packed: int64(len(b.packed)), err: b.err}
			if out.err != nil {
				return out
			}
			if s.handler = handler(&out.into); b.holds != 0 && b.holds&s.handler.wants() == 0 {
				s.handler.tell(b.holds | pbfAssumed)
				return out
			}
			out.unpacked, out.err = s.blob(b)
			return out
		}
	}
	var packed, unpacked int64
	for out := range inOrder(blobs, worker) {
		if out.err != nil {
			return out.err
		}
		packed, unpacked = packed+out.packed, unpacked+out.unpacked
		if unpacked > pbfRatioFrom && unpacked > maxPBFRatio*packed {
			return &data.UserError{Msg: fmt.Sprintf("unpacks to over %d times its size, more than an extract does", maxPBFRatio), Hint: "download it again from where it was published"}
		}
		take(&out.into)
	}
	return nil
}

// A pbfBlob is one packed block of a file, or the error that ended the reading.
type pbfBlob struct {
	kind   string
	packed []byte
	holds  pbfSorts // by the order of the file; 0 where that says nothing
	err    error
}

// inOrder is an error where a block has another sort than the order of its file says.
func (b pbfBlob) inOrder(has pbfSorts) error {
	if b.holds == 0 || has&^b.holds == 0 {
		return nil
	}
	return &data.UserError{Msg: "says that it is sorted by type, and is not", Hint: "osmium sort in.osm.pbf -o out.osm.pbf"}
}

// pbfBlobs reads the blobs of a file, an error last.
func pbfBlobs(r io.Reader) iter.Seq[pbfBlob] {
	return func(yield func(pbfBlob) bool) {
		for {
			b := nextBlob(r)
			if b.err == io.EOF || !yield(b) || b.err != nil {
				return
			}
		}
	}
}

// sortedBlobs is pbfBlobs, and says of the blobs of nodes of a file that is sorted by
// type, as extracts say that they are, that they are such: of blobsAtOnce of them only
// the last is looked at.
func sortedBlobs(r io.Reader) iter.Seq[pbfBlob] {
	return func(yield func(pbfBlob) bool) {
		var s pbfScanner
		var window []pbfBlob
		ahead, held := false, 0
		flush := func() bool {
			if len(window) > 0 {
				size, err := s.open(window[len(window)-1].packed)
				sort := s.onlySort(size)
				ahead = err == nil && sort != 0 && sort&^pbfNodes == 0
			}
			for _, b := range window {
				if ahead {
					b.holds = pbfNodes
				}
				if !yield(b) {
					return false
				}
			}
			window, held = window[:0], 0
			return true
		}
		for b := range pbfBlobs(r) {
			if b.err == nil && ahead && b.kind == "OSMData" {
				window, held = append(window, b), held+len(b.packed)
				if (len(window) == blobsAtOnce || held > blobsHeld) && !flush() {
					return
				}
				continue
			}
			if b.err == nil && b.kind == "OSMHeader" {
				size, err := s.open(b.packed)
				ahead = err == nil && s.unpack(size) == nil && isSorted(s.block)
			}
			if !flush() || !yield(b) {
				return
			}
		}
		flush()
	}
}

// blobsAtOnce is how many blobs of a sorted file are told by one, at most those of
// blobsHeld bytes: a megabyte or two as a rule.
const (
	blobsAtOnce = 32
	blobsHeld   = 16 << 20
)

// isSorted reports whether the header of a file says that nodes come before ways and
// ways before relations.
func isSorted(block []byte) bool {
	f := fieldReader{b: block}
	for f.next() {
		if f.number == 5 && string(f.bytes) == "Sort.Type_then_ID" {
			return true
		}
	}
	return false
}

// blobsWith reads those blobs of a file that have a sort that is wanted, where has
// says what each of them has.
func blobsWith(want pbfSorts, has []pbfSorts) func(io.Reader) iter.Seq[pbfBlob] {
	return func(r io.Reader) iter.Seq[pbfBlob] {
		return func(yield func(pbfBlob) bool) {
			n := 0
			for b := range pbfBlobs(r) {
				if n++; b.err == nil && n <= len(has) {
					if has[n-1]&want == 0 {
						continue
					}
					if has[n-1]&pbfAssumed != 0 {
						b.holds = has[n-1] &^ pbfAssumed
					}
				}
				if !yield(b) {
					return
				}
			}
		}
	}
}

type pbfScanner struct {
	handler pbfHandler
	buffer  bytes.Buffer
	zipped  bytes.Reader
	zlib    io.ReadCloser // reads zipped; nil before the first
	block   []byte        // unpacked
	strings [][]byte
	groups  [][]byte
	sorts   pbfSorts // that the block before has
	tags    osmTags
	refs    []int64
	at      [][2]int32
	// of the current block
	granularity          int64
	latOffset, lonOffset int64
}

// blob unpacks a blob and hands on what it holds. It returns the number of bytes
// that it unpacked to.
func (s *pbfScanner) blob(b pbfBlob) (int64, error) {
	size, err := s.open(b.packed)
	if err == nil && b.kind == "OSMData" {
		if sort := s.onlySort(size); sort != 0 && sort&s.handler.wants() == 0 {
			s.handler.tell(sort)
			return int64(s.buffer.Len()), b.inOrder(sort)
		}
	}
	if err == nil {
		err = s.unpack(size)
	}
	if err == nil {
		switch b.kind {
		case "OSMHeader":
			err = checkHeader(s.block)
		case "OSMData":
			if err = s.primitiveBlock(s.block); err == nil {
				err = b.inOrder(s.sorts)
			}
		}
	}
	return int64(s.buffer.Len()), err
}

// nextBlob reads a blob. Its err is io.EOF only between two blobs.
func nextBlob(r io.Reader) (b pbfBlob) {
	var size [4]byte
	if _, b.err = io.ReadFull(r, size[:]); b.err != nil {
		return b
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxBlobHeader {
		b.err = errPBF
		return b
	}
	var head []byte
	if head, b.err = readWhole(r, int(n)); b.err != nil {
		return b
	}
	var dataSize uint64
	header := fieldReader{b: head}
	for header.next() {
		switch header.number {
		case 1:
			b.kind = string(header.bytes)
		case 3:
			dataSize = header.value
		}
	}
	if header.err != nil || dataSize > maxBlob {
		b.err = errPBF
		return b
	}
	b.packed, b.err = readWhole(r, int(dataSize))
	return b
}

// readWhole reads n bytes. A file that ends before is an unexpected end.
func readWhole(r io.Reader, n int) ([]byte, error) {
	buf := make([]byte, n)
	_, err := io.ReadFull(r, buf)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return buf, err
}

// blobPacking names the methods of packing that are not read, by field.
var blobPacking = map[int]string{4: "lzma", 5: "bzip2", 6: "lz4", 7: "zstd"}

// open begins a blob. It returns how many bytes the file says that it unpacks to, 0
// where it is not packed and stands in s.block.
func (s *pbfScanner) open(packed []byte) (size int, err error) {
	s.buffer.Reset()
	s.block = nil
	var raw, zipped []byte
	blob := fieldReader{b: packed}
	for blob.next() {
		switch blob.number {
		case 1:
			raw = blob.bytes
		case 2:
			size = int(min(blob.value, maxBlob))
		case 3:
			zipped = blob.bytes
		case 4, 5, 6, 7:
			return 0, &data.UserError{Msg: "its blocks are packed by " + blobPacking[blob.number], Hint: "osmium cat in.osm.pbf -o out.osm.pbf writes them with zlib; or download the plain extract"}
		}
	}
	if s.zipped.Reset(zipped); blob.err != nil || zipped == nil {
		s.block = raw
		return 0, blob.err
	}
	if s.zlib == nil {
		s.zlib, err = zlib.NewReader(&s.zipped)
	} else {
		err = s.zlib.(zlib.Resetter).Reset(&s.zipped, nil)
	}
	if err != nil {
		return 0, errPBF
	}
	return max(size, 1), nil
}

// unpack puts what is packed into s.block, good until the next blob, and leaves in
// s.buffer what was unzipped. size is what open returned.
func (s *pbfScanner) unpack(size int) error {
	if size == 0 {
		return nil
	}
	s.buffer.Grow(max(size-s.buffer.Len(), 0) + bytes.MinRead) // a buffer that doubles takes three times as much
	_, err := io.Copy(&s.buffer, io.LimitReader(s.zlib, maxBlob+1-int64(s.buffer.Len())))
	if err != nil || s.buffer.Len() > maxBlob {
		return errPBF
	}
	s.block = s.buffer.Bytes()
	return nil
}

// onlySort returns the sort of a packed block that holds one group and no more,
// unpacking no further than to where the group begins; 0 where it may be otherwise.
// Extracts are written so, and most blocks need not be unpacked to be passed over.
func (s *pbfScanner) onlySort(size int) pbfSorts {
	const (
		fieldHead = 16 // bytes in which the head of a field and the first key in it lie
		tail      = 12 // bytes that hold no named way, but what a block says of itself
	)
	if size == 0 {
		return 0
	}
	at := 0
	for number := 1; ; number++ {
		if _, err := io.CopyN(&s.buffer, s.zlib, int64(max(at+fieldHead-s.buffer.Len(), 0))); err != nil {
			return 0
		}
		b := s.buffer.Bytes()[at:]
		length, n1 := binary.Uvarint(b[1:])
		if b[0] != byte(number<<3|2) || n1 <= 0 || length > uint64(size) {
			return 0
		}
		if at += 1 + n1; number == 2 {
			if at+int(length)+tail < size || length == 0 {
				return 0
			}
			return 1 << (b[1+n1] >> 3)
		}
		at += int(length)
	}
}

const (
	// maxPBFRatio is how many times its packed size a file may grow by unpacking,
	// once it passes pbfRatioFrom bytes. Extracts of OpenStreetMap grow two- to
	// threefold.
	maxPBFRatio  = 30
	pbfRatioFrom = 8 << 20
	// maxBlockStrings and maxBlockGroups bound a block, which holds 8,000 elements
	// as a rule.
	maxBlockStrings = 1 << 18
	maxBlockGroups  = 1 << 16
)

// checkHeader refuses a file that needs a feature that is not known here.
func checkHeader(block []byte) error {
	f := fieldReader{b: block}
	for f.next() {
		if f.number != 4 {
			continue
		}
		switch feature := string(f.bytes); feature {
		case "OsmSchema-V0.6", "DenseNodes", "LocationsOnWays":
		case "HistoricalInformation":
			return &data.UserError{Msg: "is a history file, with what is no longer there", Hint: "take the plain extract of the same place: name.osm.pbf, not name.osh.pbf"}
		default:
			return &data.UserError{Msg: fmt.Sprintf("needs the feature %.40q, which is not known here", feature), Hint: "take the plain extract of the same place"}
		}
	}
	return f.err
}

// pbfTimestamp returns the replication time of a file's header in Unix seconds,
// 0 where it has none.
func pbfTimestamp(r io.Reader) int64 {
	b := nextBlob(r)
	if b.err != nil || b.kind != "OSMHeader" {
		return 0
	}
	var s pbfScanner
	if size, err := s.open(b.packed); err != nil || s.unpack(size) != nil {
		return 0
	}
	f := fieldReader{b: s.block}
	for f.next() {
		if f.number == 32 {
			return int64(f.value)
		}
	}
	return 0
}

func (s *pbfScanner) primitiveBlock(block []byte) error {
	s.strings, s.groups = s.strings[:0], s.groups[:0]
	s.granularity, s.latOffset, s.lonOffset = 100, 0, 0
	f := fieldReader{b: block}
	for f.next() {
		switch f.number {
		case 1:
			table := fieldReader{b: f.bytes}
			for table.next() {
				if len(s.strings) == maxBlockStrings {
					return errPBF
				}
				s.strings = append(s.strings, table.bytes)
			}
			if table.err != nil {
				return table.err
			}
		case 2:
			if len(s.groups) == maxBlockGroups {
				return errPBF
			}
			s.groups = append(s.groups, f.bytes)
		case 17:
			s.granularity = int64(f.value)
		case 19:
			s.latOffset = int64(f.value)
		case 20:
			s.lonOffset = int64(f.value)
		}
	}
	s.sorts = 0
	for _, group := range s.groups {
		g := fieldReader{b: group}
		for g.next() {
			s.sorts |= 1 << g.number
			var err error
			switch {
			case g.number == 1 && s.handler.node != nil:
				err = s.plainNode(g.bytes)
			case g.number == 2 && s.handler.node != nil:
				err = s.denseNodes(g.bytes)
			case g.number == 3 && s.handler.way != nil:
				err = s.oneWay(g.bytes)
			case g.number == 4 && s.handler.relation != nil:
				err = s.oneRelation(g.bytes)
			}
			if err != nil {
				return err
			}
		}
		if g.err != nil {
			return g.err
		}
	}
	s.handler.tell(s.sorts)
	return f.err
}

// e7 turns a stored coordinate into 1e-7 degrees, false when it is out of range.
func (s *pbfScanner) e7(offset, v int64) (int32, bool) {
	// Nanodegrees; a coordinate is at most 180e9 of them.
	if v > 1e12 || v < -1e12 || s.granularity < 1 || s.granularity > 1e6 {
		return 0, false
	}
	nano := offset + s.granularity*v
	if nano > 180e9 || nano < -180e9 {
		return 0, false
	}
	return int32(nano / 100), true
}

func (s *pbfScanner) denseNodes(b []byte) error {
	var ids, lats, lons, keyVals packed
	f := fieldReader{b: b}
	for f.next() {
		switch f.number {
		case 1:
			ids = f.bytes
		case 8:
			lats = f.bytes
		case 9:
			lons = f.bytes
		case 10:
			keyVals = f.bytes
		}
	}
	if f.err != nil {
		return f.err
	}
	var id, lat, lon int64
	for len(ids) > 0 {
		dID, okID := ids.next()
		dLat, okLat := lats.next()
		dLon, okLon := lons.next()
		if !okID || !okLat || !okLon {
			return errPBF
		}
		id, lat, lon = id+signed(dID), lat+signed(dLat), lon+signed(dLon)
		s.tags = s.tags[:0]
		for len(keyVals) > 0 {
			k, ok := keyVals.next()
			if ok && k == 0 {
				break
			}
			v, ok2 := keyVals.next()
			if !ok || !ok2 || !s.addTag(k, v) {
				return errPBF
			}
		}
		if !s.emitNode(id, lat, lon) {
			return errPBF
		}
	}
	return nil
}

func (s *pbfScanner) plainNode(b []byte) error {
	var id, lat, lon int64
	var keys, vals packed
	f := fieldReader{b: b}
	for f.next() {
		switch f.number {
		case 1:
			id = signed(f.value)
		case 2:
			keys = f.bytes
		case 3:
			vals = f.bytes
		case 8:
			lat = signed(f.value)
		case 9:
			lon = signed(f.value)
		}
	}
	if f.err != nil || !s.readTags(keys, vals) || !s.emitNode(id, lat, lon) {
		return errPBF
	}
	return nil
}

// emitNode hands a node on. One that is nowhere, as a deleted node is, is passed
// over.
func (s *pbfScanner) emitNode(id, lat, lon int64) bool {
	y, okY := s.e7(s.latOffset, lat)
	x, okX := s.e7(s.lonOffset, lon)
	if !okX || !okY || y > 90e7 || y < -90e7 {
		return false
	}
	s.handler.node(id, y, x, s.tags)
	return true
}

func (s *pbfScanner) oneWay(b []byte) error {
	var keys, vals, refs, lats, lons packed
	var id int64
	f := fieldReader{b: b}
	for f.next() {
		switch f.number {
		case 1:
			id = int64(f.value)
		case 2:
			keys = f.bytes
		case 3:
			vals = f.bytes
		case 8:
			refs = f.bytes
		case 9:
			lats = f.bytes
		case 10:
			lons = f.bytes
		}
	}
	if f.err != nil || !s.readTags(keys, vals) {
		return errPBF
	}
	if s.handler.wanted != nil && !s.handler.wanted(id, s.tags) {
		return nil
	}
	s.refs, s.at = s.refs[:0], s.at[:0]
	located := len(lats) > 0
	var ref, lat, lon int64
	for len(refs) > 0 {
		if located {
			dLat, okLat := lats.next()
			dLon, okLon := lons.next()
			lat, lon = lat+signed(dLat), lon+signed(dLon)
			y, okY := s.e7(s.latOffset, lat)
			x, okX := s.e7(s.lonOffset, lon)
			if !okLat || !okLon || !okY || !okX || y > 90e7 || y < -90e7 {
				return errPBF
			}
			s.at = append(s.at, [2]int32{x, y})
		}
		d, ok := refs.next()
		if !ok {
			return errPBF
		}
		ref += signed(d)
		s.refs = append(s.refs, ref)
	}
	s.handler.way(id, s.tags, s.refs, s.at)
	return nil
}

// oneRelation hands on a relation with its members that are ways and outer rings, as
// those without a role are.
func (s *pbfScanner) oneRelation(b []byte) error {
	const memberWay = 1
	var keys, vals, roles, ids, types packed
	f := fieldReader{b: b}
	for f.next() {
		switch f.number {
		case 2:
			keys = f.bytes
		case 3:
			vals = f.bytes
		case 8:
			roles = f.bytes
		case 9:
			ids = f.bytes
		case 10:
			types = f.bytes
		}
	}
	if f.err != nil || !s.readTags(keys, vals) {
		return errPBF
	}
	s.refs = s.refs[:0]
	id := int64(0)
	for len(ids) > 0 {
		d, okID := ids.next()
		role, okRole := roles.next()
		kind, okKind := types.next()
		if !okID || !okRole || !okKind || role >= uint64(len(s.strings)) {
			return errPBF
		}
		id += signed(d)
		if r := string(s.strings[role]); kind == memberWay && (r == "outer" || r == "") {
			s.refs = append(s.refs, id)
		}
	}
	s.handler.relation(s.tags, s.refs)
	return nil
}

func (s *pbfScanner) readTags(keys, vals packed) bool {
	s.tags = s.tags[:0]
	for len(keys) > 0 {
		k, okK := keys.next()
		v, okV := vals.next()
		if !okK || !okV || !s.addTag(k, v) {
			return false
		}
	}
	return true
}

func (s *pbfScanner) addTag(k, v uint64) bool {
	if k >= uint64(len(s.strings)) || v >= uint64(len(s.strings)) {
		return false
	}
	s.tags = append(s.tags, s.strings[k], s.strings[v])
	return true
}
