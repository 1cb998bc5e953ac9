package bulletin

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPlaces(t *testing.T) {
	tests := []struct{ text, want string }{
		{"in Mill Street, Elsing, a man", "Mill Street, Elsing"},
		{"at 14a Mill Street in Elsing", "14a Mill Street, Elsing"},
		{"on the Norwich Road in the village of Hockering", "Norwich Road, Hockering"},
		{"in the Norwich Road area of Dereham", "Norwich Road, Dereham"},
		{"a house off Church Hill, near Swaffham", "off Church Hill, Swaffham"},
		{"in Mill Street and Norwich Road, Dereham", "Mill Street; Norwich Road, Dereham"},
		{"in St Peter's Road, King's Lynn", "St Peter's Road, King's Lynn"},
		{"in St. Andrew’s Close, Holme Hale", "St. Andrew’s Close, Holme Hale"},
		{"on High St, Watton", "High St, Watton"},
		{"in The Street, Hockering", "The Street, Hockering"},
		{"on the A47 at Necton", "A47, Necton"},
		{"the junction of Dereham Road and Grapes Hill in Norwich", "junction of Dereham Road and Grapes Hill, Norwich"},
		{"in Neville Close (NR19 2TD)", "Neville Close, NR19 2TD"},
		{"in Wells-next-the-Sea and Stoke-by-Nayland", "Wells-next-the-Sea; Stoke-by-Nayland"},
		{"in Dereham, Swaffham and Watton", "Dereham; Swaffham; Watton"},
		{"in Newton by Castle Acre", "Newton by Castle Acre"},
		{"in March Road, Wimblington", "March Road, Wimblington"},
		{"in Prince of Wales Road, Norwich", "Prince of Wales Road, Norwich"},
		{"in Mill Lane, Spooner Row", "Mill Lane, Spooner Row"},
		{"in mill lane, Horsford", "mill lane, Horsford"},
		{"in Seymour Road, Burton on the Wolds", "Seymour Road, Burton on the Wolds"},
		{"in the Village of Bayfield a shop", "Bayfield"},
		{"in Main Street, Camden, Maine", "Main Street, Camden, Maine"},
		{"said Norfolk Police", ""},
		{"at Norwich Crown Court", ""},
		{"in December", ""},
		{"on Facebook", ""},
		{"in Norfolk", ""},
		{"Ditto, 0910 hrs", ""},
		{"Suspects, 0910 hrs", ""},
		{"Your Bank will never ask", ""},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			r := readText(t.Context(), tt.text, noNames{})
			var got []string
			for i := range r.elements {
				if p := r.elements[i].p; p != nil {
					got = append(got, p.text())
				}
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
