package address

import "strings"

// Fold returns the words of the text as Tokens.Scan folds them, joined by single
// spaces: the form in which two spellings of a name that differ by case, accents
// or punctuation are equal.
func Fold(text string) string {
	ts := wordsOf(text)
	var room [64]byte // as much as most names need
	dst := room[:0]
	for i := range ts.List {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, ts.Word(i)...)
	}
	return string(dst)
}

// Blank reports whether Fold leaves nothing of the text.
func Blank(text string) bool {
	ts := wordsOf(text)
	return len(ts.List) == 0
}

// wordsOf cuts a name into words, with no more room than it takes: a gazetteer's are
// cut by the million.
func wordsOf(text string) (ts Tokens) {
	ts.Folded = make([]byte, 0, len(text))
	ts.List = make([]token, 0, 1+strings.Count(text, " "))
	ts.Scan(text)
	return ts
}

// isFlatWord reports whether a flat's number may follow the word.
func isFlatWord(w string) bool {
	switch w {
	case "flat", "apartment", "apt", "unit", "room", "suite", "flt":
		return true
	}
	return false
}
