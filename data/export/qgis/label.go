package qgis

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"spreewatch/data/export/layer"
)

// Expressions of QGIS: what a feature is called. concat takes a null as nothing,
// so a value that is not known leaves a gap and not an empty label. A column that
// is null throughout is text in QGIS, and one whose texts look like dates is dates:
// what is counted with or written is cast first.
var (
	from = `to_datetime("from_local")`
	to   = `to_datetime("to_local")`

	patrolName = `concat("rank", ' · ', to_string("place_name"), ' · ', ` + patrolBand + `)`
	patrolBand = stamp(from) + `, '–', format_date(` + to + `, 'HH:mm', 'en')`
	spreeName  = `concat(upper("status"), ' · ', coalesce(to_string("offence"), 'all offences'), ' · ', "n_incidents", ' incidents')`
	// from afar a spree is its status, offence and size, and one that is over no more
	spreeText = `if(` + afar + `, concat(` + spreeShort + `, if("status" = 'ended', '', concat('\n', ` + spreeSpan + `))), ` + spreeFull + `)`
	// where there are many, its colour says the status from afar, and the times come with the scale of a street
	crowdedText = `if(` + afar + `, concat(coalesce(to_string("offence"), 'all offences'), ' · ', "n_incidents"), if(coalesce(@map_scale, 0) > ` + fmt.Sprint(nearScale) + `, ` + spreeName + `, ` + spreeFull + `))`
	spreeShort  = `concat(if("status" = 'ended', "status", upper("status")), ' · ', coalesce(to_string("offence"), 'all offences'), ' · ', "n_incidents")`
	spreeSpan   = `concat(format_date(` + from + `, 'd MMM HH:mm', 'en'), ' to ', format_date(` + to + `, if(to_date("from_local") = to_date("to_local"), 'HH:mm', 'd MMM HH:mm'), 'en'))`
	spreeFull   = spreeName + ` || '\n' || concat(` + stamp(from) + `, ' to ', ` +
		`format_date(` + to + `, if(to_date("from_local") = to_date("to_local"), 'HH:mm', 'ddd d MMM HH:mm'), 'en'), if("place_names" IS NULL, '', ' · '), ` +
		`left(array_to_string(array_slice(string_to_array(to_string("place_names"), ', '), 0, 2), ', '), ` + fmt.Sprint(maxLetters) + `))`
	incidentName = `concat(to_string("ref"), ' · ', to_string("offence"), ' · ', ` + stamp(from) + `)`
	cellName     = `concat(` + rounded("risk", 3) + `, ' expected · ', "h3")`
)

// stamp writes a time in words; the names of days and months are English.
func stamp(instant string) string { return `format_date(` + instant + `, 'ddd d MMM HH:mm', 'en')` }

// rounded writes a column that holds numbers, null where it has none.
func rounded(column string, decimals int) string {
	return fmt.Sprintf(`round(to_real("%s"), %d)`, column, decimals)
}

// An area that is suggested for several shifts is labelled once, at its best
// rank, with all its times: those that the time panel lets through. A suggestion
// without a cell stands for itself.
var (
	onMap      = `coalesce(` + to + ` > @map_start_time and ` + from + ` < @map_end_time, true)`
	oneArea    = `coalesce(to_string("h3"), to_string("id"))`
	patrolText = `if("rank" = minimum("rank", group_by:=` + oneArea + `, filter:=` + onMap + `), concat(` + areaName + `, ` + nameEnd + `, ` +
		`concatenate(` + visit + `, group_by:=` + oneArea + `, filter:=` + onMap + `, concatenator:=` + visitEnd + `, order_by:="rank")), NULL)`
	// from afar the label has the ranks alone, in a row behind the name
	areaName = `left(coalesce(to_string("place_name"), 'place not named'), ` + fmt.Sprint(maxLetters) + `)`
	nameEnd  = `if(` + afar + `, ': ', '\n')`
	visit    = `concat("rank", if(` + afar + `, '', concat(': ', ` + patrolBand + `)))`
	visitEnd = `if(` + afar + `, ', ', '\n')`
)

// afar is whether the map is at a scale at which towns are names.
var afar = fmt.Sprintf(`coalesce(@map_scale, 0) > %d`, afarScale)

const (
	afarScale = 200_000
	nearScale = 12_000 // at which there is room for more about each of many sprees
)

// maxLetters is how much of a name a label has: a name is whatever somebody wrote.
const maxLetters = 60

// What is shown under the pointer: HTML, in which a value that is text is shown
// as it stands and is no markup.
var (
	patrolTip = `<b>[% ` + asText(patrolName) + ` %]</b><br>[% ` + asText(`to_string("reason")`) + ` %]<br><i>[% ` + asText(`to_string("action")`) + ` %]</i><br>` +
		`[% "visits" %] visits of [% "dwell_min" %] minutes · [% ` + asText(`"priority"`) + ` %] priority<br>[% ` + asText(`"marking"`) + ` %]`
	spreeTip = `<b>[% ` + asText(spreeName) + ` %]</b><br>[% ` + asText(`to_string("place_names")`) + ` %]<br>[% ` + stamp(from) + ` %] to ` +
		`[% ` + stamp(to) + ` %]<br>found by [% ` + asText(`"method"`) + ` %], confidence [% ` + rounded("confidence", 2) + ` %]<br>[% ` + asText(`"marking"`) + ` %]`
	riskTip     = `<b>[% ` + rounded("expected", 3) + ` %] incidents expected</b><br>[% ` + asText(`"shift"`) + ` %]<br>[% ` + asText(`"marking"`) + ` %]`
	cellTip     = `<b>[% ` + rounded("risk", 3) + ` %] incidents expected</b><br>[% ` + rounded("observed", 2) + ` %] seen<br>[% ` + asText(`"marking"`) + ` %]`
	incidentTip = `<b>[% ` + asText(`to_string("ref")`) + ` %]</b> [% ` + asText(`to_string("offence")`) + ` %]<br>[% ` + stamp(from) + ` %] to ` +
		`[% ` + stamp(to) + ` %]<br>[% ` + asText(`"level"`) + ` %], within [% ` + rounded("radius_m", 0) + ` %] m<br>[% ` + asText(`"marking"`) + ` %]`
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
	text               string  // expression
	size               float64 // points
	bold               bool
	colour             string
	at                 string  // expression of a point in WGS84 about which it goes
	order              string  // places to try, best first, as QGIS abbreviates them
	distance           float64 // from the point, millimetres
	priority           int     // 10 wins against 0
	always             bool    // drawn even where there is no room for it
	italic             bool
	ground             bool   // stands in no other label's way
	about              string // expression of an area in WGS84 outside of which it goes, in place of a point
	obstacleIf         string // expression of whether no label goes over what it labels; "" for always
	pinX, pinY         string // expressions of its lower left corner; "" or null to leave it to QGIS
	pointed            bool   // a line leads from it to what it labels
	along              bool   // runs along a line, and goes to no point
	once               bool   // and stands on each line once, however long it is
	way                string // expression of the part of the line in WGS84 that it may run along; "" for the whole
	orderBy            string // expression of the places to try for some; null for order
	sizeBy, priorityBy string // expressions of the size and the priority; "" for the same everywhere
}

// patrolLabels are those of a layer by itself, or, where the suggestions are shown
// as a layer a shift, of one of those layers.
func patrolLabels(shifts []string, crs string, at pins) string {
	text := patrolText
	if len(shifts) > 0 {
		text = patrolTextOf(shifts)
	}
	l := label{text: text, size: 8, bold: true, colour: ink, about: disc(fmt.Sprintf(`centroid(transform($geometry, 'EPSG:4326', '%s'))`, crs), crs), distance: 0.4, priority: 9, pointed: true}
	l.pinX, l.pinY = at.positions(at.areas, oneArea)
	return l.xml()
}

// disc is an expression of a circle about a point of a system in metres, in which
// nothing is cut at 180°, as wide on the map as the badge of a patrol area, which no
// label should cover.
func disc(point, crs string) string {
	return fmt.Sprintf(`transform(buffer(%s, coalesce(@map_scale, 100000) * %g, 6), '%s', 'EPSG:4326')`, point, badgeMM/2000, crs)
}

// badgeMM is the width of the badge with the rank of a patrol area.
const badgeMM = 6.4

// patrolTextOf is patrolText over the layers of the shifts: an area is labelled
// once, by the layer that has its best rank of those that are switched on, with its
// times in all of them.
func patrolTextOf(layers []string) string {
	var ranks, times []string
	here := oneArea + ` = coalesce(to_string(attribute(@parent, 'h3')), to_string(attribute(@parent, 'id'))) and ` + onMap
	for _, id := range layers {
		shown := func(value string) string {
			return fmt.Sprintf(`if(coalesce(is_layer_visible('%s'), true), %s, NULL)`, id, value)
		}
		ranks = append(ranks, shown(fmt.Sprintf(`aggregate('%s', 'min', "rank", %s)`, id, here)))
		times = append(times, shown(fmt.Sprintf(`aggregate('%s', 'concatenate', %s, %s, %s, "rank")`, id, visit, here, visitEnd)))
	}
	return `if("rank" = array_min(array_filter(array(` + strings.Join(ranks, ", ") + `), @element IS NOT NULL)), concat(` + areaName + `, ` + nameEnd + `, ` +
		`array_to_string(array_filter(array(` + strings.Join(times, ", ") + `), coalesce(@element, '') <> ''), ` + visitEnd + `)), NULL)`
}

// cellLabels are there from the scale at which a cell is wider than they are.
var cellLabels = label{
	text: `if(@map_scale <= 25000, to_string(` + rounded("risk", 3) + `), NULL)`, size: 7, colour: "8,48,107,255", at: `centroid($geometry)`,
	order: "BSR,BR,TR", distance: 1.5, priority: 1, ground: true, // the names of streets may stand in the cell
}.xml()

// riskLabels are the same for one shift.
var riskLabels = label{
	text: `if(@map_scale <= 25000, to_string(` + rounded("expected", 3) + `), NULL)`, size: 7, colour: "8,48,107,255", at: `centroid($geometry)`,
	order: "TSR,TR,BR", distance: 1.5, priority: 1, ground: true,
}.xml()

// ageDays is an expression of how many whole days lie between an incident and the
// wall time of the analysis.
func ageDays(asOf time.Time) string {
	return fmt.Sprintf(`floor(to_real(epoch(to_datetime('%s')) - epoch(%s)) / 86400000)`, asOf.Format("2006-01-02T15:04:05"), from)
}

// incidentLabels say how old an incident is at the as-of time and on which day it
// was. One outside any spree is labelled from the scale of a street, one of the last
// day from that of a quarter: a label for each of sixty days of a town is a smear. One
// that lies under the badge of a patrol area has none, which would lie over the badge.
func incidentLabels(asOf time.Time, s layer.Set) string {
	age := ageDays(asOf)
	shown := `("spree_id" IS NOT NULL AND NOT ` + afar + ` OR @map_scale <= 3500 OR @map_scale <= 15000 AND ` + age + ` < 1)`
	if badges := badgesOf(s); len(badges) > 0 {
		shown += fmt.Sprintf(` AND distance(transform($geometry, 'EPSG:4326', @map_crs), transform(geom_from_wkt('%s'), 'EPSG:4326', @map_crs)) > @map_scale * %g`, wkt.MarshalString(badges), 1.25*badgeMM/1000)
	}
	return label{
		text: `if(` + shown + `, concat(if(` + age + ` < 1, 'last 24 h', concat(` + age + `, ' d ago')), ' · ', ` + stamp(from) + `), NULL)`,
		size: 7, colour: "0,77,64,255", at: `$geometry`,
		order: "BR,BL,TR,TL,R,L,TSR,BSR", distance: 4, priority: 3, obstacleIf: fmt.Sprintf(`"spree_id" IS NOT NULL AND @map_scale > %d AND NOT `, townScale) + afar, // nearer by, its mark is as wide as the place is uncertain
	}.xml()
}

// badgesOf are where the badges of the patrol areas are, to the metre.
func badgesOf(s layer.Set) orb.MultiPoint {
	var out orb.MultiPoint
	for i := range s.Patrols.Len() {
		if g := s.Patrols.Shape(i); g != nil {
			if at := orb.Round(g.Bound().Center(), 1e5).(orb.Point); !slices.Contains(out, at) {
				out = append(out, at)
			}
		}
	}
	return out
}

// spreeLabels stand beside the circle about the spree, or beside its cells where
// the circle is withheld; each of them whatever else is there. Where the map shows
// but a part of that, they stand beside its middle, or the middle of the part.
func spreeLabels(s layer.Set, crs string, at pins) string {
	centre := fmt.Sprintf(`transform(%s, 'EPSG:4326', '%s')`, spreeCentre, crs)
	// wider than the badges of the areas in it
	whole := fmt.Sprintf(`coalesce(buffer(%s, to_real("radius_m") + coalesce(@map_scale, 100000) * %g, 12), transform($geometry, 'EPSG:4326', '%s'))`, centre, badgeMM/2000, crs)
	about := fmt.Sprintf(`with_variable('whole', %s, with_variable('shown', transform(transform(@map_extent, @map_crs, 'EPSG:4326'), 'EPSG:4326', '%s'), `+
		`if(coalesce(within(@whole, @shown), true), transform(@whole, '%[2]s', 'EPSG:4326'), %[3]s)))`, whole, crs,
		disc(fmt.Sprintf(`if(coalesce(within(%s, @shown), false), %[1]s, point_on_surface(intersection(@whole, @shown)))`, centre), crs))
	text, sizeBy := spreeText, `if("status" = 'ended', 7.5, 9)`
	if crowdedBy(s) {
		text, sizeBy = crowdedText, "7.5"
	}
	l := label{
		text: text, size: 9, bold: true, colour: "74,20,98,255", about: about, distance: 0.6, priority: 10, always: true, ground: true,
		sizeBy: sizeBy, pointed: true,
	}
	l.pinX, l.pinY = at.positions(at.sprees, `"id"`)
	if badges := badgesOf(s); len(badges) > 0 && l.pinX != "" {
		free := freeBox(about, spreeSizes(s), at.shut(badges))
		l.pinX, l.pinY = fmt.Sprintf(`coalesce(%s, x(%s))`, l.pinX, free), fmt.Sprintf(`coalesce(%s, y(%s))`, l.pinY, free)
	}
	return l.xml()
}

// freeBox is an expression of the lower left corner, in WGS84, of a box of a size in
// millimetres, with the side to begin at, beside a thing: the nearest of some dozens that is wholly on the map and
// is disjoint from clear; null where there is none. QGIS itself would lay a label that is
// drawn in any case over whatever is there.
func freeBox(about, size, clear string) string {
	thing := fmt.Sprintf(`transform(%s, 'EPSG:4326', @map_crs)`, about)
	// element n: the direction is n mod 12, from where the turn is, the gap 1 mm and more
	step := `@map_scale * (0.001 + 0.004 * floor(@element / 12))`
	corner := func(sign string) string {
		return fmt.Sprintf(`make_point(x(centroid(@thing)) + cos((@element + @turn) * pi() / 6) * (bounds_width(@thing) / 2 + %s + @w / 2) %s @w / 2, `+
			`y(centroid(@thing)) + sin((@element + @turn) * pi() / 6) * (bounds_height(@thing) / 2 + %[1]s + @h / 2) %[2]s @h / 2)`, step, sign)
	}
	boxes := fmt.Sprintf(`array_foreach(generate_series(0, 95), bounds(make_line(%s, %s)))`, corner("-"), corner("+"))
	return fmt.Sprintf(`with_variable('thing', %s, with_variable('clear', %s, with_variable('w', @map_scale / 1000 * array_get(%s, 0), with_variable('h', @map_scale / 1000 * array_get(%[3]s, 1), with_variable('turn', array_get(%[3]s, 2), `+
		`with_variable('box', array_first(array_filter(%[4]s, within(@element, @map_extent) and disjoint(@element, @clear), 1)), `+
		`transform(make_point(x_min(@box), y_min(@box)), @map_crs, 'EPSG:4326')))))))`, thing, clear, size, boxes)
}

// spreeSizes is an expression of the width and the height of the label of a spree at
// the scale of the map, millimetres, and of the side that it is on if that is free:
// another for each, since several may be about one place.
func spreeSizes(s layer.Set) string {
	of := func(scale float64) string {
		var b strings.Builder
		for i, sp := range s.Sprees.Items {
			w, h := spreeSize(sp, scale, crowdedBy(s))
			fmt.Fprintf(&b, `, %s, array(%.1f, %.1f, %d)`, quoted(sp.ID), w, h, 5*i%12)
		}
		return `map_get(map(` + b.String()[2:] + `), "id")`
	}
	return fmt.Sprintf(`if(%s, %s, if(@map_scale > %d, %s, %s))`, afar, of(afarScale+1), nearScale, of(afarScale), of(nearScale))
}

const spreeCentre = `make_point(to_real("centre_lon"), to_real("centre_lat"))`

// places is an expression of the places to try: near the right edge of the map
// those on the left come first, since a label there would be cut.
func (l label) places() string {
	var left, right []string
	for _, place := range strings.Split(l.order, ",") {
		if strings.Contains(place, "L") {
			left = append(left, place)
		} else {
			right = append(right, place)
		}
	}
	order := fmt.Sprintf(`if(coalesce(x(transform(%s, 'EPSG:4326', @map_crs)) > x_max(@map_extent) - 0.3 * bounds_width(@map_extent), false), '%s', '%s')`,
		l.at, strings.Join(append(left, right...), ","), l.order)
	if l.orderBy != "" {
		order = fmt.Sprintf(`coalesce(%s, %s)`, l.orderBy, order)
	}
	return order
}

func (l label) xml() string {
	weight, all, italic, obstacle := 50, 0, 0, 1
	if l.bold {
		weight = 75
	}
	if l.always {
		all = 1
	}
	if l.italic {
		italic = 1
	}
	if l.ground {
		obstacle = 0
	}
	placement := fmt.Sprintf(`placement="6" predefinedPositionOrder="%s" dist="%g" distUnits="MM" offsetType="0" priority="%d" geometryGeneratorEnabled="1" geometryGenerator="%s" geometryGeneratorType="PointGeometry"`,
		l.order, l.distance, l.priority, attr(l.at))
	own := ""
	switch {
	case l.about != "":
		placement = fmt.Sprintf(`placement="8" dist="%g" distUnits="MM" priority="%d" geometryGeneratorEnabled="1" geometryGenerator="%s" geometryGeneratorType="PolygonGeometry" polygonPlacementFlags="1"`,
			l.distance, l.priority, attr(l.about))
	case l.along:
		repeat := 60
		if l.once {
			repeat = 0
		}
		placement = fmt.Sprintf(`placement="3" placementFlags="9" dist="0" priority="%d" repeatDistance="%d" repeatDistanceUnits="MM"`, l.priority, repeat)
		if l.way != "" {
			placement += fmt.Sprintf(` geometryGeneratorEnabled="1" geometryGenerator="%s" geometryGeneratorType="LineGeometry"`, attr(l.way))
		}
	default:
		own = defined("PredefinedPositionOrder", l.places())
	}
	if l.pinX != "" {
		own += defined("PositionX", l.pinX) + defined("PositionY", l.pinY) + defined("AlwaysShow", l.pinX+` IS NOT NULL`)
	}
	pointed := ""
	if l.pointed {
		pointed = `<callout type="simple"><Option type="Map"><Option name="enabled" type="QString" value="1"/><Option name="anchorPoint" type="QString" value="point_on_exterior"/>` +
			`<Option name="minLength" type="double" value="4"/><Option name="minLengthUnit" type="QString" value="MM"/><Option name="drawToAllParts" type="bool" value="false"/>` +
			`<Option name="lineSymbol" type="QString" value="` + attr(symbol("symbol", "line", symbolLayer("SimpleLine", "", "line_color", "60,60,60,255", "line_width", "0.25", "line_style", "solid"))) + `"/></Option></callout>`
	}
	if l.sizeBy != "" {
		own += defined("Size", l.sizeBy)
	}
	if l.obstacleIf != "" {
		own += defined("IsObstacle", l.obstacleIf)
	}
	if l.priorityBy != "" {
		own += defined("Priority", l.priorityBy)
	}
	return fmt.Sprintf(`<labeling type="simple"><settings calloutType="simple">`+
		`<text-style fieldName="%s" isExpression="1" fontSize="%g" fontSizeUnit="Point" fontWeight="%d" fontItalic="%d" textColor="%s" textOpacity="1" multilineHeight="1">`+
		`<text-buffer bufferDraw="1" bufferSize="0.9" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.9" bufferNoFill="1"/></text-style>`+
		`<text-format multilineAlign="0"/><placement %s/>`+
		`<rendering drawLabels="1" displayAll="%d" obstacle="%d" scaleVisibility="0" mergeLines="1" fontMinPixelSize="3" fontMaxPixelSize="10000"/>`+
		`<dd_properties><Option type="Map"><Option name="name" type="QString" value=""/><Option name="properties" type="Map">%s</Option>`+
		`<Option name="type" type="QString" value="collection"/></Option></dd_properties>%s</settings></labeling>`,
		attr(l.text), l.size, weight, italic, l.colour, placement, all, obstacle, own, pointed)
}

// defined sets one property of a label by an expression.
func defined(property, expression string) string {
	return fmt.Sprintf(`<Option name="%s" type="Map"><Option name="active" type="bool" value="true"/><Option name="expression" type="QString" value="%s"/><Option name="type" type="int" value="3"/></Option>`,
		property, attr(expression))
}

// quoted is text as an expression of QGIS writes it.
func quoted(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `''`, "\n", `\n`, "\t", `\t`).Replace(s) + "'"
}
