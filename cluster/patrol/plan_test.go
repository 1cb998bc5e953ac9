package patrol

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"pgregory.net/rapid"

	"spreewatch/cluster"
	"spreewatch/cluster/detect"
	"spreewatch/cluster/risk"
	"spreewatch/cluster/rule"
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
		return cluster.Incident{ID: id, Offence: "courier-fraud", From: cluster.At(from.UTC()), To: cluster.At(to.UTC()), Point: orb.Point{lon, lat},
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

// norfolk holds settlement centres of GeoNames (CC-BY 4.0), but not that of
// Great Fransham.
var norfolk = map[string]orb.Point{"Dereham": {0.9333, 52.6833}, "Elsing": {1.0378, 52.7113}}

func planDereham(t testing.TB, incidents []cluster.Incident) []Suggestion {
	zone := london(t)
	asOf := time.Date(2015, 9, 17, 2, 0, 0, 0, zone)
	d := detect.DefaultOptions()
	d.AsOf, d.Zone, d.Profiles = asOf, zone, []cluster.Profile{courierFraud}
	detection, err := detect.Detect(t.Context(), incidents, d)
	if err != nil {
		t.Fatal(err)
	}
	o := DefaultOptions()
	o.AsOf, o.Zone, o.Profiles, o.Places = asOf, zone, d.Profiles, norfolk
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
	// them lie between 10:00 and 13:00, and one at 17:30. Names by hand, from the
	// middles of the cells.
	want := []row{
		{1, "early 2015-09-17", "Dereham, 2.3 km south", "10:00", "13:00", "high", "", 3},
		{2, "early 2015-09-17", "Dereham, centre", "10:00", "13:00", "high", "", 3},
		{3, "early 2015-09-17", "Dereham, 2.8 km east", "10:00", "13:00", "high", "", 3},
		{4, "early 2015-09-17", "Elsing, centre", "10:00", "13:00", "high", "", 3},
		{5, "early 2015-09-17", "Great Fransham", "10:00", "13:00", "high", "", 3},
		{6, "late 2015-09-17", "Dereham, 2.3 km south", "16:00", "19:00", "high", "", 3},
		{7, "late 2015-09-17", "Dereham, centre", "16:00", "19:00", "high", "", 3},
		{8, "late 2015-09-17", "Dereham, 2.8 km east", "16:00", "19:00", "high", "", 3},
		{9, "late 2015-09-17", "Elsing, centre", "16:00", "19:00", "high", "", 3},
		{10, "late 2015-09-17", "Great Fransham", "16:00", "19:00", "high", "", 3},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	reason := "8 courier-fraud incidents on Wed 16 Sep between 10:00 and 17:30 around Dereham, Elsing, Great Fransham and Holme Hale, " +
		"closing in on this area; the last at 17:30, 200 m from here. Most of the risk comes of those at 17:30 (38 %), at 13:45 (30 %) and between 10:00 and 14:30 (14 %). In this shift the risk is highest 10:00 to 13:00."
	if suggestions[0].Reason != reason {
		t.Errorf("got reason\n%s\nwant\n%s", suggestions[0].Reason, reason)
	}
}

// Far from the last call the text does not say that the spree closes in.
func TestReasonFarAway(t *testing.T) {
	s := planDereham(t, dereham(t))[4]
	reason := "8 courier-fraud incidents on Wed 16 Sep between 10:00 and 17:30 around Dereham, Elsing, Great Fransham and Holme Hale; " +
		"the last at 17:30, 9.7 km from here. Most of the risk comes of those at 10:00 (73 %), at 10:05 (10 %) and between 10:00 and 14:30 (6 %). In this shift the risk is highest 10:00 to 13:00."
	if s.PlaceName != "Great Fransham" || s.Reason != reason {
		t.Errorf("%s: got reason\n%s\nwant\n%s", s.PlaceName, s.Reason, reason)
	}
}

// Rank 2 lies 2.4 km from the last call: its text does not say that the spree
// closes in on it, though the later calls lie nearer than the earlier ones.
func TestReasonClosingIn(t *testing.T) {
	for _, s := range planDereham(t, dereham(t)) {
		near := strings.HasPrefix(s.PlaceName, "Dereham, 2.3 km south")
		if said := strings.Contains(s.Reason, "closing in"); said != near {
			t.Errorf("rank %d, %s: closing in is %v, want %v", s.Rank, s.PlaceName, said, near)
		}
	}
	calls := dereham(t)
	in := pick{lot: lot{area: risk.Area{Centre: calls[7].Point}}}
	at := func(hours int, east float64) cluster.Incident {
		when := calls[0].From.Time().Add(time.Duration(hours) * time.Hour)
		return cluster.Incident{ID: fmt.Sprint(hours), From: cluster.At(when), To: cluster.At(when), Point: orb.Point{in.area.Centre[0] + east, in.area.Centre[1]}}
	}
	// A hundredth of a degree of longitude is 675 m here.
	for name, c := range map[string]struct {
		east [6]float64
		want bool
	}{
		"nearer and nearer":       {[6]float64{0.2, 0.15, 0.1, 0.05, 0.02, 0.01}, true},
		"the last is 2 km away":   {[6]float64{0.3, 0.3, 0.3, 0.01, 0.01, 0.03}, false},
		"the last but one is far": {[6]float64{0.3, 0.3, 0.3, 0.01, 0.03, 0.01}, false},
		"always near":             {[6]float64{0.01, 0.01, 0.01, 0.01, 0.01, 0.01}, false},
		"away":                    {[6]float64{0.01, 0.02, 0.05, 0.1, 0.15, 0.2}, false},
	} {
		var behind []cluster.Incident
		for i, east := range c.east {
			behind = append(behind, at(i, east))
		}
		slices.Reverse(behind) // any order
		if got := in.closingIn(behind); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// A call at any time of the day, somewhere in the town, is counted and said, and
// is not taken for the last.
func TestReasonVague(t *testing.T) {
	zone := london(t)
	vague := dereham(t)[7]
	vague.ID, vague.From, vague.To = "9", cluster.At(time.Date(2015, 9, 16, 0, 0, 0, 0, zone).UTC()), cluster.At(time.Date(2015, 9, 17, 0, 0, 0, 0, zone).UTC())
	vague.Level, vague.RadiusM = geo.LevelPlace, 3000
	s := planDereham(t, append(dereham(t), vague))[0]
	reason := "9 courier-fraud incidents between Wed 16 Sep 00:00 and Thu 17 Sep 00:00 around Dereham, Elsing, Great Fransham and Holme Hale, " +
		"closing in on this area; the last between Wed 16 Sep 00:00 and Thu 17 Sep 00:00, 200 m from here. Most of the risk comes of those on Wed 16 Sep at 17:30 (32 %), on Wed 16 Sep at 13:45 (26 %) and between Wed 16 Sep 00:00 and Thu 17 Sep 00:00 (14 %). In this shift the risk is highest 10:00 to 13:00. " +
		"1 of the 9 placed to a settlement or district only."
	if s.Reason != reason {
		t.Errorf("got reason\n%s\nwant\n%s", s.Reason, reason)
	}
}

var burglary = cluster.Profile{
	Offence: "dwelling-burglary", RadiusM: 400, Window: 7 * 24 * time.Hour, MinIncidents: 3,
	Lookback: 24 * time.Hour, DecayM: 200, DecayTime: 7 * 24 * time.Hour, Action: "Walk the streets in view.",
}

func TestPlanWithoutSpree(t *testing.T) {
	zone := london(t)
	asOf := time.Date(2026, 3, 2, 6, 0, 0, 0, zone)
	in := func(id string, daysAgo, hour int, lon float64) cluster.Incident {
		from := time.Date(2026, 3, 2-daysAgo, hour, 0, 0, 0, zone).UTC()
		return cluster.Incident{ID: id, Offence: "dwelling-burglary", From: cluster.At(from), To: cluster.At(from.Add(2 * time.Hour)), Point: orb.Point{lon, 52.63},
			RadiusM: 50, Level: geo.LevelStreet, Confidence: 0.8, PlaceName: "Norwich"}
	}
	o := DefaultOptions()
	o.AsOf, o.Zone, o.Profiles = asOf, zone, []cluster.Profile{burglary}
	got, err := Plan([]cluster.Incident{in("a", 3, 10, 1.290), in("b", 40, 10, 1.290), in("c", 70, 12, 1.33)}, nil, o)
	if err != nil {
		t.Fatal(err)
	}
	first := got[0]
	if first.SpreeID != "" || first.Shift != "early 2026-03-02" || first.Priority == "high" {
		t.Errorf("got %+v, want an area of no spree, not of high priority", first)
	}
	reason := "2 dwelling-burglary incidents within 100 m of here since 21 Jan 2026; the last on Fri 27 Feb between 10:00 and 12:00, 100 m from here. " +
		"Most of the risk comes of those on Fri 27 Feb between 10:00 and 12:00 (44 %) and on Wed 21 Jan between 10:00 and 12:00 (33 %). In this shift the risk is highest 10:00 to 13:00."
	if first.Reason != reason {
		t.Errorf("got reason\n%s\nwant\n%s", first.Reason, reason)
	}
	if first.Confidence < 0.8-1e-9 || first.Confidence > 0.8+1e-9 {
		t.Errorf("confidence %g, want that of both incidents, 0.8", first.Confidence)
	}
}

// Where nothing is known of the hour, the text does not claim one.
func TestReasonNoHours(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	o := DefaultOptions()
	o.AsOf, o.Profiles = asOf, []cluster.Profile{burglary}
	got, err := Plan([]cluster.Incident{{ID: "a", Offence: "dwelling-burglary", From: cluster.At(day), To: cluster.At(day.AddDate(0, 0, 1)), Point: orb.Point{1.29, 52.63},
		RadiusM: 50, Level: geo.LevelStreet, Confidence: 0.8}}, nil, o)
	if err != nil || len(got) == 0 {
		t.Fatalf("%d suggestions, %v", len(got), err)
	}
	for _, s := range got {
		if strings.Contains(s.Reason, "highest") || !strings.Contains(s.Reason, "No hours of this shift stand out.") {
			t.Errorf("got %q", s.Reason)
		}
	}
}

// A spree lends its areas the risk that it adds, no more: one that adds less than a
// common offence has elsewhere takes no turn, and one that adds more goes first.
func TestSpreesTakeNoTurns(t *testing.T) {
	zone := london(t)
	asOf := time.Date(2015, 9, 17, 2, 0, 0, 0, zone)
	for _, c := range []struct {
		burglaries  int
		first, last string
	}{{3000, "dwelling-burglary", "dwelling-burglary"}, {5, "courier-fraud", "courier-fraud"}} {
		incidents := dereham(t)
		rng := rand.New(rand.NewPCG(2, 0))
		for i := range c.burglaries {
			from := asOf.Add(-time.Duration(rng.Float64() * 300 * 24 * float64(time.Hour))).UTC()
			incidents = append(incidents, cluster.Incident{ID: fmt.Sprint("b", i), Offence: "dwelling-burglary", From: cluster.At(from), To: cluster.At(from.Add(8 * time.Hour)),
				Point: orb.Point{1.25 + 0.1*rng.Float64(), 52.6 + 0.06*rng.Float64()}, RadiusM: 100, Level: geo.LevelStreet, Confidence: 0.9, PlaceName: "Norwich"})
		}
		spree, err := rule.Find(t.Context(), incidents, courierFraud, rule.Night{AsOf: asOf, Resolution: 9})
		if err != nil {
			t.Fatal(err)
		}
		o := DefaultOptions()
		o.AsOf, o.Zone, o.Profiles = asOf, zone, []cluster.Profile{burglary, courierFraud}
		suggestions, err := Plan(incidents, spree, o)
		if err != nil {
			t.Fatal(err)
		}
		if got := suggestions[0].Offence; got != c.first {
			t.Errorf("beside %d burglaries the first area is of %s, want %s", c.burglaries, got, c.first)
		}
		if got := suggestions[o.PerShift-1].Offence; got != c.last {
			t.Errorf("beside %d burglaries the last area of the shift is of %s, want %s", c.burglaries, got, c.last)
		}
	}
}

// One incident of 40 days ago is no reason to go anywhere; one of 20 days is.
func TestOneOldIncidentIsNoReason(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)
	for _, c := range []struct{ daysAgo, want int }{{40, 0}, {20, 3}} {
		from := asOf.AddDate(0, 0, -c.daysAgo)
		o := DefaultOptions()
		o.AsOf, o.Profiles = asOf, []cluster.Profile{burglary}
		got, err := Plan([]cluster.Incident{{ID: "a", Offence: "dwelling-burglary", From: cluster.At(from), To: cluster.At(from.AddDate(0, 0, 1)), Point: orb.Point{1.29, 52.63},
			RadiusM: 50, Level: geo.LevelStreet, Confidence: 0.8}}, nil, o)
		if err != nil || len(got) != c.want {
			t.Errorf("%d days ago: %d suggestions, %v; want %d", c.daysAgo, len(got), err, c.want)
		}
	}
}

// A fit of later days is refused: it knows what the plan may not.
func TestPlanRefusesALaterFit(t *testing.T) {
	o := DefaultOptions()
	o.AsOf, o.Profiles = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC), []cluster.Profile{burglary}
	fit, err := Learn(nil, o)
	if err != nil {
		t.Fatal(err)
	}
	o.Fit = fit
	if _, err := Plan(nil, nil, o); err != nil {
		t.Errorf("a fit of the same moment: %v", err)
	}
	o.AsOf = o.AsOf.Add(-time.Hour)
	if _, err := Plan(nil, nil, o); err == nil {
		t.Error("a fit of an hour later was used")
	}
}

func TestPlanNothing(t *testing.T) {
	o := DefaultOptions()
	o.AsOf, o.Profiles = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC), []cluster.Profile{burglary}
	unplaced := cluster.Incident{ID: "a", Offence: "dwelling-burglary", From: cluster.At(o.AsOf), To: cluster.At(o.AsOf)}
	later := unplaced
	later.ID, later.Level, later.Point, later.From = "b", geo.LevelStreet, orb.Point{1.3, 52.6}, cluster.At(o.AsOf.Add(time.Hour))
	for name, incidents := range map[string][]cluster.Incident{"no incidents": nil, "without a place": {unplaced}, "after the as-of time": {later}} {
		if got, err := Plan(incidents, nil, o); err != nil || len(got) != 0 {
			t.Errorf("%s: got %d suggestions, %v", name, len(got), err)
		}
	}
}

func TestPlanOptions(t *testing.T) {
	for name, change := range map[string]func(*Options){
		"no as-of time":         func(o *Options) { o.AsOf = time.Time{} },
		"no shifts":             func(o *Options) { o.Shifts = nil },
		"two shifts of a name":  func(o *Options) { o.Shifts = append(o.Shifts, o.Shifts[0]) },
		"no shift ahead":        func(o *Options) { o.ShiftsAhead = 0 },
		"no area":               func(o *Options) { o.PerShift = 0 },
		"resolution 13":         func(o *Options) { o.Resolution = 13 },
		"no dwell":              func(o *Options) { o.Dwell = 0 },
		"visits run together":   func(o *Options) { o.Every = o.Dwell - 1 },
		"a band under a visit":  func(o *Options) { o.Band = o.Dwell - 1 },
		"areas apart by NaN":    func(o *Options) { o.Apart = math.NaN() },
		"a profile of nothing":  func(o *Options) { o.Profiles = []cluster.Profile{{}} },
		"a shift without hours": func(o *Options) { o.Shifts = []Shift{{Name: "early"}} },
	} {
		o := DefaultOptions()
		o.AsOf = time.Date(2026, 3, 2, 6, 0, 0, 0, time.UTC)
		if err := o.Validate(); err != nil {
			t.Fatal(err)
		}
		change(&o)
		if _, err := Plan(nil, nil, o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestPlanProperties(t *testing.T) {
	zone := london(t)
	rapid.Check(t, func(t *rapid.T) {
		o := DefaultOptions()
		o.Zone, o.Profiles = zone, []cluster.Profile{courierFraud, burglary}
		// Around both changes of the clocks.
		days := rapid.SampledFrom([]time.Time{time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC), time.Date(2026, 10, 24, 0, 0, 0, 0, time.UTC)}).Draw(t, "day")
		o.AsOf = days.Add(time.Duration(rapid.IntRange(0, 48*60).Draw(t, "minute")) * time.Minute)
		o.ShiftsAhead = rapid.IntRange(1, 6).Draw(t, "shifts")
		o.PerShift = rapid.IntRange(1, 8).Draw(t, "areas")
		n := rapid.IntRange(0, 20).Draw(t, "n")
		var incidents []cluster.Incident
		for i := range n {
			from := o.AsOf.Add(-time.Duration(rapid.IntRange(0, 10_000).Draw(t, "ago")) * time.Minute)
			incidents = append(incidents, cluster.Incident{ID: fmt.Sprint(i), Offence: rapid.SampledFrom([]string{"courier-fraud", "dwelling-burglary"}).Draw(t, "offence"),
				From: cluster.At(from), To: cluster.At(from.Add(time.Duration(max(0, rapid.IntRange(-600, 3000).Draw(t, "length"))) * time.Minute)),
				Point:   orb.Point{0.9 + 0.01*float64(rapid.IntRange(0, 10).Draw(t, "x")), 52.6 + 0.01*float64(rapid.IntRange(0, 10).Draw(t, "y"))},
				RadiusM: float64(rapid.IntRange(0, 300).Draw(t, "radius")), Level: geo.LevelStreet, Confidence: 0.5, PlaceName: rapid.SampledFrom([]string{"", "Dereham", "Elsing"}).Draw(t, "place")})
		}
		d := detect.DefaultOptions()
		d.AsOf, d.Zone, d.Profiles, d.Replicates = o.AsOf, zone, o.Profiles, 0
		detection, err := detect.Detect(t.Context(), incidents, d)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Plan(incidents, detection.Sprees, o)
		if err != nil {
			t.Fatal(err)
		}
		inShift, ids := make(map[string][]Suggestion), make(map[string]bool)
		for i, s := range got {
			if s.Rank != i+1 || ids[s.ID] {
				t.Fatalf("suggestion %d: rank %d, id %q repeated: %v", i+1, s.Rank, s.ID, ids[s.ID])
			}
			ids[s.ID] = true
			if s.Band.Start.Before(o.AsOf) || s.Band.End.After(s.Expires) || s.Band.Duration() <= 0 || s.Band.Duration() > o.Band {
				t.Fatalf("%s: band %v, as of %v, expires %v", s.ID, s.Band, o.AsOf, s.Expires)
			}
			if s.Visits < 1 || time.Duration(s.Visits)*s.Dwell > s.Band.Duration() {
				t.Fatalf("%s: %d visits of %v in %v", s.ID, s.Visits, s.Dwell, s.Band.Duration())
			}
			if !(s.Risk > 0) || s.Reason == "" || s.Action == "" || len(s.Incidents) == 0 || !(s.Confidence > 0.49 && s.Confidence < 0.51) {
				t.Fatalf("%s: %+v", s.ID, s)
			}
			for _, other := range inShift[s.Shift] {
				if geo.Distance(s.Cell.Centre(), other.Cell.Centre()) < o.Apart {
					t.Fatalf("%s and %s are too close", s.ID, other.ID)
				}
			}
			if before := inShift[s.Shift]; len(before) > 0 {
				last := before[len(before)-1]
				if s.Risk/float64(s.Visits) > last.Risk/float64(last.Visits)*(1+1e-9) {
					t.Fatalf("rank %d has risk %g, %s; rank %d has %g, %s", last.Rank, last.Risk, last.Priority, s.Rank, s.Risk, s.Priority)
				}
			}
			inShift[s.Shift] = append(inShift[s.Shift], s)
			if len(inShift[s.Shift]) > o.PerShift {
				t.Fatalf("shift %s has more than %d areas", s.Shift, o.PerShift)
			}
		}
		rand.New(rand.NewPCG(uint64(n), 0)).Shuffle(n, func(i, j int) { incidents[i], incidents[j] = incidents[j], incidents[i] })
		slices.Reverse(o.Profiles)
		again, err := Plan(append(incidents, incidents...), detection.Sprees, o)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(got, again); d != "" {
			t.Fatalf("the order of the input, or an ID given twice, changed the plan:\n%s", d)
		}
	})
}

// BenchmarkPlan is three shifts from 100,000 and from a million incidents of a year: on
// most nights the fit is at hand, and on one in thirty it is learnt.
func BenchmarkPlan(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { benchmarkPlan(b, n) })
	}
}

func benchmarkPlan(b *testing.B, n int) {
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
	incidents := make([]cluster.Incident, n)
	for i := range incidents {
		from := asOf.Add(-time.Duration(rng.Float64() * 365 * 24 * float64(time.Hour))).UTC()
		incidents[i] = cluster.Incident{ID: fmt.Sprintf("%06d", i), Offence: o.Profiles[i%4].Offence, From: cluster.At(from),
			To: cluster.At(from.Add(time.Duration(rng.IntN(12)) * time.Hour)), Point: streets[rng.IntN(len(streets))],
			RadiusM: 100, Level: geo.LevelStreet, Confidence: 0.9, PlaceName: "Town"}
	}
	var sprees []cluster.Spree
	for _, p := range o.Profiles {
		found, err := rule.Find(b.Context(), incidents, p, rule.Night{AsOf: asOf, Resolution: 9})
		if err != nil {
			b.Fatal(err)
		}
		sprees = append(sprees, found...)
	}
	fit, err := Learn(incidents, o)
	if err != nil {
		b.Fatal(err)
	}
	for _, at := range []*risk.Fit{nil, fit} {
		name := "learning"
		if at != nil {
			name = "fit at hand"
		}
		b.Run(name, func(b *testing.B) {
			o := o
			o.Fit = at
			for b.Loop() {
				if _, err := Plan(incidents, sprees, o); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(sprees)), "sprees")
		})
	}
}
