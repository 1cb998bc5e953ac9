package data

import (
	"fmt"
	"strconv"
	"testing"

	"spreewatch/geo"
)

// Two readers see the same, whatever is written while they begin.
func TestReadersSeeOneMoment(t *testing.T) {
	db := openTemp(t)
	stop, done := make(chan struct{}), make(chan error, 1)
	go func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				done <- nil
				return
			default:
			}
			if _, err := db.sql.Exec("INSERT INTO input (sha256, source) VALUES (?, 'x')", fmt.Sprintf("%064x", i)); err != nil {
				done <- err
				return
			}
		}
	}()
	most := 0
	for range 100 {
		readers, release, err := db.readers(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var n [len(readers)]int
		for i, q := range readers {
			if err := q.QueryRowContext(t.Context(), "SELECT count(*) FROM input").Scan(&n[i]); err != nil {
				t.Fatal(err)
			}
		}
		release()
		if n[0] != n[1] {
			t.Fatalf("one reader sees %d inputs, the other %d", n[0], n[1])
		}
		most = max(most, n[0])
	}
	close(stop)
	if err := <-done; err != nil || most == 0 {
		t.Errorf("%d inputs were seen, %v", most, err)
	}
}

// Whatever falls on the edges of the spans that are read is read once.
func TestEachBriefSpans(t *testing.T) {
	db := openTemp(t)
	var rows []row
	var located []Located
	since := testReport("R", "Mill Street, Elsing", 1).From
	for i := range 10 * briefSpans {
		r := testReport("R"+strconv.Itoa(1000+i), "Mill Street, Elsing", i+1)
		r.From = since.AddDate(0, 0, i)
		r.To, r.Reported = r.From, r.From
		rows = append(rows, row{report: r})
		located = append(located, Located{Report: r, Match: geo.Match{Level: geo.LevelStreet, Name: "Mill Street", Rule: "x"}})
	}
	if _, err := db.Ingest(t.Context(), inputA, rowsOf(rows...)); err != nil {
		t.Fatal(err)
	}
	if err := db.StoreMatches(t.Context(), "g", located); err != nil {
		t.Fatal(err)
	}
	for _, days := range []int{1, 2, 7, briefSpans, 10*briefSpans - 1, 10 * briefSpans} {
		n := 0
		err := db.EachBrief(t.Context(), since, since.AddDate(0, 0, days), func(b *Brief, _ *Located) error {
			if want := since.AddDate(0, 0, n); !b.From.Equal(want) {
				t.Errorf("%d days: a report of %v, want %v", days, b.From, want)
			}
			n++
			return nil
		})
		if err != nil || n != days {
			t.Errorf("%d days: %d reports, %v", days, n, err)
		}
	}
}
