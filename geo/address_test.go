package geo

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseAddress(t *testing.T) {
	tests := []struct {
		text string
		want Address
	}{
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
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			got := ParseAddress(tt.text)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
			if diff := cmp.Diff(got, ParseAddress(got.String())); diff != "" {
				t.Errorf("%q: -first +second:\n%s", got.String(), diff)
			}
		})
	}
}
