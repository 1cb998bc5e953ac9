package bulletin

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestTimes reads the invented texts of testdata/times.tell, of which each stands behind its
// date of receipt and before what happened: times that are told over two clauses or two
// sentences, nights of two days, posts that each have their own day, small letters throughout.
func TestTimes(t *testing.T) { readTold(t, "testdata/times.tell", 90) }

// TestPlacesTold reads those of testdata/places.tell: streets by their names alone among others
// like them, bodies that are no towns, settlements that only small letters name.
func TestPlacesTold(t *testing.T) { readTold(t, "testdata/places.tell", 15) }

// readTold reads the texts of a file, of which there are at least so many.
func readTold(t *testing.T, path string, least int) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	texts := strings.Split(string(raw), "### ")[1:]
	for _, whole := range texts {
		received, rest, _ := strings.Cut(whole, "\n")
		text, told, _ := strings.Cut(rest, "\n=> ")
		want := strings.Split(strings.TrimSuffix(told, "\n"), "\n=> ")
		o := settings(t)
		if o.Received, err = time.Parse(time.DateOnly, received); err != nil {
			t.Fatal(err)
		}
		reports, _ := Read(text+"\n", o)
		var got []string
		for _, r := range reports {
			const wall = "2006-01-02 15:04"
			from, to := r.From.In(o.Zone), r.To.In(o.Zone)
			when := from.Format(wall) + " to " + to.Format(wall)
			if from.Hour() == 20 && to.Equal(from.Add(12*time.Hour)) {
				when = "overnight on " + from.Format(time.DateOnly)
			}
			got = append(got, r.Location+": "+when)
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", text, diff)
		}
	}
	if len(texts) < least {
		t.Errorf("%d texts", len(texts))
	}
}
