package intake

import (
	"slices"
	"strings"
	"unicode"

	"spreewatch/cluster"
	"spreewatch/data/intake/bulletin"
)

// None is what a source's own map writes for an offence that no profile is for.
const None = "none"

// NameOffence returns the profile that an offence in a column of its own means, ""
// when none: what the source's map says of the text, the profile of that name,
// the one that has its code, else the one whose words occur most often in it and
// none of whose words against it do.
func NameOffence(text string, profiles []cluster.Profile, own map[string]string) string {
	plain := plainOffence(text)
	for said, name := range own {
		if plainOffence(said) == plain {
			if name == None {
				return ""
			}
			return name
		}
	}
	var left []cluster.Profile
	for _, p := range profiles {
		if plainOffence(p.Offence) == plain {
			return p.Offence
		}
		if !denies(plain, p.Not) {
			left = append(left, p)
		}
	}
	// A class with its letter says more than the class alone.
	if class := leadingCode(text); class != "" {
		for _, code := range []string{class, strings.TrimRight(class, letters)} {
			for _, p := range profiles {
				if slices.ContainsFunc(p.Codes, func(c string) bool { return strings.TrimLeft(strings.ToUpper(c), "0") == code }) {
					return p.Offence
				}
			}
		}
	}
	return bulletin.NameOffence(text, left)
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// plainOffence returns the words of a text in lower case with single spaces.
func plainOffence(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// denies reports whether a text has one of the words.
func denies(plain string, words []string) bool {
	for _, w := range words {
		if bulletin.CountWords(plain, plainOffence(w)) > 0 {
			return true
		}
	}
	return false
}

// leadingCode returns the Home Office class at the start of a text, such as "28E"
// of "28E Burglary - Residential" or "45" of "045/10"; "" where there is none.
func leadingCode(text string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(text), " ")
	class, _, _ := strings.Cut(word, "/")
	class = strings.TrimLeft(strings.ToUpper(strings.TrimRight(class, ".:-")), "0")
	digits := strings.TrimRight(class, letters)
	if digits == "" || len(digits) > 3 || len(class)-len(digits) > 1 || strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return class
}
