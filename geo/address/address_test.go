package address

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseAddress(t *testing.T) {
	tests := []struct {
		text string
		want Address
	}{
		{"Back Lane, Litcham", Address{Streets: []string{"Back Lane"}, Locality: "Litcham"}},
		{"Prince of Wales Road, Norwich", Address{Streets: []string{"Prince of Wales Road"}, Locality: "Norwich"}},
		{"Andrews Close, Holme Hale", Address{Streets: []string{"Andrews Close"}, Locality: "Holme Hale"}},
		{"king street neatishead", Address{Streets: []string{"king street"}, Locality: "neatishead"}},
		{"37 Pound Lane, Heacham", Address{Number: "37", Streets: []string{"Pound Lane"}, Locality: "Heacham"}},
		{"outside the shop on Mill Road, Hardwick, Norfolk", Address{Qualifier: "outside the shop on", Streets: []string{"Mill Road"}, Locality: "Hardwick", County: "Norfolk"}},
		{"the area of Caister Road in West End", Address{Qualifier: "the area of", Streets: []string{"Caister Road"}, Locality: "West End"}},
		{"Pound Lane, PE31", Address{Streets: []string{"Pound Lane"}, Outcode: "PE31"}},
		{"Flat 2, 14a High Street, Dereham, NR19 1AA", Address{Flat: "Flat 2", Number: "14a", Streets: []string{"High Street"}, Locality: "Dereham", Postcode: "NR19 1AA", Outcode: "NR19"}},
		{"Rose Cottage, Mill Street, Elsing", Address{Building: "Rose Cottage", Streets: []string{"Mill Street"}, Locality: "Elsing"}},
		{"Church St Southrepps", Address{Streets: []string{"Church St"}, Locality: "Southrepps"}},
		{"Yarmouth Road, Thorpe St Andrew", Address{Streets: []string{"Yarmouth Road"}, Locality: "Thorpe St Andrew"}},
		{"The Paddocks", Address{Streets: []string{"The Paddocks"}}},
		{"Dereham", Address{Locality: "Dereham"}},
		{"near Dereham", Address{Qualifier: "near", Locality: "Dereham"}},
		{"", Address{}},
		{"junction of Chapel Field and New Road, Reedham", Address{Qualifier: "junction of", Streets: []string{"Chapel Field", "New Road"}, Locality: "Reedham"}},
		{"Goulburn Road / Gunn Road, Sprowston", Address{Streets: []string{"Goulburn Road", "Gunn Road"}, Locality: "Sprowston"}},
		{"Barrett Road at the junction with Coke Road, Trowse", Address{Streets: []string{"Barrett Road", "Coke Road"}, Locality: "Trowse"}},
		{"Greggs - High Street - Dereham", Address{Building: "Greggs", Streets: []string{"High Street"}, Locality: "Dereham"}},
		{"Mill Street – Elsing", Address{Streets: []string{"Mill Street"}, Locality: "Elsing"}},
		{"12-16 High Street", Address{Number: "12-16", Streets: []string{"High Street"}}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got := Parse(tt.text)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff(got, Parse(got.String())); diff != "" {
				t.Errorf("%q: -first +second:\n%s", got.String(), diff)
			}
		})
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, s := range []string{"Andrews Close, Holme Hale", "Flat 2, 14a High Street, Dereham, NR19 1AA", "junction of A Road and B Road, C", "near", "12", "NR19 1", "a/b", "&&", "St St St", "é́\xff,,(", "1.5 x", "A B / C, D (E) F"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a := Parse(text)
		if diff := cmp.Diff(a, Parse(a.String())); diff != "" {
			t.Errorf("%q -> %q: -first +second:\n%s", text, a.String(), diff)
		}
		if n := Normalise(text); Normalise(n) != n {
			t.Errorf("Normalise(%q) = %q is not idempotent", text, n)
		}
	})
}
