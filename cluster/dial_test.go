package cluster

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// An event is counted in the local hour of the week in which each hour of it falls.
func TestDial(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour, minute int) time.Time {
		return time.Date(2026, time.March, day, hour, minute, 0, 0, time.UTC)
	}
	tests := []struct {
		name  string
		event Window
		want  map[int]float64 // by hour of the week from Monday
	}{
		{"an instant", Window{at(2, 9, 59), at(2, 9, 59)}, map[int]float64{9: 1}},                           // a Monday
		{"over two hours", Window{at(3, 10, 30), at(3, 11, 30)}, map[int]float64{24 + 10: .5, 24 + 11: .5}}, // a Tuesday
		{"into the next week", Window{at(8, 23, 0), at(9, 1, 0)}, map[int]float64{167: .5, 0: .5}},
		{"when the clocks go forward", Window{at(29, 0, 0), at(29, 2, 0)}, map[int]float64{144: .5, 146: .5}}, // 00 and 02, no 01
		{"in summer time", Window{at(31, 9, 0), at(31, 9, 0)}, map[int]float64{24 + 10: 1}},
	}
	d := NewDial(london, time.Hour)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got [168]float64
			d.Add(got[:], At(tt.event.Start), At(tt.event.End), 2)
			for hour, n := range got {
				if n != 2*tt.want[hour] {
					t.Errorf("hour %d: %v, want %v", hour, n, 2*tt.want[hour])
				}
			}
		})
	}
}

// Each step of UTC counts where the local clock shows its start, in any zone and order
// of the events, and the whole weight is counted.
func TestDialZones(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"UTC", "Europe/London", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"}).Draw(t, "zone")
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		const quarter = 15 * time.Minute
		d := NewDial(zone, quarter)
		var got, want [96]float64
		for range rapid.IntRange(1, 5).Draw(t, "events") {
			from := time.Unix(rapid.Int64Range(-1e9, 2e9).Draw(t, "from"), 0)
			w := Window{from, from.Add(time.Duration(rapid.IntRange(0, 100_000).Draw(t, "seconds")) * time.Second)}
			d.Add(got[:], At(w.Start), At(w.End), 1)
			if local := from.In(zone); d.MinuteOfDay(At(from)) != local.Hour()*60+local.Minute() {
				t.Fatalf("%s: %v is minute %d of the day", name, local, d.MinuteOfDay(At(from)))
			}
			for i, share := range StepWeights(w, time.Unix(0, 0), quarter) {
				local := time.Unix(int64(i)*900, 0).In(zone)
				want[local.Hour()*4+local.Minute()/15] += share
			}
		}
		for q := range want {
			if math.Abs(got[q]-want[q]) > 1e-9 {
				t.Fatalf("%s: quarter %d: %v, want %v", name, q, got[q], want[q])
			}
		}
	})
}
