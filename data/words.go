package data

import "fmt"

// Count writes a number and its noun for people: "1 report", "8 reports".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
