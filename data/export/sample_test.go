package export

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/patrol"
	"spreewatch/data"
	"spreewatch/data/export/layer"
	"spreewatch/geo"
	"spreewatch/geo/locate"
)

var (
	update  = flag.Bool("update", false, "rewrite the golden files")
	keepDir = flag.String("keep", "", "write the sample result to this folder and keep it, to be opened in QGIS")
)

// london is the zone of every test: it has clock changes.
func london(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// Canaries stand where only an analyst may look. They occur nowhere else.
const (
	canaryRef      = "CANARYREF"
	canaryLocation = "97 Canaryhouse"
	canaryName     = "Canarycandidate Street"
	canaryMatch    = "Canarymatch Road"
)

// sampleResult is an invented night about real streets: a spree of seven
// incidents in five places, three patrol areas over two shifts, one of them in both, and four
// reports to decide.
func sampleResult(t testing.TB) Result {
	t.Helper()
	day := func(d, h, m int) time.Time { return time.Date(2015, 9, d, h-1, m, 0, 0, time.UTC) } // BST is UTC+1
	at := func(lon, lat float64, res int) geo.Cell {
		c, err := geo.CellAt(orb.Point{lon, lat}, res)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	places := []struct {
		lon, lat float64
		from, to time.Time
		level    geo.Level
		radius   float64
		place    string
	}{
		{0.807368, 52.689265, day(16, 10, 0), day(16, 10, 0), geo.LevelStreet, 400, "Great Fransham"},
		{0.790113, 52.634034, day(16, 10, 5), day(16, 10, 5), geo.LevelStreet, 150, "Holme Hale"},
		{1.034762, 52.717193, day(16, 10, 15), day(16, 10, 15), geo.LevelStreet, 300, "Elsing"},
		{0.971254, 52.681167, day(16, 11, 15), day(16, 11, 15), geo.LevelStreet, 600, "Dereham"},
		{0.939659, 52.662142, day(16, 13, 45), day(16, 13, 45), geo.LevelStreet, 700, "Dereham"},
		{0.927045, 52.684759, day(16, 10, 0), day(16, 14, 30), geo.LevelPlace, 2500, "Dereham"},
		{0.948117, 52.663679, day(16, 17, 30), day(16, 17, 30), geo.LevelStreet, 120, "Dereham"},
	}
	var r Result
	var ids []string
	var zone []geo.Cell
	counts := map[geo.Cell]float64{}
	for i, p := range places {
		id := canaryRef + string(rune('1'+i))
		ids = append(ids, id)
		cell := at(p.lon, p.lat, 9)
		zone = append(zone, cell)
		counts[cell]++
		r.Incidents = append(r.Incidents, layer.Incident{
			Incident: &cluster.Incident{ID: id, Offence: "courier-fraud", From: cluster.At(p.from), To: cluster.At(p.to), Point: orb.Point{p.lon, p.lat},
				RadiusM: p.radius, Level: p.level, Confidence: 0.9, PlaceName: p.place},
			Member: &layer.Membership{SpreeID: "s-4f1a"},
		})
	}
	window := cluster.Window{Start: day(16, 10, 0), End: day(16, 17, 30)}
	zone = geo.SortCells(zone)
	r.Sprees = []cluster.Spree{{
		ID: "s-4f1a", Status: cluster.StatusNew, Offence: "courier-fraud", Method: cluster.MethodRule, Incidents: ids,
		Zone: zone, Window: window, Centre: orb.Point{0.9168, 52.6789}, RadiusM: 10290, Observed: 7,
		Places: []string{"Dereham", "Elsing", "Great Fransham", "Holme Hale"}, Confidence: 0.84,
	}}
	for i, c := range zone {
		for j, near := range c.Disk(1) {
			risk := 0.01 * float64(1+(i+j)%7)
			r.Cells = append(r.Cells, detect.CellCount{Cell: near, Window: window, Observed: counts[near], Risk: risk, SpreeID: "s-4f1a"})
		}
	}
	suggest := func(rank int, id, shift, name, priority string, lon, lat float64, from, to time.Time) {
		cell := at(lon, lat, 9)
		area := cell.Disk(1)
		var m2 float64
		for _, c := range area {
			m2 += c.AreaM2()
		}
		r.Suggestions = append(r.Suggestions, patrol.Suggestion{
			ID: id, Rank: rank, SpreeID: "s-4f1a", Offence: "courier-fraud", PlaceName: name, Cell: cell, Area: area, AreaM2: m2,
			Shift: shift, Band: cluster.Window{Start: from, End: to}, Dwell: 15 * time.Minute, Visits: 3, Priority: priority,
			Risk: 0.5 / float64(rank), Reason: "7 calls between 10:00 and 17:30 on 16 September, the last ones in the town.",
			Action: "Speak to banks, post offices and taxi firms.", Confidence: 0.8, Incidents: ids, Expires: to.Add(24 * time.Hour),
		})
	}
	suggest(1, "p-1", "early 2015-09-17", "Shipdham Road area, Dereham", "high", 0.9430, 52.6628, day(17, 10, 0), day(17, 12, 0))
	suggest(2, "p-2", "early 2015-09-17", "Norwich Road area, Dereham", "medium", 0.971254, 52.681167, day(17, 10, 0), day(17, 11, 30))
	suggest(3, "p-3", "late 2015-09-17", "Elsing", "low", 1.034762, 52.717193, day(17, 14, 0), day(17, 16, 0))

	suggest(4, "p-4", "late 2015-09-17", "Shipdham Road area, Dereham", "medium", 0.9430, 52.6628, day(17, 15, 0), day(17, 18, 0))

	car := patrol.Unit{Name: "North car", Start: orb.Point{0.939, 52.681}}
	drive := func(shift string, from, to time.Time, stops ...patrol.Stop) {
		route := patrol.Route{Unit: car, Shift: shift, Window: cluster.Window{Start: from, End: to}, Stops: stops, Leave: stops[0].At.Start.Add(-10 * time.Minute), Back: stops[len(stops)-1].At.End.Add(20 * time.Minute), Metres: 12345.6, Risk: float64(len(stops)) / 10}
		r.Routes = append(r.Routes, route)
	}
	visit := func(s int, hour, minute int) patrol.Stop {
		return patrol.Stop{Suggestion: r.Suggestions[s].ID, At: cluster.Window{Start: day(17, hour, minute), End: day(17, hour, minute+15)}, Point: r.Suggestions[s].Cell.Centre(), Metres: 3210.4}
	}
	drive("late 2015-09-17", day(17, 15, 0), day(17, 23, 0), visit(2, 15, 20), visit(3, 16, 5))
	drive("early 2015-09-17", day(17, 7, 0), day(17, 15, 0), visit(0, 10, 0), visit(1, 10, 30), visit(0, 11, 10))
	r.Routes = append(r.Routes, patrol.Route{Unit: patrol.Unit{Name: "Far car", Start: orb.Point{13, 52}}, Shift: "late 2015-09-17"})

	for i, c := range r.Cells[:4] {
		r.Risk = append(r.Risk, layer.ShiftRisk{Cell: c.Cell, Shift: "early 2015-09-17", Window: cluster.Window{Start: day(17, 7, 0), End: day(17, 15, 0)}, Expected: float64(i+1) / 100})
	}
	r.Risk = append(r.Risk, layer.ShiftRisk{Cell: r.Cells[0].Cell, Shift: "late 2015-09-17", Window: cluster.Window{Start: day(17, 15, 0), End: day(17, 18, 0)}, Expected: .005})

	r.Review = []ReviewRow{
		{Source: "bulletin.txt", Line: 17, Ref: canaryRef + "9", Offence: "courier-fraud", Location: canaryLocation, Level: geo.LevelAmbiguous,
			Confidence: 0.4, Reason: Reason{Why: WhyAmbiguous},
			Candidates: []geo.Candidate{{Name: canaryName, Locality: "Necton", Point: orb.Point{0.77723, 52.650445}, Confidence: 0.4}}},
		{Source: "bulletin.txt", Line: 3, Location: "=HYPERLINK(" + canaryLocation + ")", Level: geo.LevelNone, Reason: Reason{Why: WhyNotFound}},
		{Source: "bulletin.txt", Line: 8, Offence: "courier-fraud", Level: geo.LevelStreet, Confidence: 0.5, Reason: Reason{Why: WhyUnsure, Confidence: 0.5, Least: 0.6},
			Match: geo.Candidate{Name: canaryMatch, Locality: "Dereham", Point: orb.Point{0.9430, 52.6628}}},
		{Source: "bulletin.txt", Line: 12, Level: geo.LevelNone, Reason: Refused(&data.RowError{Unread: true, Reason: "names a time"})},
	}
	r.Run = Run{
		AsOf: day(17, 2, 0), Seed: 1, Versions: Versions{Spreewatch: "test"},
		Options:     map[string]any{"resolution": 9, "received": "2015-09-18"},
		Inputs:      []Input{{Name: "bulletin.txt", Format: "bulletin", SHA256: "00", Bytes: 1, Reports: 9, Unread: 1}},
		Tallies:     Tallies{Read: 9, Unread: 1},
		Calibration: Calibration{AlertsPerWeek: 2, Reached: 1.9, Threshold: 11.5, HistoryDays: 90, Nights: 28, Replicates: 60, Offences: []string{"courier-fraud"}, P: 0.04, RecurrenceD: 25},
		Geocoding: Geocoding{Sources: []locate.Count{{Text: "sample", N: 8}}, Corrections: []locate.Count{{Text: "saint dropped", N: 1}},
			Unmatched: []locate.Count{{Text: canaryLocation, N: 1}}},
		Notes: []string{"history is too thin for a permutation test: 7 incidents in 1 day"},
	}
	for _, l := range []geo.Level{geo.LevelStreet, geo.LevelStreet, geo.LevelStreet, geo.LevelStreet, geo.LevelStreet, geo.LevelStreet, geo.LevelPlace, geo.LevelAmbiguous, geo.LevelNone} {
		r.Run.Tallies.Levels.Add(l)
	}
	return r
}

func sampleOptions(t testing.TB, dir string) Options {
	o := DefaultOptions()
	o.Dir, o.Zone, o.RunID, o.Offences = dir, london(t), "r-2b8c", []string{"courier-fraud", "robbery"}
	return o
}

// TestKeepSample writes the sample for a look in QGIS when a folder is named.
func TestKeepSample(t *testing.T) {
	if *keepDir == "" {
		t.Skip("skipped: no -keep folder")
	}
	for _, a := range []Audience{AudienceAnalyst, AudienceSupervisor, AudiencePublic} {
		o := sampleOptions(t, filepath.Join(*keepDir, string(a)))
		o.Audience = a
		if _, err := Write(t.Context(), sampleResult(t), o); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(*keepDir); err != nil {
		t.Fatal(err)
	}
}
