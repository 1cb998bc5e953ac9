package detect

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/sample"
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
	d, err := Detect(incidents, o)
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
	want := []Note{{Kind: NoteThin, Offence: "courier-fraud", N: 8, Days: 1, Least: 30, LeastDays: 14}}
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
		if !(c.Risk > 0) {
			t.Errorf("cell %s: risk %g in the middle of a spree", c.Cell, c.Risk)
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
	incidents[2].From = incidents[2].From.AddDate(0, 0, 2)
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
		{Kind: NoteTooWide, Offence: "courier-fraud", N: 1, RadiusM: 15_000},
		{Kind: NoteThin, Offence: "courier-fraud", N: 4, Days: 1, Least: 30, LeastDays: 14},
		{Kind: NoteThin, N: 5, Days: 1, Least: 30, LeastDays: 28},
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
		incidents = append(incidents, cluster.Incident{ID: fmt.Sprintf("%s-%04d", offence, i), Offence: offence, From: from, To: from,
			Point: orb.Point{0.2 + rng.Float64()*1.4, 52.4 + rng.Float64()*0.5}, RadiusM: 50, Level: geo.LevelStreet, Confidence: 0.9})
	}
	for i := range n {
		from := asOf.Add(-time.Duration(5*60+i*20) * time.Minute)
		incidents = append(incidents, cluster.Incident{ID: fmt.Sprintf("%s-burst-%02d", offence, i), Offence: offence, From: from, To: from,
			Point: orb.Point{1.29 + 0.002*float64(i%3), 52.63 + 0.001*float64(i/3)}, RadiusM: 50, Level: geo.LevelStreet, Confidence: 0.9, PlaceName: "Norwich"})
	}
	return incidents
}

func TestDetectScan(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)
	robbery := cluster.Profile{Offence: "robbery", RadiusM: 1000, Window: 48 * time.Hour, MinIncidents: 3, Lookback: 24 * time.Hour, DecayM: 400, DecayTime: 72 * time.Hour}
	damage := cluster.Profile{Offence: "damage", RadiusM: 1000, Window: 48 * time.Hour, MinIncidents: 4, Lookback: 24 * time.Hour, DecayM: 400, DecayTime: 72 * time.Hour}
	incidents := append(history(asOf, "robbery", 150, 60, 6), history(asOf, "damage", 150, 60, 3)...)
	o := DefaultOptions()
	o.AsOf, o.Profiles, o.Replicates = asOf, []cluster.Profile{robbery, damage}, 99
	d, err := Detect(incidents, o)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, s := range d.Sprees {
		if s.Statistic == nil {
			t.Fatalf("spree %s has no statistic", s.ID)
		}
		found = append(found, fmt.Sprintf("%q %s %d", s.Offence, s.Method, len(s.Incidents)))
		if s.Statistic.P != 0.01 { // 1/(1+99): no replicate comes near so plain a burst
			t.Errorf("spree %s: p = %g, want 0.01", s.ID, s.Statistic.P)
		}
		if s.Observed <= s.Statistic.Expected {
			t.Errorf("spree %s: observed %g, expected %g", s.ID, s.Observed, s.Statistic.Expected)
		}
	}
	// Three of damage are under the minimum of their profile; with the six
	// robberies they make one of all offences that holds six of nine, which the
	// spree of robbery already says.
	if diff := gocmp.Diff([]string{`"robbery" scan 6`}, found); diff != "" {
		t.Error(diff)
	}
	for _, c := range d.Cells {
		if c.Expected == nil {
			t.Fatalf("cell %s has no expected count, although the history is long", c.Cell)
		}
	}
	wantNote(t, d, Note{Kind: NoteScans, N: 3, P: o.MaxP})

	rand.New(rand.NewPCG(3, 0)).Shuffle(len(incidents), func(i, j int) { incidents[i], incidents[j] = incidents[j], incidents[i] })
	again, err := Detect(incidents, o)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(d, again); diff != "" {
		t.Errorf("the order of the input changed the answer:\n%s", diff)
	}
}

func TestMerge(t *testing.T) {
	profile := cluster.Profile{Offence: "x", MinIncidents: 3}
	byID := make(map[string]cluster.Incident)
	for i, id := range strings.Split("abcdefghij", "") {
		from := time.Date(2026, 3, 2, i, 0, 0, 0, time.UTC)
		byID[id] = cluster.Incident{ID: id, Offence: "x", From: from, To: from, Point: orb.Point{1, 52}, Level: geo.LevelStreet}
	}
	spree := func(m cluster.Method, llr float64, ids string) cluster.Spree {
		s := cluster.Spree{Method: m, Offence: "x", Incidents: strings.Split(ids, ""), Confidence: 0.5}
		if m == cluster.MethodScan {
			s.Statistic = &cluster.Statistic{LLR: llr}
		}
		return s
	}
	tests := []struct {
		name    string
		rule    []cluster.Spree
		scanned []cluster.Spree
		want    []cluster.Spree
	}{
		{"most are shared", []cluster.Spree{spree(cluster.MethodRule, 0, "abcde")}, []cluster.Spree{spree(cluster.MethodScan, 9, "def")}, []cluster.Spree{spree(cluster.MethodScan, 9, "abcdef")}},
		{"half are shared, enough are left", []cluster.Spree{spree(cluster.MethodRule, 0, "abcdef")}, []cluster.Spree{spree(cluster.MethodScan, 9, "defghi")},
			[]cluster.Spree{spree(cluster.MethodRule, 0, "abcdef"), spree(cluster.MethodScan, 9, "ghi")}},
		{"few are shared, too few are left", []cluster.Spree{spree(cluster.MethodRule, 0, "abcd")}, []cluster.Spree{spree(cluster.MethodScan, 9, "cdef")}, []cluster.Spree{spree(cluster.MethodScan, 9, "abcdef")}},
		{"none is shared", []cluster.Spree{spree(cluster.MethodRule, 0, "abc")}, []cluster.Spree{spree(cluster.MethodScan, 9, "def")}, []cluster.Spree{spree(cluster.MethodRule, 0, "abc"), spree(cluster.MethodScan, 9, "def")}},
		{"two of the scan in one of the rule", []cluster.Spree{spree(cluster.MethodRule, 0, "abcdef")}, []cluster.Spree{spree(cluster.MethodScan, 9, "abc"), spree(cluster.MethodScan, 8, "def")},
			[]cluster.Spree{spree(cluster.MethodScan, 9, "abcdef")}},
		{"the rule alone", []cluster.Spree{spree(cluster.MethodRule, 0, "abc")}, nil, []cluster.Spree{spree(cluster.MethodRule, 0, "abc")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := merge(tt.rule, tt.scanned, byID, profile, 9)
			if err != nil {
				t.Fatal(err)
			}
			if d := gocmp.Diff(tt.want, got, cmpopts.IgnoreFields(cluster.Spree{}, "ID", "Status", "Zone", "Window", "Centre", "RadiusM", "Places", "Observed")); d != "" {
				t.Error(d)
			}
		})
	}
}

// What has been reported has happened: an interval that runs past the as-of time
// counts as if it ended there, in every scan.
func TestDetectCutsAtAsOf(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)
	o := DefaultOptions()
	o.AsOf, o.Replicates = asOf, 99
	o.Profiles = []cluster.Profile{
		{Offence: "robbery", RadiusM: 1000, Window: 48 * time.Hour, MinIncidents: 3, Lookback: 24 * time.Hour, DecayM: 400, DecayTime: 72 * time.Hour},
	}
	past := append(history(asOf, "robbery", 150, 60, 4), history(asOf, "damage", 150, 60, 5)...)
	cut := slices.Clone(past)
	for i := range past {
		if asOf.Sub(past[i].From) < 24*time.Hour {
			past[i].To, cut[i].To = asOf.AddDate(0, 0, 3), asOf
		}
	}
	want, err := Detect(cut, o)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Detect(past, o)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(want.Sprees, func(s cluster.Spree) bool { return s.Offence == "" }) {
		t.Fatal("nothing was found over all offences")
	}
	if d := gocmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// A rule so wide that chance alone meets it: those that the scan does not bear
// out are still raised, come last, and are counted in a note.
func TestDetectRuleOnly(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 1, 30, 0, 0, time.UTC)
	o := DefaultOptions()
	o.AsOf, o.Replicates = asOf, 99
	o.Profiles = []cluster.Profile{{Offence: "robbery", RadiusM: 10_000, Window: 48 * time.Hour, MinIncidents: 3, Lookback: 48 * time.Hour, DecayM: 400, DecayTime: 72 * time.Hour}}
	d, err := Detect(history(asOf, "robbery", 600, 60, 8), o)
	if err != nil {
		t.Fatal(err)
	}
	borneOut := 0
	for i, s := range d.Sprees {
		if s.Statistic != nil {
			borneOut++
			if s.Statistic.P > o.MaxP || borneOut != i+1 {
				t.Errorf("spree %d of %d: p = %g after one of the rule alone", i+1, len(d.Sprees), s.Statistic.P)
			}
		}
	}
	if borneOut != 1 || len(d.Sprees) < 3 {
		t.Fatalf("%d of %d sprees are borne out by the scan, want the burst alone of several", borneOut, len(d.Sprees))
	}
	wantNote(t, d, Note{Kind: NoteRuleAlone, Offence: "robbery", N: len(d.Sprees) - 1, Of: len(d.Sprees), P: 0.05})
}

func TestThin(t *testing.T) {
	asOf := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	over := func(n, days int) []cluster.Incident {
		var incidents []cluster.Incident
		for i := range n {
			incidents = append(incidents, cluster.Incident{From: asOf.AddDate(0, 0, -days*(i+1)/n)})
		}
		return incidents
	}
	tests := []struct {
		name     string
		n, spans int
		window   time.Duration
		want     Note // zero for not thin
	}{
		{"enough", 30, 14, 12 * time.Hour, Note{}},
		{"one short", 29, 14, 12 * time.Hour, Note{Kind: NoteThin, N: 29, Days: 14, Least: 30, LeastDays: 14}},
		{"a day short", 30, 13, 12 * time.Hour, Note{Kind: NoteThin, N: 30, Days: 13, Least: 30, LeastDays: 14}},
		{"long windows", 300, 27, 7 * 24 * time.Hour, Note{Kind: NoteThin, N: 300, Days: 27, Least: 30, LeastDays: 28}},
		{"none", 0, 0, time.Hour, Note{Kind: NoteThin, N: 0, Days: 0, Least: 30, LeastDays: 14}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, few := thin(over(tt.n, tt.spans), asOf, tt.window)
			if diff := gocmp.Diff(tt.want, got); diff != "" || few != (got.Kind == NoteThin) {
				t.Errorf("thin %v (-want +got):\n%s", few, diff)
			}
		})
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
		"step 0":               func(o *Options) { o.Step = 0 },
		"step of two days":     func(o *Options) { o.Step = 48 * time.Hour },
		"negative lookback":    func(o *Options) { o.Lookback = -1 },
		"negative replicates":  func(o *Options) { o.Replicates = -1 },
		"p of 0":               func(o *Options) { o.MaxP = 0 },
		"the scan's radius":    func(o *Options) { o.All.RadiusM = math.NaN() },
		"a profile twice":      func(o *Options) { o.Profiles = append(o.Profiles, sample.CourierFraud) },
		"a profile of nothing": func(o *Options) { o.Profiles = []cluster.Profile{{}} },
	} {
		o := ok
		o.Profiles = slices.Clone(ok.Profiles)
		change(&o)
		if _, err := Detect(nil, o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	d, err := Detect(nil, ok)
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
			o.Scan = scan
			for b.Loop() {
				if _, err := Detect(incidents, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
