package cluster

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/geo"
)

func incidentAt(id string, hour int, lon float64) Incident {
	at := time.Date(2026, 3, 4, hour, 0, 0, 0, time.UTC)
	return Incident{ID: id, Offence: "x", From: At(at), To: At(at.Add(time.Hour)), Point: orb.Point{lon, 52.6}, RadiusM: 100,
		Level: geo.LevelStreet, Confidence: 0.9, PlaceName: "Ashby"}
}

func TestDistinct(t *testing.T) {
	a, b, c := incidentAt("a", 10, 0.8), incidentAt("b", 9, 0.8), incidentAt("c", 9, 0.8)
	if diff := cmp.Diff([]Incident{b, c, a}, Distinct([]Incident{a, c, b})); diff != "" {
		t.Errorf("in order of time, then ID (-want +got):\n%s", diff)
	}
	better, closer := a, a
	better.Level, closer.RadiusM = geo.LevelAddress, 50
	for _, tt := range []struct {
		name string
		of   []Incident
		want Incident
	}{
		{"the better placed", []Incident{a, better}, better},
		{"whatever the order", []Incident{better, closer, a}, better},
		{"the nearer to its point", []Incident{a, closer}, closer},
	} {
		if diff := cmp.Diff([]Incident{b, tt.want}, Distinct(append(tt.of, b))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestUpTo(t *testing.T) {
	in := incidentAt("a", 10, 0.8)
	for _, c := range []struct {
		name  string
		after time.Duration // of the moment, from the begin
		want  time.Duration // length of the event up to it
	}{{"over", 2 * time.Hour, time.Hour}, {"under way", 20 * time.Minute, 20 * time.Minute}, {"not begun", -time.Hour, 0}} {
		if w := UpTo(in, in.From.Time().Add(c.after)); w.Duration() != c.want || !w.Start.Equal(in.From.Time()) {
			t.Errorf("%s: %v, want %v from the begin", c.name, w, c.want)
		}
	}
}

func TestPlaced(t *testing.T) {
	in := incidentAt("a", 10, 0.8)
	none, zero, beyond := in, in, in
	none.Level, zero.Point, beyond.Point = geo.LevelNone, orb.Point{}, orb.Point{0.8, 95}
	if !Placed(in) || Placed(none) || Placed(zero) || Placed(beyond) {
		t.Errorf("placed: %t, without a level %t, at 0, 0 %t, off the globe %t", Placed(in), Placed(none), Placed(zero), Placed(beyond))
	}
}

func TestNewSpree(t *testing.T) {
	a, b, c := incidentAt("a", 11, 0.800), incidentAt("b", 9, 0.802), incidentAt("c", 10, 0.801)
	b.PlaceName, c.PlaceName = "Welby", ""
	s, err := NewSpree([]Incident{a, b, c}, "x", 9)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"a", "b", "c"}; !slices.Equal(s.Incidents, want) || !slices.Equal(s.Places, []string{"Ashby", "Welby"}) {
		t.Errorf("incidents %v in %v", s.Incidents, s.Places)
	}
	if s.Window != (Window{b.From.Time(), a.To.Time()}) || !s.Window.Contains(c.From.Time()) || s.Window.Contains(a.To.Time()) {
		t.Errorf("window %v, want from the first to the last", s.Window)
	}
	// The circle about a and b, 135.1 m apart, widened by their own 100 m.
	if want := geo.Distance(a.Point, b.Point)/2 + 100; math.Abs(s.RadiusM-want) > 0.01 {
		t.Errorf("radius %.2f m, want %.2f", s.RadiusM, want)
	}
	for _, in := range []Incident{a, b, c} {
		if cell, err := geo.CellAt(in.Point, 9); err != nil || !slices.Contains(s.Zone, cell) {
			t.Errorf("the zone lacks the cell of %s: %v", in.ID, err)
		}
	}
	s.Joined = []string{"d", "a"}
	if got := s.Life(); !slices.Equal(got, []string{"a", "b", "c", "d"}) {
		t.Errorf("life %v, want each once", got)
	}
	a.Point = orb.Point{0.8, 95}
	if _, err := NewSpree([]Incident{a}, "x", 9); err == nil {
		t.Error("an incident off the globe made a spree")
	}
}

func TestProfileValidate(t *testing.T) {
	good := Profile{Offence: "x", RadiusM: 400, Window: time.Hour, MinIncidents: 3, DecayM: 200, DecayTime: time.Hour}
	if err := good.Validate(); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Profile){
		"no name":           func(p *Profile) { p.Offence = "" },
		"no radius":         func(p *Profile) { p.RadiusM = 0 },
		"a radius too wide": func(p *Profile) { p.RadiusM = 200_001 },
		"radius NaN":        func(p *Profile) { p.RadiusM = math.NaN() },
		"no window":         func(p *Profile) { p.Window = 0 },
		"one incident":      func(p *Profile) { p.MinIncidents = 1 },
		"lookback":          func(p *Profile) { p.Lookback = -1 },
		"no decay":          func(p *Profile) { p.DecayM = 0 },
		"no decay in time":  func(p *Profile) { p.DecayTime = 0 },
	} {
		p := good
		if change(&p); p.Validate() == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

// Incidents are by From, To and ID whatever order they came in: by From alone too, as
// a store gives them.
func TestSortIncidents(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 5))
	for range 200 {
		incidents := make([]Incident, 1+rng.IntN(30))
		for i := range incidents {
			in := incidentAt(string(rune('a'+rng.IntN(26)))+string(rune('a'+i)), rng.IntN(5), .8)
			in.To = in.From + Instant(rng.IntN(3)*3600)
			incidents[i] = in
		}
		want := slices.SortedFunc(slices.Values(incidents), CompareTimes)
		byFrom := slices.Clone(incidents)
		slices.SortStableFunc(byFrom, func(a, b Incident) int { return int(a.From - b.From) })
		for name, in := range map[string][]Incident{"any order": incidents, "by From": byFrom, "sorted": slices.Clone(want)} {
			SortIncidents(in)
			if diff := cmp.Diff(want, in); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

// Distinct copies nothing where there is nothing to change, and the slice that it was
// given stays as it was where there is.
func TestDistinctCopies(t *testing.T) {
	sorted := []Incident{incidentAt("b", 9, .8), incidentAt("c", 9, .8), incidentAt("a", 10, .8)}
	if got := Distinct(sorted); &got[0] != &sorted[0] {
		t.Error("what is distinct was copied")
	}
	for _, in := range [][]Incident{{sorted[2], sorted[0]}, {sorted[0], sorted[0]}} {
		was := slices.Clone(in)
		if got := Distinct(in); &got[0] == &in[0] {
			t.Error("what has to be changed was not copied")
		}
		if diff := cmp.Diff(was, in); diff != "" {
			t.Errorf("the slice given was changed (-before +after):\n%s", diff)
		}
	}
}
