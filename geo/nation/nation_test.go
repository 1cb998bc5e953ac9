package nation

import (
	"slices"
	"testing"

	"spreewatch/geo/index"

	"github.com/google/go-cmp/cmp"
)

func TestEntries(t *testing.T) {
	o := County()
	entries := slices.Collect(Entries(o))
	if diff := cmp.Diff(entries, slices.Collect(Entries(o))); diff != "" {
		t.Errorf("two runs differ:\n%.500s", diff)
	}
	kinds, ids := map[index.Kind]int{}, map[string]bool{}
	names := map[index.Kind]map[string]int{index.KindPlace: {}, index.KindStreet: {}, index.KindPostcode: {}}
	for _, e := range entries {
		if err := e.Check(); err != nil {
			t.Fatalf("%s: %v", e.ID, err)
		}
		if ids[e.ID] {
			t.Fatalf("ID %s twice", e.ID)
		}
		ids[e.ID] = true
		kinds[e.Kind]++
		names[e.Kind][e.Name]++
	}
	want := map[index.Kind]int{index.KindPlace: o.Places, index.KindStreet: o.Streets, index.KindPostcode: o.Postcodes}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
	if n := len(names[index.KindPostcode]); n != o.Postcodes {
		t.Errorf("%d different postcodes of %d", n, o.Postcodes)
	}
	if n := names[index.KindStreet]["High Street"]; n < o.Streets/800 || n > o.Streets/40 {
		t.Errorf("%d High Streets of %d streets", n, o.Streets)
	}
}

func TestValidate(t *testing.T) {
	for _, o := range []Options{{}, {Places: 1, Streets: -1}, {Places: 1, Postcodes: maxPostcodes + 1}} {
		if o.Validate() == nil {
			t.Errorf("%+v is allowed", o)
		}
	}
	if err := GB().Validate(); err != nil {
		t.Error(err)
	}
	most := Options{Places: 10, Postcodes: 500_000}
	seen := map[string]bool{}
	for e := range Entries(most) {
		if e.Kind == index.KindPostcode && seen[e.Name] {
			t.Fatalf("%s twice", e.Name)
		}
		seen[e.Name] = true
	}
}

func BenchmarkEntries(b *testing.B) {
	for range b.N {
		for range Entries(County()) {
		}
	}
}
