package scan

import (
	"context"
	"encoding"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"
)

// inParts scans by parts, each of which travels, and puts together what they find in
// some order, some of it twice.
func inParts(t *testing.T, rng *rand.Rand, cases []Case, o Options, cut func(f *Frame) [][]int) Result {
	t.Helper()
	f, err := NewFrame(t.Context(), cases, o)
	if err != nil {
		t.Fatal(err)
	}
	parts := cut(f)
	var found []Found
	for number, centres := range parts {
		var part Part
		travel(t, f.Part(number, centres), &part)
		for first := 0; first == 0 || first < o.Replicates; {
			count := min(o.Replicates-first, 1+rng.IntN(o.Replicates+1))
			one, err := part.Search(t.Context(), first, count, 1+rng.IntN(2))
			if err != nil {
				t.Fatal(err)
			}
			var got Found
			travel(t, one, &got)
			found = append(found, got)
			if first += count; count == 0 {
				break
			}
		}
	}
	for range 2 {
		found = append(found, found[rng.IntN(len(found))])
	}
	rng.Shuffle(len(found), func(i, j int) { found[i], found[j] = found[j], found[i] })
	var all Found
	for _, one := range found {
		all = all.With(one)
	}
	res, err := f.Result(all, len(parts))
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// travel writes and reads again.
func travel(t *testing.T, v encoding.BinaryMarshaler, to encoding.BinaryUnmarshaler) {
	t.Helper()
	b, err := v.MarshalBinary()
	if err == nil {
		err = to.UnmarshalBinary(b)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// sameResult wants the same, to the bit.
func sameResult(t *testing.T, want, got Result) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-whole +parts):\n%s", diff)
	}
}

// randomly shares the centres out, with no regard to where they are.
func randomly(rng *rand.Rand, parts int) func(f *Frame) [][]int {
	return func(f *Frame) [][]int {
		out := make([][]int, parts)
		for i := range f.Centres() {
			k := rng.IntN(parts)
			out[k] = append(out[k], i)
		}
		return out
	}
}

// However the centres are cut, and in whatever order and how often what is found comes,
// the parts say what the whole says.
func TestParts(t *testing.T) {
	methods := append(slices.Clone(settings),
		setting{"gumbel", func(o *Options) { o.PMethod, o.Replicates = Gumbel, 19 }},
		setting{"sequential", func(o *Options) { o.PMethod, o.Replicates, o.StopAfter = Sequential, 60, 3 }},
		setting{"no replicate", func(o *Options) { o.Replicates = 0 }},
		setting{"any distance", func(o *Options) { o.MaxRadiusM = 1e12; o.MaxShare = .3 }},
	)
	for _, s := range methods {
		for _, intervals := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, intervals %v", s.name, intervals), func(t *testing.T) {
				for seed := range uint64(5) {
					rng := rand.New(rand.NewPCG(seed, 7))
					o := DefaultOptions()
					o.MaxRadiusM, o.MaxWindow, o.Replicates, o.Seed = 2500, 4*24*time.Hour, 9, seed
					s.set(&o)
					cases := randomCases(rng, 5+rng.IntN(60), 6+rng.IntN(6), intervals)
					want, err := Run(cases, o)
					if err != nil {
						t.Fatal(err)
					}
					for _, parts := range []int{1, 2, 7} {
						sameResult(t, want, inParts(t, rng, cases, o, randomly(rng, parts)))
					}
				}
			})
		}
	}
}

// country invents cases over two degrees, many about nine towns.
func country(rng *rand.Rand, n int) []Case {
	start := time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)
	cases := make([]Case, n)
	for i := range cases {
		p := orb.Point{-1 + 3*rng.Float64(), 52 + 2*rng.Float64()}
		if rng.IntN(2) == 0 {
			town := rng.IntN(9)
			p = orb.Point{-.5 + float64(town%3) + rng.NormFloat64()*.05, 52.4 + .6*float64(town/3) + rng.NormFloat64()*.03}
		}
		cases[i] = Case{ID: fmt.Sprint("c", i), Point: p, From: start.Add(time.Duration(rng.IntN(60*24*60)) * time.Minute)}
	}
	return cases
}

// Cut by cells, parts of a country are alike, hold less than all of it, and say what the
// whole says.
func TestCut(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	cases := country(rng, 4000)
	o := DefaultOptions()
	o.Replicates = 49
	want, err := Run(cases, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, parts := range []int{1, 2, 7} {
		sameResult(t, want, inParts(t, rng, cases, o, func(f *Frame) [][]int { return f.Cut(parts) }))
	}
	f, err := NewFrame(t.Context(), cases, o)
	if err != nil {
		t.Fatal(err)
	}
	seen, most, all := make(map[int]int), 0.0, 0.0
	for number, centres := range f.Cut(7) {
		work := 0.0
		for _, c := range centres {
			seen[c]++
			work += f.work(f.p.centres[c])
		}
		most, all = max(most, work), all+work
		if places := len(f.Part(number, centres).w.Place); places == 0 || places > 2500 {
			t.Errorf("part %d of 7 holds %d of %d places", number, places, len(f.p.places))
		}
	}
	for i := range f.Centres() {
		if seen[i] != 1 {
			t.Fatalf("centre %d is in %d parts", i, seen[i])
		}
	}
	if len(seen) != len(f.Centres()) || most > all/2 {
		t.Errorf("one part of 7 has %.0f of %.0f to look at", most, all)
	}
}

func TestPartsOfNothing(t *testing.T) {
	o := DefaultOptions()
	o.Replicates = 3
	rng := rand.New(rand.NewPCG(1, 1))
	one := []Case{{ID: "a", Point: orb.Point{1, 52}, From: time.Date(2024, 3, 1, 0, 0, 0, 0, time.UTC)}}
	for _, cases := range [][]Case{nil, one} {
		want, err := Run(cases, o)
		if err != nil {
			t.Fatal(err)
		}
		sameResult(t, want, inParts(t, rng, cases, o, func(f *Frame) [][]int { return f.Cut(2) }))
	}
}

// What is not all there is refused.
func TestPartsMissing(t *testing.T) {
	cases := randomCases(rand.New(rand.NewPCG(2, 2)), 40, 9, false)
	o := DefaultOptions()
	o.Replicates = 8
	f, err := NewFrame(t.Context(), cases, o)
	if err != nil {
		t.Fatal(err)
	}
	cut := f.Cut(2)
	search := func(part, first, count int) Found {
		found, err := f.Part(part, cut[part]).Search(t.Context(), first, count, 1)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	whole := search(0, 0, 8)
	for name, found := range map[string]Found{
		"nothing":               {},
		"a part":                whole,
		"the last replicates":   whole.With(search(1, 0, 7)),
		"the first":             whole.With(search(1, 1, 7)),
		"one in the middle":     whole.With(search(1, 0, 3)).With(search(1, 4, 4)),
		"no part of this frame": whole.With(search(1, 0, 8)).With(Found{Searched: []Span{{2, 0, 8}}}),
	} {
		if _, err := f.Result(found, 2); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := f.Result(whole.With(search(1, 0, 5)).With(search(1, 3, 5)), 2); err != nil {
		t.Errorf("spans that overlap: %v", err)
	}
	stopped, stop := context.WithCancel(context.Background())
	stop()
	if _, err := f.Part(0, cut[0]).Search(stopped, 0, 8, 1); err == nil {
		t.Error("a search whose context is done has no error")
	}
}

// Whatever the bytes, a part is read or refused, and one that is read can be searched.
func FuzzPart(f *testing.F) {
	cases := randomCases(rand.New(rand.NewPCG(2, 2)), 12, 9, true)
	for _, adjust := range []Adjustment{AdjustNone, AdjustWeekday} {
		o := DefaultOptions()
		o.Replicates, o.Adjust = 2, adjust
		frame, err := NewFrame(context.Background(), cases, o)
		if err != nil {
			f.Fatal(err)
		}
		b, err := frame.Part(0, []int{0, 1}).MarshalBinary()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var p Part
		if p.UnmarshalBinary(b) == nil && p.w.Cases < 1000 && p.w.Steps < 1000 {
			if _, err := p.Search(t.Context(), 0, 1, 1); err != nil {
				t.Error(err)
			}
		}
		var found Found
		_ = found.UnmarshalBinary(b)
	})
}
