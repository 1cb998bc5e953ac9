package export

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
)

// IncidentTable is the incidents as the audience may see them: an analyst each by
// itself with its reference, a supervisor how many of each offence began in each cell.
// The public gets none.
func IncidentTable(incidents []cluster.Incident, o Options) (layer.Table, error) {
	switch o.Audience {
	case AudienceAnalyst:
		items := make([]layer.Incident, len(incidents))
		for i := range incidents {
			items[i].Incident = &incidents[i]
		}
		set, err := layer.Fill(layer.Contents{Incidents: items, Analyst: true}, o.stamp())
		return set.Incidents, err
	case AudienceSupervisor:
		return countsByCell(incidents, o)
	}
	return nil, fmt.Errorf("there is no list of incidents for the %s", o.Audience)
}

func countsByCell(incidents []cluster.Incident, o Options) (layer.Table, error) {
	type key struct {
		cell    geo.Cell
		offence string
	}
	day := func(t time.Time, after int) time.Time {
		y, m, d := t.In(o.Zone).Date()
		return time.Date(y, m, d+after, 0, 0, 0, 0, o.Zone)
	}
	at := make(map[key]int)
	var counts []layer.Count
	for _, in := range incidents {
		cell, err := geo.CellAt(in.Point, o.Resolution)
		if err != nil {
			return nil, fmt.Errorf("incident %s: %w", in.ID, err)
		}
		k := key{cell, o.known(in.Offence)}
		i, ok := at[k]
		if !ok {
			i = len(counts)
			at[k] = i
			counts = append(counts, layer.Count{Cell: cell, Offence: k.offence, Window: cluster.Window{Start: day(in.From.Time(), 0), End: day(in.From.Time(), 1)}})
		}
		c := &counts[i]
		c.N++
		if from := day(in.From.Time(), 0); from.Before(c.Window.Start) {
			c.Window.Start = from
		}
		if to := day(in.From.Time(), 1); to.After(c.Window.End) {
			c.Window.End = to
		}
	}
	return layer.Counts(counts, o.stamp())
}

// WriteTableCSV writes a layer as CSV, a row a feature: its properties, and the
// longitude and latitude of its point or of the middle of its shape.
func WriteTableCSV(w io.Writer, t layer.Table) error {
	out := csv.NewWriter(w)
	if err := out.Write(csvHeader(t)); err != nil {
		return err
	}
	for i := range t.Len() {
		row := []string{}
		for _, v := range t.Values(i) {
			text := ""
			if v != nil {
				text = strings.TrimSuffix(fmt.Sprint(v), ".0")
			}
			row = append(row, CellText(text))
		}
		at := orb.Point{}
		if g := t.Shape(i); g != nil {
			at = orb.Round(g.Bound().Center(), 1e7).(orb.Point)
		}
		if err := out.Write(append(row, fmt.Sprintf("%.7f", at.Lon()), fmt.Sprintf("%.7f", at.Lat()))); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// WriteTableGeoJSON writes a layer as GeoJSON.
func WriteTableGeoJSON(w io.Writer, t layer.Table, o Options) error {
	return layer.WriteGeoJSON(w, t, o.stamp())
}

func csvHeader(t layer.Table) []string {
	var head []string
	for _, c := range t.Columns() {
		head = append(head, c.Name)
	}
	return append(head, "lon", "lat")
}

// IsIncidentCSV tells a CSV of an IncidentTable, for whichever audience, by its whole
// header: many a table of reports begins with a reference and an offence, too.
func IsIncidentCSV(start string) bool {
	o := DefaultOptions()
	for _, o.Audience = range []Audience{AudienceAnalyst, AudienceSupervisor} {
		if t, err := IncidentTable(nil, o); err == nil && strings.HasPrefix(start, strings.Join(csvHeader(t), ",")+"\n") {
			return true
		}
	}
	return false
}

// IsIncidentGeoJSON tells a GeoJSON of an IncidentTable, which is of no run.
func IsIncidentGeoJSON(start string) bool {
	return strings.HasPrefix(start, `{"type":"FeatureCollection","name":"incidents","run_id":"incidents",`) ||
		strings.HasPrefix(start, `{"type":"FeatureCollection","name":"incident_counts","run_id":"incidents",`)
}
