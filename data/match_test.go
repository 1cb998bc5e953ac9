package data

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/geo"
)

// Every match of many is that of its report, those in the place of an earlier one too,
// and one of a report that is not there leaves all as they were.
func TestManyMatches(t *testing.T) {
	db := openTemp(t)
	const n = 2*matchesAtOnce + 3
	reports := make([]row, n)
	want := make([]Located, n)
	for i := range want {
		r := testReport(fmt.Sprintf("R%03d", i), "Mill Street, Elsing", i+1)
		reports[i].report = r
		want[i] = Located{r, geo.Match{Level: geo.LevelStreet, Point: orb.Point{1 + float64(i)/1000, 52}, Rule: "street", Name: fmt.Sprint("name ", i)}, inputA.SHA256}
		if i%3 == 0 {
			want[i].Match = geo.Match{Rule: "no match"}
		}
	}
	if _, err := db.Ingest(t.Context(), inputA, rowsOf(reports...)); err != nil {
		t.Fatal(err)
	}
	older := []Located{{Report: want[1].Report, Match: geo.Match{Rule: "x"}}, {Report: want[n-1].Report, Match: geo.Match{Rule: "x"}}}
	if err := db.StoreMatches(t.Context(), "g", older); err != nil {
		t.Fatal(err)
	}
	stored := func() []Located {
		t.Helper()
		got, err := db.Located(t.Context(), time.Time{}, want[0].Reported)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	stray := append([]Located{}, want...)
	stray[matchesAtOnce+1].Ref = "R999"
	if err := db.StoreMatches(t.Context(), "g", stray); err == nil || len(stored()) != len(older) {
		t.Errorf("with one of no report: %v, and %d are stored, want the %d of before", err, len(stored()), len(older))
	}
	if err := db.StoreMatches(t.Context(), "g", want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, stored()); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
}
