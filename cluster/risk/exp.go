package risk

import "math"

// expSteps is how many steps the table of the exponential function has for each doubling.
const (
	expShift = 7
	expSteps = 1 << expShift
)

// powers are the bits of 2^(i/expSteps).
var powers = func() (t [expSteps]uint64) {
	for i := range t {
		t[i] = math.Float64bits(math.Exp2(float64(i) / expSteps))
	}
	return t
}()

// exponential is exp(x), right to 4e-11 of it where |x| is under 700. A night takes
// some hundred thousands of them, a fit millions: the table and three terms of the series
// cost a third of math.Exp.
func exponential(x float64) float64 {
	i := int(x * (expSteps / math.Ln2))
	r := x - float64(i)*(math.Ln2/expSteps)
	return math.Float64frombits(powers[i&(expSteps-1)]+uint64(i>>expShift)<<52) * (1 + r*(1+r*(.5+r*(1./6))))
}
