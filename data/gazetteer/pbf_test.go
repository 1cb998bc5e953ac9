package gazetteer

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"slices"
	"spreewatch/data"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/geo"
	"spreewatch/geo/index"
)

// The functions below write just enough of the format to test the reader:
// wiki.openstreetmap.org/wiki/PBF_Format.

func pbVarint(field int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(nil, uint64(field)<<3), v)
}

func pbBytes(field int, parts ...[]byte) []byte {
	content := bytes.Join(parts, nil)
	b := binary.AppendUvarint(nil, uint64(field)<<3|2)
	return append(binary.AppendUvarint(b, uint64(len(content))), content...)
}

func zigzag(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }

// pbDeltas packs numbers as signed differences.
func pbDeltas(field int, values ...int64) []byte {
	var b []byte
	last := int64(0)
	for _, v := range values {
		b = binary.AppendUvarint(b, zigzag(v-last))
		last = v
	}
	return pbBytes(field, b)
}

func pbPacked(field int, values ...uint64) []byte {
	var b []byte
	for _, v := range values {
		b = binary.AppendUvarint(b, v)
	}
	return pbBytes(field, b)
}

func pbBlob(kind string, zip bool, content ...[]byte) []byte {
	raw := bytes.Join(content, nil)
	blob := pbBytes(1, raw)
	if zip {
		var b bytes.Buffer
		w := zlib.NewWriter(&b)
		w.Write(raw)
		w.Close()
		blob = append(pbVarint(2, uint64(len(raw))), pbBytes(3, b.Bytes())...)
	}
	header := append(pbBytes(1, []byte(kind)), pbVarint(3, uint64(len(blob)))...)
	out := binary.BigEndian.AppendUint32(nil, uint32(len(header)))
	return append(append(out, header...), blob...)
}

func pbHeader(feature string) []byte { return pbBlob("OSMHeader", true, pbHead(feature)...) }

// pbSortedHeader is the header of a file that says that it is sorted.
func pbSortedHeader() []byte {
	return pbBlob("OSMHeader", true, append(pbHead("DenseNodes"), pbBytes(5, []byte("Sort.Type_then_ID")))...)
}

func pbHead(feature string) [][]byte {
	// 1714953600 is 2024-05-06T00:00:00Z.
	return [][]byte{pbBytes(4, []byte("OsmSchema-V0.6")), pbBytes(4, []byte(feature)), pbVarint(32, 1714953600)}
}

// A strTable numbers strings as it meets them; 0 is kept for "".
type strTable struct {
	at   map[string]uint64
	list [][]byte
}

func newStrTable() *strTable { return &strTable{at: map[string]uint64{"": 0}, list: [][]byte{nil}} }

func (s *strTable) n(str string) uint64 {
	if i, ok := s.at[str]; ok {
		return i
	}
	s.at[str] = uint64(len(s.list))
	s.list = append(s.list, []byte(str))
	return s.at[str]
}

func (s *strTable) field() []byte {
	var parts [][]byte
	for _, str := range s.list {
		parts = append(parts, pbBytes(1, str))
	}
	return pbBytes(1, parts...)
}

type testNode struct {
	id       int64
	lat, lon float64
	tags     []string
}

type testWay struct {
	tags []string
	refs []int64
}

// pbBlock writes a block with a group of dense nodes and a group of ways.
func pbBlock(nodes []testNode, ways []testWay) []byte {
	st := newStrTable()
	var ids, lats, lons []int64
	var keyVals []uint64
	for _, n := range nodes {
		ids, lats, lons = append(ids, n.id), append(lats, e7(n.lat)), append(lons, e7(n.lon))
		for _, s := range n.tags {
			keyVals = append(keyVals, st.n(s))
		}
		keyVals = append(keyVals, 0)
	}
	content := make([][]byte, 1, 3)
	if len(nodes) > 0 {
		content = append(content, pbBytes(2, pbBytes(2, pbDeltas(1, ids...), pbDeltas(8, lats...), pbDeltas(9, lons...), pbPacked(10, keyVals...))))
	}
	var group [][]byte
	for i, w := range ways {
		var keys, vals []uint64
		for k := 0; k < len(w.tags); k += 2 {
			keys, vals = append(keys, st.n(w.tags[k])), append(vals, st.n(w.tags[k+1]))
		}
		group = append(group, pbBytes(3, pbVarint(1, uint64(i+1)), pbPacked(2, keys...), pbPacked(3, vals...), pbDeltas(8, w.refs...)))
	}
	if len(ways) > 0 {
		content = append(content, pbBytes(2, group...))
	}
	content[0] = st.field() // with the strings of all
	return pbBlob("OSMData", true, content...)
}

func e7(degrees float64) int64 {
	if degrees < 0 {
		return int64(degrees*1e7 - 0.5)
	}
	return int64(degrees*1e7 + 0.5)
}

// pbfFile is an extract of an invented town: a street of two ways that share a
// node, its namesake 20 km away, a numbered road, a place and a junction.
func pbfFile(t testing.TB) string {
	t.Helper()
	nodes := []testNode{
		{1, 52.5000, 1.1000, nil}, {2, 52.5010, 1.1000, nil}, {3, 52.5020, 1.1000, nil},
		{4, 52.6800, 1.1000, nil}, {5, 52.6810, 1.1000, nil},
		{6, 52.5000, 1.2000, nil}, {7, 52.5040, 1.2000, nil},
		{8, 52.5005, 1.1010, []string{"place", "village", "name", "Betaham", "alt_name", "Great Betaham"}},
		{9, 52.5300, 1.2000, []string{"highway", "motorway_junction", "name", "Gamma Cross"}},
		{10, 52.5170, 1.2000, nil}, {11, 52.5210, 1.2000, nil},
		{12, 52.5300, 1.2000, []string{"amenity", "pub", "name", "The Delta"}},
	}
	ways := []testWay{
		{[]string{"highway", "residential", "name", "Alpha Lane", "alt_name", "Alpha Loke"}, []int64{1, 2}},
		{[]string{"name", "Alpha Lane", "highway", "footway"}, []int64{2, 3}},
		{[]string{"highway", "residential", "name", "Alpha Lane"}, []int64{4, 5, 404}},
		{[]string{"highway", "trunk", "ref", "A9 ;B99;X1", "name", "Epsilon Way"}, []int64{6, 7}},
		{[]string{"highway", "trunk", "ref", "A9"}, []int64{10, 11}},
		{[]string{"highway", "proposed", "name", "Never Road"}, []int64{6, 7}},
		{[]string{"building", "yes", "name", "Zeta House"}, []int64{6, 7}},
		{[]string{"highway", "service"}, []int64{6, 7}},
	}
	return string(pbHeader("DenseNodes")) + string(pbBlock(nodes, nil)) + string(pbBlock(nil, ways))
}

// nothing is the handler of a test that looks at the error alone.
func nothing(*struct{}) pbfHandler {
	return pbfHandler{node: func(int64, int32, int32, osmTags) {}, way: func(int64, osmTags, []int64, [][2]int32) {}, relation: func(osmTags, []int64) {}}
}

func TestScanPBF(t *testing.T) {
	type node struct {
		ID       int64
		Lat, Lon int32
		Tags     string
	}
	plain := pbBlob("OSMData", false, newStrTable().field(), pbBytes(2,
		pbBytes(1, pbVarint(1, zigzag(77)), pbVarint(8, zigzag(-335000000)), pbVarint(9, zigzag(1511000000)))))
	file := string(pbHeader("DenseNodes")) + string(plain) + string(pbBlob("Unheard-of", false)) +
		string(pbBlock([]testNode{{5, 52.5, -1.25, []string{"name", "Betaham"}}, {3, 52.6, -1.5, nil}}, []testWay{{[]string{"highway", "track"}, []int64{5, 3, 9}}}))
	type found struct {
		nodes []node
		ways  [][]int64
	}
	var nodes []node
	var ways [][]int64
	err := scanPBF(strings.NewReader(file), func(f *found) pbfHandler {
		return pbfHandler{
			node: func(id int64, lat, lon int32, tags osmTags) {
				f.nodes = append(f.nodes, node{id, lat, lon, string(bytes.Join(tags, []byte(" ")))})
			},
			way: func(_ int64, tags osmTags, refs []int64, _ [][2]int32) {
				f.ways = append(f.ways, append([]int64(nil), refs...))
			},
		}
	}, func(f *found) { nodes, ways = append(nodes, f.nodes...), append(ways, f.ways...) })
	if err != nil {
		t.Fatal(err)
	}
	wantNodes := []node{{77, -335000000, 1511000000, ""}, {5, 525000000, -12500000, "name Betaham"}, {3, 526000000, -15000000, ""}}
	if diff := cmp.Diff(wantNodes, nodes); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([][]int64{{5, 3, 9}}, ways); diff != "" {
		t.Errorf("ways (-want +got):\n%s", diff)
	}
}

// Blocks are read on all cores and taken in the order of the file, up to the first
// that is broken.
func TestScanPBFInOrder(t *testing.T) {
	const blocks = 60
	file := string(pbHeader("DenseNodes"))
	for i := range blocks {
		file += string(pbBlock(make([]testNode, 1+(blocks-i)*10), nil)) // the first takes longest
	}
	scan := func(file string) ([]int, error) {
		var sizes []int
		err := scanPBF(strings.NewReader(file), func(n *int) pbfHandler {
			return pbfHandler{node: func(int64, int32, int32, osmTags) { *n++ }}
		}, func(n *int) { sizes = append(sizes, *n) })
		return sizes, err
	}
	sizes, err := scan(file)
	if err != nil || len(sizes) != blocks+1 {
		t.Fatalf("%d blocks, %v", len(sizes), err)
	}
	for i, n := range sizes[1:] {
		if n != 1+(blocks-i)*10 {
			t.Errorf("block %d has %d nodes", i, n)
		}
	}
	sizes, err = scan(file + string(pbBlobRaw("OSMData", pbBytes(3, []byte("rubbish")))) + file)
	if err == nil || len(sizes) != blocks+1 {
		t.Errorf("%d blocks before the broken one, %v", len(sizes), err)
	}
}

// A block of one sort that is not wanted is unpacked no further than to its group, and
// every other block to its end.
func TestScanPBFPassesOver(t *testing.T) {
	nodes := make([]testNode, 5000)
	for i := range nodes {
		nodes[i] = testNode{int64(i + 1), 52 + float64(i*i%9973)/1e4, 1, nil}
	}
	way := testWay{[]string{"highway", "residential", "name", "Alpha Lane"}, []int64{1, 2}}
	ways := func(n int) []testWay { return slices.Repeat([]testWay{way}, n) }
	// A group with a named way as short as they come, behind a group of nodes.
	st := newStrTable()
	for _, s := range []string{"highway", "name", "A"} {
		st.n(s)
	}
	short := pbBlob("OSMData", true, st.field(), pbBytes(2, pbBytes(1, pbVarint(1, 2))), pbBytes(2, pbBytes(3, pbPacked(2, 1, 2), pbPacked(3, 3, 3), pbDeltas(8, 1))))
	tests := []struct {
		name        string
		block       []byte
		want, found pbfSorts
		ways        int
		whole       bool
	}{
		{"nodes, for ways", pbBlock(nodes, nil), pbfWays, pbfDenseNodes, 0, false},
		{"nodes, for nodes", pbBlock(nodes, nil), pbfNodes, pbfDenseNodes, 0, true},
		{"ways, for nodes", pbBlock(nil, ways(500)), pbfNodes, pbfWays, 0, false},
		{"ways, for ways", pbBlock(nil, ways(500)), pbfWays, pbfWays, 500, true},
		{"nodes and ways, for ways", pbBlock(nodes, ways(1)), pbfWays, pbfDenseNodes | pbfWays, 1, true},
		{"a node and a short way, for ways", short, pbfWays, pbfPlainNodes | pbfWays, 1, true},
		{"not packed", pbBlob("OSMData", false, newStrTable().field(), pbBytes(2, pbBytes(1, pbVarint(1, 2)))), pbfWays, pbfPlainNodes, 0, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, found := 0, pbfSorts(0)
			s := pbfScanner{handler: pbfHandler{holds: func(sorts pbfSorts) { found |= sorts }}}
			if tt.want&pbfNodes != 0 {
				s.handler.node = func(int64, int32, int32, osmTags) {}
			}
			if tt.want&pbfWays != 0 {
				s.handler.way = func(int64, osmTags, []int64, [][2]int32) { n++ }
			}
			b := nextBlob(bytes.NewReader(tt.block))
			if _, err := s.blob(b); err != nil {
				t.Fatal(err)
			}
			if n != tt.ways || found != tt.found {
				t.Errorf("%d ways of sorts %b, want %d of %b", n, found, tt.ways, tt.found)
			}
			if whole := s.block != nil; whole != tt.whole {
				t.Errorf("unpacked to its end: %t", whole)
			}
		})
	}
}

// Of a file that says that it is sorted, most blocks of nodes are passed over unseen on
// the way to the ways; one that says so and is not is refused.
func TestSortedPBF(t *testing.T) {
	ways := pbBlock(nil, []testWay{{[]string{"highway", "residential", "name", "Alpha Lane"}, []int64{1, 2}}})
	file := func(header []byte, wayAfter int) string {
		b := bytes.Clone(header)
		for i := range 2*blobsAtOnce + 5 {
			if i == wayAfter {
				b = append(b, ways...)
			}
			b = append(b, pbBlock([]testNode{{int64(2*i + 1), 52.5, 1.1 + float64(i)/100, nil}, {int64(2*i + 2), 52.501, 1.1 + float64(i)/100, nil}}, nil)...)
		}
		return string(append(b, ways...))
	}
	last := 2*blobsAtOnce + 5
	_, plain := readOne(t, writeFile(t, t.TempDir(), "town.osm.pbf", file(pbHeader("DenseNodes"), -1)))
	_, sorted := readOne(t, writeFile(t, t.TempDir(), "town.osm.pbf", file(pbSortedHeader(), -1)))
	if diff := cmp.Diff(plain.entries, sorted.entries); diff != "" || len(plain.entries) != 1 {
		t.Errorf("%d entries, -plain +sorted:\n%s", len(plain.entries), diff)
	}
	unseen, blobs := 0, 0
	for b := range sortedBlobs(strings.NewReader(file(pbSortedHeader(), -1))) {
		if blobs++; b.holds == pbfNodes {
			unseen++
		}
	}
	if unseen != 2*blobsAtOnce || blobs != last+2 {
		t.Errorf("%d of %d blocks are passed over, want %d of %d", unseen, blobs, 2*blobsAtOnce, last+2)
	}
	for _, at := range []int{0, 1, blobsAtOnce - 2, blobsAtOnce + 3, 2*blobsAtOnce + 1} {
		path := writeFile(t, t.TempDir(), "town.osm.pbf", file(pbSortedHeader(), at))
		files, err := Open([]string{path}, DefaultOptions())
		if err != nil {
			t.Fatal(err)
		}
		db := openDB(t)
		_, err = files.Import(t.Context(), db, time.Unix(1442361600, 0).UTC())
		files.Close()
		if len(files.Bad) > 0 {
			err = files.Bad[0]
		}
		inWindow := at < 2*blobsAtOnce-1
		if refused := err != nil && strings.Contains(err.Error(), "sorted by type"); refused != inWindow {
			t.Errorf("a way in front of block %d: %v", at, err)
		}
	}
}

func TestScanPBFRefuses(t *testing.T) {
	block := string(pbBlock([]testNode{{1, 52.5, 1.1, []string{"name", "Betaham"}}}, nil))
	tests := []struct{ name, file string }{
		{"history file", string(pbHeader("HistoricalInformation"))},
		{"cut in a length", string(pbHeader("DenseNodes")) + block[:2]},
		{"cut in a header", string(pbHeader("DenseNodes")) + block[:9]},
		{"cut in a blob", string(pbHeader("DenseNodes")) + block[:len(block)-3]},
		{"header too long", "\x00\xff\xff\xff" + block},
		{"blob too long", string(append(binary.BigEndian.AppendUint32(nil, 6), pbVarint(3, 64<<20)...))},
		{"no such string", string(pbBlob("OSMData", false, newStrTable().field(), pbBytes(2, pbBytes(3, pbPacked(2, 9), pbPacked(3, 9)))))},
		{"fewer latitudes than nodes", string(pbBlob("OSMData", false, newStrTable().field(), pbBytes(2, pbBytes(2, pbDeltas(1, 1, 2), pbDeltas(8, 1), pbDeltas(9, 1, 2)))))},
		{"latitude 95", string(pbBlock([]testNode{{1, 95, 1, nil}}, nil))},
		{"unknown packing", string(pbBlobRaw("OSMData", pbBytes(7, []byte("zstd"))))},
		{"zlib rubbish", string(pbBlobRaw("OSMData", pbBytes(3, []byte("rubbish"))))},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := scanPBF(strings.NewReader(tt.file), nothing, func(*struct{}) {})
			if err == nil {
				t.Error("no error")
			}
		})
	}
}

// A file that puts the coordinates on its ways gives the same entries as one with
// the nodes beside them.
func TestLocationsOnWays(t *testing.T) {
	at := map[int64][2]float64{1: {52.5, 1.1}, 2: {52.501, 1.1}, 3: {52.502, 1.1}}
	st := newStrTable()
	key, value, name, alpha := st.n("highway"), st.n("residential"), st.n("name"), st.n("Alpha Lane")
	write := func(onWays bool) string {
		var ids, lats, lons []int64
		for _, id := range []int64{1, 2, 3} {
			ids, lats, lons = append(ids, id), append(lats, e7(at[id][0])), append(lons, e7(at[id][1]))
		}
		way := [][]byte{pbVarint(1, 1), pbPacked(2, key, name), pbPacked(3, value, alpha), pbDeltas(8, ids...)}
		if onWays {
			way = append(way, pbDeltas(9, lats...), pbDeltas(10, lons...))
			return string(pbHeader("LocationsOnWays")) + string(pbBlob("OSMData", true, st.field(), pbBytes(2, pbBytes(3, way...))))
		}
		nodes := pbBytes(2, pbBytes(2, pbDeltas(1, ids...), pbDeltas(8, lats...), pbDeltas(9, lons...)))
		return string(pbHeader("DenseNodes")) + string(pbBlob("OSMData", true, st.field(), nodes, pbBytes(2, pbBytes(3, way...))))
	}
	_, plain := readOne(t, writeFile(t, t.TempDir(), "town.osm.pbf", write(false)))
	_, onWays := readOne(t, writeFile(t, t.TempDir(), "town.osm.pbf", write(true)))
	if len(plain.entries) != 1 || plain.entries[0].Name != "Alpha Lane" {
		t.Fatalf("plain: %+v", plain.entries)
	}
	if diff := cmp.Diff(plain.entries, onWays.entries); diff != "" {
		t.Errorf("-plain +on ways:\n%s", diff)
	}
}

// Every way that is read is a line, once, with its name and its numbers.
func TestLines(t *testing.T) {
	s, _ := readOne(t, writeFile(t, t.TempDir(), "town.osm.pbf", pbfFile(t)))
	type line struct {
		Class        data.Class
		Name, Number string
		Points       int
	}
	var got []line
	for l := range s.Lines() {
		got = append(got, line{l.Class, l.Name, l.Number, len(l.Points)})
	}
	want := []line{
		{data.ClassStreet, "Alpha Lane", "", 2}, {data.ClassPath, "Alpha Lane", "", 2}, {data.ClassStreet, "Alpha Lane", "", 2},
		{data.ClassTrunk, "Epsilon Way", "A9 B99", 2}, {data.ClassTrunk, "", "A9", 2},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	for range s.Lines() {
		t.Fatal("they are kept after they were read")
	}
}

// A history file, blocks of another packing and a bomb are refused by name.
func TestPBFSaysWhatItIs(t *testing.T) {
	bomb := string(pbHeader("DenseNodes"))
	for range 3 {
		bomb += string(pbBlob("OSMData", true, pbBytes(99, make([]byte, 8<<20))))
	}
	for _, tt := range []struct{ file, want string }{
		{string(pbHeader("HistoricalInformation")), "history file"},
		{string(pbHeader("DenseNodes")) + string(pbBlobRaw("OSMData", pbBytes(6, []byte("x")))), "lz4"},
		{string(pbHeader("DenseNodes")) + string(pbBlobRaw("OSMData", pbBytes(7, []byte("x")))), "zstd"},
		{bomb, "30 times its size"},
		{string(pbHeader("DenseNodes")) + string(pbBlob("OSMData", true, pbBytes(1, bytes.Repeat(pbBytes(1, nil), maxBlockStrings+1)))), "well-formed"},
	} {
		err := scanPBF(strings.NewReader(tt.file), nothing, func(*struct{}) {})
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v, want a word of %q", err, tt.want)
		}
	}
}

func pbBlobRaw(kind string, blob []byte) []byte {
	header := append(pbBytes(1, []byte(kind)), pbVarint(3, uint64(len(blob)))...)
	out := binary.BigEndian.AppendUint32(nil, uint32(len(header)))
	return append(append(out, header...), blob...)
}

func FuzzPBF(f *testing.F) {
	f.Add([]byte(pbfFile(f)))
	f.Add(pbBlob("OSMData", false, newStrTable().field(), pbBytes(2, pbBytes(1, pbVarint(1, 2)))))
	f.Fuzz(func(t *testing.T, b []byte) {
		scanPBF(bytes.NewReader(b), func(*struct{}) pbfHandler {
			return pbfHandler{
				node: func(_ int64, lat, lon int32, tags osmTags) {
					if lat > 90e7 || lat < -90e7 || lon > 180e7 || lon < -180e7 || len(tags)%2 != 0 {
						t.Errorf("node at %d, %d with %d strings", lat, lon, len(tags))
					}
				},
				way: func(_ int64, tags osmTags, refs []int64, _ [][2]int32) {},
			}
		}, func(*struct{}) {})
	})
}

// A square that a relation draws of two ways without names of their own is a street,
// as is one that is a way of its own; rings within it and areas of other kinds are not.
func TestSquares(t *testing.T) {
	nodes := pbBlock([]testNode{
		{1, 52.5000, 1.1000, nil}, {2, 52.5010, 1.1000, nil}, {3, 52.5010, 1.1010, nil}, {4, 52.5000, 1.1010, nil},
		{5, 52.5004, 1.1004, nil}, {6, 52.5006, 1.1006, nil}, {7, 52.6000, 1.1000, nil}, {8, 52.6010, 1.1010, nil},
	}, nil)
	ways := pbBlock(nil, []testWay{
		{[]string{"surface", "paved"}, []int64{1, 2, 3}},
		{[]string{"surface", "paved"}, []int64{3, 4, 1}},
		{[]string{"building", "yes"}, []int64{5, 6, 5}},
		{[]string{"place", "square", "name", "Corn Hill"}, []int64{7, 8}},
		{[]string{"leisure", "park"}, []int64{7, 8}},
	})
	st := newStrTable()
	relation := func(outer []int64, roles []string, types []uint64, tags ...string) []byte {
		var keys, vals, said []uint64
		for k := 0; k < len(tags); k += 2 {
			keys, vals = append(keys, st.n(tags[k])), append(vals, st.n(tags[k+1]))
		}
		for _, r := range roles {
			said = append(said, st.n(r))
		}
		return pbBytes(4, pbVarint(1, 1), pbPacked(2, keys...), pbPacked(3, vals...), pbPacked(8, said...), pbDeltas(9, outer...), pbPacked(10, types...))
	}
	group := pbBytes(2,
		relation([]int64{1, 2, 3, 7}, []string{"outer", "", "inner", "outer"}, []uint64{1, 1, 1, 0},
			"type", "multipolygon", "highway", "pedestrian", "area", "yes", "name", "Tuesday Market Place", "alt_name", "Market Place"),
		relation([]int64{5}, []string{"outer"}, []uint64{1}, "type", "multipolygon", "leisure", "park", "name", "The Park"),
		relation([]int64{5}, []string{"outer"}, []uint64{1}, "type", "route", "highway", "pedestrian", "name", "The Walk"))
	relations := string(pbBlob("OSMData", true, st.field(), group))
	_, set := readOne(t, writeFile(t, t.TempDir(), "town.osm.pbf", string(pbHeader("DenseNodes"))+string(nodes)+string(ways)+relations))
	type square struct {
		Name    string
		Aliases []string
		ExtentM int
	}
	var got []square
	for _, e := range set.entries {
		if e.Kind != index.KindStreet {
			t.Errorf("%s is a %s", e.Name, e.Kind)
		}
		if middle := (orb.Point{1.1005, e.Point.Lat()}); e.Point.Lon() < 1.1 || e.Point.Lon() > 1.101 || geo.Distance(e.Point, middle) > 35 {
			t.Errorf("%s lies at %v, not on its outline", e.Name, e.Point)
		}
		got = append(got, square{e.Name, e.Aliases, int(e.ExtentM)})
	}
	// From one corner to the one across: 111 m from south to north, 68 m from west to
	// east.
	want := []square{{"Corn Hill", nil, 130}, {"Tuesday Market Place", []string{"Market Place"}, 130}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}

	// A relation whose members break off is named as what it is.
	broken := pbBytes(4, pbVarint(1, 1), pbDeltas(9, 1, 2), pbPacked(10, 1, 1))
	r := strings.NewReader(string(pbHeader("DenseNodes")) + string(pbBlob("OSMData", true, newStrTable().field(), pbBytes(2, broken))))
	if err := scanPBF(r, nothing, func(*struct{}) {}); err == nil {
		t.Error("a relation without its roles is read")
	}
}
