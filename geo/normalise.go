package geo

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// appendFolded appends text in lower case without accents, apostrophes or
// full stops; every other run of characters that are neither letter nor digit
// becomes one space, at neither end. An ampersand becomes "and".
func appendFolded(dst []byte, text string) []byte {
	start := len(dst)
	space := false
	put := func(c byte) {
		if space && len(dst) > start {
			dst = append(dst, ' ')
		}
		space = false
		dst = append(dst, c)
	}
	for i := 0; i < len(text); {
		c := text[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(text[i:])
			i += n
			if isApostrophe(r) {
				continue
			}
			before := len(dst)
			if space && before > start {
				dst = append(dst, ' ')
			}
			mark := len(dst)
			dst = appendFoldedRune(dst, r)
			switch {
			case len(dst) > mark:
				space = false
			case unicode.IsMark(r):
				dst = dst[:before]
			default:
				dst, space = dst[:before], true
			}
			continue
		}
		i++
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			put(c)
		case 'A' <= c && c <= 'Z':
			put(c + 'a' - 'A')
		case c == '&':
			space = true
			put('a')
			dst = append(dst, 'n', 'd')
			space = true
		case c == '\'' || c == '`' || c == '.' && !betweenDigits(text, i-1):
		default:
			space = true
		}
	}
	return dst
}

// betweenDigits keeps "1.5" from becoming "15".
func betweenDigits(text string, i int) bool {
	return i > 0 && i+1 < len(text) && isDigit(text[i-1]) && isDigit(text[i+1])
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isApostrophe(r rune) bool {
	return r == '’' || r == '‘' || r == 'ʼ' || r == '´' || r == '′' || r == 'ʻ'
}

// appendFoldedRune appends the letters and digits that a rune beyond ASCII
// stands for, or nothing.
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
		if unicode.IsLetter(d) || unicode.IsDigit(d) {
			dst = utf8.AppendRune(dst, unicode.ToLower(d))
		}
	}
	return dst
}

// fold returns the text as appendFolded writes it: the form in which two
// spellings of a name that differ by case, accents or punctuation are equal.
func fold(text string) string {
	var buf [64]byte
	return string(appendFolded(buf[:0], strings.ToValidUTF8(text, " ")))
}
