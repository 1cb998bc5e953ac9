package data

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

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
		at, err := db.snapshot(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		var n [len(at.readers)]int
		for i, q := range at.readers {
			if err := q.QueryRowContext(t.Context(), "SELECT count(*) FROM input").Scan(&n[i]); err != nil {
				t.Fatal(err)
			}
		}
		at.release()
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

// eachBrief reads the reports of the span, packed or not, and keeps them packed.
func eachBrief(ctx context.Context, db *DB, since, before time.Time, each func(*Brief, *Located) error) error {
	b, err := db.Briefs(ctx, since, before)
	if err != nil {
		return err
	}
	defer b.Close()
	if err := b.Each(ctx, each); err != nil {
		return err
	}
	return b.Keep(ctx)
}

// Whatever falls on the edges of days and chunks is read once, packed or not.
func TestBriefsSpans(t *testing.T) {
	db := openTemp(t)
	var rows []row
	var located []Located
	since := testReport("R", "Mill Street, Elsing", 1).From
	const all = 10 * chunkDays
	for i := range all {
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
	for _, packed := range []int{0, all - 2} { // the last days are packed later
		var have int
		if err := db.sql.QueryRow("SELECT count(*) FROM day").Scan(&have); err != nil || have != packed {
			t.Errorf("%d packed days, want %d (%v)", have, packed, err)
		}
		for _, days := range []int{all, all - 1, chunkDays, 7, 2, 1} {
			n := 0
			err := eachBrief(t.Context(), db, since, since.AddDate(0, 0, days), func(b *Brief, _ *Located) error {
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
}
