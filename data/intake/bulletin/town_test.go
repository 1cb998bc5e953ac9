package bulletin

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var learnTowns = flag.Bool("learn-towns", false, "learn who lends a settlement to a street and write the weights")

// A lent street is one that takes its settlement from elsewhere in an invented text, with
// what may lend it one.
type lent struct {
	set, text, street string
	want              []string // keys of the settlements that are right
	lenders           []lender
}

// right reports whether a lender names a settlement that is right.
func (l *lent) right(i int) bool { return slices.Contains(l.want, NameKey(l.lenders[i].m.name)) }

// readLent reads the streets of the texts of testdata/truth and testdata/towns that name
// no settlement.
func readLent(t *testing.T) []lent {
	t.Helper()
	var out []lent
	for _, path := range filesOf(t, "testdata/truth/*/*.json", "testdata/towns/*/*.json") {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var want struct {
			Published string
			Incidents []struct {
				Street, Locality string
				StreetAlso       []string `json:"street_also"`
				LocalityAlso     []string `json:"locality_also"`
			}
		}
		if err := json.Unmarshal(raw, &want); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(strings.TrimSuffix(path, ".json") + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		towns := map[string][]string{}
		for _, e := range want.Incidents {
			for _, s := range append(e.StreetAlso, e.Street) {
				for _, l := range append(e.LocalityAlso, e.Locality) {
					if k := NameKey(s); s != "" && l != "" && !slices.Contains(towns[k], NameKey(l)) {
						towns[k] = append(towns[k], NameKey(l))
					}
				}
			}
		}
		o := settings(t)
		o.Names = noNames{}
		o.Received, _ = time.Parse("2006-01-02", want.Published)
		r := readText(t.Context(), string(text), o.Names)
		r.readCustoms()
		cal := r.readCalendar(o)
		r.misfits(cal)
		_, index, _, events := r.incidents(t.Context(), cal, o.Names)
		ms := r.mentions()
		for k := range events {
			e := &events[k]
			right := towns[NameKey(e.p.named())]
			if e.p.street == "" || e.p.town() != "" || right == nil {
				continue
			}
			out = append(out, lent{set: filepath.Base(filepath.Dir(path)), text: path, street: e.p.named(), want: right, lenders: r.lenders(ms, e, &r.elements[index[e.element]], o.Names)})
		}
	}
	return out
}

// trainTowns fits the weights by which a street takes a settlement: the chance of the
// names that are right, over all that may lend one and none, is made most likely
// (AdaGrad, Duchi, Hazan & Singer 2011, with a ridge), over the features that two texts
// have.
func trainTowns(examples []lent) map[string]float64 {
	texts := map[string]map[string]bool{}
	for _, e := range examples {
		for _, l := range e.lenders {
			for _, f := range l.features {
				if texts[f] == nil {
					texts[f] = map[string]bool{}
				}
				texts[f][e.text] = true
			}
		}
	}
	weights, steps := map[string]float64{}, map[string]float64{}
	const epochs, rate, ridge = 40, 0.15, 3e-3
	for epoch := range epochs {
		for n := range examples {
			e := &examples[(n*7919+epoch*31)%len(examples)]
			grad := map[string]float64{}
			total, right := 1.0, 0.0
			for i := range e.lenders {
				x := math.Exp(min(30, e.lenders[i].score(weights)))
				total += x
				if e.right(i) {
					right += x
				}
			}
			if right == 0 {
				right = 1 // none
			}
			for i := range e.lenders {
				x := math.Exp(min(30, e.lenders[i].score(weights)))
				g := x / total
				if e.right(i) {
					g -= x / right
				}
				for _, f := range e.lenders[i].features {
					if len(texts[f]) > 1 {
						grad[f] += g
					}
				}
			}
			for _, f := range slices.Sorted(maps.Keys(grad)) {
				g := grad[f] + ridge*weights[f]
				steps[f] += g * g
				weights[f] -= rate * g / (1e-6 + math.Sqrt(steps[f]))
			}
		}
	}
	return weights
}

// givenWrong counts the streets that are given another settlement than is right.
func givenWrong(t *testing.T, weights map[string]float64, examples []lent) (wrong int) {
	for i := range examples {
		e := &examples[i]
		name, _ := best(e.lenders, weights)
		if slices.Contains(e.want, NameKey(name)) {
			continue
		}
		wrong++
		among := slices.ContainsFunc(e.lenders, func(l lender) bool { return slices.Contains(e.want, NameKey(l.m.name)) })
		t.Logf("%s: %s is given %q, want %q (among them: %v)", e.text, e.street, name, e.want, among)
	}
	return wrong
}

// The table gives the streets that it was learnt from the settlements that are right.
func TestTowns(t *testing.T) {
	examples := readLent(t)
	if wrong := givenWrong(t, townWeights(), examples); wrong*40 > len(examples) || len(examples) < 900 {
		t.Errorf("%d of %d streets are given another settlement", wrong, len(examples))
	}
}

// TestLearnTowns writes the weights, and says how well each set of texts is told by what
// is learnt from the others.
func TestLearnTowns(t *testing.T) {
	if !*learnTowns {
		t.Skip("learns with -learn-towns")
	}
	examples := readLent(t)
	sets := map[string]bool{}
	for _, e := range examples {
		sets[e.set] = true
	}
	sum := 0
	for _, set := range slices.Sorted(maps.Keys(sets)) {
		var rest, own []lent
		for _, e := range examples {
			if e.set == set {
				own = append(own, e)
			} else {
				rest = append(rest, e)
			}
		}
		wrong := givenWrong(t, trainTowns(rest), own)
		t.Logf("left out %s: %d of %d given another settlement", set, wrong, len(own))
		sum += wrong
	}
	t.Logf("left out, all: %d of %d given another settlement", sum, len(examples))
	weights := trainTowns(examples)
	t.Logf("of those learnt from: %d", givenWrong(t, weights, examples))
	var b bytes.Buffer
	for _, f := range slices.Sorted(maps.Keys(weights)) {
		if n := math.Round(100 * weights[f]); math.Abs(n) >= 5 {
			fmt.Fprintf(&b, "%s\t%.0f\n", f, n)
		}
	}
	if err := os.WriteFile("towns.tsv", b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
