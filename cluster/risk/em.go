package risk

// A row is what each part said of one outcome of a past day, and how often it
// came about: an incident in a cell of the head, or one anywhere else.
type row struct {
	part  []float64
	count float64
}

// steps of EM: the next would move no weight by much more than a thousandth.
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
	took := make([]float64, len(w)) // by part, what it has of the outcomes, against its weight
	for range emSteps {
		clear(took)
		outside := 0.0 // outcomes that no part told
		for _, r := range rows {
			even, odd := 0.0, 0.0 // one sum waits for itself
			for k, p := range r.part {
				even, odd = odd, even+w[k]*p
			}
			total := even + odd
			if total <= 0 {
				outside += r.count
				continue
			}
			each := r.count / total
			for k, p := range r.part {
				took[k] += each * p
			}
		}
		for k := range w {
			w[k] = (strength*prior[k] + w[k]*(took[k]+outside)) / n
		}
	}
	return w
}
