package bulletin

import (
	"strings"
	"testing"
)

// A text in small letters gets the capitals of its lines, its sentences and its names, and
// none where a word is no name; so does one in capitals, but for a log. One with both stays
// as it is.
func TestRecase(t *testing.T) {
	for _, want := range []string{
		"Two sheds were entered in Mill Road, Diss, overnight on Sat 7 March. Both sat navs were taken.",
		"A shed in The Street, Hempnall, was entered. Nothing was taken from it.",
		"A van was keyed off Kirkgate, Otley, on the night that the theft took place in Prince of Wales Road, Norwich.",
		"- Leiston, Haylings Road. Male trying car doors, 2305 on Fri 6 March\n- Wickham Market, High Street: lead stripped",
		"Mill Road Diss - two bicycles were taken from a shed, between Sat 7 March and Sun 8 March.",
		"Crimes of the week\n\nLong Stratton\n\nTools taken from a shed in Ipswich Road between 8pm and 9am,\nwhile the owners were at work for the whole of the night.",
	} {
		if got := recase(strings.ToLower(want)); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		if up := strings.ToUpper(want); recase(up) != want {
			t.Errorf("in capitals %q", recase(up))
		}
		if low := strings.ToLower(want); recase("A Van Was Taken In "+low) != "A Van Was Taken In "+low {
			t.Errorf("%q: a text with capitals is changed", want)
		}
	}
	const title, post, cased = "Waveney Cops, 7 May\n\n", "- diss - mill road - about 1.30am, planters tipped over in the road\n- diss - back lane - bike lock cut and a bike gone from the yard\n\n#OurTown\n",
		"- Diss - Mill Road - about 1.30am, planters tipped over in the road\n- Diss - Back Lane - bike lock cut and a bike gone from the yard\n\n#OurTown\n"
	if got := recase(title + post); got != title+cased {
		t.Errorf("under a title with capitals: %q", got)
	}
	for _, log := range []string{
		"0915 MILL ROAD, DISS. WINDOW OF A SHOP SMASHED.\n1015 BACK LANE, DISS. A VAN WAS TAKEN.\n",
		"CONTROL ROOM SUMMARY\nCAD 0719 1905HRS MILL ROAD DISS - WINDOW OF PARKED CAR SMASHED, BAG GONE\nINC 866 2240HRS BACK LANE DISS - YOUTHS THROWING STONES AT BUSES\n",
	} {
		if recase(log) != log {
			t.Errorf("a log is changed: %q", recase(log))
		}
	}
}
