package qgis

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"spreewatch/data/export/layer"
	"spreewatch/data/export/page"
	"spreewatch/geo"
)

// A ladder is where the labels of sprees and patrol areas go at scales from that of a
// street to that of the page, laid out together so that none lies over another or over
// a badge, whatever part of the whole the map shows: QGIS places its labels a layer
// after the other, and lays one that it must draw over whatever is there. The middle of
// a label is a place on the ground, found for the coarse end of its rung: on the way to
// the fine end what lies apart moves farther apart.
const (
	ladderFoot = 2000.0 // scale of the finest rung's fine end
	rungStep   = 1.4
	// rungGap is how far apart two labels lie, millimetres.
	rungGap = 1.2
	// mostGap is how far from its thing a label goes; where there is no room nearer,
	// QGIS places it.
	mostGap = 60.0
	// wideMM is the radius on paper from which on a spree is labelled at its middle,
	// and not beside the circle about it: the map may show no more than that.
	wideMM = 40.0
	// namesScale is the scale from which on streets have their names.
	namesScale = 15_000
)

// A thing has a label: a spree or a patrol area.
type thing struct {
	id     string
	centre orb.Point
	reachM float64 // of the circle about it; 0 for one that has but a badge
	areaM  float64 // of a patrol area, from its middle to its sides; 0 for a spree
	size   func(scale float64) (w, h float64)
}

// A rung is the middle of a label, with its width and height in millimetres; zero where
// the label is left to QGIS.
type rung struct {
	at   orb.Point
	w, h float64
}

// A plate lays what is on the ground on a map of some scale, in millimetres from its
// upper left, turned as the grid of the map is.
type plate struct {
	frame    page.Frame
	times    float64 // millimetres of the plate in one of the frame
	sin, cos float64
}

func (p plate) at(o orb.Point) (x, y float64) {
	x, y = p.frame.At(o)
	return (x*p.cos + y*p.sin) * p.times, (y*p.cos - x*p.sin) * p.times
}

func (p plate) point(x, y float64) orb.Point {
	x, y = x/p.times, y/p.times
	return p.frame.Point(x*p.cos-y*p.sin, x*p.sin+y*p.cos)
}

// gridTurn is the angle in radians, from the grid's north westward, at which true north
// lies on a map about the point.
func gridTurn(at orb.Point) float64 {
	middle := -2.0 // of the National Grid
	crs, _ := mapCRS(at)
	if zone, ok := strings.CutPrefix(crs, "EPSG:32"); ok {
		n, _ := strconv.Atoi(zone[1:])
		middle = float64(6*n - 183)
	}
	return math.Remainder(at.Lon()-middle, 360) * math.Pi / 180 * math.Sin(at.Lat()*math.Pi/180)
}

// ladderOf lays out the labels at each rung up to the scale of the page and somewhat
// beyond, those first in things with the first choice.
func ladderOf(f page.Frame, view orb.Bound, scale float64, things []thing, badges orb.MultiPoint) map[string][]rung {
	ladder := make(map[string][]rung, len(things))
	sin, cos := math.Sincos(gridTurn(view.Center()))
	for fine := ladderFoot; fine < 1.3*scale; fine *= rungStep {
		p := plate{f, scale / (fine * rungStep), sin, cos}
		var taken []page.Box
		for _, b := range badges {
			x, y := p.at(b)
			taken = append(taken, page.Box{X: x - badgeMM/2, Y: y - badgeMM/2, W: badgeMM, H: badgeMM})
		}
		near := fine*rungStep <= namesScale // the names of the streets in an area stand in it
		for _, t := range things {
			if half := f.Metres(t.areaM) * p.times; near && half > 0 {
				x, y := p.at(t.centre)
				taken = append(taken, page.Box{X: x - half, Y: y - half, W: 2 * half, H: 2 * half})
			}
		}
		free := func(b page.Box) bool {
			wide := page.Box{X: b.X - rungGap, Y: b.Y - rungGap, W: b.W + 2*rungGap, H: b.H + 2*rungGap}
			return !slices.ContainsFunc(taken, wide.Meets)
		}
		for i, t := range things {
			var r rung
			r.w, r.h = t.size(fine)
			x, y := p.at(t.centre)
			reach := max(badgeMM/2, f.Metres(t.reachM)*p.times)
			if reach > wideMM {
				reach = 0
			}
			if near && t.areaM > 0 {
				reach = max(reach, f.Metres(t.areaM)*p.times)
			}
			b, ok := around(x, y, reach, r.w, r.h, 5*i, free)
			if ok {
				taken = append(taken, b)
				r.at = p.point(b.X+b.W/2, b.Y+b.H/2)
			} else {
				r = rung{}
			}
			ladder[t.id] = append(ladder[t.id], r)
		}
	}
	return ladder
}

// around returns the nearest free box beside a disc, of some directions beginning with
// the one whose number is turn; false where none is free within mostGap.
func around(x, y, reach, w, h float64, turn int, free func(page.Box) bool) (page.Box, bool) {
	const directions = 16
	for gap := rungGap; gap < mostGap; gap += 2.5 {
		for k := range directions {
			sin, cos := math.Sincos(2 * math.Pi * float64(k+turn) / directions)
			b := page.Box{X: x + cos*(reach+gap+w/2) - w/2, Y: y + sin*(reach+gap+h/2) - h/2, W: w, H: h}
			if free(b) {
				return b, true
			}
		}
	}
	return page.Box{}, false
}

// rungs is an expression of the lower left corner in WGS84 of the label of a thing by
// the ladder, null where the map does not show the label whole or there is no rung.
func (p pins) rungs(of []pin, key string) string {
	var b strings.Builder
	for _, pin := range of {
		var steps []string
		for _, r := range p.ladder[pin.id] {
			step := ""
			if r.w > 0 {
				step = fmt.Sprintf("%.5f,%.5f,%.1f,%.1f", r.at[0], r.at[1], r.w, r.h)
			}
			steps = append(steps, step)
		}
		fmt.Fprintf(&b, ", %s, '%s'", quoted(pin.id), strings.Join(steps, ";"))
	}
	part := func(n int) string { return fmt.Sprintf(`to_real(array_get(@rung, %d))`, n) }
	corner := func(sign string) string {
		return fmt.Sprintf(`make_point(x(@middle) %s %s * @map_scale / 2000, y(@middle) %[1]s %[3]s * @map_scale / 2000)`, sign, part(2), part(3))
	}
	return fmt.Sprintf(`with_variable('step', if(@map_scale < %g, '', coalesce(array_get(string_to_array(map_get(map(%s), %s), ';'), floor(ln(@map_scale / %[1]g) / ln(%[4]g))), '')), `+
		`if(@step = '', NULL, with_variable('rung', string_to_array(@step, ','), with_variable('middle', transform(make_point(%[5]s, %[6]s), 'EPSG:4326', @map_crs), `+
		`with_variable('box', bounds(make_line(%[7]s, %[8]s)), if(coalesce(within(@box, @map_extent), false), transform(make_point(x_min(@box), y_min(@box)), @map_crs, 'EPSG:4326'), NULL))))))`,
		ladderFoot, b.String()[2:], key, rungStep, part(0), part(1), corner("-"), corner("+"))
}

// shut is an expression of the area, on the map, that badges and the labels of the
// ladder take at its scale: each label is a line through its middle, as wide as it is
// high. It has no variable of its own: QGIS takes twice as long to prepare an expression
// for each that stands within another.
func (p pins) shut(badges orb.MultiPoint) string {
	shut := fmt.Sprintf(`buffer(transform(geom_from_wkt('%s'), 'EPSG:4326', @map_crs), @map_scale * %g)`, wkt.MarshalString(badges), badgeMM/2000+0.001)
	lines, high := p.lines()
	if len(lines) == 0 {
		return shut
	}
	return fmt.Sprintf(`combine(%s, buffer(transform(geom_from_wkt(coalesce(replace(array_get(string_to_array('%s', ';'), max(0, floor(ln(@map_scale / %g) / ln(%g)))), '_', ' '), 'LINESTRING EMPTY')), 'EPSG:4326', @map_crs), @map_scale * %g, 4))`,
		shut, strings.Join(lines, ";"), ladderFoot, rungStep, high/2000+0.001)
}

// lines are the lines of the labels of each rung as text, and the height of the highest.
func (p pins) lines() (lines []string, high float64) {
	for n := 0; ; n++ {
		var rung orb.MultiLineString
		found := false
		for _, pin := range slices.Concat(p.areas, p.sprees) {
			if n >= len(p.ladder[pin.id]) {
				continue
			}
			found = true
			r := p.ladder[pin.id][n]
			if r.w == 0 {
				continue
			}
			// a degree of longitude on the sphere, at the rung's coarse end
			half := r.w / 2 / 1000 * ladderFoot * math.Pow(rungStep, float64(n+1)) / (geo.EarthRadius * math.Pi / 180 * math.Cos(r.at.Lat()*math.Pi/180))
			rung, high = append(rung, layer.RoundPoints(orb.LineString{{r.at[0] - half, r.at[1]}, {r.at[0] + half, r.at[1]}}).(orb.LineString)), max(high, r.h)
		}
		if !found {
			return lines, high
		}
		// no number of a style is followed by a blank, as that of a house is
		lines = append(lines, strings.ReplaceAll(wkt.MarshalString(rung), " ", "_"))
	}
}
