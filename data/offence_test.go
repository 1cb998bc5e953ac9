package data

import (
	"errors"
	"iter"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/cluster"
	"spreewatch/geo"
)

func TestOffences(t *testing.T) {
	db := openTemp(t)
	report := func(ref, offence, text string, line int) Report {
		r := testReport(ref, "Mill Street "+ref, line)
		r.Offence, r.OffenceText = offence, text
		return r
	}
	gone := report("R6", "robbery", "34B", 7)
	gone.Withdrawn = true
	ingestAll(t, db, night("a", 0),
		report("R1", "robbery", "34B", 2), report("R2", "robbery", "34B", 3), report("R3", "Stalking", "Stalking", 4),
		report("R4", "robbery", "", 5), report("R5", "", "", 6), gone)
	got, err := db.Offences(t.Context(), []string{"robbery", "other"})
	if err != nil {
		t.Fatal(err)
	}
	want := []OffenceCount{{"", "", 1}, {"Stalking", "", 1}, {"34B", "robbery", 2}, {"", "robbery", 1}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("offences (-want +got):\n%s", diff)
	}
}

func TestDistinguishAndForget(t *testing.T) {
	db := openTemp(t)
	ingestAll(t, db, night("a", 0), testReport("R1", "Mill Street", 2), testReport("R2", "Norwich Road", 3))
	if err := db.Distinguish(t.Context(), "R9"); !errors.Is(err, ErrNoReport) {
		t.Errorf("what is not there: %v, want %v", err, ErrNoReport)
	}
	if err := db.Distinguish(t.Context(), "R1"); err != nil {
		t.Fatal(err)
	}
	located, err := db.Located(t.Context(), time.Time{}, inputA.Received)
	if err != nil || len(located) != 2 || !located[0].Own || located[1].Own {
		t.Errorf("located %+v, %v; want R1 alone to be its own", located, err)
	}
	if err := db.Forget(t.Context(), []string{"R1"}); err != nil {
		t.Fatal(err)
	}
	if got := asOf(t, db, inputA.Received); got != "R2 Norwich Road 10:05" {
		t.Errorf("%q is located after R1 was forgotten", got)
	}
}

// What is erased is gone from every table and from the bytes of the file; what is
// not stays.
func TestErase(t *testing.T) {
	db := openTemp(t)
	const planted = "Zzyzx Planted Road"
	first := testReport("R1", planted, 2)
	ingestAll(t, db, night("a", 0), first, testReport("R2", "Norwich Road", 3))
	later := first
	later.From, later.To = first.From.Add(time.Hour), first.To.Add(time.Hour)
	ingestAll(t, db, night("b", 1), later)
	run := Run{ID: "r", AsOf: inputA.Received, Manifest: []byte(`{"geocoding":{"unmatched":[{"text":"` + planted + `"}]}}`),
		Sprees: []cluster.Spree{{ID: "s", Status: cluster.StatusNew, Offence: "x", Incidents: []string{"R1", "R2"}}}}
	if err := db.StoreRun(t.Context(), run); err != nil {
		t.Fatal(err)
	}
	if h, err := db.History(t.Context(), "R2"); err != nil || len(h.Sprees) != 1 || h.Sprees[0].SpreeID != "s" || !h.Sprees[0].AsOf.Equal(inputA.Received) {
		t.Errorf("sprees of R2: %+v, %v; want s", h.Sprees, err)
	}
	key := strings.ToLower(planted)
	if err := db.SetOverrides(t.Context(), []Override{{Key: key, Who: "a", Match: geo.Match{Name: planted}}, {Key: "norwich road", Who: "a"}}); err != nil {
		t.Fatal(err)
	}
	kept, err := db.Kept(t.Context())
	if err != nil || len(kept) != 3 {
		t.Fatalf("%d kept, %v; want both versions of R1, and R2", len(kept), err)
	}
	got, err := db.Erase(t.Context(), []string{"R1"}, []string{key})
	if err != nil {
		t.Fatal(err)
	}
	if want := (Erased{Reports: 1, Versions: 1, Matches: 1, Sprees: 1, Decisions: 1}); got != want {
		t.Errorf("erased %+v, want %+v", got, want)
	}
	if _, err := db.History(t.Context(), "R1"); !errors.Is(err, ErrNoReport) {
		t.Errorf("the erased report: %v", err)
	}
	if left, err := db.Overrides(t.Context()); err != nil || len(left) != 1 {
		t.Errorf("%d decisions left, %v; want 1", len(left), err)
	}
	var name string
	var n int
	var schema string
	if err := db.sql.QueryRow("PRAGMA database_list").Scan(&n, &schema, &name); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{name, name + "-wal"} {
		b, err := os.ReadFile(file)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if strings.Contains(strings.ToLower(string(b)), "zzyzx") {
			t.Errorf("the bytes of %s still hold what was erased", strings.TrimPrefix(file, name))
		}
	}
}

func TestOnce(t *testing.T) {
	a, same, other := testReport("R1", "Mill Street", 2), testReport("R1", " mill street", 3), testReport("R1", "Norwich Road", 4)
	broken := &RowError{Source: "a.csv", Line: 5, Reason: "not a date"}
	var read, clashes, refused int
	each := func(rows iter.Seq2[Report, error], most int) {
		for _, err := range rows {
			var row *RowError
			switch {
			case err == nil:
				read++
			case errors.As(err, &row) && Clashes(row):
				clashes++
			default:
				refused++
			}
			if most--; most == 0 {
				return
			}
		}
	}
	rows := rowsOf(row{report: a}, row{report: same}, row{report: other}, row{err: broken})
	if each(Once(rows), 9); read != 2 || clashes != 1 || refused != 1 {
		t.Errorf("%d read, %d clashes, %d refused; want 2, 1, 1", read, clashes, refused)
	}
	if each(Once(rows), 1); read != 3 {
		t.Errorf("%d read after one more, want 3", read)
	}
	theft := a
	theft.Offence = "theft"
	var refs []string
	for r, err := range Once(rowsOf(row{report: a}, row{report: theft}, row{report: same}, row{report: theft})) {
		if err != nil {
			t.Fatal(err)
		}
		refs = append(refs, r.Ref)
	}
	if diff := cmp.Diff([]string{"R1", "R1+2", "R1", "R1+2"}, refs); diff != "" {
		t.Errorf("two offences of one incident (-want +got):\n%s", diff)
	}
}

func TestGazetteerCounts(t *testing.T) {
	s := GazetteerSource{Name: "OS", Release: "2026-10", Kinds: []GazetteerCount{{What: "street", Rows: 3}, {What: "place", Rows: 2}},
		LeftOut: []GazetteerCount{{What: "river", Rows: 4}}, Refused: []GazetteerCount{{What: "no name", Rows: 1}}}
	if s.Entries() != 5 || s.LeftOutRows() != 4 || s.RefusedRows() != 1 || s.Label() != "OS 2026-10" {
		t.Errorf("%d entries, %d left out, %d refused, %q", s.Entries(), s.LeftOutRows(), s.RefusedRows(), s.Label())
	}
	if got := (&LeftOutError{Reason: "a river"}).Error(); got != "a river" {
		t.Errorf("left out for %q", got)
	}
}

func TestFreeBytes(t *testing.T) {
	if n, err := FreeBytes(t.TempDir()); err != nil || n <= 0 {
		t.Errorf("%d bytes free, %v", n, err)
	}
	if _, err := FreeBytes("no such folder"); err == nil {
		t.Error("a folder that is not there has room")
	}
}
