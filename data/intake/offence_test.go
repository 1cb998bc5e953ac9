package intake

import (
	"testing"

	"spreewatch/cluster"
)

func TestNameOffence(t *testing.T) {
	profiles := []cluster.Profile{
		{Offence: "courier-fraud", Words: []string{"courier fraud", "courier"}, Not: []string{"robbed", "theft"}},
		{Offence: "zz-distraction", Codes: []string{"28G"}},
		{Offence: "dwelling-burglary", Words: []string{"burglary", "burgled"}, Codes: []string{"28", "29A"}, Not: []string{"business", "non dwelling", "other than a dwelling", "shed"}},
		{Offence: "robbery", Words: []string{"robbery", "robbed"}, Codes: []string{"34"}},
		{Offence: "vehicle-crime", Words: []string{"theft from vehicle"}, Codes: []string{"45", "48"}},
	}
	own := map[string]string{"Cat A": "robbery", "Burglary - Garage": "none"}
	for _, c := range []struct{ name, text, want string }{
		{"the profile's name", "Dwelling Burglary", "dwelling-burglary"},
		{"its words", "Burglary - Residential", "dwelling-burglary"},
		{"words against it", "Burglary - Business and Community", ""},
		{"a phrase against it, with a hyphen", "Non-dwelling burglary", ""},
		{"two profiles, one denied", "Courier delivery driver robbed", "robbery"},
		{"a class with its letter", "28E Burglary Residential", "dwelling-burglary"},
		{"a class that another profile names by its letter", "28G", "zz-distraction"},
		{"a class of another letter", "29B Aggravated burglary elsewhere, business", ""},
		{"class and subclass", "045/10 Theft from", "vehicle-crime"},
		{"a class alone", "34B", "robbery"},
		{"a number that is no class", "4590 J ST", ""},
		{"a code that is of no profile", "105A", ""},
		{"the source's map", "CAT A", "robbery"},
		{"the source's map says none", "burglary, garage", ""},
		{"nothing known", "Stalking", ""},
		{"nothing", "", ""},
	} {
		if got := NameOffence(c.text, profiles, own); got != c.want {
			t.Errorf("%s: %q is %q, want %q", c.name, c.text, got, c.want)
		}
	}
}
