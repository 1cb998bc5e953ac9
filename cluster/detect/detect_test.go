package detect

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/sample"
	"spreewatch/cluster/scales"
	"spreewatch/geo"
)

func detectDereham(t *testing.T, incidents []cluster.Incident, change func(*Options)) Detection {
	t.Helper()
	o := DefaultOptions()
	o.AsOf = time.Date(2015, 9, 17, 1, 0, 0, 0, time.UTC)
	o.Profiles = []cluster.Profile{sample.CourierFraud}
	if change != nil {
		change(&o)
	}
	d, err := Detect(t.Context(), incidents, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func wantNote(t *testing.T, d Detection, want Note) {
	t.Helper()
	if !slices.ContainsFunc(d.Notes, func(n Note) bool { return gocmp.Equal(n, want) }) {
		t.Errorf("got notes %+v, want among them %+v", d.Notes, want)
	}
}

func TestDetectDereham(t *testing.T) {
	d := detectDereham(t, sample.Dereham(), nil)
	if len(d.Sprees) != 1 || len(d.Sprees[0].Incidents) != 8 || d.Sprees[0].Statistic != nil || d.Sprees[0].Method != cluster.MethodRule {
		t.Fatalf("got %+v, want one spree of eight by the rule alone", d.Sprees)
	}
	want := []Note{{Kind: NoteNotCalibrated, N: 8, Days: 1, LeastDays: 7, Least: 20}}
	if diff := gocmp.Diff(want, d.Notes); diff != "" {
		t.Error(diff)
	}
	total, inZone := 0.0, 0
	for _, c := range d.Cells {
		total += c.Observed
		if c.SpreeID == d.Sprees[0].ID {
			inZone++
		}
		if c.Expected != nil {
			t.Errorf("cell %s: expected %g, want none: history is thin", c.Cell, *c.Expected)
		}
	}
	if math.Abs(total-8) > 1e-9 {
		t.Errorf("cells hold %g incidents, want 8", total)
	}
	if inZone != len(d.Sprees[0].Zone) {
		t.Errorf("%d cells are marked as the spree's, its zone has %d", inZone, len(d.Sprees[0].Zone))
	}
}

// Two nights: in between the spree gains a call, and its cells go by the ID that
// it had.
func TestDetectTracks(t *testing.T) {
	first := detectDereham(t, sample.Dereham()[1:], func(o *Options) { o.AsOf = sample.BST(18, 0) })
	second := detectDereham(t, sample.Dereham(), func(o *Options) { o.Previous = first.Sprees })
	if len(second.Sprees) != 1 || second.Sprees[0].ID != first.Sprees[0].ID || second.Sprees[0].Status != cluster.StatusGrowing {
		t.Fatalf("got %+v, want %s growing", second.Sprees, first.Sprees[0].ID)
	}
	for _, c := range second.Cells {
		if c.SpreeID != second.Sprees[0].ID {
			t.Errorf("cell %s: got spree %q", c.Cell, c.SpreeID)
		}
	}
	later := detectDereham(t, sample.Dereham(), func(o *Options) {
		o.AsOf = o.AsOf.AddDate(0, 0, 4)
		o.Previous = second.Sprees
	})
	if len(later.Sprees) != 1 || later.Sprees[0].Status != cluster.StatusEnded {
		t.Errorf("four days on: got %+v, want the spree ended", later.Sprees)
	}
	if len(later.Cells) != 0 {
		t.Errorf("four days on: %d cells, want none", len(later.Cells))
	}
}

func TestDetectPlaceLevel(t *testing.T) {
	incidents := sample.Dereham()
	for i := range incidents {
		if incidents[i].PlaceName == "Dereham" {
			incidents[i].Level = geo.LevelPlace
			incidents[i].RadiusM = 3000
		}
	}
	exact := detectDereham(t, sample.Dereham(), nil).Sprees[0]
	d := detectDereham(t, incidents, nil)
	if len(d.Sprees) != 1 || len(d.Sprees[0].Incidents) != 8 {
		t.Fatalf("got %+v, want one spree of eight", d.Sprees)
	}
	if got := d.Sprees[0]; got.RadiusM < exact.RadiusM || got.Confidence >= exact.Confidence || len(got.Zone) <= len(exact.Zone) {
		t.Errorf("got radius %.0f m, confidence %.3f, %d cells; exactly placed %.0f m, %.3f, %d", got.RadiusM, got.Confidence, len(got.Zone), exact.RadiusM, exact.Confidence, len(exact.Zone))
	}
	// Four of the eight are left, in the villages: Elsing is 15.3 km from Great
	// Fransham, so one circle holds them all.
	wantNote(t, d, Note{Kind: NoteOtherLevel, Level: geo.LevelStreet, Found: []int{4}, AsItIs: []int{8}})

	strict := detectDereham(t, incidents, func(o *Options) { o.MinLevel = geo.LevelStreet })
	if len(strict.Sprees) != 1 || len(strict.Sprees[0].Incidents) != 4 {
		t.Errorf("streets alone: got %+v, want one spree of four", strict.Sprees)
	}
	wantNote(t, strict, Note{Kind: NoteRough, N: 4, Level: geo.LevelStreet})
	wantNote(t, strict, Note{Kind: NoteOtherLevel, Level: geo.LevelPlace, Found: []int{8}, AsItIs: []int{4}})
}

func TestDetectLeavesOut(t *testing.T) {
	incidents := sample.Dereham()
	incidents[0].Level = geo.LevelAmbiguous
	incidents[1].Point = orb.Point{math.NaN(), 52}
	incidents[2].From = cluster.At(incidents[2].From.Time().AddDate(0, 0, 2))
	incidents[2].To = incidents[2].From
	incidents[3].Offence = "unheard-of"
	incidents[4].RadiusM = 20_000
	d := detectDereham(t, append(incidents, incidents...), nil)
	if len(d.Sprees) != 0 {
		t.Errorf("got %+v, want none: three are left", d.Sprees)
	}
	want := []Note{
		{Kind: NoteRepeated, N: 8},
		{Kind: NoteUnplaced, N: 2},
		{Kind: NoteLater, N: 1},
		{Kind: NoteNoProfile, N: 1},
		{Kind: NoteNotCalibrated, N: 5, Days: 1, LeastDays: 7, Least: 20},
		{Kind: NoteTooWide, Offence: "courier-fraud", N: 1, RadiusM: 15_000},
	}
	if diff := gocmp.Diff(want, d.Notes); diff != "" {
		t.Error(diff)
	}
}

// history returns incidents scattered evenly over a county and the days before
// asOf, with n of them bursting near one point in the last hours.
func history(asOf time.Time, offence string, scattered, days, n int) []cluster.Incident {
	rng := rand.New(rand.NewPCG(11, uint64(len(offence))))
	var incidents []cluster.Incident
	for i := range scattered {
		from := asOf.Add(-time.Duration(rng.Float64() * float64(days) * 24 * float64(time.Hour))).Truncate(time.Minute)
		incidents = append(incidents, cluster.Incident{ID: fmt.Sprintf("%s-%04d", offence, i), Offence: offence, From: cluster.At(from), To: cluster.At(from),
			Point: orb.Point{0.2 + rng.Float64()*1.4, 52.4 + rng.Float64()*0.5}, RadiusM: 50, Level: geo.LevelStreet, Confidence: 0.9})
	}
	for i := range n {
		from := asOf.Add(-time.Duration(5*60+i*20) * time.Minute)
		incidents = append(incidents, cluster.Incident{ID: fmt.Sprintf("%s-burst-%02d", offence, i), Offence: offence, From: cluster.At(from), To: cluster.At(from),
			Point: orb.Point{1.29 + 0.002*float64(i%3), 52.63 + 0.001*float64(i/3)}, RadiusM: 50, Level: geo.LevelStreet, Confidence: 0.9, PlaceName: "Norwich"})
	}
	return incidents
}

// A burst among two months of others is found with all that is said of it: one
// circle, one window, one set of incidents.
func TestDetectScan(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)
	robbery := cluster.Profile{Offence: "robbery", RadiusM: 1000, Window: 48 * time.Hour, MinIncidents: 3, Lookback: 24 * time.Hour, DecayM: 400, DecayTime: 72 * time.Hour}
	damage := cluster.Profile{Offence: "damage", RadiusM: 1000, Window: 48 * time.Hour, MinIncidents: 4, Lookback: 24 * time.Hour, DecayM: 400, DecayTime: 72 * time.Hour}
	incidents := append(history(asOf, "robbery", 150, 60, 6), history(asOf, "damage", 150, 60, 0)...)
	o := DefaultOptions()
	o.AsOf, o.Profiles, o.Replicates = asOf, []cluster.Profile{robbery, damage}, 199
	d, err := Detect(t.Context(), incidents, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Sprees) != 1 {
		t.Fatalf("got %+v, want the burst of robberies alone", d.Sprees)
	}
	s := d.Sprees[0]
	want := []string{"robbery-burst-00", "robbery-burst-01", "robbery-burst-02", "robbery-burst-03", "robbery-burst-04", "robbery-burst-05"}
	if diff := gocmp.Diff(want, s.Incidents); diff != "" {
		t.Error(diff)
	}
	if s.Offence != "robbery" || s.Method != cluster.MethodScan || s.Status != cluster.StatusNew || s.Observed != 6 || s.Statistic.Expected >= 6 {
		t.Errorf("got %+v", s)
	}
	if s.Statistic.P != 0.005 || s.Statistic.Recurrence != 200*24*time.Hour { // 1/(1+199): no replicate comes near
		t.Errorf("got p %g, once in %v, want .005 and 200 nights", s.Statistic.P, s.Statistic.Recurrence)
	}
	if s.Raised.AlertsPerWeek != 2 || s.Raised.MinIncidents != 3 || s.RadiusM > s.Raised.RadiusM+50 {
		t.Errorf("raised by %+v, with a radius of %.0f m", s.Raised, s.RadiusM)
	}
	if from := asOf.Add(-400 * time.Minute); !s.Window.Start.Equal(from) || !s.Window.End.Equal(asOf.Add(-300*time.Minute)) {
		t.Errorf("got %v, want from the first of its incidents to the last", s.Window)
	}
	for _, c := range d.Cells {
		if c.Expected == nil {
			t.Fatalf("cell %s has no expected count, although the history is long", c.Cell)
		}
	}
	if c := d.Calibration; !c.Calibrated || c.Nights != 28 || c.Made != 28 || !(c.Reached <= 2 && c.Reached > 1.5) {
		t.Errorf("got %+v, want two a week by 28 nights", c)
	}

	// The nights that were made are not made anew, and change nothing.
	o.Known = d.Nights
	rand.New(rand.NewPCG(3, 0)).Shuffle(len(incidents), func(i, j int) { incidents[i], incidents[j] = incidents[j], incidents[i] })
	again, err := Detect(t.Context(), incidents, o)
	if err != nil {
		t.Fatal(err)
	}
	if again.Calibration.Made != 0 {
		t.Errorf("%d nights were made anew", again.Calibration.Made)
	}
	again.Calibration.Made = d.Calibration.Made
	if diff := gocmp.Diff(d, again); diff != "" {
		t.Errorf("the order of the input, or the nights known, changed the answer:\n%s", diff)
	}
	// A report that comes in later changes the nights that it belongs to alone.
	late := incidents[0]
	late.ID, late.From, late.To = "late", cluster.At(asOf.AddDate(0, 0, -3)), cluster.At(asOf.AddDate(0, 0, -3))
	if again, err = Detect(t.Context(), append(incidents, late), o); err != nil || again.Calibration.Made != 3 {
		t.Errorf("%d nights were made anew, %v; want the last three", again.Calibration.Made, err)
	}
}

// On the force's own past with times shuffled, the rule raises what its width lets
// it, and the scan at p ≤ .05 about a third of a spree a week: one in twenty nights.
func TestCompare(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)
	o := DefaultOptions()
	o.AsOf, o.Replicates = asOf, 199
	o.Profiles = []cluster.Profile{{Offence: "robbery", RadiusM: 10_000, Window: 48 * time.Hour, MinIncidents: 3, Lookback: 24 * time.Hour, DecayM: 400, DecayTime: 72 * time.Hour}}
	in := history(asOf, "robbery", 600, 100, 0)
	c, err := Compare(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	if !c.Calibrated || c.Reached > 2 || c.Reached < 1.5 || len(c.Null) != 28 {
		t.Errorf("got %+v", c.Calibration)
	}
	if c.RuleAlone <= c.Reached {
		t.Errorf("a rule of 10 km raises %g a week", c.RuleAlone)
	}
	if c.ScanAlone < 0.1 || c.ScanAlone > 0.7 {
		t.Errorf("the scan alone raises %g a week", c.ScanAlone)
	}
	if again, err := Compare(t.Context(), in, o); err != nil || !gocmp.Equal(c, again) {
		t.Errorf("the same again is another: %v", err)
	}
	young, err := Compare(t.Context(), sample.Dereham(), o)
	if err != nil || young.Calibrated || young.RuleAlone != 0 {
		t.Errorf("without a past: %+v, %v", young, err)
	}
}

// An incident whose place a person has still to see makes no spree by the scan, and
// joins the one that others make.
func TestDetectScanUnsure(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)
	o := DefaultOptions()
	o.AsOf, o.Replicates = asOf, 99
	o.Profiles = []cluster.Profile{{Offence: "robbery", RadiusM: 1000, Window: 48 * time.Hour, MinIncidents: 3, Lookback: 24 * time.Hour, DecayM: 400, DecayTime: 72 * time.Hour}}
	for unsure, want := range map[int]int{1: 7, 6: 0} {
		in := history(asOf, "robbery", 200, 60, 8)
		for i := range unsure {
			in[200+i+1].Unsure = true
		}
		d, err := Detect(t.Context(), in, o)
		if err != nil {
			t.Fatal(err)
		}
		counted, joined := 0, 0
		for _, s := range d.Sprees {
			for _, id := range s.Incidents {
				if strings.Contains(id, "burst") {
					counted++
				}
			}
			joined += len(s.Joined)
		}
		if counted != want || want > 0 && joined != unsure {
			t.Errorf("%d of 8 unsure: %d are counted, %d joined, want %d and %d", unsure, counted, joined, want, unsure)
		}
	}
}

// Without a budget, the threshold is that of p.
func TestDetectMaxP(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)
	o := DefaultOptions()
	o.AsOf, o.Replicates, o.AlertsPerWeek = asOf, 199, 0
	o.Profiles = []cluster.Profile{{Offence: "robbery", RadiusM: 1000, Window: 48 * time.Hour, MinIncidents: 3, Lookback: 24 * time.Hour, DecayM: 400, DecayTime: 72 * time.Hour}}
	d, err := Detect(t.Context(), history(asOf, "robbery", 150, 60, 6), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Sprees) != 1 || d.Sprees[0].Statistic.P > 0.05 || d.Sprees[0].Raised.AlertsPerWeek != 0 || len(d.Nights) != 0 {
		t.Errorf("got %+v by %d nights", d.Sprees, len(d.Nights))
	}
}

// A week is enough for a threshold; a day less, and the rule stands alone.
func TestDetectYoungForce(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)
	o := DefaultOptions()
	o.AsOf, o.Replicates = asOf, 99
	o.Profiles = []cluster.Profile{{Offence: "robbery", RadiusM: 1000, Window: 48 * time.Hour, MinIncidents: 3, Lookback: 24 * time.Hour, DecayM: 400, DecayTime: 72 * time.Hour}}
	for _, tt := range []struct {
		days       float64
		calibrated bool
		nights     int
	}{{5.9, false, 0}, {7.2, true, 2}, {9.2, true, 4}} {
		in := history(asOf, "robbery", 60, 1, 6)
		for i := range 60 { // evenly over the days
			in[i].From = cluster.At(asOf.Add(-time.Duration(tt.days * float64(i+1) / 60 * float64(24*time.Hour))))
			in[i].To = in[i].From
		}
		d, err := Detect(t.Context(), in, o)
		if err != nil {
			t.Fatal(err)
		}
		if d.Calibration.Calibrated != tt.calibrated || d.Calibration.Nights != tt.nights {
			t.Errorf("%.1f days: got %+v", tt.days, d.Calibration)
		}
		if !tt.calibrated {
			wantNote(t, d, Note{Kind: NoteNotCalibrated, N: 66, Days: 6, LeastDays: 7, Least: 20})
		}
		burst := slices.ContainsFunc(d.Sprees, func(s cluster.Spree) bool { return len(s.Incidents) >= 6 })
		if !burst {
			t.Errorf("%.1f days: got %+v, want the burst of six", tt.days, d.Sprees)
		}
	}
}

// Where the burst is the offence, there is nothing to permute, and only the rule
// sees it: beside a scan that others calibrate.
func TestDetectRareOffence(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)
	o := DefaultOptions()
	o.AsOf, o.Replicates = asOf, 99
	o.Profiles = []cluster.Profile{sample.CourierFraud, {Offence: "robbery", RadiusM: 1000, Window: 48 * time.Hour, MinIncidents: 3, Lookback: 24 * time.Hour, DecayM: 400, DecayTime: 72 * time.Hour}}
	in := append(history(asOf, "robbery", 300, 60, 0), history(asOf, "courier-fraud", 6, 60, 5)...)
	d, err := Detect(t.Context(), in, o)
	if err != nil {
		t.Fatal(err)
	}
	if !d.Calibration.Calibrated || !slices.Equal(d.Calibration.Offences, []string{"robbery"}) {
		t.Fatalf("got %+v, want robbery alone scanned", d.Calibration)
	}
	var rule []string
	for _, s := range d.Sprees {
		if s.Method == cluster.MethodRule {
			rule = append(rule, s.Offence)
			if s.Raised.AlertsPerWeek != 0 || s.Statistic != nil {
				t.Errorf("a spree of the rule has %+v, %+v", s.Raised, s.Statistic)
			}
		}
	}
	if !slices.Equal(rule, []string{"courier-fraud"}) {
		t.Errorf("the rule raised %v", rule)
	}
}

// An offence twice as frequent everywhere for a week is no spree.
func TestDetectDoubledOffence(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)
	o := DefaultOptions()
	o.AsOf, o.Replicates, o.AlertsPerWeek = asOf, 19, 0
	o.Profiles = []cluster.Profile{{Offence: "robbery", RadiusM: 1000, Window: 48 * time.Hour, MinIncidents: 3, Lookback: 24 * time.Hour, DecayM: 400, DecayTime: 72 * time.Hour}}
	low := 0
	const nights = 100
	for seed := range uint64(nights) {
		in := history(asOf, "robbery", 240, 60, 0)
		rng := rand.New(rand.NewPCG(seed, 1))
		for i := range in {
			days := rng.Float64() * 60
			if rng.IntN(9) == 0 {
				days = rng.Float64() * 7
			}
			in[i].From = cluster.At(asOf.Add(-time.Duration(days * 24 * float64(time.Hour))))
			in[i].To = in[i].From
		}
		o.Seed = seed
		there, _ := usable(in, o)
		f := newFinder(there, o)
		if err := f.find(t.Context()); err != nil {
			t.Fatal(err)
		}
		if f.calibration.P <= 0.05 {
			low++
		}
	}
	if low > 14 { // 5 of 100, and four standard deviations are 8.7
		t.Errorf("%d of %d nights have p ≤ .05", low, nights)
	}
}

// What has been reported has happened: an interval that runs past the as-of time
// counts as if it ended there.
func TestDetectCutsAtAsOf(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)
	o := DefaultOptions()
	o.AsOf, o.Replicates = asOf, 99
	o.Profiles = []cluster.Profile{{Offence: "robbery", RadiusM: 1000, Window: 48 * time.Hour, MinIncidents: 3, Lookback: 24 * time.Hour, DecayM: 400, DecayTime: 72 * time.Hour}}
	past := history(asOf, "robbery", 150, 60, 6)
	cut := slices.Clone(past)
	for i := range past {
		if asOf.Sub(past[i].From.Time()) < 24*time.Hour {
			past[i].To, cut[i].To = cluster.At(asOf.AddDate(0, 0, 3)), cluster.At(asOf)
		}
	}
	want, err := Detect(t.Context(), cut, o)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Detect(t.Context(), past, o)
	if err != nil {
		t.Fatal(err)
	}
	if len(want.Sprees) == 0 {
		t.Fatal("nothing was found")
	}
	if d := gocmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestDetectStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	o := DefaultOptions()
	o.AsOf = time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)
	o.Profiles = []cluster.Profile{sample.CourierFraud}
	if _, err := Detect(ctx, history(o.AsOf, "courier-fraud", 150, 60, 6), o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's error", err)
	}
}

// The lookback of the options stands in place of every profile's own.
func TestDetectLookback(t *testing.T) {
	for _, tt := range []struct {
		lookback time.Duration
		want     int
	}{{0, 1}, {5 * time.Hour, 0}, {9 * time.Hour, 1}} { // eight hours and a half after the last call; its own is 72
		d := detectDereham(t, sample.Dereham(), func(o *Options) { o.Lookback = tt.lookback })
		if len(d.Sprees) != tt.want {
			t.Errorf("lookback %v: got %d sprees, want %d", tt.lookback, len(d.Sprees), tt.want)
		}
	}
}

func TestThreshold(t *testing.T) {
	night := func(floor float64, events ...scales.Event) NullNight {
		return NullNight{Replicates: 10, Floor: floor, Events: events}
	}
	e := func(r int, after, g float64) scales.Event { return scales.Event{Replicate: r, After: after, G: g} }
	// Of 14 replicates (two nights of seven) a budget of one a week may raise two.
	nights := []NullNight{
		night(3, e(0, 0, 9), e(1, 7.5, 8), e(2, 0, 7), e(8, 0, 20)),
		night(4, e(0, 0, 6), e(3, 0, 5)),
	}
	g, reached := Threshold(nights, 7, 1)
	// At just over 6: the 9 and the 7, while the 8 was raised the night before. The
	// eighth replicate is not asked for.
	if math.Nextafter(6, 7) != g || reached != 1 {
		t.Errorf("got %v at %v a week, want just over 6 at 1", g, reached)
	}
	if g, reached = Threshold(nights, 7, 3); g != 4 || reached != 2 {
		t.Errorf("got %v at %v a week, want the floor and 2, which is all there is", g, reached)
	}
	if g, _ = Threshold(nights, 7, 0.1); g != math.Nextafter(9, 10) {
		t.Errorf("got %v, want over the greatest", g)
	}
}

func TestGreatestAt(t *testing.T) {
	maxima := make([]float64, 19)
	for i := range maxima {
		maxima[i] = float64(i + 1)
	}
	// p of a level: (1 + those at or over it) / 20. Over 19 it is 1/20.
	for _, tt := range []struct{ p, want float64 }{{0.05, math.Nextafter(19, 20)}, {0.1, math.Nextafter(18, 20)}, {0.049, math.Inf(1)}, {1, math.SmallestNonzeroFloat64}} {
		if got := greatestAt(maxima, tt.p); got != tt.want {
			t.Errorf("p %g: got %v, want %v", tt.p, got, tt.want)
		}
	}
}

// By hand: 1 − e⁻² (1 + 2 + 2) = .32332.
func TestPoissonTail(t *testing.T) {
	for _, tt := range []struct {
		n    int
		mean float64
		want float64
	}{{3, 2, 0.3233235838}, {0, 2, 1}, {1, 0, 0}} {
		if got := poissonTail(tt.n, tt.mean); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%d of %g: got %.10f, want %.10f", tt.n, tt.mean, got, tt.want)
		}
	}
}

func TestLadder(t *testing.T) {
	got := ladder([]float64{250, 500, 1000, 2000}, 1000, 1200)
	if diff := gocmp.Diff([]float64{250, 500, 1200}, got); diff != "" {
		t.Error(diff)
	}
}

// An offence that has no profile of its own is taken as "other", where there is
// such a profile, and the note says so.
func TestDetectOther(t *testing.T) {
	incidents := sample.Dereham()
	for i := range incidents {
		incidents[i].Offence = "unheard-of"
	}
	other := sample.CourierFraud
	other.Offence = "other"
	d := detectDereham(t, incidents, func(o *Options) { o.Profiles = append(o.Profiles, other) })
	if len(d.Sprees) != 1 || d.Sprees[0].Offence != "other" || len(d.Sprees[0].Incidents) != 8 {
		t.Errorf("got %+v, want one spree of eight others", d.Sprees)
	}
	wantNote(t, d, Note{Kind: NoteNoProfile, Offence: "other", N: 8})
}

// By hand: four incidents at one place and two at another over the history, three
// of all six in the window. Each place was to hold its own times three of six.
func TestExpect(t *testing.T) {
	var at []geo.Cell
	for _, lon := range []float64{0.9, 1.3} {
		c, err := geo.CellAt(orb.Point{lon, 52.6}, 9)
		if err != nil {
			t.Fatal(err)
		}
		at = append(at, c)
	}
	counts := []CellCount{{Cell: at[0]}, {Cell: at[1]}}
	expect(counts, []geo.Cell{at[0], at[0], at[0], at[0], at[1], at[1]}, 3)
	if *counts[0].Expected != 2 || *counts[1].Expected != 1 {
		t.Errorf("got %g and %g, want 2 and 1", *counts[0].Expected, *counts[1].Expected)
	}
}

func TestThin(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	over := func(n, days int) []*cluster.Incident {
		var incidents []*cluster.Incident
		for i := range n {
			incidents = append(incidents, &cluster.Incident{From: cluster.At(asOf.AddDate(0, 0, -days*(i+1)/n))})
		}
		return incidents
	}
	for _, tt := range []struct {
		name     string
		n, spans int
		window   time.Duration
		want     bool
	}{
		{"enough", 30, 14, 12 * time.Hour, false},
		{"one short", 29, 14, 12 * time.Hour, true},
		{"a day short", 30, 13, 12 * time.Hour, true},
		{"long windows", 300, 27, 7 * 24 * time.Hour, true},
		{"none", 0, 0, time.Hour, true},
	} {
		if got := thin(over(tt.n, tt.spans), asOf, tt.window); got != tt.want {
			t.Errorf("%s: got %v", tt.name, got)
		}
	}
}

func TestDetectOptions(t *testing.T) {
	ok := DefaultOptions()
	ok.AsOf = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	ok.Profiles = []cluster.Profile{sample.CourierFraud}
	if err := ok.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Options){
		"no as-of time":        func(o *Options) { o.AsOf = time.Time{} },
		"resolution 16":        func(o *Options) { o.Resolution = 16 },
		"alerts":               func(o *Options) { o.AlertsPerWeek = -1 },
		"alerts not a number":  func(o *Options) { o.AlertsPerWeek = math.NaN() },
		"window of a minute":   func(o *Options) { o.MaxWindow = time.Minute },
		"negative lookback":    func(o *Options) { o.Lookback = -1 },
		"negative replicates":  func(o *Options) { o.Replicates = -1 },
		"p of 0":               func(o *Options) { o.MaxP = 0 },
		"the scan's radius":    func(o *Options) { o.MaxRadiusM = math.NaN() },
		"a profile twice":      func(o *Options) { o.Profiles = append(o.Profiles, sample.CourierFraud) },
		"a profile of nothing": func(o *Options) { o.Profiles = []cluster.Profile{{}} },
	} {
		o := ok
		o.Profiles = slices.Clone(ok.Profiles)
		change(&o)
		if _, err := Detect(t.Context(), nil, o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	d, err := Detect(t.Context(), nil, ok)
	if err != nil || len(d.Sprees)+len(d.Cells)+len(d.Notes) != 0 {
		t.Errorf("no incidents: got %+v, %v, want nothing", d, err)
	}
}

func BenchmarkDetect(b *testing.B) {
	asOf := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	incidents := sample.Scattered(100_000, 365, asOf)
	o := DefaultOptions()
	o.AsOf = asOf
	for i, name := range []string{"a", "b", "c", "d", "e"} {
		o.Profiles = append(o.Profiles, cluster.Profile{Offence: name, RadiusM: 500 * float64(1+i), Window: 48 * time.Hour, MinIncidents: 4,
			Lookback: 24 * time.Hour, DecayM: 300, DecayTime: 72 * time.Hour})
	}
	for i := range incidents {
		incidents[i].Offence = o.Profiles[i%5].Offence
	}
	for _, scan := range []bool{false, true} {
		b.Run(fmt.Sprintf("scan=%v", scan), func(b *testing.B) {
			o.Replicates = 0
			if scan {
				o.Replicates = 999
			}
			for b.Loop() {
				if _, err := Detect(b.Context(), incidents, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
