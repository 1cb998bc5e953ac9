package data

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Count writes a number and its noun for people: "1 report", "8 reports".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Days writes a length of time in days for people: "a day", "3.5 days", "12 years".
func Days(d time.Duration) string {
	n := d.Hours() / 24
	switch {
	case n < 1.5:
		return "a day"
	case n < 10:
		return fmt.Sprintf("%.1f days", n)
	case n < 3650:
		return fmt.Sprintf("%.0f days", n)
	}
	return fmt.Sprintf("%.0f years", n/365.25)
}

// Often writes how often something comes once in so many days: "a day", "in 40
// days", "in 12 years".
func Often(days float64) string {
	switch {
	case days < 1.5:
		return "a day"
	case days < 1095:
		return fmt.Sprintf("in %.0f days", days)
	case days < 365.25*1e6:
		return fmt.Sprintf("in %.0f years", days/365.25)
	}
	return "in a million years or more"
}

// PlainText writes text from outside for a terminal: control characters, which
// could move the cursor or change what is shown, and marks that turn the direction
// of writing become a question mark, a line break a space.
func PlainText(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return '?'
		}
		return r
	}, s)
}
