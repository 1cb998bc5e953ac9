package locate

import (
	"math"
	"testing"

	"spreewatch/geo"

	"github.com/google/go-cmp/cmp"
)

func TestQuality(t *testing.T) {
	var q Quality
	if !math.IsNaN(q.HitRate()) || !math.IsNaN(q.MedianRadiusM()) || len(q.Unmatched(20)) != 0 {
		t.Error("an empty batch has a hit rate, a radius or a text")
	}
	for _, m := range []struct {
		text  string
		match geo.Match
	}{
		{"Mill Street, Elsing", geo.Match{Level: geo.LevelStreet, RadiusM: 90, Source: "a"}},
		{"Mil Street, Elsing", geo.Match{Level: geo.LevelStreet, RadiusM: 110.4, Source: "a", Corrections: []string{"street spelling"}}},
		{"Dereham", geo.Match{Level: geo.LevelPlace, RadiusM: 1500, Source: "b"}},
		{"12 Nowhere Road", geo.Match{Level: geo.LevelNone}},
		{"14 nowhere road", geo.Match{Level: geo.LevelNone}},
		{"High Street", geo.Match{Level: geo.LevelAmbiguous}},
	} {
		q.Add(m.text, m.match)
	}
	if q.Total() != 6 || q.Precise() != 2 || q.HitRate() != 1.0/3 {
		t.Errorf("%d of %d precise, %v; want 2 of 6", q.Precise(), q.Total(), q.HitRate())
	}
	if got := q.MedianRadiusM(); got != 110 { // of 90, 110, 1500
		t.Errorf("median radius %v, want 110", got)
	}
	if diff := cmp.Diff([]Count{{"a", 2}, {"b", 1}}, q.Sources()); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]Count{{"street spelling", 1}}, q.Corrections()); diff != "" {
		t.Errorf("corrections (-want +got):\n%s", diff)
	}
	if got := q.Unmatched(1); len(got) != 1 || got[0].N != 2 {
		t.Errorf("commonest unmatched text %v, want the two that differ in house number and case", got)
	}
}
