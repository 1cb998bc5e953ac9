package qgis

import (
	"encoding/base64"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/data/export/layer"
)

// The styles are the XML of QGIS 3.22, with the attributes that differ from
// QGIS's own defaults. Colours are "red,green,blue,alpha", sizes millimetres.
const (
	ink   = "33,33,33,255"
	white = "255,255,255,255"
	none  = "0,0,0,0"
)

// A class is a value or a range of values with its colour and its line in the
// legend.
type class struct {
	value        string
	lower, upper float64
	label        string
	colour       string
}

var priorities = []class{
	{value: "high", label: "High priority", colour: "140,10,30,255"},
	{value: "medium", label: "Medium priority", colour: "200,90,10,255"},
	{value: "low", label: "Low priority", colour: "205,150,40,255"},
	{value: "", label: "No priority given", colour: "150,150,150,255"},
}

var statuses = []class{
	{value: "new", label: "New", colour: "123,31,162,255"},
	{value: "returned", label: "Returned", colour: "200,80,0,255"},
	{value: "growing", label: "Growing", colour: "194,24,91,255"},
	{value: "ongoing", label: "Ongoing", colour: "25,91,170,255"},
	{value: "ended", label: "Ended", colour: "110,110,110,255"},
	{value: "", label: "Status not known", colour: "150,150,150,255"},
}

// ages are how old an incident is, the youngest last, on top.
var ages = []class{
	{value: "older", label: "Older", colour: "128,164,158,255"},
	{value: "week", label: "Last 7 days", colour: "20,118,106,255"},
	{value: "day", label: "Last 24 hours", colour: "0,55,46,255"},
}

// ageSizes are how wide the mark of each is, in millimetres.
var ageSizes = map[string]string{"older": "1.4", "week": "2.2", "day": "3"}

// ageOf is the class of an incident.
func ageOf(in layer.Incident, asOf time.Time) string {
	switch age := asOf.Sub(in.From.Time()); {
	case age < 24*time.Hour:
		return "day"
	case age < 7*24*time.Hour:
		return "week"
	}
	return "older"
}

// riskColours run from least to most.
var riskColours = []string{"222,235,247,120", "158,202,225,120", "66,146,198,125", "8,69,148,130"}

// The number in the disc is a drawing rather than a letter of a font: QGIS warns
// of a font that is missing, and none is on every machine.
const numberSVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" width="100" height="100"><text x="50" y="67" font-size="48" font-weight="bold" fill="#ffffff" text-anchor="middle">%s</text></svg>`

var rankSVG = `'base64:' || to_base64('` + strings.Replace(numberSVG, "%s", `' || to_string("rank") || '`, 1) + `')`

// patrolRenderer draws an area in the colour of its priority with its rank in a
// disc of fixed size, since an area of some hectares is a dot on a county map.
// The best rank is drawn last, on top.
func patrolRenderer(items []patrol.Suggestion) string {
	classes := present(items, priorities, func(s patrol.Suggestion) string { return s.Priority })
	symbols := make([]string, len(classes))
	for i, c := range classes {
		disc := symbolLayer("SimpleMarker", "",
			"name", "circle", "color", c.colour, "outline_color", white, "outline_width", "0.5", "size", fmt.Sprint(badgeMM))
		number := symbolLayer("SvgMarker", dataDefined("name", rankSVG),
			"name", "base64:"+base64.StdEncoding.EncodeToString([]byte(fmt.Sprintf(numberSVG, "#"))), "size", fmt.Sprint(badgeMM))
		badge := symbolLayer("CentroidFill", symbol("@"+fmt.Sprint(i)+"@1", "marker", disc, number),
			"point_on_all_parts", "0", "point_on_surface", "0")
		symbols[i] = symbol(fmt.Sprint(i), "fill", simpleFill(faded(c.colour, 60), c.colour, "0.7", "solid"), badge)
	}
	return categorised("priority", classes, symbols, `"rank"`)
}

// spreeRenderer draws the cells of a spree and, dashed, the circle that holds
// it, which makes one thing of cells that lie kilometres apart. A cross in its
// middle is there at any scale.
func spreeRenderer(items []cluster.Spree, crs string) string {
	classes := present(items, statuses, func(s cluster.Spree) string { return string(s.Status) })
	circle := fmt.Sprintf(`transform(buffer(transform(%s, 'EPSG:4326', '%s'), to_real("radius_m"), 48), '%s', 'EPSG:4326')`, spreeCentre, crs, crs)
	symbols := make([]string, len(classes))
	for i, c := range classes {
		ring := symbolLayer("GeometryGenerator",
			symbol("@"+fmt.Sprint(i)+"@0", "fill", simpleFill(faded(c.colour, 16), c.colour, "0.8", "dash")),
			"SymbolType", "Fill", "geometryModifier", circle, "units", "MapUnit")
		middle := symbolLayer("GeometryGenerator",
			symbol("@"+fmt.Sprint(i)+"@2", "marker", symbolLayer("SimpleMarker", "",
				"name", "cross2", "color", c.colour, "outline_color", c.colour, "outline_width", "0.7", "size", "3")),
			"SymbolType", "Marker", "geometryModifier", spreeCentre, "units", "MapUnit")
		symbols[i] = symbol(fmt.Sprint(i), "fill", ring, simpleFill(faded(c.colour, 45), c.colour, "0.4", "solid"), middle)
	}
	return categorised("status", classes, symbols, "")
}

// incidentRenderer draws a point by its age and, from the scale of a town for one in
// a spree and of a quarter for any, the circle within which the true place lies.
func incidentRenderer(items []layer.Incident, asOf time.Time) string {
	classes := present(items, ages, func(in layer.Incident) string { return ageOf(in, asOf) })
	symbols := make([]string, len(classes))
	for i, c := range classes {
		reach := symbolLayer("SimpleMarker", dataDefined("size", fmt.Sprintf(`if(@map_scale <= 15000 OR @map_scale <= %d AND "spree_id" IS NOT NULL, 2 * "radius_m", 0)`, townScale)),
			"name", "circle", "color", none, "outline_color", c.colour, "outline_width", "0.2", "outline_style", "dot", "size", "0", "size_unit", "RenderMetersInMapUnits")
		dot := symbolLayer("SimpleMarker", "",
			"name", "diamond", "color", c.colour, "outline_color", white, "outline_width", "0.2", "size", ageSizes[c.value])
		symbols[i] = symbol(fmt.Sprint(i), "marker", reach, dot)
	}
	age := ageDays(asOf)
	return categorised(attr(`if(`+age+` < 1, 'day', if(`+age+` < 7, 'week', 'older'))`), classes, symbols, `-`+age)
}

// graduated shades cells by a number in classes. Under each lies a small one of fixed
// size, for the scales at which the cell itself is a dot; nearer by the shade is thin,
// since it covers the whole map.
func graduated(column string, classes []class) string {
	var ranges, symbols strings.Builder
	for i, c := range classes {
		fmt.Fprintf(&ranges, `<range lower="%v" upper="%v" symbol="%d" label="%s" render="true"/>`, c.lower, c.upper, i, attr(c.label))
		speck := symbolLayer("CentroidFill", symbol("@"+fmt.Sprint(i)+"@0", "marker", symbolLayer("SimpleMarker", "",
			"name", "hexagon", "color", faded(c.colour, 255), "outline_color", faded(c.colour, 255), "outline_width", "0", "size", "1.3")),
			"point_on_all_parts", "0", "point_on_surface", "0")
		symbols.WriteString(symbol(fmt.Sprint(i), "fill", speck, thinned(c.colour, simpleFill(c.colour, faded(c.colour, 220), "0.1", "solid"))))
	}
	return `<renderer-v2 type="graduatedSymbol" attr="coalesce(to_real(&quot;` + column + `&quot;), 0)" graduatedMethod="GraduatedColor" symbollevels="0" enableorderby="0" forceraster="0">` +
		`<ranges>` + ranges.String() + `</ranges><symbols>` + symbols.String() + `</symbols>` +
		`<classificationMethod id="Custom"/></renderer-v2>`
}

// risksOf and expectedOf are the numbers that cells are shaded by.
func risksOf(items []detect.CellCount) (risks []float64) {
	for _, c := range items {
		risks = append(risks, c.Risk)
	}
	return risks
}

func expectedOf(items []layer.ShiftRisk) (risks []float64) {
	for _, r := range items {
		risks = append(risks, r.Expected)
	}
	return risks
}

// riskClasses cuts the risks at their quartiles, into classes of about as many cells
// each. Equal cuts merge, so that a legend never shows an empty class.
func riskClasses(all []float64) []class {
	var risks []float64
	for _, x := range all {
		if d, ok := layer.Significant(x); ok { // as it is written
			risks = append(risks, float64(d))
		}
	}
	if len(risks) == 0 {
		return []class{{lower: 0, upper: 1, label: "No cells", colour: riskColours[0]}}
	}
	slices.Sort(risks)
	cuts := []float64{math.Min(0, risks[0])}
	for q := 1; q <= len(riskColours); q++ {
		cut := risks[(len(risks)-1)*q/len(riskColours)]
		if cut > cuts[len(cuts)-1] {
			cuts = append(cuts, cut)
		}
	}
	if len(cuts) == 1 {
		return []class{{lower: cuts[0], upper: cuts[0], label: cutLabels(cuts)[0], colour: riskColours[0]}}
	}
	classes := make([]class, len(cuts)-1)
	labels := cutLabels(cuts)
	for i := range classes {
		classes[i] = class{
			lower: cuts[i], upper: cuts[i+1],
			label:  labels[i] + " to " + labels[i+1],
			colour: riskColours[len(riskColours)-len(classes)+i],
		}
	}
	return classes
}

// cutLabels writes the cuts, without exponents and with as few significant digits
// as tell them apart.
func cutLabels(cuts []float64) []string {
	labels := make([]string, len(cuts))
	for digits := 2; digits <= 6; digits++ {
		for i, x := range cuts {
			r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
			if err != nil {
				r = x
			}
			labels[i] = strconv.FormatFloat(r, 'f', -1, 64)
		}
		if len(slices.Compact(slices.Clone(labels))) == len(labels) {
			break
		}
	}
	return labels
}

// present returns the classes that occur in the layer, so that the legend shows
// what is on the map; all of them where the layer is empty. Values without a
// class of their own count for the class with the empty value.
func present[T any](items []T, classes []class, of func(T) string) []class {
	seen := make(map[string]bool)
	for _, item := range items {
		value := of(item)
		if !slices.ContainsFunc(classes, func(c class) bool { return c.value == value }) {
			value = ""
		}
		seen[value] = true
	}
	if len(seen) == 0 {
		return classes
	}
	return slices.DeleteFunc(slices.Clone(classes), func(c class) bool { return !seen[c.value] })
}

// categorised returns a renderer with a symbol a class; the class with the empty
// value takes what fits no other.
func categorised(field string, classes []class, symbols []string, orderBy string) string {
	var b strings.Builder
	order := "0"
	if orderBy != "" {
		order = "1"
	}
	fmt.Fprintf(&b, `<renderer-v2 type="categorizedSymbol" attr="%s" symbollevels="0" enableorderby="%s" forceraster="0"><categories>`, field, order)
	for i, c := range classes {
		fmt.Fprintf(&b, `<category value="%s" symbol="%d" label="%s" render="true"/>`, attr(c.value), i, attr(c.label))
	}
	b.WriteString(`</categories><symbols>`)
	for _, s := range symbols {
		b.WriteString(s)
	}
	b.WriteString(`</symbols>`)
	if orderBy != "" {
		fmt.Fprintf(&b, `<orderby><orderByClause asc="0" nullsFirst="0">%s</orderByClause></orderby>`, attr(orderBy))
	}
	b.WriteString(`</renderer-v2>`)
	return b.String()
}

func symbol(name, kind string, layers ...string) string {
	return fmt.Sprintf(`<symbol name="%s" type="%s" alpha="1" clip_to_extent="1" force_rhr="0">%s</symbol>`, name, kind, strings.Join(layers, ""))
}

// symbolLayer returns a layer of a symbol: its options by name and value, and
// what else it holds.
func symbolLayer(class, inner string, options ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<layer class="%s" enabled="1" locked="0" pass="0"><Option type="Map">`, class)
	for i := 0; i < len(options); i += 2 {
		fmt.Fprintf(&b, `<Option name="%s" type="QString" value="%s"/>`, options[i], attr(options[i+1]))
	}
	b.WriteString(`</Option>` + inner + `</layer>`)
	return b.String()
}

func simpleFill(colour, outline, width, style string) string {
	return symbolLayer("SimpleFill", "",
		"color", colour, "style", "solid", "outline_color", outline, "outline_width", width, "outline_style", style, "joinstyle", "miter")
}

// thinned is a fill that is half as dense at the scale of a town and nearer.
func thinned(colour, fill string) string {
	thin := fmt.Sprintf(`if(coalesce(@map_scale, 100000) <= %d, '%s', '%s')`, townScale, faded(colour, 60), colour)
	return strings.Replace(fill, "</Option></layer>", "</Option>"+dataDefined("fillColor", thin)+"</layer>", 1)
}

// townScale is the scale from which on streets have names.
const townScale = 60_000

// dataDefined sets one property of a symbol layer by an expression.
func dataDefined(property, expression string) string {
	return `<data_defined_properties><Option type="Map"><Option name="name" type="QString" value=""/><Option name="properties" type="Map">` +
		`<Option name="` + property + `" type="Map"><Option name="active" type="bool" value="true"/>` +
		`<Option name="expression" type="QString" value="` + attr(expression) + `"/><Option name="type" type="int" value="3"/></Option>` +
		`</Option><Option name="type" type="QString" value="collection"/></Option></data_defined_properties>`
}

// faded returns the colour with another alpha, 0 to 255.
func faded(colour string, alpha int) string {
	return fmt.Sprintf("%s,%d", colour[:strings.LastIndexByte(colour, ',')], alpha)
}

// attr escapes text for an XML attribute.
func attr(s string) string {
	out, _ := escapeXML(s) // a strings.Builder takes every write
	return out
}
