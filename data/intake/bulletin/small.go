package bulletin

import (
	"strings"

	"spreewatch/data/intake/when"
)

// raiseNames gives the names of a text in small letters throughout their capitals: streets by
// what ends them, and settlements behind a street or where the atlas knows them. "a purse was
// taken in mill road, diss".
func raiseNames(blocks []block) {
	words := 0
	for i := range blocks {
		for _, t := range blocks[i].tokens {
			if t.Text != t.Low && t.Capital() {
				return
			}
			if t.Kind == when.Word {
				words++
			}
		}
	}
	if words < 8 {
		return
	}
	for i := range blocks {
		t := blocks[i].tokens
		for k := 0; k < len(t); k++ {
			if from := smallStreet(t, k); from < k {
				raise(t[from : k+1])
			} else if n := smallTown(t, k); n > k && (k == 0 || t[k-1].Kind == when.Mark || t[k-1].Is("in", "at", "near", "for", "around")) {
				raise(t[k:n])
			}
		}
	}
}

// raise writes words with capitals, but for those inside a name that have none.
func raise(t []when.Token) {
	for k := range t {
		if t[k].Kind == when.Word && !(k > 0 && stops[t[k].Low]) {
			t[k].Text = strings.ToUpper(t[k].Text[:1]) + t[k].Text[1:]
		}
	}
}

// smallStreet returns where the name begins of a street whose type is token k: behind a word
// that leads to a place, or a mark; k for none.
func smallStreet(t []when.Token, k int) int {
	if !strongTypes[t[k].Low] && !t[k].Is("place", "square", "court", "hill", "row", "green", "walk", "parade", "rise", "mews", "view") {
		return k
	}
	for i := k - 1; i >= max(0, k-5) && (t[i].Kind == when.Word && !stops[t[i].Low] || t[i].Is("of", "the") && i < k-1); i-- {
		if led := i == 0 || t[i].Newline || t[i-1].Kind != when.Word || placeWords[t[i-1].Low] && !t[i-1].Is("of"); led && !t[i].Is("of") && !(t[i].Is("the") && k-i < 2) {
			return i
		}
	}
	return k
}

// smallTown returns the token after the longest settlement of the atlas that begins at token
// i, i for none.
func smallTown(t []when.Token, i int) int {
	for n := min(len(t), i+3); n > i; n-- {
		var name []string
		for _, x := range t[i:n] {
			name = append(name, x.Low)
		}
		if t[i].Kind == when.Word && t[n-1].Kind == when.Word && !stops[t[i].Low] && !matters[t[i].Low] && when.Months[t[i].Low] == 0 && atlas()[NameKey(strings.Join(name, " "))].settlement &&
			(kindWeights()[t[i].Low] == nil || (i == 0 || t[i-1].Kind == when.Mark || t[i-1].Is("in", "near", "for", "around")) && (n == len(t) || t[n].Kind != when.Word || stops[t[n].Low])) {
			return n
		}
	}
	return i
}
