package risk

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

var (
	early = Hours{Name: "early", From: 7 * 60, To: 15 * 60}
	late  = Hours{Name: "late", From: 15 * 60, To: 23 * 60}
	night = Hours{Name: "night", From: 23 * 60, To: 7 * 60}
)

func london(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// Each minute of the day is in one shift of three that follow each other.
func TestEveryMinuteIsInOneShift(t *testing.T) {
	for m := range 1440 {
		var in []string
		for _, h := range []Hours{early, late, night} {
			if h.hold(m) {
				in = append(in, h.Name)
			}
		}
		want := map[bool]string{true: "night"}[m < 420 || m >= 1380]
		if want == "" {
			want = map[bool]string{true: "early", false: "late"}[m < 900]
		}
		if len(in) != 1 || in[0] != want {
			t.Fatalf("%02d:%02d is in %q, want %s", m/60, m%60, in, want)
		}
	}
}

func TestShareInAShiftByHand(t *testing.T) {
	zone := london(t)
	at := func(day, h, m int) time.Time { return time.Date(2026, 7, day, h, m, 0, 0, zone) }
	for _, c := range []struct {
		name     string
		from, to time.Time
		want     [3]float64 // early, late, night
	}{
		{"07:00 by the clock of summer", at(1, 7, 0), at(1, 7, 0), [3]float64{1, 0, 0}},
		{"a minute before", at(1, 6, 59), at(1, 6, 59), [3]float64{0, 0, 1}},
		{"half before, half behind seven", at(1, 6, 0), at(1, 8, 0), [3]float64{.5, 0, .5}},
		{"over midnight", at(1, 22, 0), at(2, 2, 0), [3]float64{0, .25, .75}},
		{"two whole days", at(1, 9, 0), at(3, 9, 0), [3]float64{1. / 3, 1. / 3, 1. / 3}},
	} {
		in := cluster.Incident{ID: "a", Offence: "theft", From: cluster.At(c.from.UTC()), To: cluster.At(c.to.UTC()), Point: orb.Point{.94, 52.68}, Level: geo.LevelStreet, Confidence: 1}
		clock := NewClock(study(t, []cluster.Incident{in}), zone)
		for i, h := range []Hours{early, late, night} {
			if got := float64(clock.shareIn(h)[0]); math.Abs(got-c.want[i]) > 1e-7 {
				t.Errorf("%s: %v of it in the %s shift, want %v", c.name, got, h.Name, c.want[i])
			}
		}
	}
}

func TestNextShiftAcrossClockChanges(t *testing.T) {
	zone := london(t)
	c := NewClock(study(t, nil), zone)
	for _, tt := range []struct {
		name  string
		at    time.Time
		h     Hours
		start time.Time
		hours float64
	}{
		{"at its very start", time.Date(2026, 7, 1, 7, 0, 0, 0, zone), early, time.Date(2026, 7, 1, 7, 0, 0, 0, zone), 8},
		{"a minute late", time.Date(2026, 7, 1, 7, 1, 0, 0, zone), early, time.Date(2026, 7, 2, 7, 0, 0, 0, zone), 8},
		{"the night that loses an hour", time.Date(2026, 3, 28, 12, 0, 0, 0, zone), night, time.Date(2026, 3, 28, 23, 0, 0, 0, zone), 7},
		{"the night that gains one", time.Date(2026, 10, 24, 12, 0, 0, 0, zone), night, time.Date(2026, 10, 24, 23, 0, 0, 0, zone), 9},
	} {
		w := c.Next(tt.h, tt.at)
		if !w.Start.Equal(tt.start) || w.Duration().Hours() != tt.hours {
			t.Errorf("%s: %v for %v, want %v for %v h", tt.name, w.Start.In(zone), w.Duration(), tt.start, tt.hours)
		}
	}
}

// two invents incidents by night at one place, by day at another, and some anywhere
// at any time.
func two(n int, days float64) []cluster.Incident {
	r := rand.New(rand.NewPCG(3, 1))
	out := make([]cluster.Incident, n)
	for i := range out {
		p, hour := orb.Point{.9 + .08*r.Float64(), 52.66 + .05*r.Float64()}, 24*r.Float64()
		switch i % 3 {
		case 0:
			p, hour = orb.Point{.94 + .0002*r.NormFloat64(), 52.68 + .0001*r.NormFloat64()}, 1+4*r.Float64()
		case 1:
			p, hour = orb.Point{.96 + .0002*r.NormFloat64(), 52.7 + .0001*r.NormFloat64()}, 9+4*r.Float64()
		}
		at := start.Add(time.Duration((math.Floor(r.Float64()*days)*24 + hour) * float64(time.Hour))).Truncate(time.Minute)
		out[i] = cluster.Incident{ID: fmt.Sprint("i", i), Offence: "theft", From: cluster.At(at), To: cluster.At(at), Point: p, Level: geo.LevelStreet, Confidence: 1}
	}
	return out
}

// shifts is a fit of the incidents on the 300th day.
func shifts(t testing.TB, incidents []cluster.Incident) (*Study, *Learner, *Fit, *Clock, time.Time) {
	t.Helper()
	s := study(t, incidents)
	c, asOf := NewClock(s, nil), start.Add(300*24*time.Hour)
	l := NewLearner(s, c, early, late, night)
	return s, l, l.Fit(asOf), c, asOf
}

func TestShiftsAreExpectedWhereTheirHoursAre(t *testing.T) {
	s, l, f, c, asOf := shifts(t, two(3000, 300))
	cell := func(p orb.Point) int {
		at, err := geo.CellAt(p, 9)
		if err != nil {
			t.Fatal(err)
		}
		i, found := slices.BinarySearch(s.Cells, at)
		if !found {
			t.Fatal("no incident there")
		}
		return i
	}
	byNight, byDay := cell(orb.Point{.94, 52.68}), cell(orb.Point{.96, 52.7})
	sum := 0.0
	for h, most := range map[Hours]int{night: byNight, early: byDay} {
		expected := l.ExpectedIn(f, c, "theft", asOf, h, c.Next(h, asOf))
		counts := c.Counts("theft", asOf, h)
		for i := range expected {
			if expected[i] > expected[most] || counts[i] > counts[most] {
				t.Errorf("%s: more in cell %d (%v expected, %v counted) than where its hours are (%v, %v)", h.Name, i, expected[i], counts[i], expected[most], counts[most])
			}
		}
	}
	for _, h := range []Hours{early, late, night} {
		for _, x := range l.ExpectedIn(f, c, "theft", asOf, h, c.Next(h, asOf)) {
			sum += x
		}
	}
	if sum < 8 || sum > 12 {
		t.Errorf("%v expected in three shifts of a day of ten", sum)
	}
	for _, fit := range []OffenceFit{f.City, f.Of("theft")} {
		total := 0.0
		for _, w := range fit.Shift.Weights {
			total += w
		}
		if math.Abs(total-1) > 1e-9 || len(fit.Shift.Weights) != len(ShiftParts()) {
			t.Errorf("weights %v add up to %v", fit.Shift.Weights, total)
		}
	}
}

// A week of seven average days holds seven of them, whatever the hours and days.
func TestShareOfAWeekIsSevenDays(t *testing.T) {
	_, _, _, c, asOf := shifts(t, two(600, 300))
	for _, offence := range []string{"theft", "arson"} {
		for _, from := range []time.Time{asOf, asOf.Add(7*time.Hour + 13*time.Minute)} {
			if got := c.Share(offence, asOf, cluster.Window{Start: from, End: from.Add(7 * 24 * time.Hour)}); math.Abs(got-7) > 1e-9 {
				t.Errorf("%s: a week holds %v average days", offence, got)
			}
		}
	}
	hour := func(h int) float64 {
		return c.Share("theft", asOf, cluster.Window{Start: asOf.Add(time.Duration(h) * time.Hour), End: asOf.Add(time.Duration(h+1) * time.Hour)})
	}
	if hour(3) < 2*hour(20) {
		t.Errorf("%v at three in the night, where a third of all fall, and %v at eight in the evening", hour(3), hour(20))
	}
}

// The percentiles are of what a plan of each date would have said of each cell and hour.
func TestThresholdsAreOfCellsAndHours(t *testing.T) {
	s, l, f, c, asOf := shifts(t, two(3000, 300))
	if f.Medium <= 0 || f.High <= f.Medium {
		t.Fatalf("medium from %v, high from %v", f.Medium, f.High)
	}
	high, medium, n := 0, 0, 0
	for back := 30; back < 300; back += 60 {
		at := asOf.AddDate(0, 0, -back)
		for _, h := range []Hours{early, late, night} {
			w := c.Next(h, at)
			for from := w.Start; from.Before(w.End); from = from.Add(time.Hour) {
				for i, x := range l.ExpectedIn(f, c, "theft", at, h, cluster.Window{Start: from, End: from.Add(time.Hour)}) {
					if !s.Known(i, at) {
						continue
					}
					n++
					if x > f.High*(1+1e-9) {
						high++
					}
					if x > f.Medium*(1+1e-9) {
						medium++
					}
				}
			}
		}
	}
	if h, m := float64(high)/float64(n), float64(medium)/float64(n); math.Abs(h-.01) > .001 || math.Abs(m-.05) > .002 {
		t.Errorf("%.4f of %d cells and hours are over high, %.4f over medium: want .01 and .05 (%d cells)", h, n, m, len(s.Cells))
	}
	_, _, f, _, _ = shifts(t, two(12, 300))
	if f.High != 0 || f.Medium != 0 {
		t.Errorf("of a dozen incidents: %v and %v", f.High, f.Medium)
	}
}

// What lies behind a cell are shares of its risk, of the incidents there and near.
func TestBehindIsOfTheIncidentsNear(t *testing.T) {
	incidents := two(900, 300)
	s, l, f, c, asOf := shifts(t, incidents)
	at, err := geo.CellAt(orb.Point{.94, 52.68}, 9)
	if err != nil {
		t.Fatal(err)
	}
	i, _ := slices.BinarySearch(s.Cells, at)
	behind, all := l.Behind(f, c, "theft", asOf, night, i)
	sum, here := 0.0, 0.0
	for _, b := range behind {
		sum += b.Weight
		if geo.Distance(b.Incident.Point, orb.Point{.94, 52.68}) < 300 {
			here += b.Weight
		}
	}
	if math.Abs(sum-all) > 1e-9 {
		t.Errorf("%d incidents lend %v, and all %v", len(behind), sum, all)
	}
	if sum < .9 || sum > 1+1e-9 || here < .9*sum {
		t.Errorf("%v of the risk has incidents behind it, %v those within 300 m", sum, here)
	}
	other, _ := l.Behind(f, c, "theft", asOf, night, 0) // of another cell, asked of in between
	if again, _ := l.Behind(f, c, "theft", asOf, night, i); i == 0 || slices.Equal(other, behind) || !slices.Equal(again, behind) {
		t.Errorf("asked again the %d-th cell has %d incidents behind it, was %d", i, len(again), len(behind))
	}
	if got, all := l.Behind(f, c, "arson", asOf, night, i); len(got) != 0 || all != 0 {
		t.Errorf("an offence without incidents has %d behind it, %v in all", len(got), all)
	}
}

// What happens or becomes known after the night changes nothing of its shifts.
func TestShiftsLookAtNothingLater(t *testing.T) {
	incidents := two(900, 300)
	expected := func(more []cluster.Incident) map[geo.Cell]float64 {
		s, l, f, c, asOf := shifts(t, slices.Concat(incidents, more))
		out := map[geo.Cell]float64{}
		for i, x := range l.ExpectedIn(f, c, "theft", asOf, night, c.Next(night, asOf)) {
			if s.Known(i, asOf) {
				out[s.Cells[i]] = x
			}
		}
		return out
	}
	later := slices.Clone(incidents[:300])
	for i := range later {
		later[i].ID += "later"
		if i%2 == 0 {
			later[i].From, later[i].To = later[i].From+301*24*3600, later[i].To+301*24*3600
		} else {
			later[i].Reported = cluster.At(start.AddDate(0, 0, 320))
		}
	}
	if diff := cmp.Diff(expected(nil), expected(later), cmpopts.EquateApprox(1e-9, 0)); diff != "" {
		t.Errorf("(-without what is later +with it):\n%s", diff)
	}
}
