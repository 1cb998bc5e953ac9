package geo

import (
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
	gapBracket
	gapSlash
	gapComma // a comma, semicolon, colon or line break
)

// A token is one word of a text, folded.
type token struct {
	at, end  int32 // of its folded letters in tokens.folded
	from, to int32 // of its bytes in the text
	gap      gap   // before it; the first token has gapComma
}

// tokens is a text cut into folded words.
type tokens struct {
	text   string
	folded []byte
	list   []token
}

func (ts *tokens) word(i int) []byte {
	t := &ts.list[i]
	return ts.folded[t.at:t.end]
}

// scan cuts the text into words of letters and digits, in lower case, without
// accents and apostrophes. A full stop vanishes ("St." is "st", "A.B." is "ab")
// except between digits. An ampersand is the word "and". Two single letters
// joined by a slash are one word: "j/w" is "jw". Bytes that are not UTF-8
// separate words.
func (ts *tokens) scan(text string) {
	ts.text, ts.folded, ts.list = text, ts.folded[:0], ts.list[:0]
	next, open := gapComma, false
	cut := func(g gap) { next, open = max(next, g), false }
	for i := 0; i < len(text); {
		c, from := text[i], i
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(text[i:])
			i += n
			switch {
			case isApostrophe(r) || unicode.IsMark(r) || r == softHyphen:
			case unicode.IsLetter(r) || unicode.IsDigit(r):
				before := len(ts.folded)
				ts.folded = appendFoldedRune(ts.folded, r)
				if len(ts.folded) > before {
					ts.grow(&next, &open, before, from, i)
				}
			case '‐' <= r && r <= '―':
				cut(gapHyphen)
			default:
				cut(gapSpace)
			}
			continue
		}
		i++
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			ts.folded = append(ts.folded, c)
			ts.grow(&next, &open, len(ts.folded)-1, from, i)
		case 'A' <= c && c <= 'Z':
			ts.folded = append(ts.folded, c+'a'-'A')
			ts.grow(&next, &open, len(ts.folded)-1, from, i)
		case c == '\'' || c == '`':
		case c == '.':
			if from > 0 && i < len(text) && isDigit(text[from-1]) && isDigit(text[i]) {
				cut(gapSpace)
			}
		case c == '&':
			cut(gapSpace)
			ts.folded = append(ts.folded, "and"...)
			ts.grow(&next, &open, len(ts.folded)-3, from, i)
			cut(gapSpace)
		case c == '/' && loneLetter(text, from-1) && loneLetter(text, i):
		case c == '/' || c == '\\' || c == '|':
			cut(gapSlash)
		case c == '-':
			cut(gapHyphen)
		case c == ',' || c == ';' || c == ':' || c == '\n' || c == '\r':
			cut(gapComma)
		case c == '"' || c == '(' || c == ')' || c == '[' || c == ']':
			cut(gapBracket)
		default:
			cut(gapSpace)
		}
	}
}

// grow adds the folded bytes from at on, which stand for text[from:to], to the
// open token, or opens one.
func (ts *tokens) grow(next *gap, open *bool, at, from, to int) {
	if !*open {
		ts.list = append(ts.list, token{at: int32(at), from: int32(from), gap: *next})
		*next, *open = gapSpace, true
	}
	t := &ts.list[len(ts.list)-1]
	t.end, t.to = int32(len(ts.folded)), int32(to)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// loneLetter reports whether text[i] is an ASCII letter without a letter or
// digit next to it.
func loneLetter(text string, i int) bool {
	return i >= 0 && i < len(text) && isASCIILetter(text[i]) &&
		(i == 0 || !isWordByte(text[i-1])) && (i+1 == len(text) || !isWordByte(text[i+1]))
}

func isASCIILetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }

func isWordByte(c byte) bool { return isASCIILetter(c) || isDigit(c) || c >= utf8.RuneSelf }

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
