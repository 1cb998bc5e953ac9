package export

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"spreewatch/data/export/layer"
)

const publicPage = `
## What the public gets
With the audience public, nothing has fewer than ` + "`min_count`" + ` incidents behind it (5 unless set), and no place of fewer can be told from the files:

- A spree of fewer incidents is left out, as is a suggestion with fewer behind it or whose spree is left out, and a cell that holds fewer.
- A spree is drawn as the H3 cells of resolution 7 (about 5 km², coarser for one over about 22 km in radius) that hold its circle. ` + "`centre_lon` and `centre_lat`" + ` are the middle of such a cell, and ` + "`radius_m`" + ` is widened by as much and up to whole kilometres. ` + "`place_names`" + ` has the settlements with ` + "`min_count`" + ` of its incidents.
- A suggestion's area is the finest cell, of resolution 7 to 4, that holds ` + "`min_count`" + ` of the incidents behind it; where none does, ` + "`h3`, `area_m2`" + ` and the geometry are null. ` + "`place_name`" + ` is a settlement with ` + "`min_count`" + ` of them or null. ` + "`risk` and `reason`" + ` are null, ` + "`rank`" + ` counts what is shown, and ` + "`id`" + ` is the shift and the rank.
- Where the resolution of the run is coarser than 7, it takes the place of 7.
`

// TestFieldsPage keeps FIELDS.md, the page for people who read the files with
// other programs, equal to what is written.
func TestFieldsPage(t *testing.T) {
	var b strings.Builder
	b.WriteString("# What the GeoJSON files hold\n\n" +
		"Every feature of a file has every property, in this order; one that is not known is null. " +
		"A local time is wall time without an offset (`2026-11-22T10:05:00`), a UTC time ends in Z. " +
		"Each file says its `run_id` and `marking` at the top too.\n")
	for _, table := range layer.All() {
		l := table.About()
		fmt.Fprintf(&b, "\n## %s\n%s.", l.File(), l.Geometry)
		if l.Analyst {
			b.WriteString(" For analysts only.")
		}
		b.WriteString("\n\n| property | kind | in QGIS | what |\n|---|---|---|---|\n")
		for _, f := range table.Columns() {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Name, f.Kind, f.Label, f.Means)
		}
	}
	b.WriteString(publicPage)
	if *update {
		if err := os.WriteFile("FIELDS.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile("FIELDS.md")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(page), b.String()); diff != "" {
		t.Errorf("FIELDS.md is out of date (make golden rewrites it):\n%s", diff)
	}
}
