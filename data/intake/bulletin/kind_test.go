package bulletin

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"spreewatch/geo"
)

var learn = flag.Bool("learn", false, "learn the weights of the kinds of sentences and write them")

// kindNames are the kinds in testdata/sentences.tsv, in the order of kinds.
var kindNames = strings.Fields("ok way patrol other court event present signed figures nothing appeal advice before")

// A labelled sentence is the features of one, its kind and the set of texts it is of.
type labelled struct {
	set, text string
	kind      int
	features  []string
}

// filesOf returns the files of each pattern, of which each has some.
func filesOf(t *testing.T, patterns ...string) (paths []string) {
	t.Helper()
	for _, pattern := range patterns {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(found), err)
		}
		paths = append(paths, found...)
	}
	return paths
}

// readLabelled reads the sentences of testdata/sentences.tsv, which stand there with the
// set of truth texts that they are from, "-" for one written by itself, with its topic
// behind that ("-animals") where all of a topic was written together, and of the other
// sentences of those texts those that name the street of an incident, or a time and no
// street, which are accounts; of the texts of testdata/towns the former alone.
func readLabelled(t *testing.T) []labelled {
	t.Helper()
	raw, err := os.ReadFile("testdata/sentences.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out []labelled
	told := map[string]int{}
	for line := range strings.Lines(string(raw)) {
		cells := strings.SplitN(strings.TrimSpace(line), "\t", 3)
		kind := slices.Index(kindNames, cells[1])
		if len(cells) != 3 || kind < 0 {
			t.Fatalf("%q", line)
		}
		if !strings.HasPrefix(cells[0], "-") {
			told[cells[2]] = kind
			continue
		}
		for _, lead := range []string{"", "1130 hrs - "} { // in prose and in a log
			r := readText(t.Context(), lead+cells[2]+"\n", noNames{})
			for i := range r.clauses {
				c := &r.clauses[i]
				features := c.features(r.blocks[c.block].tokens, r.of(i))
				if len(r.clauses) == 1 || slices.ContainsFunc(features, plain) { // not "2210 Low Road." before what was there
					out = append(out, labelled{cells[0], cells[2], kind, features})
				}
			}
		}
	}
	for _, path := range filesOf(t, "testdata/*.txt", "testdata/truth/*/*.txt", "testdata/towns/*/*.txt") {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		streets := streetsOf(t, path)
		towns := strings.Contains(path, "/towns/") // not all of the text is labelled
		r := readText(t.Context(), string(raw), noNames{})
		for i := range r.clauses {
			c := &r.clauses[i]
			tokens := r.blocks[c.block].tokens
			if c.start >= c.end {
				continue
			}
			text := strings.Join(strings.Fields(string(raw)[tokens[c.start].Pos:tokens[c.end-1].End]), " ")
			kind, known := told[text]
			es := r.of(i)
			if streets != nil && (towns || !known && slices.ContainsFunc(es, func(e element) bool { return e.onStreet() })) &&
				!slices.ContainsFunc(streets, func(s string) bool { return strings.Contains(text, s) }) {
				continue
			}
			if known || len(es) > 0 && c.aside != asideSpeech {
				out = append(out, labelled{filepath.Base(filepath.Dir(path)), text, kind, c.features(tokens, es)})
			}
		}
	}
	return out
}

// plain reports whether a feature is a word.
func plain(f string) bool { return f[0] >= 'a' && f[0] <= 'z' && !strings.Contains(f, " ") }

// onStreet reports whether an element is a street.
func (e *element) onStreet() bool { return e.p != nil && e.p.street != "" }

// streetsOf returns the streets of the incidents of a text, nil for one that says none.
func streetsOf(t *testing.T, path string) []string {
	t.Helper()
	raw, err := os.ReadFile(strings.TrimSuffix(path, ".txt") + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var truth struct{ Incidents []struct{ Street string } }
	if err := json.Unmarshal(raw, &truth); err != nil {
		t.Fatal(err)
	}
	streets := []string{}
	for _, e := range truth.Incidents {
		if e.Street != "" {
			streets = append(streets, e.Street)
		}
	}
	return streets
}

// of returns the elements of a clause.
func (r *reading) of(clause int) []element {
	i, _ := slices.BinarySearchFunc(r.elements, clause, func(e element, c int) int { return e.clause - c })
	k := i
	for k < len(r.elements) && r.elements[k].clause == clause {
		k++
	}
	return r.elements[i:k]
}

// train fits a multinomial logistic regression by stochastic gradient descent with
// AdaGrad's steps (Duchi, Hazan & Singer 2011) and a ridge, over the features that two
// sentences have. Three tenths of the words and pairs of words are left out each time, so
// that classes of words are learnt beside the words that they hold, and the weights are the
// mean of those of the later epochs: of topics left out that sets a quarter fewer accounts
// aside than a fifth left out and the last weights, and keeps no more of what is none.
func train(examples []labelled, seed uint64) map[string][]float64 {
	count, last := map[string]int{}, map[string]string{}
	for _, e := range examples {
		for _, f := range e.features {
			if last[f] != e.text {
				last[f] = e.text
				count[f]++
			}
		}
	}
	number := map[string]int{}
	var names []string
	var drops []bool // of a feature, whether it is left out at times
	lines := make([][]int, len(examples))
	for n, e := range examples {
		for _, f := range e.features {
			if count[f] < 2 {
				continue
			}
			if _, known := number[f]; !known {
				number[f] = len(names)
				names, drops = append(names, f), append(drops, !strings.ContainsAny(f, "=<"))
			}
			lines[n] = append(lines[n], number[f])
		}
	}
	const epochs, first, rate, ridge, dropped = 30, 15, 0.25, 2e-3, 0.3
	weights, steps, sums := make([]perKind, len(names)), make([]perKind, len(names)), make([]perKind, len(names))
	var features []int
	draw := rand.New(rand.NewPCG(seed, 2))
	for epoch := range epochs {
		for n := range examples {
			at := (n*7919 + epoch*31 + int(seed)*1009) % len(examples)
			features = features[:0]
			for _, f := range lines[at] {
				if !drops[f] || draw.Float64() >= dropped {
					features = append(features, f)
				}
			}
			var p perKind
			for _, f := range features {
				for k, x := range &weights[f] {
					p[k] += x
				}
			}
			p.softmax()
			p[examples[at].kind]--
			for _, f := range features {
				w, s := &weights[f], &steps[f]
				for k := range w {
					g := p[k] + ridge*w[k]
					s[k] += g * g
					w[k] -= rate * g / (1e-6 + math.Sqrt(s[k]))
				}
			}
		}
		for f := range weights {
			for k, x := range &weights[f] {
				if epoch >= first {
					sums[f][k] += x / (epochs - first)
				}
			}
		}
	}
	learnt := make(map[string][]float64, len(names))
	for f, name := range names {
		learnt[name] = sums[f][:]
	}
	return learnt
}

// trainMean is the mean of what several draws learn, so that a sentence more or less moves no
// other by the luck of a draw.
func trainMean(examples []labelled) map[string][]float64 {
	const draws = 5
	mean := map[string][]float64{}
	learnt := make([]map[string][]float64, draws)
	geo.Each(2, draws, func(_, i int) { learnt[i] = train(examples, uint64(i+1)) })
	for _, weights := range learnt {
		for f, w := range weights {
			if mean[f] == nil {
				mean[f] = make([]float64, len(w))
			}
			for k := range w {
				mean[f][k] += w[k] / draws
			}
		}
	}
	return mean
}

// A perKind holds a number for each kind.
type perKind [13]float64

// softmax makes the chance of each kind of what speaks for it.
func (p *perKind) softmax() {
	most, sum := slices.Max(p[:]), 0.0
	for k := range p {
		p[k] = math.Exp(p[k] - most)
		sum += p[k]
	}
	for k := range p {
		p[k] /= sum
	}
}

// confused counts the accounts that are set aside and what is none and is not, of the
// sentences with a place or a time.
func confused(t *testing.T, weights map[string][]float64, examples []labelled) (lost, accounts, kept, asides int) {
	for _, e := range examples {
		var p perKind
		for _, f := range e.features {
			for k, x := range weights[f] {
				p[k] += x
			}
		}
		p.softmax()
		best := slices.Index(p[:], slices.Max(p[:]))
		if math.Log(p[best]/p[0]) <= leastAside {
			best = 0
		}
		if e.kind == 0 {
			accounts++
		} else {
			asides++
		}
		switch {
		case e.kind == 0 && best > 0:
			lost++
			t.Logf("%s: an account is %s %.2f: %s", e.set, kindNames[best], p[best], e.text)
		case e.kind > 0 && best == 0:
			kept++
			t.Logf("%s: %s is an account %.2f: %s", e.set, kindNames[e.kind], p[0], e.text)
		}
	}
	return lost, accounts, kept, asides
}

// leastWeight is the weight under which a feature is left out of the table.
const leastWeight = 0.3

// The table tells the sentences that it was learnt from.
func TestKinds(t *testing.T) {
	wrong, examples := 0, readLabelled(t)
	for _, e := range examples {
		want := kinds[e.kind]
		if got, margin := kindOf(e.features); (margin > leastAside) != (e.kind > 0) || want == asideEvent && got != want {
			wrong++
			t.Logf("%q is %q by %.2f, want %q", e.text, got, margin, want)
		}
	}
	if wrong*100 > len(examples) || len(examples) < 2000 {
		t.Errorf("%d of %d sentences are told wrong", wrong, len(examples))
	}
}

// A record whose offence is none gives no incident, and what is set aside in doubt is
// listed.
func TestSetAsideIsListed(t *testing.T) {
	o := settings(t)
	for text, want := range map[string][2]int{
		"What: Speed checks\nWhere: Brandon Road, Thetford\nWhen: 22 January 2020, 7am to 9am\n":                                                       {0, 1},
		"What: Burglary\nWhere: Brandon Road, Thetford\nWhen: 22 January 2020, 7am to 9am\n":                                                           {1, 0},
		"A dark van was seen in Brandon Road, Swaffham, at 12.45am on 22 January 2020.\n":                                                              {0, 0},
		"On 22 January 2020 two men were seen forcing a window in Brandon Road, Swaffham, at 12.45am.\n":                                               {1, 0},
		"A shed in Brandon Road, Swaffham, was entered at 9am on 22 January 2020.\n\nA pony was stolen in Thirsk.\n":                                   {1, 1},
		"- Brandon Road, Swaffham. Officers spoke to a man, 10am on 19 January 2020.\n- Mill Road, Swaffham. Shed entered, 10am on 18 January 2020.\n": {1, 1},
		"- Recovered: a canoe from reeds below Brandon Road, Swaffham, 21 January 2020.\n- COURT: two men face magistrates in Brandon Road, Swaffham, on 20 January 2020.\n- Stolen: a canoe from a garden in Brandon Road, Swaffham, 9am on 20 January 2020.\n": {1, 0},
		"A shed in Mill Road, Swaffham, was entered at 9am on 22 January 2020.\n\nOfficers are keen to hear from anyone who saw a white Transit being driven in Brandon Road on 21 January 2020.\n":                                                              {1, 1},
		"A shed in Mill Road, Swaffham, was entered at 9am on 22 January 2020.\n\nThere is a police car in Brandon Road now, anyone know why?\n":                                                                                                                 {1, 1},
		"A shed in Mill Road, Swaffham, was entered at 9am on 22 January 2020.\n\nPolice also want to hear from anyone who saw two men trying car doors in Brandon Road at about 4am on 21 January 2020.\n":                                                      {2, 0},
		"The road closure in Brandon Road will be from 8am on 22 January to 5pm on 24 January 2020.\n":                                                                                                                                                           {0, 0},
	} {
		reports, refused := Read(text, o)
		if got := [2]int{len(reports), len(refused)}; got != want {
			t.Errorf("%q: %d reports and lines listed, want %d", text, got, want)
		}
	}
}

// A line of a log or a list is asked as a whole what it tells, a sentence of it that says what
// was done in a street by itself.
func TestEntryIsAskedAsAWhole(t *testing.T) {
	for entry, want := range map[string]int{
		"22:31 NEWPORT ROAD, SWAFFHAM. NOISE FROM PARTY. WORDS OF ADVICE. NO OFFENCES.":                         0,
		"15:05 MILL STREET, SWAFFHAM. FEMALE COLLAPSED. PASSED TO AMBULANCE.":                                   0,
		"0410 BEAR STREET, SWAFFHAM. DEER HIT BY CAR. RSPCA INFORMED.":                                          0,
		"09:30 LONG STREET, SWAFFHAM. THEFT OF A MOWER. NO CRIME, LENT TO A NEIGHBOUR.":                         0,
		"05:55 ASH ROAD, SWAFFHAM. 2 MALES WITH BOLT CROPPERS AT BIKE SHED. AREA SEARCHED NO TRACE.":            1,
		"02:10 KILN STREET, SWAFFHAM. WINDOW OF CHEMIST SMASHED. NO OFFENDERS SEEN. NFA.":                       1,
		"18:40 HIGH STREET, SWAFFHAM. A PHONE WAS SNATCHED FROM A WOMAN. PASSED TO AMBULANCE. WORDS OF ADVICE.": 1,
	} {
		text := "LOG OF 28 JUNE 2019\n\n09:14 BOAT STREET, SWAFFHAM. HANDBAG STOLEN FROM CAFE.\n" + entry + "\n23:50 FORE STREET, SWAFFHAM. CAR KEYED BOTH SIDES.\n"
		if reports, _ := Read(text, settings(t)); len(reports) != 2+want {
			t.Errorf("%q: %d reports, want %d", entry, len(reports), 2+want)
		}
	}
}

// What is set aside is listed with its sentence's time, and with a day right behind it that
// is only lent.
func TestSetAsideWithItsDay(t *testing.T) {
	const next = "\n- New Street, Holt - a shed was broken into. 6 April 2025, 9am.\n"
	for text, want := range map[string]int{
		"- Mill Road, Holt - a loose horse was led home by its owner at 9am on 5 April 2025.":                  1,
		"- Mill Road, Holt - a loose horse was led home by its owner. Between 5 and 6 April 2025.":             1,
		"- Mill Road, Holt - a loose horse was led home by its owner.":                                         0,
		"- Mill Road, Holt - a loose horse was led home by its owner. A van was taken from there on 5.4.2025.": 1,
	} {
		_, _, ledger, err := Explain(t.Context(), text+next, settings(t))
		if err != nil {
			t.Fatal(err)
		}
		if got := len(SetAside(ledger)); got != want {
			t.Errorf("%q: %d lines set aside, want %d", text, got, want)
		}
	}
}

// A sentence that is in doubt is listed, whether it is set aside or gives a report.
func TestDoubtIsListed(t *testing.T) {
	doubts := 0
	for _, what := range []string{"a car was seen", "officers were", "a bonfire was put out", "a lorry was turned round", "a light was on", "two men were noticed",
		"a horse was led out of a field", "a van was followed", "a man was spoken to", "a skip was moved", "an engine was heard", "the owner was told", "a gate was found open", "a car was checked"} {
		text := "At 12.45am on 22 January 2020 " + what + " in Brandon Road, Swaffham.\n"
		if r := readText(t.Context(), text, noNames{}); !r.clauses[0].doubt {
			continue
		}
		doubts++
		if _, refused := Read(text, settings(t)); len(refused) == 0 {
			t.Errorf("%q is in doubt and not listed", text)
		}
	}
	if doubts < 2 {
		t.Errorf("%d sentences are in doubt, want two or more", doubts)
	}
}

// TestLearn writes the weights, and says how well each set of texts, and each topic, is told
// by what is learnt from the others; a seventh of them are left out at once.
func TestLearn(t *testing.T) {
	if !*learn {
		t.Skip("learns with -learn")
	}
	examples := readLabelled(t)
	seen := map[string]bool{}
	for _, e := range examples {
		seen[e.set] = e.set != "-"
	}
	sets := slices.Sorted(maps.Keys(seen))
	var sum, topics [4]int
	for part := range 7 {
		left := map[string]bool{}
		for i, set := range sets {
			left[set] = i%7 == part && seen[set]
		}
		var rest []labelled
		own := map[string][]labelled{}
		for _, e := range examples {
			if left[e.set] {
				own[e.set] = append(own[e.set], e)
			} else {
				rest = append(rest, e)
			}
		}
		weights := train(rest, 1)
		for _, set := range slices.Sorted(maps.Keys(own)) {
			lost, accounts, kept, asides := confused(t, weights, own[set])
			t.Logf("left out %s: %d of %d accounts set aside, %d of %d others kept", set, lost, accounts, kept, asides)
			to := &sum
			if strings.HasPrefix(set, "-") {
				to = &topics
			}
			for i, n := range []int{lost, accounts, kept, asides} {
				to[i] += n
			}
		}
	}
	for what, n := range map[string][4]int{"sets": sum, "topics": topics} {
		t.Logf("left out, all %s: %d of %d accounts set aside, %d of %d others kept", what, n[0], n[1], n[2], n[3])
	}
	weights := trainMean(examples)
	confused(t, weights, examples)
	var b bytes.Buffer
	small := map[string]bool{} // the words that stand in small letters where names have capitals
	for _, e := range examples {
		if !strings.ContainsFunc(e.text, unicode.IsUpper) {
			continue
		}
		for _, w := range strings.FieldsFunc(e.text, func(r rune) bool { return !unicode.IsLetter(r) }) {
			small[w] = true
		}
	}
	for _, f := range slices.Sorted(maps.Keys(weights)) {
		if plain(f) && atlas()[f].settlement && !small[f] {
			continue // a settlement is no word
		}
		row := ""
		for k, x := range weights[f] {
			if math.Abs(x) >= leastWeight {
				row += fmt.Sprintf("\t%d %.0f", k, 100*x)
			}
		}
		if row != "" {
			b.WriteString(f + row + "\n")
		}
	}
	if err := os.WriteFile("kinds.tsv", b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
