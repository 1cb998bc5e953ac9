package scanned

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/cluster/scan"
	"spreewatch/geo"
)

// found is a result of two sprees, by hand: with all that there is and, shorter, with
// nothing that can be left out.
func found(t *testing.T) (scan.Result, scan.Options) {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	o := scan.DefaultOptions()
	o.Zone, o.Seed = zone, 7
	at := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, zone) }
	return scan.Result{
		Cases: 9, Outside: 2, Locations: 5, From: at(1), To: at(30), Steps: 29, Replicates: 99,
		Critical: []scan.Critical{{Alpha: 0.05, LLR: 1.0 / 3}, {Alpha: 0.01, LLR: 2}},
		Sprees: []scan.Spree{
			{CentreID: "a<b", Centre: orb.Point{1.5, 52.5}, RadiusM: 1000.0 / 3, Locations: 2, Points: []orb.Point{{1.5, 52.5}, {1.504, 52.5}}, From: at(28), To: at(30),
				Observed: 3, Expected: 2.0 / 3, LLR: 2.0 / 3, P: 0.01, PMethod: scan.MonteCarlo, Recurrence: 100, Cases: []string{"c1", "c2", "c3"}},
			{CentreID: "c", Centre: orb.Point{-0.00000001, 0}, Locations: 1, Points: []orb.Point{{-0.00000001, 0}}, From: at(2), To: at(3),
				Observed: 2, Expected: 1, LLR: 0.5, P: math.NaN(), PMethod: scan.MonteCarlo, Recurrence: math.NaN(), Cases: []string{"c4", "c5"}},
		},
	}, o
}

func TestNewResult(t *testing.T) {
	r, o := found(t)
	got, err := json.Marshal(NewResult(r, o, 1234567*time.Microsecond))
	if err != nil {
		t.Fatal(err)
	}
	// The clocks of London went forward on 29 March 2026. -0 stays so.
	want := `{"cases":9,"outside":2,"locations":5,"from":"2026-03-01T00:00:00Z","to":"2026-03-30T00:00:00+01:00","step_s":86400,"steps":29,"replicates":99,"seed":7,` +
		`"critical_values":{"0.01":2,"0.05":0.333333333},"elapsed_s":1.235,"sprees":[` +
		`{"centre_id":"a\u003cb","centre_lon":1.5,"centre_lat":52.5,"radius_m":333.33,"locations":2,"from":"2026-03-28T00:00:00Z","to":"2026-03-30T00:00:00+01:00",` +
		`"observed":3,"expected":0.666666667,"llr":0.666666667,"p_value":0.01,"p_method":"monte carlo","ri_days":100,"incident_ids":["c1","c2","c3"]},` +
		`{"centre_id":"c","centre_lon":-0,"centre_lat":0,"radius_m":0,"locations":1,"from":"2026-03-02T00:00:00Z","to":"2026-03-03T00:00:00Z",` +
		`"observed":2,"expected":1,"llr":0.5,"p_value":null,"p_method":null,"ri_days":null,"incident_ids":["c4","c5"]}]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Without a step there is neither study nor spree; without a zone the calendar is
	// that of UTC.
	got, err = json.Marshal(NewResult(scan.Result{}, scan.Options{Adjust: scan.AdjustWeekday}, 0))
	if want := `{"cases":0,"outside":0,"locations":0,"from":null,"to":null,"step_s":0,"steps":0,"replicates":0,"seed":0,"adjust":"weekday","critical_values":{},"elapsed_s":0,"sprees":[]}`; string(got) != want || err != nil {
		t.Errorf("nothing is %s, %v", got, err)
	}
	o.Zone = nil
	if got := NewResult(r, o, 0); *got.To != "2026-03-29T23:00:00Z" {
		t.Errorf("without a zone the study ends at %s", *got.To)
	}
}

// The file is Start, the features as they are alone with commas between, and its end.
func TestWriteGeoJSON(t *testing.T) {
	r, o := found(t)
	for _, kind := range []scan.Locations{scan.Points, scan.Cells} {
		t.Run(kind.String(), func(t *testing.T) {
			o.Locations = kind
			var b bytes.Buffer
			if err := WriteGeoJSON(&b, r, o); err != nil {
				t.Fatal(err)
			}
			lines, err := Features(r, o)
			if err != nil || len(lines) != 2 {
				t.Fatalf("%d features, %v", len(lines), err)
			}
			var file struct {
				BBox     []float64
				Features []struct {
					BBox []float64
				}
			}
			if err := json.Unmarshal(b.Bytes(), &file); err != nil {
				t.Fatal(err)
			}
			head, _, _ := strings.Cut(b.String(), "\n")
			if want := head + "\n" + string(lines[0]) + ",\n" + string(lines[1]) + "\n]}\n"; b.String() != want || !strings.HasPrefix(head, Start+`,"bbox":[`) {
				t.Errorf("the file is\n%s\nwant\n%s", &b, want)
			}
			for i, f := range file.Features { // the second lies south-west of the first
				corner := 2 - 2*i
				if diff := cmp.Diff(f.BBox[corner:corner+2], file.BBox[corner:corner+2]); diff != "" {
					t.Errorf("corner of feature %d and of all:\n%s", i+1, diff)
				}
			}
			about := `"properties":{"rank":1,"centre_id":"a\u003cb","radius_m":333.33,"locations":2,"from_local":"2026-03-28T00:00:00","to_local":"2026-03-30T00:00:00",` +
				`"from_utc":"2026-03-28T00:00:00Z","to_utc":"2026-03-29T23:00:00Z","observed":3,"expected":0.666666667,"llr":0.666666667,` +
				`"p_value":0.01,"p_method":"monte carlo","ri_days":100,"incident_ids":"c1,c2,c3"},"geometry":{"type":"` + map[scan.Locations]string{scan.Points: "Polygon", scan.Cells: "MultiPolygon"}[kind] + `"`
			if !strings.Contains(string(lines[0]), about) {
				t.Errorf("the first feature is\n%s\nwithout\n%s", lines[0], about)
			}
			if null := `"p_value":null,"p_method":"monte carlo","ri_days":null`; !strings.Contains(string(lines[1]), null) {
				t.Errorf("the second feature is\n%s\nwithout\n%s", lines[1], null)
			}
		})
	}
}

func TestWriteGeoJSONOfNothing(t *testing.T) {
	var b strings.Builder
	if err := WriteGeoJSON(&b, scan.Result{}, scan.Options{}); err != nil || b.String() != Start+`,"features":[`+"\n]}\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
	if lines, err := Features(scan.Result{}, scan.Options{}); err != nil || len(lines) != 0 {
		t.Errorf("%d features, %v", len(lines), err)
	}
}

func TestWriteGeoJSONAdjusted(t *testing.T) {
	r, o := found(t)
	o.Adjust, o.Zone = scan.AdjustWeekday, nil
	lines, err := Features(r, o)
	if err != nil || !strings.Contains(string(lines[0]), `"p_method":"monte carlo","adjust":"weekday","ri_days":100`) || !strings.Contains(string(lines[0]), `"to_local":"2026-03-29T23:00:00"`) {
		t.Errorf("%s, %v", lines, err)
	}
}

// What cannot be drawn or written is said, and a file that fails at once is empty.
func TestWriteGeoJSONRefuses(t *testing.T) {
	r, o := found(t)
	if err := WriteGeoJSON(broken{}, r, o); !errors.Is(err, errBroken) {
		t.Errorf("onto a full disk: %v", err)
	}
	o.Locations = scan.Cells
	r.Sprees[1].Points[0] = orb.Point{0, 95}
	var b bytes.Buffer
	if err := WriteGeoJSON(&b, r, o); err == nil || !strings.HasPrefix(err.Error(), "cells of spree c: ") || b.Len() > 0 {
		t.Errorf("a cell at 95 degrees north: %v, and %d bytes", err, b.Len())
	}
	if _, err := Features(r, o); err == nil {
		t.Error("a cell at 95 degrees north is a feature")
	}
}

var errBroken = errors.New("no space left")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

// A circle is closed, anticlockwise, and as far from its centre everywhere; that of one
// place is drawn 50 m wide.
func TestCircle(t *testing.T) {
	for _, c := range []struct {
		centre       orb.Point
		radius, want float64
	}{
		{orb.Point{1.5, 52.5}, 5000, 5000},
		{orb.Point{-70, -33}, 0, 50},
		{orb.Point{20, 0}, 49.9, 50},
	} {
		shape, err := zoneShape(scan.Spree{Centre: c.centre, RadiusM: c.radius}, scan.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ring := shape.(orb.Polygon)[0]
		if len(ring) != 65 || !ring.Closed() || ring.Orientation() != orb.CCW {
			t.Errorf("ring of %d points, closed %v, orientation %v", len(ring), ring.Closed(), ring.Orientation())
		}
		for _, p := range ring {
			if d := geo.Distance(c.centre, p); math.Abs(d-c.want) > 0.01 {
				t.Errorf("%v is %.3f m from %v, want %v", p, d, c.centre, c.want)
			}
		}
	}
}
