package qgis

import (
	"fmt"
	"strings"
)

// Expressions of QGIS: what a feature is called. concat takes a null as nothing,
// so a value that is not known leaves a gap and not an empty label.
const (
	patrolName = `concat("rank", ' · ', "place_name", ' · ', ` + patrolBand + `)`
	patrolBand = `format_date("from_local", 'ddd d MMM HH:mm', 'en'), '–', format_date("to_local", 'HH:mm', 'en')`
	spreeName  = `concat(upper("status"), ' · ', coalesce("offence", 'all offences'), ' · ', "n_incidents", ' incidents')`
	spreeText  = spreeName + ` || '\n' || concat(format_date("from_local", 'ddd d MMM HH:mm', 'en'), ' to ', ` +
		`format_date("to_local", if(to_date("from_local") = to_date("to_local"), 'HH:mm', 'ddd d MMM HH:mm'), 'en'), ' · ', ` +
		`array_to_string(array_slice(string_to_array("place_names", ', '), 0, 2), ', '))`
)

// An area that is suggested for several shifts is labelled once, at its best
// rank, with all its times: those that the time panel lets through.
const (
	onMap      = `coalesce("to_local" > @map_start_time and "from_local" < @map_end_time, true)`
	patrolText = `if("rank" = minimum("rank", group_by:="h3", filter:=` + onMap + `), concat("place_name", '\n', ` +
		`concatenate(concat("rank", ': ', ` + patrolBand + `), group_by:="h3", filter:=` + onMap + `, concatenator:='\n', order_by:="rank")), NULL)`
)

// What is shown under the pointer: HTML, in which a value that is text is shown
// as it stands and is no markup.
var (
	patrolTip = `<b>[% ` + asText(patrolName) + ` %]</b><br>[% ` + asText(`"reason"`) + ` %]<br><i>[% ` + asText(`"action"`) + ` %]</i><br>` +
		`[% "visits" %] visits of [% "dwell_min" %] minutes · [% ` + asText(`"priority"`) + ` %] priority<br>[% ` + asText(`"marking"`) + ` %]`
	spreeTip = `<b>[% ` + asText(spreeName) + ` %]</b><br>[% ` + asText(`"place_names"`) + ` %]<br>[% format_date("from_local", 'ddd d MMM HH:mm', 'en') %] to ` +
		`[% format_date("to_local", 'ddd d MMM HH:mm', 'en') %]<br>found by [% ` + asText(`"method"`) + ` %], confidence [% round("confidence", 2) %]<br>[% ` + asText(`"marking"`) + ` %]`
	cellTip     = `<b>[% round("risk", 3) %] incidents expected</b><br>[% round("observed", 2) %] seen<br>[% ` + asText(`"marking"`) + ` %]`
	incidentTip = `<b>[% ` + asText(`"ref"`) + ` %]</b> [% ` + asText(`"offence"`) + ` %]<br>[% format_date("from_local", 'ddd d MMM HH:mm', 'en') %] to ` +
		`[% format_date("to_local", 'ddd d MMM HH:mm', 'en') %]<br>[% ` + asText(`"level"`) + ` %], within [% round("radius_m") %] m<br>[% ` + asText(`"marking"`) + ` %]`
)

// asText is an expression of HTML that shows the value of an expression as it
// stands.
func asText(expression string) string {
	return `replace(replace(replace(` + expression + `, '&', '&amp;'), '<', '&lt;'), '>', '&gt;')`
}

// literal is text for where QGIS evaluates what stands between [% and %]: what it
// prints is the text as it is.
func literal(s string) string { return strings.ReplaceAll(s, "[%", "[%'[%'%]") }

// A label is the text of a layer on the map and where it goes.
type label struct {
	text     string  // expression
	size     float64 // points
	bold     bool
	colour   string
	at       string  // expression of a point in WGS84 about which it goes
	order    string  // places to try, best first, as QGIS abbreviates them
	distance float64 // from the point, millimetres
	priority int     // 10 wins against 0
}

var patrolLabels = label{
	text: patrolText, size: 8.5, bold: true, colour: ink, at: `centroid($geometry)`,
	order: "R,L,TR,BR,TL,BL,TSR,BSR", distance: 3.6, priority: 9,
}.xml()

var incidentLabels = label{
	text: `format_date("from_local", 'HH:mm', 'en')`, size: 7, colour: "0,77,64,255", at: `$geometry`,
	order: "BR,BL,TR,TL,R,L,TSR,BSR", distance: 1.2, priority: 3,
}.xml()

// spreeLabels stand on top of the circle about the spree.
func spreeLabels(crs string) string {
	top := fmt.Sprintf(`transform(translate(transform(make_point("centre_lon", "centre_lat"), 'EPSG:4326', '%s'), 0, "radius_m"), '%s', 'EPSG:4326')`, crs, crs)
	return label{
		text: spreeText, size: 10, bold: true, colour: "74,20,98,255", at: top,
		order: "TSR,TSL,TR,TL,BSR,BSL", distance: 1, priority: 10,
	}.xml()
}

func (l label) xml() string {
	weight := 50
	if l.bold {
		weight = 75
	}
	return fmt.Sprintf(`<labeling type="simple"><settings calloutType="simple">`+
		`<text-style fieldName="%s" isExpression="1" fontSize="%g" fontSizeUnit="Point" fontWeight="%d" textColor="%s" textOpacity="1" multilineHeight="1">`+
		`<text-buffer bufferDraw="1" bufferSize="0.9" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.9" bufferNoFill="1"/></text-style>`+
		`<text-format multilineAlign="0"/>`+
		`<placement placement="6" predefinedPositionOrder="%s" dist="%g" distUnits="MM" offsetType="0" priority="%d" geometryGeneratorEnabled="1" geometryGenerator="%s" geometryGeneratorType="PointGeometry"/>`+
		`<rendering drawLabels="1" displayAll="0" obstacle="1" scaleVisibility="0"/></settings></labeling>`,
		attr(l.text), l.size, weight, l.colour, l.order, l.distance, l.priority, attr(l.at))
}
