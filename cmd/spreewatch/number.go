package main

import "math"

// decimals rounds v to n decimals, so that what is printed does not depend on
// the last bits of a platform.
func decimals(v float64, n int) float64 {
	scale := math.Pow10(n)
	return math.Round(v*scale) / scale
}
