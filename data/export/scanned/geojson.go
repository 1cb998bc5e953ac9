package scanned

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"spreewatch/cluster/scan"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

// leastDrawnM is the radius at which a circle of a single place is drawn, so that
// it can be seen. Its radius_m stays what it is.
const leastDrawnM = 50

// Start is how the GeoJSON begins, by which an earlier file is known.
const Start = `{"type":"FeatureCollection","name":"sprees"`

// properties are flat: a map program shows no lists.
type properties struct {
	Rank      int             `json:"rank"`
	CentreID  string          `json:"centre_id"`
	RadiusM   float64         `json:"radius_m"`
	Locations int             `json:"locations"`
	FromLocal string          `json:"from_local"`
	ToLocal   string          `json:"to_local"`
	FromUTC   string          `json:"from_utc"`
	ToUTC     string          `json:"to_utc"`
	Observed  float64         `json:"observed"`
	Expected  float64         `json:"expected"`
	LLR       float64         `json:"llr"`
	P         layer.Statistic `json:"p_value"`
	PMethod   string          `json:"p_method"`
	Adjust    string          `json:"adjust,omitempty"`
	RIDays    layer.Statistic `json:"ri_days"`
	Incidents string          `json:"incident_ids"` // commas between
}

// WriteGeoJSON writes the sprees of a scan with the options o as an RFC 7946
// FeatureCollection, one feature a line, the best first: circles as Polygons, cells
// as MultiPolygons of their outline. Without a spree it has no bbox.
func WriteGeoJSON(w io.Writer, r scan.Result, o scan.Options) error {
	shapes, err := draw(r, o)
	if err != nil {
		return err
	}
	lines, err := features(r, o, shapes)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	fmt.Fprint(out, Start)
	if len(shapes) > 0 {
		bound := shapes[0].Bound()
		for _, shape := range shapes[1:] {
			bound = bound.Union(shape.Bound())
		}
		fmt.Fprintf(out, `,"bbox":%s`, bboxJSON(bound))
	}
	fmt.Fprint(out, `,"features":[`)
	for i, line := range lines {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteByte('\n')
		out.Write(line)
	}
	fmt.Fprint(out, "\n]}\n")
	return out.Flush()
}

// Features are the lines of WriteGeoJSON that hold a feature, one a spree and the best
// first, without the comma and the line feed between them. The rank is that within r.
func Features(r scan.Result, o scan.Options) ([][]byte, error) {
	shapes, err := draw(r, o)
	if err != nil {
		return nil, err
	}
	return features(r, o, shapes)
}

// features are the lines of the sprees with their shapes.
func features(r scan.Result, o scan.Options, shapes []orb.Geometry) ([][]byte, error) {
	lines := make([][]byte, len(r.Sprees))
	for i, found := range r.Sprees {
		s := newSpree(found, o)
		about, err := json.Marshal(properties{
			Rank: i + 1, CentreID: s.CentreID, RadiusM: s.RadiusM, Locations: s.Locations,
			FromLocal: layer.WallTime(found.From, zone(o)), ToLocal: layer.WallTime(found.To, zone(o)),
			FromUTC: found.From.UTC().Format(time.RFC3339), ToUTC: found.To.UTC().Format(time.RFC3339),
			Observed: s.Observed, Expected: s.Expected, LLR: s.LLR, P: s.P, PMethod: string(found.PMethod), Adjust: string(o.Adjust),
			RIDays: s.RIDays, Incidents: strings.Join(s.Incidents, ","),
		})
		if err != nil {
			return nil, err
		}
		geometry, err := json.Marshal(geojson.NewGeometry(shapes[i]))
		if err != nil {
			return nil, err
		}
		lines[i] = fmt.Appendf(nil, `{"type":"Feature","bbox":%s,"properties":%s,"geometry":%s}`, bboxJSON(shapes[i].Bound()), about, geometry)
	}
	return lines, nil
}

func bboxJSON(b orb.Bound) []byte {
	text, err := json.Marshal([]float64{b.Min.Lon(), b.Min.Lat(), b.Max.Lon(), b.Max.Lat()})
	if err != nil {
		panic("spreewatch: bounds that are no numbers: " + err.Error())
	}
	return text
}

// draw draws the zones of the sprees, to seven decimals: the last bits differ between
// platforms.
func draw(r scan.Result, o scan.Options) ([]orb.Geometry, error) {
	shapes := make([]orb.Geometry, len(r.Sprees))
	for i, s := range r.Sprees {
		shape, err := zoneShape(s, o)
		if err != nil {
			return nil, err
		}
		shapes[i] = orb.Round(shape, 1e7)
	}
	return shapes, nil
}

// zoneShape draws a spree's zone.
func zoneShape(s scan.Spree, o scan.Options) (orb.Geometry, error) {
	if o.Locations == scan.Points {
		return circleShape(s.Centre, math.Max(s.RadiusM, leastDrawnM)), nil
	}
	var cells []geo.Cell
	for _, p := range s.Points {
		cell, err := geo.CellAt(p, o.Resolution)
		if err != nil {
			return nil, fmt.Errorf("cells of spree %s: %w", s.CentreID, err)
		}
		cells = append(cells, cell)
	}
	return geo.Outline(cells)
}

// circleShape is a circle on the ground as a closed ring of 64 points,
// anticlockwise.
func circleShape(centre orb.Point, radiusM float64) orb.Polygon {
	const points, rad = 64, math.Pi / 180
	angle := radiusM / geo.EarthRadius
	sinLat, cosLat := math.Sincos(centre.Lat() * rad)
	ring := make(orb.Ring, 0, points+1)
	for i := range points {
		sinTurn, cosTurn := math.Sincos(2 * math.Pi * float64(i) / points) // from east, anticlockwise
		lat := math.Asin(sinLat*math.Cos(angle) + cosLat*math.Sin(angle)*sinTurn)
		lon := math.Atan2(cosTurn*math.Sin(angle)*cosLat, math.Cos(angle)-sinLat*math.Sin(lat))
		ring = append(ring, orb.Point{centre.Lon() + lon/rad, lat / rad})
	}
	return orb.Polygon{append(ring, ring[0])}
}
