package index

import (
	"math"

	"spreewatch/geo/address"
)

// A letterModel says how likely a string of letters is as a word of a name: a
// trigram model, mixed with bigrams and single letters, of the words of the
// gazetteer. It tells a name that the gazetteer lacks from a slip of the finger.
type letterModel struct {
	cost [symbols * symbols * symbols]float32
}

// symbols are the letters, any digit, any other letter, and the end of a word.
const (
	symbolDigit = 26
	symbolOther = 27
	symbolEnd   = 28
	symbols     = 29
)

func symbolOf(c byte) int {
	switch {
	case 'a' <= c && c <= 'z':
		return int(c - 'a')
	case address.IsDigit(c):
		return symbolDigit
	}
	return symbolOther
}

func newLetterModel(words *stringTable) *letterModel {
	var tri [symbols * symbols * symbols]float64
	var bi [symbols * symbols]float64
	var one [symbols]float64
	for i := range words.len() {
		a, b := symbolEnd, symbolEnd
		w := words.At(uint32(i))
		for k := 0; k <= len(w); k++ {
			c := symbolEnd
			if k < len(w) {
				c = symbolOf(w[k])
			}
			tri[(a*symbols+b)*symbols+c]++
			bi[b*symbols+c]++
			one[c]++
			a, b = b, c
		}
	}
	share := func(counts []float64, i int) float64 {
		sum := 0.0
		for _, n := range counts {
			sum += n
		}
		return (counts[i] + 0.5/symbols) / (sum + 0.5)
	}
	m := &letterModel{}
	var shareOne [symbols]float64
	for c := range symbols {
		shareOne[c] = share(one[:], c)
	}
	for b := range symbols {
		row := bi[b*symbols : (b+1)*symbols]
		var shareBi [symbols]float64
		for c := range symbols {
			shareBi[c] = share(row, c)
		}
		for a := range symbols {
			at := (a*symbols + b) * symbols
			counts := tri[at : at+symbols]
			sum := 0.0
			for _, n := range counts {
				sum += n
			}
			for c := range symbols {
				p := 0.6*(counts[c]+0.5/symbols)/(sum+0.5) + 0.3*shareBi[c] + 0.1*shareOne[c]
				m.cost[at+c] = float32(-math.Log(p))
			}
		}
	}
	return m
}

// Word returns minus the natural logarithm of the word's probability.
func (m *letterModel) Word(w string) float32 {
	sum := float32(0)
	a, b := symbolEnd, symbolEnd
	for k := range len(w) {
		c := symbolOf(w[k])
		sum += m.cost[(a*symbols+b)*symbols+c]
		a, b = b, c
	}
	return sum + m.cost[(a*symbols+b)*symbols+symbolEnd]
}
