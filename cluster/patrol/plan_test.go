package patrol

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

var courierFraud = cluster.Profile{
	Offence: "courier-fraud", RadiusM: 15_000, Window: 12 * time.Hour, MinIncidents: 4,
	Lookback: 72 * time.Hour, DecayM: 3000, DecayTime: 24 * time.Hour, Action: "Call on banks and post offices.",
}

func london(t testing.TB) *time.Location {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// dereham returns the eight calls of the bulletin of 16 September 2015. Points
// are those of data.police.uk (OGL v3).
func dereham(t testing.TB) []cluster.Incident {
	zone := london(t)
	call := func(id string, from, to time.Time, lat, lon float64, place string) cluster.Incident {
		return cluster.Incident{ID: id, Offence: "courier-fraud", From: from.UTC(), To: to.UTC(), Point: orb.Point{lon, lat},
			RadiusM: 100, Level: geo.LevelStreet, Confidence: 0.9, PlaceName: place}
	}
	at := func(hour, minute int) time.Time { return time.Date(2015, 9, 16, hour, minute, 0, 0, zone) }
	return []cluster.Incident{
		call("1", at(10, 0), at(10, 0), 52.689265, 0.807368, "Great Fransham"),
		call("2", at(10, 5), at(10, 5), 52.634034, 0.790113, "Holme Hale"),
		call("3", at(10, 15), at(10, 15), 52.717193, 1.034762, "Elsing"),
		call("4", at(10, 30), at(10, 30), 52.717193, 1.034762, "Elsing"),
		call("5", at(11, 15), at(11, 15), 52.681167, 0.971254, "Dereham"),
		call("6", at(13, 45), at(13, 45), 52.662142, 0.939659, "Dereham"),
		call("7", at(10, 0), at(14, 30), 52.684759, 0.927045, "Dereham"),
		call("8", at(17, 30), at(17, 30), 52.663679, 0.948117, "Dereham"),
	}
}

func planDereham(t testing.TB, incidents []cluster.Incident) []Suggestion {
	zone := london(t)
	asOf := time.Date(2015, 9, 17, 2, 0, 0, 0, zone)
	d := cluster.DefaultDetect()
	d.AsOf, d.Zone, d.Profiles = asOf, zone, []cluster.Profile{courierFraud}
	detection, err := cluster.Detect(incidents, d)
	if err != nil {
		t.Fatal(err)
	}
	o := DefaultOptions()
	o.AsOf, o.Zone, o.Profiles = asOf, zone, d.Profiles
	suggestions, err := Plan(incidents, detection.Sprees, o)
	if err != nil {
		t.Fatal(err)
	}
	return suggestions
}

func TestPlanDereham(t *testing.T) {
	type row struct {
		Rank                                   int
		Shift, Place, From, To, Priority, Unit string
		Visits                                 int
	}
	var got []row
	suggestions := planDereham(t, dereham(t))
	zone := london(t)
	for _, s := range suggestions {
		got = append(got, row{s.Rank, s.Shift, s.PlaceName, s.Band.Start.In(zone).Format("15:04"), s.Band.End.In(zone).Format("15:04"), s.Priority, s.Unit, s.Visits})
		if len(s.Incidents) != 8 || s.SpreeID == "" || s.Action != courierFraud.Action || s.Dwell != 15*time.Minute {
			t.Errorf("rank %d: got %d incidents, spree %q, dwell %v", s.Rank, len(s.Incidents), s.SpreeID, s.Dwell)
		}
	}
	// Nothing at night: all eight calls came between 10:00 and 17:30. Most of
	// them lie between 10:00 and 13:00, and one at 17:30.
	want := []row{
		{1, "early 2015-09-17", "Dereham, south", "10:00", "13:00", "high", "", 3},
		{2, "early 2015-09-17", "Dereham, north-east", "10:00", "13:00", "high", "", 3},
		{3, "early 2015-09-17", "Dereham, north-west", "10:00", "13:00", "high", "", 3},
		{4, "early 2015-09-17", "Elsing", "10:00", "13:00", "high", "", 3},
		{5, "early 2015-09-17", "Great Fransham", "10:00", "13:00", "medium", "", 3},
		{6, "late 2015-09-17", "Dereham, south", "16:00", "19:00", "medium", "", 3},
		{7, "late 2015-09-17", "Dereham, north-east", "16:00", "19:00", "medium", "", 3},
		{8, "late 2015-09-17", "Dereham, north-west", "16:00", "19:00", "medium", "", 3},
		{9, "late 2015-09-17", "Elsing", "16:00", "19:00", "medium", "", 3},
		{10, "late 2015-09-17", "Great Fransham", "16:00", "19:00", "medium", "", 3},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	reason := "8 courier-fraud incidents on Wed 16 Sep between 10:00 and 17:30 around Dereham, Elsing, Great Fransham and Holme Hale, " +
		"closing in on this area; the last at 17:30, 200 m from here. In this shift the risk is highest 10:00 to 13:00."
	if suggestions[0].Reason != reason {
		t.Errorf("got reason\n%s\nwant\n%s", suggestions[0].Reason, reason)
	}
}

func BenchmarkPlan(b *testing.B) {
	zone := london(b)
	asOf := time.Date(2026, 3, 2, 2, 0, 0, 0, zone)
	rng := rand.New(rand.NewPCG(7, 0))
	o := DefaultOptions()
	o.AsOf, o.Zone = asOf, zone
	for _, name := range []string{"burglary", "robbery", "damage", "vehicle"} {
		o.Profiles = append(o.Profiles, cluster.Profile{Offence: name, RadiusM: 800, Window: 48 * time.Hour, MinIncidents: 3,
			Lookback: 24 * time.Hour, DecayM: 400, DecayTime: 72 * time.Hour})
	}
	// Streets of 60 towns, used again and again, as geocoded incidents are.
	streets := make([]orb.Point, 12_000)
	for i := range streets {
		town := i % 60
		streets[i] = orb.Point{0.3 + 0.02*float64(town) + rng.NormFloat64()*0.02, 52.45 + 0.01*float64(town*7%60) + rng.NormFloat64()*0.012}
	}
	incidents := make([]cluster.Incident, 100_000)
	for i := range incidents {
		from := asOf.Add(-time.Duration(rng.Float64() * 365 * 24 * float64(time.Hour))).UTC()
		incidents[i] = cluster.Incident{ID: fmt.Sprintf("%06d", i), Offence: o.Profiles[i%4].Offence, From: from,
			To: from.Add(time.Duration(rng.IntN(12)) * time.Hour), Point: streets[rng.IntN(len(streets))],
			RadiusM: 100, Level: geo.LevelStreet, Confidence: 0.9, PlaceName: "Town"}
	}
	var sprees []cluster.Spree
	for _, p := range o.Profiles {
		found, err := cluster.Rule(incidents, p, asOf, 9)
		if err != nil {
			b.Fatal(err)
		}
		sprees = append(sprees, found...)
	}
	for b.Loop() {
		if _, err := Plan(incidents, sprees, o); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(sprees)), "sprees")
}
