package bulletin

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// realNames returns the first column of the files, each name once; it skips the
// test where the data are absent.
func realNames(t *testing.T, pattern string, column int) []string {
	t.Helper()
	paths, _ := filepath.Glob(filepath.Join("..", "..", "..", "..", "shared", "data", pattern))
	if len(paths) == 0 {
		t.Skip("skipped: no real names in ../shared/data")
	}
	seen := map[string]bool{}
	var out []string
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		r := csv.NewReader(f)
		r.FieldsPerRecord = -1
		rows, err := r.ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			if s := row[column]; s != "" && !seen[s] {
				seen[s] = true
				out = append(out, s)
			}
		}
	}
	return out
}

// shapes are sentences and items with a street and a settlement.
var shapes = []struct{ name, text string }{
	{"prose", "Published 5 March 2020\n\nA shed was entered at 10am on Tuesday 3 March in %s, %t. Nothing was taken.\n"},
	{"bullet", "Published 5 March 2020\n\nSheds were entered on Tuesday 3 March:\n\n- %s, %t, at 10am\n- Mill Street, Elsing, at noon\n"},
}

func TestRealNames(t *testing.T) {
	streets := realNames(t, "police_norfolk/norfolk_street_points.csv", 0)
	towns := realNames(t, "geonames/norfolk_places.csv", 0)
	o := settings(t)
	for _, shape := range shapes {
		t.Run(shape.name, func(t *testing.T) {
			right, all := 0, 0
			read := func(street, town string) {
				if strings.HasPrefix(street, "No ") {
					return
				}
				all++
				text := strings.NewReplacer("%s", street, "%t", town).Replace(shape.text)
				reports, _ := Read(text, o)
				if len(reports) > 0 && reports[0].Location == street+", "+town && reports[0].From.Hour() == 10 && len(reports) == strings.Count(text, " at 10am")+strings.Count(text, "noon") {
					right++
				} else if testing.Verbose() && len(reports) > 0 {
					t.Logf("%s, %s: read %s (%d)", street, town, reports[0].Location, len(reports))
				} else if testing.Verbose() {
					t.Logf("%s, %s: not read", street, town)
				}
			}
			for _, s := range streets {
				read(s, "Holt")
			}
			for _, s := range towns {
				read("Mill Lane", s)
			}
			t.Logf("%d of %d names right, %.2f %%", right, all, 100*float64(right)/float64(all))
			if float64(right) < 0.99*float64(all) {
				t.Errorf("%d of %d names right", right, all)
			}
		})
	}
}
