package bulletin

import (
	"strings"
	"testing"
	"time"
)

// A car park, a pier and the like are where it happened as a street is, however they stand
// to their settlement; what has a street of its own is told by that.
func TestGrounds(t *testing.T) {
	o := settings(t)
	o.Received = time.Date(2020, 3, 20, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"A window of a van was smashed at the Larch Tarn car park in Scole between 1pm and 3pm on Tuesday 10 March 2020.\n":             "Larch Tarn car park, Scole",
		"- Tues 10 March 2020, 1pm to 3pm - Quarry Bank car park, Scole. Window of a van smashed.\n- Wed 11 March 2020: nil\n":          "Quarry Bank car park, Scole",
		"- Wed 11 March 2020: nil\n- Tues 10 March 2020, Scole, Gallows Hill car park, between 1pm and 3pm: window of a van smashed\n":  "Gallows Hill car park, Scole",
		"1) 10.03.20 Diss - Physic Garden car park. 1300 to 1500 hrs. Theft from m/v, handbag.\n\n2) 11.03.20 Diss - Mill Road. Nil.\n": "Physic Garden car park, Diss",
		"Ref: 44\nType: Theft\nLoc: Black Sail Mine car park, Scole\nStart: 2020-03-10 13:00\nEnd: 2020-03-10 15:00\n":                  "Black Sail Mine car park, Scole",
		"no;start;end;town;street;what\n1;10/03/2020 13:00;10/03/2020 15:00;Diss;Back Moor car park;theft from vehicle\n":               "Back Moor car park, Diss",
		"Tuesday 10 March 2020\nBetween 1300 and 1500: Blakeney Quay car park. Rear light of a van broken.\n":                           "Blakeney Quay car park",
		"A dinghy was stolen from Tolver Jetty, Scole, between 1pm and 3pm on Tuesday 10 March 2020.\n":                                 "Tolver Jetty, Scole",
		"A van was broken into in the Lidl car park in Mill Road, Scole, between 1pm and 3pm on Tuesday 10 March 2020.\n":               "Mill Road, Scole",
		"A van was broken into in Mill Road car park, Scole, between 1pm and 3pm on Tuesday 10 March 2020.\n":                           "Mill Road, Scole",
	} {
		reports, _ := Read(text, o)
		var got []string
		for _, r := range reports {
			got = append(got, r.Location+r.From.Format(" 02 15:04")+r.To.Format(" 15:04"))
		}
		if s := strings.Join(got, "; "); s != want+" 10 13:00 15:00" {
			t.Errorf("%q: got %s, want %s", text, s, want)
		}
	}
}

// A county's town behind a street is its settlement, not the county of the one named before.
func TestCountyTowns(t *testing.T) {
	o := settings(t)
	o.Received = time.Date(2020, 3, 20, 0, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"BALLINASLOE DISTRICT\nOn 10/03/2020 at 2pm a till was stolen from a shop on Society Street, Ballinasloe.\nOn 11/03/2020 at 3pm a till was stolen from a shop on Prospect Hill, Galway.\n": "Society Street, Ballinasloe; Prospect Hill, Galway",
		"SLIGO DIVISION\n\nHigh Street, Sligo: a door was broken on 11/03/2020.\n":                   "High Street, Sligo",
		"A till was stolen from a shop on Dublin Street, Tullow, Carlow, at 2pm on 10 March 2020.\n": "Dublin Street, Tullow, Carlow",
	} {
		reports, _ := Read(text, o)
		var got []string
		for _, r := range reports {
			got = append(got, r.Location)
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%q: got %s, want %s", text, s, want)
		}
	}
}
