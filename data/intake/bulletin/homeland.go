package bulletin

import (
	"strings"

	"spreewatch/data/intake/when"
)

// A homeland is the settlements of the atlas that a text is about, by their keys.
type homeland map[string]known

// homeland returns the settlements that the text gives its streets, or names in a heading or
// a label; none where the atlas knows no more than half of them, for a text about
// elsewhere.
func (r *reading) homeland() homeland {
	h, strangers := homeland{}, map[string]bool{}
	if len(r.blocks) > 0 && !r.blocks[0].bullet && len(r.blocks[0].tokens) < longestHead {
		t := r.blocks[0].tokens
		for _, m := range r.scan(nil, 0, 0, len(t)) {
			if m.known.settlement && m.start == labelStart(t) && m.end < len(t) && titular(t[m.end].Low) {
				h[m.key] = m.known // "BRIDPORT POLICE DIARY"
			}
		}
	}
	for i := range r.elements {
		e := &r.elements[i]
		if e.p == nil || e.aside != "" || len(h) >= mostMentions {
			continue
		}
		name := e.p.town()
		aside := r.clauses[e.clause].aside
		if name == "" || e.p.street == "" && !e.heading && !e.label && !e.field && e.block > 0 && aside != asideDateline && !r.clauses[e.clause].sums {
			continue
		}
		key := NameKey(name)
		if k := atlas()[key]; k.settlement {
			h[key] = k
		} else if kindWeights()[key] == nil && !e.heading {
			strangers[key] = true
		}
	}
	if len(strangers) >= len(h) {
		return nil
	}
	return h
}

// has reports whether a name is of a settlement of the gazetteer or of the atlas, or of a
// region. One that ends as streets do has to be near those of the text.
func (h homeland) has(name string, o Names) bool {
	k := atlas()[NameKey(name)]
	if o.Settlement(name) || k.region || k.settlement && !streetEnding(strings.ToLower(name)) {
		return true
	}
	for _, other := range h {
		if k.apart(other) < neighbours {
			return true
		}
	}
	return false
}

// lowerKinds writes the words small that say what a place is: "in the Village of Bayfield".
func lowerKinds(blocks []block) {
	for b := range blocks {
		t := blocks[b].tokens
		for i := 1; i+2 < len(t); i++ {
			if t[i].Is("town", "village", "city", "township", "hamlet", "parish") && t[i].Kind == when.Word && !isUpperWord(t[i].Text) && t[i+1].Is("of") && t[i+2].Capital() && t[i-1].Is("the", "in") {
				t[i].Text = t[i].Low
			}
		}
	}
}

// townsName reports whether a street is a settlement of the atlas by its name, with a type
// that ends names of settlements too: "Plumpton Green".
func (w words) townsName(p place) bool {
	if p.street == "" || len(p.towns) > 0 {
		return false
	}
	last := w.t[p.end-1].Low
	return p.end > p.start+1 && !strongTypes[last] && endsSettlement(last) && atlas()[NameKey(p.street)].settlement && !w.names.Street(p.street)
}

// titlesTown returns the end of the settlement that tokens [s, e) begin with where they are
// no street but what a text is called: "York Retail Radio Link"; s for none.
func (w words) titlesTown(s, e int) int {
	n := e - 2
	if w.free(e) && offices[w.t[e].Low] {
		n = e - 1 // "York Street Watch"
	} else if strongTypes[w.t[e-1].Low] {
		return s
	}
	for ; n > s; n-- {
		if atlas()[NameKey(w.text(s, n))].settlement {
			return n
		}
	}
	return s
}
