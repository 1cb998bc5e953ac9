package qgis

import (
	"fmt"
	"slices"
	"strings"

	"spreewatch/data/export/layer"
)

// The colours of the ground are pale and grey, so that what was found stands out
// on it, in print too.
var (
	seaColour = [3]int{213, 224, 232}
	paper     = [3]int{250, 250, 247} // of the map where no land is known
)

const (
	landColour    = "249,248,244,255"
	roadColour    = "176,170,158,255"
	streetColour  = "205,201,192,255"
	settledColour = "84,80,72,255"
)

// groundLayers are the layers that lie under what was found. A settlement that the
// label of a patrol area names is not written twice: its name would lie over the badge.
func groundLayers(s layer.Set) []projectLayer {
	land := begun(s.Land)
	land.Renderer = single("fill", symbolLayer("SimpleFill", "", "color", landColour, "style", "solid", "outline_style", "no"))
	land.Display, land.Tip = `"source"`, ""

	roads := begun(s.Roads)
	roads.Renderer, roads.Labels = roadRenderer(), roadLabels
	roads.Display = `coalesce(to_string("name"), to_string("number"), "class")`

	settlements := begun(s.Settlements)
	settlements.Renderer = single("marker", symbolLayer("SimpleMarker", dataDefined("size", `if(`+sizeShown+`, 1.1, 0)`),
		"name", "circle", "color", settledColour, "outline_style", "no", "size", "1.1"))
	settlements.Labels, settlements.Display = settlementLabels(s), `"name"`

	streets := begun(s.Streets)
	streets.Renderer = single("marker", symbolLayer("SimpleMarker", "", "name", "circle", "color", none, "outline_style", "no", "size", "0.1"))
	streets.Labels, streets.Display = streetLabels, `"name"`
	return []projectLayer{settlements, streets, roads, land}
}

// single is a renderer that draws every feature alike.
func single(kind, symbolLayers string) string {
	return `<renderer-v2 type="singleSymbol" symbollevels="0" enableorderby="0" forceraster="0"><symbols>` + symbol("0", kind, symbolLayers) + `</symbols></renderer-v2>`
}

// roadWidths are the classes of roads with how wide they are drawn, in
// millimetres, and the scale from which on they are.
var roadWidths = []struct {
	class, colour string
	width         float64
	scale         int // 0 for every scale
}{
	{"path", streetColour, 0.2, 12_000}, {"street", streetColour, 0.5, 40_000}, {"tertiary", roadColour, 0.4, 150_000}, {"secondary", roadColour, 0.5, 400_000},
	{"primary", roadColour, 0.6, 0}, {"trunk", roadColour, 0.8, 0}, {"motorway", roadColour, 1.0, 0},
}

func roadRenderer() string {
	var rules, symbols strings.Builder
	for i, r := range roadWidths {
		until := ""
		if r.scale > 0 {
			until = fmt.Sprintf(` scalemaxdenom="%d"`, r.scale)
		}
		fmt.Fprintf(&rules, `<rule key="%s" symbol="%d" label="%s" filter="%s"%s/>`, r.class, i, r.class, attr(`"class" = '`+r.class+`'`), until)
		symbols.WriteString(symbol(fmt.Sprint(i), "line", symbolLayer("SimpleLine", "",
			"line_color", r.colour, "line_width", fmt.Sprint(r.width), "line_style", "solid", "capstyle", "round", "joinstyle", "round")))
	}
	return `<renderer-v2 type="RuleRenderer" symbollevels="0" enableorderby="0" forceraster="0"><rules key="roads">` + rules.String() + `</rules><symbols>` + symbols.String() + `</symbols></renderer-v2>`
}

// sizeShown is whether a settlement is large enough for the scale: at that of a
// county the largest, and every one at that of a town.
const sizeShown = `"spree" = 'yes' or "rank" <= 12 or @map_scale <= 500000 and "rank" <= 50 or @map_scale <= 200000 and "rank" <= 200 or @map_scale <= 100000`

// inPatrol is how far from the middle of its patrol area a street's name is, null for
// one in none.
const inPatrol = `to_real("patrol_m")`

// The labels of the ground give way to all others and stand in nobody's way.
var (
	// One in a patrol area stands in it, on the far side of its point from the badge,
	// and has a priority that its outline, which keeps all others off, does not beat.
	streetLabels = label{
		text: fmt.Sprintf(`if(@map_scale <= 15000 AND coalesce(%s > @map_scale * %g, true), left(to_string("name"), 60), NULL)`, inPatrol, 0.7*badgeMM/1000), size: 6.5, colour: settledColour, at: `$geometry`,
		order: "T,B,R,L,TR,TL,BR,BL", distance: 0.5, priority: 0, ground: true,
		orderBy:    `CASE WHEN "patrol_side" = 'north' THEN 'T,TR,TL' WHEN "patrol_side" = 'south' THEN 'B,BR,BL' WHEN "patrol_side" = 'east' THEN 'R,TR,BR' WHEN "patrol_side" = 'west' THEN 'L,TL,BL' END`,
		priorityBy: `if(` + inPatrol + ` IS NULL, 0, 6)`,
	}.xml()
	roadLabels = label{
		text: `if("class" in ('motorway', 'trunk', 'primary') and @map_scale <= 400000 and @map_scale > 15000, to_string("number"), if(@map_scale <= 15000, left(coalesce(to_string("name"), to_string("number")), 60), NULL))`,
		size: 6.5, colour: settledColour, priority: 0, ground: true, along: true,
	}.xml()
)

func settlementLabels(s layer.Set) string {
	shifts, ids := shiftsOf(s.Patrols.Items)
	var named []string
	for i, shift := range shifts {
		var towns []string
		for _, sg := range s.Patrols.Items {
			town, _, _ := strings.Cut(sg.PlaceName, ", ")
			if q := quoted(town); sg.Shift == shift && town != "" && !slices.Contains(towns, q) {
				towns = append(towns, q)
			}
		}
		if len(towns) > 0 {
			named = append(named, fmt.Sprintf(`coalesce(is_layer_visible('%s'), false) and "name" in (%s)`, ids[i], strings.Join(towns, ", ")))
		}
	}
	shown := sizeShown
	if len(named) > 0 {
		shown = fmt.Sprintf(`(%s) and not (%s)`, shown, strings.Join(named, " or "))
	}
	return label{
		text: `if(` + shown + `, left(to_string("name"), 60), NULL)`, size: 8, italic: true, colour: settledColour, at: `$geometry`,
		order: "T,B,R,L,TR,TL,BR,BL", distance: 1, priority: 2, ground: true,
		sizeBy: `if("rank" <= 3, 10, if("rank" <= 12, 8.5, 7))`, priorityBy: `if("spree" = 'yes', 6, if("rank" <= 12, 4, if("rank" <= 50, 2, 1)))`,
	}.xml()
}

// owed says whom the ground is owed to.
func (m Map) owed() []string {
	out := m.Layers.Sources
	if m.Basemap.Source != "" {
		base := "Base map: " + m.Basemap.Name
		if m.Basemap.Attribution != "" {
			base += ", " + m.Basemap.Attribution
		}
		out = append(out[:len(out):len(out)], base)
	}
	return out
}
