package risk

import (
	"math"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/cluster/sample"
	"spreewatch/geo"
)

var burglary = cluster.Profile{Offence: "burglary", RadiusM: 400, Window: 7 * 24 * time.Hour, MinIncidents: 3, DecayM: 300, DecayTime: 24 * time.Hour}

func areaAt(t *testing.T, p orb.Point) Area {
	t.Helper()
	c, err := geo.CellAt(p, 9)
	if err != nil {
		t.Fatal(err)
	}
	return Areas([]geo.Cell{c})[0]
}

// kernelAt is the kernel's share in the area, with the distance of the sphere.
func kernelAt(in cluster.Incident, p cluster.Profile, a Area) float64 {
	h2 := p.DecayM*p.DecayM + in.RadiusM*in.RadiusM + a.M2/(2*math.Pi)
	return a.M2 * math.Exp(-geo.Distance(in.Point, a.Centre)/math.Sqrt(h2)) / (2 * math.Pi * h2)
}

func TestRiskFadesByHand(t *testing.T) {
	// At any hour of the day before asOf: the hours of the day are all alike.
	asOf := time.Date(2026, 3, 30, 0, 0, 0, 0, time.UTC)
	in := cluster.Incident{ID: "a", Offence: "burglary", From: cluster.At(asOf.Add(-24 * time.Hour)), To: cluster.At(asOf), Point: orb.Point{0.94, 52.68}, RadiusM: 100, Level: geo.LevelStreet}
	r := New([]*cluster.Incident{&in}, burglary, asOf, nil)
	area := areaAt(t, in.Point)
	left := 1 - math.Exp(-1) // the mean of exp(−t) over a day ago to now
	for _, tt := range []struct {
		name     string
		from, to time.Duration
		want     float64
	}{
		{"the next day", 0, 24 * time.Hour, 0.5 * left * (1 - math.Exp(-1))},
		{"the day after it", 24 * time.Hour, 48 * time.Hour, 0.5 * left * (math.Exp(-1) - math.Exp(-2))},
		{"for good", 0, 1000 * time.Hour, 0.5 * left},
	} {
		got := r.In([]Area{area}, cluster.Window{Start: asOf.Add(tt.from), End: asOf.Add(tt.to)})[0]
		if want := tt.want * kernelAt(in, burglary, area); math.Abs(got-want) > 1e-3*want {
			t.Errorf("%s: got %g, want %g", tt.name, got, want)
		}
	}
}

// An incident raises the risk until a thousandth of it is left, and not after that.
func TestRiskEndsWhereAnIncidentIsPast(t *testing.T) {
	asOf := time.Date(2026, 3, 30, 0, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		age  float64 // in decays
		past bool
	}{{3, false}, {6.8, false}, {6.95, true}, {7.5, true}, {700, true}} {
		at := cluster.At(asOf.Add(-time.Duration(tt.age * float64(burglary.DecayTime))))
		in := cluster.Incident{ID: "a", Offence: "burglary", From: at, To: at, Point: orb.Point{0.94, 52.68}, Level: geo.LevelStreet}
		if got := New([]*cluster.Incident{&in}, burglary, asOf, nil).Sources(areaAt(t, in.Point)); len(got) == 0 != tt.past {
			t.Errorf("%v of its decay ago: %d incidents raise the risk, want none: %v", tt.age, len(got), tt.past)
		}
	}
}

// All but 4 % of what is expected lies in the cells around, whatever the radius
// of the incident; and what is placed badly raises no cell as much.
func TestRiskAddsUp(t *testing.T) {
	asOf := time.Date(2026, 3, 30, 0, 0, 0, 0, time.UTC)
	day := cluster.Window{Start: asOf, End: asOf.Add(24 * time.Hour)}
	peak := math.Inf(1)
	for _, radius := range []float64{0, 300, 1500} {
		in := cluster.Incident{ID: "a", Offence: "burglary", From: cluster.At(asOf.Add(-24 * time.Hour)), To: cluster.At(asOf), Point: orb.Point{0.94, 52.68}, RadiusM: radius, Level: geo.LevelPlace}
		r := New([]*cluster.Incident{&in}, burglary, asOf, nil)
		own := areaAt(t, in.Point)
		sum := 0.0
		for _, c := range r.In(Areas(own.Cell.Disk(30)), day) { // 30 steps are over 8 km
			sum += c
		}
		want := 0.96 * 0.5 * (1 - math.Exp(-1)) * (1 - math.Exp(-1))
		if math.Abs(sum-want) > 0.02*want {
			t.Errorf("radius %g m: the cells around expect %g, want %g", radius, sum, want)
		}
		top := r.In([]Area{own}, day)[0]
		if top >= peak {
			t.Errorf("radius %g m: its own cell expects %g, more than with a smaller radius", radius, top)
		}
		peak = top
	}
}

// The index of kernels finds what a walk over all of them finds.
func TestKernelFieldTwin(t *testing.T) {
	var points []kernelPoint
	for _, in := range sample.Scattered(500, 10, time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)) {
		radius := []float64{0, 50, 100, 900, 4000}[len(points)%5]
		points = append(points, kernelPoint{in.Point, radius})
	}
	f := newKernelField(points, 300)
	reached := 0
	for _, at := range []orb.Point{{0.94, 52.68}, {1.3, 52.63}, {0.2, 52.4}, points[3].at} {
		const m2 = 100_000
		got := make(map[int]float64)
		f.each(at, m2, func(i int, share float64) { got[i] = share })
		want := make(map[int]float64)
		for i, p := range points {
			in := cluster.Incident{Point: p.at, RadiusM: p.radius}
			h := math.Sqrt(300*300 + p.radius*p.radius + m2/(2*math.Pi))
			d := geo.Distance(p.at, at)
			if d <= kernelReach*h*0.998 || got[i] != 0 && d <= kernelReach*h*1.002 {
				want[i] = kernelAt(in, cluster.Profile{DecayM: 300}, Area{Centre: at, M2: m2})
			}
		}
		reached += len(want)
		if d := gocmp.Diff(want, got, cmpopts.EquateApprox(1e-2, 0)); d != "" {
			t.Error(d)
		}
	}
	if reached < 20 {
		t.Errorf("%d kernels reach the places: the test compared next to nothing", reached)
	}
}

func TestHourShare(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	asOf := time.Date(2015, 9, 17, 1, 0, 0, 0, time.UTC)
	r := New(cluster.DistinctOf(sample.Dereham(), nil), sample.CourierFraud, asOf, london)
	at := func(day, hour int) time.Time { return time.Date(2015, 9, day, hour, 0, 0, 0, london) }
	whole := r.HourShare(cluster.Window{Start: at(17, 0), End: at(18, 0)})
	if math.Abs(whole-1) > 1e-9 {
		t.Errorf("a whole day holds %g of a day's risk", whole)
	}
	early, night := r.HourShare(cluster.Window{Start: at(17, 7), End: at(17, 15)}), r.HourShare(cluster.Window{Start: at(17, 23), End: at(18, 7)})
	if !(early > 0.6 && night < 0.05) {
		t.Errorf("early shift %.3f, night shift %.3f: all eight calls came between 10:00 and 17:30", early, night)
	}
}
