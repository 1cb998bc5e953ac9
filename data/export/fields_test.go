package export

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"spreewatch/data/export/layer"
)

const routesPage = `
## routes.gpx
GPX 1.1, the same routes for a satnav: an ` + "`rte`" + ` a unit and shift, its ` + "`rtept`" + ` the start, each stop with its time in UTC, and the start again. The marking is the ` + "`desc`" + ` of the file and of each route. Not for the public.
`

const publicPage = `
## What the public gets
With the audience public, two folders that differ by one report give its place no nearer than an H3 cell of resolution 7 (about 5 km², 2.2 km across) and its time no nearer than a day:

- The sprees, the plan and the counts are made of the reports in cells of resolution 7 that hold at least ` + "`min_count`" + ` of them (5 unless set). A report in a cell under that changes nothing in any file, not even the run's name. Each is taken to be in the middle of its cell and of its day before anything is made of it, so that whether a spree is raised tells no more of it either: a spree here may be none of the force's own, and the other way round.
- A spree is drawn as those of these cells that hold ` + "`min_count`" + ` of its own incidents, and is left out where none does. ` + "`from_local`" + ` and ` + "`to_local`" + ` are whole days, ` + "`place_names`" + ` has the settlements that are nearest to the middles of these cells, and ` + "`id`" + ` counts the sprees of this folder.
- Counts are in bands: ` + "`n_incidents` and `observed`" + ` are the greatest of 5, 10, 20, 50, 100, 200 … that is not over the count.
- A cell is of resolution 7, with its count in the days that were looked at; a suggestion is such a cell and a day, where ` + "`min_count`" + ` of the incidents behind it lie in it. ` + "`rank`" + ` goes by day and band, ` + "`shift`" + ` is the day, and ` + "`visits`" + ` is 1.
- What moves with a single incident is null: ` + "`status`, `method`, `observed` of a spree, `expected`, `ratio`, `llr`, `p_value`, `ri_days`, `radius_m`, `centre_lon`, `centre_lat`, `confidence`, `risk`, `priority`, `reason`, `spree_id`" + `.
- Where the resolution of the run is coarser than 7, it takes the place of 7.
`

// TestFieldsPage keeps FIELDS.md, the page for people who read the files with
// other programs, equal to what is written.
func TestFieldsPage(t *testing.T) {
	var b strings.Builder
	b.WriteString("# What the GeoJSON files hold\n\n" +
		"Every feature of a file has every property, in this order; one that is not known is null. " +
		"A local time is wall time without an offset (`2026-11-22T10:05:00`), a UTC time ends in Z. " +
		"Each file says its `run_id` and `marking` at the top too. " +
		"A property that is null in every feature has no type that a reader could see (QGIS takes it for text): cast it before counting with it, as the styles do (`to_real`, `to_datetime`). " +
		"Beside each file lies its style, a `.qml` of the same name, which QGIS takes up.\n")
	for _, table := range layer.All() {
		l := table.About()
		fmt.Fprintf(&b, "\n## %s\n%s.", l.File(), l.Geometry)
		if l.Ground {
			b.WriteString(" Ground: what lies under what was found. It has no `run_id` and `marking` at each feature, and no file where nothing is known.")
		}
		if l.Analyst {
			b.WriteString(" For analysts only.")
		}
		if l.Staff {
			b.WriteString(" Not for the public.")
			if l.Name != "risk" {
				b.WriteString(" Without units it has no features.")
			}
		}
		b.WriteString("\n\n| property | kind | in QGIS | what |\n|---|---|---|---|\n")
		for _, f := range table.Columns() {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Name, f.Kind, f.Label, f.Means)
		}
	}
	b.WriteString(routesPage + publicPage)
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
