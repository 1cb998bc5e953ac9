package bulletin

import (
	"spreewatch/data/intake/when"

	"strings"
	"unicode"
	"unicode/utf8"

	"spreewatch/cluster"
)

// offence names the offence of a finding: that of its own label, else that of
// the profile whose words its own sentence has most often, then its item or
// paragraph, then the text apart from other items and records.
func (b *bulletin) offence(f finding) string {
	if b.o.Offence != "" {
		return b.o.Offence
	}
	if s := b.record(f).offence; s != "" {
		return b.namedOffence(s)
	}
	c := b.clauses[f.clause]
	if name := NameOffence(b.words(c.block, c.start, c.end), b.o.Profiles); name != "" {
		return name
	}
	if name := b.blockOffence(c.block); name != "" {
		return name
	}
	if name := b.record(f).spoken; name != "" {
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

// commonOffence names the offence that the text speaks of apart from the items
// of its lists and its records.
func (b *bulletin) commonOffence() string {
	var rest strings.Builder
	for _, bl := range b.blocks {
		if n := len(bl.tokens); n > 0 && bl.kind != field && bl.kind != item {
			rest.WriteString(b.text[bl.tokens[0].Pos:bl.tokens[n-1].End])
			rest.WriteByte('\n')
		}
	}
	return NameOffence(rest.String(), b.o.Profiles)
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
