package intake

import (
	"strings"
	"unicode"
)

// houseNumber returns the token after a house number at i: "18", "18a",
// "12-14", "No. 3", "Flat 2,".
func (r placeReader) houseNumber(i int) int {
	t := r.t
	j := i
	if j+1 < len(t) && t[j].is("flat", "apartment", "unit", "plot", "no", "number") && !r.taken[j] {
		k := j + 1
		if t[k].is(".") {
			k++
		}
		if k < len(t) && t[k].kind == number && !r.taken[k] && len(t[k].text) <= 4 {
			k++
			if k < len(t) && !t[k].gap && t[k].kind == word && len(t[k].text) == 1 {
				k++
			}
			if k < len(t) && t[k].is(",") {
				k++
			}
			j = k
			if t[i].is("no", "number") {
				return j
			}
		}
	}
	if j >= len(t) || t[j].kind != number || r.taken[j] || len(t[j].text) > 4 || j > 0 && t[j-1].is("£", ".", ":", "/") && !t[j].gap {
		return j
	}
	k := j + 1
	if k < len(t) && !t[k].gap && t[k].kind == word && len(t[k].text) == 1 {
		k++
	}
	if k+1 < len(t) && (t[k].dash() || t[k].is("/", "&")) && t[k+1].kind == number && !r.taken[k+1] {
		k += 2
		if k < len(t) && !t[k].gap && t[k].kind == word && len(t[k].text) == 1 {
			k++
		}
	}
	if k < len(t) && t[k].is(",") && k+1 < len(t) && t[k+1].capital() {
		k++
	}
	if k >= len(t) || !t[k].capital() || !t[k].gap {
		return i
	}
	return k
}

// roadNumber reports whether the token is a numbered road: A47, B1145, M11.
func roadNumber(t token) bool {
	if t.kind != word || len(t.text) < 2 || len(t.text) > 5 || !strings.ContainsRune("ABM", rune(t.text[0])) {
		return false
	}
	for _, r := range t.text[1:] {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// postcode returns the token after a postcode or its outward half at i.
func (r placeReader) postcode(i int) int {
	t := r.t
	if i >= len(t) || t[i].kind != word || !postcodeHead(t[i].text) || r.taken[i] {
		return i
	}
	if i+2 < len(t) && t[i+1].kind == number && len(t[i+1].text) == 1 && t[i+2].kind == word && !t[i+2].gap && len(t[i+2].text) == 2 {
		return i + 3
	}
	if roadNumber(t[i]) {
		return i
	}
	return i + 1
}

// postcodeHead reports whether s has the shape of the first half of a postcode
// or of a whole one without its space.
func postcodeHead(s string) bool {
	letters := 0
	for letters < len(s) && s[letters] >= 'A' && s[letters] <= 'Z' {
		letters++
	}
	if letters < 1 || letters > 2 || letters == len(s) || len(s) > 7 || s[letters] < '0' || s[letters] > '9' {
		return false
	}
	for _, r := range s[letters:] {
		if !unicode.IsDigit(r) && !unicode.IsUpper(r) {
			return false
		}
	}
	return true
}
