package bulletin

import (
	_ "embed"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"spreewatch/data/intake/when"
)

// What sets a clause aside, in the words of the ledger.
const (
	asideAppeal   = "an appeal for witnesses"
	asideAdvice   = "advice"
	asideSpeech   = "a quotation"
	asideCourt    = "an arrest or a court"
	asideEvent    = "a meeting or an event"
	asidePresent  = "what is so, or will be"
	asidePatrol   = "what the police did or plan"
	asideFigures  = "figures"
	asideNothing  = "nothing happened there"
	asideOther    = "what is no crime"
	asideDateline = "the date of publication"
	asidePeriod   = "the period of the text"
	asideSigned   = "a signature"
	asideBefore   = "what went before the incident"
	asideWay      = "where somebody came from or went to"
	asideAgain    = "another time of the same incident"
	errOtherDay   = "a time of another day, of which no incident is read"
	asideRetold   = "a second telling"
	asideLent     = "lent to what follows"

	asideReference = "part of a reference number"
)

// kinds are what a sentence can be, by the columns of the table of weights; the first
// is the account of an incident, which nothing sets aside.
var kinds = []string{"", asideWay, asidePatrol, asideOther, asideCourt, asideEvent, asidePresent, asideSigned, asideFigures, asideNothing, asideAppeal, asideAdvice, asideBefore}

// kindTable holds a feature of sentences in each line and its weights, each the number
// of the kind that it is for and hundredths. It is learnt from testdata/sentences.tsv by
// the test that reads them.
//
//go:embed kinds.tsv
var kindTable string

var kindWeights = sync.OnceValue(func() map[string][]float32 {
	out := map[string][]float32{}
	for line := range strings.Lines(kindTable) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		row := make([]float32, len(kinds))
		for _, s := range cells[1:] {
			column, weight, _ := strings.Cut(s, " ")
			k, _ := strconv.Atoi(column)
			n, _ := strconv.Atoi(weight)
			row[k] = float32(n) / 100
		}
		out[cells[0]] = row
	}
	return out
})

// features are the words of a clause, each after the one before it, with what it names
// by kind in their stead: "<street>", "<town>", "<clock>", "<date>".
func (c *clause) features(t []when.Token, es []element) []string {
	at := map[int]*element{}
	for k := range es {
		at[es[k].start] = &es[k]
	}
	seen := map[string]bool{}
	var out []string
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	before, alike := "^", []string(nil)
	told := map[string]bool{} // the classes of the words
	add(before)
	sentence := false
	for k := c.opens; k < c.end; k++ {
		w := t[k].Low
		if e := at[k]; e != nil {
			w = e.named()
			k = max(k, e.end-1)
		} else if t[k].Quoted || t[k].Kind == when.Mark && !t[k].Is("?", ":") {
			continue
		} else if t[k].Kind == when.Number && !t[k].Is("101", "0800", "0345") {
			w = "0"
		}
		add(w)
		sentence = sentence || finite[w]
		if w == "<clock>" || w == "<date>" {
			continue // where the time stands says little
		}
		add(before + " " + w)
		like := []string{w}
		if w[0] != '<' {
			like = wordClasses()[stem(w)]
			for _, x := range like {
				add(x)
				told[x] = true
			}
		}
		for _, x := range alike {
			for _, y := range like {
				add(x + " " + y)
			}
		}
		if alike = like; w[0] == '<' {
			alike = nil
		}
		before = w
	}
	add(before + " $")
	if !sentence { // a note, in which the words say more
		add("=note")
		for _, x := range slices.Sorted(maps.Keys(told)) {
			add("=note " + x)
		}
	}
	streets := 0
	for k := range es {
		if es[k].p != nil && es[k].p.street != "" {
			streets++
		}
	}
	if streets > 1 {
		add("<streets>")
	}
	return out
}

// classTable holds in each line a class of words, of which features tell as of the words:
// so a word that no sentence taught is told by others like it.
//
//go:embed classes.txt
var classTable string

// wordClasses are the classes of a word by its stem.
var wordClasses = sync.OnceValue(func() map[string][]string {
	out := map[string][]string{}
	for line := range strings.Lines(classTable) {
		name, words, _ := strings.Cut(line, ":")
		for _, w := range strings.Fields(words) {
			if s := stem(w); !slices.Contains(out[s], "="+name) {
				out[s] = append(out[s], "="+name)
			}
		}
	}
	return out
})

// stem takes the endings off a word that do not change what it speaks of.
func stem(w string) string {
	w = strings.TrimSuffix(w, "'s")
	for _, ending := range []string{"ing", "ed", "es", "s"} {
		root, ok := strings.CutSuffix(w, ending)
		if !ok || len(root) < 3 || strings.HasSuffix(w, "ss") {
			continue
		}
		w = root
		if n := len(w); (ending == "ing" || ending == "ed") && n > 3 && w[n-1] == w[n-2] && w[n-1] != 'l' && w[n-1] != 's' {
			w = w[:n-1] // "stopped"
		}
		break
	}
	w = strings.TrimSuffix(w, "e")
	if root, ok := strings.CutSuffix(w, "y"); ok {
		w = root + "i"
	}
	return w
}

// like reports whether a word is of one of the classes.
func like(w string, names map[string]bool) bool {
	return slices.ContainsFunc(wordClasses()[stem(w)], func(name string) bool { return names[name] })
}

// deeds are the classes of the words of which some tell of a crime, force those who
// police, and scenes all in which a title does not speak.
var (
	deeds  = when.Set("=done =break =enter =harm =trick =crime")
	force  = when.Set("=force")
	scenes = when.Set("=done =break =enter =harm =trick =crime =goods =judged =found =seen =works =mishap =beast")
)

// named is what the features of a sentence call an element.
func (e *element) named() string {
	switch {
	case e.p != nil && e.p.street != "":
		return "<street>"
	case e.p != nil:
		return "<town>"
	case e.w.DateOnly():
		return "<date>"
	}
	return "<clock>"
}

// kindOf returns the kind that features speak for most, and by how much more than for
// an account.
func kindOf(features []string) (string, float64) { return most(sumsOf(features)) }

// sumsOf adds up what features say for each kind.
func sumsOf(features []string) []float32 {
	weights := kindWeights()
	sums := make([]float32, len(kinds))
	for _, f := range features {
		for i, x := range weights[f] {
			sums[i] += x
		}
	}
	return sums
}

// most returns the kind that has the most said for it, and by how much more than an account.
func most(sums []float32) (string, float64) {
	best := 0
	for i := range sums {
		if sums[i] > sums[best] {
			best = i
		}
	}
	return kinds[best], float64(sums[best] - sums[0])
}
