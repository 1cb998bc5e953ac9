package bulletin

import (
	"math"
	"testing"
)

func TestNameKey(t *testing.T) {
	for name, want := range map[string]string{
		"King's Lynn":         "kings lynn",
		"KING’S LYNN":         "kings lynn",
		"Saint Albans":        "st albans",
		"St. Albans":          "st albans",
		"Tākaka":              "takaka",
		"Ynys Môn":            "ynys mon",
		"Burton-on-the-Wolds": "burton on the wolds",
		"  Stow  Bedon, ":     "stow bedon",
		"":                    "",
	} {
		if got := NameKey(name); got != want {
			t.Errorf("%q has the key %q, want %q", name, got, want)
		}
	}
}

func TestAtlas(t *testing.T) {
	for _, c := range []struct {
		name                      string
		settlement, region, short bool
	}{
		{"Whitby", true, false, false},
		{"Kerry", true, true, false}, // a village of Powys, a county of Ireland
		{"Somerset", false, true, false},
		{"Nova Scotia", false, true, false},
		{"Dereham", true, false, true},
		{"Gorleston", true, false, true},
		{"Window", false, false, false},
		{"Rural", false, false, false},
	} {
		if k := atlas()[NameKey(c.name)]; k.settlement != c.settlement || k.region != c.region || k.short != c.short {
			t.Errorf("%s: settlement %t, region %t, short %t", c.name, k.settlement, k.region, k.short)
		}
	}
	if n := len(atlas()); n < 23000 {
		t.Errorf("the atlas has %d names", n)
	}
}

// By the map Whitby and Scarborough are 27 km apart, Whitby and Penzance 580.
func TestApart(t *testing.T) {
	at := func(name string) known { return atlas()[NameKey(name)] }
	for _, c := range []struct {
		a, b        string
		least, most float64
	}{
		{"Whitby", "Scarborough", 15, 40},
		{"Whitby", "Penzance", 560, 600},
		{"Whitby", "Whitby", 0, 0},
	} {
		if got := at(c.a).apart(at(c.b)); got < c.least || got > c.most {
			t.Errorf("%s and %s are %.0f km apart", c.a, c.b, got)
		}
	}
	if got := at("Whitby").apart(at("Window")); !math.IsInf(got, 1) {
		t.Errorf("a name that the atlas knows not is %.0f km away", got)
	}
}
