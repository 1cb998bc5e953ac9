package export

import (
	"encoding/xml"
	"fmt"
	"io"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/data/export/layer"
)

// A gpxFile is what routes.gpx holds: GPX 1.1, a route a unit and shift, for the
// satnav of the car.
type gpxFile struct {
	XMLName  xml.Name   `xml:"http://www.topografix.com/GPX/1/1 gpx"`
	Version  string     `xml:"version,attr"`
	Creator  string     `xml:"creator,attr"`
	Metadata gpxAbout   `xml:"metadata"`
	Routes   []gpxRoute `xml:"rte"`
}

type gpxAbout struct {
	Name string `xml:"name"`
	Desc string `xml:"desc"` // the marking
}

type gpxRoute struct {
	Name   string     `xml:"name"`
	Desc   string     `xml:"desc"`
	Number int        `xml:"number"`
	Points []gpxPoint `xml:"rtept"`
}

type gpxPoint struct {
	Lat  string `xml:"lat,attr"`
	Lon  string `xml:"lon,attr"`
	Time string `xml:"time,omitempty"`
	Name string `xml:"name"`
	Desc string `xml:"desc,omitempty"`
}

// gpxBegin is how the file begins, by which an earlier one is known.
const gpxBegin = xml.Header + `<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" creator="spreewatch">`

// writeGPX writes the routes of the layers, those of the layer's order.
func writeGPX(w io.Writer, layers layer.Set, o Options) error {
	g := gpxFile{Version: "1.1", Creator: "spreewatch", Metadata: gpxAbout{Name: "spreewatch run " + o.RunID, Desc: o.Marking}}
	point := func(p orb.Point, at time.Time, name, desc string) gpxPoint {
		return gpxPoint{Lat: fmt.Sprintf("%.7f", p.Lat()), Lon: fmt.Sprintf("%.7f", p.Lon()), Time: at.UTC().Format("2006-01-02T15:04:05Z"), Name: name, Desc: desc}
	}
	next := 0
	for i, r := range layers.Routes.Items {
		out := gpxRoute{Name: layer.RouteID(r), Desc: fmt.Sprintf("%s, %.0f km. %s", data.Count(len(r.Stops), "stop"), r.Metres/1000, o.Marking), Number: i + 1}
		out.Points = append(out.Points, point(r.Unit.Start, r.Leave, "Start", ""))
		for range r.Stops {
			s := layers.Stops.Items[next] // in the order of the routes
			next++
			out.Points = append(out.Points, point(s.Point, s.At.Start, fmt.Sprintf("%d %s", s.N, s.Area.PlaceName),
				fmt.Sprintf("%s to %s. %s", s.At.Start.In(o.Zone).Format("15:04"), s.At.End.In(o.Zone).Format("15:04"), s.Area.ActAt(s.At.Start))))
		}
		out.Points = append(out.Points, point(r.Unit.Start, r.Back, "Back at the start", ""))
		g.Routes = append(g.Routes, out)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(g); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
