package address

// Fold returns the words of the text as Tokens.Scan folds them, joined by single
// spaces: the form in which two spellings of a name that differ by case, accents
// or punctuation are equal.
func Fold(text string) string {
	var ts Tokens
	ts.Scan(text)
	dst := make([]byte, 0, len(ts.Folded)+len(ts.List))
	for i := range ts.List {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, ts.Word(i)...)
	}
	return string(dst)
}

// isFlatWord reports whether a flat's number may follow the word.
func isFlatWord(w string) bool {
	switch w {
	case "flat", "apartment", "apt", "unit", "room", "suite", "flt":
		return true
	}
	return false
}
