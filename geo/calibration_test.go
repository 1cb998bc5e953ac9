package geo

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestCalibration asks an index that lacks one street in 25 about all streets,
// and compares the confidence of the street-level answers with how many are
// right.
func TestCalibration(t *testing.T) {
	maker, entries := newNoiseMaker(slices.Collect(norfolkEntries(t)), 7)
	x, err := NewIndex(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	type band struct {
		n, right int
		sum      float64
	}
	var bands, placeBands [11]band
	type tally struct{ n, right, wrong, ambiguous int }
	kinds := map[string]*tally{}
	show := os.Getenv("SHOW")
	for range 20_000 {
		q := maker.make()
		m := x.Match(q.text, Context{})
		k := kinds[q.kind]
		if k == nil {
			k = &tally{}
			kinds[q.kind] = k
		}
		k.n++
		right := q.right(m)
		switch {
		case right:
			k.right++
		case m.Level >= LevelStreet:
			k.wrong++
		case m.Level == LevelAmbiguous:
			k.ambiguous++
		}
		if !right && (show == "all" || show == q.kind || show == "wrong" && m.Level >= LevelStreet) {
			fmt.Printf("%s: %q %v -> %s %q %q %v %.3f %v\n", q.kind, q.text, len(q.points), m.Level, m.Name, m.Locality, m.Point, m.Confidence, m.Corrections)
		}
		into := &bands
		if m.Level < LevelStreet {
			if m.Level < LevelPlace {
				continue
			}
			into = &placeBands
		}
		b := &into[min(int(m.Confidence*20)-9, 10)*b2i(m.Confidence >= 0.5)]
		b.n++
		b.sum += m.Confidence
		if right {
			b.right++
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		k := kinds[kind]
		t.Logf("%-18s %5d right %6.2f %% wrong %5.2f %% ambiguous %5.2f %%", kind, k.n, 100*float64(k.right)/float64(k.n), 100*float64(k.wrong)/float64(k.n), 100*float64(k.ambiguous)/float64(k.n))
	}
	for _, bb := range [][11]band{bands, placeBands} {
		t.Log(strings.Repeat("-", 20))
		for i, b := range bb {
			if b.n > 0 {
				t.Logf("band %d: %5d queries, stated %.3f, right %.3f", i, b.n, b.sum/float64(b.n), float64(b.right)/float64(b.n))
			}
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
