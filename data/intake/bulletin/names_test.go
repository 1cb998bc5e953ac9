package bulletin

import (
	"path/filepath"
	"strings"
	"testing"

	"spreewatch/geo/oracle"
)

// realNames returns one column of the files, each name once; it skips the test
// where the data are absent.
func realNames(t *testing.T, pattern string, column int) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(oracle.Dir(t), "data", pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no file %s among the outside data: %v", pattern, err)
	}
	seen := map[string]bool{}
	var out []string
	for _, path := range paths {
		for _, row := range oracle.ReadCSV(t, path)[1:] {
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
			if float64(right) < 0.995*float64(all) {
				t.Errorf("%d of %d names right", right, all)
			}
		})
	}
}
