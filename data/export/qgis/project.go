// Package qgis writes the project that opens the layers of a map in QGIS 3.22 or
// later: grouped, styled, labelled, with a time panel and a page to print.
package qgis

import (
	"cmp"
	"embed"
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"text/template"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"spreewatch/cluster"
	"spreewatch/cluster/patrol"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

//go:embed *.tmpl
var projectText embed.FS

var projectTemplate = template.Must(template.New("project.qgs.tmpl").Funcs(template.FuncMap{
	"xml":     escapeXML,
	"literal": literal,
	"sides":   func() map[string]string { return mapSides },
	"times":   func(n int) []struct{} { return make([]struct{}, n) },
	// whom the ground is owed to, on the screen: small, or it covers the map
	"decorationFont": func() string {
		return `<text-style fontFamily="Arial" fontSize="7" fontSizeUnit="Point" textColor="33,33,33,255" textOpacity="1"><text-buffer bufferDraw="1" bufferSize="0.6" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.8"/></text-style>`
	},
}).ParseFS(projectText, "*.tmpl"))

// A Map is what a project shows.
type Map struct {
	AsOf    time.Time
	Zone    *time.Location
	RunID   string
	Marking string
	Trust   string   // how far the places can be trusted, for the page; "" for not said
	Notes   []string // what a reader must know, for the page
	Layers  layer.Set
	Basemap Basemap

	styles func() map[string]projectLayer // what styled makes, once; nil makes it each time
}

// Once is the map, of which what several files need is made but once. Nothing of it may be
// changed after.
func (m Map) Once() Map {
	plain := m
	m.styles = sync.OnceValue(func() map[string]projectLayer { return styled(plain) })
	return m
}

// A project is what the template of spreewatch.qgs is filled with.
type project struct {
	Title     string
	Marking   string
	RunID     string
	CRS       string   // of the map, such as "EPSG:27700"
	Operation string   // PROJ pipeline from WGS84 to it, "" to leave the choice to QGIS
	Sea       [3]int   // red, green and blue of what has no land on it
	Sources   []string // whom the ground is owed to
	Basemap   Basemap
	View      []float64    // what the map opens on: west, south, east, north
	ViewWKT   string       // the same as a polygon, "" without features
	Texts     []layoutText // of the pages
	Pages     []float64    // where each begins, millimetres
	Start     string       // wall time of the first feature, "" without features
	End       string
	Layers    []projectLayer // top first
	Groups    []projectGroup
}

type projectGroup struct {
	Name   string
	Layers []projectLayer
	Ground bool // the printed legend leaves it out
	Off    bool // not shown until it is switched on
}

type projectLayer struct {
	layer.Head
	Fields   []layer.Column
	ID       string
	Shape    string // what QGIS calls the geometry type
	Hint     string // what QGIS has to be told of an empty file, which does not show its geometry type
	Told     bool   // the legend has its title already, at another part of the layer
	Off      bool   // not shown until it is switched on
	Timed    bool   // follows the time panel
	ToTheEnd bool   // a feature is shown at the instant of to_local too
	Renderer string
	Labels   string // "" for none
	Display  string // expression that names a feature
	Tip      string // HTML with expressions, shown under the pointer
}

// Write writes the QGIS project of the map. Its paths are relative, so that the
// folder can be moved. Every layer follows the time panel, which opens on the
// whole span, so that nothing is hidden until somebody moves it. The page layout
// "Briefing A4" prints a page of the map with its legend, and pages of the table of
// what to do, the marking on each.
func Write(w io.Writer, m Map) error {
	p := project{
		Title:   "Patrol map as of " + m.AsOf.In(m.Zone).Format("Mon 2 Jan 2006 15:04"),
		Marking: m.Marking,
		RunID:   m.RunID,
		CRS:     "EPSG:3857",
		Sea:     paper,
		Basemap: m.Basemap,
		Sources: m.owed(),
	}
	if m.Layers.Land.Len() > 0 {
		p.Sea = seaColour
	}
	p.Texts = pageTexts(p.Title, m)
	table := tableTexts(p.Title, m)
	p.Texts = append(p.Texts, table...)
	p.Pages = []float64{0}
	for _, text := range table {
		if text.Page >= len(p.Pages) {
			p.Pages = append(p.Pages, float64(text.Page)*pageStep)
		}
	}
	if b, ok := View(m.Layers); ok {
		p.CRS, p.Operation = mapCRS(b.Center())
		p.View = []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}
		p.ViewWKT = wkt.MarshalString(layer.RoundPoints(b.ToPolygon()))
	}
	p.Start, p.End = timeSpan(m)
	p.Groups = groups(m)
	for _, g := range p.Groups {
		p.Layers = append(p.Layers, g.Layers...)
	}
	return projectTemplate.Execute(w, p)
}

// groups are the groups of the legend with the layers that the reader may see,
// top first. Each shift is a group to switch.
func groups(m Map) []projectGroup {
	layers := maps.Clone(styled(m))
	all := byShift(m, layers["patrols"], layers["stops"], layers["routes"])
	for _, name := range []string{"settlements", "streets", "roads", "land"} {
		l := layers[name]
		l.Off = m.Basemap.Source != "" // which would lie under them
		layers[name] = l
	}
	all = append(all, projectGroup{Name: "Why", Layers: []projectLayer{layers["sprees"], layers["incidents"]}}, projectGroup{Name: "Risk", Layers: append([]projectLayer{layers["cells"]}, riskByShift(m, layers["risk"])...)},
		projectGroup{Name: "Ground", Ground: true, Layers: []projectLayer{layers["settlements"], layers["streets"], layers["roads"], layers["land"]}})
	for i := range all {
		all[i].Layers = slices.DeleteFunc(all[i].Layers, func(l projectLayer) bool { return !m.Layers.Holds(l.Head) })
	}
	return slices.DeleteFunc(all, func(g projectGroup) bool { return len(g.Layers) == 0 })
}

// byShift shows the suggestions of each shift as a layer of its own, the shift
// that begins first at the top: a part of the one file. With them go the routes of
// the shift; the legend tells the units once.
func byShift(m Map, whole, stops, routes projectLayer) []projectGroup {
	shifts, ids := shiftsOf(m.Layers.Patrols.Items)
	if len(shifts) == 0 {
		return []projectGroup{{Name: "Where to patrol", Layers: []projectLayer{whole, stops, routes}}}
	}
	var out []projectGroup
	for i, shift := range shifts {
		part := whole
		part.ID, part.Labels = ids[i], patrolLabels(ids, mapMetres(m.Layers), pinned(m.Layers))
		part.Told = i > 0
		part.Hint = `|subset="shift" = '` + strings.ReplaceAll(shift, "'", "''") + "'"
		if shift == "" {
			part.Hint = `|subset="shift" IS NULL`
		}
		g := projectGroup{Name: "Patrol " + cmp.Or(shift, "in no shift"), Layers: []projectLayer{part}}
		for _, l := range []projectLayer{stops, routes} {
			if m.Layers.Routes.Len() > 0 {
				l.Hint = part.Hint
			} else if i > 0 {
				continue // an empty file is one layer
			}
			l.ID = fmt.Sprintf("%s_%d", l.ID, i)
			l.Told = l.Name == "stops" || i > 0 || m.Layers.Routes.Len() == 0
			g.Layers = append(g.Layers, l)
		}
		out = append(out, g)
	}
	return out
}

// shiftsOf are the shifts of the suggestions, the one that begins first before the
// others, and the names by which QGIS knows their layers.
func shiftsOf(suggestions []patrol.Suggestion) (shifts, ids []string) {
	items := slices.Clone(suggestions)
	slices.SortStableFunc(items, func(a, b patrol.Suggestion) int { return a.Band.Start.Compare(b.Band.Start) })
	for _, s := range items {
		if !slices.Contains(shifts, s.Shift) {
			ids = append(ids, fmt.Sprintf("%spatrols_%d", idPrefix, len(shifts)))
			shifts = append(shifts, s.Shift)
		}
	}
	return shifts, ids
}

// idPrefix begins the name by which QGIS knows a layer of ours.
const idPrefix = "spreewatch_"

// riskByShift shows the risk of each shift as a layer of its own, to switch on.
func riskByShift(m Map, whole projectLayer) []projectLayer {
	var shifts []string
	for _, r := range m.Layers.Risk.Items {
		if !slices.Contains(shifts, r.Shift) {
			shifts = append(shifts, r.Shift)
		}
	}
	whole.Off, whole.Told = true, true
	if len(shifts) == 0 {
		return []projectLayer{whole}
	}
	var out []projectLayer
	for i, shift := range shifts {
		part := whole
		part.ID, part.Title = fmt.Sprintf("%s_%d", whole.ID, i), "Incidents expected, "+shift
		part.Hint = `|subset="shift" = '` + strings.ReplaceAll(shift, "'", "''") + "'"
		out = append(out, part)
	}
	return out
}

// styled are the layers by name, each with its colours, labels and tips.
func styled(m Map) map[string]projectLayer {
	if m.styles != nil {
		return m.styles()
	}
	s := m.Layers
	crs, at := mapMetres(s), pinned(s)
	patrols := begun(s.Patrols)
	patrols.Renderer, patrols.Labels = patrolRenderer(s.Patrols.Items), patrolLabels(nil, crs, at)
	patrols.Display, patrols.Tip = patrolName, patrolTip

	sprees := begun(s.Sprees)
	sprees.Renderer, sprees.Labels = spreeRenderer(s.Sprees.Items, crs), spreeLabels(s, crs, at)
	sprees.Display, sprees.Tip = spreeName, spreeTip
	sprees.ToTheEnd = true

	incidents := begun(s.Incidents)
	incidents.Renderer, incidents.Labels = incidentRenderer(s.Incidents.Items, m.AsOf.In(m.Zone)), incidentLabels(m.AsOf.In(m.Zone), s)
	incidents.Display, incidents.Tip = incidentName, incidentTip
	incidents.ToTheEnd = true // an event at an instant has no other moment to be shown at

	cells := begun(s.Cells)
	cells.Renderer, cells.Labels = graduated("risk", riskClasses(risksOf(s.Cells.Items))), cellLabels
	cells.Display, cells.Tip = `"h3"`, cellTip

	routes, stops := routeLayers(s)
	risk := begun(s.Risk)
	risk.Renderer, risk.Labels = graduated("expected", riskClasses(expectedOf(s.Risk.Items))), riskLabels
	risk.Display, risk.Tip = `"h3"`, riskTip

	out := map[string]projectLayer{"risk": risk, "patrols": patrols, "routes": routes, "stops": stops, "sprees": sprees, "incidents": incidents, "cells": cells}
	for _, l := range groundLayers(s) {
		out[l.Name] = l
	}
	return out
}

// mapMetres is a system of metres for what is drawn about a point.
func mapMetres(s layer.Set) string {
	if b, ok := View(s); ok {
		return utm(b.Center())
	}
	return "EPSG:3857"
}

// begun is the layer without its style.
func begun(t layer.Table) projectLayer {
	p := projectLayer{Head: t.About(), Fields: t.Columns(), Shape: "Polygon", Timed: !t.About().Ground}
	switch p.Geometry {
	case layer.Point:
		p.Shape = "Point"
	case layer.LineString:
		p.Shape = "Line"
	}
	p.ID = idPrefix + p.Name
	if t.Len() == 0 {
		p.Hint = "|geometrytype=" + string(p.Geometry)
	}
	return p
}

// View returns what the map opens on: the sprees with the circles about them,
// the patrol areas and the routes, or the first layer with a shape where there are neither.
func View(s layer.Set) (orb.Bound, bool) {
	var view orb.Bound
	found := false
	extend := func(b orb.Bound, ok bool) {
		switch {
		case ok && found:
			view = layer.JoinBounds(view, b)
		case ok:
			view, found = b, true
		}
	}
	extend(layer.Bound(s.Patrols))
	extend(layer.Bound(s.Routes))
	if b, ok := layer.Bound(s.Sprees); ok {
		extend(b, true)
		for _, spree := range s.Sprees.Items {
			extend(circle(spree))
		}
	}
	for _, t := range s.Tables() {
		if !found && !t.About().Ground {
			extend(layer.Bound(t))
		}
	}
	if !found {
		return view, false
	}
	return geo.Pad(view, max(300, 0.07*geo.Distance(view.Min, view.Max))), true
}

// circle returns the bound of the circle about a spree, which is drawn from the
// properties as they are written.
func circle(s cluster.Spree) (orb.Bound, bool) {
	lon, ok1 := layer.Round(s.Centre.Lon(), 7)
	lat, ok2 := layer.Round(s.Centre.Lat(), 7)
	radius, ok3 := layer.Round(s.RadiusM, 1)
	if !ok1 || !ok2 || !ok3 {
		return orb.Bound{}, false
	}
	return geo.Pad(orb.Point{float64(lon), float64(lat)}.Bound(), float64(radius)), true
}

// timeSpan returns the wall times of the earliest begin and the latest end of
// any feature, "" where there is none.
func timeSpan(m Map) (start, end string) {
	for _, t := range m.Layers.Tables() {
		for i := range t.Len() {
			from, to := t.When(i)
			if w := layer.WallTime(from, m.Zone); w != "" && (start == "" || w < start) {
				start = w
			}
			if w := layer.WallTime(to, m.Zone); w > end {
				end = w
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
	return utm(p), ""
}

// utm returns the UTM zone of the point: metres without a grid file, so that a
// circle is round wherever its layer is opened.
func utm(p orb.Point) string {
	if p[0] > 180 { // the middle of what lies across 180°
		p[0] -= 360
	}
	zone := min(60, 1+int(math.Floor((p.Lon()+180)/6)))
	if p.Lat() < 0 {
		return fmt.Sprintf("EPSG:%d", 32700+zone)
	}
	return fmt.Sprintf("EPSG:%d", 32600+zone)
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
