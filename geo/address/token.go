package address

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const softHyphen = '\u00ad'

// A gap is what stands between a token and the one before it.
type gap uint8

const (
	gapSpace gap = iota
	gapHyphen
	GapBracket // a bracket or a double quote
	GapSlash   // a slash, backslash or bar
	GapComma   // a comma, semicolon, colon, line break or dash between spaces
)

// A token is one word of a text, folded.
type token struct {
	At, End  int32 // of its folded letters in Tokens.Folded
	from, to int32 // of its bytes in the text
	Gap      gap   // before it; the first token has GapComma
}

// Tokens is a text cut into folded words.
type Tokens struct {
	text   string
	Folded []byte  // the letters of all words, end to end
	List   []token // the words in order
}

// Word returns the folded letters of word i, valid until the next Scan.
func (ts *Tokens) Word(i int) []byte {
	t := &ts.List[i]
	return ts.Folded[t.At:t.End]
}

// Scan cuts the text into words of letters and digits, in lower case, without
// accents and apostrophes. A full stop vanishes ("St." is "st", "A.B." is "ab")
// except before a digit. An ampersand or plus is the word "and", an "@" the word
// "jw" of a junction; those that a web page writes "&amp;" and "&#39;" are what
// they stand for. Two single letters
// joined by a slash are one word: "j/w" is "jw". Bytes that are not UTF-8
// separate words.
func (ts *Tokens) Scan(text string) {
	ts.text, ts.Folded, ts.List = text, ts.Folded[:0], ts.List[:0]
	next, open := GapComma, false
	cut := func(g gap) { next, open = max(next, g), false }
	for i := 0; i < len(text); {
		c, from := text[i], i
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(text[i:])
			i += n
			switch {
			case isApostrophe(r) || unicode.IsMark(r) || r == softHyphen:
			case unicode.IsLetter(r) || unicode.IsDigit(r):
				before := len(ts.Folded)
				ts.Folded = appendFoldedRune(ts.Folded, r)
				if len(ts.Folded) > before {
					ts.grow(&next, &open, before, from, i)
				}
			case '‐' <= r && r <= '―':
				cut(dash(text, from, i))
			default:
				cut(gapSpace)
			}
			continue
		}
		i++
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			ts.Folded = append(ts.Folded, c)
			ts.grow(&next, &open, len(ts.Folded)-1, from, i)
		case 'A' <= c && c <= 'Z':
			ts.Folded = append(ts.Folded, c+'a'-'A')
			ts.grow(&next, &open, len(ts.Folded)-1, from, i)
		case c == '\'' || c == '`':
		case c == '.':
			if from > 0 && i < len(text) && isWordByte(text[from-1]) && IsDigit(text[i]) {
				cut(gapSpace)
			}
		case joinSigns[c] != "":
			if n, sign := entity(text[from:]); n > 0 {
				i = from + n
				if sign == "" {
					continue
				}
			}
			cut(gapSpace)
			ts.Folded = append(ts.Folded, joinSigns[c]...)
			ts.grow(&next, &open, len(ts.Folded)-len(joinSigns[c]), from, i)
			cut(gapSpace)
		case c == '/' && loneLetter(text, from-1) && loneLetter(text, i):
		case c == '/' || c == '\\' || c == '|':
			cut(GapSlash)
		case c == '-':
			cut(dash(text, from, i))
		case c == ',' || c == ';' || c == ':' || c == '\n' || c == '\r':
			cut(GapComma)
		case c == '"' || c == '(' || c == ')' || c == '[' || c == ']':
			cut(GapBracket)
		default:
			cut(gapSpace)
		}
	}
}

// dash says what the dash text[from:to] parts: with spaces about it, it is a comma.
func dash(text string, from, to int) gap {
	if from > 0 && text[from-1] == ' ' && to < len(text) && text[to] == ' ' {
		return GapComma
	}
	return gapHyphen
}

// joinSigns are the signs that stand for a word.
var joinSigns = [utf8.RuneSelf]string{'&': "and", '+': "and", '@': "jw"}

// entity returns the length of the character reference that the text begins
// with, 0 where there is none, and the word that it stands for.
func entity(text string) (n int, word string) {
	for _, e := range [...]struct{ name, word string }{{"&amp;", "and"}, {"&#38;", "and"}, {"&apos;", ""}, {"&#39;", ""}, {"&rsquo;", ""}, {"&#8217;", ""}} {
		if strings.HasPrefix(text, e.name) {
			return len(e.name), e.word
		}
	}
	return 0, ""
}

// grow adds the folded bytes from at on, which stand for text[from:to], to the
// open token, or opens one.
func (ts *Tokens) grow(next *gap, open *bool, at, from, to int) {
	if !*open {
		ts.List = append(ts.List, token{At: int32(at), from: int32(from), Gap: *next})
		*next, *open = gapSpace, true
	}
	t := &ts.List[len(ts.List)-1]
	t.End, t.to = int32(len(ts.Folded)), int32(to)
}

// IsDigit reports whether the byte is an ASCII digit.
func IsDigit(c byte) bool { return '0' <= c && c <= '9' }

// loneLetter reports whether text[i] is an ASCII letter without a letter or
// digit next to it.
func loneLetter(text string, i int) bool {
	return i >= 0 && i < len(text) && IsASCIILetter(text[i]) &&
		(i == 0 || !isWordByte(text[i-1])) && (i+1 == len(text) || !isWordByte(text[i+1]))
}

// IsOrdinal reports whether a folded word that begins with a digit is an ordinal,
// such as "63rd": the name of a street, and no house's number.
func IsOrdinal(w string) bool {
	n := len(w) - 2
	if n < 1 || !IsDigit(w[n-1]) {
		return false
	}
	end := w[n:]
	return end == "th" || end == "st" || end == "nd" || end == "rd"
}

// IsASCIILetter reports whether the byte is an ASCII letter of either case.
func IsASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isWordByte(c byte) bool { return IsASCIILetter(c) || IsDigit(c) || c >= utf8.RuneSelf }

func isApostrophe(r rune) bool {
	return r == '’' || r == '‘' || r == 'ʼ' || r == '´' || r == '′' || r == 'ʻ'
}

// appendFoldedRune appends the letters and digits that a letter or digit beyond
// ASCII stands for.
func appendFoldedRune(dst []byte, r rune) []byte {
	switch r {
	case 'ß', 'ẞ':
		return append(dst, 's', 's')
	case 'æ', 'Æ':
		return append(dst, 'a', 'e')
	case 'œ', 'Œ':
		return append(dst, 'o', 'e')
	case 'ø', 'Ø':
		return append(dst, 'o')
	case 'ł', 'Ł':
		return append(dst, 'l')
	case 'đ', 'Đ', 'ð', 'Ð':
		return append(dst, 'd')
	case 'þ', 'Þ':
		return append(dst, 't', 'h')
	}
	var buf [utf8.UTFMax]byte
	for _, d := range string(norm.NFKD.Bytes(buf[:utf8.EncodeRune(buf[:], r)])) {
		if (unicode.IsLetter(d) || unicode.IsDigit(d)) && !isApostrophe(d) {
			dst = utf8.AppendRune(dst, unicode.ToLower(d))
		}
	}
	return dst
}
