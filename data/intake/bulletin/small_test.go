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
	if log := "0915 MILL ROAD, DISS. WINDOW OF A SHOP SMASHED.\n1015 BACK LANE, DISS. A VAN WAS TAKEN.\n"; recase(log) != log {
		t.Errorf("a log is changed: %q", recase(log))
	}
}
