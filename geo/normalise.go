package geo

// fold returns the words of the text as tokens.scan folds them, joined by single
// spaces: the form in which two spellings of a name that differ by case, accents
// or punctuation are equal.
func fold(text string) string {
	var ts tokens
	ts.scan(text)
	dst := make([]byte, 0, len(ts.folded)+len(ts.list))
	for i := range ts.list {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, ts.word(i)...)
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
