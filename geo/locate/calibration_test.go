package locate

import (
	"maps"
	"math"
	"slices"
	"testing"

	"spreewatch/geo"
	"spreewatch/geo/index"
)

// TestCalibration asks an index that lacks one street in 25 about all streets,
// and compares the confidence of the street-level answers with how many are
// right.
func TestCalibration(t *testing.T) {
	maker, entries := newNoiseMaker(slices.Collect(norfolkEntries(t)), 7)
	x, err := index.New(slices.Values(entries))
	if err != nil {
		t.Fatal(err)
	}
	type band struct {
		n, right int
		sum      float64
	}
	var bands [10]band
	type tally struct{ n, right, wrong, ambiguous int }
	kinds := map[string]*tally{}
	l := New(x)
	for range 40_000 {
		q := maker.make()
		m := l.Match(q.text, Context{})
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
		case m.Level >= geo.LevelStreet:
			k.wrong++
		case m.Level == geo.LevelAmbiguous:
			k.ambiguous++
		}
		if m.Level < geo.LevelStreet {
			continue
		}
		b := &bands[min(int(m.Confidence*10), 9)]
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
	for i, b := range bands {
		if b.n == 0 {
			continue
		}
		stated, actual := b.sum/float64(b.n), float64(b.right)/float64(b.n)
		t.Logf("confidence %.1f to %.1f: %5d answers, stated %.3f, right %.3f", float64(i)/10, float64(i+1)/10, b.n, stated, actual)
		if b.n >= 50 && math.Abs(stated-actual) > 0.05 {
			t.Errorf("confidence %.1f to %.1f: stated %.3f, right %.3f of %d", float64(i)/10, float64(i+1)/10, stated, actual, b.n)
		}
	}
}
