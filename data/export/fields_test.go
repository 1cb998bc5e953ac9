package export

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFieldsPage keeps FIELDS.md, the page for people who read the files with
// other programs, equal to what is written.
func TestFieldsPage(t *testing.T) {
	var b strings.Builder
	b.WriteString("# What the GeoJSON files hold\n\n" +
		"Every feature of a file has every property, in this order; one that is not known is null. " +
		"A local time is wall time without an offset (`2026-11-22T10:05:00`), a UTC time ends in Z. " +
		"Each file says its `run_id` and `marking` at the top too.\n")
	for _, l := range Layers() {
		fmt.Fprintf(&b, "\n## %s\n%s.", l.File, l.Geometry)
		if l.File == incidentLayer.File {
			b.WriteString(" For analysts only.")
		}
		b.WriteString("\n\n| property | kind | in QGIS | what |\n|---|---|---|---|\n")
		for _, f := range l.Fields {
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Name, f.Kind, f.Label, f.Means)
		}
	}
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
