package bulletin_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"spreewatch/cluster"
	"spreewatch/data"
	"spreewatch/data/intake"
)

var update = flag.Bool("update", false, "rewrite the golden files; read the diff")

// TestGolden reads invented bulletins of many shapes, as a user would. Beside
// each lies what a person makes of it.
func TestGolden(t *testing.T) {
	read := 0
	for _, pattern := range []string{"testdata/*.txt", "testdata/*.md"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			read++
			t.Run(filepath.Base(path), func(t *testing.T) {
				got := strings.Join(lines(t, path), "\n") + "\n"
				golden := path + ".golden"
				if *update {
					if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
					return
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
	if read < 30 {
		t.Errorf("read %d bulletins, want at least 30", read)
	}
}

// lines renders what a bulletin gave, one line each.
func lines(t *testing.T, path string) []string {
	t.Helper()
	o := intake.Options{
		Today: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
		Profiles: []cluster.Profile{
			{Offence: "burglary-dwelling", Words: []string{"burglary", "burglaries", "burgled", "break-in"}},
			{Offence: "courier-fraud", Words: []string{"courier fraud", "courier", "bank card"}},
		},
	}
	var out []string
	for r, err := range intake.Read(t.Context(), path, o) {
		var row *data.RowError
		var user *data.UserError
		switch {
		case errors.As(err, &row) && row.Unread:
			out = append(out, fmt.Sprintf("%d unread: %s", row.Line, row.Reason))
		case errors.As(err, &row):
			out = append(out, fmt.Sprintf("%d rejected %s: %s", row.Line, row.Field, row.Reason))
		case errors.As(err, &user):
			out = append(out, "error: "+user.Error()+" | "+user.Hint)
		case err != nil:
			t.Fatal(err)
		default:
			out = append(out, line(r))
		}
	}
	return out
}

// line renders a report: line, location, offence, interval, precision.
func line(r data.Report) string {
	s := fmt.Sprintf("%d %s | %s | %s", r.Line, r.Location, r.Offence, r.From.Format("2006-01-02 15:04Z07:00"))
	if !r.To.Equal(r.From) {
		s += " to " + r.To.Format("2006-01-02 15:04Z07:00")
	}
	s += " | " + string(r.Precision)
	if !r.Reported.IsZero() {
		s += " | reported " + r.Reported.Format("2006-01-02 15:04Z07:00")
	}
	return s
}
