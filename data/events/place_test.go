package events

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
)

func TestReadPlaces(t *testing.T) {
	want := []Place{{"b", orb.Point{1.5, 52.5}}, {"a", orb.Point{1.25, 52}}}
	for _, c := range []struct{ name, id, text string }{
		{"location_id", "", "location_id,lat,lon\nb,52.5,1.5\na,52,1.25\n"},
		{"id, another order", "", "Longitude;Latitude;ID\n1.5;52.5;b\n1.25;52;a\n"},
		{"a header of its own", "Beat code", "id,beat_code,lat,lon\n1,b,52.5,1.5\n1,a,52,1.25\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := ReadPlaces(strings.NewReader(c.text), PlaceOptions{Source: "c.csv", ID: c.id})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("places (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadPlacesRefuses(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "c.csv is empty"},
		{"a header alone", "id,lat,lon\n", "c.csv has no place"},
		{"no latitude", "id,lon\na,1\n", `c.csv has no column "lat"`},
		{"a name twice", "id,lat,lon\na,1,1\na,2,2\n", "c.csv:3: id: the same as line 2"},
		{"no name", "id,lat,lon\n,1,1\n", "c.csv:2: id: is empty"},
		{"out of range", "id,lat,lon\na,95,1\n", "c.csv:2: lat: beyond 90 degrees"},
		{"NaN", "id,lat,lon\na,NaN,1\n", "c.csv:2: lat: is empty"},
		{"short row", "id,lat,lon\na,1\n", "c.csv:2: the row has 2 columns, the header 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadPlaces(strings.NewReader(c.text), PlaceOptions{Source: "c.csv"})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
		})
	}
}

func FuzzReadPlaces(f *testing.F) {
	f.Add("location_id,lat,lon\nb,52.5,1.5\n", "")
	f.Add("a;lat;lon\n\"x\n;1;2", "a")
	f.Fuzz(func(t *testing.T, text, id string) {
		places, err := ReadPlaces(strings.NewReader(text), PlaceOptions{Source: "c.csv", ID: id})
		if err == nil && len(places) == 0 {
			t.Error("neither a place nor an error")
		}
		seen := map[string]bool{}
		for _, p := range places {
			if p.ID == "" || seen[p.ID] || !(p.Point[1] >= -90 && p.Point[1] <= 90) {
				t.Errorf("place %+v", p)
			}
			seen[p.ID] = true
		}
	})
}
