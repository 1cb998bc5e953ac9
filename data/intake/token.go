package intake

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A token is one word, number or mark of a bulletin.
type token struct {
	kind     tokenKind
	text     string // as written
	low      string // lower case, straight apostrophes
	line     int    // from 1
	pos, end int    // bytes of the whole text
	gap      bool   // white space or a line break before it
	newline  bool   // first token of its line
	quoted   bool   // inside quotation marks
}

type tokenKind uint8

const (
	word   tokenKind = iota // letters, with inner digits, apostrophes and hyphens: "King's", "A47", "Stoke-by-Nayland"
	number                  // digits only: "10" of "10.05am"
	mark                    // one punctuation character
)

// capital reports whether the token starts with an upper-case letter.
func (t token) capital() bool {
	r, _ := utf8.DecodeRuneInString(t.text)
	return t.kind == word && unicode.IsUpper(r)
}

// is reports whether the token is one of the words, given in lower case.
func (t token) is(words ...string) bool {
	for _, w := range words {
		if t.low == w {
			return true
		}
	}
	return false
}

// dash reports whether the token is a hyphen or a dash.
func (t token) dash() bool { return t.kind == mark && t.is("-", "–", "—", "‒", "−") }

// tokenise splits text[start:end] into tokens. line is the number of the line
// on which it starts.
func tokenise(text string, start, end, line int) []token {
	var tokens []token
	gap, newline := true, true
	for i := start; i < end; {
		r, size := utf8.DecodeRuneInString(text[i:end])
		switch {
		case r == '\n':
			line++
			gap, newline = true, true
			i += size
			continue
		case columnGap(text[i:end]) && len(tokens) > 0 && !newline:
			// A tab or a wide gap parts the columns of a table.
			tokens = append(tokens, token{kind: mark, text: "|", low: "|", line: line, pos: i, end: i, gap: true})
			for i < end && (text[i] == ' ' || text[i] == '\t') {
				i++
			}
			gap = true
			continue
		case unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || r == '\u00ad':
			gap = true
			i += size
			continue
		}
		t := token{line: line, pos: i, gap: gap, newline: newline}
		switch {
		case r >= '0' && r <= '9':
			t.kind = number
			t.end = i + digits(text[i:end])
		case unicode.IsLetter(r):
			t.kind = word
			glued := !gap && len(tokens) > 0 && tokens[len(tokens)-1].kind == number
			t.end = i + letters(text[i:end], glued)
		default:
			t.kind = mark
			t.end = i + size
		}
		t.text = text[t.pos:t.end]
		t.low = straighten(strings.ToLower(t.text))
		if t.kind == word && (t.low == "a" || t.low == "p") {
			if n := dottedMeridiem(text[t.end:end]); n > 0 {
				t.end += n
				t.text, t.low = text[t.pos:t.end], t.low+"m"
			}
		}
		tokens = append(tokens, t)
		i = t.end
		gap, newline = false, false
	}
	return markQuotes(tokens)
}

// columnGap reports whether s starts with a tab or with three spaces.
func columnGap(s string) bool {
	return s != "" && s[0] == '\t' || strings.HasPrefix(s, "   ")
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// letters returns the length of the word at the start of s. A word glued to a
// number is its unit or ordinal ("10am", "16th") and ends with its letters, so
// that "10am-noon" is a range.
func letters(s string, glued bool) int {
	n := 0
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		switch {
		case unicode.IsLetter(r) || unicode.Is(unicode.Mn, r):
		case r >= '0' && r <= '9' && !glued:
		case (r == '\'' || r == '’' || r == 'ʼ') && !glued && letterAt(s[n+size:]):
		case (r == '-' || r == '‐' || r == '‑') && !glued && letterAt(s[n+size:]) && !endsRange(s[:n]):
		default:
			return n
		}
		n += size
	}
	return n
}

func letterAt(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// endsRange reports whether a hyphen after w means "to": "noon-2pm",
// "Monday-Friday".
func endsRange(w string) bool {
	w = strings.ToLower(w)
	if w == "noon" || w == "midday" || w == "midnight" {
		return true
	}
	if _, ok := weekdays[w]; ok {
		return true
	}
	_, ok := months[w]
	return ok
}

// dottedMeridiem returns the length of ".m." or ".m" after an "a" or "p".
func dottedMeridiem(s string) int {
	if len(s) < 2 || s[0] != '.' || (s[1] != 'm' && s[1] != 'M') || letterAt(s[2:]) {
		return 0
	}
	if len(s) > 2 && s[2] == '.' {
		return 3
	}
	return 2
}

var straightener = strings.NewReplacer("’", "'", "ʼ", "'", "‘", "'", "‐", "-", "‑", "-")

func straighten(s string) string {
	if ascii([]byte(s)) {
		return s
	}
	return straightener.Replace(s)
}

// markQuotes marks what stands between double quotation marks. A quotation that
// is never closed runs to the end, as in a speech of several paragraphs.
func markQuotes(tokens []token) []token {
	open := false
	for i := range tokens {
		t := &tokens[i]
		if t.kind == mark {
			switch t.text {
			case "“", "„", "«":
				open, t.quoted = true, true
				continue
			case "”", "»":
				open, t.quoted = false, true
				continue
			case `"`:
				t.quoted = true
				open = !open
				continue
			}
		}
		t.quoted = open
	}
	return tokens
}
