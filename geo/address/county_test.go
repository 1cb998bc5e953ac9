package address

import (
	"strings"
	"testing"
)

func TestCounty(t *testing.T) {
	for _, c := range []struct {
		name, text string
		from       int
		in, out    string // outcodes in and outside its areas
	}{
		{"a county", "Elsing, Norfolk", 1, "nr20", "me1"},
		{"a county and a country", "Elsing, Norfolk, UK", 1, "nr20", "me1"},
		{"another county", "Elsing, Kent", 1, "me1", "nr20"},
		{"no county", "Mill Street, Elsing", 3, "", "nr20"},
		{"a county with a neighbour's postcode area", "Elsing, Suffolk", 1, "nr33", "nr20"},
		{"a county before a postcode", "Elsing, Kent, ME1 1AA", 1, "me1", "nr20"},
		{"a county before a postcode without a space", "Elsing, Kent ME11AA", 1, "me1", "nr20"},
		{"a county before an outcode", "Elsing, N Yorks, YO1", 1, "yo1", "yo15"},
		{"a county of Scotland", "Elsing, Aberdeenshire", 1, "ab12", "kw1"},
		{"a county of Ireland", "Elsing, Co. Antrim", 1, "bt1", "nr20"},
		{"a county alone is a place", "Norfolk", 1, "", "nr20"},
		{"nothing", "", 0, "", "nr20"},
	} {
		var ts Tokens
		ts.Scan(c.text)
		from, areas := County(&ts)
		if from != c.from {
			t.Errorf("%s: %q ends at token %d, want %d", c.name, c.text, from, c.from)
		}
		if c.in != "" && !areas.Has(c.in) || areas.Has(c.out) {
			t.Errorf("%s: areas %v; want %q in them and %q not", c.name, areas, c.in, c.out)
		}
	}
}

func TestIsOrdinal(t *testing.T) {
	for word, want := range map[string]bool{"63rd": true, "1st": true, "22nd": true, "5th": true, "14a": false, "63": false, "th": false, "rd": false, "": false} {
		if got := IsOrdinal(word); got != want {
			t.Errorf("%q: %t, want %t", word, got, want)
		}
	}
}

func TestStandsFor(t *testing.T) {
	for _, c := range []struct {
		name string
		i    int
		want string
	}{
		{"mill st", 1, "street"},
		{"st andrews close", 0, "st"},
		{"mill st north", 1, "street"},
		{"mill st north", 0, "mill"},
	} {
		if got := StandsFor(strings.Fields(c.name), c.i); got != c.want {
			t.Errorf("word %d of %q stands for %q, want %q", c.i, c.name, got, c.want)
		}
	}
}

func TestEndsInStreetType(t *testing.T) {
	for name, want := range map[string]bool{"Mill Street": true, "Larch Rd": true, "Dereham": false, "": false} {
		if got := EndsInStreetType(name); got != want {
			t.Errorf("%q ends in a street type: %t, want %t", name, got, want)
		}
	}
}

func TestIncodes(t *testing.T) {
	for _, text := range []string{"1AA", "9ZZ", "0AB"} {
		n, ok := IncodeNumber(strings.ToLower(text))
		if !ok || IncodeText(n) != text {
			t.Errorf("%s is number %d, %t, which is %s", text, n, ok, IncodeText(n))
		}
	}
	if _, ok := IncodeNumber("1ac"); ok {
		t.Error("no incode has a C")
	}
}

func TestFoldBeyondASCII(t *testing.T) {
	for text, want := range map[string]string{"Straße": "strasse", "Ærø": "aero", "Łódź": "lodz", "Œuvre": "oeuvre", "Þing": "thing", "Café": "cafe"} {
		if got := Fold(text); got != want {
			t.Errorf("%q folds to %q, want %q", text, got, want)
		}
	}
}
