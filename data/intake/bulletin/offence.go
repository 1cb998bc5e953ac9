package bulletin

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"spreewatch/cluster"
	"spreewatch/data/intake/when"
)

// offence names the offence of a finding: that of its own label, else that of
// the profile whose words its own sentence has most often, then the sentences that
// go with it, then the headline over it or the introduction of the text. What is
// told of another incident names nothing: no offence is better than a wrong one.
func (b *bulletin) offence(f finding) string {
	if b.o.Offence != "" {
		return b.o.Offence
	}
	if s := b.record(f).offence; s != "" {
		return b.namedOffence(s)
	}
	if name := b.story(f.clause); name != "" {
		return name
	}
	if name := b.record(f).spoken; name != "" {
		return name
	}
	if name := b.heads[b.clauses[f.clause].block]; name != "" {
		return name
	}
	return b.common
}

// longestOffence is more tokens than the name of an offence has. What is longer is
// the story of a victim, which belongs in no column of offences.
const longestOffence = 10

// A record is what the labelled lines of an account say.
type record struct {
	ref, offence string // under these labels
	spoken       string // the offence that the words of its lines mean
}

// record returns what the labels of the account of a finding say.
func (b *bulletin) record(f finding) record {
	run := b.clauses[f.clause].run
	r, ok := b.labels[run]
	if ok {
		return r
	}
	for i := b.firstOf(run); i < len(b.clauses) && b.clauses[i].run == run; i++ {
		bl := b.blocks[b.clauses[i].block]
		if bl.kind != field || len(bl.tokens) == 0 {
			continue
		}
		text := strings.TrimSpace(b.words(b.clauses[i].block, 0, len(bl.tokens)))
		switch {
		case bl.label == "ref" && r.ref == "":
			r.ref = text
		case bl.label == "offence" && r.offence == "" && len(bl.tokens) <= longestOffence:
			r.offence = text
		}
		if r.spoken == "" {
			r.spoken = b.blockOffence(b.clauses[i].block)
		}
	}
	b.labels[run] = r
	return r
}

// namedOffence returns the profile that the words of a label mean, or the words
// themselves.
func (b *bulletin) namedOffence(s string) string {
	if name := NameOffence(s, b.o.Profiles); name != "" {
		return name
	}
	return s
}

// blockOffence names the offence that a block speaks of.
func (b *bulletin) blockOffence(block int) string {
	name, ok := b.spoken[block]
	if !ok {
		name = NameOffence(b.words(block, 0, len(b.blocks[block].tokens)), b.o.Profiles)
		b.spoken[block] = name
	}
	return name
}

// findHeads names the offences that hold for what they stand above: the common one
// by the headlines before the first incident and the introduction, and for each
// block the one by the headline or the introduction of the list over it.
func (b *bulletin) findHeads() {
	b.teller = make([]bool, len(b.clauses))
	blocks := make([]bool, len(b.blocks))
	first := len(b.clauses)
	for _, f := range b.found {
		b.teller[f.clause], blocks[b.clauses[f.clause].block] = true, true
		first = min(first, f.clause)
	}
	var intro strings.Builder
	told := 0
	for i := range b.clauses {
		if b.tells(i) {
			told++
		}
	}
	for i, c := range b.clauses {
		if i >= first && (told != 1 || c.class != account && c.class != appeal) {
			continue // of one incident alone all the text speaks
		}
		if kind := b.blocks[b.clauses[i].block].kind; kind != field && kind != item && (b.titled(i) || !b.clauses[i].intro && !b.tells(i)) {
			intro.WriteString(b.clauseText(i))
			intro.WriteByte('\n')
		}
	}
	b.common = NameOffence(intro.String(), b.o.Profiles)
	b.heads = make([]string, len(b.blocks))
	title, above := "", ""
	for i, bl := range b.blocks {
		switch {
		case bl.kind == headline && !blocks[i]:
			title = b.blockOffence(i)
			if k := b.opening(i); title != "" || k < len(b.clauses) && len(b.clauses[k].places)+len(b.clauses[k].whens) == 0 {
				above = title // a town or a date alone heads a part of a list
			}
		case bl.kind == paragraph && !blocks[i]:
			above = b.blockOffence(i)
		case bl.kind == paragraph:
			above = ""
		}
		b.heads[i] = title
		if bl.kind == item && above != "" {
			b.heads[i] = above
		}
	}
}

// tells reports whether a clause tells of one incident somewhere, read or not.
func (b *bulletin) tells(i int) bool {
	c := &b.clauses[i]
	if b.teller[i] {
		return true
	}
	return c.happened && !c.summary && !c.same && slices.ContainsFunc(c.places, func(p place) bool { return !p.weak })
}

func (b *bulletin) clauseText(i int) string {
	c := b.clauses[i]
	return b.words(c.block, c.start, c.end)
}

// longestStory is more sentences than go with one incident.
const longestStory = 30

// story names the offence by the clause of an incident, else by those that go with
// it: what opens its paragraph, what it goes on from, and what follows up to the
// next incident.
func (b *bulletin) story(i int) string {
	if name, ok := b.stories[i]; ok {
		return name
	}
	name := NameOffence(b.clauseText(i), b.o.Profiles)
	if name == "" {
		name = NameOffence(b.around(i), b.o.Profiles)
	}
	b.stories[i] = name
	return name
}

// around returns the text of the clauses that go with clause i.
func (b *bulletin) around(i int) string {
	var s strings.Builder
	add := func(k int) {
		s.WriteString(b.clauseText(k))
		s.WriteByte('\n')
	}
	c := &b.clauses[i]
	open := b.opening(c.block)
	for k := max(open, i-longestStory); k < i && !b.teller[k]; k++ {
		if !b.tells(k) {
			add(k)
		}
	}
	for k := i - 1; k >= max(0, i-longestStory) && b.clauses[k].run == c.run; k-- {
		on := b.clauses[k+1]
		if !on.same && !(on.part && b.clauses[k].part && !on.happened) && !b.another(k+1) {
			break
		}
		add(k)
	}
	for k := i + 1; k < min(len(b.clauses), i+longestStory) && !b.tells(k); k++ {
		if d := &b.clauses[k]; d.block != c.block && (!d.same || d.run != c.run) || d.again {
			break
		}
		add(k)
	}
	return s.String()
}

// another reports whether clause i tells of one more of what the clause before it
// did: "a second house", "another was"; "another woman" after a house is not.
func (b *bulletin) another(i int) bool {
	c := b.clauses[i]
	if !c.ordinal {
		return false
	}
	t := b.blocks[c.block].tokens[c.start:c.end]
	for k := 0; k+1 < min(len(t), 4); k++ {
		if !ordinalWords[t[k].Low] {
			continue
		}
		if w := t[k+1]; w.Kind != when.Word || w.Is("was", "were", "happened", "took", "in", "at", "on", "one", "followed") {
			return true
		}
		before := b.clauses[i-1]
		return when.AnyWord(b.blocks[before.block].tokens, before.start, before.end, t[k+1].Low)
	}
	return false
}

// opening returns the first clause of a block.
func (b *bulletin) opening(block int) int {
	i, _ := slices.BinarySearchFunc(b.clauses, block, func(c clause, block int) int { return cmp.Compare(c.block, block) })
	return i
}

// NameOffence returns the profile that s names, or whose words occur most often in
// it, "" when none do. Ties go to the first name in the alphabet.
func NameOffence(s string, profiles []cluster.Profile) string {
	for _, p := range profiles {
		if strings.EqualFold(plainWords(p.Offence), plainWords(s)) {
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
