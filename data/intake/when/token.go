package when

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Token is one word, number or mark of a bulletin.
type Token struct {
	Text     string // as written
	Low      string // lower case, straight apostrophes
	Line     int32  // from 1
	Pos, End int32  // bytes of the whole text
	Kind     Kind
	Gap      bool // white space or a line break before it
	Newline  bool // first token of its line
	Quoted   bool // inside quotation marks
}

// Kind is Word, Number or Mark.
type Kind uint8

const (
	Word   Kind = iota // letters, with inner digits, apostrophes and hyphens: "King's", "A47", "Stoke-by-Nayland"
	Number             // digits only: "10" of "10.05am"
	Mark               // one punctuation character
)

// Capital reports whether the token starts with an upper-case letter.
func (t Token) Capital() bool {
	r, _ := utf8.DecodeRuneInString(t.Text)
	return t.Kind == Word && unicode.IsUpper(r)
}

// Is reports whether the token is one of the words, given in lower case.
func (t Token) Is(words ...string) bool {
	for _, w := range words {
		if t.Low == w {
			return true
		}
	}
	return false
}

// Dash reports whether the token is a hyphen or a dash.
func (t Token) Dash() bool { return t.Kind == Mark && t.Is("-", "–", "—", "‒", "−") }

// Tokenise splits text[start:end] into tokens. line is the number of the line
// on which it starts.
func Tokenise(text string, start, end, line int) []Token {
	tokens := make([]Token, 0, (end-start)/4+2)
	gap, newline := true, true
	table := Columns(text[start:end])
	for i := start; i < end; {
		r, size := utf8.DecodeRuneInString(text[i:end])
		switch {
		case r == '\n':
			line++
			gap, newline = true, true
			i += size
			continue
		case len(tokens) > 0 && !newline && (columnGap(text[i:end]) || table && !tokens[len(tokens)-1].Is(".", "!", "?", ":") && strings.HasPrefix(text[i:end], "  ")):
			// A tab or a wide gap parts the columns of a table.
			tokens = append(tokens, Token{Kind: Mark, Text: "|", Low: "|", Line: int32(line), Pos: int32(i), End: int32(i), Gap: true})
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
		t := Token{Line: int32(line), Pos: int32(i), Gap: gap, Newline: newline}
		switch {
		case r >= '0' && r <= '9':
			t.Kind = Number
			t.End = int32(i + Digits(text[i:end]))
		case unicode.IsLetter(r):
			t.Kind = Word
			glued := !gap && len(tokens) > 0 && tokens[len(tokens)-1].Kind == Number
			t.End = int32(i + letters(text[i:end], glued))
		default:
			t.Kind = Mark
			t.End = int32(i + size)
		}
		t.Text = text[t.Pos:t.End]
		t.Low = Straighten(strings.ToLower(t.Text))
		if t.Kind == Word && (t.Low == "a" || t.Low == "p") {
			if n := dottedMeridiem(text[t.End:end]); n > 0 {
				t.End += int32(n)
				t.Text, t.Low = text[t.Pos:t.End], t.Low+"m"
			}
		}
		tokens = append(tokens, t)
		i = int(t.End)
		gap, newline = false, false
	}
	return MarkQuotes(tokens)
}

// Columns reports whether white space parts the cells of a line: three spaces, or two and
// two again that end no sentence.
func Columns(s string) bool {
	if strings.Contains(s, "   ") {
		return true
	}
	n := 0
	for i := 1; i+2 < len(s); i++ {
		if s[i] == ' ' && s[i+1] == ' ' && s[i-1] != ' ' && !strings.ContainsRune(".!?:", rune(s[i-1])) {
			n++
		}
	}
	return n > 1
}

// columnGap reports whether s starts with a tab or with three spaces.
func columnGap(s string) bool {
	return s != "" && s[0] == '\t' || strings.HasPrefix(s, "   ")
}

// Digits returns how many ASCII digits s starts with.
func Digits(s string) int {
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
	_, ok := Months[w]
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

// Straighten makes apostrophes and hyphens those of ASCII.
func Straighten(s string) string {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return straightener.Replace(s)
		}
	}
	return s // as nearly all are
}

// MarkQuotes marks what stands between double quotation marks. A quotation that
// is never closed runs to the end, as in a speech of several paragraphs.
func MarkQuotes(tokens []Token) []Token {
	open := false
	for i := range tokens {
		t := &tokens[i]
		if t.Kind == Mark {
			switch t.Text {
			case "“", "„", "«":
				open, t.Quoted = true, true
				continue
			case "”", "»":
				open, t.Quoted = false, true
				continue
			case `"`:
				t.Quoted = true
				open = !open
				continue
			}
		}
		t.Quoted = open
	}
	return tokens
}

// Telephone reports whether token i is in a telephone number or a web address.
func Telephone(t []Token, i int) bool {
	if t[i].Kind != Number {
		return false
	}
	if len(t[i].Text) >= 5 && !eightDigits(t[i].Text) || t[i].Text[0] == '0' && len(t[i].Text) >= 4 && i+1 < len(t) && t[i+1].Kind == Number && t[i+1].Gap && !(i+2 < len(t) && t[i+2].Is("/")) {
		return true
	}
	return t[i].Is("101", "999", "111", "112", "105", "119")
}

// AnyWord reports whether one of the words is among tokens [i, j).
func AnyWord(t []Token, i, j int, words ...string) bool {
	for ; i < j; i++ {
		if t[i].Is(words...) {
			return true
		}
	}
	return false
}

// Set returns the words of a text as a set.
func Set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
