package risk

// A row is what each part said of one outcome of a past day, and how often it
// came about: an incident in a cell of the head, or one anywhere else.
type row struct {
	part  []float64
	count float64
}

// steps of EM: the weights no longer change in the third digit after about 40.
const emSteps = 80

// learn returns the weights under which the outcomes are likeliest, as seen
// together with strength outcomes that were shared out as prior: expectation
// maximisation (Dempster, Laird & Rubin 1977) with a Dirichlet prior.
func learn(rows []row, prior []float64, strength float64) []float64 {
	n := strength
	for _, r := range rows {
		n += r.count
	}
	w := make([]float64, len(prior))
	even := 1 / float64(len(prior))
	for k := range w {
		w[k] = (prior[k] + even) / 2 // no part starts at nothing, where it would stay
	}
	if n <= 0 {
		return append(w[:0], prior...)
	}
	took, shared := make([]float64, len(w)), make([]float64, len(w))
	for range emSteps {
		for k := range took {
			took[k] = strength * prior[k]
		}
		for _, r := range rows {
			total := 0.0
			for k, p := range r.part {
				shared[k] = w[k] * p
				total += shared[k]
			}
			each := r.count / total
			if total <= 0 {
				copy(shared, w)
				each = r.count
			}
			for k, x := range shared {
				took[k] += each * x
			}
		}
		for k := range w {
			w[k] = took[k] / n
		}
	}
	return w
}
