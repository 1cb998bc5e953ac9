package data

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/geo/index"
)

// Lines come back as they were stored, to a tenth of a metre: those that meet the
// area, and the through roads alone where only they are asked for. A source that
// is imported again has the new ones alone.
func TestLines(t *testing.T) {
	db := openTemp(t)
	long := Line{Class: ClassTrunk, Name: "Necton Road", Number: "A47", Points: orb.LineString{{0.75, 52.65}, {0.9, 52.66}, {1.05, 52.67}}}
	lane := Line{Class: ClassStreet, Name: "Mill Lane", Points: orb.LineString{{0.951, 52.655}, {0.952, 52.656}}}
	far := Line{Class: ClassPath, Points: orb.LineString{{-3.2, 51.4}, {-3.200001, 51.4}}}
	dot := Line{Class: ClassStreet, Name: "One Point", Points: orb.LineString{{0.95, 52.65}}}
	store := func(lines ...Line) {
		t.Helper()
		_, err := db.ReplaceGazetteers(t.Context(), []Gazetteer{{Source: testSource("osm", "1"), Lines: slices.Values(lines),
			Entries: entrySeq(index.Entry{ID: "1", Kind: index.KindPlace, Name: "Necton", Point: orb.Point{0.77, 52.65}})}})
		if err != nil {
			t.Fatal(err)
		}
	}
	store(far, lane, long, dot)
	near := orb.Bound{Min: orb.Point{0.94, 52.65}, Max: orb.Point{0.96, 52.67}}
	for _, tt := range []struct {
		name    string
		area    orb.Bound
		through bool
		want    []Line
	}{
		{"a long road that begins elsewhere", near, false, []Line{long, lane}},
		{"through roads", near, true, []Line{long}},
		{"nothing there", orb.Bound{Min: orb.Point{5, 5}, Max: orb.Point{6, 6}}, false, nil},
		{"everywhere", orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}, false, []Line{far, long, lane}},
	} {
		got, err := db.Lines(t.Context(), tt.area, tt.through)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, got, cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	store(lane)
	if got, err := db.Lines(t.Context(), near, false); err != nil || len(got) != 1 {
		t.Errorf("after another import: %v, %v", got, err)
	}
	names, err := db.GazetteerNames(t.Context(), orb.Bound{Min: orb.Point{0.7, 52.6}, Max: orb.Point{0.8, 52.7}})
	if err != nil || len(names) != 1 || names[0].Name != "Necton" || names[0].Kind != index.KindPlace {
		t.Errorf("names %v, %v", names, err)
	}
}

// A line that is cut off or counts more than there is gives an error and no panic.
func TestReadLineDamaged(t *testing.T) {
	whole := Line{Class: ClassTrunk, Name: "Necton Road", Number: "A47", Points: orb.LineString{{0.75, 52.65}, {1.05, 52.67}}}.appendTo(nil)
	for n := 1; n < len(whole); n++ {
		if _, _, err := readLine(whole[:n]); err == nil {
			t.Errorf("no error at %d of %d bytes", n, len(whole))
		}
	}
	if _, rest, err := readLine(whole); err != nil || len(rest) != 0 {
		t.Errorf("the whole of it: %d bytes left, %v", len(rest), err)
	}
}
