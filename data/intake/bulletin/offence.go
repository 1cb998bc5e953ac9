package bulletin

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"spreewatch/cluster"
	"spreewatch/data/intake/when"
)

// A namer names the offences of events: that of the label of its record, else that
// of the profile whose words its own sentence has most often, then the sentences
// that go with it, then the heading over it or the introduction of the text. What
// is told of another incident names nothing: no offence is better than a wrong one.
type namer struct {
	r      *reading
	o      Settings
	es     []element
	teller []bool   // by clause: an incident is read from it
	heads  []string // by block: of the heading or the introduction over it
	common string   // of the text at large
}

// longestOffence is more tokens than the name of an offence has; longestStory more
// sentences than go with one incident.
const (
	longestOffence = 10
	longestStory   = 12
)

func newNamer(r *reading, events []event, es []element, o Settings) *namer {
	n := &namer{r: r, o: o, es: es, teller: make([]bool, len(r.clauses))}
	blocks := make([]bool, len(r.blocks))
	first, live := len(r.clauses), 0
	for k := range events {
		if events[k].dropped {
			continue
		}
		live++
		e := &es[events[k].element]
		n.teller[e.clause] = true
		blocks[e.block] = blocks[e.block] || !events[k].heading
		first = min(first, e.clause)
	}
	for i := range es {
		// a place that something happened at is another incident, read or not
		if c := &r.clauses[es[i].clause]; es[i].p != nil && !es[i].p.weak && c.told && !c.sums && !c.same {
			n.teller[es[i].clause] = true
		}
	}
	tells := map[int]bool{}
	for i, t := range n.teller {
		if t {
			tells[i] = true
		}
	}
	n.readHeads(blocks, first, len(tells))
	return n
}

// readHeads names the offences that hold for what they stand above.
func (n *namer) readHeads(blocks []bool, first, tells int) {
	var intro strings.Builder
	for i := range n.r.clauses {
		c := &n.r.clauses[i]
		b := &n.r.blocks[c.block]
		if b.kind == field || b.kind == item && c.block > 0 || i >= first && (tells != 1 || c.aside != "" && c.aside != asideAppeal) {
			continue
		}
		if !n.teller[i] || b.kind == headline {
			intro.WriteString(n.words(c.block, c.start, c.end))
			intro.WriteByte('\n')
		}
	}
	n.common = NameOffence(intro.String(), n.o.Profiles)
	n.heads = make([]string, len(n.r.blocks))
	title, above := "", ""
	for i := range n.r.blocks {
		b := &n.r.blocks[i]
		switch {
		case (b.kind == headline || b.kind == item && !b.bullet && !n.has(i)) && !blocks[i]:
			name := n.block(i)
			if name != "" || !n.has(i) {
				title, above = name, name
			}
		case b.kind == paragraph && !blocks[i]:
			above = n.block(i)
		case b.kind == paragraph:
			above = ""
		}
		n.heads[i] = title
		if b.kind == item && above != "" {
			n.heads[i] = above
		}
	}
}

// has reports whether a block names a place or a time.
func (n *namer) has(block int) bool {
	i := n.from(block)
	return i < len(n.r.elements) && n.r.elements[i].block == block
}

// from returns the first element of a block or of what follows it.
func (n *namer) from(block int) int {
	lo, hi := 0, len(n.r.elements)
	for lo < hi {
		if m := (lo + hi) / 2; n.r.elements[m].block < block {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// name returns the offence and the reference of an event.
func (n *namer) name(ev *event) (offence, ref string) {
	e := &n.es[ev.element]
	label, spoken := "", ""
	if n.r.blocks[e.block].kind == field {
		label, spoken, ref = n.record(e.block)
	}
	switch {
	case n.o.Offence != "":
		return n.o.Offence, ref
	case label != "":
		return label, ref
	}
	c := &n.r.clauses[e.clause]
	for _, text := range []string{n.words(c.block, c.start, c.end), n.around(e.clause)} {
		if s := NameOffence(text, n.o.Profiles); s != "" {
			return s, ref
		}
	}
	switch {
	case spoken != "":
		return spoken, ref
	case n.heads[e.block] != "":
		return n.heads[e.block], ref
	}
	return n.common, ref
}

// record returns what the labels of the record around a labelled line say.
func (n *namer) record(block int) (offence, spoken, ref string) {
	from, to := block, block+1
	for from > 0 && !n.r.blocks[from].gap && n.r.blocks[from-1].kind == field {
		from--
	}
	for to < len(n.r.blocks) && !n.r.blocks[to].gap && n.r.blocks[to].kind == field {
		to++
	}
	for k := from; k < to; k++ {
		b := &n.r.blocks[k]
		text := strings.TrimSpace(n.words(k, 0, len(b.tokens)))
		switch {
		case b.label == "ref" && ref == "":
			ref = text
		case b.label == "offence" && offence == "" && len(b.tokens) <= longestOffence && text != "":
			if offence = NameOffence(text, n.o.Profiles); offence == "" {
				offence = text
			}
		}
		if spoken == "" {
			spoken = n.block(k)
		}
	}
	return offence, spoken, ref
}

func (n *namer) block(i int) string {
	return NameOffence(n.words(i, 0, len(n.r.blocks[i].tokens)), n.o.Profiles)
}

// words returns tokens [i, j) of a block as written.
func (n *namer) words(block, i, j int) string {
	t := n.r.blocks[block].tokens
	if i < n.r.blocks[block].over {
		i = min(j, n.r.blocks[block].over) // the other items stand between
	}
	if i >= j {
		return ""
	}
	return n.r.text[t[i].Pos:t[j-1].End]
}

// around returns the text of the clauses that go with clause i: what opens its
// paragraph, what it goes on from, and what follows up to the next incident.
func (n *namer) around(i int) string {
	var s strings.Builder
	add := func(k int) {
		c := &n.r.clauses[k]
		s.WriteString(n.words(c.block, c.start, c.end))
		s.WriteByte('\n')
	}
	cs := n.r.clauses
	for k := i - 1; k >= 0 && k > i-longestStory && cs[k].block == cs[i].block && !n.teller[k] && !cs[k].same; k-- {
		add(k)
	}
	for k := i - 1; k >= 0 && k > i-longestStory && cs[k].block >= cs[i].block-1 && (cs[k+1].same || n.another(k+1)); k-- {
		add(k)
	}
	for k := i + 1; k < len(cs) && k < i+longestStory && !n.teller[k] && !cs[k].again; k++ {
		if cs[k].block != cs[i].block && !cs[k].same {
			break
		}
		add(k)
	}
	return s.String()
}

// another reports whether clause i tells of one more of what the clause before it
// did: "a second house", "another was"; "another woman" after a house is not.
func (n *namer) another(i int) bool {
	c := &n.r.clauses[i]
	t := n.r.blocks[c.block].tokens[c.start:c.end]
	for k := 0; k+1 < min(len(t), 4); k++ {
		if !t[k].Is("another", "second", "third", "fourth", "fifth", "further") {
			continue
		}
		if w := t[k+1]; w.Kind != when.Word || w.Is("was", "were", "happened", "took", "in", "at", "on", "one", "followed") {
			return true
		}
		before := &n.r.clauses[i-1]
		return when.AnyWord(n.r.blocks[before.block].tokens, before.start, before.end, t[k+1].Low)
	}
	return false
}

// NameOffence returns the profile that s names, or whose words occur most often in
// it, "" when none do. Ties go to the first name in the alphabet.
func NameOffence(s string, profiles []cluster.Profile) string {
	plain := plainWords(s)
	for _, p := range profiles {
		if len(plain) <= longestFold*len(p.Offence) && strings.EqualFold(plainWords(p.Offence), plain) {
			return p.Offence
		}
	}
	low := when.Straighten(strings.ToLower(s))
	best, hits := "", 0
	for _, p := range profiles {
		n := 0
		for _, w := range p.Words {
			n += CountWords(low, when.Straighten(strings.ToLower(w)))
		}
		if n > hits || n == hits && n > 0 && p.Offence < best {
			best, hits = p.Offence, n
		}
	}
	return best
}

// longestFold is how many times longer a text may be that is the same but for its case.
const longestFold = utf8.UTFMax

// plainWords returns the words of s with single spaces for all that is neither a
// letter nor a digit.
func plainWords(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !letterOrDigit(r) }), " ")
}

// CountWords returns how often phrase stands in s between characters that are
// neither letters nor digits. Both are lower case.
func CountWords(s, phrase string) int {
	n := 0
	if phrase == "" {
		return 0
	}
	for i := 0; ; {
		k := strings.Index(s[i:], phrase)
		if k < 0 {
			return n
		}
		start, end := i+k, i+k+len(phrase)
		before, _ := utf8.DecodeLastRuneInString(s[:start])
		after, _ := utf8.DecodeRuneInString(s[end:])
		if !letterOrDigit(before) && !letterOrDigit(after) {
			n++
		}
		i = end
	}
}

func letterOrDigit(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
