package export

import (
	"cmp"
	_ "embed"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
	"text/template"

	"github.com/paulmach/orb"

	"spreewatch/geo"
)

//go:embed project.qgs.tmpl
var projectText string

var projectTemplate = template.Must(template.New("project").Funcs(template.FuncMap{"xml": escapeXML}).Parse(projectText))

// A project is what the template of spreewatch.qgs is filled with.
type project struct {
	Title     string
	Marking   string
	CRS       string // of the map, such as "EPSG:27700"
	Operation string // PROJ pipeline from WGS84 to it, "" to leave the choice to QGIS
	Extent    []float64
	Start     string // wall time of the first feature, "" without features
	End       string
	Layers    []projectLayer
	Groups    []projectGroup
}

type projectGroup struct {
	Name   string
	Layers []projectLayer
}

type projectLayer struct {
	Layer
	ID       string
	Shape    string // what QGIS calls the geometry without Multi
	Renderer string
	Labels   string // "" for none
	Display  string // expression that names a feature
	Tip      string // HTML with expressions, shown under the pointer
}

// writeProject writes the QGIS project of the layers. Paths are relative, so
// that the folder can be moved; the layers' times are on, and the time panel
// opens on the whole span, so that nothing is hidden until somebody moves it.
func writeProject(w io.Writer, layers []Layer, o Options) error {
	p := project{Title: "spreewatch: sprees and patrol areas · " + o.Marking, Marking: o.Marking, CRS: "EPSG:3857"}
	bound, ok := orb.Bound{}, false
	for i := range layers {
		b, some := layers[i].bound()
		switch {
		case some && ok:
			bound = bound.Union(b)
		case some:
			bound, ok = b, true
		}
	}
	if ok {
		p.CRS, p.Operation = mapCRS(bound.Center())
		view := geo.Pad(bound, max(500, 0.08*geo.Distance(bound.Min, bound.Max)))
		p.Extent = []float64{view.Min[0], view.Min[1], view.Max[0], view.Max[1]}
	}
	p.Start, p.End = timeSpan(layers)

	for _, l := range layers {
		p.Layers = append(p.Layers, styled(l, p.CRS))
	}
	find := func(files ...string) (found []projectLayer) {
		for _, f := range files {
			for _, l := range p.Layers {
				if l.File == f {
					found = append(found, l)
				}
			}
		}
		return found
	}
	p.Groups = []projectGroup{
		{"Patrols", find("patrols.geojson")},
		{"Sprees", find("sprees.geojson")},
		{"Evidence", find("incidents.geojson", "cells.geojson")},
	}
	return projectTemplate.Execute(w, p)
}

// timeSpan returns the earliest from_local and the latest to_local of the
// layers, "" where there is none. Wall times in this form sort as text.
func timeSpan(layers []Layer) (start, end string) {
	for _, l := range layers {
		for i, f := range l.Fields {
			for _, ft := range l.features {
				t, _ := ft.values[i].(string)
				switch {
				case t == "":
				case f.Name == "from_local" && (start == "" || t < start):
					start = t
				case f.Name == "to_local" && t > end:
					end = t
				}
			}
		}
	}
	if start == "" || end == "" {
		return "", ""
	}
	return start, end
}

// mapCRS returns a coordinate system in metres for a map about the point: the
// National Grid in Great Britain, otherwise the UTM zone. For the National Grid
// it also names the operation, the seven-parameter shift of OS (good to about 3
// m), since QGIS would otherwise ask for a grid file that may not be there.
func mapCRS(p orb.Point) (crs, operation string) {
	britain := orb.Bound{Min: orb.Point{-8.9, 49.8}, Max: orb.Point{2, 60.9}}
	ireland := orb.Bound{Min: orb.Point{-11, 51.3}, Max: orb.Point{-5.4, 55.4}}
	if britain.Contains(p) && !ireland.Contains(p) {
		return "EPSG:27700", nationalGrid
	}
	zone := min(60, 1+int(math.Floor((p.Lon()+180)/6)))
	if p.Lat() < 0 {
		return fmt.Sprintf("EPSG:%d", 32700+zone), ""
	}
	return fmt.Sprintf("EPSG:%d", 32600+zone), ""
}

// nationalGrid is EPSG:1314 and the National Grid projection, parameters from
// OS, "A guide to coordinate systems in Great Britain", section 6.6.
const nationalGrid = "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 " +
	"+step +proj=cart +ellps=WGS84 +step +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 " +
	"+rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 +convention=position_vector " +
	"+step +inv +proj=cart +ellps=airy +step +proj=pop +v_3 " +
	"+step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"

func escapeXML(s string) (string, error) {
	var b strings.Builder
	err := xml.EscapeText(&b, []byte(s))
	return b.String(), err
}

// name returns the layer's name: its file without the ending.
func (l *Layer) name() string {
	name, _, _ := strings.Cut(l.File, ".")
	return name
}

// styled gives a layer its colours, labels and tips.
func styled(l Layer, crs string) projectLayer {
	p := projectLayer{Layer: l, ID: "spreewatch_" + l.name(), Shape: "Polygon"}
	switch l.File {
	case "patrols.geojson":
		p.Renderer, p.Labels = patrolRenderer(), patrolLabels
		p.Display = patrolName
		p.Tip = patrolTip
	case "sprees.geojson":
		p.Renderer, p.Labels = spreeRenderer(crs), spreeLabels(crs)
		p.Display = spreeName
		p.Tip = spreeTip
	case "cells.geojson":
		p.Renderer = cellRenderer(l)
		p.Display = `"h3"`
		p.Tip = cellTip
	case "incidents.geojson":
		p.Shape = "Point"
		p.Renderer, p.Labels = incidentRenderer(crs), incidentLabels
		p.Display = `"ref"`
		p.Tip = incidentTip
	}
	p.Shape = cmp.Or(p.Shape, "Polygon")
	return p
}
