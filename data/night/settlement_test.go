package night

import (
	"testing"

	"github.com/paulmach/orb"

	"spreewatch/cluster"
	"spreewatch/geo"
)

func TestSettlement(t *testing.T) {
	here, there := orb.Point{1.3, 52.6}, orb.Point{0.6, 52.8}
	place := func(name string, p orb.Point) geo.Candidate {
		return geo.Candidate{Level: geo.LevelPlace, Name: name, Point: p}
	}
	for name, c := range map[string]struct {
		match geo.Match
		want  orb.Point
		ok    bool
	}{
		"the place":                      {geo.Match{Level: geo.LevelPlace, Name: "Newton", Point: there}, there, true},
		"another name":                   {geo.Match{Level: geo.LevelPlace, Name: "Newtown", Point: here}, orb.Point{}, false},
		"a street of that name":          {geo.Match{Level: geo.LevelStreet, Name: "Newton", Point: here}, orb.Point{}, false},
		"none":                           {geo.Match{}, orb.Point{}, false},
		"of two the one by the incident": {geo.Match{Level: geo.LevelAmbiguous, Candidates: []geo.Candidate{place("Newton", there), place("Newton", here)}}, here, true},
		"a street first, then the place": {geo.Match{Level: geo.LevelStreet, Name: "Newton", Point: here, Candidates: []geo.Candidate{place("Newton", there)}}, there, true},
	} {
		centres := centresOf([]string{"Newton"}, []geo.Match{c.match}, []cluster.Incident{{PlaceName: "Newton", Point: orb.Point{1.31, 52.6}}, {PlaceName: "Oldton", Point: there}})
		if got, ok := centres["Newton"]; got != c.want || ok != c.ok {
			t.Errorf("%s: got %v, %v", name, got, ok)
		}
	}
}
