package main

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
	"spreewatch/geo"
)

// leastDrawnM is the radius at which a circle of a single place is drawn, so that
// it can be seen. Its radius_m stays what it is.
const leastDrawnM = 50

// wallTime is local time without its offset, which QGIS would drop.
const wallTime = "2006-01-02T15:04:05"

// scanProperties are flat: a map program shows no lists.
type scanProperties struct {
	Rank      int        `json:"rank"`
	CentreID  string     `json:"centre_id"`
	RadiusM   float64    `json:"radius_m"`
	Locations int        `json:"locations"`
	FromLocal string     `json:"from_local"`
	ToLocal   string     `json:"to_local"`
	FromUTC   string     `json:"from_utc"`
	ToUTC     string     `json:"to_utc"`
	Observed  float64    `json:"observed"`
	Expected  float64    `json:"expected"`
	LLR       float64    `json:"llr"`
	P         jsonNumber `json:"p_value"`
	PMethod   string     `json:"p_method"`
	Adjust    string     `json:"adjust,omitempty"`
	RIDays    jsonNumber `json:"ri_days"`
	Incidents string     `json:"incident_ids"` // commas between
}

// scanStart is how the file begins, by which an earlier one is known.
const scanStart = `{"type":"FeatureCollection","name":"sprees"`

// writeScanGeoJSON writes the sprees as an RFC 7946 FeatureCollection, one
// feature a line: circles as Polygons, cells as MultiPolygons of their outline.
func writeScanGeoJSON(w io.Writer, r scan.Result, o scan.Options) error {
	out := bufio.NewWriter(w)
	shapes := make([]orb.Geometry, len(r.Sprees))
	var bound orb.Bound
	for i, s := range r.Sprees {
		shape, err := zoneShape(s, o)
		if err != nil {
			return err
		}
		shapes[i] = orb.Round(shape, 1e7)
		if i == 0 {
			bound = shapes[i].Bound()
		}
		bound = bound.Union(shapes[i].Bound())
	}
	fmt.Fprint(out, scanStart)
	if len(shapes) > 0 {
		fmt.Fprintf(out, `,"bbox":%s`, bboxJSON(bound))
	}
	fmt.Fprint(out, `,"features":[`)
	full := newScanResult(r, o, 0)
	for i, s := range full.Sprees {
		properties, err := json.Marshal(scanProperties{
			Rank: i + 1, CentreID: s.CentreID, RadiusM: s.RadiusM, Locations: s.Locations,
			FromLocal: r.Sprees[i].From.In(o.Zone).Format(wallTime), ToLocal: r.Sprees[i].To.In(o.Zone).Format(wallTime),
			FromUTC: r.Sprees[i].From.UTC().Format(time.RFC3339), ToUTC: r.Sprees[i].To.UTC().Format(time.RFC3339),
			Observed: s.Observed, Expected: s.Expected, LLR: s.LLR, P: s.P, PMethod: string(r.Sprees[i].PMethod), Adjust: string(o.Adjust),
			RIDays: s.RIDays, Incidents: strings.Join(s.Incidents, ","),
		})
		if err != nil {
			return err
		}
		geometry, err := json.Marshal(geojson.NewGeometry(shapes[i]))
		if err != nil {
			return err
		}
		comma := ","
		if i == 0 {
			comma = ""
		}
		fmt.Fprintf(out, "%s\n"+`{"type":"Feature","bbox":%s,"properties":%s,"geometry":%s}`,
			comma, bboxJSON(shapes[i].Bound()), properties, geometry)
	}
	fmt.Fprint(out, "\n]}\n")
	return out.Flush()
}

func bboxJSON(b orb.Bound) []byte {
	text, err := json.Marshal([]float64{b.Min.Lon(), b.Min.Lat(), b.Max.Lon(), b.Max.Lat()})
	if err != nil {
		panic("spreewatch: bounds that are no numbers: " + err.Error())
	}
	return text
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
