package risk

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
	_ "time/tzdata"

	"spreewatch/cluster"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

const (
	mon = iota
	tue
	wed
	thu
	fri
	sat
	sun
)

func TestHourWeek(t *testing.T) {
	london := zone(t, "Europe/London")
	local := func(z *time.Location, month time.Month, day, hour, minute int) time.Time {
		return time.Date(2015, month, day, hour, minute, 0, 0, z)
	}
	lordHowe := zone(t, "Australia/Lord_Howe") // its clock changes by half an hour
	stJohns := zone(t, "America/St_Johns")
	type cell struct {
		hour, day int
		weight    float64
	}
	for _, c := range []struct {
		name     string
		zone     *time.Location
		from, to time.Time
		want     []cell
	}{
		{"instant", london, local(london, 9, 16, 10, 15), local(london, 9, 16, 10, 15), []cell{{10, wed, 1}}},
		{"within an hour", london, local(london, 9, 16, 10, 15), local(london, 9, 16, 10, 16), []cell{{10, wed, 1}}},
		{"to the hour", london, local(london, 9, 16, 10, 0), local(london, 9, 16, 11, 0), []cell{{10, wed, 1}}},
		{"10.00 to 14.30", london, local(london, 9, 16, 10, 0), local(london, 9, 16, 14, 30),
			[]cell{{10, wed, 2.0 / 9}, {11, wed, 2.0 / 9}, {12, wed, 2.0 / 9}, {13, wed, 2.0 / 9}, {14, wed, 1.0 / 9}}},
		{"over Sunday midnight", london, local(london, 9, 20, 23, 30), local(london, 9, 21, 1, 0),
			[]cell{{23, sun, 1.0 / 3}, {0, mon, 2.0 / 3}}},
		{"local time of an instant in UTC", zone(t, "America/New_York"), time.Date(2016, 1, 4, 2, 0, 0, 0, time.UTC), time.Date(2016, 1, 4, 2, 0, 0, 0, time.UTC),
			[]cell{{21, sun, 1}}},
		// 29 March 2015: 00:59 GMT, then 02:00 BST. Two hours pass.
		{"clocks forward", london, local(london, 3, 29, 0, 0), local(london, 3, 29, 3, 0),
			[]cell{{0, sun, 1.0 / 2}, {2, sun, 1.0 / 2}}},
		// 25 October 2015: the hour from 1 happens twice. Four hours pass.
		{"clocks back", london, local(london, 10, 25, 0, 0), local(london, 10, 25, 3, 0),
			[]cell{{0, sun, 1.0 / 4}, {1, sun, 2.0 / 4}, {2, sun, 1.0 / 4}}},
		// 5 April 2015, 02:00 goes back to 01:30: 90 minutes show hour 1.
		{"clocks back by half an hour", lordHowe, local(lordHowe, 4, 5, 0, 0), local(lordHowe, 4, 5, 3, 0),
			[]cell{{0, sun, 2.0 / 7}, {1, sun, 3.0 / 7}, {2, sun, 2.0 / 7}}},
		// 7 November 2010, 00:01 went back to 23:01: 119 minutes show Saturday's
		// last hour and 31 Sunday's first.
		{"clocks back within an hour", stJohns, time.Date(2010, 11, 7, 1, 30, 0, 0, time.UTC), time.Date(2010, 11, 7, 4, 0, 0, 0, time.UTC),
			[]cell{{23, sat, 119.0 / 150}, {0, sun, 31.0 / 150}}},
		{"zone of 45 minutes", zone(t, "Asia/Kathmandu"), time.Date(2015, 9, 16, 0, 0, 0, 0, time.UTC), time.Date(2015, 9, 16, 1, 0, 0, 0, time.UTC),
			[]cell{{5, wed, 0.25}, {6, wed, 0.75}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var want HourWeek
			for _, cell := range c.want {
				want[cell.hour][cell.day] = cell.weight
			}
			got := NewHourWeek([]cluster.Window{{Start: c.from.UTC(), End: c.to.UTC()}}, c.zone)
			if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-12)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestHourWeekLongSpans(t *testing.T) {
	start := time.Date(2015, 9, 16, 10, 20, 0, 0, time.UTC)
	for _, span := range []time.Duration{week, week + 1, 40 * week} {
		h := NewHourWeek([]cluster.Window{{Start: start, End: start.Add(span)}}, time.UTC)
		for hour := range h {
			for day, v := range h[hour] {
				if v != 1.0/168 {
					t.Fatalf("%v: hour %d day %d has %v, want 1/168", span, hour, day, v)
				}
			}
		}
	}
	// 168 hours in which the clocks go forward: still even.
	spring := time.Date(2015, 3, 28, 0, 0, 0, 0, time.UTC)
	if h := NewHourWeek([]cluster.Window{{Start: spring, End: spring.Add(week)}}, zone(t, "Europe/London")); h[1][sun] != 1.0/168 {
		t.Errorf("the hour that the clock skips has %v of a week, want 1/168", h[1][sun])
	}
	// A minute less than a week: the hour of the start is met at both ends, for
	// 40 and 19 of its minutes.
	h := NewHourWeek([]cluster.Window{{Start: start, End: start.Add(week - time.Minute)}}, time.UTC)
	if want := 59.0 / (168*60 - 1); math.Abs(h[10][wed]-want) > 1e-12 {
		t.Errorf("hour of the start has %v, want %v", h[10][wed], want)
	}
	if want := 60.0 / (168*60 - 1); math.Abs(h[11][wed]-want) > 1e-12 {
		t.Errorf("the next hour has %v, want %v", h[11][wed], want)
	}
}

// hourWeekTwin counts minute by minute.
func hourWeekTwin(w cluster.Window, z *time.Location) HourWeek {
	var h HourWeek
	minutes := int(w.Duration() / time.Minute)
	if minutes >= 168*60 {
		for i := range 168 {
			h[i%24][i/24] = 1.0 / 168
		}
		return h
	}
	for m := range max(1, minutes) {
		at := w.Start.Add(time.Duration(m) * time.Minute).In(z)
		h[at.Hour()][(int(at.Weekday())+6)%7] += 1 / float64(max(1, minutes))
	}
	return h
}

func TestHourWeekProperties(t *testing.T) {
	zones := []*time.Location{time.UTC, zone(t, "Europe/London"), zone(t, "America/New_York"), zone(t, "Australia/Lord_Howe"), zone(t, "Asia/Kolkata")}
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.SampledFrom(zones).Draw(t, "zone")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "events"), 0))
		events := make([]cluster.Window, r.IntN(20))
		for i := range events {
			from := time.Date(2016, 1, 1, 0, r.IntN(366*24*60), 0, 0, time.UTC)
			events[i] = cluster.Window{Start: from, End: from.Add(time.Duration(r.IntN([]int{1, 90, 3000, 12000}[r.IntN(4)])) * time.Minute)}
		}
		got := NewHourWeek(events, z)
		var want HourWeek
		for _, w := range events {
			one := hourWeekTwin(w, z)
			for hour := range want {
				for day := range want[hour] {
					want[hour][day] += one[hour][day]
				}
			}
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
			t.Fatalf("(-twin +got):\n%s", diff)
		}
		if math.Abs(got.Total()-float64(len(events))) > 1e-9 {
			t.Fatalf("total %v of %d events", got.Total(), len(events))
		}
		r.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		if NewHourWeek(events, z) != got {
			t.Fatal("the order of the events changes the table")
		}
		for i := range events {
			events[i] = cluster.Window{Start: events[i].Start.Add(52 * week), End: events[i].End.Add(52 * week)}
		}
		if z == time.UTC && NewHourWeek(events, z) != got {
			t.Fatal("whole weeks later is another table")
		}
	})
}
