package qgis

import (
	"fmt"
	"slices"

	"github.com/paulmach/orb/encoding/wkt"

	"spreewatch/cluster/patrol"
	"spreewatch/data/export/layer"
)

// The units differ by colour and, for grey print and who sees no red or no green,
// by how the line is broken; each line bears the unit's name.
var (
	unitColours = []string{"0,84,147,255", "120,60,10,255", "98,46,130,255", "0,98,72,255", "70,70,70,255"}
	unitDashes  = []string{"solid", "dash", "dash dot", "dash dot dot"}
)

// unitsOf are the units on the map by name.
func unitsOf(routes []patrol.Route) []string {
	var names []string
	for _, r := range routes {
		names = append(names, r.Unit.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// unitClasses are the units with their colours, and one where there is none.
func unitClasses(routes []patrol.Route) []class {
	var out []class
	for i, name := range unitsOf(routes) {
		out = append(out, class{value: name, label: name, colour: unitColours[i%len(unitColours)]})
	}
	if len(out) == 0 {
		out = []class{{label: "No unit", colour: unitColours[0]}}
	}
	return out
}

// routeRenderer draws the way of each unit with arrows in the direction of travel.
func routeRenderer(routes []patrol.Route) string {
	classes := unitClasses(routes)
	symbols := make([]string, len(classes))
	for i, c := range classes {
		n := fmt.Sprint(i)
		edge := symbolLayer("SimpleLine", "", "line_color", white, "line_width", "1.7", "line_style", "solid", "capstyle", "round", "joinstyle", "round")
		way := symbolLayer("SimpleLine", "", "line_color", c.colour, "line_width", "0.8", "line_style", unitDashes[i%len(unitDashes)], "joinstyle", "round")
		arrow := symbolLayer("MarkerLine", symbol("@"+n+"@2", "marker", symbolLayer("SimpleMarker", "",
			"name", "filled_arrowhead", "color", c.colour, "outline_color", c.colour, "size", "2.6")),
			"placement", "centralpoint", "placements", "SegmentCenter", "rotate", "1")
		symbols[i] = symbol(n, "line", edge, way, arrow)
	}
	return categorised("unit", classes, symbols, "")
}

// stopRenderer draws a ring in the unit's colour about the badge of the area, and a
// dot for where there is no badge.
func stopRenderer(routes []patrol.Route) string {
	classes := unitClasses(routes)
	symbols := make([]string, len(classes))
	for i, c := range classes {
		symbols[i] = symbol(fmt.Sprint(i), "marker", symbolLayer("SimpleMarker", "",
			"name", "circle", "color", white, "outline_color", c.colour, "outline_width", "0.8", "size", "8.2"),
			symbolLayer("SimpleMarker", "", "name", "circle", "color", c.colour, "outline_color", c.colour, "outline_width", "0", "size", "3.5"))
	}
	return categorised("unit", classes, symbols, "")
}

// stopLabels say when a unit is there, from the scale at which towns are places.
var (
	stopLabels = label{
		text: `if(` + afar + `, NULL, concat("stop", ' · ', format_date(` + from + `, 'HH:mm', 'en')))`, size: 7, bold: true, colour: ink, at: `$geometry`,
		order: "B,BR,BL,R,L", distance: 5.6, priority: 5, ground: true,
	}.xml()
)

// routeLabels name the unit along its way, once, where no badge is, and the shift: a unit
// that works two goes two ways.
func routeLabels(s layer.Set) string {
	l := label{text: `left(concat(to_string("unit"), ', ' || regexp_substr(to_string("shift"), '^(\\S+)')), 40)`, size: 7, italic: true, colour: ink, priority: 4, ground: true, along: true, once: true}
	if badges := badgesOf(s); len(badges) > 0 {
		l.way = fmt.Sprintf(`transform(difference(transform($geometry, 'EPSG:4326', @map_crs), buffer(transform(geom_from_wkt('%s'), 'EPSG:4326', @map_crs), @map_scale * %g)), @map_crs, 'EPSG:4326')`,
			wkt.MarshalString(badges), badgeMM/1000)
	}
	return l.xml()
}

const (
	routeName = `concat(to_string("unit"), ' · ', to_string("shift"))`
	stopName  = `concat(to_string("unit"), ' · ', "stop", ' · ', to_string("place_name"))`
)

var (
	routeTip = `<b>[% ` + asText(routeName) + ` %]</b><br>[% "n_stops" %] stops, [% round(to_real("length_m") / 1000) %] km<br>[% ` + stamp(from) + ` %] to [% ` + stamp(to) + ` %]<br>[% ` + asText(`"marking"`) + ` %]`
	stopTip  = `<b>[% ` + asText(stopName) + ` %]</b><br>[% ` + stamp(from) + ` %], [% "dwell_min" %] minutes<br><i>[% ` + asText(`to_string("action")`) + ` %]</i><br>[% ` + asText(`"marking"`) + ` %]`
)

// routeLayers are the routes and their stops.
func routeLayers(s layer.Set) (routes, stops projectLayer) {
	routes = begun(s.Routes)
	routes.Renderer, routes.Labels = routeRenderer(s.Routes.Items), routeLabels(s)
	routes.Display, routes.Tip = routeName, routeTip
	stops = begun(s.Stops)
	stops.Renderer, stops.Labels = stopRenderer(s.Routes.Items), stopLabels
	stops.Display, stops.Tip = stopName, stopTip
	return routes, stops
}
