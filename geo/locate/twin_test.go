package locate

import (
	"slices"
	"testing"

	"spreewatch/geo/index"
	"spreewatch/geo/nation"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// What a query leaves out changes no answer: a text whose streets are not weighed
// is unsure once they are, and what is kept from one pass to the next is what would
// be read afresh.
func TestShortCutsAreTrue(t *testing.T) {
	maker, entries := newNoiseMaker(slices.Collect(nation.Entries(nation.Options{Places: 9000, Streets: 12000, Postcodes: 3000, Seed: 3})), 5)
	x, err := index.New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	s := &scratch{x: x}
	skipped, kept := 0, 0
	for _, text := range noisyTexts(maker, 3000) {
		s.read(text)
		s.exactHits()
		slices.SortFunc(s.wayHits, compareHits)
		promise := s.findPromising()
		s.weighAll()
		if !promise {
			skipped++
			if !s.unsure() {
				t.Errorf("%q is passed over and would be sure of %d streets", text, len(s.seen))
			}
		}
		places := len(s.placeHits)
		s.slippedHits()
		s.keepRuns(places)
		before := slices.Clone(s.runCache)
		s.runCache = nil
		for _, r := range before {
			kept++
			s.settle(r)
			fresh := s.runOf(r.from, r.to)
			s.settle(fresh)
			if diff := cmp.Diff(fresh, r, cmp.AllowUnexported(run{}, placeReading{}), cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%q, tokens %d to %d, read afresh (-) and kept (+):\n%s", text, r.from, r.to, diff)
			}
		}
	}
	if skipped < 500 || kept < 1000 {
		t.Errorf("%d texts passed over and %d runs kept: too few to say anything", skipped, kept)
	}
}
