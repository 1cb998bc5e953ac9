package bulletin

import (
	"strings"
	"unicode"

	"spreewatch/data/intake/when"
)

// houseNumber returns the token after a house number at i: "18", "18a",
// "12-14", "No. 3", "Flat 2,".
func (r placeReader) houseNumber(i int) int {
	t := r.t
	j := i
	if j+1 < len(t) && t[j].Is("flat", "apartment", "unit", "plot", "no", "number") && !r.taken[j] {
		k := j + 1
		if t[k].Is(".") {
			k++
		}
		if k < len(t) && t[k].Kind == when.Number && !r.taken[k] && len(t[k].Text) <= 4 {
			k++
			if k < len(t) && !t[k].Gap && t[k].Kind == when.Word && len(t[k].Text) == 1 {
				k++
			}
			if k < len(t) && t[k].Is(",") {
				k++
			}
			j = k
			if t[i].Is("no", "number") {
				return j
			}
		}
	}
	if j >= len(t) || t[j].Kind != when.Number || r.taken[j] || len(t[j].Text) > 4 || j > 0 && t[j-1].Is("£", ".", ":", "/") && !t[j].Gap {
		return j
	}
	k := j + 1
	if k < len(t) && !t[k].Gap && t[k].Kind == when.Word && len(t[k].Text) == 1 {
		k++
	}
	if k+1 < len(t) && (t[k].Dash() || t[k].Is("/", "&")) && t[k+1].Kind == when.Number && !r.taken[k+1] {
		k += 2
		if k < len(t) && !t[k].Gap && t[k].Kind == when.Word && len(t[k].Text) == 1 {
			k++
		}
	}
	if k < len(t) && t[k].Is(",") && k+1 < len(t) && t[k+1].Capital() {
		k++
	}
	if k >= len(t) || !t[k].Capital() || !t[k].Gap {
		return i
	}
	return k
}

// roadNumber reports whether the token is a numbered road: A47, B1145, M11.
func roadNumber(t when.Token) bool {
	if t.Kind != when.Word || len(t.Text) < 2 || len(t.Text) > 5 || !strings.ContainsRune("ABM", rune(t.Text[0])) {
		return false
	}
	for _, r := range t.Text[1:] {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// postcode returns the token after a postcode or its outward half at i.
func (r placeReader) postcode(i int) int {
	t := r.t
	if i >= len(t) || t[i].Kind != when.Word || !postcodeHead(t[i].Text) || r.taken[i] {
		return i
	}
	if i+2 < len(t) && t[i+1].Kind == when.Number && len(t[i+1].Text) == 1 && t[i+2].Kind == when.Word && !t[i+2].Gap && len(t[i+2].Text) == 2 {
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
