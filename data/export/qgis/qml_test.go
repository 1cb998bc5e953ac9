package qgis

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"spreewatch/data/export/layer"
)

// A layer opened alone looks as it does in the project.
func TestStyleIsThatOfTheProject(t *testing.T) {
	var m Map
	project := written(t, true, func(of *Map) {
		of.Marking = `M <b> & "quoted"`
		m = *of
	})
	for _, table := range layer.All() {
		name := table.About().Name
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			if err := WriteStyle(&b, m, name); err != nil {
				t.Fatal(err)
			}
			d := xml.NewDecoder(strings.NewReader(b.String()))
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatal(err)
				}
			}
			parts := []string{"renderer-v2", "labeling", "aliases", "mapTip", "previewExpression"}
			if table.About().Ground { // which has no tip, and the land no label
				parts = []string{"renderer-v2", "aliases", "previewExpression"}
			}
			if name == "patrols" { // whose labels in the project look over the layers of the shifts
				parts = slices.DeleteFunc(parts, func(p string) bool { return p == "labeling" })
			}
			for _, part := range parts {
				_, inside, ok := strings.Cut(b.String(), "<"+part)
				inside, _, closed := strings.Cut(inside, "</"+part+">")
				if !ok || !closed || !strings.Contains(project, "<"+part+inside+"</"+part+">") {
					t.Errorf("%s is not the project's", part)
				}
			}
			if !strings.Contains(b.String(), `value="M &lt;b&gt; &amp; &#34;quoted&#34;"`) {
				t.Error("no marking")
			}
			if !IsStyle(b.String()) || IsStyle(project) {
				t.Error("a style is not told from a project")
			}
		})
	}
}

func TestStyleOfWhatMayNotBeSeen(t *testing.T) {
	var m Map
	written(t, false, func(of *Map) { m = *of })
	if err := WriteStyle(io.Discard, m, "incidents"); err == nil {
		t.Error("a supervisor gets the style of the incidents")
	}
}

// A column that is null throughout is text in QGIS, and text has no hours and no
// sum: what an expression counts with is cast.
func TestExpressionsCast(t *testing.T) {
	var m Map
	written(t, true, func(of *Map) { m = *of })
	for _, expression := range []string{patrolText, patrolName, spreeText, patrolTip, spreeTip, cellTip, incidentTip, incidentName, cellName, spreeLabels(m.Layers, "EPSG:32631", pinned(m.Layers)), cellLabels} {
		expression = strings.ReplaceAll(strings.ReplaceAll(expression, "&#34;", `"`), "&#39;", `'`)
		for _, column := range []string{"from_local", "to_local", "risk", "observed", "confidence", "radius_m", "centre_lon", "centre_lat"} {
			parts := strings.Split(expression, `"`+column+`"`)
			for _, before := range parts[:len(parts)-1] {
				if !strings.HasSuffix(before, "to_datetime(") && !strings.HasSuffix(before, "to_real(") && !strings.HasSuffix(before, "to_date(") {
					t.Errorf("%s is not cast after …%s", column, before[max(0, len(before)-40):])
				}
			}
		}
	}
}
