package when

// lastWeek reports whether "last week" stands at token i, and not "last week of
// August".
func lastWeek(t []Token, i int) bool {
	return i+1 < len(t) && t[i].Is("last") && t[i+1].Is("week") && !(i+2 < len(t) && t[i+2].Is("of"))
}

// vagueAt returns the token after words at token i that say no more than that
// something is not long ago: "recently", "in the past few weeks".
func vagueAt(t []Token, i int) int {
	if t[i].Is("recently", "lately") {
		// Not "a recently opened shop".
		last := i+1 == len(t) || t[i+1].Kind == Mark || t[i+1].Is("in", "at", "on", "by", "near", "from", "when", "and")
		if last || i == 0 || t[i-1].Kind == Mark || t[i-1].Is("was", "were", "been", "have", "has", "had", "and", "until") {
			return i + 1
		}
		return i
	}
	if !t[i].Is("recent", "past", "last", "this", "other") || t[i].Is("other") && (i == 0 || !t[i-1].Is("the")) {
		return i
	}
	n := i + 1
	if n < len(t) && (t[n].Is("few", "couple", "several") || t[n].Kind == Number || numberWords[t[n].Low] > 0) {
		n = SkipWords(t, n+1, "of")
	}
	switch {
	case n >= len(t):
	case t[i].Is("other") && t[n].Is("day", "week", "night", "evening"):
		return n + 1
	case t[i].Is("this") && !t[n].Is("week", "month"):
	case t[i].Is("other"), n+1 < len(t) && t[n+1].Is("of"):
	case t[n].Is("week", "weeks", "month", "months", "days", "nights", "weekends", "fortnight"):
		return n + 1
	}
	return i
}
