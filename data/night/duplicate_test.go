package night

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"spreewatch/data"
	"spreewatch/geo"
)

func TestRepeats(t *testing.T) {
	at := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)
	street := func(ref string, bulletin bool, minutes int, change func(*data.Located)) data.Located {
		l := data.Located{
			Report: data.Report{Ref: ref, Offence: "robbery", From: at.Add(time.Duration(minutes) * time.Minute), To: at.Add(time.Duration(minutes) * time.Minute), Bulletin: bulletin},
			Match:  geo.Match{Level: geo.LevelStreet, Name: "Mill Street", Point: orb.Point{1.03, 52.71}},
		}
		if change != nil {
			change(&l)
		}
		return l
	}
	c := Settings{Offences: map[string]offenceSettings{"robbery": {}, "other": {}}}
	for _, tt := range []struct {
		name    string
		located []data.Located
		want    []string
	}{
		{"the same street, offence and time", []data.Located{street("T", false, 0, nil), street("B", true, 5, nil)}, []string{"B→T"}},
		{"an hour later", []data.Located{street("T", false, 0, nil), street("B", true, 60, nil)}, nil},
		{"within its window", []data.Located{street("T", false, 0, func(l *data.Located) { l.To = at.Add(2 * time.Hour) }), street("B", true, 60, nil)}, []string{"B→T"}},
		{"another offence", []data.Located{street("T", false, 0, nil), street("B", true, 0, func(l *data.Located) { l.Offence = "Stalking" })}, nil},
		{"another street", []data.Located{street("T", false, 0, nil), street("B", true, 0, func(l *data.Located) { l.Match.Name = "Mill Lane" })}, nil},
		{"its namesake far away", []data.Located{street("T", false, 0, nil), street("B", true, 0, func(l *data.Located) { l.Match.Point = orb.Point{1.05, 52.71} })}, nil},
		{"only a place", []data.Located{street("T", false, 0, nil), street("B", true, 0, func(l *data.Located) { l.Match.Level = geo.LevelPlace })}, nil},
		{"two calls, one in the table", []data.Located{street("T", false, 0, nil), street("B1", true, 15, nil), street("B2", true, 1, nil)}, []string{"B2→T"}},
		{"two calls, both in the table", []data.Located{street("T1", false, 0, nil), street("T2", false, 15, nil), street("B1", true, 14, nil), street("B2", true, 1, nil)}, []string{"B1→T2", "B2→T1"}},
		{"two rows of tables", []data.Located{street("T1", false, 0, nil), street("T2", false, 0, nil)}, nil},
		{"a person said that it is its own", []data.Located{street("T", false, 0, nil), street("B", true, 5, func(l *data.Located) { l.Own = true })}, nil},
	} {
		var got []string
		found := c.repeats(tt.located)
		for _, ref := range slices.Sorted(maps.Keys(found)) {
			got = append(got, ref+"→"+found[ref].Ref)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
		// A repeat is counted once: the bulletin's report is no incident.
		if n := len(c.incidentsOf(tt.located)); n != len(tt.located)-len(tt.want) {
			t.Errorf("%s: %d incidents of %d reports", tt.name, n, len(tt.located))
		}
	}
}
