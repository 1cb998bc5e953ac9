package export

import (
	"embed"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
	"text/template"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"spreewatch/geo"
)

//go:embed *.qgs.tmpl
var projectText embed.FS

var projectTemplate = template.Must(template.New("project.qgs.tmpl").Funcs(template.FuncMap{
	"xml":   escapeXML,
	"sides": func() map[string]string { return mapSides },
}).ParseFS(projectText, "*.qgs.tmpl"))

// A project is what the template of spreewatch.qgs is filled with.
type project struct {
	Title     string
	Marking   string
	CRS       string    // of the map, such as "EPSG:27700"
	Operation string    // PROJ pipeline from WGS84 to it, "" to leave the choice to QGIS
	View      []float64 // what the map opens on: west, south, east, north
	ViewWKT   string    // the same as a polygon, "" without features
	Places    []place
	Texts     []layoutText // of the page
	Start     string       // wall time of the first feature, "" without features
	End       string
	Layers    []projectLayer // top first
	Groups    []projectGroup
}

type projectGroup struct {
	Name   string
	Layers []projectLayer
}

type projectLayer struct {
	Layer
	ID       string
	Shape    string // what QGIS calls the geometry type
	Hint     string // what QGIS has to be told of an empty file, which does not show its geometry type
	ToTheEnd bool   // a feature is shown at the instant of to_local too
	Renderer string
	Labels   string // "" for none
	Display  string // expression that names a feature
	Tip      string // HTML with expressions, shown under the pointer
}

// projectGroups lists the groups of the legend and their files, top first.
var projectGroups = []struct {
	name  string
	files []string
}{
	{"Where to patrol", []string{"patrols.geojson"}},
	{"Why", []string{"sprees.geojson", "incidents.geojson"}},
	{"Risk", []string{"cells.geojson"}},
}

// writeProject writes the QGIS project of the layers. Its paths are relative, so
// that the folder can be moved. Every layer follows the time panel, which opens
// on the whole span, so that nothing is hidden until somebody moves it. The page
// layout "Briefing map" prints the map with its legend and marking.
func writeProject(w io.Writer, r Result, layers []Layer, o Options) error {
	run := r.Run
	p := project{
		Title:   "Patrol map as of " + run.AsOf.In(o.Zone).Format("Mon 2 Jan 2006 15:04"),
		Marking: run.Marking,
		CRS:     "EPSG:3857",
	}
	p.Texts = pageTexts(p.Title, layers, run)
	if b, ok := viewOf(layers); ok {
		p.CRS, p.Operation = mapCRS(b.Center())
		p.View = []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
		p.ViewWKT = wkt.MarshalString(round(b.ToPolygon()))
		for _, pl := range placesOf(r, o) {
			pl.Point[1] -= 0.045 * (b.Max.Lat() - b.Min.Lat()) // under the cells, not on them
			p.Places = append(p.Places, place{pl.Name, orb.Round(pl.Point, 1e7).(orb.Point)})
		}
	}
	p.Start, p.End = timeSpan(layers)
	for _, g := range projectGroups {
		group := projectGroup{Name: g.name}
		for _, file := range g.files {
			for _, l := range layers {
				if l.File == file {
					group.Layers = append(group.Layers, styled(l, p.CRS))
				}
			}
		}
		p.Groups = append(p.Groups, group)
		p.Layers = append(p.Layers, group.Layers...)
	}
	return projectTemplate.Execute(w, p)
}

// styled gives a layer its colours, labels and tips.
func styled(l Layer, crs string) projectLayer {
	p := projectLayer{Layer: l, ID: "spreewatch_" + l.name(), Shape: "Polygon"}
	if len(l.features) == 0 {
		p.Hint = "|geometrytype=" + l.Geometry
	}
	switch l.File {
	case "patrols.geojson":
		p.Renderer, p.Labels = patrolRenderer(l), patrolLabels
		p.Display, p.Tip = patrolName, patrolTip
	case "sprees.geojson":
		p.Renderer, p.Labels = spreeRenderer(l, crs), spreeLabels(crs)
		p.Display, p.Tip = spreeName, spreeTip
		p.ToTheEnd = true
	case "cells.geojson":
		p.Renderer = cellRenderer(l)
		p.Display, p.Tip = `"h3"`, cellTip
	case "incidents.geojson":
		p.Shape = "Point"
		p.Renderer, p.Labels = incidentRenderer(l), incidentLabels
		p.Display, p.Tip = `"ref"`, incidentTip
		p.ToTheEnd = true // an event at an instant has no other moment to be shown at
	}
	return p
}

// viewOf returns what the map opens on: the sprees with the circles about them
// and the patrol areas, or the rest where there are neither.
func viewOf(layers []Layer) (orb.Bound, bool) {
	var view orb.Bound
	found := false
	extend := func(b orb.Bound) {
		if !found {
			view, found = b, true
			return
		}
		view = view.Union(b)
	}
	for _, l := range layers {
		b, ok := l.bound()
		switch {
		case !ok:
		case l.File == "sprees.geojson":
			extend(b)
			for _, f := range l.features {
				if c, ok := l.circle(f); ok {
					extend(c)
				}
			}
		case l.File == "patrols.geojson":
			extend(b)
		}
	}
	for i := 0; i < len(layers) && !found; i++ {
		if b, ok := layers[i].bound(); ok {
			extend(b)
		}
	}
	if !found {
		return view, false
	}
	return geo.Pad(view, max(300, 0.07*geo.Distance(view.Min, view.Max))), true
}

// circle returns the bound of the circle about a spree.
func (l *Layer) circle(f feature) (orb.Bound, bool) {
	lon, ok1 := l.value(f, "centre_lon").(decimal)
	lat, ok2 := l.value(f, "centre_lat").(decimal)
	radius, ok3 := l.value(f, "radius_m").(decimal)
	if !ok1 || !ok2 || !ok3 {
		return orb.Bound{}, false
	}
	return geo.Pad(orb.Point{float64(lon), float64(lat)}.Bound(), float64(radius)), true
}

// timeSpan returns the earliest from_local and the latest to_local of the
// layers, "" where there is none. Wall times in this form sort as text.
func timeSpan(layers []Layer) (start, end string) {
	for _, l := range layers {
		for _, f := range l.features {
			if t, ok := l.value(f, "from_local").(string); ok && (start == "" || t < start) {
				start = t
			}
			if t, ok := l.value(f, "to_local").(string); ok && t > end {
				end = t
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

// mapSides are the sides of a layout's map and the QGIS functions that give
// them; the template ranges over them in the order of their names.
var mapSides = map[string]string{"XMin": "x_min", "YMin": "y_min", "XMax": "x_max", "YMax": "y_max"}

func escapeXML(s string) (string, error) {
	var b strings.Builder
	err := xml.EscapeText(&b, []byte(s))
	return b.String(), err
}
