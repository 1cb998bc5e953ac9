package scan

import "math"

// logLikelihoodRatio returns c ln(c/μ) + (n−c) ln((n−c)/(n−μ)) for c > μ, else 0.
// It needs 0 ≤ c ≤ n and 0 < μ when c > 0.
func logLikelihoodRatio(c, mu, n float64) float64 {
	if !(c > mu) {
		return 0
	}
	llr := c * math.Log(c/mu)
	if c < n {
		llr += float64((n - c) * math.Log((n-c)/(n-mu)))
	}
	return llr
}
